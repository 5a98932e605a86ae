"""Colours as web pages write them, and whether one can be told from another."""

import colorsys
import re
from typing import Final

Colour = tuple[float, float, float]
"""Red, green and blue, from 0 to 255."""

WHITE: Final[Colour] = (255, 255, 255)
BLACK: Final[Colour] = (0, 0, 0)
CLEAR: Final = "clear"
"""What paints nothing."""

_ALIKE: Final = 13  # of 255, in each component: white text this near to white paper cannot be read
_FAINT: Final = 0.05  # of opacity
_NUMBER: Final = re.compile(r"(-?\d{0,6}\.?\d{1,6})(%|deg)?")
_CALL: Final = re.compile(r"(rgba?|hsla?)\(([^()]{1,80})\)")
_HEX: Final = re.compile(r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})")
# Those near to white, and the sixteen of HTML; text in another colour that has a name is taken to show.
_NAMES: Final = {
    name: (int(code[:2], 16), int(code[2:4], 16), int(code[4:], 16))
    for name, code in (
        pair.split("=")
        for pair in (
            "white=ffffff snow=fffafa ivory=fffff0 ghostwhite=f8f8ff floralwhite=fffaf0 mintcream=f5fffa azure=f0ffff "
            "aliceblue=f0f8ff seashell=fff5ee whitesmoke=f5f5f5 honeydew=f0fff0 lavenderblush=fff0f5 black=000000 "
            "silver=c0c0c0 gray=808080 grey=808080 maroon=800000 red=ff0000 purple=800080 fuchsia=ff00ff green=008000 "
            "lime=00ff00 olive=808000 yellow=ffff00 navy=000080 blue=0000ff teal=008080 aqua=00ffff"
        ).split()
    )
}


def colour_of(text: str) -> Colour | str | None:
    """Return a colour, ``CLEAR`` for one that is transparent, None for what is no colour or none we know.

    Parameters
    ----------
    text
        In lower case.

    """
    text = text.strip()
    if text == "transparent":
        return CLEAR
    if text in _NAMES:
        return _NAMES[text]
    if _HEX.fullmatch(text):
        digits = text[1:] if len(text) > 5 else "".join(digit * 2 for digit in text[1:])
        red, green, blue, alpha = (int(digits.ljust(8, "f")[n : n + 2], 16) for n in (0, 2, 4, 6))
        return CLEAR if alpha <= 255 * _FAINT else (red, green, blue)
    call = _CALL.fullmatch(text)
    return _called(call[1], _NUMBER.findall(call[2])) if call else None


def _called(space: str, numbers: list[tuple[str, str]]) -> Colour | str | None:
    values = [float(number) / (100 if unit == "%" else 1) for number, unit in numbers]
    if len(values) < 3:
        return None
    if len(values) > 3 and values[3] <= _FAINT:
        return CLEAR
    if space.startswith("hsl"):
        red, green, blue = colorsys.hls_to_rgb(values[0] / 360, values[2], values[1])
        return (red * 255, green * 255, blue * 255)
    red, green, blue = (
        value * 255 if unit == "%" else value for value, (_, unit) in zip(values, numbers[:3], strict=False)
    )
    return (red, green, blue)


def are_alike(one: Colour | None, other: Colour | None) -> bool:
    """Tell whether one colour cannot be read on the other; False where one of them is not known."""
    return one is not None and other is not None and all(abs(a - b) <= _ALIKE for a, b in zip(one, other, strict=True))
