"""From one question, reply and its passages to the three scores: one call of the judge, then arithmetic."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Sequence

import numpy as np

from judge.claims import split_claims
from judge.metrics import answer_relevancy, context_precision, faithfulness
from judge.types import METRICS, Judgement, Score
from judge.verdicts import Judge, Matrix
from rag.errors import UserError
from rag.prompt import is_declined

log = logging.getLogger(__name__)

# A reply of 256 tokens holds about 20 claims; what makes ten times as many is no reply about a resume, and
# a matrix without bound would keep the judge from every other turn.
MAX_CLAIMS = 200
MAX_REASON = 200  # characters of an exception's message that are kept


def judge_turn(judge: Judge, user_input: str, response: str, contexts: Sequence[str]) -> Judgement:
    """Judge one reply by its own passages.

    Never raises because of the judge: a model that fails, or gives numbers that are no probabilities, leaves
    the scores concerned unscored with the reason.

    Args:
        user_input: the question as it can be understood alone.
        contexts: the passages in rank order.

    Returns:
        Scores of the three METRICS; of a refusal, the graded one comes first.
    """
    started = time.perf_counter()
    try:
        return _judged(judge, user_input, response, contexts, started)
    except Exception as error:  # a judge is somebody's model; whatever it does, the turn keeps its reply
        log.exception("judging failed")
        return unscored(failure(error), judge.id, time.perf_counter() - started)


def unscored(reason: str, judge_id: str = "", seconds: float = 0.0) -> Judgement:
    """No score at all, and why."""
    return Judgement({m: Score(m, None, "unscored", reason) for m in METRICS}, (), (), judge_id, seconds)


def failure(error: BaseException) -> str:
    """An exception in one line: what a person is meant to read, or its class and the first sentence."""
    if isinstance(error, UserError):
        return str(error)
    lines = [re.sub(r"\s+", " ", line).strip() for line in str(error).splitlines()]
    message = next((line for line in lines if line), "")[:MAX_REASON]
    return f"{type(error).__name__}: {message}" if message else type(error).__name__


def _judged(judge: Judge, user_input: str, response: str, contexts: Sequence[str], started: float) -> Judgement:
    if not response.strip():
        return unscored(answer_relevancy.EMPTY, judge.id)
    claims = split_claims(response)
    declined = is_declined(response)
    too_many = len(claims) > MAX_CLAIMS
    asked = [] if too_many or not contexts else claims
    matrix = judge.matrix(user_input, response, [claim.text for claim in asked], list(contexts))
    _check_shape(matrix, len(asked), len(contexts))

    found = ()
    if too_many:
        faithful = _no_faithfulness(f"{len(claims)} claims are too many to check (at most {MAX_CLAIMS})")
    elif declined and not claims:
        faithful = Score(faithfulness.NAME, None, "declined", faithfulness.DECLINED)
    elif claims and not contexts:
        faithful = _no_faithfulness(faithfulness.NO_PASSAGES)
    else:
        try:
            found = faithfulness.verdicts(matrix, asked, judge.supported_threshold, judge.contradicted_threshold)
            faithful = faithfulness.score(found)
        except ValueError as error:
            log.warning("judge %s: %s in the claims' part of the matrix", judge.id, error)
            faithful = _no_faithfulness(str(error))
    precision = context_precision.score(matrix.p_relevant, judge.relevant_threshold)
    if declined:
        relevancy = answer_relevancy.score_refusal(matrix.p_relevant, judge.relevant_threshold)
        scores = (relevancy, faithful, precision)
    else:
        relevancy = answer_relevancy.score(matrix.p_answers)
        scores = (faithful, relevancy, precision)
    relevance = () if precision.value is None else tuple(float(p) for p in matrix.p_relevant)
    seconds = time.perf_counter() - started
    return Judgement({score.metric: score for score in scores}, found, relevance, judge.id, seconds)


def _no_faithfulness(reason: str) -> Score:
    return Score(faithfulness.NAME, None, "unscored", reason)


def _check_shape(matrix: Matrix, claims: int, chunks: int) -> None:
    """A matrix that fits other claims or passages would put verdicts on the wrong ones."""
    wanted = {"p_relevant": (chunks,)}
    if claims:
        wanted |= {"p_supported": (claims, chunks + 1), "p_contradicted": (claims, chunks + 1)}
        if len(matrix.reasons) != claims:
            raise ValueError(f"reasons are for {len(matrix.reasons)} claims, not {claims}")
    for name, shape in wanted.items():
        if np.shape(getattr(matrix, name)) != shape:
            raise ValueError(f"{name} has shape {np.shape(getattr(matrix, name))}, not {shape}")
