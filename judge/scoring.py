"""Scores one turn: claims, one matrix, three metrics. A judge that fails leaves scores unscored, never a number."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Sequence

import numpy as np

from judge.claims import plain, split_claims
from judge.metrics.answer_relevancy import answer_relevancy, refusal
from judge.metrics.context_precision import context_precision
from judge.metrics.context_recall import context_recall
from judge.metrics.faithfulness import faithfulness, verdicts
from judge.metrics.personal_data import personal_data
from judge.types import METRICS, Claim, Judgement, Score, Verdict
from judge.verdicts import Judge, Matrix, further_scores, missed_threshold, not_found_threshold
from rag.errors import UserError
from rag.prompt import is_declined
from rag.small_talk import small_talk

log = logging.getLogger(__name__)

# A score from part of a reply would be a wrong score, so longer replies are not scored in part but not at all.
# 200 claims x 5 cells keep a small encoder busy for seconds, and no chat reply comes near.
MAX_CLAIMS = 200
FAILED = "the judge failed"  # begins the reason of scores whose matrix a judge did not give
MAX_REASON = 160  # characters of an exception that are shown
# Probabilities pass through float16 and calibration; this much beyond [0, 1] is rounding, more is a fault.
TOLERANCE = 1e-3

_SURROGATE = re.compile("[\x00\ud800-\udfff]")  # no tokenizer and no database takes them


def judge_turn(
    judge: Judge, user_input: str, response: str, contexts: Sequence[str], reference: str | None = None
) -> Judgement:
    """Everything the judge has to say of one reply, from one matrix call.

    Never raises for a model: whatever it raises, and whatever it returns that is no probability, makes the scores it
    affects `unscored` with the reason.

    Args:
        user_input: the question (the standalone one for follow-ups).
        response: the reply as written.
        contexts: the passages in rank order.
        reference: an expected answer; adds `context_recall`.
    """
    started = time.perf_counter()
    question, response = clean(user_input).strip(), clean(response)
    contexts = [clean(context) for context in contexts]
    claims = split_claims(response, question)
    expected = split_claims(clean(reference), question) if reference else []
    said = plain(response).strip("\ufffd ")
    skipped = _skipped(question, said, claims, contexts)
    if reference is not None:
        skipped |= _recall_skipped(expected, contexts)

    checked = () if "faithfulness" in skipped else tuple(claims)
    wanted = () if "context_recall" in skipped else tuple(expected)
    metrics = METRICS if reference is None else (*METRICS, "context_recall")
    scores, found, relevance, failure = {"faithfulness": faithfulness(())}, (), (), ""
    if checked or wanted or any(metric not in skipped for metric in ("answer_relevancy", "context_precision")):
        try:
            matrix = matrix_of(judge, question, said, [claim.text for claim in (*checked, *wanted)], contexts)
            scores, found, relevance = _read(judge, matrix, checked, wanted, len(contexts), is_declined(response))
        except Exception as error:  # whatever a model does is a reason, not the end of the page
            log.exception("the judge failed")
            scores, failure = {}, f"{FAILED} ({why(error)})"
    # What could not be scored before the judge was asked keeps its own reason.
    every = {m: skipped.get(m) or scores.get(m) or Score(m, None, "unscored", failure) for m in metrics}
    if every["answer_relevancy"].state == "declined":
        # The graded refusal goes first: whoever looks for "did it decline" finds the grade before the rest.
        every = {"answer_relevancy": every.pop("answer_relevancy"), **every}
    every |= {name: _further(name, response) for name in further_scores(judge)}
    return Judgement(every, found, relevance, judge.id, time.perf_counter() - started)


def _further(name: str, response: str) -> Score:
    """A score of DIMENSIONS, from the reply as written."""
    if not response.strip():
        return Score(name, None, "unscored", "the reply is empty")
    try:
        return {"personal_data": personal_data}[name](response)
    except Exception as error:  # as for the judge: a reason, not the end of the page
        log.exception("%s could not be scored", name)
        return Score(name, None, "unscored", why(error))


def matrix_of(judge: Judge, question: str, reply: str, claims: Sequence[str], contexts: Sequence[str]) -> Matrix:
    """The judge's matrix for passages in rank order, which the judge itself never sees in that order.

    What a passage says does not depend on where retrieval ranked it, but what a judge makes of several passages read
    together does (`python -m judge audit` measures how much). So it always reads them in the order of their text, and
    the columns are put back: the same passages give the same verdicts, however they were ranked.
    """
    order = sorted(range(len(contexts)), key=lambda i: contexts[i])
    matrix = judge.matrix(question, reply, claims, [contexts[i] for i in order])
    if not isinstance(matrix, Matrix):
        return matrix  # whoever reads it says what is wrong
    back = [*np.argsort(order, kind="stable").tolist(), len(contexts)]  # the last column is all passages together
    return Matrix(
        _columns(matrix.p_supported, back),
        _columns(matrix.p_contradicted, back),
        _columns(matrix.p_relevant, back[:-1]),
        matrix.p_answers,
        _columns(matrix.reasons, back),
    )


def _columns(values: object, order: Sequence[int]) -> object:
    """`values` with its last axis in this order; as they are where they do not have so many columns."""
    if isinstance(values, np.ndarray):
        return values[..., order] if values.ndim and values.shape[-1] == len(order) else values
    if isinstance(values, list | tuple) and all(isinstance(row, list | tuple) and len(row) == len(order) for row in values):
        return [[row[i] for i in order] for row in values]
    return values


def unscored(reason: str, judge_id: str = "", seconds: float = 0.0, dimensions: Sequence[str] = ()) -> Judgement:
    """A judgement without scores, saying why."""
    return Judgement({m: Score(m, None, "unscored", reason) for m in (*METRICS, *dimensions)}, (), (), judge_id, seconds)


def why(error: BaseException) -> str:
    """An exception as a reason: its class and the beginning of its message."""
    message = error.en if isinstance(error, UserError) else str(error)
    lines = [line.strip() for line in clean(message).splitlines() if line.strip()]
    first = lines[0] if lines else ""
    if len(first) > MAX_REASON:
        first = first[: MAX_REASON - 1] + "…"
    return f"{type(error).__name__}: {first}" if first else type(error).__name__


def clean(text: str) -> str:
    """`text` with NUL and lone surrogates replaced one for one, so that spans keep their places."""
    return _SURROGATE.sub("\ufffd", text)


def _skipped(question: str, said: str, claims: Sequence[Claim], contexts: Sequence[str]) -> dict[str, Score]:
    """Scores that are decided before a judge is asked."""
    reasons: dict[str, str] = {}
    if not said:
        reasons |= dict.fromkeys(("faithfulness", "answer_relevancy"), "the reply is empty")
    elif claims and not contexts:
        reasons["faithfulness"] = "no passages"
    elif len(claims) > MAX_CLAIMS:
        reasons["faithfulness"] = f"the reply makes {len(claims):,} claims, more than {MAX_CLAIMS}"
    if not contexts:
        reasons["context_precision"] = "no passages"
    if not question:
        reasons |= dict.fromkeys(("answer_relevancy", "context_precision"), "there is no question")
    elif said and not contexts and small_talk(question):
        reasons |= dict.fromkeys(METRICS, "small talk")
    return {metric: Score(metric, None, "unscored", reason) for metric, reason in reasons.items()}


def _recall_skipped(expected: Sequence[Claim], contexts: Sequence[str]) -> dict[str, Score]:
    if not expected:
        return {"context_recall": context_recall(())}
    reason = "no passages" if not contexts else ""
    if len(expected) > MAX_CLAIMS:
        reason = f"the reference makes {len(expected):,} claims, more than {MAX_CLAIMS}"
    return {"context_recall": Score("context_recall", None, "unscored", reason)} if reason else {}


def _read(
    judge: Judge,
    matrix: Matrix,
    claims: tuple[Claim, ...],
    expected: tuple[Claim, ...],
    passages: int,
    declined: bool,
) -> tuple[dict[str, Score], tuple[Verdict, ...], tuple[float, ...]]:
    """Scores, verdicts and relevance; a part of the matrix that holds no probabilities leaves its scores unscored."""
    cells = (*claims, *expected)
    shape = (len(cells), passages + 1)
    relevant_fault = _fault(matrix.p_relevant, (passages,), judge.relevant_threshold) or _fault(
        matrix.p_relevant, (passages,), missed_threshold(judge)
    )
    answers_fault = _fault(matrix.p_answers, ())
    unsure_from = not_found_threshold(judge)
    support_fault = (
        _fault(matrix.p_supported, shape, judge.supported_threshold)
        or _fault(matrix.p_supported, shape, unsure_from)
        or _order_fault(unsure_from, judge.supported_threshold)
        or _fault(matrix.p_contradicted, shape, judge.contradicted_threshold)
        or _reasons_fault(matrix, shape)
        if cells
        else ""
    )
    scores: dict[str, Score] = {}
    found: tuple[Verdict, ...] = ()
    relevance: tuple[float, ...] = ()

    if relevant_fault:
        scores["context_precision"] = Score("context_precision", None, "unscored", relevant_fault)
    else:
        p_relevant = _bounded(matrix.p_relevant).reshape(passages)
        relevance = tuple(float(p) for p in p_relevant)
        scores["context_precision"] = context_precision(p_relevant, judge.relevant_threshold)

    if declined and relevant_fault:
        scores["answer_relevancy"] = Score("answer_relevancy", None, "unscored", relevant_fault)
    elif declined:
        scores["answer_relevancy"] = refusal(p_relevant, missed_threshold(judge))
    elif answers_fault:
        scores["answer_relevancy"] = Score("answer_relevancy", None, "unscored", answers_fault)
    else:
        scores["answer_relevancy"] = answer_relevancy(float(_bounded(matrix.p_answers)))

    if support_fault:
        for metric in ("faithfulness", "context_recall"):
            scores[metric] = Score(metric, None, "unscored", support_fault)
    else:
        if cells:
            safe = Matrix(
                _bounded(matrix.p_supported), _bounded(matrix.p_contradicted), np.empty(0), 0.0, matrix.reasons
            )
            both = verdicts(cells, safe, judge.supported_threshold, judge.contradicted_threshold, unsure_from)
            found, of_reference = both[: len(claims)], both[len(claims) :]
            scores["context_recall"] = context_recall(of_reference)
        scores["faithfulness"] = faithfulness(found)
        if declined and not claims:
            scores["faithfulness"] = Score("faithfulness", None, "declined", "nothing was claimed")
    return scores, found, relevance


def _fault(values: object, shape: tuple[int, ...], threshold: float = 0.5) -> str:
    """Why `values` are no probabilities of this shape, or ""."""
    try:
        array = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        return "the judge returned something that is not a number"
    if array.shape != shape:
        return f"the judge returned {array.shape} values where {shape} belong"
    if not np.isfinite(array).all():
        return "the judge returned a value that is not a number"
    if array.size and (array.min() < -TOLERANCE or array.max() > 1 + TOLERANCE):
        return "the judge returned a probability outside 0 to 1"
    if not 0 < threshold <= 1:  # also NaN, which would silently fail every comparison
        return f"the judge's threshold is {threshold}, not between 0 and 1"
    return ""


def _order_fault(lower: float, upper: float) -> str:
    return f"the judge is sure from {upper} on, but not found only below {lower}" if lower > upper else ""


def _reasons_fault(matrix: Matrix, shape: tuple[int, int]) -> str:
    rows = matrix.reasons
    if len(rows) != shape[0] or any(len(row) != shape[1] for row in rows):
        return f"the judge's reasons do not match its {shape} values"
    return ""


def _bounded(values: object) -> np.ndarray:
    return np.clip(np.asarray(values, dtype=float), 0.0, 1.0)
