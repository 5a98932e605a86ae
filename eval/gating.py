"""Thresholds: what a run must not fall below, in a file that a change may only tighten with its reasons.

The file is TOML: a table by set of questions, in it a table of measures (``"recall@5"`` or ``"recall@5 familiar"`` for
one kind of question), each with ``min`` or ``max``.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from eval.errors import InvalidGate, ReportOnly
from eval.figures import ALL, MEASURES
from eval.models import Run
from eval.questions import TEST_PARTS

LATENCY = ("latency p50", "latency p95")
"""Durations, in milliseconds; not for CI, where machines differ."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """A figure of one set of questions with the bounds it must keep to; ``kind`` is "all" or one kind of question."""

    set: str
    measure: str
    kind: str
    min: float | None
    max: float | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """A threshold beside what was measured; ``value`` is None when the run has no such figure, which fails."""

    threshold: Threshold
    value: float | None

    @property
    def passed(self) -> bool:
        """Whether the figure is there and within its bounds."""
        low, high = self.threshold.min, self.threshold.max
        return self.value is not None and (low is None or self.value >= low) and (high is None or self.value <= high)


def read_gate(path: Path | None = None) -> tuple[Threshold, ...]:
    """Return the thresholds of a file, the shipped ``eval/gate.toml`` by default.

    Raises
    ------
    InvalidGate
        Not of the form, or an unknown measure: a threshold on a misspelt name would never fail.
    ReportOnly
        A threshold on the test part: what is held to it would in time be fitted to it.

    """
    source = path or Path(str(files("eval").joinpath("gate.toml")))
    try:
        tables = tomllib.loads(source.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InvalidGate("not TOML in UTF-8", file=source.name, name="TOML") from error
    found = []
    for name, table in tables.items():
        if name in TEST_PARTS:
            raise ReportOnly("the test part is only run to report", name=name)
        if not isinstance(table, dict):
            raise InvalidGate("not a table", file=source.name, name=name[:40])
        found += [_threshold(source.name, name, key, bounds) for key, bounds in table.items()]
    return tuple(found)


def _threshold(file: str, name: str, key: str, bounds: object) -> Threshold:
    measure, _, kind = (key, "", "") if key in LATENCY else key.partition(" ")
    numbers = isinstance(bounds, dict) and all(
        isinstance(value, int | float) and not isinstance(value, bool) for value in bounds.values()
    )
    if not isinstance(bounds, dict) or not numbers or not bounds or not set(bounds) <= {"min", "max"}:
        raise InvalidGate("bounds are min and max, numbers", file=file, name=f"{name}.{key}"[:60])
    if measure not in (*MEASURES, *LATENCY):
        raise InvalidGate("no such measure", file=file, name=f"{name}.{key}"[:60])
    return Threshold(name, measure, kind or ALL, bounds.get("min"), bounds.get("max"))


def judge_runs(thresholds: Sequence[Threshold], runs: Sequence[Run]) -> tuple[Verdict, ...]:
    """Return a verdict for each threshold on a set that was run."""
    by_set = {str(run.about["set"]): run for run in runs}
    return tuple(Verdict(t, _value(by_set[t.set], t)) for t in thresholds if t.set in by_set)


def _value(run: Run, threshold: Threshold) -> float | None:
    if threshold.measure in LATENCY:
        return float(run.about["latency_ms"][threshold.measure.removeprefix("latency ")])
    found = run.value(threshold.measure, threshold.kind)
    return found.value if found else None
