"""Layers of a PDF that are switched off: optional content (ISO 32000-1, §8.11)."""

from contextlib import suppress
from typing import Any


def hidden_layers(root: Any) -> frozenset[int]:  # noqa: ANN401 - the catalogue of the file
    """Return the object numbers of the groups that a reader does not see on opening the file."""
    with suppress(Exception):  # no layers, or broken ones: all of them show
        properties = root["/OCProperties"].get_object()
        default = properties["/D"].get_object()
        if default.get("/BaseState") == "/OFF":
            return _numbers(properties["/OCGs"]) - _numbers(default.get("/ON", ()))
        return _numbers(default.get("/OFF", ()))
    return frozenset()


def is_off(reference: Any, off: frozenset[int]) -> bool:  # noqa: ANN401 - a reference to a group, or the membership of groups
    """Tell whether content that belongs to a group, or to a membership of groups, does not show."""
    if not off or reference is None:
        return False
    if getattr(reference, "idnum", None) in off:
        return True
    content = reference.get_object()
    if content.get("/Type") != "/OCMD" or "/OCGs" not in content:
        return False
    groups = content.raw_get("/OCGs")
    members = groups.get_object()
    listed = list(members) if isinstance(members, list) else [groups]
    hidden = [getattr(member, "idnum", None) in off for member in listed]
    return any(hidden) if content.get("/P") == "/AllOn" else bool(hidden) and all(hidden)


def _numbers(references: Any) -> frozenset[int]:  # noqa: ANN401 - a list of references, or a reference to one
    held = references.get_object() if hasattr(references, "get_object") else references
    return frozenset(reference.idnum for reference in held)
