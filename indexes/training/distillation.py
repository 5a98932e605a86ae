"""Distillation: a student gives a text the vector that a teacher gives it, or its translation.

As in Reimers and Gurevych 2020 (arXiv 2004.09813), with a second term: among the teacher's vectors of a batch, the
right one must be the nearest, which teaches apart what a cosine alone leaves close together.
"""

import gzip
import hashlib
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from indexes.protocols import Encoder
from indexes.training.contrastive import MASKED, Embedder
from indexes.training.loop import Progress, Run, descend, silent

SHORTEST = 4
"""Words of a French text that is learnt from."""
GROUPED = 32
"""Batches that are drawn together and cut by length, so that the texts of one are about as long."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """How to distil: batches, texts in one, highest learning rate, scale of the cosines, seed.

    ``half``: whether the teacher multiplies in 16 bits, where the processor has instructions for it.
    """

    steps: int
    batch: int = 64
    rate: float = 1e-3
    scale: float = 20.0
    seed: int = 0
    every: int = 20
    half: bool = False


def aligned(path: Path, most: int, seed: int = 0) -> list[tuple[str, str]]:
    """Return at most ``most`` pairs (French, English) of a file of aligned statutes, drawn at random, each once."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [(french, english) for french, english in map(json.loads, lines) if len(french.split()) >= SHORTEST]
    unique = list({english: (french, english) for french, english in rows}.values())
    random.Random(seed).shuffle(unique)  # noqa: S311 - no secret is drawn
    return unique[:most]


def distil(
    student: Embedder,
    pairs: Sequence[tuple[str, str]],
    teacher: Encoder,
    lesson: Lesson,
    checkpoint: Path,
    progress: Progress = silent,
) -> None:
    """Train a student in place; a checkpoint of the same lesson is gone on from.

    Parameters
    ----------
    student
        Its vectors are as long as the teacher's.
    pairs
        What the student reads and what the teacher reads: a text and its translation, or twice the same.

    """
    tokens = student.tokens([read for read, _ in pairs])
    lengths = np.array([len(ids) for ids in tokens])
    digest = hashlib.sha256(repr((tokens, [taught for _, taught in pairs])).encode()).hexdigest()

    def loss(step: int) -> Tensor:
        rows = batch_of(lengths, lesson, step)
        asked = student.vectors([tokens[n] for n in rows])
        taught = [pairs[n][1] for n in rows]
        with torch.autocast(asked.device.type, dtype=torch.bfloat16, enabled=lesson.half):
            given = torch.from_numpy(teacher.encode(taught)).to(asked.device)
        return apart(asked, given, taught, lesson.scale)

    run = Run(lesson.steps, lesson.every, checkpoint, (repr(lesson), teacher.name, digest))
    descend(run, student.module(), student.groups(lesson.rate), loss, progress)


def apart(student: Tensor, teacher: Tensor, texts: Sequence[str], scale: float) -> Tensor:
    """Return the loss of a batch: how far each vector is from its own, and how often another's is nearer.

    ``texts`` are the teacher's; where two are the same, neither is pushed away from the other.
    """
    cosines = student @ teacher.T
    own = torch.arange(len(texts), device=cosines.device)
    alike = torch.tensor([[one == other and n != m for m, other in enumerate(texts)] for n, one in enumerate(texts)])
    scores = (scale * cosines).masked_fill(alike.to(cosines.device), MASKED)
    return (1 - cosines.diagonal()).mean() + cross_entropy(scores, own)


def batch_of(lengths: np.ndarray[tuple[int], np.dtype[np.int64]], lesson: Lesson, step: int) -> list[int]:
    """Return the rows of a step: always the same for one lesson and step, and of about one length."""
    size = min(lesson.batch, len(lengths))
    a_round = len(lengths) // size
    turn, at = divmod(step, a_round)
    order = np.random.default_rng((lesson.seed, turn)).permutation(len(lengths))[: a_round * size]
    first = at - at % GROUPED
    drawn = order[first * size : (first + GROUPED) * size]
    group = drawn[np.argsort(lengths[drawn], kind="stable")].reshape(-1, size)
    mixed = np.random.default_rng((lesson.seed, turn, first)).permutation(len(group))
    return [int(row) for row in group[mixed[at - first]]]
