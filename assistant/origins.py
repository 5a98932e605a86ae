"""Web origins ("https://conseil.example"), written as browsers write them."""

import re
from urllib.parse import urlsplit

_FORM = re.compile(r"https?://(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])(?::[0-9]{1,5})?")
_USUAL = {"http": ":80", "https": ":443"}


def origin_of(text: str) -> str:
    """Return an origin in the one form that browsers send: lower case, without the usual port.

    Raises
    ------
    ValueError
        The text is no origin: a path, a wildcard, another scheme, letters that a browser would write in punycode.

    """
    origin = text.strip().lower().removesuffix("/")
    if not _FORM.fullmatch(origin):
        raise ValueError("not an origin: give scheme, host and port if any, such as https://conseil.example")
    return origin.removesuffix(_USUAL[urlsplit(origin).scheme])
