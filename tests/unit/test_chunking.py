"""Chunking: one job per passage, nothing lost, nothing cut in the middle of a sentence; and whose resume it is."""

import time
from types import SimpleNamespace

import pytest

from rag.chunking import chunk_document, subject_of
from rag.documents import read_document_bytes
from rag.entries import parts

LIMITS = SimpleNamespace(max_file_mb=10, max_pages=50, parse_timeout_s=30.0)


def read(text, name="cv.txt"):
    return read_document_bytes(text.encode(), name, LIMITS)


RESUME = """Jane Doe
Backend engineer
jane@doe.dev

Experience:
Senior Engineer, Acme (2019 - 2023)
- Designed the payment system that handles two million card payments every month for forty countries
- Cut the latency of the public interface from 900 to 120 milliseconds by caching and batching requests

Engineer, Beta (2016 - 2019)
- Wrote the search service in Go together with two colleagues and ran it on call for three years
- Moved the data of nine million customers to another database without a minute of downtime

Education:
MSc Computer Science, ETH (2014 - 2016)
"""


def test_passages_are_exact_stretches_of_the_text_and_lose_nothing_but_headings():
    document = read(RESUME)
    chunks = chunk_document(document)

    rest = document.text
    for chunk in chunks:
        assert chunk.text == document.text[chunk.start : chunk.end]
        assert chunk.text == chunk.text.strip()
        rest = rest.replace(chunk.text, "", 1)
    assert rest.split() == ["Experience:", "Education:"]
    assert [chunk.id for chunk in chunks] == [f"{document.id}-{i}" for i in range(len(chunks))]


def test_one_job_one_passage_with_its_heading_line():
    chunks = chunk_document(read(RESUME))

    assert [(chunk.section, chunk.text.split("\n")[0]) for chunk in chunks] == [
        ("", "Jane Doe"),
        ("Experience", "Senior Engineer, Acme (2019 - 2023)"),
        ("Experience", "Engineer, Beta (2016 - 2019)"),
        ("Education", "MSc Computer Science, ETH (2014 - 2016)"),
    ]
    assert {chunk.subject for chunk in chunks} == {"Jane Doe"}
    assert chunks[1].text.endswith("batching requests")


def test_jobs_without_blank_lines_between_them_are_told_apart_by_bullets():
    chunks = chunk_document(read(RESUME.replace("requests\n\nEngineer", "requests\nEngineer")))
    assert [chunk.text.split("\n")[0] for chunk in chunks if chunk.section == "Experience"] == [
        "Senior Engineer, Acme (2019 - 2023)",
        "Engineer, Beta (2016 - 2019)",
    ]


def test_korean_jobs_told_apart_by_their_dates():
    body = "검색 서비스의 응답 시간을 900밀리초에서 120밀리초로 줄였고 하루 2천만 건의 질의를 처리하는 분산 색인을 설계했습니다."
    text = f"홍길동\n\n경력\n네이버 백엔드 개발자\n2020.03 ~ 현재\n{body}\n{body}\n카카오 인턴\n2019.06 ~ 2019.12\n{body}\n{body}\n"
    chunks = [chunk for chunk in chunk_document(read(text)) if chunk.section == "경력"]

    assert len(chunks) == 2
    assert chunks[1].text.startswith("카카오 인턴\n2019.06")


@pytest.mark.parametrize("title", ["# 이력서", "# 경력기술서"])
def test_a_title_above_all_sections_names_the_file(title):
    chunks = chunk_document(read(f"{title}\n\n이름: 홍길동\n\n## 경력사항\n\n한빛상사 | 대리\n2018.03 ~ 2021.02\n- 재고 관리\n\n## 학력\n\n서울대학교 | 학사\n", "a.md"))
    assert [chunk.section for chunk in chunks] == ["", "경력사항", "학력"]


def test_a_form_whose_own_name_alone_is_marked_has_its_sections_by_their_usual_titles():
    text = "# 이 력 서\n\n인적사항\n\n성명: 정하늘\n\n학력사항\n\n재학기간 | 학교명 | 전공\n2010.03 ~ 2014.02 | 인하대학교 | 식품영양학\n\n경력사항\n\n근무기간 | 회사명 | 직위\n2019.06 ~ 현재 | 푸른급식㈜ | 대리\n"
    assert [chunk.section for chunk in chunk_document(read(text, "a.md"))][-3:] == ["인적사항", "학력사항", "경력사항"]


