"""LangChain as its documentation shows it first: the RAG tutorial's splitter, FAISS, BM25 and the ensemble of both."""

import pickle
from pathlib import Path
from typing import TYPE_CHECKING

from langchain_community.retrievers import BM25Retriever
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_text_splitters import RecursiveCharacterTextSplitter

from eval.peers.harness import System, read_documents

if TYPE_CHECKING:
    from langchain_huggingface import HuggingFaceEmbeddings

FILE = "bm25.pickle"
"""What ``Keyword`` writes in the store."""


class Vector:
    """``FAISS.from_documents`` with its default index: exact, by Euclidean distance, as good as any on unit vectors."""

    def build(self, documents: Path, encoder: str, store: Path) -> None:
        """Index and save as the page of the store does."""
        from langchain_community.vectorstores import FAISS

        FAISS.from_documents(_chunks(documents), _encoder(encoder)).save_local(str(store))

    def load(self, encoder: str, store: Path) -> None:
        """Load as the page of the store does; its documents are pickled, which the library wants allowed by name."""
        from langchain_community.vectorstores import FAISS

        self._store = FAISS.load_local(str(store), _encoder(encoder), allow_dangerous_deserialization=True)

    def retriever(self, k: int) -> BaseRetriever:
        """Return what finds ``k`` chunks."""
        found: BaseRetriever = self._store.as_retriever(search_kwargs={"k": k})
        return found

    def search(self, question: str, k: int) -> list[tuple[str, str]]:
        """Return the nearest chunks."""
        return _passages(self.retriever(k), question)


class Keyword:
    """``BM25Retriever.from_documents`` with its defaults: rank_bm25's Okapi on words cut at white space, case kept.

    It has no setting for a language, and nothing to keep it on disk with: it is pickled whole.
    """

    def build(self, documents: Path, encoder: str, store: Path) -> None:
        """Index and pickle every chunk. No encoder is used."""
        (store / FILE).write_bytes(pickle.dumps(BM25Retriever.from_documents(_chunks(documents))))

    def load(self, encoder: str, store: Path) -> None:
        """Read what ``build`` wrote."""
        self._bm25 = pickle.loads((store / FILE).read_bytes())  # noqa: S301 - written by this class

    def retriever(self, k: int) -> BaseRetriever:
        """Return what finds ``k`` chunks."""
        self._bm25.k = k
        found: BaseRetriever = self._bm25
        return found

    def search(self, question: str, k: int) -> list[tuple[str, str]]:
        """Return the best chunks."""
        return _passages(self.retriever(k), question)


class Ensemble:
    """``EnsembleRetriever`` with equal weights, as its example has them: reciprocal rank fusion of both."""

    def __init__(self) -> None:
        self._vector, self._keyword = Vector(), Keyword()

    def build(self, documents: Path, encoder: str, store: Path) -> None:
        """Index the same chunks twice."""
        self._vector.build(documents, encoder, store)
        self._keyword.build(documents, encoder, store)

    def load(self, encoder: str, store: Path) -> None:
        """Load both."""
        self._vector.load(encoder, store)
        self._keyword.load(encoder, store)

    def search(self, question: str, k: int) -> list[tuple[str, str]]:
        """Return the first ``k`` of the fused chunks: it gives back all that either retriever found."""
        from langchain_classic.retrievers import EnsembleRetriever

        both = [self._keyword.retriever(k), self._vector.retriever(k)]
        return _passages(EnsembleRetriever(retrievers=both, weights=[0.5, 0.5]), question)[:k]


def _chunks(folder: Path) -> list[Document]:
    # The figures of the RAG tutorial.
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200, add_start_index=True)
    pages = [Document(page_content=text, metadata={"source": name}) for name, text in read_documents(folder)]
    chunks: list[Document] = splitter.split_documents(pages)
    return chunks


def _encoder(path: str) -> "HuggingFaceEmbeddings":
    from langchain_huggingface import HuggingFaceEmbeddings  # loads torch, which BM25 does without

    return HuggingFaceEmbeddings(model_name=path)


def _passages(retriever: BaseRetriever, question: str) -> list[tuple[str, str]]:
    return [(found.metadata["source"], found.page_content) for found in retriever.invoke(question)]


SYSTEMS: dict[str, type[System]] = {"vector": Vector, "bm25": Keyword, "ensemble": Ensemble}
