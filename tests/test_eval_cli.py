"""``deonto eval``: every command from a terminal, its exit codes, and its French sentences."""

import json
import socket
import threading
import time
from pathlib import Path

import pytest
import uvicorn

import assistant.opening
from api.app import create_app
from assistant.answering import Assistant
from eval.__main__ import main
from eval.answers import ServerSource
from eval.errors import ServerUnreachable
from eval.questions import read_questions
from eval.record import read_run
from tests.fakes import HashEncoder
from tests.small_questions import ROWS, write

pytestmark = pytest.mark.usefixtures("quick")


@pytest.fixture
def quick(monkeypatch, tmp_path):
    """Run in an empty folder, with an encoder that needs no weights."""
    monkeypatch.setattr(assistant.opening, "open_encoder", lambda name, **_: HashEncoder(name))
    monkeypatch.setenv("DEONTO_ENCODER", "hash")
    monkeypatch.setenv("COLUMNS", "400")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def small_set(tmp_path):
    return write(tmp_path / "small.jsonl")


@pytest.fixture
def evaluate(capsys):
    """Run ``deonto eval`` and return its exit code, standard output and standard error."""

    def run(*arguments: object) -> tuple[int, str, str]:
        code = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        return code, captured.out, captured.err

    return run


@pytest.fixture
def measured(evaluate, small_set, small_folder):
    assert evaluate("run", "--data", small_set, "--documents", small_folder, "--output", "runs")[0] == 0
    return "runs/small"


# --- run


def test_a_run_is_told_and_kept(evaluate, small_set, small_folder):
    code, out, _ = evaluate("run", "--data", small_set, "--documents", small_folder)
    assert code == 0
    assert "small → var/eval/small" in out
    assert "recall@5" in out
    run = read_run(Path("var/eval/small"))
    assert run.about["documents"] == 4
    assert run.about["retrievers"] == ["lexical", "dense", "bank", "references"]
    assert run.value("recall@5").value == 1


def test_two_runs_of_the_command_give_the_same_figures(evaluate, small_set, small_folder, tmp_path):
    for name in ("one", "two"):
        evaluate("run", "--data", small_set, "--documents", small_folder, "--output", name)
    for file in ("rows.jsonl", "figures.json"):
        assert (tmp_path / "one/small" / file).read_bytes() == (tmp_path / "two/small" / file).read_bytes()


def test_an_index_that_is_there_may_be_evaluated_and_some_retrievers_left_out(
    evaluate, small_set, small_folder, small_path, monkeypatch
):
    monkeypatch.setenv("DEONTO_ENCODER", HashEncoder().name)
    code, _, err = evaluate(
        "run", "--data", small_set, "--documents", small_folder, "--index", small_path, "--retrievers", "lexical"
    )
    assert (code, err) == (0, "")
    run = read_run(Path("var/eval/small"))
    assert run.about["retrievers"] == ["lexical"]
    assert run.about["documents"] > 4, "the index holds the sheets too"
    assert evaluate("run", "--data", small_set, "--index", "nowhere", "--documents", small_folder)[0] == 1


def test_a_set_whose_documents_are_absent_is_skipped_unless_it_was_named(evaluate):
    code, out, err = evaluate("run")
    assert code == 0
    assert "Jeu « development » laissé de côté" in err
    assert "sheets → var/eval/sheets" in out
    code, _, err = evaluate("run", "--data", "development")
    assert code == 1
    assert "est introuvable" in err
    assert "--documents" in err


def test_documents_of_another_version_are_named(evaluate, small_set, small_folder, tmp_path):
    rows = [{**ROWS[0], "gold": [{**ROWS[0]["gold"][0], "start": 40, "end": 90}]}]
    moved = write(tmp_path / "moved.jsonl", rows)
    code, _, err = evaluate("run", "--data", moved, "--documents", small_folder)
    assert code == 1
    assert "Question de la ligne 1 : le document accueil.md" in err


