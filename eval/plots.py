"""The pictures of a report, by matplotlib, as SVG that says the same at every run."""

import io
import re
from textwrap import fill

from matplotlib.figure import Figure as Picture
from matplotlib.style import context

from eval.figures import ALL
from eval.models import Outcome, Run
from eval.reliability import Reliability
from eval.texts import text

WIDTH = 4.2
"""Inches: a telephone's width at the size of running text; larger screens leave room beside it."""
LABEL = 22
"""Characters of a line of a label."""
COLOURS: dict[Outcome, str] = {
    "right": "#1b7f5c",
    "refused_rightly": "#1b7f5c",
    "beside": "#b5472f",
    "answered_wrongly": "#b5472f",
    "refused_wrongly": "#d9a441",
    "error": "#555555",
}
"""Told apart by lightness too: good is dark, a wrong answer darker than an undue silence."""
STYLE = {
    "font.size": 9,
    "font.family": "sans-serif",
    "svg.fonttype": "none",  # text stays text: it can be read aloud, searched, and takes the page's font
    "svg.hashsalt": "deonto",
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def outcomes(run: Run) -> str:
    """Draw what became of the questions, those with an answer above those without."""
    groups: list[tuple[str, tuple[Outcome, ...]]] = [
        ("answerable", ("right", "refused_wrongly", "beside", "error")),
        ("unanswerable", ("refused_rightly", "answered_wrongly", "error")),
    ]
    with context(STYLE):
        picture = Picture(figsize=(WIDTH, 1.9), layout="constrained")
        axes = picture.add_subplot()
        for y, (group, states) in enumerate(groups):
            rows = [row for row in run.rows if row.answerable == (group == "answerable")]
            left = 0.0
            for state in states:
                share = 100 * sum(row.became == state for row in rows) / len(rows) if rows else 0.0
                axes.barh(y, share, left=left, color=COLOURS[state], edgecolor="white")
                if share >= 8:  # narrower, the figure would not fit; the table has it
                    axes.text(left + share / 2, y, f"{share:.0f}", color="white", ha="center", va="center")
                left += share
        axes.set_yticks([0, 1], [text("plots", group) for group, _ in groups])
        axes.invert_yaxis()
        axes.set_xlim(0, 100)
        axes.set_xlabel(text("plots", "outcomes_axis"))
        return _svg(picture)


def kinds(run: Run, measure: str = "recall@5") -> str:
    """Draw one measure by kind of question, each with its interval."""
    found = [f for f in run.figures if f.measure == measure]
    with context(STYLE):
        picture = Picture(figsize=(WIDTH, 0.7 + 0.36 * len(found)), layout="constrained")
        axes = picture.add_subplot()
        for y, f in enumerate(found):
            colour = "#12395b" if f.kind == ALL else "#4a7fb0"
            axes.plot([100 * f.low, 100 * f.high], [y, y], color=colour, linewidth=1.5)
            axes.plot(100 * f.value, y, "o", color=colour)
        labels = [fill(f"{text('kinds', f.kind)} ({f.n})", LABEL) for f in found]
        axes.set_yticks(range(len(found)), labels, linespacing=1.1)
        axes.invert_yaxis()
        axes.set_xlim(-2, 102)
        axes.grid(axis="x", color="#dddddd", linewidth=0.6)
        axes.set_xlabel(text("plots", "share_axis"))
        return _svg(picture)


def reliability(run: Run) -> str:
    """Draw stated confidence against what came true."""
    lines: list[tuple[str, Reliability, str, str]] = [
        ("trusted", run.trusted, "#b5472f", "o-"),
        ("documented", run.answerable, "#12395b", "s--"),
    ]
    with context(STYLE):
        picture = Picture(figsize=(WIDTH, 3.2), layout="constrained")
        axes = picture.add_subplot()
        axes.plot([0, 100], [0, 100], color="#999999", linewidth=1, linestyle=":", label=text("plots", "ideal"))
        for name, found, colour, mark in lines:
            points = [(100 * b.confidence, 100 * b.share) for b in found.bins]
            if points:
                axes.plot(*zip(*points, strict=True), mark, color=colour, markersize=4, label=text("plots", name))
        axes.set_xlim(0, 100)
        axes.set_ylim(0, 100)
        axes.set_xlabel(text("plots", "confidence_axis"))
        axes.set_ylabel(text("plots", "true_axis"))
        axes.legend(frameon=False, fontsize=8, loc="upper left")
        return _svg(picture)


def _svg(picture: Picture) -> str:
    """Return an ``<svg>`` element that scales with its place, without a date."""
    out = io.StringIO()
    picture.savefig(out, format="svg", metadata={"Date": None})
    svg = out.getvalue()
    svg = svg[svg.index("<svg") :]
    return re.sub(r' (?:width|height)="[\d.]+pt"', "", svg, count=2)
