"""Errors of the assistant; the whole tree is drawn in ``corpus/errors.py``."""

from corpus.errors import DeontoError


class AssistantError(DeontoError):
    """Something about a request to the assistant."""

    code = "error"


class UnknownRetriever(AssistantError):
    """A retriever was named that does not exist."""

    code = "unknown_retriever"


class InvalidRequest(AssistantError):
    """A request that is not of the contract's form."""

    code = "invalid_request"


class InvalidSetting(AssistantError):
    """An environment variable holds a value that cannot be used."""

    code = "invalid_setting"
