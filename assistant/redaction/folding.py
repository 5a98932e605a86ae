"""A text in plain letters, each where it was, for the searches for identifying data."""

import re
import unicodedata

from assistant.redaction.name_words import is_ordinary, words_of

HIDDEN = "\u00a4"
"""What each character of a placeholder becomes: the words of one announce nothing, and it is not hidden again."""

_PLACEHOLDER = re.compile(r"\[[^\W\d_a-z\u00e0-\u00ff](?:[^\W\d_a-z\u00e0-\u00ff]|[' ])+\]")
_ALIKE = {"\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u00b4": "'", "\u2212": "-", "\u00ba": "°", "\n": "\n"}


class _Plain(dict[int, str]):
    """What each character becomes, found when first met."""

    def __missing__(self, code: int) -> str:
        self[code] = _plain(chr(code))
        return self[code]


def _plain(char: str) -> str:
    if char in _ALIKE:
        return _ALIKE[char]
    if char.isspace():
        return " "
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    if unicodedata.category(char) == "Pd":
        return "-"
    letters = [one for one in unicodedata.normalize("NFKD", char.lower()) if not unicodedata.combining(one)]
    return letters[0] if len(letters) == 1 and letters[0].isalpha() else char


_PLAIN = _Plain()


def fold(text: str) -> str:
    """Return a text of the same length: lower case, no accents, plain digits, spaces, hyphens and apostrophes.

    Line ends stay; placeholders become ``HIDDEN`` throughout.
    """
    return _PLACEHOLDER.sub(lambda match: HIDDEN * len(match[0]), text).translate(_PLAIN)


def digits_of(text: str) -> str:
    """Return the digits of a folded text."""
    return "".join(char for char in text if char.isdecimal())


def is_common(word: str) -> bool:
    """Whether all parts of a word are ordinary French words."""
    return all(is_ordinary(part) for part in words_of(word))
