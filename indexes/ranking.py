"""Scores of all passages → the best hits."""

from collections.abc import Sequence

import numpy as np

from indexes.models import Hit


def top(scores: np.ndarray[tuple[int], np.dtype[np.float32]], ids: Sequence[str], k: int, origin: str) -> list[Hit]:
    """Return the ``k`` best positive scores as hits; equal scores keep the order of the passages.

    Parameters
    ----------
    scores
        Shape ``(len(ids),)``.

    """
    positive = np.flatnonzero(scores > 0)
    best = positive[np.argsort(-scores[positive], kind="stable")][:k]
    return [Hit(ids[i], float(scores[i]), rank, origin) for rank, i in enumerate(best, start=1)]
