"""``deonto index build --expand``: wordings by a configured model, and an index whatever becomes of it."""

import json

import pytest

from assistant.answering import Assistant
from assistant.expanding import FILE
from assistant.explaining import explain
from assistant.retrieval import Retrieval
from assistant.understanding import understand
from corpus.questions import load_wordings
from indexes import read_index
from tests.command import parsed, quick, run
from tests.fakes import HashEncoder
from tests.model_server import CUT, FAIL, WORDINGS, model_server

__all__ = ["model_server", "quick"]

pytestmark = pytest.mark.usefixtures("quick")
WORDED = [line.split(". ", 1)[1] for line in WORDINGS.splitlines()]
TEXT = (
    "Le cabinet range ses registres de visites dans une armoire bleue, au fond du couloir, et le tableau des gardes "
    "sur le mur d'en face ; le secrétariat en tient la liste."
)


@pytest.fixture
def configured(monkeypatch, model_server):
    monkeypatch.setenv("DEONTO_MODEL_URL", model_server.url)
    monkeypatch.setenv("DEONTO_MODEL", "essai-7b")
    return model_server


@pytest.fixture(autouse=True)
def documents(tmp_path):
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "armoire.txt").write_text(TEXT, encoding="utf-8")


def build(*args, code=0):
    return run("index", "build", "--documents", "documents", "--output", "made", *args, code=code)


def machine_file(tmp_path, folder="var/questions"):
    return tmp_path / folder / FILE


def test_wordings_find_their_passage_and_are_shown_as_written_by_a_machine(configured, tmp_path):
    result = build("--expand", "--no-sheets")
    assert result.stdout == ""
    assert "Formulations écrites par essai-7b : 1 passage(s) ; rien à demander : 0 ; échecs : 0." in result.stderr
    assert "Elles sont marquées dans var/questions/machine.jsonl." in result.stderr
    assert [entry.machine for entry in load_wordings(tmp_path / "var" / "questions")] == ["essai-7b"]
    index = read_index(tmp_path / "made", HashEncoder("hash"))
    assert (index.manifest.wordings, len(index.wordings)) == (2, 2)
    (passage,) = index.library.passages
    for question in WORDED:
        assert [hit.passage_id for hit in index.wordings.search(question, 3)] == [passage.id]
        assert [hit.passage_id for hit in index.bank.search(question, 3)] == [passage.id]
        nearest = index.wordings.nearest(question, [passage.id])[passage.id]
        assert (nearest.text, nearest.machine) == (question, True)
    asked = ("ask", "--index", "made", WORDED[0])
    explained = parsed(run(*asked, "--json", "--explain"))["explain"]["passages"][0]
    assert explained["wording"] == {"text": WORDED[0], "machine": True}
    assert f"(écrite par un modèle) : « {WORDED[0]} »" in run(*asked, "--explain").stdout


def test_a_wording_that_people_wrote_too_is_theirs(configured, tmp_path, monkeypatch):
    monkeypatch.setenv("DEONTO_QUESTIONS", str(tmp_path / "mine"))
    build("--expand", "--no-sheets")
    row = json.loads(machine_file(tmp_path, "mine").read_text(encoding="utf-8"))
    del row["machine"]
    row["questions"] = WORDED[:1]
    (tmp_path / "mine" / "people.jsonl").write_text(json.dumps(row), encoding="utf-8")
    build("--no-sheets")
    index = read_index(tmp_path / "made", HashEncoder("hash"))
    (passage,) = index.library.passages
    flags = [index.wordings.nearest(question, [passage.id])[passage.id].machine for question in WORDED]
    assert flags == [False, True]


def test_a_second_build_asks_nothing_again(configured, tmp_path):
    build("--expand", "--no-sheets")
    before, asked = machine_file(tmp_path).read_text(encoding="utf-8"), len(configured.asked)
    assert "Formulations écrites par essai-7b : 0 passage(s)" in build("--expand", "--no-sheets").stderr
    assert len(configured.asked) == asked == 1
    assert machine_file(tmp_path).read_text(encoding="utf-8") == before


def test_the_shipped_sheets_are_not_sent(configured):
    build("--expand")
    assert [asked.passage for asked in configured.asked] == [TEXT]


def test_without_the_option_nothing_is_asked(configured, tmp_path):
    build("--no-sheets")
    assert configured.asked == []
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize("said", [FAIL, CUT])
def test_a_model_that_fails_leaves_an_index(configured, tmp_path, said):
    for n in range(4):
        (tmp_path / "documents" / f"n{n}.txt").write_text(f"Note numéro {n}. {TEXT}", encoding="utf-8")
    configured.script = [WORDINGS, said]
    result = build("--expand", "--no-sheets")
    assert "Le modèle de langue n'a pas répondu (" in result.stderr
    assert "l'index est construit avec les formulations déjà écrites" in result.stderr
    assert len(configured.prompts) == 4
    assert parsed(run("index", "info", "--index", "made", "--json"))["wordings"] == len(WORDED)


def test_failures_in_between_are_counted(configured, tmp_path):
    (tmp_path / "documents" / "n.txt").write_text(f"Une note. {TEXT}", encoding="utf-8")
    configured.script = [FAIL, "RIEN"]
    said = "essai-7b : 0 passage(s) ; rien à demander : 1 ; échecs : 1."
    assert said in build("--expand", "--no-sheets").stderr


@pytest.mark.parametrize("given", [{}, {"DEONTO_MODEL": "essai-7b"}, {"DEONTO_MODEL_URL": "http://127.0.0.1:9/v1"}])
def test_no_model_is_a_french_error_before_anything_is_read(tmp_path, monkeypatch, given):
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("assistant.opening.load", lambda *_, **__: pytest.fail("documents were read"))
    result = build("--expand", code=1)
    assert result.stderr.startswith("Aucun modèle de langue n'est configuré : donnez DEONTO_MODEL_URL et DEONTO_MODEL")
    assert result.stderr.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["documents"]


def test_a_damaged_line_of_wordings_is_named(configured, tmp_path):
    machine_file(tmp_path).parent.mkdir(parents=True)
    machine_file(tmp_path).write_text("{", encoding="utf-8")
    for args in (("--expand",), ()):
        assert "machine.jsonl, ligne 1 : " in build("--no-sheets", *args, code=1).stderr
    assert not (tmp_path / "made").exists()


def test_a_folder_of_wordings_that_cannot_be_written_is_said(configured, tmp_path):
    (tmp_path / "var").write_text("a file", encoding="utf-8")
    assert "Impossible de lire ou d'écrire var" in build("--expand", "--no-sheets", code=1).stderr
    assert configured.asked == []


def test_explaining_without_the_bank_shows_no_wording(configured, tmp_path):
    build("--expand", "--no-sheets")
    index = read_index(tmp_path / "made", HashEncoder("hash"))
    answer = Assistant(index).answer(WORDED[0])
    shown = explain(answer, understand(WORDED[0]), Retrieval(index, ["lexical", "dense"]))
    assert [trace.wording for trace in shown.passages] == [None]
