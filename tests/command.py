"""Runs the command line inside the test's own process, in an empty folder, with an encoder that needs no weights."""

import json

import pytest
from click.testing import Result
from typer.testing import CliRunner

import assistant.opening
from assistant.__main__ import app
from tests.fakes import HashEncoder

QUESTION = "secret médical et mineur dont les parents sont divorcés"
REFUSED = "recette du clafoutis aux cerises"


@pytest.fixture
def quick(monkeypatch, tmp_path):
    """Run in an empty folder, with ``HashEncoder`` under the name that is configured."""
    monkeypatch.setattr(assistant.opening, "open_encoder", lambda name, **_: HashEncoder(name))
    monkeypatch.setenv("DEONTO_ENCODER", "hash")
    monkeypatch.setenv("COLUMNS", "400")
    monkeypatch.chdir(tmp_path)


def run(*args: object, code: int = 0, typed: str | None = None) -> Result:
    """Run a command that must end with this exit code and without a traceback; ``typed`` is its standard input."""
    result = CliRunner().invoke(app, [str(arg) for arg in args], input=typed)
    assert result.exit_code == code, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.output
    return result


def parsed(result: Result):
    """Return what a command printed with ``--json``; it must have printed nothing else."""
    assert result.stderr == ""
    return json.loads(result.stdout)
