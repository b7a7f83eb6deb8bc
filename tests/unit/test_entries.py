"""Which entries of a resume a question means."""

import pytest

from rag.entries import below_dates, dated_line, entry_spans, goes_on, is_entry, jobs_of, parts, periods, top
from rag.meant import FACTOR, jobs_meant, meant, named_periods, other_degrees, with_odds
from rag.named import named_entries
from rag.reranking import Reading, sentences
from rag.types import Chunk


def chunk(number: int, text: str, section: str = "Experience", subject: str = "Mira Solberg") -> Chunk:
    return Chunk(f"d-{number}", "d", "d.md", subject, section, text, 0, len(text))


HEAD = chunk(0, "Mira Solberg\nStaff Engineer\nBergen | mira@solberg.example", "")
NOW = chunk(1, "Staff Engineer, Havgard Energy\nMarch 2022 – present | Bergen\n- Cut the bill to 146,000.")
BEFORE = chunk(2, "Engineer, Pellikan Logistics\n06/2019 - 02/2022\n- Built the event platform.")
FIRST = chunk(3, "Engineer, Vossen Software\nSeptember 2016 to May 2019\n- Ran 45 nodes.")
CERTIFICATES = chunk(4, "- Certified Administrator, 2020\n- Cloud Engineer, 2023", "Certifications")
RESUME = [HEAD, NOW, BEFORE, FIRST, CERTIFICATES]


@pytest.mark.parametrize(("one", "entry", "open_end"), [(HEAD, False, False), (NOW, True, True), (BEFORE, True, False), (CERTIFICATES, False, False)])  # fmt: skip
def test_an_entry_has_a_range_of_dates_in_its_first_lines(one, entry, open_end):
    assert (is_entry(one), goes_on(one)) == (entry, open_end)


@pytest.mark.parametrize("dates", ["2019년 3월 ~ 현재", "2019.03 – 재직 중", "2021년 5월 - 지금"])
def test_korean_entries_that_go_on(dates):
    assert goes_on(chunk(1, f"한빛랩, 분석가\n{dates} | 대전"))


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("How high was the bill at Vossen?", {3}),
        ("What did she do at Pelikan Logistics?", {2}),  # misspelt
        ("What did Mira build?", set()),  # the candidate's own name names no entry
        ("Since when is she there?", set()),
        ("Was she an Engineer?", set()),  # in the first lines of all of them
    ],
)
def test_names_in_a_question_tell_which_entry_is_meant(question, named):
    assert named_entries(question, RESUME) == named


def test_an_employer_under_the_title_names_the_entry_too():
    jobs = [
        chunk(1, "Software Engineer  Jun 2021 - Dec 2022\nFigma  San Francisco, CA\n- Built editing used by Notion."),
        chunk(2, "Software Engineer  Jul 2019 - May 2021\nNotion  Oakland, CA\n- Built the API."),
    ]
    assert named_entries("What did she build at Notion?", jobs) == {1}


def test_a_korean_question_names_an_entry_by_its_own_words():
    entries = [chunk(0, "메디온결, 데이터분석팀장\n2023년 4월 – 현재"), chunk(1, "한누리의료원, 간호사\n2014년 3월 – 2020년 2월")]
    assert named_entries("한누리의료원에서는 무슨 일을 했나요?", entries) == {1}


def test_the_title_of_a_thesis_names_no_entry():
    studies = chunk(1, '한밭대학교, 의료정보학 석사\n2019년 – 2021년\n논문: "패혈증 예측 모형의 외부 검증"', "학력")
    work = chunk(2, "메디온결, 팀장\n2023년 4월 – 현재\n- 패혈증 경보 모형의 AUROC를 0.89로 높임")
    assert named_entries("패혈증 모형의 AUROC는?", [studies, work]) == set()
    assert named_entries("한밭대학교 평점은?", [studies, work]) == {0}


def test_another_entry_than_the_named_one_loses_and_other_passages_do_not():
    odds = meant("How high was the bill at Vossen?", RESUME).odds
    assert odds[1] < 1 and odds[2] < 1
    assert odds[0] == odds[3] == odds[4] == 1


def test_asked_for_now_the_entry_that_goes_on_wins():
    odds = meant("Where does she work now?", RESUME).odds
    assert odds[1] > 1 > odds[2]
    assert odds[0] == odds[4] == 1


@pytest.mark.parametrize(
    ("question", "now"),
    [("What does she do?", True), ("what does Mira do for a living", True), ("so what is Mira Solberg doing?", True), ("뭐 하는 사람이에요?", True), ("직업이 뭔가요?", True), ("wheres she working atm", True),
     ("What does the platform do?", False), ("What does Pulsar do?", False), ("What did she do?", False), ("What does she do at the weekend?", False), ("남편분은 뭐 하는 분인가요?", False), ("커피 하기 전 직업은?", False)],
)  # fmt: skip
def test_asked_what_somebody_does_the_entry_that_goes_on_wins(question, now):
    assert meant(question, RESUME).odds == ([1, FACTOR, 1 / FACTOR, 1 / FACTOR, 1] if now else [1] * 5)


def test_two_that_are_compared_both_win():
    odds = meant("Which came first, Pellikan or Vossen?", RESUME).odds
    assert odds[2] == odds[3] > 1 == odds[1]


@pytest.mark.parametrize(
    ("question", "job"),
    [
        ("Where was she before Pellikan?", FIRST), ("where did she work prior to joining pellikan Logistics", FIRST), ("Who did she work for right before Pellikan?", FIRST),
        ("What was her job before Havgard Energy?", BEFORE), ("what was her post just before she went to Pellikan?", FIRST), ("Where did she go after Vossen?", BEFORE), ("What did she do after leaving Pellikan Logistics?", NOW),
        ("Havgard 직전 직장은 어디인가요?", BEFORE), ("Pellikan에 다니기 전에는 어디서 일했나요?", FIRST), ("Vossen 다음 직장은?", BEFORE), ("Pellikan에서 나와서 어디로 갔나요?", NOW),
        # nothing that is before the first, or after the last
        ("Where did she work before Vossen?", None), ("Where did she go after Havgard?", None),
        # something else is asked for, or of another employer
        ("What did she study before Pellikan?", None), ("Why did she leave before Pellikan was sold?", None), ("How long did she work before Pellikan?", None),
        ("What did she do at Vossen before Pellikan?", None), ("Where was she before?", None), ("Pellikan에 다니기 전에 무슨 전공을 했나요?", None),
    ],
)  # fmt: skip
def test_the_job_before_or_after_a_named_one_is_told_by_their_dates(question, job):
    assert jobs_meant(question, RESUME) == ({RESUME.index(job): (0, len(job.text))} if job else {})
    if job:
        assert meant(question, RESUME).odds == [FACTOR if one is job else 1 / FACTOR for one in RESUME]


def test_the_job_before_one_of_a_list_is_another_line_of_it():
    text = "- 2022-04 – now: Head Nurse, Strath\n  - Leads 14\n- 2013.07 – 2017.02: Nurse, Harebell\n- 08/2010 – 06/2013: Trainee, Cairnwell"

    found = jobs_meant("Where did she work before Harebell?", [HEAD, chunk(1, text, "Employment")])

    assert text[slice(*found[1])] == "- 08/2010 – 06/2013: Trainee, Cairnwell"


@pytest.mark.parametrize(
    ("question", "job"),
    [
        ("what did he do before he got into perfusion", "2009 – 2011 Theatre Assistant, Wieniawa"), ("What was his job before he went into the perfusion business?", "2009 – 2011 Theatre Assistant, Wieniawa"), ("What was his job before teaching?", None),
        ("where did he work before he came to the city", None), ("Where did he work before starting his own business?", None), ("Where did he work before joining the team?", None),
    ],
)  # fmt: skip
def test_a_trade_may_be_named_without_a_capital(question, job):
    jobs = ["2009 – 2011 Theatre Assistant, Wieniawa", "2011 – 2014 Trainee Perfusionist, Marbury", "2014 – 2018 Perfusionist, Inchmore", "2018 – now Lead Perfusionist, Brannoc"]
    text = "\n".join(reversed(jobs))

    found = jobs_meant(question, [HEAD, chunk(1, text, "Employment")])

    assert [text[slice(*span)].strip() for span in found.values()] == ([job] if job else [])


