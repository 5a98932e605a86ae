"""Deterministic stand-ins for what is slow or needs weights; they pass the contracts of ``tests/contracts.py``."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

import numpy as np

from assistant.errors import ModelUnavailable
from assistant.supporting import Support
from corpus.models import Passage
from indexes.french import tokens
from indexes.models import Hit
from indexes.protocols import Vectors


class HashEncoder:
    """Each stem of a text has a direction drawn from its SHA-256: texts are near by the stems they share, and only so.

    A text without stems is near itself alone.
    """

    def __init__(self, name: str = "hash", dimensions: int = 256) -> None:
        self.name = name
        self.dimensions = dimensions
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str], *, query: bool = False) -> Vectors:
        self.encoded += texts
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for part in set(tokens(text)) or {text}:
                row += _direction(part, self.dimensions)
            row /= np.linalg.norm(row)
        return rows


@cache
def _direction(text: str, dimensions: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    seed = int.from_bytes(hashlib.sha256(text.encode(errors="surrogatepass")).digest()[:8])
    return np.random.default_rng(seed).standard_normal(dimensions)


class FixedEncoder:
    """The vectors it is given, by text, brought to unit length."""

    name = "fixed"

    def __init__(self, vectors: Mapping[str, Sequence[float]]) -> None:
        self._vectors = {text: np.asarray(v, dtype=np.float32) / np.linalg.norm(v) for text, v in vectors.items()}

    def encode(self, texts: Sequence[str], *, query: bool = False) -> Vectors:
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


class ScriptedWriter:
    """A language model that says the pieces it is given, again at each call; records what it is asked."""

    name = "essai"

    def __init__(self, pieces: Iterable[str], *, fails: bool = False) -> None:
        self._pieces = list(pieces)
        self._fails = fails
        self.asked: list[tuple[str, str]] = []

    def stream(self, instructions: str, prompt: str) -> Iterator[str]:
        self.asked.append((instructions, prompt))
        yield from self._pieces
        if self._fails:
            raise ModelUnavailable("essai: no", detail="no")


class CopyChecker:
    """Supports what stands word for word in the passage, and nothing else."""

    def check(self, sentence: str, passage: Passage) -> Support | str:
        start = passage.text.find(sentence)
        return "unsupported" if start < 0 else Support(start, start + len(sentence), 1.0)
