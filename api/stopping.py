"""When the server ends: how long what it is doing may still take."""

import math
import time

from fastapi import HTTPException

GRACE = 5.0
"""Seconds that answers in progress are given when the server stops."""
MARGIN = 1.0
"""Seconds more before a connection that does not take what it is sent is cut."""


class Stopping:
    """Tells the answers in progress when to end; one a server, in the state of each request."""

    def __init__(self) -> None:
        self._until = math.inf

    def begin(self, grace: float = GRACE) -> None:
        """Start counting; only the first call does."""
        if math.isinf(self._until):
            self._until = time.monotonic() + grace

    @property
    def is_over(self) -> bool:
        """Whether the time that was left has passed."""
        return time.monotonic() > self._until


NEVER = Stopping()
"""For an application that no server of ours runs."""


class Stopped(HTTPException):
    """The server stops, and an answer was not ready in the time that was left: 503."""

    def __init__(self) -> None:
        super().__init__(503)
