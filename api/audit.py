"""Security events: one line each on the logger ``deonto.audit``, in words of ours only.

A line is that of ``api.logs`` with ``"log": "deonto.audit"``, by which an operator routes it, ``event``, the
``request_id`` of the request it belongs to, and facts:

======================  ==============================================================================================
event                   facts
======================  ==============================================================================================
unauthorized            reason: missing, malformed, unknown, revoked, expired
forbidden               reason: role, origin, route, unprotected; key
origin_refused          key
host_refused
rate_limited            limit, seconds (until the next request), scope: key, address; key
daily_cap               limit, seconds; key
body_too_large          limit (bytes)
request_timeout         seconds
overloaded              limit (requests served at once)
keys_reloaded           count
keys_invalid            code, count
key_added, key_revoked  key, role
index_swapped           fingerprint, documents, passages, seconds
index_refused           code
store_purged            rows
redacted                one fact a kind of identifying data, its count
model_failed            reason: unavailable, cut
model_sentence_dropped  count, kept
======================  ==============================================================================================

Facts are checked against a list of names, and texts against what the name allows: words of ours, hexadecimal
identifiers of ours. What is not allowed is left out and counted as ``left_out``; so is the address of a client, which
the proxy in front has. Nothing is raised.
"""

import errno
import logging
import math
import re
from collections.abc import Callable, Mapping

from api import logs
from api.errors import STATUS
from api.exchange import current

EVENTS = frozenset(
    "unauthorized forbidden origin_refused host_refused rate_limited daily_cap body_too_large request_timeout "
    "overloaded keys_reloaded keys_invalid key_added key_revoked index_swapped index_refused "
    "store_purged redacted model_failed model_sentence_dropped".split()
)
ROUTINE = frozenset("keys_reloaded key_added index_swapped store_purged redacted model_sentence_dropped".split())
"""Events that ask nothing of anybody: level ``info``; the others are warnings."""
NUMBERS = frozenset("limit seconds count kept rows days documents passages".split())
LARGEST = 1_000_000_000
"""A number above it is no count of ours, and might be somebody's telephone or social security number."""
KIND = re.compile("[a-z][a-z_]{1,19}")
REASONS = frozenset("missing malformed unknown revoked expired role origin route unprotected unavailable cut".split())
SCOPES = frozenset("key address all conversation answer".split())
ROLES = frozenset("reader admin".split())

logger = logging.getLogger("deonto.audit")


CODES = frozenset({*STATUS, *errno.errorcode.values(), "Malformed", "NoKey"})
"""Codes of our errors, names of the system's such as ``ENOSPC``, and what a file of keys can suffer from."""

TEXTS: Mapping[str, Callable[[str], object]] = {
    "reason": REASONS.__contains__,
    "scope": SCOPES.__contains__,
    "role": ROLES.__contains__,
    "code": CODES.__contains__,
    "fingerprint": re.compile("[0-9a-f]{16}([0-9a-f]{48})?").fullmatch,
    "key": re.compile("(?=.*[a-f])[0-9a-f]{8}").fullmatch,
}
"""What a fact of this name may say."""


def audit(event: str, /, **facts: str | int | float) -> None:
    """Write one line on a security event; see above for its events and facts. Never raises."""
    try:
        known = event if isinstance(event, str) and event in EVENTS else "unlisted"
        safe = {name: value for name, value in facts.items() if known != "unlisted" and _allowed(known, name, value)}
        left_out = {"left_out": len(facts) - len(safe)} if len(safe) < len(facts) else {}
        logs.say(logger, logging.INFO if known in ROUTINE else logging.WARNING, known, **safe, **left_out)
        if (exchange := current()) is not None:
            exchange.events.append(known)
    except Exception as error:
        logs.say(logger, logging.ERROR, "unlisted", type=type(error).__name__)


def _allowed(event: str, name: str, value: object) -> bool:
    if isinstance(value, str):
        return name in TEXTS and len(value) <= 64 and bool(TEXTS[name](value))
    if not isinstance(value, int | float) or not math.isfinite(value) or abs(value) >= LARGEST:
        return False
    # The kinds are constants of the finders of identifying data, and what is said of them is a count.
    return name in NUMBERS or (event == "redacted" and bool(KIND.fullmatch(name)))
