"""The French words of evaluation reports, by key; they stand in ``texts.toml``."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def texts() -> dict[str, dict[str, str]]:
    """Return every table of ``texts.toml``."""
    return tomllib.loads(files("eval").joinpath("texts.toml").read_text(encoding="utf-8"))


def text(table: str, key: str, **values: Any) -> str:  # noqa: ANN401 - named values
    """Return the words for a key, its ``{names}`` filled in; a kind or set of the user's stands for itself."""
    return texts()[table].get(key, key).format(**values)


def percent(value: float) -> str:
    """Return a share in French: "61,3 %", with a no-break space."""
    return f"{100 * value:.1f}".replace(".", ",") + "\u00a0%"


def number(value: float, digits: int = 3) -> str:
    """Return a number in French: "0,647"; a whole number has no decimals."""
    return str(int(value)) if value == int(value) and digits == 0 else f"{value:.{digits}f}".replace(".", ",")
