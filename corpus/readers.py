"""Files to pages of text: the one place where bytes from outside come in.

Whatever a file holds, `read` returns a `Reading` or raises `UnreadableSource`: errors of the libraries stop here.
PDF files are read in this module, the other formats in `corpus.html` and `corpus.plain`. Characters stay as the file
has them; ligatures, hyphens and running heads are the business of `corpus.cleaning`.
"""

import logging
import re
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from pypdf import PageObject, PasswordType, PdfReader, apply_configuration
from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError
from pypdf.generic import Destination

from corpus.encoding import normalise
from corpus.errors import UnreadableSource
from corpus.html import read_html
from corpus.models import OutlineEntry, Page, Reading
from corpus.plain import iso_date, read_markdown, read_text
from corpus.raw import read_bytes
from corpus.typography import SetLine, Typesetting, marked
from corpus.visibility import Visibility

__all__ = ["SUFFIXES", "read"]

# pypdf logs each oddity of a damaged file; what matters of it becomes a reason or a warning code.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)

_HEADER_WITHIN: Final = 1024  # bytes; where viewers accept the "%PDF-" that should come first
_SCAN_SHARE: Final = 0.5  # of the page, covered by one image
_MOST_CHARACTERS: Final = 50_000_000  # of one PDF: far above any book, far below what exhausts the memory
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
        return _read(path, suffix, max_bytes)
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
            Page(index, label, text) for index, (label, text) in enumerate(zip(_labels(reader), texts, strict=True))
        )
        return Reading(
            medium="pdf",
            pages=pages,
            title=_information(reader, "/Title"),
            author=_information(reader, "/Author"),
            date=_date(_information(reader, "/CreationDate")),
            outline=tuple(_outline(reader)),
            warnings=warnings,
        )


def _texts(reader: PdfReader, source: str) -> tuple[list[str], tuple[str, ...]]:
    """Return the text of each page, and the warnings in alphabetical order."""
    texts: list[str] = []
    settings: list[tuple[SetLine, ...]] = []
    warnings: set[str] = set()
    damaged = length = 0
    for index in range(len(reader.pages)):
        lines: tuple[SetLine, ...] = ()
        try:
            text, lines, found = _text(reader.pages[index])
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
    if _announced(reader) > len(texts):
        warnings.add("page_damaged")
    shown = [
        set_text if lines else text for text, lines, set_text in zip(texts, settings, marked(settings), strict=True)
    ]
    return shown, tuple(sorted(warnings))


def _announced(reader: PdfReader) -> int:
    """Return how many pages the root of the page tree counts."""
    try:
        return int(reader.root_object["/Pages"]["/Count"])  # type: ignore[index]
    except Exception:  # the count is not needed to read the pages
        return 0


def _text(page: PageObject) -> tuple[str, tuple[SetLine, ...], set[str]]:
    """Return what a page shows, how its lines are set where that is known, and the warnings it deserves.

    A page that shows an image over half of its area and no text, and whose text is all invisible, is a scan with
    recognised text: what the reader sees is that text, so it is kept.
    """
    resources = page.get("/Resources")
    seen = Visibility(resources and resources.get_object(), abs(float(page.mediabox.width * page.mediabox.height)))
    typesetting = Typesetting()
    text = page.extract_text(
        visitor_operand_before=seen.before, visitor_operand_after=seen.after, visitor_text=typesetting.visit
    )
    lines = typesetting.lines(text)
    warnings: set[str] = set()
    if seen.removed:
        whole = page.extract_text()
        if text.split() == whole.split():  # only blanks were hidden
            text, lines = whole, ()
        elif not text.strip() and seen.only_invisible and seen.image_share >= _SCAN_SHARE:
            text, lines, warnings = whole, (), {"ocr_text"}
        else:
            warnings = {"hidden_text"}
    clean = normalise(text.replace("\0", ""))
    return clean, lines if clean == text else (), warnings


def _labels(reader: PdfReader) -> list[str]:
    positions = [str(number) for number in range(1, len(reader.pages) + 1)]
    try:
        labels = [_line(label) for label in reader.page_labels]
    except Exception:  # a broken number tree
        return positions
    if len(labels) != len(positions):
        return positions
    return [label or position for label, position in zip(labels, positions, strict=True)]


def _information(reader: PdfReader, key: str) -> str:
    """Return an entry of the document information, "" when it is missing or broken."""
    try:
        value = reader.metadata[key] if reader.metadata else None
    except Exception:
        return ""
    return _line(value) if isinstance(value, str) else ""


def _date(text: str) -> str:
    found = _PDF_DATE.match(text)
    return iso_date("-".join(part for part in found.groups() if part)) if found else ""


def _outline(reader: PdfReader) -> Iterator[OutlineEntry]:
    """Give the outline in reading order; entries that lead to no page are left out, what hangs below them is not."""
    try:
        waiting: list[tuple[Any, int]] = [(item, 1) for item in reversed(reader.outline)]
    except Exception:  # a broken outline costs nothing else
        return
    while waiting:
        item, depth = waiting.pop()
        if isinstance(item, list):
            waiting += [(child, depth + 1) for child in reversed(item)]
            continue
        page = _target(reader, item)
        title = _line(str(item.title or ""))
        if title and page is not None and 0 <= page < len(reader.pages):
            yield OutlineEntry(title, depth, page)


def _target(reader: PdfReader, destination: Destination) -> int | None:
    try:
        return reader.get_destination_page_number(destination)
    except Exception:  # a destination that is not a page
        return None


def _line(text: str) -> str:
    return " ".join(normalise(text).replace("\0", "").split())


_READERS: Final[dict[str, Callable[[bytes, str], Reading]]] = {
    ".pdf": _read_pdf,
    **dict.fromkeys((".html", ".htm", ".xhtml"), read_html),
    **dict.fromkeys((".md", ".markdown"), read_markdown),
    **dict.fromkeys((".txt", ".text"), read_text),
}
SUFFIXES: Final = frozenset(_READERS)
