"""A question that asks several things → what it asks, one thing at a time, each with what it is about."""

import re

from corpus.cleaning import fold
from corpus.sentences import sentence_spans
from indexes.french import words

MOST = 4
FEWEST_WORDS = 2
"""Words of its own, stop words aside, that a part needs."""
LONGEST_CONTEXT = 300
"""Characters of what stands before the first question that every part carries along."""

# Read on folded text, which keeps the place of every character.
_AND = re.compile(
    r"(?<=\S)[,;]?\s+(?:et|ou|puis)\s+(?=(?:quel|quelle|quels|quelles|qui|que|quoi|comment|combien|quand|pourquoi|sous"
    r"|dois-je|puis-je|faut-il|peut-on|est-ce|jusqu'ou|a qui|en |dans quel)\b)"
)


def parts(question: str) -> tuple[str, ...]:
    """Return the parts of a question, each to be asked alone; () for a question that asks one thing."""
    told: list[str] = []
    asked: list[str] = []
    *pieces, rest = question.split("?")
    if pieces and len(words(rest)) > FEWEST_WORDS:
        pieces.append(rest)  # typed in haste, without its own mark
    for piece in pieces:
        *before, last = [piece[start:end] for start, end in sentence_spans(piece)] or [""]
        told += before if not asked else []
        asked += [f"{part.strip()} ?" for part in _split(last) if len(words(part)) >= FEWEST_WORDS]
    if len(asked) < 2:
        return ()
    context = " ".join(told)[:LONGEST_CONTEXT]
    # A later part leans on the first, which says what it is about, where nothing was told before.
    leads = [context or ("" if n == 0 else asked[0]) for n in range(len(asked))]
    return tuple(f"{lead} {part}".strip() for lead, part in zip(leads, asked, strict=True))[:MOST]


def _split(sentence: str) -> list[str]:
    """Return the questions that "et" or "ou" join in a sentence."""
    cuts = [match.span() for match in _AND.finditer(fold(sentence))] if len(fold(sentence)) == len(sentence) else []
    bounds = [0, *(at for cut in cuts for at in cut), len(sentence)]
    return [sentence[start:end] for start, end in zip(bounds[::2], bounds[1::2], strict=True)]
