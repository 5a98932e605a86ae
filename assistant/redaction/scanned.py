"""A text as it stood on paper: what a scanner took for a figure in a word, for a letter in a number, is put right."""

import re

_TOKEN = re.compile(r"(?<![^\W_])[^\W_]{3,40}(?![^\W_])")
_LETTERS = {"0": "o", "1": "i", "5": "s", "8": "b"}
_FIGURES = str.maketrans("OoIl", "0011")
# Whole dates, and long numbers; "l1110-4" is an article.
_LIKE = "[0-9OoIl]"
_DATE = re.compile(rf"(?<![\w./\-]){_LIKE}{{1,2}}(?P<by>[./\- ]){_LIKE}{{1,2}}(?P=by){_LIKE}{{2,4}}(?![^\W_])")
_NUMBER = re.compile(rf"(?<![^\W_]){_LIKE}(?:[ .\-/]{{0,2}}{_LIKE}){{8,24}}(?![^\W_])")
_ARTICLE = re.compile(r"(?<![^\W_])[lLI] ?[0-9]{3,4}-")
_BESIDE = re.compile(r"(?<=[0-9])[OoIl]|[OoIl](?=[OoIl]?[0-9])")
_THE = re.compile(r"(?<![^\W_])I(?=(?:e|es|a)(?![^\W_]))")

FEW, MANY = 2, 5
"""Letters that a word must have beside a 0, and beside the other figures: "N0M" is a word, "A1AT" none."""
LEAST = 3
"""Capitals of a word, and figures of a date, that make sure."""
MOST = 3
"""Letters that one number may have."""


def mended(text: str) -> str:
    """Return a text of the same length with the letters and figures that were meant: "N0M : DUCR0CQ, O7/O9/1941".

    A word is mended where its figures stand between letters and it is written in one manner throughout: formulas,
    genes and stages ("HbA1c", "H1N1", "T1N0M0") are left.
    """
    text = _TOKEN.sub(lambda match: _word(match[0]), text)
    text = _THE.sub("l", text)
    text = _DATE.sub(lambda match: _figures(match[0]), text)
    return _NUMBER.sub(_number, text)


def _word(word: str) -> str:
    letters = [char for char in word if char.isalpha()]
    if len(letters) == len(word):
        capitals = [char for char in letters if char.isupper()]
        small = [char for char in letters if not char.isupper()]
        return word.replace("l", "I") if small and set(small) == {"l"} and len(capitals) >= LEAST else word
    figures = {char for char in word if not char.isalpha()}
    if not figures <= set(_LETTERS) or len(letters) < (FEW if figures == {"0"} else MANY):
        return word
    shouted = all(char.isupper() for char in letters)
    if not shouted and any(char.isupper() for char in letters[1:]):
        return word
    edges = {char for char in (word[0], word[-1]) if not char.isalpha()}
    if edges and (edges != {"0"} or len(letters) < MANY - 1):
        return word
    meant = "".join(_LETTERS.get(char, char) for char in word)
    return "".join(new.upper() if shouted else new for new in meant) if len(meant.upper()) == len(word) else word


def _figures(number: str) -> str:
    return number.translate(_FIGURES) if sum(char.isdecimal() for char in number) >= LEAST else number


def _number(match: re.Match[str]) -> str:
    number = match[0]
    letters = sum(char.isalpha() for char in number)
    return number if not 0 < letters <= MOST or _ARTICLE.search(number) else _BESIDE.sub(_figure, number)


def _figure(match: re.Match[str]) -> str:
    return match[0].translate(_FIGURES)
