"""Which words may be a person's name, and which announce one: ``names.toml`` and two shipped sets of words."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path

from assistant.redaction.bloom import BloomFilter, folded

FOLDER = Path(str(files("assistant.redaction") / "vocabulary"))

REMEMBERED = 20_000
"""Words whose sort is kept; the words of questions must not be kept for ever."""

# A word with its hyphens; what an apostrophe joins are two.
_BRETON = r"(?:(?<=[cC])['’][hH][^\W\d_]*)*"  # c'h is one letter
_WORD = re.compile(rf"[^\W\d_]+{_BRETON}(?:[-‐‑][^\W\d_]+{_BRETON})*")
_PLACEHOLDER = re.compile(r"\[[A-ZÀ-Ý' ]{3,30}\]")
_ADJECTIVE = re.compile(r"(?:ique|iques|eux|euse|euses|pathe|pathes|logue|logues|isee?s?|therapeute)\Z")
_SENTENCE_END = re.compile(r"[.!?:;\n«\"“(\[•*>–—]\s*$|\s-\s*$")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text, ``text[start:end]``, with what stands between it and the word before."""

    text: str
    start: int
    end: int
    gap: str
    folded: str
    capital: bool
    opens: bool
    """Whether it begins a sentence: its capital says nothing then."""

    @property
    def shouted(self) -> bool:
        """Whether it is written in capitals throughout."""
        return self.capital and len(self.text) > 1 and self.text.isupper()


def words_of(text: str) -> list[Word]:
    """Split a text; in one written all in capitals none of them counts as a capital."""
    letters = [char for char in text if char.isalpha()]
    shouting = len(letters) > 12 and sum(char.isupper() for char in letters) > 0.7 * len(letters)
    found: list[Word] = []
    done = 0
    hidden = {at for match in _PLACEHOLDER.finditer(text) for at in range(*match.span())}
    for match in _WORD.finditer(text):
        if match.start() in hidden:
            continue
        gap = text[done : match.start()]
        initial = len(found[-1].text) == 1 if found else False
        opens = not found or (bool(_SENTENCE_END.search(gap[-20:])) and not (initial and gap.strip() == "."))
        capital = match[0][0].isupper() and not shouting
        found.append(Word(match[0], *match.span(), gap, folded(match[0]), capital, opens))
        done = match.end()
    return found


@cache
def written() -> dict[str, dict[str, str | list[str]]]:
    """Return the lists of ``names.toml`` as they are written."""
    return tomllib.loads((files("assistant.redaction") / "names.toml").read_text(encoding="utf-8"))


@cache
def wording() -> dict[str, dict[str, frozenset[str]]]:
    """Return the lists of ``names.toml``, folded."""
    return {
        table: {key: frozenset(_split(value)) for key, value in lists.items()} for table, lists in written().items()
    }


def _split(value: str | list[str]) -> Iterator[str]:
    yield from (folded(word) for word in (value.split() if isinstance(value, str) else value))


@cache
def _filters() -> tuple[BloomFilter, BloomFilter]:
    return BloomFilter.load(FOLDER / "words.bloom"), BloomFilter.load(FOLDER / "first_names.bloom")


def listed(word: Word, table: str, key: str) -> bool:
    """Whether a list of ``names.toml`` has the word."""
    return word.folded in wording()[table][key]


def is_title(word: Word) -> bool:
    """Whether it is put before names: « M. », « docteur »."""
    return any(listed(word, "titles", sort) for sort in wording()["titles"])


def is_cue(word: Word) -> bool:
    """Whether it announces a name, and is none: « patiente », « mari »."""
    return any(listed(word, "cues", cue) for cue in ("patient_m", "patient_f", "relative", "colleague"))


def is_stop(word: Word) -> bool:
    """Whether it is never a name: a function word, or what a title is put before."""
    return listed(word, "stop", "words") or listed(word, "stop", "roles")


def is_ordinary_spelling(word: str) -> bool:
    """Whether a folded spelling is a French word, without a memory of what was asked."""
    return _filters()[0].has(word)


@lru_cache(REMEMBERED)
def _ordinary(word: str) -> bool:
    words, _ = _filters()
    if word in words or word in wording()["stop"]["words"] or word in wording()["stop"]["roles"]:
        return True
    return "-" in word and all(_ordinary(part) for part in re.split("[-‐‑]", word))


def is_ordinary(word: Word) -> bool:
    """Whether it is a French word like others, or a function word."""
    return _ordinary(word.folded)


@lru_cache(REMEMBERED)
def _first(word: str) -> bool:
    _, names = _filters()
    if word in wording()["first"]["never"]:
        return False
    return word in names or ("-" in word and all(_first(part) for part in re.split("[-‐‑]", word)))


def forget_words() -> None:
    """Forget the words that were looked up."""
    _ordinary.cache_clear()
    _first.cache_clear()


def is_first(word: Word) -> bool:
    """Whether people are given it as a first name."""
    return _first(word.folded)


def is_everyday(word: Word) -> bool:
    """Whether it is a first name, but an ordinary word too."""
    return listed(word, "first", "everyday") or _ordinary(word.folded)


def is_last(word: Word) -> bool:
    """Whether it is a surname, but an ordinary word too."""
    return listed(word, "last", "everyday")


def is_thing(word: Word) -> bool:
    """Whether it is written with a capital and names no person: a brand, an institution, a place, an acronym."""
    return is_listed_thing(word) or (word.shouted and len(word.text) <= 5 and not is_first(word))


def is_listed_thing(word: Word) -> bool:
    """Whether ``names.toml`` has it among the brands, the institutions and the places."""
    return listed(word, "stop", "things") or listed(word, "stop", "places")


def is_unknown(word: Word) -> bool:
    """Whether nothing is known of it: no French word, no first name, no thing."""
    return is_new(word) and (word.capital or not _ADJECTIVE.search(word.folded))


def is_new(word: Word) -> bool:
    """Whether nothing is known of it, though it may be an adjective that no list has."""
    return len(word.text) > 1 and not (is_ordinary(word) or is_first(word) or is_thing(word) or is_last(word))
