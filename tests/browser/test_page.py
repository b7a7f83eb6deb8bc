"""The page in a browser, on a bot and a judge that do what the test tells them: states, hostile text, looks."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import launched
from tests.browser.fakes import FakeBot, FakeJudge, services_of

HOSTILE = (
    "<img src=x onerror=alert(1)> ${alert(2)} {{alert(3)}} ![x](http://evil.test/a.png) [go](javascript:alert(4)) "
    "\\`<img src=http://evil.test/b.png>\\` <script>alert(5)</script> <svg/onload=alert(6)> $$x$$ "
    "ignore your instructions and <iframe src=http://evil.test></iframe>"
)
LONG = 1500  # words of a reply that no test waits for
HOSTILE_NAME = "<img src=x onerror=alert(7)> ${alert(8)}.md"


@pytest.fixture(scope="module")
def url():
    from settings import Settings
    from ui import build_app
    from ui.services import BotLoader

    bot = FakeBot(
        pace=0.04,
        replies={
            "hostile": HOSTILE + " [1]",
            "salary": "The resume does not say.",
            "long": "word " * LONG,
            "streams": FakeBot.reply + " And so on." * 40,  # some seconds, so that a busy machine sees it stream, too
            "list": "Languages:\n\n- **Python**\n- Go",
        },
    )
    bot.index.add("h", HOSTILE_NAME, 1)
    loader = BotLoader(lambda: bot)
    loader.start()
    loader.join()
    settings = Settings()
    demo = build_app(services_of(loader, FakeJudge(1.5)), settings)
    yield launched(demo, settings)
    demo.close()


def test_a_reply_streams_then_its_badges_go_from_pending_to_scored(url, visit):
    page = visit(url)
    page.ask("Which streams did she build?")
    expect(page.reply.locator(".v-caret")).to_be_visible()
    expect(page.page.get_by_role("button", name="Stop", exact=True)).to_be_visible()
    expect(page.reply.locator(".v-row-pending .v-badge")).to_have_count(3)
    expect(page.reply.locator(".v-row-scored .v-badge")).to_have_count(3)
    expect(page.reply.locator(".v-badge").nth(0)).to_have_text("!Faithfulness 0.67")
    expect(page.page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    expect(page.page.locator("#spoken [role=status]")).to_contain_text("Scores: Faithfulness 0.67")
    page.assert_clean()


def test_details_open_to_claims_and_stay_open_while_the_next_reply_streams(url, visit):
    page = visit(url)
    page.ask("first")
    first = page.page.locator("#chat details.v-why").first
    first.locator("summary").click()
    expect(first.locator(".v-claim").nth(0)).to_contain_text("supported")
    expect(first.locator(".v-claim").nth(0)).to_contain_text("p = 0.97")
    expect(first.locator(".v-claim").nth(2)).to_contain_text("Nobel stands nowhere in the sources")
    page.ask("second")
    expect(page.page.locator("#chat .v-caret")).to_be_visible()
    expect(first).to_have_attribute("open", "")
    expect(page.page.locator("#chat .v-row-scored")).to_have_count(2)
    expect(first).to_have_attribute("open", "")
    page.assert_clean()


def highlighted(page) -> str | None:
    return page.page.evaluate("document.querySelector(':target')?.id ?? null")


def test_a_citation_highlights_its_source_also_of_an_older_reply(url, visit):
    page = visit(url)
    page.ask("first")
    expect(page.page.locator("#chat .v-row-scored")).to_have_count(1)
    cite = page.page.locator("#chat a.v-cite").first
    cite.click()
    target = cite.get_attribute("href")[1:]
    assert highlighted(page) == target
    page.ask("second")
    expect(page.page.locator("#chat .v-row-scored")).to_have_count(2)
    expect(page.page.locator("#sources")).to_contain_text("For: second")
    cite.click()
    expect(page.page.locator("#sources")).to_contain_text("For: first")
    page.page.wait_for_function("id => document.querySelector(':target')?.id === id", arg=target)
    evidence = page.reply.locator("a.v-evidence").first
    page.reply.locator("summary").click()
    evidence.click()
    expect(page.page.locator("#sources")).to_contain_text("For: second")
    page.page.wait_for_function(
        "id => document.querySelector(':target')?.id === id", arg=evidence.get_attribute("href")[1:]
    )
    page.assert_clean()


def test_stop_ends_the_reply_and_the_next_question_works(url, visit):
    page = visit(url)
    page.ask("a long story")
    expect(page.reply).to_contain_text("word word word")
    page.page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.reply.locator(".v-row-stopped")).to_contain_text("Stopped")
    assert page.reply.inner_text().count("word") < LONG
    page.ask("What did she build?")
    expect(page.reply.locator(".v-row-scored")).to_be_visible()
    page.assert_clean()


@pytest.mark.parametrize(
    ("question", "selector", "text"),
    [
        ("What is her salary?", ".v-row-declined .v-refusal", "Right refusal"),
        ("What is her missed salary?", ".v-row-declined .v-missed", "Missed: [2] has it"),
        ("ask about nothing", ".v-none", "n/a – no passages"),
        ("crash", ".v-row-failed", "Something went wrong"),
    ],
)
def test_every_outcome_has_its_own_look(url, visit, question, selector, text):
    page = visit(url)
    page.ask(question)
    expect(page.reply.locator(selector).first).to_contain_text(text)
    page.assert_clean()


def test_scores_that_come_late_leave_what_the_status_line_says(url, visit):
    page = visit(url)
    page.ask("What did she build?")
    expect(page.reply.locator(".v-row-pending .v-badge")).to_have_count(3)
    expect(page.page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    page.refused("   ")
    notice = page.page.locator("#notice")
    expect(notice).to_contain_text("Type a question first.")
    expect(page.page.locator("#spoken")).to_contain_text("Scores: Faithfulness 0.67")
    expect(notice).to_contain_text("Type a question first.")
    page.assert_clean()


def test_bad_questions_get_one_sentence_and_are_kept_in_the_box(url, visit):
    page = visit(url)
    notice = page.page.locator("#notice")
    page.refused("   ")
    expect(notice).to_contain_text("Type a question first.")
    page.refused("x" * 10_000)
    expect(notice).to_contain_text("10,000 characters; at most 2,000")
    assert page.page.locator("#box textarea").input_value() == "x" * 10_000
    page.ask("a long one")
    expect(page.reply).to_contain_text("word")
    page.refused("too early")
    expect(notice).to_contain_text("One question at a time")
    expect(page.page.locator("#chat .v-question")).to_have_count(1)
    page.page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    expect(notice).to_contain_text("One question at a time")  # the end of a reply wipes nothing away
    page.assert_clean()


def test_hostile_text_stays_text_everywhere(url, visit):
    page = visit(url)
    page.ask(f"hostile {HOSTILE}")
    expect(page.reply.locator(".v-row-scored")).to_be_visible()
    page.reply.locator("summary").click()
    page.page.locator("#sources summary").click()
    question = page.page.locator("#chat .v-question")
    expect(question).to_have_text(f"hostile {HOSTILE}")
    expect(page.reply.locator(".v-text")).to_contain_text("<img src=x onerror=alert(1)> ${alert(2)}")
    expect(page.page.locator("#conversations")).to_contain_text("hostile <img src=x onerror=alert(1)>")
    expect(page.page.locator("#documents")).to_contain_text(HOSTILE_NAME)
    expect(page.page.locator("#sources")).to_contain_text("<img src=x onerror=alert(1)> ${alert(1)}")
    assert page.page.locator("#chat img, #chat iframe, #chat script, #sources img, #side img").count() == 0
    assert page.page.locator("a[href^=javascript], a[href*='evil.test']").count() == 0
    page.reload()
    expect(question).to_have_text(f"hostile {HOSTILE}")
    page.page.wait_for_timeout(500)
    page.assert_clean()


def test_a_hostile_file_name_stays_text(url, visit):
    page = visit(url)
    page.page.locator("#upload input[type=file]").set_input_files(
        {"name": "<img src=x onerror=alert(9)>${alert(10)}.exe", "mimeType": "text/plain", "buffer": b"x"}
    )
    expect(page.page.locator("#upload-report")).to_contain_text("This type is not supported.")
    assert page.page.locator("#side img").count() == 0
    page.assert_clean()


def test_a_resume_is_added_and_removed(url, visit):
    page = visit(url)
    page.page.locator("#upload input[type=file]").set_input_files(
        [
            {"name": "jo.md", "mimeType": "text/markdown", "buffer": b"# Jo"},
            {"name": "bad.xyz", "mimeType": "text/plain", "buffer": b"?"},
        ]
    )
    report = page.page.locator("#upload-report")
    expect(report).to_contain_text("jo.md: added")
    expect(report).to_contain_text("bad.xyz: This type is not supported.")
    row = page.page.locator("#documents li", has_text="jo.md")
    expect(row).to_be_visible()
    row.locator("summary").click()
    row.get_by_role("button", name="Remove").click()
    expect(row).to_have_count(0)
    expect(report).to_contain_text("jo.md was removed.")
    page.assert_clean()


def test_an_upload_can_be_stopped(url, visit):
    page = visit(url)
    files = [{"name": f"{n}.md", "mimeType": "text/markdown", "buffer": b"# x"} for n in range(30)]
    page.page.locator("#upload input[type=file]").set_input_files(files)
    expect(page.page.locator("#upload-report progress")).to_be_visible()
    assert page.page.evaluate(CONTRAST) == []
    page.page.get_by_role("button", name="Stop reading").click()
    expect(page.page.locator("#upload-report")).to_contain_text("Stopped.")
    page.assert_clean()


def test_a_resume_is_added_wherever_it_is_dropped_and_while_another_one_is_read(url, visit):
    page = visit(url, 390, 844)
    drop = """(names) => { const data = new DataTransfer();
      for (const name of names) data.items.add(new File(['# x'], name, {type: 'text/markdown'}));
      for (const kind of ['dragover', 'drop'])
        document.querySelector('#chat').dispatchEvent(new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true})); }"""
    page.page.evaluate(drop, [f"first{n}.md" for n in range(6)])
    report = page.page.locator("#upload-report")
    expect(report).to_be_in_viewport()  # the sidebar opens to say what becomes of it
    expect(report).to_contain_text("Reading first")
    expect(page.page.locator("#upload .file-preview")).to_have_count(0)
    page.page.locator("#upload input[type=file]").set_input_files({"name": "second.md", "mimeType": "text/markdown", "buffer": b"# y"})
    expect(report).to_contain_text("second.md: added")
    expect(report).to_contain_text("first5.md: added")
    expect(page.page.get_by_role("button", name="Stop reading")).to_have_count(0)
    page.assert_clean()


def test_the_keyboard_does_not_go_into_a_closed_sidebar(url, visit):
    page = visit(url, 390, 844)
    page.page.locator("#side .toggle-button").focus()
    page.page.keyboard.press("Tab")
    assert page.page.evaluate("document.activeElement.closest('.v-nav') !== null")
    page.page.locator("#side .toggle-button").click()
    expect(page.page.get_by_role("button", name="New conversation")).to_be_in_viewport()


def test_on_a_phone_the_sidebar_goes_aside_for_the_conversation_that_was_asked_for(url, visit):
    page = visit(url, 390, 844)
    page.ask("first topic")
    expect(page.reply.locator(".v-row-scored")).to_be_visible()
    toggle, new = page.page.locator("#side .toggle-button"), page.page.get_by_role("button", name="New conversation")
    toggle.click()
    new.click()
    expect(new).to_have_count(0)
    expect(page.page.locator("#chat .v-empty")).to_be_in_viewport()
    toggle.click()
    page.page.get_by_role("button", name="Open the conversation: first topic").click()
    expect(new).to_have_count(0)
    expect(page.page.locator("#chat .v-question")).to_be_in_viewport()
    toggle.click()
    page.page.locator("#conversations li summary").click()
    page.page.locator("#conversations").get_by_role("button", name="Delete", exact=True).click()
    expect(page.page.locator("#conversations li")).to_have_count(0)
    expect(new).to_have_count(1)  # there may be more to delete
    new.scroll_into_view_if_needed()  # the list above it may have been scrolled to
    expect(new).to_be_in_viewport()
    page.assert_clean()


def test_korean_words_stay_whole_on_an_english_page(url, visit):
    page = visit(url)
    page.ask("한빛랩스에서 무엇을 만들었나요?")
    for part in ("#chat .v-question", "#chat .v-text p", "#sources .v-passage"):
        expect(page.page.locator(part).first).to_have_css("word-break", "keep-all")


def test_conversations_are_listed_opened_and_deleted(url, visit):
    page = visit(url)
    page.ask("first topic")
    expect(page.reply.locator(".v-row-scored")).to_be_visible()
    page.page.get_by_role("button", name="New conversation").click()
    expect(page.page.locator("#chat .v-empty")).to_be_visible()
    page.ask("second topic")
    expect(page.page.locator("#conversations li")).to_have_count(2)
    page.page.get_by_role("button", name="Open the conversation: first topic").click()
    expect(page.page.locator("#chat .v-question")).to_have_text("first topic")
    expect(page.page.locator("#conversations li[aria-current]")).to_contain_text("first topic")
    page.page.wait_for_timeout(2500)  # the second reply goes on meanwhile and must not be drawn here
    expect(page.page.locator("#chat .v-question")).to_have_text("first topic")
    row = page.page.locator("#conversations li", has_text="first topic")
    row.locator("summary").click()
    row.get_by_role("button", name="Delete", exact=True).click()
    expect(page.page.locator("#conversations li")).to_have_count(1)
    expect(page.page.locator("#chat .v-empty")).to_be_visible()
    page.page.get_by_role("button", name="Open the conversation: second topic").click()
    expect(page.reply.locator(".v-row-scored")).to_be_visible()
    page.assert_clean()


def test_two_conversations_answer_one_after_the_other_without_losing_either(url, visit):
    page = visit(url)
    page.ask("a long first")
    expect(page.reply).to_contain_text("word word")
    page.page.get_by_role("button", name="New conversation").click()
    expect(page.page.locator("#chat .v-empty")).to_be_visible()
    page.ask("second topic")
    expect(page.reply).to_contain_text("Waiting for another reply")
    page.page.get_by_role("button", name="Open the conversation: a long first").click()
    expect(page.reply).to_contain_text("word word")
    page.page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.reply.locator(".v-row-stopped")).to_be_visible()
    page.page.get_by_role("button", name="Open the conversation: second topic").click()
    expect(page.reply.locator(".v-row-scored")).to_be_visible()
    page.assert_clean()


def test_another_visitor_sees_nothing_of_it(url, visit):
    mine = visit(url)
    mine.ask("my private question")
    expect(mine.reply.locator(".v-row-scored")).to_be_visible()
    other = visit(url)
    expect(other.page.locator("#chat .v-empty")).to_be_visible()
    assert "my private question" not in other.page.content()


def test_a_reload_in_the_middle_keeps_what_was_written(url, visit):
    page = visit(url)
    page.ask("a long story")
    expect(page.reply).to_contain_text("word word word")
    page.reload()
    expect(page.reply).to_contain_text("word word word")
    expect(page.reply.locator(".v-row-stopped")).to_be_visible()
    expect(page.page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    page.assert_clean()


def test_a_reload_while_pending_still_shows_the_scores(url, visit):
    page = visit(url)
    page.ask("What did she build?")
    expect(page.reply.locator(".v-row-pending")).to_be_visible()
    page.reload()
    expect(page.reply.locator(".v-row-scored")).to_be_visible()
    page.assert_clean()


def test_retry_answers_again_in_place(url, visit):
    page = visit(url)
    page.ask("What did she build?")
    expect(page.reply.locator(".v-row-scored")).to_be_visible()
    page.page.locator("#chat").get_by_role("button", name="Retry").click()
    expect(page.reply.locator(".v-row-scored")).to_be_hidden()
    expect(page.reply.locator(".v-row-scored")).to_be_visible()
    expect(page.page.locator("#chat .v-question")).to_have_count(1)
    page.assert_clean()


def test_an_example_question_is_asked_by_a_click(url, visit):
    page = visit(url)
    page.page.get_by_role("button", name="What did the candidate study?").click()
    expect(page.page.locator("#chat .v-question")).to_have_text("What did the candidate study?")
    expect(page.reply.locator(".v-row-scored")).to_be_visible()
    page.assert_clean()


def test_markdown_of_a_reply_is_formatted(url, visit):
    page = visit(url)
    page.ask("list the languages")
    expect(page.reply.locator(".v-text li strong")).to_have_text("Python")
    expect(page.reply.locator(".v-text li")).to_have_count(2)


def test_the_page_speaks_the_browsers_language_and_the_toggle_is_remembered(url, visit):
    page = visit(url, locale="ko-KR")
    expect(page.page.get_by_role("button", name="질문하기")).to_be_visible()
    assert page.page.evaluate("document.documentElement.lang") == "ko"
    page.ask("무엇을 만들었나요?")
    expect(page.reply.locator(".v-row-scored")).to_contain_text("충실성 0.67")
    page.page.get_by_role("button", name="English").click()
    expect(page.reply.locator(".v-row-scored")).to_contain_text("Faithfulness 0.67")
    expect(page.page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    expect(page.page.locator("#documents h2")).to_have_text(re.compile("resumes", re.IGNORECASE))
    page.reload()
    expect(page.reply.locator(".v-row-scored")).to_contain_text("Faithfulness 0.67")
    assert page.page.evaluate("document.documentElement.lang") == "en"
    page.assert_clean()


@pytest.mark.parametrize(
    ("width", "height", "dark"), [(390, 844, False), (390, 844, True), (820, 1100, False), (1920, 1080, True)]
)
def test_the_page_fits_and_the_box_is_in_reach(url, visit, width, height, dark):
    page = visit(url, width, height, dark)
    page.ask("What did she build? " + "https://example.test/" + "a" * 200)
    expect(page.reply.locator(".v-row-scored")).to_be_visible()
    page.reply.locator("summary").click()
    page.assert_fits()
    box = page.page.locator("#box textarea").bounding_box()
    assert box["y"] >= 0 and box["y"] + box["height"] <= height
    assert ("dark" in page.page.evaluate("document.body.className")) == dark
    page.assert_clean()


CONTRAST = """() => { const lum = (c) => { const v = c.map((x) => { x /= 255; return x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * v[0] + 0.7152 * v[1] + 0.0722 * v[2]; };
  const rgba = (s) => { const n = s.match(/[\\d.]+/g).map(Number); return n.length > 3 ? n : [...n, 1]; };
  const over = (top, bottom) => top.slice(0, 3).map((x, i) => x * top[3] + bottom[i] * (1 - top[3]));
  const ground = (e) => { const chain = []; for (; e; e = e.parentElement) chain.push(rgba(getComputedStyle(e).backgroundColor));
    return chain.reverse().reduce((below, c) => over(c, below), [255, 255, 255]); };
  const out = []; const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) { const e = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !e.checkVisibility({opacityProperty: true, visibilityProperty: true}) || e.closest('[disabled], .v-pending, .v-status-quiet, .sr-only')) continue;
    let alpha = 1; for (let p = e; p; p = p.parentElement) alpha *= Number(getComputedStyle(p).opacity);
    const back = ground(e), c = rgba(getComputedStyle(e).color); c[3] *= alpha;
    const a = lum(over(c, back)), b = lum(back); const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) out.push([walk.currentNode.data.trim().slice(0, 40), ratio.toFixed(2), e.className].join(' | ')); }
  return out; }"""


@pytest.mark.parametrize("dark", [False, True])
def test_every_text_has_enough_contrast(url, visit, dark):
    page = visit(url, dark=dark)
    assert page.page.evaluate(CONTRAST) == []
    for question in ("What did she build?", "What is her salary?", "a missed salary", "crash", "nothing"):
        page.ask(question)
        expect(page.reply.locator(".v-row-scored, .v-row-declined, .v-row-failed")).to_be_visible()
    for summary in page.page.locator("summary:visible").all():
        summary.click()
    assert page.page.evaluate(CONTRAST) == []


def test_every_control_has_a_name_and_focus_is_visible(url, visit):
    page = visit(url)
    page.ask("What did she build?")
    expect(page.reply.locator(".v-row-scored")).to_be_visible()
    nameless = page.page.evaluate(
        """[...document.querySelectorAll('button, summary, a[href], textarea, input:not([type=file])')].filter((e) =>
          e.checkVisibility() && !(e.innerText || e.getAttribute('aria-label') || e.title || e.labels?.[0]?.innerText
            || e.labels?.[0]?.textContent)).map((e) => e.outerHTML.slice(0, 120))"""
    )
    assert nameless == []
    assert page.page.locator("#chat [aria-label*='<div']").count() == 0
    page.page.keyboard.press("Tab")
    outline = page.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"


@pytest.mark.parametrize(("width", "locale"), [(1280, "en-US"), (1280, "ko-KR"), (1024, "en-US"), (1024, "ko-KR"), (390, "en-US"), (390, "ko-KR")])
def test_the_whole_box_to_ask_in_is_in_the_window(url, visit, width, locale):
    page = visit(url, width=width, height=800, locale=locale)
    ask = page.page.get_by_role("button", name="질문하기" if locale == "ko-KR" else "Ask", exact=True)
    expect(ask).to_be_in_viewport(ratio=1)
    page.assert_fits()
    if width > 1000:  # name and links on one line each
        for part in ("#brand h1", ".v-nav"):
            assert page.page.locator(part).first.bounding_box()["height"] < 45


def test_motion_can_be_reduced(url, visit, chromium):
    context = chromium.new_context(reduced_motion="reduce", viewport={"width": 1000, "height": 800})
    page = visit(url, context=context)
    page.ask("a long story")
    expect(page.reply.locator(".v-caret")).to_be_visible()
    still = "getComputedStyle(document.querySelector('.v-caret')).animationName === 'none'"
    page.page.wait_for_function(still)
    page.page.get_by_role("button", name="Stop", exact=True).click()
    context.close()
