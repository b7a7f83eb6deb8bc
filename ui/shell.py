"""What the Regression and Judge pages share: header, language, and the lock that a password opens."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import gradio as gr

from settings import Settings
from ui import render
from ui.access import Access, TooManyTries
from ui.i18n import say
from ui.visitors import FRESH, Visitor, in_other_language, visitor_of

# Sent to every browser that opens the page, so it is no secret; it must only stay the same, or a
# restart would lose what browsers remember (Gradio draws a new one at each start unless given).
STORAGE_KEY, STORAGE_SECRET = "vouch", "vouch-browser-state"
# A live region is only read out if the element was there before its content changed.
LIVE_REGION = "element.setAttribute('role', 'status'); element.setAttribute('aria-live', 'polite');"
PAGE_LANGUAGE = """const set = () => { const l = element.querySelector('[lang]');
  if (l) document.documentElement.lang = l.lang; }; set(); watch('value', set);"""


class Locked(gr.Error):
    """The sender has not opened this page; nothing was done."""


def browser_state() -> gr.BrowserState:
    """What a browser remembers of its visitor; each page needs one of its own, all name the same store."""
    return gr.BrowserState(dict(FRESH), storage_key=STORAGE_KEY, secret=STORAGE_SECRET)


class AdminPage:
    """A page that shows everybody's questions; its handlers begin with `admitted`.

    Args:
        name: the key of render.PAGES.
    """

    live_region = LIVE_REGION

    def __init__(self, name: str, settings: Settings, access: Access) -> None:
        self.name = name
        self.settings = settings
        self.access = access
        self._switched: dict[str, str] = {}  # session -> the language its tab was switched to

    # -------------------------------------------------------------- components

    def build_top(self) -> None:
        with gr.Row(elem_id="top"):
            self.header = gr.HTML(render.header("en", self.name), elem_id="brand", js_on_load=PAGE_LANGUAGE)
            self.toggle = gr.Button("한국어", size="sm", scale=0, min_width=90, elem_id="language")
        with gr.Column(visible=False, elem_id="lock") as self.lock:
            self.why = gr.HTML("", js_on_load=LIVE_REGION)
            self.password = gr.Textbox(
                type="password",
                elem_id="password",
                max_lines=1,
                html_attributes=gr.InputHTMLAttributes(autocomplete="current-password"),
            )
            self.unlock = gr.Button("Open", variant="primary", elem_id="unlock")

    def top(self) -> list:
        """What `topped` draws."""
        return [self.header, self.toggle, self.lock, self.why, self.password, self.unlock]

    def topped(self, visitor: Visitor, wrong: str = "") -> tuple:
        """Header and lock in the visitor's language.

        Args:
            wrong: why the password just given does not open the page.
        """
        language, standing = visitor.language, self.access.standing(visitor.admin)
        text = "" if standing == "open" else say(language, f"locked_{standing}")
        why = f'<p class="v-locked">{render.escape(text)}</p>' + render.status_line(wrong, "error")
        asked = standing == "ask"
        return (
            render.header(language, self.name),
            gr.Button(say(language, "toggle_language")),
            gr.Column(visible=standing != "open"),
            why,
            gr.Textbox("", label=say(language, "password"), visible=asked),
            gr.Button(say(language, "unlock"), visible=asked),
        )

    # -------------------------------------------------------------- who is there

    def admitted(self, browser: object, request: gr.Request) -> Visitor:
        """The sender of an event.

        Raises:
            Locked: they may not see this page.
        """
        visitor = visitor_of(browser, request)
        if self.access.standing(visitor.admin) != "open":
            self._refuse(visitor)
        return visitor

    def _refuse(self, visitor: Visitor) -> NoReturn:
        raise Locked(say(visitor.language, f"locked_{self.access.standing(visitor.admin)}"), print_exception=False)

    @staticmethod
    def visitor(browser: object, request: gr.Request) -> Visitor:
        """The sender of an event, admitted or not."""
        return visitor_of(browser, request)

    def is_open(self, visitor: Visitor) -> bool:
        """Whether the visitor may see the page."""
        return self.access.standing(visitor.admin) == "open"

    def try_password(self, password: object, browser: object, request: gr.Request) -> tuple[Visitor, str]:
        """The visitor, with a token if the password was right, and what to say if not."""
        visitor = visitor_of(browser, request)
        try:
            token = self.access.unlock(password)
        except TooManyTries:
            return visitor, say(visitor.language, "too_many_tries")
        if token is None:
            return visitor, say(visitor.language, "wrong_password")
        remembered = {**visitor.browser(visitor.conversation_id), "admin": token}
        return visitor_of(remembered, request), ""

    def other_language(self, browser: object, request: gr.Request) -> Visitor:
        """The visitor after a press on the language button."""
        visitor = in_other_language(visitor_of(browser, request), request)
        self._switched[visitor.session] = visitor.language
        return visitor

    def language_now(self, visitor: Visitor) -> str:
        """What the visitor's tab speaks by now; an event that takes minutes began with what it spoke then."""
        return self._switched.get(visitor.session, visitor.language)

    def forget_tab(self, request: gr.Request) -> None:
        """The tab was closed."""
        self._switched.pop(str(request.session_hash), None)

    @staticmethod
    def served(path: Path) -> str:
        """A copy of a file where Gradio serves it from; the copy goes with the others of `delete_cache`."""
        from gradio.processing_utils import save_file_to_cache
        from gradio.utils import get_upload_folder

        return save_file_to_cache(path, get_upload_folder())
