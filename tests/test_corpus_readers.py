"""What holds for a file of any format: limits, refusals, and the contract of a reading."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.errors import UnreadableSource
from corpus.models import Reading
from corpus.readers import SUFFIXES, read
from tests.files import Load, form, loader, pdf_of, raw_pdf, shown, whole_pdf

REASONS = {"empty", "encrypted", "damaged", "no_text", "not_text", "unreadable", "too_large"}


@pytest.fixture
def load(tmp_path: Path) -> Load:
    return loader(tmp_path)


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
@pytest.mark.parametrize("content", [b"", b" \r\n\t \n"], ids=["nothing", "blanks"])
def test_empty_file(load: Load, suffix: str, content: bytes) -> None:
    with pytest.raises(UnreadableSource, match="empty"):
        load("a" + suffix, content)


@pytest.mark.parametrize("content", ["\ufeff \n", "\ufeff"], ids=["mark and blank", "mark"])
def test_byte_order_mark_alone_is_empty(load: Load, content: str) -> None:
    for encoding in ("utf-8", "utf-16-le"):
        with pytest.raises(UnreadableSource, match="empty"):
            load("a.txt", content.encode(encoding))


def test_size_limit_is_inclusive(load: Load) -> None:
    assert load("a.txt", "12345", max_bytes=5).pages[0].text == "12345"
    with pytest.raises(UnreadableSource, match="too_large"):
        load("a.txt", "123456", max_bytes=5)


def test_what_is_no_readable_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "folder.txt").mkdir()
    os.mkfifo(tmp_path / "pipe.txt")
    for name in ("folder.txt", "pipe.txt", "vanished.txt", "nul\0.txt"):
        with pytest.raises(UnreadableSource, match="unreadable") as caught:
            read(tmp_path / name)
        assert caught.value.values["source"] == name

    (tmp_path / "forbidden.txt").write_text("x")
    monkeypatch.setattr(Path, "open", lambda *_: (_ for _ in ()).throw(PermissionError("no")))
    with pytest.raises(UnreadableSource, match="unreadable"):
        read(tmp_path / "forbidden.txt")


def test_unknown_suffix_is_not_read(load: Load) -> None:
    with pytest.raises(UnreadableSource, match="not_text"):
        load("a.docx", "Texte")


def test_suffix_may_be_in_capitals(load: Load) -> None:
    assert load("A.PDF", pdf_of("Texte")).medium == "pdf"


def test_suffixes() -> None:
    assert {".pdf", ".html", ".htm", ".xhtml", ".md", ".markdown", ".txt", ".text"} == SUFFIXES


def check(reading: Reading) -> None:
    assert [page.index for page in reading.pages] == list(range(len(reading.pages)))
    assert any(page.text.strip() for page in reading.pages)
    assert list(reading.warnings) == sorted(set(reading.warnings))
    for page in reading.pages:
        assert page.label
        assert not set(page.text) & set("\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")
    for text in (reading.title, reading.author, reading.date, reading.front_matter, *(p.text for p in reading.pages)):
        text.encode("utf-8")
    for entry in reading.outline:
        assert entry.depth >= 1
        assert 0 <= entry.page < len(reading.pages)


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
def test_every_reader_keeps_the_contract(load: Load, suffix: str) -> None:
    text = "# Titre\r\n\r\nUn\rDeux\u2028Trois\x85Quatre\x0bCinq\x0cSix\r\n"
    reading = load("a" + suffix, pdf_of("Un", "Deux") if suffix == ".pdf" else text)
    check(reading)


def survives(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    reason = ""
    try:
        check(read(path))
    except UnreadableSource as error:
        reason = error.reason
    assert reason in REASONS | {""}


many = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@many
@given(suffix=st.sampled_from(sorted(SUFFIXES)), content=st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(tmp_path: Path, suffix: str, content: bytes) -> None:
    survives(tmp_path / f"a{suffix}", content)


@many
@given(
    suffix=st.sampled_from(sorted(SUFFIXES)),
    words=st.lists(
        st.sampled_from(
            ["<p>", "<li>", "</table>", "<tr>", "<td>", "<main>", "</p>", "+++\n", "---\n", "\f", "# ", "é"]
        )
        | st.text(max_size=8),
        max_size=30,
    ),
)
def test_any_text_is_read_or_refused(tmp_path: Path, suffix: str, words: list[str]) -> None:
    survives(tmp_path / f"a{suffix}", "".join(words).encode("utf-8", "surrogatepass"))


@many
@given(
    changes=st.lists(st.tuples(st.integers(0, 10_000), st.binary(max_size=6)), min_size=1, max_size=8),
    base=st.integers(0, 1),
    end=st.integers(1, 10_000),
)
def test_any_mutated_pdf_is_read_or_refused(
    tmp_path: Path, changes: list[tuple[int, bytes]], base: int, end: int
) -> None:
    original = (
        whole_pdf(),
        raw_pdf(shown("Un") + shown("Deux", "1 g /X Do"), b"/XObject<</X 10 0 R>>", (form(b"q"),)),
    )[base]
    content = bytearray(original)
    for position, replacement in changes:
        position %= len(content)
        content[position : position + len(replacement)] = replacement
    survives(tmp_path / "a.pdf", bytes(content[: end if end > 100 else None]))


@pytest.mark.parametrize("suffix", sorted(SUFFIXES - {".pdf"}))
@pytest.mark.parametrize(
    "content",
    [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0", b"PK\x03\x04\x14\0\0\0", b"\x01\x02\x03\x04 abc", b"%PDF-1.4\n1 0 obj"],
    ids=["image", "archive", "controls", "pdf"],
)
def test_binary_content_is_not_text(load: Load, suffix: str, content: bytes) -> None:
    with pytest.raises(UnreadableSource, match="not_text"):
        load("a" + suffix, content)
