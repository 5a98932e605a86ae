"""An index on disk: built whole beside the old one, checked, then put in place by the replacement of one file.

::

    INDEX/manifest.json          the commit point: format, encoder, counts, and the digest of every file below
    INDEX/data-<fingerprint>/    documents.jsonl  passages.jsonl  dense.faiss  lexical/  bank/  bank.json
"""

import contextlib
import dataclasses
import datetime
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.models import Document, Metadata, PageSpan, Passage
from indexes.bank import BankIndex
from indexes.dense import DenseIndex
from indexes.errors import EncoderMismatch, IndexCorrupt, IndexMissing, IndexStale, IndexUnwritable
from indexes.lexical import LexicalIndex
from indexes.library import Library
from indexes.protocols import Encoder
from indexes.references import ReferenceIndex

FORMAT = 1
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index says of itself. ``files`` maps each file below ``data`` to its SHA-256."""

    format: int
    data: str
    fingerprint: str
    encoder: str
    dimensions: int
    documents: int
    passages: int
    wordings: int
    built_at: str
    files: dict[str, str]


@dataclass(frozen=True, slots=True)
class Index:
    """A loaded index: the library and its four retrievers. ``asked`` holds the ids of documents that have wordings."""

    manifest: Manifest
    library: Library
    lexical: LexicalIndex
    dense: DenseIndex
    bank: BankIndex
    references: ReferenceIndex
    asked: frozenset[str]


def write_index(
    path: Path,
    documents: Sequence[Document],
    passages: Sequence[Passage],
    lexical: LexicalIndex,
    dense: DenseIndex,
    bank: BankIndex,
    wordings: int,
    encoder: Encoder,
) -> Manifest:
    """Write an index whole, read it back, then swap it in; what stood at ``path`` stays untouched until then.

    Raises
    ------
    IndexUnwritable
        The folder cannot be written, the disk is full, or what was written does not read back.

    """
    staging: Path | None = None
    try:
        path.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=".building-", dir=path))
        _write_lines(staging / "documents.jsonl", documents)
        _write_lines(staging / "passages.jsonl", passages)
        (staging / "lexical").mkdir()
        (staging / "bank").mkdir()
        lexical.save(staging / "lexical")
        bank.save(staging / "bank")
        (staging / "bank.json").write_text(json.dumps(bank.passage_ids), encoding="utf-8")
        dense.save(staging / "dense.faiss")
        files = {name: _digest(staging / name) for name in _names(staging)}
        content = hashlib.sha256(json.dumps([FORMAT, encoder.name, sorted(files.items())]).encode()).hexdigest()[:16]
        data = f"data-{content}-{os.getpid()}-{staging.name.removeprefix('.building-')}"
        manifest = Manifest(
            format=FORMAT,
            data=data,
            fingerprint=content,
            encoder=encoder.name,
            dimensions=dense.dimensions,
            documents=len(documents),
            passages=len(passages),
            wordings=wordings,
            built_at=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
            files=files,
        )
        _sync(staging)
        staging = staging.rename(path / data)
        _load(path, manifest, encoder)
        _put_in_place(path, manifest)
    except (OSError, IndexCorrupt) as error:
        if staging is not None:
            shutil.rmtree(staging, ignore_errors=True)
        cause = (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
        raise IndexUnwritable(f"{path}: index not written ({cause})", path=str(path), cause=cause) from error
    for old in path.iterdir():
        if old.is_dir() and old.name != manifest.data and old.name.startswith(("data-", ".building-")):
            shutil.rmtree(old, ignore_errors=True)
    return manifest


def read_manifest(path: Path) -> Manifest:
    """Return the manifest of an index.

    Raises
    ------
    IndexMissing, IndexStale, IndexCorrupt
        No manifest there; written in another format; not a manifest.

    """
    file = path / MANIFEST
    if not file.is_file():
        raise IndexMissing(f"{path}: no index there; build one", path=str(path))
    try:
        row = json.loads(file.read_text(encoding="utf-8"))
        found = row["format"]
        if found == FORMAT:
            return Manifest(**row)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _corrupt(path, MANIFEST) from error
    raise IndexStale(
        f"{path}: format {found}, expected {FORMAT}; rebuild it", path=str(path), found=str(found), expected=FORMAT
    )


def check_index(path: Path) -> Manifest:
    """Return the manifest of an index whose every file is as it was written; raises as ``read_manifest`` does."""
    manifest = read_manifest(path)
    for name, digest in manifest.files.items():
        file = path / manifest.data / name
        if not file.is_file() or _digest(file) != digest:
            raise _corrupt(path, name)
    return manifest


def read_index(path: Path, encoder: Encoder) -> Index:
    """Load an index after checking every file against the manifest.

    Raises
    ------
    IndexMissing, IndexStale, IndexCorrupt
        As ``read_manifest``, or a file below it was altered.
    EncoderMismatch
        It was built with another encoder.

    """
    manifest = check_index(path)
    if manifest.encoder != encoder.name:
        raise EncoderMismatch(
            f"{path}: built with {manifest.encoder}, {encoder.name} is configured; rebuild it",
            path=str(path),
            found=manifest.encoder,
            expected=encoder.name,
        )
    return _load(path, manifest, encoder)


def _load(path: Path, manifest: Manifest, encoder: Encoder) -> Index:
    data = path / manifest.data
    try:
        documents = [_document(row) for row in _read_lines(data / "documents.jsonl")]
        passages = [_passage(row) for row in _read_lines(data / "passages.jsonl")]
        ids = [passage.id for passage in passages]
        document_of = {passage.id: passage.document_id for passage in passages}
        asked = [str(p) for p in json.loads((data / "bank.json").read_text(encoding="utf-8"))]
        index = Index(
            manifest,
            Library(documents, passages),
            LexicalIndex.load(data / "lexical", ids),
            DenseIndex.load(data / "dense.faiss", ids, encoder),
            BankIndex.load(data / "bank", asked),
            ReferenceIndex(documents, passages),
            frozenset(document_of[p] for p in asked),
        )
    except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise _corrupt(path, manifest.data) from error
    if index.dense.rows != len(ids) or len(ids) != manifest.passages:
        raise _corrupt(path, "dense.faiss")
    return index


def _corrupt(path: Path, file: str) -> IndexCorrupt:
    return IndexCorrupt(f"{path}: {file} is damaged; rebuild the index", path=str(path), file=file)


def _put_in_place(path: Path, manifest: Manifest) -> None:
    temporary = path / f".{MANIFEST}.{os.getpid()}"
    try:
        with temporary.open("w", encoding="utf-8") as out:
            json.dump(dataclasses.asdict(manifest), out, ensure_ascii=False, indent=1)
            out.flush()
            os.fsync(out.fileno())
        temporary.replace(path / MANIFEST)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def _names(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _sync(folder: Path) -> None:
    """Make sure the bytes are on disk before the manifest points at them."""
    for name in _names(folder):
        with (folder / name).open("rb") as opened:
            os.fsync(opened.fileno())


def _write_lines(file: Path, items: Sequence[Document] | Sequence[Passage]) -> None:
    with file.open("w", encoding="utf-8") as out:
        for item in items:
            out.write(json.dumps(dataclasses.asdict(item), ensure_ascii=False) + "\n")


def _read_lines(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            yield json.loads(line)


def _document(row: dict[str, Any]) -> Document:
    metadata = _with_tuples(row["metadata"])
    pages = tuple(PageSpan(**page) for page in row["pages"])
    return Document(Metadata(**metadata), row["source"], row["text"], pages, tuple(row["warnings"]))


def _passage(row: dict[str, Any]) -> Passage:
    return Passage(**_with_tuples(row))


def _with_tuples(row: dict[str, Any]) -> dict[str, Any]:
    """Undo what JSON does to tuples."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
