"""The guard finds what stands nowhere, and lets pass what stands there in another form: both matter."""

import datetime
import time

import pytest

from judge import features, guard
from judge.guard import facts, missing, unsupported_facts

STANDS = [
    ("2007년 5월에 임관해 2021년 7월 31일에 전역했습니다.", "군 경력 (2007. 5. 임관 ~ 2021. 7. 31. 전역)"),
    # differences, sums and spans of what is stated, where the claim speaks of one
    ("Six years after her bachelor's degree she got an MBA.", "BSc 2008\nMBA 2014"),
    ("There were 22 fewer false trips in 2013 than in 2006.", "False trips: 31 in 2006, 9 in 2013"),
    ("Tiobraedy and four others took first prize.", "First prize in a team of 5, 1 of them Tiobraedy"),
    ("He needs 19 more credits.", "41 of 60 credits"),
    ("학위를 받고 4년 뒤에 입사했습니다.", "2010년 학사\n2014년 입사"),
    ("Five EITs learn from her.", "mentors 5 EITs"),
    ("1억 원이 넘는 이전료를 받았습니다.", "기술이전료 1억 2천만 원"),
    ("She brought in nearly a quarter of a million pounds.", "Negotiated a £240,000 grant"),
    ("Half of a million dollars was saved.", "saved $500,000"),
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
    ("Costs were cut by 45%.", "Cut cloud costs by 30%\nReduced latency by 15%", "45%"),
    ("Revenue grew by 40%.", "Led 30 people on 10 projects", "40%"),
    ("She saved $700,000 by renegotiating contracts.", "$500,000 budget\n$200,000 grant", "700,000"),
    ("She led a team of 8 engineers, praised by her CTO.", "Mentored 3 juniors; ran 5 services", "8"),
    ("She worked at Acme for 9 years.", "Acme 2017 - 2020, Beta 2020 - 2022, BSc 2011", "9 years"),
    ("그는 후배 8명을 지도했습니다.", "3명 지도\n5개 서비스 운영", "8"),
    ("웹사이트 방문자는 800명입니다.", "회원 500명\n강의 300회", "800"),
    ("There were 25 fewer false trips in 2013 than in 2006.", "False trips: 31 in 2006, 9 in 2013", "25"),
    ("There were 22 false trips.", "False trips: 31 in 2006, 9 in 2013", "22"),  # speaks of no difference
    ("Seven years after her bachelor's degree she got an MBA.", "BSc 2008\nMBA 2014", "Seven years"),
    ("She saved 22 more days.", "cost $31 in 2006, $9 in 2013", "22"),  # of another measure
    ("2007년 6월에 임관했습니다.", "군 경력 (2007. 5. 임관 ~ 2021. 7. 31. 전역)", "2007년 6월"),
    ("It cost three quarters of a million dollars.", "a $500,000 budget", "three quarters of a million"),
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


@pytest.mark.parametrize("piece", ["0", "A", "a.", "1.", "1-", "2019.", "www.", "(1", "1,", "twenty-", "Mar 19 - ", "one and a half ", "9만 ", "가 ", "."])
def test_twenty_thousand_characters_of_anything_are_read_in_a_moment(piece):
    started = time.process_time()
    guard.facts((piece * 20_000)[:20_000])
    assert time.process_time() - started < 3  # of zeros it was 6 seconds


def test_of_a_yes_and_a_no_the_question_is_answered_in_a_moment():
    started = time.process_time()
    guard.missing("Yes," + " " * 9_000 + "Abc", "Skills", question=" " * 9_000 + "Does Abc know Def?")
    assert time.process_time() - started < 3


@pytest.mark.parametrize("text", ["정보처리기사 (2018.11.23)", "(2021-06-15)", "03.2019-02.2022", "15.06.2021"])
def test_a_date_is_no_telephone_number(text):
    held = facts(text)

    assert held.contacts == () and held.dates


def test_a_telephone_number_that_begins_like_a_date_is_one():
    assert facts("02-2012-3456").contacts == ("0220123456",)
    assert missing("전화번호는 02-2012-3457입니다.", "02-2012-3456")


STUDIES_AND_JOBS = "KAIST 2010–2014\nHanbit 2015–2018\nNaver 2018–2024"


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("정보처리기사를 2018년 11월에 취득했습니다.", "정보처리기사 (2018.11.23)"),
        ("She passed it in June 2021.", "CPA exam (2021-06-15)"),
        ("She was there from March 2019 to February 2022.", "Norrvind, 03.2019-02.2022"),
        ("She interned from June 2018 to August 2018.", "Intern, Jun – Aug 2018"),
        ("2018년 8월까지 일했습니다.", "2018년 5월 ~ 8월"),
        ("2018년 11월부터 2020년 3월까지 근무했습니다.", "18.11 ~ 20.03 한빛랩스"),
        ("She was there from March 2019 to February 2022.", "Mar 19 – Feb 22"),
        ("He joined on 15 June 2021.", "15/06/2021"),
        ("He joined on June 15, 2021.", "06/15/2021"),
        ("She has nine years of experience.", STUDIES_AND_JOBS),
        ("She was there for three and a half years.", "2018.03 – 2021.08"),
        ("1년 반 동안 근무했습니다.", "18개월 근무"),
        ("It took a year and a half.", "in 1.5 years"),
        ("She worked there for 18 months.", "a year and a half at Norrvind"),
    ],
)
def test_dates_and_lengths_stand_in_any_usual_spelling(claim, evidence):
    assert missing(claim, evidence) == []


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("She interned in June 2019.", "Intern, Jun – Aug 2018"),
        ("She interned in July 2019.", "Intern, Jun – Aug 2018"),
        ("2018년 9월까지 일했습니다.", "2018년 5월 ~ 8월"),
        ("2018년 12월부터 근무했습니다.", "18.11 ~ 20.03 한빛랩스"),
        ("She was there from March 2018.", "Mar 19 – Feb 22"),
        ("He joined on 16 June 2021.", "15/06/2021"),
        ("He joined on 15 May 2021.", "15/06/2021"),
        ("She has 20 years of experience.", STUDIES_AND_JOBS),
        ("She was there for six and a half years.", "2018.03 – 2021.08"),
        ("3년 반 동안 근무했습니다.", "18개월 근무"),
        # In the middle of a period nobody joins or leaves.
        ("She joined Norrvind in 2020.", "Norrvind, 2019 – 2022"),
        ("She left in 2021.", "Norrvind, 2019 – 2022"),
        ("She graduated in 2012.", "KAIST, 2010 – 2014"),
        ("2020년에 입사했습니다.", "한빛랩스, 2019 – 2022"),
        ("2021년에 한빛랩스를 퇴사했습니다.", "한빛랩스, 2019 – 2022"),
    ],
)
def test_another_date_or_length_is_found_in_any_usual_spelling(claim, evidence):
    assert missing(claim, evidence)


