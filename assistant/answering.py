"""The assistant: a question in, events out, the last of which is the whole answer."""

import re
import secrets
import time
from collections.abc import Iterator, Sequence

from assistant.citing import cite, retrieved
from assistant.composing import compose
from assistant.explaining import Explanation, explain
from assistant.messages import message
from assistant.models import (
    Answer,
    Citation,
    Citations,
    Done,
    Event,
    Filters,
    Outcome,
    Passages,
    Reason,
    RetrievedPassage,
    Status,
    Token,
)
from assistant.privacy import redact
from assistant.refusal import judge
from assistant.relevance import relevance_of
from assistant.retrieval import RETRIEVERS, Retrieval
from assistant.understanding import understand
from indexes.persistence import Index

LONGEST_QUESTION = 4_000
"""Characters of a question."""
MOST_PASSAGES = 10
MOST_FOUND = 50

_PIECE = re.compile(r"\S+\s*|\s+")


class Assistant:
    """Answers from one loaded index. Holds no state between questions and may serve several threads at once."""

    def __init__(self, index: Index, retrievers: Sequence[str] = RETRIEVERS) -> None:
        self.index = index
        self._retrieval = Retrieval(index, retrievers)
        self.library = index.library
        self.fingerprint = index.manifest.fingerprint

    def answer(
        self, question: str, *, turns: Sequence[str] = (), filters: Filters | None = None, answer_id: str | None = None
    ) -> Answer:
        """Return the whole answer to a question; see ``stream``."""
        events = tuple(self.stream(question, turns=turns, filters=filters, answer_id=answer_id))
        done = events[-1]
        if not isinstance(done, Done):
            raise TypeError("the last event of a stream must be Done")
        return done.answer

    def stream(
        self, question: str, *, turns: Sequence[str] = (), filters: Filters | None = None, answer_id: str | None = None
    ) -> Iterator[Event]:
        """Yield the events of an answer: statuses, passages, tokens, citations, and the whole answer last.

        Parameters
        ----------
        question
            As typed; identifying data is replaced first, and only the redacted text goes further.
        turns
            Earlier messages of the user, oldest first.
        filters
            Restrictions on the passages searched.
        answer_id
            Identifier to give the answer; a random one by default.

        """
        clock = _Clock()
        answer_id = answer_id or secrets.token_hex(8)
        if len(question) > LONGEST_QUESTION:
            yield from _refused(answer_id, "", "too_long", clock)
            return
        yield Status("privacy", message("status.privacy"))
        redacted = redact(question)
        earlier = [redact(turn).text[:LONGEST_QUESTION] for turn in turns]
        clock.lap("privacy")
        if not any(c.isalnum() for c in redacted.text):
            yield from _refused(answer_id, redacted.text, "empty", clock)
            return
        understanding = understand(redacted.text, earlier)
        yield Status("retrieve", message("status.retrieve", documents=len(self.library.documents)))
        evidence = self._retrieval.find(understanding, filters=filters, k=MOST_PASSAGES)
        passages = retrieved(evidence, self.library)
        yield Passages(passages)
        clock.lap("retrieve")
        yield Status("answer", message("status.answer", passages=len(passages)))
        judgement = judge(understanding, evidence, self.index)
        citations: tuple[Citation, ...] = ()
        text = ""
        if judgement.answers:
            relevance = relevance_of(understanding.standalone, self.index)
            text, citations = cite(compose(evidence, relevance, self.library), self.library)
        outcome: Outcome = "answered" if citations else "refused"
        reason: Reason | None = None if citations else judgement.reason
        text = text or message("answer.absent" if judgement.absent else f"refusals.{reason}")
        clock.lap("answer")
        for piece in _PIECE.findall(text):
            yield Token(piece)
        yield Citations(citations)
        yield Done(
            Answer(
                id=answer_id,
                question=redacted.text,
                standalone_question=understanding.standalone,
                outcome=outcome,
                reason=reason,
                answer=text,
                citations=citations,
                passages=passages,
                redactions=redacted.redactions,
                confidence=round(judgement.confidence, 4),
                timings_ms=clock.laps(),
            )
        )

    def explain(self, answer: Answer, *, filters: Filters | None = None) -> Explanation:
        """Return what stands behind an answer that was searched with these filters; see ``assistant.explaining``."""
        return explain(answer, self._retrieval, filters)

    def search(self, query: str, *, filters: Filters | None = None, k: int = 10) -> tuple[RetrievedPassage, ...]:
        """Return ranked passages for a lawyer's search; identifying data is replaced here too."""
        redacted = redact(query[:LONGEST_QUESTION]).text
        if not any(c.isalnum() for c in redacted):
            return ()
        evidence = self._retrieval.find(understand(redacted), filters=filters, k=max(1, min(k, MOST_FOUND)))
        return retrieved(evidence, self.library)


class _Clock:
    """Wall-clock milliseconds by stage; 0.0 for a stage that did not run."""

    def __init__(self) -> None:
        self._start = self._last = time.perf_counter()
        self._laps = dict.fromkeys(("privacy", "retrieve", "answer"), 0.0)

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self._laps[stage] = round((now - self._last) * 1000, 2)
        self._last = now

    def laps(self) -> dict[str, float]:
        return {"total": round((time.perf_counter() - self._start) * 1000, 2), **self._laps}


def _refused(answer_id: str, question: str, reason: Reason, clock: _Clock) -> Iterator[Event]:
    """Refuse before any search. A question that is too long is not given back."""
    text = message(f"refusals.{reason}", limit=LONGEST_QUESTION)
    yield Token(text)
    yield Citations(())
    yield Done(Answer(answer_id, question, question, "refused", reason, text, (), (), (), 0.0, clock.laps()))
