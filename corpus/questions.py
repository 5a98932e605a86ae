"""The question bank: natural wordings of what a document answers, each pointing at a place in it by numbers only.

One JSON line: ``{"document": id, "questions": […]}`` for a sheet as a whole; ``{"article": "R4127-4", "code": "CSP",
"questions": […]}`` for an article, in whatever document holds it; or, for another official document, ``{"document":
id, "raw": …, "start": …, "end": …, "questions": […]}`` where ``raw`` is the ``raw_sha256`` of the copy that the offsets
were counted in. Wordings for a document, an article or a copy that is not there are left aside.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from corpus.loading import Corpus, Loaded


@dataclass(frozen=True, slots=True)
class Wordings:
    """Questions that one place answers: a document, characters ``span`` of a raw copy, or an article of a code."""

    document: str
    questions: tuple[str, ...]
    raw: str = ""
    span: tuple[int, int] | None = None
    article: str = ""
    code: str = ""


def load_wordings(folder: Traversable | None = None) -> Iterator[Wordings]:
    """Yield the shipped wordings, or those of another folder.

    Raises
    ------
    ValueError
        A line is not of the form above; the error names file and line.

    """
    folder = folder or files("corpus").joinpath("questions")
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if not entry.name.endswith(".jsonl"):
            continue
        for number, line in enumerate(entry.read_text(encoding="utf-8").splitlines(), start=1):
            try:
                wordings = _wordings(json.loads(line))
            except (ValueError, KeyError, TypeError) as error:
                raise ValueError(f"{entry.name}, line {number}: not a line of the question bank: {error!r}") from error
            yield wordings


def _wordings(row: dict[str, Any]) -> Wordings:
    asked = row["questions"]
    if not isinstance(asked, list) or not all(isinstance(question, str) and question.strip() for question in asked):
        raise TypeError("questions is not a list of texts")
    if "article" in row:
        return Wordings("", tuple(asked), article=str(row["article"]), code=str(row["code"]))
    if "raw" not in row:
        return Wordings(str(row["document"]), tuple(asked))
    start, end = int(row["start"]), int(row["end"])
    if not 0 <= start < end:
        raise ValueError(f"start {start} and end {end} are no span")
    return Wordings(str(row["document"]), tuple(asked), str(row["raw"]), (start, end))


def attach(corpus: Corpus, wordings: Iterable[Wordings]) -> list[tuple[str, str]]:
    """Return ``(passage id, question)`` pairs for the documents that are there."""
    by_id = {item.document.id: item for item in corpus.loaded}
    by_raw = {item.raw_sha256: item for item in corpus.loaded}
    by_article: dict[tuple[str, str], list[str]] = {}
    for item in corpus.loaded:
        for passage in item.passages:
            if passage.article:
                by_article.setdefault((item.document.metadata.code, passage.article), []).append(passage.id)
    pairs: list[tuple[str, str]] = []
    for entry in wordings:
        if entry.article:
            parts = by_article.get((entry.code, entry.article), [])
            pairs += [(passage_id, question) for passage_id in parts for question in entry.questions]
            continue
        copy = by_raw.get(entry.raw) if entry.raw else by_id.get(entry.document)
        if copy is None:
            continue
        passage_id = _nearest(copy, entry.span)
        pairs += [(passage_id, question) for question in entry.questions] if passage_id else []
    return pairs


def _nearest(item: Loaded, span: tuple[int, int] | None) -> str:
    """Return the passage that shares most characters with the span, "" when none does; the first without a span."""
    if span is None:
        return item.passages[0].id
    best = max(item.passages, key=lambda p: _shared(item, p.start, p.end, span))
    return best.id if _shared(item, best.start, best.end, span) > 0 else ""


def _shared(item: Loaded, start: int, end: int, span: tuple[int, int]) -> int:
    return min(item.origin[end - 1] + 1, span[1]) - max(item.origin[start], span[0])
