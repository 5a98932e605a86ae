"""The loop that every training goes through: warm-up and decay, progress, and checkpoints to go on from.

A checkpoint is kept when its run is over, so that a later stage's interruption does not cost this stage again: a
finished run that is started anew loads its end.
"""

import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor, nn

Progress = Callable[[int, int, float], None]
"""Called with the step, how many there are, and the mean loss since the last call."""


def silent(step: int, steps: int, loss: float) -> None:
    """Report no progress."""


@dataclass(frozen=True, slots=True)
class Run:
    """One training: how many steps, a checkpoint every so many, where it is, and of what.

    ``state`` tells this run from any other: another recipe, other data. A checkpoint of another state, or of a run that
    began with other weights, is not used.
    """

    steps: int
    every: int
    checkpoint: Path
    state: tuple[str, ...]


def descend(
    run: Run,
    module: nn.Module,
    groups: Sequence[tuple[Sequence[nn.Parameter], float]],
    loss: Callable[[int], Tensor],
    progress: Progress = silent,
) -> None:
    """Train a module in place with Adam, from its checkpoint if there is one of this run.

    Parameters
    ----------
    groups
        Parameters, each group with its highest learning rate. The rate rises over the first tenth of the steps and
        falls to zero over the rest.
    loss
        The loss at a step: the same whenever it is called with the same weights, or a resumed run would be another one.

    """
    run = replace(run, state=(*run.state, _digest(module)))
    optimizer = torch.optim.Adam([{"params": list(parameters), "lr": rate} for parameters, rate in groups])
    total, counted = 0.0, 0
    for step in range(_resume(run, module, optimizer), run.steps):
        for group, (_, rate) in zip(optimizer.param_groups, groups, strict=True):
            group["lr"] = rate * warmth(step, run.steps)
        optimizer.zero_grad()
        value = loss(step)
        value.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        total, counted = total + value.item(), counted + 1
        if (step + 1) % run.every == 0 or step + 1 == run.steps:
            progress(step + 1, run.steps, total / counted)
            total, counted = 0.0, 0
            _save(run, step + 1, module, optimizer)


def warmth(step: int, steps: int) -> float:
    """Return the share of the highest rate at a step: a rise over a tenth, then a fall to zero."""
    rise = max(1.0, 0.1 * steps)
    return (step + 1) / rise if step < rise else (steps - step) / (steps - rise + 1)


def _digest(module: nn.Module) -> str:
    digest = hashlib.sha256()
    for name, value in module.state_dict().items():
        digest.update(f"{name} {tuple(value.shape)}".encode() + value.cpu().numpy().tobytes())
    return digest.hexdigest()


def _save(run: Run, step: int, module: nn.Module, optimizer: torch.optim.Optimizer) -> None:
    run.checkpoint.parent.mkdir(parents=True, exist_ok=True)
    fresh = run.checkpoint.with_suffix(".fresh")
    content = {"state": run.state, "step": step, "module": module.state_dict(), "optimizer": optimizer.state_dict()}
    torch.save(content, fresh)
    os.replace(fresh, run.checkpoint)  # noqa: PTH105 - both are paths; one call, all or nothing


def _resume(run: Run, module: nn.Module, optimizer: torch.optim.Optimizer) -> int:
    """Load a checkpoint of the same run; return the step to begin with."""
    if not run.checkpoint.is_file():
        return 0
    content = torch.load(run.checkpoint, weights_only=True)
    if tuple(content["state"]) != run.state:
        return 0
    module.load_state_dict(content["module"])
    optimizer.load_state_dict(content["optimizer"])
    return int(content["step"])
