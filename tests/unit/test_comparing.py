"""At which of two places somebody stayed longer, and which jobs overlap: counted, and known to the judge."""

from datetime import date

import pytest

from judge.lengths import counts
from judge.service import passage_of
from rag.comparing import asks_comparison, compared, longer, overlaps
from rag.entries import periods
from rag.quoting import quote_answer
from tests.unit.test_durations import chunk
from tests.unit.test_quoting import Reader, retrieved

TODAY = date(2026, 11, 28)
NOW = chunk(1, "Staff Engineer, Havgard Energy\nMarch 2022 – present | Bergen\n- Cut the bill.")
BEFORE = chunk(2, "Engineer, Pellikan Logistics\n06/2019 - 02/2022\n- Built the platform.")
FIRST = chunk(3, "대성정밀기계, 설계팀\n2011.09 – 2019.07\n- 설계")
RESUME = [FIRST, NOW, BEFORE]
LONGER = "The longer one: Staff Engineer, Havgard Energy (about 4 years and 9 months, March 2022 – present), against Engineer, Pellikan Logistics (about 2 years and 9 months, 06/2019 - 02/2022)."


@pytest.mark.parametrize(
    "question",
    [
        "Did she stay longer at Pellikan or at Havgard?", "where did the candidate work longer, Havgard or Pellikan?", "At which company was he longer, Pellikan Logistics or Havgard Energy?", "was he at Havgard longer than at Pellikan?",
        "which job did she have longer: Havgard or Pellikan", "Which was longer, Havgard or Pellikan?", "How much longer was she at Havgard than at Pellikan?", "did she spend more time at Havgard or Pellikan?", "has he worked longer for Havgard than for Pellikan?",
    ],
)  # fmt: skip
def test_the_longer_of_two_is_told(question):
    told = compared(question, RESUME, "en", TODAY)
    assert asks_comparison(question) and told.sentence == LONGER
    assert [job.dates for job in told.jobs] == ["March 2022 – present", "06/2019 - 02/2022"]


@pytest.mark.parametrize("question", ["대성정밀이랑 Havgard 중에 어디가 더 오래 다녔어?", "대성이랑 Havgard 중 어디서 더 오래 일했나요?", "Havgard보다 대성정밀기계에서 더 오래 일했나요?", "어디서 더 오래 일했어, Havgard랑 대성정밀기계 중에?"])
def test_in_korean_too_and_by_a_short_name(question):
    told = compared(question, RESUME, "ko", TODAY)
    assert told.sentence == "대성정밀기계, 설계팀 (약 7년 11개월, 2011.09 – 2019.07)에서 Staff Engineer, Havgard Energy (약 4년 9개월, March 2022 – present)보다 더 오래 일했습니다."
    assert counts(told.sentence, [passage_of(each) for each in RESUME], TODAY) is True


@pytest.mark.parametrize("question", ["Did she stay longer at Pellikan or at Umbra?", "Did she stay at Pellikan or Havgard?", "which was better, Pellikan or Havgard?", "Did she stay longer at Pellikan?", "Pellikan이 더 좋았어?", "did she stay longer at Pellikan or at Pellikan?", "did she stay longer at Log or at Havgard?"])
def test_what_does_not_ask_that_or_names_no_two_is_left_alone(question):
    assert compared(question, RESUME, "en", TODAY) is None


def test_dates_without_months_tell_only_what_they_can():
    rough = lambda text: periods([chunk(1, f"Clerk, Acme\n{text}\n- Filed.")])
    assert longer(rough("2015 – 2016"), rough("2017 – 2018"), "en", TODAY) == ""
    assert longer(rough("2005 – 2015"), rough("2017 – 2018"), "en", TODAY).startswith("The longer one: Clerk, Acme (about 10 years, 2005 – 2015)")
    assert longer(rough("01/2015 – 12/2015"), rough("01/2017 – 12/2017"), "en", TODAY).startswith("Equally long: ")


OVERLAP = "At the same time: 대성정밀기계, 설계팀 with Engineer, Pellikan Logistics (about 2 months)."


@pytest.mark.parametrize("question", ["any overlapping jobs?", "do any of her jobs overlap?", "did he work for two companies at the same time?", "Has she ever had two jobs at once?", "Is there any overlap between her jobs?", "are there overlapping positions"])
def test_jobs_that_overlap_are_told(question):
    told = overlaps(question, RESUME, "en")
    assert asks_comparison(question) and told.sentence == OVERLAP and len(told.jobs) == 2 and len(told.read) == 3


def test_what_was_counted_cites_what_is_quoted_below_it():
    found = retrieved(*(each.text for each in RESUME), section="Experience")
    said, quotes = quote_answer("any overlapping jobs?", found, Reader("nothing"), "en").text.split("\n\n")
    assert said == OVERLAP[:-1] + " [3] [1]." and [line[-3:] for line in quotes.split("\n")] == ["[3]", "[1]"]


@pytest.mark.parametrize("question", ["겹치는 경력 있나요?", "기간이 겹치는 직장이 있어?", "경력이 겹치나요?", "동시에 두 회사에서 일한 적 있어?"])
def test_in_korean_too_they_are_told(question):
    assert overlaps(question, RESUME, "ko").sentence == "기간이 겹치는 직장: 대성정밀기계, 설계팀 / Engineer, Pellikan Logistics (약 2개월)."


