"""The manifest: what an index says of itself, and the one file whose replacement puts a new index in place."""

import contextlib
import dataclasses
import hashlib
import json
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from indexes.errors import (
    EncoderMismatch,
    IndexCorrupt,
    IndexForeign,
    IndexMissing,
    IndexStale,
    IndexUnwritable,
    cause_of,
)

FORMAT = 2
MANIFEST = "manifest.json"

# No looser: folders of such names are removed after a build, and one of the user's may well begin with "data-".
_OURS = re.compile(r"data-[0-9a-f]{16}-\d+-\w+|\.building-.+")
_UNFINISHED = re.compile(rf"\.{re.escape(MANIFEST)}\.\d+")
"""A manifest that its build had no time to put in place."""
_OF_THE_SYSTEM = {"lost+found"}
"""What a new volume holds before anything is written to it."""


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


def check_encoder(path: Path, manifest: Manifest, name: str) -> None:
    """Raise ``EncoderMismatch`` when an index was built with another encoder than the one of this name."""
    if manifest.encoder != name:
        raise EncoderMismatch(
            f"{path}: built with {manifest.encoder}, {name} is configured; rebuild it",
            path=str(path),
            found=manifest.encoder,
            expected=name,
        )


def check_place(path: Path) -> None:
    """Refuse a folder in which an index must not be built; one that is missing, empty or holds an index will do.

    Raises
    ------
    IndexForeign
        The folder holds other things, and neither a manifest nor a data folder of ours.
    IndexUnwritable
        The folder cannot even be looked into.

    """
    try:
        held = {entry.name for entry in path.iterdir()} - _OF_THE_SYSTEM if path.is_dir() else set()
    except OSError as error:
        raise unwritable(path, error) from error
    if held and not _is_manifest(path / MANIFEST) and not any(_OURS.fullmatch(name) for name in held):
        raise IndexForeign(f"{path}: a folder that holds no index; name an empty or a new one", path=str(path))


def _is_manifest(file: Path) -> bool:
    """Tell a manifest of any format from the files of the same name that other programs write."""
    try:
        row = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(row, dict) and {"format", "fingerprint"} <= row.keys()


def remove_old(path: Path, manifest: Manifest) -> None:
    """Remove what earlier builds left, those that were killed too; what cannot be removed stays, and harms nothing."""
    for old in path.iterdir():
        if old.is_dir() and old.name != manifest.data and _OURS.fullmatch(old.name):
            shutil.rmtree(old, ignore_errors=True)
        elif _UNFINISHED.fullmatch(old.name):
            with contextlib.suppress(OSError):
                old.unlink()


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


def unwritable(path: Path, error: BaseException) -> IndexUnwritable:
    """Return the error that says why an index cannot be written."""
    cause = cause_of(error)
    return IndexUnwritable(f"{path}: index not written ({cause})", path=str(path), cause=cause)


def names(folder: Path) -> list[str]:
    """Return the files below a folder, relative to it, sorted."""
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def digest(file: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
