"""Files to pages of text: the one place where bytes from outside come in.

Whatever a file holds, `read` returns a `Reading` or raises `UnreadableSource`: errors of the libraries stop here.
PDF files are read in this module, the other formats in `corpus.html` and `corpus.plain`. Characters stay as the file
has them; ligatures, hyphens and running heads are the business of `corpus.cleaning`.
"""

import logging
import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Final

from pypdf import PageObject, PasswordType, PdfReader, apply_configuration
from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError

from corpus.bookmarks import announced, day, information, labels, outline
from corpus.encoding import normalise
from corpus.errors import UnreadableSource
from corpus.geometry import EVERYWHERE, Box, common
from corpus.html import read_html
from corpus.layers import hidden_layers
from corpus.models import Page, Reading
from corpus.plain import read_markdown, read_text
from corpus.raw import read_bytes
from corpus.typography import SetLine, Typesetting, marked
from corpus.visibility import Visibility

__all__ = ["SUFFIXES", "read"]

# pypdf logs each oddity of a damaged file; what matters of it becomes a reason or a warning code.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)

_HEADER_WITHIN: Final = 1024  # bytes; where viewers accept the "%PDF-" that should come first
_LETTERS_NOT_DRAWN: Final = re.compile("[\\U000e0020-\\U000e007e]{3}")
_SCAN_SHARE: Final = 0.5  # of the page, covered by one image
_MOST_CHARACTERS: Final = 20_000_000  # far above any code of law, far below what exhausts the memory
_PDF_DATE: Final = re.compile(r"(?:D:)?(\d{4})(\d{2})?(\d{2})?")


def read(path: Path, *, max_bytes: int = 200_000_000) -> Reading:
    r"""Read a file by its suffix.

    Warnings of a `Reading` are ``hidden_text`` (text that the page does not show was left out), ``page_without_text``,
    ``page_damaged`` (a page that could not be extracted is empty or missing) and ``ocr_text`` (the text of a scan,
    which is invisible under its image, was kept).

    Parameters
    ----------
    path
        A file with one of ``SUFFIXES``, in any case.
    max_bytes
        Largest size that is read.

    Returns
    -------
    Reading
        Pages with indices 0, 1, 2… and lines separated by ``\n``; at least one page holds text.

    Raises
    ------
    UnreadableSource
        For every file that cannot become text, with one of the reasons of that class.

    """
    suffix = path.suffix.lower()
    try:
        return _told(_read(path, suffix, max_bytes), path.name)
    except UnreadableSource:
        raise
    except Exception as error:  # damaged files make parsers fail in ways that nobody can list
        raise UnreadableSource(path.name, _reason(error, suffix)) from error


def _read(path: Path, suffix: str, max_bytes: int) -> Reading:
    data = read_bytes(path, max_bytes)
    if not data.strip():
        raise UnreadableSource(path.name, "empty")
    if suffix not in _READERS:
        raise UnreadableSource(path.name, "not_text")
    return _READERS[suffix](data, path.name)


def _told(reading: Reading, source: str) -> Reading:
    """Refuse what is too long; say when words hide in letters that no font draws, which cleaning removes."""
    if sum(len(page.text) for page in reading.pages) > _MOST_CHARACTERS:
        raise UnreadableSource(source, "too_large")
    if not any(_LETTERS_NOT_DRAWN.search(page.text) for page in reading.pages):
        return reading
    return replace(reading, warnings=tuple(sorted({*reading.warnings, "hidden_text"})))


def _reason(error: Exception, suffix: str) -> str:
    if isinstance(error, OSError):
        return "unreadable"
    if isinstance(error, (LimitReachedError, MemoryError)):
        return "too_large"
    # The other two: a security handler that is not the standard one; AES without the package that decrypts it.
    if isinstance(error, (FileNotDecryptedError, NotImplementedError, DependencyError)):
        return "encrypted"
    return "damaged" if suffix == ".pdf" else "not_text"


