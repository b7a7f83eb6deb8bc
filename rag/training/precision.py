"""In which precision the layers are multiplied while they learn."""

from __future__ import annotations

import functools
import time

import torch


def mixed(device: torch.device) -> torch.autocast:
    """For `with`: bfloat16 on a GPU, and on a CPU that is faster in it; floats elsewhere. Weights stay as they are."""
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=device.type == "cuda" or faster_in_bfloat16())


@functools.lru_cache(maxsize=1)
def faster_in_bfloat16() -> bool:
    """Whether this CPU multiplies matrices of a step's size faster in bfloat16.

    Measured, for CPUs that have the same instructions differ: of two with AVX512-BF16 one took 2.7 times as long in bfloat16 as in float32, the
    other a fifth.
    """
    took = {}
    for dtype in (torch.float32, torch.bfloat16):
        rows, weight = torch.ones(2048, 384, dtype=dtype), torch.ones(384, 1536, dtype=dtype)
        rows @ weight  # the first sets up its kernel
        began = time.perf_counter()
        for _ in range(5):
            rows @ weight
        took[dtype] = time.perf_counter() - began
    return took[torch.bfloat16] < took[torch.float32]
