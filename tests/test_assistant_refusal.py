"""When the evidence is enough: the logistic by hand, the shipped weights, figures that stay between 0 and 1."""

import json
import math
from importlib.resources import files

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.refusal import FEATURES, Calibration, Judgement, calibrations, features, judge, model_for
from assistant.retrieval import RETRIEVERS, Evidence, Retrieval
from assistant.understanding import understand
from corpus.models import Passage
from indexes.models import Hit


def test_the_confidence_by_hand():
    fitted = Calibration({"a": 2.0, "b": -1.0}, -0.5, 0.5)
    # -0.5 + 2 · 0.75 - 1 · 1 = 0 → ½ ; -0.5 + 2 · 1 - 0 = 1.5 → 1 / (1 + e^-1.5) = 0.81757…
    assert fitted.confidence({"a": 0.75, "b": 1.0, "unused": 9.0}) == 0.5
    assert fitted.confidence({"a": 1.0, "b": 0.0}) == pytest.approx(0.8175744761936437)
    assert fitted.confidence({"a": 0.0, "b": 0.0}) == pytest.approx(1 / (1 + math.exp(0.5)))


def test_the_shipped_weights_are_of_known_figures_with_the_right_sign():
    rows = json.loads(files("assistant").joinpath("refusal.json").read_text(encoding="utf-8"))
    assert set(rows) == set(FEATURES) == set(calibrations())
    for name, row in rows.items():
        assert set(row) == {"weights", "intercept", "threshold"}
        assert set(row["weights"]) <= set(FEATURES[name])
        assert 0 < row["threshold"] < 1
        against = {"unknown", "unasked", "missing"}
        assert all((weight < 0) == (figure in against) for figure, weight in row["weights"].items())
        # All that speaks for answering, and nothing against, must be enough; nothing at all must not.
        fitted = calibrations()[name]
        best = {figure: float(figure not in against) for figure in FEATURES[name]}
        assert fitted.confidence(best) > fitted.threshold
        assert fitted.confidence(dict.fromkeys(best, 0.0)) < fitted.threshold


def evidence_of(index, question, names=RETRIEVERS):
    understood = understand(question)
    return understood, Retrieval(index, names).find(understood)


def test_no_evidence_is_never_enough(small_index):
    assert judge(understand("Que faire ?"), Evidence((), (), {}), small_index) == Judgement(0.0, answers=False)


def test_a_question_of_the_sheets_is_answered_and_another_is_not(small_index):
    asked = judge(*evidence_of(small_index, "secret médical et mineur dont les parents sont divorcés"), small_index)
    other = judge(*evidence_of(small_index, "recette du clafoutis aux cerises"), small_index)
    assert asked.answers
    assert not other.answers
    assert 0 < other.confidence < asked.confidence < 1


def test_the_absence_of_a_wording_counts_only_where_there_are_wordings(small_index):
    sheet = next(iter(small_index.asked))
    of_sheet = Passage("x", sheet, (), "x", 0, 1)
    of_other = Passage("x", "archives", (), "x", 0, 1)
    hit = (Hit("x", 1.0, 1, "fused"),)
    assert model_for(Evidence(hit, (of_sheet,), {"bank": ()}), small_index) == "asked"
    assert model_for(Evidence(hit, (of_sheet,), {}), small_index) == "unasked"
    assert model_for(Evidence(hit, (of_other,), {"bank": ()}), small_index) == "unasked"


def test_figures_of_references(small_index):
    there = features(*evidence_of(small_index, "affaire Dupuis-Martel"), small_index)
    assert (there["named"], there["missing"]) == (1.0, 0.0)
    both = features(*evidence_of(small_index, "affaire Dupuis-Martel et article 226-99"), small_index)
    assert (both["named"], both["missing"]) == (1.0, 1.0)
    none = features(*evidence_of(small_index, "les archives"), small_index)
    assert (none["named"], none["missing"]) == (0.0, 0.0)


def test_a_negative_cosine_counts_as_none(small_index):
    hit = Hit("x", -0.25, 1, "dense")
    assert features(understand("x"), Evidence((), (), {"dense": (hit,)}), small_index)["cosine"] == 0.0


def test_figures_of_words(small_index):
    unknown = features(*evidence_of(small_index, "zygomorphe xylovibraphone"), small_index)
    assert (unknown["unknown"], unknown["unasked"], unknown["covered"]) == (1.0, 1.0, 0.0)
    assert unknown["words"] == 0.4
    known = features(*evidence_of(small_index, "armoire ignifugée"), small_index)
    assert (known["unknown"], known["covered"]) == (0.0, 1.0)


WORDS = st.sampled_from(
    ["secret", "médecin", "réquisition", "R. 4127-4", "226-14", "article 999", "affaire Dupuis-Martel", "le", "zz", "☎"]
)


@given(
    st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=15).map(" ".join)), st.sets(st.sampled_from(RETRIEVERS))
)
@example("", set(RETRIEVERS))
@example("secret", set())
@example("\ud800", {"lexical"})
@example("réquisition " * 300, set(RETRIEVERS))
def test_every_figure_stays_between_0_and_1(small_index, question, names):
    understood, evidence = evidence_of(small_index, question, sorted(names))
    figures = features(understood, evidence, small_index)
    assert set(figures) == set(FEATURES["asked"]) | set(FEATURES["unasked"])
    assert all(-1e-9 <= value <= 1 + 1e-6 for value in figures.values()), figures
    assert 0 <= judge(understood, evidence, small_index).confidence <= 1


def test_an_article_that_no_document_has_is_said_to_be_absent(small_index):
    for question in ("Que dit l'article 9 du code civil ?", "article R. 4127-999"):
        understanding = understand(question)
        judgement = judge(understanding, Retrieval(small_index).find(understanding), small_index)
        assert judgement.absent
        assert not judgement.answers
    understanding = understand("Que dit l'article R. 4127-4 ?")
    assert not judge(understanding, Retrieval(small_index).find(understanding), small_index).absent
