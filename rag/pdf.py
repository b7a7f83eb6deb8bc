"""PDF -> lines in reading order: columns, wrapped lines and hyphens undone."""

from __future__ import annotations

import contextlib
import itertools
import math
import re
import statistics
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from rag.errors import DocumentError
from rag.pdf_margin import heads_beside, is_date, is_margin, with_notes, with_titles
from rag.pdf_tables import apart, baselines, label_rows, table_lines, tables_of
from rag.sections import BULLET, PERIOD_BEGINS, PERIOD_ENDS, Line, is_dated, is_known_title

MAX_CHARS_PER_PAGE = 40_000  # a dense page of a resume has 6,000
MAX_SHAPES_PER_PAGE = 5_000
# In type sizes: letters that stand further apart than this are set apart, and a space between two words is so much wider than that.
MIN_TRACKING, MIN_SPACE = 0.04, 0.14
MAX_BROKEN = 0.5  # type sizes between two letters of one line
OTHER_SIZE, MIN_SIZED = 1.4, 2  # times another type size that sets a run apart, and letters of it
MIN_BESIDE, MAX_UNDER_NAME = 4, 4  # lines left of the name that make a column, and lines under it that belong to it


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of text on one baseline without a wide gap. Coordinates in points, y upwards."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    open_end: bool  # a space character stood after the last word: the line was broken between words
    alone: bool = False  # a section's title that stood beside its section: a line of its own above it


def read_pdf(data: bytes, name: str, max_pages: int) -> tuple[list[Line], int]:
    """Lines of a PDF and its number of pages.

    Raises:
        DocumentError: encrypted, broken, too many pages, or pictures without text.
    """
    import pypdfium2 as pdfium

    try:
        pdf = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise DocumentError(
                f"{name} is protected by a password; save a copy without it and try again.",
                f"{name}은(는) 암호로 보호되어 있습니다. 암호를 해제한 사본을 저장해 다시 시도해 주세요.",
            ) from error
        raise DocumentError(
            f"{name} is damaged and cannot be opened; export the PDF again and retry.",
            f"{name} 파일이 손상되어 열 수 없습니다. PDF를 다시 내보낸 뒤 시도해 주세요.",
        ) from error
    pages: list[list[Block]] = []
    try:
        with contextlib.suppress(pdfium.PdfiumError):  # a damaged form: the page's own text is still there
            pdf.init_forms()
        count = len(pdf)
        if count > max_pages:
            raise DocumentError(
                f"{name} has {count} pages, more than the {max_pages} allowed; keep the pages of the resume and try again.",
                f"{name}은(는) {count}쪽으로 허용된 {max_pages}쪽을 넘습니다. 이력서 쪽만 남겨 다시 시도해 주세요.",
            )
        for number in range(count):
            try:
                page = pdf[number]
                if pdf.formenv is not None:
                    page = _with_values(pdf, number, page)
            except pdfium.PdfiumError as error:
                raise DocumentError(
                    f"Page {number + 1} of {name} is damaged; export the PDF again and retry.",
                    f"{name}의 {number + 1}쪽이 손상되었습니다. PDF를 다시 내보낸 뒤 시도해 주세요.",
                ) from error
            found = tables_of(page)
            borders = {(x, cell.bottom, cell.top) for table in found for row in table.rows for cell in row for x in (cell.left, cell.right)}
            segments = join_periods(mark_bullets(page_segments(page, borders), dots(page)))
            blocks: list[Block] = []
            for table, part in apart(found, segments):
                if table is not None:
                    blocks.append(tuple(table_lines(table, part)))
                    continue
                title, rest = split_title(part) if number == 0 and not blocks else ([], part)
                blocks += [title] if title else []
                for labels, part in apart(label_rows(rest), rest):
                    blocks += [tuple(table_lines(labels, part))] if labels is not None else filter(None, columns(part))
            pages.append(blocks)
            page.close()
    finally:
        pdf.close()
    lines = list(flow(without_margins(drop_furniture(pages))))
    if not any(any(c.isalnum() for c in line.text) for line in lines):
        raise DocumentError(
            f"{name} holds pictures of pages (a scan) and no text; run text recognition (OCR) on it or export it as text, and try again.",
            f"{name}은(는) 스캔한 그림이라 글자가 없습니다. 문자 인식(OCR)을 하거나 글자가 있는 PDF로 내보내 다시 시도해 주세요.",
        )
    return lines, count


