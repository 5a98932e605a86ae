"""A reader's verdict on an answer, stored only where the operator named a file for it."""

from fastapi import APIRouter, Depends

from api.dependencies import FeedbackDependency, require_json
from api.schemas import FeedbackBody, FeedbackRequest, error_responses
from assistant.errors import FeedbackOff

router = APIRouter(prefix="/v1/feedback", tags=["feedback"], dependencies=[Depends(require_json)])


@router.post("", responses=error_responses(400, 404, 413, 415, 422, 503))
def feedback(body: FeedbackRequest, store: FeedbackDependency) -> FeedbackBody:
    """Store a verdict. Identifying data in its words is replaced first; without a store the answer is 404."""
    if store is None:
        raise FeedbackOff("no file for feedback is configured: set DEONTO_FEEDBACK")
    store.add(body.answer_id, body.verdict, body.reason or "", body.comment or "")
    return FeedbackBody(stored=True)
