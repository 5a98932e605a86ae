"""Public sets and tables of one's own → documents and questions in our form."""

import csv
import gzip
import io
import json
from dataclasses import dataclass

import pytest

import indexes.training.held_out
from assistant.messages import explain
from corpus import load
from eval.adapters import ADAPTERS, Asked, prepare
from eval.errors import InvalidSource
from eval.judging import Judge
from eval.questions import Gold, read_questions
from indexes.training.held_out import cnil_is_held_out

FIRST = "Le cabinet range ses dossiers fermés dans une armoire ignifugée dont seuls les associés ont la clef.\r\nFin."
SECOND = "Un dossier transmis à un confrère part en copie ; l'original reste dans l'armoire, « sauf demande »."
SHORT = "Oui, toujours."


def squad(theme):
    asked = [("Qui a la clef ?", FIRST), ("Où est l'armoire ?", FIRST), ("Que garde-t-on ?", SECOND)]
    articles = [
        {theme: "Archives", "paragraphs": [{"context": c, "qas": [{"question": q}]} for q, c in asked[:2]]},
        {theme: None, "paragraphs": [{"context": c, "qas": [{"question": q}]} for q, c in asked[2:]]},
    ]
    return json.dumps({"version": "1", "data": articles}).encode()


def table(delimiter=","):
    stream = io.StringIO(newline="")
    rows = csv.writer(stream, delimiter=delimiter)
    rows.writerow(["question", "answer", "kind", "facts"])
    rows.writerow(["Qui a la clef ?", FIRST, "case", "armoire fermée | associés|"])
    rows.writerow(["Que garde-t-on ?", SECOND, "", ""])
    rows.writerow(["Et la météo,\nalors ; hein ?", "", "off_topic", "rien"])
    rows.writerow(["Encore la clef ?", FIRST, "", ""])
    return stream.getvalue().encode()


def lines(*rows):
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()


ROWS = lines(
    {"question": "Qui a la clef ?", "answer": FIRST, "kind": "case", "facts": ["armoire fermée", " associés "]},
    {"question": "Que garde-t-on ?", "answer": SECOND},
    {"question": "Toujours ?", "answer": SHORT},
    {"question": "Et la météo ?", "answer": ""},
    {"question": "Personne ne sait ?"},
)
SOURCES = [
    ("cnil", "set.json", squad("theme")),
    ("cnil", "set.json.gz", gzip.compress(squad("theme"))),
    ("piaf-held-out", "set.json.gz", gzip.compress(squad("categorie"))),
    ("piaf", "set.json", squad("categorie")),
    ("csv", "set.csv", table()),
    ("csv", "set.csv", table(";")),
    ("csv", "set.csv", table("\t")),
    ("csv", "set.csv", b"\xef\xbb\xbf" + table(";")),
    ("jsonl", "set.jsonl", ROWS),
    ("jsonl", "set.jsonl", b"\xef\xbb\xbf" + ROWS.replace(b"\n", b"\r\n\r\n")),
]
ids = [f"{adapter}-{n}" for n, (adapter, _, _) in enumerate(SOURCES)]


@pytest.fixture
def written(tmp_path):
    def writing(name, content):
        (tmp_path / name).write_bytes(content)
        return tmp_path / name

    return writing


def test_every_adapter_is_held_to_the_contract():
    assert {adapter for adapter, _, _ in SOURCES} | {"cnil-held-out"} == set(ADAPTERS)


@pytest.mark.parametrize(("adapter", "name", "content"), SOURCES, ids=ids)
def test_answers_are_among_the_texts_and_each_text_is_there_once(written, adapter, name, content):
    texts, asked = ADAPTERS[adapter].read(written(name, content))
    assert texts[:2] == [FIRST, SECOND]
    assert len(set(texts)) == len(texts)
    assert all(isinstance(item, Asked) and item.question and item.kind for item in asked)
    assert {item.answer for item in asked if item.answer} == set(texts)
    assert asked[0].question == "Qui a la clef ?"


@dataclass(frozen=True)
class Found:
    document_id: str
    source: str


@pytest.mark.parametrize(("adapter", "name", "content"), SOURCES, ids=ids)
def test_what_is_prepared_is_read_back_and_judged_right(written, tmp_path, adapter, name, content):
    source = written(name, content)
    texts, asked = ADAPTERS[adapter].read(source)
    path, documents = prepare(adapter, source, tmp_path / "made" / "here")
    assert len(list(documents.iterdir())) == len(texts)
    questions = read_questions(str(path)).questions
    assert [(q.question, q.kind) for q in questions] == [(a.question, a.kind) for a in asked]
    assert [q.answerable for q in questions] == [None if a.answer is None else bool(a.answer) for a in asked]
    judge = Judge(questions, documents)
    for question, item in zip(questions, asked, strict=True):
        for text, file in ((t, f"{adapter}-{n:05d}.txt") for n, t in enumerate(texts, start=1)):
            assert judge.parts(question, Found("d", file), text) == ({1} if text == item.answer else set())


