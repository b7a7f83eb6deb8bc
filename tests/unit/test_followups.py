"""Which questions lean on the conversation, and what becomes of them."""

import threading

import pytest

from rag.followups import leans_on_history, refers_back, standalone_question

HISTORY = [("Where does Ilse Norrgren work now?", "She works at Brevik Maritime as a data engineer [1].")]


@pytest.mark.parametrize(
    "question",
    ["And before that?", "What about Kafka?", "Why?", "How long was she there?", "When was that?", "Since when?",
     "Tell me more", "Please give me some more details.", "For how long?", "At Brevik?",
     "그 전에는요?", "왜요?", "거기서 무슨 일을 했나요?", "그건 언제였나요?", "그 분야는 무엇인가요?", "해당 프로젝트의 기간은?", "더 자세히 알려줘", "좀 더 구체적으로 말씀해 주세요"],
)  # fmt: skip
def test_these_lean_on_history(question):
    assert leans_on_history(question)


@pytest.mark.parametrize(
    "question",
    ["Where did she study?", "Does he know Kafka?", "How long has she worked at Brevik Maritime?",
     "Is there any AWS experience?", "What degrees does Ilse have?", "What did they do at Brevik?",
     "What is this person's name?", "Is there a phone number on that resume?", "In which town does she live?",
     "Tell me more about Brevik Maritime",
     "그 사람의 전공은?", "이 분은 어디서 일하나요?", "그는 어느 대학을 나왔나요?", "그녀의 연락처는?", "더 작은 회사에서 일한 적이 있나요?",
     "대학은 어디를 나왔나요?", "파이썬을 쓸 수 있나요?", "현재 회사에서 맡은 일은 무엇인가요?", "자격증 있어요?"],
)  # fmt: skip
def test_these_stand_alone(question):
    assert not leans_on_history(question)


class Writer:
    """A generator that writes one fixed line."""

    id, last_tokens = "writer", 0

    def __init__(self, line, languages=("en",)):
        self.line, self.languages, self.asked = line, languages, []

    def speaks(self, language):
        return language in self.languages

    def fits(self, messages, limit):
        return True

    def stream(self, messages, max_new_tokens, stop):
        self.asked.append(messages)
        yield self.line


def rewrite(line, question, history=HISTORY):
    return standalone_question(Writer(line), history, question, threading.Event())


def test_a_believable_rewrite_is_used():
    assert rewrite("Where did Ilse Norrgren work before Brevik Maritime?", "And before that?") == (
        "Where did Ilse Norrgren work before Brevik Maritime?"
    )


@pytest.mark.parametrize(
    "invented", ["Where did Ilse work before Google?", "The resume does not say.", "", "No idea", "x\ny?"]
)
def test_an_invented_name_or_no_question_is_not_believed(invented):
    assert rewrite(invented, "And before that?") == "Where does Ilse Norrgren work now? And before that?"


def test_nothing_is_asked_of_the_model_for_a_standalone_or_first_question():
    writer = Writer("Something?")
    assert standalone_question(writer, HISTORY, "Where did she study?", threading.Event()) == "Where did she study?"
    assert standalone_question(writer, (), "And before that?", threading.Event()) == "And before that?"
    assert writer.asked == []


def test_without_the_language_the_question_before_goes_in_front():
    history = [("지금 어디서 일하나요?", "한빛에서 일합니다 [1].")]
    writer = Writer("x?")
    assert standalone_question(writer, history, "그 전에는요?", threading.Event()) == "지금 어디서 일하나요? 그 전에는요?"
    assert writer.asked == []


def test_questions_that_lean_do_not_pile_up():
    first = "김민수의 첫 직장은 어디인가요?"
    history = [(first, "한빛 [1]"), (f"{first} 그때는 무슨 일을 했나요?", "개발 [1]")]

    assert standalone_question(None, history, "그건 언제였나요?", threading.Event()) == f"{first} 그건 언제였나요?"


@pytest.mark.parametrize("more", ["Tell me more", "And Python?", "For how long?"])
def test_what_was_put_behind_a_question_does_not_pile_up_either(more):
    first = "Where did she study?"
    history = [(first, "In Oslo [1]"), (f"{first} {more}", "In Oslo [1]")]

    assert standalone_question(None, history, "And what else?", threading.Event()) == f"{first} And what else?"


@pytest.mark.parametrize(
    ("question", "alone"),
    [("학력은요?", "학력은요?"), ("그리고 학력은?", "학력은?"), ("연락처는요?", "연락처는요?"), ("그리고 기술은?", "기술은?"), ("Skills?", "Skills?"), ("And her education?", "her education?"), ("And her skills?", "her skills?")],
)
def test_the_title_of_a_section_is_a_question_of_its_own(question, alone):
    history = [("쿠버네티스 써봤나요?", "이력서에 쿠버네티스 항목은 언급되어 있지 않습니다.")]

    assert standalone_question(None, history, question, threading.Event()) == alone


@pytest.mark.parametrize(
    ("question", "back"),
    [("거기서는요?", True), ("그 회사에서는요?", True), ("And when was that?", True), ("그 사람은 지금 어디서 일하나요?", False),
     ("Does this person know Kafka?", False), ("When did this person work there?", True),
     ("도커는요?", False), ("And Python?", False), ("Is there anything else?", False)],
)  # fmt: skip
def test_some_follow_ups_mean_what_an_earlier_question_named(question, back):
    assert refers_back(question) == back


TOLD = '"Principal Developer, Veridian Dynamics (2011-07 – 2013-08) · Developer on projects." [1]\n"Led 4 people." [2]'


STRIPE = '"Senior Engineer Jan 2023 - Present · Stripe San Francisco, CA" [1]'
MEDION = '"메디온결, 팀장 · 2023년 4월 – 현재 | 대전" [1]'


