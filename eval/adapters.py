"""Public sets and a user's own files → documents and questions in our form.

``cnil`` and ``piaf`` read sets of the SQuAD shape: each paragraph becomes a document, and answers the questions asked
of it; ``…-held-out`` asks only what the shipped encoder was never trained on, of all the documents. ``csv`` and
``jsonl`` read a user's own table of questions, each with the text that answers it.
"""

import csv
import gzip
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from eval.errors import InvalidSource
from eval.judging import runs_of
from eval.questions import BLANK
from indexes.training.held_out import cnil_is_held_out, piaf_is_held_out

QUESTIONS, DOCUMENTS = "questions.jsonl", "documents"
"""Names below the folder of a prepared set."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and the text that answers it; no text when nothing does, None when nobody has said."""

    question: str
    answer: str | None
    kind: str
    facts: tuple[str, ...] = ()


class Adapter(Protocol):
    """Reads one form of file."""

    def read(self, path: Path) -> tuple[list[str], list[Asked]]:
        """Return the texts to search, in order and without repeats, and the questions.

        Raises
        ------
        InvalidSource
            The file is not of the form.
        OSError
            It cannot be read.

        """


class Squad:
    """The JSON of SQuAD (Rajpurkar et al. 2016), plain or gzip.

    Parameters
    ----------
    theme
        The member that becomes the kind.
    only
        Which questions are asked, all by default: called with kind, question, number and how many there are.

    """

    def __init__(self, theme: str, only: Callable[[str, str, int, int], bool] = lambda *_: True) -> None:
        self._theme = theme
        self._only = only

    def read(self, path: Path) -> tuple[list[str], list[Asked]]:
        """Return each paragraph and its questions."""
        content = path.read_bytes()
        texts: dict[str, None] = {}
        asked: list[Asked] = []
        try:
            for article in json.loads(gzip.decompress(content) if path.suffix == ".gz" else content)["data"]:
                kind = str(article.get(self._theme) or "other")
                for paragraph in article["paragraphs"]:
                    context = _text(paragraph["context"])
                    texts[context] = None
                    for row in paragraph["qas"]:
                        answer = "" if row.get("is_impossible") else context
                        asked.append(Asked(_text(row["question"]), answer, kind))
        except (
            ValueError,
            KeyError,
            TypeError,
            AttributeError,
            EOFError,
            RecursionError,
            OSError,
            zlib.error,
        ) as error:
            raise InvalidSource("not of the SQuAD form", file=path.name, line=1) from error
        kept = [item for n, item in enumerate(asked) if self._only(item.kind, item.question, n, len(asked))]
        return list(texts), kept


class Table:
    """Rows with the columns ``question``, ``answer`` (the text that answers), ``kind`` and ``facts`` (split at "|").

    An empty ``answer`` says that nothing answers; without that column nothing is known of the answers.
    """

    def __init__(self, rows: "Rows") -> None:
        self._rows = rows

    def read(self, path: Path) -> tuple[list[str], list[Asked]]:
        """Return the answers as texts, and the questions."""
        asked = []
        for line, row in self._rows(path):
            try:
                facts = row.get("facts") or ""
                facts = [_text(f) for f in (facts.split("|") if isinstance(facts, str) else facts) if f != ""]
                # An answer of null says as much as none; text that no file could hold is refused with the rest.
                answer = None if row.get("answer") is None else str.strip(row["answer"])
                (answer or "").encode()
                kind = str(row.get("kind") or "other")
                asked.append(Asked(_text(row.get("question")), answer, kind, tuple(facts)))
            except (TypeError, ValueError) as error:
                raise InvalidSource("a row that is not of the form", file=path.name, line=line) from error
        return list(dict.fromkeys(a.answer for a in asked if a.answer)), asked


class Rows(Protocol):
    """Reads a file as numbered rows."""

    def __call__(self, path: Path, /) -> Iterable[tuple[int, Mapping[str, Any]]]:
        """Yield 1-based line numbers with rows."""


def csv_rows(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield the rows of a CSV file with a header; semicolons, as French spreadsheets write them, are understood."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        try:
            header = stream.readline()
            stream.seek(0)
            reader = csv.DictReader(stream, delimiter=max(",;\t", key=header.count), restval="")
            reader.fieldnames = [name.strip().lower() for name in reader.fieldnames or ()]
            for row in reader:
                yield reader.line_num, row
        except (csv.Error, UnicodeDecodeError) as error:
            raise InvalidSource("not a CSV file in UTF-8", file=path.name, line=1) from error


def jsonl_rows(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield the objects of a JSON Lines file."""
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        if not line.strip(BLANK):
            continue
        try:
            row = json.loads(line.decode("utf-8-sig"))
        except (ValueError, RecursionError) as error:
            raise InvalidSource("not JSON", file=path.name, line=number) from error
        if not isinstance(row, dict):
            raise InvalidSource("not a JSON object", file=path.name, line=number)
        yield number, row


def _text(value: object) -> str:
    """Return a text that says something and that a file can hold; ``TypeError`` or ``ValueError`` for anything else."""
    if not isinstance(value, str):
        raise TypeError(type(value).__name__)
    if not value.strip():
        raise ValueError("blank")
    value.encode()
    return value.strip()


ADAPTERS: Mapping[str, Adapter] = {
    "cnil": Squad("theme"),
    "piaf": Squad("categorie"),
    "cnil-held-out": Squad("theme", lambda kind, question, *_: cnil_is_held_out(kind, question)),
    "piaf-held-out": Squad("categorie", lambda _, __, number, total: piaf_is_held_out(number, total)),
    "csv": Table(csv_rows),
    "jsonl": Table(jsonl_rows),
}


def prepare(adapter: str, source: Path, folder: Path) -> tuple[Path, Path]:
    """Write a set as documents and questions below a folder; return the file of questions and the folder of documents.

    A text that answers is gold as a whole.
    """
    texts, asked = ADAPTERS[adapter].read(source)
    documents = folder / DOCUMENTS
    documents.mkdir(parents=True, exist_ok=True)
    for old in documents.glob(f"{adapter}-*.txt"):  # of an earlier set, which must not be searched with this one
        old.unlink()
    names = {text: f"{adapter}-{number:05d}.txt" for number, text in enumerate(texts, start=1)}
    for text, name in names.items():
        (documents / name).write_text(text, encoding="utf-8", newline="")
    lines = []
    for number, item in enumerate(asked, start=1):
        row: dict[str, Any] = {"id": f"{adapter}-{number:05d}", "question": item.question, "kind": item.kind}
        if item.answer is not None:
            row["answerable"] = bool(item.answer)
        if item.answer:
            # Too short a text has no run of words to be known by: its file is the answer.
            end = len(item.answer) if runs_of(item.answer) else 0
            row["gold"] = [{"file": names[item.answer], "start": 0, "end": end}]
            row["facts"] = list(item.facts)
        lines.append(json.dumps(row, ensure_ascii=False) + "\n")
    (folder / QUESTIONS).write_text("".join(lines), encoding="utf-8")
    return folder / QUESTIONS, documents
