"""Tables with ruled lines in a PDF: their cells by pdfplumber, their text as that of tables in Word files.

A Korean resume is a form more often than not. Read line by line, a cell of two lines ends up in the row of another cell, and a column
of labels is taken for a column of the page.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.sections import BULLET, Line
from rag.tables import row_lines

FEWEST_SHAPES, MOST_SHAPES = 6, 4_000  # lines and boxes of a page that may hold a table; more of them are a drawing
MOST_CELLS = 600  # of a table
TALL = 0.7  # of the page: a box that holds so much of it sets the page's margins or columns
PADDING = 8.0  # points at most between text and the right edge of its cell

log = logging.getLogger(__name__)


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


class Tables:
    """Finds the tables of a PDF's pages; opened when a page first has lines enough for one.

    Args:
        data: the file.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._pdf = None

    def of(self, number: int, width: float, height: float) -> list[Table]:
        """The tables of a page of this size in points, top to bottom; none where pdfplumber cannot read it or sees another size."""
        import pdfplumber

        logging.getLogger("pdfminer").setLevel(logging.ERROR)
        try:
            self._pdf = self._pdf or pdfplumber.open(io.BytesIO(self._data))
            page = self._pdf.pages[number]
            if abs(page.width - width) > 1 or abs(page.height - height) > 1 or page.bbox[:2] != (0, 0) or page.rotation:
                return []
            found = [_table(table, height) for table in page.find_tables()]
        except Exception as error:  # noqa: BLE001 - whatever a damaged file makes pdfminer raise: its text is read without tables
            log.warning("no tables on page %d: %s: %s", number + 1, type(error).__name__, error)
            return []
        return sorted((table for table in found if table and table.top - table.bottom <= TALL * height), key=lambda table: -table.top)

    def close(self) -> None:
        if self._pdf is not None:
            self._pdf.close()


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


def table_lines(table: Table, segments: Sequence) -> list[Line]:
    """The text of a table, given the runs of text of the page (rag.pdf.Segment); each stands in one cell."""
    cells = [[_cell_lines(cell, [s for s in segments if cell.holds((s.x0 + s.x1) / 2, s.y)]) for cell in row] for row in table.rows]
    return list(row_lines(cells))


def _cell_lines(cell: Cell, segments: Sequence) -> list[Line]:
    """The lines of a cell, those that only its width broke made whole."""
    rows: list[list] = []
    for segment in sorted(segments, key=lambda s: (-s.y, s.x0)):
        if rows and abs(rows[-1][0].y - segment.y) < 0.45 * max(rows[-1][0].size, segment.size):
            rows[-1].append(segment)
        else:
            rows.append([segment])
    lines: list[str] = []
    above = None
    for row in rows:
        text = " ".join(s.text for s in sorted(row, key=lambda s: s.x0))
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
    if re.search("[가-힣]$", text) and re.match(r"[가-힣](?:[^가-힣]|$)|[가-힣]{2}$", more):
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
