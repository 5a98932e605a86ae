"""``deonto serve``: the port is tried first, and every failure is a French sentence with the right exit code."""

import socket

import pytest

from api.__main__ import main
from api.serving import Address, PortUnusable


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


def test_an_address_that_is_not_ours_is_refused(capsys):
    assert main(["--host", "192.0.2.1", "--port", "8000"]) == 1
    assert "Impossible d'écouter sur 192.0.2.1" in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize("arguments", [["--port", "zéro"], ["--port", "0"], ["--workers", "0"], ["--nope"]])
def test_wrong_arguments_exit_with_2(arguments, capsys):
    assert main(arguments) == 2
    assert capsys.readouterr().out == ""


def test_help_exits_with_0(capsys):
    assert main(["--help"]) == 0
    out = capsys.readouterr().out
    for option in ["--host", "--port", "--workers", "--index"]:
        assert option in out


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
