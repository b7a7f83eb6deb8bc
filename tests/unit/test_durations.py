"""How long somebody was somewhere is counted from the dates, never guessed; what asks for something else is left alone."""

from datetime import date

import numpy as np
import pytest

from judge.guard import facts, missing
from judge.lengths import counts
from judge.order import by_order
from judge.service import passage_of
from rag.durations import asks_of_jobs, asks_total, held, length, states_years, title_of
from rag.entries import periods
from rag.prompt import DECLINE
from rag.quoting import quote_answer
from rag.types import Chunk
from tests.unit.test_quoting import Reader, retrieved

TODAY = date(2026, 11, 28)


def chunk(number: int, text: str, section: str = "Experience", subject: str = "Mira Solberg") -> Chunk:
    return Chunk(f"d-{number}", "d", "d.md", subject, section, text, 0, len(text))


NOW = chunk(1, "Staff Engineer, Havgard Energy\nMarch 2022 – present | Bergen\n- Cut the bill to 146,000.")
BEFORE = chunk(2, "Engineer, Pellikan Logistics\n06/2019 - 02/2022\n- Built the event platform.")
FIRST = chunk(3, "Junior Engineer, Vossen Software\nSeptember 2016 to May 2019\n- Ran 45 nodes.")
BESIDE = chunk(4, "Lecturer, Bergen College\n2018 – 2020")
STUDIES = chunk(5, "MSc, University of Oslo\n2014 – 2016", "Education")
RESUME = [NOW, BEFORE, FIRST, STUDIES]
KOREAN = [
    chunk(1, "메디온결, 데이터분석팀장\n2023년 4월 – 현재 | 대전", "경력", "탁온유"),
    chunk(2, "한누리의료원, 중환자실 간호사\n2014년 3월 – 2020년 2월 | 전주", "경력", "탁온유"),
    chunk(3, "보건 봉사단원, 물푸레\n2013.03 ~ 2013.12", "경력", "탁온유"),
]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("How long has she been at Havgard Energy?", "About 4 years and 9 months so far (March 2022 – present)."),
        ("How long did she work for Pellikan?", "About 2 years and 9 months (06/2019 - 02/2022)."),
        ("how many years was she at Vossen Software", "About 2 years and 9 months (September 2016 to May 2019)."),
        ("How long has she been in her current job?", "About 4 years and 9 months so far (March 2022 – present)."),
        ("How long was she at her first job?", "About 2 years and 9 months (September 2016 to May 2019)."),
        ("How long were they at their latest company?", "About 4 years and 9 months so far (March 2022 – present)."),
        ("How long was she a junior engineer at Vossen?", "About 2 years and 9 months (September 2016 to May 2019)."),
        ("how many years of experience does she have", "About 10 years and 3 months of work so far."),
        ("How many years of experience in total?", "About 10 years and 3 months of work so far."),
        ("Total work experience in years?", "About 10 years and 3 months of work so far."),
        ("What is her total work experience?", "About 10 years and 3 months of work so far."),
        ("how long has she been working?", "About 10 years and 3 months of work so far."),
    ],
)
def test_a_time_is_counted_from_the_dates_of_the_entry_that_is_asked_for(question, said):
    assert length(question, RESUME, "en", TODAY).sentence == said


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("how long was he CEO", "About 1 year and 1 month (2013-12 – 2014-12)."),
        ("how long did she teach?", "About 7 years and 9 months (September 2011 – May 2019)."),
        ("How many years did she teach physics?", "About 7 years and 9 months (September 2011 – May 2019)."),
        ("How long has she been a teacher?", "About 7 years and 9 months (September 2011 – May 2019)."),
        ("how long was she a principal engineer?", None),
        ("how long was she unemployed", None),
        ("how long did she live in Vossen", None),
        ("how long has she been using Python?", None),
    ],
)
def test_a_role_is_that_of_a_heading(question, said):
    jobs = [chunk(1, "CEO/President, Pied Piper (2013-12 – 2014-12)"), chunk(2, "Teacher of Physics, Vossen Lyceum\nSeptember 2011 – May 2019\n- Managed a club.")]
    told = length(question, jobs, "en", TODAY)
    assert (told and told.sentence) == said


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("간호사는 몇 년 했어요?", "약 6년입니다 (2014년 3월 – 2020년 2월)."),
        ("간호사 경력은 몇 년이에요?", "약 6년입니다 (2014년 3월 – 2020년 2월)."),
        ("한누리의료원에서 얼마나 일했어요?", "약 6년입니다 (2014년 3월 – 2020년 2월)."),
        ("지금 회사에서 몇 년 근무했어?", "지금까지 약 3년 8개월입니다 (2023년 4월 – 현재)."),
        ("첫 직장에서 얼마나 일했나요?", "약 10개월입니다 (2013.03 ~ 2013.12)."),
        ("총 경력 몇 년이야?", "지금까지 일한 기간은 모두 약 10년 6개월입니다."),
        ("경력이 총 얼마나 되나요?", "지금까지 일한 기간은 모두 약 10년 6개월입니다."),
        ("지원자는 몇 년차예요?", "지금까지 일한 기간은 모두 약 10년 6개월입니다."),
        ("총 경력은?", "지금까지 일한 기간은 모두 약 10년 6개월입니다."),
    ],
)
def test_in_korean(question, said):
    assert length(question, KOREAN, "ko", TODAY).sentence == said


