"""Who may see the pages that show everybody's questions, and who opens them with a password."""

from __future__ import annotations

import hmac
import ipaddress
import os
import secrets
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Literal

from settings import Settings

Standing = Literal["open", "ask", "closed"]

TOKEN_S = 12 * 3600.0  # a browser that gave the password is asked again after this long
KEPT_TOKENS = 200
TRIES, PER_S = 10, 60.0  # wrong passwords in all, so that guessing takes years and not minutes


class TooManyTries(Exception):
    """Passwords are not looked at for a while."""


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches a server at `host`."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def beyond_loopback(settings: Settings) -> bool:
    """Whether others than this machine's users may reach the page: by its host, as a Space, or by a share link."""
    shared = os.environ.get("GRADIO_SHARE", "").lower() == "true"
    return bool(os.environ.get("SPACE_ID")) or shared or not is_loopback(settings.host)


class Access:
    """Decides for every event anew; what a browser shows or hides is no protection.

    The pages are open on loopback, unless a password is set (a reverse proxy also reaches loopback). Beyond loopback
    they are closed until a password is set, and given.

    Args:
        clock: seconds, never going back.
    """

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._password = settings.admin_password.encode()
        self._beyond = beyond_loopback(settings)
        self._clock = clock
        self._tokens: OrderedDict[str, float] = OrderedDict()  # token -> when it ends
        self._wrong: deque[float] = deque()
        self._lock = threading.Lock()

    def standing(self, token: object) -> Standing:
        """ "open" to the holder of `token`, "ask" where a password would open, "closed" where there is none to give."""
        if not self._password:
            return "closed" if self._beyond else "open"
        now = self._clock()
        with self._lock:
            for known in [known for known, end in self._tokens.items() if end <= now]:
                del self._tokens[known]
            held = isinstance(token, str) and any(
                hmac.compare_digest(token.encode("utf-8", "replace"), known.encode()) for known in self._tokens
            )
        return "open" if held else "ask"

    def unlock(self, password: object) -> str | None:
        """A token for the right password, None for a wrong one.

        Raises:
            TooManyTries: there were too many wrong ones within the last minute.
        """
        if not self._password:
            return None
        now = self._clock()
        with self._lock:
            while self._wrong and self._wrong[0] <= now - PER_S:
                self._wrong.popleft()
            if len(self._wrong) >= TRIES:
                raise TooManyTries
            given = password.encode("utf-8", "replace") if isinstance(password, str) else b""
            if not hmac.compare_digest(given, self._password):
                self._wrong.append(now)
                return None
            token = secrets.token_urlsafe(32)
            self._tokens[token] = now + TOKEN_S
            while len(self._tokens) > KEPT_TOKENS:
                self._tokens.popitem(last=False)
            return token
