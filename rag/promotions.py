"""Whether, when and to what somebody was promoted: the lines that say so, each under the heading of its job, or several posts at one employer.

A reranker takes any post for a promotion, and of three posts under one employer it quotes one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.durations import follow_on
from rag.entries import Period, in_detail, is_entry, periods
from rag.jobs import by_employer, held, named_jobs, with_posts_beside
from rag.language import as_asked
from rag.meant import named_periods
from rag.reranking import sentences
from rag.sections import POST
from rag.tasks import lines_under
from rag.types import Chunk

MOST = 8  # lines
MAX_LINE = 400  # characters of a line that says so

_S = r"(?:he|she|they|the candidate|the applicant|this (?:person|candidate|applicant))"
_LEAD = r"(?:(?:so|and|ok|okay|also|then),? )*"
_TO = r"(?: (?:in)?to (?:be(?:come)? )?(?:(?:an?|the|his|her|their)(?: current)? )?(?P<post_{0}>(?!\d)[\w'’/&-]+(?: (?!(?:at|by|with|in|within)\b)[\w'’/&-]+){{0,3}}))?"  # "promoted to supervisor"
_AT = r"(?: (?:while )?(?:at|by|with|in|within) (?P<{0}>(?!(?:all|any|the (?:past|end)|work|his|her|their)\b)[^?,:]{{2,60}}?))?"
_ASKS = re.compile(
    rf"(?:(?P<told>[^?:]{{2,120}}): )?{_LEAD}(?:(?:was|is|has|were|have) {_S} (?:ever |been |ever been )*promoted{_TO.format('one')}(?: (?:there|before|internally|anywhere|recently|yet|since))*{_AT.format('one')}"
    rf"|(?:did|has|does) {_S} (?:ever )?(?:get|got|gotten|receive|received|earn|earned|have|had|win) (?:promoted|(?:a|any) promotions?)(?: (?:there|anywhere|internally))*{_AT.format('two')}"
    rf"|(?:any|(?:were|was|are) there (?:any|a)|(?:his|her|their|what|which)) promotions?(?: (?:there|so far|internally|listed|mentioned))*{_AT.format('three')}|promotions?{_AT.format('four')}"
    rf"|when (?:was|did|were) {_S} (?:get |last )?promoted{_TO.format('five')}(?: (?:there|last))*{_AT.format('five')}|(?:how (?:often|many times|fast|quickly)) (?:was|has|were|did) {_S} (?:been |get )?promoted(?: there)?{_AT.format('six')})",
    re.IGNORECASE,
)
_ASKS_KO = re.compile(
    r"(?:(?P<told>[^?:]{2,120}): )?(?:거기(?:서|에서)? ?|(?P<one>[^?: ]{2,20})(?:에서(?:는)?|에서의) )?(?:언제 ?)?(?:회사 ?내(?:에서)? ?|사내 ?|내부 ?)?(?:승진|진급)(?:은|이|을|도)?(?:한|했던|하신|해 ?본)? ?(?:적|경험|이력|기록|내역|여부|시기|연도)?(?:은요|은|이|을|도|가)?"
    r"(?: ?(?:있|없|했|하셨|언제|몇 ?번|여러|한|됐|되|돼|알려|빨리|빠른)\S{0,8}(?: ?(?:있|했|하셨|인|예|줘|주세요)\S{0,6})?)?"
)
# Who promotes a brand, or somebody else, is not promoted.
_HIGHER = r"(?:manager|lead(?:er)?|senior|supervisor|director|engineer|analyst|nurse|head|associate|officer|consultant|developer|designer|coordinator|partner|chef|sous|foreman|chief|captain)"
_POSTS_KO = "(?:사원|대리|과장|차장|부장|주임|선임|책임|수석|팀장|파트장|실장|반장|조장|리드|리더|매니저|기획자|개발자|디자이너|기사|조리사|연구원|간호사|테스터|인턴|보조)"
_SAYS = re.compile(
    r"(?:^\W*|[.;,(–—-] ?)promoted (?:(?:internally|early|again|quickly|rapidly) ?)?(?:to\b|from\b|after\b|within\b|into\b|twice\b|three times\b|in (?:[A-Z][a-z]+ )?(?:19|20)\d\d|\(|[,.;]|$)|\b(?:was|got|been|being|then|later) promoted\b(?! (?:on|by|via)\b)"
    rf"|\b(?:internal|early|fastest|rapid) promotions?\b|\bpromotions? (?:to|from) (?:[a-z]+ ){{0,2}}{_HIGHER}"
    rf"|\b(?:rose|moved up|advanced|progressed|worked (?:my|her|his|their) way up) (?:from [^.\d\n]{{2,40}} )?to (?:[a-z]+ ){{0,3}}{_HIGHER}\b"
    rf"|(?<![가-힣])(?:조기 ?|특별 ?)?(?:승진|진급|특진)(?![가-힣]{{0,3}} ?(?:대상|제도|심사|시험|관리|지원))|{_POSTS_KO}(?:으로|로)? ?(?:승진|진급|승급|특진)"
    rf"|{_POSTS_KO}[^\n가-힣]{{0,3}}(?:로 ?입사 ?)?(?:→|->|➔|➝)[^\n가-힣%]{{0,12}}(?:[가-힣]{{1,6}} ?)?{_POSTS_KO}(?=\W*(?:$|[,)·(\d]|승진|으로|로))",
    re.IGNORECASE,
)
_THEN = re.compile(r"(?:\b(?:then|later) |(?:→|->|➔|➝) ?)(?P<post>[A-Z][\w-]*(?: [A-Z][\w-]*){0,2})")
_OTHERS = re.compile(
    r"\b(?:trainees?|juniors?|staff|reports|colleagues|mentees|nurses|engineers|people|members|agents|cashiers|employees|(?:of )?(?:them|whom|those)) (?:\w+ ){0,3}(?:(?:were|was|got|been) )?promoted\b|\b(?:mentored|coached|trained|developed)\b.*promoted"
    r"|후배|부하|\d+ ?명[^\n]{0,8}(?:승진|진급)|(?:직원|팀원|사원들)(?:의|을|이|들)? ?[^\n]{0,6}(?:승진|진급)|[가-힣]승진 ?(?:님|씨)|환자",
    re.IGNORECASE,
)


def asks_promotions(question: str) -> bool:
    """Whether it is asked if, when or to what somebody was promoted, and nothing besides; candidates' names replaced as in retrieval (`without_names`)."""
    return _asked(question) is not None


