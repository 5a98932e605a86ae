"""The part of a PDF's graphics state that decides whether text shows (ISO 32000-1, §8.4 and §9.3)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from corpus.colours import BLACK, Colour
from corpus.geometry import EVERYWHERE, Box
from corpus.inks import colour_in, space_of

Found = TypeVar("Found")
_FAINT: Final = 0.05  # of opacity
_SPACE_OF: Final = {b"g": "gray", b"rg": "rgb", b"k": "cmyk"}


@dataclass(frozen=True, slots=True)
class State:
    """What holds for what is painted next.

    Attributes
    ----------
    ink
        Colour of fills, None when it is not known.
    opaque, solid
        Whether fills leave a trace at all, and whether they hide what is under them.
    mode, size, spacing, scalable
        Of text: its render mode, its size and what is added between characters in points of the text's own space, and
        whether that size says anything.
    clip, plainly_clipped
        Box around what may be painted, and whether it is just that box.
    off
        Whether a form in a layer that is switched off is being drawn.

    """

    ink: Colour | None = BLACK
    space: str = "gray"
    opaque: bool = True
    solid: bool = True
    mode: int = 0
    size: float = 12.0
    spacing: float = 0.0
    scalable: bool = True
    clip: Box = EVERYWHERE
    plainly_clipped: bool = True
    off: bool = False


def changed(state: State, operator: bytes, operands: list[Any], named: Callable[[str, str], Any]) -> State:
    """Return the state after an operator of the state.

    Parameters
    ----------
    named
        Finds a resource by kind and name; what it raises is unknown to the state, as far as it goes.

    """
    match operator:
        case b"Tr":
            return replace(state, mode=int(operands[0]))
        case b"Tc" | b"Tw":
            return replace(state, spacing=max(state.spacing, abs(float(operands[0]))))
        case b"Tf":
            # The glyphs of a Type 3 font have a scale of their own, so its size says nothing; nor does that of no font.
            return replace(state, size=float(operands[1]), scalable=_subtype(named, operands[0]) not in {"", "/Type3"})
        case b"g" | b"rg" | b"k":
            space = _SPACE_OF[operator]
            return replace(state, space=space, ink=colour_in(space, operands))
        case b"cs":
            space = _or_unknown(lambda: space_of(operands[0], named), "")
            # Every space starts black, or with all of its ink.
            return replace(state, space=space, ink=BLACK if space in {"gray", "rgb", "cmyk"} else None)
        case b"sc" | b"scn":
            return replace(state, ink=_or_unknown(lambda: colour_in(state.space, operands), None))
        case b"gs":
            return _with_parameters(state, named("/ExtGState", operands[0]))
        case _:
            return state


def _with_parameters(state: State, given: Any) -> State:  # noqa: ANN401 - a dictionary of the file
    opacity = float(given.get("/ca", (1.0 if state.solid else 0.5) if state.opaque else 0.0))
    blend, mask = given.get("/BM", "/Normal"), given.get("/SMask", "/None")
    plain = blend in {"/Normal", "/Compatible"} and mask == "/None" and not given.get("/op", given.get("/OP", False))
    return replace(state, opaque=opacity > _FAINT, solid=plain and opacity > 1 - _FAINT)


def _subtype(named: Callable[[str, str], Any], name: str) -> str:
    return _or_unknown(lambda: str(named("/Font", name)["/Subtype"]), "")


def _or_unknown(find: Callable[[], Found], unknown: Found) -> Found:
    try:
        return find()
    except Exception:  # a broken resource
        return unknown


def extent(shown: Any, state: State) -> Box:  # noqa: ANN401 - a string, or a list of strings and shifts
    """Return a box, in the text's own space, that surely holds a run: each character wider than it is high."""
    pieces = shown if isinstance(shown, list) else [shown]
    size = abs(state.size)
    advance = size * 1.5 + state.spacing
    length = sum(len(piece) for piece in pieces if isinstance(piece, (str, bytes))) * advance
    shifts = [-float(piece) / 1000 * size for piece in pieces if not isinstance(piece, (str, bytes))]
    back = sum(shift for shift in shifts if shift < 0)
    forth = sum(shift for shift in shifts if shift > 0)
    return (back, -size, length + forth, size)
