"""The metrics on matrices written by hand, and that whatever is wrong with a matrix never becomes a number."""

import doctest
import importlib
import math

import numpy as np
import pytest

from judge.metrics.answer_relevancy import answer_relevancy, refusal
from judge.metrics.context_precision import context_precision
from judge.metrics.context_recall import context_recall
from judge.metrics.faithfulness import faithfulness, verdicts
from judge.scoring import MAX_CLAIMS, judge_turn, matrix_of, unscored, why
from judge.types import METRICS, Claim
from judge.verdicts import Matrix
from rag.errors import ModelError

QUESTION = "What did she do?"
REPLY = "She led a team of six [1]. She studied at KAIST [2]. She won a Nobel prize."
# In the order of their text, which is how a judge reads them: so the columns below stand as they are written.
CONTEXTS = ["Led a team of six engineers.", "M.Sc. Computer Science, KAIST.", "Spends weekends climbing."]
DECLINED = "The resume does not say."

# Rows are the three claims, columns the three passages and all of them together.
SUPPORTED = [[0.97, 0.02, 0.01, 0.95], [0.03, 0.91, 0.02, 0.9], [0.01, 0.02, 0.03, 0.04]]
CONTRADICTED = [[0.01, 0.1, 0.0, 0.02], [0.2, 0.01, 0.0, 0.1], [0.1, 0.2, 0.0, 0.3]]


class HandJudge:
    """Answers every call with the matrix it was given (and keeps what it was asked)."""

    id = "hand"
    supported_threshold = contradicted_threshold = relevant_threshold = 0.5

    def __init__(
        self, supported=SUPPORTED, contradicted=CONTRADICTED, relevant=(0.9, 0.8, 0.1), answers=0.94, reasons=None
    ):
        self.supported, self.contradicted = np.array(supported, float), np.array(contradicted, float)
        self.relevant, self.answers = np.array(relevant, float), answers
        self.reasons = reasons or [[""] * row.shape[-1] for row in np.atleast_2d(self.supported)]
        self.calls = []

    def matrix(self, question, reply, claims, chunks):
        self.calls.append((question, reply, list(claims), list(chunks)))
        return Matrix(self.supported, self.contradicted, self.relevant, self.answers, self.reasons)


class BrokenJudge(HandJudge):
    def __init__(self, error):
        super().__init__()
        self.error = error

    def matrix(self, question, reply, claims, chunks):
        raise self.error


def nothing_numeric(judgement, metrics=METRICS):
    for metric in metrics:
        score = judgement.scores[metric]
        assert score.value is None and score.state == "unscored" and score.reason, score


def verdict_of(supported, contradicted, reasons=None):
    supported, contradicted = np.array([supported]), np.array([contradicted])
    matrix = Matrix(supported, contradicted, np.zeros(0), 0.5, [reasons or [""] * supported.shape[1]])
    return verdicts([Claim("x", 0, 1)], matrix, 0.5, 0.5)[0]


# ------------------------------------------------------------ faithfulness


def test_a_claim_is_supported_by_the_passage_that_supports_it_most():
    verdict = verdict_of([0.6, 0.9, 0.1, 0.95], [0.0, 0.05, 0.9, 0.0])
    assert (verdict.label, verdict.evidence, verdict.p_supported, verdict.p_contradicted) == ("supported", 1, 0.9, 0.05)


def test_support_by_one_passage_outweighs_contradiction_by_another():
    assert verdict_of([0.7, 0.1, 0.6], [0.0, 0.99, 0.2]).label == "supported"


def test_all_passages_together_can_support_what_none_does_alone():
    verdict = verdict_of([0.3, 0.4, 0.8], [0.0, 0.0, 0.0])
    assert (verdict.label, verdict.p_supported, verdict.evidence) == ("supported", 0.8, 1)


