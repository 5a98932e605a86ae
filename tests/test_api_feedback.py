"""POST /v1/feedback: a verdict is stored with the question it is about, where the operator keeps verdicts."""

import json
import sqlite3

import pytest
from fastapi.testclient import TestClient

from api.__main__ import store
from api.app import create_app
from assistant.feedback import LONGEST_COMMENT, VERDICTS, FeedbackStore
from assistant.messages import message
from assistant.settings import Settings
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
    kept = store(Settings(feedback=path))
    assert kept is not None
    kept.add("a1", "helpful")
    assert path.is_file()