def _with_values(pdf, number: int, page):
    """The page of a form with what was filled in drawn as text: a form's values are not part of its page's text."""
    from pypdfium2 import raw

    if raw.FPDFPage_Flatten(page.raw, raw.FLAT_NORMALDISPLAY) != raw.FLATTEN_SUCCESS:
        return page
    page.close()
    return pdf[number]


Block = list[Segment] | tuple[Line, ...]  # of a page: runs of text, or the lines of a table


def without_margins(pages: Sequence[Sequence[Block]]) -> list[list[Block]]:
    """Pages in which sections' titles that stand in a margin are lines of their own, and what stands under a date there comes behind it."""
    raised = iter(with_titles([block for page in pages for block in page if isinstance(block, list)]))
    return [[with_notes(next(raised)) if isinstance(block, list) else block for block in page] for page in pages]


def page_segments(page, borders: Collection[tuple[float, float, float]] = ()) -> list[Segment]:
    """Runs of text of one page, in the order of the content stream, each between two borders of cells.

    Args:
        borders: (x, bottom, top) of the sides of cells.
    """
    import ctypes

    from pypdfium2 import raw

    text_page = page.get_textpage()
    handle = text_page.raw
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    box, matrix = raw.FS_RECTF(), raw.FS_MATRIX()
    segments: list[Segment] = []
    run: list[tuple[str, float, float]] = []
    baseline = size = 0.0
    bold = 0
    space = broken = False
    written = False  # a space of the run stands in the file; the others pdfium puts where it sees a gap

    def close(open_end: bool) -> None:
        nonlocal run, written
        text = "".join(c for c, _, _ in (run if written else unspaced(run, size))).strip()
        if text:
            x0, x1 = min(x for _, x, _ in run), max(x for _, _, x in run)
            segments.append(Segment(text, x0, x1, baseline, size, bold * 2 > len(run), open_end))
        run, written = [], False

    for i in range(min(text_page.count_chars(), MAX_CHARS_PER_PAGE)):
        code = raw.FPDFText_GetUnicode(handle, i)
        char = chr(code) if 0 < code < 0x110000 else ""
        if char in ("\r", "\n"):
            broken = broken or bool(run)
            continue
        if code in (0x02, 0xFFFE, 0xAD):  # pdfium's marks for a hyphen at the end of a line
            char = "-"
        if not char or not (char.isprintable() or char.isspace()):
            continue
        if char.isspace():
            space = bool(run)
            written |= space and raw.FPDFText_IsGenerated(handle, i) == 0
            continue
        raw.FPDFText_GetCharBox(handle, i, left, right, bottom, top)
        if not raw.FPDFText_GetLooseCharBox(handle, i, box):
            box.left, box.right = left.value, right.value
        y_value = ctypes.c_double()
        raw.FPDFText_GetCharOrigin(handle, i, ctypes.c_double(), y_value)
        height = raw.FPDFText_GetFontSize(handle, i)
        if raw.FPDFText_GetMatrix(handle, i, matrix):  # the size is given before scaling
            height *= math.hypot(matrix.b, matrix.d)
        x0, x1, y = min(box.left, box.right), max(box.left, box.right), y_value.value
        if run and broken:
            gap = x0 - run[-1][2]
            # pdfium now and then breaks the line behind every letter; what touches on one baseline is one line.
            if abs(y - baseline) > 0.1 * size or not -0.1 * size < gap < MAX_BROKEN * size:
                close(space)
                space = False
            else:
                space = space or gap > MIN_SPACE * size
        broken = False
        if run:
            gap = x0 - run[-1][2]
            # 1.4 em: justified text stretches spaces to about 1 em, columns and right-aligned dates stand further off.
            # "Jane Doe" in large type beside what she is in small type; a raised "th" touches.
            resized = gap > MIN_SPACE * size and len(run) >= MIN_SIZED and max(size, height) > OTHER_SIZE * min(size, height)
            crossed = resized or any(run[-1][2] - 1 <= x <= x0 + 1 and low <= y <= high for x, low, high in borders)
            if crossed or abs(y - baseline) > 0.5 * max(size, height) or gap > 1.4 * max(size, 1.0) or gap < -3 * max(size, 1.0):
                close(space)
            elif space:
                run.append((" ", run[-1][2], x0))
        if not run:
            baseline, size, bold = y, max(height, 0.1), 0
        weight = raw.FPDFText_GetFontWeight(handle, i)
        bold += weight >= 600
        run.append((char, x0, x1))
        space = False
    close(space)
    text_page.close()
    return segments


