"""Time and authority: a year or "actuellement" in a question, and which of two equal sources comes first."""

import re
from collections.abc import Sequence

from corpus.cleaning import fold
from corpus.models import Document
from indexes.library import Library
from indexes.models import Hit

PERIODICAL = frozenset({"report", "bulletin", "newsletter"})
"""Documents that speak of their own time; a law or a sheet holds until it is changed."""
ASKED, OTHER = 1.15, 0.9
"""What the score of a periodical is multiplied by when it is of the time asked for, and when it is of another."""
RECENT = 2
"""Years before the newest periodical that still count as now."""
AUTHORITY = 0.004
"""Added to the score per rank of authority, as a share: it decides between scores that are all but equal."""

_YEAR = re.compile(r"(?<!\d)(?:19[5-9]\d|20[0-3]\d)(?!\d)")
_NOW = re.compile(r"\b(?:actuel\w*|aujourd'?hui|en vigueur|desormais|a ce jour|maintenant|de nos jours)\b")


def timely(hits: Sequence[Hit], query: str, library: Library) -> list[Hit]:
    """Return the hits with their scores set for the time asked for and for authority, best first."""
    plain = fold(query)
    years = frozenset(_YEAR.findall(plain))
    if not years and _NOW.search(plain):
        years = _newest(library.documents)
    weighed = []
    for hit in hits:
        document = library.document(library.passage(hit.passage_id).document_id)
        score = hit.score * (1 + AUTHORITY * document.metadata.authority)
        if years and document.metadata.kind in PERIODICAL:
            score *= ASKED if _year(document) in years else OTHER
        weighed.append((score, hit))
    weighed.sort(key=lambda pair: -pair[0])
    return [Hit(hit.passage_id, score, rank, hit.origin) for rank, (score, hit) in enumerate(weighed, start=1)]


def _newest(documents: Sequence[Document]) -> frozenset[str]:
    """Return the years that count as now: those of the newest periodical and just before."""
    years = [int(_year(d)) for d in documents if d.metadata.kind in PERIODICAL and _year(d)]
    return frozenset(str(max(years) - n) for n in range(RECENT + 1)) if years else frozenset()


def _year(document: Document) -> str:
    return (document.metadata.version_date or document.metadata.date)[:4]