def test_a_line_that_is_malformed_is_named(evaluate, tmp_path):
    (tmp_path / "bad.jsonl").write_text('{"id": "a", "question": "b"}\n\n{"id": "c"}\n', encoding="utf-8")
    code, _, err = evaluate("run", "--data", "bad.jsonl")
    assert code == 1
    assert "bad.jsonl, ligne 3 : « question » doit être un texte non vide." in err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["run", "--index", "a", "--server", "http://127.0.0.1:1"],
        ["run", "--retrievers", "magic"],
        ["run", "--documents", "nowhere"],
        ["compare", "one"],
        ["compare", "colour=blue", "retrievers=lexical"],
        ["prepare", "excel", "a.xls", "--output", "b"],
        ["prepare", "csv", "a.csv"],
        ["gate", "--nope"],
    ],
)
def test_wrong_arguments_exit_with_2(evaluate, arguments):
    assert evaluate(*arguments)[0] == 2


@pytest.mark.parametrize("name", ["run", "compare", "report", "gate", "prepare"])
def test_help_is_in_french(evaluate, name):
    code, out, _ = evaluate(name, "--help")
    assert code == 0
    assert not {"Ask", "Compare", "Write", "Hold", "Turn"} & set(out.split())


# --- a running server


@pytest.fixture
def server(small_index):
    """The API over the small index, on a free port of this machine."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(create_app(Assistant(small_index)), log_config=None, lifespan="off")
        running = uvicorn.Server(config)
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not running.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        running.should_exit = True
        thread.join(10)


def test_a_running_server_gives_what_the_index_gives(
    evaluate, server, small_set, small_folder, small_path, monkeypatch
):
    monkeypatch.setenv("DEONTO_ENCODER", HashEncoder().name)
    common = ("run", "--data", small_set, "--documents", small_folder)
    assert evaluate(*common, "--server", server, "--output", "served")[0] == 0
    assert evaluate(*common, "--index", small_path, "--output", "loaded")[0] == 0
    served, loaded = (read_run(Path(name) / "small") for name in ("served", "loaded"))
    assert served.rows == loaded.rows
    assert served.figures == loaded.figures
    assert served.about["target"] == "server"


def test_a_question_that_the_server_refuses_to_take_is_an_error_of_its_own(server, small_set):
    asked = read_questions(str(small_set)).questions[0]
    source = ServerSource(server + "/nowhere/..")
    assert source.ask(asked).answer["error"]["code"].startswith("http_4")
    assert source.text("no such document") is None


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "file:///etc/passwd", "127.0.0.1:8000", "ftp://127.0.0.1"])
def test_a_server_that_is_not_there_is_said(evaluate, small_set, small_folder, url):
    code, _, err = evaluate("run", "--data", small_set, "--documents", small_folder, "--server", url)
    assert code == 1
    assert "ne répond pas comme attendu" in err


def test_something_else_than_our_server_is_refused():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()

        def answer():
            with listener.accept()[0] as connection:
                connection.recv(4096)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(ServerUnreachable):
            ServerSource(f"http://127.0.0.1:{listener.getsockname()[1]}")
        thread.join()


# --- compare and report


def test_runs_are_compared_and_reported(evaluate, measured, small_set, small_folder):
    options = ("--data", small_set, "--documents", small_folder, "--output", "other")
    assert evaluate("run", *options, "--retrievers", "dense")[0] == 0
    code, out, err = evaluate("compare", measured, "other/small")
    assert code == 0
    assert "mrr@10" in out
    assert "question(s) gagnée(s)" in out
    assert "De « runs/small » à « other/small »" in err
    page = Path("var/eval/comparison/report.html").read_text(encoding="utf-8")
    assert "De « runs/small » à « other/small »" in page
    code, out, _ = evaluate("report", measured, "other/small", "--output", "made")
    assert (code, out.split()) == (0, [f"made/report.{suffix}" for suffix in ("html", "md", "json")])


def test_configurations_are_run_and_compared(evaluate, small_set, small_folder):
    code, out, _ = evaluate(
        "compare", "retrievers=lexical", "retrievers=lexical,bank sheets=yes",
        "--data", small_set, "--documents", small_folder,
    )  # fmt: skip
    assert code == 0
    assert "recall@5" in out


def test_nothing_is_chosen_on_the_test_part(evaluate, small_folder):
    code, _, err = evaluate("compare", "retrievers=lexical", "retrievers=bank", "--data", "test")
    assert code == 1
    assert "ne sert qu'à mesurer" in err


def test_a_run_that_is_not_there_is_said(evaluate):
    code, _, err = evaluate("report", "nowhere")
    assert code == 1
    assert "deonto eval run" in err


# --- gate


def test_a_gate_passes_then_fails_when_a_change_makes_retrieval_worse(
    evaluate, measured, small_set, small_folder, tmp_path
):
    """The same command that CI runs: good figures pass, a regression exits with 1 and names what fell."""
    (tmp_path / "gate.toml").write_text(
        '[small]\n"recall@5" = { min = 0.99 }\n"error" = { max = 0 }\n', encoding="utf-8"
    )
    code, out, _ = evaluate("gate", "--thresholds", "gate.toml", "--run", measured)
    assert code == 0
    assert out.count("tenu") == 2
    # The regression: the assistant loses its lexical search and the bank, and hashes know nothing of meaning.
    options = ("--data", small_set, "--documents", small_folder, "--output", "worse")
    evaluate("run", *options, "--retrievers", "references")
    code, out, err = evaluate("gate", "--thresholds", "gate.toml", "--run", "worse/small")
    assert code == 1
    assert "MANQUÉ small : recall@5 (all) 0" in out
    assert "1 manqué(s)" in err


def test_a_gate_that_judges_nothing_fails(evaluate, measured, tmp_path):
    (tmp_path / "gate.toml").write_text('[development]\n"recall@5" = { min = 0.5 }\n', encoding="utf-8")
    assert evaluate("gate", "--thresholds", "gate.toml", "--run", measured)[0] == 1
    code, _, err = evaluate("gate", "--thresholds", "gate.toml")
    assert code == 1
    assert "laissé de côté" in err


def test_a_gate_runs_the_sets_it_speaks_of(evaluate, tmp_path):
    (tmp_path / "gate.toml").write_text('[sheets]\n"quote_fidelity" = { min = 1 }\n', encoding="utf-8")
    code, out, _ = evaluate("gate", "--thresholds", "gate.toml")
    assert code == 0
    assert "tenu   sheets : quote_fidelity (all) 1 ≥ 1" in out


# --- prepare


def test_a_table_of_ones_own_is_prepared_and_run(evaluate, tmp_path):
    asked, told = "qui a la clef de l'armoire du cabinet ?", "Seuls les associés ont la clef de l'armoire."
    lines = f"question;answer;facts\n{asked};{told};les associés\n"
    (tmp_path / "mine.csv").write_text(lines, encoding="utf-8")
    assert evaluate("prepare", "csv", "mine.csv", "--output", "made")[0] == 0
    assert json.loads((tmp_path / "made/questions.jsonl").read_text(encoding="utf-8"))["answerable"] is True
    assert evaluate("run", "--data", "made/questions.jsonl", "--documents", "made/documents")[0] == 0
    assert evaluate("run", "--data", "csv:mine.csv", "--output", "direct")[0] == 0
    assert read_run(tmp_path / "direct/csv").value("recall@1").value == 1


def test_a_table_without_answers_is_asked_of_the_documents_given_and_of_the_sheets(evaluate, small_folder, tmp_path):
    (tmp_path / "mine.csv").write_text("question\nqui a la clef de l'armoire du cabinet ?\n", encoding="utf-8")
    code, out, _ = evaluate("run", "--data", "csv:mine.csv", "--documents", small_folder)
    assert code == 0
    assert "recall" not in out
    assert read_run(tmp_path / "var/eval/csv").about["documents"] > 20


def test_a_source_that_is_not_of_the_form_is_said(evaluate, tmp_path):
    (tmp_path / "cnil.json").write_text("[]", encoding="utf-8")
    code, _, err = evaluate("prepare", "cnil", "cnil.json", "--output", "made")
    assert code == 1
    assert "cnil.json, ligne 1" in err
    assert evaluate("prepare", "cnil", "nowhere.json", "--output", "made")[0] == 1
