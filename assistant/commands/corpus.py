"""``deonto corpus``: what is indexed, what an editor must mend, and adding documents."""

import datetime
import json
import os
import shutil
from collections import Counter
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.commands.console import errors, progress, say
from assistant.messages import message
from assistant.settings import Settings

if TYPE_CHECKING:
    from corpus.isolation import Isolation

OWN_DOCUMENTS = Path("var/documents")
"""Where added documents go when no folder is configured."""
THEMES = 20
"""Themes shown by ``check``; all of them in its JSON."""

app = typer.Typer(no_args_is_help=True, help=message("corpus.help"))
IndexOption = Annotated[Path | None, typer.Option("--index", metavar="INDEX", help=message("cli.option_index"))]
JsonOption = Annotated[bool, typer.Option("--json", help=message("cli.option_json"))]


@app.command("list", help=message("corpus.list"))
def list_documents(index: IndexOption = None, as_json: JsonOption = False) -> None:
    """Say what an index holds, document by document."""
    with errors():
        settings = Settings.from_environ(os.environ)
        from assistant.opening import open_library

        library = open_library(replace(settings, index=index) if index else settings)
    rows = [
        {
            "id": document.id,
            "kind": document.metadata.kind,
            "short": document.metadata.short,
            "date": document.metadata.date,
            "version_date": document.metadata.version_date,
            "passages": len(library.passages_of(document.id)),
            "source": document.source,
            "notice": document.metadata.notice,
        }
        for document in library.documents
    ]
    if as_json:
        print_json({"documents": rows})
        return
    for row in rows:
        day = row["version_date"] or row["date"] or "—"
        typer.echo(f"{row['kind']:10} {day:10} {row['passages']:5}  {row['short']}")
    for kind, n in Counter(str(row["kind"]) for row in rows).items():
        say(f"{kind} : {n}")


@app.command(help=message("corpus.check"))
def check(as_json: JsonOption = False) -> None:
    """Say what the shipped sheets, decisions and wordings cover, and what is wrong in them: then exit with 1."""
    with errors():
        from corpus.checking import coverage, findings, themes
        from corpus.precedents import load_precedents
        from corpus.questions import load_wordings
        from corpus.sheets import load_sheets

        sheets, precedents = list(load_sheets()), list(load_precedents())
        today = datetime.datetime.now(tz=datetime.UTC).date()
        found = findings(sheets, precedents, list(load_wordings()), today)
        covered, subjects = coverage(sheets), themes([*sheets, *precedents])
    if as_json:
        table = {"articles": covered, "themes": dict(subjects), "findings": [asdict(finding) for finding in found]}
        print_json({"sheets": len(sheets), "precedents": len(precedents), **table})
        raise typer.Exit(1 if found else 0)
    for article, held in covered.items():
        typer.echo(f"{article:12} {len(held):3}  {', '.join(held[:4])}{' …' if len(held) > 4 else ''}")
    typer.echo("")
    for theme, n in subjects[:THEMES]:
        typer.echo(f"{n:5}  {theme}")
    for finding in found:
        say(f"{finding.place} : {message(f'findings.{finding.code}', detail=finding.detail)}", style="red")
    say(message("corpus.checked", sheets=len(sheets), precedents=len(precedents), findings=len(found)))
    raise typer.Exit(1 if found else 0)


@app.command(help=message("corpus.add"))
def add(
    paths: Annotated[list[Path], typer.Argument(metavar="FILE|DIR…", help=message("corpus.argument_paths"))],
    index: IndexOption = None,
) -> None:
    """Copy documents beside the others and build the index again; a file that cannot be read is left where it is."""
    with errors():
        from assistant.opening import build
        from corpus.isolation import Isolation
        from corpus.loading import find_files

        settings = Settings.from_environ(os.environ)
        settings = replace(settings, index=index) if index else settings
        home = settings.documents[0] if settings.documents else OWN_DOCUMENTS
        for path in paths:
            if not path.exists():
                raise typer.BadParameter(message("cli.not_a_file", path=str(path)))
        files = [pair for path in paths for pair in (find_files([path]) if path.is_dir() else [(path, path.name)])]
        added = 0
        with Isolation() as isolation:
            for path, name in files:
                target = home / name
                if target.exists():
                    say(message("corpus.exists", name=name), style="yellow")
                    continue
                if reason := _unreadable(path, name, isolation):
                    say(message("cli.skipped", source=name, reason=message(f"skipped.{reason}")), style="yellow")
                    continue
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
                added += 1
        if not added:
            say(message("corpus.none_added"), style="red")
            raise typer.Exit(1)
        folders = tuple(dict.fromkeys((home, *settings.documents)))
        with progress() as report:
            _, manifest = build(
                folders, settings.index, settings.encoder, questions=settings.questions, progress=report
            )
    say(message("corpus.added", n=added, path=str(home), documents=manifest.documents))
    if not settings.documents:
        say(message("corpus.remember", path=str(home)), style="yellow")


def _unreadable(path: Path, name: str, isolation: "Isolation") -> str:
    """Return why a file gives no document, "" when it gives one."""
    from corpus.errors import UnreadableSource

    try:
        isolation.load(path, name)
    except UnreadableSource as error:
        return error.reason
    return ""


def print_json(value: Any) -> None:  # noqa: ANN401 - anything that json can write
    """Print a value as JSON."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))
