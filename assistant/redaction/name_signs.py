"""What announces a name: a title, « patiente », « ma fille », « s'appelle »."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from assistant.redaction.bloom import folded
from assistant.redaction.name_bounds import CLOSE, end_of
from assistant.redaction.name_families import is_said_name
from assistant.redaction.name_words import Word, is_first, is_last, is_unknown, listed, wording

_AFTER_TITLE = re.compile(r"\.?(?:[ \t\u00a0\u202f]{0,3}|%20|[+_])")
_AFTER_CUE = re.compile(r"[ \t\u00a0\u202f]{1,3}|[ \t\u00a0\u202f]?[,:(«\"“][ \t\u00a0\u202f]{0,2}")
_SHORT_TITLES = frozenset({"m", "me", "pr", "doc", "maitre", "mm", "prof", "mamie", "epouse", "epoux", "veuve"})


@dataclass(frozen=True, slots=True)
class Name:
    """The words ``first`` to ``last - 1`` of a text; ``sure`` when they are spoken of as a patient or a relative."""

    first: int
    last: int
    placeholder: str
    sure: bool


def announced(text: str, words: Sequence[Word], index: int) -> Name | None:
    """Return the name that the words before ``index`` announce."""
    title = _title(words, index) if index else ""
    if title:
        before = words[index - 1]
        written = before.capital or words[index].gap.startswith(".")
        short = before.folded in _SHORT_TITLES and not (written or _is_joined(words, index - 1))
        end = end_of(words, index, "title", short=short)
        if end > index:
            alone = title in {"man", "woman"} and end - index == 1
            return Name(index, end, title, sure=alone or _as_patient(words, index - 1))
        if is_said_name(text, words[index]):
            return Name(index, index + 1, title, sure=True)
    if _is_named(text, words[index]):
        end = end_of(words, index, "naming")
        if end > index:
            return Name(index, end, "anybody", sure=True)
    cue = _cue(words, index) if index else ""
    if cue:
        sign = (
            "colleague"
            if listed(words[index - 1], "cues", "colleague") or not CLOSE.fullmatch(words[index].gap)
            else "cue"
        )
        end = end_of(words, index, sign)
        if end > index:
            before = words[index - 1]  # « Petit Exemple » may be a surname and a first name
            return Name(index - (before.capital and is_last(before)), end, cue, sure=cue != "anybody")
    return None


def _title(words: Sequence[Word], index: int) -> str:
    before, gap = words[index - 1], words[index].gap
    if before.folded == "me" and not (before.capital and words[index].capital):
        return ""  # the pronoun
    if not _AFTER_TITLE.fullmatch(gap) or not gap:
        return ""
    return next((sort for sort in ("man", "woman", "doctor", "lawyer") if listed(before, "titles", sort)), "")


def _is_joined(words: Sequence[Word], index: int) -> bool:
    """Whether a married name is joined to a name here: « da Silva épouse Olivier »."""
    if not (index and listed(words[index], "particles", "joining") and CLOSE.fullmatch(words[index].gap)):
        return False
    before = words[index - 1]
    return is_unknown(before) or is_last(before) or (is_first(before) and not listed(before, "around", "articles"))


def _cue(words: Sequence[Word], index: int) -> str:
    before, gap = words[index - 1], words[index].gap
    if not _AFTER_CUE.fullmatch(gap):
        return ""
    if listed(before, "cues", "parties") and not listed(words[index], "known", "famous"):
        return "anybody"
    if listed(before, "particles", "linking") and index > 1 and listed(words[index - 2], "cues", "belongings"):
        return "anybody"
    cues = {"patient_m": "man", "patient_f": "woman", "relative": "relative", "colleague": "anybody"}
    return next((who for cue, who in cues.items() if listed(before, "cues", cue)), "")


def _as_patient(words: Sequence[Word], index: int) -> bool:
    """Whether one of the two words before says that a patient or a relative is meant."""
    return any(
        listed(word, "cues", cue)
        for word in words[max(0, index - 2) : index]
        for cue in ("patient_m", "patient_f", "relative")
    )


@cache
def _phrases() -> re.Pattern[str]:
    phrases = sorted(wording()["naming"]["phrases"], key=len, reverse=True)
    return re.compile(rf"(?<![a-z])(?:{'|'.join(re.escape(phrase) for phrase in phrases)})\s*[«\"“:]?\s*\Z")


def _is_named(text: str, word: Word) -> bool:
    before = folded(text[max(0, word.start - 28) : word.start]).replace("’", "'")
    return bool(_phrases().search(before))
