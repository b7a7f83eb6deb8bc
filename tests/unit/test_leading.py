"""Whom somebody led: each job's lines, the team alone where a number is asked for."""

import pytest

from rag.leading import asks_leading, leading, leads_nobody
from rag.quoting import quote_answer
from tests.unit.test_durations import chunk
from tests.unit.test_quoting import Reader, retrieved

NOW = chunk(1, "Staff Engineer, Havgard Energy\nMarch 2022 – present | Bergen\n- Lead a team of 5 engineers in Bergen and 2 in Pune.\n- Managed a budget of 2 million.\n- Trained 30 colleagues in Kafka.")
BEFORE = chunk(2, "마케팅팀 팀장, 그린바스켓\n2019.06 - 2022.02\n- 마케터 6명으로 구성된 팀 리드\n- 고객 관리 120건")
FIRST = chunk(3, "Teacher of Physics, Vossen Lyceum\nSeptember 2011 to May 2019\n- Founded a club.\n- Mentored two student teachers.")
RESUME = [FIRST, NOW, BEFORE]


def told(question, resume=RESUME):
    return [resume[i].text[a:b].removeprefix("- ") for i, a, b in leading(question, resume)]


@pytest.mark.parametrize("question", ["any management experience?", "does she have leadership experience?", "Has he ever managed people?", "Did she lead a team?", "people management experience", "관리자 경험은?", "팀장 경험 있나요?", "리더십 경험 있어?", "팀을 이끈 경험이 있나요?", "팀원 관리해본 적 있나요"])
def test_all_that_says_so_is_told_job_by_job(question):
    assert asks_leading(question)
    assert told(question) == [
        "March 2022 – present | Bergen", "Lead a team of 5 engineers in Bergen and 2 in Pune.", "Trained 30 colleagues in Kafka.",
        "2019.06 - 2022.02", "마케터 6명으로 구성된 팀 리드", "September 2011 to May 2019", "Mentored two student teachers.",
    ]  # fmt: skip


@pytest.mark.parametrize("question", ["how big is her team?", "How many people does she lead?", "team size?", "how many people report to him", "팀원은 몇 명?", "팀 규모는?", "몇 명을 관리하나요?"])
def test_a_number_is_that_of_the_latest_team(question):
    assert told(question) == ["March 2022 – present | Bergen", "Lead a team of 5 engineers in Bergen and 2 in Pune."]


def test_it_is_that_of_the_job_the_question_is_put_behind_and_of_all_where_all_are_asked_for():
    assert told("마케팅팀 팀장, 그린바스켓: 팀원은 몇 명?") == ["2019.06 - 2022.02", "마케터 6명으로 구성된 팀 리드"]
    assert "마케터 6명으로 구성된 팀 리드" in told("How many people has she managed?") and len(told("How many people has she managed?")) == 4


@pytest.mark.parametrize("question", ["", "project management experience?", "how many people came to her talk?", "how big is the company?", "does she have experience?", "how many teams won?", "팀에서 뭐 했어?", "팀장 이름은?", "관리비는?"])
def test_other_questions_are_left_alone(question):
    assert not asks_leading(question) and told(question) == []


def test_where_nobody_was_led_the_reader_is_asked():
    assert told("any management experience?", [chunk(1, "Engineer, Acme\n2015 – 2018\n- Project management of 3 teams' tools.\n- Managed accounts.")]) == []


@pytest.mark.parametrize(
    "line",
    ["Worked in a team of 8", "Supervised by 2 managers", "Managed 25 projects with external consultants", "Responsible for payroll of 300 employees", "Managed a database of 3000 volunteers", "Headed a study of 120 nurses", "Led training for 200 employees", "직원 30명 급여 관리", "환자 200명 관리", "고객 300명 대상 이벤트 총괄", "10명으로 구성된 팀의 일원", "협력업체 직원 관리", "팀 리더 보조", "Supervised 4 construction sites"],
)  # fmt: skip
def test_these_lead_nobody(line):
    job = [chunk(1, f"Engineer, Acme\n2015 – 2018\n- {line}")]
    assert told("any management experience?", job) == [] and told("how many people did she manage?", job) == []


@pytest.mark.parametrize("line", ["Team size: 8", "Supervised 4 baristas", "supervising up to 14 nurses", "Shift lead, 12-person team", "70 covers, brigade of 11", "팀원 6명을 이끎", "부하직원 3명", "관리 인원: 12명", "설계팀원 5명 관리 및 도면 검도", "리뉴얼 리드 (프론트엔드 4명, 7개월)", "8명 팀을 이끌었습니다"])
def test_these_say_how_many(line):
    job = [chunk(1, f"Engineer, Acme\n2015 – 2018\n- {line}")]
    assert told("how many people did she manage?", job)[1:] == [line] == told("any management experience?", job)[1:]


def test_now_is_not_then_and_a_job_may_be_named():
    quiet = chunk(4, "Staff Engineer, Havgard Energy\nMarch 2022 – present | Bergen\n- Cut the bill.")
    assert told("How many people does she manage now?", [quiet, BEFORE]) == [] and told("how big is her current team?", [quiet, BEFORE]) == []
    for question in ("How many people did she manage at 그린바스켓?", "how big was her team at 그린바스켓?"):
        assert told(question) == ["2019.06 - 2022.02", "마케터 6명으로 구성된 팀 리드"]
    assert told("How many direct reports does she have?") == told("how big is her team?")


def test_many_jobs_and_long_lines_take_a_moment():
    import time

    jobs = "\n\n".join(f"Clerk, Acme {i}\n{1900 + i % 100}-01 – {1900 + i % 100}-11\n- Led a team of {i} clerks." for i in range(200))
    begun = time.process_time()
    leading("any management experience?", [chunk(1, jobs), chunk(2, "Engineer, Bolt\n2015 – 2018\n- " + "led " * 25_000)])
    assert time.process_time() - begun < 3


