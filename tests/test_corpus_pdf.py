"""PDF files: pages, labels, outline, information, and the files that cannot be read."""

import io
import zlib
from pathlib import Path

import pytest
from fpdf import FPDF
from pypdf import PageObject, PdfWriter

from corpus.errors import UnreadableSource
from corpus.models import OutlineEntry
from tests.files import Load, blank_pdf, encrypted, loader, pdf_of, raw_pdf, scan, shown, whole_pdf


@pytest.fixture
def load(tmp_path: Path) -> Load:
    return loader(tmp_path)


def test_pdf_pages_carry_index_and_printed_label(load: Load) -> None:
    pdf = blank_pdf()
    for style, start, text in (("r", 1, "Sommaire"), ("r", None, "Préface"), ("D", 27, "Vos questions")):
        pdf.add_page(label_style=style, label_start=start)
        pdf.cell(text=text)
    reading = load("bulletin.pdf", bytes(pdf.output()))
    assert [(page.index, page.label, page.text) for page in reading.pages] == [
        (0, "i", "Sommaire"),
        (1, "ii", "Préface"),
        (2, "27", "Vos questions"),
    ]
    assert reading.medium == "pdf"
    assert reading.warnings == ()


def test_pdf_without_labels_counts_pages_from_one(load: Load) -> None:
    assert [page.label for page in load("a.pdf", pdf_of("un", "deux")).pages] == ["1", "2"]


def test_broken_page_labels_fall_back_to_positions(load: Load) -> None:
    data = raw_pdf(shown("Texte")).replace(b"/Pages 2 0 R>>", b"/Pages 2 0 R/PageLabels<</Nums 7>>>>")
    assert [page.label for page in load("a.pdf", data).pages] == ["1"]


def test_pdf_outline_keeps_nesting_and_pages(load: Load) -> None:
    pdf = blank_pdf()
    for title, level in (("Le secret", 0), ("Police et justice", 1), ("La clause", 0)):
        pdf.add_page()
        pdf.start_section(title, level=level)
        pdf.cell(text=title)
    assert load("a.pdf", bytes(pdf.output())).outline == (
        OutlineEntry("Le secret", 1, 0),
        OutlineEntry("Police et justice", 2, 1),
        OutlineEntry("La clause", 1, 2),
    )


@pytest.mark.parametrize(
    "outlines",
    [b"7", b"99 0 R", b"<</First 99 0 R>>", b"<</First<</Title(Perdu)/Dest[99 0 R/Fit]>>>>", b"<</First<</Title 3>>>>"],
)
def test_broken_outline_costs_nothing_else(load: Load, outlines: bytes) -> None:
    data = raw_pdf(shown("Texte")).replace(b"/Pages 2 0 R>>", b"/Pages 2 0 R/Outlines " + outlines + b">>")
    reading = load("a.pdf", data)
    assert reading.outline == ()
    assert reading.pages[0].text == "Texte"


def test_pdf_information(load: Load) -> None:
    writer = PdfWriter(clone_from=io.BytesIO(pdf_of("Texte")))
    writer.add_metadata(
        {"/Title": "Le  secret\nmédical", "/Author": "Ordre", "/CreationDate": "D:20241105101500+01'00'"}
    )
    stream = io.BytesIO()
    writer.write(stream)
    reading = load("a.pdf", stream.getvalue())
    assert (reading.title, reading.author, reading.date) == ("Le secret médical", "Ordre", "2024-11-05")


@pytest.mark.parametrize(
    ("raw", "date"), [("D:2024", "2024"), ("D:202411", "2024-11"), ("D:20241399", ""), ("hier", "")]
)
def test_pdf_date_may_be_partial_or_wrong(load: Load, raw: str, date: str) -> None:
    data = raw_pdf(shown("Texte")).replace(b"trailer<<", f"trailer<</Info<</CreationDate({raw})>>".encode())
    assert load("a.pdf", data).date == date


def test_characters_stay_as_the_file_has_them(load: Load) -> None:
    text = load("a.pdf", raw_pdf(shown("m\\262 : l'\\234uvre\\205 n\\260 3"))).pages[0].text
    assert text == "m² : l'œuvre… n° 3"


def test_password_is_reported(load: Load) -> None:
    with pytest.raises(UnreadableSource) as caught:
        load("secret.pdf", encrypted("motdepasse"))
    assert caught.value.values == {"source": "secret.pdf", "reason": "encrypted"}


def test_empty_user_password_opens(load: Load) -> None:
    reading = load("a.pdf", encrypted(""))
    assert reading.pages[0].text == "Texte chiffré"
    assert reading.title == "Protégé"


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" * 40,
        b"<!doctype html><html><body><p>Document introuvable</p></body></html>",
        b"%PDF-1.7\n",
        b"%PDF-1.7\n" + bytes(range(256)) * 20,
        raw_pdf(b"").replace(b"/Kids[3 0 R]/Count 1", b"/Kids[]/Count 0"),
    ],
    ids=["image", "web page", "header alone", "noise", "no page"],
)
def test_pdf_that_is_no_pdf_is_damaged(load: Load, content: bytes) -> None:
    with pytest.raises(UnreadableSource, match="damaged"):
        load("a.pdf", content)


def test_truncated_pdf_is_damaged(load: Load) -> None:
    with pytest.raises(UnreadableSource, match="damaged"):
        load("a.pdf", whole_pdf()[: len(whole_pdf()) // 2])


def test_scan_without_text(load: Load) -> None:
    def picture(pdf: FPDF) -> None:
        pdf.image(scan(), x=0, y=0, w=210, h=297)

    with pytest.raises(UnreadableSource, match="no_text"):
        load("a.pdf", pdf_of(picture, picture))
    reading = load("b.pdf", pdf_of("Texte", picture))
    assert reading.warnings == ("page_without_text",)
    assert [page.text for page in reading.pages] == ["Texte", ""]


def test_only_hidden_text_is_no_text(load: Load) -> None:
    with pytest.raises(UnreadableSource, match="no_text"):
        load("a.pdf", raw_pdf(shown("Blanc", "1 g")))


def test_one_damaged_page_does_not_cost_the_others(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    extract = PageObject.extract_text

    def fail_on_second(page: PageObject, **visitors: object) -> str:
        if page.page_number == 1:
            raise RecursionError
        return extract(page, **visitors)

    monkeypatch.setattr(PageObject, "extract_text", fail_on_second)
    reading = load("a.pdf", pdf_of("Un", "Deux", "Trois"))
    assert [page.text for page in reading.pages] == ["Un", "", "Trois"]
    assert reading.warnings == ("page_damaged", "page_without_text")


def test_lost_page_is_reported(load: Load) -> None:
    data = raw_pdf(shown("Texte")).replace(b"/Kids[3 0 R]/Count 1", b"/Kids[3 0 R 77 0 R]/Count 2")
    reading = load("a.pdf", data)
    assert len(reading.pages) == 1
    assert reading.warnings == ("page_damaged",)


def test_decompression_bomb_is_too_large(load: Load) -> None:
    packed = zlib.compress(b" " * 80_000_000, 9)
    bomb = b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed)
    data = raw_pdf(b"", b"", (bomb,)).replace(b"/Contents 4 0 R", b"/Contents 10 0 R")
    with pytest.raises(UnreadableSource, match="too_large"):
        load("a.pdf", data)
