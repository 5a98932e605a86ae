"""A training pair, and how pairs that resemble the questions of an evaluation are kept out."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from indexes.french import tokens

NEAR = 0.8
"""Share of their stems (Jaccard) above which two questions are one."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A query and a passage that answers it."""

    query: str
    passage: str


@dataclass(frozen=True, slots=True)
class Source:
    """One origin of pairs: its licence, how often each pair is seen in an epoch, and how to read it."""

    name: str
    licence: str
    repeat: int
    read: Callable[[], Iterator[Pair]]


class Excluded:
    """Questions that no training pair may resemble.

    Parameters
    ----------
    questions
        As asked; compared by their stems.

    """

    def __init__(self, questions: Iterable[str]) -> None:
        self._stems = [frozenset(tokens(question)) for question in questions]
        self._holders: dict[str, list[int]] = {}
        for row, stems in enumerate(self._stems):
            for stem in stems:
                self._holders.setdefault(stem, []).append(row)

    def resembles(self, query: str) -> bool:
        """Tell whether a query shares at least ``NEAR`` of its stems with an excluded question."""
        stems = set(tokens(query))
        shared = Counter(row for stem in stems for row in self._holders.get(stem, ()))
        return any(n >= NEAR * len(stems | self._stems[row]) for row, n in shared.items())
