"""How sure the evidence makes us, and whether that is enough to answer.

The confidence is a logistic regression on a few figures of the retrieval; its weights and threshold stand in
``refusal.json`` and are fitted by ``python -m eval.calibration`` on the development questions.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from assistant.intents import OURS, certain, intents_of, likely
from assistant.models import Reason
from assistant.retrieval import Evidence
from assistant.understanding import Understanding
from corpus.models import Passage
from indexes.french import tokens
from indexes.lexical import LexicalIndex
from indexes.models import Hit
from indexes.persistence import Index

FEATURES = {
    "asked": (
        "covered",
        "passage",
        "wording",
        "cosine",
        "meaning",
        "margin",
        "agreement",
        "unknown",
        "unasked",
        "named",
        "missing",
        "ours",
    ),
    "unasked": ("covered", "passage", "cosine", "lead", "agreement", "unknown", "words", "named", "missing", "ours"),
}
"""Figures by model: ``asked`` serves documents that the question bank has wordings for, ``unasked`` all others."""


REASONS: Mapping[str, Reason] = {"clinical": "clinical", "off_topic": "off_topic", "unlawful": "unlawful"}
"""Reasons of a refusal by intent; what is vague has none of its own yet."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """A fitted model: ``confidence = 1 / (1 + exp(-(intercept + Σ weight_i · feature_i)))``."""

    weights: Mapping[str, float]
    intercept: float
    threshold: float

    def confidence(self, values: Mapping[str, float]) -> float:
        """Return the probability, between 0 and 1, that the passages answer the question."""
        return 1 / (1 + math.exp(-self.intercept - sum(w * values[name] for name, w in self.weights.items())))


@cache
def calibrations() -> dict[str, Calibration]:
    """Return the shipped calibrations by model."""
    rows = json.loads(files("assistant").joinpath("refusal.json").read_text(encoding="utf-8"))
    return {name: Calibration(**row) for name, row in rows.items()}


@dataclass(frozen=True, slots=True)
class Judgement:
    """How sure we are, and whether that is enough to answer.

    ``absent``: an article was asked that we do not have; ``reason``: why it is refused, if it is.
    """

    confidence: float
    answers: bool
    absent: bool = False
    reason: Reason = "no_evidence"


def judge(understanding: Understanding, evidence: Evidence, index: Index) -> Judgement:
    """Decide whether the evidence answers the question."""
    if not evidence.passages:
        return Judgement(0.0, answers=False)
    articles = [reference for reference in understanding.references if reference.article]
    if articles and not any(index.references.mentions(reference) for reference in articles):
        return Judgement(0.0, answers=False, absent=True)
    fitted = calibrations()[model_for(evidence, index)]
    about = intents_of(understanding.standalone, index.encoder)
    sure = fitted.confidence(features(understanding, evidence, index, about))
    refused = certain(about)
    reason = REASONS.get(refused or likely(about), "no_evidence")
    return Judgement(sure, answers=sure >= fitted.threshold and not refused, reason=reason)


def model_for(evidence: Evidence, index: Index) -> str:
    """Name the model for the best passage's document: only where wordings exist does their absence mean something."""
    document = evidence.passages[0].document_id if evidence.passages else ""
    return "asked" if "bank" in evidence.rankings and document in index.asked else "unasked"


def features(
    understanding: Understanding, evidence: Evidence, index: Index, about: Mapping[str, float] | None = None
) -> dict[str, float]:
    """Return the figures that the confidence rests on, each between 0 and 1; all weights of words are idf.

    ``covered``: the greatest share of the question's weight that one of the first five passages holds. ``passage``
    and ``wording``: BM25 of the best passage, and of the nearest wordings of the bank, see ``_strength``. ``lead``
    and ``margin``: how far the best passage, and the nearest wordings, stand above the tenth. ``cosine`` and
    ``meaning``: that of the nearest passage, and of the nearest wording. ``agreement``: share of the first five
    passages that two retrievers have in their first ten. ``unknown`` and ``unasked``: share of the question's
    weight in words that no passage, or no wording, has. ``words``: content words, over five. ``named``: the
    question names an article or decision that is there; ``missing``: one that is not. ``ours``: see ``_ours``.

    Parameters
    ----------
    about
        The probability of each intent, see ``assistant.intents``; found here by default.

    """
    query = understanding.standalone
    stems = set(tokens(query))
    names = ("lexical", "bank", "dense", "wordings")
    lexical, bank, dense, meant = rankings = [evidence.rankings.get(name, ()) for name in names]
    tops = [{hit.passage_id for hit in ranking[:10]} for ranking in rankings]
    first = [hit.passage_id for hit in evidence.hits[:5]]
    known = [index.references.knows(reference) for reference in understanding.references]
    wordings = index.bank.wordings
    return {
        "covered": max((_share(stems, _stems_of(p), index.lexical) for p in evidence.passages[:5]), default=0.0),
        "passage": _strength(lexical, index.lexical),
        "wording": _strength(bank, wordings),
        "margin": _above_the_tenth(bank),
        "lead": _above_the_tenth(lexical),
        "cosine": max(0.0, dense[0].score) if dense else 0.0,
        "meaning": max(0.0, meant[0].score) if meant else 0.0,
        "agreement": sum(sum(p in top for top in tops) >= 2 for p in first) / max(1, len(first)),
        "unknown": 1 - _share(stems, {s for s in stems if index.lexical.knows(s)}, index.lexical),
        "unasked": 1 - _share(stems, {s for s in stems if wordings.knows(s)}, wordings),
        "words": min(1.0, len(stems) / 5),
        "named": float(any(known)),
        "missing": float(bool(known) and not all(known)),
        "ours": _ours(intents_of(query, index.encoder) if about is None else about),
    }


def _ours(about: Mapping[str, float]) -> float:
    """Return how likely a question is ours to answer, on a scale of its logarithm from 0 (one in 10,000) to 1.

    1 where nothing is known of it, with another encoder than the shipped one.
    """
    return 1 + math.log10(max(1e-4, about.get(OURS, 1.0))) / 4


def _strength(ranking: Sequence[Hit], lexical: LexicalIndex) -> float:
    """Return the best BM25 score over that of four words that no text has: the size of an index does not count."""
    return min(1.0, ranking[0].score / (4 * lexical.idf(""))) if ranking else 0.0


def _above_the_tenth(ranking: Sequence[Hit]) -> float:
    return 1 - ranking[min(9, len(ranking) - 1)].score / ranking[0].score if ranking else 0.0


def _share(stems: set[str], held: set[str], lexical: LexicalIndex) -> float:
    """Return the share of the weight of ``stems`` that is also in ``held``; 0 for no stems."""
    total = sum(lexical.idf(stem) for stem in stems)
    return sum(lexical.idf(stem) for stem in stems & held) / total if total else 0.0


def _stems_of(passage: Passage) -> set[str]:
    return set(tokens("\n".join([*passage.headings, passage.text])))
