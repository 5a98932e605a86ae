"""A folder of hostile files: each is read or skipped with its reason, within its limits, and none stops a build."""

import os
import zlib
from pathlib import Path

import pytest

from corpus import Corpus, UnreadableSource, load
from corpus.isolation import Isolation, Limits
from corpus.loading import Skipped, find_files
from tests.files import pdf_of, raw_pdf, shown

PROSE = "Le praticien {} relit la demande reçue, vérifie qui la signe, puis répond par écrit dans un délai raisonnable."
SHORT = Limits(seconds=2, seconds_per_megabyte=0.2)


def prose_pdf(words: str) -> bytes:
    return pdf_of(lambda pdf: pdf.multi_cell(w=0, text=PROSE.format(words)))


def packed(content: bytes) -> bytes:
    data = zlib.compress(content, 9)
    return b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(data), data)


def bomb(content: bytes) -> bytes:
    """A page whose content stream is far longer than its file."""
    return raw_pdf(b"", b"", (packed(content),)).replace(b"/Contents 4 0 R", b"/Contents 10 0 R")


def reasons(corpus: Corpus) -> dict[str, str]:
    return {skipped.source: skipped.reason for skipped in corpus.skipped}


def test_what_would_take_hours_is_given_up_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(prose_pdf("premier"))
    (tmp_path / "b.pdf").write_bytes(
        bomb(b"0 0 1 1 re f " * 4_000 + b"1 g BT /F 12 Tf " + b"(abc) Tj " * 400_000 + b"ET")
    )
    (tmp_path / "c.html").write_bytes(b"<p " + b"".join(b"a%d=1 " % n for n in range(300_000)) + b">texte")
    (tmp_path / "d.pdf").write_bytes(prose_pdf("dernier"))
    (tmp_path / "e.html").write_text(f"<p>{PROSE.format('second')}</p>", encoding="utf-8")
    corpus = load([tmp_path], sheets=False, limits=SHORT)
    assert [document.id for document in corpus.documents] == ["a", "d", "e"]
    assert reasons(corpus) == {"b.pdf": "too_slow", "c.html": "too_slow"}


def test_what_would_take_all_memory_is_given_up_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(bomb(b"BT /F 12 Tf (" + b"a" * 60_000_000 + b") Tj ET"))
    (tmp_path / "b.txt").write_bytes(b"mot " * 12_000_000)
    (tmp_path / "c.pdf").write_bytes(prose_pdf("dernier"))
    corpus = load([tmp_path], sheets=False, limits=Limits(seconds=60, memory=400 * 1024**2))
    assert [document.id for document in corpus.documents] == ["c"]
    assert reasons(corpus) == {"a.pdf": "too_large", "b.txt": "too_large"}


