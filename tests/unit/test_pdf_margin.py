"""A column of dates or of sections' titles is the margin of the text beside it; two columns of a page stay two, and labels keep the values below."""

import io
from types import SimpleNamespace

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

from rag.documents import read_document_bytes
from rag.pdf import Segment
from rag.pdf_margin import is_date, is_margin

LIMITS = SimpleNamespace(max_file_mb=10, max_pages=50, parse_timeout_s=30.0)
pdfmetrics.registerFont(UnicodeCIDFont("HYGothic-Medium"))


def page(*rows, step=15):
    """A PDF's document; of each row the y is `step` below the one above, and its texts stand at the x given."""
    data = io.BytesIO()
    sheet = canvas.Canvas(data, pagesize=A4)
    y = 800
    for row in rows:
        for x, text, *size in row:
            sheet.setFont("HYGothic-Medium", *(size or [10]))
            sheet.drawString(x, y, text)
        y -= step
    sheet.save()
    return read_document_bytes(data.getvalue(), "cv.pdf", LIMITS)


def titles(document):
    return [section.title for section in document.sections]


JOBS = [
    [(40, "경력 총 9년 4개월", 13)],
    [],
    [(40, "2021.06 ~ 재직중"), (170, "(주)그린테이블마켓 | 상품기획팀 · 과장")],
    [(40, "3년 8개월"), (170, "온라인 신선식품 플랫폼 (사원수 230명)")],
    [(180, "• 협력사 62개를 115개로 확대")],
    [],
    [(40, "2017.09 ~ 2021.05"), (170, "한빛리테일(주) | MD사업부 · 대리")],
    [(40, "3년 9개월"), (170, "대형마트 (사원수 4,500명)")],
    [(180, "• 발주 자동화 시스템 TF 참여")],
    [],
]
SCHOOLS = [
    [(40, "학력", 13)],
    [],
    [(40, "2008.03 ~ 2013.02"), (170, "누리대학교 식품영양학과 | 학사 졸업")],
    [(40, "2005.03 ~ 2008.02"), (170, "명덕가온고등학교 | 인문계 졸업")],
    [],
]


def test_dates_left_of_their_jobs_stay_with_them_whatever_stands_above():
    head = [[(40, "오세라", 20)], [], [(40, "학력"), (170, "경력")], [(40, "대학교(4년) 졸업"), (170, "9년 4개월")], []]
    document = page(*head, *JOBS, *SCHOOLS)
    lines = document.text.split("\n")

    assert "2021.06 ~ 재직중  (주)그린테이블마켓 | 상품기획팀 · 과장  3년 8개월" in lines
    assert lines[lines.index("2017.09 ~ 2021.05  한빛리테일(주) | MD사업부 · 대리  3년 9개월") + 1] == "대형마트 (사원수 4,500명)"
    assert "2005.03 ~ 2008.02  명덕가온고등학교 | 인문계 졸업" in lines
    assert titles(document)[-2:] == ["경력", "학력"]


def test_a_place_under_a_date_does_not_stand_in_the_row_of_the_post():
    rows = []
    for years, place, employer, post in (("2019 – 2022", "Berlin", "Nordlicht Energy GmbH", "Data Engineer"), ("2015 – 2019", "Hamburg", "Elbe Logistics AG", "Developer")):
        rows += [[(40, years), (170, employer)], [(40, place), (170, post)], [(170, "Moved sixty reports to Airflow")], []]
    text = page([(40, "Experience", 13)], [], *rows).text
    assert "2019 – 2022  Nordlicht Energy GmbH  Berlin\nData Engineer\n" in text and "2015 – 2019  Elbe Logistics AG  Hamburg\nDeveloper\n" in text


def test_labels_under_a_date_keep_their_values():
    rows = []
    for years, employer in (("2019 – 2022", "Nordlicht Energy GmbH"), ("2015 – 2019", "Elbe Logistics AG")):
        rows += [[(40, years), (170, employer)], [(40, "Role"), (170, "Data Engineer")], []]
    assert page(*rows).text.count("Role  Data Engineer") == 2


