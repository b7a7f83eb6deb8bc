"""Flags by rule: what in a judgement says that a reply is bad, and the worker's hook that flags it."""

from __future__ import annotations

import math
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING

from judge.types import METRICS, Judgement
from rag.types import Turn

if TYPE_CHECKING:
    from judge.regression.store import RegressionStore

PREFERENCE = "auto_flags"  # under this name the record keeps what was set on the page
MAX_CLAIM_CHARS = 80  # of a claim that a rule quotes
WRONG_REFUSAL = 0.5  # a refusal is graded 1 (right) or 0 (wrong)


def fired_rules(judgement: Judgement, thresholds: Mapping[str, float]) -> list[str]:
    """Which rules say that the reply is bad, in words; [] for none.

    The rules: a score under its threshold; a contradicted claim; a refusal though a passage has the answer. An
    unscored score fires nothing. Of a reply that declined, the order of the passages says nothing: where nothing
    answers, no passage is relevant, so context precision is 0 for every right refusal.

    Args:
        thresholds: by metric, in [0, 1]; 0 switches a metric's rule off.

    Example:
        >>> from judge.types import Score
        >>> scores = {"faithfulness": Score("faithfulness", 1 / 3, "scored")}
        >>> fired_rules(Judgement(scores, (), (), "j", 0.1), {"faithfulness": 0.5})
        ['faithfulness 0.33 < 0.50']
    """
    rules = []
    relevancy = judgement.scores.get("answer_relevancy")
    declined = relevancy is not None and relevancy.state == "declined"
    for metric, threshold in thresholds.items():
        score = judgement.scores.get(metric)
        if score is None or score.state != "scored" or score.value is None:
            continue
        if declined and metric == "context_precision":
            continue
        if score.value < threshold:
            rules.append(f"{metric.replace('_', ' ')} {below(score.value, threshold)}")
    if declined and relevancy.value is not None and relevancy.value < WRONG_REFUSAL:
        rules.append(f"wrong refusal ({relevancy.reason})" if relevancy.reason else "wrong refusal")
    for verdict in judgement.verdicts:
        if verdict.label == "contradicted":
            text = " ".join(verdict.claim.text.split())
            if len(text) > MAX_CLAIM_CHARS:
                text = text[: MAX_CLAIM_CHARS - 1] + "…"
            by = "" if verdict.evidence is None else f" by [{verdict.evidence + 1}]"
            rules.append(f"contradicted{by}: “{text}”")
    return rules


def is_judged(judgement: Judgement | None) -> bool:
    """Whether the judge said anything at all: one score at least has a value."""
    return judgement is not None and any(score.value is not None for score in judgement.scores.values())


def check_thresholds(thresholds: Mapping[str, float]) -> dict[str, float]:
    """The thresholds as plain numbers.

    Raises:
        ValueError: a metric that is not one of METRICS, or a number outside [0, 1].
    """
    checked = {}
    for metric, value in thresholds.items():
        if metric not in METRICS:
            raise ValueError(f"{metric!r} is not one of {', '.join(METRICS)}")
        number = float(value)
        if not (math.isfinite(number) and 0 <= number <= 1):
            raise ValueError(f"the threshold of {metric} is {value}, not between 0 and 1")
        checked[metric] = number
    return checked


def below(value: float, threshold: float) -> str:
    """ "0.33 < 0.50", with as many digits as it takes to see that it is below."""
    digits = next((n for n in range(2, 17) if f"{value:.{n}f}" != f"{threshold:.{n}f}"), 17)
    return f"{value:.{digits}f} < {threshold:.{digits}f}"


class AutoFlagger:
    """Flags what the rules call bad, as soon as it is judged. Any thread may call any method.

    Give `on_judged` to the JudgeService: it is called in the judge's worker, so also with the tab closed.

    Args:
        record: where the flags go.
        thresholds: by metric, in [0, 1], as the settings have them. What was set with `set_thresholds` holds over
            restarts, until the settings themselves are changed.
        enabled: False flags nothing.

    Raises:
        ValueError: see `check_thresholds`.
    """

    def __init__(self, record: RegressionStore, thresholds: Mapping[str, float], enabled: bool = True) -> None:
        self._record = record
        self._lock = threading.Lock()
        self._settings = {"enabled": bool(enabled), "thresholds": check_thresholds(thresholds)}
        self._now = dict(self._settings)
        kept = record.preference(PREFERENCE)
        if kept is not None and kept["settings"] == self._settings:
            self._now = {
                "enabled": bool(kept["now"]["enabled"]),
                "thresholds": check_thresholds(kept["now"]["thresholds"]),
            }

    @property
    def thresholds(self) -> dict[str, float]:
        """The thresholds in force, by metric; a copy."""
        with self._lock:
            return dict(self._now["thresholds"])

    @property
    def enabled(self) -> bool:
        """Whether replies are flagged by rule at all."""
        with self._lock:
            return self._now["enabled"]

    def set_thresholds(self, thresholds: Mapping[str, float]) -> None:
        """Change thresholds for what is judged from now on; metrics that are not named keep theirs.

        Raises:
            ValueError: see `check_thresholds`; nothing is changed then.
        """
        checked = check_thresholds(thresholds)
        with self._lock:
            self._keep({**self._now, "thresholds": {**self._now["thresholds"], **checked}})

    def set_enabled(self, enabled: bool) -> None:
        """Flag by rule, or stop doing so, from now on; flags that are there stay."""
        with self._lock:
            self._keep({**self._now, "enabled": bool(enabled)})

    def on_judged(self, turn: Turn, judgement: Judgement) -> None:
        """Flag the turn, or take its automatic flag back where no rule fires any more.

        A judgement without any score decides nothing. A person's flag that came before the judgement gets it now.
        """
        self._apply(turn, judgement)

    def on_second(self, turn: Turn, judgement: Judgement) -> None:
        """The same with a second judge's judgement, which takes the first one's place in the flags of the reply too."""
        self._apply(turn, judgement, replace=True)

    def _apply(self, turn: Turn, judgement: Judgement, replace: bool = False) -> None:
        if not is_judged(judgement):
            return
        self._record.add_judgement(turn.id, turn.response, judgement, replace)
        with self._lock:
            enabled, thresholds = self._now["enabled"], self._now["thresholds"]
        rules = fired_rules(judgement, thresholds)
        if rules and enabled:
            self._record.flag(turn.id, "down", origin="auto", rule="; ".join(rules), response=turn.response)
        elif not rules:
            self._record.unflag(turn.id, "auto")

    def _keep(self, now: dict) -> None:
        self._record.set_preference(PREFERENCE, {"settings": self._settings, "now": now})
        self._now = now
