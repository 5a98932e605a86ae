"""Deterministic stand-ins for what is slow or needs weights; they pass the contracts of ``tests/contracts.py``."""

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np

from indexes.models import Hit
from indexes.protocols import Vectors


class HashEncoder:
    """Unit vectors drawn from the SHA-256 of each text: the same text is near itself and near nothing else."""

    def __init__(self, name: str = "hash", dimensions: int = 16) -> None:
        self.name = name
        self.dimensions = dimensions
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.encoded += texts
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            seed = int.from_bytes(hashlib.sha256(text.encode(errors="surrogatepass")).digest()[:8])
            row[:] = np.random.default_rng(seed).standard_normal(self.dimensions)
            row /= np.linalg.norm(row)
        return rows


class FixedEncoder:
    """The vectors it is given, by text, brought to unit length."""

    name = "fixed"

    def __init__(self, vectors: Mapping[str, Sequence[float]]) -> None:
        self._vectors = {text: np.asarray(v, dtype=np.float32) / np.linalg.norm(v) for text, v in vectors.items()}

    def encode(self, texts: Sequence[str]) -> Vectors:
        return np.vstack([self._vectors[text] for text in texts]).astype(np.float32)


class FakeRetriever:
    """Scripted scores by passage id, the same for every query that is not blank; records the queries."""

    def __init__(self, scores: Mapping[str, float], origin: str = "fake") -> None:
        self._scores = dict(scores)
        self._origin = origin
        self.queries: list[str] = []

    def search(self, query: str, k: int) -> list[Hit]:
        self.queries.append(query)
        if not query.strip():
            return []
        best = sorted(self._scores.items(), key=lambda item: -item[1])[: max(0, k)]
        return [Hit(passage_id, score, rank, self._origin) for rank, (passage_id, score) in enumerate(best, start=1)]
