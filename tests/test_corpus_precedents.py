"""Decisions: what the loader refuses, how they are cited, and what every shipped one holds."""

import datetime
import json
import os
import re
from collections import Counter
from pathlib import Path

import pytest

from corpus import InvalidSheet, load
from corpus.catalogue import sources
from corpus.loading import load_reading
from corpus.precedents import load_precedents, parse_precedent

PRECEDENTS = list(load_precedents())
GOOD = """+++
id = "cour-essai-2020-02-01-12"
court = "Cour d'essai"
short_court = "C. essai"
chamber = "2e chambre"
date = 2020-02-01
number = "12-345"
name = "Dupuis"
articles = ["R. 4127-4 CSP"]
themes = ["secret"]
url = "https://example.org/decision"

[[verified_with]]
fact = "Juridiction, date et numéro."
where = "https://example.org/decision"
+++

## La question

Une question.

## La décision

Une réponse.
"""


def without(field):
    return re.sub(rf"^{field} = .*\n", "", GOOD, flags=re.MULTILINE)


def test_a_decision_is_cited_as_lawyers_cite_it():
    found = parse_precedent(GOOD, "cour-essai-2020-02-01-12")
    assert found.title == "Cour d'essai, 2e chambre, 1er février 2020, n° 12-345, Dupuis"
    assert found.short == "C. essai, 1er févr. 2020, n° 12-345"
    assert found.metadata.short == "C. essai, 1er févr. 2020, n° 12-345 (Dupuis)"
    assert found.metadata.publisher == "Cour d'essai"
    assert (found.metadata.kind, found.metadata.authority, found.metadata.date) == ("precedent", 4, "2020-02-01")
    bare = parse_precedent(re.sub(r"^(?:chamber|name|number) = .*\n", "", GOOD, flags=re.M), "cour-essai-2020-02-01-12")
    assert bare.title == "Cour d'essai, 1er février 2020"
    assert bare.metadata.short == "C. essai, 1er févr. 2020"


@pytest.mark.parametrize("field", ["id", "court", "short_court", "date", "articles", "themes", "url", "fact"])
def test_a_field_that_is_missing_is_named(field):
    with pytest.raises(InvalidSheet) as caught:
        parse_precedent(without(field), "cour-essai-2020-02-01-12")
    assert caught.value.values["field"] == field


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("2020-02-01\n", '"hier"\n', "date"),
        ("https://example.org/decision", "example.org", "url"),
        ("## La question", "+++", "+++"),
        ("+++\nid", "id", "+++"),
    ],
)
def test_a_field_of_the_wrong_form_is_named(old, new, field):
    text = GOOD.replace(old, new) if field != "+++" else GOOD.partition("\n+++\n\n")[0] if old[0] == "#" else GOOD[4:]
    with pytest.raises(InvalidSheet) as caught:
        parse_precedent(text, "cour-essai-2020-02-01-12")
    assert caught.value.values["field"] == field


def test_there_are_decisions_and_no_two_are_one():
    assert len(PRECEDENTS) >= 60
    numbers = Counter((p.court, p.number) for p in PRECEDENTS if p.number)
    assert [key for key, n in numbers.items() if n > 1] == []
    assert len({(p.court, p.date, p.number, p.name) for p in PRECEDENTS}) == len(PRECEDENTS)


@pytest.mark.parametrize("precedent", PRECEDENTS, ids=lambda p: p.id)
class TestShipped:
    """Rules of ``docs/precedents.md``."""

    def test_form(self, precedent):
        headings = re.findall(r"^(#+) (.+)$", precedent.body, re.MULTILINE)
        assert [title for _, title in headings] == ["La question", "La décision", "Ce que cela change en pratique"]
        assert 60 <= len(re.findall(r"[^\W_]+(?:[-.'’][^\W_]+)*", precedent.body)) <= 240
        assert precedent.date <= datetime.date(2026, 11, 22)
        assert precedent.number or precedent.name

    def test_what_identifies_it_is_verified_at_an_address_or_in_a_document(self, precedent):
        assert len(precedent.verified_with) >= 2
        for verification in precedent.verified_with:
            where = re.split(r",? ", verification.where)[0]
            assert where.startswith(("https://", "http://")) or where in sources()

    def test_every_word_can_be_cited(self, precedent):
        loaded = load_reading(precedent.reading, precedent.metadata, f"{precedent.id}.md")
        assert loaded.document.text.startswith(precedent.title)
        assert sum(len(p.text) for p in loaded.passages) > 0.85 * (len(loaded.document.text) - len(precedent.title))


def test_decisions_come_with_the_sheets_and_go_with_them(tmp_path):
    kinds = Counter(document.metadata.kind for document in load([]).documents)
    assert kinds["precedent"] == len(PRECEDENTS)
    assert load([tmp_path], sheets=False).documents == ()


def test_every_decision_has_wordings():
    folder = Path(__file__).parents[1] / "corpus" / "questions"
    lines = [line for path in folder.glob("*.jsonl") for line in path.read_text(encoding="utf-8").splitlines()]
    asked = {row["document"]: row["questions"] for row in map(json.loads, lines) if "document" in row}
    assert [p.id for p in PRECEDENTS if len(asked.get(f"decision:{p.id}", ())) < 4] == []


@pytest.mark.documents
def test_no_sentence_is_copied():
    from tests.test_corpus_sheets import copied, runs

    folder = Path(os.environ.get("DEONTO_TEST_DOCUMENTS", ""))
    if not os.environ.get("DEONTO_TEST_DOCUMENTS"):
        pytest.skip("DEONTO_TEST_DOCUMENTS names no directory of official documents")
    official = {
        run for path in folder.rglob("*") if path.is_file() for run in runs(path.read_text(encoding="utf-8"), 12)
    }
    assert [(p.id, found) for p in PRECEDENTS if (found := copied(p.body, official))] == []
