"""Names that something else bears: a decision, a law, a disease, a place."""

import re
from collections.abc import Sequence

from assistant.redaction.name_bounds import CLOSE, JOINED
from assistant.redaction.name_words import Word, listed

_CASE = re.compile(r"\s+(?:c\.|et\s+autres?\b)")


def is_case(text: str, word: Word) -> bool:
    """Whether it is the usual name of a decision: after its number, or before « c. »."""
    numbered = any(char.isdigit() for char in word.gap) and ":" not in word.gap
    return numbered or bool(_CASE.match(text, word.end))


def is_borne(words: Sequence[Word], index: int) -> bool:
    """Whether a law, a decision, a disease or a place bears the name: « loi », « syndrome de » before it."""
    particles = False
    for back in range(1, 5):
        gap = words[index - back + 1].gap
        if index < back or not (CLOSE.fullmatch(gap) or JOINED.fullmatch(gap)):
            return False
        before = words[index - back]
        if listed(before, "stop", "bearers_of") or (not particles and listed(before, "stop", "bearers")):
            return True
        particles = particles or listed(before, "particles", "words")
        if not (before.capital or listed(before, "particles", "words")):
            return False
    return False
