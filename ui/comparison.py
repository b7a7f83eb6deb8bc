"""Two runs side by side, and on demand which change moved a case."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Looking:
    """What of a comparison is shown: the open case, the page of the list, and which cases it lists."""

    case: str = ""
    page: int = 0
    shown: str = ""


class Comparison:
    def __init__(self, record, open_backend, settings) -> None:
        self._record = record

    def drawn(self, before, after, looking, language) -> str:
        return ""
