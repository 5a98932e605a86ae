"""A hostile run against a real server: of what was planted, nothing stands in a log, a file, a response or a call.

The server writes to its own folders, keeps verdicts and conversations, and asks a language model, the stand-in of
``tests.model_server``: there is something to look into everywhere. Another one runs as it comes and creates no file.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.faults import eventually, free_port
from tests.model_server import Asked, ModelServer
from tests.planted import FOLLOW_UP, IDENTITIES, Place, Sent, folded, requests, send

ROOT = Path(__file__).parents[1]
START = 90.0
KINDS = {planted.kind: planted for planted in IDENTITIES}


@dataclass
class Run:
    """What a run left behind, by where."""

    places: dict[str, list[Place]] = field(default_factory=lambda: {where: [] for where in WHERE})
    statuses: dict[str, list[int]] = field(default_factory=dict)
    created: list[str] = field(default_factory=list)

    def text(self, where: str) -> str:
        return "\n".join(place.text for place in self.places[where])

    @property
    def lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.text("log").split("\n") if line]


WHERE = ("log", "file", "response", "call")


class Server:
    """A ``deonto serve`` whose every folder is below ``base``."""

    def __init__(self, base: Path, index: Path, settings: dict[str, str]) -> None:
        self.base, self.port, self.run = base, free_port(), Run()
        for name in ("work", "home", "tmp"):
            (base / name).mkdir()
        self.before = listing(base)
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        places = {"HOME": str(base / "home"), "TMPDIR": str(base / "tmp"), "PYTHONPATH": str(ROOT)}
        # Coverage and plug-ins of the test run would write files of their own.
        environment = {**kept, **places, "PYTHONDONTWRITEBYTECODE": "1", **settings}
        command = [sys.executable, "-m", "assistant", "serve", "--port", str(self.port), "--index", str(index)]
        self.said = [base / "stdout", base / "stderr"]
        with self.said[0].open("wb") as out, self.said[1].open("wb") as err:
            self.process = subprocess.Popen(
                command, cwd=base / "work", env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=err
            )

    def send(self, sent: Sent) -> None:
        status, text = send(self.port, sent)
        self.run.statuses.setdefault(sent.slot, []).append(status)
        self.run.places["response"].append(Place.of(f"{sent.slot} → {status}", text))

    def is_up(self) -> bool:
        assert self.process.poll() is None, self.said[1].read_text()
        return send(self.port, Sent("up", path="/health/ready"))[0] == 200

    def collect(self) -> None:
        """Read what was written, once the server has ended."""
        self.run.created = [name for name in listing(self.base) if name not in self.before]
        for path in self.said:
            self.run.places["log"].append(Place.of(path.name, path.read_text(encoding="utf-8")))
        for name in self.run.created:
            path = self.base / name
            if path.is_file():
                content = path.read_bytes().decode("utf-8", "replace")
                self.run.places["file"] += [Place.of(f"name of {name}", name), Place.of(name, content)]


def listing(base: Path) -> list[str]:
    folders = [base / name for name in ("work", "home", "tmp")]
    return sorted(str(path.relative_to(base)) for folder in folders for path in folder.rglob("*"))


@contextmanager
def serving(base: Path, index: Path, **settings: str) -> Iterator[Server]:
    server = Server(base, index, settings)
    try:
        eventually(server.is_up, START, 0.2)
        yield server
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(30) == 0
        server.collect()
    finally:
        server.process.kill()
        server.process.wait()


def drafting(asked: Asked) -> str:
    """Write what a model could: the beginning of a passage, and all that it was told of the person."""
    if "<passage" not in asked.prompt:
        return asked.prompt[-400:]
    return f"{asked.passages[0][:300]} [1]\n{asked.prompt[-400:]} [1]"


@contextmanager
def language_model() -> Iterator[ModelServer]:
    server = ModelServer()
    server.script = [drafting]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory, sheets_path) -> Run:
    base = tmp_path_factory.mktemp("hostile")
    with language_model() as model:
        settings = {
            "DEONTO_MODEL_URL": model.url,
            "DEONTO_MODEL": "stand-in",
            "DEONTO_FEEDBACK": "var/feedback.sqlite",
            "DEONTO_CONVERSATIONS": "1",
        }
        with serving(base, sheets_path, **settings) as server:
            for planted in IDENTITIES:
                for sent in requests(planted):
                    server.send(sent)
            # What is told to whoever runs the server.
            for path in ("/metrics", "/v1/admin/feedback", "/health/ready"):
                server.send(Sent("operator", path=path))
        for number, asked in enumerate(model.asked):
            text = f"{asked.path}\n{asked.headers}\n{json.dumps(asked.body, ensure_ascii=False)}"
            server.run.places["call"].append(Place.of(f"call {number}", text))
    return server.run


@pytest.fixture(scope="module")
def plain(tmp_path_factory, sheets_path) -> Run:
    """A run with the default settings."""
    base = tmp_path_factory.mktemp("plain")
    index = listing_of_index(sheets_path)
    with serving(base, sheets_path) as server:
        for planted in IDENTITIES[:3]:
            for sent in requests(planted):
                server.send(sent)
        assert listing(base) == server.before
    assert listing_of_index(sheets_path) == index
    return server.run


def listing_of_index(path: Path) -> dict[str, tuple[int, int]]:
    return {str(p): (p.stat().st_size, p.stat().st_mtime_ns) for p in path.parent.rglob("*")}


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_an_identity_is_found(hostile, kind, where):
    found = [
        held for secret in KINDS[kind].secrets for place in hostile.places[where] if (held := place.holding(secret))
    ]
    assert found == []


def test_the_run_had_something_to_look_into(hostile):
    assert hostile.created.count("work/var/feedback.sqlite") == 1
    assert all(hostile.places[where] for where in WHERE)
    assert len(hostile.places["call"]) > 2 * len(IDENTITIES)
    kept = folded(hostile.text("file"))
    for word in ("incomplete", "secret medical", folded(FOLLOW_UP)):
        assert word in kept
    requested = [line for line in hostile.lines if line["event"] == "request"]
    assert len(requested) > 30 * len(IDENTITIES)
    assert {"answered"} <= {line.get("outcome") for line in requested}


def test_every_kind_of_response_was_given(hostile):
    given = Counter(status for statuses in hostile.statuses.values() for status in statuses)
    assert set(given) >= {200, 400, 403, 404, 405, 413, 415, 421, 422}
    assert max(given) < 500, {slot: found for slot, found in hostile.statuses.items() if max(found) >= 500}
    for slot in ("question", "turns", "stream", "chat", "chat stream", "search", "feedback", "operator"):
        assert set(hostile.statuses[slot]) == {200}, slot


@pytest.mark.parametrize("run", ["hostile", "plain"])
def test_every_line_of_the_log_is_of_one_shape(run, request):
    run = request.getfixturevalue(run)
    assert run.places["log"][0].text == ""
    assert all({"time", "level", "log", "event"} <= set(line) for line in run.lines)
    assert {line["level"] for line in run.lines} <= {"info", "warning"}
    routes = {line["route"] for line in run.lines if line["event"] == "request"}
    assert routes >= {"-", "/static", "/v1/answers", "/v1/passages/{passage_id:path}"}


@pytest.mark.parametrize("run", ["hostile", "plain"])
def test_no_cookie_is_set(run, request):
    run = request.getfixturevalue(run)
    assert "set-cookie" not in run.text("response").lower()


def test_what_was_hidden_is_counted_by_kind(hostile):
    redacted = [line for line in hostile.lines if line["event"] == "redacted"]
    kinds = {name for line in redacted for name in line} - {"time", "level", "log", "event", "request_id"}
    assert {"nir", "phone", "email"} <= kinds
    assert all("left_out" not in line for line in hostile.lines)
    figures = next(place.text for place in hostile.places["response"] if place.name == "operator → 200")
    for kind in kinds:
        assert f'deonto_redactions_total{{kind="{kind}"}}' in figures


def test_a_server_as_it_comes_creates_no_file(plain):
    assert plain.created == []
    assert plain.places["file"] == plain.places["call"] == []
    assert set(plain.statuses["question"]) == {200}
    assert set(plain.statuses["feedback"]) == {404}


@pytest.mark.parametrize("where", ["log", "response"])
def test_nothing_is_found_of_a_run_as_it_comes(plain, where):
    secrets = [secret for planted in IDENTITIES[:3] for secret in planted.secrets]
    assert [held for secret in secrets for place in plain.places[where] if (held := place.holding(secret))] == []


def test_what_was_planted_would_be_found():
    """The other tests can fail: each secret is found in its own question, however it is written."""
    for planted in IDENTITIES:
        held = [secret for secret in planted.secrets if Place.of("question", planted.question).holding(secret)]
        assert held, planted.kind
        assert all(Place.of("body", json.dumps(planted.words)).holding(secret) for secret in held), planted.kind
    assert Place.of("log", "S%C3%89GOL%C3%88NE").holding("ségolène")
    assert Place.of("log", "06.39.98 74-31").holding("0639987431")
