"""Answering again where the judge doubts a reply: when that is offered, what is said to be wrong, and which replies a
conversation shows then."""

from __future__ import annotations

from collections.abc import Sequence

from judge.types import Judgement
from rag.types import Turn
from ui.i18n import say
from ui.render import Judged, escape

DOUBTED = ("contradicted", "not_found")

# The offer stands in a sanitized message, so one listener on the document hears it; the switch is a checkbox of ours.
REPAIR_EVENTS = """
document.addEventListener('click', (e) => {
  const offer = e.target.closest('#chat button.v-repair');
  if (offer) trigger('click', {repair: offer.id.slice(offer.id.indexOf('-') + 1)});
});
element.addEventListener('change', (e) => {
  if (e.target.matches('[data-repair]')) trigger('click', {wanted: e.target.checked}); });
"""


def wrong_claims(judged: Judged) -> list[str]:
    """The claims of a reply that the passages contradict or do not hold."""
    if not isinstance(judged, Judgement):
        return []
    return [verdict.claim.text for verdict in judged.verdicts if verdict.label in DOUBTED]


def repair_of(turn: Turn, turns: Sequence[Turn]) -> Turn | None:
    """The turn that replaces `turn`, if there is one."""
    return next((other for other in turns if other.repairs == turn.id), None)


def repaired_by(turn: Turn, turns: Sequence[Turn]) -> Turn | None:
    """The turn that `turn` replaces, if it replaces one of these."""
    return next((other for other in turns if turn.repairs and other.id == turn.repairs), None)


def can_repair(turn: Turn, judged: Judged, turns: Sequence[Turn]) -> bool:
    """Whether another answer may be offered: once for a reply, never for one that is such an answer itself."""
    return (
        turn.status == "finished"
        and not turn.declined
        and bool(wrong_claims(judged))
        and repaired_by(turn, turns) is None
        and repair_of(turn, turns) is None
    )


def shown_turns(turns: Sequence[Turn]) -> list[Turn]:
    """The turns as a conversation shows them: a repair stands where the reply stood that it replaces."""
    return [repair_of(turn, turns) or turn for turn in turns if repaired_by(turn, turns) is None]


def offer(turn: Turn, language: str) -> str:
    """The button under a doubted reply."""
    return (
        f'<div class="v-acts"><button type="button" class="v-act v-repair" id="repair-{escape(turn.id)}" '
        f'title="{escape(say(language, "repair_hint"))}"><span class="v-mark">↻</span>'
        f'<span class="v-act-name">{escape(say(language, "repair"))}</span></button></div>'
    )


def replaced(reply: str, judged: Judged, language: str, folded: bool = True) -> str:
    """A reply that was replaced, under the one that replaces it.

    Args:
        reply: its markup from render.reply_message.
        folded: False leaves it open: what was to replace it did not come to an end.
    """
    score = judged.scores.get("faithfulness") if isinstance(judged, Judgement) else None
    value = f" · {say(language, 'faithfulness')} {score.value:.2f}" if score is not None and score.value is not None else ""
    return (
        f'<details class="v-more v-replaced"{"" if folded else " open"}><summary>{escape(say(language, "replaced"))}'
        f"{escape(value)}</summary>{reply}</details>"
    )


def switch(wanted: bool, language: str) -> str:
    """The switch in the sidebar."""
    return (
        f'<label class="v-switch"><input type="checkbox" data-repair{" checked" if wanted else ""}>'
        f"<span>{escape(say(language, 'repair_switch'))}</span></label>"
        f'<p class="v-quiet">{escape(say(language, "repair_switch_hint"))}</p>'
    )
