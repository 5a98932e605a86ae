"""What an operator's page shows, in figures: what is indexed, what of the code it treats, what readers thought."""

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from api.protocols import Library
from assistant.errors import FeedbackUnavailable
from assistant.store.feedback import VERDICTS, FeedbackStore
from corpus.checking import LAST_ARTICLE, WITHOUT_TEXT
from corpus.errors import DeontoError
from corpus.loading import find_files
from corpus.models import Document, Kind
from corpus.references import articles_in
from indexes.manifest import Manifest, read_manifest

if TYPE_CHECKING:  # SQLAlchemy takes half a second
    from assistant.store.records import Count, Summary

DAYS = 30
"""Days of the picture of verdicts."""
NAMED = 50
"""Files named that gave no document."""


@dataclass(frozen=True, slots=True)
class Holding:
    """The documents of one kind: how many, their passages, first and last dates ("" where none has one)."""

    kind: Kind
    documents: int
    passages: int
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """An article of the code de déontologie: its number, the sheets and decisions that treat it, and its own text."""

    number: int
    sheets: int
    decisions: int
    text: bool


@dataclass(frozen=True, slots=True)
class Day:
    """How many verdicts a day had, and where its bar stands in a picture that is 100 units high."""

    day: str
    times: int
    height: int


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What readers thought: totals by verdict with their share of the greatest, and the last days."""

    summary: "Summary"
    totals: tuple[tuple[str, int, int], ...]
    days: tuple[Day, ...]
    busiest: int


def holdings(library: Library) -> tuple[Holding, ...]:
    """Return what is indexed, by kind."""
    found: list[Holding] = []
    for kind in get_args(Kind):
        documents = [document for document in library.documents if document.metadata.kind == kind]
        days = sorted(day for d in documents if (day := d.metadata.version_date or d.metadata.date))
        passages = sum(len(library.passages_of(document.id)) for document in documents)
        if documents:
            found.append(Holding(kind, len(documents), passages, days[0] if days else "", days[-1] if days else ""))
    return tuple(found)


def coverage(library: Library) -> tuple[Coverage, ...]:
    """Return each article of the code de déontologie with what is indexed of it."""
    listed: dict[str, Counter[str]] = {"sheet": Counter(), "precedent": Counter()}
    texts: set[str] = set()
    for document in library.documents:
        if document.metadata.kind in listed:
            listed[document.metadata.kind].update(articles_in(" ; ".join(document.metadata.articles)))
        if document.metadata.code:
            texts |= {passage.article for passage in library.passages_of(document.id)}
    articles = ((number, f"R4127-{number}") for number in range(1, LAST_ARTICLE + 1))
    return tuple(
        Coverage(number, listed["sheet"][article], listed["precedent"][article], article in texts)
        for number, article in articles
        if article not in WITHOUT_TEXT
    )


def unread(folders: Sequence[Path], documents: Sequence[Document]) -> tuple[str, ...]:
    """Return the files of the operator's folders behind no document: skipped, copies, or added since the build."""
    known = {document.source for document in documents}
    return tuple(name for _, name in find_files(folders) if name not in known)


def manifest_at(path: Path) -> Manifest | None:
    """Return what the index on disk says of itself; None where it cannot be read."""
    try:
        return read_manifest(path)
    except DeontoError:
        return None


def verdicts(store: FeedbackStore, today: datetime.date) -> Verdicts | None:
    """Return what readers thought; None where the store does not answer."""
    try:
        summary, counts = store.records.summary(), store.records.counts()
    except FeedbackUnavailable:
        return None
    totals = Counter({verdict: 0 for verdict in VERDICTS})
    for count in counts:
        totals[count.verdict] += count.times
    most = max(totals.values(), default=0)
    shares = tuple((verdict, n, _share(n, most)) for verdict, n in totals.items())
    days = _days(counts, today)
    busiest = max(days.values())
    return Verdicts(summary, shares, tuple(Day(day, n, _share(n, busiest)) for day, n in days.items()), busiest)


def _days(counts: "Sequence[Count]", today: datetime.date) -> Mapping[str, int]:
    """Return the number of verdicts of each of the last days, the first one first."""
    days = {(today - datetime.timedelta(days=back)).isoformat(): 0 for back in reversed(range(DAYS))}
    for count in counts:
        if count.day in days:
            days[count.day] += count.times
    return days


def _share(n: int, most: int) -> int:
    """Return a whole percentage, at least 2 for what is not nothing: a bar must be seen."""
    return max(2, round(100 * n / most)) if n else 0
