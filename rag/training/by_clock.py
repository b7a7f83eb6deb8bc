"""What trainings that run by the clock share: the learning rate, and a checkpoint that is whole or not there."""

from __future__ import annotations

import math
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
