"""How far probabilities are from what they promise."""

from __future__ import annotations

import numpy as np

BINS = 10  # of the reliability curve
ROUNDS = 1000


def calibration(truth: np.ndarray, p: np.ndarray) -> dict:
    """Brier score, expected calibration error (Guo et al. 2017) over BINS equal bins, and the curve behind it.

    Of few rows the error is far from 0 even where every probability is right: `ece_by_chance` is what it would be then, the
    mean of ROUNDS drawings of labels by these very probabilities.
    """
    rng = np.random.default_rng(0)
    place = np.minimum((p * BINS).astype(int), BINS - 1)
    member = np.eye(BINS)[place]  # rows, bins

    def error(labels: np.ndarray) -> np.ndarray:
        """(..., rows) -> (...): what the bins are off, weighed by their rows."""
        return np.abs((p - labels) @ member).sum(-1) / len(p)

    rows = member.sum(0)
    curve = [
        {"p": round(float(p[place == k].mean()), 3), "supported": round(float(truth[place == k].mean()), 3), "rows": int(rows[k])}
        for k in np.flatnonzero(rows)
    ]
    chance = error(rng.random((ROUNDS, len(p))) < p).mean()
    return {
        "brier": round(float(np.mean((p - truth) ** 2)), 3),
        "ece": round(float(error(truth)), 3),
        "ece_by_chance": round(float(chance), 3),
        "reliability": curve,
    }
