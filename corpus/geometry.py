"""Points, boxes and transformations of a PDF page (ISO 32000-1, §8.3)."""

import math
from collections.abc import Iterable
from typing import Final

Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]
"""Left, bottom, right, top."""
Point = tuple[float, float]

IDENTITY: Final[Matrix] = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
EVERYWHERE: Final[Box] = (-math.inf, -math.inf, math.inf, math.inf)


def product(first: tuple[float, ...], second: Matrix) -> Matrix:
    """Return the matrix that does ``first``, then ``second``."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def moved(matrix: Matrix, x: float, y: float) -> Point:
    """Return where a matrix puts a point."""
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def corners(matrix: Matrix, left: float, bottom: float, right: float, top: float) -> list[Point]:
    """Return where a matrix puts the corners of a rectangle."""
    return [moved(matrix, x, y) for x, y in ((left, bottom), (right, bottom), (left, top), (right, top))]


def around(points: Iterable[Point]) -> Box:
    """Return the smallest box that holds points, of which there is one at least."""
    across, up = zip(*points, strict=True)
    return min(across), min(up), max(across), max(up)


def common(one: Box, other: Box) -> Box:
    """Return what two boxes share; its sides are in the wrong order when that is nothing."""
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


def holds(box: Box, point: Point) -> bool:
    """Tell whether a point lies in a box."""
    return box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]


def is_outside(box: Box, other: Box) -> bool:
    """Tell whether a box lies wholly beside another."""
    return box[2] < other[0] or box[0] > other[2] or box[3] < other[1] or box[1] > other[3]
