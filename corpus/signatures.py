"""Where a passage stands in another copy of its document: hashes of its words, never the words.

A signature is a bottom-k sketch (Broder 1997, "On the resemblance and containment of documents"): the smallest 32-bit
hashes of a passage's runs of three words. Another extraction of the same document (a PDF, a web page, other line
breaks) holds most of them, close together, wherever they now stand.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

from corpus.cleaning import fold
from corpus.models import Passage

RUN = 3
"""Words in a run."""
KEPT = 16
"""Hashes in a signature; fewer for a passage of fewer runs."""
ENOUGH = 0.25
"""Share of a signature that a passage must hold to be its place: less than half where another copy is cut in two."""
MOST = 0.6
"""The same share in a document that was not recognised: another text may quote a passage."""


@lru_cache(maxsize=50_000)
def hashes(text: str) -> tuple[int, ...]:
    """Return the hash of each run of words, in order; of all words together when there are fewer than a run."""
    words = "".join(c if c.isalnum() else " " for c in fold(text)).split()
    runs = (words[at : at + RUN] for at in range(max(1, len(words) - RUN + 1)))
    return tuple(int.from_bytes(hashlib.blake2b(" ".join(run).encode(), digest_size=4).digest(), "big") for run in runs)


def signature(text: str) -> tuple[int, ...]:
    """Return the ``KEPT`` smallest hashes of a text, ascending."""
    return tuple(sorted(set(hashes(text)))[:KEPT])


class Places:
    """Finds signatures among passages."""

    def __init__(self, passages: Iterable[Passage], enough: float = ENOUGH) -> None:
        self._enough = enough
        self._ids: list[str] = []
        self._holders: dict[int, list[int]] = {}
        for row, passage in enumerate(passages):
            self._ids.append(passage.id)
            for value in set(hashes(passage.text)):
                self._holders.setdefault(value, []).append(row)

    def find(self, wanted: Sequence[int]) -> str:
        """Return the id of the passage with most of a signature, the first of equals; "" when none has enough."""
        counts = Counter(row for value in wanted for row in self._holders.get(value, ()))
        if not counts:
            return ""
        row, count = min(counts.items(), key=lambda item: (-item[1], item[0]))
        return self._ids[row] if count >= self._enough * len(wanted) else ""
