"""From names on the command line to what a run needs: the questions, a source of answers, a judge."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from assistant.opening import Progress, build, open_assistant
from assistant.retrieval import RETRIEVERS
from assistant.settings import Settings
from eval.adapters import ADAPTERS, prepare
from eval.answers import AnswerSource, IndexSource, ServerSource
from eval.judging import Judge
from eval.models import Run
from eval.questions import QuestionSet, read_questions
from eval.runs import run
from eval.scoring import SHEETS


@dataclass(frozen=True, slots=True)
class Target:
    """What to ask.

    Attributes
    ----------
    documents
        The folder that gold passages are relative to; it is indexed when neither an index nor a server is given.
    index, server
        An index that is there, or the address of a running server; at most one of them.
    sheets
        Whether the shipped sheets are indexed too; None for what the questions need.

    """

    documents: Path | None = None
    index: Path | None = None
    server: str | None = None
    retrievers: tuple[str, ...] = RETRIEVERS
    sheets: bool | None = None
    encoder: str = Settings().encoder


@contextmanager
def gathered(name: str, target: Target) -> Iterator[tuple[QuestionSet, Target]]:
    """Give a set, and where its documents are: ``ADAPTER:FILE`` is prepared in a folder that goes away."""
    adapter, colon, path = name.partition(":")
    if not (colon and adapter in ADAPTERS):
        yield read_questions(name), target
        return
    with TemporaryDirectory(prefix="deonto-") as folder:
        questions, documents = prepare(adapter, Path(path), Path(folder))
        asked = replace(read_questions(str(questions)), name=adapter)
        if any(documents.iterdir()):
            sheets = False if target.sheets is None else target.sheets
            target = replace(target, documents=documents, sheets=sheets)
        yield asked, target  # a table that holds no answer is asked of the documents that were given


def needs_documents(asked: QuestionSet) -> bool:
    """Tell whether some gold is a stretch or a file of the user's documents."""
    return any(gold.file for question in asked.questions for gold in question.gold)


def measure(asked: QuestionSet, target: Target, name: str, progress: Progress = lambda *_: None) -> Run:
    """Ask a set of questions and judge the answers.

    Raises
    ------
    GoldMissing, GoldMoved
        The documents are absent or are others.
    ServerUnreachable, IndexesError
        What should answer cannot.

    """
    judge = Judge(asked.questions, target.documents)
    with _source(asked, target, progress) as (source, about):
        return run(asked, source, judge, {"name": name, **about}, progress=lambda n, all_: progress("ask", n, all_))


@contextmanager
def _source(asked: QuestionSet, target: Target, progress: Progress) -> Iterator[tuple[AnswerSource, dict[str, Any]]]:
    if target.server is not None:
        yield ServerSource(target.server), {"target": "server"}
        return
    with TemporaryDirectory(prefix="deonto-") as folder:
        index = target.index or Path(folder) / "index"
        if target.index is None:
            folders = [target.documents] if target.documents and not _on_sheets(asked) else []
            build(folders, index, target.encoder, sheets=_with_sheets(asked, target), progress=progress)
        settings = replace(Settings(), index=index, encoder=target.encoder)
        assistant = open_assistant(settings, target.retrievers)
        manifest = assistant.index.manifest
        about = {
            "target": "index",
            "retrievers": list(target.retrievers),
            "encoder": manifest.encoder,
            "fingerprint": manifest.fingerprint,
            "documents": manifest.documents,
            "passages": manifest.passages,
            "wordings": manifest.wordings,
        }
        yield IndexSource(assistant), about


def _with_sheets(asked: QuestionSet, target: Target) -> bool:
    """Tell whether sheets are indexed: by default only for questions on them, so that everything found is judged."""
    if target.sheets is not None:
        return target.sheets
    return not needs_documents(asked)


def _on_sheets(asked: QuestionSet) -> bool:
    """Tell whether the questions are on our sheets: then nothing else is searched."""
    return any(g.document.startswith(SHEETS) for q in asked.questions for g in q.gold)
