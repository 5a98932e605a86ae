"""What is kept, row by row: every statement of the store stands here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import and_, delete, func, insert, or_, select, update

from assistant.privacy import redact
from assistant.store.storage import Storage
from assistant.store.tables import KEPT, VERSION, conversations, feedback

PAGE = 500
"""Rows read in one transaction: a long export must not hold back who writes."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many verdicts of one kind a day had."""

    day: str
    verdict: str
    times: int


@dataclass(frozen=True, slots=True)
class Rows:
    """How many rows of each kind were erased, or are kept."""

    feedback: int
    conversations: int

    @property
    def total(self) -> int:
        """Rows of both kinds."""
        return self.feedback + self.conversations


@dataclass(frozen=True, slots=True)
class Summary:
    """What is kept; ``first`` and ``last`` are ISO days, empty where nothing is, ``size`` is in bytes, -1 unknown."""

    place: str
    version: int
    feedback: int
    conversations: int
    first: str
    last: str
    size: int


class Records:
    """Rows of verdicts and conversations, redacted by whoever adds them.

    Raises
    ------
    InvalidSetting
        From the constructor: the address is not one of a store.
    FeedbackUnavailable
        From every method: the store cannot be read or written.

    """

    def __init__(self, address: str | Path) -> None:
        self.storage = Storage(address)

    def add_verdict(self, row: Mapping[str, str]) -> None:
        """Store a verdict."""
        with self.storage.writing() as connection:
            connection.execute(insert(feedback).values(**row))

    def add_conversations(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Store questions and their answers, all or none."""
        with self.storage.writing() as connection:
            connection.execute(insert(conversations), rows)

    def asked(self, answer_id: str) -> tuple[str, str, str] | None:
        """Return the question, outcome and reason of an answer; None where it is not kept."""
        table = conversations.c
        found = select(table.question, table.outcome, table.reason).where(table.answer_id == answer_id)
        with self.storage.reading() as connection:
            row = connection.execute(found.order_by(table.id.desc()).limit(1)).first()
        return (row.question, row.outcome, row.reason) if row else None

    def to_review(self) -> list[tuple[str, str, str, int]]:
        """Return question, outcome, verdict and how often, of what found nothing or not the right thing."""
        table, times = feedback.c, func.count().label("times")
        is_wanting = and_(table.outcome == "answered", table.verdict.in_(("wrong_source", "incomplete")))
        found = (
            select(table.question, table.outcome, table.verdict, times)
            .where(table.reviewed == 0, table.question != "", or_(table.refusal == "no_evidence", is_wanting))
            .group_by(table.question, table.outcome, table.verdict)
            .order_by(times.desc(), func.min(table.id))
        )
        with self.storage.reading() as connection:
            return [tuple(row) for row in connection.execute(found)]

    def reviewed(self, question: str) -> None:
        """Mark a question as looked at."""
        with self.storage.writing() as connection:
            connection.execute(update(feedback).where(feedback.c.question == question).values(reviewed=1))

    def counts(self) -> tuple[Count, ...]:
        """Return how many verdicts of each kind each day had, the latest day first."""
        table = feedback.c
        found = select(table.day, table.verdict, func.count()).group_by(table.day, table.verdict)
        with self.storage.reading() as connection:
            rows = connection.execute(found.order_by(table.day.desc(), table.verdict)).all()
        return tuple(Count(*row) for row in rows)

    def summary(self) -> Summary:
        """Return what is kept, in figures."""
        with self.storage.reading() as connection:
            found = [
                connection.execute(select(func.count(), func.min(table.c.day), func.max(table.c.day))).one()
                for table in KEPT
            ]
        path = self.storage.path
        size = -1 if path is None else 0 if self.storage.is_absent else path.stat().st_size
        days = [day for _, first, last in found for day in (first, last) if day]
        first, last = (min(days), max(days)) if days else ("", "")
        return Summary(self.storage.shown, VERSION, found[0][0], found[1][0], first, last, size)

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield every row, ``kind`` first ("feedback" or "conversations"), in the order in which they came."""
        for table in KEPT:
            last = 0
            while True:
                page = select(table).where(table.c.id > last).order_by(table.c.id).limit(PAGE)
                with self.storage.reading() as connection:
                    found = [dict(row) for row in connection.execute(page).mappings()]
                yield from ({"kind": table.name} | row for row in found)
                if len(found) < PAGE:
                    break
                last = found[-1]["id"]

    def erase(self, *, answer_id: str | None = None, before: str | None = None) -> Rows:
        """Remove the rows of an answer, or those of the days before a day, or all; their bytes are gone with them.

        Returns
        -------
        Rows
            How many there were.

        """
        if self.storage.is_absent:
            return Rows(0, 0)
        removed = []
        with self.storage.writing() as connection:
            for table in KEPT:
                statement = delete(table)
                if answer_id is not None:
                    # The identifier of a verdict on an answer nobody knew was redacted.
                    statement = statement.where(table.c.answer_id.in_({answer_id, redact(answer_id).text}))
                if before is not None:
                    statement = statement.where(table.c.day < before)
                removed.append(connection.execute(statement).rowcount)
        rows = Rows(*removed)
        if rows.total or before is None:  # what is erased on purpose: also what an interrupted erasure left
            self.storage.compact()
        return rows