@pytest.mark.parametrize("line", ["지원자: 문도현 / 010-5550-3141", "성명: 문도현", "이름 | 문도현 | 남"])
def test_whose_resume_it_is_stands_behind_a_label(line):
    assert chunk_document(read(f"입사지원서\n{line}\n\n경력\n한빛상사 대리\n2018.03 ~ 2021.02\n"))[0].subject == "문도현"


def test_of_a_form_in_two_parts_each_section_counts_and_a_title_alone_is_no_passage():
    text = "# 이력서\n\n## 인적사항\n\n이름: 홍길동\n\n## 경력\n\n한빛상사 | 대리\n2018.03 ~ 2021.02\n- 재고 관리\n\n## 학력\n\n서울대학교 | 학사\n\n# 자기소개서\n\n## 성장과정\n\n부산에서 자랐습니다.\n\n## 지원동기\n\n배우고 싶습니다.\n"
    assert [chunk.section for chunk in chunk_document(read(text, "a.md"))] == ["인적사항", "경력", "학력", "성장과정", "지원동기"]


PLAIN = """Casimiro Thistlewood
Upholsterer, Bristol

What I do
Sofas, chaises, the odd coffin lining. Traditional stuffing only.

Before that
Bench hand at Ravenhill Seating for seven years, in Nailsea

Learning
Higher diploma in upholstery, Severnside College of Craft, 2008

Passing it on
Wednesday evening class, 8 places
"""


def test_short_lines_above_most_paragraphs_are_headings():
    assert [chunk.section for chunk in chunk_document(read(PLAIN))] == ["", "What I do", "Before that", "Learning", "Passing it on"]


def test_employers_above_their_periods_are_none():
    jobs = "\n\n".join(f"{name}\nJoiner, {year} - {year + 3}\n{'Stairs, sashes and church doors for all who asked. ' * 4}" for name, year in (("Sperrin Ltd", 2015), ("Harbour Shutters", 2011), ("McGlade Contracts", 2007)))
    chunks = chunk_document(read(f"Malachy Ruzicka\nJoiner\n\n{jobs}"))
    assert {chunk.section for chunk in chunks} == {""} and "Harbour Shutters" in {chunk.text.split("\n")[0] for chunk in chunks}


def test_rows_of_a_table_with_dates_in_two_columns_are_entries():
    body = "Instant transfers in Java 11 and Kafka, of which 99.95% were answered inside ten seconds, day and night, on Sundays too."
    table = f"EXPERIENCE\n\nFrom      To        Employer\n04/2019   06/2021   Zwirn Pay\n{body}\n{body}\n03/2017   03/2019   Lindwurm\n{body}\n{body}\n"
    chunks = chunk_document(read("Annika Varga\n\n" + table))
    assert [chunk.text.split("\n")[0] for chunk in chunks if chunk.section] == ["From  To  Employer", "03/2017  03/2019  Lindwurm"]


def test_a_resume_without_headings_is_cut_at_its_paragraphs():
    blocks = [f"{what}\n{'A line about it that says what was done there, and for whom. ' * 3}" for what in ("Joiner, Sperrin, 2009", "Carpenter, Sydney, 2007", "Apprentice, Ghent, 2002")]
    chunks = chunk_document(read("Malachy Ruzicka — Joiner\nCo. Derry\n\n" + "\n\n".join(blocks)))
    assert [chunk.text.split("\n")[0] for chunk in chunks] == ["Malachy Ruzicka — Joiner", "Carpenter, Sydney, 2007", "Apprentice, Ghent, 2002"]


@pytest.mark.parametrize(
    "dates", ["since 09/2018", "2018 –", "2018년 9월 ~", "2018.09.01 ~", "Sep 2018 → Dec 2021", "Sep 2018 – ongoing", "(since 2018)"]
)
def test_dates_without_an_end_are_an_entry_s_too(dates):
    document = read(f"Jane Doe\n\nExperience\nClerk, Beta, 2012 – 2015\nFiled letters\nDriver, Acme  {dates}\nDrove lorries")
    assert [text.split("\n")[0] for _, text in parts_of(document)] == ["Clerk, Beta, 2012 – 2015", f"Driver, Acme  {dates}"]


