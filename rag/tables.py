"""Tables of a document, row by row: columns with names, labels with their values, cells that only lay a page out."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from rag.sections import BULLET, MAX_COLUMN_CHARS, MIN_COLUMNS, Line, is_known_title, title_key

MAX_SHORT, MAX_WRAPPED = 24, 3  # characters of a line, and lines, of a cell of a heading
_YEAR = re.compile(r"(?:19|20)\d{2}")


def row_lines(rows: Sequence[Sequence[Sequence[Line]]]) -> Iterator[Line]:
    """Rows as "a | b | c", label and value as "label: value"; cells of a layout table one after the other, those of its first column as titles where they
    are titles of sections.

    Rows below one that names columns are no labels and values, and have "-" for an empty cell so that every cell keeps its column.

    Args:
        rows: of each its cells, of each cell its lines.
    """
    if _lays_out_sections(rows):
        for title, *told in rows:
            yield Line(title[0].text.strip() if title else "", level=2 if title else 0, gap=True)
            yield from (line for cell in told for line in cell)
        yield Line("")
        return
    yield Line("")
    if _has_title_aside(rows):
        yield Line(rows[0][0][0].text.strip(), gap=True)
        rows = [rows[0][1:], *rows[1:]]
    columns, names = 0, ()  # how many the last row of names has, and these
    for cells, below in itertools.zip_longest(rows, rows[1:], fillvalue=()):
        if _names_columns(cells, below):
            columns, names = len(cells), [_cell_text(cell) for cell in cells]
        elif len(cells) == 1:  # a title across the table
            columns = 0
        if columns == len(cells) and any(cells) and all(map(_is_one_line, filter(None, cells))):
            yield Line(" | ".join(_cell_text(cell) or "-" for cell in cells))
            continue
        named = [name if len(cells) == columns else "" for cell, name in itertools.zip_longest(cells, names[: len(cells)], fillvalue="") if cell]
        cells = [cell for cell in cells if cell]
        if not all(map(_is_one_line, cells)):
            heading = _heading(cells)
            if heading:
                yield Line(" | ".join(" ".join(line.text.strip() for line in cell) for cell in heading), gap=True)
                cells, named = cells[len(heading) :], named[len(heading) :]
            for number, (cell, name) in enumerate(zip(cells, named, strict=True)):
                if name and heading and number and _is_one_line(cell):  # "재직중" alone does not say what it is of
                    yield Line(f"{name}: {_cell_text(cell)}")
                    continue
                for place, line in enumerate(cell):
                    yield Line(line.text, line.level, line.gap or (number == 0 and place == 0 and not heading), line.style)
            yield Line("")
            continue
        texts = [cell[0].text.strip() for cell in cells]
        if len(texts) == 1:
            yield cells[0][0]
        elif len(texts) in (2, 4) and all(is_label(label) for label in texts[::2]):
            for label, value in zip(texts[::2], texts[1::2], strict=True):
                yield Line(f"{label.rstrip(':： ')}: {value}")
        elif texts:
            yield Line(" | ".join(text.replace("\n", " ") for text in texts))
    yield Line("")


_MAIN_SECTIONS = re.compile(r"experience|employ|work history|career|educat|경력|학력", re.IGNORECASE)


def _has_title_aside(rows: Sequence[Sequence[Sequence[Line]]]) -> bool:
    """Whether the first cell of a table is the title of its section and goes down beside all rows: "경력 | 근무기간 | 기관명" above "2020.07 ~ | 문화재단"."""
    first = rows[0] if len(rows) > 1 else ()
    return len(first) > 2 and _is_one_line(first[0]) and is_known_title(first[0][0].text) and all(len(cells) == len(first) - 1 for cells in rows[1:])


def _lays_out_sections(rows: Sequence[Sequence[Sequence[Line]]]) -> bool:
    """Whether a table sets the titles of sections on the left of what they tell: "EXPERIENCE | ...", "EDUCATION | ..."."""
    titles = [cells[0][0].text.strip() for cells in rows if len(cells) == 2 and _is_one_line(cells[0]) and any(cells[1])]
    known = [title for title in titles if is_known_title(title)]
    return len(known) > 1 and len(known) * 3 >= len(rows) * 2 and len(titles) + 1 >= len(rows) and any(map(_MAIN_SECTIONS.search, known))


def _heading(cells: Sequence[Sequence[Line]]) -> Sequence[Sequence[Line]]:
    """The first cells of a row that are short, dates among them, where a longer one comes behind them: "2019 – 2021 | Acme, Sales | Clerk" above what
    was done there. Nothing where there are no two of them."""
    short = lambda cell: len(cell) <= MAX_WRAPPED and not any(line.level or len(line.text) > MAX_SHORT or BULLET.match(line.text) for line in cell)
    first = list(itertools.takewhile(short, cells))
    if len(first) == len(cells):
        first = first[: next(i for i, cell in enumerate(cells) if len(cell) > 1)] if len(cells) and len(cells[-1]) > MAX_WRAPPED else first[:-1]
    dated = any(_YEAR.search(line.text) for cell in first for line in cell)
    return first if len(first) >= 2 and dated else []


def _is_one_line(cell: Sequence[Line]) -> bool:
    return len(cell) == 1 and not cell[0].level


def _cell_text(cell: Sequence[Line]) -> str:
    return cell[0].text.strip().replace("\n", " ") if cell else ""


# What stands at every second cell of a form; "Period" or "School" names a column.
FORM_LABELS = frozenset(
    map(
        title_key,
        "성명 이름 한글이름 영문이름 성별 나이 연령 국적 생년월일 연락처 전화 전화번호 휴대폰 휴대전화 이메일 주소 현주소 병역 병역사항 결혼여부 혼인여부 "
        "취미 특기 종교 지원분야 지원부문 희망연봉 name birth birthdate dateofbirth sex gender nationality phone mobile telephone email e-mail "
        "address maritalstatus visastatus".split(),
    )
)


def _names_columns(cells: Sequence[Sequence[Line]], below: Sequence[Sequence[Line]]) -> bool:
    """Whether a row names the columns of the row below it, which holds something else than short words, and is no form's."""
    if len(cells) < MIN_COLUMNS or len(cells) != len(below) or not all(map(_is_one_line, cells)):
        return False
    names, values = [[_cell_text(cell) for cell in row] for row in (cells, below)]
    if not all(is_label(name, MAX_COLUMN_CHARS) for name in names) or all(is_label(value) for value in values if value):
        return False
    form = _is_form_row(names) and all(is_label(label) for label in values[::2])
    return not form and not _is_form_row(values)


def _is_form_row(texts: Sequence[str]) -> bool:
    """Whether labels of a form stand in the first, third, ... cell only: "성명 | 홍길동 | 국적 | 대한민국"."""
    known = [title_key(text.rstrip(":： ")) in FORM_LABELS for text in texts]
    return any(known[::2]) and not any(known[1::2])


def is_label(text: str, longest: int = 14) -> bool:
    return 1 < len(text) <= longest and not re.search(r"\d|\n", text)
