"""Déonto itself, through the same harness as its peers: as it comes, and without its question bank."""

from pathlib import Path

from assistant.opening import build, open_assistant
from assistant.retrieval import RETRIEVERS, Retrieval
from assistant.settings import Settings
from assistant.understanding import understand


class Deonto:
    """Every retriever, over the documents alone: our sheets would answer what no peer can."""

    retrievers: tuple[str, ...] = RETRIEVERS

    def build(self, documents: Path, encoder: str, store: Path) -> None:
        """Index the documents."""
        build([documents], store / "index", encoder, sheets=False)

    def load(self, encoder: str, store: Path) -> None:
        """Load the index."""
        assistant = open_assistant(Settings(index=store / "index", encoder=encoder), self.retrievers)
        self._retrieval, self._library = Retrieval(assistant.index, self.retrievers), assistant.library

    def search(self, question: str, k: int) -> list[tuple[str, str]]:
        """Search with the last line as the question and those above it as earlier messages."""
        *turns, last = question.split("\n")
        passages = self._retrieval.find(understand(last, turns), k=k).passages
        return [(self._library.document(passage.document_id).source, passage.text) for passage in passages]


class WithoutBank(Deonto):
    """The same without the wordings that were written for these documents."""

    retrievers = tuple(name for name in RETRIEVERS if name != "bank")


SYSTEMS = {"all": Deonto, "without bank": WithoutBank}
