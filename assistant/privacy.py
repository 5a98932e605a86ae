"""Identifying data of patients, found and replaced before anything else sees a question.

Covered for now: the social security number (NIR), telephone numbers, e-mail addresses. The original words are not kept.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.messages import message
from assistant.models import Redaction

if TYPE_CHECKING:
    from collections.abc import Iterator

# Characters that show nothing: format (zero width, direction), control, and those of other kinds that are drawn empty.
_EMPTY = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0") | {
    chr(code) for code in (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
}
# White space of any width, French typography included.
_SEPARATOR = r"[\s._/\-–]{0,2}"
# Sex, year, month (above 12 when the birth month is unknown), department (Corsica is 2A or 2B), commune, order, key.
_NIR = re.compile(
    rf"(?<!\d)(?<!\d-)[1-478]{_SEPARATOR}\d{{2}}{_SEPARATOR}(?:0[1-9]|[1-9]\d){_SEPARATOR}(?:\d{{2}}|2[abAB]){_SEPARATOR}"
    rf"\d{{3}}{_SEPARATOR}\d{{3}}(?:{_SEPARATOR}\d{{2}})?(?!\d)"
)
# Tried once a word, not at each of its letters: a long run of letters must not take a minute.
_EMAIL = re.compile(
    r"(?<![\w.+%'-])[\w.+%'-]+(?:\s?(?:@|\(at\)|\[at\]| arobase )\s?[\w-]+(?:\.[\w-]+)+|@[\w-]+)", re.IGNORECASE
)
# The same separator throughout, or dates that follow each other ("01/02/03 04/05/06") would look like a number.
_FRENCH_PHONE = re.compile(
    rf"(?<!\d)(?:\(?(?:\+|00){_SEPARATOR}33\)?{_SEPARATOR}(?:\(0\){_SEPARATOR})?|0)[1-9](?P<between>{_SEPARATOR})\d\d"
    r"(?:(?P=between)\d\d){3}(?!\d)"
)


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text without its identifying data, and the kinds of what was hidden, in order."""

    text: str
    redactions: tuple[Redaction, ...]


def redact(text: str) -> Redacted:
    """Replace identifying data by placeholders that keep the sentence readable.

    A number with the shape of a NIR is hidden even when its key is wrong: a slip of typing is still a person's number.
    Invisible characters are removed first: inside an address they would let a part of it through.
    What stood beside hidden data is looked at again, until there is nothing left to hide.
    """
    # Half of a surrogate pair, which JSON and a terminal let through, could be written nowhere.
    once = _replaced("".join(c for c in text.encode(errors="replace").decode() if not _invisible(c)))
    if not once.redactions:
        return once
    again = redact(once.text)
    return Redacted(again.text, once.redactions + again.redactions)


def _invisible(char: str) -> bool:
    return char in _EMPTY or (not char.isspace() and unicodedata.category(char) in {"Cf", "Cc"})


def _replaced(text: str) -> Redacted:
    spans = [("email", *match.span()) for match in _EMAIL.finditer(text)]
    spans += [("nir", *match.span()) for match in _NIR.finditer(text)]
    spans += [("phone", start, end) for start, end in _phones(text)]
    pieces: list[str] = []
    redactions: list[Redaction] = []
    done = 0
    for kind, start, end in sorted(spans, key=lambda s: (s[1], -s[2])):
        if start < done:
            continue
        placeholder = message(f"placeholders.{kind}")
        pieces += [text[done:start], placeholder]
        redactions.append(Redaction(kind, placeholder))
        done = end
    return Redacted("".join([*pieces, text[done:]]), tuple(redactions))


def _phones(text: str) -> "Iterator[tuple[int, int]]":
    """Yield the spans of French and international telephone numbers; dates, articles and short help lines are none."""
    for french in _FRENCH_PHONE.finditer(text):
        yield french.span()
    if sum(c.isdigit() for c in text) < 6:
        return
    import phonenumbers  # 40 ms: only for texts that could hold a number

    for match in phonenumbers.PhoneNumberMatcher(text, "FR", leniency=phonenumbers.Leniency.POSSIBLE):
        digits = sum(c.isdigit() for c in match.raw_string)
        if digits >= 9 and (match.raw_string.lstrip("( ")[:1] in "0+" or phonenumbers.is_valid_number(match.number)):
            yield match.start, match.end
