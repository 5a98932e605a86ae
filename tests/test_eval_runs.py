"""A set asked of an index and judged, kept in a folder, and read back: the same figures every time."""

import dataclasses
import json
import shutil

import pytest

from assistant.answering import Assistant
from corpus import load
from eval.answers import Given, IndexSource
from eval.errors import RunUnreadable
from eval.judging import Judge
from eval.models import Run
from eval.questions import read_questions
from eval.record import ABOUT, FIGURES, ROWS, read_run, write_run
from eval.runs import run
from indexes import build_index, read_index
from tests.fakes import HashEncoder
from tests.small_questions import write

ABOUT_RUN = {"name": "small", "target": "server"}


@pytest.fixture
def asked(tmp_path):
    return read_questions(str(write(tmp_path / "small.jsonl")))


@pytest.fixture
def judge(asked, small_folder):
    return Judge(asked.questions, small_folder)


@pytest.fixture(scope="module")
def alone(small_folder, tmp_path_factory):
    """The small documents without the sheets, which would outnumber them."""
    path = tmp_path_factory.mktemp("alone") / "index"
    build_index(load([small_folder], sheets=False), path, HashEncoder())
    return read_index(path, HashEncoder())


@pytest.fixture
def found(asked, judge, alone) -> Run:
    return run(asked, IndexSource(Assistant(alone)), judge, ABOUT_RUN)


class Broken:
    """Gives an error for every question."""

    def ask(self, question):
        return Given({"error": {"code": "http_500"}}, 1.0)

    def text(self, document_id):
        return None


def test_what_is_found_is_judged(found):
    rows = {row.id: row for row in found.rows}
    assert rows["q1"].values["recall@1"] == 1
    assert rows["q1"].passages[0].parts == (1,)
    assert rows["q2"].values["recall@10"] == 1, "both parts are among the ten"
    assert rows["q3"].became == "refused_rightly"
    assert rows["q4"].values["leaks"] == 0
    assert "[NIR]" in rows["q4"].question
    assert rows["q5"].values["kept"] == 1
    assert rows["q5"].became == "unjudged"
    assert found.value("quote_fidelity").value == 1
    assert found.value("recall@5").n == 3
    assert found.about["questions"] == 5


def test_sheets_are_set_apart_where_the_gold_is_in_documents(asked, judge, small_index):
    kept = run(asked, IndexSource(Assistant(small_index)), judge, ABOUT_RUN)
    assert not any(place.document_id.startswith("fiche:") for row in kept.rows[:2] for place in row.passages)
    everything = run(asked, IndexSource(Assistant(small_index)), judge, ABOUT_RUN, apart=False)
    assert any(place.document_id.startswith("fiche:") for row in everything.rows[:2] for place in row.passages)


def test_an_error_scores_zero_and_stays_in_the_mean(asked, judge):
    broken = run(asked, Broken(), judge, ABOUT_RUN)
    assert [row.became for row in broken.rows] == ["error"] * 5
    for measure in ("recall@5", "mrr@10", "citation_recall", "fact_coverage"):
        assert (broken.value(measure).n, broken.value(measure).value) == (3, 0)
    assert broken.value("error").value == 5
    assert broken.trusted.n == broken.answerable.n == 0
    assert all(row.missed for row in broken.rows)


def test_an_exception_of_the_assistant_is_an_error_that_says_nothing_of_the_question(asked):
    class Raises:
        def answer(self, question, **_):
            raise ValueError(question)

    given = IndexSource(Raises()).ask(asked.questions[0])
    assert given.answer == {"error": {"code": "ValueError"}}


def test_a_run_is_read_back_whole(found, tmp_path):
    write_run(found, tmp_path / "run")
    again = read_run(tmp_path / "run")
    assert again.rows == found.rows
    assert again.figures == found.figures
    assert (again.trusted, again.answerable) == (found.trusted, found.answerable)
    assert {**found.about, "format": 1} == again.about


def test_two_runs_give_the_same_figures(found, asked, judge, alone, tmp_path):
    write_run(found, tmp_path / "first")
    write_run(run(asked, IndexSource(Assistant(alone)), judge, ABOUT_RUN), tmp_path / "second")
    for name in (ROWS, FIGURES):
        assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "second" / name).read_bytes()


def test_what_was_hidden_is_in_no_file_of_a_run(found, tmp_path):
    write_run(found, tmp_path / "run")
    for path in (tmp_path / "run").iterdir():
        assert "451 089" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (n, c)
        for n in (ROWS, FIGURES, ABOUT)
        for c in (None, "", "[]", '{"format": 1}', "{", "null")
        if (n, c) != (ROWS, "")
    ],
)
def test_a_folder_that_holds_no_run_is_refused(found, tmp_path, name, content):
    write_run(found, tmp_path / "run")
    path = tmp_path / "run" / name
    if content is None:
        path.unlink()
    else:
        path.write_text(content)
    with pytest.raises(RunUnreadable) as caught:
        read_run(tmp_path / "run")
    assert caught.value.values["path"] == str(tmp_path / "run")
    shutil.rmtree(tmp_path / "run")


def test_a_run_of_another_version_is_refused(found, tmp_path):
    write_run(found, tmp_path / "run")
    about = json.loads((tmp_path / "run" / ABOUT).read_text())
    (tmp_path / "run" / ABOUT).write_text(json.dumps({**about, "format": 2}))
    with pytest.raises(RunUnreadable, match="version"):
        read_run(tmp_path / "run")


def test_what_became_of_a_question(found):
    row = found.rows[0]

    def became(answerable, outcome, **values):
        return dataclasses.replace(row, answerable=answerable, outcome=outcome, values=values).became

    assert became(True, "answered", cites_right=1.0) == "right"
    assert became(True, "answered", cites_right=0.0) == "beside"
    assert became(True, "clarification", cites_right=0.0) == "refused_wrongly"
    assert became(False, "answered") == "answered_wrongly"
    assert became(False, "refused") == "refused_rightly"
    assert became(True, "answered") == "unjudged"
    assert became(None, "answered") == "unjudged"
    assert became(True, "error") == "error"