def test_a_claim_that_a_passage_denies_is_contradicted_with_that_passage():
    verdict = verdict_of([0.1, 0.2, 0.2], [0.1, 0.93, 0.5], ["", "the sources say it with the opposite polarity", ""])
    assert (verdict.label, verdict.evidence, verdict.p_contradicted) == ("contradicted", 1, 0.93)
    assert verdict.reason == "the sources say it with the opposite polarity"


def test_a_claim_that_stands_nowhere_has_no_evidence_but_a_reason():
    verdict = verdict_of([0.1, 0.3, 0.2], [0.0, 0.1, 0.2], ["", "99.5 stands nowhere in the sources", ""])
    assert (verdict.label, verdict.evidence) == ("not_found", None)
    assert verdict.reason == "99.5 stands nowhere in the sources"


def test_thresholds_include_their_own_value():
    assert verdict_of([0.5, 0.0], [0.0, 0.0]).label == "supported"
    assert verdict_of([0.49, 0.0], [0.5, 0.0]).label == "contradicted"


def test_faithfulness_counts_every_claim():
    found = [verdict_of([0.9, 0.9], [0.0, 0.0]), verdict_of([0.1, 0.1], [0.9, 0.0]), verdict_of([0.1, 0.1], [0.0, 0.0])]
    score = faithfulness(found)
    assert score.value == pytest.approx(1 / 3)
    assert score.reason == "1 of 3 claims supported, 1 contradicted"
    assert faithfulness(found[:1]).reason == "1 of 1 claim supported"


# ---------------------------------------------------- between two thresholds


def unsure_verdict(supported, contradicted=None, reasons=None):
    supported = np.array([supported])
    contradicted = np.array([contradicted or [0.0] * supported.shape[1]])
    matrix = Matrix(supported, contradicted, np.zeros(0), 0.5, [reasons or [""] * supported.shape[1]])
    return verdicts([Claim("x", 0, 1)], matrix, 0.6, 0.5, 0.3)[0]


def test_between_the_thresholds_the_judge_is_not_sure_and_names_the_nearest_passage():
    verdict = unsure_verdict([0.1, 0.45, 0.4], [0.0, 0.1, 0.0], ["", "its parts stand in different entries", ""])
    assert (verdict.label, verdict.evidence, verdict.p_supported) == ("not_sure", 1, 0.45)
    assert verdict.reason == "its parts stand in different entries"


@pytest.mark.parametrize(
    ("p", "label"), [(0.6, "supported"), (0.59, "not_sure"), (0.3, "not_sure"), (0.29, "not_found")]
)
def test_both_thresholds_include_their_own_value(p, label):
    assert unsure_verdict([p, p]).label == label


def test_below_both_thresholds_a_denied_claim_is_contradicted_but_not_between_them():
    assert unsure_verdict([0.2, 0.2], [0.7, 0.1]).label == "contradicted"
    assert unsure_verdict([0.4, 0.4], [0.55, 0.1]).label == "not_sure"


def test_one_threshold_leaves_no_doubt():
    assert verdict_of([0.49, 0.49], [0.0, 0.0]).label == "not_found"


def test_claims_the_judge_is_not_sure_about_count_on_neither_side():
    sure = [unsure_verdict([p, p]) for p in (0.9, 0.8, 0.1)]
    doubtful = unsure_verdict([0.5, 0.5])
    score = faithfulness([*sure, doubtful])
    assert score.value == pytest.approx(2 / 3) and score.reason == "2 of 3 claims supported; 1 not sure"
    recall = context_recall([*sure, doubtful])
    assert recall.value == pytest.approx(2 / 3) and recall.reason == "2 of 3 reference claims in the passages; 1 not sure"
    denied = unsure_verdict([0.1, 0.1], [0.9, 0.0])
    assert faithfulness([sure[0], denied, doubtful]).reason == "1 of 2 claims supported, 1 contradicted; 1 not sure"


