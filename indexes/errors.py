"""Errors of the indexes; the whole tree is drawn in ``corpus/errors.py``."""

import errno

from corpus.errors import DeontoError


class IndexesError(DeontoError):
    """Something about a built index."""

    code = "error"


class IndexMissing(IndexesError):
    """There is no index at the path; build one."""

    code = "index_missing"


class IndexStale(IndexesError):
    """The index was written in another format than this version reads; rebuild it."""

    code = "index_stale"


class IndexCorrupt(IndexesError):
    """A file of the index is missing, truncated or altered; rebuild it."""

    code = "index_corrupt"


class EncoderMismatch(IndexesError):
    """The index holds vectors of another encoder than the one that would encode the questions."""

    code = "encoder_mismatch"


class EncoderMissing(IndexesError):
    """The encoder's files cannot be found or loaded."""

    code = "encoder_missing"


class EncoderDamaged(IndexesError):
    """A file of the shipped encoder is missing or altered."""

    code = "encoder_damaged"


class IndexUnwritable(IndexesError):
    """The index could not be written; what stood there before is untouched."""

    code = "index_unwritable"


class IndexForeign(IndexesError):
    """The folder holds other things than an index; nothing was written or removed there."""

    code = "index_foreign"


class NothingToIndex(IndexesError):
    """No document could be read."""

    code = "nothing_to_index"


class UnknownDocument(IndexesError):
    """No document of the index has this id."""

    code = "unknown_document"


class UnknownPassage(IndexesError):
    """No passage of the index has this id."""

    code = "unknown_passage"


def cause_of(error: BaseException) -> str:
    """Return why the system refused something: the name of its error number ("ENOSPC"), else the kind of the error."""
    number = error.errno if isinstance(error, OSError) else None
    return errno.errorcode.get(number or 0, type(error).__name__)
