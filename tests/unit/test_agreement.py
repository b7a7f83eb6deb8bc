"""People against the judge: the table, kappa with its interval, and what a threshold would have caught."""

import math

import pytest
from sklearn.metrics import cohen_kappa_score

from judge.regression.agreement import agreement, pairs, sweep, would_flag
from judge.regression.types import Flag
from judge.scoring import unscored
from judge.types import Claim, Judgement, Score, Verdict
from rag.types import Turn

THRESHOLDS = {"faithfulness": 0.5, "answer_relevancy": 0.5, "context_precision": 0.5}


def judged(faithfulness=None, answer_relevancy=None, context_precision=None, verdicts=(), declined=False) -> Judgement:
    values = {
        "faithfulness": faithfulness,
        "answer_relevancy": answer_relevancy,
        "context_precision": context_precision,
    }
    scores = {
        metric: Score(metric, value, "unscored" if value is None else "scored") for metric, value in values.items()
    }
    if declined:
        scores["answer_relevancy"] = Score("answer_relevancy", answer_relevancy, "declined")
    return Judgement(scores, verdicts, (), "j", 0.1)


def thumb(up: bool, judgement: Judgement | None, origin="user") -> Flag:
    return Flag(
        "f", Turn("c", "q?"), "up" if up else "down", origin, "", "", "", judgement, "2026-01-01T00:00:00+00:00"
    )


def flags(good_good=0, good_bad=0, bad_good=0, bad_bad=0) -> list[Flag]:
    """By what the person said, then the judge."""
    good, bad = judged(0.9), judged(0.1)
    return (
        [thumb(True, good)] * good_good
        + [thumb(True, bad)] * good_bad
        + [thumb(False, good)] * bad_good
        + [thumb(False, bad)] * bad_bad
    )


def test_the_table_and_kappa_of_a_textbook_example():
    found = agreement(flags(good_good=20, good_bad=5, bad_good=10, bad_bad=15), THRESHOLDS)
    assert found.n == 50 and found.confusion == ((20, 5), (10, 15)) and found.unjudged == 0
    assert found.agreement.value == pytest.approx(0.7)
    assert found.kappa.value == pytest.approx(0.4)  # (0.7 - 0.5) / (1 - 0.5)
    people, judge = [0] * 25 + [1] * 25, [0] * 20 + [1] * 5 + [0] * 10 + [1] * 15
    assert found.kappa.value == pytest.approx(cohen_kappa_score(people, judge))
    low, high = found.kappa.interval
    assert 0.10 < low < 0.22 and 0.58 < high < 0.68  # the asymptotic 95 % interval is 0.15 to 0.65
    low, high = found.agreement.interval
    assert 0.54 < low < 0.62 and 0.78 < high < 0.86


def test_the_same_flags_give_the_same_interval():
    some = flags(8, 3, 2, 7)
    assert agreement(some, THRESHOLDS) == agreement(some, THRESHOLDS)


def test_more_replies_narrow_the_interval():
    def width(times):
        low, high = agreement(flags(8 * times, 3 * times, 2 * times, 7 * times), THRESHOLDS).kappa.interval
        return high - low

    assert width(10) < 0.5 * width(1)


def test_perfect_agreement_and_its_opposite():
    assert agreement(flags(good_good=6, bad_bad=6), THRESHOLDS).kappa.value == 1.0
    assert agreement(flags(good_bad=6, bad_good=6), THRESHOLDS).kappa.value == -1.0


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (flags(), "no reply has both"),
        ([thumb(False, None), thumb(True, unscored("the judge is behind", "j"))], "no reply has both"),
        (flags(good_good=9), "called every reply good"),
        (flags(bad_bad=9), "called every reply bad"),
    ],
)
def test_an_undefined_kappa_is_a_reason_and_no_number(given, reason):
    found = agreement(given, THRESHOLDS).kappa
    assert found.value is None and found.interval is None and reason in found.reason


def test_a_rater_who_always_says_the_same_makes_kappa_zero_and_that_is_said():
    found = agreement(flags(good_good=9, good_bad=1), THRESHOLDS)
    assert found.agreement.value == pytest.approx(0.9)
    assert found.kappa.value == 0.0 and found.kappa.interval is None and "people said the same" in found.kappa.reason


