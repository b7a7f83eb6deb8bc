"""The candidate's own address and number: asked for by nothing else, and told by no date and nobody else's line."""

import numpy as np
import pytest

from judge.order import by_order
from rag.contacts import (
    ADDRESS,
    GITHUB,
    GPA,
    HOME,
    LINKEDIN,
    NAME,
    NUMBER,
    TWITTER,
    WEBSITE,
    asked_for,
    holds,
    line_with,
)
from rag.types import Chunk


@pytest.mark.parametrize(
    ("question", "forms"),
    [
        ("What is her email address?", (ADDRESS,)), ("e-mail?", (ADDRESS,)), ("What's Mira Halloran's email?", (ADDRESS,)), ("how can I email her?", (ADDRESS,)), ("give me his phone number please", (NUMBER,)),
        ("phone number?", (NUMBER,)), ("can i phone or mail him somewhere", (ADDRESS, NUMBER)), ("How do I reach Mira?", (ADDRESS, NUMBER)), ("contact details", (ADDRESS, NUMBER)), ("her email and phone", (ADDRESS, NUMBER)),
        ("메일 주소 좀", (ADDRESS,)), ("연락할 메일 주소 좀", (ADDRESS,)), ("이메일이 어떻게 되나요?", (ADDRESS,)), ("전화번호 알려줘", (NUMBER,)), ("연락처는?", (ADDRESS, NUMBER)), ("연락은 어떻게 하나요?", (ADDRESS, NUMBER)), ("미라 씨 연락처 알려주세요", (ADDRESS, NUMBER)),
    ],
)  # fmt: skip
def test_what_is_asked_for(question, forms):
    assert asked_for(question, "미라" if "미라" in question else "Mira Halloran") == forms


@pytest.mark.parametrize(
    "question",
    [
        "What tool did she use to send email", "Did she send email?", "how many phone numbers did she process per day", "Did she build an email address parser?", "How do you reach 40% growth?",
        "How can we reach higher throughput like she did?", "Can I call her a senior engineer?", "What contact information system did he build?", "What is her husband's email?", "What is the clinic's phone number?",
        "Ortolan's e-mail?", "what is ortolan's email", "What is her boss's email address?", "Where does she live and what is her phone number?", "how can I contact her boss", "",
        "연락처 동기화 기능을 개발했나요?", "고객 연락처를 몇 건 정리했나요?", "전화번호 인증 기능을 만들었나요?", "해외 지사와 연락은 어떻게 했나요?", "배우자 전화번호는?", "비상 연락처는?", "추천인 메일 주소는?", "Ines Ortolan 메일 주소 알려줘",
    ],
)  # fmt: skip
def test_what_only_speaks_of_them_is_a_question_like_others(question):
    assert asked_for(question, "Mira Halloran") == ()


@pytest.mark.parametrize(
    ("form", "line", "held"),
    [
        (ADDRESS, "Leith · mira@halloran.example · 0131 496 0000", True), (NUMBER, "Leith · mira@halloran.example · 0131 496 0000", True), (NUMBER, "전화: 010-1234-5678", True), (NUMBER, "+44 1632 960 417", True), (NUMBER, "(201) 555-0162", True),
        (NUMBER, "생년월일: 1990.05.12", False), (NUMBER, "Born 12-03-1990", False), (NUMBER, "2019-03-01 licence", False), (NUMBER, "1990.05.12", False), (NUMBER, "Clerk, 2013 - 2015", False), (NUMBER, "03/2019 - 05/2021", False),
        *((NUMBER, line, False) for line in ("03.2019 - 05.2021", "01.03.2019 - 31.05.2021", "2019.03. - 2021.05.", "2019. 03 - 2021. 05", "20190301-20210531", "GPA 3.85 / 4.5 (2013.03 - 2017.02)", "Served 10 000 000 users",
          "ISBN 978-0-306-40615-7", "Patent US 10123456", "주민등록번호 900512-1234567")),
        (NUMBER, "Contact No. +91 98765 43210", True), (NUMBER, "Tel No. 555 0199", True), (NUMBER, "생년월일 1990.03.21 / 연락처 010-1234-5678", True), (ADDRESS, "Preferred email: a@b.co", True),
        (ADDRESS, "Pay @ 30 an hour", False), (ADDRESS, "Referee: Ines, ines@ortolan.example", False),
    ],
)  # fmt: skip
def test_a_line_with_an_address_or_a_number(form, line, held):
    assert holds(form, line) == held


def test_what_stands_under_referees_is_theirs():
    assert not holds(ADDRESS, "Ines Ortolan, ines@ortolan.example", "References") and not holds(ADDRESS, "이네스, ines@ortolan.example", "추천인")


