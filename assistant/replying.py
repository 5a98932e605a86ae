"""From a judgement to what is said: an answer, a question back, or a refusal, with the quotes behind it."""

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.citing import Numbering, quoted
from assistant.clarifying import readings
from assistant.composing import compose, overlap
from assistant.declining import decline, forbid
from assistant.drafting import Drafter, Sentence, Tally, notice_of
from assistant.extracting import Extract
from assistant.messages import message
from assistant.models import Citation, Drafting, Outcome, Reason
from assistant.premises import contradiction
from assistant.refusal import Judgement
from assistant.relevance import relevance_of
from assistant.retrieval import Evidence
from assistant.understanding import Understanding
from corpus.models import Passage
from indexes.persistence import Index

MOST_DRAFTED = 6
"""Passages that a model is given."""


@dataclass(slots=True)
class Reply:
    """What is said; ``text`` grows as it is written, the rest is there at the end."""

    numbering: Numbering
    outcome: Outcome = "answered"
    reason: Reason | None = None
    text: str = ""
    readings: tuple[str, ...] = ()
    false_premise: int | None = None
    notice: str | None = None
    drafting: Drafting | None = None

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The quotes that the text uses."""
        return tuple(self.numbering.citations)


def reply(
    understanding: Understanding,
    evidence: Evidence,
    judgement: Judgement,
    index: Index,
    drafter: Drafter | None = None,
) -> Iterator[Reply]:
    """Yield one reply again and again as its text grows; it is whole when the last is taken."""
    said = Reply(Numbering(index.library))
    relevance = relevance_of(understanding.standalone, index)
    if judgement.outcome == "answered":
        of_parts = [relevance_of(part, index) for part, _ in evidence.parts]
        extracts = compose(evidence, relevance, index.library, of_parts)
        corrects = contradiction(understanding, evidence, index.library, index.encoder)
        if corrects or (understanding.insists and extracts):
            # What an extract already holds is said with all of it.
            first = next((e for e in extracts if corrects is None or overlap(e, corrects)), corrects)
            yield from _corrected(said, first, insists=understanding.insists)
            extracts = tuple(extract for extract in extracts if extract != first)
        yield from _answered(said, understanding, evidence, extracts, drafter)
        if said.citations:
            return
    said.outcome = "refused" if judgement.outcome == "answered" else judgement.outcome
    if said.outcome == "clarification":
        said.readings = readings(understanding.question, evidence, index.library)
        said.text = "\n".join([message("clarification.ask"), *(f"- {reading}" for reading in said.readings)])
    elif judgement.reason == "unlawful":
        said.reason = judgement.reason
        said.text = forbid(evidence, relevance, index.library, said.numbering)
    else:
        # A question that was to be answered, and that no passage had anything to quote for, is refused too.
        said.reason = judgement.reason or "no_evidence"
        said.text = decline(said.reason, evidence, index.library, absent=judgement.absent, missing=judgement.missing)
    yield said


def _corrected(said: Reply, corrects: Extract | None, *, insists: bool) -> Iterator[Reply]:
    """Say first what contradicts the question, with its words."""
    said.false_premise = said.numbering.marker(corrects) if corrects else None
    if corrects and said.false_premise is not None:
        said.text = message("answer.insisted" if insists else "answer.premise")
        said.text += "\n\n" + quoted([corrects], said.numbering)
        yield said


def _answered(
    said: Reply,
    understanding: Understanding,
    evidence: Evidence,
    extracts: tuple[Extract, ...],
    drafter: Drafter | None,
) -> Iterator[Reply]:
    tally, before = Tally(), said.text
    if drafter and extracts:
        passages = _given(extracts, evidence)
        for sentence in drafter.sentences(understanding.standalone, passages, tally):
            if text := _drafted(sentence, said.numbering):
                fresh = "\n\n" if said.text == before else "\n" if sentence.starts_line else " "
                said.text += fresh * bool(said.text) + text
                yield said
        said.notice = notice_of(tally, shown=said.text != before)
        said.drafting = Drafting(drafter.name, tally.kept, dict(tally.dropped))
    enough = said.text != before and tally.complete and tally.kept >= sum(tally.dropped.values())
    if not enough and (text := quoted(extracts, said.numbering)):
        said.text += "\n\n" * bool(said.text) + text
        yield said


def _given(extracts: tuple[Extract, ...], evidence: Evidence) -> tuple[Passage, ...]:
    """Return the passages that a model is given: those of the extractive answer first."""
    passages = {extract.passage.id: extract.passage for extract in extracts}
    passages |= {passage.id: passage for passage in evidence.passages if passage.id not in passages}
    return tuple(passages.values())[:MOST_DRAFTED]


def _drafted(sentence: Sentence, numbering: Numbering) -> str:
    """Return a checked sentence with its markers; "" when a quote behind it is not in its document."""
    markers = [numbering.marker(extract) for extract in sentence.extracts]
    if None in markers:
        return ""
    shown = "".join(message("answer.marker", marker=n) for n in dict.fromkeys(n for n in markers if n is not None))
    return message("answer.drafted", text=sentence.text, markers=shown)
