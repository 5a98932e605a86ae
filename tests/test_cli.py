"""Asking and searching from the command line: exit codes, pure JSON, French sentences, never a traceback."""

import errno
import json
import os
from dataclasses import replace

import pytest

from assistant.commands.printing import print_answer
from assistant.messages import message
from corpus.precedents import load_precedents
from corpus.sheets import load_sheets
from tests.command import QUESTION, REFUSED, parsed, quick, run
from tests.fake_assistant import ANSWERED

__all__ = ["quick"]

SHIPPED = len(list(load_sheets())) + len(list(load_precedents()))
pytestmark = pytest.mark.usefixtures("quick")


@pytest.fixture
def index(small_path):
    return small_path


# --- ask


def test_ask_prints_the_answer_and_its_sources(index):
    result = run("ask", "--index", index, QUESTION)
    assert result.stdout.startswith("« ")
    assert "\n[1] " in result.stdout
    assert result.stderr == ""


def test_ask_as_json_prints_json_and_nothing_else(index):
    answer = parsed(run("ask", "--index", index, "--json", QUESTION))
    assert answer["outcome"] == "answered"
    assert answer["question"] == QUESTION
    assert "é" in run("ask", "--index", index, "--json", QUESTION).stdout


def test_a_refusal_is_no_error_and_shows_leads(index):
    result = run("ask", "--index", index, "En Suisse, combien coûte la plaque d'un médecin ?")
    assert result.stdout.startswith("Les documents dont je dispose")
    assert result.stdout.count("\n- ") == 3
    assert parsed(run("ask", "--index", index, "--json", ""))["reason"] == "empty"
    assert parsed(run("ask", "--index", index, "--json", "x" * 4_001))["reason"] == "too_long"


def test_what_came_of_a_model_is_said_on_stderr(capsys):
    print_answer(replace(ANSWERED, notice=message("model.unavailable"), redactions=()))
    captured = capsys.readouterr()
    assert captured.err == "Le modèle de langue n'a pas répondu : la réponse est faite d'extraits.\n"
    assert captured.out.startswith(ANSWERED.answer)
    print_answer(replace(ANSWERED, redactions=()))
    assert capsys.readouterr().err == ""


def test_a_question_without_quotes_is_one_question(index):
    assert parsed(run("ask", "--index", index, "--json", *QUESTION.split()))["question"] == QUESTION


def test_what_is_hidden_is_said_on_stderr_without_repeating_it(index):
    result = run("ask", "--index", index, f"{QUESTION} 1841276451089")
    assert result.stderr == "Une donnée identifiante a été masquée : [NIR]\n"
    assert "1841276451089" not in result.output


def test_the_index_may_be_named_by_the_environment(index, monkeypatch):
    monkeypatch.setenv("DEONTO_INDEX", str(index))
    assert parsed(run("ask", "--json", QUESTION))["outcome"] == "answered"
    assert parsed(run("index", "info", "--json"))["path"] == str(index)


def test_ask_without_an_index_builds_the_default_one(tmp_path, monkeypatch, small_folder):
    monkeypatch.setenv("DEONTO_DOCUMENTS", str(small_folder))
    assert (
        parsed(run("ask", "--json", "armoire ignifugée dont les associés ont la clef"))["passages"][0]["document_id"]
        == "archives"
    )
    assert (tmp_path / "var" / "index" / "manifest.json").is_file()
    built = parsed(run("index", "info", "--json"))
    assert built["documents"] == SHIPPED + 4
    run("ask", QUESTION)
    assert parsed(run("index", "info", "--json")) == built


@pytest.mark.parametrize("names", ["lexical", "dense", "bank", "references", "lexical,bank", " lexical , dense "])
def test_some_retrievers(index, names):
    answer = parsed(run("ask", "--index", index, "--json", "--retrievers", names, QUESTION))
    assert len(answer["passages"]) == 0 if names == "references" else answer["passages"]


def test_an_unknown_retriever_is_a_wrong_argument_found_before_any_build(tmp_path):
    result = run("ask", "--retrievers", "lexical,nope", QUESTION, code=2)
    assert (
        "Moteur de recherche inconnu : nope. Moteurs disponibles : lexical, dense, bank, references." in result.stderr
    )
    assert result.stdout == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "args",
    [
        (),
        ("--batch", "in.jsonl"),
        ("--output", "out.jsonl", QUESTION),
        ("--batch", "in.jsonl", "--output", "out.jsonl", QUESTION),
        ("--batch", "nope.jsonl", "--output", "out.jsonl"),
        ("--nope", QUESTION),
    ],
)
def test_wrong_arguments_of_ask(index, tmp_path, args):
    (tmp_path / "in.jsonl").write_text("")
    result = run("ask", "--index", index, *args, code=2)
    assert result.stdout == ""
    assert QUESTION not in result.stderr


# --- batch


def test_batch(index, tmp_path):
    rows = [{"id": "a", "question": QUESTION}, {"id": "b", "question": REFUSED}]
    (tmp_path / "in.jsonl").write_text("\n".join(map(json.dumps, rows)))
    result = run("ask", "--index", index, "--batch", "in.jsonl", "--output", "out.jsonl")
    answers = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [(a["id"], a["outcome"]) for a in answers] == [("a", "answered"), ("b", "refused")]
    assert result.stdout == ""
    assert result.stderr == "2 ligne(s), dont 0 en erreur ; réponses dans out.jsonl\n"


