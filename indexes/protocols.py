"""The two plug-in points of retrieval."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from indexes.models import Hit

Vectors = np.ndarray[tuple[int, int], np.dtype[np.float32]]
"""Row ``i`` is the vector of text ``i``; rows have unit length."""


class Encoder(Protocol):
    """Turns texts into vectors whose inner product says how near their meanings are."""

    name: str
    """What the manifest records: an index is searched only with the encoder it was built with."""

    def encode(self, texts: Sequence[str], *, query: bool = False) -> Vectors:
        """Return one unit vector a text, shape ``(len(texts), dimensions)``, float32.

        ``query`` tells questions from passages, for models that were trained to treat them differently.
        """
        ...


class Retriever(Protocol):
    """Ranks passages for a question."""

    def search(self, query: str, k: int) -> list[Hit]:
        """Return at most ``k`` hits, best first, ranks from 1; nothing for a query that matches nothing."""
        ...
