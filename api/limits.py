"""How often one may ask: moving windows and daily caps, counted in this process or in Redis.

Every process counts for itself; several workers or servers that must share one count need Redis. When Redis fails, each
process goes on counting for itself and tries Redis again later: nobody is refused, and nothing is let in unlimited.
A counter is named after a key's digest or a client's address, and is forgotten when its window has passed.
"""

import asyncio
import ipaddress
import logging
import math
import time
from dataclasses import dataclass

import limits
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter, MovingWindowRateLimiter

from api.logs import say
from assistant.errors import InvalidSetting

logger = logging.getLogger("api.limits")

RETRY = 30.0  # seconds that Redis is left alone after a failure
PATIENCE = 1.0  # seconds that it may take to answer
MOST_COUNTED = 5_000  # clients counted at once in this process: the library looks through them all every time


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one key or one address may ask for.

    Attributes
    ----------
    who
        Whose it is.
    rate
        Requests in a moving window, such as ``60/minute``; "" for no limit.
    daily
        Requests in the day that begins with the first; 0 for no cap.

    """

    who: str
    rate: str = ""
    daily: int = 0

    def bounds(self) -> list[tuple[str, limits.RateLimitItem]]:
        """Return each limit with the code of its refusal."""
        rate = [("too_many_requests", limits.parse(self.rate))] if self.rate else []
        return rate + ([("daily_cap", limits.RateLimitItemPerDay(self.daily))] if self.daily else [])


@dataclass(frozen=True, slots=True)
class Excess:
    """A limit that was reached: the code of the refusal, the limit, and the seconds until the next request."""

    code: str
    limit: int
    seconds: int


class Limiter:
    """Counts requests.

    Parameters
    ----------
    store
        Address of a Redis server, "" for none.

    Raises
    ------
    InvalidSetting
        Redis is named and its client is not installed.

    """

    def __init__(self, store: str = "") -> None:
        self._memory = MemoryStorage()
        self._shared: Storage | None = None
        self._shared_from = 0.0
        if store:
            try:
                shared = storage_from_string(store, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
            except (limits.errors.ConfigurationError, ValueError) as error:
                wrong = "DEONTO_LIMITS_STORE: Redis cannot be used; pip install 'deonto[redis]', check the address"
                raise InvalidSetting(wrong, name="DEONTO_LIMITS_STORE") from error
            self._shared = shared if isinstance(shared, Storage) else None

    async def take(self, allowance: Allowance) -> Excess | None:
        """Count one request, or say which limit it would pass."""
        for code, bound in allowance.bounds():
            seconds = await self._take(bound, allowance.who)
            if seconds is not None:
                return Excess(code, bound.amount, seconds)
        return None

    async def _take(self, bound: limits.RateLimitItem, who: str) -> int | None:
        if self._shared is not None and time.monotonic() >= self._shared_from:
            try:
                # Apart from the threads that answer questions: it must not wait for one of them.
                return await asyncio.to_thread(_count, self._shared, bound, who)
            except Exception as error:  # a store that fails, however it does, refuses nobody
                if time.monotonic() >= self._shared_from:  # the first of those that wait for it says so
                    self._shared_from = time.monotonic() + RETRY
                    say(logger, logging.WARNING, "limits_store_failed", type=type(error).__name__, seconds=RETRY)
        if len(self._memory.events) + len(self._memory.storage) > MOST_COUNTED:
            _shrink(self._memory)
        return _count(self._memory, bound, who)


def _count(store: Storage, bound: limits.RateLimitItem, who: str) -> int | None:
    """Count one request; return the seconds to wait where it is one too many."""
    daily = isinstance(bound, limits.RateLimitItemPerDay)
    window = FixedWindowRateLimiter(store) if daily else MovingWindowRateLimiter(store)
    if window.hit(bound, who):
        return None
    return max(1, math.ceil(window.get_window_stats(bound, who).reset_time - time.time()))


def _shrink(memory: MemoryStorage) -> None:
    """Forget who has nothing counted any more (the library keeps their names), then everybody if they are too many."""
    now = time.time()
    for name, entries in list(memory.events.items()):
        if not any(entry.expiry > now for entry in entries):
            memory.clear(name)
    if len(memory.events) + len(memory.storage) > MOST_COUNTED // 2:
        memory.reset()


def client_of(address: str) -> str:
    """Return whom an address counts for: itself, or all of an IPv6 network, for one machine has 2⁶⁴ of those."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if isinstance(ip, ipaddress.IPv6Address):
        return str(ip.ipv4_mapped or ipaddress.ip_network((ip, 64), strict=False))
    return str(ip)
