"""Blocks to passages: what is cut where, and under which name."""

import pytest

from corpus.blocks import blocks_of
from corpus.segmentation import LONGEST, LONGEST_LIST, TARGET, segment, shorten, slug
from tests.files import metadata_of, reading_of

SENTENCE = "Le praticien relit sa réponse avant de l'envoyer à qui la demande."
CODE = metadata_of(id="csp", short="CSP", kind="statute", code="CSP")


def cut(*pages, metadata=None, **more):
    reading = reading_of(*pages, **{"medium": "markdown", **more})
    return segment(reading, blocks_of(reading), metadata or metadata_of())


def passages(*pages, metadata=None, **more):
    return cut(*pages, metadata=metadata, **more).passages


def test_a_passage_starts_at_the_heading_right_above_it():
    first, second = passages(f"# Guide\n\n## Le secret\n\n{SENTENCE}\n\n## Le partage\n\n{SENTENCE}")
    assert first.text == f"Le secret\n\n{SENTENCE}"
    assert first.headings == ("Guide", "Le secret")
    assert (first.id, second.id) == ("essai:le-secret#1", "essai:le-partage#1")
    assert first.document_id == "essai"


def test_headings_of_the_same_level_replace_each_other():
    levels = [
        passage.headings
        for passage in passages(
            f"# A un\n\n## A deux\n\n### A trois\n\n{SENTENCE}\n\n## B deux\n\n{SENTENCE}\n\n# B un\n\n{SENTENCE}"
        )
    ]
    assert levels == [("A un", "A deux", "A trois"), ("A un", "B deux"), ("B un",)]


def test_text_before_any_heading_has_the_anchor_debut():
    (passage,) = passages(SENTENCE)
    assert (passage.id, passage.headings, passage.label) == ("essai:debut#1", (), "Essai")


def test_the_same_heading_twice_counts_on():
    assert [p.id for p in passages(f"## À savoir\n\n{SENTENCE}\n\n## A savoir\n\n{SENTENCE}")] == [
        "essai:a-savoir#1",
        "essai:a-savoir#2",
    ]


def test_questions_keep_their_answers():
    first, second = passages(
        f"Peut-on répondre à l'assureur ?\n\n{SENTENCE}\n\nQue risque le praticien ?\n\n{SENTENCE}", medium="text"
    )
    assert first.text == f"Peut-on répondre à l'assureur ?\n\n{SENTENCE}"
    assert second.headings[-1] == "Que risque le praticien ?"


def test_claims_keep_their_verdict():
    claim = "**Je peux répondre à l'assureur par téléphone.**"
    first, second = passages(
        f"## Vrai ou faux\n\n{claim}\n\nFaux. {SENTENCE}\n\n**Je dois signer.**\n\nVrai. {SENTENCE}"
    )
    assert first.text == f"Je peux répondre à l'assureur par téléphone.\n\nFaux. {SENTENCE}"
    assert first.headings == ("Vrai ou faux", "Je peux répondre à l'assureur par téléphone.")
    assert second.text == f"Je dois signer.\n\nVrai. {SENTENCE}"


def test_short_paragraphs_share_a_passage_up_to_the_target():
    found = passages("## Titre\n\n" + "\n\n".join([SENTENCE] * 40))
    assert len(found) > 2
    assert all(len(p.text) <= TARGET + len("Titre\n\n") for p in found)
    assert all(len(p.text) > TARGET - 2 * len(SENTENCE) for p in found[:-1])


def test_a_long_paragraph_is_cut_at_sentence_ends():
    found = passages(" ".join([SENTENCE] * 40))
    assert len(found) > 2
    assert all(p.text.startswith("Le praticien") for p in found)
    assert all(p.text.endswith("demande.") for p in found)
    assert all(len(p.text) <= TARGET for p in found)


