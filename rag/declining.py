"""Whether a guided generator should answer at all, and whether its sentence is shown: what reranker and generator think of
it, weighed together.

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
SENTENCE_FEATURES = ("confidence", "margin")


@dataclass(frozen=True, slots=True)
class Decision:
    """Logistic regressions over FEATURES and over SENTENCE_FEATURES.

    Attributes:
        weights, bias: of P(nothing answers), over logits.
        threshold: P(nothing answers) from which a question is declined.
        nearest: P(nothing answers) from which the lines are not given out as the answer, but as the nearest there are.
        sentence_weights, sentence_bias: of P(the generator's sentence is right); one that is likelier wrong is left out, and
            the lines stand alone. Without weights none is left out.
    """

    weights: dict[str, float]
    bias: float
    threshold: float
    nearest: float = 1.0
    sentence_weights: dict[str, float] | None = None
    sentence_bias: float = 0.0

    def p_unanswerable(self, signals: dict[str, float]) -> float:
        """P(the passages do not answer), in [0, 1], from `signals`."""
        return 1.0 / (1.0 + math.exp(-self.bias - sum(self.weights[name] * signals[name] for name in FEATURES)))

    def shows(self, signals: dict[str, float]) -> bool:
        """Whether the sentence is likelier right than wrong, from `sentence_signals`."""
        if self.sentence_weights is None:
            return True
        return self.sentence_bias + sum(self.sentence_weights[name] * signals[name] for name in SENTENCE_FEATURES) >= 0

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
            sentence = data["sentence"]
            return cls(
                weights=weights,
                bias=float(data["bias"]),
                threshold=float(data["threshold"]),
                nearest=float(data["nearest"]),
                sentence_weights={name: float(sentence["weights"][name]) for name in SENTENCE_FEATURES},
                sentence_bias=float(sentence["bias"]),
            )
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


def sentence_signals(confidence: float, margin: float) -> dict[str, float]:
    """The input of the regression that tells whether a sentence is right.

    Args:
        confidence: the generator's, of the sentence's opening; see `Generator.last_confidence`.
        margin: by how much, in log odds, the best line is likelier to answer than the next (`Quoted.margin`). Where two lines
            are as likely, a small model mixes them up.
    """
    return {"confidence": logit(confidence), "margin": margin}


def logit(p: float) -> float:
    """Log odds, within -12 and 12."""
    p = min(max(p, 6e-6), 1 - 6e-6)
    return math.log(p / (1 - p))
