"""The type of answer that a question expects, and lines that hold none of it."""

import time

import pytest

from rag.answer_types import lacks_type, tells_year, year_asked


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("What grade did she get in her BSc?", "BSc Mathematics, Lisse College, 2004"),
        ("class of her MSc", "MSc Structural Eng., Tarnfors Institute, Sweden, 2006; supervisor Nils Ekerot"),
        ("points in the leaving cert?", "Leaving Cert, Knockmealy, 1991"),
        ("대학 학점은요?", "한밭가람대학교 통계학과 졸업, 2011년 2월"),
        ("How many engineers were under her?", "1996–2008 ~ Protection engineer, from March 2002 principal engineer"),
        ("팀원은 몇 명이었나요?", "2019년 3월 ~ 2021.05 데이터팀 팀장"),
        ("Who issued the payroll certificate?", "Payroll certificate, June 2016, lapsed June 2019"),
        ("Did he hit his target in 2024?", "Sold repair work for £410k in 2023\nPennine Vertical, 04/2019 – to date"),
        ("What did upselling bring in for 2022?", "Upselling revenue AED 1.9 million in 2023."),
        ("2020년엔 목표를 몇 프로 채웠어요?", "2021 목표 달성률 390%"),
        ("Which languages does she speak?", "Language: Typescript"),
        ("결혼 했나요?", "한결컨벤션웨딩 2012.03 – 2014.02"), ("is she married?", "Banquet captain, weddings up to 300"),
        ("외국어 가능해?", "Languages: Python, Java, C#, C++"),
    ],
)
def test_a_line_without_what_is_asked_for(question, text):
    assert lacks_type(question, text)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("What grade did she get in her BSc?", "BSc Mathematics, 2004, First Class"),
        ("grade in systems engineering", "Ingeniera de Sistemas, 2010, 15/20"),
        ("English GCSE grade?", "5 GCSEs, English B, Maths C"),
        ("Which languages does she speak?", "Spanish (Moderate) (10 years)"),
        ("Which languages does she code in?", "Languages: Python, Java"),
        ("결혼하셨어요?", "결혼 여부: 미혼"), ("marital status?", "Single, two cats"), ("미혼 여성 대상 행사를 기획했나요?", "행사 기획"),
        ("외국어 가능해?", "TOEIC 905"), ("외국어 가능해?", "HSK6급"), ("외국어?", "스웨덴어 중급"), ("What languages does she speak?", "Kurdish, Malayalam"),
        ("What programming languages is she fluent in?", "Python, Go, SQL"), ("언어학은 어디서 공부했어?", "언어학 학사, 한빛대학교"), ("어학원에서 무슨 일을 했어?", "수업 진행"),
        ("Did she speak at a conference on language models?", "Keynote, Oslo"), ("Did she build a multilingual chatbot?", "Built a chatbot"),
        ("외국어는 뭘 하나요?", "영어 (업무 가능), 일본어 기초"),
        ("mark in the EPQ", 'EPQ: "Can a Bridge Sing?", 48/50'),
        ("대학 학점은요?", "한밭가람대학교 통계학과, 4.21/4.5"),
        ("학부 성적 어땠어요?", "화학공학과 차석 졸업"),
        ("How many people did she lead?", "Led a team of six"),
        ("How many years was she there?", "Orrin Ltd, 2005 to 2011"),  # counted from the dates
        ("How many children has he?", "Father of twins."),
        ("팀원은 몇 명이었나요?", "팀원 세 명과 함께"),
        ("Who supervised her thesis?", "Thesis with Dr Nils Ekerot"),
        ("Who is on her team?", "A receptionist, Mina"),
        ("How did he do in 2022?", "in 2022 his side lost the county final"),
        ("Where was she in 2018?", "Orrin Ltd, 2015 – 2019"), ("What did she do in 2018?", "Ran the stores\nOrrin Ltd, 2015 – 2019"),
        ("Where was she in 2018?", "Orrin Ltd, since March 2015"),
        ("Is the certificate good until 2026?", "expires June 2024"),  # a later year is an answer
        ("in 2027, will he still be covered?", "HIAB, to 2028"),
        ("What changed between 2019 and 2021?", "In 2020 the firm moved"),
        ("What did she study?", "BSc Mathematics, Lisse College"),
        ("", ""),
    ],
)
def test_a_line_that_may_answer(question, text):
    assert not lacks_type(question, text)


def test_years():
    assert year_asked("What happened in 2019?") == 2019 == year_asked("2019년에 뭘 했나요?")
    assert year_asked("Since 2019?") is None is year_asked("in 2019 or in 2020?")
    assert tells_year("no year", 2019) is None
    assert tells_year("2015 – present", 2019) is True and tells_year("2015 – 2017", 2019) is False


