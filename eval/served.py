"""A server to put under load: one of this machine that runs, or one started for it and stopped after."""

import contextlib
import ipaddress
import os
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path

from eval.errors import ServerUnreachable

WORK = Path("var/load")
START = 300.0
"""Seconds in which a server must be ready."""
STOP = 20.0
"""Seconds that it has to end."""
KEPT = frozenset({"DEONTO_ENCODER"})
"""Settings of the environment that the server is given: limits or keys would be measured with it."""


@contextmanager
def served(index: Path | None, workers: int) -> Iterator[tuple[str, int]]:
    """Start a server for this run and give its address and process; its log is ``var/load/server.log``."""
    WORK.mkdir(parents=True, exist_ok=True)
    environment = {name: value for name, value in os.environ.items() if name in KEPT or not name.startswith("DEONTO_")}
    with (WORK / "server.log").open("wb") as log:
        if index is None:
            index = WORK / "index"
            build = [sys.executable, "-m", "assistant", "index", "build", "--output", str(index)]
            if subprocess.run(build, stdout=log, check=False).returncode:  # noqa: S603
                raise SystemExit(1)  # it has said why
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [sys.executable, "-m", "assistant", "serve", "--index", str(index), "--port", str(port)]
        command += ["--workers", str(workers)] if workers > 1 else []
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)  # noqa: S603
        try:
            url = f"http://127.0.0.1:{port}"
            wait_until_ready(url, START, server)
            yield url, server.pid
        finally:
            server.terminate()
            try:
                server.wait(STOP)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def wait_until_ready(url: str, seconds: float, server: "subprocess.Popen[bytes] | None" = None) -> None:
    """Wait for ``/health/ready`` of a server of this machine.

    Raises
    ------
    ServerUnreachable
        Another machine's, which nobody should put under load from afar; not ready in time; or it has ended.

    """
    parts = urllib.parse.urlsplit(url)
    if parts.scheme not in {"http", "https"} or not _is_here(parts.hostname or ""):
        raise ServerUnreachable("not a server of this machine", url=url)
    until = time.monotonic() + seconds
    while True:
        with contextlib.suppress(OSError, HTTPException), urllib.request.urlopen(f"{url}/health/ready", timeout=5):  # noqa: S310
            return
        if time.monotonic() > until or (server is not None and server.poll() is not None):
            raise ServerUnreachable("the server is not ready", url=url)
        time.sleep(0.2)


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
