"""Listening: one port, one process or several, logs that never hold an address with a question in it."""

import errno
import math
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from api import logs
from api.connections import ARRIVALS, Connection, raise_limit
from api.stopping import GRACE, MARGIN

LONGEST_HEAD = 32_768  # bytes of a request before its body; a search of 2000 accented letters takes 12,000
KEPT = 30
"""Seconds that a connection without a request is kept: longer than clients keep theirs (5 s, often), or one of them
sends its next question just as the server hangs up."""


class PortUnusable(Exception):
    """The address cannot be listened on; ``in_use`` says whether another program already does."""

    def __init__(self, host: str, port: int, *, in_use: bool) -> None:
        super().__init__(f"cannot listen on {host}:{port}: {'in use' if in_use else 'refused'}; give another --port")
        self.host = host
        self.port = port
        self.in_use = in_use


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """The address to open in a browser."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    def bind(self) -> socket.socket:
        """Take the port before anything slow begins.

        Raises
        ------
        PortUnusable
            Another program has it, or the system refuses it.

        """
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        # Of the protocol by name: asyncio sends at once (TCP_NODELAY) only what it knows to be TCP, else an answer's
        # second packet waits 40 ms for the client's acknowledgement of the first.
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        if sys.platform != "win32":  # there it would let two programs share the port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((self.host, self.port))
        except OSError as error:
            listener.close()
            raise PortUnusable(self.host, self.port, in_use=error.errno == errno.EADDRINUSE) from error
        listener.set_inheritable(True)
        return listener


def set_up_logging() -> None:
    """Send logs to the standard error stream, as JSON; see ``api.logs``."""
    logs.set_up()


def run(app: FastAPI | str, listener: socket.socket, *, workers: int = 1) -> None:
    """Serve until interrupted; ``app`` is the import string of a factory when there are several workers.

    Asked to stop, it takes no new connection and gives the answers in progress ``GRACE`` seconds.
    """
    raise_limit()
    config = uvicorn.Config(
        app,
        factory=isinstance(app, str),
        workers=workers,
        http=Connection,
        backlog=ARRIVALS,
        log_config=None,
        log_level="warning",
        access_log=False,  # uvicorn writes whole addresses, and an address may hold a question
        server_header=False,
        proxy_headers=False,  # api.app believes those of DEONTO_PROXIES; uvicorn would believe any program here
        ws="none",
        h11_max_incomplete_event_size=LONGEST_HEAD,
        timeout_keep_alive=KEPT,
        timeout_graceful_shutdown=math.ceil(GRACE + 2 * MARGIN),
    )
    with on_termination(lambda *_: None):  # uvicorn passes the signal on once it has stopped, and the exit code is 0
        if workers > 1:
            Supervisor(config, sockets=[listener]).run()
        else:
            uvicorn.Server(config).run(sockets=[listener])


class Supervisor(Multiprocess):
    """Starts the workers, and starts again one that dies."""

    def terminate_all(self) -> None:
        """Stop the workers; nobody is left to serve a connection that would come now."""
        for listener in self.sockets:
            listener.close()
        super().terminate_all()


@contextmanager
def on_termination(then: Callable[..., object] = lambda *_: sys.exit(0)) -> Iterator[None]:
    """Do this when the process is asked to end; by default it does, with exit code 0."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, then)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
