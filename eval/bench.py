"""``make bench``: build time, cold start, latency, memory, and what each retriever finds, as Markdown.

Official documents come from ``DEONTO_DOCUMENTS`` (a folder that holds ``ordre/`` and ``lois/``): they are indexed
without the sheets, so that everything found is judged. Without them the sheets alone are measured.
"""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.answering import Assistant
from assistant.opening import open_assistant
from assistant.retrieval import RETRIEVERS
from assistant.settings import Settings
from eval.answers import IndexSource
from eval.figures import Figure, latency
from eval.judging import Judge
from eval.questions import QuestionSet, read_questions
from eval.runs import run

REPEATS = 3
SETS = (("lexical",), ("dense",), ("bank",), ("lexical", "dense", "references"), RETRIEVERS)
"""Retrievers measured alone and together."""


def main() -> None:
    """Measure and print."""
    folder = next(iter(Settings.from_environ(os.environ).documents), None)
    asked = read_questions("development" if folder else "sheets")
    with TemporaryDirectory() as scratch:
        index = Path(scratch) / "index"
        options = ["--no-sheets", "--documents", str(folder)] if folder else []
        built = _timed("index", "build", "--output", str(index), *options)
        cold = _timed("ask", "--index", str(index), "Que dit l'article R. 4127-4 ?")
        assistant = open_assistant(Settings(index=index))
        found = latency(_milliseconds(assistant, asked))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        library = assistant.library
        _say(f"{len(library.documents)} documents, {len(library.passages)} passages, set `{asked.name}`\n")
        _say("| measure | value |\n|---|---|")
        _say(f"| build of the index, from the command to its end | {built:.1f} s |")
        _say(f"| one question from cold (`deonto ask`) | {cold:.1f} s |")
        _say(f"| a question once loaded, median | {found['p50']:.1f} ms |")
        _say(f"| a question once loaded, 95th percentile | {found['p95']:.1f} ms |")
        _say(f"| resident memory at most, loaded and answering | {peak:.0f} MB |\n")
        _table(assistant, asked, Judge(asked.questions, folder))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


def _timed(*arguments: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "assistant", *arguments], check=True, capture_output=True)  # noqa: S603
    return time.perf_counter() - start


def _milliseconds(assistant: Assistant, asked: QuestionSet) -> Sequence[float]:
    """Return how long each answer took, each question asked ``REPEATS`` times."""
    source = IndexSource(assistant)
    return [source.ask(question).milliseconds for _ in range(REPEATS) for question in asked.questions]


def _table(assistant: Assistant, asked: QuestionSet, judge: Judge) -> None:
    _say("| retrievers | n | recall@5 | MRR@10 | cites a right passage |\n|---|---|---|---|---|")
    for names in SETS:
        found = run(asked, IndexSource(Assistant(assistant.index, names)), judge, {"name": " + ".join(names)})
        figures = [f for m in ("recall@5", "mrr@10", "cites_right") if (f := found.value(m))]
        _say(f"| {found.name} | {figures[0].n} | {' | '.join(_cell(f) for f in figures)} |")


def _cell(figure: Figure) -> str:
    return f"{figure.value:.2f} [{figure.low:.2f}, {figure.high:.2f}]"


if __name__ == "__main__":
    main()
