"""An article: its text in each version that the documents hold, its neighbours, and everything that cites it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.citing import notice
from assistant.research.listed import Listed, listed_by, read_listed
from corpus.models import Document, Kind, Passage
from corpus.references import display_number
from indexes.library import Library
from indexes.references import ReferenceIndex, references_in

ORDER: tuple[Kind, ...] = (
    "precedent",
    "sheet",
    "code",
    "statute",
    "bulletin",
    "report",
    "newsletter",
    "document",
)
"""Decisions first: what a council looks for."""
MANY = 5_000


@dataclass(frozen=True, slots=True)
class Version:
    """An article as one document has it: ``text == document.text[start:end]``."""

    document: Document
    number: str
    passages: tuple[Passage, ...]
    text: str

    @property
    def reference(self) -> str:
        """What names this version alone: "csp-deontologie-2015:R4127-47"."""
        return f"{self.document.id}:{self.number}"

    @property
    def notice(self) -> str:
        """A warning on this version, "" for none."""
        return notice(self.passages[0], self.document) or ""


@dataclass(frozen=True, slots=True)
class Citing:
    """A document that cites an article: in its list of articles, in some passages, or both."""

    document: Document
    listed: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Article:
    """What is known of an article.

    Attributes
    ----------
    codes
        The codes that have such a number, as documents cite it, the most cited first.
    before, after
        Its neighbours in the newest document that holds it, "" at an end.

    """

    number: str
    code: str
    codes: tuple[str, ...]
    versions: tuple[Version, ...]
    citing: tuple[Citing, ...]
    before: str
    after: str

    @property
    def display(self) -> str:
        """As people print it."""
        return display_number(self.number)

    @property
    def counts(self) -> tuple[tuple[Kind, int], ...]:
        """How many documents of each kind cite it."""
        counted = Counter(citing.document.metadata.kind for citing in self.citing)
        return tuple((kind, counted[kind]) for kind in ORDER if counted[kind])


class Articles:
    """The articles that one index holds or cites."""

    def __init__(self, library: Library, references: ReferenceIndex) -> None:
        self._library = library
        self._references = references
        self._listing: dict[str, list[tuple[Listed, Document]]] = {}
        for document in library.documents:
            for listed in dict.fromkeys(listed_by(document)):
                self._listing.setdefault(listed.number, []).append((listed, document))
        self._held: dict[str, list[Passage]] = {}
        for passage in library.passages:
            if passage.article:
                self._held.setdefault(passage.article, []).append(passage)

        self.held = tuple(display_number(number) for number in self._held)
        """The articles whose text is here, in the order of the documents, as people print them."""
        self.several = tuple(n for n, found in self._held.items() if len({p.document_id for p in found}) > 1)
        """The articles of which several documents have a version."""

    def number_of(self, typed: str) -> Listed | None:
        """Return the article that somebody names, None for none; a bare number is of the code de déontologie."""
        asked = f"article {typed}" if typed.strip().isdigit() else typed
        named = [r.article for r in references_in(asked) if r.article and " " not in r.article]
        if named:
            return Listed(named[0])
        return read_listed(typed)

    def find(self, number: str, code: str = "") -> Article:
        """Return an article by its normal number; ``code`` keeps what lists it as of one code.

        An article that nothing holds or cites has neither ``versions`` nor ``citing``.
        """
        listing = self._listing.get(number, [])
        codes = Counter(listed.code for listed, _ in listing if listed.code)
        versions = tuple(v for v in self.versions(number) if code in ("", v.document.metadata.code))
        before, after = self._neighbours(number, versions)
        ranked = tuple(name for name, _ in codes.most_common())
        citing = self._citing(number, code, ranked[0] if ranked else "")
        return Article(number, code, ranked, versions, citing, before, after)

    def versions(self, number: str) -> tuple[Version, ...]:
        """Return the versions of an article, the newest first."""
        held: dict[str, list[Passage]] = {}
        for passage in self._held.get(number, ()):
            held.setdefault(passage.document_id, []).append(passage)
        found = [_version(self._library.document(name), number, passages) for name, passages in held.items()]
        return tuple(sorted(found, key=lambda v: (_day(v.document), v.document.metadata.authority), reverse=True))

    def most_cited(self, count: int) -> tuple[tuple[Listed, int], ...]:
        """Return the articles that most documents list, with how many do."""
        counted = Counter(listed for listing in self._listing.values() for listed, _ in listing)
        return tuple(counted.most_common(count))

    def _citing(self, number: str, code: str, main: str) -> tuple[Citing, ...]:
        """Return what lists or names an article; whoever only names it is taken to mean ``main``, the usual code."""
        own = {passage.id for passage in self._held.get(number, ())}
        naming: dict[str, list[Passage]] = {}
        if code in ("", main) and (not code or "-" in number):  # a number alone says nothing of "article 8" of a treaty
            for hit in self._references.search(display_number(number), MANY):
                passage = self._library.passage(hit.passage_id)
                if passage.id not in own:
                    naming.setdefault(passage.document_id, []).append(passage)
        listed = {d.id: known.display for known, d in self._listing.get(number, ()) if code in ("", known.code)}
        others = {d.id for known, d in self._listing.get(number, ()) if d.id not in listed}
        found = [
            Citing(
                self._library.document(name),
                listed.get(name, ""),
                tuple(sorted(naming.get(name, ()), key=lambda p: p.start)),
            )
            for name in dict.fromkeys([*listed, *naming])
            if name not in others
        ]
        found.sort(key=lambda citing: citing.document.metadata.title)
        found.sort(key=lambda citing: _day(citing.document), reverse=True)
        return tuple(sorted(found, key=lambda citing: ORDER.index(citing.document.metadata.kind)))

    def _neighbours(self, number: str, versions: Sequence[Version]) -> tuple[str, str]:
        if not versions:
            return "", ""
        passages = self._library.passages_of(versions[0].document.id)
        numbers = list(dict.fromkeys(passage.article for passage in passages if passage.article))
        place = numbers.index(number)
        return numbers[place - 1] if place else "", numbers[place + 1] if place + 1 < len(numbers) else ""


def _version(document: Document, number: str, passages: Sequence[Passage]) -> Version:
    """Return the text from the first to the last passage of an article that stand together."""
    ordered = sorted(passages, key=lambda passage: passage.start)
    together = [ordered[0]]
    for passage in ordered[1:]:
        if document.text[together[-1].end : passage.start].strip():
            break  # a table of contents or a note names it again elsewhere
        together.append(passage)
    return Version(document, number, tuple(together), document.text[together[0].start : together[-1].end])


def _day(document: Document) -> str:
    return document.metadata.version_date or document.metadata.date
