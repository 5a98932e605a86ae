"""Two texts side by side: the words that only one of them has."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

LONGEST = 30_000
"""Characters of a text that is compared word by word; the time it takes grows with its square."""
ALIKE = 0.3
"""Share of common words below which marks say nothing: two texts on different things."""

_TOKEN = re.compile(r"\w+\s*|[^\w\s]\s*|\s+")


@dataclass(frozen=True, slots=True)
class Run:
    """Some characters of a text; ``changed`` where the other text does not have them."""

    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Change:
    """Words of the first text and those that stand in their place in the second; one may be ""."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two texts compared: the runs of each joined give it back.

    ``share`` is the part of all words that both have, in order, 0 to 1 (the ratio of difflib's ``SequenceMatcher``).
    ``marked`` is false where they are too unlike, or too long, for marks to say anything.
    """

    first: tuple[Run, ...]
    second: tuple[Run, ...]
    changes: tuple[Change, ...]
    share: float
    marked: bool

    @property
    def same(self) -> bool:
        """Whether they differ in nothing but spaces."""
        return self.marked and not self.changes


def compare(first: str, second: str) -> Comparison:
    """Return where two texts differ, word by word; spaces and line breaks do not count."""
    plain = Comparison((Run(first, changed=False),), (Run(second, changed=False),), (), 0.0, marked=False)
    if max(len(first), len(second)) > LONGEST:
        return plain
    left, right = _TOKEN.findall(first), _TOKEN.findall(second)
    matcher = SequenceMatcher(None, [t.strip() for t in left], [t.strip() for t in right], autojunk=False)
    share = matcher.ratio()
    if share < ALIKE:
        return Comparison(plain.first, plain.second, (), share, marked=False)
    before: list[Run] = []
    after: list[Run] = []
    changes: list[Change] = []
    for kind, a, b, c, d in _steps(matcher):
        old, new = "".join(left[a:b]), "".join(right[c:d])
        before += _runs(old, changed=kind != "equal")
        after += _runs(new, changed=kind != "equal")
        if kind != "equal":
            changes.append(Change(old.strip(), new.strip()))
    return Comparison(tuple(before), tuple(after), tuple(changes), share, marked=True)


def _steps(matcher: "SequenceMatcher[str]") -> Sequence[tuple[str, int, int, int, int]]:
    return matcher.get_opcodes()


def _runs(text: str, *, changed: bool) -> list[Run]:
    """Return the runs of some words; the space after a change is no part of it."""
    if not changed:
        return [Run(text, changed=False)] if text else []
    words = text.rstrip()
    runs = [Run(words, changed=True)] if words else []
    return [*runs, Run(text[len(words) :], changed=False)] if text != words else runs
