"""``deonto keys``: create an access key, list them, withdraw one; a running server follows without a restart."""

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.commands.console import errors, say
from assistant.commands.corpus import JsonOption, print_json
from assistant.keys import MOST_DAILY, NAME, RATE, Key, new_key, read_keys, revoke, write_keys
from assistant.messages import message
from assistant.origins import origin_of
from assistant.settings import Settings

app = typer.Typer(no_args_is_help=True, help=message("keys.help"))
FileOption = Annotated[Path | None, typer.Option("--file", metavar="PATH", help=message("keys.option_file"))]
NameArgument = Annotated[str, typer.Argument(metavar="NOM", help=message("keys.argument_name"))]


@app.command(help=message("keys.add"))
def add(
    name: NameArgument,
    admin: Annotated[bool, typer.Option("--admin", help=message("keys.option_admin"))] = False,
    origin: Annotated[list[str] | None, typer.Option(metavar="URL", help=message("keys.option_origin"))] = None,
    rate: Annotated[str, typer.Option(metavar="N/minute", help=message("keys.option_rate"))] = "",
    daily: Annotated[int, typer.Option(min=0, max=MOST_DAILY, metavar="N", help=message("keys.option_daily"))] = 0,
    file: FileOption = None,
) -> None:
    """Create a key; the standard output holds nothing but it."""
    if not NAME.fullmatch(name):
        raise typer.BadParameter(message("keys.wrong_name"))
    if rate and not RATE.fullmatch(rate):
        raise typer.BadParameter(message("keys.wrong_rate"))
    try:
        origins = tuple(dict.fromkeys(map(origin_of, origin or ())))
    except ValueError:
        raise typer.BadParameter(message("keys.wrong_origin")) from None
    with errors():
        path = _path(file)
        keys = read_keys(path) if path.exists() else ()
        if any(key.name == name for key in keys):
            say(message("keys.exists", name=name), style="red")
            raise typer.Exit(1)
        secret, key = new_key(name, scope="admin" if admin else "use", origins=origins, rate=rate, daily=daily)
        write_keys(path, (*keys, key))
    typer.echo(secret)
    say(message("keys.added", name=name, path=str(path)))


@app.command("list", help=message("keys.list"))
def list_keys(file: FileOption = None, as_json: JsonOption = False) -> None:
    """List the keys; what opens anything is not there to be listed."""
    with errors():
        keys = read_keys(_path(file))
    if as_json:
        print_json({"keys": [_row(key) for key in keys]})
        return
    if not keys:
        say(message("keys.none"), style="yellow")
    for key in keys:
        daily = f"{key.daily}/day" if key.daily else ""
        bounds = (key.rate, daily, message("keys.revoked_mark") if key.revoked else "")
        said = [key.label, f"{key.name:24}", key.created, f"{key.scope:5}", *key.origins, *filter(None, bounds)]
        typer.echo("  ".join(said))


@app.command("revoke", help=message("keys.revoke"))
def revoke_key(name: NameArgument, file: FileOption = None) -> None:
    """Withdraw a key."""
    with errors():
        path = _path(file)
        keys = read_keys(path)
        if not any(key.name == name for key in keys):
            say(message("keys.unknown", name=name, path=str(path)), style="red")
            raise typer.Exit(1)
        write_keys(path, revoke(keys, name))
    say(message("keys.revoked", name=name))


def _path(file: Path | None) -> Path:
    path = file or Settings.from_environ(os.environ).keys
    if path is None:
        say(message("keys.no_file"), style="red")
        raise typer.Exit(1)
    return path


def _row(key: Key) -> dict[str, Any]:
    fields = ("name", "scope", "origins", "rate", "daily", "created", "revoked")
    return {"id": key.label, **{field: getattr(key, field) for field in fields}}