@pytest.mark.parametrize(
    ("asked", "reply", "question", "alone"),
    [
        ("Where did she work before Area 52?", TOLD, "How long was she there?", "Principal Developer, Veridian Dynamics: How long was she there?"),
        ("Where did she work before Area 52?", "She was at Veridian Dynamics [1].\n\n" + TOLD, "what did she do there", "Principal Developer, Veridian Dynamics: what did she do there"),
        ("How long was she at Veridian?", TOLD, "Where did she work before that?", "Where did the candidate work before Principal Developer, Veridian Dynamics?"),
        ("Where does she work?", TOLD, "And after that, where?", "Where did the candidate work after Principal Developer, Veridian Dynamics?"),
        ("지금 어디서 일해?", '"메디온결, 팀장 · 2023년 4월 – 현재 | 대전" [1]', "그전 직장은?", "메디온결, 팀장 이전 직장은?"),
        ("첫 직장은?", '"물푸레, 봉사단원 · 2013년 3월 – 2013년 12월" [1]', "그 다음 회사는?", "물푸레, 봉사단원 다음 회사는?"),
        ("first job?", '"Engineer Jun 2021 - Dec 2022" [1]\n"Figma San Francisco, CA" [1]', "how long there?", "Engineer, Figma San Francisco, CA: how long did they work there?"),
        ("첫 직장은?", '"물푸레, 봉사단원 · 2013년 3월 – 2013년 12월 | 캄보디아" [1]', "거기서 뭐 했어?", "물푸레, 봉사단원: 거기서 뭐 했어?"),
        ("Where does she work?", TOLD, "what about her email?", "her email?"),
        ("current role?", STRIPE, "before that?", "Where did the candidate work before Senior Engineer, Stripe San Francisco, CA?"),
        ("current role?", STRIPE, "and before?", "Where did the candidate work before Senior Engineer, Stripe San Francisco, CA?"),
        ("Where does she work?", TOLD, "and the one before that", "Where did the candidate work before Principal Developer, Veridian Dynamics?"),
        ("x", TOLD, "and before Figma?", "Where did the candidate work before Figma?"),
        ("current role?", STRIPE, "since when", "Senior Engineer, Stripe San Francisco, CA: since when"),
        ("current role?", STRIPE, "how long?", "Senior Engineer, Stripe San Francisco, CA: how long did they work there?"),
        ("지금 어디 다녀?", MEDION, "그 전에는요?", "메디온결, 팀장 이전에는 어디서 일했나요?"),
        ("지금 어디 다녀?", MEDION, "그럼 직전에는 어디 있었어요?", "메디온결, 팀장 이전에는 어디서 일했나요?"),
        ("지금 어디 다녀?", MEDION, "언제부터요?", "메디온결, 팀장: 언제부터요?"),
        ("지금 어디 다녀?", MEDION, "거긴 언제 입사했어요?", "메디온결, 팀장: 거긴 언제 입사했어요?"),
        ("지금 어디 다녀?", MEDION, "얼마나 다녔어?", "메디온결, 팀장: 거기서 얼마나 일했나요?"),
        ("파이썬 할 줄 알아?", TOLD, "자바는요?", "자바 할 줄 알아?"),
        ("Does she know Python?", TOLD, "what about Kafka?", "Does she know Kafka?"),
        ("is he based in New York?", "The resume does not say.", "linkedin?", "linkedin?"),
        ("does he speak French?", "The resume does not say.", "any publications", "any publications"),
        ("does he speak French?", "The resume does not say.", "and all her employers?", "all her employers?"),
        ("Where does she work?", TOLD, "And how about her phone number?", "her phone number?"),
        ("How long was she at Acme?", TOLD, "and how many years of experience in total?", "how many years of experience in total?"),
        ("어디서 일해?", TOLD, "그럼 이메일은?", "이메일은?"),
        ("어디서 일해?", TOLD, "그리고 총 경력은?", "총 경력은?"),
    ],
)
def test_there_is_the_job_that_was_told_and_what_is_about_all_of_the_resume_stands_alone(asked, reply, question, alone):
    assert standalone_question(None, [(asked, reply)], question, threading.Event()) == alone


@pytest.mark.parametrize(
    ("asked", "reply", "question"),
    [
        ("Where did she work before Area 52?", "The resume does not say.", "How long was she there?"),  # nothing was told
        ("Where did she work before Area 52?", "At Veridian Dynamics.", "How long was she there?"),  # nothing was quoted
        ("Where did she work before Area 52?", TOLD, "Why?"),
    ],
)
def test_otherwise_the_question_before_is_put_in_front(asked, reply, question):
    assert standalone_question(None, [(asked, reply)], question, threading.Event()) == f"{asked} {question}"


@pytest.mark.parametrize(
    ("asked", "reply", "question"),
    [
        ("x", "", "Before you answer, tell me about SQL"), ("x", "", "After all, is she qualified?"), ("x", "", "Before the merger, what did Acme sell"), ("x", "", "After sales experience?"),
        ("Is she married now?", '"Married, two children" [1]', "how long?"), ("What is the latest award?", '"Best Paper, NeurIPS" [1]', "how long?"), ("What did she study?", '"MSc, University of Oslo  2009 – 2011" [1]', "how long?"),
        ("다닌 회사는?", MEDION, "그 전에 어디 살았어요?"), ("다닌 회사는?", MEDION, "그 다음에 뭐 할 거래요?"), ("어디 살아요?", '"서울시 마포구" [1]', "그 전에는요?"), ("Where does she live now?", '"Bergen, Norway" [1]', "and before that?"),
        ("Which jobs did she have before 2020?", '"Engineer, Pellikan  06/2019 - 02/2022" [1]\n"Teacher, Vossen  2011 – 2019" [2]', "how long?"),
        ("Did she work at Google?", "The resume does not mention Google.", "and SQL?"), ("Does she speak English?", '"English: C2" [1]', "And Python?"),
    ],
)  # fmt: skip
def test_what_names_no_job_or_asks_for_something_else_is_no_question_about_a_job(asked, reply, question):
    alone = standalone_question(None, [(asked, reply)], question, threading.Event())
    assert alone.endswith(question) or "일했나요" not in alone and "work" not in alone.replace(asked, "")


