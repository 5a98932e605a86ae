"""Directories and sheets → documents with their passages; a bad file is skipped with its reason, never fatal."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from corpus.blocks import blocks_of
from corpus.catalogue import describe, numbered
from corpus.cleaning import PAGE_BREAK, fold
from corpus.errors import UnreadableSource
from corpus.models import Document, Metadata, Passage, Reading
from corpus.precedents import Precedent, load_precedents
from corpus.readers import SUFFIXES, read
from corpus.segmentation import Segmented, segment
from corpus.sheets import Sheet, load_sheets

SAME = 0.8
"""Share of word triples in common from which two texts are copies of one document."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that gave no document. ``reason`` is a reason of ``UnreadableSource``, or ``duplicate`` of ``other``."""

    source: str
    reason: str
    other: str = ""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A document, its passages, and where each of its characters was in the raw pages joined by page breaks.

    ``raw_sha256`` is the first 16 hex digits of the digest of those pages: it tells copies of a document apart.
    """

    document: Document
    passages: tuple[Passage, ...]
    origin: Sequence[int]
    raw_sha256: str


@dataclass(frozen=True, slots=True)
class Corpus:
    """All that was read, in a stable order, and all that was not."""

    loaded: tuple[Loaded, ...]
    skipped: tuple[Skipped, ...]

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents."""
        return tuple(item.document for item in self.loaded)

    @property
    def passages(self) -> tuple[Passage, ...]:
        """All passages, document by document."""
        return tuple(passage for item in self.loaded for passage in item.passages)


def find_files(folders: Iterable[Path]) -> list[tuple[Path, str]]:
    """Return the readable files below each folder with their names relative to it, hidden ones left out, sorted."""
    found: dict[Path, str] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder)
            if (
                path.suffix.lower() in SUFFIXES
                and not any(part.startswith(".") for part in name.parts)
                and path.is_file()
            ):
                found.setdefault(path.resolve(), name.as_posix())
    return list(found.items())


def load(
    folders: Sequence[Path], *, sheets: bool = True, progress: Callable[[str, int, int], None] = lambda *_: None
) -> Corpus:
    """Read everything below ``folders`` and, unless told otherwise, the shipped sheets and decisions.

    Parameters
    ----------
    folders
        Directories of documents.
    sheets
        Whether the shipped sheets and decisions come too.
    progress
        Called before each file with its name, its 1-based number and the number of files.

    """
    shipped: list[Sheet | Precedent] = [*load_sheets(), *load_precedents()] if sheets else []
    loaded: list[Loaded] = [load_reading(item.reading, item.metadata, f"{item.id}.md") for item in shipped]
    skipped: list[Skipped] = []
    seen: dict[str, list[tuple[frozenset[int], str]]] = {}
    contents: dict[str, str] = {}
    taken: set[str] = set()
    found = find_files(folders)
    for n, (path, name) in enumerate(found, start=1):
        progress(name, n, len(found))
        try:
            reading = read(path)
            item = load_reading(reading, None, name)
        except UnreadableSource as error:
            skipped.append(Skipped(name, error.reason))
            continue
        content = hashlib.sha256(" ".join(fold(item.document.text).split()).encode()).hexdigest()
        triples = _triples(item.document.text)
        metadata = item.document.metadata
        rivals = seen.setdefault(metadata.id, [])
        same = contents.get(content) or next((other for known, other in rivals if _share(known, triples) >= SAME), "")
        if same:
            skipped.append(Skipped(name, "duplicate", same))
            continue
        contents[content] = name
        rivals.append((triples, name))
        if metadata.id in taken:
            free = next(other for n in count(2) if (other := numbered(metadata, n)).id not in taken)
            item = load_reading(reading, free, name)
        taken.add(item.document.id)
        loaded.append(item)
    return Corpus(tuple(loaded), tuple(skipped))


def load_reading(reading: Reading, metadata: Metadata | None, source: str) -> Loaded:
    """Turn a reading into a document; without ``metadata`` the catalogue is asked.

    Raises
    ------
    UnreadableSource
        Nothing citable is left (``no_passage``).

    """
    blocks = blocks_of(reading)
    if metadata is None:
        metadata = describe(Path(source), reading, "\n\n".join(b.text.text for b in blocks))
    cut: Segmented = segment(reading, blocks, metadata)
    if not cut.passages:
        raise UnreadableSource(source, "no_passage")
    document = Document(metadata, source, cut.text, cut.pages, reading.warnings)
    raw = PAGE_BREAK.join(page.text for page in reading.pages)
    return Loaded(document, cut.passages, cut.origin, hashlib.sha256(raw.encode()).hexdigest()[:16])


def _triples(text: str) -> frozenset[int]:
    words = fold(text).split()
    return frozenset(hash(triple) for triple in zip(words, words[1:], words[2:], strict=False))


def _share(first: frozenset[int], second: frozenset[int]) -> float:
    """Jaccard index of two sets."""
    return len(first & second) / max(1, len(first | second))