def unspaced(run: Sequence[tuple[str, float, float]], size: float) -> list[tuple[str, float, float]]:
    """A run of (character, left, right) without the spaces between letters that are set apart, as designed headings have them: those whose gap
    is the usual one of two letters of this run."""
    letters = [each for each in run if each[0] != " "]
    gaps = [b[1] - a[2] for a, b in itertools.pairwise(letters)]
    if len(gaps) < 3 or len(letters) == len(run) or (usual := statistics.median(gaps)) < MIN_TRACKING * size:
        return list(run)
    kept: list[tuple[str, float, float]] = []
    for before, each, after in zip([None, *run], run, [*run[1:], None]):
        if each[0] == " " and before and after and after[1] - before[2] < usual + MIN_SPACE * size:
            continue
        kept.append(each)
    return kept


def dots(page) -> list[tuple[float, float, float]]:
    """(left, right, middle y) of small round or square shapes: browsers draw the bullets of lists instead of writing them."""
    from pypdfium2 import raw

    found = []
    for shape in itertools.islice(page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=3), MAX_SHAPES_PER_PAGE):
        left, bottom, right, top = shape.get_bounds()
        width, height = right - left, top - bottom
        if 1 <= width <= 7 and 1 <= height <= 7 and abs(width - height) <= 1:
            found.append((left, right, (bottom + top) / 2))
    return found


def mark_bullets(segments: Sequence[Segment], shapes: Sequence[tuple[float, float, float]]) -> list[Segment]:
    """Segments with a bullet before those that have exactly one such shape close on their left."""
    marked = []
    for segment in segments:
        near = [
            left
            for left, right, middle in shapes
            if 0 < segment.x0 - right <= 2 * segment.size and 0 < middle - segment.y < 0.8 * segment.size
        ]
        if len(near) == 1 and not BULLET.match(segment.text):  # several are a rating, not a list
            segment = replace(segment, text=f"• {segment.text}", x0=near[0])
        marked.append(segment)
    return marked


def join_periods(segments: Sequence[Segment]) -> list[Segment]:
    """Segments with a period in one that a narrow column broke in two: "Jun 2013 – Aug" above "2016"."""
    joined: list[Segment] = []
    for segment in segments:
        above = joined[-1] if joined else None
        under = above and 0 < above.y - segment.y < 2 * segment.size and segment.x0 < above.x1 and above.x0 < segment.x1
        if under and PERIOD_BEGINS.fullmatch(above.text) and PERIOD_ENDS.fullmatch(segment.text):
            joined[-1] = replace(above, text=f"{above.text} {segment.text}")
            continue
        joined.append(segment)
    return joined


