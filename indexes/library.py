"""The documents and passages of a loaded index, by id."""

from collections.abc import Sequence

from corpus.models import Document, Passage
from indexes.errors import UnknownDocument, UnknownPassage


class Library:
    """Read-only; the order is that of the build."""

    def __init__(self, documents: Sequence[Document], passages: Sequence[Passage]) -> None:
        self.documents = tuple(documents)
        self.passages = tuple(passages)
        self._documents = {document.id: document for document in documents}
        self._passages = {passage.id: passage for passage in passages}
        self._of: dict[str, list[Passage]] = {}
        for passage in passages:
            self._of.setdefault(passage.document_id, []).append(passage)

    def document(self, document_id: str) -> Document:
        """Return a document, or raise ``UnknownDocument``."""
        if document_id not in self._documents:
            raise UnknownDocument("no document has the id that was asked for")
        return self._documents[document_id]

    def passages_of(self, document_id: str) -> tuple[Passage, ...]:
        """Return the passages of a document in reading order, or raise ``UnknownDocument``."""
        return tuple(self._of.get(self.document(document_id).id, ()))

    def passage(self, passage_id: str) -> Passage:
        """Return a passage, or raise ``UnknownPassage``."""
        if passage_id not in self._passages:
            raise UnknownPassage("no passage has the id that was asked for")
        return self._passages[passage_id]
