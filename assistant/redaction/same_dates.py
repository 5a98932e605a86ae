"""Dates of a life that a text gives again, in another form or corrected: "ddn 03/03/61, 1961-03-03 au dossier"."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from assistant.redaction.identities import Found
from assistant.redaction.written_dates import MONTHS, full_date

_compiled = cache(re.compile)
_OR = (
    r"(?: ?\([^()\n]{1,30}\))?,? ?(?:ou(?: bien)?|et(?: non(?: pas)?)?|puis|voire|au lieu|/) ?(?:le |du |au |en |de )?"
)

# "née le … et son mari le …", "… selon l'ASE, … selon le passeport": not what happened to somebody that day.
_OTHER = re.compile(
    r"\b(?:l'autre|autre|bonne|vraie|correcte|reelle|exacte|mari|femme|frere|soeur|epou(?:x|se)|conjointe?|fils|fille|"
    r"mere|pere|selon|d'apres|passeport|papiers|carte|logiciel|etat civil|lui|elle|celui|celle|non|disent?|indique)"
    r"(?![a-z])"
)
EVENT = re.compile(
    r"\b(?:lois?|decrets?|arretes?|arrets?|chambre|cour|tribunal|conseil|cedh|cass|"
    r"ordonnances?|circulaires?|affaires?|bulletins?|codes?|avis|rapports?|accords?|traite|convention|declaration|version|"
    r"publie\w*|articles?|decisions?|jugements?|vue?s?|revue?s?|recue?s?|suivie?s?|consult\w+|"
    r"hospitali\w+|deced\w+|deces|dcd|mort\w*|oper\w+|rdv|rendez|certificats?|saisie?|ecri\w+|appel\w*|venue?|vient|"
    r"plaintes?|courriers?|audience|depuis|avant|apres|examin\w*|requisitions?|convoqu\w+|sign\w+|demand\w*)(?![a-z])"
)


def same_dates(plain: str, found: Sequence[Found]) -> Iterator[Found]:
    """Find again the dates already found in a folded text, and those that stand beside one as its alternative."""
    known = {day: one for one in found if (day := _day(plain[one.start : one.end]))}
    if not known:
        return
    for match in _compiled(full_date()).finditer(plain):
        day = _day(match[0])
        if day in known:
            yield Found(known[day].kind, *match.span())
    other = _compiled(rf"{_OR}(?P<date>{full_date()})")
    before = _compiled(rf"(?P<date>{full_date()}){_OR}(?=[0-9])")
    starts = {one.start: one for one in known.values()}
    for match in before.finditer(plain):
        if match.end() in starts:
            yield Found(starts[match.end()].kind, *match.span("date"))
    near = _compiled(rf"(?P<said>[^.;!?\n0-9]{{0,50}}?)(?P<date>{full_date()})")
    for one in known.values():
        apart = near.match(plain, one.end) if one.kind == "birth" else None
        if apart and _OTHER.search(apart["said"]) and not EVENT.search(apart["said"]):
            yield Found(one.kind, *apart.span("date"))
        if beside := other.match(plain, one.end):
            yield Found(one.kind, *beside.span("date"))


def _day(date: str) -> tuple[int, int, int] | None:
    """Return day, month and the last two figures of the year; None where one of them is missing or in letters."""
    figures = [int(figure) for figure in re.findall(r"[0-9]+", date)]
    month = next((index for index, name in enumerate(MONTHS, 1) if re.search(rf"(?<![a-z]){name}", date)), 0)
    if len(figures) == 2 and month:
        return figures[0], month, figures[1] % 100
    if len(date) == 8 and date.isdecimal():
        return int(date[:2]), int(date[2:4]), int(date[6:])
    if len(figures) != 3 or month:
        return None
    day, middle, year = figures if figures[0] < 100 else reversed(figures)
    return day, middle, year % 100
