"""What the type of a PDF page says of its structure: titles by their size and weight, paragraphs by the space between.

The text of a page is given back with Markdown marks before its titles and blank lines where the page leaves space, the
form that the rest of the pipeline reads.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from statistics import median
from typing import Any

_HASH = re.compile(r"^\s*#(?=#{0,5}\s)")
LARGER = 1.15
"""Times the size of the running text from which a line is a title."""
MUCH_LARGER = 1.5
LONGEST_TITLE = 300
"""Characters of a title; more in bold is a paragraph set apart."""
WIDE = 1.5
"""Times the usual distance between lines from which a gap ends a paragraph."""


@dataclass(frozen=True, slots=True)
class SetLine:
    """A line of a page: size in points, whether it is all in bold, height on the page (None when blank)."""

    text: str
    size: float
    bold: bool
    y: float | None

    @property
    def said(self) -> bool:
        """Whether it holds a letter: a number alone is no title."""
        return any(c.isalpha() for c in self.text)


@dataclass(slots=True)
class Typesetting:
    """Collects the pieces that pypdf's plain extraction writes; ``visit`` is its text visitor."""

    _pieces: list[tuple[str, float, bool, float]] = field(default_factory=list)

    def visit(self, text: str, cm: Sequence[float], tm: Sequence[float], font: Any, size: float) -> None:  # noqa: ANN401
        """Take note of a piece of text, its matrices, font dictionary and nominal size."""
        if not text:
            return
        name = str(font.get("/BaseFont", "")) if font else ""
        bold = any(mark in name.lower() for mark in ("bold", "black", "heavy", "semibold", "demi"))
        scale = math.hypot(tm[2], tm[3]) * math.hypot(cm[2], cm[3])
        y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        self._pieces.append((text, abs(size) * scale, bold, y))

    def lines(self, text: str) -> tuple[SetLine, ...]:
        """Return the lines of the extracted text; none when the pieces do not make it up."""
        if "".join(piece[0] for piece in self._pieces) != text:
            return ()
        lines: list[list[tuple[str, float, bool, float]]] = [[]]
        for piece, size, bold, y in self._pieces:
            for n, part in enumerate(piece.split("\n")):
                if n:
                    lines.append([])
                if part:
                    lines[-1].append((part, size, bold, y))
        return tuple(_set_line(parts) for parts in lines)


def _set_line(parts: Sequence[tuple[str, float, bool, float]]) -> SetLine:
    text = "".join(part[0] for part in parts)
    inked = [(len(part.strip()), size, bold, y) for part, size, bold, y in parts if part.strip()]
    if not inked:
        return SetLine(text, 0.0, bold=False, y=None)
    _, size, _, y = max(inked)
    return SetLine(text, size, all(bold for _, _, bold, _ in inked), y)


def marked(pages: Sequence[Sequence[SetLine]]) -> list[str]:
    """Return the text of each page with its titles marked and its paragraphs apart."""
    weights: Counter[tuple[float, bool]] = Counter()
    for line in (line for lines in pages for line in lines):
        weights[round(line.size, 1), line.bold] += len(line.text.strip())
    if not weights:
        return ["\n".join(line.text for line in lines) for lines in pages]
    body_size, body_bold = max(weights, key=lambda key: weights[key])
    return [_marked_page(lines, body_size, body_bold=body_bold) for lines in pages]


def _marked_page(lines: Sequence[SetLine], body_size: float, *, body_bold: bool) -> str:
    heights = [line.y for line in lines if line.y is not None]
    gaps = [above - below for above, below in pairwise(heights) if above > below]
    usual = median(gaps) if gaps else 0.0
    out: list[str] = []
    last: SetLine | None = None

    def level(line: SetLine) -> int:
        if not line.said:
            return 0
        if line.size >= LARGER * body_size:
            return 1 if line.size >= MUCH_LARGER * body_size else 2
        return 3 if line.bold and not body_bold and line.size >= 0.95 * body_size else 0

    for depth, group in groupby(lines, key=level):
        held = list(group)
        title = " ".join(line.text.strip() for line in held)
        if depth and len(title) <= LONGEST_TITLE and not title.endswith((".", ";", ",")):
            out += ["", f"{'#' * depth} {title}", ""]
            last = None
            continue
        for line in held:
            if last is not None and line.y is not None and last.y is not None and _apart(last.y, line.y, usual):
                out.append("")
            out.append(_HASH.sub(r"\\\g<0>", line.text))  # a mark of the page's own is no mark of ours
            last = line
    return "\n".join(out)


def _apart(above: float, below: float, usual: float) -> bool:
    """Tell whether a wide gap, or the top of another column, stands between two lines."""
    return above - below > WIDE * usual > 0 or below > above
