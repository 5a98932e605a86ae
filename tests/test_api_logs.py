"""Logs and audit: one JSON object a line, whoever wrote it, and never a word that was sent."""

import io
import json
import logging
import re
import sys
import threading
import warnings

import pytest
from fastapi.testclient import TestClient

from api import logs
from api.app import create_app
from api.audit import EVENTS, audit
from api.observing import take_note, told
from assistant.errors import FeedbackUnavailable
from assistant.messages import message
from assistant.models import Drafting, Redaction
from tests.fake_assistant import ANSWERED, FakeAssistant, replace

CANARY = "Vaubricourt"
NUMBERS = ["0612345678", "278031401234567", "06 12 34 56 78", "FR7630006000011234567890189"]
HOSTILE = [CANARY, CANARY.lower(), "mme vaubricourt", "12345678", "a" * 5_000, "", "\x00", "\ud800", *NUMBERS]


@pytest.fixture
def written(monkeypatch):
    """Set the logs up on a text, and give a function that reads its lines."""
    for module, name in [(sys, "excepthook"), (sys, "unraisablehook"), (threading, "excepthook")]:
        monkeypatch.setattr(module, name, getattr(module, f"__{name}__"))
    monkeypatch.setattr(warnings, "showwarning", warnings.showwarning)
    monkeypatch.setattr(logging, "raiseExceptions", True)
    levels = {name: logging.getLogger(name).level for name in ("", *logs.OURS)}
    stream = io.StringIO()
    logs.set_up(stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if handler.get_name() == "deonto"]:
        root.removeHandler(handler)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def of(lines, event):
    (line,) = [line for line in lines if line["event"] == event]
    return line


def test_a_request_is_one_line_with_its_figures(written):
    client = TestClient(create_app(FakeAssistant()))
    response = client.post("/v1/answers", json={"question": CANARY, "turns": [CANARY]})
    line = of(written(), "request")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", line.pop("time"))
    assert line.pop("ms") > 0
    assert line == {
        "level": "info",
        "log": "api.access",
        "event": "request",
        "request_id": response.headers["x-request-id"],
        "method": "POST",
        "route": "/v1/answers",
        "status": 200,
        "bytes": len(response.content),
        "outcome": "answered",
        "reason": None,
        "confidence": 0.91,
        "passages": 2,
        "citations": 1,
        "redactions": {"phone": 1},
        "timings_ms": ANSWERED.timings_ms,
        "draft": None,
    }


@pytest.mark.parametrize("route", ["/v1/answers/stream", "/v1/chat/completions"])
def test_a_stream_is_one_line_written_at_its_end(written, route):
    body = {"question": "?", "messages": [{"role": "user", "content": "?"}], "stream": True}
    response = TestClient(create_app(FakeAssistant())).post(route, json=body)
    line = of(written(), "request")
    assert (line["route"], line["outcome"], line["bytes"]) == (route, "answered", len(response.content))


def test_what_was_hidden_is_audited_with_the_request(written):
    response = TestClient(create_app(FakeAssistant())).post("/v1/answers", json={"question": "?"})
    line = of(written(), "redacted")
    assert (line["log"], line["level"], line["phone"]) == ("deonto.audit", "info", 1)
    assert line["request_id"] == response.headers["x-request-id"]


@pytest.mark.parametrize("path", ["/v1/search/", "/v1/answers/", "/health/live/"])
def test_what_was_asked_is_not_sent_back_in_a_redirection(path):
    response = TestClient(create_app(FakeAssistant())).get(path, params={"q": CANARY}, follow_redirects=False)
    assert response.status_code == 404
    assert CANARY not in str(response.headers) + response.text


