"""What trainings that run by the clock share: the learning rate, and a checkpoint that is whole or not there."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import torch


def rate_at(step: int, done: float, warmup: int) -> float:
    """The share of the peak learning rate after `step` steps and the share `done` of the time: a warm-up, then half a cosine down to 0.02."""
    return min(1.0, (step + 1) / warmup) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done)))


def keep(checkpoint: Path, kept: dict) -> None:
    """Write all there is to go on with."""
    checkpoint.parent.mkdir(parents=True, exist_ok=True)
    torch.save(kept, checkpoint.with_suffix(".tmp"))
    checkpoint.with_suffix(".tmp").replace(checkpoint)


def go_on(checkpoint: Path | None, trained: Sequence[torch.nn.Parameter], mean: Sequence[torch.Tensor], optimiser: torch.optim.Optimizer) -> dict | None:
    """Take up weights, their running mean and the optimiser from a checkpoint with those keys, in place; its "state", None where there is no checkpoint."""
    if not checkpoint or not checkpoint.exists():
        return None
    kept = torch.load(checkpoint, map_location=trained[0].device, weights_only=True)
    optimiser.load_state_dict(kept["optimiser"])
    for own, value in zip([*(p.data for p in trained), *mean], [*kept["weights"], *kept["mean"]], strict=True):
        own.copy_(value)
    return kept["state"]
