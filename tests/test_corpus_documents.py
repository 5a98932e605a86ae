"""The official documents as they come out: counts, digests and ids, so that no change of cleaning goes unseen.

A digest that changes on purpose is written anew after reading what changed; no text of a document stands here.
"""

import hashlib
import re
import shutil
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest

from corpus import Corpus, load
from corpus.catalogue import sources

pytestmark = pytest.mark.documents


class Golden(NamedTuple):
    """A file, how many passages it has, the digest of its text; id, length and digest of passages 1, 10 and last."""

    source: str
    passages: int
    text: str
    samples: tuple[tuple[str, int, str], ...]


GOLDEN = {
    "csp-deontologie-2015": Golden(
        "lois/code-deontologie-medicale-2015-04.md",
        123,
        "0e3ff0a64071",
        (
            ("csp-deontologie-2015:R4127-1#1", 586, "40194592b4e4"),
            ("csp-deontologie-2015:R4127-9#1", 221, "5e422a08e5ed"),
            ("csp-deontologie-2015:R4127-112#1", 407, "9e4c0b91a18e"),
        ),
    ),
    "cp-extraits-2026": Golden(
        "lois/code-penal-extraits-2026-04.md",
        47,
        "d6aac99b0b44",
        (
            ("cp-extraits-2026:121-3#1", 618, "194b1a4473c5"),
            ("cp-extraits-2026:223-15-2#1", 872, "1132f4aa7a7c"),
            ("cp-extraits-2026:R642-1#1", 475, "b038ea94fb98"),
        ),
    ),
    "csp-extraits-2015": Golden(
        "lois/code-sante-publique-extraits-2015-04.md",
        109,
        "b1ceb1afe1de",
        (
            ("csp-extraits-2015:L1110-1#1", 564, "2f60fbd499fe"),
            ("csp-extraits-2015:L1110-4#3", 711, "8cdff4fecaa6"),
            ("csp-extraits-2015:R4127-68-1#1", 213, "9d7f1215b5a3"),
        ),
    ),
    "medecins-102": Golden(
        "ordre/bulletin-102-2026-01.txt",
        144,
        "82cc8b1f00ed",
        (
            ("medecins-102:p-17-menaces-cyber-comment-securiser-la-pratique-medicale#1", 120, "4a43c485a145"),
            ("medecins-102:soins-palliatifs-en-guadeloupe-une-urgence-territoriale#1", 217, "17e85a679f7f"),
            ("medecins-102:notre-webzine-sur-les-droits-et-devoirs-des-patients#1", 658, "0a4fb11fe1f2"),
        ),
    ),
    "newsletter-2026-02": Golden(
        "ordre/newsletter-2026-02.txt",
        10,
        "fbb2b32ae9a9",
        (
            ("newsletter-2026-02:a-la-une#1", 752, "9368a83afa49"),
            ("newsletter-2026-02:la-clause-de-conscience-notre-fiche-pratique#1", 358, "d5f782c38b6f"),
            ("newsletter-2026-02:la-clause-de-conscience-notre-fiche-pratique#1", 358, "d5f782c38b6f"),
        ),
    ),
    "rapport-2020": Golden(
        "ordre/rapport-annuel-2020.txt",
        133,
        "9684f4fecb5e",
        (
            ("rapport-2020:dans-l-action-malgre-la-crise#2", 661, "d4a8ab09f3f6"),
            ("rapport-2020:q-quelles-autres-actions-retenez-vous-de-l-annee-2020#2", 1080, "64ba1b60688d"),
            ("rapport-2020:au-service#1", 53, "6c0ce5708065"),
        ),
    ),
    "rapport-2024": Golden(
        "ordre/rapport-annuel-2024.txt",
        277,
        "4331af3c5de4",
        (
            ("rapport-2024:l-ordre-c-est-quoi#1", 172, "736c92a5f22f"),
            ("rapport-2024:quels-ont-ete-les-grands-chantiers-de-l-ordre-en-2024#1", 154, "524b23e42e86"),
            ("rapport-2024:nos-rapports-et-etudes#1", 525, "c99edcb0902e"),
        ),
    ),
    "medecins-secret-2024": Golden(
        "ordre/secret-medical-numero-special-2024-11.txt",
        114,
        "5e41e9f005d7",
        (
            ("medecins-secret-2024:le-secret-medical-est-fondateur-de-notre-profession#1", 420, "875418f4f4b0"),
            ("medecins-secret-2024:releve-t-il-du-devoir-du-medecin#1", 926, "771b614983c5"),
            ("medecins-secret-2024:article-r-4127-4-du-code-de-la-sante-publique#1", 529, "72148dea4e9f"),
        ),
    ),
}


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def test_each_document_is_recognised(official: Corpus):
    assert {d.id: d.source for d in official.documents} == {name: golden.source for name, golden in GOLDEN.items()}
    assert all(d.metadata is sources()[d.id].metadata for d in official.documents)
    assert official.skipped == ()


