"""Requests and replies in the OpenAI wire format; ours are ``citations``, ``outcome``, ``reason`` and ``redactions``.

Parameters that are not named here (``temperature``, ``max_tokens``, ``tools`` …) are accepted and change nothing.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, Self

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from api.schemas import ApiModel, CitationBody, RedactionBody, Text
from assistant.models import Outcome, Reason

MODEL = "deonto"
"""The one model there is; any name is accepted in a request."""


class TextPart(ApiModel):
    """A piece of a message; parts of another type are refused."""

    type: Literal["text"]
    text: Text


class ChatMessage(ApiModel):
    """One message. Only text of the role ``user`` is read: what other roles say is left out, whatever its form."""

    role: Text
    content: Text = Field(default=None, validate_default=True)

    @field_validator("content", mode="before", json_schema_input_type=str | list[TextPart] | None)
    @classmethod
    def _text_of(cls, content: object, info: ValidationInfo) -> object:
        if info.data.get("role") != "user":
            return ""
        if content is None:
            raise PydanticCustomError("missing", "a user message has no content")
        return "\n".join(_texts(content)) if isinstance(content, list) else content


def _texts(parts: Sequence[object]) -> list[str]:
    texts = []
    for part in parts:
        if not isinstance(part, Mapping) or part.get("type") != "text":
            raise PydanticCustomError("not_text", "a part is not text")
        if not isinstance(part.get("text"), str):
            raise PydanticCustomError("string_type", "the text of a part is no string")
        texts.append(part["text"])
    return texts


class StreamOptions(ApiModel):
    """What a stream ends with."""

    include_usage: bool | None = Field(
        default=None, strict=True, description="A last chunk with ``usage`` and no choice"
    )


class ChatRequest(ApiModel):
    """A conversation. The last message of role ``user`` is the question, those before it are its earlier turns.

    Déonto follows no instruction: messages of the roles ``system``, ``developer``, ``assistant`` and ``tool`` are
    neither obeyed nor searched.
    """

    model: Text = Field(default=MODEL, description="Any name; the reply names the only model there is")
    messages: list[ChatMessage]
    stream: bool | None = Field(default=None, strict=True)
    stream_options: StreamOptions | None = None
    n: Literal[1] | None = None

    @field_validator("messages")
    @classmethod
    def _with_a_question(cls, messages: list[ChatMessage]) -> list[ChatMessage]:
        if not any(message.role == "user" for message in messages):
            raise PydanticCustomError("no_question", "no message has the role user")
        return messages


class ChatUsage(ApiModel):
    """Words between white space, not a model's tokens: of the question and turns that were read, and of the reply."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int

    @classmethod
    def of(cls, read: Sequence[str], written: str) -> Self:
        """Count what was read and what was written."""
        prompt, completion = sum(len(text.split()) for text in read), len(written.split())
        return cls(prompt_tokens=prompt, completion_tokens=completion, total_tokens=prompt + completion)


class Sources(ApiModel):
    """What stands behind a reply, as in ``AnswerBody``."""

    citations: list[CitationBody]
    outcome: Outcome
    reason: Reason | None
    redactions: list[RedactionBody]


class ReplyMessage(ApiModel):
    """The answer, then the list of its sources."""

    role: Literal["assistant"] = "assistant"
    content: str


class ReplyChoice(ApiModel):
    """The only choice."""

    index: int = 0
    message: ReplyMessage
    finish_reason: Literal["stop"] = "stop"


class Completion(ApiModel):
    """A reply as the format has it; after ``chatcmpl-`` its ``id`` is that of the answer, for ``/v1/feedback``."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str = MODEL
    choices: list[ReplyChoice]
    usage: ChatUsage


class ChatBody(Sources, Completion):
    """A reply with what stands behind it."""


class Delta(ApiModel):
    """What a chunk adds to the message."""

    role: Literal["assistant"] | None = Field(default=None, exclude_if=lambda role: role is None)
    content: str | None = Field(default=None, exclude_if=lambda content: content is None)


class ChunkChoice(ApiModel):
    """The only choice, so far."""

    index: int = 0
    delta: Delta
    finish_reason: Literal["stop"] | None = None


class ChatChunk(ApiModel):
    """A piece of a streamed reply."""

    id: str
    object: Literal["chat.completion.chunk"] = "chat.completion.chunk"
    created: int
    model: str = MODEL
    choices: list[ChunkChoice]


class LastChunk(Sources, ChatChunk):
    """The chunk that ends the message, with what stands behind it."""


class UsageChunk(ChatChunk):
    """The chunk that follows it where it was asked for; it has no choice."""

    usage: ChatUsage


class ModelBody(ApiModel):
    """A model; ours has no date, so ``created`` is 0."""

    id: str = MODEL
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: str = MODEL


class ModelsBody(ApiModel):
    """The models there are: one."""

    object: Literal["list"] = "list"
    data: list[ModelBody]
