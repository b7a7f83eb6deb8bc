"""Whether to answer at all, and whether a guided generator's sentence is shown: what reranker, generator and plain words
tell of it, weighed together.

The reranker knows lines that look like an answer, the generator whether what they say answers, and words whether they look
so for their words alone, or lack what is asked for; each is wrong where the others often are not. Their weights are fitted
by `python -m rag.training.declining` on resumes that no model has learned from, and stand in decision.json beside the
generator's adapter and, without the generator, for quoting, beside the reranker's.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from rag.answer_types import lacks_type
from rag.errors import ModelError

FILE = "decision.json"
QUOTING_FEATURES = ("reranker", "line", "known", "new", "lacks_type")
FEATURES = (*QUOTING_FEATURES, "llama", "generator")  # where the generator speaks the language: English
SENTENCE_FEATURES = ("confidence", "margin")
MOST_PASSAGES = 300  # of a document that are searched for a question's words; a resume has a few dozen


@dataclass(frozen=True, slots=True)
class Decision:
    """Logistic regressions over FEATURES (for quoting QUOTING_FEATURES) and over SENTENCE_FEATURES.

    Attributes:
        weights, bias: of P(nothing answers), over `signals`.
        threshold: P(nothing answers) from which a question is declined.
        nearest: P(nothing answers) from which the lines are not given out as the answer, but as the nearest there are.
        sentence_weights, sentence_bias: of P(the generator's sentence is right); one that is likelier wrong is left out, and
            the lines stand alone. Without weights none is left out.
        crossed: what is weighed instead where question and passages are in two languages.
    """

    weights: dict[str, float]
    bias: float
    threshold: float
    nearest: float = 1.0
    sentence_weights: dict[str, float] | None = None
    sentence_bias: float = 0.0
    crossed: Decision | None = None

    def p_unanswerable(self, signals: dict[str, float]) -> float:
        """P(the passages do not answer), in [0, 1], from `signals`."""
        return 1.0 / (1.0 + math.exp(-self.bias - sum(weight * signals[name] for name, weight in self.weights.items())))

    def shows(self, signals: dict[str, float]) -> bool:
        """Whether the sentence is likelier right than wrong, from `sentence_signals`."""
        if self.sentence_weights is None:
            return True
        return self.sentence_bias + sum(self.sentence_weights[name] * signals[name] for name in SENTENCE_FEATURES) >= 0

    @classmethod
    def _of(cls, data: dict) -> Decision:
        weights = {str(name): float(weight) for name, weight in data["weights"].items()}
        if not set(weights) <= set(FEATURES):
            raise ValueError("unknown features")
        sentence = data.get("sentence")
        return cls(
            weights=weights,
            bias=float(data["bias"]),
            threshold=float(data["threshold"]),
            nearest=float(data["nearest"]),
            sentence_weights=sentence and {name: float(sentence["weights"][name]) for name in SENTENCE_FEATURES},
            sentence_bias=float(sentence["bias"]) if sentence else 0.0,
        )

    @classmethod
    def load(cls, folder: Path) -> Decision | None:
        """The decision in an adapter's folder; None where there is none. Without a regression for sentences, all of them are shown.

        Raises:
            ModelError: it cannot be read.
        """
        file = folder / FILE
        if not file.exists():
            return None
        try:
            data = json.loads(file.read_text(encoding="utf-8"))
            return replace(cls._of(data), crossed=cls._of(data["crossed"]) if data.get("crossed") else None)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ModelError(
                f"{file} cannot be read ({type(error).__name__}); restore it from the repository.",
                f"{file}을(를) 읽을 수 없습니다({type(error).__name__}). 저장소에서 이 파일을 복원해 주세요.",
            ) from error


def signals(p_passages: float, p_line: float, p_llama: float, question: str, best: Sequence[str], resume: Iterable[str]) -> dict[str, float]:
    """The regression's input, FEATURES but for "generator", which who has one adds as its `logit`.

    - reranker: the log odds that the passages answer together.
    - line: the log odds of the line likeliest to answer, by the network that reads the question while looking at it.
    - llama: the same by the Llama that reads English questions behind a line; where it does not read, as `line`.
    - known: by how much more than half of the question's words stand in the resume at all, in [0, 0.5]. What is asked of another entry than
      the one that tells it is asked in the resume's own words, and its lines look like an answer for them. A question in words of its own
      gains nothing by that: nobody's blood type stands in a resume.
    - new: log(1 + n) of the n words of the likeliest line that are not the question's: a line that only repeats it tells nothing.
    - lacks_type: 1 where a grade, a count, a person or something of a certain year is asked for, and the likeliest line has none.

    Args:
        p_passages: by the reranker, in [0, 1].
        p_line, p_llama: by `Reranker.read_lines` and `Reranker.llama_lines`, in [0, 1].
        best: the likeliest line, then what is quoted with it (its heading, what stands under it).
        resume: the passages of the document they are from.
    """
    asked = words(question)
    known: set[str] = set()
    for text in resume:
        known |= asked & words(text)
    return {
        "reranker": logit(p_passages),
        "line": logit(p_line),
        "llama": logit(p_llama),
        "known": max(0.0, len(known) / max(1, len(asked)) - 0.5),
        "new": math.log1p(len(words(best[0]) - asked)),
        "lacks_type": float(lacks_type(question, "\n".join(best))),
    }


@lru_cache(maxsize=2048)
def words(text: str) -> frozenset[str]:
    """Its words without endings, and in Korean its morphemes, but for those that carry no meaning (rag.retrieval.tokens)."""
    from rag.retrieval import tokens

    return frozenset(tokens(text))


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
