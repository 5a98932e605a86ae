"""What a page of a PDF paints without showing it: the hidden text that must not be quoted.

A run of text is hidden when

- it is drawn in render mode 3, which paints nothing, or in mode 7, which only cuts out, and nothing is painted after;
- its fill opacity is near zero, or its height on the page under 1 point;
- it is filled in the colour of its ground: white on white, black on black;
- it lies beside the page, or outside of what its clipping path or its form lets through;
- it belongs to a layer that is switched off;
- a rectangle or a picture that covers it is painted over it later, as a black bar over a name.

The page is white to begin with. What lies under a run is the last area painted there: a filled path or an image. Only
of a plain rectangle is the colour known; another shape counts with its whole bounding box, and it and images are of no
known colour. Where the rule is unsure it keeps the text. Annotations, attachments, scripts and metadata are not text.

The PDF reference is ISO 32000-1: §8.4 graphics state, §8.5 paths, §9.3 text state.
"""

import math
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Final

from corpus.colours import WHITE, Colour, are_alike
from corpus.geometry import (
    IDENTITY,
    Box,
    Matrix,
    Point,
    around,
    common,
    corners,
    holds,
    is_outside,
    moved,
    product,
)
from corpus.graphics import State, changed, extent
from corpus.layers import is_off

_TINY: Final = 1.0  # points
_INVISIBLE: Final = 3
_CUTS: Final = 7
_FILLED_MODES: Final = frozenset({0, 4})  # modes 2 and 6 also draw an outline, which may show
_MOST_AREAS: Final = 4000
_PATH: Final = frozenset({b"m", b"l", b"c", b"v", b"y", b"re"})
_FILL: Final = frozenset({b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*"})
_END_OF_PATH: Final = _FILL | {b"S", b"s", b"n"}
_SHOW: Final = {b"Tj": 0, b"TJ": 0, b"'": 0, b'"': 2}


@dataclass(slots=True)
class Visibility:
    """Follows the operators of one page and blanks the runs of text that nobody sees.

    ``before`` and ``after`` are the operand visitors of pypdf's plain extraction. What is painted over a run comes
    after it: those runs are told by ``covered``, for another pass that blanks them too.

    Attributes
    ----------
    resources
        The page's resource dictionary.
    page
        What shows of the page, in points; ``EVERYWHERE`` when that is not known.
    layers
        Object numbers of the layers that are switched off.
    known
        Runs to blank besides, by their number; those that another pass found ``covered``.
    removed
        How many runs were blanked.
    only_invisible
        Whether render mode 3 was the reason for each of them, as in the text layer of a scan.
    image_share
        Largest part of the page that one image covers, from 0.

    """

    resources: Any
    page: Box
    layers: frozenset[int] = frozenset()
    known: frozenset[int] = frozenset()
    removed: int = 0
    only_invisible: bool = True
    image_share: float = 0.0
    _state: State = field(default_factory=State)
    _saved: list[State] = field(default_factory=list)
    _forms: list[tuple[State, list[State], Matrix, Any]] = field(default_factory=list)
    _base: Matrix = IDENTITY
    _points: list[Point] = field(default_factory=list)
    _plain: bool = True
    _clips: bool = False
    _areas: list[tuple[Box, Colour | None]] = field(default_factory=list)
    _marks: list[bool] = field(default_factory=list)
    _runs: int = 0
    _shown: dict[int, Point] = field(default_factory=dict)
    _cutting: set[int] = field(default_factory=set)
    _under: dict[int, bool] = field(default_factory=dict)

    @property
    def covered(self) -> frozenset[int]:
        """The numbers of the runs that what comes after them hides."""
        return frozenset(self._under) | self._cutting

    @property
    def only_under_images(self) -> bool:
        """Whether images cover all of them, as in a scan laid over its text."""
        return not self._cutting and all(self._under.values())

    @property
    def _is_off(self) -> bool:
        return self._state.off or any(self._marks)

    def before(self, operator: bytes, operands: list[Any], cm: list[float], tm: list[float]) -> None:
        """Take note of an operator; blank it when it shows hidden text."""
        if operator == b"Do":
            self._forms.append((self._state, self._saved, self._base, self.resources))
            self._saved = []
        with suppress(Exception):  # broken operands and references: keep the text, as for anything unsure
            if operator in _SHOW:
                self._show(operator, operands, product(tuple(tm), product(tuple(cm), self._base)))
            elif operator in _PATH or operator in _END_OF_PATH:
                self._draw(operator, operands, product(tuple(cm), self._base))
            else:
                self._set(operator, operands, product(tuple(cm), self._base))

    def after(self, operator: bytes, operands: list[Any], cm: list[float], tm: list[float]) -> None:
        """Come back from a form to the state of what draws it."""
        if operator == b"Do":
            self._state, self._saved, self._base, self.resources = self._forms.pop()

    def _show(self, operator: bytes, operands: list[Any], matrix: Matrix) -> None:
        self._runs += 1
        state, middle = self._state, moved(matrix, 0, 0)
        a, b, c, d, _, _ = matrix
        height = abs(state.size) * max(math.hypot(a, b), math.hypot(c, d))
        middle = (middle[0], middle[1] + height / 4)
        invisible = state.mode == _INVISIBLE
        hidden = (
            invisible
            or (height < _TINY and state.scalable)
            or not state.opaque
            or self._is_off
            or self._runs in self.known
            or (state.mode in _FILLED_MODES and are_alike(state.ink, self._ground(middle)))
        )
        if not hidden and state.scalable and not (holds(self.page, middle) and holds(state.clip, middle)):
            box = around(corners(matrix, *extent(operands[_SHOW[operator]], state)))
            hidden = is_outside(box, self.page) or is_outside(box, state.clip)
        if not hidden:
            if state.mode == _CUTS:
                self._cutting.add(self._runs)
            elif len(self._shown) < _MOST_AREAS:
                self._shown[self._runs] = middle
            return
        position = _SHOW[operator]
        # A space, so that the words on both sides stay apart.
        operands[position] = type(operands[position])([" "]) if operator == b"TJ" else " "
        self.removed += 1
        self.only_invisible &= invisible

    def _ground(self, point: Point) -> Colour | None:
        if len(self._areas) >= _MOST_AREAS:
            return None
        return next((colour for box, colour in reversed(self._areas) if holds(box, point)), WHITE)

    def _draw(self, operator: bytes, operands: list[Any], matrix: Matrix) -> None:
        if operator in _PATH:
            numbers = [float(operand) for operand in operands]
            if operator == b"re":
                x, y, width, height = numbers
                numbers = [x, y, x + width, y, x + width, y + height, x, y + height]
            upright = matrix[1] == matrix[2] == 0 or matrix[0] == matrix[3] == 0
            self._plain = operator == b"re" and not self._points and upright
            self._points += [moved(matrix, *pair) for pair in zip(numbers[::2], numbers[1::2], strict=True)]
            return
        if self._points:
            state, box = self._state, common(around(self._points), self._state.clip)
            if operator in _FILL and state.opaque:
                self._cutting.clear()
                if self._plain:
                    self._paint(box, state.ink, covers=state.ink is not None)
                elif not are_alike(state.ink, WHITE):
                    self._paint(box, None)
            if self._clips:
                self._state = replace(state, clip=box, plainly_clipped=state.plainly_clipped and self._plain)
        self._points, self._clips = [], False

    def _paint(self, box: Box, colour: Colour | None, *, covers: bool = False, image: bool = False) -> None:
        if box[0] > box[2] or box[1] > box[3] or self._is_off:
            return
        if len(self._areas) < _MOST_AREAS:
            self._areas.append((box, colour))
        if covers and self._state.solid and self._state.plainly_clipped:
            for run in [run for run, point in self._shown.items() if holds(box, point)]:
                del self._shown[run]
                self._under[run] = image

    def _set(self, operator: bytes, operands: list[Any], matrix: Matrix) -> None:
        match operator:
            case b"q":
                self._saved.append(self._state)
            case b"Q":
                self._state = self._saved.pop()
            case b"W" | b"W*":
                self._clips = True
            case b"sh":
                self._cutting.clear()
                self._paint(self._state.clip, None)
            case b"INLINE IMAGE":
                self._image(matrix, covers=False)
            case b"Do":
                self._external(operands[0], matrix)
            case b"BMC" | b"BDC":
                self._marks.append(False)
                if operator == b"BDC" and operands[0] == "/OC":
                    self._marks[-1] = is_off(
                        self.resources["/Properties"].get_object().raw_get(operands[1]), self.layers
                    )
            case b"EMC":
                self._marks.pop()
            case _:
                self._state = changed(self._state, operator, operands, self._named)

    def _external(self, name: str, matrix: Matrix) -> None:
        xobject = self._named("/XObject", name)
        off = "/OC" in xobject and is_off(xobject.raw_get("/OC"), self.layers)
        if xobject["/Subtype"] == "/Image":
            if not off:
                self._image(matrix, covers=not any(key in xobject for key in ("/SMask", "/Mask", "/ImageMask")))
            return
        self._state = replace(self._state, off=self._state.off or off)
        self._base = product(tuple(float(number) for number in xobject.get("/Matrix", IDENTITY)), matrix)
        if "/Resources" in xobject:
            self.resources = xobject["/Resources"].get_object()
        if "/BBox" in xobject:
            box = around(corners(self._base, *(float(number) for number in xobject["/BBox"])))
            self._state = replace(self._state, clip=common(self._state.clip, box))

    def _image(self, matrix: Matrix, *, covers: bool) -> None:
        self._cutting.clear()
        box = common(around(corners(matrix, 0, 0, 1, 1)), self._state.clip)
        a, b, c, d, _, _ = matrix
        self._paint(box, None, covers=covers and (b == c == 0 or a == d == 0), image=True)
        left, bottom, right, top = self.page
        self.image_share = max(self.image_share, abs(a * d - b * c) / ((right - left) * (top - bottom)))

    def _named(self, kind: str, name: str) -> Any:  # noqa: ANN401 - an object of the file, of whatever type
        return self.resources[kind].get_object()[name].get_object()
