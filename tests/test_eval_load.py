"""The load that is put on a server: its stages, its statistics, and its end, whatever the server does."""

import asyncio
import contextlib
import json
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from eval import load, served
from eval.clients import SHARES, Deck, Sent, Stage, client_of, drive
from eval.errors import ServerUnreachable
from eval.load import Figures, Summary, figures, main, plan, verdicts
from eval.memory import Growth, Watch, growth, resident
from eval.served import wait_until_ready

PLACES = (("premier ?", "deuxième ?", "troisième ?"), ("seul ?",))
WELL, REFUSES, HANGS, CUTS, BREAKS, FAILS = "WELL", "REFUSES", "HANGS", "CUTS", "BREAKS", "FAILS"


class StandIn:
    """A server of the contract's form that behaves as told."""

    def __init__(self, how: str) -> None:
        self.how = how
        self.asked: list[tuple[str, dict]] = []
        self.gone = threading.Event()
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                path = self.path.partition("?")[0]
                if path != "/health/ready":
                    stand_in.asked.append((path, {}))
                self._answer(path, b'{"passages":[]}')

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                stand_in.asked.append((self.path, body))
                end = {CUTS: "token", FAILS: "error"}.get(stand_in.how, "done")
                stream = f"event: token\ndata: {{}}\n\nevent: {end}\ndata: {{}}\n\n".encode()
                self._answer(self.path, stream if self.path.endswith("/stream") else b'{"outcome":"answered"}')

            def _answer(self, path: str, content: bytes) -> None:
                if path != "/health/ready":
                    if stand_in.how == HANGS:
                        stand_in.gone.wait(30)
                    if stand_in.how == BREAKS:
                        content = b"<html>"
                    if stand_in.how == REFUSES:
                        content = b'{"error":{"code":"overloaded","message":"","request_id":""}}'
                self.send_response(503 if stand_in.how == REFUSES and path != "/health/ready" else 200)
                self.send_header("Content-Length", str(len(content)))
                with contextlib.suppress(OSError):  # the client may have left
                    self.end_headers()
                    self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        self.gone.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def stand_in(request):
    server = StandIn(getattr(request, "param", WELL))
    yield server
    server.close()


def sent_to(server: StandIn, stage: Stage, patience: float = 5.0) -> tuple[tuple[Sent, ...], float]:
    async def go() -> tuple[tuple[Sent, ...], float]:
        async with client_of(server.url, stage.clients, patience) as client:
            return await drive(client, stage, Deck(1, PLACES), patience)

    return asyncio.run(go())


def errors_of(sent: tuple[Sent, ...]) -> Counter[str]:
    return Counter(one.error for one in sent)


# The plan.


def test_the_last_stage_has_the_time_and_the_others_a_tenth_of_it():
    assert plan([16, 1, 64], 600, 0) == (Stage(1, 60), Stage(16, 60), Stage(64, 600))


def test_clients_who_think_come_after_those_who_do_not():
    assert plan([1, 8], 100, 5) == (Stage(1, 10), Stage(8, 10), Stage(8, 100, 5))


# What is asked.


def test_a_seed_decides_what_is_asked():
    first, again, other = (Deck(seed, PLACES) for seed in (3, 3, 4))
    asked = [first.draw() for _ in range(50)]
    assert asked == [again.draw() for _ in range(50)]
    assert asked != [other.draw() for _ in range(50)]


def test_every_kind_is_asked_in_its_share_and_follow_ups_have_turns_of_the_same_place():
    deck = Deck(1, [[f"{place}-{n}" for n in range(4)] for place in "abcdefgh"])
    asks = [deck.draw() for _ in range(2_000)]
    shares = {kind: number / len(asks) for kind, number in Counter(ask.kind for ask in asks).items()}
    assert shares == pytest.approx(SHARES, abs=0.04)
    for ask in asks:
        assert bool(ask.words) == (ask.kind == "search")
        assert bool(ask.body.get("turns")) == (ask.kind == "follow-up")
        for turn in ask.body.get("turns", ()):
            assert turn[0] == ask.body["question"][0]
            assert turn != ask.body["question"]


def test_a_wording_that_stands_alone_is_asked_without_turns():
    deck = Deck(1, [["seul ?"]])
    assert {deck.draw().kind for _ in range(100)} == {"answer", "stream", "search"}


def test_the_shipped_wordings_are_many():
    deck = Deck(1)
    asked = {ask.words or ask.body["question"] for ask in (deck.draw() for _ in range(3_000))}
    assert len(asked) > 2_500


def test_thoughts_last_as_long_as_asked_on_average():
    deck = Deck(1, PLACES)
    assert sum(deck.pause(5) for _ in range(4_000)) / 4_000 == pytest.approx(5, rel=0.1)
    assert deck.pause(0) == 0


