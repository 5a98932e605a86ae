"""A question as anybody could have asked it: what is searched must not depend on how somebody was hidden in it."""

import re
from collections.abc import Iterable
from functools import cache, partial

from assistant.messages import message, placeholders
from assistant.redaction.name_words import wording, written

SORTS = ("man", "woman", "doctor", "lawyer", "relative", "anybody")


def meant(question: str) -> str:
    """Replace the placeholders of names by what they stand for.

    « Mme [PATIENTE] » becomes a patient; « ma fille [PROCHE] » says who she is without it.
    """
    if "[" not in question:
        return question
    asked = _facts().sub("", question)
    question = asked if any(char.isalnum() for char in asked) else question
    for pattern, sort in _patterns():
        question = pattern.sub(partial(_said, sort=sort), question)
    return question


@cache
def _facts() -> re.Pattern[str]:
    """Return the pattern of the other placeholders: numbers, places and dates of birth say nothing of what is asked."""
    born = "|".join(re.escape(word) for word in str(written()["cues"]["born"]).split())
    kinds = "|".join(re.escape(placeholder) for placeholder in placeholders())
    # Begins where the spaces before it begin, and nowhere else: a run of spaces is looked through once.
    return re.compile(rf"(?<!\s)\s*(?:\b(?:{born})(?:\s+(?:le|en))?\s*(?::\s*)?)?(?:{kinds})", re.IGNORECASE)


def _said(match: re.Match[str], sort: str) -> str:
    # The word before says who it is already: « mon patient [PATIENT] ».
    return match["cue"].rstrip() if match["cue"] else message(f"meant.{sort}")


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    titles = _any(word for words in wording()["titles"].values() for word in words)
    cues = _any(word for words in wording()["cues"].values() for word in words)
    return tuple(
        (
            re.compile(
                rf"(?P<cue>\b{cues}\s+)?(?:\b{titles}\.?\s*){{0,4}}{re.escape(message(f'placeholders.person.{sort}'))}",
                re.IGNORECASE,
            ),
            sort,
        )
        for sort in SORTS
    )


def _any(words: Iterable[str]) -> str:
    return f"(?:{'|'.join(re.escape(word) for word in sorted(words, key=len, reverse=True))})"
