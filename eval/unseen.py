"""Questions by people nobody learnt from: ``python -m eval.unseen --documents DIR``.

What is fitted on many people's questions must hold for others'. Each line of ``eval/unseen.jsonl`` is a question, what
it asks (``answerable``, ``near_miss``, or another kind of message that no document answers), what it was written beside
(``documents`` or ``sheets``), and a letter for who wrote it. It is asked of that alone. The share that is refused or
asked back is printed, with its 95 % interval: of what is answerable it should be small, of the rest great.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.opening import build, open_assistant
from assistant.settings import Settings
from eval.figures import interval
from indexes.encoder import DEFAULT

ANSWERABLE = ("answerable", "plain")
"""Kinds that the documents answer; ``plain`` ones brush something that is not ours, a drug or a country."""


@dataclass(frozen=True, slots=True)
class Unseen:
    """One line of the set."""

    question: str
    kind: str
    of: str
    by: str


@dataclass(frozen=True, slots=True)
class Share:
    """How many of one person's questions of one kind were refused or asked back."""

    by: str
    of: str
    kind: str
    refused: tuple[bool, ...]

    @property
    def line(self) -> str:
        """The figure with its interval, in one line."""
        n, (low, high) = len(self.refused), interval([float(one) for one in self.refused])
        share = f"{sum(self.refused) / n:.2f} [{low:.2f}, {high:.2f}]"
        return f"{self.by} {self.of:9} {self.kind:10} n {n:4d}  refused {share}"


def unseen() -> Iterator[Unseen]:
    """Yield the set, in its order."""
    for line in files("eval").joinpath("unseen.jsonl").read_text(encoding="utf-8").splitlines():
        yield Unseen(**json.loads(line))


def shares(rows: Sequence[Unseen], is_refused: Callable[[Unseen], bool]) -> Iterator[Share]:
    """Yield the share of each person's questions of each kind, then of all people's, answerable or not."""
    told = [(row, is_refused(row)) for row in rows]
    for by, of, kind in dict.fromkeys((row.by, row.of, row.kind) for row in rows):
        yield Share(by, of, kind, tuple(no for row, no in told if (row.by, row.of, row.kind) == (by, of, kind)))
    for of in dict.fromkeys(row.of for row in rows):
        for answerable, name in ((True, "answerable"), (False, "not")):
            refused = tuple(no for row, no in told if row.of == of and (row.kind in ANSWERABLE) == answerable)
            if refused:
                yield Share("*", of, name, refused)


def main(arguments: list[str] | None = None) -> None:
    """Build an index of the documents and one of the sheets, ask each question of its own, and print the shares."""
    parser = argparse.ArgumentParser(prog="python -m eval.unseen", description=__doc__)
    parser.add_argument("--documents", type=Path, required=True, help="folder that holds ordre/ and lois/")
    given = parser.parse_args(arguments)
    with TemporaryDirectory() as folder:
        assistants = {}
        for name, folders in (("documents", [given.documents]), ("sheets", [])):
            build(folders, Path(folder) / name, DEFAULT, sheets=not folders)
            assistants[name] = open_assistant(Settings(index=Path(folder) / name))
        for share in shares(list(unseen()), lambda row: assistants[row.of].answer(row.question).outcome != "answered"):
            sys.stdout.write(share.line + "\n")


if __name__ == "__main__":
    main()
