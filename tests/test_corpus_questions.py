"""The question bank: lines to wordings, and wordings to the passages that answer them."""

import json
from pathlib import Path

import pytest

from corpus import Corpus, attach, load, load_wordings
from corpus.loading import load_reading
from corpus.questions import Wordings
from tests.files import metadata_of, reading_of

PARAGRAPHS = [
    f"Le praticien {verb} la demande avec soin avant toute réponse. " * 8 for verb in ("lit", "relit", "signe")
]
RAW = "\n\n".join(f"## Partie {n}\n\n{text.strip()}" for n, text in enumerate(PARAGRAPHS))


@pytest.fixture
def corpus() -> Corpus:
    loaded = load_reading(reading_of(RAW, medium="markdown"), metadata_of(), "essai.md")
    assert len(loaded.passages) == 3
    return Corpus((loaded,), ())


def span_of(text):
    return RAW.index(text), RAW.index(text) + len(text)


def test_a_wording_without_a_place_goes_to_the_first_passage(corpus):
    assert attach(corpus, [Wordings("essai", ("Quoi ?", "Que faire ?"))]) == [
        ("essai:partie-0#1", "Quoi ?"),
        ("essai:partie-0#1", "Que faire ?"),
    ]


@pytest.mark.parametrize("n", range(3))
def test_a_wording_goes_to_the_passage_that_holds_its_place(corpus, n):
    raw = corpus.loaded[0].raw_sha256
    entry = Wordings("autre-nom", ("Quoi ?",), raw, span_of(PARAGRAPHS[n].strip()))
    assert attach(corpus, [entry]) == [(f"essai:partie-{n}#1", "Quoi ?")]


def test_a_place_over_two_passages_goes_to_the_one_that_holds_most_of_it(corpus):
    start, _ = span_of("## Partie 1")
    entry = Wordings("essai", ("Quoi ?",), corpus.loaded[0].raw_sha256, (start - 20, start + 200))
    assert attach(corpus, [entry]) == [("essai:partie-1#1", "Quoi ?")]


def test_a_place_outside_every_passage_is_left_aside(corpus):
    entry = Wordings("essai", ("Quoi ?",), corpus.loaded[0].raw_sha256, (len(RAW) + 5, len(RAW) + 50))
    assert attach(corpus, [entry]) == []


def test_another_copy_or_an_absent_document_is_left_aside(corpus):
    assert attach(corpus, [Wordings("essai", ("Quoi ?",), "0" * 16, (0, 50)), Wordings("absent", ("Quoi ?",))]) == []


def write(folder: Path, *lines: object) -> Path:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    (folder / "b.jsonl").write_text(text, encoding="utf-8")
    return folder


def test_lines_of_both_forms(tmp_path):
    write(
        tmp_path,
        {"document": "fiche:a", "questions": ["Quoi ?"]},
        {"document": "b", "raw": "f" * 16, "start": 3, "end": 9, "questions": ["Où ?", "Qui ?"]},
    )
    (tmp_path / "LISEZMOI.md").write_text("rien", encoding="utf-8")
    (tmp_path / "a.jsonl").write_text('{"document": "z", "questions": []}', encoding="utf-8")
    assert list(load_wordings(tmp_path)) == [
        Wordings("z", ()),
        Wordings("fiche:a", ("Quoi ?",)),
        Wordings("b", ("Où ?", "Qui ?"), "f" * 16, (3, 9)),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "3",
        {"questions": []},
        {"document": "a"},
        {"document": "a", "questions": None},
        {"document": "a", "raw": "f", "questions": []},
        {"document": "a", "raw": "f", "start": "x", "end": 3, "questions": []},
        {"document": "a", "questions": "Une chaîne"},
        {"document": "a", "questions": [3]},
        {"document": "a", "raw": "f", "start": 9, "end": 3, "questions": []},
    ],
)
def test_a_malformed_line_is_named(tmp_path, line):
    write(tmp_path, {"document": "a", "questions": []}, line)
    with pytest.raises(ValueError, match=r"b\.jsonl, line 2\b"):
        list(load_wordings(tmp_path))


def test_shipped_lines_are_well_formed_and_those_of_sheets_find_them():
    wordings = list(load_wordings())
    assert len(wordings) > 100
    assert all(entry.questions and all(q.strip() for q in entry.questions) for entry in wordings)
    corpus = load([])
    named = {entry.document for entry in wordings if not entry.raw and not entry.article}
    assert {item.document.id for item in corpus.loaded} == named
    pairs = attach(corpus, wordings)
    assert len(pairs) == sum(len(entry.questions) for entry in wordings if not entry.raw and not entry.article)


@pytest.mark.documents
def test_every_shipped_line_finds_its_passage(official):
    wordings = [entry for entry in load_wordings() if entry.raw]
    articles = [entry for entry in load_wordings() if entry.article]
    assert [entry.article for entry in articles if not attach(official, [entry])] == []
    by_id = {item.document.id: item for item in official.loaded}
    assert {entry.document for entry in wordings} <= set(by_id)
    assert [e for e in wordings if e.raw != by_id[e.document].raw_sha256] == []
    assert [e.span for e in wordings if not attach(official, [e])] == []


def test_a_wording_of_an_article_goes_to_every_part_of_it_in_whatever_document():
    body = "\n\n".join(f"Alinéa {n} du règlement, {'qui dit la même chose ' * 30}." for n in range(3))
    text = f"# Code\n\n## Article R. 4127-4\n\n{body}\n\n## Article R. 4127-5\n\nLe médecin reste indépendant."
    loaded = load_reading(reading_of(text, medium="markdown"), metadata_of(kind="code", code="CSP"), "code.md")
    pairs = attach(Corpus((loaded,), ()), [Wordings("", ("je dis quoi ?",), article="R4127-4", code="CSP")])
    assert len(pairs) > 1
    assert {passage_id.split(":")[-1].split("#")[0] for passage_id, _ in pairs} == {"R4127-4"}
    assert attach(Corpus((loaded,), ()), [Wordings("", ("je dis quoi ?",), article="R4127-4", code="CP")]) == []
