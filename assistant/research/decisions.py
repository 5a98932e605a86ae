"""A decision as a page shows it: what identifies it, what it holds, and what speaks of the same things."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.research.facets import Themes
from assistant.research.listed import Listed, listed_by
from corpus.models import Document, Kind, Passage

MOST_RELATED = 8
"""Of each kind."""
_NUMBER = re.compile(r"n° (?P<number>[^,]+)")
_DAY = re.compile(r"\d{1,2}(?:er)? [^\W\d]+ \d{4}")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of a decision and its passages."""

    title: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """What identifies a decision; "" for what its title does not say."""

    document: Document
    chamber: str
    number: str
    name: str
    sections: tuple[Section, ...]

    @property
    def court(self) -> str:
        """The court, in full."""
        return self.document.metadata.publisher

    @property
    def citation(self) -> str:
        """How a lawyer cites it: "CE, 28 mai 2024, n° 469089"."""
        return self.document.metadata.short


@dataclass(frozen=True, slots=True)
class Related:
    """A document with the articles and themes that it shares, the rarest first."""

    document: Document
    shared: tuple[str, ...]


def read_decision(document: Document, passages: Sequence[Passage]) -> Decision:
    """Return what the title of a decision says, in the order in which ``corpus.precedents`` writes it."""
    title = document.metadata.title.removeprefix(f"{document.metadata.publisher}, ")
    day = _DAY.search(title)
    number = _NUMBER.search(title)
    rest = title[(number or day).end() :] if number or day else ""  # type: ignore[union-attr]
    sections: dict[str, list[Passage]] = {}
    for passage in passages:
        sections.setdefault(passage.headings[-1] if passage.headings else "", []).append(passage)
    return Decision(
        document,
        chamber=title[: day.start()].strip(" ,") if day else "",
        number=number.group("number").strip() if number else "",
        name=rest.strip(" ,"),
        sections=tuple(Section(name, tuple(found)) for name, found in sections.items()),
    )


class Relations:
    """Which documents speak of the same articles and themes: a rare one that is shared counts more."""

    def __init__(self, documents: Iterable[Document], themes: Themes) -> None:
        self._themes = themes
        self._documents = [d for d in documents if d.metadata.kind in {"precedent", "sheet"}]
        self._subjects = {d.id: self._of(d) for d in self._documents}
        self._counts = Counter(s for subjects in self._subjects.values() for s in subjects)

    def near(self, document: Document, kind: Kind) -> tuple[Related, ...]:
        """Return the documents of a kind that share most with a document, at least one article or theme."""
        own = self._of(document)
        found = []
        for other in self._documents:
            shared = own & self._subjects[other.id]
            if other.id != document.id and other.metadata.kind == kind and shared:
                rarest = sorted(shared, key=lambda s: (self._counts[s], str(s)))
                names = tuple(s.display if isinstance(s, Listed) else s for s in rarest)
                found.append((sum(map(self._weight, shared)), other.metadata.date, Related(other, names)))
        found.sort(key=lambda one: (one[0], one[1]), reverse=True)
        return tuple(related for _, _, related in found[:MOST_RELATED])

    def _weight(self, subject: Listed | str) -> float:
        return math.log((1 + len(self._documents)) / self._counts[subject])

    def _of(self, document: Document) -> frozenset[Listed | str]:
        themes = {self._themes.form(theme) or theme for theme in document.metadata.themes}
        return frozenset(themes) | frozenset(listed_by(document))
