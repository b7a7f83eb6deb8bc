"""HTML of the Judge page: agreement with people, what thresholds would catch, and how long judging takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from judge.regression.agreement import GRID, Agreement, Caught, Figure
from judge.types import METRICS
from ui import charts
from ui.charts import Series
from ui.i18n import TEXTS, counted, reason_in, say
from ui.render import escape

BINS = 10
SHOWN_LATENCIES = 200


def heading(language: str) -> str:
    """What the page is about."""
    return (
        f'<h2 class="v-title">{escape(say(language, "judge_title"))}</h2>'
        f'<p class="v-lead">{escape(say(language, "judge_intro"))}</p>'
    )


def tiles(
    found: Agreement, waiting: int, seconds: Sequence[float], models: Sequence[tuple[str, str]], language: str
) -> str:
    """The figures at a glance.

    Args:
        waiting: replies in the judge's queue.
        seconds: that each of the newest judgements took.
        models: (what it does, its id).
    """
    unjudged = counted(language, "thumbs_unjudged", found.unjudged) if found.unjudged else ""
    parts = [
        _tile(say(language, "thumbs"), f"{found.n:,}", unjudged),
        _figure("agreement", found.agreement, language),
        _figure("kappa", found.kappa, language),
        _tile(say(language, "queue"), f"{waiting:,}", "", say(language, "queue_hint")),
    ]
    if seconds:
        p50, p95 = (percentile(seconds, share) for share in (0.5, 0.95))
        value = f"{say(language, 'seconds', value=f'{p50:.2f}')}"
        note = f"{say(language, 'latency_p95')} {say(language, 'seconds', value=f'{p95:.2f}')}, "
        note += say(language, "latency_note", count=f"{len(seconds):,}")
        parts.append(_tile(f"{say(language, 'latency')} ({say(language, 'latency_p50')})", value, note))
    else:
        parts.append(_tile(say(language, "latency"), "–", say(language, "latency_none")))
    facts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in models)
    return f'<ul class="v-tiles">{"".join(parts)}</ul><dl class="v-models">{facts}</dl>'


def _tile(name: str, value: str, note: str, hint: str = "") -> str:
    title = f' title="{escape(hint)}"' if hint else ""
    small = f"<small>{escape(note)}</small>" if note else ""
    return f'<li class="v-tile"{title}><span>{escape(name)}</span><b>{escape(value)}</b>{small}</li>'


def _figure(key: str, figure: Figure, language: str) -> str:
    value = "–" if figure.value is None else f"{figure.value:.2f}"
    if figure.interval is not None:
        note = say(language, "interval", low=f"{figure.interval[0]:.2f}", high=f"{figure.interval[1]:.2f}")
    else:
        note = reason_in(language, figure.reason)
    return _tile(say(language, key), value, note, say(language, f"{key}_hint"))


def percentile(values: Sequence[float], share: float) -> float:
    """The value under which `share` of the values lie, between neighbours in proportion (NumPy's default)."""
    ordered = sorted(values)
    at = (len(ordered) - 1) * share
    low = int(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (at - low)


def confusion(found: Agreement, language: str) -> str:
    """People against the judge, as four numbers with their meaning in words."""
    title = f'<h2 class="v-heading">{escape(say(language, "confusion"))}</h2>'
    if not found.n:
        return (
            f'<section class="v-card">{title}<div class="v-empty v-empty-panel"><h2>{escape(say(language, "no_thumbs"))}'
            f"</h2><p>{escape(say(language, 'no_thumbs_body'))}</p></div></section>"
        )
    (spared, alarms), (missed, caught) = found.confusion

    def cell(count: int, key: str, right: bool) -> str:
        look = "agree" if right else "miss"
        return f'<td class="v-{look}">{count:,}<small>{escape(say(language, key))}</small></td>'

    summary = say(
        language,
        "caught_summary",
        caught=caught,
        bad=caught + missed,
        missed=missed,
        alarms=alarms,
        good=spared + alarms,
    )
    return (
        f'<section class="v-card">{title}<table class="v-table v-plain v-confusion"><caption class="v-quiet">'
        f"{escape(say(language, 'confusion_caption'))}</caption><thead><tr><td></td>"
        f'<th scope="col">{escape(say(language, "judge_says_good"))}</th>'
        f'<th scope="col">{escape(say(language, "judge_says_bad"))}</th></tr></thead><tbody>'
        f'<tr><th scope="row">{escape(say(language, "people_say_good"))}</th>'
        f"{cell(spared, 'cell_spared', True)}{cell(alarms, 'cell_alarm', False)}</tr>"
        f'<tr><th scope="row">{escape(say(language, "people_say_bad"))}</th>'
        f"{cell(missed, 'cell_missed', False)}{cell(caught, 'cell_caught', True)}</tr></tbody></table>"
        f"<p>{escape(summary)}</p></section>"
    )


def in_force(thresholds: Mapping[str, float], enabled: bool, language: str, key: str = "in_force") -> str:
    """The thresholds that flag at this moment, in one sentence."""
    if not enabled:
        return say(language, f"{key}_off")
    named = ", ".join(f"{say(language, metric)} < {thresholds.get(metric, 0):.2f}" for metric in METRICS)
    return say(language, key, thresholds=named)


def plots(
    sweeps: Mapping[str, Sequence[Caught]], thresholds: Mapping[str, float], seconds: Sequence[float], language: str
) -> str:
    """Per metric what people said by score, and what thresholds would catch; then the judge's time.

    Args:
        sweeps: by metric, for each threshold of agreement.GRID.
        seconds: newest first.
    """
    parts = []
    for metric in METRICS:
        first = sweeps[metric][0]
        if first.caught + first.missed + first.false_alarms + first.spared:
            parts.append(_by_score(metric, sweeps[metric], thresholds[metric], language))
            parts.append(_sweep(metric, sweeps[metric], thresholds[metric], language))
    if seconds:
        parts.append(_latency(seconds, language))
    return f'<div class="v-charts">{"".join(parts)}</div>' if parts else ""


def _chart(title: str, note: str, svg: str, below: str) -> str:
    return f'<figure class="v-chart"><figcaption>{escape(title)}<small>{escape(note)}</small></figcaption>{svg}{below}</figure>'


def bins(under: Sequence[int], total: int) -> list[int]:
    """How many scores lie in each of BINS equal parts of [0, 1]; 1.0 belongs to the last.

    Args:
        under: how many lie under each threshold of agreement.GRID.
        total: how many there are.
    """
    edges = [under[i * (len(GRID) - 1) // BINS] for i in range(BINS)] + [total]
    return [high - low for low, high in pairwise(edges)]


def _by_score(metric: str, sweep: Sequence[Caught], threshold: float, language: str) -> str:
    first = sweep[0]
    bad = bins([each.caught for each in sweep], first.caught + first.missed)
    good = bins([each.false_alarms for each in sweep], first.false_alarms + first.spared)
    series = [
        Series(say(language, "bad_replies"), "bad", bad),
        Series(say(language, "good_replies"), "good", good),
    ]
    labels = [f"{i / BINS:.1f}" for i in range(BINS + 1)]
    missing = counted(language, "chart_unscored", first.unscored) if first.unscored else ""
    note = say(language, "chart_scores_note", unscored=missing).strip()
    svg = charts.stacked_bars(series, labels, threshold, f"{say(language, 'threshold')} {threshold:.2f}")
    rows = [(f"{labels[i]}–{labels[i + 1]}", str(bad[i]), str(good[i])) for i in range(BINS)]
    head = (say(language, "score_range"), series[0].name, series[1].name)
    title = say(language, "chart_scores", metric=say(language, metric))
    return _chart(title, note, svg, charts.legend(series) + charts.table(head, rows, say(language, "as_table")))


def _sweep(metric: str, sweep: Sequence[Caught], threshold: float, language: str) -> str:
    series = [
        Series(say(language, "recall"), "a", [each.recall for each in sweep]),
        Series(say(language, "precision"), "b", [each.precision for each in sweep]),
    ]
    labels = [f"{each:.2f}" for each in GRID]
    svg = charts.lines(series, labels, threshold, f"{say(language, 'threshold')} {threshold:.2f}")
    rows = [
        (f"{each.threshold:.2f}", str(each.caught), str(each.missed), str(each.false_alarms), str(each.spared))
        for each in sweep
    ]
    head = [say(language, key) for key in ("threshold", "cell_caught", "cell_missed", "cell_alarm", "cell_spared")]
    title = say(language, "chart_sweep", metric=say(language, metric))
    below = charts.legend(series) + charts.table(head, rows, say(language, "as_table"))
    return _chart(title, say(language, "chart_sweep_note"), svg, below)


def _latency(seconds: Sequence[float], language: str) -> str:
    shown = list(seconds[:SHOWN_LATENCIES])[::-1]
    marks = [(say(language, f"latency_p{share}"), percentile(seconds, share / 100)) for share in (50, 95)]
    svg = charts.columns(shown, marks, say(language, "chart_latency"))
    note = say(language, "chart_latency_note", count=len(shown))
    return _chart(say(language, "chart_latency"), note, svg, "")


SHOWN_AUDITS = 3  # judges whose audits are shown, the newest
AUDIT_STEADY, AUDIT_SHAKY = 0.05, 0.2  # shares of flips from which the mark changes; for the eye only


def audits(results: Sequence[Mapping], judge: str | None, language: str) -> str:
    """What `python -m judge audit` found, a table per judge; the judge in use comes first.

    Args:
        results: as judge.audit.read returns them, oldest first.
        judge: the id of the judge in use, None while it is not loaded.
    """
    newest_first = results[::-1]
    shown = sorted(newest_first, key=lambda each: each["judge"] != judge)[:SHOWN_AUDITS]
    title = f'<h2 class="v-heading">{escape(say(language, "audit"))}</h2>'
    if not shown:
        return f'<section class="v-card">{title}<p class="v-quiet">{escape(say(language, "audit_none"))}</p></section>'
    parts = "".join(_audit(each, judge, language, unfolded=each is shown[0]) for each in shown)
    note = escape(say(language, "audit_body"))
    return f'<section class="v-card">{title}<p class="v-quiet">{note}</p>{parts}</section>'


def _audit(result: Mapping, judge: str | None, language: str, unfolded: bool) -> str:
    rows = []
    for name, made in result["checks"].items():
        key = f"audit_{name}"
        known = key in TEXTS[language]
        low, high = (f"{share:.0%}" for share in made["flip_95"])
        mark, look = (
            ("✓", "good") if made["flip_rate"] < AUDIT_STEADY
            else ("!", "fair") if made["flip_rate"] < AUDIT_SHAKY
            else ("✗", "bad")
        )  # fmt: skip
        gap, low_gap, high_gap = (_signed(value) for value in (made["gap"], *made["gap_95"]))
        gap = say(language, "audit_gap_cell", gap=gap, low=low_gap, high=high_gap)
        rows.append(
            f'<tr><th scope="row">{escape(say(language, key) if known else name)}</th>'
            f'<td><span class="v-audit-{look}"><span class="v-mark">{mark}</span> {made["flip_rate"]:.0%}</span>'
            f"<small>{escape(say(language, 'interval', low=low, high=high))}</small></td><td>{escape(gap)}</td></tr>"
        )
    right = ", ".join(f"{code} {share:.0%}" for code, share in result["right"].items())
    about = say(language, "audit_right", right=right, cases=result["cases"]) + " " if right else ""
    own = result["self_preference"]
    if "reason" in own:
        about += say(language, "audit_own_none")
    else:
        figures = (f"{own['answers']['gap']:+.2f}", *(f"{v:+.2f}" for v in own["answers"]["gap_95"]))
        about += say(language, "audit_own", gap=figures[0], low=figures[1], high=figures[2])
    head = "".join(f'<th scope="col">{escape(say(language, key))}</th>' for key in ("audit_check", "audit_flips", "audit_gap"))
    table = f'<table class="v-table v-plain v-small v-audit"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'
    name = result["judge"] + (f" ({say(language, 'audit_in_use')})" if result["judge"] == judge else "")
    return (
        f'<details class="v-more"{" open" if unfolded else ""}><summary>{escape(name)}</summary>'
        f"{table if rows else ''}<p class=\"v-quiet\">{escape(about)}</p></details>"
    )


def _signed(value: float) -> str:
    """Two digits with their sign; what rounds to nothing has none."""
    return f"{value:+.2f}" if round(value, 2) else "0.00"