def test_a_failure_says_where_and_not_what(written):
    client = TestClient(create_app(FakeAssistant(failure=FeedbackUnavailable(CANARY, path="x", cause="ENOSPC"))))
    response = client.post("/v1/answers", json={"question": CANARY})
    lines = written()
    failed = of(lines, "failed")
    assert (failed["type"], failed["code"], failed["level"]) == ("FeedbackUnavailable", "feedback_unavailable", "error")
    assert failed["request_id"] == of(lines, "request")["request_id"] == response.headers["x-request-id"]
    assert "fake_assistant.py:" in failed["where"][0]
    assert of(lines, "request")["failure"] == "feedback_unavailable"
    assert CANARY not in str(lines)


def test_a_group_of_exceptions_is_said_by_the_first_of_them(written):
    error = ExceptionGroup(CANARY, [ExceptionGroup(CANARY, [KeyError(CANARY)])])
    TestClient(create_app(FakeAssistant(failure=error))).post("/v1/answers", json={"question": "?"})
    assert of(written(), "failed")["type"] == "KeyError"


def test_of_another_program_only_the_place_is_kept(written):
    for name in ("httpx", "uvicorn.error", "py.warnings", "root", "api", "deonto.audit"):
        logging.getLogger(name).error("Traceback of %s", CANARY)
        logging.getLogger(name).error(f"{CANARY}")
        logging.getLogger(name).error("%d %s", CANARY)  # badly called
    try:
        int(CANARY)
    except ValueError:
        logging.getLogger("asyncio").exception(CANARY, extra={"said": CANARY}, stack_info=True)
    lines = written()
    assert len(lines) == 19
    assert {line["event"] for line in lines} == {"library"}
    assert all(re.fullmatch(r"test_api_logs:\d+", line["place"]) for line in lines)
    assert (lines[-1]["type"], "test_api_logs.py" in lines[-1]["where"][0]) == ("ValueError", True)
    assert CANARY not in str(lines)


def test_what_the_server_itself_says_is_kept_without_its_values(written):
    logging.getLogger("uvicorn.error").warning("Invalid HTTP request received.")
    logging.getLogger("uvicorn.error").error("Exception in ASGI application\n", exc_info=ValueError(CANARY))
    logging.getLogger("uvicorn.error").info("Invalid HTTP request received.")
    said = [line["said"] for line in written()]
    assert said == ["Invalid HTTP request received.", "Exception in ASGI application"]
    assert CANARY not in str(written())


@pytest.mark.filterwarnings("default")
def test_what_python_prints_itself_becomes_lines(written, capsys):
    def fail():
        raise ValueError(CANARY)

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    try:
        fail()
    except ValueError as error:
        sys.excepthook(ValueError, error, error.__traceback__)
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    warnings.warn(CANARY, UserWarning, stacklevel=1)
    lines = written()
    assert [line["event"] for line in lines] == ["uncaught", "uncaught", "warning"]
    assert [line["type"] for line in lines] == ["ValueError", "ValueError", "UserWarning"]
    assert CANARY not in str(lines)
    assert capsys.readouterr() == ("", "")


def test_a_line_that_cannot_be_written_is_lost_in_silence(written, capsys):
    full = io.StringIO()
    full.close()
    logs.set_up(full)
    response = TestClient(create_app(FakeAssistant())).post("/v1/answers", json={"question": CANARY})
    assert response.status_code == 200
    assert capsys.readouterr() == ("", "")


def test_setting_up_twice_writes_once(written):
    again = io.StringIO()
    logs.set_up(again)
    audit("overloaded", limit=3)
    assert written() == []
    assert len(again.getvalue().splitlines()) == 1


def test_a_line_is_a_line_whatever_it_holds(written):
    logs.say(logging.getLogger("api"), logging.INFO, "a\nb", said="\u2028\x1b[31m\r\n\x00")
    (line,) = written()
    assert line["event"] == "a\nb"


