"""Templates → sentences with invented identities, and what must not be left of each.

``identities/templates.jsonl`` holds sentences as physicians type them, with slots (``{full_f}``, ``{nir}``,
``{last2}``: a digit tells people apart), and look-alikes that must stay as they are (``kept``: of which sort). The part
``held_out`` is for measuring alone.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from random import Random

from corpus.cleaning import fold
from eval.people import Person, Style, name_of, other_of, person, style_of, words

PARTS = ("development", "held_out")
NAMES = {
    **dict.fromkeys(("full_f", "full_m", "rev_f", "rev_m", "initial"), "name: both"),
    **dict.fromkeys(("last", "maiden"), "name: surname"),
    **dict.fromkeys(("first_f", "first_m"), "name: first"),
}
OTHERS = {
    **{
        k: k
        for k in ("nir", "rpps", "adeli", "finess", "phone", "email", "iban", "address", "file", "room", "username")
    },
    **{"birth": "birth", "birth_year": "birth", "death": "death", "bed": "room"},
}
KINDS = NAMES | OTHERS
"""Slot, without the digit of its person → kind in the tables."""

_SLOT = re.compile(r"\{([a-z_]+?)(\d?)\}")
_PIECE = re.compile(r"[^\W\d_]+|\d+")
_TYPES = frozenset(
    "rue avenue boulevard place impasse allee chemin route cours quai square passage sentier faubourg montee lieu dit "
    "lotissement residence hameau esplanade venelle traverse bis ter apt appt appartement bat batiment etage esc "
    "cle".split()
)
_HOSTS = re.compile(r"@.*")
_TRIES = 500


@dataclass(frozen=True, slots=True)
class Template:
    """A sentence with slots, or, where ``kept`` names a sort of look-alike, one without."""

    text: str
    part: str
    kept: str = ""

    @property
    def slots(self) -> tuple[str, ...]:
        """The distinct slots, with the digit of their person."""
        return tuple(dict.fromkeys("".join(found) for found in _SLOT.findall(self.text)))

    @property
    def fixed(self) -> str:
        """The words around the slots."""
        return _SLOT.sub(" ", self.text)


@dataclass(frozen=True, slots=True)
class Identity:
    """What fills a slot. ``pieces``: folded words and runs of digits none of which may be left."""

    kind: str
    text: str
    pieces: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Filled:
    """A sentence with its identities in, and the folded words that were around them."""

    text: str
    fixed: tuple[str, ...]
    identities: tuple[Identity, ...]


def templates() -> tuple[Template, ...]:
    """Return every template and look-alike."""
    lines = files("eval").joinpath("identities", "templates.jsonl").read_text("utf-8").splitlines()
    return tuple(Template(**json.loads(line)) for line in lines)


def pieces_in(text: str) -> tuple[str, ...]:
    """Return the folded words and runs of digits of a text; a number glued to letters stands apart."""
    return tuple(_PIECE.findall(fold(text)))


def pieces_of(kind: str, text: str) -> tuple[str, ...]:
    """Return what identifies in a value: words of three letters or more, numbers of two digits or more.

    Particles, words such as "rue" and the host of an e-mail address do not count; where nothing is left, all does.
    """
    every = pieces_in(_HOSTS.sub("", text) if kind == "email" else text)
    small = _TYPES if kind in {"address", "nir"} else set(words("particles"))
    digits = 1 if kind == "room" else 2
    found = [p for p in every if (len(p) >= digits if p.isdigit() else len(p) >= 3 and p not in small)]
    return tuple(dict.fromkeys(found or every))


def fill(template: Template, rng: Random) -> Filled:
    """Draw identities for a template until no piece of one is also around it or in another person's.

    Raises
    ------
    ValueError
        No such identities were drawn.

    """
    fixed = pieces_in(template.fixed)
    for _ in range(_TRIES):
        style, people = style_of(template.fixed, rng), {n: person(rng) for n in " 23456789"}
        texts = {name: _value(name, people, rng, style) for name in template.slots}
        identities = tuple(_identity(name, text) for name, text in texts.items())
        if _apart(dict(zip(texts, identities, strict=True)), set(fixed)):
            return Filled(template.text.format(**texts), fixed, identities)
    raise ValueError(f"no identities fit the template {template.text!r}; use other words around its slots")


def filled(rows: tuple[Template, ...], seed: int, rounds: int = 1) -> Iterator[Filled]:
    """Yield each template filled ``rounds`` times. A template's draws do not depend on the others'."""
    for template in rows:
        rng = Random(f"{seed} {template.text}")  # noqa: S311 - reproducible on purpose
        for _ in range(rounds):
            yield fill(template, rng)


def _value(name: str, people: dict[str, Person], rng: Random, style: Style) -> str:
    slot, digit = _parted(name)
    named = name_of(slot, people[digit or " "], style)
    return other_of(slot, rng, style) if named is None else named


def _identity(name: str, text: str) -> Identity:
    kind = KINDS[_parted(name)[0]]
    return Identity(kind, text, pieces_of(kind, text))


def _parted(name: str) -> tuple[str, str]:
    return (name[:-1], name[-1]) if name[-1].isdigit() else (name, "")


def _apart(identities: dict[str, Identity], fixed: set[str]) -> bool:
    owners: dict[str, set[str]] = {}
    for name, identity in identities.items():
        slot, digit = _parted(name)
        owners.setdefault(f"person {digit}" if slot in NAMES else name, set()).update(identity.pieces)
    seen = set(fixed)
    for pieces in owners.values():
        if pieces & seen:
            return False
        seen |= pieces
    return True
