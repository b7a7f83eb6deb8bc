"""Answer relevancy: whether the reply addresses the question.

    answer relevancy = P(answers | question, reply)

The purpose is Ragas' answer (response) relevancy (https://docs.ragas.io, `src/ragas/metrics/collections/
answer_relevancy`); instead of regenerating questions and comparing embeddings, the judge is asked directly. It says
nothing about truth: that is faithfulness.

A reply that declines is a state of its own, graded by the passages: right (1) where none of them answers the question,
wrong (0) where one does.
"""

from __future__ import annotations

import numpy as np

from judge.types import Score

NAME = "answer_relevancy"
MAX_NAMED = 3  # passages named in a reason


def answer_relevancy(p_answers: float) -> Score:
    """The probability that the reply addresses the question.

    Example:
        >>> answer_relevancy(0.94).value
        0.94
    """
    return Score(NAME, float(p_answers), "scored")


def refusal(p_relevant: np.ndarray, threshold: float) -> Score:
    """Grades a reply that declined: 1.0 for a right refusal, 0.0 where a passage has the answer.

    Args:
        p_relevant: (N,), P(passage helps to answer | question) by rank.
        threshold: a passage counts as relevant from here on.

    Example:
        >>> refusal(np.array([0.1, 0.9]), 0.5).reason
        'missed: [2] has it'
    """
    if not len(p_relevant):
        return Score(NAME, 1.0, "declined", "no passages")
    order = [int(i) for i in np.argsort(-p_relevant, kind="stable") if p_relevant[i] >= threshold][:MAX_NAMED]
    if not order:
        return Score(NAME, 1.0, "declined", "nothing in the passages answers it")
    named = " ".join(f"[{i + 1}]" for i in order)
    return Score(NAME, 0.0, "declined", f"missed: {named} {'has' if len(order) == 1 else 'have'} it")
