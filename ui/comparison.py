"""Two runs side by side, and on demand which change moved a case."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from judge.regression.types import Run
from rag.errors import UserError
from settings import Settings
from ui.running import sentence, settings_of

if TYPE_CHECKING:
    from judge.regression.attribution import Attribution
    from judge.regression.diff import Diff
    from judge.regression.runner import Backend
    from judge.regression.store import RegressionStore

log = logging.getLogger(__name__)

KEPT_DIFFS = 4  # bootstrap and permutation take a second for ten metrics; a click on a case must not
KEPT_ATTRIBUTIONS = 200


@dataclass(frozen=True, slots=True)
class Looking:
    """What of a comparison is shown: the open case, the page of the list, and which cases it lists."""

    case: str = ""
    page: int = 0
    shown: str = ""


class Comparison:
    """Compares runs, and keeps what was computed. Any thread may call any method.

    Args:
        record: the runs and their results.
        open_backend: what settings name, loaded; for replaying a case.
        settings: the server's own.
    """

    def __init__(
        self, record: RegressionStore, open_backend: Callable[[Settings], Backend], settings: Settings
    ) -> None:
        self._record = record
        self._open_backend = open_backend
        self._settings = settings
        self._diffs: OrderedDict[tuple, Diff] = OrderedDict()
        self._found: OrderedDict[tuple[str, str, str], Attribution | UserError] = OrderedDict()
        self._lock = threading.Lock()

    def drawn(self, before: Run, after: Run, looking: Looking, language: str) -> str:
        """The comparison as HTML.

        Raises:
            UserError: it is one and the same run.
        """
        from ui import render_diff

        if before.id == after.id:
            raise sentence("compare_same")
        diff = self._diff(before, after)
        found = self._found.get((before.id, after.id, looking.case))
        if isinstance(found, UserError):
            found = found.message(language)
        return render_diff.comparison(diff, looking.shown, looking.page, looking.case, found, language)

    def attribute(self, before: Run, after: Run, case_id: str) -> None:
        """Replay a case and keep what moved it; `drawn` shows it. What went wrong is kept in its place."""
        key = (before.id, after.id, case_id)
        try:
            found: Attribution | UserError = self._attributed(before, after, case_id)
        except UserError as error:
            found = error
        except Exception as error:  # said on the page; the log has the rest
            log.exception("case %s could not be replayed", case_id)
            found = sentence("attribution_failed", kind=type(error).__name__)
        with self._lock:
            self._found[key] = found
            while len(self._found) > KEPT_ATTRIBUTIONS:
                self._found.popitem(last=False)

    def _attributed(self, before: Run, after: Run, case_id: str) -> Attribution:
        from judge.regression.attribution import attribute
        from judge.regression.runner import stands_for

        case = self._record.case(case_id)
        change = next((each for each in self._diff(before, after).cases if each.case_id == case_id), None)
        if case is None or change is None:
            raise sentence("case_gone")
        if change.first is None or change.second is None or change.first.error or change.second.error:
            raise sentence("attribution_no_reply")
        new = self._open_backend(settings_of(after, self._settings))
        if not stands_for(new.configuration, after.configuration):
            raise sentence("attribution_changed")
        try:
            old: Backend | None = self._open_backend(settings_of(before, self._settings))
        except UserError:  # its generator is gone; the other replays still say something
            old = None
        if old is not None and not stands_for(old.configuration, before.configuration):
            old = None
        return attribute(case, change.first, change.second, old, new)

    def _diff(self, before: Run, after: Run) -> Diff:
        from judge.regression.diff import compare

        key = (before.id, before.done, after.id, after.done)
        with self._lock:
            if key in self._diffs:
                self._diffs.move_to_end(key)
                return self._diffs[key]
        diff = compare(self._record, before.id, after.id)
        with self._lock:
            self._diffs[key] = diff
            while len(self._diffs) > KEPT_DIFFS:
                self._diffs.popitem(last=False)
        return diff
