"""Sheets that we write ourselves: Markdown with TOML front matter, read and checked field by field.

The format is described in ``docs/sheets.md``.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import cast, get_args

from corpus.catalogue import sources
from corpus.front_matter import Verification, load_files, read_front_matter
from corpus.models import Metadata, Page, Reading, Verdict
from corpus.segmentation import shorten

SHORT = "Fiche : {title} (d'après {sources})"
NAMED = 2
"""Sources that the short name of a sheet gives."""

_VERDICTS: tuple[str, ...] = get_args(Verdict)


@dataclass(frozen=True, slots=True)
class SheetSource:
    """A source of a sheet: a catalogue id, where in it, and its date."""

    document: str
    place: str
    date: str


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
    fields, body = read_front_matter(text, name)
    verdict = fields.text("verdict")
    if verdict not in _VERDICTS:
        raise fields.wrong("verdict", f"must be one of {', '.join(_VERDICTS)}")
    named = tuple(
        SheetSource(fields.text("document", s), fields.text("place", s), fields.text("date", s))
        for s in fields.tables("sources")
    )
    for source in named:
        if source.document not in sources():
            raise fields.wrong("sources", f"{source.document} is not in corpus/sources.toml")
    return Sheet(
        id=fields.identifier(),
        title=fields.text("title"),
        themes=fields.texts("themes"),
        articles=fields.texts("articles"),
        verdict=cast("Verdict", verdict),
        short_answer=fields.text("short_answer"),
        sources=named,
        verified_with=fields.verified_with(),
        reviewed_on=fields.date("reviewed_on"),
        body=body,
    )


def load_sheets(folder: Traversable | None = None) -> Iterator[Sheet]:
    """Return the shipped sheets, or those of another folder, in the order of their names."""
    return load_files("sheets", parse_sheet, folder)