def test_the_lines_stand_under_their_jobs():
    found = retrieved(*(each.text for each in (NOW, FIRST)), section="Experience")
    answer = quote_answer("any leadership experience?", found, Reader("budget"), "en")
    assert answer.settled and "budget" not in answer.text and answer.text.startswith('"Staff Engineer, Havgard Energy · March 2022 – present | Bergen" [1]')


@pytest.mark.parametrize(
    ("line", "leads"),
    [("기획자 9명과 분석가 2명을 이끕니다.", True), ("디자이너 4명을 이끌었습니다.", True), ("신규 고객 500명 확보를 이끌었습니다.", False), ("1200명 가입을 이끌어냈습니다.", False), ("학생 30명을 이끌고 답사했습니다.", False), ("관광객 40명을 이끄는 가이드", False)],
)
def test_people_of_a_team_are_led_and_others_are_not(line, leads):
    assert bool(leading("팀원은 몇 명인가요?", [chunk(1, f"도담테크, 담당\n2022.03 – 현재\n- {line}", section="경력")])) == leads


@pytest.mark.parametrize("line", ["Tech lead of the settlements team (5 engineers), payments platform", "Line manager of 23: grave diggers and gardeners.", "백엔드 4명의 테크 리드로 일정 관리"])
def test_other_words_for_it(line):
    resume = [chunk(1, f"Staff Engineer, Havgard Energy\nMarch 2022 – present\n- {line}\n- Sorted files.")]
    assert told("has he led a team?", resume) == ["March 2022 – present", line]


def test_a_project_of_the_job_counts_once_and_dates_within_prose_are_no_job():
    own = [chunk(1, "페이온랩 (2021.03 ~ 현재) · 엔지니어\n결제 서버 전환 (2023.02 ~ 진행중)\n- 개발자 4명 리드", "경력", "강민재")]
    assert told("리더 경험 있나요?", own) == ["페이온랩 (2021.03 ~ 현재) · 엔지니어", "개발자 4명 리드"]
    prose = [chunk(1, "At Avonwick I report to the Head. During the winter of 2020–21 we ran 16 hours a day, and kept the wait short.\n- A team of 8.")]
    assert told("how many people report to him", prose) == []


def test_of_a_job_that_is_named_its_own_lines_alone_tell():
    assert told("Did she lead a team at Havgard Energy?") == ["March 2022 – present | Bergen", "Lead a team of 5 engineers in Bergen and 2 in Pune.", "Trained 30 colleagues in Kafka."]


@pytest.mark.parametrize(
    ("question", "lines", "by_title", "nobody"),
    [
        ("did she manage people at Lomax", ["Purchasing Assistant", "Raised orders."], True, True), ("did she manage people at Lomax", ["Led a team of 8 buyers."], False, False),
        ("did he manage people there", ["Category Manager, Metals"], True, False), ("did he manage people there", ["Category Manager, Metals"], False, True), ("did he manage budgets", ["Raised orders."], False, False),
        ("거기서 팀원을 관리했나요?", ["보고서 작성"], True, True), ("거기서 팀원을 관리했나요?", ["팀원 6명 관리"], False, False),
    ],
)  # fmt: skip
def test_whether_somebody_led_people_takes_a_line_that_says_so(question, lines, by_title, nobody):
    assert leads_nobody(question, lines, by_title) is nobody


@pytest.mark.parametrize(("question", "nobody"), [("팀장 경험 있나요?", True), ("any management experience?", True), ("팀 규모는?", False), ("How many people report to her now?", False), ("디자인 시스템 경험 있나요?", False)])
def test_that_nobody_was_led_is_known_of_the_plain_questions_too(question, nobody):
    assert leads_nobody(question, ["컴포넌트 48종, 3개 팀 도입"]) is nobody


def test_a_post_before_another_is_no_question_for_a_team():
    assert not leads_nobody("그린테일, CRM 마케팅팀 / 팀 리드 이전에는 어디서 일했나요?", ["2018.12 - 2021.08 루프웨어"]) and leads_nobody("팀 리드 경험 있어요?", ["2018.12 - 2021.08 루프웨어"])


def test_how_many_somebody_led_needs_a_number_of_people():
    assert leads_nobody("애드브릿지에서는 팀원 몇 명 관리했어요?", ["광고주 7곳 담당"]) and not leads_nobody("애드브릿지에서는 팀원 몇 명 관리했어요?", ["팀원 4명 관리"])


@pytest.mark.parametrize("question", ["how many people in her kitchen now", "how many engineers under her at present?", "how many cooks are in her brigade?", "직원 몇명 관리하고 있어요 지금"])
def test_a_number_in_other_words(question):
    resume = [chunk(1, "Head Chef, The Salthouse\n06/2019 – present\n- Brigade of 19, food cost 28 %.\n- Cut waste.")]
    assert told(question, resume) == ["06/2019 – present", "Brigade of 19, food cost 28 %."]


@pytest.mark.parametrize(("line", "leads"), [("Led a section of 8 soldiers.", True), ("crews up to 85 workers", True), ("As leading hand guided 8 welders", True), ("올데이다이닝, 로비라운지 총괄. 정직원 23명 + 파트타이머 15명", True), ("직영 42명, 도급 110명 관리", True), ("group of 12 stores", False), ("group of 3 hospitals", False)])
def test_more_ways_to_say_whom_somebody_led(line, leads):
    assert (told("how many people does she lead?", [chunk(1, f"Manager, Acme\n2020 – present\n- {line}")])[1:] == [line]) is leads
