"""Two judges in a browser: the first one's badges at once, then the second one's in their place, and what each said."""

from __future__ import annotations

import os
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from judge.second import SecondJudge
from judge.service import JudgeService
from judge.verdicts import Matrix
from tests.browser.conftest import launched
from tests.browser.fakes import FakeBot, FakeStore, WordJudge, services_of

# Where the pictures go, for a person to look at; none are taken without it.
PICTURES = os.environ.get("VOUCH_PICTURES")
LOOKS = [
    ("light", {}),
    ("dark", {"dark": True}),
    ("narrow", {"width": 390, "height": 844}),
    ("narrow-dark-korean", {"width": 390, "height": 844, "dark": True, "locale": "ko-KR"}),
    ("korean", {"locale": "ko-KR"}),
]


class LargeJudge(WordJudge):
    """Supports every claim, once `gate` is open; a question with "broken" in it makes it fail."""

    id = "decision/large-judge-3B-Instruct"

    def __init__(self) -> None:
        self.gate = threading.Event()

    def matrix(self, question, reply, claims, chunks):
        assert self.gate.wait(60)
        if "broken" in question:
            raise RuntimeError("CUDA out of memory")
        cells = np.full((len(claims), len(chunks) + 1), 0.95)
        return Matrix(cells, 0 * cells, np.full(len(chunks), 0.9), 0.99, [[""] * (len(chunks) + 1)] * len(claims))


@pytest.fixture(scope="module")
def page_of():
    from settings import Settings
    from ui import build_app
    from ui.services import BotLoader

    loader = BotLoader(lambda: FakeBot(pace=0.02))
    loader.start()
    loader.join()
    store, large = FakeStore(), LargeJudge()
    judge = JudgeService(WordJudge, store, second=SecondJudge(lambda: large, store))
    services = replace(services_of(loader, judge, store, judge_id="word-judge"), second_judge="large-judge-3B-Instruct")
    settings = Settings(_env_file=None)
    demo = build_app(services, settings)
    yield launched(demo, settings), large
    large.gate.set()
    demo.close()
    judge.close()


def picture(page, name):
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        page.page.screenshot(path=f"{PICTURES}/{name}.png")


@pytest.mark.parametrize(("name", "look"), LOOKS)
def test_the_second_judges_badges_take_the_place_of_the_first_ones(page_of, visit, name, look):
    url, large = page_of
    large.gate.clear()
    korean = "korean" in name
    page = visit(url, **look)
    page.ask(f"What did she build, {name}?")  # the same question would be known already

    badge, note = page.reply.locator(".v-badge").first, page.reply.locator(".v-second")
    expect(badge.locator(".v-value")).to_have_text("0.67")
    expect(note).to_have_text("⋯두 번째 평가를 기다리는 중" if korean else "⋯a second opinion is coming")
    picture(page, f"coming-{name}")

    large.gate.set()
    expect(badge.locator(".v-value")).to_have_text("1.00")  # the same turn, without a click
    expect(note).to_have_text("②두 번째 평가 결과" if korean else "②second opinion")
    expect(page.page.locator("#spoken")).to_contain_text("두 번째 평가 결과. 점수" if korean else "second opinion. Scores")
    expect(page.page.locator("#chat .v-reply")).to_have_count(1)
    page.reply.locator(".v-why > summary").focus()
    page.page.keyboard.press("Enter")
    table = page.reply.locator(".v-judges")
    expect(table).to_contain_text("word-judge")
    expect(table).to_contain_text("decision/large-judge-3B-Instruct")
    expect(table.locator("tbody tr").first.locator("td")).to_have_text(["0.67", "1.00"])
    table.scroll_into_view_if_needed()
    picture(page, f"shown-{name}")
    page.assert_fits()

    page.reload()
    expect(page.reply.locator(".v-badge .v-value").first).to_have_text("1.00")
    expect(page.reply.locator(".v-second-shown")).to_be_visible()
    page.assert_clean()


@pytest.mark.parametrize(("name", "look"), [LOOKS[0], LOOKS[3]])
def test_a_second_judge_that_fails_leaves_the_badges_and_says_why(page_of, visit, name, look):
    url, large = page_of
    large.gate.set()
    page = visit(url, **look)
    page.ask(f"What was broken, {name}?")
    note = page.reply.locator(".v-second-unscored")
    expect(note).to_contain_text("CUDA out of memory")
    expect(page.reply.locator(".v-badge .v-value").first).to_have_text("0.67")
    picture(page, f"failed-{name}")
    page.assert_fits()
    page.assert_clean()


def test_the_models_in_use_name_the_second_judge(page_of, visit):
    page = visit(page_of[0])
    expect(page.page.locator("#models")).to_contain_text("large-judge-3B-Instruct")
