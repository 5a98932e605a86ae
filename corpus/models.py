"""What the corpus hands to everything above it: documents and their passages."""

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["sheet", "code", "statute", "bulletin", "report", "newsletter", "precedent", "document"]
Verdict = Literal["oui", "non", "sous conditions", "obligation", "interdit", "à apprécier"]


@dataclass(frozen=True, slots=True)
class Page:
    r"""One page as a reader found it, before any cleaning.

    Attributes
    ----------
    index
        0-based position in the file.
    label
        What is printed on the page or named by the file ("28", "iv"); the 1-based position when the file names none.
    text
        Extracted text, lines separated by ``\n``.

    """

    index: int
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """A line of a PDF's outline: its title, nesting depth from 1 and 0-based page."""

    title: str
    depth: int
    page: int


@dataclass(frozen=True, slots=True)
class Reading:
    """A file turned into pages of text.

    ``medium`` says which reader made it; only ``pdf`` has pages that mean something to a reader.
    ``title``, ``author`` and ``date`` (ISO, possibly partial) are what the file says of itself, "" for nothing.
    ``front_matter`` is the TOML block between ``+++`` lines at the head of a Markdown file, "" when there is none.
    ``warnings`` holds codes such as ``hidden_text`` or ``page_without_text``.
    """

    medium: Literal["pdf", "html", "markdown", "text"]
    pages: tuple[Page, ...]
    title: str = ""
    author: str = ""
    date: str = ""
    front_matter: str = ""
    outline: tuple[OutlineEntry, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageSpan:
    """Where a page lies in a document's cleaned text: characters ``[start, end)``."""

    start: int
    end: int
    index: int
    label: str


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the catalogue, a sheet's front matter or the file itself says of a document.

    Attributes
    ----------
    short
        The name people cite: "Médecins n° 102, janv.-févr. 2026".
    date, version_date
        ISO dates, possibly partial ("2026-01"); "" when unknown. ``version_date`` is a day a text of law was in force.
    authority
        5 for law and regulation, 4 for decisions, 3 for the Ordre's doctrine, 2 for our sheets, 1 for anything else.
    code
        Short name of the code whose articles the document holds ("CSP", "CP"), "" for other documents.
    notice
        A warning shown with every quote ("Version au 10 avril 2015"), "" when none is needed.
    amended
        Normalised numbers of articles changed since this version.

    """

    id: str
    title: str
    short: str
    kind: Kind
    publisher: str = ""
    date: str = ""
    version_date: str = ""
    authority: int = 1
    url: str = ""
    licence: str = ""
    code: str = ""
    notice: str = ""
    amended: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One source with its cleaned text; offsets everywhere count Unicode characters of ``text``."""

    metadata: Metadata
    source: str
    text: str
    pages: tuple[PageSpan, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Identifier, stable across rebuilds of the same source."""
        return self.metadata.id


@dataclass(frozen=True, slots=True)
class Passage:
    """The smallest citable unit: ``text == document.text[start:end]``.

    Attributes
    ----------
    id
        ``<document id>:<anchor>#<n>``, where the anchor is an article number or a slug of the heading, and ``n`` counts
        from 1 inside it. Never random, never a position in an index.
    headings
        Titles above the passage, outermost first.
    article
        Normalised article number ("R4127-4", "226-14") when the passage is an article of a code, else "".
    locator
        Place inside the document for a reader: "p. 28", "art. R. 4127-4", or "".

    """

    id: str
    document_id: str
    headings: tuple[str, ...]
    text: str
    start: int
    end: int
    locator: str = ""
    article: str = ""
    label: str = field(default="")
