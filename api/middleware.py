"""The outermost layer of every HTTP exchange: request id, security headers, access log, last resort for exceptions."""

import re
import secrets
from collections.abc import Mapping

from fastapi import HTTPException
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.audit import audit
from api.errors import error_response, log_failure
from api.exchange import Exchange
from api.headers import security_headers

# A proxy's own identifier is kept where it is a UUID, with or without its dashes: any looser form could be a name or a
# telephone number, and would stand in the log.
SAFE_REQUEST_ID = re.compile(r"(?=.*[a-f])[0-9a-f]{8}(-?)[0-9a-f]{4}(?:\1[0-9a-f]{4}){2}\1[0-9a-f]{12}")


class Boundary:
    """ASGI middleware around the whole application.

    Access is logged as method, route template, status and milliseconds: the address itself may carry a question
    (``/v1/search?q=…``), so it is never written anywhere.

    Parameters
    ----------
    max_body_size
        Bytes above which a body is refused with 413.
    longer
        The same by path, where more is let in.

    """

    def __init__(self, app: ASGIApp, max_body_size: int, longer: Mapping[str, int] | None = None) -> None:
        self.app = app
        self.max_body_size = max_body_size
        self.longer = dict(longer or {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one exchange."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request_id = _request_id(headers)
        scope.setdefault("state", {})["request_id"] = request_id
        exchange = Exchange.begin(scope, request_id)

        async def send_with_headers(message: Message) -> None:
            exchange.sends(message)
            if message["type"] == "http.response.start":
                _add_headers(MutableHeaders(scope=message), request_id, scope)
            await send(message)

        try:
            limit = self.longer.get(scope["path"], self.max_body_size)
            await self.app(scope, _limited(receive, headers, limit), send_with_headers)
        except Exception as error:  # the last resort: nothing above may print the exception's text
            if exchange.status:
                log_failure(error, request_id)
            else:
                response = error_response(Request(scope), error)
                await response(scope, receive, send_with_headers)
        finally:
            exchange.end()


def _limited(receive: Receive, headers: Headers, limit: int) -> Receive:
    """Count the bytes of a body as they are read; over the limit, reading fails with 413.

    FastAPI's own ``max_body_size`` answers in plain text when the length is declared, not in the shape of our errors.
    """
    declared = headers.get("content-length", "")
    read = limit + 1 if declared.isdecimal() and int(declared[:18]) > limit else 0

    async def receive_limited() -> Message:
        nonlocal read
        message = await receive() if read <= limit else {"type": "http.request"}
        if message["type"] == "http.request":
            read += len(message.get("body", b""))
            if read > limit:
                audit("body_too_large", limit=limit)
                raise HTTPException(413)
        return message

    return receive_limited


def _request_id(headers: Headers) -> str:
    given = headers.get("x-request-id", "")
    return given if SAFE_REQUEST_ID.fullmatch(given) else secrets.token_hex(8)


def _add_headers(headers: MutableHeaders, request_id: str, scope: Scope) -> None:
    path = scope["path"]
    for name, value in security_headers(scope.get("scheme", "http"), path).items():
        headers.setdefault(name, value)
    headers["x-request-id"] = request_id
    # What was asked must not stay in a browser's or a proxy's cache; our own files are revalidated at each use.
    headers.setdefault("cache-control", "no-cache" if path.startswith("/static/") else "no-store")
