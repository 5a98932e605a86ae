"""``make bench-peers``: other systems beside Déonto, on the same documents, questions and machine, in one run.

Each peer is installed in an environment of its own below ``var/peers``; a peer that cannot be is named with why.
"""

import argparse
import os
import platform
import subprocess
import sys
import tomllib
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from assistant.settings import Settings
from eval.judging import Judge
from eval.peers.measuring import Measured, Peer, measure
from eval.peers.table import cost, notes, put_between, quality, verdict
from eval.questions import Question
from eval.targets import Target, gathered
from indexes.encoder import DEFAULT, model_path

ENVIRONMENTS = Path("var/peers")
LAST = 1_000
"""Questions taken from the end of a public set."""
DEONTO = Peer("deonto", "Déonto", "with_deonto", (), ("all", "without bank"), {}, "this checkout")


def main() -> None:
    """Install, run, judge, print, and write if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", action="append", metavar="SET|ADAPTER:FILE", help="sets of questions (default: test)")
    parser.add_argument("--documents", type=Path, help="official documents (default: DEONTO_DOCUMENTS)")
    parser.add_argument("--only", action="append", metavar="NAME", help="these peers alone")
    parser.add_argument("--encoder", action="append", metavar="NAME|DIR", help="encoders given to all, in turn")
    parser.add_argument("--write", type=Path, metavar="FILE", help="put the tables in this document")
    args = parser.parse_args()
    documents = args.documents or next(iter(Settings.from_environ(os.environ).documents), None)
    peers = [DEONTO, *(p for p in known_peers() if not args.only or p.name in args.only)]
    pythons = {peer.name: python for peer in peers if (python := _installed(peer))}
    encoders = [(name, model_path(name)) for name in args.encoder or [DEFAULT]]
    parts = [_preface(), notes(peers[1:])]
    for data in args.data or ["test"]:
        with _asked(data, documents) as (name, questions, folder):
            judge = Judge(questions, folder)
            for encoder, path in encoders:
                rows = [
                    measured
                    for peer in peers
                    if peer.name in pythons
                    for system in peer.systems
                    if (measured := _tried(pythons[peer.name], peer, system, path, folder, questions, judge))
                ]
                parts += [f"### Set `{name}`, {len(questions)} questions, encoder `{encoder}`", verdict(rows)]
                parts += [quality(rows), cost(rows)]
    text = "\n\n".join(parts)
    sys.stdout.write(text + "\n")
    if args.write:
        put_between(args.write, text)


def known_peers() -> tuple[Peer, ...]:
    """Return the peers of ``peers.toml``."""
    tables = tomllib.loads(files("eval").joinpath("peers", "peers.toml").read_text(encoding="utf-8"))
    return tuple(
        Peer(
            name,
            table["title"],
            table["module"],
            tuple(table["requirements"]),
            tuple(table["systems"]),
            table.get("environment", {}),
            table["note"],
        )
        for name, table in tables.items()
    )


@contextmanager
def _asked(data: str, documents: Path | None) -> Iterator[tuple[str, tuple[Question, ...], Path]]:
    """Give the questions of a set that have a passage as gold, and the folder of documents that hold them."""
    with gathered(data, Target(documents)) as (asked, target):
        if target.documents is None:
            sys.exit("give --documents or DEONTO_DOCUMENTS: the folder that holds ordre/ and lois/")
        questions = tuple(q for q in asked.questions if q.gold)
        yield asked.name, questions if asked.path.parent.name == "data" else questions[-LAST:], target.documents


def _installed(peer: Peer) -> Path | None:
    """Return the interpreter of a peer's environment, made unless it is there with these requirements."""
    if not peer.requirements:
        return Path(sys.executable)
    folder = (ENVIRONMENTS / peer.name).resolve()
    python, mark = folder / "bin" / "python", folder / "requirements"
    wanted = "\n".join(peer.requirements)
    if not mark.is_file() or mark.read_text(encoding="utf-8") != wanted:
        _say(f"installing {peer.title} in {folder}")
        venv.create(folder, with_pip=True, clear=True)
        command = [str(python), "-m", "pip", "install", "--quiet", *peer.requirements]
        if subprocess.run(command, check=False).returncode:  # noqa: S603
            _say(f"{peer.title}: cannot be installed here, left out")
            return None
        mark.write_text(wanted, encoding="utf-8")
    return python


def _tried(
    python: Path, peer: Peer, system: str, encoder: Path, folder: Path, questions: tuple[Question, ...], judge: Judge
) -> Measured | None:
    """Measure one system; where it fails, say so and go on: the others are measured all the same."""
    try:
        found = measure(python, peer, system, encoder, folder, questions, judge)
    except subprocess.CalledProcessError as error:
        _say(f"{peer.title}, {system}: failed with exit code {error.returncode}, left out")
        return None
    _say(f"{peer.title}, {system}: MRR@10 {found.figures['mrr@10'].value:.3f}, index {found.index_s:.1f} s")
    return found


def _preface() -> str:
    cores = os.cpu_count()
    machine = f"{platform.machine()}, {cores} cores, Python {platform.python_version()}"
    return f"Measured on {datetime.now(UTC):%d %B %Y} in one run ({machine}), each system in a process of its own."


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    main()
