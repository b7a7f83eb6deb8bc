"""A yes or no that the quoted lines do not bear out is known by its first words."""

from datetime import date

import pytest

from rag.yes_no import thing_asked, unfounded

SKILLS = "Python, Pandas, NumPy, SQL, Excel, Data Visualization"


@pytest.mark.parametrize(
    ("question", "opening", "line"),
    [
        ("does she know SQL", "No, SQL is listed among her skills", SKILLS),
        ("Does Mira have experience with Excel?", "No, she lists Excel", SKILLS),
        ("Can she code in Python?", "No, Python is", SKILLS),
        ("excel skills?", "No, she lists Excel", SKILLS),  # nobody asked for a yes or no
        ("open source?", "Yes, he is open-source", "Open-source CLI tool"),
        ("linkedin?", "Yes, linkedin is listed", "linkedin.com/in/x"),
        ("Is her CKA still valid?", "No, it is from 2020", "Certified Kubernetes Administrator, 2020"),
        ("is his first aid certificate valid", "Yes, it is", "First aid, 2019"),
        ("how long was he there", "About four years, from 2013-12 to 2014-12", "CEO (2013-12 – 2014-12)"),
        ("number of spoken languages?", "She speaks four languages: Uzbek", "Uzbek (native), Russian, English, Spanish, Dutch"),
        ("how many skills does she list", "She lists five skills", SKILLS),
        ("is she fluent in Portuguese?", "Yes, her Portuguese is A2", "Portuguese: A2, learning"),
    ],
)
def test_it_is_left_out(question, opening, line):
    assert unfounded(question, opening, [line])


@pytest.mark.parametrize(
    ("question", "opening", "line"),
    [
        ("does she know SQL", "Yes, SQL is listed", SKILLS),
        ("does she know SQL", "She knows SQL", SKILLS),
        ("does she know Rust", "No, she", SKILLS),
        ("Does she speak Polish?", "No, she only reads it", "Polish: reading only"),
        ("Does she have a driving licence?", "No, she has none", "No driving licence"),
        ("Does he have the first aid certificate?", "No, it lapsed", "First aid certificate (lapsed in 2024)"),
        ("Is her AWS certificate still valid?", "No, it expired", "AWS certificate, 2021, expired in 2024"),
        ("Is the life support card valid?", "Yes, until 2027", "Life support card, valid until 2027"),
        ("is she fluent in English?", "Yes, her English is C2", "English: C2"),
        ("so he never finished it, right?", "No, he stopped", "MSc, stopped in 2021"),
        ("any experience with Kafka?", "Yes, she used Kafka", "Kafka, Flink"),
        ("one last thing - can she relocate?", "Yes, she can", "Ready to relocate"),
        ("Did she finish her MSc?", "No, she stopped", "MSc: begun in 2020, stopped"),
        ("how many people did she lead?", "She led 6 people [1]", "Led a team of six"),
        ("how long did it take?", "It took ten months", "in ten months without missing a deadline"),
        ("How many of the 5 flats did he sell?", "He sold three of the five", "sold three flats"),
        ("Is she still at SAP?", "Yes, she", "Engineer, SAP"),
        ("Experience with SQL?", "Yes, SQL", "SQL"),
        ("Willing to relocate?", "Yes, she", "Ready to relocate"),
        ("Married?", "Yes, he is", "Married"),
        ("Does he have children?", "No, none", "Worked with children aged 3 to 6"),
        ("Did she win an excellent teacher award?", "Yes, in 2019", "Teacher award 2019"),
        ("Is her driving licence valid?", "Yes, until 2030", "Driving licence B, 2030"),
        ("How many users?", "It has 10,000 users", "10000 users"),
        ("Was it paid?", "Nobody says so", "unpaid"),
    ],
)
def test_it_stays(question, opening, line):
    assert not unfounded(question, opening, [line])


@pytest.mark.parametrize(
    ("question", "opening", "line", "left_out"),
    [
        ("is her ACLS still valid?", "No, it is no longer valid", "ACLS Provider (valid to Nov 2027)", True),
        ("is her ACLS still valid?", "Yes, it is", "ACLS Provider (valid to Nov 2027)", False),
        ("has his first aid expired?", "No, it expires", "First Aid at Work - expires 06/2026", True),
        ("has his first aid expired?", "Yes, in 2026", "First Aid at Work - expires 06/2026", False),
        ("is the licence still valid?", "Yes, it is", "CPA licence, expiration date: June 30, 2025", True),
        ("is her HubSpot certification current?", "No, it was renewed", "HubSpot certification (2020, renewed 2024)", True),
        ("does she speak Spanish?", "No, her Spanish is professional", "English (native), Spanish (professional working proficiency), French (basic)", True),
        ("does she speak French?", "No, her French is basic", "English (native), Spanish (professional working proficiency), French (basic)", True),
        ("does he use Teamcenter?", "Yes, he uses PLM/ERP", "PLM/ERP: Teamcenter, SAP", True),
        ("does he use Teamcenter?", "Yes, he uses Teamcenter", "PLM/ERP: Teamcenter, SAP", False),
    ],
)
def test_dates_of_validity_languages_and_the_thing_itself_decide(question, opening, line, left_out):
    assert unfounded(question, opening, [line], date(2026, 11, 28)) is left_out


