"""A corpus → an index in place."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from corpus.loading import Corpus
from corpus.models import Passage
from corpus.questions import Wordings, attach, load_wordings
from indexes.bank import BankIndex, asked_by_headings
from indexes.dense import DenseIndex
from indexes.errors import NothingToIndex
from indexes.lexical import LexicalIndex
from indexes.persistence import Manifest, write_index
from indexes.protocols import Encoder
from indexes.wordings import WordingIndex

BATCH = 128


def build_index(
    corpus: Corpus,
    path: Path,
    encoder: Encoder,
    progress: Callable[[int, int], None] = lambda *_: None,
    wordings: Sequence[Wordings] | None = None,
) -> Manifest:
    """Index a corpus and put the index at ``path``.

    Parameters
    ----------
    progress
        Called with the number of passages encoded so far and the number there are.
    wordings
        The question bank; the shipped one by default.

    Raises
    ------
    NothingToIndex
        The corpus has no passage.
    IndexUnwritable
        The index could not be written; see ``write_index``.

    """
    passages = corpus.passages
    if not passages:
        raise NothingToIndex("no document could be read; name a folder with documents", count=len(corpus.skipped))
    texts = [searchable(passage) for passage in passages]
    ids = [passage.id for passage in passages]
    bank = list(load_wordings() if wordings is None else wordings)
    people = attach(corpus, [entry for entry in bank if not entry.machine]) + asked_by_headings(passages)
    written = attach(corpus, [entry for entry in bank if entry.machine])
    pairs, machine = people + written, frozenset(written) - frozenset(people)
    vectors = []
    for start in range(0, len(texts), BATCH):
        vectors.append(encoder.encode(texts[start : start + BATCH]))
        progress(min(start + BATCH, len(texts)), len(texts))
    return write_index(
        path,
        corpus.documents,
        passages,
        LexicalIndex.build(texts, ids),
        DenseIndex.build(np.vstack(vectors), ids, encoder),
        BankIndex.build(pairs),
        WordingIndex.build(pairs, encoder, machine),
        encoder,
    )


def searchable(passage: Passage) -> str:
    """Return the words a passage is found by: its headings, unless it begins with them, and its text."""
    above: Sequence[str] = [heading for heading in passage.headings if not passage.text.startswith(heading)]
    return "\n".join([*above, passage.text])
