"""Colours of a PDF page, as far as they tell text from its ground (ISO 32000-1, §8.6)."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from corpus.colours import WHITE, Colour

_WHITE: Final = 0.05  # most that a component may lack
DEVICE: Final = {
    "/G": "gray", "/DeviceGray": "gray", "/CalGray": "gray",
    "/RGB": "rgb", "/DeviceRGB": "rgb", "/CalRGB": "rgb",
    "/CMYK": "cmyk", "/DeviceCMYK": "cmyk",
    "/Separation": "ink", "/DeviceN": "ink",  # amounts of inks of whatever colour: none is white
}  # fmt: skip


def space_of(name: str, named: Callable[[str, str], Any]) -> str:
    """Return ``gray``, ``rgb``, ``cmyk`` or ``ink`` for a colour space, "" for others; ``named`` finds a resource."""
    if name in DEVICE:
        return DEVICE[name]
    family, *details = named("/ColorSpace", name)
    if family == "/ICCBased":
        return {1: "gray", 3: "rgb", 4: "cmyk"}[details[0].get_object()["/N"]]
    return DEVICE.get(family, "")


def colour_in(space: str, operands: Sequence[Any]) -> Colour | None:
    """Return a colour of a space, None where it is not known."""
    values = [min(1.0, max(0.0, float(operand))) for operand in operands]
    if space in {"cmyk", "ink"} and all(value <= _WHITE for value in values):
        return WHITE
    if space == "gray":
        return (values[0] * 255,) * 3
    if space == "rgb":
        return (values[0] * 255, values[1] * 255, values[2] * 255)
    if space == "cmyk":
        cyan, magenta, yellow, black = values
        return tuple(255 * (1 - value) * (1 - black) for value in (cyan, magenta, yellow))  # type: ignore[return-value]
    return None
