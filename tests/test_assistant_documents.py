"""Answers on the official documents and the sheets: every quote exact, every named article first."""

import json
import re

import pytest

from assistant.answering import MOST_PASSAGES, Assistant
from assistant.batch import answer_file
from corpus import load
from corpus.references import display_number
from eval.questions import read_questions
from indexes import build_index, read_index
from tests.fakes import HashEncoder

pytestmark = pytest.mark.documents
STATUTES = {"csp-deontologie-2015", "csp-extraits-2015", "cp-extraits-2026"}


@pytest.fixture(scope="module")
def assistant(documents, tmp_path_factory):
    """The documents with the sheets; vectors are hashes, since what is quoted must be exact whatever is found."""
    path = tmp_path_factory.mktemp("official") / "index"
    build_index(load([documents]), path, HashEncoder())
    return Assistant(read_index(path, HashEncoder()))


@pytest.fixture(scope="module")
def answers(assistant):
    asked = [*read_questions("development").questions, *read_questions("sheets").questions]
    return [(judged, assistant.answer(judged.question, turns=judged.turns)) for judged in asked]


def test_every_quote_is_exact_and_says_something(assistant, answers):
    quoted = 0
    for judged, answer in answers:
        assert len(answer.passages) <= MOST_PASSAGES, judged.id
        markers = [int(n) for n in re.findall(r" » \[(\d+)\](?:\n|$)", answer.answer)]
        assert markers == [citation.marker for citation in answer.citations], judged.id
        for citation in answer.citations:
            quoted += 1
            document = assistant.library.document(citation.document_id)
            assert document.text[citation.start : citation.end] == citation.quote, judged.id
            assert len(citation.quote.split()) >= 3, (judged.id, citation.passage_id)
            passage = assistant.library.passage(citation.passage_id)
            assert passage.start <= citation.start < citation.end <= passage.end, judged.id
            assert citation.quote not in passage.headings, judged.id
    assert quoted > 200


def test_most_answerable_questions_are_answered_and_most_others_refused(answers):
    def share(answerable, outcome, kinds=None):
        chosen = [a for q, a in answers if q.answerable == answerable and (kinds is None or q.kind in kinds)]
        return sum(answer.outcome == outcome for answer in chosen) / len(chosen)

    assert share(True, "answered") >= 0.8
    assert share(False, "refused", {"off_topic", "gibberish", "clinical"}) >= 0.6


def articles(library):
    # The same number may stand in two documents, of which the newer comes first: it is the same article.
    return list(dict.fromkeys(p.article for p in library.passages if p.document_id in STATUTES and p.article))


def spellings(article):
    shown = display_number(article)
    yield shown
    yield f"article {article}"
    yield f"que dit l'art. {shown.lower()} ?"
    yield f"l'article {shown.replace('. ', '.')} du code"
    if article.startswith("R4127-") and article.count("-") == 1:
        yield f"article {article.removeprefix('R4127-')} du code de déontologie"
    else:
        yield f"texte de l'article {shown.replace('. ', ' ')}"


def test_a_named_article_comes_first_however_it_is_written(assistant):
    wrong = []
    named = articles(assistant.library)
    assert len(named) > 150
    for article in named:
        for question in spellings(article):
            found = assistant.search(question, k=1)
            if not found or assistant.library.passage(found[0].passage_id).article != article:
                wrong.append(question)
    assert wrong == []


def test_a_named_article_is_quoted(assistant):
    refused = [a for a in articles(assistant.library) if not assistant.answer(f"article {display_number(a)}").citations]
    assert refused == []


def test_batch_gives_the_same_answers(assistant, answers, tmp_path):
    asked = [{"id": q.id, "question": q.question, "turns": q.turns} for q, _ in answers]
    (tmp_path / "in.jsonl").write_text("\n".join(map(json.dumps, asked)), encoding="utf-8")
    tally = answer_file(tmp_path / "in.jsonl", tmp_path / "out.jsonl", assistant, lambda *_: None)
    assert (tally.lines, tally.failed) == (len(answers), 0)
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in rows] == [q.id for q, _ in answers]
    assert [row["answer"] for row in rows] == [answer.answer for _, answer in answers]