def test_the_same_set_may_be_prepared_again(written, tmp_path):
    source = written("set.jsonl", ROWS)
    path, _ = prepare("jsonl", source, tmp_path / "made")
    before = path.read_bytes()
    assert prepare("jsonl", source, tmp_path / "made")[0].read_bytes() == before


def test_loaded_documents_keep_the_names_that_the_gold_has(written, tmp_path):
    path, documents = prepare("jsonl", written("set.jsonl", ROWS), tmp_path / "made")
    question = read_questions(str(path)).questions[0]
    corpus = load([documents], sheets=False)
    files = {document.source: document for document in corpus.documents}
    document = files[question.gold[0].file]
    assert Judge([question], documents).parts(question, Found(document.id, document.source), document.text) == {1}


def test_a_text_too_short_to_be_known_by_its_words_is_known_by_its_file(written, tmp_path):
    questions = read_questions(str(prepare("jsonl", written("a.jsonl", ROWS), tmp_path)[0])).questions
    assert questions[0].gold == (Gold(file="jsonl-00001.txt", end=len(FIRST)),)
    assert questions[2].gold == (Gold(file="jsonl-00003.txt"),)
    assert questions[0].facts == ("armoire fermée", "associés")
    assert questions[3].gold == questions[4].gold == ()


@pytest.mark.parametrize("adapter", ["cnil", "piaf"])
def test_a_paragraph_given_twice_is_one_document(written, adapter):
    texts, asked = ADAPTERS[adapter].read(written("a.json", squad({"cnil": "theme", "piaf": "categorie"}[adapter])))
    assert texts == [FIRST, SECOND]
    assert [(item.answer, item.kind) for item in asked] == [(FIRST, "Archives"), (FIRST, "Archives"), (SECOND, "other")]


def test_held_out_questions_are_asked_of_every_document(written, monkeypatch):
    monkeypatch.setattr(indexes.training.held_out, "CNIL_THEME", "Archives")
    path = written("a.json", squad("theme"))
    texts, every = ADAPTERS["cnil"].read(path)
    held, asked = ADAPTERS["cnil-held-out"].read(path)
    assert held == texts
    assert [item.question for item in asked] == [
        item.question for item in every if item.kind == "Archives" or cnil_is_held_out("other", item.question)
    ]
    assert asked
    assert ADAPTERS["piaf-held-out"].read(written("b.json", squad("categorie")))[1] == [
        item for item in ADAPTERS["piaf"].read(written("b.json", squad("categorie")))[1]
    ]


def test_a_table_row_in_full(written):
    texts, asked = ADAPTERS["csv"].read(written("a.csv", table(";")))
    assert texts == [FIRST, SECOND]
    assert asked == [
        Asked("Qui a la clef ?", FIRST, "case", ("armoire fermée", "associés")),
        Asked("Que garde-t-on ?", SECOND, "other"),
        Asked("Et la météo,\nalors ; hein ?", "", "off_topic", ("rien",)),
        Asked("Encore la clef ?", FIRST, "other"),
    ]


@pytest.mark.parametrize(
    ("adapter", "content", "answer"),
    [
        ("csv", b"question,kind\nQui ?,case\n", None),  # nobody has said
        ("csv", b"question,answer\nQui ?,\n", ""),  # nothing answers
        ("jsonl", b'{"question": "Qui ?"}', None),
        ("jsonl", b'{"question": "Qui ?", "answer": null}', None),
        ("jsonl", b'{"question": "Qui ?", "answer": ""}', ""),
    ],
)
def test_without_answer(written, adapter, content, answer):
    texts, (item,) = ADAPTERS[adapter].read(written("a", content))
    assert (texts, item.answer) == ([], answer)


def test_an_empty_file_holds_nothing(written):
    assert ADAPTERS["csv"].read(written("a", b"")) == ([], [])
    assert ADAPTERS["jsonl"].read(written("a", b"\n \n")) == ([], [])


GZIP = gzip.compress(squad("theme"))


