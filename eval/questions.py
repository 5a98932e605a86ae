"""Sets of questions: JSON Lines in the contract's batch form, with what is known of the answer beside each question."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from importlib.resources import files
from pathlib import Path
from typing import Any

from assistant.messages import message
from eval.errors import InvalidQuestions, NoQuestions

SHIPPED = ("development", "test", "sheets", "conversations")
"""Sets in ``eval/data``."""
TEST_PARTS = ("test",)
"""Sets that are only run to report: nothing is chosen on them."""
DIGEST = 16
"""Hexadecimal digits kept of a SHA-256."""

BLANK = b"\xef\xbb\xbf \t\r"
"""Bytes of a line that says nothing, a byte order mark included."""

_TEXTS = ("turns", "facts", "hidden", "kept")


@dataclass(frozen=True, slots=True)
class Gold:
    """What answers: characters ``[start, end)`` of a raw file; without an end, a whole document, named or by its file.

    Passages of one ``part`` are alternatives, each sufficient alone; a whole answer needs every part.
    """

    document: str = ""
    file: str = ""
    start: int = 0
    end: int = 0
    sha256: str = ""
    part: int = 1


@dataclass(frozen=True, slots=True)
class Question:
    """A question with what is known of its answer.

    Attributes
    ----------
    answerable
        None when nobody has said: only what needs no judgement is measured then.
    facts
        What a right answer states.
    hidden, kept
        Strings of the question that must appear nowhere in what comes back, and strings that must not be hidden.
    whole
        What a question that has ``turns`` asks, in words that need no turn; "" when nobody has written it.
    line
        1-based line in its file.

    """

    id: str
    question: str
    kind: str
    answerable: bool | None
    turns: tuple[str, ...] = ()
    gold: tuple[Gold, ...] = ()
    facts: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    whole: str = ""
    line: int = 0

    @property
    def parts(self) -> frozenset[int]:
        """The parts that a whole answer needs."""
        return frozenset(gold.part for gold in self.gold)


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """The questions of one file; ``name`` is short, ``sha256`` the digest of the file."""

    name: str
    path: Path
    sha256: str
    questions: tuple[Question, ...]


def read_questions(name: str) -> QuestionSet:
    """Return a set that is shipped, by its name, or a file of one's own.

    Raises
    ------
    NoQuestions
        There is no such set, or it is empty.
    InvalidQuestions
        A line is not of the form; the line is named.
    OSError
        The file cannot be read.

    """
    path = Path(str(files("eval").joinpath("data", f"{name}.jsonl"))) if name in SHIPPED else Path(name)
    if not path.is_file():
        raise NoQuestions("no set of questions of this name", name=name, known=", ".join(SHIPPED))
    content = path.read_bytes()
    found: list[Question] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(content.split(b"\n"), start=1):
        if not line.strip(BLANK):
            continue
        question = _parsed(line, number, path)
        if question.id in seen:
            raise _invalid(path, number, "eval.invalid.twice", other=seen[question.id])
        seen[question.id] = number
        found.append(question)
    if not found:
        raise NoQuestions("the set of questions is empty", name=name, known=", ".join(SHIPPED))
    return QuestionSet(path.stem, path, hashlib.sha256(content).hexdigest()[:DIGEST], tuple(found))


def _parsed(line: bytes, number: int, path: Path) -> Question:
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise _invalid(path, number, "eval.invalid.not_json") from error
    if not isinstance(row, dict):
        raise _invalid(path, number, "eval.invalid.not_json")
    known = {field.name for field in fields(Question)} - {"line"}
    for name in row:
        if name not in known:
            raise _invalid(path, number, "eval.invalid.unknown", field=str(name)[:40])
    for name in ("id", "question"):
        if not isinstance(row.get(name), str) or not row[name].strip():
            raise _invalid(path, number, "eval.invalid.text", field=name)
    if not isinstance(row.get("kind", ""), str):
        raise _invalid(path, number, "eval.invalid.text", field="kind")
    whole = row.get("whole", "")
    if not isinstance(whole, str) or ("whole" in row and not whole.strip()):
        raise _invalid(path, number, "eval.invalid.text", field="whole")
    answerable = row.get("answerable")
    if not (answerable is None or isinstance(answerable, bool)):
        raise _invalid(path, number, "eval.invalid.boolean", field="answerable")
    texts = {name: _texts(row.get(name, []), name, path, number) for name in _TEXTS}
    gold = _gold(row.get("gold", []), path, number)
    if answerable is False and gold:
        raise _invalid(path, number, "eval.invalid.contradiction")
    return Question(
        id=row["id"],
        question=row["question"],
        kind=row.get("kind") or "other",
        answerable=True if gold else answerable,
        gold=gold,
        whole=whole,
        line=number,
        **texts,
    )


def _texts(value: object, name: str, path: Path, number: int) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(text, str) and text.strip() for text in value):
        raise _invalid(path, number, "eval.invalid.texts", field=name)
    return tuple(value)


def _gold(rows: object, path: Path, number: int) -> tuple[Gold, ...]:
    if not isinstance(rows, list):
        raise _invalid(path, number, "eval.invalid.gold")
    return tuple(_one_gold(row, path, number) for row in rows)


def _one_gold(row: object, path: Path, number: int) -> Gold:
    kinds: Mapping[str, type] = {field.name: type(field.default) for field in fields(Gold)}
    if not isinstance(row, dict) or not all(
        name in kinds and isinstance(value, kinds[name]) and not isinstance(value, bool) for name, value in row.items()
    ):
        raise _invalid(path, number, "eval.invalid.gold")
    gold = Gold(**row)
    spanned = bool(gold.file) and 0 <= gold.start < gold.end
    whole = bool(gold.document or gold.file) and gold.start == gold.end == 0
    if not (spanned or whole) or gold.part < 1 or not re.fullmatch(r"[0-9a-f]*", gold.sha256):
        raise _invalid(path, number, "eval.invalid.gold")
    return gold


def _invalid(path: Path, line: int, key: str, **values: Any) -> InvalidQuestions:  # noqa: ANN401 - named values
    detail = message(key, **values)
    return InvalidQuestions(f"{path.name}, line {line}: {key}", file=path.name, line=line, detail=detail)


def of_kinds(questions: Sequence[Question], kinds: Sequence[str]) -> tuple[Question, ...]:
    """Return the questions of some kinds, all of them when none is named."""
    return tuple(q for q in questions if not kinds or q.kind in kinds)
