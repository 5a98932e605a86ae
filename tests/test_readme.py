"""The README's promises that a program can keep: settings, commands, routes, files."""

import re
import shlex
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from api.app import create_app
from assistant.__main__ import app as command
from assistant.settings import Settings
from tests.fake_assistant import FakeAssistant

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
EVALUATION = (ROOT / "docs" / "evaluation.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^(deonto [^#\n]+)", README + EVALUATION, re.MULTILINE)


def test_every_setting_of_the_table_is_read_and_every_setting_is_in_the_table() -> None:
    table = dict(re.findall(r"^\| `(DEONTO_\w+)` \| ([^|]+) \|", README, re.MULTILINE))
    unset = Settings()
    defaults = {f"DEONTO_{name.upper()}": getattr(unset, name) for name in Settings.__dataclass_fields__}
    assert set(table) == set(defaults)
    for name, default in defaults.items():
        assert table[name].strip() == (f"`{default}`" if default else "none")


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_and_option_of_the_readme_exists(line: str) -> None:
    words = shlex.split(line)[1:]
    depth = 2 if words[0] in {"index", "eval", "corpus"} else 1
    if words[0] == "serve":
        return  # its help starts the API package; tests/test_api_serving.py runs it
    shown = CliRunner().invoke(command, [*words[:depth], "--help"], env={"COLUMNS": "200"})
    assert shown.exit_code == 0
    for option in (w for w in words[depth:] if w.startswith("-")):
        assert option in shown.output


def test_every_route_of_the_readme_is_served() -> None:
    served = TestClient(create_app(FakeAssistant())).get("/openapi.json").json()["paths"]
    section = README[README.index("## HTTP") : README.index("## llama-index")]
    named = set(re.findall(r"(/(?:v1|health)/[\w/]+)", section))
    assert named
    assert all(any(path == name or path.startswith(f"{name}/") for path in served) for name in named)


def test_every_file_the_documents_name_exists() -> None:
    for page in ("README.md", "CONTRIBUTING.md", "docs/evaluation.md"):
        text = (ROOT / page).read_text(encoding="utf-8")
        for name in re.findall(r"`((?:docs|tests|eval|indexes|assistant|\.ci)/[\w./]*\w)`", text):
            assert (ROOT / name).exists(), f"{page} names {name}"
