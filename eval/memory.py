"""Resident memory of a process and of those it started, over time; read from ``/proc``, so on Linux alone."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

PROC = Path("/proc")
EVERY = 1.0
"""Seconds between two looks."""
END = 0.1
"""Share of the samples that stands for how it was at the beginning, and at the end."""

Sample = tuple[float, float]
"""Seconds since the watch began, and MB."""


@dataclass(frozen=True, slots=True)
class Growth:
    """How memory went between two moments.

    Attributes
    ----------
    first, last
        MB: medians of the first and of the last tenth of the samples.
    slope
        MB a minute, by least squares.

    """

    first: float
    last: float
    slope: float

    @property
    def share(self) -> float:
        """What was added, as a share of what there was."""
        return (self.last - self.first) / self.first if self.first else 0.0


def resident(pid: int, proc: Path = PROC) -> float | None:
    """Return MB resident of a process and of its children; None when it is not there, or the system does not say.

    Pages that several of them share count once for each.
    """
    found = [one for one in map(_resident, _family(pid, proc)) if one is not None]
    return sum(found) if found else None


def growth(samples: Sequence[Sample]) -> Growth | None:
    """Return how memory went; None with fewer than two samples."""
    if len(samples) < 2:
        return None
    moments, sizes = (np.array(values) for values in zip(*samples, strict=True))
    few = max(1, round(len(sizes) * END))
    slope = np.polyfit(moments / 60, sizes, 1)[0] if np.ptp(moments) else 0.0
    return Growth(*(round(float(x), 2) for x in (np.median(sizes[:few]), np.median(sizes[-few:]), slope)))


class Watch:
    """Takes samples while it is entered; none where the process cannot be looked at."""

    def __init__(self, pid: int | None, every: float = EVERY) -> None:
        self._pid, self._every = pid, every
        self._began = time.monotonic()
        self._task: asyncio.Task[None] | None = None
        self.samples: list[Sample] = []

    @property
    def now(self) -> float:
        """Seconds since the watch began."""
        return time.monotonic() - self._began

    def since(self, moment: float) -> list[Sample]:
        """Return the samples taken from a moment on."""
        return [sample for sample in self.samples if sample[0] >= moment]

    async def __aenter__(self) -> "Watch":
        """Begin."""
        if self._pid is not None:
            self._task = asyncio.create_task(self._look(self._pid))
        return self

    async def __aexit__(self, *_: object) -> None:
        """End."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    async def _look(self, pid: int) -> None:
        while (size := resident(pid)) is not None:
            self.samples.append((self.now, size))
            await asyncio.sleep(self._every)


def _family(pid: int, proc: Path) -> Iterator[Path]:
    yield proc / str(pid)
    for listed in (proc / str(pid) / "task").glob("*/children"):
        try:
            children = listed.read_text().split()
        except OSError:  # it ended meanwhile
            continue
        for child in children:
            yield from _family(int(child), proc)


def _resident(process: Path) -> float | None:
    try:
        lines = (process / "status").read_text().splitlines()
    except OSError:
        return None
    kilobytes = next((line.split()[1] for line in lines if line.startswith("VmRSS:")), None)
    return int(kilobytes) / 1024 if kilobytes else None
