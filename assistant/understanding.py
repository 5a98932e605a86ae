"""What a question asks: its references, and the whole question that a follow-up stands for."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.cleaning import fold
from indexes.french import words
from indexes.references import Reference, references_in

TURNS_KEPT = 6
"""Earlier user messages that are looked at."""
SHORT = 4
"""A question with fewer words of its own than this, stop words aside, leans on what came before."""

WHOLE = 5
"""One that begins like an answer to what came before ("Si", "Oui") but has as many words of its own stands alone."""

_CUE = re.compile(
    r"^(?:et|mais|pour|donc|alors|ok|d'accord|sinon|du coup|par contre|dans ce cas|en revanche|meme si|sauf si)\b"
    r"|\b(?:dans ce cas|a ce moment|la-dessus|le faire|lui dire|l'en informer)\b"
)
# "un assureur", "mon associé": whoever brings in somebody new opens a topic.
_NEWCOMER = re.compile(r"\b(?:une?|mon|ma|mes|des)\s+[a-z]{4,}")
_WEAK_CUE = re.compile(r"^(?:si|ou|oui|non)\b(?!-)")


@dataclass(frozen=True, slots=True)
class Understanding:
    """A redacted question as it will be searched.

    Attributes
    ----------
    question
        The question alone.
    standalone
        The question with the topic it carries on; the question itself at the first turn or on a new topic.
    references
        Articles and decisions named in the question, or, when it names none, in the topic it carries on.

    """

    question: str
    standalone: str
    references: tuple[Reference, ...]


def understand(question: str, turns: Sequence[str] = ()) -> Understanding:
    """Resolve a question against the earlier user messages, oldest first; all are already redacted."""
    standalone = question
    if turns and _leans(question):
        topic = next((turn for turn in reversed(turns[-TURNS_KEPT:]) if not _leans(turn)), turns[0])
        standalone = f"{topic.strip()} {question.strip()}"
    return Understanding(question, standalone, references_in(standalone))


def _leans(text: str) -> bool:
    """Tell whether a message needs an earlier one to be understood."""
    if references_in(text):
        return False
    plain, own = fold(text).strip(), len(words(text))
    short = own < SHORT and not _NEWCOMER.search(plain)
    return short or bool(_CUE.search(plain)) or (own < WHOLE and bool(_WEAK_CUE.search(plain)))