def parts_of(document):
    return [(at, part.text.strip()) for chunk in chunk_document(document) if chunk.section for at, part in parts(chunk)]


def test_the_last_line_of_a_job_that_begins_with_its_dates_is_not_the_next_one_s():
    jobs = [
        "2019 – 2021  Engineer, Acme\nBuilt the mill\nRan it",
        "2017 – 2019  Clerk, Beta\nFiled letters\nWrote them",
        "2012 – 2017  Driver, Coil\nDrove",
    ]
    document = read("Jane Doe\n\nExperience\n" + "\n".join(jobs))
    assert [chunk.text for chunk in chunk_document(document, 60)][1:] == jobs


def test_the_questions_of_an_application_form_head_their_answers():
    text = (
        "홍나래 자기소개서\n한빛전력 | 전기직\n\n1. 지원한 동기와 이루고 싶은 목표를 기술해 주십시오. (500자 이내)\n정전을 겪었습니다.\n\n"
        "2. 협력했던 경험 [최대 1,000자]\n\n다섯 명을 이끌었습니다.\n\n3. 본인의 강점을 서술하시오.\n꼼꼼함입니다."
    )
    titles = ["", "지원한 동기와 이루고 싶은 목표를 기술해 주십시오. (500자 이내)", "협력했던 경험 [최대 1,000자]", "본인의 강점을 서술하시오."]
    assert [section.title for section in read(text).sections] == titles
    assert [chunk.text for chunk in chunk_document(read(text))][1:] == ["정전을 겪었습니다.", "다섯 명을 이끌었습니다.", "꼼꼼함입니다."]


def test_a_numbered_list_is_no_form_of_questions():
    text = "Jane Doe\n\nPublications\n1. Whales, a survey. 2019.\n2. Do fish sleep?\n3. Ice under ships. 2021."
    assert [section.title for section in read(text).sections] == ["", "Publications"]


def test_what_somebody_is_between_name_and_address_is_no_heading():
    top = "Jane Doe\n\nSystems Engineer\n12 Quay Street, +353 85 555 0123\n\n"
    text = f"{top}Employment\nAcme, 2019 – 2021\n\nEducation\nBE, Galway\n\nInterests\nSailing"
    assert [section.title for section in read(text).sections] == ["", "Employment", "Education", "Interests"]


def test_since_in_a_sentence_is_no_period():
    document = read("Jane Doe\n\nExperience\nDriver, Acme, 2015 – present\n\nSince 2019 I have led a team of five.")
    assert [chunk.text for chunk in chunk_document(document)][1:] == [
        "Driver, Acme, 2015 – present\n\nSince 2019 I have led a team of five."
    ]


def test_a_label_with_its_value_is_no_heading_but_a_title_with_its_motto_is():
    text = "자기소개서\n\n지원부문: 해외영업\n성명: 남궁서린\n\n성장과정: 바다\n부산에서 자랐습니다.\n\n성격\n끈기가 있습니다.\n\n지원동기\n배를 좋아합니다."
    assert [section.title for section in read(text).sections] == ["자기소개서", "성장과정: 바다", "성격", "지원동기"]


def test_a_month_written_with_a_hyphen_is_no_period():
    form = "Position: {}\nCompany: {}\nStart: {}\nEnd: {}\nHighlights: Rebuilt the ticket checkout so that far fewer people left their carts standing about.\n"
    chunks = chunk_document(read("EXPERIENCE\n" + form.format("Developer", "Mossbank", "2022-05", "present") + "---\n" + form.format("Intern", "Kolmjalg", "2019-02", "2019-07"), "a.md"))
    assert [chunk.text.split("\n")[0] for chunk in chunks] == ["Position: Developer", "Position: Intern"]


def test_a_rule_stands_between_two_entries():
    chunks = chunk_document(read("EXPERIENCE\n" + "\n---\n".join(f"{name}\n{'What was done there and for whom, at some length. ' * 4}" for name in ("Acme", "Beta", "Delta"))))
    assert [chunk.text.split("\n")[0] for chunk in chunks] == ["Acme", "Beta", "Delta"]


