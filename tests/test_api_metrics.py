"""GET /metrics: figures by route, outcome and kind, and no label that anybody can choose."""

import os
import subprocess
import sys
from contextlib import contextmanager

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from api.app import create_app
from api.metrics import SHARED, forget_the_dead, shared_by_workers
from api.observing import TOLD, told
from assistant.errors import FeedbackUnavailable
from assistant.messages import message
from assistant.models import Drafting
from tests.fake_assistant import ANSWERED, FakeAssistant, replace

CANARY = "vaubricourt"
LOCAL = ("127.0.0.1", 50_000)
"""Without keys the figures are for programs of this machine."""
ASKED = {"question": "?"}


@pytest.fixture
def assistant():
    return FakeAssistant()


@pytest.fixture
def client(assistant):
    return TestClient(create_app(assistant), client=LOCAL)


def figures(client):
    """Return the value of each sample by its name and labels."""
    response = client.get("/metrics")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/plain; version=")
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }


def sample(client, name, **labels):
    return figures(client).get((f"deonto_{name}", *sorted(labels.items())))


def test_requests_are_counted_by_method_route_and_status(client):
    for _ in range(3):
        client.get(f"/v1/passages/{CANARY}")
    client.post("/v1/answers", json=ASKED)
    client.post("/v1/answers", content=b"{", headers={"Content-Type": "application/json"})
    found = figures(client)

    def requests(method, route, status):
        return found["deonto_requests_total", ("method", method), ("route", route), ("status", status)]

    assert requests("GET", "/v1/passages/{passage_id:path}", "404") == 3
    assert requests("POST", "/v1/answers", "200") == requests("POST", "/v1/answers", "400") == 1
    assert found["deonto_request_seconds_count", ("route", "/v1/answers")] == 2


def test_answers_are_counted_and_their_stages_timed(client, assistant):
    client.post("/v1/answers", json=ASKED)
    client.post("/v1/answers/stream", json=ASKED)
    client.post("/v1/chat/completions", json={"messages": [{"role": "user", "content": "?"}]})
    assistant.scripted = replace(ANSWERED, outcome="refused", reason="no_evidence", redactions=())
    client.post("/v1/answers", json=ASKED)
    assert sample(client, "answers_total", outcome="answered", reason="") == 3
    assert sample(client, "answers_total", outcome="refused", reason="no_evidence") == 1
    assert sample(client, "redactions_total", kind="phone") == 3
    for stage, milliseconds in ANSWERED.timings_ms.items():
        assert sample(client, "answer_seconds_count", stage=stage) == 4
        assert sample(client, "answer_seconds_sum", stage=stage) == pytest.approx(4 * milliseconds / 1000)
    assert sample(client, "security_events_total", event="redacted") == 3


@pytest.mark.parametrize(
    ("notice", "result"),
    [(None, "kept"), ("model.unsupported", "unsupported"), ("model.cut", "cut"), ("model.unavailable", "unavailable")],
)
def test_drafts_are_counted_by_what_came_of_them(client, assistant, notice, result):
    drafting = Drafting("m", 2, {"unsupported": 3})
    assistant.scripted = replace(ANSWERED, drafting=drafting, notice=message(notice) if notice else None)
    client.post("/v1/answers", json=ASKED)
    assert sample(client, "drafts_total", result=result) == 1
    assert sample(client, "dropped_sentences_total", reason="unsupported") == 3


@pytest.mark.parametrize("route", ["/v1/answers", "/v1/answers/stream"])
def test_failures_are_counted_by_code(client, assistant, route):
    assistant.failure = FeedbackUnavailable(CANARY, path="x", cause="ENOSPC")
    client.post(route, json=ASKED)
    assistant.failure = RuntimeError(CANARY)
    client.post(route, json=ASKED)
    assert sample(client, "failures_total", code="feedback_unavailable") == 1
    assert sample(client, "failures_total", code="error") == 1


def test_a_stream_is_open_until_its_end(client, assistant, monkeypatch):
    seen = []
    stream = assistant.stream

    def watched(*args, **options):
        for event in stream(*args, **options):
            yield event
            seen.append(client.app.state.metrics.streams._value.get())

    monkeypatch.setattr(assistant, "stream", watched)
    client.post("/v1/answers/stream", json=ASKED)
    assert seen[-1] == 1
    assert sample(client, "streams_open") == 0


