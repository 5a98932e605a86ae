"""POST /v1/feedback: a verdict is stored with the question it is about, where the operator keeps verdicts."""

import datetime
import json
import sqlite3
import threading
import time

import pytest
from fastapi.testclient import TestClient

from api.__main__ import store
from api.app import create_app
from assistant.messages import message
from assistant.settings import Settings
from assistant.store.feedback import LONGEST_COMMENT, VERDICTS, FeedbackStore
from tests.fake_assistant import ANSWERED, FakeAssistant

VERDICT = {"answer_id": ANSWERED.id, "verdict": "wrong_source"}
CANARY = "zqxj-madame-untel-0612345678"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "feedback.sqlite"


@pytest.fixture
def client(path):
    return TestClient(create_app(FakeAssistant(), feedback=FeedbackStore(path)))


def rows(path):
    with sqlite3.connect(path) as opened:
        found = opened.execute("select answer_id, verdict, reason, comment, question, outcome from feedback").fetchall()
    opened.close()
    return found


def error(response, status, code):
    """Assert the one shape of errors, and return the sentence."""
    assert response.status_code == status
    assert list(response.json()) == ["error"]
    assert response.json()["error"]["code"] == code
    assert response.json()["error"]["request_id"] == response.headers["x-request-id"]
    assert CANARY not in response.text
    return response.json()["error"]["message"]


@pytest.mark.parametrize("route", ["/v1/answers", "/v1/answers/stream"])
def test_a_verdict_is_stored_with_the_question_of_the_answer(client, path, route):
    assert client.post(route, json={"question": "Et après la mort ?"}).status_code == 200
    response = client.post("/v1/feedback", json={**VERDICT, "reason": "hors sujet", "comment": "dommage"})
    assert (response.status_code, response.json()) == (200, {"stored": True})
    question = ANSWERED.standalone_question
    assert rows(path) == [("a1", "wrong_source", "hors sujet", "dommage", question, "answered")]


@pytest.mark.parametrize("verdict", VERDICTS)
def test_each_verdict_is_accepted_and_its_words_are_optional(client, path, verdict):
    for words in ({}, {"reason": None, "comment": None}, {"reason": "", "comment": ""}):
        assert client.post("/v1/feedback", json={**VERDICT, "verdict": verdict, **words}).json() == {"stored": True}
    assert rows(path) == [("a1", verdict, "", "", "", "")] * 3


def test_an_answer_that_was_not_finished_has_no_question(path):
    """The stream breaks before its last event: what was asked is not tied to a verdict."""
    assistant = FakeAssistant(failure=RuntimeError("x"), failure_after=3)
    client = TestClient(create_app(assistant, feedback=FeedbackStore(path)))
    client.post("/v1/answers/stream", json={"question": "?"})
    client.post("/v1/feedback", json=VERDICT)
    assert rows(path)[0][4] == ""


def test_nothing_is_written_when_nobody_gives_a_verdict(client, path):
    client.post("/v1/answers", json={"question": "?"})
    client.post("/v1/answers/stream", json={"question": "?"})
    assert not path.exists()


def test_identifiers_do_not_reach_the_file(client, path):
    words = "rappelez le 06 12 34 56 78 ou camille.exemple@example.org"
    client.post("/v1/feedback", json={**VERDICT, "reason": words, "comment": words})
    (row,) = rows(path)
    assert row[2] == row[3] == "rappelez le [TÉLÉPHONE] ou [COURRIEL]"
    assert b"camille" not in path.read_bytes()


def test_a_server_that_keeps_none_says_so():
    client = TestClient(create_app(FakeAssistant()))
    assert client.post("/v1/answers", json={"question": "?"}).status_code == 200
    response = client.post("/v1/feedback", json=VERDICT)
    assert error(response, 404, "feedback_off") == message("errors.feedback_off")


