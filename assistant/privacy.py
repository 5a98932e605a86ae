"""Identifying data of patients, found and replaced before anything else sees a question.

Numbers, addresses and dates are told by their shape, names by what announces them and by what nothing else explains:
``assistant.redaction`` finds each. The original words are not kept.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.messages import message
from assistant.models import Redaction
from assistant.redaction.accounts import accounts
from assistant.redaction.credentials import credentials
from assistant.redaction.file_numbers import file_numbers
from assistant.redaction.identifiers import numbers
from assistant.redaction.identities import Finder, Found
from assistant.redaction.initials import initials
from assistant.redaction.lifedates import life_dates
from assistant.redaction.long_numbers import long_numbers
from assistant.redaction.name_strange import forget
from assistant.redaction.names import Names
from assistant.redaction.pasted import pasted
from assistant.redaction.persons import NOBODY, Knows
from assistant.redaction.registers import registrations
from assistant.redaction.rooms import rooms
from assistant.redaction.scanned import mended
from assistant.redaction.spelled import spelled
from assistant.redaction.usernames import usernames
from assistant.redaction.villages import villages
from assistant.redaction.whereabouts import addresses

FINDERS: tuple[Finder, ...] = (
    *(pasted, numbers, accounts, registrations, file_numbers, long_numbers),
    *(credentials, usernames, addresses, villages, rooms, life_dates),
    *(initials, spelled),
)
PRINTED = frozenset({"phone", "email", "address"})
"""Kinds that documents also print of offices and help lines."""
_MARKED = re.compile("([0-9])[\u0300-\u036f\u20d0-\u20ff]+")
MOST_LOOKS = 4
"""Times that a text is looked at again after something in it was hidden."""

# Characters that show nothing: format (zero width, direction), control, and those of other kinds that are drawn empty.
_EMPTY = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0") | {
    chr(code) for code in (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
}


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text without its identifying data, and the kinds of what was hidden, in order."""

    text: str
    redactions: tuple[Redaction, ...]


class Guard:
    """Hides identifying data.

    Parameters
    ----------
    knows
        Whether the documents name somebody in these words: their authors and officials are left readable.

    """

    def __init__(self, knows: Knows = NOBODY) -> None:
        self._knows = knows

    def redact(self, text: str) -> Redacted:
        """Replace identifying data by placeholders that keep the sentence readable.

        A number with the shape of a NIR is hidden even when its key is wrong: a slip of typing is still a person's
        number. Invisible characters are removed first: inside an address they would let a part of it through. What
        stood beside hidden data is looked at again, until there is nothing left to hide.
        """
        return self.redact_all([text])[0]

    def redact_all(self, texts: Sequence[str]) -> list[Redacted]:
        """Do so in the messages of one conversation: who was named with a title in one is known in the others."""
        visible = [_visible(text) for text in texts]
        names = Names(self._knows)
        try:
            heard = frozenset[str]().union(*(names.heard_in(mended(text)) for text in visible))
            return [self._redacted(text, heard) for text in visible]
        finally:
            forget()
            self._knows.forget()

    def _redacted(self, text: str, heard: frozenset[str]) -> Redacted:
        return _until_nothing(text, (*(self._but_printed(f) for f in FINDERS), Names(self._knows, heard)))

    def _but_printed(self, finder: Finder) -> Finder:
        """Leave what the documents print: the Ordre's own telephone and address."""

        def find(text: str) -> Iterator[Found]:
            for one in finder(text):
                if one.kind not in PRINTED or not self._knows(text[one.start : one.end].strip()):
                    yield one

        return find


def redact(text: str) -> Redacted:
    """Hide identifying data where no documents say whom they name; see ``Guard.redact``."""
    return Guard().redact(text)


def redact_shapes(text: str) -> Redacted:
    """Hide what its shape tells, names aside: in the words of a document."""
    return _until_nothing(_visible(text), FINDERS)


def _visible(text: str) -> str:
    # Half of a surrogate pair, which JSON and a terminal let through, could be written nowhere. Accents are joined to
    # their letters, as the words of dates and titles are compared; one that stands on a figure only hides it.
    seen = "".join(char for char in text.encode(errors="replace").decode() if not _invisible(char))
    return _MARKED.sub(r"\1", unicodedata.normalize("NFC", seen))


def _invisible(char: str) -> bool:
    return char in _EMPTY or (not char.isspace() and unicodedata.category(char) in {"Cf", "Cc"})


def _until_nothing(text: str, finders: Sequence[Finder]) -> Redacted:
    redactions: tuple[Redaction, ...] = ()
    for _ in range(MOST_LOOKS):
        once = _replaced(text, finders)
        text, redactions = once.text, redactions + once.redactions
        if not once.redactions:
            break
    return Redacted(text, redactions)


def _replaced(text: str, finders: Sequence[Finder]) -> Redacted:
    # Looked for in what a scanner made of the words, and in what they were on paper: places are the same in both.
    read = mended(text)
    found: list[Found] = [one for finder in finders for one in finder(read)]
    if read != text:
        found += [one for finder in finders if not isinstance(finder, Names) for one in finder(text)]
    pieces: list[str] = []
    redactions: list[Redaction] = []
    done = 0
    for one in sorted(found, key=lambda f: (f.start, -f.end)):
        if one.start < done:
            continue
        placeholder = message(f"placeholders.{one.placeholder or one.kind}")
        pieces += [text[done : one.start], placeholder]
        redactions.append(Redaction(one.kind, placeholder))
        done = one.end
    return Redacted("".join([*pieces, text[done:]]), tuple(redactions))
