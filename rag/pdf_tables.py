"""Tables with ruled lines in a PDF: their cells by pdfplumber from the lines of the page, their text as that of tables in Word files.

A Korean resume is a form more often than not. Read line by line, a cell of two lines ends up in the row of another cell, and a column
of labels is taken for a column of the page.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import SimpleNamespace

from rag.sections import BULLET, ENTRY_LABEL_KEYS, KNOWN_TITLE_KEYS, POST_KO, Line, is_known_title, title_key
from rag.tables import FORM_LABELS, is_label, row_lines

FEWEST_EDGES = 3  # upright, and level, lines of a grid
MOST_SHAPES, MOST_EDGES = 2_500, 2_500  # lines and boxes of a page; more of them are a drawing
SHORTEST, THIN = 6.0, 3.0  # points: of a line's length and width
BOX = 6  # points of a path that is a box
MOST_CELLS = 600  # of a table
TALL = 0.5  # of the page: a cell that holds so much of it is a column of the page, or its frame
PADDING = 8.0  # points at most between text and the right edge of its cell
FEWEST_LABELS, MOST_LABELS, LONGEST_LABEL, MOST_VALUE_ROWS = 3, 8, 20, 3  # of a row of labels with their values below
NEXT_LINE = 2.2  # type sizes between the lines of such a table


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's edges in points, y upwards."""

    left: float
    bottom: float
    right: float
    top: float

    def holds(self, x: float, y: float) -> bool:
        return self.left - 1 <= x <= self.right + 1 and self.bottom <= y <= self.top


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, top to bottom and left to right."""

    rows: tuple[tuple[Cell, ...], ...]

    @property
    def top(self) -> float:
        return max(cell.top for row in self.rows for cell in row)

    @property
    def bottom(self) -> float:
        return min(cell.bottom for row in self.rows for cell in row)

    @property
    def left(self) -> float:
        return min(cell.left for row in self.rows for cell in row)

    @property
    def right(self) -> float:
        return max(cell.right for row in self.rows for cell in row)


def tables_of(page) -> list[Table]:
    """The ruled tables of a page of pypdfium2, top to bottom; none where its lines make no grid, or it has so many that they are a drawing."""
    height = page.get_height()
    edges = _edges(page, height)
    if any(sum(edge["orientation"] == way for edge in edges) < FEWEST_EDGES for way in "vh"):
        return []
    from pdfplumber.table import TableFinder  # 0.3 s, for pages with a grid alone

    found = [_table(table, height) for table in TableFinder(SimpleNamespace(edges=edges, bbox=(0, 0, page.get_width(), height))).tables]
    tall = lambda table: any(cell.top - cell.bottom > TALL * height for row in table.rows for cell in row)
    return sorted((table for table in found if table and not tall(table)), key=lambda table: -table.top)


def _edges(page, height: float) -> list[dict]:
    """The lines of a page and the sides of its boxes, upright and level ones, as pdfplumber has them: y down from the top."""
    from pypdfium2 import raw

    edges: list[dict] = []

    def add(x0: float, y0: float, x1: float, y1: float) -> None:
        left, right, top, bottom = min(x0, x1), max(x0, x1), height - max(y0, y1), height - min(y0, y1)
        way = "v" if bottom - top > right - left else "h"
        if max(right - left, bottom - top) >= SHORTEST:
            edges.append({"x0": left, "x1": right, "top": top, "bottom": bottom, "width": right - left, "height": bottom - top, "orientation": way, "object_type": "line"})

    for number, shape in enumerate(page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=1)):
        if number > MOST_SHAPES or len(edges) > MOST_EDGES:
            return []
        left, bottom, right, top = shape.get_bounds()
        if right - left <= THIN:
            add((left + right) / 2, bottom, (left + right) / 2, top)
        elif top - bottom <= THIN:
            add(left, (bottom + top) / 2, right, (bottom + top) / 2)
        elif raw.FPDFPath_CountSegments(shape.raw) <= BOX:
            add(left, top, right, top)
            add(left, bottom, right, bottom)
            add(left, bottom, left, top)
            add(right, bottom, right, top)
        else:
            for line in _lines_of(shape):
                add(*line)
    return edges


def _lines_of(shape) -> Iterator[tuple[float, float, float, float]]:
    """(x, y, x, y) of the upright and level lines of a path of many."""
    import ctypes

    from pypdfium2 import raw

    matrix = shape.get_matrix()
    x, y = ctypes.c_float(), ctypes.c_float()
    before = None
    for n in range(min(raw.FPDFPath_CountSegments(shape.raw), MOST_EDGES)):
        segment = raw.FPDFPath_GetPathSegment(shape.raw, n)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = matrix.on_point(x.value, y.value)
        if before and raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_LINETO and min(abs(point[0] - before[0]), abs(point[1] - before[1])) <= THIN / 2:
            yield (*before, *point)
        before = point


def _table(found, height: float) -> Table | None:
    """A table of pdfplumber's, whose y goes down; None for what has no two columns or no two rows."""
    rows = []
    for row in found.rows:
        cells = [Cell(left, height - bottom, right, height - top) for left, top, right, bottom in filter(None, row.cells)]
        if cells:
            rows.append(tuple(cells))
    if len(rows) < 2 or sum(len(row) > 1 for row in rows) < 2 or sum(map(len, rows)) > MOST_CELLS:
        return None
    return Table(tuple(rows))


