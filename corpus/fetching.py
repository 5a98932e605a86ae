"""Official documents from their publishers' addresses to a folder: one at a time, resumable, checked before it counts.

::

    FOLDER/<id>.pdf            a document that is whole and is what was expected
    FOLDER/<id>.part           what has come so far of one that was interrupted, with <id>.part.json: its ETag
    FOLDER/fetched.json        where each came from, when, its SHA-256
"""

import datetime
import hashlib
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

import httpx2 as httpx

from corpus.catalogue import Download
from corpus.errors import FetchFailed
from corpus.fetched import Fetched, add_to_record, read_record

AGENT = "Deonto-corpus-fetch/1 (documents for one reader; one request at a time)"
TYPES: Mapping[str, tuple[str, ...]] = {
    "pdf": ("application/pdf", "application/octet-stream", "application/x-pdf"),
    "html": ("text/html", "application/xhtml+xml"),
}
"""What a publisher may call each type of document."""
BEGINS: Mapping[str, tuple[bytes, ...]] = {"pdf": (b"%PDF-",), "html": (b"<",)}
"""First bytes of each type, spaces and byte order marks aside."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes of a document, seconds for each step of a request and for all of it, seconds between requests to a host."""

    size: int = 60_000_000
    timeout: float = 20.0
    total: float = 300.0
    pause: float = 2.0


class Fetcher:
    """Downloads documents into a folder.

    Parameters
    ----------
    folder
        Made when it is missing.

    """

    def __init__(self, folder: Path, limits: Limits = Limits()) -> None:
        self.folder = folder
        self._limits = limits
        self._last: dict[str, float] = {}
        self._robots: dict[str, RobotFileParser] = {}
        self._client = httpx.Client(timeout=limits.timeout, headers={"User-Agent": AGENT}, max_redirects=5)

    def __enter__(self) -> "Fetcher":
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def fetch(self, download: Download, *, again: bool = False) -> Fetched:
        """Return a document, from its publisher unless it is there already and not wanted ``again``.

        Raises
        ------
        FetchFailed
            What was there before is still there; a part that came is kept for the next time.

        """
        known = read_record(self.folder).get(download.id)
        file = self.folder / f"{download.id}.{download.type}"
        if known and file.is_file() and not again:
            return replace(known, outcome="present")
        self.folder.mkdir(parents=True, exist_ok=True)
        part = self.folder / f"{download.id}.part"
        try:
            self._download(download, part)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise FetchFailed(download.id, _reason(error), type(error).__name__) from error
        sha256 = self._checked(download, part)
        before = known.sha256 if known else ""
        outcome = "changed" if before and before != sha256 else "downloaded"
        part.replace(file)
        _state(part).unlink(missing_ok=True)
        today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
        fetched = Fetched(download.id, file.name, download.url, sha256, file.stat().st_size, today, outcome)
        add_to_record(self.folder, fetched)
        return fetched

    def _download(self, download: Download, part: Path) -> None:
        """Bring the rest of a document into ``part``; all of it when the publisher has another version by now."""
        self._ask_leave(download)
        etag = _etag(part)
        have = part.stat().st_size if etag else 0
        headers = {"Range": f"bytes={have}-", "If-Range": etag} if have else {}
        deadline = time.monotonic() + self._limits.total
        with self._response(download, headers) as response:
            if response.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                part.unlink()
                raise FetchFailed(download.id, "truncated", str(have))
            resumed = response.status_code == HTTPStatus.PARTIAL_CONTENT
            if response.status_code not in (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT):
                raise FetchFailed(download.id, "status", str(response.status_code))
            declared = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
            if declared not in TYPES[download.type]:
                raise FetchFailed(download.id, "type", declared[:60])
            expected = int(response.headers.get("Content-Length", 0)) + (have if resumed else 0)
            if expected > self._limits.size:
                raise FetchFailed(download.id, "too_large", str(expected))
            _state(part).write_text(json.dumps({"etag": response.headers.get("ETag", "")}), encoding="utf-8")
            size = have if resumed else 0
            with part.open("ab" if resumed else "wb") as out:
                for piece in response.iter_raw():
                    size += len(piece)
                    if size > self._limits.size:
                        raise FetchFailed(download.id, "too_large", str(size))
                    if time.monotonic() > deadline:
                        raise FetchFailed(download.id, "timeout", f"{self._limits.total:.0f} s")
                    out.write(piece)

    @contextmanager
    def _response(self, download: Download, headers: Mapping[str, str]) -> Iterator[httpx.Response]:
        """Open a request after a pause; a redirection may not leave an encrypted connection for a plain one."""
        self._wait(download.url)
        # Asked for as it is: what the server compresses cannot be resumed by its offset.
        asked = {**headers, "Accept-Encoding": "identity"}
        with self._client.stream("GET", download.url, headers=asked, follow_redirects=True) as response:
            if download.url.startswith("https://") and response.url.scheme != "https":
                raise FetchFailed(download.id, "refused", "redirect to http")
            yield response

    def _wait(self, url: str) -> None:
        host = urlsplit(url).netloc
        time.sleep(max(0.0, self._last.get(host, -self._limits.pause) + self._limits.pause - time.monotonic()))
        self._last[host] = time.monotonic()

    def _ask_leave(self, download: Download) -> None:
        """Raise ``FetchFailed`` when the publisher's robots.txt forbids the address."""
        parts = urlsplit(download.url)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self._robots:
            self._wait(download.url)
            answer = self._client.get(f"{site}/robots.txt", follow_redirects=True)
            rules = RobotFileParser()
            rules.parse(answer.text.splitlines() if answer.status_code == HTTPStatus.OK else [])
            self._robots[site] = rules
        if not self._robots[site].can_fetch(AGENT, download.url):
            raise FetchFailed(download.id, "robots", parts.netloc)

    def _checked(self, download: Download, part: Path) -> str:
        """Return the digest of what came; remove it and raise ``FetchFailed`` when it is not what was expected."""
        content = part.read_bytes()
        sha256 = hashlib.sha256(content).hexdigest()
        reason = ""
        if not content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(BEGINS[download.type]):
            reason = "type"
        elif download.sha256 and sha256 != download.sha256:
            reason = "checksum"
        if reason:
            part.unlink()
            _state(part).unlink(missing_ok=True)
            raise FetchFailed(download.id, reason, sha256[:16])
        return sha256


