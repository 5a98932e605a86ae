"""The question bank: lines to wordings, and wordings to the passages that answer them."""

import dataclasses
import json
from pathlib import Path

import pytest

from corpus import Corpus, attach, load, load_wordings
from corpus.errors import InvalidQuestionBank
from corpus.loading import load_reading
from corpus.questions import Wordings, line_of, place_of
from corpus.signatures import ENOUGH, KEPT, Places, hashes, signature
from tests.files import blank_pdf, metadata_of, reading_of

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
@pytest.mark.parametrize("name", ["essai", "autre-nom"])
def test_a_wording_goes_to_the_passage_of_its_signature_whatever_the_document_is_called(corpus, n, name):
    entry = Wordings(name, ("Quoi ?",), signature(PARAGRAPHS[n]), span_of(PARAGRAPHS[n].strip()))
    assert attach(corpus, [entry]) == [(f"essai:partie-{n}#1", "Quoi ?")]


def test_a_signature_of_two_passages_goes_to_the_one_that_holds_most_of_it(corpus):
    own = [sorted(set(hashes(PARAGRAPHS[n])) - set(hashes(PARAGRAPHS[1 - n]))) for n in (0, 1)]
    both = (*own[0][:2], *own[1][:3])
    assert attach(corpus, [Wordings("essai", ("Quoi ?",), both, (0, 9))]) == [("essai:partie-1#1", "Quoi ?")]


def test_a_passage_or_a_document_that_is_not_there_is_left_aside(corpus):
    absent = signature("Une tout autre phrase, dont aucun mot ne se trouve ici, ni avant, ni après, ni ailleurs.")
    assert attach(corpus, [Wordings("essai", ("Quoi ?",), absent, (0, 50)), Wordings("absent", ("Quoi ?",))]) == []


# --- signatures


def test_a_signature_is_the_smallest_hashes_of_runs_of_words_and_holds_no_word():
    text = " ".join(f"mot{n}" for n in range(60))
    assert len(hashes(text)) == 58
    assert signature(text) == tuple(sorted(hashes(text))[:KEPT])
    assert all(0 <= value < 2**32 for value in signature(text))
    assert signature("un mot") == hashes("Un, MÔT !")
    assert signature("") == signature(" ") != signature("un")


def test_a_signature_does_not_depend_on_line_breaks_case_accents_or_punctuation():
    text = PARAGRAPHS[0]
    assert signature(text.replace(" ", "\n").upper().replace(".", " ;")) == signature(text)


def test_a_place_holds_enough_of_a_signature_or_is_none(corpus):
    passages = corpus.loaded[0].passages
    whole = signature(passages[1].text)
    places = Places(passages)
    some = max(1, int(ENOUGH * len(whole)))
    foreign = tuple(range(len(whole)))
    assert places.find(whole) == passages[1].id
    assert places.find(whole[:some] + foreign[some:]) == passages[1].id
    assert places.find(foreign) == ""


def write(folder: Path, *lines: object) -> Path:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    (folder / "b.jsonl").write_text(text, encoding="utf-8")
    return folder


def test_lines_of_both_forms(tmp_path):
    write(
        tmp_path,
        {"document": "fiche:a", "questions": ["Quoi ?"]},
        {"document": "b", "start": 3, "end": 9, "signature": [5, 8], "questions": ["Où ?", "Qui ?"]},
    )
    (tmp_path / "LISEZMOI.md").write_text("rien", encoding="utf-8")
    (tmp_path / "a.jsonl").write_text('{"document": "z", "questions": []}', encoding="utf-8")
    assert list(load_wordings(tmp_path)) == [
        Wordings("z", ()),
        Wordings("fiche:a", ("Quoi ?",)),
        Wordings("b", ("Où ?", "Qui ?"), (5, 8), (3, 9)),
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
        {"document": "a", "signature": [1], "questions": []},
        {"document": "a", "signature": [1], "start": "x", "end": 3, "questions": []},
        {"document": "a", "signature": [], "start": 1, "end": 3, "questions": []},
        {"document": "a", "signature": ["1"], "start": 1, "end": 3, "questions": []},
        {"document": "a", "questions": "Une chaîne"},
        {"document": "a", "questions": [3]},
        {"document": "a", "signature": [1], "start": 9, "end": 3, "questions": []},
        {"article": "R4127-4", "questions": []},
        {"document": "a", "questions": ["half of a surrogate pair \ud800"]},
        "[" * 100_000,
    ],
    ids=lambda line: str(line)[:40],
)
def test_a_malformed_line_is_named(tmp_path, line):
    write(tmp_path, {"document": "a", "questions": []}, line)
    with pytest.raises(InvalidQuestionBank, match=r"b\.jsonl, line 2\b") as caught:
        list(load_wordings(tmp_path))
    assert caught.value.values == {"file": "b.jsonl", "line": 2}


