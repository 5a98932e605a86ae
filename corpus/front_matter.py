"""TOML front matter between ``+++`` lines, read field by field, with errors that name the file and the field."""

import datetime
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

from corpus.errors import InvalidSheet

_FENCE = re.compile(r"\A\+\+\+\n(?P<front>.*?)\n\+\+\+\n(?P<body>.*)\Z", re.DOTALL)
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
Parsed = TypeVar("Parsed")


@dataclass(frozen=True, slots=True)
class Verification:
    """A hard fact and the document or address that confirms it."""

    fact: str
    where: str


@dataclass(frozen=True, slots=True)
class Fields:
    """Typed access to the front matter of one file; every method raises ``InvalidSheet`` for a wrong field."""

    front: dict[str, Any]
    name: str

    def wrong(self, field: str, why: str) -> InvalidSheet:
        """Return the error for a field."""
        return InvalidSheet(f"sheet {self.name}: {field} {why}", sheet=self.name, field=field)

    def identifier(self) -> str:
        """Return ``id``, which must be the file's name."""
        if self.text("id") != self.name or not _ID.fullmatch(self.name):
            raise self.wrong("id", "must be the file name: lower case, digits and hyphens")
        return self.name

    def text(self, field: str, table: dict[str, Any] | None = None) -> str:
        """Return a text that is not empty, of the front matter or of one of its tables."""
        value = (self.front if table is None else table).get(field)
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(field, "must be a non-empty text")
        return value.strip()

    def optional(self, field: str) -> str:
        """Return a text, "" where there is none."""
        return self.text(field) if field in self.front else ""

    def texts(self, field: str) -> tuple[str, ...]:
        """Return a list of texts that is not empty."""
        value = self.front.get(field)
        if not isinstance(value, list) or not value or not all(isinstance(v, str) and v.strip() for v in value):
            raise self.wrong(field, "must be a non-empty list of texts")
        return tuple(value)

    def date(self, field: str) -> datetime.date:
        """Return a date."""
        value = self.front.get(field)
        if not isinstance(value, datetime.date):
            raise self.wrong(field, "must be a date")
        return value

    def tables(self, field: str) -> list[dict[str, Any]]:
        """Return a list of tables that is not empty."""
        value = self.front.get(field)
        if not isinstance(value, list) or not value or not all(isinstance(v, dict) for v in value):
            raise self.wrong(field, "must be one or more tables")
        return value

    def verified_with(self) -> tuple[Verification, ...]:
        """Return what confirms the hard facts."""
        tables = self.tables("verified_with")
        return tuple(Verification(self.text("fact", v), self.text("where", v)) for v in tables)


def read_front_matter(text: str, name: str) -> tuple[Fields, str]:
    """Return the fields and the body of a file.

    Raises
    ------
    InvalidSheet
        No front matter, not TOML, or nothing after it.

    """
    match = _FENCE.match(text)
    if match is None:
        raise InvalidSheet(f"sheet {name}: no front matter between +++ lines", sheet=name, field="+++")
    try:
        front = tomllib.loads(match.group("front"))
    except tomllib.TOMLDecodeError as error:
        raise InvalidSheet(f"sheet {name}: front matter is not TOML: {error}", sheet=name, field="+++") from error
    fields, body = Fields(front, name), match.group("body").strip()
    if not body:
        raise fields.wrong("body", "is empty")
    return fields, body


def load_files(name: str, parse: Callable[[str, str], Parsed], folder: Traversable | None = None) -> Iterator[Parsed]:
    """Yield every Markdown file of ``corpus/<name>``, or of another folder, parsed, in the order of their names.

    ``parse`` takes the whole text and the file's name without its suffix.
    """
    folder = folder or files("corpus").joinpath(name)
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".md"):
            yield parse(entry.read_text(encoding="utf-8"), entry.name.removesuffix(".md"))
