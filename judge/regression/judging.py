"""The judge at work on the replies of a run: no reply takes longer than a judgement may, and Stop is not kept waiting."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import NamedTuple

from judge.regression.metrics import judge_case
from judge.regression.types import Case
from judge.scoring import unscored
from judge.service import STUCK
from judge.types import Judgement, Score
from judge.verdicts import Judge, further_scores
from rag.prompt import is_declined
from rag.types import Turn

log = logging.getLogger(__name__)

GRACE_S = 1.0  # after Stop: what a quick judge still reads of the replies written is kept, the rest is made anew
POLL_S = 0.05


class Judged(NamedTuple):
    """A judgement and the seconds it took."""

    judgement: Judgement
    seconds: float


class Judging:
    """Judges the cases of one run. A model call cannot be killed: one that overruns keeps its place until it ends.

    Args:
        judge: fills the matrix.
        timeout_s: seconds one reply may take; then its scores are unscored. None for no limit.
        at_once: replies the judge reads at the same time; more than 1 for a server.
    """

    def __init__(self, judge: Judge, timeout_s: float | None = None, at_once: int = 1) -> None:
        self._judge = judge
        self._timeout_s = timeout_s
        self._at_once = at_once
        self._free = threading.Semaphore(at_once)
        self._stopped_at: float | None = None

    def judge_all(
        self, rows: Sequence[tuple[Case, Turn]], stop: threading.Event | None = None
    ) -> list[Judged | None]:
        """Judgements in the order of the rows; None for those that `stop` left without one."""
        stop = stop or threading.Event()
        if self._at_once == 1 or len(rows) < 2:
            return [self.judge(case, turn, stop) for case, turn in rows]
        with ThreadPoolExecutor(min(self._at_once, len(rows)), thread_name_prefix="judging") as pool:
            return list(pool.map(lambda row: self.judge(*row, stop), rows))

    def judge(self, case: Case, turn: Turn, stop: threading.Event) -> Judged | None:
        """One reply with its expected answer, see `judge_case`; None where `stop` left it without a judgement."""
        started = time.monotonic()
        if not self._wait(self._free.acquire, started, stop):
            return None if self._over(stop) else self._late(case, STUCK, started)
        call: Future[Judgement] = Future()
        threading.Thread(target=self._call, args=(call, case, turn), name="judge-call", daemon=True).start()
        if self._wait(lambda timeout: _done(call, timeout), started, stop):
            return Judged(call.result(), time.monotonic() - started)
        if self._over(stop):
            return None
        log.warning("case %s: judge %s took longer than %g s", case.id, self._judge.id, self._timeout_s)
        return self._late(case, f"the judge took longer than {self._timeout_s:g} s", started)

    def _call(self, call: Future[Judgement], case: Case, turn: Turn) -> None:
        try:
            call.set_result(judge_case(self._judge, case, turn))
        except BaseException as error:  # raised where the result is wanted
            call.set_exception(error)
        finally:
            self._free.release()

    def _wait(self, ready: Callable[..., bool], started: float, stop: threading.Event) -> bool:
        """Whether `ready(timeout=…)` came true before the time, or the run, was over."""
        end = float("inf") if self._timeout_s is None else started + self._timeout_s
        while not self._over(stop):
            if ready(timeout=POLL_S):
                return True
            if time.monotonic() >= end:
                return False
        return False

    def _over(self, stop: threading.Event) -> bool:
        """Whether Stop was seen more than `GRACE_S` ago."""
        if stop.is_set() and self._stopped_at is None:
            self._stopped_at = time.monotonic()
        return self._stopped_at is not None and time.monotonic() - self._stopped_at > GRACE_S

    def _late(self, case: Case, reason: str, started: float) -> Judged:
        seconds = time.monotonic() - started
        made = unscored(reason, self._judge.id, seconds, further_scores(self._judge))
        if case.reference.strip() and not is_declined(case.reference):
            recall = Score("context_recall", None, "unscored", reason)
            made = replace(made, scores={**made.scores, "context_recall": recall})
        return Judged(made, seconds)


def _done(call: Future, timeout: float) -> bool:
    try:
        call.exception(timeout)
    except TimeoutError:
        return False
    return True
