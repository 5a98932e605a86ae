"""Which words of a question the evidence meets, piece by piece and by meaning.

A near miss is on the very subject of a passage; only one or two of its words ("hébergés", "remboursé") find nothing
there. A mean over the question hides them; the worst of its pieces shows them. A soft alignment as in late interaction
(Khattab and Zaharia, arXiv 2004.12832), over the pieces of the shipped encoder, whatever encoder searches.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from corpus.sentences import sentence_spans
from indexes.encoder import shipped
from indexes.static import Pieces

FIRST = 3
"""Best passages in one of which every piece of the question should be met."""
MISSES = 2
"""Worst met pieces that are counted together."""
KEPT = 20_000
"""Groups of an index's texts whose pieces are kept at hand; never a question."""

Cosines = np.ndarray[tuple[int, int], np.dtype[np.float32]]
Texts = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """All that speaks of a passage: its headings, its sentences, and the wordings of what it answers."""

    headings: Texts
    sentences: Texts
    wordings: Texts


@dataclass(frozen=True, slots=True)
class Alignment:
    """How passages meet a question, each between 0 and 1.

    Attributes
    ----------
    unmet, unread
        Of the passage that meets the question best, with its wordings and without: the two pieces it misses most, their
        share of the question times how far the nearest piece is.
    met, read
        How near the worst met piece is, in the one of the first passages where that is nearest; with wordings, without.
    one_sentence, one_wording
        How near the worst met piece is in the single sentence, or wording, that meets the question best.

    """

    unmet: float = 1.0
    unread: float = 1.0
    met: float = 0.0
    read: float = 0.0
    one_sentence: float = 0.0
    one_wording: float = 0.0


def align(question: str, told: Sequence[Told]) -> Alignment:
    """Return how well passages, best first, meet a question."""
    groups = [group for passage in told for group in (passage.headings, passage.sentences, passage.wordings)]
    if not any(groups):
        return Alignment()
    asked = shipped().pieces(question)
    shares = shipped().shares(asked)
    cosines = _cosines(asked, [pieces for group in groups for pieces in _pieces(group)])
    ends = np.cumsum([len(group) for group in groups]).tolist()
    parts = [cosines[:, start:end] for start, end in zip([0, *ends[:-1]], ends, strict=True)]
    nothing = np.zeros((len(asked), 1), dtype=np.float32)
    written = [np.hstack([nothing, *parts[n : n + 2]]).max(axis=1) for n in range(0, len(parts), 3)]
    spoken = [np.hstack([nothing, *parts[n : n + 3]]).max(axis=1) for n in range(0, len(parts), 3)]
    return Alignment(
        unmet=_missed(spoken, shares),
        unread=_missed(written, shares),
        met=max(float(row.min()) for row in spoken[:FIRST]),
        read=max(float(row.min()) for row in written[:FIRST]),
        one_sentence=_worst_of_one(np.hstack([nothing, *parts[1::3]]), shares),
        one_wording=_worst_of_one(np.hstack([nothing, *parts[2::3]]), shares),
    )


@lru_cache(maxsize=KEPT)
def sentences(text: str) -> Texts:
    """Return the sentences of a passage's text."""
    return tuple(text[start:end] for start, end in sentence_spans(text))


@lru_cache(maxsize=KEPT)
def _pieces(texts: Texts) -> tuple[Pieces, ...]:
    return tuple(shipped().pieces(text) for text in texts)


def _cosines(asked: Pieces, texts: Sequence[Pieces]) -> Cosines:
    """Return the cosine of each piece of a question with the nearest of each text, shape ``(pieces, texts)``."""
    starts = np.cumsum([0, *(len(pieces) for pieces in texts[:-1])])
    distinct, places = np.unique(np.concatenate(texts), return_inverse=True)
    each = shipped().directions(asked) @ shipped().directions(distinct).T
    nearest: Cosines = np.maximum.reduceat(each[:, places], starts, axis=1)
    return nearest


def _missed(met: Sequence[np.ndarray[tuple[int], np.dtype[np.float32]]], shares: np.ndarray) -> float:
    best = max(met, key=lambda row: float(shares @ row))
    return float(np.clip(np.sort(shares * (1 - best))[-MISSES:].sum(), 0, 1))


def _worst_of_one(met: Cosines, shares: np.ndarray) -> float:
    return max(0.0, float(met[:, int((shares @ met).argmax())].min()))
