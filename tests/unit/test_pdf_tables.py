"""Ruled tables of real PDFs are read cell by cell, letters set apart are words, and a place at the right edge leaves an employer one."""

import io
import time
from types import SimpleNamespace

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table, TableStyle

from rag.chunking import chunk_document
from rag.documents import read_document_bytes
from rag.pdf import unspaced
from rag.sections import Line
from rag.tables import row_lines

LIMITS = SimpleNamespace(max_file_mb=10, max_pages=50, parse_timeout_s=30.0)
pdfmetrics.registerFont(UnicodeCIDFont("HYGothic-Medium"))
GRID = TableStyle([("GRID", (0, 0), (-1, -1), 0.5, "black"), ("FONT", (0, 0), (-1, -1), "HYGothic-Medium", 10), ("VALIGN", (0, 0), (-1, -1), "TOP")])
STYLE = ParagraphStyle("body", fontName="HYGothic-Medium", fontSize=10, leading=13)


def form(*tables) -> str:
    """The text of a PDF made of titles and ruled tables, read back."""
    data = io.BytesIO()
    parts = [Paragraph(each, STYLE) if isinstance(each, str) else Table(each[0], colWidths=each[1], style=GRID) for each in tables]
    SimpleDocTemplate(data, pagesize=A4).build(parts)
    return read_document_bytes(data.getvalue(), "form.pdf", LIMITS).text


def cell(text: str) -> Paragraph:
    return Paragraph(text.replace("\n", "<br/>"), STYLE)


PERSON = ([["성명", "윤서진", "생년월일", "1990.04.17"], ["휴대폰", "010-4827-5513", "이메일", "seojin@example.com"]], [60, 130, 60, 170])
JOBS = (
    [
        ["근무기간", "회사명", "직위", "담당업무"],
        [cell("2022.03 ~\n2024.12"), cell("서울한마음병원\n내과중환자실"), cell("책임간호사"), cell("- 인공호흡기 적용 환자 간호\n- 신규간호사 교육")],
        [cell("2017.05 ~\n2021.12"), cell("분당새봄병원"), cell("간호사"), cell("- 외과계 중환자실 근무\n- 예방 프로토콜 개정")],
    ],
    [70, 110, 70, 170],
)


def test_a_korean_form_is_read_row_by_row():
    text = form("학력사항", ([["기간", "학교명", "전공"], ["2009.03 ~ 2013.02", "한빛대학교", "간호학"]], [120, 120, 120]), "경력사항", JOBS)
    assert "2009.03 ~ 2013.02 | 한빛대학교 | 간호학" in text
    assert "2022.03 ~ 2024.12 | 서울한마음병원 내과중환자실 | 책임간호사\n- 인공호흡기 적용 환자 간호\n- 신규간호사 교육" in text
    assert text.index("학력사항") < text.index("한빛대학교") < text.index("경력사항") < text.index("분당새봄병원")


def test_labels_keep_their_values():
    text = form(PERSON, "경력사항", JOBS)
    assert all(line in text for line in ("성명: 윤서진", "생년월일: 1990.04.17", "휴대폰: 010-4827-5513", "이메일: seojin@example.com"))


def test_each_job_of_a_table_is_a_passage_with_its_dates():
    data = io.BytesIO()
    SimpleDocTemplate(data, pagesize=A4).build([Paragraph("경력사항", STYLE), Table(*JOBS[:1], colWidths=JOBS[1], style=GRID)])
    chunks = chunk_document(read_document_bytes(data.getvalue(), "form.pdf", LIMITS))
    assert any("분당새봄병원" in chunk.text and "2017.05 ~ 2021.12" in chunk.text and "인공호흡기" not in chunk.text.split("분당새봄병원")[1] for chunk in chunks)


def test_a_page_with_rules_and_no_columns_is_left_as_it_was():
    data = io.BytesIO()
    page = canvas.Canvas(data, pagesize=A4)
    page.drawString(72, 700, "Engineer, Acme")
    for y in range(100, 600, 50):
        page.line(72, y, 500, y)  # rules, no columns
    page.save()
    assert read_document_bytes(data.getvalue(), "a.pdf", LIMITS).text.strip() == "Engineer, Acme"


def test_a_form_may_fill_the_page_and_a_frame_around_columns_is_none():
    text = form((JOBS[0] + [[cell(f"20{n:02}.01 ~\n20{n:02}.12"), cell("다온병원"), cell("간호사"), cell("- 병동 근무\n- 교육 담당")] for n in range(1, 14)], JOBS[1]))
    assert "2013.01 ~ 2013.12 | 다온병원 | 간호사\n- 병동 근무\n- 교육 담당" in text
    data = io.BytesIO()
    page = canvas.Canvas(data, pagesize=A4)
    page.grid([60, 200, 540], [100, 780, 800])
    for n in range(20):
        page.drawString(66, 750 - 30 * n, f"Skill {n}")
        page.drawString(206, 750 - 30 * n, f"Did a piece of work number {n} in the year of the report")
    page.save()
    text = read_document_bytes(data.getvalue(), "a.pdf", LIMITS).text
    assert text.index("Skill 19") < text.index("number 0 in") or "Skill 0  Did a piece" in text


