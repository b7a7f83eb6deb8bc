"""What the judge makes of a claim's cells: weights, rules, guard, and the thresholds chosen for them."""

from dataclasses import replace

import numpy as np
import pytest

from judge import features
from judge.combiner import AGAIN, Combiner, Logistic, Supported, sigmoid
from judge.encoder import BEHIND, DENIED, DOUBTED, QUOTED, READER_NAMES, EncoderJudge, Note, likeliest
from judge.training.fit_combiner import FALSE_ALARMS, verdicts

NAMES = features.NAMES + READER_NAMES
READ = NAMES.index("read_supported")
TOGETHER, ALONE, INTERCEPT = 0.8, 0.4, -0.1


def weighing(names: tuple[str, ...], **weights: float) -> Logistic:
    return Logistic(names, np.zeros(len(names)), np.ones(len(names)), np.array([weights.get(name, 0.0) for name in names]), 0.0)


@pytest.fixture
def judge() -> EncoderJudge:
    """A judge for which a cell's log-odds are its `read_supported`; without models."""
    made = object.__new__(EncoderJudge)
    made.reader = object()
    grid = tuple((float(z), float(sigmoid(z))) for z in np.linspace(-8, 8, 3201))
    half = weighing(NAMES)
    made.combiner = Combiner(
        supported=Supported(weighing(NAMES, read_supported=1.0), grid), contradicted=half, relevant=half, answers=half,
        without_reader=weighing(features.NAMES, cosine=1.0), thresholds={}, verdict=(TOGETHER, ALONE, INTERCEPT),
    )  # fmt: skip
    made.supported_threshold, made.not_found_threshold = 0.4, 0.2
    return made


def cells(*odds: float) -> np.ndarray:
    """(1, N + 1, F): one claim, the last of the odds by all passages together."""
    table = np.zeros((1, len(odds), len(NAMES)))
    table[0, :, READ] = odds
    return table


def everywhere(table: np.ndarray, value: float = 1.0) -> np.ndarray:
    return np.full(table.shape[:2], value)


def test_a_verdict_weighs_all_together_with_the_likeliest_alone(judge):
    table = cells(2.0, -1.0, 1.0)
    supported, contradicted = judge.weigh(table, everywhere(table), everywhere(table, 0) > 0)
    verdict = TOGETHER * 1.0 + ALONE * 2.0 + INTERCEPT
    assert supported[0] == pytest.approx([sigmoid(verdict), sigmoid(verdict - 3.0), sigmoid(verdict)], abs=1e-4)  # the second is 3 behind
    assert contradicted[0] == pytest.approx((1 - supported[0]) * 0.5, abs=1e-4)


def test_a_passage_that_was_not_read_stands_behind(judge):
    table, read = cells(0.5, 0.0, 0.5), np.array([[1.0, 0.0, 1.0]])
    table[0, 1, NAMES.index("cosine")] = 6.0
    supported, contradicted = judge.weigh(table, read, read < 0)
    assert supported[0, 1] == pytest.approx(BEHIND * supported[0, 2]) and contradicted[0, 1] == 0
    assert likeliest(np.array([[0.5, 6.0, 0.1]]), read > 0) == [0.5] and likeliest(np.array([[0.5, 6.0, 0.1]]), read < 0) == [0.1]


def test_what_was_read_once_more_has_weights_of_its_own(judge):
    table = np.repeat(cells(2.0, 1.0), 2, axis=0)
    again = np.array([[3.0, -2.0, -1.0, 0.5], [np.nan] * 4])
    judge.combiner = replace(judge.combiner, read_again=(0.3, 0.1, 0.7, -0.2, 0.1, -0.4, -0.6))
    supported, _ = judge.weigh(table, everywhere(table), everywhere(table, 0) > 0, again=again)
    assert supported[0, -1] == pytest.approx(sigmoid(0.3 * 1.0 + 0.1 * 2.0 + 0.7 * 3.0 + 0.2 * 2.0 - 0.1 - 0.2 - 0.6), abs=1e-4)
    assert supported[1, -1] == pytest.approx(sigmoid(TOGETHER * 1.0 + ALONE * 2.0 + INTERCEPT), abs=1e-4)


def test_what_stands_nowhere_is_at_best_not_found(judge):
    table = cells(5.0, 5.0, 5.0)
    supported, _ = judge.weigh(table, everywhere(table), np.array([[DENIED, 0, 0]]))
    assert supported[0, 0] < judge.not_found_threshold < judge.supported_threshold < supported[0, 1] == supported[0, 2]


def test_a_number_that_stands_nowhere_leaves_a_likely_claim_unsure(judge):
    likely, unlikely = cells(5.0, 5.0), cells(-0.5, -0.5)
    weigh = lambda table, missing: judge.weigh(table, everywhere(table), np.full((1, 2), missing))[0][0, -1]
    assert judge.not_found_threshold < weigh(likely, DOUBTED) < judge.supported_threshold
    assert weigh(likely, DENIED) < judge.not_found_threshold > weigh(unlikely, DOUBTED)  # not so a date, nor what else speaks against


