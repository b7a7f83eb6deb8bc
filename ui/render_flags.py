"""HTML of flags: the thumbs under a reply, what was said of it, and the form that says more.

A chat message is sanitized, which drops data-* and aria-*: its buttons are told apart by class and id, and what a
screen reader is to say of them stands in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from judge.regression.types import REASONS, Flag
from rag.types import Turn
from ui.i18n import reason_in, say
from ui.render import escape, plain

MAX_REFERENCE_CHARS = 4000
ENDED = ("finished", "stopped", "failed")  # only what is written can be flagged


def of_reply(turn: Turn, flags: Iterable[Flag]) -> list[Flag]:
    """The flags that were given to this very reply; it may have been regenerated since."""
    return [flag for flag in flags if plain(flag.turn.response) == plain(turn.response)]


def by_person(flags: Iterable[Flag]) -> Flag | None:
    """What a person said, if anybody did."""
    return next((flag for flag in flags if flag.origin == "user"), None)


def reason_name(reason: str, language: str) -> str:
    """A reason in words; one that is not ours (an import's) as it stands."""
    return say(language, f"reason_{reason}") if reason in REASONS else plain(reason)


def reply_actions(turn: Turn, flags: Iterable[Flag], language: str) -> str:
    """Thumbs, Copy, and the flags in words; nothing while the reply is still written."""
    if turn.status not in ENDED:
        return ""
    flags = of_reply(turn, flags)
    own = by_person(flags)
    thumb = own.thumb if own else ""
    copy = (
        f'<button type="button" class="v-act v-copy" id="copy-{escape(turn.id)}" '
        f'title="{escape(say(language, "copy_reply"))}"><span class="v-icon v-icon-copy"></span>'
        f'<span class="v-act-name">{escape(say(language, "copy"))}</span></button>'
        if turn.response
        else ""
    )
    said = "".join(_said(flag, language) for flag in flags)
    return f'<div class="v-acts">{_thumb(turn, "up", thumb, language)}{_thumb(turn, "down", thumb, language)}{copy}{said}</div>'


def _thumb(turn: Turn, kind: str, chosen: str, language: str) -> str:
    name = say(language, f"thumb_{kind}")
    held = kind == chosen
    spoken = f"{name} {say(language, 'chosen')}" if held else name
    return (
        f'<button type="button" class="v-act v-thumb v-thumb-{kind}{" v-chosen" if held else ""}" '
        f'id="{kind}-{escape(turn.id)}" title="{escape(name)}"><span class="v-icon v-icon-{kind}"></span>'
        f'<span class="v-sr">{escape(spoken)}</span></button>'
    )


def _said(flag: Flag, language: str) -> str:
    if flag.origin == "auto":
        kind, text = "auto", say(language, "auto_flagged", rule=rule_in(flag.rule, language))
    elif flag.thumb == "down":
        kind, text = "down", say(language, "flagged", reason=reason_name(flag.reason or "other", language))
    else:
        kind, text = "up", say(language, "praised")
    mark = "✓" if kind == "up" else "⚑"
    return f'<span class="v-flag v-flag-{kind}"><span class="v-mark">{mark}</span>{escape(text)}</span>'


# A rule begins the text or follows a semicolon; what a claim says in quotes is left alone.
_BELOW = re.compile(r"(?:^|(?<=; ))(faithfulness|answer[ _]relevancy|context[ _]precision) (?=[\d.]+ < [\d.]+)")
_REFUSED = re.compile(r"(?:^|(?<=; ))wrong refusal(?: \(([^()]*)\))?")
_CONTRADICTED = re.compile(r"(?:^|(?<=; ))contradicted(?: by (\[\d+\]))?: ")


def rule_in(rule: str, language: str) -> str:
    """An automatic rule in the page's words; as it stands where it has another form."""

    def metric(found: re.Match) -> str:
        name = say(language, found[1].replace(" ", "_"))
        return f"{name.lower() if language == 'en' else name} "

    def refused(found: re.Match) -> str:
        reason = f" ({reason_in(language, found[1])})" if found[1] else ""
        return say(language, "rule_refused") + reason

    def contradicted(found: re.Match) -> str:
        return (
            say(language, "rule_contradicted_by", source=found[1]) if found[1] else say(language, "rule_contradicted")
        )

    return _CONTRADICTED.sub(contradicted, _REFUSED.sub(refused, _BELOW.sub(metric, rule)))


def flag_form(turn: Turn, flag: Flag, language: str) -> str:
    """The form for the flagged turn: why, and what would have been right."""
    chosen = flag.reason if flag.reason in REASONS else "other"
    reasons = "".join(
        f'<label class="v-choice"><input type="radio" name="reason" value="{reason}"'
        f"{' checked' if reason == chosen else ''}><span>{escape(reason_name(reason, language))}</span></label>"
        for reason in REASONS
    )
    return (
        f'<form class="v-form" data-turn="{escape(turn.id)}" aria-labelledby="flag-title">'
        f'<h2 class="v-heading" id="flag-title">{escape(say(language, "flag_title"))}</h2>'
        f'<p class="v-quiet v-clip">{escape(say(language, "sources_for", question=turn.user_input))}</p>'
        f'<p class="v-done"><span class="v-mark" aria-hidden="true">✓</span>{escape(say(language, "flag_recorded"))}</p>'
        f'<fieldset class="v-choices"><legend>{escape(say(language, "flag_reason"))}</legend>{reasons}</fieldset>'
        f'<label class="v-label" for="flag-reference">{escape(say(language, "reference_optional"))}</label>'
        f'<textarea id="flag-reference" name="reference" rows="3" maxlength="{MAX_REFERENCE_CHARS}" '
        f'aria-describedby="flag-reference-hint">{escape(flag.reference)}</textarea>'
        f'<p class="v-quiet" id="flag-reference-hint">{escape(say(language, "reference_hint"))}</p>'
        f'<div class="v-buttons"><button type="submit" class="v-button v-primary">{escape(say(language, "save"))}</button>'
        f'<button type="button" class="v-button" data-flag="undo">{escape(say(language, "undo_flag"))}</button>'
        f'<button type="button" class="v-button" data-flag="close">{escape(say(language, "close"))}</button></div>'
        f'<p class="v-quiet">{escape(say(language, "flag_keys"))}</p></form>'
    )