@pytest.mark.parametrize(
    "question",
    ["where do they live", "Where does she live now?", "where is Mira based", "What's her location?", "which city is she based in?", "location", "Mira's location?", "어디 살아?", "지원자는 어디에 거주하나요?",
     "사는 곳은 어디예요?", "거주지", "어디 사세요?", "Mira는 어디 살아?"],
)  # fmt: skip
def test_where_somebody_lives_is_asked_for(question):
    assert asked_for(question, "Mira Halloran") == (HOME,)


@pytest.mark.parametrize("question", ["Where is she from?", "Where does her boss live?", "where is the office located", "어디서 일해?", "where did she live in 2019?", "where does she work", "her address book app?", "어디 살았어?", "어디에서 살다 왔어?", "어디 사는 고객", "거주 지원금은?"])  # fmt: skip
def test_other_places_are_not(question):
    assert HOME not in asked_for(question, "Mira Halloran")


@pytest.mark.parametrize(
    ("line", "section", "first", "held"),
    [
        ("john@email.com , +1 (415) 555-0142 , San Francisco, CA , github.com/john", "", True, True),
        ("Ghent, Belgium | mail@x.be", "", True, True),
        ("Location: 123 Anybody's Guess Rd.", "Contact", False, True),
        ("Mountain View, CA 94035", "Personal Information", False, True),
        ("서울특별시 마포구", "인적 사항", False, True),
        ("tak@onyu.kr | 대전", "", True, True),
        ("Stripe, San Francisco, CA", "Experience", False, False),  # the employer's
        ("Email address: mira@x.no", "", True, False),
        ("Engineer, SRE", "", True, False), ("Jane Smith, RN", "", True, False), ("Director, HR", "", True, False),
        ("이메일 주소: a@b.kr", "", True, False), ("주소: 대전 유성구", "", True, True), ("홈페이지 주소: b.kr", "", True, False),
        ("서울 아산병원 간호사", "", True, False), ("경기 침체에도 매출을 늘린 영업 전문가", "", True, False), ("서울 마포구 월드컵로 12", "", True, True),
        ("Led a team based in Singapore and Oslo.", "", True, False), ("Clients: Toyota, Japan", "", True, False), ("Based in Oslo", "", True, True),
        ("Ida Berg, Oslo, Norway", "References", True, False),
    ],
)
def test_lines_that_tell_it(line, section, first, held):
    assert holds(HOME, line, section, first) is held


@pytest.mark.parametrize(
    ("question", "form"),
    [
        ("linkedin?", LINKEDIN), ("do you have a linkedin link", LINKEDIN), ("링크드인도", LINKEDIN), ("링크드인 주소는?", LINKEDIN), ("whats her github", GITHUB), ("깃허브 주소좀", GITHUB), ("GitHub 있어요?", GITHUB),
        ("twitter handle", TWITTER), ("website?", WEBSITE), ("블로그 있나요", WEBSITE), ("포폴 주소 좀", WEBSITE), ("his gpa", GPA), ("what is his GPA?", GPA), ("학점은?", GPA), ("what's her name again?", NAME), ("이 지원자 이름이 뭔가요?", NAME),
        ("is he based in New York?", HOME), ("does she live in Oslo", HOME),
    ],
)  # fmt: skip
def test_links_name_and_grade_have_a_form_of_their_own(question, form):
    assert asked_for(question, "") == (form,)


@pytest.mark.parametrize("question", ["github stars", "name of her employer", "학부 평점은 몇 점이었나요?", "what's the name of the project", "깃허브 별 몇 개야", "블로그 운영 경험 있어?", "Did she build the website?", "what was the name?", "what's your name", "Is he based on facts?"])
def test_questions_about_links_and_names_ask_for_no_line(question):
    assert asked_for(question, "") == ()


def test_the_first_line_that_holds_it_is_found():
    head = Chunk("d-1", "d", "d.md", "Jane Smith", "", "Jane Smith\njane@smith.example , linkedin.com/in/jane , github.com/jane\nOslo, Norway", 0, 80)
    line = lambda form: head.text[slice(*line_with(form, head, True))]
    assert line(NAME) == "Jane Smith" and line(HOME) == "Oslo, Norway" and "linkedin.com/in/jane" in line(LINKEDIN) and "github.com/jane" in line(GITHUB)
    assert line_with(GPA, head) is None and line_with(TWITTER, head) is None


def test_the_judge_knows_the_line_that_was_asked_for():
    passages, low = ["Mira Solberg\nGhent, Belgium | mira@solberg.example", "Mira Solberg – Experience\nEngineer, Acme\n2019 – 2021 | Antwerp"], np.full(2, 0.2)
    line = '"Ghent, Belgium | mira@solberg.example" [1]'
    relevant, answers = by_order("is she based in Antwerp?", line, passages, low, 0.2)
    assert relevant[0] > 0.9 and relevant[1] == 0.2 and answers > 0.9
    assert by_order("is she based in Antwerp?", '"Engineer, Acme" [2]', passages, low, 0.2)[1] == 0.2
    assert by_order("linkedin?", line, passages, low, 0.2) == (pytest.approx(low), 0.2)


