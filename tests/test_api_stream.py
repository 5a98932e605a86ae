"""POST /v1/answers/stream: order of the events, exact text, errors on the way, readers who leave."""

import json
from dataclasses import asdict

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.events import together
from assistant.models import Citations, Filters, Status, Token
from indexes.errors import IndexCorrupt
from tests.fake_assistant import ANSWERED, EXPLANATION, FakeAssistant
from tests.leaving import closed, leave

SECRET_WORDS = "Madame Untel, 06 12 34 56 78"


def events_of(text):
    """Parse the wire format strictly: an event line, one data line holding JSON, a blank line."""
    events = []
    for block in text.removesuffix("\n\n").split("\n\n"):
        name, data = block.split("\n")
        assert name.startswith("event: ")
        assert data.startswith("data: ")
        events.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return events


def stream(assistant, question="Et après la mort ?", **more):
    response = TestClient(create_app(assistant)).post("/v1/answers/stream", json={"question": question, **more})
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.headers["cache-control"] == "no-cache"
    assert response.headers["x-accel-buffering"] == "no"
    return response, events_of(response.text)


def test_events_come_in_the_order_of_the_contract():
    _, events = stream(FakeAssistant(pause=0.02))
    names = [name for name, _ in events]
    count = names.count("token")
    assert count > 1
    assert names == ["status", "status", "passages", *["token"] * count, "citations", "done"]


def test_pieces_of_text_that_come_at_once_are_sent_as_one():
    pieces = [Status("privacy", "…"), Token("Le "), Token("secret"), Citations(()), Token("."), Token("")]
    assert list(together(pieces)) == [pieces[0], Token("Le secret"), Citations(()), Token(".")]
    assert list(together([])) == []


def test_tokens_joined_are_the_answer_and_done_is_the_whole_of_it():
    _, events = stream(FakeAssistant())
    answer = json.loads(json.dumps(asdict(ANSWERED)))
    assert "".join(data["text"] for name, data in events if name == "token") == ANSWERED.answer
    assert dict(events)["done"] == answer
    assert dict(events)["citations"] == {"citations": answer["citations"]}
    assert dict(events)["passages"] == {"passages": answer["passages"]}
    assert events[0][1] == {"stage": "privacy", "text": "Lecture de la question…"}


def test_the_explanation_that_was_asked_for_comes_with_the_whole_answer():
    assistant = FakeAssistant()
    _, events = stream(assistant, explain=True, turns=["Un patient est mort."], filters={"kind": "sheet"})
    done = dict(events)["done"]
    assert done.pop("explain") == json.loads(json.dumps(asdict(EXPLANATION)))
    assert done == json.loads(json.dumps(asdict(ANSWERED)))
    assert assistant.explained == [(ANSWERED, ("Un patient est mort.",), Filters(kind="sheet"))]


def test_an_explanation_that_is_not_asked_for_is_neither_made_nor_given():
    assistant = FakeAssistant()
    _, events = stream(assistant, explain=False)
    assert "explain" not in dict(events)["done"]
    assert assistant.explained == []


def test_an_explanation_that_fails_ends_the_stream_with_an_error_event(monkeypatch):
    def fail(*_, **__):
        raise RuntimeError(SECRET_WORDS)

    assistant = FakeAssistant()
    monkeypatch.setattr(assistant, "explain", fail)
    response, events = stream(assistant, explain=True)
    assert [name for name, _ in events[-2:]] == ["citations", "error"]
    assert "Untel" not in response.text
    assert closed(assistant) == 1


def test_an_empty_question_streams_a_refusal():
    _, events = stream(FakeAssistant(), question="")
    assert dict(events)["done"]["reason"] == "empty"


@pytest.mark.parametrize("after", [0, 1, 4])
@pytest.mark.parametrize(
    ("failure", "code"), [(RuntimeError(SECRET_WORDS), "error"), (IndexCorrupt(SECRET_WORDS), "index_corrupt")]
)
def test_a_failure_on_the_way_ends_the_stream_with_an_error_event(after, failure, code, caplog):
    assistant = FakeAssistant(failure=failure, failure_after=after)
    response, events = stream(assistant, question=SECRET_WORDS)
    assert len(events) == after + 1
    name, data = events[-1]
    assert name == "error"
    assert data["error"]["code"] == code
    assert data["error"]["request_id"] == response.headers["x-request-id"]
    assert "Untel" not in response.text + caplog.text
    assert data["error"]["request_id"] in caplog.text
    assert closed(assistant) == 1


def test_a_bad_request_is_refused_before_the_stream_begins():
    client = TestClient(create_app(FakeAssistant()))
    response = client.post("/v1/answers/stream", json={"question": 7})
    assert response.status_code == 422
    assert response.json()["error"]["code"] == "invalid_request"


def test_a_reader_who_leaves_stops_the_assistant():
    """The first events are read, then the connection closes: the assistant's generator is closed too."""
    assistant = FakeAssistant(pause=0.02)
    leave(create_app(assistant), "/v1/answers/stream", {"question": "?"})
    assert closed(assistant) == 1
