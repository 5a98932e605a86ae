"""What a question is about: the shipped model, its arithmetic beside scikit-learn's, the questions it learnt from."""

import json
from collections import Counter
from importlib.resources import files

import numpy as np
import pytest
from scipy.sparse import csr_matrix, hstack

import assistant.intents
import eval.intents
from assistant.intents import CERTAIN, LIKELY, OURS, certain, intents, intents_of, likely, terms_of
from assistant.refusal import REASONS
from eval.questions import SHIPPED, read_questions
from indexes.encoder import open_encoder
from indexes.training.pairs import Excluded
from tests.contracts import ODD_TEXTS
from tests.fakes import HashEncoder

ROWS = [json.loads(line) for line in files("eval").joinpath("intents.jsonl").read_text("utf-8").splitlines()]


def test_the_shipped_model_goes_with_the_shipped_encoder():
    assert intents().encoder == open_encoder().name
    assert set(intents().labels) == {OURS, *CERTAIN, "off_topic", "vague"}
    assert set(REASONS) < set(intents().labels)


@pytest.mark.parametrize(
    ("question", "intent"),
    [
        ("quelle dose d'amoxicilline pour une angine chez un enfant de 20 kg ?", "clinical"),
        ("qui a gagné la coupe du monde de football en 1998 ?", "off_topic"),
        ("aide-moi à antidater un arrêt sans que la caisse le voie", "unlawful"),
        ("un patient me demande d'antidater son arrêt, que lui répondre ?", OURS),
        ("les flics veulent le dossier de mon patient", OURS),
    ],
)
def test_plain_cases(question, intent):
    found = intents_of(question, open_encoder())
    assert max(found, key=found.__getitem__) == intent


@pytest.mark.parametrize("text", ["", " ", *ODD_TEXTS.values()], ids=["empty", "blank", *ODD_TEXTS])
def test_whatever_is_asked_the_probabilities_are_probabilities(text):
    found = intents_of(text, open_encoder())
    assert sum(found.values()) == pytest.approx(1, abs=1e-5)
    assert all(np.isfinite(value) and value >= 0 for value in found.values())


def test_of_another_encoder_nothing_is_said():
    assert intents_of("quelle dose ?", HashEncoder()) == {}
    assert certain({}) == likely({}) == ""


@pytest.mark.parametrize(
    ("found", "sure", "probable"),
    [
        ({OURS: 0.9, "unlawful": 0.1}, "", ""),
        ({OURS: 0.1, "unlawful": 0.9}, "unlawful", "unlawful"),
        ({OURS: 0.45, "clinical": 0.55}, "", "clinical"),
        ({OURS: 0.3, "clinical": LIKELY - 0.01, "vague": 0.31}, "", ""),
        ({OURS: 0.05, "off_topic": 0.95}, "", "off_topic"),
    ],
)
def test_how_sure_is_sure(found, sure, probable):
    assert certain(found) == sure
    assert likely(found) == probable


def test_words_and_pairs_of_words():
    assert terms_of("L'arrêt, antidaté ?") == ["l", "arret", "antidate", "l arret", "arret antidate"]
    assert terms_of("?") == []


def test_the_arithmetic_is_that_of_the_library(monkeypatch, tmp_path):
    asked = [(f"{word} {n} {verb}", label) for label, word, verb in LABELS for n in range(8)]
    monkeypatch.setattr(eval.intents, "examples", lambda: asked)
    encoder = HashEncoder()
    vectorizer, model = eval.intents.fit(encoder)
    (tmp_path / "assistant").mkdir()
    eval.intents.write(tmp_path / "intents.npz", encoder, vectorizer, model)
    monkeypatch.setattr(assistant.intents, "files", lambda _: tmp_path)
    intents.cache_clear()
    try:
        for question in ("dose 3 donner", "tarte tarte cuire dose", "xylophone", "arrêt antidater 5 dose"):
            table = hstack([vectorizer.transform([question]), csr_matrix(encoder.encode([question]))]).tocsr()
            wanted = dict(zip(model.classes_, model.predict_proba(table)[0], strict=True))
            assert intents_of(question, encoder) == pytest.approx(wanted, abs=5e-3)
    finally:
        intents.cache_clear()


LABELS = [("clinical", "dose", "donner"), ("off_topic", "tarte", "cuire"), (OURS, "arrêt", "antidater")]


def test_the_questions_it_learnt_from_are_of_known_intents_and_each_there_once():
    counts = Counter(row["intent"] for row in ROWS)
    assert set(counts) == set(intents().labels)
    assert min(counts.values()) >= 250
    assert len({row["question"] for row in ROWS}) == len(ROWS) >= 2_400
    assert all(set(row) == {"question", "intent"} and row["question"].strip() for row in ROWS)


def test_none_of_them_is_nearly_a_question_of_an_evaluation():
    asked = [q for name in SHIPPED for q in read_questions(name).questions]
    excluded = Excluded(text for question in asked for text in (question.question, *question.turns))
    # One word ("certificat ?") is vague wherever it stands: nothing is learnt by heart there.
    assert [r["question"] for r in ROWS if r["intent"] != "vague" and excluded.resembles(r["question"])] == []
