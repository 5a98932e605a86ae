"""An assistant whose answers leave counts behind: for the log, the figures and the audit."""

import logging
from collections import Counter
from collections.abc import Iterator, Sequence

from api.audit import audit
from api.exchange import current, draft_of, redactions_of
from api.logs import say
from api.protocols import Assistant, Library
from assistant.breaker import ModelState
from assistant.explaining import Explanation
from assistant.models import Answer, Done, Event, Filters, RetrievedPassage
from assistant.research.researcher import Researcher

TOLD: Counter[str] = Counter()
"""What the store of verdicts and conversations told of itself, counted by event since the process began."""

logger = logging.getLogger("deonto.store")


class Observed:
    """Passes everything on to an assistant, and takes note of each answer it finishes."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    @property
    def library(self) -> Library:
        """What the answers quote."""
        return self._assistant.library

    @property
    def fingerprint(self) -> str:
        """Fingerprint of the loaded index."""
        return self._assistant.fingerprint

    @property
    def built_at(self) -> str:
        """When the loaded index was built."""
        return self._assistant.built_at

    @property
    def model(self) -> ModelState:
        """What is known of the language model."""
        return self._assistant.model

    def answer(self, question: str, *, turns: Sequence[str] = (), filters: Filters | None = None) -> Answer:
        """Answer one question."""
        given = self._assistant.answer(question, turns=turns, filters=filters)
        take_note(given)
        return given

    def stream(
        self, question: str, *, turns: Sequence[str] = (), filters: Filters | None = None, answer_id: str | None = None
    ) -> Iterator[Event]:
        """Answer one question step by step; closing this closes the assistant's own stream."""
        events = self._assistant.stream(question, turns=turns, filters=filters, answer_id=answer_id)
        try:
            for event in events:
                if isinstance(event, Done):
                    take_note(event.answer)
                yield event
        finally:
            close = getattr(events, "close", None)
            if close is not None:
                close()

    def explain(self, answer: Answer, *, turns: Sequence[str] = (), filters: Filters | None = None) -> Explanation:
        """Say what stands behind an answer."""
        return self._assistant.explain(answer, turns=turns, filters=filters)

    def search(self, query: str, *, filters: Filters | None = None, k: int = 10) -> tuple[RetrievedPassage, ...]:
        """Return ranked passages."""
        return self._assistant.search(query, filters=filters, k=k)

    @property
    def research(self) -> Researcher:
        """What council lawyers ask of the index."""
        return self._assistant.research


def told(level: int, event: str, /, **facts: str | int) -> None:
    """Log and count what the store says; that rows were erased after their time is an event of the audit."""
    TOLD[event] += 1
    if event == "retention":
        audit("store_purged", rows=sum(number for number in facts.values() if isinstance(number, int)))
    else:
        say(logger, level, event, **facts)


def take_note(answer: Answer) -> None:
    """Add an answer to the exchange that it was given in, and audit what was hidden or went wrong."""
    exchange = current()
    if exchange is not None:
        exchange.answers.append(answer)
    if hidden := redactions_of(answer):
        audit("redacted", **hidden)
    if (draft := draft_of(answer)) in {"cut", "unavailable"}:
        audit("model_failed", reason=str(draft))
    if answer.drafting is not None and answer.drafting.dropped:
        audit("model_sentence_dropped", count=sum(answer.drafting.dropped.values()), kept=answer.drafting.kept)
