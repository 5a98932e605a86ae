"""The question bank as a retriever: a question finds the passages whose natural wordings it resembles."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from corpus.models import Document, Passage
from corpus.questions import OURS
from indexes.lexical import LexicalIndex
from indexes.models import Hit


class BankIndex:
    """BM25 over the wordings of each passage, taken together as one text.

    Together, as in document expansion by predicted queries (Nogueira et al., arXiv 1904.08375): a question that takes
    one word from each of three wordings finds their passage, which the best single wording would miss.
    """

    def __init__(self, wordings: LexicalIndex) -> None:
        self.wordings = wordings

    @classmethod
    def build(cls, pairs: Sequence[tuple[str, str]]) -> "BankIndex":
        """Index ``(passage id, wording)`` pairs."""
        grouped: dict[str, list[str]] = {}
        for passage_id, wording in pairs:
            grouped.setdefault(passage_id, []).append(wording)
        return cls(LexicalIndex.build(["\n".join(group) for group in grouped.values()], list(grouped), b=0.75))

    @property
    def passage_ids(self) -> tuple[str, ...]:
        """The passages that have wordings, row by row."""
        return self.wordings.passage_ids

    def save(self, folder: Path) -> None:
        """Write the index into ``folder``."""
        self.wordings.save(folder)

    @classmethod
    def load(cls, folder: Path, passage_ids: Sequence[str]) -> "BankIndex":
        """Read what ``save`` wrote; ``passage_ids`` as they were then."""
        return cls(LexicalIndex.load(folder, passage_ids))

    def search(self, query: str, k: int) -> list[Hit]:
        """Return the ``k`` passages whose wordings are nearest."""
        return self.wordings.search(query, k, origin="bank")

    def coverage(self, query: str, hits: Sequence[Hit]) -> float:
        """Return how much of the query the best hit's wordings hold, 0 to 1; see ``LexicalIndex.coverage``."""
        return self.wordings.coverage(query, hits)


def asked(documents: Sequence[Document], passages: Sequence[Passage], worded: frozenset[str]) -> frozenset[str]:
    """Return the ids of documents whose questions the bank knows: ours, and those mostly covered by wordings.

    Only there does it mean something that no wording resembles a question.
    """
    total = Counter(passage.document_id for passage in passages)
    known = Counter(passage.document_id for passage in passages if passage.id in worded)
    return frozenset(d.id for d in documents if d.id.startswith(OURS) or 2 * known[d.id] > total[d.id])


def asked_by_headings(passages: Sequence[Passage]) -> list[tuple[str, str]]:
    """Return ``(passage id, heading)`` for the headings that are questions: a document's own wordings."""
    headed = ((p.id, p.headings[-1]) for p in passages if p.headings and p.text.startswith(p.headings[-1]))
    return [(passage_id, heading) for passage_id, heading in headed if heading.rstrip(" »”").endswith("?")]
