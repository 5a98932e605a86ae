"""What is a heading, at which level, and what only looks like one."""

import pytest

from corpus.blocks import blocks_of
from corpus.headings import is_question, is_question_alone
from tests.files import reading_of

BODY = "Le praticien relit sa réponse avant de l'envoyer à la personne qui la demande."


def headings(text, **more):
    return [(b.level, b.text.text) for b in blocks_of(reading_of(text, **more)) if b.kind == "heading"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"# Un\n\n## Deux ##\n\n###### Six\n\n{BODY}", [(1, "Un"), (2, "Deux"), (6, "Six")]),
        (f"## **Gras** et [lien](x)\n{BODY}", [(2, "Gras et lien")]),
        (f"## • À retenir\n{BODY}", [(2, "À retenir")]),
        (f"{BODY}\n## Sans ligne vide\n{BODY}", [(2, "Sans ligne vide")]),
        (f"## 2024\n\n{BODY}", []),  # no letter: a figure
        (f"#motdièse sans espace\n{BODY}", []),
    ],
    ids=["levels", "dressed", "bullet", "no blank line", "figure", "hashtag"],
)
def test_marked_headings(text, expected):
    assert headings(text, medium="markdown") == expected


@pytest.mark.parametrize(
    "line",
    [
        "Article R. 4127-4",
        "Article 226-14",
        "Art. L. 1110-4 :",
        "ARTICLE R.* 4127-95",
        "article 47 bis",
        "Article 1 er",
    ],
)
def test_a_line_that_is_an_article_number_is_a_heading(line):
    assert headings(f"{BODY}\n{line}\n{BODY}") == [(2, line)]


def test_a_sentence_on_an_article_is_not_a_heading():
    assert headings(f"Article 4 du code dit cela.\n{BODY}\n\nArticle 47 bis du code.\n{BODY}") == []


@pytest.mark.parametrize("medium", ["pdf", "text"])
def test_a_line_of_the_outline_is_a_heading_wherever_it_stands(medium):
    text = f"{BODY}\nLe Secret Partagé\n{BODY}"
    assert headings(text, medium=medium, titles=("Le secret partage",)) == [(2, "Le Secret Partagé")]
    assert headings(text, medium=medium) == []


def test_bold_lines():
    text = f"**Peut-on répondre à la police ?**\n\n{BODY}\n\n**À retenir**\n\n{BODY}\n\n**Un mot** gras.\n\n{BODY}"
    assert headings(text, medium="markdown") == [(3, "Peut-on répondre à la police ?"), (4, "À retenir")]


def test_lines_in_capitals():
    text = f"LE SECRET PROFESSIONNEL\n\n{BODY}\n\nCNOM\n\n{BODY}\n\nC'EST FINI.\n\n{BODY}"
    assert headings(text) == [(4, "LE SECRET PROFESSIONNEL")]  # an acronym and a sentence are not


def test_a_title_in_capitals_set_on_two_lines_is_one():
    assert headings(f"LE SECRET\n\nPROFESSIONNEL\n\n{BODY}") == [(4, "LE SECRET PROFESSIONNEL")]
    assert headings(f"UN TITRE QUI EST DÉJÀ ASSEZ LONG POUR TENIR\n\nUN AUTRE TITRE LONG\n\n{BODY}") == [
        (4, "UN TITRE QUI EST DÉJÀ ASSEZ LONG POUR TENIR"),
        (4, "UN AUTRE TITRE LONG"),
    ]


def test_a_lead_in_above_capitals_belongs_to_the_title():
    assert headings(f"Dossier spécial :\n\nLE SECRET PARTAGÉ\n\n{BODY}") == [(4, "Dossier spécial : LE SECRET PARTAGÉ")]


def test_a_short_line_above_a_paragraph_is_a_heading():
    assert headings(f"Le partage entre praticiens\n\n{BODY}") == [(5, "Le partage entre praticiens")]
    assert headings("Le partage entre praticiens\n\nDr Martin, à Lyon") == [(5, "Le partage entre praticiens")]


@pytest.mark.parametrize(
    "line",
    [
        "Dr Anne Martin",
        "Professeur Paul Roux",
        "Mme Anne Martin",
        "Une phrase finie.",
        "une ligne sans capitale",
        "Seul",
        "Une ligne qui va jusqu'à,",
        "Un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept",
        "- Un point de liste",
        "12 345",
        "Une ligne " + "longue " * 30,
    ],
)
def test_a_line_that_is_no_title_stays_text(line):
    assert headings(f"{line}\n\n{BODY}") == []


def test_a_short_line_above_a_short_line_or_nothing_is_not_a_heading():
    assert headings("Le partage entre praticiens\n\nSuite brève") == []
    assert headings("Le partage entre praticiens") == []


def test_a_line_whose_sentence_goes_on_is_not_a_heading():
    assert (
        headings("Le partage entre\n\npraticiens d'une même équipe est possible quand la personne n'a pas dit non.")
        == []
    )


def test_a_short_line_of_wrapped_text_without_blank_lines_is_a_heading():
    lines = ["Une ligne entière du paragraphe qui va jusqu'à la marge de droite ici"] * 30
    lines[0] = "Le partage"
    assert headings("\n".join(["Le partage du secret", *lines[1:]]), medium="pdf") == [(5, "Le partage du secret")]


def test_a_question_alone_heads_its_answer():
    assert headings(f"{BODY}\n\nEt si la personne mineure refuse que j'en parle à ses parents ?\n\n{BODY}") == [
        (5, "Et si la personne mineure refuse que j'en parle à ses parents ?")
    ]


def test_a_question_cut_by_a_column_heads_its_answer():
    assert headings(f"Et si la personne mineure refuse\n\nque j'en parle à ses parents ?\n\n{BODY}") == [
        (5, "Et si la personne mineure refuse que j'en parle à ses parents ?")
    ]


@pytest.mark.parametrize(
    ("text", "question", "alone"),
    [
        ("Puis-je lui répondre ?", True, True),
        ("« Puis-je lui répondre ? »", True, True),
        ("3 raisons de répondre ?", True, True),
        ("Pourquoi cela ?", True, True),
        ("Vraiment ?", False, False),
        ("et pourtant il répond ?", False, False),
        ("Il répond.", False, False),
        ("Il répond. Mais peut-il vraiment le faire ?", True, False),
        ("Peut-il " + "vraiment " * 40 + "répondre ?", True, False),
    ],
)
def test_questions(text, question, alone):
    assert is_question(text) is question
    assert is_question_alone(text) is alone
