"""Extracts → the text of an answer with its markers, and the citations behind them."""

from collections.abc import Sequence

from assistant.extracting import Extract
from assistant.messages import message
from assistant.models import Citation, RetrievedPassage
from assistant.retrieval import Evidence
from corpus.models import Document, Passage
from indexes.library import Library


def cite(extracts: Sequence[Extract], library: Library) -> tuple[str, tuple[Citation, ...]]:
    """Return the answer's text and its citations, numbered from 1; a quote that is not in its document is left out."""
    citations: list[Citation] = []
    for extract in extracts:
        document = library.document(extract.passage.document_id)
        if not extract.quote or document.text[extract.start : extract.end] != extract.quote:
            continue
        citations.append(_citation(len(citations) + 1, extract, document))
    text = "\n\n".join(message("answer.extract", quote=c.quote, marker=c.marker) for c in citations)
    return text, tuple(citations)


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
