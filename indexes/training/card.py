"""The model card: what the encoder was made from and how, and the digest of each of its files."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from indexes.static import CARD
from indexes.training.contrastive import Recipe
from indexes.training.pairs import Source

OTHER = "training.json"
"""The card of an encoder that is not a static one: ``card.json`` is what a static one is known by."""
STATIC = (
    "A static encoder of French: {pieces} word pieces, {dimensions} dimensions, signed bytes with one scale a piece."
)
TRANSFORMER = "A French encoder of {layers} layers, {pieces} word pieces, {dimensions} dimensions, taught by {teacher}."
BAG = "a bag of pieces knows no word order and no negation; it"
SHORT = "only the first 96 tokens of a text are read; it"
README = """# {title}

{what}
Trained by `python -m indexes.training` in {minutes:.1f} minutes on {processors} processors; loss {loss:.3f} at the end;
{dropped} training queries left out because they resemble a question of `eval/data`. Recipe: `{recipe}`.
How good it is and how to make it again: `docs/encoder.md`.

| data | licence | pairs | seen an epoch |
|---|---|---|---|
{rows}

The texts themselves are not here. Limits: {limits} was trained on French
law and on physicians' questions, and is poor at anything else.
"""


def write_card(
    folder: Path,
    files: Sequence[str],
    counts: Sequence[tuple[Source, int]],
    recipe: Recipe,
    about: Mapping[str, Any],
) -> None:
    """Write ``card.json`` and ``README.md`` beside a static model, ``training.json`` and ``README.md`` beside another.

    Parameters
    ----------
    counts
        Each source with how many pairs it gave.
    about
        ``pieces``, ``dimensions``, ``minutes``, ``processors``, ``loss`` and ``dropped``; ``layers`` and ``teacher``
        of a transformer.

    """
    rows = [
        {"name": source.name, "licence": source.licence, "pairs": n, "seen": n * source.repeat} for source, n in counts
    ]
    digests = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in files}
    card = {"files": digests, "data": rows, "recipe": asdict(recipe), **about}
    static = "layers" not in about
    (folder / (CARD if static else OTHER)).write_text(
        json.dumps(card, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    table = "\n".join(f"| {row['name']} | {row['licence']} | {row['pairs']} | {row['seen']} |" for row in rows)
    text = README.format(
        title="The shipped encoder" if static else "An encoder",
        what=(STATIC if static else TRANSFORMER).format(**about),
        limits=BAG if static else SHORT,
        rows=table,
        recipe=recipe,
        **about,
    )
    (folder / "README.md").write_text(text, encoding="utf-8")
