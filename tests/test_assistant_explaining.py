"""What stands behind an answer: words, references, scores of each retriever, the nearest wording and who wrote it."""

import dataclasses
import json
import re

import pytest

from assistant.answering import Assistant
from assistant.models import Filters
from assistant.refusal import calibrations
from assistant.retrieval import Retrieval
from assistant.understanding import understand
from assistant.weighing import FEATURES, features
from corpus import load
from corpus.questions import Wordings
from indexes import build_index, read_index
from tests.command import QUESTION, REFUSED, parsed, quick, run
from tests.fakes import HashEncoder

__all__ = ["quick"]

OF_PEOPLE = "où dorment les vieux cartons ?"
OF_A_MODEL = "qui peut ouvrir le meuble ignifugé ?"


@pytest.fixture(scope="module")
def worded(small_folder, tmp_path_factory):
    """The small documents without our sheets: one has two wordings of people and one of a model."""
    path = tmp_path_factory.mktemp("worded") / "index"
    corpus = load([small_folder], sheets=False)
    bank = [
        Wordings("archives", (OF_PEOPLE, "le cabinet ferme, que deviennent les papiers ?")),
        Wordings("archives", (OF_A_MODEL,), machine="some-model"),
    ]
    build_index(corpus, path, HashEncoder(), wordings=bank)
    return Assistant(read_index(path, HashEncoder()))


def traces(assistant, question, **filters):
    answer = assistant.answer(question, filters=Filters(**filters) if filters else None)
    explanation = assistant.explain(answer, filters=Filters(**filters) if filters else None)
    assert [(t.passage_id, t.rank, t.score) for t in explanation.passages] == [
        (p.passage_id, p.rank, p.score) for p in answer.passages
    ]
    return answer, explanation


def test_the_words_searched_and_what_they_stand_for(worded):
    _, explanation = traces(worded, "les flics veulent l'armoire")
    assert explanation.words == ("flic", "armoir")
    assert "polic" in explanation.expanded
    assert not set(explanation.words) & set(explanation.expanded)
    assert len(set(explanation.expanded)) == len(explanation.expanded)


def test_a_slip_of_typing_is_shown_as_it_was_understood(worded):
    assert traces(worded, "une amroire")[1].words == ("armoir",)


def test_the_references_understood(worded):
    question = "article R. 4127-4, et l'affaire Dupuis-Martel"
    _, explanation = traces(worded, question)
    expected = [reference.article or reference.case for reference in understand(question).references]
    assert list(explanation.references) == expected
    assert "R4127-4" in expected
    assert len(expected) == 2


def test_the_score_of_each_retriever_is_its_own(worded):
    _, explanation = traces(worded, OF_A_MODEL)
    for name in ("lexical", "dense", "bank", "wordings", "references"):
        hits = {hit.passage_id: hit.score for hit in getattr(worded.index, name).search(OF_A_MODEL, 50)}
        for trace in explanation.passages:
            assert trace.scores[name] == round(hits.get(trace.passage_id, 0.0), 4)
    assert max(trace.scores["wordings"] for trace in explanation.passages) > 0
    assert {trace.scores["references"] for trace in explanation.passages} == {0.0}


@pytest.mark.parametrize(
    ("question", "text", "machine"),
    [(OF_PEOPLE, OF_PEOPLE, False), ("où sont les vieux cartons", OF_PEOPLE, False), (OF_A_MODEL, OF_A_MODEL, True)],
)
def test_the_nearest_wording_and_who_wrote_it(worded, question, text, machine):
    _, explanation = traces(worded, question)
    by_document = {trace.passage_id.split(":")[0]: trace for trace in explanation.passages}
    wording = by_document["archives"].wording
    assert wording is not None
    assert (wording.text, wording.machine) == (text, machine)


def test_a_passage_without_wordings_has_none(worded):
    _, explanation = traces(worded, "garder le silence sur ce qu'un patient confie")
    assert any(trace.wording is None for trace in explanation.passages)


def test_without_the_bank_no_wording_is_shown(small_index):
    assistant = Assistant(small_index, ("lexical",))
    _, explanation = traces(assistant, QUESTION)
    assert {tuple(trace.scores) for trace in explanation.passages} == {("lexical",)}
    assert all(trace.wording is None for trace in explanation.passages)


def test_the_figures_are_those_that_were_weighed(small_index):
    assistant = Assistant(small_index)
    answer, explanation = traces(assistant, QUESTION)
    understood = understand(QUESTION)
    found = features(understood, Retrieval(small_index).find(understood), small_index)
    assert explanation.figures == {name: round(value, 4) for name, value in found.items()}
    assert explanation.confidence == answer.confidence >= explanation.threshold
    assert explanation.threshold == calibrations()["sheets"].threshold
    fitted = calibrations()["sheets"]
    assert fitted.confidence(explanation.figures) == pytest.approx(answer.confidence, abs=0.01)


