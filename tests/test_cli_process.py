"""The command line as a process of its own, with the real encoder."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.commands.console import standard_output
from indexes.encoder import DEFAULT


def process(*args, cwd, stdout=subprocess.PIPE, **environ):
    command = [sys.executable, "-m", "assistant", *args]
    # Without a buffer nothing is left to fail when Python ends.
    kept = {k: v for k, v in os.environ.items() if not k.startswith("DEONTO_") and k != "PYTHONUNBUFFERED"}
    return subprocess.run(
        command,
        cwd=cwd,
        env=kept | environ,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    """A folder where the default index was built by the real encoder."""
    folder = tmp_path_factory.mktemp("real")
    (folder / "documents").mkdir()
    (folder / "documents" / "a.txt").write_text("Le cabinet ferme ses volets chaque soir, sauf en juillet.")
    built = process("index", "build", "--documents", "documents", "--no-sheets", cwd=folder)
    assert (built.returncode, built.stdout) == (0, ""), built.stderr
    assert (
        built.stderr == "Index construit dans var/index : 1 documents, 1 passages ; 0 fichier(s) laissé(s) de côté.\n"
    )
    return folder


def test_ask_in_a_process_of_its_own(real):
    asked = process("ask", "--json", "les volets du cabinet", cwd=real)
    assert (asked.returncode, asked.stderr) == (0, "")
    answer = json.loads(asked.stdout)
    assert answer["passages"][0]["document_id"] == "a"
    manifest = json.loads((real / "var" / "index" / "manifest.json").read_text())
    assert manifest["encoder"].startswith(f"{DEFAULT}@")


PRINTING = [("search", "--json", "volets"), ("index", "info"), ("--help",), ("serve", "--help")]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
@pytest.mark.parametrize("args", PRINTING, ids=" ".join)
def test_an_output_that_cannot_be_written_is_one_french_line(real, args):
    with Path("/dev/full").open("w") as full:
        result = process(*args, cwd=real, stdout=full)
    said = "Impossible d'écrire sur la sortie standard (plus de place sur le disque).\n"
    assert (result.returncode, result.stderr) == (1, said)


@pytest.mark.parametrize("args", PRINTING, ids=" ".join)
def test_a_reader_that_has_left_is_told_nothing(real, args):
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as gone:
        result = process(*args, cwd=real, stdout=gone)
    assert (result.returncode, result.stderr) == (1, "")


def test_a_closed_pipe_that_reaches_the_end_says_nothing(capsys):
    with pytest.raises(SystemExit) as caught, standard_output():
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")
    assert (caught.value.code, capsys.readouterr().err) == (1, "")


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("--help",), 0),
        (("ask", "--help"), 0),
        (("index", "info", "--index", "nope"), 1),
        (("ask",), 2),
        (("nope",), 2),
        (("index", "build", "--documents", "nope"), 2),
    ],
)
def test_exit_codes_of_a_process(tmp_path, args, code):
    result = process(*args, cwd=tmp_path)
    assert result.returncode == code
    assert "Traceback" not in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_help_loads_nothing_slow(tmp_path):
    code = (
        "import sys; from typer.testing import CliRunner; from assistant.__main__ import app;"
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0;"
        "print(*sorted({'torch', 'faiss', 'llama_index', 'fastapi', 'pypdf', 'bm25s'} & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert result.stdout.strip() == ""
