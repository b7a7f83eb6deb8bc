"""From a bad answer to a case, two runs and their diff, in a browser; the Judge page; and who may see them."""

from __future__ import annotations

import os
import re
import time

import pytest
from playwright.sync_api import expect

from benchmarks.answers import Question, is_correct, read_questions
from judge.regression.types import Case
from judge.types import METRICS, Judgement, Score
from rag.types import Turn
from settings import Settings
from tests.browser.conftest import PROJECT, launched
from tests.browser.fakes import FakeBackends, FakeBot, FakeJudge, judgement_of, services_of
from tests.browser.test_page import CONTRAST, HOSTILE
from ui import build_app
from ui.services import BotLoader

PASSWORD = "correct horse"
SLOW_MS = 900_000  # for what real models do on a busy machine


class FlaggingJudge(FakeJudge):
    """Flags by rule what it judges, as the real service does."""

    flagger = None

    def submit(self, turn: Turn) -> None:
        super().submit(turn)
        self.flagger.on_judged(turn, judgement_of(turn))


class Site:
    """The page on fakes, served until it is closed."""

    def __init__(self, **settings) -> None:
        loader = BotLoader(lambda: FakeBot(pace=0.02, replies={"hostile": HOSTILE}))
        loader.start()
        loader.join()
        judge = FlaggingJudge(0.3)
        self.services = services_of(loader, judge, thresholds=dict.fromkeys(METRICS, 0.5), backend=FakeBackends(0.05))
        judge.flagger = self.services.flagger
        self.settings = Settings(**settings)
        self.demo = build_app(self.services, self.settings)
        self.url = launched(self.demo, self.settings)

    def add_thumbs(self, count: int) -> None:
        conversation = self.services.store.new_conversation("o" * 64)
        for n in range(count):
            bad = n % 3 == 0
            turn = Turn(conversation, f"Thumb {n}", response=f"reply {n}", status="finished")
            self.services.store.save_turn(turn)
            scores = {m: Score(m, 0.3 + n % 4 / 20 if bad else 0.75 + n % 5 / 20, "scored") for m in METRICS}
            self.services.store.save_judgement(turn.id, Judgement(scores, (), (), "fake-judge", 0.1 + n % 7 / 10))
            self.services.regression.flag(turn.id, "down" if bad else "up", "wrong_fact" if bad else "")


@pytest.fixture
def site():
    made = Site()
    yield made
    made.demo.close()


def go(page, name: str) -> None:
    """To another page by its link in the header."""
    page.page.get_by_role("navigation", name=re.compile("Pages|페이지")).get_by_role("link", name=name).click()
    page.page.wait_for_selector("#cases, #plots, #confusion", state="attached")
    page._forget_the_cut()


def run(page, name: str, passages: int) -> None:
    page.page.get_by_label("Name of this configuration").fill(name)
    page.page.get_by_label("Passages", exact=True).fill(str(passages))
    page.page.locator("#run-form").get_by_role("button", name="Run", exact=True).click()
    expect(page.page.locator("#run-view h2").first).to_have_text(
        f"Results of {name}", ignore_case=True, timeout=120_000
    )


