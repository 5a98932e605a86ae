"""A document laid out for reading: blocks of its exact text, marked characters, links, table of contents."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Literal

from api.articles import Link
from corpus.models import Document, PageSpan, Passage

PARAGRAPH = re.compile(r"[^\n]+(?:\n[^\n]+)*")
LINE = re.compile(r"[^\n]+")
LIST_ITEM = re.compile(r"\s*(?:[-–—•·◦▪■*]|\d{1,2}[.)°])\s+\S")
MAX_DEPTH = 3  # deeper headings stay out of the table of contents


@dataclass(frozen=True, slots=True)
class Target:
    """What the page must show: characters ``[start, end)``, and the passage they belong to when there is one."""

    start: int
    end: int
    passage: Passage | None


@dataclass(frozen=True, slots=True)
class Part:
    """A run of characters that leads to ``address``, or nowhere when it is ""."""

    text: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters inside a block; ``first`` is true for the first marked run of the page only."""

    parts: tuple[Part, ...]
    marked: bool = False
    first: bool = False

    @property
    def text(self) -> str:
        """The exact characters of the document."""
        return "".join(part.text for part in self.parts)


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph or list item: the document's characters ``[start, end)``, whose pieces joined give them.

    ``page`` is the page that begins here, if one does; ``level`` is 2 to 4 for a heading.
    """

    kind: Literal["heading", "text", "item"]
    start: int
    end: int
    pieces: tuple[Piece, ...]
    level: int = 0
    cited: bool = False
    page: PageSpan | None = None

    @property
    def text(self) -> str:
        """The exact characters of the document."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the table of contents: ``anchor`` is the start of the block it leads to, ``depth`` counts from 1."""

    title: str
    depth: int
    anchor: int
    current: bool = False


def find_target(
    document: Document, passages: Sequence[Passage], *, passage_id: str | None, start: int | None, end: int | None
) -> Target | None:
    """Return what an address asks to mark; ``None`` when it asks nothing or something this text does not hold.

    A wrong mark is worse than none, so an offset outside the text marks nothing.
    """
    passage = next((passage for passage in passages if passage.id == passage_id), None)
    if start is not None and end is not None:
        if not 0 <= start < end <= len(document.text):
            return None
        holds = (passage for passage in passages if passage.start <= start < passage.end)
        return Target(start, end, passage or next(holds, None))
    return Target(passage.start, passage.end, passage) if passage else None


def neighbours(passages: Sequence[Passage], target: Target | None) -> tuple[Passage | None, Passage | None]:
    """Return the passages before and after what is marked, in the order of the text."""
    if target is None:
        return None, None
    start, end = (target.passage.start, target.passage.end) if target.passage else (target.start, target.end)
    before = max((p for p in passages if p.end <= start), key=lambda p: p.start, default=None)
    return before, min((p for p in passages if p.start >= end), key=lambda p: p.start, default=None)


def page_at(document: Document, offset: int) -> PageSpan | None:
    """Return the page on which a character stands, None where the document has no pages."""
    return next((page for page in reversed(document.pages) if page.start <= offset), None)


def lay_out(
    document: Document, passages: Sequence[Passage], target: Target | None, links: Sequence[Link] = ()
) -> tuple[Block, ...]:
    """Return the document's text as blocks, in order; only blank lines are left out.

    ``links`` are in order; one that a block or a mark would cut, or that stands in a heading, is left out.
    """
    shared = _shared_headings(passages)
    levels = {
        _key(title): min(max(depth - shared, 0), MAX_DEPTH - 1) + 2  # the page's own title is level 1
        for passage in passages
        for depth, title in enumerate(passage.headings)
    }
    pages = [page for page in document.pages if page.label]
    waiting, at = list(reversed(pages)), 0
    blocks: list[Block] = []
    marked = False
    for kind, level, start, end in _spans(document.text, levels):
        page = None
        while waiting and waiting[-1].start <= start:
            page = waiting.pop()
        here: list[Link] = []
        while at < len(links) and links[at].start < end:
            here += [links[at]] if kind != "heading" else []
            at += 1
        pieces = _pieces(document.text, start, end, target, here, first=not marked)
        marked = marked or any(piece.marked for piece in pieces)
        passage = target.passage if target else None
        cited = passage is not None and kind != "heading" and passage.start < end and start < passage.end
        blocks.append(Block(kind, start, end, pieces, level, cited, page))
    return tuple(blocks)


def _spans(text: str, levels: dict[str, int]) -> list[tuple[Literal["heading", "text", "item"], int, int, int]]:
    """Cut the text into (kind, heading level, start, end)."""
    spans: list[tuple[Literal["heading", "text", "item"], int, int, int]] = []
    for paragraph in PARAGRAPH.finditer(text):
        fresh = True  # the next line opens a block
        for line in LINE.finditer(text, paragraph.start(), paragraph.end()):
            if not line.group().strip():
                continue
            level = levels.get(_key(line.group()))
            if level is not None:
                spans.append(("heading", level, line.start(), line.end()))
                fresh = True
            elif LIST_ITEM.match(line.group()):
                spans.append(("item", 0, line.start(), line.end()))
                fresh = False
            elif fresh:
                spans.append(("text", 0, line.start(), line.end()))
                fresh = False
            else:
                spans[-1] = (*spans[-1][:3], line.end())
    return spans


def _pieces(
    text: str, start: int, end: int, target: Target | None, links: Sequence[Link], *, first: bool
) -> tuple[Piece, ...]:
    low = high = end
    if target and target.start < end and start < target.end:
        low, high = max(start, target.start), min(end, target.end)
    cut = ((start, low, False), (low, high, True), (high, end, False))
    return tuple(Piece(_parts(text, a, b, links), marked, first and marked) for a, b, marked in cut if a < b)


def _parts(text: str, start: int, end: int, links: Sequence[Link]) -> tuple[Part, ...]:
    parts: list[Part] = []
    for link in links:
        if start <= link.start and link.end <= end:
            parts += [Part(text[start : link.start]), Part(text[link.start : link.end], link.address)]
            start = link.end
    return tuple(part for part in (*parts, Part(text[start:end])) if part.text)


def table_of_contents(passages: Sequence[Passage], blocks: Sequence[Block]) -> tuple[Entry, ...]:
    """Return an entry for each heading that opens above a passage, leading to the heading or else to the passage.

    The entry above the marked characters is ``current``.
    """
    shared = _shared_headings(passages)
    headings = [(block.start, _key(block.text)) for block in blocks if block.kind == "heading"]
    entries: list[Entry] = []
    path: tuple[str, ...] = ()
    for passage in sorted(passages, key=lambda passage: passage.start):
        titles = passage.headings[shared : shared + MAX_DEPTH]
        kept = next((depth for depth, pair in enumerate(zip(titles, path, strict=False)) if pair[0] != pair[1]), None)
        for depth in range(min(len(titles), len(path)) if kept is None else kept, len(titles)):
            after = entries[-1].anchor if entries else 0
            anchor = _anchor(passage, _key(titles[depth]), headings, blocks, after)
            entries.append(Entry(titles[depth], depth + 1, anchor))
        path = titles
    marked = next((block.start for block in blocks if any(piece.first for piece in block.pieces)), -1)
    current = max((index for index, entry in enumerate(entries) if entry.anchor <= marked), default=-1)
    return tuple(replace(entry, current=index == current) for index, entry in enumerate(entries))


def _anchor(
    passage: Passage, title: str, headings: Sequence[tuple[int, str]], blocks: Sequence[Block], after: int
) -> int:
    """Return the start of the nearest such heading above the passage, or of the passage's own first block."""
    above = [start for start, key in headings if after <= start <= passage.start and key == title]
    if above:
        return above[-1]
    return next((block.start for block in blocks if passage.start < block.end), passage.start)


def _shared_headings(passages: Sequence[Passage]) -> int:
    """Return how many outer headings all passages share: the document's own title says nothing in its contents."""
    if len(passages) < 2:
        return 0
    levels = zip(*(passage.headings for passage in passages), strict=False)
    return sum(1 for _ in takewhile(lambda titles: len(set(titles)) == 1, levels))


def _key(title: str) -> str:
    return " ".join(title.lstrip("#").split()).casefold()
