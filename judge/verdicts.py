"""The claim x chunk matrix, and the protocol every judge follows.

Everything the badges need is read off one matrix, so a judge is one call: no parsed text, no
retries, and nothing that could come back half filled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from judge import guard
from rag.language import language_of


@dataclass(frozen=True, slots=True)
class Matrix:
    """Probabilities for C claims x N chunks, calibrated and guarded (numbers, dates, names).

    Attributes:
        p_supported, p_contradicted: (C, N + 1); column N is all chunks read together.
        p_relevant: (N,), P(chunk relevant | question, chunk).
        p_answers: P(reply addresses the question).
        reasons: (C, N + 1) phrases that name the deciding feature, "" where nothing stands out.
    """

    p_supported: np.ndarray
    p_contradicted: np.ndarray
    p_relevant: np.ndarray
    p_answers: float
    reasons: Sequence[Sequence[str]]


class Judge(Protocol):
    """Any model that can fill the matrix. `id` names weights and version (it enters the record).

    A judge may also have `not_found_threshold`, at most `supported_threshold`: between the two it is not sure, and the
    claim is neither supported nor unsupported. See `not_found_threshold`. It may have `missed_threshold`, see there, and
    `prepare(passages)`, which reads
    passages before a turn needs them (JudgeService.read_ahead), and `between`, which it calls between two passes of a
    matrix and which may wait or raise (judge/second.py sets it). `dimensions` names the further scores that are wanted.
    """

    id: str
    supported_threshold: float  # a claim is supported from here on
    contradicted_threshold: float
    relevant_threshold: float

    def matrix(
        self, question: str, reply: str, claims: Sequence[str], chunks: Sequence[str]
    ) -> Matrix: ...


def not_found_threshold(judge: Judge) -> float:
    """Below this probability of support a claim is not found (or contradicted); from here to `supported_threshold` the
    judge is not sure. A judge without a threshold of that name is always sure."""
    return getattr(judge, "not_found_threshold", judge.supported_threshold)


def missed_threshold(judge: Judge) -> float:
    """A reply that declined has missed a passage whose probability of relevance is this high.

    Of several passages that do not answer, one often looks a little as if it did: this threshold is chosen for whole
    questions, `relevant_threshold` for single passages. A judge without a threshold of that name uses the latter.
    """
    return getattr(judge, "missed_threshold", judge.relevant_threshold)


def further_scores(judge: Judge) -> tuple[str, ...]:
    """The further scores that are wanted of this judge (judge.types.DIMENSIONS); a judge that does not say has none."""
    return getattr(judge, "dimensions", ())


def guarded(
    judge: Judge, question: str, claims: Sequence[str], texts: Sequence[str], supported: np.ndarray
) -> list[list[str]]:
    """Lower, in place, the cells whose numbers, dates or names stand nowhere in their text: at best not found.

    Args:
        texts: the chunks and, last, all of them together; fewer leave the rest of a row alone.
        supported: (C, N + 1) P(supported).

    Returns: the reasons, "" where nothing is missing.
    """
    reasons = []
    for c, claim in enumerate(claims):
        row = []
        for n in range(supported.shape[1]):
            lost = guard.missing(claim, texts[n], question=question) if n < len(texts) else []
            if lost:
                supported[c, n] = min(supported[c, n], not_found_threshold(judge) * 0.5)
            row.append(guard.phrase(lost[0], language_of(claim)) if lost else "")
        reasons.append(row)
    return reasons
