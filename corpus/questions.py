"""The question bank: natural wordings of what a document answers, each pointing at a place in it by numbers only.

One JSON line: ``{"document": id, "questions": […]}`` for a sheet or a decision as a whole; ``{"article": "R4127-4",
"code": "CSP", "questions": […]}`` for an article, in whatever document holds it; or, for another official document,
``{"document": id, "start": …, "end": …, "signature": […], "questions": […]}``: where the passage stood in the raw text
of the copy it was written from, and the signature by which it is found in any other copy (``corpus/signatures.py``).
Wordings for a document or an article that is not there are left aside. ``"machine": "NAME"`` marks a line that a
language model wrote, by the model's name.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from corpus.errors import InvalidQuestionBank
from corpus.loading import Corpus
from corpus.models import Passage
from corpus.signatures import MOST, Places, signature

OURS = ("fiche:", "decision:")
"""How the identifiers of our sheets and decisions begin."""


@dataclass(frozen=True, slots=True)
class Wordings:
    """Questions that one place answers: a document, the passage of a ``signature`` in it, or an article of a code.

    ``span`` says where the passage stood in the copy that the wordings were written from; ``machine`` which language
    model wrote them, "" for people.
    """

    document: str
    questions: tuple[str, ...]
    signature: tuple[int, ...] = ()
    span: tuple[int, int] | None = None
    article: str = ""
    code: str = ""
    machine: str = ""


def load_wordings(folder: Traversable | None = None) -> Iterator[Wordings]:
    """Yield the shipped wordings, or those of another folder.

    Raises
    ------
    InvalidQuestionBank
        A line is not of the form above; the error names file and line.

    """
    folder = folder or files("corpus").joinpath("questions")
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if not entry.name.endswith(".jsonl"):
            continue
        # Not ``splitlines``: a wording may hold one of the other line ends of Unicode.
        for number, line in enumerate(entry.read_bytes().split(b"\n"), start=1):
            if not line.strip():
                continue
            try:
                wordings = _wordings(json.loads(line))
            except (ValueError, KeyError, TypeError, RecursionError) as error:
                raise InvalidQuestionBank(
                    f"{entry.name}, line {number}: not a line of the question bank: {error!r}",
                    file=entry.name,
                    line=number,
                ) from error
            yield wordings


def _wordings(row: dict[str, Any]) -> Wordings:
    asked = row["questions"]
    if not isinstance(asked, list) or not all(isinstance(question, str) and question.strip() for question in asked):
        raise TypeError("questions is not a list of texts")
    "".join(asked).encode()  # half of a surrogate pair, which JSON lets through, could be written into no index
    machine = str(row.get("machine", ""))
    if "article" in row:
        return Wordings("", tuple(asked), article=str(row["article"]), code=str(row["code"]), machine=machine)
    if "signature" not in row:
        return Wordings(str(row["document"]), tuple(asked), machine=machine)
    start, end = int(row["start"]), int(row["end"])
    if not 0 <= start < end:
        raise ValueError(f"start {start} and end {end} are no span")
    if not row["signature"] or not all(isinstance(value, int) for value in row["signature"]):
        raise TypeError("signature is not a list of numbers")
    return Wordings(str(row["document"]), tuple(asked), tuple(row["signature"]), (start, end), machine=machine)


def line_of(wordings: Wordings) -> str:
    """Return the line of the question bank that ``load_wordings`` reads as these wordings."""
    row: dict[str, Any] = {}
    if wordings.article:
        row |= {"article": wordings.article, "code": wordings.code}
    else:
        row["document"] = wordings.document
    if wordings.span:
        row |= {"start": wordings.span[0], "end": wordings.span[1], "signature": list(wordings.signature)}
    row |= {"machine": wordings.machine} if wordings.machine else {}
    return json.dumps({**row, "questions": list(wordings.questions)}, ensure_ascii=False)


def append(file: Path, wordings: Wordings) -> None:
    """Add a line to a file, whose last one an editor or a full disk may have left without an end."""
    with file.open("a+", encoding="utf-8") as out:
        out.seek(0)
        held = out.read()
        out.write(("\n" if held and not held.endswith("\n") else "") + line_of(wordings) + "\n")


def place_of(passage: Passage, code: str) -> Wordings:
    """Return what points at a passage in any copy of its document, without questions.

    Parameters
    ----------
    code
        Of the passage's document, for an article.

    """
    if passage.article and code:
        return Wordings("", (), article=passage.article, code=code)
    if passage.document_id.startswith(OURS):
        return Wordings(passage.document_id, ())
    return Wordings(passage.document_id, (), signature(passage.text), (passage.start, passage.end))


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
    return [passage for passage in corpus.passages if not passage.document_id.startswith(OURS)]
