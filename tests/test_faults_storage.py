"""What is written, and what may befall it: a full disk, a folder that cannot be written, a process that is killed."""

import contextlib
import ctypes
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from indexes.manifest import read_manifest
from tests.faults import START, build_small, environ, eventually, limited, serving, write_documents

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits, signals and capabilities of Linux")

ROOT = Path(__file__).parents[1]
FULL = {"plus de place sur le disque", "taille maximale d'un fichier atteinte"}
KILLED = """
import os, signal, sys
from pathlib import Path
import indexes.manifest, indexes.persistence
def kill(*_):
    os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[1] == "replace":
    Path.replace = kill
else:
    setattr(indexes.persistence, sys.argv[1], kill)
from assistant.__main__ import app
app(sys.argv[2:])
"""
"""Builds an index, and dies at a function."""


def without_override():
    """Give up, in a process that is being started, what lets the superuser write where the folder's mode forbids it."""
    if os.geteuid() == 0:
        for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
            assert ctypes.CDLL(None).prctl(24, capability, 0, 0, 0) == 0  # PR_CAPBSET_DROP


def build(index, folder, before=None, killed_at=""):
    """Run ``deonto index build`` in a process of its own."""
    code = ["-c", KILLED, killed_at] if killed_at else ["-m", "assistant"]
    return subprocess.run(
        [sys.executable, *code, "index", "build", "--documents", folder, "--no-sheets", "--output", index],
        cwd=ROOT,
        env=environ(),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=before,
        timeout=START,
    )


@pytest.fixture
def index(tmp_path):
    """An index of small documents, and beside it the documents of another."""
    write_documents(tmp_path / "others", "mars", extra=3)
    build_small(tmp_path / "index", tmp_path / "documents")
    return tmp_path / "index"


def check_untouched(index, before, leftovers=()):
    assert read_manifest(index) == before
    assert {entry.name for entry in index.iterdir()} - {"manifest.json", before.data} == set(leftovers)


def test_a_full_disk_leaves_the_index_as_it_was(index, tmp_path):
    before = read_manifest(index)
    result = build(index, tmp_path / "others", before=limited(FSIZE=4_000))
    assert result.returncode == 1
    assert result.stderr.startswith(f"Impossible d'écrire l'index dans {index} (")
    assert result.stderr.endswith("L'index précédent, s'il existait, est intact.\n")
    assert any(why in result.stderr for why in FULL)
    check_untouched(index, before)


def test_a_folder_that_cannot_be_written_leaves_the_index_as_it_was(index, tmp_path):
    before = read_manifest(index)
    index.chmod(0o555)
    result = build(index, tmp_path / "others", before=without_override)
    index.chmod(0o755)
    assert (result.returncode, "accès refusé" in result.stderr) == (1, True), result.stderr
    assert "Traceback" not in result.stderr
    check_untouched(index, before)


@pytest.mark.parametrize("moment", ["_sync", "put_in_place", "replace"])
def test_a_build_that_is_killed_leaves_the_index_as_it_was_and_the_next_one_cleans_up(index, tmp_path, moment):
    before = read_manifest(index)
    assert build(index, tmp_path / "others", killed_at=moment).returncode == -signal.SIGKILL
    assert read_manifest(index) == before
    left = {entry.name for entry in index.iterdir()} - {"manifest.json", before.data}
    assert left
    after = build_small(index, tmp_path / "others", "mars")
    assert after.fingerprint != before.fingerprint
    check_untouched(index, after)


# --- the store of verdicts, by HTTP alone


def word(n):
    """Return a word of letters alone, another for each number: figures are what the privacy guard looks for."""
    return "avis" + "".join(chr(ord("a") + int(digit)) for digit in str(n))


def kept(store):
    """Return everything in a store as text."""
    with contextlib.closing(sqlite3.connect(store)) as opened:
        return "\n".join(opened.iterdump())


def check_kept(store, acknowledged):
    text = kept(store)
    assert [n for n in acknowledged if f"{word(n)} " not in text] == []


def test_a_store_that_cannot_be_written_loses_nothing_and_stops_nothing(index, tmp_path):
    folder = tmp_path / "store"
    folder.mkdir(mode=0o555)
    store, acknowledged = folder / "verdicts.sqlite", []

    def give_up():
        without_override()
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))

    def send(n):
        status = served.send("a1", f"{word(n)} " + "une remarque " * 120)
        if status == 200:
            acknowledged.append(n)
        return status

    with serving(index, before=give_up, DEONTO_FEEDBACK=store) as served:
        assert send(0) == 503
        assert served.answers()
        folder.chmod(0o755)
        eventually(lambda: send(1) == 200)
        n = 1
        while send(n := n + 1) == 200:
            assert n < 100
        assert send(n) == 503
        assert len(acknowledged) > 5
        assert served.answers()
        resource.prlimit(served.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        eventually(lambda: send(n + 1) == 200)
        check_kept(store, acknowledged)
    check_kept(store, acknowledged)


def test_no_verdict_that_was_acknowledged_is_lost_when_the_server_is_killed(index, tmp_path):
    store, acknowledged = tmp_path / "verdicts.sqlite", []

    def send(first):
        with contextlib.suppress(OSError):
            for n in range(first, first + 10_000):
                if served.send("a1", f"{word(n)} merci") == 200:
                    acknowledged.append(n)

    with serving(index, DEONTO_FEEDBACK=store) as served:
        clients = [threading.Thread(target=send, args=(10_000 * n,)) for n in range(1, 4)]
        for client in clients:
            client.start()
        eventually(lambda: len(acknowledged) > 30, 30)
        served.stop(signal.SIGKILL)
        for client in clients:
            client.join(20)
    with serving(index, DEONTO_FEEDBACK=store) as served:
        eventually(lambda: served.send("a1", f"{word(7)} merci") == 200)
        check_kept(store, [*acknowledged, 7])
