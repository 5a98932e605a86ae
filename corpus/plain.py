"""Markdown and plain text: what stands at the head of the file, and its pages."""

import re
from datetime import date
from typing import Final

from corpus.encoding import decode, normalise
from corpus.errors import UnreadableSource
from corpus.models import Page, Reading
from corpus.raw_html import without_hidden

_FRONT: Final = re.compile(r"\n*(\+\+\+|---)[ \t]*\n(.*?)^\1[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_HEADING: Final = re.compile(r"^# +(?=\S)(.+)$", re.MULTILINE)
_CLOSING: Final = re.compile(r"(?<= )#+$")
_FENCED: Final = re.compile(r"^(```|~~~).*?(?:^\1|\Z)", re.DOTALL | re.MULTILINE)
_DATE: Final = re.compile(r"\s*(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?![\d-])")


def iso_date(text: str) -> str:
    """Return the ISO date, possibly partial, at the head of ``text``; "" when there is none or it does not exist."""
    found = _DATE.match(text)
    if not found:
        return ""
    try:
        date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        return ""
    return found[0].strip()


def read_markdown(data: bytes, source: str) -> Reading:
    """Read a Markdown file as one page labelled "1", with its markup, without its front matter and what HTML hides.

    A TOML block between ``+++`` lines is handed on; a YAML block between ``---`` lines is dropped once its plain
    ``title``, ``author`` and ``date`` are read. The first ``#`` heading is the title where the block names none.

    Raises
    ------
    UnreadableSource
        ``not_text`` for binary content, ``empty`` when no text is left.

    """
    text = normalise(decode(data, source))
    front = _FRONT.match(text)
    if front and front[1] == "---" and ":" not in front[2]:
        front = None  # two horizontal rules around some text
    body, hides = without_hidden(text[front.end() :] if front else text)
    if not body.strip():
        raise UnreadableSource(source, "empty")
    block = front[2] if front else ""
    heading = _HEADING.search(_FENCED.sub("", body))
    return Reading(
        medium="markdown",
        pages=(Page(0, "1", body),),
        title=_value(block, "title") or (_CLOSING.sub("", heading[1].rstrip(" ")).rstrip(" ") if heading else ""),
        author=_value(block, "author"),
        date=iso_date(_value(block, "date")),
        front_matter=block if front and front[1] == "+++" else "",
        warnings=("hidden_text",) if hides else (),
    )


def read_text(data: bytes, source: str) -> Reading:
    """Read a plain text file; form feeds part its pages, labelled from "1".

    Raises
    ------
    UnreadableSource
        ``not_text`` for binary content, ``empty`` when there is only white space.

    """
    text = decode(data, source)
    if not text.strip():
        raise UnreadableSource(source, "empty")
    pieces = [normalise(piece) for piece in text.split("\f")]
    if not pieces[-1].strip():  # converters end each page with a form feed, the last one too
        pieces.pop()
    pages = tuple(Page(index, str(index + 1), piece) for index, piece in enumerate(pieces))
    missing = any(not page.text.strip() for page in pages)
    return Reading(medium="text", pages=pages, warnings=("page_without_text",) if missing else ())


def _value(block: str, key: str) -> str:
    """Return a plain value of the top level of a TOML or YAML block."""
    top = re.split(r"^\[", block, maxsplit=1, flags=re.MULTILINE)[0]
    found = re.search(rf"^{key}[ \t]*[:=][ \t]*(.+)$", top, re.MULTILINE)
    if not found:
        return ""
    value = found[1].strip()
    quoted = re.fullmatch(r"([\"'])(.*)\1", value)
    return quoted[2].strip() if quoted else value