def test_a_month_in_common_is_none_and_without_months_nothing_is_told():
    month = [NOW, BEFORE, chunk(3, "대성정밀기계, 설계팀\n2011.09 – 2019.06\n- 설계")]
    assert overlaps("any overlapping jobs?", month, "en").sentence == "No two of the jobs overlap."
    assert overlaps("any overlapping jobs?", [NOW, chunk(2, "Engineer, Pellikan\n2019 - 2022\n- Built.")], "en") is None


def test_posts_at_one_employer_do_not_overlap_and_count_together():
    posts = [chunk(1, "Lead Engineer, Havgard Energy\nMarch 2021 – present\n- Led."), chunk(2, "Engineer, Havgard Energy\nJanuary 2019 – May 2021\n- Built."), chunk(3, "Clerk, Acme\n2013-09 – 2016-11\n- Filed.")]
    assert overlaps("any overlapping jobs?", posts, "en").sentence == "No two of the jobs overlap."
    told = compared("Did she stay longer at Havgard or at Acme?", posts, "en", TODAY)
    assert told.sentence.startswith("The longer one: Engineer, Havgard Energy + Lead Engineer, Havgard Energy (about 7 years and 11 months, January 2019 – May 2021, March 2021 – present), against Clerk, Acme (")
    for order in ([0, 1, 2], [2, 1, 0]):
        assert counts(told.sentence, [passage_of(posts[i]) for i in order], TODAY) is True


def test_a_title_with_a_bracket_and_one_in_another_language_are_known_to_the_judge():
    jobs = [chunk(1, "Engineer (Full-time), Acme\n2013-09 – 2016-11\n- Filed."), chunk(2, "온새유통 / 과장\n2016.01 – 2020.12\n- 일함")]
    told = compared("Did she stay longer at Acme or at 온새유통?", jobs, "en", TODAY)
    assert counts(told.sentence, [passage_of(each) for each in jobs], TODAY) is True and "Full-time" not in told.sentence
    both = overlaps("any overlapping jobs?", jobs, "en")
    assert counts(both.sentence, [passage_of(each) for each in jobs * 2], TODAY) is True


def test_the_judge_counts_again():
    passages = [passage_of(each) for each in RESUME]
    assert counts(LONGER, passages, TODAY) is True and counts(LONGER.replace("2 years and 9", "3 years and 9"), passages, TODAY) is False
    assert counts(OVERLAP, passages, TODAY) is True and counts("No two of the jobs overlap.", passages, TODAY) is False
    assert counts(OVERLAP, passages[:1], TODAY, whole=False) is None
    turned = "The longer one: Engineer, Pellikan Logistics (about 2 years and 9 months, 06/2019 - 02/2022), against Staff Engineer, Havgard Energy (about 4 years and 9 months, March 2022 – present)."
    assert counts(turned, passages, TODAY) is False
    named = "Engineer, Pellikan Logistics: about 2 years and 9 months (06/2019 - 02/2022)."
    assert counts(named, passages, TODAY) is True and counts(named.replace("Pellikan Logistics", "Havgard Energy"), passages, TODAY) is not True


@pytest.mark.parametrize("question", ["did she stay longer at " + "A, " * 300, "A랑 " * 200, "겹치는 " * 200, "has he worked " + "longer at a or " * 60])
def test_hostile_questions_are_soon_read(question):
    import time

    begun = time.process_time()
    asks_comparison(question[:1000])
    assert time.process_time() - begun < 0.5


def test_years_that_leave_no_doubt_are_enough_for_an_overlap():
    jobs = [chunk(1, "Shift Lead, Bluestem\n08/2013 – 11/2017\n- Led."), chunk(2, "Owner, Odhiambo Moving\n2015 – 2019\n- Moved."), chunk(3, "Clerk, Acme\n01/2021 – 12/2022\n- Filed.")]
    told = overlaps("did he ever have two jobs at the same time?", jobs, "en")
    assert told.sentence == "At the same time: Shift Lead, Bluestem with Owner, Odhiambo Moving (at least 2 years)."
    assert counts(told.sentence, [passage_of(each) for each in jobs], TODAY) is True
    assert overlaps("any overlapping jobs?", [chunk(1, "Clerk, Acme\n2013 – 2015\n- Filed."), chunk(2, "Clerk, Bolt\n2015 – 2019\n- Filed.")], "en") is None


def test_the_employer_may_stand_below_the_dates():
    jobs = [chunk(1, "Staff Nurse, Elderly  Oct 2011 – Apr 2015\nCarrow Bridge Infirmary, Sheffield\n- Care."), chunk(2, "Staff Nurse, Surgical  Oct 2008 – Sept 2011\nBallyveigh General Hospital, Sligo\n- Care.")]
    assert compared("Where did she stay longer, Carrow Bridge or Ballyveigh?", jobs, "en", TODAY).sentence.startswith("The longer one: Staff Nurse, Elderly, Carrow Bridge Infirmary, Sheffield (about 3 years and 7 months")


@pytest.mark.parametrize("question", ["was he ever teaching at two schools at the same time", "did she work in two hospitals at once?", "has he held two posts at the same time"])
def test_two_at_once_in_other_words(question):
    assert asks_comparison(question)
