"""The articles that a text names, each with the place where a document holds its own words."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote
from weakref import WeakKeyDictionary

from api.protocols import Library
from corpus.models import Document, Passage
from corpus.references import BARE, LETTERED, articles_in, normal_number

# "article 4 du code de déontologie": the article of the CSP with that number.
_NAME = "déontologie"
_DEONTOLOGY = re.compile(rf"\b[Aa]rt(?:icle|\.)\s+(?P<number>\d{{1,3}})(?:er)?\s+du\s+code\s+de\s+{_NAME}")
_CODE = re.compile(
    r"\b[Cc]ode\s+(?:de\s+(?:la\s+|l['’])?|des\s+|du\s+|d['’])?(?P<name>\w+)|\b(?P<short>CSP|CPP|CP|CSS|CASF)\b"
)
_NAMES = {"santé": "CSP", _NAME: "CSP", "pénal": "CP"}
"""First word of the codes we know; an article of another code is not looked up."""
_OTHER = "?"
_AFTER, _BEFORE = 90, 60
"""Characters around a number in which its code is named."""
_END = re.compile(r"[.;\n](?=\s|$)|\n")
_OPENS = re.compile(r"(?:\s\w+)?[\s,(:–—-]*(?:[Aa]rt(?:icles?|\.)?\s*)?")
"""Between the name of a code and the number of its article: "Code de la santé publique, art. "."""


@dataclass(frozen=True, slots=True)
class Link:
    """Characters ``[start, end)`` of a text, and the address of what they name."""

    start: int
    end: int
    address: str


def address_of(passage: Passage) -> str:
    """Return the address of a passage in the reader."""
    return f"/documents/{quote(passage.document_id, safe=':')}?passage={quote(passage.id, safe=':')}"


class Articles:
    """Where each article of a library stands: the first passage of its newest text, by code and normal number."""

    def __init__(self, documents: Iterable[Document], passages: Iterable[Passage]) -> None:
        known = {document.id: document.metadata for document in documents}
        self._places: dict[str, dict[str, Passage]] = {}
        for passage in sorted(passages, key=lambda passage: known[passage.document_id].version_date, reverse=True):
            code = known[passage.document_id].code
            if passage.article and code:
                self._places.setdefault(passage.article, {}).setdefault(code, passage)

    def links(self, text: str, code: str = "", within: str = "") -> tuple[Link, ...]:
        """Return the articles that a text names and the library holds, in order.

        One whose code is in doubt gets no link: a wrong one is worse than none.

        Parameters
        ----------
        text
            The text of a document.
        code
            The document's own code, for a number that names none.
        within
            The document's identifier: an article that names itself gets no link.

        """
        found: list[Link] = []
        after: tuple[int, str, bool] = (len(text), "", False)  # of the next number: its start, code, whether lettered
        for start, end, article in reversed(_numbers(text)):
            named = _named(text, start, end, after[0])
            if not named and after[1] and after[2] == article[0].isalpha() and after[0] - end <= _AFTER:
                named = after[1]  # "226-13 et 226-14 du code pénal"
            after = (start, named, article[0].isalpha())
            place = self._place(article, named or code, sure=bool(named))
            if place and not (place.document_id == within and place.start <= start < place.end):
                found.append(Link(start, end, address_of(place)))
        return tuple(reversed(found))

    def _place(self, article: str, code: str, *, sure: bool) -> Passage | None:
        places = self._places.get(article, {})
        if code in places:
            return places[code]
        return next(iter(places.values())) if len(places) == 1 and not sure else None


def _numbers(text: str) -> list[tuple[int, int, str]]:
    """Return the article numbers of a text: start, end, normal form."""
    found = [(m.start(), m.end(), f"R4127-{m['number']}") for m in _DEONTOLOGY.finditer(text)]
    lettered = [
        (m.start(), m.end(), article) for m in LETTERED.finditer(text) for article in articles_in(m.group())[:1]
    ]
    taken = {position for start, end, _ in lettered for position in range(start, end)}
    found += lettered
    found += [(*m.span(), normal_number("", m["number"])) for m in BARE.finditer(text) if m.start() not in taken]
    return sorted(found)


def _named(text: str, start: int, end: int, following: int) -> str:
    """Return the code that the words around a number name, "" for none; those after it count before those before it."""
    after = text[end : min(end + _AFTER, max(following, end))]
    if stop := _END.search(after):
        after = after[: stop.start()]
    first = _CODE.search(text[start:end]) or _CODE.search(after)
    if first is None:
        before = text[max(0, start - _BEFORE) : start].rpartition("\n")[2]
        last = next(reversed(list(_CODE.finditer(before))), None)
        first = last if last and _OPENS.fullmatch(before, last.end()) else None
    if first is None:
        return ""
    return first["short"] or _NAMES.get(first["name"].lower(), _OTHER)


_KNOWN: "WeakKeyDictionary[Library, Articles]" = WeakKeyDictionary()


def articles_of(library: Library) -> Articles:
    """Return the articles of a library, found once."""
    if library not in _KNOWN:
        passages = (passage for document in library.documents for passage in library.passages_of(document.id))
        _KNOWN[library] = Articles(library.documents, passages)
    return _KNOWN[library]
