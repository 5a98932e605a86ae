"""A publisher's web site on loopback, which resumes, stalls, lies, cuts, forbids and grows too large as it is told."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40


class Publisher(ThreadingHTTPServer):
    """Answers as its attributes say; ``asked`` holds each path with its headers."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answers)
        self.content, self.content_type, self.etag, self.status = PDF, "application/pdf", '"v1"', 200
        self.cut_after = self.robots = None
        self.stall = threading.Event()
        self.stalls = self.lies_about_length = False
        self.redirect = ""
        self.asked = []

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_port}/rapport.pdf"


class Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        server = self.server
        if self.path == "/robots.txt":
            body = (server.robots or "").encode()
            self.send_response(200 if server.robots else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            return
        server.asked.append((self.path, dict(self.headers)))
        if server.redirect:
            self.send_response(302)
            self.send_header("Location", server.redirect)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        start = 0
        asked_for = self.headers.get("Range", "")
        if asked_for and self.headers.get("If-Range") == server.etag:
            start = int(asked_for.removeprefix("bytes=").rstrip("-"))
        body = server.content[start:]
        self.send_response(206 if start else server.status)
        self.send_header("Content-Type", server.content_type)
        if server.etag:
            self.send_header("ETag", server.etag)
        if not server.lies_about_length:
            self.send_header("Content-Length", str(len(body)))
        else:
            self.close_connection = True
        self.end_headers()
        if server.stalls:
            server.stall.wait(3)
        self.wfile.write(body[: server.cut_after])
        if server.cut_after is not None:
            self.close_connection = True

    def log_message(self, *_):
        pass


@pytest.fixture
def publisher():
    server = Publisher()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.stall.set()
    server.shutdown()
    server.server_close()
    thread.join()
