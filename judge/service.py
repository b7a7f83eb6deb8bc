"""Judges finished turns in the background, one after the other, and lets generation go first.

A second, larger judge (judge/second.py) may follow: the first one's badges are there at once, and the second's take their
place when they come.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import logging
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from judge.scoring import FAILED, judge_turn, unscored, why
from judge.store import Store
from judge.types import Judgement, SecondOpinion
from judge.verdicts import Judge, further_scores, missed_threshold, not_found_threshold
from rag.errors import UserError
from rag.types import Chunk, RetrievedChunk, Turn

if TYPE_CHECKING:
    from judge.second import SecondJudge

log = logging.getLogger(__name__)

MAX_WAITING = 256  # turns; a judge takes about a second for one, and nobody waits longer for a badge
MAX_YIELD_S = 5.0  # a turn waits this long for generation at most, so that a busy page still gets its badges
BUSY_POLL_S = 0.05
RELOAD_S = 30.0  # between two attempts to load a judge that did not load
AHEAD = 200  # passages read ahead at most; an encoded one takes about 0.6 MB
AHEAD_AT_ONCE = 4  # between two looks at whether somebody waits
KEPT_UNRECORDED = 1000
KEPT_JUDGEMENTS = 256  # by content, so that the same reply to the same question and passages is not judged twice
BEHIND = "the judge is behind"
NOT_RECORDED = "the judgement could not be recorded"
NOT_FINISHED = "the reply was not finished"
STUCK = "the judge is still at work on an earlier reply"


class JudgeService:
    """A queue of finished turns and the one thread that judges them.

    A closed tab, a slow judge or a failing one loses nothing: judgements go to the record, and turns the
    process left unjudged are taken up again at the next start.

    Args:
        judge_loader: returns the judge; called in the background when the first turn needs it.
        store: the record; must outlive the service.
        busy: set (or true) while a reply is being generated.
        timeout_s: seconds one turn may take; then its scores are unscored.
        on_judged: told, in the worker, each judgement that was recorded; what it raises is logged.
        second: asked about every turn that was judged; closed with this service.
    """

    name = "judge"  # of the worker's thread

    def __init__(
        self,
        judge_loader: Callable[[], Judge],
        store: Store,
        busy: threading.Event | Callable[[], bool] | None = None,
        timeout_s: float = 60.0,
        on_judged: Callable[[Turn, Judgement], None] | None = None,
        second: SecondJudge | None = None,
    ) -> None:
        self._loader = judge_loader
        self._store = store
        self._busy = busy.is_set if isinstance(busy, threading.Event) else busy or (lambda: False)
        self._timeout_s = timeout_s
        self._on_judged = on_judged
        self._second = second
        self._judge: Judge | None = None
        self._load_error: tuple[float, UserError] | None = None
        self._loading = threading.Lock()
        self._changed = threading.Condition()
        self._waiting: deque[Turn] = deque()
        self._pending: dict[str, Turn] = {}  # waiting or being judged; the newest of each id
        self._unrecorded: OrderedDict[str, Judgement] = OrderedDict()  # the record is preferred where it works
        self._known: OrderedDict[str, Judgement] = OrderedDict()  # by content and judge; the worker's alone
        self._ahead: deque[str] = deque()
        self._call: threading.Thread | None = None
        self._closed = False
        for turn in self._left_over()[-MAX_WAITING:]:
            self._waiting.append(turn)
            self._pending[turn.id] = turn
        self._worker = threading.Thread(target=self._work, name=self.name, daemon=True)
        self._worker.start()
        if second is not None:
            second.follow(self)

    @property
    def judge_id(self) -> str | None:
        """Names the judge; None until it is loaded."""
        return self._judge.id if self._judge is not None else None

    def submit(self, turn: Turn) -> None:
        """Have a finished turn judged; an earlier request for the same turn is dropped. Never waits for the judge."""
        if self._second is not None:
            self._second.forget(turn.id)
        with self._changed:
            self._unrecorded.pop(turn.id, None)
            refused = ""
            if turn.status != "finished":
                refused = NOT_FINISHED
            elif self._closed or len(self._waiting) >= MAX_WAITING:
                refused = BEHIND
            if refused:
                self._pending.pop(turn.id, None)
            else:
                self._pending[turn.id] = turn
                self._waiting.append(turn)
            self._changed.notify_all()
        if refused:
            self._settle(turn, unscored(refused, self.judge_id or ""), final=False)

    def state(self, turn_id: str) -> Literal["pending"] | Judgement | None:
        """The turn's judgement, "pending" while it is waited for, None where it was never asked for."""
        with self._changed:
            if turn_id in self._pending:
                return "pending"
            unrecorded = self._unrecorded.get(turn_id)
        return unrecorded or self._store.judgement(turn_id)

    def pending(self, turn_ids: Iterable[str]) -> set[str]:
        """Which of these turns are still waited for."""
        with self._changed:
            return {turn_id for turn_id in turn_ids if turn_id in self._pending}

    def awaits_second(self, turn_id: str) -> bool:
        """Whether the turn's judgement may still give way to a second judge's."""
        return self._second is not None and bool(self._second.pending([turn_id]))

    def second_opinion(self, turn_id: str) -> SecondOpinion | None:
        """What a second judge says beside `state`; None where none was asked.

        A turn that waits in the record for a second judge that is not configured any more waits for nothing.
        """
        if self._second is not None and (said := self._second.opinion(turn_id)) is not None:
            return said
        kept = self._store.second_opinion(turn_id)
        return None if kept is None or kept.state == "pending" else kept

    @property
    def second_id(self) -> str | None:
        """Names the second judge; None where there is none, or it is not loaded yet."""
        return None if self._second is None else self._second.judge_id

    @property
    def queue_depth(self) -> int:
        """How many turns wait for their judgement or are being judged."""
        with self._changed:
            return len(self._pending)

    def wait(self, timeout: float | None = None) -> bool:
        """Sleep until something changes. Returns: False when `timeout` seconds passed without a change."""
        with self._changed:
            return self._changed.wait(timeout)

    def warm_up(self) -> None:
        """Load the judge and let it fill one tiny matrix, so that the first badge does not pay for it.

        Raises:
            UserError: the judge cannot be loaded.
        """
        judge = self._load()
        judge_turn(judge, "Where does she work?", "She works at Hanbit Labs [1].", ["Engineer at Hanbit Labs"])

    def read_ahead(self, passages: Iterable[str]) -> None:
        """Let the judge read passages, as `passage_of` gives them, while nobody waits: later badges need not pay for it."""
        with self._changed:
            self._ahead = deque(itertools.islice(passages, AHEAD))
            self._changed.notify_all()

    def close(self, timeout_s: float = 5.0) -> None:
        """Stop after the turn in work; what waits is judged at the next start."""
        with self._changed:
            self._closed = True
            self._waiting.clear()
            self._pending.clear()
            self._changed.notify_all()
        self._worker.join(timeout_s)
        if self._second is not None:
            self._second.close(timeout_s)

    # ------------------------------------------------------------------ what the second judge does in its own way

    def _left_over(self) -> list[Turn]:
        """The turns that an earlier process left unjudged."""
        return self._store.unjudged()

    def _record(self, turn: Turn, judgement: Judgement, final: bool) -> bool:
        return self._store.save_judgement(turn.id, judgement, turn.response, final, self._second is not None)

    def _unrecorded_as(self, judgement: Judgement) -> Judgement:
        """What is shown of a judgement that cannot be recorded."""
        return judgement

    def _wait_for(self, call: threading.Thread, seconds: float) -> None:
        """Until the call has ended, or has worked for so many seconds."""
        call.join(max(0.0, seconds))

    # ------------------------------------------------------------------ in the worker

    def _work(self) -> None:
        while True:
            with self._changed:
                while not self._waiting and not self._ahead and not self._closed:
                    self._changed.wait()
                if self._closed:
                    return
                turn = self._waiting.popleft() if self._waiting else None
                if turn is not None and self._pending.get(turn.id) is not turn:
                    continue  # submitted again since, with another reply
                if turn is None:
                    some = [self._ahead.popleft() for _ in range(min(AHEAD_AT_ONCE, len(self._ahead)))]
            if turn is not None:
                self._judge_one(turn)
            else:
                self._read(some)

    def _read(self, passages: list[str]) -> None:
        try:
            judge = self._load()
            while self._busy() and not self._waiting and not self._closed:
                time.sleep(BUSY_POLL_S)
            if self._waiting and not self._closed:
                with self._changed:
                    self._ahead.extendleft(reversed(passages))  # a turn goes first
            elif hasattr(judge, "prepare"):
                judge.prepare(passages)
        except Exception:  # it only saves time: the turns that need these passages say what is wrong with the judge
            log.exception("passages could not be read ahead")
            with self._changed:
                self._ahead.clear()

    def _judge_one(self, turn: Turn) -> None:
        try:
            self._let_generation_go_first()
            judgement, final = self._judgement_of(turn)
        except Exception as error:  # the worker has other turns to judge
            log.exception("turn %s could not be judged", turn.id)
            judgement, final = unscored(why(error), self.judge_id or ""), False
        if not self._closed and self._settle(turn, judgement, final):
            # Before the turn stops being pending: who waits for the badges sees the flag, and that more is to come, with them.
            if self._on_judged is not None:
                try:
                    self._on_judged(turn, judgement)
                except Exception:  # the worker has other turns to judge
                    log.exception("turn %s: what follows from its judgement was not done", turn.id)
            with self._changed:
                newest = self._pending.get(turn.id) is turn
            if self._second is not None and newest:
                self._second.submit(turn)
        with self._changed:
            if self._pending.get(turn.id) is turn:
                del self._pending[turn.id]
            self._changed.notify_all()

    def _settle(self, turn: Turn, judgement: Judgement, final: bool) -> bool:
        """Record a judgement; one that cannot be recorded is at least shown until the process ends.

        Args:
            final: False where the next start may do better: the judge was not there, failed, or had too much to do.

        Returns: whether it was recorded.
        """
        try:
            # Nothing is recorded for a turn that is gone, or answered anew.
            return self._record(turn, judgement, final)
        except Exception:  # whatever the database raises, the badges are shown all the same
            log.exception("turn %s: the judgement could not be recorded", turn.id)
            with self._changed:
                if self._pending.get(turn.id, turn) is turn:
                    self._unrecorded[turn.id] = self._unrecorded_as(judgement)
                while len(self._unrecorded) > KEPT_UNRECORDED:
                    self._unrecorded.popitem(last=False)
            return False

    def _judgement_of(self, turn: Turn) -> tuple[Judgement, bool]:
        """The judgement, and whether it is final (a judge that is not there says nothing of the turn)."""
        try:
            judge = self._load()
        except UserError as error:
            return unscored(str(error)), False
        started = time.monotonic()
        if self._call is not None and self._call.is_alive():  # timed out earlier; a model call cannot be killed
            self._wait_for(self._call, self._timeout_s)
            if self._call.is_alive():
                return unscored(STUCK, judge.id, time.monotonic() - started, further_scores(judge)), False
        made: list[Judgement] = []
        question = turn.standalone_question or turn.user_input
        passages = [passage(found) for found in turn.retrieved_contexts]
        key = content_key(judge, question, turn.response, passages)
        if key in self._known:
            self._known.move_to_end(key)
            return replace(self._known[key], seconds=time.monotonic() - started), True
        self._call = threading.Thread(
            target=lambda: made.append(judge_turn(judge, question, turn.response, passages)),
            name="judge-call",
            daemon=True,
        )
        self._call.start()
        self._wait_for(self._call, self._timeout_s - (time.monotonic() - started))
        if made:
            scores = made[0].scores.values()
            if any(score.value is not None for score in scores):  # a judge that failed may do better
                self._known[key] = made[0]
                while len(self._known) > KEPT_JUDGEMENTS:
                    self._known.popitem(last=False)
            return made[0], not any(score.reason.startswith(FAILED) for score in scores)
        seconds = time.monotonic() - started
        log.warning("turn %s: judge %s took longer than %g s", turn.id, judge.id, self._timeout_s)
        return unscored(f"the judge took longer than {self._timeout_s:g} s", judge.id, seconds, further_scores(judge)), True

    def _load(self) -> Judge:
        with self._loading:
            if self._judge is not None:
                return self._judge
            if self._load_error is not None and time.monotonic() - self._load_error[0] < RELOAD_S:
                raise self._load_error[1]
            try:
                self._judge = self._loader()
            except Exception as error:
                log.exception("the judge did not load")
                if not isinstance(error, UserError):
                    kind = type(error).__name__
                    error = UserError(
                        f"The judge did not load ({kind}); the server log says why.",
                        f"평가 모델을 불러오지 못했습니다({kind}). 원인은 서버 로그에 있습니다.",
                    )
                self._load_error = time.monotonic(), error
                raise error from None
        with self._changed:
            self._changed.notify_all()
        return self._judge

    def _let_generation_go_first(self) -> None:
        until = time.monotonic() + MAX_YIELD_S
        while self._busy() and not self._closed and time.monotonic() < until:
            time.sleep(BUSY_POLL_S)


