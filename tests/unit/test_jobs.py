"""All jobs, the one of today or of a year, the longest: by the dates of the entries; what asks for something else is left alone."""

import numpy as np
import pytest

from judge.lengths import counts
from judge.order import by_order
from judge.service import passage_of
from rag.documents import read_document_bytes
from rag.index import Index
from rag.jobs import asks_all, asks_current, asks_jobs, asks_longest, asks_when, jobs_asked, meanwhile
from rag.quoting import quote_answer
from rag.retrieval import Retriever
from rag.rules import ruled
from rag.types import Chunk
from tests.unit.test_durations import TODAY, chunk
from tests.unit.test_quoting import Reader, retrieved
from tests.unit.test_retrieval import LIMITS, Flat

NOW = chunk(1, "Staff Engineer, Havgard Energy\nMarch 2022 – present | Bergen\n- Cut the bill to 146,000.")
BEFORE = chunk(2, "Engineer, Pellikan Logistics\n06/2019 - 02/2022\n- Built the event platform.")
FIRST = chunk(3, "Teacher of Physics, Vossen Lyceum\nSeptember 2011 to May 2019\n- Founded a club.")
STUDIES = chunk(4, "MSc, University of Oslo\n2009 – 2011", "Education")
RESUME = [FIRST, NOW, STUDIES, BEFORE]
DATES = ["March 2022 – present", "06/2019 - 02/2022", "September 2011 to May 2019"]


@pytest.mark.parametrize(
    "question",
    [
        "list all employers", "List all companies he worked for with dates", "where has she worked?", "Where did she work?", "work history", "Walk me through her career", "what jobs has she had",
        "How many companies has he worked for?", "previous employers?", "give me all his jobs", "Employment history please", "all her employers please", "Tell me his work experience", "and all of her past roles?",
        "직장 다 알려줘", "다닌 회사 다 알려줘", "지금까지 다닌 회사 전부 나열해줘", "다닌 회사 몇 개?", "회사 몇 군데 다녔어요?", "몇 군데 다녔어요?", "경력 다 정리해줘", "경력은요?", "지금까지 일한 곳 알려주세요", "어디어디 다녔어?", "경력 사항", "이 사람 경력 요약해줘",
    ],
)  # fmt: skip
def test_all_jobs_are_asked_for(question):
    assert asks_all(question)
    past = "previous" in question or "past" in question
    assert [job.dates for job in jobs_asked(question, RESUME, today=TODAY).jobs] == DATES[past:]


@pytest.mark.parametrize(
    "question",
    [
        "current role?", "What's his current job?", "where does she work now?", "who does he work for", "current company", "What does she do now?", "is she currently employed?",
        "지금 어디 다녀?", "현재 직장이랑 직책 알려주세요", "지금 무슨 일 해요?", "지금 어디서 일해?", "현재 직책이 뭐예요?", "지금 다니는 회사는?",
    ],
)  # fmt: skip
def test_the_job_of_today_is_asked_for(question):
    assert asks_current(question)
    told = jobs_asked(question, RESUME, today=TODAY)
    assert [job.dates for job in told.jobs] == DATES[:1] and not told.nearest
    assert jobs_asked(question, [BEFORE, FIRST], today=TODAY).nearest  # none goes on: the latest


@pytest.mark.parametrize(
    "question",
    ["which job did he stay longest at", "where did she work the longest?", "longest job", "Which company did she work for the longest?", "what's her longest tenure", "어느 회사에서 제일 오래 일했어요?", "가장 오래 다닌 회사는?"],
)
def test_the_longest_job_is_asked_for(question):
    assert asks_longest(question) == "longest"
    assert [job.dates for job in jobs_asked(question, RESUME, today=TODAY).jobs] == [DATES[2]]


def test_the_shortest_one_is_told_with_its_length_and_of_years_alone_all_that_may_be_the_longest():
    told = jobs_asked("제일 짧게 다닌 직장은 어디야?", RESUME, "ko", TODAY)
    assert told.lasted.sentence == "Engineer, Pellikan Logistics: 약 2년 9개월입니다 (06/2019 - 02/2022)." and len(told.read) > 1
    told = jobs_asked("longest job?", [chunk(1, "Clerk, A\n2001 – 2003"), chunk(2, "Clerk, B\n2003 – 2005"), chunk(3, "Clerk, C\n2005")])
    assert [job.dates for job in told.jobs] == ["2003 – 2005", "2001 – 2003"] and told.lasted is None
    assert jobs_asked("longest job?", [chunk(1, "Clerk, A\n01/2001 – 02/2003"), chunk(2, "Clerk, B\n03/2003 – 04/2005")]) is None
    assert jobs_asked("longest job?", [NOW], today=TODAY) is None  # there is nothing to compare


