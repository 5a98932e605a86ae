"""What a PDF says of itself: labels of its pages, information, outline. Whatever is broken of it is left out."""

import re
from collections.abc import Iterator
from typing import Any, Final

from corpus.encoding import normalise
from corpus.models import OutlineEntry
from corpus.plain import iso_date

Pdf = Any
"""An object of pypdf, which is imported in ``corpus.readers`` alone."""
_PDF_DATE: Final = re.compile(r"(?:D:)?(\d{4})(\d{2})?(\d{2})?")


def announced(reader: Pdf) -> int:
    """Return how many pages the root of the page tree counts."""
    try:
        return int(reader.root_object["/Pages"]["/Count"])
    except Exception:  # the count is not needed to read the pages
        return 0


def labels(reader: Pdf) -> list[str]:
    """Return the labels of the pages, their 1-based positions where the file names none."""
    positions = [str(number) for number in range(1, len(reader.pages) + 1)]
    try:
        named = [_line(label) for label in reader.page_labels]
    except Exception:  # a broken number tree
        return positions
    if len(named) != len(positions):
        return positions
    return [label or position for label, position in zip(named, positions, strict=True)]


def information(reader: Pdf, key: str) -> str:
    """Return an entry of the document information, "" when it is missing or broken."""
    try:
        value = reader.metadata[key] if reader.metadata else None
    except Exception:
        return ""
    return _line(value) if isinstance(value, str) else ""


def day(text: str) -> str:
    """Return the ISO date, possibly partial, that a date of a PDF begins with, "" for none."""
    found = _PDF_DATE.match(text)
    return iso_date("-".join(part for part in found.groups() if part)) if found else ""


def outline(reader: Pdf) -> Iterator[OutlineEntry]:
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


def _target(reader: Pdf, destination: Pdf) -> int | None:
    try:
        page: int | None = reader.get_destination_page_number(destination)
    except Exception:  # a destination that is not a page
        return None
    return page


def _line(text: str) -> str:
    return " ".join(normalise(text).replace("\0", "").split())
