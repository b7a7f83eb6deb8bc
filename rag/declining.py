"""Whether a guided generator should answer at all: what reranker and generator think of it, weighed together.

The reranker knows lines that look like an answer, the generator whether what they say answers; each is wrong where the
other often is not. Their weights are fitted by `python -m rag.training.declining` on resumes that neither has learned
from, and stand in data/adapters/generator/decision.json.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path

from rag.errors import ModelError

FILE = "decision.json"
FEATURES = ("reranker", "generator")


@dataclass(frozen=True, slots=True)
class Decision:
    """A logistic regression over FEATURES, each a logit.

    Attributes:
        weights, bias: of the regression.
        threshold: P(nothing answers) from which a question is declined.
        nearest: P(nothing answers) from which the lines are not given out as the answer, but as the nearest there are.
        sentence: the generator's confidence from which its sentence stands above the quotes; below it they stand alone.
    """

    weights: dict[str, float]
    bias: float
    threshold: float
    sentence: float = 0.0
    nearest: float = 1.0

    def p_unanswerable(self, signals: dict[str, float]) -> float:
        """P(the passages do not answer), in [0, 1], from `signals`."""
        return 1.0 / (1.0 + math.exp(-self.bias - sum(self.weights[name] * signals[name] for name in FEATURES)))

    @classmethod
    def load(cls, folder: Path) -> Decision | None:
        """The decision in an adapter's folder; None where there is none.

        Raises:
            ModelError: it cannot be read.
        """
        file = folder / FILE
        if not file.exists():
            return None
        try:
            data = json.loads(file.read_text(encoding="utf-8"))
            weights = {name: float(data["weights"][name]) for name in FEATURES}
            return cls(weights, float(data["bias"]), float(data["threshold"]), float(data.get("sentence", 0.0)), float(data.get("nearest", 1.0)))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError(
                f"{file} cannot be read ({type(error).__name__}); restore it from the repository.",
                f"{file}을(를) 읽을 수 없습니다({type(error).__name__}). 저장소에서 이 파일을 복원해 주세요.",
            ) from error


def signals(p_passages: float, p_declines: float) -> dict[str, float]:
    """The regression's input.

    Args:
        p_passages: P(the passages answer together), by the reranker.
        p_declines: P(the reply begins with a refusal), by the generator.
    """
    return {"reranker": logit(p_passages), "generator": logit(p_declines)}


def logit(p: float) -> float:
    """Log odds, within -12 and 12."""
    p = min(max(p, 6e-6), 1 - 6e-6)
    return math.log(p / (1 - p))