@pytest.mark.parametrize(
    ("question", "dates"),
    [
        ("Where did she work in 2018?", [DATES[2]]),
        ("where did she work in 2019", [DATES[1], DATES[2]]),
        ("who did she work for in January 2020?", [DATES[1]]),
        ("what was she doing in 2020?", [DATES[1]]),
        ("2023년엔 어디서 일했나요", [DATES[0]]),
        ("2018년에 뭐했어?", [DATES[2]]),
        ("2019년 5월에 어디 다녔어?", [DATES[2]]),
    ],
)
def test_the_job_of_a_year_or_month_is_told(question, dates):
    assert asks_when(question) and [job.dates for job in jobs_asked(question, RESUME, today=TODAY).jobs] == dates


@pytest.mark.parametrize("question", ["where did she work in 2005?", "2010년에 뭐했어?"])
def test_a_year_with_no_job_is_left_to_the_reader(question):
    assert jobs_asked(question, RESUME, today=TODAY) is None


@pytest.mark.parametrize(
    "question",
    [
        "", "?", "experience with Kafka", "list all projects", "where did she work before Acme?", "what is her current salary", "current salary?", "how many people did she lead", "총 경력 몇 년이야?",
        "which companies has she sold to", "what did she do at Acme", "list all her skills", "어디서 공부했어?", "지금 연봉은?", "현재 팀원은 몇 명?", "longest trial", "가장 오래 걸린 프로젝트는?", "현재 주소는?", "where does she live now",
        "work experience abroad", "직장 상사는 누구야", "이력서 보여줘", "회사에서 뭐 했어", "경력 공백은?", "previous job?", "what was her previous role?", "last employer", "이전 직장은?", "what did she build in 2018",
        "where did she work in 2016 and 2018", "Where did she work with Anna?",
    ],
)  # fmt: skip
def test_other_questions_are_left_alone(question):
    assert not asks_jobs(question) and jobs_asked(question, RESUME, today=TODAY) is None


@pytest.mark.parametrize(
    "other",
    [
        chunk(5, "- Analyzed large datasets"),  # a section of work without dates
        chunk(5, "Before that, from 2001 to 2003, she was with Delta, and then went home."),  # dates within prose
        chunk(5, "Clerk, Delta\n2001 – 2003", subject="Jan Mulder"),
    ],
)
def test_where_not_all_dates_are_told_or_another_is_among_them_nothing_is_listed(other):
    assert jobs_asked("list all employers", [*RESUME, other], today=TODAY) is None


TEXT = """Mira Solberg
Staff Engineer

Experience
Teacher of Physics, Vossen Lyceum
September 2011 - May 2019
- Founded a club.

Engineer, Pellikan Logistics
June 2019 - February 2022
- Built the event platform.

Staff Engineer, Havgard Energy
March 2022 – present
- Cut the bill to 146,000.
"""


def answered(tmp_path, question: str, language: str = "en"):
    index = Index.open(tmp_path, Flat())
    index.add(read_document_bytes(text.encode(), f"{i}.txt", LIMITS) for i, text in enumerate([TEXT]))
    found = Retriever(index, Flat(), Reader("146,000")).search(question, 2)
    return quote_answer(question, found, Reader("146,000"), language, resume=index.chunks)


def test_every_job_is_quoted_latest_first_and_no_task_beside_them(tmp_path):
    said = answered(tmp_path, "Where has Mira worked so far?")
    places = [said.text.index(name) for name in ("Havgard", "Pellikan", "Vossen")]
    assert places == sorted(places) and "146,000" not in said.text and said.settled and said.bare and not said.declined


