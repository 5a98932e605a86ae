"""Slips of typing: a word that no document holds, and the one letter away that some do."""

import re
from dataclasses import dataclass

from corpus.cleaning import fold
from indexes.french import stem, words
from indexes.lexical import synonyms
from indexes.persistence import Index

LONG = 9
"""Letters of a word in which two slips are still the same word."""

_WORD = re.compile("(?:[^\\W_]|[\u0300-\u036f])+")


@dataclass(frozen=True, slots=True)
class Spelt:
    """A text as it is searched: its corrections, written as the documents write them, and what none of them holds."""

    text: str
    corrections: tuple[tuple[str, str], ...]
    unknown: tuple[str, ...]

    def replaced(self, text: str) -> str:
        """Return a text with the same corrections made."""
        known = dict(self.corrections)
        return _WORD.sub(lambda match: known.get(match.group(), match.group()), text)


class Spelling:
    """Corrects by the words of one index."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def read(self, text: str) -> Spelt:
        """Return a text with the slips corrected that can be."""
        corrections: dict[str, str] = {}
        unknown: dict[str, None] = {}
        looked = set(words(text))
        for match in _WORD.finditer(text):
            word = fold(match.group())
            if word not in looked or self._is_known(word):
                continue
            meant = self._index.lexical.corrected(word, 2 if len(word) >= LONG else 1)
            if meant != word:
                corrections[match.group()] = self._written(meant)
            elif not word[-1:].isdigit():
                unknown[match.group()] = None
        spelt = Spelt("", tuple(corrections.items()), tuple(unknown))
        return Spelt(spelt.replaced(text), spelt.corrections, spelt.unknown)

    def _is_known(self, word: str) -> bool:
        return word[-1:].isdigit() or self._index.lexical.knows(stem(word)) or stem(word) in synonyms()

    def _written(self, word: str) -> str:
        """Return a folded word with the accents of the first document that has it."""
        rows = self._index.lexical.rows(stem(word))
        passages = self._index.library.passages
        for row in rows[:3].tolist():
            for match in _WORD.finditer("\n".join((*passages[row].headings, passages[row].text))):
                if fold(match.group()) == word:
                    return match.group().lower()
        return word
