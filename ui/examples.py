"""Questions offered while a conversation is empty; they fit what is indexed."""

from __future__ import annotations

from collections.abc import Iterable

# Asked of the resumes that come with the product (data/resumes), by document name.
SAMPLE_QUESTIONS: dict[str, dict[str, list[str]]] = {
    "en-tindemans.md": {
        "en": [
            "How many engineers does Isaura lead?",
            "What did Isaura put in place of Kafka?",
            "What is the name of Isaura's open-source project?",
            "What is Isaura's salary?",  # a refusal is worth seeing, too
        ],
        "ko": [],
    },
    "ko-tak-onyu.md": {
        "en": [],
        "ko": [
            "패혈증 모형의 AUROC는 얼마까지 올랐나요?",
            "대학원 논문 제목은 무엇인가요?",
            "어떤 상을 받았나요?",
            "희망 연봉은 얼마인가요?",
        ],
    },
}
# For anybody's resume.
GENERAL_QUESTIONS = {
    "en": [
        "Where did the candidate work most recently?",
        "What did the candidate study?",
        "Which programming languages are listed?",
        "Does the resume name any awards?",
    ],
    "ko": [
        "가장 최근에 일한 회사는 어디인가요?",
        "무엇을 전공했나요?",
        "어떤 프로그래밍 언어를 다루나요?",
        "수상 경력이 있나요?",
    ],
}
SHOWN = 4


def example_questions(documents: Iterable[str], language: str) -> list[str]:
    """Up to four questions in `language`: of the sample resumes that are indexed, else general ones.

    Args:
        documents: names of the indexed documents.
    """
    own = [question for name in documents for question in SAMPLE_QUESTIONS.get(name, {}).get(language, [])]
    return (own or GENERAL_QUESTIONS[language])[:SHOWN]
