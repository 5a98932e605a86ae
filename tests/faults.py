"""A server of its own process, that tests hurt: small documents, limits of the system, signals, raw connections."""

import contextlib
import http.client
import json
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.opening import build
from indexes.encoder import DEFAULT
from indexes.manifest import Manifest

UP = 5.0
"""Seconds in which a service must answer again after a fault."""
START = 60.0
"""Seconds that a process may take to start on a busy machine."""
QUESTION = "Quand le cabinet ferme-t-il ses volets ?"
RULE = "Le cabinet ferme ses volets chaque soir, sauf en {month}."
CANARY = "zqxjvaubricourt"
"""A word that no log may hold; tests put it into what they ask."""


def write_documents(folder: Path, month: str = "juillet", extra: int = 0) -> Path:
    """Write documents made up for the tests, one of which answers ``QUESTION`` with a month."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "accueil.md").write_text(f"# Accueil\n\n## Volets\n\n{RULE.format(month=month)}\n", encoding="utf-8")
    (folder / "dossiers.md").write_text(
        "# Dossiers\n\n## Armoire\n\nUn dossier fermé se range dans une armoire ignifugée.\n", encoding="utf-8"
    )
    for n in range(extra):
        text = "\n\n".join(f"Le classeur numéro {n} tient la liste {k} des fournitures du cabinet." for k in range(40))
        (folder / f"annexe-{n}.md").write_text(f"# Annexe {n}\n\n{text}\n", encoding="utf-8")
    return folder


def build_small(path: Path, folder: Path, month: str = "juillet") -> Manifest:
    """Build an index of these documents at ``path`` with the shipped encoder, in this process."""
    return build([write_documents(folder, month)], path, DEFAULT, sheets=False)[1]


def eventually(check: Callable[[], Any], within: float = UP, every: float = 0.05) -> Any:
    """Return the first true thing that ``check`` gives, an error of a socket being none; fail when time is up."""
    until = time.monotonic() + within
    while True:
        with contextlib.suppress(OSError, http.client.HTTPException):
            if found := check():
                return found
        assert time.monotonic() < until, f"not within {within} s"
        time.sleep(every)


def environ(**more: object) -> dict[str, str]:
    """Return the environment of a process of ours: none of the developer's settings."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("DEONTO_")}
    return kept | {name: str(value) for name, value in more.items()}


def limited(**limits: int) -> Callable[[], None]:
    """Return what sets limits of the system (``FSIZE=…``, ``NOFILE=…``) in a process that is being started."""

    def limit() -> None:
        for name, most in limits.items():
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most))

    return limit


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@dataclass
class Stream:
    """An answer that is being streamed; ``names`` and ``events`` hold what has come."""

    response: http.client.HTTPResponse
    connection: http.client.HTTPConnection
    events: list[tuple[str, Any]] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.events]

    def until(self, name: str) -> Any:
        """Read up to an event of that name and return its data; fail where the stream ends before."""
        assert name in self.read(name), self.names
        return self.events[-1][1]

    def read(self, until: str = "") -> list[str]:
        """Read up to an event of that name, or to the end."""
        event = ""
        while line := self.response.readline():
            if line.startswith(b"event: "):
                event = line[7:].decode().strip()
            elif line.startswith(b"data: "):
                self.events.append((event, json.loads(line[6:])))
                if event == until:
                    break
        return self.names

    def close(self) -> None:
        self.response.close()
        self.connection.close()


class Served:
    """A running ``deonto serve``."""

    def __init__(self, process: "subprocess.Popen[str]", port: int) -> None:
        self.process, self.port = process, port
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        with self.process.stderr as written:
            for line in iter(written.readline, ""):
                self.lines.append(line)

    def connection(self, timeout: float = 15) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)

    def request(self, method: str, path: str, body: object = None, timeout: float = 15) -> tuple[int, Any]:
        """Return the status and the parsed body of one request on a connection of its own."""
        with contextlib.closing(self.connection(timeout)) as connection:
            sent = None if body is None else json.dumps(body)
            connection.request(method, path, sent, {"Content-Type": "application/json"} if sent else {})
            response = connection.getresponse()
            text = response.read().decode()
            assert "Traceback" not in text
            return response.status, json.loads(text) if "json" in response.getheader("Content-Type", "") else text

    def ask(self, question: str = QUESTION, timeout: float = 15) -> tuple[int, Any]:
        return self.request("POST", "/v1/answers", {"question": question}, timeout)

    def answers(self) -> bool:
        """Whether ``QUESTION`` is answered now."""
        status, answer = self.ask(timeout=UP)
        return status == 200 and answer["outcome"] == "answered"

    def ready(self) -> Any:
        status, body = self.request("GET", "/health/ready", timeout=UP)
        assert status == 200, body
        return body

    def send(self, verdict_on: str, comment: str) -> int:
        """Send a verdict; return the status."""
        body = {"answer_id": verdict_on, "verdict": "helpful", "comment": comment}
        return self.request("POST", "/v1/feedback", body)[0]

    def stream(self, question: str = QUESTION) -> Stream:
        connection = self.connection()
        connection.request(
            "POST", "/v1/answers/stream", json.dumps({"question": question}), {"Content-Type": "application/json"}
        )
        response = connection.getresponse()
        assert response.status == 200
        return Stream(response, connection)

    def threads(self) -> int:
        return len(list(Path(f"/proc/{self.process.pid}/task").iterdir()))

    def children(self) -> list[int]:
        """Return the workers: the processes started by this one that serve."""
        found = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [pid for pid in map(int, found) if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]

    def logged(self, event: str) -> list[dict[str, Any]]:
        """Return the lines of the log of one event."""
        rows = [json.loads(line) for line in list(self.lines) if line.startswith("{")]
        return [row for row in rows if row.get("event") == event]

    def stop(self, by: int = signal.SIGTERM) -> int:
        """Send a signal, wait for the end, and return the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(by)
        code = self.process.wait(START)
        self._reader.join(5)
        return code

    def check_log(self) -> None:
        """Fail where the standard error stream holds a traceback or a user's word."""
        said = "".join(self.lines)
        assert "Traceback" not in said, said
        assert CANARY not in said
        assert not re.search("volets", said)


def start(index: Path, *args: object, before: Callable[[], None] | None = None, **settings: object) -> Served:
    """Start a server on a free port and return at once."""
    port = free_port()
    command = [sys.executable, "-m", "api", "--port", str(port), "--index", str(index), *map(str, args)]
    process = subprocess.Popen(
        command,
        cwd=Path(__file__).parents[1],
        env=environ(**settings),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=before,
    )
    return Served(process, port)


@contextlib.contextmanager
def serving(
    index: Path, *args: object, before: Callable[[], None] | None = None, **settings: object
) -> Iterator[Served]:
    """Give a server that answers; at the end it is asked to stop, and must have kept quiet."""
    served = start(index, *args, before=before, **settings)
    try:
        eventually(lambda: served.process.poll() is not None or served.ready(), START)
        assert served.process.poll() is None, served.lines
        yield served
        code = served.stop()
        assert code == 0 or code == -signal.SIGKILL, served.lines
        served.check_log()
    finally:
        if served.process.poll() is None:
            served.stop(signal.SIGKILL)