def test_entries_that_are_forms_begin_where_their_first_label_comes_again():
    form = "Employer: {}\nPosition: clerk\nPeriod: {}\nDuties: letters, stamps and the long queue on Saturdays\nPlace: Ghent, ground floor, next to the station"
    chunks = chunk_document(read("EXPERIENCE\n\n" + form.format("Post of Ghent", "2018 - 2021") + "\n" + form.format("Post of Liège", "2015 - 2018"), "a.txt"))
    assert [chunk.text.split("\n")[0] for chunk in chunks] == ["Employer: Post of Ghent", "Employer: Post of Liège"]


def test_small_neighbours_of_a_section_are_merged_but_never_across_sections():
    chunks = chunk_document(read("Jane Doe\n\nSkills:\nGo\n\nPython\n\nKafka\n\nLanguages:\nEnglish\n"))
    assert [(chunk.section, chunk.text) for chunk in chunks] == [
        ("", "Jane Doe"),
        ("Skills", "Go\n\nPython\n\nKafka"),
        ("Languages", "English"),
    ]


def test_a_long_job_is_cut_between_bullets_and_later_parts_say_which_job():
    bullets = "".join(f"- Delivered project number {i} for a large customer in the far north of the country\n" for i in range(30))
    chunks = [c for c in chunk_document(read(f"Jane Doe\n\nExperience:\nEngineer, Acme (2019 - 2023)\n{bullets}")) if c.section]

    assert len(chunks) > 2
    assert all(len(chunk.text) <= 700 for chunk in chunks)
    assert chunks[0].section == "Experience"
    assert {chunk.section for chunk in chunks[1:]} == {"Experience › Engineer, Acme (2019 - 2023)"}
    for chunk in chunks[1:]:
        assert chunk.text.startswith("- Delivered") and chunk.text.endswith("country")


@pytest.mark.parametrize("sentence", ["저는 문제를 끝까지 푸는 개발자이며 협업을 좋아합니다.", "She solved hard problems for many kinds of customers."])
def test_long_prose_is_cut_between_sentences(sentence):
    text = f"Jane Doe\n\nSummary:\n{' '.join([sentence] * 60)}\n"
    chunks = [chunk for chunk in chunk_document(read(text)) if chunk.section]

    assert len(chunks) > 2
    assert all(chunk.text.startswith(sentence[:5]) and chunk.text.endswith(".") for chunk in chunks)
    assert max(len(chunk.text) for chunk in chunks) <= 700


def test_a_word_longer_than_a_passage_is_cut():
    chunks = chunk_document(read("Jane Doe\n\nSummary:\n" + "x" * 5000))
    assert "".join(chunk.text for chunk in chunks if chunk.section) == "x" * 5000


