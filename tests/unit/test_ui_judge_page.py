"""The Judge page: thumbs against scores, what sliders would have caught, and thresholds that hold from then on."""

from types import SimpleNamespace

import gradio as gr
import pytest

from judge.types import METRICS, Judgement, Score
from rag.types import Turn
from settings import Settings
from tests.browser.fakes import FakeBot, services_of
from ui.access import Access
from ui.judge_page import JudgePage, thresholds_of
from ui.services import BotLoader


def request(language: str = "en-US") -> SimpleNamespace:
    return SimpleNamespace(session_hash="s1", headers={"accept-language": language})


def thumb(services, name: str, kind: str, faithfulness: float, seconds: float = 0.5) -> None:
    """A judged reply with a person's thumb."""
    conversation = services.store.new_conversation("o" * 64)
    turn = Turn(conversation, name, response=f"reply {name}", status="finished")
    services.store.save_turn(turn)
    scores = {metric: Score(metric, 0.9, "scored") for metric in METRICS}
    scores["faithfulness"] = Score("faithfulness", faithfulness, "scored")
    scores["context_precision"] = Score("context_precision", None, "unscored", "no passages")
    services.store.save_judgement(turn.id, Judgement(scores, (), (), "j", seconds))
    services.regression.flag(turn.id, kind, "wrong_fact" if kind == "down" else "")


@pytest.fixture
def page():
    settings = Settings()
    services = services_of(BotLoader(FakeBot))
    with gr.Blocks() as demo:
        made = JudgePage(services, settings, Access(settings))
        made.build(demo)
    return made


@pytest.fixture
def judged(page):
    for n in range(6):
        thumb(page.services, f"good {n}", "up", 0.9, seconds=0.2)
    for n in range(4):
        thumb(page.services, f"bad {n}", "down", 0.3, seconds=2.0)
    thumb(page.services, "false alarm", "up", 0.4)
    thumb(page.services, "missed", "down", 0.95)
    return page


def test_without_thumbs_the_page_says_what_to_do(page):
    tiles, confusion, plots = page.preview({}, request(), 0.5, 0.5, 0.5)
    assert "No thumbs yet" in confusion and "no judgement yet" in tiles and plots == ""
    assert "아직 사람의 평가가 없습니다" in page.preview({}, request("ko-KR"), 0.5, 0.5, 0.5)[1]


def test_thumbs_and_verdicts_are_counted(judged):
    tiles, confusion, _ = judged.preview({}, request(), 0.5, 0.5, 0.5)
    assert "6<small>rightly left alone" in confusion and "1<small>false alarm" in confusion
    assert "1<small>missed" in confusion and "4<small>caught" in confusion
    assert "caught 4 of 5 bad replies, missed 1, and flagged 1 of 7 good ones" in confusion
    assert "<b>12</b>" in tiles and "0.83" in tiles and "95 %" in tiles  # 10 of 12 agree


def test_a_slider_shows_what_it_would_catch_and_changes_nothing(judged):
    before = judged.services.flagger.thresholds
    _, confusion, plots = judged.preview({}, request(), 0.2, 0.0, 0.0)
    assert "caught 0 of 5 bad replies" in confusion and "threshold 0.20" in plots
    assert judged.services.flagger.thresholds == before


def test_thresholds_are_used_from_now_on(judged):
    said = judged.use({}, True, request(), 0.65, 0.0, 0.25)
    assert "Faithfulness &lt; 0.65" in said
    assert judged.services.flagger.thresholds == {
        "faithfulness": 0.65,
        "answer_relevancy": 0.0,
        "context_precision": 0.25,
    }
    assert "not flagged" in judged.use({}, False, request(), 0.65, 0.0, 0.25)
    assert not judged.services.flagger.enabled


def test_every_metric_with_scores_has_plots_and_one_without_has_none(judged):
    _, _, plots = judged.preview({}, request(), 0.5, 0.5, 0.5)
    assert "Faithfulness: what people said, by score" in plots and "Faithfulness: what each threshold" in plots
    assert "Context precision" not in plots and "Seconds per judgement" in plots
    assert plots.count("<svg") == plots.count("</svg>") == plots.count('role="img" aria-label=') == 5


def test_bars_count_every_reply_once(judged):
    _, _, plots = judged.preview({}, request(), 0.5, 0.5, 0.5)
    assert "<td>0.3–0.4</td><td>4</td><td>0</td>" in plots and "<td>0.9–1.0</td><td>1</td><td>6</td>" in plots


def test_latency_is_that_of_the_record(judged):
    tiles, _, _ = judged.preview({}, request(), 0.5, 0.5, 0.5)
    assert "0.35 s" in tiles and "p95 2.00 s, of 12 judgements" in tiles  # six at 0.2, two at 0.5, four at 2.0


@pytest.mark.parametrize("values", [("x", None, []), (float("nan"), float("inf"), -3), (True, {}, "0.5")])
def test_what_is_no_threshold_counts_as_off(values):
    assert set(thresholds_of(values).values()) <= {0.0, 1.0}


def test_the_page_speaks_korean(judged):
    drawn = " ".join(str(getattr(each, "constructor_args", each)) for each in judged.restore({}, request("ko-KR")))
    assert "코헨의 카파" in drawn and "충실성 기준값" in drawn and "Cohen" not in drawn


def test_sliders_that_are_not_in_use_yet_outlive_a_switch_of_the_language(judged):
    before = judged.services.flagger.thresholds
    drawn = judged.switch_language({}, False, request(), 0.2, 0.35, 0.0)
    made = [getattr(each, "constructor_args", {}) for each in drawn]
    assert [each["value"] for each in made if "기준값" in str(each.get("label"))] == [0.2, 0.35, 0.0]
    assert "caught 0" not in str(drawn) and "0.20" in drawn[-1]  # the plots are those of the sliders
    assert any("충실성" in str(each) and "0.50" in str(each) for each in drawn)  # what is in force is said as before
    assert any(each.get("value") is False for each in made)
    assert judged.services.flagger.thresholds == before and judged.services.flagger.enabled


def test_opening_the_page_shows_the_thresholds_in_force(judged):
    judged.use({}, True, request(), 0.65, 0.0, 0.25)
    made = [getattr(each, "constructor_args", {}) for each in judged.restore({}, request("ko-KR"))]
    assert [each["value"] for each in made if "기준값" in str(each.get("label"))] == [0.65, 0.0, 0.25]
