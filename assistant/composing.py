"""Evidence → one to four extracts, in the order a reader needs them."""

from collections.abc import Sequence

from assistant.extracting import (
    Extract,
    alike,
    body_start,
    extracts,
    lead_in_span,
    scored,
    starts_with_item,
)
from assistant.relevance import Relevance
from assistant.retrieval import Evidence
from corpus.models import Passage
from indexes.library import Library

MOST_EXTRACTS = 4
MOST_PASSAGES = 4
"""Ranks from which extracts are taken."""
NEAR_THE_BEST = 0.7
"""Share of the best passage's score that a further passage needs to be quoted."""
SHEET_NEAR_THE_BEST = 0.8
"""Share of it that a sheet needs to go ahead of a passage that was found before it."""
FROM_THE_BEST = 2
"""Extracts of the best passage: its rule, which stands first, and what it says of the question's very words."""
DETAILS = 2
"""Extracts of the best sheet besides its short answer."""
DETAILED = 700
"""Characters of them together."""
WORTH_ADDING = 0.3
"""Score of the best sentence of a detail, see ``assistant.relevance``."""
ENOUGH = 1_500
"""Characters of quotes after which no further extract is added."""
OF_EACH_PART = 400
"""Characters that each part of a question after the first adds to them."""


def compose(
    evidence: Evidence, relevance: Relevance, library: Library, parts: Sequence[Relevance] = ()
) -> tuple[Extract, ...]:
    """Choose the extracts of an answer; a sheet of ours leads with its short answer.

    Parameters
    ----------
    parts
        For each of ``evidence.parts``, how well sentences answer it: each part is answered first, in its turn.

    """
    best = evidence.hits[0].score if evidence.hits else 0.0
    near = [p for hit, p in zip(evidence.hits, evidence.passages, strict=True) if hit.score >= NEAR_THE_BEST * best]
    wanted = [
        (passage, judged, FROM_THE_BEST)
        for (_, passages), judged in zip(evidence.parts, parts, strict=bool(parts))
        for passage in passages[:1]
    ]
    ordered = _sheets_first(near[:MOST_PASSAGES], library, evidence)
    wanted += [(passage, relevance, FROM_THE_BEST if passage is near[0] else 1) for passage in ordered]
    most = MOST_EXTRACTS + max(0, len(parts) - 1)
    enough = ENOUGH + OF_EACH_PART * max(0, len(parts) - 1)
    chosen: list[Extract] = []
    for passage, judged, from_it in wanted:
        for candidate in _candidates(passage, judged, library, from_it):
            if len(chosen) == most or sum(e.end - e.start for e in chosen) > enough:
                return tuple(chosen)
            if not any(overlap(candidate, other) or alike(candidate.quote, other.quote) for other in chosen):
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


def _candidates(passage: Passage, relevance: Relevance, library: Library, most: int) -> list[Extract]:
    found: list[Extract | None] = [*extracts(passage, relevance, most=most)]
    if library.document(passage.document_id).metadata.kind == "sheet":
        lead = library.passages_of(passage.document_id)[0]
        short = Extract(lead, lead.start + body_start(lead), lead.end)
        found = [short, *(_details(lead, relevance, library) if most > 1 else found[:1])]
    return [e for e in (_lead_in(passage, found[0] if found else None, library), *found) if e is not None]


def _lead_in(passage: Passage, chosen: Extract | None, library: Library) -> Extract | None:
    """Return the sentence of an article that leads in an item quoted from a later part of the article."""
    if not passage.article or chosen is None or not starts_with_item(chosen.quote):
        return None
    for earlier in reversed([p for p in library.passages_of(passage.document_id) if p.article == passage.article]):
        if earlier.start < passage.start and (span := lead_in_span(earlier.text)):
            return Extract(earlier, earlier.start + span[0], earlier.start + span[1])
    return None


def _details(lead: Passage, relevance: Relevance, library: Library) -> list[Extract]:
    """Return what a sheet says of the question below its short answer: the best spans, in reading order."""
    below = library.passages_of(lead.document_id)[1:]
    found = [
        (extract, score)
        for passage in below
        for extract, score in scored(passage, relevance, most=DETAILS)
        if not extract.quote.startswith("«")  # a letter to copy says what to write, not what the rule is
    ]
    best: list[Extract] = []
    room = DETAILED
    for candidate, score in sorted(found, key=lambda pair: -pair[1]):
        length = candidate.end - candidate.start
        if len(best) < DETAILS and score >= WORTH_ADDING and (length <= room or not best):
            best.append(candidate)
            room -= length
    return sorted(best, key=lambda e: e.start)


def overlap(first: Extract, second: Extract) -> bool:
    """Tell whether two extracts share characters."""
    same = first.passage.document_id == second.passage.document_id
    return same and first.start < second.end and second.start < first.end
