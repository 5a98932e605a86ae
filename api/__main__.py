"""``deonto serve``: read the settings once, load the index, compose, listen."""

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer
from fastapi import FastAPI
from rich.console import Console

from api.app import create_app
from api.serving import Address, PortUnusable, run, set_up_logging
from assistant.console import errors, exit_code, progress
from assistant.feedback import FeedbackStore
from assistant.messages import explain, message
from assistant.settings import Settings
from corpus.errors import DeontoError

FACTORY = "api.__main__:application"
command = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


def application() -> FastAPI:
    """Return the application of one worker process, from the environment."""
    from assistant.opening import open_assistant

    set_up_logging()
    try:
        settings = Settings.from_environ(os.environ)
        return create_app(open_assistant(settings), feedback=store(settings))
    except DeontoError as error:
        Console(stderr=True).print(explain(error), style="red", markup=False, soft_wrap=True)
        sys.exit(1)


@command.command(help=message("cli.serve"))
def serve(
    host: Annotated[str | None, typer.Option(help=message("cli.serve_host"))] = None,
    port: Annotated[int | None, typer.Option(help=message("cli.serve_port"), min=1, max=65535)] = None,
    workers: Annotated[int, typer.Option(help=message("cli.serve_workers"), min=1)] = 1,
    index: Annotated[Path | None, typer.Option(help=message("cli.option_index"))] = None,
) -> None:
    """Serve the API and the chat page."""
    console = Console(stderr=True)
    given: dict[str, Any] = {"host": host, "port": port, "index": index}
    try:
        with errors():
            settings = Settings.from_environ(os.environ)
            settings = replace(settings, **{name: value for name, value in given.items() if value is not None})
            try:
                start(settings, workers, console, build=index is None)
            except PortUnusable as error:
                key = "api.port_in_use" if error.in_use else "api.port_refused"
                text = message(key, host=error.host, port=error.port, other=error.port % 65535 + 1)
                console.print(text, style="red", markup=False, soft_wrap=True)
                raise typer.Exit(1) from error
    except KeyboardInterrupt:
        raise typer.Exit(0) from None


def start(settings: Settings, workers: int, console: Console, *, build: bool) -> None:
    """Take the port, load the index, then serve until interrupted.

    Parameters
    ----------
    build
        Whether an index that is missing is built first: the default one is, one that was named must be there.

    Raises
    ------
    PortUnusable
        The port cannot be listened on.
    DeontoError
        The index cannot be built or opened.

    """
    # The encoder takes seconds to import: the port is tried and `--help` printed without it.
    from assistant.opening import ensure_index, open_assistant
    from indexes.manifest import read_manifest

    address = Address(settings.host, settings.port)
    with address.bind() as listener:
        if build:
            with progress(console) as report:
                ensure_index(settings, report)
        else:
            read_manifest(settings.index)
        if workers > 1:
            os.environ["DEONTO_INDEX"] = str(settings.index)  # the workers read the environment
            console.print(message("api.ready", address=address.url), markup=False, soft_wrap=True)
            run(FACTORY, listener, workers=workers)
        else:
            app = create_app(open_assistant(settings), feedback=store(settings))
            set_up_logging()
            console.print(message("api.ready", address=address.url), markup=False, soft_wrap=True)
            run(app, listener)


def store(settings: Settings) -> FeedbackStore | None:
    """Return where verdicts are kept, None where the operator keeps none."""
    return FeedbackStore(settings.feedback) if settings.feedback else None


def main(args: list[str] | None = None) -> int:
    """Run ``deonto serve`` with these arguments (``sys.argv`` by default); return the exit code."""
    return exit_code(command, args, "deonto serve")


if __name__ == "__main__":
    sys.exit(main())
