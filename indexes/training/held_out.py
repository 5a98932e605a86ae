"""What is never trained on, so that it can be measured on: decided by rules that an evaluation can repeat."""

import hashlib

CNIL_THEME = "Santé Social"
CNIL_SHARE = 5
PIAF_LAST = 1000


def cnil_is_held_out(theme: str, question: str) -> bool:
    """Tell whether a CNIL question is held out: all of one theme, and a fifth of the others drawn by their digests."""
    drawn = int.from_bytes(hashlib.sha256(question.strip().encode()).digest()[:4], "big") % CNIL_SHARE == 0
    return theme == CNIL_THEME or drawn


def piaf_is_held_out(number: int, total: int) -> bool:
    """Tell whether the question of this 0-based number is among the last thousand of PIAF."""
    return number >= total - PIAF_LAST
