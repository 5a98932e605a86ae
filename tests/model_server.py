"""An OpenAI-compatible endpoint on loopback, which answers, fails, cuts, stalls and copies as it is told."""

import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

WORDINGS = "1. je peux en parler à la mairie ou pas ?\n2. qui a le droit de savoir ça au juste ?"
"""What the model answers unless it is told otherwise."""
FAIL, CUT, STALL, PAGE, NO_CHOICE, COPY = "FAIL", "CUT", "STALL", "PAGE", "NO CHOICE", "COPY"
"""Scripted misbehaviour; anything else in ``ModelServer.script`` is the text of an answer."""


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
        return self.body["messages"][0]["content"]

    @property
    def passage(self) -> str:
        """What stands between the tags: the text of the passage."""
        (text,) = re.findall(r"^<passage [^\n]*>\n(.*)\n</passage>$", self.prompt, re.DOTALL | re.MULTILINE)
        return text


class ModelServer(ThreadingHTTPServer):
    """Answers each prompt as ``script`` says, the last entry again and again; ``asked`` holds every request."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.script: list[str] = [WORDINGS]
        self.asked: list[Asked] = []
        self.leave = threading.Event()

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
        said = script[min(len(self.server.prompts), len(script)) - 1]
        if said == STALL:
            self.server.leave.wait(10)
            self.close_connection = True
        elif said == FAIL:
            # Tried again at once, so that tests need not wait.
            self._send(500, '{"error": {"message": "boom"}}', {"retry-after-ms": "1"})
        elif said == PAGE:
            self._send(200, "<html>Bienvenue</html>", {"Content-Type": "text/html"})
        else:
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

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def model_server() -> Iterator[ModelServer]:
    server = ModelServer()
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield server
    server.leave.set()
    server.shutdown()
    server.server_close()
    thread.join()
