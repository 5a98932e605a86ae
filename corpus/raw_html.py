"""HTML inside Markdown that a reader of the page does not see: comments, scripts, hidden elements, link definitions.

Code, fenced or between back quotes, shows as it is written and is left alone. A comment or a hidden element that
nothing closes hides all that follows, as in a browser; ``<p>`` and ``<li>`` end with their block.
"""

import re
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from corpus.styles import Style, style_of
from corpus.stylesheets import StyleSheets

_TOKEN: Final = re.compile(
    r"(?P<fence>^ {0,3}(?:```|~~~))"
    r"|(?P<code>`[^`\n]*+`)"
    r"|(?P<comment><!--)"
    r"|<(?P<tag>[a-z][a-z0-9-]*+)(?P<attributes>(?:[^<>\"']|\"[^\"]*+\"|'[^']*+')*+)>",
    re.MULTILINE | re.IGNORECASE,
)
_DEFINITION: Final = re.compile(
    r"^ {0,3}\[(?!\^)[^\[\]\n]{1,200}\]:[ \t]*(?:<[^<>\n]*>|[^\s<]\S*)"
    r"(?:[ \t]+(?P<title>\"[^\"\n]*\"|'[^'\n]*'|\([^()\n]*\)))?[ \t]*$",
    re.MULTILINE,
)
_MAY_HIDE: Final = re.compile(r"style|hidden|color|text|open", re.IGNORECASE)
_DROPPED: Final = frozenset(
    {"script", "style", "template", "noscript", "iframe", "object", "svg", "noframes", "noembed"}
)
_VOID: Final = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_END_WITH_THEIR_BLOCK: Final = frozenset({"p", "li"})


def without_hidden(text: str) -> tuple[str, bool]:
    """Return Markdown without what its page does not show, and whether words were hidden by looks or in definitions."""
    if "<" not in text and "]:" not in text:
        return text, False
    pieces: list[str] = []
    hides = False
    done = position = 0
    while token := _TOKEN.search(text, position):
        position = token.end()
        if token["fence"]:
            position = _after(text, re.compile(rf"^ {{0,3}}{token['fence'].strip()}", re.MULTILINE), position)
        elif token["comment"]:
            end = text.find("-->", token.start() + 4)
            position = len(text) if end < 0 else end + 3
            pieces.append(text[done : token.start()])
            done = position
        elif token["tag"] and _is_hidden(token):
            position = _end_of(text, token["tag"].lower(), position)
            pieces.append(text[done : token.start()])
            hides |= token["tag"].lower() not in _DROPPED and any(c.isalnum() for c in text[token.end() : position])
            done = position
    kept = "".join([*pieces, text[done:]])
    titled = any(match["title"] for match in _DEFINITION.finditer(kept))
    return _DEFINITION.sub("", kept), hides or titled


def _is_hidden(token: re.Match[str]) -> bool:
    tag, attributes = token["tag"].lower(), token["attributes"]
    if tag in _DROPPED:
        return not attributes.endswith("/")
    if tag in _VOID or not (tag == "dialog" or _MAY_HIDE.search(attributes)):
        return False
    tree = LexborHTMLParser(f"<body><{tag} {attributes}>")
    node = tree.body and (tree.body.child or tree.body)
    return node is not None and not style_of(node, Style(), StyleSheets(tree)).shows


def _end_of(text: str, tag: str, position: int) -> int:
    """Return where an element that has just been opened ends."""
    if tag in _END_WITH_THEIR_BLOCK:
        return _after(text, re.compile(rf"</{tag}\s*>|(?=\n[ \t]*\n)", re.IGNORECASE), position)
    depth = 1
    for mark in re.compile(rf"<(/?){tag}(?![\w-])[^<>]*>", re.IGNORECASE).finditer(text, position):
        depth += -1 if mark[1] else 1
        if not depth:
            return mark.end()
    return len(text)


def _after(text: str, pattern: re.Pattern[str], position: int) -> int:
    match = pattern.search(text, position)
    return match.end() if match else len(text)
