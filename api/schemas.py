"""Questions, answers, passages found and errors as JSON. Field names are the contract: add, never rename."""

import json
from importlib.resources import files
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from assistant.dates import is_date, is_reversed
from assistant.models import Filters, Outcome, Reason
from corpus.models import Kind

EXAMPLES: dict[str, Any] = json.loads(files("api").joinpath("examples.json").read_text(encoding="utf-8"))
DATE_PATTERN = r"^\d{4}(-\d{2}(-\d{2})?)?$"
ERROR_DESCRIPTIONS = {
    400: "The body is not JSON",
    404: "Nothing has this identifier",
    413: "The body is over the size limit",
    415: "The body is not declared as JSON",
    422: "A field is missing or breaks its rule",
    503: "The index cannot be used",
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


Text = Annotated[str, AfterValidator(_well_formed)]
Date = Annotated[str, Field(pattern=DATE_PATTERN), AfterValidator(_on_the_calendar)]


class FiltersBody(ApiModel):
    """Restrictions on the passages searched. Dates are ISO, possibly partial; both ends are included."""

    kind: Kind | None = None
    article: Text | None = Field(default=None, max_length=100)
    court: Text | None = Field(default=None, max_length=200)
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
    conversation_id: Text | None = Field(
        default=None, max_length=200, description="The caller's own name for the conversation; it changes no answer"
    )
    filters: FiltersBody | None = None


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


class AnswerBody(ApiModel):
    """One answer."""

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


class StatusEvent(ApiModel):
    """A step begins."""

    stage: str
    text: str


class PassagesEvent(ApiModel):
    """The passages that were found."""

    passages: list[RetrievedBody]


class TokenEvent(ApiModel):
    """A piece of the answer's text."""

    text: str


class CitationsEvent(ApiModel):
    """The citations of the finished answer."""

    citations: list[CitationBody]


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
