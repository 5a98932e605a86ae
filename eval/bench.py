"""``make bench``: build time, cold start, latency and memory on this machine, and what retrieval finds, as Markdown.

Official documents come from ``DEONTO_DOCUMENTS`` (a folder that holds ``ordre/`` and ``lois/``); without it the sheets
alone are measured.
"""

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import bm25s
import Stemmer

from assistant.answering import Assistant
from assistant.opening import open_assistant
from assistant.retrieval import RETRIEVERS, Retrieval
from assistant.settings import Settings
from assistant.understanding import understand
from eval.development import Judged, questions, right_passages

REPEATS = 3
CUTOFF = 5
DEPTH = 10
NAIVE = 1_000
"""Characters of a naive chunk."""

Ranked = Callable[[Judged], Sequence[bool]]
"""Question → whether each of its passages, best first, is right."""


def main() -> None:
    """Measure and print."""
    folders = Settings.from_environ(os.environ).documents
    with TemporaryDirectory() as scratch:
        index = Path(scratch) / "index"
        built = _timed("index", "build", "--output", str(index), *_options(folders))
        cold = _timed("ask", "--index", str(index), "Que dit l'article R. 4127-4 ?")
        assistant = open_assistant(Settings(index=index))
        name = "development" if folders else "sheets"
        judged = questions(name)
        latency = _latencies(assistant, judged)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        library = assistant.library
        _say(f"{len(library.documents)} documents, {len(library.passages)} passages, questions of `{name}.jsonl`\n")
        _say("| measure | value |\n|---|---|")
        _say(f"| build of the index, from the command to its end | {built:.1f} s |")
        _say(f"| one question from cold (`deonto ask`) | {cold:.1f} s |")
        _say(f"| a question once loaded, median | {statistics.median(latency):.1f} ms |")
        _say(f"| a question once loaded, 95th percentile | {statistics.quantiles(latency, n=20)[-1]:.1f} ms |")
        _say(f"| resident memory at most, loaded and answering | {peak:.0f} MB |\n")
        _table(assistant, judged, folders)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


def _options(folders: Sequence[Path]) -> list[str]:
    return [option for folder in folders for option in ("--documents", str(folder))]


def _timed(*arguments: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "assistant", *arguments], check=True, capture_output=True)  # noqa: S603
    return time.perf_counter() - start


def _latencies(assistant: Assistant, judged: Sequence[Judged]) -> list[float]:
    """Return milliseconds per question, each asked ``REPEATS`` times."""
    found = []
    for _ in range(REPEATS):
        for question in judged:
            start = time.perf_counter()
            assistant.answer(question.question, turns=question.turns)
            found.append((time.perf_counter() - start) * 1000)
    return found


def _table(assistant: Assistant, judged: Sequence[Judged], folders: Sequence[Path]) -> None:
    """Print recall@5 and MRR@10 by retriever: exact references apart, since they always come first."""
    asked = [q for q in judged if q.answerable and q.kind != "reference"]
    right = right_passages(asked, folders[0]) if folders else {}
    sets = [("lexical",), ("dense",), ("bank",), ("lexical", "dense", "references"), RETRIEVERS]
    rows: list[tuple[str, Ranked]] = [(" + ".join(names), _ours(assistant, names, right)) for names in sets]
    if folders:
        rows.insert(0, (f"plain BM25, French stems, chunks of {NAIVE} characters", _naive(folders[0], asked)))
    _say(f"| retrievers (n = {len(asked)}) | recall@5 | MRR@10 |\n|---|---|---|")
    for name, ranked in rows:
        ranks = [next((n for n, good in enumerate(ranked(q)[:DEPTH], start=1) if good), 0) for q in asked]
        recall = sum(0 < rank <= CUTOFF for rank in ranks) / len(asked)
        _say(f"| {name} | {recall:.2f} | {sum(1 / rank for rank in ranks if rank) / len(asked):.2f} |")


def _ours(assistant: Assistant, names: Sequence[str], right: dict[str, frozenset[str]]) -> Ranked:
    """Rank with some of our retrievers. Sheets are left out where the gold is in official documents."""
    retrieval = Retrieval(assistant.index, names)
    library = assistant.library

    def ranked(question: Judged) -> list[bool]:
        hits = retrieval.find(understand(question.question, question.turns), k=len(library.passages)).hits
        passages = [library.passage(hit.passage_id) for hit in hits]
        if right:
            official = (p for p in passages if library.document(p.document_id).metadata.kind != "sheet")
            return [p.id in right[question.id] for p in official]
        documents = dict.fromkeys(p.document_id for p in passages)
        return [document in {gold.document for gold in question.gold} for document in documents]

    return ranked


def _naive(folder: Path, asked: Sequence[Judged]) -> Ranked:
    """Rank naive chunks of the raw files with bm25s as it comes: what a day's work without us would give."""
    stemmer = Stemmer.Stemmer("french")
    chunks = []
    for path in sorted(p for p in folder.rglob("*") if p.suffix in {".txt", ".md"}):
        text = path.open(encoding="utf-8", newline="").read()
        chunks += [
            (path.relative_to(folder).as_posix(), at, text[at : at + NAIVE]) for at in range(0, len(text), NAIVE)
        ]
    index = bm25s.BM25()

    def tokenized(texts: list[str]) -> object:
        return bm25s.tokenize(texts, stopwords="fr", stemmer=stemmer, show_progress=False)

    index.index(tokenized([text for _, _, text in chunks]), show_progress=False)

    def ranked(question: Judged) -> list[bool]:
        rows, _ = index.retrieve(tokenized([question.question]), k=DEPTH, show_progress=False)
        found = [chunks[row] for row in rows[0]]
        return [any(g.covers(file, at, at + len(text)) for g in question.gold) for file, at, text in found]

    return ranked


if __name__ == "__main__":
    main()
