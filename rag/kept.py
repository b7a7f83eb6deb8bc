"""What was read lately, kept within a number of tokens; safe to use from several threads."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """Readings of texts by key; those asked for longest ago go first.

    Args:
        most: tokens of all together.
        tokens: of one.
    """

    def __init__(self, most: int, tokens: Callable[[T], int]) -> None:
        self.most, self._size = most, tokens
        self._kept: OrderedDict[str, T] = OrderedDict()
        self.tokens = 0
        self._lock = threading.Lock()

    def __iter__(self):
        """The keys, the one asked for longest ago first."""
        with self._lock:
            return iter(list(self._kept))

    def known(self, keys: Iterable[str]) -> dict[str, T]:
        """What is kept of these keys."""
        with self._lock:
            found = {key: self._kept[key] for key in keys if key in self._kept}
            for key in found:
                self._kept.move_to_end(key)
        return found

    def keep(self, made: Mapping[str, T]) -> None:
        """Keep these, and let go what is too much."""
        with self._lock:
            for key, each in made.items():
                if key not in self._kept:
                    self._kept[key] = each
                    self.tokens += self._size(each)
            while self.tokens > self.most:
                _, gone = self._kept.popitem(last=False)
                self.tokens -= self._size(gone)

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()
            self.tokens = 0