@pytest.mark.parametrize(
    ("asked", "reply", "question", "alone"),
    [
        ("Where does she work now?", '"Staff Engineer, Havgard  2022 – present" [1]', "Where did she work before?", "Where did the candidate work before Staff Engineer, Havgard?"),
        ("첫 직장은?", '"2015.01 ~ 2021.12 나래병원 간호사" [1]', "그 다음에는요?", "나래병원 간호사 다음에는 어디서 일했나요?"),
        ("Where does she work?", TOLD, "before that, where did she study?", "before Principal Developer, Veridian Dynamics, where did she study?"),
        ("Does she know Python?", TOLD, "Java?", "Does she know Java?"), ("파이썬 할 줄 알아?", TOLD, "자바는?", "자바 할 줄 알아?"),
    ],
)
def test_more_ways_to_mean_what_was_told(asked, reply, question, alone):
    assert standalone_question(None, [(asked, reply)], question, threading.Event()) == alone


DEGREES = '"MSc Nursing, Cork College · 2021 – 2023 · First Class" [1]\n"BSc General Nursing, Cork College · 2009 – 2013" [1]'


@pytest.mark.parametrize(
    ("asked", "reply", "question", "alone"),
    [
        ("whats her degree", DEGREES, "when did she finish?", "MSc Nursing, Cork College · First Class / BSc General Nursing, Cork College: when did she finish?"),
        ("whats her degree", DEGREES, "where did she study that?", "MSc Nursing, Cork College · First Class / BSc General Nursing, Cork College: where did she study that?"),
        ("학력은?", '"온샘대학교 간호학과, 학사 · 2009년 – 2013년" [1]', "언제 졸업했어요?", "온샘대학교 간호학과, 학사: 언제 졸업했어요?"),
        ("who is Fiona Mackay?", '"Fiona Mackay, owner - 0131 496 0077" [1]', "her number?", "What is Fiona Mackay's number?"),
        ("who is Fiona Mackay?", '"Fiona Mackay, owner - 0131 496 0077" [1]', "how can I contact her?", "how can I contact Fiona Mackay?"),
        ("where does she work?", STRIPE, "her number?", "her number?"),
        ("current role?", STRIPE, "the one before?", "Where did the candidate work before Senior Engineer, Stripe San Francisco, CA?"),
        ("current role?", STRIPE, "where was she before?", "Where did the candidate work before Senior Engineer, Stripe San Francisco, CA?"),
        ("What did she do at Stripe?", STRIPE, "how long was she there?", "Senior Engineer, Stripe San Francisco, CA: how long was she there?"),
    ],
)
def test_a_degree_somebody_else_or_the_job_that_was_told_is_meant(asked, reply, question, alone):
    assert standalone_question(None, [(asked, reply)], question, threading.Event()) == alone


def test_where_no_degree_was_told_the_question_is_left_as_it_is():
    for reply in (STRIPE, "The resume does not say.", f"{STRIPE}\n{DEGREES}"):
        assert standalone_question(None, [("whats her job", reply)], "when did she finish?", threading.Event()).endswith("when did she finish?")
        assert "MSc" not in standalone_question(None, [("whats her job", reply)], "when did she finish?", threading.Event())


def test_a_rewrite_that_still_means_something_said_before_is_not_believed():
    assert rewrite("Is it still valid?", "is it still valid?", [("first aid?", "First aid [1].")]) == "first aid? is it still valid?"


def test_a_row_of_a_table_names_its_employer_and_post():
    row = '"기간 | 회사명 | 부서 | 업무 · 2020.09 ~ 재직중 | 대성정밀㈜ | 재경팀 / 과장 | 연결결산" [1]'
    assert standalone_question(None, [("지금 어디 다녀요?", row)], "언제부터요?", threading.Event()) == "대성정밀㈜, 재경팀 / 과장: 언제부터요?"
    row = '"㈜세화로지스 | 2021.05 ~ 현재 | 과장 | 물류센터 운영" [1]'
    assert standalone_question(None, [("지금 어디 다녀요?", row)], "그 전에는?", threading.Event()) == "㈜세화로지스, 과장 이전에는 어디서 일했나요?"


def test_a_dated_task_below_a_job_is_no_second_job():
    reply = '"2017.05 ~ 2021.12 | 분당새봄병원 외과중환자실 | 간호사" [1]\n"2020.03~2020.09 전담병동 파견 근무" [1]'
    assert standalone_question(None, [("서울병원 이전에는 어디서 일했나요?", reply)], "거기서 얼마나 있었어요?", threading.Event()) == "분당새봄병원 외과중환자실, 간호사: 거기서 얼마나 일했나요?"
    two = '"Engineer, Acme  2017 – 2021" [1]\n"Clerk, Bolt  2012 – 2016" [2]'
    assert "Acme" not in standalone_question(None, [("which jobs?", two)], "how long?", threading.Event())


ROLE = '"Staff Engineer, Havgard Energy  2022 – present" [1]'


@pytest.mark.parametrize(
    ("asked", "reply", "question", "alone"),
    [
        ("current role?", ROLE, "how many covers?", "Staff Engineer, Havgard Energy: how many covers?"), ("current role?", ROLE, "how big is the budget?", "Staff Engineer, Havgard Energy: how big is the budget?"),
        ("지금 다니는 곳은", ROLE, "몇년째 다니는중?", "Staff Engineer, Havgard Energy: 거기서 얼마나 일했나요?"), ("지금 다니는 곳은", ROLE, "몇 대나 팔렸나요?", "Staff Engineer, Havgard Energy: 몇 대나 팔렸나요?"), ("지금 다니는 곳은", ROLE, "팀원은 몇 명?", "Staff Engineer, Havgard Energy: 팀원은 몇 명?"),
        # What was not told of a job is no reason to forget it.
        ("Staff Engineer, Havgard Energy: how big is the canteen there?", "The resume does not say.", "how many covers?", "Staff Engineer, Havgard Energy: how many covers?"),
        ("Staff Engineer, Havgard Energy: how big is the canteen there?", "The resume does not say.", "what did she do there?", "Staff Engineer, Havgard Energy: what did she do there?"),
        ("why did he leave Havgard Energy", ROLE, "and Casa Verde?", "why did he leave Casa Verde?"),
        ("what did he do in Japan?", ROLE, "what about Bilbao?", "what did he do in Bilbao?"), ("How long was she at Havgard Energy?", ROLE, "and Casa Verde?", "How long was she at Casa Verde?"),
        ("did he train anyone?", ROLE, "What about Bilbao?", "What about Bilbao?"),
    ],
)  # fmt: skip
def test_what_is_left_out_is_the_job_that_was_told(asked, reply, question, alone):
    assert standalone_question(None, [(asked, reply)], question, threading.Event()) == alone


