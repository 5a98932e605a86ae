"""Pages of other sites: those of the allow-list may read what we answer, errors too; no other may, ever."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access import Access

EXPOSED = "X-Request-ID, Retry-After"
PREFLIGHT = {
    "access-control-allow-methods": "GET, POST",
    "access-control-allow-headers": "Authorization, Content-Type, X-API-Key, X-Request-ID",
    "access-control-max-age": "600",  # seconds; a key that is revoked closes its origin in as many
}


class Cors:
    """ASGI middleware around the others, so that a refusal can be read by the page it is meant for.

    ``Access-Control-Allow-Origin`` is the one origin that asks, never ``*``; credentials are never allowed: there is no
    cookie, and a key is sent by the script that has it.
    """

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self.app = app
        self.access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one exchange."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        origin = Headers(scope=scope).get("origin")
        allowed = origin is not None and origin in self.access.allowed_origins()

        async def send_allowed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.add_vary_header("Origin")  # a cache must not serve one site what was for another
                if origin is not None and allowed:
                    headers["access-control-allow-origin"] = origin
                    headers["access-control-expose-headers"] = EXPOSED
            await send(message)

        await self.app(scope, receive, send_allowed)


def is_preflight(scope: Scope, headers: Headers) -> bool:
    """Return whether a browser asks beforehand what a page of another site may send."""
    return scope["method"] == "OPTIONS" and "origin" in headers and "access-control-request-method" in headers
