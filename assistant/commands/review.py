"""``deonto corpus questions --review``: real questions that found nothing, attached by an editor to their answers."""

import os
from dataclasses import asdict, replace
from typing import Annotated

import typer

from assistant.commands.console import errors, say
from assistant.commands.corpus import IndexOption, JsonOption, print_json
from assistant.messages import message
from assistant.settings import Settings

FILE = "attached.jsonl"
"""In the folder of the operator's wordings."""
OFFERED = 9
"""Passages shown for a question."""
SHOWN = 220
"""Characters of each."""


def questions(
    review: Annotated[bool, typer.Option("--review", help=message("review.option_review"))] = False,
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the questions that found nothing, or go through them and attach each to the passage that answers it."""
    with errors():
        settings = Settings.from_environ(os.environ)
        settings = replace(settings, index=index) if index else settings
        if not settings.feedback:
            say(message("review.off"), style="red")
            raise typer.Exit(1)
        from assistant.store.feedback import FeedbackStore

        store = FeedbackStore(settings.feedback)
        waiting = store.to_review()
        if as_json:
            print_json({"questions": [asdict(asked) for asked in waiting]})
            return
        if not review:
            for asked in waiting:
                typer.echo(f"{asked.times:4}  {message(f'review.outcomes.{asked.outcome}')}  {_line(asked.question)}")
        say(message("review.waiting", n=len(waiting)))
        if not review or not waiting:
            return
        from assistant.opening import open_assistant
        from corpus.questions import append, place_of

        assistant = open_assistant(settings)
        library = assistant.library
        attached = 0
        settings.questions.mkdir(parents=True, exist_ok=True)
        # A question is looked at once, whatever was said of its answers.
        for question in dict.fromkeys(asked.question for asked in waiting):
            typer.echo(f"\n« {_line(question)} »")
            found = assistant.search(question, k=OFFERED)
            for passage in found:
                typer.echo(f"  {passage.rank}. {passage.label}\n     {' '.join(passage.text.split())[:SHOWN]}")
            choice = _chosen(len(found))
            if choice == "q":
                break
            if choice.isdigit():
                answering = library.passage(found[int(choice) - 1].passage_id)
                place = place_of(answering, library.document(answering.document_id).metadata.code)
                append(settings.questions / FILE, replace(place, questions=(_line(question),)))
                attached += 1
            if choice != "p":
                store.reviewed(question)
    say(message("review.attached", n=attached, path=str(settings.questions / FILE)))


def _line(question: str) -> str:
    """Return a question on one line: a bank of questions and a terminal would break it at its line separators."""
    return " ".join(question.split())


def _chosen(offered: int) -> str:
    """Ask until the answer is the number of a passage, ``r`` (nothing answers it), ``p`` (later) or ``q`` (stop).

    No more input is ``q`` too: what was attached before is kept, and said.
    """
    while True:
        try:
            choice = typer.prompt(message("review.choose", n=offered), default="p", show_default=False).strip().lower()
        except typer.Abort:
            return "q"
        if choice in {"r", "p", "q", *map(str, range(1, offered + 1))}:
            return str(choice)
        say(message("review.unknown_choice"), style="yellow")
