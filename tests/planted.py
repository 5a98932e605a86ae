"""Identifying data made up for a hostile run: planted wherever a request can hold words, then looked for everywhere."""

import http.client
import json
import re
import socket
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote


@dataclass(frozen=True)
class Planted:
    """One identity: a question that holds it, its own words, and what of them must be found nowhere."""

    kind: str
    question: str
    words: str
    secrets: tuple[str, ...]


# Nobody's: the numbers are those of documentation and of fiction, the names were put together for these tests.
IDENTITIES = (
    Planted(
        "title and name",
        "Mme Vaubricourt refuse que je parle à sa fille, dois-je garder le secret médical ?",
        "Mme Vaubricourt",
        ("vaubricourt",),
    ),
    Planted(
        "name without title or capitals",
        "patient corentin lesmarchais vu hier aux urgences, la gendarmerie présente une réquisition, je réponds quoi ?",
        "corentin lesmarchais",
        ("corentin", "lesmarchais"),
    ),
    Planted(
        "name of a relative",
        "Sa fille Ségolène Trévédic demande le dossier médical après le décès, en a-t-elle le droit ?",
        "Ségolène Trévédic",
        ("ségolène", "trévédic"),
    ),
    Planted(
        "social security number",
        "Numéro de sécu 2 78 03 35 238 145 21 : la mutuelle demande le compte rendu, secret médical ?",
        "278033523814521",
        ("278033523814521", "2780335238145"),
    ),
    Planted(
        "telephone",
        "Le patient joignable au 06 39 98 74 31 demande un certificat pour son divorce, puis-je l'établir ?",
        "06 39 98 74 31",
        ("0639987431", "639987431"),
    ),
    Planted(
        "e-mail",
        "Puis-je écrire à z.kerbrandic@exemple-cabinet.fr pour lui envoyer son dossier médical ?",
        "z.kerbrandic@exemple-cabinet.fr",
        ("kerbrandic",),
    ),
    Planted(
        "bank account",
        "Son assureur veut verser sur FR14 2004 1010 0505 0001 3M02 606, dois-je lui donner le dossier médical ?",
        "FR1420041010050500013M02606",
        ("fr1420041010050500013m02606", "20041010050500013"),
    ),
    Planted(
        "postal address",
        "La patiente habite 14 bis rue des Grimpereaux, 35510 Cesson-Sévigné : la police veut son adresse, la donner ?",
        "14 bis rue des Grimpereaux, 35510 Cesson-Sévigné",
        ("grimpereaux", "35510"),
    ),
    Planted(
        "date of birth",
        "Patiente née le 14/03/1978, l'école demande un certificat pour son fils, que puis-je écrire ?",
        "née le 14/03/1978",
        ("14/03/1978", "14 mars 1978", "1978-03-14"),
    ),
    Planted(
        "file number",
        "Dossier n° 4471-882-KB : la famille demande la copie du dossier médical, ai-je le droit de refuser ?",
        "dossier n° 4471-882-KB",
        ("4471-882-kb", "4471882"),
    ),
    Planted(
        "professional's number",
        "Mon confrère, RPPS 10003456786, a violé le secret médical, puis-je le signaler au conseil de l'Ordre ?",
        "10003456786",
        ("10003456786",),
    ),
    Planted(
        "user name",
        "Une patiente laisse un avis sous le pseudo @zaza_brocq35, y répondre est-il trahir le secret médical ?",
        "@zaza_brocq35",
        ("zaza_brocq35", "brocq"),
    ),
)
FOLLOW_UP = "Et si elle est mineure ?"
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Sent:
    """A request; ``raw`` bytes go as they are."""

    slot: str
    method: str = "GET"
    path: str = "/"
    body: Any = None
    headers: tuple[tuple[str, str], ...] = ()
    raw: bytes = b""


