"""Faithfulness: the share of a reply's claims that its passages support.

    faithfulness = supported claims / claims

The definition is Ragas' (Es et al. 2023, https://arxiv.org/abs/2309.15217, section 3). Two things differ:
every claim gets a verdict, because claims are cut by rules and verdicts are read off probabilities, and a
reply without claims is unscored instead of NaN.

Example: "She built a search service [1]. She won a Nobel prize." has two claims; the passages support the
first alone, so faithfulness is 1 / 2 = 0.5.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from judge.types import Claim, Label, Score, Verdict
from judge.verdicts import Matrix

NAME = "faithfulness"
NO_CLAIMS = "nothing was claimed"
NO_PASSAGES = "no passages"
DECLINED = "the reply declines"
INVALID = "the judge gave no valid probability"


def verdicts(
    matrix: Matrix, claims: Sequence[Claim], supported_threshold: float, contradicted_threshold: float
) -> tuple[Verdict, ...]:
    """What the passages say of each of the C claims, in the reply's order.

    A claim is supported when a chunk, or all chunks read together, support it: support in one passage
    outweighs contradiction by another, which may be about somebody else. The probabilities and the
    reason are those of the deciding column: the likeliest support, or for a contradicted claim the
    likeliest contradiction. Where that column is "all chunks together", the evidence is the single
    chunk that comes closest. A claim that is not found has no evidence.

    Args:
        matrix: (C, N + 1) probabilities, N >= 1.

    Raises:
        ValueError: a probability is missing (NaN) or outside [0, 1].
    """
    if not claims:
        return ()
    supported, contradicted = np.asarray(matrix.p_supported, float), np.asarray(matrix.p_contradicted, float)
    if not (valid(supported) and valid(contradicted)):
        raise ValueError(INVALID)
    return tuple(
        _verdict(claim, supported[i], contradicted[i], matrix.reasons[i], supported_threshold, contradicted_threshold)
        for i, claim in enumerate(claims)
    )


def _verdict(claim, supported, contradicted, reasons, supported_threshold, contradicted_threshold) -> Verdict:
    label: Label = "not_found"
    deciding = supported
    if supported.max() >= supported_threshold:
        label = "supported"
    elif contradicted.max() >= contradicted_threshold:
        label, deciding = "contradicted", contradicted
    column = int(deciding.argmax())  # of equal ones the first: a single chunk before all together
    evidence = None
    if label != "not_found":
        evidence = column if column < len(deciding) - 1 else int(deciding[:-1].argmax())
    reason = str(reasons[column]) if len(reasons) > column else ""
    return Verdict(claim, label, float(supported[column]), float(contradicted[column]), evidence, reason)


def score(verdicts: Sequence[Verdict]) -> Score:
    """Supported claims / claims; unscored without claims."""
    if not verdicts:
        return Score(NAME, None, "unscored", NO_CLAIMS)
    supported = sum(verdict.label == "supported" for verdict in verdicts)
    return Score(NAME, supported / len(verdicts), "scored", f"{supported} of {len(verdicts)} claims supported")


def valid(values: np.ndarray) -> bool:
    """Whether all values are probabilities."""
    return bool(np.all((values >= 0) & (values <= 1)))  # NaN compares false
