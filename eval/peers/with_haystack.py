"""Haystack as its documentation shows it first: the hybrid retrieval tutorial and the in-memory document store.

The tutorial ends with a cross-encoder that reorders what is joined; no such model is at hand, so the joiner orders by
``reciprocal_rank_fusion``, the mode that the page of ``DocumentJoiner`` gives for hybrid search.
"""

from pathlib import Path
from typing import Any

from haystack import Document, Pipeline
from haystack.components.joiners import DocumentJoiner
from haystack.components.preprocessors import DocumentSplitter
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore

from eval.peers.harness import System, read_documents

FILE = "documents.json"
"""What ``save_to_disk`` of the store writes: passages and vectors; BM25 counts its words anew when it is read."""


class Keyword:
    """``InMemoryBM25Retriever`` with the defaults of its store: BM25L, lower case, neither stems nor stop words."""

    def build(self, documents: Path, encoder: str, store: Path) -> None:
        """Keep every passage. No encoder is used."""
        _keep(_passages(documents), store)

    def load(self, encoder: str, store: Path) -> None:
        """Read the passages."""
        self._retriever = InMemoryBM25Retriever(_stored(store))

    def search(self, question: str, k: int) -> list[tuple[str, str]]:
        """Return the best passages."""
        return _named(self._retriever.run(query=question, top_k=k))


class Embedding:
    """``InMemoryEmbeddingRetriever`` with the default of its store: the dot product, here of unit vectors."""

    def build(self, documents: Path, encoder: str, store: Path) -> None:
        """Encode and keep every passage."""
        _keep(_encoded(_passages(documents), encoder), store)

    def load(self, encoder: str, store: Path) -> None:
        """Read the passages and connect the question's encoder to the retriever, as the tutorial does."""
        self._pipeline = Pipeline()
        self._pipeline.add_component("text_embedder", _encoder(encoder))
        self._pipeline.add_component("embedding_retriever", InMemoryEmbeddingRetriever(_stored(store)))
        self._pipeline.connect("text_embedder.embedding", "embedding_retriever.query_embedding")

    def search(self, question: str, k: int) -> list[tuple[str, str]]:
        """Return the nearest passages."""
        found = self._pipeline.run({"text_embedder": {"text": question}, "embedding_retriever": {"top_k": k}})
        return _named(found["embedding_retriever"])


class Hybrid:
    """The pipeline of the tutorial without its last step: both retrievers and ``DocumentJoiner``."""

    def build(self, documents: Path, encoder: str, store: Path) -> None:
        """Encode and keep every passage."""
        _keep(_encoded(_passages(documents), encoder), store)

    def load(self, encoder: str, store: Path) -> None:
        """Read the passages once for both retrievers."""
        stored = _stored(store)
        self._pipeline = Pipeline()
        self._pipeline.add_component("text_embedder", _encoder(encoder))
        self._pipeline.add_component("embedding_retriever", InMemoryEmbeddingRetriever(stored))
        self._pipeline.add_component("bm25_retriever", InMemoryBM25Retriever(stored))
        self._pipeline.add_component("document_joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion"))
        self._pipeline.connect("text_embedder.embedding", "embedding_retriever.query_embedding")
        self._pipeline.connect("bm25_retriever", "document_joiner")
        self._pipeline.connect("embedding_retriever", "document_joiner")

    def search(self, question: str, k: int) -> list[tuple[str, str]]:
        """Return the joined passages; each retriever gives as many as are wanted."""
        found = self._pipeline.run(
            {
                "text_embedder": {"text": question},
                "embedding_retriever": {"top_k": k},
                "bm25_retriever": {"query": question, "top_k": k},
                "document_joiner": {"top_k": k},
            }
        )
        return _named(found["document_joiner"])


def _passages(folder: Path) -> list[Document]:
    # The defaults of the component's page: 200 words, no overlap. The tutorial's 512 words are far beyond this encoder,
    # and the tutorial says to follow the encoder's limit.
    whole = [Document(content=text, meta={"source": name}) for name, text in read_documents(folder)]
    passages: list[Document] = DocumentSplitter().run(documents=whole)["documents"]
    return passages


def _encoded(passages: list[Document], path: str) -> list[Document]:
    # The embedders left the main package with version 3: this is where their page now says to import them from.
    from haystack_integrations.components.embedders.sentence_transformers import SentenceTransformersDocumentEmbedder

    embedder = SentenceTransformersDocumentEmbedder(model=path, progress_bar=False)
    encoded: list[Document] = embedder.run(passages)["documents"]
    return encoded


def _encoder(path: str) -> Any:  # noqa: ANN401 - a class that is only there once torch is loaded
    from haystack_integrations.components.embedders.sentence_transformers import SentenceTransformersTextEmbedder

    return SentenceTransformersTextEmbedder(model=path, progress_bar=False)


def _keep(passages: list[Document], store: Path) -> None:
    kept = InMemoryDocumentStore()
    kept.write_documents(passages)
    kept.save_to_disk(str(store / FILE))


def _stored(store: Path) -> InMemoryDocumentStore:
    return InMemoryDocumentStore.load_from_disk(str(store / FILE))


def _named(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [(passage.meta["source"], passage.content) for passage in found["documents"]]


SYSTEMS: dict[str, type[System]] = {"bm25": Keyword, "embedding": Embedding, "hybrid": Hybrid}
