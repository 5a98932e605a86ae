"""What keeps a server up: another index taken in or refused, answers that are left, connections that wait."""

import asyncio
import contextlib
import errno
import gc
import json
import logging
import shutil
import threading
import time
import weakref
from types import SimpleNamespace

import pytest
from fastapi.testclient import TestClient
from starlette.datastructures import State

import api.connections
import api.reloading
import assistant.opening
from api.__main__ import main
from api.app import create_app
from api.connections import Connection, most_connections
from api.reloading import IndexState, Reloader
from api.running import running
from api.stopping import NEVER, Stopped, Stopping
from api.threads import Pool, called, pulled
from assistant.breaker import Breaker
from assistant.messages import message
from assistant.opening import Opener
from assistant.settings import Settings
from corpus import load
from indexes import build_index
from tests.fake_assistant import FakeAssistant
from tests.fakes import HashEncoder
from tests.faults import QUESTION, eventually, write_documents
from tests.files import DAMAGES, break_file

# --- another index


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A place with an index of small documents, and how to build another there."""
    monkeypatch.setattr(assistant.opening, "open_encoder", lambda name, **_: HashEncoder(name))

    def build(month, path=tmp_path / "index", encoder="hash"):
        corpus = load([write_documents(tmp_path / month, month)], sheets=False)
        return build_index(corpus, path, HashEncoder(encoder))

    opener = Opener(Settings(index=tmp_path / "index", encoder="hash"))
    build("juillet")
    state = State({"assistant": opener.open()})
    return SimpleNamespace(
        path=tmp_path / "index", build=build, state=state, reloader=Reloader(tmp_path / "index", opener.open)
    )


@pytest.fixture
def said(monkeypatch):
    """The audit lines."""
    lines = []
    monkeypatch.setattr(api.reloading, "audit", lambda event, **facts: lines.append((event, facts)))
    return lines


def refused(place, said, code):
    """Look twice: the new index must be refused once, and the old one go on."""
    before = place.state.assistant
    place.reloader.look(place.state)
    since = place.reloader.status.since
    place.reloader.look(place.state)
    place.reloader._again = 0.0
    place.reloader.look(place.state)
    assert place.state.assistant is before
    assert place.reloader.status == IndexState("refused", since, code)
    assert said == [("index_refused", {"code": code})]
    assert before.answer(QUESTION).outcome == "answered"


def test_the_same_index_is_left_alone(place, said):
    before = place.state.assistant
    for _ in range(3):
        place.reloader.look(place.state)
    place.build("juillet")
    place.reloader.look(place.state)
    assert place.state.assistant is before
    assert place.reloader.status == IndexState()
    assert said == []


def test_another_index_takes_the_place_of_the_one_that_is_served(place, said):
    before = place.state.assistant
    manifest = place.build("mars")
    place.reloader.look(place.state)
    assert place.state.assistant.fingerprint == manifest.fingerprint != before.fingerprint
    assert "mars" in place.state.assistant.answer(QUESTION).answer
    assert place.reloader.status == IndexState()
    ((event, facts),) = said
    assert event == "index_swapped"
    assert facts.pop("seconds") >= 0
    assert facts == {"fingerprint": manifest.fingerprint, "documents": 2, "passages": 2}


def test_a_stream_goes_on_with_the_index_that_it_began_with(place, said):
    events = place.state.assistant.stream(QUESTION)
    next(events)
    place.build("mars")
    place.reloader.look(place.state)
    *_, done = events
    assert "juillet" in done.answer.answer
    assert "mars" in place.state.assistant.answer(QUESTION).answer


def test_the_memory_of_the_old_index_is_given_back(place, said):
    old = [weakref.ref(part) for part in (place.state.assistant, place.state.assistant.library)]
    with TestClient(create_app(place.state.assistant)) as client:
        state = client.app.state
        for path in ("/", "/v1/search?q=volets", "/health/ready"):
            assert client.get(path).status_code == 200
        assert client.post("/v1/answers", json={"question": QUESTION}).status_code == 200
        assert client.post("/v1/answers/stream", json={"question": QUESTION}).status_code == 200
        place.state.assistant = None
        place.build("mars")
        place.reloader.look(state)
        gc.collect()
        assert [reference() for reference in old] == [None, None]
        assert "mars" in client.post("/v1/answers", json={"question": QUESTION}).json()["answer"]


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("file", ["dense.faiss", "documents.jsonl", "lexical/vocabulary.txt"])
def test_a_damaged_index_is_refused_and_the_old_one_goes_on(place, said, file, damage):
    manifest = place.build("mars")
    break_file(place.path / manifest.data / file, damage)
    refused(place, said, "index_corrupt")


@pytest.mark.parametrize("damage", ["truncated", "a folder"])
def test_a_manifest_that_cannot_be_read_is_refused(place, said, damage):
    place.build("mars")
    break_file(place.path / "manifest.json", damage)
    refused(place, said, "index_corrupt")


def test_an_index_of_another_version_is_refused(place, said):
    place.build("mars")
    manifest = json.loads((place.path / "manifest.json").read_text())
    (place.path / "manifest.json").write_text(json.dumps(manifest | {"format": 1}))
    refused(place, said, "index_stale")


def test_an_index_of_another_encoder_is_refused(place, said):
    place.build("mars", encoder="other")
    refused(place, said, "encoder_mismatch")


def test_an_index_that_is_gone_is_refused_until_it_is_back(place, said, tmp_path):
    shutil.move(place.path, tmp_path / "away")
    refused(place, said, "index_missing")
    shutil.move(tmp_path / "away", place.path)
    place.reloader.look(place.state)
    assert place.reloader.status == IndexState()


@pytest.mark.parametrize(
    ("failure", "code"),
    [(MemoryError(), "error"), (OSError(errno.EMFILE, "x"), "EMFILE"), (RuntimeError("Mme Untel"), "error")],
)
def test_whatever_happens_when_an_index_is_opened_is_a_refusal(place, said, failure, code):
    def fail():
        raise failure

    place.reloader._reopen = fail
    place.build("mars")
    refused(place, said, code)


def test_an_index_whose_files_were_still_arriving_is_taken_in_later(place, said, tmp_path):
    manifest = place.build("mars")
    file = place.path / manifest.data / "dense.faiss"
    file.rename(tmp_path / "later")
    place.reloader.look(place.state)
    assert place.reloader.status.state == "refused"
    (tmp_path / "later").rename(file)
    place.reloader.look(place.state)
    assert place.reloader.status.state == "refused"  # it is not tried at every look
    place.reloader._again = 0.0
    place.reloader.look(place.state)
    assert place.state.assistant.fingerprint == manifest.fingerprint
    assert [event for event, _ in said] == ["index_refused", "index_swapped"]


def test_an_index_without_documents_is_refused(place, said):
    empty = FakeAssistant()
    empty.library = type(empty.library)(documents=())
    place.reloader._reopen = lambda: empty
    place.build("mars")
    refused(place, said, "index_corrupt")


def test_readiness_tells_what_becomes_of_the_index(place, said):
    place.reloader._every = 0.01
    opening, go_on, reopen = threading.Event(), threading.Event(), place.reloader._reopen

    def slowly():
        opening.set()
        assert go_on.wait(10)
        return reopen()

    place.reloader._reopen = slowly
    with TestClient(create_app(place.state.assistant, reloader=place.reloader)) as client:

        def ready():
            return client.get("/health/ready").json()

        before = ready()
        assert before["index"] == {"state": "current", "since": None, "code": None}
        manifest = place.build("mars")
        assert opening.wait(10)
        body = ready()
        assert (body["index"]["state"], body["index"]["code"]) == ("reloading", None)
        assert body["index"]["since"].endswith("+00:00")
        assert body["fingerprint"] == before["fingerprint"]
        go_on.set()
        eventually(lambda: ready()["fingerprint"] == manifest.fingerprint)
        assert ready()["built_at"] == manifest.built_at
        break_file(place.path / "manifest.json", "truncated")
        eventually(lambda: ready()["index"]["code"] == "index_corrupt")
        assert ready()["index"]["state"] == "refused"
        assert ready()["fingerprint"] == manifest.fingerprint
    watcher = place.reloader._thread
    assert watcher is not None
    assert not watcher.is_alive()


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize(
    ("damage", "key"),
    [
        (lambda path, data: break_file(data / "dense.faiss", "truncated"), "errors.index_corrupt"),
        (lambda path, data: break_file(data / "passages.jsonl", "flipped"), "errors.index_corrupt"),
        (lambda path, data: break_file(path / "manifest.json", "truncated"), "errors.index_corrupt"),
        (lambda path, data: (path / "manifest.json").write_text('{"format": 1}'), "errors.index_stale"),
    ],
)
def test_a_server_does_not_start_on_an_index_that_cannot_be_used(place, monkeypatch, capsys, damage, key, workers):
    monkeypatch.setattr("api.__main__.run", lambda *_, **__: pytest.fail("it was served"))
    monkeypatch.setenv("DEONTO_ENCODER", "hash")
    monkeypatch.setenv("DEONTO_PORT", "0")
    damage(place.path, next(place.path.glob("data-*")))
    assert main(["--index", str(place.path), "--workers", workers]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(message(key, path=place.path, file="§", found=1, expected=2).split("§")[0])
    assert "Traceback" not in said.err


# --- the language model


def test_readiness_tells_whether_the_language_model_fails():
    assistant = FakeAssistant()
    with TestClient(create_app(assistant)) as client:
        for state in ("off", "configured", "failing"):
            assistant.model = state
            response = client.get("/health/ready")
            assert (response.status_code, response.json()["model"]) == (200, state)


def test_an_assistant_knows_whether_its_model_fails(small_index):
    breaker = Breaker(failures=2)
    assert assistant.answering.Assistant(small_index).model == "off"
    helped = assistant.answering.Assistant(small_index, drafter=object(), breaker=breaker)
    states = [helped.model]
    for outcome in (breaker.failed, breaker.failed, breaker.succeeded):
        outcome()
        states.append(helped.model)
    assert states == ["configured", "configured", "failing", "configured"]


def test_the_model_and_its_breaker_outlive_an_index(place):
    opener = Opener(Settings(index=place.path, encoder="hash", model_url="http://127.0.0.1:9/v1", model="m"))
    first, second = opener.open(), opener.open()
    for _ in range(3):
        first._breaker.failed()
    assert second.model == "failing"
    assert second._drafter is first._drafter


# --- the end of a server, readers who leave


def stopping_soon(grace=0.0):
    stopping = Stopping()
    stopping.begin(grace)
    return stopping


def test_only_the_first_word_that_a_server_stops_counts():
    stopping = Stopping()
    assert not stopping.is_over
    stopping.begin(0.0)
    stopping.begin(60.0)
    eventually(lambda: stopping.is_over)


class Stalled:
    """Gives two items, then nothing until ``go_on``; notes when it is closed."""

    def __init__(self):
        self.waits, self.go_on, self.closed = threading.Event(), threading.Event(), threading.Event()

    def items(self):
        try:
            yield 1
            yield 2
            self.waits.set()
            assert self.go_on.wait(10)
            yield 3
        finally:
            self.closed.set()


def test_items_come_in_order_and_the_iterator_is_closed():
    stalled = Stalled()
    stalled.go_on.set()

    async def all_of():
        return [item async for item in pulled(stalled.items(), NEVER)]

    assert asyncio.run(all_of()) == [1, 2, 3]
    assert stalled.closed.is_set()


def test_a_failure_reaches_whoever_waits():
    def fail():
        yield 1
        raise LookupError

    async def all_of():
        return [item async for item in pulled(fail(), NEVER)]

    with pytest.raises(LookupError):
        asyncio.run(all_of())
    with pytest.raises(ZeroDivisionError):
        asyncio.run(called(lambda: 1 / 0, NEVER))


def test_a_reader_who_leaves_waits_for_nothing_and_the_work_ends_at_its_next_step():
    stalled = Stalled()
    steps = stalled.items()  # held here: it is not closed for want of a reference to it

    async def leave():
        got = []

        async def read():
            async with contextlib.aclosing(pulled(steps, NEVER)) as items:
                async for item in items:
                    got.append(item)

        reading = asyncio.create_task(read())
        while not stalled.waits.is_set():
            await asyncio.sleep(0.01)
        reading.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await reading
        return got

    assert asyncio.run(leave()) == [1, 2]
    assert not stalled.closed.is_set()
    stalled.go_on.set()
    assert stalled.closed.wait(5)


def test_a_reader_who_leaves_ends_work_that_would_never_end():
    closed = threading.Event()

    def endless():
        try:
            while True:
                yield 1
        finally:
            closed.set()

    steps = endless()

    async def leave():
        async with contextlib.aclosing(pulled(steps, NEVER)) as items:
            return await anext(items)

    assert asyncio.run(leave()) == 1
    assert closed.wait(5)


def test_an_answer_that_is_not_ready_when_the_grace_is_over_is_given_up():
    stalled = Stalled()

    async def read():
        stopping = Stopping()
        async for item in pulled(stalled.items(), stopping):
            got.append(item)
            stopping.begin(0.3)

    got = []
    with pytest.raises(Stopped):
        asyncio.run(read())
    assert got == [1, 2]
    stalled.go_on.set()
    assert stalled.closed.wait(5)


def test_a_stream_of_steps_without_an_end_is_given_up_too():
    async def read():
        async for _ in pulled(iter(int, 1), stopping_soon()):
            pass

    with pytest.raises(Stopped):
        asyncio.run(asyncio.wait_for(read(), 5))


@pytest.mark.parametrize("path", ["/v1/answers", "/v1/answers/stream", "/v1/chat/completions", "chat stream"])
def test_an_answer_cut_by_the_end_of_a_server_is_an_error_of_our_shape(path, monkeypatch):
    fake = FakeAssistant()
    stalled = Stalled()
    monkeypatch.setattr(fake, "answer", lambda *_, **__: stalled.go_on.wait(10))
    monkeypatch.setattr(fake, "stream", lambda *_, **__: stalled.items())
    body = {"question": QUESTION}
    if "chat" in path:
        body = {"messages": [{"role": "user", "content": QUESTION}], "stream": path == "chat stream"}
    app = create_app(fake)
    app.dependency_overrides[api.dependencies.current_stopping] = lambda: stopping_soon(0.1)
    try:
        response = TestClient(app).post(path if path[0] == "/" else "/v1/chat/completions", json=body)
    finally:
        stalled.go_on.set()
    last = response.text.strip().split("data: ")[-1]
    streams = "stream" in path
    assert response.status_code == (200 if streams else 503)
    assert json.loads(last)["error"] == {
        "code": "unavailable",
        "message": message("api.unavailable"),
        "request_id": response.headers["x-request-id"],
    }


def test_threads_are_as_many_as_there_is_work_and_never_more_than_allowed():
    pool, go_on = Pool(most=3), threading.Event()
    before = threading.active_count()
    waiting = [pool.submit(go_on.wait) for _ in range(8)]
    assert threading.active_count() - before == 3
    go_on.set()
    assert all(one.result(5) for one in waiting)
    assert pool.submit(lambda: 7).result(5) == 7
    assert threading.active_count() - before == 3
    assert all(thread.daemon for thread in threading.enumerate() if thread.name.startswith("answers-"))


def test_a_pool_that_is_limited_starts_no_more():
    pool, go_on = Pool(most=8), threading.Event()
    pool.limit(2)
    before = threading.active_count()
    waiting = [pool.submit(go_on.wait) for _ in range(5)]
    assert threading.active_count() - before == 2
    go_on.set()
    assert all(one.result(5) for one in waiting)


def test_an_idle_thread_holds_nothing_of_what_it_did():
    pool, made = Pool(most=1), Stalled()
    gone = weakref.ref(made)
    pool.submit(made.items).result(5)
    del made
    eventually(lambda: gc.collect() >= 0 and gone() is None)


# --- the event loop and its connections


def test_the_event_loop_says_a_trouble_once_and_never_its_text(caplog):
    caplog.set_level(logging.INFO, logger="api")

    async def trouble():
        loop = asyncio.get_running_loop()
        async with running(create_app(FakeAssistant())):
            for _ in range(50):
                error = OSError(errno.EMFILE, "Mme Untel")
                loop.call_exception_handler({"message": "socket.accept() out of system resource", "exception": error})
            loop.call_exception_handler({"message": "Mme: Untel", "exception": ValueError("Mme Untel")})

    asyncio.run(trouble())
    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) == 2
    assert "EMFILE" in lines[0]
    assert "Untel" not in caplog.text


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(api.connections, "most_connections", lambda: 2)


class Transport:
    def __init__(self):
        self.aborted = False

    def abort(self):
        self.aborted = True

    def is_closing(self):
        return self.aborted

    def get_extra_info(self, _):
        return None


def connections_of(loop, busy):
    """Make connections one after the other; ``busy`` tells which have a request in progress."""
    state = SimpleNamespace(connections=set(), tasks=set())
    config = SimpleNamespace(
        loaded=True,
        loaded_app=None,
        h11_max_incomplete_event_size=None,
        ws_protocol_class=None,
        root_path="",
        asgi_version="3.0",
        limit_concurrency=None,
        timeout_keep_alive=5,
    )
    made = []
    for is_busy in busy:
        connection = Connection(config, state, {}, loop)
        if is_busy:
            connection.cycle = SimpleNamespace(response_complete=False)
        connection.connection_made(Transport())
        made.append(connection)
        time.sleep(0.001)
    return [connection.transport.aborted for connection in made]


@pytest.mark.parametrize(
    ("busy", "aborted"),
    [
        ([False, False], [False, False]),
        ([False, False, False], [True, False, False]),
        ([True, False, False], [False, True, False]),
        ([True, True, False], [False, False, True]),
        ([True, True, True], [False, False, True]),
        ([False, False, False, True, False], [True, True, True, False, False]),
    ],
)
def test_a_silent_connection_gives_way_to_a_new_one(few, busy, aborted):
    loop = asyncio.new_event_loop()
    try:
        assert connections_of(loop, busy) == aborted
    finally:
        loop.close()


def test_connections_are_fewer_than_descriptors():
    import resource

    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert 16 <= most_connections() <= max(16, soft // 2)
