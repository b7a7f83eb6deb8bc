"""What somebody did in a job: all that stands under its heading, and nothing of another job."""

import numpy as np
import pytest

from judge.order import by_order
from judge.service import passage_of
from rag.documents import read_document_bytes
from rag.index import Index
from rag.meant import meant
from rag.quoting import quote_answer
from rag.retrieval import Retriever
from rag.tasks import asks_tasks, tasks
from tests.unit.test_durations import chunk
from tests.unit.test_quoting import Reader
from tests.unit.test_retrieval import LIMITS, Flat

NOW = chunk(1, "Staff Engineer, Havgard Energy\nMarch 2022 – present | Bergen\n- Leads six engineers.\n- Cut the bill.\n- Wrote the handbook.")
BEFORE = chunk(2, "Engineer, Pellikan Logistics\n06/2019 - 02/2022\n- Built the event platform.\n- Taught four juniors.\n\nClerk, Vossen Trade\n2015 – 2018\n- Filed papers.\n- Sent letters.")
RESUME = [BEFORE, NOW]
KOREAN = [chunk(1, "메디온결, 데이터분석팀장\n2023년 4월 – 현재 | 대전\n- 분석가 4명을 이끎\n- 보고서를 자동화", "경력", "탁온유"), chunk(2, "한누리의료원, 간호사\n2014년 3월 – 2020년 2월\n- 3교대 근무\n- 신규 간호사 교육", "경력", "탁온유")]


def told(question: str, chunks=RESUME) -> list[str]:
    return [chunks[i].text[a:b].removeprefix("- ") for i, a, b in tasks(question, chunks)]


@pytest.mark.parametrize(
    ("question", "last"),
    [
        ("what did she do at Pellikan?", "Taught four juniors."), ("What did she do at Vossen Trade?", "Sent letters."), ("responsibilities?", "Wrote the handbook."), ("what are the candidate's responsibilities?", "Wrote the handbook."), ("what are his main responsibilities?", "Wrote the handbook."),
        ("what were her duties at Pellikan Logistics", "Taught four juniors."), ("Engineer, Pellikan Logistics: what did she do there?", "Taught four juniors."), ("what does he do in his current role?", "Wrote the handbook."), ("describe her work at Havgard", "Wrote the handbook."),
    ],
)  # fmt: skip
def test_all_of_the_job_is_told(question, last):
    assert asks_tasks(question) and told(question)[-1] == last and len(told(question)) >= 3


@pytest.mark.parametrize(
    ("question", "last"),
    [("한누리의료원에서 뭐 했어요?", "신규 간호사 교육"), ("한누리의료원에서 주로 어떤 일을 했나요?", "신규 간호사 교육"), ("담당 업무가 뭐예요?", "보고서를 자동화"), ("메디온결에서 맡은 업무는?", "보고서를 자동화"), ("주요 업무는?", "보고서를 자동화"), ("한누리의료원에서 한 일 요약좀", "신규 간호사 교육"), ("한누리의료원 시절 맡았던 업무가 궁금합니다", "신규 간호사 교육")],
)
def test_in_korean_too(question, last):
    assert told(question, KOREAN)[-1] == last


@pytest.mark.parametrize(
    "question",
    [
        "", "what did she do in 2015", "what did she do with Kafka at Pellikan", "what did she do at Pellikan with Kafka", "what did she do before Pellikan", "what does she do for fun", "what did she do at Acme", "what was his role in the project",
        "업무 자동화 경험 있어?", "한누리의료원에서 무슨 일로 상을 받았나요?", "what did she do there?", "거기서 뭐 했어요?",
    ],
)  # fmt: skip
def test_what_asks_for_less_or_something_else_is_left_to_the_reader(question):
    assert told(question) == [] and told(question, KOREAN) == []


def test_a_long_entry_goes_on_in_the_passages_under_its_heading():
    more = chunk(3, "- Spoke at a fair.\n- Hired two.", "Experience › Staff Engineer, Havgard Energy · March 2022 – present | Bergen")
    assert told("responsibilities?", [*RESUME, more])[-1] == "Hired two."


