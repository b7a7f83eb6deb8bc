"""One answer by rule for search, quotes and the judge, whichever file it stands in."""

import dataclasses

from rag.rules import asks_alone, asks_rule, distinct, ruled
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
