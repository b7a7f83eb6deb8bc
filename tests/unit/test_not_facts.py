"""What somebody wants, promises or signs, and who vouches for them, is no answer about the candidate."""

import pytest

from rag.not_facts import tells_no_fact
from rag.quoting import quote_answer
from rag.types import Chunk, RetrievedChunk
from tests.unit.test_quoting import Reader

GOAL = "District or multi-unit manager position with a growing retailer."
REFEREE = "Dr Anne Pell, former Head of Science, St Cuthbert's"


@pytest.mark.parametrize(
    ("question", "section", "line"),
    [
        ("has he been a district manager?", "Objective", GOAL), ("was she head of department at St Cuthberts", "References", REFEREE), ("연결결산 할 수 있나요?", "입사 후 포부", "연결결산 마감을 D+7 이내로 맞추겠습니다."),
        ("연결결산 할 수 있나요?", "자기소개서", "1년 안에 연결결산을 맞추겠습니다."), ("입사 가능일은 언제입니까?", "기타", "2025년 2월 10일 지원자 한지우 (인)"), ("경력이 사실인가요?", "", "위 기재사항은 사실과 다름이 없습니다."),
    ],
)  # fmt: skip
def test_these_lines_answer_nothing_about_what_is(question, section, line):
    assert tells_no_fact(question, section, line)


@pytest.mark.parametrize(
    ("question", "section", "line"),
    [
        ("what kind of position is he looking for?", "Objective", GOAL), ("what are his goals?", "Objective", GOAL), ("who is her referee?", "References", REFEREE), ("who was head of science?", "References", REFEREE),
        ("입사 후 포부가 뭐예요?", "입사 후 포부", "해외 법인을 맡고 싶습니다."), ("was he a store manager?", "Experience", "Store Manager, Hartwell, 2018 – now"), ("경력은?", "경력", "2019.03 ~ 현재 한빛전자 과장"), ("언제 졸업했나요?", "학력", "2015년 2월 졸업"),
    ],
)  # fmt: skip
def test_others_may(question, section, line):
    assert not tells_no_fact(question, section, line)


def test_a_reply_is_not_made_of_a_goal():
    wanted = RetrievedChunk(Chunk("d-1", "d", "d.md", "Marcus Bell", "Objective", GOAL, 0, len(GOAL)), 1, 0.9, "both")
    done = "Store Manager, Hartwell\nMay 2018 - now\n- Runs a store of 68."
    other = RetrievedChunk(Chunk("d-2", "d", "d.md", "Marcus Bell", "Employment", done, 100, 100 + len(done)), 2, 0.8, "both")
    assert quote_answer("has he been a district manager?", [wanted, other], Reader("District"), "en").declined
    assert not quote_answer("is he seeking to be a district manager?", [wanted, other], Reader("District"), "en").declined


def test_of_a_goal_no_sentence_is_made():
    wanted = RetrievedChunk(Chunk("d-1", "d", "d.md", "Marcus Bell", "Objective", GOAL, 0, len(GOAL)), 1, 0.9, "both")
    assert quote_answer("what kind of job is he looking for?", [wanted], Reader("District"), "en").bare


@pytest.mark.parametrize(
    ("question", "section", "line"),
    [
        ("Does she have ECMO certification?", "Objective", "Bilingual registered nurse with eight years in intensive care and ECMO certification, seeking a role."), ("IFRS 경험 있나요?", "자기소개서", "IFRS 도입 경험을 살려 귀사에 기여하겠습니다."),
        ("any criminal convictions?", "", "I hereby declare that I have no criminal convictions."), ("did she do ventilator research?", "Referees", "Dr. Nguyen: supervised my ventilator research"),
    ],
)  # fmt: skip
def test_what_a_wish_a_declaration_or_a_referee_says_beside_may(question, section, line):
    assert not tells_no_fact(question, section, line)
