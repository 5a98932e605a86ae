"""Pages → lines with clean characters, without what is not text: running heads, page numbers, rules, empty lines."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles

from corpus.cleaning import clean_characters, fold, is_running_line, running_lines
from corpus.models import Reading
from corpus.tracked import Tracked

SENTENCE_END = re.compile(r"[.!?…:;»”\"]\)?\s*$")

_RULE = re.compile(r"^\s*(?:[-*_=]\s*){3,}$")
_TABLE_RULE = re.compile(r"^\s*+\|?\s*+:?-{2,}+:?\s*+(?:\|\s*+:?-{2,}+:?\s*+)*+\|?\s*$")
_NUMBER_LINE = re.compile(r"^\s*\d{1,4}\s*$")
_WIDEST = 110
"""Characters from which the lines of a file are whole paragraphs rather than lines wrapped at a margin."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank; ``blank_before`` says that a blank line, a page break or a running head precedes it."""

    text: Tracked
    blank_before: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is set.

    Attributes
    ----------
    wrapped
        Whether paragraphs are wrapped at a margin, so that a line may end anywhere in a sentence.
    width
        Characters of its long lines, 0 for a file of a few lines.
    titles
        Titles of its outline, folded.

    """

    wrapped: bool
    width: float
    titles: frozenset[str]

    @classmethod
    def of(cls, reading: Reading, lines: Sequence[Line]) -> "Layout":
        """Measure a file."""
        widths = [len(line.text.text) for line in lines]
        width = quantiles(widths, n=20)[-1] if len(widths) > 20 else 0.0
        return cls(
            wrapped=reading.medium == "pdf" or (reading.medium == "text" and 0 < width < _WIDEST),
            width=width,
            titles=frozenset(fold(entry.title).strip() for entry in reading.outline),
        )

    def ends_paragraph(self, last: str, following: str) -> bool:
        """Tell whether a wrapped paragraph ends with the line ``last``: a full stop well before the right margin."""
        return (
            self.wrapped
            and bool(SENTENCE_END.search(last))
            and len(last.rstrip()) < 0.8 * self.width
            and not following.strip()[:1].islower()
        )


def lines_of(reading: Reading) -> list[Line]:
    """Return the lines of a reading; origins count characters of the page texts joined by ``PAGE_BREAK``."""
    running = running_lines(reading.pages) if len(reading.pages) > 2 else frozenset()
    found: list[Line] = []
    offset = 0
    near_running = False
    for p, page in enumerate(reading.pages):
        blank = True  # a page break is a soft paragraph break: sentences that run over it are joined later
        for n, raw in enumerate(page.text.split("\n")):
            tracked = Tracked(raw, range(offset, offset + len(raw)))
            offset += len(raw) + 1
            stripped = raw.strip()
            if not stripped:
                blank = True
                continue
            if (p, n) in running or is_running_line(stripped):
                if not near_running:
                    _drop_page_numbers(found)
                blank = near_running = True
                continue
            if near_running and _NUMBER_LINE.match(stripped):
                continue
            near_running = False
            cleaned = clean_characters(tracked)
            visible = cleaned.text.strip()
            if not visible or _RULE.match(visible) or _TABLE_RULE.match(visible):
                blank = True
                continue
            found.append(Line(cleaned, blank))
            blank = False
    return found


def _drop_page_numbers(lines: list[Line]) -> None:
    """Remove the numbers that stand alone above a running head."""
    while lines and lines[-1].blank_before and _NUMBER_LINE.match(lines[-1].text.text):
        lines.pop()
