"""A field is found by its label, and only where the question asks for that and there is one."""

import pytest

from rag.fields import asks_field, field
from rag.quoting import quote_answer
from tests.unit.test_durations import chunk
from tests.unit.test_quoting import Reader, retrieved

HEAD = chunk(1, "Mira Solberg\nNationality: Norwegian\n- Driving licence: B, clean\nOther: sewing", section="")
ROWS = chunk(2, "병역 | 육군 병장 만기전역\n희망연봉: 5,400만원 (협의 가능)\n취미: 수영, 필름카메라 | 운전면허 1종 보통 | 입사가능일: 퇴사 통보 후 1개월", section="기타")
NOTICE = chunk(3, "Notice period: 4 weeks\nVisa status: settled", section="Personal")
STUDIES = chunk(4, "낙동대학교 대학원 기계공학과 석사  2017.03 – 2020.02\n야간 과정, 논문: 「열변위 저감을 위한 형상 최적화」", section="학력")
JOB = chunk(5, "Engineer, Pellikan Logistics\n06/2019 - 02/2022\n- Built the platform.\nStack: Go, Kafka")
REFEREE = chunk(6, "Ida Berg, head of data\nMobile: +47 11 22 33 44", section="References")
RESUME = [HEAD, ROWS, NOTICE, STUDIES, JOB, REFEREE]


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("notice period?", "Notice period: 4 weeks"), ("What is the candidate's notice period?", "Notice period: 4 weeks"), ("what's her visa status", "Visa status: settled"), ("any driving licence?", "Driving licence: B, clean"),
        ("does she have a driving licence?", "Driving licence: B, clean"), ("and her nationality?", "Nationality: Norwegian"),
        ("언제 입사 가능?", "입사가능일: 퇴사 통보 후 1개월"), ("입사 가능일은?", "입사가능일: 퇴사 통보 후 1개월"), ("희망연봉이 얼마예요", "희망연봉: 5,400만원 (협의 가능)"), ("희망 연봉 알려줘", "희망연봉: 5,400만원 (협의 가능)"), ("병역은?", "병역 | 육군 병장 만기전역"),
        ("취미가 뭐예요?", "취미: 수영, 필름카메라"), ("석사 논문 제목이 뭔가요?", "야간 과정, 논문: 「열변위 저감을 위한 형상 최적화」"),
    ],
)  # fmt: skip
def test_the_field_is_found_by_its_label(question, line):
    assert [RESUME[i].text[a:b].removeprefix("- ") for i, a, b in field(question, RESUME)] == [line]


@pytest.mark.parametrize(
    "question",
    [
        "", "salary?", "period?", "what is the notice period of the second contract at Pellikan?", "mobile?", "other?", "stack?", "논문은?", "박사 논문은?", "연봉 협상은 어떻게 하나요?", "병역 특례 업체에서 일했나요?",
        "does the notice period matter to her?",
    ],
)  # fmt: skip
def test_anything_else_is_left_to_the_reader(question):
    assert field(question, RESUME) == []


@pytest.mark.parametrize(
    ("question", "text", "section"),
    [
        ("전 연봉은?", "대전정밀, 설계팀\n2020.01 – 현재\n연봉: 5,000만원\n- 본사 이전", "경력"), ("이전 직장 연봉은?", "대전정밀, 설계팀\n2020.01 – 현재\n연봉: 5,000만원\n- 본사 이전", "경력"), ("what is her current salary?", "Engineer, Acme\n2015 – 2018\nSalary: 50,000\n- direct-current motors", "Experience"),
        ("직업이 뭐야?", "부: 교사\n직업: 교사", "가족사항"), ("what is her phone?", "Phone: 123 456 789", "Emergency contact"), ("what is her title?", "Title: Sparse graphs", "Publications"), ("what was her role?", "Role: lead", "Projects"),
        ("any languages?", "Languages: Python, Java", "Skills"), ("tools?", "Tool | Years\nKafka | 3\nSpark | 2", "Skills"), ("driving?", "Driving | Years\nBus | 3", "Other"),
    ],
)  # fmt: skip
def test_a_label_of_something_else_is_not_it(question, text, section):
    assert field(question, [chunk(1, text, section)]) == []


