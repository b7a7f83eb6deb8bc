"""Flags in the chat: a press on a thumb is recorded at once; a small form then asks why, and for the right answer."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import gradio as gr

from judge.regression.types import REASONS
from rag.types import Turn
from ui import render
from ui.conversations import Conversation
from ui.i18n import say
from ui.render_flags import ENDED, MAX_REFERENCE_CHARS, by_person, flag_form, of_reply, reason_name
from ui.services import Services
from ui.visitors import Visitor, visitor_of

if TYPE_CHECKING:
    from ui.chat import ChatPage

log = logging.getLogger(__name__)

# The thumbs live in sanitized messages, so one listener on the document hears them all. A message that changes is
# drawn anew, which would drop the keyboard's focus and fold what was open; both are put back.
FLAG_EVENTS = """
let last = null, open = false, asked = null, copied = null;
// Said by the button for a moment, also by the one that takes its place when the reply is drawn anew meanwhile.
const sayCopied = (yes) => {
  const name = copied && document.getElementById(copied.id)?.querySelector('.v-act-name');
  if (!name || copied.before.has(name) === yes) return;
  if (yes) { copied.before.set(name, name.textContent); name.textContent = element.querySelector('[data-copied]')?.dataset.copied || '✓'; }
  else { name.textContent = copied.before.get(name); copied.before.delete(name); }
};
// What has the keyboard's focus, and whether the details of its reply are open, for when the reply is drawn anew.
const keep = (button) => { last = button.id; open = button.closest('.v-reply').querySelector('details.v-why')?.open; };
const chat = () => document.querySelector('#chat');
const back = () => { const b = last && document.getElementById(last); if (b) b.focus({preventScroll: true}); };
document.addEventListener('click', (e) => {
  const copy = e.target.closest('#chat button.v-copy');
  if (copy) {
    const text = copy.closest('.v-reply').querySelector('.v-text').innerText.trim();
    const done = () => { sayCopied(false); clearTimeout(copied?.timer);
      copied = {id: copy.id, before: new Map(), timer: setTimeout(() => { sayCopied(false); copied = null; }, 1500)}; sayCopied(true); keep(copy); };
    if (navigator.clipboard) navigator.clipboard.writeText(text).then(done);
    else {  // browsers keep the clipboard from pages of another machine without https
      const area = document.createElement('textarea');
      area.value = text; area.className = 'v-sr'; document.body.append(area); area.select();
      const taken = document.execCommand('copy');
      area.remove(); copy.focus({preventScroll: true});
      if (taken) done();
    }
    return;
  }
  const thumb = e.target.closest('#chat button.v-thumb');
  if (!thumb) return;
  const cut = thumb.id.indexOf('-');
  asked = thumb.id.slice(cut + 1); keep(thumb);
  trigger('click', {act: thumb.id.slice(0, cut), turn: asked});
});
new MutationObserver(() => {
  sayCopied(true);
  const thumb = last && document.getElementById(last);
  if (!thumb) return;
  const details = open && thumb.closest('.v-reply')?.querySelector('details.v-why');
  if (details && !details.open) { details.open = true; }
  if (document.activeElement === document.body) thumb.focus({preventScroll: true});
}).observe(document.body, {subtree: true, childList: true});
document.addEventListener('focusin', (e) => {
  if (!e.target.closest('#flag') && e.target.id !== last && e.target !== document.body) last = null; });
const form = () => element.querySelector('form');
// What was typed for a reply, until it is saved or put aside: the form closes when another reply gets a thumb.
const drafts = new Map(), fields = ['reason', 'reference'];
element.addEventListener('input', () => { const f = form();
  if (f) drafts.set(f.dataset.turn, Object.fromEntries(fields.map((name) => [name, f.elements[name].value]))); });
element.addEventListener('submit', (e) => {
  e.preventDefault(); const f = form(); back(); drafts.delete(f.dataset.turn);
  trigger('click', {act: 'save', turn: f.dataset.turn, reason: f.elements.reason.value, reference: f.elements.reference.value});
});
const leave = (act) => { const f = form(); if (!f) return; last = 'down-' + f.dataset.turn; back(); drafts.delete(f.dataset.turn);
  trigger('click', {act: act, turn: f.dataset.turn}); };
element.addEventListener('click', (e) => { const b = e.target.closest('[data-flag]'); if (b) leave(b.dataset.flag); });
element.addEventListener('keydown', (e) => {
  if (e.key === 'Escape') { e.preventDefault(); leave('close'); }
  if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) { e.preventDefault(); form()?.requestSubmit(); }
});
watch('value', () => { const f = form(); f?.reset();  // the fields are still the ones of the reply before, with what was typed there
  if (f && drafts.has(f.dataset.turn)) fields.forEach((name) => { f.elements[name].value = drafts.get(f.dataset.turn)[name]; });
  if (f && asked === f.dataset.turn) { asked = null; f.scrollIntoView({block: 'nearest'});
    f.querySelector('input:checked')?.focus({preventScroll: true}); } });
