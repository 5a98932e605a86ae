"""A real server and what may befall it: each time it answers again at once, and nobody sees a traceback."""

import contextlib
import json
import os
import signal
import socket
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.faults import (
    CANARY,
    QUESTION,
    RULE,
    UP,
    build_small,
    eventually,
    limited,
    serving,
    start,
)
from tests.files import break_file
from tests.model_server import PAUSE, STALL, ModelServer, Said

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits, signals and /proc of Linux")

MONTHS = ("mars", "avril", "mai", "juin", "octobre")


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    """An index of small documents; read only."""
    folder = tmp_path_factory.mktemp("faults")
    build_small(folder / "index", folder / "documents")
    return folder / "index"


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """An index that tests replace and break."""
    folder = tmp_path_factory.mktemp("own")
    build_small(folder / "index", folder / "documents")
    return folder / "index"


@pytest.fixture(scope="module")
def served(own):
    """A server over ``own``."""
    with serving(own) as running:
        yield running


def check_up(running):
    """Fail unless questions are answered again within five seconds."""
    eventually(running.answers)


# --- another index


def test_an_index_is_replaced_under_load_without_a_failed_request(served, own, tmp_path):
    before = served.ready()["fingerprint"]
    rules = {RULE.format(month=month) for month in ("juillet", *MONTHS)}
    over, found, wrong = threading.Event(), {}, []

    def ask(stream):
        while not over.is_set():
            try:
                if stream:
                    answering = served.stream()
                    status, answer = 200, answering.until("done")
                    answering.read()
                    answering.close()
                else:
                    status, answer = served.ask()
                (quote,) = {citation["quote"] for citation in answer["citations"]}
                retrieved = {row["text"].split("\n\n")[-1] for row in answer["passages"]} & rules
                if status != 200 or retrieved != {quote}:
                    wrong.append((status, answer))
                found[quote] = found.get(quote, 0) + 1
            except Exception as error:
                wrong.append(error)

    clients = [threading.Thread(target=ask, args=(n == 0,)) for n in range(3)]
    for client in clients:
        client.start()
    fingerprints = [before]
    try:
        for month in MONTHS:
            manifest = build_small(own, tmp_path / month, month)
            eventually(lambda: served.ready()["fingerprint"] == manifest.fingerprint, 2 * UP)  # noqa: B023
            eventually(lambda: RULE.format(month=month) in found)  # noqa: B023
            fingerprints.append(manifest.fingerprint)
    finally:
        over.set()
        for client in clients:
            client.join(30)
    assert wrong == []
    assert len(set(fingerprints)) == 6
    assert len(found) == 6
    assert [row["fingerprint"] for row in served.logged("index_swapped")] == fingerprints[1:]
    assert served.ready()["index"] == {"state": "current", "since": None, "code": None}


def test_a_damaged_index_is_refused_and_the_old_one_goes_on(served, own, tmp_path):
    before = served.ready()
    manifest = build_small(tmp_path / "other", tmp_path / "documents", "novembre")
    broken = tmp_path / "other" / manifest.data
    break_file(broken / "dense.faiss", "truncated")
    kept = (own / "manifest.json").read_bytes()
    broken.rename(own / manifest.data)
    (tmp_path / "other" / "manifest.json").rename(own / "manifest.json")
    state = eventually(lambda: served.ready()["index"]["state"] == "refused" and served.ready())
    assert state["index"]["code"] == "index_corrupt"
    assert (state["fingerprint"], state["built_at"]) == (before["fingerprint"], before["built_at"])
    check_up(served)
    (own / "manifest.json").write_bytes(kept)
    eventually(lambda: served.ready()["index"]["state"] == "current")
    assert [row["code"] for row in served.logged("index_refused")] == ["index_corrupt"]


def test_a_server_does_not_start_on_a_damaged_index(tmp_path):
    manifest = build_small(tmp_path / "index", tmp_path / "documents")
    break_file(tmp_path / "index" / manifest.data / "passages.jsonl", "flipped")
    served = start(tmp_path / "index", "--workers", 2)
    assert served.process.wait(60) == 1
    assert served.stop() == 1
    (line,) = served.lines
    assert line.startswith(f"L'index {tmp_path / 'index'} est endommagé (passages.jsonl).")


# --- clients


def test_a_slow_client_keeps_nobody_waiting(served):
    """It takes one byte at a time of its stream, through the smallest of buffers."""
    with socket.socket() as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        slow.connect(("127.0.0.1", served.port))
        body = json.dumps({"question": QUESTION}).encode()
        head = "POST /v1/answers/stream HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        slow.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        for _ in range(5):
            assert slow.recv(1)
            assert served.answers()
            assert served.ready()
    check_up(served)


def test_clients_that_leave_in_the_middle_leave_nothing_behind(served):
    def come_and_go():
        for _ in range(10):
            stream = served.stream()
            stream.until("status")
            stream.connection.sock.shutdown(socket.SHUT_RDWR)
            stream.close()

    come_and_go()
    check_up(served)
    before = served.threads()
    come_and_go()
    check_up(served)
    eventually(lambda: served.threads() <= before)


