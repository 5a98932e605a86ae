"""Blocks → a document's cleaned text and its passages.

The text is the blocks joined by blank lines (list items by single line breaks). A passage is a run of blocks under one
heading: an article or a part of it, a question with its answer, a claim of a "vrai ou faux" box with what is said of
it, paragraphs, a list with the sentence that leads it in. It starts at its heading when that stands right above it.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus.blocks import Block
from corpus.cleaning import fold
from corpus.models import Metadata, PageSpan, Passage, Reading
from corpus.references import display_number, normal_number
from corpus.sentences import sentence_spans

TARGET = 900
"""Characters after which a passage takes no further paragraph."""
LONGEST = 1_500
"""Characters after which one paragraph is cut at sentence ends."""
LONGEST_LIST = 3_000
SHORTEST = 40

_ARTICLE = re.compile(r"^Art(?:icle|\.)\s+(?P<letter>[LRDA]?)\s?\.?\s?\*?\s?(?P<number>\d[\d-]*)", re.IGNORECASE)
_STATUTE_ITEM = re.compile(r"^(?:[IVX]+\. [-–—] )?\d{1,2}°")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Segmented:
    """Cleaned text, the offsets in the raw pages of each of its characters, pages and passages."""

    text: str
    origin: Sequence[int]
    pages: tuple[PageSpan, ...]
    passages: tuple[Passage, ...]


@dataclass(slots=True)
class _Placed:
    """A block with its place in the document's text."""

    block: Block
    start: int
    end: int


@dataclass(slots=True)
class _Section:
    """Blocks under one heading."""

    headings: tuple[str, ...]
    heading: _Placed | None
    blocks: list[_Placed] = field(default_factory=list)


def slug(text: str, *, longest: int = 60) -> str:
    """Return a stable ASCII name made of the words of ``text``, cut at a word."""
    name = _NOT_SLUG.sub("-", fold(text)).strip("-")
    return name if len(name) <= longest else name[:longest].rsplit("-", 1)[0]


def segment(reading: Reading, blocks: Sequence[Block], metadata: Metadata) -> Segmented:
    """Lay blocks out as text and cut it into passages."""
    placed, text, origin = _lay_out(blocks)
    pages = _page_spans(reading, placed)
    passages: list[Passage] = []
    counts: Counter[str] = Counter()
    for section in _sections(placed):
        article = _article_of(section, metadata)
        title = section.headings[-1] if section.headings else ""
        anchor = article or slug(title) or "debut"
        heading = title if metadata.kind == "sheet" else ""
        for start, end in _cuts(section, text):
            counts[anchor] += 1
            passages.append(
                Passage(
                    id=f"{metadata.id}:{anchor}#{counts[anchor]}",
                    document_id=metadata.id,
                    headings=section.headings,
                    text=text[start:end],
                    start=start,
                    end=end,
                    locator=_locator(article, pages, start) or heading,
                    article=article,
                    label=_label(metadata, article, section.headings),
                )
            )
    return Segmented(text, origin, pages, tuple(passages))


def _lay_out(blocks: Sequence[Block]) -> tuple[list[_Placed], str, list[int]]:
    placed: list[_Placed] = []
    parts: list[str] = []
    origin: list[int] = []
    for n, block in enumerate(blocks):
        if n:
            separator = "\n" if block.kind == "item" and blocks[n - 1].kind != "heading" else "\n\n"
            parts.append(separator)
            origin.extend([block.text.origin[0]] * len(separator))
        start = len(origin)
        parts.append(block.text.text)
        origin.extend(block.text.origin)
        placed.append(_Placed(block, start, len(origin)))
    return placed, "".join(parts), origin


def _page_spans(reading: Reading, placed: Sequence[_Placed]) -> tuple[PageSpan, ...]:
    """Return where each page starts in the cleaned text; only a PDF has pages worth naming."""
    if reading.medium != "pdf" or not placed:
        return ()
    spans: list[PageSpan] = []
    offset = 0
    position = 0
    for page in reading.pages:
        limit = offset + len(page.text) + 1
        start = position
        while position < len(placed) and placed[position].block.text.origin[0] < limit:
            position += 1
        if position > start:
            spans.append(PageSpan(placed[start].start, placed[position - 1].end, page.index, page.label))
        offset = limit
    return tuple(spans)


