"""Small talk gets a word of its own, and nothing that asks for something is taken for it."""

import pytest

from rag.small_talk import asked_alone, small_talk


@pytest.mark.parametrize(
    ("message", "begins"),
    [
        ("hello", "Hello"),
        ("Hi there!", "Hello"),
        ("Good morning, how are you?", "Hello"),
        ("ok thanks", "You are welcome"),
        ("Thank you so much \N{SMILING FACE WITH OPEN MOUTH}", "You are welcome"),
        ("bye", "Goodbye"),
        ("who are you?", "I am Vouch"),
        ("What can you do", "I am Vouch"),
        ("help", "I am Vouch"),
        ("안녕하세요!", "안녕하세요"),
        ("감사합니다 ^^", "천만에요"),
        ("수고하세요~", "안녕히"),
        ("너는 누구야?", "저는 이력서에"),
        ("뭘 물어볼 수 있어요?", "저는 이력서에"),
        ("ok thanks bye", "Goodbye"),
        ("thanks, very helpful", "You are welcome"),
        ("lol ok", "You are welcome"),
        ("no, that's all, thanks", "You are welcome"),
        ("hello, who are you?", "I am Vouch"),
        ("안녕 반가워", "안녕하세요"),
        ("네 알겠습니다 감사합니다", "천만에요"),
        ("ㄱㅅ", "천만에요"),
        ("ㅎㅎ", "천만에요"),
        ("고마워용", "천만에요"),
        ("수고했어", "천만에요"),
        ("고마워요 수고했어", "천만에요"),
        ("안녕하세요 ㅎㅎ", "안녕하세요"),
    ],
)
def test_small_talk_is_answered_in_its_language(message, begins):
    assert small_talk(message).startswith(begins)


@pytest.mark.parametrize(
    "message",
    ["", "?", "who is she?", "what can she do?", "Thanks! And where did she study?", "hi, where did she work?", "누구예요?",
     "뭐 할 수 있어요?", "안녕하세요, 어디서 일했나요?", "Is she helpful?", "good", "thank you for her email", "hey what's her gpa", "ok so where did she study", "그래서 몇 년이에요?", "오 그럼 학력은?", "that's all?", "그래요?", "네?", "thanks " * 30 + "x", "What is her name?", "이름이 뭐예요?"],
)  # fmt: skip
def test_what_asks_for_something_is_no_small_talk(message):
    assert small_talk(message) == ""


def test_whoever_is_thanked_may_be_named():
    assert small_talk("thanks mate").startswith("You are welcome") and small_talk("thanks, which mate?") == ""


@pytest.mark.parametrize(
    ("message", "question"),
    [
        ("Hi, I'm preparing for an interview with Colleen tomorrow. Could you tell me how much yield loss she found?", "Could you tell me how much yield loss she found?"),
        ("안녕하세요, 수간호사입니다. 이분이 언제부터 출근 가능하신가요?", "이분이 언제부터 출근 가능하신가요?"),
        ("She was a nurse. Where did she work?", "She was a nurse. Where did she work?"), ("We are a bakery and must ask for a licence. Has she got one?", "We are a bakery and must ask for a licence. Has she got one?"),
        ("I'm curious about her studies", "I'm curious about her studies"),
        ("does he speak Welsh, our site crew is from Bangor", "does he speak Welsh"),
        ("is she free in May, because we need someone then?", "is she free in May"),
        ("what did she do at Acme, our competitor?", "what did she do at Acme, our competitor?"),
    ],
)  # fmt: skip
def test_who_asks_is_no_part_of_the_question(message, question):
    assert asked_alone(message) == question
