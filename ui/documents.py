"""The resumes part of the sidebar: which are indexed, adding and removing them; and the models at work."""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
from collections import Counter
from collections.abc import AsyncIterator, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import gradio as gr

from rag.errors import UserError
from settings import Settings
from ui import render
from ui.chat import POLL_S, ROW_BUTTONS
from ui.i18n import LANGUAGES, counted, say
from ui.services import Services, loading_failed, read_ahead, second_judge_row
from ui.shell import LIVE_REGION
from ui.visitors import visitor_of

log = logging.getLogger(__name__)

# A file that is dropped beside the field is added too: left alone, the browser would leave the page to show it.
DROPPED = """() => {
  const holds = (e) => e.dataTransfer?.types.includes('Files');
  document.addEventListener('dragover', (e) => { if (holds(e)) e.preventDefault(); });
  document.addEventListener('drop', (e) => {
    const input = document.querySelector('#upload input[type=file]');
    if (!holds(e) || e.defaultPrevented) return;
    e.preventDefault();
    if (!input) return;
    document.querySelector('#side:not(.open) .toggle-button')?.click();  // what is said of it stands there
    input.files = e.dataTransfer.files;
    input.dispatchEvent(new Event('change', {bubbles: true})); }); }"""


@dataclass(slots=True)
class Reading:
    """What one tab has given to be read; files that are added meanwhile join it.

    Attributes:
        stop: ends it after the file that is being read.
        lines: what is said of each file so far, see `render.upload_report`.
        open: how many of its uploads are not done.
    """

    stop: threading.Event = field(default_factory=threading.Event)
    lines: list[tuple[str, str]] = field(default_factory=list)
    open: int = 0


