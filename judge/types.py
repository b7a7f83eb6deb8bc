"""The vocabulary of the judging side: claims, verdicts, scores."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

# `not_sure`: the judge's probability lies between its two thresholds, so it neither supports the claim nor denies it.
Label = Literal["supported", "contradicted", "not_found", "not_sure"]
State = Literal["pending", "scored", "unscored", "declined"]
METRICS = ("faithfulness", "answer_relevancy", "context_precision")
CHECKS = ("order", "order_alone", "position", "haystack", "long_passage", "paraphrased", "padded", "language", "mixed")  # of judge/audit.py
SELF_PREFERENCE = "self_preference"  # one more, for a judge that writes the replies, too
DIMENSIONS = ("personal_data",)  # scores that are asked for by name (settings.py); each has its measured accuracy in README


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


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """What a second judge makes of a turn that has a judgement already.

    The judgement that is shown, flagged, exported and counted is the latest one that has a score; this says what stands
    beside it.

    Attributes:
        state: `pending` while it is waited for; `shown` where its judgement took the place of the first judge's;
            `unscored` where it has no score to show, so that the first judge's stays.
        other: the judgement that is not shown: of the first judge where `shown`, of the second where `unscored` (its
            scores say why). None while it is pending, or where the first judge's was not kept.
    """

    state: Literal["pending", "shown", "unscored"]
    other: Judgement | None = None


def metrics_of(scores: Iterable[str]) -> tuple[str, ...]:
    """The three metrics, and which further dimensions are among `scores`."""
    there = set(scores)
    return (*METRICS, *(name for name in DIMENSIONS if name in there))


def has_score(judgement: Judgement) -> bool:
    """Whether the judge had anything to say: one score at least has a value, or the reply declined."""
    return any(score.state in ("scored", "declined") for score in judgement.scores.values())
