"""A file on disk → its bytes, within a limit."""

from pathlib import Path
from stat import S_ISREG

from corpus.errors import UnreadableSource


def read_bytes(path: Path, max_bytes: int) -> bytes:
    """Return the bytes of a regular file; raise ``UnreadableSource`` for anything else or above the limit."""
    try:
        if not S_ISREG(path.stat().st_mode):  # a directory, or a pipe that would keep us waiting
            raise UnreadableSource(path.name, "unreadable")
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
    except ValueError as error:  # a NUL in the name
        raise UnreadableSource(path.name, "unreadable") from error
    if len(data) > max_bytes:
        raise UnreadableSource(path.name, "too_large")
    return data
