"""What is said when a question is not answered: why, the nearest passages as leads, and whom to ask."""

from collections.abc import Iterator, Sequence

from assistant.citing import Numbering, quoted
from assistant.extracting import Extract, extract
from assistant.messages import message
from assistant.models import Reason
from assistant.relevance import Relevance
from assistant.retrieval import Evidence
from assistant.stance import plain, stances
from indexes.library import Library

MOST_LEADS = 3
RULES = frozenset({"sheet", "code", "statute", "bulletin"})
"""Kinds of documents that state rules."""
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
    """Return the refusal of help to break the law or the secret, with the rule that forbids it where one was found."""
    rule = next(_rules(evidence, relevance, library), None)
    said = [quoted([rule], numbering)] if rule else []
    return "\n\n".join([message("refusals.unlawful"), *said, message("refusals.contact")])


def _leads(evidence: Evidence, library: Library) -> Sequence[str]:
    """Return the names of the nearest passages, each document part once."""
    names = dict.fromkeys(passage.label for passage in evidence.passages)
    return list(names)[:MOST_LEADS]


def _rules(evidence: Evidence, relevance: Relevance, library: Library) -> Iterator[Extract]:
    """Yield the extracts that forbid or punish, best passage first."""
    for passage in evidence.passages:
        if library.document(passage.document_id).metadata.kind not in RULES:
            continue
        found = extract(passage, relevance)
        if found and ("forbidden" in stances(found.quote) or any(word in plain(found.quote) for word in _PENALTY)):
            yield found