def test_the_longest_job_stands_below_its_length(tmp_path):
    said = answered(tmp_path, "which job did Mira have the longest?").text
    assert said.startswith("Teacher of Physics, Vossen Lyceum: about 7 years and 9 months (September 2011 - May 2019) [") and "Pellikan" not in said
    assert answered(tmp_path, "가장 오래 다닌 회사는?", "ko").text.startswith("Teacher of Physics, Vossen Lyceum: 약 7년 9개월입니다 (")


def test_a_form_whose_post_stands_below_its_dates_is_left_to_the_reader():
    form = retrieved("재직기간 2020.02 ~ 재직 중\n근무처 가온재병원\n직위 운영실장")
    assert "운영실장" in quote_answer("지금 직책이 뭐예요?", form, Reader("운영실장"), "ko").text


def passages(*chunks: Chunk) -> list[str]:
    return [passage_of(each) for each in chunks]


def test_the_judge_knows_which_jobs_were_asked_for():
    texts, low = passages(NOW, BEFORE, FIRST, STUDIES), np.full(4, 0.2)
    reply = "\n".join(f'"{each.text.splitlines()[0]} · {each.text.splitlines()[1]}" [{i}]' for i, each in enumerate((NOW, BEFORE, FIRST), 1))
    relevant, answers = by_order("Which companies has she worked for?", reply, texts, low, 0.2)
    assert (relevant[:3] > 0.9).all() and relevant[3] == 0.2 and answers > 0.9
    one_missing = reply.rsplit("\n", 1)[0]
    assert by_order("Which companies has she worked for?", one_missing, texts, low, 0.2)[1] == 0.2
    assert by_order("Which projects has she led?", reply, texts, low, 0.2)[1] == 0.2


def test_the_employer_below_the_dates_is_quoted_with_them():
    text = "Senior Engineer  Jan 2023 - Present\nStripe  Oslo\n- Ran the payments.\n\nEngineer  Jun 2021 - Dec 2022\nFigma  Oslo\n- Ran the editor."
    said = quote_answer("list all employers", retrieved(text, section="Experience"), Reader("Ran"), "en").text
    assert said == '"Senior Engineer Jan 2023 - Present · Stripe Oslo" [1]\n"Engineer Jun 2021 - Dec 2022 · Figma Oslo" [1]'


@pytest.mark.parametrize("question", ["Where did she work before Vossen Lyceum?", "Vossen Lyceum 이전에는 어디서 일했나요?"])
def test_the_first_job_is_not_the_one_before_itself(question):
    from rag.meant import meant

    asked = meant(question, RESUME)
    assert 0 in asked.others and not asked.tells


def test_two_posts_of_one_name_are_at_two_employers():
    posts = [chunk(1, "Staff Site Engineer, Havgard\n2020 – 2026"), chunk(2, "Site Engineer, Acme\n2015 – 2019"), chunk(3, "Site Engineer, Beta\n2010 – 2014")]
    assert [job.dates for job in jobs_asked("which company did she work for the longest?", posts, today=TODAY).jobs] == ["2020 – 2026"]


@pytest.mark.parametrize("question", ["previous employers?", "what were her previous jobs?", "past roles", "Where did she work previously?"])
def test_the_job_that_goes_on_is_no_past_one(question):
    assert [job.dates for job in jobs_asked(question, RESUME, today=TODAY).jobs] == DATES[1:]


def test_a_post_of_one_year_is_a_job():
    told = lambda text: [job.dates for job in jobs_asked("list all companies", [chunk(1, text)], today=TODAY).jobs]
    assert told("Engineer, Acme\n2018 – 2022\n- x.\n\nIntern, Gamma, 2016\n- x") == ["2018 – 2022", "2016"]
    assert told("2018 – 2022  Engineer\nAcme | Berlin\nMoved.\n\n2016  Design Intern\nGamma | Bonn") == ["2018 – 2022", "2016"]
    assert told("Engineer, Acme\n2018 – 2022\nLead Engineer (Oct 2020)\n- x") == ["2018 – 2022"]  # within it
    assert told("Inventory Specialist, GS-2010-09\n2018 – 2022\n- x") == ["2018 – 2022"]


def test_a_task_with_dates_is_no_job():
    task = chunk(1, "Engineer, Acme\n2018 – 2022\n- Platform migration (2020 – present)")
    told = jobs_asked("current job?", [task, chunk(2, "Dev, Beta\n2010 – 2017")], today=TODAY)
    assert [job.dates for job in told.jobs] == ["2018 – 2022"] and told.nearest


