"""Names that a resume does not mention are found; misspelt, generic and first words are not held against it."""

import pytest

from rag.mentions import MOST, as_written, no_employer, unmentioned, without_missing
from rag.types import Chunk

RESUME = ["Norrvind AB, Data Engineer, Uppsala. Python, Apache Kafka, C++.", "B.Sc. Physics, Lund University"]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How long did she work at Netflix?", ["Netflix"]),
        ("Has she worked with Snowflake or Kafka?", ["Snowflake"]),
        ("What did she do at Norvind?", []),  # misspelt
        ("Does she know python and C++?", []),
        ("Was she at Norrvind in March?", []),
        ("Does she know R?", ["R"]),  # a letter of "Norrvind", but no word
        ("Does she know C?", []),
        ("Rust?", []),  # a first word is capitalised anyway
        ("What is her Email?", []),
        ("When did she study at Lund University?", []),
        ("Does she have an MBA from INSEAD?", ["MBA", "INSEAD"]),
        ("Spark 써 본 적 있어요?", ["Spark"]),
        ("Kafka를 써 봤나요?", []),
        ("파이썬을 쓸 수 있나요?", []),
        ("하람제약에서는 몇 년 일했나요?", ["하람제약"]),
        ("정보처리기사는 언제 땄어요?", ["정보처리기사"]),
        ("온누리조명에서는 무슨 일을 했나요?", ["온누리조명"]),
        ("온누리조명을 좋아하나요?", []),  # "조명" may end other words: a company only where somebody works there
        ("어느 병원에서 일했나요?", []),
        ("전기기사 자격증이 있나요?", ["전기기사"]),
        ("이화대병원에서 일했나요?", ["이화대병원"]),
        ("그병원에서는 무슨 일을 했나요?", []),
        ("전문병원에서 일했나요?", []),
        ("지금 다니는 회사는 어느 대학교 병원이에요?", []),
        ("국립생태원에서 일할 때는 뭘 맡았나요?", ["국립생태원"]),
        ("박물관에서 일한 적 있나요?", []),
        # A resume names the towns: whether Uppsala is in Sweden is not looked up.
        ("Has she worked in Sweden?", []),
        ("Would she move to New Zealand?", []),
        ("Did she work for Swedbank in Sweden?", ["Swedbank"]),
        ("Did he work for Bank of America?", ["Bank", "America"]),
        ("Was he at Air France?", ["Air", "France"]),
        ("Canada에서 일한 적 있나요?", []),
        ("공공도서관에서 근무한 적 있나요?", []),
        ("인문계고등학교에서 가르쳤나요?", []),
        ("한빛도서관에서 근무한 적 있나요?", ["한빛도서관"]),
    ],
)
def test_names_that_stand_nowhere(question, expected):
    assert unmentioned(question, RESUME) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What years was he at the National Theatre?", ["National Theatre"]),
        ("When did he work for Paper Kettle Theatre Company?", []),
        ("Did he get his certificate from National Rigging?", []),
        ("Did he work with Paper Kettle's crew?", []),
        ("Did she work with National Theatre's crew?", []),
        ("Does he have experience with Theatre National sound?", []),
        ("Does he know National Theatre plays?", []),  # only a workplace has to stand there as it is called
    ],
)
def test_a_workplace_whose_words_stand_far_apart_is_missing(question, expected):
    resume = "HND Technical Theatre, Leeds\n" + "He toured the country with plays of all kinds and sizes. " * 2
    resume += "\nNational Rigging Certificate, level 2\nPaper Kettle Theatre Company, touring"
    far = resume.replace("level 2\n", "level 2, renewed every second year with a written examination and a practical one\n")
    assert unmentioned(question, [far]) == expected


def test_a_well_known_name_in_korean_letters_that_stands_in_neither_spelling_is_missing():
    texts = ["보유 기술: Java, 리액트", "라인 생산 관리"]
    assert unmentioned("쿠버네티스 경험이 있나요?", texts) == ["쿠버네티스"]
    assert unmentioned("리액트는 써 봤나요?", texts) == []
    assert unmentioned("깃은 쓰나요?", texts) == []  # too short to be sure that it is a name


