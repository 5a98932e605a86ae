"""Documents, passages and probes as JSON. Field names are those of ``corpus.models``: add, never rename."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Self

from api.reloading import Situation
from api.schemas import ApiModel
from assistant.breaker import ModelState
from corpus.models import Document, Kind, Passage, Verdict


class PassageBody(ApiModel):
    """The smallest citable unit: ``text`` is the characters ``[start, end)`` of its document's text."""

    id: str
    document_id: str
    headings: list[str]
    text: str
    start: int
    end: int
    locator: str
    article: str
    label: str


class PageBody(ApiModel):
    """Where a page lies in the document's text."""

    start: int
    end: int
    index: int
    label: str


class DocumentSummary(ApiModel):
    """A document without its text; ``characters`` is the length of that text."""

    id: str
    title: str
    short: str
    kind: Kind
    publisher: str
    date: str
    version_date: str
    authority: int
    url: str
    licence: str
    code: str
    notice: str
    amended: list[str]
    themes: list[str]
    articles: list[str]
    verdict: Verdict | None
    source: str
    characters: int
    passage_count: int
    warnings: list[str]

    @classmethod
    def of(cls, document: Document, passages: Sequence[Passage]) -> Self:
        """Build the body from a document and its passages."""
        return cls(**_summary(document, passages))


class DocumentBody(DocumentSummary):
    """A document: its cleaned text, its pages and its passages, as offsets of that text."""

    text: str
    pages: list[PageBody]
    passages: list[PassageBody]

    @classmethod
    def of(cls, document: Document, passages: Sequence[Passage]) -> Self:
        """Build the body from a document and its passages."""
        return cls(
            **_summary(document, passages),
            text=document.text,
            pages=[PageBody.model_validate(page) for page in document.pages],
            passages=[PassageBody.model_validate(passage) for passage in passages],
        )


def _summary(document: Document, passages: Sequence[Passage]) -> dict[str, Any]:
    return asdict(document.metadata) | {
        "source": document.source,
        "characters": len(document.text),
        "passage_count": len(passages),
        "warnings": document.warnings,
    }


class CatalogueBody(ApiModel):
    """Every document, without its text."""

    documents: list[DocumentSummary]


class PrecedentsBody(ApiModel):
    """Decisions, without their text."""

    precedents: list[DocumentSummary]


class PrecedentBody(DocumentBody):
    """A decision, with what else is known of its articles and themes."""

    related: list[DocumentSummary]

    @classmethod
    def of_decision(cls, document: Document, passages: Sequence[Passage], related: list[DocumentSummary]) -> Self:
        """Build the body from a decision, its passages and what is related to it."""
        return cls(**DocumentBody.of(document, passages).model_dump(), related=related)


class LiveBody(ApiModel):
    """The process answers."""

    status: str


class IndexBody(ApiModel):
    """Where the served index stands to the one on disk; ``since`` is when that began, ``code`` why it was refused."""

    state: Situation
    since: str | None
    code: str | None


class ReadyBody(ApiModel):
    """Questions can be answered: from which index, and with or without a language model."""

    status: str
    documents: int
    fingerprint: str
    built_at: str
    index: IndexBody
    model: ModelState