@pytest.mark.parametrize(
    ("question", "meant_there", "tells"),
    [
        ("why is there a hole in 2017", True, True), ("How long was her career break?", True, True), ("2017년 공백은 왜 생겼나요?", True, True),
        ("Was anybody in for her in the career break, and who?", True, False), ("Why did she break her foot?", False, False), ("What did she do at Brenmar?", False, False),
        ("Did she take a sabbatical?", True, True), ("What did she do before her career break?", False, False), ("공백기 이후에 뭐 했나요?", False, False),
        ("why wasnt she working in 2017", True, True), ("Why didn't she work in early 2017?", True, True), ("2017년엔 회사 왜 안 다녔음?", True, True), ("왜 일을 안 하셨어요?", True, True),
        ("why was she not working in the winter of 2017/18", True, True), ("Why did Mira not work from May 2017 on?", True, True), ("2017년에 일 안 한 기간이 있나요?", True, True),
        *((no, False, False) for no in ("Why didn't she work at Brenmar?", "Didn't she work in Oslo?", "Why didn't she work in finance?", "Isn't she working with Kafka?", "Brenmar에서 안 한 일은?",
          "마케팅 일은 안 했나요?", "네이버 같은 회사는 안 다녔나요?", "왜 메일을 안 했나요?", "컴파일은 안 했는지 언제", "3월 1일은 왜 안 했나요", "백엔드 일은 안 했나요? 뭐 했나요?")),
        ("What gap in test coverage did she find at Brenmar?", False, False), ("제일 쉬웠던 업무가 뭐예요?", False, False),
    ],
)  # fmt: skip
def test_asked_for_a_gap_the_time_without_work_is_meant(question, meant_there, tells):
    job = chunk(1, "Data Analyst, Brenmar Insurance\n2014 – 2016\n- Wrote the dashboard")
    rest = chunk(2, "Career break\nFebruary 2017 – December 2017\n- Care of newborn twins")

    found = meant(question, [HEAD, job, rest])

    assert (found.odds[2] == FACTOR * FACTOR, found.tells) == (meant_there, tells)
    assert jobs_meant(question, [HEAD, job, rest]) == ({2: (0, len(rest.text))} if meant_there else {})


@pytest.mark.parametrize("head", ["이주민쉼터 상담원", "한울초등학교 육아휴직 대체교사", "육아종합지원센터 보육전문요원", "HR Adviser (maternity leave cover), Stenfield", "Adviser for unemployed people, Jobcentre"])
def test_work_that_has_to_do_with_time_off_is_no_time_off(head):
    job = chunk(1, f"2019 – 2021 {head}\n- 상담 200건")
    assert jobs_meant("경력 공백이 있나요?", [HEAD, job]) == jobs_meant("Has she ever been out of work?", [HEAD, job]) == {}


@pytest.mark.parametrize(
    ("line", "is_break"),
    [
        ("(November 2013 - May 2014: at home in Falmouth to care for my father.)", True), ("2013 – 2014 Caring for my mother", True), ("2013 – 2014 Stayed at home with two small children", True), ("2013 – 2014 Nurse at Home for Older People, Leeds", False), ("2013 – 2014 Nanny, caring for a child with autism", False), ("2013 – 2014 Carer, cared for our residents, Elm House", False),
        ("2013 – 2014 Carer, caring for residents at Elm House", False), ("2013 – 2014 Nurse, Hospice at Home", False), ("2013 – 2014 Health care for a rural district", False),
    ],
)  # fmt: skip
def test_who_was_at_home_to_care_for_somebody_had_no_job(line, is_break):
    found = jobs_meant("what was she doing in the gap in 2013?", [HEAD, chunk(1, line)])
    assert bool(found) == is_break


def test_a_section_of_breaks_needs_no_word_for_them_in_its_lines():
    breaks = chunk(1, "2020-11 to 2021-01: recovery after knee surgery\n2016-02 to 2016-05: walked to Santiago", "Breaks")
    found = jobs_meant("Why is there a gap in 2016?", [HEAD, breaks])
    assert breaks.text[slice(*found[1])] == "2016-02 to 2016-05: walked to Santiago"


def test_a_section_about_work_without_dates_hides_no_jobs():
    jobs = chunk(1, "2011 – now | Perfusionist | Marbury\n2007 – 2011 | Theatre assistant | Wieniawa", "Posts")
    unpaid = chunk(2, "Open Valve charity, two weeks each in 2017 and 2019", "Unpaid Work")
    found = jobs_meant("what did he do before he got into perfusion", [HEAD, jobs, unpaid])
    assert [jobs.text[slice(*span)].strip() for span in found.values()] == ["2007 – 2011 | Theatre assistant | Wieniawa"]


def test_of_several_breaks_the_one_of_the_year_asked_for_is_meant():
    text = "- 2016 – 2017: Career break\n- 2013 – 2016: Analyst, Brenmar\n- 2011 – 2012: Career break, travel"
    spans = [jobs_meant(f"Why is there a gap in {year}?", [HEAD, chunk(1, text)])[1] for year in (2012, 2016)]
    assert [text[slice(*span)].strip() for span in spans] == ["- 2011 – 2012: Career break, travel", "- 2016 – 2017: Career break"]


def test_the_job_before_one_with_several_posts_is_another_employers():
    posts = chunk(1, "The Lantern, Bristol\nHead of Stage, Aug 2021 – now\nStage Manager, Sept 2018 – July 2021\nAssistant, Jan 2015 – Aug 2018")
    earlier = chunk(2, "Brindle Opera, Cardiff\nStage Hand, 2011 – 2014")

    assert jobs_meant("Where was he before Bristol?", [HEAD, posts, earlier]) == {2: (0, len(earlier.text))}


def test_asked_for_what_came_before_no_entry_loses():
    assert meant("What had she learned before Pellikan?", RESUME).odds == [1.0] * len(RESUME)


def test_odds_stay_probabilities():
    assert with_odds(0.5, 1.0) == 0.5
    assert with_odds(0.0, 20.0) == 0.0
    assert with_odds(1.0, 0.05) == 1.0
    assert with_odds(0.5, 3.0) == pytest.approx(0.75)


@pytest.mark.parametrize(
    ("question", "job"),
    [
        ("What was her first job?", FIRST), ("first job", FIRST), ("Who was Mira's first employer?", FIRST), ("How did she start her career?", FIRST),
        ("What is her latest position?", NOW), ("most recent role", NOW), ("첫 직장은 어디였나요?", FIRST), ("가장 최근 직장은?", NOW),
        ("Did she get first aid training?", None), ("Who was first?", None), ("When did she start?", None), ("최근 프로젝트는?", None),
    ],
)  # fmt: skip
def test_the_first_and_the_latest_job_are_told_by_their_dates(question, job):
    school = chunk(5, "BSc, Fjordby College\n2010 - 2013", "Education")
    chunks = [*RESUME, school]

    jobs = jobs_meant(question, chunks)

    assert jobs == ({chunks.index(job): (0, len(job.text))} if job else {})
    if job:
        assert meant(question, chunks).odds == [FACTOR if one is job else 1 / FACTOR for one in chunks]


def test_a_list_of_jobs_in_one_passage_is_told_apart_by_lines():
    text = "- 2022-04 – now: Head Nurse, Strath\n  - Leads 14\n- 2013.07 – 2017.02: Nurse, Harebell\n- 08/2010 – 06/2013: Trainee, Cairnwell\n  - Learned"
    listed = chunk(1, text, "Employment")

    first, latest = (jobs_meant(f"What was her {word} job?", [HEAD, listed]) for word in ("first", "latest"))

    assert text[slice(*first[1])].startswith("- 08/2010") and text[slice(*first[1])].endswith("Learned")
    assert text[slice(*latest[1])] == "- 2022-04 – now: Head Nurse, Strath\n  - Leads 14\n"


