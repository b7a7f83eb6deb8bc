"""Forgets old conversations by itself: once at the start, then once a day."""

from __future__ import annotations

import logging
import threading

from judge.regression.store import RegressionStore

log = logging.getLogger(__name__)

DAY_S = 24 * 3600.0


class Retention:
    """Purges the record in the background; see `RegressionStore.purge` for what goes.

    Args:
        record: the record; must outlive this one.
        days: conversations nobody used for so many days are forgotten; 0 keeps everything.
        every_s: seconds between two looks.
    """

    def __init__(self, record: RegressionStore, days: int, every_s: float = DAY_S) -> None:
        self._record, self._days, self._every_s = record, days, every_s
        self._closed = threading.Event()
        if days > 0:
            threading.Thread(target=self._work, name="retention", daemon=True).start()

    def close(self) -> None:
        """Look no more."""
        self._closed.set()

    def _work(self) -> None:
        while True:
            try:
                gone = self._record.purge(self._days)
                if gone:
                    log.info("retention: %d conversations older than %d days were forgotten", gone, self._days)
            except Exception:  # tomorrow is another day: a database that is away comes back
                log.exception("retention: old conversations could not be forgotten")
            if self._closed.wait(self._every_s):
                return
