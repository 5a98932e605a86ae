"""Lines to blocks: running heads left out, words and sentences joined again, lists kept apart."""

import pytest

from corpus.blocks import blocks_of
from corpus.lines import lines_of
from tests.files import reading_of

LONG = "Le praticien qui reçoit une demande écrite vérifie d'abord qui la signe et pourquoi elle lui est adressée."


def texts(*pages, **more):
    return [block.text.text for block in blocks_of(reading_of(*pages, **more))]


def kinds(*pages, **more):
    return [(block.kind, block.text.text) for block in blocks_of(reading_of(*pages, **more))]


def test_running_heads_and_page_numbers_are_left_out():
    pages = [f"Le Mensuel du Praticien\n{n}\n\nTexte numéro {word}.\n\n{n}" for n, word in enumerate("abcd", start=11)]
    assert texts(*pages) == [f"Texte numéro {word}." for word in "abcd"]


def test_a_page_number_beside_a_letter_spaced_head_is_left_out():
    assert texts("Une phrase avant.\n\n27\n\nR A P P O R T  2 0 2 0\n\n28\n\nUne phrase après.") == [
        "Une phrase avant.",
        "Une phrase après.",
    ]


def test_a_number_that_is_not_beside_a_running_head_stays():
    assert texts("Avant, il y avait :\n\n27\n\nMédecins présents.") == [
        "Avant, il y avait :",
        "27",
        "Médecins présents.",
    ]


def test_rules_and_empty_lines_are_left_out():
    assert texts("Avant la ligne.\n---\nEntre.\n| --- | :--: |\n\u200b\n***\nAprès.") == [
        "Avant la ligne.",
        "Entre.",
        "Après.",
    ]


def test_origins_count_pages_joined_by_page_breaks():
    pages = ("Première **page** du texte.", "Seconde page.", "Troisième page.")
    raw = "\f".join(pages)
    for line in lines_of(reading_of(*pages)):
        assert [raw[o] for o in line.text.origin] == list(line.text.text)
    for block in blocks_of(reading_of(*pages)):
        assert [raw[o] for o in block.text.origin] == list(block.text.text)


@pytest.mark.parametrize(
    ("raw", "joined"),
    [
        ("des effets posi-\ntifs pour tous", "des effets positifs pour tous"),
        ("ils le disent eux-\nmêmes ici", "ils le disent eux-mêmes ici"),
        ("celui-\nci est là", "celui-ci est là"),
        ("a-t-\nil le droit", "a-t-il le droit"),
        ("un avis non-\nconforme donné", "un avis non-conforme donné"),
        ("peut-\nêtre, c'est-\nà-dire", "peut-être, c'est-à-dire"),
        ("ce parti-\nculier, ce ci-\ntoyen", "ce particulier, ce citoyen"),
        ("demi-\njournée de travail", "demi-journée de travail"),
        ("le sous-\nMédecin Martin", "le sous- Médecin Martin"),  # a capital: no word was cut
        ("un compte-\nrendu, puis le compte-rendu", "un compte-rendu, puis le compte-rendu"),
        ("le contre-\nindiqué n'est pas contreindiqué", "le contreindiqué n'est pas contreindiqué"),
        ("vous-\nmêmes, dit vousmêmes", "vousmêmes, dit vousmêmes"),  # as the document writes it elsewhere
    ],
)
def test_words_cut_at_the_end_of_a_line(raw, joined):
    assert texts(f"Ici, {raw}.") == [f"Ici, {joined}."]


def test_a_word_cut_between_two_columns_is_joined():
    assert texts("Le praticien constate des effets posi-\n\ntifs sur la durée.") == [
        "Le praticien constate des effets positifs sur la durée."
    ]


def test_a_sentence_cut_by_a_column_or_a_page_is_joined():
    assert texts("Le praticien ne peut pas\n\nrépondre à cette question.") == [
        "Le praticien ne peut pas répondre à cette question."
    ]
    assert texts("Le praticien ne peut pas", "répondre à cette question.") == [
        "Le praticien ne peut pas répondre à cette question."
    ]


@pytest.mark.parametrize("end", [".", "!", "?", " :", ";", "…", " »", ".)"])
def test_a_finished_sentence_is_not_joined(end):
    assert len(texts(f"Oui, c'est ainsi que le praticien répond{end}\n\net la suite vient là.")) == 2


def test_a_sentence_does_not_go_on_in_a_heading_or_an_item():
    assert kinds("Le praticien ne peut pas\n\n- répondre ;\n- écrire.") == [
        ("paragraph", "Le praticien ne peut pas"),
        ("item", "- répondre ;"),
        ("item", "- écrire."),
    ]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("L e praticien répond.", "Le praticien répond."),
        ("É crire reste utile.", "Écrire reste utile."),
        ("L 'avis est rendu.", "L'avis est rendu."),
        ("L a réponse vient.", "La réponse vient."),
        ("D a été dosée.", "D a été dosée."),
        ("L e-mail.", "L e-mail."),
        ("A la suite de cela.", "A la suite de cela."),  # a word of its own
        ("O u pas.", "O u pas."),
        ("Le Dr X a dit.", "Le Dr X a dit."),
    ],
)
def test_drop_capitals(raw, text):
    assert texts(raw) == [text]


def test_every_kind_of_bullet_starts_an_item():
    raw = "Il vérifie :\n- le nom ;\n• la date ;\n– le cadre ;\n1. la signature ;\n2) le cachet ;\na) la durée."
    assert kinds(raw) == [
        ("paragraph", "Il vérifie :"),
        ("item", "- le nom ;"),
        ("item", "- la date ;"),
        ("item", "- le cadre ;"),
        ("item", "1. la signature ;"),
        ("item", "2) le cachet ;"),
        ("item", "a) la durée."),
    ]


def test_an_item_goes_on_over_its_next_line():
    assert kinds("- le nom de la\npersonne ;\n- la date") == [
        ("item", "- le nom de la personne ;"),
        ("item", "- la date"),
    ]


def test_blank_lines_part_paragraphs_and_single_breaks_do_not():
    assert texts("Une phrase.\nUne autre.\n\nUn autre paragraphe.") == [
        "Une phrase. Une autre.",
        "Un autre paragraphe.",
    ]


def test_wrapped_paragraphs_end_at_a_short_line():
    body = [f"{LONG[:70]} {n}" for n in range(22)]
    lines = [
        *body[:10],
        "fin du premier.",
        "Début du second paragraphe qui occupe une ligne entière ou presque",
        *body[11:],
    ]
    first, second = texts("\n".join(lines), medium="pdf")
    assert first.endswith("fin du premier.")
    assert second.startswith("Début du second")


def test_unwrapped_text_does_not_end_paragraphs_at_short_lines():
    lines = [LONG + LONG] * 24
    lines[10] = "fin du premier."
    assert len(texts("\n".join(lines))) == 1


def test_markdown_inside_a_paragraph_goes_and_its_words_stay():
    assert texts("Selon l'**article** [4](https://exemple.fr), *le* 1<sup>er</sup> avis.", medium="markdown") == [
        "Selon l'article 4, le 1er avis."
    ]


def test_nothing_gives_nothing():
    assert blocks_of(reading_of("")) == ()
    assert blocks_of(reading_of("\n \n---\n<!-- rien -->\n")) == ()
