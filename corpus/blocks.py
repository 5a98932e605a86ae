"""Cleaned characters → blocks: headings, paragraphs and list items, in reading order, with words joined again.

Three kinds of text come in: Markdown (headings are marked), magazine text with blank lines between paragraphs whose columns
were cut in the middle of sentences, and hard-wrapped lines without blank lines (PDF). One walk serves them all.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import quantiles
from typing import Literal

from corpus.cleaning import (
    PAGE_BREAK,
    clean_characters,
    clean_markup,
    clean_spaces,
    fold,
    is_running_line,
    running_lines,
)
from corpus.models import Reading
from corpus.tracked import Tracked, drop, join, literal

BlockKind = Literal["heading", "paragraph", "item"]

_MARKED_HEADING = re.compile(r"^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_BOLD_LINE = re.compile(r"^\s*(\*\*|__)(?!\s)(.{2,240}?)(?<!\s)\1\s*[.:]?\s*$")
_BULLET = re.compile(r"^\s*(?:(?P<mark>[-*•‣◦–—·])|\d{1,2}[.)]|[a-z]\))\s+(?=\S)")
_HEADING_BULLET = re.compile(r"^\s*[•‣◦·]\s*")
_RULE = re.compile(r"^\s*(?:[-*_=]\s*){3,}$")
_TABLE_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")
_ARTICLE_LINE = re.compile(
    r"^\s*(?:#+\s*)?Art(?:icle|\.)\s+(?:[LRDA]\.?\s*\*?\s*)?\d[\d-]*(?:\s*(?:er|bis|ter))?\s*[:.]?\s*$", re.IGNORECASE
)
_BYLINE = re.compile(r"^(?:d(?:octeu)?r|p(?:rofesseu)?r|mme|m\.|me)\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?…:;»”\"]\)?\s*$")
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_DROP_CAP = re.compile(r"^([B-NP-XZÉ]) (?=[a-zà-ÿ’']{2,})")
_NUMBER_LINE = re.compile(r"^\s*\d{1,4}\s*$")
_HYPHEN_END = re.compile(r"[^\W\d_]-\s*$")

# Second halves that French always joins by a hyphen, and first halves that it always keeps apart.
_KEEP_AFTER = frozenset("même mêmes là ci ce il elle ils elles on je tu nous vous moi toi lui leur en y t".split())
_KEEP_BEFORE = frozenset(
    "eux lui elle elles moi toi soi nous vous celui celle ceux celles non demi semi vice ex".split()
)

MAX_HEADING = 160
MAX_QUESTION = 320
CAPITALS = 4
"""Level of a heading known by its capitals alone."""


@dataclass(frozen=True, slots=True)
class Block:
    """A heading (``level`` 1 to 6), a paragraph or a list item (level 0), as tracked text without markup."""

    kind: BlockKind
    level: int
    text: Tracked


@dataclass(frozen=True, slots=True)
class _Line:
    text: Tracked
    page: int
    blank_before: bool


def blocks_of(reading: Reading) -> tuple[Block, ...]:
    """Return the blocks of a reading; origins count characters of the page texts joined by ``PAGE_BREAK``."""
    lines = _lines(reading)
    widths = [len(line.text.text) for line in lines]
    width = quantiles(widths, n=20)[-1] if len(widths) > 20 else 0.0
    wrapped = reading.medium in {"pdf", "text"} and 0 < width < 110
    titles = frozenset(fold(entry.title).strip() for entry in reading.outline)
    raw = list(_raw_blocks(lines, wrapped=wrapped, width=width, titles=titles, marked=reading.medium != "pdf"))
    vocabulary = Counter(w.lower() for block in raw for w in _WORD.findall(block.text.text))
    return tuple(b for b in _joined(raw, vocabulary) if b.text.text)


def _lines(reading: Reading) -> list[_Line]:
    """Split pages into non-blank lines, without running heads, page numbers beside them, rules and image lines."""
    running = running_lines(reading.pages) if len(reading.pages) > 2 else frozenset()
    found: list[_Line] = []
    offset = 0
    blank = True
    near_running = False
    for p, page in enumerate(reading.pages):
        for n, raw in enumerate(page.text.split("\n")):
            tracked = Tracked(raw, range(offset, offset + len(raw)))
            offset += len(raw) + 1
            stripped = raw.strip()
            if not stripped:
                blank = True
                continue
            if (p, n) in running or is_running_line(stripped):
                while (
                    found
                    and near_running is False
                    and _NUMBER_LINE.match(found[-1].text.text)
                    and found[-1].blank_before
                ):
                    found.pop()
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
            found.append(_Line(cleaned, p, blank))
            blank = False
        blank = True  # a page break is a soft paragraph break: sentences that run over it are joined later
    return found


def _raw_blocks(
    lines: Sequence[_Line], *, wrapped: bool, width: float, titles: frozenset[str], marked: bool
) -> Iterator[Block]:
    """Group lines into blocks, before sentences cut by columns are joined."""
    current: list[Tracked] = []
    kind: BlockKind = "paragraph"

    def flush() -> Iterator[Block]:
        nonlocal kind
        if current:
            yield Block(kind, 0, _flow(current))
            current.clear()
        kind = "paragraph"

    for n, line in enumerate(lines):
        text = line.text.text
        after = lines[n + 1] if n + 1 < len(lines) else None
        ends = after is None or after.blank_before
        level, title = _heading(
            line, current, ends=ends, after=after, wrapped=wrapped, width=width, titles=titles, marked=marked
        )
        if level:
            yield from flush()
            yield Block("heading", level, clean_spaces(clean_markup(title).rewrite(_HEADING_BULLET, drop)))
            continue
        bullet = _BULLET.match(text)
        if bullet and not _HYPHEN_END.search(text[: bullet.end()]):
            yield from flush()
            kind = "item"
            if bullet.group("mark"):
                current.append(Tracked("- ", [line.text.origin[0]] * 2))
                current.append(line.text.cut(bullet.end(), len(text)))
            else:
                current.append(line.text)
            continue
        if line.blank_before or (wrapped and current and _paragraph_ends(current[-1].text, text, width)):
            yield from flush()
        current.append(line.text)
    yield from flush()


def _heading(
    line: _Line,
    current: Sequence[Tracked],
    *,
    ends: bool,
    after: _Line | None,
    wrapped: bool,
    width: float,
    titles: frozenset[str],
    marked: bool,
) -> tuple[int, Tracked]:
    """Return the heading level of a line (0 for none) and the text of the heading."""
    text = line.text.text
    if marked and (match := _MARKED_HEADING.match(text)) and _LETTER.search(match.group(2)):
        return len(match.group(1)), line.text.cut(*match.span(2))
    if _ARTICLE_LINE.match(text):
        return 2, line.text
    bare = clean_spaces(clean_markup(line.text)).text
    if len(bare) > MAX_HEADING or not _LETTER.search(bare) or _BYLINE.match(bare):
        return 0, line.text
    if fold(bare) in titles:
        return 2, line.text
    if not (line.blank_before or not current or (wrapped and _paragraph_ends(current[-1].text, text, width))):
        return 0, line.text
    next_text = after.text.text.strip() if after is not None else ""
    alone = ends or (wrapped and len(text) < 0.75 * width and next_text[:1].isupper())
    if not alone or _BULLET.match(text) or bare.endswith((",", ";")):
        return 0, line.text
    if marked and _BOLD_LINE.match(text):
        return (3 if _is_question(bare) else 4), line.text
    letters = [c for c in bare if c.isalpha()]
    if len(letters) >= 6 and sum(c.isupper() for c in letters) > 0.8 * len(letters) and not bare.endswith("."):
        return CAPITALS, line.text
    if (
        not bare[:1].isupper()
        or not 2 <= len(bare.split()) <= 16
        or _SENTENCE_END.search(bare)
        or next_text[:1].islower()
    ):
        return 0, line.text
    if ends and (len(next_text) > 40 or _BYLINE.match(next_text)):
        return 5, line.text
    if not ends and not current and len(bare) < 0.6 * width < len(next_text):
        return 5, line.text
    return 0, line.text


def _is_question(text: str) -> bool:
    return (
        text.rstrip(" »”").endswith("?")
        and (text[:1].isupper() or text[:1] in "«“0123456789")
        and len(text.split()) >= 3
    )


def _paragraph_ends(last: str, following: str, width: float) -> bool:
    """Tell whether a wrapped paragraph ends with the line ``last``: a full stop well before the right margin."""
    return bool(_SENTENCE_END.search(last)) and len(last.rstrip()) < 0.8 * width and not following.strip()[:1].islower()


def _flow(lines: Sequence[Tracked]) -> Tracked:
    """Join the lines of one block by spaces, markup removed; hyphens at line ends stay for ``_joined`` to judge."""
    text = clean_spaces(clean_markup(join(lines, "\n")))
    return clean_spaces(text.rewrite(re.compile(r"\s*\n\s*"), literal(" ")).rewrite(re.compile(r"^- +"), literal("- ")))


_CUT_WORD = re.compile(r"([^\W\d_]+)- ([^\W\d_]+)")


def _joined(blocks: Sequence[Block], vocabulary: Counter[str]) -> Iterator[Block]:
    """Join sentences that a column or page break cut, and words that a line break cut."""
    pending: Block | None = None
    for block in blocks:
        if pending is not None and _continues(pending, block):
            kind, level = (block.kind, block.level) if block.kind == "heading" else (pending.kind, pending.level)
            pending = Block(kind, level, join([pending.text, block.text], " "))
            continue
        if pending is not None:
            yield _question_as_heading(_mended(pending, vocabulary))
        pending = block
    if pending is not None:
        yield _question_as_heading(_mended(pending, vocabulary))


def _continues(first: Block, second: Block) -> bool:
    """Tell whether a block goes on in the next: a sentence cut in the middle, or a title set on two lines."""
    left, right = first.text.text, second.text.text
    if not left or not right:
        return False
    if second.kind == "heading":
        return second.level == CAPITALS and (
            (first.kind == "paragraph" and len(left) <= 70 and left.endswith(":"))
            or (
                first.kind == "heading"
                and first.level == CAPITALS
                and len(left) + len(right) <= 60
                and not _is_question(left)
            )
        )
    return (
        first.kind != "heading" and second.kind == "paragraph" and right[0].islower() and not _SENTENCE_END.search(left)
    )


def _question_as_heading(block: Block) -> Block:
    """Make a heading of a paragraph that is one question: it heads the answer below it, as interviews print it."""
    text = block.text.text
    if (
        block.kind == "paragraph"
        and len(text) <= MAX_QUESTION
        and _is_question(text)
        and not re.search(r"[.!…] ", text)
    ):
        return Block("heading", 5, block.text)
    return block


def _mended(block: Block, vocabulary: Counter[str]) -> Block:
    def mend(match: re.Match[str]) -> Sequence[str | tuple[int, int]]:
        first, second = match.group(1), match.group(2)
        if not second[0].islower():
            return (match.span(),)
        hyphenated = f"{first}-{second}".lower()
        keep = (
            vocabulary[hyphenated] > 0 or (second in _KEEP_AFTER and len(first) > 1) or (first.lower() in _KEEP_BEFORE)
        ) and not vocabulary[(first + second).lower()]
        if keep:
            return (match.span(1), "-", match.span(2))
        return (match.span(1), match.span(2))

    text = block.text.rewrite(_CUT_WORD, mend)
    if block.kind == "paragraph":
        text = text.rewrite(_DROP_CAP, lambda m: (m.span(1),))
    return Block(block.kind, block.level, text)
