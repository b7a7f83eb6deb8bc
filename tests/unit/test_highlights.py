"""What speaks for the candidate: strengths, results with figures and awards, quoted; whether to take somebody is still declined."""

import numpy as np
import pytest

from judge.order import by_order
from judge.service import passage_of
from rag.documents import read_document_bytes
from rag.highlights import asks_highlights, highlights, is_result
from rag.index import Index
from rag.prompt import wants_verdict
from rag.quoting import quote_answer
from rag.retrieval import Retriever
from tests.unit.test_durations import chunk
from tests.unit.test_quoting import Reader
from tests.unit.test_retrieval import LIMITS, Flat

NOW = chunk(1, "Staff Engineer, Havgard Energy\nMarch 2022 – present | Bergen\n- Runs the metering team.\n- Cut the monthly bill from 212,000 to 146,000 euros.")
BEFORE = chunk(2, "Engineer, Pellikan Logistics\n06/2019 - 02/2022\n- Used Kafka 2.4 on 12 servers.\n- Raised availability to 99.9%.")
PRIZES = chunk(3, "- Second prize, Oslo Hackathon, 2019\nA prize for the best team of forty.", "Awards")
SUMMARY = chunk(4, "Calm engineer who likes plain tools.", "Summary")
RESUME = [SUMMARY, BEFORE, NOW, PRIZES]


def told(chunks) -> list[str]:
    return [chunks[i].text[a:b].removeprefix("- ") for i, a, b in highlights(chunks)]


@pytest.mark.parametrize(
    "question",
    [
        "why should we hire her?", "Why hire him", "why should I hire him as exec chef?", "What are her strengths?", "strengths?", "what is his biggest achievement", "top 3 achievements", "what makes her stand out?", "what sets him apart from other candidates",
        "What has she achieved so far?", "give me a reason to hire her", "강점이 뭐예요?", "가장 큰 성과는 뭔가요?", "주요 성과 알려줘", "왜 뽑아야 해?", "채용해야 하는 이유가 뭐야?", "장점 세 가지만 말해줘", "이분 내세울 만한 점이 있나요?",
    ],
)  # fmt: skip
def test_what_speaks_for_the_candidate_is_asked_for(question):
    assert asks_highlights(question) and not wants_verdict(question)


@pytest.mark.parametrize(
    "question",
    ["", "results", "why should we take this job", "what did she achieve at Acme", "biggest achievement at Acme", "should we hire her?", "strengths of Kafka", "why did she leave", "강점 분석은 누가 했나요", "성과급 얼마", "어떤 성과로 상을 받았나요"],
)
def test_other_questions_are_left_alone(question):
    assert not asks_highlights(question)


def test_results_of_the_latest_job_come_first_and_the_awards_last_without_what_explains_them():
    assert told(RESUME) == ["Cut the monthly bill from 212,000 to 146,000 euros.", "Raised availability to 99.9%.", "Second prize, Oslo Hackathon, 2019"]


def test_a_section_of_strengths_goes_first_and_where_there_is_nothing_the_summary_speaks():
    strengths = chunk(9, "- Explains hard things plainly to anybody.", "Key strengths")
    assert told([*RESUME, strengths])[0] == "Explains hard things plainly to anybody."
    quiet = chunk(1, "Engineer, Havgard Energy\nMarch 2022 – present\n- Runs the metering team of the city.")
    assert told([quiet, chunk(4, "Calm engineer who likes plain tools. Reads widely in three languages.", "Summary")])[0].startswith("Calm engineer")
    assert told([]) == [] and told([PRIZES]) == []


TEXT = """Mira Solberg

Experience

Staff Engineer, Havgard Energy
March 2022 – present | Bergen
- Runs the metering team.
- Cut the monthly bill from 212,000 to 146,000 euros.

Engineer, Pellikan Logistics
06/2019 - 02/2022
- Raised availability to 99.9% in a year.
"""


def test_they_are_quoted_under_their_jobs_as_what_the_resume_puts_forward(tmp_path):
    index = Index.open(tmp_path, Flat())
    index.add([read_document_bytes(TEXT.encode(), "a.txt", LIMITS)])
    found = Retriever(index, Flat(), Reader("metering")).search("Why should we hire Mira?", 4)
    said = quote_answer("Why should we hire Mira?", found, Reader("metering"), "en", resume=index.chunks)
    assert said.put_forward and not said.declined and "metering" not in said.text
    places = [said.text.index(line) for line in ("Staff Engineer, Havgard", "146,000", "Engineer, Pellikan", "99.9%")]
    assert places == sorted(places)


def test_the_judge_takes_them_for_an_answer_and_nothing_less():
    passages = [passage_of(each) for each in RESUME]
    whole = "\n".join(f'"{line}" [1]' for line in told(RESUME))
    relevant, answers = by_order("Why should we hire her?", whole, passages, np.full(4, 0.1), 0.001)
    assert answers >= 0.9 and relevant[1] > 0.9 and relevant[0] == pytest.approx(0.1)
    assert by_order("Why should we hire her?", "She is calm [1].", passages, np.full(4, 0.1), 0.001)[1] == 0.001


@pytest.mark.parametrize("line", ["- 로딩 시간 5.2초 → 1.8초", "- 결제 전환율 4.1%p 상승", "- 응답 시간 p99 900ms에서 180ms로 개선", "- Reading lead: scores up 14 points", "- Complaints fell by 12 %"])
def test_a_result_is_said_by_a_rise_a_fall_or_an_arrow(line):
    resume = [chunk(1, f"Clerk, Acme\n2019 – 2021\n{line}\n- Filed all that came in from the customers.\n- Won 30 % more orders than before.", "Experience")]
    assert is_result(line) and line in [resume[i].text[a:b] for i, a, b in highlights(resume)]


def test_a_list_of_tools_is_no_result():
    assert not is_result("- React, TypeScript, React Query") and not is_result("- 컴포넌트 개발")
