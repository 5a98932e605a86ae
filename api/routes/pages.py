"""The pages people open: the chat and the reader."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.dependencies import AssistantDependency
from api.reading import find_target, lay_out, table_of_contents
from api.templating import TEMPLATES

router = APIRouter(include_in_schema=False)


@router.get("/")
def chat(request: Request, assistant: AssistantDependency) -> Response:
    """Return the chat page."""
    return TEMPLATES.TemplateResponse(request, "chat.html", {"document_count": len(assistant.library.documents)})


@router.get("/documents/{document_id:path}")
def reader(
    request: Request,
    document_id: str,
    assistant: AssistantDependency,
    passage: Annotated[str | None, Query(max_length=500)] = None,
    start: Annotated[int | None, Query()] = None,
    end: Annotated[int | None, Query()] = None,
) -> Response:
    """Return a document as a page, with a passage or the characters ``[start, end)`` marked."""
    library = assistant.library
    document = library.document(document_id)
    passages = library.passages_of(document_id)
    target = find_target(document, passages, passage_id=passage, start=start, end=end)
    blocks = lay_out(document, passages, target)
    context = {
        "document": document,
        "metadata": document.metadata,
        "link": document.metadata.url if document.metadata.url.startswith(("https://", "http://")) else "",
        "target": target,
        "missing": target is None and (passage, start, end) != (None, None, None),
        "blocks": blocks,
        "contents": table_of_contents(passages, blocks),
    }
    return TEMPLATES.TemplateResponse(request, "reader.html", context)
