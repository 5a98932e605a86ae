"""Dates of birth and death, by the words that tie them to a person; other dates stay."""

import re
from collections.abc import Iterator
from functools import cache

from assistant.redaction.folding import fold
from assistant.redaction.identities import Found
from assistant.redaction.near_persons import beside_persons
from assistant.redaction.same_dates import same_dates
from assistant.redaction.written_dates import WEEKDAY, YEAR, any_date, full_date

# From such a word on the sentence speaks of something else: a text of law, a visit.
_ELSEWHERE = (
    r"lois?|decrets?|arrets?|arretes?|articles?|ordonnances?|decisions?|jugements?|circulaires?|directives?|selon|apres|"
    r"avant|depuis|compter|partir|entre|jusque?|jusqu'\w+|vue?s?|revue?s?|recue?s?|suivie?s?|hospitali\w+|consult\w+|"
    r"convoqu\w+|oper\w+|rdv|rendez-vous|que|qu'\w+|qui|dont|certificats?|sign\w+|saisie?|demand\w*|ecri\w+|appel\w*|"
    r"vient|venue?|puis|mais|car|et|ou|admise?|plaintes?|requisitions?|rempli\w*|examin\w*|courriers?|audience|version|avis|j'\w+|m'\w+|elle|il|on|nous|je"
)
_WORDS = (
    rf"(?:[ ,(/«»\"]{{1,3}}(?!(?:{_ELSEWHERE})(?![a-z]))(?:[^\s\d,;:.!?()/«»\"†]{{1,40}}|[a-z]{{1,3}}\.)"
    r"|[ ]?\((?:[0-9]{2,3}|[a-z][a-z \-]{1,20})\)|,? (?:a |de |il y a )[0-9a-z]{1,6} (?:ans?|mois|jours?|semaines?))"
)
_LINK = (
    r"[ ,:(=\-]{0,4}(?:(?:le|la|les|un|une|en|ce|du|au|mois de|courant|vers|debut|fin|l'an|annee|l'annee|"
    rf"date|est|etait|nuit du|survenue?|soit|c'est|environ)[ :,\-]{{1,2}}){{0,3}}(?:{WEEKDAY},? (?:le )?)?"
)
_BEFORE_A_YEAR = re.compile(r"(?:[ :,(=\-]*|.*\b(?:en|vers|courant|debut|fin|annee|l'an|l'annee) )")
_SINGULAR = re.compile(
    r"ne|nee|ne.*e\)?|nait|naquit|deced(?:e|ee|ait)|dcd|dc|morte?|mourut|date.*|annee.*|ddn|dn|d.*n.?|†"
)
# Compiled when first needed: 40 ms that a start need not wait for.
_compiled = cache(re.compile)


def _tied(cue: str, most: int) -> str:
    """Return the pattern of a date after a cue, at most so many words away."""
    return (
        rf"(?P<cue>{cue})(?P<said>{_WORDS}{{0,{most}}}?{_LINK})"
        rf"(?P<date>(?:[0-9]{{1,2}} (?:au|et) (?=[0-9]))?{any_date()})"
        rf"(?P<more>(?: et|,| et respectivement)? ?(?:le )?{full_date('other')})?"
    )


