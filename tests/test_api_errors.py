"""Every error leaves in one shape, in French, with its status, and never repeats what the user sent."""

import logging
import re

import pytest
from fastapi import HTTPException
from fastapi.testclient import TestClient

import assistant.errors
import indexes.errors
from api.app import create_app
from api.errors import CODE_OF_STATUS, STATUS, problem_of
from assistant.messages import message
from corpus.errors import DeontoError
from tests.fake_assistant import FakeAssistant

CANARY = "zqxj-madame-untel-0612345678"
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def client():
    return TestClient(create_app(FakeAssistant()))


def check(response, status, code):
    """Assert the one shape, and return the message."""
    assert response.status_code == status
    assert response.headers["content-type"] == "application/json"
    body = response.json()
    assert list(body) == ["error"]
    assert list(body["error"]) == ["code", "message", "request_id"]
    assert body["error"]["code"] == code
    assert body["error"]["request_id"] == response.headers["x-request-id"]
    assert CANARY not in response.text
    assert CANARY not in str(response.headers)
    assert body["error"]["message"].endswith((".", "»"))
    return body["error"]["message"]


@pytest.mark.parametrize("path", ["/v1/answers", "/v1/answers/stream"])
class TestBadBodies:
    @pytest.mark.parametrize("content", ["{", f'{{"question": "{CANARY}"', f"[{CANARY}]", '"\\ud800', "[" * 20_000])
    def test_invalid_json_is_400(self, client, path, content):
        response = client.post(path, content=content.encode(), headers=JSON)
        assert response.status_code == 400
        check(response, 400, response.json()["error"]["code"])

    def test_bytes_that_are_no_text_are_400(self, client, path):
        check(client.post(path, content=b'{"question": "\xff\xfe\x80"}', headers=JSON), 400, "bad_request")

    def test_a_large_body_is_413(self, client, path):
        check(client.post(path, json={"question": CANARY * 3_000}), 413, "body_too_large")

    def test_a_large_body_of_unknown_length_is_413(self, client, path):
        pieces = (b" " * 10_000 for _ in range(10))
        check(client.post(path, content=pieces, headers=JSON), 413, "body_too_large")

    @pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
    def test_another_content_type_is_415(self, client, path, kind):
        content = f'{{"question": "{CANARY}"}}'.encode()
        check(client.post(path, content=content, headers={"Content-Type": kind}), 415, "unsupported_media_type")

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({}, "question"),
            ({"question": None}, "question"),
            ({"question": 7}, "question"),
            ({"question": [CANARY]}, "question"),
            ({"question": {"text": CANARY}}, "question"),
            ({"question": "?", "turns": CANARY}, "turns"),
            ({"question": "?", "turns": [CANARY, 3]}, "turns.1"),
            ({"question": "?", "turns": [CANARY] * 51}, "turns"),
            ({"question": "?", "conversation_id": CANARY * 10}, "conversation_id"),
            ({"question": "?", "filters": CANARY}, "filters"),
            ({"question": "?", "filters": {"kind": CANARY}}, "filters.kind"),
            ({"question": "?", "filters": {"from": CANARY}}, "filters.from"),
            ({"question": "?", "explain": CANARY}, "explain"),
            ({"question": "?", "explain": None}, "explain"),
        ],
    )
    def test_a_field_that_breaks_its_rule_is_422_and_named(self, client, path, body, field):
        text = check(client.post(path, json=body), 422, "invalid_request")
        assert f"« {field} »" in text

    @pytest.mark.parametrize("body", [[CANARY], CANARY, 7, None])
    def test_a_body_that_is_no_object_is_422(self, client, path, body):
        check(client.post(path, json=body), 422, "invalid_request")

    def test_a_text_that_is_too_long_is_said_to_be_too_long(self, client, path):
        for name, body in (("conversation_id", {}), ("filters.article", "article"), ("filters.court", "court")):
            sent = {"filters": {body: "x" * 300}} if body else {name: "x" * 300}
            text = check(client.post(path, json={"question": "?", **sent}), 422, "invalid_request")
            assert message("api.fields.too_long", field=name) in text

    def test_a_lone_surrogate_is_422(self, client, path):
        check(client.post(path, content=b'{"question": "\\ud800"}', headers=JSON), 422, "invalid_request")

    def test_no_body_is_422(self, client, path):
        check(client.post(path), 422, "invalid_request")

    def test_another_method_is_405(self, client, path):
        response = client.put(path, json={})
        check(response, 405, "method_not_allowed")
        assert response.headers["allow"] == "POST"


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (f"/{CANARY}", "not_found"),
        (f"/v1/{CANARY}", "not_found"),
        (f"/static/{CANARY}.js", "not_found"),
        ("/static/../errors.py", "not_found"),
        ("/static/%2e%2e/errors.py", "not_found"),
        ("/docs", "not_found"),
        (f"/v1/documents/{CANARY}", "unknown_document"),
        ("/v1/documents/", "unknown_document"),
        (f"/v1/passages/{CANARY}", "unknown_passage"),
        (f"/documents/{CANARY}", "unknown_document"),
    ],
)
def test_what_does_not_exist_is_404(client, path, code):
    check(client.get(path), 404, code)


