"""``make load``: a server under rising load, driven from this process; stops by itself, whatever the server does.

Stages of clients that ask again at once, then of as many as the most, for ``--duration``, who think before they ask
again, as people do. Clients that ask at once queue for the processor: with N of them on c cores nobody waits less than
about N / c times what one alone does, however fast the server is. What a server owes to people is said by the last
stage; what it can do at most, by the others. Printed as Markdown; exit code 1 when a request failed.

Without ``--url`` it starts a server of its own, on a free port of this machine and an index of its own (the shipped
sheets, and the folders of ``DEONTO_DOCUMENTS``), and stops it. Memory is that of the server's processes, where Linux
says it, after a warm-up: every stage but the last, and a tenth of the last.
"""

import argparse
import asyncio
import contextlib
import dataclasses
import json
import os
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.messages import explain
from eval.clients import PATIENCE, Deck, Sent, Stage, client_of, drive
from eval.errors import EvalError
from eval.memory import END, Growth, Watch, growth
from eval.served import WORK, served, wait_until_ready

CLIENTS = (1, 4, 16, 64)
DURATION = 600.0
THINK = 5.0
SHORTER = 10
"""The stages before the last take a tenth of its time each."""
BAR = 10.0
"""Times a single client's median that the 95th percentile of the last stage should not pass."""
FLAT = 0.02
"""Share of the memory that may be added after the warm-up: the allocator's own coming and going."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What one stage gave; times in milliseconds, of answers without error, 0 where there was none."""

    clients: int
    think: float
    seconds: float
    n: int
    per_second: float
    p50: float
    p95: float
    p99: float
    longest: float
    errors: Mapping[str, int]
    by_kind: Mapping[str, Mapping[str, float]]
    memory: float | None


@dataclass(frozen=True, slots=True)
class Summary:
    """What the whole run gave; ``client_cores`` is how much of the processor the clients themselves took."""

    stages: tuple[Figures, ...]
    growth: Growth | None
    samples: tuple[tuple[float, float], ...]
    client_cores: float

    @property
    def errors(self) -> int:
        """Requests that failed."""
        return sum(sum(stage.errors.values()) for stage in self.stages)

    def ratio(self, stage: Figures) -> float | None:
        """Return how many times a single client's median a stage's 95th percentile is; None without such a client."""
        alone = next((one.p50 for one in self.stages if one.clients == 1 and not one.think), 0.0)
        return round(stage.p95 / alone, 1) if alone and stage.p95 else None


def plan(clients: Sequence[int], duration: float, think: float) -> tuple[Stage, ...]:
    """Return the stages: the last takes ``duration`` seconds, each of the others a tenth of that."""
    stages = [Stage(number, duration / SHORTER) for number in sorted(clients)]
    last = Stage(max(clients), duration, think)
    return (*stages, last) if think else (*stages[:-1], last)


def figures(stage: Stage, sent: Sequence[Sent], seconds: float, memory: float | None) -> Figures:
    """Return the figures of one stage."""
    good = [one for one in sent if not one.error]
    kinds = {
        kind: [one.milliseconds for one in good if one.kind == kind] for kind in sorted({one.kind for one in good})
    }
    return Figures(
        clients=stage.clients,
        think=stage.think,
        seconds=round(seconds, 1),
        n=len(sent),
        per_second=round(len(good) / seconds, 2) if seconds else 0.0,
        **_times([one.milliseconds for one in good]),
        errors=dict(Counter(f"{one.kind}: {one.error}" for one in sent if one.error).most_common()),
        by_kind={kind: {"n": len(values), **_times(values)} for kind, values in kinds.items()},
        memory=memory,
    )


def _times(milliseconds: Sequence[float]) -> dict[str, float]:
    found = np.quantile(milliseconds, (0.5, 0.95, 0.99, 1)) if milliseconds else np.zeros(4)
    return dict(zip(("p50", "p95", "p99", "longest"), (round(float(x), 1) for x in found), strict=True))


