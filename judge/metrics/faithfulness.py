"""Faithfulness: how much of what a reply claims stands in the passages it was given.

    faithfulness = supported claims / (claims - claims the judge is not sure about)

A claim is supported when one passage, or all passages read together, supports it; contradicted when none does and one
says otherwise; else not found. Where a judge has two thresholds, a claim between them is `not_sure`: it counts neither
as supported nor as unsupported, and the reason says how many were left out. Definition: Ragas' Faithfulness (https://docs.ragas.io, `src/ragas/metrics/collections/
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
    claims: Sequence[Claim],
    matrix: Matrix,
    supported_threshold: float,
    contradicted_threshold: float,
    not_found_threshold: float | None = None,
) -> tuple[Verdict, ...]:
    """What the passages say of each claim, with the passage that decided.

    Support by any passage outweighs contradiction by another: "six engineers" at one employer does not contradict
    "two engineers" at the next.

    Args:
        claims: C claims, in the matrix's order.
        matrix: (C, N + 1) probabilities; column N is all passages read together.
        supported_threshold, contradicted_threshold: a probability counts from here on.
        not_found_threshold: below it nothing supports the claim, from it on the judge is not sure; None is the
            supported threshold itself, which leaves no room for doubt.

    Example:
        >>> m = Matrix(np.array([[0.9, 0.2]]), np.array([[0.0, 0.1]]), np.array([0.8]), 0.9, [["", ""]])
        >>> verdicts([Claim("She led a team.", 0, 15)], m, 0.5, 0.5)[0].label
        'supported'
    """
    unsure = supported_threshold if not_found_threshold is None else not_found_threshold
    return tuple(
        _verdict(claim, matrix, row, supported_threshold, contradicted_threshold, unsure)
        for row, claim in enumerate(claims)
    )


def _verdict(
    claim: Claim,
    matrix: Matrix,
    row: int,
    supported_threshold: float,
    contradicted_threshold: float,
    not_found_threshold: float,
) -> Verdict:
    supported, contradicted = matrix.p_supported[row], matrix.p_contradicted[row]
    best, worst = _deciding(supported, supported_threshold), _deciding(contradicted, contradicted_threshold)
    if supported[best] >= supported_threshold:
        label, cell, evidence = "supported", best, _passage(supported, best)
    elif supported[best] >= not_found_threshold:
        label, cell, evidence = "not_sure", best, _passage(supported, best)
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
    """The share of supported claims among those the judge is sure about; unscored where there is none.

    Example:
        >>> c = Claim("x", 0, 1)
        >>> faithfulness([Verdict(c, "supported", 0.9, 0.0, 0), Verdict(c, "not_found", 0.1, 0.0, None)]).value
        0.5
    """
    if not found:
        return Score(NAME, None, "unscored", "nothing was claimed")
    supported, sure, unsure = counts(found)
    if not sure:
        return Score(NAME, None, "unscored", all_unsure(unsure))
    contradicted = sum(verdict.label == "contradicted" for verdict in found)
    reason = f"{supported} of {sure} claim{'s' * (sure > 1)} supported"
    if contradicted:
        reason += f", {contradicted} contradicted"
    if unsure:
        reason += f"; {unsure} not sure"
    return Score(NAME, supported / sure, "scored", reason)


def counts(found: Sequence[Verdict]) -> tuple[int, int, int]:
    """How many claims are supported, how many the judge is sure about either way, and about how many it is not."""
    unsure = sum(verdict.label == "not_sure" for verdict in found)
    return sum(verdict.label == "supported" for verdict in found), len(found) - unsure, unsure


def all_unsure(count: int) -> str:
    """The reason of a score that no claim is left for."""
    return "the judge is not sure about the claim" if count == 1 else f"the judge is not sure about all {count} claims"
