"""Passages → the shortest exact spans that answer: whole sentences or list items, no heading, nothing rewritten."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.relevance import Relevance
from corpus.cleaning import fold
from corpus.models import Passage
from corpus.sentences import sentence_spans
from indexes.french import tokens

SHORT_PASSAGE = 700
"""Characters up to which the body of a passage is quoted whole."""
SHORT_EXTRACT = 200
"""Characters under which one sentence takes the next along."""
LONGEST_EXTRACT = 520
LONGEST_NEEDED = 900
"""Characters of an extract that its exception or its antecedent may bring it to: losing either would mislead."""
LEAD_BONUS = 0.2
"""What the first sentence under a heading gains: answers and rules stand first."""

# A sentence that begins like this qualifies the one before it: the two are never parted.
_CONTRAST = re.compile(
    r"^(?:cependant|toutefois|neanmoins|en revanche|sauf|mais|il peut (?:cependant|toutefois)|a moins|hormis"
    r"|par exception|a l'exception|par derogation|pour autant"
    r"|le medecin (?:peut|doit) (?:cependant|toutefois|malgre))\b"
)
# A sentence that begins like this cannot be understood without the one before it.
_ANAPHORA = re.compile(
    r"^(?:il|elle|ils|elles|ce dernier|cette derniere|ces derniers|celui-ci|celle-ci|ceux-ci|celles-ci|cela|ceci|c'est"
    r"|ce|cet|cette|ces|dans ce cas|en outre|de plus|ainsi|en effet|par ailleurs|ensuite|puis|enfin|lui|leur|y|en|ou|et"
    r"|soit|ou bien)\b"
)
# What a sentence like this says of the one before it is often its condition ("Elles doivent se faire en présence de…").
_SAME_SUBJECT = re.compile(r"^(?:il|elle|ils|elles|ce dernier|cette derniere|ces derniers|ceux-ci|celles-ci)\b")
_ENDED = re.compile(r"(?<!\W)(?=[^\w.!?…:;]*+[.!?…:;])\W*+$|[»”\"]$")
_ITEM = re.compile(r"^(?:- |\d{1,2}[.)°]|[a-z]\))")


@dataclass(frozen=True, slots=True)
class Extract:
    """Characters ``[start, end)`` of the document that ``passage`` belongs to."""

    passage: Passage
    start: int
    end: int

    @property
    def quote(self) -> str:
        """The exact words."""
        return self.passage.text[self.start - self.passage.start : self.end - self.passage.start]


def body_start(passage: Passage) -> int:
    """Return the offset, in the passage, of the words below its own heading."""
    heading = passage.headings[-1] if passage.headings else ""
    if heading and passage.text.startswith(heading):
        rest = passage.text[len(heading) :]
        return len(heading) + len(rest) - len(rest.lstrip())
    return 0


def extract(passage: Passage, relevance: Relevance) -> Extract | None:
    """Return the span of a passage that best answers, or None when it says nothing under its heading."""
    found = extracts(passage, relevance, most=1)
    return found[0] if found else None


def extracts(passage: Passage, relevance: Relevance, *, most: int) -> tuple[Extract, ...]:
    """Return up to ``most`` spans of a passage that best answer, in reading order; none touches another.

    A passage of a few sentences is one span.
    """
    return tuple(extract for extract, _ in scored(passage, relevance, most=most))


def scored(passage: Passage, relevance: Relevance, *, most: int) -> tuple[tuple[Extract, float], ...]:
    """Return what ``extracts`` does, each with the score of its best sentence."""
    begin = body_start(passage)
    spans = [span for span in sentence_spans(passage.text[begin:], begin) if _is_quotable(passage.text, span)]
    if len(spans) > 1 and passage.text[spans[0][0]].islower() and not _is_item(passage.text, spans[0]):
        spans = spans[1:]  # the end of a sentence whose beginning a page or a column cut off
    if not spans:
        return ()
    scores = relevance.scores([passage.text[a:b] for a, b in spans])
    if spans[-1][1] - spans[0][0] <= SHORT_PASSAGE and _unbroken(passage.text, spans):
        return ((_made(passage, spans[0][0], spans[-1][1]), max(scores)),)
    lead = [score + LEAD_BONUS * (n == 0) for n, score in enumerate(scores)]
    chosen: list[tuple[int, int, float]] = []
    for best in sorted(range(len(spans)), key=lambda n: -lead[n]):
        if len(chosen) == most or (chosen and lead[best] <= 0):
            break
        first, last = _completed(passage.text, spans, best, lead)
        if all(last < a or first > b for a, b, _ in chosen):
            chosen.append((first, last, scores[best]))
    return tuple((_made(passage, spans[a][0], spans[b][1]), score) for a, b, score in sorted(chosen))


def _completed(text: str, spans: Sequence[tuple[int, int]], best: int, scores: Sequence[float]) -> tuple[int, int]:
    """Widen a chosen sentence to what it needs: lead-in, antecedent, exception; then to a good neighbour if short."""
    first = last = best
    while (
        first > 0
        and (_is_item(text, spans[first]) or _starts(_ANAPHORA, text, spans[first]))
        and _fits(text, spans, first - 1, last, LONGEST_NEEDED)
    ):
        first -= 1
    listed = first < best and _is_item(text, spans[best])
    while last + 1 < len(spans) and _goes_on(text, spans, scores, first, last, best, listed=listed):
        last += 1
    while last > best and _leads_in(text, spans[last]):
        last -= 1  # what it announces did not fit
    return first, last


def _goes_on(
    text: str,
    spans: Sequence[tuple[int, int]],
    scores: Sequence[float],
    first: int,
    last: int,
    best: int,
    *,
    listed: bool,
) -> bool:
    """Tell whether the sentence after ``last`` belongs to the extract ``[first, last]``."""
    after = spans[last + 1]
    if _is_item(text, after) and (_leads_in(text, spans[last]) or _is_item(text, spans[last])):
        led = any(_leads_in(text, span) for span in spans[first : last + 1])
        return (led and not listed) or _fits(text, spans, first, last + 1)
    if _starts(_CONTRAST, text, after):
        return _fits(text, spans, first, last + 1, LONGEST_NEEDED)
    open_quote = text.count("«", spans[first][0], spans[last][1]) > text.count("»", spans[first][0], spans[last][1])
    short = last == first and spans[last][1] - spans[first][0] < SHORT_EXTRACT
    wanted = scores[last + 1] >= 0.5 * scores[best] > 0 or _starts(_SAME_SUBJECT, text, after) or open_quote or short
    return wanted and _fits(text, spans, first, last + 1)


def _leads_in(text: str, span: tuple[int, int]) -> bool:
    return text[span[0] : span[1]].rstrip().endswith(":")


def _is_quotable(text: str, span: tuple[int, int]) -> bool:
    """Tell a sentence or a list item from a title, a byline or a figure that stands on its own line."""
    piece = text[span[0] : span[1]]
    return _is_item(text, span) or (bool(_ENDED.search(piece)) and sum(c.isalpha() for c in piece) >= 12)


def _is_item(text: str, span: tuple[int, int]) -> bool:
    return bool(_ITEM.match(text[span[0] : span[1]]))


def _starts(pattern: re.Pattern[str], text: str, span: tuple[int, int]) -> bool:
    return bool(pattern.match(fold(text[span[0] : span[0] + 60]).lstrip('«“" ')))


def _fits(text: str, spans: Sequence[tuple[int, int]], first: int, last: int, longest: int = LONGEST_EXTRACT) -> bool:
    """Tell whether spans ``first`` to ``last`` make one extract: not too long, no title or figure between them."""
    return spans[last][1] - spans[first][0] <= longest and _unbroken(text, spans[first : last + 1])


def _unbroken(text: str, spans: Sequence[tuple[int, int]]) -> bool:
    """Tell whether nothing but white space stands between the spans."""
    return all(not text[a[1] : b[0]].strip() for a, b in pairwise(spans))


def _made(passage: Passage, first: int, last: int) -> Extract:
    """Return the extract, less guillemets at its ends whose other halves it does not hold."""
    quote = passage.text[first:last]
    while quote.count("«") > quote.count("»") and quote.startswith("«"):
        first += len(quote) - len(quote[1:].lstrip())
        quote = passage.text[first:last]
    while quote.count("»") > quote.count("«") and quote.endswith("»"):
        last -= len(quote) - len(quote[:-1].rstrip())
        quote = passage.text[first:last]
    return Extract(passage, passage.start + first, passage.start + last)


def starts_with_item(quote: str) -> bool:
    """Tell whether a quote begins with an item of a list, without the sentence that leads it in."""
    return bool(_ITEM.match(quote))


def lead_in_span(text: str) -> tuple[int, int] | None:
    """Return the span of the last sentence of a text that announces a list, or None."""
    return next((span for span in reversed(sentence_spans(text)) if _leads_in(text, span)), None)


def alike(first: str, second: str) -> bool:
    """Tell whether two quotes say the same words: most stems of the shorter stand in the longer."""
    a, b = set(tokens(first)), set(tokens(second))
    return len(a & b) >= 0.7 * max(1, min(len(a), len(b)))
