"""Our sheets: what the loader refuses, and what every shipped sheet holds."""

import datetime
import re
import unicodedata
from pathlib import Path

import pytest

from corpus import InvalidSheet, load_sheets, sources
from corpus.loading import load_reading
from corpus.sheets import parse_sheet

SHEETS = list(load_sheets())
GOOD = """+++
id = "essai"
title = "Que faire ?"
themes = ["secret"]
articles = ["R. 4127-4 CSP"]
verdict = "oui"
short_answer = "Répondre par écrit à la personne qui le demande."
reviewed_on = 2026-01-31

[[sources]]
document = "medecins-102"
place = "Dossier"
date = "2026-01"

[[verified_with]]
fact = "Un fait."
where = "medecins-102"
+++

## La règle

Le praticien répond.
"""

CODES = r"CSP|CP|CC|CSS|CPP|CT|CASF|CRPA|CJA|CPC|CE|CGFP|CGCT|LPF|LIL|RGPD|C\. route|C\. (?:ass|édu|com|pénit)\."
# A run of identical words with a document that no other wording can avoid: names of laws, courts, forms and offences.
CODES = (
    r"CSP|CP|CC|CSS|CPP|CT|CASF|CRPA|CJA|CPC|CE|CGFP|CGCT|LPF|LIL|RGPD|C\. (?:ass|édu|com|conso|mut|pénit)\.|C\. route"
)
TERMS_OF_ART: tuple[str, ...] = ()


def without(field):
    return re.sub(rf"^{field} = .*\n", "", GOOD, flags=re.MULTILINE)


def with_value(field, value):
    return re.sub(rf"^{field} = .*$", f"{field} = {value}", GOOD, flags=re.MULTILINE)


def field_refused(text, name="essai"):
    with pytest.raises(InvalidSheet) as caught:
        parse_sheet(text, name)
    assert caught.value.values["sheet"] == name
    assert name in str(caught.value)
    field = caught.value.values["field"]
    assert field in str(caught.value) or field == "+++"
    return field


def test_a_good_sheet():
    sheet = parse_sheet(GOOD, "essai")
    assert (sheet.id, sheet.title, sheet.verdict) == ("essai", "Que faire ?", "oui")
    assert (sheet.themes, sheet.articles) == (("secret",), ("R. 4127-4 CSP",))
    assert sheet.reviewed_on == datetime.date(2026, 1, 31)
    assert [(s.document, s.place, s.date) for s in sheet.sources] == [("medecins-102", "Dossier", "2026-01")]
    assert [(v.fact, v.where) for v in sheet.verified_with] == [("Un fait.", "medecins-102")]
    assert sheet.body == "## La règle\n\nLe praticien répond."


def test_metadata_of_a_sheet():
    metadata = parse_sheet(GOOD, "essai").metadata
    assert (metadata.id, metadata.kind, metadata.authority, metadata.date) == ("fiche:essai", "sheet", 2, "2026-01-31")
    assert (metadata.themes, metadata.articles, metadata.verdict) == (("secret",), ("R. 4127-4 CSP",), "oui")
    assert sources()["medecins-102"].metadata.short in metadata.short


def test_the_short_name_gives_each_source_once():
    source = GOOD[GOOD.index("[[sources]]") : GOOD.index("[[verified_with]]")]
    short = parse_sheet(GOOD.replace(source, source + source), "essai").metadata.short
    assert short.count(sources()["medecins-102"].metadata.short) == 1


def test_the_short_answer_opens_the_text():
    loaded = load_reading(parse_sheet(GOOD, "essai").reading, parse_sheet(GOOD, "essai").metadata, "essai.md")
    assert loaded.document.text.startswith("Que faire ?\n\nRépondre par écrit à la personne")


@pytest.mark.parametrize(
    "field",
    [
        "id",
        "title",
        "themes",
        "articles",
        "verdict",
        "short_answer",
        "reviewed_on",
        "document",
        "place",
        "date",
        "fact",
        "where",
    ],
)
def test_a_missing_field_is_named(field):
    assert field_refused(without(field)) == field


@pytest.mark.parametrize("table", ["sources", "verified_with"])
def test_a_missing_table_is_named(table):
    assert field_refused(re.sub(rf"\[\[{table}\]\]\n(\w.+\n)+", "", GOOD)) == table


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", '"autre"'),
        ("id", "3"),
        ("title", '"  "'),
        ("title", "4"),
        ("themes", "[]"),
        ("themes", '"secret"'),
        ("themes", '["secret", ""]'),
        ("articles", "[4]"),
        ("verdict", '"peut-être"'),
        ("verdict", "true"),
        ("short_answer", '""'),
        ("reviewed_on", '"2026-01-31"'),
        ("place", '""'),
        ("where", "[]"),
    ],
)
def test_a_wrong_field_is_named(field, value):
    assert field_refused(with_value(field, value)) == field