@pytest.mark.parametrize(
    "question",
    ["how many languages does she speak?", "how many years of experience?", "how many jobs?", "How many certificates?", "how many gaps?", "자격증 몇 개야?", "병원 몇 군데 다녔어?", "총 경력이 몇 년인가요?", "몇 살이에요?", "외국어는 몇 개?"],
)
def test_a_number_of_all_of_the_resume_is_none_of_the_job_that_was_told(question):
    assert standalone_question(None, [("current role?", ROLE)], question, threading.Event()) == question


@pytest.mark.parametrize(
    ("asked", "question", "alone"),
    [
        ("Did Ben work in Germany?", "What about Anna?", "Did Anna work in Germany?"), ("How long was Ben Holt at Siemens?", "and Anna Lind?", "How long was Anna Lind at Siemens?"), ("Any gaps?", "What about Anna?", "What about Anna?"),
        ("Where did she work in May 2019?", "What about Bolt AG?", None), ("When did she start at Globex?", "What about Skills?", "Skills?"), ("When did she start at Globex?", "And Now?", None),
        ("Head of Marketing at Globex, Berlin: how many people did she lead?", "What about Acme?", "Acme: how many people did she lead?"),
    ],
)  # fmt: skip
def test_another_candidate_or_place_is_asked_of_where_it_can_be(asked, question, alone):
    told = standalone_question(None, [(asked, "x")], question, threading.Event(), ("Ben Holt", "Anna Lind"))
    assert told == (alone or f"{asked} {question}")


PEOPLE = ("Anna Lind", "Ben Holt", "서온유")


@pytest.mark.parametrize(
    ("asked", "question", "alone"),
    [
        ("How long was Anna Lind at Siemens?", "any awards?", "Anna Lind, any awards?"), ("Does Anna speak French?", "What languages does she speak?", "Anna, what languages does she speak?"),
        ("Anna, any awards?", "Which degrees does the candidate have?", "Which degrees does Anna have?"), ("온유씨 자격증 뭐 있어?", "관리 경험 있어?", "온유씨, 관리 경험 있어?"), ("온유씨, 관리 경험 있어?", "지원자는 어디서 일해?", "온유씨는 어디서 일해?"),
        ("How long was Anna Lind at Siemens?", "상?", "Anna, 상?"), ("Anna, any awards?", "who is her manager?", "Anna, who is her manager?"), ("Does Anna ski?", "List her skills", "Anna, list her skills"), ("Does Anna ski?", "Longest job?", "Anna, longest job?"),
        ("Does Anna ski?", "Kafka experience?", "Anna, Kafka experience?"), ("Does Anna ski?", "How many people does she manage?", "Anna, how many people does she manage?"), ("Does Anna ski?", "Did she work at CVS?", "Anna, did she work at CVS?"),
        ("온유씨 자격증 뭐 있어?", "직장은 모두 몇 곳인가요?", "온유씨, 직장은 모두 몇 곳인가요?"), ("온유씨 자격증 뭐 있어?", "추천인은 누구인가요?", "온유씨, 추천인은 누구인가요?"), ("온유씨 자격증 뭐 있어?", "어떤 사람이야?", "온유씨, 어떤 사람이야?"), ("Anna, any awards?", "What about Ben?", "Ben, any awards?"),
    ],
)  # fmt: skip
def test_of_several_the_candidate_who_is_talked_of_is_named(asked, question, alone):
    assert standalone_question(None, [(asked, "x")], question, threading.Event(), PEOPLE) == alone
    assert standalone_question(None, [(asked, "x"), ("Any gaps?", "x")], question, threading.Event(), PEOPLE) == alone or question == "What about Ben?"


@pytest.mark.parametrize("question", ["Who knows Kafka?", "Does anyone speak French?", "Did Ben lead a team?", "Which candidate has a degree?", "Do both have a degree?", "누가 영어를 해?", "둘 다 학위가 있어?", "What about the other one?", "지원자가 몇 명이야?", "Which has more experience?", "Which speaks German?", "Is there a candidate with Python?", "Any other candidate?", "The most experienced candidate?", "Did they work together?",
        "Python 할 줄 아는 사람은?", "영어 되는 분 있나요?", "가장 경력이 긴 지원자는?", "다른 후보는?", "나머지 한 명은?", "셋 다 영어 되나요?", "전원 영어 가능해?", "독일어 가능한 지원자 있나요?", "지원자 중 영어 되는 분은?"])  # fmt: skip
def test_a_question_of_all_or_of_another_names_nobody(question):
    assert standalone_question(None, [("Does Anna speak French?", "x")], question, threading.Event(), PEOPLE) in (question, f"Does Anna speak French? {question}")


def test_nobody_is_named_where_one_is_searched_or_several_were_meant():
    ask = lambda history, people=PEOPLE: standalone_question(None, [(asked, "x") for asked in history], "any awards?", threading.Event(), people)
    assert ask(["Does Anna speak French?"], ("Anna Lind",)) == "any awards?"
    assert ask(["Does Anna speak French?", "Who speaks German?"]) == "any awards?"
    assert ask(["Does Anna speak French?", "And Anna or Ben?"]) == "any awards?"
    assert ask(["Any gaps?"]) == "any awards?"


@pytest.mark.parametrize("question", ["How many skills?", "How many children?", "How many internships?", "how many candidates?", "How much notice?", "토익 몇 점이야?", "몇 개 국어 해?", "몇 년생이야?", "자녀가 몇 명이에요?", "이직 몇 번 했어?", "지원자가 몇 명이야?"])
def test_what_is_no_number_of_a_job_is_not_put_behind_one(question):
    assert "Havgard" not in standalone_question(None, [("current role?", ROLE)], question, threading.Event())