@pytest.mark.parametrize(
    ("changed", "field", "rule"),
    [
        ({"verdict": CANARY}, "verdict", "choice"),
        ({"verdict": None}, "verdict", "choice"),
        ({"verdict": "HELPFUL"}, "verdict", "choice"),
        ({"answer_id": ""}, "answer_id", "empty"),
        ({"answer_id": CANARY * 4}, "answer_id", "too_long"),
        ({"answer_id": 7}, "answer_id", "text"),
        ({"comment": "x" * (LONGEST_COMMENT + 1)}, "comment", "too_long"),
        ({"reason": "x" * (LONGEST_COMMENT + 1)}, "reason", "too_long"),
        ({"reason": [CANARY]}, "reason", "text"),
    ],
)
def test_a_field_that_breaks_its_rule_is_422_and_named_in_french(client, path, changed, field, rule):
    sentence = error(client.post("/v1/feedback", json={**VERDICT, **changed}), 422, "invalid_request")
    assert message(f"api.fields.{rule}", field=field) in sentence
    assert not path.exists()


@pytest.mark.parametrize("field", ["answer_id", "verdict"])
def test_a_field_that_is_missing_is_named(client, field):
    body = {name: value for name, value in VERDICT.items() if name != field}
    sentence = error(client.post("/v1/feedback", json=body), 422, "invalid_request")
    assert message("api.fields.missing", field=field) in sentence


def test_the_longest_comment_is_kept_whole(client, path):
    assert client.post("/v1/feedback", json={**VERDICT, "comment": "é" * LONGEST_COMMENT}).status_code == 200
    assert rows(path)[0][3] == "é" * LONGEST_COMMENT


def test_other_bodies_are_refused_like_those_of_answers(client, path):
    error(client.post("/v1/feedback", content=b"{", headers={"Content-Type": "application/json"}), 400, "invalid_json")
    plain = {"Content-Type": "text/plain"}
    content = json.dumps(VERDICT).encode()
    error(client.post("/v1/feedback", content=content, headers=plain), 415, "unsupported_media_type")
    error(client.post("/v1/feedback", json={**VERDICT, "comment": "x" * 70_000}), 413, "body_too_large")
    half = b'{"answer_id": "a1", "verdict": "helpful", "comment": "\\ud800"}'
    headers = {"Content-Type": "application/json"}
    error(client.post("/v1/feedback", content=half, headers=headers), 422, "invalid_request")
    error(client.get("/v1/feedback"), 405, "method_not_allowed")
    assert not path.exists()


def test_a_broken_file_is_503_and_answers_go_on(client, path, caplog):
    path.write_bytes(b"not a database " * 100)
    response = client.post("/v1/feedback", json={**VERDICT, "comment": CANARY})
    assert error(response, 503, "feedback_unavailable") == message("api.unavailable")
    assert str(path) not in response.text
    assert CANARY not in caplog.text
    assert client.post("/v1/answers", json={"question": "?"}).status_code == 200


def test_the_server_keeps_verdicts_only_where_it_is_told(path):
    assert store(Settings()) is None
    kept = store(Settings(feedback=str(path), retention=7))
    assert kept is not None
    assert (kept.conversations, kept.retention) == (None, 7)
    kept.add("a1", "helpful")
    assert path.is_file()
    assert store(Settings(feedback=str(path), conversations=True)).conversations is not None


# --- conversations


@pytest.fixture
def kept(path):
    return FeedbackStore(path, conversations=True)


@pytest.mark.parametrize("route", ["/v1/answers", "/v1/answers/stream", "/v1/chat/completions"])
def test_conversations_are_kept_only_where_they_are_asked_for(path, kept, route):
    body = {"messages": [{"role": "user", "content": "?"}]} if "chat" in route else {"question": "?"}
    TestClient(create_app(FakeAssistant(), feedback=FeedbackStore(path))).post(route, json=body)
    assert not path.exists()
    with TestClient(create_app(FakeAssistant(), feedback=kept)) as client:
        assert client.post(route, json=body).status_code == 200
    (row,) = kept.records.rows()  # the end of the server wrote what waited
    assert (row["question"], row["answer"]) == (ANSWERED.standalone_question, ANSWERED.answer)


