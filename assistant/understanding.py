"""What a question asks: its references, the whole question that a follow-up stands for, and what is searched."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.conversation import bond, topic
from assistant.parts import parts
from indexes.references import Reference, references_in

ALONE = 0.2
"""Weight of a follow-up's own words beside the whole question it stands for."""
CARRIED = 1.0
"""Weight of the topic before, beside a question that could be understood alone. Both were set on
``eval/data/conversations.jsonl``."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched, and how much it counts."""

    text: str
    weight: float
    references: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class Understanding:
    """A redacted question as it will be searched.

    Attributes
    ----------
    question
        The question alone.
    standalone
        The question with the topic it carries on; the question itself at the first turn or on a new topic.
    references
        Articles and decisions named in the question, or, when it names none, in the topic it carries on.
    queries
        What is searched: the standalone question first, then the other of the question alone and in its topic.
    insists
        Whether it disputes the answer before.
    parts
        What it asks, one thing at a time, when it asks several; see ``assistant.parts``.
    topic
        The earlier message that it leans on or disputes, "" for none.

    """

    question: str
    standalone: str
    references: tuple[Reference, ...]
    queries: tuple[Query, ...]
    insists: bool = False
    parts: tuple[str, ...] = ()
    topic: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether the question stands by itself."""
        return self.standalone == self.question


def understand(question: str, turns: Sequence[str] = (), rewritten: str = "") -> Understanding:
    """Resolve a question against the earlier user messages, oldest first; all are already redacted.

    Parameters
    ----------
    rewritten
        The whole question that a language model made of a follow-up, "" for none; the first turn is never rewritten.

    """
    kind = bond(question, turns)
    if kind == "opens":
        own = _query(question, 1.0)
        return Understanding(question, question, own.references, (own,), parts=parts(question))
    whole = rewritten.strip() or f"{topic(turns)} {question.strip()}"
    if kind == "follows":
        own = _query(question, 1.0)
        # An article that was asked for before would outweigh everything that is asked now.
        carried = () if references_in(whole) else (_query(whole, CARRIED),)
        return Understanding(question, question, own.references, (own, *carried), parts=parts(question))
    queries = (_query(whole, 1.0), _query(question, ALONE))
    return Understanding(question, whole, references_in(whole), queries, kind == "insists", topic=topic(turns))


def _query(text: str, weight: float) -> Query:
    return Query(text, weight, references_in(text))
