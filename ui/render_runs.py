"""HTML of runs: the form that starts one, its progress, the list, and what one run found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from judge.regression.types import REFERENCE_METRICS, Case, CaseResult, Run
from judge.types import DIMENSIONS, METRICS, Score
from rag.prompt import SYSTEM
from ui import render
from ui.i18n import counted, reason_in, say
from ui.render import escape
from ui.render_cases import minute, options, pager, when
from ui.running import Progress

EVERY_METRIC = (*METRICS, *DIMENSIONS, *REFERENCE_METRICS)
RUN_MARKS = {"running": "▶", "stopped": "■", "finished": "✓", "failed": "✗"}
MAX_NAME_CHARS = 80
MAX_PROMPT_CHARS = 8000
PER_PAGE = 25


def metric_name(metric: str, language: str) -> str:
    """A metric as the page calls it; one that is not ours as it stands."""
    return say(language, metric) if metric in (*METRICS, *DIMENSIONS) else say(language, f"metric_{metric}")


# ------------------------------------------------------------------ starting


def form(accepted: int, settings: Mapping[str, object], language: str) -> str:
    """What to run, and against which configuration.

    Args:
        accepted: how many accepted cases there are.
        settings: "top_k", "generator", "judge", "embedder", "index" and "prompt" as they are now.
    """
    which = options(
        [
            ("accepted", counted(language, "run_accepted", accepted)),
            ("ticked", say(language, "run_ticked")),
            ("filtered", say(language, "run_filtered")),
        ],
        "accepted",
    )

    def text(name: str, label: str) -> str:
        return (
            f'<label class="v-field v-wide"><span>{escape(label)}</span><input type="text" name="{name}" maxlength="300" '
            f'value="{escape(settings[name])}" spellcheck="false" autocomplete="off"></label>'
        )

    return (
        f'<form class="v-run-form" data-run="start" aria-label="{escape(say(language, "run_title"))}">'
        f'<h2 class="v-heading">{escape(say(language, "run_title"))}</h2><div class="v-filters">'
        f'<label class="v-field"><span>{escape(say(language, "run_which"))}</span>'
        f'<select name="which">{which}</select></label>'
        f'<label class="v-field v-wide"><span>{escape(say(language, "run_name"))}</span><input type="text" name="name" '
        f'maxlength="{MAX_NAME_CHARS}" placeholder="{escape(say(language, "run_name_hint"))}" autocomplete="off"></label>'
        f'<label class="v-field"><span>{escape(say(language, "run_top_k"))}</span><input type="number" name="top_k" '
        f'min="1" max="20" value="{escape(settings["top_k"])}"></label>'
        f'<button type="submit" class="v-button v-primary">{escape(say(language, "run_start"))}</button></div>'
        f'<details class="v-more"><summary>{escape(say(language, "run_other_models"))}</summary>'
        f'<div class="v-filters">{text("generator", say(language, "generator"))}{text("judge", say(language, "judge"))}'
        f"{text('index', say(language, 'run_index'))}{text('embedder', say(language, 'run_embedder'))}"
        f'</div><p class="v-quiet">{escape(say(language, "run_other_models_hint"))}</p>'
        f'<label class="v-field"><span>{escape(say(language, "run_prompt"))}</span><textarea name="prompt" rows="3" '
        f'maxlength="{MAX_PROMPT_CHARS}" placeholder="{escape(SYSTEM)}" lang="en">{escape(settings["prompt"])}</textarea>'
        "</label></details></form>"
    )


def progress(at: Progress, language: str) -> str:
    """The bar of the run at hand; nothing where none goes on."""
    failed = render.status_line(at.error.message(language), "error") if at.error else ""
    if at.stage == "idle":
        return failed
    words = {
        "opening": say(language, "run_opening"),
        "stopping": say(language, "run_stopping"),
        "running": say(language, "run_progress", done=at.done, total=at.total, failing=at.failing),
    }[at.stage]
    if at.stage == "running" and at.left_s is not None:
        words += " " + say(language, "run_left", time=duration(at.left_s, language))
    stop = (
        f'<button type="button" class="v-button v-danger" data-run="stop">{escape(say(language, "stop"))}</button>'
        if at.stage != "stopping"
        else ""
    )
    name = at.name or say(language, "run_unnamed")
    bar = (
        f'<progress max="{at.total}" value="{at.done}" aria-label="{escape(name)}"></progress>'
        if at.total
        else f'<progress aria-label="{escape(name)}"></progress>'
    )
    return f'<div class="v-progress"><p><b>{escape(name)}</b> {escape(words)}</p>{bar}{stop}</div>'


def duration(seconds: float, language: str) -> str:
    """A waiting time in the largest unit that says something."""
    if seconds < 90:
        return say(language, "seconds", value=f"{max(1, round(seconds))}")
    return say(language, "minutes", value=f"{round(seconds / 60)}")


# ------------------------------------------------------------------ the list


def run_name(run: Run, language: str) -> str:
    """A run's name, or what stands in for one."""
    return render.plain(run.name).strip() or say(language, "run_unnamed")