@pytest.mark.parametrize(
    "sent", [b"", b"POST /v1/answers HT", b"POST /v1/answers HTTP/1.1\r\nContent-Length: 9\r\n\r\n{"]
)
def test_a_request_that_never_ends_harms_nobody(served, sent):
    with socket.create_connection(("127.0.0.1", served.port)) as silent:
        silent.sendall(sent)
        assert served.answers()
    check_up(served)


# --- the model


@contextlib.contextmanager
def model(*script):
    """Give a model's endpoint in this process."""
    server = ModelServer()
    server.script = list(script)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.leave.set()
        server.go_on.set()
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_stalled_model_is_left_alone(index):
    settings = {"DEONTO_MODEL": "m", "DEONTO_MODEL_TIMEOUT": "0.5"}
    with model(STALL) as endpoint, serving(index, DEONTO_MODEL_URL=endpoint.url, **settings) as served:
        assert served.ready()["model"] == "configured"
        asked = [threading.Thread(target=served.answers) for _ in range(3)]
        for one in asked:
            one.start()
        assert served.request("GET", "/v1/search?q=armoire", timeout=UP)[0] == 200  # others need not wait
        for one in asked:
            one.join(15)
        eventually(lambda: served.ready()["model"] == "failing")
        before = len(endpoint.asked)
        check_up(served)
        assert len(endpoint.asked) == before


def test_a_server_that_is_told_to_stop_ends_its_streams(index):
    """One answer comes to its end in the time that is left; one does not, and says so; a client left before."""
    written = f"Le cabinet ferme ses volets chaque soir {PAUSE}, sauf en juillet [1]."

    def script(asked):
        return Said(written) if "Bonjour" in asked.prompt else Said("Le cabinet ferme", STALL)

    settings = {"DEONTO_MODEL": "m", "DEONTO_MODEL_TIMEOUT": "30"}
    with (
        model(script) as endpoint,
        serving(index, DEONTO_MODEL_URL=endpoint.url, **settings) as served,
        contextlib.ExitStack() as held,
    ):
        gone = served.stream()
        gone.until("passages")
        eventually(lambda: len(endpoint.asked) == 1)
        gone.connection.sock.shutdown(socket.SHUT_RDWR)
        gone.close()
        ending, stalled, waiting = served.stream("Bonjour. " + QUESTION), served.stream(), served.connection()
        for one in (ending, stalled, waiting):
            held.callback(one.close)
        ending.until("passages")
        stalled.until("passages")
        body = json.dumps({"question": f"{QUESTION} Chaque soir, le cabinet ferme ses volets, {CANARY} ?"})
        waiting.request("POST", "/v1/answers", body, {"Content-Type": "application/json"})
        eventually(lambda: len(endpoint.asked) == 4)
        served.process.send_signal(signal.SIGTERM)
        eventually(lambda: refuses(served))
        endpoint.go_on.set()
        assert ending.until("done")["outcome"] == "answered"
        assert "error" not in ending.read()
        error = stalled.until("error")["error"]
        assert error["code"] == "unavailable"
        assert error["request_id"]
        assert stalled.read()[-1] == "error"
        response = waiting.getresponse()
        assert response.status == 503
        assert json.loads(response.read())["error"]["code"] == "unavailable"
        assert served.stop() == 0


def is_gone(pid):
    try:
        return not Path(f"/proc/{pid}/cmdline").read_bytes()  # ended, and nobody has asked how
    except FileNotFoundError:
        return True


def refuses(served):
    try:
        socket.create_connection(("127.0.0.1", served.port), 1).close()
    except ConnectionRefusedError:
        return True
    return False


# --- the system


def test_without_descriptors_silent_connections_give_way(index):
    with serving(index, before=limited(NOFILE=256)) as served, contextlib.ExitStack() as clients:
        with contextlib.ExitStack() as silent:
            for _ in range(600):
                one = silent.enter_context(socket.socket())
                one.setblocking(False)
                one.connect_ex(("127.0.0.1", served.port))
            check_up(served)  # while they are there
        check_up(served)
        assert len(served.logged("event_loop")) < 5
        for _ in range(3):  # they ask for more than the buffers hold, read nothing, and hold no server that stops
            deaf = clients.enter_context(socket.socket())
            deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
            deaf.connect(("127.0.0.1", served.port))
            deaf.sendall(b"GET /static/chat.js HTTP/1.1\r\nHost: x\r\n\r\n" * 200)
        began = time.monotonic()
        assert served.stop() == 0
        assert time.monotonic() - began < 15


def test_workers_follow_the_index_are_replaced_when_killed_and_end_with_their_supervisor(tmp_path):
    build_small(tmp_path / "index", tmp_path / "documents")
    with serving(tmp_path / "index", "--workers", 2) as served:
        workers = eventually(lambda: len(served.children()) == 2 and served.children(), 30)
        new = build_small(tmp_path / "index", tmp_path / "others", "mars").fingerprint
        eventually(lambda: {served.ready()["fingerprint"] for _ in range(8)} == {new}, 30)
        os.kill(workers[0], signal.SIGKILL)
        check_up(served)
        workers = eventually(lambda: len(served.children()) == 2 and set(served.children()) - {workers[0]}, 30)
        eventually(lambda: all(served.answers() for _ in range(3)), 30)
        served.stop(signal.SIGKILL)  # the supervisor: they would keep the port
        eventually(lambda: all(is_gone(pid) for pid in workers), 30)
        eventually(lambda: refuses(served))
