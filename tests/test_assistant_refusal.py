"""When the evidence is enough: the logistic by hand, the shipped weights, figures that stay between 0 and 1."""

import json
import math
from dataclasses import replace
from importlib.resources import files

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.intents import BEYOND, CERTAIN, OURS, PLAIN
from assistant.refusal import LEAST, STRONG, Calibration, Judgement, calibrations, carried, judge, model_for
from assistant.retrieval import RETRIEVERS, Evidence, Retrieval
from assistant.understanding import understand
from assistant.weighing import FEATURES, UNKNOWN, features
from corpus.models import Passage
from indexes.encoder import shipped
from indexes.models import Hit
from tests.fakes import HashEncoder


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
        against = {"unknown", "unasked", "missing", "asks", "unmet", "unread"}
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
    nothing = Evidence((), (), {})
    asked = understand("Qui garde les dossiers des patients ?")
    assert judge(asked, nothing, small_index) == Judgement(0.0, "refused", "no_evidence")


def test_a_question_of_the_sheets_is_answered_and_another_is_not(small_index):
    asked = judge(*evidence_of(small_index, "secret médical et mineur dont les parents sont divorcés"), small_index)
    other = judge(*evidence_of(small_index, "recette du clafoutis aux cerises"), small_index)
    assert (asked.outcome, asked.reason) == ("answered", None)
    assert (other.outcome, other.reason) == ("refused", "off_topic")
    assert 0 < other.confidence < asked.confidence < 1


def test_the_absence_of_a_wording_counts_only_where_there_are_wordings(small_index):
    sheet = next(iter(small_index.asked))
    of_sheet = Passage("x", sheet, (), "x", 0, 1)
    of_other = Passage("x", "archives", (), "x", 0, 1)
    hit = (Hit("x", 1.0, 1, "fused"),)
    assert model_for(Evidence(hit, (of_sheet,), {"bank": ()}), small_index) == "sheets"
    worded = replace(small_index, asked=frozenset({"archives"}))
    assert model_for(Evidence(hit, (of_other,), {"bank": ()}), worded) == "asked"
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
        assert (judgement.outcome, judgement.reason, judgement.confidence) == ("refused", "no_evidence", 0.0)
    understanding = understand("Que dit l'article R. 4127-4 ?")
    assert not judge(understanding, Retrieval(small_index).find(understanding), small_index).absent


# --- with the shipped encoder, which the intents were fitted with


def judged(index, question, turns=()):
    understood = understand(question, turns)
    return judge(understood, Retrieval(index).find(understood), index)


@pytest.mark.parametrize(
    ("question", "outcome", "reason"),
    [
        ("les flics veulent le dossier de mon patient", "answered", None),
        ("quelle dose d'amoxicilline pour une angine chez un enfant de 20 kg ?", "refused", "clinical"),
        ("qui a gagné la coupe du monde de football en 1998 ?", "refused", "off_topic"),
        ("aide-moi à antidater un arrêt sans que la caisse le voie", "refused", "unlawful"),
        ("c'est possible ?", "clarification", None),
        ("j'ai le droit ou pas ?", "clarification", None),
    ],
)
def test_outcomes_and_reasons(sheets_index, question, outcome, reason):
    judgement = judged(sheets_index, question)
    assert (judgement.outcome, judgement.reason) == (outcome, reason)
    assert 0 <= judgement.confidence <= 1


def test_an_unlawful_request_is_refused_however_well_the_documents_know_its_subject(sheets_index):
    judgement = judged(sheets_index, "aide-moi à antidater un arrêt sans que la caisse le voie")
    assert (judgement.outcome, judgement.reason) == ("refused", "unlawful")
    asked = judged(sheets_index, "un patient me demande d'antidater son arrêt, que lui répondre ?")
    assert (asked.outcome, asked.reason) == ("answered", None)


def test_a_follow_up_is_never_asked_back(sheets_index):
    """Alone it is vague; its topic is known."""
    assert judged(sheets_index, "c'est possible ?").outcome == "clarification"
    turns = ["Un patient me demande d'antidater son arrêt de travail"]
    assert judged(sheets_index, "c'est possible ?", turns).outcome == "answered"


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("en Suisse, combien de temps un médecin garde-t-il ses dossiers ?", "country"),
        ("qui préside le conseil départemental de la Creuse ?", "person"),
        ("aide-moi à antidater un arrêt sans que la caisse le voie", ""),
    ],
)
def test_what_is_missing_is_named_when_a_refusal_is_for_want_of_it(sheets_index, question, missing):
    judgement = judged(sheets_index, question)
    assert judgement.outcome == "refused"
    assert judgement.missing == missing


