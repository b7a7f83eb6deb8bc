"""The Runs part of the Regression page: starting, stopping and resuming runs, reading them, comparing two."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import gradio as gr

from judge.regression.types import Run
from rag.errors import UserError
from settings import Settings
from ui import render, render_runs
from ui.cases import CasesPanel, ids_of, query_of
from ui.comparison import Comparison, Looking
from ui.i18n import reason_in, say
from ui.running import RunDesk, sentence, settings_of
from ui.services import Services
from ui.shell import AdminPage
from ui.visitors import Visitor

WATCH_S = 0.3  # between two looks at a run; a case takes longer
MAX_MODEL_CHARS = 300

# What is looked at (runs, page, case) stands in the drawn view; every event carries it, so the server keeps none.
RUN_EVENTS = """
const root = () => document.querySelector('#runs-tab');
const view = () => ({...(root()?.querySelector('[data-view]')?.dataset || {})});
window.vouchRuns = {view: view};
const send = (name, data) => trigger(name, {...data, view: view(), query: window.vouchCases?.query(), ids: window.vouchCases?.ids()});
let focus = null;
// The form is drawn anew when cases were accepted or the language changed; what was typed into it stays.
const typed = {};
document.addEventListener('input', (e) => { if (e.target.closest?.('#runs-tab form[data-run=start]') && e.target.name) typed[e.target.name] = e.target.value; });
watch('value', () => { const fields = root()?.querySelector('form[data-run=start]')?.elements; if (!fields) return;
  for (const [name, value] of Object.entries(typed)) { if (fields[name]) fields[name].value = value; } });
const work = (b, event) => { b.setAttribute('aria-busy', 'true'); b.dataset.waits = event; };
document.addEventListener('vouch:answered', (e) => root()?.querySelectorAll(`[data-waits=${e.detail}]`).forEach((b) => {
  b.removeAttribute('aria-busy'); delete b.dataset.waits; b.disabled = false; }));
document.addEventListener('submit', (e) => {
  const f = e.target.closest?.('#runs-tab form[data-run]'); if (!f) return;
  e.preventDefault();
  const event = f.dataset.run === 'start' ? 'submit' : 'click';
  work(f.querySelector('[type=submit]'), event);
  send(event, {act: f.dataset.run, ...Object.fromEntries(new FormData(f))});
});
document.addEventListener('click', (e) => {
  const b = e.target.closest?.('#runs-tab button'); if (!b) return;
  focus = b.id || null;
  if (b.dataset.go) send('click', {act: 'page', page: Number(b.dataset.go)});
  else if (b.dataset.list !== undefined) send('click', {act: 'list', list: b.dataset.list});
  else if (b.dataset.run === 'resume') send('submit', {act: 'resume', id: b.dataset.id});
  else if (b.dataset.run === 'attribute' || b.dataset.run === 'trap') {
    const event = b.dataset.run === 'trap' ? 'input' : 'select';
    b.disabled = true; work(b, event); send(event, {act: b.dataset.run, id: b.dataset.id}); }
  else if (b.dataset.run) send('click', {act: b.dataset.run, id: b.dataset.id});
});
// The list is drawn anew while runs go on, and does not know which of them are looked at.
const mark = () => { const runs = (view().runs || '').split(',');
  root()?.querySelectorAll('#runs tbody tr').forEach((r) => r.classList.toggle('v-opened', runs.includes(r.dataset.id)));
  return runs; };
document.addEventListener('vouch:list', () => {
  const runs = mark(), pair = root()?.querySelector('form[data-run=compare]')?.elements;
  if (pair && runs.length === 2) { pair.before.value = runs[0]; pair.after.value = runs[1]; } });
document.addEventListener('vouch:view', () => {
  mark();
  if (focus && document.activeElement === document.body) document.getElementById(focus)?.focus({preventScroll: true}); });
