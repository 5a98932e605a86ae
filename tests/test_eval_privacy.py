"""The measure of the privacy guard: its sentences, and its arithmetic with guards made for the test."""

import re
from collections import Counter
from random import Random

import pytest
from stdnum import iban, luhn
from stdnum.fr import nir

from assistant.models import Redaction
from assistant.privacy import Redacted
from eval import identifiers
from eval.filling import KINDS, Filled, Identity, Template, fill, filled, pieces_in, pieces_of, templates
from eval.people import words
from eval.privacy import GROUPS, changed, is_hidden, outcome_of, recall, rows_of, table, words_lost

TEMPLATES, KEPT = rows_of("all")
LEAST_TEMPLATES, LEAST_KEPT = 300, 150


def hiding(*secrets: str):
    """Return a guard that hides the strings given, and nothing else."""

    def redact(text: str) -> Redacted:
        found = [secret for secret in secrets if secret in text]
        for secret in found:
            text = text.replace(secret, "[PATIENT 12]")
        return Redacted(text, tuple(Redaction("patient", "[PATIENT 12]") for _ in found))

    return redact


def sentence(text: str, *identities: tuple[str, str]) -> Filled:
    rest = text
    for _, value in identities:
        rest = rest.replace(value, " ")
    made = tuple(Identity(kind, value, pieces_of(kind, value)) for kind, value in identities)
    return Filled(text, pieces_in(rest), made)


def test_there_are_enough_templates_and_look_alikes_and_half_are_held_out() -> None:
    assert len(TEMPLATES) >= LEAST_TEMPLATES
    assert len(KEPT) >= LEAST_KEPT
    for rows in (TEMPLATES, KEPT):
        parts = Counter(row.part for row in rows)
        assert set(parts) == {"development", "held_out"}
        assert abs(parts["development"] - parts["held_out"]) <= 1
    assert len({row.text for row in templates()}) == len(templates())


def test_there_are_enough_names_and_some_are_ordinary_words() -> None:
    assert len({*words("first_f"), *words("first_m")}) >= 150
    assert len(set(words("last"))) >= 250
    assert {"Rose", "Pierre", "Petit", "Berger"} <= {*words("first_f"), *words("first_m"), *words("last")}


def test_every_slot_is_known_and_every_kind_is_asked_for() -> None:
    kinds = set()
    for row in TEMPLATES:
        assert row.slots
        assert set(re.findall(r"\{(.*?)\}", row.text)) == set(row.slots)
        kinds |= {KINDS[re.sub(r"\d$", "", slot)] for slot in row.slots}
    assert kinds == set(KINDS.values()) == {kind for group in GROUPS.values() for kind in group}
    assert not any("{" in row.text or "}" in row.text for row in KEPT)


def test_filling_is_reproducible_and_leaves_no_slot() -> None:
    first, again = (list(filled(TEMPLATES, 3, 2)) for _ in range(2))
    assert first == again
    assert first != list(filled(TEMPLATES, 4, 2))
    assert len(first) == 2 * len(TEMPLATES)
    for made in first:
        assert "{" not in made.text
        assert all(identity.text in made.text and identity.pieces for identity in made.identities)
        assert not {piece for identity in made.identities for piece in identity.pieces} & set(made.fixed)


def test_a_template_is_filled_alike_whatever_the_others_are() -> None:
    assert list(filled(TEMPLATES[5:6], 1)) == list(filled(TEMPLATES, 1))[5:6]


def test_names_are_typed_in_several_ways() -> None:
    row = Template("Mme {last} est venue, que dire ?", "development")
    surnames = [fill(row, Random(n)).identities[0].text for n in range(60)]
    assert any(name.islower() for name in surnames)
    assert any(name.isupper() for name in surnames)
    assert any(name.istitle() for name in surnames)
    shouted = Template("MME {last} EST VENUE, QUE DIRE ?", "development")
    assert all(fill(shouted, Random(n)).identities[0].text.isupper() for n in range(20))


def test_a_template_whose_words_are_those_of_every_identity_is_told() -> None:
    row = Template(" ".join(f"{n:02}" for n in range(1, 100)) + " lit {bed} " + " ".join("123456789"), "development")
    with pytest.raises(ValueError, match="use other words"):
        fill(row, Random(1))


@pytest.mark.parametrize("seed", range(40))
def test_numbers_have_valid_keys(seed: int) -> None:
    rng = Random(seed)
    number = re.sub(r"[ .]|clé", "", identifiers.nir_of(rng))
    assert len(number) == 13 or nir.is_valid(number)
    assert iban.is_valid(identifiers.iban_of(rng), check_country=False)
    for made, length in ((identifiers.rpps_of, 11), (identifiers.adeli_of, 9), (identifiers.finess_of, 9)):
        digits = made(rng).replace(" ", "")
        assert len(digits) == length
        # A department of Corsica would hold a letter; none is drawn.
        assert luhn.is_valid(digits)