@pytest.mark.parametrize(
    ("question", "alone"),
    [
        ("how long was she in that job?", "Staff Engineer, Havgard Energy: how long did they work in that role?"), ("why did she leave?", "Staff Engineer, Havgard Energy: why did she leave?"), ("왜 그만두셨나요?", "Staff Engineer, Havgard Energy: 왜 그만두셨나요?"),
        ("거긴 왜 나왔어요?", "Staff Engineer, Havgard Energy: 거긴 왜 나왔어요?"), ("what did she do there?", "Staff Engineer, Havgard Energy: what did she do there?"),
    ],
)  # fmt: skip
def test_the_job_in_hand_is_remembered_over_what_tells_of_none(question, alone):
    history = [("current role?", ROLE), ("does she drive?", "The resume does not say."), ("hobbies?", '"Sailing, tea" [2]')]
    assert standalone_question(None, history, question, threading.Event()) == alone
    two = [*history, ("which jobs?", '"Engineer, Acme  2017 – 2021" [1]\n"Clerk, Bolt  2012 – 2016" [2]')]
    assert "Havgard" not in standalone_question(None, two, question, threading.Event())
    assert "Havgard" not in standalone_question(None, [*history, ("and now?", "The resume does not say.")], question, threading.Event())


@pytest.mark.parametrize("question", ["how many reports did he have then?", "who was her boss at that time?", "그때 팀원은 몇 명?"])
def test_then_is_the_time_of_the_job_that_was_told(question):
    assert standalone_question(None, [("current role?", ROLE)], question, threading.Event()) == f"Staff Engineer, Havgard Energy: {question}"


@pytest.mark.parametrize(
    ("asked", "question", "alone"),
    [
        # the one thing, name or place of the question before, exchanged or put in
        ("Is his CKA valid?", "and the AWS cert?", "Is the AWS cert valid?"), ("What was the Avonmouth job worth?", "and the A4119?", "What was the A4119 worth?"),
        ("When does her registered nurse license expire?", "what about her ACLS?", "When does her ACLS expire?"), ("tell me about the Avonmouth job", "what was it worth?", "what was the Avonmouth job worth?"),
        ("Is her license compact?", "when does it expire", "when does her license expire"), ("What did she do at Acme?", "How long was she there?", "How long was she at Acme?"),
        ("코틀린 할줄 알아?", "Go는요?", "Go 할줄 알아?"), ("Civil 3D 쓸줄 아나요?", "Revit은요?", "Revit 쓸줄 아나요?"),
        # which ones of a number, since when of a yes, which job of a topic
        ("how many stores has he opened", "which ones", "Which stores has he opened"), ("자격증 몇 개 있어요?", "뭐뭐요?", "자격증 어떤 것이 있어요?"), ("Is he chartered?", "since when", "Since when is he chartered?"),
        ("부가세 신고 해봤어?", "어느 회사에서요?", "부가세 신고 어느 회사에서 했나요?"), ("any tunnelling experience?", "which company was that?", "Which job involved tunnelling?"), ("has he led a team", "how big", "How big is the candidate's team?"),
        # a name that the question before cannot take
        ("Which languages does the candidate speak?", "how about Rust", "Rust?"),
    ],
)  # fmt: skip
def test_what_the_question_before_was_about_is_put_in(asked, question, alone):
    assert standalone_question(None, [(asked, "x")], question, threading.Event()) == alone


@pytest.mark.parametrize(
    ("asked", "question"),
    [
        ("Does she have a degree?", "where was it?"), ("Is the AWS cert or the CKA valid?", "when does it expire?"), ("Where did she work in March?", "what did she do there?"),
        ("Where does she live?", "which ones?"), ("Where does she live?", "which company was that?"),
    ],
)  # fmt: skip
def test_where_that_is_not_one_thing_the_question_before_is_put_in_front(asked, question):
    assert standalone_question(None, [(asked, "x")], question, threading.Event()) == f"{asked} {question}"


@pytest.mark.parametrize(
    ("asked", "question", "written"),
    [
        ("What was the Avonmouth job worth?", "and A4119 then?", "Where did the Avonmouth value come from?"), ("When does it expire?", "what about it then, ACLS?", "Is her ACLS?"),
        ("where did he do his masters", "was it full time?", "Was he at Cardiff Met?"),
    ],
)  # fmt: skip
def test_a_rewrite_that_asks_something_else_or_nothing_more_is_not_believed(asked, question, written):
    assert written not in rewrite(written, question, [(asked, "At Cardiff Met, the Avonmouth value [1].")])


@pytest.mark.parametrize(
    ("line", "job"),
    [
        ("(주)바이오메디스 / 재무팀 과장 / 2019.04 ~ 재직중", "(주)바이오메디스 / 재무팀 과장"), ("2. 대양해운물류(주) / 경리회계팀 대리 / 2014.02 ~ 2019.03", "대양해운물류(주) / 경리회계팀 대리"),
        ("대웅이엔씨(주) (2021.04 ~ 현재) · [본사 기술팀] 설계검토", "대웅이엔씨(주)"), ("정산 시스템 재구축 (2022.01 ~ 2022.11)", "정산 시스템 재구축"),
    ],
)  # fmt: skip
def test_a_job_that_was_told_keeps_its_name_whole(line, job):
    assert standalone_question(None, [("지금 회사 어디야", f'"{line}" [1]')], "언제부터 다녔어?", threading.Event()) == f"{job}: 언제부터 다녔어?"
    assert standalone_question(None, [("지금 회사 어디야", f'"{line}" [1]')], "얼마나 빨라졌나요", threading.Event()) == f"{job}: 얼마나 빨라졌나요"