def test_no_label_holds_what_was_sent(client):
    for path in (
        f"/{CANARY}",
        f"/v1/{CANARY}",
        f"/v1/passages/{CANARY}",
        f"/static/{CANARY}.js",
        f"/v1/models/{CANARY}",
    ):
        for method in ("GET", "POST", "DELETE", CANARY.upper()):
            client.request(method, path, params={"q": CANARY}, headers={"X-Request-ID": CANARY, "User-Agent": CANARY})
    for body in ({"question": CANARY}, {"question": 7, CANARY: 1}, {"question": CANARY, "filters": {"kind": CANARY}}):
        client.post("/v1/answers", json=body)
    assert CANARY not in client.get("/metrics").text.lower()
    found = figures(client)
    assert found["deonto_requests_total", ("method", "GET"), ("route", "-"), ("status", "404")] == 2
    assert found["deonto_requests_total", ("method", "-"), ("route", "-"), ("status", "404")] == 2
    assert found["deonto_requests_total", ("method", "GET"), ("route", "/static"), ("status", "404")] == 1


def test_the_number_of_series_does_not_grow_with_what_is_sent(client):
    def series(n):
        for at in range(n):
            client.get(f"/v1/{CANARY}/{at}")
            client.request(f"X{at}", f"/{at}")
            client.get(f"/documents/{at}", params={"passage": str(at)})
        return len(figures(client))

    series(1)
    assert series(1) == series(20)


def test_the_index_the_model_and_the_process_are_described(client):
    found = figures(client)
    assert found["deonto_index_info", ("fingerprint", "f" * 16)] == 1
    assert found["deonto_index_documents",] == 3
    assert found["deonto_index_passages",] == 4
    assert found["deonto_index_built_seconds",] == 1795341600
    assert found["deonto_model", ("state", "off")] == 1
    assert found["process_resident_memory_bytes",] > 1_000_000
    assert found["process_cpu_seconds_total",] > 0
    client.app.state.assistant = FakeAssistant(fingerprint="e" * 16)  # another index, swapped in
    assert figures(client)["deonto_index_info", ("fingerprint", "e" * 16)] == 1


def test_what_the_store_says_is_counted(client):
    before = TOLD["conversations_not_stored"]
    told(40, "conversations_not_stored", cause="ENOSPC")
    assert sample(client, "store_events_total", event="conversations_not_stored") == before + 1


def test_each_application_counts_for_itself(client):
    other = TestClient(create_app(FakeAssistant()), client=LOCAL)
    client.get("/health/live")
    labels = {"method": "GET", "route": "/health/live", "status": "200"}
    assert sample(client, "requests_total", **labels) == 1
    assert sample(other, "requests_total", **labels) is None


WORKER = """
import sys
from fastapi.testclient import TestClient
from api.app import create_app
from tests.fake_assistant import FakeAssistant
client = TestClient(create_app(FakeAssistant()), client=("127.0.0.1", 50_000))
client.post("/v1/answers", json={"question": "?"})
client.app.state.metrics.streams.inc()
print("counted", flush=True)
sys.stdin.readline()
print(client.get("/metrics").text)
"""


@contextmanager
def ended(process):
    """Leave no process behind, whatever happens."""
    with process:
        try:
            yield process
        finally:
            process.kill()


def test_workers_count_together(tmp_path):
    environment = {**os.environ, SHARED: str(tmp_path)}
    start = [sys.executable, "-c", WORKER]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "env": environment}
    with ended(subprocess.Popen(start, **pipes)) as first, ended(subprocess.Popen(start, **pipes)) as second:
        for worker in (first, second):
            assert worker.stdout.readline() == "counted\n"
        text = first.communicate("\n", timeout=60)[0]
        assert 'deonto_answers_total{outcome="answered",reason=""} 2.0' in text
        assert "deonto_streams_open 2.0" in text
        # The first worker has ended with its stream open: it is forgotten, what it counted is not.
        text = second.communicate("\n", timeout=60)[0]
        assert 'deonto_answers_total{outcome="answered",reason=""} 2.0' in text
        assert "deonto_streams_open 1.0" in text
        assert text.count("deonto_index_documents 3.0") == 1


def test_the_folder_of_the_workers_goes_with_them(monkeypatch, tmp_path):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    with shared_by_workers():
        (folder,) = tmp_path.iterdir()
        assert os.environ[SHARED] == str(folder)
        (folder / "counter_1.db").write_bytes(b"x")
    assert SHARED not in os.environ
    assert list(tmp_path.iterdir()) == []


def test_only_the_dead_are_forgotten(tmp_path):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    names = [f"gauge_livesum_{ended.pid}.db", f"gauge_livesum_{os.getpid()}.db", f"counter_{ended.pid}.db"]
    for name in names:
        (tmp_path / name).write_bytes(b"")
    forget_the_dead(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names[1:])
