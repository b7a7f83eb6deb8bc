"""What is said to a greeting, to thanks, and to "who are you?": they ask nothing of the resume, and no line of it answers them.

A reranker takes "hello" for a question like any other, and the nearest line to it is an address.
"""

from __future__ import annotations

import re

from rag.language import language_asked

MOST = 100  # characters of small talk; a longer message says something
_BETWEEN = " .,!-~"  # its pieces

_EXTRA = r"(?:,? (?:there|vouch|bot|everyone|all|again|mate|man|pal|buddy|folks|so much|very much|a lot|a bunch|for (?:your|the) help|for that|and))*"
_GREETING = re.compile(
    rf"(?:hi+|hello+|hey+|howdy|greetings|good (?:morning|afternoon|evening|day)){_EXTRA}(?:,? how are you(?: doing)?(?: today)?)?|how are you(?: doing)?(?: today)?"
    r"|안녕(?:하세요|하십니까|하신가요)?|(?:만나서 )?반가(?:워요?|워|습니다)|하이|헬로우?|ㅎㅇ|좋은 (?:아침|저녁|하루)(?:이에요|입니다)?|처음 뵙겠습니다",
    re.IGNORECASE,
)
_THANKS = re.compile(
    rf"(?:(?:ok|okay|great|perfect|cool|nice|good|awesome|got it|alright|i see)[,.! ]*)?(?:thanks?|thank you|thx|ty|cheers|much appreciated){_EXTRA}"
    r"|(?:ok|okay|great|perfect|cool|nice|awesome|got it|alright|i see)(?:,? (?:great|good|nice))?"
    r"|(?:no,? thanks?|nope|(?:no,? )?(?:that['’]s|that is|that will be) (?:all|it|everything)(?: for (?:now|today))?)|(?:very |that['’]s )?(?:helpful|good to know|well done)|(?:ha){2,4}|lol"
    r"|(?:네,? ?|아,? ?|오,? ?)?(?:정말 |너무 |대단히 )?(?:고마(?:워요?|워용|웡)|고맙(?:습니다|네요)|고마웠어요?|감사(?:합니다|해요|드려요|드립니다|했습니다)?|땡큐)|알겠(?:어요?|습니다)|(?:네|네네|넵|넹|예|응|아하?|오|오케이|ㅇㅋ|ㅇㅇ|좋아요?|좋네요?|굿|그렇군요?|그래요?|됐어요?|됐습니다)"
    r"|수고(?:하셨(?:습니다|어요)|했(?:어요?|습니다)|많으셨(?:습니다|어요))|ㄱㅅ|ㄳ|ㄱㅅㄱㅅ|ㅋ{1,20}|ㅎ{1,20}|도움이? ?(?:많이 )?(?:됐|되었)(?:어요?|습니다|네요)",
    re.IGNORECASE,
)
_GOODBYE = re.compile(
    rf"(?:ok(?:ay)?,? )?(?:bye(?:[ -]?bye)?|good ?bye|see (?:you|ya)(?: later| soon)?|have a (?:nice|good|great) (?:day|one|evening|weekend)|good night){_EXTRA}"
    r"|ㅂㅂ|ㅂㅇ|바이(?:바이)?|잘 ?(?:가요?|있어요?)|안녕히 ?(?:계세요|가세요|계십시오)|수고(?:하(?:세요|십시오)|요)|다음에 ?(?:또 ?)?(?:봐요?|뵙겠습니다|올게요)",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"(?:so |and |but |wait,? )?(?:who|what) (?:exactly )?are you|what(?:'s| is) your name|are you (?:an? )?(?:bot|chat ?bot|robot|human|ai|real|real person|person|machine|chatgpt|gpt)"
    r"|what (?:can|do) you do|what can (?:i|you) (?:ask|answer|help)(?: (?:you|me))?(?: (?:about|with))?|how (?:can|do) you (?:work|help(?: me)?)|how does this work|help(?: me)?"
    r"|(?:너는?|넌|당신은?|이 ?챗봇은?|챗봇은?) ?(?:누구|뭐|무엇|어떤 ?(?:챗봇|프로그램))(?:야|니|예요|에요|인가요|입니까|세요)?|(?:너는?|넌|당신은?) (?:사람|로봇|봇|AI|인공지능)(?:이야|이니|이에요|인가요|이세요|야|니|예요)?"
    r"|(?:너|네|당신)의? ?이름(?:이|은) ?(?:뭐|무엇)\S{0,4}|(?:뭐|뭘|무엇을|어떤 (?:걸|것을)) ?(?:물어 ?(?:볼|보면)|질문할) ?(?:수 ?있(?:어요?|나요|습니까)|돼요?|되나요)|도움말|(?:너는?|넌|당신은?) (?:뭘|무엇을) (?:할 수 있\S{1,3}|하\S{1,3})",
    re.IGNORECASE,
)
_SAID = (
    (_GREETING, {"en": "Hello. Ask me about the resume, for example about jobs, studies or skills.", "ko": "안녕하세요. 경력, 학력, 기술처럼 이력서에 관해 물어보세요."}),
    (_THANKS, {"en": "You are welcome. Ask on whenever you like.", "ko": "천만에요. 궁금한 점이 있으면 더 물어보세요."}),
    (_GOODBYE, {"en": "Goodbye.", "ko": "안녕히 가세요."}),
    (_ABOUT, {
        "en": "I am Vouch, a program that answers from the lines of the resume and shows where they stand. Ask me about jobs, studies, skills or dates.",
        "ko": "저는 이력서에 적힌 내용으로 답하고 그 자리를 보여 주는 프로그램 Vouch입니다. 경력, 학력, 기술, 날짜를 물어보세요.",
    }),
)  # fmt: skip


