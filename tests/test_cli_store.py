"""``deonto store``: what is kept, taken out and erased from the command line."""

import datetime
import json
import subprocess
import sys

import pytest

from assistant.store.records import Records
from tests.command import QUESTION, parsed, quick, run

__all__ = ["quick"]

pytestmark = pytest.mark.usefixtures("quick")
SECRET = "pelargonium-quadrangulaire"
COMMANDS = [("info",), ("export", "out.jsonl"), ("erase", "--all", "--yes"), ("purge",)]


@pytest.fixture
def path(tmp_path, monkeypatch):
    path = tmp_path / "kept.sqlite"
    monkeypatch.setenv("DEONTO_FEEDBACK", str(path))
    return path


def ago(days):
    return (datetime.datetime.now(tz=datetime.UTC).date() - datetime.timedelta(days=days)).isoformat()


def fill(path):
    """Keep a verdict and a conversation of today, of 10 and of 200 days ago."""
    records = Records(path)
    for age in (0, 10, 200):
        shared = {"day": ago(age), "answer_id": f"a{age}", "question": "q ?", "outcome": "answered", "reason": ""}
        records.add_verdict({**shared, "verdict": "helpful", "comment": f"{SECRET} {age} « é »", "refusal": ""})
        records.add_conversations([{**shared, "conversation": "", "answer": f"{SECRET} {age}", "passages": ["p#1"]}])
    return records


def ids(records):
    return [row["answer_id"] for row in records.rows()]


@pytest.mark.parametrize("args", COMMANDS, ids=" ".join)
def test_without_a_place_nothing_is_kept_and_it_is_said(tmp_path, args):
    result = run("store", *args, code=1)
    assert result.stderr.startswith("Aucun avis n'est conservé")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("args", [("info",), ("erase", "--all", "--yes"), ("purge",)], ids=" ".join)
def test_a_place_where_nothing_was_kept_yet_is_not_made(path, tmp_path, args):
    run("store", *args)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("args", COMMANDS, ids=" ".join)
def test_a_broken_file_is_said_in_french_and_left(path, tmp_path, args):
    path.write_bytes(b"not a database " * 100)
    result = run("store", *args, code=1)
    assert result.stderr.startswith(f"Les avis ne peuvent être ni lus ni écrits dans {path} (le fichier est endommagé")
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_driver_is_said_without_the_password(monkeypatch):
    monkeypatch.setenv("DEONTO_FEEDBACK", "postgresql://user:s3cret@127.0.0.1/kept")
    monkeypatch.setitem(sys.modules, "psycopg", None)
    result = run("store", "info", code=1)
    assert "dans postgresql://user:***@127.0.0.1/kept (il manque le pilote PostgreSQL" in result.stderr


# --- info


def test_what_is_kept_in_figures(path):
    fill(path)
    assert parsed(run("store", "info", "--json")) == {
        "place": str(path),
        "version": 2,
        "feedback": 3,
        "conversations": 3,
        "first": ago(200),
        "last": ago(0),
        "size": path.stat().st_size,
        "retention": 180,
        "keeps_conversations": False,
    }
    shown = run("store", "info").stdout
    assert f"Avis : 3\nConversations : 3\nPremier jour : {ago(200)}\n" in shown
    assert shown.endswith("Durée de conservation, en jours : 180\nConversations conservées : non\n")


def test_nothing_kept_in_figures(path, monkeypatch):
    monkeypatch.setenv("DEONTO_CONVERSATIONS", "1")
    shown = run("store", "info").stdout
    assert "Avis : 0\nConversations : 0\nPremier jour : —\nDernier jour : —\nTaille en octets : 0\n" in shown
    assert shown.endswith("Conversations conservées : oui\n")


# --- export


def test_everything_is_exported_for_its_owner(path, tmp_path):
    fill(path)
    (tmp_path / "out.jsonl").write_text("what was there")
    result = run("store", "export", "out.jsonl")
    assert (result.stdout, result.stderr) == ("", "6 ligne(s) écrite(s) dans out.jsonl\n")
    lines = (tmp_path / "out.jsonl").read_text(encoding="utf-8").split("\n")
    assert lines.pop() == ""
    assert [json.loads(line) for line in lines] == list(Records(path).rows())
    assert f"{SECRET} 0 « é »" in lines[0]
    assert (tmp_path / "out.jsonl").stat().st_mode & 0o777 == 0o600
    assert sorted(file.name for file in tmp_path.iterdir()) == ["kept.sqlite", "out.jsonl"]


