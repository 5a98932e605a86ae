"""A question in, events out: privacy → understanding → retrieval → refusal → extracting, composing, citing → answer.

The command line is ``__main__``; ``models`` is what the API and the evaluation share. Names below are found on first
use, so that the command line and who only needs the types start fast.
"""

from typing import TYPE_CHECKING

from corpus.exports import lazy as _lazy

if TYPE_CHECKING:
    from assistant.answering import Assistant
    from assistant.errors import AssistantError, InvalidRequest, InvalidSetting, UnknownRetriever
    from assistant.messages import explain, message
    from assistant.models import Answer, Citation, Event, Filters, RetrievedPassage
    from assistant.opening import build, ensure_index, open_assistant
    from assistant.settings import Settings

__all__ = [
    "Answer",
    "Assistant",
    "AssistantError",
    "Citation",
    "Event",
    "Filters",
    "InvalidRequest",
    "InvalidSetting",
    "RetrievedPassage",
    "Settings",
    "UnknownRetriever",
    "build",
    "ensure_index",
    "explain",
    "message",
    "open_assistant",
]

_HOMES = {
    "assistant.answering": ("Assistant",),
    "assistant.errors": ("AssistantError", "InvalidRequest", "InvalidSetting", "UnknownRetriever"),
    "assistant.messages": ("explain", "message"),
    "assistant.models": ("Answer", "Citation", "Event", "Filters", "RetrievedPassage"),
    "assistant.opening": ("build", "ensure_index", "open_assistant"),
    "assistant.settings": ("Settings",),
}
__getattr__, __dir__ = _lazy(__name__, _HOMES)