_THANKED = 1  # of _SAID


def small_talk(message: str) -> str:
    """What is said to a message that is small talk from end to end, in its language, to the last kind of several; "" to any other.

    "Thanks! And where did she study?" is a question; "ok thanks bye" and "안녕 반가워" are small talk in several pieces.
    """
    rest = re.sub(r"\s+", " ", re.sub(r"[^\w\s'’,.!-]+", " ", message)).strip(_BETWEEN)
    rest = re.sub(r"(?<=\S)[ ,.!~]*[ㅋㅎㅠㅜ]{1,20}$", "", rest)  # laughter behind something says nothing more
    if len(rest) > MOST:
        return ""
    last = None
    while rest:
        heard = [(found.end(), kind) for kind, (pattern, _) in enumerate(_SAID) if (found := _piece(pattern, rest))]
        if not heard:
            return ""
        end, kind = max(heard)
        rest, last = rest[end:].strip(_BETWEEN), max(kind, -1 if last is None else last)
    if last is None or (last == _THANKED and "?" in message):  # "Is that all?" asks back
        return ""
    return _SAID[last][1][_language(message)]


_REASON = re.compile(
    r"(?<=[?])\s+(?:[^?]{2,60}(?:려고요?|해서요?|어서요?|때문(?:에요?|이에요|입니다)?|거든요|하네요|네요)|(?:I(?:['’]m|['’]d| am| want| need| would| have)?|just|because|we(?:['’]re| are| need| want)?|asking)\b[^?]{2,80})[.!~ ]*$", re.IGNORECASE
)

# "does she speak Welsh, our site is in Cardiff": the same in the question's own sentence.
_REASON_BEHIND = re.compile(
    r"(?<=\w), (?:(?:our|my) (?:[\w'’-]+ ){1,3}(?:is|are|has|have|speaks?|uses?|needs?|runs?|works?|wants?)|we (?:need|are|use|have|work|want|run|speak)|we['’]re|because|since we|as we|asking (?:because|since|as|for)|it['’]s for|just (?:checking|wondering|curious))\b[^?,]{0,80}\W*$",
    re.IGNORECASE,
)

# Who asks, and why, in a sentence before the question.
_WHO_ASKS = re.compile(
    r"(?:I(?:['’]m| am|['’]ve| have| need to| want to|['’]d like to)|we(?:['’]re| are|['’]ve| have)|my name is|this is)\b(?![^.!?\n]*\b(?:ask(?:ed)? for|requires?|must)\b)[^.!?\n]{3,120}[.!]\s+(?=[^.!\n]{8,200}\?)"
    r"|[^.!?\n]{2,40}(?:입니다|이에요|예요|인데요)[.!,]\s+(?=[^.!\n]{8,200}(?:요|까|나|죠|줘)\?)",
    re.IGNORECASE,
)


def asked_alone(message: str) -> str:
    """A question without the greeting, and whoever asks it, before it and the reason behind it: "hi, where does she live?", "어디 살아요? 출퇴근 가능한지 보려고요"."""
    rest = _REASON_BEHIND.sub("", _REASON.sub("", message))
    found = re.match(rf"(?:{_GREETING.pattern})[,.!~ ]+(?=\S)", rest, re.IGNORECASE)
    rest = rest[found.end() :] if found and len(rest) > found.end() + 3 else rest
    return rest[before.end() :] if (before := _WHO_ASKS.match(rest)) else rest


def _piece(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The longest of the beginnings of a text that is a piece of small talk: it ends where a word does."""
    ends = [0, *(found.end() for found in re.finditer(r"[^\s,.!-]+", text))]
    return next((found for end in reversed(ends[1:]) if (found := pattern.fullmatch(text, 0, end))), None)


def _language(message: str) -> str:
    """Of the letters, among them Korean ones that make no syllable ("ㄱㅅ")."""
    return "ko" if re.search("[ㄱ-ㅎ]", message) else language_asked(message)
