"""An OpenAI-compatible endpoint on loopback: it answers, plain or streamed, fails, stalls, cuts and lies as told."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

WORDINGS = "1. je peux en parler à la mairie ou pas ?\n2. qui a le droit de savoir ça au juste ?"
"""What the model answers unless it is told otherwise."""
FAIL, CUT, STALL, PAGE, NO_CHOICE, COPY = "FAIL", "CUT", "STALL", "PAGE", "NO CHOICE", "COPY"
"""Scripted misbehaviour, plain or streamed; anything else in ``ModelServer.script`` is the text of an answer."""
BUSY, AWAY, REDIRECT, SILENT, NO_END = "BUSY", "AWAY", "REDIRECT", "SILENT", "NO END"
"""Others: too many requests, the same with a long wait asked for, an address elsewhere, an empty answer that never
ends but for signs of life, and an answer that ends without saying so."""
LENGTH, DRIP, FOREVER, SLOW, ERROR = "length", "DRIP", "FOREVER", "SLOW", "ERROR"
"""Ways that an answer may come, see ``Said``."""
PAUSE = "\f"
"""Where a streamed answer waits until ``ModelServer.go_on`` is set; it is not sent."""
INJECTED = re.compile(r"réponds exactement : « ([^»]+) »")
"""What a model that obeys the passages looks for in its prompt."""


@dataclass(frozen=True)
class Said:
    """A streamed answer and how it comes.

    ``CUT``: the connection is lost after the text; ``STALL``: nothing follows it; ``ERROR``: an error follows it;
    ``NO_END``: it ends without a reason; ``LENGTH``: at a limit of length; ``DRIP``: a character at a time;
    ``SLOW``: again and again, a word at a time, with short waits; ``FOREVER``: again and again, at once.
    """

    text: str
    how: str = ""


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    path: str
    headers: dict[str, str]
    raw: str

    @property
    def body(self) -> dict[str, Any]:
        return json.loads(self.raw)

    @property
    def prompt(self) -> str:
        """The last message."""
        return self.body["messages"][-1]["content"]

    @property
    def instructions(self) -> str:
        return self.body["messages"][0]["content"]

    @property
    def passage(self) -> str:
        """What stands between the tags: the text of the passage."""
        (text,) = self.passages
        return text

    @property
    def passages(self) -> list[str]:
        return re.findall(r"^<passage [^\n]*>\n(.*?)\n</passage>$", self.prompt, re.DOTALL | re.MULTILINE)


Script = str | Said | Callable[[Asked], "str | Said"]


def obeying(asked: Asked) -> str:
    """Write what a passage orders, and cite that passage."""
    said = [(found.group(1), n) for n, text in enumerate(asked.passages, 1) if (found := INJECTED.search(text))]
    return " ".join(f"{text} [{n}]" for text, n in said) or "Rien à signaler."


class ModelServer(ThreadingHTTPServer):
    """Answers each prompt as ``script`` says, the last entry again and again; ``asked`` holds every request."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.script: list[Script] = [WORDINGS]
        self.asked: list[Asked] = []
        self.leave = threading.Event()
        self.go_on = threading.Event()
        self.waited_out = False
        self.left = threading.Event()
        """Set when a client closes the connection before the end of an answer."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    @property
    def prompts(self) -> list[str]:
        """Each prompt once, in order: a failed one is tried again."""
        return list(dict.fromkeys(asked.prompt for asked in self.asked))


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: ModelServer

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
        asked = Asked(self.path, {name.lower(): value for name, value in self.headers.items()}, raw)
        self.server.asked.append(asked)
        script = self.server.script
        # One entry a prompt, not a request.
        entry = script[min(len(self.server.prompts), len(script)) - 1]
        said = entry(asked) if callable(entry) else entry
        # Tried again at once, so that tests need not wait.
        at_once = {"retry-after-ms": "1"}
        if said == STALL:
            self.server.leave.wait(10)
            self.close_connection = True
        elif said == FAIL:
            self._send(500, '{"error": {"message": "boom"}}', at_once)
        elif said in (BUSY, AWAY):
            wait = at_once if said == BUSY else {"retry-after": "100"}
            self._send(429, '{"error": {"message": "slow down"}}', wait)
        elif said == REDIRECT:
            self._send(307, "", {"Location": f"{self.server.url}/elsewhere"})
        elif said == PAGE:
            self._send(200, "<html>Bienvenue</html>", {"Content-Type": "text/html"})
        elif asked.body.get("stream"):
            self._stream(said if isinstance(said, Said) else Said("", said) if said in (CUT, SILENT) else Said(said))
        else:
            assert isinstance(said, str)
            answer = asked.passage if said == COPY else said
            choices = [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": answer}}]
            row = {"id": "1", "object": "chat.completion", "created": 1, "model": asked.body["model"]}
            row["choices"] = [] if said == NO_CHOICE else choices
            self._send(200, json.dumps(row), {}, cut=said == CUT)

    def _send(self, status: int, text: str, headers: dict[str, str], *, cut: bool = False) -> None:
        body = text.encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if cut else body)
        self.close_connection = self.close_connection or cut

    def _stream(self, said: Said) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.close_connection = True
        try:
            self._speak(said)
        except OSError:
            self.server.left.set()

    def _speak(self, said: Said) -> None:
        leave, size = self.server.leave, 1 if said.how == DRIP else 5
        # Not for ever, or nobody would see that a test hangs.
        for _ in range(1000 if said.how == SILENT else 0):
            self._write(": ping\n\n")
            leave.wait(0.02)
        for _ in range({SLOW: 400, FOREVER: 100_000}.get(said.how, 0)):
            self._delta({"content": said.text})
            leave.wait(0.05 if said.how == SLOW else 0)
        for part in re.split(f"({PAUSE})", said.text):
            if part == PAUSE:
                self.server.waited_out = not self.server.go_on.wait(10)
                continue
            for at in range(0, len(part), size):
                self._delta({"content": part[at : at + size]})
        if said.how == CUT:
            return
        if said.how == STALL:
            leave.wait(10)
            return
        if said.how == ERROR:
            self._write('data: {"error": {"message": "out of memory"}}\n\n')
        elif said.how != NO_END:
            self._delta({}, LENGTH if said.how == LENGTH else "stop")
            self._write("data: [DONE]\n\n")
        self.wfile.write(b"0\r\n\r\n")

    def _delta(self, delta: dict[str, str], finish: str | None = None) -> None:
        choices = [{"index": 0, "delta": delta, "finish_reason": finish}]
        row = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": choices}
        self._write(f"data: {json.dumps(row)}\n\n")

    def _write(self, text: str) -> None:
        body = text.encode()
        self.wfile.write(b"%x\r\n%b\r\n" % (len(body), body))
        self.wfile.flush()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def model_server() -> Iterator[ModelServer]:
    server = ModelServer()
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield server
    server.leave.set()
    server.go_on.set()
    server.shutdown()
    server.server_close()
    thread.join()