@pytest.mark.parametrize(
    ("text", "name", "subject"),
    [
        ("Jane Doe\nEngineer", "cv.txt", "Jane Doe"),
        ("JANE VAN DER BERG\nENGINEER", "cv.txt", "Jane Van Der Berg"),
        ("Curriculum Vitae\nAnne-Marie O'Neill\nNurse", "cv.txt", "Anne-Marie O'Neill"),
        ("Resume: Jane Doe\n", "cv.txt", "Jane Doe"),
        ("Jane Doe's Resume\n", "cv.txt", "Jane Doe"),
        ("Jane Doe, PhD | Data Scientist", "cv.txt", "Jane Doe"),
        ("Software Engineer\nJane Doe", "cv.txt", "Jane Doe"),
        ("Name: Jane Doe\nPhone: 1", "cv.txt", "Jane Doe"),
        ("José Ángel Núñez\nChef", "cv.txt", "José Ángel Núñez"),
        ("홍길동\n백엔드 개발자", "cv.txt", "홍길동"),
        ("홍 길 동\n", "cv.txt", "홍길동"),
        ("이력서 - 홍길동\n", "cv.txt", "홍길동"),
        ("홍길동 이력서\n", "cv.txt", "홍길동"),
        ("백엔드 개발자 홍길동입니다\n이름: 홍길동 (Gildong Hong)", "cv.txt", "홍길동"),
        ("홍길동 (Gildong Hong)\n", "cv.txt", "홍길동"),
        ("남궁민수 | 개발자\n", "cv.txt", "남궁민수"),
        ("성 명  김영희  지원분야  회계\n연락처  010-1234-5678", "cv.txt", "김영희"),
        ("이력서\n성명\n홍길동", "cv.txt", "홍길동"),
        ("이력서\n영문 이름\n사진\n주소영", "cv.txt", "주소영"),
        ("Name  Jane Doe  Post  Nurse", "cv.txt", "Jane Doe"),
        ("Name\tJane Doe\nPost\tNurse", "cv.txt", "Jane Doe"),
        ("사진 | 성 명 | (한글) 문가람 | (한자) 文가람 | (영문) Moon Garam", "cv.txt", "문가람"),
        ("성명(국문): 문가람\n성명(영문): Moon Garam", "cv.txt", "문가람"),
        ("관계 | 성명 | 연령 | 직업\n부 | 문철 | 60 | 상업", "family.txt", "family"),
        ("Company  Name  Blue Ocean", "cv.txt", "cv"),
        ("BEATRIZ\nQUIROGA\nNurse", "cv.txt", "Beatriz Quiroga"),
        ("이산\n서울\n간호사", "cv.txt", "이산"),
        ("Hi, I'm Kemal Aydın and I make games!\nkemal@example.dev", "cv.txt", "Kemal Aydın"),
        ("I am Passionate About Data Pipelines", "cv.txt", "cv"),
        ("Top Skills\nCategory Management\n\nLanguages\nPortuguese\n\nNadia Lopes\nBuyer\n\nSummary\nBuys.", "cv.txt", "Nadia Lopes"),
        ("Portfolio\nJane Doe\nDesigner", "cv.txt", "Jane Doe"),
        ("백엔드 개발자\n경력 5년", "김철수 이력서.txt", "김철수 이력서"),
        ("jane@doe.dev\nhttps://doe.dev\n+1 555 0100", "jane.txt", "jane"),
    ],
)
def test_whose_resume(text, name, subject):
    assert subject_of(read(text, name)) == subject


@pytest.mark.parametrize(
    ("name", "entry"),
    [
        ("cv.md", "*{}*\n### {}\n{}\n\n"),
        ("cv.html", "<div><div>{}</div><div><h3>{}</h3><p>{}</p></div></div>"),
    ],
)
def test_dates_above_a_marked_title_stay_with_their_own_entry(name, entry):
    heads = ("# Jane Doe\n\n## Experience\n\n", "<h1>Jane Doe</h1><h2>Experience</h2>")
    jobs = [("2019 – present", "Acme"), ("2015 – 2019", "Betaworks"), ("2012 – 2015", "Gammatron")]
    body = "Did many important things for its customers. " * 8
    text = heads[name == "cv.html"] + "".join(entry.format(dates, title, body) for dates, title in jobs)
    chunks = [chunk for chunk in chunk_document(read(text, name)) if chunk.section]

    # A page's dates are read below the title that they stand beside.
    assert [tuple(chunk.text.split("\n")[:2]) for chunk in chunks] == [job[::-1] if name == "cv.html" else job for job in jobs]


POSTS = """Jane Doe

Experience:
Period | Role | Employer | People led
10/2021 - today | Principal Engineer | Kestrel Span Partners | 14
- Runs the long-span group, whose turnover grew from 2.1 to 3.4 million crowns between 2022 and 2024
- Brought in a rule that two people check every design; errors found on site fell by 37 percent
03/2019 - 11/2021 | Head of Assessment | Vantley Roads Authority | 9
- 430 structures in the register, 72 of them rated poor on arrival and 41 on leaving the authority
"""


def test_a_passage_from_inside_a_table_has_the_names_of_its_columns_in_its_title():
    chunks = chunk_document(read(POSTS))

    assert [chunk.section for chunk in chunks if "Vantley" in chunk.text] == ["Experience (Period | Role | Employer | People led)"]
    assert [chunk.section for chunk in chunks if "Kestrel" in chunk.text] == ["Experience"]


def test_job_titles_with_bars_are_no_names_of_columns():
    text = POSTS.replace("Period | Role | Employer | People led\n", "").replace("10/2021 - today | ", "").replace("03/2019 - 11/2021 | ", "")
    assert not [chunk.section for chunk in chunk_document(read(text)) if "|" in chunk.section]


