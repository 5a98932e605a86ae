"""What a lawyer's search gives back as one result, and inside which bounds words count as together.

A sheet or a decision is short: its words may stand anywhere in it. So is an article of a code, which is a result of its
own. In a bulletin or a report, which holds everything somewhere, the words must stand in one passage.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from corpus.models import Document, Passage
from indexes.library import Library

SHORT = frozenset({"sheet", "precedent"})

Rows = np.ndarray[tuple[int], np.dtype[np.intp]]
"""Numbers of passages, in the order of the library."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A result to be: a document, or one article of it."""

    document: Document
    article: str


class Units:
    """The passages of a library by unit, and by the scope inside which all the words of a search must stand."""

    def __init__(self, library: Library) -> None:
        self.passages: Sequence[Passage] = library.passages
        self.row: Mapping[str, int] = {passage.id: n for n, passage in enumerate(library.passages)}
        numbers: dict[tuple[str, str], int] = {}
        scopes: dict[object, int] = {}
        self.units: list[Unit] = []
        of_row, scope_of_row = [], []
        for row, passage in enumerate(library.passages):
            key = (passage.document_id, passage.article)
            if key not in numbers:
                numbers[key] = len(numbers)
                self.units.append(Unit(library.document(passage.document_id), passage.article))
            unit = numbers[key]
            short = passage.article or self.units[unit].document.metadata.kind in SHORT
            of_row.append(unit)
            scope_of_row.append(scopes.setdefault(key if short else row, len(scopes)))
        self.of_row = np.array(of_row, dtype=np.intp)
        self._scope = np.array(scope_of_row, dtype=np.intp)
        self._scopes = len(scopes)

    def together(self, rows: Sequence[Rows]) -> Rows:
        """Return the passages that hold some of several words, in the scopes that hold them all."""
        if not rows:
            return np.empty(0, dtype=np.intp)
        held = np.ones(self._scopes, dtype=bool)
        for found in rows:
            here = np.zeros(self._scopes, dtype=bool)
            here[self._scope[found]] = True
            held &= here
        some = np.unique(np.concatenate(rows))
        return some[held[self._scope[some]]]

    def scope_of(self, rows: Rows) -> Rows:
        """Return the passages of the scopes that some passages are in."""
        return np.flatnonzero(np.isin(self._scope, self._scope[rows])).astype(np.intp)
