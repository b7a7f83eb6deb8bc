"""Runs the regression cases in the background, one run at a time; a closed tab does not end a run."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from judge.regression.types import CaseResult, Run
from rag.errors import UserError
from settings import Settings
from ui.i18n import LANGUAGES, say

if TYPE_CHECKING:
    from judge.regression.runner import Backend
    from judge.regression.store import RegressionStore

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the run at hand is.

    Attributes:
        stage: "idle" before the first run and after the last; "opening" while models load.
        failing: cases that did not pass so far in this process.
        left_s: seconds that the rest will take at the pace so far; None until a case is done.
        error: why the last run could not begin or go on.
        version: grows with every change.
    """

    stage: Literal["idle", "opening", "running", "stopping"] = "idle"
    run_id: str = ""
    name: str = ""
    done: int = 0
    total: int = 0
    failing: int = 0
    left_s: float | None = None
    error: UserError | None = None
    version: int = 0


def sentence(key: str, **values: object) -> UserError:
    """One of the page's sentences as an error in both languages."""
    return UserError(*(say(language, key, **values) for language in LANGUAGES))


class RunDesk:
    """Starts, stops and resumes runs. Any thread may call any method.

    Args:
        record: where runs are kept.
        open_backend: what the settings name, loaded.
        thresholds: those a case fails under, by metric, as they are when a run begins.
    """

    def __init__(
        self,
        record: RegressionStore,
        open_backend: Callable[[Settings], Backend],
        thresholds: Callable[[], Mapping[str, float]],
    ) -> None:
        self._record = record
        self._open_backend = open_backend
        self._thresholds = thresholds
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._progress = Progress()
        self._thread: threading.Thread | None = None

    @property
    def progress(self) -> Progress:
        """How far it is now."""
        return self._progress

    def start(self, name: str, case_ids: Sequence[str], settings: Settings) -> None:
        """Begin a new run.

        Raises:
            UserError: there is no case to run, or another run goes on.
        """
        if not case_ids:
            raise sentence("nothing_to_run")
        thresholds = dict(self._thresholds())

        def opened(backend: Backend) -> Run:
            return self._record.start_run(name, case_ids, {**backend.configuration, "thresholds": thresholds})

        self._begin(opened, settings, name)

    def resume(self, run: Run, settings: Settings) -> None:
        """Go on with a run that was stopped, or whose process ended.

        Args:
            settings: its own settings, see `settings_of`.

        Raises:
            UserError: another run goes on.
        """

        def opened(backend: Backend) -> Run:
            from judge.regression.runner import check_same

            check_same(run.configuration, backend.configuration)
            return run

        self._begin(opened, settings, run.name)

    def stop(self) -> None:
        """End the run at hand; what is done is kept."""
        with self._lock:
            if self._progress.stage in ("opening", "running"):
                self._stop.set()
                self._set(stage="stopping")

    def join(self, timeout: float | None = None) -> None:
        """Wait for the run at hand."""
        if self._thread is not None:
            self._thread.join(timeout)

    # ------------------------------------------------------------------ inside

    def _begin(self, opened: Callable[[Backend], Run], settings: Settings, name: str) -> None:
        with self._lock:
            if self._progress.stage != "idle":
                raise sentence("run_busy")
            self._stop = threading.Event()
            version = self._progress.version + 1
            self._progress = Progress(stage="opening", name=name, version=version)
            self._thread = threading.Thread(
                target=self._work, args=(opened, settings, self._stop), name="regression-run", daemon=True
            )
            self._thread.start()

    def _work(self, opened: Callable[[Backend], Run], settings: Settings, stop: threading.Event) -> None:
        from judge.regression.runner import run_cases

        error = None
        try:
            backend = self._open_backend(settings)
            if stop.is_set():
                return
            run = opened(backend)
            begun, first = time.monotonic(), run.done
            self._change(run_id=run.id, done=first, total=len(run.case_ids), stage="running")

            def progress(done: int, total: int, result: CaseResult) -> None:
                pace = (time.monotonic() - begun) / max(1, done - first)
                failing = self._progress.failing + (not result.passed)
                self._change(done=done, total=total, failing=failing, left_s=pace * (total - done))

            thresholds = run.configuration.get("thresholds")  # a resumed run keeps its own
            run_cases(self._record, run, backend, stop, progress, thresholds or dict(self._thresholds()))
        except UserError as failure:
            error = failure
        except Exception as failure:  # a thread has no caller: the page says it, the log has the rest
            log.exception("the run failed")
            error = sentence("run_failed_unknown", kind=type(failure).__name__)
        finally:
            self._change(stage="idle", error=error, left_s=None)

    def _change(self, **changes: object) -> None:
        with self._lock:
            if self._progress.stage == "stopping" and changes.get("stage") == "running":
                changes["stage"] = "stopping"
            self._set(**changes)

    def _set(self, **changes: object) -> None:
        self._progress = replace(self._progress, version=self._progress.version + 1, **changes)


def settings_of(run: Run, settings: Settings) -> Settings:
    """The settings that a run was begun with; whatever it does not name is as now."""
    from judge.regression.runner import settings_of as replayed

    return replayed(run.configuration, settings)
