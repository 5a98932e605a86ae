"""What a question is about: the shipped model, its arithmetic beside scikit-learn's, the questions it learnt from."""

import json
from collections import Counter
from importlib.resources import files

import numpy as np
import pytest
from scipy.sparse import csr_matrix, hstack

import assistant.intents
import eval.intents
from assistant.intents import (
    BEYOND,
    CERTAIN,
    OURS,
    PLAIN,
    REACH,
    REFUSED,
    Intents,
    certain,
    held_of,
    intents,
    intents_of,
    likely,
    pairs_of,
    terms_of,
)
from assistant.refusal import REASONS
from eval.intents import ANSWERED, EVERYDAY, HELD, TWIN, WORDING, Marginal
from eval.questions import SHIPPED, read_questions
from indexes.encoder import open_encoder
from indexes.french import stem
from indexes.training.pairs import Excluded
from tests.contracts import ODD_TEXTS
from tests.fakes import HashEncoder

ROWS = [json.loads(line) for line in files("eval").joinpath("intents.jsonl").read_text("utf-8").splitlines()]


def test_the_shipped_model_goes_with_the_shipped_encoder():
    assert intents().encoder == open_encoder().name
    assert set(intents().labels) == {OURS, BEYOND, *CERTAIN, "vague"}
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
        ({OURS: 0.95, "unlawful": 0.05}, "", ""),
        ({OURS: 0.05, "unlawful": 0.95}, "unlawful", "unlawful"),
        ({OURS: 0.05, "off_topic": 0.95}, "off_topic", "off_topic"),
        ({OURS: 0.62, "clinical": CERTAIN["clinical"] - 0.02}, "", "clinical"),
        ({OURS: 0.1, "clinical": CERTAIN["clinical"]}, "clinical", "clinical"),
        ({OURS: 0.7, "vague": REFUSED * 0.7 - 0.01}, "", ""),  # a refused question is seldom ours, but this one may be
        ({OURS: 0.7, "vague": REFUSED * 0.7 + 0.01}, "", "vague"),
        ({OURS: 0.05, BEYOND: 0.95}, "", ""),  # in our field: no reason of its own
        ({OURS: 0.1, BEYOND: 0.5, "clinical": CERTAIN["clinical"] - 0.02}, "", ""),
    ],
)
def test_how_sure_is_sure(found, sure, probable):
    assert all(0 < enough <= PLAIN[name] < 1 for name, enough in CERTAIN.items())
    assert certain(found) == sure
    assert likely(found) == probable


def test_words_and_pairs_of_words():
    assert terms_of("L'arrêt, antidaté ?") == ["l", "arret", "antidate", "l arret", "arret antidate"]
    assert terms_of("?") == []


def test_pairs_are_of_stems_near_each_other_whichever_comes_first():
    first, last = stem("delai"), stem("dossier")
    assert pairs_of("Quel délai pour le dossier ?") == [f"{first} + {last}"] == pairs_of("ton dossier : les délais ?")
    assert pairs_of("le dossier, le dossier") == pairs_of("?") == []
    many = [f"mot{n}" for n in range(REACH + 3)]
    pairs = pairs_of(" ".join(many))
    assert f"{min(stem(many[0]), stem(many[REACH]))} + {max(stem(many[0]), stem(many[REACH]))}" in pairs
    assert not any({stem(many[0]), stem(many[REACH + 1])} == set(pair.split(" + ")) for pair in pairs)


def test_the_arithmetic_is_that_of_the_library(monkeypatch, tmp_path):
    asked = [(f"{word} {n} {verb}", label, 1.0) for label, word, verb in LABELS for n in range(8)]
    monkeypatch.setattr(eval.intents, "examples", lambda: asked)
    monkeypatch.setattr(eval.intents, "margins", lambda: [])
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
            found = intents().probabilities(question, encoder.encode([question])[0])
            assert found == pytest.approx(wanted, abs=5e-3)
    finally:
        intents.cache_clear()


LABELS = [("clinical", "dose", "donner"), ("off_topic", "tarte", "cuire"), (OURS, "arrêt", "antidater")]