def test_what_the_guard_misses_is_doubted_or_denied():
    note = lambda *kinds: Note(missing=tuple((kind, "x", "") for kind in kinds)).barred
    assert note() == note("count") == 0
    assert note("number") == note("name", "count") == DOUBTED
    assert note("date", "number") == note("contact") == DENIED


@pytest.mark.parametrize("rule", ["other_employer", "roles"])
def test_a_rule_that_fires_leaves_the_judge_unsure(judge, rule):
    table = cells(5.0, 5.0)
    table[0, :, NAMES.index(rule)] = 1.0
    supported, _ = judge.weigh(table, everywhere(table), everywhere(table, 0) > 0)
    assert np.all((supported >= judge.not_found_threshold) & (supported < judge.supported_threshold))


def test_a_line_of_a_passage_is_supported_by_it(judge):
    table = cells(-5.0, -5.0, -5.0)
    supported, contradicted = judge.weigh(table, everywhere(table, 0), everywhere(table, 0) > 0, np.array([[False, True, True]]))
    assert list(supported[0, 1:]) == [QUOTED, QUOTED] and supported[0, 0] < 0.5 and contradicted.max() < 1 - QUOTED + 1e-9


def test_thresholds_and_calibration_are_those_of_rows_no_weight_was_fitted_on(judge):
    rng, count = np.random.default_rng(0), 1500
    true = rng.random(count) < 0.4
    every = np.zeros((count, 5, len(NAMES) + 2 + len(AGAIN)))
    read, barred, again = len(NAMES), len(NAMES) + 1, slice(len(NAMES) + 2, None)
    # Each of the cells knows something of it, and is twice as sure as it should be.
    every[:, :, READ] = 2 * (np.where(true, 0.8, -0.8)[:, None] + rng.normal(0, 1, (count, 5)))
    every[:, :2, read] = every[:, -1, read] = 1.0  # two passages are read, and all together
    every[:60, :, barred] = 1.0  # of these the guard misses a fact
    # Two in three are read once more, by a reader that knows something of its own.
    every[:, :, again] = rng.normal(0, 1, (count, 1, len(AGAIN)))
    every[:, :, again.start] = (np.where(true, 1.0, -1.0) + rng.normal(0, 1, count))[:, None]
    every[::3, :, again] = np.nan
    every[::2, :, NAMES.index("korean")] = 1.0
    fold = rng.integers(0, 2, count)
    wrong = weighing(NAMES)  # the combiner of all rows is not asked
    whole = Combiner(Supported(wrong, ((-8.0, 0.0), (8.0, 1.0))), wrong, wrong, wrong, weighing(features.NAMES), {"relevant": 0.3}, (1.0, 0.0, 0.0))

    fitted = verdicts(judge, whole, {0: judge.combiner, 1: judge.combiner}, fold, every, true)

    judge.combiner, judge.not_found_threshold, judge.supported_threshold = (
        Combiner(judge.combiner.supported, wrong, wrong, wrong, judge.combiner.without_reader, {}, fitted.verdict, fitted.read_again), fitted.thresholds["not_found"], fitted.thresholds["supported"],
    )  # fmt: skip
    p = judge.weigh(every[..., :read], every[..., read], every[..., barred] > 0, again=every[:, 0, again])[0][:, -1]
    assert fitted.supported is whole.supported and fitted.thresholds["relevant"] == 0.3
    assert (p[true] < judge.supported_threshold).mean() == pytest.approx(FALSE_ALARMS, abs=0.02)
    assert min(fitted.verdict[:2]) > 0 > fitted.verdict[2]  # the likeliest of several is sure too easily
    assert fitted.read_again[2] > 1 and max(map(abs, fitted.read_again[3:6])) < 0.5  # what it says of its own counts, noise does not
    for low, high in ((0.0, 0.3), (0.3, 0.6), (0.6, 1.0)):
        some = (p[60:] >= low) & (p[60:] < high)
        assert p[60:][some].mean() == pytest.approx(true[60:][some].mean(), abs=0.06)


def test_a_passage_and_a_reply_in_the_other_language_are_weighed_apart(judge):
    one = lambda bias: Logistic(("answers_line",), np.zeros(1), np.ones(1), np.ones(1), bias)
    judge.combiner = replace(judge.combiner, relevant=one(-2.0), answers=one(-2.0), crossed={"relevant": one(2.0), "answers": one(1.0)})
    judge.relevance_features = lambda question, chunks: np.zeros((len(chunks), 1))
    judge.answer_features = lambda question, reply, read=None: np.zeros(1)
    chunks = ["Led a team of nine engineers", "아홉 명으로 된 팀을 이끎"]
    assert judge._p_relevant("How large is her team?", chunks) == pytest.approx(sigmoid(np.array([-2.0, 2.0])))
    assert judge._p_relevant("팀은 몇 명인가요?", chunks) == pytest.approx(sigmoid(np.array([2.0, -2.0])))
    assert [judge._p_answers("팀은 몇 명인가요?", reply) for reply in chunks] == pytest.approx(sigmoid(np.array([1.0, -2.0])))
    judge.combiner = replace(judge.combiner, crossed={})
    assert judge._p_relevant("팀은 몇 명인가요?", chunks) == pytest.approx([sigmoid(-2.0)] * 2)
