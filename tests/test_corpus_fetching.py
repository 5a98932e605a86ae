"""Downloads from a server on loopback that resumes, stalls, lies, cuts, forbids and grows too large."""

import hashlib
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.catalogue import Download
from corpus.errors import FetchFailed
from corpus.fetched import RECORD, Fetched
from corpus.fetching import AGENT, Fetcher, Limits, fetch_all
from tests.publisher import PDF, publisher

__all__ = ["publisher"]

QUICK = Limits(size=100_000, timeout=0.5, total=5.0, pause=0.0)


@pytest.fixture
def download(publisher):
    return Download("rapport", publisher.address, "pdf")


@pytest.fixture
def fetcher(tmp_path):
    with Fetcher(tmp_path / "officiels", QUICK) as fetcher:
        yield fetcher


def failure(fetcher, download, **more):
    with pytest.raises(FetchFailed) as caught:
        fetcher.fetch(download, **more)
    return caught.value.reason


def left(tmp_path):
    return sorted(path.name for path in (tmp_path / "officiels").iterdir())


def test_a_document_comes_whole_and_is_recorded(publisher, download, fetcher, tmp_path):
    fetched = fetcher.fetch(download)
    assert fetched == replace(
        fetched,
        id="rapport",
        file="rapport.pdf",
        sha256=hashlib.sha256(PDF).hexdigest(),
        size=len(PDF),
        outcome="downloaded",
    )
    assert (tmp_path / "officiels" / "rapport.pdf").read_bytes() == PDF
    assert left(tmp_path) == [RECORD, "rapport.pdf"]
    assert publisher.asked[0][1]["User-Agent"] == AGENT


def test_what_is_there_is_not_asked_for_again(publisher, download, fetcher):
    first = fetcher.fetch(download)
    assert fetcher.fetch(download) == replace(first, outcome="present")
    assert len(publisher.asked) == 1
    assert fetcher.fetch(download, again=True).outcome == "downloaded"
    publisher.content = PDF + b"more"
    assert fetcher.fetch(download, again=True).outcome == "changed"
    assert len(publisher.asked) == 3


def test_a_cut_download_goes_on_where_it_stopped(publisher, download, fetcher, tmp_path):
    publisher.cut_after = 3000
    assert failure(fetcher, download) == "truncated"
    assert left(tmp_path) == ["rapport.part", "rapport.part.json"]
    publisher.cut_after = None
    assert fetcher.fetch(download).size == len(PDF)
    assert publisher.asked[-1][1]["Range"] == "bytes=3000-"
    assert (tmp_path / "officiels" / "rapport.pdf").read_bytes() == PDF


@pytest.mark.parametrize("etag", ['"v2"', 'W/"v1"', ""])
def test_a_part_of_another_version_is_not_resumed(publisher, download, fetcher, tmp_path, etag):
    if etag != '"v2"':
        publisher.etag = etag
    publisher.cut_after = 3000
    assert failure(fetcher, download) == "truncated"
    publisher.cut_after, publisher.content, publisher.etag = None, b"%PDF-2.0 other" + PDF, etag
    fetcher.fetch(download)
    assert (tmp_path / "officiels" / "rapport.pdf").read_bytes() == publisher.content


@pytest.mark.parametrize(
    ("reason", "change"),
    [
        ("status", {"status": 403}),
        ("status", {"status": 500}),
        ("type", {"content_type": "text/html"}),
        ("type", {"content": b"<html>please log in</html>"}),
        ("too_large", {"content": PDF + bytes(100_000)}),
        ("too_large", {"content": PDF + bytes(100_000), "lies_about_length": True}),
        ("robots", {"robots": "User-agent: *\nDisallow: /"}),
        ("timeout", {"stalls": True}),
        ("refused", {"redirect": "/rapport.pdf"}),
        ("refused", {"redirect": "ftp://example.org/rapport.pdf"}),
    ],
)
def test_what_is_not_expected_is_refused_and_named(publisher, download, fetcher, tmp_path, reason, change):
    fetcher.fetch(download)
    before = (tmp_path / "officiels" / RECORD).read_bytes()
    for name, value in change.items():
        setattr(publisher, name, value)
    with Fetcher(tmp_path / "officiels", QUICK) as another:
        assert failure(another, download, again=True) == reason
    assert (tmp_path / "officiels" / "rapport.pdf").read_bytes() == PDF
    assert (tmp_path / "officiels" / RECORD).read_bytes() == before


def test_robots_that_allow_are_heeded(publisher, download, fetcher):
    publisher.robots = "User-agent: *\nDisallow: /prive/"
    assert fetcher.fetch(download).outcome == "downloaded"
    assert failure(fetcher, Download("b", publisher.address.replace("/rap", "/prive/rap"), "pdf")) == "robots"


def test_a_known_digest_is_compared(publisher, download, fetcher, tmp_path):
    right = replace(download, sha256=hashlib.sha256(PDF).hexdigest())
    assert failure(fetcher, replace(download, sha256="0" * 64)) == "checksum"
    assert left(tmp_path) == []
    assert fetcher.fetch(right).outcome == "downloaded"


def test_an_html_page_may_begin_with_spaces(publisher, fetcher):
    publisher.content, publisher.content_type = b"\xef\xbb\xbf\n <!doctype html><p>Oui", "text/html; charset=utf-8"
    assert fetcher.fetch(Download("page", publisher.address, "html")).file == "page.html"


def test_offline_each_host_is_tried_once_and_what_is_there_counts(publisher, download, fetcher, tmp_path):
    fetcher.fetch(download)
    gone = "http://127.0.0.1:9"
    nowhere = [Download(name, f"{gone}/{name}.pdf", "pdf") for name in ("a", "b", "c")]
    found = list(fetch_all([*nowhere, download], fetcher))
    assert [getattr(item, "outcome", getattr(item, "reason", "")) for item in found] == [*["offline"] * 3, "present"]
    assert Counter(type(item) for item in found) == {FetchFailed: 3, Fetched: 1}


def test_a_record_that_cannot_be_read_is_named(download, fetcher, tmp_path: Path):
    fetcher.fetch(download)
    (tmp_path / "officiels" / RECORD).write_text("{half")
    assert failure(fetcher, download) == "record"
    (tmp_path / "officiels" / RECORD).write_text(json.dumps({}))
    assert fetcher.fetch(download).outcome == "downloaded"
