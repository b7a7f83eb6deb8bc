"""What is said about the conversation or the documents is no part of a claim; what places or restricts a fact is."""

import json
import time

import pytest

from judge.lead_ins import is_talk, without_lead_in
from rag.training.written_resumes import FOLDER

CLAIMS = {"en": "She led a team of six nurses at Pelikaan in 2019.", "ko": "그는 2019년 펠리칸에서 간호사 여섯 명을 이끌었습니다."}
TALK_EN = [
    "Sure,", "Right,", "Well,", "Okay, so —", "Great question!", "Good one —", "Happy to help!", "Of course, here you go:", "Here's the answer:",
    "Short answer:", "To answer your question,", "In answer to what you just asked,", "As you asked,", "Since you asked,", "Thanks for asking!",
    "Thank you for your patience.", "Sorry for the wait,", "Apologies for the delay in getting back to you;",
    "Sorry, I should have said this right away:", "I can tell you that", "I can confirm that", "I'm glad to report that", "What I can say is that",
    "The fact is that", "The thing is,", "You know,", "Let me put it simply:", "Let me answer that for you.", "Let's see...",
    "So, coming back to your question,", "Ah, yes, that one is easy:", "Oh, I love this question!", "Absolutely, let me walk you through it:",
    "Please note that", "It should be pointed out that", "It is worth mentioning that", "For your information,", "Just so you know,",
    "Just to be clear,", "With regard to your enquiry, I am pleased to inform you of the following:",
    "Alright, thanks for that, and without further ado, here is what you wanted to know about this person's career:",
    "Look, it's really quite simple:", "Hi there! Hope you're having a lovely day. Here's what you were looking for:",
    "Okay, I've got what you need right here, so let me just lay it out for you:",
]  # fmt: skip
TALK_KO = [
    "음,", "자,", "그럼요,", "물론이죠!", "좋은 질문이에요!", "좋은 질문 감사합니다.", "아주 좋은 질문을 해 주셨네요!", "답변드리겠습니다.", "질문에 답변드리자면,", "물어보신 내용에 대해 말씀드리면,",
    "문의하신 내용에 대한 답변입니다:", "문의 주셔서 감사합니다.", "결론부터 말씀드리면,", "간단히 말하면,", "간단하게 답하자면 이렇습니다:", "쉽게 말해서,", "한마디로,", "요약하자면,", "다시 말씀드리면,", "솔직히 말하면,",
    "사실은요,", "그게 말이죠,", "있잖아요,", "그러니까,", "참고로,", "참고로 말씀드리자면,", "알려 드릴게요:", "제가 알려 드릴게요!", "바로 답해 드릴게요 —", "네, 확인해 드리겠습니다.", "네, 맞습니다.",
    "기다려 주셔서 감사합니다.", "답변이 늦어서 죄송합니다.", "죄송해요, 바로 말씀드렸어야 했는데요,", "아, 그 질문이라면 바로 답할 수 있어요!", "안녕하세요! 궁금해하신 내용을 알려 드릴게요.",
    "안녕하십니까, 문의하신 사항에 대하여 아래와 같이 안내해 드립니다:", "궁금해하시던 내용은 다음과 같습니다:", "네, 이분 경력에 대해 물어보셨죠?", "오, 이건 제가 신나서 말씀드릴 수 있는 내용이네요!", "분명히 말씀드릴 수 있는 것은,",
    "자, 그럼 아까 하신 질문으로 돌아가서 답을 드리자면,",
]  # fmt: skip
TOLD_EN = [
    "While studying,", "After her second child,", "Except for one summer,", "When asked to lead the team,", "In her own words,",
    "After asking for a transfer,", "Without being asked,", "Until she was told to stop,", "According to what he told the recruiter,",
    "As her former manager says,", "If you ask her colleagues,", "Before answering the job advert,", "While answering phones part-time,",
    "In answer to a staffing crisis,", "Despite questions about her licence,", "While under questioning by the audit committee,",
    "Up to that point,", "At one point, briefly,", "As the main point of contact,", "Then known under her maiden name,",
    "Before anyone knew of the merger,", "As far as the board knew,", "After an honourable mention in the design contest,",
    "On paper only, so to say,", "Having said no to a promotion,",
]  # fmt: skip
TOLD_KO = [
    "육아휴직 중에,", "본인 말로는,", "팀장 제안을 받고,", "대학원에 다니면서,", "둘째를 낳은 뒤,", "여름 한 철을 빼고는,", "상사의 부탁을 받고,", "누가 묻지 않았는데도 자진해서,", "고객 질문에 답하는 업무를 하면서,",
    "면접 질문에 답한 바로는,", "감사에서 질문을 받은 뒤로,", "질문 게시판 담당자로서,", "전 상사의 말씀에 따르면,", "원장님 말씀을 듣고 나서,", "부모님 말씀을 거스르고,", "본사의 답변을 기다리는 동안,", "답변서 작성 담당으로,",
    "합격 답변을 받기 전까지,", "동료들이 말하기로는,", "그만두겠다고 말한 뒤에도,", "회사에 알리지 않고,", "합병 사실을 알기 전에,", "서류상으로만 말하자면,", "휴직을 문의한 직후,",
]  # fmt: skip

