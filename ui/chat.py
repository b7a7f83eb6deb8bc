"""The chat: questions, streamed replies, badges, sources, and the list of conversations.

The window is a pure function of a conversation on the server; no handler reads the window back,
so events that run at the same time cannot lose text and nobody can forge a history.
"""

from __future__ import annotations

import asyncio
import logging
import re
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import gradio as gr

from judge.types import Judgement, SecondOpinion
from rag.errors import UserError
from rag.types import Retrieved, Token, Turn
from settings import Settings
from ui import render
from ui.conversations import Conversation, Conversations, NotYours
from ui.examples import example_questions
from ui.flagging import FlagPanel
from ui.i18n import TEXTS, say
from ui.render_flags import reply_actions
from ui.repairing import (
    REPAIR_EVENTS,
    can_repair,
    offer,
    repair_of,
    repaired_by,
    replaced,
    shown_turns,
    switch,
    wrong_claims,
)
from ui.services import Services, loading_failed
from ui.shell import LIVE_REGION, PAGE_LANGUAGE
from ui.visitors import Visitor, in_other_language, visitor_of

log = logging.getLogger(__name__)

FRAME_S = 0.1  # between two frames of a growing reply; each costs the browser a few milliseconds
POLL_S = 0.15  # between two looks at the judge
TITLE_CHARS = 80

# The panel may be filled after the click on a citation, so look for :target again.
RETARGET = """watch('value', () => { const h = location.hash;
  if (h && document.getElementById(h.slice(1))) { history.replaceState(null, '', ' '); location.hash = h; } });"""
# Gradio labels each message with its source text, which here is markup; the text itself is readable.
UNLABEL = """() => { const chat = document.querySelector('#chat');
  const clear = () => chat.querySelectorAll('.message [aria-label*="<div"]').forEach((e) => e.removeAttribute('aria-label'));
  clear(); new MutationObserver(clear).observe(chat, {subtree: true, childList: true, attributeFilter: ['aria-label']}); }"""
# Where the sidebar covers the page (see ui.OPEN_SIDEBAR), it goes aside for the conversation that was asked for.
CLOSE_SIDEBAR = "if (innerWidth < 1000) document.querySelector('#side.open .toggle-button')?.click();"
# One listener for every row of a list, however often its rows change.
ROW_BUTTONS = f"""element.addEventListener('click', (e) => {{
  const b = e.target.closest('[data-open], [data-delete], [data-forget]'); if (!b) return;
  trigger('click', {{...b.dataset}});
  if (b.dataset.open) {{ {CLOSE_SIDEBAR} }} }});"""


@dataclass(slots=True)
class View:
    """What one tab is looking at, and in which language; replies of other conversations must not be drawn into it."""

    conversation_id: str | None = None
    turn_id: str | None = None  # whose sources are shown; None for the newest
    flagged: str | None = None  # the turn whose form is open
    language: str | None = None
    repair: bool | None = None  # as in Visitor
    refused: bool = False  # the status line says why the last question was not taken


