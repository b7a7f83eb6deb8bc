"""How far the judge can be trusted: what people said of replies against what the rules make of its scores.

A person's thumb up means a good reply, thumb down a bad one; the judge calls a reply bad when any rule of
judge/regression/auto.py fires. Both are of one and the same reply: a flag keeps the judgement of the reply it was
given to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from judge.regression.auto import fired_rules, is_judged
from judge.regression.types import Flag
from judge.types import METRICS, Judgement

RESAMPLES = 2000
CONFIDENCE = 0.95
SEED = 0  # the same flags give the same interval
# An interval from few resamples, or from those that happen to be defined, would look surer than it is.
MIN_PAIRS = 5
MIN_DEFINED = 0.95
GRID = tuple(round(step / 20, 2) for step in range(21))  # 0.00, 0.05, ... 1.00


@dataclass(frozen=True, slots=True)
class Pair:
    """One reply that a person and the judge have both seen."""

    bad: bool  # the person's thumb was down
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its 95 % bootstrap percentile interval; None, with the reason, where it is undefined."""

    value: float | None
    interval: tuple[float, float] | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Agreement:
    """People against the judge.

    Attributes:
        n: replies that both have seen.
        unjudged: thumbs that are left out, since the judge gave that reply no score.
        confusion: rows are the person's good and bad, columns the judge's good and bad.
        agreement: share of replies of which both said the same.
        kappa: Cohen's kappa, the agreement beyond chance, in [-1, 1].
        thresholds: at which the judge called a reply bad.
    """

    n: int
    unjudged: int
    confusion: tuple[tuple[int, int], tuple[int, int]]
    agreement: Figure
    kappa: Figure
    thresholds: dict[str, float]


@dataclass(frozen=True, slots=True)
class Caught:
    """What a rule would have made of the replies that people judged.

    Attributes:
        threshold: of the one metric; None for all rules together.
        caught, missed: bad replies that would (not) have been flagged.
        false_alarms, spared: good replies that would (not) have been flagged.
        unscored: replies that say nothing of the rule, since this metric has no value there.
    """

    threshold: float | None
    caught: int
    missed: int
    false_alarms: int
    spared: int
    unscored: int

    @property
    def recall(self) -> float | None:
        """Share of the bad replies that are caught; None where there is no bad one."""
        bad = self.caught + self.missed
        return self.caught / bad if bad else None

    @property
    def precision(self) -> float | None:
        """Share of the flagged replies that are bad; None where none is flagged."""
        flagged = self.caught + self.false_alarms
        return self.caught / flagged if flagged else None


def pairs(flags: Iterable[Flag]) -> tuple[list[Pair], int]:
    """The replies that a person gave a thumb and the judge a score, and how many thumbs are left out without one.

    Automatic flags are the judge's own opinion and do not count.
    """
    thumbs = [flag for flag in flags if flag.origin == "user"]
    found = [Pair(flag.thumb == "down", flag.judgement) for flag in thumbs if is_judged(flag.judgement)]
    return found, len(thumbs) - len(found)


def agreement(flags: Iterable[Flag], thresholds: Mapping[str, float]) -> Agreement:
    """People's thumbs against the judge's verdicts at these thresholds.

    Kappa is Cohen's (1960), computed by scikit-learn; intervals are percentiles of 2,000 resamples of the replies.
    """
    found, unjudged = pairs(flags)
    bad = np.array([pair.bad for pair in found], dtype=bool)
    called = np.array([bool(fired_rules(pair.judgement, thresholds)) for pair in found], dtype=bool)
    counts = np.array([[np.sum(~bad & ~called), np.sum(~bad & called)], [np.sum(bad & ~called), np.sum(bad & called)]])
    table = tuple(tuple(int(cell) for cell in row) for row in counts)
    return Agreement(len(found), unjudged, table, _agreement(counts), _kappa(bad, called, counts), dict(thresholds))


