"""How well a sentence answers a question: by the words they share, and by what they mean."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np

from indexes.french import tokens
from indexes.lexical import LexicalIndex
from indexes.persistence import Index
from indexes.protocols import Encoder

FAR = 0.15
"""Cosine below which two texts have nothing to do with each other."""


class Relevance(Protocol):
    """Scores sentences for one question."""

    def scores(self, sentences: Sequence[str]) -> list[float]:
        """Return one score a sentence, 0 for one that says nothing of the question."""
        ...


class ByWords:
    """The share of the question's weight that a sentence covers, from 0 to 1.

    Parameters
    ----------
    terms
        Stems of the question with their weights.

    """

    def __init__(self, terms: Mapping[str, float]) -> None:
        self._terms = terms
        self._total = sum(terms.values())

    def scores(self, sentences: Sequence[str]) -> list[float]:
        """Return one score a sentence."""
        return [self._share(sentence) for sentence in sentences]

    def _share(self, sentence: str) -> float:
        held = sum(self._terms.get(stem, 0.0) for stem in set(tokens(sentence)))
        return held / self._total if self._total else 0.0


class ByMeaning:
    """The cosine of question and sentence where it says something, added to the share of the words."""

    def __init__(self, words: ByWords, question: str, encoder: Encoder) -> None:
        self._words = words
        self._vector = encoder.encode([question], query=True)[0]
        self._encoder = encoder

    def scores(self, sentences: Sequence[str]) -> list[float]:
        """Return one score a sentence, up to 2."""
        if not sentences:
            return []
        cosines = self._encoder.encode(sentences) @ self._vector
        near = np.where(cosines > FAR, cosines, 0.0).tolist()
        return [share + cosine for share, cosine in zip(self._words.scores(sentences), near, strict=True)]


def relevance_of(question: str, index: Index) -> Relevance:
    """Return how an index judges sentences for a question."""
    return ByMeaning(ByWords(question_terms(question, index.lexical)), question, index.encoder)


def question_terms(query: str, lexical: LexicalIndex) -> dict[str, float]:
    """Return the stems of a question, and of what they stand for, with their weights."""
    terms: dict[str, float] = {}
    for weight, stems in lexical.terms(query):
        for stem in stems:
            terms[stem] = max(terms.get(stem, 0.0), weight * lexical.idf(stem))
    return terms