def split_title(segments: Sequence[Segment]) -> tuple[list[Segment], list[Segment]]:
    """The name in large type at the top of a resume, which is read first wherever it stands, and the rest.

    Beside a column on its left the lines right under the name (headline, place) go with it: they would end that column.
    """
    if not segments:
        return [], []
    size = statistics.median(s.size for s in segments)
    top, bottom = max(s.y for s in segments), min(s.y for s in segments)
    biggest = max(s.size for s in segments)
    title = [
        s for s in segments if s.size >= max(1.4 * size, 0.95 * biggest) and s.y >= top - 0.2 * (top - bottom) and len(s.text) <= 40
    ]
    if not title or any(is_known_title(s.text) for s in title) or len({round(s.y) for s in title}) > 2:
        return [], list(segments)
    left = min(s.x0 for s in title)
    if sum(s.x1 < left for s in segments) >= MIN_BESIDE:
        under = sorted((s for s in segments if abs(s.x0 - left) <= 4 and s.y < min(t.y for t in title)), key=lambda s: -s.y)
        for above, line in itertools.pairwise([min(title, key=lambda s: s.y), *under[:MAX_UNDER_NAME]]):
            if above.y - line.y > 2 * above.size or is_known_title(line.text) or BULLET.match(line.text):
                break
            title.append(line)
    return title, [s for s in segments if s not in title]


def columns(segments: Sequence[Segment]) -> Iterator[list[Segment]]:
    """Cut a page into blocks that are read one after the other, each row by row.

    Two columns are recognised by the right one: at least four lines that start at the same x, beside
    a stretch of lines none of which crosses that x. Dates or labels set beside their lines do not
    make a column: they are short and share their baselines with the text they belong to.
    """
    gutter = _widest_gutter(segments)
    if gutter is None:
        if segments:
            yield list(segments)
        return
    x, top, bottom = gutter
    above = [s for s in segments if s.y > top]
    below = [s for s in segments if s.y < bottom]
    inside = [s for s in segments if bottom <= s.y <= top]
    left, right = [s for s in inside if s.x0 < x - 1], [s for s in inside if s.x0 >= x - 1]
    yield from columns(above)
    entries, rest = heads_beside(left, right)
    if entries:
        yield entries
        yield from columns(rest)
    else:
        yield from columns(left)
        yield from columns(right)
    yield from columns(below)


def _widest_gutter(segments: Sequence[Segment]) -> tuple[float, float, float] | None:
    """(x, top y, bottom y) of the stretch with the most right-hand lines, or None."""
    if len(segments) < 8:
        return None
    starts = Counter(round(s.x0 / 3) for s in segments)
    leftmost = min(s.x0 for s in segments)
    best: tuple[int, float, float, float] | None = None
    for slot, count in starts.most_common(12):
        if count + starts[slot - 1] + starts[slot + 1] < 4:
            continue
        x = min(s.x0 for s in segments if abs(round(s.x0 / 3) - slot) <= 1)
        if x < leftmost + 30:
            continue
        rows = sorted({round(s.y, 1) for s in segments}, reverse=True)
        crossing = {round(s.y, 1) for s in segments if s.x0 < x - 1 and s.x1 > x - 2}
        stretch: list[float] = []
        for y in [*rows, None]:
            if y is not None and y not in crossing:
                stretch.append(y)
                continue
            if len(stretch) >= 4:
                part = [s for s in segments if stretch[-1] - 0.1 <= s.y <= stretch[0] + 0.1]
                lhs = [s for s in part if s.x0 < x - 1]
                rhs = [s for s in part if s.x0 >= x - 1]
                if _are_columns(lhs, rhs, x) and (best is None or len(rhs) > best[0]):
                    best = (len(rhs), x, stretch[0] + 0.1, stretch[-1] - 0.1)
            stretch = []
    return best[1:] if best else None


def _are_columns(lhs: Sequence[Segment], rhs: Sequence[Segment], x: float) -> bool:
    aligned = sum(abs(s.x0 - x) <= 4 for s in rhs)
    if len(lhs) < 3 or len(rhs) < 4 or aligned < 4:
        return False
    if is_margin(lhs, rhs) or is_margin(rhs, lhs):
        return False
    if heads_beside(lhs, rhs)[0]:
        return True
    if any(is_known_title(s.text) for s in lhs) and any(is_known_title(s.text) for s in rhs):
        return True
    if aligned < 0.4 * len(rhs):  # without titles on both sides indented lines do not count as the column's
        return False
    size = statistics.median(s.size for s in rhs)

    def share_beside(some: Sequence[Segment], others: Sequence[Segment]) -> float:
        ys = [s.y for s in others]
        beside = [any(abs(s.y - y) < 0.3 * size for y in ys) for s in some]
        # the sections' titles may stand alone above the labels
        return sum(beside) / (len(some) - sum(not own and is_known_title(s.text) for s, own in zip(some, beside, strict=True)) or 1)

    # a column of labels or dates: nearly every one stands beside a line of the other side, and they are short
    for some, others in ((lhs, rhs), (rhs, lhs)):
        if share_beside(some, others) >= 0.7 and statistics.median(len(s.text) for s in some) <= 24:
            return False
    return True


# "11/29/26, 1:57 AM", "2026. 11. 29. 오후 1:57", "file:///home/ida/cv.html 1/2"
_PRINTED = re.compile(r"\d{1,4}[./-] ?\d{1,2}[./-] ?\d{1,4}\.?,? (?:오전 |오후 )?\d{1,2}:\d{2}(?::\d{2})?(?: ?[AP]M)?(?:  .{0,80})?|(?:file|https?)://\S+(?: +\d{1,3}/\d{1,3})?", re.IGNORECASE)


def drop_furniture(pages: Sequence[Sequence[Block]]) -> list[list[Block]]:
    """Without page numbers, what a browser prints at the edges, and headers and footers repeated on later pages."""
    pages = [[block if isinstance(block, tuple) else [s for s in block if not _PRINTED.fullmatch(s.text.strip())] for block in page] for page in pages]
    if len(pages) < 2:
        numbered = re.compile(r"(?:page|p\.) ?1|(?:page )?1 ?(?:/|of) ?1", re.IGNORECASE)
        return [[block if isinstance(block, tuple) else [s for s in block if not numbered.fullmatch(s.text)] for block in page] for page in pages]

    def edges(page: Sequence[Block]) -> set[float]:
        ys = sorted({s.y for block in page if isinstance(block, list) for s in block})
        return {*ys[:1], *ys[-1:]}

    def pattern(segment: Segment) -> str:
        return re.sub(r"\d+", "#", segment.text)

    seen: Counter[str] = Counter()
    for page in pages:
        edge = edges(page)
        seen.update({pattern(s) for block in page if isinstance(block, list) for s in block if s.y in edge})
    kept, shown = [], set()
    for page in pages:
        edge = edges(page)
        blocks: list[Block] = []
        for block in page:
            if isinstance(block, tuple):
                blocks.append(block)
                continue
            out = []
            for segment in block:
                if segment.y in edge:
                    if re.fullmatch(r"(?:page |p\. ?|- ?)?\d{1,3}(?: ?(?:/|of) ?\d{1,3})?(?: ?-|쪽)?", segment.text, re.IGNORECASE):
                        continue
                    if seen[pattern(segment)] > len(pages) / 2 and pattern(segment) in shown:
                        continue
                    shown.add(pattern(segment))
                out.append(segment)
            blocks.append(out)
        kept.append(blocks)
    return kept


@dataclass(frozen=True, slots=True)
class _Row:
    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    open_end: bool
    parts: int
    last_chars: int
    alone: bool


def _rows(block: Sequence[Segment]) -> list[_Row]:
    """Segments of one block joined into rows, top to bottom; a wide gap becomes two spaces."""
    result = []
    for row in baselines(block):
        if len(row) > 1 and BULLET.match(row[0].text + " x") and len(row[0].text) == 1:
            row = [replace(row[1], text=f"{row[0].text} {row[1].text}", x0=row[0].x0), *row[2:]]
        text = "  ".join(s.text for s in row)
        biggest = max(row, key=lambda s: len(s.text))
        result.append(
            _Row(
                text, row[0].x0, row[-1].x1, row[0].y, biggest.size, biggest.bold, row[-1].open_end, len(row), len(row[-1].text), row[0].alone
            )
        )
    return result


