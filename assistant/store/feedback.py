"""Readers' verdicts, kept only where the operator names a place for them, redacted; conversations only if asked too."""

import datetime
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Literal, get_args

from assistant.models import Answer
from assistant.privacy import redact
from assistant.store.conversations import Conversations
from assistant.store.retention import DAYS
from assistant.store.telling import Tell, tell

Verdict = Literal["helpful", "wrong_source", "incomplete", "not_my_situation"]
VERDICTS: tuple[str, ...] = get_args(Verdict)
LONGEST_COMMENT = 2_000
REMEMBERED = 1_000
"""Answers whose question a verdict can still be tied to; older ones are forgotten."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A real question to look at again: refused for want of evidence, or whose answer a reader found wanting."""

    question: str
    outcome: str
    verdict: str
    times: int


class FeedbackStore:
    """Verdicts, and conversations where the operator keeps them, in one place that several processes may share.

    Without conversations a verdict is tied to its question by the memory of the process that answered: with several
    workers, a verdict that reaches another one is kept without its question. With conversations the store itself
    knows, whichever worker answered.

    Parameters
    ----------
    address
        A file path, or the address of a SQLite file or PostgreSQL database; see ``assistant.store.storage``.
    conversations
        Whether questions and answers are kept too.
    retention
        Days that a row is kept, for ``assistant.store.retention``.
    tell
        Takes what the operator must know.

    Raises
    ------
    InvalidSetting
        From the constructor: the address is not one of a store.
    FeedbackUnavailable
        From every method but ``remember`` and ``close``: the store cannot be read or written.

    """

    def __init__(
        self, address: str | Path, *, conversations: bool = False, retention: int = DAYS, tell: Tell = tell
    ) -> None:
        from assistant.store.records import Records  # SQLAlchemy takes half a second: only where something is kept

        self.records = Records(address)
        self.retention = retention
        self.tell = tell
        self.conversations = Conversations(self.records, tell) if conversations else None
        self._answers: OrderedDict[str, tuple[str, str, str]] = OrderedDict()
        self._lock = Lock()

    def remember(self, answer: Answer, conversation: str = "") -> None:
        """Keep what a verdict on this answer will be stored with: in memory, or in the store with conversations.

        Never raises and never waits for the store: an answer does not depend on it.
        """
        if self.conversations:
            self.conversations.keep(answer, conversation)
            return
        # Redacted already; but pieces of a number from two turns may meet in a standalone question.
        question = redact(answer.standalone_question).text
        with self._lock:
            self._answers[answer.id] = (question, answer.outcome, answer.reason or "")
            while len(self._answers) > REMEMBERED:
                self._answers.popitem(last=False)

    def add(self, answer_id: str, verdict: Verdict, reason: str = "", comment: str = "") -> None:
        """Store a verdict, its words redacted, with the question where the answer is still known."""
        asked = self.conversations.asked(answer_id) if self.conversations else self._remembered(answer_id)
        # Whoever sends a verdict chooses all its words, the identifier's too unless it is one we gave.
        known = answer_id if asked else redact(answer_id).text[:LONGEST_COMMENT]
        said, more = (redact(text).text[:LONGEST_COMMENT] for text in (reason, comment))
        question, outcome, refusal = asked or ("", "", "")
        self.records.add_verdict(
            {
                "day": datetime.datetime.now(tz=datetime.UTC).date().isoformat(),
                "answer_id": known,
                "verdict": verdict,
                "reason": said,
                "comment": more,
                "question": question,
                "outcome": outcome,
                "refusal": refusal,
            }
        )

    def to_review(self) -> tuple[Asked, ...]:
        """Return the questions that found nothing or not the right thing, the most frequent first."""
        return tuple(Asked(*row) for row in self.records.to_review())

    def reviewed(self, question: str) -> None:
        """Mark a question as looked at."""
        self.records.reviewed(question)

    def close(self) -> None:
        """Write the conversations that wait."""
        if self.conversations:
            self.conversations.close()

    def _remembered(self, answer_id: str) -> tuple[str, str, str] | None:
        with self._lock:
            return self._answers.get(answer_id)
