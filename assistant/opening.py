"""From settings to an assistant that is ready: load the index, or build the default one first."""

from collections.abc import Callable, Sequence
from pathlib import Path

from assistant.answering import Assistant
from assistant.retrieval import RETRIEVERS
from assistant.settings import Settings
from corpus.loading import Corpus, load
from indexes.building import build_index
from indexes.encoder import SentenceEncoder
from indexes.errors import IndexMissing
from indexes.persistence import Manifest, read_index, read_manifest

Progress = Callable[[str, int, int], None]
"""Called with a stage (``read`` or ``encode``), how much is done and how much there is."""


def build(
    folders: Sequence[Path],
    path: Path,
    encoder: str,
    *,
    sheets: bool = True,
    progress: Progress = lambda *_: None,
    was_read: Callable[[Corpus], None] = lambda _: None,
) -> tuple[Corpus, Manifest]:
    """Read documents and put their index in place.

    Parameters
    ----------
    was_read
        Called with what was read and what was not, before it is indexed: also when there is nothing to index.

    Raises
    ------
    EncoderMissing, NothingToIndex, IndexUnwritable
        Before anything at ``path`` is touched.

    """
    model = SentenceEncoder(encoder)
    corpus = load(folders, sheets=sheets, progress=lambda _, n, total: progress("read", n, total))
    was_read(corpus)
    return corpus, build_index(corpus, path, model, lambda n, total: progress("encode", n, total))


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
        build(settings.documents, settings.index, settings.encoder, progress=progress)
        return True
    return False


def open_assistant(settings: Settings, retrievers: Sequence[str] = RETRIEVERS) -> Assistant:
    """Load the index and return an assistant over it; the encoder is warmed up so that the first question is fast.

    Raises
    ------
    IndexMissing, IndexStale, IndexCorrupt, EncoderMismatch, EncoderMissing, UnknownRetriever
        See ``read_index`` and ``Retrieval``.

    """
    encoder = SentenceEncoder(settings.encoder, threads=1)
    assistant = Assistant(read_index(settings.index, encoder), retrievers)
    if "dense" in retrievers:
        encoder.encode(["secret"])
    return assistant