# Compounds that resumes break at their own hyphen; elsewhere a hyphen at the end of a line is only typographic.
_COMPOUND = re.compile(
    r"(?:^|[\s(/-])(?:real|cross|full|end|to|high|low|open|self|well|multi|non|co|event|data|user|cloud|large|small|long|short|back|"
    r"front|fast|first|hands|in|on|off|third|two|three|one|time|machine|test|object|customer|state|decision|part|award|client|server|"
    r"domain|results|detail|team|pre|post|ex|semi|e|mid|low|peer|key|cost|problem|deep|early|late|best|life|world|year|month|day)-$",
    re.IGNORECASE,
)


def flow(pages: Sequence[Sequence[Block]]) -> Iterator[Line]:
    """Blocks -> lines of text with wrapped lines joined."""
    blocks = [block if isinstance(block, tuple) else _rows(block) for page in pages for block in page if block]
    rows = [row for block in blocks if isinstance(block, list) for row in block]
    korean_ends = [row.open_end for row in rows if re.search(r"[가-힣]$", row.text)]
    spaces_kept = sum(korean_ends) > 0.2 * len(korean_ends) if korean_ends else False
    written = "\n".join(row.text for row in rows)
    one_column = [_is_one_column(page) for page in pages for block in page if block]
    widest = max((row.x1 for block, one in zip(blocks, one_column, strict=True) if one and isinstance(block, list) for row in block), default=0.0)
    for block, one in zip(blocks, one_column, strict=True):
        if isinstance(block, tuple):
            yield from block
            continue
        # the usual distance of two lines, from those of the same size
        pitches = [
            (a.y - b.y) / a.size for a, b in itertools.pairwise(block) if abs(a.size - b.size) < 0.6 and not a.alone
        ]
        pitch = statistics.median_low(pitches) if pitches else 1.3
        leading = min(pitch, _leading(block) or pitch)
        # a last page may have short lines only
        right = widest if one else max((row.x1 for row in block), default=0.0)
        current: _Row | None = None
        first_x0 = 0.0
        text, gap = "", True
        for row in block:
            hangs = bool(BULLET.match(text)) and row.x0 > first_x0 + 0.3 * row.size
            labelled = _LABELLED.match(text) and _LABELLED.match(row.text)  # "Tools: ...", and below it "Methods: ..."
            if current is not None and not labelled and _continues(current, row, leading, right, hangs):
                text = _join(text, row.text, current.open_end, spaces_kept, written)
            else:
                if current is not None:
                    yield Line(text, gap=gap, style=_style(current))
                    gap = row.alone or (current.y - row.y) / max(current.size, row.size) > 1.25 * pitch
                text, first_x0 = row.text, row.x0
            current = row
        if current is not None:
            yield Line(text, gap=gap, style=_style(current))


_LABELLED = re.compile(r"[A-Z가-힣][\w&/ +-]{1,30}[:：] ?\S")
_ADDRESS = re.compile(r"\S+@\S+\.\w+|(?:https?://|www\.)\S+")
_IN_ADDRESS = re.compile(r"(?:[/@]|www\.)[^\s/@]*-$")  # "linkedin.com/in/jane-", which a line's end cut behind its own hyphen
_CUT_KO = re.compile(r"(?![이그저및등수더한두세네각전후내외약총첫새또할될것데때중간별당본제])[가-힣](?=[ (,.]|$)")  # the end of a word: "은" above "상 (2023)"
_ALONE_KO = frozenset("이 그 저 및 등 수 더 한 두 세 네 각 전 후 내 외 약 총 첫 새 또 할 될 것 데 때 중 간 별 당 본 제".split())  # words of a syllable
_WORD = re.compile(r"[\w'’-]+[ ,]")


