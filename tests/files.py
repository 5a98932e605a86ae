"""Files made for tests: PDFs with known traits, written by fpdf2 or by hand where it cannot draw what is needed."""

import io
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Protocol

from fpdf import FPDF
from fpdf.enums import EncryptionMethod
from PIL import Image

from corpus.models import Metadata, OutlineEntry, Page, Reading
from corpus.readers import read


class Load(Protocol):
    """Writes a file of that name and reads it."""

    def __call__(self, name: str, content: bytes | str, **options: int) -> Reading: ...


def loader(folder: Path) -> Load:
    def load(name: str, content: bytes | str, **options: int) -> Reading:
        path = folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read(path, **options)

    return load


def blank_pdf() -> FPDF:
    pdf = FPDF(format="A4")
    pdf.set_font("Helvetica", size=12)
    return pdf


def pdf_of(*pages: str | Callable[[FPDF], object]) -> bytes:
    """One page per argument: a line of text, or a function that draws."""
    pdf = blank_pdf()
    for page in pages:
        pdf.add_page()
        if callable(page):
            page(pdf)
        elif page:
            pdf.cell(text=page, new_x="LMARGIN", new_y="NEXT")
    return bytes(pdf.output())


def line(pdf: FPDF, text: str, **style: object) -> None:
    """Write one line; ``style`` may hold ``color``, ``mode`` and ``size``."""
    with pdf.local_context():
        if "color" in style:
            pdf.set_text_color(*style["color"])
        if "mode" in style:
            pdf.text_mode = style["mode"]
        if "size" in style:
            pdf.set_font_size(style["size"])
        pdf.cell(text=text, new_x="LMARGIN", new_y="NEXT")


def raw_pdf(
    content: bytes, resources: bytes = b"", objects: tuple[bytes, ...] = (), *, catalog: bytes = b"", page: bytes = b""
) -> bytes:
    """One page with this content stream; extra objects are numbered from 10."""
    numbered = {
        1: b"<</Type/Catalog/Pages 2 0 R%s>>" % catalog,
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]"
        + page
        + b"/Contents 4 0 R/Resources<</Font<</F 5 0 R/T 6 0 R>>"
        + resources
        + b">>>>",
        4: b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        5: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        6: b"<</Type/Font/Subtype/Type3/FontMatrix[1 0 0 1 0 0]/FontBBox[0 0 9 9]/FirstChar 65/LastChar 66/Widths[9 9]"
        b"/Encoding<</Type/Encoding/Differences[65/A/B]>>/CharProcs<<>>>>",
        **dict(enumerate(objects, 10)),
    }
    out, offsets = b"%PDF-1.7\n", {}
    for number, body in numbered.items():
        offsets[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%d 1\n%010d 00000 n \n" % (number, offset) for number, offset in offsets.items())
    end = b"trailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF" % (max(numbered) + 1, len(out))
    return out + b"xref\n0 1\n0000000000 65535 f \n" + table + end


def form(content: bytes, entries: bytes = b"") -> bytes:
    return b"<</Type/XObject/Subtype/Form/BBox[0 0 600 800]%s/Length %d>>stream\n%s\nendstream" % (
        entries,
        len(content),
        content,
    )


def shown(text: str, before: str = "", x: int = 50, y: int = 700) -> bytes:
    return f"q {before} BT /F 12 Tf {x} {y} Td ({text}) Tj ET Q\n".encode()


def scan() -> io.BytesIO:
    image = io.BytesIO()
    Image.new("L", (60, 80), 200).save(image, "PNG")
    image.seek(0)
    return image


def encrypted(password: str) -> bytes:
    pdf = blank_pdf()
    pdf.set_encryption(owner_password="proprietaire", user_password=password, encryption_method=EncryptionMethod.RC4)
    pdf.set_title("Protégé")
    pdf.add_page()
    pdf.cell(text="Texte chiffré")
    return bytes(pdf.output())


@cache
def whole_pdf() -> bytes:
    return pdf_of("Premier", "Deuxième", lambda pdf: line(pdf, "Blanc", color=(255, 255, 255)))


def reading_of(*pages: str, medium: str = "text", titles: tuple[str, ...] = (), first_label: int = 1) -> Reading:
    """A file already read: one page per argument, and an outline of these titles."""
    return Reading(
        medium,
        tuple(Page(n, str(first_label + n), text) for n, text in enumerate(pages)),
        outline=tuple(OutlineEntry(title, 1, 0) for title in titles),
    )


def metadata_of(**fields: object) -> Metadata:
    return Metadata(**{"id": "essai", "title": "Un essai", "short": "Essai", "kind": "document", **fields})


DAMAGES = ("truncated", "flipped", "missing", "a folder")


def break_file(file: Path, damage: str) -> None:
    """Do one of ``DAMAGES`` to a file."""
    content = file.read_bytes()
    file.unlink()
    if damage == "truncated":
        file.write_bytes(content[: len(content) // 2])
    elif damage == "flipped":
        middle = len(content) // 2
        file.write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])
    elif damage == "a folder":
        file.mkdir()
