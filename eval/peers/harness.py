"""What runs inside a peer's environment: ``python -m eval.peers.harness MODULE SYSTEM build|ask JOB OUT``.

Only the standard library is imported here, so that what is measured is the peer. A peer's module holds ``SYSTEMS``: a
class by the name of each way it searches, with the methods of ``System``.
"""

import importlib
import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any, Protocol

SUFFIXES = (".md", ".txt")


class System(Protocol):
    """One way in which a peer searches documents."""

    def build(self, documents: Path, encoder: str, store: Path) -> None:
        """Index every document below a folder with an encoder (a local path), and keep the index in ``store``."""

    def load(self, encoder: str, store: Path) -> None:
        """Get ready to search an index that another process kept in ``store``."""

    def search(self, question: str, k: int) -> list[tuple[str, str]]:
        """Return at most ``k`` passages, best first: the name of the document and the text."""


def read_documents(folder: Path) -> list[tuple[str, str]]:
    """Return the name, relative to the folder, and the text of every document."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix in SUFFIXES)
    return [(path.relative_to(folder).as_posix(), path.read_text(encoding="utf-8")) for path in paths]


def main(arguments: list[str]) -> None:
    """Run one step of one system and write what it measured."""
    module, name, step, job_path, out = arguments
    job: dict[str, Any] = json.loads(Path(job_path).read_text(encoding="utf-8"))
    for variable, value in job["environment"].items():
        os.environ[variable] = value
    system: System = importlib.import_module(f"eval.peers.{module}").SYSTEMS[name]()
    store = Path(job["store"])
    store.mkdir(parents=True, exist_ok=True)
    if step == "build":
        system.build(Path(job["documents"]), job["encoder"], store)
        found: dict[str, Any] = {}
    else:
        system.load(job["encoder"], store)
        found = _asked(system, job)
    found["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    Path(out).write_text(json.dumps(found), encoding="utf-8")


def _asked(system: System, job: dict[str, Any]) -> dict[str, Any]:
    """Ask every question once; the first is asked twice, since its first time tells the cold start."""
    system.search(job["questions"][0], job["k"])
    cold = time.time() - job["started"]
    milliseconds, results = [], []
    for question in job["questions"]:
        start = time.perf_counter()
        found = system.search(question, job["k"])
        milliseconds.append((time.perf_counter() - start) * 1000)
        results.append(found)
    return {"cold_s": cold, "milliseconds": milliseconds, "results": results}


if __name__ == "__main__":
    main(sys.argv[1:])
