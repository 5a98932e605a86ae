"""bm25s alone, as its README shows it, on chunks of one size: what a day's work without these libraries gives."""

from pathlib import Path

import bm25s
import Stemmer

from eval.peers.harness import System, read_documents

SIZE = 1000
"""Characters of a chunk, cut without regard for words and without overlap."""


class Keyword:
    """``bm25s.BM25()`` with its defaults (Lucene's variant, k1 1.5, b 0.75)."""

    def build(self, documents: Path, encoder: str, store: Path) -> None:
        """Index every chunk; ``save`` keeps the chunks beside the index, as the README does. No encoder is used."""
        corpus = [
            {"source": name, "text": text[at : at + SIZE]}
            for name, text in read_documents(documents)
            for at in range(0, len(text), SIZE)
        ]
        index = bm25s.BM25()
        index.index(_tokens([chunk["text"] for chunk in corpus]), show_progress=False)
        index.save(str(store), corpus=corpus, show_progress=False)

    def load(self, encoder: str, store: Path) -> None:
        """Read the index and its chunks."""
        self._index = bm25s.BM25.load(str(store), load_corpus=True, show_progress=False)

    def search(self, question: str, k: int) -> list[tuple[str, str]]:
        """Return the best chunks; bm25s raises when asked for more than it holds."""
        k = min(k, len(self._index.corpus))
        found, _ = self._index.retrieve(_tokens([question]), k=k, show_progress=False)
        return [(chunk["source"], chunk["text"]) for chunk in found[0]]


def _tokens(texts: list[str]) -> bm25s.tokenization.Tokenized:
    # The README removes English stop words and stems in English: both are asked for in French here.
    return bm25s.tokenize(texts, stopwords="fr", stemmer=Stemmer.Stemmer("french"), show_progress=False)


SYSTEMS: dict[str, type[System]] = {"bm25": Keyword}
