"""Passages in, ranked hits out: lexical, dense, question bank and exact references, kept in one index on disk.

``building`` makes an index, ``persistence`` writes and reads it; every retriever has the one method of
``protocols.Retriever``. Names below are found on first use, so that who only needs the types loads neither FAISS nor a
model.
"""

from typing import TYPE_CHECKING

from corpus.exports import lazy as _lazy

if TYPE_CHECKING:
    from indexes.building import build_index
    from indexes.encoder import open_encoder
    from indexes.errors import IndexesError
    from indexes.library import Library
    from indexes.manifest import Manifest, check_index, read_manifest
    from indexes.models import Hit
    from indexes.persistence import Index, read_index
    from indexes.protocols import Encoder, Retriever

__all__ = [
    "Encoder",
    "Hit",
    "Index",
    "IndexesError",
    "Library",
    "Manifest",
    "Retriever",
    "build_index",
    "check_index",
    "open_encoder",
    "read_index",
    "read_manifest",
]

_HOMES = {
    "indexes.building": ("build_index",),
    "indexes.encoder": ("open_encoder",),
    "indexes.errors": ("IndexesError",),
    "indexes.library": ("Library",),
    "indexes.manifest": ("Manifest", "check_index", "read_manifest"),
    "indexes.models": ("Hit",),
    "indexes.persistence": ("Index", "read_index"),
    "indexes.protocols": ("Encoder", "Retriever"),
}
__getattr__, __dir__ = _lazy(__name__, _HOMES)