def test_a_named_entry_goes_before_the_order_of_jobs():
    asked = meant("What was her first job at Vossen?", RESUME)

    assert jobs_meant("What was her first job?", RESUME) and not asked.others and asked.odds[3] == 1


def test_of_two_people_each_has_a_first_job():
    other = chunk(7, "Clerk, Arden Post\n2001 - 2004", subject="Jo Arden")

    assert set(jobs_meant("What was the first job?", [*RESUME, other])) == {3, 5}


DEGREES = "MSc Physics, Sundby University, 2015\nThesis: Cold light\nBSc Physics, Fjordby College, 2012\nSupervisor: Prof. Aune\n\nSwimming"


@pytest.mark.parametrize(
    ("question", "others"),
    [
        ("Who supervised her master's thesis?", ["BSc Physics, Fjordby College, 2012", "Supervisor: Prof. Aune"]),
        ("bachelor thesis?", ["MSc Physics, Sundby University, 2015", "Thesis: Cold light"]),
        ("What was the topic of her PhD?", ["MSc Physics, Sundby University, 2015", "Thesis: Cold light", "BSc Physics, Fjordby College, 2012", "Supervisor: Prof. Aune"]),
        ("석사 논문 지도교수는?", ["BSc Physics, Fjordby College, 2012", "Supervisor: Prof. Aune"]),
        ("Better mark in the master or the bachelor?", []),
        ("What did she do after her master's?", []),
        ("Which languages does she master?", []),
        ("Does she swim?", []),
    ],
)  # fmt: skip
def test_asked_for_one_degree_the_lines_of_another_are_not_meant(question, others):
    assert [DEGREES[a:b] for a, b in other_degrees(question, DEGREES)] == others


def test_a_korean_diploma_of_two_years_is_no_bachelor():
    text = "한빛전문대학 전문학사 2010\n너울대학교 학사 2012, 평점 3.9"
    assert [text[a:b] for a, b in other_degrees("학사 평점은?", text)] == ["한빛전문대학 전문학사 2010"]


def test_what_another_degree_tells_does_not_make_a_passage_answer():
    studies = chunk(6, DEGREES, "Education")
    shift = len("Education\n")
    lines = tuple((a + shift, b + shift, 0.9 if "Aune" in DEGREES[a:b] else 0.01) for a, b in sentences(DEGREES))
    reading = Reading(0.9, lines)

    of_master, of_bachelor = meant("Who supervised her master's thesis?", [studies]), meant("Who supervised her bachelor's thesis?", [studies])

    assert of_master.p_answers(0, reading, shift) < 0.2
    assert of_bachelor.p_answers(0, reading, shift) > 0.8


def test_months_count_where_the_years_are_the_same():
    early, late = chunk(1, "Cook, Alder\nMar 2019 – Aug 2019"), chunk(2, "Waiter, Birch\n2019년 9월 ~ 2020년 1월")

    assert list(jobs_meant("her first job", [late, early])) == [1]
    assert list(jobs_meant("her last job", [early, late])) == [1]


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("온새로에서 무슨 일을 했나요?", {0}),
        ("온새로 시절 팀은 몇 명이었나요?", {0}),
        ("도자 말고 취미가 있나요?", set()),  # two syllables are a name only where a particle follows
        ("도자에서는 무엇을 맡았나요?", {1}),
        ("한빛에서는 무엇을 했나요?", set()),  # "한빛상" begins so too
        ("온기둥 다니는 동안 다른 일도 겸했나", {3}),
        ("온기둥재활은 언제 그만뒀나요?", {3}),
        ("온기에서 뭘 했나요?", set()),  # of a longer name two syllables are too few
        ("온기둥 자격증이 있나요?", set()),  # a beginning that may be a word needs a word for working there
    ],
)
def test_a_korean_employer_is_known_by_its_own_part(question, named):
    jobs = [
        chunk(0, "㈜온새로유통 | 분석가\n2021.03 ~ 2022.12 (경기 판교)"),
        chunk(1, "도자디자인 | 실장\n2018.01 ~ 2021.02"),
        chunk(2, "한빛전자 | 사원\n2015.01 ~ 2017.12\n- 한빛상 수상"),
        chunk(3, "온기둥재활병원 | 물리치료사\n2012.01 ~ 2014.12"),
    ]
    assert named_entries(question, jobs) == named


@pytest.mark.parametrize("dates", ["since 03/2022", "2022 –", "(2022 – )", "2022.03 ~", "2022년 3월 ~", "2022년 3월부터", "Mar 2022 → now"])
@pytest.mark.parametrize("question", ["What was her most recent job?", "Where did she go after Pellikan?", "가장 최근 직장은?"])
def test_a_job_without_an_end_is_the_latest(dates, question):
    jobs = [chunk(1, f"{dates}  Staff Engineer, Havgard Energy\n- Cut the bill."), BEFORE, FIRST]
    assert set(jobs_meant(question, jobs)) == {0} and is_entry(jobs[0]) and goes_on(jobs[0])


@pytest.mark.parametrize(
    ("dates", "start", "end"), [("March – Dec 2015", (2015, 3), (2015, 12)), ("Jan. - Aug. 2016", (2016, 1), (2016, 8)), ("Nov to Feb 2016", (2015, 11), (2016, 2))]
)
def test_months_of_one_year_are_a_range(dates, start, end):
    [job] = periods([chunk(1, f"Brightmoor Homes plc, Telford  {dates}\nLegal Assistant\n- Issued packs.")])
    assert (job.start, job.end, job.headed) == (start, end, True)


def test_dates_that_end_on_the_line_below_have_an_end():
    column = chunk(1, "Jan 2012 –  Clerk, Acme\nDec 2014  Leeds\n- Filed letters.")
    assert not goes_on(column)
    assert set(jobs_meant("What was her most recent job?", [column, BEFORE])) == {1}


@pytest.mark.parametrize(
    "bullet", ["- Head of the team since 2023", "- Won the prize of 2021\n- 2022 again", "- Certificate 2019-06", "- No. 제2019-45호"]
)
def test_what_is_done_within_a_job_is_no_job(bullet):
    job = chunk(1, f"Engineer, Acme, 2019 – present\n{bullet}")
    assert len(parts(job)) == 1


@pytest.mark.parametrize("gap", [" | ", "  "])
def test_the_row_of_a_table_after_a_named_one_is_another_job(gap):
    rows = [["근무기간", "회사명", "직위"], ["2019.07 ~ 현재", "세온화학", "대리"], ["2014.03 ~ 2019.06", "한빛도료", "사원"]]
    text = "\n".join(map(gap.join, rows))
    [(start, end)] = jobs_meant("한빛도료 다음 직장은?", [chunk(0, text, "경력사항")]).values()
    assert "세온화학" in text[start:end] and "한빛도료" not in text[start:end]


TWO_HOTELS = "Gran Hotel\nClerk\n06/2014 – 03/2019\n- Trained 22 people\nOla Hostel\nPorter\n05/2011 – 05/2014\n- Night shifts"


@pytest.mark.parametrize(
    ("text", "question", "left"),
    [
        (TWO_HOTELS, "What did she do at Ola Hostel?", "Ola"),
        (TWO_HOTELS, "What did she do at the Gran Hotel?", "Gran"),
        ("2012 – 2018  Clerk, Kessel Ltd\nReports\n2010 – 2012  Assistant, University\nTests", "What did she do at Kessel?", "2012"),
    ],
)
def test_the_lines_of_another_job_in_the_passage_of_the_named_one_are_not_meant(text, question, left):
    [others] = meant(question, [chunk(0, text)]).others.values()
    assert len(others) == 1 and len(parts(chunk(0, text))) == 2
    [(start, end)] = others
    assert (text[:start] + text[end:]).startswith(left)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Gran Hotel\n\nClerk · 2016 – 2019\n- Trained\n\nPorter · 2014 – 2016\n- Night shifts", "What did she do at the Gran Hotel?"),
        ("Engineer, Acme, 2016 – 2019\n- Led Atlas, 2017 – 2018\n- Built a mill", "What did she do at Acme?"),
        ("Engineer, Acme, 2016 – 2019\n- Mills\n\nClerk, Beta, 2014 – 2016\n- Letters", "Was she at Acme or at Beta first?"),
        ("BSc Geography\nCorrib\n2005 – 2009\nMSc Factors\nAvon\n2018 – 2020", "What did she study at Corrib?"),
        ("Engineer, Acme, 2016 – 2019\n- Mills\n\nClerk, Beta, 2014 – 2016\n- Letters", "What did she write?"),
    ],
)
def test_no_line_of_a_passage_is_put_aside_where_its_entries_are_one_employers_or_none_is_named(text, question):
    assert meant(question, [chunk(0, text)]).others == {}


