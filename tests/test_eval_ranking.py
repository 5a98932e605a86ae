"""Ranking measures against numbers worked out by hand."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.figures import figure
from eval.ranking import MEASURES, ranking_values

NONE = frozenset()
ONE, TWO, BOTH = frozenset({1}), frozenset({2}), frozenset({1, 2})
TOP_TWO = 1 + 1 / math.log2(3)  # the best gain with two parts


def values(wanted, ranking):
    return ranking_values({"q": wanted}, {"q": ranking})["q"]


@pytest.mark.parametrize(
    ("ranking", "expected"),
    [
        ([ONE], (1, 1, 1, 1, 1)),
        ([NONE, ONE], (0, 1, 1, 1 / 2, 1 / math.log2(3))),
        ([NONE, NONE, ONE], (0, 1, 1, 1 / 3, 1 / 2)),
        ([NONE] * 4 + [ONE], (0, 1, 1, 1 / 5, 1 / math.log2(6))),
        ([NONE] * 5 + [ONE], (0, 0, 1, 1 / 6, 1 / math.log2(7))),
        ([NONE] * 9 + [ONE], (0, 0, 1, 1 / 10, 1 / math.log2(11))),
        ([NONE] * 10 + [ONE], (0, 0, 0, 0, 0)),
        ([ONE, ONE, ONE], (1, 1, 1, 1, 1)),  # paid once
        ([NONE] * 3, (0, 0, 0, 0, 0)),
        ([], (0, 0, 0, 0, 0)),
    ],
)
def test_one_part(ranking, expected):
    assert values(ONE, ranking) == pytest.approx(dict(zip(MEASURES, expected, strict=True)))


@pytest.mark.parametrize(
    ("ranking", "expected"),
    [
        ([ONE, TWO], (1 / 2, 1, 1, 1, 1)),
        ([NONE, TWO, NONE, ONE], (0, 1, 1, 1 / 2, (1 / math.log2(3) + 1 / math.log2(5)) / TOP_TWO)),
        ([ONE, NONE], (1 / 2, 1 / 2, 1 / 2, 1, 1 / TOP_TWO)),
        ([ONE, ONE, TWO], (1 / 2, 1, 1, 1, (1 + 1 / 2) / TOP_TWO)),  # the repeat takes a place, and pays nothing
        ([BOTH], (1 / 2, 1, 1, 1, 1)),  # two places for two parts
        ([NONE, BOTH], (0, 1, 1, 1 / 2, (1 / math.log2(3) + 1 / 2) / TOP_TWO)),
        ([ONE, BOTH], (1 / 2, 1, 1, 1, 1)),
        ([ONE, NONE, NONE, NONE, NONE, TWO], (1 / 2, 1 / 2, 1, 1, (1 + 1 / math.log2(7)) / TOP_TWO)),
        ([BOTH, NONE, frozenset({3})], (1 / 2, 1, 1, 1, 1)),  # a part that nobody asked for
    ],
)
def test_two_parts(ranking, expected):
    assert values(BOTH, ranking) == pytest.approx(dict(zip(MEASURES, expected, strict=True)))


def test_a_ranking_written_out_in_figures():
    # 1/log2(3) + 1/log2(5) = 0.6309 + 0.4307 = 1.0616; 1 + 0.6309 = 1.6309; 1.0616 / 1.6309 = 0.6509
    assert round(values(BOTH, [NONE, ONE, ONE, TWO])["ndcg@10"], 4) == 0.6509


def test_a_question_without_ranking_scores_zero_and_stays():
    found = ranking_values({"a": ONE, "b": ONE, "c": BOTH}, {"a": [ONE], "c": [], "other": [ONE]})
    zero = dict.fromkeys(MEASURES, 0.0)
    assert found == {"a": dict.fromkeys(MEASURES, 1.0), "b": zero, "c": zero}
    mean = figure("mrr@10", "all", [values["mrr@10"] for values in found.values()])
    assert (mean.n, mean.value) == (3, 0.3333)


def test_no_run_at_all_scores_zero():
    assert ranking_values({"a": ONE}, {}) == {"a": dict.fromkeys(MEASURES, 0.0)}


def test_no_questions():
    assert ranking_values({}, {"q": [ONE]}) == {}


PARTS = st.frozensets(st.integers(1, 4), max_size=4)
WANTED = PARTS.filter(bool)


@settings(deadline=None)
@given(WANTED, st.lists(PARTS, max_size=15))
def test_values_are_shares_and_grow_with_the_depth(wanted, ranking):
    found = values(wanted, ranking)
    assert all(0 <= value <= 1 + 1e-9 for value in found.values())
    assert found["recall@1"] <= found["recall@5"] <= found["recall@10"]
    assert (found["mrr@10"] > 0) == (found["recall@10"] > 0) == (found["ndcg@10"] > 0)


@settings(deadline=None)
@given(WANTED, st.lists(PARTS, max_size=15))
def test_a_passage_beside_the_point_in_front_never_helps(wanted, ranking):
    first, pushed = values(wanted, ranking), values(wanted, [NONE, *ranking])
    assert all(pushed[name] <= first[name] + 1e-9 for name in MEASURES)


@settings(deadline=None)
@given(WANTED, st.lists(PARTS, max_size=15))
def test_a_repeat_at_the_end_changes_nothing(wanted, ranking):
    assert values(wanted, [*ranking, *ranking]) == values(wanted, ranking)
