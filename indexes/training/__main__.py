"""``python -m indexes.training``: the shipped encoder, made again from open data and our own pairs.

Interrupted, it goes on from its last checkpoint in ``--work``.
"""

import json
import os
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from indexes.training.card import write_card
from indexes.training.contrastive import Recipe, train
from indexes.training.distillation import aligned
from indexes.training.negatives import by_model, by_words, merged
from indexes.training.options import parsed
from indexes.training.pairs import Excluded, Pair, Source
from indexes.training.sources import sources
from indexes.training.stages import ENGLISH, Build, static, transformer

OURS = "ours"
"""Licence of the sources that hard negatives are mined for."""
STATUTES = "statutes-fr-en.jsonl.gz"
ALIGNED = Source("aligned statutes", "Open Government Licence – Canada", 1, lambda: iter(()))
"""For the card; what is learnt from them is not a query and its passage."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Train and write an encoder."""
    options = parsed(arguments)
    begun = time.monotonic()
    options.work.mkdir(parents=True, exist_ok=True)
    excluded = Excluded(_questions(options.exclude))
    read = _read(sources(options.data, options.documents, options.left_out), excluded)
    texts = list(dict.fromkeys(text for _, kept, _ in read for pair in kept for text in (pair.query, pair.passage)))
    random.Random(options.seed).shuffle(texts)  # noqa: S311 - no secret is drawn
    used = [row for row in read if row[0].licence == OURS] if options.ours else read
    pairs = [pair for source, kept, _ in used for pair in kept * source.repeat]
    _say(f"{len(texts)} texts, {len(pairs)} pairs an epoch")
    losses = [0.0]

    def progress(step: int, steps: int, loss: float) -> None:
        losses.append(loss)
        _say(f"step {step} of {steps}, loss {loss:.3f}, {(time.monotonic() - begun) / 60:.1f} minutes")

    build = Build(
        **{name: getattr(options, name) for name in Build.__dataclass_fields__ if name != "progress"},
        progress=progress,
    )
    counts = [(source, len(kept)) for source, kept, _ in used]
    about: dict[str, object] = {}
    if options.kind == "static":
        make = static(build, texts, [(text, text) for text in texts[: options.aligned]])
        about |= {"teacher": Path(options.teacher).name} if options.teacher else {}
    else:
        taught = aligned(options.data / STATUTES, options.aligned, options.seed) if options.distil_steps else []
        make = transformer(build, texts, taught)
        about |= {"layers": options.layers, "teacher": ENGLISH, "distil_steps": options.distil_steps}
        counts.insert(0, (ALIGNED, len(taught)))
    recipe = Recipe(
        **{name: getattr(options, name) for name in ("epochs", "batch", "rate", "thinned", "seed", "steps")}
    )
    model = make()
    train(model, pairs, recipe, options.work / "first.pt", progress=progress)
    if options.negatives:
        own = [pair for source, kept, _ in read if source.licence == OURS for pair in kept]
        hard = merged(by_words(own), by_model(own, model))
        _say(f"hard negatives for {len(hard)} queries")
        model = make()
        train(model, pairs, recipe, options.work / "second.pt", hard, progress)
    options.output.mkdir(parents=True, exist_ok=True)
    about |= {
        "pieces": model.tokenizer.get_vocab_size(),
        "dimensions": model.encode(["mesure"]).shape[1],
        "minutes": round((time.monotonic() - begun) / 60, 1),
        "processors": os.cpu_count(),
        "loss": round(losses[-1], 3),
        "dropped": sum(dropped for _, _, dropped in read),
    }
    write_card(options.output, model.save(options.output), counts, recipe, about)
    _say(f"written to {options.output} in {about['minutes']} minutes")


def _questions(files: Sequence[Path]) -> list[str]:
    rows = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return [text for row in rows for text in (row["question"], *row.get("turns", ()))]


def _read(found: Sequence[Source], excluded: Excluded) -> list[tuple[Source, list[Pair], int]]:
    """Return each source with the pairs kept of it and how many were dropped."""
    read = []
    for source in found:
        every = list(source.read())
        kept = [pair for pair in every if not excluded.resembles(pair.query)]
        _say(f"{source.name}: {len(kept)} pairs, {len(every) - len(kept)} too near an evaluation's questions")
        read.append((source, kept, len(every) - len(kept)))
    return read


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - a command's own progress


if __name__ == "__main__":
    main()
