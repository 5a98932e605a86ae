"""Web pages to text in the shape of Markdown: headings, lists, table rows and paragraphs, without the furniture."""

import re
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from corpus.encoding import decode, normalise
from corpus.errors import UnreadableSource
from corpus.models import Page, Reading
from corpus.plain import iso_date
from corpus.styles import Style, is_dropped, style_of
from corpus.stylesheets import StyleSheets

_CHARSET: Final = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_CHARSET_WITHIN: Final = 2048
# XHTML may close these at once; HTML would read everything after them as their content.
_SELF_CLOSED: Final = re.compile(
    r"<(script|title|style|textarea|iframe|div|span|p|a|td|th|li|i|b|em)(\s[^<>]*)?/>", re.IGNORECASE
)
_SPACES: Final = re.compile(r"[ \t\n]+")
_BLOCKS: Final = frozenset({
    "address", "article", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "legend",
    "li", "main", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip
_LAYOUT: Final = "table, h1, h2, h3, h4, h5, h6, main, article"
_DATE_NAMES: Final = (
    "article:published_time", "dc.date", "dc.date.issued", "dcterms.date", "dcterms.issued", "datepublished", "date",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Block:
    """A line or paragraph of the result; blocks of the same tight ``kind`` follow each other without a blank line."""

    kind: str
    text: str


@dataclass(slots=True)
class _Writer:
    """Collects the text of elements as they open and close."""

    blocks: list[_Block] = field(default_factory=list)
    regions: list[tuple[str, int, int]] = field(default_factory=list)
    hides: bool = False
    _inline: list[str] = field(default_factory=list)
    _kind: str = ""
    _prefix: str = ""
    _rows: list[bool] = field(default_factory=list)
    _cells: list[str] | None = None
    _open_regions: list[int] = field(default_factory=list)
    _preformatted: int = 0

    @property
    def in_content(self) -> bool:
        return bool(self._open_regions)

    def text(self, text: str, style: Style) -> None:
        if style.shows:
            self._inline.append(text if self._preformatted else _SPACES.sub(" ", text))
        elif not style.decorative and any(character.isalnum() for character in text):
            self.hides = True

    def open(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag == "br":
            self._inline.append("\n")
        if tag in _BLOCKS:
            self._break()
        if tag == "pre":
            self._preformatted += 1
        elif tag in {"main", "article"}:
            self._open_regions.append(len(self.blocks))
        elif tag == "table":
            self._rows.append(not _is_layout(node))
        elif self._cells is None and tag == "li":
            self._kind, self._prefix = "item", "- "
        elif self._cells is None and re.fullmatch("h[1-6]", tag):
            self._kind, self._prefix = "heading", "#" * int(tag[1]) + " "
        elif tag == "tr" and self._rows and self._rows[-1]:
            self._cells = []

    def close(self, tag: str) -> None:
        if tag == "pre":
            self._preformatted -= 1
        if self._cells is not None and tag in {"td", "th"}:
            self._cells.append(self._take().replace("\n", " "))
        elif self._cells is not None and tag == "tr":
            row = " | ".join(self._cells).rstrip(" |")
            self._cells = None
            self._inline = [row]
            self._kind = "row"
        if tag in _BLOCKS:
            self._break()
            if tag == "li":
                self._kind, self._prefix = "", ""
        if tag == "table":
            self._rows.pop()
        elif tag in {"main", "article"}:
            self.regions.append((tag, self._open_regions.pop(), len(self.blocks)))

    def _break(self) -> None:
        if self._cells is not None:
            self._inline.append(" ")
            return
        text = self._take()
        if text:
            text = text.replace("\n", " ") if self._kind == "heading" else text
            self.blocks.append(_Block(self._kind, self._prefix + text))
            self._kind, self._prefix = "", ""
        elif self._kind != "item":  # an item keeps its mark until its first words, which may stand in a paragraph
            self._kind, self._prefix = "", ""

    def _take(self) -> str:
        text = re.sub(r" *\n *", "\n", re.sub(" {2,}", " ", "".join(self._inline))).strip(" \n")
        self._inline = []
        return text


def _is_layout(table: LexborNode) -> bool:
    """Whether a table frames parts of the page rather than data."""
    inner = (node for node in table.css(_LAYOUT) if node.mem_id != table.mem_id)
    return table.attributes.get("role") == "presentation" or next(inner, None) is not None


def read_html(data: bytes, source: str) -> Reading:
    """Read a web page as one page of text labelled "1".

    ``<main>`` or ``<article>`` alone is kept when it holds at least half of the text. Hidden elements are left out;
    unless they are only hidden from screen readers, that is reported as ``hidden_text``.

    Raises
    ------
    UnreadableSource
        ``not_text`` for binary content, ``empty`` when no text is left.

    """
    charset = _CHARSET.search(data[:_CHARSET_WITHIN])
    markup = normalise(decode(data, source, declared=charset[1].decode("ascii", "replace") if charset else ""))
    if markup.lstrip().startswith("<?xml") or source.lower().endswith(".xhtml"):
        markup = _SELF_CLOSED.sub(r"<\1\2></\1>", markup)
    tree = LexborHTMLParser(markup)
    writer = _write(tree.body or tree.root, StyleSheets(tree))
    text = normalise(_join(_main_part(writer)))
    if not text.strip():
        raise UnreadableSource(source, "empty")
    return Reading(
        medium="html",
        pages=(Page(0, "1", text),),
        title=_line(tree.css_first("head > title")) or _line(tree.css_first("h1")),
        author=_meta(tree, ("author", "dc.creator", "article:author")),
        date=_date(tree),
        warnings=("hidden_text",) if writer.hides else (),
    )


def _write(root: LexborNode | None, sheets: StyleSheets) -> _Writer:
    writer = _Writer()
    waiting = [(root, Style(), False)] if root is not None else []
    while waiting:  # no recursion: nesting is as deep as the author of the file likes
        node, style, closing = waiting.pop()
        if closing:
            writer.close(node.tag or "")
        elif node.is_text_node:
            writer.text(node.text_content or "", style)
        elif node.is_element_node and not is_dropped(node, in_content=writer.in_content):
            style = style_of(node, style, sheets)
            writer.open(node)
            waiting.append((node, style, True))
            waiting += reversed([(child, style, False) for child in node.iter(include_text=True)])
    return writer


def _main_part(writer: _Writer) -> list[_Block]:
    sums = [0, *accumulate(len(block.text) for block in writer.blocks)]
    for wanted in ("main", "article"):
        for tag, start, end in writer.regions:
            if tag == wanted and 2 * (sums[end] - sums[start]) >= sums[-1]:
                return writer.blocks[start:end]
    return writer.blocks


def _join(blocks: list[_Block]) -> str:
    pieces: list[str] = []
    for position, block in enumerate(blocks):
        if position:
            tight = block.kind in {"item", "row"} and block.kind == blocks[position - 1].kind
            pieces.append("\n" if tight else "\n\n")
        pieces.append(block.text)
    return "".join(pieces)


def _meta(tree: LexborHTMLParser, names: tuple[str, ...]) -> str:
    found: dict[str, str] = {}
    for node in tree.css("meta"):
        attributes = node.attributes
        key = attributes.get("name") or attributes.get("property") or attributes.get("itemprop") or ""
        found.setdefault(key.lower(), " ".join((attributes.get("content") or "").split()))
    return next((found[name] for name in names if found.get(name)), "")


def _date(tree: LexborHTMLParser) -> str:
    for name in _DATE_NAMES:
        if date := iso_date(_meta(tree, (name,))):
            return date
    times = (iso_date(node.attributes.get("datetime") or "") for node in tree.css("time[datetime]"))
    return next((date for date in times if date), "")


def _line(node: LexborNode | None) -> str:
    return "" if node is None else " ".join(node.text().split())
