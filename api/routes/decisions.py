"""The page of a decision, and its reference as a file."""

from typing import get_args

from fastapi import APIRouter, Request, Response

from api.dependencies import AssistantDependency
from api.downloads import download
from api.leading import decision_address, document_address, home_address, listed_address, passage_address
from api.templating import TEMPLATES
from assistant.research.exporting import Entry, Format
from assistant.research.listed import listed_by
from assistant.research.researcher import PREFIX

router = APIRouter(include_in_schema=False)


@router.get("/decisions/{document_id:path}")
def decision(request: Request, document_id: str, assistant: AssistantDependency) -> Response:
    """Return what a decision holds, what it cites and what speaks of the same things."""
    researcher = assistant.research
    found = researcher.decision(document_id)
    document = found.document
    base = str(request.base_url).rstrip("/")
    entry = Entry(document, address=base + decision_address(document))
    form = request.query_params.get("format", "")
    if form in get_args(Format):
        return download([entry], form, entry.reference, "deonto-decision")
    context = {
        "decision": found,
        "metadata": document.metadata,
        "entry": entry,
        "articles": [(listed.display, listed_address(listed)) for listed in listed_by(document)],
        "sections": [(section, passage_address(section.passages[0])) for section in found.sections],
        "decisions": [(near, home_address(near.document)) for near in researcher.related(document, "precedent")],
        "sheets": [(near, home_address(near.document)) for near in researcher.related(document, "sheet")],
        "reader": document_address(document),
        "ours": document.id.startswith(PREFIX),
    }
    return TEMPLATES.TemplateResponse(request, "decision.html", context)
