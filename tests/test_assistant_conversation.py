"""What a message owes to those before it: its bond, the topic it carries, and how much of a conversation counts."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.conversation import LONGEST_TOPIC, TURNS_KEPT, bond, topic
from assistant.retrieval import Retrieval
from assistant.understanding import understand

DOSSIER = "Puis-je remettre le dossier médical aux parents d'un patient ?"
ARTICLE = "Que dit l'article R. 4127-4 ?"
FOLLOW_UP = "et si c'est un mineur ?"

LEANS = [
    FOLLOW_UP,
    "Mais sans leur accord ?",
    "dans quel délai ?",
    "et pour un juge, c'est pareil que pour la police judiciaire ?",
    "DU COUP je réponds quoi ?",
    "faut-il lui dire avant ?",
    "sinon je risque quoi ?",
    "oui, divorcés",
    "mais si le juge l'interdit ?",
    "et si on ne se met pas d'accord ?",
    "et si le patient n'est pas d'accord ?",
    "on est d'accord ?",
    "merci, et pour un mineur ?",
    "Ok, merci ! Mais pour un majeur ?",
    "",
    "?!",
]
INSISTS = [
    "Vous êtes sûr ?",
    "t'es certain ?",
    "pourtant il a signé une décharge",
    "mais si, y a une tolérance de 48 h",
    "Mais non !",
    "Le commissaire m’a juré que c'était légal",
    "mon avocat m'a dit que j'avais le droit",
    "on m'a toujours dit le contraire",
    "c'est écrit dans le règlement de la clinique",
    "la loi a changé non ?",
    "je ne suis pas d'accord",
    "Pas d'accord.",
    "C'EST FAUX",
]
FOLLOWS = [
    "Quelle est la cotisation annuelle due au conseil de l'Ordre ?",
    "un assureur me demande un certificat",
    "Si un patient me menace avec une arme au cabinet, qui prévenir ?",
    "et l'article 226-14 ?",
    "on m'a dit que l'article 226-14 avait changé",
    # What a patient says is a story to judge, not an authority against the answer.
    "Le patient m'a dit qu'il avait tué sa femme, je fais quoi ?",
    "une patiente m'a affirmé avoir été agressée par un confrère, que faire ?",
]
OPENS = [
    "rien à voir mais un patient m'envoie l'ecg de sa montre",
    "autre question : je peux vendre des semelles ?",
    "Autre chose : la plaque, quelle taille ?",
    "changement de sujet : je suis nommé expert",
    "Au fait, la lettre de sortie part quand ?",
    "ok merci, suivant : un deuxième avis",
    "Sinon, un étudiant adjoint pour l'été, c'est faisable ?",
    "question suivante, la grippe",
    "Merci ! un assureur me demande le dossier",
]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (message, kind)
        for kind, messages in (("leans", LEANS), ("insists", INSISTS), ("follows", FOLLOWS), ("opens", OPENS))
        for message in messages
    ],
)
def test_how_a_message_stands_to_those_before_it(message, expected):
    assert bond(message, [DOSSIER]) == expected
    assert bond(message, []) == "opens", "the first message has nothing to lean on"


@pytest.mark.parametrize("message", ["et s'il demande autre chose ?", "je peux y mettre autre chose qu'un cachet ?"])
def test_something_else_to_ask_for_is_no_other_subject(message):
    assert bond(message, [DOSSIER]) != "opens"


@pytest.mark.parametrize("message", [*LEANS, *INSISTS, *FOLLOWS, *OPENS])
def test_the_first_turn_is_never_rewritten(message):
    understood = understand(message, rewritten="Une tout autre question ?")
    assert understood.standalone == understood.question == message
    assert [query.text for query in understood.queries] == [message]
    assert not understood.insists


def test_a_follow_up_is_searched_in_its_topic_first_and_alone_too():
    understood = understand(FOLLOW_UP, [DOSSIER])
    assert [query.text for query in understood.queries] == [f"{DOSSIER} {FOLLOW_UP}", FOLLOW_UP]
    assert understood.queries[0].weight > understood.queries[1].weight > 0
    assert understood.standalone == understood.queries[0].text
    assert understood.topic == DOSSIER
    assert not understood.insists


def test_an_insistence_is_searched_in_its_topic_and_said_to_be_one():
    understood = understand("vous êtes sûr ?", [DOSSIER])
    assert understood.standalone == f"{DOSSIER} vous êtes sûr ?"
    assert understood.topic == DOSSIER
    assert understood.insists


def test_what_stands_alone_is_searched_alone_first_and_its_topic_beside_it():
    question = "Quelle est la cotisation annuelle due au conseil de l'Ordre ?"
    understood = understand(question, [DOSSIER])
    assert understood.standalone == question
    assert [query.text for query in understood.queries] == [question, f"{DOSSIER} {question}"]
    assert understood.topic == ""


@pytest.mark.parametrize("message", OPENS)
def test_a_change_of_topic_carries_nothing(message):
    understood = understand(message, [DOSSIER])
    assert [query.text for query in understood.queries] == [message]
    assert (understood.standalone, understood.topic) == (message, "")


def test_the_words_of_a_model_replace_ours_after_the_first_turn_alone():
    whole = "Puis-je remettre le dossier d'un mineur à ses parents ?"
    assert understand(FOLLOW_UP, [DOSSIER], f" {whole} ").standalone == whole
    assert understand(FOLLOW_UP, [DOSSIER], " ").standalone == f"{DOSSIER} {FOLLOW_UP}"
    assert understand(OPENS[0], [DOSSIER], whole).standalone == OPENS[0]


def test_the_topic_is_the_latest_message_that_stands_alone():
    cnil = "Comment déclarer une violation de données de patients à la CNIL ?"
    assert topic([DOSSIER]) == DOSSIER
    assert topic([DOSSIER, FOLLOW_UP, "vous êtes sûr ?"]) == DOSSIER
    assert topic([DOSSIER, FOLLOW_UP, cnil, "dans quel délai ?"]) == cnil
    assert topic([DOSSIER, OPENS[1], "pourquoi ?"]) == OPENS[1]
    assert topic(["et alors ?", "pourquoi ?"]) == "et alors ?", "the oldest, where none stands alone"


def test_a_conversation_is_bounded():
    old = "Comment déclarer une violation de données de patients à la CNIL ?"
    chain = ["et alors ?"] * (TURNS_KEPT - 1)
    assert topic([old, DOSSIER, *chain]) == DOSSIER
    assert topic([DOSSIER, *chain, "ah ?"]) == DOSSIER, "nothing that is looked at stands alone: the very first does"
    # Of the messages that are looked at, none but these may speak: the middle ones are forgotten.
    assert topic([DOSSIER, old, *chain, "ah ?"]) == DOSSIER
    long = "un récit du patient " * 200
    assert len(topic([long])) <= LONGEST_TOPIC == 800
    assert len(understand(FOLLOW_UP, [long] * 50).standalone) <= LONGEST_TOPIC + 1 + len(FOLLOW_UP)


def test_an_article_asked_for_before_does_not_outweigh_a_new_question(small_index):
    question = "réquisition présentée au cabinet par la gendarmerie, qui répond ?"
    understood = understand(question, [ARTICLE])
    assert [query.text for query in understood.queries] == [question]
    assert understood.references == ()
    retrieval = Retrieval(small_index)
    assert retrieval.find(understood) == retrieval.find(understand(question))


def test_a_follow_up_on_an_article_still_finds_it(small_index):
    found = Retrieval(small_index).find(understand("et pour un associé ?", [ARTICLE]))
    assert found.passages[0].article == "R4127-4"


def test_each_query_counts_by_its_weight_in_what_is_found(small_index, monkeypatch):
    monkeypatch.setattr("assistant.retrieval.timely", lambda hits, *_: hits)
    retrieval = Retrieval(small_index, ("lexical",))
    understood = understand("et avec une réquisition ?", ["Où ranger l'armoire ignifugée ?"])
    found = retrieval.find(understood, k=10_000)
    scores = [
        {hit.passage_id: query.weight * hit.score for hit in retrieval.find(understand(query.text), k=10_000).hits}
        for query in understood.queries
    ]
    expected = {name: scores[0].get(name, 0.0) + scores[1].get(name, 0.0) for name in scores[0] | scores[1]}
    assert {hit.passage_id: hit.score for hit in found.hits} == pytest.approx(expected)
    assert [hit.score for hit in found.hits] == sorted((hit.score for hit in found.hits), reverse=True)
    assert found.rankings == retrieval.find(understand(understood.standalone)).rankings


@given(st.text(max_size=200), st.lists(st.text(max_size=80), max_size=9))
@example("\ud800", ["\ud800"])
def test_whatever_is_said_is_understood(message, turns):
    understood = understand(message, turns)
    assert understood.question == message
    assert understood.queries[0].text == understood.standalone
    assert understood.queries[0].weight == 1.0
    assert len(understood.standalone) <= len(message) + LONGEST_TOPIC + 1
    assert bool(turns) or understood.standalone == message
