"""Which language a text is in, and in which one is asked where a name is in the other's letters."""

import json

import pytest

from rag.language import language_asked, language_of
from rag.training.written_resumes import CROSSED


@pytest.mark.parametrize(("text", "language"), [("Led a team", "en"), ("팀을 이끎", "ko"), ("Python으로 서버를 개발", "ko"), ("Python, Kubernetes 운영", "en"), ("", "en"), ("2019", "en")])
def test_a_text_with_a_fifth_of_its_letters_in_hangul_is_korean(text, language):
    assert language_of(text) == language == language_asked(text)


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("reason for leaving 세림로지스 Logistics?", "en"), ("reason for leaving 세림로지스", "en"), ("what did he do at 도담테크", "en"), ("Does she know 포토샵?", "en"),
        ("Copper Heron은요?", "ko"), ("confidential space는요", "ko"), ("Head of Sales로 승진한 게 언제예요?", "ko"), ("Bank of America 다녔나요", "ko"), ("What did she do? 한국어로 알려줘", "ko"),
        ("SQL 경력", "ko"), ("도담테크", "ko"), ("Kafka?", "en"),
    ],
)  # fmt: skip
def test_a_question_is_in_the_language_of_its_own_words(question, language):
    assert language_asked(question) == language


@pytest.mark.parametrize(("file", "asked"), [("en", "ko"), ("ko", "en")])
def test_hardly_any_question_is_answered_in_the_wrong_language(file, asked):
    rows = [json.loads(line) for line in (CROSSED / f"{file}.jsonl").read_text(encoding="utf-8").splitlines()]
    wrong = [question for row in rows for own, other in row["asks"].items() for question, language in ((own, file), (other, asked)) if language_asked(question) != language]
    assert len(wrong) < 0.01 * sum(2 * len(row["asks"]) for row in rows), wrong