def configuration(run: Run, language: str) -> str:
    """What answered and judged, in one line."""
    held = run.configuration
    settings = held.get("settings") if isinstance(held.get("settings"), dict) else {}
    parts = [str(held.get("generator") or "?"), str(held.get("judge") or "?")]
    if isinstance(settings.get("top_k"), int):
        parts.append(counted(language, "passages", settings["top_k"]))
    return " · ".join(parts)


def run_list(runs: Sequence[Run], active: str, language: str) -> str:
    """Every run, newest first, and the choice of two to compare.

    Args:
        active: the id of the run that goes on in this process, "" for none.
    """
    heading = f'<h2 class="v-heading">{escape(say(language, "runs"))}</h2>'
    if not runs:
        return (
            f'{heading}<div class="v-empty v-empty-panel"><h2>{escape(say(language, "no_runs"))}</h2>'
            f"<p>{escape(say(language, 'no_runs_body'))}</p></div>"
        )
    rows = "".join(_run_row(run, run.id == active, language) for run in runs)
    head = "".join(
        f'<th scope="col">{escape(say(language, key))}</th>'
        for key in ("run", "case_status", "run_when", "configuration")
    )
    return (
        f'{heading}{_pair(runs, language)}<table class="v-table v-runs"><caption class="v-sr">'
        f'{escape(say(language, "runs"))}</caption><thead><tr>{head}<th><span class="v-sr">'
        f"{escape(say(language, 'actions'))}</span></th></tr></thead><tbody>{rows}</tbody></table>"
    )


def _pair(runs: Sequence[Run], language: str) -> str:
    if len(runs) < 2:
        return f'<p class="v-quiet">{escape(say(language, "compare_needs_two"))}</p>'
    names = [(run.id, f"{run_name(run, language)} · {minute(run.started_at)}") for run in runs]
    return (
        f'<form class="v-filters v-compare" data-run="compare">'
        f'<label class="v-field"><span>{escape(say(language, "compare_before"))}</span>'
        f'<select name="before">{options(names, runs[1].id)}</select></label>'
        f'<label class="v-field"><span>{escape(say(language, "compare_after"))}</span>'
        f'<select name="after">{options(names, runs[0].id)}</select></label>'
        f'<button type="submit" class="v-button v-primary">{escape(say(language, "compare"))}</button></form>'
    )


def _run_row(run: Run, active: bool, language: str) -> str:
    status = "running" if active else run.status
    resume = ""
    if not active and run.status in ("stopped", "running", "failed") and run.done < len(run.case_ids):
        resume = f'<button type="button" class="v-button" data-run="resume" data-id="{escape(run.id)}">{escape(say(language, "resume"))}</button>'
    gone = ""
    if not active:
        label = escape(say(language, "delete_run", name=run_name(run, language)))
        gone = (
            f'<details class="v-delete"><summary aria-label="{label}" title="{label}">✕</summary>'
            f'<button type="button" data-run="delete" data-id="{escape(run.id)}">{escape(say(language, "delete"))}</button></details>'
        )
    error = f'<small class="v-run-error">{escape(run.error)}</small>' if run.error else ""
    done = say(language, "run_done", done=run.done, total=len(run.case_ids))
    return (
        f'<tr data-id="{escape(run.id)}"><td class="v-cell-question"><button type="button" class="v-link" '
        f'id="open-{escape(run.id)}" data-run="open" data-id="{escape(run.id)}">{escape(run_name(run, language))}</button>{error}</td>'
        f'<td data-name="{escape(say(language, "case_status"))}"><span class="v-state v-run-{escape(status)}">'
        f'<span class="v-mark" aria-hidden="true">{RUN_MARKS.get(status, "?")}</span>'
        f"{escape(say(language, f'run_{status}'))}</span> <small>{escape(done)}</small></td>"
        f'<td class="v-when" data-name="{escape(say(language, "run_when"))}">{when(run.started_at)}</td>'
        f'<td data-name="{escape(say(language, "configuration"))}"><span class="v-quiet">'
        f"{escape(configuration(run, language))}</span></td>"
        f'<td class="v-row-acts">{resume}{gone}</td></tr>'
    )


