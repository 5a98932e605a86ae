"""Lines → blocks: headings, paragraphs and list items, in reading order, with words joined again.

Three kinds of text come in: Markdown (headings are marked), magazine text with blank lines between paragraphs whose
columns were cut in the middle of sentences, and hard-wrapped lines without blank lines (PDF). One walk serves them all.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from corpus.cleaning import clean_markup, clean_spaces
from corpus.headings import BULLET, CAPITALS, PLACE, heading_of, is_question, is_question_alone
from corpus.lines import SENTENCE_END, Layout, Line, lines_of
from corpus.models import Reading
from corpus.tracked import Piece, Tracked, join, literal

BlockKind = Literal["heading", "paragraph", "item"]

MOST_LINES = 1_000
"""Lines of a block; a file whose paragraphs are longer than a chapter is no prose, and is cut there."""
LONGEST = 20_000
"""Characters of a paragraph from which nothing is joined to it any more."""

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_CUT_WORD = re.compile(r"(?<![^\W\d_])([^\W\d_]+)- ([^\W\d_]+)")
_END_OF_SENTENCE = 8
"""Characters at the end of a paragraph that say whether its last sentence is over."""
_HYPHEN_END = re.compile(r"[^\W\d_]-\s*$")
_LINE_BREAK = re.compile(r"\s*\n\s*")
_MARK_OF_ITEM = re.compile(r"^- +")
_DROP_CAP = re.compile(r"^([B-NP-XZÉ]) (?=[a-zà-ÿ’']{2,}|e\s|(?<=L )a\s)")

# Second halves that French always joins by a hyphen, and first halves that it always keeps apart.
_KEEP_AFTER = frozenset("même mêmes là ci ce il elle ils elles on je tu nous vous moi toi lui leur en y t".split())
_KEEP_BEFORE = frozenset(
    "eux lui elle elles moi toi soi nous vous celui celle ceux celles non demi semi vice ex".split()
)
_KEEP_PAIRS = frozenset(
    "t-il t-ils t-elle t-elles t-on peut-être est-à vis-à au-delà au-dessus au-dessous ci-dessus ci-dessous ci-après "
    "ci-joint là-bas là-dessus quelques-uns quelques-unes après-midi mi-temps médico-légal médico-légale médico-social "
    "médico-sociale médico-sociaux sous-traitant sous-traitants compte-rendu contre-indication contre-visite".split()
)


@dataclass(frozen=True, slots=True)
class Block:
    """A heading (``level`` 1 to 6), a paragraph or a list item (level 0), as tracked text without markup."""

    kind: BlockKind
    level: int
    text: Tracked


def blocks_of(reading: Reading) -> tuple[Block, ...]:
    """Return the blocks of a reading; origins count characters of the page texts joined by ``PAGE_BREAK``."""
    lines = lines_of(reading)
    grouped = list(_grouped(lines, Layout.of(reading, lines)))
    vocabulary = Counter(w.lower() for block in grouped for w in _WORD.findall(block.text.text))
    mended = (_mended(block, vocabulary) for block in _joined(grouped))
    return tuple(_question_as_heading(block) for block in mended if block.text.text)


def _grouped(lines: Sequence[Line], layout: Layout) -> Iterator[Block]:
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
        last = current[-1].text if current else None
        level, title = heading_of(line, last, lines[n + 1] if n + 1 < len(lines) else None, layout)
        if level:
            yield from flush()
            yield Block("heading", level, title)
            continue
        bullet = BULLET.match(text)
        if bullet and not _HYPHEN_END.search(text[: bullet.end()]):
            yield from flush()
            kind = "item"
            if bullet.group("mark"):
                current.append(Tracked("- ", [line.text.origin[0]] * 2))
                current.append(line.text.cut(bullet.end(), len(text)))
            else:
                current.append(line.text)
            continue
        if line.blank_before or len(current) > MOST_LINES or (last is not None and layout.ends_paragraph(last, text)):
            yield from flush()
        current.append(line.text)
    yield from flush()


def _flow(lines: Sequence[Tracked]) -> Tracked:
    """Join the lines of one block by spaces, markup removed; hyphens at line ends stay for ``_mended`` to judge."""
    text = clean_spaces(clean_markup(join(lines, "\n")))
    return clean_spaces(text.rewrite(_LINE_BREAK, literal(" ")).rewrite(_MARK_OF_ITEM, literal("- ")))


def _joined(blocks: Iterable[Block]) -> Iterator[Block]:
    """Join sentences that a column or page break cut, and titles set on two lines."""
    pending: Block | None = None
    for block in blocks:
        if pending is not None and _continues(pending, block):
            kind, level = (block.kind, block.level) if block.kind == "heading" else (pending.kind, pending.level)
            pending = Block(kind, level, join([pending.text, block.text], " "))
            continue
        if pending is not None:
            yield pending
        pending = block
    if pending is not None:
        yield pending


def _continues(first: Block, second: Block) -> bool:
    """Tell whether a block goes on in the next: a sentence cut in the middle, or a title set on two lines."""
    left, right = first.text.text, second.text.text
    if not left or not right:
        return False
    if second.kind != "heading":
        cut = len(left) < LONGEST and not SENTENCE_END.search(left[-_END_OF_SENTENCE:]) and right[0].islower()
        return cut and first.kind != "heading" and second.kind == "paragraph"
    if second.level != CAPITALS:
        return False
    if first.kind == "heading":
        return first.level == CAPITALS and len(left) + len(right) <= 60 and not is_question(left)
    return first.kind == "paragraph" and len(left) <= 70 and left.endswith(":")


def _mended(block: Block, vocabulary: Counter[str]) -> Block:
    """Join the words that a line break cut, and the initial that a magazine sets apart."""

    def mend(match: re.Match[str]) -> Sequence[Piece]:
        first, second = match.group(1), match.group(2)
        if not second[0].islower():
            return (match.span(),)
        if vocabulary[(first + second).lower()]:
            return (match.span(1), match.span(2))
        pair = f"{first}-{second}".lower()
        common = vocabulary[pair] > 0 or pair in _KEEP_PAIRS
        always = (second in _KEEP_AFTER and len(first) > 1) or first.lower() in _KEEP_BEFORE
        return (match.span(1), "-", match.span(2)) if common or always else (match.span(1), match.span(2))

    text = block.text.rewrite(_CUT_WORD, mend)
    if block.kind == "paragraph":
        text = text.rewrite(_DROP_CAP, lambda m: (m.span(1),))
    return Block(block.kind, block.level, text)


def _question_as_heading(block: Block) -> Block:
    if block.kind == "paragraph" and is_question_alone(block.text.text):
        return Block("heading", PLACE, block.text)
    return block
