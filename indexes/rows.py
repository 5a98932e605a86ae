"""Documents and passages ↔ JSON lines."""

import dataclasses
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from corpus.models import Document, Metadata, PageSpan, Passage


def write_lines(file: Path, items: Sequence[Document] | Sequence[Passage]) -> None:
    """Write one item a line."""
    with file.open("w", encoding="utf-8", newline="\n") as out:
        for item in items:
            out.write(json.dumps(dataclasses.asdict(item), ensure_ascii=False) + "\n")


def read_documents(file: Path) -> list[Document]:
    """Read documents that ``write_lines`` wrote."""
    return [_document(row) for row in _read_lines(file)]


def read_passages(file: Path) -> list[Passage]:
    """Read passages that ``write_lines`` wrote."""
    return [Passage(**_with_tuples(row)) for row in _read_lines(file)]


def _read_lines(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8") as lines:  # never splitlines(), which cuts at U+2028 too
        for line in lines:
            yield json.loads(line)


def _document(row: dict[str, Any]) -> Document:
    metadata = _with_tuples(row["metadata"])
    pages = tuple(PageSpan(**page) for page in row["pages"])
    return Document(Metadata(**metadata), row["source"], row["text"], pages, tuple(row["warnings"]))


def _with_tuples(row: dict[str, Any]) -> dict[str, Any]:
    """Undo what JSON does to tuples."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