def test_they_are_quoted_under_the_heading_and_the_judge_takes_all_of_them_for_an_answer(tmp_path):
    text = "Mira Solberg\n\nExperience\n\nStaff Engineer, Havgard Energy\nMarch 2022 – present | Bergen\n- Leads six engineers.\n- Cut the bill.\n- Wrote the handbook.\n\nEngineer, Pellikan Logistics\n06/2019 - 02/2022\n- Built the event platform.\n"
    index = Index.open(tmp_path, Flat())
    index.add([read_document_bytes(text.encode(), "a.txt", LIMITS)])
    question = "What does Mira do at Havgard Energy?"
    found = Retriever(index, Flat(), Reader("bill")).search(question, 2)
    said = quote_answer(question, found, Reader("bill"), "en", resume=index.chunks)
    assert said.settled and [line.split('"')[1] for line in said.text.split("\n")] == [
        "Staff Engineer, Havgard Energy · March 2022 – present | Bergen", "Leads six engineers.", "Cut the bill.", "Wrote the handbook."
    ]  # fmt: skip
    passages = [passage_of(each) for each in RESUME]
    part = said.text.rpartition("\n")[0]
    assert by_order(question, said.text, passages, np.full(2, 0.1), 0.1)[1] > 0.9 > by_order(question, part, passages, np.full(2, 0.1), 0.1)[1]


def test_words_are_whole_words_of_the_heading_and_not_of_its_dates():
    job = [chunk(1, "Maintenance Engineer, Acme Ltd, Twickenham\nJanuary 2015 – present\n- Kept things running.\n- Wrote plans.")]
    assert told("What did she do at Acme?", job)
    for question in ("What did she do with Java at Acme?", "What did she do at Acme with AI?", "What did she do at Acme for the team?", "What did she do at Acme in 2020?", "What did she do at Acme in May?"):
        assert told(question, job) == []


def test_a_job_without_dates_is_left_to_the_reader_and_posts_below_one_employer_are_told_one_after_the_other():
    undated = [chunk(1, "Senior Engineer, Acme Ltd\n- Leads.\n- Builds."), chunk(2, "Freelance photographer\nMarch 2019 – present\n- Weddings.\n- Portraits.")]
    assert told("what are her responsibilities?", undated) == []
    posts = [chunk(1, "Acme Ltd, London\nSenior Engineer  January 2019 – present\n- Led six.\n- Hired.\n\nEngineer  January 2016 – December 2018\n- Built.\n- Tested.")]
    assert told("What did she do at Acme?", posts) == ["Senior Engineer  January 2019 – present", "Led six.", "Hired.", "Engineer  January 2016 – December 2018", "Built.", "Tested."]


FORM = [
    chunk(1, "기간 | 회사명 | 부서 / 직급 | 담당업무\n2020.09 ~ 재직중 | 대성정밀㈜ | 재경팀 / 과장 | 연결결산\n2016.02 ~ 2020.06 | ㈜한빛물류 | 회계팀 / 대리 | 월 결산", "경력사항", "박정훈"),
    chunk(2, "대성정밀㈜ (자동차 부품 제조)\n- 결산 기간을 12일에서 7일로 단축\n- 외부감사 대응\n㈜한빛물류 (3PL)\n- 미수채권 회수\n- 결산 표준화", "경력기술서", "박정훈"),
]


def test_what_a_section_of_details_says_under_the_employer_belongs_to_the_row_of_a_form():
    assert told("대성정밀에서 무슨 일 했어요?", FORM)[1:] == ["결산 기간을 12일에서 7일로 단축", "외부감사 대응"]
    assert told("한빛물류에서 뭐 했어요?", FORM)[1:] == ["미수채권 회수", "결산 표준화"]


@pytest.mark.parametrize(
    ("question", "chunks", "row"),
    [("언제 입사했어요?", FORM, "2020.09 ~ 재직중"), ("한빛물류는 언제 입사했어요?", FORM, "2016.02 ~ 2020.06"), ("when did she join Pellikan?", RESUME, "06/2019"), ("When did she leave Vossen Trade?", RESUME, "2015 – 2018"), ("when did he start?", RESUME, "March 2022")],
)
def test_when_somebody_joined_is_told_by_the_dates_of_the_job(question, chunks, row):
    assert len(told(question, chunks)) == 1 and row in told(question, chunks)[0]


@pytest.mark.parametrize("question", ["when did she start learning German?", "when did she join the union?", "언제 입사 가능해요?", "when can she start?"])
def test_other_times_are_left_alone(question):
    assert told(question) == [] and told(question, FORM) == []


