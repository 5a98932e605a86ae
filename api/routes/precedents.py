"""Decisions, by court, date, article and theme. Identifiers are those of documents."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.exceptions import RequestValidationError

from api.dependencies import AssistantDependency
from api.resources import DocumentSummary, PrecedentBody, PrecedentsBody
from api.schemas import Date, error_responses
from assistant.dates import is_reversed
from assistant.filtering import decisions, related
from assistant.models import Filters
from indexes.errors import UnknownDocument

router = APIRouter(prefix="/v1/precedents", tags=["precedents"], responses=error_responses(404, 422, 503))


@router.get("")
def precedents(
    assistant: AssistantDependency,
    court: Annotated[str | None, Query(max_length=200, description="Court that decided, or part of its name")] = None,
    article: Annotated[str | None, Query(max_length=100, description="Article of a code")] = None,
    theme: Annotated[str, Query(max_length=100, description="Words of a theme")] = "",
    date_from: Annotated[Date | None, Query(alias="from", description="First date, included")] = None,
    date_to: Annotated[Date | None, Query(alias="to", description="Last date, included")] = None,
) -> PrecedentsBody:
    """List decisions, the newest first."""
    if is_reversed(date_from, date_to):
        raise RequestValidationError([{"type": "dates_reversed", "loc": ("query", "from"), "msg": "", "input": None}])
    library = assistant.library
    filters = Filters(article=article, court=court, date_from=date_from, date_to=date_to)
    found = decisions(library.documents, filters, theme)
    return PrecedentsBody(precedents=[DocumentSummary.of(d, library.passages_of(d.id)) for d in found])


@router.get("/{document_id:path}")
def precedent(document_id: str, assistant: AssistantDependency) -> PrecedentBody:
    """Return one decision, with the decisions and sheets on the same articles and themes."""
    library = assistant.library
    document = library.document(document_id)
    if document.metadata.kind != "precedent":
        raise UnknownDocument("this document is no decision")
    near = [DocumentSummary.of(d, library.passages_of(d.id)) for d in related(library.documents, document)]
    return PrecedentBody.of_decision(document, library.passages_of(document_id), near)
