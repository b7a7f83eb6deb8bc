"""Who may see the pages that show everybody's questions: open on loopback, closed or behind a password beyond it."""

from types import SimpleNamespace

import gradio as gr
import pytest

from judge.regression.types import Case
from settings import Settings
from tests.browser.fakes import FakeBot, services_of
from ui.access import PER_S, TOKEN_S, TRIES, Access, TooManyTries, beyond_loopback, is_loopback
from ui.judge_page import JudgePage
from ui.regression import RegressionPage
from ui.services import BotLoader

SECRET = "correct horse"
QUESTION = "what everybody asked"


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def request(language: str = "en-US") -> SimpleNamespace:
    return SimpleNamespace(session_hash="s1", headers={"accept-language": language})


def event(**data) -> SimpleNamespace:
    return SimpleNamespace(_data=data)


@pytest.fixture(autouse=True)
def _here(monkeypatch):
    for name in ("SPACE_ID", "GRADIO_SHARE"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "[::1]", "127.8.9.10"])
def test_loopback_addresses(host):
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "", "::", "192.168.0.7", "example.test", "localhost.example.test"])
def test_addresses_that_others_reach(host):
    assert not is_loopback(host) and beyond_loopback(Settings(host=host))


@pytest.mark.parametrize("name", ["SPACE_ID", "GRADIO_SHARE"])
def test_a_space_and_a_share_link_are_reached_by_others(monkeypatch, name):
    monkeypatch.setenv(name, "True")
    assert beyond_loopback(Settings())


def test_on_loopback_the_pages_are_open():
    assert Access(Settings()).standing(None) == "open"


def test_beyond_loopback_without_a_password_they_are_closed_to_everybody():
    access = Access(Settings(host="0.0.0.0"))
    assert access.standing(None) == "closed"
    assert access.unlock("") is None and access.standing("") == "closed"


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_a_password_opens_them_to_whoever_gives_it(host):
    access = Access(Settings(host=host, admin_password=SECRET))
    assert access.standing(None) == "ask"
    assert access.unlock("wrong") is None
    token = access.unlock(SECRET)
    assert access.standing(token) == "open"
    for forged in (token + "x", token[:-1], "", None, 7, ["x"], "\ud800"):
        assert access.standing(forged) == "ask"


def test_a_token_ends_after_its_time():
    clock = Clock()
    access = Access(Settings(admin_password=SECRET), clock)
    token = access.unlock(SECRET)
    clock.now += TOKEN_S - 1
    assert access.standing(token) == "open"
    clock.now += 2
    assert access.standing(token) == "ask"


def test_guessing_is_slowed_down_and_then_possible_again():
    clock = Clock()
    access = Access(Settings(admin_password=SECRET), clock)
    for _ in range(TRIES):
        assert access.unlock("guess") is None
    with pytest.raises(TooManyTries):
        access.unlock(SECRET)
    clock.now += PER_S + 1
    assert access.unlock(SECRET)


def test_the_password_is_not_shown_with_the_settings():
    assert SECRET not in repr(Settings(admin_password=SECRET))


def pages(settings: Settings):
    """Both pages, built, with a case in the record."""
    loader = BotLoader(FakeBot)
    services = services_of(loader)
    services.regression.add_case(Case("c1", QUESTION))
    access = Access(settings)
    with gr.Blocks() as demo:
        regression = RegressionPage(services, settings, access)
        regression.build(demo)
        judge = JudgePage(services, settings, access)
        judge.build(demo)
    return regression, judge


def handlers(regression: RegressionPage, judge: JudgePage) -> dict:
    """Every handler that shows or changes something, as an event would call it."""
    cases, runs = regression.cases, regression.runs
    return {
        "find": lambda b: cases.find(b, request(), event(query={})),
        "act": lambda b: cases.act(b, request(), event(act="delete", id="c1")),
        "export": lambda b: cases.export(b, request(), event(format="csv")),
        "bring": lambda b: cases.bring("/etc/hostname", b, request()),
        "refresh": lambda b: runs.refresh(b, request()),
        "look": lambda b: runs.act(b, request(), event(act="open", id="r")),
        "begin": lambda b: runs.begin(b, request(), event(which="accepted")),
        "attribute": lambda b: runs.attribute(b, request(), event()),
        "trap": lambda b: runs.measure_trap(b, request()),
        "preview": lambda b: judge.preview(b, request(), 0.5, 0.5, 0.5),
        "use": lambda b: judge.use(b, True, request(), 0.1, 0.1, 0.1),
    }


@pytest.mark.parametrize("browser", [None, {}, {"admin": "forged"}, {"admin": None, "owner": "a" * 64}, "x"])
def test_no_handler_does_or_shows_anything_for_whom_the_page_is_locked(browser):
    regression, judge = pages(Settings(host="0.0.0.0", admin_password=SECRET))
    before = judge.services.flagger.thresholds
    for name, handler in handlers(regression, judge).items():
        with pytest.raises(gr.Error, match="password"):
            handler(browser)
            pytest.fail(f"{name} let a stranger in")
    assert regression.cases.services.regression.case("c1") is not None
    assert judge.services.flagger.thresholds == before


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_a_locked_page_holds_nobodys_question_and_a_password_fills_it(host):
    regression, judge = pages(Settings(host=host, admin_password=SECRET))
    for page in (regression, judge):
        locked = page.restore({}, request())
        assert QUESTION not in str([getattr(each, "constructor_args", each) for each in locked])
        wrong = page.unlock("nope", {}, request())
        assert any("That is not the password." in str(each) for each in wrong)
    opened = regression.unlock(SECRET, {}, request())
    assert any(QUESTION in str(each) for each in opened)
    browser = opened[0]
    assert any(QUESTION in str(each) for each in regression.restore(browser, request()))
    assert any(QUESTION in str(each) for each in regression.switch_language(browser, {}, request()))


def test_a_closed_page_says_what_to_set():
    regression, _ = pages(Settings(host="0.0.0.0"))
    assert any("VOUCH_ADMIN_PASSWORD" in str(each) for each in regression.restore({}, request()))
    assert any("VOUCH_ADMIN_PASSWORD" in str(each) for each in regression.restore({}, request("ko-KR")))
