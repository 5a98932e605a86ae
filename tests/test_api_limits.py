"""Limits: counted by key and by address, told with a delay, and never a failure of ours when Redis fails."""

import asyncio
import time
from types import SimpleNamespace

import limits.storage.memory
import pytest

from api import limits as limits_module
from api.limits import RETRY, Allowance, Excess, Limiter, client_of
from assistant.errors import InvalidSetting


class Clock:
    """The time of the counters, moved by hand."""

    def __init__(self, monkeypatch):
        self.now = time.time()
        clock = SimpleNamespace(time=lambda: self.now, monotonic=lambda: self.now)
        monkeypatch.setattr(limits.storage.memory, "time", clock)
        monkeypatch.setattr(limits_module, "time", clock)


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


def take(limiter, allowance):
    return asyncio.run(limiter.take(allowance))


def test_a_window_moves(clock):
    limiter, mine = Limiter(), Allowance("address:a", "2/minute")
    assert take(limiter, mine) is None
    clock.now += 40
    assert take(limiter, mine) is None
    clock.now += 10
    assert take(limiter, mine) == Excess("too_many_requests", 2, 10)
    clock.now += 10.5  # the first has left the window, the second has not
    assert take(limiter, mine) is None
    assert take(limiter, mine).code == "too_many_requests"


def test_whoever_is_refused_is_not_kept_out_for_asking_again(clock):
    limiter, mine = Limiter(), Allowance("address:a", "1/minute")
    take(limiter, mine)
    for _ in range(50):
        assert take(limiter, mine).seconds == 60
    clock.now += 60.5
    assert take(limiter, mine) is None


def test_a_day_ends_a_day_after_its_first_request(clock):
    limiter, mine = Limiter(), Allowance("key:a", daily=2)
    take(limiter, mine)
    clock.now += 3_600
    take(limiter, mine)
    assert take(limiter, mine) == Excess("daily_cap", 2, 82_800)
    clock.now += 82_801
    assert take(limiter, mine) is None


def test_nobody_counts_for_another_and_no_limit_is_none():
    limiter = Limiter()
    take(limiter, Allowance("address:a", "1/hour"))
    assert take(limiter, Allowance("address:b", "1/hour")) is None
    assert take(limiter, Allowance("address:a", "1/hour")) is not None
    for _ in range(500):
        assert take(limiter, Allowance("address:c")) is None


def test_the_names_of_those_who_left_are_forgotten(clock, monkeypatch):
    monkeypatch.setattr(limits_module, "MOST_COUNTED", 50)
    limiter = Limiter()
    ((_, bound),) = Allowance("x", "5/second").bounds()
    for n in range(51):
        limits_module._count(limiter._memory, bound, str(n))
    take(limiter, Allowance("address:a", "1/hour"))
    clock.now += 2
    assert take(limiter, Allowance("address:a", "1/hour")) is not None  # who still counts is not
    assert len(limiter._memory.events) <= 2


def test_a_crowd_takes_no_more_than_its_place(clock, monkeypatch):
    monkeypatch.setattr(limits_module, "MOST_COUNTED", 50)
    limiter = Limiter()
    ((_, bound),) = Allowance("x", "5/hour").bounds()
    for n in range(51):
        limits_module._count(limiter._memory, bound, str(n))
    take(limiter, Allowance("address:a", "5/hour"))
    assert len(limiter._memory.events) == 1


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_whom_an_address_counts_for(address, client):
    assert client_of(address) == client


class Store(limits.storage.MemoryStorage):
    """Counts like Redis, and fails when told to."""

    failing = False
    calls = 0

    def acquire_entry(self, *args, **kwargs):
        self.calls += 1
        if self.failing:
            raise ConnectionError("redis://user:secret@host")
        return super().acquire_entry(*args, **kwargs)


async def together(limiter, allowance):
    return await asyncio.gather(*(limiter.take(allowance) for _ in range(2)))


def test_a_redis_that_fails_refuses_nobody_is_said_once_and_tried_again(clock, monkeypatch, caplog):
    store = Store()
    monkeypatch.setattr(limits_module, "storage_from_string", lambda *_, **__: store)
    limiter, mine = Limiter("redis://host"), Allowance("address:a", "2/hour")
    assert take(limiter, mine) is None
    store.failing = True
    assert [take(limiter, mine) for _ in range(2)] == [None, None]
    assert take(limiter, mine).code == "too_many_requests"  # this process goes on counting
    assert store.calls == 2
    assert caplog.text.count("limits_store_failed") == 1
    assert "secret" not in caplog.text
    clock.now += RETRY
    both = asyncio.run(together(limiter, Allowance("address:b", "2/hour")))
    assert both == [None, None]
    assert caplog.text.count("limits_store_failed") == 2
    store.calls, store.failing = 2, False
    clock.now += RETRY
    assert take(limiter, mine) is None
    assert store.calls == 3


def test_a_redis_that_is_not_there(caplog):
    limiter = Limiter("redis://127.0.0.1:9/0")
    assert [take(limiter, Allowance("address:a", "1/hour")) is None for _ in range(2)] == [True, False]
    assert caplog.text.count("limits_store_failed") == 1


def test_a_store_that_cannot_be_used_is_a_wrong_setting():
    for wrong in ("nope://host", "redis://host:port"):
        with pytest.raises(InvalidSetting):
            Limiter(wrong)
