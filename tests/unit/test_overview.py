"""Who this is: name, summary, latest job and studies, as they stand in the resume; nothing of what others say."""

import time

import numpy as np
import pytest

from rag.documents import read_document_bytes
from rag.index import Index
from rag.overview import asks_overview, overview
from rag.quoting import quote_answer
from rag.retrieval import Retriever
from rag.types import Chunk
from tests.unit.test_quoting import Reader
from tests.unit.test_retrieval import LIMITS, Flat


@pytest.mark.parametrize(
    "question",
    [
        "Tell me about this person", "tell me about her", "Tell me a bit about the candidate, please.", "Tell me about yourself", "Who is this?", "who is she",
        "Introduce the candidate", "Please introduce yourself.", "Summarize her resume", "Can you summarise the CV?", "Give me a short summary", "give me a 2 line summary of this guy", "a two-sentence summary of her please", "A quick overview of the candidate please",
        "What's her background?", "Hi, who is the candidate?", "what kind of person is he?", "describe him in one sentence", "Tell me about the candidate's career".replace("the candidate's", "her"),
        "이 사람 소개해줘", "지원자를 소개해 주세요", "자기소개 부탁드려요", "자기소개 해줘", "간단히 소개해줘", "이력서 요약해줘", "이력서를 한 줄로 요약해 줘", "어떤 사람이야?", "이분은 어떤 분인가요?",
        "give me the 30 sec version of this guy", "tl;dr", "the gist", "quick rundown of her", "this candidate in a nutshell", "이 지원자 한두문장으로 요약해주세요", "두세 줄로 요약해줘",
        "누구야?", "지원자는 누구인가요?", "지원자에 대해 설명해줘",
    ],
)  # fmt: skip
def test_questions_for_the_person_as_a_whole(question):
    assert asks_overview(question)


@pytest.mark.parametrize(
    "question",
    [
        "Tell me about her time at Acme", "Who is her boss?", "Who is the candidate's reference?", "Summarize her work at Delta", "Tell me about the Kafka project", "Tell me about yourself and your salary",
        "What is her background in physics?", "who was her supervisor", "Who is Anna?", "profile picture?", "summary of the thesis?", "Introduce the candidate to Kafka", "Is this person a nurse?", "which version of Java?", "a quick version control question", "the gist of the thesis",
        "지도교수는 누구야?", "같이 일한 사람은 누구인가요?", "논문 요약해줘", "한빛에서 한 일을 설명해줘", "어떤 일을 했어?", "소개팅 앱을 만든 적 있어?", "이 사람 연봉은?", "설명해줘", "좀 설명해줘", "", "?", "이 사람",
    ],
)  # fmt: skip
def test_other_questions_are_left_alone(question):
    assert not asks_overview(question)


def test_long_questions_are_told_quickly():
    began = time.perf_counter()
    for piece in ("tell me about ", "please ", "hi, ", "이 사람 ", "소개 좀 ", "좀 ", "부탁", "소개부탁", "간단히 ", "short brief ", "in brief ", " "):
        asks_overview((piece * 2000)[:2000])
    assert time.perf_counter() - began < 20


RESUME = """Mira Solberg
Staff Engineer
Bergen | mira@solberg.example | +47 99 88 77 66

Summary
Engineer for energy data. Ten years of pipelines. Likes short meetings.

Experience
Engineer, Pellikan Logistics
June 2019 - February 2022
- Built the event platform.

Staff Engineer, Havgard Energy
March 2022 – present
- Cut the bill to 146,000.

Education
MSc Physics, University of Oslo
2014 – 2016

References
Mira is one in a million, says Ida Berg.
"""
SAID = ("Mira Solberg", "Staff Engineer", "Engineer for energy data", "March 2022 – present", "MSc Physics")


def chunks(text: str, name: str = "cv.txt") -> list[Chunk]:
    from rag.chunking import chunk_document

    return list(chunk_document(read_document_bytes(text.encode(), name, LIMITS)))


def test_the_lines_that_say_who_this_is_come_in_order_and_no_reference_is_among_them():
    made = chunks(RESUME)
    told = "\n".join(made[i].text[a:b] for i, a, b in overview("who is this?", made))
    places = [told.index(part) for part in SAID]
    assert places == sorted(places)
    assert not any(word in told for word in ("mira@", "+47", "Ida", "event platform"))
    assert overview("who is this?", [*made, *chunks("Jan Mulder\n\nExperience\nClerk\n2001 – 2003\n")]) == []


