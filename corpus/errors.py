"""The error tree of the whole project.

::

    DeontoError
    ├── CorpusError
    │   ├── UnreadableSource      a file that cannot become text; ``reason`` says why
    │   ├── InvalidSheet          a sheet of ours with a missing or wrong field
    │   ├── InvalidQuestionBank   a line of a question bank that is not of its form
    │   └── FetchFailed           a document that could not be downloaded; ``reason`` says why
    ├── IndexesError              (indexes/errors.py)
    │   └── IndexMissing · IndexStale · IndexCorrupt · IndexUnwritable · IndexForeign ·
    │       NothingToIndex · EncoderMismatch · EncoderMissing · EncoderDamaged
    ├── AssistantError            (assistant/errors.py)
    │   └── UnknownRetriever · InvalidRequest · InvalidSetting · InvalidKeys · KeysNeeded · ModelUnavailable ·
    │       ModelMissing · FeedbackOff · FeedbackUnavailable
    └── EvalError                 (eval/errors.py)
        └── InvalidQuestions · NoQuestions · ReportOnly · GoldMissing · GoldMoved · RunUnreadable ·
            NotComparable · ServerUnreachable · InvalidGate · InvalidSource

Every error carries a ``code`` and plain ``values``; the French sentence that a user reads is looked up by code in
``assistant/messages.toml``. The English text is for developers and logs. Neither ever holds the user's words.
"""

from typing import ClassVar


class DeontoError(Exception):
    """Root of every error this project raises on purpose.

    Parameters
    ----------
    text
        English: what happened, the value seen, what to do.
    values
        Named values for the French message of the same ``code``.

    """

    code: ClassVar[str] = "error"

    def __init__(self, text: str, **values: str | int) -> None:
        super().__init__(text)
        self.values = values


class CorpusError(DeontoError):
    """Something about a source document."""

    code = "corpus"


class UnreadableSource(CorpusError):
    """A file that cannot become text.

    ``reason`` is one of: ``empty``, ``encrypted``, ``damaged``, ``no_text`` (a scan), ``not_text`` (binary content),
    ``unreadable`` (permissions, vanished), ``too_large``, ``too_slow`` (reading it was given up), ``no_passage``
    (nothing citable left after cleaning).
    """

    code = "unreadable"

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(f"{source}: cannot be read ({reason})", source=source, reason=reason)
        self.reason = reason


class InvalidSheet(CorpusError):
    """A sheet of ours with a missing or wrong field."""

    code = "invalid_sheet"


class InvalidQuestionBank(CorpusError):
    """A line of a question bank that is not of its form."""

    code = "invalid_question_bank"


class FetchFailed(CorpusError):
    """A document that could not be downloaded.

    ``reason`` is one of: ``offline``, ``timeout``, ``refused`` (an address or a redirection that is not followed),
    ``robots`` (the publisher forbids it), ``status``, ``type``, ``too_large``, ``truncated``, ``checksum``, ``record``
    (the list of what was fetched cannot be read).
    """

    code = "fetch_failed"

    def __init__(self, source: str, reason: str, seen: str) -> None:
        super().__init__(f"{source}: not downloaded ({reason}: {seen})", source=source, seen=seen)
        self.reason = reason
