"""Names in the other letters: asked for as the documents spell them."""

import pytest

from rag.aliases import ABBREVIATIONS, DEGREES, NAMES, as_spelled, korean_names, stands

LATIN = ["Java, Kotlin, Spring Boot, Vue.js, Docker", "NAVER, 2019 – 2022", "Toss"]
KOREAN = ["보유 기술: 도커, 코틀린, 씨플플", "네이버 근무, 워드 사용"]


@pytest.mark.parametrize(
    ("question", "texts", "asked"),
    [
        ("코틀린을 쓸 줄 아나요?", LATIN, "Kotlin을 쓸 줄 아나요?"),
        ("도커써봤나요", LATIN, "Docker써봤나요"),
        ("스프링부트 경험은?", LATIN, "Spring Boot 경험은?"),
        ("뷰는요?", LATIN, "Vue.js는요?"),
        ("캐드 할 줄 아나요?", ["도면: AutoCAD, 3D 모델링"], "AutoCAD 할 줄 아나요?"),
        ("네이버에서 뭘 했나요?", LATIN, "NAVER에서 뭘 했나요?"),
        ("토스에서 일했나요?", LATIN, "Toss에서 일했나요?"),
        ("Does she know docker and Kotlin?", KOREAN, "Does she know 도커 and 코틀린?"),
        ("C++ 할 줄 아나요?", KOREAN, "씨플플 할 줄 아나요?"),
        # abbreviated on one side, spelled out in Korean on the other
        ("VR로 해 본 게 있나요?", ["가상현실 전시 기획"], "가상현실로 해 본 게 있나요?"),
        ("품질관리도 했나요?", ["QC 팀장, 2016 – 2019"], "QC도 했나요?"),
        ("인공지능 과제가 있었나요?", ["AI 과제 2건"], "AI 과제가 있었나요?"),
        ("VR로 해 본 게 있나요?", ["증강현실 전시 기획"], "VR로 해 본 게 있나요?"),
        # spelt there as it is asked, or not there at all
        ("Kotlin을 쓸 줄 아나요?", LATIN, "Kotlin을 쓸 줄 아나요?"),
        ("자바를 쓸 줄 아나요?", [*LATIN, "자바 강의"], "자바를 쓸 줄 아나요?"),
        ("쿠버네티스 경험이 있나요?", LATIN, "쿠버네티스 경험이 있나요?"),
        # another word
        ("자바스크립트 할 줄 아나요?", LATIN, "자바스크립트 할 줄 아나요?"),
        ("토스트를 좋아하나요?", LATIN, "토스트를 좋아하나요?"),
        ("온라인에서 팔았나요?", ["LINE"], "온라인에서 팔았나요?"),
        ("In a word, who is she?", KOREAN, "In a word, who is she?"),
        ("Does she know JavaScript?", ["자바"], "Does she know JavaScript?"),
    ],
)
def test_a_known_name_is_asked_for_as_the_documents_spell_it(question, texts, asked):
    assert as_spelled(question, texts) == asked


@pytest.mark.parametrize(
    ("question", "text", "asked"),
    [
        ("Is her CFRE still current?", "2020: Certified Fund Raising Executive, lapsed", "Is her Certified Fund Raising Executive still current?"),
        ("Is he in the AIA?", "Member, American Institute of Architects", "Is he in the American Institute of Architects?"),
        ("Is his ALS card good past 2026?", "Cards: advanced life support to June 2027", "Is his advanced life support card good past 2026?"),
        ("Is his ALS card good past 2026?", "He sang at a large shop.", "Is his ALS card good past 2026?"),
        ("When did she become a Certified Public Accountant?", "CPA, 2014", "When did she become a CPA?"),
        # spelt there as it is asked, or not there at all
        ("Is she a CPA?", "CPA (Certified Public Accountant), 2014", "Is she a CPA?"),
        ("Is she a CPA?", "Chartered accountant, public sector", "Is she a CPA?"),
        ("Is she a Certified Public Accountant?", "Certified public accountant, member of the CPA society", "Is she a Certified Public Accountant?"),
        ("WHO DID SHE WORK WITH", "Worked Here Once", "WHO DID SHE WORK WITH"),
    ],
)  # fmt: skip
def test_initials_are_asked_for_as_the_documents_have_them(question, text, asked):
    assert as_spelled(question, [text]) == asked