def test_a_handful_of_replies_has_no_interval():
    found = agreement(flags(good_good=2, bad_bad=2), THRESHOLDS)
    assert found.kappa.value == 1.0 and found.kappa.interval is None and "too few" in found.kappa.reason
    assert found.agreement.interval is None
    rare = agreement(flags(good_good=9, bad_bad=1), THRESHOLDS)  # every third resample has no bad reply at all
    assert rare.kappa.interval is None and "one kind" in rare.kappa.reason and rare.agreement.interval is not None


def test_no_figure_is_ever_nan():
    for given in (flags(), flags(1), flags(0, 1), flags(1, 0, 0, 1), flags(5), flags(3, 3, 3, 3)):
        found = agreement(given, THRESHOLDS)
        for figure in (found.agreement, found.kappa):
            for number in (figure.value, *(figure.interval or ())):
                assert number is None or math.isfinite(number)
            assert figure.value is not None or figure.reason


def test_rules_own_flags_and_replies_without_a_score_do_not_count():
    given = [thumb(False, judged(0.1)), thumb(False, judged(0.1), origin="auto"), thumb(True, None)]
    found, unjudged = pairs(given)
    assert len(found) == 1 and unjudged == 1
    assert agreement(given, THRESHOLDS).n == 1 and agreement(given, THRESHOLDS).unjudged == 1


def test_the_judge_calls_bad_whatever_any_rule_calls_bad():
    contradicted = judged(0.9, verdicts=(Verdict(Claim("x", 0, 1), "contradicted", 0.0, 1.0, 0),))
    refusal = judged(answer_relevancy=0.0, declined=True)
    fine = judged(answer_relevancy=1.0, context_precision=0.0, declined=True)
    given = [thumb(False, contradicted), thumb(False, refusal), thumb(True, fine), thumb(False, judged(0.9, 0.1))]
    assert agreement(given, THRESHOLDS).confusion == ((1, 0), (0, 3))
    assert agreement(given, {"faithfulness": 0.5}).confusion == ((1, 0), (1, 2))


def test_a_sweep_counts_what_each_threshold_would_have_caught_and_missed():
    given = [
        thumb(False, judged(0.2)),
        thumb(False, judged(0.6)),
        thumb(True, judged(0.5)),
        thumb(True, judged(1.0)),
        thumb(False, judged(None, 0.3)),  # nothing was claimed: this metric cannot tell
        thumb(False, None),
    ]
    rows = {row.threshold: row for row in sweep(given, "faithfulness", [0.0, 0.5, 0.55, 1.0])}
    assert [(r.caught, r.missed, r.false_alarms, r.spared, r.unscored) for r in rows.values()] == [
        (0, 2, 0, 2, 2),
        (1, 1, 0, 2, 2),  # a score at the threshold is not under it
        (1, 1, 1, 1, 2),
        (2, 0, 1, 1, 2),
    ]
    assert rows[0.5].recall == 0.5 and rows[0.5].precision == 1.0
    assert rows[0.0].precision is None and sweep([], "faithfulness", [0.5])[0].recall is None


def test_the_order_of_passages_under_a_refusal_says_nothing():
    given = [thumb(True, judged(answer_relevancy=1.0, context_precision=0.0, declined=True))]
    (row,) = sweep(given, "context_precision", [0.5])
    assert (row.false_alarms, row.unscored) == (0, 1)


def test_a_sweep_runs_over_the_whole_range_by_default():
    grid = [row.threshold for row in sweep(flags(1, 1, 1, 1), "faithfulness")]
    assert grid[0] == 0.0 and grid[-1] == 1.0 and len(grid) == 21
    with pytest.raises(ValueError, match="bleu"):
        sweep([], "bleu")


def test_all_rules_together():
    found = would_flag(flags(4, 1, 2, 3), THRESHOLDS)
    assert (found.caught, found.missed, found.false_alarms, found.spared) == (3, 2, 1, 4)
    assert found.recall == pytest.approx(0.6) and found.precision == pytest.approx(0.75) and found.threshold is None
