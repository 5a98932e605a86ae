"""French text → tokens: elisions, accents, ligatures, and references as one token however they are written."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexes.french import STOP_WORDS, tokens, words
from tests.contracts import ODD_TEXTS


def unaccented(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("l'ordonnance d'un médecin", "l’ordonnance d’un médecin"),
        ("l'arrêt", "arret"),
        ("qu'il m’a décrit", "decrit"),
        ("jusqu'au décès", "DECES"),
        ("lorsqu’on témoigne", "temoigne"),
        ("cœur", "coeur"),
        ("ŒDÈME", "oedeme"),
        ("réquisitions", "requisition"),
        ("un médecin", "des médecins"),
        (unicodedata.normalize("NFD", "décédé"), "décédé"),
        ("ç'aurait été révélé", "c'aurait ete revele"),
    ],
)
def test_spellings_of_the_same_words(first: str, second: str) -> None:
    assert tokens(first) == tokens(second) != []


def test_an_elision_is_cut_only_before_a_word() -> None:
    assert words("aujourd'hui") == ["aujourd", "hui"]
    assert words("l' avocat") == words("avocat") == ["avocat"]
    assert words("entr'ouvert") == ["entr", "ouvert"]


def test_stop_words_say_nothing() -> None:
    assert tokens("Bonjour, est-ce que je dois être là pour ça ?") == []
    assert tokens("svp jai une question") == []
    assert all(word == unaccented(word).lower() for word in STOP_WORDS)
    assert "refus" not in STOP_WORDS


def test_single_letters_go_and_single_digits_stay() -> None:
    assert words("vitamine b et 3 x") == ["vitamine", "3"]


SPELLINGS = {
    "r4127-4": ["R. 4127-4", "R4127-4", "r 4127-4", "R.4127-4", "R*4127-4", "R. 4127 - 4", "R 4127‑4", "r. 4127–4"],
    "l1110-4": ["L.1110-4", "L 1110-4", "l1110-4", "L. 1110-4"],
    "226-14": ["226-14"],
    "r4127-51": ["R 4127 51", "R. 4127-51"],
    "l1110-4-1": ["L. 1110-4-1", "L1110-4-1"],
    "434-15-1": ["434-15-1"],
    "l632": ["L. 632"],
}


@pytest.mark.parametrize(("token", "spelling"), [(t, s) for t, group in SPELLINGS.items() for s in group])
def test_a_reference_is_one_token(token: str, spelling: str) -> None:
    assert tokens(spelling) == [token]
    assert tokens(f"l'article {spelling}, alinéa") == [*tokens("article"), token, *tokens("alinéa")]


@pytest.mark.parametrize("text", ["226-13 à 226-14", "226-13 a 226-14", "226-13 À 226-14"])
def test_the_preposition_is_no_letter_of_an_article(text: str) -> None:
    assert tokens(text) == ["226-13", "226-14"]


def test_a_short_number_after_a_letter_is_no_reference() -> None:
    assert "r4" not in tokens("R. 4") + tokens("annexe R 4")


LETTER = st.sampled_from("LRD")
ARTICLE = st.tuples(LETTER, st.integers(1000, 9999), st.integers(1, 199))
SHAPE = st.sampled_from(["{}. {}-{}", "{} {}-{}", "{}{}-{}", "{}.{}-{}", "{}. {} - {}"])


@given(ARTICLE, ARTICLE, SHAPE, SHAPE)
def test_articles_are_told_apart(
    first: tuple[str, int, int], second: tuple[str, int, int], shape: str, other: str
) -> None:
    one, two = tokens(shape.format(*first)), tokens(other.format(*second))
    assert len(one) == len(two) == 1
    assert (one == two) == (first == second)


@given(st.text())
@example("Ŕ. 4127-4")
def test_accents_never_matter(text: str) -> None:
    assert tokens(text) == tokens(unaccented(text))


@given(st.lists(st.sampled_from(["l'", "ç’", "à ", "É", "226-14", " R. 4127-4", "œ", "\u0301", "-", "9", " ", "d’a"])))
def test_accents_never_matter_near_references(parts: list[str]) -> None:
    text = "".join(parts)
    assert tokens(text) == tokens(unaccented(text))


@pytest.mark.parametrize("text", ODD_TEXTS.values(), ids=ODD_TEXTS)
def test_odd_texts(text: str) -> None:
    assert all(token and " " not in token for token in tokens(text))
