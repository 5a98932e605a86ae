"""A file of questions → a file of answers, line by line, in order, with one loaded index."""

import dataclasses
import errno
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.answering import Assistant
from assistant.commands.console import Report
from assistant.errors import InvalidRequest
from assistant.messages import explain, message


@dataclass(frozen=True, slots=True)
class Tally:
    """How many lines there were and how many could not be answered."""

    lines: int
    failed: int


def answer_file(source: Path, target: Path, assistant: Assistant, report: Report) -> Tally:
    """Answer every line of ``source`` into ``target``, which appears whole or not at all.

    A line that is not of the contract's form gives ``{"id", "error": {"code", "message"}}`` and the run goes on.

    Raises
    ------
    OSError
        ``source`` cannot be read, ``target`` cannot be written, or they are one file.

    """
    if target.is_dir():  # found out now, not after the last answer
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
    if is_same(source, target):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
    lines = source.read_bytes().split(b"\n")
    while lines and not lines[-1].strip():
        lines.pop()
    partial = target.with_name(f"{target.name}.part{os.getpid()}")
    failed = 0
    try:
        # An id may hold half of a surrogate pair, which JSON lets through and UTF-8 does not.
        with partial.open("w", encoding="utf-8", errors="replace", newline="\n") as out:
            for number, row in enumerate(_answers(lines, assistant), start=1):
                failed += "error" in row
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
                report("ask", number, len(lines))
        partial.replace(target)
    except OSError as error:
        # A disk that fills up while writing names no file.
        raise OSError(error.errno, error.strerror, error.filename or str(target)) from error
    finally:
        partial.unlink(missing_ok=True)
    return Tally(len(lines), failed)


def is_same(source: Path, target: Path) -> bool:
    """Tell whether the answers would replace the questions, also when a link leads to them."""
    return target.exists() and target.samefile(source)


def _answers(lines: Sequence[bytes], assistant: Assistant) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(lines, start=1):
        line_id = str(number)
        try:
            row = _parsed(line)
            line_id = str(number if row.get("id") is None else row["id"])
            answer = assistant.answer(_question(row), turns=_turns(row), answer_id=line_id)
            yield dataclasses.asdict(answer)
        except InvalidRequest as error:
            yield {"id": line_id, "error": {"code": error.code, "message": explain(error)}}
        except Exception:  # one question must never end the run, whatever went wrong; nothing of it is shown
            yield {"id": line_id, "error": {"code": "error", "message": message("errors.error")}}


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise _invalid("batch.not_json") from error
    if not isinstance(row, dict):
        raise _invalid("batch.not_json")
    return row


def _question(row: dict[str, Any]) -> str:
    question = row.get("question")
    if not isinstance(question, str):
        raise _invalid("batch.no_question")
    return question


def _turns(row: dict[str, Any]) -> list[str]:
    turns = row.get("turns") or []
    if not isinstance(turns, list) or not all(isinstance(turn, str) for turn in turns):
        raise _invalid("batch.bad_turns")
    return turns


def _invalid(key: str) -> InvalidRequest:
    return InvalidRequest(f"a line is not of the contract's form ({key})", detail=message(key))
