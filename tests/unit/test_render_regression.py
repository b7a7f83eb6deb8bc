"""The HTML of flags, cases, runs, comparisons and charts: hostile text stays text, in either language."""

import re
import time
from dataclasses import replace

import pytest

from judge.regression.attribution import Attribution, Effect
from judge.regression.diff import compare_results
from judge.regression.metrics import TrapRow
from judge.regression.types import Case, CaseResult, Flag, Run
from judge.types import Claim, Judgement, Score, Verdict
from rag.errors import UserError
from rag.types import Chunk, RetrievedChunk, Turn
from tests.unit.test_render import HOSTILE, Tags
from ui import charts, render_cases, render_diff, render_flags, render_judge, render_runs
from ui.i18n import TEXTS
from ui.render_cases import Query
from ui.running import Progress

ALLOWED = re.compile(
    "div|p|span|b|strong|em|ol|ul|li|a|code|pre|details|summary|article|section|h[1-6]|mark|small|button|blockquote|hr|"
    "br|table|caption|thead|tbody|tr|th|td|dl|dt|dd|progress|form|fieldset|legend|label|input|textarea|select|option|"
    "time|nav|del|ins|figure|figcaption|svg|rect|line|path|circle|text|title"
)
VOID = ("br", "hr", "input", "line", "rect", "path", "circle")


class Page(Tags):
    """Every tag of a piece of HTML; void ones have no end."""

    def handle_starttag(self, tag, attributes):
        super().handle_starttag(tag, attributes)
        if tag in VOID and self.open and self.open[-1] == tag:
            self.open.pop()

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        if tag not in VOID:
            super().handle_endtag(tag)


def harmless(html: str) -> Page:
    page = Page(html)
    assert page.open == []
    for tag, attributes in page.tags:
        assert ALLOWED.fullmatch(tag), tag
        for name, value in attributes.items():
            assert not name.startswith("on"), (tag, name)
            assert "javascript:" not in (value or "") or name not in ("href", "src"), (tag, value)
            assert name not in ("src", "srcdoc", "style", "action", "formaction"), (tag, name)
    return page


def turn(text: str) -> Turn:
    found = RetrievedChunk(Chunk(text, "d", text, text, text, text, 0, len(text)), 1, 0.5, "both")
    return Turn(text, text, id="t1", standalone_question=text, retrieved_contexts=(found,), response=text,
                status="finished", notice=text, generator=text)  # fmt: skip


def judgement(text: str) -> Judgement:
    scores = {metric: Score(metric, None, "unscored", text) for metric in ("faithfulness", "context_precision")}
    scores["answer_relevancy"] = Score("answer_relevancy", 0.0, "declined", text)
    return Judgement(scores, (Verdict(Claim(text, 0, 1), "contradicted", 0.1, 0.9, 0, text),), (0.5,), text, 0.1)


def case(text: str, **more) -> Case:
    return Case(text, text, text, (text,), "auto", text, text, "candidate", (text,), turn(text), judgement(text),
                created_at=text, updated_at=text, **more)  # fmt: skip


def run(text: str, run_id: str = "r1") -> Run:
    configuration = {"generator": text, "judge": text, "settings": {"top_k": text}, text: [text]}
    return Run(run_id, text, configuration, (text,), "failed", 0, text, text, text)


def result(text: str, run_id: str, response: str, passed: bool) -> CaseResult:
    scores = {"faithfulness": Score("faithfulness", 0.5, "scored", text), "f1": Score("f1", None, "unscored", text)}
    return CaseResult(run_id, text, replace(turn(text), response=response), judgement(text), scores, None, passed,
                      () if passed else (text,), "", 0.1)  # fmt: skip


