"""A passage with the words that were searched marked in it, accents and endings folded as the index folds them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.cleaning import fold
from corpus.models import Passage
from corpus.references import BARE, LETTERED, normal_number
from indexes.french import stem

LONGEST = 320
"""Characters of a passage that are shown, a little more where a word would be cut."""
BEFORE = 80
"""Characters shown before the first marked word, at most."""

_WORD = re.compile("(?:[^\\W_]|[\u0300-\u036f])+")
_SENTENCE = re.compile(r"(?<=[.!?…»])\s+|\n+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters of the passage; the pieces of a snippet joined are ``text[start:end]``."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Snippet:
    """The part of a passage that holds most of the words; ``[start, end)`` are characters of the passage's text."""

    pieces: tuple[Piece, ...]
    start: int
    end: int
    cut_before: bool
    cut_after: bool


def snippet(passage: Passage, stems: frozenset[str]) -> Snippet:
    """Return where a passage speaks of the words; its beginning, below its own heading, where it holds none of them."""
    text = passage.text
    heading = next((h for h in reversed(passage.headings) if text.startswith(h) and len(h) < len(text)), "")
    first = len(heading) + len(text[len(heading) :]) - len(text[len(heading) :].lstrip())
    found = [one for one in occurrences(text, stems) if one[0] >= first]
    start, end = _window(text[first:], [(low - first, high - first, root) for low, high, root in found])
    start, end = start + first, end + first
    return Snippet(_pieces(text, start, end, found), start, end, start > first, end < len(text))


def whole(text: str, stems: frozenset[str]) -> Snippet:
    """Return a short text, such as a title, with the words marked."""
    return Snippet(_pieces(text, 0, len(text), list(occurrences(text, stems))), 0, len(text), False, False)


def _pieces(text: str, start: int, end: int, found: Sequence[tuple[int, int, str]]) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    done = start
    for low, high, _ in found:
        if low < start or high > end:
            continue
        pieces += [Piece(text[done:low], marked=False), Piece(text[low:high], marked=True)]
        done = high
    pieces.append(Piece(text[done:end], marked=False))
    return tuple(piece for piece in pieces if piece.text)


def occurrences(text: str, stems: frozenset[str]) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, stem) of the words of a text that have one of the stems, in order; references count whole."""
    if not stems:
        return
    taken: list[tuple[int, int, str]] = []
    for pattern in (LETTERED, BARE):
        for match in pattern.finditer(text):
            letter = match.groupdict().get("letter") or ""
            number = normal_number(letter, match.group("number")).lower()
            if number in stems:
                taken.append((*match.span(), number))
    held = [(low, high) for low, high, _ in taken]
    for match in _WORD.finditer(text):
        word = fold(match.group())
        root = word if word[-1:].isdigit() else stem(word)
        if root in stems and not any(low <= match.start() < high for low, high in held):
            taken.append((*match.span(), root))
    done = 0
    for low, high, root in sorted(taken):
        if low >= done:
            yield low, high, root
            done = high


def _window(text: str, found: list[tuple[int, int, str]]) -> tuple[int, int]:
    """Return the bounds of the part that holds most different words, then most words, the first of equals."""
    if len(text) <= LONGEST:
        return 0, len(text)
    if not found:
        return 0, _word_end(text, LONGEST)
    best, kept = (0, 0), 0
    for first, (low, _, _) in enumerate(found):
        inside = [root for _, high, root in found[first:] if high <= low + LONGEST - BEFORE]
        if (len(set(inside)), len(inside)) > best:
            best, kept = (len(set(inside)), len(inside)), low
    start = _sentence_start(text, kept)
    return start, _word_end(text, start + LONGEST)


def _sentence_start(text: str, place: int) -> int:
    """Return where the sentence of a place begins, or a word near before it when that is far."""
    floor = max(0, place - BEFORE)
    starts = [match.end() for match in _SENTENCE.finditer(text, floor, place)]
    if starts:
        return starts[-1] if place - starts[0] > BEFORE else starts[0]
    if floor == 0:
        return 0
    space = text.find(" ", floor, place)
    return space + 1 if space >= 0 else floor


def _word_end(text: str, place: int) -> int:
    if place >= len(text):
        return len(text)
    space = re.compile(r"\s").search(text, place)
    return space.start() if space and space.start() < place + 40 else place
