"""The application, around an assistant that is given to it."""

from importlib.metadata import PackageNotFoundError, version
from typing import Any

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from api import errors
from api.middleware import Boundary
from api.protocols import Assistant
from api.routes import answers, chat, documents, health, pages, precedents, search
from api.routes import feedback as feedback_route
from api.schemas import EXAMPLES
from api.templating import STATIC
from assistant.feedback import FeedbackStore

MAX_BODY_SIZE = 64_000  # bytes; a question and its earlier turns take a few kilobytes
MAX_CHAT_BODY_SIZE = 1_000_000  # a chat client sends its whole conversation each time, our answers and sources too


class Application(FastAPI):
    """FastAPI with the examples in its description; its own way of giving them drops the fields that are null."""

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI description."""
        description = super().openapi()
        for name, schema in description["components"]["schemas"].items():
            if name in EXAMPLES:
                schema["examples"] = [EXAMPLES[name]]
        return description


def create_app(
    assistant: Assistant, *, feedback: FeedbackStore | None = None, max_body_size: int = MAX_BODY_SIZE
) -> FastAPI:
    """Return the web application that serves one assistant.

    Parameters
    ----------
    assistant
        Answers, searches and holds the documents; loaded and ready.
    feedback
        Where readers' verdicts are kept; None keeps none.
    max_body_size
        Bytes above which a request body is refused with 413; a conversation may always have ``MAX_CHAT_BODY_SIZE``.

    """
    app = Application(
        title="Déonto",
        summary="Exact, cited answers on French medical deontology and the secret médical.",
        version=_version(),
        docs_url=None,  # the interactive pages load scripts from a third party
        redoc_url=None,
        telemetry={"tracing": False},
    )
    app.state.assistant = assistant
    app.state.feedback = feedback
    errors.install(app)
    longer = {chat.ROUTE: max(max_body_size, MAX_CHAT_BODY_SIZE)}
    app.add_middleware(Boundary, max_body_size=max_body_size, longer=longer)
    for routes in (answers, chat, feedback_route, search, documents, precedents, health, pages):
        app.include_router(routes.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    return app


def _version() -> str:
    try:
        return version("deonto")
    except PackageNotFoundError:  # a checkout that was never installed
        return "0"