@pytest.mark.parametrize(
    ("question", "resume"),
    [
        ("longest job?", [chunk(1, "BSc Physics, Oslo\n2010 – 2016"), chunk(2, "Engineer, Acme\n2016 – 2020")]),  # a degree among them
        ("which company did she work for the longest?", [chunk(1, "Senior Engineer, Acme Ltd\n2020 – 2024"), chunk(2, "Engineer, Acme\n2015 – 2020"), chunk(3, "Dev, Beta\n2008 – 2014")]),  # perhaps two posts at one
        ("shortest job?", [chunk(1, "Clerk, A\n2022 – 2019"), chunk(2, "Clerk, B\n2010 – 2015")]), ("where did she work in 2030?", [NOW]), ("who did she work with in 2019", RESUME), ("which companies did she work with", RESUME),
    ],
)  # fmt: skip
def test_where_the_dates_do_not_tell_it_is_left_to_the_reader(question, resume):
    assert jobs_asked(question, resume, today=TODAY) is None


def test_of_companies_the_posts_at_one_count_together():
    posts = [chunk(1, "Senior Engineer, Acme | Leeds\n2020 – 2024"), chunk(2, "Engineer, Acme | Leeds\n2015 – 2020"), chunk(3, "Developer, Beta | Leeds\n2008 – 2014")]
    told = jobs_asked("which company did she work for the longest?", posts, today=TODAY)
    assert [job.dates for job in told.jobs] == ["2020 – 2024", "2015 – 2020"] and told.lasted.sentence.startswith("Acme: about 9 years")
    assert [job.dates for job in jobs_asked("longest job?", posts, today=TODAY).jobs] == ["2008 – 2014"]
    assert jobs_asked("how many employers?", posts, today=TODAY).number == "2 employers."
    zoos = [chunk(1, "Zookeeper, City Zoo\n2020 – 2024"), chunk(2, "Zookeeper, Park Zoo\n2008 – 2019")]  # whose title is not known as one
    assert jobs_asked("which company did she work for the longest?", zoos, today=TODAY) is None and jobs_asked("how many employers?", zoos, today=TODAY).number == ""


def test_a_reply_with_the_dates_of_another_job_is_not_raised():
    texts, low = passages(NOW, BEFORE, FIRST), np.full(3, 0.2)
    assert by_order("which job lasted the longest?", "Teacher, Vossen Lyceum (September 2011 to May 2019)", texts, low, 0.2)[1] > 0.9
    assert by_order("which job lasted the longest?", "Vossen Lyceum (September 2011 to May 2019) was shorter than Pellikan (06/2019 - 02/2022)", texts, low, 0.2)[1] == 0.2
    assert by_order("current job?", "She works at Pellikan now (06/2019 - 02/2022)", passages(BEFORE, FIRST), np.full(2, 0.2), 0.2)[1] == 0.2
    assert by_order("list all employers", "From September 2011 to May 2019 and 06/2019 - 02/2022 and March 2022 – present", texts, low, 0.2)[1] == 0.2  # names none


def test_the_heading_of_the_job_that_is_named_is_not_quoted_for_the_one_before_it():
    found = retrieved("Staff Engineer, Havgard Energy\nMarch 2022 – present", "Engineer, Pellikan Logistics\n06/2019 - 02/2022", section="Experience")
    said = quote_answer("Where did she work before Havgard Energy?", found, Reader("Havgard", "Pellikan"), "en")
    assert "Pellikan" in said.text and "Havgard" not in said.text


@pytest.mark.parametrize(
    ("question", "language", "said"),
    [("How many companies has he worked for?", "en", "3 employers."), ("how many jobs has she had", "en", "3 jobs."), ("how many previous jobs has she had", "en", "2 past jobs."), ("회사 몇 군데 다녔어요?", "ko", "직장은 모두 3곳입니다."), ("list all employers", "en", "")],
)
def test_how_many_they_are_is_said_where_it_is_asked(question, language, said):
    assert jobs_asked(question, RESUME, language, TODAY).number == said