@pytest.mark.parametrize(
    "claim",
    ["She joined Norrvind in 2019.", "She left Norrvind in 2022.", "In 2020, she was at Norrvind.", "She joined Norrvind and led a team in 2020."],
)
def test_what_began_or_ended_at_the_edge_of_a_period_or_went_on_within_it_stands(claim):
    assert missing(claim, "Norrvind, 2019 – 2022") == []


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("예산은 2,500만 원입니다.", "예산 2천5백만 원"),
        ("평점은 4.5점 만점에 4.2입니다.", "평점 4.2 / 4.5 만점"),
        ("It has 1,200,000 users.", "1 200 000 users"),
        ("매출을 두 배로 늘렸습니다.", "매출 2배 증가"),
        ("매출을 두 배로 늘렸습니다.", "Doubled revenue"),
        ("Revenue grew 2x.", "Doubled revenue"),
        ("Revenue grew 4x.", "Revenue grew fourfold"),
        ("It became three times faster.", "from 900 ms to 300 ms"),
        ("세 번 수상했습니다.", "3회 수상"),
        ("The room is 3 x 4 m.", "a room of 3 x 4 m"),
        ("사흘 만에 끝냈습니다.", "3일 만에 완료"),
        ("10일 만에 끝냈습니다.", "열흘 만에 완료"),
        ("It took two days.", "이틀 만에 완료"),
        ("3개월 동안 근무했습니다.", "석 달 동안 근무"),
        ("넉 달 동안 근무했습니다.", "4개월 동안 근무"),
        ("It has 4GB of memory.", "4 GB of memory"),
        ("It has 4 GB of memory.", "4GB of memory"),
    ],
)
def test_amounts_stand_in_any_usual_spelling(claim, evidence):
    assert missing(claim, evidence) == []


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("예산은 3,500만 원입니다.", "예산 2천5백만 원"),
        ("평점은 3.2점입니다.", "평점 4.2 / 4.5 만점"),
        ("It has 2,200,000 users.", "1 200 000 users"),
        ("매출을 세 배로 늘렸습니다.", "매출 2배 증가"),
        ("매출을 3% 늘렸습니다.", "매출 3배 증가"),
        ("Volume grew by 4%.", "Volume grew 4x"),
        ("Revenue grew 3x.", "Doubled revenue"),
        ("3일 만에 끝냈습니다.", "나흘 만에 완료"),
        ("이틀 만에 끝냈습니다.", "2주 만에 완료"),
        ("석 달 동안 근무했습니다.", "4개월 동안 근무"),
        ("It has 8 GB of memory.", "4GB of memory"),
    ],
)
def test_another_amount_is_found_in_any_usual_spelling(claim, evidence):
    assert missing(claim, evidence)


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("She holds a B.Sc. in Physics.", "Bachelor of Science in Physics"),
        ("She has a Bachelor of Science in Physics.", "B.Sc. in Physics, 2014"),
        ("She works in NLP.", "research in natural language processing"),
        ("She uses React.js.", "React, Vue"),
        ("She uses React.", "React.js, Vue"),
        ("She lived in Zürich.", "Zurich"),
        ("She lived in Zurich.", "Zürich"),
        ("연세대학교를 졸업했습니다.", "연세대 졸업"),
        ("KB국민은행에서 일했습니다.", "국민은행 근무"),
        ("국민은행에서 일했습니다.", "KB국민은행 근무"),
        ("She writes Golang.", "Go, Python"),
        ("She writes Go.", "Golang, Python"),
        ("She uses VS Code.", "VSCode, Vim"),
        ("She uses Power BI.", "PowerBI dashboards"),
        ("She knows JavaScript (ES6).", "JavaScript ES6+"),
    ],
)
def test_names_stand_in_any_usual_spelling(claim, evidence):
    assert missing(claim, evidence) == []


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("She works in NLP.", "research in natural logic theory"),
        ("She uses Vue.js.", "React"),
        ("She lived in Geneva.", "Zürich"),
        ("고려대학교를 졸업했습니다.", "연세대 졸업"),
        ("LG전자에서 일했습니다.", "삼성전자 근무"),
        ("SK텔레콤에서 일했습니다.", "LG텔레콤 근무"),
        ("She writes Golang.", "Rust, Python"),
        ("She uses VS Code.", "Eclipse, Vim"),
        ("She knows JavaScript (ES8).", "JavaScript ES6+"),
    ],
)
def test_another_name_is_found_in_any_usual_spelling(claim, evidence):
    assert missing(claim, evidence)


