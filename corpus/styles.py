"""Which elements of a web page are not part of its text, and which text its inline styles hide.

Style sheets are not evaluated: only attributes and ``style="…"`` count. White text counts as hidden unless it, or an
element around it, has an inline background that is not white.
"""

import re
from dataclasses import dataclass, replace
from typing import Final

from selectolax.lexbor import LexborNode

_DROPPED: Final = frozenset({
    "script", "style", "noscript", "template", "nav", "aside", "iframe", "object", "svg", "canvas", "video", "audio",
    "select", "textarea", "datalist", "head", "title",
})  # fmt: skip
_DROPPED_ROLES: Final = frozenset({"banner", "contentinfo", "navigation", "search", "complementary"})
_WHITES: Final = frozenset({"white", "#fff", "#ffff", "#ffffff", "#ffffffff"})
_NUMBER: Final = re.compile(r"\d*\.?\d+")
_LIGHT: Final = 242  # of 255, as for PDF pages
_LEAST_SIZE: Final = {"": 1.0, "px": 1.0, "pt": 1.0, "em": 0.1, "rem": 0.1, "%": 10.0}


@dataclass(frozen=True, slots=True)
class Style:
    """What an element inherits of the looks that can hide text."""

    hidden: bool = False
    white_ink: bool = False
    dark_ground: bool = False
    tiny: bool = False
    decorative: bool = False

    @property
    def shows(self) -> bool:
        """Whether a reader of the page sees the text."""
        return not (self.hidden or self.tiny or self.decorative or (self.white_ink and not self.dark_ground))


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


def style_of(node: LexborNode, inherited: Style) -> Style:
    """Return what the element makes of the looks around it."""
    attributes = {name: value or "" for name, value in node.attributes.items()}
    found = _declarations(attributes.get("style", ""))
    hidden = (
        ("hidden" in attributes and attributes["hidden"].lower() != "until-found")
        or found.get("display") == "none"
        or found.get("visibility") in {"hidden", "collapse"}
        or _opacity(found.get("opacity", "1")) == 0
    )
    style = replace(
        inherited,
        hidden=inherited.hidden or hidden,
        decorative=inherited.decorative or attributes.get("aria-hidden", "").lower() == "true",
    )
    ink = found.get("color", attributes.get("color", "") if node.tag == "font" else "")
    if ink and ink != "inherit":
        style = replace(style, white_ink=_is_white(ink))
    ground = found.get("background-color", found.get("background", attributes.get("bgcolor", "")))
    if ground and ground not in {"inherit", "transparent", "none"}:
        style = replace(style, dark_ground=not _is_white(ground))
    size = re.fullmatch(r"(\d*\.?\d+)(px|pt|em|rem|%|)", found.get("font-size", ""))
    if size:
        relative = size[2] in {"em", "%"}
        style = replace(style, tiny=float(size[1]) < _LEAST_SIZE[size[2]] or (relative and inherited.tiny))
    return style


def _declarations(style: str) -> dict[str, str]:
    pairs = (declaration.partition(":") for declaration in style.lower().replace("!important", "").split(";"))
    return {name.strip(): value.strip() for name, _, value in pairs}


def _opacity(value: str) -> float:
    return float(value) if _NUMBER.fullmatch(value) else 1.0


def _is_white(colour: str) -> bool:
    if colour.startswith("rgb"):
        return all(float(number) >= _LIGHT for number in _NUMBER.findall(colour)[:3])
    return colour in _WHITES