def test_a_name_put_into_an_english_question_in_korean_letters_leaves_it_english():
    assert unmentioned("Does she know 도커?", ["도커, 자바"], "en") == []


def test_a_korean_name_inside_another_word_is_not_that_name():
    assert unmentioned("온누리병원에서 일했나요?", ["가온누리대학교 간호학과"]) == ["온누리병원"]
    assert unmentioned("온누리병원에서 일했나요?", ["주식회사온누리 원무과"]) == []


@pytest.mark.parametrize("question", ["SQL이랑 R을 쓰나요?", "AWS에서 일한 적이 있나요?", "IBM에서는 무슨 일을 했나요?"])
def test_a_particle_is_no_part_of_a_latin_name(question):
    assert unmentioned(question, ["IBM, AWS, Python, SQL, R"]) == []


def test_a_name_is_told_once():
    assert unmentioned("Did she leave Foobarix before or after joining Foobarix?", ["Acme"]) == ["Foobarix"]


def test_many_unknown_names_take_no_longer_than_some():
    words = " ".join(f"word{i:05d}" for i in range(20_000))
    question = "Who knows " + " ".join(f"Zq{chr(97 + i % 26)}{chr(97 + i // 26)}x" for i in range(300))
    assert len(unmentioned(question, [words])) <= MOST


@pytest.mark.parametrize(
    "question",
    [
        "What is her Phone Number?",
        "What are her Technical Skills?",
        "What Are Her Favourite Tools?",
        "WHERE DID SHE STUDY?",
        "Hello, What does she do now?",
        "Hi Vouch, what did she do last?",
        "Can You tell me her Name?",
        "Is she a Software Developer?",
        "Does she have a Bachelor's degree?",  # a B.Sc. is one
    ],
)
def test_a_capital_alone_makes_no_name(question):
    assert unmentioned(question, RESUME) == []


def test_a_degree_of_another_level_is_not_mentioned():
    assert unmentioned("Does she have a PhD?", RESUME) == ["PhD"]
    assert unmentioned("Does she have a PhD?", ["Dr. rer. nat., Lund"]) == []


@pytest.mark.parametrize(
    ("question", "document"),
    [
        ("Does she know React.js?", "React, Vue"),
        ("리액트를 쓰나요?", "ReactJS"),
        ("Does she know Spring Boot?", "SpringBoot"),
        ("리액트 네이티브 경험은요?", "React-Native"),
        ("Has she used Golang?", "Go, SQL"),
        ("Has she used Kubernetes?", "k8s"),
        ("깃허브 주소는 뭔가요?", "github.com/minsu"),
        ("서울대학교를 졸업했나요?", "서울대 컴퓨터공학부"),
        ("현대자동차에서 일했나요?", "현대차 연구원"),
        ("삼성전자에서 일했나요?", "삼성 전자 책임"),
        ("우아한형제들에 다녔나요?", "우아한 형제들"),
        ("아마존 웹 서비스는 써봤나요?", "Amazon Web Services"),
        ("Kim Minsu의 학력은?", "김민수, 개발자"),
    ],
)
def test_another_spelling_of_a_name_is_that_name(question, document):
    assert unmentioned(question, [document]) == []


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("Does she speak Dutch, French or German?", "Does she speak Dutch, French?"),
        ("Does she know Rust or Kafka?", "Does she know Kafka?"),
        ("Does she know Kafka, Rust, Zig and French?", "Does she know Kafka and French?"),
        ("Does she know Rust, Zig or Kafka?", "Does she know Kafka?"),
        ("Docker나 Kafka를 쓰나요?", "Kafka를 쓰나요?"),
        ("카프카나 쿠버네티스 써봤나요?", "카프카 써봤나요?"),
        ("쿠버네티스와 카프카를 써봤나요?", "카프카를 써봤나요?"),
        ("Kafka나 쿠버네티스를 쓰나요?", "Kafka를 쓰나요?"),
        ("쿠버네티스나 러스트 써봤나요?", ""),
        ("Did she work at Netflix with Kafka?", ""),
        ("Did she work at Netflix?", ""),
        ("Does she know Rust or Zig?", ""),
        ("Does she speak Dutch or French?", ""),  # nothing is missing
    ],
)
def test_one_missing_name_of_several_leaves_the_others_to_be_asked_for(question, rest):
    assert without_missing(question, unmentioned(question, ["Dutch, French, Kafka"])) == rest


