"""Who does what to whom: a sentence keeps the order of what it rests on, and leaves out whole pieces alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.word_order import same_actors, same_order

HELD = "En cas d'urgence, le médecin informe le préfet sans délai, et remet le dossier à la famille."


@pytest.mark.parametrize(
    ("sentence", "held"),
    [
        ("Le médecin informe le préfet sans délai.", HELD),
        ("Le médecin informe le préfet sans délai, en cas d'urgence.", HELD),
        ("Le médecin remet le dossier", "Le médecin remet, sous huit jours, le dossier"),
        ("LE MEDECIN REMET LE DOSSIER", "Le médecin remet le dossier"),
        ("selon l'article R. 4127-4, le médecin se tait", "Selon l'article R.4127-4 le médecin se tait."),
        ("Une phrase de mots inconnus", "Le médecin se tait"),
        ("", HELD),
        ("", ""),
    ],
)
def test_the_same_order(sentence, held):
    assert same_order(sentence, held)


@pytest.mark.parametrize(
    ("sentence", "held"),
    [
        ("Le préfet informe le médecin.", "Le médecin informe le préfet."),
        ("La famille remet le dossier", "Le médecin remet le dossier à la famille"),
        ("Le médecin remet le dossier avec l'accord", "Le médecin remet le dossier sans l'accord"),
        ("Le dossier et la copie", "Le dossier ou la copie"),
        ("Le médecin remet le dossier", "Le médecin ne remet pas le dossier"),
        # What is taken from the middle of a clause changes it.
        ("Le médecin remet le dossier", "Le médecin remet au juge le dossier"),
        ("Le médecin informe la famille", "Le médecin informe le préfet et la famille"),
    ],
)
def test_another_order(sentence, held):
    assert not same_order(sentence, held)


@pytest.mark.parametrize(
    ("sentence", "text", "same"),
    [
        ("Le juge prévient la police", "Le juge prévient la police", True),
        ("La police prévient le juge", "Le juge prévient la police", False),
        ("Le juge prévient", "Le juge et la famille préviennent", True),
        ("La famille et le patient", "Le patient et sa famille", False),
        ("L'employeur décide", "Le juge décide", False),
        # The physician is also "vous", and goes without saying …
        ("Vous prévenez le patient", "Le médecin prévient le patient", True),
        ("Prévenez le patient", "Le médecin prévient le patient", True),
        ("Le médecin se tait", "Ce qui est confié reste secret", True),
        # … but not where the text speaks of others alone.
        ("Vous devez prévenir", "Le juge doit prévenir", False),
        ("Une règle sans personne", "Le juge décide", True),
        ("Le patient, puis le patient", "Le patient", True),
        ("", "", True),
    ],
)
def test_who_does_it(sentence, text, same):
    assert same_actors(sentence, text) is same


@given(st.text(alphabet="le médcinjug,.;: pattsfRL4-1'", max_size=80))
def test_a_text_says_what_it_says(text):
    assert same_actors(text, text)


@pytest.mark.parametrize("text", [HELD, "Le juge, la police et le médecin.", "a b a b", "Le dossier, le dossier."])
def test_a_text_is_in_its_own_order(text):
    assert same_order(text, text)
    assert same_actors(text, text)
