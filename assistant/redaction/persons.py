"""Whom the documents themselves name: their authors and officials are nobody's patients."""

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Protocol

from assistant.redaction.name_words import written

MOST_REMEMBERED = 2_000


class Knows(Protocol):
    """Says whom the documents name."""

    def __call__(self, words: str) -> bool:
        """Whether they hold these words."""

    def titled(self, surname: str) -> bool:
        """Whether they give somebody of that name a doctor's title."""

    def forget(self) -> None:
        """Forget the names that were looked up."""


class Persons:
    """Answers whether some words stand in the documents, as they were typed or as documents print names.

    Parameters
    ----------
    texts
        The documents' texts.

    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = tuple(texts)
        self._stands = lru_cache(MOST_REMEMBERED)(self._is_there)

    def forget(self) -> None:
        """Forget the names that were looked up."""
        self._stands.cache_clear()

    def __call__(self, words: str) -> bool:
        """Whether a document holds these words, whatever the capitals of each."""
        return any(self._stands(variant, "") for variant in dict.fromkeys(_variants(words)))

    def titled(self, surname: str) -> bool:
        """Whether a document has « Dr » and at most two first names before a name."""
        return any(self._stands(variant, _titles()) for variant in dict.fromkeys(_variants(surname)))

    def _is_there(self, words: str, before: str) -> bool:
        whole = re.compile(rf"(?<![\w-]){before}{re.escape(words)}(?![\w-])")
        # The plain search is a hundred times as fast, and nearly always enough.
        return any(words in text and whole.search(text) for text in self._texts)


@cache
def _titles() -> str:
    titles = "|".join(str(written()["known"]["titles"]).split())
    return rf"(?:{titles})\s+(?:[^\W\d_][\w-]*\s+){{0,2}}"


def _variants(words: str) -> list[str]:
    parts = words.split()
    titled = [part if part in {"de", "du", "des", "d'"} else part.title() for part in parts]
    surname_shouted = [*titled[:-1], titled[-1].upper()] if titled else []
    return [words, " ".join(titled), " ".join(surname_shouted), words.upper()]


NOBODY = Persons(())