def requests(planted: Planted) -> Iterator[Sent]:
    """Yield requests that hold an identity in every place where one can hold words."""
    question, words, coded = planted.question, planted.words, quote(planted.words, safe="")
    yield Sent("question", "POST", "/v1/answers", {"question": question, "explain": True})
    yield Sent("turns", "POST", "/v1/answers", {"question": FOLLOW_UP, "turns": [words, question], "explain": True})
    yield Sent("stream", "POST", "/v1/answers/stream", {"question": question, "turns": [question]})
    said = [{"role": role, "content": question} for role in ("system", "developer", "user", "assistant")]
    said += [{"role": "tool", "content": words, "tool_call_id": words}, {"role": "user", "content": question}]
    chat = {"messages": said, "user": words, "model": words, "metadata": {"patient": words}, "stop": words}
    yield Sent("chat", "POST", "/v1/chat/completions", chat)
    yield Sent("chat stream", "POST", "/v1/chat/completions", {**chat, "stream": True})
    parts = [{"type": "text", "text": question}, {"type": "image_url", "image_url": {"url": words}}]
    yield Sent("chat parts", "POST", "/v1/chat/completions", {"messages": [{"role": "user", "content": parts}]})
    yield Sent("conversation", "POST", "/v1/answers", {"question": FOLLOW_UP, "conversation_id": words})
    filters = {"court": words, "article": words}
    yield Sent("filters", "POST", "/v1/answers", {"question": "secret médical", "filters": filters})
    yield Sent("bad filters", "POST", "/v1/answers", {"question": "?", "filters": {"kind": words, "from": words}})
    yield Sent("search", path=f"/v1/search?q={quote(question)}&court={coded}&article={coded}")
    yield Sent("bad search", path=f"/v1/search?q=secret&k={coded}&from={coded}&{coded}={coded}")
    yield Sent("precedents", path=f"/v1/precedents?theme={coded}&court={coded}")
    verdict = {"answer_id": words, "verdict": "incomplete", "reason": question, "comment": question}
    yield Sent("feedback", "POST", "/v1/feedback", verdict)
    yield Sent("bad feedback", "POST", "/v1/feedback", {**verdict, "verdict": words, "answer_id": words * 40})
    for family in ("/v1/documents", "/v1/passages", "/v1/precedents", "/v1/models", "/documents", "/static", "", "/v1"):
        yield Sent("path", path=f"{family}/{coded}")
    yield Sent("reader", path=f"/documents/{coded}?passage={coded}", headers=(("Accept", "text/html"),))
    for route in ("/", "/health/live", "/health/ready", "/v1/documents", "/openapi.json", "/v1/search/", "/metrics"):
        yield Sent("query", path=f"{route}?{coded}={coded}")
    ascii_words = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    names = "X-Request-ID User-Agent Referer Cookie Authorization X-API-Key Accept-Language X-Forwarded-For From Origin"
    for headers in [names.split(), [name for name in names.split() if name != "Origin"]]:
        sent = tuple((name, ascii_words) for name in headers)
        yield Sent("headers", "POST", "/v1/answers", {"question": "secret médical ?"}, sent)
    yield Sent("request id", headers=(("X-Request-ID", re.sub("[^A-Za-z0-9._-]", "-", ascii_words)),))
    yield Sent("preflight", "OPTIONS", "/v1/answers", headers=(("Origin", f"https://{coded}.example"),))
    yield Sent("method", re.sub("[^A-Za-z]", "", ascii_words).upper() or "X278", "/v1/answers")
    for slot, body in {
        "broken json": f'{{"question": "{question}"',
        "wrong type": json.dumps({"question": {"nom": words}, "turns": words, words: words}),
        "wrong list": json.dumps([question]),
        "half a pair": '{"question": "\\ud800 ' + words + '"}',
        "too long": json.dumps({"question": question * 60}),
        "too large": json.dumps({"question": question * 1_200}),
        "too many": json.dumps({"question": "?", "turns": [words] * 60}),
        "deep": '{"question": ' + "[" * 3_000 + json.dumps(words) + "]" * 3_000 + "}",
    }.items():
        yield Sent(slot, "POST", "/v1/answers", body, tuple(JSON.items()))
    yield Sent("plain text", "POST", "/v1/answers", question, (("Content-Type", f"text/plain; name={coded}"),))
    yield Sent("get with a body", "GET", "/v1/answers", {"question": question})
    host = b"POST /v1/answers HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    yield Sent("no http", raw=question.encode() + b"\r\n\r\n")
    yield Sent("no header", raw=host + words.encode() + b"\r\n\r\n")
    yield Sent("odd length", raw=host + b"Content-Length: " + words.encode() + b"\r\n\r\n")
    yield Sent(
        "other host", raw=b"GET / HTTP/1.1\r\nHost: " + coded.encode() + b".example\r\nConnection: close\r\n\r\n"
    )
    upgrade = b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: " + coded.encode() + b"\r\n\r\n"
    yield Sent("websocket", raw=b"GET /" + coded.encode() + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n" + upgrade)


def send(port: int, sent: Sent) -> tuple[int, str]:
    """Send a request and return the status and the whole response as text; 0 where there was none."""
    if sent.raw:
        with socket.create_connection(("127.0.0.1", port), timeout=20) as raw:
            raw.sendall(sent.raw)
            raw.shutdown(socket.SHUT_WR)
            text = b"".join(iter(lambda: raw.recv(65_536), b"")).decode(errors="replace")
        return int(text.split(" ")[1]) if text.startswith("HTTP/") else 0, text
    headers = dict(sent.headers)
    body = sent.body
    if body is not None and not isinstance(body, str):
        body, headers = json.dumps(body), {**JSON, **headers}
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request(sent.method, sent.path, body.encode() if body else None, headers)
        response = connection.getresponse()
        head = f"{response.status} {response.reason}\n{response.headers}"
        return response.status, f"{head}\n{response.read().decode(errors='replace')}"


def folded(text: str) -> str:
    """Return a text without accents, capitals or ways to write its letters otherwise (``%C3%A9``, ``\\u00e9``)."""
    plain = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), unquote(text))
    letters = unicodedata.normalize("NFKD", plain)
    return "".join(c for c in letters if not unicodedata.combining(c)).casefold()


def joined(text: str) -> str:
    """Return a text whose figures are brought together, as "06 12" and "06.12" are "0612"."""
    return re.sub(r"(?<=\d)[\s\u00a0\u202f._/\-–]{1,2}(?=\d)", "", text)


@dataclass(frozen=True)
class Place:
    """A place to look into: where it is, and its text as written."""

    name: str
    text: str
    forms: tuple[str, str]

    @classmethod
    def of(cls, name: str, text: str) -> "Place":
        return cls(name, text, (folded(text), joined(folded(text))))

    def holding(self, secret: str) -> str:
        """Return the words around a secret, "" where it is not there."""
        wanted = folded(secret)
        for form, sought in zip(self.forms, (wanted, joined(wanted)), strict=True):
            at = form.find(sought)
            if at >= 0:
                return f"{self.name}: …{form[max(0, at - 60) : at + len(sought) + 30]}…"
        return ""
