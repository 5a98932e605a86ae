"""Ranking measures by ``ir_measures``: recall@1, @5, @10, MRR@10 and nDCG@10 (Järvelin and Kekäläinen 2002).

The unit is the part of an answer: the first passage that gives a part is relevant for it, a later one that repeats the
part is not, so that a system cannot be paid twice for one thing. For a question with one part, recall@k is 1 when a
right passage is among the first k.
"""

from collections.abc import Mapping, Sequence

import ir_measures
from ir_measures import RR, R, nDCG

MEASURES = {"recall@1": R @ 1, "recall@5": R @ 5, "recall@10": R @ 10, "mrr@10": RR @ 10, "ndcg@10": nDCG @ 10}
_NAMES = {measure: name for name, measure in MEASURES.items()}


def ranking_values(
    wanted: Mapping[str, frozenset[int]], rankings: Mapping[str, Sequence[frozenset[int]]]
) -> dict[str, dict[str, float]]:
    """Return, by question and measure, values in [0, 1].

    Parameters
    ----------
    wanted
        Question → the parts that its answer needs; at least one each.
    rankings
        Question → for each passage, best first, the parts it gives. A question that is absent scores zero.

    """
    if not wanted:
        return {}
    judged = {question: {str(part): 1 for part in parts} for question, parts in wanted.items()}
    run = {question: _scored(rankings.get(question, ())) for question in wanted}
    found: dict[str, dict[str, float]] = {question: dict.fromkeys(MEASURES, 0.0) for question in wanted}
    for metric in ir_measures.iter_calc(list(MEASURES.values()), judged, run):
        found[metric.query_id][_NAMES[metric.measure]] = metric.value
    return found


def _scored(ranking: Sequence[frozenset[int]]) -> dict[str, float]:
    """Name each passage by the new part it gives, and score it by its rank: measures only look at the order.

    A passage that gives several new parts at once takes as many places: a list holds one thing a place.
    """
    scored: dict[str, float] = {}
    for rank, parts in enumerate(ranking):
        new = sorted(str(part) for part in parts if str(part) not in scored)
        for n, name in enumerate(new or [f"other-{rank}"]):
            scored[name] = -(rank + n / (len(new) + 1))
    return scored