@pytest.mark.parametrize("metric", [faithfulness, context_recall])
def test_where_every_claim_is_doubtful_there_is_no_number(metric):
    doubtful = unsure_verdict([0.5, 0.5])
    one, three = metric([doubtful]), metric([doubtful] * 3)
    assert (one.value, one.state, one.reason) == (None, "unscored", "the judge is not sure about the claim")
    assert (three.value, three.reason) == (None, "the judge is not sure about all 3 claims")


def test_a_judge_with_two_thresholds_gives_the_verdict_through_the_whole_turn():
    judge = HandJudge()
    judge.supported_threshold, judge.not_found_threshold = 0.95, 0.5
    judgement = judge_turn(judge, QUESTION, REPLY, CONTEXTS)
    assert [verdict.label for verdict in judgement.verdicts] == ["supported", "not_sure", "not_found"]
    assert judgement.scores["faithfulness"].value == 0.5


def test_a_lower_threshold_that_is_none_is_no_number_either():
    judge = HandJudge()
    judge.not_found_threshold = math.nan
    nothing_numeric(judge_turn(judge, QUESTION, REPLY, CONTEXTS), ("faithfulness",))
    judge.not_found_threshold = 0.7  # above the other: which of the two would hold?
    nothing_numeric(judge_turn(judge, QUESTION, REPLY, CONTEXTS), ("faithfulness",))


def test_nothing_claimed_is_not_perfectly_faithful():
    score = faithfulness([])
    assert (score.value, score.state, score.reason) == (None, "unscored", "nothing was claimed")


# ------------------------------------------------------- context precision


@pytest.mark.parametrize(
    ("p_relevant", "value"),
    [
        ([0.9, 0.8, 0.1], 1.0),
        ([0.1, 0.9], 0.5),
        ([0.9, 0.1, 0.8], (1 + 2 / 3) / 2),
        ([0.1, 0.2, 0.3, 0.9], 0.25),
        ([0.5], 1.0),
    ],
)
def test_context_precision_is_average_precision(p_relevant, value):
    assert context_precision(np.array(p_relevant), 0.5).value == pytest.approx(value)


def test_nothing_relevant_is_zero_and_no_passages_is_unscored():
    score = context_precision(np.array([0.1, 0.2]), 0.5)
    assert (score.value, score.state, score.reason) == (0.0, "scored", "no passage is relevant")
    score = context_precision(np.array([]), 0.5)
    assert (score.value, score.state, score.reason) == (None, "unscored", "no passages")


# -------------------------------------------------------- answer relevancy


def test_answer_relevancy_is_the_probability_itself():
    assert answer_relevancy(0.42).value == 0.42


def test_a_refusal_is_right_where_nothing_answers_and_wrong_where_a_passage_does():
    right, wrong = refusal(np.array([0.1, 0.4]), 0.5), refusal(np.array([0.1, 0.9, 0.7]), 0.5)
    assert (right.value, right.state, right.reason) == (1.0, "declined", "nothing in the passages answers it")
    assert (wrong.value, wrong.state, wrong.reason) == (0.0, "declined", "missed: [2] [3] have it")
    assert refusal(np.array([0.9]), 0.5).reason == "missed: [1] has it"
    assert refusal(np.array([]), 0.5).value == 1.0


def test_small_talk_without_passages_has_no_scores_and_says_so():
    made = judge_turn(BrokenJudge(RuntimeError()), "Hello there!", "Hello. Ask me about the resume.", [])
    assert {(s.value, s.state, s.reason) for s in made.scores.values()} == {(None, "unscored", "small talk")}
    with_passages = judge_turn(HandJudge(), "Hello there!", "Hello.", ["A line."])
    assert "small talk" not in {s.reason for s in with_passages.scores.values()}


def test_context_recall_is_the_share_of_the_reference_in_the_passages():
    found = [verdict_of([0.9, 0.9], [0.0, 0.0]), verdict_of([0.1, 0.1], [0.9, 0.0])]
    assert context_recall(found).value == 0.5
    assert context_recall([]).state == "unscored"


