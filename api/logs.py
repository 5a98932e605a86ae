"""Logs: one JSON object a line on the standard error stream, and never a user's word in it.

A line holds ``time`` (UTC, ISO 8601), ``level``, ``log`` (the logger), ``event``, ``request_id`` where a request is
being served, and facts: numbers, codes of ours, names of routes. Our modules write lines by ``say``; of any other
record, a library's or a forgotten one, only its place in the code is kept, for its text may repeat what was sent.

No question, answer, turn, query string, body, value of a header, text of an exception or address of a client is a fact.
"""

import logging
import sys
import threading
import traceback
import warnings
from collections.abc import Mapping, MutableMapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TextIO

Fact = str | int | float | bool | None | list[str] | Mapping[str, int] | Mapping[str, float]

OURS = ("api", "assistant", "deonto")
"""Loggers whose lines are kept from ``INFO`` on; others from ``WARNING`` on."""
SERVER = (
    "Invalid HTTP request received.",
    "Unsupported upgrade request.",
    "Exceeded concurrency limit",
    "ASGI callable returned without",
    "Exception in ASGI application",
    "Cancel %s running task(s), timeout graceful shutdown exceeded",
    "Application startup failed",
    "Application shutdown failed",
)
"""Beginnings of uvicorn's own texts, which hold nothing that was sent: only these are repeated."""
MOST_FRAMES = 6

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
"""Identifier of the request being served; threads that work for it inherit it."""

logger = logging.getLogger("api")


@dataclass(frozen=True, slots=True)
class Line:
    """What ``say`` hands to ``logging``; as text where nobody set up JSON."""

    event: str
    facts: Mapping[str, Fact]

    def __str__(self) -> str:
        return " ".join([self.event, *(f"{name}={value}" for name, value in self.facts.items())])


def say(to: logging.Logger, level: int, event: str, /, **facts: Fact) -> None:
    """Write one line; the caller answers for its facts, none of which may be a user's word."""
    current = request_id.get()
    given = {"request_id": current, **facts} if current and "request_id" not in facts else facts
    to.log(level, Line(event, given))


def place_of(error: BaseException) -> list[str]:
    """Return where an exception came from, innermost first: functions, files and lines, never their values."""
    error = first_of(error)
    frames = traceback.extract_tb(error.__traceback__)[-MOST_FRAMES:]
    return [f"{frame.name} ({frame.filename}:{frame.lineno})" for frame in reversed(frames)]


def first_of(error: BaseException) -> BaseException:
    """Return the first exception of a group of them, which says nothing itself; any other as it is."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def set_up(stream: TextIO | None = None) -> None:
    """Send every log of the process to a stream as JSON; once a process, by its entry point.

    Warnings, and exceptions that nobody caught, become lines too: Python would print their texts.

    Parameters
    ----------
    stream
        The standard error stream by default.

    """
    import structlog  # 0.2 s, only for a process that serves

    handler = logging.StreamHandler(stream or sys.stderr)
    stamp = structlog.processors.TimeStamper(fmt="iso", utc=True, key="time")
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[stamp],
            processors=[_only_facts, structlog.processors.JSONRenderer()],
            use_get_message=False,
        )
    )
    handler.set_name("deonto")
    root = logging.getLogger()
    for earlier in [known for known in root.handlers if known.get_name() == "deonto"]:
        root.removeHandler(earlier)
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(logging.INFO)
    # A line that cannot be written, on a full disk for one, would be printed with a traceback and its arguments.
    logging.raiseExceptions = False
    _catch_what_python_prints()


def _only_facts(_: object, __: str, row: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Return what is written of a record: the facts of a line of ours, the place in the code of any other."""
    record: logging.LogRecord = row["_record"]
    head = {"time": row["time"], "level": record.levelname.lower(), "log": record.name}
    # The formatter has replaced the message by its text, but not in the copy that it was given.
    line = record.msg
    if isinstance(line, Line):
        return {**head, "event": line.event, **line.facts}
    facts: dict[str, Any] = {"event": "library", "place": f"{record.module}:{record.lineno}"}
    if record.name.startswith("uvicorn") and isinstance(line, str) and line.startswith(SERVER):
        facts["said"] = line.strip()
    if row.get("exc_info") and isinstance(error := row["exc_info"][1], BaseException):
        facts |= {"type": type(first_of(error)).__name__, "where": place_of(error)}
    return {**head, **facts}


def _catch_what_python_prints() -> None:
    """Turn Python's own reports into lines; another tool's, once in place, is left alone."""
    if sys.excepthook is sys.__excepthook__:
        sys.excepthook = lambda kind, error, _: _uncaught(kind, error)
    if threading.excepthook is threading.__excepthook__:
        threading.excepthook = lambda given: _uncaught(given.exc_type, given.exc_value)
    if sys.unraisablehook is sys.__unraisablehook__:
        sys.unraisablehook = lambda given: _uncaught(given.exc_type, given.exc_value)
    warnings.showwarning = _warned


def _uncaught(kind: type[BaseException], error: BaseException | None) -> None:
    if not issubclass(kind, KeyboardInterrupt):
        known = {"type": type(first_of(error)).__name__, "where": place_of(error)} if error else {"type": kind.__name__}
        say(logger, logging.ERROR, "uncaught", **known)


def _warned(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    say(logger, logging.WARNING, "warning", type=category.__name__, where=[f"{filename}:{lineno}"])
