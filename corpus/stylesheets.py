"""What the style sheets inside a web page say of its elements, as far as it can hide text.

``<style>`` elements alone are read: sheets of other addresses are not downloaded. Media queries count unless they are
for another medium than a screen; the cascade goes by importance, specificity and order (CSS Cascading, level 4). Rules
that wait for a gesture (``:hover``) are left out.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

Declarations = dict[str, str]
"""Values by property, in lower case."""

PROPERTIES: Final = frozenset(
    "display visibility content-visibility opacity filter color -webkit-text-fill-color background background-color "
    "font font-size position left right top bottom text-indent margin-left margin-top clip clip-path transform scale "
    "width height max-width max-height overflow overflow-x overflow-y".split()
)
_MOST_RULES: Final = 4_000
_LONGEST_SELECTOR: Final = 300
_COMMENT: Final = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_TOKEN: Final = re.compile(r"[^{};]*+([{};]|\Z)")
_GESTURE: Final = re.compile(
    r"::|:(?:hover|focus|active|checked|target|visited|before|after|open|disabled|placeholder)"
)
_OTHER_MEDIUM: Final = re.compile(r"\b(?:print|speech|braille|embossed|tty)\b")
_IDS: Final = re.compile(r"#[\w-]")
_CLASSES: Final = re.compile(r"\.[\w-]|\[|(?<!:):(?!:)")
_TAGS: Final = re.compile(r"(?<![\w#.:\[=\"'-])[a-z]")


def declarations(text: str) -> tuple[Declarations, Declarations]:
    """Return what a ``style`` attribute or the block of a rule declares: ordinary, and important."""
    ordinary: Declarations = {}
    important: Declarations = {}
    for declaration in text.lower().split(";"):
        name, _, value = declaration.partition(":")
        if name.strip() in PROPERTIES:
            bare = value.replace("!important", "").strip()
            (important if "!important" in value.replace(" ", "") else ordinary)[name.strip()] = bare
    return ordinary, important


class StyleSheets:
    """The style sheets of one page, asked element by element."""

    def __init__(self, tree: LexborHTMLParser) -> None:
        ranked: dict[int, list[tuple[tuple[int, int, int], int, tuple[Declarations, Declarations]]]] = {}
        for order, (selector, body) in enumerate(_rules(tree)):
            if order >= _MOST_RULES:
                break
            declared = declarations(body)
            if not any(declared):
                continue
            for one in selector.split(","):
                if len(one) <= _LONGEST_SELECTOR and not _GESTURE.search(one):
                    weight = (len(_IDS.findall(one)), len(_CLASSES.findall(one)), len(_TAGS.findall(one.lower())))
                    with suppress(SelectolaxError, ValueError):  # a selector that the parser does not know
                        for node in tree.css(one.strip()):
                            ranked.setdefault(node.mem_id, []).append((weight, order, declared))
        self._ordinary: dict[int, Declarations] = {}
        self._important: dict[int, Declarations] = {}
        for node_id, found in ranked.items():
            found.sort(key=lambda rule: rule[:2])
            self._ordinary[node_id] = {k: v for _, _, (ordinary, _) in found for k, v in ordinary.items()}
            self._important[node_id] = {k: v for _, _, (_, important) in found for k, v in important.items()}

    def of(self, node_id: int, inline: str) -> Declarations:
        """Return what holds for an element, its ``style`` attribute included."""
        ordinary, important = declarations(inline) if inline else ({}, {})
        if node_id not in self._ordinary:
            return ordinary | important
        return self._ordinary[node_id] | ordinary | self._important[node_id] | important


def _rules(tree: LexborHTMLParser) -> Iterator[tuple[str, str]]:
    """Yield selectors and blocks in order."""
    for node in tree.css("style"):
        if not _OTHER_MEDIUM.search((node.attributes.get("media") or "").lower()):
            yield from _rules_in(_COMMENT.sub(" ", node.text()))


def _rules_in(sheet: str) -> Iterator[tuple[str, str]]:
    position = 0
    while position < len(sheet):
        token = _TOKEN.match(sheet, position)
        if token is None:
            return
        prelude, position = sheet[position : token.start(1)].strip(), token.end()
        if token[1] != "{":
            continue
        if prelude.startswith("@"):
            name, _, query = prelude.lower().partition(" ")
            entered = name in {"@media", "@supports", "@layer", "@container"} and not _OTHER_MEDIUM.search(query)
            position = position if entered else _after_block(sheet, position)
            continue
        end = sheet.find("}", position)
        end = len(sheet) if end < 0 else end
        yield prelude, sheet[position:end]
        position = end + 1


def _after_block(sheet: str, position: int) -> int:
    depth = 1
    for brace in re.compile("[{}]").finditer(sheet, position):
        depth += 1 if brace[0] == "{" else -1
        if not depth:
            return brace.end()
    return len(sheet)
