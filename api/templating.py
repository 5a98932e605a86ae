"""Where the pages stand, and when an error is shown as one."""

from pathlib import Path

from fastapi import Request
from fastapi.templating import Jinja2Templates

PACKAGE = Path(__file__).parent
STATIC = PACKAGE / "static"
TEMPLATES = Jinja2Templates(directory=PACKAGE / "templates")


def wants_page(request: Request) -> bool:
    """Return whether a browser is opening a page, rather than a program calling the JSON interface."""
    path = request.url.path
    return (
        request.method in {"GET", "HEAD"}
        and not path.startswith(("/v1/", "/health/", "/static/"))
        and "text/html" in request.headers.get("accept", "")
    )