def test_what_a_yes_affirms_has_to_stand_there():
    question = "Does she know Kubernetes?"

    assert missing("Yes, she knows Kubernetes.", "Skills: Python", question=question)
    assert missing("Yes, she knows Kubernetes.", "Skills: Kubernetes", question=question) == []
    assert missing("No, she does not know Kubernetes.", "Skills: Python", question=question) == []
    assert missing("Yes, Mina Park knows Python.", "Skills: Python", question="Does Mina Park know Python?") == []


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("He led half a dozen people.", "6 people"),
        ("He led two dozen staff.", "24 staff"),
        ("A dozen people worked for her.", "12 people"),
        ("Several dozen staff reported to him.", "24 staff"),
        ("She saved nearly half a million dollars.", "saved $480k"),
        ("백만 명이 사용합니다.", "100만 명"),
        ("삼백만 원을 절약했습니다.", "300만 원 절약"),
        ("십여 년간 사용했습니다.", "10년간 사용"),
        ("10여 년간 근무했습니다.", "2012.03 ~ 2022.05 한빛"),
        ("It fell from 72 to 36 hours.", "fell from 3 days to 36 hours"),
        ("She earned US$2,000.", "2000 USD"),
        # A share, said in parts
        ("Two thirds of users stayed.", "67% of users stayed"),
        ("비용의 3분의 2를 줄였습니다.", "비용 66% 절감"),
        ("응답 시간을 4분의 1로 줄였습니다.", "800ms에서 200ms로 단축"),
        ("Revenue grew by 100%.", "Doubled revenue"),
        ("매출이 100% 늘었습니다.", "매출 2배 성장"),
        # What a bound speaks of may be more or less
        ("She migrated over a million accounts.", "Migrated 1.2 million accounts"),
        ("At least 5 people reported to her.", "6 people"),
        ("She was paid less than $50,000.", "salary of $48,000"),
        ("직원 30여 명을 교육했습니다.", "직원 32명 교육"),
        ("20명이 넘는 직원을 이끌었습니다.", "직원 24명"),
        ("50명 이하의 팀입니다.", "팀원 42명"),
    ],
)
def test_shares_dozens_and_bounds_stand(claim, evidence):
    assert missing(claim, evidence) == []


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("He led two dozen staff.", "34 staff"),
        ("He led a dozen.", "24 staff"),
        ("She saved half a million dollars.", "saved $5 million"),
        ("백만 명이 사용합니다.", "10만 명"),
        ("삼백만 원을 절약했습니다.", "30만 원 절약"),
        ("이십여 년간 사용했습니다.", "십여 년간 사용"),
        ("20여 년간 근무했습니다.", "2012.03 ~ 2022.05 한빛"),
        ("It fell from 72 to 36 hours.", "fell from 2 days to 36 hours"),
        ("Two thirds of users stayed.", "40% of users stayed"),
        ("응답 시간을 3분의 1로 줄였습니다.", "800ms에서 200ms로 단축"),
        ("Revenue grew by 200%.", "Doubled revenue"),
        ("매출이 100% 늘었습니다.", "매출 3배 성장"),
        ("She migrated over two million accounts.", "Migrated 1.2 million accounts"),
        ("She migrated more than 100 accounts.", "Migrated 1.2 million accounts"),
        ("More than 10 years.", "9 years, 12 accounts"),
        ("No more than 5 people reported to her.", "6 people"),
        ("20명 이하의 직원을 이끌었습니다.", "직원 24명"),
        ("He has 42 staff.", "about 40 staff"),  # the sources do not know it so well
    ],
)
def test_another_share_dozen_or_bound_is_found(claim, evidence):
    assert missing(claim, evidence)