def test_batch_with_a_bad_line(index, tmp_path):
    (tmp_path / "in.jsonl").write_text(json.dumps({"id": "a", "question": QUESTION}) + "\n{\n")
    result = run("ask", "--index", index, "--batch", "in.jsonl", "--output", "out.jsonl", code=1)
    assert "2 ligne(s), dont 1 en erreur" in result.stderr
    assert len((tmp_path / "out.jsonl").read_text().splitlines()) == 2


@pytest.mark.parametrize("output", ["nope/out.jsonl", "."])
def test_batch_that_cannot_be_written(index, tmp_path, output):
    (tmp_path / "in.jsonl").write_text(json.dumps({"question": QUESTION}))
    result = run("ask", "--index", index, "--batch", "in.jsonl", "--output", output, code=1)
    assert "Impossible de lire ou d'écrire" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


@pytest.mark.parametrize("link", [None, "symlink_to", "hardlink_to"])
def test_batch_into_its_own_questions_is_refused(index, tmp_path, link):
    asked = json.dumps({"question": QUESTION})
    (tmp_path / "in.jsonl").write_text(asked)
    output = tmp_path / "in.jsonl"
    if link:
        output = tmp_path / "link.jsonl"
        getattr(output, link)(tmp_path / "in.jsonl")
    result = run("ask", "--index", index, "--batch", "in.jsonl", "--output", output, code=2)
    assert "est le fichier de questions lui-même" in result.stderr
    assert (tmp_path / "in.jsonl").read_text() == output.read_text() == asked


def test_batch_into_a_device_would_replace_it_and_is_refused(index, tmp_path):
    (tmp_path / "in.jsonl").write_text("")
    os.mkfifo(tmp_path / "pipe")
    result = run("ask", "--index", index, "--batch", "in.jsonl", "--output", "pipe", code=2)
    assert "pipe n'est pas un fichier" in result.stderr
    assert (tmp_path / "pipe").is_fifo()


def test_a_disk_that_is_full_is_said_in_french(index, tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    (tmp_path / "in.jsonl").write_text(json.dumps({"question": QUESTION}))
    monkeypatch.setattr("assistant.batch.dataclasses.asdict", full)
    monkeypatch.setattr("assistant.batch._answers", full)
    result = run("ask", "--index", index, "--batch", "in.jsonl", "--output", "out.jsonl", code=1)
    assert result.stderr == "Impossible de lire ou d'écrire out.jsonl (plus de place sur le disque).\n"
    monkeypatch.setattr("assistant.answering.Assistant.answer", full)
    result = run("ask", "--index", index, QUESTION, code=1)
    assert result.stderr == "Le système a refusé une opération (plus de place sur le disque).\n"


# --- search


def test_search(index):
    found = parsed(run("search", "--index", index, "--json", "-k", "2", "réquisition gendarmerie"))["passages"]
    assert [passage["rank"] for passage in found] == [1, 2]
    text = run("search", "--index", index, "-k", "1", "armoire", "ignifugée").stdout
    assert text.startswith("1. ")
    assert "armoire ignifugée" in text


def test_search_with_filters(index):
    def documents(*args):
        found = parsed(run("search", "--index", index, "--json", "-k", "50", *args, "armoire du cabinet"))["passages"]
        return {passage["document_id"] for passage in found}

    everything = documents()
    sheets = documents("--kind", "sheet")
    assert all(name.startswith("fiche:") for name in sheets)
    assert all(name.startswith("decision:") for name in documents("--kind", "precedent"))
    assert everything - sheets
    assert documents("--kind", "report") == set()
    assert 0 < len(documents("--article", "R. 4127-4")) < len(everything)
    assert all(name.startswith("decision:cass") for name in documents("--court", "Cour de cassation"))
    assert all(":" in name for name in documents("--from", "2000", "--to", "2100-01-01"))
    assert documents("--to", "1880") == set()


@pytest.mark.parametrize(
    "args",
    [
        ("--kind", "nope"),
        ("--from", "hier"),
        ("--to", "01/02/2024"),
        ("--from", "2024-1"),
        ("--from", "2024-13"),
        ("--from", "2024-13-45"),
        ("--to", "2023-02-29"),
        ("--to", "0000"),
        ("--to", "٢٠٢٤"),
        ("--from", "2024", "--to", "2023"),
        ("--from", "2024-05", "--to", "2024-04-30"),
        ("--from", "2024-05-02", "--to", "2024-05-01"),
        ("-k", "0"),
        ("-k", "51"),
        ("-k", "dix"),
        ("--retrievers", "nope"),
    ],
)
def test_wrong_arguments_of_search(index, args):
    assert run("search", "--index", index, *args, "patient", code=2).stdout == ""
    run("search", "--index", index, code=2)


@pytest.mark.parametrize(
    "args",
    [
        ("--from", "2024", "--to", "2024"),
        ("--from", "2024-05", "--to", "2024"),
        ("--from", "2024", "--to", "2024-01-01"),
        ("--from", "2024-02-29", "--to", "2024-02"),
    ],
)
def test_dates_that_meet_are_no_mistake(index, args):
    run("search", "--index", index, *args, "patient")


def test_reversed_dates_are_said(index):
    result = run("search", "--index", index, "--from", "2024", "--to", "2023-12", "patient", code=2)
    assert "--from est après --to" in result.stderr


def test_search_of_nothing(index):
    assert parsed(run("search", "--index", index, "--json", "… ☎")) == {"passages": []}
    result = run("search", "--index", index, "…")
    assert (result.stdout, result.stderr) == ("", "Aucun passage ne correspond.\n")
    assert run("search", "--index", index, "patient").stderr == ""