@pytest.mark.parametrize(
    "question",
    [
        "How long did the migration at Havgard Energy take?",
        "How long did she work on the event platform at Pellikan?",
        "How long was she at Vossen before being promoted?",
        "How long was she a director at Vossen?",  # she was none
        "How many years of experience does she have with Kafka?",
        "What is her experience with Kafka?",
        "When did she join Havgard Energy?",
        "How long was she in Oslo?",
        "Does she have experience?",
        "파이썬 경력 몇 년이야?",
        "한누리의료원에서 승진하기까지 얼마나 일했어요?",
        "경력 알려줘",
        "How long has she been at her current address?", "How long has she been living in her current city?", "How long has she been learning Norwegian now?", "How long has she been married now?",
        "How long did she work on Kafka at Pellikan?", "How long did she work part-time at Pellikan?", "How long did she work with Ida at Pellikan?", "How long has she been using Kafka at Havgard Energy?",
        "How long has Ida Berg been at Havgard Energy?", "How long has she been in Bergen?", "How long was she in charge of the cloud bill at Havgard?",
        "지금 사는 집에 얼마나 있었어?", "메디온결에서 사고가 얼마나 있었나요?", "메디온결에서 얼마나 일찍 출근해?", "메디온결에서 얼마나 일을 잘했어?", "한누리의료원에서 수간호사로 얼마나 일했어요?",
        "경력 몇 년 만에 팀장 됐어?", "몇 년차에 이직했어", "직장생활 얼마나 힘들었어?", "경력이 얼마나 다양해?",
    ],
)
def test_what_asks_for_something_else_is_not_counted(question):
    assert length(question, RESUME, "en", TODAY) is None and length(question, KOREAN, "ko", TODAY) is None


def test_overlaps_count_once_and_years_alone_are_said_as_years():
    assert [period.dates for period in periods([*RESUME, BESIDE])] == ["September 2016 to May 2019", "2018 – 2020", "06/2019 - 02/2022", "March 2022 – present"]
    assert length("total experience?", [*RESUME, BESIDE], "en", TODAY).sentence == "About 10 years of work so far."
    assert length("How long did she work at Bergen College?", [*RESUME, BESIDE], "en", TODAY).sentence == "About 2 years (2018 – 2020)."
    assert length("How long did she work at Acme?", [chunk(1, "Clerk, Acme\n2019 – 2019")], "en", TODAY) is None


def test_two_posts_at_one_place_are_added_with_the_times_they_are_made_of():
    posts = [chunk(1, "Acme Shipping, clerk\n01/2015 - 12/2016"), chunk(2, "Acme Shipping, manager\n01/2018 - 12/2018"), BEFORE]
    for question in ("How long did she work at Acme Shipping?", "How long did she work at Acme Shipping altogether?"):
        assert length(question, posts, "en", TODAY).sentence == "About 3 years (01/2015 - 12/2016, 01/2018 - 12/2018)."