def test_the_questions_it_learnt_from_are_of_known_intents_and_each_there_once():
    counts = Counter(row["intent"] for row in ROWS)
    assert set(counts) == set(intents().labels) - {BEYOND}
    assert min(counts.values()) >= 250
    assert len({row["question"] for row in ROWS}) == len(ROWS) >= 2_400
    assert all(set(row) == {"question", "intent"} and row["question"].strip() for row in ROWS)


def texts_of_evaluations():
    """Every message of every set; "et quel délai ?" alone is like many others, and stands with what came before it."""
    for name in SHIPPED:
        for question in read_questions(name).questions:
            yield from (*question.turns, " ".join([*question.turns, question.question]), question.whole)


def test_none_of_them_is_nearly_a_question_of_an_evaluation():
    excluded = Excluded(texts_of_evaluations())
    # One word ("certificat ?") is vague wherever it stands: nothing is learnt by heart there.
    assert [r["question"] for r in ROWS if r["intent"] != "vague" and excluded.resembles(r["question"])] == []


MARGINS = [json.loads(line) for line in files("eval").joinpath("margins.jsonl").read_text("utf-8").splitlines()]


def test_the_margins_are_balanced_and_each_there_once():
    fields = {"question", "answerable", "form", "place"}
    assert all(set(row) - {"real", "of"} == fields and row["question"].strip() for row in MARGINS)
    assert {row.get("of", "") for row in MARGINS} <= {"", "documents", "sheets"}
    assert len({row["question"] for row in MARGINS}) == len(MARGINS) >= 1_500
    answered = [row for row in MARGINS if row["answerable"]]
    assert 0.2 < len(answered) / len(MARGINS) < 0.8
    assert all(bool(row["place"]) == row["answerable"] for row in MARGINS)
    # A form that is only ever asked in vain would teach that its words are never answered.
    asked = {row["form"] for row in MARGINS} - {"absent"}
    assert asked <= {row["form"] for row in answered}
    assert all(row["answerable"] for row in MARGINS if row.get("real"))
    read = [
        (row.question, row.answerable, row.real, row.of)
        for row in eval.intents.margins()
        if row.pair < 0 and row.by < 0
    ]
    assert read == [(row["question"], row["answerable"], row.get("real", False), row.get("of", "")) for row in MARGINS]


TWINS = [json.loads(line) for line in files("eval").joinpath("twins.jsonl").read_text("utf-8").splitlines()]


def test_of_twins_one_is_answered_and_each_is_there_once():
    assert len(TWINS) >= 7_000
    assert all(set(row) == {"of", "place", "answered", "missed", "form"} and row["place"] for row in TWINS)
    assert {row["of"] for row in TWINS} == {"documents", "sheets"}
    questions = [row[side] for row in TWINS for side in ("answered", "missed")] + [r["question"] for r in MARGINS]
    assert len({question.casefold() for question in questions}) == len(questions)
    read = [row for row in eval.intents.margins() if row.pair >= 0]
    assert [row.pair for row in read] == [n for n in range(len(TWINS)) for _ in range(2)]
    assert [(row.question, row.answerable) for row in read[:2]] == [
        (TWINS[0]["answered"], True),
        (TWINS[0]["missed"], False),
    ]


EVERYDAY_ROWS = eval.intents.everyday()


def test_everyday_questions_are_by_many_people_who_each_wrote_both_sorts():
    assert all(set(row) == {"question", "answerable", "form", "place", "of", "by"} for row in EVERYDAY_ROWS)
    assert all(row["question"].strip() and bool(row["place"]) == row["answerable"] for row in EVERYDAY_ROWS)
    assert {row["of"] for row in EVERYDAY_ROWS} <= {"documents", "sheets"}
    people = {row["by"] for row in EVERYDAY_ROWS}
    assert len(people) >= 14
    for person in people:
        answered = [row["answerable"] for row in EVERYDAY_ROWS if row["by"] == person]
        assert 0.4 < sum(answered) / len(answered) < 0.6
    others = [row["question"] for row in MARGINS] + [row[s] for row in TWINS for s in ("answered", "missed")]
    questions = [question.casefold() for question in others + [row["question"] for row in EVERYDAY_ROWS]]
    assert len(set(questions)) == len(questions)
    read = [row for row in eval.intents.margins() if row.by >= 0]
    assert [(row.question, row.answerable, row.of, row.by) for row in read] == [
        (row["question"], row["answerable"], row["of"], row["by"]) for row in EVERYDAY_ROWS
    ]
    assert all(row.real for row in read)


