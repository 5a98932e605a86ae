"""The application, around an assistant that is given to it."""

from importlib.metadata import PackageNotFoundError, version
from typing import Any

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from api import errors
from api.access import Access
from api.cors import Cors
from api.deadlines import SECONDS, Deadlines
from api.describing import describe_access
from api.gate import Gate
from api.metrics import Metrics
from api.middleware import Boundary
from api.originals import Originals
from api.protocols import Assistant
from api.reloading import Reloader
from api.routes import (
    answers,
    articles,
    chat,
    decisions,
    documents,
    health,
    pages,
    precedents,
    research,
    search,
    widget,
)
from api.routes import feedback as feedback_route
from api.routes import metrics as metrics_route
from api.routes import operator as operator_route
from api.running import running
from api.schemas import EXAMPLES
from api.templating import STATIC
from assistant.settings import Settings
from assistant.store.feedback import FeedbackStore

MAX_BODY_SIZE = 64_000  # bytes; a question and its earlier turns take a few kilobytes
MAX_CHAT_BODY_SIZE = 1_000_000  # a chat client sends its whole conversation each time, our answers and sources too


class Application(FastAPI):
    """FastAPI with the examples in its description; its own way of giving them drops the fields that are null."""

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI description."""
        description = super().openapi()
        describe_access(description)
        for name, schema in description["components"]["schemas"].items():
            if name in EXAMPLES:
                schema["examples"] = [EXAMPLES[name]]
        return description


def create_app(
    assistant: Assistant,
    *,
    feedback: FeedbackStore | None = None,
    reloader: Reloader | None = None,
    max_body_size: int = MAX_BODY_SIZE,
    access: Access | None = None,
    request_timeout: float = SECONDS,
    settings: Settings | None = None,
) -> FastAPI:
    """Return the web application that serves one assistant.

    Parameters
    ----------
    assistant
        Answers, searches and holds the documents; loaded and ready.
    feedback
        Where readers' verdicts are kept; None keeps none.
    reloader
        Puts another assistant in place when the index has changed, as long as the server runs; None keeps this one.
    max_body_size
        Bytes above which a request body is refused with 413; a conversation may always have ``MAX_CHAT_BODY_SIZE``.
    access
        Who may use it; by default everybody, pages of other sites aside, and operators' routes from this machine only.
    request_timeout
        Seconds for a request to arrive and its answer to begin.
    settings
        What the operator has chosen, for their page; the folders of documents give readers the original files.

    """
    access = access or Access()
    app = Application(
        title="Déonto",
        summary="Exact, cited answers on French medical deontology and the secret médical.",
        version=_version(),
        docs_url=None,  # the interactive pages load scripts from a third party
        redoc_url=None,
        redirect_slashes=False,  # the address of a redirection would repeat what was asked
        telemetry={"tracing": False},
        lifespan=running,
    )
    app.state.assistant = assistant
    app.state.reloader = reloader
    app.state.feedback = feedback
    app.state.access = access
    app.state.settings = settings or Settings()
    app.state.originals = Originals(app.state.settings.documents)
    app.state.metrics = Metrics(lambda: app.state.assistant)
    errors.install(app)
    longer = {chat.ROUTE: max(max_body_size, MAX_CHAT_BODY_SIZE)}
    # The last that is added stands outermost.
    app.add_middleware(Deadlines, seconds=request_timeout)
    app.add_middleware(Gate, access=access)
    if access.proxies:
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=list(access.proxies))
    app.add_middleware(Boundary, max_body_size=max_body_size, longer=longer)
    app.add_middleware(Cors, access=access)
    for routes in (
        answers,
        chat,
        feedback_route,
        search,
        documents,
        precedents,
        health,
        metrics_route,
        operator_route,
        widget,
        pages,
        research,
        decisions,
        articles,
    ):
        app.include_router(routes.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    return app


def _version() -> str:
    try:
        return version("deonto")
    except PackageNotFoundError:  # a checkout that was never installed
        return "0"
