"""What routes ask FastAPI to hand them."""

from typing import Annotated, cast

from fastapi import Depends, HTTPException, Request

from api.observing import Observed
from api.originals import Originals
from api.protocols import Assistant
from api.reloading import IndexState, Reloader
from api.stopping import NEVER, Stopping
from assistant.store.feedback import FeedbackStore


def current_assistant(request: Request) -> Assistant:
    """Return the assistant that ``create_app`` was given; its answers leave counts behind."""
    return Observed(cast(Assistant, request.app.state.assistant))


def current_feedback(request: Request) -> FeedbackStore | None:
    """Return where verdicts are kept, None where they are not."""
    return cast(FeedbackStore | None, request.app.state.feedback)


def current_originals(request: Request) -> Originals:
    """Return where the files behind the documents are."""
    return cast(Originals, request.app.state.originals)


def current_index(request: Request) -> IndexState:
    """Return where the served index stands to the one on disk."""
    reloader: Reloader | None = request.app.state.reloader
    return reloader.status if reloader is not None else IndexState()


def current_stopping(request: Request) -> Stopping:
    """Return what tells an answer in progress that the server stops; it never does where no server was started."""
    return getattr(request.state, "stopping", NEVER)


def request_id_of(request: Request) -> str:
    """Return the identifier that the boundary gave to this request."""
    return str(request.state.request_id)


async def require_json(request: Request) -> None:
    """Refuse a body that is not declared as JSON.

    FastAPI itself reports such a body as a validation error on its content, which would be a misleading 422.

    Raises
    ------
    HTTPException
        415 when there is a body and its ``Content-Type`` is not JSON.

    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_json = media_type == "application/json" or (
        media_type.startswith("application/") and media_type.endswith("+json")
    )
    if not is_json and await request.body():
        raise HTTPException(415)


AssistantDependency = Annotated[Assistant, Depends(current_assistant)]
FeedbackDependency = Annotated[FeedbackStore | None, Depends(current_feedback)]
OriginalsDependency = Annotated[Originals, Depends(current_originals)]
IndexDependency = Annotated[IndexState, Depends(current_index)]
StoppingDependency = Annotated[Stopping, Depends(current_stopping)]
RequestId = Annotated[str, Depends(request_id_of)]
