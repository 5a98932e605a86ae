"""How well drafted sentences are told from lies: ``python -m eval.drafts``.

Each sentence of ``data/drafts*.jsonl`` was written by hand for one passage of ours, faithful to it or with one lie.
What the check of a language model's draft makes of them is printed as Markdown, with 95 % Wilson intervals.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from assistant.opening import build
from assistant.supporting import Checker, Support
from eval.figures import ALL, figure
from indexes.encoder import DEFAULT, open_encoder
from indexes.persistence import Index, read_index

SETS = ("drafts", "drafts-test", "drafts-unseen")


def drafts(name: str) -> list[dict[str, Any]]:
    """Return the drafted sentences of a set: ``passage_id``, ``sentence``, ``supported`` and the kind of ``lie``."""
    lines = files("eval").joinpath("data", f"{name}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def table(index: Index) -> Iterator[str]:
    """Yield the lines of the table: what is kept of the faithful sentences, and of the lies."""
    checker = Checker(index.encoder)
    yield "| set | faithful | kept | lies | shown | why the others were dropped |"
    yield "|---|---|---|---|---|---|"
    for name in SETS:
        found = [(r, checker.check(r["sentence"], index.library.passage(r["passage_id"]))) for r in drafts(name)]
        kept = {
            said: [float(isinstance(f, Support)) for r, f in found if r["supported"] is said] for said in (True, False)
        }
        why = Counter(f for r, f in found if not r["supported"] and not isinstance(f, Support))
        cells = [f"{len(kept[said])} | {_cell(kept[said])}" for said in (True, False)]
        yield f"| `{name}` | {' | '.join(cells)} | {', '.join(f'{fault} {n}' for fault, n in why.most_common())} |"


def _cell(values: list[float]) -> str:
    measured = figure("kept", ALL, values)
    return f"{measured.value:.2f} [{measured.low:.2f}, {measured.high:.2f}]"


def main() -> None:
    """Print the table."""
    with TemporaryDirectory() as folder:
        build([], Path(folder) / "index", DEFAULT)
        index = read_index(Path(folder) / "index", open_encoder())
    for line in table(index):
        sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
