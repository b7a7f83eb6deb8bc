"""Context precision: whether the passages that help stand before those that do not.

    context precision = sum_i(precision@i * v_i) / sum_i(v_i)

v_i is 1 where passage i (in rank order) is relevant to the question, and precision@i the share of relevant ones among
the first i: average precision, as in Ragas' context precision without a reference (https://docs.ragas.io,
`src/ragas/metrics/collections/context_precision`). It judges the order of what was retrieved; what was not retrieved
it cannot see (that is context recall).
"""

from __future__ import annotations

import numpy as np

from judge.types import Score

NAME = "context_precision"


def context_precision(p_relevant: np.ndarray, threshold: float) -> Score:
    """Average precision of the ranking; 0 where nothing is relevant, unscored without passages.

    Args:
        p_relevant: (N,), P(passage relevant | question) by rank.
        threshold: a passage counts as relevant from here on.

    Example:
        >>> round(context_precision(np.array([0.9, 0.1, 0.8]), 0.5).value, 3)  # (1/1 + 2/3) / 2
        0.833
    """
    if not len(p_relevant):
        return Score(NAME, None, "unscored", "no passages")
    relevant = p_relevant >= threshold
    count = int(relevant.sum())
    if not count:
        return Score(NAME, 0.0, "scored", "no passage is relevant")
    precision = np.cumsum(relevant) / np.arange(1, len(relevant) + 1)
    value = float(precision[relevant].sum() / count)
    reason = f"{count} of {len(relevant)} passage{'s' * (len(relevant) > 1)} relevant"
    return Score(NAME, min(1.0, value), "scored", reason)
