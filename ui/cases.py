"""The Cases part of the Regression page: finding, accepting, editing, tagging, merging, importing and exporting."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import gradio as gr

from judge.regression.types import REASONS, Case
from rag.errors import UserError
from ui import render, render_cases
from ui.i18n import counted, say
from ui.render_cases import FORMATS, ORIGINS, PER_PAGE, STATUSES, Query
from ui.render_flags import MAX_REFERENCE_CHARS
from ui.services import Services
from ui.shell import AdminPage

MAX_TAGS, MAX_TAG_CHARS = 20, 40
MAX_CHOSEN = 10_000
SIMILAR_FROM, SIMILAR_SHOWN = 85.0, 5  # of 100: letters in common, so "work?" and "works?" meet and other names do not
SUFFIXES = {"csv": ".csv", "promptfoo": ".yaml", "deepeval": ".json"}  # the others are JSON lines

# What is filtered, ticked and typed lives in the browser; every event carries it, so the server keeps no view.
CASE_EVENTS = """
const root = () => document.querySelector('#cases-tab');
const ticked = new Set();
let focus = null, timer = null;
const form = () => element.querySelector('form');
const page = () => Number(root()?.querySelector('table[data-page]')?.dataset.page || 0);
const query = (to) => ({...Object.fromEntries(new FormData(form())), page: to});
const opened = () => root()?.querySelector('form[data-case]')?.dataset.case || '';
window.vouchCases = {query: () => query(0), ids: () => [...ticked], looked: () => ({query: query(page()), id: opened()})};
const find = (to = 0) => { clearTimeout(timer); trigger('input', {act: 'find', query: query(to), opened: opened()}); };
const remember = () => {
  const rows = [...(root()?.querySelectorAll('tbody tr') || [])], row = document.activeElement?.closest?.('tbody tr');
  focus = row ? {id: row.dataset.id, at: rows.indexOf(row)} : null;
};
const act = (data) => { remember();
  if (data.act === 'close' || 'user_input' in data) drafts.delete(opened());
  trigger('click', {query: query(page()), opened: opened(), ...data}); };
const count = () => {
  const bar = root()?.querySelector('.v-bulk'); if (!bar) return;
  bar.querySelectorAll('[data-bulk]').forEach((b) => { b.disabled = ticked.size < (b.dataset.bulk === 'merge' ? 2 : 1); });
  const words = bar.querySelector('.v-picked'); words.textContent = ticked.size ? words.dataset.words.replace('#', ticked.size) : '';
  const boxes = [...root().querySelectorAll('tbody [data-tick]')], all = root().querySelector('[data-tick=page]');
  boxes.forEach((b) => { b.checked = ticked.has(b.dataset.tick); });
  if (all) { all.checked = boxes.length > 0 && boxes.every((b) => b.checked); all.indeterminate = !all.checked && boxes.some((b) => b.checked); }
};
element.addEventListener('submit', (e) => { e.preventDefault(); find(); });
const clear = () => { form().querySelectorAll('select').forEach((s) => { s.value = ''; }); form().elements.text.value = ''; };
element.addEventListener('reset', () => setTimeout(() => { clear(); find(); }));
document.addEventListener('vouch:imported', clear);
element.addEventListener('input', (e) => { if (e.target.name === 'text') { clearTimeout(timer); timer = setTimeout(find, 200); } });
element.addEventListener('change', (e) => { if (e.target.matches('select')) find(); });
document.addEventListener('vouch:cases', () => {
  count();
  if (focus && (document.activeElement === document.body || !document.activeElement)) {
    const rows = [...root().querySelectorAll('tbody tr')];
    const row = rows.find((r) => r.dataset.id === focus.id) || rows[Math.min(focus.at, rows.length - 1)];
    row?.querySelector('[data-open]')?.focus();
  }
  focus = null;
});
document.addEventListener('change', (e) => {
  const tick = e.target.closest?.('#cases-tab [data-tick]'); if (!tick) return;
  const boxes = tick.dataset.tick === 'page' ? [...root().querySelectorAll('tbody [data-tick]')] : [tick];
  boxes.forEach((b) => tick.checked ? ticked.add(b.dataset.tick) : ticked.delete(b.dataset.tick));
  count();
});
const fields = () => { const f = root().querySelector('form[data-case]');
  return {id: f.dataset.case, user_input: f.elements.user_input.value, reference: f.elements.reference.value, tags: f.elements.tags.value}; };
