"""Questions and answers on their way to the store: one thread writes them, no answer waits for it or fails by it."""

import contextlib
import datetime
import logging
import re
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLong
from threading import Lock
from typing import TYPE_CHECKING, Any

from assistant.errors import FeedbackUnavailable
from assistant.models import Answer
from assistant.privacy import redact
from assistant.store.telling import Tell, tell

if TYPE_CHECKING:
    from assistant.store.records import Records

WAITING = 1_000
"""Conversations that may wait for a slow store; those above are not kept."""
_RANDOM = re.compile("(?=.*[a-f])[0-9a-f-]{16,64}", re.IGNORECASE)


class Conversations:
    """Keeps questions and answers, redacted once more. What the store refuses is lost, and said once, without words."""

    def __init__(self, records: "Records", tell: Tell = tell) -> None:
        self._records, self._tell = records, tell
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="conversations")
        self._lock = Lock()
        self._queue: deque[tuple[Answer, str]] = deque()
        self._lost = 0
        self._is_failing = False
        self._is_closing = False

    def keep(self, answer: Answer, conversation: str = "") -> None:
        """Have an answer written, soon; never raises, never waits."""
        with self._lock:
            self._is_closing = False
            if len(self._queue) >= WAITING:
                self._lost += 1
                return
            self._queue.append((answer, conversation))
        with contextlib.suppress(RuntimeError):  # the interpreter is ending
            self._writer.submit(self._write)

    def asked(self, answer_id: str) -> tuple[str, str, str] | None:
        """Return the question, outcome and reason of an answer, whichever process gave it; None where it is not kept.

        Raises
        ------
        FeedbackUnavailable
            The store cannot be read.

        """
        with self._lock:
            pending = next((answer for answer, _ in reversed(self._queue) if answer.id == answer_id), None)
        if pending:
            return redact(pending.standalone_question).text, pending.outcome, pending.reason or ""
        return self._records.asked(answer_id)

    def flush(self, seconds: float) -> bool:
        """Wait until what was given so far is written; return whether it was in time."""
        try:
            self._writer.submit(int).result(seconds)
        except (TooLong, RuntimeError):
            return False
        return True

    def close(self, seconds: float = 3.0) -> None:
        """Write what waits, then give up on what a store that does not answer left."""
        self._is_closing = not self.flush(seconds)
        if self._is_closing:
            self._tell(logging.ERROR, "conversations_lost", lost=len(self._queue))

    def _write(self) -> None:
        """Write what waits in one transaction: a store that falls behind then catches up."""
        with self._lock:
            batch = list(self._queue)
        if not batch:
            return
        lost = 0
        try:
            if not self._is_closing:
                self._records.add_conversations([_row(*waiting) for waiting in batch])
        except Exception as error:  # whatever it is, the answers were given, and the thread goes on
            lost = len(batch)
            if not self._is_failing:
                cause = error.values["cause"] if isinstance(error, FeedbackUnavailable) else type(error).__name__
                self._tell(logging.ERROR, "conversations_not_stored", cause=str(cause))
        with self._lock:
            for _ in batch:
                self._queue.popleft()
            self._lost += lost
            self._is_failing = bool(lost)
            missed = 0 if lost else self._lost
            self._lost -= missed
        if missed:
            self._tell(logging.WARNING, "conversations_stored_again", lost=missed)


def _row(answer: Answer, conversation: str) -> dict[str, Any]:
    """Return the row of an answer. Identifiers that we made, and those of the corpus, are nobody's words."""
    # Redacted already; but pieces of a number from two turns may meet in a standalone question.
    question, text = (redact(said).text for said in (answer.standalone_question, answer.answer))
    return {
        "day": datetime.datetime.now(tz=datetime.UTC).date().isoformat(),
        "answer_id": answer.id,
        "conversation": _random(conversation),
        "question": question,
        "outcome": answer.outcome,
        "reason": answer.reason or "",
        "answer": text,
        "passages": list(dict.fromkeys(citation.passage_id for citation in answer.citations)),
    }


def _random(conversation: str) -> str:
    """Return a conversation's identifier if it looks drawn at random, "" otherwise: a caller may write a name there."""
    return conversation if _RANDOM.fullmatch(conversation) and not redact(conversation).redactions else ""
