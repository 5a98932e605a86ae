"""What the HTTP layer needs from the assistant; ``assistant.answering.Assistant`` and the tests' fake both have it."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from assistant.breaker import ModelState
from assistant.explaining import Explanation
from assistant.models import Answer, Event, Filters, RetrievedPassage
from assistant.research.researcher import Researcher
from corpus.models import Document, Passage


class Library(Protocol):
    """The indexed documents and their passages."""

    @property
    def documents(self) -> tuple[Document, ...]:
        """Every document, in the order of the catalogue."""

    def document(self, document_id: str) -> Document:
        """Return one document; raises ``UnknownDocument``."""

    def passages_of(self, document_id: str) -> tuple[Passage, ...]:
        """Return a document's passages by offset; raises ``UnknownDocument``."""

    def passage(self, passage_id: str) -> Passage:
        """Return one passage; raises ``UnknownPassage``."""


class Assistant(Protocol):
    """Question in, answer or events out. Every method is synchronous and bound by the CPU."""

    @property
    def library(self) -> Library:
        """What the answers quote."""

    @property
    def fingerprint(self) -> str:
        """Fingerprint of the loaded index."""

    @property
    def built_at(self) -> str:
        """When the loaded index was built, ISO 8601."""

    @property
    def model(self) -> ModelState:
        """Whether a language model helps, and whether it is failing."""

    def answer(self, question: str, *, turns: Sequence[str] = (), filters: Filters | None = None) -> Answer:
        """Answer one question; ``turns`` are the earlier messages of the same user, oldest first."""

    def stream(
        self, question: str, *, turns: Sequence[str] = (), filters: Filters | None = None, answer_id: str | None = None
    ) -> Iterator[Event]:
        """Answer one question step by step; the last event is ``Done``, its answer called ``answer_id`` if given."""

    def explain(self, answer: Answer, *, turns: Sequence[str] = (), filters: Filters | None = None) -> Explanation:
        """Say what stands behind an answer to a question asked after these turns and with these filters."""

    def search(self, query: str, *, filters: Filters | None = None, k: int = 10) -> tuple[RetrievedPassage, ...]:
        """Return up to ``k`` passages, best first."""

    @property
    def research(self) -> Researcher:
        """What council lawyers ask of the index."""
