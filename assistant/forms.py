"""What kind of thing a question asks for (a sum, a delay, another country's law …), and whether passages give it.

A passage on the right subject is no answer to "how much?" when it holds no sum. The patterns stand in ``forms.toml``.
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from assistant.stance import plain


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of thing: what asks for it, and what gives it; without ``gives``, the word that asked must be there."""

    name: str
    asks: re.Pattern[str]
    gives: re.Pattern[str] | None


@cache
def forms() -> tuple[Form, ...]:
    """Return every form that is known."""
    table = tomllib.loads(files("assistant").joinpath("forms.toml").read_text(encoding="utf-8"))
    return tuple(
        Form(name, re.compile(row["asks"]), re.compile(row["gives"]) if "gives" in row else None)
        for name, row in table.items()
    )


def asked(question: str) -> dict[str, re.Pattern[str]]:
    """Return what a question asks for: by the name of each form, the pattern that shows that a text gives it."""
    folded = plain(question)
    found = {}
    for form in forms():
        if match := form.asks.search(folded):
            # "belge" is met by "Belgique", "suisses" by "Suisse" but not by "suis".
            first = match.group()[: 4 if len(match.group()) == 5 else 5]
            found[form.name] = form.gives or re.compile(rf"\b{re.escape(first)}")
    return found


def given(wanted: re.Pattern[str], texts: Sequence[str]) -> float:
    """Return how soon texts, best first, give what is wanted: 1 for the first, less for a later one, 0 for none."""
    return next((1 / rank for rank, text in enumerate(texts, start=1) if wanted.search(plain(text))), 0.0)