def test_a_refusal_is_explained_with_what_was_not_enough(small_index):
    answer, explanation = traces(Assistant(small_index), REFUSED)
    assert answer.outcome == "refused"
    assert explanation.confidence == answer.confidence < explanation.threshold
    assert set(explanation.figures) == {figure for names in FEATURES.values() for figure in names}


def test_a_filtered_answer_is_explained_with_its_filters(small_index):
    """Without them the best passage, and so the figures and the threshold, would be those of another search."""
    assistant = Assistant(small_index)
    answer, explanation = traces(assistant, QUESTION, kind="document")
    assert not any(":" in passage.document_id for passage in answer.passages)
    assert explanation.threshold == calibrations()["unasked"].threshold
    fitted = calibrations()["unasked"]
    assert fitted.confidence(explanation.figures) == pytest.approx(answer.confidence, abs=0.01)
    assert all(trace.scores["dense"] for trace in explanation.passages)


@pytest.mark.parametrize("question", ["", "… ?", "x" * 4_001, "le la les", "zygomorphe", "article R. 4127-999"])
def test_whatever_was_asked_can_be_explained(small_index, question):
    answer, explanation = traces(Assistant(small_index), question)
    assert explanation.confidence == answer.confidence
    json.dumps(dataclasses.asdict(explanation))


def test_a_follow_up_is_explained_with_its_topic(worded):
    turns = ["une armoire ignifugée"]
    answer = worded.answer("et pour la clef ?", turns=turns)
    explanation = worded.explain(answer, turns=turns)
    assert explanation.words == ("armoir", "ignifuge", "clef")
    assert [(t.passage_id, t.score) for t in explanation.passages] == [(p.passage_id, p.score) for p in answer.passages]


def test_identifying_words_of_the_turns_are_nowhere_in_an_explanation(worded):
    turns = ["une armoire ignifugée, rappelez le 06 12 34 56 78"]
    answer = worded.answer("et pour la clef ?", turns=turns)
    shown = str(dataclasses.asdict(worded.explain(answer, turns=turns)))
    assert "telephon" in shown
    assert not re.search(r"06 ?12|34 ?56", shown)


# --- the command line


@pytest.mark.usefixtures("quick")
class TestCommand:
    def test_ask_explain_shows_it_below_the_answer(self, small_path):
        plain = run("ask", "--index", small_path, QUESTION).stdout
        text = run("ask", "--index", small_path, "--explain", QUESTION).stdout
        assert text.startswith(plain)
        lines = text.removeprefix(plain).strip().splitlines()
        assert lines[0].startswith("Mots cherchés : secret ")
        assert lines[1].startswith("Et ceux qu'ils remplacent : ")
        assert lines[2] == "Références comprises : —"
        assert lines[3].startswith("Confiance : 0.")
        assert lines[4].startswith("  1. fiche:secret-mineur:")
        assert "lexical " in lines[4]
        assert "references" not in lines[4]
        assert lines[5].startswith("     formulation la plus proche : « ")

    def test_a_wording_of_a_model_is_marked(self, small_folder, tmp_path):
        (tmp_path / "var/questions").mkdir(parents=True)
        row = {"document": "archives", "machine": "some-model", "questions": [OF_A_MODEL]}
        (tmp_path / "var/questions/machine.jsonl").write_text(json.dumps(row))
        run("index", "build", "--documents", small_folder, "--no-sheets", "--output", "made")
        text = run("ask", "--index", "made", "--explain", OF_A_MODEL).stdout
        assert f"(écrite par un modèle) : « {OF_A_MODEL} »" in text

    def test_json_holds_it_only_when_it_is_asked_for(self, small_path):
        assert "explain" not in parsed(run("ask", "--index", small_path, "--json", QUESTION))
        explanation = parsed(run("ask", "--index", small_path, "--json", "--explain", QUESTION))["explain"]
        assert explanation["passages"][0]["wording"].keys() == {"text", "machine"}
        assert explanation["confidence"] >= explanation["threshold"]

    @pytest.mark.parametrize("question", ["", REFUSED])
    def test_a_refusal_is_explained_too(self, small_path, question):
        said = run("ask", "--index", small_path, "--explain", question).stdout
        sure, needed = re.search(r"Confiance : (\d\.\d\d) ; il faut (\d\.\d\d)", said).groups()
        assert float(sure) < float(needed)

    def test_a_mistake_in_it_is_a_french_line_and_no_traceback(self, small_path, monkeypatch):
        def broken(*_):
            raise RuntimeError("words of the user")

        monkeypatch.setattr("assistant.answering.explain", broken)
        result = run("ask", "--index", small_path, "--explain", QUESTION, code=1)
        assert result.stderr.startswith("Erreur inattendue (RuntimeError")
        assert "words of the user" not in result.output
