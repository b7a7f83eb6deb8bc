"""Faithfulness: how much of what a reply claims stands in the passages it was given.

    faithfulness = supported claims / claims

A claim is supported when one passage, or all passages read together, supports it; contradicted when none does and one
says otherwise; else not found. Definition: Ragas' Faithfulness (https://docs.ragas.io, `src/ragas/metrics/collections/
faithfulness`), with two differences: every claim gets a verdict, so that none can drop out of the denominator, and
verdicts are probabilities of a matrix instead of parsed text.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from judge.types import Claim, Score, Verdict
from judge.verdicts import Matrix

NAME = "faithfulness"


def verdicts(
    claims: Sequence[Claim], matrix: Matrix, supported_threshold: float, contradicted_threshold: float
) -> tuple[Verdict, ...]:
    """What the passages say of each claim, with the passage that decided.

    Support by any passage outweighs contradiction by another: "six engineers" at one employer does not contradict
    "two engineers" at the next.

    Args:
        claims: C claims, in the matrix's order.
        matrix: (C, N + 1) probabilities; column N is all passages read together.
        supported_threshold, contradicted_threshold: a probability counts from here on.

    Example:
        >>> m = Matrix(np.array([[0.9, 0.2]]), np.array([[0.0, 0.1]]), np.array([0.8]), 0.9, [["", ""]])
        >>> verdicts([Claim("She led a team.", 0, 15)], m, 0.5, 0.5)[0].label
        'supported'
    """
    return tuple(
        _verdict(claim, matrix, row, supported_threshold, contradicted_threshold) for row, claim in enumerate(claims)
    )


def _verdict(
    claim: Claim, matrix: Matrix, row: int, supported_threshold: float, contradicted_threshold: float
) -> Verdict:
    supported, contradicted = matrix.p_supported[row], matrix.p_contradicted[row]
    best, worst = _deciding(supported, supported_threshold), _deciding(contradicted, contradicted_threshold)
    if supported[best] >= supported_threshold:
        label, cell, evidence = "supported", best, _passage(supported, best)
    elif contradicted[worst] >= contradicted_threshold:
        label, cell, evidence = "contradicted", worst, _passage(contradicted, worst)
    else:
        # Nothing decided; the likeliest cell says best why (e.g. which number stands nowhere).
        return Verdict(
            claim, "not_found", float(supported.max()), float(contradicted.max()), None, matrix.reasons[row][best]
        )
    return Verdict(claim, label, float(supported[cell]), float(contradicted[cell]), evidence, matrix.reasons[row][cell])


def _deciding(row: np.ndarray, threshold: float) -> int:
    """The likeliest cell; a passage that suffices alone goes before all passages together."""
    alone = row[:-1]
    if len(alone) and alone.max() >= threshold:
        return int(alone.argmax())
    return int(row.argmax())


def _passage(row: np.ndarray, cell: int) -> int | None:
    """The passage to show for a cell: itself, or for "all together" the one that carries most."""
    passages = len(row) - 1
    if cell < passages:
        return cell
    return int(row[:-1].argmax()) if passages else None


def faithfulness(found: Sequence[Verdict]) -> Score:
    """The share of supported claims; unscored where nothing was claimed.

    Example:
        >>> c = Claim("x", 0, 1)
        >>> faithfulness([Verdict(c, "supported", 0.9, 0.0, 0), Verdict(c, "not_found", 0.1, 0.0, None)]).value
        0.5
    """
    if not found:
        return Score(NAME, None, "unscored", "nothing was claimed")
    supported = sum(verdict.label == "supported" for verdict in found)
    contradicted = sum(verdict.label == "contradicted" for verdict in found)
    reason = f"{supported} of {len(found)} claim{'s' * (len(found) > 1)} supported"
    if contradicted:
        reason += f", {contradicted} contradicted"
    return Score(NAME, supported / len(found), "scored", reason)
