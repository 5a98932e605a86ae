"""Decisions that we summarise ourselves: Markdown with TOML front matter, one file each.

The format is described in ``docs/precedents.md``.
"""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable

from corpus.front_matter import Verification, load_files, read_front_matter
from corpus.models import Metadata, Page, Reading

MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
SHORT_MONTHS = "janv. févr. mars avr. mai juin juill. août sept. oct. nov. déc.".split()


@dataclass(frozen=True, slots=True)
class Precedent:
    """One decision.

    Attributes
    ----------
    court, chamber, date, number
        What identifies it: "Conseil d'État", "4e et 1re chambres réunies", a day, "469089". An old one may have no
        number: its name stands for it.
    name
        The usual name, "" when it has none.
    short_court
        How the court is cited: "CE", "Cass. crim.", "CEDH", "CDNOM".
    url
        The page that states the same court, date and number.
    body
        The question, what was decided and what it changes, in our own words, under second-level headings.

    """

    id: str
    court: str
    short_court: str
    chamber: str
    date: datetime.date
    number: str
    name: str
    articles: tuple[str, ...]
    themes: tuple[str, ...]
    url: str
    verified_with: tuple[Verification, ...]
    body: str

    @property
    def title(self) -> str:
        """Court, chamber, day, number and name, as a lawyer writes them in full."""
        parts = (self.court, self.chamber, self._day(MONTHS), self.number and f"n° {self.number}", self.name)
        return ", ".join(part for part in parts if part)

    @property
    def short(self) -> str:
        """As it is cited: "CE, 28 mai 2024, n° 469089"."""
        parts = (self.short_court, self._day(SHORT_MONTHS), self.number and f"n° {self.number}")
        return ", ".join(part for part in parts if part)

    def _day(self, months: Sequence[str]) -> str:
        first = "er" if self.date.day == 1 else ""
        return f"{self.date.day}{first} {months[self.date.month - 1]} {self.date.year}"

    @property
    def metadata(self) -> Metadata:
        """What citations of this decision show; ``publisher`` is the court."""
        return Metadata(
            id=f"decision:{self.id}",
            title=self.title,
            short=f"{self.short} ({self.name})" if self.name else self.short,
            kind="precedent",
            publisher=self.court,
            date=self.date.isoformat(),
            authority=4,
            url=self.url,
            themes=self.themes,
            articles=self.articles,
        )

    @property
    def reading(self) -> Reading:
        """The decision as a text to clean and cut: its title, then the body."""
        return Reading("markdown", (Page(0, "1", f"# {self.title}\n\n{self.body}"),), title=self.title)


def parse_precedent(text: str, name: str) -> Precedent:
    """Read one decision.

    Raises
    ------
    InvalidSheet
        A field is missing, empty or of the wrong form; the error names the file and the field.

    """
    fields, body = read_front_matter(text, name)
    url = fields.text("url")
    if not url.startswith(("https://", "http://")):
        raise fields.wrong("url", "must be an address")
    return Precedent(
        id=fields.identifier(),
        court=fields.text("court"),
        short_court=fields.text("short_court"),
        chamber=fields.optional("chamber"),
        date=fields.date("date"),
        number=fields.optional("number"),
        name=fields.optional("name"),
        articles=fields.texts("articles"),
        themes=fields.texts("themes"),
        url=url,
        verified_with=fields.verified_with(),
        body=body,
    )


def load_precedents(folder: Traversable | None = None) -> Iterator[Precedent]:
    """Return the shipped decisions, or those of another folder, in the order of their names."""
    return load_files("precedents", parse_precedent, folder)