@pytest.mark.parametrize(
    ("asked", "reply", "question", "alone"),
    [
        ("핀토페이 퇴사사유가 뭐예요?", "x", "그럼 한울리서치는요?", "한울리서치 퇴사사유가 뭐예요?"), ("논문 주제는?", "x", "학부는요?", "학부는요?"), ("지금 회사 어디야", '"페이온랩 (2021.03 ~ 현재) · 엔지니어" [1]', "직급은요", "직급은요"),
        ("FDS 프로젝트 뭐야", '"FDS 룰 개선 (2020.03 ~ 2020.12)" [1]\n"오탐률 31% 감소" [1]', "무슨 기술 썼어요", "FDS 룰 개선: 무슨 기술 썼어요"),
        ("그랜드마린호텔에서 몇년 일했나요", '"그랜드마린호텔 — 수셰프 · 2017.03 ~ 2022.04" [1]', "직급은요", "그랜드마린호텔 — 수셰프: 직급은요"), ("does she speak german?", "x", "what languages then", "what languages then"),
    ],
)  # fmt: skip
def test_in_korean_another_employer_the_job_in_hand_or_a_topic_of_its_own(asked, reply, question, alone):
    assert standalone_question(None, [(asked, reply)], question, threading.Event()) == alone


@pytest.mark.parametrize(
    ("asked", "question", "alone"),
    [
        ("동방택배 왜 그만뒀대", "서해포워딩은?", "서해포워딩 왜 그만뒀대"), ("몇명 관리해요?", "동방에선요?", "동방에서 몇명 관리해요?"), ("how long was she at St Fintan's", "and at the sports clinic?", "how long was she at Sports Clinic?"),
        ("how long was she at St Fintan's", "and in the meantime?", "how long was she at St Fintan's and in the meantime?"),
    ],
)  # fmt: skip
def test_another_place_of_work_in_small_letters_too(asked, question, alone):
    assert standalone_question(None, [(asked, "x")], question, threading.Event()) == alone


@pytest.mark.parametrize(
    ("asked", "question"),
    [
        ("did she do a master's?", "where was that?"), ("유학 경험 있나요?", "어디서요?"), ("does he have any experience?", "what company?"), ("Where is her degree from?", "and the year?"), ("What did he do in the Navy?", "and the salary?"), ("핀토페이 퇴사사유가 뭐예요?", "나이는요?"),
    ],
)  # fmt: skip
def test_what_is_of_another_kind_is_not_exchanged(asked, question):
    assert standalone_question(None, [(asked, "x")], question, threading.Event()) == f"{asked} {question}"


def test_of_a_number_of_places_the_places_are_asked():
    assert standalone_question(None, [("회사 몇 군데 다녔어요?", "x")], "어디어디요?", threading.Event()) == "회사 어디어디 다녔어요?"


def test_a_whole_question_with_the_candidates_name_needs_nothing_that_was_said_before():
    history = [("Where did Isaura work before Senior Data Platform Engineer, Pelikaan Logistics?", '"Site Reliability Engineer, Vossewinkel Software" [1]')]
    ask = lambda question: standalone_question(Writer("Where does Isaura live?"), history, question, threading.Event(), ["Isaura Tindemans"])
    assert ask("And where does Isaura live?") == "And where does Isaura live?"
    assert ask("And how long was Isaura there?") != "And how long was Isaura there?"


@pytest.mark.parametrize(
    ("asked", "reply", "question", "alone"),
    [
        ("재고금액은 얼마나 줄였나", '"2015.03 ~ 2019.04 대성기전(주) 자재팀 / 대리" [1]\n"재고금액 27억원에서 19억원으로 축소" [1]', "그 전에는요?", "대성기전(주) 자재팀 / 대리 이전에는 어디서 일했나요?"),
        ("지원자는 지금 어디서 일하나요?", '"2019.05 ~ 2026.08 (주)한길모터스 구매팀 / 과장" [1]', "왜 나왔대요", "(주)한길모터스 구매팀 / 과장: 왜 나왔대요"),
        ("what was he before that", '"May 2016 – Dec 2019 · Category Manager, Metals · Treadwell Automotive, Coventry" [1]', "how long was he there", "Category Manager, Metals, Treadwell Automotive, Coventry: how long was he there"),
        ("where is he working now?", '"Fleet Coordinator | Atlantic Seafoods | Galway | Jan 2022 – Present" [1]', "what was before that", "Where did the candidate work before Fleet Coordinator, Atlantic Seafoods?"),
        ("previous job?", '"QA Engineer 2017 - 2019" [1]\n"Bramble & Co" [1]', "since when", "QA Engineer, Bramble & Co: since when"),
        ("sworn translator?", '"Authorised translator since 2015" [1]', "since when", "Since when has the candidate been a sworn translator?"),
        ("did she give anesthesia at Cascade?", '"Administered local anesthesia, 15 injections a week" [1]', "how often", "How often did she give anesthesia at Cascade?"),
        ("masters degree?", '"MSc Software Engineering, University of Sheffield" [1]\n"2013 - 2014, Distinction" [1]', "grade?", "MSc Software Engineering, University of Sheffield: grade?"),
        # their own place, or the job that was told
        ("PSM은 어디서 담당했는지", '"신성환경㈜ | 2016. 9. 1. ∼ 2019. 10. 31. | 3년 2월 | 과장 | PSM 작성" [1]', "거기 왜 그만뒀대?", "신성환경㈜, 과장: 거기 왜 그만뒀대?"),
        ("세림로지스에서 얼마나 일했나요?", '약 3년입니다 [1].\n\n"2019.03 ~ 2022.02 세림로지스(주) / 주임 · (3년)" [1]', "왜 그만뒀대요?", "세림로지스(주) / 주임: 왜 그만뒀대요?"),
        ("지금 어디 다녀?", '"루멘커머스 · 5년 5개월 · HRBP 리드 · 2023년 4월 - Present" [1]', "그전엔요?", "루멘커머스 이전에는 어디서 일했나요?"),
        ("What did she do in France", '"Lyon Bakery, Stagiaire  2018 - 2019" [1]', "and what was she before becoming senior lecturer?", "what was she before becoming senior lecturer?"),
        ("What did she do at Tradewell?", '"Tradewell  2013 - 2016" [1]', "and her first job, straight out of uni?", "her first job, straight out of uni?"),
        ("how many beds in her current unit", '"A 28-bed unit" [1]', "And at St Brannock, what was she doing there?", "what was she doing at St Brannock?"),
        ("how many children are in her class at the moment?", '"38 learners" [1]', "And at Little Weavers?", "how many children are in her class at Little Weavers?"),
        ("Which principal can give her a reference?", '"Mrs P. Naidoo, Principal" [1]', "do you have the phone number?", "Who are the referees?"),
        ("What did he do at Acme?", '"Clerk, Acme  2013 - 2016" [1]', "why did he leave that place?", "Clerk, Acme: why did he leave that place?"),
        ("Does he have a forklift licence?", '"Counterbalance forklift" [1]', "When was it last renewed?", "When was a forklift licence last renewed?"),
    ],
)  # fmt: skip
def test_the_job_or_degree_in_hand_without_what_was_told_of_it_or_a_place_of_its_own(asked, reply, question, alone):
    assert standalone_question(None, [(asked, reply)], question, threading.Event()) == alone


