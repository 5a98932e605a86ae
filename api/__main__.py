"""``deonto serve``: read the settings once, load the index, compose, listen."""

import logging
import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer
from fastapi import FastAPI
from rich.console import Console

from api.access import Access
from api.app import create_app
from api.logs import say
from api.metrics import shared_by_workers
from api.observing import told
from api.reloading import Reloader
from api.running import RETRY, follow_parent
from api.serving import Address, PortUnusable, on_termination, run, set_up_logging
from api.threads import FEW, MOST, POOL
from assistant.commands.console import errors, exit_code, progress
from assistant.messages import explain, message
from assistant.settings import Settings
from assistant.store.feedback import FeedbackStore
from corpus.errors import DeontoError

FACTORY = "api.__main__:application"
logger = logging.getLogger("api")
command = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


def application() -> FastAPI:
    """Return the application of one worker process, from the environment."""
    set_up_logging()
    follow_parent()
    try:
        return assembled(Settings.from_environ(os.environ))
    except DeontoError as error:
        say(logger, logging.ERROR, "not_started", code=error.code, said=explain(error))
        time.sleep(RETRY)  # it is started again at once, while the other workers go on
        sys.exit(1)


def assembled(settings: Settings) -> FastAPI:
    """Return the application of these settings, which follows its index as it changes."""
    from assistant.opening import Opener

    opener = Opener(settings)
    assistant = opener.open()
    POOL.limit(FEW if assistant.model == "off" else MOST)
    return create_app(
        assistant,
        feedback=store(settings),
        reloader=Reloader(settings.index, opener.open),
        access=Access.of(settings),
        request_timeout=settings.request_timeout,
        settings=settings,
    )


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
        The index cannot be built or opened; others could reach the server, and no key protects it.

    """
    Access.of(settings)  # before anything listens
    # The encoder takes seconds to import: the port is tried and `--help` printed without it.
    from assistant.opening import check_configured, ensure_index
    from indexes.manifest import check_index

    address = Address(settings.host, settings.port)
    with on_termination(), address.bind() as listener:
        if build:
            with progress(console) as report:
                ensure_index(settings, report)
        if workers > 1:  # a worker that cannot open its index would be started again and again
            check_configured(settings, check_index(settings.index))
        set_up_logging()
        if workers > 1:
            os.environ["DEONTO_INDEX"] = str(settings.index)  # the workers read the environment
            os.environ["DEONTO_HOST"] = settings.host
            announce(address, console)
            with shared_by_workers():
                run(FACTORY, listener, workers=workers)
        else:
            app = assembled(settings)
            announce(address, console)
            run(app, listener)


def announce(address: Address, console: Console) -> None:
    """Say where to go: in French on a terminal, and as a line of the log where a program reads it."""
    if console.is_terminal:
        console.print(message("api.ready", address=address.url), markup=False, soft_wrap=True)
    else:
        say(logger, logging.INFO, "ready", address=address.url)


def store(settings: Settings) -> FeedbackStore | None:
    """Return where verdicts are kept, None where the operator keeps none."""
    if not settings.feedback:
        return None
    return FeedbackStore(
        settings.feedback,
        conversations=settings.conversations,
        retention=settings.retention,
        tell=told,
    )


def main(args: list[str] | None = None) -> int:
    """Run ``deonto serve`` with these arguments (``sys.argv`` by default); return the exit code."""
    return exit_code(command, args, "deonto serve")


if __name__ == "__main__":
    sys.exit(main())
