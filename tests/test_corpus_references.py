"""Article numbers: every way of writing them gives one normal form, and what only looks like one gives none."""

import pytest

from corpus.references import articles_in, display_number, normal_number


@pytest.mark.parametrize(
    "spelling",
    [
        "R. 4127-4",
        "R 4127-4",
        "R.4127-4",
        "R4127-4",
        "r4127-4",
        "r. 4127-4",
        "R4127 -4",
        "R4127- 4",
        "R. 4127 - 4",
        "R. 4127–4",
        "R. 4127‑4",
        "R. 4127 4",
        "R*4127-4",
        "R.* 4127-4",
        "R. * 4127-4",
    ],
)
@pytest.mark.parametrize("around", ["{}", "l'article {} du CSP", "(art. {}).", "art {}, alinéa 2", "{} 2020", "« {} »"])
def test_spellings(spelling, around):
    assert articles_in(around.format(spelling)) == ("R4127-4",)


@pytest.mark.parametrize(
    ("text", "articles"),
    [
        ("L. 1110-4-1", ("L1110-4-1",)),
        ("l 1110-4", ("L1110-4",)),
        ("D. 4113-115", ("D4113-115",)),
        ("A. 113-1", ("A113-1",)),
        ("a4127-4", ("A4127-4",)),
        ("L. 632 du code rural", ("L632",)),
        ("R4127", ("R4127",)),
        ("article 226-14 du code pénal", ("226-14",)),
        ("226-14, 2° bis", ("226-14",)),
        ("434-15-1", ("434-15-1",)),
        ("articles 226-13 et 226-14, puis 226-13", ("226-13", "226-14")),
        ("articles 226-13 a 226-14", ("226-13", "226-14")),  # an accent that nobody typed
        ("L. 1111-7, R. 4127-45 et 226-13", ("L1111-7", "R4127-45", "226-13")),
        ("L. 226-3 du code de l'action sociale", ("L226-3",)),  # not the article 226-3 of another code
    ],
)
def test_articles(text, articles):
    assert articles_in(text) == articles


@pytest.mark.parametrize(
    "text",
    [
        "",
        "article 4",
        "R. 4",
        "4127 euros",
        "il y a 4127 euros",
        "il y a 150 médecins",
        "A 100 km",
        "hépatite A 2023",
        "vitamine D 1000 UI",
        "n° 2020-1662",
        "décret n° 2012-694",
        "loi n° 2002-303 du 4 mars 2002",
        "2020-2021",
        "le 12-03-2024",
        "2024-03-12",
        "01 42 34 56 78",
        "01-42-34-56-78",
        "06.12.34.56.78",
        "n° 19-83.714",
        "21-12.345",
        "75-1234",
        "pages 120-135",
        "p. 112-115",
        "pp. 112-115",
        "150-200 euros",
        "150-200 €",
        "120-150 jours",
        "v226-14",
        "226-14x",
        "LR4127-4",
        "covid-19",
        "80-120-12",
    ],
)
def test_look_alikes(text):
    assert articles_in(text) == ()


@pytest.mark.parametrize(
    ("article", "display"), [("R4127-4", "R. 4127-4"), ("226-14", "226-14"), ("L1110-4-1", "L. 1110-4-1"), ("", "")]
)
def test_displayed_number(article, display):
    assert display_number(article) == display
    assert articles_in(display) == ((article,) if article else ())


def test_normal_number():
    assert normal_number("r", " 4127 -4") == "R4127-4"
    assert normal_number("", "226–14") == "226-14"
