"""Our extractive answer as a llama-index synthesizer, and a chat model by llama-index: its only file in this package.

``docs/query_engine.py`` shows the synthesizer in a ``RetrieverQueryEngine`` and is run by a test.
"""

import asyncio
import dataclasses
import math
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any

import httpx2
from llama_index.core.base.response.schema import RESPONSE_TYPE, Response
from llama_index.core.callbacks import CallbackManager
from llama_index.core.llms import ChatMessage, MockLLM
from llama_index.core.prompts.mixin import PromptDictType
from llama_index.core.response_synthesizers import BaseSynthesizer
from llama_index.core.schema import NodeWithScore, QueryType, TextNode
from llama_index.llms.openai_like import OpenAILike

from assistant.errors import ModelUnavailable
from assistant.models import Citation
from assistant.privacy import redact
from assistant.refusal import judge
from assistant.replying import reply
from assistant.retrieval import Evidence, Retrieval
from assistant.understanding import understand
from corpus.models import Passage
from indexes.llama import passage_of
from indexes.models import Hit

_SENT = frozenset("host accept accept-encoding connection user-agent content-type content-length".split())
"""Headers of a request to a model, beside its key."""


PATIENCE = 3.0
"""A whole answer may take this many times as long as a model may be silent."""
CONNECTING = 5.0
"""Seconds to reach an endpoint."""


class _Bounded(httpx2.SyncByteStream):
    """The bytes of a response, until a time: signs of life without a word would keep a reader waiting for ever."""

    def __init__(self, stream: httpx2.SyncByteStream, until: float) -> None:
        self._stream = stream
        self._until = until

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._stream:
            if time.monotonic() > self._until:
                raise httpx2.ReadTimeout("the answer takes too long")
            yield piece

    def close(self) -> None:
        self._stream.close()


class ChatModel:
    """A model behind an OpenAI-compatible address; see ``expanding.Model`` and ``drafting.Writer``.

    Parameters
    ----------
    url
        Up to and with ``/v1``.
    key
        "" for an endpoint that wants none.
    timeout
        Seconds that it may be silent.

    """

    def __init__(self, url: str, name: str, key: str = "", timeout: float = 60.0) -> None:
        self.name = name
        self._longest = PATIENCE * timeout
        self._arrived = threading.local()

        def only_ours(request: httpx2.Request) -> None:
            # The library adds what it finds in the environment (another provider's organisation, project, headers) and
            # what it knows of this machine.
            for header in set(request.headers) - _SENT:
                del request.headers[header]
            request.headers["Authorization"] = f"Bearer {key or 'none'}"
            # The library's own timeout has replaced the client's, which makes this difference.
            request.extensions["timeout"]["connect"] = min(CONNECTING, timeout)

        def in_time(response: httpx2.Response) -> None:
            if isinstance(response.stream, httpx2.SyncByteStream):
                response.stream = _Bounded(response.stream, time.monotonic() + self._longest)
            self._arrived.response = response
            # The library sleeps for as long as an endpoint asks, up to two minutes.
            if not _seconds(response.headers) <= timeout:
                response.headers["x-should-retry"] = "false"

        # No connection is kept: they would stay open until Python ends.
        client = httpx2.Client(
            event_hooks={"request": [only_ours], "response": [in_time]},
            limits=httpx2.Limits(max_keepalive_connections=0),
        )
        # Every parameter is explicit: what is left out is looked for in the environment.
        self._model = OpenAILike(
            model=name,
            api_base=url,
            api_key=key or "none",
            is_chat_model=True,
            temperature=0.7,
            max_tokens=800,
            timeout=timeout,
            max_retries=1,
            callback_manager=CallbackManager(),
            http_client=client,
        )

    def complete(self, prompt: str) -> str:
        """Return the model's answer to a prompt.

        Raises
        ------
        ModelUnavailable
            It did not answer, or not in the expected form.

        """
        try:
            return self._model.chat([ChatMessage(role="user", content=prompt)]).message.content or ""
        except Exception as error:  # the library and the endpoint fail in many ways, and all mean the same here
            raise ModelUnavailable(f"{self.name}: {type(error).__name__}", detail=type(error).__name__) from error

    def stream(self, instructions: str, prompt: str) -> Iterator[str]:
        """Yield the pieces of the model's answer as they come.

        Raises
        ------
        ModelUnavailable
            It did not answer, fell silent, took too long in all, or stopped in the middle.

        """
        asked = [ChatMessage(role="system", content=instructions), ChatMessage(role="user", content=prompt)]
        until = time.monotonic() + self._longest
        finished = False
        response: httpx2.Response | None = None
        try:
            for piece in self._model.stream_chat(asked, temperature=0.0):
                # What follows may be asked for by another thread.
                response = self._arrived.response if response is None else response
                if piece.delta:
                    yield piece.delta
                finished = finished or _finished(piece.raw)
                if time.monotonic() > until:
                    break
        except Exception as error:  # the library and the endpoint fail in many ways, and all mean the same here
            raise ModelUnavailable(f"{self.name}: {type(error).__name__}", detail=type(error).__name__) from error
        finally:
            # Left to the library, it stays open, and the model goes on for nobody, until Python collects what it holds.
            if response is not None:
                response.close()
        if not finished:
            raise ModelUnavailable(f"{self.name}: the answer has no end", detail="unfinished")