def content_key(judge: Judge, question: str, response: str, passages: Iterable[str]) -> str:
    """Names what is judged and by which judge in which version: `Judge.id` names the weights, the thresholds are its own, and the rules are code."""
    thresholds = [
        judge.supported_threshold, not_found_threshold(judge), judge.contradicted_threshold, judge.relevant_threshold, missed_threshold(judge),
    ]  # fmt: skip
    asked = json.dumps([judge.id, code_version(), thresholds, question, response, list(passages)])  # ASCII, so surrogates pass too
    return hashlib.sha256(asked.encode()).hexdigest()


@lru_cache(maxsize=1)
def code_version() -> str:
    """Hash of the modules that make a score; a kept judgement is no longer good once a rule has changed."""
    import rag

    judge = Path(__file__).parent
    digest = hashlib.sha256()
    for package in (judge, judge / "metrics", Path(rag.__file__).parent):
        for module in sorted(package.glob("*.py")):
            digest.update(module.read_bytes())
    return digest.hexdigest()


def passage(found: RetrievedChunk) -> str:
    """A retrieved chunk as the judge reads it: whose resume and which section, then the text.

    Without the first line, a reply that names the candidate names somebody the passage does not know.
    """
    return passage_of(found.chunk)


def passage_of(chunk: Chunk) -> str:
    """The same for a chunk of the index."""
    head = " – ".join(part for part in (chunk.subject, chunk.section) if part)
    return f"{head}\n{chunk.text}" if head else chunk.text