def test_a_file_that_is_no_text_is_named(tmp_path):
    (tmp_path / "b.jsonl").write_bytes(b'{"document": "a", "questions": []}\n{"document": "\xe9", "questions": []}')
    with pytest.raises(InvalidQuestionBank, match=r"b\.jsonl, line 2\b"):
        list(load_wordings(tmp_path))


def test_files_as_editors_leave_them_are_read(tmp_path):
    lines = b'{"document": "a", "questions": ["Quoi ?"]}\r\n\r\n{"document": "b", "questions": []}\r\n \r\n'
    (tmp_path / "b.jsonl").write_bytes(b"\xef\xbb\xbf" + lines)
    assert list(load_wordings(tmp_path)) == [Wordings("a", ("Quoi ?",)), Wordings("b", ())]


# --- writing a line

ODD = ("Où ça, « là » ?", "un\u2028deux\u0085trois\x1cquatre\rcinq\nsix", 'un "guillemet" \\ 🩺')


@pytest.mark.parametrize("machine", ["", "essai-7b"])
@pytest.mark.parametrize(
    "entry",
    [
        Wordings("fiche:essai", ODD),
        Wordings("", ODD, article="R4127-4", code="CSP"),
        Wordings("essai", ODD, (5, 8, 2**32 - 1), (3, 9)),
        Wordings("essai", (), (5,), (0, 1)),
    ],
    ids=["document", "article", "signature", "no question"],
)
def test_a_line_is_read_back_as_it_was_written(tmp_path, entry, machine):
    entry = dataclasses.replace(entry, machine=machine)
    (tmp_path / "b.jsonl").write_text(2 * (line_of(entry) + "\n"), encoding="utf-8")
    assert list(load_wordings(tmp_path)) == [entry, entry]
    assert ("machine" in json.loads(line_of(entry))) == bool(machine)


def test_shipped_lines_are_written_as_they_are_read(tmp_path):
    shipped = list(load_wordings())
    assert {bool(entry.signature) for entry in shipped if not entry.article} == {True, False}
    assert any(entry.article for entry in shipped)
    assert not any(entry.machine for entry in shipped), "what is shipped was checked by people"
    (tmp_path / "b.jsonl").write_text("\n".join(map(line_of, shipped)), encoding="utf-8")
    assert list(load_wordings(tmp_path)) == shipped


def pointed(corpus, passage, code=""):
    entry = dataclasses.replace(place_of(passage, code), questions=("Quoi ?",))
    return [passage_id for passage_id, _ in attach(corpus, [entry])]


def test_the_place_of_a_passage_leads_back_to_it(corpus):
    for passage in corpus.passages:
        place = place_of(passage, "")
        assert (place.document, place.span) == ("essai", (passage.start, passage.end))
        assert pointed(corpus, passage) == [passage.id]


def test_the_place_of_an_article_is_its_number_where_its_code_is_known():
    parts = (f"## Article R. 4127-{n}\n\nLe praticien, article {n}, {'relit son courrier ' * 9}." for n in (4, 5))
    text = "# Code\n\n" + "\n\n".join(parts)
    for code in ("CSP", ""):
        loaded = load_reading(reading_of(text, medium="markdown"), metadata_of(kind="code", code=code), "code.md")
        corpus = Corpus((loaded,), ())
        assert [passage.article for passage in corpus.passages] == ["R4127-4", "R4127-5"]
        for passage in corpus.passages:
            assert pointed(corpus, passage, code) == [passage.id]
            assert bool(place_of(passage, code).article) == bool(code)


