"""Directories and sheets → documents with their passages; a bad file is skipped with its reason, never fatal."""

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from corpus.blocks import blocks_of
from corpus.catalogue import describe, numbered
from corpus.cleaning import PAGE_BREAK, fold
from corpus.errors import UnreadableSource
from corpus.isolation import Isolation, Limits
from corpus.models import Document, Metadata, Passage, Reading
from corpus.precedents import Precedent, load_precedents
from corpus.readers import SUFFIXES, read
from corpus.segmentation import Segmented, segment
from corpus.sheets import Sheet, load_sheets

_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
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
    """Return the files of a readable kind below each folder with their names relative to it, sorted.

    Hidden ones are left out. Links to folders are not followed. Broken links, pipes and devices are returned: their
    reader refuses them with a reason. In names, what could not be shown on a line stands as U+FFFD.
    """
    found: dict[Path, str] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder)
            hidden = any(part.startswith(".") for part in name.parts)
            if path.suffix.lower() in SUFFIXES and not hidden and not _is_folder(path):
                found.setdefault(_resolved(path), _UNPRINTABLE.sub("\ufffd", name.as_posix()))
    return list(found.items())


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a folder that may not be looked into
        return False


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):  # links that lead to each other
        return path.absolute()


def load(
    folders: Sequence[Path],
    *,
    sheets: bool = True,
    progress: Callable[[str, int, int], None] = lambda *_: None,
    limits: Limits | None = None,
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
    limits
        What each file may take of time and memory; None for what any honest document needs.

    """
    shipped: list[Sheet | Precedent] = [*load_sheets(), *load_precedents()] if sheets else []
    loaded: list[Loaded] = [load_reading(item.reading, item.metadata, f"{item.id}.md") for item in shipped]
    skipped: list[Skipped] = []
    seen: dict[str, list[tuple[frozenset[int], str]]] = {}
    contents: dict[str, str] = {}
    taken: set[str] = set()
    found = find_files(folders)
    with Isolation(limits) as isolation:
        for n, (path, name) in enumerate(found, start=1):
            progress(name, n, len(found))
            try:
                item = isolation.load(path, name)
            except UnreadableSource as error:
                skipped.append(Skipped(name, error.reason))
                continue
            content = hashlib.sha256(" ".join(fold(item.document.text).split()).encode()).hexdigest()
            triples = _triples(item.document.text)
            rivals = seen.setdefault(item.document.id, [])
            near = next((other for known, other in rivals if _share(known, triples) >= SAME), "")
            if same := contents.get(content) or near:
                skipped.append(Skipped(name, "duplicate", same))
                continue
            contents[content] = name
            rivals.append((triples, name))
            if item.document.id in taken:
                metadata = item.document.metadata
                item = _renamed(item, next(m for k in count(2) if (m := numbered(metadata, k)).id not in taken))
            taken.add(item.document.id)
            loaded.append(item)
    return Corpus(tuple(loaded), tuple(skipped))


def load_file(path: Path, name: str) -> Loaded:
    """Turn a file into a document, in this process and without limits.

    Raises
    ------
    UnreadableSource
        For every file that gives none, whatever is wrong with it.

    """
    reading = read(path)
    try:
        return load_reading(reading, None, name)
    except UnreadableSource:
        raise
    except Exception as error:  # one bad file costs no other
        raise UnreadableSource(name, "too_large" if isinstance(error, MemoryError) else "damaged") from error


def _renamed(item: Loaded, metadata: Metadata) -> Loaded:
    """Return a document and its passages under another id."""
    old = f"{item.document.id}:"
    passages = tuple(
        replace(passage, id=f"{metadata.id}:{passage.id.removeprefix(old)}", document_id=metadata.id)
        for passage in item.passages
    )
    return replace(item, document=replace(item.document, metadata=metadata), passages=passages)


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