def test_without_summary_dates_or_studies_there_is_still_an_answer():
    made = chunks("Jane Smith\nData Analyst\n\nExperience\n- Analyzed large datasets\n- Created dashboards\n\nSkills\nPython, SQL\n")
    assert [made[i].text[a:b].lstrip("- ") for i, a, b in overview("who is this?", made)] == ["Jane Smith", "Data Analyst", "Analyzed large datasets"]


def retriever(path, *texts: str) -> Retriever:
    index = Index.open(path, Flat())
    index.add(read_document_bytes(text.encode(), f"{i}.txt", LIMITS) for i, text in enumerate(texts))
    return Retriever(index, Flat(), Reader("million"))


@pytest.mark.parametrize(("question", "language"), [("Tell me about Mira", "en"), ("who is she?", "en"), ("Mira Solberg 소개해줘", "ko")])
def test_the_passages_that_hold_them_are_found_and_quoted(tmp_path, question, language):
    found = retriever(tmp_path, RESUME).search(question, 2)
    assert [each.rank for each in found] == list(range(1, len(found) + 1)) and len(found) > 2
    assert all(each.p_answers is not None and np.isfinite(each.score) for each in found)
    answer = quote_answer(question, found, Reader("million"), language)
    places = [answer.text.index(part) for part in SAID]
    assert places == sorted(places) and "million" not in answer.text
    assert answer.settled and answer.bare and not answer.declined


def test_of_two_people_the_named_one_is_introduced_and_nobody_where_none_is_named(tmp_path):
    both = retriever(tmp_path, RESUME, "Jan Mulder\nClerk\n\nSummary\nSorts files well.\n\nExperience\nClerk, Delta\n2001 – 2003\n- Sorted 400 files.\n")
    assert {each.chunk.subject for each in both.search("Tell me about Jan", 4)} == {"Jan Mulder"}
    assert len(both.search("Tell me about this person", 2)) <= 2


def test_all_jobs_are_found_where_all_experience_is_asked_for(tmp_path):
    found = retriever(tmp_path, RESUME).search("How many years of experience does Mira have?", 1)
    assert "About" in quote_answer("How many years of experience does Mira have?", found, Reader("million"), "en").text
    assert {"Havgard", "Pellikan"} <= {word.strip(",") for each in found for word in each.chunk.text.split()}


@pytest.mark.parametrize("question", ["summarize her in one sentence", "Introduce the candidate in a sentence", "summarize this candidate in 1 sentence", "한 줄로 소개해줘", "한줄로 요약해 주세요"])
def test_in_one_sentence_the_name_and_the_first_of_the_summary_are_told(question):
    made = chunks(RESUME)
    assert asks_overview(question)
    assert [made[i].text[a:b] for i, a, b in overview(question, made)] == ["Mira Solberg", "Engineer for energy data."]
    without = chunks(RESUME.replace("Summary\nEngineer for energy data. Ten years of pipelines. Likes short meetings.\n", ""))
    assert [without[i].text[a:b] for i, a, b in overview(question, without)] == ["Mira Solberg", "March 2022 – present"]


def test_the_sentence_below_the_name_is_taken_before_a_list_or_an_essay_and_no_wish_for_a_trade():
    made = chunks("이서윤\n\n퍼포먼스 마케터 · 그로스 마케팅 팀장\n데이터로 예산을 쓰고, 숫자로 설명하는 11년차 마케터입니다. 모두 경험했습니다.\n희망연봉: 7,800만원\n\n핵심 역량\n- Meta Ads, Google Ads, 네이버 검색광고\n- GA4, Amplitude, AppsFlyer, Braze CRM\n\n경력\n온담뷰티 팀장 2022.03 – 재직중\n- 팀원 6명 관리\n")
    told = [made[i].text[a:b] for i, a, b in overview("한 줄로 소개해줘", made)]
    assert told[0] == "이서윤" and told[1].startswith("데이터로 예산을 쓰고") and len(told) == 2
    whole = "\n".join(made[i].text[a:b] for i, a, b in overview("누구야?", made))
    assert "희망연봉" not in whole and "Meta Ads" not in whole and "그로스 마케팅 팀장" in whole


@pytest.mark.parametrize("question", ["Sum her up in one sentence", "sum up this candidate", "Sum this candidate up"])
def test_summing_up_is_asking_who_it_is(question):
    assert asks_overview(question)
