"""Figures for Prometheus: an operator's, not a reader's."""

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST

router = APIRouter(tags=["operation"])


@router.get(
    "/metrics", response_class=Response, responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}}
)
def metrics(request: Request) -> Response:
    """Return counts and durations in the text format of Prometheus; none of them says what was asked."""
    return Response(request.app.state.metrics.text(), media_type=CONTENT_TYPE_LATEST)
