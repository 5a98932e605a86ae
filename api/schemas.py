"""Questions, answers, passages found and errors as JSON. Field names are the contract: add, never rename."""

import json
from importlib.resources import files
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from assistant.dates import is_date, is_reversed
from assistant.explaining import Explanation
from assistant.models import Answer, Filters, Outcome, Reason
from assistant.store.feedback import LONGEST_COMMENT
from assistant.store.feedback import Verdict as ReadersVerdict
from corpus.models import Kind, Verdict

EXAMPLES: dict[str, Any] = json.loads(files("api").joinpath("examples.json").read_text(encoding="utf-8"))
DATE_PATTERN = r"^\d{4}(-\d{2}(-\d{2})?)?$"
ERROR_DESCRIPTIONS = {
    400: "The body is not JSON",
    404: "Nothing has this identifier, or it is switched off",
    413: "The body is over the size limit",
    415: "The body is not declared as JSON",
    422: "A field is missing or breaks its rule",
    503: "The index, or the file of verdicts, cannot be used",
}


class ApiModel(BaseModel):
    """Immutable, and built from the assistant's dataclasses by attribute."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


def _well_formed(text: str) -> str:
    """Refuse half of a surrogate pair: JSON can spell it, UTF-8 cannot, so it could never be sent back."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise PydanticCustomError("string_unicode", "not valid Unicode") from None
    return text


def _on_the_calendar(text: str) -> str:
    """Refuse a date that no calendar has; the pattern comes before this and stands in the OpenAPI description."""
    if not is_date(text):
        raise PydanticCustomError("date_impossible", "not a date of the calendar")
    return text


Sound = AfterValidator(_well_formed)
Text = Annotated[str, Sound]
# The limit stands before the check: after it, pydantic would say "too many items", as of a list.
Comment = Annotated[str, Field(max_length=LONGEST_COMMENT), Sound]
Date = Annotated[str, Field(pattern=DATE_PATTERN), AfterValidator(_on_the_calendar)]


class FiltersBody(ApiModel):
    """Restrictions on the passages searched. Dates are ISO, possibly partial; both ends are included."""

    kind: Kind | None = None
    article: Annotated[str, Field(max_length=100), Sound] | None = None
    court: Annotated[str, Field(max_length=200), Sound] | None = None
    date_from: Date | None = Field(default=None, alias="from")
    date_to: Date | None = Field(default=None, alias="to")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        """Refuse a range that ends before it begins: it would find nothing and not say why."""
        if is_reversed(self.date_from, self.date_to):
            raise PydanticCustomError("dates_reversed", "the range ends before it begins")
        return self

    def to_filters(self) -> Filters | None:
        """Return the assistant's filters, ``None`` when nothing is restricted."""
        filters = Filters(**self.model_dump())
        return None if filters == Filters() else filters


class AnswerRequest(ApiModel):
    """A question. An empty one is not an error: it is answered by a refusal whose reason is ``empty``."""

    question: Text
    turns: list[Text] = Field(
        default=[], max_length=50, description="Earlier messages of the same user, oldest first; nothing is remembered"
    )
    conversation_id: Annotated[str, Field(max_length=200), Sound] | None = Field(
        default=None, description="The caller's own name for the conversation; it changes no answer"
    )
    filters: FiltersBody | None = None
    explain: bool = Field(default=False, strict=True, description="Say what stands behind the answer, in ``explain``")


class CitationBody(ApiModel):
    """A quote the answer uses: ``quote`` is the characters ``[start, end)`` of the document's text."""

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
    notice: str | None


class RetrievedBody(ApiModel):
    """A passage found for a question, used or not; ``rank`` counts from 1."""

    passage_id: str
    document_id: str
    source: str
    label: str
    text: str
    score: float
    rank: int


class RedactionBody(ApiModel):
    """Identifying data that was replaced; its words are gone."""

    kind: str
    placeholder: str


class WordingBody(ApiModel):
    """A natural wording of what a passage answers; ``machine`` when a language model wrote it."""

    text: str
    machine: bool


class TraceBody(ApiModel):
    """A passage with the score that each retriever gave it, and the wording of the question bank that matched."""

    passage_id: str
    rank: int
    score: float
    scores: dict[str, float]
    wording: WordingBody | None


class ExplanationBody(ApiModel):
    """What stands behind an answer: words and references understood, scores, figures weighed."""

    words: list[str]
    expanded: list[str]
    references: list[str]
    passages: list[TraceBody]
    figures: dict[str, float]
    confidence: float
    threshold: float


class DraftingBody(ApiModel):
    """What came of a language model's draft: sentences kept, and those dropped, counted by reason."""

    model: str
    kept: int
    dropped: dict[str, int]


class AnswerBody(ApiModel):
    """One answer; ``explain`` only where it was asked for."""

    id: str
    question: str
    standalone_question: str
    outcome: Outcome
    reason: Reason | None
    answer: str
    citations: list[CitationBody]
    passages: list[RetrievedBody]
    redactions: list[RedactionBody]
    confidence: float
    timings_ms: dict[str, float]
    readings: list[str] = Field(
        default=[], description="Questions to choose from, only with the outcome ``clarification``"
    )
    false_premise: int | None = Field(
        default=None, description="Marker of the citation that contradicts what the question takes for granted"
    )
    notice: str | None = Field(
        default=None, description="A French sentence on how the answer was made, where that is not as configured"
    )
    drafting: DraftingBody | None = Field(default=None, description="Null where no language model was asked")
    verdict: Verdict | None = Field(default=None, description="The answer in a word; null where one would mislead")
    suggestions: list[str] = Field(default=[], description="Questions near this one, answered by the documents too")
    explain: ExplanationBody | None = Field(default=None, exclude_if=lambda explanation: explanation is None)

    @classmethod
    def of(cls, answer: Answer, explanation: Explanation | None = None) -> Self:
        """Return an answer with what stands behind it, where that was asked for."""
        whole = cls.model_validate(answer)
        if explanation is None:
            return whole
        return whole.model_copy(update={"explain": ExplanationBody.model_validate(explanation)})


class FeedbackRequest(ApiModel):
    """A reader's verdict on an answer."""

    answer_id: Annotated[str, Field(min_length=1, max_length=100), Sound]
    verdict: ReadersVerdict
    reason: Comment | None = None
    comment: Comment | None = None


class FeedbackBody(ApiModel):
    """What became of a verdict."""

    stored: bool


class SearchBody(ApiModel):
    """Ranked passages, best first."""

    passages: list[RetrievedBody]


class ErrorDetail(ApiModel):
    """A stable code, a French sentence, and the identifier to quote when asking for help."""

    code: str
    message: str
    request_id: str


class ErrorBody(ApiModel):
    """Every error has this shape."""

    error: ErrorDetail


def error_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI description of some error statuses."""
    return {status: {"model": ErrorBody, "description": ERROR_DESCRIPTIONS[status]} for status in statuses}


def error_references(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the same for a route that streams: its errors are JSON all the same."""
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorBody"}}}
    return {status: {"content": content, "description": ERROR_DESCRIPTIONS[status]} for status in statuses}
