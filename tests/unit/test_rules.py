"""One answer by rule for search, quotes and the judge, whichever file it stands in."""

import dataclasses

import pytest

from rag.rules import asks_alone, asks_rule, distinct, ruled
from rag.types import Chunk
from tests.unit.test_durations import chunk

JOBS = [chunk(1, "Clerk, Acme\n2013-09 – 2016-11\n- Filed."), chunk(2, "Head Clerk, Pellikan\n2017-01 – present\n- Heads.")]


def test_what_is_there_twice_is_told_once():
    twice = [*JOBS, *(dataclasses.replace(each, id=f"again{i}", document_id="again", text=each.text.replace("- ", "• ")) for i, each in enumerate(JOBS))]
    assert distinct(twice, [2, 0, 1, 3]) == [2, 1]
    once, again = ruled("where has she worked?", JOBS, "en"), ruled("where has she worked?", twice, "en")
    assert again == once and [i for i, *_ in once.lines] == [1, 0]
    turned = ruled("where has she worked?", [twice[3], twice[2], twice[0]], "en")
    assert [i for i, *_ in turned.lines] == [0, 1] and turned.read == (0, 1)


def test_what_leans_on_a_job_that_was_told_is_no_question_of_its_own():
    assert asks_rule("what did she do there?") and not asks_alone("what did she do there?")
    assert asks_alone("any gaps?") and asks_rule("any gaps?") and not asks_rule("Does the candidate know how to use a very particular tool of the trade?")


def test_what_the_summary_says_of_all_years_stands_beside_what_was_counted():
    said = chunk(3, "Careful with files. Clerk with more than 12 years of experience. Likes tea.", section="Summary")
    told = ruled("how many years of experience?", [said, *JOBS], "en")
    assert next([said, *JOBS][i].text[a:b] for i, a, b in told.lines) == "Clerk with more than 12 years of experience." and told.counted and len(told.lines) == 3
    for other in ("Two years in Germany, then Spain.", "10 years as a parent", "Won the prize two years in a row", "Degree of 3 years in Physics", "졸업 후 2년 이상 공백"):
        assert len(ruled("how many years of experience?", [chunk(3, other, section="Summary"), *JOBS], "en").lines) == 2
    assert len(ruled("how many years of experience?", [chunk(3, "SQL, 5 years of experience", section="Skills"), *JOBS], "en").lines) == 2


def test_a_post_without_its_employers_name_is_told_under_it():
    posts = [
        chunk(1, "Lakeside Credit Union  Chicago, IL\nSenior Accountant  Feb 2020 – Present\n- Closes books.\n\nStaff Accountant  Jul 2017 – Jan 2020\n- Moved invoices to BlackLine"),
        chunk(2, "Harlan & Pike LLP  Milwaukee, WI\nAudit Associate  Sep 2014 – Jun 2017\n- Audited nonprofits"),
    ]
    told = lambda question: [posts[i].text[a:b] for i, a, b in ruled(question, posts, "en").lines]
    assert told("Where did the candidate work in 2018?") == ["Lakeside Credit Union  Chicago, IL", "Staff Accountant  Jul 2017 – Jan 2020"]
    assert told("Which job used BlackLine?") == ["Lakeside Credit Union  Chicago, IL", "Staff Accountant  Jul 2017 – Jan 2020", "- Moved invoices to BlackLine"]
    assert told("Where has the candidate worked?")[0] == "Senior Accountant  Feb 2020 – Present"  # quoted with the employer above it
    assert ruled("How many companies has the candidate worked for?", posts, "en").sentence == "2 employers."


def lines(question: str, passages, language: str = "en"):
    told = ruled(question, passages, language)
    return told and [passages[i].text[a:b] for i, a, b in told.lines]


def test_who_rests_from_work_is_not_asked_for_in_the_last_job():
    rest = [chunk(1, "May 2023 – to date  Career break\nFull-time carer for a parent."), chunk(2, "January 2018 – April 2023  Finance Manager\nHallam Joinery Ltd, Wakefield\n- Managed a team.")]
    told = ruled("what is she doing at the moment?", rest, "en")
    assert lines("what is she doing at the moment?", rest) == ["May 2023 – to date  Career break", "January 2018 – April 2023  Finance Manager"] and not told.nearest
    over = [chunk(1, rest[0].text.replace("to date", "June 2024")), rest[1]]
    assert ruled("where does she work now?", over, "en").nearest


def test_since_when_somebody_has_a_post_and_the_first_one_at_an_employer():
    nurse = [chunk(1, "Charge Nurse, Klinik Nord\n02/2021 – present\n- Runs the ward."), chunk(2, "Staff Nurse, Klinik Sued\n04/2018 – 01/2021\n- Nursed.")]
    assert lines("Since when is she charge nurse?", nurse) == lines("since when has she been a charge nurse", nurse) == ["02/2021 – present"]
    assert ruled("Since when is she a pilot?", nurse, "en") is None
    posts = [chunk(1, "벨라루체코리아  서울\nFinance Manager  2018년 5월 – 2022년 1월\n- 손익 분석\n\nFinancial Analyst  2016년 1월 – 2018년 4월\n- 예측", "경력")]
    assert lines("벨라루체코리아 첫 직책은 뭐였어요?", posts, "ko")[-1] == "Financial Analyst  2016년 1월 – 2018년 4월"