@pytest.mark.parametrize(
    ("asked", "question", "alone"),
    [
        ("how many patients per day", "and at Cascade?", "how many patients per day at Cascade?"), ("any mentoring?", "at Bramble too?", "any mentoring at Bramble?"),
        ("How long was she at Oakfield?", "and at St Brigid's?", "How long was she at St Brigid's?"), ("where has she worked?", "and at Acme?", "and at Acme?"),
    ],
)  # fmt: skip
def test_a_place_is_put_behind_a_question_that_has_none(asked, question, alone):
    assert standalone_question(None, [(asked, '"Hygienist — Alder Street, Portland · August 2020 – Present" [1]')], question, threading.Event()) == alone


@pytest.mark.parametrize(("question", "alone"), [("한빛에 다니기 전엔?", "한빛 이전에는 어디서 일했나요?"), ("도담테크 들어가기 전에는요?", "도담테크 이전에는 어디서 일했나요?")])
def test_before_a_named_job_in_korean(question, alone):
    assert standalone_question(None, [], question, threading.Event()) == alone


@pytest.mark.parametrize(
    ("asked", "reply", "question", "alone"),
    [
        # without what stands with the title: how long it was, what was done, a label
        ("지금 어디 다녀요?", '"2021.09 - 현재 그린테일코스메틱 3년 10개월 · CRM 마케팅팀 / 팀 리드" [1]', "그 전에는 뭐 했어요", "그린테일코스메틱, CRM 마케팅팀 / 팀 리드 이전에는 어디서 일했나요?"),
        ("지금 어디 다녀요?", '"2021.04 ~ 재직중 다온식품(주) 재무회계팀 | 과장 4년 3개월 · 담당업무 : 결산, 감사 대응" [1]', "언제부터요", "다온식품(주) 재무회계팀: 언제부터요"),
        ("지금 어디 다녀요?", '"회사명: 가온건설㈜ · 재직기간: 2020.04 ~ 재직중" [1]', "언제부터요", "가온건설㈜: 언제부터요"),
        ("where does she work now", '"Nordvind Energy, Finance Manager 2009 – now · Group reporting for 14 companies" [1]', "how long was she there", "Nordvind Energy, Finance Manager: how long was she there"),
        ("where does she work now", '"Lowe\'s, Katy - Sales Associate, 2016 to now. Top seller two years in a row." [1]', "since when", "Lowe's, Katy - Sales Associate: since when"),
        ("where did she work before Acme?", '"Inventory Control Clerk · Delta Parts - Olive Branch, MS · June 2018 to September 2020" [1]', "how long was she there", "Inventory Control Clerk, Delta Parts - Olive Branch, MS: how long was she there"),
        ("where does she work now", '"Staff Nurse · St. Georg Hospital · 09/2015 – present" [1]', "since when", "Staff Nurse, St. Georg Hospital: since when"),
        ("What was her first job?", '"Burger Junction - Southaven, MS" [1]\n"Summer 2013" [1]', "what did she do there", "Burger Junction - Southaven, MS: what did she do there"),
        ("What was her first job?", '"2016 Design Intern" [1]\n"Atelier Vasquez | Sydney" [1]', "and the one after that?", "Where did the candidate work after Design Intern, Atelier Vasquez?"),
        # the same job once more
        ("Lecturer, York: why did she leave", "The resume does not say.", "where is that company", "Lecturer, York: where is that company"),
        ("Lecturer, York: how long was she there", 'About 5 years.\n\n"2014–2019 Lecturer, York" [1]\n"2011–2014 Demonstrator, York" [1]', "why did she leave", "Lecturer, York: why did she leave"),
        ("블루케틀: 거기서 얼마나 일했나요?", '약 4년입니다.\n\n"블루케틀 · 2020.04 - 2023.08" [1]\n"블루케틀 · 2018.11 - 2020.03" [2]', "왜 그만뒀어요", "블루케틀: 왜 그만뒀어요"),
        ("Where did she work before Acme?", '"Clerk, Bolt  2013 – 2016" [1]', "how long did that last", "Clerk, Bolt: how long did they work there?"),
        # degrees, and one of several
        ("highest degree?", '"2007–2011 PhD Chemistry, University of Bristol" [1]', "where was that", "PhD Chemistry, University of Bristol: where was that"),
        ("최종 학력은?", '"2012.03 - 2017.02 온누리대학교" [1]', "전공은요?", "온누리대학교: 전공은요?"),
        ("최종 학력은?", '"여주제일공업고등학교 기계과 졸업 (1998년 2월)" [1]', "언제 졸업했어요", "여주제일공업고등학교 기계과 졸업 (1998년 2월): 언제 졸업했어요"),
        ("how many companies has she worked for?", '"Clerk, Bolt  2013 – 2016" [1]\n"Clerk, Acme  2016 – now" [1]', "which one was the longest", "Which job lasted the longest?"),
        ("회사 몇 군데 다녔어요?", '"블루 · 2020.04 - 2023.08" [1]\n"레드 · 2018.11 - 2020.03" [2]', "그중에 제일 오래 다닌 데는", "제일 오래 다닌 데는"),
        ("지금 어디 다녀요?", '"병역: 육군 병장 제대 (1996.05~1998.07)" [1]', "언제부터요", "지금 어디 다녀요? 언제부터요"),
    ],
)  # fmt: skip
def test_what_was_told_is_kept_in_hand(asked, reply, question, alone):
    assert standalone_question(None, [(asked, reply)], question, threading.Event()) == alone


