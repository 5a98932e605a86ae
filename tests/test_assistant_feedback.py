"""Readers' verdicts: redacted before they reach the file, tied to their questions, listed for review."""

import dataclasses
import datetime
import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest

import assistant.store.feedback
from assistant.errors import FeedbackUnavailable
from assistant.models import Answer
from assistant.store.feedback import LONGEST_COMMENT, VERDICTS, Asked, FeedbackStore

NIR = "184127645108946"
PHONE = "06 12 34 56 78"
EMAIL = "camille.exemple@example.org"
IDENTIFIERS = (NIR, "1 84 12 76 451 089 46", PHONE, PHONE.replace(" ", ""), EMAIL)


def answer(question="Une question ?", answer_id="a1", outcome="answered", reason=None):
    return Answer(answer_id, question, question, outcome, reason, "", (), (), (), 0.5)


def refused(question="Une question ?", answer_id="a1", reason="no_evidence"):
    return answer(question, answer_id, "refused", reason)


def ascii_start(text):
    return ascii(text)[:20]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "kept" / "feedback.sqlite"


@pytest.fixture
def store(path):
    return FeedbackStore(path)


def rows(path):
    with sqlite3.connect(path) as opened:
        opened.row_factory = sqlite3.Row
        found = [dict(row) for row in opened.execute("select * from feedback order by id")]
    opened.close()
    return found


def judged(store, given, verdict="wrong_source", times=1):
    store.remember(given)
    for _ in range(times):
        store.add(given.id, verdict)


# --- what is stored


def test_nothing_is_written_before_the_first_verdict(store, path):
    store.remember(answer())
    assert not path.parent.exists()


@pytest.mark.parametrize("verdict", VERDICTS)
def test_a_verdict_is_stored_with_the_question_it_is_about(store, path, verdict):
    store.remember(refused("Puis-je ?", "a7"))
    before = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    store.add("a7", verdict, "trop vague", "et trop long")
    (row,) = rows(path)
    assert before <= row.pop("day") <= datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    assert row == {
        "id": 1,
        "answer_id": "a7",
        "verdict": verdict,
        "reason": "trop vague",
        "comment": "et trop long",
        "question": "Puis-je ?",
        "outcome": "refused",
        "refusal": "no_evidence",
        "reviewed": 0,
    }


def test_the_whole_question_is_kept_and_not_the_follow_up_alone(store, path):
    store.remember(
        dataclasses.replace(answer("Et son fils ?"), standalone_question="Le secret après la mort, son fils ?")
    )
    store.add("a1", "incomplete")
    assert rows(path)[0]["question"] == "Le secret après la mort, son fils ?"


def test_a_verdict_on_an_answer_that_is_not_known_is_stored_without_a_question(store, path):
    store.add("nobody", "helpful")
    (row,) = rows(path)
    assert (row["answer_id"], row["question"], row["outcome"], row["refusal"]) == ("nobody", "", "", "")
    assert store.to_review() == ()


@pytest.mark.parametrize("identifier", IDENTIFIERS)
def test_no_identifier_is_in_the_bytes_of_the_file(store, path, identifier):
    words = f"mon patient, {identifier}, attend"
    store.remember(refused(words))
    store.add("a1", "wrong_source", words, words)
    store.add(identifier, "wrong_source", words, words)
    for file in path.parent.iterdir():
        held = file.read_bytes()
        assert identifier.encode() not in held
        assert identifier.encode("utf-16-le") not in held
    first, second = rows(path)
    assert "mon patient, [" in first["reason"] == first["comment"] == first["question"]
    assert second["answer_id"].startswith("[")


def test_words_are_cut_after_they_are_redacted(store, path):
    """Cut first, a number at the limit would lose its end, and what is left would not be recognised."""
    store.add("a1", "incomplete", "", "é" * (LONGEST_COMMENT - 5) + f" {PHONE}")
    (row,) = rows(path)
    assert row["comment"].startswith("é" * (LONGEST_COMMENT - 5) + " [TÉ")
    assert len(row["comment"]) == LONGEST_COMMENT


@pytest.mark.parametrize(
    "odd", ["'); drop table feedback; --", "half \ud800", "nul \x00 char", "一 🩺", "a" * 50_000], ids=ascii_start
)
def test_odd_words_are_stored_and_break_nothing(store, path, odd):
    store.remember(refused(odd[:100]))
    store.add("a1", "incomplete", odd, odd)
    store.add("a1", "incomplete")
    assert len(rows(path)) == 2
    (asked,) = store.to_review()
    store.reviewed(asked.question)
    assert store.to_review() == ()


# --- what is remembered


