"""One system on one set of questions: built and asked in its own environment, judged here like every other."""

import json
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from eval.figures import Figure, figure
from eval.judging import Judge
from eval.questions import Question
from eval.ranking import MEASURES, ranking_values

DEPTH = 10
ROOT = Path(__file__).parents[2]
SHOWN = 5
"""Passages whose length is measured: what a reader who looks at the first five has to read."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A library in an environment of its own; ``systems`` are the ways it searches."""

    name: str
    title: str
    module: str
    requirements: tuple[str, ...]
    systems: tuple[str, ...]
    environment: Mapping[str, str]
    note: str


@dataclass(frozen=True, slots=True)
class Place:
    """What a passage of another system comes from; it has no identifier of ours."""

    source: str
    document_id: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """One row of the table.

    ``values`` holds, by question, the ranking measures. Times are wall-clock: ``index_s`` from starting the process to
    its end, ``cold_s`` from starting another to its first result, ``p50_ms`` and ``p95_ms`` a search once loaded.
    ``peak_mb`` is the resident memory of building and of searching. ``characters`` is the mean length of the passages
    among the first five.
    """

    peer: Peer
    system: str
    encoder: str
    values: Mapping[str, Mapping[str, float]]
    figures: Mapping[str, Figure]
    index_s: float
    cold_s: float
    p50_ms: float
    p95_ms: float
    peak_mb: tuple[float, float]
    characters: float


def measure(
    python: Path, peer: Peer, system: str, encoder: Path, documents: Path, questions: Sequence[Question], judge: Judge
) -> Measured:
    """Build, ask and judge.

    Raises
    ------
    subprocess.CalledProcessError
        The system failed; its error is on the standard error stream.

    """
    with TemporaryDirectory(prefix="deonto-peer-") as scratch:
        job = {
            "documents": str(documents.resolve()),
            "store": str(Path(scratch) / "store"),
            "encoder": str(encoder),
            # One line a message: a peer reads the conversation as one text, and Déonto as earlier messages.
            "questions": ["\n".join([*q.turns, q.question]) for q in questions],
            "k": DEPTH,
            "environment": dict(peer.environment),
        }
        start = time.perf_counter()
        built = _step(python, peer, system, "build", job, Path(scratch))
        index_s = time.perf_counter() - start
        asked = _step(python, peer, system, "ask", job, Path(scratch))
    rankings = {
        question.id: [judge.parts(question, Place(source), text) for source, text in found]
        for question, found in zip(questions, asked["results"], strict=True)
    }
    values = ranking_values({q.id: q.parts for q in questions}, rankings)
    lengths = [len(text) for found in asked["results"] for _, text in found[:SHOWN]]
    return Measured(
        peer=peer,
        system=system,
        encoder=encoder.name,
        values=values,
        figures={m: figure(m, "all", [values[q.id][m] for q in questions]) for m in MEASURES},
        index_s=index_s,
        cold_s=asked["cold_s"],
        p50_ms=float(np.median(asked["milliseconds"])),
        p95_ms=float(np.quantile(asked["milliseconds"], 0.95)),
        peak_mb=(built["peak_mb"], asked["peak_mb"]),
        characters=float(np.mean(lengths)) if lengths else 0.0,
    )


def _step(python: Path, peer: Peer, system: str, step: str, job: Mapping[str, Any], scratch: Path) -> dict[str, Any]:
    """Run one step in the peer's environment; ``-P`` keeps the scratch folder from hiding any library."""
    job_path, out = scratch / "job.json", scratch / f"{step}.json"
    job_path.write_text(json.dumps({**job, "started": time.time()}), encoding="utf-8")
    command = [str(python), "-P", "-m", "eval.peers.harness", peer.module, system, step, str(job_path), str(out)]
    subprocess.run(command, check=True, cwd=scratch, env=_environment(peer), stdout=subprocess.DEVNULL)  # noqa: S603
    found: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return found


def _environment(peer: Peer) -> dict[str, str]:
    """Return an environment that finds this package and nothing of the developer's."""
    return {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "PYTHONPATH": str(ROOT), **peer.environment}
