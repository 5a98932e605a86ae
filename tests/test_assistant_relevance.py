"""How sentences are scored for a question."""

import numpy as np
import pytest

from assistant.relevance import FAR, ByMeaning, ByWords, Relevance, question_terms, relevance_of
from tests.fakes import FixedEncoder

SENTENCES = ["Un pigeon", "Une fenêtre et un pigeon", "Rien"]
VECTORS = {"oiseau": (1, 0), "Un pigeon": (3, 4), "Une fenêtre et un pigeon": (FAR / 2, 1), "Rien": (-1, 0)}


def by_words():
    return ByWords({"pigeon": 3.0, "fenetr": 1.0})


def by_meaning():
    return ByMeaning(by_words(), "oiseau", FixedEncoder(VECTORS))


@pytest.mark.parametrize("made", [by_words, by_meaning])
def test_the_contract_one_score_a_sentence_in_order_never_below_zero(made):
    relevance: Relevance = made()
    scores = relevance.scores(SENTENCES)
    assert len(scores) == 3
    assert all(type(score) is float and score >= 0 for score in scores)
    assert relevance.scores(SENTENCES[1:]) == scores[1:]
    assert relevance.scores([]) == []


def test_words_are_weighed():
    assert by_words().scores(SENTENCES) == [0.75, 1.0, 0.0]
    assert ByWords({}).scores(SENTENCES) == [0.0, 0.0, 0.0]


def test_a_cosine_that_says_something_is_added():
    assert by_meaning().scores(SENTENCES) == pytest.approx([0.75 + 0.6, 1.0, 0.0])


def test_an_index_judges_by_its_words_and_its_encoder(small_index):
    question = "la clef de l'armoire"
    scores = relevance_of(question, small_index).scores([question, "Tout autre chose."])
    words = ByWords(question_terms(question, small_index.lexical)).scores([question])
    assert scores[0] == pytest.approx(words[0] + 1.0)
    assert scores[0] > scores[1]
    assert np.isfinite(scores).all()


def test_terms_hold_the_question_and_what_it_stands_for(small_index):
    terms = question_terms("Le dossier du patient", small_index.lexical)
    assert terms["dossi"] == pytest.approx(small_index.lexical.idf("dossi"))
    assert question_terms("le de la", small_index.lexical) == {}