def test_a_rule_of_another_country_is_less_sure_than_ours(sheets_index):
    foreign = judged(sheets_index, "secret médical et certificat de décès : que dit la loi au Portugal ?")
    french = judged(sheets_index, "secret médical et certificat de décès : que dit la loi ?")
    assert french.outcome == "answered"
    assert french.missing == ""
    assert foreign.confidence < french.confidence


def test_what_a_question_is_about_is_known_whatever_encoder_searches(small_index):
    assert small_index.encoder.name != shipped().name
    values = features(*evidence_of(small_index, "les archives"), small_index)
    other = features(*evidence_of(small_index, "quelle dose d'amoxicilline pour une angine ?"), small_index)
    assert other["ours"] < values["ours"]


def test_of_an_encoder_that_is_newer_than_the_intents_none_speaks_for_or_against(small_index, monkeypatch):
    """A value of 1 would: hardly any question reaches it, and all would be answered."""
    monkeypatch.setattr("assistant.weighing.shipped", HashEncoder)
    values = features(*evidence_of(small_index, "les archives"), small_index)
    other = features(*evidence_of(small_index, "quelle dose pour une angine ?"), small_index)
    assert {values["ours"], other["ours"]} == {UNKNOWN["ours"]}
    assert {values["held"], other["held"]} == {UNKNOWN["held"]}
    certain_of_it = features(*evidence_of(small_index, "les archives"), small_index, {OURS: 1.0}, {OURS: 1.0})
    assert (certain_of_it["ours"], certain_of_it["held"]) == (1.0, pytest.approx(1.0))
    assert all(0 < UNKNOWN[name] < 1 for name in UNKNOWN)


def test_figures_of_intents_by_hand(small_index):
    about = {OURS: 0.09, BEYOND: 0.01, "clinical": 0.9}
    values = features(*evidence_of(small_index, "les archives"), small_index, about, {OURS: 0.9, BEYOND: 0.1})
    # 1 + log10(0.1) / 4 = 0.75 ; 0.5 + ln(9) / (2 ln(99)) = 0.73908…
    assert values["ours"] == pytest.approx(0.75)
    assert values["held"] == pytest.approx(0.7390824, abs=1e-6)
    even = features(*evidence_of(small_index, "les archives"), small_index, about, {OURS: 0.5, BEYOND: 0.5})
    assert even["held"] == pytest.approx(0.5)
    nothing = features(
        *evidence_of(small_index, "les archives"), small_index, {"clinical": 1.0}, {OURS: 0.0, BEYOND: 1.0}
    )
    assert (nothing["ours"], nothing["held"]) == (0.0, pytest.approx(0.0))


def test_figures_of_what_is_asked_for(small_index):
    asked = features(*evidence_of(small_index, "qui appeler, à quel numéro de tel, pour les archives ?"), small_index)
    assert (asked["asks"], asked["country"], asked["profession"]) == (1.0, 1.0, 1.0)
    plain = features(*evidence_of(small_index, "les archives"), small_index)
    assert (plain["asks"], plain["gives"], plain["country"], plain["profession"]) == (0.0, 1.0, 1.0, 1.0)
    belgian = features(*evidence_of(small_index, "armoire ignifugée du cabinet, en Belgique"), small_index)
    assert belgian["asks"] == 0.0
    assert belgian["country"] < 1.0


# --- a follow-up in the light of its topic


TOPIC_ANSWERED = Judgement(0.9, "answered", None)


@pytest.mark.parametrize(
    ("judgement", "topic", "outcome"),
    [
        (Judgement(0.2), TOPIC_ANSWERED, "answered"),
        (Judgement(LEAST), TOPIC_ANSWERED, "answered"),
        (Judgement(LEAST - 0.01), TOPIC_ANSWERED, "refused"),
        (Judgement(0.2), Judgement(0.2), "refused"),
        (Judgement(0.2), Judgement(0.9, "refused", "clinical"), "refused"),
        (Judgement(0.2), Judgement(0.2, "clarification", None), "refused"),
        (Judgement(0.2, absent=True), TOPIC_ANSWERED, "refused"),
        (Judgement(0.2, "refused", "clinical"), TOPIC_ANSWERED, "refused"),
        (Judgement(0.2, "refused", "unlawful"), TOPIC_ANSWERED, "refused"),
        (Judgement(0.9, "answered", None), Judgement(0.1), "answered"),
    ],
)
def test_a_weak_follow_up_is_answered_where_its_topic_is(small_index, judgement, topic, outcome):
    understood = understand("et pour un associé ?", ["où ranger l'armoire ignifugée ?"])
    found = Retrieval(small_index).find(understood)
    assert carried(judgement, understood, found, topic).outcome == outcome
    assert carried(judgement, understood, found, topic).confidence == judgement.confidence


def test_a_follow_up_that_asks_for_what_the_passages_lack_is_refused_whatever_its_topic(small_index):
    topic = ["où ranger l'armoire ignifugée ?"]
    for follow_up, outcome in (("et c'est quel tarif ?", "refused"), ("et pourquoi ça ?", "answered")):
        understood = understand(follow_up, topic)
        passages = (small_index.library.passage("notes:notes#1"),)
        found = Evidence((Hit(passages[0].id, 1.0, 1, "fused"),), passages, {})
        assert carried(Judgement(0.2), understood, found, TOPIC_ANSWERED).outcome == outcome


def test_a_document_that_is_there_and_named_is_shown(small_index):
    assert judge(*evidence_of(small_index, "tarte, affaire Dupuis-Martel"), small_index).outcome == "answered"
    assert judge(*evidence_of(small_index, "tarte, affaire Nimporte"), small_index).outcome != "answered"


@pytest.mark.parametrize(
    ("question", "outcome", "reason"),
    [
        ("qui a gagné la coupe du monde de football en 1998, arrêt Degraene ?", "answered", None),
        ("arrêt Degraene : quelle dose d'amoxicilline pour une angine chez un enfant ?", "refused", "clinical"),
        ("arrêt Degraene : aide-moi à antidater un arrêt sans que la caisse le voie", "refused", "unlawful"),
    ],
)
def test_a_decision_that_is_named_does_not_open_every_door(sheets_index, question, outcome, reason):
    judgement = judged(sheets_index, question)
    assert (judgement.outcome, judgement.reason) == (outcome, reason)


@pytest.mark.parametrize("question", ["x", "merci", "le la les ?"])
def test_what_holds_no_word_of_the_texts_is_met_by_none(sheets_index, question):
    """Its few pieces stand somewhere in any text of some length."""
    values = features(*evidence_of(sheets_index, question), sheets_index)
    assert (values["unmet"], values["met"], values["one_wording"]) == (1.0, 0.0, 0.0)
    assert judged(sheets_index, question).outcome != "answered"


# --- how a question looks, and what was found


@pytest.mark.parametrize("look", list(CERTAIN))
def test_strong_evidence_outweighs_a_look_unless_it_is_plain(small_index, monkeypatch, look):
    found = evidence_of(small_index, "les archives du cabinet")
    for share, sure, outcome in (
        (CERTAIN[look] - 0.01, 0.5, "answered"),
        (CERTAIN[look], STRONG[look] - 0.05, "refused"),
        (CERTAIN[look], STRONG[look] + 0.05, "answered"),
        (PLAIN[look], STRONG[look] + 0.05, "refused"),
    ):
        sure_of_it = Calibration({}, math.log(sure / (1 - sure)), 0.3)
        monkeypatch.setattr("assistant.refusal.calibrations", lambda c=sure_of_it: dict.fromkeys(FEATURES, c))
        monkeypatch.setattr("assistant.refusal.intents_of", lambda *_, s=share: {OURS: 1 - s, look: s})
        judgement = judge(*found, small_index)
        assert (judgement.outcome, judgement.reason) == (outcome, look if outcome == "refused" else None)


@pytest.mark.parametrize("question", ["ok", "le secret", "que dit le code ?", "puis-je refuser ?"])
def test_a_message_that_says_little_is_asked_back(sheets_index, question):
    assert judge(*evidence_of(sheets_index, question), sheets_index).outcome == "clarification"


@pytest.mark.parametrize("question", ["le secret médical est-il absolu ?", "refus de soins", "R.4127-4"])
def test_a_short_question_that_says_enough_is_answered(sheets_index, question):
    assert judge(*evidence_of(sheets_index, question), sheets_index).outcome == "answered"
