"""How sure the evidence makes us, and whether that is enough to answer.

The confidence is a logistic regression on a few figures of the retrieval; its weights and threshold stand in
``refusal.json`` and are fitted by ``python -m eval.calibration`` on the development questions.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from assistant.forms import asked, given
from assistant.intents import PLAIN, certain, intents_of, likely
from assistant.models import Outcome, Reason
from assistant.retrieval import Evidence
from assistant.understanding import Understanding
from assistant.weighing import features, texts
from corpus.questions import OURS
from indexes.encoder import shipped
from indexes.french import tokens
from indexes.persistence import Index

REASONS: Mapping[str, Reason] = {"clinical": "clinical", "off_topic": "off_topic", "unlawful": "unlawful"}
"""Reasons of a refusal by intent; who asks something vague is asked back instead."""
VAGUE, MAYBE_VAGUE, LITTLE_SAID = 0.35, 0.15, 0.05
"""Probability of being vague from which a question is asked back, that where it would be refused anyway, and that of a
message of one content word or none."""
SAID, SAME = 3, 0.9
"""Stems that a question needs to be a wording of the bank, and share of both their stems that they have in common."""
LEAST = 0.1
"""Confidence below which a follow-up is refused even where its topic is answered."""
NEVER = frozenset({"clinical", "unlawful"})
"""Intents that are refused even where an article is named."""
STRONG: Mapping[str, float] = {"clinical": 0.93, "off_topic": 0.6, "unlawful": 0.93}
"""Confidence from which the evidence outweighs how a question looks, unless that is plain."""


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
    """How sure we are, and what that leads to.

    Attributes
    ----------
    reason
        Why it is refused; None unless it is.
    absent
        An article was asked that we do not have.
    missing
        What kind of thing was asked that no passage gives, see ``assistant.forms``; "" for none.

    """

    confidence: float
    outcome: Outcome = "refused"
    reason: Reason | None = "no_evidence"
    absent: bool = False
    missing: str = ""


def judge(understanding: Understanding, evidence: Evidence, index: Index) -> Judgement:
    """Decide whether the evidence answers the question, or whether to ask back."""
    about = intents_of(understanding.standalone, shipped())
    # A follow-up is vague by nature; its topic is known.
    vague = about.get("vague", 0.0) if len(understanding.queries) == 1 else 0.0
    enough = VAGUE if len(set(tokens(understanding.standalone))) > 1 else LITTLE_SAID
    if not evidence.passages:
        return Judgement(0.0, "clarification", None) if vague >= enough else Judgement(0.0)
    articles = [reference for reference in understanding.references if reference.article]
    if articles and not any(index.references.mentions(reference) for reference in articles):
        return Judgement(0.0, absent=True)
    fitted = calibrations()[model_for(evidence, index)]
    sure = fitted.confidence(features(understanding, evidence, index, about))
    refused = certain(about)
    if refused and sure >= STRONG[refused] and about[refused] < PLAIN[refused]:
        refused = ""
    # Who names an article or a decision that is there is shown it, however the rest of the question looks.
    named = any(index.references.knows(reference) for reference in understanding.references)
    plain = named or _is_a_wording(understanding.standalone, evidence, index)
    if (sure >= fitted.threshold and not refused and vague < enough) or (plain and refused not in NEVER):
        return Judgement(sure, "answered", None)
    if vague >= enough:
        return Judgement(sure, "clarification", None)
    reason = REASONS.get(refused or likely(about), "no_evidence")
    if reason == "no_evidence" and vague >= MAYBE_VAGUE:
        return Judgement(sure, "clarification", None)
    return Judgement(sure, reason=reason, missing=_missing(understanding.standalone, evidence))


def _is_a_wording(question: str, evidence: Evidence, index: Index) -> bool:
    """Tell whether a question is word for word one that people have said its best passage answers."""
    best = evidence.passages[0].id
    known = index.wordings.nearest(question, [best]).get(best) if "wordings" in evidence.rankings else None
    own, other = set(tokens(question)), set(tokens(known.text)) if known and not known.machine else set()
    return len(own) >= SAID and len(own & other) >= SAME * len(own | other)


def carried(judgement: Judgement, understanding: Understanding, evidence: Evidence, topic: Judgement) -> Judgement:
    """Return the judgement of a follow-up in the light of its topic's.

    A few words more make a whole question weaker than it is: when its topic is answered, and it asks for nothing that
    the passages lack, it is answered too.
    """
    if judgement.reason != "no_evidence" or judgement.absent or topic.outcome != "answered":
        return judgement
    if judgement.confidence < LEAST or _missing(understanding.question, evidence):
        return judgement
    return Judgement(judgement.confidence, "answered", None)


def _missing(question: str, evidence: Evidence) -> str:
    """Return the name of the first form that is asked and that none of the best passages gives."""
    held = texts(evidence)
    return next((name for name, wanted in asked(question).items() if not given(wanted, held)), "")


def model_for(evidence: Evidence, index: Index) -> str:
    """Name the model for the best passage's document: only where wordings exist does their absence mean something."""
    document = evidence.passages[0].document_id if evidence.passages else ""
    if "bank" not in evidence.rankings or document not in index.asked:
        return "unasked"
    return "sheets" if document.startswith(OURS) else "asked"
