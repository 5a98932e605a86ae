"""Values of single questions → figures: a mean by kind of question, with how many questions and a 95 % interval."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import binomtest, bootstrap

ALL = "all"
CONFIDENCE = 0.95
RESAMPLES = 2_000
SEED = 20_261
TOTALS = frozenset({"leaks", "error"})
"""Measures that are counts: their figure is a sum. All others are means of values in [0, 1]."""
MEASURES = (
    "recall@1",
    "recall@5",
    "recall@10",
    "mrr@10",
    "ndcg@10",
    "cites_right",
    "citation_precision",
    "citation_recall",
    "fact_coverage",
    "quote_fidelity",
    "marker_fidelity",
    "refusal_precision",
    "refusal_recall",
    "refusal_reason",
    "over_refusal",
    "leaks",
    "redactions",
    "kept",
    "error",
)
"""Every measure, in the order in which reports show them."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a report. ``low`` and ``high`` bound 95 % of what other samples of ``n`` questions would give."""

    measure: str
    kind: str
    n: int
    value: float
    low: float
    high: float


def figures_of(rows: Sequence[tuple[str, Mapping[str, float]]]) -> tuple[Figure, ...]:
    """Return the figures of (kind, values) pairs: all together first, then by kind in order of appearance."""
    kinds = [ALL, *dict.fromkeys(kind for kind, _ in rows)]
    found = []
    for measure in MEASURES:
        for kind in kinds:
            values = [values[measure] for k, values in rows if kind in {ALL, k} and measure in values]
            if values:
                found.append(figure(measure, kind, values))
    return tuple(found)


def figure(measure: str, kind: str, values: Sequence[float]) -> Figure:
    """Return one figure of at least one value."""
    n = len(values)
    low, high = interval(values)
    scale = n if measure in TOTALS else 1
    return Figure(measure, kind, n, *(round(float(scale * x), 4) for x in (np.mean(values), low, high)))


def interval(values: Sequence[float]) -> tuple[float, float]:
    """Return a 95 % interval of the mean: Wilson's (1927) for yes or no, else the percentile bootstrap (Efron 1979).

    Wilson's is right at 0 and 1, where resampling would give no width at all.
    """
    if set(values) <= {0.0, 1.0}:
        found = binomtest(int(sum(values)), len(values)).proportion_ci(CONFIDENCE, method="wilson")
        return float(found.low), float(found.high)
    return resampled(values)


def resampled(values: Sequence[float]) -> tuple[float, float]:
    """Return the percentile bootstrap interval of the mean, the same at every call."""
    if len(set(values)) == 1:
        return float(values[0]), float(values[0])
    found = bootstrap(
        (np.asarray(values, dtype=float),),
        np.mean,
        n_resamples=RESAMPLES,
        confidence_level=CONFIDENCE,
        method="percentile",
        rng=np.random.default_rng(SEED),
    ).confidence_interval
    return float(found.low), float(found.high)


def latency(milliseconds: Sequence[float]) -> dict[str, float]:
    """Return the median, 95th percentile and longest of some durations, in milliseconds."""
    return {
        "n": len(milliseconds),
        "p50": round(float(np.median(milliseconds)), 2),
        "p95": round(float(np.quantile(milliseconds, 0.95)), 2),
        "max": round(float(np.max(milliseconds)), 2),
    }
