"""``deonto eval``: ``run``, ``compare``, ``report``, ``gate`` and ``prepare``.

Everything slow is imported inside the commands: ``--help`` must not wait for it.
"""

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.commands.console import errors, exit_code, progress, say
from assistant.messages import message
from assistant.settings import Settings
from eval.questions import SHIPPED, TEST_PARTS

if TYPE_CHECKING:
    from eval.models import Run
    from eval.targets import Target

OUTPUT = Path("var/eval")
SETTINGS = ("retrievers", "index", "server", "encoder", "sheets")
"""What a configuration to compare may set, as ``name=value`` separated by spaces."""

command = typer.Typer(
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help=message("cli.eval")
)
DataOption = Annotated[list[str] | None, typer.Option(metavar="SET|FILE", help=message("eval.option_data"))]
DocumentsOption = Annotated[Path | None, typer.Option(metavar="DIR", help=message("eval.option_documents"))]
IndexOption = Annotated[Path | None, typer.Option(metavar="INDEX", help=message("eval.option_index"))]
ServerOption = Annotated[str | None, typer.Option(metavar="URL", help=message("eval.option_server"))]
RetrieversOption = Annotated[str | None, typer.Option(metavar="A,B,…", help=message("cli.option_retrievers"))]
SheetsOption = Annotated[bool | None, typer.Option("--sheets/--no-sheets", help=message("eval.option_sheets"))]
OutputOption = Annotated[Path, typer.Option(metavar="DIR", help=message("eval.option_output"))]


@command.command("run", help=message("eval.run"))
def run_sets(
    data: DataOption = None,
    documents: DocumentsOption = None,
    index: IndexOption = None,
    server: ServerOption = None,
    retrievers: RetrieversOption = None,
    sheets: SheetsOption = None,
    everything: Annotated[bool, typer.Option("--all", help=message("eval.option_all"))] = False,
    output: OutputOption = OUTPUT,
) -> None:
    """Ask every question of some sets and keep what came back."""
    if index is not None and server is not None:
        raise typer.BadParameter(message("eval.index_or_server"), param_hint="--server")
    target = _target(documents, index, server, retrievers, sheets)
    with errors():
        from eval.record import write_run

        shipped = [name for name in SHIPPED if everything or (not data and name not in TEST_PARTS)]
        for found in _measured([*shipped, *(data or ())], target, skip=shipped):
            write_run(found, output / found.name)
            _tell(found, output / found.name)


@command.command(help=message("eval.compare"))
def compare(
    runs: Annotated[list[str], typer.Argument(metavar="RUN|CONFIGURATION…", help=message("eval.argument_runs"))],
    data: Annotated[str | None, typer.Option(metavar="SET|FILE", help=message("eval.option_data"))] = None,
    documents: DocumentsOption = None,
    output: OutputOption = OUTPUT / "comparison",
) -> None:
    """Compare runs, or configurations that are run now, each with the first."""
    if len(runs) < 2:
        raise typer.BadParameter(message("eval.two_runs"))
    with errors():
        from eval.comparing import compare as compared
        from eval.record import read_run
        from eval.report import write_report

        base = _target(documents, None, None, None, None)
        found = [_configured(name, data, base) if "=" in name else read_run(Path(name)) for name in runs]
        # Two folders of one set have the same name: tell them apart as they were named here.
        named = [replace(run, about={**run.about, "name": name}) for run, name in zip(found, runs, strict=True)]
        comparisons = [compared(named[0], other) for other in named[1:]]
        for path in write_report([], output, comparisons):
            typer.echo(str(path))
    for comparison in comparisons:
        say(message("eval.compared", first=comparison.first.name, second=comparison.second.name))
        for change in comparison.changes:
            means = f"{change.first:.3f} → {change.second:.3f}"
            bounds = f"{change.difference:+.3f} [{change.low:+.3f}, {change.high:+.3f}]{'  *' if change.clear else ''}"
            typer.echo(f"{change.measure:20} n={change.n:<4} {means}  {bounds}")
        typer.echo(message("eval.won_lost", won=len(comparison.won), lost=len(comparison.lost)))


@command.command(help=message("eval.report"))
def report(
    runs: Annotated[list[Path] | None, typer.Argument(metavar="RUN…", help=message("eval.argument_folders"))] = None,
    output: OutputOption = OUTPUT / "report",
) -> None:
    """Write a report on some runs."""
    with errors():
        from eval.record import ABOUT, read_run
        from eval.report import write_report

        folders = runs or sorted(path.parent for path in OUTPUT.glob(f"*/{ABOUT}")) or [OUTPUT]
        for path in write_report([read_run(folder) for folder in folders], output):
            typer.echo(str(path))


