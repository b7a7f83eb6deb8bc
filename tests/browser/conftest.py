"""A browser, the real app in a process of its own, and the page on fakes in this one."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

PROJECT = Path(__file__).resolve().parents[2]
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# What Gradio's own client logs when a page is left while a reply streams.
LEFT_WHILE_STREAMING = ("AbortError: signal is aborted without reason", "Unexpected error Connection errored out.")
PATIENCE_MS = 30_000  # most waits take milliseconds; a loaded machine takes longer
expect.set_options(timeout=PATIENCE_MS)
START_S = 240  # the first start may fetch and convert the weights


@dataclass
class Visit:
    """A page and everything that went wrong or out while it was open."""

    page: Page
    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def ask(self, question: str) -> None:
        """Ask, and wait until the question stands in the chat: `reply` is its reply from then on."""
        box, asked = self.page.locator("#box textarea"), self.page.locator("#chat .v-question")
        box.fill(question)
        before = asked.count()
        box.press("Enter")
        expect(asked).to_have_count(before + 1)

    def refused(self, question: str) -> None:
        """Ask what will not be answered."""
        box = self.page.locator("#box textarea")
        box.fill(question)
        box.press("Enter")

    @property
    def reply(self):
        """The newest reply."""
        return self.page.locator("#chat .v-reply").last

    def leave(self) -> None:
        """Go elsewhere, and forget what Gradio's client logs when its stream is cut."""
        self.page.goto("about:blank")
        self._forget_the_cut()

    def reload(self) -> None:
        """Reload, and forget the same: watching the judge is a stream too."""
        self.page.reload()
        self._forget_the_cut()

    def _forget_the_cut(self) -> None:
        self.errors = [error for error in self.errors if not error.startswith(LEFT_WHILE_STREAMING)]

    def assert_clean(self) -> None:
        """Nothing was thrown, logged as an error, or requested from elsewhere."""
        assert self.errors == [] and self.outside == []

    def assert_fits(self) -> None:
        """No part of the page reaches beyond the window's width."""
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.fixture(scope="module")
def chromium():
    """A missing browser fails the tests: a page that nobody has opened is not tested."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser):
    """Open an address as a fresh visitor: `visit(url, width=…, height=…, dark=…, locale=…)`."""
    contexts = []

    def open_page(url: str, width=1360, height=860, dark=False, locale="en-US", context=None) -> Visit:
        if context is None:
            context = chromium.new_context(
                viewport={"width": width, "height": height},
                color_scheme="dark" if dark else "light",
                locale=locale,
            )
            contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        seen = Visit(page)
        page.on("console", lambda message: seen.errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: seen.errors.append(str(error)))
        page.on("dialog", lambda dialog: (seen.errors.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda request: None if _local(request.url) else seen.outside.append(request.url))
        page.goto(url, timeout=1000 * START_S)
        page.wait_for_selector("#box textarea:enabled")
        page.wait_for_selector("#upload-hint p", state="attached")  # out of sight where the sidebar is closed
        return seen

    yield open_page
    for context in contexts:
        context.close()


def _local(url: str) -> bool:
    return url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def launched(demo, settings) -> str:
    """The address of a page, which is launched; again where a busy machine was slower than the three seconds that Gradio waits for itself."""
    from ui import launch_options

    for attempt in range(3):
        port = free_port()
        try:
            demo.launch(server_name="127.0.0.1", server_port=port, prevent_thread_lock=True, quiet=True, **launch_options(settings))
            return f"http://127.0.0.1:{port}/"
        except ValueError as error:
            if attempt == 2 or "localhost is not accessible" not in str(error):
                raise
            demo.close()
    raise AssertionError("unreachable")


def wait_until_up(url: str, alive=lambda: True) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and alive():
        try:
            urllib.request.urlopen(url, timeout=2).read()
            return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"nothing answered at {url}")


class App:
    """`python app.py` with its own index, record and port."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/"
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        environment = {
            **os.environ,
            "VOUCH_PORT": str(self.port),
            "VOUCH_INDEX": str(self.folder / "index"),
            "DATABASE_URL": f"sqlite:///{self.folder / 'vouch.sqlite'}",
            "GRADIO_TEMP_DIR": str(self.folder / "uploads"),
        }
        environment.pop("SPACE_ID", None)
        log = (self.folder / "log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "app.py"], cwd=PROJECT, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            wait_until_up(self.url, lambda: self.process.poll() is None)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.log()}") from None

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(30)

    def restart(self) -> None:
        self.stop()
        self.start()

    def log(self) -> str:
        return (self.folder / "log").read_text("utf-8", "replace")


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    """The real thing: embedded models, sample resumes."""
    running = App(tmp_path_factory.mktemp("app"))
    running.start()
    yield running
    running.stop()
