"""Which elements of a web page are not part of its text, and which text its styles hide.

The styles of attributes and of the page's own style sheets count; those of other files, of scripts and of pictures do
not. Text counts as hidden when it is not displayed, transparent, under a pixel high, moved or cut off the page, or set
in the colour of its ground, which is white to begin with. Where the rule is unsure it keeps the text.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from selectolax.lexbor import LexborNode

from corpus.colours import BLACK, CLEAR, WHITE, Colour, are_alike, colour_of
from corpus.stylesheets import Declarations, StyleSheets

_DROPPED: Final = frozenset({
    "script", "style", "noscript", "template", "nav", "aside", "iframe", "object", "svg", "canvas", "video", "audio",
    "select", "textarea", "datalist", "head", "title", "noframes", "noembed", "rp",
})  # fmt: skip
_DROPPED_ROLES: Final = frozenset({"banner", "contentinfo", "navigation", "search", "complementary"})
_FAINT: Final = 0.05
_LEAST_SIZE: Final = {"": 1.0, "px": 1.0, "pt": 1.0, "em": 0.1, "rem": 0.1, "%": 10.0, "vw": 0.1, "vh": 0.1}
_SIZE: Final = re.compile(r"(\d{0,6}\.?\d{1,6})(px|pt|r?em|%|v[wh]|)")
_SIZE_IN_FONT: Final = re.compile(r"(?:^|\s)(\d{0,6}\.?\d{1,6})(px|pt|r?em|%|v[wh]|)(?=\s|/)")
_FAR: Final = re.compile(
    r"-(?:\d{4,}(?:\.\d+)?(?:px|pt)|\d{3,}(?:\.\d+)?(?:r?em|%|v[wh])|[5-9]\d\d(?:\.\d+)?(?:px|pt))"
)
_NOTHING: Final = re.compile(r"(?:0|[01](?:\.\d+)?px|0(?:\.0+)?(?:r?em|%|pt|v[wh]))")
_CUT: Final = re.compile(
    r"rect\(\s*([01])(?:px)?[\s,]+\1(?:px)?[\s,]+\1(?:px)?[\s,]+\1(?:px)?\s*\)"
    r"|inset\(\s*(?:[5-9]\d|100)(?:\.\d+)?%|(?:circle|ellipse)\(\s*0(?:px|%)?(?:\s+0(?:px|%)?)?\s*(?:\)|at)"
)
_GONE: Final = re.compile(r"scale[xy3d]*\(\s*0(?:\.0+)?\s*[,)]|matrix\(\s*0\s*,\s*0\s*,\s*0\s*,\s*0")
_SEEN_THROUGH: Final = re.compile(r"opacity\(\s*0(?:\.0\d*)?%?\s*\)")
_PAINTED: Final = re.compile(r"url\(|gradient\(|image-set\(|var\(")


@dataclass(frozen=True, slots=True)
class Style:
    """What an element inherits of the looks that can hide text; an ink or a ground of None is not known."""

    hidden: bool = False
    invisible: bool = False
    ink: Colour | None = BLACK
    clear: bool = False
    ground: Colour | None = WHITE
    tiny: bool = False
    decorative: bool = False

    @property
    def shows(self) -> bool:
        """Whether a reader of the page sees the text."""
        unread = self.clear or self.tiny or are_alike(self.ink, self.ground)
        return not (self.hidden or self.invisible or self.decorative or unread)


def is_dropped(node: LexborNode, *, in_content: bool) -> bool:
    """Whether an element is furniture of the page: scripts, menus, banners, forms.

    ``in_content`` says that it stands inside ``<main>`` or ``<article>``, whose headers and footers are kept. A form
    that holds headings or the main content is the frame of the whole page, as some site builders write it.
    """
    tag, role = node.tag or "", node.attributes.get("role") or ""
    if tag in _DROPPED or role in _DROPPED_ROLES:
        return True
    if tag in {"header", "footer"}:
        return not in_content
    if tag == "form":
        return node.css_first("main, article, h1, h2") is None
    if tag == "button":  # the question of a folding answer is often a button inside a heading
        return node.parent is None or node.parent.tag not in {"h1", "h2", "h3", "h4", "h5", "h6", "summary"}
    return False


def style_of(node: LexborNode, inherited: Style, sheets: StyleSheets) -> Style:
    """Return what the element makes of the looks around it."""
    attributes = {name: value or "" for name, value in node.attributes.items()}
    found = sheets.of(node.mem_id, attributes.get("style", ""))
    kept_apart = "hidden" in attributes and attributes["hidden"].lower() != "until-found"
    closed = node.tag == "dialog" and "open" not in attributes
    style = replace(
        inherited,
        hidden=inherited.hidden or kept_apart or closed or _is_hidden(found),
        invisible=found.get("visibility", "collapse" if inherited.invisible else "") in {"hidden", "collapse"},
        decorative=inherited.decorative or attributes.get("aria-hidden", "").lower() == "true",
    )
    return _sized(_coloured(style, found, attributes, node.tag or ""), found)


def _is_hidden(found: Declarations) -> bool:
    """Tell whether an element is not displayed, transparent, moved off the page or cut to nothing."""
    if not found:
        return False
    get = found.get
    if get("display") == "none" or get("content-visibility") == "hidden" or _share(get("opacity", "1")) <= _FAINT:
        return True
    moved = get("position", "") in {"absolute", "fixed"} and any(
        _FAR.match(get(side, "")) for side in ("left", "right", "top", "bottom")
    )
    if moved or any(_FAR.match(get(name, "")) for name in ("text-indent", "margin-left", "margin-top")):
        return True
    if _CUT.match(get("clip", "")) or _CUT.match(get("clip-path", "")) or _SEEN_THROUGH.search(get("filter", "")):
        return True
    transform = get("transform", "")
    if _GONE.search(transform) or ("translate" in transform and _FAR.search(transform)) or get("scale") == "0":
        return True
    clipped = any(get(name, "").startswith(("hidden", "clip")) for name in ("overflow", "overflow-x", "overflow-y"))
    return clipped and any(_NOTHING.fullmatch(get(n, "")) for n in ("height", "max-height", "width", "max-width"))


def _coloured(style: Style, found: Declarations, attributes: Mapping[str, str], tag: str) -> Style:
    named = {"font": attributes.get("color", ""), "body": attributes.get("text", "")}.get(tag, "")
    ink = found.get("-webkit-text-fill-color") or found.get("color") or named.lower()
    if ink and ink not in {"inherit", "currentcolor"}:
        colour = colour_of(ink)
        clear = colour == CLEAR
        style = replace(style, clear=clear, ink=None if isinstance(colour, str) else colour)
    ground = found.get("background-color") or found.get("background") or attributes.get("bgcolor", "").lower()
    if not ground:
        return style
    if _PAINTED.search(ground):
        return replace(style, ground=None)
    colours = [colour for part in [ground, *_parts(ground)] if (colour := colour_of(part)) is not None]
    if colours and not isinstance(colours[0], str):
        return replace(style, ground=colours[0])
    unknown = not colours and not set(_parts(ground)) & {"inherit", "initial", "unset", "none"}
    return replace(style, ground=None) if unknown else style


def _parts(value: str) -> list[str]:
    return re.sub(r"\s*([,(])\s*", r"\1", value)[:200].split()


def _sized(style: Style, found: Declarations) -> Style:
    size = _SIZE.fullmatch(found.get("font-size", "")) or _SIZE_IN_FONT.search(found.get("font", ""))
    if size is None:
        return style
    relative = size[2] in {"em", "%"}
    return replace(style, tiny=float(size[1]) < _LEAST_SIZE[size[2]] or (relative and style.tiny))


def _share(value: str) -> float:
    number = re.fullmatch(r"(\d{0,6}\.?\d{1,6})(%?)", value)
    return float(number[1]) / (100 if number[2] else 1) if number else 1.0