def test_a_paragraph_just_short_of_the_limit_stays_whole():
    paragraph = " ".join([SENTENCE] * (LONGEST // (len(SENTENCE) + 1)))
    assert [p.text for p in passages(paragraph)] == [paragraph]


def test_a_list_stays_with_its_lead_in():
    items = [f"- la pièce numéro {n}, que le praticien relit avec soin ;" for n in range(20)]
    before = " ".join([SENTENCE] * 10)
    first, second = passages(f"{before}\n\nIl vérifie donc :\n\n" + "\n".join(items))
    assert first.text == before
    assert second.text == "\n".join(["Il vérifie donc :", *items])
    assert len(second.text) > TARGET


def test_a_very_long_list_is_cut_between_items():
    items = [f"- la pièce numéro {n}, que le praticien relit avec soin ;" for n in range(90)]
    assert sum(map(len, items)) > LONGEST_LIST
    found = passages("Il vérifie donc :\n\n" + "\n".join(items))
    assert found[0].text.startswith("Il vérifie donc :\n- la pièce numéro 0,")
    assert all(p.text.startswith("- la pièce") for p in found[1:])
    assert all(p.text.endswith("avec soin ;") for p in found)
    assert all(len(p.text) <= TARGET for p in found)


def test_a_lead_in_stays_with_its_first_item_however_long():
    items = [f"- {SENTENCE} " + "avec tout le soin voulu " * 50 + f"{n} ;" for n in range(3)]
    first, *rest = passages("Il vérifie donc chacune de ces pièces :\n\n" + "\n".join(items))
    assert first.text == f"Il vérifie donc chacune de ces pièces :\n{items[0]}"
    assert [p.text for p in rest] == items[1:]


def test_a_list_without_lead_in_stands_alone():
    items = "\n".join(f"- la pièce numéro {n}, relue avec soin ;" for n in range(20))
    long = " ".join([SENTENCE] * 12)
    assert [p.text for p in passages(f"{long}\n\n{items}")] == [long, items]


def test_a_short_remainder_joins_what_precedes():
    long = " ".join([SENTENCE] * (TARGET // (len(SENTENCE) + 1)))
    (passage,) = passages(f"{long}\n\nBref.")
    assert passage.text.endswith("demande.\n\nBref.")


@pytest.mark.parametrize(
    "text",
    [
        "# Un titre sans rien dessous",
        "## Un titre\n\n### Un autre",
        "Trop court.",
        "Total : 12 345 678 910 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27",
        "| 12 | 45 % | 67 % | 89 % | 2019 | 2020 | 2021 | 2022 | 2023 | pour cent |",
    ],
)
def test_headings_alone_and_figures_are_no_passage(text):
    assert passages(text) == ()


ARTICLES = (
    "# Code\n\n## Titre Ier\n\n### Article R. 4127-4\n\n"
    + "\n\n".join([" ".join([SENTENCE] * 9)] * 3)
    + f"\n\n### Article L. 1110-4\n\n{SENTENCE}\n\n### Article R.* 4127-5-1\n\n{SENTENCE}"
)


def test_articles_have_number_id_label_and_locator():
    found = passages(ARTICLES, metadata=CODE)
    assert [p.id for p in found] == [
        "csp:R4127-4#1",
        "csp:R4127-4#2",
        "csp:R4127-4#3",
        "csp:L1110-4#1",
        "csp:R4127-5-1#1",
    ]
    assert [p.article for p in found[2:]] == ["R4127-4", "L1110-4", "R4127-5-1"]
    assert found[0].label == "Code de déontologie, art. 4 (R. 4127-4 CSP)"
    assert found[0].locator == "art. R. 4127-4"
    assert found[3].label == "CSP, art. L. 1110-4"
    assert found[4].label == "CSP, art. R. 4127-5-1"
    assert found[0].headings == ("Code", "Titre Ier", "Article R. 4127-4")


def test_an_article_goes_on_under_the_headings_inside_it():
    (first, second) = passages(
        f"## Article 226-14\n\n{SENTENCE}\n\n### Alinéas ajoutés\n\n{SENTENCE}",
        metadata=metadata_of(id="cp", short="Code pénal", kind="statute", code="CP"),
    )
    assert (first.id, second.id) == ("cp:226-14#1", "cp:226-14#2")
    assert second.label == "Code pénal, art. 226-14"


@pytest.mark.parametrize(
    ("metadata", "text", "label", "locator"),
    [
        (metadata_of(), f"# Un essai\n\n{SENTENCE}", "Essai", ""),  # the title is not said twice
        (metadata_of(), f"# Un essai\n\n## Le partage\n\n{SENTENCE}", "Essai — Le partage", ""),
        (metadata_of(kind="sheet", short="Fiche"), f"# Q\n\n## La règle\n\n{SENTENCE}", "Fiche", "La règle"),
        (metadata_of(kind="sheet", short="Fiche"), SENTENCE, "Fiche", ""),
    ],
)
def test_labels_and_locators(metadata, text, label, locator):
    (passage,) = passages(text, metadata=metadata)
    assert (passage.label, passage.locator) == (label, locator)


def test_pdf_passages_are_located_by_printed_page():
    pages = [
        f"Le partage {word}\n\nDe ce partage {word}, {SENTENCE.lower()}" for word in ("utile", "permis", "interdit")
    ]
    found = cut(*pages, medium="pdf", first_label=27)
    assert [p.locator for p in found.passages] == ["p. 27", "p. 28", "p. 29"]
    assert [(span.index, span.label) for span in found.pages] == [(0, "27"), (1, "28"), (2, "29")]
    assert [found.text[span.start : span.end] for span in found.pages] == pages


def test_a_page_without_text_has_no_span():
    found = cut(SENTENCE, "", SENTENCE, medium="pdf")
    assert [span.label for span in found.pages] == ["1", "3"]


@pytest.mark.parametrize("medium", ["text", "markdown", "html"])
def test_only_a_pdf_has_pages(medium):
    found = cut(SENTENCE, SENTENCE, medium=medium)
    assert found.pages == ()
    assert {p.locator for p in found.passages} == {""}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Le secret : « jusqu'où » ?", "le-secret-jusqu-ou"),
        ("ŒUVRE n° 3", "oeuvre-n-3"),
        ("???", ""),
        ("mot " * 30, "mot-" * 14 + "mot"),
    ],
)
def test_slug(text, name):
    assert slug(text) == name
    assert len(slug(text)) <= 60


def test_shorten():
    assert shorten("a" * 90) == "a" * 90
    assert shorten("un deux, trois", longest=10) == "un deux…"


def test_items_of_a_statute_stay_with_their_lead_in():
    items = "\n\n".join(f"{n}° Au médecin qui range le registre numéro {n} {'du cabinet ' * 30};" for n in range(1, 5))
    text = f"# Code\n\n## Article 226-14\n\n{'La règle vaut pour tous. ' * 20}\n\nElle ne vaut pas :\n\n{items}"
    holder = next(p for p in passages(text, metadata=CODE) if "Elle ne vaut pas :" in p.text)
    assert all(f"{n}° Au médecin" in holder.text for n in range(1, 5))


def test_a_lettered_article_is_one_in_any_document_a_bare_number_only_in_a_code():
    text = f"# Guide\n\n## Article R. 4127-4\n\n{SENTENCE}\n\n## Article 12\n\n{SENTENCE}"
    lettered, bare = passages(text)
    assert (lettered.article, lettered.label) == ("R4127-4", "Code de déontologie, art. 4 (R. 4127-4 CSP)")
    assert bare.article == ""