def test_what_identifies_in_a_value() -> None:
    assert pieces_of("name: both", "Léa de La Tour-Vidal") == ("lea", "tour", "vidal")
    assert pieces_of("name: surname", "Ly") == ("ly",)
    assert pieces_of("address", "12 bis rue de l'Église, 35000 Rennes") == ("12", "eglise", "35000", "rennes")
    assert pieces_of("birth", "3 mars 71") == ("mars", "71")
    assert pieces_of("email", "j.trehorel@orange.fr") == ("trehorel",)
    assert pieces_of("room", "3") == ("3",)


def test_an_identity_is_hidden_when_nothing_of_it_is_left() -> None:
    whole = sentence("Mme Hélène Tréhorel refuse", ("name: both", "Hélène Tréhorel"))
    assert outcome_of(whole, hiding("Hélène Tréhorel")).hidden == (("name: both", True),)
    assert outcome_of(whole, hiding()).hidden == (("name: both", False),)
    assert outcome_of(whole, hiding("Hélène")).hidden == (("name: both", False),)


def test_case_and_accents_do_not_hide() -> None:
    def shouting(text: str) -> Redacted:
        return Redacted(text.upper().replace("É", "E"), ())

    assert outcome_of(sentence("mme tréhorel refuse", ("name: surname", "tréhorel")), shouting).hidden[0][1] is False


def test_a_name_inside_another_word_is_not_left() -> None:
    assert is_hidden(Identity("name: first", "Rose", ("rose",)), ("roseraie",))
    assert not is_hidden(Identity("name: first", "Rose", ("rose",)), ("rose",))


@pytest.mark.parametrize(
    ("hidden", "expected"),
    [("1 85 05 78 006 084 36", True), ("1 85 05 78 006 084", False), ("78 006 084 36", False), ("none", False)],
)
def test_part_of_a_number_is_a_leak(hidden: str, expected: bool) -> None:
    said = sentence("nir 1 85 05 78 006 084 36 ok", ("nir", "1 85 05 78 006 084 36"))
    assert outcome_of(said, hiding(hidden)).hidden == (("nir", expected),)


def test_the_end_of_an_unbroken_number_is_a_leak_and_a_placeholder_is_not() -> None:
    said = sentence("nir 185057800608436 vu", ("nir", "185057800608436"))
    assert not outcome_of(said, hiding("1850578006084")).hidden[0][1]
    assert not outcome_of(said, hiding("05780060")).hidden[0][1]
    bed = sentence("lit 12 et 3 jours", ("room", "12"))
    assert outcome_of(bed, hiding("12")).hidden[0][1], "the placeholder itself holds 12"


def test_recall_counts_by_kind_and_together() -> None:
    said = sentence("Mme Hamon, nir 185057800608436", ("name: surname", "Hamon"), ("nir", "185057800608436"))
    outcomes = [outcome_of(said, hiding("Hamon")), outcome_of(said, hiding("Hamon", "185057800608436"))]
    found = {row.kind: (row.n, row.value) for row in recall(outcomes)}
    assert found == {
        "all formatted": (2, 0.5),
        "all names": (2, 1.0),
        "nir": (2, 0.5),
        "name: surname": (2, 1.0),
    }


def test_words_that_go_with_a_name_are_counted_but_not_its_title() -> None:
    said = sentence("Madame Hamon refuse la transfusion", ("name: surname", "Hamon"))
    assert outcome_of(said, hiding("Madame Hamon")).lost == ()
    greedy = outcome_of(said, hiding("Madame Hamon refuse"))
    assert greedy.lost == ("refuse",)
    assert (words_lost([greedy]).n, words_lost([greedy]).value) == (2, 0.5)


def test_look_alikes_that_change_are_counted_by_sort() -> None:
    rows = [("law", "la loi Veil"), ("law", "la loi Evin"), ("brand", "le Vidal")]
    figures, after = changed(rows, hiding("Veil"))
    assert {row.kind: (row.n, row.value) for row in figures} == {"all": (3, 0.3333), "law": (2, 0.5), "brand": (1, 0.0)}
    assert after == ("law: la loi Veil → la loi [PATIENT 12]",)


def test_a_table_shows_counts_and_wilson_intervals() -> None:
    said = [sentence("Mme Hamon vue", ("name: surname", "Hamon"))] * 10
    outcomes = [outcome_of(one, hiding("Hamon" if n else "none")) for n, one in enumerate(said)]
    # Wilson for 9 of 10 at 95 %: centre (0.9 + z²/20) / (1 + z²/10), z = 1.95996.
    assert "| name: surname | 10 | 9 | 0.9000 | [0.5958, 0.9821] |" in list(table("hidden", recall(outcomes)))