def test_posts_under_one_employer_are_one_and_what_may_be_is_not_counted():
    under = chunk(5, "Junior Engineer · 2008 – 2010", "Experience › Havgard Energy, Bergen")
    assert jobs_asked("how many employers?", [*RESUME, under], today=TODAY).number == "3 employers." and jobs_asked("how many jobs?", [*RESUME, under], today=TODAY).number == "4 jobs."
    alone = chunk(5, "Engineer\n2008 – 2010")  # at whose?
    again = chunk(5, "Engineer, Havgard Energy\n2008 – 2010")
    own = chunk(5, "Freelance Writer, various clients\n2008 – 2010")
    assert [jobs_asked("how many employers?", [*RESUME, other], today=TODAY).number for other in (alone, again, own)] == ["", "3 employers.", ""]
    nurses = [chunk(1, "2013.03 ~ 2014.12 | 한빛병원 | 간호사", "경력"), chunk(2, "2015.02 ~ 2016.10 | 다온병원 | 간호사", "경력")]
    assert jobs_asked("병원 몇 군데 다녔어?", nurses, "ko", TODAY).number == "직장은 모두 2곳입니다."
    assert jobs_asked("병원 몇 군데 다녔어?", [*nurses, chunk(3, "2017.02 ~ 2018.10 | 다온물산 | 대리", "경력")], "ko", TODAY) is None


def test_the_judge_counts_the_jobs_again():
    said = passages(*RESUME)
    assert counts("3 employers.", said, TODAY) is True and counts("2 past jobs [1] [2].", said, TODAY) is True and counts("2 jobs.", said, TODAY) is False
    assert counts("직장은 모두 3곳입니다.", said, TODAY) is True and counts("3 jobs.", said[:1], TODAY, whole=False) is None


@pytest.mark.parametrize(
    "titles",
    [("Senior Engineer, Acme Ltd", "Engineer, Acme"), ("Zookeeper, City Zoo", "Keeper aide, City Zoo"), ("한빛상사 영업팀 대리", "한빛상사 기획팀 사원"), ("(주)한빛상사, 대리", "㈜한빛상사, 사원")],
)
def test_employers_that_may_be_one_are_not_counted(titles):
    jobs = [chunk(n, f"{title}\n{2010 + 2 * n} – {2011 + 2 * n}") for n, title in enumerate(titles)]
    assert jobs_asked("how many employers?", jobs, today=TODAY).number == "" and jobs_asked("how many jobs?", jobs, today=TODAY).number == "2 jobs."
    assert counts("2 employers.", [passage_of(job) for job in jobs], TODAY) is None


def test_work_that_stands_elsewhere_or_without_dates_keeps_the_rules_from_counting():
    elsewhere = chunk(6, "Intern, Yota Labs\nJanuary 2010 – June 2010", "Internships")
    within = chunk(2, "Engineer, Pellikan Logistics\n06/2019 - 02/2022\n- Built the event platform.\nContractor, Yota (6 months)\n- Helped.")
    assert jobs_asked("how many jobs?", [*RESUME, elsewhere], today=TODAY) is None and jobs_asked("how many jobs?", [NOW, within], today=TODAY) is None


@pytest.mark.parametrize(
    "beside",
    [
        chunk(3, "공백\n2020.09 – 2022.02 출산 및 육아. 이 기간에 과정을 수료했습니다.", "경력 공백"), chunk(3, "The first three months there were part time, alongside the handover."),
        chunk(3, "Sabbatical\nSeptember 2019 - May 2020\nTravelled in South America.", "Experience"),
    ],
)  # fmt: skip
def test_a_break_or_a_sentence_among_the_jobs_does_not_leave_them_open(beside):
    jobs = [chunk(1, "㈜온담뷰티 | 팀장  2022.03 – 재직중\n비건 화장품 D2C 브랜드, 매출 420억(2025)\n- 팀원 6명 관리"), chunk(2, "㈜푸드넥스트 | 마케터  2017.05 – 2020.08\n- 정기구독자 5.8만명"), beside]
    assert len(jobs_asked("경력 요약해줘", jobs, "ko", TODAY).jobs) == 2