@pytest.mark.parametrize("question", ["what about the notice period?", "How about her notice period?", "notice period please"])
def test_more_ways_to_ask_for_one(question):
    assert len(field(question, RESUME)) == 1
    assert len(field("any driving license?", RESUME)) == len(field("언제 입사 가능해?", RESUME)) == 1


def test_of_two_such_labels_and_of_several_people_none_is_told():
    again = chunk(7, "Notice period: 3 months", section="Other")
    assert field("notice period?", [*RESUME, again]) == [] and field("notice period?", [*RESUME, chunk(8, "x", subject="Jan Mulder")]) == []


def test_a_long_question_asks_for_no_label():
    assert asks_field("병역은?") and not asks_field("병역 " * 40)


def test_it_is_quoted_although_the_reader_finds_nothing():
    found = retrieved("Notice period: 4 weeks\nVisa status: settled", section="Personal")
    answer = quote_answer("what's her notice period?", found, Reader("nothing of it"), "en")
    assert answer.text == '"Notice period: 4 weeks" [1]' and answer.settled and answer.bare


KNOWN = [
    chunk(1, "강민재\n여, 1989년 (만 35세) | k@example.com | 서울", section=""), chunk(2, "- 산업기능요원으로 복무 (2017.01 ~ 2018.06)\n- Oracle 유지보수", section="경력"),
    chunk(3, "- OPIc IH (2023.09)\n- 정보처리기사", section="기타"), chunk(4, "EU citizen.\n- Two cats.", section="Misc"), chunk(5, "이순자 부장, 영국 시민권자", section="추천인"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("병역은 어떻게 했나요?", "산업기능요원으로 복무 (2017.01 ~ 2018.06)"), ("군대 갔다왔어?", "산업기능요원으로 복무 (2017.01 ~ 2018.06)"), ("영어 점수는?", "OPIc IH (2023.09)"), ("어학 성적 있나요?", "OPIc IH (2023.09)"),
        ("이 사람 남자야?", "여, 1989년 (만 35세) | k@example.com | 서울"), ("성별은?", "여, 1989년 (만 35세) | k@example.com | 서울"), ("does he need a visa", "EU citizen."), ("any visa he would need?", "EU citizen."),
        ("green card / work permit for the us?", "EU citizen."), ("does she have the right to work in Germany?", "EU citizen."),
    ],
)  # fmt: skip
def test_what_has_no_one_label_is_found_by_what_it_says(question, line):
    assert asks_field(question) and [KNOWN[i].text[a:b].removeprefix("- ") for i, a, b in field(question, KNOWN)] == [line]


@pytest.mark.parametrize("question", ["일본어 점수는?", "병역 특례 업체에서 일했나요?", "남자친구 있어요?", "did she process visa applications?", "did he work on the visa project at Acme?", "영어 점수가 높은 이유는 뭐라고 생각하는지 알려줘"])
def test_what_only_has_such_a_word_is_left_to_the_reader(question):
    assert field(question, KNOWN) == []


@pytest.mark.parametrize(
    ("question", "line"),
    [("희망연봉은?", "희망연봉  5,800만원 이상"), ("notice period?", "Available from 1 September with four weeks' notice"), ("how much notice does he have to give?", "Available from 1 September with four weeks' notice"), ("단점은?", "단점은 거절을 잘 못하는 것입니다."), ("성격의 장단점은?", "단점은 거절을 잘 못하는 것입니다.")],
)
def test_more_that_is_found_by_what_it_says_or_by_a_label_that_is_set_apart(question, line):
    more = [chunk(1, "고용형태  정규직\n희망연봉  5,800만원 이상", section="희망근무조건"), chunk(2, "Available from 1 September with four weeks' notice", section="Other"), chunk(3, "단점은 거절을 잘 못하는 것입니다.", section="성격")]
    assert [more[i].text[a:b] for i, a, b in field(question, more)] == [line]