def test_the_names_a_korean_question_writes_in_korean():
    assert korean_names("쿠버네티스랑 리액트, 그리고 온라인 교육 경험은?") == ["쿠버네티스", "리액트"]
    assert korean_names("품질관리나 연구개발도 했나요?") == []  # words: that they stand nowhere settles nothing


def test_no_form_stands_for_itself_or_is_given_twice_for_a_name():
    for name, forms in [*NAMES.items(), *ABBREVIATIONS.items()]:
        assert forms and len(set(forms)) == len(forms) and name not in forms
    assert not NAMES.keys() & ABBREVIATIONS.keys()


def test_letters_that_only_look_the_same_are_another_word():
    assert as_spelled("Does she know LİNUX?", ["리눅스"]) == "Does she know LİNUX?"


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("Master in Finance, 2015", "master"), ("MA History, Leeds", "master"), ("M.A., 2012", "master"), ("her master thesis", "master"), ("Master of Science", "master"), ("BA History", "bachelor"),
        # a state, a trade, a verb, a programme
        ("Boston, MA", None), ("Boston, MA 02115", None), ("Scrum Master", None), ("Master of ceremonies", None), ("Which tools does she master?", None), ("MS Excel", None),
    ],
)  # fmt: skip
def test_a_degree_is_known_by_its_words_and_a_state_is_none(line, level):
    assert [name for name, words in DEGREES.items() if words.search(line)] == ([level] if level else [])


@pytest.mark.parametrize(
    ("question", "text", "asked"),
    [
        ("고언어 할줄 알아요?", "Go, Python", "Go 할줄 알아요?"), ("고랭 가능?", "Programming: Python, Go, SQL", "Go 가능?"), ("고랭 가능?", "Ready to go", "고랭 가능?"), ("리액트 네이티브는?", "React, React-Native", "React-Native는?"),
        ("불어 수준은?", "French: B2", "French 수준은?"), ("네덜란드어가 모국어예요?", "Dutch: native", "Dutch가 모국어예요?"), ("Does she speak French?", "프랑스어 중급", "Does she speak 프랑스어?"),
        ("자바 할 줄 알아?", "TypeScript, JavaScript", "자바 할 줄 알아?"),
        ("무슨 문제가 일어나면 어떻게 했나요?", "Japanese (N2)", "무슨 문제가 일어나면 어떻게 했나요?"), ("불어나는 데이터는 어떻게 했나요?", "French", "불어나는 데이터는 어떻게 했나요?"),
    ],
)  # fmt: skip
def test_languages_and_what_is_spelled_in_two_ways(question, text, asked):
    assert as_spelled(question, [text]) == asked


def test_java_is_no_part_of_javascript_and_a_language_that_is_spoken_no_name():
    assert not stands("자바", "TypeScript, JavaScript") and stands("자바", "Java, Kotlin") and stands("고랭", "Python, Go")
    assert korean_names("중국어 성적은?") == []


def test_certificates_by_the_names_that_people_call_them():
    assert as_spelled("정처기 언제 땄어?", ["정보처리기사 (2019.11)"]) == "정보처리기사 언제 땄어?"
    assert as_spelled("컴활 1급 있음?", ["2021.08 | 컴퓨터활용능력 2급"]) == "컴퓨터활용능력 1급 있음?"
    assert as_spelled("한능검 있어?", ["SQLD"]) == "한능검 있어?"


def test_degrees_in_small_letters_with_their_point():
    level = lambda text: [name for name, words in DEGREES.items() if words.search(text)]
    assert level("percentage in b.com") == ["bachelor"] and level("the m.tech one") == ["master"] and not level("write to a@b.com, https://b.com")


@pytest.mark.parametrize(("question", "text", "asked"), [("was she in ICU?", "Redeployed to intensive care", "was she in intensive care?"), ("Chinese?", "Mandarin (HSK 3)", "Mandarin?"), ("Does she speak Mandarin?", "Chinese: fluent", "Does she speak Chinese?"), ("HR experience?", "Head of human resources", "human resources experience?")])
def test_what_is_written_out_or_called_otherwise(question, text, asked):
    assert as_spelled(question, [text]) == asked
