"""The margin of a PDF's text: a narrow column of dates or of sections' titles, whose lines belong to the text beside them.

Korean job sites and many CVs set "2021.06 ~ 재직중" and "3년 8개월" left of a job's lines, and LaTeX classes the sections' titles. Read as a
column of the page, all dates would stand apart from all employers; read row by row, "3년 8개월" or a title would stand in a line of the text.
"""

from __future__ import annotations

import bisect
import itertools
import re
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.pdf_tables import baselines
from rag.sections import (
    BULLET,
    DURATION,
    ENTRY_LABEL_KEYS,
    bare_title,
    is_dated,
    is_known_title,
    title_key,
    without_dates,
)

if TYPE_CHECKING:
    from rag.pdf import Segment

MAX_NOTE = 30  # characters of a line in the margin
MIN_DATES, MIN_SHARE, MIN_BESIDE = 2, 0.45, 0.8  # of a margin of dates: how many, their share of its lines ("Berlin" under each), how many have text beside
MAX_PAIRED, MOSTLY = 0.25, 0.7  # of a margin's titles, and dates, may have such beside them; where more titles have, how many lines must be dates
TITLES_SHARE = 0.6  # of the lines of a margin of titles
MIN_ROWS, MIN_LONG = 3, 2  # rows of text beside a section's title, and how many titles have them; beside a label stands a row or two
# Of the groups of a column of heads: how many have a year; type sizes by which their text may begin lower or higher, and between two entries.
DATED_HEADS, LEVEL, APART, WIDER = 0.7, 1.2, 3.0, 1.3
SAME_LINE, NEXT_LINE = 0.45, 1.8  # type sizes between two baselines
ALIGNED, HANGING = 4, 12  # points between lines that begin at one edge, and by which a bullet hangs out of it
_YEAR = re.compile(r"(?:19|20)\d{2}")


def is_date(text: str) -> bool:
    """Whether a text is a date or a period and nothing else."""
    return len(text) <= MAX_NOTE and bool(is_dated(text) or _YEAR.search(text)) and not re.search(r"\w", _without_marks(text))


def _without_marks(text: str) -> str:
    return re.sub(r"(?i)\b(?:present|current|now|today|ongoing|since|from|until)\b|현재|부터|예정", "", without_dates(text))


def is_margin(some: Sequence[Segment], others: Sequence[Segment]) -> bool:
    """Whether the lines of one column are the margin of the other: most are dates (with what stands under them), or sections' titles, and beside
    each the other has a line. Two columns on one grid have titles beside titles, and dates each."""
    near = SAME_LINE * statistics.median(s.size for s in others)

    def beside(own: Sequence[Segment], lines: Sequence[Segment]) -> int:
        """How many of a column's lines have one of the other's on their baseline."""
        ys = sorted(line.y for line in lines)
        return sum(bisect.bisect_left(ys, s.y + near) > bisect.bisect_right(ys, s.y - near) for s in own)

    titles = [s for s in some if is_known_title(s.text)]
    dates = [s for s in some if is_date(s.text)]
    other_titles = [s for s in others if is_known_title(s.text)]
    lasted = sum(DURATION.fullmatch(s.text) is not None for s in some)
    share = (len(dates) + lasted) / (len(some) - len(titles) or 1)
    paired = beside(titles, other_titles) > MAX_PAIRED * len(titles)
    dated = sum(is_dated(s.text) for s in others) > MAX_PAIRED * len(dates)
    if len(dates) >= MIN_DATES and not dated and share >= (MOSTLY if paired else MIN_SHARE) and beside(dates, others) >= MIN_BESIDE * len(dates):
        return True
    if paired:
        return False
    return beside(titles, others) >= max(MIN_DATES, TITLES_SHARE * len(some))


