"""A question back: the readings that a vague question may have, each a question that our documents answer."""

from assistant.messages import messages
from assistant.retrieval import Evidence
from indexes.french import tokens
from indexes.library import Library

FEWEST, MOST = 2, 4
EVERYWHERE = ("médecin", "patient", "droit", "refus", "information")
"""Themes that single out no subject."""
NEAR_THE_BEST = 0.5
"""Share of the best passage's score that a reading's passage needs."""


def readings(question: str, evidence: Evidence, library: Library) -> tuple[str, ...]:
    """Return two to four questions to choose from.

    They are of what was found for a question that names a theme ("question certificat"); one that names none ("c'est
    possible ?") is met by what physicians ask most.
    """
    found = _titles(evidence, library) if set(tokens(question)) & _themes(library) else []
    return tuple(found[:MOST]) if len(found) >= FEWEST else messages("clarification.usual")


def _themes(library: Library) -> frozenset[str]:
    """Return the stems of the themes that the documents declare, those apart that every document is about."""
    declared = [theme for document in library.documents for theme in document.metadata.themes]
    return frozenset(stem for theme in declared for stem in tokens(theme)) - frozenset(tokens(" ".join(EVERYWHERE)))


def _titles(evidence: Evidence, library: Library) -> list[str]:
    """Return the questions that head the sheets and passages found, best first, each once."""
    titles: dict[str, None] = {}
    best = evidence.hits[0].score if evidence.hits else 0.0
    for hit, passage in zip(evidence.hits, evidence.passages, strict=True):
        metadata = library.document(passage.document_id).metadata
        heads = (metadata.title,) if metadata.kind == "sheet" else passage.headings[-1:]
        title = next((head for head in heads if head.strip(" »\u00a0").endswith("?")), "")
        if title and hit.score >= NEAR_THE_BEST * best:
            titles[title.strip("«» \u00a0")] = None
    return list(titles)
