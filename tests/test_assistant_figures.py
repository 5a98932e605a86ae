"""The figures of a text: what must agree between a sentence and what it rests on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.figures import figures
from corpus.references import BARE, LETTERED

SAME = [
    ("trente jours", "30 jours"),
    ("un mois", "1 mois"),
    ("d’un mois", "d'un mois"),
    ("45 000 euros", "45\u202f000\u00a0€"),
    ("45 000 €", "45000 €"),
    ("trois ans", "3 années"),
    ("1,5 %", "1,5%"),
    ("Trente Jours", "TRENTE JOURS"),
    ("deux fois par an", "2 fois par an"),
    ("article R. 4127-4", "art. R.4127-4"),
    ("mille euros", "1000 euros"),
]
OTHER = [
    ("30 jours", "30 mois"),
    ("30 jours", "20 jours"),
    ("2,5 %", "25 %"),
    ("15 %", "15 ans"),
    ("15 €", "15 %"),
    ("un mois", "deux mois"),
    ("article R. 4127-4", "article R. 4127-44"),
    ("article L. 1110-4", "article R. 1110-4"),
    ("226-13", "226-14"),
    ("le 12 mai", "le 12 juin"),
    ("12 mai 2024", "12 mai 2025"),
    ("cent euros par acte", "cent euros par jour"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_figure_written_in_two_ways(one, other):
    assert figures(one) == figures(other) != frozenset()


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_another_figure_unit_date_or_article(one, other):
    assert not figures(one) <= figures(other)
    assert not figures(other) <= figures(one)


@pytest.mark.parametrize("text", ["Le médecin se tait.", "un médecin, une patiente", "", "?"])
def test_what_holds_no_figure(text):
    assert figures(text) == frozenset()


def test_the_digits_of_an_article_are_no_figure_of_its_own():
    assert figures("l'article R. 4127-4") <= figures("l'article R. 4127-4 et 30 jours")
    assert not figures("4127 jours") <= figures("l'article R. 4127-4")
    assert not figures("4 jours") <= figures("l'article R. 4127-4, dans les 30 jours")


def test_all_the_figures_of_a_text_are_found():
    found = figures(
        "Sous huit jours, 45 000 € d'amende et trois ans de prison (article 226-13), depuis le 1er mars 2002."
    )
    for part in ("8 jours", "45 000 euros", "3 ans", "226-13", "mars 2002"):
        assert figures(part) <= found, part
    for part in ("9 jours", "45 euros", "8 mois", "226-14", "avril 2002", "2003"):
        assert not figures(part) <= found, part


@given(st.text(alphabet="0123456789 ,.€%anjoursmiR-4article", max_size=60))
def test_a_text_holds_its_own_figures(text):
    assert figures(text) <= figures(f"Avant. {text} . Après.") | figures(text)
    # A lone capital before a number is the letter of an article: « a 0 » counts, « A 0 » is one of them.
    if not any(lettered.search(text) or lettered.search(text.upper()) for lettered in (BARE, LETTERED)):
        assert figures(text) == figures(text.upper())