_TIED = (
    (
        "birth",
        _tied(
            r"(?<![a-z'])(?:ne(?:\(e\)s?|\(es\)|[.·\-/]e(?:[.·\-/]?s)?|ee?s?|es?|s)?|nait|naquit|naitra)(?![a-z])", 7
        ),
    ),
    (
        "birth",
        _tied(
            r"(?<![a-z])(?:dates? (?:et lieux? )?(?:de (?:la |sa |leur |ma )?)?nais\w*"
            r"(?: qu(?:e |'[a-z]{1,4} )[a-z ']{1,25}?(?=[ ,:(]))?|naissances?|ddn|"
            r"d\.d\.n\.?|d d n|d\.n\.|dn(?= ?:| ?[0-9])|nat\.|naiss\.?|anniversaires?|anniv|annee de naissance|"
            r"(?:mise?|venue?s?|arrivee?s?) au monde|(?:vu|vit|voit) le jour|dob|dnn|"
            r"accouch(?:ee?|ement))"
            r"(?![a-z])",
            6,
        ),
    ),
    (
        "death",
        _tied(
            r"(?<![a-z])(?:deced(?:e|ee|es|ees|ait|aient|erent)|deces|dcd|dc(?= ?:| le)|morte?s?|mourut|meurt|"
            r"trepass\w+|eteinte?|suicidee?|pendue?|defenestree?)(?![a-z])|†",
            7,
        ),
    ),
)
_OF_AGE = (
    r"\b(?:a|as|ai|aura|aurait|avait|eu|fete\w*|atteint|atteindra) (?:eu )?"
    r"(?:ses |tout juste |bientot )?[0-9]{1,3} ans (?:et (?:demi|[0-9]{1,2} mois) )?(?:le|ce|depuis le) "
    rf"(?:{WEEKDAY} )?(?P<date>{any_date()})"
    r"|\b(?:(?:[0-9]{1,3} ?(?:ans|an|a)|age [0-9]{1,3}) ?[,(;\-]{1,2} ?|(?:majeure?|1[58] ans) (?:depuis )?le )"
    rf"(?P<apart>{full_date('other')})"
)
_AFTER = (
    rf"(?P<date>{full_date()}|(?<![0-9]){YEAR})"
    r"(?: ?[(=:\-]{1,2} ?| ?, ?(?=date |jour |annee |sa |son |c'est )| (?=ddn|dcd|est |etait |comme |pour ))"
    r"(?:(?:est|etait|comme|pour|etant|sa|son|la|le|de|du|jour|date|annee|c'est|soit|ou|il|elle)[ ']){0,6}"
    r"(?P<life>naissances?|ddn|d\.d\.n|deces|dcd|nee?s?|anniversaire|mort)(?![a-z])"
    r"(?! ?[:=] ?[0-9(]| (?:le |en |un |a [a-z\-]+ le )?[0-9])"
)
_SUBJECT = (
    rf"\b(?:le|ce|en|c'est|au) (?:{WEEKDAY} )?(?P<date>{any_date()})(?P<said>[^0-9.;!?\n]{{0,45}}?)"
    r"\b(?:(?:est|etait|sont|s'est|s'etait|a ete|serait|sera) (?:malheureusement |donc |retrouvee? |bien )?"
    r"(?:morte?s?|deced(?:e|ee)s?|nee?s?|venue? au monde|eteinte?|suicidee?|pendue?)|deced(?:ait|a)|mourut|mourait|"
    r"naquit|naissait)(?![a-z])(?! (?:a [a-z\-]+ )?(?:le|en|un) [0-9])"
)
_NOTED = (
    rf"\b(?:le|ce) (?:{WEEKDAY} )?(?P<date>{any_date()}) ?[,:] ?"
    r"(?P<life>deces|mort|suicide|naissance) d(?:(?:e|u)(?![a-z])|')"
)
_OF_YEAR = (
    r"\b(?:patiente?|homme|femme|dame|monsieur|garcon|fille|fillette|personne|papy|mamie|enfant|bebe) (?:nee? )?de "
    rf"(?P<date>{YEAR})"
)


def life_dates(text: str) -> Iterator[Found]:
    """Find the dates of birth and death of persons; a year alone where « né en » or the like stands right before it.

    A date found once is found wherever the text gives it again, in whatever form.
    """
    plain = fold(text)
    if not any(char.isdecimal() for char in plain) and " mil" not in plain:
        return
    tied = list(_tied_dates(text, plain))
    yield from tied
    yield from same_dates(plain, tied)


def _tied_dates(text: str, plain: str) -> Iterator[Found]:
    for kind, pattern in _TIED:
        for match in _compiled(pattern).finditer(plain):
            if _is_tied(text, match):
                yield Found(kind, match.start("date"), _end(match))
    for match in _compiled(_OF_AGE).finditer(plain):
        yield Found("birth", *match.span("date" if match["date"] else "apart"))
    for match in _compiled(_AFTER).finditer(plain):
        dead = match["life"] in {"deces", "dcd", "mort"}
        if match["life"] != "ne" or text[match.start("life") + 1] in "éÉ":
            yield Found("death" if dead else "birth", *match.span("date"))
    for match in _compiled(_SUBJECT).finditer(plain):
        said = re.sub(r"^,? (?:qu'|que |il |elle )+", " ", match["said"])
        if not _compiled(rf"\b(?:{_ELSEWHERE})(?![a-z])").search(said):
            born = re.search(r"\bn(?:e|ee|es|ees|aquit|aissait)$|monde$", match[0])
            yield Found("birth" if born else "death", *match.span("date"))
    for match in _compiled(_NOTED).finditer(plain):
        yield Found("birth" if match["life"] == "naissance" else "death", *match.span("date"))
    for match in _compiled(_OF_YEAR).finditer(plain):
        yield Found("birth", *match.span("date"))
    yield from beside_persons(text, plain)


def _is_tied(text: str, match: re.Match[str]) -> bool:
    cue, said, date = match["cue"], match["said"], match["date"]
    if cue == "ne" and text[match.start("cue") + 1] not in "éÉ":
        # Without its accent: a negation is never followed by a date.
        return bool(re.fullmatch(rf"[ :]*(?:a [a-z\-]+ )?(?:le |en |un |ce |vers )?(?:{WEEKDAY} )?", said))
    if re.fullmatch(YEAR, date) or len(date) < 4:
        return bool(_BEFORE_A_YEAR.fullmatch(said)) and bool(_SINGULAR.fullmatch(cue))
    return True


def _end(match: re.Match[str]) -> int:
    """Return where the date ends, a second one included where several people are born: "nés le … et le …"."""
    several = match["cue"] in {"nes", "nees", "naissances"} or "respectivement" in match[0]
    return match.end("more") if match["more"] and several else match.end("date")
