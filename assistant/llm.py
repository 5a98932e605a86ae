"""Our extractive answer as a llama-index synthesizer: the only llama-index file of this package.

``docs/query_engine.py`` shows it in a ``RetrieverQueryEngine`` and is run by a test.
"""

import asyncio
import dataclasses
from collections.abc import Sequence
from typing import Any

from llama_index.core.base.response.schema import RESPONSE_TYPE, Response
from llama_index.core.callbacks import CallbackManager
from llama_index.core.llms import MockLLM
from llama_index.core.prompts.mixin import PromptDictType
from llama_index.core.response_synthesizers import BaseSynthesizer
from llama_index.core.schema import NodeWithScore, QueryType, TextNode

from assistant.citing import cite
from assistant.composing import compose, question_terms
from assistant.messages import message
from assistant.models import Citation
from assistant.privacy import redact
from assistant.refusal import judge
from assistant.retrieval import Evidence, Retrieval
from assistant.understanding import understand
from corpus.models import Passage
from indexes.llama import passage_of
from indexes.models import Hit


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
        if judge(understanding, self._retrieval.find(understanding), index).answers:
            hits = tuple(Hit(passage.id, score, rank, "fused") for rank, (passage, score) in enumerate(scored, start=1))
            evidence = Evidence(hits, tuple(passage for passage, _ in scored), {})
            terms = question_terms(understanding.standalone, index.lexical)
            text, citations = cite(compose(evidence, terms, index.library), index.library)
            if citations:
                return text, citations
        return message("refusals.no_evidence"), ()

    def _get_prompts(self) -> PromptDictType:
        return {}

    def _update_prompts(self, prompts: PromptDictType) -> None:
        """Take no prompt: nothing is prompted."""
