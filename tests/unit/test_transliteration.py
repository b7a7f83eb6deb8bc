"""Names that a Korean question spells by ear are found in the headings; words of any question are left as they are."""

import pytest

from rag.transliteration import as_named, sounds_korean, sounds_latin
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
def test_a_name_is_known_by_its_consonants(question, named):
    assert as_named(question, RESUME) == named


@pytest.mark.parametrize(
    "question",
    ["", "엔지니어 경력은?", "프로그래밍 언어는?", "프로젝트 뭐 했어요?", "샌프란시스코에서 일했나요", "소프트웨어 개발 경험 있나요", "리더십 있어?", "파이썬 할 줄 알아요?", "스토리보드 그려 봤어?", "플랜트 설계 경험은?", "스트라이프는?", "서비스 기획 해봤어?", "연구실적 알려주세요", "마케팅 경험 있어?", "Did she work at Stripe?"],
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
def test_both_spellings_have_the_same_consonants(korean, latin):
    assert sounds_korean(korean) in sounds_latin(latin)