@pytest.mark.parametrize(
    "text",
    [
        "Acme School Meals, the contractor. Three posts:\n- cook at Blackmoor Lane, up to Christmas 2013;\n- cook-supervisor there, with a team of five, January 2014 to August 2016; one visit;",
        "Before that, Norway. From January 2014 to June 2018 I worked for Acme, on an island: two years as technician.",
        "He left Acme in 2014. From 2015 to 2018 he was at Delta.",
    ],
)
def test_dates_within_prose_are_not_counted(text):
    prose = [chunk(1, text), BEFORE, FIRST]
    assert length("How long was she with Acme altogether?", prose, "en", TODAY) is None and length("years of experience in total?", prose, "en", TODAY) is None


@pytest.mark.parametrize(
    "line",
    ["Clerk, Acme (2013-09 – 2016-11)", "2013-09 – 2016-11  Clerk, Acme, Bergen", "- 2013-09 – 2016-11: Clerk, Acme", "- Clerk, Acme, 2013-09 – 2016-11", "Clerk | Acme | 2013-09 – 2016-11 | Bergen, Norway"],
)
def test_dates_at_the_edge_of_a_heading_are(line):
    assert length("How long was she at Acme?", [chunk(1, f"{line}\n- Sorted files."), BEFORE], "en", TODAY).sentence.startswith("About 3 years and 3 months (")


@pytest.mark.parametrize(
    "other",
    [
        chunk(9, "Fellow, Delta\n2013-09 – 2015-08", "Research Experience"),  # work or not?
        chunk(9, "Clerk, Delta\n- Sorted files for nine years."),  # no dates
    ],
)
def test_all_experience_is_not_counted_where_some_of_it_has_no_known_time(other):
    assert length("years of experience in total?", [*RESUME, other], "en", TODAY) is None
    assert length("How long has she been at Havgard Energy?", [*RESUME, other], "en", TODAY)


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        ("03/15/2019 – 04/20/2020", "About 1 year and 2 months (03/15/2019 – 04/20/2020)."), ("15/03/2019 – 20/04/2020", "About 1 year and 2 months (15/03/2019 – 20/04/2020)."),
        ("1/2/2019 – 3/1/2022", "About 3 years (1/2/2019 – 3/1/2022)."),  # day or month first?
        ("2019.13 – 2021.14", "About 2 years (2019.13 – 2021.14)."), ("2024-01 – 2031-12", "About 2 years and 11 months (2024-01 – 2031-12)."),  # not beyond today
    ],
)  # fmt: skip
def test_dates_that_may_be_read_in_two_ways(dates, said):
    assert length("How long was she at Acme?", [chunk(1, f"Clerk, Acme\n{dates}"), BEFORE], "en", TODAY).sentence == said


def test_of_several_people_nothing_is_counted():
    assert length("total experience?", [NOW, KOREAN[0]], "en", TODAY) is None


def test_questions_for_all_experience():
    assert asks_total("the candidate: years of experience?") is False
    assert asks_total("years of experience?") and asks_total("experience in total?") and not asks_total("experience?")


def test_long_questions_are_told_quickly():
    import time

    began = time.perf_counter()
    for text in ("how long has " + "A" * 2000, "경력 " * 600, "how many years of " * 120, "얼마나 " * 500, "total " * 400 + "experience", "이 사람" * 500):
        length(text[:2000], RESUME, "en", TODAY)
    assert time.perf_counter() - began < 20


# ------------------------------------------------------------------ the answer


JOBS = ("Clerk, Acme\n2013-09 – 2016-11\n- Sorted 400 files.", "Manager, Delta\n2017-01 – 2018-12\n- Led 4 people.")


def test_the_counted_time_stands_above_the_lines_it_was_counted_from():
    found = retrieved(*JOBS, section="Experience")
    answer = quote_answer("How long did she work at Acme?", found, Reader("Acme"), "en")
    said, quotes = answer.text.split("\n\n")
    assert said == "About 3 years and 3 months (2013-09 – 2016-11) [1]." and quotes.startswith('"Clerk, Acme · 2013-09 – 2016-11')
    assert answer.settled and answer.bare and not answer.counted and not answer.declined


