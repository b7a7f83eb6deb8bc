"""The calibrated sum of all signals: three logistic regressions, stored as readable JSON.

P(supported) and P(contradicted | not supported) weigh the features of a cell; `relevant` and `answers`
weigh those of a question with a chunk or the reply. Nothing is unpickled, and each coefficient can
be read next to its feature's name.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True, slots=True)
class Logistic:
    """sigmoid((x - mean) / scale @ weights + bias), features by name."""

    names: tuple[str, ...]
    mean: np.ndarray
    scale: np.ndarray
    weights: np.ndarray
    bias: float

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """(..., F) -> probabilities (...)."""
        z = (np.asarray(x, np.float64) - self.mean) / self.scale @ self.weights + self.bias
        return 1.0 / (1.0 + np.exp(-np.clip(z, -30, 30)))

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
class Combiner:
    """All regressions and the thresholds chosen with them."""

    supported: Logistic
    contradicted: Logistic  # given that the claim is not supported
    relevant: Logistic
    answers: Logistic
    thresholds: dict[str, float]

    def probabilities(self, table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """P(supported) and P(contradicted) for features (..., F)."""
        yes = self.supported(table)
        return yes, (1 - yes) * self.contradicted(table)

    def save(self, path: Path) -> None:
        made = {name: getattr(self, name).to_json() for name in ("supported", "contradicted", "relevant", "answers")}
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"thresholds": self.thresholds, **made}, indent=1, ensure_ascii=False) + "\n")

    @classmethod
    def load(cls, path: Path) -> Combiner:
        data = json.loads(path.read_text())
        parts = [Logistic.from_json(data[name]) for name in ("supported", "contradicted", "relevant", "answers")]
        return cls(*parts, data["thresholds"])