EVERY_TALK = [*(("en", each) for each in TALK_EN), *(("ko", each) for each in TALK_KO)]


@pytest.mark.parametrize(("language", "opening"), EVERY_TALK)
def test_an_empty_opening_goes(language, opening):
    assert without_lead_in(f"{opening} {CLAIMS[language]}") == CLAIMS[language]


@pytest.mark.parametrize(("language", "opening"), [*(("en", each) for each in TOLD_EN), *(("ko", each) for each in TOLD_KO)])
def test_an_opening_that_says_when_or_by_whom_stays(language, opening):
    said = f"{opening} {CLAIMS[language]}"
    assert without_lead_in(said) == said and not is_talk(opening)


@pytest.mark.parametrize("opening", [each for _, each in EVERY_TALK if each[-1] in ".!"])
def test_a_sentence_of_talk_says_nothing_of_the_person(opening):
    assert is_talk(opening) and is_talk(opening.rstrip(".!"))


@pytest.mark.parametrize(
    "text",
    ["Yes, she led it.", "No, she did not.", "I answer questions, letters and calls.", "Good: Python, Redis", "Short course: caning, 2016", "Before that, she ran it.",
     "Now, she runs it.", "Up to that point, she taught.", "He said that she left.", "I was told that she left.", "I think that she left.", "설명회, 예약, 정산 업무", "감사, 세무 조정",
     "문의응대, 반품 처리", "질문 답변 게시판을 운영했습니다.", "", "42", "Thanks for asking.", "감사합니다."],
)  # fmt: skip
def test_a_statement_stays_as_it_is(text):
    assert without_lead_in(text) == text


def test_several_openings_go_one_after_the_other():
    assert without_lead_in("Sure! Thanks for asking. According to the resume, I can confirm that she left in 2021.") == "she left in 2021."
    assert without_lead_in("네, 질문 감사합니다. 이력서에 따르면 그는 2021년에 퇴사했습니다.") == "그는 2021년에 퇴사했습니다."


def test_lines_of_resumes_are_hardly_ever_taken_for_talk():
    lines = [line.strip(" -•*·\t\u3000") for file in sorted(FOLDER.glob("*.jsonl"))[::9] for row in file.read_text(encoding="utf-8").splitlines() for line in json.loads(row)["text"].split("\n")]
    cut = [line for line in lines if without_lead_in(line) != line and not line.startswith("안녕")]
    assert len(lines) > 3000 and len(cut) <= 2, cut


def test_a_long_text_takes_no_longer_for_its_opening():
    started = time.process_time()
    without_lead_in("so you know, " * 20_000)
    assert time.process_time() - started < 2.0
