"""Whom somebody led: each job's lines, the team alone where a number is asked for."""

import pytest

from rag.leading import asks_leading, leading
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


def test_the_lines_stand_under_their_jobs():
    found = retrieved(*(each.text for each in (NOW, FIRST)), section="Experience")
    answer = quote_answer("any leadership experience?", found, Reader("budget"), "en")
    assert answer.settled and "budget" not in answer.text and answer.text.startswith('"Staff Engineer, Havgard Energy · March 2022 – present | Bergen" [1]')
