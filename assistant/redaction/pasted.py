"""Records pasted as they stand in a software: JSON, XML, tables; lines "Nom : …" are those of ``pasted_lines``."""

import re
from collections.abc import Iterator

from assistant.redaction.folding import fold
from assistant.redaction.identities import Found
from assistant.redaction.pasted_fields import kind_of, values_in
from assistant.redaction.pasted_lines import lines
from assistant.redaction.pasted_tables import cells

_QUOTE = r"\\?[\"'\u201c\u201d]"
_FIELD = re.compile(
    rf"{_QUOTE}(?P<field>[a-z][a-z0-9_ .()°\-]{{1,40}}){_QUOTE} ?[:=] ?"
    r"(?:(?P<list>\[)(?: ?[\"'][^\"'\n\[\]]{0,100}[\"'] ?,?){1,20}|\\?\"(?P<double>[^\"\\\n]{1,200})"
    r"|\\?'(?P<single>[^'\\\n]{1,200})"
    r"|[\u201c](?P<curly>[^\u201d\n]{1,200})|(?P<bare>[0-9+][^,}\]\n\"]{0,60}))"
)
_LISTED = re.compile(r"[\"'](?P<value>[^\"'\n,\[\]]{1,100})[\"']")
_ELEMENT = re.compile(r"<(?P<field>[a-z][a-z0-9_.:\-]{1,40})(?: [^<>\n]{0,200})?>(?P<value>[^<>\n]{1,200})</")
_ASSIGNED = re.compile(r"(?<![\w\"'<.])(?P<field>[a-z][a-z0-9_]{1,30}) ?= ?[\"'](?P<value>[^\"'\n]{1,200})[\"']")


def pasted(text: str) -> Iterator[Found]:
    """Find the values of fields that say who somebody is, whatever they hold; other fields stay readable."""
    plain = fold(text)
    if ":" in plain or "=" in plain:
        for match in _FIELD.finditer(plain):
            if kind := kind_of(match["field"]):
                for start, end in _spans(plain, match):
                    yield from values_in(plain, kind, start, end)
        yield from lines(text, plain)
    for pattern in (_ELEMENT, _ASSIGNED):
        for match in pattern.finditer(plain):
            kind = kind_of(match["field"])
            if kind and match["field"] != "name":  # a word of HTML
                yield from values_in(plain, kind, *match.span("value"))
    for kind, start, end in cells(plain):
        value = plain[start:end].strip(" \"'")
        first = plain.find(value, start)
        yield from values_in(plain, kind, first, first + len(value))


def _spans(plain: str, match: re.Match[str]) -> Iterator[tuple[int, int]]:
    if match["list"]:
        for one in _LISTED.finditer(plain, match.start("list"), match.end()):
            yield one.span("value")
    for sort in ("double", "single", "curly", "bare"):
        if match[sort]:
            yield match.span(sort)
