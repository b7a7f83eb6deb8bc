"""Small charts as inline SVG: pure functions of numbers. Every one comes with the same numbers as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ui.render import escape

WIDTH, HEIGHT = 460, 210
LEFT, RIGHT, TOP, BOTTOM = 38, 12, 12, 30
LETTER, GAP = 11, 10  # height of a letter (see style.css), and between two names in a line
FEWEST_COLUMNS = 24  # fewer values leave room on the right instead of growing to slabs
_INNER_W, _INNER_H = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM


@dataclass(frozen=True, slots=True)
class Series:
    """One line or set of bars. `look` is one of "a", "b", "good", "bad" (see style.css); None leaves a gap."""

    name: str
    look: str
    values: Sequence[float | None]


def stacked_bars(series: Sequence[Series], labels: Sequence[str], mark: float | None, mark_name: str = "") -> str:
    """Counts by bin, one series on the other.

    Args:
        labels: of the bins' edges, one more than there are bins.
        mark: where a dashed line stands, as a share of the width in [0, 1]; None for none.
    """
    bins = len(labels) - 1
    totals = [sum(each.values[i] or 0 for each in series) for i in range(bins)]
    top = _round_up(max(totals, default=0))
    parts = [_grid([0, top / 2, top] if top > 1 else [0, top], top, "{:g}")]
    step = _INNER_W / bins
    for i in range(bins):
        below = 0.0
        for each in series:
            value = each.values[i] or 0
            if value:
                y, height = _y(below + value, top), _INNER_H * value / top
                title = f"{labels[i]}–{labels[i + 1]}: {each.name} {value:g}"
                parts.append(
                    f'<rect class="v-bar-{each.look}" x="{LEFT + i * step + 2:.1f}" y="{y:.1f}" width="{step - 4:.1f}" '
                    f'height="{height:.1f}" rx="2"><title>{escape(title)}</title></rect>'
                )
                below += value
    for i in range(0, bins + 1, max(1, bins // 5)):
        parts.append(_text(LEFT + i * step, HEIGHT - 10, labels[i], "middle"))
    if mark is not None:
        x = LEFT + mark * _INNER_W
        parts.append(f'<line class="v-threshold" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{TOP + _INNER_H}"/>')
        anchor = "end" if mark > 0.7 else "start"
        parts.append(_text(x + (-5 if mark > 0.7 else 5), TOP + 9, mark_name, anchor, "v-strong"))
    return _svg("".join(parts), _spoken(series, labels))


def lines(series: Sequence[Series], labels: Sequence[str], mark: float | None, mark_name: str = "") -> str:
    """Shares in [0, 1] over evenly spaced points."""
    parts = [_grid([0, 0.5, 1], 1, "{:.1f}")]
    step = _INNER_W / max(1, len(labels) - 1)
    for each in series:
        path, open_path = [], False
        for i, value in enumerate(each.values):
            if value is None:
                open_path = False
                continue
            path.append(f"{'L' if open_path else 'M'}{LEFT + i * step:.1f} {_y(value, 1):.1f}")
            open_path = True
        parts.append(f'<path class="v-line-{each.look}" d="{" ".join(path)}"/>')
        parts += [
            f'<circle class="v-dot-{each.look}" cx="{LEFT + i * step:.1f}" cy="{_y(value, 1):.1f}" r="2.6">'
            f"<title>{escape(f'{labels[i]}: {each.name} {value:.2f}')}</title></circle>"
            for i, value in enumerate(each.values)
            if value is not None
        ]
    for i in range(0, len(labels), max(1, (len(labels) - 1) // 5)):
        parts.append(_text(LEFT + i * step, HEIGHT - 10, labels[i], "middle"))
    if mark is not None:
        x = LEFT + mark * _INNER_W
        parts.append(f'<line class="v-threshold" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{TOP + _INNER_H}"/>')
        anchor = "end" if mark > 0.7 else "start"
        # Under the top, where a share of 1 runs along.
        parts.append(_text(x + (-5 if mark > 0.7 else 5), TOP + 24, mark_name, anchor, "v-strong"))
    return _svg("".join(parts), _spoken(series, labels))


def columns(values: Sequence[float], marks: Sequence[tuple[str, float]], name: str) -> str:
    """Values in their order, with named levels as dashed lines."""
    top = _round_up(max([*values, *(level for _, level in marks)], default=0))
    parts = [_grid([0, top / 2, top], top, "{:g}")]
    step = _INNER_W / max(FEWEST_COLUMNS, len(values))
    parts += [
        f'<rect class="v-bar" x="{LEFT + i * step:.2f}" y="{_y(value, top):.1f}" width="{max(0.6, step * 0.8):.2f}" '
        f'height="{_INNER_H * value / top:.1f}"><title>{value:.2f}</title></rect>'
        for i, value in enumerate(values)
    ]
    taken: list[tuple[float, float]] = []  # where names end (to the right) and at which height
    for label, level in marks:
        y, text = _y(level, top), f"{label} {level:.2f}"
        right = min((x for x, at in taken if abs(at - y) < LETTER), default=WIDTH - RIGHT + GAP) - GAP
        parts.append(f'<line class="v-threshold" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(_text(right, y - 4, text, "end", "v-strong"))
        taken.append((right - LETTER * 0.62 * len(text), y))
    spoken = f"{name}: " + ", ".join(f"{label} {level:.2f}" for label, level in marks)
    return _svg("".join(parts), spoken)


def legend(series: Sequence[Series]) -> str:
    """What the colours stand for, in words."""
    return (
        '<ul class="v-legend">'
        + "".join(f'<li><span class="v-swatch v-swatch-{each.look}"></span>{escape(each.name)}</li>' for each in series)
        + "</ul>"
    )


def table(head: Sequence[str], rows: Sequence[Sequence[str]], summary: str) -> str:
    """The numbers of a chart, folded."""
    top = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return (
        f'<details class="v-more"><summary>{escape(summary)}</summary><table class="v-table v-plain v-small"><thead>'
        f"<tr>{top}</tr></thead><tbody>{body}</tbody></table></details>"
    )


def _svg(inside: str, spoken: str) -> str:
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(spoken)}">{inside}</svg>'


def _grid(levels: Sequence[float], top: float, form: str) -> str:
    parts = []
    for level in levels:
        y = _y(level, top)
        look = "v-axis" if level == 0 else "v-grid"
        parts.append(f'<line class="{look}" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(_text(LEFT - 6, y + 4, form.format(level), "end"))
    return "".join(parts)


def _text(x: float, y: float, text: str, anchor: str, look: str = "") -> str:
    kind = f' class="{look}"' if look else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{kind}>{escape(text)}</text>'


def _y(value: float, top: float) -> float:
    return TOP + _INNER_H * (1 - value / top)


def _round_up(value: float) -> float:
    """The next number that divides nicely: 1, 2, 4, 5 or 10 times a power of ten."""
    if value <= 0:
        return 1.0
    power = 1.0
    while power * 10 <= value:
        power *= 10
    while power > value:
        power /= 10
    return next(power * factor for factor in (1, 2, 4, 5, 10) if power * factor >= value)


def _spoken(series: Sequence[Series], labels: Sequence[str]) -> str:
    """A chart in words: each series with its values."""
    said = []
    for each in series:
        values = ", ".join(
            f"{labels[i]}: {value:g}" if value == int(value) else f"{labels[i]}: {value:.2f}"
            for i, value in enumerate(each.values)
            if value is not None
        )  # a bin is named by where it begins
        said.append(f"{each.name}: {values}")
    return "; ".join(said)
