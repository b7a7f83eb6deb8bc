"""Who somebody else in the resume is, and how to reach them; never with the candidate's own number."""

import pytest

from rag.others import about, named, with_name
from rag.types import Chunk
from tests.unit.test_durations import chunk

REFEREES = chunk(1, "- Fiona Mackay, owner, Harbour Ltd - 0131 496 0077\n- Iñaki Etxeberria, chef - inaki@example.es", "References")
CONTACT = chunk(2, "Mira Solberg\nmira@example.org\n+47 55 01 02 03", "")
KOREAN = [Chunk("d-1", "d", "d.md", "탁온유", "추천인", "이서준 교수, 온샘대학교, 042-555-0101", 0, 30)]


def told(question: str, chunks=(CONTACT, REFEREES)) -> list[str]:
    return [chunks[i].text[a:b] for i, a, b in about(question, list(chunks))]


@pytest.mark.parametrize("question", ["who is Fiona Mackay?", "And who's Fiona Mackay", "What is Fiona Mackay's number?", "how can I reach Fiona Mackay?", "phone for Fiona Mackay?", "is there a contact for Fiona Mackay"])
def test_the_line_with_the_name_is_told(question):
    assert told(question) == ["- Fiona Mackay, owner, Harbour Ltd - 0131 496 0077"]


@pytest.mark.parametrize("question", ["이서준 교수는 누구예요?", "이서준님 연락처 알려줘"])
def test_in_korean_too(question):
    assert told(question, KOREAN) == [KOREAN[0].text]


@pytest.mark.parametrize("question", ["who is Mira?", "who is she?", "who is the candidate?", "who is Bob?", "who hired Fiona Mackay?", "what is her number?", "how can I reach her?", "지원자 연락처", "이름이 뭐예요?", "담당 연락처"])
def test_the_candidate_and_other_questions_are_left_alone(question):
    assert told(question) == [] and told(question, KOREAN) == []


def test_after_who_somebody_is_her_number_is_theirs():
    assert with_name("who is Fiona Mackay?", "her number?") == "What is Fiona Mackay's number?"
    assert with_name("who is Fiona Mackay?", "how can I contact her?") == "how can I contact Fiona Mackay?"
    assert with_name("where does she work?", "her number?") == "" and with_name("who is Fiona Mackay?", "where did she study?") == ""
    assert named("who is on call?") == ""


SEVERAL = [chunk(1, "Fiona Mackay\nHead of Sales, Harbour Ltd\nfiona@example.org\n0131 496 0077", "References"), chunk(2, "- Built APIs with Fiona Mackay.\n- Led two teams.\nEngineer, Acme", "Experience"), CONTACT]


def test_the_contact_below_the_name_is_told_and_without_one_nothing_is():
    assert told("What is Fiona Mackay's email?", SEVERAL) == ["Fiona Mackay", "fiona@example.org"] and told("Fiona Mackay's number?", SEVERAL) == ["Fiona Mackay", "0131 496 0077"]
    assert told("What is Fiona Mackay's email?", SEVERAL[1:]) == []


@pytest.mark.parametrize("question", ["Acme's number", "how can I contact Acme?", "who is Led?", "who is Engineer", "면허번호 알려줘", "본사 전화번호", "고객 연락처"])
def test_what_is_no_person_is_left_alone(question):
    places = [*SEVERAL, chunk(5, "간호사 면허 2015\n본사 이전\n고객 응대와 고객 관리", "경력")]
    assert told(question, places) == []