def test_a_task_with_dates_of_its_own_belongs_to_its_job():
    job = chunk(1, "2017.05 ~ 2021.12 | 분당새봄병원 외과중환자실 | 간호사\n- 심장 수술 후 환자간호\n- 2020.03~2020.09 코로나19 전담병동 파견\n- 욕창예방 프로토콜 개정 참여\n\n2015.02 ~ 2016.10 | 다온종합병원 응급실 | 간호사\n- KTAS 중증도 분류 담당\n- 일 평균 90명")
    assert [job.text[a:b] for _, a, b in tasks("분당새봄병원에서 무슨 일을 했나요?", [job])][1:] == ["- 심장 수술 후 환자간호", "- 2020.03~2020.09 코로나19 전담병동 파견", "- 욕창예방 프로토콜 개정 참여"]


@pytest.mark.parametrize("question", ["현재 직장에서 맡은 일은?", "지금 회사에서 뭐해요?", "지금 다니는 직장에서 무슨 일 하나요?"])
def test_the_present_job_needs_no_name(question):
    now = chunk(1, "Havgard Energy, Bergen\nMarch 2022 – present\n- Cut the bill.\n- Wrote the rota.")
    assert len(tasks(question, [now, chunk(2, "Pellikan Logistics, Oslo\n06/2019 - 02/2022\n- Built the platform.\n- Ran it.")])) == 3


@pytest.mark.parametrize("question", ["What about Pellikan?", "And Pellikan Logistics?", "how about Oslo?", "tell me about Pellikan Logistics", "tell me more about the job at Pellikan"])
def test_a_job_by_its_name_alone(question):
    jobs = [chunk(1, "Havgard Energy, Bergen\nMarch 2022 – present\n- Cut the bill.\n- Wrote the rota."), chunk(2, "Pellikan Logistics, Oslo\n06/2019 - 02/2022\n- Built the platform.\n- Ran it.")]
    assert [jobs[i].text[a:b] for i, a, b in tasks(question, jobs)][1:] == ["- Built the platform.", "- Ran it."]
    assert tasks("What about Kafka?", jobs) == []


RESULTS = [
    chunk(1, "Havgard Energy, Bergen\nMarch 2022 – present\n- Cut the bill by 30 %.\n- Writes the rota.\n- Won the Bergen Energy Award."),
    chunk(2, "Pellikan Logistics, Oslo\n06/2019 - 02/2022\n- 서버 비용 30% 절감\n- 회의 준비\n- 2020년 과장 승진"),
]


@pytest.mark.parametrize(
    ("question", "lines"),
    [
        ("what did she achieve at Havgard?", ["- Cut the bill by 30 %.", "- Won the Bergen Energy Award."]), ("Havgard Energy, Bergen: biggest win there?", ["- Cut the bill by 30 %.", "- Won the Bergen Energy Award."]),
        ("What were her main achievements at Havgard Energy?", ["- Cut the bill by 30 %.", "- Won the Bergen Energy Award."]), ("현 직장에서의 주요 성과", ["- Cut the bill by 30 %.", "- Won the Bergen Energy Award."]),
        ("Pellikan에서 성과가 어땠나요?", ["- 서버 비용 30% 절감", "- 2020년 과장 승진"]), ("Pellikan Logistics, Oslo: 거기서 성과는?", ["- 서버 비용 30% 절감", "- 2020년 과장 승진"]),
    ],
)
def test_what_came_of_a_job_are_its_results(question, lines):
    assert [RESULTS[i].text[a:b] for i, a, b in tasks(question, RESULTS)][1:] == lines


def test_a_skill_in_the_title_of_a_post_is_no_job_by_its_name():
    jobs = [chunk(1, "Python Developer, Havgard\nMarch 2022 – present\n- Cut the bill.\n- Wrote the rota."), chunk(2, "German Teacher, Vossen Lyceum\n06/2011 - 02/2019\n- Taught.\n- Marked.")]
    assert tasks("What about Python?", jobs) == tasks("And German?", jobs) == tasks("How about Sales experience?", jobs) == [] and len(tasks("What about Vossen?", jobs)) == 3