def test_jobs_in_an_order():
    assert lines("list her jobs please, newest first", JOBS) == lines("all her jobs from latest to oldest", JOBS) == ["2017-01 – present", "2013-09 – 2016-11"]


def test_the_projects_of_a_job_in_a_table_and_below_labels():
    table = "사업명 | 발주처 | 수행기간 | 역할\n여신시스템 고도화 | 다온저축은행 | 2018-09 ~ 2020-02 | 여신 심사 파트 개발\n정산 배치 재개발 | 하람카드 | 2015-09 ~ 2016-11 | 배치 개발"
    jobs = [chunk(1, "미래로시스템즈\n근무기간 2015-08 ~ 2020-03 | 금융SI팀 책임", "경력"), chunk(2, table, "경력"), chunk(3, "세움아이티\n2012-10 ~ 2015-07 | 개발팀 대리\n- 화면 개발\n- 시험", "경력")]
    jobs = [dataclasses.replace(each, start=100 * n) for n, each in enumerate(jobs)]
    assert lines("미래로시스템즈에서 한 프로젝트 다 알려줘", jobs, "ko") == ["근무기간 2015-08 ~ 2020-03 | 금융SI팀 책임", *table.split("\n")]
    detail = "프로젝트: 여신 플랫폼 AWS 이전\n기간: 2021.03 ~ 2022.06\n역할: PL, 투입 인원 11명\n성과: 비용 34% 절감\n프로젝트: 통합 관제 구축\n기간: 2023.02 ~ 2023.09\n성과: 탐지 90초"
    short = chunk(1, "회사명 | 재직기간 | 소속/직급\n㈜누리캐피탈테크 | 2020.10 ~ 재직중 | 클라우드팀 / 팀장\n위드호스팅 | 2013.05 ~ 2016.01 | 기술지원팀 / 사원", "경력요약")
    told = [short, chunk(2, f"㈜누리캐피탈테크\n\n{detail}", "상세경력")]
    assert lines("AWS 이전 프로젝트 성과는 뭐였어요?", told, "ko") == detail.split("\n")[:4]
    assert lines("누리캐피탈테크에서 뭐 했어?", told, "ko")[1:3] == ["프로젝트: 여신 플랫폼 AWS 이전", "기간: 2021.03 ~ 2022.06"]


def test_two_questions_in_one_are_answered_both_or_left_alone():
    form = [chunk(1, "성명: 배종만\n생년월일: 1970. 06. 18.\n휴대폰: 010-2865-7430\n이메일: bae@example.com", ""), chunk(2, "태흥종합관리, 전기과장\n2019.04 ~ 현재\n- 점검", "경력")]
    told = lines("이분 몇년생이세요? 연락처도 같이 부탁드려요", form, "ko")
    assert told[0] == "생년월일: 1970. 06. 18." and any("010-2865-7430" in line for line in told)
    assert lines("where does she work now and what is her e-mail?", [chunk(1, "Jo Doe\njo@doe.example", ""), *JOBS]) == ["2017-01 – present", "jo@doe.example"]
    assert ruled("몇년생이세요? 무슨 색을 좋아하나요?", form, "ko") is None or len(lines("몇년생이세요? 무슨 색을 좋아하나요?", form, "ko")) == 1


def test_referees_come_with_their_numbers_and_spoken_languages_are_no_code():
    referees = [chunk(1, "Dr Simon Abernethy\nClinic owner\n06 555 0181", "Referees"), *JOBS]
    assert lines("referees please, with phone numbers", referees) == lines("who can we contact for a reference? phone or email please", referees) == ["Dr Simon Abernethy", "Clinic owner", "06 555 0181"]
    code = [chunk(1, "Languages: C, Rust, Python", "Technical skills"), *JOBS]
    assert ruled("What languages does she speak?", code, "en") is None
    assert lines("languages?", [chunk(1, "English: native\nSpanish: good", "Languages"), *JOBS]) == ["English: native", "Spanish: good"]


def test_why_it_ended_where_the_place_closed():
    closed = [chunk(1, "Maintenance Electrician, Buckeye Stamping\n02/2015 - 07/2018\n- Kept presses running\n- Plant closed in July 2018"), chunk(2, "Electrician, Gem City\n08/2018 - present\n- Leads a crew")]
    assert lines("why did he leave Buckeye Stamping?", closed) == ["02/2015 - 07/2018", "- Plant closed in July 2018"]


@pytest.mark.parametrize(
    ("question", "lines"),
    [("생년월일하고 사는곳 알려줘", ["생년월일: 1968. 09. 03.", "주 소: 인천광역시 부평구"]), ("연락처랑 사는 곳 좀", ["이메일: a@b.example", "휴대폰: 010-8816-2470", "주 소: 인천광역시 부평구"]), ("사는 곳이랑 혈액형", None)],
)
def test_two_things_in_one_korean_question_are_both_told(question, lines):
    text = "길종만\n생년월일: 1968. 09. 03.\n휴대폰: 010-8816-2470\n이메일: a@b.example\n주 소: 인천광역시 부평구"
    resume = [Chunk("d-0", "d", "d.md", "길종만", "이력서", text, 0, len(text))]
    told = ruled(question, resume, "ko")
    assert ([text[a:b] for _, a, b in told.lines] if told else None) == lines
