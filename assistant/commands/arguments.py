"""Arguments of the command line that are wrong although each is of the right type: exit code 2, said in French."""

from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import typer

from assistant.batch import is_same
from assistant.dates import is_date, is_reversed
from assistant.messages import message
from assistant.models import Filters
from corpus.models import Kind


def filters_of(
    kind: str | None, article: str | None, court: str | None, date_from: str | None, date_to: str | None
) -> Filters | None:
    """Return the filters of a search, None when there are none.

    Raises
    ------
    typer.BadParameter
        An unknown kind, a date that the calendar lacks, or a first date after the last one.

    """
    if kind and kind not in get_args(Kind):
        raise typer.BadParameter(message("api.fields.choice", field="--kind"), param_hint="--kind")
    for name, date in (("--from", date_from), ("--to", date_to)):
        if date and not is_date(date):
            raise typer.BadParameter(message("api.fields.date", field=name), param_hint=name)
    if is_reversed(date_from, date_to):
        raise typer.BadParameter(message("cli.dates_reversed"), param_hint="--from")
    given = Filters(kind, article, court, date_from, date_to)
    return None if given == Filters() else given


def check_batch(source: Path, target: Path) -> None:
    """Refuse a missing file of questions, and a file of answers that is that very file or no file at all."""
    if not source.is_file():
        raise typer.BadParameter(message("cli.not_a_file", path=str(source)), param_hint="--batch")
    if target.exists() and not target.is_file() and not target.is_dir():  # a device: replacing it would remove it
        raise typer.BadParameter(message("cli.not_a_file", path=str(target)), param_hint="--output")
    if is_same(source, target):
        raise typer.BadParameter(message("cli.output_is_batch", path=str(target)), param_hint="--output")


def check_folders(folders: Sequence[Path]) -> None:
    """Refuse what is not a folder."""
    for folder in folders:
        if not folder.is_dir():
            raise typer.BadParameter(message("cli.not_a_folder", path=str(folder)), param_hint="--documents")


def retrievers_of(names: str | None, known: Sequence[str]) -> tuple[str, ...]:
    """Return the retrievers of a list with commas, all of them when none is given; an unknown name is refused."""
    chosen = tuple(name.strip() for name in names.split(",")) if names else tuple(known)
    for name in chosen:
        if name not in known:
            text = message("errors.unknown_retriever", name=name[:40], known=", ".join(known))
            raise typer.BadParameter(text, param_hint="--retrievers")
    return chosen