@pytest.mark.parametrize("name", ["faithfulness", "answer_relevancy", "context_precision", "context_recall"])
def test_the_examples_in_the_documentation_are_true(name):
    result = doctest.testmod(importlib.import_module(f"judge.metrics.{name}"))
    assert result.attempted and not result.failed


# ----------------------------------------------------------------- one turn


def test_three_scores_come_from_one_call():
    judge = HandJudge()
    judgement = judge_turn(judge, QUESTION, REPLY, CONTEXTS)
    assert {metric: judgement.scores[metric].value for metric in METRICS} == {
        "faithfulness": pytest.approx(2 / 3),
        "answer_relevancy": 0.94,
        "context_precision": 1.0,
    }
    assert [(v.label, v.evidence) for v in judgement.verdicts] == [
        ("supported", 0),
        ("supported", 1),
        ("not_found", None),
    ]
    assert judgement.relevance == (0.9, 0.8, 0.1)
    assert judgement.judge == "hand" and judgement.seconds >= 0
    ((question, reply, claims, chunks),) = judge.calls
    assert question == QUESTION and "[1]" not in reply and chunks == CONTEXTS
    assert claims == ["She led a team of six.", "She studied at KAIST.", "She won a Nobel prize."]
    for verdict in judgement.verdicts:
        assert verdict.claim.text[:-1] in REPLY[verdict.claim.start : verdict.claim.end]


def test_a_reference_adds_context_recall_in_the_same_call():
    judge = HandJudge()
    judgement = judge_turn(
        judge, QUESTION, "She led a team of six.", CONTEXTS, "She studied at KAIST. She won a Nobel prize."
    )
    assert judgement.scores["faithfulness"].value == 1.0
    assert judgement.scores["context_recall"].value == 0.5
    assert len(judge.calls) == 1 and len(judgement.verdicts) == 1


def test_a_refusal_is_declined_not_unfaithful():
    empty = np.zeros((0, 4))
    judgement = judge_turn(HandJudge(empty, empty, (0.1, 0.9, 0.1), 0.02), QUESTION, DECLINED, CONTEXTS)
    assert judgement.scores["faithfulness"].state == "declined" and judgement.scores["faithfulness"].value is None
    relevancy = judgement.scores["answer_relevancy"]
    assert (relevancy.state, relevancy.value, relevancy.reason) == ("declined", 0.0, "missed: [2] has it")
    assert next(s for s in judgement.scores.values() if s.state == "declined").value == 0.0  # the grade comes first


def test_a_judge_may_want_more_of_a_passage_before_it_calls_a_refusal_wrong():
    judge, empty = HandJudge(*[np.zeros((0, 4))] * 2, (0.1, 0.6, 0.1), 0.02), np.zeros((0, 4))
    judge.missed_threshold = 0.7
    scores = judge_turn(judge, QUESTION, DECLINED, CONTEXTS).scores
    assert (scores["answer_relevancy"].value, scores["answer_relevancy"].reason) == (1.0, "nothing in the passages answers it")
    assert scores["context_precision"].value == 0.5  # the passage is relevant all the same

    sure = HandJudge(empty, empty, (0.1, 0.8, 0.1), 0.02)
    sure.missed_threshold = 0.7
    assert judge_turn(sure, QUESTION, DECLINED, CONTEXTS).scores["answer_relevancy"].reason == "missed: [2] has it"

    sure.missed_threshold = math.nan
    assert judge_turn(sure, QUESTION, DECLINED, CONTEXTS).scores["answer_relevancy"].state == "unscored"


def test_a_refusal_that_goes_on_to_claim_things_is_checked_for_them():
    reply = "The resume does not say. She won a Nobel prize."
    judgement = judge_turn(HandJudge([SUPPORTED[2]], [CONTRADICTED[2]], (0.1, 0.1, 0.1)), QUESTION, reply, CONTEXTS)
    assert judgement.scores["faithfulness"].value == 0.0
    assert judgement.scores["answer_relevancy"].state == "declined"


