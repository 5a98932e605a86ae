"""A question → the passages most likely to answer it, and the figures that say how likely."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.errors import UnknownRetriever
from assistant.filtering import admits, wanted_articles
from assistant.models import Filters
from assistant.privacy import redact
from assistant.timeliness import timely
from assistant.understanding import Understanding, understand
from corpus.models import Passage
from indexes.fusion import weighted_sum
from indexes.library import Library
from indexes.models import Hit
from indexes.persistence import Index
from indexes.protocols import Retriever

RETRIEVERS = ("lexical", "dense", "bank", "references")
PARTS: Mapping[str, tuple[str, ...]] = {"bank": ("bank", "wordings")}
"""Retrievers that are several: the question bank is searched by words and by meaning. All others are one."""
WEIGHTS: Mapping[str, float] = {"lexical": 1.0, "dense": 3.0, "bank": 2.0, "wordings": 3.0, "references": 16.0}
"""Set on the development questions, see ``docs/benchmarks.md``. An exact reference outweighs all else together."""
DEPTH = 300
"""Hits taken from each retriever before fusion."""
PART = 0.5
"""Weight of each part beside the whole question."""
EACH_PART = 2
"""Passages kept of those found for a part alone."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Ranked passages.

    Attributes
    ----------
    rankings
        What each retriever said, by its name.
    parts
        Of a question that asks several things: each part, and the passages found for it alone.

    """

    hits: tuple[Hit, ...]
    passages: tuple[Passage, ...]
    rankings: Mapping[str, tuple[Hit, ...]]
    parts: tuple[tuple[str, tuple[Passage, ...]], ...] = ()


class Retrieval:
    """The retrievers of one index, all or some of them.

    Raises
    ------
    UnknownRetriever
        ``names`` holds something else than ``RETRIEVERS``.

    """

    def __init__(self, index: Index, names: Sequence[str] = RETRIEVERS) -> None:
        for name in names:
            if name not in RETRIEVERS:
                known = ", ".join(RETRIEVERS)
                raise UnknownRetriever(f"retriever {name!r} is none of {known}", name=name[:40], known=known)
        self.index = index
        parts = [part for name in RETRIEVERS if name in names for part in PARTS.get(name, (name,))]
        self._retrievers: dict[str, Retriever] = {part: getattr(index, part) for part in parts}

    def search(self, query: str, k: int) -> list[Hit]:
        """Return the fused hits for a bare query, redacted first: this makes the whole a ``Retriever`` itself."""
        return list(self.find(understand(redact(query).text), k=k).hits)

    def find(self, understanding: Understanding, *, filters: Filters | None = None, k: int = 10) -> Evidence:
        """Return the best ``k`` passages for an understood question; its rankings are those of the first query."""
        depth = DEPTH if filters is None else len(self.index.library.passages)
        library = self.index.library
        searched = [self._searched(query.text, depth) for query in understanding.queries]
        asked = [self._searched(part, depth) for part in understanding.parts]
        weights = [*(query.weight for query in understanding.queries), *(PART for _ in asked)]
        hits = _summed([found for found, _ in (*searched, *asked)], weights)
        kept = self._kept(hits, understanding.standalone, filters)
        numbered = tuple(Hit(hit.passage_id, hit.score, n, hit.origin) for n, hit in enumerate(kept[:k], start=1))
        parts = tuple(
            (part, tuple(library.passage(hit.passage_id) for hit in self._kept(found, part, filters)[:EACH_PART]))
            for part, (found, _) in zip(understanding.parts, asked, strict=True)
        )
        passages = tuple(library.passage(hit.passage_id) for hit in numbered)
        return Evidence(numbered, passages, searched[0][1], parts)

    def _kept(self, hits: Sequence[Hit], query: str, filters: Filters | None) -> list[Hit]:
        """Return the hits that the filters admit, set for the time asked for."""
        library = self.index.library
        hits = timely(hits, query, library)
        kept = [hit for hit in hits if filters is None or _admitted(filters, library.passage(hit.passage_id), library)]
        if filters is not None and filters.article:
            # Who asks for an article wants its text first, then what is said of it.
            wanted = wanted_articles(filters.article)
            own = {
                h.passage_id: WEIGHTS["references"] * (library.passage(h.passage_id).article in wanted) for h in kept
            }
            kept = [Hit(hit.passage_id, hit.score + own[hit.passage_id], hit.rank, hit.origin) for hit in kept]
            kept.sort(key=lambda hit: -hit.score)
        return kept

    def _searched(self, query: str, depth: int) -> tuple[list[Hit], dict[str, tuple[Hit, ...]]]:
        """Return the fused hits for one query, and what each retriever said."""
        rankings = {name: tuple(r.search(query, depth)) for name, r in self._retrievers.items()}
        return weighted_sum(list(rankings.values()), self._weights(query, rankings)), rankings

    def _weights(self, query: str, rankings: Mapping[str, Sequence[Hit]]) -> dict[str, float]:
        """Return the weight of each retriever for one question.

        Fusion sets every ranking's best score to 1, even that of a ranking that found next to nothing. So the two that
        match words count by how much of the question their best hit holds, and the two that match meanings by its
        cosine: the rare words of a document that the bank does not know must outweigh wordings of another.
        """
        held = {
            "lexical": self.index.lexical.coverage(query, rankings.get("lexical", ())),
            "bank": self.index.bank.coverage(query, rankings.get("bank", ())),
            **{name: _best(rankings.get(name, ())) for name in ("dense", "wordings")},
        }
        return {name: weight * held.get(name, 1.0) for name, weight in WEIGHTS.items()}


def _summed(found: Sequence[Sequence[Hit]], weights: Sequence[float]) -> list[Hit]:
    """Return the hits of several queries as one ranking, by the weighted sum of their scores."""
    if len(found) == 1:
        return list(found[0])
    scores: dict[str, float] = defaultdict(float)
    for weight, hits in zip(weights, found, strict=True):
        for hit in hits:
            scores[hit.passage_id] += weight * hit.score
    ranked = sorted(scores.items(), key=lambda item: -item[1])
    return [Hit(name, score, n, "fused") for n, (name, score) in enumerate(ranked, start=1)]


def _best(hits: Sequence[Hit]) -> float:
    return max(0.0, hits[0].score) if hits else 0.0


def _admitted(filters: Filters, passage: Passage, library: Library) -> bool:
    return admits(filters, library.document(passage.document_id), passage)
