"""Several rankings → one."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from indexes.models import Hit


def weighted_sum(rankings: Sequence[Sequence[Hit]], weights: Mapping[str, float]) -> list[Hit]:
    """Fuse rankings by the weighted sum of their scores, each divided by the best score of its ranking.

    ``score(p) = Σ_r weight_r · score_r(p) / max score_r`` (Fox and Shaw, "Combination of multiple searches", TREC-2,
    1994: CombSUM with weights). It keeps what reciprocal ranks lose: how far the best passage stands above the others.

    Parameters
    ----------
    rankings
        One list of hits a retriever, best first.
    weights
        By the hits' ``origin``; 1 for an origin that is not there.

    Returns
    -------
    list of Hit
        Best first, ``origin`` "fused"; equal scores keep the order in which passages were first seen.

    """
    scores: dict[str, float] = defaultdict(float)
    for ranking in rankings:
        best = max((hit.score for hit in ranking), default=0.0)
        for hit in ranking if best > 0 else ():
            scores[hit.passage_id] += weights.get(hit.origin, 1.0) * max(0.0, hit.score) / best
    ranked = sorted(scores.items(), key=lambda item: -item[1])
    return [Hit(passage_id, score, rank, "fused") for rank, (passage_id, score) in enumerate(ranked, start=1)]
