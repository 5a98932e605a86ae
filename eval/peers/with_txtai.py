"""txtai as its documentation shows it first: one ``Embeddings`` with ``content``, ``keyword`` or ``hybrid`` set."""

from collections.abc import Iterator
from pathlib import Path

from txtai import Embeddings
from txtai.pipeline import Segmentation

from eval.peers.harness import System, read_documents

INDEX = "index"
"""Folder below the store."""


class Dense:
    """The first example of the embeddings page; ``content`` keeps the texts beside the vectors."""

    def build(self, documents: Path, encoder: str, store: Path) -> None:
        """Index as the quick start does: the name of the file is the id of each of its passages."""
        embeddings = self._made(encoder)
        embeddings.index(_passages(documents))
        embeddings.save(str(store / INDEX))

    def load(self, encoder: str, store: Path) -> None:
        """Read the index, whose settings name the encoder's folder."""
        self._embeddings = Embeddings().load(str(store / INDEX))

    def search(self, question: str, k: int) -> list[tuple[str, str]]:
        """Return the best passages; txtai leaves out those whose score is not above 0."""
        return [(found["id"], found["text"]) for found in self._embeddings.search(question, k)]

    def _made(self, encoder: str) -> Embeddings:
        return Embeddings(path=encoder, content=True)


class Sparse(Dense):
    """``keyword``: "creates a BM25 index", whose tokenizer follows Unicode: no stems or stop words in any language."""

    def _made(self, encoder: str) -> Embeddings:
        return Embeddings(keyword=True, content=True)


class Hybrid(Dense):
    """``hybrid``: both, in equal parts, by the default weighting of normalised scores."""

    def _made(self, encoder: str) -> Embeddings:
        return Embeddings(hybrid=True, path=encoder, content=True)


def _passages(folder: Path) -> Iterator[tuple[str, str]]:
    # The project's own RAG application splits files with ``Textractor(paragraphs=True)``; this is the class below it,
    # for text that needs no extraction. The quick start's sections would leave whole laws in one passage here. Cleaning
    # only squeezes spaces, which no tokenizer here sees, and is off so that passages are found again in their document.
    split = Segmentation(paragraphs=True, cleantext=False)
    for name, text in read_documents(folder):
        yield from ((name, paragraph) for paragraph in split(text) if paragraph.strip())


SYSTEMS: dict[str, type[System]] = {"dense": Dense, "sparse": Sparse, "hybrid": Hybrid}