def test_titles_in_the_margin_are_above_their_sections():
    document = page(
        [(40, "Lena Vogt", 20)],
        [],
        [(40, "Work", 11), (170, "Data Engineer, Nordlicht Energy GmbH, 2019 – 2022")],
        [(40, "Experience", 11), (170, "Moved sixty reports from a nightly job to Airflow")],
        [(170, "Wrote the tests of the customs interface")],
        [],
        [(40, "Education", 11), (170, "MSc Computer Science, TU Dresden")],
        [(170, "Thesis on stream joins")],
        [(170, "BSc Computer Science, University of Leipzig")],
        [],
        [(40, "Skills", 11), (170, "Kafka, Spark, Airflow")],
    )
    assert titles(document) == ["", "Work Experience", "Education", "Skills"]
    assert document.text.endswith("\n\nSkills\nKafka, Spark, Airflow")


def test_labels_with_a_row_each_open_no_sections():
    labels = [(40, "Languages"), (170, "Go, Python")], [(40, "Tools"), (170, "Docker, Git")], [(40, "Technologies"), (170, "Kafka, Spark")]
    document = page([(40, "Lena Vogt", 20)], [], [(40, "Skills", 13)], *labels, [], [(40, "Education", 13)], [(40, "MSc, TU Dresden")])
    assert titles(document) == ["", "Skills", "Education"]
    assert "Languages  Go, Python\nTools  Docker, Git" in document.text


def test_two_columns_on_one_grid_that_both_hold_dates_are_two_columns():
    left = ["Education", "2010 – 2012", "MSc, TU Dresden", "2007 – 2010", "BSc, University of Leipzig", "Training", "2018 – 2019", "Scrum Master"]
    right = ["Experience", "2019 – 2022", "Nordlicht Energy GmbH, Engineer", "Moved sixty reports to Airflow", "2015 – 2019", "Elbe Logistics AG, Developer",
             "Wrote the tests of the interface", "Ran the servers"]  # fmt: skip
    document = page(*([(40, a), (260, b)] for a, b in zip(left, right, strict=True)))
    assert titles(document) == ["Education", "Training", "Experience"]
    assert document.text.index("Scrum Master") < document.text.index("Nordlicht")


def test_a_sidebar_with_a_few_dates_is_no_margin():
    left = [segment(text, 40, 700 - 14 * i) for i, text in enumerate(["Skills", "Go", "Python", "Kafka", "Languages", "German", "2010 – 2012", "2007 – 2010"])]
    right = [segment("Led a team of nine engineers", 200, 700 - 14 * i) for i in range(8)]
    assert not is_margin(left, right)
    assert is_margin([*left[6:], segment("Berlin", 40, 600)], right)


def segment(text, x, y):
    return Segment(text, x, x + 5 * len(text), y, 10.0, False, False)


@pytest.mark.parametrize(
    ("text", "date"),
    [("2021.06 ~ 재직중", True), ("2013.01", True), ("Mar 2021 – Present", True), ("since 2019", True), ("2022 AWS", False), ("Berlin", False), ("3년 8개월", False)],
)
def test_what_is_a_date_alone(text, date):
    assert is_date(text) is date


def test_a_row_of_labels_above_their_values_is_read_pair_by_pair():
    labels, values = ["학력", "경력", "희망연봉", "희망근무지/고용형태"], ["대학교(4년) 졸업", "9년 4개월", "6,200만원", "서울전체, 경기 / 정규직"]
    rows = [[(40 + 120 * i, text) for i, text in enumerate(row)] for row in (labels, values)]
    document = page([(40, "오세라", 20)], [], *rows, [], *JOBS, *SCHOOLS)
    assert "학력: 대학교(4년) 졸업\n경력: 9년 4개월\n희망연봉: 6,200만원\n희망근무지/고용형태: 서울전체, 경기 / 정규직\n" in document.text
    assert titles(document) == ["", "경력", "학력"]


def test_columns_of_three_sections_are_no_labels():
    columns = ["Skills", "Go", "Python", "Kafka", "SQL"], ["Languages", "German", "English", "Finnish", "Dutch"], ["Interests", "Rowing", "Chess", "Choir", "Baking"]
    text = page(*([(40 + 150 * i, text) for i, text in enumerate(row)] for row in zip(*columns, strict=True))).text
    assert ":" not in text