def test_the_word_that_asks_is_no_name():
    girls = chunk(5, "Mentor, Girls Who Code\n2018 – present", "Volunteering")
    assert named_entries("Who was her manager at Havgard?", [*RESUME, girls]) == {1}
    assert named_entries("Who does she work for?", [*RESUME, girls]) == set()
    assert named_entries("What does she do for Girls Who Code?", [*RESUME, girls]) == {5}


def test_a_break_with_its_title_above_its_dates_is_no_job():
    rows = [chunk(0, "Data Analyst, Brenmar\n2014 – 2016"), chunk(1, "Career break\nFebruary 2017 – December 2017"), chunk(2, "Engineer, Ondapay\n2018 – now")]
    assert set(jobs_meant("What was her job before Ondapay?", rows)) == {0}
    assert set(jobs_meant("What was her job after Brenmar?", rows)) == {2}


@pytest.mark.parametrize("question", ["온다페이 이전에 공간 데이터 분석을 해 봤나요?", "온다페이 이전에 실시간 데이터 처리 경험이 있나요?", "Which blog post did she write before Ondapay?", "What was her post-doc topic after Brenmar?"])
def test_data_and_blog_posts_are_no_jobs(question):
    jobs = [chunk(0, "온다페이 (Ondapay), 개발자\n2021.03 ~ 현재", "경력"), chunk(1, "한울커머스 (Brenmar), 개발자\n2018.01 ~ 2021.02", "경력"), chunk(2, "미르소프트, 인턴\n2016.01 ~ 2017.12\n- 공간 데이터", "경력")]
    assert not jobs_meant(question, jobs)


def test_a_break_is_no_job():
    rows = [
        chunk(0, "01/2016 - 02/2019 | Senior Engineer | Vantner Bridgeworks"),
        chunk(1, "03/2015 - 12/2015 | Time out | - |\n- Cared for a parent."),
        chunk(2, "08/2011 - 02/2015 | Design Engineer | Norcombe Spans"),
    ]
    assert set(jobs_meant("Where did she work before Vantner Bridgeworks?", rows)) == {2}


def test_from_and_to_in_columns_of_a_table_are_a_range():
    row = chunk(0, "04/2019  06/2021  Zwirn Pay SE  Backend Developer\nInstant transfers in Java.")
    now = chunk(1, "From  To  Employer\n01/2024  today  Saldofix GmbH  Lead Developer")
    assert [(is_entry(one), goes_on(one)) for one in (row, now)] == [(True, False), (True, True)]


FORMS = [
    chunk(0, "Employer: Westerly Academy\nPost: Head of Training\nFrom: October 2023\nTo: date\nPlace: Shannon"),
    chunk(1, "Employer: Thornhaven Airport\nPost: Controller\nFrom: March 2014\nTo: May 2021\nPlace: Cork"),
    chunk(2, "회사: 온새로유통\n입사일: 2011.03\n퇴사일: 2014.02\n직위: 대리", "경력"),
]


def test_a_form_with_a_line_for_each_date_is_an_entry():
    assert [is_entry(form) for form in FORMS] == [True] * 3
    assert [goes_on(form) for form in FORMS] == [True, False, False]
    assert [FORMS[1].text[slice(*dated_line(FORMS[1]))], FORMS[1].text[slice(*top(FORMS[1].text))]] == ["From: March 2014\nTo: May 2021", FORMS[1].text.split("\nPlace")[0]]


GROUPED = [
    chunk(0, "Fjordline Payments\n6 years 3 months\nHead of Platform\nJanuary 2022 - Present\nOslo"),
    chunk(1, "Senior Engineer\nSeptember 2019 - December 2021\nOslo", "Experience › Fjordline Payments"),
    chunk(2, "Engineer\nMay 2018 - August 2019\nOslo", "Experience › Fjordline Payments"),
    chunk(3, "Brightkeel\nBackend Engineer\nMarch 2016 - May 2018\nBergen"),
    chunk(4, "Crew on the lifeboat, 2015–2019. Bell-ringer.", "Outside work"),
]


def test_an_employer_with_many_posts_is_named_by_its_name():
    assert named_entries("What did she do at Fjordline?", GROUPED) == {0, 1, 2}
    assert goes_on(GROUPED[0])


def test_what_somebody_does_outside_work_is_no_job():
    assert jobs_meant("Where was she before Fjordline?", GROUPED) == {3: (0, len(GROUPED[3].text))}


MERGED = [chunk(0, "Acme Ltd\n2019 - 2020\n\nBolt Ltd\n2016 - 2019\n\nCorvid Ltd\n2015 - 2016")]
TITLED = [chunk(0, "Engineer\nAcme\n2019 - 2020\n- Built it\n\nAnalyst\nBolt\n2016 - 2019\n- Cut it"), chunk(1, "Clerk\nCorvid\n2014 - 2016\n- Filed")]


@pytest.mark.parametrize(
    ("question", "resume", "job"),
    [
        ("What was her latest job?", MERGED, "Acme Ltd\n2019 - 2020"), ("What was her first job?", MERGED, "Corvid Ltd\n2015 - 2016"),
        ("Where did she work before Acme?", MERGED, "Bolt Ltd\n2016 - 2019"), ("Where did she work before Bolt?", MERGED, "Corvid Ltd\n2015 - 2016"),
        ("Where did she work after Bolt?", MERGED, "Acme Ltd\n2019 - 2020"), ("Where did she work after Corvid?", MERGED, "Bolt Ltd\n2016 - 2019"),
        ("Where did she work before Acme?", TITLED, "Analyst\nBolt\n2016 - 2019\n- Cut it"), ("Where did she work after Corvid?", TITLED, "Analyst\nBolt\n2016 - 2019\n- Cut it"),
        ("Where did she work before Bolt?", TITLED, "Clerk\nCorvid\n2014 - 2016\n- Filed"),
    ],
)  # fmt: skip
def test_each_of_several_jobs_in_a_passage_has_its_own_title_and_no_others(question, resume, job):
    [(i, (start, end))] = jobs_meant(question, resume).items()

    assert resume[i].text[start:end].strip() == job


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        (MERGED[0].text, ["Acme Ltd\n2019 - 2020", "Bolt Ltd\n2016 - 2019", "Corvid Ltd\n2015 - 2016"]),
        (TITLED[0].text, ["Engineer\nAcme\n2019 - 2020\n- Built it", "Analyst\nBolt\n2016 - 2019\n- Cut it"]),
        # nothing sets the title apart from the entry above, or prose does
        ("Acme\n2019 - 2020\nOslo\nBolt\n2016 - 2019", ["Acme\n2019 - 2020\nOslo\nBolt", "2016 - 2019"]),
        ("Acme\n2019 - 2020\nBuilt it.\nBolt\n2016 - 2019", ["Acme\n2019 - 2020\nBuilt it.", "Bolt\n2016 - 2019"]),
        # one entry, or none
        (NOW.text, [NOW.text]), (HEAD.text, [HEAD.text]), ("", [""]),
    ],
)  # fmt: skip
def test_a_passage_is_taken_apart_into_its_entries(text, entries):
    found = parts(chunk(0, text))

    assert [part.text.strip() for _, part in found] == entries
    assert all(text[start : start + len(part.text)] == part.text for start, part in found)


