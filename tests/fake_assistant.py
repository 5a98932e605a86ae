"""A deterministic assistant over three short documents, written for the tests of the HTTP layer."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from assistant.explaining import Explanation, Trace
from assistant.models import (
    Answer,
    Citation,
    Citations,
    Done,
    Event,
    Filters,
    Passages,
    Redaction,
    RetrievedPassage,
    Status,
    Token,
)
from corpus.models import Document, Metadata, PageSpan, Passage
from indexes.errors import UnknownDocument, UnknownPassage
from indexes.wordings import Wording

SHEET_TEXT = """Le secret médical

La règle

Le secret protège le patient et s'impose à chaque médecin.
Il vaut aussi après la mort du patient.

En pratique

Avant de répondre à un tiers, le médecin vérifie trois points :
- qui demande ;
- ce que le patient a accepté ;
- ce que la loi permet.
"""
BULLETIN_TEXT = "Vos questions\n\nUn confrère absent m'a laissé ses dossiers 📁 « à garder ».\n\nIls restent les siens."
HOSTILE = '<script>alert(1)</script> <img src=x onerror="alert(2)"> & {{ 7 * 7 }}'
HOSTILE_TEXT = f"{HOSTILE}\n\nUn texte qui contient {HOSTILE} au milieu."


def passage_of(document_id: str, anchor: str, text: str, quote: str, headings: tuple[str, ...], **more: str) -> Passage:
    start = text.index(quote)
    return Passage(f"{document_id}:{anchor}", document_id, headings, quote, start, start + len(quote), **more)


SHEET = Document(
    Metadata("fiche:secret", "Que couvre le secret médical ?", "Fiche Déonto — Secret", "sheet", date="2026-11"),
    "secret.md",
    SHEET_TEXT,
)
BULLETIN = Document(
    Metadata(
        "bulletin-7",
        "Bulletin d'essai n° 7",
        "Bulletin n° 7, janv. 2026",
        "bulletin",
        publisher="Éditeur d'essai",
        date="2026-01",
        notice="Texte modifié depuis",
        url="https://example.org/bulletin-7",
    ),
    "bulletin-7.pdf",
    BULLETIN_TEXT,
    pages=(PageSpan(0, 40, 0, "28"), PageSpan(40, len(BULLETIN_TEXT), 1, "29")),
)
HOSTILE_DOCUMENT = Document(
    Metadata("hostile", HOSTILE, HOSTILE, "document", url="javascript:alert(3)", notice=HOSTILE),
    "hostile.html",
    HOSTILE_TEXT,
)
RULE = "Le secret protège le patient et s'impose à chaque médecin.\nIl vaut aussi après la mort du patient."
PASSAGES = (
    passage_of(
        "fiche:secret", "la-regle#1", SHEET_TEXT, RULE, ("Le secret médical", "La règle"), label="Fiche — Règle"
    ),
    passage_of(
        "fiche:secret",
        "en-pratique#1",
        SHEET_TEXT,
        SHEET_TEXT[SHEET_TEXT.index("Avant") :].rstrip(),
        ("Le secret médical", "En pratique"),
        label="Fiche — En pratique",
    ),
    passage_of(
        "bulletin-7",
        "vos-questions#1",
        BULLETIN_TEXT,
        BULLETIN_TEXT[BULLETIN_TEXT.index("Un confrère") :],
        ("Vos questions",),
        locator="p. 28",
        label="Bulletin n° 7, p. 28",
    ),
    passage_of(
        "hostile", "a#1", HOSTILE_TEXT, HOSTILE_TEXT.split("\n\n")[1], (HOSTILE,), label=HOSTILE, locator=HOSTILE
    ),
)


@dataclass(frozen=True)
class FakeLibrary:
    documents: tuple[Document, ...] = (SHEET, BULLETIN, HOSTILE_DOCUMENT)

    def document(self, document_id: str) -> Document:
        for document in self.documents:
            if document.id == document_id:
                return document
        raise UnknownDocument("unknown document")

    def passages_of(self, document_id: str) -> tuple[Passage, ...]:
        self.document(document_id)
        return tuple(passage for passage in PASSAGES if passage.document_id == document_id)

    def passage(self, passage_id: str) -> Passage:
        for passage in PASSAGES:
            if passage.id == passage_id:
                return passage
        raise UnknownPassage("unknown passage")


RETRIEVED = tuple(
    RetrievedPassage(passage.id, passage.document_id, "secret.md", passage.label, passage.text, 1 / rank, rank)
    for rank, passage in enumerate(PASSAGES[:2], start=1)
)
QUOTE = "Il vaut aussi après la mort du patient."
CITATION = Citation(
    marker=1,
    passage_id="fiche:secret:la-regle#1",
    document_id="fiche:secret",
    source="secret.md",
    label="Fiche — Règle",
    title=SHEET.metadata.title,
    kind="sheet",
    date="2026-11",
    locator="La règle",
    quote=QUOTE,
    start=SHEET_TEXT.index(QUOTE),
    end=SHEET_TEXT.index(QUOTE) + len(QUOTE),
    context=RULE,
    notice=None,
)
ANSWERED = Answer(
    id="a1",
    question="Et après la mort ?",
    standalone_question="Le secret vaut-il après la mort ?",
    outcome="answered",
    reason=None,
    answer=f"Oui.\n\n« {QUOTE} » [1]",
    citations=(CITATION,),
    passages=RETRIEVED,
    redactions=(Redaction("phone", "[TÉLÉPHONE]"),),
    confidence=0.91,
    timings_ms={"total": 3.5, "privacy": 0.5, "retrieve": 2.0, "answer": 1.0},
)
EMPTY = replace(
    ANSWERED,
    question="",
    standalone_question="",
    outcome="refused",
    reason="empty",
    answer="Aucune question n'a été posée.",
    citations=(),
    passages=(),
    redactions=(),
    confidence=0.0,
)

EXPLANATION = Explanation(
    words=("secret", "mort"),
    expanded=("deces",),
    references=("R4127-4",),
    passages=(
        Trace(
            PASSAGES[0].id,
            1,
            1.0,
            {"lexical": 2.5, "bank": 0.0},
            Wording("Et une fois le patient mort ?", machine=True),
        ),
        Trace(PASSAGES[1].id, 2, 0.5, {"lexical": 1.0, "bank": 0.0}, None),
    ),
    figures={"covered": 0.75},
    confidence=0.91,
    threshold=0.4,
)


@dataclass
class FakeAssistant:
    """Gives a scripted answer to every question but an empty one, and records its calls.

    ``failure`` is raised by every method; a stream raises it after ``failure_after`` events.
    """

    library: FakeLibrary = field(default_factory=FakeLibrary)
    fingerprint: str = "f" * 16
    built_at: str = "2026-11-22T10:00:00+00:00"
    model: str = "off"
    failure: Exception | None = None
    failure_after: int = 0
    calls: list[tuple[str, tuple[str, ...], Filters | None]] = field(default_factory=list)
    searches: list[tuple[str, Filters | None, int]] = field(default_factory=list)
    explained: list[tuple[Answer, tuple[str, ...], Filters | None]] = field(default_factory=list)
    closed: int = 0
    scripted: Answer = ANSWERED
    pause: float = 0.0
    """Seconds before each event; what comes at once is sent at once."""

    def answer(
        self,
        question: str,
        *,
        turns: Sequence[str] = (),
        filters: Filters | None = None,
        answer_id: str | None = None,
    ) -> Answer:
        self.calls.append((question, tuple(turns), filters))
        if self.failure:
            raise self.failure
        return self.scripted if question.strip() else EMPTY

    def stream(
        self,
        question: str,
        *,
        turns: Sequence[str] = (),
        filters: Filters | None = None,
        answer_id: str | None = None,
    ) -> Iterator[Event]:
        failure, self.failure = self.failure, None
        answer = self.answer(question, turns=turns, filters=filters)
        answer = replace(answer, id=answer_id or answer.id)
        tokens = [Token(answer.answer[at : at + 7]) for at in range(0, len(answer.answer), 7)]
        events: list[Event] = [
            Status("privacy", "Lecture de la question…"),
            Status("retrieve", "Recherche dans 3 documents…"),
            Passages(answer.passages),
            *tokens,
            Citations(answer.citations),
            Done(answer),
        ]
        try:
            for position, event in enumerate(events):
                if failure and position == self.failure_after:
                    raise failure
                time.sleep(self.pause)
                yield event
        finally:
            self.closed += 1

    def explain(self, answer: Answer, *, turns: Sequence[str] = (), filters: Filters | None = None) -> Explanation:
        self.explained.append((answer, tuple(turns), filters))
        return EXPLANATION

    def search(self, query: str, *, filters: Filters | None = None, k: int = 10) -> tuple[RetrievedPassage, ...]:
        self.searches.append((query, filters, k))
        if self.failure:
            raise self.failure
        return RETRIEVED[:k]