def test_only_the_latest_answers_are_remembered(store, path, monkeypatch):
    monkeypatch.setattr(assistant.store.feedback, "REMEMBERED", 3)
    for n in range(5):
        store.remember(refused(f"Question {n} ?", f"a{n}"))
    for n in range(5):
        store.add(f"a{n}", "incomplete")
    assert [row["question"] for row in rows(path)] == ["", "", "Question 2 ?", "Question 3 ?", "Question 4 ?"]


def test_memory_is_bounded_as_shipped(store):
    for n in range(assistant.store.feedback.REMEMBERED + 50):
        store.remember(answer(answer_id=f"a{n}"))
    assert len(store._answers) == assistant.store.feedback.REMEMBERED == 1_000


# --- what is to review


def test_what_found_nothing_or_not_the_right_thing_is_to_review(store):
    judged(store, refused("nothing, useful leads", "a"), "helpful")
    judged(store, answer("wrong", "b"), "wrong_source")
    judged(store, answer("half", "c"), "incomplete")
    judged(store, answer("good", "d"), "helpful")
    judged(store, answer("other case", "e"), "not_my_situation")
    for reason in ("clinical", "off_topic", "unlawful", "empty", "too_long"):
        judged(store, refused(reason, reason, reason), "wrong_source")
    judged(store, refused("", "blank"))
    assert store.to_review() == (
        Asked("nothing, useful leads", "refused", "helpful", 1),
        Asked("wrong", "answered", "wrong_source", 1),
        Asked("half", "answered", "incomplete", 1),
    )


def test_the_most_frequent_come_first_and_then_the_oldest(store):
    judged(store, refused("once, old", "a"))
    judged(store, refused("twice", "b"), times=2)
    judged(store, refused("thrice", "c"), times=2)
    judged(store, refused("once, young", "d"))
    judged(store, refused("thrice", "e"))
    assert [(asked.question, asked.times) for asked in store.to_review()] == [
        ("thrice", 3),
        ("twice", 2),
        ("once, old", 1),
        ("once, young", 1),
    ]


def test_what_was_reviewed_is_gone_until_it_comes_back(store):
    judged(store, refused("first", "a"), times=2)
    judged(store, answer("first", "b"))
    judged(store, refused("second", "c"))
    store.reviewed("first")
    assert [asked.question for asked in store.to_review()] == ["second"]
    store.reviewed("unknown")
    judged(store, refused("first", "d"))
    assert store.to_review()[-1] == Asked("first", "refused", "wrong_source", 1)


def test_nothing_is_to_review_in_a_new_file(store):
    assert store.to_review() == ()


# --- the file


def test_two_stores_share_one_file(path):
    one, two = FeedbackStore(path), FeedbackStore(path)
    judged(one, refused("of one", "a"))
    judged(two, refused("of two", "b"))
    assert {asked.question for asked in one.to_review()} == {asked.question for asked in two.to_review()}
    two.reviewed("of one")
    assert [asked.question for asked in one.to_review()] == ["of two"]


def test_many_may_write_at_once(path):
    stores = [FeedbackStore(path), FeedbackStore(path)]
    for store in stores:
        store.remember(refused())
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: stores[n % 2].add("a1", "incomplete"), range(24)))
    assert [asked.times for asked in stores[0].to_review()] == [24]


def garbage(path):
    path.parent.mkdir()
    path.write_bytes(b"not a database " * 100)


def folder(path):
    path.mkdir(parents=True)


def parent_is_a_file(path):
    path.parent.write_text("")


def of_another_program(path):
    path.parent.mkdir()
    with sqlite3.connect(path) as opened:
        opened.execute("create table feedback (something integer)")
    opened.close()


@pytest.mark.parametrize(
    ("broken", "cause"),
    [(garbage, "DAMAGED"), (folder, "CANTOPEN"), (parent_is_a_file, "ENOTDIR"), (of_another_program, "FOREIGN")],
)
def test_a_file_that_cannot_be_used_is_said_and_left_as_it_is(store, path, broken, cause):
    broken(path)
    before = path.read_bytes() if path.is_file() else None
    for call in (lambda: store.add("a1", "helpful", NIR), store.to_review, lambda: store.reviewed("x")):
        with pytest.raises(FeedbackUnavailable) as caught:
            call()
        assert caught.value.values["path"] == str(path)
        assert caught.value.values["cause"] == cause
        assert NIR not in str(caught.value)
    assert (path.read_bytes() if path.is_file() else None) == before


def test_a_file_that_breaks_can_be_put_back(store, path):
    garbage(path)
    with pytest.raises(FeedbackUnavailable):
        store.to_review()
    path.unlink()
    judged(store, refused())
    assert len(store.to_review()) == 1
