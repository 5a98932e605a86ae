"""What retrievers return."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hit:
    """A ranked passage.

    Attributes
    ----------
    passage_id
        Natural id of the passage.
    score
        Higher is better; comparable only between hits of the same retriever and query.
    rank
        1-based.
    origin
        Name of the retriever: ``lexical``, ``dense``, ``bank``, ``references`` or ``fused``.

    """

    passage_id: str
    score: float
    rank: int
    origin: str
