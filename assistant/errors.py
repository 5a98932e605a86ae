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


class InvalidKeys(AssistantError):
    """The file of access keys is missing, cannot be read or is not of its form."""

    code = "invalid_keys"


class KeysNeeded(AssistantError):
    """Others could reach the server, and no access key protects it."""

    code = "keys_needed"


class ModelUnavailable(AssistantError):
    """The configured language model did not answer."""

    code = "model_unavailable"


class ModelMissing(AssistantError):
    """A language model is needed, and none is configured."""

    code = "model_missing"


class FeedbackOff(AssistantError):
    """A verdict was sent, and the operator keeps none."""

    code = "feedback_off"


class FeedbackUnavailable(AssistantError):
    """The file of feedback cannot be read or written."""

    code = "feedback_unavailable"
