"""The pages people open: the chat and the reader."""

from pathlib import PurePosixPath
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse

from api.articles import address_of, articles_of
from api.dependencies import AssistantDependency, OriginalsDependency
from api.errors import Refusal
from api.headers import POLICY
from api.reading import find_target, lay_out, neighbours, page_at, table_of_contents
from api.templating import TEMPLATES
from assistant.citing import notice

FRAMING = f"{POLICY}; frame-src 'self'"
"""For the reader, which shows the original file beside the text."""
FRAMED = POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")

router = APIRouter(include_in_schema=False)


@router.get("/")
def chat(request: Request, assistant: AssistantDependency) -> Response:
    """Return the chat page."""
    return TEMPLATES.TemplateResponse(request, "chat.html", {"document_count": len(assistant.library.documents)})


@router.get("/documents/{document_id:path}/original")
def original(document_id: str, assistant: AssistantDependency, originals: OriginalsDependency) -> Response:
    """Return the PDF file that a document was read from, for the browser's own viewer; 404 once it has changed."""
    document = assistant.library.document(document_id)
    file = originals.find(document)
    if file is None:
        raise Refusal("not_found", content_security_policy=FRAMED)
    return FileResponse(
        file,
        media_type="application/pdf",
        filename=PurePosixPath(document.source).name,
        content_disposition_type="inline",
        headers={"content-security-policy": FRAMED},
    )


@router.get("/documents/{document_id:path}")
def reader(
    request: Request,
    document_id: str,
    assistant: AssistantDependency,
    originals: OriginalsDependency,
    passage: Annotated[str | None, Query(max_length=500)] = None,
    start: Annotated[int | None, Query()] = None,
    end: Annotated[int | None, Query()] = None,
) -> Response:
    """Return a document as a page, with a passage or the characters ``[start, end)`` marked."""
    library = assistant.library
    document = library.document(document_id)
    passages = library.passages_of(document_id)
    target = find_target(document, passages, passage_id=passage, start=start, end=end)
    links = articles_of(library).links(document.text, document.metadata.code, document.id)
    blocks = lay_out(document, passages, target, links)
    # A page that a script fetched with a key cannot give that key to the browser's viewer.
    shown = originals.may_hold(document) and not {"authorization", "x-api-key"} & set(request.headers)
    context = {
        "document": document,
        "metadata": document.metadata,
        "link": document.metadata.url if document.metadata.url.startswith(("https://", "http://")) else "",
        "target": target,
        "missing": target is None and (passage, start, end) != (None, None, None),
        "blocks": blocks,
        "contents": table_of_contents(passages, blocks),
        "before_after": neighbours(passages, target),
        "address_of": address_of,
        "leaf": page_at(document, target.start) if target else None,
        "quote": document.text[target.start : target.end] if target else "",
        "notice": notice(target.passage, document) if target and target.passage else document.metadata.notice,
        "original": f"/documents/{quote(document_id, safe=':')}/original" if shown else "",
    }
    headers = {"content-security-policy": FRAMING} if shown else None
    return TEMPLATES.TemplateResponse(request, "reader.html", context, headers=headers)