class DocumentsPanel:
    """Builds the components, then wires the events; the handlers are methods."""

    def __init__(self, services: Services, settings: Settings) -> None:
        self.services = services
        self.settings = settings
        self._reading = threading.Lock()  # one upload at a time: they share the index and the processor
        self._readings: dict[str, Reading] = {}  # by session
        self._lock = threading.Lock()  # of what a tab reads

    # -------------------------------------------------------------- components

    def build(self, i18n: gr.I18n) -> None:
        self.list = gr.HTML(
            render.document_list(None, "en"), elem_id="documents", elem_classes="v-panel", js_on_load=ROW_BUTTONS
        )
        self.file = gr.File(label=i18n("upload"), file_count="multiple", elem_id="upload", height=96, buttons=[])
        self.hint = gr.HTML("", elem_id="upload-hint")
        self.stop_button = gr.Button(
            i18n("stop_upload"), variant="stop", size="sm", visible=False, elem_id="stop-upload"
        )
        self.report = gr.HTML("", elem_id="upload-report", js_on_load=LIVE_REGION)

    def build_scope(self, i18n: gr.I18n) -> None:
        self.scope = gr.Dropdown(
            [("", "")], value="", label=i18n("scope"), show_label=False, container=False, filterable=False, scale=0,
            min_width=210, elem_id="scope",
        )  # fmt: skip

    def build_models(self) -> None:
        self.models = gr.HTML(self._models("en"), elem_id="models", elem_classes="v-panel")

    def wire(self, demo: gr.Blocks, browser: gr.BrowserState, language_changed) -> None:
        """Args: language_changed: the event after which every text is drawn again."""
        quick = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
        panel = [self.list, self.file, self.hint, self.stop_button, self.models, self.scope]
        demo.load(self.show, [browser, self.scope], panel, **quick)
        loaded = demo.load(
            self.follow_loading, browser, [self.list, self.models, self.scope], concurrency_limit=None,
            show_progress="hidden", api_visibility="private",
        )  # fmt: skip
        language_changed.then(self.show, [browser, self.scope], panel, **quick)
        uploaded = self.file.upload(
            self.upload, [self.file, browser], [self.report, self.list, self.file, self.stop_button, self.models],
            concurrency_limit=4, show_progress="hidden", api_visibility="private",
            trigger_mode="multiple",  # "once" would silently drop a resume that is added while another one is read
        )  # fmt: skip
        # Afterwards, with the language and the resume chosen by then: both take a while, and a new version of a resume is another document.
        for event in (loaded, uploaded):
            event.then(self.show, [browser, self.scope], panel, **quick)
        demo.load(None, js=DROPPED, **quick)
        self.stop_button.click(self.stop, None, None, **quick)
        self.list.click(self.remove, [browser, self.scope], [self.report, self.list, self.models, self.scope], **quick)

    # -------------------------------------------------------------- handlers

    def show(self, browser: object, scope: object, request: gr.Request):
        """Every text of this part in the visitor's language."""
        language = visitor_of(browser, request).language
        hint = say(language, "upload_hint", limit=self.settings.max_file_mb)
        return (
            self._list(language),
            gr.File(label=say(language, "upload")),
            f'<p class="v-quiet">{render.escape(hint)}</p>',
            gr.Button(say(language, "stop_upload")),
            self._models(language),
            self._scope(language, scope),
        )

    async def follow_loading(self, browser: object, request: gr.Request) -> AsyncIterator[tuple]:
        """Redraw the lists while the models load."""
        language = visitor_of(browser, request).language
        shown = None
        while True:
            now = (self._list(language), self._models(language))
            if now != shown:
                shown = now
                yield *now, self._choices(language)
            if not self.services.loader.busy:
                return
            await asyncio.sleep(4 * POLL_S)

    def upload(self, files: list[str] | None, browser: object, request: gr.Request) -> Iterator[tuple]:
        """Index the uploaded files one after the other; every one gets its sentence."""
        visitor = visitor_of(browser, request)
        language, paths = visitor.language, [Path(name) for name in files or []]
        with self._lock:
            reading = self._readings.setdefault(visitor.session, Reading())
            reading.open += 1
            joins = reading.open > 1  # what is said is for the one before, until that is done
        try:
            # The field is empty at once, ready for the next file.
            yield gr.skip(), gr.skip(), gr.File(value=None), gr.Button(visible=True), gr.skip()
            if (yield from self._until_its_turn(reading, joins, language)):
                try:
                    yield from self._index(paths, language, reading.stop, reading.lines)
                finally:
                    self._reading.release()
            elif (line := ("info", say(language, "upload_stopped"))) not in reading.lines:
                reading.lines.append(line)
        except UserError as error:
            reading.lines.append(("error", error.message(language)))
        finally:
            with self._lock:
                reading.open -= 1
                if not reading.open:
                    reading.stop.set()
                    self._readings.pop(visitor.session, None)
            for path in paths:  # the index holds what is needed; the upload itself is not kept
                path.unlink(missing_ok=True)
        yield (
            render.upload_report(reading.lines),
            self._list(language),
            gr.skip(),
            gr.Button(visible=reading.open > 0),
            self._models(language),
        )

    def _until_its_turn(self, reading: Reading, joins: bool, language: str) -> Generator[tuple, None, bool]:
        """Wait for the models and for other uploads. Returns: whether it may read now, holding `_reading`; False where it was stopped.

        Raises:
            UserError: the models did not load.
        """
        while self.services.loader.bot is None and not reading.stop.is_set():
            if self.services.loader.stage == "failed" and self.services.loader.error:
                raise loading_failed(self.services.loader.error)
            yield self._progress(render.upload_report([*reading.lines, ("info", say(language, "upload_waiting"))]))
            reading.stop.wait(4 * POLL_S)
        while not reading.stop.is_set():
            if self._reading.acquire(timeout=2 * POLL_S):
                return True
            if not joins:
                yield self._progress(render.upload_report([("info", say(language, "upload_busy"))]))
        return False

    def _index(
        self, paths: list[Path], language: str, stop: threading.Event, lines: list[tuple[str, str]]
    ) -> Iterator[tuple]:
        """Run the indexing in a thread and report what it says meanwhile."""
        if not paths:
            return
        said: queue.Queue = queue.Queue()
        outcome: dict = {}

        def work() -> None:
            try:
                outcome["report"] = self.services.loader.bot.index_files(
                    paths, lambda done, total, name: said.put((done, total, name)), stop
                )
            except UserError as error:
                outcome["error"] = error
            except Exception:  # said on the page below; the log has the rest
                log.exception("indexing failed")
                outcome["error"] = UserError(*(say(each, "upload_failed_unknown") for each in LANGUAGES))

        worker = threading.Thread(target=work, name="index-upload", daemon=True)
        worker.start()
        done, total, name = 0, len(paths), paths[0].name
        try:
            while worker.is_alive():
                try:
                    done, total, name = said.get(timeout=2 * POLL_S)
                    name = name or paths[-1].name
                except queue.Empty:
                    pass
                current = say(language, "upload_progress", name=name, done=min(done + 1, total), total=total)
                yield self._progress(render.upload_report(lines, done, total, current))
        finally:
            if worker.is_alive():  # the tab was closed
                stop.set()
            worker.join()
        if "error" in outcome:
            raise outcome["error"]
        report = outcome["report"]
        if report.added:
            read_ahead(self.services.judge, self.services.loader.bot)
        lines += [("ok", say(language, "upload_added", name=name)) for name in report.added]
        lines += [("same", say(language, "upload_unchanged", name=name)) for name in report.unchanged]
        lines += [
            ("error", say(language, "upload_failed", name=name, reason=error.message(language)))
            for name, error in report.failed
        ]
        if report.stopped:
            lines.append(("info", say(language, "upload_stopped")))

    def stop(self, request: gr.Request) -> None:
        """End this tab's upload after the file that is being read."""
        reading = self._readings.get(str(request.session_hash))
        if reading is not None:
            reading.stop.set()

    def remove(self, browser: object, scope: object, request: gr.Request, event: gr.EventData):
        """Take a resume out of the index."""
        language = visitor_of(browser, request).language
        wanted = str(event._data.get("delete")) if isinstance(event._data, dict) else ""
        bot = self.services.loader.bot
        known = {document.id: document.name for document in (bot.index.documents() if bot else ())}
        if wanted in known:
            bot.remove_document(wanted)
            line = ("ok", say(language, "removed", name=known[wanted]))
        else:
            line = ("error", say(language, "remove_failed"))
        return render.upload_report([line]), self._list(language), self._models(language), self._scope(language, scope)

    # -------------------------------------------------------------- drawing

    def _progress(self, report: str) -> tuple:
        return report, gr.skip(), gr.skip(), gr.Button(visible=True), gr.skip()

    def _list(self, language: str) -> str:
        bot = self.services.loader.bot
        if bot is None:
            return render.document_list(None, language)
        passages = Counter(chunk.document_id for chunk in bot.index.chunks)
        listed = [
            render.Listed(each.id, each.name, counted(language, "passages", passages[each.id]))
            for each in bot.index.documents()
        ]
        notice = bot.index.notice.message(language) if bot.index.notice else ""
        return render.document_list(listed, language, notice)

    def _scope(self, language: str, chosen: object):
        """Which resume is asked about, as it was chosen where that resume is still there; shown where there is a choice."""
        known = chosen in [document.id for document in self._documents()]
        return gr.Dropdown(**self._choice(language), value=chosen if known else "")

    def _choices(self, language: str):
        """The same for events that take a while: what is chosen meanwhile stays."""
        return gr.Dropdown(**self._choice(language))

    def _choice(self, language: str) -> dict:
        names = [(render.plain(each.name), each.id) for each in self._documents()]
        return {"choices": [(say(language, "scope_all"), ""), *names], "label": say(language, "scope"), "visible": len(names) > 1}

    def _documents(self) -> Sequence:
        bot = self.services.loader.bot
        return bot.index.documents() if bot else ()

    def _models(self, language: str) -> str:
        loader, missing = self.services.loader, say(language, "not_loaded")
        if loader.stage == "failed":
            missing = say(language, "not_loaded_failed")
        judge_missing = "not_loaded" if loader.busy else "not_loaded_failed"
        ready = loader.bot if loader.stage == "ready" else None  # before, asking for an id would load the model
        rows = [
            (say(language, "generator"), (ready and ready.generator_id) or missing),
            (say(language, "judge"), self.services.judge_id() or say(language, judge_missing)),
            *second_judge_row(self.services, language),
            (say(language, "embedder"), ready.index.embedder.id if ready else missing),
        ]
        if loader.bot is not None:
            index = loader.bot.index
            size = counted(language, "resumes", len(index.documents())), counted(language, "passages", len(index))
            rows.append((say(language, "index_size"), ", ".join(size)))
        return render.models_panel(rows, language)