def test_no_margin_and_no_twin_is_nearly_a_question_of_an_evaluation():
    excluded = Excluded(texts_of_evaluations())
    questions = [row["question"] for row in MARGINS + EVERYDAY_ROWS]
    questions += [row[s] for row in TWINS for s in ("answered", "missed")]
    assert [question for question in questions if excluded.resembles(question)] == []


def test_the_second_model_tells_only_ours_from_beyond():
    encoder = open_encoder()
    found = held_of("qui paie la serrure forcée pendant la perquisition de mon cabinet ?", encoder)
    assert set(found) == {OURS, BEYOND}
    assert sum(found.values()) == pytest.approx(1, abs=1e-5)
    assert found[OURS] < held_of("qui assiste à la perquisition de mon cabinet ?", encoder)[OURS]
    assert held_of("qui paie la serrure ?", HashEncoder()) == {}


def test_each_model_learns_from_its_margins():
    rows = [
        Marginal("a ?", True),
        Marginal("b ?", False, of="documents"),
        Marginal("c ?", False, pair=0, of="sheets"),
        Marginal("d ?", True, real=True, of="documents", by=3),
        Marginal("e ?", False, real=True, of="documents", by=3),
    ]
    alone = set(eval.intents.of_intents(rows)) - set(eval.intents.of_intents([]))
    assert alone == {("a ?", OURS, 1.0), ("d ?", OURS, ANSWERED)}
    assert set(eval.intents.of_held(rows)) - set(eval.intents.of_held([])) == {
        ("a ?", OURS, 1.0),
        ("b ?", BEYOND, 1.0),
        ("c ?", BEYOND, TWIN),
        ("d ?", OURS, EVERYDAY),
        ("e ?", BEYOND, EVERYDAY),
    }
    assert {(label, weight) for _, label, weight in eval.intents.of_held([])} == {(OURS, WORDING)}


def test_a_weight_counts_as_so_many_questions():
    asked = [(f"{word} {n} {verb}", label, 1.0) for label, word, verb in LABELS[:2] for n in range(8)]
    heavy = [*asked[:-1], (*asked[-1][:2], 50.0)]
    encoder = HashEncoder()
    shares = [
        eval.intents.probabilities([asked[0][0]], encoder, *eval.intents.fitted(examples, encoder)[:2])[0]
        for examples in (asked, heavy)
    ]
    assert shares[1]["off_topic"] > shares[0]["off_topic"]


def test_a_model_of_two_labels_gives_both_their_probabilities(monkeypatch, tmp_path):
    """The library keeps one row of weights for two labels."""
    asked = [(f"{word} {n} {verb}", label, 1.0) for label, word, verb in LABELS[:2] for n in range(8)]
    monkeypatch.setattr(eval.intents, "margins", lambda: [])
    encoder = HashEncoder()
    vectorizer, model, _ = eval.intents.fitted(asked, encoder, HELD)
    eval.intents.write(tmp_path / "two.npz", encoder, vectorizer, model)
    held = Intents.load(tmp_path / "two.npz")
    assert pairs_of("dose donner")[0] in held.columns
    for question in ("dose 3 donner", "tarte cuire", "xylophone"):
        found = held.probabilities(question, encoder.encode([question])[0])
        wanted = eval.intents.probabilities([question], encoder, vectorizer, model)[0]
        assert found == pytest.approx(wanted, abs=5e-3)
        assert sum(found.values()) == pytest.approx(1, abs=1e-5)