def test_the_place_of_ours_is_the_whole_of_it():
    corpus = load([])
    for item in corpus.loaded[:: len(corpus.loaded) // 5]:
        assert place_of(item.passages[-1], "") == Wordings(item.document.id, ())
        assert pointed(corpus, item.passages[-1]) == [item.passages[0].id]


@pytest.mark.documents
def test_every_place_in_the_official_documents_leads_back(official):
    codes = {item.document.id: item.document.metadata.code for item in official.loaded}
    astray = 0
    for passage in official.passages:
        found = pointed(official, passage, codes[passage.document_id])
        astray += passage.id not in found
    # Short passages that say the same (a signature, a heading) cannot be told apart.
    assert astray <= 0.01 * len(official.passages)


def test_shipped_lines_are_well_formed_and_those_of_sheets_find_them():
    wordings = list(load_wordings())
    assert len(wordings) > 100
    assert all(entry.questions and all(q.strip() for q in entry.questions) for entry in wordings)
    corpus = load([])
    named = {entry.document for entry in wordings if not entry.signature and not entry.article}
    assert {item.document.id for item in corpus.loaded} == named
    pairs = attach(corpus, wordings)
    assert len(pairs) == sum(len(entry.questions) for entry in wordings if not entry.signature and not entry.article)


def numbered(entries):
    """Each with one question, its number: so that what attached can be told apart in one go."""
    return [dataclasses.replace(entry, questions=(str(n),)) for n, entry in enumerate(entries)]


@pytest.mark.documents
def test_every_shipped_line_finds_its_passage(official):
    entries = numbered(entry for entry in load_wordings() if entry.signature or entry.article)
    assert {entry.document for entry in entries if entry.signature} <= {item.document.id for item in official.loaded}
    found = {question for _, question in attach(official, entries)}
    assert [(e.document, e.article, e.span) for e in entries if e.questions[0] not in found] == []


def pdf_with_other_lines(text, columns):
    """The same words on pages of another width, with a running head and page numbers."""
    pdf = blank_pdf()
    pdf.set_font("Helvetica", size=9)
    words = text.encode("latin-1", "replace").decode("latin-1").split()
    lines = [" ".join(words[at : at + columns]) for at in range(0, len(words), columns)]
    for page in range(0, len(lines), 45):
        pdf.add_page()
        pdf.multi_cell(w=0, h=5, text="\n".join(lines[page : page + 45]), align="L")
    return bytes(pdf.output())


@pytest.mark.documents
@pytest.mark.parametrize("columns", [9, 14])
def test_the_bank_attaches_to_a_pdf_of_the_same_words(official, tmp_path, columns):
    keyed = numbered(entry for entry in load_wordings() if entry.signature)
    for item in official.loaded:
        if item.document.id in {entry.document for entry in keyed}:
            text = "\n".join(passage.text for passage in item.passages)
            (tmp_path / f"{item.document.id}.pdf").write_bytes(pdf_with_other_lines(text, columns))
    copies = load([tmp_path], sheets=False)
    assert len(copies.loaded) == len({entry.document for entry in keyed}) == 8
    here = {passage.id: frozenset(hashes(passage.text)) for passage in official.passages}
    there = {passage.id: frozenset(hashes(passage.text)) for passage in copies.passages}
    right, copied = ({n: place for place, n in attach(corpus, keyed)} for corpus in (official, copies))
    found = 0
    for n, place in copied.items():
        known, held = here[right[n]], there[place]
        found += len(known & held) >= ENOUGH * min(len(known), len(held))
    assert found >= 0.95 * len(keyed)


def test_a_wording_of_an_article_goes_to_every_part_of_it_in_whatever_document():
    body = "\n\n".join(f"Alinéa {n} du règlement, {'qui dit la même chose ' * 30}." for n in range(3))
    text = f"# Code\n\n## Article R. 4127-4\n\n{body}\n\n## Article R. 4127-5\n\nLe médecin reste indépendant."
    loaded = load_reading(reading_of(text, medium="markdown"), metadata_of(kind="code", code="CSP"), "code.md")
    pairs = attach(Corpus((loaded,), ()), [Wordings("", ("je dis quoi ?",), article="R4127-4", code="CSP")])
    assert len(pairs) > 1
    assert {passage_id.split(":")[-1].split("#")[0] for passage_id, _ in pairs} == {"R4127-4"}
    assert attach(Corpus((loaded,), ()), [Wordings("", ("je dis quoi ?",), article="R4127-4", code="CP")]) == []