def test_all_experience_is_counted_from_all_jobs_and_said_to_be_counted():
    answer = quote_answer("총 경력은 몇 년인가요?", retrieved(*JOBS, section="경력"), Reader("nothing"), "ko")
    said, quotes = answer.text.split("\n\n")
    assert said == "일한 기간은 모두 약 5년 3개월입니다 [1] [2]." and len(quotes.split("\n")) == 2 and answer.counted


def test_all_experience_is_counted_only_of_one_person_and_from_all_jobs():
    found = retrieved(*JOBS, section="Experience")
    searched = [each.chunk for each in found]
    another = chunk(7, "Clerk, Delta\n2001 – 2003", subject="Jan Mulder")
    third = chunk(8, "Clerk, Epsilon\n2005-01 – 2006-12", subject=searched[0].subject)
    ask = lambda resume: quote_answer("How many years of experience?", found, Reader("Acme"), "en", resume=resume)
    assert ask(searched).counted and not ask([*searched, another]).counted and not ask([*searched, third]).counted


@pytest.mark.parametrize("line", ["Experience: 8+ years", "Total experience: 12 years", "Seven years' experience in nursing.", "총 경력: 10년", "10년 경력의 간호사입니다", "총 경력 : 7년 3개월", "한빛전자 19.03 ~ 21.02"])
def test_a_line_that_states_years_of_experience_is_no_reason_to_decline(line):
    assert not quote_answer("how many years of experience?", retrieved(line, section="Summary"), Reader(line), "en").declined


def test_without_dates_all_experience_is_not_told_but_where_a_line_states_it():
    undated = retrieved("- Sorted 400 files.", "Seasoned clerk with more than 9 years of experience.", section="Experience")
    assert quote_answer("how many years of experience?", undated[:1], Reader("Sorted"), "en").text == DECLINE["en"]
    assert "9 years" in quote_answer("how many years of experience?", undated, Reader("Seasoned"), "en").text


# ------------------------------------------------------------------ the judge


PASSAGES = [passage_of(each) for each in RESUME]


@pytest.mark.parametrize(
    ("claim", "held"),
    [
        ("About 4 years and 9 months so far (March 2022 – present).", True),
        ("About 4 years and 8 months so far (March 2022 – present) [1].", True),  # the last month may be counted or not
        ("About 5 years and 9 months so far (March 2022 – present).", False),
        ("About 2 years and 9 months (March 2022 – present).", False),  # another job's
        ("About 4 years (March 2021 – present).", False),  # no such dates
        ("2 years and 9 months", True),
        ("About 10 years of work so far.", True),
        ("About 10 years and 3 months of work so far.", True),
        ("About 13 years of work so far.", False),
        ("She worked there for 2 years and 9 months.", False),  # says more than a length: left to the reader
        ("About 2 people.", False),
        ("so far", False),
        ("About 2 years and 9 months of work in all.", False),  # of one job alone
        ("About 2 years and 9 months so far (06/2019 - 02/2022).", False),  # it has ended
        ("0 years", False),
        ("", False),
    ],
)
def test_a_length_that_the_dates_make_up_is_supported(claim, held):
    assert bool(counts(claim, PASSAGES, TODAY)) is held


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("About 7 years (06/2019 - 02/2022).", False), ("About 13 years of work so far.", False),  # these dates tell another length
        ("About 7 years (06/2001 - 02/2008).", None), ("About 7 years.", None), ("She sorted files for 7 years.", None),  # these are for the reader
    ],
)  # fmt: skip
def test_a_length_that_the_dates_deny_is_told_from_one_they_do_not_speak_of(claim, said):
    assert counts(claim, PASSAGES, TODAY) is said


def test_all_of_it_is_told_by_all_passages_alone_and_only_where_all_dates_are_headings():
    assert not any(counts("About 2 years and 9 months of work in all.", [passage], TODAY, whole=False) for passage in PASSAGES)
    prose = passage_of(chunk(9, "From January 2003 to June 2014 I worked for Delta, in sales."))
    assert not counts("About 10 years of work so far.", [*PASSAGES, prose], TODAY)


