"""Our extractive answer as a llama-index synthesizer, and a chat model by llama-index: its only file in this package.

``docs/query_engine.py`` shows the synthesizer in a ``RetrieverQueryEngine`` and is run by a test.
"""

import asyncio
import dataclasses
from collections.abc import Sequence
from typing import Any

import httpx2
from llama_index.core.base.response.schema import RESPONSE_TYPE, Response
from llama_index.core.callbacks import CallbackManager
from llama_index.core.llms import ChatMessage, MockLLM
from llama_index.core.prompts.mixin import PromptDictType
from llama_index.core.response_synthesizers import BaseSynthesizer
from llama_index.core.schema import NodeWithScore, QueryType, TextNode
from llama_index.llms.openai_like import OpenAILike

from assistant.citing import cite
from assistant.composing import compose
from assistant.errors import ModelUnavailable
from assistant.messages import message
from assistant.models import Citation
from assistant.privacy import redact
from assistant.refusal import judge
from assistant.relevance import relevance_of
from assistant.retrieval import Evidence, Retrieval
from assistant.understanding import understand
from corpus.models import Passage
from indexes.llama import passage_of
from indexes.models import Hit

_SENT = frozenset("host accept accept-encoding connection user-agent content-type content-length".split())
"""Headers of a request to a model, beside its key."""


class ChatModel:
    """A model behind an OpenAI-compatible address; see ``expanding.Model``.

    Parameters
    ----------
    url
        Up to and with ``/v1``.
    key
        "" for an endpoint that wants none.
    timeout
        Seconds for one answer.

    """

    def __init__(self, url: str, name: str, key: str = "", timeout: float = 60.0) -> None:
        self.name = name

        def only_ours(request: httpx2.Request) -> None:
            # The library adds what it finds in the environment (another provider's organisation, project, headers) and
            # what it knows of this machine.
            for header in set(request.headers) - _SENT:
                del request.headers[header]
            request.headers["Authorization"] = f"Bearer {key or 'none'}"

        # No connection is kept: they would stay open until Python ends.
        client = httpx2.Client(
            timeout=timeout,
            event_hooks={"request": [only_ours]},
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
        judgement = judge(understanding, self._retrieval.find(understanding), index)
        if judgement.answers:
            hits = tuple(Hit(passage.id, score, rank, "fused") for rank, (passage, score) in enumerate(scored, start=1))
            evidence = Evidence(hits, tuple(passage for passage, _ in scored), {})
            relevance = relevance_of(understanding.standalone, index)
            text, citations = cite(compose(evidence, relevance, index.library), index.library)
            if citations:
                return text, citations
        return message("answer.absent" if judgement.absent else f"refusals.{judgement.reason}"), ()

    def _get_prompts(self) -> PromptDictType:
        return {}

    def _update_prompts(self, prompts: PromptDictType) -> None:
        """Take no prompt: nothing is prompted."""