def test_dates_go_on_with_nothing_and_a_last_page_of_short_lines_has_the_first_ones_edge():
    data = io.BytesIO()
    sheet = canvas.Canvas(data, pagesize=A4)
    for lines in (
        ["Introduced code reviews and a style guide for the team of nine people, kept up to date with a monthly", "2015 – 2019", "Elbe Logistics AG"],
        ["MSc Computer Science at the university of Dresden", "Thesis on joins of streams"],
    ):
        sheet.setFont("Helvetica", 10)
        for i, line in enumerate(lines):
            sheet.drawString(60, 780 - 14 * i, line)
        sheet.showPage()
    sheet.save()
    lines = read_document_bytes(data.getvalue(), "cv.pdf", LIMITS).text.split("\n")
    assert "2015 – 2019" in lines and "Thesis on joins of streams" in lines


@pytest.mark.parametrize("printed", ["11/29/26, 1:57 AM", "2026. 11. 29. 오후 1:57", "file:///home/ida/cv.html 1/2"])
def test_what_a_browser_prints_at_the_edge_of_a_page_is_left_out(printed):
    document = page([(40, printed, 7)], [(40, "Aoife Brennan, MISCP", 14)], [(40, "Physiotherapist since 11/2014, 1:1 care")])
    assert printed not in document.text and "Aoife Brennan" in document.text and "1:1 care" in document.text


def heads(*rows):
    return page([(40, "박지우", 20)], [], [(40, "Work Experience", 13)], [], *rows, [], [(40, "Skills", 13)], [(40, "TypeScript, React")], [(40, "Node.js, Cypress")])


def test_heads_of_several_lines_stand_above_the_text_beside_them():
    text = heads(
        [(40, "페이온랩"), (180, "가맹점 정산 대시보드 리뉴얼")], [(40, "2022. 07 ~ 재직 중"), (180, "2023. 09 ~ 2024. 05")], [(40, "Frontend Engineer"), (181, "• 레거시 화면 64개를 이전")], [(181, "• LCP 4.1초 → 1.6초")], [], [],
        [(40, "마켓모아"), (181, "• 상품 상세 화면 개발")], [(40, "2019. 11 ~ 2022. 06"), (181, "• 이탈률 9%p 개선")], [(40, "Web Developer"), (181, "• 이벤트 설계 70여 개")], [], [],
        [(40, "스튜디오 반달"), (181, "• 홈페이지 8곳 퍼블리싱")], [(40, "2019. 03 ~ 2019. 08")], [(40, "퍼블리셔 인턴")],
    ).text  # fmt: skip
    order = ["페이온랩", "Frontend Engineer", "가맹점", "LCP", "마켓모아", "Web Developer", "상품 상세", "70여 개", "스튜디오 반달", "퍼블리셔 인턴", "8곳", "Skills"]
    assert [text.index(each) for each in order] == sorted(text.index(each) for each in order)
    assert "70여 개\n\n스튜디오 반달" in text and "Frontend Engineer\n가맹점" in text


def test_dates_alone_stand_on_the_line_of_what_they_date():
    text = heads(
        [(40, "2021.09 - 현재"), (180, "그린테일코스메틱")], [(40, "3년 10개월"), (180, "CRM 마케팅팀 / 팀 리드")], [(181, "• 등급제를 재설계")], [(180, "멤버십 개편"),], [(180, "2023.02 - 2023.10")], [], [],
        [(40, "2018.12 - 2021.08"), (180, "(주)루프웨어")], [(40, "2년 9개월"), (180, "그로스팀 / 마케터")], [(181, "• 월 예산 1.8억 원")], [(180, "2019.02 - 2019.10")], [], [],
        [(40, "2017.05 - 2018.10"), (180, "애드피치")], [(40, "1년 6개월"), (180, "AE")], [(181, "• 검색광고 대행")],
    ).text  # fmt: skip
    assert "2021.09 - 현재  그린테일코스메틱  3년 10개월\nCRM 마케팅팀 / 팀 리드" in text and "2017.05 - 2018.10  애드피치  1년 6개월\nAE" in text


def test_a_name_in_large_type_is_no_line_with_what_is_beside_it():
    text = page([(40, "Tobias Achterberg", 24), (260, "Designer for things people use", 10)], [], [(40, "Hello", 13)], [], [(40, "Nine years in, and still on paper first.")]).text
    assert text.startswith("Tobias Achterberg\n")