@pytest.mark.timeout(300)
def test_a_bad_answer_becomes_a_case_that_two_runs_are_compared_on(site, visit):
    page = visit(site.url)
    page.ask("What did she build?")
    expect(page.reply.locator(".v-row-scored")).to_be_visible()
    page.reply.get_by_role("button", name="Bad reply").click()
    form = page.page.locator("#flag form")
    expect(page.reply.locator(".v-flag-down")).to_have_text("⚑Flagged: other")
    form.get_by_role("radio", name="wrong fact").check()
    form.get_by_label("Expected answer").fill("A search service.")
    form.get_by_role("button", name="Save").click()
    expect(page.reply.locator(".v-flag-down")).to_have_text("⚑Flagged: wrong fact")
    expect(form).to_have_count(0)

    go(page, "Regression")
    row = page.page.locator("#cases tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("wrong fact")
    row.get_by_role("button", name="What did she build?").click()
    case = page.page.locator("#case form")
    expect(case.get_by_label("Expected answer")).to_have_value("A search service.")
    case.get_by_label("Expected answer").fill("She built a FAISS search service at Hanbit Labs.")
    case.get_by_role("button", name="Accept", exact=True).click()
    expect(row).to_contain_text("Accepted")
    expect(row).to_contain_text("FAISS search service")

    page.page.get_by_role("tab", name="Runs and comparison").click()
    run(page, "four", 4)
    expect(page.page.locator("#run-view")).to_contain_text("1 of 1 cases passed.")
    run(page, "two", 2)
    expect(page.page.locator("#run-view")).to_contain_text("0 of 1 cases passed.")
    page.page.get_by_role("button", name="Compare").click()
    view = page.page.locator("#run-view")
    expect(view.get_by_role("button", name="Newly failing 1")).to_have_attribute("aria-pressed", "true")
    expect(view).to_contain_text("settings.top_k")
    view.get_by_role("button", name="What did she build?").click()
    expect(view.locator("p.v-words del").first).to_contain_text("built")
    expect(view.locator("p.v-words ins").first).to_contain_text("painted")
    expect(view.locator(".v-chunks .v-gone")).to_have_count(2)
    view.get_by_role("button", name="Which change did this?").click()
    expect(view.locator(".v-attribution")).to_contain_text("The passages: with others", timeout=60_000)
    expect(page.page.locator("#trap tbody tr")).to_have_count(4, timeout=60_000)
    expect(page.page.locator("#trap")).to_contain_text("She can only use Python.")
    expect(page.page.locator("#trap")).to_contain_text("파이썬만 사용할 수 있습니다.")
    page.assert_clean()


def test_flagging_works_without_a_mouse(site, visit):
    page = visit(site.url)
    for question in ("first", "second"):
        page.ask(question)
        expect(page.reply.locator(".v-row-scored")).to_be_visible()
    keyboard, focused = page.page.keyboard, "document.activeElement.id"
    first = page.page.locator("#chat .v-thumb-up").first.get_attribute("id")
    page.page.locator("#chat .v-reply a.v-cite").first.focus()
    for _ in range(12):  # the thumbs come in the order of the page
        keyboard.press("Tab")
        if page.page.evaluate(focused) == first:
            break
    assert page.page.evaluate(focused) == first
    keyboard.press("Tab")
    keyboard.press("Space")  # thumb down of the older reply
    form = page.page.locator("#flag form")
    expect(form.get_by_role("radio", name="other")).to_be_focused()
    keyboard.press("ArrowRight")  # around to the first
    expect(form.get_by_role("radio", name="wrong fact")).to_be_checked()
    keyboard.press("Tab")
    keyboard.type("She leads 4 people.")
    keyboard.press("Control+Enter")
    expect(form).to_have_count(0)
    expect(page.page.locator("#chat .v-reply").first.locator(".v-flag-down")).to_have_text("⚑Flagged: wrong fact")
    expect(page.page.locator("#chat .v-reply").last.locator(".v-flag-down")).to_have_count(0)
    expect(page.page.locator("#chat .v-thumb-down").first).to_be_focused()
    (case,) = site.services.regression.cases(origin=None, reason="wrong_fact")
    assert case.reference == "She leads 4 people." and case.user_input == "first"
    keyboard.press("Enter")  # once more: the form, and Undo
    expect(form.get_by_label("Expected answer")).to_have_value("She leads 4 people.")
    form.get_by_role("button", name="Undo flag").focus()
    keyboard.press("Enter")
    expect(page.page.locator("#chat .v-flag-down")).to_have_count(0)
    expect(page.page.locator("#notice")).to_contain_text("taken back")
    keyboard.press("Enter")
    expect(form).to_be_visible()
    keyboard.press("Escape")
    expect(form).to_have_count(0)
    page.assert_clean()


def test_a_rule_flags_and_says_which_and_the_details_stay_open(site, visit):
    page = visit(site.url)
    page.ask("What did she build?")
    expect(page.reply.locator(".v-flag-auto")).to_have_text("⚑Auto-flagged: context precision 0.42 < 0.50")
    page.reply.locator("details.v-why > summary").click()
    page.reply.get_by_role("button", name="Good reply").click()
    expect(page.reply.locator(".v-flag-up")).to_have_text("✓Marked as good")
    expect(page.reply.locator("details.v-why")).to_have_attribute("open", "")
    expect(page.reply.get_by_role("button", name="Good reply (chosen)")).to_be_visible()
    page.page.reload()
    expect(page.reply.locator(".v-flag-up")).to_be_visible()
    page._forget_the_cut()
    page.assert_clean()


def test_a_reply_is_copied(site, visit, chromium):
    context = chromium.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = visit(site.url, context=context)
    page.ask("What did she build?")
    expect(page.reply.locator(".v-row-scored")).to_be_visible()
    page.reply.get_by_role("button", name="Copy").click()
    expect(page.reply.locator(".v-copy")).to_have_text("Copied")
    assert "FAISS search service" in page.page.evaluate("navigator.clipboard.readText()")
    context.close()


def test_copied_is_said_for_a_moment_also_where_the_reply_is_drawn_anew_meanwhile(site, visit, chromium):
    context = chromium.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = visit(site.url, context=context)
    page.ask("What did she build?")
    expect(page.reply.locator(".v-row-scored")).to_be_visible()
    copy = page.reply.locator(".v-copy")
    copy.click()
    copy.click()  # said once more from now on, not for good
    expect(copy).to_have_text("Copied")
    page.page.evaluate("""() => { const reply = [...document.querySelectorAll('#chat .v-reply')].at(-1).parentElement;
        reply.innerHTML = reply.innerHTML.replace('Copied', 'Copy'); }""")
    expect(copy).to_have_text("Copied")
    expect(copy).to_be_focused()
    expect(copy).to_have_text("Copy")
    context.close()


def test_a_reply_is_copied_where_the_browser_keeps_its_clipboard(site, visit, chromium):
    context = chromium.new_context()
    context.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")  # as without https
    page = visit(site.url, context=context)
    page.ask("What did she build?")
    expect(page.reply.locator(".v-row-scored")).to_be_visible()
    page.reply.get_by_role("button", name="Copy").click()
    expect(page.reply.locator(".v-copy")).to_have_text("Copied")
    expect(page.reply.locator(".v-copy")).to_be_focused()
    page.page.locator("#box textarea").focus()
    page.page.keyboard.press("Control+v")
    expect(page.page.locator("#box textarea")).to_have_value(re.compile("FAISS search service"))
    context.close()


def test_a_switch_of_the_language_leaves_what_is_looked_at_and_typed(site, visit):
    page = visit(site.url)
    page.ask("What did she build?")
    expect(page.reply.locator(".v-row-scored")).to_be_visible()
    page.reply.get_by_role("button", name="Bad reply").click()
    form = page.page.locator("#flag form")
    form.locator("[name=reason][value=off_topic]").check()
    form.locator("[name=reference]").fill("A search service.")
    page.page.locator("#language").click()
    expect(form).to_contain_text("기대 답변")
    expect(form.locator("[name=reference]")).to_have_value("A search service.")
    expect(form.locator("[name=reason][value=off_topic]")).to_be_checked()
    site.services.regression.add_cases(Case(f"c{n}", f"Where does she work, part {n}?", status="accepted") for n in range(4))

    go(page, "회귀 테스트")
    search = page.page.locator("#case-filter [name=text]")
    search.fill("part")
    rows = page.page.locator("#cases tbody tr")
    expect(rows).to_have_count(4)
    rows.first.locator("[data-open]").click()
    page.page.locator("#case [name=reference]").fill("Hanbit, typed")
    page.page.locator("#language").click()
    expect(page.page.locator("#cases")).to_contain_text("Expected answer")
    expect(page.page.locator("#case [name=reference]")).to_have_value("Hanbit, typed")
    expect(search).to_have_value("part")
    expect(rows).to_have_count(4)
    expect(page.page.locator("#cases tr.v-opened")).to_have_count(1)
    expect(page.page.locator("#export-file")).to_be_hidden()

    page.page.get_by_role("tab", name="Runs and comparison").click()
    run(page, "one", 4)
    site.services.backend.pace = 1.0
    page.page.locator("#run-form [name=name]").fill("two")
    page.page.locator("#run-form [type=submit]").click()
    expect(page.page.locator("#run-progress progress")).to_be_visible()
    page.page.locator("#language").click()  # while it runs
    expect(page.page.locator("#run-view h2").first).to_have_text(re.compile("two의 결과", re.IGNORECASE))
    listed = page.page.locator("#runs tbody tr")
    expect(listed).to_have_count(2)
    expect(page.page.locator("#runs tr.v-opened")).to_contain_text("two")
    listed.last.locator("[data-run=open]").press("Enter")
    expect(page.page.locator("#runs tr.v-opened")).to_contain_text("one")
    expect(listed.last.locator("[data-run=open]")).to_be_focused()
    page.page.get_by_role("tab", name="사례").click()
    page.page.get_by_role("tab", name="실행과 비교").click()
    page.page.locator("#language").click()
    expect(page.page.locator("#run-view h2").first).to_have_text(re.compile("results of one", re.IGNORECASE))
    expect(page.page.locator("#runs tr.v-opened")).to_contain_text("one")
    expect(listed).to_have_count(2)
    page.assert_clean()


def test_what_is_typed_in_a_case_outlives_a_look_at_another_one(site, visit):
    site.services.regression.add_cases([Case("c", "Where does she work?"), Case("d", "Where did she study?")])
    page = visit(site.url)
    go(page, "Regression")
    answer, row = page.page.locator("#case [name=reference]"), lambda word: page.page.locator("#cases tbody tr", has_text=word)
    row("work").locator("[data-open]").click()
    answer.fill("Hanbit")
    row("study").locator("[data-open]").click()
    expect(page.page.locator("#case [name=user_input]")).to_have_value("Where did she study?")
    expect(answer).to_have_value("")
    row("work").locator("[data-open]").click()
    expect(answer).to_have_value("Hanbit")
    answer.press("Escape")  # put aside
    expect(answer).to_have_count(0)
    row("work").locator("[data-open]").click()
    expect(answer).to_have_value("")
    answer.fill("Hanbit Labs")
    page.page.locator("#case [type=submit]").click()
    expect(row("work")).to_contain_text("Hanbit Labs")
    row("study").locator("[data-open]").click()
    expect(answer).to_have_value("")
    site.services.regression.update_case("c", reference="Hanbit Laboratories")  # by somebody else
    row("work").locator("[data-open]").click()
    expect(answer).to_have_value("Hanbit Laboratories")
    page.assert_clean()


@pytest.mark.parametrize("width", [1024, 1180, 1280, 1920])
def test_no_column_of_the_cases_lies_under_the_open_case(site, visit, width):
    site.services.regression.add_cases([Case("c", "Where does she work?", rule="context precision 0.42 < 0.50", origin="auto")])
    site.services.regression.update_case("c", tags=["a-tag-without-a-space-in-it"])
    page = visit(site.url, width)
    go(page, "Regression")
    expect(page.page.locator("#cases .v-tag")).to_be_visible()
    right = page.page.evaluate("document.querySelector('#cases').getBoundingClientRect().right")
    panel = page.page.locator("#case-work > .column").last.bounding_box()
    assert right <= panel["x"] or panel["y"] > page.page.locator("#cases").bounding_box()["y"]
    last = page.page.locator("#cases td.v-when")
    last.scroll_into_view_if_needed()
    page.page.locator("#cases").evaluate("(e) => { e.scrollLeft = e.scrollWidth; }")
    box = last.bounding_box()
    assert box["x"] + box["width"] <= right + 1
    page.assert_fits()


def test_triage_by_keyboard_filters_and_bulk_acts(site, visit):
    site.services.regression.add_cases(Case(f"c{n:02}", f"Question number {n}") for n in range(40))
    page = visit(site.url)
    go(page, "Regression")
    rows, keyboard = page.page.locator("#cases tbody tr"), page.page.keyboard
    expect(rows).to_have_count(25)
    page.page.get_by_role("button", name="Next").click()
    expect(rows).to_have_count(15)
    page.page.get_by_label("Search").fill("number 3")
    expect(rows).to_have_count(13)  # 3, 13, 23, 30 to 39
    rows.first.locator("[data-open]").focus()
    keyboard.press("ArrowDown")
    second = rows.nth(1).get_attribute("data-id")
    keyboard.press("a")
    expect(page.page.locator(f"tr[data-id={second}]")).to_contain_text("Accepted")
    expect(page.page.locator(f"#case-{second}")).to_be_focused()
    keyboard.press("x")
    keyboard.press("ArrowDown")
    keyboard.press("x")
    bulk = page.page.locator(".v-bulk")
    expect(bulk).to_contain_text("2 selected")
    page.page.get_by_label("New tag").fill("nightly")
    bulk.get_by_role("button", name="Add tag").click()
    expect(page.page.locator("#cases .v-tag")).to_have_count(2)
    page.page.locator("#case-filter [name=tag]").select_option("nightly")
    expect(rows).to_have_count(2)
    page.page.get_by_label("Select all on this page").check()
    bulk.get_by_role("button", name="Merge").click()
    expect(page.page.locator("#case-notice")).to_contain_text("2 cases merged into one.")
    assert len(site.services.regression.cases(status="merged")) == 1
    page.page.get_by_role("button", name="Clear").click()
    expect(rows).to_have_count(25)
    page.assert_clean()


def test_cases_go_out_as_a_file_and_come_in_again(site, visit, tmp_path):
    site.services.regression.add_cases([Case("one", "Where does she work?", "Hanbit", tags=("smoke",))])
    page = visit(site.url)
    go(page, "Regression")
    expect(page.page.locator("#cases tbody tr")).to_have_count(1)
    for name, suffix in (("Ragas (JSONL)", ".jsonl"), ("CSV", ".csv")):
        page.page.get_by_label("Export as").select_option(name)
        with page.page.expect_download() as download:
            page.page.get_by_role("button", name="Export").click()
        saved = tmp_path / f"cases{suffix}"
        download.value.save_as(saved)
        assert "Where does she work?" in saved.read_text("utf-8")
    site.services.regression.delete_case("one")
    page.page.locator("#case-filter [name=status]").select_option("dismissed")
    expect(page.page.locator("#cases tbody tr")).to_have_count(0)
    page.page.locator("#case-exchange input[type=file]").set_input_files(tmp_path / "cases.jsonl")
    expect(page.page.locator("#case-notice")).to_contain_text("1 case imported.")
    expect(page.page.locator("#cases tbody tr")).to_contain_text("Where does she work?")
    expect(page.page.locator("#case-filter [name=status]")).to_have_value("")  # it says what the table shows
    page.page.locator("#case-exchange input[type=file]").set_input_files(
        {"name": "bad.jsonl", "mimeType": "application/json", "buffer": b'{"nothing"'}
    )
    expect(page.page.locator("#case-notice .v-status-error")).to_be_visible()
    page.assert_clean()


def test_a_run_is_stopped_and_resumed_and_survives_a_closed_tab(site, visit):
    site.services.backend.pace = 0.4
    site.services.regression.add_cases(Case(f"c{n}", f"Question {n}", status="accepted") for n in range(12))
    page = visit(site.url)
    go(page, "Regression")
    page.page.get_by_role("tab", name="Runs and comparison").click()
    page.page.locator("#run-form").get_by_role("button", name="Run", exact=True).click()
    progress = page.page.locator("#run-progress")
    expect(progress).to_contain_text(re.compile(r"[1-9]\d* of 12 cases"))
    progress.get_by_role("button", name="Stop").click()
    runs = page.page.locator("#runs")
    expect(runs).to_contain_text("stopped")
    done = site.services.regression.runs()[0].done
    assert 0 < done < 12
    site.services.backend.pace = 0.05
    runs.get_by_role("button", name="Resume").click()
    expect(progress).to_contain_text("of 12 cases")
    page.leave()  # the run goes on
    deadline = time.monotonic() + 30
    while site.services.regression.runs()[0].status != "finished" and time.monotonic() < deadline:
        time.sleep(0.1)
    assert site.services.regression.runs()[0].done == 12


def test_what_is_typed_and_what_is_said_stay_where_they_are(site, visit):
    site.services.regression.add_cases([Case("c", "Where does she work?", status="accepted"), Case("d", "Where did she study?")])
    page = visit(site.url)
    go(page, "Regression")
    page.page.get_by_role("tab", name="Runs and comparison").click()
    run(page, "first", 4)
    page.page.get_by_label("Name of this configuration").fill("second")
    # a refusal is not wiped by what the run before has left
    page.page.locator("#run-form [name=which]").select_option("ticked")
    page.page.locator("#run-form").get_by_role("button", name="Run", exact=True).click()
    expect(page.page.locator("#run-progress")).to_contain_text("no case to run")
    page.page.wait_for_timeout(600)
    expect(page.page.locator("#run-progress")).to_contain_text("no case to run")
    # another case is accepted, so the form is drawn anew
    page.page.get_by_role("tab", name="Cases").click()
    page.page.locator("#cases tbody tr", has_text="study").locator("[data-tick]").check()
    page.page.locator("#cases").get_by_role("button", name="Add tag").click()
    expect(page.page.locator("#case-notice")).to_contain_text("tag")
    expect(page.page.locator("#cases tbody tr", has_text="study").locator("[data-tick]")).to_be_checked()  # nothing was done with it
    page.page.locator("#cases").get_by_role("button", name="Accept", exact=True).click()
    page.page.get_by_role("tab", name="Runs and comparison").click()
    expect(page.page.locator("#run-form")).to_contain_text("2")
    expect(page.page.get_by_label("Name of this configuration")).to_have_value("second")
    expect(page.page.locator("#run-form [name=which]")).to_have_value("ticked")


def test_an_expected_answer_that_is_being_typed_outlives_a_thumb_on_another_reply(site, visit):
    page = visit(site.url)
    for question in ("What did she build?", "Where does she work?"):
        page.ask(question)
        expect(page.reply.locator(".v-row-scored, .v-row-declined")).to_be_visible()
    first, second = (page.page.locator("#chat .v-reply").nth(n) for n in (0, 1))
    first.get_by_role("button", name="Bad reply").click()
    page.page.locator("#flag").get_by_label("Expected answer").fill("A search service.")
    second.get_by_role("button", name="Good reply").click()
    expect(second.locator(".v-flag-up")).to_be_visible()
    first.get_by_role("button", name="Bad reply").click()
    expect(page.page.locator("#flag").get_by_label("Expected answer")).to_have_value("A search service.")
    page.page.locator("#flag [name=reason][value=off_topic]").check()
    second.get_by_role("button", name="Bad reply").click()
    expect(page.page.locator("#flag form")).to_contain_text("Where does she work?")
    expect(page.page.locator("#flag").get_by_label("Expected answer")).to_have_value("")
    expect(page.page.locator("#flag [name=reason]:checked")).to_have_value("other")
    first.get_by_role("button", name="Bad reply").click()
    expect(page.page.locator("#flag").get_by_label("Expected answer")).to_have_value("A search service.")
    expect(page.page.locator("#flag [name=reason]:checked")).to_have_value("off_topic")


@pytest.mark.parametrize("dark", [False, True])
def test_a_pressed_button_stays_legible_and_is_busy_until_the_answer(site, visit, dark):
    site.services.regression.add_cases([Case("c", "Where does she work?", status="accepted")])
    page = visit(site.url, dark=dark)
    go(page, "Regression")
    page.page.get_by_role("tab", name="Runs and comparison").click()
    run(page, "one", 4)
    run(page, "two", 4)
    held = []
    page.page.route("**/gradio_api/run/**", lambda route: held.append(route))
    for name, form in (("Compare", ".v-compare"), ("Compare", ".v-compare"), ("Run", "#run-form")):
        button = page.page.locator(form).get_by_role("button", name=name, exact=True)
        expect(button).not_to_have_attribute("aria-busy", "true")
        button.click()
        expect(button).to_have_attribute("aria-busy", "true")
        page.page.wait_for_timeout(200)
        assert page.page.evaluate(CONTRAST) == []
        while held:
            held.pop().continue_()
        expect(button).not_to_have_attribute("aria-busy", "true", timeout=5000)  # also where nothing was drawn anew
    page.page.unroute_all(behavior="ignoreErrors")


def test_hostile_text_stays_text_on_every_page(site, visit):
    page = visit(site.url)
    page.ask(f"hostile {HOSTILE}")
    expect(page.reply.locator(".v-row-scored")).to_be_visible()
    page.reply.get_by_role("button", name="Bad reply").click()
    page.page.locator("#flag textarea").fill(HOSTILE)
    page.page.locator("#flag").get_by_role("button", name="Save").click()
    expect(page.page.locator("#flag form")).to_have_count(0)
    go(page, "Regression")
    rows = page.page.locator("#cases tbody tr")
    expect(rows).to_contain_text("<img src=x onerror=alert(1)> ${alert(2)}")
    rows.locator("[data-open]").click()
    page.page.get_by_label("Tags").fill(HOSTILE.replace(",", " "))
    page.page.locator("#case").get_by_role("button", name="Accept", exact=True).click()
    expect(rows).to_contain_text("Accepted")
    page.page.locator("#case details > summary").last.click()
    page.page.get_by_role("tab", name="Runs and comparison").click()
    page.page.get_by_label("Name of this configuration").fill(HOSTILE[:80])
    page.page.locator("#run-form").get_by_role("button", name="Run", exact=True).click()
    expect(page.page.locator("#run-view .v-tiles")).to_be_visible(timeout=120_000)
    page.page.locator("#run-view [data-run=case]").click()
    expect(page.page.locator("#run-view .v-result-body")).to_be_visible()
    assert page.page.locator("#regression img, #regression iframe, #regression script").count() == 0
    assert page.page.locator("a[href^=javascript], a[href*='evil.test']").count() == 0
    page.assert_clean()


def test_the_judge_page_plots_and_its_sliders_set_the_thresholds(site, visit):
    site.add_thumbs(24)
    page = visit(site.url)
    go(page, "Judge")
    expect(page.page.locator("#plots svg")).to_have_count(7)
    expect(page.page.locator("#judge-tiles")).to_contain_text("Cohen's kappa")
    expect(page.page.locator("#confusion")).to_contain_text("caught 8 of 8 bad replies")
    for metric in METRICS:
        slider = page.page.locator(f"#threshold-{metric} input[type=range]")
        slider.focus()
        for _ in range(8):
            page.page.keyboard.press("ArrowLeft")
    expect(page.page.locator("#confusion")).to_contain_text("caught 0 of 8 bad replies")
    assert set(site.services.flagger.thresholds.values()) == {0.5}
    page.page.get_by_role("button", name="Use these thresholds").click()
    expect(page.page.locator("#applied")).to_contain_text("In force from now on: Faithfulness < 0.10")
    assert set(site.services.flagger.thresholds.values()) == {0.1}
    page.assert_clean()


def test_the_judge_page_says_what_to_do_while_it_knows_nothing(site, visit):
    page = visit(site.url)
    go(page, "Judge")
    expect(page.page.locator("#confusion")).to_contain_text("No thumbs yet")
    page.assert_clean()


def test_pages_speak_korean_and_the_choice_holds_across_them(site, visit):
    site.services.regression.add_cases([Case("c", "어디에서 일하나요?", reason="off_topic")])
    site.add_thumbs(6)
    page = visit(site.url, locale="ko-KR")
    go(page, "회귀 테스트")
    expect(page.page.locator("#cases")).to_contain_text("질문과 무관함")
    expect(page.page.get_by_role("tab", name="실행과 비교")).to_be_visible()
    assert page.page.evaluate("document.documentElement.lang") == "ko"
    page.page.get_by_role("button", name="English").click()
    expect(page.page.locator("#cases")).to_contain_text("off topic")
    go(page, "Judge")
    expect(page.page.locator("#judge-heading")).to_contain_text("Can the judge be trusted?")
    page.page.get_by_role("button", name="한국어").click()
    expect(page.page.locator("#judge-heading")).to_contain_text("평가 모델을 믿을 수 있나요?")
    page.assert_clean()


@pytest.mark.parametrize(("width", "dark"), [(1360, False), (1360, True), (390, False)])
def test_pages_fit_read_well_and_name_every_control(site, visit, width, dark):
    site.services.regression.add_cases([Case("long", "https://example.test/" + "a" * 300, reference="b" * 300)])
    site.services.regression.update_case("long", status="accepted", tags=["c" * 60, "smoke"])
    site.add_thumbs(12)
    page = visit(site.url, width, 844, dark)

    def check(name: str) -> None:
        assert page.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        assert page.page.evaluate(CONTRAST) == [], name
        nameless = page.page.evaluate(
            """[...document.querySelectorAll('button, summary, select, textarea, input:not([type=file])')].filter((e) =>
              e.checkVisibility({visibilityProperty: true}) && !(e.innerText || e.getAttribute('aria-label') || e.title
                || e.labels?.[0]?.textContent)).map((e) => e.outerHTML.slice(0, 120))"""
        )
        assert nameless == [], name

    page.ask("What did she build?")
    expect(page.reply.locator(".v-row-scored")).to_be_visible()
    page.reply.get_by_role("button", name="Bad reply").click()
    expect(page.page.locator("#flag form")).to_be_visible()
    page.page.wait_for_timeout(300)
    check("flag form")
    page.page.locator("#flag").get_by_role("button", name="Close").click()
    go(page, "Regression")
    page.page.locator("#cases [data-open]").first.click()
    expect(page.page.locator("#case form")).to_be_visible()
    check("cases")
    page.page.get_by_role("tab", name="Runs and comparison").click()
    run(page, "one", 4)
    run(page, "two", 2)
    page.page.get_by_role("button", name="Compare").click()
    expect(page.page.locator("#run-view .v-means")).to_be_visible()
    page.page.locator("#run-view [data-run=case]").first.click()
    expect(page.page.locator("#run-view p.v-words")).to_be_visible()
    check("runs")
    go(page, "Judge")
    expect(page.page.locator("#plots svg").first).to_be_visible()
    check("judge")
    page.assert_clean()


def test_on_a_phone_a_case_opens_over_the_list_and_figures_stay_whole(site, visit):
    site.services.regression.add_cases(Case(f"c{n:02}", f"질문 {n}", "답", status="accepted") for n in range(30))
    page = visit(site.url, 390, 844, dark=True, locale="ko-KR")
    go(page, "회귀 테스트")
    row = page.page.locator("#cases tbody tr").nth(20)
    row.scroll_into_view_if_needed()
    row.locator("[data-open]").click()
    form = page.page.locator("#case form")
    expect(form.locator("[name=reference]")).to_be_in_viewport()
    form.locator("[data-act=close]").scroll_into_view_if_needed()
    assert page.page.evaluate(CONTRAST) == []
    form.locator("[data-act=close]").click()
    expect(form).to_have_count(0)
    expect(row).to_be_in_viewport()  # not at the other end of the page
    page.page.get_by_role("tab", name="실행과 비교").click()
    for name, passages in (("four", 4), ("two", 2)):
        page.page.locator("#run-form [name=name]").fill(name)
        page.page.locator("#run-form [name=top_k]").fill(str(passages))
        page.page.locator("#run-form [type=submit]").click()
        expect(page.page.locator("#run-view h2").first).to_contain_text(name, timeout=120_000)
    page.page.locator(".v-compare [type=submit]").click()
    expect(page.page.locator("#run-view .v-means")).to_be_visible()
    page.page.locator("#run-view [data-run=case]").first.click()
    expect(page.page.locator("#run-view p.v-words")).to_be_visible()
    expect(page.page.locator("#trap tbody tr")).to_have_count(4, timeout=60_000)
    broken = page.page.evaluate(
        """[...document.querySelectorAll('#run-view th, #run-view td, #trap td')].filter((e) => {
          const text = e.innerText.trim(); if (!e.checkVisibility() || e.querySelector('.v-sr') || !text || /\\s/.test(text)) return false;
          const range = document.createRange(); range.selectNodeContents(e);
          return new Set([...range.getClientRects()].map((r) => Math.round(r.bottom / 8))).size > 1; }).map((e) => e.innerText)"""
    )
    assert broken == []
    page.assert_fits()
    page.assert_clean()


def test_with_a_password_a_stranger_sees_nothing_until_it_is_given(visit):
    site = Site(admin_password=PASSWORD)
    site.services.regression.add_cases([Case("c", "somebody's private question")])
    try:
        page = visit(site.url).page
        page.goto(f"{site.url}regression")
        expect(page.locator("#lock")).to_contain_text("Enter the administrator's password")
        assert "private question" not in page.content() and page.locator("#cases").count() == 0
        page.get_by_label("Administrator's password").fill("guess")
        page.get_by_role("button", name="Open", exact=True).click()
        expect(page.locator("#lock")).to_contain_text("That is not the password.")
        page.get_by_label("Administrator's password").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.locator("#cases")).to_contain_text("somebody's private question")
        page.reload()
        expect(page.locator("#cases")).to_contain_text("somebody's private question")
        page.goto(f"{site.url}judge")
        expect(page.locator("#confusion")).to_be_visible()
    finally:
        site.demo.close()


