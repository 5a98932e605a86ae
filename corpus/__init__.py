"""Text in, citable passages out: files are read, cleaned, cut into passages, and our own sheets with them.

The pipeline, one module a step: ``readers`` (with ``html``, ``plain``, ``encoding`` …) → ``lines`` → ``headings`` and
``blocks`` → ``catalogue`` → ``segmentation``, all run by ``loading``. Names below are found on first use, so that who
only needs the types never loads a PDF library.
"""

from typing import TYPE_CHECKING

from corpus.exports import lazy as _lazy

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
__getattr__, __dir__ = _lazy(__name__, _HOMES)
