"""The assistant's events on the wire: one Server-Sent Event each."""

from fastapi.sse import ServerSentEvent

from api.errors import Problem
from api.schemas import AnswerBody, CitationsEvent, PassagesEvent, StatusEvent, TokenEvent
from assistant.models import Citations, Done, Event, Passages, Status, Token


def server_sent(event: Event) -> ServerSentEvent:
    """Return an event of the assistant as ``status``, ``passages``, ``token``, ``citations`` or ``done``."""
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
            return ServerSentEvent(event="done", data=AnswerBody.model_validate(event.answer))


def failure(problem: Problem, request_id: str) -> ServerSentEvent:
    """Return the ``error`` event that ends a stream which cannot go on."""
    return ServerSentEvent(event="error", data=problem.body(request_id))
