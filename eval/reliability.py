"""How far a stated confidence can be believed: reliability by bins and expected calibration error."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers with a confidence in ``[low, high)``, the last bin with 1 too: its mean, and the share that came true."""

    low: float
    high: float
    n: int
    confidence: float
    share: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """``ece`` is the expected calibration error, ``brier`` the mean squared error, both 0 at best."""

    n: int
    ece: float
    brier: float
    bins: tuple[Bin, ...]


def reliability(pairs: Sequence[tuple[float, bool]]) -> Reliability:
    """Return the reliability of (confidence, came true) pairs; empty bins are left out.

    ECE = Σ n_b / n · |share_b - confidence_b| over ten bins of equal width (Guo et al. 2017, "On Calibration of Modern
    Neural Networks", eq. 3); Brier (1950) = mean (confidence - outcome)².
    """
    bins = []
    for n in range(BINS):
        inside = [(c, true) for c, true in pairs if min(int(c * BINS), BINS - 1) == n]
        if inside:
            confidence = sum(c for c, _ in inside) / len(inside)
            share = sum(true for _, true in inside) / len(inside)
            bins.append(Bin(n / BINS, (n + 1) / BINS, len(inside), confidence, share))
    total = len(pairs)
    ece = sum(b.n * abs(b.share - b.confidence) for b in bins) / total if total else 0.0
    brier = sum((c - true) ** 2 for c, true in pairs) / total if total else 0.0
    rounded = (replace(b, confidence=round(b.confidence, 4), share=round(b.share, 4)) for b in bins)
    return Reliability(total, round(ece, 4), round(brier, 4), tuple(rounded))
