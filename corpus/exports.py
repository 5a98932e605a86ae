"""The public names of a package, each loaded from its module at first use: importing a package stays fast."""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module


def lazy(package: str, homes: Mapping[str, Sequence[str]]) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """Return ``__getattr__`` and ``__dir__`` for a package.

    Parameters
    ----------
    package
        Its name.
    homes
        Public names by the module that defines them.

    """
    home = {name: module for module, names in homes.items() for name in names}

    def get(name: str) -> object:
        if name not in home:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        found: object = getattr(import_module(home[name]), name)
        return found

    return get, lambda: sorted({"__all__", "__doc__", "__name__", *home})
