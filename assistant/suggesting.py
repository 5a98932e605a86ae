"""What to ask next: questions that our sheets answer, near the one that was answered."""

from collections import Counter
from collections.abc import Sequence
from math import log

from assistant.models import Citation
from assistant.retrieval import Evidence
from corpus.models import Document, Metadata, Verdict
from corpus.references import articles_in
from indexes.library import Library

FEWEST, MOST = 2, 3
FOUND = 3.0
"""What it weighs that the best passage found is a sheet's; a rare theme or article in common weighs about 5."""
ENOUGH = 4.0
"""Weight below which two sheets share too little ("secret médical", which a third are about, weighs 1); less where the
subject itself weighs less, as an article does that many sheets rest on."""


class Neighbours:
    """The sheets of a library, near one another by the themes and articles they share and by what a search finds.

    What two sheets share weighs as much as it is rare: the inverse document frequency of Spärck Jones (1972), natural
    logarithm, over the sheets alone.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._marks = {d.id: _marks(d.metadata) for d in library.documents if d.metadata.kind == "sheet"}
        counts = Counter(mark for marks in self._marks.values() for mark in marks)
        self._weights = {mark: log(len(self._marks) / count) for mark, count in counts.items()}

    def suggestions(self, question: str, citations: Sequence[Citation], evidence: Evidence) -> tuple[str, ...]:
        """Return two or three questions to ask next, the nearest first; none when fewer than two are near.

        Parameters
        ----------
        question
            The one that was answered; it is not suggested again.
        citations
            What the answer quotes. The first names the subject: a sheet by its themes and articles, an article by the
            sheets that rest on it.
        evidence
            What was found for the question.

        """
        if not citations:
            return ()
        subject = self._subject(citations[0])
        cited = {citation.document_id for citation in citations}
        best = evidence.hits[0].score if evidence.hits else 0.0
        found: dict[str, float] = {}
        for hit, passage in zip(evidence.hits, evidence.passages, strict=True):
            if best > 0:
                found[passage.document_id] = max(found.get(passage.document_id, 0.0), FOUND * hit.score / best)
        near = {
            sheet: sum(self._weights[mark] for mark in marks & subject) + found.get(sheet, 0.0)
            for sheet, marks in self._marks.items()
            if sheet not in cited
        }
        enough = min(ENOUGH, sum(self._weights[mark] for mark in subject))
        ranked = sorted((sheet for sheet, weight in near.items() if weight >= enough > 0), key=lambda s: (-near[s], s))
        titles = [self._library.document(sheet).metadata.title for sheet in ranked]
        fresh = [title for title in titles if title.casefold() != question.strip().casefold()][:MOST]
        return tuple(fresh) if len(fresh) >= FEWEST else ()

    def _subject(self, citation: Citation) -> frozenset[str]:
        if citation.document_id in self._marks:
            return self._marks[citation.document_id]
        document = self._library.document(citation.document_id)
        passage = self._library.passage(citation.passage_id)
        own = {_article(passage.article, document.metadata.code)} if passage.article else _marks(document.metadata)
        return frozenset(own & self._weights.keys())


def verdict_of(
    citations: Sequence[Citation], evidence: Evidence, library: Library, *, corrects: bool = False
) -> Verdict | None:
    """Return the answer in a word: the verdict of the sheet whose short answer comes first.

    None where a word would mislead: the question asks several things or takes something wrong for granted, or sheets
    that disagree are quoted.
    """
    if not citations or corrects or evidence.parts:
        return None
    first, lead = citations[0], _sheet(citations[0], library)
    if lead is None or first.passage_id != library.passages_of(lead.id)[0].id:
        return None
    given = {sheet.metadata.verdict for citation in citations if (sheet := _sheet(citation, library))}
    return lead.metadata.verdict if len(given) == 1 else None


def _sheet(citation: Citation, library: Library) -> Document | None:
    document = library.document(citation.document_id)
    return document if document.metadata.kind == "sheet" else None


def _marks(metadata: Metadata) -> frozenset[str]:
    """Return the themes and the articles of a document, the latter as "R4127-4 CSP"."""
    named = ((articles_in(reference), reference.rpartition(" ")[2]) for reference in metadata.articles)
    return frozenset(metadata.themes) | {_article(number, code) for numbers, code in named for number in numbers}


def _article(number: str, code: str) -> str:
    return f"{number} {code}"