def test_a_long_row_of_a_table_has_its_tasks_in_itself_and_names_its_job():
    rows = "근무기간 | 회사명 | 부서/직급 | 담당업무\n2021.09 ~ 현재 | 대성정밀㈜ | 품질보증팀 / 과장 | 전기차 구동모터 하우징 품질보증, 고객 클레임 대응(현대모비스), IATF 16949 내부심사, 파트원 5명 관리\n2016.04 ~ 2021.07 | 한빛오토텍㈜ | 품질관리팀 / 대리 | 브레이크 캘리퍼 공정품질 관리, SPC 운영, 협력사 18개사 품질 지도"
    form = chunk(1, rows, "경력사항")
    first, second = (form.text.index(row) for row in ("2021.09", "2016.04"))
    assert [a for _, a, _ in tasks("대성정밀㈜, 품질보증팀 / 과장: 거기서 뭐 했나요?", [form])] == [first]
    from rag.meant import jobs_meant

    assert jobs_meant("대성정밀㈜, 품질보증팀 / 과장 이전에는 어디서 일했나요?", [form])[0][0] == second


LEFT = [
    chunk(1, "해운백제병원 | 책임간호사 | 2020.06 ~ 2026.09\n- KTAS 중증도 분류\n- 퇴사사유: 가족 간병 (모친 수술)"), chunk(2, "동남대학교병원 | 간호사 | 2015.03 ~ 2018.08\n- CRRT 환자 간호\n- 퇴사사유: 해외 연수"),
    chunk(3, "Pellikan Logistics, Oslo\n06/2009 - 02/2012\n- Built the platform.\n- Reason for leaving: the office closed."), chunk(4, "Vossen Lyceum\n06/2005 - 02/2009\n- Taught.\n- Marked."),
]


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("해운백제병원, 책임간호사: 왜 그만두셨나요?", "- 퇴사사유: 가족 간병 (모친 수술)"), ("동남대학교병원은 왜 그만뒀어요?", "- 퇴사사유: 해외 연수"), ("동남대학교병원 퇴사 사유는?", "- 퇴사사유: 해외 연수"),
        ("Why did she leave Pellikan?", "- Reason for leaving: the office closed."), ("Pellikan Logistics, Oslo: why did she leave?", "- Reason for leaving: the office closed."), ("why did she leave Vossen?", ""), ("왜 그만뒀어요?", ""),
    ],
)  # fmt: skip
def test_why_a_job_ended_is_told_by_a_line_of_it(question, line):
    assert [LEFT[i].text[a:b] for i, a, b in tasks(question, LEFT)][1:] == ([line] if line else [])