def everything(text: str, language: str) -> dict[str, str]:
    """Every renderer of these pages, fed with `text` wherever a stranger's text can stand."""
    one, made = case(text), turn(text)
    flag = Flag("f", made, "down", "user", text, text, text, judgement(text), text)
    before, after = run(text), run(text, "r2")
    old, new = result(text, "r1", text, True), result(text, "r2", f"{text} {text}", False)
    diff = compare_results(before, [old], replace(after, configuration={"generator": "x", text: text}), [new])
    effect = Effect("faithfulness", 0.1, 0.9, 0.0, None, 0.2, None, ())
    attribution = Attribution(text, {"faithfulness": effect}, ("judge",), {}, {"index": text}, "unknown")
    at = Progress("running", "r1", text, 1, 2, 0, 3.0, UserError(text, text))
    rows = [TrapRow("en", "changed", text, text, 0.9, 0.5)]
    query = Query(tag=text, text=text)
    return {
        "actions": render_flags.reply_actions(made, [flag, replace(flag, origin="auto")], language),
        "form": render_flags.flag_form(made, flag, language),
        "filters": render_cases.filters(query, [text], language),
        "table": render_cases.table([one], query, {"candidate": 1}, 1, text, language),
        "empty": render_cases.table([], query, {}, 0, "", language),
        "detail": render_cases.detail(one, [one], language),
        "merged": render_cases.detail(replace(one, status="merged", turn=None), [], language),
        "run form": render_runs.form(
            2, dict.fromkeys(("top_k", "generator", "judge", "embedder", "index", "prompt"), text), language
        ),
        "progress": render_runs.progress(at, language),
        "failed": render_runs.progress(replace(at, stage="idle"), language),
        "runs": render_runs.run_list([before, after], "r2", language),
        "results": render_runs.results(before, [old, new], one, 0, text, language),
        "comparison": render_diff.comparison(diff, "all", 0, text, None, language),
        "attribution": render_diff.comparison(diff, "all", 0, text, attribution, language),
        "refused": render_diff.comparison(diff, text, 0, text, text, language),
        "trap": render_runs.trap(rows, language),
        "no trap": render_runs.trap(None, language, text),
        "bars": charts.stacked_bars([charts.Series(text, "good", [1, 2])], [text, text, text], 0.5, text),
        "lines": charts.lines([charts.Series(text, "a", [0.1, None, 0.3])], [text, text, text], 0.9, text),
        "columns": charts.columns([0.1, 2.0], [(text, 1.0)], text),
        "numbers": charts.table([text], [[text]], text),
    }


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("language", ["en", "ko"])
def test_nothing_a_stranger_wrote_becomes_markup(hostile, language):
    for name, html in everything(hostile, language).items():
        try:
            harmless(html)
        except AssertionError as error:
            raise AssertionError(f"{name}: {error}") from error


@pytest.mark.parametrize("hostile", HOSTILE)
def test_flags_in_a_chat_message_hold_no_blank_line_that_would_end_their_html_block(hostile):
    assert "\n\n" not in everything(hostile, "en")["actions"]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_control_has_a_name(language):
    for name, html in everything("Where?", language).items():
        page = harmless(html)
        for tag, attributes in page.tags:
            if tag in ("select", "textarea") or (tag == "input" and attributes.get("type") != "radio"):
                held = attributes.get("id")
                labelled = held and f'for="{held}"' in html
                assert labelled or "aria-label" in attributes or "<label" in html, (name, attributes)
        for button in re.findall(r"<button[^>]*>.*?</button>", html):
            assert Tags(button).text.strip() or "aria-label" in button, (name, button)


def test_a_button_says_in_words_that_it_is_chosen():
    flag = Flag("f", turn("x"), "up", "user", "", "", "", None, "")
    text = Tags(render_flags.reply_actions(turn("x"), [flag], "en")).text
    assert "Good reply (chosen)" in text and "Bad reply (chosen)" not in text and "Marked as good" in text


@pytest.mark.parametrize(
    ("rule", "english", "korean"),
    [
        ("faithfulness 0.33 < 0.50", "faithfulness 0.33 < 0.50", "충실성 0.33 < 0.50"),
        ("answer relevancy 0.10 < 0.50", "answer relevancy 0.10 < 0.50", "답변 관련성 0.10 < 0.50"),
        (
            "wrong refusal (missed: [2] has it)",
            "wrong refusal (missed: [2] has it)",
            "잘못된 보류 (놓침: [2]에 답이 있음)",
        ),
        ("wrong refusal", "wrong refusal", "잘못된 보류"),
        ("contradicted by [1]: “a; b < c”", "contradicted by [1]: “a; b < c”", "[1]의 내용과 모순됨: “a; b < c”"),
        ("contradicted: “x”", "contradicted: “x”", "모순됨: “x”"),
    ],
)
def test_rules_are_said_in_the_readers_language(rule, english, korean):
    assert render_flags.rule_in(rule, "en") == english
    assert render_flags.rule_in(rule, "ko") == korean