def heads_beside(left: Sequence[Segment], right: Sequence[Segment]) -> tuple[list[Segment], list[Segment]]:
    """Two columns as one block, where the left one holds the heads of entries (dates, employer, post, each on a line of its own) and the right one what
    they tell, each from the height of its head on: every head with its text below it.

    Returns:
        The segments of these entries with such heights that they are read in this order, and the segments below the last of them. No segments where the
        columns are others.
    """
    heads = _groups(left)
    size = statistics.median(s.size for s in left)
    is_dated_head = lambda head: any(_YEAR.search(s.text) for s in head)
    while heads and not is_dated_head(heads[-1]):
        heads.pop()
    told = [head for head in heads if not is_known_title(head[0].text)]
    dated = [head for head in told if is_dated_head(head)]
    if len(dated) < MIN_DATES or len(dated) < DATED_HEADS * len(told):
        return [], []
    end = heads[-1][-1].y
    below = [s for s in left if s.y < end]
    low = max((s.y + LEVEL * s.size for s in below), default=float("-inf"))
    own, rest = [s for s in right if s.y > low], [s for s in right if s.y <= low]
    begins = _begins(own)
    level = [head for head in told if any(abs(y - head[0].y) < LEVEL * size for y in begins)]
    if len(level) < MOSTLY * len(told) or any(is_known_title(s.text) for s in own):
        return [], []
    tops = [head[0].y + LEVEL * size for head in heads]
    parts = [([], [s for s in own if s.y > tops[0]])]
    parts += [(head, [s for s in own if floor < s.y <= top]) for head, top, floor in zip(heads, tops, [*tops[1:], float("-inf")], strict=True)]
    placed: list[Segment] = []
    y = max(s.y for s in (*left, *right))
    for head, text in parts:
        if text and head and all(is_date(s.text) or DURATION.fullmatch(s.text) for s in head):
            first = max(s.y for s in text)
            edge = max(s.x1 for s in text if first - s.y < SAME_LINE * s.size)
            head, text = [], [replace(head[0], y=first), *text, *(replace(s, x0=edge, x1=edge, y=first) for s in head[1:])]
        for group, under in ((head, 1.3 if text else APART), (text, APART)):
            if group:
                above = max(s.y for s in group)
                placed += [replace(s, y=y - (above - s.y)) for s in group]
                y -= above - min(s.y for s in group) + under * size
    return placed, below + rest


def _begins(column: Sequence[Segment]) -> list[float]:
    """The heights at which a column's text begins, or goes on behind a gap that is wider than others."""
    ys = sorted({round(s.y, 1) for s in column}, reverse=True)
    steps = [above - below for above, below in itertools.pairwise(ys)]
    usual = statistics.median(steps) if steps else 0.0
    return ys[:1] + [below for (above, below), step in zip(itertools.pairwise(ys), steps, strict=True) if step > WIDER * usual]


def _groups(column: Sequence[Segment]) -> list[list[Segment]]:
    """The lines of a column in groups that a gap sets apart, top to bottom; a known title is a group of its own."""
    rows = sorted(column, key=lambda s: -s.y)
    groups: list[list[Segment]] = []
    for above, row in itertools.pairwise([None, *rows]):
        apart = above is None or above.y - row.y > NEXT_LINE * max(above.size, row.size) or is_known_title(above.text) or is_known_title(row.text)
        if apart:
            groups.append([row])
        else:
            groups[-1].append(row)
    return groups


def with_notes(block: Sequence[Segment]) -> list[Segment]:
    """A block in which what stands under a date in the margin ("3년 8개월", "Berlin, Germany") comes at the end of the date's row, not in the row of
    the text that happens to stand beside it."""
    rows = baselines(block)
    heads = [i for i, row in enumerate(rows) if len(row) > 1 and is_date(row[0].text)]
    places = Counter((round(rows[i][0].x0), round(rows[i][1].x0)) for i in heads)
    (left, text_at), times = max(places.items(), key=lambda item: item[1], default=((0, 0), 0))
    if times < MIN_DATES:
        return list(block)
    for i in heads:
        head, *_, last = rows[i]
        if abs(head.x0 - left) > ALIGNED:
            continue
        above = head
        for row in rows[i + 1 :]:
            note = row[0]
            if note.x0 > left + ALIGNED and note.y > above.y - NEXT_LINE * above.size:  # its own lines stand closer together
                continue
            if abs(note.x0 - left) > ALIGNED or not _is_note(note, text_at, above) or len(row) == 1 and not DURATION.fullmatch(note.text):
                break
            rows[i].append(replace(note, x0=last.x1, x1=last.x1, y=last.y, open_end=last.open_end))
            row.remove(note)
            above = note
    return [s for row in rows for s in row]