@pytest.mark.parametrize("question", ["What was her job before the current one?", "Where did she work before this job?", "현재 회사 이전에는 어디서 일했나요?"])
def test_before_the_current_job_means_the_one_before_it(question):
    assert meant(question, RESUME).odds == [FACTOR if one is BEFORE else 1 / FACTOR for one in RESUME]


@pytest.mark.parametrize(
    ("question", "now"),
    [
        ("Where is she now?", True), ("Where does she now work?", True), ("What is her current job?", True), ("And now?", True), ("지금 어디서 일하나요?", True), ("현재 직장은?", True),
        ("Now tell me about her education", False), ("So now, what languages are there?", False), ("Which companies until now?", False), ("All jobs up to now", False),
        ("현재까지 다닌 회사는 모두 몇 곳?", False), ("지금 까지 다닌 회사는?", False),
    ],
)  # fmt: skip
def test_a_now_that_goes_on_asking_or_ends_a_time_does_not_ask_for_today(question, now):
    assert (meant(question, RESUME).odds[1] == FACTOR) == now


def test_whoever_asks_for_a_company_does_not_mean_work_on_ones_own_account():
    jobs = [chunk(0, "Ondapay, developer\n2021.03 – now"), chunk(1, "Freelance translator\n2020.01 – 2021.02"), chunk(2, "Hanul Ltd, developer\n2018.01 – 2019.12")]
    assert set(jobs_meant("Which company was she at before Ondapay?", jobs)) == {2}
    for question in ("What did she do for a living before Ondapay?", "What did she do before joining the company Ondapay?", "What job did she have before her current employer?"):
        assert set(jobs_meant(question, jobs)) == {1}
    led = chunk(1, "Mirsoft, Project Manager\n2020.01 – 2021.02\nManaged 12 freelancers across three countries")
    assert set(jobs_meant("Which company was she at before Ondapay?", [jobs[0], led, jobs[2]])) == {1}
    assert set(jobs_meant("Which company was she at before Ondapay?", jobs[:2])) == {1}  # there is no other


KOREAN = [
    chunk(0, "온다페이, 개발자\n2021.03 ~ 현재", "경력"),
    chunk(1, "한울커머스, 개발자\n2018.01 ~ 2021.02", "경력"),
    chunk(2, "미르소프트, 인턴\n2016.01 ~ 2017.12", "경력"),
]


@pytest.mark.parametrize(
    ("question", "job"),
    [
        ("온다페이 전 직장은?", 1), ("온다페이 입사 전 회사는?", 1), ("온다페이 들어가기 전에 다닌 회사는 어디예요", 1), ("미르소프트 그만두고 바로 간 데가 어디예요?", 1), ("한울커머스 이전 회사는?", 2), ("한울커머스 다음 직장은?", 0),
        ("한울커머스 입사 이후 무슨 일을 했나요?", None), ("한울커머스 퇴사 전 무슨 일을 했나요?", None), ("한울커머스에서 무슨 일을 했나요?", None), ("온다페이 전체 직장 동료는?", None),
    ],
)  # fmt: skip
def test_in_korean_too_the_job_before_is_another_and_the_time_after_joining_is_the_named_one(question, job):
    assert set(jobs_meant(question, KOREAN)) == ({job} if job is not None else set())


@pytest.mark.parametrize(
    "question",
    ["Which company followed Pellikan?", "Which job preceded Pellikan?", "Where did she go when she left Pellikan?", "What did she leave Pellikan for?", "Pellikan 입사 전 회사는요?"],
)
def test_asked_for_the_neighbour_of_a_named_job_no_other_job_loses(question):
    assert min(meant(question, RESUME).odds[i] for i in (1, 3)) >= 1 or jobs_meant(question, RESUME)


@pytest.mark.parametrize("question", ["What did she do after joining Pellikan?", "What was her job before leaving Pellikan?", "What was her role since starting at Pellikan?"])
def test_after_joining_and_before_leaving_mean_the_named_job_itself(question):
    assert not jobs_meant(question, RESUME)
    assert meant(question, RESUME).odds[2] == 1


@pytest.mark.parametrize(
    ("question", "job"),
    [("What was her job before becoming a Senior Data Engineer?", 1), ("What was her job before becoming a Data Engineer?", 2), ("Where did she work before Bolt?", 2), ("Where did she work after Bolt?", 0)],
)
def test_of_two_posts_the_one_with_more_of_the_named_words_is_meant(question, job):
    resume = [chunk(0, "Senior Data Engineer, Acme\n2021 - 2023\n- x"), chunk(1, "Data Engineer, Bolt\n2018 - 2021\n- y"), chunk(2, "Clerk, Corvid\n2015 - 2018\n- z")]
    assert set(jobs_meant(question, resume)) == {job}


def test_a_name_in_a_later_entry_of_a_passage_names_the_passage():
    studies = chunk(0, "University of York\n2012 - 2015\nBSc Physics\n\nUniversity of Leeds\n2015 - 2016\nMSc Maths", "Education")

    assert named_entries("What did she study at Leeds?", [studies, NOW]) == named_entries("What did she study at York?", [studies, NOW]) == {0}
    assert meant("What did she study at Leeds?", [studies, NOW]).odds == [1, 1 / FACTOR]


@pytest.mark.parametrize(
    ("text", "question", "others"),
    [
        ("BSc Physics\nUniversity of York\nThesis: Light\n\nMSc Maths\nThesis: Rings", "What was her master's thesis?", ["BSc Physics", "University of York", "Thesis: Light"]),
        ("University of York\nBSc Physics\nThesis: Light\nUniversity of Leeds\nMSc Maths", "What was her master's thesis?", ["BSc Physics", "Thesis: Light"]),
    ],
)
def test_the_school_right_under_a_degree_is_that_degrees(text, question, others):
    assert [text[a:b] for a, b in other_degrees(question, text)] == others


@pytest.mark.parametrize(
    ("dates", "points", "open_end"),
    [
        ("2019.03. ~ 2022.06.", [(2019, 3), (2022, 6)], False), ("2019.03.02 ~ 2022.06.30", [(2019, 3), (2022, 6)], False), ("2019. 3. ~ 현재", [(2019, 3)], True),
        ("2019. 3. 2. ~ 2020. 1. 15.", [(2019, 3), (2020, 1)], False), ("2019년 3월 2일 ~ 현재", [(2019, 3)], True), ("2019-03-02 ~ 2020-01-01", [(2019, 3), (2020, 1)], False),
        ("2019.03 ～ 2020.01", [(2019, 3), (2020, 1)], False), ("2019.03 〜 2020.01", [(2019, 3), (2020, 1)], False), ("2019.03 ∼ 2020.01", [(2019, 3), (2020, 1)], False),
        ("Jan 2019 - Till Date", [(2019, 1)], True), ("15 March 2019 – 3 May 2021", [(2019, 3), (2021, 5)], False), ("March 15, 2019 – May 3, 2021", [(2019, 3), (2021, 5)], False),
        ("01.03.2019 - 31.05.2021", [(2019, 3), (2021, 5)], False), ("2019.03 ~ (재직중)", [(2019, 3)], True), ("08/2015-05/2020", [(2015, 8), (2020, 5)], False),
        ("2014년 3월 – 2020년 2월", [(2014, 3), (2020, 2)], False), ("2019년 3월 2일 ~ 2020년 1월 5일", [(2019, 3), (2020, 1)], False), ("2019년 ~ 2020년", [(2019, 0), (2020, 0)], False),
        # as before
        ("2019–21", [(2019, 0), (2021, 0)], False), ("2019-21", [(2019, 0), (2021, 0)], False), ("1998–02", [(1998, 0), (2002, 0)], False),
        ("Mar 2019 → May 2021", [(2019, 3), (2021, 5)], False), ("2019 -> 2021", [(2019, 0), (2021, 0)], False),
        ("2019-2020", [(2019, 0), (2020, 0)], False), ("2019.03 – 2020.04", [(2019, 3), (2020, 4)], False), ("03/2019 - 05/2021", [(2019, 3), (2021, 5)], False),
        ("Sept 2018 to July 2021", [(2018, 9), (2021, 7)], False), ("2019 - present", [(2019, 0)], True),
    ],
)  # fmt: skip
def test_a_range_of_dates_is_read_however_it_is_written(dates, points, open_end):
    entry = chunk(1, f"Clerk, Arden\n{dates}\n- Filed")
    [job] = jobs_of([entry], entry.subject)

    assert [job.start, job.end] == (points if len(points) == 2 else [points[0], (9999, 0)])
    assert (is_entry(entry), goes_on(entry), entry.text[slice(*dated_line(entry))]) == (True, open_end, dates)


