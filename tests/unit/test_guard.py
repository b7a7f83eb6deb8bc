"""The guard finds what stands nowhere, and lets pass what stands there in another form: both matter."""

import datetime
import time

import pytest

from judge import features, guard
from judge.guard import facts, missing, unsupported_facts

STANDS = [
    ("led nine engineers", "Led a team of 9 engineers."),
    ("예산 1억 2천만 원을 관리했습니다.", "Managed a budget of 120,000,000 won"),
    ("She handled 120 million won.", "예산 1억 2천만 원 관리"),
    ("월 이용자는 5만 명입니다.", "serving 50,000 users a month"),
    ("이용자 1만 3천 명", "13,000명"),
    ("She joined in March 2021.", "Hanbit, 2021.03 - 2022.05"),
    ("2021년 3월에 입사했습니다.", "Mar 2021 – Present"),
    ("He started on 2021-03-15.", "March 15, 2021"),
    ("Costs fell by 13 percent.", "costs down 13%"),
    ("응답 시간을 30% 줄였습니다.", "응답 시간 30퍼센트 절감"),
    ("He worked there for about 3 years.", "Naver, 2018.03 - 2021.02"),
    ("She was there for 18 months.", "for 1.5 years"),
    ("In 2019, she was at Naver.", "Naver, 2018.03 - 2021.02"),
    ("10+ years of experience", "over 10 years in retail"),
    ("About 41,000 people used it.", "used by 41,200 people"),
    ("약 4만 명이 사용했습니다.", "사용자 40,800명"),
    ("She worked at three companies.", "Kakao 2018\nNaver 2020"),
    ("다섯 가지 기술을 사용합니다.", "Java, Kotlin"),
    ("두 명을 멘토링했습니다.", "신입사원 2명 멘토링"),
    ("She studied at Seoul National University.", "SNU, B.S. 2014"),
    ("She studied at SNU.", "Seoul National University"),
    ("Rowan's employer was Kestrel.", "Kestrel Insurance, 2019"),
    ("Kubernetes was used.", "deployed on Kubernetes"),
    ("파이썬을 사용했습니다.", "Python, SQL"),
    ("She used Postgres.", "PostgreSQL 14"),
    ("Call +82 10-1234-5678.", "010-1234-5678"),
    ("Her e-mail is Mina@Example.com.", "mina@example.com"),
    ("1. She led 5 people. [2]", "led 5 people"),
    ("Her GPA was 3.90.", "GPA 3.9"),
    ("She came second.", "2nd place"),
    ("네이버에서 개발했습니다.", "네이버 개발자"),
    ("부산대학교에서 공부했습니다.", "부산대학교 졸업"),
    ("부산에 거주합니다.", "부산광역시 거주"),
    ("쿠팡에서 일했습니다.", "Worked at Coupang"),
    ("Amara Okafor managed KRW 79 million.", "Managed a budget of 79,000,000 won"),
    ("파티마 하다드 님은 Figma와 AWS를 사용합니다.", "AWS, Figma"),
    ("a1@example.com으로 연락할 수 있고 전화번호는 010-1632-9537입니다.", "a1@example.com / 010-1632-9537"),
    ("4년 2개월 동안 일했습니다.", "2019.09. - 2023.11"),
    ("She was there from Feb 2012 to Nov 2014.", "02/2012 - 11/2014"),
    ("She did two things: 1. Wrote tests. 2. Fixed bugs.", "wrote tests, fixed bugs"),
    ("**Key Skills:** Uses Python", "uses Python; skilled"),
    ("Experienced in testing and One of the team's leads.", "leads the testing"),
    ("She may join meetings.", "joins meetings"),
]
NOWHERE = [
    ("Availability was 99.5%.", "availability 99.95%", "99.5%"),
    ("led ten engineers", "Led a team of 9 engineers.", "ten"),
    ("She joined in April 2021.", "Hanbit, 2021.03 - 2022.05", "April 2021"),
    ("2021년 4월에 입사했습니다.", "Mar 2021 – Present", "2021년 4월"),
    ("Worked from 2018 to 2022.", "2018-2021", "2022"),
    ("예산 2억 1천만 원을 관리했습니다.", "예산 1억 2천만 원", "2억 1천만"),
    ("월 이용자는 50만 명입니다.", "50,000 users", "50만"),
    ("He has 6 years of experience.", "Naver, 2018.03 - 2021.02", "6 years"),
    ("세 명을 멘토링했습니다.", "신입사원 2명 멘토링", "세"),
    ("She used Python and AWS.", "Python, GCP", "AWS"),
    ("She worked for Google in Berlin.", "Google, Munich", "Berlin"),
    ("부산대학교에서 공부했습니다.", "서울대학교 졸업", "부산대학교"),
    ("서울에 거주합니다.", "부산 거주", "서울"),
    ("Call 010-1234-5679.", "010-1234-5678", "01012345679"),
    ("Her e-mail is mina@example.org.", "mina@example.com", "mina@example.org"),
    ("She used Python 3.11.", "Python 3.9", "3.11"),
    ("Her GPA was 3.8.", "GPA 3.9", "3.8"),
    ("About 50,000 people used it.", "used by 41,200 people", "50,000"),
]