def test_a_title_is_short_and_names_where_it_was():
    from rag.durations import title_of
    from rag.entries import periods

    row = chunk(1, "근무기간 | 회사명 | 부서/직급 | 담당업무\n2021.09 ~ 현재 | 대성정밀㈜ | 품질보증팀 / 과장 | 하우징 품질보증, 고객 클레임 대응", "경력사항")
    below = chunk(2, "Area Supervisor, Inbound  06/2018 – 02/2021\n- Supervised.", "Experience › Kestrel Freight  Columbus, OH")
    assert [title_of(job) for job in periods([row, below])] == ["Area Supervisor, Inbound, Kestrel Freight Columbus, OH", "대성정밀㈜, 품질보증팀 / 과장"]
    assert title_of(periods([chunk(1, "1) 해운백제병원  |  책임간호사 (3교대)  |  2020.06 ~ 2026.09")])[0]) == "해운백제병원, 책임간호사"


def employers(question, *texts, section="Experience"):
    resume = [Chunk(f"d-{n}", "d", "d.md", "Mira Solberg", section, text, 1000 * n, 1000 * n + len(text)) for n, text in enumerate(texts)]
    told = jobs_asked(question, resume, today=TODAY)
    return [job.heading.split("\n")[1] for job in told.jobs] if told else None


@pytest.mark.parametrize(
    ("last", "first"),
    [
        ("Wessex Surveys\nSetting-out assistant (summer work)  2010 and 2011\n- Levels.", "Wessex Surveys"), ("Uppsala Observatory — Student assistant\n2013 (summer)\n- Scripts.", "Uppsala Observatory — Student assistant"),
        ("Intern, Gamma, 2014\n- Filed papers.", "Intern, Gamma, 2014"), ("Labourer | Roofing firms | summers of 2012 and 2013", "Labourer | Roofing firms | summers of 2012 and 2013"),
    ],
)  # fmt: skip
def test_a_job_of_a_summer_or_a_year_is_one_too(last, first):
    assert employers("all her jobs?", NOW.text, BEFORE.text, last)[-1] == first
    assert employers("what was she doing in 2013?", NOW.text, "Clerk, Delta\n2013 – 2014\n- Wrote.") == ["Clerk, Delta"]


@pytest.mark.parametrize("line", ["Promoted twice.\nStore of the Year, 2014", "Won the prize of 2014, and led six.\n- Wrote."])
def test_a_year_below_prose_is_no_job(line):
    assert employers("all her jobs?", NOW.text, BEFORE.text, line) is None


def test_projects_within_a_job_and_a_section_of_details_are_no_jobs_of_their_own():
    own = "페이온랩 (2021.03 ~ 현재) · 시니어 엔지니어\n정산 시스템 재구축 (2022.01 ~ 2022.11)\n- 전환\n\n결제 서버 전환 (2023.02 ~ 진행중)\n- 분리"
    before = "모두의배달 (2018.07 ~ 2021.02) · 백엔드 개발자\n- 개선"
    assert employers("회사 어디어디 다녔어?", own, before, section="경력") == ["페이온랩 (2021.03 ~ 현재) · 시니어 엔지니어", before.split("\n")[0]]
    table = "기간 | 회사명 | 직급 | 비고\n2021.04 ~ 현재 | 대웅이엔씨(주) | 차장 | 재직중\n2013.01 ~ 2021.03 | 신아건설(주) | 과장 | 이직"
    resume = [chunk(1, table, "경력 총괄표", "박도현"), chunk(2, "신아건설(주) (2013.01 ~ 2021.03)\n중부내륙 제4공구 (2017.05 ~ 2021.03)\n- 터널", "상세 경력", "박도현")]
    told = jobs_asked("어느 회사를 제일 오래 다녔어요?", resume, "ko", TODAY)
    assert told.lasted.sentence == "신아건설(주), 과장: 약 8년 3개월입니다 (2013.01 ~ 2021.03)." and len(jobs_asked("다닌 회사는?", resume, "ko", TODAY).jobs) == 2


@pytest.mark.parametrize(
    "line",
    ["주요성과: 예술제 2회 (2018년 관객 1만 명)", "직위: 대리 → 과장 (2019.07 승진)", "확인정비사(2022년부터 조장, 조원 9명)", "긴급 출동 41회. 최장은 2023년 괌, 교환 31시간"],
)
def test_what_is_told_of_a_job_with_a_year_is_no_other_job(line):
    assert employers("all her jobs?", f"Clerk, Delta\n2013 – 2014\n{line}", NOW.text) is not None


