"""``deonto store``: what is kept of verdicts and conversations, and how an operator takes it out or erases it."""

import errno
import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.commands.console import errors, say
from assistant.commands.corpus import JsonOption, print_json
from assistant.dates import is_date
from assistant.messages import message
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.store.records import Records, Rows

app = typer.Typer(no_args_is_help=True, help=message("store.help"))


def _records(settings: Settings) -> "Records":
    if not settings.feedback:
        say(message("review.off"), style="red")
        raise typer.Exit(1)
    from assistant.store.records import Records

    return Records(settings.feedback)


@app.command(help=message("store.info"))
def info(as_json: JsonOption = False) -> None:
    """Say what is kept, in figures."""
    with errors():
        settings = Settings.from_environ(os.environ)
        row = asdict(_records(settings).summary())
        row |= {"retention": settings.retention, "keeps_conversations": settings.conversations}
    if as_json:
        print_json(row)
        return
    for name, value in row.items():
        typer.echo(f"{message(f'store.fields.{name}')} : {_shown(value)}")


def _shown(value: str | float | bool) -> str:
    if isinstance(value, bool):
        return message("store.true" if value else "store.false")
    return "—" if value in {"", -1} else str(value)


@app.command(help=message("store.export"))
def export(target: Annotated[Path, typer.Argument(metavar="FILE.jsonl", help=message("store.argument_file"))]) -> None:
    """Write everything that is kept, a JSON object a line; the file appears whole or not at all, and for its owner."""
    with errors():
        records = _records(Settings.from_environ(os.environ))
        kept = records.storage.path
        if kept and target.exists() and kept.exists() and target.samefile(kept):
            raise typer.BadParameter(message("store.is_store", path=str(target)))
        lines = _write(records, target)
    say(message("store.exported", n=lines, path=str(target)))


def _write(records: "Records", target: Path) -> int:
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
    partial = target.with_name(f"{target.name}.part{os.getpid()}")
    lines = 0
    try:
        descriptor = os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as out:
            for row in records.rows():
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
                lines += 1
            out.flush()
            os.fsync(out.fileno())
        partial.replace(target)
    except OSError as error:
        # A disk that fills up while writing names no file.
        raise OSError(error.errno, error.strerror, str(target)) from error
    finally:
        partial.unlink(missing_ok=True)
    return lines


@app.command(help=message("store.erase"))
def erase(
    answer: Annotated[str | None, typer.Option(metavar="ID", help=message("store.option_answer"))] = None,
    before: Annotated[str | None, typer.Option(metavar="DAY", help=message("store.option_before"))] = None,
    everything: Annotated[bool, typer.Option("--all", help=message("store.option_all"))] = False,
    yes: Annotated[bool, typer.Option("--yes", help=message("store.option_yes"))] = False,
) -> None:
    """Erase rows for good: what they held is gone from the file, not only from its lists."""
    if (answer is not None) + (before is not None) + everything != 1:
        raise typer.BadParameter(message("store.one_of"))
    if before is not None and (len(before) != len("2026-01-31") or not is_date(before)):
        raise typer.BadParameter(message("store.not_a_day"))
    if everything and not yes:
        raise typer.BadParameter(message("store.say_yes"))
    with errors():
        _said(_records(Settings.from_environ(os.environ)).erase(answer_id=answer, before=before))


@app.command(help=message("store.purge"))
def purge() -> None:
    """Erase what is past its retention period now, as a server does by itself."""
    with errors():
        settings = Settings.from_environ(os.environ)
        records = _records(settings)
        from assistant.store import retention

        _said(retention.purge(records, settings.retention, retention.today()))


def _said(erased: "Rows") -> None:
    say(message("store.erased", feedback=erased.feedback, conversations=erased.conversations))
