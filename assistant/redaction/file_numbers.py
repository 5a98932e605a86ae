"""Numbers of files: of a patient in a hospital, of an insured person, of an inquiry."""

import re
from collections.abc import Iterator

from assistant.redaction.folding import digits_of, fold
from assistant.redaction.identities import Found
from assistant.redaction.patient_numbers import patient_numbers

_NUMBER = r"(?:n ?°s?|no\.?(?= ?:? ?[0-9])|num(?:ero)?s?(?![a-z])\.?|nr\.?(?= ?[0-9])|#)"
_LINK = rf"[ :=#(,\-]{{0,4}}(?:(?:est|c'est|le|la|{_NUMBER})[ :=#.(]{{1,3}}){{0,3}}(?:{_NUMBER} ?)?"
_UNIT = r"(?! ?(?:%|ans|mois|jours|euros|mg|h)\b)"
_VALUE = (
    r"(?:(?<![a-z])|(?=[0-9]))(?P<value>[a-z0-9]{1,40}(?:[./_\-][a-z0-9]{1,40}){0,8}"
    rf"(?: [0-9]{{2,12}}(?![0-9]){_UNIT}){{0,5}})"
)
_PERSON = "patiente?|adherente?|societaire|allocataire|assuree?|cliente?|beneficiaire|salariee?|detenue?|abonne|police"
_THING = (
    "dossiers?|sejour|sinistre|contrat|ecrou|venue|hospitalisation|admission|episode|accession|mutuelle|matricule|examen|"
    "prelevement|inclusion|parquet|procedure|pv|proces-verbal|main courante|archives?|etiquette|echantillon|"
    "inscription|inscrite?|ordinal"
)
_CUES = tuple(
    re.compile(cue + _LINK + _VALUE)
    for cue in (
        # "IPP 8004512345"; "IPP 20 mg" and "IPP 2021" are none.
        r"\b(?P<strong>ipp|iep|nda|nip|ippr|nipp)(?![a-z])",
        rf"\b{_NUMBER} ?(?:de |du |d'|de la |de l'|d'un |d'une |interne |permanent )?(?:{_PERSON}|{_THING})(?![a-z])"
        r"[^0-9\n;?!:]{0,40}?(?=[ ]?[:=#n(0-9]|[ ][a-z]{0,5}[0-9]|[ ]est )",
        rf"\b(?:{_PERSON})[ :,(]{{0,3}}{_NUMBER} ?",
        rf"\b(?:{_THING})(?![a-z])[^0-9\n;?!]{{0,45}}?{_NUMBER} ?",
        r"\b(?:matricule|ecrou|(?:vos|votre|nos|notre|v/|n/) ?ref(?:erence)?s?\.?)(?![a-z])",
        r"\bref(?:erence|s)?\.? (?:du |de |de la |interne |patiente? |)(?:dossier|patiente?|sinistre|interne)(?![a-z])",
        r"\b(?:id|code|identifiant|identification|etiquette) (?:du |de la |de l'|)"
        r"(?:patiente?|sejour|dossier|assuree?|beneficiaire)(?![a-z])",
    )
)
_BARE = re.compile(
    r"\b(?:(?P<stay>(?<!titre de )(?<!carte de )(?<!permis de )sejour|passage(?: aux urgences)?|hospitalisation|venue|"
    r"episode|admission|dossier)|patiente?|sinistre)(?: (?:medical|hospitalier|administratif|patient|infirmier))?"
    r"(?: \u00a4{3,40})?[ :=]{1,3}"
    rf"(?P<value>[a-z]{{0,4}}[\-/.]?[0-9]{{2,12}}(?:[\-/.][a-z0-9]{{1,12}}){{0,3}})(?![a-z0-9]){_UNIT}"
)
_YEARS = re.compile(r"(?:19|20)[0-9]{2}(?:[/\-](?:19|20)?[0-9]{2})?")
_DOSE = re.compile(r" ?(?:%|mg|pour cent)")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
# "Son dossier mentionne le numéro 3919": with words between, a help line.
_HELP_LINE = re.compile(r"11[0-9]|3[0-9]{3}|116[0-9]{3}")
_DATE = re.compile(
    r"[0-9]{1,2}[./\-][0-9]{1,2}(?:[./\-](?:19|20)?[0-9]{2})?|(?:19|20)[0-9]{2}[./\-][0-9]{1,2}[./\-][0-9]{1,2}"
)
_SOURCE = re.compile(
    r"\b(?:bulletin|decret|lois?|articles?|art|arret(?! de travail| maladie)|arrete|decisions?|ordonnance n|circulaire|"
    r"avis|recommandation|pourvoi|requete|rapport|jugement|ecli|cerfa|formulaire)(?![a-z])"
)
# A case of a court, which decisions are cited by; "le tribunal demande le dossier n°…" is a patient's all the same.
_COURT = re.compile(
    r"chambre (?:nationale )?disciplinaire|disciplinaire (?:nationale|de premiere instance)|conseil d'etat|"
    r"conseil constitutionnel|cassation|cour (?:administrative )?d'appel|\bcdpi\b|\bcdn(?:om)?\b|\bcada\b|"
    r"assurances sociales|jurisprudence"
)
_DECIDED = re.compile(r"\b(?:decision|jugement|arret)s?(?! de travail| maladie| medicale)(?![a-z])")
_OF_A_COURT = re.compile(r"dossier|affaire|procedure")
_OF_A_PATIENT = re.compile(r"medica|patient|hospital|\bm\.|\bmme\b|malade|\u00a4")

REACH = 150
"""Characters before a number where a court may be named."""


def file_numbers(text: str) -> Iterator[Found]:
    """Find the numbers of files, stays, contracts, claims and inquiries.

    The number of a court's case is none: it follows « dossier », « affaire » or « procédure », no word of a patient
    stands with it or after it, and a high court, a disciplinary chamber or the CADA is named before it in the sentence
    or within 60 characters after it, or a decision before it.
    """
    plain = fold(text)
    if sum(char.isdecimal() for char in plain) < 3:
        return
    for pattern in _CUES:
        for match in pattern.finditer(plain):
            if _is_file(plain, match):
                yield Found("file", *match.span("value"))
    for match in _BARE.finditer(plain):
        few = 3 if match["stay"] else 4
        dated = _DATE.fullmatch(match["value"]) or _YEARS.fullmatch(match["value"])
        if len(digits_of(match["value"])) > few and not dated and not _is_case(plain, match):
            yield Found("file", *match.span("value"))
    yield from patient_numbers(plain)


def _is_file(plain: str, match: re.Match[str]) -> bool:
    value = match["value"]
    digits = len(digits_of(value))
    if digits < 3 or _DATE.fullmatch(value) or _YEAR.fullmatch(value):
        return False
    if match.groupdict().get("strong") and (digits < 4 or _DOSE.match(plain, match.end())):
        return False
    if _HELP_LINE.fullmatch(value) and match.start("value") - match.start() > 25:
        return False
    return not _SOURCE.search(plain[match.start() : match.start("value")]) and not _is_case(plain, match)


def _is_case(plain: str, match: re.Match[str]) -> bool:
    said = plain[match.start() : match.start("value")]
    before = re.split(r"[.?!] ", plain[max(0, match.start() - REACH) : match.start()])[-1]
    after = plain[match.end() : match.end() + 60]
    if not _OF_A_COURT.search(said) or _OF_A_PATIENT.search(said) or _OF_A_PATIENT.search(after):
        return False
    return bool(_COURT.search(before) or _COURT.search(after) or _DECIDED.search(before))
