"""Times without a job are counted from the dates, and nothing is said where the dates leave it open."""

from datetime import date

import numpy as np
import pytest

from judge.lengths import counts
from judge.order import by_order
from judge.service import passage_of
from rag.gaps import asks_gaps, gaps
from tests.unit.test_durations import chunk

TODAY = date(2026, 11, 28)
FIRST = chunk(1, "Clerk, Vossen Trade\nMarch 2013 – December 2014\n- Filed.")
NEXT = chunk(2, "Buyer, Pellikan Logistics\nAugust 2015 - February 2022\n- Bought.")
NOW = chunk(3, "Head of Buying, Havgard Energy\nMarch 2022 – present | Bergen\n- Leads.")


@pytest.mark.parametrize(
    "question",
    [
        "any gaps in her CV?", "any gaps in the candidate's career?", "gaps?", "are there any employment gaps", "Any gaps in his employment history?", "has she ever been unemployed?", "does he have gaps in his resume?", "are there any gaps between jobs?",
        "경력 공백 있나요?", "공백기 있어?", "공백기간은요?", "경력 단절 있나요", "이력서에 공백이 있나요?", "경력 중간에 공백 있어?", "쉰 기간이 있나요?",
    ],
)  # fmt: skip
def test_gaps_are_asked_for(question):
    assert asks_gaps(question)


@pytest.mark.parametrize("question", ["", "any", "work", "경력", "gap year?", "coverage gaps", "경력 몇 년", "what did she do between jobs", "공백기에 뭐 했어요?"])
def test_other_questions_are_left_alone(question):
    assert not asks_gaps(question) and gaps(question, [FIRST, NEXT, NOW], "en", TODAY) is None


def test_a_gap_is_counted_and_stands_with_the_jobs_beside_it():
    found = gaps("any gaps?", [FIRST, NEXT, NOW], "en", TODAY)
    assert found.sentence == "Without a job: about 7 months (after December 2014)."
    assert [job.dates for job in found.beside] == ["August 2015 - February 2022", "March 2013 – December 2014"] and len(found.read) == 3
    assert gaps("공백기 있나요?", [FIRST, NEXT, NOW], "ko", TODAY).sentence == "직장이 없던 기간: 약 7개월(2014년 12월 이후)."


def test_without_a_gap_it_says_so_and_one_since_the_last_job_counts():
    assert gaps("any gaps?", [NEXT, NOW], "en", TODAY).sentence == "No gap of 3 months or more."
    assert gaps("any gaps?", [FIRST, NEXT], "en", TODAY).sentence.endswith("about 4 years and 8 months (after February 2022).")


def test_a_job_beside_the_others_and_a_study_fill_a_gap():
    beside = chunk(4, "Freelance Writer\nNovember 2014 – October 2015\n- Wrote.")
    assert gaps("any gaps?", [FIRST, NEXT, NOW, beside], "en", TODAY).sentence == "No gap of 3 months or more."
    study = chunk(5, "MSc, University of Oslo\nJanuary 2015 – July 2015", "Education")
    found = gaps("any gaps?", [FIRST, NEXT, NOW, study], "en", TODAY)
    assert found.sentence == "No gap of 3 months or more but for studies." and found.told and len(found.read) == 4


def test_where_a_job_has_no_dates_nothing_is_said():
    assert gaps("any gaps?", [FIRST, NEXT, NOW, chunk(4, "Clerk, Acme\nWorked there for long.", "Experience")], "en", TODAY) is None


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ("Clerk, Acme\n2010 – 2012", "Without a job: about 7 months (after December 2014) (some dates give no months)."),  # how long after it, the years do not tell
        ("Clerk, Delta\nMarch 2008 – May 2010\n- Filed.\n\nIntern, Gamma, 2012\n- Helped.", "Without a job: some time between 2010 and 2012, about 7 months (after December 2014) (some dates give no months)."),
    ],
)
def test_of_years_alone_full_ones_are_counted(other, said):
    assert gaps("any gaps?", [FIRST, NEXT, NOW, chunk(4, other)], "en", TODAY).sentence == said
    assert counts(said, [passage_of(each) for each in (FIRST, NEXT, NOW, chunk(4, other))], TODAY) is True


