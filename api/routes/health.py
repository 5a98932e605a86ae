"""Probes for a supervisor."""

from fastapi import APIRouter, HTTPException

from api.dependencies import AssistantDependency
from api.resources import LiveBody, ReadyBody
from api.schemas import error_responses

router = APIRouter(prefix="/health", tags=["health"])


@router.get("/live")
async def live() -> LiveBody:
    """Say that the process answers."""
    return LiveBody(status="ok")


@router.get("/ready", responses=error_responses(503))
async def ready(assistant: AssistantDependency) -> ReadyBody:
    """Say that questions can be answered: an index is loaded and holds documents."""
    documents = assistant.library.documents
    if not documents:
        raise HTTPException(503)
    return ReadyBody(status="ready", documents=len(documents), fingerprint=assistant.fingerprint)
