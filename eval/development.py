"""The development questions and their gold passages, mapped from raw files to the passages of an index."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from corpus.loading import Corpus, load

SHARED = 0.5
"""Share of the shorter of gold and passage that both must have in common for the passage to count as right."""


@dataclass(frozen=True, slots=True)
class Gold:
    """What answers: characters ``[start, end)`` of a raw file, or, without a file, a whole document."""

    document: str
    file: str = ""
    start: int = 0
    end: int = 0

    def covers(self, file: str, start: int, end: int) -> bool:
        """Tell whether characters ``[start, end)`` of a file are this passage: they share half of the shorter one."""
        common = min(self.end, end) - max(self.start, start)
        return self.file == file and common >= SHARED * min(self.end - self.start, end - start)


@dataclass(frozen=True, slots=True)
class Judged:
    """A question with what is known of its answer."""

    id: str
    question: str
    turns: tuple[str, ...]
    answerable: bool
    kind: str
    gold: tuple[Gold, ...]


def questions(name: str) -> tuple[Judged, ...]:
    """Return the questions of ``eval/data/<name>.jsonl``: ``development`` (official documents) or ``sheets``."""
    lines = files("eval").joinpath("data", f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return tuple(
        Judged(
            id=row["id"],
            question=row["question"],
            turns=tuple(row.get("turns", ())),
            answerable=row["answerable"],
            kind=row["kind"],
            gold=tuple(Gold(**{k: v for k, v in g.items() if k != "sha256"}) for g in row["gold"]),
        )
        for row in rows
    )


def right_passages(judged: Sequence[Judged], folder: Path) -> dict[str, frozenset[str]]:
    """Return, by question id, the ids of the passages that answer it.

    Parameters
    ----------
    folder
        The directory that the gold's files are relative to, indexed as it is with the sheets.

    """
    corpus: Corpus = load([folder])
    spans = [
        (p.id, item.document.source, item.origin[p.start], item.origin[p.end - 1] + 1)
        for item in corpus.loaded
        for p in item.passages
    ]
    return {
        q.id: frozenset(p for p, file, start, end in spans if any(g.covers(file, start, end) for g in q.gold))
        for q in judged
    }
