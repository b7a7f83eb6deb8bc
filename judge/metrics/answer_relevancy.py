"""Answer relevancy: does the reply address the question that was asked.

    answer relevancy = P(answers | question, reply)

Ragas' metric of this name (Es et al. 2023, https://arxiv.org/abs/2309.15217) asks the same of a reply:
complete and to the point, whether true or not. It compares the question with questions generated back from
the reply; here the judge reads question and reply together and gives the probability itself.

A refusal ("the resume does not say") is its own state, `declined`, graded by the passages: 1 when none of
them answers the question, 0 when one does.

Example: "Where did she study?" - "At KAIST [2]." gives about 0.97, "She likes climbing." about 0.03, and
"The resume does not say." is declined with 0 and the reason "missed: [2] has it" when passage 2 names KAIST.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from judge.types import Score

NAME = "answer_relevancy"
INVALID = "the judge gave no valid probability"
EMPTY = "the reply is empty"
RIGHT_REFUSAL = "nothing in the passages answers it"
MAX_NAMED = 3  # passages named in the reason of a wrong refusal; the badge has room for no more


def score(p_answers: float) -> Score:
    """P(answers | question, reply); unscored when it is no probability."""
    value = float(p_answers)
    if not 0 <= value <= 1:  # NaN compares false
        return Score(NAME, None, "unscored", INVALID)
    return Score(NAME, value, "scored")


def score_refusal(p_relevant: Sequence[float], relevant_threshold: float) -> Score:
    """A refusal, graded by the N passages it had: 1 for a right one, 0 for a wrong one with the passages named."""
    values = np.asarray(p_relevant, float)
    if not np.all((values >= 0) & (values <= 1)):
        return Score(NAME, None, "unscored", INVALID)
    ranks = [int(i) + 1 for i in np.argsort(-values, kind="stable") if values[i] >= relevant_threshold]
    if not ranks:
        return Score(NAME, 1.0, "declined", RIGHT_REFUSAL)
    named = ", ".join(f"[{rank}]" for rank in sorted(ranks[:MAX_NAMED]))
    return Score(NAME, 0.0, "declined", f"missed: {named} has it")
