"""Open data and our own wordings → training pairs: a text that asks, a text that answers."""

import gzip
import json
import random
import re
from collections.abc import Iterator, Sequence
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

from corpus.loading import Corpus, load
from corpus.questions import attach, load_wordings
from indexes.building import searchable
from indexes.training.held_out import cnil_is_held_out, piaf_is_held_out
from indexes.training.pairs import Pair, Source

LONGEST = 1200
"""Characters of a passage that are trained on; twice as many of a whole sheet."""
PARTS = re.compile(r"(?<=[.;:])\s+")


def sources(data: Path, documents: Sequence[Path], left_out: str = "") -> list[Source]:
    """Return every source of pairs.

    Parameters
    ----------
    data
        Folder of the open data; ``docs/encoder.md`` names its files.
    documents
        Folders of official documents, for the wordings that point into them.
    left_out
        Id of a document whose wordings are not trained on, to measure what is learnt for a document without any.

    """
    corpus = load(documents, sheets=True)
    headings, notes = data / "service-public-headings.jsonl.gz", data / "statutes-notes-fr.jsonl.gz"
    return [
        Source("service-public.fr headings", "Licence Ouverte 2.0", 1, partial(_rows, headings)),
        Source("marginal notes of statutes", "Open Government Licence – Canada", 1, partial(_rows, notes)),
        Source("inverse cloze over codes", "CC BY 4.0 and Licence Ouverte 2.0", 1, partial(_inverse_cloze, data)),
        Source("PIAF", "CC BY-SA (texts)", 2, partial(_piaf, data / "piaf-v1.1.json.gz")),
        Source("CNIL", "MIT", 4, partial(_cnil, data / "cnil-faq.json")),
        Source("domain pairs", "ours", 6, _domain_pairs),
        Source("question bank and sheets", "ours", 3, partial(_bank, corpus, left_out)),
    ]


def _lines(path: Path) -> Iterator[Any]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _rows(path: Path) -> Iterator[Pair]:
    for heading, body in _lines(path):
        if len(body) > 40 and heading.strip():
            yield Pair(heading, body[:LONGEST])


def _inverse_cloze(data: Path) -> Iterator[Pair]:
    """Yield a part of an article and the rest of it (Lee et al. 2019, arXiv 1906.00300)."""
    chance = random.Random(0)  # noqa: S311 - no secret is drawn
    articles = [row["text"] for row in _lines(data / "csp-2015.jsonl.gz")]
    articles += [re.sub(r"^#.*\n+", "", row["text"]) for row in _lines(data / "codes-articles-2020.jsonl.gz")]
    for text in articles:
        parts = [part for part in PARTS.split(text) if len(part) > 40] if 200 <= len(text) <= 4000 else []
        if len(parts) >= 3:
            at = chance.randrange(len(parts))
            yield Pair(parts[at][:400], " ".join([*parts[:at], *parts[at + 1 :]])[:LONGEST])


def _piaf(path: Path) -> Iterator[Pair]:
    pairs = [
        Pair(row["question"], paragraph["context"][:LONGEST])
        for article in json.loads(gzip.decompress(path.read_bytes()))["data"]
        for paragraph in article["paragraphs"]
        for row in paragraph["qas"]
    ]
    yield from (pair for n, pair in enumerate(pairs) if not piaf_is_held_out(n, len(pairs)))


def _cnil(path: Path) -> Iterator[Pair]:
    for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            for row in paragraph["qas"]:
                if not cnil_is_held_out(str(article.get("theme")), row["question"]):
                    yield Pair(row["question"], paragraph["context"][:LONGEST])


def _domain_pairs() -> Iterator[Pair]:
    text = files("indexes.training").joinpath("domain-pairs.jsonl").read_text(encoding="utf-8")
    for row in map(json.loads, text.splitlines()):
        yield from (Pair(question, row["passage"]) for question in row["questions"])


def _bank(corpus: Corpus, left_out: str) -> Iterator[Pair]:
    """Yield each wording with its passage, and those of a sheet with the whole sheet too: they ask of any part."""
    passages = {passage.id: passage for passage in corpus.passages}
    whole = {item.document.id: item.document.text for item in corpus.loaded}
    for passage_id, question in attach(corpus, load_wordings()):
        passage = passages[passage_id]
        if passage.document_id == left_out:
            continue
        yield Pair(question, searchable(passage)[:LONGEST])
        if passage.document_id.startswith("fiche:"):
            yield Pair(question, whole[passage.document_id][: 2 * LONGEST])
