"""The catalogue, a document's cleaned text, a passage. Identifiers hold ``:`` and ``#``: clients must encode them."""

from fastapi import APIRouter

from api.dependencies import AssistantDependency
from api.resources import CatalogueBody, DocumentBody, DocumentSummary, PassageBody
from api.schemas import error_responses

router = APIRouter(prefix="/v1", tags=["documents"], responses=error_responses(404, 422, 503))


@router.get("/documents")
def catalogue(assistant: AssistantDependency) -> CatalogueBody:
    """List every document, without its text."""
    library = assistant.library
    summaries = [DocumentSummary.of(document, library.passages_of(document.id)) for document in library.documents]
    return CatalogueBody(documents=summaries)


@router.get("/documents/{document_id:path}")
def document(document_id: str, assistant: AssistantDependency) -> DocumentBody:
    """Return a document's cleaned text, with its passages as character offsets of that text."""
    library = assistant.library
    return DocumentBody.of(library.document(document_id), library.passages_of(document_id))


@router.get("/passages/{passage_id:path}")
def passage(passage_id: str, assistant: AssistantDependency) -> PassageBody:
    """Return one passage."""
    return PassageBody.model_validate(assistant.library.passage(passage_id))