def test_no_process_is_left_behind(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(prose_pdf("seul"))
    with Isolation() as isolation:
        assert isolation.load(tmp_path / "a.pdf", "a.pdf").document.id == "a"
        child = isolation._child
        assert child is not None
        assert child.poll() is None
    assert child.returncode is not None


def test_a_reader_that_is_killed_costs_one_file(tmp_path: Path) -> None:
    for name in ("a.pdf", "b.pdf", "c.pdf"):
        (tmp_path / name).write_bytes(prose_pdf(name))
    with Isolation() as isolation:
        isolation.load(tmp_path / "a.pdf", "a.pdf")
        assert isolation._child is not None
        isolation._child.kill()
        with pytest.raises(UnreadableSource, match="too_large"):  # as when the system has no memory left
            isolation.load(tmp_path / "b.pdf", "b.pdf")
        assert isolation.load(tmp_path / "c.pdf", "c.pdf").document.id == "c"


def test_short_texts_start_no_process(tmp_path: Path) -> None:
    for name in ("a.txt", "b.md", "absent.txt"):
        if name != "absent.txt":
            (tmp_path / name).write_text(PROSE.format(name), encoding="utf-8")
    with Isolation() as isolation:
        assert isolation.load(tmp_path / "a.txt", "a.txt").document.source == "a.txt"
        isolation.load(tmp_path / "b.md", "b.md")
        with pytest.raises(UnreadableSource, match="unreadable"):
            isolation.load(tmp_path / "absent.txt", "absent.txt")
        assert isolation._child is None


def test_a_document_is_the_same_whoever_reads_it(tmp_path: Path) -> None:
    text = "\n\n".join(PROSE.format(n) for n in range(2_500))
    (tmp_path / "court.txt").write_text(text[:200_000], encoding="utf-8")
    (tmp_path / "long.txt").write_text(text, encoding="utf-8")
    with Isolation() as isolation:
        long = isolation.load(tmp_path / "long.txt", "long.txt")
        assert isolation._child is not None
        short = isolation.load(tmp_path / "court.txt", "court.txt")
    assert long.document.text.startswith(short.document.text[:150_000])
    for passage in long.passages:
        assert passage.text == long.document.text[passage.start : passage.end]
    assert len(long.origin) == len(long.document.text)


def test_a_failure_of_any_kind_is_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text(PROSE.format("un"), encoding="utf-8")
    (tmp_path / "b.txt").write_text(PROSE.format("deux"), encoding="utf-8")

    def fail(reading: object, metadata: object, source: str) -> None:
        raise RecursionError if source == "a.txt" else MemoryError

    monkeypatch.setattr("corpus.loading.load_reading", fail)
    assert reasons(load([tmp_path], sheets=False)) == {"a.txt": "damaged", "b.txt": "too_large"}


def test_links_pipes_and_devices_are_refused_without_waiting(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(PROSE.format("vrai"), encoding="utf-8")
    (tmp_path / "lien.txt").symlink_to("a.txt")
    (tmp_path / "boucle").symlink_to(".")
    (tmp_path / "cercle.md").symlink_to("cercle.md")
    (tmp_path / "perdu.html").symlink_to("nulle-part.html")
    (tmp_path / "zero.pdf").symlink_to("/dev/zero")
    (tmp_path / "dossier.txt").mkdir()
    os.mkfifo(tmp_path / "tube.txt")
    corpus = load([tmp_path], sheets=False)
    assert [document.id for document in corpus.documents] == ["a"]
    assert reasons(corpus) == dict.fromkeys(("cercle.md", "perdu.html", "tube.txt", "zero.pdf"), "unreadable")


@pytest.mark.parametrize("name", [b"nom\n\x1b[31m.txt", b"nom\xff\xfe.txt", "\u202egpj.txt".encode(), b"a\x7fb.txt"])
def test_names_that_no_line_can_show(tmp_path: Path, name: bytes) -> None:
    (tmp_path / "sous").mkdir()
    try:
        with open(os.fsencode(tmp_path) + b"/sous/" + name, "w", encoding="utf-8") as file:  # noqa: PTH123
            file.write(PROSE.format("un"))
    except OSError:
        pytest.skip("this file system refuses such a name")
    corpus = load([tmp_path], sheets=False)
    (document,) = corpus.documents
    assert document.source.isprintable()
    for text in (document.source, document.id, document.metadata.title, *(p.id + p.label for p in corpus.passages)):
        text.encode("utf-8")
    assert [shown for _, shown in find_files([tmp_path])] == [document.source]


def test_a_name_too_long_for_the_system_is_refused(tmp_path: Path) -> None:
    with Isolation() as isolation, pytest.raises(UnreadableSource, match="unreadable"):
        isolation.load(tmp_path / ("a" * 5_000 + ".txt"), "a.txt")


def tree(depth: int, kids: bytes = b"%d 0 R") -> bytes:
    """A page tree that many levels deep; with two equal kids a level, two to the power of that many pages."""
    objects = {1: b"<</Type/Catalog/Pages 2 0 R>>"}
    for number in range(2, depth):
        held = kids % ((number + 1,) * kids.count(b"%d"))
        objects[number] = b"<</Type/Pages/Kids[%s]/Count 1>>" % held
    objects[depth] = b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 600 800]>>" % (depth - 1)
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % item for item in objects.items())
    return b"%PDF-1.7\n" + body + b"trailer<</Root 1 0 R>>\n%%EOF"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(lambda: bomb(b" " * 80_000_000), id="long stream"),
        pytest.param(
            lambda: raw_pdf(
                b"",
                b"",
                (packed(zlib.compress(b" " * 400_000_000, 9)).replace(b"/FlateDecode", b"[/FlateDecode/FlateDecode]"),),
            ).replace(b"/Contents 4 0 R", b"/Contents 10 0 R"),
            id="packed twice",
        ),
        pytest.param(lambda: bomb(b"[" * 1_000_000), id="deep array"),
        pytest.param(lambda: tree(20_000), id="deep page tree"),
        pytest.param(lambda: tree(40, b"%d 0 R %d 0 R"), id="a million million pages"),
        pytest.param(lambda: raw_pdf(shown("Texte")).replace(b"/Kids[3 0 R]", b"/Kids[2 0 R]"), id="its own parent"),
        pytest.param(lambda: raw_pdf(shown("Texte")).replace(b"/Count 1", b"/Count 999999999"), id="huge count"),
        pytest.param(lambda: raw_pdf(b"").replace(b"/Length 0", b"/Length 4 0 R"), id="its own length"),
        pytest.param(lambda: b"PK\x03\x04" + bytes(2_000), id="archive"),
        pytest.param(lambda: b"%PDF-1.7" + bytes(5_000_000), id="nothing but nulls"),
        pytest.param(lambda: b"%PDF-1.7\nxref\n0 1\ntrailer<</Root 1 0 R/Prev 9>>\nstartxref\n9\n%%EOF", id="circle"),
    ],
)
def test_pdf_bombs_are_refused(tmp_path: Path, content) -> None:
    (tmp_path / "a.pdf").write_bytes(content())
    corpus = load([tmp_path], sheets=False, limits=Limits(seconds=30, memory=1024**3))
    assert corpus.documents == ()
    (skipped,) = corpus.skipped
    assert skipped.reason in {"too_large", "too_slow", "damaged", "no_text", "no_passage"}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", b"mot " * 60_000),
        ("a.txt", b"a" * 250_000),
        ("a.txt", b"." * 250_000),
        ("a.txt", b"voir p. A " * 25_000),
        ("a.txt", b"a\f" * 120_000),
        ("a.txt", b"a" + b" " * 250_000 + b"b"),
        ("a.txt", b"Article 4" + b" " * 250_000 + b"x"),
        ("a.txt", b"abc- def " * 27_000),
        ("a.txt", b"abc def\n\n" * 27_000),
        ("a.txt", ("a\u200b" * 60_000).encode()),
        ("a.txt", ("e" + "\u0301" * 120_000).encode()),
        ("a.txt", b"\xff\xfe" + b"\x00\xd8" * 100_000),
        ("a.txt", bytes(range(128, 256)) * 1_900),
        ("a.txt", b"texte\0" * 40_000),
        ("a.md", b"# a" + b" " * 250_000 + b"b"),
        ("a.md", b"**ab**" + b" " * 250_000 + b"x"),
        ("a.md", b"**a " * 60_000),
        ("a.md", b"__a " * 60_000),
        ("a.md", b"![a](" * 50_000),
        ("a.md", b"[a](" + b"\\a" * 120_000),
        ("a.md", b"<!-- " * 50_000),
        ("a.md", b"<b " * 80_000),
        ("a.md", b"<p hidden>" * 25_000),
        ("a.md", b"<a '\"" * 50_000),
        ("a.md", b"|--" * 80_000 + b"x"),
        ("a.md", b"```\n" * 60_000),
        ("a.html", b"<div>" * 20_000 + b"mot " * 9),
        ("a.html", b"<table><tr><td>" * 3_000 + b"mot " * 9),
        ("a.html", b"<article>mot " * 20_000),
        ("a.html", b"<style>" + b"a{color:#fff}" * 20_000 + b"</style><p>mot"),
        ("a.html", b"<style>" + b"@media x{" * 20_000 + b"</style><p>mot"),
        ("a.html", b"<p>" + b"&CounterClockwiseContourIntegral;" * 10_000),
        ("a.html", b"<" * 250_000),
        ("a.xhtml", b"<?xml?><p>mot</p>" + b"<div " * 50_000),
    ],
    ids=lambda value: value if isinstance(value, str) else value[:12].decode("latin-1").strip().replace("\0", "0"),
)
def test_long_repetitions_take_time_in_proportion(tmp_path: Path, name: str, content: bytes) -> None:
    """A quarter of a megabyte each; what takes the square of its length would take minutes, and be ended by SIGALRM."""
    (tmp_path / "gros").mkdir()
    (tmp_path / "gros" / name).write_bytes(content)
    big = tmp_path / "gros" / name
    with big.open("ab") as file:  # long enough to be read in the child, which can be ended
        file.write(b"\n" * (300_000 - len(content)))
    corpus = load([tmp_path], sheets=False, limits=Limits(seconds=30))
    assert all(skipped.reason not in {"too_slow", "too_large"} for skipped in corpus.skipped)
    assert len(corpus.documents) + len(corpus.skipped) == 1


def test_a_text_of_one_very_long_line_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(" ".join(PROSE.format(n) for n in range(30_000)), encoding="utf-8")
    (document,) = load([tmp_path], sheets=False).documents
    assert len(document.text) > 3_000_000


def test_skipped_is_what_the_corpus_says(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"PK\x03\x04")
    assert load([tmp_path], sheets=False).skipped == (Skipped("a.pdf", "damaged"),)
