"""An index on disk: built whole beside the old one, checked, then put in place by the replacement of one file.

::

    INDEX/manifest.json          the commit point: format, encoder, counts, and the digest of every file below
    INDEX/data-<fingerprint>/    documents.jsonl  passages.jsonl  dense.faiss  lexical/  bank/  bank.json
                                 wordings.json  wordings.npy
"""

import datetime
import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.models import Document, Passage
from indexes.bank import BankIndex, asked
from indexes.dense import DenseIndex
from indexes.errors import IndexCorrupt
from indexes.lexical import LexicalIndex
from indexes.library import Library
from indexes.manifest import (
    FORMAT,
    Manifest,
    check_encoder,
    check_index,
    check_place,
    corrupt,
    digest,
    names,
    put_in_place,
    read_manifest,
    remove_old,
    unwritable,
)
from indexes.protocols import Encoder
from indexes.references import ReferenceIndex
from indexes.rows import read_documents, read_passages, write_lines
from indexes.wordings import WordingIndex

__all__ = ["Index", "Manifest", "check_index", "read_index", "read_manifest", "write_index"]


@dataclass(frozen=True, slots=True)
class Index:
    """A loaded index: the library and its retrievers. ``asked`` holds the ids of documents that have wordings."""

    manifest: Manifest
    library: Library
    lexical: LexicalIndex
    dense: DenseIndex
    bank: BankIndex
    wordings: WordingIndex
    references: ReferenceIndex
    asked: frozenset[str]
    encoder: Encoder


def write_index(
    path: Path,
    documents: Sequence[Document],
    passages: Sequence[Passage],
    lexical: LexicalIndex,
    dense: DenseIndex,
    bank: BankIndex,
    wordings: WordingIndex,
    encoder: Encoder,
) -> Manifest:
    """Write an index whole, read it back, then swap it in; what stood at ``path`` stays untouched until then.

    Raises
    ------
    IndexForeign
        The folder holds other things than an index.
    IndexUnwritable
        The folder cannot be written, the disk is full, or what was written does not read back.

    """
    check_place(path)
    staging: Path | None = None
    try:
        path.mkdir(parents=True, exist_ok=True)
        fresh = path / f".building-{secrets.token_hex(4)}"
        fresh.mkdir()  # as the umask says: the server may run under another account than the one that builds
        staging = fresh
        write_lines(staging / "documents.jsonl", documents)
        write_lines(staging / "passages.jsonl", passages)
        (staging / "lexical").mkdir()
        (staging / "bank").mkdir()
        lexical.save(staging / "lexical")
        bank.save(staging / "bank")
        (staging / "bank.json").write_text(json.dumps(bank.passage_ids), encoding="utf-8")
        wordings.save(staging)
        dense.save(staging / "dense.faiss")
        files = {name: digest(staging / name) for name in names(staging)}
        content = hashlib.sha256(json.dumps([FORMAT, encoder.name, sorted(files.items())]).encode()).hexdigest()[:16]
        manifest = Manifest(
            format=FORMAT,
            data=f"data-{content}-{os.getpid()}-{staging.name.removeprefix('.building-')}",
            fingerprint=content,
            encoder=encoder.name,
            dimensions=dense.dimensions,
            documents=len(documents),
            passages=len(passages),
            wordings=len(wordings),
            built_at=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
            files=files,
        )
        _sync(staging)
        staging = staging.rename(path / manifest.data)
        _load(path, manifest, encoder)
        put_in_place(path, manifest)
    except BaseException as error:  # an interruption too must leave nothing half-built behind
        if staging is not None:
            shutil.rmtree(staging, ignore_errors=True)
        if not isinstance(error, (OSError, RuntimeError, IndexCorrupt)):  # RuntimeError: FAISS on a full disk
            raise
        raise unwritable(path, error) from error
    remove_old(path, manifest)
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
    manifest = read_manifest(path)
    while True:
        try:
            return _read(path, encoder)
        except IndexCorrupt:
            # A rebuild removes the files of the index it replaces, perhaps while they were being read.
            before, manifest = manifest, read_manifest(path)
            if manifest == before:
                raise


def _read(path: Path, encoder: Encoder) -> Index:
    manifest = check_index(path)
    check_encoder(path, manifest, encoder.name)
    return _load(path, manifest, encoder)


def _load(path: Path, manifest: Manifest, encoder: Encoder) -> Index:
    data = path / manifest.data
    try:
        documents = read_documents(data / "documents.jsonl")
        passages = read_passages(data / "passages.jsonl")
        ids = [passage.id for passage in passages]
        worded = [str(p) for p in json.loads((data / "bank.json").read_text(encoding="utf-8"))]
        index = Index(
            manifest,
            Library(documents, passages),
            LexicalIndex.load(data / "lexical", ids),
            DenseIndex.load(data / "dense.faiss", ids, encoder),
            BankIndex.load(data / "bank", worded),
            WordingIndex.load(data, encoder),
            ReferenceIndex(documents, passages),
            asked(documents, passages, frozenset(worded)),
            encoder,
        )
    except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise corrupt(path, manifest.data) from error
    if index.dense.rows != len(ids) or len(ids) != manifest.passages:
        raise corrupt(path, "dense.faiss")
    return index


def _sync(folder: Path) -> None:
    """Make sure the bytes are on disk before the manifest points at them."""
    for name in names(folder):
        with (folder / name).open("rb") as opened:
            os.fsync(opened.fileno())
