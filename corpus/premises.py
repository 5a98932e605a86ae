"""What physicians wrongly take for granted about each sheet, and the sentence of the sheet that says otherwise."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

OURS = "fiche:"
"""How the identifiers of our sheets begin."""


@dataclass(frozen=True, slots=True)
class Premises:
    """Questions on one sheet by what they take for granted.

    Attributes
    ----------
    document_id
        The sheet.
    corrects
        The exact sentence of the sheet that contradicts what the false ones take for granted.
    false, true, neutral
        Questions that take for granted something wrong, something right, and nothing.

    """

    document_id: str
    corrects: str
    false: tuple[str, ...]
    true: tuple[str, ...]
    neutral: tuple[str, ...]


@cache
def premises() -> dict[str, Premises]:
    """Return the shipped premises by the sheet they are about."""
    rows = [json.loads(line) for line in files("corpus").joinpath("premises.jsonl").read_text("utf-8").splitlines()]
    return {
        f"{OURS}{row['sheet']}": Premises(
            f"{OURS}{row['sheet']}", row["corrects"], tuple(row["false"]), tuple(row["true"]), tuple(row["neutral"])
        )
        for row in rows
    }
