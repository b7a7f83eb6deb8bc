"""The Judge page: how far its scores can be trusted, and what its thresholds would flag."""

from __future__ import annotations

import gradio as gr

from settings import Settings
from ui.access import Access
from ui.services import Services
from ui.shell import AdminPage, browser_state


class JudgePage:
    def __init__(self, services: Services, settings: Settings, access: Access) -> None:
        self.services = services
        self.page = AdminPage("judge", settings, access)

    def build(self, demo: gr.Blocks) -> None:
        browser = browser_state()
        self.page.build_top()
