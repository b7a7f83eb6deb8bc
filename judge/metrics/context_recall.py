"""Context recall: how much of the expected answer the retrieved passages hold. Needs a reference.

    context recall = reference claims supported by the passages / reference claims

Definition: Ragas' context recall (https://docs.ragas.io, `src/ragas/metrics/collections/context_recall`), with the
claims and verdicts of faithfulness applied to the reference instead of the reply.
"""

from __future__ import annotations

from collections.abc import Sequence

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
    supported = sum(verdict.label == "supported" for verdict in found)
    reason = f"{supported} of {len(found)} reference claim{'s' * (len(found) > 1)} in the passages"
    return Score(NAME, supported / len(found), "scored", reason)