class ChatPage:
    """Builds the components, then wires the events; the handlers are methods."""

    def __init__(self, services: Services, conversations: Conversations, settings: Settings) -> None:
        self.services = services
        self.conversations = conversations
        self.settings = settings
        self.flagging = FlagPanel(services, self)
        self._views: dict[str, View] = {}
        self._streaming_to: dict[str, str] = {}  # conversation id -> session that draws its reply

    # -------------------------------------------------------------- components

    def build_header(self) -> None:
        self.header = gr.HTML(render.header("en", "chat"), elem_id="brand", js_on_load=PAGE_LANGUAGE)

    def build_toggle(self, i18n: gr.I18n) -> None:
        self.toggle = gr.Button(i18n("toggle_language"), size="sm", scale=0, min_width=90, elem_id="language")

    def build_sidebar(self, i18n: gr.I18n) -> None:
        self.new = gr.Button(i18n("new_conversation"), variant="primary", size="md", elem_id="new")
        self.list = gr.HTML(
            render.conversation_list([], None, "en"),
            elem_id="conversations",
            elem_classes="v-panel",
            js_on_load=ROW_BUTTONS,
        )
        self.repairs = gr.HTML(
            switch(self.settings.repair, "en"), elem_id="repairs", elem_classes="v-panel", js_on_load=REPAIR_EVENTS
        )

    def build(self, i18n: gr.I18n) -> None:
        with gr.Row(elem_id="work", equal_height=False):
            with gr.Column(scale=5, min_width=320, elem_id="chat-column"):
                self.chat = gr.Chatbot(
                    elem_id="chat",
                    label=i18n("chat"),
                    show_label=False,
                    container=False,
                    height="auto",
                    layout="bubble",
                    buttons=[],
                    feedback_options=None,
                    latex_delimiters=[],
                    group_consecutive_messages=False,
                    placeholder=render.empty_chat("en"),
                )
                self.box = gr.Textbox(
                    elem_id="box",
                    label=i18n("question"),
                    placeholder=i18n("placeholder"),
                    show_label=False,
                    lines=1,
                    max_lines=6,
                    submit_btn=i18n("ask"),
                    autofocus=True,
                    interactive=False,  # until `restore` has said which conversation a question belongs to
                )
                self.notice = gr.HTML("", elem_id="notice", js_on_load=LIVE_REGION)
                # For screen readers alone: scores come when they come, and must not wipe away what an action has just said.
                self.spoken = gr.HTML("", elem_id="spoken", js_on_load=LIVE_REGION)
            with gr.Column(scale=3, min_width=320, elem_id="sources-column"):
                self.flagging.build()
                self.sources = gr.HTML(
                    render.sources_panel(None, None, "en"),
                    elem_id="sources",
                    elem_classes="v-panel",
                    js_on_load=RETARGET,
                )

    # -------------------------------------------------------------- events

    def wire(self, demo: gr.Blocks, browser: gr.BrowserState, scope: gr.Dropdown):
        """Connect the events.

        Args:
            scope: the id of the resume that is asked about, "" for all.

        Returns:
            the event that changes the language.
        """
        quick = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
        slow = {
            "show_progress": "hidden",
            "api_visibility": "private",
            "trigger_mode": "multiple",  # "once" would silently drop a run while an earlier one is pending
        }
        window = [self.chat, self.sources, self.notice]
        watched = [self.chat, self.sources, self.spoken]
        page = [browser, self.header, self.toggle, self.new, self.list, self.repairs, self.box, self.flagging.form, *window]

        def answer(event):
            answered = event.then(self.generate, browser, window, concurrency_id="llm", concurrency_limit=1, **slow)
            settled = answered.then(self.settle, browser, [self.box, self.list], **quick)
            settled.then(self.watch, browser, watched, concurrency_limit=None, **slow)

        asked = [self.box, browser, self.list, *window]
        answer(self.box.submit(self.ask, [self.box, browser, scope], asked, **quick))
        answer(self.chat.example_select(self.ask_example, [browser, scope], asked, **quick))
        answer(self.chat.retry(self.retry, [browser, scope], asked, **quick))
        answer(self.repairs.click(self.repair, browser, asked, **quick))
        self.box.stop(self.stop, browser, None, **quick)
        self.chat.select(self.show_sources, browser, self.sources, **quick)
        self.flagging.wire(browser)

        toggled = self.toggle.click(self.switch_language, browser, page, **quick)
        self.new.click(None, js=f"() => {{ {CLOSE_SIDEBAR} }}", **quick)
        for event in (
            self.new.click(self.start_new, browser, page, **quick),
            self.list.click(self.open_or_delete, browser, page, **quick),
            toggled,
        ):
            event.then(self.watch, browser, watched, concurrency_limit=None, **slow)

        restored = demo.load(self.restore, browser, page, **quick)
        answer(restored)  # a question that was waiting when the page was closed
        restored.then(self.watch, browser, watched, concurrency_limit=None, **slow)
        demo.load(None, js=UNLABEL, **quick)
        demo.unload(self.forget_view)
        return toggled

    # -------------------------------------------------------------- asking

    def ask(self, text: str, browser: object, scope: object, request: gr.Request, typed: bool = True):
        """Take a question: check it, show it, and let `generate` answer it. What is in the box stays where it was not `typed` there."""
        visitor = self._sender(browser, request)
        question = render.plain(text or "").strip()
        limit = self.settings.max_question_chars
        if not question:
            return self._refused(visitor, say(visitor.language, "empty_question"))
        if len(question) > limit:
            sentence = say(visitor.language, "long_question", length=f"{len(question):,}", limit=f"{limit:,}")
            return self._refused(visitor, sentence)
        return self._begin(visitor, question, scope, typed=typed)

    def ask_example(self, browser: object, scope: object, request: gr.Request, event: gr.SelectData):
        """An example question was pressed."""
        value = event.value if isinstance(event.value, dict) else {}
        return self.ask(str(value.get("text") or ""), browser, scope, request, typed=False)

    def retry(self, browser: object, scope: object, request: gr.Request):
        """Answer the last question once more, in place of the last reply."""
        visitor = self._sender(browser, request)
        conversation = self.current(visitor)
        if conversation is None or not conversation.turns:
            return self._refused(visitor, say(visitor.language, "regenerate_none"))
        return self._begin(visitor, shown_turns(conversation.turns)[-1].user_input, scope, again=True, typed=False)

    def repair(self, browser: object, request: gr.Request, event: gr.EventData):
        """The offer under a doubted reply, or the switch that shows such offers, was pressed."""
        visitor = self._sender(browser, request)
        sent = event._data if isinstance(event._data, dict) else {}
        conversation = self.current(visitor)
        if "wanted" in sent:
            visitor = replace(visitor, repair=bool(sent["wanted"]))
            self.view(visitor).repair = visitor.repair
            current = conversation.id if conversation else None
            return gr.skip(), visitor.browser(current), gr.skip(), *self._window(visitor, conversation)
        turns = conversation.turns if conversation else []
        turn = next((turn for turn in turns if turn.id == sent.get("repair")), None)
        judged = self.conversations.judged(conversation, turn) if turn else None
        if turn is None or not self.offers_repair(visitor) or not can_repair(turn, judged, turns):
            return self._refused(visitor, say(visitor.language, "repair_gone"))
        return self._begin(visitor, turn.user_input, conversation.document_id, repairs=turn.id, typed=False)

    def offers_repair(self, visitor: Visitor) -> bool:
        """Whether doubted replies are to be offered another answer: the visitor's choice, else the settings'."""
        return self.settings.repair if visitor.repair is None else visitor.repair

    def _begin(self, visitor: Visitor, question: str, scope: object, again: bool = False, repairs: str = "", typed: bool = True):
        conversation = self.current(visitor) or self.conversations.new(visitor.owner)
        with conversation.lock:
            if conversation.running:
                return self._refused(visitor, say(visitor.language, "busy"))
            turn = Turn(conversation_id=conversation.id, user_input=question, created_at=datetime.now(UTC).isoformat())
            turn.repairs = repairs
            if again:
                old = shown_turns(conversation.turns)[-1]
                conversation.turns.remove(old)
                turn.repairs = old.repairs
                self.conversations.forget_judgement(conversation, old.id)
                turn.id, turn.created_at = old.id, old.created_at
            conversation.turns.append(turn)
            conversation.queued, conversation.running = turn, True
            conversation.document_id = scope if isinstance(scope, str) and scope else None
            conversation.stop = threading.Event()
        self.conversations.save(conversation, turn)
        if self.services.loader.stage == "failed":
            self.services.loader.start()
        view = self.view(visitor)
        view.conversation_id, view.turn_id, view.refused = conversation.id, None, False
        return (
            self._box(visitor, conversation, value="" if typed else None),
            visitor.browser(conversation.id),
            self._list(visitor, conversation.id),
            *self._window(visitor, conversation),
        )

    def _refused(self, visitor: Visitor, sentence: str):
        """Nothing changes but the status line; the question stays in the box."""
        self.view(visitor).refused = True
        skipped = (gr.skip(),) * 5
        return (*skipped, render.status_line(sentence, "error"))

    # -------------------------------------------------------------- answering

    def generate(self, browser: object, request: gr.Request) -> Iterator[tuple]:
        """Write the reply to the question that is queued, if one is."""
        visitor = visitor_of(browser, request)
        conversation = self.current(visitor)
        if conversation is None:
            yield self._unchanged()
            return
        with conversation.lock:
            turn, conversation.queued, stop = conversation.queued, None, conversation.stop
        if turn is None:
            yield self._unchanged()
            return
        self._streaming_to[conversation.id] = visitor.session
        said = None

        def frame() -> tuple:
            """The window, its status line only where that changes: another event may have spoken there since."""
            nonlocal said
            chat, sources, notice = self._frame(visitor, conversation)
            told, said = said, notice
            unchanged = notice == told or self.view(visitor).refused
            return chat, sources, gr.skip() if unchanged else notice

        try:
            yield frame()
            for waiting in self._until_ready(stop):
                yield frame() if waiting else self._unchanged()
            if said:  # what was waited for is there
                yield frame()
            if not stop.is_set():
                yield from self._reply(visitor, conversation, turn, stop)
        except UserError as error:
            turn.status, turn.error = "failed", f"{error.en}\n{error.ko}"
        except Exception:  # whatever it is, the person sees a sentence and the log the rest
            log.exception("answering failed")
            turn.status, turn.error = "failed", f"{TEXTS['en']['failed_unknown']}\n{TEXTS['ko']['failed_unknown']}"
        finally:  # also when the tab is closed
            stop.set()
            if turn.status in ("retrieving", "streaming"):
                turn.status = "stopped"
            self._streaming_to.pop(conversation.id, None)
            self.conversations.save(conversation, turn)
            if turn.status == "finished" and not conversation.deleted:
                self.services.judge.submit(turn)
            conversation.running = False
        yield frame()

    def _until_ready(self, stop: threading.Event) -> Iterator[bool]:
        """Wait for the models; True whenever the stage has changed.

        Raises:
            UserError: they did not load.
        """
        loader, shown = self.services.loader, None
        while loader.stage != "ready" and not stop.is_set():
            if loader.stage == "failed" and loader.error is not None:
                raise loading_failed(loader.error)
            yield loader.stage != shown
            shown = loader.stage
            time.sleep(POLL_S)

    def _reply(
        self, visitor: Visitor, conversation: Conversation, turn: Turn, stop: threading.Event
    ) -> Iterator[tuple]:
        bot = self.services.loader.bot
        history = [
            (earlier.standalone_question or earlier.user_input, earlier.response)
            for earlier in conversation.turns
            if earlier is not turn and earlier.status == "finished" and repair_of(earlier, conversation.turns) is None
        ]
        drawn = 0.0
        wanted = conversation.document_id
        only = [wanted] if wanted in {document.id for document in bot.index.documents()} else None
        doubted = repaired_by(turn, conversation.turns)
        if doubted is not None:
            wrong = wrong_claims(self.conversations.judged(conversation, doubted))
            events = bot.repair(doubted, wrong, stop, turn)
        else:
            events = bot.answer(turn.user_input, history, stop, only, conversation_id=conversation.id, turn=turn)
        with closing(events):
            for event in events:
                now = time.monotonic()
                if isinstance(event, Retrieved) or (isinstance(event, Token) and now - drawn >= FRAME_S):
                    drawn = now
                    # The status line may hold what another event has just said.
                    yield *self._frame(visitor, conversation)[:2], gr.skip()

    def stop(self, browser: object, request: gr.Request) -> None:
        """End the reply that is being written."""
        conversation = self.current(visitor_of(browser, request))
        if conversation is not None:
            conversation.stop.set()

    def settle(self, browser: object, request: gr.Request):
        """Offer Ask or Stop, whichever makes sense now."""
        visitor = self._by_now(visitor_of(browser, request))
        conversation = self.current(visitor)
        current = conversation.id if conversation else None
        return self._box(visitor, conversation), self._list(visitor, current)

    # -------------------------------------------------------------- watching

    async def watch(self, browser: object, request: gr.Request) -> AsyncIterator[tuple]:
        """Follow the judge, and replies drawn by another tab, until nothing is open any more."""
        visitor = visitor_of(browser, request)
        conversation = self.current(visitor)
        seen, awaited = None, {}  # by turn: which judge's word is waited for, and will be announced
        # When a generator ends, Gradio draws its last frame once more (and an empty window if there was
        # none), so the first and the last one leave the window alone.
        yield self._unchanged()
        while conversation is not None and self.view(visitor).conversation_id == conversation.id:
            elsewhere = self._streaming_to.get(conversation.id) != visitor.session
            turns = list(conversation.turns)
            judged = {turn.id: self.conversations.judged(conversation, turn) for turn in turns}
            seconds = {turn.id: self.conversations.second_opinion(conversation, turn) for turn in turns}
            growing = elsewhere and conversation.running
            now = (
                [(turn.id, turn.status, judged[turn.id] == "pending", seconds[turn.id]) for turn in turns],
                len(turns[-1].response) if growing and turns else 0,
            )
            if seen is not None and now != seen:
                fresh = [t for t in turns if isinstance(judged[t.id], Judgement) and awaited.get(t.id)]
                fresh = [t for t in fresh if awaited[t.id] == "first" or not _is_pending(seconds[t.id])]
                spoken = self._announcement(visitor, conversation, fresh[-1]) if fresh else gr.skip()
                yield *self._frame(visitor, conversation)[:2], spoken
            awaited = {key: "first" for key, state in judged.items() if state == "pending"}
            awaited |= {key: "second" for key, opinion in seconds.items() if _is_pending(opinion)}
            if seen is None:  # the judge may have been quicker than this
                yield *self._frame(visitor, conversation)[:2], gr.skip()
            seen = now
            if not awaited and not growing:
                break
            await asyncio.sleep(POLL_S)
        yield self._unchanged()

    def show_sources(self, browser: object, request: gr.Request, event: gr.SelectData):
        """Show the passages of the reply that was clicked."""
        visitor = visitor_of(browser, request)
        conversation = self.current(visitor)
        index = event.index[0] if isinstance(event.index, list | tuple) else event.index
        shown = shown_turns(conversation.turns) if conversation else []
        if not isinstance(index, int) or not 0 <= index // 2 < len(shown):
            return gr.skip()
        self.view(visitor).turn_id = shown[index // 2].id
        return self._sources(visitor, conversation)

    # -------------------------------------------------------------- conversations

    def restore(self, browser: object, request: gr.Request):
        """The page was opened: show the conversation this browser was in."""
        visitor = visitor_of(browser, request)
        return self._page(visitor, self.current(visitor))

    def start_new(self, browser: object, request: gr.Request):
        """Leave this conversation; the next question begins another."""
        return self._page(visitor_of(browser, request), None)

    def open_or_delete(self, browser: object, request: gr.Request, event: gr.EventData):
        """A row of the list was pressed."""
        visitor = visitor_of(browser, request)
        wanted = event._data if isinstance(event._data, dict) else {}
        current = self.current(visitor)
        try:
            if "forget" in wanted:
                self.conversations.delete_all(visitor.owner)
                return self._page(visitor, None, said=say(visitor.language, "data_deleted"))
            if "delete" in wanted:
                with suppress(NotYours):  # it was deleted in another tab
                    self.conversations.delete(visitor.owner, wanted["delete"])
                if current is not None and current.deleted:
                    current = None
            else:
                current = self.conversations.open(visitor.owner, wanted.get("open"))
        except NotYours:
            return self._page(visitor, None, say(visitor.language, "not_yours"))
        return self._page(visitor, current)

    def switch_language(self, browser: object, request: gr.Request):
        """Show the page in the other language from now on."""
        visitor = visitor_of(browser, request)
        visitor = in_other_language(visitor, request)
        return self._page(visitor, self.current(visitor))

    def forget_view(self, request: gr.Request) -> None:
        self._views.pop(str(request.session_hash), None)

    # -------------------------------------------------------------- drawing

    def current(self, visitor: Visitor) -> Conversation | None:
        if visitor.conversation_id is None:
            return None
        try:
            return self.conversations.open(visitor.owner, visitor.conversation_id)
        except NotYours:
            return None

    def view(self, visitor: Visitor) -> View:
        return self._views.setdefault(visitor.session, View())

    def _sender(self, browser: object, request: gr.Request) -> Visitor:
        """The sender of an event; what was switched in this tab a moment ago may not have reached the browser's storage, and must not be lost there."""
        visitor = visitor_of(browser, request)
        repair = self.view(visitor).repair
        return visitor if repair is None else replace(visitor, repair=repair)

    def _by_now(self, visitor: Visitor) -> Visitor:
        """The visitor as their tab is now: while a reply is written or judged they may turn to another conversation or language."""
        view = self.view(visitor)
        language = view.language or visitor.language
        repair = visitor.repair if view.repair is None else view.repair
        return replace(visitor, conversation_id=view.conversation_id, language=language, repair=repair)

    def _page(self, visitor: Visitor, conversation: Conversation | None, error: str = "", said: str = ""):
        """Every component of the page in the visitor's language; an open form is closed with its conversation."""
        language = visitor.language
        view = self.view(visitor)
        view.language, view.repair, view.refused = language, visitor.repair, False
        current = conversation.id if conversation else None
        if view.conversation_id != current:
            view.conversation_id, view.turn_id, view.flagged = current, None, None
        chat, sources, notice = self._window(visitor, conversation)
        bot = self.services.loader.bot
        names = [document.name for document in bot.index.documents()] if bot else []
        chat = gr.Chatbot(
            chat,
            label=say(language, "chat"),
            placeholder=render.empty_chat(language),
            examples=[{"text": question} for question in example_questions(names, language)],
        )
        return (
            visitor.browser(current),
            render.header(language, "chat"),
            gr.Button(say(language, "toggle_language")),
            gr.Button(say(language, "new_conversation")),
            self._list(visitor, current),
            switch(self.offers_repair(visitor), language),
            self._box(visitor, conversation),
            self.flagging.shown(conversation, view.flagged, language),
            chat,
            sources,
            render.status_line(error, "error") if error else render.status_line(said) or notice,
        )

    def _box(self, visitor: Visitor, conversation: Conversation | None, value: str | None = None):
        language = visitor.language
        running = conversation is not None and conversation.running
        properties = {
            "label": say(language, "question"),
            "placeholder": say(language, "placeholder"),
            "interactive": True,
            "submit_btn": False if running else say(language, "ask"),
            "stop_btn": say(language, "stop") if running else False,
        }
        return gr.Textbox(**properties) if value is None else gr.Textbox(value, **properties)

    def _list(self, visitor: Visitor, current: str | None) -> str:
        listed = [render.Listed(row.id, _title(row.title)) for row in self.conversations.list(visitor.owner)]
        return render.conversation_list(listed, current, visitor.language)

    def _frame(self, visitor: Visitor, conversation: Conversation) -> tuple:
        """Window contents, or nothing where the tab has turned to another conversation."""
        visitor = self._by_now(visitor)
        if visitor.conversation_id != conversation.id:
            return self._unchanged()
        return self._window(visitor, conversation)

    @staticmethod
    def _unchanged() -> tuple:
        return (gr.skip(),) * 3

    def _announcement(self, visitor: Visitor, conversation: Conversation, turn: Turn) -> str:
        """The scores of a reply, as a screen reader is told them."""
        judged = self.conversations.judged(conversation, turn)
        second = self.conversations.second_opinion(conversation, turn)
        return render.status_line(render.announcement(turn, judged, self._by_now(visitor).language, second), "quiet")

    def _window(self, visitor: Visitor, conversation: Conversation | None) -> tuple:
        """Chat, sources and status line."""
        language = visitor.language
        notice = ""
        if self.services.loader.stage in ("loading", "indexing"):
            notice = render.status_line(self._stage_text(language), "info")
        return self.messages(conversation, language, self.offers_repair(visitor)), self._sources(visitor, conversation), notice

    def messages(self, conversation: Conversation | None, language: str, repairs: bool = False) -> list[dict]:
        """The window of a conversation: its questions, and its replies with badges and flags.

        Args:
            repairs: offer another answer under doubted replies.
        """
        messages = []
        turns = list(conversation.turns) if conversation else []
        flags = self.conversations.flags(conversation, turns) if conversation else {}

        def reply(turn: Turn, below: str = "") -> str:
            judged = self.conversations.judged(conversation, turn)
            waiting = self._waiting_for(conversation, turn, language)
            actions = reply_actions(turn, flags.get(turn.id, ()), language)
            second = self.conversations.second_opinion(conversation, turn)
            return render.reply_message(turn, judged, language, waiting, actions + below, second)

        for turn in shown_turns(turns):
            old, below = repaired_by(turn, turns), ""
            if old is not None:
                failed = turn.status in ("stopped", "failed")
                below = replaced(reply(old), self.conversations.judged(conversation, old), language, folded=not failed)
            elif repairs and can_repair(turn, self.conversations.judged(conversation, turn), turns):
                below = offer(turn, language)
            messages.append({"role": "user", "content": render.user_message(turn.user_input)})
            messages.append({"role": "assistant", "content": reply(turn, below)})
        return messages

    def _waiting_for(self, conversation: Conversation, turn: Turn, language: str) -> str:
        if turn.status != "retrieving":
            return ""
        if self.services.loader.stage != "ready":
            return self._stage_text(language)
        return say(language, "waiting") if conversation.queued is turn and self._streaming_to else ""

    def _stage_text(self, language: str) -> str:
        return say(language, "indexing" if self.services.loader.stage == "indexing" else "loading")

    def _sources(self, visitor: Visitor, conversation: Conversation | None) -> str:
        turns = list(conversation.turns) if conversation else []
        wanted = self.view(visitor).turn_id
        turn = next((turn for turn in turns if turn.id == wanted), turns[-1] if turns else None)
        judged = self.conversations.judged(conversation, turn) if turn else None
        return render.sources_panel(turn, judged, visitor.language)


def _is_pending(opinion: SecondOpinion | None) -> bool:
    return opinion is not None and opinion.state == "pending"


def _title(question: str) -> str:
    """A conversation's name: its first question in one short line."""
    line = re.sub(r"\s+", " ", render.plain(question)).strip()
    return line if len(line) <= TITLE_CHARS else line[: TITLE_CHARS - 1] + "…"