def test_a_grid_drawn_in_one_stroke_is_a_table_and_a_drawing_of_very_many_lines_is_none():
    data = io.BytesIO()
    page = canvas.Canvas(data, pagesize=A4)
    page.grid([72, 172, 272, 372], [600, 620, 640, 660])
    for row, texts in enumerate((("Period", "Employer", "Role"), ("2019 - 2021", "Acme", "Clerk"), ("2016 - 2019", "Bolt", "Intern"))):
        for column, text in enumerate(texts):
            page.drawString(76 + 100 * column, 646 - 20 * row, text)
    page.save()
    assert "2019 - 2021 | Acme | Clerk\n2016 - 2019 | Bolt | Intern" in read_document_bytes(data.getvalue(), "a.pdf", LIMITS).text
    data = io.BytesIO()
    page = canvas.Canvas(data, pagesize=A4)
    page.drawString(72, 800, "Engineer, Acme")
    for n in range(1500):
        page.line(72 + n / 4, 100, 72 + n / 4, 700)
        page.line(72, 100 + n / 3, 500, 100 + n / 3)
    page.save()
    began = time.monotonic()
    assert read_document_bytes(data.getvalue(), "a.pdf", LIMITS).text.strip() == "Engineer, Acme" and time.monotonic() - began < 20


def test_letters_set_apart_are_words():
    data = io.BytesIO()
    page = canvas.Canvas(data, pagesize=A4)
    for y, space, text in ((760, 0, "Grace Adeyemi"), (730, 2.2, "CLINICAL NURSE MANAGER"), (700, 0, "Works in Cork since 2020.")):
        written = page.beginText(72, y)
        written.setFont("Helvetica", 11)
        written.setCharSpace(space)
        written.textOut(text)
        page.drawText(written)
    page.save()
    assert "CLINICAL NURSE MANAGER" in read_document_bytes(data.getvalue(), "a.pdf", LIMITS).text


def test_only_spaces_no_wider_than_between_letters_go():
    letters = [("A", 0, 6), (" ", 6, 8), ("B", 8, 14), (" ", 14, 16), ("C", 16, 22), (" ", 22, 30), ("D", 30, 36), ("E", 38, 44)]
    assert "".join(c for c, *_ in unspaced(letters, 10)) == "ABC DE"
    close = [("A", 0, 6), ("B", 6, 12), (" ", 12, 15), ("C", 15, 21), ("D", 21, 27)]
    assert "".join(c for c, *_ in unspaced(close, 10)) == "AB CD"


def test_an_address_that_a_line_end_cut_keeps_its_hyphen_and_labels_keep_their_lines():
    data = io.BytesIO()
    page = canvas.Canvas(data, pagesize=A4)
    rows = ["Methods: tolerance stack-up, design for manufacturing, DFMEA and more of it all", "Programming: Python, MATLAB and a little of VBA in the evenings at home with tea", "See also the profile of this person at the address linkedin.com/in/grace-", "adeyemi"]
    for n, row in enumerate(rows):
        page.drawString(72, 700 - 14 * n, row)
    page.save()
    text = read_document_bytes(data.getvalue(), "a.pdf", LIMITS).text
    assert "and more of it all\nProgramming:" in text and "linkedin.com/in/grace-adeyemi" in text


@pytest.mark.parametrize(
    ("row", "lines"),
    [
        ([["2019 – 2021"], ["Acme", "Sales"], ["- Sold.", "- Bought."]], ["2019 – 2021 | Acme Sales", "- Sold.", "- Bought."]),
        ([["Acme"], ["- Sold.", "- Bought."]], ["Acme", "- Sold.", "- Bought."]),  # no dates: as it stands
    ],
)
def test_short_cells_with_dates_head_a_longer_one(row, lines):
    assert [line.text for line in row_lines([[[Line(text) for text in each] for each in row]]) if line.text] == lines


def test_a_short_last_cell_of_a_row_that_is_told_in_lines_has_the_name_of_its_column():
    line = lambda text: [Line(text)]
    rows = [
        [line("근무기간"), line("회사명"), line("담당업무"), line("퇴사사유")],
        [line("2018.04 ~ 2021.08"), line("비욘드애드"), [Line("- 광고주 8개사"), Line("- 제안 12건")], line("인하우스 전환")],
    ]
    assert [each.text for each in row_lines(rows) if each.text] == ["근무기간 | 회사명 | 담당업무 | 퇴사사유", "2018.04 ~ 2021.08 | 비욘드애드", "- 광고주 8개사", "- 제안 12건", "퇴사사유: 인하우스 전환"]