@pytest.mark.parametrize("question", ["what are their phone numbers", "can I have their emails?", "how can I contact them"])
def test_whose_numbers_those_of_referees_are(question):
    assert standalone_question(None, [("did she give any references?", '"Wade Toews, Dispatcher, Prairie Link" [1]')], question, threading.Event()) == "Who are the referees?"


def test_the_hospital_before_that():
    assert standalone_question(None, [("바른이치과 왜 그만뒀어?", '"2017. 09 ~ 2020. 12 | 바른이치과병원 | 주임 | 수술" [1]')], "그 전 병원은?", threading.Event()) == "바른이치과병원, 주임 이전에는 어디서 일했나요?"


@pytest.mark.parametrize(
    ("asked", "reply", "question", "alone"),
    [
        ("any awards?", '"Employee of the Year, 2019" [1]', "why did she leave?", "any awards? why did she leave?"), ("수상은?", '"우수사원상, 2019" [1]', "얼마나 다녔어요?", "수상은? 얼마나 다녔어요?"),
        ("what did she study?", '"Computer Science, BS · 2010 – 2014" [1]', "when did she finish?", "Computer Science, BS: when did she finish?"),
        ("where did she work between 2014 and 2020?", '"Clerk, Acme  2014 – 2016" [1]\n"Clerk, Bolt  2016 – 2020" [1]', "of those, which job was the longest?", "where did she work between 2014 and 2020? of those, which job was the longest?"),
    ],
)  # fmt: skip
def test_what_is_no_job_is_not_taken_for_one(asked, reply, question, alone):
    assert standalone_question(None, [(asked, reply)], question, threading.Event()) == alone


CALGARY = '"2016/02 – 2019/08 · Senior Accountant" [1]\n"Prairie Crest Inc., Calgary, AB" [1]\n"2011/09 – 2015/08 · Audit Senior" [2]\n"Doucet LLP, Halifax, NS" [2]'


@pytest.mark.parametrize(
    ("asked", "reply", "question", "alone"),
    [
        # the same of another place, of another degree
        ("how many welders does he have at present", "x", "and in jamnagar?", "how many welders does he have in jamnagar?"), ("how many people did she manage in singapore", "x", "and in dublin?", "how many people did she manage in dublin?"),
        ("What was his GPA for the master's?", "x", "and undergrad?", "What was his GPA for the bachelor's?"), ("what was his college gpa", "x", "and in the masters?", "what was his masters gpa"),
        ("MA Graphic Design: what grade did she get?", "x", "and for the ba?", "ba: what grade did she get?"), ("when does his california credential expire", "x", "what about the clad one?", "when does the clad credential expire"),
        # behind "and" a question that says what it asks about
        ("is her IPAF ticket still in date", "x", "and when does the CSCS card run out?", "when does the CSCS card run out?"), ("who supervised her PhD?", "x", "and who supervised the masters?", "who supervised the masters?"),
        ("did he hit his targets?", "x", "and what percentage did he reach as area sales manager?", "what percentage did he reach as area sales manager?"), ("how big is his team", "x", "and as key account manager, did he lead people there too?", "did he lead people as key account manager?"),
        ("current designation?", '"Organisation: Vyomika Ltd., Hyderabad · Designation: Assistant Manager – APIs · Period: Apr-2021 to till date" [1]', "and before that?", "Which job did the candidate have before Assistant Manager – APIs, Vyomika Ltd., Hyderabad?"),
        # of a place that the question names itself
        ("did he train any apprentices at Organ Peak?", '"Journeyman, Organ Peak  2012 – 2017" [1]', "how many apprentices did lou train at sunward", "how many apprentices did lou train at sunward"),
        ("and in dublin?", '"Chef, Brannigan & Rowe, Dublin  2012 – 2017" [1]', "what about Edinburgh, how big was the team there", "how big was the team at Edinburgh?"),
        # what the line before tells as well
        ("did he improve the repair rate?", "x", "from what to what?", "did he improve the repair rate? from what to what?"), ("how much did infections come down", "x", "how did she manage that", "how much did infections come down how did she manage that"),
        ("원가율 얼마나 줄였죠?", "x", "어떻게 줄인건지", "원가율 얼마나 줄였죠? 어떻게 줄인건지"),
        # of several jobs the one that a word of the question names, with the employer below the dates
        ("who was she working for in calgary", CALGARY, "why did she leave", "Senior Accountant, Prairie Crest Inc., Calgary, AB: why did she leave"),
        ("what is her current job", '"Charge Nurse, Ward 4  2021 – present" [1]', "and before that?", "Which job did the candidate have before Charge Nurse, Ward 4?"),
        ("where does she work now?", '"Charge Nurse, Ward 4  2021 – present" [1]', "and before that?", "Where did the candidate work before Charge Nurse, Ward 4?"),
    ],
)  # fmt: skip
def test_what_outsiders_asked_next(asked, reply, question, alone):
    assert standalone_question(None, [(asked, reply)], question, threading.Event()) == alone


def test_a_job_below_a_line_of_something_else_was_not_told():
    reply = '"수업 가능 요일: 화, 목 오후" [1]\n"리틀브릿지 어학원 - 강사 · 2014.2 ~ 2017.12" [2]'
    assert "리틀브릿지" not in standalone_question(None, [("무슨요일에 가요?", reply)], "수강생은 몇 명?", threading.Event())


@pytest.mark.parametrize(
    ("asked", "question"),
    [
        ("Did she lead the merger?", "and what was the budget?"), ("where did she study?", "and what was the main topic of the thesis?"), ("how long was she at Acme?", "and in total?"), ("how long was she at Acme?", "and for fun?"),
        ("How many jobs has she had?", "and in winter?"), ("What did she earn?", "and the ba?"),
    ],
)  # fmt: skip
def test_what_needs_the_question_before_keeps_it(asked, question):
    assert standalone_question(None, [(asked, "x")], question, threading.Event()) == f"{asked} {question}"


@pytest.mark.parametrize("question", ["where is he from?", "what does he do?", "where is she now?", "who is he?"])
def test_small_words_with_the_person_among_them_lean_on_nothing(question):
    assert standalone_question(None, [("any awards?", "x")], question, threading.Event()) == question