def test_without_a_set_up_a_line_is_text(caplog):
    caplog.set_level(logging.INFO, logger="deonto.audit")
    audit("rate_limited", limit=120, seconds=7, scope="key", key="3f9a2b1c")
    assert caplog.messages == ["rate_limited limit=120 seconds=7 scope=key key=3f9a2b1c"]
    assert caplog.records[0].levelno == logging.WARNING


@pytest.mark.parametrize("event", sorted(EVENTS))
def test_each_event_is_written(written, event):
    audit(event, count=1)
    (line,) = written()
    assert (line["event"], line["log"], line["count"]) == (event, "deonto.audit", 1)


def facts(line):
    return {name: value for name, value in line.items() if name not in {"time", "level", "log", "event"}}


@pytest.mark.parametrize("value", HOSTILE, ids=repr)
def test_no_text_that_is_not_ours_passes(written, value):
    names = "reason scope role code key fingerprint count kind path question said nir".split()
    audit("forbidden", **dict.fromkeys(names, value))
    audit("redacted", **dict.fromkeys(names, value))
    assert [facts(line) for line in written()] == [{"left_out": len(names)}] * 2


@pytest.mark.parametrize("value", [None, b"x", [CANARY], {"a": 1}, float("nan"), float("inf"), 10**9, 612345678901])
def test_nothing_but_short_texts_and_counts_passes(written, value):
    audit("redacted", count=value, nir=value, key=value)
    assert facts(written()[0]) == {"left_out": 3}


class Hostile(str):
    def __hash__(self):
        raise RuntimeError(CANARY)

    def __eq__(self, other):
        raise RuntimeError(CANARY)

    def __str__(self):
        raise RuntimeError(CANARY)


@pytest.mark.parametrize("event", [CANARY, "", None, 7, ["redacted"], Hostile("redacted")], ids=type)
def test_an_event_that_is_not_ours_has_no_name_and_nothing_is_raised(written, event):
    audit(event, count=1)
    audit("forbidden", key=Hostile("3f9a2b1c"), reason=Hostile("missing"), **{CANARY: 1, "a.b": 2})
    assert written()[0]["event"] == "unlisted"
    assert CANARY not in str(written())


def test_what_is_ours_passes(written):
    audit("index_swapped", fingerprint="0123456789abcdef", documents=366, passages=957, seconds=1.25)
    audit("index_refused", code="index_corrupt")
    audit("keys_invalid", code="ENOSPC")
    audit("redacted", nir=2, email=1)
    audit("key_added", key="3f9a2b1c", role="admin")
    assert [facts(line) for line in written()] == [
        {"fingerprint": "0123456789abcdef", "documents": 366, "passages": 957, "seconds": 1.25},
        {"code": "index_corrupt"},
        {"code": "ENOSPC"},
        {"nir": 2, "email": 1},
        {"key": "3f9a2b1c", "role": "admin"},
    ]


def test_a_model_that_fails_or_is_not_believed_is_audited(written):
    drafted = Drafting("m", kept=1, dropped={"unsupported": 2, "no_marker": 1})
    take_note(replace(ANSWERED, redactions=(), drafting=drafted, notice=message("model.cut")))
    take_note(replace(ANSWERED, redactions=(), drafting=Drafting("m", 3, {})))
    take_note(replace(ANSWERED, redactions=(Redaction("nir", "[NIR]"),) * 2))
    assert [(line["event"], facts(line)) for line in written()] == [
        ("model_failed", {"reason": "cut"}),
        ("model_sentence_dropped", {"count": 3, "kept": 1}),
        ("redacted", {"nir": 2}),
    ]


def test_what_the_store_says_is_logged_and_a_purge_audited(written):
    told(logging.ERROR, "conversations_not_stored", cause="ENOSPC")
    told(logging.INFO, "retention", feedback=3, conversations=4)
    first, second = written()
    assert (first["log"], first["level"], first["cause"]) == ("deonto.store", "error", "ENOSPC")
    assert (second["log"], second["event"], second["rows"]) == ("deonto.audit", "store_purged", 7)
