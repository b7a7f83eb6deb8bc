"""Which job had to do with something is told by the lines that name it, under their jobs; what asks for something else is left alone."""

import pytest

from rag.quoting import quote_answer
from rag.usage import asks_usage, usage
from tests.unit.test_durations import chunk
from tests.unit.test_quoting import Reader, retrieved

NOW = chunk(1, "Staff Engineer, Havgard Energy\nMarch 2022 – present | Bergen\n- Moved payouts to Kafka.\n- Leads six engineers.")
BEFORE = chunk(2, "Engineer, Pellikan Logistics\n06/2019 - 02/2022\n- Kafka and Go for 340 carriers.\n- Principal bridge inspections.\n- Section engineer on the Avonmouth flood defence.")
SKILLS = chunk(3, "Java, Kubernetes, Kafka", "Skills")
PROJECTS = chunk(4, "- TrainBoard, a display for the kitchen", "Side projects")
RESUME = [SKILLS, BEFORE, NOW, PROJECTS]
KOREAN = [
    chunk(1, "페이온랩 (2021.03 ~ 현재) · 시니어 엔지니어\n정산 시스템 재구축 (2022.01 ~ 2022.11)\n- Kafka 기반으로 전환\n- 오차 37건 → 0건", "경력", "탁온유"),
    chunk(2, "모두의배달 (2018.07 ~ 2021.02) · 개발자\n사장님 앱 개발\n- PHP를 Java로 이관\n- Redis 캐시 도입", "경력", "탁온유"),
]


def told(question, chunks=RESUME):
    return [chunks[i].text[a:b].removeprefix("- ") for i, a, b in usage(question, chunks)]


BOTH = ["March 2022 – present | Bergen", "Moved payouts to Kafka.", "06/2019 - 02/2022", "Kafka and Go for 340 carriers."]


@pytest.mark.parametrize(
    ("question", "lines"),
    [
        ("which job used kafka", BOTH), ("Which of his jobs involved Kafka?", BOTH), ("where did she use Kafka?", BOTH), ("in which role did she use Kafka", BOTH),
        ("which company used Kafka", BOTH), ("which agency used Kafka", BOTH), ("which of these jobs involved bridges?", ["06/2019 - 02/2022", "Principal bridge inspections."]),
        ("tell me about the Avonmouth job", ["06/2019 - 02/2022", "Section engineer on the Avonmouth flood defence."]),
        ("tell me about the TrainBoard project", ["TrainBoard, a display for the kitchen"]),
    ],
)  # fmt: skip
def test_the_lines_that_name_it_are_told_under_their_jobs(question, lines):
    assert asks_usage(question) and told(question) == lines


@pytest.mark.parametrize(
    ("question", "lines"),
    [
        ("카프카 어디서 썼어요?", ["페이온랩 (2021.03 ~ 현재) · 시니어 엔지니어", "Kafka 기반으로 전환"]), ("Redis 캐시는 어느 회사에서 도입했나요?", ["모두의배달 (2018.07 ~ 2021.02) · 개발자", "Redis 캐시 도입"]), ("사장님앱 개발 어디서 했어요?", ["모두의배달 (2018.07 ~ 2021.02) · 개발자", "사장님 앱 개발"]), ("레디스 쓴 회사는?", ["모두의배달 (2018.07 ~ 2021.02) · 개발자", "Redis 캐시 도입"]),
        ("정산 시스템 프로젝트에 대해 알려줘", ["정산 시스템 재구축 (2022.01 ~ 2022.11)", "Kafka 기반으로 전환", "오차 37건 → 0건"]), ("사장님 앱 프로젝트 설명해줘", ["사장님 앱 개발", "PHP를 Java로 이관", "Redis 캐시 도입"]),
    ],
)  # fmt: skip
def test_in_korean_by_any_spelling_and_a_project_with_its_tasks(question, lines):
    assert told(question, KOREAN) == lines


@pytest.mark.parametrize("question", ["which job used kubernetes", "which job did she like most?", "where did she use that?", "which job involved it", "tell me about her", "where did she work?", "which jobs has she had?", "쿠버네티스 어디서 썼어요?", "어디서 썼어요?", "", "which job " + "used " * 2000])  # fmt: skip
def test_what_no_job_names_and_what_asks_for_something_else_is_left_alone(question):
    assert told(question) == [] and told(question, KOREAN) == []


def test_a_skill_alone_is_no_job_and_the_answer_is_settled():
    said = quote_answer("which job used Kafka?", retrieved("Staff Engineer, Havgard Energy\nMarch 2022 – present\n- Moved payouts to Kafka.\n- Leads six."), Reader("six"), "en")
    assert said.settled and "Kafka" in said.text and "six" not in said.text


def test_the_employer_at_which_something_was_used():
    assert told("which employer did she use Kafka at")[1] == "Moved payouts to Kafka."


@pytest.mark.parametrize(
    ("question", "line"),
    [("which job used rust?", "Robust alerting for the trust department"), ("which job used excel?", "Excellent uptime"), ("which job involved sales?", "Proposals for the salary system"), ("자바 어디서 썼어요?", "자바스크립트로 화면 개발"), ("인사 업무 어디서 했어요?", "고객 인사이트 분석")],
)
def test_a_part_of_another_word_is_not_it(question, line):
    assert told(question, [chunk(1, f"Engineer, Havgard Energy\nMarch 2022 – present\n- {line}\n- Leads six.")]) == []


def test_another_part_of_the_section_is_no_work_of_the_last_job():
    rest = [chunk(1, "Engineer, Beta Systems\n2013 – 2016\n- Wrote ETL jobs"), chunk(2, "Key projects\nInventory app (React), 2021\n- 2,000 users"), chunk(3, "Earlier career\nJava developer at a startup")]
    assert told("which job used React?", rest) == [] == told("which job used Java?", rest)


@pytest.mark.parametrize("question", ["정산 시스템 재구축 프로젝트 성과는?", "정산시스템 재구축은 어떤 프로젝트였어요?", "정산 시스템 재구축 업무 결과는 어땠나요?"])
def test_what_a_project_was_and_brought_is_told_by_its_lines(question):
    assert told(question, KOREAN) == ["정산 시스템 재구축 (2022.01 ~ 2022.11)", "Kafka 기반으로 전환", "오차 37건 → 0건"]


@pytest.mark.parametrize("question", ["이건 어떤 프로젝트였어요?", "지원자는 어떤 일이야?", "주요 프로젝트 성과는?", "what was the project about?"])
def test_that_no_project_is_named_asks_for_none(question):
    assert not asks_usage(question)


@pytest.mark.parametrize("question", ["what was the Avonmouth project about?", "What were the results of the Avonmouth scheme?"])
def test_what_a_job_was_about(question):
    assert told(question) == ["06/2019 - 02/2022", "Section engineer on the Avonmouth flood defence."]