@pytest.mark.parametrize("name", GOLDEN)
def test_passages_are_those_that_were_read(official: Corpus, name: str):
    item = next(item for item in official.loaded if item.document.id == name)
    samples = tuple((p.id, len(p.text), digest(p.text)) for p in (item.passages[n] for n in (1, 9, -1)))
    assert samples == GOLDEN[name].samples
    assert len(item.passages) == GOLDEN[name].passages
    assert digest(item.document.text) == GOLDEN[name].text


def test_ids_and_texts_are_the_same_at_the_next_load(official: Corpus, documents: Path):
    again = load([documents], sheets=False)
    assert again.documents == official.documents
    assert again.passages == official.passages


def test_folders_and_order_change_no_id(official: Corpus, documents: Path, tmp_path: Path):
    for n, path in enumerate(sorted(documents.rglob("*.*"), reverse=True)):
        shutil.copy(path, tmp_path / f"{n}-{path.stem[::-1]}{path.suffix}")
    moved = load([tmp_path], sheets=False)
    assert {p.id for p in moved.passages} == {p.id for p in official.passages}
    assert {p.text for p in moved.passages} == {p.text for p in official.passages}


def test_what_is_always_true_of_passages(official: Corpus, documents: Path):
    assert max(Counter(p.id for p in official.passages).values()) == 1
    for item in official.loaded:
        raw = (documents / item.document.source).read_text(encoding="utf-8")
        text = item.document.text
        assert all(p.text == text[p.start : p.end] == p.text.strip() for p in item.passages)
        assert all(a.end <= b.start for a, b in pairwise(item.passages))
        assert [p.id for p in item.passages if p.headings and p.text == p.headings[-1]] == []
        kept = sum(raw[o] == c for c, o in zip(text, item.origin, strict=True))
        assert kept > 0.97 * len(text)  # the rest are spaces, line ends and bullets


def test_most_of_each_document_can_be_cited(official: Corpus):
    for item in official.loaded:
        assert sum(len(p.text) for p in item.passages) > 0.85 * len(item.document.text), item.document.id


def test_every_article_of_the_code_of_deontology_is_there(official: Corpus):
    articles = {p.article for p in official.passages if p.document_id == "csp-deontologie-2015"}
    assert {f"R4127-{n}" for n in range(1, 113)} - articles == {"R4127-92"}  # the file does not hold that one


@pytest.mark.parametrize(
    ("article", "document", "label"),
    [
        ("R4127-4", "csp-deontologie-2015", "Code de déontologie, art. 4 (R. 4127-4 CSP)"),
        ("226-14", "cp-extraits-2026", "Code pénal, art. 226-14"),
        ("L1110-4", "csp-extraits-2015", "CSP, art. L. 1110-4"),
    ],
)
def test_articles_are_found_by_number(official: Corpus, article: str, document: str, label: str):
    found = [p for p in official.passages if p.article == article and p.document_id == document]
    assert found[0].id == f"{document}:{article}#1"
    assert {p.label for p in found} == {label}


def test_no_mark_and_no_control_character_is_left(official: Corpus):
    left = re.compile(r"\*\*|__|\]\(|<sup|\^\{|[\u00ad\u200b-\u200f\ue000-\uf8ffﬀ-ﬆ]|\S-\n\S")
    assert [p.id for p in official.passages if left.search(p.text)] == []
