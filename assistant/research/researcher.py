"""What council lawyers ask of one index: a search, an article, a decision."""

from functools import cached_property

from assistant.privacy import Guard
from assistant.research.articles import Articles
from assistant.research.decisions import Decision, Related, Relations, read_decision
from assistant.research.searching import Searcher
from assistant.research.wanted import Found, Wanted
from assistant.retrieval import Retrieval
from corpus.models import Document, Kind
from indexes.errors import UnknownDocument

PREFIX = "decision:"
"""Of the ids of the decisions that are shipped; an address may leave it out."""


class Researcher:
    """Searches one index; what is counted over the whole of it is counted once, at the first question."""

    def __init__(self, retrieval: Retrieval, guard: Guard) -> None:
        self._index = retrieval.index
        self._searcher = Searcher(retrieval, guard)

    def search(self, wanted: Wanted) -> Found:
        """Return every result of a search; see ``Searcher``."""
        return self._searcher.search(wanted)

    @cached_property
    def everything(self) -> Found:
        """What a search without words finds: everything, for the counts that stand at its head."""
        return self._searcher.search(Wanted())

    @cached_property
    def courts(self) -> tuple[str, ...]:
        """The courts whose decisions are there, in the order of the alphabet."""
        documents = self._index.library.documents
        return tuple(sorted({d.metadata.publisher for d in documents if d.metadata.kind == "precedent"} - {""}))

    def theme(self, name: str) -> str:
        """Return the form of a theme that documents have, "" where none has it."""
        return self._searcher.themes.form(name)

    @cached_property
    def listed(self) -> frozenset[str]:
        """The articles that documents list, as they write them."""
        return frozenset(article for d in self._index.library.documents for article in d.metadata.articles)

    @cached_property
    def articles(self) -> Articles:
        """The articles that are held or cited."""
        return Articles(self._index.library, self._index.references)

    def decision(self, document_id: str) -> Decision:
        """Return a decision by the id of its document, with or without its prefix.

        Raises
        ------
        UnknownDocument
            There is no such document, or it is no decision.

        """
        library = self._index.library
        known = {document.id for document in library.documents}
        full = PREFIX + document_id
        document = library.document(full if full in known else document_id)
        if document.metadata.kind != "precedent":
            raise UnknownDocument("this document is no decision")
        return read_decision(document, library.passages_of(document.id))

    def related(self, document: Document, kind: Kind) -> tuple[Related, ...]:
        """Return the documents of a kind that share most articles and themes with one."""
        return self._relations.near(document, kind)

    @cached_property
    def _relations(self) -> Relations:
        return Relations(self._index.library.documents, self._searcher.themes)