def test_military_service_in_the_head_of_a_form_is_no_job_and_a_teacher_at_a_school_has_one():
    head = "이름: 박도현\n병역: 육군 병장 만기제대 (2004.02 ~ 2006.01)"
    assert [job.dates for job in jobs_asked("다닌 회사는?", [chunk(1, head, "경력기술서", "박"), chunk(2, "한빛고등학교 교사\n2010.03 ~ 2015.02", "경력", "박")], "ko", TODAY).jobs] == ["2010.03 ~ 2015.02"]
    assert employers("all her jobs?", "한빛고등학교 졸업\n2007.03 ~ 2010.02", NOW.text) == ["Staff Engineer, Havgard Energy"]  # a school among them is none


def test_one_that_goes_on_and_those_of_a_year_are_told_though_another_has_no_dates():
    undated = "Contractor for Yota\nNine sites."
    assert employers("where does she work now?", NOW.text, undated) == ["Staff Engineer, Havgard Energy"] and employers("all her jobs?", NOW.text, undated) is None
    assert employers("where did she work in 2020?", NOW.text, BEFORE.text, undated) == ["Engineer, Pellikan Logistics"]


@pytest.mark.parametrize(
    ("question", "dates"),
    [
        ("what did she do between 2015 and 2020?", DATES[1:]), ("Where did she work from 2012 to 2018?", DATES[2:]), ("what was she doing between 2020 and 2023", DATES[:2]), ("2012년부터 2018년까지 뭐 했어요?", DATES[2:]), ("2020~2023년에 어디서 일했나요?", DATES[:2]),
    ],
)  # fmt: skip
def test_the_jobs_between_two_years(question, dates):
    assert [job.dates for job in jobs_asked(question, RESUME, today=TODAY).jobs] == dates


@pytest.mark.parametrize("question", ["what did she do with Kafka between 2015 and 2020?", "how many between 2015 and 2020?", "what happened between 2015 and 2020?", "what did she do between jobs?", "2012년부터 2018년까지 매출은?"])
def test_what_else_is_asked_between_two_years_is_left_alone(question):
    assert jobs_asked(question, RESUME, today=TODAY) is None


@pytest.mark.parametrize(("question", "line"), [("what was she doing in 2010?", "2009 – 2011"), ("2010년엔 뭐 했지", "2009 – 2011")])
def test_in_a_year_without_a_job_what_else_went_on_is_told(question, line):
    assert [RESUME[each.position].text[slice(*each.span)] for each in meanwhile(question, RESUME)] == [line]
    assert meanwhile("where did she work in 2010?", RESUME) == [] == meanwhile("what was she doing in 1999?", RESUME)


STORES = [
    Chunk("d-1", "d", "d.md", "Mira Solberg", "Employment", "BRIGHTMART, Dallas TX\nAssistant Manager  03/2015 to 04/2018\n- Led.", 0, 60),
    Chunk("d-2", "d", "d.md", "Mira Solberg", "Employment › BRIGHTMART, Dallas TX", "Sales Associate  2009-2012\n- Sold.", 100, 140),
    Chunk("d-3", "d", "d.md", "Mira Solberg", "Employment", "QUICKSTOP, Mesquite TX\nCashier, 2007 to 2009\n- Paid.", 200, 250),
]  # fmt: skip


@pytest.mark.parametrize(
    ("question", "line"),
    [("what was his first job at Brightmart?", "Sales Associate  2009-2012"), ("BRIGHTMART, Dallas TX: what was his first job there", "Sales Associate  2009-2012"), ("last role at Brightmart", "Assistant Manager  03/2015 to 04/2018")],
)
def test_the_first_and_the_last_post_at_an_employer(question, line):
    told = ruled(question, STORES, "en")
    assert [STORES[i].text[a:b] for i, a, b in told.lines if (i, a, b) in told.headings] == [line]


def test_a_post_is_quoted_with_the_employer_it_is_under_and_one_post_is_left_alone():
    told = ruled("what was he doing in 2010?", STORES, "en")
    assert [STORES[i].text[a:b] for i, a, b in told.lines] == ["BRIGHTMART, Dallas TX", "Sales Associate  2009-2012"]
    assert ruled("what was his first job at Quickstop?", STORES, "en") is None


