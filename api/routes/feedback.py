"""A reader's verdict on an answer, stored only where the operator named a place for it; what is kept ages here too."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, Depends, FastAPI
from fastapi.concurrency import run_in_threadpool

from api.dependencies import FeedbackDependency, require_json
from api.schemas import ApiModel, FeedbackBody, FeedbackRequest, error_responses
from assistant.errors import FeedbackOff
from assistant.store.feedback import FeedbackStore
from assistant.store.retention import Retention


@asynccontextmanager
async def kept(app: FastAPI) -> AsyncIterator[None]:
    """Enforce the retention period while the server runs; at its end, write the conversations that wait."""
    store: FeedbackStore | None = app.state.feedback
    if store is None:
        yield
        return
    job = Retention(store.records, store.retention, tell=store.tell)
    job.start()
    try:
        yield
    finally:
        await run_in_threadpool(job.stop)
        await run_in_threadpool(store.close)


router = APIRouter(tags=["feedback"], lifespan=kept)


class VerdictCount(ApiModel):
    """How many verdicts of one kind a day had."""

    day: str
    verdict: str
    times: int


class FeedbackSummary(ApiModel):
    """What is kept, in figures: no word of a reader. Days are in UTC; ``first`` and ``last`` are empty without rows."""

    feedback: int
    conversations: int
    first: str
    last: str
    retention_days: int
    keeps_conversations: bool
    counts: list[VerdictCount]


@router.post(
    "/v1/feedback", dependencies=[Depends(require_json)], responses=error_responses(400, 404, 413, 415, 422, 503)
)
def feedback(body: FeedbackRequest, store: FeedbackDependency) -> FeedbackBody:
    """Store a verdict. Identifying data in its words is replaced first; without a store the answer is 404."""
    _store(store).add(body.answer_id, body.verdict, body.reason or "", body.comment or "")
    return FeedbackBody(stored=True)


@router.get("/v1/admin/feedback", responses=error_responses(404, 503))
def summary(store: FeedbackDependency) -> FeedbackSummary:
    """Count the verdicts by day and kind, the latest day first, for whoever runs the server."""
    known = _store(store)
    figures = known.records.summary()
    return FeedbackSummary(
        feedback=figures.feedback,
        conversations=figures.conversations,
        first=figures.first,
        last=figures.last,
        retention_days=known.retention,
        keeps_conversations=known.conversations is not None,
        counts=[VerdictCount.model_validate(count) for count in known.records.counts()],
    )


def _store(store: FeedbackStore | None) -> FeedbackStore:
    if store is None:
        raise FeedbackOff("nothing keeps feedback: set DEONTO_FEEDBACK")
    return store
