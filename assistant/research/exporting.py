"""What was found as a file: CSV for a spreadsheet, Markdown for a note, references for a bibliography."""

import csv
import html
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.messages import message
from assistant.research.decisions import read_decision
from corpus.models import Document, Kind
from corpus.references import display_number

Format = Literal["csv", "md", "bib"]
COLUMNS = ("reference", "title", "kind", "court", "date", "number", "articles", "themes", "place", "extract", "notice")
LINKS = ("official", "address")
BOM = "\ufeff"
"""Without it Excel reads UTF-8 as the code page of the machine."""
SEPARATOR = ";"
"""What Excel expects where the decimal sign is a comma, as in French."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|~-])")
_LATEX = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"} | {
    c: f"\\{c}" for c in "&%$#_{}"
}
_TYPES: dict[Kind, str] = {
    "precedent": "jurisdiction",
    "code": "legislation",
    "statute": "legislation",
    "report": "report",
}
_UNSAFE = re.compile(r"[^\x21-\x7e]|[{}\\\"]")


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of an export: a document, or one article of it, and its exact words where they are asked for."""

    document: Document
    article: str = ""
    place: str = ""
    extract: str = ""
    notice: str = ""
    address: str = ""

    @property
    def reference(self) -> str:
        """What is cited: "CE, 28 mai 2024, n° 469089", "Code pénal, art. 226-13"."""
        short = self.document.metadata.short
        return message("research.article", code=short, number=display_number(self.article)) if self.article else short

    @property
    def official(self) -> str:
        """Address of the official page, "" where none is known."""
        url = self.document.metadata.url
        return url if url.startswith(("https://", "http://")) else ""

    def cell(self, column: str) -> str:
        """Return what a column shows."""
        metadata = self.document.metadata
        cells: dict[str, Callable[[], str]] = {
            "reference": lambda: self.reference,
            "title": lambda: metadata.title,
            "kind": lambda: message(f"research.kinds.{metadata.kind}"),
            "court": lambda: metadata.publisher,
            "date": lambda: metadata.version_date or metadata.date,
            "number": lambda: read_decision(self.document, ()).number if metadata.kind == "precedent" else "",
            "articles": lambda: " | ".join(metadata.articles),
            "themes": lambda: " | ".join(metadata.themes),
            "place": lambda: self.place,
            "extract": lambda: self.extract,
            "notice": lambda: self.notice or metadata.notice,
            "official": lambda: self.official,
            "address": lambda: self.address,
        }
        return cells[column]()


def to_csv(entries: Sequence[Entry]) -> str:
    """Return a table; a cell that a spreadsheet would take for a formula begins with an apostrophe (OWASP)."""
    columns = (*COLUMNS, *LINKS)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=SEPARATOR, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    writer.writerow([message(f"research.columns.{column}") for column in columns])
    for entry in entries:
        writer.writerow([_inert(" ".join(entry.cell(column).split())) for column in columns])
    return BOM + out.getvalue()


def to_markdown(entries: Sequence[Entry], title: str) -> str:
    """Return a note: each reference with its exact words; nothing of a document acts as markup in it."""
    lines = [f"# {_plain(title)}", ""]
    for entry in entries:
        lines += [f"## {_plain(entry.reference)}", "", _plain(entry.document.metadata.title), ""]
        if entry.extract:
            where = f" ({_plain(entry.place)})" if entry.place else ""
            lines += [f"> {line}" for line in _plain(entry.extract, lines=True).split("\n")]
            lines += ["", f"{message('research.source')}{where}", ""] if where else [""]
        for key in ("notice", "articles", "themes"):
            if entry.cell(key):
                lines.append(f"- {message(f'research.columns.{key}')} : {_plain(entry.cell(key))}")
        for key in LINKS:
            if entry.cell(key):
                lines.append(f"- {message(f'research.columns.{key}')} : <{_address(entry.cell(key))}>")
        lines.append("")
    return "\n".join(lines)


def to_bibliography(entries: Sequence[Entry]) -> str:
    """Return references for biblatex; programs that know no ``jurisdiction`` or ``legislation`` read ``misc``."""
    written: dict[str, str] = {}
    for entry in entries:
        metadata = entry.document.metadata
        key = _key(f"{metadata.id.partition(':')[2] or metadata.id} {entry.article}")
        date = entry.cell("date")
        fields = {
            "title": _latex(metadata.title),
            "shorttitle": _latex(entry.reference),
            "institution" if metadata.kind != "bulletin" else "organization": _latex(metadata.publisher),
            "date": date,
            "year": date[:4],
            "number": _latex(entry.cell("number")),
            "pages": _latex(entry.place) if metadata.kind in {"bulletin", "report", "newsletter"} else "",
            "url": _address(entry.official or entry.address),
            "keywords": _latex(", ".join((*metadata.articles, *metadata.themes))),
            "note": _latex(entry.cell("notice")),
            "langid": "french",
        }
        body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
        written.setdefault(key, f"@{_TYPES.get(metadata.kind, 'misc')}{{{key},\n{body}\n}}\n")
    return "\n".join(written.values())


def _inert(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _plain(text: str, *, lines: bool = False) -> str:
    """Return a text without markup: every mark that Markdown or HTML knows is escaped."""
    kept = "\n".join(" ".join(line.split()) for line in text.strip().split("\n")) if lines else " ".join(text.split())
    escaped = html.escape(_MARKDOWN.sub(r"\\\1", kept), quote=False)
    return re.sub(r"^(\s*\d+)([.)])", r"\1\\\2", escaped, flags=re.MULTILINE)


def _latex(text: str) -> str:
    return "".join(_LATEX.get(char, char) for char in " ".join(text.split()))


def _address(url: str) -> str:
    """Return an address that ends no field and no link: what no address holds is percent-encoded."""
    return _UNSAFE.sub(lambda m: "".join(f"%{byte:02X}" for byte in m.group().encode()), url).replace(">", "%3E")


def _key(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")
