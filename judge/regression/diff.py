"""Two runs side by side: means with coverage and intervals, paired tests, and what changed in which case.

An unscored score is in no mean and in no pair; how many were scored stands beside every mean. A mean's interval is the
95 % bootstrap interval (percentile, scipy.stats.bootstrap) over the run's own cases. The difference, its interval and
its p-value use the cases that both runs scored: the p-value is that of a paired sign-flip permutation test of the mean
difference (scipy.stats.permutation_test), exact up to 13 pairs. Many metrics are tested at once, so one small p among ten
is no finding.

Perplexity is compared on its logarithm: its means are geometric, its difference is ln(second / first), and less is
better.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from judge.regression.types import REFERENCE_METRICS, CaseResult, Run
from judge.types import DIMENSIONS, METRICS, Score
from rag.types import Turn

if TYPE_CHECKING:
    from judge.regression.store import RegressionStore

RESAMPLES = 2000  # of bootstrap and permutation; two digits of a p-value near 0.05, in milliseconds
AT_ONCE = 2**20  # values of resamples in memory; SciPy holds all of them otherwise, 5 GB for 10,000 cases
SEED = 20260101  # the same two runs always show the same interval
CONFIDENCE = 0.95
MAX_WORDS = 5000  # of a text that is compared word by word; beyond, it is compared line by line
EXACTLY = 1000  # words or lines, beyond which frequent ones match only beside others: a text that repeats itself would take minutes
ORDER = (*METRICS, *DIMENSIONS, *REFERENCE_METRICS)
Change = Literal["newly_failing", "newly_passing", "still_failing", "still_passing", "only_first", "only_second"]
Kind = Literal["same", "removed", "added"]
# A word with the space before it: spaces of their own would match everywhere, which takes difflib seconds for 500 words.
_WORD = re.compile(r"\s*(?:[^\W_]+|_|[^\w\s])|\s+")


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of what was scored.

    Attributes:
        value, low, high: mean and its interval; None where nothing was scored (and no interval of one value).
        scored, declined, total: cases with a number in the mean; refusals, which are graded apart; all cases the
            metric applies to. Coverage is scored / total.
    """

    value: float | None
    low: float | None
    high: float | None
    scored: int
    declined: int
    total: int

    @property
    def coverage(self) -> float | None:
        return self.scored / self.total if self.total else None


@dataclass(frozen=True, slots=True)
class MetricDiff:
    """One metric of two runs.

    Attributes:
        pairs: cases that both runs scored.
        difference, low, high: mean of second - first over the pairs and its interval; None without pairs.
        p: of the paired permutation test, two-sided; None with fewer than two pairs. 1.0 where no pair differs.
        higher_is_better: False for perplexity.
    """

    metric: str
    first: Mean
    second: Mean
    pairs: int
    difference: float | None
    low: float | None
    high: float | None
    p: float | None
    higher_is_better: bool = True


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """One score of one case in both runs; None where a run has none. `delta` only where both are numbers."""

    metric: str
    first: Score | None
    second: Score | None
    delta: float | None


@dataclass(frozen=True, slots=True)
class CaseChange:
    """One case of two runs. `first` or `second` is None where only the other run has it."""

    case_id: str
    question: str
    change: Change
    first: CaseResult | None
    second: CaseResult | None
    scores: tuple[ScoreChange, ...]
    response_changed: bool
    chunks_changed: bool


@dataclass(frozen=True, slots=True)
class ChunkChange:
    """One passage in two retrievals. A rank of None: that retrieval did not find it."""

    chunk_id: str
    section: str
    text: str
    first_rank: int | None
    second_rank: int | None
    first_score: float | None
    second_score: float | None


@dataclass(frozen=True, slots=True)
class Diff:
    """Two runs side by side.

    Attributes:
        metrics: in the order of ORDER, those that either run has.
        cases: in the second run's order, then those that only the first has.
        configuration: what differs, by name: (first, second).
        newly_failing, newly_passing: ids of cases.
    """

    first: Run
    second: Run
    metrics: tuple[MetricDiff, ...]
    cases: tuple[CaseChange, ...]
    configuration: dict[str, tuple[object, object]]
    newly_failing: tuple[str, ...]
    newly_passing: tuple[str, ...]


