"""``python -m eval.generalisation``: what the encoder finds in a document whose wordings it was never trained on.

For each document that the development questions are about, an encoder is trained anew without the bank's wordings of
that document, and asked those questions over all the documents. Printed as Markdown: BM25, the dense leg of that
encoder, both together; and the shipped encoder, which was trained on them, for comparison.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from assistant.answering import Assistant
from assistant.opening import build
from corpus.loading import load
from eval.answers import IndexSource
from eval.judging import Judge
from eval.questions import Question, QuestionSet, read_questions
from eval.runs import run
from indexes.encoder import DEFAULT, open_encoder
from indexes.persistence import Index, read_index
from indexes.training.__main__ import main as train

LEGS = (("lexical",), ("dense",), ("lexical", "dense"))
FEWEST = 8
"""Questions about a document below which it is not measured."""


def main() -> None:
    """Train, ask and print a line a document."""
    options = _parser().parse_args()
    asked = read_questions("development")
    judge = Judge(asked.questions, options.documents)
    shipped = _index(options.documents, options.work / "index-shipped", DEFAULT)
    _say("| left out | n | BM25 | dense | BM25 + dense | dense, shipped |\n|---|---|---|---|---|---|")
    for name, questions in _by_document(asked, options.documents):
        folder = options.work / f"encoder-{name}"
        if not (folder / "card.json").is_file():
            train([*_arguments(options), "--left-out", name, "--output", str(folder)])
        index = _index(options.documents, options.work / f"index-{name}", str(folder))
        part = replace(asked, name=name, questions=questions)
        cells = [_cell(part, index, legs, judge) for legs in LEGS] + [_cell(part, shipped, ("dense",), judge)]
        _say(f"| `{name}` | {len(questions)} | {' | '.join(cells)} |")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval.generalisation", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the open data")
    parser.add_argument("--documents", type=Path, required=True, help="folder that holds ordre/ and lois/")
    parser.add_argument("--exclude", type=Path, action="append", default=[], help="see python -m indexes.training")
    parser.add_argument("--work", type=Path, default=Path("var/generalisation"))
    parser.add_argument("--epochs", default="1")
    return parser


def _arguments(options: argparse.Namespace) -> list[str]:
    excluded = [word for file in options.exclude for word in ("--exclude", str(file))]
    places = ["--data", str(options.data), "--documents", str(options.documents), "--work", str(options.work)]
    return [*places, "--epochs", options.epochs, *excluded]


def _by_document(asked: QuestionSet, documents: Path) -> Iterator[tuple[str, tuple[Question, ...]]]:
    """Yield the id of each document with the questions whose gold is in it alone."""
    sources = {item.document.source: item.document.id for item in load([documents], sheets=False).loaded}
    for source, name in sources.items():
        found = [q for q in asked.questions if q.gold and {gold.file for gold in q.gold} == {source}]
        if len(found) >= FEWEST:
            yield name, tuple(found)


def _index(documents: Path, path: Path, encoder: str) -> Index:
    build([documents], path, encoder, sheets=False)
    return read_index(path, open_encoder(encoder))


def _cell(asked: QuestionSet, index: Index, legs: Sequence[str], judge: Judge) -> str:
    """Return recall@5 and MRR@10 of some retrievers."""
    found = run(asked, IndexSource(Assistant(index, legs)), judge, {"name": " + ".join(legs)})
    figures = [figure for name in ("recall@5", "mrr@10") if (figure := found.value(name))]
    return " / ".join(f"{figure.value:.2f}" for figure in figures)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
