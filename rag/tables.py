"""Tables of a document, row by row: columns with names, labels with their values, cells that only lay a page out."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from rag.sections import (
    BULLET,
    ENTRY_LABEL_KEYS,
    MAX_COLUMN_CHARS,
    MIN_COLUMNS,
    Line,
    is_dated,
    is_known_title,
    title_key,
)

MAX_SHORT, MAX_NAMED, MAX_WRAPPED = 24, 48, 3  # characters of a line, of one in a column with a name, and lines, of a cell of a heading
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
    columns, names = 0, ()  # how many the last row of names has, and these
    rows = _with_one_head(rows)
    titled = [_has_title_aside(rows[i : i + 2]) for i in range(len(rows))]
    rows = [cells[1:] if title else cells for title, cells in zip(titled, rows, strict=True)]
    for title, names_grid, cells, below in itertools.zip_longest(titled, _grid_heads(rows), rows, rows[1:], fillvalue=()):
        if title:
            yield Line(title, gap=True)
            columns = 0
        if _names_columns(cells, below) or names_grid:
            columns, names = len(cells), [_cell_text(cell) for cell in cells]
        elif len(cells) == 1:  # a title across the table
            columns = 0
        if columns == len(cells) and any(cells) and all(map(_is_one_line, filter(None, cells))):
            yield Line(" | ".join(_cell_text(cell) or "-" for cell in cells))
            continue
        named = [name if len(cells) == columns else "" for cell, name in itertools.zip_longest(cells, names[: len(cells)], fillvalue="") if cell]
        cells = [cell for cell in cells if cell]
        if len(cells) in (3, 5) and not _is_one_line(cells[0]) and all(map(_is_one_line, cells[1:])) and _is_form_row([_cell_text(cell) for cell in cells[1:]]):
            yield from cells[0]  # the place of a photograph
            cells, named = cells[1:], named[1:]
        if not all(map(_is_one_line, cells)):
            heading = _heading(cells, len(cells) == columns)
            if heading:
                yield Line(" | ".join(" ".join(line.text.strip() for line in cell) for cell in heading), gap=True)
                cells, named = cells[len(heading) :], named[len(heading) :]
            for number, (cell, name) in enumerate(zip(cells, named, strict=True)):
                if name and heading and _is_one_line(cell) and (number or len(_cell_text(cell)) <= MAX_SHORT):  # "재직중" alone does not say what it is of
                    if not _EMPTY.fullmatch(_cell_text(cell)):  # else "퇴직사유: -" would head what stands below
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


_EMPTY = re.compile(r"[\s\-–—·.]*")
_MAIN_SECTIONS = re.compile(r"experience|employ|work history|career|educat|경력|학력", re.IGNORECASE)


def _has_title_aside(rows: Sequence[Sequence[Sequence[Line]]]) -> str:
    """The title of a section in the first cell of a row, which goes down beside the rows below: "경력 | 근무기간 | 기관명" above "2020.07 ~ | 문화재단"; "" where
    there is none."""
    first = rows[0]
    title = _upright(first[0]) if first and first[0] and not any(line.level for line in first[0]) else ""
    if not title or not is_known_title(title):
        return ""
    if len(first) == 2:  # beside what it tells
        return title if len(first[1]) > 1 and title_key(title) not in ENTRY_LABEL_KEYS else ""
    return title if len(first) > 2 and len(rows) > 1 and len(rows[1]) == len(first) - 1 else ""


_PERIOD = re.compile(r"기간|period|dates?\b|duration", re.IGNORECASE)


def _with_one_head(rows: Sequence[Sequence[Sequence[Line]]]) -> list[Sequence[Sequence[Line]]]:
    """Rows in which the names of columns stand in one row: "회사 | 근무기간 | 직위" above "연월일 | 년 월", which divide the period, with rows of four cells below."""
    made = list(rows)
    for i in range(len(made) - 2):
        names, parts, below = made[i : i + 3]
        divided = len(parts) > 1 and len(names) >= MIN_COLUMNS and len(below) == len(names) + len(parts) - 1
        at = next((n for n, name in enumerate(names) if _PERIOD.search(_cell_text(name))), None)
        if divided and at is not None and all(_is_one_line(part) and is_label(_cell_text(part)) for part in parts) and not any(_YEAR.search(_cell_text(name)) for name in names):
            made[i : i + 2] = [[*names[:at], *parts, *names[at + 1 :]]]
            return made
    return made


def _upright(cell: Sequence[Line]) -> str:
    """The text of a cell in one line; syllables or words one below the other are of one word ("학", "력")."""
    texts = [line.text.strip() for line in cell]
    return ("" if all(len(text) <= 2 for text in texts) or all(re.fullmatch("[가-힣]{1,2}", text) for text in texts) else " ").join(texts)


def _grid_heads(rows: Sequence[Sequence[Sequence[Line]]]) -> list[bool]:
    """For every row whether it names the columns of a table of short words, which has a row below that begins like no label of a form: "Language | Reading |
    Writing" above "German | C1 | B2". From the last row up: what a row says of those below it is known by then."""
    heads: list[bool] = []
    alike, plain, width = 0, True, 0  # rows from here down of one width and one line, and whether these may be a grid's
    for cells in reversed(rows):
        texts = [_cell_text(cell) for cell in cells]
        if not all(map(_is_one_line, filter(None, cells))):
            alike, plain = 0, True
        else:
            alike, plain = (alike + 1, plain) if alike and len(cells) == width else (1, True)
            plain = plain and bool(texts) and texts[0] != "" and not FORM_LABELS & {title_key(text.rstrip(":： ")) for text in texts}
        width = len(cells)
        heads.append(width >= MIN_COLUMNS < alike and plain and all(map(_is_one_line, cells)) and all(is_label(text, MAX_COLUMN_CHARS) for text in texts))
    return heads[::-1]


def _lays_out_sections(rows: Sequence[Sequence[Sequence[Line]]]) -> bool:
    """Whether a table sets the titles of sections on the left of what they tell: "EXPERIENCE | ...", "EDUCATION | ..."."""
    titles = [cells[0][0].text.strip() for cells in rows if len(cells) == 2 and _is_one_line(cells[0]) and any(cells[1])]
    known = [title for title in titles if is_known_title(title)]
    return len(known) > 1 and len(known) * 3 >= len(rows) * 2 and len(titles) + 1 >= len(rows) and any(map(_MAIN_SECTIONS.search, known))


def _heading(cells: Sequence[Sequence[Line]], named: bool = False) -> Sequence[Sequence[Line]]:
    """The first cells of a row that are short, dates among them, where a longer one comes behind them: "2019 – 2021 | Acme, Sales | Clerk" above what
    was done there. Nothing where there are no two of them. The cells of columns that are `named` may be longer."""
    most = MAX_NAMED if named else MAX_SHORT
    fits = lambda text: len(text) <= most or len(text) <= MAX_NAMED and is_dated(text)
    short = lambda cell: len(cell) <= MAX_WRAPPED and not any(line.level or not fits(line.text) or BULLET.match(line.text) for line in cell)
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