def _sections(placed: Sequence[_Placed]) -> list[_Section]:
    stack: list[tuple[int, str]] = []
    sections: list[_Section] = [_Section((), None)]
    for item in placed:
        if item.block.kind == "heading":
            while stack and stack[-1][0] >= item.block.level:
                stack.pop()
            stack.append((item.block.level, item.block.text.text))
            sections.append(_Section(tuple(title for _, title in stack), item))
        else:
            sections[-1].blocks.append(item)
    return [section for section in sections if section.blocks]


def _article_of(section: _Section, metadata: Metadata) -> str:
    """Return the article a section is; outside codes only a number with its letter says so ("Article R. 4127-4")."""
    match = next((m for m in map(_ARTICLE.match, reversed(section.headings)) if m), None)
    if match is None or not (metadata.code or match.group("letter")):
        return ""
    return normal_number(match.group("letter"), match.group("number").rstrip("-"))


def _cuts(section: _Section, text: str) -> list[tuple[int, int]]:
    """Cut a section into spans of the document's text."""
    spans: list[tuple[int, int]] = []
    for unit in _units(section.blocks):
        start, end = unit[0].start, unit[-1].end
        limit = LONGEST_LIST if len(unit) > 1 else LONGEST
        pieces = [(start, end)] if end - start <= limit else _split(unit, text)
        for piece in pieces:
            small = piece[1] - piece[0] < SHORTEST
            if spans and (piece[1] - spans[-1][0] <= TARGET or small):
                spans[-1] = (spans[-1][0], piece[1])
            else:
                spans.append(piece)
    if section.heading is not None and spans:
        spans[0] = (section.heading.start, spans[0][1])
    return [span for span in spans if _says_something(text[span[0] : span[1]])]


def _units(blocks: Sequence[_Placed]) -> list[list[_Placed]]:
    """Group a list with the paragraph that leads it in, so that no cut comes between them.

    In statutes the items are paragraphs that begin with "1°", "2° bis".
    """
    units: list[list[_Placed]] = []
    for item in blocks:
        previous = units[-1][-1].block if units else None
        if previous is not None and _is_item(item.block) and (_is_item(previous) or _leads_in(previous)):
            units[-1].append(item)
        else:
            units.append([item])
    return units


def _is_item(block: Block) -> bool:
    return block.kind == "item" or bool(_STATUTE_ITEM.match(block.text.text))


def _leads_in(block: Block) -> bool:
    return block.text.text.rstrip().endswith(":")


def _split(unit: Sequence[_Placed], text: str) -> list[tuple[int, int]]:
    """Cut a unit that is too long at its items, and items or paragraphs that are too long at their sentences."""
    pieces: list[tuple[int, int]] = []
    for item in unit:
        whole = item.end - item.start <= LONGEST
        pieces += [(item.start, item.end)] if whole else sentence_spans(text[item.start : item.end], item.start)
    if len(unit) > 1:
        pieces[:2] = [(pieces[0][0], pieces[1][1])]  # the lead-in never stands alone
    spans: list[tuple[int, int]] = []
    for start, end in pieces:
        if spans and end - spans[-1][0] <= TARGET:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


def _says_something(text: str) -> bool:
    """Tell prose from the figures of a table or a chart: enough words, and more letters than anything else."""
    words = [word for word in text.split() if sum(c.isalpha() for c in word) >= 3]
    return (
        len(text) >= SHORTEST and len(words) >= 4 and sum(c.isalpha() or c.isspace() for c in text) >= 0.7 * len(text)
    )


def _locator(article: str, pages: Sequence[PageSpan], start: int) -> str:
    if article:
        return f"art. {display_number(article)}"
    page = next((page for page in reversed(pages) if page.start <= start), None)
    return f"p. {page.label}" if page else ""


def _label(metadata: Metadata, article: str, headings: Sequence[str]) -> str:
    """Name a passage as people cite it: "Code de déontologie, art. 4 (R. 4127-4 CSP)"."""
    if article.startswith("R4127-") and article.count("-") == 1:
        number = article.removeprefix("R4127-")
        return f"Code de déontologie, art. {number} ({display_number(article)} {metadata.code or 'CSP'})"
    if article:
        return f"{metadata.short}, art. {display_number(article)}"
    if metadata.kind == "sheet":
        return metadata.short
    inner = next((h for h in reversed(headings) if h != metadata.title), "")
    return f"{metadata.short} — {shorten(inner)}" if inner else metadata.short


def shorten(text: str, *, longest: int = 90) -> str:
    """Cut at a word and say so by an ellipsis."""
    return text if len(text) <= longest else text[:longest].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
