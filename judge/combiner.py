"""The calibrated sum of all signals, stored as readable JSON: logistic regressions and a calibration curve.

P(supported) is a logistic regression whose logit goes through a monotone curve; P(contradicted | not supported) is a
regression of its own. Both weigh the features of a cell; `relevant` and `answers` weigh those of a question with a
chunk or the reply. `verdict` makes one calibrated probability of a claim's cells, `read_again` of these and of what the Llama says of it. Nothing is unpickled, and each coefficient can be read next to its feature's name.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

# What the Llama says of a claim (rag/llama_reader.py), as log-odds; the last is of the claim's word that is likeliest untrue.
AGAIN = ("supported", "contradicted", "not_found", "untrue")


def sigmoid(z: np.ndarray) -> np.ndarray:
    return 1.0 / (1.0 + np.exp(-np.clip(z, -30, 30)))


@dataclass(frozen=True, slots=True)
class Logistic:
    """sigmoid((x - mean) / scale @ weights + bias), features by name."""

    names: tuple[str, ...]
    mean: np.ndarray
    scale: np.ndarray
    weights: np.ndarray
    bias: float

    def logit(self, x: np.ndarray) -> np.ndarray:
        """(..., F) -> logits (...)."""
        return (np.asarray(x, np.float64) - self.mean) / self.scale @ self.weights + self.bias

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """(..., F) -> probabilities (...)."""
        return sigmoid(self.logit(x))

    def to_json(self) -> dict:
        rows = zip(self.names, self.mean, self.scale, self.weights, strict=True)
        return {
            "bias": round(float(self.bias), 5),
            "features": {
                n: {"weight": round(float(w), 5), "mean": round(float(m), 5), "scale": round(float(s), 5)}
                for n, m, s, w in rows
            },
        }

    @classmethod
    def from_json(cls, data: dict) -> Logistic:
        names = tuple(data["features"])
        columns = [np.array([data["features"][n][key] for n in names]) for key in ("mean", "scale", "weight")]
        return cls(names, *columns, float(data["bias"]))


@dataclass(frozen=True, slots=True)
class Supported:
    """P(supported): the logit of a regression through a monotone curve.

    `points` are (logit, probability) pairs in rising order; between them the curve is a straight line.
    """

    logistic: Logistic
    points: tuple[tuple[float, float], ...]

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """(..., F) -> probabilities (...)."""
        return np.interp(self.logistic.logit(x), *zip(*self.points, strict=True))


@dataclass(frozen=True, slots=True)
class Combiner:
    """All models and the thresholds chosen with them.

    `without_reader` weighs all signals but the reader's: what the reader is measured against (benchmarks.judge).
    """

    supported: Supported
    contradicted: Logistic  # given that the claim is not supported
    relevant: Logistic
    answers: Logistic
    without_reader: Logistic
    thresholds: dict[str, float]
    verdict: tuple[float, float, float]  # weights of the log-odds by all passages together and by the likeliest alone, and an intercept
    read_again: tuple[float, ...] = ()  # of claims that the Llama read, too: the same two weights, those of its AGAIN signals, and an intercept
    crossed: Mapping[str, Logistic] = field(default_factory=dict)  # "relevant" and "answers" of two texts in two languages, in the place of those

    def verdict_odds(self, together: np.ndarray, alone: np.ndarray, again: np.ndarray | None = None) -> np.ndarray:
        """Calibrated log-odds of claims from those of their cells: by all passages together, and by the likeliest passage alone.

        Args:
            together, alone: (C,).
            again: (C, len(AGAIN)) what the Llama says of each, NaN where it has not read.
        """
        a, b, intercept = self.verdict
        plain = a * together + b * alone + intercept
        if again is None or not self.read_again:
            return plain
        *weights, intercept = self.read_again
        both = np.column_stack([together, alone, again]) @ weights + intercept
        return np.where(np.isnan(both), plain, both)

    def save(self, path: Path) -> None:
        parts = {name: getattr(self, name).to_json() for name in _LOGISTIC}
        made = {
            "thresholds": self.thresholds,
            "verdict": [round(float(v), 5) for v in self.verdict],
            "read_again": [round(float(v), 5) for v in self.read_again],
            "supported": self.supported.logistic.to_json(),
            "supported_curve": [[round(float(v), 4) for v in point] for point in self.supported.points],
            **parts,
            "crossed": {name: part.to_json() for name, part in self.crossed.items()},
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n")

    @classmethod
    def load(cls, path: Path) -> Combiner:
        data = json.loads(path.read_text())
        parts = {name: Logistic.from_json(data[name]) for name in _LOGISTIC}
        supported = Supported(
            Logistic.from_json(data["supported"]),
            tuple((float(z), float(p)) for z, p in data["supported_curve"]),
        )
        together, alone, intercept = map(float, data["verdict"])
        again = tuple(map(float, data.get("read_again", ())))
        crossed = {name: Logistic.from_json(data["crossed"][name]) for name in data.get("crossed", ())}
        return cls(crossed=crossed, supported=supported, thresholds=data["thresholds"], verdict=(together, alone, intercept), read_again=again, **parts)


_LOGISTIC = ("contradicted", "relevant", "answers", "without_reader")
