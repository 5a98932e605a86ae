"""Why a question was answered so: the words understood, what each retriever said of a passage, the figures weighed."""

from dataclasses import dataclass

from assistant.models import Answer, Filters
from assistant.refusal import calibrations, model_for
from assistant.retrieval import Retrieval
from assistant.understanding import Understanding
from assistant.weighing import features
from indexes.persistence import Index
from indexes.wordings import Wording

DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Trace:
    """A passage and the score that each retriever gave it, 0 where it was not among its best.

    ``wording`` is the nearest natural wording that the question bank has of it, None when it has none.
    """

    passage_id: str
    rank: int
    score: float
    scores: dict[str, float]
    wording: Wording | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """What stands behind an answer.

    Attributes
    ----------
    words, expanded
        Stems searched as they were typed, and those they stand for in the documents.
    references
        Articles and decisions that were understood.
    figures, threshold
        What the confidence rests on, and how much of it is enough; see ``assistant.refusal``.

    """

    words: tuple[str, ...]
    expanded: tuple[str, ...]
    references: tuple[str, ...]
    passages: tuple[Trace, ...]
    figures: dict[str, float]
    confidence: float
    threshold: float


def explain(
    answer: Answer, understanding: Understanding, retrieval: Retrieval, filters: Filters | None = None
) -> Explanation:
    """Return what stands behind an answer; the search is made again, from the understood question and its filters."""
    index: Index = retrieval.index
    evidence = retrieval.find(understanding, filters=filters, k=max(1, len(answer.passages)))
    scores = {
        name: {hit.passage_id: round(hit.score, DECIMALS) for hit in ranking}
        for name, ranking in evidence.rankings.items()
    }
    ids = [passage.passage_id for passage in answer.passages]
    wordings = index.wordings.nearest(understanding.standalone, ids) if "wordings" in scores else {}
    terms = index.lexical.terms(understanding.standalone)
    figures = features(understanding, evidence, index) if evidence.passages else {}
    return Explanation(
        words=tuple(terms[0][1]),
        expanded=tuple(dict.fromkeys(stem for _, stems in terms[1:] for stem in stems)),
        references=tuple(reference.article or reference.case for reference in understanding.references),
        passages=tuple(
            Trace(
                passage.passage_id,
                passage.rank,
                passage.score,
                {name: found.get(passage.passage_id, 0.0) for name, found in scores.items()},
                wordings.get(passage.passage_id),
            )
            for passage in answer.passages
        ),
        figures={name: round(value, DECIMALS) for name, value in figures.items()},
        confidence=answer.confidence,
        threshold=calibrations()[model_for(evidence, index)].threshold,
    )