WHY_ROWS = [
    chunk(1, "근무기간 | 근무처 | 직위 | 담당업무 | 퇴사사유", "경력사항", "한지우"),
    chunk(2, "2016.05 ~ 2020.09 | 서울하람의료원 | 간호사 | 환자 분류 | 야간 교대근무 부담\n2020.11 ~ 현재 | 분당세온병원 | 책임간호사 | 근무조 리더 | 재직중\n2014.03 ~ 2016.04 | 충주정다운병원 | 간호사 | 투약 | 상급병원 희망", "경력사항", "한지우"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("question", "row"),
    [("서울하람의료원 왜 그만뒀어요?", "야간 교대근무 부담"), ("서울하람의료원, 간호사: 왜 그만뒀대요?", "야간 교대근무 부담"), ("첫직장 왜 나왔대", "상급병원 희망"), ("충주정다운병원 퇴사사유는?", "상급병원 희망"), ("분당세온병원 왜 그만뒀어요?", "")],
)
def test_why_it_ended_stands_in_a_column_of_a_table(question, row):
    assert [line.rpartition(" | ")[2] for line in told(question, WHY_ROWS)] == ([row] if row else [])


NESTED = [
    chunk(1, "페이온랩 (2021.03 ~ 현재) · 엔지니어\n간편결제 스타트업\n정산 시스템 재구축 (2022.01 ~ 2022.11)\n- 오차 37건 → 0건", "경력", "강민재"),
    chunk(2, "결제 서버 전환 (2023.02 ~ 진행중)\n- 백엔드 4명의 테크 리드", "경력", "강민재"),
    chunk(3, "룰엔진 개발 (2021.05 ~ 2021.12)\n- 차단 서비스\n\n모두의배달 (2018.07 ~ 2021.02) · 개발자\n- 캐시 도입\n- MySQL 샤딩", "경력", "강민재"),
]  # fmt: skip


def test_a_job_goes_on_with_its_projects_in_the_passages_down_to_the_next_job():
    assert told("페이온랩에서 뭐 했어요?", NESTED)[1:] == ["간편결제 스타트업", "정산 시스템 재구축 (2022.01 ~ 2022.11)", "오차 37건 → 0건", "결제 서버 전환 (2023.02 ~ 진행중)", "백엔드 4명의 테크 리드", "룰엔진 개발 (2021.05 ~ 2021.12)", "차단 서비스"]
    assert told("모두의배달에서 뭐 했어요?", NESTED)[1:] == ["캐시 도입", "MySQL 샤딩"]
    assert told("페이온랩에서 한 프로젝트는?", NESTED)[1:] == ["정산 시스템 재구축 (2022.01 ~ 2022.11)", "결제 서버 전환 (2023.02 ~ 진행중)", "룰엔진 개발 (2021.05 ~ 2021.12)"]
    assert told("what projects did she do at Pellikan?") == []


POSTS = [
    chunk(1, "Senior Manager, Harrow Ltd\nMarch 2021 – present\n- Runs four."), chunk(2, "Marketing Manager, Brindle & Rowe\nJune 2018 – February 2021\n- Ran the campaign.\n- Moved the programme.\n- Shifted the budget."),
    chunk(3, "Marketing Executive, Brindle & Rowe\nSept 2015 – May 2018\n- Managed the feeds.\n- Wrote letters."),
]  # fmt: skip


def test_of_two_posts_at_an_employer_both_are_told_the_latest_first():
    assert told("what did she do at Brindle & Rowe?", POSTS) == ["June 2018 – February 2021", "Ran the campaign.", "Moved the programme.", "Shifted the budget.", "Sept 2015 – May 2018", "Managed the feeds.", "Wrote letters."]
    assert told("what did she do as a manager?", POSTS) == [] == told("what about Brindle & Rowe?", POSTS)


def test_the_last_line_of_one_job_is_no_heading_of_the_next():
    two = [chunk(1, "2018.03 ~ 2020.02  도담어린이집\n직책 : 담임\n- 숲체험 주 1회\n퇴사사유 : 유치원 근무 희망\n2017.03 ~ 2018.02  새빛병설유치원\n직책 : 교사\n- 특성화 운영\n퇴사사유 : 계약 만료", "경력사항", "서민아")]
    assert told("도담어린이집 왜 그만뒀나요", two) == ["2018.03 ~ 2020.02  도담어린이집", "퇴사사유 : 유치원 근무 희망"] and told("새빛병설유치원 왜 그만뒀나요", two) == ["2017.03 ~ 2018.02  새빛병설유치원", "퇴사사유 : 계약 만료"]


DETAILED = [
    chunk(1, "회사 | 기간 | 직급\n㈜배송이음 | 2022.02 ~ 재직중 | 책임\n핀토페이㈜ | 2019.01 ~ 2022.01 | 선임", "경력 요약", "배유진"),
    chunk(2, "㈜배송이음 (2022.02 ~ 재직중) / 책임\n새벽배송 스타트업\n[프로젝트] 수요 예측 고도화 (2023.05 ~ 2024.02)\n- 역할: PM 및 모델링", "상세 경력", "배유진"), chunk(3, "[프로젝트] 테스트 플랫폼 도입 (2024.06 ~ 2025.03)\n- 성과: 4건 → 27건", "상세 경력", "배유진"),
    chunk(4, "핀토페이㈜ (2019.01 ~ 2022.01) / 선임\n[프로젝트] FDS 룰 개선 (2020.03 ~ 2020.12)\n- 역할: 룰 분석\n퇴사사유: 사업부 매각", "상세 경력", "배유진"),
]  # fmt: skip


def test_a_section_of_details_tells_what_was_done_in_the_jobs_that_a_table_lists():
    assert told("배송이음에서 한 프로젝트는?", DETAILED)[1:] == ["[프로젝트] 수요 예측 고도화 (2023.05 ~ 2024.02)", "[프로젝트] 테스트 플랫폼 도입 (2024.06 ~ 2025.03)"]
    assert told("핀토페이 퇴사사유가 뭐예요?", DETAILED) == ["핀토페이㈜ (2019.01 ~ 2022.01) / 선임", "퇴사사유: 사업부 매각"]


@pytest.mark.parametrize("question", ["서울하람의료원 그만둔 이유는요?", "서울하람의료원: 거기 그만둔 이유는요?", "서울하람의료원 퇴직사유는요", "서울하람의료원: 거기서는 왜 나온거에요"])
def test_why_it_ended_in_more_words(question):
    assert told(question, WHY_ROWS)[0].endswith("야간 교대근무 부담")


def test_the_column_names_of_another_table_tell_no_reason():
    form = [
        chunk(1, "기간 | 학교 | 전공 | 비고\n2014.03 ~ 2018.02 | 느티대학교 | 디자인학 | 졸업", "이력서", "탁온유"),
        chunk(2, "기간 | 회사 | 직급 | 담당업무\n2020.02 ~ 2023.05 | 물푸레스튜디오 | 디자이너 | 전시 그래픽\n2018.04 ~ 2019.10 | 은행나무몰 | 사원 | 배너와 상품 사진", "이력서", "탁온유"),
    ]
    assert tasks("은행나무몰 왜 그만뒀어요?", form) == []


def test_a_label_alone_above_the_tasks_is_none():
    jobs = [chunk(1, "Organization: BlueLeaf Technologies, Chennai\nDesignation: Test Engineer\nDuration: July 2015 to May 2019\nResponsibilities:\n- Manual testing of banking apps\n- Wrote plans")]
    assert told("What did she do at BlueLeaf?", jobs) == ["Duration: July 2015 to May 2019", "Manual testing of banking apps", "Wrote plans"]


def test_korean_jobs_of_one_line_are_no_posts_below_each_other():
    jobs = [chunk(1, "2022.03 ~ 현재 : 루미코스메틱 브랜드마케팅팀 과장\n- 팔로워 3만에서 21만\n2018.07 ~ 2022.02 : 오브젝트애드 마케팅 사원\n- 광고주 9개사 운영\n- 제안서 작성", "경력", "서다인")]
    assert told("오브젝트애드에서 뭐 했나요?", jobs) == ["2018.07 ~ 2022.02 : 오브젝트애드 마케팅 사원", "광고주 9개사 운영", "제안서 작성"]


def test_a_career_break_below_a_job_is_none_of_its_tasks():
    jobs = [chunk(1, "Transport Clerk | Connacht Haulage | Mar 2019 – Dec 2021\nKept tachograph records.\nAnswered for nine drivers.\nCareer break | caring for a parent | 2018\nWarehouse Operative | Dunmore Foods | 2015 – 2017\nPicked and packed.")]
    assert told("What did she do at Connacht Haulage?", jobs)[1:] == ["Kept tachograph records.", "Answered for nine drivers."]


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("헬로트립 / 서비스기획팀 / 사원: 언제 입사했죠?", "헬로트립 / 서비스기획팀 / 사원 (2018.03 ~ 2021.07)"), ("헬로트립에 언제 들어갔나요?", "헬로트립 / 서비스기획팀 / 사원 (2018.03 ~ 2021.07)"),
        ("헬로트립 / 서비스기획팀 / 사원: 거기는 언제 그만뒀어요?", "헬로트립 / 서비스기획팀 / 사원 (2018.03 ~ 2021.07)"),
    ],
)  # fmt: skip
def test_when_the_job_in_hand_began_or_ended(question, line):
    jobs = [chunk(1, "㈜바른금융 / UX리서치팀 / 선임 (2021.08 ~ 현재)\n- 이탈률 개선\n헬로트립 / 서비스기획팀 / 사원 (2018.03 ~ 2021.07)\n- 예약 플로우 개편", "경력", "오세린")]
    assert told(question, jobs) == [line]


