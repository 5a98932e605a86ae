"""Extracts → the text of an answer with its markers, and the citations behind them."""

from collections.abc import Sequence

from assistant.extracting import Extract
from assistant.messages import message
from assistant.models import Citation, RetrievedPassage
from assistant.retrieval import Evidence
from corpus.models import Document, Passage
from indexes.library import Library


class Numbering:
    """Gives each quote its marker, from 1 in order of first use; the same quote keeps its own."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._markers: dict[tuple[str, int, int], int] = {}
        self.citations: list[Citation] = []

    def marker(self, extract: Extract) -> int | None:
        """Return the marker of an extract, None when its quote is not in its document: it must not be shown."""
        document = self._library.document(extract.passage.document_id)
        if not extract.quote or document.text[extract.start : extract.end] != extract.quote:
            return None
        key = (document.id, extract.start, extract.end)
        if key not in self._markers:
            self._markers[key] = len(self.citations) + 1
            self.citations.append(_citation(self._markers[key], extract, document))
        return self._markers[key]


def cite(extracts: Sequence[Extract], library: Library) -> tuple[str, tuple[Citation, ...]]:
    """Return the answer's text and its citations, numbered from 1; a quote that is not in its document is left out."""
    numbering = Numbering(library)
    text = quoted(extracts, numbering)
    return text, tuple(numbering.citations)


def quoted(extracts: Sequence[Extract], numbering: Numbering) -> str:
    """Return extracts as paragraphs, each a quote with its marker; one that is not in its document is left out."""
    marked = [(extract.quote, numbering.marker(extract)) for extract in extracts]
    return "\n\n".join(message("answer.extract", quote=quote, marker=n) for quote, n in marked if n is not None)


def _citation(marker: int, extract: Extract, document: Document) -> Citation:
    passage, metadata = extract.passage, document.metadata
    return Citation(
        marker=marker,
        passage_id=passage.id,
        document_id=document.id,
        source=document.source,
        label=passage.label,
        title=metadata.title,
        kind=metadata.kind,
        date=metadata.version_date or metadata.date,
        locator=passage.locator,
        quote=extract.quote,
        start=extract.start,
        end=extract.end,
        context=passage.text,
        notice=notice(passage, document),
    )


def notice(passage: Passage, document: Document) -> str | None:
    """Return the warning that goes with a quote: an old version, an article changed since, hidden text in the file."""
    metadata = document.metadata
    parts = [metadata.notice] if metadata.notice else []
    if passage.article in metadata.amended:
        parts.append(message("notices.amended"))
    if "hidden_text" in document.warnings:
        parts.append(message("notices.hidden_text"))
    return " ; ".join(parts) or None


def retrieved(evidence: Evidence, library: Library) -> tuple[RetrievedPassage, ...]:
    """Return the passages of an answer in rank order."""
    return tuple(
        RetrievedPassage(
            passage_id=passage.id,
            document_id=passage.document_id,
            source=library.document(passage.document_id).source,
            label=passage.label,
            text=passage.text,
            score=round(hit.score, 4),
            rank=hit.rank,
        )
        for hit, passage in zip(evidence.hits, evidence.passages, strict=True)
    )
