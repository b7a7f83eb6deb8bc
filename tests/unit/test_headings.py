"""The heading of a job as people set it: which lines belong to it, what its title is, and what beside it is none."""

import pytest

from rag.chunking import subject_of
from rag.documents import read_document_bytes
from rag.durations import title_of
from rag.entries import below_title, is_study, periods
from rag.types import Chunk
from tests.unit.test_documents import LIMITS, titles


def chunk(text: str, section: str = "Experience", number: int = 1) -> Chunk:
    return Chunk(f"d-{number}", "d", "d.md", "Mira Solberg", section, text, 0, len(text))


def jobs(text: str, section: str = "Experience") -> list[tuple[str, str]]:
    """Title and dates, the latest first."""
    found = sorted(periods([chunk(text, section)]), key=lambda job: (job.start, job.end), reverse=True)
    return [(title_of(job), job.dates) for job in found]


def document(text: str, name: str = "cv.txt"):
    return read_document_bytes(text.encode(), name, LIMITS)


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("Charge Nurse, Cardiac Telemetry  03/2021 – Present\nHarbor Pines Medical Center, Duluth, MN\n- Ran nights.", "Charge Nurse, Cardiac Telemetry, Harbor Pines Medical Center, Duluth, MN"),
        ("Sandia Crest Electric, Albuquerque, NM  May 2020 - Present\nLead Electrician, commercial service\n- Ran a crew.", "Sandia Crest Electric, Albuquerque, NM, Lead Electrician, commercial service"),
        ("January 2018 – April 2023  Finance Manager\nHallam & Birkby Joinery Ltd, Wakefield (turnover £23m)\nManaged a team of four.", "Finance Manager, Hallam & Birkby Joinery Ltd, Wakefield"),
        ("2016 — 2018  Commis de Cuisine\nBouchon des Tisserands, Lyon, France\nLearned French the loud way.", "Commis de Cuisine, Bouchon des Tisserands, Lyon, France"),
        ("한밭새빛병원  2020년 3월 – 현재\n내과계 중환자실 책임간호사\n- 인수인계 총괄", "한밭새빛병원, 내과계 중환자실 책임간호사"),
        ("2021.09 - 현재  그린테일코스메틱\nCRM 마케팅팀 / 팀 리드\n- 등급 개편", "그린테일코스메틱, CRM 마케팅팀 / 팀 리드"),
        ("애드피치  2017.05 - 2018.10\nAE\n- 검색광고 대행", "애드피치, AE"),
        ("대성프레스(주)\n재직기간: 2017년 4월 ~ 2026년 9월\n직책: 프레스반 조장\n담당업무: 금형 교환", "대성프레스(주), 프레스반 조장"),
        ("가온건설㈜  2020.04 ~ 재직중\n직위 | 과장 | 부서 | 공무팀\n- 공정 관리", "가온건설㈜, 과장, 공무팀"),
    ],
)  # fmt: skip
def test_a_post_or_an_employer_may_stand_below_the_dates_of_the_other(heading, title):
    assert [found for found, _ in jobs(heading, "경력")] == [title]


@pytest.mark.parametrize(
    "text",
    [
        "Lead Technician, Acme Ltd  2019 – 2021\nBerlin Office Team\n- Led.",  # both stand there
        "Buyer – Morska Spedycja  2019 – 2021\nSopot, Poland\n- Bought.",
        "Management Accountant  2014 – 2017\nProduct costing for 86 lines\n- Costed.",  # what was done
        "Management Accountant  2014 – 2017\nManaged Budgets Across Departments\n- Costed.",
        "Management Accountant  2014 – 2017\nTools: Sage, Xero\n- Costed.",
        "ER Nurse  2013 – 2019\nCamp Nurse\n- Cared.",  # another post
        "품질관리 사원  2014.03 – 2017.02\n불량률 분석 담당\n- 분석",
        "- Managed the move  2014 – 2017\nHarbor Pines Hospital",  # a task
    ],
)
def test_what_else_stands_below_the_dates_is_not_of_the_heading(text):
    first = text.index("\n")
    assert below_title(text, (0, first), text[:first].split("  ")[0]) == 0


def test_the_row_of_a_table_gives_employer_and_post_whatever_stands_between():
    rows = "햇빛대학교병원 | 내과계 중환자실 | 2020.03.02 - 2026.08.31 | 78 | 책임간호사 | 정규직\n㈜대륜중공업 | 2016.11 ~ 2019.10 | 2년 11월 | 차장 | 안전보건팀 총괄"
    assert jobs(rows, "경력") == [("햇빛대학교병원, 내과계 중환자실, 책임간호사", "2020.03.02 - 2026.08.31"), ("㈜대륜중공업, 차장", "2016.11 ~ 2019.10")]


def test_a_degree_on_a_timeline_is_no_job():
    told = "2018 — 2021  Sous Chef\nM/S Aurelia Star, Blue Meridian Cruises\nFish.\n\n2010 — 2012  Associate of Applied Science, Culinary Arts\nBayou Terre Technical College, Houma, LA\n\n2009 — 2010  Teacher, Sandhill High School\nTaught."
    assert [dates for _, dates in jobs(told, "The road so far")] == ["2018 — 2021", "2009 — 2010"]
    assert is_study("치악대학교 학사") and not is_study("치악대학교 학사지원팀 직원") and not is_study("Lecturer, School of Nursing, BSc programme")


