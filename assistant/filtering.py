"""Which passages and documents a search is restricted to."""

from collections.abc import Iterable

from assistant.models import Filters
from corpus.models import Document, Passage
from corpus.references import normal_number
from indexes.references import references_in

MOST_RELATED = 10


def admits(filters: Filters, document: Document, passage: Passage | None = None) -> bool:
    """Tell whether a document, or one passage of it, keeps to the restrictions. A partial date counts as its whole."""
    metadata = document.metadata
    if filters.kind and metadata.kind != filters.kind:
        return False
    if filters.article and not _names_article(filters.article, document, passage):
        return False
    if filters.court and filters.court.casefold() not in metadata.publisher.casefold():
        return False
    date = metadata.version_date or metadata.date
    if filters.date_from and (not date or date < filters.date_from[: len(date)]):
        return False
    return not (filters.date_to and (not date or date[: len(filters.date_to)] > filters.date_to))


def decisions(documents: Iterable[Document], filters: Filters, theme: str = "") -> list[Document]:
    """Return the decisions that keep to the restrictions and whose themes hold some words, the newest first."""
    wanted = theme.casefold()
    found = [
        document
        for document in documents
        if document.metadata.kind == "precedent"
        and admits(filters, document)
        and (not wanted or any(wanted in known.casefold() for known in document.metadata.themes))
    ]
    return sorted(found, key=lambda d: (d.metadata.date, d.id), reverse=True)


def related(documents: Iterable[Document], document: Document) -> list[Document]:
    """Return the decisions and sheets that share most articles and themes with a document, at least one."""
    own = _subjects(document)
    shared = [(len(own & _subjects(d)), d) for d in documents if d.id != document.id]
    found = [(n, d) for n, d in shared if n and d.metadata.kind in {"precedent", "sheet"}]
    return [d for _, d in sorted(found, key=lambda pair: (-pair[0], pair[1].id))][:MOST_RELATED]


def wanted_articles(article: str) -> set[str]:
    """Return the normal forms of an article as a user writes it; a bare number is of the code de déontologie."""
    asked = f"article {article}" if article.strip().isdigit() else article
    return {reference.article for reference in references_in(asked)} or {_normal(article)}


def _subjects(document: Document) -> frozenset[str]:
    return frozenset({_normal(a) for a in document.metadata.articles} | set(document.metadata.themes))


def _names_article(article: str, document: Document, passage: Passage | None) -> bool:
    """Tell whether a passage is the article, or belongs to a document that lists it."""
    held = {passage.article if passage else "", *(_normal(listed) for listed in document.metadata.articles)}
    return bool(wanted_articles(article) & held - {""})


def _normal(article: str) -> str:
    text = article.upper().split(" C")[0].replace("ARTICLE", "").replace("ART.", "").strip(" .*")
    letter = text[:1] if text[:1].isalpha() else ""
    return normal_number(letter, text.removeprefix(letter).strip(" .*"))