def test_a_server_for_others_without_a_password_stays_closed_also_to_raw_requests(visit):
    site = Site(host="0.0.0.0")
    site.services.regression.add_cases([Case("c", "somebody's private question")])
    try:
        page = visit(site.url).page
        page.goto(f"{site.url}regression")
        expect(page.locator("#lock")).to_contain_text("VOUCH_ADMIN_PASSWORD")
        assert "private question" not in page.content()
        config = page.request.get(f"{site.url}config").json()
        for dependency in config["dependencies"]:
            answer = page.request.post(
                f"{site.url}gradio_api/run/predict",
                data={"data": [None] * len(dependency["inputs"]), "fn_index": dependency["id"], "session_hash": "x"},
            )
            assert "private question" not in answer.text()
    finally:
        site.demo.close()


@pytest.mark.skipif(not os.environ.get("VOUCH_SCREENSHOTS"), reason="set VOUCH_SCREENSHOTS=1 to draw docs/ anew")
@pytest.mark.timeout(3600)
def test_screenshots(app, visit):
    """Writes docs/screenshot-{cases,comparison,diff,judge}-{light,dark,ko}.png, after people's and the judge's work
    with the real models.

    The thumbs are those of somebody who knows the resume: up where every expected fact stands in the reply, and nothing that must not.
    """
    page = visit(app.url)
    for question in read_questions(PROJECT / "data" / "questions" / "en.jsonl"):
        _ask_and_rate(page, question)
    looks = {"light": {}, "dark": {"dark": True}, "ko": {"locale": "ko-KR"}}
    for look, options in looks.items():
        _picture_cases_and_judge(visit(app.url, **options), look)
    go(page, "Regression")
    page.page.locator("#case-exchange input[type=file]").set_input_files(
        PROJECT / "data" / "regression" / "sample.jsonl"
    )
    expect(page.page.locator("#case-notice")).to_contain_text("imported")
    page.page.get_by_label("Search").fill("fact en")
    page.page.wait_for_timeout(1000)
    page.page.get_by_role("tab", name="Runs and comparison").click()
    page.page.locator("#run-form [name=which]").select_option("filtered")
    for name, passages in (("4 passages", 4), ("1 passage", 1)):
        page.page.get_by_label("Name of this configuration").fill(name)
        page.page.locator("#run-form [name=top_k]").fill(str(passages))
        page.page.locator("#run-form").get_by_role("button", name="Run", exact=True).click()
        heading = page.page.locator("#run-view h2").first
        expect(heading).to_have_text(f"Results of {name}", ignore_case=True, timeout=1_200_000)
    for look, options in looks.items():
        _picture_comparison(visit(app.url, **options), look)


