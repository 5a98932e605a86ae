"""Article numbers as they are written everywhere, in one normal form: "R. 4127-4", "art R4127 -4" → ``R4127-4``."""

import re

# "R. 4127-4", "L 1110-4", "L.1110-4", "R*4127-4", "D. 4113-115"; a letter alone must not swallow the end of a word.
LETTERED = re.compile(
    r"(?<![\w-])(?P<letter>[LRDA])\s?\.?\s?\*?\s?(?P<number>\d{1,4}(?:(?:\s?[-‑–]\s?|(?<=\d{4}) )\d{1,3}(?!\d))*)(?![\d])",
    re.IGNORECASE,
)
# "226-14", "434-15-1": three digits and a dash, as in the code pénal; four-digit groups are years or telephone numbers.
BARE = re.compile(r"(?<![\w.-])(?P<number>[1-7]\d{2}-\d{1,3}(?:-\d{1,2}){0,2})(?![\w-])")
_DASH = re.compile(r"\s?[-‑–]\s?| ")


def normal_number(letter: str, number: str) -> str:
    """Return the normal form of an article number; ``letter`` may be empty."""
    return letter.upper() + _DASH.sub("-", number.strip())


def display_number(article: str) -> str:
    """Return the form that people print: ``R4127-4`` → "R. 4127-4", ``226-14`` → "226-14"."""
    return f"{article[0]}. {article[1:]}" if article[:1].isalpha() else article


def articles_in(text: str) -> tuple[str, ...]:
    """Return the normal numbers of the articles that a text names by a full number, in order, without repeats."""
    found: dict[str, None] = {}
    for match in LETTERED.finditer(text):
        if "-" in match.group("number") or len(match.group("number")) >= 3:
            found[normal_number(match.group("letter"), match.group("number"))] = None
    for match in BARE.finditer(text):
        found[normal_number("", match.group("number"))] = None
    return tuple(found)
