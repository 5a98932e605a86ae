"""Whether a text answers a question: it holds half of the gold passage, or half of it stands in the gold passage.

Words are compared, not offsets: any system can be judged, however it cuts and cleans the same documents.
"""

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from corpus.cleaning import fold
from eval.errors import GoldMissing, GoldMoved
from eval.questions import Gold, Question

RUN = 5
"""Words in a run. Two texts share a stretch when they share its runs; single words would be shared by chance."""
SHARED = 0.5
"""Share of the shorter of gold and text, in runs of words, that both must have in common."""

Runs = frozenset[tuple[str, ...]]


class Found(Protocol):
    """A passage or a citation: what it comes from."""

    @property
    def document_id(self) -> str:
        """The identifier of the document."""

    @property
    def source(self) -> str:
        """The file it was read from."""


@lru_cache(maxsize=100_000)
def runs_of(text: str) -> Runs:
    """Return the runs of ``RUN`` consecutive words of a text, folded: no case, no accents, no punctuation."""
    words = "".join(c if c.isalnum() else " " for c in fold(text)).split()
    return frozenset(tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1))


class Judge:
    """Knows the words of every gold passage of some questions.

    Parameters
    ----------
    questions
        What is judged.
    folder
        The directory that the gold's files are relative to; None when no gold names a stretch of a file.

    Raises
    ------
    GoldMissing, GoldMoved
        A file is absent, or other words stand at a gold passage than when it was written.

    """

    def __init__(self, questions: Sequence[Question], folder: Path | None) -> None:
        self._folder = folder
        self._texts: dict[str, str] = {}
        self._runs = {(q.id, n): self._gold_runs(g, q) for q in questions for n, g in enumerate(q.gold) if g.end}

    def parts(self, question: Question, found: Found, text: str) -> frozenset[int]:
        """Return the parts of the answer that a text of a document gives, none when it is beside the point."""
        runs = runs_of(text) if any(gold.end for gold in question.gold) else frozenset()
        return frozenset(
            gold.part
            for n, gold in enumerate(question.gold)
            if (self._share(question.id, n, runs) if gold.end else _is_whole(gold, found))
        )

    def _share(self, question_id: str, n: int, runs: Runs) -> bool:
        gold = self._runs[question_id, n]
        return bool(runs) and len(gold & runs) >= SHARED * min(len(gold), len(runs))

    def _gold_runs(self, gold: Gold, question: Question) -> Runs:
        if gold.file not in self._texts:
            path = (self._folder or Path()) / gold.file
            if self._folder is None or not path.is_file():
                raise GoldMissing("a gold passage names a file that is not there", file=gold.file, line=question.line)
            # A file in another encoding holds no text that a gold passage could have been written for.
            self._texts[gold.file] = path.read_bytes().decode("utf-8", errors="replace")
        passage = self._texts[gold.file][gold.start : gold.end]
        runs = runs_of(passage)
        known = hashlib.sha256(passage.encode()).hexdigest().startswith(gold.sha256)
        if not runs or not known or gold.end > len(self._texts[gold.file]):
            raise GoldMoved("other words stand at a gold passage", file=gold.file, line=question.line, start=gold.start)
        return runs


def _is_whole(gold: Gold, found: Found) -> bool:
    return found.document_id == gold.document if gold.document else found.source == gold.file
