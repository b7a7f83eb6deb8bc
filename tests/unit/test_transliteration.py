"""Names that a Korean question spells by ear are found in the headings; words of any question are left as they are."""

import pytest

from rag import transliteration
from rag.transliteration import apart, as_named, sounds_korean, sounds_latin
from rag.types import Chunk

HEADINGS = [
    "Senior Software Engineer  Jan 2023 - Present\nStripe  San Francisco, CA", "Staff Site Reliability Engineer, Quellhof Energy\nMarch 2022 – present | Ghent", "Senior Data Platform Engineer, Pelikaan Logistics\nJune 2019 – February 2022 | Antwerp",
    "Site Reliability Engineer, Vossewinkel Software\nSeptember 2016 – May 2019 | Leuven", "IT Administrator, Stark Industries (2008-10 – 2011-06)", "Principal, Veridian Dynamics (2011 - 2013)",
]  # fmt: skip
RESUME = [Chunk(f"d-{i}", "d", "d.md", "Mira Solberg", "Experience", text, 0, len(text)) for i, text in enumerate(HEADINGS)]


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("스트라이프에서 뭐 했어요?", "Stripe에서 뭐 했어요?"), ("쿠엘호프에서 얼마나 일했어?", "Quellhof에서 얼마나 일했어?"), ("펠리칸은 언제 그만뒀어?", "Pelikaan은 언제 그만뒀어?"), ("보세빈켈 다닐 때 뭐했어요?", "Vossewinkel 다닐 때 뭐했어요?"),
        ("스타크 인더스트리에서는?", "Stark Industries에서는?"), ("베리디안에서 무슨 일 했나요", "Veridian에서 무슨 일 했나요"),
    ],
)  # fmt: skip
def test_a_name_is_known_by_its_sounds(question, named):
    assert as_named(question, RESUME) == named


@pytest.mark.parametrize(
    "question",
    ["", "엔지니어 경력은?", "프로그래밍 언어는?", "프로젝트 뭐 했어요?", "소프트웨어 개발 경험 있나요", "리더십 있어?", "파이썬 할 줄 알아요?", "스토리보드 그려 봤어?", "플랜트 설계 경험은?", "서비스 기획 해봤어?", "연구실적 알려주세요", "마케팅 경험 있어?", "Did she work at Stripe?"],
)
def test_other_words_are_left_alone(question):
    assert as_named(question, RESUME) == question


def test_a_word_that_the_resume_spells_in_korean_is_its_own():
    korean = Chunk("d-9", "d", "d.md", "Mira Solberg", "Skills", "스트라이프 결제 연동", 0, 11)
    assert as_named("스트라이프 써봤어?", [*RESUME, korean]) == "스트라이프 써봤어?"


def test_two_names_that_sound_alike_are_not_told_apart():
    other = Chunk("d-9", "d", "d.md", "Mira Solberg", "Experience", "Clerk, Strippo (2001 – 2003)", 0, 28)
    assert as_named("스트라이프에서 뭐 했어요?", [*RESUME, other]) == "스트라이프에서 뭐 했어요?"


@pytest.mark.parametrize(("korean", "latin"), [("스트라이프", "Stripe"), ("노바티스", "Novartis"), ("팔란티어", "Palantir"), ("지멘스", "Ziemens")])
def test_both_spellings_sound_alike(korean, latin):
    assert apart(sounds_korean(korean), sounds_latin(latin)) < 0.13


@pytest.mark.parametrize(
    ("question", "named"),
    [("할람 프라이즈 받은 거 맞아요?", "Hallam Prize 받은 거 맞아요?"), ("서브세이프 언제 만료돼요", "ServSafe 언제 만료돼요"), ("오렐 앤 핀치는 왜 나왔대", "Orrell & Finch는 왜 나왔대"), ("할브룩 때 재해는 몇 건?", "Halbrook 때 재해는 몇 건?")],
)
def test_names_are_known_wherever_they_stand_and_however_many_words_they_have(question, named):
    text = "Hallam Prize for Conservation 2022\nServSafe Manager, valid through 08/2027\nLeft Orrell & Finch when it closed\nSafety lead on the Halbrook site"
    assert as_named(question, [*RESUME, Chunk("d-9", "d", "d.md", "Mira Solberg", "More", text, 0, len(text))]) == named


@pytest.mark.parametrize("question", ["폴란드어 과정 마쳤나요?", "케이블 일로 나간 적 있어요?", "이 프로그램에서 맡은 일은?", "수량은요?", "책으로 낸 적 있어?"])
def test_a_tongue_is_no_country_and_a_word_of_korean_no_name(question):
    text = "Cable work in Ireland and Poland, Schooling at Check House, Programmer"
    assert as_named(question, [Chunk("d-1", "d", "d.md", "Mira Solberg", "Experience", text, 0, len(text))]) == question


KOREAN = [Chunk("k-1", "k", "k.md", "김온유", "경력", "세림로지스㈜ 해상수출팀 주임 2018.02 ~ 2021.04\n그릴하우스 담, 파트장\n아르바이트 체크", 0, 50)]


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("how many shippers at Serim?", "how many shippers at 세림?"), ("why did they leave Serim Logis", "why did they leave 세림로지스"), ("how many years at Grill House Dam", "how many years at 그릴하우스 담"), ("What did Onyu Kim do at Serim?", "What did 김온유 do at 세림?"),
        ("Does Kim Onyu know Excel", "Does 김온유 know Excel"), ("is Onyu still there?", "is 김온유 still there?"),
    ],
)  # fmt: skip
def test_a_romanised_name_is_known_in_korean_letters(question, named):
    assert as_named(question, KOREAN) == named


@pytest.mark.parametrize("question", ["does he know his way around Revit", "Did they work at Samsung?", "What time is the last bus from Suwon", "Does Minsu Kim know Excel", "How long at the Grill?"])
def test_other_latin_names_are_left_alone(question):
    assert as_named(question, KOREAN) == question


@pytest.mark.parametrize(("question", "chunks"), [(" ".join(f"뷁{chr(0xAC00 + 28 * i)}랠" for i in range(300)), RESUME), ("Was she at " + ", ".join(f"Qua{chr(97 + i % 26)}{chr(97 + i // 26)}zel" for i in range(300)), KOREAN)])
def test_however_many_names_a_question_has_few_are_compared(monkeypatch, question, chunks):
    compared = []
    for name in ("_nearest", "_nearest_korean"):
        real = getattr(transliteration, name)
        monkeypatch.setattr(transliteration, name, lambda *arguments, real=real: compared.append(arguments[0]) or real(*arguments))
    assert as_named(question, chunks) == question
    assert 10 < len(compared) <= transliteration.MOST_HEARD
