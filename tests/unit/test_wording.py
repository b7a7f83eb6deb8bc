"""A question without what stands around it."""

import pytest

from rag.rules import asks_rule, ruled
from rag.wording import wordings
from tests.unit.test_durations import chunk


@pytest.mark.parametrize(
    ("question", "bare"),
    [
        ("So, can you tell me how long she worked at Acme, please?", "how long did she work at Acme"),
        ("Could you tell me if she speaks German?", "does she speak German"),
        ("I'd like to know where she studied.", "where did she study"),
        ("do you know how many certificates he has?", "how many certificates does he have"),
        ("let me know whether they have led a team", "have they led a team"),
        ("I was wondering if there are any gaps", "are there any gaps"),
        ("let me know whether she has a degree", "does she have a degree"),
        ("tell me where she is working now", "where is she working now"),
        ("can you tell me what her notice period is?", "what is her notice period"),
        ("could you tell me which tools she's comfortable with", "which tools is she comfortable with"),
        ("can you tell me if he’s led anyone?", "has he led anyone"), ("do you know where they've worked", "where have they worked"), ("I wonder what they're good at", "what are they good at"),
        ("any overlapping jobs in the candidate's career?", "any overlapping jobs"),
        ("Which languages are listed on her resume?", "Which languages are listed"),
        ("the candidate, any management experience?", "any management experience"),
        ("Hi! Where does she work now?", "Where does she work now"),
        ("지원자씨 현 직장에서의 주요 성과는?", "현 직장에서의 주요 성과는"),
        ("지원자님, 관리 경험 있어?", "관리 경험 있어"),
        ("혹시 커리어 중에 공백기 있어?", "공백기 있어"),
        ("그럼 현재 직장이 어디인지 알려줘", "현재 직장이 어디"),
        ("언제부터 출근 가능하신지 이력서에 적혀 있을까요?", "언제부터 출근 가능하"),
        ("어디서 일했는지 말해 주실 수 있나요?", "어디서 일했"),
        ("몇 년 일했는지 궁금해요", "몇 년 일했"),
    ],
)
def test_what_stands_around_a_question_is_left_out_of_its_second_wording(question, bare):
    assert wordings(question) == (question, bare)


@pytest.mark.parametrize("question", ["tell me about her", "Who is she?", "지원자는요?", "몇 가지 알려줘", "마지막으로 다닌 회사는?", "추가로 일한 곳은?", "Does she know Kafka?", "What did she do next in Rome?", "please", ""])
def test_others_have_one_wording(question):
    assert wordings(question) == (question,)


JOBS = [
    chunk(1, "Clerk, Acme\n2013-09 – 2016-11\n- Cut filing time by 20 %.\n- Filed letters."),
    chunk(2, "Head Clerk, Pellikan\n2016-01 – present\n- Heads the office.\n- Cut costs by 12 %."),
]


@pytest.mark.parametrize("question", ["any overlapping jobs in the candidate's career?", "can you tell me whether any jobs overlap?", "지원자씨 겹치는 경력 있어?", "혹시 커리어 중에 겹치는 기간이 있는지 알려줘"])
def test_a_rule_knows_its_question_by_either_wording(question):
    assert asks_rule(question)
    told = ruled(question, JOBS, "en")
    assert "Clerk, Acme" in told.sentence and "11 months" in told.sentence


def test_a_name_may_stand_before_the_job_that_is_asked_for():
    for question in ("지원자씨 현 직장에서의 주요 성과는?", "So, what were her main achievements at Pellikan so far?"):
        told = ruled(question, JOBS, "ko")
        assert [JOBS[i].text[a:b] for i, a, b in told.lines[1:]] == ["- Cut costs by 12 %."]
