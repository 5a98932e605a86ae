"""The question bank by meaning: a question finds the passages that have a wording near it."""

import hashlib
import json
from collections.abc import Sequence, Set
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from indexes.models import Hit
from indexes.protocols import Encoder, Vectors
from indexes.ranking import top


@dataclass(frozen=True, slots=True)
class Wording:
    """A natural wording of what a passage answers; ``machine`` when a language model wrote it."""

    text: str
    machine: bool


TOGETHER = 3
"""Wordings of a passage that its score is the mean of: one alone may be near by chance."""


class WordingIndex:
    """One vector a wording; a passage scores by the mean cosine of its three nearest, or of all it has.

    Parameters
    ----------
    rows
        ``(passage id, wording)``; row ``i`` of ``vectors`` is the vector of the ``i``-th wording. The wordings of one
        passage follow each other.

    """

    def __init__(self, rows: Sequence[tuple[str, Wording]], vectors: Vectors, encoder: Encoder) -> None:
        self._rows = tuple(rows)
        self._vectors = vectors
        self._encoder = encoder
        passages = [passage_id for passage_id, _ in rows]
        starts = [n for n, name in enumerate(passages) if not n or passages[n - 1] != name]
        self._ids = tuple(passages[start] for start in starts)
        self._starts = np.asarray(starts, dtype=np.intp)
        self._ends = np.asarray([*starts[1:], len(passages)][: len(starts)], dtype=np.intp)
        spans = zip(self._starts.tolist(), self._ends.tolist(), strict=True)
        self._places = dict(zip(self._ids, spans, strict=True))
        self._groups = np.repeat(np.arange(len(starts)), self._ends - self._starts)
        self._last: tuple[bytes, np.ndarray[tuple[int], np.dtype[np.float32]]] = (b"", np.zeros(0, dtype=np.float32))

    @classmethod
    def build(
        cls, pairs: Sequence[tuple[str, str]], encoder: Encoder, machine: Set[tuple[str, str]] = frozenset()
    ) -> "WordingIndex":
        """Encode ``(passage id, wording)`` pairs, in any order; those in ``machine`` were written by a model."""
        grouped: dict[str, list[Wording]] = {}
        for pair in pairs:
            grouped.setdefault(pair[0], []).append(Wording(pair[1], pair in machine))
        rows = [(passage_id, wording) for passage_id, group in grouped.items() for wording in group]
        return cls(rows, encoder.encode([wording.text for _, wording in rows], query=True), encoder)

    def save(self, folder: Path) -> None:
        """Write the index into ``folder``; half precision, which moves a cosine by less than 0.001."""
        rows = [(passage_id, wording.text, wording.machine) for passage_id, wording in self._rows]
        (folder / "wordings.json").write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
        np.save(folder / "wordings.npy", self._vectors.astype(np.float16))

    @classmethod
    def load(cls, folder: Path, encoder: Encoder) -> "WordingIndex":
        """Read what ``save`` wrote.

        Raises
        ------
        ValueError
            The files do not fit each other.

        """
        read = json.loads((folder / "wordings.json").read_text(encoding="utf-8"))
        rows = [(str(passage_id), Wording(str(text), bool(machine))) for passage_id, text, machine in read]
        try:
            vectors = np.load(folder / "wordings.npy").astype(np.float32)
        except EOFError as error:
            raise ValueError("wordings.npy: empty") from error
        if vectors.ndim != 2 or len(vectors) != len(rows):
            raise ValueError(f"vectors of shape {vectors.shape} for {len(rows)} wordings")
        return cls(rows, vectors, encoder)

    def __len__(self) -> int:
        """Return the number of wordings."""
        return len(self._rows)

    @property
    def passage_ids(self) -> tuple[str, ...]:
        """The passages that have wordings, each once."""
        return self._ids

    def search(self, query: str, k: int) -> list[Hit]:
        """Return the ``k`` passages whose wordings are nearest; nothing for a blank query."""
        if k < 1 or not query.strip() or not self._rows:
            return []
        cosines = self._cosines(query).copy()
        total = np.zeros(len(self._ids), dtype=np.float32)
        for nth in range(TOGETHER):
            there = self._starts + nth < self._ends
            best = np.maximum.reduceat(cosines, self._starts)
            total[there] += best[there]
            # The first that equals the best of its group is out; sorting all wordings would take ten times as long.
            at = np.flatnonzero(cosines == best[self._groups])
            cosines[at[np.unique(self._groups[at], return_index=True)[1]]] = -np.inf
        return top(total / np.minimum(TOGETHER, self._ends - self._starts), self._ids, k, "wordings")

    def nearest(self, query: str, passage_ids: Sequence[str]) -> dict[str, Wording]:
        """Return the wording of each passage that is nearest to a question; passages without any are left out."""
        if not self._rows or not query.strip():
            return {}
        cosines = self._cosines(query)
        found = [(name, *self._places[name]) for name in passage_ids if name in self._places]
        return {name: self._rows[start + int(cosines[start:end].argmax())][1] for name, start, end in found}

    def closest(self, query: str, k: int) -> list[Wording]:
        """Return the ``k`` wordings nearest to a question, whatever their passage; nothing for a blank query."""
        if k < 1 or not query.strip() or not self._rows:
            return []
        cosines = self._cosines(query)
        k = min(k, len(cosines))
        best = np.argpartition(-cosines, k - 1)[:k]
        return [self._rows[n][1] for n in best[np.argsort(-cosines[best], kind="stable")].tolist()]

    def of(self, passage_id: str) -> tuple[Wording, ...]:
        """Return the wordings of a passage."""
        start, end = self._places.get(passage_id, (0, 0))
        return tuple(wording for _, wording in self._rows[start:end])

    def _cosines(self, query: str) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
        # Asked twice for each question, by ``search`` and by ``nearest``: the product of all vectors is made once.
        asked = hashlib.blake2b(query.encode(errors="replace")).digest()
        last, cosines = self._last
        if asked != last:
            vector = self._encoder.encode([query], query=True)[0]
            cosines = np.asarray(self._vectors @ vector, dtype=np.float32)
            self._last = asked, cosines
        return cosines