@pytest.mark.parametrize(
    ("question", "missing", "named"),
    [
        ("Has she ever worked for Bank of America?", ["Bank", "America"], ["Bank of America"]),
        ("Does she know Apache Spark, Rust or Go?", ["Apache", "Spark", "Rust", "Go"], ["Apache Spark", "Rust", "Go"]),
        ("Was it at Procter & Gamble?", ["Procter", "Gamble"], ["Procter & Gamble"]),
        ("Did Netflix buy from Roku?", ["Netflix", "Roku"], ["Netflix", "Roku"]),
        ("Was she with the Bank Of Ireland?", ["Bank", "Ireland"], ["Bank Of Ireland"]),
        ("Did she leave Netflix for Roku?", ["Netflix", "Roku"], ["Netflix", "Roku"]),
        ("Rustic work or Rust for Go?", ["Rust", "Go"], ["Rust", "Go"]),
        ("Rust 말고 한빛전자 Kafka는?", ["한빛전자", "Rust", "Kafka"], ["한빛전자", "Rust", "Kafka"]),
        ("삼성전자 Kafka 프로젝트 했나요?", ["삼성전자", "Kafka"], ["삼성전자", "Kafka"]),
    ],
)
def test_words_of_one_name_are_named_together(question, missing, named):
    assert as_written(question, missing) == named


def test_another_name_with_the_same_short_form_is_not_the_same():
    assert unmentioned("Does she know AutoCAD?", ["CAD drawings, SolidWorks"]) == ["AutoCAD"]
    assert unmentioned("오토캐드 쓰나요?", ["AutoCAD 도면"]) == unmentioned("캐드 쓰나요?", ["AutoCAD 도면"]) == []


AWARD = ("Awards", "Honorable Mention, Google (2012)")
APP = ("Projects", "Camping app, https://play.google.com/store/apps")


@pytest.mark.parametrize(
    ("question", "passages", "none"),
    [
        ("Did they ever work at Google?", [AWARD], True),
        ("Has she worked for Google before?", [AWARD, APP], True),
        ("Google에서 일한 적 있어?", [APP], True),
        ("Did they ever work at Google?", [AWARD, ("Experience", "Engineer, Google, 2012")], False),
        ("Did they ever work at Google?", [("Summary", "Before that at Google.")], False),
        ("Did they ever work at Google?", [("Experience", "Engineer, Acme")], False),  # not mentioned at all: said in other words
        ("Did she win an award from Google?", [AWARD], False),
        ("Has she worked with Google Maps?", [AWARD], False),
        ("구글 앱을 만든 적 있어?", [APP], False),
        ("Google에서 일한 적 있어?", [("경력기술서", "Google Korea | 엔지니어\n2019.03 ~ 2021.02")], False),
        ("Has she ever worked at Google?", [("Skills and Experience", "Engineer at Google")], False),
        ("Did she work for LinkedIn?", [("Experience › LinkedIn", "- Built it.")], False), ("Has she worked at Coursera?", [("Experience › Coursera", "Coursera\n2019 – 2020")], False),
        ("Has she worked for Booking.com?", [("Experience", "Engineer, www.booking.com\n2019 – 2020")], False),
        ("Which award did she get for her work at Google?", [AWARD], False), ("해외에서 일한 경험 있나요?", [("자격", "해외영업관리사")], False),
    ],
)
def test_a_name_in_an_award_or_a_link_is_no_employer(question, passages, none):
    chunks = [Chunk(f"d-{i}", "d", "d.md", "Mira", section, text, 0, len(text)) for i, (section, text) in enumerate(passages)]
    assert no_employer(question, chunks) is none


