"""Context recall: how much of the expected answer the retrieved passages hold. Needs a reference.

    context recall = reference claims supported by the passages / reference claims the judge is sure about

Definition: Ragas' context recall (https://docs.ragas.io, `src/ragas/metrics/collections/context_recall`), with the
claims and verdicts of faithfulness applied to the reference instead of the reply.
"""

from __future__ import annotations

from collections.abc import Sequence

from judge.metrics.faithfulness import all_unsure, counts
from judge.types import Score, Verdict

NAME = "context_recall"


def context_recall(found: Sequence[Verdict]) -> Score:
    """The share of the reference's claims that the passages support; unscored where it claims nothing.

    Example:
        >>> context_recall([]).state
        'unscored'
    """
    if not found:
        return Score(NAME, None, "unscored", "the reference claims nothing")
    supported, sure, unsure = counts(found)
    if not sure:
        return Score(NAME, None, "unscored", all_unsure(unsure))
    reason = f"{supported} of {sure} reference claim{'s' * (sure > 1)} in the passages"
    return Score(NAME, supported / sure, "scored", f"{reason}; {unsure} not sure" if unsure else reason)
