"""What a sentence says about the conversation, or about the documents, before it says something of the person.

"According to the resume, she left in 2021." and "Well, since you ask: she left in 2021." claim no more than "She left in 2021." does. An opening about the
documents is known by its form; one about the conversation by its words: all of them are among those that people talk of asking and answering
with, and one of them belongs to such talk alone. Any other word ("When asked to lead the team,") makes it part of the claim.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice


def _any_of(patterns: str) -> re.Pattern[str]:
    """One pattern of many that are written with spaces between them."""
    return re.compile("|".join(patterns.split()))


# No figures, up to the first comma.
_DOCUMENTS = (
    r"(?:resumes?|cvs?|excerpts?|context|passages?|information|documents?|sources?)\b"
    r"(?: (?:provided|above|given|shared|available|here|below|says?|states?|tells?(?: us)?|shows?|indicates?|i have|at hand|itself|we have))*"
)
_OF_DOCUMENTS = re.compile(
    rf"^(?:(?:as|according to|based on|from|judging (?:by|from)|going by|per|given|in (?:the )?light of)\b[^,.;\d]{{0,60}}?"
    rf"\b(?:the|this|these|your|her|his|their)\s+(?:\w+[ '’]){{0,4}}?{_DOCUMENTS}(?: (?:in|from|of|on|within) [^,.;\d]{{0,30}}?{_DOCUMENTS})?"
    r"(?: (?:about|for|of|on) [^,.;\d]{1,40})?,\s*"
    r"|(?:to (?:the best of )?my knowledge|in (?:short|brief|summary|other words)|to sum up),\s*"
    r"|the (?:resume|excerpts?|documents?) (?:says?|states?|tells? us) that\s+"
    r"|[^,.\d]{0,40}?(?:이력서|발췌문?|문서|자료|내용|정보|질문)(?:에|를|을)? ?[^,.\d]{0,40}(?:따르면|의하면|보면|바탕으로 하면|말하자면|드리자면|한에서|범위에서),?\s+)",
    re.IGNORECASE,
)

# Read as one word of talk each.
_PHRASES = (
    "of course", "simply put", "truth be told", "mind you", "plain english", "speaking of which", "fun fact", "fair enough", "no problem", "good news", "rest assured",
    "as requested", "the long and short of it", "long story short", "cut a long story short", "further ado", "for the record", "keep you waiting", "to the point", "short version",
    "long answer", "at the end of the day", "for completeness", "the sake of completeness", "as luck would have it", "needless to say", "believe it or not", "to be fair",
)  # fmt: skip
# Words of talk alone. "Yes" and "no" are not among them, nor is a word that places or restricts what follows (then, before, except).
_TALK = frozenset(
    """you you're you've you'd your let let's thanks thank sorry apologies apologise apologize sure okay ok alright certainly absolutely definitely
    glad pleased happy delighted please hi hello hey ah oh aha well so look listen hmm hm wow right fact thing question enquiry inquiry query
    answer here here's clear good great indeed honestly frankly reply response replying responding""".split()
) | frozenset(_PHRASES)
# Not alone, nor behind "I" ("Good: Python, Redis", "I answer ...").
_OFTEN_ELSE = frozenset("reply response listen answer question query enquiry inquiry good great clear fact thing here".split())
_BESIDE_TALK = frozenset(
    """a an the this that that's it it's its is am was were be been are to of for with on in about from as and or i i'm i'd i'll i've me my we we're
    we'll us can could will would should do does did have has had what which how why if since now just simply really quite exactly very truly
    simple easy straightforward nice excellent fair interesting lovely love wait waiting delay patience appreciate note point pointed out worth
    mention mentioning noting adding add say said saying tell telling inform confirm report share explain put lay walk through answering ask asked
    asking questions know wondering curious wanted want need needed looking see there hope hoping having day help yes yeah short quick quickly
    information info regard regarding concerning back coming come going go goes following follows found find got get getting give giving without
    further ado person's person career one matter details straight away pleasure pleasing keep keeping kindly advised aware brief wonderful kind
    thoughtful curiosity request requested thankfully naturally gladly below our such much briefly version bear gives able like way hear hearing
    happens""".split()
)
_SAYING = frozenset("say tell note report confirm mention mentioning mentioned noting adding add pointed inform".split())
_LEADS_TO_THAT = _SAYING | {"fact", "thing", "advised", "rest assured", "the long and short of it"}
_KOREAN_TALK = _any_of(
    r"""질문(?:에|을|은|이|까지|에는|하신|해|주신|이라면|이에요|이네요|이군요|이시네요|입니다|이었습니다|으로|이죠|인데요|에서)? 답변(?:드[가-힣]+|을|은|이|입니다|해|하자면|하면) 답(?:을|은|해|할|하자면|하면|하겠습니다) 대답[가-힣]+
    말씀[가-힣]* 말(?:하면|해서|하자면|이죠|이에요) 문의(?:하신|하셨던|주신|주셔서|해|드린|에) (?:물어|여쭤)[가-힣]+ 궁금[가-힣]+ 감사(?:합니다|드립니다|해요|드려요) 고맙[가-힣]+ 고마워요 죄송[가-힣]+ 미안[가-힣]+
    안녕[가-힣]+ (?:안내|설명|소개|요약|정리|확인)(?:해|드[가-힣]+|하자면|하면|하겠습니다) 알려 결론(?:부터|은|을|적으로) 음+ 흠+ 자 그럼요 물론(?:이죠|입니다|이에요|이지요)? 있잖아요 그러니까(?:요)? 사실(?:은|은요)? 참고로
    한마디로 당연하[가-힣]+ 오케이 있잖아 단도직입적으로 거두절미하고 각설하고 요컨대 아하 아시다시피 보시다시피 아무튼 어쨌든 그나저나 정답(?:은|은요|부터|입니다) 요점(?:은|만|부터) 핵심(?:은|만|을|부터) 본론(?:으로|부터) 요청하신
    회신드[가-힣]+ 궁금증(?:을|이)? 물음에 송구[가-힣]+ 반갑[가-힣]+ 반가워요 여기요 도와드[가-힣]+ 부탁드[가-힣]+ 솔직(?:히|하게) 맞습니다 맞아요 그렇습니다"""
)
_KOREAN_BESIDE = _any_of(
    r"""네 네네 넵 응 예 어 그래 그거 그건 그렇고 이거예요 이거야 이겁니다 내가 말해 말이야 줄게요? 들어 들어가[가-힣]* 봐요? 볼까요 보세요 주세요 쉬운 어렵지 않게 않고 기꺼이 도움이 되어 기쁩니다 짚어 풀어서? 다름이 아니라 해서 기다리게 좋아요
    너무 대단히 무척 친절하게 차근차근 여기 참고 두말할 것도 없이 그대로 늦어 늦게 있겠네요 싶어 답이 아 오 와 저 그럼 그래요 그러면 그게 쉽게 간단(?:히|하게) 간략(?:히|하게) 짧게 분명(?:히|하게) 확실(?:히|하게) 바로 다시 일단 우선
    마침 잘 정말 아주 참 좋은 좋으신 훌륭한 그 이 이건 이것은 해당 관련 부분(?:은|을|에|이라면)? 점(?:은|을|에)? 문의 내용(?:은|을|에|이|이네요|입니다|이에요)? 사항(?:은|을|에)? 것(?:은|을|이)? 건 걸 수 있는 있습니다 있어요
    있을 있고 대해 대해서 대하여 대한 관해 관하여 관한 아래와 다음과 같이 같습니다 이렇습니다 이런 이렇게 제가 저는 저도 저희가 해 하신 하시던 하셨던 주신 주셔서 주셨[가-힣]+ 드[릴리립려렸][가-힣]* 했는데요 하면 하자면 늦어서 기다려 기다려주셔서
    돌아가서? 아까 방금 이분 그분 이분의 경력에 경력은 신나서 할 싶습니다만? 싶네요 보겠습니다 볼게요 이[죠지]요?"""
)
_TOKEN = re.compile(rf"(?:{'|'.join(_PHRASES)})\b|[^\W_]+(?:['’-][^\W_]+)*|\S", re.IGNORECASE)
_ENDS = frozenset(",.:;!?…—–-~，。：！？")
MOST = 40  # words of an opening, with as many marks
OPENINGS = 8  # one after the other
LEFT = 2  # words that have to be left of the claim


