"""Another answer where the judge doubts one, in a browser: by keyboard, remembered over a reload, in both languages."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import launched
from tests.browser.fakes import FakeBot, FakeJudge, services_of

# Where the pictures go, for a person to look at; none are taken without it.
PICTURES = os.environ.get("VOUCH_PICTURES")


@pytest.fixture(scope="module")
def url():
    from settings import Settings
    from ui import build_app
    from ui.services import BotLoader

    loader = BotLoader(lambda: FakeBot(pace=0.02))
    loader.start()
    loader.join()
    settings = Settings(_env_file=None)
    demo = build_app(services_of(loader, FakeJudge(0.3)), settings)
    yield launched(demo, settings)
    demo.close()


def picture(page, name):
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        page.page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


def want_offers(page):
    """Set the switch in the sidebar by keyboard."""
    if not page.page.locator("#side.open").count():
        page.page.locator("#side .toggle-button").click()
    switch = page.page.locator("#repairs input[type=checkbox]")
    expect(switch).to_be_visible()  # what is still hidden takes no focus
    switch.focus()
    page.page.keyboard.press("Space")
    expect(switch).to_be_checked()


@pytest.mark.parametrize(
    ("name", "look"),
    [
        ("light", {}),
        ("dark", {"dark": True}),
        ("narrow", {"width": 390, "height": 844}),
        ("korean", {"locale": "ko-KR"}),
    ],
)
def test_a_doubted_reply_is_answered_again_beside_the_old_one(url, visit, name, look):
    page = visit(url, **look)
    page.ask("What did she build?")
    expect(page.reply.locator(".v-row-scored")).to_be_visible()
    expect(page.page.locator(".v-repair")).to_have_count(0)  # off by default

    want_offers(page)
    offer = page.page.locator("#chat button.v-repair")
    expect(offer).to_have_text("↻출처를 보고 다시 답하기" if name == "korean" else "↻Answer again from the sources")
    if name == "narrow":
        page.page.locator("#side .toggle-button").click()
    picture(page, f"offer-{name}")
    offer.focus()
    page.page.keyboard.press("Enter")

    chat = page.page.locator("#chat")
    expect(chat.locator(".v-replaced > summary")).to_contain_text("0.67")
    expect(chat.locator(".v-row-scored .v-badge").first).to_contain_text("1.00")
    expect(offer).to_have_count(0)
    chat.locator(".v-replaced > summary").focus()
    page.page.keyboard.press("Enter")
    expect(chat.locator(".v-replaced .v-text")).to_contain_text("Nobel")
    picture(page, f"repaired-{name}")
    page.assert_fits()
    page.assert_clean()


def test_the_switch_and_both_replies_are_there_after_a_reload(url, visit):
    page = visit(url)
    want_offers(page)
    page.ask("What did she build?")
    page.page.locator("#chat button.v-repair").click()
    expect(page.page.locator("#chat .v-replaced > summary")).to_contain_text("0.67")
    expect(page.page.locator("#chat .v-row-scored .v-badge").first).to_contain_text("1.00")
    page.reload()
    expect(page.page.locator("#chat .v-replaced > summary")).to_contain_text("0.67")
    expect(page.page.locator("#repairs input[type=checkbox]")).to_be_checked()
    page.assert_clean()
