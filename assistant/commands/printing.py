"""An answer, and what stands behind it, as lines of a terminal."""

from typing import TYPE_CHECKING

import typer

from assistant.commands.console import say
from assistant.messages import message

if TYPE_CHECKING:
    from assistant.explaining import Explanation
    from assistant.models import Answer


def print_answer(answer: "Answer") -> None:
    """Print an answer with the sources of its quotes, or a refusal, which names the nearest passages itself."""
    for redaction in answer.redactions:
        say(message("cli.redacted", placeholder=redaction.placeholder), style="yellow")
    if answer.notice:
        say(answer.notice, style="yellow")
    typer.echo(answer.answer)
    for citation in answer.citations:
        notice = f" — {citation.notice}" if citation.notice else ""
        typer.echo(f"\n[{citation.marker}] {citation.label}{notice}")


def print_explanation(explanation: "Explanation") -> None:
    """Print what stands behind an answer; scores of 0 are left out."""
    figures = {"confidence": explanation.confidence, "threshold": explanation.threshold}
    typer.echo("\n" + message("explain.words", words=" ".join(explanation.words) or "—"))
    typer.echo(message("explain.expanded", words=" ".join(explanation.expanded) or "—"))
    typer.echo(message("explain.references", words=", ".join(explanation.references) or "—"))
    typer.echo(message("explain.confidence", **figures))
    for trace in explanation.passages:
        scores = "  ".join(f"{name} {score:.2f}" for name, score in trace.scores.items() if score)
        typer.echo(f"{trace.rank:3}. {trace.passage_id}  {trace.score:.2f}  ({scores})")
        if trace.wording:
            key = "explain.machine" if trace.wording.machine else "explain.wording"
            typer.echo("     " + message(key, text=trace.wording.text))