"""


class FlagPanel:
    """Builds the form's place, then wires it; the handlers are methods."""

    def __init__(self, services: Services, chat: ChatPage) -> None:
        self.services = services
        self.chat = chat

    def build(self) -> None:
        self.form = gr.HTML(self.closed("en"), elem_id="flag", elem_classes="v-panel", js_on_load=FLAG_EVENTS)

    def wire(self, browser: gr.BrowserState) -> None:
        self.form.click(
            self.act, browser, [self.chat.chat, self.form, self.chat.notice], queue=False, show_progress="hidden",
            api_visibility="private", trigger_mode="multiple",
        )  # fmt: skip

    def act(self, browser: object, request: gr.Request, event: gr.EventData):
        """A thumb or a button of the form was pressed: record it, then show it."""
        visitor = visitor_of(browser, request)
        sent = event._data if isinstance(event._data, dict) else {}
        conversation, turn = self._turn(visitor, sent.get("turn"))
        if conversation is None or turn is None:
            return gr.skip(), self.closed(visitor.language), _error(visitor, "flag_gone")
        try:
            form, said = self._record(visitor, conversation, turn, sent)
        except Exception:  # a database that fails has many ways; the person must know that nothing was kept
            log.exception("turn %s could not be flagged", turn.id)
            return gr.skip(), gr.skip(), _error(visitor, "flag_failed")
        self.chat.view(visitor).flagged = None if form == self.closed(visitor.language) else turn.id
        return self.chat.messages(conversation, visitor.language, self.chat.offers_repair(visitor)), form, said

    def _record(self, visitor: Visitor, conversation: Conversation, turn: Turn, sent: dict) -> tuple[str, str]:
        """What was pressed, done. Returns: the form and the status line."""
        language, record = visitor.language, self.services.regression
        flags = self.chat.conversations.flags(conversation, [turn])[turn.id]
        now = by_person(of_reply(turn, flags))
        act, gone = sent.get("act"), (self.closed(language), render.status_line(say(language, "flag_gone"), "error"))
        if act == "close":
            return self.closed(language), ""
        if act == "undo" or (act == "up" and now is not None and now.thumb == "up"):
            record.unflag(turn.id)
            self.chat.conversations.forget_flags(conversation, turn.id)
            return self.closed(language), render.status_line(say(language, "flag_undone"))
        if act == "up":
            kept = record.flag(turn.id, "up")
            self.chat.conversations.forget_flags(conversation, turn.id)
            return (self.closed(language), render.status_line(say(language, "flag_good"))) if kept else gone
        if act == "down":
            if now is None or now.thumb != "down":
                now = record.flag(turn.id, "down", "other")
                self.chat.conversations.forget_flags(conversation, turn.id)
            return (self._opened(turn, now, language), "") if now else gone
        if act == "save":
            reason = sent.get("reason") if sent.get("reason") in REASONS else "other"
            given = sent.get("reference")
            reference = render.plain(given).strip()[:MAX_REFERENCE_CHARS] if isinstance(given, str) else ""
            kept = record.flag(turn.id, "down", reason, reference)
            self.chat.conversations.forget_flags(conversation, turn.id)
            said = say(language, "flag_saved", reason=reason_name(reason, language))
            return (self.closed(language), render.status_line(said)) if kept else gone
        return self.closed(language), ""

    def _turn(self, visitor: Visitor, turn_id: object) -> tuple[Conversation | None, Turn | None]:
        """The visitor's own turn of this id, if it is written to the end."""
        conversation = self.chat.current(visitor)
        turns = conversation.turns if conversation else []
        return conversation, next((turn for turn in turns if turn.id == turn_id and turn.status in ENDED), None)

    def shown(self, conversation: Conversation | None, turn_id: str | None, language: str) -> str:
        """The form of this turn's flag; none where it has none."""
        turn = next((turn for turn in conversation.turns if turn.id == turn_id), None) if conversation else None
        flag = by_person(of_reply(turn, self.chat.conversations.flags(conversation, [turn])[turn.id])) if turn else None
        return self._opened(turn, flag, language) if flag and flag.thumb == "down" else self.closed(language)

    def _opened(self, turn: Turn, flag, language: str) -> str:
        return flag_form(turn, flag, language) + self.closed(language)

    @staticmethod
    def closed(language: str) -> str:
        """No form; the word that Copy shows when it is done."""
        return f'<span hidden data-copied="{render.escape(say(language, "copied"))}"></span>'


def _error(visitor: Visitor, key: str) -> str:
    return render.status_line(say(visitor.language, key), "error")
