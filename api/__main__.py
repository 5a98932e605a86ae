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
from assistant.console import progress
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
        return create_app(open_assistant(Settings.from_environ(os.environ)))
    except DeontoError as error:
        Console(stderr=True).print(explain(error), style="red", markup=False, soft_wrap=True)
        sys.exit(1)


@command.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; the loopback by default.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.", min=1, max=65535)] = None,
    workers: Annotated[int, typer.Option(help="Processes, each with its own copy of the index.", min=1)] = 1,
    index: Annotated[Path | None, typer.Option(help="Index to load; built first when it is missing.")] = None,
) -> None:
    """Serve the API and the chat page."""
    console = Console(stderr=True)
    given: dict[str, Any] = {"host": host, "port": port, "index": index}
    try:
        settings = Settings.from_environ(os.environ)
        settings = replace(settings, **{name: value for name, value in given.items() if value is not None})
        start(settings, workers, console)
    except PortUnusable as error:
        key = "api.port_in_use" if error.in_use else "api.port_refused"
        text = message(key, host=error.host, port=error.port, other=error.port % 65535 + 1)
        console.print(text, style="red", markup=False, soft_wrap=True)
        raise typer.Exit(1) from error
    except DeontoError as error:
        console.print(explain(error), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(1) from error
    except KeyboardInterrupt:
        raise typer.Exit(0) from None


def start(settings: Settings, workers: int, console: Console) -> None:
    """Take the port, build the index when it is missing, then serve until interrupted.

    Raises
    ------
    PortUnusable
        The port cannot be listened on.
    DeontoError
        The index cannot be built or opened.

    """
    # The encoder takes seconds to import: the port is tried and `--help` printed without it.
    from assistant.opening import ensure_index, open_assistant

    address = Address(settings.host, settings.port)
    with address.bind() as listener:
        with progress(console) as report:
            ensure_index(settings, report)
        if workers > 1:
            os.environ["DEONTO_INDEX"] = str(settings.index)  # the workers read the environment
            console.print(message("api.ready", address=address.url), markup=False, soft_wrap=True)
            run(FACTORY, listener, workers=workers)
        else:
            app = create_app(open_assistant(settings))
            set_up_logging()
            console.print(message("api.ready", address=address.url), markup=False, soft_wrap=True)
            run(app, listener)


def main(args: list[str] | None = None) -> int:
    """Run ``deonto serve`` with these arguments (``sys.argv`` by default); return the exit code."""
    try:
        command(args, prog_name="deonto serve")
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