@pytest.mark.parametrize(
    ("failure", "korean"),
    [
        ("faithfulness 0.00 < 0.50", "충실성 0.00 < 0.50"),
        ("f1 0.10 < 0.50", "F1 0.10 < 0.50"),
        ("it declined, but an answer was expected", "답이 있어야 하는데 보류함"),
        (
            "it declined, but an answer was expected (missed: [2] has it)",
            "답이 있어야 하는데 보류함 (놓침: [2]에 답이 있음)",
        ),
        ("it answered, but should have declined", "보류했어야 하는데 답함"),
        ("contradicted: She won.", "모순됨: She won."),
        ("no reply: the model fell over", "답변 없음: the model fell over"),
    ],
)
def test_failures_are_said_in_the_readers_language(failure, korean):
    assert render_runs.failure_in(failure, "ko") == korean


def test_a_mean_says_how_many_were_scored_and_none_is_no_zero():
    scored = replace(result("q", "r", "x", True), scores={"faithfulness": Score("faithfulness", 1.0, "scored")})
    not_scored = replace(scored, scores={"faithfulness": Score("faithfulness", None, "unscored", "no passages")})
    assert render_runs.means_of([scored, not_scored])["faithfulness"] == (1.0, 1, 2)
    assert render_runs.means_of([not_scored])["faithfulness"] == (None, 0, 1)


def test_percentiles_lie_between_neighbours():
    assert render_judge.percentile([1.0, 2.0, 3.0, 4.0], 0.5) == 2.5
    assert render_judge.percentile([5.0], 0.95) == 5.0


def test_a_chart_of_nothing_is_still_a_chart():
    harmless(charts.stacked_bars([charts.Series("x", "good", [0, 0])], ["0", "1", "2"], None))
    harmless(charts.lines([charts.Series("x", "a", [None])], ["0"], None))
    harmless(charts.columns([0.0], [], "x"))


def test_few_columns_stay_columns_and_levels_close_to_each_other_are_both_read():
    drawn = charts.columns([0.80, 0.82], [("p50", 0.81), ("p95", 0.82)], "seconds")
    widths = [float(found) for found in re.findall(r'<rect[^>]* width="([\d.]+)"', drawn)]
    assert len(widths) == 2 and max(widths) < charts.WIDTH / 20
    ends = [float(found) for found in re.findall(r'<text x="([\d.]+)"[^>]*v-strong', drawn)]
    assert abs(ends[0] - ends[1]) > len("p50 0.81") * charts.LETTER / 2  # side by side, not one on the other
    apart = charts.columns([0.1, 1.0], [("p50", 0.1), ("p95", 1.0)], "seconds")
    assert len(set(re.findall(r'<text x="([\d.]+)"[^>]*v-strong', apart))) == 1


def test_both_languages_have_every_sentence_with_the_same_gaps():
    gaps = {key: set(re.findall(r"{(\w+)}", text)) for key, text in TEXTS["en"].items()}
    assert gaps == {key: set(re.findall(r"{(\w+)}", text)) for key, text in TEXTS["ko"].items()}


def test_moments_are_told_by_the_clock_on_the_wall(monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Seoul")
    time.tzset()
    try:
        assert render_cases.minute("2026-05-01T18:30:12.345678+00:00") == "2026-05-02 03:30"
        assert 'datetime="2026-05-01T18:30:12+00:00"' in render_cases.when("2026-05-01T18:30:12+00:00")
        for written in ("2026-01-01", "2026-05-01T18:30", "soon", ""):  # an import's, of no zone
            assert render_cases.minute(written) == written.replace("T", " ")
        assert render_cases.minute("0001-01-01T00:00:00+23:00") == "0001-01-01 00:00"
    finally:
        monkeypatch.undo()
        time.tzset()
