"""Cleaning: what each step removes or repairs, and that every character it keeps remembers where it came from."""

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.cleaning import clean_characters, clean_markup, clean_spaces, fold, is_running_line, running_lines
from corpus.models import Page
from corpus.tracked import Tracked, drop, group, join, literal

STEPS = (clean_characters, clean_markup, clean_spaces)


def whole(text):
    tracked = Tracked.of(text)
    for step in STEPS:
        tracked = step(tracked)
    return tracked


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("a\u200bb\ufeffc", "abc"),  # zero width
        ("\u202bdroite\u202c \u2066isolé\u2069", "droite isolé"),  # bidirectional
        ("nul\x00 et \x1bcontrôle\x9f", "nul et contrôle"),
        ("se\u00adcret", "secret"),
        ("se\u00ad\ncret", "secret"),
        ("a\u00a0b\u202fc\u2009d\te", "a b c d e"),
        ("ﬁn, eﬀet, aﬄux, ﬂot, oﬃce, ﬅ, ﬆ", "fin, effet, afflux, flot, office, st, st"),
        ("me\u0301decin, C\u0327a, e\u0302tre", "médecin, Ça, être"),
        ("fin\ue000 \uf8ff■▶✔ suite", "fin  suite"),
        ("œuvre, « ça », n° 3, 2°, m², l’été – 5 € …", "œuvre, « ça », n° 3, 2°, m², l’été – 5 € …"),
        ("• un point · deux", "• un point · deux"),
    ],
)
def test_characters(raw, clean):
    assert clean_characters(Tracked.of(raw)).text == clean


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("un **mot** gras et __un autre__", "un mot gras et un autre"),
        ("un *mot* penché et _un autre_", "un mot penché et un autre"),
        ("***les deux***, **gras *penché* gras**", "les deux, gras penché gras"),
        ("**sur deux\nlignes**", "sur deux\nlignes"),
        ("[l'Ordre](https://exemple.fr/page) répond", "l'Ordre répond"),
        ("[voir \\[1\\]](a.md)", "voir [1]"),
        ("avant ![logo](logo.png) après", "avant  après"),
        ("avant <!-- note\nsur deux lignes --> après", "avant  après"),
        ("1<sup>er</sup> janvier, CO<sub>2</sub><br/>fin", "1er janvier, CO2fin"),
        ("le 1^{er} mars, 2^{e} rang", "le 1er mars, 2e rang"),
        ("le D^r Martin, M^me Roux, n^o 4", "le Dr Martin, Mme Roux, no 4"),
        ("R.\\* 4127-4 \\[abrogé\\] 1\\. fin", "R.* 4127-4 [abrogé] 1. fin"),
        ("fin**", "fin"),
        ("+ de 200 médecins", "+ de 200 médecins"),
        ("2 * 3 = 6 et 2*3*4", "2 * 3 = 6 et 234"),
        ("nom_de_fichier et a_b", "nom_de_fichier et a_b"),
        ("[sans adresse] (à part)", "[sans adresse] (à part)"),
        ("moins de < 5 et > 3", "moins de < 5 et > 3"),
    ],
)
def test_markup(raw, clean):
    assert clean_markup(Tracked.of(raw)).text == clean


def test_spaces():
    assert clean_spaces(Tracked.of("  un   deux trois  ")).text == "un deux trois"
    assert clean_spaces(Tracked.of("   ")).text == ""


def test_origin_of_each_character_in_a_line_with_everything():
    raw = " \u200b**Le** [secret](x) \ue000 médi\u00adcal\u00a0: ﬁn  1<sup>er</sup> "
    tracked = whole(raw)
    assert tracked.text == "Le secret médical : fin 1er"
    literals = {raw.index("\u00a0"): " ", raw.index("ﬁ"): "fi"}
    for character, origin in zip(tracked.text, tracked.origin, strict=True):
        assert character in literals.get(origin, raw[origin])
    assert [raw[o] for o in tracked.origin][:9] == list("Le secret")