@pytest.mark.parametrize(("claim", "evidence"), STANDS)
def test_what_stands_in_another_form_is_let_pass(claim, evidence):
    assert missing(claim, evidence) == []


@pytest.mark.parametrize(("claim", "evidence", "fact"), NOWHERE)
def test_what_stands_nowhere_is_found(claim, evidence, fact):
    assert any(fact in text for _, text, _ in missing(claim, evidence)), missing(claim, evidence)


def test_the_phrase_says_what_the_sources_have_instead():
    assert unsupported_facts("Availability was 99.5%.", "availability of 99.95%") == [
        "99.5% stands nowhere in the sources; they say 99.95%"
    ]


def test_the_phrase_is_in_the_language_of_the_claim():
    [said] = unsupported_facts("가용성은 99.5%였습니다.", "가용성 99.95% 유지")
    assert said == "99.5%: 자료 어디에도 없습니다 (자료에는 99.95%)"


def test_what_the_question_brings_in_is_not_held_against_the_claim():
    claim, evidence = "There is no mention of Google in 2015.", "Worked at Kakao, 2019 - 2021"

    assert missing(claim, evidence, question="Did she work at Google in 2015?") == []
    assert missing(claim, evidence) != []


def test_the_subject_of_the_resume_is_known():
    claim = "The team under Amara Okafor had 5 people."

    assert missing(claim, "a team of 5 people", subject="Amara Okafor") == []
    assert missing(claim, "a team of 5 people") != []


def test_a_period_that_is_still_running_ends_today():
    held = facts("Naver, 2020.01 - present", datetime.date(2024, 1, 15))

    assert held.durations[0] == 48


def test_the_opening_word_of_a_sentence_is_no_name():
    assert missing("Managed budgets. Reviewed code. Strong communicator.", "budgets, code") == []


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("Revenue was $5M.", "Revenue $5B"),
        ("2.5M users", "2.5K users"),
        ("5K users", "5 users"),
        ("revenue of 1.2 trillion won", "revenue of 1.2 won"),
        ("월 사용자 10만 명", "월 사용자 10명"),
        ("2020년 3월에 입사", "2020년 3분기에 입사"),
        ("She led 10-99 people.", "Led 10-15 people"),
        ("서른다섯 명의 팀을 이끌었습니다.", "25명의 팀"),
        ("She uses Java.", "JavaScript, React"),
        ("He used SQL.", "MySQL"),
        ("She worked at Meta.", "Built a metadata service"),
        ("Her email is mina@example.co", "mina@example.com"),
        ("Her page is github.com/min", "github.com/mina"),
    ],
)
def test_a_thousand_times_more_or_a_part_of_a_word_is_another_fact(claim, evidence):
    assert guard.missing(claim, evidence)


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("2.5M users", "2.5 million users"),
        ("1.2 trillion won", "1.2조 원"),
        ("2020년 5명을 채용했습니다.", "2020년에 5명 채용"),
        ("on 15 March 2021", "2021-03-15"),
        ("She led 10 to 15 people.", "Led 10-15 people"),
        ("25명의 팀을 이끌었습니다.", "스물다섯 명의 팀을 이끎"),
        ("300명", "삼백 명"),
        ("one hundred and twenty users", "120 users"),
        ("100 people", "a hundred people"),
        ("She uses Node and React", "Node.js, React Native"),
        ("She knows Postgres", "PostgreSQL"),
        ("Her page is github.com/mina", "https://github.com/mina/"),
    ],
)
def test_the_same_said_otherwise_stands(claim, evidence):
    assert guard.missing(claim, evidence) == []


def test_long_texts_of_one_kind_are_read_in_a_moment():
    started = time.process_time()
    guard.facts("\n" * 20_000)
    features._ranges("0" * 20_000)
    assert time.process_time() - started < 3  # it was half a minute
