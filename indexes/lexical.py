"""BM25 over French tokens, with headings, everyday synonyms and near spellings.

BM25 is the Lucene variant of bm25s (Kamphuis et al., "Which BM25 do you mean?", ECIR 2020), k1 = 1.2. Passages were cut
to like lengths on purpose, so that b, which discounts long texts, is low for them.
"""

import math
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

import bm25s
import numpy as np
from rapidfuzz.distance import OSA

from indexes.french import stem, tokens, words
from indexes.models import Hit
from indexes.ranking import top

K1 = 1.2
SYNONYM_WEIGHT = 0.5
"""Share of a word's weight that its synonyms together receive."""
SHORTEST_CORRECTED = 6


@cache
def synonyms() -> Mapping[str, tuple[str, ...]]:
    """Return the terms of the documents that an everyday word stands for, both as stems."""
    table = tomllib.loads(files("indexes").joinpath("synonyms.toml").read_text(encoding="utf-8"))
    return {
        " ".join(tokens(everyday)): tuple(dict.fromkeys(t for term in terms for t in tokens(term)))
        for everyday, terms in table["synonyms"].items()
    }


class LexicalIndex:
    """BM25 over passages; ``passage_ids[i]`` names row ``i``."""

    def __init__(self, bm25: bm25s.BM25, passage_ids: Sequence[str], vocabulary: Sequence[str]) -> None:
        self._bm25 = bm25
        self.passage_ids = tuple(passage_ids)
        self._known = frozenset(bm25.vocab_dict) - {""}  # bm25s adds an empty token of its own
        self._passages = max(1, len(self.passage_ids))
        self._near: dict[str, list[str]] = {}
        for word in vocabulary:
            self._near.setdefault(word[0], []).append(word)
        self._vocabulary = frozenset(vocabulary)

    @classmethod
    def build(cls, texts: Sequence[str], passage_ids: Sequence[str], *, b: float = 0.4) -> "LexicalIndex":
        """Index texts, one a passage."""
        bm25 = bm25s.BM25(k1=K1, b=b, method="lucene")
        stems = [tokens(text) for text in texts]
        # bm25s cannot index nothing at all; its own empty token stands in, which no query can hold.
        bm25.index(stems if any(stems) else [[""]] * max(1, len(texts)), show_progress=False)
        vocabulary = sorted({w for text in texts for w in words(text) if w.isalpha() and len(w) >= SHORTEST_CORRECTED})
        return cls(bm25, passage_ids, vocabulary)

    def save(self, folder: Path) -> None:
        """Write the index into ``folder``."""
        self._bm25.save(str(folder), show_progress=False)
        (folder / "vocabulary.txt").write_text("\n".join(sorted(self._vocabulary)), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, passage_ids: Sequence[str]) -> "LexicalIndex":
        """Read an index that ``save`` wrote."""
        vocabulary = (folder / "vocabulary.txt").read_text(encoding="utf-8").split("\n")
        return cls(bm25s.BM25.load(str(folder), show_progress=False), passage_ids, [w for w in vocabulary if w])

    def search(self, query: str, k: int, origin: str = "lexical") -> list[Hit]:
        """Return the ``k`` best passages by BM25; passages without any of the words are left out."""
        return top(self.scores(query), self.passage_ids, k, origin)

    def scores(self, query: str) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
        """Return the score of every passage, shape ``(passages,)``."""
        total = np.zeros(len(self.passage_ids), dtype=np.float32)
        for weight, terms in self.terms(query):
            known = [term for term in terms if term in self._known]
            if known:
                total += weight * self._bm25.get_scores(known)
        return total

    def coverage(self, query: str, hits: Sequence[Hit]) -> float:
        """Return the best hit's score over the most that the words of the query could score together, 0 to 1.

        A word scores less than its idf in the Lucene variant; words that no text has count in full.
        """
        ideal = sum(self.idf(stem) for stem in set(tokens(query)))
        return min(1.0, hits[0].score / ideal) if hits and ideal else 0.0

    def knows(self, term: str) -> bool:
        """Tell whether a stem stands in any text."""
        return term in self._known

    def rows(self, term: str) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
        """Return the numbers of the texts that hold a stem, in order."""
        column = self._bm25.vocab_dict.get(term) if term in self._known else None
        if column is None:
            return np.empty(0, dtype=np.intp)
        starts = self._bm25.scores["indptr"]
        return np.sort(self._bm25.scores["indices"][starts[column] : starts[column + 1]]).astype(np.intp)

    def idf(self, term: str) -> float:
        """Return the inverse document frequency of a stem, ``ln(1 + (N - n + 0.5) / (n + 0.5))``.

        N passages, n of them with the stem, 0 for an unknown one. The formula is BM25's (Robertson and Zaragoza, "The
        probabilistic relevance framework", 2009, with Lucene's 1 +).
        """
        column = self._bm25.vocab_dict.get(term) if term in self._known else None
        starts = self._bm25.scores["indptr"]
        found = 0 if column is None else int(starts[column + 1] - starts[column])
        return math.log(1 + (self._passages - found + 0.5) / (found + 0.5))

    def terms(self, query: str) -> list[tuple[float, list[str]]]:
        """Return the stems searched with their weights: the words themselves, then what they stand for."""
        plain = [self.corrected(word) for word in words(query)]
        stems = [word if word[-1].isdigit() else stem(word) for word in plain]
        weighted = [(1.0, stems)]
        for length in (1, 2, 3):
            for n in range(len(stems) - length + 1):
                terms = [t for t in synonyms().get(" ".join(stems[n : n + length]), ()) if t not in stems]
                if terms:
                    weighted.append((SYNONYM_WEIGHT, terms))
        return weighted

    def corrected(self, word: str, slips: int = 1) -> str:
        """Return the nearest known word if it is at most so many slips away, else the word.

        A slip is one letter wrong, missing or added, or two swapped.
        """
        if (
            len(word) < SHORTEST_CORRECTED
            or not word.isalpha()
            or stem(word) in self._known
            or stem(word) in synonyms()
        ):
            return word
        near = [w for w in self._near.get(word[0], ()) if OSA.distance(word, w, score_cutoff=slips) <= slips]
        return min(near, key=lambda w: (OSA.distance(word, w), abs(len(w) - len(word)), w)) if near else word
