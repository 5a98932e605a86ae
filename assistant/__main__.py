"""The command line: ``deonto index build|info``, ``ask``, ``search``, and the commands of higher layers by entry point.

Everything slow is imported inside the commands: ``--help`` must not wait for it.
"""

import os
from collections.abc import Callable
from dataclasses import asdict, replace
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.commands.console import Report, errors, progress, say, standard_output
from assistant.commands.corpus import IndexOption, JsonOption, print_json
from assistant.commands.corpus import app as corpus_app
from assistant.commands.fetch import fetch
from assistant.commands.keys import app as keys_app
from assistant.commands.printing import print_answer, print_explanation
from assistant.commands.review import questions
from assistant.commands.store import app as store_app
from assistant.messages import explain, message
from assistant.settings import Settings
from corpus.errors import DeontoError

if TYPE_CHECKING:
    from assistant.answering import Assistant
    from assistant.expanding import Model
    from corpus.loading import Corpus

FORWARDED = "deonto.commands"
"""Entry points of commands that live above this package; each takes the arguments and returns the exit code."""

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help=message("cli.help"))
index_app = typer.Typer(no_args_is_help=True, help=message("cli.index"))
app.add_typer(index_app, name="index")
app.add_typer(corpus_app, name="corpus")
app.add_typer(keys_app, name="keys")
app.add_typer(store_app, name="store")
corpus_app.command(help=message("fetch.help"))(fetch)
corpus_app.command(help=message("review.help"))(questions)

RetrieversOption = Annotated[str | None, typer.Option(metavar="A,B,…", help=message("cli.option_retrievers"))]


def _settings(index: Path | None = None) -> Settings:
    settings = Settings.from_environ(os.environ)
    return replace(settings, index=index) if index else settings


@index_app.command("build", help=message("cli.build"))
def index_build(
    documents: Annotated[list[Path] | None, typer.Option(metavar="DIR", help=message("cli.option_documents"))] = None,
    no_sheets: Annotated[bool, typer.Option("--no-sheets", help=message("cli.option_no_sheets"))] = False,
    output: Annotated[Path | None, typer.Option(metavar="INDEX", help=message("cli.option_output"))] = None,
    expand: Annotated[bool, typer.Option("--expand", help=message("cli.option_expand"))] = False,
) -> None:
    """Read every document and put a new index in place."""
    with errors():
        settings = _settings(output)
        folders = tuple(documents or settings.documents)
        from assistant.commands.arguments import check_folders
        from assistant.opening import barren, build

        def was_read(corpus: "Corpus") -> None:
            _say_what_is_wrong(corpus)
            if len(folders) > 1:
                for folder in barren(folders, corpus):
                    say(message("cli.nothing_in_folder", path=str(folder)), style="yellow")

        check_folders(folders)
        from assistant.expanding import expander

        model = expander(settings) if expand else None
        with progress() as report:
            corpus, manifest = build(
                folders,
                settings.index,
                settings.encoder,
                sheets=not no_sheets,
                questions=settings.questions,
                progress=report,
                was_read=was_read,
                before=(lambda read: _expand(read, model, settings.questions, report)) if model else lambda _: None,
            )
    counts = {"documents": manifest.documents, "passages": manifest.passages, "skipped": len(corpus.skipped)}
    say(message("cli.built", path=str(settings.index), **counts))


def _expand(corpus: "Corpus", model: "Model", folder: Path, report: Report) -> None:
    """Have a model write wordings; the index is built whatever becomes of it."""
    from assistant.errors import ModelUnavailable
    from assistant.expanding import FILE, expand
    from assistant.opening import own_wordings

    try:
        done = expand(corpus, own_wordings(folder), model, folder, lambda n, total: report("expand", n, total))
    except ModelUnavailable as error:
        say(explain(error), style="yellow")
        say(message("expand.stopped"), style="yellow")
    else:
        counts = {"worded": done.worded, "nothing": done.nothing, "failed": done.failed}
        say(message("expand.done", model=model.name, path=str(folder / FILE), **counts))


def _say_what_is_wrong(corpus: "Corpus") -> None:
    """List each file that was left out, and each that a reader should know something of."""
    for skipped in corpus.skipped:
        reason = message(f"skipped.{skipped.reason}", other=skipped.other)
        say(message("cli.skipped", source=skipped.source, reason=reason), style="yellow")
    for document in corpus.documents:
        for warning in document.warnings:
            say(message("cli.skipped", source=document.source, reason=message(f"warnings.{warning}")), style="yellow")


