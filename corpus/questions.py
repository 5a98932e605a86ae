"""The question bank: natural wordings of what a document answers, each pointing at a place in it by numbers only.

One JSON line: ``{"document": id, "questions": […]}`` for a sheet or a decision as a whole; ``{"article": "R4127-4",
"code": "CSP", "questions": […]}`` for an article, in whatever document holds it; or, for another official document,
``{"document": id, "start": …, "end": …, "signature": […], "questions": […]}``: where the passage stood in the raw text
of the copy it was written from, and the signature by which it is found in any other copy (``corpus/signatures.py``).
Wordings for a document or an article that is not there are left aside.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from corpus.loading import Corpus
from corpus.models import Passage
from corpus.signatures import MOST, Places


@dataclass(frozen=True, slots=True)
class Wordings:
    """Questions that one place answers: a document, the passage of a ``signature`` in it, or an article of a code.

    ``span`` says where the passage stood in the copy that the wordings were written from.
    """

    document: str
    questions: tuple[str, ...]
    signature: tuple[int, ...] = ()
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
    if "signature" not in row:
        return Wordings(str(row["document"]), tuple(asked))
    start, end = int(row["start"]), int(row["end"])
    if not 0 <= start < end:
        raise ValueError(f"start {start} and end {end} are no span")
    if not row["signature"] or not all(isinstance(value, int) for value in row["signature"]):
        raise TypeError("signature is not a list of numbers")
    return Wordings(str(row["document"]), tuple(asked), tuple(row["signature"]), (start, end))


def attach(corpus: Corpus, wordings: Iterable[Wordings]) -> list[tuple[str, str]]:
    """Return ``(passage id, question)`` pairs for the documents that are there.

    A document that was not recognised has another id than its wordings: their signatures find it all the same.
    """
    by_id = {item.document.id: item for item in corpus.loaded}
    by_article: dict[tuple[str, str], list[str]] = {}
    for item in corpus.loaded:
        for passage in item.passages:
            if passage.article:
                by_article.setdefault((item.document.metadata.code, passage.article), []).append(passage.id)
    within: dict[str, Places] = {}
    pairs: list[tuple[str, str]] = []
    for entry in wordings:
        known = by_id.get(entry.document)
        if entry.article:
            found = by_article.get((entry.code, entry.article), [])
        elif entry.signature:
            name = entry.document if known else ""
            if name not in within:
                within[name] = Places(known.passages) if known else Places(_of_others(corpus), MOST)
            found = [place] if (place := within[name].find(entry.signature)) else []
        else:
            found = [known.passages[0].id] if known else []
        pairs += [(passage_id, question) for passage_id in found for question in entry.questions]
    return pairs


def _of_others(corpus: Corpus) -> list[Passage]:
    """Return the passages of documents that are not ours: a sheet may say the same as its source."""
    return [passage for passage in corpus.passages if not passage.document_id.startswith(("fiche:", "decision:"))]
