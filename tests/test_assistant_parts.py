"""A question that asks several things is searched and answered part by part, each with what it is about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.composing import ENOUGH, MOST_EXTRACTS, OF_EACH_PART, compose, overlap
from assistant.extracting import Extract
from assistant.parts import LONGEST_CONTEXT, MOST, parts
from assistant.relevance import ByWords, relevance_of
from assistant.retrieval import EACH_PART, PART, Evidence, Retrieval
from assistant.understanding import understand
from corpus import load
from indexes import build_index, read_index
from indexes.models import Hit
from tests.fakes import HashEncoder
from tests.test_assistant_composing import CLOCK, DOOR, NOTHING, PIGEON, library, library_of

SPLIT = {
    "Un patient réclame son dossier. Quel délai pour le remettre ? Combien facturer la copie ?": (
        "Un patient réclame son dossier. Quel délai pour le remettre ?",
        "Un patient réclame son dossier. Combien facturer la copie ?",
    ),
    "Quel délai pour remettre un dossier et combien puis-je facturer ?": (
        "Quel délai pour remettre un dossier ?",
        "Quel délai pour remettre un dossier ? combien puis-je facturer ?",
    ),
    "Qui peut lire le dossier, ET COMMENT le transmettre au confrère ?": (
        "Qui peut lire le dossier ?",
        "Qui peut lire le dossier ? COMMENT le transmettre au confrère ?",
    ),
    # Typed in haste: the last part has no mark of its own.
    "dois-je remettre le dossier ? quel delai pour la copie papier": (
        "dois-je remettre le dossier ?",
        "dois-je remettre le dossier ? quel delai pour la copie papier ?",
    ),
    "comment signaler un danger ou à qui transmettre un signalement ?": (
        "comment signaler un danger ?",
        "comment signaler un danger ? à qui transmettre un signalement ?",
    ),
}
WHOLE = [
    "Puis-je refuser un patient ?",
    "un patient refuse, que faire",
    "Le médecin et son remplaçant peuvent-ils partager un dossier ?",
    "Je suis convoqué. On me demande un dossier. Que puis-je dire ?",
    "Que faut-il écrire au dossier médical ? Merci d'avance !",
    "OK ? oui ? non ?",
    "???",
    "?",
    "",
]


@pytest.mark.parametrize(("question", "expected"), SPLIT.items())
def test_several_questions_are_parted(question, expected):
    assert parts(question) == expected
    assert understand(question).parts == expected


@pytest.mark.parametrize("question", WHOLE)
def test_one_question_is_left_whole(question):
    assert parts(question) == ()


def test_what_is_told_between_two_questions_goes_with_neither():
    question = "Un décès. Qui signe le certificat ? La famille insiste. Comment annoncer un décès ?"
    assert parts(question) == ("Un décès. Qui signe le certificat ?", "Un décès. Comment annoncer un décès ?")


def test_parts_and_what_they_carry_are_bounded():
    story = "Un patient raconte une longue histoire de famille. " * 50
    found = parts(story + " ".join(f"Comment ranger l'armoire numéro {n} ?" for n in range(9)))
    assert len(found) == MOST
    assert all(len(part) <= LONGEST_CONTEXT + len(" Comment ranger l'armoire numéro 9 ?") for part in found)


def test_a_follow_up_that_leans_is_not_parted():
    """Its parts would be searched without the topic that it carries on."""
    question = "et quel délai pour la copie ? combien facturer la copie ?"
    assert parts(question)
    assert understand(question, ["Un patient réclame son dossier médical, je le donne ?"]).parts == ()


@given(st.text(alphabet="abé ?.,etouqil'\n", max_size=120))
def test_there_are_none_or_several(question):
    found = parts(question)
    assert len(found) != 1
    assert len(found) <= MOST
    assert all(part.endswith("?") and part == part.strip() for part in found)


# --- searched


TWO = "Où ranger l'armoire ignifugée ? Qui relit une réquisition de la gendarmerie, présentée au médecin du cabinet ?"


@pytest.fixture(scope="module")
def alone(small_folder, tmp_path_factory):
    """The small documents without the sheets, which would outnumber them."""
    path = tmp_path_factory.mktemp("alone") / "index"
    build_index(load([small_folder], sheets=False), path, HashEncoder())
    return read_index(path, HashEncoder())


def test_passages_are_found_for_each_part_alone(alone):
    found = Retrieval(alone).find(understand(TWO))
    assert [part for part, _ in found.parts] == list(parts(TWO))
    assert [passages[0].document_id for _, passages in found.parts] == ["archives", "accueil"]
    assert all(1 <= len(passages) <= EACH_PART for _, passages in found.parts)
    assert Retrieval(alone).find(understand("Où ranger l'armoire ?")).parts == ()


def test_each_part_counts_beside_the_whole(small_index, monkeypatch):
    monkeypatch.setattr("assistant.retrieval.timely", lambda hits, *_: hits)
    retrieval = Retrieval(small_index, ("lexical",))
    expected: dict[str, float] = {}
    for text, weight in [(TWO, 1.0), *((part, PART) for part in parts(TWO))]:
        alone = understand(text)
        # The second part holds the first: asked alone, it would be parted again.
        for hit in retrieval.find(type(alone)(text, text, (), alone.queries), k=10_000).hits:
            expected[hit.passage_id] = expected.get(hit.passage_id, 0.0) + weight * hit.score
    found = {hit.passage_id: hit.score for hit in retrieval.find(understand(TWO), k=10_000).hits}
    assert found == pytest.approx(expected)


# --- answered


def evidence(shelf, scores, *of_parts):
    hits = tuple(Hit(name, score, rank, "fused") for rank, (name, score) in enumerate(scores.items(), start=1))
    found = tuple((f"part {n}", tuple(map(shelf.passage, names))) for n, names in enumerate(of_parts))
    return Evidence(hits, tuple(shelf.passage(hit.passage_id) for hit in hits), {}, found)


def quotes(extracts):
    return [extract.quote for extract in extracts]


def test_each_part_is_answered_first_in_its_turn():
    shelf = library(library_of(PIGEON, DOOR, CLOCK))
    scores = {"d:s#1": 1.0, "d:s#2": 0.9, "d:s#3": 0.1}
    found = compose(evidence(shelf, scores, ["d:s#3"], ["d:s#2"]), NOTHING, shelf, [NOTHING, NOTHING])
    assert quotes(found) == [CLOCK[1], DOOR[1], PIGEON[1]]
    assert quotes(compose(evidence(shelf, scores), NOTHING, shelf)) == [PIGEON[1], DOOR[1]]


def test_two_parts_that_one_passage_answers_quote_it_once():
    shelf = library(library_of(PIGEON, DOOR))
    found = compose(evidence(shelf, {"d:s#1": 1.0}, ["d:s#1"], ["d:s#1"]), NOTHING, shelf, [NOTHING, NOTHING])
    assert quotes(found) == [PIGEON[1]]


def test_a_sentence_is_chosen_for_its_part_and_not_for_the_whole():
    both = ("Accueil", f"{PIGEON[1]} {DOOR[1]}")
    shelf = library(library_of(both))
    passages = evidence(shelf, {"d:s#1": 1.0}, ["d:s#1"], [])
    found = compose(passages, NOTHING, shelf, [ByWords({"port": 1.0, "coulo": 1.0, "clef": 1.0}), NOTHING])
    assert DOOR[1] in quotes(found)[0]


def test_each_part_gives_room_for_more():
    sections = [(f"Salle {n}", f"La salle numéro {n} est peinte en couleur {'abcdefghij'[n] * 8}.") for n in range(9)]
    shelf = library(library_of(*sections))
    names = [f"d:s#{n}" for n in range(1, 10)]
    scores = dict.fromkeys(names, 1.0)
    of_four = compose(evidence(shelf, scores, *([n] for n in names[5:])), NOTHING, shelf, [NOTHING] * 4)
    assert len(of_four) == MOST_EXTRACTS + 3
    assert len(compose(evidence(shelf, scores), NOTHING, shelf)) <= MOST_EXTRACTS
    assert ENOUGH > OF_EACH_PART > 0


def test_an_answer_of_parts_is_short_and_quotes_both(alone):
    found = Retrieval(alone).find(understand(TWO))
    relevances = [relevance_of(part, alone) for part, _ in found.parts]
    extracts = compose(found, relevance_of(TWO, alone), alone.library, relevances)
    assert extracts[0].passage.document_id == "archives"
    assert "accueil" in {extract.passage.document_id for extract in extracts}
    assert len(extracts) <= MOST_EXTRACTS + 1


def test_extracts_overlap_when_they_share_characters_of_one_document():
    (first, (one, two)), (other, (three,)) = library_of(PIGEON, DOOR), library_of(PIGEON, document_id="e")
    assert first.id != other.id
    whole = Extract(one, one.start, one.end)
    assert overlap(whole, Extract(one, one.end - 1, one.end))
    assert not overlap(Extract(one, 0, 5), Extract(one, 5, 9))
    assert not overlap(whole, Extract(two, two.start, two.end))
    assert not overlap(whole, Extract(three, three.start, three.end))
