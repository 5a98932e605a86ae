"""What is known of one HTTP exchange: counts, codes and milliseconds, for one log line and for the figures."""

import logging
from collections import Counter
from contextvars import ContextVar
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING, Any

from starlette.datastructures import Headers
from starlette.types import Message, Scope

from api import logs
from api.logs import Fact
from assistant.messages import message
from assistant.models import Answer

if TYPE_CHECKING:
    from api.metrics import Metrics

METHODS = frozenset("GET HEAD POST PUT PATCH DELETE OPTIONS".split())
STATIC = "/static"
OTHER = "-"
"""A route that we do not have, a method that nobody uses: never what was sent."""

logger = logging.getLogger("api.access")

_current: ContextVar["Exchange | None"] = ContextVar("exchange", default=None)


@dataclass(slots=True)
class Exchange:
    """One request and its response, from the first byte to the last; what serves it adds to it.

    Attributes
    ----------
    answers
        The answers that were given, one as a rule.
    failure
        Code of the error of ours that ended it, "" when none did.
    events
        Security events that were audited on the way.
    streams
        Whether the response is a stream of events.

    """

    scope: Scope
    started_at: float = field(default_factory=perf_counter)
    status: int = 0
    sent: int = 0
    streams: bool = False
    failure: str = ""
    answers: list[Answer] = field(default_factory=list)
    events: list[str] = field(default_factory=list)

    @classmethod
    def begin(cls, scope: Scope, request_id: str) -> "Exchange":
        """Begin an exchange, ``current`` until it ends for its task and for the threads that work for it."""
        exchange = cls(scope)
        _current.set(exchange)
        logs.request_id.set(request_id)
        return exchange

    @property
    def route(self) -> str:
        """The template of the route, never the address, which may hold a question."""
        other = STATIC if str(self.scope["path"]).startswith(f"{STATIC}/") else OTHER  # files are served by no route
        return str(getattr(self.scope.get("route"), "path", other))

    @property
    def method(self) -> str:
        """The method, where it is one that somebody uses."""
        method = str(self.scope["method"])
        return method if method in METHODS else OTHER

    def sends(self, part: Message) -> None:
        """Take note of a part of the response."""
        if part["type"] == "http.response.start":
            self.status = part["status"]
            self.streams = Headers(raw=part["headers"]).get("content-type", "").startswith("text/event-stream")
            if self.streams and (metrics := self._metrics()):
                metrics.streams.inc()
        else:
            self.sent += len(part.get("body", b""))

    def end(self) -> None:
        """Write the line, count the figures."""
        seconds = perf_counter() - self.started_at
        facts: dict[str, Fact] = {"method": self.method, "route": self.route, "status": self.status}
        facts |= {"ms": round(seconds * 1000, 1), "bytes": self.sent}
        if self.failure:
            facts["failure"] = self.failure
        for answer in self.answers:
            facts |= facts_of(answer)
        logs.say(logger, logging.INFO, "request", **facts)
        if metrics := self._metrics():
            metrics.count(self, seconds)
        _current.set(None)
        logs.request_id.set(None)

    def _metrics(self) -> "Metrics | None":
        state: Any = self.scope["app"].state
        return getattr(state, "metrics", None)


def current() -> Exchange | None:
    """Return the exchange that this code serves, None outside of one."""
    return _current.get()


def facts_of(answer: Answer) -> dict[str, Fact]:
    """Return what a log may hold of an answer."""
    return {
        "outcome": answer.outcome,
        "reason": answer.reason,
        "confidence": round(answer.confidence, 2),
        "passages": len(answer.passages),
        "citations": len(answer.citations),
        "redactions": redactions_of(answer),
        "timings_ms": answer.timings_ms,
        "draft": draft_of(answer),
    }


def redactions_of(answer: Answer) -> dict[str, int]:
    """Count what was hidden in a question, by kind."""
    return dict(Counter(redaction.kind for redaction in answer.redactions))


def draft_of(answer: Answer) -> str | None:
    """Say what came of a draft: ``kept``, ``unsupported``, ``cut``, ``unavailable``; None where there was none."""
    if answer.drafting is None:
        return None
    notices = {message(f"model.{word}"): word for word in ("unsupported", "cut", "unavailable")}
    return notices.get(answer.notice or "", "kept")
