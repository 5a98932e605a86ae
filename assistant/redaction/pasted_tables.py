"""Tables pasted as text: a line that names the columns, then one for each person."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from assistant.redaction.pasted_fields import kind_of

SEPARATORS = ";\t|,"
LONGEST_FIELD = 40
"""Characters that the name of a column may have."""

_LINE = re.compile(r"[^\n]+")
# Between commas a column's name is short, or it is a sentence.
_SHORT = re.compile(r"[\s\"']*[^\s]{1,20}(?: [^\s]{1,20}){0,2}[\s\"']*")
Span = tuple[int, int]


def cells(plain: str) -> Iterator[tuple[str, int, int]]:
    """Yield the kind and the span of every value in a column that says who somebody is."""
    columns: Sequence[str] = ()
    separator = ""
    for line in _LINE.finditer(plain):
        if columns:
            fields = _fields(plain, line.start(), line.end(), separator)
            if len(fields) == len(columns) or (separator != "," and 1 < len(fields) < len(columns)):
                for kind, (start, end) in zip(columns, fields, strict=False):
                    if kind:
                        yield kind, start, end
                continue
            columns = ()
        for separator in SEPARATORS:
            if columns := _columns(plain, line.start(), line.end(), separator):
                break


def _columns(plain: str, start: int, end: int, separator: str) -> Sequence[str]:
    """Return the kinds of the columns that a line names, empty for the others; none when it names no persons."""
    if plain.find(separator, start, end) < 0:
        return ()
    fields = [plain[slice(*span)] for span in _fields(plain, start, end, separator)]
    # What leads to the table may stand on its first line.
    fields[0] = fields[0].rpartition(":")[2]
    kinds = [kind_of(field) if len(field) <= LONGEST_FIELD else "" for field in fields]
    known = sum(map(bool, kinds))
    if separator == "," and not all(_SHORT.fullmatch(field) for field in fields):
        return ()
    return kinds if known > 1 or (known and separator in ";\t" and len(fields) > 2) else ()


def _fields(plain: str, start: int, end: int, separator: str) -> list[Span]:
    """Split a line; a separator between double quotes separates nothing."""
    spans, at, quoted = [], start, False
    for place in range(start, end):
        if plain[place] == '"':
            quoted = not quoted
        elif plain[place] == separator and not quoted:
            spans.append((at, place))
            at = place + 1
    if quoted:
        return [(0, 0)] if separator not in plain[start:end] else _split(plain, start, end, separator)
    return [*spans, (at, end)]


def _split(plain: str, start: int, end: int, separator: str) -> list[Span]:
    places = [start - 1, *(at for at in range(start, end) if plain[at] == separator), end]
    return [(first + 1, last) for first, last in pairwise(places)]