@pytest.mark.parametrize(
    ("question", "text", "missing"),
    [
        ("한국어 할 줄 아나요?", "Dutch: native\nEnglish: C2", ["한국어"]), ("Does he speak german?", "Dutch: native\nEnglish: C2", ["german"]), ("Does he speak German?", "Dutch: native\nEnglish: C2", ["German"]),
        ("불어 수준은?", "English: C2\nFrench: B2", []), ("중국어 하나요?", "영어 상, 일본어 중, HSK 5급", []), ("and how about Chinese?", "어학 | HSK | 5급", []), ("does she speak Japanese", "어학 | HSK | 5급", ["Japanese"]), ("when did they get the Construction Safety licence?", "건설안전기술사 2022.05", []), ("did they work at Apple or Zelvanta?", "건설안전기술사 2022.05", ["Apple", "Zelvanta"]), ("중국어 하나요?", "영어: TOEIC 900", ["중국어"]), ("영어는 하나요?", "2014.07  일본어 | JLPT N2", ["영어"]), ("영어는 하나요?", "OPIc IH (2023.09)", []),
        ("영어는 하나요?", "미국 뉴욕대학교 졸업", []),
        ("Which language schools did she attend?", "Dutch: native\nEnglish: C2", []), ("Did she sell to German clients?", "Dutch, English, two years in Germany", []),
    ],
)  # fmt: skip
def test_a_language_that_is_not_among_those_listed_is_not_mentioned(question, text, missing):
    assert unmentioned(question, [text]) == missing


@pytest.mark.parametrize(("question", "missing"), [("자바 할 줄 알아?", ["자바"]), ("엑셀 잘해요?", ["엑셀"]), ("줌으로 수업했어?", [])])
def test_some_short_korean_names_are_no_other_words(question, missing):
    assert unmentioned(question, ["JavaScript, Python"]) == missing


@pytest.mark.parametrize(
    ("question", "text", "missing"),
    [("수간호사 해본적 있어요?", "책임간호사", ["수간호사"]), ("점장 해본적있나요?", "매장 관리, 점장 2년", []), ("현장소장 경험 있나요?", "현장 소장", []), ("점장은 누구였나요?", "매장", []), ("대표이사로 근무했나요?", "과장", ["대표이사"]), ("토익 점수 있나요?", "정보처리기사", ["토익"])],
)
def test_a_post_that_nothing_mentions_was_not_held(question, text, missing):
    assert unmentioned(question, [text]) == missing


def test_a_licence_of_another_grade_is_not_the_one():
    held = "전기기사 2016.05\n전기공사산업기사 2009.11\n정보처리 기사"
    assert unmentioned("전기공사기사는요?", [held]) == ["전기공사기사"] and unmentioned("전기기사 있나요?", [held]) == [] == unmentioned("정보처리기사 있어요?", [held])


@pytest.mark.parametrize(("question", "missing"), [("기술사는 없어요?", ["기술사"]), ("변호사 자격 있나요?", ["변호사"]), ("변호사와 일했나요?", []), ("일반기계기사 있나요?", [])])
def test_a_licence_of_one_word_that_nothing_mentions(question, missing):
    assert unmentioned(question, ["일반기계기사 (2013.08)"]) == missing


def test_a_post_under_another_name_is_mentioned():
    assert unmentioned("주방장 경험 있나요?", ["그랜드호텔 헤드셰프, 연회 주방 총괄"]) == [] and unmentioned("주방장 경험 있나요?", ["Head chef at the Grand Hotel for nine years"]) == []