@pytest.mark.parametrize("line", ["key{}: value", "lorem ipsum dolor sit amet", "{} | 7", "a\u1680\u1680\u1680b"])
def test_long_documents_of_one_kind_of_line_are_cut_in_a_moment(line):
    document = read("\n".join(line.format(i) for i in range(6_000)))
    started = time.process_time()
    chunk_document(document)
    assert time.process_time() - started < 5  # it was minutes


UNDER_EMPLOYERS = """# Corwin Abernethy

## Employment

**The Lanternworks**, Bristol (two stages: 640 and 120 seats)

*Head of Production* · Aug 2021 – now
* Runs a department of 17 permanent staff across stage, lighting, sound, wardrobe and workshop, plus about 60 casuals a year

*Production Manager* · Sept 2018 – July 2021
* Delivered 23 productions, among them five world premieres, and turned the main house into a studio in sixteen days

**Brindlecombe Opera**, Cardiff

*Deputy Production Manager* · Jan 2015 – Aug 2018
* Planned touring for three operas a year, nine venues each, with five articulated lorries and two crews of eleven

*Freelance rigger* · 2012 – 2014
* Rigged for four touring houses in three countries, mostly between midnight and six, and never dropped a thing at all
"""

LINKEDIN = """Mara Okonjo
Oslo, Norway

Experience

Fjordline Payments
6 years 3 months
Head of Platform
January 2022 - Present (3 years 10 months)
Oslo, Norway
Leading 14 engineers across three teams. Cut the cloud bill by 31 % in the first year without a single feature dropped.
Senior Platform Engineer
September 2019 - December 2021 (2 years 4 months)
Oslo, Norway
Moved 60 services from Nomad to Kubernetes together with four colleagues, one team after the other and without downtime.

Brightkeel Software
Backend Engineer
March 2016 - August 2019 (3 years 6 months)
Wrote the billing service in Go and the invoices of eleven countries, and ran both on call for the first two years.

Education
University of Bergen
Master's degree, Computer Science · (2014 - 2016)
"""


def test_posts_under_one_employer_keep_it():
    jobs = [chunk for chunk in chunk_document(read(UNDER_EMPLOYERS, "cv.md")) if chunk.section.startswith("Employment")]

    lanternworks = "The Lanternworks, Bristol (two stages: 640 and 120 seats)"
    assert [(chunk.section, chunk.text.split("\n")[0]) for chunk in jobs] == [
        ("Employment", lanternworks),
        (f"Employment › {lanternworks}", "Production Manager · Sept 2018 – July 2021"),
        ("Employment", "Brindlecombe Opera, Cardiff"),
        ("Employment", "Freelance rigger · 2012 – 2014"),
    ]
    assert "Head of Production" in jobs[0].text and "Deputy" in jobs[2].text


@pytest.mark.parametrize("below_the_duration", ["\n", "\n\n"])
def test_an_employer_with_several_posts_is_no_section_in_an_export_of_linkedin(below_the_duration):
    chunks = chunk_document(read(LINKEDIN.replace("3 months\n", f"3 months{below_the_duration}")))

    assert [(chunk.section, chunk.text.split("\n")[0]) for chunk in chunks[1:]] == [
        ("Experience", "Fjordline Payments"),
        ("Experience › Fjordline Payments", "Senior Platform Engineer"),
        ("Experience", "Brightkeel Software"),
        ("Education", "University of Bergen"),
    ]


def test_a_long_post_keeps_its_employer_and_its_title():
    duty = "* Answers for a yearly budget of £1.9m and closed the last three seasons between one and four per cent under it\n"
    text = UNDER_EMPLOYERS.replace("* Runs", duty * 7 + "* Runs").replace("* Delivered", duty * 7 + "* Delivered")

    titles = [chunk.section for chunk in chunk_document(read(text, "cv.md")) if "premieres" in chunk.text or "60 casuals" in chunk.text]

    employer = "Employment › The Lanternworks, Bristol (two stages: 640 and 120 seats)"
    assert titles == [f"{employer} · Head of Production · Aug 2021 – now", f"{employer} · Production Manager · Sept 2018 – July 2021"]