def fetch_all(
    downloads: Sequence[Download], fetcher: Fetcher, *, again: bool = False
) -> Iterator[Fetched | FetchFailed]:
    """Yield each document that is there, or why it is not; a host that cannot be reached is tried once.

    Raises
    ------
    FetchFailed
        The record of earlier downloads cannot be read.

    """
    unreachable: set[str] = set()
    present = read_record(fetcher.folder)
    for download in downloads:
        host = urlsplit(download.url).netloc
        if host in unreachable and download.id not in present:
            yield FetchFailed(download.id, "offline", host)
            continue
        try:
            yield fetcher.fetch(download, again=again)
        except FetchFailed as error:
            if error.reason == "offline":
                unreachable.add(host)
            yield error


def _reason(error: Exception) -> str:
    """Return the reason of ``FetchFailed`` for an error of the HTTP library."""
    if isinstance(error, httpx.TimeoutException):
        return "timeout"
    if isinstance(error, httpx.ConnectError):
        return "offline"
    cut = isinstance(error, httpx.TransportError) and not isinstance(error, httpx.UnsupportedProtocol)
    return "truncated" if cut else "refused"


def _state(part: Path) -> Path:
    return part.with_name(f"{part.name}.json")


def _etag(part: Path) -> str:
    """Return the version that a part belongs to; "" when nothing can be resumed."""
    try:
        tag = str(json.loads(_state(part).read_text(encoding="utf-8"))["etag"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    # A weak tag (W/…) does not promise the same bytes.
    return tag if part.is_file() and tag and not tag.startswith("W/") else ""
