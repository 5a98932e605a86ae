"""Sets of questions: what a line may hold, and that a line that is wrong is named."""

import hashlib
import json

import pytest

from assistant.messages import explain
from eval.errors import InvalidQuestions, NoQuestions
from eval.questions import SHIPPED, Gold, Question, of_kinds, read_questions

GOOD = {"id": "a1", "question": "Puis-je témoigner ?"}


def line(**fields):
    return json.dumps(GOOD | fields, ensure_ascii=False).encode()


@pytest.fixture
def read(tmp_path):
    def reading(*lines):
        path = tmp_path / "mes-questions.jsonl"
        path.write_bytes(b"\n".join(lines))
        return read_questions(str(path))

    return reading


def test_the_shortest_line_says_nothing_of_the_answer(read):
    assert read(line()).questions == (Question("a1", "Puis-je témoigner ?", "other", None, line=1),)


def test_every_field_is_kept(read):
    passage = {"file": "a.txt", "start": 3, "end": 9, "sha256": "0af", "part": 2}
    texts = {"turns": ["avant"], "facts": ["un fait"], "hidden": ["Dupont"], "kept": ["2024"]}
    gold = [{"document": "fiche:a"}, passage]
    (question,) = read(line(kind="case", answerable=True, gold=gold, whole="La même ?", **texts)).questions
    assert question == Question(
        "a1",
        "Puis-je témoigner ?",
        "case",
        True,
        ("avant",),
        (Gold("fiche:a"), Gold("", "a.txt", 3, 9, "0af", 2)),
        ("un fait",),
        ("Dupont",),
        ("2024",),
        "La même ?",
        1,
    )
    assert question.parts == {1, 2}


def test_a_set_is_known_by_its_name_and_digest(read):
    found = read(line(), b"")
    assert (found.name, found.path.name) == ("mes-questions", "mes-questions.jsonl")
    assert found.sha256 == hashlib.sha256(line() + b"\n").hexdigest()[:16]


@pytest.mark.parametrize(
    ("fields", "answerable"),
    [
        ({}, None),
        ({"answerable": None}, None),
        ({"answerable": False}, False),
        ({"answerable": True}, True),
        ({"gold": [{"file": "a.txt"}]}, True),
        ({"answerable": None, "gold": [{"document": "d"}]}, True),
        ({"answerable": False, "gold": [], "facts": ["f"]}, False),
    ],
)
def test_gold_makes_a_question_answerable(read, fields, answerable):
    assert read(line(**fields)).questions[0].answerable is answerable


def test_a_kind_may_be_empty(read):
    assert read(line(kind="")).questions[0].kind == "other"


def test_blank_lines_are_skipped_and_counted(read):
    found = read(b"", line(id="a"), b"  \t\r", line(id="b") + b"\r", b"", b"").questions
    assert [(q.id, q.line) for q in found] == [("a", 2), ("b", 4)]
    with pytest.raises(InvalidQuestions) as caught:
        read(b"", line(), b" ", b"{")
    assert caught.value.values["line"] == 4


def test_a_byte_order_mark_is_tolerated(read):
    assert [q.id for q in read(b"\xef\xbb\xbf" + line(), line(id="b")).questions] == ["a1", "b"]


def test_a_line_separator_inside_a_text_does_not_end_the_line(read):
    assert [q.question for q in read(line(question="a\u2028b\x85c")).questions] == ["a\u2028b\x85c"]


def gold(**fields):
    return line(gold=[fields])


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (b"{", "objet JSON"),
        (b"[1]", "objet JSON"),
        (b'"texte"', "objet JSON"),
        (b"[" * 100_000, "objet JSON"),
        ('{"id": "é"}'.encode("latin-1"), "objet JSON"),
        (line(lign=1), "inconnu : lign"),
        (line(line=1), "inconnu : line"),
        (b'{"question": "q"}', "« id »"),
        (line(id=" "), "« id »"),
        (line(id=7), "« id »"),
        (b'{"id": "b"}', "« question »"),
        (line(question="\n"), "« question »"),
        (line(question=["q"]), "« question »"),
        (line(kind=None), "« kind »"),
        (line(answerable="oui"), "« answerable »"),
        (line(answerable=1), "« answerable »"),
        *((line(**{name: "texte"}), f"« {name} »") for name in ("turns", "facts", "hidden", "kept")),
        (line(turns=None), "« turns »"),
        *((line(whole=value), "« whole »") for value in (None, "", " ", 3, ["q"])),
        (line(hidden=[3]), "« hidden »"),
        (line(facts=["f", " "]), "« facts »"),
        (line(gold={"document": "d"}), "« gold »"),
        (line(gold=["d"]), "« gold »"),
        (gold(), "« gold »"),
        (gold(passage="p"), "« gold »"),
        (gold(document=1), "« gold »"),
        (gold(document="d", start=0, end=4), "« gold »"),  # offsets count in a file
        (gold(file="f", start=4, end=4), "« gold »"),
        (gold(file="f", start=5), "« gold »"),
        (gold(file="f", start=-1, end=4), "« gold »"),
        (gold(file="f", start=0, end=4.0), "« gold »"),
        (gold(file="f", start=False, end=4), "« gold »"),
        (gold(file="f", part=0), "« gold »"),
        (gold(file="f", sha256="XYZ"), "« gold »"),
        (line(answerable=False, gold=[{"document": "d"}]), "« gold » n'est pas vide"),
    ],
)
def test_a_malformed_line_is_named(read, bad, said):
    with pytest.raises(InvalidQuestions) as caught:
        read(line(id="a"), b"", bad)
    assert (caught.value.values["file"], caught.value.values["line"]) == ("mes-questions.jsonl", 3)
    sentence = explain(caught.value)
    assert sentence.startswith("mes-questions.jsonl, ligne 3 : ")
    assert said in sentence


def test_an_identifier_given_twice_names_both_lines(read):
    with pytest.raises(InvalidQuestions) as caught:
        read(line(id="b"), b"", line(), line(id="c"), line())
    assert caught.value.values["line"] == 5
    assert explain(caught.value) == "mes-questions.jsonl, ligne 5 : le même « id » qu'à la ligne 3."


def test_no_question_at_all(read, tmp_path):
    for reading in (lambda: read(b"", b" "), lambda: read_questions("absent"), lambda: read_questions(str(tmp_path))):
        with pytest.raises(NoQuestions) as caught:
            reading()
        assert all(name in explain(caught.value) for name in SHIPPED)


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_sets_are_read_by_name(name):
    found = read_questions(name)
    assert found.name == name
    assert found.questions


def test_questions_of_some_kinds():
    asked = [Question(str(n), "q", kind, None) for n, kind in enumerate(["case", "list", "case"])]
    assert [q.id for q in of_kinds(asked, ["case"])] == ["0", "2"]
    assert of_kinds(asked, ["vague"]) == ()
    assert of_kinds(asked, []) == tuple(asked)