def test_a_korean_length():
    passages = [passage_of(each) for each in KOREAN]
    assert counts("지금까지 일한 기간은 모두 약 10년 6개월입니다.", passages, TODAY) and counts("약 6년입니다 (2014년 3월 – 2020년 2월).", passages, TODAY)
    assert not counts("약 7년입니다 (2014년 3월 – 2020년 2월).", passages, TODAY)
    assert not counts("지금까지 일한 기간은 모두 약 12년입니다.", passages, TODAY)


def test_what_the_product_counts_the_judge_counts_too():
    for question in ("How long has she been at Havgard Energy?", "how many years of experience in total"):
        assert counts(length(question, RESUME, "en", TODAY).sentence, PASSAGES, TODAY)


def test_the_guard_knows_lengths_with_and_without_their_last_month_and_all_of_them_together():
    evidence = "Clerk, Area 52 (2013-09 – 2016-11)\nManager, Delta (2016-01 – 2018-12)"  # "52 (2013-09" is no telephone number
    assert facts(evidence).durations[-3:][0] == 64 and not facts(evidence).contacts
    for claim in ("She worked for 3 years and 3 months.", "She worked for 3 years and 2 months.", "All in all 5 years and 4 months."):
        assert missing(claim, evidence) == []
    assert missing("She worked for 13 years and 3 months.", evidence)


def test_where_all_experience_is_asked_for_every_dated_job_is_relevant_and_a_right_count_answers():
    p_relevant, p_answers = by_order("How many years of experience does Mira Solberg have?", "About 10 years and 3 months of work so far [1] [2] [3].", PASSAGES, np.full(4, 0.3), 0.2)
    assert (p_relevant[:3] > 0.9).all() and p_relevant[3] == pytest.approx(0.3) and p_answers > 0.9  # the fourth are her studies
    _, wrong = by_order("How many years of experience does Mira Solberg have?", "About 2 years of work in all.", PASSAGES, np.full(4, 0.3), 0.2)
    assert wrong == pytest.approx(0.2)
    kept, same = by_order("How many years of experience with Kafka?", "About 10 years and 3 months of work so far.", PASSAGES, np.full(4, 0.3), 0.2)
    assert kept.tolist() == [0.3] * 4 and same == 0.2


@pytest.mark.parametrize(
    ("question", "heading"),
    [
        ("how long was he a student?", "Student Advisor, Acme"), ("how long was he a customer?", "Customer Support, Acme"), ("how long was he president?", "Vice President, Acme"), ("how long was he a director?", "Assistant to the Director, Acme"),
        ("how long was she a manager?", "Assistant Manager, Acme"), ("how long was he a teacher?", "Teaching Assistant, Acme"), ("how long did he travel?", "Travel Agent, Acme"), ("how long was she remote?", "Engineer, Acme"),
        ("학생은 몇 년 했어요?", "학생 상담사, 나래"), ("팀장은 몇 년 했어요?", "부 팀장, 나래"), ("현재 몇 년 했어?", "상담사, 나래"),
    ],
)  # fmt: skip
def test_a_word_of_a_heading_is_not_always_a_role(question, heading):
    assert length(question, [chunk(1, f"{heading}\n2015 – 2019 | Remote")], "en", TODAY) is None


@pytest.mark.parametrize(
    ("question", "dates"),
    [
        ("How many years of experience as an engineer?", 3), ("how many years of engineering experience does she have?", 3), ("years of engineering experience", 3), ("how many years as a junior engineer?", 1), ("how much experience does she have as a junior engineer?", 1),
    ],
)  # fmt: skip
def test_years_in_a_field_are_those_of_the_jobs_with_it_in_the_title(question, dates):
    found = length(question, RESUME, "en", TODAY)
    assert asks_of_jobs(question) and found.sentence.startswith("About ") and len(found.periods) == dates


@pytest.mark.parametrize("question", ["how many years of Kafka experience?", "what experience does she have as an engineer?", "experience with Kafka", "how many years of relevant experience?"])
def test_what_no_title_tells_is_not_counted(question):
    assert length(question, RESUME, "en", TODAY) is None