def _asked(question: str) -> re.Match[str] | None:
    asked = as_asked(question)
    return _ASKS.fullmatch(asked) or _ASKS_KO.fullmatch(asked)


def says_promoted(text: str) -> bool:
    """Whether a text says that whom it is about was promoted."""
    return len(text) <= MAX_LINE and _SAYS.search(text) is not None and not _OTHERS.search(text)


def promotes_others(text: str) -> bool:
    """Whether a text says that others were promoted: "two of whom were promoted within a year"."""
    return _OTHERS.search(text) is not None


def promotions(question: str, chunks: Sequence[Chunk]) -> list[tuple[int, int, int]]:
    """(position, start, end) in `chunk.text` of the lines that tell of a promotion, each job's under its dated line, the latest job first; where none does,
    the dated lines of several posts at one employer. Nothing for another question, for passages of several people, and where neither is told.

    Args:
        chunks: all passages of one person.
    """
    asked = _asked(question)
    if asked is None or len({chunk.subject for chunk in chunks}) != 1:
        return []
    said = {name: value for name, value in asked.groupdict().items() if value}
    place = next((value for name, value in said.items() if not name.startswith("post")), "")
    post = next((value for name, value in said.items() if name.startswith("post")), "")
    every = in_detail(chunks)
    jobs = sorted(periods(chunks), key=lambda job: (job.end, job.start), reverse=True)
    if place:
        own = with_posts_beside(named_jobs(place, chunks) or named_periods(place, chunks), jobs)
        jobs = [job for job in jobs if job in own]
    told = {job: [line for line in lines_under(job, chunks, every) if says_promoted(chunks[line[0]].text[slice(*line[1:])])] for job in jobs if job.headed}
    if post and len(own := held(post, jobs)) == 1 and own[0] in told:  # the post's own dates say when
        return [(own[0].position, *own[0].line), *told[own[0]]]
    found: list[tuple[int, int, int]] = []
    for job, lines in told.items():
        if lines or _has_two_posts(job.heading.partition("\n")[2].replace(job.dates, " ")):
            found += [(job.position, *job.line), *lines]
    if not found and not place:
        found = [(i, a, b) for i, chunk in enumerate(chunks) if not is_entry(chunk) for a, b in sentences(chunk.text) if says_promoted(chunk.text[a:b])]
    return (found or [(job.position, *job.line) for job in _posts(jobs)])[:MOST]


def _has_two_posts(title: str) -> bool:
    """Whether a job's title tells one post after another: "Audit Junior, then Audit Senior", "QA 테스터 → 주니어 기획자"."""
    then = _THEN.search(title)
    return says_promoted(title) or then is not None and re.search(rf"{POST.pattern}|\b{_HIGHER}\b|journeyman|principal", then["post"].casefold()) is not None


def _posts(jobs: Sequence[Period]) -> list[Period]:
    """The jobs that share their employer with another, where it is clear which do."""
    groups = by_employer(jobs) if jobs and all(job.headed for job in jobs) else None
    several = [group for group in (groups or {}).values() if len(group) > 1 and follow_on(group)]
    return [job for job in jobs if any(job in group for group in several)]
