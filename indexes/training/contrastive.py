"""Contrastive training: a query must be nearer to its passage than to every other passage of its batch.

The loss is the multiple-negatives ranking loss (Henderson et al. 2017, arXiv 1705.00652), both ways, with hard
negatives as further columns. Two things of our data ask for a loop of our own rather than the library's: many queries
share a passage, so other rows of a batch with the same passage are masked, not pushed away; and an interrupted run must
go on with the very same batches.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from indexes.training.loop import Progress, Run, descend, silent
from indexes.training.pairs import Pair

MASKED = -1e9


class Embedder(Protocol):
    """A model that can be trained: tokens of texts in, unit vectors out."""

    def tokens(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the token ids of each text."""
        ...

    def vectors(self, tokens: Sequence[Sequence[int]]) -> Tensor:
        """Return unit vectors, shape ``(len(tokens), dimensions)``."""
        ...

    def module(self) -> nn.Module:
        """Return what holds the weights."""
        ...

    def groups(self, rate: float) -> list[tuple[list[nn.Parameter], float]]:
        """Return the weights in groups, each with its learning rate where the highest is ``rate``."""
        ...


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train: epochs over the pairs, pairs a batch, highest learning rate, scale of the cosines, seed.

    ``steps``, where it is not 0, says how many batches, whatever the epochs. The rate rises over the first tenth of
    the steps and falls to zero over the rest. ``thinned`` is the share of a text's tokens that are left out at random
    each time it is seen, so that nothing leans on a single one of them.
    """

    epochs: float = 1.0
    batch: int = 1024
    rate: float = 0.02
    scale: float = 20.0
    thinned: float = 0.2
    seed: int = 0
    every: int = 50
    steps: int = 0


class Table:
    """Texts by number, tokenised once."""

    def __init__(self, embedder: Embedder, pairs: Sequence[Pair], negatives: Mapping[str, Sequence[str]]) -> None:
        numbers: dict[str, int] = {}
        for text in (text for pair in pairs for text in (pair.query, pair.passage)):
            numbers.setdefault(text, len(numbers))
        for text in (text for texts in negatives.values() for text in texts):
            numbers.setdefault(text, len(numbers))
        self.tokens = embedder.tokens(list(numbers))
        self.pairs = np.array([(numbers[pair.query], numbers[pair.passage]) for pair in pairs])
        self.negatives = {numbers[q]: [numbers[t] for t in texts] for q, texts in negatives.items() if q in numbers}

    def batch(self, recipe: Recipe, step: int) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
        """Return the pairs of a step, shape ``(batch, 2)``: always the same for one recipe and step."""
        size = min(recipe.batch, len(self.pairs))
        a_round = max(1, len(self.pairs) // size)
        order = np.random.default_rng((recipe.seed, step // a_round)).permutation(len(self.pairs))
        at = step % a_round * size
        return self.pairs[order[at : at + size]]

    def digest(self) -> str:
        """Return what tells these texts and pairs, so tokenised, from any others."""
        digest = hashlib.sha256(self.pairs.tobytes())
        for ids in self.tokens:
            digest.update(np.asarray(ids, dtype=np.int32).tobytes() + b";")
        digest.update(repr(sorted(self.negatives.items())).encode())
        return digest.hexdigest()


def train(
    embedder: Embedder,
    pairs: Sequence[Pair],
    recipe: Recipe,
    checkpoint: Path,
    negatives: Mapping[str, Sequence[str]] | None = None,
    progress: Progress = silent,
) -> None:
    """Train a model in place; a checkpoint of the same recipe and data is gone on from.

    Parameters
    ----------
    pairs
        Each as often as it is to be seen in an epoch.
    checkpoint
        A file, written every ``recipe.every`` steps.
    negatives
        Hard negatives by query; one is drawn for each query of a batch.

    """
    table = Table(embedder, pairs, negatives or {})
    steps = recipe.steps or max(1, int(len(pairs) * recipe.epochs / recipe.batch))
    run = Run(steps, recipe.every, checkpoint, (repr(recipe), table.digest()))
    descend(
        run,
        embedder.module(),
        embedder.groups(recipe.rate),
        lambda step: _loss(embedder, table, recipe, step),
        progress,
    )


def _loss(embedder: Embedder, table: Table, recipe: Recipe, step: int) -> Tensor:
    batch = table.batch(recipe, step)
    queries, passages = batch[:, 0], batch[:, 1]
    chance = np.random.default_rng((recipe.seed, 2, step))
    asked = embedder.vectors([_thinned(table.tokens[n], recipe.thinned, chance) for n in queries])
    given = embedder.vectors([_thinned(table.tokens[n], recipe.thinned, chance) for n in passages])
    scores = asked @ given.T * recipe.scale
    alike = (passages[:, None] == passages[None, :]) | (queries[:, None] == queries[None, :])
    np.fill_diagonal(alike, val=False)
    scores = scores.masked_fill(torch.from_numpy(alike).to(scores.device), MASKED)
    own = torch.arange(len(batch), device=scores.device)
    backward = cross_entropy(scores.T, own)
    hard = _drawn(table, recipe, step, queries)
    if len(hard):
        wrong = embedder.vectors([_thinned(table.tokens[n], recipe.thinned, chance) for n in hard])
        further = asked @ wrong.T * recipe.scale
        right = torch.from_numpy(passages[:, None] == hard[None, :])
        further = further.masked_fill(right.to(further.device), MASKED)
        scores = torch.cat([scores, further], dim=1)
    return cross_entropy(scores, own) + backward


def _thinned(tokens: list[int], share: float, chance: np.random.Generator) -> list[int]:
    """Return some of a text's tokens, at least one."""
    kept = np.asarray(tokens)[chance.random(len(tokens)) >= share]
    return kept.tolist() or tokens


def _drawn(
    table: Table, recipe: Recipe, step: int, queries: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return one hard negative for each query that has any, each once."""
    chance = np.random.default_rng((recipe.seed, 1, step))
    choices = [table.negatives[query] for query in queries.tolist() if table.negatives.get(query)]
    return np.unique([group[chance.integers(len(group))] for group in choices]).astype(np.int64)
