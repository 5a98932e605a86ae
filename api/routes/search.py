"""Ranked passages for words, without an answer."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.exceptions import RequestValidationError

from api.dependencies import AssistantDependency
from api.schemas import Date, SearchBody, error_responses
from assistant.dates import is_reversed
from assistant.models import Filters
from corpus.models import Kind

router = APIRouter(prefix="/v1/search", tags=["search"], responses=error_responses(422, 503))


@router.get("")
def search(
    assistant: AssistantDependency,
    q: Annotated[str, Query(min_length=1, max_length=2000, description="Words, or a reference such as R. 4127-4")],
    kind: Annotated[Kind | None, Query(description="Kind of document")] = None,
    article: Annotated[str | None, Query(max_length=100, description="Article of a code")] = None,
    court: Annotated[str | None, Query(max_length=200, description="Court that decided")] = None,
    date_from: Annotated[Date | None, Query(alias="from", description="First date, included")] = None,
    date_to: Annotated[Date | None, Query(alias="to", description="Last date, included")] = None,
    k: Annotated[int, Query(ge=1, le=50, description="Number of passages")] = 10,
) -> SearchBody:
    """Return the passages nearest to some words, best first."""
    if is_reversed(date_from, date_to):
        raise RequestValidationError([{"type": "dates_reversed", "loc": ("query", "from"), "msg": "", "input": None}])
    filters = Filters(kind=kind, article=article, court=court, date_from=date_from, date_to=date_to)
    passages = assistant.search(q, filters=None if filters == Filters() else filters, k=k)
    return SearchBody.model_validate({"passages": passages})
