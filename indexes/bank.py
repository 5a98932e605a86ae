"""The question bank as a retriever: a question finds the passages whose natural wordings it resembles."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from indexes.french import tokens
from indexes.lexical import LexicalIndex
from indexes.models import Hit

CANDIDATES = 5
"""Wordings looked at for each passage asked for: several wordings point at one passage."""


class BankIndex:
    """BM25 over wordings; a passage scores as its best wording."""

    def __init__(self, wordings: LexicalIndex, texts: Sequence[str]) -> None:
        self.wordings = wordings
        self._texts = tuple(texts)

    @classmethod
    def build(cls, pairs: Sequence[tuple[str, str]]) -> "BankIndex":
        """Index ``(passage id, wording)`` pairs."""
        texts = [wording for _, wording in pairs]
        return cls(LexicalIndex.build(texts, [passage_id for passage_id, _ in pairs]), texts)

    def save(self, folder: Path) -> None:
        """Write the index into ``folder``."""
        self.wordings.save(folder)

    @classmethod
    def load(cls, folder: Path, pairs: Sequence[tuple[str, str]]) -> "BankIndex":
        """Read what ``save`` wrote for the same pairs."""
        ids, texts = [passage_id for passage_id, _ in pairs], [wording for _, wording in pairs]
        return cls(LexicalIndex.load(folder, ids), texts)

    def search(self, query: str, k: int) -> list[Hit]:
        """Return the ``k`` passages with the nearest wordings."""
        best: dict[str, float] = {}
        for hit in self.wordings.search(query, k * CANDIDATES):
            best.setdefault(hit.passage_id, hit.score)
        ranked = list(best.items())[:k]
        return [Hit(passage_id, score, rank, "bank") for rank, (passage_id, score) in enumerate(ranked, start=1)]

    def likeness(self, query: str) -> float:
        """Return how much a question and its nearest wording have in common: Dice coefficient weighted by idf, 0 to 1.

        ``2 · w(q ∩ b) / (w(q) + w(b))`` (Dice, "Measures of the amount of ecologic association between species", 1945).
        """
        scores = self.wordings.scores(query)
        if not scores.size:
            return 0.0
        stems = set(tokens(query))
        weight = sum(map(self.wordings.idf, stems))
        nearest = np.argsort(-scores, kind="stable")[:CANDIDATES]
        best = 0.0
        for row in nearest[scores[nearest] > 0]:
            other = set(tokens(self._texts[row]))
            common = sum(map(self.wordings.idf, stems & other))
            best = max(best, 2 * common / (weight + sum(map(self.wordings.idf, other)) or 1.0))
        return best
