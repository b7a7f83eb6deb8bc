"""The calibrated sum of all signals, stored as readable JSON: regressions, small trees, and a calibration curve.

P(supported) is the mean of a logistic regression and a few hundred shallow trees, in logits, set right by a
monotone curve; P(contradicted | not supported) is a logistic regression. Both weigh the features of a cell; `relevant`
and `answers` weigh those of a question with a chunk or the reply. Nothing is unpickled, and each coefficient and split
can be read next to its feature's name.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np


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
class Trees:
    """Gradient-boosted trees: `bias` plus the leaf each tree sends a row to, in logits.

    All trees as one table of nodes: `feature` (an index, -1 for a leaf), `threshold`, `left`, `right` (node numbers; a
    value up to the threshold goes left), `value` (of a leaf); `roots` says where each tree starts.
    """

    names: tuple[str, ...]
    bias: float
    roots: np.ndarray
    feature: np.ndarray
    threshold: np.ndarray
    left: np.ndarray
    right: np.ndarray
    value: np.ndarray
    depth: int

    def logit(self, x: np.ndarray) -> np.ndarray:
        """(..., F) -> logits (...)."""
        x = np.asarray(x, np.float32).astype(np.float64)
        flat = x.reshape(-1, x.shape[-1])
        node = np.repeat(self.roots[None], len(flat), 0)
        rows = np.arange(len(flat))[:, None]
        for _ in range(self.depth):
            which = self.feature[node]
            goes_left = flat[rows, np.maximum(which, 0)] <= self.threshold[node]
            node = np.where(which < 0, node, np.where(goes_left, self.left[node], self.right[node]))
        return (self.bias + self.value[node].sum(1)).reshape(x.shape[:-1])

    def to_json(self) -> dict:
        def tree(node: int) -> list | float:
            if self.feature[node] < 0:
                return round(float(self.value[node]), 5)
            return [
                self.names[self.feature[node]],
                round(float(self.threshold[node]), 5),
                tree(self.left[node]),
                tree(self.right[node]),
            ]

        return {"bias": round(float(self.bias), 5), "names": list(self.names), "trees": [tree(int(r)) for r in self.roots]}

    @classmethod
    def from_json(cls, data: dict) -> Trees:
        names = tuple(data["names"])
        nodes: list[list[float]] = []  # feature, threshold, left, right, value
        deepest = 0

        def add(tree: list | float, depth: int) -> int:
            nonlocal deepest
            deepest = max(deepest, depth)
            place = len(nodes)
            nodes.append([-1, 0.0, place, place, 0.0])
            if isinstance(tree, list):
                name, threshold, left, right = tree
                nodes[place][:2] = [names.index(name), float(threshold)]
                nodes[place][2], nodes[place][3] = add(left, depth + 1), add(right, depth + 1)
            else:
                nodes[place][4] = float(tree)
            return place

        roots = [add(tree, 0) for tree in data["trees"]]
        table = np.array(nodes)
        whole = [table[:, k].astype(int) for k in (0, 2, 3)]
        return cls(names, float(data["bias"]), np.array(roots), whole[0], table[:, 1], whole[1], whole[2], table[:, 4], deepest)


@dataclass(frozen=True, slots=True)
class Supported:
    """P(supported): the mean of the logits of a regression and of trees, through a monotone curve of `points`.

    `points` are (logit, probability) pairs in rising order; between them the curve is a straight line.
    """

    logistic: Logistic
    trees: Trees
    points: tuple[tuple[float, float], ...]

    def logit(self, x: np.ndarray) -> np.ndarray:
        """(..., F) -> uncalibrated logits (...)."""
        return (self.logistic.logit(x) + self.trees.logit(x)) / 2

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """(..., F) -> probabilities (...)."""
        return np.interp(self.logit(x), *zip(*self.points, strict=True))


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

    def probabilities(self, table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """P(supported) and P(contradicted) for features (..., F)."""
        yes = self.supported(table)
        return yes, (1 - yes) * self.contradicted(table)

    def save(self, path: Path) -> None:
        parts = {name: getattr(self, name).to_json() for name in _LOGISTIC}
        made = {
            "thresholds": self.thresholds,
            "supported": self.supported.logistic.to_json(),
            "supported_curve": [[round(float(v), 4) for v in point] for point in self.supported.points],
            **parts,
            "supported_trees": self.supported.trees.to_json(),
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(made, indent=1, ensure_ascii=False)
        start = text.index('"supported_trees"')  # a tree a line
        compact = json.dumps(made["supported_trees"], ensure_ascii=False).replace("], [[", "],\n  [[").replace("]], [", "]],\n  [")
        path.write_text(f'{text[:start]}"supported_trees": {compact}\n}}\n')

    @classmethod
    def load(cls, path: Path) -> Combiner:
        data = json.loads(path.read_text())
        parts = {name: Logistic.from_json(data[name]) for name in _LOGISTIC}
        supported = Supported(
            Logistic.from_json(data["supported"]),
            Trees.from_json(data["supported_trees"]),
            tuple((float(z), float(p)) for z, p in data["supported_curve"]),
        )
        return cls(supported=supported, thresholds=data["thresholds"], **parts)


_LOGISTIC = ("contradicted", "relevant", "answers", "without_reader")