@command.command(help=message("eval.gate"))
def gate(
    thresholds: Annotated[Path | None, typer.Option(metavar="FILE", help=message("eval.option_thresholds"))] = None,
    runs: Annotated[list[Path] | None, typer.Option("--run", metavar="RUN", help=message("eval.option_run"))] = None,
    documents: DocumentsOption = None,
) -> None:
    """Hold runs, or the shipped sets run now, to thresholds: exit code 1 when one is not met."""
    with errors():
        from eval.gating import judge_runs, read_gate
        from eval.record import read_run

        bounds = read_gate(thresholds)
        target = _target(documents, None, None, None, None)
        sets = list(dict.fromkeys(t.set for t in bounds))
        measured = [read_run(path) for path in runs] if runs else _measured(sets, target, skip=sets)
        verdicts = judge_runs(bounds, measured)
    if not verdicts:
        say(message("eval.nothing_gated"), style="red")
        raise typer.Exit(1)
    for verdict in verdicts:
        t = verdict.threshold
        bound = " ".join(f"{name} {value}" for name, value in (("≥", t.min), ("≤", t.max)) if value is not None)
        value = "—" if verdict.value is None else f"{verdict.value:g}"
        mark = message("eval.passed" if verdict.passed else "eval.failed")
        typer.echo(f"{mark} {t.set} : {t.measure} ({t.kind}) {value} {bound}")
    failed = sum(not verdict.passed for verdict in verdicts)
    say(message("eval.gated", n=len(verdicts), failed=failed), style="red" if failed else None)
    raise typer.Exit(1 if failed else 0)


@command.command(help=message("eval.prepare"))
def prepare(
    adapter: Annotated[str, typer.Argument(metavar="cnil|piaf|csv|jsonl", help=message("eval.argument_adapter"))],
    source: Annotated[Path, typer.Argument(metavar="FILE", help=message("eval.argument_source"))],
    output: Annotated[Path, typer.Option(metavar="DIR", help=message("eval.option_prepared"))],
) -> None:
    """Turn a public set or a table of questions into documents and questions of our form."""
    from eval.adapters import ADAPTERS
    from eval.adapters import prepare as prepared

    if adapter not in ADAPTERS:
        raise typer.BadParameter(message("eval.unknown_adapter", known=", ".join(ADAPTERS)))
    with errors():
        for path in prepared(adapter, source, output):
            typer.echo(str(path))


def _target(
    documents: Path | None, index: Path | None, server: str | None, retrievers: str | None, sheets: bool | None
) -> "Target":
    with errors():
        from assistant.commands.arguments import check_folders, retrievers_of
        from assistant.retrieval import RETRIEVERS
        from eval.targets import Target

        settings = Settings.from_environ(os.environ)
        folder = documents or next(iter(settings.documents), None)
        if folder is not None:
            check_folders([folder])
        names = retrievers_of(retrievers, RETRIEVERS)
        return Target(folder, index, server, names, sheets, settings.encoder)


def _measured(names: list[str], target: "Target", *, skip: list[str]) -> list["Run"]:
    """Run each set; of those that nobody named, one whose documents are absent is said to be skipped."""
    from eval.targets import gathered, measure, needs_documents

    found = []
    for name in names:
        with gathered(name, target) as (asked, where), progress() as bars:
            if name in skip and needs_documents(asked) and where.documents is None:
                say(message("eval.skipped", name=name), style="yellow")
            else:
                found.append(measure(asked, where, asked.name, bars))
    return found


def _configured(configuration: str, data: str | None, target: "Target") -> "Run":
    """Run one configuration, "retrievers=lexical,bank sheets=no"; choosing on the test part is refused."""
    from assistant.commands.arguments import retrievers_of
    from assistant.retrieval import RETRIEVERS
    from eval.errors import ReportOnly
    from eval.targets import gathered, measure

    given = dict(pair.partition("=")[::2] for pair in configuration.split())
    if not set(given) <= set(SETTINGS) or not all(given.values()):
        raise typer.BadParameter(message("eval.bad_configuration", known=", ".join(SETTINGS)))
    chosen = replace(
        target,
        retrievers=retrievers_of(given.get("retrievers"), RETRIEVERS),
        index=Path(given["index"]) if "index" in given else None,
        server=given.get("server"),
        encoder=given.get("encoder", target.encoder),
        sheets={"yes": True, "no": False}.get(given.get("sheets", "")),
    )
    with gathered(data or SHIPPED[0], chosen) as (asked, where), progress() as bars:
        if asked.name in TEST_PARTS:
            raise ReportOnly("the test part is only run to report", name=asked.name)
        return measure(asked, where, configuration, bars)


def _tell(found: "Run", folder: Path) -> None:
    from eval.report import summary

    typer.echo(f"{found.name} → {folder}")
    for sentence in summary(found):
        typer.echo(f"  {sentence}")
    for f in found.figures:
        if f.kind == "all":
            typer.echo(f"  {f.measure:20} n={f.n:<4} {f.value:8.3f}  [{f.low:.3f}, {f.high:.3f}]")


def main(args: list[str] | None = None) -> int:
    """Run ``deonto eval`` with these arguments (``sys.argv`` by default); return the exit code."""
    return exit_code(command, args, "deonto eval")


if __name__ == "__main__":
    sys.exit(main())
