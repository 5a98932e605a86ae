"""The French sentences a user reads, by key; they stand in ``messages.toml``, never in code."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from corpus.errors import DeontoError


@cache
def _catalogue() -> dict[str, Any]:
    return tomllib.loads(files("assistant").joinpath("messages.toml").read_text(encoding="utf-8"))


def message(key: str, **values: str | int | float) -> str:
    """Return the French sentence at a dotted ``key`` ("errors.index_missing"), its ``{names}`` filled from ``values``.

    Raises
    ------
    KeyError
        No sentence has this key: a mistake in the code, found by a test.

    """
    found = _at(key)
    if not isinstance(found, str):
        raise KeyError(key)
    return found.format(**values)


def messages(key: str) -> tuple[str, ...]:
    """Return the French sentences of the list at a dotted ``key``.

    Raises
    ------
    KeyError
        No list has this key.

    """
    found = _at(key)
    if not isinstance(found, list):
        raise KeyError(key)
    return tuple(found)


def _at(key: str) -> object:
    node: Any = _catalogue()
    for part in key.split("."):
        node = node[part]
    return node


def explain(error: DeontoError) -> str:
    """Return the French sentence for an error of ours, by its code."""
    values = dict(error.values)
    if "reason" in values:
        values["reason"] = message(f"skipped.{values['reason']}")
    if "cause" in values:
        values["cause"] = cause(str(values["cause"]))
    return message(f"errors.{error.code}", **values)


def cause(name: str) -> str:
    """Return the French words for why the system refused something, by the name of its error number ("ENOSPC")."""
    return message(f"causes.{name if name in _catalogue()['causes'] else 'other'}", name=name)


def placeholders() -> tuple[str, ...]:
    """Return what stands for identifying data other than names, by kind."""
    return tuple(text for text in _catalogue()["placeholders"].values() if isinstance(text, str))
