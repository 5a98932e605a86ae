"""Evidence → one to four extracts, in the order a reader needs them."""

from collections.abc import Mapping

from assistant.extracting import (
    Extract,
    alike,
    body_start,
    extract,
    extracts,
    lead_in_span,
    question_share,
    starts_with_item,
)
from assistant.retrieval import Evidence
from corpus.models import Passage
from indexes.lexical import LexicalIndex
from indexes.library import Library

MOST_EXTRACTS = 4
MOST_PASSAGES = 3
"""Ranks from which extracts are taken."""
NEAR_THE_BEST = 0.75
"""Share of the best passage's score that a further passage needs to be quoted."""
SHEET_NEAR_THE_BEST = 0.8
"""Share of it that a sheet needs to go ahead of a passage that was found before it."""
FROM_THE_BEST = 2
"""Extracts of the best passage: its rule, which stands first, and what it says of the question's very words."""
WORTH_ADDING = 0.3
"""Share of the question's weight that a detail of a sheet must hold."""
ENOUGH = 1_300
"""Characters of quotes after which no further extract is added."""


def question_terms(query: str, lexical: LexicalIndex) -> dict[str, float]:
    """Return the stems of a question, and of what they stand for, with their weights."""
    terms: dict[str, float] = {}
    for weight, stems in lexical.terms(query):
        for stem in stems:
            terms[stem] = max(terms.get(stem, 0.0), weight * lexical.idf(stem))
    return terms


def compose(evidence: Evidence, terms: Mapping[str, float], library: Library) -> tuple[Extract, ...]:
    """Choose the extracts of an answer; a sheet of ours leads with its short answer."""
    chosen: list[Extract] = []
    best = evidence.hits[0].score if evidence.hits else 0.0
    near = [p for hit, p in zip(evidence.hits, evidence.passages, strict=True) if hit.score >= NEAR_THE_BEST * best]
    for passage in _sheets_first(near[:MOST_PASSAGES], library, evidence):
        for candidate in _candidates(passage, terms, library, FROM_THE_BEST if passage is near[0] else 1):
            if len(chosen) == MOST_EXTRACTS or sum(e.end - e.start for e in chosen) > ENOUGH:
                return tuple(chosen)
            if not any(_overlap(candidate, other) or alike(candidate.quote, other.quote) for other in chosen):
                chosen.append(candidate)
    return tuple(chosen)


def _sheets_first(passages: list[Passage], library: Library, evidence: Evidence) -> list[Passage]:
    """Put sheets ahead, since they answer in plain words, unless an article or a decision was asked for."""
    if evidence.rankings.get("references"):
        return passages
    best = evidence.hits[0].score if evidence.hits else 0.0
    near = {hit.passage_id for hit in evidence.hits if hit.score >= SHEET_NEAR_THE_BEST * best}
    sheets = [p for p in passages if p.id in near and library.document(p.document_id).metadata.kind == "sheet"]
    return sheets + [p for p in passages if p not in sheets]


def _candidates(passage: Passage, terms: Mapping[str, float], library: Library, most: int) -> list[Extract]:
    found: list[Extract | None] = [*extracts(passage, terms, most=most)]
    if library.document(passage.document_id).metadata.kind == "sheet":
        lead = library.passages_of(passage.document_id)[0]
        short = Extract(lead, lead.start + body_start(lead), lead.end, 1.0)
        found = [short, _detail(lead, terms, library)] if lead.id == passage.id else [short, *found[:1]]
    return [e for e in (_lead_in(passage, found[0] if found else None, library), *found) if e is not None]


def _lead_in(passage: Passage, chosen: Extract | None, library: Library) -> Extract | None:
    """Return the sentence of an article that leads in an item quoted from a later part of the article."""
    if not passage.article or chosen is None or not starts_with_item(chosen.quote):
        return None
    for earlier in reversed([p for p in library.passages_of(passage.document_id) if p.article == passage.article]):
        if earlier.start < passage.start and (span := lead_in_span(earlier.text)):
            return Extract(earlier, earlier.start + span[0], earlier.start + span[1], 0.0)
    return None


def _detail(lead: Passage, terms: Mapping[str, float], library: Library) -> Extract | None:
    """Return what a sheet says, below its short answer, of the very words of the question."""
    found = [extract(passage, terms) for passage in library.passages_of(lead.document_id)[1:]]
    best = max((e for e in found if e is not None), key=lambda e: question_share(e.quote, terms), default=None)
    return best if best is not None and question_share(best.quote, terms) >= WORTH_ADDING else None


def _overlap(first: Extract, second: Extract) -> bool:
    same = first.passage.document_id == second.passage.document_id
    return same and first.start < second.end and second.start < first.end
