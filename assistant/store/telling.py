"""How a thread of ours says what happened, in facts of ours and no word of a user: a server hands it its own log."""

import logging
from typing import Protocol

logger = logging.getLogger("assistant")


class Tell(Protocol):
    """Takes one event."""

    def __call__(self, level: int, event: str, /, **facts: str | int) -> None:
        """Say that ``event`` happened; ``level`` is that of ``logging``."""


def tell(level: int, event: str, /, **facts: str | int) -> None:
    """Say it to the log of Python, where nobody gave another."""
    logger.log(level, " ".join([event, *(f"{name}={value}" for name, value in facts.items())]))
