"""Which passages come first when a question names a time, and when two sources say the same."""

import pytest

from assistant.timeliness import ASKED, AUTHORITY, OTHER, timely
from corpus.models import Document, Metadata, Passage
from indexes.library import Library
from indexes.models import Hit

DOCUMENTS = [
    Document(Metadata("r20", "t", "t", "report", date="2020"), "a", "x"),
    Document(Metadata("r24", "t", "t", "report", date="2024"), "b", "x"),
    Document(Metadata("b26", "t", "t", "bulletin", date="2026-01"), "c", "x"),
    Document(Metadata("law", "t", "t", "code", date="2015", authority=5), "d", "x"),
    Document(Metadata("own", "t", "t", "sheet", date="2026", authority=2), "e", "x"),
]
LIBRARY = Library(DOCUMENTS, [Passage(f"{d.id}#1", d.id, (), "x", 0, 1, "") for d in DOCUMENTS])


def order(query, **scores):
    hits = [Hit(f"{name}#1", score, n, "fused") for n, (name, score) in enumerate(scores.items(), start=1)]
    found = timely(hits, query, LIBRARY)
    assert [hit.rank for hit in found] == list(range(1, len(hits) + 1))
    assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)
    return [hit.passage_id[:-2] for hit in found]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("combien de plaintes en 2020 ?", "r20"),
        ("combien de plaintes en 2024 ?", "r24"),
        ("combien de plaintes actuellement ?", "r24"),
        ("combien de plaintes aujourd'hui", "r24"),
        ("combien de plaintes ?", "r20"),
        ("combien de plaintes, article 2020-1", "r20"),
    ],
)
def test_a_year_or_now_chooses_among_periodicals(query, first):
    assert order(query, r20=1.0, r24=0.95)[0] == first


def test_now_is_the_time_of_the_newest_periodical():
    assert order("la règle en vigueur", r20=1.0, b26=0.9) == ["b26", "r20"]


def test_a_law_or_a_sheet_is_of_all_times():
    assert order("en 2024", law=1.0, r24=1.0)[0] == "r24"
    assert order("en 2020", own=1.0, r24=1.0)[0] == "own"


def test_a_much_better_passage_of_another_year_still_comes_first():
    assert OTHER / ASKED > 0.7
    assert order("en 2020", r24=1.0, r20=0.7) == ["r24", "r20"]


def test_of_two_that_are_all_but_equal_the_higher_source_comes_first():
    assert order("le secret", own=1.0, law=0.995) == ["law", "own"]
    assert order("le secret", own=1.0, law=1 - 5 * AUTHORITY) == ["own", "law"]


def test_nothing_gives_nothing():
    assert order("en 2020") == []