@index_app.command("info", help=message("cli.info"))
def index_info(index: IndexOption = None, as_json: JsonOption = False) -> None:
    """Say what an index holds, after checking every file of it."""
    with errors():
        settings = _settings(index)
        from assistant.opening import check_configured
        from indexes.manifest import check_index

        manifest = check_index(settings.index)
        try:
            check_configured(settings, manifest)
        except DeontoError as error:  # what the index holds is asked for, and can be said all the same
            say(explain(error), style="yellow")
    row = {name: value for name, value in asdict(manifest).items() if name not in {"files", "data"}}
    if as_json:
        print_json({"path": str(settings.index), **row})
    else:
        for name, value in row.items():
            typer.echo(f"{message(f'manifest.{name}')} : {value}")


@app.command(help=message("cli.ask"))
def ask(
    question: Annotated[
        list[str] | None, typer.Argument(metavar="QUESTION", help=message("cli.argument_question"))
    ] = None,
    batch: Annotated[Path | None, typer.Option(metavar="IN.jsonl", help=message("cli.option_batch"))] = None,
    output: Annotated[Path | None, typer.Option(metavar="OUT.jsonl", help=message("cli.option_batch_output"))] = None,
    index: IndexOption = None,
    retrievers: RetrieversOption = None,
    as_json: JsonOption = False,
    explained: Annotated[bool, typer.Option("--explain", help=message("cli.option_explain"))] = False,
) -> None:
    """Answer one question, or a file of them."""
    if (batch is None) == (not question) or (batch is None) != (output is None):
        raise typer.BadParameter(message("cli.ask_one_or_batch"))
    with errors():
        from assistant.batch import answer_file
        from assistant.commands.arguments import check_batch

        if batch is not None and output is not None:
            check_batch(batch, output)
        assistant = _open(index, retrievers)
        if batch is not None and output is not None:
            with progress() as report:
                tally = answer_file(batch, output, assistant, report)
            say(message("cli.batch_done", lines=tally.lines, failed=tally.failed, path=str(output)))
            raise typer.Exit(1 if tally.failed else 0)
        answer = assistant.answer(" ".join(question or ()))
        explanation = assistant.explain(answer) if explained else None
    if as_json:
        print_json(asdict(answer) | ({"explain": asdict(explanation)} if explanation else {}))
        return
    print_answer(answer)
    if explanation:
        print_explanation(explanation)


@app.command(help=message("cli.search"))
def search(
    words: Annotated[list[str], typer.Argument(metavar="MOTS", help=message("cli.argument_words"))],
    index: IndexOption = None,
    as_json: JsonOption = False,
    kind: Annotated[str | None, typer.Option(metavar="K", help=message("cli.option_kind"))] = None,
    article: Annotated[str | None, typer.Option(metavar="A", help=message("cli.option_article"))] = None,
    court: Annotated[str | None, typer.Option(metavar="C", help=message("cli.option_court"))] = None,
    date_from: Annotated[str | None, typer.Option("--from", metavar="D", help=message("cli.option_from"))] = None,
    date_to: Annotated[str | None, typer.Option("--to", metavar="D", help=message("cli.option_to"))] = None,
    k: Annotated[int, typer.Option("-k", min=1, max=50, metavar="N", help=message("cli.option_k"))] = 10,
    retrievers: RetrieversOption = None,
) -> None:
    """List ranked passages."""
    with errors():
        from assistant.commands.arguments import filters_of

        filters = filters_of(kind, article, court, date_from, date_to)
        found = _open(index, retrievers).search(" ".join(words), filters=filters, k=k)
    if as_json:
        print_json({"passages": [asdict(passage) for passage in found]})
        return
    if not found:
        say(message("cli.no_passage"), style="yellow")
    for passage in found:
        typer.echo(
            f"{passage.rank}. {passage.label}  ({passage.score:.2f})\n   {' '.join(passage.text.split())[:300]}\n"
        )


def _open(index: Path | None, retrievers: str | None) -> "Assistant":
    """Load an index; the default one is built first when it is missing, a named one must be there."""
    settings = _settings(index)
    from assistant.commands.arguments import retrievers_of
    from assistant.opening import ensure_index, open_assistant
    from assistant.retrieval import RETRIEVERS

    names = retrievers_of(retrievers, RETRIEVERS)
    if index is None:
        with progress() as report:
            ensure_index(settings, report)
    return open_assistant(settings, names)


def _forward(load: Callable[[], Callable[[list[str]], int]]) -> Callable[[typer.Context], None]:
    def forward(context: typer.Context) -> None:
        raise typer.Exit(load()(context.args))

    return forward


for _entry in entry_points(group=FORWARDED):
    app.command(
        _entry.name,
        help=message(f"cli.{_entry.name}"),
        add_help_option=False,
        context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    )(_forward(_entry.load))


def main() -> None:
    """Run the command line."""
    with standard_output():
        app()


if __name__ == "__main__":
    main()
