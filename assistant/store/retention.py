"""Erasing what was kept longer than its period: at the start of a server, then once a day, and by command."""

import datetime
import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.errors import FeedbackUnavailable
from assistant.store.telling import Tell, tell

if TYPE_CHECKING:
    from assistant.store.records import Records, Rows

DAYS = 180
"""Days that a row is kept by default: the six months at which the CNIL's range for logs (2021) begins."""
EVERY = 600.0
"""Seconds between two looks at the calendar; after a failure, between two trials."""


def today() -> datetime.date:
    """Return the day in UTC, as rows have it."""
    return datetime.datetime.now(tz=datetime.UTC).date()


def purge(records: "Records", days: int, day: datetime.date) -> "Rows":
    """Erase the rows that are ``days`` days old or older on a day; return how many there were.

    A row knows its day alone: counted so, none is kept longer than ``days`` times 24 hours and the rest of a day.

    Raises
    ------
    FeedbackUnavailable
        The store cannot be written; what was to be erased is still there.

    """
    return records.erase(before=(day - datetime.timedelta(days=days - 1)).isoformat())


class Retention:
    """The job of a server: a thread that purges once each day. A store that fails is tried again, and said once a day.

    Parameters
    ----------
    records
        What is purged.
    days
        Days that a row is kept.
    clock
        Gives the day.
    every
        Seconds between two looks at the clock.
    tell
        Takes what the operator must know.

    """

    def __init__(
        self,
        records: "Records",
        days: int,
        *,
        clock: Callable[[], datetime.date] = today,
        every: float = EVERY,
        tell: Tell = tell,
    ) -> None:
        self._records, self._days, self._clock, self._every, self._tell = records, days, clock, every, tell
        self._stopped = threading.Event()
        self._purged: datetime.date | None = None
        self._said: datetime.date | None = None
        # A daemon: a store that does not answer must not hold back the end of the server.
        self._thread = threading.Thread(target=self._run, name="retention", daemon=True)

    def start(self) -> None:
        """Purge now, then each day, in a thread."""
        self._thread.start()

    def stop(self, seconds: float = 2.0) -> None:
        """End the thread; a purge that lasts longer than this is left to end by itself, or with the process."""
        self._stopped.set()
        self._thread.join(seconds)

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._look()
            self._stopped.wait(self._every)

    def _look(self) -> None:
        day = self._clock()
        if day == self._purged:
            return
        try:
            erased = purge(self._records, self._days, day)
        except Exception as error:  # whatever it is, the server goes on and the next look tries again
            if day != self._said:
                cause = error.values["cause"] if isinstance(error, FeedbackUnavailable) else type(error).__name__
                self._tell(logging.ERROR, "retention_failed", cause=str(cause))
            self._said = day
        else:
            self._purged = day
            if erased.total:
                self._tell(logging.INFO, "retention", feedback=erased.feedback, conversations=erased.conversations)
