"""Which extracts make an answer, in which order, and how they are cited."""

import dataclasses
from dataclasses import replace
from itertools import pairwise

import pytest

from assistant.citing import cite, notice, retrieved
from assistant.composing import ENOUGH, MOST_EXTRACTS, compose
from assistant.extracting import Extract
from assistant.relevance import ByWords, relevance_of
from assistant.retrieval import Evidence, Retrieval
from assistant.understanding import understand
from corpus.models import Document, Metadata, Passage
from indexes import Library
from indexes.models import Hit

QUESTIONS = (
    "Puis-je communiquer le dossier d'un patient décédé à sa famille ?",
    "la gendarmerie présente une réquisition, que fait le cabinet",
    "secret médical et mineur dont les parents sont divorcés",
    "certificat pour l'assureur",
    "que dit l'article R. 4127-4 ?",
    "archives armoire associés",
)


def library_of(*sections, kind="document", document_id="d", **metadata):
    """One document; each section is a heading and a body."""
    text, passages = "", []
    for n, (heading, body) in enumerate(sections, start=1):
        text += "\n\n" if text else ""
        whole = f"{heading}\n\n{body}"
        start = len(text)
        text += whole
        passages.append(
            Passage(
                f"{document_id}:s#{n}", document_id, (heading,), whole, start, len(text), label=f"{document_id}, {n}"
            )
        )
    document = Document(Metadata(document_id, "Un titre", "Un nom", kind, **metadata), f"{document_id}.md", text)
    return document, passages


def library(*made):
    return Library([document for document, _ in made], [p for _, passages in made for p in passages])


def evidence(shelf, scores, **rankings):
    ranked = sorted(scores.items(), key=lambda item: -item[1])
    hits = tuple(Hit(passage_id, score, rank, "fused") for rank, (passage_id, score) in enumerate(ranked, start=1))
    return Evidence(hits, tuple(shelf.passage(hit.passage_id) for hit in hits), rankings)


NOTHING = ByWords({})
PIGEON = ("Pigeons", "Le pigeon se pose à la fenêtre du cabinet, et personne ne le chasse.")
DOOR = ("Portes", "La porte du couloir ferme à clef, sauf le mardi matin où elle reste ouverte.")
CLOCK = ("Horloge", "L'horloge de l'entrée avance de dix minutes depuis le dernier été.")
STAIRS = ("Escalier", "L'escalier de service mène au grenier, où dorment de vieux registres.")
SHEET = library_of(
    ("Que faire des pigeons ?", "Laissez-les en paix et n'ouvrez pas la fenêtre."),
    ("En pratique", "Un écriteau prévient les visiteurs que le grain leur est interdit."),
    kind="sheet",
    document_id="fiche:pigeons",
)


def quotes(found):
    return [extract.quote for extract in found]


def test_nothing_gives_nothing(small_index):
    assert compose(Evidence((), (), {}), NOTHING, small_index.library) == ()


def test_only_passages_near_the_best_are_quoted_best_first():
    shelf = library(library_of(PIGEON, DOOR, CLOCK))
    found = compose(evidence(shelf, {"d:s#2": 1.0, "d:s#1": 0.9, "d:s#3": 0.2}), NOTHING, shelf)
    assert quotes(found) == [DOOR[1], PIGEON[1]]


def test_no_two_extracts_say_the_same():
    copy = ("Copie", "Chaque matin, " + PIGEON[1].lower())
    shelf = library(library_of(PIGEON, copy, DOOR))
    found = compose(evidence(shelf, {"d:s#1": 1.0, "d:s#2": 0.99, "d:s#3": 0.98}), NOTHING, shelf)
    assert quotes(found) == [PIGEON[1], DOOR[1]]


def test_a_sheet_leads_with_its_short_answer_whichever_of_its_passages_was_found():
    shelf = library(SHEET, library_of(PIGEON))
    found = compose(evidence(shelf, {"d:s#1": 1.0, "fiche:pigeons:s#2": 0.9}), NOTHING, shelf)
    assert quotes(found) == [SHEET[1][0].text.split("\n\n")[1], SHEET[1][1].text.split("\n\n")[1], PIGEON[1]]


def test_a_sheet_far_below_the_best_passage_does_not_lead():
    shelf = library(SHEET, library_of(PIGEON))
    found = compose(evidence(shelf, {"d:s#1": 1.0, "fiche:pigeons:s#1": 0.75}), NOTHING, shelf)
    assert quotes(found)[0] == PIGEON[1]