def without_lead_in(text: str) -> str:
    """A sentence without an opening that speaks of the documents or of the conversation alone ("According to the resume, ...", "Thanks for asking: ...")."""
    for _ in range(OPENINGS):
        shorter = _OF_DOCUMENTS.sub("", text, count=1).strip()
        shorter = shorter[_talk_ends(shorter) :].strip()
        if not shorter or shorter == text:
            break
        text = shorter
    return text


def is_talk(text: str) -> bool:
    """Whether a sentence speaks of the conversation and of nothing else ("Let me answer that for you.")."""
    tokens = _tokens(text)
    words = [word for word, mark, _ in tokens if not mark]
    return bool(words) and tokens[-1][2] == len(text.rstrip()) and all(_known(word, words) for word in words) and _of_talk(words)


def _talk_ends(text: str) -> int:
    """The character behind an opening about the conversation; 0 where there is none, or fewer than LEFT words behind it."""
    end, words, tokens = 0, [], _tokens(text)
    for number, (word, mark, stop) in enumerate(tokens):
        if (mark or (word == "that" and _LEADS_TO_THAT & set(words))) and _of_talk(words) and sum(not mark for _, mark, _ in tokens[number + 1 :]) >= LEFT:
            end = stop
        if not mark:
            words.append(word)
            if not _known(word, words):
                break
    return end


def _tokens(text: str) -> list[tuple[str, bool, int]]:
    """The first words and marks of a text: each in small letters, whether it is a mark behind which a sentence may go on, and where it ends."""
    found = islice(_TOKEN.finditer(text), 2 * MOST + LEFT)
    return [(token[0].lower().replace("’", "'"), token[0] in _ENDS and not text[token.end() : token.end() + 1].isalnum(), token.end()) for token in found]


def _in_korean(words: list[str]) -> bool:
    return bool(words) and "가" <= words[0][0] <= "힣"


def _known(word: str, words: list[str]) -> bool:
    """Whether a word of an opening that begins with `words` may be talk."""
    if _in_korean(words):
        return bool(_KOREAN_TALK.fullmatch(word) or _KOREAN_BESIDE.fullmatch(word))
    return word in _TALK or word in _BESIDE_TALK


def _of_talk(words: list[str]) -> bool:
    """Whether words that are all known are an opening about the conversation."""
    if _in_korean(words):
        return any(map(_KOREAN_TALK.fullmatch, words))
    own = {"i", "we"} & set(words[:1])
    talk: Callable[[str], bool] = lambda word: word in _TALK and not (word in _OFTEN_ELSE and (own or len(words) == 1))
    return any(map(talk, words)) or (bool(_SAYING & set(words)) and words[0] in ("it", "i", "i'm", "i'd", "what"))
