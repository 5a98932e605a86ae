"""A lawyer's search: everything that holds all the words, then what is near in meaning; what is asked of it narrows.

The set does not depend on what narrows it, so the counts shown beside a value are those that asking for it gives.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from assistant.filtering import wanted_articles
from assistant.meaning import meant
from assistant.models import Redaction
from assistant.privacy import Guard
from assistant.research.facets import Themes, facets, has
from assistant.research.listed import listed_by
from assistant.research.spelling import Spelling
from assistant.research.units import Units
from assistant.research.wanted import Found, Result, Wanted
from assistant.retrieval import Retrieval
from assistant.understanding import understand
from corpus.cleaning import fold
from corpus.references import articles_in, display_number
from indexes.french import tokens
from indexes.lexical import synonyms

LONGEST = 2_000
"""Characters of the words."""
NEAR = 2.5
"""Fused score from which a passage without all the words is near enough to show: nonsense scores up to 2.3."""
MOST_NEAR = 60
"""Results that are only near."""
DEPTH = 2_000

_PHRASE = re.compile(r'"([^"]{2,200})"|«\s*([^»]{2,200}?)\s*»|“([^”]{2,200})”')
_PLACEHOLDER = re.compile(r"\[[A-ZÀ-Ý][A-ZÀ-Ý' ]+\]")
_BESIDE_A_NUMBER = re.compile(r"[^\d/.\s-]+")


class Searcher:
    """Searches one index."""

    def __init__(self, retrieval: Retrieval, guard: Guard) -> None:
        self._retrieval = retrieval
        self._guard = guard
        self._index = retrieval.index
        self._units = Units(self._index.library)
        self._spelling = Spelling(self._index)
        self.themes = Themes(theme for d in self._index.library.documents for theme in d.metadata.themes)

    def search(self, wanted: Wanted) -> Found:
        """Return every result of a search, in the order asked for."""
        redacted = self._guard.redact(wanted.words[:LONGEST])
        reference, hidden, referred = self._referred(wanted.reference[:LONGEST])
        plain = _PLACEHOLDER.sub(" ", redacted.text)
        spelt = self._spelling.read(plain)
        stems = frozenset(tokens(spelt.text))
        meaning = {stem: self._meant_by(stem) for stem in sorted(stems)}
        by_words = bool(wanted.words.strip())
        if by_words:
            results = self._by_words(redacted.text, spelt.replaced(redacted.text), meaning, _phrases(plain), referred)
        else:
            scores = dict.fromkeys(range(len(self._units.passages)), 0.0) if referred is None else referred
            results = self._results(scores, frozenset(scores))
            results.sort(key=_by_authority, reverse=True)
        kept = [result for result in results if has(result, wanted, self.themes)]
        return Found(
            words=redacted.text,
            reference=reference,
            redactions=(*redacted.redactions, *hidden),
            corrections=spelt.corrections,
            unknown=spelt.unknown,
            stems=stems.union(*meaning.values()) | {article.lower() for article in articles_in(reference)},
            results=tuple(_sorted(kept, wanted)),
            facets=facets(kept, self.themes, words=by_words),
        )

    def _by_words(
        self,
        typed: str,
        text: str,
        stems: Mapping[str, Sequence[str]],
        phrases: Sequence[str],
        referred: Mapping[int, float] | None,
    ) -> list[Result]:
        if not any(char.isalnum() for char in typed):
            return []
        evidence = self._retrieval.find(understand(meant(text)), k=DEPTH)
        scores = {self._units.row[hit.passage_id]: hit.score for hit in evidence.hits}
        lexical = self._index.lexical
        held = [np.unique(np.concatenate([lexical.rows(stem) for stem in same])) for same in stems.values()]
        whole = self._units.together(held).tolist()
        if phrases:
            whole = self._saying(whole, phrases)
        near: list[int] = []
        if not phrases and any(rows.size for rows in held):
            near = [row for row, score in scores.items() if score >= NEAR]
        rows = [row for row in dict.fromkeys([*whole, *near]) if referred is None or row in referred]
        results = self._results({row: scores.get(row, 0.0) for row in rows}, frozenset(whole))
        results.sort(key=lambda result: (not result.whole, -result.score))
        return results[: sum(result.whole for result in results) + MOST_NEAR]

    def _meant_by(self, stem: str) -> tuple[str, ...]:
        """Return a stem, and what it stands for where no document has it: "flic" for "police"."""
        return (stem,) if self._index.lexical.knows(stem) else (stem, *synonyms().get(stem, ()))

    def _saying(self, rows: Sequence[int], phrases: Sequence[str]) -> list[int]:
        """Return the passages that say a phrase word for word, where each of them is said."""
        texts = {row: _flat(self._units.passages[row].text) for row in rows}
        said = [[row for row, text in texts.items() if phrase in text] for phrase in phrases]
        return self._units.together([np.array(found, dtype=np.intp) for found in said]).tolist()

    def _results(self, scores: Mapping[int, float], whole: frozenset[int]) -> list[Result]:
        """Return passages by result, those that score best first in each."""
        grouped: dict[int, list[int]] = {}
        for row in sorted(scores, key=lambda row: -scores[row]):
            grouped.setdefault(int(self._units.of_row[row]), []).append(row)
        return [
            Result(
                self._units.units[unit].document,
                self._units.units[unit].article,
                tuple(self._units.passages[row] for row in found),
                any(row in whole for row in found),
                scores[found[0]],
            )
            for unit, found in grouped.items()
        ]

    def _referred(self, typed: str) -> tuple[str, tuple[Redaction, ...], Mapping[int, float] | None]:
        """Return a reference as it may be shown, what was hidden in it, and its passages with how nearly they are it.

        The last is None where none was given.
        """
        if not typed.strip():
            return "", (), None
        hits = self._index.references.search(typed, DEPTH)
        found = {self._units.row[hit.passage_id]: hit.score for hit in hits}
        found |= dict.fromkeys(set(self._listing(wanted_articles(typed))) - set(found), 1.0)
        if not found and not articles_in(typed):
            redacted = self._guard.redact(typed)
            return redacted.text, redacted.redactions, {}
        wide = self._units.scope_of(np.array(list(found), dtype=np.intp)).tolist()
        rows = dict.fromkeys(wide, 0.0) | found
        if articles_in(typed):
            return " ; ".join(display_number(article) for article in articles_in(typed)), (), rows
        if not _BESIDE_A_NUMBER.search(typed):  # the number of a decision or of an article that is here
            return typed.strip(), (), rows
        redacted = self._guard.redact(typed)
        return redacted.text, redacted.redactions, rows

    def _listing(self, articles: Iterable[str]) -> list[int]:
        """Return the passages of the documents that list an article."""
        asked = set(articles)
        return [
            self._units.row[passage.id]
            for document in self._index.library.documents
            if asked & {article.number for article in listed_by(document)}
            for passage in self._index.library.passages_of(document.id)
        ]


def _phrases(text: str) -> list[str]:
    return [_flat(next(filter(None, groups))) for groups in _PHRASE.findall(text)]


def _flat(text: str) -> str:
    return " ".join(fold(text).split())


def _by_authority(result: Result) -> tuple[bool, int, str]:
    """Order what no words rank: an article that was asked for, then law, decisions, doctrine, sheets, newest first."""
    return result.score > 1, result.document.metadata.authority, result.date


def _sorted(results: Sequence[Result], wanted: Wanted) -> list[Result]:
    if wanted.sort == "oldest":
        return sorted(results, key=lambda result: result.date or "9999")
    if wanted.sort == "newest":
        return sorted(results, key=lambda result: result.date, reverse=True)
    return list(results)