def test_where_another_job_mentions_the_field_and_of_abbreviations():
    other = chunk(9, "Buyer, Acme\n2008 – 2010\n- Did some engineering, too.")
    assert length("how many years of engineering experience?", [*RESUME, other], "en", TODAY) is None
    stated = chunk(9, "Engineering (10 years), Kafka", "Skills")
    assert length("how many years of engineering experience?", [*RESUME, stated], "en", TODAY) is None
    within = chunk(1, "Java Developer, Acme\n2020 – present\n- Wrote.\n\nEngineer, Bolt\n2014 – 2020\n- Built services in Java.")
    assert length("how many years of Java experience?", [within], "en", TODAY) is None
    sre = chunk(9, "Site Reliability Engineer, Acme\nJanuary 2008 – December 2009")
    assert length("how many years of site reliability experience?", [sre], "en", TODAY).sentence == "About 2 years by job titles (January 2008 – December 2009)."
    intern = chunk(9, "Intern, Acme\nJanuary 2008 – June 2008")
    assert length("how long was the internship?", [intern], "en", TODAY).sentence == "About 6 months (January 2008 – June 2008)."
    assert length("how long in her current role?", RESUME, "en", TODAY).sentence.startswith("About 4 years and 9 months so far")


def test_the_judge_counts_several_times_in_one_bracket():
    jobs = [chunk(1, "Site Reliability Engineer, Acme\nJanuary 2008 – December 2009"), chunk(2, "Site Reliability Engineer, Beta\nMarch 2012 – February 2013")]
    said = length("how many years of reliability experience?", jobs, "en", TODAY).sentence
    passages = [passage_of(each) for each in jobs]
    assert counts(said, passages, TODAY) is True and counts(said.replace("3 years", "5 years"), passages, TODAY) is False


def test_a_dated_task_does_not_count_among_the_jobs():
    jobs = [chunk(1, "Nurse, Acme\nJanuary 2008 – December 2009\n- 2008.03~2008.09 loan to another ward")]
    assert [job.dates for job in length("total experience in years", jobs, "en", TODAY).periods] == ["January 2008 – December 2009"]


@pytest.mark.parametrize(
    ("question", "title"),
    [("how many years of experience as a CEO?", "Assistant to the CEO, Acme"), ("How long was she CEO?", "Chief of Staff, Office of the CEO"), ("how many years of experience as a director?", "Deputy Director, Acme"), ("How long was she a student?", "Working Student, Acme"), ("How long did she train?", "Personal Trainer, Acme"), ("how much CSS experience does she have?", "Customer Success Specialist, Acme"), ("설계 경력 몇년?", "프리랜서 도면 설계")],
)
def test_another_role_is_not_taken_for_it(question, title):
    jobs = [chunk(1, f"{title}\nJanuary 2008 – December 2009"), chunk(2, "한울중공업, 설계 사원\nJanuary 2012 – December 2013")]
    assert length(question, jobs, "en", TODAY) is None


POSTS = "Acme Ltd, London\nSenior Engineer  January 2019 – December 2021\n- Led.\n\nEngineer  January 2016 – December 2018\n- Built."


@pytest.mark.parametrize("question", ["How long did she work at Acme?", "Acme Ltd, London, Senior Engineer: how long did they work there?", "Acme에서 얼마나 일했어요?"])
def test_posts_that_follow_on_each_other_below_their_employer_count_together(question):
    told = length(question, [chunk(1, POSTS)], "en", TODAY)
    assert told.sentence == "About 6 years (January 2016 – December 2018, January 2019 – December 2021)."
    assert counts(told.sentence, [passage_of(chunk(1, POSTS))], TODAY) is True


def test_only_posts_below_the_name_of_the_employer_are_of_it():
    two = "Acme Ltd, London\nSenior Engineer  March 2019 – December 2021\n- Led.\n\nClerk  January 2016 – February 2019\n- Filed.\n\nBolt AG, Zug\nEngineer  January 2010 – December 2015\n- Built."
    assert length("How long was she at Bolt?", [chunk(1, two)], "en", TODAY).sentence == "About 6 years (January 2010 – December 2015)."
    assert length("How long was she at Acme?", [chunk(1, two)], "en", TODAY).sentence.startswith("About 6 years (January 2016")
    assert length("How long has she been a senior engineer at Acme?", [chunk(1, two)], "en", TODAY).sentence.startswith("About 2 years and 10 months (March 2019")