@pytest.mark.parametrize("text", ["Clerk, Arden\nRoom 2019, floor 3", "Clerk, Arden\n2019", "Clerk, Arden\nPrize of 2019"])
def test_one_date_is_no_range(text):
    assert not is_entry(chunk(1, text))


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("데이터 파이프라인을 구축한 회사는?", set()),  # the word of a post, and of another entry's text
        ("한울커머스에서 무엇을 했나요?", {0}), ("온다페이에서 무엇을 했나요?", {1}), ("엔지니어로 일한 곳은?", {0}),
    ],
)  # fmt: skip
def test_a_word_that_another_entry_uses_names_no_employer(question, named):
    jobs = [
        chunk(0, "한울커머스, 데이터 엔지니어\n2021.03 ~ 현재\n- 지표 정리", "경력"),
        chunk(1, "온다페이, 백엔드 개발자\n2018.01 ~ 2021.02\n- 데이터 파이프라인을 구축", "경력"),
        chunk(2, "미르소프트, 인턴\n2016 ~ 2017", "경력"),
    ]
    assert named_entries(question, jobs) == named


@pytest.mark.parametrize(("section", "job"), [("Experience › Brightkeel Research Ltd", True), ("Experience (Research team)", True), ("Research projects", False)])
def test_an_employer_in_the_section_title_does_not_make_it_no_work(section, job):
    chunks = [chunk(0, "Analyst\n2019 - 2021", section), chunk(1, "Clerk, Arden\n2015 - 2019")]
    assert set(jobs_meant("What was her latest job?", chunks)) == ({0} if job else {1})


@pytest.mark.parametrize(
    ("question", "first"),
    [("사회생활에서 가장 힘들었던 점은?", False), ("사회생활을 시작한 회사는?", True), ("사회생활 첫 회사는?", True), ("첫 사회생활은 어디서 했나요?", True)],
)
def test_working_life_alone_does_not_ask_for_the_first_job(question, first):
    assert jobs_meant(question, RESUME) == ({3: (0, len(FIRST.text))} if first else {})


TREES = """- 2019 – now: City Arborist, Lindenhall
- 2016 – 2019: Crew leader, Ridgepole Tree Care
- 2014 – 2016: Utility arborist, Kauri Lines
- 2013 – 2014: Ground worker, Ridgepole Tree Care
- 2015 – 2017: Sunday teacher, Hollow School"""


@pytest.mark.parametrize(
    ("question", "lines"),
    [
        ("What did she do between her two spells at Ridgepole?", ["Kauri", "Ridgepole", "Hollow"]), ("Where did she work between Kauri Lines and Lindenhall?", ["Ridgepole"]),
        ("Ridgepole 두 번 다닌 사이에는 뭘 했나요?", ["Kauri", "Hollow"]), ("Did she have another job while working at Kauri Lines?", ["Hollow"]),
        ("Kauri Lines 다니면서 다른 일도 했나요?", ["Hollow"]), ("Kauri Lines 재직 중에 겸직한 곳이 있나요?", ["Hollow"]),
        ("How long was it between Kauri Lines and Lindenhall?", []), ("What is the difference between Kauri Lines and Lindenhall?", []), ("What did she do while at Kauri Lines?", []),
        ("What did she do between 2013 and 2014 at Ridgepole?", []), ("Which is bigger between Kauri Lines and Lindenhall?", []), ("What contract between Kauri Lines and Lindenhall did she negotiate?", []),
        ("What did she do during her second job at Ridgepole?", []), ("What other work did she do during her time at Kauri Lines?", []), ("Kauri Lines 재직 중에 다른 회사와 협업한 적이 있나요?", []),
        ("Kauri Lines에서 일할 때 다른 일정 관리 도구도 썼나요?", []), ("Kauri Lines 다니면서 동시에 여러 프로젝트를 했나요?", []), ("Kauri Lines 다니면서 다른 데이터도 다뤘나요?", []),
        ("While working at Kauri Lines, did she have another job?", ["Hollow"]), ("What other jobs has she had besides Kauri Lines?", []), ("Was she promoted to another position while at Kauri Lines?", []),
        ("Between Kauri Lines and Lindenhall, where did she work longer?", []), ("Kauri Lines 근무 중 팀장을 겸했나요?", []), ("Kauri Lines 재직 중 부업 금지 규정을 만들었나요?", []), ("Kauri Lines와 Lindenhall 사이에는 무슨 관계가 있나요?", []),
        ("Between 2015 and 2017, where was she?", []), ("Kauri Lines 다니면서 받은 상은?", []), ("Did she have another job while working at Rustfield?", []),
    ],
)  # fmt: skip
def test_jobs_between_two_and_beside_one(question, lines):
    made = meant(question, [HEAD, chunk(1, TREES, "Employment")])
    found = jobs_meant(question, [HEAD, chunk(1, TREES, "Employment")])
    text = TREES[slice(*found[1])] if found else ""
    assert all(name in text for name in lines) and bool(found) == bool(lines)
    assert made.tells == bool(lines)
    if lines:
        assert "Lindenhall" not in text
        assert all(any(name in TREES[slice(*head)] for head in made.heads[1]) for name in lines)


def test_of_a_first_or_last_job_the_line_with_the_dates_is_no_likelier_than_others():
    for question in ("What was her last job?", "What was the reason she left her last company?", "마지막 직장을 그만둔 이유가 뭐예요?"):
        assert meant(question, [HEAD, chunk(1, TREES, "Employment")]).heads == {}


def test_a_workplace_may_be_called_by_the_beginning_of_its_name_in_such_a_question():
    text = "2015.01–2016.12 | 집으로재활(주말) | 방문 치료사\n2014.11–2018.06 | 온기둥재활병원(부산) | 물리치료사"
    found = jobs_meant("온기둥 다니는 동안 다른 일도 겸했나", [HEAD, chunk(1, text, "경력")])
    assert text[slice(*found[1])].strip() == "2015.01–2016.12 | 집으로재활(주말) | 방문 치료사"


def test_of_dates_without_months_the_years_tell_whether_jobs_overlap():
    text = "- 2014 – 2016.05: Cook, Birch\n- 2016 – 2019: Waiter, Cedar\n- 2015 – 2017: Baker, Larch"
    found = jobs_meant("Did she have a second job while at Birch?", [HEAD, chunk(1, text, "Employment")])
    assert text[slice(*found[1])].strip() == "- 2015 – 2017: Baker, Larch"


@pytest.mark.parametrize(
    ("question", "year"),
    [
        ("what was her previous job?", "2019"), ("Where did she work before that?", "2019"), ("who was the prior employer", "2019"), ("그전 직장은?", "2019"), ("전 직장은 어디예요?", "2019"),
        ("이전 회사에서 뭐 했어?", "2019"), ("지금 어디서 일해? 그전 직장은?", "2019"),
        ("What was her job before Pellikan?", "2016"),  # another is named
    ],
)  # fmt: skip
def test_the_job_before_the_latest_is_meant_where_no_other_is_named(question, year):
    [(position, span)] = jobs_meant(question, RESUME).items()
    assert year in RESUME[position].text[slice(*span)]


