"""Texts whose identifying parts stand between ⟦ and ⟧."""

import re


def unmarked(text):
    """Return the text without its marks, and the spans they held."""
    spans, plain = set(), ""
    for piece in re.split(r"(⟦.*?⟧)", text, flags=re.DOTALL):
        if piece.startswith("⟦"):
            spans.add((len(plain), len(plain) + len(piece) - 2))
            plain += piece[1:-1]
        else:
            plain += piece
    return plain, spans


def check_marked(finder, kind, text):
    """The finder finds exactly what is marked; shorter stretches inside one are no matter, the longest wins."""
    plain, spans = unmarked(text)
    found = list(finder(plain))
    said = [(one.kind, plain[one.start : one.end]) for one in found]
    assert {(one.start, one.end) for one in found if one.kind == kind} >= spans, said
    for one in found:
        assert any(start <= one.start and one.end <= end for start, end in spans), said