@pytest.mark.parametrize("text", ["9" * 20_000, "1/" * 10_000, "20 " * 10_000, "Aa " * 10_000, "2019 " * 5_000, "2019-" * 5_000])
def test_long_hostile_text_takes_no_time(text):
    started = time.process_time()
    for question in ("What grade in 2020?", "how many?", "who?"):
        lacks_type(question, text)
    assert time.process_time() - started < 5


@pytest.mark.parametrize(("question", "line", "lacks"), [("이 사람 남자야?", "성명: 윤서진", True), ("성별은?", "여, 1989년생", False), ("is she male or female?", "Mira Solberg, Oslo", True), ("is he a man?", "He led six.", False), ("남성복 매장 경험 있나요?", "성명: 윤서진", False)])
def test_a_gender_is_told_by_a_word_for_it(question, line, lacks):
    assert lacks_type(question, line) is lacks


@pytest.mark.parametrize(
    ("question", "line", "lacks"),
    [
        ("can he start in two weeks?", "On call 1 week in 5; MTTR down", True), ("when can she start?", "Available from 1 May", False), ("when did he start to paint?", "He painted.", False), ("현재 연봉은요", "연봉 5,500만 원 이상 희망합니다", True), ("현재 연봉은요", "현재연봉 6,200만원 / 희망연봉 7,000만원", False), ("희망 연봉은요", "희망연봉 7,000만원", False),
    ],
)  # fmt: skip
def test_a_start_needs_a_word_for_it_and_pay_that_is_wanted_is_not_what_is_earned(question, line, lacks):
    assert lacks_type(question, line) is lacks


def test_a_gender_pay_gap_is_no_gender():
    assert not lacks_type("any gender pay gap work?", "Wrote the pay gap report")


@pytest.mark.parametrize("question", ["and her salary at Halloran?", "how much did he earn there", "연봉 얼마 받았어?", "월급은요?"])
def test_what_somebody_earns_is_told_by_no_line_without_pay(question):
    assert lacks_type(question, "2018 - 2022 Interior Designer, Halloran Fitouts Pty Ltd")
    assert not lacks_type(question, "Salary: $48,000 a year") and not lacks_type(question, "희망 연봉: 회사 내규에 따름")
    assert not lacks_type("how much did sales earn the firm", "2018 - 2022 Interior Designer")


@pytest.mark.parametrize(
    ("question", "line", "lacks"),
    [
        ("did she ever work part time?", "2014–2019 Lecturer, York", True), ("did she ever work part time?", "Registered Nurse (24 h/week)", False), ("계약직이나 인턴 경험 있어요?", "㈜바른금융 / 선임 (2021.08 ~ 현재) | 정규직", True), ("계약직이나 인턴 경험 있어요?", "전시사업부 인턴", False), ("any freelance work?", "Editor, 2018 – 2021", True),
        ("any freelance work?", "Self-employed translator", False), ("how many interns did she train?", "Trained 4 juniors", False), ("is he free right away?", "Calm on a bad night", True), ("is he free right away?", "Immediately available", False),
    ],
)  # fmt: skip
def test_how_the_work_was_and_whether_somebody_is_free_needs_a_word_for_it(question, line, lacks):
    assert lacks_type(question, line) is lacks


@pytest.mark.parametrize(("question", "line"), [("해외 파견 경험 있나요?", "베트남 법인 주재원 2년 근무"), ("Did she run any sales promotions?", "Planned discount campaigns"), ("any internships?", "Summer Analyst, Goldman Sachs, 2018"), ("인턴 교육 경험 있나요?", "신입사원 OJT 담당"), ("has she been promoted?", "Joined as teller, became branch manager in 2020")])
def test_other_words_for_it_are_not_refused(question, line):
    assert not lacks_type(question, line)


@pytest.mark.parametrize(
    ("question", "line", "lacks"),
    [
        ("passport validity?", "Visa : Employment visa (transferable)", True), ("when does the CSCS card run out?", "CSCS card", True), ("유효기간 언제까지예요", "KTAS 교육 이수", True),
        ("when does her licence expire?", "IPAF 3a, valid until Sept 2026", False), ("passport validity?", "Passport: A123, exp. 03/2031", False), ("유효기간은?", "ACLS (2026.03 만료)", False),
        ("license number?", "Professional Engineer, Texas | since March 2020", True), ("license number?", "RN License TX 884213", False), ("AHPRA number?", "AHPRA registered, exp. 08/2026", True), ("room number?", "Registered", False), ("면허 번호는?", "간호사 면허 (2015.03)", True),
        ("what did he get in his leaving cert", "Leaving Certificate, Coláiste Bhríde, 2008", True), ("what did she get in her A-levels?", "A-levels: AAB", False),
    ],
)  # fmt: skip
def test_how_long_something_counts_and_what_an_exam_brought(question, line, lacks):
    assert lacks_type(question, line) is lacks