def test_of_one_post_among_several_its_own_time_is_told():
    current = chunk(1, POSTS.replace("December 2021", "present"))
    assert length("How long has she been in her current role?", [current], "en", TODAY).periods[0].dates == "January 2019 – present"


@pytest.mark.parametrize(
    "text",
    [
        POSTS.replace("December 2018", "March 2017"),  # a time elsewhere between
        POSTS.replace("Acme Ltd, London\nSenior Engineer ", "Senior Engineer, Acme Ltd, London "),  # the other may be anywhere
        POSTS.replace("December 2018", "2018"), POSTS.replace("January 2019", "2019").replace("December 2018", "2018"),
    ],
)
def test_where_a_second_post_may_be_at_the_employer_no_length_is_told(text):
    assert length("How long did she work at Acme?", [chunk(1, text)], "en", TODAY) is None


def test_the_job_that_stands_behind_before_is_not_the_one_whose_length_is_asked():
    assert length("Where did the candidate work before Havgard Energy? How long was she there?", RESUME, "en", TODAY) is None
    assert length("Havgard Energy 이전에는 어디서 일했나요? 거기서 얼마나 일했어요?", RESUME, "ko", TODAY) is None


def test_dates_of_a_form_and_a_title_with_colons_are_known_to_the_judge():
    form = chunk(1, "Employer: Thornhaven Airport\nPost: Approach Controller\nFrom: March 2014\nTo: May 2021\n- Watched.")
    told = length("How long was she at Thornhaven?", [form], "en", TODAY)
    assert counts(told.sentence, [passage_of(form)], TODAY) is True
    titled = f"Employer: Thornhaven Airport, Post: Approach Controller, From: {told.sentence[:1].lower()}{told.sentence[1:]}"
    assert counts(titled.replace("years", "months"), [passage_of(form)], TODAY) is not True


def test_dates_in_a_cell_of_their_own_are_the_jobs_however_long_its_row_is():
    row = chunk(1, "Apr 2021 – now | Hollow Lantern Creamery, Shelburne VT | Head of Affinage | Four caves, 38,000 wheels a year. Rejects down from 9.2% to 3.1%. Team of 11. Took second place in its class at the show.")
    assert length("How long has she been at Hollow Lantern?", [row], "en", TODAY).periods[0].headed


def test_a_job_without_the_field_in_its_title_may_be_of_it_under_a_title_that_names_it():
    jobs = [chunk(1, "2018 - present  Head of Chemistry\n- Leads.", "Teaching experience"), chunk(2, "2010 - 2018  Teacher of Science\n- Taught.", "Teaching experience")]
    assert length("years of teaching experience?", jobs, "en", TODAY) is None
    assert length("years of teaching experience?", [chunk(each.start, each.text.replace("Head of Chemistry", "Clerk"), "Experience") for each in jobs], "en", TODAY).sentence.startswith("About 8 years by job titles")


def test_all_of_the_time_at_the_employer_of_the_post_that_was_told():
    posts = [chunk(1, "Manager, Brindle & Rowe\nJune 2018 – February 2021"), chunk(2, "Executive, Brindle & Rowe\nSept 2015 – May 2018"), chunk(3, "Manager, Harrow\nMarch 2021 – present")]
    assert length("Manager, Brindle & Rowe: how long was she there in total?", posts, "en", TODAY).sentence.startswith("About 5 years and 6 months (")
    assert length("Manager, Brindle & Rowe: how long was she there?", posts, "en", TODAY).sentence.startswith("About 2 years and 9 months (")


@pytest.mark.parametrize("line", ["Builder with 18 years in the industry.", "15+ years installing and repairing systems", "경력 16년 5개월 | 전기안전관리"])
def test_years_that_a_summary_states(line):
    assert states_years([chunk(1, line, "Summary")]) and not states_years([chunk(1, line, "Experience")])