def test_of_a_year_of_which_no_job_is_the_whole_all_are_told_with_the_break_between():
    text = ["Engineer, Pellikan\n2018-02 to 2021-06\n- Built.", "Parental leave\n2021-06 to 2021-08", "Senior Engineer, Nordfrakt\n2021-09 to now\n- Runs."]
    resume = [Chunk(f"d-{n}", "d", "d.md", "Mira Solberg", "Work", each, 100 * n, 100 * n + len(each)) for n, each in enumerate(text)]
    told = ruled("what was she doing in 2021?", resume, "en")
    assert [resume[i].text[a:b] for i, a, b in told.lines] == ["2021-09 to now", "2018-02 to 2021-06", "Parental leave\n2021-06 to 2021-08"]
    assert [resume[i].text[a:b] for i, a, b in ruled("what did she do between 2020 and 2022?", resume, "en").lines][-1].startswith("Parental")


def test_the_last_few_jobs_and_the_projects_of_a_year():
    assert [job.dates for job in jobs_asked("summarise her last 2 jobs", RESUME, today=TODAY).jobs] == DATES[:2] == [job.dates for job in jobs_asked("최근 직장 두 곳만 알려줘", RESUME, "ko", TODAY).jobs]
    assert jobs_asked("her last two projects", RESUME, today=TODAY) is None
    own = [chunk(1, "대명정공 (2016.07 ~ 2020.01) | 대리\n1) 스토커 개발 (2018.01 ~ 2019.11)\n- 설계", "경력", "노재훈")]
    lines = lambda question: [own[i].text[a:b] for i, a, b in ruled(question, own, "ko").lines]
    assert lines("2018년엔 뭐 했지") == ["대명정공 (2016.07 ~ 2020.01) | 대리", "1) 스토커 개발 (2018.01 ~ 2019.11)"] and lines("2018년에 어디서 일했어요?") == ["대명정공 (2016.07 ~ 2020.01) | 대리"]


def test_why_a_job_ended_makes_no_break_of_its_row():
    rows = [chunk(1, "기간 | 기관명 | 직위 | 담당업무 | 퇴직사유\n2021.07 ~ 현재 | 한마음복지관 | 팀장 | 총괄 | 재직중\n2016.03 ~ 2019.12 | 푸른복지관 | 사회복지사 | 관리 | 출산 및 육아", "경력사항", "문가영")]
    assert [job.dates for job in jobs_asked("다닌 회사는?", rows, "ko", TODAY).jobs] == ["2021.07 ~ 현재", "2016.03 ~ 2019.12"]


@pytest.mark.parametrize("inner", ["Program Coordinator, The Literacy Project\n2016 – 2019", "Analyst, Mercer Health, Systems Integration\n2019 – 2021"])
def test_a_job_beside_another_is_no_project(inner):
    assert len(employers("all her jobs?", "Freelance Consultant\n2014 – present\n- Advised.", f"{inner}\n- Supervised 6 tutors.")) == 2


def test_where_another_goes_on_without_a_heading_today_is_left_to_the_reader():
    prose = "She has also, since 2018 and until today, been at Fenway as an assistant, which goes on (2018 – present), for two days, as she says."
    assert employers("where does she work now?", "Night Auditor, Elm Hotel\n2021 – present\n- Counted.", prose) is None
    assert employers("where does she work now?", "Medical Assistant (MA), Fenway Clinic\n2018 – present\n- Took blood.", "Volunteer reader for Yota\nNine sites.") == ["Medical Assistant (MA), Fenway Clinic"]


@pytest.mark.parametrize("titles", [("Lecturer, School of Nursing, University of Leeds", "Lecturer, School of Nursing, University of York"), ("Analyst, Risk Group, HSBC", "Analyst, Risk Group, Barclays"), ("Nurse, Outpatient Clinic, St Mary's", "Nurse, Outpatient Clinic, Royal Infirmary")])
def test_a_department_is_no_employer(titles):
    jobs = [chunk(n, f"{title}\n{2010 + 2 * n} – {2011 + 2 * n}") for n, title in enumerate(titles)]
    assert jobs_asked("how many employers?", jobs, today=TODAY).number == ""


def test_a_province_is_no_employer():
    jobs = [chunk(0, "Welder, Acme Pipe, Calgary, AB\n2010 – 2012"), chunk(1, "Fitter, Bolt Energy, Edmonton, AB\n2013 – 2015")]
    assert jobs_asked("how many employers?", jobs, today=TODAY).number in ("", "2 employers.")
