"""Nearest passages by meaning: FAISS inner product over unit vectors, exact."""

from collections.abc import Sequence
from pathlib import Path

import faiss
import numpy as np

from indexes.models import Hit
from indexes.protocols import Encoder, Vectors


class DenseIndex:
    """Row ``i`` of the FAISS index is the vector of ``passage_ids[i]``. Built whole, never changed: no id is reused."""

    def __init__(self, index: faiss.Index, passage_ids: Sequence[str], encoder: Encoder) -> None:
        self._index = index
        self._ids = tuple(passage_ids)
        self._encoder = encoder

    @classmethod
    def build(cls, vectors: Vectors, passage_ids: Sequence[str], encoder: Encoder) -> "DenseIndex":
        """Index unit vectors, shape ``(len(passage_ids), dimensions)``."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(index, passage_ids, encoder)

    def save(self, path: Path) -> None:
        """Write the vectors to a file."""
        faiss.write_index(self._index, str(path))

    @classmethod
    def load(cls, path: Path, passage_ids: Sequence[str], encoder: Encoder) -> "DenseIndex":
        """Read what ``save`` wrote."""
        return cls(faiss.read_index(str(path)), passage_ids, encoder)

    @property
    def rows(self) -> int:
        """Number of vectors."""
        return int(self._index.ntotal)

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return int(self._index.d)

    def search(self, query: str, k: int) -> list[Hit]:
        """Return the ``k`` passages with the greatest cosine; nothing for a blank query."""
        if k < 1 or not query.strip():
            return []
        scores, rows = self._index.search(self._encoder.encode([query], query=True), min(k, len(self._ids)))
        return [
            Hit(self._ids[row], float(score), rank, "dense")
            for rank, (score, row) in enumerate(zip(scores[0], rows[0], strict=True), start=1)
            if row >= 0
        ]
