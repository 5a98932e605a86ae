"""Probes for a supervisor."""

from fastapi import APIRouter, HTTPException

from api.dependencies import AssistantDependency, IndexDependency
from api.resources import IndexBody, LiveBody, ReadyBody
from api.schemas import error_responses

router = APIRouter(prefix="/health", tags=["health"])


@router.get("/live")
async def live() -> LiveBody:
    """Say that the process answers."""
    return LiveBody(status="ok")


@router.get("/ready", responses=error_responses(503))
async def ready(assistant: AssistantDependency, index: IndexDependency) -> ReadyBody:
    """Say that questions can be answered: an index is loaded and holds documents.

    ``index`` tells whether it is the one on disk, one that is being opened beside it, or one that was refused;
    ``model`` whether a language model is configured, and whether it fails. Neither keeps questions from being answered.
    """
    documents = assistant.library.documents
    if not documents:
        raise HTTPException(503)
    return ReadyBody(
        status="ready",
        documents=len(documents),
        fingerprint=assistant.fingerprint,
        built_at=assistant.built_at,
        index=IndexBody.model_validate(index),
        model=assistant.model,
    )