TABLE_ABOVE = [chunk(1, "Period | Company | Role\n2021-03 – now | Donau Insurance | Data Analyst\n2018-09 – 2021-02 | Alpenbank | Junior Analyst\n\nDonau Insurance\n- Built a churn model in Python\n- Dashboards for 6 teams\n\nAlpenbank\n- Reports in SQL\n- Audits of branches", "Work")]


def test_what_stands_below_a_table_under_the_employers_names_is_of_those_jobs():
    assert told("What did she do at Donau Insurance?", TABLE_ABOVE)[1:] == ["Built a churn model in Python", "Dashboards for 6 teams"]
    assert told("What did she do at Alpenbank?", TABLE_ABOVE)[1:] == ["Reports in SQL", "Audits of branches"]
    elsewhere = meant("did she use Python at Alpenbank?", TABLE_ABOVE)
    at = TABLE_ABOVE[0].text.index("- Built")
    assert elsewhere.is_elsewhere(0, at, at + 5) and not elsewhere.is_elsewhere(0, TABLE_ABOVE[0].text.index("- Reports"), len(TABLE_ABOVE[0].text))


def test_what_somebody_does_is_what_they_do_now():
    jobs = [chunk(1, "Head Chef, Hotel Duomo\nMay 2019 – present\n- Leads five cooks\n- New menu"), chunk(2, "Chef, Caffè Greco\n2014 – 2018\n- Wedding cakes\n- Bread")]
    assert told("what does she do?", jobs) == ["May 2019 – present", "Leads five cooks", "New menu"]


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("Engineer, Pellikan Logistics: since when", "06/2019 - 02/2022"), ("Staff Engineer, Havgard Energy: until when?", "March 2022 – present | Bergen"), ("Clerk, Vossen Trade: which years", "2015 – 2018"), ("Clerk, Vossen Trade: what was her title there?", "2015 – 2018"), ("Engineer, Pellikan Logistics: as what", "06/2019 - 02/2022"),
    ],
)  # fmt: skip
def test_the_dates_and_the_post_of_the_job_in_hand_are_its_heading(question, line):
    assert asks_tasks(question) and told(question) == [line]


