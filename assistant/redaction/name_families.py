"""Families and people whose name is a thing's: « chez les Trocmé », « M. Ordre (c'est son nom) »."""

import re
from collections.abc import Sequence

from assistant.redaction.bloom import folded
from assistant.redaction.name_bounds import CLOSE
from assistant.redaction.name_strange import is_strange
from assistant.redaction.name_words import (
    Word,
    is_first,
    is_last,
    is_listed_thing,
    is_stop,
    is_title,
    is_unknown,
    listed,
)

_SAID = re.compile(
    r"(?P<apart>[ ]?[(,\-][^.;!?\n]{0,30}?|[^.;!?\n]{0,20}?)(?<![a-z])(?:(?:son|sa|leur|un|le) (?:vrai |veritable )?"
    r"(?:nom|patronyme)(?![a-z])|nom de famille|vrai nom|s'appelle (?:vraiment|bien|reellement)|s'invente pas|"
    r"sic(?![a-z]))"
)
REACH = 60
"""Characters after a word in which it may be said to be a name."""


def is_family(words: Sequence[Word], index: int) -> bool:
    """Whether « les » and a surname stand for a family: after « chez », or before « divorcent ».

    A people is written in the plural, a family is not: a single word in s or x is left.
    """
    if index < 1 or words[index - 1].folded != "les" or not CLOSE.fullmatch(words[index].gap):
        return False
    word = words[index]
    several = "-" in word.text and all(part[:1].isupper() for part in word.text.split("-"))
    if word.folded[-1] in "sx" and not several:
        return False
    named = word.capital and (is_unknown(word) or is_last(word) or is_first(word))
    hosted = index > 1 and listed(words[index - 2], "around", "hosts") and bool(CLOSE.fullmatch(words[index - 1].gap))
    if index > 2 and words[index - 2].folded == "et":  # « chez les Exemple et les Modèle »
        hosted = words[index - 3].capital and is_family(words, index - 3)
    after = words[index + 1] if index + 1 < len(words) else None
    acting = bool(after and CLOSE.fullmatch(after.gap) and listed(after, "around", "households"))
    if hosted and not word.capital:
        return words[index - 2].folded == "chez" and is_strange(word)
    return named and (hosted or acting)


def is_said_name(text: str, word: Word) -> bool:
    """Whether it is said of a word that it is a name: « M. Ordre (oui, c'est son nom) »."""
    if is_stop(word) or is_title(word):
        return False
    match = _SAID.match(folded(text[word.end : word.end + REACH]).replace("’", "'"))
    return bool(match and (word.capital or "(" in match["apart"] or "c'est" in match["apart"]))


def things_named(words: Sequence[Word], taken: frozenset[int]) -> list[int]:
    """Return where things that somebody is called by stand again after a title or a name: « Léopold Ordre »."""
    odd = {words[index].folded for index in taken if is_listed_thing(words[index])}
    return [
        index
        for index, word in enumerate(words)
        if index and index not in taken and word.folded in odd and CLOSE.fullmatch(word.gap.removeprefix("."))
        if index - 1 in taken or is_title(words[index - 1])
    ]
