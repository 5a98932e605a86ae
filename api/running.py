"""What lives as long as the server: the watch over its index, the word that it stops, and a quiet event loop."""

import asyncio
import errno
import logging
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI

from api.logs import say
from api.stopping import Stopping

logger = logging.getLogger("api")

RETRY = 5.0
"""Seconds before a worker whose index cannot be opened ends, to be started again."""
QUIET = 10.0
"""Seconds in which the event loop says the same thing once."""


@asynccontextmanager
async def running(app: FastAPI) -> AsyncIterator[dict[str, Any]]:
    """Start and end what goes with the server; every request's state holds what is yielded."""
    asyncio.get_running_loop().set_exception_handler(_Reports())
    reloader = app.state.reloader
    if reloader is not None:
        reloader.start(app.state)
    try:
        yield {"stopping": Stopping()}
    finally:
        if reloader is not None:
            reloader.stop()


class _Reports:
    """Logs what goes wrong in the event loop itself, without the text or the traceback, which may hold anything.

    Out of descriptors, the loop fails a hundred times at once, and again every second.
    """

    def __init__(self) -> None:
        self._last: dict[tuple[str, str], float] = {}

    def __call__(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Log one line, unless it was said already."""
        error = context.get("exception")
        what = type(error).__name__
        if isinstance(error, OSError) and error.errno:
            what += f" {errno.errorcode.get(error.errno, error.errno)}"
        said = str(context.get("message", "")).partition(":")[0], what
        now = time.monotonic()
        if now - self._last.get(said, -QUIET) >= QUIET:
            self._last[said] = now
            say(logger, logging.ERROR, "event_loop", said=said[0], type=said[1])


def follow_parent() -> None:
    """End this worker when the process that supervises it is gone: it would keep the port for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent,), name="parent", daemon=True).start()


def _follow(parent: Any) -> None:  # noqa: ANN401 - a class that multiprocessing does not name
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
