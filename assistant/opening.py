"""From settings to an assistant that is ready: load the index, or build the default one first."""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from threadpoolctl import threadpool_limits

from assistant.answering import Assistant
from assistant.breaker import Breaker
from assistant.retrieval import RETRIEVERS
from assistant.settings import Settings
from corpus.loading import Corpus, find_files, load
from corpus.questions import Wordings, load_wordings
from indexes.building import build_index
from indexes.encoder import open_encoder
from indexes.errors import IndexMissing, NothingToIndex
from indexes.library import Library
from indexes.manifest import Manifest, check_encoder, check_place, read_manifest
from indexes.persistence import read_index
from indexes.protocols import Encoder

if TYPE_CHECKING:
    from assistant.drafting import Drafter
    from assistant.rewriting import Rewriter

Progress = Callable[[str, int, int], None]
"""Called with a stage (``read`` or ``encode``), how much is done and how much there is."""


class Helpers(TypedDict, total=False):
    """What a language model does for an assistant."""

    drafter: "Drafter"
    rewriter: "Rewriter"
    breaker: Breaker


def build(
    folders: Sequence[Path],
    path: Path,
    encoder: str,
    *,
    sheets: bool = True,
    questions: Path | None = None,
    progress: Progress = lambda *_: None,
    was_read: Callable[[Corpus], None] = lambda _: None,
    before: Callable[[Corpus], None] = lambda _: None,
) -> tuple[Corpus, Manifest]:
    """Read documents and put their index in place.

    Parameters
    ----------
    folders
        Directories of documents; none is fine with the sheets, but folders without any readable document are not:
        an index of the sheets alone would hide the mistake.
    questions
        Folder of the operator's own wordings, if there is one.
    was_read
        Called with what was read and what was not, before it is indexed: also when there is nothing to index.
    before
        Called last before the wordings are read, with a corpus that will be indexed: it may add wordings.

    Raises
    ------
    EncoderMissing, NothingToIndex, IndexForeign, IndexUnwritable
        Before anything at ``path`` is touched.

    """
    check_place(path)
    model = open_encoder(encoder)
    corpus = load(folders, sheets=sheets, progress=lambda _, n, total: progress("read", n, total))
    was_read(corpus)
    if folders and len(barren(folders, corpus)) == len(folders):
        raise NothingToIndex("no document could be read in the folders given", count=len(corpus.skipped))
    before(corpus)
    wordings = own_wordings(questions)
    return corpus, build_index(corpus, path, model, lambda n, total: progress("encode", n, total), wordings)


def own_wordings(folder: Path | None) -> list[Wordings]:
    """Return the shipped wordings and those of the operator's folder, where it is there.

    Raises
    ------
    InvalidQuestionBank
        A line of the folder is not one of a question bank.

    """
    return [*load_wordings(), *(load_wordings(folder) if folder and folder.is_dir() else ())]


def barren(folders: Sequence[Path], corpus: Corpus) -> list[Path]:
    """Return the folders in which no document could be read; a copy of a document of another folder is one.

    Files that were skipped are known by their names inside their folders: where two folders hold the same name and one
    of the files was read, neither counts as unread.
    """
    found = dict(find_files(folders))
    held = Counter(found.values())
    skipped = Counter(item.source for item in corpus.skipped if item.reason != "duplicate")
    unread = {path for path, name in found.items() if skipped[name] == held[name]}
    return [folder for folder in folders if {path for path, _ in find_files([folder])} <= unread]


def check_configured(settings: Settings, manifest: Manifest) -> None:
    """Raise ``EncoderMissing`` or ``EncoderMismatch`` when an index cannot be searched with the encoder configured."""
    check_encoder(settings.index, manifest, open_encoder(settings.encoder).name)


def ensure_index(settings: Settings, progress: Progress = lambda *_: None) -> bool:
    """Build the default index when there is none; return whether one was built.

    Raises
    ------
    IndexStale, IndexCorrupt
        There is one that cannot be used: it is left for the user to judge.

    """
    try:
        read_manifest(settings.index)
    except IndexMissing:
        build(settings.documents, settings.index, settings.encoder, questions=settings.questions, progress=progress)
        return True
    return False


def open_library(settings: Settings) -> Library:
    """Return the documents of an index; no question can be asked of it, so no model is loaded.

    Raises
    ------
    IndexMissing, IndexStale, IndexCorrupt, EncoderMismatch, EncoderMissing
        See ``read_index``.

    """
    return read_index(settings.index, open_encoder(settings.encoder)).library


def open_assistant(settings: Settings, retrievers: Sequence[str] = RETRIEVERS) -> Assistant:
    """Load the index and return an assistant over it; the encoder is warmed up so that the first question is fast.

    A language model helps where one is configured: it is asked nothing yet.

    Raises
    ------
    IndexMissing, IndexStale, IndexCorrupt, EncoderMismatch, EncoderMissing, UnknownRetriever
        See ``read_index`` and ``Retrieval``.

    """
    return Opener(settings, retrievers).open()


class Opener:
    """Opens the index of some settings as often as it changes; the encoder and the language model stay the same.

    Raises
    ------
    EncoderMissing
        The encoder that is configured is not there.

    """

    def __init__(self, settings: Settings, retrievers: Sequence[str] = RETRIEVERS) -> None:
        self._settings, self._retrievers = settings, tuple(retrievers)
        self._encoder = open_encoder(settings.encoder, threads=1)
        # Threads that spin for products of a millisecond cost twice what they give, and a server has its own.
        threadpool_limits(1)
        self._helpers: Helpers | None = None

    def open(self) -> Assistant:
        """Return an assistant over the index as it is now; raises as ``open_assistant`` does."""
        index = read_index(self._settings.index, self._encoder)
        if self._helpers is None:
            self._helpers = _helpers(self._settings, self._encoder)
        assistant = Assistant(index, self._retrievers, **self._helpers)
        if {"dense", "bank"} & set(self._retrievers):
            self._encoder.encode(["secret"])
        return assistant


def _helpers(settings: Settings, encoder: Encoder) -> Helpers:
    """Return what a configured language model does for an assistant; nothing without one."""
    if not (settings.model_url and settings.model):
        return {}
    from assistant.drafting import Drafter
    from assistant.llm import ChatModel  # seconds: llama-index
    from assistant.rewriting import Rewriter
    from assistant.supporting import Checker

    writer = ChatModel(settings.model_url, settings.model, settings.model_key, settings.model_timeout)
    breaker = Breaker()  # one for both: it is the same endpoint that fails
    drafter = Drafter(writer, Checker(encoder), breaker)
    return {"drafter": drafter, "rewriter": Rewriter(writer, breaker), "breaker": breaker}