@pytest.mark.parametrize("question", ["list her previous jobs", "previous employers?", "Any previous experience with Kafka?", "안전 회사는?", "What was her previous job at Vossen?", "who was the previous position holder for it"])  # fmt: skip
def test_other_questions_mean_no_job_before(question):
    assert jobs_meant(question, RESUME) == {}


def test_of_one_job_alone_there_is_none_before():
    assert jobs_meant("previous job?", [HEAD, NOW]) == {}


def test_a_task_with_dates_of_its_own_is_no_job_before_another():
    now = chunk(1, "㈜온담뷰티 | 팀장  2022.03 – 재직중\n- ROAS 280% → 410% (2022 → 2024)\n- 신규 회원 38만명")
    before = chunk(2, "㈜푸드넥스트 | 마케터  2017.05 – 2020.08\n- 정기구독자 5.8만명")
    assert list(jobs_meant("㈜온담뷰티 이전에는 어디서 일했나요?", [now, before])) == [1]
    assert [job.start for job in jobs_of([chunk(1, "- 2019.01 – 2020.12 Acme, Engineer\n- 2021.01 – 2022.12 Bolt, Engineer")], "Mira Solberg")] == [(2019, 1), (2021, 1)]


@pytest.mark.parametrize("question", ["마지막으로 일한 병원에서는 뭐 했어요?", "마지막 병원은 어디였나요?"])
def test_the_last_hospital_is_the_last_job(question):
    last, first = chunk(1, "해운백제병원 | 책임간호사 | 2020.06 ~ 2026.09\n- KTAS"), chunk(2, "동남대학교병원 | 간호사 | 2015.03 ~ 2018.08\n- CRRT")
    assert list(jobs_meant(question, [first, last])) == [1]


def test_a_place_of_work_in_small_letters_is_named_too():
    jobs = [chunk(1, "U.S. Army, Fort Bliss\n06/2008 - 06/2012\n- Maintained units."), chunk(2, "Rossi Pizza, El Paso\n2007 - 2008\n- Drove."), chunk(3, "Copperstate, Mesa\n08/2012 - 03/2019\n- Repaired.")]
    assert jobs_meant("what did he do before the army", jobs).keys() == {1} == jobs_meant("what did he do before joining the army", jobs).keys()
    assert jobs_meant("what did he do before he got into repairing", jobs).keys() != {0}


PROJECTS_WITHIN = [
    chunk(1, "페이온 주식회사 — QA 리드\n2022.03 – 현재\n송금 앱 3.0 개편 QA (2022.05 – 2023.02)\n- 테스트 자동화\n릴리스 게이트 (2024.09 – 2025.05)\n- 배포 전 차단", "경력", "박준호"),
    chunk(2, "넥스트루프 게임즈 — QA 엔지니어\n2019.01 – 2022.02\n- 결함 추적", "경력", "박준호"),
]


def test_what_stands_below_a_job_in_a_style_of_its_own_and_within_its_time_is_no_job():
    assert [job.dates for job in periods(PROJECTS_WITHIN)] == ["2019.01 – 2022.02", "2022.03 – 현재"]
    assert len(periods(PROJECTS_WITHIN, every=True)) == 4
    beside = [chunk(1, "Freelance Writer\n2015 – present\n- Wrote."), chunk(2, "Acme Press, Oslo (2018 – 2019)\n- Edited."), chunk(3, "Beta Books, Bergen (2012 – 2014)\n- Read.")]
    assert len(periods(beside)) == 3  # in the style of the other jobs: a job beside


TABLE = chunk(1, "기간 | 회사 | 직급 | 담당업무\n2023.07 ~ 현재 | (주)담온푸드 | 대리 | 패키지, 외주 디자이너 2명 관리\n2020.02 ~ 2023.05 | 스튜디오 결 | 디자이너 | 편집 디자인\n2018.04 ~ 2019.10 | 코지샵 | 사원 | 배너", "경력", "윤서영")
WORKS = chunk(2, "2021.05 ~ 2021.11 | 박물관 기획전 | 스튜디오 결 | 포스터", "주요 프로젝트", "윤서영")


def test_the_rows_of_a_table_are_entries_of_their_own_below_its_names_of_columns_too():
    assert [TABLE.text[a:b].split(" | ")[1] for a, b in entry_spans(TABLE.text)][1:] == ["스튜디오 결", "코지샵"]


@pytest.mark.parametrize("question", ["스튜디오결에서 외주 디자이너 관리했나요?", "스튜디오 결에서 외주 디자이너 관리했나요?"])
def test_a_name_of_two_words_is_called_with_or_without_its_space_and_a_post_is_no_workplace(question):
    told = meant(question, [TABLE, WORKS])
    line = TABLE.text.index("2023.07")
    assert told.of_line(0, line, line + 20) < 1 == told.of_line(0, TABLE.text.index("2020.02"), TABLE.text.index("2018.04") - 1)
    assert [job.dates for job in named_periods(question, [TABLE, WORKS])] == ["2020.02 ~ 2023.05"]


def test_a_task_with_dates_names_no_entry_and_a_name_that_ends_like_before_asks_for_no_order():
    jobs = [
        chunk(1, "2019.05 ~ 2026.08  (주)한길모터스  구매팀 / 과장\n- SAP 도입 (2023.02 ~ 2023.10)", "경력", "최민석"),
        chunk(2, "2015.03 ~ 2019.04  대성기전(주)  자재팀 / 대리\n- 재고 관리", "경력", "최민석"),
    ]
    assert named_entries("대성기전에서 SAP 썼나요?", jobs) == {1}
    assert meant("대성기전에서 SAP 썼나요?", jobs).odds == [1 / FACTOR, 1.0]


DATES_FIRST = [
    chunk(1, "May 2016 – Dec 2019\nCategory Manager, Metals\nTreadwell Automotive, Coventry\n- Managed spend."),
    chunk(2, "Aug 2012 – Apr 2016\nBuyer\nTreadwell Automotive, Coventry\n- Bought castings."),
]


def test_post_and_employer_that_stand_below_the_dates_are_of_the_heading():
    assert [job.heading.split("\n")[2:] for job in periods(DATES_FIRST)] == [["Buyer", "Treadwell Automotive, Coventry"], ["Category Manager, Metals", "Treadwell Automotive, Coventry"]]
    assert list(jobs_meant("what was the candidate before category manager", DATES_FIRST)) == [1]


@pytest.mark.parametrize(("below", "kept"), [("Clerk\nAcme", "Clerk\nAcme"), ("Clerk\n- Filed.", "Clerk"), ("Clerk\nAcme\n- Filed.", "Clerk\nAcme"), ("- Filed.", ""), ("\nClerk", ""), ("Clerk\n2017 – 2018\nCook", "Clerk"), ("Filed all that came in.", "")])
def test_what_may_stand_below_dates(below, kept):
    text = f"2019 – 2020\n{below}"
    assert text[11 : 11 + below_dates(text, 11)].strip("\n") == kept


@pytest.mark.parametrize(
    ("line", "start", "end"),
    [
        ("’22.03 ~ 현재 : 루미코스메틱 과장", (2022, 3), (9999, 0)), ("’98.07 ~ ’02.02 오브젝트애드 대리", (1998, 7), (2002, 2)), ("Clerk, Acme  Jan '19 – Mar '21", (2019, 1), (2021, 3)),
        ("'22년 3월 ~ '23년 1월 도담", (2022, 3), (2023, 1)),
    ],
)  # fmt: skip
def test_years_of_two_digits_behind_an_apostrophe(line, start, end):
    [job] = periods([chunk(1, f"{line}\n- 일했습니다.", "경력")])
    assert (job.start, job.end) == (start, end) and job.headed


def test_an_abbreviation_ends_no_sentence():
    told = lambda line: periods([chunk(1, f"{line}\n- Plans.")])[0].headed
    assert told("02/2020 – CURRENT  Specialist – Baltic Cargo Sp. z o.o. Gdańsk, Poland")
    assert not told("02/2020 – 05/2021 was a time of change. Then all went well there")