# ------------------------------------------------------------------ one run


def means_of(results: Sequence[CaseResult]) -> dict[str, tuple[float | None, int, int]]:
    """metric -> (mean of what was scored, how many were, how many have this metric). Unscored is never a number."""
    found: dict[str, tuple[float | None, int, int]] = {}
    for metric in EVERY_METRIC:
        scores = [result.scores[metric] for result in results if metric in result.scores]
        if metric == "perplexity":
            values = [result.perplexity for result in results if result.perplexity is not None]
        else:
            values = [score.value for score in scores if score.value is not None]
        if scores:
            found[metric] = (sum(values) / len(values) if values else None, len(values), len(scores))
    return found


def results(run: Run, found: Sequence[CaseResult], case: Case | None, page: int, opened: str, language: str) -> str:
    """What one run found: means with coverage, then case by case, failing ones first.

    Args:
        opened: the id of the case whose reply is shown, "" for none.
        case: that case, None where it is gone.
    """
    heading = f'<h2 class="v-heading">{escape(say(language, "run_results", name=run_name(run, language)))}</h2>'
    if not found:
        return f'{heading}<p class="v-quiet">{escape(say(language, "run_empty"))}</p>'
    passed = sum(result.passed for result in found)
    summary = say(language, "run_summary", passed=passed, total=len(found))
    spent = sum(result.seconds for result in found) / len(found)
    pace = say(language, "run_pace", seconds=f"{spent:.1f}")
    tiles = "".join(
        f'<li class="v-tile"><span>{escape(metric_name(metric, language))}</span>'
        f"<b>{_figure(mean, metric)}</b>"
        f'<small title="{escape(say(language, "coverage_hint"))}">{escape(say(language, "coverage", scored=scored, total=total))}</small></li>'
        for metric, (mean, scored, total) in means_of(found).items()
    )
    listed = sorted(found, key=lambda result: result.passed)
    page = max(0, min(page, (len(listed) - 1) // PER_PAGE))
    shown = listed[page * PER_PAGE : (page + 1) * PER_PAGE]
    rows = "".join(_result_row(result, case, result.case_id == opened, language) for result in shown)
    return (
        f'{heading}<p>{escape(summary)} <span class="v-quiet">{escape(pace)}</span></p>'
        f'<ul class="v-tiles">{tiles}</ul><ul class="v-results" data-page="{page}">{rows}</ul>'
        + (pager(page, len(listed), language) if len(listed) > PER_PAGE else "")
    )


def _figure(value: float | None, metric: str) -> str:
    if value is None:
        return "–"
    return f"{value:.1f}" if metric == "perplexity" else f"{value:.2f}"


def verdict_badge(passed: bool, language: str) -> str:
    """Passed or failed, as mark and word."""
    kind, mark = ("good", "✓") if passed else ("bad", "✗")
    return (
        f'<span class="v-badge v-{kind}"><span class="v-mark" aria-hidden="true">{mark}</span>'
        f"{escape(say(language, 'passed' if passed else 'failing'))}</span>"
    )


def _result_row(result: CaseResult, case: Case | None, opened: bool, language: str) -> str:
    inside = result_detail(result, case, language) if opened else ""
    failures = "; ".join(failure_in(failure, language) for failure in result.failures)
    return (
        f'<li class="v-result"><div class="v-result-head">{verdict_badge(result.passed, language)}'
        f'<button type="button" class="v-link" data-run="case" data-id="{escape(result.case_id)}" '
        f'id="result-{escape(result.case_id)}" aria-expanded="{"true" if opened else "false"}">'
        f"{escape(result.turn.user_input)}</button></div>"
        + (f'<p class="v-fail">{escape(failures)}</p>' if failures else "")
        + f"{inside}</li>"
    )


FAILURES = {
    "it declined, but an answer was expected": "failure_declined",
    "it answered, but should have declined": "failure_answered",
}
BEGINNINGS = {"contradicted: ": "rule_contradicted", "no reply: ": "failure_no_reply"}


def failure_in(failure: str, language: str) -> str:
    """What made a case fail, in the page's words; as it stands where it has another form."""
    for metric in EVERY_METRIC:
        if failure.startswith(f"{metric} "):
            return metric_name(metric, language) + failure[len(metric) :]
    for beginning, key in BEGINNINGS.items():
        if failure.startswith(beginning):
            return say(language, key) + failure[len(beginning) :]
    for sentence, key in FAILURES.items():
        if failure == sentence:
            return say(language, key)
        if failure.startswith(f"{sentence} (") and failure.endswith(")"):
            return f"{say(language, key)} ({reason_in(language, failure[len(sentence) + 2 : -1])})"
    return failure


def result_detail(result: CaseResult, case: Case | None, language: str) -> str:
    """The reply of one case, what was expected, and every score."""
    expected = ""
    if case is not None and case.reference:
        expected = f"<dt>{escape(say(language, 'reference'))}</dt><dd>{render.markdown(case.reference)}</dd>"
    reply = render.reply_message(result.turn, result.judgement, language)
    return (
        f'<div class="v-result-body"><dl class="v-pair">{expected}<dt>{escape(say(language, "reply"))}</dt>'
        f"<dd>{reply}</dd></dl>{score_list(result, language)}"
        f'<details class="v-more"><summary>{escape(say(language, "flagged_sources"))}</summary>'
        f"{render.sources_panel(result.turn, result.judgement, language)}</details></div>"
    )


def score_list(result: CaseResult, language: str) -> str:
    """The scores beside the three badges, each with its reason where it has no value."""
    rows = []
    for metric in REFERENCE_METRICS:
        score = result.scores.get(metric)
        if score is not None:
            rows.append(
                f'<li title="{escape(say(language, f"metric_{metric}_hint"))}">{escape(metric_name(metric, language))} '
                f"<b>{escape(score_text(score, result, language))}</b></li>"
            )
    return f'<ul class="v-scores">{"".join(rows)}</ul>' if rows else ""


def score_text(score: Score, result: CaseResult, language: str) -> str:
    """A score's figure, or why there is none."""
    if score.metric == "perplexity" and result.perplexity is not None:
        return f"{result.perplexity:.1f}"
    if score.value is None:
        reason = reason_in(language, score.reason)
        return say(language, "unscored") + (f" – {reason}" if reason else "")
    return f"{score.value:.2f}"


# ------------------------------------------------------------------ the trap


def trap(rows: Sequence | None, language: str, error: str = "") -> str:
    """What semantic match cannot tell, with measured figures.

    Args:
        rows: judge.regression.metrics.TrapRow; None while they are not measured.
        error: why they could not be measured.
    """
    intro = (
        f'<h2 class="v-heading">{escape(say(language, "trap_title"))}</h2><p>{escape(say(language, "trap_body"))}</p>'
    )
    if rows is None:
        measure = (
            f'<button type="button" class="v-button" data-run="trap">{escape(say(language, "trap_measure"))}</button>'
        )
        return f'<section class="v-trap">{intro}{measure}{render.status_line(error, "error")}</section>'
    names = [
        escape(say(language, key)) for key in ("reference", "reply", "trap_meaning", "metric_bertscore", "metric_f1")
    ]
    head = "".join(f'<th scope="col">{name}</th>' for name in names)

    def line(row) -> str:
        spoken = f' lang="{escape(row.language)}"'
        cells = (
            (spoken, escape(row.reference)), (spoken, escape(row.response)),
            ("", escape(say(language, f"trap_{row.kind}"))), ("", f"<b>{row.bertscore:.3f}</b>"), ("", f"{row.f1:.2f}"),
        )  # fmt: skip
        inside = "".join(
            f'<td data-name="{name}"{of}>{text}</td>' for name, (of, text) in zip(names, cells, strict=True)
        )
        return f'<tr class="v-trap-{escape(row.kind)}">{inside}</tr>'

    body = "".join(map(line, rows))
    return (
        f'<section class="v-trap">{intro}<table class="v-table v-bare"><thead><tr>{head}</tr></thead><tbody>{body}'
        f'</tbody></table><p class="v-quiet">{escape(say(language, "trap_measured"))}</p></section>'
    )
