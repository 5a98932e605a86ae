"""A vague question is asked back, with two to four readings that the documents answer."""

from dataclasses import replace

import pytest

from assistant.answering import Assistant
from assistant.clarifying import FEWEST, MOST, NEAR_THE_BEST, readings
from assistant.messages import message, messages
from assistant.retrieval import Evidence, Retrieval
from assistant.understanding import understand
from tests.test_assistant_composing import evidence, library, library_of

USUAL = messages("clarification.usual")
TITLES = ["Que faire des pigeons ?", "Que faire des chats ?", "Que faire des chiens ?"]


def sheet(n, title, body="Une réponse.", theme="animaux"):
    document, passages = library_of((title, body), ("Suite", body), kind="sheet", document_id=f"f{n}", themes=(theme,))
    return replace(document, metadata=replace(document.metadata, title=title)), passages


SHELF = library(*(sheet(n, title) for n, title in enumerate(TITLES)))
THEMED = "animaux ?"


def found(scores):
    return evidence(SHELF, scores)


def test_a_question_that_names_a_theme_gets_the_titles_found_best_first():
    scores = {"f1:s#1": 1.0, "f1:s#2": 0.95, "f0:s#2": 0.9, "f2:s#1": 0.8}
    assert readings(THEMED, found(scores), SHELF) == (TITLES[1], TITLES[0], TITLES[2])


@pytest.mark.parametrize("question", ["c'est possible ?", "?", "", "un médecin a-t-il le droit ?"])
def test_one_that_names_none_gets_what_is_asked_most(question):
    scores = {"f1:s#1": 1.0, "f0:s#1": 0.9, "f2:s#1": 0.8}
    assert readings(question, found(scores), SHELF) == USUAL


def test_what_is_far_below_the_best_is_no_reading():
    far = NEAR_THE_BEST - 0.01
    assert readings(THEMED, found({"f0:s#1": 1.0, "f1:s#1": NEAR_THE_BEST, "f2:s#1": far}), SHELF) == tuple(TITLES[:2])


def test_a_single_title_leaves_no_choice():
    assert readings(THEMED, found({"f0:s#1": 1.0, "f0:s#2": 0.9}), SHELF) == USUAL
    assert readings(THEMED, Evidence((), (), {}), SHELF) == USUAL


def test_a_heading_of_another_document_is_a_reading_only_if_it_asks():
    other = library_of(("« Faut-il un parapluie ? »", "Oui."), ("Parapluies", "Il pleut."), themes=("pluie",))
    shelf = library(other, sheet(0, "Que faire de la pluie ?", theme="pluie"))
    scores = {"d:s#2": 1.0, "d:s#1": 0.9, "f0:s#1": 0.8}
    assert readings("pluie", evidence(shelf, scores), shelf) == ("Faut-il un parapluie ?", "Que faire de la pluie ?")


def test_there_are_never_more_than_four():
    shelf = library(*(sheet(n, f"Que faire de {n} animaux ?") for n in range(7)))
    scores = {f"f{n}:s#1": 1.0 - n / 100 for n in range(7)}
    assert len(readings(THEMED, evidence(shelf, scores), shelf)) == MOST == 4
    assert FEWEST <= len(USUAL) <= MOST


# --- on the shipped sheets


@pytest.fixture(scope="module")
def assistant(sheets_index):
    return Assistant(sheets_index)


@pytest.mark.parametrize("reading", USUAL)
def test_every_usual_reading_is_answered(assistant, reading):
    answer = assistant.answer(reading)
    assert (answer.outcome, answer.false_premise) == ("answered", None)
    assert answer.citations


@pytest.mark.parametrize("question", ["c'est possible ?", "j'ai le droit ou pas ?"])
def test_a_vague_question_is_asked_back(assistant, question):
    answer = assistant.answer(question)
    assert (answer.outcome, answer.reason, answer.citations) == ("clarification", None, ())
    assert answer.readings == USUAL
    assert answer.answer.splitlines() == [message("clarification.ask"), *(f"- {reading}" for reading in USUAL)]


def test_a_reading_that_is_chosen_is_answered(assistant):
    """Also in its conversation: the vague question stands before it."""
    for reading in USUAL:
        assert assistant.answer(reading, turns=["c'est possible ?"]).outcome == "answered"


def test_titles_that_are_offered_are_answered(sheets_index, assistant):
    for question in ("question certificat", "télémédecine"):
        offered = readings(question, Retrieval(sheets_index).find(understand(question)), sheets_index.library)
        assert FEWEST <= len(offered) <= MOST
        assert offered != USUAL
        for reading in offered:
            assert assistant.answer(reading).outcome == "answered", reading
