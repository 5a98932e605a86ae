"""Readers' verdicts, kept only when the operator names a file for them: redacted, in SQLite."""

import datetime
import sqlite3
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Literal, get_args

from assistant.errors import FeedbackUnavailable
from assistant.models import Answer
from assistant.privacy import redact

Verdict = Literal["helpful", "wrong_source", "incomplete", "not_my_situation"]
VERDICTS: tuple[str, ...] = get_args(Verdict)
LONGEST_COMMENT = 2_000
REMEMBERED = 1_000
"""Answers whose question a verdict can still be tied to; older ones are forgotten."""

_TABLE = """
create table if not exists feedback (
    id integer primary key, day text not null, answer_id text not null, verdict text not null, reason text not null,
    comment text not null, question text not null, outcome text not null, refusal text not null,
    reviewed integer not null default 0
)
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """A real question to look at again: refused for want of evidence, or whose answer a reader found wanting."""

    question: str
    outcome: str
    verdict: str
    times: int


class FeedbackStore:
    """Verdicts in one file. Opened for each call, so that several processes may share it.

    Raises
    ------
    FeedbackUnavailable
        From every method: the file cannot be read or written.

    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._answers: OrderedDict[str, tuple[str, str, str]] = OrderedDict()
        self._lock = Lock()

    def remember(self, answer: Answer) -> None:
        """Keep in memory what a verdict on this answer will be stored with."""
        # Redacted already; but pieces of a number from two turns may meet in a standalone question.
        question = redact(answer.standalone_question).text
        with self._lock:
            self._answers[answer.id] = (question, answer.outcome, answer.reason or "")
            while len(self._answers) > REMEMBERED:
                self._answers.popitem(last=False)

    def add(self, answer_id: str, verdict: Verdict, reason: str = "", comment: str = "") -> None:
        """Store a verdict, its words redacted, with the question where the answer is still remembered."""
        with self._lock:
            question, outcome, refusal = self._answers.get(answer_id, ("", "", ""))
        day = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
        # Whoever sends a verdict chooses all its words, the identifier's too.
        said = [redact(text).text[:LONGEST_COMMENT] for text in (answer_id, reason, comment)]
        with self._opened() as store:
            store.execute(
                "insert into feedback (day, verdict, answer_id, reason, comment, question, outcome, refusal)"
                " values (?, ?, ?, ?, ?, ?, ?, ?)",
                (day, verdict, *said, question, outcome, refusal),
            )

    def to_review(self) -> tuple[Asked, ...]:
        """Return the questions that found nothing or not the right thing, the most frequent first."""
        with self._opened() as store:
            rows = store.execute(
                "select question, outcome, verdict, count(*) as times from feedback"
                " where reviewed = 0 and question != ''"
                " and (refusal = 'no_evidence' or (outcome = 'answered' and verdict in ('wrong_source', 'incomplete')))"
                " group by question, outcome, verdict order by times desc, min(id)"
            ).fetchall()
        return tuple(Asked(*row) for row in rows)

    def reviewed(self, question: str) -> None:
        """Mark a question as looked at."""
        with self._opened() as store:
            store.execute("update feedback set reviewed = 1 where question = ?", (question,))

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            store = sqlite3.connect(self._path, timeout=5)
            try:
                with store:
                    store.execute(_TABLE)
                    yield store
            finally:
                store.close()
        except (sqlite3.Error, OSError) as error:
            cause = type(error).__name__
            raise FeedbackUnavailable(f"{self._path}: {cause}", path=str(self._path), cause=cause) from error
