"""The assistant's events on the wire: one Server-Sent Event each."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from fastapi.sse import ServerSentEvent

from api.errors import Problem
from api.schemas import AnswerBody, ApiModel, CitationBody, RetrievedBody
from assistant.explaining import Explanation
from assistant.models import Citations, Done, Event, Passages, Status, Token


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


def together(events: Iterable[Event]) -> Iterator[Event]:
    """Yield events, pieces of text that follow each other as one."""
    for kind, group in groupby(events, type):
        if kind is Token:
            yield Token("".join(piece.text for piece in group if isinstance(piece, Token)))
        else:
            yield from group


def server_sent(event: Event, explanation: Explanation | None = None) -> ServerSentEvent:
    """Return an event of the assistant as ``status``, ``passages``, ``token``, ``citations`` or ``done``.

    Parameters
    ----------
    event
        One of ``Assistant.stream``.
    explanation
        What stands behind the answer; it goes into ``done``.

    """
    match event:
        case Status():
            return ServerSentEvent(event="status", data=StatusEvent.model_validate(event))
        case Passages():
            return ServerSentEvent(event="passages", data=PassagesEvent.model_validate(event))
        case Token():
            return ServerSentEvent(event="token", data=TokenEvent.model_validate(event))
        case Citations():
            return ServerSentEvent(event="citations", data=CitationsEvent.model_validate(event))
        case Done():
            return ServerSentEvent(event="done", data=AnswerBody.of(event.answer, explanation))


def failure(problem: Problem, request_id: str) -> ServerSentEvent:
    """Return the ``error`` event that ends a stream which cannot go on."""
    return ServerSentEvent(event="error", data=problem.body(request_id))
