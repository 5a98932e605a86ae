"""The terminal: progress bars and messages on the standard error stream, so that standard output stays pure."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from assistant.messages import message

STDERR = Console(stderr=True, highlight=False)


class Report(Protocol):
    """Told how far a long step is."""

    def __call__(self, stage: str, done: int, total: int, /) -> None:
        """Say that ``done`` of ``total`` units of a stage are finished."""


@contextmanager
def progress(console: Console = STDERR) -> Iterator[Report]:
    """Give a function that draws one bar a stage, on a terminal only; stages are keys of ``[progress]``."""
    if not console.is_terminal:
        yield lambda *_: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as bars:
        tasks: dict[str, TaskID] = {}

        def report(stage: str, done: int, total: int, /) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(message(f"progress.{stage}"), total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield report


def say(text: str, *, style: str | None = None) -> None:
    """Print a line on the standard error stream, as it is."""
    STDERR.print(text, style=style, markup=False, soft_wrap=True)
