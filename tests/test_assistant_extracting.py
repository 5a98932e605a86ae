"""What is quoted: exact, whole, never a heading, with the exception and the antecedent it needs."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.extracting import (
    LONGEST_EXTRACT,
    LONGEST_NEEDED,
    SHORT_EXTRACT,
    SHORT_PASSAGE,
    alike,
    body_start,
    extract,
    extracts,
)
from assistant.relevance import ByWords
from corpus.models import Passage
from indexes.french import tokens

OFFSET = 1_000
LONG = " ".join(["Le cabinet tient ses registres à jour et les range par année dans la salle du fond."] * 5)
"""Two of them are more than a passage that is quoted whole."""


def passage(text, *headings):
    return Passage("d:a#1", "d", headings, text, OFFSET, OFFSET + len(text))


def terms(question):
    return ByWords(dict.fromkeys(tokens(question), 1.0))


def quoted(text, question, *headings, **options):
    found = extract(passage(text, *headings), terms(question), **options)
    return found and found.quote


def test_a_passage_is_quoted_whole_up_to_a_length():
    assert len(LONG) < SHORT_PASSAGE < 2 * len(LONG)
    for length, whole in ((SHORT_PASSAGE, True), (SHORT_PASSAGE + 1, False)):
        text = f"{LONG} Le pigeon se pose à la fenêtre. La neige".ljust(length - 1, "e") + "."
        assert (quoted(text, "pigeon fenêtre") == text) is whole


def test_a_short_passage_is_quoted_whole_and_without_its_heading():
    text = "La vitre\n\nLa vitre du guichet reste fermée. Elle s'ouvre à midi."
    assert body_start(passage(text, "La vitre")) == len("La vitre\n\n")
    assert quoted(text, "guichet", "Accueil", "La vitre") == "La vitre du guichet reste fermée. Elle s'ouvre à midi."


def test_a_heading_that_does_not_stand_in_the_passage_changes_nothing():
    text = "La vitre du guichet reste fermée."
    assert body_start(passage(text, "Accueil")) == 0
    assert quoted(text, "guichet", "Accueil") == text


def test_offsets_are_those_of_the_document():
    found = extract(passage(f"{LONG}\n\nLe pigeon se pose à la fenêtre du médecin. {LONG}"), terms("pigeon fenêtre"))
    assert found.quote.startswith("Le pigeon")
    assert found.start == OFFSET + len(LONG) + 2
    assert found.end == found.start + len(found.quote)


@pytest.mark.parametrize(
    "text",
    ["Un titre seul", "12 345 euros\n\n67 %", "Dr Camille Exemple\nprésidente du cabinet", "2024 : 12.", "…"],
)
def test_titles_bylines_and_figures_are_never_quoted(text):
    assert quoted(text, "titre cabinet euros") is None


def test_a_title_between_two_sentences_parts_them():
    text = f"{LONG}\n\nUn intertitre\n\nLe pigeon se pose à la fenêtre.\n\nAutre titre\n\n{LONG}"
    assert quoted(text, "pigeon fenêtre intertitre titre") == "Le pigeon se pose à la fenêtre."


LIST = "Le cabinet garde trois registres :\n- celui des visites ;\n- celui des pigeons voyageurs ;\n- celui des clefs."


@pytest.mark.parametrize("question", ["pigeons voyageurs", "garde trois"])
def test_a_list_keeps_its_lead_in_and_its_items(question):
    assert quoted(f"{LONG} {LONG}\n\n{LIST}\n\n{LONG}", question) == LIST


@pytest.mark.parametrize(
    "exception",
    [
        "Cependant, il la rouvre en été.",
        "Toutefois, il la rouvre en été.",
        "Sauf en été, où elle reste ouverte.",
        "Mais il la rouvre en été.",
        "À moins qu'il ne fasse chaud.",
        "En revanche, il la rouvre en été.",
        "Par dérogation, elle est ouverte en été.",
    ],
)
def test_an_exception_is_never_parted_from_its_rule(exception):
    rule = (
        "Le pigeonnier demeure fermé, et le médecin n'y laisse entrer personne, ni confrère ni patient, jusqu'au soir."
    )
    assert quoted(f"{LONG} {rule} {exception} {LONG}", "pigeonnier fermé médecin").startswith(f"{rule} {exception}")


def test_an_exception_is_kept_even_when_it_makes_the_extract_long():
    rule = "Le pigeonnier reste fermé " + "et le couloir aussi, " * 21 + "jusqu'au soir."
    exception = "Cependant, le médecin le rouvre en été " + "et en automne, " * 9 + "s'il fait chaud."
    found = quoted(f"{LONG} {rule} {exception} {LONG}", "pigeonnier couloir")
    assert LONGEST_EXTRACT < len(f"{rule} {exception}") <= LONGEST_NEEDED
    assert found == f"{rule} {exception}"


@pytest.mark.parametrize("pronoun", ["Il", "Celui-ci", "Ce dernier", "Dans ce cas, il"])
def test_a_pronoun_keeps_its_antecedent(pronoun):
    antecedent = "Le gardien habite au rez-de-chaussée de l'immeuble depuis toujours."
    sentence = (
        f"{pronoun} nourrit les pigeons voyageurs chaque matin, sans faute et sans bruit, avant d'ouvrir la porte."
    )
    found = quoted(f"{LONG} {antecedent} {sentence} {LONG}", "nourrit pigeons voyageurs matin")
    assert f"{antecedent} {sentence}" in found
    assert found.index(antecedent) == 0


def test_guillemets_are_closed():
    said = "Le pigeon se pose à la fenêtre du cabinet et y demeure " + "sans bouger, " * 12 + "jusqu'au soir."
    assert SHORT_EXTRACT <= len(said) < LONGEST_EXTRACT - 100
    inside = f"« {said} Le gardien, qui passe chaque matin avec son seau, ne le voit plus depuis des années. »"
    assert quoted(f"{LONG} {inside} {LONG}", "pigeon fenêtre pose") == inside


def test_a_lone_guillemet_at_an_end_is_left_out():
    opened = (
        "« Le pigeon se pose à la fenêtre du cabinet et y demeure jusqu'au soir, quoi qu'il arrive dans la rue voisine."
    )
    assert quoted(f"{opened}\n\nUn titre\n\n{LONG}", "pigeon fenêtre") == opened[2:]
    closed = (
        "Le pigeon se pose à la fenêtre du cabinet et y demeure jusqu'au soir, quoi qu'il arrive dans la rue voisine. »"
    )
    assert quoted(f"{LONG}\n\nUn titre\n\n{closed}", "pigeon fenêtre soir rue voisine") == closed[:-2]


def test_the_end_of_a_sentence_that_a_page_cut_off_is_left_out():
    rest = "Le pigeon se pose à la fenêtre."
    assert quoted(f"giques sur la question des registres. {rest}", "registres pigeon") == rest
    assert quoted("- un pigeon ;\n- un autre pigeon.", "pigeon") == "- un pigeon ;\n- un autre pigeon."


def test_two_extracts_of_a_passage_are_its_rule_and_what_matches_in_reading_order():
    text = f"La porte du cabinet est bleue. {LONG} {LONG} Le pigeon se pose sur le rebord de la fenêtre. {LONG}"
    found = extracts(passage(text), terms("pigeon"), most=2)
    assert [each.quote.split(".")[0] for each in found] == [
        "La porte du cabinet est bleue",
        "Le pigeon se pose sur le rebord de la fenêtre",
    ]
    assert len(extracts(passage(text), terms("pigeon"), most=1)) == 1


def test_what_shares_nothing_with_the_question_is_no_second_extract():
    text = f"La porte du cabinet est bleue. {LONG} {LONG} {LONG}"
    assert len(extracts(passage(text), terms("xylophone"), most=3)) == 1


def test_without_a_word_in_common_the_first_sentence_is_quoted():
    assert quoted(f"La porte du cabinet est bleue. {LONG} {LONG}", "xylophone").startswith("La porte")
    assert quoted(f"La porte du cabinet est bleue. {LONG} {LONG}", "").startswith("La porte")


def test_quotes_that_say_the_same_are_alike():
    assert alike("Le pigeon se pose à la fenêtre.", "Chaque matin, le pigeon se pose encore à sa fenêtre.")
    assert not alike("Le pigeon se pose à la fenêtre.", "Le gardien ferme la porte.")


WORDS = st.sampled_from(
    [
        "médecin",
        "secret",
        "«",
        "»",
        "Cependant,",
        "Il",
        "pigeon",
        "sauf",
        "R. 4127-4",
        "1°",
        "a)",
        "-",
        ":",
        ";",
        "\n\n",
    ]
)
SENTENCE = st.tuples(
    st.lists(WORDS, min_size=1, max_size=12), st.sampled_from([".", " ;", " :", "?", "", "…", " »."])
).map(lambda parts: " ".join(parts[0]) + parts[1])
TEXTS = st.lists(st.tuples(SENTENCE, st.sampled_from([" ", "\n", "\n\n", "\n- "])), min_size=1, max_size=30).map(
    lambda parts: "".join(a + b for a, b in parts).strip()
)


@given(TEXTS, st.sampled_from(["", "Le titre", "TITRE"]), st.text(max_size=30), st.integers(1, 4))
def test_extracts_are_always_exact_apart_and_below_the_heading(body, heading, question, most):
    text = f"{heading}\n\n{body}" if heading else body
    source = passage(text, *([heading] if heading else []))
    found = extracts(source, terms(question), most=most)
    assert len(found) <= most
    assert all(a.end <= b.start for a, b in pairwise(found))
    for each in found:
        start, end = each.start - OFFSET, each.end - OFFSET
        assert 0 <= start < end <= len(text)
        assert each.quote == text[start:end] == each.quote.strip()
        assert not heading or start >= len(heading) + 2
        opened, closed = each.quote.count("«"), each.quote.count("»")
        assert not (opened == closed + 1 and each.quote.startswith("«"))
        assert not (closed == opened + 1 and each.quote.endswith("»"))
