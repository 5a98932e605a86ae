"""What a run is made of: one row a question, figures over all of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from eval.figures import ALL, Figure
from eval.reliability import Reliability
from eval.scoring import Place

Outcome = Literal["right", "beside", "refused_wrongly", "refused_rightly", "answered_wrongly", "error", "unjudged"]
"""What became of a question: the first three where the documents answer it, the next two where they do not."""


@dataclass(frozen=True, slots=True)
class Row:
    """One question with what came back. ``question`` is as the assistant understood it, identifying data hidden."""

    id: str
    kind: str
    question: str
    answerable: bool | None
    outcome: str
    reason: str | None
    confidence: float
    wanted: tuple[str, ...]
    passages: tuple[Place, ...]
    citations: tuple[Place, ...]
    values: Mapping[str, float]

    @property
    def became(self) -> Outcome:
        """What became of the question."""
        if self.outcome not in {"answered", "refused", "clarification"}:
            return "error"
        answered = self.outcome == "answered"
        if self.answerable is None or (self.answerable and answered and "cites_right" not in self.values):
            return "unjudged"
        if not self.answerable:
            return "answered_wrongly" if answered else "refused_rightly"
        if not answered:
            return "refused_wrongly"
        return "right" if self.values["cites_right"] else "beside"

    @property
    def missed(self) -> bool:
        """Whether something went wrong: the outcome, a leak, or the right passage outside the first five."""
        wrong = self.became in {"beside", "refused_wrongly", "answered_wrongly", "error"}
        flawed = self.values.get("leaks", 0) > 0 or self.values.get("kept", 1) < 1
        return wrong or flawed or self.values.get("recall@5", 1) < 1


@dataclass(frozen=True, slots=True)
class Run:
    """What was measured. ``about`` holds the set, what was asked and durations; see ``ABOUT``."""

    about: Mapping[str, Any]
    rows: tuple[Row, ...]
    figures: tuple[Figure, ...]
    trusted: Reliability
    """Confidence against "a right passage is cited", over the answers given."""
    answerable: Reliability
    """Confidence against "the documents answer it", over all questions of which that is known."""

    @property
    def name(self) -> str:
        """What the run is called."""
        return str(self.about["name"])

    def value(self, measure: str, kind: str = ALL) -> Figure | None:
        """Return one figure, None when no question gave it."""
        return next((f for f in self.figures if (f.measure, f.kind) == (measure, kind)), None)