@pytest.mark.parametrize(
    ("form", "line", "section", "held"),
    [
        (GPA, "- Raised the average GPA of students by 0.4", "Experience", False), (GPA, "앱스토어 평점 4.8 달성", "경력", False), (GPA, "GPA: 3.9", "Education", True), (GPA, "Grade point average: 3.9", "Education", True),
        (WEBSITE, "- Published: https://doi.org/10.1/x", "Experience", False), (WEBSITE, "https://mira.example", "Contact", True), (GITHUB, "- Maintainer of github.com/acme/tool", "Experience", False), (GITHUB, "github.com/mira", "Links", True),
        (TWITTER, "https://www.twitter.com/mira", "Contact", True), (TWITTER, "https://netflix.com/mira", "Contact", False),
    ],
)  # fmt: skip
def test_a_link_or_a_grade_stands_where_the_candidates_own_does(form, line, section, held):
    assert holds(form, line, section) is held


@pytest.mark.parametrize("question", ["is he living in the present", "is she based in reality", "does she live in a house or a flat", "is he located in the office or at home"])
def test_not_every_in_is_a_place(question):
    assert asked_for(question, "") == ()


@pytest.mark.parametrize(("question", "line", "there"), [("where's he based", "Mesa, Arizona | 480-555-0137 | d@post.example", True), ("wheres she based?", "Leeds, West Yorkshire · 07700 900321", True), ("where does he live?", "Sales, Marketing | Leeds team", False)])
def test_a_town_beside_a_number_at_the_head_is_a_home(question, line, there):
    [form] = asked_for(question, "")
    assert holds(form, line, "", first=True) is there and not holds(form, line, "Experience")


def test_a_headline_is_no_town():
    [form] = asked_for("where does she live?", "")
    assert not any(holds(form, f"{line} | e@post.example | 480-555-0137", "", first=True) for line in ("Senior Product Manager, Growth", "Registered Nurse, BSN", "Python, Java"))


@pytest.mark.parametrize("question", ["연락처랑 이메일 좀", "이메일이랑 연락처 알려줘", "contact number and email please"])
def test_who_asks_for_a_number_and_an_address_gets_both(question):
    assert set(asked_for(question, "")) == {ADDRESS, NUMBER}


@pytest.mark.parametrize(
    ("line", "there"),
    [
        ("amelia.hart@post.example | Leeds", True), ("Hamburg · h@post.example · +49 40 5550 1234", True), ("Mira Solberg · Malmö · m@post.example", True), ("14 Tanner Lane, Footscray VIC", True), ("12 Orchard Mews, Leeds LS7 2EX", True), ("Kanaalstraat 18", True), ("김하늘 · 수원 · 010-5550-1234", True), ("010-5550-1234 / 평택시 비전동", False),
        ("Designer | m@post.example", False), ("Python | m@post.example", False), ("RN | m@post.example", False), ("Leeds", False), ("Ran 40 Lane assists", False),
    ],
)  # fmt: skip
def test_a_town_without_its_region_or_a_street_at_the_head_is_a_home(line, there):
    [form] = asked_for("where does she live?", "")
    chunk = Chunk("d-0", "d", "d.md", "Mira Solberg" if "Mira" in line else "김하늘", "", line, 0, len(line))
    assert (line_with(form, chunk, first=True) is not None) is there


@pytest.mark.parametrize(("question", "forms"), [("linkedin or website?", {LINKEDIN, WEBSITE}), ("github and linkedin", {GITHUB, LINKEDIN}), ("깃허브나 홈페이지 있어요?", {GITHUB, WEBSITE}), ("linkedin or experience?", set())])
def test_who_asks_for_one_link_or_another_gets_both(question, forms):
    assert set(asked_for(question, "")) == forms


@pytest.mark.parametrize(
    ("text", "section", "line"),
    [
        ("Mira Solberg\nmira@x.no | Acme\nBased in Oslo", "", "Based in Oslo"), ("Mira Solberg\nGitHub | Portfolio | mira@x.no\nLocation: Leeds, UK", "", "Location: Leeds, UK"), ("Machine Learning | mira@x.no", "", None), ("Female | Norwegian | mira@x.no", "", None), ("Available Immediately | mira@x.no", "", None),
        ("대성정밀 | 경기도 화성시 | 과장\n2019.03 ~ 현재", "경력기술서", None), ("Acme Ltd, 12 Mill Road, Leeds\n2019 – 2021", "Employment details", None), ("Clerk, Acme Ltd, 12 Mill Road\n2019 – 2021", "CV", None),
    ],
)  # fmt: skip
def test_a_home_is_no_employers_town_and_no_other_word_with_a_capital(text, section, line):
    [form] = asked_for("where does she live?", "")
    found = line_with(form, Chunk("d-0", "d", "d.md", "Mira Solberg", section, text, 0, len(text)), first=not section)
    assert (found and text[slice(*found)]) == line