def test_an_export_that_fails_half_way_leaves_what_was_there(path, tmp_path, monkeypatch):
    fill(path)
    (tmp_path / "out.jsonl").write_text("what was there")

    def rows(records):
        yield {"kind": "feedback"}
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Records, "rows", rows)
    assert "plus de place sur le disque" in run("store", "export", "out.jsonl", code=1).stderr
    assert (tmp_path / "out.jsonl").read_text() == "what was there"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["kept.sqlite", "out.jsonl"]


def test_an_export_never_replaces_the_store(path, tmp_path):
    fill(path)
    (tmp_path / "link").symlink_to(path)
    before = path.read_bytes()
    for target in (path, "link"):
        assert "est le fichier des avis lui-même" in run("store", "export", target, code=2).stderr
    assert path.read_bytes() == before


@pytest.mark.parametrize("target", [".", "missing/out.jsonl"])
def test_an_export_that_cannot_be_written_is_said(path, target):
    fill(path)
    assert run("store", "export", target, code=1).stderr.startswith(f"Impossible de lire ou d'écrire {target}")


# --- erase and purge


@pytest.mark.parametrize(
    ("args", "left"),
    [
        (("--answer", "a10"), ["a0", "a200"]),
        (("--answer", "unknown"), ["a0", "a10", "a200"]),
        (("--before", ago(10)), ["a0", "a10"]),
        (("--before", ago(9)), ["a0"]),
        (("--all", "--yes"), []),
    ],
)
def test_what_is_erased_is_said_and_its_bytes_are_gone(path, args, left):
    records = fill(path)
    gone = 3 - len(left)
    assert run("store", "erase", *args).stderr == f"Effacé : {gone} avis, {gone} conversation(s).\n"
    assert ids(records) == left * 2
    assert path.read_bytes().count(SECRET.encode()) == 2 * len(left)


WRONG = [
    (),
    ("--all",),
    ("--answer", "a0", "--all", "--yes"),
    ("--before", "2026-02-30"),
    ("--before", "2026-02"),
    ("--before", "hier"),
]


@pytest.mark.parametrize("args", WRONG, ids=" ".join)
def test_nothing_is_erased_by_mistake(path, args):
    records = fill(path)
    run("store", "erase", *args, code=2)
    assert len(ids(records)) == 6


def test_what_is_past_its_retention_is_purged(path, monkeypatch):
    records = fill(path)
    assert run("store", "purge").stderr == "Effacé : 1 avis, 1 conversation(s).\n"
    assert ids(records) == ["a0", "a10"] * 2
    monkeypatch.setenv("DEONTO_RETENTION", "11")
    assert run("store", "purge").stderr == "Effacé : 0 avis, 0 conversation(s).\n"
    monkeypatch.setenv("DEONTO_RETENTION", "10")
    run("store", "purge")
    assert ids(records) == ["a0"] * 2


# --- what it costs those who keep nothing

COLD = """
import sys
import assistant.opening
from tests.fakes import HashEncoder
from typer.testing import CliRunner
from assistant.__main__ import app
assistant.opening.open_encoder = lambda name, **_: HashEncoder(name)
for args in (["store", "--help"], ["ask", "--index", sys.argv[1], sys.argv[2]]):
    result = CliRunner().invoke(app, args)
    assert result.exit_code == 0, result.output
print("sqlalchemy" in sys.modules)
"""


def test_a_question_asked_from_cold_loads_no_database(small_path):
    command = [sys.executable, "-c", COLD, str(small_path), QUESTION]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert (result.returncode, result.stdout, result.stderr) == (0, "False\n", "")


def test_a_server_that_keeps_nothing_loads_no_database():
    code = "import api.app, api.__main__, sys; print('sqlalchemy' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120)
    assert (result.returncode, result.stdout, result.stderr) == (0, "False\n", "")
