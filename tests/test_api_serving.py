"""``deonto serve``: the port is tried first, and every failure is a French sentence with the right exit code."""

import socket

import pytest

import assistant.opening
from api.__main__ import FACTORY, main
from api.serving import Address, PortUnusable
from assistant.messages import message
from tests.fakes import HashEncoder


@pytest.fixture
def taken():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_port_in_use_is_said_and_exits_with_1(taken, capsys):
    assert main(["--port", str(taken)]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    words = " ".join(captured.err.split())
    assert f"Le port {taken} est déjà utilisé sur 127.0.0.1." in words
    assert f"deonto serve --port {taken + 1}" in words


def test_an_address_that_is_not_ours_is_refused(capsys, monkeypatch):
    monkeypatch.setenv("DEONTO_OPEN", "1")
    assert main(["--host", "192.0.2.1", "--port", "8000"]) == 1
    assert "Impossible d'écouter sur 192.0.2.1" in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize("arguments", [["--port", "zéro"], ["--port", "0"], ["--workers", "0"], ["--nope"]])
def test_wrong_arguments_exit_with_2(arguments, capsys):
    assert main(arguments) == 2
    assert capsys.readouterr().out == ""


def test_help_exits_with_0_and_is_in_french(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "400")
    assert main(["--help"]) == 0
    out = capsys.readouterr().out
    for option in ["--host", "--port", "--workers", "--index"]:
        assert option in out
    for english in ["Address", "listen", "Processes", "Serve", "loopback", "built"]:
        assert english not in out
    for key in ["serve", "serve_host", "serve_port", "serve_workers", "option_index"]:
        assert message(f"cli.{key}") in out


@pytest.fixture
def unserved(monkeypatch):
    """Stop where the server would begin, and record what it would serve."""
    runs = []
    monkeypatch.setattr("api.__main__.run", lambda app, listener, workers=1: runs.append((app, workers)))
    monkeypatch.setattr(assistant.opening, "open_encoder", lambda name, **_: HashEncoder(name))
    monkeypatch.setenv("DEONTO_ENCODER", "hash")
    monkeypatch.setenv("DEONTO_PORT", "0")
    return runs


@pytest.mark.parametrize("workers", [1, 2])
def test_an_index_that_was_named_must_be_there(tmp_path, capsys, unserved, workers):
    missing = tmp_path / "nope"
    assert main(["--index", str(missing), "--workers", str(workers)]) == 1
    captured = capsys.readouterr()
    assert captured.err.startswith(f"Aucun index dans {missing}.")
    assert captured.out == ""
    assert list(tmp_path.iterdir()) == unserved == []


def test_the_default_index_is_built_when_it_is_missing(tmp_path, monkeypatch, unserved):
    monkeypatch.chdir(tmp_path)
    assert main([]) == 0
    assert (tmp_path / "var" / "index" / "manifest.json").is_file()
    monkeypatch.setenv("DEONTO_INDEX", str(tmp_path / "other"))
    assert main([]) == 0
    assert (tmp_path / "other" / "manifest.json").is_file()
    assert len(unserved) == 2


def test_an_index_that_was_named_is_served(small_path, unserved, monkeypatch):
    monkeypatch.setenv("DEONTO_INDEX", "")
    assert main(["--index", str(small_path)]) == 0
    assert main(["--index", str(small_path), "--workers", "2"]) == 0
    assert [workers for _, workers in unserved] == [1, 2]
    assert unserved[1][0] == FACTORY


def test_an_index_that_cannot_be_written_is_said(tmp_path, capsys, unserved, monkeypatch):
    (tmp_path / "file").write_text("x")
    monkeypatch.setenv("DEONTO_INDEX", str(tmp_path / "file" / "index"))
    assert main([]) == 1
    assert "un fichier se trouve là où il faudrait un dossier" in capsys.readouterr().err


def test_an_address_is_bound_and_named():
    with Address("127.0.0.1", 0).bind() as listener:
        port = listener.getsockname()[1]
        with pytest.raises(PortUnusable) as refused:
            Address("127.0.0.1", taken_by(listener)).bind()
        assert refused.value.in_use
    assert Address("127.0.0.1", port).url == f"http://127.0.0.1:{port}"
    assert Address("::1", 80).url == "http://[::1]:80"


def taken_by(listener):
    listener.listen()
    return listener.getsockname()[1]
