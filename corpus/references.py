"""Article numbers as they are written everywhere, in one normal form: "R. 4127-4", "art R4127 -4" → ``R4127-4``."""

import re

# "R. 4127-4", "L 1110-4", "L.1110-4", "R*4127-4", "D. 4113-115"; a letter alone must not swallow the end of a word, and
# "a" before a space is a verb, or a preposition typed without its accent.
LETTERED = re.compile(
    r"(?<![\w-])(?P<letter>[LRDAlrd]|a(?! ))\s?\.?\s?\*?\s?"
    r"(?P<number>\d{1,4}(?:(?:\s?[-‑–]\s?|(?<=\d{4})[ .])\d{1,3}(?!\d))*)(?![\d])"
)
# "226-14", "434-15-1": three digits and a dash, as in the code pénal; four-digit groups are years or telephone numbers,
# and pages and sums of money come in ranges.
BARE = re.compile(
    r"(?<![\w.-])(?<!\bp\. )(?<!\bpp\. )(?<!\bpage )(?<!\bpages )"
    r"(?P<number>[1-7]\d{2}-\d{1,3}(?:-\d{1,2}){0,2})(?![\w-])(?!\s?(?:€|%|euros?\b|jours?\b|ans\b))"
)
_DASH = re.compile(r"\s?[-‑–]\s?|[ .]")


def normal_number(letter: str, number: str) -> str:
    """Return the normal form of an article number; ``letter`` may be empty."""
    return letter.upper() + _DASH.sub("-", number.strip())


def display_number(article: str) -> str:
    """Return the form that people print: ``R4127-4`` → "R. 4127-4", ``226-14`` → "226-14"."""
    return f"{article[0]}. {article[1:]}" if article[:1].isalpha() else article


def articles_in(text: str) -> tuple[str, ...]:
    """Return the normal numbers of the articles that a text names by a full number, in order, without repeats."""
    found: dict[str, None] = {}
    lettered = list(LETTERED.finditer(text))
    taken = {position for match in lettered for position in range(*match.span())}
    for match in lettered:
        if _is_full(match):
            found[normal_number(match.group("letter"), match.group("number"))] = None
    for match in BARE.finditer(text):
        if match.start() not in taken:  # the number of "L. 226-3" is no article of the code pénal
            found[normal_number("", match.group("number"))] = None
    return tuple(found)


def _is_full(match: re.Match[str]) -> bool:
    """Tell "R. 4127-4", "L. 632" and "L632" from "vitamine D 1000" and "R. 4"."""
    number = normal_number("", match.group("number"))
    return "-" in number or (len(number) >= 3 and (match.group()[1].isdigit() or "." in match.group()))