// What is typed in a case outlives a look at another one, and is forgotten with the act that ends it.
const drafts = new Map();
document.addEventListener('input', (e) => { if (e.target.closest?.('#cases-tab form[data-case]')) drafts.set(opened(), fields()); });
document.addEventListener('vouch:case', () => {
  const typed = drafts.get(opened()), f = root()?.querySelector('form[data-case]'); if (!typed) return;
  for (const name of ['user_input', 'reference', 'tags']) f.elements[name].value = typed[name]; });
document.addEventListener('submit', (e) => {
  if (!e.target.matches('#cases-tab form[data-case]')) return;
  e.preventDefault(); act({act: 'save', ...fields()});
});
document.addEventListener('click', (e) => {
  const b = e.target.closest?.('#cases-tab button'); if (!b) return;
  if (b.dataset.open) act({act: 'open', id: b.dataset.open});
  else if (b.dataset.go) { find(Number(b.dataset.go)); root().scrollIntoView({block: 'start'}); }
  else if (b.dataset.status) { const s = form().elements.status; s.value = s.value === b.dataset.status ? '' : b.dataset.status; find(); }
  else if (b.dataset.bulk) { const ids = [...ticked], tag = root().querySelector('[data-new-tag]').value; 
    if (b.dataset.bulk !== 'add_tag' || tag.trim()) ticked.clear();
    act({act: b.dataset.bulk, ids: ids, tag: tag}); }
  else if (b.dataset.export) trigger('submit', {query: query(0), ids: [...ticked], format: root().querySelector('[name=format]').value});
  else if (b.dataset.act === 'absorb') act({act: 'absorb', id: opened(), other: b.dataset.other});
  else if (b.dataset.act && b.type !== 'submit') act({...fields(), act: b.dataset.act});
});
document.addEventListener('keydown', (e) => {
  if (e.target.closest?.('#cases-tab form[data-case]')) {
    if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) { e.preventDefault(); root().querySelector('form[data-case]').requestSubmit(); }
    if (e.key === 'Escape') { const id = opened(); act({act: 'close'}); focus = {id: id, at: 0}; }
    return;
  }
  const link = e.target.closest?.('#cases-tab button[data-open]');
  if (!link || e.ctrlKey || e.metaKey || e.altKey) return;
  const rows = [...root().querySelectorAll('tbody tr')], at = rows.indexOf(link.closest('tr'));
  const step = {ArrowDown: 1, j: 1, ArrowUp: -1, k: -1}[e.key];
  if (step) { e.preventDefault(); rows[at + step]?.querySelector('[data-open]').focus(); }
  else if (e.key === 'a') act({act: 'accept', ids: [link.dataset.open]});
  else if (e.key === 'd') act({act: 'dismiss', ids: [link.dataset.open]});
  else if (e.key === 'x') { const t = rows[at].querySelector('[data-tick]'); t.checked = !t.checked; t.dispatchEvent(new Event('change', {bubbles: true})); }
});
"""
DRAWN = "watch('value', () => document.dispatchEvent(new CustomEvent('vouch:cases')));"
# The open case's form gets the keyboard where it was opened, not where it was saved.
# Drawn anew, the fields are still the ones of the case before, with what was typed in them.
OPENED = """let shown = ''; watch('value', () => { const f = element.querySelector('form[data-case]'); f?.reset();
  document.dispatchEvent(new CustomEvent('vouch:case'));
  if (f && f.dataset.case !== shown) { f.elements.reference.focus({preventScroll: true}); f.closest('.v-case').scrollIntoView({block: 'nearest'}); }
  shown = f ? f.dataset.case : ''; });"""
IMPORTED = "() => document.dispatchEvent(new CustomEvent('vouch:imported'))"  # the table shows every case then
DOWNLOAD = "() => setTimeout(() => document.querySelector('#export-file')?.click(), 50)"


class CasesPanel:
    """Builds the components, then wires the events; the handlers are methods."""

    def __init__(self, services: Services, page: AdminPage) -> None:
        self.services = services
        self.page = page

    # -------------------------------------------------------------- components

    def build(self) -> None:
        self.filter = gr.HTML("", elem_id="case-filter", elem_classes="v-panel", js_on_load=CASE_EVENTS)
        with gr.Row(elem_id="case-exchange"):
            self.exporting = gr.HTML("", elem_id="case-export", elem_classes="v-panel")
            self.upload = gr.UploadButton(
                "…", file_types=[".jsonl", ".json"], file_count="single", size="sm", elem_id="case-import"
            )
            self.file = gr.DownloadButton("…", visible="hidden", elem_id="export-file")
        self.notice = gr.HTML("", elem_id="case-notice", js_on_load=self.page.live_region)
        with gr.Row(elem_id="case-work", equal_height=False):
            with gr.Column(scale=5, min_width=320):
                self.table = gr.HTML("", elem_id="cases", elem_classes="v-panel", js_on_load=DRAWN)
            with gr.Column(scale=3, min_width=320):
                self.detail = gr.HTML("", elem_id="case", elem_classes="v-panel", js_on_load=OPENED)

    def parts(self) -> list:
        """What `shown` draws."""
        return [self.filter, self.exporting, self.upload, self.notice, self.table, self.detail]

    def wire(self, browser: gr.BrowserState) -> None:
        quick = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
        self.filter.input(self.find, browser, [self.table, self.notice], trigger_mode="always_last", **quick)
        self.filter.click(
            self.act, browser, [self.filter, self.table, self.detail, self.notice], trigger_mode="multiple", **quick
        )
        exported = self.filter.submit(self.export, browser, [self.file, self.notice], **quick)
        exported.success(None, js=DOWNLOAD, **quick)
        brought = self.upload.upload(
            self.bring, [self.upload, browser], [self.filter, self.table, self.notice],
            show_progress="hidden", api_visibility="private",
        )  # fmt: skip
        brought.then(None, js=IMPORTED, **quick)

    # -------------------------------------------------------------- drawing

    def shown(self, language: str, looked: dict) -> tuple:
        """Every part in `language`.

        Args:
            looked: the "query", and the "id" of the open case; empty as the page is opened.
        """
        query = query_of(looked.get("query"))
        case = self.services.regression.case(_text(looked.get("id")))
        return (
            self._filter(query, language),
            exporting(language),
            gr.UploadButton(say(language, "import_cases")),
            "",
            self._table(query, case.id if case else "", language),
            self._detail(case, language),
        )

    def _filter(self, query: Query, language: str) -> str:
        return render_cases.filters(query, self.services.regression.tags(), language)

    def _table(self, query: Query, opened: str, language: str) -> str:
        record = self.services.regression
        found = _conditions(query)
        others = {name: value for name, value in found.items() if name != "status"}
        counts = {status: record.count_cases(**{**others, "status": status}) for status in STATUSES}
        total = counts[query.status] if query.status else sum(counts.values())
        query = replace(query, page=max(0, min(query.page, (total - 1) // PER_PAGE)))
        cases = record.cases(**found, limit=PER_PAGE, offset=query.page * PER_PAGE)
        return render_cases.table(cases, query, counts, total, opened, language)

    def _detail(self, case: Case | None, language: str) -> str:
        return render_cases.detail(case, self._similar(case) if case else (), language)

    def _similar(self, case: Case) -> list[Case]:
        """Cases that ask nearly the same, best first; none for a case that was merged into another."""
        if case.status == "merged":
            return []
        from rapidfuzz import fuzz, process, utils

        others = {
            each.id: each for status in ("candidate", "accepted") for each in self.services.regression.cases(status)
        }
        others.pop(case.id, None)
        questions = {case_id: each.user_input for case_id, each in others.items()}
        best = process.extract(
            case.user_input, questions, scorer=fuzz.ratio, processor=utils.default_process, limit=SIMILAR_SHOWN,
            score_cutoff=SIMILAR_FROM,
        )  # fmt: skip
        return [others[case_id] for _, _, case_id in best]

    # -------------------------------------------------------------- handlers

    def find(self, browser: object, request: gr.Request, event: gr.EventData):
        """A filter was changed, or another page asked for."""
        visitor = self.page.admitted(browser, request)
        sent = _sent(event)
        return self._table(query_of(sent.get("query")), _text(sent.get("opened")), visitor.language), ""

    def act(self, browser: object, request: gr.Request, event: gr.EventData):
        """Something is to be done with one case or several."""
        visitor = self.page.admitted(browser, request)
        sent, language = _sent(event), visitor.language
        query, opened = query_of(sent.get("query")), _text(sent.get("opened"))
        act = ACTS.get(_text(sent.get("act")))
        try:
            opened, said = act(self, sent, opened, language) if act else (opened, "")
            notice = render.status_line(said)
        except KeyError:
            notice = render.status_line(say(language, "case_gone"), "error")
        except UserError as error:
            notice = render.status_line(error.message(language), "error")
        case = self.services.regression.case(opened) if opened else None
        tags_may_differ = _text(sent.get("act")) not in ("open", "close")
        return (
            self._filter(query, language) if tags_may_differ else gr.skip(),
            self._table(query, case.id if case else "", language),
            self._detail(case, language),
            notice,
        )

    def export(self, browser: object, request: gr.Request, event: gr.EventData):
        """Write the ticked cases, else all that the filter finds, to a file and hand it over."""
        from judge.regression.formats import write_cases

        visitor = self.page.admitted(browser, request)
        sent, language = _sent(event), visitor.language
        kind = sent.get("format") if sent.get("format") in FORMATS else FORMATS[0]
        cases = self.chosen(query_of(sent.get("query")), ids_of(sent.get("ids")))
        if not cases:
            # Without a file of its own the button would hand over the one before.
            return gr.DownloadButton(value=None), render.status_line(say(language, "nothing_to_export"), "error")
        folder = Path(tempfile.mkdtemp(prefix="vouch-export-"))  # Gradio serves a copy, and deletes it within two hours
        path = folder / f"cases-{kind}{SUFFIXES.get(kind, '.jsonl')}"
        try:
            with path.open("w", encoding="utf-8", newline="") as stream:
                write_cases(cases, stream, kind)
            made = gr.DownloadButton(value=self.page.served(path))
        finally:
            path.unlink(missing_ok=True)
            folder.rmdir()
        return made, render.status_line(counted(language, "exported", len(cases)))

    def bring(self, upload: object, browser: object, request: gr.Request):
        """Import the cases of an uploaded file; all or none."""
        from judge.regression.formats import identified, read_cases

        visitor = self.page.admitted(browser, request)
        language, path = visitor.language, Path(str(upload))
        try:
            added = self.services.regression.add_cases(identified(read_cases(path), whole=True))
            notice = render.status_line(counted(language, "imported", len(added)))
        except UserError as error:
            notice = render.status_line(error.message(language), "error")
        finally:
            path.unlink(missing_ok=True)
        return self._filter(Query(), language), self._table(Query(), "", language), notice

    def chosen(self, query: Query, ids: list[str]) -> list[Case]:
        """The cases of these ids, else all that the query finds."""
        if not ids:
            return self.services.regression.cases(**_conditions(query))
        return [case for case in map(self.services.regression.case, ids) if case is not None]

    # -------------------------------------------------------------- acts: return (the case to show, what to say)

    def open_case(self, sent: dict, _opened: str, _language: str) -> tuple[str, str]:
        return _text(sent.get("id")), ""

    def close_case(self, _sent: dict, _opened: str, _language: str) -> tuple[str, str]:
        return "", ""

    def save_case(self, sent: dict, _opened: str, language: str) -> tuple[str, str]:
        case = self._save(sent)
        return case.id, say(language, "case_saved")

    def accept(self, sent: dict, opened: str, language: str) -> tuple[str, str]:
        return self._decide(sent, opened, "accepted", language)

    def dismiss(self, sent: dict, opened: str, language: str) -> tuple[str, str]:
        return self._decide(sent, opened, "dismissed", language)

    def reopen(self, sent: dict, opened: str, language: str) -> tuple[str, str]:
        return self._decide(sent, opened, "candidate", language)

    def _decide(self, sent: dict, opened: str, status: str, language: str) -> tuple[str, str]:
        """Set the status of the ticked cases, or of the open one together with what was typed in it."""
        if "user_input" in sent:
            ids = [self._save(sent).id]
        else:
            ids = ids_of(sent.get("ids"))
        for case_id in ids:
            self.services.regression.update_case(case_id, status=status)
        return opened, counted(language, f"now_{status}", len(ids))

    def add_tag(self, sent: dict, opened: str, language: str) -> tuple[str, str]:
        tags = tags_of(sent.get("tag"))
        if not tags:
            raise UserError(say("en", "tag_missing"), say("ko", "tag_missing"))
        ids = ids_of(sent.get("ids"))
        for case_id in ids:
            case = self._case(case_id)
            self.services.regression.update_case(case_id, tags=tuple(dict.fromkeys((*case.tags, *tags))))
        return opened, counted(language, "now_tagged", len(ids))

    def merge(self, sent: dict, _opened: str, language: str) -> tuple[str, str]:
        """Keep the ticked case that says most: one with an expected answer, then an accepted one, then the newest."""
        cases = [case for case in map(self._case, ids_of(sent.get("ids"))) if case.status != "merged"]
        if len(cases) < 2:
            raise UserError(say("en", "merge_needs_two"), say("ko", "merge_needs_two"))
        kept = max(cases, key=lambda case: (bool(case.reference), case.status == "accepted", case.created_at))
        self.services.regression.merge_cases(kept.id, [case.id for case in cases if case.id != kept.id])
        return kept.id, counted(language, "now_merged", len(cases))

    def absorb(self, sent: dict, _opened: str, language: str) -> tuple[str, str]:
        kept = self._case(_text(sent.get("id")))
        self.services.regression.merge_cases(kept.id, [self._case(_text(sent.get("other"))).id])
        return kept.id, counted(language, "now_merged", 2)

    def delete(self, sent: dict, _opened: str, language: str) -> tuple[str, str]:
        self.services.regression.delete_case(self._case(_text(sent.get("id"))).id)
        return "", say(language, "case_deleted")

    def _case(self, case_id: str) -> Case:
        case = self.services.regression.case(case_id)
        if case is None:
            raise KeyError(case_id)
        return case

    def _save(self, sent: dict) -> Case:
        """What was typed into the form of a case."""
        question = render.plain(_text(sent.get("user_input"))).strip()[: render_cases.MAX_QUESTION_CHARS]
        if not question:
            raise UserError(say("en", "case_needs_question"), say("ko", "case_needs_question"))
        reference = render.plain(_text(sent.get("reference"))).strip()[:MAX_REFERENCE_CHARS]
        return self.services.regression.update_case(
            _text(sent.get("id")), reference=reference, tags=tags_of(sent.get("tags")), user_input=question
        )


ACTS: dict[str, Callable[[CasesPanel, dict, str, str], tuple[str, str]]] = {
    "open": CasesPanel.open_case,
    "close": CasesPanel.close_case,
    "save": CasesPanel.save_case,
    "accept": CasesPanel.accept,
    "dismiss": CasesPanel.dismiss,
    "reopen": CasesPanel.reopen,
    "add_tag": CasesPanel.add_tag,
    "merge": CasesPanel.merge,
    "absorb": CasesPanel.absorb,
    "delete": CasesPanel.delete,
}


def exporting(language: str) -> str:
    """The choice of a format, and Export."""
    formats = render_cases.options([(kind, say(language, f"format_{kind}")) for kind in FORMATS], FORMATS[0])
    return (
        f'<div class="v-export"><label class="v-field"><span>{render.escape(say(language, "export_as"))}</span>'
        f'<select name="format">{formats}</select></label>'
        f'<button type="button" class="v-button" data-export="1" title="{render.escape(say(language, "export_hint"))}">'
        f"{render.escape(say(language, 'export'))}</button></div>"
    )


# ------------------------------------------------------------------ what a browser sends, checked


def query_of(sent: object) -> Query:
    """The filter as sent; whatever is not one of the choices leaves its field open."""
    given = sent if isinstance(sent, dict) else {}
    page = given.get("page")
    return Query(
        status=_one_of(given.get("status"), STATUSES),
        origin=_one_of(given.get("origin"), ORIGINS),
        reason=_one_of(given.get("reason"), REASONS),
        tag=_text(given.get("tag"))[:MAX_TAG_CHARS],
        text=render.plain(_text(given.get("text"))).strip()[:200],
        page=page if isinstance(page, int) and 0 <= page < 1_000_000 else 0,
    )


def ids_of(sent: object) -> list[str]:
    """Ids without repetition, in their order."""
    listed = sent if isinstance(sent, list) else []
    return list(dict.fromkeys(each for each in listed[:MAX_CHOSEN] if isinstance(each, str)))


def tags_of(sent: object) -> tuple[str, ...]:
    """Tags out of "one, two": no empty one, none twice."""
    parts = (" ".join(render.plain(part).split())[:MAX_TAG_CHARS] for part in re.split("[,，]", _text(sent)))
    return tuple(dict.fromkeys(part for part in parts if part))[:MAX_TAGS]


def _conditions(query: Query) -> dict:
    fields = {name: getattr(query, name) or None for name in ("status", "origin", "reason", "tag", "text")}
    return fields


def _sent(event: gr.EventData) -> dict:
    return event._data if isinstance(event._data, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _one_of(value: object, choices: tuple[str, ...]) -> str:
    return value if isinstance(value, str) and value in choices else ""