@pytest.mark.parametrize(
    ("adapter", "name", "content", "line"),
    [
        ("cnil", "a.json", b"{", 1),
        ("cnil", "a.json", b"\xff", 1),
        ("cnil", "a.json", b"[]", 1),
        ("piaf", "a.json", b'{"data": 3}', 1),
        ("piaf", "a.json", b'{"data": [[]]}', 1),
        ("piaf", "a.json", b'{"data": [{"paragraphs": [{"qas": [{"question": "q"}]}]}]}', 1),
        ("piaf", "a.json", b'{"data": [{"paragraphs": [{"context": "c", "qas": [{}]}]}]}', 1),
        ("piaf", "a.json.gz", squad("theme"), 1),  # not compressed
        ("piaf", "a.json.gz", GZIP[:-12], 1),  # cut short
        ("csv", "a.csv", b"demande,answer\nQui ?,Moi\n", 2),
        ("csv", "a.csv", b"question,answer\nQui ?,Moi\n  ,Moi\n", 3),
        ("csv", "a.csv", "question\nÀ qui ?\n".encode("latin-1"), 1),
        ("jsonl", "a.jsonl", b'{"question": "q"}\n\n{', 3),
        ("jsonl", "a.jsonl", b'{"question": "q"}\n\xff', 2),
        ("jsonl", "a.jsonl", b'\n["question"]', 2),
        ("jsonl", "a.jsonl", b'{"question": "q"}\n{"answer": "a"}', 2),
        ("jsonl", "a.jsonl", b'{"question": 3}', 1),
        ("jsonl", "a.jsonl", b'{"question": " "}', 1),
    ],
)
def test_a_file_of_another_form_is_named_with_the_line(written, adapter, name, content, line):
    with pytest.raises(InvalidSource) as caught:
        ADAPTERS[adapter].read(written(name, content))
    assert caught.value.values == {"file": name, "line": line}
    assert explain(caught.value).startswith(f"{name}, ligne {line} : ")


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_a_file_that_is_not_there(tmp_path, adapter):
    with pytest.raises(FileNotFoundError):
        ADAPTERS[adapter].read(tmp_path / "absent")


def paragraphs_of(paragraphs):
    return json.dumps({"data": [{"theme": "t", "paragraphs": paragraphs}]})


@pytest.mark.parametrize(
    "content",
    [
        paragraphs_of([{"context": 5, "qas": []}]),
        paragraphs_of([{"context": [], "qas": []}]),
        paragraphs_of([{"context": " ", "qas": []}]),
        paragraphs_of([{"context": "a", "qas": [{"question": 5}]}]),
        "[" * 100_000,
    ],
)
def test_a_set_of_the_wrong_types_is_refused(tmp_path, content):
    path = tmp_path / "set.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InvalidSource):
        ADAPTERS["cnil"].read(path)


def test_a_damaged_archive_is_refused(tmp_path):
    whole = gzip.compress(paragraphs_of([{"context": "a b", "qas": []}]).encode())
    for content in (whole[:-9], whole[:12] + b"\xff" * 20, b"not gzip"):
        (tmp_path / "set.json.gz").write_bytes(content)
        with pytest.raises(InvalidSource):
            ADAPTERS["piaf"].read(tmp_path / "set.json.gz")


def test_paragraphs_nobody_asks_about_are_searched_too_and_the_impossible_is_unanswerable(tmp_path):
    path = tmp_path / "set.json"
    asked = [{"question": "q ?", "is_impossible": True}]
    path.write_text(paragraphs_of([{"context": "a b", "qas": []}, {"context": "c d", "qas": asked}]), encoding="utf-8")
    texts, questions = ADAPTERS["cnil"].read(path)
    assert texts == ["a b", "c d"]
    assert [q.answer for q in questions] == [""]


@pytest.mark.parametrize(
    "row",
    [
        '{"question": "q", "answer": 5}',
        '{"question": "q", "answer": ["a"]}',
        '{"question": "q", "facts": 5}',
        '{"question": "q", "facts": [5]}',
        '{"question": "q", "answer": "\\ud800"}',
        "[" * 100_000,
    ],
)
def test_a_row_of_the_wrong_types_is_named(tmp_path, row):
    path = tmp_path / "mine.jsonl"
    path.write_text(f'\ufeff\n{{"question": "q"}}\n{row}\n', encoding="utf-8")
    with pytest.raises(InvalidSource) as caught:
        ADAPTERS["jsonl"].read(path)
    assert caught.value.values["line"] == 3


def test_a_column_alone_keeps_its_punctuation_and_blank_answers_are_none(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("question\nPuis-je ; ou non ?\n", encoding="utf-8")
    assert ADAPTERS["csv"].read(path)[1][0].question == "Puis-je ; ou non ?"
    path.write_text("Question; Answer\nq ?;   \nr ?\n", encoding="utf-8")
    assert [q.answer for q in ADAPTERS["csv"].read(path)[1]] == ["", ""]


def test_a_smaller_set_leaves_nothing_of_a_larger_one(tmp_path):
    source = tmp_path / "mine.jsonl"
    for answers in ("abc", "a"):
        source.write_text("".join(json.dumps({"question": "q", "answer": a}) + "\n" for a in answers))
        prepare("jsonl", source, tmp_path / "made")
    assert len(list((tmp_path / "made" / "documents").iterdir())) == 1
