"""Connections: silent ones give way to new ones, and all of them are told when the server stops."""

import asyncio
import contextlib
import sys
from functools import cache
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

from api.stopping import GRACE, MARGIN, Stopping

SILENCE = 30.0
"""Seconds that a new connection may take to send a first request's headers."""
ARRIVALS = 100
"""Connections that the event loop takes in at once, and that wait to be: it looks at none of them before the last."""
MOST_DESCRIPTORS = 8_192
FEWEST, MOST = 16, 2_048
"""Connections that are let in however few descriptors there are, and however many."""


def raise_limit() -> None:
    """Let this process, and those it starts, open as many files as the system allows."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, MOST_DESCRIPTORS)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):  # some systems allow less than they say
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


@cache
def most_connections() -> int:
    """Return how many connections are let in: one for two files that this process may open.

    The other half is for files, the store, the language model, and connections that arrive all at once.
    """
    if sys.platform == "win32":
        return MOST
    import resource

    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MOST if soft == resource.RLIM_INFINITY else min(MOST, max(FEWEST, soft // 2))


class Connection(H11Protocol):
    """One connection of a client."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - those of uvicorn
        super().__init__(*args, **kwargs)
        self._timers: list[asyncio.TimerHandle] = []

    @property
    def _is_idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Let a connection in; where there are too many, the one that has been silent for longest gives way."""
        self._since = self.loop.time()
        super().connection_made(transport)
        if len(self.connections) > most_connections():
            # Those that were cut are still counted until the event loop comes to them.
            here = [c for c in self.connections if isinstance(c, Connection) and not c.transport.is_closing()]
            if len(here) > most_connections():
                idle = [connection for connection in here if connection._is_idle]
                min(idle, key=lambda connection: connection._since, default=self).transport.abort()
        self._timers.append(self.loop.call_later(SILENCE, self._cut_silent))

    def on_response_complete(self) -> None:
        """Note when the connection fell silent."""
        self._since = self.loop.time()
        super().on_response_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the timers."""
        for timer in self._timers:
            timer.cancel()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """Tell the answer in progress that the server stops, and cut the connection if it does not take the end."""
        stopping = self.app_state.get("stopping")
        if isinstance(stopping, Stopping):
            stopping.begin()
        self._timers.append(self.loop.call_later(GRACE + MARGIN, self.transport.abort))
        super().shutdown()

    def _cut_silent(self) -> None:
        if self._is_idle and self.loop.time() - self._since >= SILENCE:
            self.transport.abort()
