"""An index on disk: equal when read back, whole or not there at all, and honest about what is broken."""

import errno
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import pytest

import indexes.manifest
import indexes.persistence
from corpus import Corpus, load
from indexes import Index, build_index, check_index, read_index, read_manifest
from indexes.building import searchable
from indexes.dense import DenseIndex
from indexes.errors import (
    EncoderMismatch,
    IndexCorrupt,
    IndexForeign,
    IndexMissing,
    IndexStale,
    IndexUnwritable,
    NothingToIndex,
)
from indexes.lexical import LexicalIndex
from indexes.manifest import FORMAT, MANIFEST
from indexes.persistence import write_index
from indexes.wordings import WordingIndex
from tests.fakes import HashEncoder
from tests.files import DAMAGES, break_file

RETRIEVERS = ("lexical", "dense", "bank", "wordings", "references")
QUERIES = ("secret et réquisition", "R. 4127-4", "armoire", "zzz")


@pytest.fixture
def path(small_path: Path, tmp_path: Path) -> Path:
    """A copy of the small index, to break."""
    shutil.copytree(small_path, tmp_path / "index")
    return tmp_path / "index"


@pytest.fixture
def little(tmp_path: Path) -> Corpus:
    """One document without any wording."""
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "seul.txt").write_text("Un document unique sur la tenue du registre des visites au cabinet.\n")
    return load([tmp_path / "one"], sheets=False)


def rankings(index: Index) -> list[object]:
    return [getattr(index, name).search(query, 9) for name in RETRIEVERS for query in QUERIES]


def contents(path: Path) -> dict[str, bytes]:
    return {p.relative_to(path).as_posix(): p.read_bytes() for p in path.rglob("*") if p.is_file()}


def test_what_is_read_back_is_what_was_built(small_corpus: Corpus, small_index: Index) -> None:
    assert small_index.library.documents == small_corpus.documents
    assert small_index.library.passages == small_corpus.passages
    for passage in small_corpus.passages:
        document = small_index.library.document(passage.document_id)
        assert passage.text == document.text[passage.start : passage.end]
    assert small_index.asked == {d.id for d in small_corpus.documents if d.id.startswith(("fiche:", "decision:"))}
    assert all(
        type(getattr(d.metadata, f.name)) is not list for d in small_corpus.documents for f in fields(d.metadata)
    )


def test_line_ends_of_unicode_stay_inside_a_row(little: Corpus, tmp_path: Path) -> None:
    item = little.loaded[0]
    text = "Un\u2028texte\u0085avec\rdes\u2029fins\x1cde ligne 🩺"
    odd = replace(item, document=replace(item.document, text=text), passages=(replace(item.passages[0], text=text),))
    build_index(Corpus((odd,), ()), tmp_path / "index", HashEncoder())
    index = read_index(tmp_path / "index", HashEncoder())
    assert index.library.documents[0].text == index.library.passages[0].text == text


def test_the_manifest_counts(small_path: Path, small_corpus: Corpus) -> None:
    manifest = check_index(small_path)
    assert (manifest.format, manifest.encoder, manifest.dimensions) == (FORMAT, "hash", HashEncoder().dimensions)
    assert (manifest.documents, manifest.passages) == (len(small_corpus.documents), len(small_corpus.passages))
    assert manifest.wordings == len(read_index(small_path, HashEncoder()).wordings) > 0
    assert manifest.fingerprint in manifest.data
    assert FORMAT == 2
    assert {"wordings.json", "wordings.npy"} <= set(manifest.files)
    assert set(contents(small_path)) == {MANIFEST} | {f"{manifest.data}/{name}" for name in manifest.files}


def test_the_same_corpus_has_the_same_fingerprint(small_corpus: Corpus, little: Corpus, path: Path) -> None:
    first = read_manifest(path)
    assert build_index(small_corpus, path, HashEncoder()).fingerprint == first.fingerprint
    assert build_index(small_corpus, path, HashEncoder("other")).fingerprint != first.fingerprint
    assert build_index(little, path, HashEncoder()).fingerprint != first.fingerprint


def test_a_rebuild_replaces_everything(path: Path, little: Corpus) -> None:
    (path / ".building-left-by-a-crash").mkdir()
    (path / "notes.txt").write_text("not ours")
    manifest = build_index(little, path, HashEncoder())
    assert sorted(p.name for p in path.iterdir()) == sorted([manifest.data, MANIFEST, "notes.txt"])
    assert read_index(path, HashEncoder()).library.passages == little.passages


