"""Whom somebody led: the lines of each job that say how many people, or whose, with the heading of the job.

"Any management experience?", "How big is her team?" are asked of everybody who leads, and a reranker takes the line about managed budgets along.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rag.durations import title_parts
from rag.entries import in_detail
from rag.jobs import named_jobs, with_posts_beside
from rag.language import as_asked
from rag.meant import named_periods
from rag.tasks import lines_under
from rag.types import Chunk

MOST, OF_ONE_JOB = 6, 2  # lines in all, and of each job

_S = r"(?:he|she|they|you|the candidate|the applicant|this (?:person|candidate|applicant))"
_HIS = r"(?:his|her|their|the|your|the candidate['’]s)"
_LEAD = r"(?:(?:so|and|ok|okay|also|please|then),? )*"
_KIND = r"(?:(?:people|team|staff|line|personnel) )?(?:management|leadership|managerial|supervisory|managing|team[- ]lead(?:er(?:ship)?|ing)?)"
_ASKS = re.compile(
    rf"{_LEAD}(?:(?:does|do|did|has|have) {_S} (?:(?:have|had|got|has) )?(?:any |some |much )?|(?:what|how much|which) |any |is there (?:any )?|{_HIS} )?{_KIND} (?:experience|skills|roles?)(?: (?:does|do|has|have) {_S}(?: have| got)?)?"
    rf"|{_LEAD}(?:(?:does|do|did|has|have) {_S} (?:have |had |got )?)?(?:any |some |much )?experience (?:in |with |of )?(?:managing|leading|supervising) (?:(?:a|any|other) )?(?:people|teams?|staff|others|employees)"
    rf"|{_LEAD}(?:(?:has|have|did|does|do) {_S} (?:ever )?(?:have|had|got) )?(?:any |some )?direct reports"
    rf"|{_LEAD}(?:has|have|did|does|do) {_S} (?:ever )?(?:led|lead|managed?|supervised?|run|mentor(?:ed)?|coach(?:ed)?) (?:(?:a|any|other) )?(?:people|teams?|anyone|anybody|somebody|staff|others|employees)(?: (?:there|at (?P<at>[^?,:]{{2,60}})))?",
    re.IGNORECASE,
)
# How many: lines with a number.
_HOW_MANY = re.compile(
    rf"{_LEAD}(?:how many (?:direct )?reports|how many (?:people|reports|direct reports|engineers|developers|employees|staff|team members|subordinates) (?:has|have|did|does|do|is|was) {_S} (?:ever )?(?:manag(?:e|ed|ing)|led|lead(?:ing)?|supervis(?:e|ed|ing)|have(?: under (?:him|her|them))?|had(?: under (?:him|her|them))?|in charge of|responsible for)"
    rf"|how many (?:people )?(?:report(?:ed)? to|work(?:ed)? (?:for|under)|(?:are|is|were|was) (?:there )?(?:under|on|in)) (?:him|her|them|{_HIS} team)|how many (?:people|staff|chefs|cooks) (?:(?:are|is|were|was|has {_S} got|does {_S} have) )?(?:there )?(?:in|on) {_HIS} (?!team)[a-z]{{3,12}}|how many [a-z]{{4,14}} (?:(?:are|is|were|was) )?(?:working )?(?:under|below|reporting to) (?:him|her|them)|how (?:big|large) (?:is|was|are|were) {_HIS} (?:current |present |own |whole )?teams?|(?:what(?:['’]s| is| was) )?(?:the )?(?:size of {_HIS} (?:current |present |own |whole )?team|(?:{_HIS} )?team size))(?: (?:now|currently|at present|at the moment|right now|there|today|(?:at|with|in) (?P<at>[^?,:]{{2,60}})))?",
    re.IGNORECASE,
)
_PERFECT = re.compile(rf"\b(?:has|have|had) {_S}\b|\bever\b", re.IGNORECASE)  # in any job
_PRESENT = re.compile(rf"\b(?:does|do|is|are|now|currently|current|present|moment)\b|^(?:{_HIS} )?team size|현재|지금", re.IGNORECASE)
_ASKS_KO = re.compile(
    r"(?:(?:이|그) ?(?:사람|분)|지원자|후보자)?(?:님|씨)?(?:은|는|이|가|의)? ?(?:(?:관리자|팀장|리더|리더십|팀 ?리딩|리딩|팀 ?관리|인력 ?관리|팀 ?리드|인원 ?관리|매니징|피플 ?매니징)(?:로서|으로서|로)? ?(?:경험|경력)(?:은요|은|는|이|도)?(?: ?(?:있|없|어떻|뭐|어때)\S{0,6})?"
    r"|(?:팀|사람|팀원|직원|부하 ?직원|인원)(?:들)?(?:을|를)? ?(?:이끈|이끌어 ?본|관리한|관리해 ?본|리드한|리딩한|리드해 ?본) ?(?:적|경험)(?:이|은|도)? ?(?:있|없)\S{0,6})"
)
_HOW_MANY_KO = re.compile(
    r"(?:(?:이|그) ?(?:사람|분)|지원자|후보자)?(?:님|씨)?(?:은|는|이|가|의)? ?(?:지금 ?|현재 ?)?(?:(?:팀원|부하 ?직원|직원|관리 ?인원|팀 ?인원|팀)(?:은|는|이|가|을|를)? ?(?:총 ?|모두 ?)?몇 ?명\S{0,6}(?: ?(?:관리|이끌|리드|있)\S{0,6}){0,2}|팀(?:의)? ?(?:규모|크기|인원)(?:은|는|이|가)?(?: ?(?:얼마나|어떻게|몇)\S{0,6})?(?: ?(?:돼|되|커|큰)\S{0,5})?|몇 ?명(?:을|이나|의)? ?(?:팀원(?:을)? ?)?(?:관리|이끌|이끄|리드|리딩)\S{0,8})(?: ?(?:지금|현재))?"
)
_PEOPLE = r"(?:teams?|staff|people|engineers?|developers?|designers?|nurses?|employees|colleagues|apprentices?|interns?|juniors?|trainees?|reports|members|brigade|crew|squad|analysts?|consultants?|technicians?|teachers?|assistants?|managers?|volunteers?|students|graduates|cooks?|chefs?|workers|operators|salespeople|agents?)"
_SO_MANY = r"(?:\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty)"
# The people stand right behind the verb: "managed 25 projects with consultants", "managed a database of volunteers" lead nobody.
_FEW = r"(?:(?:up to|more than|as many as) )?(?:(?!(?:with|for|by|to|on|from|through|across|of|in|training|payroll)\b)[\w'’&/+-]{1,24},? ){0,5}?"
# Other nouns for people, by how they end; these end so, too.
_NO_PERSON = r"(?:servers|containers|computers|trailers|orders|numbers|centers|papers|letters|customers|suppliers|partners|users|quarters|tenders|boilers|sensors|motors|reactors|plants|tenants|variants|consumers|printers|routers|clusters|folders|layers|chapters|offers|newsletters|covers|rates|templates|dates|sites|estates|updates|certificates|errors|doctors|contractors|clients|patients|readers|members|followers|subscribers|buyers|sellers|vendors|investors|donors|visitors)"
_PERSON = rf"(?!{_NO_PERSON}\b)[a-z]{{2,20}}(?:ers|ors|ists|ants|ees|mates|men|women|iates)"
_THINGS = r"(?:projects|sites|accounts|stores|shops|branches|installations|tests|trials|theses|systems|servers|lines|works)"
# A team of theirs; teaching and hiring alone are none.
_TEAM = re.compile(
    rf"\bsupervis(?:e|es|ed|ing) (?:one|an?) (?:[\w-]+ ){{0,2}}(?:assistant|clerk|trainee|apprentice|intern|junior|administrator|technician|nurse|teacher|cook|worker|student)\b(?=[^\w ]|$| (?:and|in|on|at|who)\b)|\b(?:led|leads?|leading|manag(?:e|es|ed|ing)|supervis(?:e|es|ed|ing)|head(?:s|ed|ing)?|oversaw|oversees?|overseeing|direct(?:s|ed|ing)|in charge of|responsible for|line[- ]manag\w+) {_FEW}{_PEOPLE}\b"
    rf"|\b(?:supervis(?:e|es|ed|ing)|line[- ]manag\w+) (?:up to |over |about )?{_SO_MANY} (?:[\w-]+ ){{0,2}}(?!{_THINGS}\b)[\w-]+s\b"
    rf"|\b(?:led|leads?|leading|manag(?:e|es|ed|ing)|oversaw|oversees?|overseeing|r[au]n|head(?:s|ed)?) (?:up to |over |about )?{_SO_MANY} (?:[\w-]+ ){{0,2}}{_PERSON}\b"
    rf"|\b(?:r[au]ns?|owns?|operates?) [^.;\n]{{0,70}}? with {_SO_MANY} (?:[\w-]+ ){{0,2}}(?:{_PEOPLE}|{_PERSON})\b"
    rf"|\b(?:tech(?:nical)?|team|engineering|squad|chapter|project) lead(?:er)? (?:of|for) [^.;\n]{{0,60}}\b{_SO_MANY}\b|\b(?:tech(?:nical)?|team|engineering) lead(?:er)? (?:of|for) (?:the |a )?(?:[\w-]+ ){{0,3}}(?:team|squad)\b"
    rf"|\bline manager (?:of|to|for) (?:up to |about |over )?{_SO_MANY}\b"
    rf"|\b(?:team|brigade|crew|squad|section|platoon|group)s? (?:of )?(?:up to |about |over )?{_SO_MANY}(?! ?(?:%|stores|sites|projects|companies|schools|hospitals))\b|\bguid(?:ed|es) {_SO_MANY} (?:[\w-]+ ){{0,2}}{_PERSON}\b|\b\d+[- ](?:person|strong|member|people) (?:team|crew)|\b{_SO_MANY} (?:direct )?reports\b|\bdirect reports\b|\bteam size\W{{1,3}}\d"
    r"|(?:팀원|직원|인원|인력|마케터|개발자|디자이너|엔지니어|간호사|연구원|강사|조리사|요원|매니저)(?:들)?[^\n,·]{0,14}?(?:리드|리딩|관리|이[끌끄끈끎끕끔]|총괄|통솔|구성된)"
    r"|(?:기획자|설계자|담당자|개발자|작업자|기술자|분석가|[가-힣]{1,6}(?:이너|니어|래머|케터|매니저|사원|요원|기사|간호사|연구원|상담원|상담사|교사|강사|직원|팀원)) ?\d+ ?명(?:과|,|,? ?및)? ?(?:[가-힣A-Za-z]{1,8} ?\d+ ?명)?(?:을|의)? ?(?:이[끌끄끈끎끕끔]|통솔|지휘)"
    r"|\d+ ?(?:명|인)(?:의|으로 ?구성된)? ?(?:[가-힣A-Za-z]{1,8} ?)?(?:팀|조직|파트)(?:을|를)? ?[^\n,·]{0,8}?(?:리드|리딩|관리|이[끌끄끈끎끕끔]|총괄|운영)"
    r"|(?:팀|파트|조직) ?(?:원 ?)?\(?\d+ ?명\)?[^\n,·]{0,8}?(?:리드|리딩|관리|이[끌끄끈끎끕끔]|총괄)|(?:부하 ?직원|관리 ?인원|산하 ?인원|팀 ?인원|팀원)\s?[:：]?\s?(?:총 )?\d+ ?명|(?:총괄|운영|관리)[^\n]{0,12}?(?:정?직원|인원|스태프|팀원) ?\d+ ?명|\d+ ?명,? ?(?:및 |과 )?(?:[가-힣]{1,6} ?)?\d+ ?명(?:을)? ?관리|(?:리드|리딩) ?\([^)\n]{0,20}\d+ ?명|팀 ?(?:리드|리더|리딩)|\d+ ?명의? ?(?:테크|기술|개발|팀) ?(?:리드|리더)",
    re.IGNORECASE,
)
_TAUGHT = re.compile(
    rf"\b(?:mentor(?:s|ed|ing)?|coach(?:es|ed|ing)?|buil(?:t|d|ds|ding)|grew|recruit(?:s|ed|ing)?|hir(?:e|es|ed|ing)|train(?:s|ed|ing)) {_FEW}{_PEOPLE}\b"
    r"|(?:팀원|후배|주니어|신입|인턴)[^\n]{0,25}(?:지도|멘토|육성|프리셉터)|멘토링[^\n]{0,20}팀원|프리셉터",
    re.IGNORECASE,
)
_NO_LEADING = re.compile(
    r"\b(?:project|product|account|customer|client|stakeholder)s?[- ]manag(?!ers?\b)|\btraining (?:course|programme|program)|\b(?:work(?:s|ed|ing)?|member|part|played|served) (?:\w+ ){0,2}(?:in|of|on|with) (?:an? |the )?(?:[\w-]+ ){0,3}(?:team|crew|brigade|squad)|\bsupervised by\b|\breport(?:s|ed|ing)? to\b"
    r"|(?:고객|예산|회원|환자|학생|급여|협력 ?업체|거래처)[^\n]{0,12}관리|급여|일원|팀원으로|구성원으로|보조|참석|참가자",
    re.IGNORECASE,
)
MAX_LINE = 600  # characters of a line that says whom somebody led
_NUMBER = re.compile(rf"\d|\b{_SO_MANY}\b", re.IGNORECASE)
# The same in any words, of any job.
_ASKS_WHETHER = re.compile(
    r"\b(?:led|lead|manag(?:e|es|ed|ing)|supervis(?:e|es|ed|ing)|in charge of|line[- ]manag\w+) (?:any |a |other |some )?(?:people|teams?|anyone|anybody|somebody|staff|others|employees|direct reports)\b"
    r"|(?:팀원|직원|사람|부하 ?직원|팀|인원)(?:들)?(?:을|를|도)? ?(?:관리|이끌|이끈|리드|리딩)",
    re.IGNORECASE,
)
_BOSS = re.compile(r"\b(?:manager|lead(?:er)?|head|chief|supervisor|director|foreman|captain|principal|superintendent|coordinator|chef)\b|(?:팀장|파트장|실장|소장|본부장|센터장|부장|과장|반장|조장|리더|리드|매니저|점장|수간호사|주임|책임)", re.IGNORECASE)
_LEADER = re.compile(r"\b(?:team lead(?:er)?|head of|head (?!chef)|supervisor|people manager|director)\b|(?:팀장|파트장|실장|본부장|센터장|리더)$", re.IGNORECASE)


_HOW_MANY_LED_KO = re.compile(r"(?:팀원|부하 ?직원|직원|인원|후배)(?:은|는|을|를|이|가)? ?(?:총 ?|모두 ?)?몇 ?명(?:이나|을|를)? ?(?:관리|이끌|이끈|리드|거느|지휘|통솔)")
_BESIDE = re.compile(r"(?:이전|다음)에는? ?어디|\bwork (?:right |just )?(?:before|after)\b", re.IGNORECASE)


def asks_leading(question: str) -> bool:
    """Whether it is asked if somebody led people, or how many, and nothing besides; candidates' names replaced as in retrieval (`without_names`)."""
    asked = as_asked(_told(question)[1])
    return any(pattern.fullmatch(asked) for pattern in (_ASKS, _HOW_MANY, _ASKS_KO, _HOW_MANY_KO))


