"""Where the pages of a document, a passage, an article and a decision are."""

from urllib.parse import quote

from assistant.research.listed import Listed, read_listed
from assistant.research.researcher import PREFIX
from corpus.models import Document, Passage


def document_address(document: Document) -> str:
    """Return the address of the reader."""
    return f"/documents/{quote(document.id, safe=':')}"


def passage_address(passage: Passage) -> str:
    """Return the address of the reader at a passage."""
    return f"/documents/{quote(passage.document_id, safe=':')}?passage={quote(passage.id, safe=':')}#passage"


def decision_address(document: Document) -> str:
    """Return the address of a decision's page."""
    return f"/decisions/{quote(document.id.removeprefix(PREFIX), safe=':')}"


def article_address(number: str, code: str = "") -> str:
    """Return the address of an article's page."""
    return f"/articles/{quote(number, safe='')}" + (f"?code={quote(code, safe='')}" if code else "")


def listed_address(listed: str | Listed) -> str:
    """Return the address of an article as documents list it, "" where it has not the form of one.

    A short number alone, as of a treaty, is named with its code.
    """
    article = read_listed(listed) if isinstance(listed, str) else listed
    if article is None:
        return ""
    return article_address(article.number, "" if "-" in article.number else article.code)


def home_address(document: Document, article: str = "") -> str:
    """Return the address of the page that shows a document, or an article of it, best."""
    if article:
        return article_address(article)
    return decision_address(document) if document.metadata.kind == "precedent" else document_address(document)
