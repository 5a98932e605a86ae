"""``deonto corpus fetch``: official documents from their publishers, then the index of what is there."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from assistant.commands.console import errors, progress, say
from assistant.commands.corpus import OWN_DOCUMENTS, IndexOption
from assistant.messages import message
from assistant.settings import Settings

FOLDER = "officiels"
"""Folder below the documents' own where downloads go."""


def fetch(
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID…]", help=message("fetch.argument_ids"))] = None,
    show: Annotated[bool, typer.Option("--list", help=message("fetch.option_list"))] = False,
    again: Annotated[bool, typer.Option("--again", help=message("fetch.option_again"))] = False,
    limit: Annotated[int, typer.Option(min=1, max=2000, metavar="MO", help=message("fetch.option_limit"))] = 60,
    timeout: Annotated[int, typer.Option(min=1, max=600, metavar="S", help=message("fetch.option_timeout"))] = 20,
    index: IndexOption = None,
) -> None:
    """Download the documents of the catalogue that have an address, and build the index again if one came."""
    with errors():
        from corpus.catalogue import sources

        known = {name: source for name, source in sources().items() if source.download}
        if show:
            for name, source in known.items():
                typer.echo(f"{name:36} {source.metadata.date:10}  {source.metadata.title}\n    {source.metadata.url}")
            return
        for name in ids or ():
            if name not in known:
                raise typer.BadParameter(message("fetch.unknown", id=name[:60]))
        from corpus.errors import FetchFailed
        from corpus.fetching import Fetcher, Limits, fetch_all

        settings = Settings.from_environ(os.environ)
        settings = replace(settings, index=index) if index else settings
        home = settings.documents[0] if settings.documents else OWN_DOCUMENTS
        downloads = [source.download for name, source in known.items() if source.download and name in (ids or known)]
        came = failed = offline = 0
        with Fetcher(home / FOLDER, Limits(size=limit * 1_000_000, timeout=timeout)) as fetcher, progress() as report:
            for n, item in enumerate(fetch_all(downloads, fetcher, again=again), start=1):
                if isinstance(item, FetchFailed):
                    failed, offline = failed + 1, offline + (item.reason == "offline")
                    reason = message(f"fetch.reasons.{item.reason}", seen=str(item.values["seen"]))
                    say(message("fetch.failed", id=str(item.values["source"]), reason=reason), style="yellow")
                else:
                    came += item.outcome != "present"
                    say(message(f"fetch.outcomes.{item.outcome}", id=item.id, size=f"{item.size / 1e6:.1f}"))
                report("fetch", n, len(downloads))
        if offline == len(downloads):
            say(message("fetch.offline"), style="yellow")
        if came:
            _build(home, settings)
        else:
            say(message("fetch.nothing_new"))
    raise typer.Exit(1 if failed else 0)


def _build(home: Path, settings: Settings) -> None:
    from assistant.opening import build

    folders = tuple(dict.fromkeys((home, *settings.documents)))
    with progress() as report:
        corpus, manifest = build(
            folders, settings.index, settings.encoder, questions=settings.questions, progress=report
        )
    for skipped in corpus.skipped:
        reason = message(f"skipped.{skipped.reason}", other=skipped.other)
        say(message("cli.skipped", source=skipped.source, reason=reason), style="yellow")
    say(message("fetch.built", documents=manifest.documents, path=str(home)))
    if not settings.documents:
        say(message("corpus.remember", path=str(home)), style="yellow")
