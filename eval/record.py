"""A run in a folder, as plain JSON.

``rows.jsonl`` and ``figures.json`` are the same for the same commit, questions and documents; what changes from one
time to the next (dates, durations) is in ``run.json`` alone.
"""

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from eval.errors import RunUnreadable
from eval.figures import Figure
from eval.models import Row, Run
from eval.reliability import Bin, Reliability
from eval.scoring import Place

FORMAT = 1
ROWS, FIGURES, ABOUT = "rows.jsonl", "figures.json", "run.json"


def write_run(found: Run, folder: Path) -> None:
    """Write a run to a folder, over what an earlier one left there."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = (json.dumps(dataclasses.asdict(row), ensure_ascii=False, sort_keys=True) for row in found.rows)
    (folder / ROWS).write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    figures = {
        "figures": [dataclasses.asdict(f) for f in found.figures],
        "trusted": dataclasses.asdict(found.trusted),
        "answerable": dataclasses.asdict(found.answerable),
    }
    for name, value in ((FIGURES, figures), (ABOUT, {"format": FORMAT, **found.about})):
        (folder / name).write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read_run(folder: Path) -> Run:
    """Read a run back.

    Raises
    ------
    RunUnreadable
        The folder holds none, or one of another version.

    """
    try:
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        version, _ = about["format"], [about[name] for name in ("name", "set", "sha256", "latency_ms")]
        figures = json.loads((folder / FIGURES).read_text(encoding="utf-8"))
        rows = [json.loads(line) for line in (folder / ROWS).read_text(encoding="utf-8").splitlines()]
        found = Run(
            about=about,
            rows=tuple(_read_row(row) for row in rows),
            figures=tuple(Figure(**f) for f in figures["figures"]),
            trusted=_read_reliability(figures["trusted"]),
            answerable=_read_reliability(figures["answerable"]),
        )
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise RunUnreadable("no run that can be read", path=str(folder)) from error
    if version != FORMAT:
        raise RunUnreadable("a run of another version", path=str(folder))
    return found


def _read_row(row: Mapping[str, Any]) -> Row:
    read = {
        key: tuple(Place(**{**p, "parts": tuple(p["parts"])}) for p in row[key]) for key in ("passages", "citations")
    }
    return Row(**{**row, **read, "wanted": tuple(row["wanted"])})


def _read_reliability(row: Mapping[str, Any]) -> Reliability:
    return Reliability(**{**row, "bins": tuple(Bin(**b) for b in row["bins"])})
