"""The question bank as a retriever: a question finds the passages whose natural wordings it resembles."""

from collections.abc import Sequence
from pathlib import Path

from indexes.lexical import LexicalIndex
from indexes.models import Hit

CANDIDATES = 5
"""Wordings looked at for each passage asked for: several wordings point at one passage."""


class BankIndex:
    """BM25 over wordings; a passage scores as its best wording."""

    def __init__(self, wordings: LexicalIndex) -> None:
        self._wordings = wordings

    @classmethod
    def build(cls, pairs: Sequence[tuple[str, str]]) -> "BankIndex":
        """Index ``(passage id, wording)`` pairs."""
        return cls(LexicalIndex.build([wording for _, wording in pairs], [passage_id for passage_id, _ in pairs]))

    def save(self, folder: Path) -> None:
        """Write the index into ``folder``."""
        self._wordings.save(folder)

    @classmethod
    def load(cls, folder: Path, passage_ids: Sequence[str]) -> "BankIndex":
        """Read what ``save`` wrote; ``passage_ids[i]`` is the passage of wording ``i``."""
        return cls(LexicalIndex.load(folder, passage_ids))

    def search(self, query: str, k: int) -> list[Hit]:
        """Return the ``k`` passages with the nearest wordings."""
        best: dict[str, float] = {}
        for hit in self._wordings.search(query, k * CANDIDATES):
            best.setdefault(hit.passage_id, hit.score)
        ranked = list(best.items())[:k]
        return [Hit(passage_id, score, rank, "bank") for rank, (passage_id, score) in enumerate(ranked, start=1)]