def test_without_passages_only_relevancy_can_be_scored():
    judgement = judge_turn(HandJudge(np.zeros((0, 1)), np.zeros((0, 1)), ()), QUESTION, REPLY, [])
    nothing_numeric(judgement, ("faithfulness", "context_precision"))
    assert judgement.scores["answer_relevancy"].value == 0.94


@pytest.mark.parametrize("reply", ["", " \n\t", "\x00\x1b[31m\u202e", "![](http://x/y.png)"])
def test_an_empty_reply_is_unscored_but_its_passages_are_judged(reply):
    judgement = judge_turn(HandJudge(np.zeros((0, 4)), np.zeros((0, 4))), QUESTION, reply, CONTEXTS)
    nothing_numeric(judgement, ("faithfulness", "answer_relevancy"))
    assert judgement.scores["context_precision"].value == 1.0


def test_no_question_leaves_faithfulness_alone():
    judgement = judge_turn(HandJudge(), "  ", REPLY, CONTEXTS)
    nothing_numeric(judgement, ("answer_relevancy", "context_precision"))
    assert judgement.scores["faithfulness"].value == pytest.approx(2 / 3)


def test_nothing_at_all_asks_no_judge():
    judge = HandJudge()
    nothing_numeric(judge_turn(judge, "", "", []))
    assert judge.calls == []


def test_more_claims_than_can_be_read_are_not_scored_in_part():
    reply = " ".join(f"She led project {number} at Acme." for number in range(MAX_CLAIMS + 1))
    judge = HandJudge(np.zeros((0, 4)), np.zeros((0, 4)))
    judgement = judge_turn(judge, QUESTION, reply, CONTEXTS)
    nothing_numeric(judgement, ("faithfulness",))
    assert judgement.scores["faithfulness"].reason == "the reply makes 201 claims, more than 200"
    assert judge.calls[0][2] == [] and judgement.scores["context_precision"].value == 1.0


class OrderJudge(HandJudge):
    """Numbers that tell which passage they are of, and all passages together depend on their order."""

    def matrix(self, question, reply, claims, chunks):
        self.calls.append(list(chunks))
        cells = np.array([int(chunk[-1]) / 10 for chunk in chunks])
        row = np.append(cells, cells[0])  # an order effect: the first one read counts for all
        return Matrix(
            np.tile(row, (len(claims), 1)), np.zeros((len(claims), len(row))), cells, 0.5,
            [[*chunks, chunks[0]] for _ in claims],
        )  # fmt: skip


def test_the_order_of_the_passages_changes_no_verdict_and_every_column_is_put_back():
    judge = OrderJudge()
    made = {}
    for order in ([1, 2, 3], [3, 1, 2], [2, 3, 1]):
        contexts = [f"passage {i}" for i in order]
        matrix = matrix_of(judge, QUESTION, REPLY, ["x", "y"], contexts)
        assert matrix.p_relevant.tolist() == [i / 10 for i in order]
        assert matrix.p_supported[:, :-1].tolist() == [[i / 10 for i in order]] * 2
        assert list(matrix.reasons[0][:-1]) == contexts
        made[tuple(order)] = (matrix.p_supported[0, -1], matrix.reasons[0][-1])
    assert set(made.values()) == {(0.1, "passage 1")}
    assert all(call == ["passage 1", "passage 2", "passage 3"] for call in judge.calls)


def test_the_same_passage_twice_keeps_both_columns():
    matrix = matrix_of(OrderJudge(), QUESTION, REPLY, ["x"], ["b 2", "a 1", "b 2"])
    assert matrix.p_relevant.tolist() == [0.2, 0.1, 0.2]