def _leading(block: Sequence[_Row]) -> float | None:
    """The largest distance, in type sizes, of two rows that are surely of one paragraph: the lower one goes on in small letters. None where
    none are. Where most paragraphs are of one line, the usual distance of two rows is that of paragraphs."""
    return max(
        (
            (a.y - b.y) / a.size
            for a, b in itertools.pairwise(block)
            if abs(a.size - b.size) < 0.6 and len(a.text) >= 25 and not re.search(r"[.!?:;]$", a.text)
            if b.text[0].islower() and _WORD.match(b.text)
        ),
        default=None,
    )


def _is_one_column(page: Sequence[Block]) -> bool:
    """Whether no blocks of a page stand beside each other."""
    spans = sorted((min(s.y for s in block), max(s.y for s in block)) for block in page if block and isinstance(block, list))
    return all(below[1] <= above[0] for below, above in itertools.pairwise(spans))


def _style(row: _Row) -> str:
    return f"{round(row.size * 2) / 2:g}{'b' if row.bold else ''}"


def _continues(above: _Row, below: _Row, pitch: float, right: float, hangs: bool) -> bool:
    """Whether `below` goes on with the sentence of `above`: it hangs under a bullet's text, or its
    first word would not have fitted above."""
    if above.alone or below.alone or below.parts > 1 or (above.parts > 1 and above.last_chars < 30):
        return False
    if is_dated(below.text) and is_date(below.text):  # the dates of what comes next; a period that is broken is whole by now
        return False
    if _ADDRESS.fullmatch(above.text) or BULLET.match(below.text) or is_known_title(below.text) or is_known_title(above.text):
        return False
    if abs(above.size - below.size) > 0.6 or (above.y - below.y) / above.size > 1.25 * max(pitch, 1.0) or above.y <= below.y:
        return False
    if hangs or above.text.count("(") > above.text.count(")") and re.match(r"[^()]{0,20}\)", below.text):
        return True
    if re.search("[가-힣]$", above.text) and _CUT_KO.match(below.text) and right - above.x1 < (below.x1 - below.x0) / max(len(below.text), 1):
        return True
    if len(above.text) < 25:  # items of a narrow column fill it, too, but are no sentences
        return False
    first_word = below.text.split(maxsplit=1)[0]
    width_per_char = (below.x1 - below.x0) / max(len(below.text), 1)
    letters = len(first_word) + 1
    if re.match(r"[가-힣]", first_word):  # Korean may break between syllables
        letters = min(letters, 2)
    # Paragraphs may be set a little narrower than the block; after a full stop only a really full line goes on.
    slack = 0.5 if re.search(r"[.!?:;]$", above.text) else 4.0
    if right - above.x1 < width_per_char * (letters + slack):
        return True
    # a word cut by a hyphen
    return bool(re.search(r"[^\W\d_]-$", above.text)) and below.text[:1].islower()


def _join(text: str, more: str, open_end: bool, spaces_kept: bool, written: str = "") -> str:
    """Two rows of a paragraph as one; `written` are all rows, in which a word that the line's end cut may stand whole."""
    if text.endswith("-") and _IN_ADDRESS.search(text):
        return text + more
    if re.search(r"[^\W\d_]-$", text) and not open_end and more[:1].islower():
        return text + more if _COMPOUND.search(text) else text[:-1] + more
    if text.endswith("-") and not open_end and re.search(r"\w-$", text):
        return text + more
    if re.search(r"[가-힣]$", text) and re.match(r"[가-힣]", more) and spaces_kept and not open_end:
        return text + more  # this file keeps the spaces at its line ends: none here means a word cut in two
    if not open_end and (cut := re.search(r"[가-힣]{1,4}$", text)) and re.match("[가-힣]", more) and cut[0] not in _ALONE_KO and (f"{cut[0]}{more[0]}" in written or _CUT_KO.match(more)):
        return text + more
    return f"{text} {more}"
