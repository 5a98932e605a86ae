"""The options of ``python -m indexes.training``."""

import argparse
from collections.abc import Sequence
from pathlib import Path

ABOUT = "Make the shipped encoder, or another kind of it; interrupted, go on from the last checkpoint in --work."
DEFAULTS = {
    "static": {"pieces": 40_000, "batch": 1024, "rate": 0.02, "thinned": 0.2},
    "transformer": {"pieces": 24_000, "batch": 48, "rate": 4e-4, "thinned": 0.0},
}
"""What suits each kind, where the command line does not say."""


def parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the options, each with its value; exits with a message where they do not go together."""
    parser = _parser()
    options = parser.parse_args(arguments)
    for name, value in DEFAULTS[options.kind].items():
        if getattr(options, name) is None:
            setattr(options, name, value)
    if options.teacher and options.kind != "static":
        parser.error(f"--teacher {options.teacher}: only a static encoder has one of choice; leave it out")
    if options.teacher and not options.distil_steps:
        parser.error("--teacher: nothing is learnt from it in 0 --distil-steps; give their number")
    return options


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m indexes.training", description=ABOUT)
    parser.add_argument("--kind", choices=list(DEFAULTS), default="static")
    parser.add_argument("--data", type=Path, required=True, help="folder of the open data")
    parser.add_argument("--documents", type=Path, action="append", default=[], help="official documents, repeatable")
    parser.add_argument("--exclude", type=Path, action="append", default=[], help="JSON Lines of questions, repeatable")
    parser.add_argument("--left-out", default="", metavar="ID", help="a document whose wordings are not trained on")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--work", type=Path, default=Path("var/training"), help="checkpoints")
    parser.add_argument("--pieces", type=int, help="of the vocabulary")
    parser.add_argument("--dimensions", type=int, default=512, help="of a static encoder that has no teacher")
    parser.add_argument("--epochs", type=float, default=1.0)
    parser.add_argument("--steps", type=int, default=0, help="batches, whatever the epochs")
    parser.add_argument("--batch", type=int, help="pairs in one")
    parser.add_argument("--rate", type=float, help="highest learning rate")
    parser.add_argument("--thinned", type=float, help="share of tokens left out each time")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--negatives", action="store_true", help="train again with mined hard negatives")
    parser.add_argument("--ours", action="store_true", help="train on our own pairs only, after the vocabulary")
    parser.add_argument("--layers", type=int, default=3, help="of a transformer, from 1 to 6")
    parser.add_argument("--aligned", type=int, default=36_000, metavar="N", help="texts that a teacher teaches on")
    parser.add_argument("--distil-steps", type=int, default=0, metavar="N", help="batches that a teacher teaches")
    parser.add_argument("--teacher", default="", metavar="DIR", help="a model that a static encoder first imitates")
    parser.add_argument("--half", action="store_true", help="16-bit products, where the processor has them")
    return parser