MESSY = st.text(
    st.sampled_from(
        "abé ÉàL'’.,:;!?-–()[]{}*_^<>/\\#+|\n\t\u00a0\u202f\u200b\u202e\u00ad\ue000ﬁﬄ■•0123e\u0301u\u0300sup"
    ),
    max_size=60,
)


def may_come_from(character, source):
    return (
        character == source
        or (character == " " and source.isspace())
        or unicodedata.normalize("NFD", character)[0] in unicodedata.normalize("NFKC", source)
        or unicodedata.combining(character) > 0
    )


@given(MESSY)
@example("**a** e\u0301\u0300 ﬄ  \t b\u00ad\nc")
def test_every_character_kept_remembers_its_place(raw):
    tracked = Tracked.of(raw)
    for step in STEPS:
        tracked = step(tracked)
        assert len(tracked.text) == len(tracked.origin)
        assert list(tracked.origin) == sorted(tracked.origin)
        assert all(may_come_from(c, raw[o]) for c, o in zip(tracked.text, tracked.origin, strict=True))


@given(MESSY)
def test_cleaning_clean_characters_changes_nothing(raw):
    once = clean_characters(Tracked.of(raw)).text
    assert clean_characters(Tracked.of(once)).text == once


def test_tracked_pieces():
    text = Tracked.of("abcdef")
    assert text.rewrite(re.compile("z"), drop) is text
    assert text.rewrite(re.compile("c(d)e"), group(1)) == Tracked("abdf", [0, 1, 3, 5])
    assert text.rewrite(re.compile("cd"), literal("XYZ")) == Tracked("abXYZef", [0, 1, 2, 2, 2, 4, 5])
    assert join([text.cut(0, 1), text.cut(4, 6)], ", ") == Tracked("a, ef", [0, 4, 4, 4, 5])
    assert Tracked.of("   ").strip() == Tracked("", range(3, 3))


@pytest.mark.parametrize(
    ("raw", "folded"),
    [("Œuvre D’Été", "oeuvre d'ete"), ("ÇA N° 4", "ca no 4"), ("æ", "ae"), ("ﬁn", "fin")],
)
def test_fold(raw, folded):
    assert fold(raw).replace("°", "o") == folded


@pytest.mark.parametrize(
    ("line", "running"),
    [
        ("R A P P O R T  2 0 2 0", True),
        ("S E C R E T  M É D I C A L", True),
        ("A B C D", False),  # too short to tell from initials
        ("Il y a un an, à la fin du mois", False),
    ],
)
def test_letter_spaced_line(line, running):
    assert is_running_line(line) is running


def pages_of(*texts):
    return [Page(n, str(n + 1), text) for n, text in enumerate(texts)]


def test_running_lines_are_the_same_digits_aside_at_the_edge_of_three_pages():
    pages = pages_of(*(f"Rapport 20{n}\n\n  corps {'abcd'[n]}\nsuite {'abcd'[n]}\n\nPage {n}" for n in range(4)))
    assert running_lines(pages) == {(n, position) for n in range(4) for position in (0, 5)}


def test_two_pages_are_too_few_for_a_running_line():
    assert running_lines(pages_of("En-tête\na\nb", "En-tête\nc\nd")) == frozenset()


def test_a_line_inside_the_page_is_not_running():
    pages = pages_of(*(f"a{c}\nb{c}\nToujours la même\nc{c}\nd{c}" for c in "wxyz"))
    assert running_lines(pages) == frozenset()


def test_a_line_must_stand_on_enough_of_the_pages():
    texts = [f"Chapitre\n{c}{c}\n{c}!" for c in "abc"] + [f"{c}\n{c}{c}\n{c}!" for c in "defghijk"]
    assert running_lines(pages_of(*texts)) == frozenset()  # 3 of 11
    assert running_lines(pages_of(*texts[:10])) == {(0, 0), (1, 0), (2, 0)}  # 3 of 10
