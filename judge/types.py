"""The vocabulary of the judging side: claims, verdicts, scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# `not_sure`: the judge's probability lies between its two thresholds, so it neither supports the claim nor denies it.
Label = Literal["supported", "contradicted", "not_found", "not_sure"]
State = Literal["pending", "scored", "unscored", "declined"]
METRICS = ("faithfulness", "answer_relevancy", "context_precision")


@dataclass(frozen=True, slots=True)
class Claim:
    """A checkable statement of a reply: `response[start:end]` is where it stands."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the passages say of one claim.

    Attributes:
        p_supported, p_contradicted: probabilities in [0, 1] after calibration and guard.
        evidence: 0-based index of the deciding chunk in rank order (of a claim that is `not_sure`: of the chunk that
            comes nearest to supporting it), or None.
        reason: in one phrase what decided, e.g. '99.5 stands nowhere in the sources'.
    """

    claim: Claim
    label: Label
    p_supported: float
    p_contradicted: float
    evidence: int | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """One metric of one turn. `value` is in [0, 1] when `scored` (or `declined`, where a refusal
    can still be graded), and None otherwise: an unscored score is never a number."""

    metric: str
    value: float | None
    state: State
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Everything the judge has to say of one turn."""

    scores: dict[str, Score]
    verdicts: tuple[Verdict, ...]
    relevance: tuple[float, ...]  # P(relevant | question, chunk), by rank
    judge: str
    seconds: float
