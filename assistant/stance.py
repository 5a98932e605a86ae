"""What a text says one may, must or must not do: the deontic reading of its clauses."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from corpus.cleaning import fold

OPPOSED = frozenset(
    frozenset(pair)
    for pair in (
        ("permitted", "forbidden"),
        ("required", "forbidden"),
        ("required", "optional"),
    )
)
"""Readings that cannot both hold of the same act."""
SAME = {"unforbidden": "permitted"}
"""Patterns that are read before another, and mean the same as a later one."""

# A comma between two digits is a number's.
_CLAUSE = re.compile(
    r"[.;:!?\n]|(?<!\d),(?!\d)|\b(?:mais|sauf|cependant|toutefois|en revanche|or|car|tandis que|alors que)\b"
)
_DENIAL = re.compile(
    r"\b(?:pas|jamais|aucune?s?|ni|rien|nulle?|non|interdi\w+|refus\w+|impossible|exclu\w*|dispens\w+|illicite|illegal\w*)\b"
)
_BARE_DENIAL = re.compile(r"\b(?:ne\b|n')")
_WITHOUT = re.compile(r"\b(?:sans|hors|hormis|sauf|excepte)\b")


def plain(text: str) -> str:
    """Return a text as patterns read it: folded, one kind of apostrophe."""
    return fold(text.replace("’", "'"))


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    table = tomllib.loads(files("assistant").joinpath("stances.toml").read_text(encoding="utf-8"))
    return {name: re.compile(pattern) for name, pattern in table.items()}


def stances(text: str) -> frozenset[str]:
    """Return what a text says of an act: any of ``permitted``, ``required``, ``forbidden``, ``optional``.

    ``restricted`` ("ne peut … que") stands for what is both allowed and limited.
    """
    rest, found = plain(text), set()
    for name, pattern in _patterns().items():
        rest, times = pattern.subn(" ", rest)
        found |= {SAME.get(name, name)} if times else set()
    return frozenset(found)


def opposed(first: frozenset[str], second: frozenset[str]) -> bool:
    """Tell whether one text's readings all stand against another's: some pair is opposed and nothing is shared."""
    return not first & second and any(frozenset((a, b)) in OPPOSED for a in first for b in second)


def clauses(text: str) -> Iterator[str]:
    """Yield the clauses of a text, folded: what stands between its stops, and around "mais" and "sauf"."""
    for piece in _CLAUSE.split(plain(text)):
        if piece.strip():
            yield piece.strip()


def negations(text: str) -> tuple[bool, bool]:
    """Tell whether a text denies something, and whether it sets something aside ("sans", "hors")."""
    folded = plain(text)
    return bool(_DENIAL.search(folded) or _BARE_DENIAL.search(folded)), bool(_WITHOUT.search(folded))