# What comes of it.


def test_requests_of_each_kind_reach_the_server_and_none_fails(stand_in):
    sent, seconds = sent_to(stand_in, Stage(4, 0.5))
    assert errors_of(sent) == {"": len(sent)}
    assert len(sent) == len(stand_in.asked) > 10
    assert {path for path, _ in stand_in.asked} == {"/v1/answers", "/v1/answers/stream", "/v1/search"}
    assert any(body.get("turns") for _, body in stand_in.asked)
    assert all(one.milliseconds > 0 for one in sent)
    assert seconds >= 0.5


@pytest.mark.parametrize("stand_in", [REFUSES], indirect=True)
def test_refusals_are_counted_by_status_and_code_and_asked_again_slowly(stand_in):
    sent, _ = sent_to(stand_in, Stage(2, 0.6))
    assert errors_of(sent) == {"503 overloaded": len(sent)}
    assert 2 <= len(sent) <= 8  # a pause after each


@pytest.mark.parametrize("stand_in", [BREAKS], indirect=True)
def test_what_is_no_answer_is_an_error(stand_in):
    sent, _ = sent_to(stand_in, Stage(4, 0.6))
    assert set(errors_of(sent)) <= {"not an answer", "stream ended with nothing"}
    assert "not an answer" in errors_of(sent)


@pytest.mark.parametrize(("stand_in", "error"), [(CUTS, "token"), (FAILS, "error")], indirect=["stand_in"])
def test_a_stream_that_does_not_end_well_is_an_error(stand_in, error):
    sent, _ = sent_to(stand_in, Stage(4, 0.8))
    streams = errors_of(tuple(one for one in sent if one.kind == "stream"))
    assert streams == {f"stream ended with {error}": sum(streams.values())}
    assert not any(one.error for one in sent if one.kind != "stream")


@pytest.mark.parametrize("stand_in", [HANGS], indirect=True)
def test_a_server_that_hangs_is_left_and_each_request_counts(stand_in):
    began = time.monotonic()
    sent, _ = sent_to(stand_in, Stage(3, 0.2), patience=0.4)
    assert time.monotonic() - began < 10
    assert len(sent) >= 3
    assert set(errors_of(sent)) <= {"ReadTimeout", "unfinished"}


@pytest.mark.parametrize("stand_in", [HANGS], indirect=True)
def test_requests_in_progress_at_the_end_are_given_up(stand_in):
    async def go():
        async with client_of(stand_in.url, 2, timeout=60) as client:
            return await drive(client, Stage(2, 0.1), Deck(1, PLACES), patience=0.2)

    sent, _ = asyncio.run(go())
    assert errors_of(sent) == {"unfinished": 2}


def test_a_server_that_is_not_there_is_an_error_a_request(stand_in):
    gone = StandIn(WELL)
    gone.close()
    sent, _ = sent_to(gone, Stage(1, 0.1))
    assert errors_of(sent) == {"ConnectError": 1}


# Statistics.


def test_times_are_those_of_answers_without_error():
    good = [Sent("answer", float(ms)) for ms in range(1, 101)]
    bad = [Sent("stream", 9_999.0, "503 overloaded"), Sent("stream", 9_999.0, "503 overloaded")]
    found = figures(Stage(4, 10), [*good, *bad], 10.0, 200.0)
    assert (found.n, found.per_second) == (102, 10.0)
    assert (found.p50, found.p95, found.p99, found.longest) == (50.5, 95.0, 99.0, 100.0)  # numpy's, between ranks
    assert found.errors == {"stream: 503 overloaded": 2}
    assert found.by_kind == {"answer": {"n": 100, "p50": 50.5, "p95": 95.0, "p99": 99.0, "longest": 100.0}}


def test_a_stage_without_any_answer_has_figures_too():
    found = figures(Stage(4, 10), [Sent("search", 3.0, "ReadTimeout")], 10.0, None)
    assert (found.p50, found.p99, found.per_second, found.memory) == (0, 0, 0, None)


def test_growth_is_a_slope_and_two_ends():
    samples = [(float(second), 100 + second / 60) for second in range(601)]
    found = growth(samples)
    assert found == Growth(first=100.49, last=109.51, slope=1.0)
    assert found.share == pytest.approx(0.0898, abs=1e-4)
    assert growth([(0.0, 100.0), (0.0, 100.0)]) == Growth(100.0, 100.0, 0.0)
    assert growth([(0.0, 100.0)]) is None


