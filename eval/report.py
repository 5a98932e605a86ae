"""A report for people: HTML with pictures, the same as Markdown, and JSON for programs."""

import dataclasses
import json
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from eval import plots
from eval.comparing import Comparison
from eval.figures import ALL, TOTALS, Figure
from eval.models import Row, Run
from eval.questions import TEST_PARTS
from eval.scoring import Place
from eval.texts import number, percent, text, texts

HEADLINES = ("recall@5", "cites_right", "fact_coverage", "over_refusal", "refusal_recall")
"""Measures of the table by kind of question."""
PICTURES: dict[str, Callable[[Run], str]] = {
    "outcomes": plots.outcomes,
    "kinds": plots.kinds,
    "reliability": plots.reliability,
}
INSTEAD = 3
"""Passages shown of what was found instead of the right one."""


def write_report(runs: Sequence[Run], folder: Path, comparisons: Sequence[Comparison] = ()) -> tuple[Path, ...]:
    """Write ``report.html``, ``report.md`` with its pictures, and ``report.json`` to a folder; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    sections = [_section(run, f"run-{number}") for number, run in enumerate(runs, start=1)]
    view = {"sections": sections, "comparisons": [_compared(c) for c in comparisons], "texts": texts()}
    environment = Environment(
        loader=PackageLoader("eval"),
        autoescape=select_autoescape(("html.j2",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["decimal"] = number
    environment.filters["cell"] = lambda value: str(value).replace("|", "\\|").replace("\n", " ")
    written = []
    for suffix in ("html", "md"):
        path = folder / f"report.{suffix}"
        path.write_text(environment.get_template(f"report.{suffix}.j2").render(view), encoding="utf-8")
        written.append(path)
    for section in sections:
        for picture, svg in section["pictures"].items():
            (folder / f"{section['id']}-{picture}.svg").write_text(svg, encoding="utf-8")
    path = folder / "report.json"
    path.write_text(json.dumps(_plain(runs, comparisons), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return (*written, path)


def _section(run: Run, identifier: str) -> dict[str, Any]:
    return {
        "id": identifier,
        "name": run.name,
        "title": text("sets", str(run.about["set"])),
        "counts": text("report", "counts", name=run.about["set"], questions=run.about["questions"], date=_day(run)),
        "asked": _asked(run),
        "test": run.about["set"] in TEST_PARTS,
        "summary": summary(run),
        "pictures": {name: draw(run) for name, draw in PICTURES.items()},
        "became": [
            {"label": text("became", state), "n": n} for state, n in Counter(row.became for row in run.rows).items()
        ],
        "headlines": [{"label": text("measures", m), "definition": text("definitions", m)} for m in HEADLINES],
        "kinds": _by_kind(run),
        "figures": [_shown(f) | {"definition": text("definitions", f.measure)} for f in run.figures if f.kind == ALL],
        "latency": run.about["latency_ms"],
        "ece": [
            {"label": text("plots", name), "n": r.n, "ece": number(r.ece), "brier": number(r.brier)}
            for name, r in (("trusted", run.trusted), ("documented", run.answerable))
        ],
        "misses": [_miss(row) for row in run.rows if row.missed],
    }


def summary(run: Run) -> list[str]:
    """Return what a reader who knows nothing of measures must know, in whole French sentences."""
    became = Counter(row.became for row in run.rows)
    answerable = became["right"] + became["beside"] + became["refused_wrongly"]
    unanswerable = became["refused_rightly"] + became["answered_wrongly"]
    found = []
    if answerable:
        counts = {"right": became["right"], "beside": became["beside"], "refused": became["refused_wrongly"]}
        found.append(text("report", "summary_answerable", n=answerable, **counts))
    if unanswerable:
        counts = {"refused": became["refused_rightly"], "answered": became["answered_wrongly"]}
        found.append(text("report", "summary_unanswerable", n=unanswerable, **counts))
    exact = [row.values["quote_fidelity"] for row in run.rows if "quote_fidelity" in row.values]
    if exact:
        found.append(text("report", "summary_quotes", exact=int(sum(exact)), n=len(exact)))
    leaks = [row.values["leaks"] for row in run.rows if "leaks" in row.values]
    if leaks:
        clean = sum(not n for n in leaks)
        found.append(text("report", "summary_leaks", clean=clean, n=len(leaks), leaks=int(sum(leaks))))
    if became["error"]:
        found.append(text("report", "summary_errors", n=became["error"]))
    latency = run.about["latency_ms"]
    found.append(text("report", "summary_speed", p50=number(latency["p50"], 0), p95=number(latency["p95"], 0)))
    return found


def _day(run: Run) -> str:
    return datetime.fromisoformat(str(run.about["date"])).strftime("%d/%m/%Y")


def _asked(run: Run) -> str:
    if run.about["target"] == "server":
        return text("report", "on_server")
    about = {name: run.about[name] for name in ("documents", "passages", "encoder")}
    return text("report", "on_index", retrievers=", ".join(run.about["retrievers"]), **about)


def _by_kind(run: Run) -> list[dict[str, Any]]:
    kinds = list(dict.fromkeys(f.kind for f in run.figures))
    return [
        {
            "label": text("kinds", kind),
            "n": sum(kind in {ALL, row.kind} for row in run.rows),
            "cells": [_shown(f) if (f := run.value(m, kind)) else None for m in HEADLINES],
        }
        for kind in kinds
    ]


def _shown(figure: Figure) -> dict[str, Any]:
    """Return a figure as it is printed: shares in percent, MRR and nDCG as numbers, totals whole."""
    if figure.measure in TOTALS:
        value, low, high = (number(x, 0) if x == int(x) else number(x, 1) for x in _numbers(figure))
    elif figure.measure in {"mrr@10", "ndcg@10"}:
        value, low, high = (number(x) for x in _numbers(figure))
    else:
        value, low, high = (percent(x) for x in _numbers(figure))
    return {"label": text("measures", figure.measure), "n": figure.n, "value": value, "low": low, "high": high}


def _numbers(figure: Figure) -> tuple[float, float, float]:
    return figure.value, figure.low, figure.high


def _miss(row: Row) -> dict[str, Any]:
    rank = next((n for n, place in enumerate(row.passages, start=1) if place.right), None)
    return {
        "id": row.id,
        "kind": text("kinds", row.kind),
        "question": row.question,
        "became": text("became", row.became),
        "wanted": row.wanted,
        "rank": rank,
        "found": [_named(place) for place in row.passages[:INSTEAD]],
        "cited": [_named(place) for place in row.citations],
        "leaks": int(row.values.get("leaks", 0)),
    }


def _named(place: Place) -> dict[str, Any]:
    return {"label": place.label or place.source, "id": place.passage_id, "right": place.right}


def _compared(comparison: Comparison) -> dict[str, Any]:
    return {
        "first": comparison.first.name,
        "second": comparison.second.name,
        "changes": [
            {"label": text("measures", c.measure), **dataclasses.asdict(c), "clear": c.clear}
            for c in comparison.changes
        ],
        "won": [_miss(b) for _, b in comparison.won],
        "lost": [_miss(b) for _, b in comparison.lost],
    }


def _plain(runs: Sequence[Run], comparisons: Sequence[Comparison]) -> dict[str, Any]:
    return {
        "runs": [
            {
                "about": dict(run.about),
                "figures": [dataclasses.asdict(f) for f in run.figures],
                "trusted": dataclasses.asdict(run.trusted),
                "answerable": dataclasses.asdict(run.answerable),
                "summary": summary(run),
                "misses": [dataclasses.asdict(row) | {"became": row.became} for row in run.rows if row.missed],
            }
            for run in runs
        ],
        "comparisons": [
            {
                "first": c.first.name,
                "second": c.second.name,
                "changes": [dataclasses.asdict(change) for change in c.changes],
                "won": [b.id for _, b in c.won],
                "lost": [b.id for _, b in c.lost],
            }
            for c in comparisons
        ],
    }
