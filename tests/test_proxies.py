"""The proxies of ``docs/security.md``, as written there but for ports, names and certificate, in front of a server."""

import contextlib
import http.client
import json
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.keys import new_key, write_keys
from tests.faults import CANARY, QUESTION, Served, Stream, build_small, eventually, free_port, serving

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes and signals of Linux")

PAGE = Path(__file__).parents[1] / "docs" / "security.md"
HOST = "deonto.example"


@dataclass(frozen=True)
class Proxied:
    """A server behind a proxy that speaks TLS."""

    served: Served
    key: str
    port: int
    plain: int
    folder: Path

    def connection(self) -> http.client.HTTPSConnection:
        trusted = ssl.create_default_context(cafile=str(self.folder / "cert.pem"))
        connection = http.client.HTTPSConnection(HOST, self.port, timeout=15, context=trusted)
        raw = socket.create_connection(("127.0.0.1", self.port), timeout=15)
        connection.sock = trusted.wrap_socket(raw, server_hostname=HOST)
        return connection

    def ask(self, path: str, body: object = None, **headers: str) -> tuple[http.client.HTTPResponse, str]:
        with contextlib.closing(self.connection()) as connection:
            sent = None if body is None else json.dumps(body)
            given = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json", **headers}
            connection.request("POST" if sent else "GET", path, sent, given)
            response = connection.getresponse()
            return response, response.read().decode()

    def written(self) -> str:
        """Return all that the proxy has written."""
        return "".join(
            path.read_text(errors="replace")
            for path in self.folder.rglob("*")
            if path.suffix != ".pem" and path.is_file()
        )


def block(language: str) -> str:
    """Return a configuration of the page."""
    (found,) = re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return str(found)


def nginx(folder: Path, port: int, plain: int, behind: int) -> list[str]:
    """Write nginx's files; return its command."""
    text = block("nginx")
    for written, own in (
        ("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;"),
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        (f"/etc/letsencrypt/live/{HOST}/fullchain.pem", str(folder / "cert.pem")),
        (f"/etc/letsencrypt/live/{HOST}/privkey.pem", str(folder / "key.pem")),
        ("/var/log/nginx/deonto.log", str(folder / "deonto.log")),
        ("127.0.0.1:8000", f"127.0.0.1:{behind}"),
    ):
        assert written in text, written
        text = text.replace(written, own)
    places = "".join(
        f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off;\nmaster_process off;\npid {folder}/nginx.pid;\nerror_log {folder}/start.log;\n"
        f"events {{}}\nhttp {{\n{places}{text}}}\n"
    )
    return ["nginx", "-p", str(folder), "-e", str(folder / "start.log"), "-c", str(folder / "nginx.conf")]


def caddy(folder: Path, port: int, plain: int, behind: int) -> list[str]:
    """Write Caddy's file; return its command. Nothing is fetched: the certificate is ours."""
    text = block("caddyfile")
    assert f"{HOST} {{" in text
    text = text.replace(f"{HOST} {{", f"{HOST} {{\n    tls {folder}/cert.pem {folder}/key.pem")
    assert "127.0.0.1:8000" in text
    text = text.replace("127.0.0.1:8000", f"127.0.0.1:{behind}")
    (folder / "Caddyfile").write_text(
        f"{{\n    admin off\n    http_port {plain}\n    https_port {port}\n    storage file_system {folder}/own\n}}\n"
        f"{text}"
    )
    return ["caddy", "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]


@pytest.fixture(scope="module", params=[nginx, caddy], ids=["nginx", "caddy"])
def proxied(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxied]:
    """A server with one key, behind each proxy."""
    name = request.param.__name__
    if not (shutil.which(name) and shutil.which("openssl")):
        pytest.skip(f"{name} or openssl is not installed")
    folder = tmp_path_factory.mktemp(name)
    build_small(folder / "index", folder / "documents")
    secret, key = new_key("essai")
    write_keys(folder / "keys.json", [key])
    of_proxy = folder / "proxy"
    of_proxy.mkdir()
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={HOST}"),
            *("-addext", f"subjectAltName=DNS:{HOST}"),
            *("-keyout", str(of_proxy / "key.pem"), "-out", str(of_proxy / "cert.pem")),
        ],
        check=True,
        capture_output=True,
    )
    with serving(folder / "index", DEONTO_KEYS=folder / "keys.json", DEONTO_PROXIES="127.0.0.1") as served:
        port, plain = free_port(), free_port()
        command = request.param(of_proxy, port, plain, served.port)
        with (of_proxy / "said.log").open("w") as said, subprocess.Popen(command, stdout=said, stderr=said) as process:
            found = Proxied(served, secret, port, plain, of_proxy)
            try:
                eventually(lambda: process.poll() is not None or _listens(port), 15)
                assert process.poll() is None, found.written()
                yield found
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait(15)


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def test_questions_are_answered_by_tls_with_a_key_alone(proxied: Proxied) -> None:
    response, body = proxied.ask("/v1/answers", {"question": QUESTION})
    assert response.status == 200
    assert json.loads(body)["outcome"] == "answered"
    assert response.getheader("Strict-Transport-Security")
    assert response.getheader("Content-Security-Policy", "").startswith("default-src 'none'")
    assert proxied.ask("/v1/answers", {"question": QUESTION}, Authorization="Bearer none")[0].status == 401


def test_an_answer_comes_as_a_stream(proxied: Proxied) -> None:
    with contextlib.closing(proxied.connection()) as connection:
        connection.request(
            "POST",
            "/v1/answers/stream",
            json.dumps({"question": QUESTION}),
            {"Authorization": f"Bearer {proxied.key}", "Content-Type": "application/json"},
        )
        stream = Stream(connection.getresponse(), connection)
        assert stream.until("done")["outcome"] == "answered"


def test_figures_and_admin_routes_stay_inside(proxied: Proxied) -> None:
    for path in ("/metrics", "/v1/admin/feedback", "/v1/admin/"):
        assert proxied.ask(path)[0].status in {403, 404}, path
    assert proxied.ask("/health/ready")[0].status == 200


def test_who_comes_without_tls_is_sent_to_it(proxied: Proxied) -> None:
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", proxied.plain, timeout=15)) as connection:
        connection.request("GET", "/", headers={"Host": HOST})
        response = connection.getresponse()
        assert response.status in {301, 308}
        assert response.getheader("Location", "").startswith(f"https://{HOST}")


def test_a_body_too_large_is_refused(proxied: Proxied) -> None:
    assert proxied.ask("/v1/answers", {"question": "a" * 1_200_000})[0].status == 413


def test_what_is_searched_stands_in_no_file_of_the_proxy(proxied: Proxied) -> None:
    response, _ = proxied.ask(f"/v1/search?q={CANARY}")
    assert response.status == 200
    proxied.ask("/v1/answers", {"question": f"{QUESTION} {CANARY}"})
    assert CANARY not in proxied.written()
