"""The operator's page: what is indexed, what readers thought, which limits hold. For whoever runs the server alone."""

import datetime
from pathlib import Path
from urllib.parse import urlsplit

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse

from api.access import Access
from api.dependencies import AssistantDependency, FeedbackDependency, IndexDependency
from api.errors import Refusal
from api.overview import NAMED, coverage, holdings, manifest_at, unread, verdicts
from api.templating import TEMPLATES
from assistant.settings import Settings

REPORT = Path("var/eval/report/report.html")
"""Where ``deonto eval report`` writes by default."""

router = APIRouter(include_in_schema=False, prefix="/operateur")


@router.get("")
def overview(
    request: Request, assistant: AssistantDependency, store: FeedbackDependency, index: IndexDependency
) -> Response:
    """Return the operator's page."""
    settings: Settings = request.app.state.settings
    access: Access = request.app.state.access
    today = datetime.datetime.now(tz=datetime.UTC).date()
    covered = coverage(assistant.library)
    files = unread(settings.documents, assistant.library.documents)
    context = {
        "assistant": assistant,
        "index": index,
        "manifest": manifest_at(settings.index),
        "holdings": holdings(assistant.library),
        "coverage": covered,
        "holes": [article for article in covered if not article.sheets],
        "folders": settings.documents,
        "unread": files[:NAMED],
        "more": max(0, len(files) - NAMED),
        "store": store,
        "verdicts": verdicts(store, today) if store else None,
        "report": datetime.date.fromtimestamp(REPORT.stat().st_mtime).isoformat() if REPORT.is_file() else "",
        "settings": settings,
        "model_host": urlsplit(settings.model_url).hostname or "",
        "access": access,
    }
    return TEMPLATES.TemplateResponse(request, "operator.html", context)


@router.get("/rapport")
def report() -> Response:
    """Return the evaluation report as a file: it holds its own styles, which no page of ours may."""
    if not REPORT.is_file():
        raise Refusal("not_found")
    return FileResponse(REPORT, media_type="text/html", filename=f"deonto-{REPORT.name}")
