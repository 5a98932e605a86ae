"""The address of a search: what it asks, what is wrong with it, and the addresses that narrow or widen it.

An address is what people keep and send: it holds no free text but the words and the reference, and these are given back
only as the assistant has redacted them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, get_args
from urllib.parse import quote, urlencode

from fastapi import Request

from assistant.dates import is_date, is_reversed
from assistant.research.researcher import Researcher
from assistant.research.wanted import Match, Sort, Wanted
from corpus.models import Kind

PATH = "/recherche"
NAMES: Mapping[str, str] = {
    "words": "q",
    "reference": "ref",
    "kind": "kind",
    "court": "court",
    "themes": "theme",
    "articles": "article",
    "date_from": "from",
    "date_to": "to",
    "match": "match",
    "sort": "sort",
}
"""Parameters of an address by the fields of ``Wanted``."""


@dataclass(frozen=True, slots=True)
class Restriction:
    """One thing that a search is restricted by, and the address of the search without it."""

    name: str
    value: str
    address: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks. ``wrong`` names the fields whose values cannot be used."""

    wanted: Wanted
    page: int
    hidden: tuple[str, ...]
    wrong: tuple[str, ...]

    def address(
        self, *, page: int = 1, export: str = "", hidden: Sequence[str] = (), **changes: str | tuple[str, ...]
    ) -> str:
        """Return the address of this search with some fields changed."""
        wanted = replace(self.wanted, **changes)  # type: ignore[arg-type]
        pairs: list[tuple[str, str]] = []
        for field, name in NAMES.items():
            value = getattr(wanted, field)
            for one in value if isinstance(value, tuple) else (value,):
                if one and (name, one) != ("sort", "relevance"):
                    pairs.append((name, one))
        pairs += [("page", str(page))] if page > 1 else []
        pairs += [("format", export)] if export else []
        pairs += [("hidden", kind) for kind in dict.fromkeys(hidden)]
        return f"{PATH}?{urlencode(pairs, quote_via=quote)}" if pairs else PATH

    def narrowed(self, facet: str, value: str) -> str:
        """Return the address that asks for a value of a facet too."""
        if facet == "period":
            return self.address(date_from=value[:4], date_to=value[-4:])
        if facet in {"theme", "article"}:
            field = f"{facet}s"
            added: dict[str, Any] = {field: (*getattr(self.wanted, field), value)}
        else:
            added = {facet: value}
        return self.address(**added)

    def restrictions(self) -> list[Restriction]:
        """Return what the search is restricted by, but for the words."""
        found: list[Restriction] = []
        for field in ("reference", "match", "kind", "court", "date_from", "date_to", "themes", "articles"):
            value = getattr(self.wanted, field)
            for one in value if isinstance(value, tuple) else (value,):
                without: dict[str, Any] = {field: ""}
                if isinstance(value, tuple):
                    without = {field: tuple(other for other in value if other != one)}
                if one:
                    found.append(Restriction(field, one, self.address(**without)))
        return found


def read_address(request: Request, researcher: Researcher) -> Asked:
    """Return what an address asks; a value that nothing has is left out, and named in ``wrong``."""
    query = request.query_params
    wrong: list[str] = []

    def one_of(name: str, known: Sequence[str]) -> str:
        value = query.get(name, "")
        if value and value not in known:
            wrong.append(name)
            return ""
        return value

    def date(name: str) -> str:
        value = query.get(name, "").strip()
        if value and not is_date(value):
            wrong.append(name)
            return ""
        return value

    themes = [(theme, researcher.theme(theme)) for theme in query.getlist("theme") if theme]
    wrong += ["theme"] * any(not form for _, form in themes)
    listed = [article for article in query.getlist("article") if article]
    wrong += ["article"] * any(article not in researcher.listed for article in listed)
    first, last = date("from"), date("to")
    if is_reversed(first, last):
        wrong.append("reversed")
    sort = one_of("sort", get_args(Sort)) or "relevance"
    match = one_of("match", get_args(Match))
    wanted = Wanted(
        words=query.get("q", "").strip(),
        reference=query.get("ref", "").strip(),
        kind=one_of("kind", get_args(Kind)),
        court=one_of("court", researcher.courts),
        themes=tuple(dict.fromkeys(form for _, form in themes if form)),
        articles=tuple(dict.fromkeys(article for article in listed if article in researcher.listed)),
        date_from=first,
        date_to=last,
        match=match,  # type: ignore[arg-type]
        sort=sort,  # type: ignore[arg-type]
    )
    page = query.get("page", "1")
    number = int(page) if page.isascii() and page.isdecimal() and len(page) < 5 else 1
    return Asked(wanted, max(1, number), tuple(query.getlist("hidden"))[:20], tuple(dict.fromkeys(wrong)))
