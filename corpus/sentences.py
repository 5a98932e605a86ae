"""Where sentences begin and end in French legal and medical prose, by offsets."""

import re

# Tried once a run of stops, not at each of them: a line of a million dots must not take an hour.
_END = re.compile(r"(?<![.!?…])[.!?…]++[»”\")\]]*(?:\s*»)?(?=\s+[«“\"(\[]?\s?[-–—•]?\s?[A-ZÀ-ÖØ-ÞŒ0-9«“])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:M|MM|Mme|Mlle|Dr|Drs|Pr|Me|St|Ste|art|Art|al|cf|Cf|p|pp|n|no|vol|éd|chap|fig|ex|etc|env|Cass|crim|civ|soc|"
    r"ass|req|min|max|av|bd|tél|Tél|Cons|Conseil d|C|L|R|D|A|J|T|H|S|P|B|E|F|G|N|V)|[A-ZÉ]\.-[A-ZÉ])\.$"
)
_LONGEST_ABBREVIATION = 16
"""Characters above those of the longest one."""
_LIST_NUMBER = re.compile(r"\s*(?:[-–—•]\s*)?(?:\d{1,2}|[a-z]|[IVX]{1,4})[.)]$")


def sentence_spans(text: str, start: int = 0) -> tuple[tuple[int, int], ...]:
    """Return the ``[start, end)`` spans of the sentences of ``text``; line breaks always end one.

    Parameters
    ----------
    text
        A passage or a paragraph.
    start
        Added to every offset, so that spans count characters of the document.

    """
    spans: list[tuple[int, int]] = []
    for line in re.finditer(r"[^\n]+", text):
        begin = line.start()
        for end in _END.finditer(text, line.start(), line.end()):
            tail = text[max(begin, end.end() - _LONGEST_ABBREVIATION) : end.end()]
            if _ABBREVIATION.search(tail) or _LIST_NUMBER.match(text, begin, end.end()):
                continue
            _add(spans, text, begin, end.end())
            begin = end.end()
        _add(spans, text, begin, line.end())
    return tuple((a + start, b + start) for a, b in spans)


def _add(spans: list[tuple[int, int]], text: str, begin: int, end: int) -> None:
    piece = text[begin:end]
    begin += len(piece) - len(piece.lstrip())
    end -= len(piece) - len(piece.rstrip())
    if begin < end:
        spans.append((begin, end))
