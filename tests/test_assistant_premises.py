"""What a question wrongly takes for granted is said first, with the words of the sheet that contradict it."""

import json
from importlib.resources import files

import pytest

from assistant.answering import Assistant
from assistant.messages import message
from assistant.premises import FIGURES, SUPPOSES, contradiction, reading, rule, weighed
from assistant.retrieval import Evidence, Retrieval
from assistant.understanding import understand
from corpus.premises import OURS, Premises, premises
from eval.questions import SHIPPED, read_questions
from indexes.encoder import open_encoder
from indexes.training.pairs import Excluded
from tests.fakes import HashEncoder

ROWS = [json.loads(line) for line in files("corpus").joinpath("premises.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def texts(small_corpus):
    """The text of each shipped sheet, as citations count in it."""
    documents = [item.document for item in small_corpus.loaded]
    return {document.id: document.text for document in documents if document.id.startswith(OURS)}


# --- the data


def test_every_line_is_on_a_sheet_that_exists_and_each_sheet_has_one(texts):
    assert all(set(row) == {"sheet", "corrects", "false", "true", "neutral"} for row in ROWS)
    assert [f"{OURS}{row['sheet']}" for row in ROWS] == list(premises())
    assert set(premises()) == set(texts)


@pytest.mark.parametrize("known", premises().values(), ids=lambda known: known.document_id)
def test_the_sentence_that_corrects_stands_in_its_sheet_character_for_character(known, texts):
    assert known.corrects.strip() == known.corrects != ""
    assert known.corrects in texts[known.document_id]


def test_questions_are_whole_and_each_there_once():
    groups = [group for known in premises().values() for group in (known.false, known.true, known.neutral)]
    assert all(groups)
    questions = [question for group in groups for question in group]
    assert all(question.strip() == question != "" for question in questions)
    assert len(set(questions)) == len(questions)


def test_no_question_is_nearly_one_of_an_evaluation():
    asked = [question for name in SHIPPED for question in read_questions(name).questions]
    excluded = Excluded(
        text for q in asked for text in (*q.turns, " ".join([*q.turns, q.question]), q.whole) if text.strip()
    )
    questions = [q for row in ROWS for group in ("false", "true", "neutral") for q in row[group]]
    assert [question for question in questions if excluded.resembles(question)] == []


# --- the rule


def test_the_shipped_models_go_with_the_shipped_encoder_and_point_the_right_way():
    assert reading().encoder == open_encoder().name
    assert SUPPOSES in reading().labels
    fitted = rule()
    assert set(fitted.weights) == set(FIGURES)
    assert all(fitted.weights[name] > 0 for name in ("supposes", "cue", "opposed", "figure"))
    assert fitted.weights["agrees"] < 0
    assert fitted.insisted < fitted.threshold, "who disputes an answer is contradicted sooner"


KNOWN = Premises(f"{OURS}a", "Vous ne pouvez pas le faire sans accord, sous huit jours.", (), (), ())


@pytest.mark.parametrize(
    ("question", "figure", "expected"),
    [
        ("puisque je peux le faire, comment ?", "cue", 1.0),
        ("Vu qu’on peut le faire, comment ?", "cue", 1.0),
        ("je peux le faire ?", "cue", 0.0),
        ("je peux le faire ?", "opposed", 1.0),
        ("je ne peux pas le faire ?", "opposed", 0.0),
        ("je ne peux pas le faire ?", "agrees", 1.0),
        ("comment le faire ?", "agrees", 0.0),
        ("en quinze jours ?", "figure", 1.0),
        ("en 8 jours ?", "figure", 0.0),
        ("vite ?", "figure", 0.0),
    ],
)
def test_what_the_rule_weighs(question, figure, expected):
    values = weighed(question, KNOWN, KNOWN.corrects, open_encoder())
    assert set(values) == set(FIGURES)
    assert values[figure] == expected


# --- on the shipped sheets


@pytest.fixture(scope="module")
def assistant(sheets_index):
    return Assistant(sheets_index)


FALSE = {
    "Puisque le médecin peut prévenir la femme d'un séropositif, comment lui annoncer ?": "secret-vih-conjoint",
    "comme rien ne m'oblige a indiquer un confrere pendant mes vacances, je laisse juste le 15 sur le repondeur ?": (
        "absences-repondeur-continuite"
    ),
    "puisque la loi dit 10 ans pour les dossiers du cabinet, ceux de 2012 partent à la benne jaune ?": (
        "dossier-conservation-duree"
    ),
}


@pytest.mark.parametrize(("question", "sheet"), FALSE.items())
def test_a_false_premise_is_contradicted_first_with_the_words_of_its_sheet(assistant, texts, question, sheet):
    answer = assistant.answer(question)
    assert answer.outcome == "answered"
    assert answer.false_premise == 1
    first = answer.citations[0]
    assert first.marker == 1
    assert first.document_id == f"{OURS}{sheet}"
    assert texts[first.document_id][first.start : first.end] == first.quote
    assert answer.answer.startswith(f"{message('answer.premise')}\n\n« {first.quote} » [1]")
    assert answer.answer.count(first.quote) == 1, "said first, it is not said again"


@pytest.mark.parametrize(
    "question",
    [
        "Que risque un médecin qui viole le secret médical ?",
        "Je suis convoqué par la police au sujet d'un patient : que puis-je dire ?",
        "combien de temps garder les dossiers d'un cabinet ?",
        "un patient séropositif refuse de prévenir sa femme, que puis-je faire ?",
        "mon patient veut son dossier médical, dans quel délai ?",
        "un mineur me demande le secret envers ses parents",
    ],
)
def test_an_ordinary_question_is_not_accused(assistant, question):
    answer = assistant.answer(question)
    assert (answer.outcome, answer.false_premise) == ("answered", None)
    assert message("answer.premise") not in answer.answer


def test_most_false_premises_are_seen_and_hardly_any_other_question_is_accused(sheets_index):
    """A sample: the model has seen them, so the shares say that it is wired up, and not how good it is."""
    shares = {}
    for kind in ("false", "true", "neutral"):
        found = []
        for known in list(premises().values())[::6]:
            question = getattr(known, kind)[0]
            passages = sheets_index.library.passages_of(known.document_id)
            evidence = Evidence((), tuple(passages), {})
            seen = contradiction(understand(question), evidence, sheets_index.library, sheets_index.encoder)
            found.append(seen is not None)
        shares[kind] = sum(found) / len(found)
    assert shares["false"] > 0.6
    assert shares["true"] < 0.3
    assert shares["neutral"] < 0.1


TURNS = ["Mon patient est séropositif et ne veut rien dire à sa femme. Je peux la prévenir, moi ?"]


@pytest.mark.parametrize("message_", ["vous êtes sûr ?", "pourtant mon avocat m'a dit que je pouvais", "mais si !"])
def test_who_insists_is_contradicted_again_and_told_that_the_texts_are_the_same(assistant, message_):
    answer = assistant.answer(message_, turns=TURNS)
    assert answer.outcome == "answered"
    assert answer.false_premise == 1
    assert answer.citations[0].document_id == f"{OURS}secret-vih-conjoint"
    assert answer.answer.startswith(f"{message('answer.insisted')}\n\n« {answer.citations[0].quote} » [1]")
    assert message("answer.premise") not in answer.answer


def test_a_follow_up_that_disputes_nothing_is_not_told_so(assistant):
    answer = assistant.answer("et si je la suis aussi, elle ?", turns=TURNS)
    assert answer.outcome == "answered"
    assert message("answer.insisted") not in answer.answer


def test_with_another_encoder_nothing_is_contradicted(sheets_index):
    question = next(iter(FALSE))
    understood = understand(question)
    evidence = Retrieval(sheets_index).find(understood)
    assert contradiction(understood, evidence, sheets_index.library, sheets_index.encoder)
    assert contradiction(understood, evidence, sheets_index.library, HashEncoder()) is None


def test_only_a_sheet_among_the_first_passages_contradicts(sheets_index):
    understood = understand(next(iter(FALSE)))
    found = Retrieval(sheets_index).find(understood)
    others = [p for p in sheets_index.library.passages if p.document_id not in premises()]
    assert others, "decisions have no premises"
    evidence = Evidence((), (*others[:3], *found.passages), {})
    assert contradiction(understood, evidence, sheets_index.library, sheets_index.encoder) is None
