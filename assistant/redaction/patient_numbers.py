"""Numbers of a patient's file told by its words alone: "passage 13327", "dossier de Mme K. (8998254)"."""

import re
from collections.abc import Iterator

from assistant.redaction.folding import HIDDEN
from assistant.redaction.identities import Found

NOT_COUNTED = (
    r"(?! ?(?:%|ans|mois|jours|euros|francs|patients|medecins|mg|ml|ui|kg|km|h|m2|habitants)\b| ?[€]|[.,][0-9])"
)
"""After a number: it counts or measures something."""
_VALUE = (
    r"(?P<value>[a-z]{0,3}[\-/]?(?:[0-9]{5,12}|(?:19|20)?[0-9]{2}[\-/][0-9]{3,9})(?:[\-/][a-z0-9]{1,8})?)(?![a-z0-9])"
    + NOT_COUNTED
)
_THING = (
    "dossiers?|dpi|dmi|sejours?|passages?|hospi[a-z]{0,12}|venue|episode|admission|examens?|prelevements?|echantillons?|"
    "lames?|etiquettes?|bracelets?|fiches?|inclusion|inclus[e]?|sujet|adherente?|assuree?|allocataire|contrat|mutuelle|"
    "identifiant|id|pv|procedure|parquet|plainte|signalement|requisition|autopsie|accouchement|scanner|irm|radio|"
    "compte.rendu|cr|archivee?s?|enregistree?s?|matricule|references?|ref|code patiente?"
)
_NUMBERED = r"(?:n ?°s? ?|numeros? |num\.? ?|# ?)"
_CUED = re.compile(
    rf"(?<![a-z])(?:{_THING})(?![a-z])\.?"
    rf"(?:[ ]?[\"«“(,:#=]?[ ]?(?:{HIDDEN}{{3,40}}|(?!n ?°)[a-z][a-z'\-]{{0,15}}(?![a-z'\-])\.?)){{0,4}}?"
    rf"[ ]?[\"«“(,:=]?[ ]?{_NUMBERED}?{_VALUE}(?: (?:et|ou|,) (?:l[ea] )?{_VALUE.replace('value', 'more')})?"
)
_AFTER_PERSON = re.compile(rf"{HIDDEN} ?[(,:]?[ ]?{_NUMBERED}?{_VALUE}")
_BARE = re.compile(rf"(?<![a-z]){_NUMBERED}(?:interne |unique )?{_VALUE}")
_SOURCE = re.compile(
    r"\b(?:bulletins?|decrets?|lois?|articles?|art|arretes?|arret(?! de travail| maladie)|decisions?|ordonnance|avis|"
    r"circulaires?|recommandations?|pourvois?|requetes?|rapports?|jugements?|ecli|cerfa|formulaires?|qpc|cada|ce|caa?|"
    r"cass|conseil d'etat|conseil constitutionnel|cour|chambre|cnom|cdn|cdpi|jurisprudence|directives?|reglement|ue|"
    r"instruction|note|disciplinaire|siret|siren|isbn|issn|facture|titre de|carte de|permis de)(?![a-z])"
)
# "26 janvier 2016, n° 12456", "n° 2009-160 du 30 octobre"
_CITED = re.compile(r"(?:19|20)[0-9]{2}[,) ]{1,2}(?=$| )|du [0-9]{1,2} [a-z]{3,9} (?:19|20)[0-9]{2}")
REACH = 200
"""Characters before a number where its source may be named."""
_PATIENT = re.compile(r"medica|patient|hospital|malade|sejour|\bm\.|\bmme\b|\bfille\b|\bfils\b|dossier|\u00a4")
_DATED = re.compile(
    r"(?:19|20)[0-9]{2}[\-/](?:(?:19|20)?[0-9]{2}|[0-9]{1,2}[\-/][0-9]{1,2})|[0-9]{1,2}[\-/](?:19|20)[0-9]{2}"
    r"|[0-9]{1,2}[\-/][0-9]{1,2}[\-/][0-9]{2,4}|0[1-9][0-9]{8}|(?:19|20)[0-9]{2}[\-/](?:19|20)?[0-9]{2,4}[\-/].*"
)


def patient_numbers(plain: str) -> Iterator[Found]:
    """Find such numbers in a folded text; texts of law, decisions and courts near them speak of others."""
    for pattern in (_CUED, _AFTER_PERSON, _BARE):
        for match in pattern.finditer(plain):
            near = re.split(r"[.?!] ", plain[max(0, match.start() - REACH) : match.start("value")])[-1]
            after = plain[match.end() : match.end() + 60]
            if _SOURCE.search(near) or _SOURCE.search(after):
                continue
            if pattern is _BARE and (
                not _PATIENT.search(near)
                or _CITED.search(f"{plain[max(0, match.start() - 12) : match.start()]} {after}")
            ):
                continue
            for group in ("value", "more"):
                if match.groupdict().get(group) and not _DATED.fullmatch(match[group]):
                    yield Found("file", *match.span(group))