def test_a_verdict_on_the_answer_of_another_worker_has_its_question(path, kept):
    answering = TestClient(create_app(FakeAssistant(), feedback=kept))
    other = TestClient(create_app(FakeAssistant(), feedback=FeedbackStore(path, conversations=True)))
    answering.post("/v1/answers", json={"question": "?"})
    assert kept.conversations.flush(20)
    assert other.post("/v1/feedback", json=VERDICT).json() == {"stored": True}
    assert rows(path)[0][4:] == (ANSWERED.standalone_question, "answered")


@pytest.mark.parametrize("route", ["/v1/answers", "/v1/answers/stream"])
def test_a_store_that_fails_fails_no_answer(path, kept, route, caplog):
    path.write_bytes(b"not a database " * 100)
    with TestClient(create_app(FakeAssistant(), feedback=kept)) as client:
        assert client.post(route, json={"question": CANARY}).status_code == 200
        assert client.get("/health/ready").status_code == 200
        error(client.post("/v1/feedback", json={**VERDICT, "answer_id": "other"}), 503, "feedback_unavailable")
    assert CANARY not in caplog.text
    assert len([record for record in caplog.records if "conversations_not_stored" in record.message]) == 1


# --- what is kept ages


def test_a_server_erases_what_is_past_its_retention_when_it_starts(path):
    day = datetime.datetime.now(tz=datetime.UTC).date()
    kept = FeedbackStore(path, retention=30)
    row = {name: "" for name in ("answer_id", "verdict", "reason", "comment", "question", "outcome", "refusal")}
    for age in (0, 28, 31, 400):
        kept.records.add_verdict({**row, "day": str(day - datetime.timedelta(days=age)), "comment": str(age)})
    with TestClient(create_app(FakeAssistant(), feedback=kept)):
        deadline = time.monotonic() + 20
        while len(rows(path)) > 2 and time.monotonic() < deadline:
            time.sleep(0.01)
    assert [row[3] for row in rows(path)] == ["0", "28"]
    assert not [thread for thread in threading.enumerate() if thread.name == "retention"]


def test_a_server_without_a_store_starts_no_job():
    with TestClient(create_app(FakeAssistant())):
        assert not [thread for thread in threading.enumerate() if thread.name in {"retention", "conversations"}]


# --- for whoever runs the server


@pytest.fixture
def operator(path):
    """A program of this machine, which the operators' routes answer without a key."""
    return TestClient(create_app(FakeAssistant(), feedback=FeedbackStore(path)), client=("127.0.0.1", 50_000))


def test_others_are_not_told_what_is_kept(client):
    assert client.get("/v1/admin/feedback").status_code == 403


def test_verdicts_are_counted_by_day_and_kind(path, operator):
    for verdict in ("helpful", "helpful", "incomplete"):
        operator.post("/v1/feedback", json={**VERDICT, "verdict": verdict, "comment": CANARY})
    response = operator.get("/v1/admin/feedback")
    day = response.json()["first"]
    assert datetime.date.fromisoformat(day)
    assert response.json() == {
        "feedback": 3,
        "conversations": 0,
        "first": day,
        "last": day,
        "retention_days": 180,
        "keeps_conversations": False,
        "counts": [
            {"day": day, "verdict": "helpful", "times": 2},
            {"day": day, "verdict": "incomplete", "times": 1},
        ],
    }


def test_nothing_to_count_makes_no_file(path, operator):
    assert operator.get("/v1/admin/feedback").json()["counts"] == []
    assert not path.exists()


def test_there_is_nothing_to_count_where_nothing_is_kept(path, operator):
    bare = TestClient(create_app(FakeAssistant()), client=("127.0.0.1", 50_000))
    error(bare.get("/v1/admin/feedback"), 404, "feedback_off")
    path.write_bytes(b"not a database " * 100)
    error(operator.get("/v1/admin/feedback"), 503, "feedback_unavailable")
