"""What a page of a PDF paints without showing it: the hidden text that must not be quoted.

A run of text is hidden when

- it is drawn in render mode 3, which paints nothing, or with a fill opacity of zero;
- its height on the page is under 1 point;
- it is filled in white on white.

The page is white to begin with. What lies under a white run is the last area painted there: a filled path or an image.
Only a plain rectangle can make the ground white again; a coloured shape counts with its whole bounding box, and an
image always counts as dark. Where the rule is unsure it keeps the text.

The PDF reference is ISO 32000-1: §8.4 graphics state, §8.6 colour, §9.3 text state.
"""

import math
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Final

Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]

_WHITE: Final = 0.95  # lightest component from which a colour cannot be told from white paper
_TINY: Final = 1.0  # points
_INVISIBLE: Final = 3
_FILLED_MODES: Final = frozenset({0, 4})  # modes 2 and 6 also draw an outline, which may show
_MOST_AREAS: Final = 4000
_IDENTITY: Final[Matrix] = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_EVERYWHERE: Final[Box] = (-math.inf, -math.inf, math.inf, math.inf)
_DEVICE: Final = {
    "/G": "gray", "/DeviceGray": "gray", "/CalGray": "gray",
    "/RGB": "rgb", "/DeviceRGB": "rgb", "/CalRGB": "rgb",
    "/CMYK": "cmyk", "/DeviceCMYK": "cmyk",
    "/Separation": "cmyk", "/DeviceN": "cmyk",  # amounts of ink: none is white
}  # fmt: skip
_PATH: Final = frozenset({b"m", b"l", b"c", b"v", b"y", b"re"})
_FILL: Final = frozenset({b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*"})
_END_OF_PATH: Final = _FILL | {b"S", b"s", b"n"}
_SHOW: Final = {b"Tj": 0, b"TJ": 0, b"'": 0, b'"': 2}


@dataclass(frozen=True, slots=True)
class _State:
    """The part of the graphics state that decides whether text shows."""

    white: bool = False
    space: str = "gray"
    opaque: bool = True
    mode: int = 0
    size: float = 12.0
    scalable: bool = True
    clip: Box = _EVERYWHERE


@dataclass(slots=True)
class Visibility:
    """Follows the operators of one page and blanks the runs of text that nobody sees.

    ``before`` and ``after`` are the operand visitors of pypdf's plain extraction.

    Attributes
    ----------
    resources
        The page's resource dictionary.
    page_area
        Area of the page in square points.
    removed
        How many runs were blanked.
    only_invisible
        Whether render mode 3 was the reason for each of them, as in the text layer of a scan.
    image_share
        Largest part of the page that one image covers, from 0.

    """

    resources: Any
    page_area: float
    removed: int = 0
    only_invisible: bool = True
    image_share: float = 0.0
    _state: _State = field(default_factory=_State)
    _saved: list[_State] = field(default_factory=list)
    _forms: list[tuple[_State, list[_State], Matrix, Any]] = field(default_factory=list)
    _base: Matrix = _IDENTITY
    _points: list[tuple[float, float]] = field(default_factory=list)
    _plain: bool = True
    _clips: bool = False
    _areas: list[tuple[Box, bool]] = field(default_factory=list)

    def before(self, operator: bytes, operands: list[Any], cm: list[float], tm: list[float]) -> None:
        """Take note of an operator; blank it when it shows hidden text."""
        if operator == b"Do":
            self._forms.append((self._state, self._saved, self._base, self.resources))
            self._saved = []
        with suppress(Exception):  # broken operands and references: keep the text, as for anything unsure
            if operator in _SHOW:
                self._show(operator, operands, _product(tuple(tm), _product(tuple(cm), self._base)))
            elif operator in _PATH or operator in _END_OF_PATH:
                self._draw(operator, operands, _product(tuple(cm), self._base))
            else:
                self._set(operator, operands, _product(tuple(cm), self._base))

    def after(self, operator: bytes, operands: list[Any], cm: list[float], tm: list[float]) -> None:
        """Come back from a form to the state of what draws it."""
        if operator == b"Do":
            self._state, self._saved, self._base, self.resources = self._forms.pop()

    def _show(self, operator: bytes, operands: list[Any], matrix: Matrix) -> None:
        a, b, c, d, x, y = matrix
        height = abs(self._state.size) * max(math.hypot(a, b), math.hypot(c, d))
        invisible = self._state.mode == _INVISIBLE
        tiny = height < _TINY and self._state.scalable
        white = self._state.white and self._state.mode in _FILLED_MODES and self._white_at(x, y + height / 4)
        if not (invisible or tiny or white or not self._state.opaque):
            return
        position = _SHOW[operator]
        # A space, so that the words on both sides stay apart.
        operands[position] = type(operands[position])([" "]) if operator == b"TJ" else " "
        self.removed += 1
        self.only_invisible &= invisible

    def _white_at(self, x: float, y: float) -> bool:
        if len(self._areas) >= _MOST_AREAS:
            return False
        for (left, bottom, right, top), white in reversed(self._areas):
            if left <= x <= right and bottom <= y <= top:
                return white
        return True

    def _draw(self, operator: bytes, operands: list[Any], matrix: Matrix) -> None:
        if operator in _PATH:
            numbers = [float(operand) for operand in operands]
            if operator == b"re":
                x, y, width, height = numbers
                numbers = [x, y, x + width, y, x + width, y + height, x, y + height]
            upright = matrix[1] == matrix[2] == 0 or matrix[0] == matrix[3] == 0
            self._plain = operator == b"re" and not self._points and upright
            self._points += [_apply(matrix, *pair) for pair in zip(numbers[::2], numbers[1::2], strict=True)]
            return
        if self._points:
            box = _common(_around(self._points), self._state.clip)
            if operator in _FILL and self._state.opaque and (self._plain or not self._state.white):
                self._paint(box, white=self._state.white)
            if self._clips:
                self._state = replace(self._state, clip=box)
        self._points, self._clips = [], False

    def _paint(self, box: Box, *, white: bool) -> None:
        if len(self._areas) < _MOST_AREAS and box[0] <= box[2] and box[1] <= box[3]:
            self._areas.append((box, white))

    def _set(self, operator: bytes, operands: list[Any], matrix: Matrix) -> None:
        match operator:
            case b"q":
                self._saved.append(self._state)
            case b"Q":
                self._state = self._saved.pop()
            case b"Tr":
                self._state = replace(self._state, mode=int(operands[0]))
            case b"Tf":
                # The glyphs of a Type 3 font have a scale of their own, so its size says nothing.
                self._state = replace(self._state, size=float(operands[1]), scalable=False)
                scalable = self._named("/Font", operands[0])["/Subtype"] != "/Type3"
                self._state = replace(self._state, scalable=scalable)
            case b"g" | b"rg" | b"k":
                space = {b"g": "gray", b"rg": "rgb", b"k": "cmyk"}[operator]
                self._state = replace(self._state, space=space, white=_is_white(space, operands))
            case b"cs":
                self._state = replace(self._state, space="", white=False)
                self._state = replace(self._state, space=self._space(operands[0]))
            case b"sc" | b"scn":
                self._state = replace(self._state, white=False)
                self._state = replace(self._state, white=_is_white(self._state.space, operands))
            case b"gs":
                opacity = float(self._named("/ExtGState", operands[0]).get("/ca", 1 if self._state.opaque else 0))
                self._state = replace(self._state, opaque=opacity > 1 - _WHITE)
            case b"W" | b"W*":
                self._clips = True
            case b"sh":
                self._paint(self._state.clip, white=False)
            case b"INLINE IMAGE":
                self._image(matrix)
            case b"Do":
                self._external(operands[0], matrix)

    def _external(self, name: str, matrix: Matrix) -> None:
        xobject = self._named("/XObject", name)
        if xobject["/Subtype"] == "/Image":
            self._image(matrix)
            return
        inner = tuple(float(number) for number in xobject.get("/Matrix", _IDENTITY))
        self._base = _product(inner, matrix)
        if "/Resources" in xobject:
            self.resources = xobject["/Resources"].get_object()

    def _image(self, matrix: Matrix) -> None:
        corners = [_apply(matrix, x, y) for x, y in ((0, 0), (1, 0), (0, 1), (1, 1))]
        self._paint(_common(_around(corners), self._state.clip), white=False)
        a, b, c, d, _, _ = matrix
        self.image_share = max(self.image_share, abs(a * d - b * c) / self.page_area)

    def _named(self, kind: str, name: str) -> Any:  # noqa: ANN401 - an object of the file, of whatever type
        return self.resources[kind].get_object()[name].get_object()

    def _space(self, name: str) -> str:
        if name in _DEVICE:
            return _DEVICE[name]
        family, *details = self._named("/ColorSpace", name)
        if family == "/ICCBased":
            return {1: "gray", 3: "rgb", 4: "cmyk"}[details[0].get_object()["/N"]]
        return _DEVICE.get(family, "")


def _is_white(space: str, operands: list[Any]) -> bool:
    values = [float(operand) for operand in operands]
    if space == "cmyk":
        return all(value <= 1 - _WHITE for value in values)
    return bool(space) and all(value >= _WHITE for value in values)


def _product(first: tuple[float, ...], second: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def _apply(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _around(points: list[tuple[float, float]]) -> Box:
    across, up = zip(*points, strict=True)
    return min(across), min(up), max(across), max(up)


def _common(one: Box, other: Box) -> Box:
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])