def test_what_was_done_in_a_job_is_none_of_its_own():
    inside = "Noordlicht Advisory B.V., Managing Consultant  Sep. 2019 – Present\nClient: Delver Dairy  Feb. 2023 – Present\n- Moved codes.\n\nClient: Kestrel Paper  Sep. 2019 – Dec. 2020\n- Trained users."
    assert [dates for _, dates in jobs(inside)] == ["Sep. 2019 – Present"]
    below = "페이온랩\n2022. 07 ~ 재직 중\nFrontend Engineer\n- 결제\n\n사내 디자인 시스템 \"Paybrick\"\n2022. 10 ~ 2023. 06\n- 컴포넌트 41종"
    assert [dates for _, dates in jobs(below, "경력")] == ["2022. 07 ~ 재직 중"]
    beside = "페이온랩, Frontend Engineer\n2022. 07 ~ 재직 중\n- 결제\n\n밤샘상사, 야간 판매원\n2022. 10 ~ 2023. 06\n- 판매"  # an employer of its own
    assert len(jobs(beside, "경력")) == 2
    rows = "㈜넥스파인정보\n근무기간 2020-04 ~ 현재 | 공공사업부 수석\n\n사업명 | 발주처 | 수행기간 | 역할\n재정연계 구축 | 재정정보원 | 2024-03 ~ 2025-12 | PL\n관제 유지관리 | 소방본부 | 2020-04 ~ 2022-04 | 개발"
    assert [dates for _, dates in jobs(rows, "회사별 프로젝트 수행 이력")] == ["2020-04 ~ 현재"]


def test_a_year_alone_may_begin_in_the_month_of_the_job_it_lies_in():
    told = "한울연구원 선임연구원  2023.03 – 현재\n국책과제 세부책임 (2023–2027, 총 28억 원)"
    assert [dates for _, dates in jobs(told, "경력")] == ["2023.03 – 현재"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("1. Personal details\nSurname: Drummond\nFirst name: Fenella Mary\nNationality: Irish\n", "Fenella Mary Drummond"),
        ("First name: Ana\nLast name: Reis\n", "Ana Reis"),
        ("Surname: Drummond\nNationality: Irish\n", "cv"),
        ("신동혁 Donghyuk Shin, Ph.D.\n전고체전지를 연구합니다\n", "신동혁"),
        ("어진솔\n게임 기획자\n", "어진솔"),
    ],
)
def test_names_in_a_forms_rows_and_in_two_scripts(text, name):
    assert subject_of(document(text)) == name


def test_titles_in_other_words_and_those_broken_in_two():
    made = document("Jane Doe\nCook\n\nLICENSES &\nCERTIFICATIONS\n\nFood handler, 2020\n\nWORK HISTORY\n\nCook, Acme, 2019 - 2021\n- Cooked.\n")
    assert titles(made) == ["", "Licenses & Certifications", "Work History"]
    assert titles(document("김서현\n\n학력  최종학력 : 대학교 졸업\n\n2010.03 ~ 2015.02  동림대학교\n\n경력 총 10년 3개월\n\n2021.04 ~ 재직중  다온식품(주) 과장\n")) == ["", "학력", "경력"]


def test_posts_set_like_titles_are_entries_and_section_titles_stay():
    text = "JO DOE\n\nEMPLOYMENT\n\nLEAD TECHNICIAN\nSweetwater Clinic\nNov 2021 to now\n- Led.\n\nGROOMER\nEstetica Rulo\n2010 to 2012\n- Groomed.\n\nHONORS\nTechnician of the Year\n"
    made = document(text)
    assert titles(made) == ["", "Employment", "Honors"]


def test_the_marks_of_a_form_make_titles_where_usual_ones_are_among_them():
    made = document("염가람\n\n□ 학력 및 경력 사항\n\n2014. 3. 1. 봉산중학교\n\n□ 자격 및 연수\n\n2급 정교사\n\n□ 지도 실적\n\n수학동아리 지도\n")
    assert titles(made) == ["", "학력 및 경력 사항", "자격 및 연수", "지도 실적"]
    assert "- 세움아이티" not in document("봉태강\n\n■ 세움아이티\n근무기간 2012-10 ~ 2015-07 | 대리\n- 개발\n\n■ 미래로시스템즈\n근무기간 2010-10 ~ 2012-07 | 사원\n- 개발\n").text


def test_a_menu_of_the_page_is_not_read_and_other_links_are():
    page = '<nav><a href="#a">소개</a><a href="#b">경력</a></nav><nav><a href="mailto:a@b.example">a@b.example</a> <a href="https://c.example">Site</a></nav><h1>Jo Doe</h1><p>Cook</p>'
    text = document(page, "cv.html").text
    assert "소개" not in text and "a@b.example" in text and "Jo Doe" in text


def test_hyphens_that_do_not_break_are_hyphens():
    assert document("Na\u2011Bin Hyun\nin\u2010situ\n").text == "Na-Bin Hyun\nin-situ"
