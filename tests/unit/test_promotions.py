"""Promotions are told by the lines that say so under their jobs, or by several posts at one employer; and by nothing else."""

import pytest

from rag.answer_types import lacks_type
from rag.promotions import asks_promotions, promotions, says_promoted
from rag.quoting import quote_answer
from rag.rules import ruled
from tests.unit.test_durations import chunk
from tests.unit.test_quoting import Reader, retrieved

NOW = chunk(1, "Head Nurse, Havgard Clinic\nMarch 2022 – present\n- Promoted from charge nurse within a year.\n- Leads six.")
BEFORE = chunk(2, "Buyer, Pellikan Logistics\n06/2019 - 02/2022\n- Promoted the brand at fairs.\n\nClerk, Vossen Trade\n2015 – 2018\n- Filed.")


def told(question, chunks):
    return [chunks[i].text[a:b].removeprefix("- ") for i, a, b in promotions(question, chunks)]


@pytest.mark.parametrize(
    "question",
    [
        "was she ever promoted?", "any promotions?", "has the candidate been promoted", "did he get promoted at Havgard?", "when was she promoted?", "how many times was he promoted", "Nurse, Havgard: was she promoted there?", "were there any promotions", "when was he promoted to supervisor", "was she promoted to head nurse at Havgard?",
        "승진한 적 있나요?", "언제 승진했어요?", "승진 경험은요?", "거기서 승진했나요?", "진급은요?", "사내 승진 이력 있어?",
    ],
)  # fmt: skip
def test_promotions_are_asked_for(question):
    assert asks_promotions(question)


@pytest.mark.parametrize("question", ["", "which brand did she promote?", "sales promotion experience?", "promotional campaigns?", "판촉 경험 있어요?", "승진 시험 문제 만들었나요?", "why was she promoted?"])
def test_other_questions_are_left_alone(question):
    assert not asks_promotions(question) and promotions(question, [NOW, BEFORE]) == []


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("Promoted to team lead in 2021.", True), ("was promoted twice", True), ("First internal promotion in the branch", True), ("rose from cashier to store manager", True), ("2018.01 대리 승진, 2021.01 과장 승진", True), ("지게차 기사로 입사 -> 2021.7 반장", True), ("QA 테스터 → 주니어 기획자", True),
        ("Promoted the brand at fairs", False), ("completion rose from 61 to 74 per cent", False), ("sales promotions for 40 shops", False), ("전환율 3% → 5% 개선", False), ("두 명의 후배 승진 지원", False), ("Trained juniors; two of them were promoted", False), ("판매 촉진 행사 진행", False),
    ],
)  # fmt: skip
def test_who_promotes_something_is_not_promoted(line, says):
    assert says_promoted(line) is says


def test_a_promotion_stands_under_its_job():
    assert told("any promotions?", [NOW, BEFORE]) == ["March 2022 – present", "Promoted from charge nurse within a year."]
    assert told("was she promoted at Pellikan?", [NOW, BEFORE]) == [] == told("any promotions?", [BEFORE])
    quoted = ruled("was she ever promoted?", [NOW, BEFORE], "en")
    assert len(quoted.lines) == 2 and len(quoted.headings) == 1


def test_posts_at_one_employer_and_a_title_with_two_tell_it():
    posts = [chunk(1, "Senior Accountant, Lakeside Union\nFeb 2020 – present"), chunk(2, "Staff Accountant, Lakeside Union\nJul 2017 – Jan 2020"), chunk(3, "Audit Associate, Harlan LLP\nSep 2014 – Jun 2017")]
    assert told("any promotions?", posts) == ["Feb 2020 – present", "Jul 2017 – Jan 2020"]
    two = [chunk(1, "Audit Junior, then Audit Senior, Oakes LLP\nAugust 2007 – February 2012")]
    assert told("any promotions?", two) == ["August 2007 – February 2012"]


def test_a_line_without_a_word_for_it_is_no_answer():
    assert lacks_type("was she ever promoted?", "2014–2019 Lecturer, University of York") and not lacks_type("승진한 적 있나요?", "2021.01 과장 승진")


@pytest.mark.parametrize(
    "line",
    [
        "Promoted independence of residents.", "Promoted recycling in the neighbourhood", "Promoted loyalty cards at checkout", "Promoted diversity and inclusion", "Wrote posts promoted on Instagram", "Ran a festival promoted by the city council", "Ran two promotions a month",
        "Promoted team members to lead roles", "Promoted three cashiers to supervisor", "Two direct reports promoted to senior", "Mentored an analyst promoted to manager", "Coached 5 agents, 2 promoted to lead", "직원 3명 대리 승진", "담당 직원의 승진 지원", "회원 승급 제도 기획", "특진 환자 예약 관리", "팀장 이승진 님과 협업", "기획→개발자 전달 오류 감소", "수기 장부 → 매니저 앱 전환",
    ],
)  # fmt: skip
def test_what_else_is_promoted_says_nothing(line):
    assert not says_promoted(line) and told("any promotions?", [chunk(1, f"Clerk, Elm House\n2012 – present\n- {line}\n- Washed.")]) == []


@pytest.mark.parametrize("texts", [("Executive Assistant to Senior Partner, Harlan LLP\n2012 – 2015",), ("Clerk, Bolt GmbH, later Acme GmbH\n2012 – 2015",), ("Nurse, City Hospital\nJan 2012 – Mar 2015", "Nurse, City Hospital\nMay 2018 – Mar 2020"), ("Lecturer, School of Nursing, University of Leeds\n2012 – 2016", "Lecturer, School of Nursing, University of York\n2016 – 2020")])
def test_titles_that_only_look_like_two_posts(texts):
    assert told("was she ever promoted?", [chunk(n, text) for n, text in enumerate(texts)]) == []


@pytest.mark.parametrize(("question", "line"), [("was she ever promoted?", "Mentored four junior engineers, two of whom were promoted within a year."), ("승진한 적 있나요?", "신입 직원 3명 대리 승진")])
def test_that_others_were_promoted_is_no_answer(question, line):
    language = "en" if question.isascii() else "ko"
    assert quote_answer(question, retrieved(f"Engineer, Pelikaan Logistics\n2019 – 2022\n- {line}", section="Experience"), Reader("promoted" if language == "en" else "승진"), language).declined


def test_behind_the_post_in_hand_those_at_its_employer_count():
    resume = [
        chunk(1, "Senior Structural Engineer, Calder Mesa Engineers\nMay 2020 – present\n- Bridges."),
        chunk(2, "Structural Engineer, Calder Mesa Engineers\nAug 2017 – Apr 2020\n- Walls."),
        chunk(3, "Clerk, Howe Ltd\n2012 – 2016\n- Filing."),
    ]
    found = promotions("Senior Structural Engineer, Calder Mesa Engineers: was he promoted there?", resume)
    assert [resume[i].text[a:b] for i, a, b in found] == ["May 2020 – present", "Aug 2017 – Apr 2020"]


def test_when_somebody_came_to_a_post_its_dates_say():
    posts = [chunk(1, "Pennine Vertical Ltd, Leeds  04/2019 – to date\nService Supervisor\n- Looks after 11 engineers."), chunk(2, "Pennine Vertical Ltd, Leeds  06/2015 – 03/2019\nSenior Service Engineer\n- Route of 92 lifts.")]
    assert told("when was he promoted to supervisor?", posts) == ["Pennine Vertical Ltd, Leeds  04/2019 – to date"]
    assert told("was he promoted to senior service engineer?", posts) == ["Pennine Vertical Ltd, Leeds  06/2015 – 03/2019"]