def _seconds(headers: httpx2.Headers) -> float:
    """Return how long an endpoint asks to be left alone; infinite where it gives a date."""
    try:
        return float(headers.get("retry-after-ms") or 0) / 1000 or float(headers.get("retry-after") or 0)
    except ValueError:
        return math.inf


def _finished(raw: object) -> bool:
    """Tell whether a chunk of the stream says that the answer is over, and not cut at a limit of length."""
    return any(choice.finish_reason == "stop" for choice in getattr(raw, "choices", None) or ())


class ExtractiveSynthesizer(BaseSynthesizer):
    """Answers with exact sentences of the nodes it is given, or refuses; calls no model.

    The text has markers ``[1]``; ``response.metadata["citations"]`` lists the citations as dictionaries in the form of
    the contract. The nodes must come from ``indexes.llama.PassageRetriever`` over the same index.
    """

    def __init__(self, retrieval: Retrieval) -> None:
        # The base class insists on a model; this one is never called.
        super().__init__(llm=MockLLM(), callback_manager=CallbackManager())
        self._retrieval = retrieval

    def synthesize(
        self,
        query: QueryType,
        nodes: list[NodeWithScore],
        additional_source_nodes: Sequence[NodeWithScore] | None = None,
        **_: Any,  # noqa: ANN401 - the base class's own signature
    ) -> RESPONSE_TYPE:
        """Return the extractive answer that these nodes give to a query."""
        library = self._retrieval.index.library
        scored = [(passage_of(n.node, library), n.score or 0.0) for n in nodes if isinstance(n.node, TextNode)]
        text, citations = self._answer(query if isinstance(query, str) else query.query_str, scored)
        return Response(
            response=text,
            source_nodes=[*nodes, *(additional_source_nodes or ())],
            metadata={"citations": [dataclasses.asdict(citation) for citation in citations]},
        )

    async def asynthesize(
        self,
        query: QueryType,
        nodes: list[NodeWithScore],
        additional_source_nodes: Sequence[NodeWithScore] | None = None,
        **_: Any,  # noqa: ANN401 - the base class's own signature
    ) -> RESPONSE_TYPE:
        """Do the same without blocking the event loop."""
        return await asyncio.to_thread(self.synthesize, query, nodes, additional_source_nodes)

    def get_response(self, query_str: str, text_chunks: Sequence[str], **_: Any) -> str:  # noqa: ANN401
        """Return the text of the answer that passages give, known by their exact text; others are left out."""
        by_text = {passage.text: passage for passage in self._retrieval.index.library.passages}
        found = [by_text[chunk] for chunk in text_chunks if chunk in by_text]
        return self._answer(query_str, [(passage, 1.0) for passage in found])[0]

    async def aget_response(self, query_str: str, text_chunks: Sequence[str], **_: Any) -> str:  # noqa: ANN401
        """Do the same without blocking the event loop."""
        return await asyncio.to_thread(self.get_response, query_str, text_chunks)

    def _answer(self, question: str, scored: Sequence[tuple[Passage, float]]) -> tuple[str, tuple[Citation, ...]]:
        index = self._retrieval.index
        understanding = understand(redact(question).text)
        found = self._retrieval.find(understanding)
        judgement = judge(understanding, found, index)
        if judgement.outcome == "answered":
            hits = tuple(Hit(passage.id, score, rank, "fused") for rank, (passage, score) in enumerate(scored, start=1))
            found = Evidence(hits, tuple(passage for passage, _ in scored), {})
        *_, said = reply(understanding, found, judgement, index)
        return said.text, said.citations

    def _get_prompts(self) -> PromptDictType:
        return {}

    def _update_prompts(self, prompts: PromptDictType) -> None:
        """Take no prompt: nothing is prompted."""