def compare(record: RegressionStore, run_a: str, run_b: str) -> Diff:
    """The runs of these ids side by side.

    Raises:
        KeyError: there is no such run.
    """
    runs = []
    for run_id in (run_a, run_b):
        run = record.run(run_id)
        if run is None:
            raise KeyError(run_id)
        runs.append(run)
    return compare_results(runs[0], record.results(run_a), runs[1], record.results(run_b))


def compare_results(first: Run, old: Sequence[CaseResult], second: Run, new: Sequence[CaseResult]) -> Diff:
    """Two runs by their results, wherever these come from."""
    before = {result.case_id: result for result in old}
    after = {result.case_id: result for result in new}
    ids = [*after, *(case_id for case_id in before if case_id not in after)]
    cases = tuple(case_change(case_id, before.get(case_id), after.get(case_id)) for case_id in ids)
    return Diff(
        first,
        second,
        tuple(metric_diff(metric, before, after) for metric in metrics_of([*old, *new])),
        cases,
        configuration_changes(first.configuration, second.configuration),
        tuple(change.case_id for change in cases if change.change == "newly_failing"),
        tuple(change.case_id for change in cases if change.change == "newly_passing"),
    )


def metrics_of(results: Sequence[CaseResult]) -> list[str]:
    """The metrics that these results have, in the order they are shown."""
    present = {metric for result in results for metric in result.scores}
    return [*(metric for metric in ORDER if metric in present), *sorted(present.difference(ORDER))]


def means(results: Sequence[CaseResult]) -> dict[str, Mean]:
    """The mean of every metric of a run, with coverage and interval; perplexity's is geometric."""
    by_id = {result.case_id: result for result in results}
    return {metric: mean_of(metric, by_id) for metric in metrics_of(results)}


def mean_of(metric: str, results: Mapping[str, CaseResult]) -> Mean:
    """The mean of one metric over the results that have it."""
    values = np.array([value for result in results.values() if (value := figure(result, metric)) is not None])
    applicable = [result.scores[metric] for result in results.values() if metric in result.scores]
    declined = sum(score.state == "declined" for score in applicable)
    shown: Callable[[float], float] = math.exp if metric == "perplexity" else float
    if not len(values):
        return Mean(None, None, None, 0, declined, len(applicable))
    low, high = _interval(values)
    return Mean(
        shown(float(values.mean())),
        None if low is None else shown(low),
        None if high is None else shown(high),
        len(values),
        declined,
        len(applicable),
    )


def metric_diff(metric: str, before: Mapping[str, CaseResult], after: Mapping[str, CaseResult]) -> MetricDiff:
    """One metric of two runs, compared over the cases that both scored."""
    pairs = []
    for case_id in after:
        if case_id in before:
            old, new = figure(before[case_id], metric), figure(after[case_id], metric)
            if old is not None and new is not None:
                pairs.append((old, new))
    change = np.array([new - old for old, new in pairs])
    low, high = _interval(change) if len(change) else (None, None)
    return MetricDiff(
        metric,
        mean_of(metric, before),
        mean_of(metric, after),
        len(pairs),
        float(change.mean()) if len(change) else None,
        low,
        high,
        paired_p(change),
        higher_is_better=metric != "perplexity",
    )


def figure(result: CaseResult, metric: str) -> float | None:
    """What of a result enters the mean: a scored value, ln(perplexity), or None."""
    score = result.scores.get(metric)
    if metric == "perplexity":
        return math.log(result.perplexity) if result.perplexity is not None and result.perplexity > 0 else None
    return score.value if score is not None and score.state == "scored" else None