def test_a_source_outside_the_catalogue_is_named():
    with pytest.raises(InvalidSheet, match="inconnu-2020") as caught:
        parse_sheet(with_value("document", '"inconnu-2020"'), "essai")
    assert caught.value.values["field"] == "sources"


def test_a_sheet_without_body_or_front_matter():
    assert field_refused(GOOD[: GOOD.index("## La")]) == "body"
    assert field_refused("Que du texte.") == "+++"
    assert field_refused("") == "+++"
    assert field_refused(GOOD.replace('id = "essai"', "id = essai")) == "+++"


def test_a_name_that_is_no_identifier_is_refused():
    assert field_refused(with_value("id", '"Essai_1"'), "Essai_1") == "id"


def test_sheets_of_a_folder_come_in_the_order_of_their_names(tmp_path: Path):
    for name in ("b", "a"):
        (tmp_path / f"{name}.md").write_text(with_value("id", f'"{name}"'), encoding="utf-8")
    (tmp_path / "lisez-moi.txt").write_text("rien", encoding="utf-8")
    assert [sheet.id for sheet in load_sheets(tmp_path)] == ["a", "b"]


def test_there_are_sheets():
    assert len(SHEETS) >= 180


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.id)
class TestShipped:
    """Rules of ``docs/sheets.md``."""

    def test_length(self, sheet):
        assert 120 <= len(re.findall(r"[^\W_]+(?:[-.'’][^\W_]+)*", sheet.body)) <= 400

    def test_headings(self, sheet):
        headings = re.findall(r"^(#+) (.+)$", sheet.body, re.MULTILINE)
        assert {marks for marks, _ in headings} == {"##"}
        order = ["La règle", "Conditions et exceptions", "En pratique", "Ce que vous pouvez écrire", "Qui appeler"]
        titles = [title for _, title in headings]
        assert titles == [title for title in order if title in titles]
        assert {"La règle", "En pratique", "Qui appeler"} <= set(titles)
        assert sheet.body.startswith("## La règle")

    def test_short_answer_has_one_to_three_sentences(self, sheet):
        from corpus.sentences import sentence_spans

        assert 1 <= len(sentence_spans(sheet.short_answer)) <= 3

    def test_title_is_a_question(self, sheet):
        assert sheet.title.endswith("?")

    def test_articles_name_their_code(self, sheet):
        for article in sheet.articles:
            assert re.fullmatch(rf"(?:[LRDA]\. )?\d[\d-]* (?:{CODES})", article)

    def test_facts_name_a_catalogue_entry_or_an_address(self, sheet):
        for verification in sheet.verified_with:
            where = re.split(r",? ", verification.where)[0]
            assert where.startswith(("https://", "http://")) or where in sources()

    def test_dates_are_those_of_the_catalogue(self, sheet):
        assert [s.document for s in sheet.sources if s.date != sources()[s.document].metadata.date] == []

    def test_every_word_can_be_cited(self, sheet):
        loaded = load_reading(sheet.reading, sheet.metadata, f"{sheet.id}.md")
        assert loaded.passages[0].start == 0
        titles = {h for p in loaded.passages for h in p.headings}
        assert set(re.findall(r"^## (.+)$", sheet.body, re.MULTILINE)) <= titles
        assert sum(len(p.text) for p in loaded.passages) > 0.97 * len(loaded.document.text)


def words(text):
    folded = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe"))
    return re.findall(r"[a-z0-9]+", "".join(c for c in folded if not unicodedata.combining(c)))


def runs(text, length):
    found = words(text)
    return {tuple(found[n : n + length]) for n in range(len(found) - length + 1)}


def copied(text, official, length=12):
    """Runs of ``length`` identical words, but for those that a term of art makes unavoidable."""
    allowed = [" ".join(words(term)) for term in TERMS_OF_ART]
    shared = (" ".join(run) for run in runs(text, length) & official)
    return sorted(run for run in shared if not any(term in run for term in allowed))


def test_copies_are_found():
    official = runs("Avant. Un deux trois quatre cinq six sept huit neuf dix onze douze, après.", 12)
    assert copied("UN, deux (trois) quatre cinq six sept huit neuf dix onze « douze » !", official)
    assert not copied("un deux trois quatre cinq six sept huit neuf dix onze", official)


@pytest.mark.documents
def test_no_sheet_copies_a_document(documents: Path):
    texts = [p.read_text(encoding="utf-8") for p in documents.rglob("*") if p.suffix in {".txt", ".md"}]
    official = set().union(*(runs(text, 12) for text in texts))
    assert len(official) > 10_000
    found = {}
    for sheet in SHEETS:
        own = [sheet.title, sheet.short_answer, sheet.body, *(v.fact for v in sheet.verified_with)]
        found[sheet.id] = [run for text in own for run in copied(text, official)]
    assert {name: shared for name, shared in found.items() if shared} == {}