ONE_PASSAGE = chunk(1, "㈜바른금융 / UX리서치팀 / 선임 (2021.08 ~ 현재)\n- 이탈률 개선\n헬로트립 / 서비스기획팀 / 사원 (2018.03 ~ 2021.07)\n- 예약 플로우 개편", "경력", "오세린")


@pytest.mark.parametrize(
    ("question", "resume", "other"),
    [
        ("바른금융에서 예약 플로우 개편했나요?", [ONE_PASSAGE], (0, ONE_PASSAGE.text.index("- 예약"))), ("did she build the event platform at Havgard?", RESUME, (2, BEFORE.text.index("- Built"))),
        ("any Kafka at Vossen Software?", RESUME, (1, 0)),
    ],
)  # fmt: skip
def test_what_another_job_tells_was_not_at_the_one_that_is_named(question, resume, other):
    told = meant(question, resume)
    assert told.is_elsewhere(other[0], other[1], other[1] + 5) and told.of_line(other[0], other[1], other[1] + 5) == 1 / FACTOR**2


@pytest.mark.parametrize("question", ["Where did she work before Havgard?", "longer at Havgard or at Vossen?", "What did she build?", "바른금융 다음 회사는?", "Does she know Havgard?"])
def test_without_one_job_that_is_asked_of_every_line_may_tell(question):
    assert not meant(question, [ONE_PASSAGE] if "바른" in question else RESUME).elsewhere


def test_a_blank_line_between_a_title_and_its_dates_parts_them_not():
    text = "당근과채소 — 개발자\n\n2022.04 ~ 재직 중 (4년 8개월)\n\n- 장바구니 개편\n- 전환율 상승\n\n에듀모아 — 웹 개발자\n\n2020.02 ~ 2022.03 (2년 2개월)\n\n- 플레이어 개발"
    assert [job.heading.split("\n")[1] for job in periods([chunk(1, text, "경력", "임소율")])] == ["에듀모아 — 웹 개발자", "당근과채소 — 개발자"]


@pytest.mark.parametrize(("line", "headed"), [("- Home Depot, Houston - Supervisor, 2020 to now. Ran the paint desk.", True), ("- Lowe's, Katy - Sales Associate, 2016 to 2020. Top seller.", True), ("- Worked on the great bridge in Oslo, 2016 to 2020. Then I left.", False)])
def test_a_job_in_one_sentence_before_what_was_done_there(line, headed):
    assert periods([chunk(1, line, "Jobs")])[0].headed is headed


def test_tasks_below_a_row_are_no_names_of_employers():
    jobs = [chunk(1, "2020.05 ~ 현재 | 뭇별테크 | 서버 개발자\n- 응답 속도 40% 개선\n- 배포 시간을 4분으로 단축\n\n2017.01 ~ 2020.04 | 도담정보 | 웹 개발자\n- 민원 포털 구축\n- 신입 3명 교육", "경력", "탁누리")]
    own = jobs[0].text.index("2017.01")
    told = meant("도담정보에서는 언제까지 일했어요?", jobs)
    assert told.is_elsewhere(0, 0, 10) and not told.is_elsewhere(0, own, own + 10)


def test_in_one_post_or_at_one_employer_other_jobs_and_lists_are_out():
    leader = chunk(1, "Logistics Team Leader, Lee Freight\n06/2021 – present\n- Plans 70 trailer movements a day.")
    coordinator = chunk(2, "Transport Coordinator, Lee Freight\n02/2017 – 05/2021\n- Customs entries.")
    skills = chunk(3, "Languages: Go, Java, Rust (hobby)", "Skills")
    award = chunk(4, "Employee of the year, 2022", "Awards")
    resume = [leader, coordinator, skills, award]
    told = meant("how many trailers a day did she plan as transport coordinator?", resume)
    assert told.is_elsewhere(0, 0, 10) and not told.is_elsewhere(1, 0, 10) and told.is_elsewhere(2, 0, 10) and not told.is_elsewhere(3, 0, 10)
    assert not meant("how many trailers a day did she plan as a pilot?", resume).elsewhere
    one = [chunk(1, "Engineer, Quillmark\n2018 – 2020\n- HL7 parsers in Java"), chunk(2, "Engineer, Bolt\n2020 – 2022\n- Go"), skills, chunk(5, "Rust, learnt at Quillmark", "Technical skills")]
    told = meant("which languages did she use at Quillmark?", one)
    assert told.is_elsewhere(1, 0, 5) and told.is_elsewhere(2, 0, 5) and not told.is_elsewhere(0, 0, 5) and not told.is_elsewhere(3, 0, 5)


def test_a_part_of_a_longer_korean_word_names_nothing():
    jobs = [chunk(1, "미래로시스템즈\n2015.08 ~ 2020.03", "경력"), chunk(2, "강운 시스템\n2012.10 ~ 2015.07", "경력")]
    assert [job.dates for job in named_periods("미래로시스템즈에서 뭐 했어?", jobs)] == ["2015.08 ~ 2020.03"]


@pytest.mark.parametrize(
    ("dates", "start", "end"),
    [
        ("01/04/2018 – 31/01/2021", (2018, 4), (2021, 1)), ("15/10/2016 – 31/03/2018", (2016, 10), (2018, 3)), ("03/15/2019 - 04/01/2020", (2019, 3), (2020, 4)), ("01/02/2021 – 09/08/2022", (2021, 2), (2022, 8)), ("06/01/2015 - 08/01/2018", (2015, 6), (2018, 8)),
        ("03/04/2019 – 05/06/2020", (2019, 0), (2020, 0)), ("01.02.2021 – 31.03.2022", (2021, 2), (2022, 3)),
    ],
)  # fmt: skip
def test_which_number_of_a_date_is_the_month_the_range_or_a_first_of_a_month_tells(dates, start, end):
    [job] = periods([Chunk("d-0", "d", "d.md", "Mira Solberg", "Experience", f"Clerk, Acme\n{dates}\n- Filed.", 0, 50)])
    assert (job.start, job.end) == (start, end)


def test_where_jobs_have_their_dates_in_front_what_has_them_behind_its_title_is_done_there():
    text = "2019.06 - 2022.02  (주)바로담\n퍼포먼스 마케터\n앱 설치 캠페인 2019.09 - 2021.06\n- 설치\n첫 구매 쿠폰 A/B 테스트 2021.07 - 2021.12\n- 실험\n\n2017.01 - 2019.05  애드브릿지\nAE\n- 담당"
    one = lambda text: [job.dates for job in periods([Chunk("d-0", "d", "d.md", "표예진", "경력", text, 0, len(text))])]
    assert one(text) == ["2017.01 - 2019.05", "2019.06 - 2022.02"]
    assert len(one("2019.06 - 2022.02  (주)바로담\n마케터\n\n한빛상사 대리 2016.01 - 2018.12\n- 담당")) == 2  # another job, told the other way round


@pytest.mark.parametrize("question", ["Where did she work before the current job?", "Which job did she have before Clinical Specialist?"])
def test_a_side_job_within_another_is_not_the_one_before(question):
    jobs = [
        chunk(1, "Clinical Specialist, Aireborough Hospital\nOct 2021 – present\n- Clinics."),
        chunk(2, "Bank Nurse, Dalesway Therapies\nMar 2019 – Feb 2020\n- Weekends."),
        chunk(3, "Deputy Sister, Kirkbridge Infirmary\nJan 2018 – Oct 2021\n- A ward of 28 beds."),
    ]
    assert [*jobs_meant(question, [HEAD, *jobs])] == [3]
    later = [jobs[0], jobs[1], chunk(3, "Deputy Sister, Kirkbridge Infirmary\nJan 2018 – Jan 2019\n- A ward.")]
    assert [*jobs_meant(question, [HEAD, *later])] == [2]


def test_what_was_before_is_work_beside_the_section_that_says_so():
    chunks = [chunk(0, "Apprentice, Kelpline\n2024 - now", "Work in the trade"), chunk(1, "Teacher, Ridgeback High\n2013 - 2023", "Before that: teaching")]
    assert [job.dates for job in periods(chunks)] == ["2013 - 2023", "2024 - now"]
