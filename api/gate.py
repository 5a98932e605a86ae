"""The gate: each request is let through, or refused with 401, 403, 421 or 429. ``api.access`` says by which rules."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.access import FORWARDING, SEARCH, Access, is_loopback, is_operators
from api.audit import audit
from api.cors import PREFLIGHT, is_preflight
from api.errors import Refusal
from api.limits import Allowance, client_of
from assistant.keys import Key


class Gate:
    """ASGI middleware inside the boundary, which turns what is raised here into our error shape."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self.app = app
        self.access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one exchange."""
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            if self.access.local and not _names_this_machine(headers.getlist("host")):
                audit("host_refused")
                raise Refusal("misdirected")
            if is_preflight(scope, headers):
                if headers["origin"] not in self.access.allowed_origins():
                    audit("origin_refused")
                    raise Refusal("forbidden")
                await Response(status_code=204, headers=PREFLIGHT)(scope, receive, send)
                return
            if not self.access.asks_nothing(scope["path"]):
                await self._check(scope, headers)
            elif scope["path"] in SEARCH:
                client = client_of(scope["client"][0] if scope.get("client") else "")
                for allowance in self.access.allowances(None, client):
                    await self._count(allowance, None)
        await self.app(scope, receive, send)

    async def _check(self, scope: Scope, headers: Headers) -> None:
        address = scope["client"][0] if scope.get("client") else ""
        client = client_of(address)
        key = self._key(headers) if self.access.keyring else None
        if self.access.keyring and (key is None or key.revoked):
            # A guess counts: whoever guesses is soon refused for it.
            await self._count(Allowance(f"address:{client}", self.access.rate, self.access.daily), None)
            audit("unauthorized", reason="revoked" if key else "unknown" if _given(headers) else "missing")
            raise Refusal("unauthorized", www_authenticate="Bearer")
        if not self._comes_from_where_it_may(headers, key):
            audit("origin_refused", **_of(key))
            raise Refusal("forbidden")
        if is_operators(scope["path"]):
            forwarded = not self.access.proxies and any(name in headers for name in FORWARDING)
            if key.scope != "admin" if key else forwarded or not is_loopback(address):
                audit("forbidden", reason="role" if key else "unprotected", **_of(key))
                raise Refusal("forbidden")
        for allowance in self.access.allowances(key, client):
            await self._count(allowance, key)

    def _key(self, headers: Headers) -> Key | None:
        given = _given(headers)
        return self.access.keyring.find(given) if self.access.keyring and given else None

    def _comes_from_where_it_may(self, headers: Headers, key: Key | None) -> bool:
        """Tell whether the page that sends a request, if one does, may do so.

        A key with origins serves pages of theirs and nothing else. Otherwise our own pages, programs, and the pages of
        ``DEONTO_ORIGINS``: what any page may make a browser send must not drive a server that asks for no key.
        """
        origin = headers.get("origin")
        if key and key.origins:
            return origin in key.origins
        if origin is None:
            # Images and scripts of another site send no origin, and could still make us work.
            return headers.get("sec-fetch-site") != "cross-site" or headers.get("sec-fetch-mode") == "navigate"
        own = headers.get("sec-fetch-site") == "same-origin" or _host_of(origin) == headers.get("host", "-").lower()
        return own or origin in self.access.origins

    async def _count(self, allowance: Allowance, key: Key | None) -> None:
        excess = await self.access.limiter.take(allowance)
        if excess is None:
            return
        seconds, scope = excess.seconds, allowance.who.partition(":")[0]
        if excess.code == "daily_cap":
            audit("daily_cap", limit=excess.limit, seconds=seconds, **_of(key))
        else:
            audit("rate_limited", limit=excess.limit, seconds=seconds, scope=scope, **_of(key))
        raise Refusal(excess.code, retry_after=str(seconds))


def _given(headers: Headers) -> str:
    """Return the key that a request brings, "" when it brings none."""
    scheme, _, bearer = headers.get("authorization", "").partition(" ")
    return headers.get("x-api-key", "").strip() or (bearer.strip() if scheme.lower() == "bearer" else "")


def _host_of(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def _names_this_machine(hosts: list[str]) -> bool:
    """Tell whether the one ``Host`` header is a name that only this machine has; any port will do."""
    if len(hosts) != 1:
        return False
    host, port = hosts[0], ""
    if host.startswith("["):
        host, _, port = host[1:].partition("]")
    elif host.count(":") == 1:
        host, _, port = host.partition(":")
    return is_loopback(host) and (not port.removeprefix(":") or port.removeprefix(":").isdecimal())


def _of(key: Key | None) -> dict[str, str]:
    return {"key": key.label} if key else {}
