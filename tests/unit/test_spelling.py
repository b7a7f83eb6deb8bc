"""Misspelt questions: a slip is put right, a name and a rarer form of a word are left alone."""

import pytest

from rag.spelling import corrected

RESUME = ["LNG carriers, trades; NextJS, MySQL, React; Front-end and back-end. Languages: Dutch (B2), German (C1)\nPhysics teacher at Brightmoor College, yearly budget of £40,000; Six Sigma Green Belt"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("how good is her duthc", "how good is her dutch"),
        ("Langauges?", "Languages?"),
        ("Whre did she study phsyics?", "Where did she study physics?"),
        ("wich budjet did she have", "which budget did she have"),
        ("what was her bachlor thesis abuot", "what was her bachelor thesis about"),
        ("why didnt she finish", "why didn't she finish"),
        ("how long was she at brigtmoor", "how long was she at Brightmoor"),  # the resume has it, the dictionary does not
        ("did she like brightmoor college", "did she like Brightmoor college"),  # a name
    ],
)
def test_a_slip_is_put_right(typed, meant):
    assert corrected(typed, RESUME) == meant


@pytest.mark.parametrize(
    "question",
    [
        "does she know figma?",  # no "sigma"
        "does she use canva",
        "does she know nestjs, mssql or preact?",
        "Halden or Brightmoor?",
        "Splunk experience?",
        "Trados experience?",
        "Protools?",
        "does he have experience with lng carriers, or fibre",
        "frontend or backend, and does she use gmail?",
        "did she do paediatric nursing, analyse data, or work with aluminium in metres?",
        "did she play the halden organ as a luthier, or rewilding?",
        "Has she worked at Rustfeld?",
        "which programme did she organise, and in whose honour?",
        "who paid for the neighbours' choir",
        "is her address mira@halloran.exampel or www.halloran.exampel?",
        "더치어를 얼마나 하나요?",
        "",
    ],
)
def test_what_may_be_right_is_left_alone(question):
    assert corrected(question, RESUME) == question


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("how many yrs at norrhalla", "how many yrs at Norrhalla"),
        ("what jlpt level does she have", "what JLPT level does she have"),
        ("any onboarding or refactored code", "any onboarding or refactored code"),  # capitals of a line's beginning
        ("who mentored her at zilverkade", "who mentored her at Zilverkade"),
    ],
)
def test_a_name_typed_in_small_letters_gets_its_capital(typed, meant):
    resume = ["NORRHALLA BERG AB, near Malmberget\nJLPT N1\n- Onboarding of staff\n- Refactored code", "Mentored by Ines at Zilverkade"]
    assert corrected(typed, resume) == meant


@pytest.mark.parametrize(
    ("question", "right"),
    [("자겨증 뭐뭐 있어?", "자격증 뭐뭐 있어?"), ("휘망연봉은요?", "희망연봉은요?"), ("프로잭트 경험은?", "프로젝트 경험은?"), ("자격증은?", "자격증은?"), ("연락망 구축 경험은?", "연락망 구축 경험은?"), ("공백 있어요?", "공백 있어요?")],
)
def test_a_slip_in_a_korean_word_for_what_a_resume_tells(question, right):
    assert corrected(question, ["경력: 한빛상사"]) == right


def test_a_korean_word_of_the_resume_is_no_slip():
    assert corrected("프로잭트 다녔어요?", ["프로잭트 주식회사, 대리"]) == "프로잭트 다녔어요?"


@pytest.mark.parametrize(
    "question",
    ["대학은 어디 나왔어요?", "외국에서 일한 적 있나요?", "퇴사이유가 뭐예요?", "퇴사이후 뭐 했어요?", "근무시간이 어떻게 되나요?", "퇴사율 낮춘 경험", "매니지먼트 경험", "포지셔닝 전략", "프로젝터 설치", "블로거 협업", "대학과 전공은?", "추천이 있나요?"],
)
def test_a_korean_word_with_a_particle_or_another_word_is_no_slip(question):
    assert corrected(question, ["경력: 한빛전자 대리"]) == question


def test_with_is_put_right_and_is_not_which():
    assert corrected("which tools has he worked wiht?", ["SAP"]) == "which tools has he worked with?"
    assert corrected("wich tools?", ["SAP"]) == "which tools?"