def _ask_and_rate(page, question: Question) -> None:
    wait = {"timeout": SLOW_MS}
    page.page.get_by_role("button", name="New conversation").click()
    expect(page.page.locator("#chat .v-empty")).to_be_visible()
    page.ask(question.user_input)
    expect(page.reply.locator(".v-row-scored, .v-row-declined")).to_be_visible(**wait)
    reply = page.reply.locator(".v-text").inner_text()
    declined = page.reply.locator(".v-row-declined").count() > 0
    if is_correct(question, reply, declined):
        page.reply.get_by_role("button", name="Good reply").click()
        expect(page.reply.locator(".v-flag-up")).to_be_visible()
        return
    page.reply.get_by_role("button", name="Bad reply").click()
    reason = "should have declined" if not question.answerable else "should have answered" if declined else "wrong fact"
    page.page.locator("#flag").get_by_role("radio", name=reason).check()
    page.page.locator("#flag textarea").fill(question.reference if question.answerable else "")
    page.page.locator("#flag").get_by_role("button", name="Save").click()
    expect(page.reply.locator(".v-flag-down")).to_contain_text(reason)


def _picture_cases_and_judge(page, look: str) -> None:
    page.page.goto(f"{page.page.url}judge")
    expect(page.page.locator("#plots svg").first).to_be_visible(timeout=SLOW_MS)
    _picture(page, f"judge-{look}", height=1240)
    page.page.goto(page.page.url.replace("judge", "regression"))
    page.page.locator("#cases [data-open]").first.click()
    expect(page.page.locator("#case form")).to_be_visible()
    _picture(page, f"cases-{look}")


