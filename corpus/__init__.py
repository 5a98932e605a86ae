"""Text in, citable passages out: files are read, cleaned, cut into passages, and our own sheets with them.

The pipeline, one module a step: ``readers`` (with ``html``, ``plain``, ``encoding`` …) → ``lines`` → ``headings`` and
``blocks`` → ``catalogue`` → ``segmentation``, all run by ``loading``. Names below are found on first use, so that who
only needs the types never loads a PDF library.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpus.catalogue import sources
    from corpus.errors import CorpusError, InvalidSheet, UnreadableSource
    from corpus.loading import Corpus, Loaded, Skipped, load, load_reading
    from corpus.models import Document, Metadata, Page, PageSpan, Passage, Reading
    from corpus.questions import attach, load_wordings
    from corpus.readers import read
    from corpus.sheets import Sheet, load_sheets

__all__ = [
    "Corpus",
    "CorpusError",
    "Document",
    "InvalidSheet",
    "Loaded",
    "Metadata",
    "Page",
    "PageSpan",
    "Passage",
    "Reading",
    "Sheet",
    "Skipped",
    "UnreadableSource",
    "attach",
    "load",
    "load_reading",
    "load_sheets",
    "load_wordings",
    "read",
    "sources",
]

_HOMES = {
    "corpus.catalogue": ("sources",),
    "corpus.errors": ("CorpusError", "InvalidSheet", "UnreadableSource"),
    "corpus.loading": ("Corpus", "Loaded", "Skipped", "load", "load_reading"),
    "corpus.models": ("Document", "Metadata", "Page", "PageSpan", "Passage", "Reading"),
    "corpus.questions": ("attach", "load_wordings"),
    "corpus.readers": ("read",),
    "corpus.sheets": ("Sheet", "load_sheets"),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'corpus' has no attribute {name!r}")
    found: object = getattr(import_module(_HOME[name]), name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
