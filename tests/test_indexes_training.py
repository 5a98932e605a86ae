"""Contrastive training: the loss by hand, and checkpoints that a run goes on from to the very same weights."""

from math import exp, log

import numpy as np
import pytest
import torch
from torch import nn

from indexes.training.contrastive import Recipe, train
from indexes.training.loop import Run, descend, warmth
from indexes.training.pairs import Pair
from indexes.training.static import StaticModel
from indexes.training.vocabulary import train_vocabulary
from tests.training_data import PAIRS, TEXTS, interrupted_at, same, weights

pytestmark = pytest.mark.usefixtures("one_thread")

RECIPE = Recipe(batch=4, rate=0.05, steps=10, every=2)
VOCABULARY = train_vocabulary(TEXTS, 120)


def model(dimensions=16):
    return StaticModel(VOCABULARY, dimensions, seed=1)


class Reports(list):
    def __call__(self, step, steps, loss):
        self.append((step, steps, loss))

    @property
    def steps(self):
        return [step for step, _, _ in self]


class Fixed:
    """The vectors it is given, by text; a text is one token."""

    def __init__(self, **vectors):
        self._names = list(vectors)
        self._embedding = nn.Embedding.from_pretrained(torch.tensor(list(vectors.values())), freeze=False)

    def tokens(self, texts):
        return [[self._names.index(text)] for text in texts]

    def vectors(self, tokens):
        return self._embedding(torch.tensor([ids[0] for ids in tokens]))

    def module(self):
        return self._embedding

    def groups(self, rate):
        return [(list(self._embedding.parameters()), rate)]


X, Y, Z = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)


@pytest.mark.parametrize(
    ("pairs", "negatives", "expected"),
    [
        # Two queries on one passage p: neither is pushed away from the other's column, both ways.
        ("ap bp cq", {}, 2 * (log(1 + exp(-1)) + log(2) + log(1 + 2 * exp(-1))) / 3),
        # One query with two passages: the same, and each of its rows keeps its own.
        ("ap aq", {}, 0.0),
        # The hard negative x of a is one more column of every row, and of no column's own loss.
        (
            "ap bp cq",
            {"a": ["x"]},
            (log(2 + exp(-1)) + log(3) + log(1 + 3 * exp(-1))) / 3
            + (log(1 + exp(-1)) + log(2) + log(1 + 2 * exp(-1))) / 3,
        ),
        # The hard negative q of a is what c asks for: masked in the row of c.
        (
            "ap bp cq",
            {"a": ["q"]},
            (log(1 + 2 * exp(-1)) + log(3) + log(1 + 2 * exp(-1))) / 3
            + (log(1 + exp(-1)) + log(2) + log(1 + 2 * exp(-1))) / 3,
        ),
    ],
)
def test_the_loss_by_hand(tmp_path, pairs, negatives, expected):
    embedder = Fixed(a=X, b=Y, c=Z, p=X, q=Z, x=X)
    reports = Reports()
    recipe = Recipe(batch=8, scale=1.0, thinned=0.0, steps=1, every=1)
    train(embedder, [Pair(*pair) for pair in pairs.split()], recipe, tmp_path / "c.pt", negatives, reports)
    assert reports[0][2] == pytest.approx(expected, abs=1e-6)


def test_training_lowers_the_loss_and_finds_the_passages(tmp_path):
    trained, reports = model(), Reports()
    train(trained, PAIRS, Recipe(batch=8, rate=0.05, steps=40, every=10), tmp_path / "c.pt", progress=reports)
    assert reports.steps == [10, 20, 30, 40]
    assert reports[-1][2] < 0.5 * reports[0][2]
    cosines = trained.encode([pair.query for pair in PAIRS]) @ trained.encode([pair.passage for pair in PAIRS]).T
    assert (cosines.argmax(axis=1) == np.arange(len(PAIRS))).all()


def test_epochs_say_how_many_steps_where_steps_do_not(tmp_path):
    reports = Reports()
    train(model(), PAIRS * 4, Recipe(epochs=2, batch=len(PAIRS), every=3), tmp_path / "c.pt", progress=reports)
    assert reports.steps == [3, 6, 8]


@pytest.mark.parametrize("negatives", [None, {PAIRS[0].query: TEXTS[1:4]}])
def test_a_run_that_was_interrupted_ends_with_the_very_same_weights(tmp_path, negatives):
    whole, broken = model(), model()
    train(whole, PAIRS, RECIPE, tmp_path / "whole.pt", negatives)
    with pytest.raises(KeyboardInterrupt):
        train(broken, PAIRS, RECIPE, tmp_path / "broken.pt", negatives, interrupted_at(6))
    again, reports = model(), Reports()
    train(again, PAIRS, RECIPE, tmp_path / "broken.pt", negatives, reports)
    assert reports.steps == [6, 8, 10]
    assert same(weights(whole), weights(again))
    assert not same(weights(whole), weights(broken))
    done, none = model(), Reports()
    train(done, PAIRS, RECIPE, tmp_path / "broken.pt", negatives, none)
    assert none == []  # a finished run is loaded, not run again
    assert same(weights(whole), weights(done))


@pytest.mark.parametrize(
    ("recipe", "pairs", "dimensions"),
    [
        (Recipe(batch=4, rate=0.02, steps=10, every=2), PAIRS, 16),
        (RECIPE, [*PAIRS[:-1], Pair("autre question", TEXTS[-1])], 16),
        (RECIPE, [*PAIRS[:-2], PAIRS[-1], PAIRS[-2]], 16),
        (RECIPE, PAIRS, 8),
    ],
    ids=["another recipe", "other pairs", "another order", "another model"],
)
def test_a_checkpoint_of_another_run_is_not_used(tmp_path, recipe, pairs, dimensions):
    with pytest.raises(KeyboardInterrupt):
        train(model(), PAIRS, RECIPE, tmp_path / "c.pt", progress=interrupted_at(6))
    alone, after, reports = model(dimensions), model(dimensions), Reports()
    train(alone, pairs, recipe, tmp_path / "other.pt")
    train(after, pairs, recipe, tmp_path / "c.pt", progress=reports)
    assert reports.steps == [2, 4, 6, 8, 10]
    assert same(weights(alone), weights(after))


def test_the_rate_rises_over_a_tenth_and_falls_to_nearly_zero():
    shares = [warmth(step, 100) for step in range(100)]
    assert shares[:10] == pytest.approx([0.1 * n for n in range(1, 11)])
    assert shares[10:] == sorted(shares[10:], reverse=True)
    assert shares[-1] == pytest.approx(1 / 91)
    assert warmth(0, 1) == 1.0


def test_each_group_has_its_own_rate(tmp_path):
    fast, slow = nn.Parameter(torch.zeros(1)), nn.Parameter(torch.zeros(1))
    both = nn.ParameterList([fast, slow])
    run = Run(1, 1, tmp_path / "below" / "c.pt", ("test",))
    descend(run, both, [([fast], 0.5), ([slow], 0.25)], lambda _: (fast + slow).sum())
    assert (fast.item(), slow.item()) == pytest.approx((-0.5, -0.25))  # Adam's first step is the rate