@pytest.mark.parametrize("question", ["메디온결: 언제부터요", "메디온결: 직급은 뭐였어요"])
def test_in_korean_too_the_job_in_hand(question):
    assert told(question, KOREAN) == ["2023년 4월 – 현재 | 대전"]


@pytest.mark.parametrize(
    "line",
    ["Post was cut in the 2019 restructure.", "Left to move back east when my father was ill", "Left for acute experience that a clinic could not give me.", "Wrote the drill. Site closed in June 2018 when the main tenant left.",
     "Resigned due to salary delay of 4 months", "Stopped when chair duties got too heavy.", "My role was made redundant", "Funding ran out after two years"],
)  # fmt: skip
def test_reasons_as_people_put_them(line):
    resume = [chunk(1, f"Designer, Brightmoor Museums\nAug 2016 – Dec 2019\n- Looked after the print budget.\n- {line}\n- Contracts for 12 shows.")]
    assert told("why did she leave Brightmoor?", resume)[1:] == [line]


def test_no_reason_is_read_out_of_what_was_left_or_cut():
    resume = [chunk(1, "Designer, Brightmoor Museums\nAug 2016 – Dec 2019\n- Cut costs by 12 %.\n- Left 40 templates behind.\n- Contract for 12 shows.")]
    assert told("why did she leave Brightmoor?", resume) == []


def test_the_heading_in_hand_may_have_the_employer_from_below_the_dates():
    resume = [chunk(1, "2016/02 – 2019/08\nSenior Accountant, then Controller (from 2018/01)\nPrairie Crest Inc., Calgary, AB\n- Left because my father was ill.")]
    assert told("Senior Accountant, then Controller, Prairie Crest Inc., Calgary, AB: why did she leave", resume) == ["2016/02 – 2019/08", "Left because my father was ill."]


def test_what_an_employer_does_below_its_name_ends_no_details():
    resume = [
        chunk(1, "기간 | 회사명 | 직위\n2017.03 ~ 현재 | 한울로지스 | 부장\n2009.01 ~ 2012.04 | 삼진유통 | 사원", "경력 요약", "배성호"),
        chunk(2, "3. 삼진유통\n식자재 유통 / 대구 북구\n- 월 1회 재고조사\n- 퇴사사유 : 회사의 구미 이전\n4. 동진택배\n- 터미널 분류", "경력 상세", "배성호"),
    ]
    assert told("삼진유통은 왜 그만두셨나요?", resume) == ["2009.01 ~ 2012.04 | 삼진유통 | 사원", "퇴사사유 : 회사의 구미 이전"]