def _told(question: str) -> tuple[str, str]:
    """The heading of the job that a question is put behind, "" without one; and the rest of it."""
    heading, colon, rest = question.rpartition(": ")
    return (heading, rest) if colon else ("", question)


def leading(question: str, chunks: Sequence[Chunk]) -> list[tuple[int, int, int]]:
    """(position, start, end) in `chunk.text` of the lines that say whom somebody led, each job's under its dated line, the latest job first; where a
    number is asked for, of the job that is meant or the latest that has one. Nothing for another question, for passages of several people, and where no
    line says so.

    Args:
        chunks: all passages of one person.
    """
    if not asks_leading(question):
        return []
    heading, rest = _told(question)
    asked = as_asked(rest)
    number = bool(_HOW_MANY.fullmatch(asked) or _HOW_MANY_KO.fullmatch(asked))
    every = in_detail(chunks)
    place = heading or next((found["at"] for pattern in (_HOW_MANY, _ASKS) if (found := pattern.fullmatch(asked)) and found["at"]), "")
    if place:
        jobs = with_posts_beside(named_jobs(place, chunks) or named_periods(place, chunks), every)
    else:
        jobs = every
        if number and _PRESENT.search(asked):
            jobs = [job for job in jobs if job.goes_on] or jobs
    jobs = sorted((job for job in jobs if job.headed), key=lambda job: (job.end, job.start), reverse=True)
    found: list[tuple[int, int, int]] = []
    lines = 0
    for job in jobs:
        told = [line for line in lines_under(job, chunks, every) if _says(chunks[line[0]].text[slice(*line[1:])], number)][:OF_ONE_JOB]
        titled = _says(chunks[job.position].text[slice(*job.line)], number) or (not number and any(_LEADER.search(part) for part in title_parts(job)))
        if (told or titled) and lines + len(told) <= MOST:
            found += [(job.position, *job.line), *told]
            lines += max(1, len(told))
        if number and (told or titled) and not _PERFECT.search(asked):
            break
    return found


def _says(line: str, number: bool) -> bool:
    """Whether a line says whom somebody led; with a `number`, how many were of their team."""
    if len(line) > MAX_LINE or _NO_LEADING.search(line):
        return False
    return bool(_TEAM.search(line) and _NUMBER.search(line)) if number else bool(_TEAM.search(line) or _TAUGHT.search(line))


def leads_nobody(question: str, lines: Iterable[str], by_title: bool = False) -> bool:
    """Whether it is asked if somebody led people, not how many, and none of the lines says so, nor, `by_title`, has the title of somebody who may."""
    if _BESIDE.search(question):
        return False  # "Acme, 팀 리드 이전에는 어디서 일했나요?"
    plain = as_asked(_told(question)[1])
    if _HOW_MANY_LED_KO.search(question):  # "애드브릿지에서는 팀원 몇 명 관리했어요?"
        return not any(_says(line, number=True) for line in lines)
    asked = _ASKS_WHETHER.search(question) or _ASKS.fullmatch(plain) or _ASKS_KO.fullmatch(plain)
    return asked is not None and not any(_says(line, number=False) or (by_title and _BOSS.search(line)) for line in lines)