def _picture_comparison(page, look: str) -> None:
    wait = {"timeout": SLOW_MS}
    page.page.goto(f"{page.page.url}regression")
    page.page.locator("#tabs [role=tab]").nth(1).click()
    page.page.locator(".v-compare [type=submit]").click()
    expect(page.page.locator("#run-view .v-means")).to_be_visible(**wait)
    expect(page.page.locator("#trap tbody tr")).to_have_count(4, **wait)
    _picture(page, f"comparison-{look}", height=1240)
    page.page.locator("#run-view [data-run=case]").first.click()
    button, found = page.page.locator("#run-view [data-run=attribute]"), page.page.locator("#run-view .v-attribution")
    expect(button.or_(found).first).to_be_visible(**wait)
    if button.count():  # what moved a case is kept: the next look finds it there
        button.click()
    expect(found).to_be_visible(**wait)
    _picture(page, f"diff-{look}", "#run-view .v-tally", 860)


def _picture(page, name: str, of: str = "", height: int = 900) -> None:
    page.page.set_viewport_size({"width": 1360, "height": height})
    if of:
        page.page.locator(of).first.evaluate("(e) => e.scrollIntoView({block: 'start'})")
    else:
        page.page.evaluate("scrollTo(0, 0)")
    page.page.wait_for_timeout(700)
    page.page.screenshot(path=PROJECT / "docs" / f"screenshot-{name}.png")
