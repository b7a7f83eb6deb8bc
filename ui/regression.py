"""The Regression page: the cases, and the runs against them."""

from __future__ import annotations

import gradio as gr

from settings import Settings
from ui.access import Access
from ui.cases import CasesPanel
from ui.i18n import say
from ui.runs import RunsPanel
from ui.services import Services
from ui.shell import AdminPage, browser_state
from ui.visitors import Visitor, visitor_of

# What each tab looks at: {"query", "id"} of the cases and {"view"} of the runs.
LOOKED_AT = "(browser) => [browser, {...window.vouchCases?.looked(), view: window.vouchRuns?.view()}]"


class RegressionPage:
    """Builds the components, then wires the events; what each tab does is in cases.py and runs.py."""

    def __init__(self, services: Services, settings: Settings, access: Access) -> None:
        self.page = AdminPage("regression", settings, access)
        self.cases = CasesPanel(services, self.page)
        self.runs = RunsPanel(services, self.page, self.cases)

    def build(self, demo: gr.Blocks) -> None:
        """Inside `with demo.route(…)`."""
        browser = browser_state()
        self.page.build_top()
        with gr.Column(visible=False, elem_id="regression") as self.content, gr.Tabs(elem_id="tabs"):
            with gr.Tab("…", id="cases", elem_id="cases-tab") as self.cases_tab:
                self.cases.build()
            with gr.Tab("…", id="runs", elem_id="runs-tab") as self.runs_tab:
                self.runs.build()
        self._wire(demo, browser)

    def _wire(self, demo: gr.Blocks, browser: gr.BrowserState) -> None:
        quick = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
        everything = [
            browser, *self.page.top(), self.content, self.cases_tab, self.runs_tab,
            *self.cases.parts(), *self.runs.parts(),
        ]  # fmt: skip
        secret = [self.page.password, browser]
        looked = gr.JSON(visible=False)  # filled by LOOKED_AT as the event is sent
        opened = [
            demo.load(self.restore, browser, everything, **quick),
            self.page.toggle.click(self.switch_language, [browser, looked], everything, js=LOOKED_AT, **quick),
            self.page.unlock.click(self.unlock, secret, everything, **quick),
            self.page.password.submit(self.unlock, secret, everything, **quick),
        ]
        self.cases.wire(browser)
        self.runs.wire(browser, self.runs_tab, opened)
        demo.unload(self.page.forget_tab)

    # -------------------------------------------------------------- handlers

    def restore(self, browser: object, request: gr.Request):
        """The page was opened."""
        return self._shown(visitor_of(browser, request))

    def switch_language(self, browser: object, looked: object, request: gr.Request):
        """Show the page in the other language from now on; what is looked at and typed stays."""
        return self._shown(self.page.other_language(browser, request), looked=looked)

    def unlock(self, password: object, browser: object, request: gr.Request):
        """A password was given."""
        visitor, wrong = self.page.try_password(password, browser, request)
        return self._shown(visitor, wrong)

    def _shown(self, visitor: Visitor, wrong: str = "", looked: object = None) -> tuple:
        """Every component in the visitor's language; nobody's question to whom the page is closed.

        Args:
            wrong: why the password just given does not open the page.
            looked: what LOOKED_AT says.
        """
        looked = looked if isinstance(looked, dict) else {}
        language, is_open = visitor.language, self.page.is_open(visitor)
        hidden = (gr.skip(),) * (len(self.cases.parts()) + len(self.runs.parts()))
        return (
            visitor.browser(visitor.conversation_id),
            *self.page.topped(visitor, wrong),
            gr.Column(visible=is_open),
            gr.Tab(label=say(language, "tab_cases")),
            gr.Tab(label=say(language, "tab_runs")),
            *((*self.cases.shown(language, looked), *self.runs.shown(language, looked)) if is_open else hidden),
        )