def test_a_lone_line_between_entries_is_no_employer_where_the_section_does_not_begin_with_one():
    text = (
        "Jane Doe\n\nExperience\n\nYuru Studio (2021.03 - 2021.09)\n- Wrote the booking page and its tests, and moved the old one to it in a month\n\n"
        "Typescript, React, Styled Component\n\nCamping app (2020.03 - 2021.01)\n- Kept eleven thousand camp sites in order with a small team of three people\n"
    )

    chunks = chunk_document(read(text))

    assert next(chunk for chunk in chunks if "Camping" in chunk.text).text.startswith("Camping")
    assert not any("Typescript" in chunk.section for chunk in chunks)


def test_a_post_below_another_is_under_the_employer_whose_place_stands_at_the_right_edge():
    text = "Mira Solberg\n\nExperience\nKessler GmbH  Stuttgart, Germany\nLead Engineer  04/2021 – Present\n- Cut weight by 18% " + "and drew housings " * 12 + "\n\nEngineer  02/2018 – 03/2021\n- Designed shafts " + "and taught colleagues " * 12 + "\n\nWisla S.A.  Krakow, Poland\nDesigner  09/2014 – 12/2017\n- Drew pumps " + "and ran tests " * 12 + "\n"
    sections = [chunk.section for chunk in chunk_document(read_document_bytes(text.encode(), "a.txt", LIMITS)) if "Designed" in chunk.text or "Drew" in chunk.text]
    assert sections[0].endswith("Kessler GmbH  Stuttgart, Germany") and "Kessler" not in sections[-1]


GROUPED = """Marcus Odhiambo

Professional Experience
Kestrel Freight & Fulfillment  Columbus, OH
Operations Manager, 2nd shift  03/2021 – present
- Runs a 420,000 sq ft fulfillment center shift with 6 supervisors and 135 hourly associates, day and night.
- Raised units per labor hour from 74 to 103 after a slotting redesign of the whole building.
Area Supervisor, Inbound  06/2018 – 02/2021
- Supervised 32 associates across receiving and putaway.
- Reduced dock-to-stock time from 19 hours to 7 hours with cross-docking and a new yard plan for trailers.
Bluestem Grocers, Inc.  Dayton, OH
Distribution Center Shift Lead  08/2013 – 11/2017
- Led 18 order selectors in a frozen and dairy warehouse, and more of it.
"""


def test_a_post_with_what_it_is_for_keeps_the_employer_above_it():
    from rag.chunking import chunk_document
    from rag.documents import read_document_bytes
    from tests.unit.test_documents import LIMITS

    titles = lambda text: {chunk.text.split("\n")[0]: chunk.section for chunk in chunk_document(read_document_bytes(text.encode(), "cv.txt", LIMITS))}
    assert titles(GROUPED)["Area Supervisor, Inbound  06/2018 – 02/2021"] == "Professional Experience › Kestrel Freight & Fulfillment  Columbus, OH"
    assert titles(GROUPED)["Bluestem Grocers, Inc.  Dayton, OH"] == "Professional Experience"
    for other in ("Supervisor, Walmart Inc.  06/2018 – 02/2021", "Freelance Manager, Moving  06/2018 – 02/2021"):
        assert "›" not in titles(GROUPED.replace("Area Supervisor, Inbound  06/2018 – 02/2021", other))[other]


def test_further_posts_under_an_employer_are_under_its_name_whatever_stands_between_post_and_dates():
    text = (
        "Marcus Bell\n\nEmployment\n\nHARTWELL HOME, Plano TX\nStore Manager\nMay 2018 - Current\n- Ran it.\n\nBRIGHTMART STORES INC., Dallas TX\nAssistant Store Manager, Garland  03/2015 to 04/2018\n- Led.\n\n"
        "Department Lead, Electronics, Dallas  06/2012 to 02/2015\n- Team of 8.\n\nSales Associate, Dallas  2009-2012\n- Sold.\n\nQUICKSTOP FUEL, Mesquite TX\nCashier / Night Clerk, 2007 to 2009\n- Paid.\n"
    )
    chunks = chunk_document(read_document_bytes(text.encode(), "a.txt", LIMITS))
    under = "\n".join(chunk.text for chunk in chunks if "BRIGHTMART" in chunk.section + chunk.text)
    assert all(post in under for post in ("Assistant Store Manager", "Department Lead", "Sales Associate")) and "Cashier" not in under
    assert {chunk.section for chunk in chunks if "QUICKSTOP" in chunk.text or "HARTWELL" in chunk.text} == {"Employment"}


