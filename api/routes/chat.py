"""The same assistant in the OpenAI wire format, for Open WebUI and any OpenAI client."""

import json
import secrets
from collections.abc import AsyncGenerator, Generator, Iterator, Sequence
from contextlib import aclosing

from fastapi import APIRouter, Depends, HTTPException
from fastapi.sse import EventSourceResponse, format_sse_event
from starlette.types import Receive, Scope, Send

from api.chat import asked, chunks, reply
from api.chat_schemas import MODEL, ChatBody, ChatRequest, ModelBody, ModelsBody
from api.dependencies import AssistantDependency, FeedbackDependency, RequestId, StoppingDependency, require_json
from api.errors import log_failure, problem_of
from api.protocols import Assistant
from api.schemas import EXAMPLES, error_responses
from api.stopping import Stopped, Stopping
from api.threads import called, pulled
from assistant.models import Done, Event
from assistant.store.feedback import FeedbackStore

ROUTE = "/v1/chat/completions"

router = APIRouter(prefix="/v1", tags=["openai"])


class _ClosedStream(EventSourceResponse):
    """Server-Sent Events closed at the end, whatever it is: a client that left only stops their being asked for."""

    def __init__(self, events: AsyncGenerator[bytes, None]) -> None:
        super().__init__(events, headers={"x-accel-buffering": "no"})  # nginx must not hold them back
        self._events = events

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            await self._events.aclose()


@router.post(
    ROUTE.removeprefix(router.prefix),
    dependencies=[Depends(require_json)],
    response_model=ChatBody,
    responses=error_responses(400, 413, 415, 422, 503)
    | {200: {"content": {"text/event-stream": {"example": EXAMPLES["chat_stream"]}}}},
)
async def complete(
    body: ChatRequest,
    assistant: AssistantDependency,
    feedback: FeedbackDependency,
    stopping: StoppingDependency,
    request_id: RequestId,
) -> ChatBody | EventSourceResponse:
    """Answer the last message of role ``user``; those before it are its earlier turns.

    Déonto follows no instruction: messages of other roles are neither obeyed nor searched. Parameters of a language
    model (``temperature``, ``max_tokens``, ``tools`` …) are accepted and change nothing. A refusal is an answer too.

    The content ends with the list of its sources. ``citations``, ``outcome``, ``reason`` and ``redactions`` are added
    to the format; ``usage`` counts words. With ``stream`` the reply comes as chunks, the last of which has the added
    fields, then ``[DONE]``; an error on the way is an event in the shape of every error, and ends the stream.
    """
    if body.stream:
        return _ClosedStream(_events(_written(body, assistant, feedback), stopping, request_id))

    def replied() -> ChatBody:
        *turns, question = asked(body)
        answer = assistant.answer(question, turns=turns)
        if feedback is not None:
            feedback.remember(answer)
        return reply(answer, (*turns, question))

    return await called(replied, stopping)


async def _events(written: Iterator[bytes], stopping: Stopping, request_id: str) -> AsyncGenerator[bytes, None]:
    try:
        async with aclosing(pulled(written, stopping, _together)) as pulling:
            async for event in pulling:
                yield event
    except Stopped as error:
        yield _error(error, request_id)
    except Exception as error:  # past the first byte an exception would only cut the connection
        log_failure(error, request_id)
        yield _error(error, request_id)


def _together(events: Sequence[bytes]) -> tuple[bytes, ...]:
    return (b"".join(events),) if events else ()


def _error(error: Exception, request_id: str) -> bytes:
    return format_sse_event(data_str=json.dumps(problem_of(error).body(request_id)))


def _written(body: ChatRequest, assistant: Assistant, feedback: FeedbackStore | None) -> Generator[bytes]:
    *turns, question = asked(body)
    usage = bool(body.stream_options and body.stream_options.include_usage)
    answer_id = secrets.token_hex(8)  # every chunk has it, the first too
    events = assistant.stream(question, turns=turns, answer_id=answer_id)
    try:
        for chunk in chunks(_remembered(events, feedback), answer_id, (*turns, question), usage=usage):
            # Some clients cut lines wherever Unicode does.
            yield format_sse_event(data_str=chunk.model_dump_json(ensure_ascii=True))
        yield format_sse_event(data_str="[DONE]")
    finally:
        close = getattr(events, "close", None)
        if close is not None:
            close()


def _remembered(events: Iterator[Event], feedback: FeedbackStore | None) -> Iterator[Event]:
    for event in events:
        if feedback is not None and isinstance(event, Done):
            feedback.remember(event.answer)
        yield event


@router.get("/models")
async def models() -> ModelsBody:
    """List the models: one, for clients that want to choose."""
    return ModelsBody(data=[ModelBody()])


@router.get("/models/{model}", responses=error_responses(404, 422))
async def model(model: str) -> ModelBody:
    """Return the one model there is."""
    if model != MODEL:
        raise HTTPException(404)
    return ModelBody()
