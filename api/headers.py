"""The headers of every response that say what a browser may do with it."""

from collections.abc import Mapping

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",  # no inline script, none from elsewhere, no eval
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)
FIXED: Mapping[str, str] = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
}
LENT = ("/widget.js", "/static/widget")
"""What pages of other sites load by a tag. They call ``/v1`` by CORS, which asks for no such header."""
A_YEAR = 31_536_000


def security_headers(scheme: str, path: str) -> dict[str, str]:
    """Return the headers of a response.

    ``Strict-Transport-Security`` goes out over TLS only, which a proxy in front tells us of: browsers ignore it over
    plain HTTP, where anybody on the way could have written it, and localhost has no use for it.

    Parameters
    ----------
    scheme
        ``http`` or ``https``, as the client sees it.
    path
        Path of the request.

    """
    headers = dict(FIXED)
    headers["cross-origin-resource-policy"] = "cross-origin" if path.startswith(LENT) else "same-origin"
    if scheme == "https":
        headers["strict-transport-security"] = f"max-age={A_YEAR}"
    return headers
