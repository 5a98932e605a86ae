"""From a conversation in the OpenAI wire format to a question, and from our answer or events to a reply in it."""

import time
from collections.abc import Iterable, Iterator, Sequence

from api.chat_schemas import (
    ChatBody,
    ChatChunk,
    ChatRequest,
    ChatUsage,
    ChunkChoice,
    Delta,
    LastChunk,
    ReplyChoice,
    ReplyMessage,
    Sources,
    UsageChunk,
)
from assistant.messages import message
from assistant.models import Answer, Citation, Done, Event, Token

MOST_TURNS = 50
"""Earlier messages that are read, the latest; a chat client sends its whole history each time."""


def asked(request: ChatRequest) -> list[str]:
    """Return the user's messages, oldest first; the last is the question."""
    return [said.content for said in request.messages if said.role == "user"][-MOST_TURNS - 1 :]


def reply(answer: Answer, read: Sequence[str]) -> ChatBody:
    """Return an answer as a chat completion; ``read`` is what ``asked`` gave."""
    text = answer.answer + ending(answer)
    return ChatBody(
        id=_reply_id(answer.id),
        created=int(time.time()),
        choices=[ReplyChoice(message=ReplyMessage(content=text))],
        usage=ChatUsage.of(read, text),
        **dict(Sources.model_validate(answer)),
    )


def chunks(events: Iterable[Event], answer_id: str, read: Sequence[str], *, usage: bool) -> Iterator[ChatChunk]:
    """Yield the events of an answer as the chunks of a chat completion; their contents joined are those of ``reply``.

    Parameters
    ----------
    events
        Those of ``Assistant.stream``; the statuses and the passages have no place in this format.
    answer_id
        Identifier of the answer, known before the events begin.
    read
        What ``asked`` gave.
    usage
        Whether a chunk with the usage ends the stream.

    """
    reply_id, created = _reply_id(answer_id), int(time.time())

    def piece(delta: Delta) -> ChatChunk:
        return ChatChunk(id=reply_id, created=created, choices=[ChunkChoice(delta=delta)])

    yield piece(Delta(role="assistant", content=""))
    for event in events:
        match event:
            case Token():
                yield piece(Delta(content=event.text))
            case Done(answer):
                end = ending(answer)
                if end:
                    yield piece(Delta(content=end))
                choices = [ChunkChoice(delta=Delta(), finish_reason="stop")]
                yield LastChunk(id=reply_id, created=created, choices=choices, **dict(Sources.model_validate(answer)))
                if usage:
                    counted = ChatUsage.of(read, answer.answer + end)
                    yield UsageChunk(id=reply_id, created=created, choices=[], usage=counted)
            case _:
                pass


def ending(answer: Answer) -> str:
    """Return what follows an answer's own text: readings to choose from, a notice, the list of its sources.

    They have fields of their own in our format, and no other place in this one. "" when there are none.
    """
    parts = [
        "\n".join(f"- {reading}" for reading in answer.readings if reading not in answer.answer),
        answer.notice or "",
        "\n".join([message("api.sources"), *map(_source, answer.citations)]) if answer.citations else "",
    ]
    return "".join(f"\n\n{part}" for part in parts if part)


def _source(citation: Citation) -> str:
    """Name one source: label, then what the label does not say already of its title and place, then a notice."""
    line = f"[{citation.marker}] {citation.label}"
    details: list[str] = []
    for detail in (citation.title or citation.source, citation.locator):
        if detail and detail not in citation.label and detail not in details:
            details.append(detail)
    if details:
        line += " — " + ", ".join(details)
    return f"{line} ({citation.notice})" if citation.notice else line


def _reply_id(answer_id: str) -> str:
    return f"chatcmpl-{answer_id}"