async def press(url: str, stages: Sequence[Stage], seed: int, pid: int | None, patience: float = PATIENCE) -> Summary:
    """Drive a server through the stages, saying each as it ends."""
    deck, found, begin = Deck(seed), [], 0.0
    used, began = _processor(), time.monotonic()
    client = client_of(url, max(stage.clients for stage in stages), patience)
    async with Watch(pid) as watch:
        for stage in stages:
            begin = watch.now
            sent, seconds = await drive(client, stage, deck, patience)
            samples = watch.since(begin)
            found.append(figures(stage, sent, seconds, round(samples[-1][1], 1) if samples else None))
            _say(_row(found[-1]))
        warm = begin + END * (watch.now - begin)
        added = growth(watch.since(warm))
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(client.aclose(), patience)
    cores = (_processor() - used) / (time.monotonic() - began)
    return Summary(tuple(found), added, tuple(watch.samples), round(cores, 2))


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _row(found: Figures) -> str:
    failed = sum(found.errors.values())
    times = " | ".join(f"{value:.0f}" for value in (found.p50, found.p95, found.p99, found.longest))
    memory = f"{found.memory:.0f}" if found.memory is not None else "?"
    who = f"| {found.clients} | {found.think:g} | {found.seconds:.0f} | {found.n} "
    return f"{who}| {found.per_second:.1f} | {times} | {failed} | {memory} |"


def verdicts(found: Summary) -> Iterator[str]:
    """Yield what the run says, a line a bar."""
    yield f"- errors: {found.errors} (bar: 0)"
    for stage in found.stages:
        for error, number in stage.errors.items():
            yield f"  - {stage.clients} clients, {stage.think:g} s of thought: {number} × {error}"
    if found.growth:
        grown = found.growth
        word = "grows" if grown.share > FLAT else "flat"
        yield (
            f"- memory after warm-up: {grown.first:.1f} → {grown.last:.1f} MB ({grown.share:+.1%}), "
            f"{grown.slope:+.2f} MB a minute: {word} (bar: {FLAT:.0%})"
        )
    else:
        yield "- memory: not measured (give --pid of a server on Linux)"
    for stage in found.stages:
        if stage.clients > 1 and (times := found.ratio(stage)):
            bar = f"{'within' if times <= BAR else 'over'} {BAR:g}" if stage is found.stages[-1] else "no bar"
            yield f"- p95 of {stage.clients} clients, {stage.think:g} s of thought: {times} × a single's median ({bar})"
    yield f"- the clients took {found.client_cores:.2f} of {os.cpu_count()} cores"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the stages, print what they gave; return the exit code."""
    given = _parser().parse_args(arguments)
    stages = plan(given.clients, given.duration, given.think)
    try:
        if given.url:
            wait_until_ready(given.url, 0)
            found = _pressed(given.url.rstrip("/"), stages, given.seed, given.pid)
        else:
            with served(given.index, given.workers) as (url, pid):
                found = _pressed(url, stages, given.seed, pid)
    except EvalError as error:
        sys.stderr.write(explain(error) + "\n")
        return 1
    _say("")
    for line in verdicts(found):
        _say(line)
    given.output.parent.mkdir(parents=True, exist_ok=True)
    summary = dataclasses.asdict(found) | {"seed": given.seed, "workers": None if given.url else given.workers}
    given.output.write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")
    return 1 if found.errors else 0


def _pressed(url: str, stages: Sequence[Stage], seed: int, pid: int | None) -> Summary:
    _say("| clients | thought, s | seconds | requests | a second | p50 ms | p95 | p99 | longest | errors | MB |")
    _say("|---|---|---|---|---|---|---|---|---|---|---|")
    return asyncio.run(press(url, stages, seed, pid))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m eval.load", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--url", default="", help="a server of this machine that runs; by default one is started")
    parser.add_argument("--pid", type=int, help="its process, whose memory is watched")
    parser.add_argument("--index", type=Path, help="index of the server that is started")
    parser.add_argument("--workers", type=int, default=1, help="its processes")
    parser.add_argument("--clients", type=_numbers, default=CLIENTS, metavar="N,N…", help="clients of each stage")
    parser.add_argument("--duration", type=_seconds, default=DURATION, help="seconds of the last stage")
    parser.add_argument("--think", type=float, default=THINK, help="seconds between questions there; 0 for none")
    parser.add_argument("--seed", type=int, default=20_261)
    parser.add_argument("--output", type=Path, default=WORK / "summary.json")
    return parser


def _numbers(text: str) -> tuple[int, ...]:
    numbers = tuple(int(word) for word in text.split(","))
    if min(numbers) < 1:
        raise ValueError(text)
    return numbers


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds < float("inf"):
        raise ValueError(text)
    return seconds


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
