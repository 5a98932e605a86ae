"""Whether a sentence says its words in the order of a text: who does what to whom must not be turned round."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from assistant.figures import NUMBERS
from assistant.stance import plain
from corpus.references import BARE, LETTERED
from indexes.french import tokens

PHYSICIAN = 0
"""The first group of actors."""

_STOP = re.compile(r"[,;:().]|\n")
_PLAIN_WORD = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Token:
    """A stem, the small words of weight that stand just before it, and which chunk between stops it stands in."""

    stem: str
    between: frozenset[str]
    chunk: int


def same_order(sentence: str, held: str) -> bool:
    """Tell whether a sentence says its words in the order of a text, and leaves out whole chunks of it alone.

    Its clauses may stand in another order: a condition may come first. Who changes places with whom inside a clause,
    what is taken from the middle of one, another "et" or "ou" between the same two words: all change the sense.
    """
    there = _tokens(held)
    known = {token.stem for token in there}
    parts = _STOP.split(_with_references_as_words(sentence))
    pieces = [[token for token in _tokens(part) if token.stem in known] for part in parts]
    orders = [[*pieces[n:], *pieces[:n]] for n in range(len(pieces))]
    return any(_follows([piece for piece in order if piece], there) for order in orders)


def _follows(pieces: Sequence[Sequence[Token]], there: Sequence[Token]) -> bool:
    """Tell whether pieces of a sentence come in the order of a text, each without a gap inside a chunk."""
    ends = [-1]
    """Where in the text what was read so far may end: a word may stand there several times."""
    for piece in pieces:
        for n, token in enumerate(piece):
            alike = [at for at, other in enumerate(there) if (other.stem, other.between) == (token.stem, token.between)]
            ends = [at for at in alike if any(end < at and (not n or _joins(there[end : at + 1])) for end in ends)]
            if not ends:
                return False
    return True


def _joins(run: Sequence[Token]) -> bool:
    """Tell whether the last of some tokens of a text may follow the first: only whole chunks stand between them."""
    first, *skipped, last = run
    return not any(other.chunk in {first.chunk, last.chunk} for other in skipped)


def _tokens(text: str) -> list[Token]:
    """Return the tokens of a text in order; a reference is one."""
    found = []
    for chunk, piece in enumerate(_STOP.split(plain(_with_references_as_words(text)))):
        small: set[str] = set()
        for word in _PLAIN_WORD.findall(piece):
            if name := _small().get(word):
                small.add(name)
            elif stems := tokens(NUMBERS.get(word, word)):
                found.append(Token(stems[0], frozenset(small), chunk))
                small = set()
    return found


def _with_references_as_words(text: str) -> str:
    """Return a text whose references are words that no stop can break."""
    return BARE.sub(_as_word, LETTERED.sub(_as_word, text))


def _as_word(reference: re.Match[str]) -> str:
    return f" ref{re.sub('[^0-9]', '', reference.group())} "


@cache
def _small() -> dict[str, str]:
    """Return the small words of weight, each with the first of those that mean the same."""
    groups = [group.split("|") for group in _data()["small"]]
    return {word: group[0] for group in groups for word in group}


@cache
def _actors() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(rf"\b(?:{group})") for group in _data()["actors"])


def same_actors(sentence: str, text: str) -> bool:
    """Tell whether the persons of a sentence come in the order of the text: who does what to whom is not turned round.

    The physician, who is also "vous", goes without saying, but not where the text speaks of others alone.
    """
    said, there = _sequence(sentence), _sequence(text)
    if PHYSICIAN in said and PHYSICIAN not in there and there:
        return False
    others = iter(actor for actor in there if actor != PHYSICIAN)
    return all(actor in others for actor in said if actor != PHYSICIAN)


def _sequence(text: str) -> list[int]:
    """Return the groups of the persons that a text names, in order, each run of one group once."""
    folded = plain(text)
    found = [n for _, n in sorted((m.start(), n) for n, group in enumerate(_actors()) for m in group.finditer(folded))]
    return [n for at, n in enumerate(found) if not at or found[at - 1] != n]


@cache
def _data() -> dict[str, list[str]]:
    return tomllib.loads(files("assistant").joinpath("support.toml").read_text(encoding="utf-8"))