@pytest.mark.parametrize(
    ("question", "line"),
    [("병역은요?", "해군본부 군수 시스템 유지보수"), ("군대 다녀왔어요?", "동생이 현역 병장 만기를 앞두고 있습니다"), ("성별이 뭐예요?", "남 앞에 서는 것을 좋아합니다."), ("notice period?", "Made reports available in 2 days and wrote notice letters")],
)
def test_a_word_of_it_in_another_sense_is_none(question, line):
    assert field(question, [chunk(1, f"- {line}")]) == []


CERTIFIED = [chunk(1, "- Registered Dental Hygienist, Oregon Board of Dentistry, License H7714, valid through September 2027\n- CPR, American Heart Association, renewed March 2026\n- First aid card, expires 05/2028\n- Staff were good for the years since 2019", section="Licenses")]


@pytest.mark.parametrize(
    ("question", "ends"),
    [
        ("when does the Oregon license expire?", ["September 2027"]), ("When does the Registered Dental Hygienist license from the Oregon Board of Dentistry expire?", ["September 2027"]), ("how long is her first aid card valid for?", ["05/2028"]),
        ("when does her license expire", ["September 2027", "05/2028"]), ("when does it expire?", ["September 2027", "05/2028"]), ("when does her CPR expire?", []), ("until when is her teaching license valid?", []),
    ],
)  # fmt: skip
def test_when_something_expires_is_told_by_the_line_that_says_so_and_by_no_other(question, ends):
    told = [CERTIFIED[i].text[a:b] for i, a, b in field(question, CERTIFIED)]
    assert asks_field(question) and len(told) == len(ends) and all(map(str.endswith, told, ends)), told


BORN = [
    chunk(1, "Mira Solberg\nBergen · mira@solberg.example · born 4 May 1988", section=""),
    chunk(2, "Nurse, Havgard Clinic\n06/2019 - 02/2022\n- Cared for children born before 2019.\n- 90세 이상 환자 상담"),
]
BORN_KO = [chunk(1, "서온유\n서울 · onyu@seo.example · 생년월일 1990.05.04", section="", subject="서온유"), chunk(2, "도담병원, 간호사\n2015.09 – 2017.08\n- 90세 이상 환자 상담", section="경력", subject="서온유")]


@pytest.mark.parametrize(
    ("question", "resume"),
    [
        *((question, BORN) for question in ("How old is the candidate?", "how old is she now", "what's her age", "her date of birth?", "when was he born?", "DOB?")),
        *((question, BORN_KO) for question in ("지원자는 몇 살인가요?", "나이가 어떻게 되나요?", "몇년생이에요?", "생년월일 알려주세요", "연세가 어떻게 되시나요", "언제 태어났어요?")),
    ],
)  # fmt: skip
def test_how_old_somebody_is_is_told_by_the_birthday_and_no_line_of_work(question, resume):
    [(i, a, b)] = field(question, resume)
    assert i == 0 and ("born 4 May 1988" in resume[i].text[a:b] or "1990.05.04" in resume[i].text[a:b])


@pytest.mark.parametrize("question", ["How old is the company?", "나이지리아 경험은?", "어디 살고 있나요?", "생산성은?"])
def test_other_ages_and_words_that_begin_alike_are_no_birthday(question):
    assert field(question, BORN) == field(question, BORN_KO) == []


def test_names_of_columns_above_their_values_are_labels():
    head = chunk(1, "김서현\n학력  경력  희망연봉  희망근무지\n대학교 졸업  총 10년 3개월  5,500만원  서울 구로구", section="", subject="김서현")
    assert [head.text[a:b].count("\n") for _, a, b in field("희망 연봉은?", [head])] == [1] and field("취미는?", [head]) == []


@pytest.mark.parametrize("question", ["is she free right away?", "can he start immediately?", "is the candidate available now?"])
def test_whether_somebody_is_free_is_told_by_the_line_that_says_when(question):
    told = [chunk(1, "Mira Solberg\nNotice period: 4 weeks", section=""), chunk(2, "Nurse, Havgard Clinic\n06/2019 - 02/2022\n- Freed beds right away.")]
    assert [told[i].text[a:b] for i, a, b in field(question, told)] == ["Notice period: 4 weeks"]
