"""What a lawyer asks for, and what is found."""

from dataclasses import dataclass
from typing import Literal

from assistant.models import Redaction
from corpus.models import Document, Passage

Match = Literal["all", "near"]
Sort = Literal["relevance", "newest", "oldest"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A search. "" and an empty tuple restrict nothing.

    Attributes
    ----------
    words
        As typed; words between quotation marks must stand together.
    reference
        An article or the number of a decision.
    court, themes, articles
        As the documents have them: a court's whole name, themes, "R. 4127-28 CSP". All themes and articles are asked.
    date_from, date_to
        ISO dates, possibly partial, both included.
    match
        Keeps what holds all the words, or what is near in meaning only.

    """

    words: str = ""
    reference: str = ""
    kind: str = ""
    court: str = ""
    themes: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    date_from: str = ""
    date_to: str = ""
    match: Match | Literal[""] = ""
    sort: Sort = "relevance"

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked: everything would be found."""
        return self == Wanted(sort=self.sort)


@dataclass(frozen=True, slots=True)
class Result:
    """A document, or one article of a code, with the passages that were found in it, best first.

    ``whole`` tells whether it holds all the words; ``score`` is comparable inside one search only.
    """

    document: Document
    article: str
    passages: tuple[Passage, ...]
    whole: bool
    score: float

    @property
    def date(self) -> str:
        """The day that counts: of the version for a text of law, else of the document."""
        return self.document.metadata.version_date or self.document.metadata.date


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a facet and how many results have it: asking for it gives exactly these."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Facet:
    """A property of the results that can narrow them: ``match``, ``kind``, ``court``, ``period``, … with its values."""

    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found.

    Attributes
    ----------
    words, reference
        As they were searched, identifying data replaced: nothing else of what was typed may be shown.
    redactions
        What was hidden in them.
    corrections
        Slips of typing, each with the word that was searched in its place.
    unknown
        Words that no document holds.
    stems
        What is marked in a passage.

    """

    words: str
    reference: str
    redactions: tuple[Redaction, ...]
    corrections: tuple[tuple[str, str], ...]
    unknown: tuple[str, ...]
    stems: frozenset[str]
    results: tuple[Result, ...]
    facets: tuple[Facet, ...]
