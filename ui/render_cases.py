"""HTML of the regression cases: filters, table, and the one that is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from judge.regression.types import REASONS, Case
from ui import render
from ui.i18n import counted, say
from ui.render import escape
from ui.render_flags import MAX_REFERENCE_CHARS, reason_name, rule_in

PER_PAGE = 25
STATUSES = ("candidate", "accepted", "dismissed", "merged")
ORIGINS = ("user", "auto")
FORMATS = ("ragas", "deepeval", "promptfoo", "langfuse", "csv")
MAX_QUESTION_CHARS = 2000
MAX_TAGS_CHARS = 400
STATUS_MARKS = {"candidate": "○", "accepted": "✓", "dismissed": "–", "merged": "⇉"}


@dataclass(frozen=True, slots=True)
class Query:
    """Which cases are listed; "" leaves a field open. `page` counts from 0."""

    status: str = ""
    origin: str = ""
    reason: str = ""
    tag: str = ""
    text: str = ""
    page: int = 0


def options(choices: Sequence[tuple[str, str]], chosen: str) -> str:
    """`<option>`s of (value, name shown)."""
    return "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(name)}</option>'
        for value, name in choices
    )


def _select(name: str, label: str, choices: Sequence[tuple[str, str]], chosen: str) -> str:
    return (
        f'<label class="v-field"><span>{escape(label)}</span>'
        f'<select name="{name}">{options(choices, chosen)}</select></label>'
    )


def filters(query: Query, tags: Sequence[str], language: str) -> str:
    """The filter bar; its form holds the query that every action sends along."""
    every = ("", say(language, "any"))
    statuses = [every, *((status, say(language, f"status_{status}")) for status in STATUSES)]
    origins = [every, *((origin, say(language, f"origin_{origin}")) for origin in ORIGINS)]
    reasons = [every, *((reason, reason_name(reason, language)) for reason in REASONS)]
    names = [every, *((tag, tag) for tag in tags)]
    return (
        '<form class="v-filters" role="search" data-cases="filter">'
        f'<label class="v-field v-wide"><span>{escape(say(language, "search_cases"))}</span>'
        f'<input type="search" name="text" value="{escape(query.text)}" maxlength="200" '
        f'placeholder="{escape(say(language, "search_cases_hint"))}" autocomplete="off"></label>'
        + _select("status", say(language, "case_status"), statuses, query.status)
        + _select("origin", say(language, "case_origin"), origins, query.origin)
        + _select("reason", say(language, "flag_reason"), reasons, query.reason)
        + _select("tag", say(language, "case_tag"), names, query.tag)
        + f'<button type="reset" class="v-button">{escape(say(language, "clear_filters"))}</button></form>'
    )


def table(
    cases: Sequence[Case], query: Query, counts: Mapping[str, int], total: int, opened: str, language: str
) -> str:
    """One page of cases with what can be done with them.

    Args:
        counts: how many cases there are of each status under the other filters.
        total: how many the query finds.
        opened: the id of the case whose details are shown, "" for none.
    """
    tally = "".join(
        f'<button type="button" class="v-chip" data-status="{status}"{_pressed(query.status == status)}>'
        f"{escape(say(language, f'status_{status}'))} <b>{counts.get(status, 0):,}</b></button>"
        for status in STATUSES
    )
    tally = f'<div class="v-tally" role="group" aria-label="{escape(say(language, "case_status"))}">{tally}</div>'
    if not cases:
        return tally + empty_cases(query, sum(counts.values()), language)
    rows = "".join(_row(case, case.id == opened, language) for case in cases)
    head = "".join(
        f'<th scope="col">{escape(say(language, key))}</th>'
        for key in ("case_question", "case_why", "case_status", "reference", "case_tags", "case_changed")
    )
    everything = escape(say(language, "select_page"))
    return (
        f"{tally}{_bulk(language)}"
        f'<table class="v-table v-cases" data-page="{query.page}"><caption class="v-sr">'
        f"{escape(say(language, 'cases_caption'))}</caption><thead><tr>"
        f'<th class="v-tick"><input type="checkbox" data-tick="page" aria-label="{everything}" title="{everything}"></th>'
        f"{head}</tr></thead><tbody>{rows}</tbody></table>{pager(query.page, total, language)}"
        f'<p class="v-quiet v-keys">{escape(say(language, "case_keys"))}</p>'
    )


def empty_cases(query: Query, existing: int, language: str) -> str:
    """What an empty table says: there is nothing yet, or nothing like this."""
    filtered = existing or any((query.status, query.origin, query.reason, query.tag, query.text))
    key = "no_cases_found" if filtered else "no_cases"
    return (
        f'<div class="v-empty v-empty-panel"><h2>{escape(say(language, key))}</h2>'
        f"<p>{escape(say(language, f'{key}_body'))}</p></div>"
    )


def _pressed(held: bool) -> str:
    return f' aria-pressed="{"true" if held else "false"}"'


def _bulk(language: str) -> str:
    def act(name: str) -> str:
        return (
            f'<button type="button" class="v-button" data-bulk="{name}" disabled>{escape(say(language, name))}</button>'
        )

    return (
        f'<div class="v-bulk" role="group" aria-label="{escape(say(language, "selected_cases"))}">'
        f'<span class="v-picked" role="status" data-words="{escape(say(language, "picked", count="#"))}"></span>'
        f"{act('accept')}{act('dismiss')}{act('merge')}"
        f'<label class="v-field v-inline"><span class="v-sr">{escape(say(language, "new_tag"))}</span>'
        f'<input type="text" data-new-tag maxlength="40" placeholder="{escape(say(language, "new_tag"))}"></label>'
        f"{act('add_tag')}</div>"
    )


def _row(case: Case, opened: bool, language: str) -> str:
    name = case.user_input.strip() or say(language, "untitled_conversation")
    tags = "".join(f'<span class="v-tag">{escape(tag)}</span>' for tag in case.tags)
    expected = (
        escape(case.reference) if case.reference else f'<span class="v-quiet">{escape(say(language, "none"))}</span>'
    )
    return (
        f'<tr data-id="{escape(case.id)}"{" class=v-opened" if opened else ""}>'
        f'<td class="v-tick"><input type="checkbox" data-tick="{escape(case.id)}" '
        f'aria-label="{escape(say(language, "select_case", question=name))}"></td>'
        f'<td class="v-cell-question"><button type="button" class="v-link" id="case-{escape(case.id)}" '
        f'data-open="{escape(case.id)}"{_pressed(opened)}>{escape(name)}</button></td>'
        f'<td data-name="{escape(say(language, "case_why"))}">{why(case, language)}</td>'
        f'<td data-name="{escape(say(language, "case_status"))}">{status_badge(case, language)}</td>'
        f'<td data-name="{escape(say(language, "reference"))}"><span class="v-clip">{expected}</span></td>'
        f'<td data-name="{escape(say(language, "case_tags"))}">{tags}</td>'
        f'<td class="v-when" data-name="{escape(say(language, "case_changed"))}">{when(case.updated_at)}</td></tr>'
    )


def why(case: Case, language: str) -> str:
    """Who flagged it, and for what; a person and a rule may both have done so."""
    said = []
    if case.reason:
        said.append(("user", "⚑", reason_name(case.reason, language)))
    if case.rule:
        said.append(("auto", "⚙", rule_in(case.rule, language)))
    if not said:
        said.append((case.origin, "⚙" if case.origin == "auto" else "⚑", ""))
    parts = []
    for who, mark, text in said:
        origin = say(language, f"origin_{who}") if who in ORIGINS else who
        parts.append(
            f'<span class="v-why-cell" title="{escape(origin)}"><span class="v-mark" aria-hidden="true">{mark}</span>'
            f'<span><span class="v-sr">{escape(origin)}{": " if text else ""}</span>'
            f"{escape(text) if text else f'<span aria-hidden=true>{escape(origin)}</span>'}</span></span>"
        )
    return "".join(parts)


def status_badge(case: Case, language: str) -> str:
    """The status as mark and word."""
    mark = STATUS_MARKS.get(case.status, "?")
    return (
        f'<span class="v-state v-state-{escape(case.status)}"><span class="v-mark" aria-hidden="true">{mark}</span>'
        f"{escape(say(language, f'status_{case.status}'))}</span>"
    )


def when(moment: str) -> str:
    """An ISO 8601 moment as date and minute, for people; the whole of it for machines."""
    return f'<time datetime="{escape(moment)}" title="{escape(moment)}">{escape(minute(moment))}</time>' if moment else ""


def minute(moment: str) -> str:
    """An ISO 8601 moment as date and minute where the server stands; as it is written where it does not name its zone."""
    try:
        told = datetime.fromisoformat(moment)
        local = told.astimezone().isoformat() if told.tzinfo else moment
    except (ValueError, OverflowError):
        local = moment
    return local[:16].replace("T", " ")


def pager(page: int, total: int, language: str, per_page: int = PER_PAGE) -> str:
    """Where this page stands, and the way to its neighbours."""
    first, last = page * per_page + 1, min((page + 1) * per_page, total)
    pages = max(1, -(-total // per_page))

    def step(to: int, key: str, possible: bool) -> str:
        off = "" if possible else " disabled"
        return f'<button type="button" class="v-button" data-go="{to}"{off}>{escape(say(language, key))}</button>'

    where = say(language, "shown_of", first=f"{first:,}", last=f"{last:,}", total=f"{total:,}")
    return (
        f'<nav class="v-pager" aria-label="{escape(say(language, "pager"))}">{step(page - 1, "previous", page > 0)}'
        f'<span role="status">{escape(where)}</span>{step(page + 1, "next", page + 1 < pages)}</nav>'
    )


# ------------------------------------------------------------------ the open case


def detail(case: Case | None, similar: Sequence[Case], language: str) -> str:
    """The form of the open case, the reply it came from, and cases that ask nearly the same."""
    heading = f'<h2 class="v-heading" id="case-title">{escape(say(language, "case_title"))}</h2>'
    if case is None:
        return f'{heading}<p class="v-quiet">{escape(say(language, "case_none"))}</p>'
    merged = ""
    if case.status == "merged":
        merged = f'<p class="v-notice">{escape(say(language, "case_merged"))}</p>'
    return (
        f'<div class="v-case">{heading}<p class="v-case-facts">{status_badge(case, language)}{why(case, language)}'
        f"<span>{when(case.created_at)}</span></p>{merged}{_form(case, language)}{_similar(case, similar, language)}"
        f"{_flagged(case, language)}</div>"
    )


def _form(case: Case, language: str) -> str:
    def button(act: str, kind: str = "", submits: bool = False) -> str:
        return (
            f'<button type="{"submit" if submits else "button"}" class="v-button{kind}" data-act="{act}">'
            f"{escape(say(language, act))}</button>"
        )

    decisions = {
        "candidate": button("accept", " v-primary") + button("dismiss"),
        "accepted": button("reopen") + button("dismiss"),
    }.get(case.status, button("reopen"))
    gone = (
        f'<details class="v-delete"><summary aria-label="{escape(say(language, "delete_case"))}" '
        f'title="{escape(say(language, "delete_case"))}">✕</summary>'
        f"{button('delete', ' v-danger')}</details>"
    )
    return (
        f'<form class="v-form" data-case="{escape(case.id)}" aria-labelledby="case-title">'
        f'<label class="v-label" for="case-question">{escape(say(language, "case_question"))}</label>'
        f'<textarea id="case-question" name="user_input" rows="2" maxlength="{MAX_QUESTION_CHARS}" required>'
        f"{escape(case.user_input)}</textarea>"
        f'<label class="v-label" for="case-reference">{escape(say(language, "reference"))}</label>'
        f'<textarea id="case-reference" name="reference" rows="4" maxlength="{MAX_REFERENCE_CHARS}" '
        f'aria-describedby="case-reference-hint">{escape(case.reference)}</textarea>'
        f'<p class="v-quiet" id="case-reference-hint">{escape(say(language, "reference_hint"))}</p>'
        f'<label class="v-label" for="case-tags">{escape(say(language, "case_tags"))}</label>'
        f'<input type="text" id="case-tags" name="tags" maxlength="{MAX_TAGS_CHARS}" value="{escape(", ".join(case.tags))}" '
        f'placeholder="{escape(say(language, "tags_hint"))}">'
        f'<div class="v-buttons">{button("save", "", True)}{decisions}'
        f'<button type="button" class="v-button" data-act="close">{escape(say(language, "close"))}</button>{gone}</div>'
        f'<p class="v-quiet">{escape(say(language, "flag_keys"))}</p></form>'
    )


def _similar(case: Case, similar: Sequence[Case], language: str) -> str:
    if not similar:
        return ""
    rows = "".join(
        f'<li class="v-item"><span class="v-name">{escape(each.user_input)}'
        f"<small>{escape(say(language, f'status_{each.status}'))}</small></span>"
        f'<button type="button" class="v-button" data-act="absorb" data-other="{escape(each.id)}" '
        f'aria-label="{escape(say(language, "absorb_case", question=each.user_input))}">'
        f"{escape(say(language, 'absorb'))}</button></li>"
        for each in similar
    )
    return (
        f'<section class="v-similar"><h3>{escape(counted(language, "similar", len(similar)))}</h3>'
        f'<ul class="v-list">{rows}</ul></section>'
    )


def _flagged(case: Case, language: str) -> str:
    if case.turn is None:
        return f'<p class="v-quiet">{escape(say(language, "case_imported"))}</p>'
    reply = render.reply_message(case.turn, case.judgement, language)
    sources = render.sources_panel(case.turn, case.judgement, language)
    return (
        f'<section class="v-flagged"><h3>{escape(say(language, "flagged_reply"))}</h3>{reply}'
        f'<details class="v-more"><summary>{escape(say(language, "flagged_sources"))}</summary>{sources}</details></section>'
    )
