"""HTML of two runs side by side: means with intervals, which cases changed, and for one case what changed in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from judge.regression.attribution import Attribution
from judge.regression.diff import CaseChange, Diff, Mean, MetricDiff, chunk_changes, word_diff
from judge.regression.types import CaseResult
from judge.types import DIMENSIONS, METRICS
from rag.types import Turn
from ui import render
from ui.i18n import reason_in, say
from ui.render import escape
from ui.render_cases import pager
from ui.render_runs import PER_PAGE, failure_in, metric_name, run_name, score_text, verdict_badge

LISTS = ("newly_failing", "newly_passing", "changed", "unchanged", "all")
CLEAR_P = 0.05  # a convention; the interval and the number of pairs stand beside it
MIN_PAIRS = 5  # fewer cannot reach CLEAR_P in a two-sided sign-flip test, whatever they say


def comparison(
    diff: Diff,
    shown: str,
    page: int,
    opened: str,
    attribution: Attribution | str | None,
    language: str,
) -> str:
    """Two runs.

    Args:
        shown: one of LISTS; "" shows the first that holds a case.
        opened: the case whose changes are shown, "" for none.
        attribution: of the opened case; a sentence where it could not be made, None where nobody asked.
    """
    title = say(language, "compare_title", before=run_name(diff.first, language), after=run_name(diff.second, language))
    heading = f'<h2 class="v-heading">{escape(title)}</h2>'
    if not diff.cases:
        return f'{heading}<p class="v-quiet">{escape(say(language, "compare_nothing"))}</p>'
    lists = sorted_out(diff)
    shown = shown if shown in lists else next(name for name in LISTS if lists[name])
    listed = lists[shown]
    page = max(0, min(page, (len(listed) - 1) // PER_PAGE))
    rows = "".join(
        _case(change, change.case_id == opened, attribution, language)
        for change in listed[page * PER_PAGE : (page + 1) * PER_PAGE]
    )
    body = f'<ul class="v-results">{rows}</ul>' if rows else f'<p class="v-quiet">{say(language, "no_case_listed")}</p>'
    return (
        f"{heading}{_configuration(diff, language)}{_means(diff.metrics, language)}{_chips(lists, shown, language)}{body}"
        + (pager(page, len(listed), language) if len(listed) > PER_PAGE else "")
    )


def sorted_out(diff: Diff) -> dict[str, list[CaseChange]]:
    """The cases by LISTS; those that changed most come first."""

    def moved(change: CaseChange) -> float:
        return sum(
            abs(score.delta) for score in change.scores if score.delta is not None and score.metric != "perplexity"
        )

    lists: dict[str, list[CaseChange]] = {name: [] for name in LISTS}
    for change in sorted(diff.cases, key=moved, reverse=True):
        lists["all"].append(change)
        if change.change in ("newly_failing", "newly_passing"):
            lists[change.change].append(change)
        elif change.response_changed or change.chunks_changed or moved(change) > 0 or change.change.startswith("only"):
            lists["changed"].append(change)
        else:
            lists["unchanged"].append(change)
    return lists


def _chips(lists: Mapping[str, Sequence[CaseChange]], shown: str, language: str) -> str:
    names = {
        "newly_failing": say(language, "newly_failing"),
        "newly_passing": say(language, "newly_passing"),
        "changed": say(language, "changed_cases"),
        "unchanged": say(language, "unchanged_cases"),
        "all": say(language, "all_cases"),
    }
    chips = "".join(
        f'<button type="button" class="v-chip" data-list="{name}" id="list-{name}" '
        f'aria-pressed="{"true" if name == shown else "false"}">{escape(names[name])} <b>{len(lists[name])}</b></button>'
        for name in LISTS
    )
    return f'<div class="v-tally" role="group" aria-label="{escape(say(language, "tab_cases"))}">{chips}</div>'


def _configuration(diff: Diff, language: str) -> str:
    if not diff.configuration:
        return f'<p class="v-quiet">{escape(say(language, "configuration_same"))}</p>'
    rows = "".join(
        f"<dt>{escape(name)}</dt><dd><del>{_plainly(old)}</del> → <ins>{_plainly(new)}</ins></dd>"
        for name, (old, new) in diff.configuration.items()
    )
    return (
        f'<div class="v-changes"><h3>{escape(say(language, "configuration_changes"))}</h3>'
        f'<dl class="v-pair v-words">{rows}</dl></div>'
    )


def _plainly(value: object) -> str:
    if isinstance(value, list | tuple):
        return escape(", ".join(map(str, value))[:300])
    return "–" if value is None else escape(str(value)[:300])


def _means(metrics: Sequence[MetricDiff], language: str) -> str:
    def head(key: str, hint: str = "", number: bool = True) -> str:
        title = f' title="{escape(say(language, hint))}"' if hint else ""
        return f'<th scope="col"{" class=v-number" if number else ""}{title}>{escape(say(language, key))}</th>'

    rows = "".join(_mean_row(metric, language) for metric in metrics)
    return (
        f'<table class="v-table v-means"><thead><tr>{head("metric", number=False)}{head("mean_before")}'
        f"{head('mean_after')}{head('difference', 'difference_hint')}{head('p_value', 'p_value_hint')}{head('pairs')}"
        f'<th scope="col"><span class="v-sr">{escape(say(language, "difference"))}</span></th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _mean_row(diff: MetricDiff, language: str) -> str:
    kind, words = verdict(diff)
    difference = "–"
    if diff.difference is not None:
        difference = signed(diff.difference)
        if diff.low is not None and diff.high is not None:
            difference += f" <small>[{signed(diff.low)}, {signed(diff.high)}]</small>"
    p = "–" if diff.p is None else f"{diff.p:.3f}" if diff.p >= 0.001 else "&lt; 0.001"
    hint = say(language, f"{diff.metric}_hint" if diff.metric in _LIVE else f"metric_{diff.metric}_hint")

    def cell(key: str, inside: object) -> str:
        return f'<td class="v-number" data-name="{escape(say(language, key))}">{inside}</td>'

    return (
        f'<tr><th scope="row" title="{escape(hint)}">{escape(metric_name(diff.metric, language))}</th>'
        f"{cell('mean_before', _mean(diff.first, diff.metric, language))}"
        f"{cell('mean_after', _mean(diff.second, diff.metric, language))}"
        f"{cell('difference', difference)}{cell('p_value', p)}{cell('pairs', diff.pairs)}"
        f'<td class="v-change-{kind}">{escape(say(language, words)) if words else ""}</td></tr>'
    )


_LIVE = (*METRICS, *DIMENSIONS)


def verdict(diff: MetricDiff) -> tuple[str, str]:
    """How a difference reads: (look, key of the words)."""
    if diff.difference is None or diff.p is None:
        return "unclear", ""
    if diff.pairs < MIN_PAIRS:
        return "unclear", "too_few"
    if not diff.difference:
        return "unclear", "no_difference"
    if diff.p >= CLEAR_P:
        return "unclear", "not_clear"
    better = (diff.difference > 0) == diff.higher_is_better
    return ("better", "better") if better else ("worse", "worse")


def _mean(mean: Mean, metric: str, language: str) -> str:
    coverage = escape(say(language, "coverage", scored=mean.scored, total=mean.total))
    title = f' title="{coverage}"'
    if mean.value is None:
        return f"<span{title}>– <small>{mean.scored}/{mean.total}</small></span>"
    digits = 1 if metric == "perplexity" else 2
    interval = "" if mean.low is None else f" <small>[{mean.low:.{digits}f}, {mean.high:.{digits}f}]</small>"
    return f"<span{title}>{mean.value:.{digits}f}{interval} <small>{mean.scored}/{mean.total}</small></span>"


# ------------------------------------------------------------------ one case


def _case(change: CaseChange, opened: bool, attribution: Attribution | str | None, language: str) -> str:
    badges = "".join(
        f"{'' if not position else '<span class=v-arrow aria-hidden=true>→</span>'}{verdict_badge(each.passed, language)}"
        for position, each in enumerate(each for each in (change.first, change.second) if each is not None)
    )
    failures = "; ".join(failure_in(each, language) for each in (change.second.failures if change.second else ()))
    inside = case_changes(change, attribution, language) if opened else ""
    return (
        f'<li class="v-result"><div class="v-result-head"><span class="v-verdicts">{badges}</span>'
        f'<button type="button" class="v-link" data-run="case" data-id="{escape(change.case_id)}" '
        f'id="diff-{escape(change.case_id)}" aria-expanded="{"true" if opened else "false"}">{escape(change.question)}</button></div>'
        + (f'<p class="v-fail">{escape(failures)}</p>' if failures else "")
        + f"{inside}</li>"
    )


def case_changes(change: CaseChange, attribution: Attribution | str | None, language: str) -> str:
    """What changed in one case: the words of the reply, the passages, the scores."""
    old, new = change.first, change.second
    if old is None or new is None:
        only = new or old
        key = "only_after" if old is None else "only_before"
        reply = render.reply_message(only.turn, only.judgement, language)
        return f'<div class="v-result-body"><p class="v-quiet">{escape(say(language, key))}</p>{reply}</div>'
    return (
        f'<div class="v-result-body"><h4>{escape(say(language, "word_changes"))}</h4>{words(old.turn, new.turn, language)}'
        f'<div class="v-two"><div><h4>{escape(say(language, "score_changes"))}</h4>{_scores(change, language)}</div>'
        f"<div><h4>{escape(say(language, 'chunk_changes'))}</h4>{_chunks(old.turn, new.turn, language)}</div></div>"
        f"{_attribution(change, attribution, language)}</div>"
    )


def words(old: Turn, new: Turn, language: str) -> str:
    """Both replies as one text in which what went and what came is marked, for eyes and for screen readers."""
    if old.response == new.response:
        return (
            f'<p class="v-quiet">{escape(say(language, "same_reply"))}</p><p class="v-words">{escape(new.response)}</p>'
        )
    tags = {"removed": ("del", "removed_words"), "added": ("ins", "added_words")}
    parts = []
    for kind, text in word_diff(old.response, new.response):
        if kind == "same":
            parts.append(escape(text))
        else:
            tag, name = tags[kind]
            spoken = f'<span class="v-sr"> {escape(say(language, name))}: </span>'
            parts.append(f"<{tag}>{spoken}{escape(text)}</{tag}>")
    return f'<p class="v-words">{"".join(parts)}</p>'


def signed(value: float) -> str:
    """A difference with its sign; "0" where two digits show none."""
    return f"{value:+.2f}" if abs(value) >= 0.005 else "0"


def _scores(change: CaseChange, language: str) -> str:
    rows = []
    for score in change.scores:
        kind, delta = "unclear", ""
        if score.delta is not None:
            better = (score.delta > 0) == (score.metric != "perplexity")
            kind = "unclear" if abs(score.delta) < 0.005 else "better" if better else "worse"
            words = {"better": "✓ ", "worse": "⚠ "}.get(kind, "")
            delta = words + signed(score.delta)
        rows.append(
            f'<tr><th scope="row">{escape(metric_name(score.metric, language))}</th>'
            f'<td class="v-number">{_figure(score.first, change.first, language)}</td>'
            f'<td class="v-number">{_figure(score.second, change.second, language)}</td>'
            f'<td class="v-number v-change-{kind}">{delta}</td></tr>'
        )
    named = "".join(f'<th scope="col" class="v-number">{escape(say(language, key))}</th>' for key in ("compare_before", "compare_after", "difference"))
    head = f'<thead><tr><td></td>{named}</tr></thead>'
    return f'<table class="v-table v-plain v-small">{head}<tbody>{"".join(rows)}</tbody></table>'


def _figure(score, result: CaseResult, language: str) -> str:
    return "–" if score is None else escape(score_text(score, result, language))


def _chunks(old: Turn, new: Turn, language: str) -> str:
    changes = chunk_changes(old, new)
    same = all(change.first_rank == change.second_rank for change in changes)
    intro = f'<p class="v-quiet">{escape(say(language, "same_chunks"))}</p>' if same else ""
    rows = []
    for change in changes:
        if change.first_rank is None:
            kind, move = "new", f"{say(language, 'chunk_new')} [{change.second_rank}]"
        elif change.second_rank is None:
            kind, move = "gone", f"{say(language, 'chunk_gone')} [{change.first_rank}]"
        elif change.first_rank != change.second_rank:
            kind = "moved"
            move = say(language, "chunk_moved", before=change.first_rank, after=change.second_rank)
        else:
            kind, move = "kept", say(language, "chunk_kept", after=change.second_rank)
        section = change.section or say(language, "untitled")
        rows.append(
            f'<li class="v-{kind}"><span class="v-move">{escape(move)}</span>'
            f'<details class="v-more"><summary>{escape(section)}</summary>'
            f'<p class="v-passage">{escape(change.text.strip())}</p></details></li>'
        )
    return f'{intro}<ul class="v-chunks">{"".join(rows)}</ul>'


# ------------------------------------------------------------------ attribution


def _attribution(change: CaseChange, attribution: Attribution | str | None, language: str) -> str:
    if change.first is None or change.second is None or change.first.error or change.second.error:
        return ""
    if attribution is None:
        return (
            f'<div class="v-buttons"><button type="button" class="v-button" data-run="attribute" '
            f'data-id="{escape(change.case_id)}" title="{escape(say(language, "attribute_hint"))}">'
            f'{escape(say(language, "attribute"))}</button></div><p class="v-quiet">{escape(say(language, "attribute_hint"))}</p>'
        )
    if isinstance(attribution, str):
        return render.status_line(attribution, "error")
    cause = say(language, f"cause_{attribution.cause}")
    rows = []
    for metric, effect in attribution.effects.items():
        cells = "".join(
            f'<td class="v-number">{"–" if value is None else signed(value)}</td>'
            for value in (effect.new - effect.old, effect.judge, effect.generator, effect.index, effect.interaction)
        )
        rows.append(f'<tr><th scope="row">{escape(metric_name(metric, language))}</th>{cells}</tr>')
    head = "".join(
        f'<th scope="col" class="v-number">{escape(say(language, key))}</th>'
        for key in ("difference", "part_judge", "part_generator", "part_index", "part_together")
    )
    left = "".join(
        f'<p class="v-quiet">{escape(say(language, f"part_{part}"))}: {escape(reason_in(language, reason))}</p>'
        for part, reason in attribution.unreplayed.items()
    )
    return (
        f'<div class="v-attribution"><h4>{escape(say(language, "attribution"))}</h4><p><b>{escape(cause)}</b></p>{left}'
        f'<table class="v-table v-plain v-small"><thead><tr><th scope="col">{escape(say(language, "metric"))}</th>{head}'
        f"</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )
