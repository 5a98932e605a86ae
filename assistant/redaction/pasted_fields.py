"""The fields of a record that say who somebody is, and what stands in the place of their values."""

import re
from collections.abc import Iterator
from functools import cache, partial

from assistant.redaction.folding import HIDDEN
from assistant.redaction.identities import Found
from assistant.redaction.word_lists import word_list

KINDS = "name doctor birth death address phone email nir file rpps iban username room".split()
_PERSONS = {"name": "person.anybody", "doctor": "person.doctor"}
_PART = re.compile(rf"[^\s{HIDDEN}](?:[^{HIDDEN}]*[^\s{HIDDEN}])?")

listed = partial(word_list, "pasted")
"""Return a list of ``pasted.toml``."""


def bare(field: str) -> str:
    """Return the letters and digits of a folded field or value: "né(e) le" is ``neele``."""
    return re.sub(r"[^a-z0-9]", "", field)


@cache
def _kinds() -> dict[str, str]:
    return {word: kind for kind in KINDS for word in listed(kind)}


def kind_of(field: str) -> str:
    """Return the kind of data that a folded field holds, none when it says nothing of who somebody is."""
    word = bare(field)
    if kind := _kinds().get(word):
        return kind
    for whose in listed("whose"):
        if kind := _kinds().get(word.removeprefix(whose)) or _kinds().get(word.removesuffix(whose)):
            return kind
    return ""


def values_in(plain: str, kind: str, start: int, end: int) -> Iterator[Found]:
    """Yield what a value holds around placeholders; a word that says nothing of anybody is left."""
    if bare(plain[start:end]) in listed("nothing"):
        return
    for match in _PART.finditer(plain, start, end):
        if any(char.isalnum() for char in match[0]):
            sort = "name" if kind in _PERSONS else kind
            yield Found(sort, *match.span(), _PERSONS.get(kind, ""))