# ----------------------------------------------------------- broken judges


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (RuntimeError("out of memory\nat 0x1"), "the judge failed (RuntimeError: out of memory)"),
        (
            ModelError("The weights are gone; fetch them.", "가중치가 없습니다."),
            "the judge failed (ModelError: The weights are gone; fetch them.)",
        ),
        (MemoryError(), "the judge failed (MemoryError)"),
        (UnicodeEncodeError("utf-8", "\ud800", 0, 1, "no"), None),
        (KeyError("logits"), "the judge failed (KeyError: 'logits')"),
    ],
)
def test_a_judge_that_raises_leaves_every_score_unscored_with_the_reason(error, reason):
    judgement = judge_turn(BrokenJudge(error), QUESTION, REPLY, CONTEXTS)
    nothing_numeric(judgement)
    if reason:
        assert {score.reason for score in judgement.scores.values()} == {reason}
    assert judgement.verdicts == () and judgement.relevance == ()


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, 1.5, -0.2])
@pytest.mark.parametrize(
    ("part", "affected"),
    [
        ("supported", ["faithfulness"]),
        ("contradicted", ["faithfulness"]),
        ("relevant", ["context_precision"]),
        ("answers", ["answer_relevancy"]),
    ],
)
def test_one_bad_value_unscores_what_is_read_from_it_and_nothing_else(part, affected, bad):
    judge = HandJudge()
    if part == "answers":
        judge.answers = bad
    else:
        getattr(judge, part).flat[-1] = bad
    judgement = judge_turn(judge, QUESTION, REPLY, CONTEXTS)
    nothing_numeric(judgement, affected)
    for metric in set(METRICS) - set(affected):
        assert judgement.scores[metric].state == "scored"


def test_a_refusal_cannot_be_graded_by_broken_relevance():
    empty = np.zeros((0, 4))
    judgement = judge_turn(HandJudge(empty, empty, (0.1, math.nan, 0.1)), QUESTION, DECLINED, CONTEXTS)
    nothing_numeric(judgement, ("answer_relevancy", "context_precision"))


@pytest.mark.parametrize(
    "change",
    [
        {"supported": SUPPORTED[:2]},  # a claim dropped
        {"supported": [row[:3] for row in SUPPORTED]},  # a passage dropped
        {"contradicted": np.zeros((3, 5))},
        {"reasons": [["", "", "", ""]]},
    ],
)
def test_a_matrix_of_another_shape_is_not_read(change):
    nothing_numeric(judge_turn(HandJudge(**change), QUESTION, REPLY, CONTEXTS), ("faithfulness",))


@pytest.mark.parametrize(
    "returned", [None, "yes", {}, Matrix(None, None, None, None, None), Matrix("a", "b", "c", "d", "e")]
)
def test_something_that_is_no_matrix_is_not_read(returned):
    judge = HandJudge()
    judge.matrix = lambda *_: returned
    nothing_numeric(judge_turn(judge, QUESTION, REPLY, CONTEXTS))


def test_a_threshold_that_compares_with_nothing_does_not_make_zeros():
    judge = HandJudge()
    judge.supported_threshold = judge.relevant_threshold = math.nan
    nothing_numeric(judge_turn(judge, QUESTION, REPLY, CONTEXTS), ("faithfulness", "context_precision"))


def test_rounding_beyond_one_is_no_fault():
    judge = HandJudge(answers=1.0004)
    assert judge_turn(judge, QUESTION, REPLY, CONTEXTS).scores["answer_relevancy"].value == 1.0


def test_lone_surrogates_and_nul_reach_no_tokenizer():
    judge = HandJudge(np.zeros((0, 2)), np.zeros((0, 2)), (0.9,))
    judge_turn(judge, "a\ud800?", "\x00\ud800?", ["b\x00\udfff"])
    question, reply, _, chunks = judge.calls[0]
    "".join([question, reply, *chunks]).encode("utf-8")
    assert "\x00" not in "".join([question, reply, *chunks])


def test_reasons_are_short_and_of_one_line():
    assert len(why(RuntimeError("x" * 5000))) < 200
    assert why(ValueError("")) == "ValueError"
    assert "\n" not in why(ValueError("a\nb"))
    nothing_numeric(unscored("the judge is behind"))
