"""The manifest: what an index says of itself, and the one file whose replacement puts a new index in place."""

import contextlib
import dataclasses
import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

from indexes.errors import IndexCorrupt, IndexMissing, IndexStale

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


def read_manifest(path: Path) -> Manifest:
    """Return the manifest of an index.

    Raises
    ------
    IndexMissing, IndexStale, IndexCorrupt
        No manifest there; written in another format; not a manifest.

    """
    try:
        row = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
        found = row["format"]
        if found == FORMAT:
            return Manifest(**{**row, "files": dict(row["files"])})
    except (FileNotFoundError, NotADirectoryError) as error:
        raise IndexMissing(f"{path}: no index there; build one", path=str(path)) from error
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise corrupt(path, MANIFEST) from error
    raise IndexStale(
        f"{path}: format {found}, expected {FORMAT}; rebuild it", path=str(path), found=str(found), expected=FORMAT
    )


def check_index(path: Path) -> Manifest:
    """Return the manifest of an index whose every file is as it was written; raises as ``read_manifest`` does."""
    manifest = read_manifest(path)
    for name, expected in manifest.files.items():
        try:
            intact = digest(path / manifest.data / name) == expected
        except OSError as error:
            raise corrupt(path, name) from error
        if not intact:
            raise corrupt(path, name)
    return manifest


def put_in_place(path: Path, manifest: Manifest) -> None:
    """Replace the manifest at ``path`` in one step; a failure leaves the old one."""
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


def corrupt(path: Path, file: str) -> IndexCorrupt:
    """Return the error that says which file of an index is damaged."""
    return IndexCorrupt(f"{path}: {file} is damaged; rebuild the index", path=str(path), file=file)


def names(folder: Path) -> list[str]:
    """Return the files below a folder, relative to it, sorted."""
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def digest(file: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
