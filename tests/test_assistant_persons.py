"""Whom the documents name: found as it was typed or as they print it, whole words only."""

import pytest

from assistant.redaction.persons import NOBODY, Persons

KNOWS = Persons(["Le Dr Anne EXEMPLON préside.", "Selon Jean de Fictive, le professeur Inventin a tort."])


@pytest.mark.parametrize(
    "said", ["anne exemplon", "Anne EXEMPLON", "ANNE EXEMPLON", "Jean de Fictive", "jean de fictive"]
)
def test_a_person_is_known_in_any_capitals(said):
    assert KNOWS(said)
    assert not NOBODY(said)


@pytest.mark.parametrize("said", ["Exempl", "Ann", "Jean Fictive"])
def test_a_part_of_a_word_or_another_name_is_not(said):
    assert not KNOWS(said)


def test_a_title_is_told_with_two_first_names_at_most_between():
    assert KNOWS.titled("exemplon")
    assert KNOWS.titled("Inventin")
    assert not KNOWS.titled("Fictive")
    assert not Persons(["Dr Un Deux Trois EXEMPLON"]).titled("Exemplon")