TWO_JOBS = "Acme, Mar 2019 – present\nBeta, 2015 – Feb 2019"


@pytest.mark.parametrize(
    "claim",
    ["She was at Acme from 2018 to 2019.",
     "Since 2020 she has led it.", "2018년부터 근무했습니다.", "She was there until 2017.", "Beta (2016–2019)"],
)  # fmt: skip
def test_where_a_claim_begins_or_ends_a_period_the_sources_have_to(claim):
    assert missing(claim, TWO_JOBS)


@pytest.mark.parametrize(
    "claim",
    ["She was at Beta from 2015 to 2019.", "Since 2019 she has led it.",
     "2019년부터 근무했습니다.", "Between 2016 and 2018 she was at Beta.", "In 2020 she led it.",
     "Beta (2015–2019)", "She was there from 2015."],
)  # fmt: skip
def test_a_period_may_begin_and_end_with_theirs_and_a_year_within_one_may_be_named(claim):
    assert missing(claim, TWO_JOBS) == []


def test_the_nearest_fact_is_shown_as_it_is_written():
    assert missing("She left Acme in 2021.", "Acme, Mar 2019 – Feb 2022") == [("date", "2021", "Feb 2022")]
    assert missing("She published 14 papers.", "Published 4 papers; 1 under review") == [("count", "14", "4")]


@pytest.mark.parametrize(
    ("claim", "kind"),
    [
        ("She led seven people.", "count"), ("It took her nine days.", "count"), ("팀원 7명을 이끌었습니다.", "count"),
        ("She led 31 people.", "number"), ("She saved 7 %.", "number"), ("She earned $7.", "number"), ("Her grade was 1.7.", "number"),
        ("The pipe was 7 km long.", "number"), ("She saved 7 million.", "number"), ("비용을 7억 원 줄였습니다.", "number"),
    ],
)  # fmt: skip
def test_what_may_have_been_counted_is_told_from_other_numbers(claim, kind):
    assert [found[0] for found in missing(claim, "She led people and 비용을 줄였습니다.")] == [kind]
