"""The lists of words beside the searches for identifying data: tables of strings in TOML, compared folded."""

import tomllib
from functools import cache
from importlib.resources import files


@cache
def word_list(name: str, key: str) -> frozenset[str]:
    """Return the words under ``key`` of ``assistant/name.toml``."""
    lists = tomllib.loads((files("assistant.redaction") / f"{name}.toml").read_text(encoding="utf-8"))
    return frozenset(lists[key].split())