def test_projects_that_share_a_word_are_no_career():
    games = [chunk(1, "넥스트루프 게임즈 — QA실 QA 엔지니어\n2019.01 – 2022.02\n모바일 게임 라이브 QA (2019.03 – 2021.06)\n- 결함 등록\n글로벌 런칭 현지화 QA (2021.07 – 2022.01)\n- 번역 검수", "경력", "탁온유")]
    assert length("QA 경력 몇 년?", games, "ko", TODAY) is None and length("이분 QA 총 몇년 했어요?", games, "ko", TODAY) is None
    assert length("넥스트루프에서 얼마나 일했나요?", games, "ko", TODAY).sentence == "약 3년 2개월입니다 (2019.01 – 2022.02)."


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("2014 – 2016\nSales Associate / Shoprite / Ikeja\n- Sold.", "Sales Associate / Shoprite / Ikeja"), ("회사명: 새터종합건설\n재직기간: 2015.02 ~ 2020.03\n- 시공", "새터종합건설"), ("Clerk, Acme\n2013 – 2016\n- Filed.", "Clerk, Acme"),
        ("May 2016 – Dec 2019\nCategory Manager, Metals\nTreadwell Automotive, Coventry\n- Bought.", "Category Manager, Metals, Treadwell Automotive, Coventry"),
    ],
)  # fmt: skip
def test_a_title_has_neither_dates_nor_labels(text, title):
    assert title_of(periods([chunk(1, text)])[0]) == title


def test_months_in_capitals_are_months():
    told = length("How long was she at Oakfield?", [chunk(1, "Teacher at Oakfield Academy, Bradford\nSEPTEMBER 2017 — AUGUST 2021\n- Taught.")], "en")
    assert told.sentence.startswith("About 4 years (")


def test_two_times_at_one_employer_are_counted_together():
    jobs = [chunk(1, "Teacher at Oakfield Academy, Bradford\nSeptember 2017 — August 2021\n- Taught."), chunk(2, "Assistant at Oakfield Academy, Bradford\nJanuary 2016 — July 2017\n- Helped."), chunk(3, "Cook, Acme\n2012 – 2013\n- Cooked.")]
    assert length("How long was she at Oakfield Academy?", jobs, "en").sentence.startswith("About 5 years and 7 months (")
    assert length("How long was she at Oakfield and Acme?", jobs, "en") is None


def test_of_a_year_alone_that_goes_on_the_middle_counts():
    told = length("how long has she worked at Acme?", [chunk(1, "Clerk, Acme\n2019 – present")], "en", date(2026, 11, 28))
    assert told.sentence == "About 7 years so far (2019 – present)."


def test_a_project_within_the_job_that_is_asked_for_is_left_out():
    job = chunk(1, "Managing Consultant, Noordlicht\nSep. 2019 – Present\n- Client: Delver Dairy (Feb. 2023 – Present)\n- Moved codes.")
    assert length("how long in the current role?", [job, chunk(2, "Clerk, Acme\n01/2010 – 08/2019")], "en", date(2026, 11, 28)).sentence.startswith("About 7 years and 3 months")


def test_a_name_that_shares_its_last_word_alone_is_another_employer():
    job = chunk(1, "Dungarvan Farm & Pet Vets, Dungarvan\nJul 2015 – Sep 2017\nVeterinary Nurse")
    assert length("How long was she with Oranmore Vets?", [job], "en") is None and length("How long was she at Dungarvan Farm?", [job], "en").sentence.startswith("About 2 years")


def test_how_long_in_all_is_asked_in_short_too():
    assert asks_total("총 경력이 어떻게되요?")


def test_a_word_that_ends_in_one_that_excludes_a_post_excludes_nothing():
    jobs = periods([chunk(1, "Pennine Vertical, Leeds  04/2019 – to date\nService Supervisor"), chunk(2, "Acme, Leeds  2012 – 2019\nPhoto Editor"), chunk(3, "Bolt, Hull  2010 – 2012\nDeputy Manager")])
    assert [job.dates for job in (*held("supervisor", jobs), *held("editor", jobs))] == ["04/2019 – to date", "2012 – 2019"]
    assert held("manager", jobs) == []
