"""One answer, whole or as a stream of events."""

from collections.abc import AsyncIterable, Iterator

from fastapi import APIRouter, Depends
from fastapi.concurrency import iterate_in_threadpool, run_in_threadpool
from fastapi.sse import EventSourceResponse, ServerSentEvent

from api.dependencies import AssistantDependency, FeedbackDependency, RequestId, require_json
from api.errors import log_failure, problem_of
from api.events import failure, server_sent
from api.schemas import EXAMPLES, AnswerBody, AnswerRequest, error_references, error_responses
from assistant.models import Done, Event

ERRORS = (400, 413, 415, 422, 503)

router = APIRouter(
    prefix="/v1/answers",
    tags=["answers"],
    dependencies=[Depends(require_json)],
)


# A plain function: FastAPI runs it in a thread, and the event loop stays free while the CPU works.
@router.post("", responses=error_responses(*ERRORS))
def answer(body: AnswerRequest, assistant: AssistantDependency, feedback: FeedbackDependency) -> AnswerBody:
    """Answer one question with exact, cited words. A refusal is an answer too: status 200, ``outcome`` ``refused``."""
    filters = body.filters.to_filters() if body.filters else None
    given = assistant.answer(body.question, turns=body.turns, filters=filters)
    if feedback is not None:
        feedback.remember(given)
    explanation = assistant.explain(given, turns=body.turns, filters=filters) if body.explain else None
    return AnswerBody.of(given, explanation)


@router.post(
    "/stream",
    response_class=EventSourceResponse,
    responses=error_references(*ERRORS) | {200: {"content": {"text/event-stream": {"example": EXAMPLES["stream"]}}}},
)
async def stream(
    body: AnswerRequest, assistant: AssistantDependency, feedback: FeedbackDependency, request_id: RequestId
) -> AsyncIterable[ServerSentEvent]:
    """Answer one question as Server-Sent Events.

    In this order: ``status`` …, ``passages``, ``token`` …, ``citations``, ``done`` (the whole answer, with ``explain``
    where it was asked for); or ``error`` at any point, which ends the stream. The texts of the ``token`` events joined
    give the answer.
    """
    filters = body.filters.to_filters() if body.filters else None
    events: Iterator[Event] | None = None
    try:
        events = assistant.stream(body.question, turns=body.turns, filters=filters)
        async for event in iterate_in_threadpool(events):
            explanation = None
            if isinstance(event, Done):
                if feedback is not None:
                    feedback.remember(event.answer)
                if body.explain:
                    explanation = await run_in_threadpool(
                        assistant.explain, event.answer, turns=body.turns, filters=filters
                    )
            yield server_sent(event, explanation)
    except Exception as error:  # past the first byte an exception would only cut the connection
        log_failure(error, request_id)
        yield failure(problem_of(error), request_id)
    finally:
        # A reader who left cancels this generator: stop the assistant's own work at once.
        close = getattr(events, "close", None)
        if close is not None:
            close()