@pytest.mark.parametrize(("question", "there"), [("does she have ECMO experience?", True), ("any Kafka experience?", True), ("does she have work experience?", False), ("any relevant experience?", False), ("what experience does she have?", False)])
def test_an_experience_is_asked_for_by_its_name(question, there):
    assert (thing_asked(question) is not None) is there


@pytest.mark.parametrize(
    ("question", "opening", "line", "left_out"),
    [
        ("Does her certificate expire?", "Yes, in 2028", "CKA, valid until 2028", False),
        ("Is it still valid or has it expired?", "Yes, it is valid", "CKA, valid until 2028", True),
        ("Is her CKA still valid?", "Yes, since 2019", "CKA, valid since 2019", False),
        ("Is she still at Acme?", "Yes, she", "Engineer, Acme, 2014 – present (exp. 2015 onwards)", False),
        ("Does she speak fluent French?", "Yes, her French is basic", "French (basic)", True),
        ("phone number for her?", "Her phone number is 07700 900482", "Mobile: 07700 900482", True),
    ],
)
def test_dates_decide_nothing_else(question, opening, line, left_out):
    assert unfounded(question, opening, [line], date(2026, 11, 28)) is left_out


def test_a_part_of_a_decimal_is_no_number_of_years():
    line = "Apr 2021 – now | Hollow Lantern Creamery | Rejects down from 9.2% to 3.1%."
    assert unfounded("how long has she been there?", "About three years, from Apr 2021", [line])
    assert not unfounded("how many percent?", "Rejects went down to 3.1%", [line])


@pytest.mark.parametrize(
    ("question", "opening", "line", "unborne"),
    [
        ("is he a licensed customs broker?", "Yes, he is a classified goods clerk", "Classified goods together with a licensed customs broker.", True), ("Is she a nurse?", "Yes, she is a nurse", "Staff Nurse, ICU", False),        ("speaks german?", "No, he speaks German (B1)", "English (native), German (B1)", True), ("speaks german?", "Yes, he speaks German (B1)", "German (B1)", False), ("knows French?", "No", "Spanish", False),
        ("open to relocating?", "Yes, he is willing to travel", "Willing to travel up to 30%", True), ("open to relocating?", "Yes, he would relocate", "Open to relocation", False), ("willing to travel?", "Yes, up to 30%", "Willing to travel up to 30%", False),
 ("was he a team lead at Acme?", "Yes, he led six", "Team lead, Acme", True),
        ("does she speak swedish", "No, she has Swedish (A2)", "Swedish (A2), English (C2)", True), ("does she speak French well?", "No, her French is basic", "French (basic)", False), ("does she speak German?", "No, she is learning German", "learning German", False),
        ("what was his role there before he got promoted?", "He was Coordinator from Jan 2022 to May 2021", "May 2019 – Dec 2021 Coordinator", True), ("when was he there?", "He was there from Jan 2019 to May 2021", "2019 – 2021", False),
    ],
)  # fmt: skip
def test_what_somebody_is_what_they_speak_a_little_and_times_that_run_backwards(question, opening, line, unborne):
    assert unfounded(question, opening, [line]) is unborne


@pytest.mark.parametrize(
    ("question", "opening", "line", "unborne"),
    [
        ("has he got a degree?", "Yes, he has a HNC", "HNC Construction, Leeds College, 2009", True), ("has he got a degree?", "Yes, a BSc", "BSc Construction, Leeds, 2009", False), ("does she have an MBA", "Yes, part time", "MBA, McCombs (in progress, expected May 2026)", True), ("does she have an MBA", "Yes, from McCombs", "MBA, McCombs, 2020", False), ("Does she hold an MBA?", "Yes, she has an MBA", "MBA | Sandpiper | begun 2022 | put on hold after the first year", True),
        ("is the AWS cert still valid?", "No, it expired in 2023", "CKA, 2020 - expired 2023\nAWS certificate (2022, valid to 2027)", True),
    ],
)  # fmt: skip
def test_a_degree_that_is_none_what_is_not_finished_and_dates_that_disagree(question, opening, line, unborne):
    assert unfounded(question, opening, line.split("\n"), date(2026, 11, 28)) is unborne


def test_other_words_for_what_somebody_is_and_levels_of_a_year_stay():
    assert not unfounded("Is she a registered nurse?", "Yes, she is an RN", ["RN at Mercy since 2012"]) and not unfounded("did she cut it?", "She cut it from March 2015 to 2012 levels", ["cut to 2012 levels"])