def _read_pdf(data: bytes, source: str) -> Reading:
    if b"%PDF-" not in data[:_HEADER_WITHIN]:
        raise UnreadableSource(source, "damaged")
    # Text needs no JBIG2 image, so no outside program is started for one. pypdf's other limits stay.
    with apply_configuration(jbig2dec_binary=None), PdfReader(BytesIO(data)) as reader:
        if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
            raise UnreadableSource(source, "encrypted")
        texts, warnings = _texts(reader, source)
        pages = tuple(
            Page(index, label, text) for index, (label, text) in enumerate(zip(labels(reader), texts, strict=True))
        )
        return Reading(
            medium="pdf",
            pages=pages,
            title=information(reader, "/Title"),
            author=information(reader, "/Author"),
            date=day(information(reader, "/CreationDate")),
            outline=tuple(outline(reader)),
            warnings=warnings,
        )


def _texts(reader: PdfReader, source: str) -> tuple[list[str], tuple[str, ...]]:
    """Return the text of each page, and the warnings in alphabetical order."""
    texts: list[str] = []
    settings: list[tuple[SetLine, ...]] = []
    warnings: set[str] = set()
    damaged = length = 0
    layers = hidden_layers(reader.root_object)
    for index in range(len(reader.pages)):
        lines: tuple[SetLine, ...] = ()
        try:
            text, lines, found = _text(reader.pages[index], layers)
        except (LimitReachedError, DependencyError, FileNotDecryptedError, MemoryError):
            raise
        except Exception:  # one bad page does not cost the others
            text, found = "", {"page_damaged"}
            damaged += 1
        texts.append(text)
        settings.append(lines)
        warnings |= found
        length += len(text)
        if length > _MOST_CHARACTERS:
            raise UnreadableSource(source, "too_large")
    if damaged == len(texts):
        raise UnreadableSource(source, "damaged")
    blank = sum(not text.strip() for text in texts)
    if blank == len(texts):
        raise UnreadableSource(source, "no_text")
    if blank:
        warnings.add("page_without_text")
    if announced(reader) > len(texts):
        warnings.add("page_damaged")
    shown = [
        set_text if lines else text for text, lines, set_text in zip(texts, settings, marked(settings), strict=True)
    ]
    return shown, tuple(sorted(warnings))


def _text(page: PageObject, layers: frozenset[int]) -> tuple[str, tuple[SetLine, ...], set[str]]:
    """Return what a page shows, how its lines are set where that is known, and the warnings it deserves.

    A page that shows an image over half of its area and no text, and whose text is all invisible or under that image,
    is a scan with recognised text: what the reader sees is that text, so it is kept.
    """
    resources = page.get("/Resources")
    held, shown = resources and resources.get_object(), _shown(page)
    seen = Visibility(held, shown, layers)
    text, lines = _extracted(page, seen)
    scanned = seen.only_invisible
    if seen.covered:
        scanned = scanned and seen.only_under_images
        seen = Visibility(held, shown, layers, known=seen.covered)
        text, lines = _extracted(page, seen)
    warnings: set[str] = set()
    if seen.removed:
        whole = page.extract_text()
        if text.split() == whole.split():  # only blanks were hidden
            text, lines = whole, ()
        elif not text.strip() and scanned and seen.image_share >= _SCAN_SHARE:
            text, lines, warnings = whole, (), {"ocr_text"}
        else:
            warnings = {"hidden_text"}
    clean = normalise(text.replace("\0", ""))
    return clean, lines if clean == text else (), warnings


def _extracted(page: PageObject, seen: Visibility) -> tuple[str, tuple[SetLine, ...]]:
    typesetting = Typesetting()
    text = page.extract_text(
        visitor_operand_before=seen.before, visitor_operand_after=seen.after, visitor_text=typesetting.visit
    )
    return text, typesetting.lines(text)


def _shown(page: PageObject) -> Box:
    """Return what a viewer shows of a page; everything where its boxes make no sense."""
    try:
        boxes = [tuple(float(number) for number in box) for box in (page.mediabox, page.cropbox)]
    except Exception:  # broken boxes
        return EVERYWHERE
    left, bottom, right, top = common(boxes[0], boxes[1])  # type: ignore[arg-type]
    return (left, bottom, right, top) if left < right and bottom < top else EVERYWHERE


_READERS: Final[dict[str, Callable[[bytes, str], Reading]]] = {
    ".pdf": _read_pdf,
    **dict.fromkeys((".html", ".htm", ".xhtml"), read_html),
    **dict.fromkeys((".md", ".markdown"), read_markdown),
    **dict.fromkeys((".txt", ".text"), read_text),
}
SUFFIXES: Final = frozenset(_READERS)
