"""One answer, whole or as a stream of events."""

from collections.abc import AsyncIterable
from contextlib import aclosing
from functools import partial

from fastapi import APIRouter, Depends
from fastapi.sse import EventSourceResponse, ServerSentEvent

from api.dependencies import AssistantDependency, FeedbackDependency, RequestId, StoppingDependency, require_json
from api.errors import log_failure, problem_of
from api.events import failure, server_sent, together
from api.schemas import EXAMPLES, AnswerBody, AnswerRequest, error_references, error_responses
from api.stopping import Stopped
from api.threads import called, pulled
from assistant.models import Done

ERRORS = (400, 413, 415, 422, 503)

router = APIRouter(
    prefix="/v1/answers",
    tags=["answers"],
    dependencies=[Depends(require_json)],
)


@router.post("", responses=error_responses(*ERRORS))
async def answer(
    body: AnswerRequest, assistant: AssistantDependency, feedback: FeedbackDependency, stopping: StoppingDependency
) -> AnswerBody:
    """Answer one question with exact, cited words. A refusal is an answer too: status 200, ``outcome`` ``refused``."""
    filters = body.filters.to_filters() if body.filters else None

    def answered() -> AnswerBody:
        given = assistant.answer(body.question, turns=body.turns, filters=filters)
        if feedback is not None:
            feedback.remember(given, body.conversation_id or "")
        explanation = assistant.explain(given, turns=body.turns, filters=filters) if body.explain else None
        return AnswerBody.of(given, explanation)

    return await called(answered, stopping)


@router.post(
    "/stream",
    response_class=EventSourceResponse,
    responses=error_references(*ERRORS) | {200: {"content": {"text/event-stream": {"example": EXAMPLES["stream"]}}}},
)
async def stream(
    body: AnswerRequest,
    assistant: AssistantDependency,
    feedback: FeedbackDependency,
    stopping: StoppingDependency,
    request_id: RequestId,
) -> AsyncIterable[ServerSentEvent]:
    """Answer one question as Server-Sent Events.

    In this order: ``status`` …, ``passages``, ``token`` …, ``citations``, ``done`` (the whole answer, with ``explain``
    where it was asked for); or ``error`` at any point, which ends the stream. The texts of the ``token`` events joined
    give the answer.
    """
    filters = body.filters.to_filters() if body.filters else None
    try:
        events = assistant.stream(body.question, turns=body.turns, filters=filters)
        # A reader who left cancels this generator: the assistant's own work stops at once.
        async with aclosing(pulled(events, stopping, together)) as pulling:
            async for event in pulling:
                explanation = None
                if isinstance(event, Done):
                    if feedback is not None:
                        feedback.remember(event.answer, body.conversation_id or "")
                    if body.explain:
                        explain = partial(assistant.explain, event.answer, turns=body.turns, filters=filters)
                        explanation = await called(explain, stopping)
                yield server_sent(event, explanation)
    except Stopped as error:
        yield failure(problem_of(error), request_id)
    except Exception as error:  # past the first byte an exception would only cut the connection
        log_failure(error, request_id)
        yield failure(problem_of(error), request_id)
