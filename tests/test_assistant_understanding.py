"""Follow-ups carry their topic, new questions do not."""

import pytest

from assistant.conversation import SHORT, TURNS_KEPT
from assistant.understanding import understand
from indexes.references import Reference

TOPIC = "Puis-je remettre le dossier médical aux parents d'un patient ?"


@pytest.mark.parametrize("question", ["et si c'est un mineur ?", "pourquoi ?", TOPIC, "Que dit l'article 226-14 ?"])
def test_the_first_turn_is_never_rewritten(question):
    assert understand(question).standalone == question


@pytest.mark.parametrize(
    "follow_up",
    [
        "et si c'est un mineur ?",
        "Et si le père exige une copie de tout ce que j'ai noté pendant la consultation ?",
        "mais sans leur accord ?",
        "Sauf si le juge l'interdit ?",
        "si le juge l'interdit ?",
        "Dans ce cas, que faut-il écrire au dossier de soins ?",
        "pourquoi ?",
        "quel délai ?",
        "oui, divorcés",
    ],
)
def test_a_follow_up_carries_the_topic(follow_up):
    understood = understand(follow_up, [TOPIC])
    assert understood.standalone == f"{TOPIC} {follow_up}"
    assert understood.question == follow_up


def test_a_chain_of_follow_ups_keeps_the_first_topic():
    turns = [TOPIC, "et si c'est un mineur ?"]
    assert understand("et s'ils sont divorcés ?", turns).standalone == f"{TOPIC} et s'ils sont divorcés ?"


def test_a_follow_up_carries_the_latest_topic():
    latest = "Comment déclarer une violation de données de patients à la CNIL ?"
    turns = [TOPIC, "et si c'est un mineur ?", latest]
    assert understand("quel délai ?", turns).standalone == f"{latest} quel délai ?"


@pytest.mark.parametrize(
    "question",
    [
        "Quelle est la cotisation annuelle due au conseil de l'Ordre ?",
        "Si un patient me menace avec une arme au cabinet, qui prévenir ?",
        "Non-assistance à personne en danger : que risque le médecin remplaçant ?",
        "Ou dois-je envoyer la déclaration de vol du fichier informatique ?",
        "et l'article 226-14 ?",
        "que dit l'article 4 du code de déontologie ?",
    ],
)
def test_a_new_topic_or_a_reference_of_its_own_is_not_rewritten(question):
    assert understand(question, [TOPIC]).standalone == question


def test_references_come_from_the_question_else_from_its_topic():
    turns = ["Que dit l'article 226-13 ?"]
    assert understand("et l'article 226-14 ?", turns).references == (Reference(article="226-14"),)
    assert understand("que risque-t-on ?", turns).references == (Reference(article="226-13"),)
    assert understand("Puis-je refuser un patient agressif au cabinet ?", turns).references == ()


def test_only_the_last_turns_are_looked_at_and_the_oldest_message_stands_in_for_a_topic():
    assert understand("pourquoi ?", ["bonjour", "ok"]).standalone == "bonjour pourquoi ?"
    turns = [TOPIC] + ["et alors ?"] * TURNS_KEPT
    assert understand("pourquoi ?", turns).standalone == f"{TOPIC} pourquoi ?"
    old = "Comment déclarer une violation de données de patients à la CNIL ?"
    kept = [TOPIC] + ["et alors ?"] * (TURNS_KEPT - 1)
    assert understand("pourquoi ?", [old, *kept]).standalone == f"{TOPIC} pourquoi ?"


def test_stop_words_do_not_make_a_question_long():
    assert SHORT == 4
    assert understand("est-ce que je peux le lui donner ?", [TOPIC]).standalone.startswith(TOPIC)


@pytest.mark.parametrize("question", ["un assureur me demande un certificat", "ma collègue me dénigre"])
def test_somebody_new_opens_a_topic(question):
    assert understand(question, ["La police me convoque au sujet d'un patient."]).standalone == question


@pytest.mark.parametrize("question", ["pour un mineur ?", "dans quel délai ?", "et un juge ?"])
def test_what_leans_on_the_topic_carries_it(question):
    topic = "La police me convoque au sujet d'un patient."
    assert understand(question, [topic]).standalone == f"{topic} {question}"