def test_a_break_that_the_resume_names_answers_and_is_no_gap_besides():
    own = chunk(4, "Career break, parental leave\nJanuary 2015 – July 2015\n- Raised a daughter.")
    found = gaps("any career gaps?", [FIRST, NEXT, NOW, own], "en", TODAY)
    assert found.sentence == "" and not found.beside and [each.position for each in found.told] == [3]
    late = chunk(3, "Head of Buying, Havgard Energy\nSeptember 2022 – present")
    found = gaps("any career gaps?", [FIRST, NEXT, late, own], "en", TODAY)
    assert found.sentence == "Without a job: about 6 months (after February 2022)." and found.told[0].position == 3
    assert counts(found.sentence, [passage_of(each) for each in (FIRST, NEXT, late, own)], TODAY) is True
    year = chunk(4, "Career break | caring for a parent | 2015")
    assert [each.position for each in gaps("any gaps?", [FIRST, NEXT, NOW, year], "en", TODAY).told] == [3]
    [told] = gaps("any gaps?", [FIRST, NEXT, NOW, chunk(4, "Career break | a parent | 2015\n\nClerk, Delta | May 2009 – 2010")], "en", TODAY).told
    assert told.span == (0, 30)  # not the heading of the job below


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("is there a gap in 2015?", "Without a job in 2015: about 7 months (after December 2014)."), ("any gap between 2014 and 2016?", "Without a job in 2014–2016: about 7 months (after December 2014)."),
        ("any gaps in 2018?", "No gap of 3 months or more in 2018."), ("2015년에 공백 있어요?", "2015년에 직장이 없던 기간: 약 7개월(2014년 12월 이후)."), ("2018년에 공백기가 있나요?", "2018년에 3개월 이상의 공백은 없습니다."),
    ],
)  # fmt: skip
def test_a_gap_in_a_year(question, said):
    language = "ko" if "년" in question else "en"
    assert gaps(question, [FIRST, NEXT, NOW], language, TODAY).sentence == said
    assert counts(said, [passage_of(each) for each in (FIRST, NEXT, NOW)], TODAY) is True


def test_the_judge_counts_them_again():
    passages = [passage_of(each) for each in (FIRST, NEXT, NOW)]
    assert counts("Without a job: about 7 months (after December 2014).", passages, TODAY) is True
    assert counts("No gap of 3 months or more.", passages, TODAY) is False and counts("No gap of 3 months or more.", passages, TODAY, whole=False) is None
    assert counts("직장이 없던 기간: 약 9개월(2014년 12월 이후).", passages, TODAY) is False
    said = "Without a job: about 7 months (after December 2014) [1] [2] [3]."
    assert by_order("any gaps?", said, passages, np.full(3, 0.1), 0.1)[1] > 0.9 > by_order("any gaps?", "None [1].", passages, np.full(3, 0.1), 0.1)[1]


@pytest.mark.parametrize(
    "texts",
    [
        ("Engineer, Acme\n2016 – present", "Clerk, Bolt\n2013 – 2016"),  # within a year, nobody knows
        ("Engineer, Acme\nNovember 2016 – present", "Clerk, Bolt\n2013 – 2016"),
        ("Engineer, Acme\n2016 – 2026",),
    ],
)
def test_years_without_months_are_no_proof_of_no_gap(texts):
    jobs = [chunk(n, text) for n, text in enumerate(texts)]
    assert gaps("any gaps?", jobs, "en", TODAY).sentence == "No gap of a full year or more: the dates give no months."
    assert gaps("공백기 있어요?", jobs, "ko", TODAY).sentence == "1년 이상의 공백은 없습니다 (월이 적혀 있지 않아 연도로만 셈)."
    assert counts("No gap of a full year or more: the dates give no months.", [passage_of(job) for job in jobs], TODAY) is True
    assert counts("No gap of 3 months or more.", [passage_of(job) for job in jobs], TODAY) is None