"""
# A button is busy until the server has answered, whether or not the answer draws it anew.
ANSWERED = "() => document.dispatchEvent(new CustomEvent('vouch:answered', {detail: '%s'}))"
DRAWN = "watch('value', () => document.dispatchEvent(new CustomEvent('vouch:%s')));"


@dataclass(frozen=True, slots=True)
class View:
    """What the tab looks at: no run, one, or two that are compared (the earlier one first)."""

    runs: tuple[str, ...] = ()
    case: str = ""
    page: int = 0
    shown: str = ""  # of a comparison: which of its cases are listed


class RunsPanel:
    """Builds the components, then wires the events; the handlers are methods."""

    def __init__(self, services: Services, page: AdminPage, cases: CasesPanel) -> None:
        self.services = services
        self.page = page
        self.cases = cases
        self.desk = RunDesk(services.regression, self._open_backend, lambda: services.flagger.thresholds)
        self.comparison = Comparison(services.regression, self._open_backend, page.settings)
        self._trap: list | None = None
        self._measuring = threading.Lock()

    def _open_backend(self, settings: Settings):
        if self.services.backend is None:
            raise sentence("no_backend")
        return self.services.backend(settings)

    # -------------------------------------------------------------- components

    def build(self) -> None:
        self.form = gr.HTML("", elem_id="run-form", elem_classes="v-panel", js_on_load=RUN_EVENTS)
        self.progress = gr.HTML("", elem_id="run-progress", js_on_load=self.page.live_region)
        self.list = gr.HTML("", elem_id="runs", elem_classes="v-panel", js_on_load=DRAWN % "list")
        self.view = gr.HTML("", elem_id="run-view", elem_classes="v-panel", js_on_load=DRAWN % "view")
        self.trap = gr.HTML("", elem_id="trap", elem_classes="v-panel")

    def parts(self) -> list:
        """What `shown` draws."""
        return [self.form, self.progress, self.list, self.view, self.trap]

    def wire(self, browser: gr.BrowserState, tab: gr.Tab, opened: list) -> None:
        """Args: opened: the events after which the page is drawn anew."""
        quick = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
        slow = {
            "show_progress": "hidden",
            "api_visibility": "private",
            "trigger_mode": "multiple",
            "concurrency_limit": None,
        }
        chosen = tab.select(self.refresh, browser, [self.form, self.list], **quick)
        acted = self.form.click(
            self.act, browser, [self.progress, self.list, self.view], trigger_mode="multiple", **quick
        )
        started = gr.State(False)
        begun = self.form.submit(self.begin, browser, [self.progress, started], **quick)
        begun.then(self.follow, [browser, started], [self.progress, self.list, self.view], **slow)
        attributed = self.form.select(
            self.attribute, browser, self.view, concurrency_id="attribution", **{**slow, "concurrency_limit": 1}
        )
        measuring = {**slow, "concurrency_id": "trap", "concurrency_limit": 1}
        measured = self.form.input(self.measure_trap, browser, self.trap, **measuring)
        for name, event in (("click", acted), ("submit", begun), ("select", attributed), ("input", measured)):
            event.then(None, js=ANSWERED % name, **quick)
        chosen.then(self.measure_trap, browser, self.trap, **measuring)
        for event in opened:
            event.then(self.follow_quietly, browser, [self.progress, self.list], **slow)

    # -------------------------------------------------------------- drawing

    def shown(self, language: str, looked: dict) -> tuple:
        """Every part in `language`.

        Args:
            looked: the "view" that is shown; empty as the page is opened.
        """
        try:
            view = self._view(view_of(looked.get("view")), language)
        except (KeyError, UserError):  # a run that was deleted in another tab
            view = ""
        return (
            self._form(language),
            render_runs.progress(self.desk.progress, language),
            self._list(language),
            view,
            render_runs.trap(self._trap, language),
        )

    def _form(self, language: str) -> str:
        settings = self.page.settings
        now = {name: getattr(settings, name) for name in ("top_k", "generator", "judge", "embedder", "index", "prompt")}
        return render_runs.form(self.services.regression.count_cases(status="accepted"), now, language)

    def _list(self, language: str) -> str:
        at = self.desk.progress
        active = at.run_id if at.stage != "idle" else ""
        runs = [replace(run, error=reason_in(language, run.error)) for run in self.services.regression.runs()]
        return render_runs.run_list(runs, active, language)

    def _view(self, view: View, language: str) -> str:
        """One run, or two side by side."""
        runs = [self._run(run_id) for run_id in view.runs]
        if not runs:
            return ""
        if len(runs) == 2:
            looking = Looking(view.case, view.page, view.shown)
            inside = self.comparison.drawn(runs[0], runs[1], looking, language)
        else:
            found = self.services.regression.results(runs[0].id)
            case = self.services.regression.case(view.case) if view.case else None
            inside = render_runs.results(runs[0], found, case, view.page, view.case, language)
        held = f'data-runs="{render.escape(",".join(view.runs))}" data-case="{render.escape(view.case)}"'
        return (
            f'<div data-view="1" {held} data-page="{view.page}" data-shown="{render.escape(view.shown)}">{inside}</div>'
        )

    def _run(self, run_id: str) -> Run:
        run = self.services.regression.run(run_id)
        if run is None:
            raise KeyError(run_id)
        return run

    # -------------------------------------------------------------- handlers

    def refresh(self, browser: object, request: gr.Request):
        """The tab was chosen: cases may have been accepted since."""
        language = self.page.admitted(browser, request).language
        return self._form(language), self._list(language)

    def act(self, browser: object, request: gr.Request, event: gr.EventData):
        """Look at something, stop the run, or delete one."""
        language = self.page.admitted(browser, request).language
        sent = event._data if isinstance(event._data, dict) else {}
        try:
            drawn = self._view(self._turned(view_of(sent.get("view")), sent), language)
        except KeyError:
            drawn = render.status_line(say(language, "run_gone"), "error")
        except UserError as error:
            drawn = render.status_line(error.message(language), "error")
        return render_runs.progress(self.desk.progress, language), self._list(language), drawn

    def _turned(self, view: View, sent: dict) -> View:
        """What is looked at after an act."""
        act, wanted = sent.get("act"), sent.get("id")
        wanted = wanted if isinstance(wanted, str) else ""
        if act == "stop":
            self.desk.stop()
        elif act == "open":
            return View((wanted,))
        elif act == "compare":
            return View((str(sent.get("before")), str(sent.get("after"))))
        elif act == "delete":
            if self.desk.progress.run_id == wanted and self.desk.progress.stage != "idle":
                raise sentence("run_busy")
            self.services.regression.delete_run(wanted)
            return View() if wanted in view.runs else view
        elif act == "case":
            return View(view.runs, "" if view.case == wanted else wanted, view.page, view.shown)
        elif act == "page":
            page = sent.get("page")
            return View(view.runs, "", page if isinstance(page, int) else 0, view.shown)
        elif act == "list":
            return View(view.runs, "", 0, str(sent.get("list")))
        return view

    def begin(self, browser: object, request: gr.Request, event: gr.EventData):
        """Start a run, or go on with one. Returns: what is said, and whether one was started."""
        language = self.page.admitted(browser, request).language
        sent = event._data if isinstance(event._data, dict) else {}
        try:
            if sent.get("act") == "resume":
                run = self._run(str(sent.get("id")))
                self.desk.resume(run, settings_of(run, self.page.settings))
            else:
                name = render.plain(str(sent.get("name") or "")).strip()[: render_runs.MAX_NAME_CHARS]
                self.desk.start(name, self._wanted(sent), self._settings(sent))
        except KeyError:
            return render.status_line(say(language, "run_gone"), "error"), False
        except UserError as error:
            said = render.status_line(error.message(language), "error")
            return render_runs.progress(self.desk.progress, language) + said, False
        return render_runs.progress(self.desk.progress, language), True

    def _wanted(self, sent: dict) -> list[str]:
        """Ids of the cases to run, oldest first; merged and dismissed ones are never run."""
        which, record = sent.get("which"), self.services.regression
        if which == "ticked":
            cases = self.cases.chosen(query_of(None), ids) if (ids := ids_of(sent.get("ids"))) else []
        elif which == "filtered":
            cases = self.cases.chosen(query_of(sent.get("query")), [])
        else:
            cases = record.cases(status="accepted")
        return [case.id for case in reversed(cases) if case.status in ("candidate", "accepted")]

    def _settings(self, sent: dict) -> Settings:
        """The settings of a run: those of the server, with what was changed in the form."""
        settings, changes = self.page.settings, {}
        try:
            top_k = int(sent.get("top_k") or settings.top_k)
        except (TypeError, ValueError):
            top_k = 0
        if not 1 <= top_k <= 20:
            raise sentence("run_top_k_wrong")
        changes["top_k"] = top_k
        for name in ("generator", "judge", "embedder", "index"):
            given = sent.get(name)
            if isinstance(given, str) and given.strip():
                changes[name] = render.plain(given).strip()[:MAX_MODEL_CHARS]
        if "index" in changes:
            folder = changes["index"] = Path(changes["index"])
            if folder != settings.index and not folder.is_dir():
                raise sentence("run_index_missing", folder=str(folder))
        if isinstance(prompt := sent.get("prompt"), str):
            changes["prompt"] = render.plain(prompt).strip()[: render_runs.MAX_PROMPT_CHARS]
        return settings.model_copy(update=changes)

    async def follow(self, browser: object, started: bool, request: gr.Request) -> AsyncIterator[tuple]:
        """Draw the progress until the run that was started ends; then show what it found."""
        if not started:
            yield (gr.skip(),) * 3  # what `begin` has said stays
            return
        visitor = self.page.admitted(browser, request)
        async for drawn in self._until_idle(visitor):
            yield *drawn, gr.skip()
        at, language = self.desk.progress, self.page.language_now(visitor)
        if at.run_id and self.services.regression.run(at.run_id) is not None:
            yield render_runs.progress(at, language), self._list(language), self._view(View((at.run_id,)), language)

    async def follow_quietly(self, browser: object, request: gr.Request) -> AsyncIterator[tuple]:
        """Draw the progress of a run that another tab began, or this one before it was drawn anew."""
        visitor = self.page.visitor(browser, request)
        # When a generator ends, Gradio draws its last frame once more, and empties what it draws if there was none.
        yield gr.skip(), gr.skip()
        if self.page.is_open(visitor):
            async for drawn in self._until_idle(visitor):
                yield drawn
        yield gr.skip(), gr.skip()

    async def _until_idle(self, visitor: Visitor) -> AsyncIterator[tuple]:
        seen, run_id = None, None
        while (at := self.desk.progress).stage != "idle":
            if at.version != seen:
                fresh = at.run_id != run_id  # the list changes when the run is recorded
                seen, run_id = at.version, at.run_id
                language = self.page.language_now(visitor)
                yield render_runs.progress(at, language), self._list(language) if fresh else gr.skip()
            await asyncio.sleep(WATCH_S)
        if seen is not None or at.error is not None:
            language = self.page.language_now(visitor)
            yield render_runs.progress(at, language), self._list(language)

    def attribute(self, browser: object, request: gr.Request, event: gr.EventData):
        """Find out which change moved the scores of the open case."""
        language = self.page.admitted(browser, request).language
        sent = event._data if isinstance(event._data, dict) else {}
        view = view_of(sent.get("view"))
        try:
            if len(view.runs) == 2:
                self.comparison.attribute(self._run(view.runs[0]), self._run(view.runs[1]), view.case)
            return self._view(view, language)
        except KeyError:
            return render.status_line(say(language, "run_gone"), "error")

    def measure_trap(self, browser: object, request: gr.Request):
        """What BERTScore makes of "can use" and "can only use", measured now."""
        language = self.page.admitted(browser, request).language
        from judge.regression.metrics import semantic_trap

        with self._measuring:
            if self._trap is None:
                try:
                    self._trap = semantic_trap()
                except UserError as error:
                    return render_runs.trap(None, language, error.message(language))
        return render_runs.trap(self._trap, language)


def view_of(sent: object) -> View:
    """The view as the browser has it; a wrong form counts as the beginning."""
    given = sent if isinstance(sent, dict) else {}
    runs = tuple(part for part in str(given.get("runs") or "").split(",") if part)[:2]
    page = str(given.get("page") or "0")
    return View(
        runs, str(given.get("case") or ""), int(page) if page.isdecimal() and len(page) < 7 else 0,
        str(given.get("shown") or ""),
    )  # fmt: skip
