"""A run: every question of a set asked of one source, and what comes back judged."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from eval.answers import AnswerSource
from eval.figures import figures_of, latency
from eval.judging import Judge
from eval.models import Row, Run
from eval.questions import Question, QuestionSet
from eval.ranking import ranking_values
from eval.reliability import reliability
from eval.scoring import Place, places, values_of


def run(
    asked: QuestionSet,
    source: AnswerSource,
    judge: Judge,
    about: Mapping[str, Any],
    *,
    apart: bool = True,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> Run:
    """Ask every question and judge what comes back.

    Parameters
    ----------
    about
        What the run is called (``name``) and what was asked; kept as it is.
    apart
        See ``scoring.places``.

    """
    partial, durations = [], []
    for number, question in enumerate(asked.questions, start=1):
        given = source.ask(question)
        durations.append(given.milliseconds)
        passages = places(question, given.answer.get("passages") or [], "text", judge, apart=apart)
        cited = places(question, given.answer.get("citations") or [], "quote", judge, apart=apart)
        partial.append((question, given.answer, passages, cited, values_of(question, given.answer, cited, source.text)))
        progress(number, len(asked.questions))
    ranked = ranking_values(
        {q.id: q.parts for q, *_ in partial if q.gold},
        {q.id: [frozenset(place.parts) for place in passages] for q, _, passages, *_ in partial if q.gold},
    )
    rows = tuple(_row(q, answer, found, cited, ranked.get(q.id, {}) | v) for q, answer, found, cited, v in partial)
    set_about = {"set": asked.name, "sha256": asked.sha256, "questions": len(rows)}
    when = {"date": datetime.now(UTC).isoformat(timespec="seconds"), "latency_ms": latency(durations)}
    return _judged({**about, **set_about, **when}, rows)


def _row(
    question: Question,
    answer: Mapping[str, Any],
    passages: tuple[Place, ...],
    cited: tuple[Place, ...],
    values: Mapping[str, float],
) -> Row:
    wanted = (g.document if not g.end else f"{g.file} [{g.start}:{g.end}]" for g in question.gold)
    return Row(
        id=question.id,
        kind=question.kind,
        question=str(answer.get("question", "")),
        answerable=question.answerable,
        outcome=str(answer.get("outcome", "error")),
        reason=answer.get("reason"),
        confidence=float(answer.get("confidence", 0.0)),
        wanted=tuple(wanted),
        passages=passages,
        citations=cited,
        values={name: round(value, 6) for name, value in values.items()},
    )


def _judged(about: Mapping[str, Any], rows: tuple[Row, ...]) -> Run:
    known = [row for row in rows if row.answerable is not None and row.outcome != "error"]
    given = [(row.confidence, row.values.get("cites_right", 0.0) == 1.0) for row in known if row.outcome == "answered"]
    return Run(
        about=about,
        rows=rows,
        figures=figures_of([(row.kind, row.values) for row in rows]),
        trusted=reliability(given),
        answerable=reliability([(row.confidence, bool(row.answerable)) for row in known]),
    )
