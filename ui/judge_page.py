"""The Judge page: how far its scores can be trusted, what its thresholds would flag, and how long it takes."""

from __future__ import annotations

import math
from collections import Counter

import gradio as gr

from judge.types import METRICS
from settings import PROJECT, Settings
from ui import render
from ui.access import Access
from ui.i18n import say
from ui.services import Services, second_judge_row
from ui.shell import AdminPage, browser_state
from ui.visitors import Visitor, visitor_of

AUDITS = PROJECT / "benchmarks" / "results" / "audit.json"  # where `python -m judge audit` keeps its results
MAX_JUDGES = 5  # of those whose judgements are in the record, the most frequent


class JudgePage:
    """Builds the components, then wires the events; the handlers are methods."""

    def __init__(self, services: Services, settings: Settings, access: Access) -> None:
        self.services = services
        self.page = AdminPage("judge", settings, access)

    # -------------------------------------------------------------- components

    def build(self, demo: gr.Blocks) -> None:
        """Inside `with demo.route(…)`."""
        browser = browser_state()
        self.page.build_top()
        with gr.Column(visible=False, elem_id="judge") as self.content:
            self.heading = gr.HTML("", elem_id="judge-heading", elem_classes="v-panel")
            self.tiles = gr.HTML("", elem_id="judge-tiles", elem_classes="v-panel")
            with gr.Row(elem_id="judge-work", equal_height=False):
                with gr.Column(scale=1, min_width=320):
                    self.confusion = gr.HTML("", elem_id="confusion", elem_classes="v-panel")
                with gr.Column(scale=1, min_width=320, elem_id="thresholds"):
                    self.rules = gr.HTML("", elem_classes="v-panel")
                    self.sliders = [
                        gr.Slider(0, 1, step=0.05, label="…", elem_id=f"threshold-{metric}", buttons=[])
                        for metric in METRICS
                    ]
                    self.enabled = gr.Checkbox(label="…", elem_id="auto-flag")
                    self.apply = gr.Button("…", variant="primary", elem_id="apply")
                    self.said = gr.HTML("", elem_id="applied", js_on_load=self.page.live_region)
            self.plots = gr.HTML("", elem_id="plots", elem_classes="v-panel")
            self.audits = gr.HTML("", elem_id="audits", elem_classes="v-panel")
        self._wire(demo, browser)

    def _wire(self, demo: gr.Blocks, browser: gr.BrowserState) -> None:
        quick = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
        everything = [
            browser, *self.page.top(), self.content, self.heading, self.rules, *self.sliders, self.enabled, self.apply,
            self.said, self.audits, self.tiles, self.confusion, self.plots,
        ]  # fmt: skip
        secret = [self.page.password, browser]
        demo.load(self.restore, browser, everything, **quick)
        self.page.toggle.click(self.switch_language, [browser, self.enabled, *self.sliders], everything, **quick)
        self.page.unlock.click(self.unlock, secret, everything, **quick)
        self.page.password.submit(self.unlock, secret, everything, **quick)
        for slider in self.sliders:
            slider.input(
                self.preview, [browser, *self.sliders], [self.tiles, self.confusion, self.plots],
                trigger_mode="always_last", **quick,
            )  # fmt: skip
        self.apply.click(self.use, [browser, self.enabled, *self.sliders], self.said, **quick)

    # -------------------------------------------------------------- handlers

    def restore(self, browser: object, request: gr.Request):
        """The page was opened."""
        return self._shown(visitor_of(browser, request))

    def switch_language(self, browser: object, enabled: object, request: gr.Request, *values: object):
        """Show the page in the other language from now on; what was moved and is not in use yet stays as it is."""
        visitor = self.page.other_language(browser, request)
        return self._shown(visitor, chosen=(thresholds_of(values), enabled is True))

    def unlock(self, password: object, browser: object, request: gr.Request):
        """A password was given."""
        visitor, wrong = self.page.try_password(password, browser, request)
        return self._shown(visitor, wrong)

    def preview(self, browser: object, request: gr.Request, *values: object):
        """A slider was moved: what these thresholds would have flagged."""
        visitor = self.page.admitted(browser, request)
        return self._report(thresholds_of(values), visitor.language)

    def use(self, browser: object, enabled: object, request: gr.Request, *values: object):
        """Flag by these thresholds from now on."""
        language = self.page.admitted(browser, request).language
        from ui.render_judge import in_force

        flagger = self.services.flagger
        flagger.set_thresholds(thresholds_of(values))
        flagger.set_enabled(enabled is True)
        said = in_force(flagger.thresholds, flagger.enabled, language, "applied")
        return render.status_line(said)

    # -------------------------------------------------------------- drawing

    def _shown(self, visitor: Visitor, wrong: str = "", chosen: tuple[dict[str, float], bool] | None = None) -> tuple:
        """Every component in the visitor's language; nobody's thumbs to whom the page is closed.

        Args:
            wrong: why the password just given does not open the page.
            chosen: what sliders and checkbox show, None for the thresholds in force.
        """
        language, is_open = visitor.language, self.page.is_open(visitor)
        top = (visitor.browser(visitor.conversation_id), *self.page.topped(visitor, wrong), gr.Column(visible=is_open))
        if not is_open:
            return (*top, *(gr.skip(),) * (9 + len(METRICS)))
        from judge import audit
        from ui import render_judge

        flagger = self.services.flagger
        in_force = {metric: flagger.thresholds.get(metric, 0.0) for metric in METRICS}
        thresholds, enabled = chosen or (in_force, flagger.enabled)
        rules = (
            f'<h2 class="v-heading">{render.escape(say(language, "thresholds"))}</h2>'
            f'<p class="v-quiet">{render.escape(say(language, "thresholds_body"))}</p>'
        )
        sliders = [
            gr.Slider(value=thresholds[metric], label=say(language, "threshold_of", metric=say(language, metric)))
            for metric in METRICS
        ]
        return (
            *top,
            render_judge.heading(language),
            rules,
            *sliders,
            gr.Checkbox(value=enabled, label=say(language, "auto_flag_on")),
            gr.Button(say(language, "apply")),
            render.status_line(render_judge.in_force(in_force, flagger.enabled, language)),
            render_judge.audits(audit.read(AUDITS), self.services.judge_id(), language),
            *self._report(thresholds, language),
        )

    def _report(self, thresholds: dict[str, float], language: str) -> tuple[str, str, str]:
        """Tiles, confusion matrix and plots at these thresholds."""
        from judge.regression.agreement import agreement, sweep
        from ui import render_judge

        flags = self.services.regression.all_flags()
        found = agreement(flags, thresholds)
        sweeps = {metric: sweep(flags, metric) for metric in METRICS}
        judgements = self.services.store.judge_seconds()
        seconds = [taken for _, taken in judgements]
        loader = self.services.loader
        missing = say(language, "not_loaded" if loader.busy else "not_loaded_failed")
        generator = loader.bot.generator_id if loader.bot is not None and loader.stage == "ready" else None
        models = [
            (say(language, "judge_models"), self.services.judge_id() or missing),
            *second_judge_row(self.services, language),
            (say(language, "generator"), generator or missing),
        ]
        models += [
            (say(language, "judged_by", count=f"{count:,}"), judge)
            for judge, count in Counter(judge for judge, _ in judgements).most_common(MAX_JUDGES)
        ]
        return (
            render_judge.tiles(found, self.services.judge.queue_depth, seconds, models, language),
            render_judge.confusion(found, language),
            render_judge.plots(sweeps, thresholds, seconds, language),
        )


def thresholds_of(values: tuple[object, ...]) -> dict[str, float]:
    """What the sliders say, in the order of METRICS; whatever is no number in [0, 1] counts as 0, which is off."""
    found = {}
    for metric, value in zip(METRICS, values, strict=True):
        number = float(value) if isinstance(value, int | float) and math.isfinite(value) else 0.0
        found[metric] = min(max(number, 0.0), 1.0)
    return found
