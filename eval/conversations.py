"""Follow-ups beside the same questions asked whole: ``python -m eval.conversations``.

Each question of ``data/conversations.jsonl`` is asked after its turns, then alone in the words of its ``whole``, and
both answers are judged by the sheets that answer it. Printed as Markdown, by kind of question, with 95 % intervals:
Wilson's for each way of asking, a paired bootstrap for their difference.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.opening import build, open_assistant
from assistant.settings import Settings
from eval.answers import AnswerSource, IndexSource
from eval.figures import ALL, figure, resampled
from eval.judging import Judge
from eval.models import Row
from eval.questions import QuestionSet, read_questions
from eval.runs import run
from eval.scoring import Place

MEASURES = ("cites_right", "recall@3", "recall@5", "over_refusal")
"""What is compared. ``recall@k``: a right sheet is among the first k sheets found, each counted once."""

Pair = tuple[Row, Row]
"""What came back for a question in its conversation, and for the same one asked whole."""


def whole(asked: QuestionSet) -> QuestionSet:
    """Return the same questions asked whole, without their turns; those that have no other words are left out."""
    questions = tuple(replace(q, question=q.whole, turns=()) for q in asked.questions if q.whole)
    return replace(asked, questions=questions)


def pairs(asked: QuestionSet, source: AnswerSource) -> list[Pair]:
    """Ask every question that has a whole form both ways."""
    alone = whole(asked)
    kept = {question.id for question in alone.questions}
    followed = replace(asked, questions=tuple(q for q in asked.questions if q.id in kept))
    judge = Judge(alone.questions, None)
    rows = [run(part, source, judge, {"name": asked.name}).rows for part in (followed, alone)]
    return list(zip(*rows, strict=True))


def values(row: Row) -> dict[str, float]:
    """Return what one answer is worth, by measure."""
    recall = {f"recall@{k}": _recall(row.passages, k) for k in (3, 5)}
    return {name: recall[name] if name in recall else row.values[name] for name in MEASURES}


def table(asked: Sequence[Pair]) -> Iterator[str]:
    """Yield the lines of a Markdown table: a line for each kind and measure, all kinds together first."""
    yield "| kind | n | measure | in conversation | asked whole | difference |"
    yield "|---|---|---|---|---|---|"
    for kind in (ALL, *dict.fromkeys(row.kind for row, _ in asked)):
        chosen = [(values(row), values(other)) for row, other in asked if kind in {ALL, row.kind}]
        for measure in MEASURES:
            inside, alone = ([pair[n][measure] for pair in chosen] for n in (0, 1))
            change = _difference([a - b for a, b in zip(inside, alone, strict=True)])
            cells = [kind, str(len(chosen)), measure, _cell(measure, inside), _cell(measure, alone), change]
            yield f"| {' | '.join(cells)} |"


def _recall(passages: Sequence[Place], k: int) -> float:
    """Return whether a right sheet is among the first k: all passages of a sheet are as right as the sheet."""
    sheets: Mapping[str, bool] = {place.document_id: place.right for place in passages}
    return float(any(list(sheets.values())[:k]))


def _cell(measure: str, found: Sequence[float]) -> str:
    shown = figure(measure, ALL, found)
    return f"{shown.value:.2f} [{shown.low:.2f}, {shown.high:.2f}]"


def _difference(found: Sequence[float]) -> str:
    """Return a mean difference with its interval, in points."""
    low, high = resampled(found)
    return f"{100 * sum(found) / len(found):+.1f} [{100 * low:+.1f}, {100 * high:+.1f}]"


def main() -> None:
    """Ask an index of the shipped sheets, built for the occasion unless one is named, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m eval.conversations", description=__doc__)
    parser.add_argument("--index", type=Path, help="an index that is there")
    named = parser.parse_args().index
    with TemporaryDirectory(prefix="deonto-") as folder:
        settings = Settings(index=named or Path(folder) / "index")
        if named is None:
            build([], settings.index, settings.encoder)
        source = IndexSource(open_assistant(settings))
        for line in table(pairs(read_questions("conversations"), source)):
            sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
