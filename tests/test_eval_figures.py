"""Figures and reliability, against numbers worked out by hand."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.figures import MEASURES, TOTALS, Figure, figure, figures_of, interval, latency, resampled
from eval.reliability import Bin, reliability


@pytest.mark.parametrize(
    ("right", "n", "low", "high"),
    [(8, 10, 0.4902, 0.9433), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (1, 1, 0.2065, 1.0), (1, 2, 0.0945, 0.9055)],
)
def test_yes_or_no_has_wilsons_interval(right, n, low, high):
    found = interval([1.0] * right + [0.0] * (n - right))
    assert found == pytest.approx((low, high), abs=5e-5)
    assert found == pytest.approx(wilson(right, n), abs=1e-9)


def wilson(right, n, z=1.959963984540054):
    p = right / n
    middle, width = p + z * z / (2 * n), z * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5
    return (middle - width) / (1 + z * z / n), (middle + width) / (1 + z * z / n)


def test_shares_have_a_bootstrap_interval_the_same_at_every_call():
    values = [n * n / 900 for n in range(30)]
    low, high = interval(values)
    assert (low, high) == interval(values) == resampled(values)
    assert 0 < low < sum(values) / len(values) < high < 1


def test_two_values_resample_to_either_or_both():
    assert resampled([0.2, 0.8]) == pytest.approx((0.2, 0.8))


@pytest.mark.parametrize("value", [0.0, 0.5, 1.0])
def test_values_that_are_all_alike_have_no_width_when_resampled(value):
    assert resampled([value] * 3) == (value, value)
    assert interval([0.5]) == (0.5, 0.5)


@settings(deadline=None)
@given(st.lists(st.integers(0, 20).map(lambda n: n / 20), min_size=1, max_size=30))
def test_the_interval_holds_the_mean(values):
    low, high = interval(values)
    assert -1e-9 <= low <= sum(values) / len(values) + 1e-9
    assert sum(values) / len(values) - 1e-9 <= high <= 1 + 1e-9


def test_counts_are_summed_and_their_interval_with_them():
    assert {"leaks", "error"} == TOTALS
    assert figure("leaks", "all", [0.0, 1.0, 3.0]) == Figure("leaks", "all", 3, 4.0, 0.0, 9.0)
    assert figure("error", "all", [1.0] * 8 + [0.0] * 2) == Figure("error", "all", 10, 8.0, 4.9016, 9.4332)
    assert figure("kept", "all", [1.0] * 8 + [0.0] * 2) == Figure("kept", "all", 10, 0.8, 0.4902, 0.9433)


def test_all_kinds_together_come_first_and_only_what_was_measured():
    rows = [
        ("list", {"kept": 0.5, "mrr@10": 1.0}),
        ("case", {"mrr@10": 0.0, "unknown": 1.0}),
        ("list", {"mrr@10": 0.0}),
    ]
    found = [(f.measure, f.kind, f.n, f.value) for f in figures_of(rows)]
    assert found == [
        ("mrr@10", "all", 3, 0.3333),
        ("mrr@10", "list", 2, 0.5),
        ("mrr@10", "case", 1, 0.0),
        ("kept", "all", 1, 0.5),
        ("kept", "list", 1, 0.5),
    ]
    assert figures_of([]) == ()
    assert len(set(MEASURES)) == len(MEASURES)


def test_latency():
    assert latency([30.0, 10.0, 20.0]) == {"n": 3, "p50": 20.0, "p95": 29.0, "max": 30.0}
    assert latency([5.126]) == {"n": 1, "p50": 5.13, "p95": 5.13, "max": 5.13}


FIVE = [(0.1, False), (0.2, True), (0.6, True), (0.7, False), (1.0, True)]


def test_reliability_of_five_pairs():
    found = reliability(FIVE)
    assert found.bins == (
        Bin(0.1, 0.2, 1, 0.1, 0.0),
        Bin(0.2, 0.3, 1, 0.2, 1.0),
        Bin(0.6, 0.7, 1, 0.6, 1.0),
        Bin(0.7, 0.8, 1, 0.7, 0.0),
        Bin(0.9, 1.0, 1, 1.0, 1.0),
    )
    # ECE: (0.1 + 0.8 + 0.4 + 0.7 + 0) / 5 = 0.4; Brier: (0.01 + 0.64 + 0.16 + 0.49 + 0) / 5 = 0.26
    assert (found.n, found.ece, found.brier) == (5, 0.4, 0.26)


def test_answers_of_one_bin_are_taken_together():
    found = reliability([(0.8, True), (0.85, True), (0.84, False), (0.95, True), (1.0, True)])
    assert found.bins == (Bin(0.8, 0.9, 3, 0.83, 0.6667), Bin(0.9, 1.0, 2, 0.975, 1.0))
    # ECE: 3/5 · |2/3 - 0.83| + 2/5 · 0.025 = 0.098 + 0.01; Brier: (0.04 + 0.0225 + 0.7056 + 0.0025 + 0) / 5
    assert (found.ece, found.brier) == (0.108, 0.1541)


def test_no_answers_at_all():
    found = reliability([])
    assert (found.n, found.ece, found.brier, found.bins) == (0, 0.0, 0.0, ())


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=40))
def test_every_answer_is_in_one_bin_and_errors_are_shares(pairs):
    found = reliability(pairs)
    assert sum(b.n for b in found.bins) == found.n == len(pairs)
    assert 0 <= found.ece <= 1
    assert 0 <= found.brier <= 1
    assert all(b.low - 1e-4 <= b.confidence <= b.high + 1e-4 and 0 <= b.share <= 1 for b in found.bins)