def test_a_sheet_does_not_lead_when_a_reference_is_asked_for():
    shelf = library(SHEET, library_of(PIGEON))
    hit = Hit("d:s#1", 2.0, 1, "references")
    found = compose(evidence(shelf, {"d:s#1": 1.0, "fiche:pigeons:s#1": 0.95}, references=(hit,)), NOTHING, shelf)
    assert quotes(found)[0] == PIGEON[1]


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_answer_is_short_and_never_repeats_itself(small_index, question):
    understood = understand(question)
    found = Retrieval(small_index).find(understood)
    extracts = compose(found, relevance_of(question, small_index), small_index.library)
    assert 1 <= len(extracts) <= MOST_EXTRACTS
    assert sum(len(extract.quote) for extract in extracts[:-1]) <= ENOUGH
    spans = sorted((e.passage.document_id, e.start, e.end) for e in extracts)
    assert all(a[0] != b[0] or a[2] <= b[1] for a, b in pairwise(spans))
    for extract in extracts:
        heading = extract.passage.headings[-1]
        assert (
            extract.quote == small_index.library.document(extract.passage.document_id).text[extract.start : extract.end]
        )
        assert not extract.quote.startswith(heading)


def test_citations_are_numbered_in_order_and_each_marker_stands_in_the_text():
    shelf = library(library_of(PIGEON, DOOR, date="2026-01"))
    text, citations = cite(compose(evidence(shelf, {"d:s#2": 1.0, "d:s#1": 0.9}), NOTHING, shelf), shelf)
    assert text == f"« {DOOR[1]} » [1]\n\n« {PIGEON[1]} » [2]"
    assert [c.marker for c in citations] == [1, 2]
    first = citations[0]
    document = shelf.document("d")
    assert first.quote == document.text[first.start : first.end] == DOOR[1]
    assert dataclasses.asdict(first) | {"quote": "", "start": 0, "end": 0} == {
        "marker": 1,
        "passage_id": "d:s#2",
        "document_id": "d",
        "source": "d.md",
        "label": "d, 2",
        "title": "Un titre",
        "kind": "document",
        "date": "2026-01",
        "locator": "",
        "quote": "",
        "start": 0,
        "end": 0,
        "context": f"{DOOR[0]}\n\n{DOOR[1]}",
        "notice": None,
    }


def test_a_quote_that_is_not_in_its_document_is_left_out_and_the_others_renumbered():
    document, passages = library_of(PIGEON, DOOR)
    altered = replace(passages[0], text=passages[0].text.replace("pigeon", "corbeau"))
    shelf = library((document, passages))
    good = Extract(passages[1], passages[1].start + 8, passages[1].end)
    bad = Extract(altered, altered.start + 9, altered.end)
    nothing = Extract(passages[0], 5, 5)
    text, citations = cite([bad, nothing, good], shelf)
    assert [(c.marker, c.passage_id) for c in citations] == [(1, "d:s#2")]
    assert "corbeau" not in text
    assert cite([bad], shelf) == ("", ())


@pytest.mark.parametrize(
    ("article", "metadata", "warnings", "expected"),
    [
        ("", {}, (), None),
        ("R1-1", {"amended": ("R1-2",)}, (), None),
        ("R1-1", {"amended": ("R1-1",)}, (), "article modifié depuis cette version"),
        ("", {"notice": "Version d'essai"}, (), "Version d'essai"),
        ("", {}, ("page_damaged",), None),
        (
            "R1-1",
            {"notice": "Version d'essai", "amended": ("R1-1",)},
            ("hidden_text",),
            "Version d'essai ; article modifié depuis cette version ; "
            "ce fichier contient du texte invisible, qui a été écarté",
        ),
    ],
)
def test_the_notice_says_what_a_reader_must_know(article, metadata, warnings, expected):
    document, passages = library_of(PIGEON, **metadata)
    document = replace(document, warnings=warnings)
    assert notice(replace(passages[0], article=article), document) == expected


def test_a_law_is_dated_by_its_version():
    shelf = library(library_of(PIGEON, date="2026-01", version_date="2015-04-10"))
    _, (citation,) = cite(compose(evidence(shelf, {"d:s#1": 1.0}), NOTHING, shelf), shelf)
    assert citation.date == "2015-04-10"


def test_retrieved_passages_keep_rank_and_score():
    shelf = library(library_of(PIGEON, DOOR))
    found = retrieved(evidence(shelf, {"d:s#2": 0.123456, "d:s#1": 0.1}), shelf)
    assert [(p.passage_id, p.score, p.rank, p.source) for p in found] == [
        ("d:s#2", 0.1235, 1, "d.md"),
        ("d:s#1", 0.1, 2, "d.md"),
    ]
    assert found[0].text == shelf.passage("d:s#2").text