def _is_note(note: Segment, text_at: float, above: Segment) -> bool:
    """Whether a line goes on below a date of the margin, and is no label of what stands beside it."""
    close = above.y - note.y < NEXT_LINE * above.size and note.x1 < text_at
    label = note.text.endswith((":", "：")) or title_key(bare_title(note.text)) in ENTRY_LABEL_KEYS
    return close and not label and len(note.text) <= MAX_NOTE and not is_date(note.text) and not is_known_title(note.text) and not BULLET.match(note.text)


def with_titles(blocks: Sequence[Sequence[Segment]]) -> list[list[Segment]]:
    """The blocks of a file in which sections' titles that stand in the margin are lines of their own above their sections.

    They count where at least two have several rows of text beside and below: a list of labels ("Languages  Go, Python") has a row or two each.
    """
    found = [_titles(block) for block in blocks]
    margins: dict[int, list[tuple[list[Segment], int]]] = {}
    for titles in found:
        for title in titles:
            margins.setdefault(round(title[0][0].x0), []).append(title)
    true = {x for x, titles in margins.items() if _are_titles(titles)}
    result = []
    for block, titles in zip(blocks, found, strict=True):
        titles = [title for title, _ in titles if round(title[0].x0) in true]
        parts = {id(part) for title in titles for part in title}
        # a little above the row in which it stood
        above = lambda first: {"y": first.y + SAME_LINE * first.size, "open_end": False, "alone": True}
        raised = [replace(title[0], text=" ".join(part.text for part in title), **above(title[0])) for title in titles]
        result.append([s for s in block if id(s) not in parts] + raised)
    return result


def _are_titles(titles: Sequence[tuple[list[Segment], int]]) -> bool:
    known = sum(is_known_title(" ".join(part.text for part in title)) for title, _ in titles)
    return known >= max(MIN_DATES, TITLES_SHARE * len(titles)) and sum(rows >= MIN_ROWS for _, rows in titles) >= MIN_LONG


def _titles(block: Sequence[Segment]) -> list[tuple[list[Segment], int]]:
    """The titles in a block's margin, each with the segments that it is made of and the number of rows of its text; none where the margin
    holds anything else below the first of them."""
    rows = baselines(block)
    left = min((row[0].x0 for row in rows), default=0.0)
    text_at = [_text_beside(*pair) for pair in itertools.pairwise([*rows, []])]
    at_left = [i for i, row in enumerate(rows) if row[0].x0 <= left + ALIGNED]
    words = {i: (rows[i][0].text, f"{rows[i][0].text} {rows[below][0].text}") for i, below in itertools.pairwise([*at_left, at_left[-1]])} if at_left else {}
    first = next((i for i in words if text_at[i] is not None and any(map(is_known_title, words[i]))), None)
    if first is None:
        return []
    column, look = text_at[first], (round(rows[first][0].size), rows[first][0].bold)
    titles: list[tuple[list[Segment], int]] = []
    for i in range(first, len(rows)):
        start, rest = rows[i][0], len(rows[i]) > 1
        if start.x0 > left + ALIGNED:
            if start.x0 < column - ALIGNED:
                return []
            titles[-1] = (titles[-1][0], titles[-1][1] + 1)
            continue
        if (round(start.size), start.bold) != look or start.x1 > column or is_date(start.text) or BULLET.match(start.text):
            return []
        last = titles[-1][0][-1] if titles else None
        if last and last is rows[i - 1][0] and last.y - start.y < NEXT_LINE * start.size and is_known_title(f"{last.text} {start.text}"):  # "Work" above "Experience"
            titles[-1] = (titles[-1][0] + [start], titles[-1][1] + rest)
        elif text_at[i] is not None and abs(text_at[i] - column) <= HANGING:
            titles.append(([start], int(rest)))
        else:
            return []
    return titles


def _text_beside(row: Sequence[Segment], below: Sequence[Segment]) -> float | None:
    """Where the text beside a line of the margin begins, on its baseline or, in another size or padding, a little lower."""
    if len(row) > 1:
        return row[1].x0
    return below[0].x0 if below and below[0].x0 > row[0].x1 and row[0].y - below[0].y < row[0].size else None
