"""A row of the judge's training."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """A pair and its target: a label for `support`, 0.0 to 1.0 for `relevant` and `answers`.

    `spans` are the characters of `first` that are not true; None where that is not known.
    """

    task: str
    first: str
    second: str
    target: str | float
    spans: tuple[tuple[int, int], ...] | None = None
    source: str = ""