def sweep(flags: Iterable[Flag], metric: str, grid: Sequence[float] = GRID) -> list[Caught]:
    """What flagging by one metric alone would have caught and missed, for each threshold of the grid.

    As in `fired_rules`, a reply is flagged when its score is under the threshold, and what the metric says nothing of
    (unscored, or the passages' order under a refusal) is never flagged; it is counted as `unscored`.

    Raises:
        ValueError: `metric` is not one of METRICS.
    """
    if metric not in METRICS:
        raise ValueError(f"{metric!r} is not one of {', '.join(METRICS)}")
    found, unjudged = pairs(flags)
    values = [_value(pair.judgement, metric) for pair in found]
    scored = [(pair.bad, value) for pair, value in zip(found, values, strict=True) if value is not None]
    unscored = len(found) - len(scored) + unjudged
    rows = []
    for threshold in grid:
        caught = sum(bad and value < threshold for bad, value in scored)
        alarms = sum(not bad and value < threshold for bad, value in scored)
        bad_ones = sum(bad for bad, _ in scored)
        rows.append(
            Caught(float(threshold), caught, bad_ones - caught, alarms, len(scored) - bad_ones - alarms, unscored)
        )
    return rows


def would_flag(flags: Iterable[Flag], thresholds: Mapping[str, float]) -> Caught:
    """What all rules together, at these thresholds, would have caught and missed."""
    table = agreement(flags, thresholds)
    (spared, alarms), (missed, caught) = table.confusion
    return Caught(None, caught, missed, alarms, spared, table.unjudged)


# ---------------------------------------------------------------------- inside


def _value(judgement: Judgement, metric: str) -> float | None:
    """The score that this metric's rule looks at, None where the rule does not apply."""
    score = judgement.scores.get(metric)
    relevancy = judgement.scores.get("answer_relevancy")
    if score is None or score.state != "scored":
        return None
    if metric == "context_precision" and relevancy is not None and relevancy.state == "declined":
        return None
    return score.value


def _agreement(counts: np.ndarray) -> Figure:
    n = int(counts.sum())
    if not n:
        return Figure(None, None, "no reply has both a thumb and a score")
    value = float(np.trace(counts) / n)
    if n < MIN_PAIRS:
        return Figure(value, None, f"{n} replies are too few for an interval")
    resampled = _resample(counts)
    return Figure(value, _percentiles((resampled[:, 0] + resampled[:, 3]) / n))


def _kappa(bad: np.ndarray, called: np.ndarray, counts: np.ndarray) -> Figure:
    n = len(bad)
    if not n:
        return Figure(None, None, "no reply has both a thumb and a score")
    resampled = np.vstack([counts.ravel(), _resample(counts)]) / n  # the replies as they are come first
    observed = resampled[:, 0] + resampled[:, 3]
    people_bad, judge_bad = resampled[:, 2] + resampled[:, 3], resampled[:, 1] + resampled[:, 3]
    chance = people_bad * judge_bad + (1 - people_bad) * (1 - judge_bad)
    defined = chance < 1
    if not defined[0]:
        said = "bad" if bad.all() else "good"
        return Figure(None, None, f"people and the judge called every reply {said}; kappa needs both kinds")
    from sklearn.metrics import cohen_kappa_score

    value = float(cohen_kappa_score(bad, called))
    for opinions, who in ((bad, "people"), (called, "the judge")):
        if opinions.all() or not opinions.any():
            return Figure(value, None, f"{who} said the same of every reply, so kappa is 0 whatever the others say")
    if n < MIN_PAIRS:
        return Figure(value, None, f"{n} replies are too few for an interval")
    if defined[1:].mean() < MIN_DEFINED:
        return Figure(value, None, "too few replies of one kind for an interval")
    samples = (observed - chance)[1:][defined[1:]] / (1 - chance[1:][defined[1:]])
    return Figure(value, _percentiles(samples))


def _resample(counts: np.ndarray) -> np.ndarray:
    """(RESAMPLES, 4) cell counts; drawing replies with replacement is a multinomial draw of the cells."""
    n = int(counts.sum())
    return np.random.default_rng(SEED).multinomial(n, counts.ravel() / n, size=RESAMPLES)


def _percentiles(values: np.ndarray) -> tuple[float, float]:
    tail = 100 * (1 - CONFIDENCE) / 2
    low, high = np.percentile(values, [tail, 100 - tail])
    return float(low), float(high)
