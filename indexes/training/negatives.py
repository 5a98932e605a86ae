"""Hard negatives: passages that look right for a query and are not its own."""

from collections.abc import Mapping, Sequence

import numpy as np

from indexes.lexical import LexicalIndex
from indexes.protocols import Encoder
from indexes.training.pairs import Pair

SKIPPED = 2
"""Best wrong passages that are left alone: they often answer too."""
KEPT = 8


def by_words(pairs: Sequence[Pair]) -> dict[str, list[str]]:
    """Return, for each query, wrong passages that BM25 ranks high."""
    answers = _answers(pairs)
    passages = list(dict.fromkeys(pair.passage for pair in pairs))
    index = LexicalIndex.build(passages, [str(n) for n in range(len(passages))])
    return {
        query: _wrong([passages[int(hit.passage_id)] for hit in index.search(query, 2 * KEPT)], right)
        for query, right in answers.items()
    }


def by_model(pairs: Sequence[Pair], encoder: Encoder, batch: int = 1024) -> dict[str, list[str]]:
    """Return, for each query, wrong passages that a first model of ours ranks high."""
    answers = _answers(pairs)
    passages = list(dict.fromkeys(pair.passage for pair in pairs))
    vectors = encoder.encode(passages)
    queries = list(answers)
    found: dict[str, list[str]] = {}
    for start in range(0, len(queries), batch):
        group = queries[start : start + batch]
        cosines = encoder.encode(group, query=True) @ vectors.T
        best = np.argsort(-cosines, axis=1, kind="stable")[:, : 2 * KEPT]
        found |= {
            q: _wrong([passages[n] for n in row], answers[q]) for q, row in zip(group, best.tolist(), strict=True)
        }
    return found


def merged(*found: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Return the negatives of several ways together, each once."""
    queries = dict.fromkeys(query for negatives in found for query in negatives)
    return {q: list(dict.fromkeys(text for negatives in found for text in negatives.get(q, ()))) for q in queries}


def _answers(pairs: Sequence[Pair]) -> dict[str, set[str]]:
    answers: dict[str, set[str]] = {}
    for pair in pairs:
        answers.setdefault(pair.query, set()).add(pair.passage)
    return answers


def _wrong(ranked: Sequence[str], right: set[str]) -> list[str]:
    return [text for text in ranked if text not in right][SKIPPED : SKIPPED + KEPT]
