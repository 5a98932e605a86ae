"""LlamaIndex as its documentation shows it first: the starter example, the BM25 retriever, reciprocal rerank fusion.

No language model and no network: the encoder is a local folder, and fusion is told to ask for no further question.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import Stemmer
from llama_index.core import Document, StorageContext, VectorStoreIndex, load_index_from_storage
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.indices.base import BaseIndex
from llama_index.core.llms import MockLLM
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.core.retrievers.fusion_retriever import FUSION_MODES
from llama_index.core.schema import BaseNode
from llama_index.retrievers.bm25 import BM25Retriever

from eval.peers.harness import System, read_documents

if TYPE_CHECKING:
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding

SOURCE = "file_path"
"""What the starter example's reader calls it: the one field of its metadata that the encoder and BM25 also read."""


class Vector:
    """``VectorStoreIndex.from_documents`` with its default splitter (1024 tokens, 200 shared) and its default store."""

    def build(self, documents: Path, encoder: str, store: Path) -> None:
        """Index and persist as the starter example does."""
        index = VectorStoreIndex.from_documents(_documents(documents), embed_model=_encoder(encoder))
        index.storage_context.persist(persist_dir=str(store))
        self._index: BaseIndex[Any] = index

    def load(self, encoder: str, store: Path) -> None:
        """Load as the starter example does."""
        context = StorageContext.from_defaults(persist_dir=str(store))
        self._index = load_index_from_storage(context, embed_model=_encoder(encoder))

    def retriever(self, k: int) -> BaseRetriever:
        """Return what finds ``k`` passages."""
        return self._index.as_retriever(similarity_top_k=k)

    def nodes(self) -> list[BaseNode]:
        """Return every passage."""
        return list(self._index.docstore.docs.values())

    def search(self, question: str, k: int) -> list[tuple[str, str]]:
        """Return the nearest passages."""
        return _passages(self.retriever(k), question)


class Keyword:
    """``BM25Retriever.from_defaults``; its example says to choose the stemmer and the stop words of the language."""

    def build(self, documents: Path, encoder: str, store: Path) -> None:
        """Index and persist what the default splitter gives. No encoder is used."""
        self.keep(SentenceSplitter().get_nodes_from_documents(_documents(documents)), store)

    def keep(self, nodes: list[BaseNode], store: Path) -> None:
        """Index and persist passages."""
        retriever = BM25Retriever.from_defaults(nodes=nodes, stemmer=Stemmer.Stemmer("french"), language="fr")
        retriever.persist(str(store), show_progress=False)

    def load(self, encoder: str, store: Path) -> None:
        """Load as the example does."""
        self._bm25 = BM25Retriever.from_persist_dir(str(store), show_progress=False)
        # What is persisted leaves the stemmer out: without this, questions are stemmed in English on a French index.
        self._bm25.stemmer = Stemmer.Stemmer("french")
        self._size = len(self._bm25.corpus)

    def retriever(self, k: int) -> BaseRetriever:
        """Return what finds ``k`` passages; bm25s raises when asked for more than it holds."""
        retriever: BaseRetriever = self._bm25
        self._bm25.similarity_top_k = min(k, self._size)
        return retriever

    def search(self, question: str, k: int) -> list[tuple[str, str]]:
        """Return the best passages."""
        return _passages(self.retriever(k), question)


class Fusion:
    """``QueryFusionRetriever`` over both, with the mode that its reciprocal rerank example shows."""

    def __init__(self) -> None:
        self._vector, self._keyword = Vector(), Keyword()

    def build(self, documents: Path, encoder: str, store: Path) -> None:
        """Index once for vectors; BM25 takes the same passages, as the example does from the document store."""
        self._vector.build(documents, encoder, store / "vector")
        self._keyword.keep(self._vector.nodes(), store / "bm25")

    def load(self, encoder: str, store: Path) -> None:
        """Load both."""
        self._vector.load(encoder, store / "vector")
        self._keyword.load(encoder, store / "bm25")

    def search(self, question: str, k: int) -> list[tuple[str, str]]:
        """Return the fused passages; each retriever gives as many as are wanted, as in the example."""
        fusion = QueryFusionRetriever(
            [self._vector.retriever(k), self._keyword.retriever(k)],
            llm=MockLLM(),  # never asked, but without one the library looks for OpenAI's
            mode=FUSION_MODES.RECIPROCAL_RANK,
            similarity_top_k=k,
            num_queries=1,  # "set this to 1 to disable query generation", which needs a language model
        )
        return _passages(fusion, question)


def _documents(folder: Path) -> list[Document]:
    return [Document(text=text, metadata={SOURCE: name}) for name, text in read_documents(folder)]


def _encoder(path: str) -> "HuggingFaceEmbedding":
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding  # loads torch, which BM25 does without

    return HuggingFaceEmbedding(model_name=path)


def _passages(retriever: BaseRetriever, question: str) -> list[tuple[str, str]]:
    # ``get_content`` without a mode is the text alone, without the metadata put before it for the encoder.
    return [(found.node.metadata[SOURCE], found.node.get_content()) for found in retriever.retrieve(question)]


SYSTEMS: dict[str, type[System]] = {"vector": Vector, "bm25": Keyword, "fusion": Fusion}