@pytest.mark.parametrize("other", [chunk(4, "Corporal, Army\nJanuary 2015 – July 2015", "Military Service"), chunk(4, "육군 병장\n2015.01 ~ 2015.07", "병역사항"), chunk(4, "Wrote a game\nJanuary 2015 – July 2015", "Projects")])
def test_what_else_has_dates_then_is_told_with_it(other):
    found = gaps("any gaps?", [FIRST, NEXT, NOW, other], "en", TODAY)
    assert found.sentence == "Without a job: about 7 months (after December 2014), though the resume dates something else then."
    assert [each.position for each in found.told] == [3] and counts(found.sentence, [passage_of(each) for each in (FIRST, NEXT, NOW, other)], TODAY) is True


def test_half_of_the_truth_is_not_passed():
    two = [passage_of(each) for each in (FIRST, NEXT, chunk(3, "Head of Buying, Havgard Energy\nSeptember 2022 – present"))]
    whole = "Without a job: about 7 months (after December 2014), about 6 months (after February 2022)."
    assert counts(whole, two, TODAY) is True
    assert counts("Without a job: about 7 months (after December 2014).", two, TODAY) is False and counts("Without a job: about 7 months", two, TODAY) is False


def test_studies_of_which_no_months_are_told_may_cover_it():
    studies = chunk(4, "MSc (part-time), University of Oslo\n2014 – 2015", "Education")
    found = gaps("any gaps?", [FIRST, NEXT, NOW, studies], "en", TODAY)
    assert found.sentence == "Without a job: about 7 months (after December 2014), unless studies of those years cover it." and len(found.told) == 1
    assert counts(found.sentence, [passage_of(each) for each in (FIRST, NEXT, NOW, studies)], TODAY) is True
    assert gaps("공백기 있나요?", [FIRST, NEXT, NOW, studies], "ko", TODAY).sentence.endswith(", 다만 그 해의 학업 기간일 수 있음.")


@pytest.mark.parametrize("question", ["What happened between Vossen and Pellikan?", "what did she do between Vossen Trade and Pellikan Logistics?", "is there a gap between Pellikan and Vossen?", "Vossen이랑 Pellikan 사이에 뭐 했어?", "Vossen과 Pellikan 사이에 공백이 있나요?"])
def test_the_time_between_two_is_told(question):
    two = [FIRST, NEXT, chunk(3, "Head of Buying, Havgard Energy\nSeptember 2022 – present")]
    found = gaps(question, two, "en", TODAY)
    assert found.sentence == "Without a job between the two: about 7 months (after December 2014)."
    passages = [passage_of(each) for each in two]
    assert counts(found.sentence, passages, TODAY) is True and counts(found.sentence.replace("7", "8"), passages, TODAY) is False
    assert gaps(question.replace("Vossen", "Umbra"), two, "en", TODAY) is None


def test_a_business_on_weekends_fills_no_gap():
    aside = chunk(4, "Moving LLC (side business), Owner\n2014 – 2016\n- Weekend moves.")
    assert gaps("any gaps?", [FIRST, NEXT, NOW, aside], "en", TODAY).sentence == "Without a job: about 7 months (after December 2014)."


@pytest.mark.parametrize(("section", "fills"), [("Volunteering", False), ("Certifications & Licences", False), ("봉사 활동", False), ("Community Nursing", True), ("Training and Certifications", True), ("어학연수", True), ("대외활동 및 학회", True)])
def test_what_is_done_beside_work_fills_no_gap_and_what_may_be_work_is_told(section, fills):
    jobs = [chunk(1, "Clerk, Acme\n2019-06 – present\n- Filed."), chunk(2, "Clerk, Bolt\n2014-09 – 2017-08\n- Filed.")]
    found = gaps("any gaps?", [*jobs, chunk(3, "Food bank, driver\n2017-10 – present\n- Drove.", section=section)], "en")
    assert found is None or ("something else then" in found.sentence) == fills and "about 1 year and 9 months" in found.sentence
    assert found is not None or section == "Community Nursing"  # which may be a job of its own


