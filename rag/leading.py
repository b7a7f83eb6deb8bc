"""Whom somebody led: the lines of each job that say how many people, or whose, with the heading of the job.

"Any management experience?", "How big is her team?" are asked of everybody who leads, and a reranker takes the line about managed budgets along.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.durations import title_parts
from rag.entries import Period, named_periods, parts, periods
from rag.language import as_asked
from rag.reranking import sentences
from rag.types import Chunk

MOST, OF_ONE_JOB = 6, 2  # lines in all, and of each job

_S = r"(?:he|she|they|you|the candidate|the applicant|this (?:person|candidate|applicant))"
_HIS = r"(?:his|her|their|the|your|the candidate['’]s)"
_LEAD = r"(?:(?:so|and|ok|okay|also|please|then),? )*"
_KIND = r"(?:(?:people|team|staff|line|personnel) )?(?:management|leadership|managerial|supervisory|managing|team[- ]lead(?:er(?:ship)?|ing)?)"
_ASKS = re.compile(
    rf"{_LEAD}(?:(?:does|do|did|has|have) {_S} (?:(?:have|had|got|has) )?(?:any |some |much )?|(?:what|how much|which) |any |is there (?:any )?|{_HIS} )?{_KIND} (?:experience|skills|roles?)(?: (?:does|do|has|have) {_S}(?: have| got)?)?"
    rf"|{_LEAD}(?:has|have|did|does|do) {_S} (?:ever )?(?:led|lead|managed?|supervised?|run|mentor(?:ed)?|coach(?:ed)?) (?:(?:a|any|other) )?(?:people|teams?|anyone|anybody|somebody|staff|others|employees)",
    re.IGNORECASE,
)
# How many: lines with a number.
_HOW_MANY = re.compile(
    rf"{_LEAD}(?:how many (?:people|reports|direct reports|engineers|developers|employees|staff|team members|subordinates) (?:has|have|did|does|do|is|was) {_S} (?:ever )?(?:manag(?:e|ed|ing)|led|lead(?:ing)?|supervis(?:e|ed|ing)|have(?: under (?:him|her|them))?|had(?: under (?:him|her|them))?|in charge of|responsible for)"
    rf"|how many (?:people )?(?:report(?:ed)? to|work(?:ed)? (?:for|under)|are (?:under|on|in)) (?:him|her|them|{_HIS} team)|how (?:big|large) (?:is|was|are|were) {_HIS} (?:current |present |own |whole )?teams?|(?:what(?:['’]s| is| was) )?(?:the )?(?:size of {_HIS} (?:current |present |own |whole )?team|(?:{_HIS} )?team size))(?: (?:now|currently|there|today))?",
    re.IGNORECASE,
)
_ASKS_KO = re.compile(
    r"(?:(?:이|그) ?(?:사람|분)|지원자|후보자)?(?:님|씨)?(?:은|는|이|가|의)? ?(?:(?:관리자|팀장|리더|리더십|팀 ?리딩|리딩|팀 ?관리|인력 ?관리|팀 ?리드|인원 ?관리|매니징|피플 ?매니징)(?:로서|으로서|로)? ?(?:경험|경력)(?:은요|은|는|이|도)?(?: ?(?:있|없|어떻|뭐|어때)\S{0,6})?"
    r"|(?:팀|사람|팀원|직원|부하 ?직원|인원)(?:들)?(?:을|를)? ?(?:이끈|이끌어 ?본|관리한|관리해 ?본|리드한|리딩한|리드해 ?본) ?(?:적|경험)(?:이|은|도)? ?(?:있|없)\S{0,6})"
)
_HOW_MANY_KO = re.compile(
    r"(?:(?:이|그) ?(?:사람|분)|지원자|후보자)?(?:님|씨)?(?:은|는|이|가|의)? ?(?:지금 ?|현재 ?)?(?:(?:팀원|부하 ?직원|관리 ?인원|팀 ?인원|팀)(?:은|는|이|가|을|를)? ?(?:총 ?|모두 ?)?몇 ?명\S{0,6}(?: ?(?:관리|이끌|리드|있)\S{0,6})?|팀(?:의)? ?(?:규모|크기|인원)(?:은|는|이|가)?(?: ?(?:얼마나|어떻게|몇)\S{0,6})?(?: ?(?:돼|되|커|큰)\S{0,5})?|몇 ?명(?:을|이나|의)? ?(?:팀원(?:을)? ?)?(?:관리|이끌|이끄|리드|리딩)\S{0,8})"
)
_PEOPLE = r"(?:teams?|staff|people|engineers?|developers?|designers?|nurses?|employees|colleagues|apprentices?|interns?|juniors?|trainees?|reports|members|brigade|crew|squad|analysts?|consultants?|technicians?|teachers?|assistants?|managers?|volunteers?|students|graduates|cooks?|chefs?|workers|operators|salespeople|agents?)"
_SO_MANY = r"(?:\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty)"
# A team of theirs; teaching and hiring alone are none.
_TEAM = re.compile(
    rf"\b(?:led|leads?|leading|manag(?:e|es|ed|ing)|supervis(?:e|es|ed|ing)|head(?:s|ed|ing)|oversaw|oversees?|overseeing|direct(?:s|ed|ing)|in charge of|responsible for|line[- ]manag\w+)\b[^.;\n]{{0,50}}?\b{_PEOPLE}\b"
    rf"|\b(?:team|brigade|crew|staff|squad|group|department) of {_SO_MANY}\b|\b\d+[- ](?:person|strong|member|people) team|\b\d+ (?:direct )?reports\b|\bdirect reports\b"
    r"|(?:팀원|직원|인원|마케터|개발자|디자이너|엔지니어|간호사|연구원|강사|조리사|\d+ ?(?:명|인)(?![가-힣]*회))[^\n]{0,25}(?:리드|리딩|관리|이끌|총괄|구성된)"
    r"|(?:리드|리딩|이끌|총괄)[^\n]{0,20}(?:팀원|\d+ ?(?:명|인))|팀 ?(?:리드|리더|리딩)",
    re.IGNORECASE,
)
_TAUGHT = re.compile(
    rf"\b(?:mentor(?:s|ed|ing)?|coach(?:es|ed|ing)?|built|buil(?:d|ds|ding)|grew|recruit(?:s|ed|ing)?|hir(?:e|es|ed|ing)|train(?:s|ed|ing))\b[^.;\n]{{0,50}}?\b{_PEOPLE}\b"
    r"|(?:팀원|직원|후배|주니어|신입|인턴|\d+ ?(?:명|인)(?![가-힣]*회))[^\n]{0,25}(?:지도|멘토|육성|프리셉터)|멘토링[^\n]{0,20}(?:팀원|\d+ ?(?:명|인))|프리셉터",
    re.IGNORECASE,
)
_NO_LEADING = re.compile(r"\b(?:project|product|account|customer|client|stakeholder)s?[- ]manag|\btraining (?:course|programme|program)|고객 ?관리|예산 ?관리", re.IGNORECASE)
_NUMBER = re.compile(rf"\d|\b{_SO_MANY}\b", re.IGNORECASE)
_LEADER = re.compile(r"\b(?:team lead(?:er)?|head of|head (?!chef)|supervisor|people manager|director)\b|(?:팀장|파트장|실장|본부장|센터장|리더)$", re.IGNORECASE)


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
    jobs = named_periods(heading, chunks) if heading else periods(chunks)
    found: list[tuple[int, int, int]] = []
    lines = 0
    for job in sorted(jobs, key=lambda job: (job.end, job.start), reverse=True):
        told = _of_job(job, chunks, number)[:OF_ONE_JOB]
        titled = not number and any(_LEADER.search(part) for part in title_parts(job))
        if (told or titled) and lines + len(told) <= MOST:
            found += [(job.position, *job.line), *told]
            lines += max(1, len(told))
        if number and told and not re.search(r"\b(?:has|have|ever)\b", asked):
            break
    return found


def _of_job(job: Period, chunks: Sequence[Chunk], number: bool) -> list[tuple[int, int, int]]:
    """The lines of a job that say whom somebody led; with a `number`, those that say how many were of their team."""
    text = chunks[job.position].text
    end = next((start for start, _ in parts(chunks[job.position]) if start > job.line[1]), len(text))
    spans = [(job.line[1] + a, job.line[1] + b) for a, b in sentences(text[job.line[1] : end])]
    tells = lambda a, b: _TEAM.search(text, a, b) and _NUMBER.search(text, a, b) if number else _TEAM.search(text, a, b) or _TAUGHT.search(text, a, b)
    return [(job.position, a, b) for a, b in spans if tells(a, b) and not _NO_LEADING.search(text, a, b)]
