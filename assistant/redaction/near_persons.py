"""Dates that stand beside a person, as those of birth do: "Mme Vaubricourt, 12/03/1971", "(F, 12/03/1971)"."""

import re
from collections.abc import Iterator
from functools import cache

from assistant.messages import message
from assistant.redaction.folding import HIDDEN, is_common
from assistant.redaction.identities import Found
from assistant.redaction.same_dates import EVENT
from assistant.redaction.written_dates import YEAR, full_date

LATEST = 2015
"""Year until which a date that only stands beside a person is taken for that of birth, not of a visit."""
_compiled = cache(re.compile)
# "Mme Vaubricourt, 12/03/1971", as files begin; or what hides the name, then the date.
_TITLED = (
    r"\b(?:m|mr|mrs|mme|mlle|monsieur|madame|mademoiselle|patiente?|enfant|bebe|garcon|fille|nourrisson)(?![a-z])\.?"
    r"(?P<name>(?: [^\W\d_][^\W\d_'\-]{0,24}(?:['\-][^\W\d_]{1,25}|\.)?){1,4}?) ?[,(;:\-]{0,2} ?"
    rf"(?P<date>{full_date()})"
)
_IN_BRACKETS = (
    r"\b(?:patiente?|enfant|bebe|nourrisson|fils|fille|mineure?|ado|adolescente?) "
    rf"\((?:[hfm], ?)?(?P<date>{full_date()}|{YEAR})\)"
)
_OF_SEX = rf"(?:[,(]|{HIDDEN}) ?(?<![a-z])[hfm] ?[,/] ?(?P<date>{full_date()})"
_OF_WHOM = (
    r"\b(?:il|elle|lui|l'une?|l'autre|patiente?|pte?|dame|enfant|mineure?|bebe|monsieur|madame|jumeaux|jumelles|homonymes?|fils|"
    r"fille|mari|femme|pere|mere|frere|soeur|conjointe?)(?:[ ](?:est )?(?:du|de|le|h|f|m)|[ ]?[:,(])?[ ]"
    rf"(?P<date>{full_date()})"
)
_BEFORE_PERSON = rf"(?:^|[\n(,;:\-] ?)(?P<date>{full_date()})\)?[ ,:\-]{{1,3}}{HIDDEN}"
_AFTER_HIDDEN = rf"{HIDDEN}(?P<said>[^0-9.!?\n{HIDDEN}]{{0,30}}?[,(|/:;\-]|[ ](?:du|de)) ?(?P<date>{full_date()})"
_SAME_NAME = (
    r"\b(?:homonym[a-z]{1,3}|meme nom|identite|etat civil)(?![a-z])"
    rf"(?P<said>[^.;!?\n]{{0,60}}?)(?P<date>{full_date()})"
)
_AFTER_WORD = rf"(?<![^\s(:])(?P<word>[^\W\d_]{{4,}}),? (?P<date>{full_date()})"
_STARRED = rf"\([*°] ?(?P<date>{full_date()})"
_PACKED = rf"{HIDDEN} ?[,(]? ?(?P<date>(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])[0-9]{{2}})(?![0-9\-/.]|[ ]?[a-z€%])"
_LIFESPAN = rf"(?P<name>[^\W\d_]{{2,30}}) ?\((?P<date>(?:1[89]|20)[0-9]{{2}} ?- ?{YEAR})\)"
_HIDDEN_PERSON = rf"{HIDDEN} ?[,(;:/|*°\-]{{0,2}} ?[*°]? ?(?P<date>{full_date()})"


def beside_persons(text: str, plain: str) -> Iterator[Found]:
    """Find the dates of birth that nothing but a person beside them announces."""
    for match in _compiled(_TITLED).finditer(plain):
        start = match.start("name")
        words = [(text[start + w.start()], w[0]) for w in re.finditer(r"[^\W\d_]+", match["name"])]
        if all(first.isupper() or not is_common(word) for first, word in words):
            yield Found("birth", *match.span("date"))
    for match in _compiled(_LIFESPAN).finditer(plain):
        first, last = (int(year) for year in re.findall(r"[0-9]{4}", match["date"]))
        if text[match.start("name")].isupper() and first < 2000 and last - first > 15:
            yield Found("death", *match.span("date"))
    for pattern in (_IN_BRACKETS, _OF_SEX, _STARRED):
        for match in _compiled(pattern).finditer(plain):
            yield Found("birth", *match.span("date"))
    for match in _compiled(_OF_WHOM).finditer(plain):
        if _is_old(match["date"]) or match[0].startswith(("jum", "bebe")):
            yield Found("birth", *match.span("date"))
    for pattern in (_AFTER_HIDDEN, _SAME_NAME):
        for match in _compiled(pattern).finditer(plain):
            if _is_old(match["date"]) and not EVENT.search(match["said"]):
                yield Found("birth", *match.span("date"))
    for match in _compiled(_AFTER_WORD).finditer(plain):
        near = plain[max(0, match.start() - 50) : match.start()]
        if _is_old(match["date"]) and not is_common(match["word"]) and not EVENT.search(near):
            yield Found("birth", *match.span("date"))
    for match in _compiled(_BEFORE_PERSON).finditer(plain):
        hidden = text[match.end() - 1 : text.find("]", match.end()) + 1]
        if _is_old(match["date"]) and _is_person(hidden):
            yield Found("birth", *match.span("date"))
    for match in _compiled(_PACKED).finditer(plain):
        if _hides_person(text, match.start()):
            yield Found("birth", *match.span("date"))
    for match in _compiled(_HIDDEN_PERSON).finditer(plain):
        if _hides_person(text, match.start()):
            yield Found("birth", *match.span("date"))


def _hides_person(text: str, bracket: int) -> bool:
    """Whether the placeholder that ends at ``bracket`` stands for a person's name."""
    hidden = text[max(0, text.rfind("[", max(0, bracket - 40), bracket)) : bracket + 1]
    return _is_person(hidden)


def _is_person(hidden: str) -> bool:
    return any(hidden == message(f"placeholders.person.{who}") for who in ("man", "woman", "relative", "anybody"))


def _is_old(date: str) -> bool:
    """Whether its year is long ago; one in letters counts as such, "71" is of the last century."""
    figures = re.findall("[0-9]+", date)
    if not figures or (len(figures) == 1 and len(date) > 8):
        return True
    year = next((int(figure) for figure in figures if len(figure) == 4), 0) or int(figures[-1][-4:])
    return 1000 < year <= LATEST or LATEST % 100 < year < 100