@pytest.mark.parametrize("question", ["why was there a gap in 2015?", "i see a gap from 2014 to 2015, does she explain it?", "2015년 공백 이유는?"])
def test_why_there_is_one_is_told_by_the_sentence_that_says_so_alone(question):
    assert gaps(question, [FIRST, NEXT, NOW], "en", TODAY) is None
    why = chunk(5, "Back at work in 2015 after half a year caring for my mother. Likes numbers.", "Profile")
    assert [(each.position, each.span) for each in gaps(question, [FIRST, NEXT, NOW, why], "en", TODAY).told] == [(3, (0, len(why.text)))]


@pytest.mark.parametrize("question", ["any gaps after 2015?", "any gap in 2010?", "any gap in 2030?"])
def test_a_time_that_the_dates_do_not_tell_of(question):
    assert gaps(question, [FIRST, NEXT, NOW], "en", TODAY) is None


def test_an_employer_may_have_a_word_for_a_break_in_its_name():
    jobs = [chunk(1, "육아정책연구소 | 연구원\n2018.03 ~ 2021.02", "경력"), chunk(2, "한빛유통 | 사원\n2015.01 ~ 2018.02", "경력"), chunk(3, "대성몰 | 팀장\n2021.03 ~ 현재", "경력")]
    assert gaps("공백기 있나요?", jobs, "ko", TODAY).sentence == "3개월 이상의 공백은 없습니다."


def test_a_year_alone_may_last_longer_than_a_month_of_it():
    jobs = [chunk(1, "Manager, Ardal Foods\n2015 – 2019"), chunk(2, "Consultant, Brill Ltd\nMarch 2018 – June 2019"), chunk(3, "Director, Corvin Inc\nJanuary 2020 – present")]
    assert "6 months" not in gaps("any gaps?", jobs, "en", TODAY).sentence


def test_the_judge_does_not_pass_no_gap_where_a_break_is_named():
    own = chunk(4, "Career break, parental leave\nJanuary 2015 – July 2015\n- Raised a daughter.")
    assert counts("No gap of 3 months or more.", [passage_of(each) for each in (FIRST, NEXT, NOW, own)], TODAY) is not True


def test_a_break_whose_title_stands_alone_is_told_with_the_line_below_it():
    resume = [chunk(1, "Brand Manager, Acme Tea\n04/2022 – now\n- Tea."), chunk(2, "Career break\n02/2022 – 03/2022 — took care of my mother after surgery."), chunk(3, "Lead, Vela\n10/2019 – 01/2022\n- Shops.")]
    found = gaps("why was there a break in 2022", resume, "en", TODAY)
    assert [resume[each.position].text[slice(*each.span)] for each in found.told] == ["Career break\n02/2022 – 03/2022 — took care of my mother after surgery."]


def test_a_break_told_by_its_title_alone_is_told_with_the_line_below():
    resume = [
        chunk(1, "Feb 2023 – present\nFreelance Data Analyst\nSelf-employed, Leeds"), chunk(3, "Apr 2019 – Aug 2021\nSenior Analyst\nNorthmere plc\n- Rates."),
        chunk(2, "Sept 2021 – Jan 2023\nCareer break\nFull-time carer for my father after his stroke."),
    ]  # fmt: skip
    for question in ("why the gap between 2021 and 2023?", "any gaps?"):
        told = gaps(question, resume, "en", TODAY).told
        assert [resume[each.position].text[slice(*each.span)] for each in told] == ["Career break\nFull-time carer for my father after his stroke."]
    next_job = [*resume[:2], chunk(2, "Sept 2021 – Jan 2023\nCareer break\nClerk, Acme · Jan 2019 – March 2019")]
    assert [next_job[each.position].text[slice(*each.span)] for each in gaps("any gaps?", next_job, "en", TODAY).told] == ["Career break"]
