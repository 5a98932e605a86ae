"""Our passages and retrievers as llama-index objects: the only llama-index file of this package.

llama-index is slow to import and gives nodes random ids by default: import this module only where it is needed, and
every node here carries the natural id of its passage.
"""

import asyncio

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.callbacks import CallbackManager
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from corpus.models import Document, Passage
from indexes.errors import UnknownPassage
from indexes.library import Library
from indexes.protocols import Retriever


def node_of(passage: Passage, document: Document) -> TextNode:
    """Return a passage as a node: same id, exact text, and what a citation needs as metadata.

    Metadata is kept out of what models and encoders read: the text is what was retrieved.
    """
    metadata = {
        "passage_id": passage.id,
        "document_id": document.id,
        "source": document.source,
        "title": document.metadata.title,
        "label": passage.label,
        "kind": document.metadata.kind,
        "date": document.metadata.version_date or document.metadata.date,
        "locator": passage.locator,
        "start": passage.start,
        "end": passage.end,
    }
    return TextNode(
        id_=passage.id,
        text=passage.text,
        start_char_idx=passage.start,
        end_char_idx=passage.end,
        metadata=metadata,
        excluded_embed_metadata_keys=list(metadata),
        excluded_llm_metadata_keys=list(metadata),
    )


def passage_of(node: TextNode, library: Library) -> Passage:
    """Return the passage behind a node of ``node_of``.

    Raises
    ------
    UnknownPassage
        The node is not of this library.

    """
    passage = library.passage(node.node_id)
    if passage.text != node.text:
        raise UnknownPassage("the node's text is not that of the passage with its id")
    return passage


class PassageRetriever(BaseRetriever):
    """Any of our retrievers where llama-index wants one of its own.

    Parameters
    ----------
    retriever
        One retriever, or the fused ones (``assistant.retrieval.Retrieval``).
    library
        Where its passages are.
    k
        Passages a query.

    """

    def __init__(self, retriever: Retriever, library: Library, *, k: int = 10) -> None:
        self._retriever = retriever
        self._library = library
        self._k = k
        # An explicit manager: without one, llama-index looks for a global one, and with it for a remote model.
        super().__init__(callback_manager=CallbackManager())

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        nodes = []
        for hit in self._retriever.search(query_bundle.query_str, self._k):
            passage = self._library.passage(hit.passage_id)
            node = node_of(passage, self._library.document(passage.document_id))
            nodes.append(NodeWithScore(node=node, score=hit.score))
        return nodes

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        # The default would block the event loop for the whole search.
        return await asyncio.to_thread(self._retrieve, query_bundle)
