"""Decisions by what identifies them: number ("n° 469089", "08-12.742", "SAN-2022-009"), day, usual name."""

import re
from collections.abc import Iterable, Mapping, Sequence

from corpus.cleaning import fold
from corpus.models import Document, Passage
from corpus.precedents import MONTHS

_NUMBER = re.compile(r"(?<![\w-])(?:san[ -]?)?\d[\d\s./-]{2,}\d(?:[ -]?(?:qpc|dc))?(?![\w-])")
_DAY = re.compile(rf"(?<!\d)(\d{{1,2}})(?:er)? ({'|'.join(map(fold, MONTHS))}) (\d{{4}})(?!\d)")
_SLASHED = re.compile(r"(?<!\d)(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?!\d)")
_LETTERS = re.compile(r"[a-z][a-z-]{3,}")
_TITLE_NUMBER = re.compile(r"n° (?P<number>[^,]+)")
FEWEST = 5
"""Letters and digits of a number: a year or an article is no decision."""


class DecisionIndex:
    """The passages of decisions, first ones first, by number, by day and by usual name."""

    def __init__(self, documents: Iterable[Document], passages: Sequence[Passage]) -> None:
        by_document: dict[str, list[str]] = {}
        for passage in passages:
            by_document.setdefault(passage.document_id, []).append(passage.id)
        self._passages: Mapping[str, list[str]] = by_document
        self._numbers: dict[str, list[str]] = {}
        self._days: dict[str, list[str]] = {}
        self._names: dict[str, list[str]] = {}
        for document in documents:
            if document.metadata.kind != "precedent" or document.id not in by_document:
                continue
            title = document.metadata.title
            self._days.setdefault(document.metadata.date, []).append(document.id)
            if match := _TITLE_NUMBER.search(title):
                if number := _compact(match.group("number")):
                    self._numbers.setdefault(number, []).append(document.id)
                for name in _LETTERS.findall(fold(title[match.end() :])):
                    self._names.setdefault(name, []).append(document.id)

    def find(self, query: str) -> list[str]:
        """Return the passages of the decisions that a query names, those named by their number first."""
        plain = fold(query)
        named = [d for m in _NUMBER.finditer(plain) for d in self._numbers.get(_compact(m.group()), ())]
        days = [f"{m.group(3)}-{_month(m.group(2)):02d}-{int(m.group(1)):02d}" for m in _DAY.finditer(plain)]
        days += [f"{m.group(3)}-{int(m.group(2)):02d}-{int(m.group(1)):02d}" for m in _SLASHED.finditer(plain)]
        named += [document for day in days for document in self._days.get(day, ())]
        return [passage for document in dict.fromkeys(named) for passage in self._passages[document]]

    def named(self, name: str) -> list[str]:
        """Return the passages of the decisions with a usual name, folded."""
        return [passage for document in self._names.get(name, ()) for passage in self._passages[document]]


def _compact(number: str) -> str:
    found = re.sub(r"[^a-z0-9]", "", fold(number))
    return found if len(found) >= FEWEST else ""


def _month(name: str) -> int:
    return [fold(month) for month in MONTHS].index(name) + 1
