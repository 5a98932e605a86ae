"""Listening: one port, one process or several, logs that never hold an address with a question in it."""

import errno
import logging
import socket
import sys
from dataclasses import dataclass

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"
GRACE = 5  # seconds left to streams when the server stops


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
        listener = socket.socket(family, socket.SOCK_STREAM)
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
    """Send logs to the standard error stream."""
    logging.basicConfig(level=logging.INFO, format=LOG_FORMAT, stream=sys.stderr)


def run(app: FastAPI | str, listener: socket.socket, *, workers: int = 1) -> None:
    """Serve until interrupted; ``app`` is the import string of a factory when there are several workers."""
    config = uvicorn.Config(
        app,
        factory=isinstance(app, str),
        workers=workers,
        log_config=None,
        log_level="warning",
        access_log=False,  # uvicorn writes whole addresses, and an address may hold a question
        server_header=False,
        timeout_graceful_shutdown=GRACE,
    )
    if workers > 1:
        Multiprocess(config, sockets=[listener]).run()
    else:
        uvicorn.Server(config).run(sockets=[listener])
