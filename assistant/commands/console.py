"""The terminal: progress bars and messages on the standard error stream, so that standard output stays pure."""

import contextlib
import os
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn, Protocol

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from assistant.messages import cause, explain, message
from corpus.errors import DeontoError
from indexes.errors import cause_of

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
    """Print a line on the standard error stream, as it is; where that stream is full, nobody can be told."""
    with contextlib.suppress(OSError):
        STDERR.print(text, style=style, markup=False, soft_wrap=True)


@contextmanager
def errors() -> Iterator[None]:
    """Turn errors of ours, of the file system, and mistakes in the code into a French line and exit code 1."""
    try:
        yield
    except (typer.Exit, typer.Abort, typer.BadParameter, BrokenPipeError):
        raise
    except DeontoError as error:
        _fail(explain(error))
    except OSError as error:
        why = cause(cause_of(error))
        if error.filename is None:
            _fail(message("errors.system", cause=why))
        _fail(message("errors.file", path=str(error.filename), cause=why))
    except Exception as error:  # a mistake of ours: where it is, and never its text, which may hold the user's words
        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(frame.filename).name}:{frame.lineno}"
        _fail(message("cli.unexpected", kind=type(error).__name__, place=place))


def exit_code(command: Callable[..., object], args: list[str] | None, name: str) -> int:
    """Run a command with these arguments (``sys.argv`` by default) and return its exit code instead of leaving."""
    try:
        with standard_output():
            command(args, prog_name=name)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 1
    return 0


@contextmanager
def standard_output() -> Iterator[None]:
    """Turn a standard output that cannot be written into a French line and exit code 1; a closed pipe says nothing."""
    try:
        yield
    except OSError as error:
        # What is still buffered would fail again when Python ends, with a traceback.
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            raise SystemExit(1) from None
        _fail(message("errors.output", cause=cause(cause_of(error))))


def _fail(text: str) -> NoReturn:
    say(text, style="red")
    raise SystemExit(1) from None
