"""Sheets that we write ourselves: Markdown with TOML front matter, read and checked field by field.

The format is described in ``docs/sheets.md``.
"""

import datetime
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, get_args

from corpus.catalogue import sources
from corpus.errors import InvalidSheet
from corpus.models import Metadata, Page, Reading, Verdict
from corpus.segmentation import shorten

SHORT = "Fiche : {title} (d'après {sources})"
NAMED = 2
"""Sources that the short name of a sheet gives."""

_VERDICTS: tuple[str, ...] = get_args(Verdict)
_FENCE = re.compile(r"\A\+\+\+\n(?P<front>.*?)\n\+\+\+\n(?P<body>.*)\Z", re.DOTALL)
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class SheetSource:
    """A source of a sheet: a catalogue id, where in it, and its date."""

    document: str
    place: str
    date: str


@dataclass(frozen=True, slots=True)
class Verification:
    """A hard fact of a sheet and the document or address that confirms it."""

    fact: str
    where: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One of our sheets; ``body`` is Markdown under second-level headings."""

    id: str
    title: str
    themes: tuple[str, ...]
    articles: tuple[str, ...]
    verdict: Verdict
    short_answer: str
    sources: tuple[SheetSource, ...]
    verified_with: tuple[Verification, ...]
    reviewed_on: datetime.date
    body: str

    @property
    def metadata(self) -> Metadata:
        """What citations of this sheet show: its title and the official sources it rests on."""
        named = list(dict.fromkeys(sources()[source.document].metadata.short for source in self.sources))
        return Metadata(
            id=f"fiche:{self.id}",
            title=self.title,
            short=SHORT.format(title=shorten(self.title, longest=70), sources=" ; ".join(named[:NAMED])),
            kind="sheet",
            publisher="Déonto",
            date=self.reviewed_on.isoformat(),
            authority=2,
            themes=self.themes,
            articles=self.articles,
            verdict=self.verdict,
        )

    @property
    def reading(self) -> Reading:
        """The sheet as a text to clean and cut: title, short answer, body."""
        text = f"# {self.title}\n\n{self.short_answer}\n\n{self.body}"
        return Reading("markdown", (Page(0, "1", text),), title=self.title)


def parse_sheet(text: str, name: str) -> Sheet:
    """Read one sheet.

    Parameters
    ----------
    text
        The whole file.
    name
        File name without its suffix; the sheet's id must be the same.

    Raises
    ------
    InvalidSheet
        A field is missing, empty or of the wrong form; the error names the sheet and the field.

    """
    match = _FENCE.match(text)
    if match is None:
        raise InvalidSheet(f"sheet {name}: no front matter between +++ lines", sheet=name, field="+++")
    try:
        front = tomllib.loads(match.group("front"))
    except tomllib.TOMLDecodeError as error:
        raise InvalidSheet(f"sheet {name}: front matter is not TOML: {error}", sheet=name, field="+++") from error
    fields = _Fields(front, name)
    if fields.text("id") != name or not _ID.fullmatch(name):
        raise fields.wrong("id", "must be the file name: lower case, digits and hyphens")
    if front.get("verdict") not in _VERDICTS:
        raise fields.wrong("verdict", f"must be one of {', '.join(_VERDICTS)}")
    reviewed = front.get("reviewed_on")
    if not isinstance(reviewed, datetime.date):
        raise fields.wrong("reviewed_on", "must be a date")
    named = tuple(
        SheetSource(fields.text("document", s), fields.text("place", s), fields.text("date", s))
        for s in fields.tables("sources")
    )
    for source in named:
        if source.document not in sources():
            raise fields.wrong("sources", f"{source.document} is not in corpus/sources.toml")
    body = match.group("body").strip()
    if not body:
        raise fields.wrong("body", "is empty")
    return Sheet(
        id=name,
        title=fields.text("title"),
        themes=fields.texts("themes"),
        articles=fields.texts("articles"),
        verdict=front["verdict"],
        short_answer=fields.text("short_answer"),
        sources=named,
        verified_with=tuple(
            Verification(fields.text("fact", v), fields.text("where", v)) for v in fields.tables("verified_with")
        ),
        reviewed_on=reviewed,
        body=body,
    )


def load_sheets(folder: Traversable | None = None) -> Iterator[Sheet]:
    """Yield the shipped sheets, or those of another folder, in the order of their names."""
    folder = folder or files("corpus").joinpath("sheets")
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".md"):
            yield parse_sheet(entry.read_text(encoding="utf-8"), entry.name.removesuffix(".md"))


@dataclass(frozen=True, slots=True)
class _Fields:
    """Typed access to front matter, with errors that name sheet and field."""

    front: dict[str, Any]
    name: str

    def wrong(self, field: str, why: str) -> InvalidSheet:
        return InvalidSheet(f"sheet {self.name}: {field} {why}", sheet=self.name, field=field)

    def text(self, field: str, table: dict[str, Any] | None = None) -> str:
        value = (self.front if table is None else table).get(field)
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(field, "must be a non-empty text")
        return value.strip()

    def texts(self, field: str) -> tuple[str, ...]:
        value = self.front.get(field)
        if not isinstance(value, list) or not value or not all(isinstance(v, str) and v.strip() for v in value):
            raise self.wrong(field, "must be a non-empty list of texts")
        return tuple(value)

    def tables(self, field: str) -> list[dict[str, Any]]:
        value = self.front.get(field)
        if not isinstance(value, list) or not value or not all(isinstance(v, dict) for v in value):
            raise self.wrong(field, "must be one or more tables")
        return value