def test_memory_of_children_is_added_and_what_is_gone_has_none(tmp_path):
    for pid, kilobytes, children in (("1", 2048, "2 3"), ("2", 1024, ""), ("3", None, "")):
        (tmp_path / pid / "task" / pid).mkdir(parents=True)
        (tmp_path / pid / "task" / pid / "children").write_text(children)
        if kilobytes:
            (tmp_path / pid / "status").write_text(f"Name:\tx\nVmRSS:\t{kilobytes} kB\n")
    assert resident(1, tmp_path) == 3.0
    assert resident(3, tmp_path) is None
    assert resident(9, tmp_path) is None


def test_a_watch_takes_samples_until_it_is_left(monkeypatch):
    sizes = iter([10.0, 11.0, 12.0])
    monkeypatch.setattr("eval.memory.resident", lambda _: next(sizes, None))

    async def go():
        async with Watch(1, every=0.01) as watch:
            await asyncio.sleep(0.2)
        async with Watch(None) as blind:
            pass
        return watch, blind

    watch, blind = asyncio.run(go())
    assert [size for _, size in watch.samples] == [10.0, 11.0, 12.0]
    assert watch.since(watch.samples[1][0]) == watch.samples[1:]
    assert blind.samples == []


def of(clients: int, think: float, p50: float, p95: float, errors: dict[str, int] | None = None) -> Figures:
    return Figures(clients, think, 60.0, 10, 1.0, p50, p95, p95, p95, errors or {}, {}, None)


def test_the_last_stage_is_held_against_a_single_client():
    found = Summary((of(1, 0, 10, 12), of(64, 0, 600, 700), of(64, 5, 20, 90)), Growth(100, 101, 0.1), (), 0.2)
    said = "\n".join(verdicts(found))
    assert "64 clients, 0 s of thought: 70.0 × a single's median (no bar)" in said
    assert "64 clients, 5 s of thought: 9.0 × a single's median (within 10)" in said
    assert "100.0 → 101.0 MB (+1.0%), +0.10 MB a minute: flat" in said
    assert "errors: 0" in said


def test_what_is_over_a_bar_is_said():
    stages = (of(1, 0, 10, 12), of(64, 5, 20, 101, {"answer: ReadTimeout": 3}))
    said = "\n".join(verdicts(Summary(stages, Growth(100, 103, 1.0), (), 0.2)))
    assert "10.1 × a single's median (over 10)" in said
    assert "grows" in said
    assert "errors: 3" in said
    assert "3 × answer: ReadTimeout" in said


def test_without_a_single_client_or_memory_nothing_is_claimed():
    said = "\n".join(verdicts(Summary((of(64, 5, 20, 90),), None, (), 0.2)))
    assert "single" not in said
    assert "not measured" in said


# The command.


@pytest.mark.parametrize(("stand_in", "code"), [(WELL, 0), (REFUSES, 1)], indirect=["stand_in"])
def test_the_command_prints_writes_and_fails_where_a_request_did(stand_in, code, tmp_path, capsys):
    output = tmp_path / "there" / "summary.json"
    options = ["--clients", "1,3", "--duration", "0.4", "--think", "0.02", "--output", str(output)]
    assert main(["--url", stand_in.url, *options]) == code
    said = capsys.readouterr().out
    assert "| 1 | 0 |" in said
    assert "| 3 | 0.02 |" in said
    written = json.loads(output.read_text(encoding="utf-8"))
    assert [(stage["clients"], stage["think"]) for stage in written["stages"]] == [(1, 0), (3, 0), (3, 0.02)]
    assert bool(sum(sum(stage["errors"].values()) for stage in written["stages"])) == bool(code)


@pytest.mark.parametrize("url", ["http://192.0.2.1:8000", "http://conseil.example", "ftp://127.0.0.1", "127.0.0.1:80"])
def test_another_machine_is_never_put_under_load(url, capsys):
    with pytest.raises(ServerUnreachable):
        wait_until_ready(url, 0)
    assert main(["--url", url]) == 1
    assert url in capsys.readouterr().err


def test_a_server_that_is_not_ready_is_waited_for_no_longer_than_said(stand_in):
    gone = StandIn(WELL)
    gone.close()
    wait_until_ready(stand_in.url, 0)
    with pytest.raises(ServerUnreachable):
        wait_until_ready(gone.url, 0.1)


def test_a_server_that_ends_at_once_is_said(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(served, "START", 60.0)
    assert main(["--index", str(tmp_path / "nope"), "--duration", "1"]) == 1
    assert "ne répond pas" in capsys.readouterr().err
    assert "nope" in (tmp_path / "var" / "load" / "server.log").read_text(encoding="utf-8")


@pytest.mark.parametrize("wrong", [["--clients", "0"], ["--clients", "a"], ["--duration", "0"], ["--duration", "inf"]])
def test_wrong_arguments_are_refused(wrong, capsys):
    with pytest.raises(SystemExit) as stop:
        main(wrong)
    assert stop.value.code == 2
    assert load.DURATION == 600
