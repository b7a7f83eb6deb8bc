"""Context precision: whether the passages that help were ranked before those that do not.

    context precision = sum over ranks i of (precision@i * v_i) / sum of v_i

v_i is 1 when the passage of rank i is relevant to the question, P(relevant | question, passage) >= the judge's
threshold, else 0; precision@i is the share of relevant passages among the first i. This is the average
precision of Ragas' LLMContextPrecisionWithoutReference
(https://docs.ragas.io/en/stable/concepts/metrics/available_metrics/context_precision/), with the judge's
probability in place of one generated verdict per passage.

Example: passages 1 and 3 of 4 are relevant: (1/1 + 2/3) / 2 = 0.83.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from judge.types import Score

NAME = "context_precision"
NO_PASSAGES = "no passages"
NONE_RELEVANT = "no passage is relevant"
INVALID = "the judge gave no valid probability"


def score(p_relevant: Sequence[float], relevant_threshold: float) -> Score:
    """Average precision of N passages in rank order; 0 when none is relevant, unscored when there is none."""
    values = np.asarray(p_relevant, float)
    if not values.size:
        return Score(NAME, None, "unscored", NO_PASSAGES)
    if not np.all((values >= 0) & (values <= 1)):  # NaN compares false
        return Score(NAME, None, "unscored", INVALID)
    relevant = values >= relevant_threshold
    if not relevant.any():
        return Score(NAME, 0.0, "scored", NONE_RELEVANT)
    precision = np.cumsum(relevant) / np.arange(1, len(values) + 1)
    value = float(precision[relevant].mean())
    return Score(NAME, value, "scored", f"{int(relevant.sum())} of {len(values)} passages relevant")
