"""A circuit breaker: a model that keeps failing is left alone for a while, so that nobody waits for it."""

import threading
import time
from collections.abc import Callable
from typing import Literal

ModelState = Literal["off", "configured", "failing"]

FAILURES = 3
"""Failures in a row after which the circuit opens."""
REST = 60.0
"""Seconds it stays open; then one question may try the model again."""


class Breaker:
    """Counts failures in a row; safe to share between threads (Nygard, "Release It!", 2nd ed., chapter 5)."""

    def __init__(
        self, failures: int = FAILURES, rest: float = REST, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most, self._rest, self._clock = failures, rest, clock
        self._lock = threading.Lock()
        self._failed = 0
        self._until = 0.0

    @property
    def is_open(self) -> bool:
        """Whether the model has failed too often, and has not succeeded since."""
        with self._lock:
            return self._failed >= self._most

    def allows(self) -> bool:
        """Tell whether the model may be called now; after a rest, one caller at a time is let through."""
        with self._lock:
            if self._failed < self._most:
                return True
            now = self._clock()
            if now < self._until:
                return False
            self._until = now + self._rest  # whoever asks next waits for this trial's outcome
            return True

    def succeeded(self) -> None:
        """Close the circuit."""
        with self._lock:
            self._failed = 0

    def failed(self) -> None:
        """Count a failure, and open the circuit at the last one allowed."""
        with self._lock:
            self._failed += 1
            if self._failed >= self._most:
                self._until = self._clock() + self._rest
