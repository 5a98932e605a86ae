"""Where answers come from: an index loaded here, or a running server; both give the contract's JSON."""

import dataclasses
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from assistant.answering import Assistant
from eval.errors import ServerUnreachable
from eval.questions import Question

TIMEOUT = 30.0
"""Seconds that a server may take for one answer."""


@dataclass(frozen=True, slots=True)
class Given:
    """An answer in the contract's form and the milliseconds from asking to having it; an error is an answer without."""

    answer: Mapping[str, Any]
    milliseconds: float


class AnswerSource(Protocol):
    """Anything that answers questions and can show the documents that it quotes."""

    def ask(self, question: Question) -> Given:
        """Answer one question. What goes wrong with it is an answer that holds ``error``."""

    def text(self, document_id: str) -> str | None:
        """Return the text that the citations of a document count in, None when there is no such document."""


class IndexSource:
    """Asks an assistant in this process, in the same way as ``deonto ask --batch``."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    def ask(self, question: Question) -> Given:
        """Answer one question."""
        start = time.perf_counter()
        try:
            answer = self._assistant.answer(question.question, turns=question.turns, answer_id=question.id)
        except Exception as error:  # one question must never end a run; nothing of its text is kept
            return Given({"error": {"code": type(error).__name__}}, _since(start))
        taken = _since(start)
        return Given(dataclasses.asdict(answer), taken)

    def text(self, document_id: str) -> str | None:
        """Return the cleaned text of a document."""
        return next((d.text for d in self._assistant.library.documents if d.id == document_id), None)


class ServerSource:
    """Asks a running server over HTTP.

    Parameters
    ----------
    url
        Where it listens, "http://127.0.0.1:8000".

    Raises
    ------
    ServerUnreachable
        Not an HTTP address, or nobody answers there.

    """

    def __init__(self, url: str) -> None:
        if urllib.parse.urlsplit(url).scheme not in {"http", "https"}:
            raise ServerUnreachable("not an HTTP address", url=url)
        self._url = url.rstrip("/")
        self._texts: dict[str, str | None] = {}
        self._fetch("/health/ready")

    def ask(self, question: Question) -> Given:
        """Answer one question; a status of the server's that is an error is an answer that holds it."""
        body = {"question": question.question, "turns": list(question.turns)}
        start = time.perf_counter()
        answer = self._fetch("/v1/answers", body)
        return Given(answer, _since(start))

    def text(self, document_id: str) -> str | None:
        """Return the text of a document."""
        if document_id not in self._texts:
            found = self._fetch(f"/v1/documents/{urllib.parse.quote(document_id, safe='')}").get("text")
            self._texts[document_id] = found if isinstance(found, str) else None
        return self._texts[document_id]

    def _fetch(self, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self._url + path, data, {"Content-Type": "application/json"})  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT) as response:  # noqa: S310 - the scheme was checked
                found = json.load(response)
        except urllib.error.HTTPError as error:
            return {"error": {"code": f"http_{error.code}"}}
        except (OSError, ValueError) as error:
            raise ServerUnreachable("the server does not answer in the contract's form", url=self._url) from error
        if not isinstance(found, dict):
            raise ServerUnreachable("the server does not answer in the contract's form", url=self._url)
        return found


def _since(start: float) -> float:
    return (time.perf_counter() - start) * 1000
