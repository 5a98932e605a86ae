"""What is known of each document: from ``sources.toml`` for the official ones, from the file itself for the others."""

import re
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import PurePath
from typing import Any, get_args

from corpus.cleaning import fold
from corpus.models import Kind, Metadata, Reading
from corpus.references import LETTERED
from corpus.segmentation import shorten, slug

RECOGNISED_WITHIN = 20_000
"""Characters at the head of a document among which its marks are looked for."""

_KINDS: tuple[str, ...] = get_args(Kind)
_DATE_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d{2})(?:[-_.](0[1-9]|1[0-2])(?:[-_.](0[1-9]|[12]\d|3[01]))?)?(?!\d)")
_ARTICLE_HEADING = re.compile(r"^#{0,6}\s*article\s+(?:[lrda]\.?\s?\*?)?\d[\d-]*", re.MULTILINE)
_DECISION = re.compile(
    r"\becli:|\bcour de cassation\b.{0,200}\barret\b|\bchambre disciplinaire\b.{0,400}\b(?:plainte|requete)\b"
    r"|\bau nom du peuple francais\b|\bconseil d'etat\b.{0,300}\bvu la procedure\b",
    re.DOTALL,
)
_CODES = {
    "code de la sante publique": "CSP",
    "code penal": "CP",
    "code civil": "CC",
    "code de la securite sociale": "CSS",
    "code de procedure penale": "CPP",
    "code du travail": "CT",
    "code de deontologie medicale": "CSP",
}


@dataclass(frozen=True, slots=True)
class Download:
    """Where a document can be had: its publisher's address, ``pdf`` or ``html``, its digest if it never changes."""

    id: str
    url: str
    type: str
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """An entry of ``sources.toml``: metadata, how to recognise the document on disk, where to download it."""

    metadata: Metadata
    names: tuple[str, ...]
    marks: tuple[str, ...]
    download: Download | None


@cache
def sources() -> dict[str, Source]:
    """Return the catalogue of official documents by id."""
    table = tomllib.loads(files("corpus").joinpath("sources.toml").read_text(encoding="utf-8"))
    return {entry["id"]: _source(entry) for entry in table["source"]}


def _source(entry: dict[str, Any]) -> Source:
    known: dict[str, Any] = {
        k: tuple(v) if isinstance(v, list) else v for k, v in entry.items() if k not in {"names", "marks", "download"}
    }
    download = Download(known["id"], **entry["download"]) if "download" in entry else None
    if known["kind"] not in _KINDS:
        raise ValueError(f"sources.toml: kind {known['kind']!r} of {known['id']} is none of {_KINDS}")
    return Source(Metadata(**known), tuple(entry.get("names", ())), tuple(entry.get("marks", ())), download)


def describe(path: PurePath, reading: Reading, text: str) -> Metadata:
    """Return the metadata of a document: the catalogue's when it is recognised, else what the file says of itself.

    Parameters
    ----------
    path
        Where the file is, of which only the name counts.
    reading
        The file as its reader found it.
    text
        Its cleaned text.

    """
    head = fold(text[:RECOGNISED_WITHIN])
    name = fold(path.stem)
    if (known := sources().get(path.stem)) and known.download and not known.marks:
        return known.metadata  # as ``deonto corpus fetch`` names it
    for source in sources().values():
        present = [mark in head for mark in source.marks]
        named = any(pattern in name for pattern in source.names)
        if present and (all(present) or (named and any(present))):
            return source.metadata
    return _from_file(path, reading, text, head)


def _from_file(path: PurePath, reading: Reading, text: str, head: str) -> Metadata:
    first_line = next((line for line in text.split("\n") if len(line.split()) >= 2), "")
    stem = re.sub(r"[-_]+", " ", path.stem).strip()
    title = shorten(" ".join((reading.title or first_line or stem).split()), longest=140) or stem
    articles = len(_ARTICLE_HEADING.findall(fold(text)))
    lettered = sum(1 for _ in LETTERED.finditer(text))
    code = next((short for long, short in _CODES.items() if long in head), "")
    kind: Kind = "document"
    if _DECISION.search(head):
        kind = "precedent"
    elif articles >= 3 and (code or lettered >= articles):
        kind = "statute"
    return Metadata(
        id=slug(path.stem) or "document",
        title=title,
        short=shorten(title, longest=80),
        kind=kind,
        publisher=reading.author,
        date=reading.date or _date_in(path.stem),
        authority={"statute": 5, "precedent": 4}.get(kind, 1),
        code=(code or "CSP") if kind == "statute" else "",
    )


def _date_in(name: str) -> str:
    match = _DATE_IN_NAME.search(name)
    return "-".join(part for part in match.groups() if part) if match else ""


def numbered(metadata: Metadata, n: int) -> Metadata:
    """Return the same metadata under another id, for the ``n``-th different document that claims one id."""
    return replace(metadata, id=f"{metadata.id}-{n}")
