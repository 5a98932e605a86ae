"""What is suggested after an answer, and when the answer has a verdict in a word."""

from dataclasses import replace

import pytest

from assistant.answering import Assistant
from assistant.citing import Numbering
from assistant.extracting import Extract
from assistant.retrieval import Evidence
from assistant.suggesting import MOST, Neighbours, verdict_of
from tests.test_assistant_composing import evidence, library, library_of

NONE = Evidence((), (), {})


def sheet(name, themes=(), articles=(), verdict="oui"):
    document, passages = library_of(
        (f"Que faire des {name} ?", "Ceci."), ("Suite", "Cela."), kind="sheet", document_id=f"fiche:{name}"
    )
    about = replace(
        document.metadata,
        title=f"Que faire des {name} ?",
        themes=tuple(themes),
        articles=tuple(articles),
        verdict=verdict,
    )
    return replace(document, metadata=about), passages


CODE, (ARTICLE,) = library_of(("Article 9", "Chacun répond."), kind="code", document_id="code", code="CSP")
SHELF = library(
    sheet("chats", ["animaux", "griffes"], ["R. 4127-9 CSP"]),
    sheet("tigres", ["animaux", "griffes"], verdict="non"),
    sheet("chiens", ["animaux", "laisses"]),
    sheet("pinces", ["griffes"]),
    sheet("dettes", ["argent"], ["R. 4127-9 CSP"]),
    sheet("loyers", ["argent"], ["R. 4127-9 CP"]),
    *(sheet(f"murs {n}", ["murs"]) for n in range(60)),
    (CODE, [replace(ARTICLE, article="R4127-9")]),
)
NEAR = Neighbours(SHELF)


def citations(*passages):
    numbering = Numbering(SHELF)
    for passage in map(SHELF.passage, passages):
        numbering.marker(Extract(passage, passage.start, passage.end))
    return numbering.citations


def suggested(*passages, question="", found=NONE):
    return [title.split()[-2] for title in NEAR.suggestions(question, citations(*passages), found)]


def test_sheets_that_share_the_most_come_first_and_those_that_share_nothing_never():
    # A weight each: ln(66 / 3) = 3.1 for animaux and for griffes; alone it is not enough, ln(66 / 2) = 3.5 neither.
    assert suggested("fiche:chats:s#1") == []
    close = evidence(SHELF, {"fiche:pinces:s#2": 2.0, "fiche:chiens:s#1": 1.0, "fiche:murs 1:s#1": 2.0})
    assert suggested("fiche:chats:s#1", found=close) == ["tigres", "pinces", "chiens"]


def test_what_was_asked_or_is_quoted_is_not_suggested_again():
    close = evidence(SHELF, {"fiche:pinces:s#2": 2.0, "fiche:chiens:s#1": 2.0})
    assert suggested("fiche:chats:s#1", "fiche:tigres:s#2", found=close) == ["chiens", "pinces"]
    assert suggested("fiche:chats:s#1", question="que faire des Tigres ? ", found=close) == ["chiens", "pinces"]


def test_a_single_question_is_no_choice_and_three_are_the_most():
    close = evidence(SHELF, {f"fiche:murs {n}:s#1": 1.0 for n in range(9)})
    assert len(suggested("fiche:murs 10:s#1", found=close)) == MOST
    assert suggested("fiche:dettes:s#1") == []
    assert NEAR.suggestions("", [], close) == ()


def test_an_article_leads_to_the_sheets_that_rest_on_it_in_its_own_code():
    close = evidence(SHELF, {"fiche:dettes:s#1": 2.0, "fiche:chats:s#1": 1.9, "fiche:loyers:s#1": 2.0})
    assert suggested("code:s#1", found=close) == ["dettes", "chats"]


@pytest.mark.parametrize(
    ("quoted", "verdict"),
    [
        (["fiche:chats:s#1"], "oui"),
        (["fiche:chats:s#1", "fiche:chiens:s#2", "code:s#1"], "oui"),
        (["fiche:chats:s#1", "fiche:tigres:s#2"], None),  # they disagree
        (["fiche:chats:s#2"], None),  # not the short answer
        (["code:s#1", "fiche:chats:s#1"], None),
        ([], None),
    ],
)
def test_the_verdict_is_that_of_the_short_answer_quoted_first(quoted, verdict):
    assert verdict_of(citations(*quoted), NONE, SHELF) == verdict


def test_a_question_in_several_parts_or_on_a_false_premise_has_no_verdict():
    several = replace(NONE, parts=(("Un ?", ()), ("Deux ?", ())))
    assert verdict_of(citations("fiche:chats:s#1"), several, SHELF) is None
    assert verdict_of(citations("fiche:chats:s#1"), NONE, SHELF, corrects=True) is None


def test_answers_over_the_shipped_sheets_have_both_and_refusals_neither(sheets_index):
    assistant = Assistant(sheets_index)
    titles = {document.metadata.title for document in sheets_index.library.documents}
    given = assistant.answer("La police me convoque au sujet d'un patient, dois-je y aller ?")
    assert given.verdict == "obligation"
    assert 2 <= len(given.suggestions) <= MOST
    assert set(given.suggestions) <= titles
    assert {assistant.answer(title).outcome for title in given.suggestions} == {"answered"}
    refused = assistant.answer("Quelle dose d'amoxicilline pour une angine ?")
    assert (refused.outcome, refused.verdict, refused.suggestions) == ("refused", None, ())