def label_rows(segments: Sequence) -> list[Table]:
    """Tables of one row whose cells hold a label and, below it, its value, with lines around them or without: "경력", "희망연봉", "희망근무지" above
    "9년 4개월", "6,200만원", "서울". Nothing else stands close above; further rows would make it a table with columns."""
    rows = baselines(segments)
    tables = []
    for i, row in enumerate(rows):
        if not FEWEST_LABELS <= len(row) <= MOST_LABELS or not all(is_label(s.text, LONGEST_LABEL) for s in row):
            continue
        if sum(bool(_USUAL_LABELS & set(map(title_key, s.text.split("/")))) for s in row) < 2:
            continue
        starts = [s.x0 for s in row]
        below = [lower for upper, lower in itertools.takewhile(lambda pair, starts=starts: _is_under(*pair, starts), itertools.pairwise(rows[i : i + MOST_VALUE_ROWS + 2]))]
        step = row[0].y - below[0][0].y if below else 0.0
        alone = not i or rows[i - 1][0].y - row[0].y > 1.25 * step
        if not alone or not below or len(below[0]) < len(row) or len(below) > MOST_VALUE_ROWS or any(len(each) == len(row) for each in below[1:]) and not _is_summary(row, below):
            continue
        ends = [*(x - 1 for x in starts[1:]), max(s.x1 for each in (row, *below) for s in each)]
        top, bottom = row[0].y + row[0].size, below[-1][0].y - 0.3 * row[0].size
        tables.append(Table((tuple(Cell(start, bottom, end, top) for start, end in zip(starts, ends, strict=True)),)))
    return tables


def _is_summary(labels: Sequence, values: Sequence[Sequence]) -> bool:
    """Whether these are the labels at the top of a Korean job site's resume, with two lines below each: "희망연봉" above "4,600만원" and "현재 4,300만원"."""
    return len(values) == 2 and any(s.text.startswith("희망") for s in labels)


_USUAL_LABELS = FORM_LABELS | KNOWN_TITLE_KEYS | ENTRY_LABEL_KEYS


def _is_under(above: Sequence, below: Sequence, starts: Sequence[float]) -> bool:
    """Whether a row of text goes on a table's cells: it is close, and each of its pieces begins where a label does, and ends before the next."""
    if len(below) > len(starts) or is_known_title(below[0].text) and len(below) == 1:
        return False
    for s in below:
        if not any(abs(s.x0 - x) <= 2 for x in starts) or any(s.x0 + 2 < x < s.x1 for x in starts):
            return False
    return above[0].y - below[0].y < NEXT_LINE * max(above[0].size, below[0].size)


def baselines(segments: Sequence) -> list[list]:
    """Runs of text row by row from the top, each row from the left; what is read alone has a row to itself."""
    rows: list[list] = []
    for segment in sorted(segments, key=lambda s: (-s.y, s.x0)):
        if rows and not rows[-1][0].alone and not segment.alone and abs(rows[-1][0].y - segment.y) < 0.45 * max(rows[-1][0].size, segment.size):
            rows[-1].append(segment)
        else:
            rows.append([segment])
    return [sorted(row, key=lambda s: s.x0) for row in rows]


def table_lines(table: Table, segments: Sequence) -> list[Line]:
    """The text of a table, given the runs of text of the page (rag.pdf.Segment); each stands in one cell."""
    if len(table.rows) == 1:
        cells = [baselines(s for s in segments if cell.left - 2 <= s.x0 <= cell.right) for cell in table.rows[0]]
        pairs = [[" ".join(s.text for s in row) for row in cell] for cell in cells]
        return [Line(""), *(Line(f"{label.rstrip(':： ')}: {' '.join(value)}") for label, *value in pairs), Line("")]
    cells = [[_cell_lines(cell, [s for s in segments if cell.holds((s.x0 + s.x1) / 2, s.y)]) for cell in row] for row in table.rows]
    return list(row_lines(cells))


def _cell_lines(cell: Cell, segments: Sequence) -> list[Line]:
    """The lines of a cell, those that only its width broke made whole."""
    lines: list[str] = []
    above = None
    for row in baselines(segments):
        text = " ".join(s.text for s in row)
        if lines and above is not None and not BULLET.match(text) and _broken(above, text, row[0], cell):
            lines[-1] = _joined(lines[-1], text)
        else:
            lines.append(text)
        above = row[-1]
    return [Line(text) for text in lines]


def _broken(above, text: str, below, cell: Cell) -> bool:
    """Whether a line goes on in the one below it: its first word, in Korean its first syllables, did not fit, or its dates have no end."""
    if re.search(r"\d\s?[~–—-]$", above.text):
        return True
    first = text.split(maxsplit=1)[0]
    letters = min(len(first), 2) if re.match("[가-힣]", first) else len(first) + 1
    return cell.right - PADDING - above.x1 < letters * (below.x1 - below.x0) / max(len(below.text), 1)


def _joined(text: str, more: str) -> str:
    """Two lines of a cell as one: Korean words are broken anywhere; a syllable, or two alone, are the end of such a word."""
    if re.search("[가-힣]$", text) and re.match(r"[가-힣](?:[^가-힣]|$)|[가-힣]{2}$", more) and not POST_KO.fullmatch(more):
        return text + more
    return f"{text} {more}"


def apart(tables: Sequence[Table], segments: Sequence) -> Iterator[tuple[Table | None, list]]:
    """The page in pieces from top to bottom: (None, runs of text between tables) and (table, its runs). A table with text beside it is
    left to be read as text."""
    rest = list(segments)
    for table in tables:
        inside = [s for s in rest if table.bottom <= s.y <= table.top and table.left - 1 <= (s.x0 + s.x1) / 2 <= table.right + 1]
        beside = [s for s in rest if table.bottom <= s.y <= table.top and s not in inside]
        if beside or not inside:
            continue
        yield None, [s for s in rest if s.y > table.top]
        yield table, inside
        rest = [s for s in rest if s.y < table.bottom]
    yield None, rest
