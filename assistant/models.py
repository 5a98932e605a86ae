"""Question in, events out: what the assistant gives to the API, the command line and the evaluation."""

from dataclasses import dataclass, field
from typing import Literal

from corpus.models import Verdict

Outcome = Literal["answered", "refused", "clarification"]
Reason = Literal["no_evidence", "clinical", "off_topic", "unlawful", "empty", "too_long"]


@dataclass(frozen=True, slots=True)
class Filters:
    """Restrictions on the passages searched. Dates are ISO and may be partial; both ends are included."""

    kind: str | None = None
    article: str | None = None
    court: str | None = None
    date_from: str | None = None
    date_to: str | None = None


@dataclass(frozen=True, slots=True)
class Redaction:
    """Identifying data that was replaced. The original words are gone: only the kind and the placeholder remain."""

    kind: str
    placeholder: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote that the answer uses: ``quote == document.text[start:end]``, ``marker`` counts from 1 by first use."""

    marker: int
    passage_id: str
    document_id: str
    source: str
    label: str
    title: str
    kind: str
    date: str
    locator: str
    quote: str
    start: int
    end: int
    context: str
    notice: str | None = None


@dataclass(frozen=True, slots=True)
class RetrievedPassage:
    """A passage found for a question, used or not. ``rank`` is 1-based."""

    passage_id: str
    document_id: str
    source: str
    label: str
    text: str
    score: float
    rank: int


@dataclass(frozen=True, slots=True)
class Drafting:
    """What came of a language model's draft: its sentences that were kept, and those dropped, by reason."""

    model: str
    kept: int
    dropped: dict[str, int]


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, in the shape of the contract.

    Attributes
    ----------
    timings_ms
        Wall-clock milliseconds by stage.
    readings
        Questions to choose from when this one can be read in several ways; only with the outcome ``clarification``.
    false_premise
        The marker of the citation that contradicts what the question takes for granted, None where nothing does.
    notice
        A French sentence on how the answer was made, where that is not as configured.
    drafting
        What came of the configured language model's draft, None where none was asked for.
    verdict
        The answer in a word, None where a word would mislead; see ``assistant.suggesting``.
    suggestions
        Questions near this one that our documents answer, only with the outcome ``answered``.

    """

    id: str
    question: str
    standalone_question: str
    outcome: Outcome
    reason: Reason | None
    answer: str
    citations: tuple[Citation, ...]
    passages: tuple[RetrievedPassage, ...]
    redactions: tuple[Redaction, ...]
    confidence: float
    timings_ms: dict[str, float] = field(default_factory=dict)
    readings: tuple[str, ...] = ()
    false_premise: int | None = None
    notice: str | None = None
    drafting: Drafting | None = None
    verdict: Verdict | None = None
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Status:
    """A step begins. ``stage`` is ``privacy``, ``retrieve`` or ``answer``; ``text`` is French."""

    stage: str
    text: str


@dataclass(frozen=True, slots=True)
class Passages:
    """The passages that were found."""

    passages: tuple[RetrievedPassage, ...]


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the answer's text; the pieces joined give ``Answer.answer``."""

    text: str


@dataclass(frozen=True, slots=True)
class Citations:
    """The citations of the finished answer."""

    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """The whole answer; always the last event."""

    answer: Answer


Event = Status | Passages | Token | Citations | Done
