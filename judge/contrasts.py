"""Words of which a statement can hold one only: a degree, a rank, a season, a direction of change.

`clash` finds the claim's word whose place in the passage is taken by another of its kind ("the sources
say 'second', not 'first'"), `denial` what the claim says was so and the passage that it was not. The training turns
the same lists into false claims.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from judge.text import normalise, stem_en, words

# One set a line: its members are kept apart by #, their spellings by |. English words match with their inflections.
_SETS = """
increase|raise|grow|grew|grown|rise|rose|risen|improve|boost|expand|gain|double|triple|증가|증대|성장|상승|향상|확대|높이|높였|높아|늘렸|늘었|늘어|올렸|올랐|개선 # reduce|cut|decrease|lower|drop|fell|fall|shrink|shrank|decline|halve|slash|감소|하락|축소|절감|단축|낮추|낮췄|낮아|줄였|줄었|줄어|악화
led|lead|head|manage|supervise|주도|이끌|이끈|리드|총괄|관리 # assist|help|support|보조|지원|도왔|도운
join|입사|합류 # left|leave|quit|resign|퇴사|그만두|그만뒀
start|begin|began|시작|착수 # stop|end|finish|종료|끝냈
enrol|enroll|입학 # graduate|졸업
before|prior to|earlier than|이전|전에|앞서 # after|later than|이후|후에|뒤에
first|1st|최초|처음|첫|제1 # second|2nd|두 번째|둘째|제2 # third|3rd|세 번째|셋째|제3 # fourth|4th|네 번째|제4 # fifth|5th|다섯 번째|제5 # sixth|6th|제6 # last|final|마지막|최후
full-time|정규직|permanent|상근 # part-time|시간제|파트타임|비상근 # contract|temporary|freelance|계약직|기간제|임시직|파견|프리랜서
intern|trainee|인턴|수습|실습생 # junior|주니어|신입 # senior|시니어|선임 # principal|책임 # 수석 # director|소장|본부장
deputy|vice|acting|부팀장|부회장|교감|대행 # assistant|보조|조교 # chief|head|교장|원장
사원 # 주임 # 대리 # 과장 # 차장 # 부장 # 이사 # 상무 # 전무
팀원 # 파트장 # 팀장 # 실장 # 본부장
doctorate|doctoral|phd|ph.d|박사 # master|m.a|m.s|m.sc|msc|mba|석사 # bachelor|b.a|b.s|b.sc|bsc|학사 # associate|a.a.s|전문학사
native|mother tongue|원어민|모국어 # fluent|유창|능통 # advanced|상급|고급 # intermediate|중급 # basic|beginner|elementary|초급|기초|기본
present|current|currently|현재|재직 # former|formerly|previously|과거
external|외부 # internal|사내|내부
minimum|최소 # maximum|최대
pass|합격 # fail|불합격|낙방
won|win|winner|우승|수상 # shortlist|nominate|nomination|finalist|runner-up|후보 # lost|lose|탈락|낙선
buy|bought|purchase|acquire|매입|구입|구매|인수 # sell|sold|매각|매도|팔았
hire|recruit|채용 # fire|dismiss|lay off|laid off|해고
major|주전공 # minor|부전공
public|공립|국립|공공 # private|사립|민간
onsite|on-site|출근 # remote|remotely|재택|원격
upgrade|승격|승진 # downgrade|강등
import|수입 # export|수출
domestic|국내 # overseas|abroad|해외|국외
online|온라인 # offline|오프라인|대면
written|필기 # practical|실기 # interview|면접
daytime|day shift|낮 # night|nightly|야간|밤 # morning|오전|아침 # afternoon|오후 # evening|저녁
daily|every day|per day|매일|일일 # weekly|every week|per week|매주|주간 # biweekly|격주 # monthly|every month|per month|매월|매달|월간 # quarterly|per quarter|분기 # annual|annually|yearly|every year|per year|매년|연간|해마다
spring|봄 # summer|여름 # autumn|fall semester|가을 # winter|겨울
monday|월요일 # tuesday|화요일 # wednesday|수요일 # thursday|목요일 # friday|금요일 # saturday|토요일 # sunday|일요일
weekday|평일 # weekend|주말
north|northern|북부|북쪽 # south|southern|남부|남쪽 # east|eastern|동부|동쪽 # west|western|서부|서쪽
accept|approve|adopt|승인|수용|채택 # decline|reject|refuse|turn down|turned down|반려|거절|거부|보류
alone|by herself|by himself|on her own|on his own|single-handedly|sole|혼자|단독|홀로 # together|jointly|co-author|co-found|co-organise|co-organize|co-wrote|team of|공동|함께|여럿이
introduce|launch|open|도입|출시|개점|개설 # abolish|withdraw|withdrew|discontinue|retire|close|폐지|중단|폐쇄|폐점
in favour|in favor|찬성 # oppose|반대
indoor|실내 # outdoor|실외|야외
primary|elementary|초등 # secondary|middle school|중학 # high school|고등
mentor|멘토 # mentee|멘티
above|more than|over|초과|이상|넘 # below|less than|under|미만|이하|이내
half|절반 # double|twice|두 배|2배 # triple|세 배|3배
red|빨강|빨간|적색 # blue|파랑|파란|청색 # green|초록|녹색 # black|검정|검은|흑색 # white|하양|흰|백색 # yellow|노랑|노란
first half|상반기 # second half|하반기
first quarter|q1|1분기 # second quarter|q2|2분기 # third quarter|q3|3분기 # fourth quarter|q4|4분기
chief executive officer|ceo|최고경영자 # chief technology officer|cto|최고기술책임자 # chief financial officer|cfo|최고재무책임자 # chief operating officer|coo|최고운영책임자
gold medal|gold prize|won gold|금상|금메달 # silver medal|silver prize|won silver|은상|은메달 # bronze medal|bronze prize|won bronze|동상|동메달
수석으로|수석 졸업|수석 입학|수석졸업 # 차석
army|육군 # navy|해군 # air force|공군 # marine corps|해병대
wooden|wood|나무|목재 # stone|돌|석재 # steel|강철|철제 # glass|유리
"""
# Where a word of a set means something else (a front-end is no end, an applicant, 지원자, no help), or either thing:
# what is improved may have become less.
_ELSE = re.compile(
    r"\bimprov\w+|개선|향상"
    r"|(?:front|back|high|low)[- ]end\b|\bend[- ](?:to[- ]end|users?)\b|year-end|start-?ups?\b|\bclosely\b"
    r"|\bpresent(?:ed|ing|ation\w*)\b|\bcontracts\b|\bin (?:under|over|less than)\b"
    r"|\b(?:customer|technical|tech|it|help|user|product|client) (?:support|help|desk)\b"
    r"|\bsupport(?= (?:engineer|team|staff|specialist|agent|desk|ticket|manager|analyst|representative))"
    r"|지원(?=자|금|서|팀|부|센터|\s?사업)|(?:경영|고객|기술|영업|인사|행정|교육)\s?지원"
    r"|팀원(?!으로|이[었며고]|입니다|이다|\s*$|\()|책임(?=[지졌을감자있])|대리(?=점|인|운전)|주차장|이사회|반려(?=[동견묘])|보조금|최소화|최대한|(?<=[가-힣])[금은동]상"
)
_SUFFIX = r"(?:s|d|ed|ing|er|ers|es|ly|led|ling|ped|ping|ted|ting|red|ring)?"


@lru_cache(maxsize=1)
def sets() -> tuple[tuple[tuple[re.Pattern, tuple[str, ...]], ...], ...]:
    """Every set as its members, each a pattern and its spellings."""
    made = []
    for line in _SETS.strip().splitlines():
        members = []
        for member in line.split("#"):
            words = tuple(word.strip() for word in member.split("|"))
            parts = []
            for word in words:
                if "가" <= word[0] <= "힣":
                    parts.append(rf"(?<![가-힣]){word}(?![가-힣]{{2}})" if len(word) == 1 else re.escape(word))
                elif re.fullmatch(r"[a-z]+e", word):
                    parts.append(rf"\b{word[:-1]}(?:e|ed|es|ing|er|ers|ely)\b")
                elif re.fullmatch(r"[a-z]+y", word):
                    parts.append(rf"\b{word[:-1]}(?:y|ied|ies|ying)\b")
                elif re.fullmatch(r"[a-z]+", word):
                    parts.append(rf"\b{word}{_SUFFIX}\b")
                else:
                    parts.append(rf"(?<![a-z]){re.escape(word)}(?![a-z])")
            members.append((re.compile("|".join(parts)), words))
        made.append(tuple(members))
    return tuple(made)


@lru_cache(maxsize=4096)
def _members(text: str) -> dict[int, dict[int, str]]:
    """Set number -> {member number: the word as it stands in `text`}."""
    low = _ELSE.sub(" ", normalise(text))
    found: dict[int, dict[int, str]] = {}
    for i, members in enumerate(sets()):
        here = {m: match.group() for m, (pattern, _) in enumerate(members) if (match := pattern.search(low))}
        if here:
            found[i] = here
    return found


# "English (native), Spanish (basic)", "영어 - 유창, 일본어 - 기초": things, each with its grade
_GRADED = re.compile(r"([^\s,;·():][^,;·():]{0,40}?)(?:\s?\(([^,;·()]{1,40})\)|\s[–—-]\s([^,;·():]{1,40}))(?=\s*(?:[,;·.]|$))")


def clash(claim: str, line: str) -> tuple[str, str] | None:
    """(the claim's word, the line's word) of the first set of which they hold different members, or None.

    In a list of things with their grades the grade of the thing that the claim names counts, not those of the others.
    """
    mine, theirs = _members(claim), _members(line)
    for i, said in mine.items():
        there = theirs.get(i)
        if there and len(there) > 1:
            there = _grade(claim, line, i) or there
        if not there or any(m in there for m in said):
            continue
        return next(iter(said.values())), next(iter(there.values()))
    return None


def _grade(claim: str, line: str, i: int) -> dict[int, str]:
    """The members of set `i` that grade the one thing of a list that the claim names; {} where it names none or several."""
    listed = [(match[1], match[2] or match[3]) for match in _GRADED.finditer(normalise(line))]
    named = [grade for thing, grade in listed if words(thing) and set(words(thing)) <= set(words(claim))]
    return _members(named[0]).get(i, {}) if len(listed) > 1 and len(named) == 1 else {}


_NOT_DONE = re.compile(
    r"\b(?P<said>(?:(?:did|do|does|has|have|had|was|were|is|are|can|could|will|would)(?: not|n't)|never|not)"
    r" (?!only\b|just\b|merely\b|all\b|every)(?:\w{1,20}ly )?(?P<verb>\w{1,30}))(?P<thing>[^.;,()\n]{0,60})"
    r"|(?P<ko_thing>(?:[가-힣A-Za-z0-9]{1,15}\s){1,4})(?P<ko_said>(?P<ko_verb>[가-힣]{1,6}?)(?:하|되)?지(?:는|도)?\s?(?:않|못)[가-힣]{0,6})"
)
_NOT_THERE = re.compile(
    r"(?:^|[.;,•*-]\s{0,3}|\b(?:but|and) )(?P<said>no (?P<thing>\w{1,30}(?: \w{1,30}){0,2}))\s?(?=$|[.;,(])"
    r"|\b(?P<named>\w{1,30}(?: \w{1,30}){0,2})\s?:\s?(?P<none>none|no)\b"
    r"|(?P<ko_thing>(?:[가-힣A-Za-z0-9]{1,15}\s){0,2}[가-힣A-Za-z0-9]{1,15}?)(?:은|는|이|가|도)?\s?(?P<ko_said>없음|없습니다|없다|미보유|미소지)"
)
_THERE = re.compile(r"\b(?:has|have|had|holds?|held|speaks?|knows?|with|there (?:is|are|was|were))\b|(?<!고 )있[습었다는음어]|보유|소지|취득")
_NO_VERB = frozenset(["하", "되", "있", "이"])  # alone they say nothing: 하지 않고, 적혀 있지 않음
_AFTER_ALL = re.compile(r"\b(?:until|before|except|unless|avoid\w*|prevent\w*|zero|free|eliminat\w*|reduc\w*)\b|까지|제외|외에|전에는")


def denial(claim: str, line: str, others: Sequence[str] = ()) -> tuple[str, str] | None:
    """(the claim's word, the line's words) where the claim says that something was done, or is there, and the line denies it; or None.

    Args:
        claim: without a "not" of its own.
        others: the lines around, which may tell that it was so elsewhere.
    """
    low, said = normalise(claim), frozenset(words(claim))
    line = normalise(line)
    if _AFTER_ALL.search(low):
        return None
    for match in _NOT_DONE.finditer(line):
        if match["ko_verb"] in _NO_VERB:
            continue
        verb, thing = match["verb"] or match["ko_verb"], words(match["thing"] or match["ko_thing"] or "")
        at = re.search(rf"\b{re.escape(stem_en(verb))}\w*" if match["verb"] else re.escape(verb), low)
        if at and not _AFTER_ALL.search(line, match.start()) and _told(thing, said, others):
            return at[0], match["said"] or match["ko_said"]
    if there := _THERE.search(low):
        for match in _NOT_THERE.finditer(line):
            if _told(words(match["thing"] or match["named"] or match["ko_thing"]), said, others):
                return there[0], match["said"] or match["none"] or match["ko_said"]
    return None


def _told(thing: Sequence[str], said: frozenset[str], others: Sequence[str]) -> bool:
    """Whether the claim says all of what is denied, and no other line does."""
    return bool(thing) and said.issuperset(thing) and not any(set(words(line)).issuperset(thing) for line in others)
