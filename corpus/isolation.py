"""A process of its own for the files that could harm: none of them takes all memory, all day, or the build with it.

Parsers of PDF and HTML can be led into hours of work, gigabytes of memory or a crash by a file of a few kilobytes. The
child process reads one file after the other under a limit of memory and, for each file, of time; when it dies, the file
is skipped with a reason and another child goes on. Short text files, whose readers take time in proportion to their
length, are read here, so that a folder of them starts no process.
"""

import json
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from corpus.errors import UnreadableSource

if TYPE_CHECKING:
    from corpus.loading import Loaded

# The same modules as here, wherever they came from, and never those of the working directory.
_CHILD: Final = "import json, sys; sys.path[:] = json.loads(sys.argv[2]); from corpus.isolation import serve; serve()"
_HARMLESS: Final = frozenset({".txt", ".text", ".md", ".markdown"})
_HARMLESS_SIZE: Final = 256 * 1024  # bytes
_REASONS: Final = {-signal.SIGKILL: "too_large"}  # by the system, which had no memory left
if hasattr(signal, "SIGALRM"):
    _REASONS[-signal.SIGALRM] = "too_slow"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may take: seconds, with as many again for each megabyte of it, and bytes of memory."""

    seconds: float = 60.0
    seconds_per_megabyte: float = 20.0
    memory: int = 3 * 1024**3

    def seconds_for(self, path: Path) -> float:
        """Return how long a file may take; a code of law of 5,000 pages takes minutes."""
        size = 0
        with suppress(OSError, ValueError):  # the reader says what is wrong with the file
            size = path.stat().st_size
        return self.seconds + self.seconds_per_megabyte * size / 1_000_000


class Isolation:
    """Loads files, each within its limits; a context, at the end of which no process is left."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._child: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stop()

    def load(self, path: Path, name: str) -> "Loaded":
        """Return the document of a file.

        Raises
        ------
        UnreadableSource
            With the reason of the reader, or ``too_slow``, ``too_large`` or ``damaged`` where it had to be stopped.

        """
        if _is_harmless(path):
            from corpus.loading import load_file

            return load_file(path, name)
        connection = self._connection or self._start()
        try:
            connection.send((str(path), name, self._limits.seconds_for(path)))
            found: Loaded | str = connection.recv()
        except MemoryError:  # ours
            found = "too_large"
        except (EOFError, OSError):
            found = _REASONS.get(self._stop(), "damaged")
        if isinstance(found, str):
            if found == "too_large":
                self._stop()  # what is left of its memory could be too little for the next file
            raise UnreadableSource(name, found)
        return found

    def _start(self) -> Connection:
        ours, theirs = Pipe()
        limits = [str(theirs.fileno()), json.dumps(sys.path), str(self._limits.memory)]
        self._child = subprocess.Popen(  # noqa: S603 - our own code, by our own interpreter
            [sys.executable, "-P", "-c", _CHILD, *limits],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
        )
        theirs.close()
        self._connection = ours
        return ours

    def _stop(self) -> int:
        """End the child; return how it ended, had it done so already."""
        if self._connection is not None:
            self._connection.close()
        code = 0
        if self._child is not None:
            with suppress(subprocess.TimeoutExpired):
                code = self._child.wait(timeout=1)
            self._child.kill()
            self._child.wait()
        self._connection = self._child = None
        return code


def _is_harmless(path: Path) -> bool:
    if not sys.executable or not hasattr(signal, "setitimer"):  # no child can be started, or none be stopped
        return True
    try:
        return path.suffix.lower() in _HARMLESS and path.stat().st_size <= _HARMLESS_SIZE
    except (OSError, ValueError):
        return True  # its reader says why it cannot be read


def serve() -> None:
    """Read the files that the parent names, until it goes; run in the child."""
    from corpus.loading import load_file

    connection = Connection(int(sys.argv[1]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the parent's to answer
    with suppress(ImportError, ValueError, OSError):  # systems that know no such limit
        import resource

        memory = int(sys.argv[3])
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    with suppress(EOFError, OSError):
        while True:
            path, name, seconds = connection.recv()
            signal.setitimer(signal.ITIMER_REAL, seconds)  # SIGALRM ends the process, whatever it is in the middle of
            try:
                connection.send(load_file(Path(path), name))
            except UnreadableSource as error:
                connection.send(error.reason)
            except MemoryError:
                connection.send("too_large")
            signal.setitimer(signal.ITIMER_REAL, 0)
