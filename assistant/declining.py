"""What is said when a question is not answered: why, the nearest passages as leads, and whom to ask."""

from collections.abc import Iterator, Sequence

from assistant.citing import Numbering, quoted
from assistant.extracting import Extract, extract, scored
from assistant.messages import message
from assistant.models import Reason
from assistant.relevance import Relevance
from assistant.retrieval import Evidence
from assistant.stance import plain, stances
from indexes.library import Library

MOST_LEADS = 3
RULES = frozenset({"sheet", "code", "statute", "bulletin"})
"""Kinds of documents that state rules."""
SPEAKS_OF_IT = 0.4
"""Score from which a sentence that forbids is about the question, see ``assistant.relevance``."""
PROBITY, HONOUR = "R4127-3", "R. 4127-31 CSP"
"""The article that every request to break the law breaks, and what the sheet that stands in for it is about."""
_PENALTY = ("puni", "sanction", "peine", "delit", "faute")


def decline(reason: Reason, evidence: Evidence, library: Library, *, absent: bool = False, missing: str = "") -> str:
    """Return the text of a refusal.

    Parameters
    ----------
    absent
        An article was asked that no document has.
    missing
        What kind of thing was asked that no passage gives, see ``assistant.forms``; "" for none.

    """
    why = message("refusals.absent" if absent else f"refusals.{reason}")
    if reason == "no_evidence" and missing and not absent:
        why = message("refusals.missing", what=message(f"forms.{missing}"))
    parts = [why]
    if reason == "no_evidence" and (leads := _leads(evidence, library)):
        parts.append(message("refusals.leads") + "".join(f"\n- {lead}" for lead in leads))
    return "\n\n".join([*parts, message("refusals.contact" if reason == "no_evidence" else "refusals.contact_other")])


def forbid(evidence: Evidence, relevance: Relevance, library: Library, numbering: Numbering) -> str:
    """Return the refusal of help to break the law or the secret, with the rule that forbids it.

    That is what forbids or punishes among the passages found, if it speaks of the question; else the duty of probity.
    """
    found = sorted(_rules(evidence, relevance, library), key=lambda pair: -pair[1])
    rule = found[0][0] if found and found[0][1] >= SPEAKS_OF_IT else _general(library, relevance)
    said = [quoted([rule], numbering)] if rule else []
    return "\n\n".join([message("refusals.unlawful"), *said, message("refusals.contact")])


def _leads(evidence: Evidence, library: Library) -> Sequence[str]:
    """Return the names of the nearest passages, each document part once."""
    names = dict.fromkeys(passage.label for passage in evidence.passages)
    return list(names)[:MOST_LEADS]


def _rules(evidence: Evidence, relevance: Relevance, library: Library) -> Iterator[tuple[Extract, float]]:
    """Yield the extracts that forbid or punish, with the score of their best sentence."""
    for passage in evidence.passages:
        if library.document(passage.document_id).metadata.kind not in RULES:
            continue
        for candidate, score in scored(passage, relevance, most=1):
            quote = plain(candidate.quote)
            if "forbidden" in stances(quote) or any(word in quote for word in _PENALTY):
                yield candidate, score


def _general(library: Library, relevance: Relevance) -> Extract | None:
    """Return the words of the article that every request of this kind breaks, or of the sheet on it; None for none."""
    article = next((passage for passage in library.passages if passage.article == PROBITY), None)
    sheet = next((d for d in library.documents if d.metadata.articles[:1] == (HONOUR,)), None)
    passage = article or (library.passages_of(sheet.id)[0] if sheet else None)
    return extract(passage, relevance) if passage else None