def test_where_the_post_stands_first_no_employer_is_made_of_it():
    text = "Ida Berg\n\nExperience\n\nSenior Engineer\nAcme Ltd, Leeds\n2019 – 2021\n- Built.\n\nStaff Nurse, ICU  2017 – 2019\nSt. Brendan Hospital\n- Nursed.\n"
    assert {chunk.section for chunk in chunk_document(read_document_bytes(text.encode(), "a.txt", LIMITS))} == {"", "Experience"}


def test_the_last_line_of_an_entry_stays_with_it_where_a_blank_line_follows():
    text = "오세라\n\n경력\n\n2021.06 ~ 재직중  그린테이블마켓 | 과장\n- 기획\n- 소싱\n현재연봉 5,600만원\n\n2017.09 ~ 2021.05  한빛리테일 | 대리\n- 발주\n- 기획전\n퇴사사유: 전환\n" + "- 더 많은 일을 했습니다\n" * 40
    chunks = chunk_document(read_document_bytes(text.encode(), "a.txt", LIMITS))
    assert not any(chunk.text.startswith("현재연봉") for chunk in chunks)


@pytest.mark.parametrize(("line", "name"), [('Margaret "Maggie" Tolentino', 'Margaret Maggie Tolentino'), ("오상민 남 · 1985년생 (만 41세)", "오상민")])
def test_a_name_with_another_or_the_gender_beside_it(line, name):
    document = read_document_bytes(f"{line}\n{'e@x.example'}\n\nExperience\nClerk, Acme  2019 – 2021\n".encode(), "a.txt", LIMITS)
    assert subject_of(document) == name


def test_a_sidebars_titles_are_sections_though_they_are_marked_lower():
    text = "# Yusuf Demir\n\n## Career\n\n### Electrical Fitter, Shipyard\nJune 2020 – Present\n- Refits ferries\n\n## Education\n\nVocational High School, 2016\n\n### Contact\n\nyusuf@example.com\n\n### Certificates\n\n- High Voltage (2022)\n\n### Languages\n\n- Turkish\n"
    assert [chunk.section for chunk in chunk_document(read(text, "a.md"))] == ["", "Career", "Education", "Contact", "Certificates", "Languages"]
    within = "# Yusuf Demir\n\n## Career\n\n### Fitter, Shipyard\nJune 2020 – Present\n- Refits ferries\n\n### Awards\n\n- Fitter of the year\n\n### Electrician, Lifts\n2016 – 2020\n- Installed\n\n## Education\n\nVocational High School, 2016\n"
    assert [chunk.section for chunk in chunk_document(read(within, "a.md"))][-1] == "Education" and "Awards" not in {chunk.section for chunk in chunk_document(read(within, "a.md"))}


def test_a_label_below_bullets_opens_no_entry():
    job = "Navy Shipyard\nLogistics Specialist\n05/2018 - Present\nDuties:\n- Manages parts\nAccomplishments:\n- Reduced backorders\n\nLogistics Agency, Richmond\nInventory Specialist\n03/2014 - 04/2018\nDuties:\n- Counts\n"
    chunks = [chunk.text for chunk in chunk_document(read(f"JAMES WHITAKER\n\nWORK EXPERIENCE\n\n{job}\nEDUCATION\nBS, 2013\n"), max_chars=160) if chunk.section == "Work Experience"]
    assert [text.split("\n")[0] for text in chunks] == ["Navy Shipyard", "Logistics Agency, Richmond"] and "Reduced backorders" in chunks[0]


def test_rules_around_titles_are_no_lines_of_a_passage():
    text = "Jane Doe\njane@doe.dev\n\n==========\n EXPERIENCE\n==========\n\nClerk, Acme (2019 - 2023)\n- Filed.\n\n----------\nEDUCATION\n----------\nBSc, Oslo, 2019\n"
    chunks = chunk_document(read(text))
    assert [chunk.section for chunk in chunks] == ["", "Experience", "Education"] and not any("==" in chunk.text or "--" in chunk.text for chunk in chunks)
