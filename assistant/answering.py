"""The assistant: a question in, events out, the last of which is the whole answer."""

import re
import secrets
import time
from collections.abc import Iterator, Sequence
from functools import cached_property

from assistant.breaker import Breaker, ModelState
from assistant.citing import Numbering, retrieved
from assistant.drafting import Drafter
from assistant.explaining import Explanation, explain
from assistant.meaning import meant
from assistant.messages import message
from assistant.models import (
    Answer,
    Citations,
    Done,
    Event,
    Filters,
    Passages,
    Reason,
    RetrievedPassage,
    Status,
    Token,
)
from assistant.privacy import Guard
from assistant.redaction.persons import Persons
from assistant.refusal import Judgement, carried, judge
from assistant.replying import Reply, reply
from assistant.research.researcher import Researcher
from assistant.retrieval import RETRIEVERS, Evidence, Retrieval
from assistant.rewriting import Rewriter
from assistant.suggesting import Neighbours, verdict_of
from assistant.understanding import Understanding, understand
from indexes.persistence import Index

LONGEST_QUESTION = 4_000
"""Characters of a question."""
MOST_READ = 4 * LONGEST_QUESTION
"""Characters of an earlier message that are looked through for identifying data, before it is cut to a question's."""
MOST_PASSAGES = 10
MOST_FOUND = 50

_PIECE = re.compile(r"\S+\s*|\s+")


class Assistant:
    """Answers from one loaded index. Holds no state between questions and may serve several threads at once."""

    def __init__(
        self,
        index: Index,
        retrievers: Sequence[str] = RETRIEVERS,
        *,
        drafter: Drafter | None = None,
        rewriter: Rewriter | None = None,
        breaker: Breaker | None = None,
    ) -> None:
        self.index = index
        self._drafter = drafter
        self._rewriter = rewriter
        self._retrieval = Retrieval(index, retrievers)
        self.library = index.library
        self._neighbours = Neighbours(index.library)
        self._guard = Guard(Persons(document.text for document in index.library.documents))
        self.fingerprint = index.manifest.fingerprint
        self.built_at = index.manifest.built_at
        self._breaker = breaker

    @property
    def model(self) -> ModelState:
        """What is known of the language model: it is ``off``, ``configured``, or ``failing`` and left alone."""
        if self._drafter is None:
            return "off"
        return "failing" if self._breaker is not None and self._breaker.is_open else "configured"

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
        *before, redacted = self._guard.redact_all([*(turn[:MOST_READ] for turn in turns), question])
        earlier = [turn.text[:LONGEST_QUESTION] for turn in before]
        clock.lap("privacy")
        if not any(c.isalnum() for c in redacted.text):
            yield from _refused(answer_id, redacted.text, "empty", clock)
            return
        understanding = self._understood(redacted.text, earlier)
        yield Status("retrieve", message("status.retrieve", documents=len(self.library.documents)))
        evidence = self._retrieval.find(understanding, filters=filters, k=MOST_PASSAGES)
        passages = retrieved(evidence, self.library)
        yield Passages(passages)
        clock.lap("retrieve")
        yield Status("answer", message("status.answer", passages=len(passages)))
        judgement = self._judged(understanding, evidence, filters)
        said = Reply(Numbering(self.library))
        shown = 0
        for said in reply(understanding, evidence, judgement, self.index, self._drafter):
            for piece in _PIECE.findall(said.text[shown:]):
                yield Token(piece)
            shown = len(said.text)
        clock.lap("answer")
        yield Citations(said.citations)
        answered = said.citations if said.outcome == "answered" else ()
        verdict = verdict_of(answered, evidence, self.library, corrects=said.false_premise is not None)
        suggestions = self._neighbours.suggestions(redacted.text, answered, evidence)
        yield Done(
            Answer(
                id=answer_id,
                question=redacted.text,
                standalone_question=redacted.text if understanding.is_whole else understanding.standalone,
                outcome=said.outcome,
                reason=said.reason,
                answer=said.text,
                citations=said.citations,
                passages=passages,
                redactions=redacted.redactions,
                confidence=round(judgement.confidence, 4),
                timings_ms=clock.laps(),
                readings=said.readings,
                false_premise=said.false_premise,
                notice=said.notice,
                drafting=said.drafting,
                verdict=verdict,
                suggestions=suggestions,
            )
        )

    def _judged(self, understanding: Understanding, evidence: Evidence, filters: Filters | None) -> Judgement:
        """Return the judgement of a question; that of its topic too where a follow-up would be refused."""
        judgement = judge(understanding, evidence, self.index)
        if judgement.reason != "no_evidence" or not understanding.topic:
            return judgement
        before = understand(understanding.topic)
        topic = judge(before, self._retrieval.find(before, filters=filters), self.index)
        return carried(judgement, understanding, evidence, topic)

    def _understood(self, question: str, earlier: Sequence[str]) -> Understanding:
        """Resolve a question; the configured model words a follow-up whole, if it can."""
        asked, before = meant(question), [meant(turn) for turn in earlier]
        understanding = understand(asked, before)
        if self._rewriter is None or understanding.standalone == asked:
            return understanding
        return understand(asked, before, meant(self._rewriter.rewritten(question, earlier)))

    def explain(self, answer: Answer, *, turns: Sequence[str] = (), filters: Filters | None = None) -> Explanation:
        """Return what stands behind an answer to a question asked so; see ``assistant.explaining``."""
        earlier = [
            meant(turn.text[:LONGEST_QUESTION]) for turn in self._guard.redact_all([turn[:MOST_READ] for turn in turns])
        ]
        whole = answer.standalone_question if answer.standalone_question != answer.question else ""
        return explain(answer, understand(meant(answer.question), earlier, whole), self._retrieval, filters)

    def search(self, query: str, *, filters: Filters | None = None, k: int = 10) -> tuple[RetrievedPassage, ...]:
        """Return ranked passages for a lawyer's search; identifying data is replaced here too."""
        redacted = self._guard.redact(query[:LONGEST_QUESTION]).text
        if not any(c.isalnum() for c in redacted):
            return ()
        evidence = self._retrieval.find(understand(meant(redacted)), filters=filters, k=max(1, min(k, MOST_FOUND)))
        return retrieved(evidence, self.library)

    @cached_property
    def research(self) -> Researcher:
        """What council lawyers ask of the index."""
        return Researcher(self._retrieval, self._guard)


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