def paired_p(change: np.ndarray) -> float | None:
    """Two-sided p of the paired sign-flip permutation test that the mean of `change` is 0.

    Args:
        change: (n,) differences of pairs.

    Returns: None with fewer than two pairs; 1.0 where none differs.
    """
    if len(change) < 2:
        return None
    if not change.any():
        return 1.0
    from scipy.stats import permutation_test

    found = permutation_test(
        (change,),
        lambda values, axis: np.mean(values, axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=max(RESAMPLES, 2**13),  # 13 pairs have 2^13 sign patterns, all of which are then gone through
        batch=_batch(change),
        rng=np.random.default_rng(SEED),
    )
    return float(found.pvalue)


def case_change(case_id: str, old: CaseResult | None, new: CaseResult | None) -> CaseChange:
    """One case of two runs; a missing result is None (not both)."""
    if old is None or new is None:
        change: Change = "only_second" if old is None else "only_first"
    elif old.passed != new.passed:
        change = "newly_passing" if new.passed else "newly_failing"
    else:
        change = "still_passing" if new.passed else "still_failing"
    present = [result for result in (new, old) if result is not None]
    scores = tuple(_score_change(metric, old, new) for metric in metrics_of(present))
    both = old is not None and new is not None
    return CaseChange(
        case_id,
        present[0].turn.user_input,
        change,
        old,
        new,
        scores,
        both and old.turn.response != new.turn.response,
        both and _ranking(old.turn) != _ranking(new.turn),
    )


def configuration_changes(first: Mapping, second: Mapping) -> dict[str, tuple[object, object]]:
    """What differs between two configurations, by name; nested names are joined by a dot.

    The folder of an index says nothing where its contents are the same.
    """
    old, new = _flat(first), _flat(second)
    if old.get("index_hash") == new.get("index_hash"):
        old.pop("settings.index", None)
        new.pop("settings.index", None)
    return {
        name: (old.get(name), new.get(name)) for name in dict.fromkeys((*old, *new)) if old.get(name) != new.get(name)
    }


def word_diff(old: str, new: str) -> list[tuple[Kind, str]]:
    """Two texts as one: stretches that stayed, went and came, spaces included.

    The "same" and "removed" parts together are `old`, the "same" and "added" ones `new`. Very long texts are compared
    by lines.

    Example:
        >>> word_diff("She can use Python.", "She can only use Python.")
        [('same', 'She can'), ('added', ' only'), ('same', ' use Python.')]
    """
    a, b = _WORD.findall(old), _WORD.findall(new)
    if max(len(a), len(b)) > MAX_WORDS:
        a, b = old.splitlines(keepends=True), new.splitlines(keepends=True)
    parts: list[tuple[Kind, str]] = []
    matcher = difflib.SequenceMatcher(None, a, b, autojunk=max(len(a), len(b)) > EXACTLY)
    for tag, a1, a2, b1, b2 in matcher.get_opcodes():
        if tag == "equal":
            parts.append(("same", "".join(a[a1:a2])))
        else:
            parts += [("removed", "".join(a[a1:a2]))] if a2 > a1 else []
            parts += [("added", "".join(b[b1:b2]))] if b2 > b1 else []
    return parts


def chunk_changes(old_turn: Turn, new_turn: Turn) -> list[ChunkChange]:
    """The passages of both turns with their ranks and scores: the new ones in order, then those that went."""
    old = {found.chunk.id: found for found in old_turn.retrieved_contexts}
    new = {found.chunk.id: found for found in new_turn.retrieved_contexts}
    changes = []
    for chunk_id in dict.fromkeys((*new, *old)):
        before, after = old.get(chunk_id), new.get(chunk_id)
        chunk = (after or before).chunk
        changes.append(
            ChunkChange(
                chunk_id,
                chunk.section,
                chunk.text,
                before.rank if before else None,
                after.rank if after else None,
                before.score if before else None,
                after.score if after else None,
            )
        )
    return changes


# ------------------------------------------------------------------ inside


def _interval(values: np.ndarray) -> tuple[float | None, float | None]:
    """Bootstrap interval of the mean; none of a single value, and of equal ones that value."""
    if len(values) < 2:
        return None, None
    if np.all(values == values[0]):
        return float(values[0]), float(values[0])
    from scipy.stats import bootstrap

    found = bootstrap(
        (values,),
        np.mean,
        n_resamples=RESAMPLES,
        confidence_level=CONFIDENCE,
        method="percentile",
        batch=_batch(values),
        rng=np.random.default_rng(SEED),
    ).confidence_interval
    return float(found.low), float(found.high)


def _batch(values: np.ndarray) -> int:
    """How many resamples are made at once; it changes no figure."""
    return max(1, AT_ONCE // len(values))


def _score_change(metric: str, old: CaseResult | None, new: CaseResult | None) -> ScoreChange:
    first = old.scores.get(metric) if old is not None else None
    second = new.scores.get(metric) if new is not None else None
    delta = None
    if old is not None and new is not None:
        a, b = figure(old, metric), figure(new, metric)
        delta = b - a if a is not None and b is not None else None
    return ScoreChange(metric, first, second, delta)


def _ranking(turn: Turn) -> list[str]:
    return [found.chunk.id for found in turn.retrieved_contexts]


def _flat(values: Mapping, prefix: str = "") -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            found |= _flat(value, f"{prefix}{name}.")
        else:
            found[f"{prefix}{name}"] = value
    return found
