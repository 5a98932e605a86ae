"""A model that keeps failing is left alone for a while; one question at a time tries it again."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from assistant.breaker import FAILURES, REST, Breaker


class Clock:
    """Seconds that pass when told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def open_breaker(clock: Clock) -> Breaker:
    """One that has just opened, for ten seconds."""
    breaker = Breaker(rest=10, clock=clock)
    for _ in range(FAILURES):
        assert breaker.allows()
        breaker.failed()
    return breaker


def test_failures_in_a_row_open_it(open_breaker: Breaker, clock: Clock) -> None:
    assert not open_breaker.allows()
    clock.now = 9.9
    assert not open_breaker.allows()


def test_fewer_do_not() -> None:
    breaker = Breaker()
    for _ in range(3):
        for _ in range(FAILURES - 1):
            breaker.failed()
            assert breaker.allows()
        breaker.succeeded()


def test_after_its_rest_one_caller_is_let_through(open_breaker: Breaker, clock: Clock) -> None:
    clock.now = 10.0
    assert [open_breaker.allows() for _ in range(3)] == [True, False, False]
    clock.now = 19.9
    assert not open_breaker.allows()


def test_a_trial_that_succeeds_closes_it(open_breaker: Breaker, clock: Clock) -> None:
    clock.now = 10.0
    assert open_breaker.allows()
    open_breaker.succeeded()
    for _ in range(FAILURES - 1):
        open_breaker.failed()
    assert [open_breaker.allows() for _ in range(3)] == [True] * 3


def test_a_trial_that_fails_opens_it_again_from_then_on(open_breaker: Breaker, clock: Clock) -> None:
    clock.now = 10.0
    assert open_breaker.allows()
    clock.now = 15.0
    open_breaker.failed()
    clock.now = 24.9
    assert not open_breaker.allows()
    clock.now = 25.0
    assert open_breaker.allows()


def test_a_trial_that_never_ends_is_followed_by_another(open_breaker: Breaker, clock: Clock) -> None:
    clock.now = 10.0
    assert open_breaker.allows()
    clock.now = 20.0
    assert [open_breaker.allows() for _ in range(2)] == [True, False]


def test_of_many_callers_at_once_one_is_let_through(open_breaker: Breaker, clock: Clock) -> None:
    clock.now = 10.0
    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(lambda _: open_breaker.allows(), range(200))) == 1


def test_failures_are_counted_across_threads() -> None:
    breaker = Breaker(failures=200)
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda _: breaker.failed(), range(199)))
    assert breaker.allows()
    breaker.failed()
    assert not breaker.allows()


def test_its_defaults() -> None:
    assert (FAILURES, REST) == (3, 60.0)
