"""Names that everybody cites: hospitals that bear one, and figures of medicine, ethics and law (``renowned.toml``)."""

from collections.abc import Sequence

from assistant.redaction.name_words import Word, listed
from assistant.redaction.word_lists import word_list

_PLACED = frozenset({"a", "de", "d", "du", "au", "chez", "depuis", "vers", "l"})
_BETWEEN = frozenset({"apres", "par", "sur", "a", "pour", "contre", "en", "et", "de"})


def is_hospital(words: Sequence[Word], first: int, last: int) -> bool:
    """Whether a name is a hospital's, spoken of as a place: « à Gustave-Roussy », « interne de Henri Mondor »."""
    start = first
    while start < last - 1 and words[start].folded in _PLACED:
        start += 1
    placed = start > 0 and words[start - 1].folded in _PLACED
    return placed and _joined(words[start:last]) in word_list("renowned", "hospitals")


def is_figure(words: Sequence[Word]) -> bool:
    """Whether these are first name and surname, with their capitals, of somebody who is cited in every book."""
    capitals = all(word.capital or listed(word, "particles", "words") for word in words)
    return capitals and _joined(words) in word_list("renowned", "figures")


def is_repeated(words: Sequence[Word], index: int) -> bool:
    """Whether a word in small letters comes again at once, as things do: « victoire après victoire »."""
    word = words[index]
    if word.capital:
        return False
    later = index + 2 < len(words) and words[index + 2].folded == word.folded and words[index + 1].folded in _BETWEEN
    before = index > 1 and words[index - 2].folded == word.folded and words[index - 1].folded in _BETWEEN
    return later or before


def _joined(words: Sequence[Word]) -> str:
    return "-".join(word.folded for word in words).replace("‐", "-").replace("‑", "-")
