"""A new index is taken in while the server runs: opened beside the old one, tried, then put in its place."""

import datetime
import errno
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from starlette.datastructures import State

from api.audit import audit
from api.protocols import Assistant
from corpus.errors import DeontoError
from indexes.manifest import MANIFEST, corrupt, read_manifest

EVERY = 1.0
"""Seconds between two looks at the manifest."""
FIRST_WAIT, LONGEST_WAIT = 2.0, 30.0
"""Seconds before an index that was refused is tried again: its files may still be arriving. Twice as long each time."""
TRIAL = "secret médical"

Situation = Literal["current", "reloading", "refused"]


@dataclass(frozen=True, slots=True)
class IndexState:
    """Where the served index stands to the one on disk.

    ``current``: it is the one; ``reloading``: another is being opened; ``refused``: another cannot be used, ``code``
    says why, and the served one goes on. ``since`` is when that began, in UTC; None for ``current``.
    """

    state: Situation = "current"
    since: str | None = None
    code: str | None = None


class Reloader:
    """Watches an index from a thread of its own, and replaces ``state.assistant`` when it has changed.

    A request holds the assistant that it began with; the old one goes with the last request that does.

    Parameters
    ----------
    path
        Folder of the index.
    reopen
        Opens the index there, checking every file.
    every
        Seconds between two looks.

    """

    def __init__(self, path: Path, reopen: Callable[[], Assistant], every: float = EVERY) -> None:
        self._path, self._reopen, self._every = path, reopen, every
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._seen: object = ()
        self._again, self._wait = 0.0, FIRST_WAIT
        self.status = IndexState()

    def start(self, state: State) -> None:
        """Begin to watch."""
        self._thread = threading.Thread(target=self._watch, args=(state,), name="index", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop watching; an index that is being opened is not waited for."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=0.5)

    def _watch(self, state: State) -> None:
        while not self._stop.wait(self._every):
            self.look(state)

    def look(self, state: State) -> None:
        """Take in the index on disk if it is another than that of ``state.assistant``; raises nothing."""
        seen = self._signature()
        changed = seen != self._seen
        if not changed and (self.status.state != "refused" or time.monotonic() < self._again):
            return
        self._seen = seen
        try:
            began = time.monotonic()
            manifest = read_manifest(self._path)
            if manifest.fingerprint != state.assistant.fingerprint:
                if changed:
                    self.status = IndexState("reloading", _now())
                fresh = self._tried()
                state.assistant = fresh
                seconds = round(time.monotonic() - began, 3)
                counts = {"documents": manifest.documents, "passages": manifest.passages}
                audit("index_swapped", fingerprint=fresh.fingerprint, seconds=seconds, **counts)
            self.status = IndexState()
        except Exception as error:  # whatever is wrong with the new one, the old one goes on
            self._refuse(error, changed=changed)

    def _signature(self) -> object:
        try:
            manifest = (self._path / MANIFEST).stat()
        except OSError as error:
            return error.errno
        return manifest.st_mtime_ns, manifest.st_ino, manifest.st_size

    def _tried(self) -> Assistant:
        fresh = self._reopen()
        fresh.search(TRIAL, k=1)  # raises where something does not fit together
        if not fresh.library.documents:
            raise corrupt(self._path, MANIFEST)
        return fresh

    def _refuse(self, error: Exception, *, changed: bool) -> None:
        """Say it once an index and a reason; try again later, as its files may still be on their way."""
        code = _code_of(error)
        if changed or code != self.status.code:
            self._wait = FIRST_WAIT
            self.status = IndexState("refused", _now(), code)
            audit("index_refused", code=code)
        self._again = time.monotonic() + self._wait
        self._wait = min(2 * self._wait, LONGEST_WAIT)


def _code_of(error: Exception) -> str:
    if isinstance(error, DeontoError):
        return error.code
    if isinstance(error, OSError) and error.errno:
        return errno.errorcode.get(error.errno, "error")
    return "error"


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
