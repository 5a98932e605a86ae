"""What a finder of identifying data gives back; ``assistant.privacy`` hides it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of a text that identifies somebody: ``text[start:end]``.

    ``kind`` is a key of ``[placeholders]`` in ``messages.toml``; ``placeholder`` another one where the words around say
    more, as ``patient_f``.
    """

    kind: str
    start: int
    end: int
    placeholder: str = ""


class Finder(Protocol):
    """Finds identifying data of some kinds."""

    def __call__(self, text: str) -> Iterator[Found]:
        """Yield what was found, in any order; stretches may overlap, the longest from the earliest start wins."""
