"""Invented people and what identifies them, from ``identities/words.toml``, typed in a hurry or with care."""

import tomllib
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random

from eval import identifiers

DOUBLE = 0.1
"""Share of surnames that are double-barrelled."""


@dataclass(frozen=True, slots=True)
class Person:
    """Names of one invented person; which first name is used depends on the sentence."""

    first_f: str
    first_m: str
    last: str
    maiden: str


@dataclass(frozen=True, slots=True)
class Style:
    """How a sentence is typed: ``case`` is "as_is", "lower", "upper" or "capitals" (surnames alone)."""

    case: str
    accents: bool

    def name(self, text: str, *, surname: bool) -> str:
        """Return a first name or surname, typed."""
        if self.case == "capitals" and surname:
            text = text.upper()
        return self.prose(text)

    def prose(self, text: str) -> str:
        """Return an address, a date or a name, typed."""
        if self.case in {"lower", "upper"}:
            text = text.lower() if self.case == "lower" else text.upper()
        return text if self.accents else without_accents(text)


@cache
def words(table: str) -> list[str]:
    """Return a list of ``words.toml``: parted by lines and bars where it has bars or phrases, otherwise by spaces."""
    text = tomllib.loads(files("eval").joinpath("identities", "words.toml").read_text("utf-8"))[table]
    if "|" in text:
        return [word for line in text.split("\n") for word in line.split("|") if word]
    return [word.replace("_", " ") for word in text.split()]


def style_of(fixed: str, rng: Random) -> Style:
    """Draw a style that fits the words around: names in a line typed in lower case often are too."""
    letters = [c for c in fixed if c.isalpha()]
    if all(c.isupper() for c in letters):
        return Style("upper", accents=rng.random() < 0.3)
    hasty = not any(c.isupper() for c in letters)
    case = rng.choices(["lower", "as_is", "capitals", "upper"], (60, 25, 10, 5) if hasty else (8, 70, 17, 5))[0]
    return Style(case, accents=rng.random() < (0.5 if fixed.isascii() else 0.95))


def person(rng: Random) -> Person:
    """Draw one person."""
    return Person(rng.choice(words("first_f")), rng.choice(words("first_m")), _surname(rng), rng.choice(words("last")))


def name_of(slot: str, who: Person, style: Style) -> str | None:
    """Return what a slot of names holds, None for other slots."""
    last = style.name(who.last, surname=True)
    first = {end: style.name(who.first_f if end == "f" else who.first_m, surname=False) for end in ("f", "m")}
    names = {
        "last": last,
        "maiden": style.name(who.maiden, surname=True),
        "first_f": first["f"],
        "first_m": first["m"],
        "full_f": f"{first['f']} {last}",
        "full_m": f"{first['m']} {last}",
        "rev_f": f"{last if style.case == 'lower' else last.upper()} {first['f']}",
        "rev_m": f"{last if style.case == 'lower' else last.upper()} {first['m']}",
        "initial": f"{first['m'][0]}. {last}",
    }
    return names.get(slot)


def other_of(slot: str, rng: Random, style: Style) -> str:
    """Return what a slot that is no name holds.

    Raises
    ------
    KeyError
        No such slot.

    """
    someone = person(rng)
    last = without_accents(someone.last).lower().replace(" ", "").replace("'", "")
    first = without_accents(someone.first_m).lower().replace(" ", "")
    makers: dict[str, Callable[[], str]] = {
        "nir": lambda: identifiers.nir_of(rng),
        "rpps": lambda: identifiers.rpps_of(rng),
        "adeli": lambda: identifiers.adeli_of(rng),
        "finess": lambda: identifiers.finess_of(rng),
        "phone": lambda: identifiers.phone_of(rng),
        "iban": lambda: identifiers.iban_of(rng),
        "email": lambda: identifiers.email_of(rng, first, last, rng.choice(words("host"))),
        "file": lambda: identifiers.file_of(rng),
        "room": lambda: identifiers.room_of(rng),
        "bed": lambda: identifiers.bed_of(rng),
        "username": lambda: identifiers.handle_of(rng, words("handle"), last),
        "address": lambda: style.prose(_address(rng)),
        "birth": lambda: style.prose(_date(rng, 1925, 2019)),
        "birth_year": lambda: str(rng.randint(1925, 2015)),
        "death": lambda: style.prose(_date(rng, 2012, 2025, year=rng.random() < 0.8)),
    }
    return makers[slot]()


def without_accents(text: str) -> str:
    """Return text without its accents; letters that are no accented Latin ones stay."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def _surname(rng: Random) -> str:
    if rng.random() < DOUBLE:
        return "-".join(rng.sample([word for word in words("last") if " " not in word and "-" not in word], 2))
    return rng.choice(words("last"))


def _address(rng: Random) -> str:
    town = rng.choice(words("town"))
    place = town.split(" ", 1)[1]
    where = rng.choice([f", {town}", f" {town}", f" - {town}", f" à {place}", f" à {place}", ""])
    kind = rng.random()
    if kind < 0.08:
        return f"BP {rng.randint(10, 990)}{where or ', ' + town}"
    if kind < 0.16:
        return f"{rng.choice(['lieu-dit', 'lieu dit'])} {rng.choice(words('hamlet'))}{where}"
    number = f"{rng.randint(2, 199)}{rng.choice(['', '', '', '', ' bis', 'ter', ','])}"
    inside = f", {rng.choice(words('inside'))}" if rng.random() < 0.15 else ""
    return f"{number} {rng.choice(words('street'))}{inside}{where}"


def _date(rng: Random, first: int, last: int, *, year: bool = True) -> str:
    day, month, in_year = rng.randint(1, 28), rng.randint(1, 12), rng.randint(first, last)
    spelt = f"{'1er' if day == 1 else day} {words('month')[month - 1]}"
    if not year:
        return spelt
    short = f"{in_year % 100:02}"
    return rng.choice(
        [
            f"{day:02}/{month:02}/{in_year}",
            f"{day:02}/{month:02}/{in_year}",
            f"{day:02}/{month:02}/{short}",
            f"{day}/{month}/{short}",
            f"{day:02}.{month:02}.{in_year}",
            f"{day:02}-{month:02}-{in_year}",
            f"{spelt} {in_year}",
            f"{spelt} {in_year}",
            f"{spelt} {short}",
        ]
    )