@pytest.mark.parametrize("query", [f"q={CANARY}&k={CANARY}", f"q={CANARY}&kind={CANARY}", f"q={CANARY}&from={CANARY}"])
def test_a_bad_query_is_422_without_its_words(client, query):
    check(client.get(f"/v1/search?{query}"), 422, "invalid_request")


@pytest.mark.parametrize("status", [400, 404, 405, 413, 415, 422, 429, 503])
def test_any_part_of_the_application_may_raise_a_status(status):
    app = create_app(FakeAssistant())

    @app.get("/v1/raise")
    def fail():
        raise HTTPException(status, detail=CANARY, headers={"Retry-After": "3"})

    response = TestClient(app).get("/v1/raise")
    check(response, status, CODE_OF_STATUS[status])
    assert response.headers["retry-after"] == "3"


def test_an_unforeseen_exception_is_500_and_its_text_goes_nowhere(caplog):
    caplog.set_level(logging.DEBUG)
    client = TestClient(create_app(FakeAssistant(failure=RuntimeError(CANARY))))
    response = client.post("/v1/answers", json={"question": CANARY})
    check(response, 500, "error")
    assert response.headers["x-content-type-options"] == "nosniff"
    assert CANARY not in caplog.text
    assert "RuntimeError" in caplog.text
    assert response.headers["x-request-id"] in caplog.text


def every_error(kind=DeontoError):
    yield kind
    for child in kind.__subclasses__():
        if not child.__module__.startswith("eval."):  # above this layer; there only when another test imported it
            yield from every_error(child)


@pytest.mark.parametrize("kind", sorted(set(every_error()), key=lambda kind: kind.__name__))
def test_each_error_of_ours_has_a_status(kind):
    assert assistant.errors
    assert indexes.errors
    assert kind.code in STATUS


def test_an_unusable_index_is_503_and_its_path_stays_here():
    failure = indexes.errors.IndexMissing("no index", path=f"/home/{CANARY}")
    client = TestClient(create_app(FakeAssistant(failure=failure)))
    text = check(client.post("/v1/answers", json={"question": "?"}), 503, "index_missing")
    assert text == message("api.unavailable")


def test_an_error_of_the_caller_is_explained():
    problem = problem_of(indexes.errors.UnknownPassage("no such passage"))
    assert (problem.status, problem.message) == (404, message("errors.unknown_passage"))


def test_no_document_is_not_ready(client):
    assert client.get("/health/live").json() == {"status": "ok"}
    assert client.get("/health/ready").json() == {
        "status": "ready",
        "documents": 3,
        "fingerprint": "f" * 16,
        "built_at": "2026-11-22T10:00:00+00:00",
        "index": {"state": "current", "since": None, "code": None},
        "model": "off",
    }
    empty = FakeAssistant()
    empty.library = type(empty.library)(documents=())
    bare = TestClient(create_app(empty))
    assert bare.get("/health/live").status_code == 200
    check(bare.get("/health/ready"), 503, "unavailable")


def test_a_callers_request_id_is_kept_only_when_it_is_harmless(client):
    for good in ["7d0f3c1e-2b4a-4c6d-8e9f-0a1b2c3d4e5f", "7d0f3c1e2b4a4c6d8e9f0a1b2c3d4e5f"]:
        assert client.get("/health/live", headers={"X-Request-ID": good}).headers["x-request-id"] == good
    mixed, digits = "7d0f3c1e2b4a-4c6d-8e9f-0a1b2c3d4e5f", "1" * 32
    for bad in ["a b", "x" * 65, "<script>", "", "mme.vaubricourt", "0612345678", mixed, digits]:
        given = client.get("/health/live", headers={"X-Request-ID": bad}).headers["x-request-id"]
        assert re.fullmatch(r"[0-9a-f]{16}", given)


def test_the_access_log_never_holds_an_address(client, caplog):
    caplog.set_level(logging.INFO, logger="api")
    client.get(f"/v1/search?q={CANARY}")
    client.get(f"/v1/passages/{CANARY}")
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("api")]
    assert [re.findall("(?:method|route|status)=([^ ]+)", line) for line in ours] == [
        ["GET", "/v1/search", "200"],
        ["GET", "/v1/passages/{passage_id:path}", "404"],
    ]
    assert CANARY not in "".join(ours)


@pytest.mark.parametrize("date", ["2024-13", "2024-02-30", "0000"])
def test_a_date_that_no_calendar_has_is_said_so(client: TestClient, date: str) -> None:
    for answered in (
        client.get("/v1/search", params={"q": "secret", "from": date}),
        client.post("/v1/answers", json={"question": "secret ?", "filters": {"to": date}}),
    ):
        assert answered.status_code == 422
        assert "AAAA-MM-JJ" in answered.json()["error"]["message"]


def test_a_range_that_ends_before_it_begins_is_said_so(client: TestClient) -> None:
    for answered in (
        client.get("/v1/search", params={"q": "secret", "from": "2026", "to": "2020-05"}),
        client.post("/v1/answers", json={"question": "secret ?", "filters": {"from": "2026", "to": "2020-05"}}),
    ):
        assert answered.status_code == 422
        assert "après la date de fin" in answered.json()["error"]["message"]
    same = client.get("/v1/search", params={"q": "secret", "from": "2024-05", "to": "2024"})
    assert same.status_code == 200
