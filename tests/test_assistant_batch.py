"""A file of questions: one line out for each line in, whatever the line is."""

import errno
import json

import pytest

from assistant.answering import Assistant
from assistant.batch import answer_file

QUESTION = "secret médical et mineur dont les parents sont divorcés"
NIR = "1841276451089"


@pytest.fixture(scope="module")
def assistant(small_index):
    return Assistant(small_index)


def run(tmp_path, assistant, content, target="out.jsonl"):
    source = tmp_path / "in.jsonl"
    source.write_bytes(content if isinstance(content, bytes) else content.encode())
    calls = []
    tally = answer_file(source, tmp_path / target, assistant, lambda *call: calls.append(call))
    text = (tmp_path / target).read_text(encoding="utf-8")
    rows = [json.loads(line) for line in text.splitlines()]
    assert text.endswith("\n") == bool(rows)
    assert len(rows) == tally.lines
    assert sum("error" in row for row in rows) == tally.failed
    assert calls == [("ask", n, len(rows)) for n in range(1, len(rows) + 1)]
    return rows


def lines(*rows):
    return "\n".join(row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows)


def test_order_and_ids_are_kept(tmp_path, assistant):
    asked = [
        {"id": "b", "question": QUESTION},
        {"id": "a", "question": ""},
        {"question": QUESTION},
        {"id": 7, "question": "x"},
    ]
    rows = run(tmp_path, assistant, lines(*asked, {"id": None, "question": "x"}))
    assert [row["id"] for row in rows] == ["b", "a", "3", "7", "5"]
    assert [row["outcome"] for row in rows] == ["answered", "refused", "answered", "refused", "refused"]
    assert rows[0]["citations"][0]["marker"] == 1


def test_turns_are_used(tmp_path, assistant):
    asked = {"question": "et pour un mineur ?", "turns": ["Que dire du secret médical aux parents ?"]}
    (row,) = run(tmp_path, assistant, lines(asked))
    assert row["standalone_question"] == "Que dire du secret médical aux parents ? et pour un mineur ?"


GOOD = json.dumps({"id": "ok", "question": QUESTION})


@pytest.mark.parametrize(
    ("line", "line_id", "said"),
    [
        (b"pas du JSON", "2", "objet JSON"),
        (b'{"id": "x", "question": ', "2", "objet JSON"),
        (b'"une question"', "2", "objet JSON"),
        (b"[1]", "2", "objet JSON"),
        (b"null", "2", "objet JSON"),
        (b"", "2", "objet JSON"),
        (b"   ", "2", "objet JSON"),
        (b"[" * 100_000, "2", "objet JSON"),
        (b'{"id": "x", "question": "\xff\xfe"}', "2", "objet JSON"),
        (b'{"id": "x"}', "x", "question"),
        (b'{"id": "x", "question": null}', "x", "question"),
        (b'{"id": "x", "question": ["a"]}', "x", "question"),
        (b'{"id": "x", "question": "a", "turns": "b"}', "x", "turns"),
        (b'{"id": "x", "question": "a", "turns": [1]}', "x", "turns"),
        (b'{"id": "x", "question": "a", "turns": {"b": 1}}', "x", "turns"),
    ],
)
def test_a_bad_line_gives_an_error_and_the_run_goes_on(tmp_path, assistant, line, line_id, said):
    rows = run(tmp_path, assistant, b"\n".join([GOOD.encode(), line, GOOD.encode()]))
    assert [row.get("outcome") for row in rows] == ["answered", None, "answered"]
    assert set(rows[1]) == {"id", "error"}
    assert rows[1]["id"] == line_id
    assert set(rows[1]["error"]) == {"code", "message"}
    assert rows[1]["error"]["code"] == "invalid_request"
    assert said in rows[1]["error"]["message"]


@pytest.mark.parametrize("content", [GOOD, GOOD + "\n", GOOD + "\n\n \n", GOOD + "\r\n", "\ufeff" + GOOD])
def test_the_end_of_the_file_is_no_question(tmp_path, assistant, content):
    (row,) = run(tmp_path, assistant, content)
    assert row["id"] == "ok"


@pytest.mark.parametrize("content", ["", "\n", " \n\n"])
def test_an_empty_file_gives_an_empty_file(tmp_path, assistant, content):
    assert run(tmp_path, assistant, content) == []


def test_half_a_surrogate_pair_is_written_as_a_question_mark(tmp_path, assistant):
    asked = '{"id": "\\ud800", "question": "' + QUESTION + ' \\udfff", "turns": ["\\ud800"]}'
    (row,) = run(tmp_path, assistant, asked)
    assert (row["id"], row["question"]) == ("?", f"{QUESTION} ?")


def test_identifying_words_are_not_written(tmp_path, assistant):
    run(tmp_path, assistant, lines({"question": f"et pour {NIR} ?", "turns": [f"Patient {NIR}", QUESTION]}))
    assert NIR not in (tmp_path / "out.jsonl").read_text()


@pytest.mark.parametrize("link", [None, "symlink_to", "hardlink_to"])
def test_the_output_may_not_be_the_input(tmp_path, assistant, link):
    source = target = tmp_path / "in.jsonl"
    source.write_text(GOOD)
    if link:
        target = tmp_path / "link.jsonl"
        getattr(target, link)(source)
    with pytest.raises(FileExistsError):
        answer_file(source, target, assistant, lambda *_: pytest.fail("an answer was made"))
    assert source.read_text() == target.read_text() == GOOD


def test_a_disk_that_fills_up_is_said_with_the_file(tmp_path, assistant):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    (tmp_path / "in.jsonl").write_text(GOOD)
    with pytest.raises(OSError, match="No space") as caught:
        answer_file(tmp_path / "in.jsonl", tmp_path / "out.jsonl", assistant, full)
    assert (caught.value.errno, caught.value.filename) == (errno.ENOSPC, str(tmp_path / "out.jsonl"))
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


class Interrupted(BaseException):
    """Stands for Ctrl-C, which nothing may swallow."""


def test_the_output_appears_whole_or_not_at_all(tmp_path, assistant):
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(lines({"question": "a"}, {"question": "b"}))
    target.write_text("before")

    def stop(_stage, done, _total):
        if done == 2:
            raise Interrupted

    with pytest.raises(Interrupted):
        answer_file(source, target, assistant, stop)
    assert target.read_text() == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "out.jsonl"]


def test_a_folder_for_output_is_refused_before_any_answer(tmp_path, assistant):
    source = tmp_path / "in.jsonl"
    source.write_text(lines({"question": "a"}))
    with pytest.raises(IsADirectoryError):
        answer_file(source, tmp_path, assistant, lambda *_: pytest.fail("an answer was made"))
    with pytest.raises(FileNotFoundError):
        answer_file(source, tmp_path / "nope" / "out.jsonl", assistant, lambda *_: pytest.fail("an answer was made"))


class Broken:
    """An assistant with a mistake in it."""

    def answer(self, question, **_):
        raise RuntimeError(question)


def test_a_mistake_of_ours_ends_one_line_only_and_shows_nothing(tmp_path):
    rows = run(tmp_path, Broken(), lines({"id": "a", "question": QUESTION}, {"id": "b", "question": QUESTION}))
    assert [(row["id"], row["error"]["code"]) for row in rows] == [("a", "error"), ("b", "error")]
    assert QUESTION not in (tmp_path / "out.jsonl").read_text()
