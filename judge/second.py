"""The second, larger judge: asked about what the first one has judged, whenever nothing else is to be done.

The first judge's scores are there at once. The second one's judgement takes their place when it comes, on the screen and in
the record, and the first one's is kept beside it. Where the second has no score to give, the first one's stay and the
reason stands beside them. So "the judgement" of a turn, for badges, flags, cases, exports and the Judge page, is always the
latest one that has a score. Runs of the regression set ask the first judge alone.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from judge.scoring import unscored
from judge.service import BUSY_POLL_S, NOT_RECORDED, JudgeService
from judge.types import Judgement, SecondOpinion
from judge.verdicts import Judge
from rag.types import Turn

if TYPE_CHECKING:
    from judge.store import Store


class GivenUp(Exception):
    """Nobody waits for this judgement any more."""


class SecondJudge(JudgeService):
    """A JudgeService whose judgements follow another one's: give it to that one as `second`.

    It begins with a turn only while no reply is written and the first judge has nothing to do, however long that takes. A
    judge with `between` (see judge.verdicts.Judge) also makes way within a judgement; the time it waits does not count as
    time it takes, and one that took too long ends at its next pause.

    Args: as for JudgeService; `judge_loader` is called in this service's own thread, when the first turn needs it.
    """

    name = "second-judge"

    def __init__(self, judge_loader, store: Store, busy=None, timeout_s: float = 60.0, on_judged=None) -> None:
        self._first: JudgeService | None = None
        self._given_up: threading.Thread | None = None
        self._held_s = 0.0
        self._held_since: float | None = None
        super().__init__(judge_loader, store, busy, timeout_s, on_judged)

    def follow(self, first: JudgeService) -> None:
        """Let `first` go before."""
        self._first = first

    def forget(self, turn_id: str) -> None:
        """Drop what is waited for or known of a turn: it is judged anew."""
        with self._changed:
            self._pending.pop(turn_id, None)
            self._unrecorded.pop(turn_id, None)
            self._changed.notify_all()

    def opinion(self, turn_id: str) -> SecondOpinion | None:
        """What is waited for, or was said and could not be recorded; None leaves it to the record."""
        with self._changed:
            if turn_id in self._pending:
                return SecondOpinion("pending")
            unrecorded = self._unrecorded.get(turn_id)
        return None if unrecorded is None else SecondOpinion("unscored", unrecorded)

    # ------------------------------------------------------------------ inside

    def _left_over(self) -> list[Turn]:
        return self._store.awaiting_second()

    def _record(self, turn: Turn, judgement: Judgement, final: bool) -> bool:
        return self._store.save_second(turn.id, judgement, turn.response, final)

    def _unrecorded_as(self, judgement: Judgement) -> Judgement:
        return unscored(NOT_RECORDED, judgement.judge, judgement.seconds)

    def _load(self) -> Judge:
        judge = super()._load()
        if hasattr(judge, "between"):
            judge.between = self._make_way
        return judge

    def _let_generation_go_first(self) -> None:
        while self._in_the_way() and not self._closed:
            time.sleep(BUSY_POLL_S)

    def _in_the_way(self) -> bool:
        return self._busy() or (self._first is not None and self._first.queue_depth > 0)

    def _make_way(self) -> None:
        """Called by the judge between two passes, in the thread of its call.

        Raises:
            GivenUp: the call took too long, or the service is closed.
        """
        self._held_since = time.monotonic()
        while self._in_the_way() and not self._closed and threading.current_thread() is not self._given_up:
            time.sleep(BUSY_POLL_S)
        self._held_s, self._held_since = self._held(), None
        if self._closed or threading.current_thread() is self._given_up:
            raise GivenUp("nobody waits for this judgement any more")

    def _held(self) -> float:
        """Seconds in which calls made way, so far."""
        since = self._held_since
        return self._held_s + (0.0 if since is None else time.monotonic() - since)

    def _wait_for(self, call: threading.Thread, seconds: float) -> None:
        until = time.monotonic() + seconds - self._held()
        while call.is_alive() and (left := until + self._held() - time.monotonic()) > 0:
            call.join(min(left, 2 * BUSY_POLL_S))
        if call.is_alive():
            self._given_up = call