def test_a_loaded_index_outlives_its_files(path: Path, little: Corpus) -> None:
    index = read_index(path, HashEncoder())
    before = rankings(index)
    build_index(little, path, HashEncoder())
    assert rankings(index) == before
    shutil.rmtree(path)
    assert rankings(index) == before


def test_a_swap_while_reading_gives_the_new_index(path: Path, little: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files that the first manifest names vanish between its reading and theirs."""
    check, swapped = indexes.persistence.check_index, []

    def check_then_swap(path: Path) -> object:
        manifest = check(path)
        if not swapped:
            swapped.append(True)
            build_index(little, path, HashEncoder())
        return manifest

    monkeypatch.setattr(indexes.persistence, "check_index", check_then_swap)
    assert read_index(path, HashEncoder()).library.passages == little.passages


def no_space(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def faiss_fails(*_: object, **__: object) -> None:
    raise RuntimeError("Error in void faiss::write_index: No space left on device")


STEPS: dict[str, tuple[object, str]] = {
    "first folder": (Path, "mkdir"),
    "rows": (indexes.persistence, "write_lines"),
    "lexical": (LexicalIndex, "save"),
    "dense": (DenseIndex, "save"),
    "wordings": (WordingIndex, "save"),
    "digests": (indexes.persistence, "digest"),
    "sync": (indexes.persistence, "_sync"),
    "rename": (Path, "rename"),
    "check": (indexes.persistence, "_load"),
    "manifest": (indexes.manifest.json, "dump"),
    "manifest sync": (indexes.manifest.os, "fsync"),
    "swap": (Path, "replace"),
}


@pytest.mark.parametrize("failure", [no_space, faiss_fails])
@pytest.mark.parametrize("step", STEPS)
def test_a_failed_build_leaves_the_old_index(
    path: Path, little: Corpus, monkeypatch: pytest.MonkeyPatch, step: str, failure: Callable[..., None]
) -> None:
    before = contents(path)
    with monkeypatch.context() as patch:
        patch.setattr(*STEPS[step], failure)
        with pytest.raises(IndexUnwritable) as caught:
            build_index(little, path, HashEncoder())
    assert caught.value.values["path"] == str(path)
    if failure is no_space:
        assert caught.value.values["cause"] == "ENOSPC"
    assert contents(path) == before
    assert [p.name for p in path.iterdir() if p.is_dir()] == [read_manifest(path).data]
    assert rankings(read_index(path, HashEncoder()))


@pytest.mark.parametrize("step", ["rows", "dense", "swap"])
def test_an_interrupted_build_leaves_the_old_index(
    path: Path, little: Corpus, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    before = contents(path)
    with monkeypatch.context() as patch:
        patch.setattr(*STEPS[step], interrupt)
        with pytest.raises(KeyboardInterrupt):
            build_index(little, path, HashEncoder())
    assert contents(path) == before
    assert not list(path.glob(".building-*"))


def test_a_first_build_that_fails_leaves_no_index(
    tmp_path: Path, little: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(*STEPS["swap"], no_space)
        with pytest.raises(IndexUnwritable):
            build_index(little, tmp_path / "index", HashEncoder())
    with pytest.raises(IndexMissing):
        read_index(tmp_path / "index", HashEncoder())
    assert list((tmp_path / "index").iterdir()) == []


def test_a_place_that_cannot_be_written(little: Corpus, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("here first")
    for place in (tmp_path / "file", tmp_path / "file" / "below", Path("/proc/no-index-here")):
        with pytest.raises(IndexUnwritable) as caught:
            build_index(little, place, HashEncoder())
        assert caught.value.values["path"] == str(place)
    assert (tmp_path / "file").read_text() == "here first"


FOREIGN = {
    "a note": {"notes.txt": "not ours"},
    "a hidden file": {".env": "secret"},
    "a folder of data": {"data-2024/mesures.csv": "1;2", "data-/x": ""},
    "a manifest of another program": {"manifest.json": '{"name": "site", "icons": []}'},
    "a list": {"manifest.json": '["format", "fingerprint"]'},
    "a manifest that is no JSON": {"manifest.json": "{"},
}


@pytest.mark.parametrize("held", FOREIGN.values(), ids=FOREIGN)
def test_a_folder_that_is_no_index_is_left_alone(little: Corpus, tmp_path: Path, held: dict[str, str]) -> None:
    place = tmp_path / "place"
    for name, text in held.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text)
    before = contents(place)
    with pytest.raises(IndexForeign) as caught:
        build_index(little, place, HashEncoder())
    assert caught.value.values == {"path": str(place)}
    assert contents(place) == before


@pytest.mark.parametrize("damage", ["no manifest", "damaged manifest", "another format", "no data", "a first build"])
def test_a_damaged_index_is_rebuilt(path: Path, little: Corpus, damage: str) -> None:
    manifest = read_manifest(path)
    (path / "notes.txt").write_text("not ours")
    if damage in {"no data", "another format"}:
        shutil.rmtree(path / manifest.data)
    if damage == "another format":
        (path / MANIFEST).write_text(json.dumps({"format": 99, "fingerprint": "f", "files": []}))
    elif damage == "damaged manifest":
        (path / MANIFEST).write_text("{")
    elif damage in {"no manifest", "a first build"}:
        (path / MANIFEST).unlink()
    if damage == "a first build":
        (path / manifest.data).rename(path / ".building-0a1b2c3d")
    built = build_index(little, path, HashEncoder())
    assert read_index(path, HashEncoder()).library.passages == little.passages
    assert sorted(p.name for p in path.iterdir()) == sorted([built.data, MANIFEST, "notes.txt"])


def test_a_folder_of_the_user_beside_an_index_is_kept(path: Path, little: Corpus) -> None:
    (path / "data-2024").mkdir()
    build_index(little, path, HashEncoder())
    assert (path / "data-2024").is_dir()


def test_a_new_volume_is_an_empty_folder(little: Corpus, tmp_path: Path) -> None:
    (tmp_path / "index" / "lost+found").mkdir(parents=True)
    build_index(little, tmp_path / "index", HashEncoder())


@pytest.mark.parametrize(("mask", "folder", "file"), [(0o022, 0o755, 0o644), (0o027, 0o750, 0o640)])
def test_who_may_read_an_index_is_for_the_umask_to_say(
    little: Corpus, tmp_path: Path, mask: int, folder: int, file: int
) -> None:
    before = os.umask(mask)
    try:
        manifest = build_index(little, tmp_path / "index", HashEncoder())
    finally:
        os.umask(before)
    made = [tmp_path / "index", *(tmp_path / "index").rglob("*")]
    assert tmp_path / "index" / manifest.data in made
    assert {p.stat().st_mode & 0o777 for p in made if p.is_dir()} == {folder}
    assert {p.stat().st_mode & 0o777 for p in made if p.is_file()} == {file}


def test_what_does_not_read_back_is_not_put_in_place(path: Path, small_corpus: Corpus, little: Corpus) -> None:
    index = read_index(path, HashEncoder())
    before = contents(path)
    parts = (index.lexical, index.dense, index.bank, index.wordings)
    with pytest.raises(IndexUnwritable):
        write_index(path, little.documents, little.passages, *parts, HashEncoder())
    assert contents(path) == before


def data_file(path: Path, name: str) -> Path:
    return path / read_manifest(path).data / name


FILES = [
    "documents.jsonl",
    "passages.jsonl",
    "bank.json",
    "dense.faiss",
    "wordings.json",
    "wordings.npy",
    "lexical/vocabulary.txt",
    "bank/vocabulary.txt",
]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_named(path: Path, name: str, damage: str) -> None:
    file = data_file(path, name)
    break_file(file, damage)
    for reader in (lambda: read_index(path, HashEncoder()), lambda: check_index(path)):
        with pytest.raises(IndexCorrupt, match=name) as caught:
            reader()
        assert caught.value.values == {"path": str(path), "file": name}


def test_every_file_is_watched(path: Path) -> None:
    for name in read_manifest(path).files:
        file = data_file(path, name)
        content = file.read_bytes()
        file.write_bytes(content + b"\n")
        with pytest.raises(IndexCorrupt, match=name):
            check_index(path)
        file.write_bytes(content)
    check_index(path)


def test_the_data_folder_is_gone(path: Path) -> None:
    shutil.rmtree(path / read_manifest(path).data)
    with pytest.raises(IndexCorrupt):
        read_index(path, HashEncoder())


@pytest.mark.parametrize("reader", [read_manifest, check_index, lambda path: read_index(path, HashEncoder())])
def test_no_index(path: Path, tmp_path: Path, reader: Callable[[Path], object]) -> None:
    (path / MANIFEST).unlink()
    (tmp_path / "file").write_text("")
    for place in (path, tmp_path / "nowhere", tmp_path / "file"):
        with pytest.raises(IndexMissing) as caught:
            reader(place)
        assert caught.value.values == {"path": str(place)}


BROKEN = [
    "",
    "not JSON",
    "[]",
    "null",
    "3",
    '"text"',
    "{}",
    f'{{"format": {FORMAT}}}',
    f'{{"format": {FORMAT}, "files": []}}',
    "[" * 100_000,
]


@pytest.mark.parametrize("text", BROKEN, ids=[text[:30] or "empty" for text in BROKEN])
def test_a_manifest_that_is_none(path: Path, text: str) -> None:
    (path / MANIFEST).write_text(text)
    with pytest.raises(IndexCorrupt, match=MANIFEST):
        read_index(path, HashEncoder())


def test_a_manifest_that_is_no_text(path: Path) -> None:
    (path / MANIFEST).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(IndexCorrupt, match=MANIFEST):
        check_index(path)


def test_a_manifest_whose_files_are_none(path: Path) -> None:
    row = json.loads((path / MANIFEST).read_text())
    for wrong in ("text", [1, 2], 5, None):
        (path / MANIFEST).write_text(json.dumps({**row, "files": wrong}))
        with pytest.raises(IndexCorrupt, match=MANIFEST):
            check_index(path)


@pytest.mark.parametrize("other", [FORMAT - 1, FORMAT + 1, "old", None])
def test_another_format(path: Path, other: object) -> None:
    (path / MANIFEST).write_text(json.dumps({"format": other, "whatever": 1}))
    with pytest.raises(IndexStale) as caught:
        read_index(path, HashEncoder())
    assert caught.value.values == {"path": str(path), "found": str(other), "expected": FORMAT}


def test_another_encoder(path: Path) -> None:
    with pytest.raises(EncoderMismatch) as caught:
        read_index(path, HashEncoder("other"))
    assert caught.value.values == {"path": str(path), "found": "hash", "expected": "other"}
    check_index(path)


def test_building_tells_its_progress(small_corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexes.building.BATCH", 50)
    encoder, calls = HashEncoder(), []
    manifest = build_index(small_corpus, tmp_path / "index", encoder, lambda done, of: calls.append((done, of)))
    total = len(small_corpus.passages)
    assert calls == [(done, total) for done in range(50, total, 50)] + [(total, total)]
    assert manifest.passages == total
    assert len(encoder.encoded) == total + manifest.wordings


def test_passages_are_found_by_their_headings(small_index: Index) -> None:
    passage = small_index.library.passage("accueil:telephone#1")
    assert searchable(passage).startswith("Accueil du cabinet\n")
    assert searchable(passage).count("Téléphone") == 1
    assert passage.id in [hit.passage_id for hit in small_index.lexical.search("accueil du cabinet", 3)]


def test_a_corpus_without_wordings(little: Corpus, tmp_path: Path) -> None:
    manifest = build_index(little, tmp_path / "index", HashEncoder())
    index = read_index(tmp_path / "index", HashEncoder())
    assert (manifest.wordings, index.asked) == (0, frozenset())
    assert index.bank.search("registre", 3) == []
    assert index.lexical.search("registre", 3)[0].passage_id == little.passages[0].id


def test_nothing_to_index(path: Path, tmp_path: Path) -> None:
    before = contents(path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "vide.txt").write_text("")
    with pytest.raises(NothingToIndex) as caught:
        build_index(load([tmp_path / "empty"], sheets=False), path, HashEncoder())
    assert caught.value.values == {"count": 1}
    assert contents(path) == before


DAMAGE = {"wordings.json": b"[]", "wordings.npy": b"", "bank.json": b"{"}


@pytest.mark.parametrize("name", DAMAGE)
def test_files_that_match_their_digests_and_not_each_other_are_damage_too(path: Path, name: str) -> None:
    data_file(path, name).write_bytes(DAMAGE[name])
    row = json.loads((path / MANIFEST).read_text())
    row["files"][name] = indexes.manifest.digest(data_file(path, name))
    (path / MANIFEST).write_text(json.dumps(row))
    check_index(path)
    with pytest.raises(IndexCorrupt):
        read_index(path, HashEncoder())
