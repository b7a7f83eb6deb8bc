"""All jobs at once: the list of them, the one of today or of a year, the one that lasted longest. Which they are is told by the dates of the entries.

No line answers "where has she worked so far?" by itself: a reranker takes the summary and a task or two along, and leaves a job out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations, pairwise

from rag.durations import (
    Length,
    asks_total,
    at_employer,
    counted,
    first_post,
    held,
    length_of,
    shares_employer,
    title_of,
    title_parts,
)
from rag.entries import (
    BREAK,
    BULLET,
    EMPLOYER_WORD,
    MAX_DATED,
    WORK,
    WORKPLACE_KO,
    Period,
    Study,
    is_study,
    periods,
    row_named,
    studies,
    told_whole,
)
from rag.language import as_asked
from rag.meant import OWN_ACCOUNT, named_periods
from rag.mentions import is_generic
from rag.sections import POST, POST_KO
from rag.types import Chunk

MOST = 16  # jobs of a list

_LEAD = r"(?:(?:so|and|ok|okay|hi|hello|please|first|then),? )*(?:(?:can|could|would) you (?:please )?)?"
_SOMEBODY = r"(?:he|she|they|you|the candidate|the applicant|this (?:person|candidate|applicant))"
_WHOSE = r"(?:his|her|their|your|the candidate['’]s|the)"
_PLACES = r"(?:employers?|compan(?:y|ies)|firms?|organi[sz]ations?|work ?places?|jobs?|positions?|roles?|posts?|places of work)"
_SEVERAL = r"(?:employers|companies|firms|organi[sz]ations|work ?places|jobs|positions|roles|posts|places of work)"
_PAST = r"(?:,? (?:so far|before|until now|till now|in the past|previously|to date|in (?:(?:chronological|reverse)(?: chronological)? )?order|chronologically|(?:from )?(?:(?:the )?(?:newest|latest|most recent|oldest|earliest|last|current)(?: one| job)?) (?:first|to (?:the )?(?:newest|latest|oldest|earliest|first|last))|with (?:their |the )?(?:dates|years|titles|periods)|in (?:short|brief|(?:a few|one|two|three|four|five|\d) (?:words|sentences?|lines?))|briefly|and (?:the )?(?:dates|years|titles)|please|pls))"
_HISTORY = r"(?:(?:work(?:ing)?|employment|job|career|professional) (?:history|experience|background|path)|career|jobs|employers|employment|past (?:jobs|employers|roles)|previous (?:jobs|employers|companies|roles|positions)|work experience|experience)"
_DID_WORK = rf"(?:(?:that |which |where )?{_SOMEBODY}(?: has|['’]s| have|['’]ve| had)?(?: ever| already| previously)? (?:work(?:ed)?|been|had|held|was|were)(?: employed)?(?: (?:for|at|in|with|by))?)"
_ALL = re.compile(
    rf"{_LEAD}(?:"
    rf"(?:how many|number of) (?:(?:different|other|previous|past|former) )*{_SEVERAL}|(?:tell me about|describe|summari[sz]e|(?:(?:give me )?an? )?(?:summary|overview|timeline|outline) of|give me a timeline of) {_WHOSE} (?:{_SEVERAL}|{_HISTORY})|{_SEVERAL} {_DID_WORK}"
    rf"|(?:(?:list|show|name|give|tell|enumerate)(?: me| us)? |what (?:are|were) |what(?:['’]s| is) )(?:(?:every|each) {_PLACES}(?: {_DID_WORK})?|(?:all (?:of )?|each of |a list of (?:all )?)?(?:{_WHOSE} )?(?:(?:previous|past|former|different) )?(?:{_SEVERAL}(?: {_DID_WORK})?|{_HISTORY}))"
    rf"|(?:walk|take|run) me through (?:{_WHOSE} )?{_HISTORY}"
    rf"|(?:which|what|how many) (?:(?:different|other|previous|past|former) )*{_SEVERAL} (?:has|have|did|had) {_SOMEBODY}(?: ever| already)? (?:work(?:ed)?|been|had|have|held|hold)(?: employed)?(?: (?:for|at|in|by))?"
    rf"|where (?:all )?(?:else )?(?:has|have|did) {_SOMEBODY}(?: ever| already)? (?:work(?:ed)?|been working|been employed)"
    rf"|(?:all )?(?:of )?(?:{_WHOSE} )?(?:all )?(?:(?:previous|past|former) {_SEVERAL}|{_HISTORY})"
    rf"){_PAST}{{0,3}}",
    re.IGNORECASE,
)
_TELL_KO = r"(?: ?(?:좀|쭉|쫙|다|모두|전부|싹|간단히|간략히|순서대로|시간순으로|최근 ?순으로))*(?: ?(?:알려|말해|나열|정리|보여|설명|소개|적어|읊어|얘기|말씀)(?:해)?(?: ?(?:줘|주세요|줄래|주실래요|봐|달라|주시겠어요|주십시오))?(?:요)?)?"
_WHOM_KO = r"(?:(?:(?:이|그) ?(?:사람|분)|지원자|후보자|본인)(?:님|씨)?(?:이|가|은|는|의)? ?)?"
_ALL_KO = re.compile(
    rf"{_WHOM_KO}(?:지금까지|여태(?:까지)?|그동안|이제까지|총)? ?(?:"
    rf"(?:다닌|다녔던|일한|일했던|근무한|근무했던|거친|거쳐 ?온|재직한|재직했던) ?(?:회사|직장|곳|데|근무지|근무처|기업|업체)(?:들)?(?:은|는|을|를|이|가)?"
    rf"(?: ?(?:몇|총 ?몇) ?(?:개|군데|곳)\S{{0,5}}| ?(?:어디 ?어디|어디|목록|리스트)\S{{0,5}})?{_TELL_KO}"
    rf"|(?:직장|회사|근무처|근무지|병원)(?:들)?(?:은|는|을|를)? ?(?:(?:다|모두|전부|쭉) ?(?:알려|말해|나열|정리|보여|적어)\S{{0,3}}(?: ?(?:줘|주세요|봐)(?:요)?)?|(?:총 ?)?몇 ?(?:개|군데|곳)(?:이나|나|를|을)? ?(?:다녔|다니셨|거쳤|옮겼|있었|돼|되|인가|이)?\S{{0,4}})"
    rf"|(?:직장 ?|근무 ?|회사 ?|전체 ?|주요 ?|업무 ?)?(?:경력|이력)(?: ?사항| ?내용)?(?:은|는|을|를|이|도)?(?: ?(?:좀|간단히|간략히|간단하게|간략하게|짧게))?(?: ?어떻게 ?(?:돼|되)\S{{0,4}}| ?요약(?:해)?(?: ?(?:줘|주세요))?| ?정리(?:해)?)?(?:요)?{_TELL_KO}"
    rf"|(?:총 ?)?몇 ?(?:개 ?회사|군데)(?:이나|나|를|을|에서)? ?(?:다녔|다니셨|거쳤|옮겼|일했|있었)\S{{0,4}}"
    rf"|(?:어디|어느 ?회사(?:들)?|어떤 ?회사(?:들)?|무슨 ?회사(?:들)?)(?:에서|서|를|에)? ?(?:일했|다녔|다니셨|근무했)\S{{0,6}}"
    rf"|(?:(?:회사|직장|병원)(?:는|은|를|을)? ?)?어디 ?어디(?:에서|서|를|에)? ?(?:일|다녔|다니셨|근무|있었)\S{{0,6}}"
    r")",
)
_WORK_KO = re.compile(r"경력|병원|직장|회사|근무|다닌|다녔|일한|일했|이력(?!서)|재직|거[친쳐]|일하|다니셨|있었")
_JOB_KO = r"(?:직장|회사|직책|직위|직함|재직 ?중인 ?(?:곳|회사|직장)|담당 ?업무|직급|직업|직무|소속|부서|근무처|근무지|다니는 ?(?:회사|직장|곳|데)|일하는 ?(?:곳|데)|하는 ?일|포지션|역할)"
_NOW = re.compile(
    rf"{_LEAD}(?:"
    rf"(?:(?:what(?:['’]?s| is| are)|who(?:['’]s| is)|where(?:['’]s| is)) )?(?:{_WHOSE} )?(?:current|present) (?:job|role|position|post|designation|occupation|employer|company|work ?place|employment|work)s?(?: title)?"
    rf"|current(?: job)? title|who(?:['’]s| is) {_WHOSE} employer|(?:does|do) {_SOMEBODY} (?:currently )?have a job"
    rf"|where(?: (?:does|do|is|are)|['’]s) {_SOMEBODY} (?:currently )?(?:work(?:ing)?|employed)|(?:who|what company|which company) (?:does|do|is|are) {_SOMEBODY} (?:currently )?work(?:ing)? (?:for|at|with)"
    rf"|(?:is|are) {_SOMEBODY} (?:currently )?(?:employed|working)"
    rf"|what (?:does|do|is|are) {_SOMEBODY} (?:do(?:ing)? (?:now|currently|today|at the moment|these days|right now)|currently do(?:ing)?|do(?:ing)? for (?:a living|work))"
    r")(?: (?:now|currently|today|at the moment|these days|right now|at present|please|atm)){0,2}"
    rf"|{_WHOM_KO}(?:직급|직책|직함|직위)(?:은요|은|는|이|가)?(?: ?(?:뭐|무엇|뭔|어떻게|무슨)\S{{0,6}})?{_TELL_KO}"
    rf"|{_WHOM_KO}(?:지금|현재|요즘|요새|현)(?:은|는|의)? ?(?:"
    rf"{_JOB_KO}(?:(?:이랑|랑|하고|과|와|,|및)? ?{_JOB_KO})?(?:은|는|이|가|을|를)?(?: ?(?:어디|뭐|무엇|뭔|무슨)\S{{0,5}}(?: ?(?:줘|주세요))?)?{_TELL_KO}"
    r"|(?:어디|어느 ?(?:회사|직장))(?:에서|에|서|를|을)? ?(?:다니|다녀|다님|일(?:하|해)|근무|재직|있)\S{0,6}|(?:무슨|어떤) ?일(?:을)? ?(?:하|해)\S{0,6}|(?:뭐|뭘|무엇을) ?(?:하|해)\S{0,6})",
    re.IGNORECASE,
)
_MONTHS = "january february march april may june july august september october november december".split()
_POINT = rf"(?:(?:{'|'.join(_MONTHS)}),? )?(?:19|20)\d{{2}}"
_POINT_KO = r"(?:19|20)\d{2}년?도?(?: ?(?:\d{1,2}월|초|초반|말|중반|상반기|하반기))?"
_IN_YEAR = re.compile(
    rf"{_LEAD}(?:in {_POINT},? )?(?:(?P<where>(?:where|(?:at|for) (?:which|what) {_PLACES}|(?:which|what) {_PLACES}|who|for whom|what {_PLACES}) (?:did|was|were|has|had) {_SOMEBODY} (?:been )?(?:work(?:ing)?|employed|at|have)(?: (?:for|at|in|by))?|who was (?:his|her|their) employer)"
    rf"|what (?:was|were|had) {_SOMEBODY} (?:been )?doing)(?: (?:back )?in {_POINT})?"
    rf"|{_WHOM_KO}{_POINT_KO}(?:에|엔|에는|쯤|경|쯤에|에도)? ?(?:(?P<where_ko>(?:어디|어느 ?(?:회사|직장|병원|곳))(?:에서|서|에|를|을)? ?(?:일|근무|다녔|다니|재직|있었|소속)\S{{0,8}}|(?:다닌 ?)?(?:직장|회사|근무처)(?:은|는)?(?: ?어디\S{{0,5}})?)"
    r"|(?:뭐|뭘|무엇을|무슨 ?일(?:을)?) ?(?:했|하셨|하고|하던)\S{0,4}(?: ?(?:있었|계셨)\S{0,4})?)",
    re.IGNORECASE,
)
# "What did she do between 2015 and 2017?", "2016년부터 2018년까지 뭐 했어요?"
_BETWEEN = re.compile(
    rf"{_LEAD}(?:where (?:did|was|were|has) {_SOMEBODY} (?:been )?(?:work(?:ing)?|employed)|what (?:did|was|were|has) {_SOMEBODY} (?:do|doing|been doing|work on|up to)|(?:what|which) {_PLACES} (?:did|was|were|has) {_SOMEBODY} (?:work|have|hold|do|at)(?: (?:at|for|in))?)"
    rf"(?: professionally| for work| for a living)? (?:between(?: the years)? {_POINT} ?(?:and|to|[-–—~]) ?{_POINT}|(?:from|in|during)(?: the years)? {_POINT} ?(?:to|until|till|through|[-–—~]) ?{_POINT})"
    rf"|{_WHOM_KO}{_POINT_KO} ?(?:부터|에서|[-–—~〜∼]|[와과])? ?{_POINT_KO} ?(?:까지|사이)?(?:는|은|에|엔|에는)? ?(?:동안(?:은|에)? ?)?(?:(?:어디|어느 ?(?:회사|직장|병원|곳))(?:에서|서|에|를|을)? ?(?:일|근무|다녔|다니|재직|있었|소속)\S{{0,8}}|(?:뭐|뭘|무엇을|무슨 ?일(?:을)?) ?(?:했|하셨|하고|하던)\S{{0,4}}(?: ?(?:있었|계셨)\S{{0,4}})?)",
    re.IGNORECASE,
)
_LASTED = r"(?:work(?:ed|ing)?|stay(?:ed)?|spen[dt]|been|last(?:ed)?|serve[d]?|hold|held|have|had)"
_LONGEST = re.compile(
    rf"{_LEAD}(?:(?:(?:at|in) )?(?:which|what) (?:{_PLACES}) (?:did|has|had|was|were|have) {_SOMEBODY}(?: been)? {_LASTED}?(?: (?:at|for|in|with))?(?: the)? (?P<one>longest|shortest)(?: (?:at|for|in|with|time))?"
    rf"|where (?:did|has|have|was) {_SOMEBODY}(?: been)? {_LASTED}(?: employed)?(?: the)? (?P<two>longest|shortest)"
    rf"|(?:(?:what|which)(?:['’]s| is| was)? )?(?:{_WHOSE} )?(?P<three>longest|shortest) (?:held |running |lasting )?(?:{_PLACES}|stint|tenure|employment|stay)"
    rf"|(?:what|which) (?:{_PLACES}) (?:lasted|was)(?: the)? (?P<four>longest|shortest))"
    rf"|{_WHOM_KO}(?:어디(?:에서|서|를|에)?|어느 ?(?:회사|직장|곳)(?:에서|를|을|에)?) ?(?P<five>(?:가장|제일) ?(?:오래|길게|짧게)) ?(?:일|근무|다녔|다니|다닌|재직|있)\S{{0,8}}"
    rf"|{_WHOM_KO}(?P<six>(?:가장|제일) ?(?:오래|길게|짧게|오랫동안)) ?(?:다닌|다녔던|일한|일했던|근무한|근무했던|재직한|있었던|있던|몸담은) ?(?:회사|직장|곳|데|근무지|근무처)(?:은|는|이|가|을|를)?(?: ?(?:어디|뭐|무엇)\S{{0,5}})?{_TELL_KO}",
    re.IGNORECASE,
)


def asks_all(question: str) -> bool:
    """Whether all jobs are asked for, and nothing besides; candidates' names replaced as in retrieval (`without_names`)."""
    asked = as_asked(question)
    if asks_total(question):
        return False  # "총 경력은?"
    return _ALL.fullmatch(asked) is not None or (_ALL_KO.fullmatch(asked) is not None and _WORK_KO.search(asked) is not None)


def asks_current(question: str) -> bool:
    """Whether the job of today is asked for, and nothing of it but which it is."""
    return _NOW.fullmatch(as_asked(question)) is not None


def asks_longest(question: str) -> str:
    """ "longest" or "shortest" where the question asks which job lasted so, "" where it asks for anything else."""
    found = _LONGEST.fullmatch(as_asked(question))
    if found is None:
        return ""
    said = next(filter(None, found.groups()))
    return "shortest" if re.search("shortest|짧", said, re.IGNORECASE) else "longest"


def _time_asked(question: str) -> tuple[int, int] | None:
    """The (year, month) of which it is asked where somebody worked, or what they did; month 0 where none is named, None for other questions."""
    found = _IN_YEAR.fullmatch(as_asked(question))
    years = re.findall(r"(?:19|20)\d{2}", question)
    if found is None or len(years) != 1:
        return None
    month = re.search(r"(\d{1,2})월", question)
    part = re.search(r"(?:19|20)\d{2}년?도? ?(초|중반|말|상반기|하반기)", question)
    if part:
        return int(years[0]), {"초": 1, "중반": 6, "말": 12, "상반기": 3, "하반기": 9}[part[1]]
    names = [name for name in re.findall(r"[a-z]+", question.casefold()) if name in _MONTHS]
    return int(years[0]), int(month[1]) if month else _MONTHS.index(names[0]) + 1 if names else 0


def _years_asked(question: str) -> tuple[int, int] | None:
    """The first and the last of the years between which it is asked where somebody worked, or what they did; None for other questions."""
    years = [int(year) for year in re.findall(r"(?:19|20)\d{2}", question)]
    return (min(years), max(years)) if len(years) == 2 and _BETWEEN.fullmatch(as_asked(question)) else None


def asks_when(question: str) -> bool:
    """Whether it is asked where somebody worked, or what they did, in a year or month, or between two years."""
    return _time_asked(question) is not None or _years_asked(question) is not None


def _at(job: Period, year: int, month: int, whole: bool) -> bool:
    """Whether a job lasted at that time: all of the year where `whole`, else any part of it."""
    first, last = (month, month) if month else (1, 12) if whole else (12, 1)
    return job.start <= (year, first) and job.end >= ((year, last) if job.end[1] else (year, 0))


_ASKS_PAST = re.compile(r"\b(?:previous(?:ly)?|past|former|before|else)\b|이전|예전", re.IGNORECASE)
_ASKS_EMPLOYER = re.compile(r"\b(?:compan|employer|firm|organi[sz]ation)|회사|직장|(?:다닌|일한|근무한|있었던|있던|몸담은) ?(?:곳|데)", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d{2}")


def _title(job: Period) -> str:
    """A job's heading without the section's title."""
    return job.heading.partition("\n")[2]


def _all_dated(jobs: Sequence[Period], chunks: Sequence[Chunk]) -> bool:
    """Whether no other short line beside the jobs has a year: "Intern, Gamma, 2016" may be one that is told by a single date."""
    told = periods(chunks, every=True)
    for position in {job.position for job in jobs}:
        text = chunks[position].text
        headings = "\n".join(_title(job) for job in told if job.position == position)
        above = ""
        for line in text.split("\n"):
            if BULLET.match(above) and _UNDATED_HEAD.match(line) and line.strip() not in headings:
                return False  # "Contractor, Yota (6 months)" below the tasks of another
            above = line or above
        heads = {text[job.line[0] : job.line[1]].strip() for job in jobs if job.position == position}
        above = ""
        for line in text.split("\n"):
            below_head, above = above.strip() in heads, line
            if BREAK.search(line) or (below_head and not _YEAR.search(re.sub(r"\([^()]*\)", "", line))):
                continue  # what an employer does: "Cosmetics, sales of 42 billion (2025)"
            if _YEAR.search(line) and line.strip() not in headings and len(line) <= MAX_DATED and not _TELLS.search(line) and not is_study(line):
                return False
    return True


# No heading, but a line of what was done: a bullet, a sentence, "주요성과: ...", a year within brackets beside words.
_TELLS = re.compile(
    rf"^{BULLET.pattern}|^\s*[※*]|승진|[.;:]\s*$|[가-힣]\. (?=[가-힣])|^(?:직위|직급|직책|부서|담당 ?업무|주요 ?(?:업무|성과|실적|내용)|업무 ?내용|성과|실적|비고|내용|사유|(?:퇴사|이직|퇴직) ?(?:사유|이유)|role|title|duties|tasks|achievements?|results?|notes?|remarks?|reason(?: for leaving)?|tech(?:nologies)?|stack)\s*[:：]"
    r"|^[^()\d]*\((?=[^()]*[가-힣]{2,}[^()]*\))(?:19|20)\d{2}년?부터[^()]*\)$",
    re.IGNORECASE,
)


def is_post(part: str) -> bool:
    """Whether a piece of a job's title is a post or a department, not an employer."""
    return POST.search(part) is not None or all(map(is_generic, part.split())) or POST_KO.search(part) is not None


def at_one_employer(jobs: Sequence[Period]) -> bool:
    """Whether two of the jobs share a word of their titles that is no post: they may be two posts at one employer."""
    words = lambda part: re.findall(r"[^\W\d_]{2,}", re.sub(r"㈜|\(?주\)|주식회사", " ", part))
    names = [{word for part in title_parts(job) if not is_post(part) for word in words(part) if not is_post(word)} for job in jobs]
    return any(one & other for i, one in enumerate(names) for other in names[i + 1 :])


@dataclass(frozen=True, slots=True)
class Told:
    """The jobs that answer a question about all of them.

    Attributes:
        jobs: the latest first.
        read: these, or all that they were compared with.
        lasted: where the longest or shortest one is asked for, how long that was.
        number: where it is asked how many they are, a sentence that says it.
        nearest: none of them goes on, though the job of today is asked for: it is the latest.
    """

    jobs: tuple[Period, ...]
    read: tuple[Period, ...]
    lasted: Length | None = None
    nearest: bool = False
    number: str = ""


_UNDATED_HEAD = re.compile(r"(?!(?i:business or sector|website|main activities)\b)(?![^\n]*[.:;!?]$)[A-Z가-힣][^\n:]{1,70}(?:, | \(| at | [–—-] | \| )[^\n]{1,60}$")
COUNTS = re.compile(r"\bhow many\b|\bnumber of\b|몇 ?(?:개|곳|군데|번)", re.IGNORECASE)


def _number(question: str, jobs: Sequence[Period], language: str) -> str:
    """How many jobs or employers these are in a sentence, where the question asks that and they can be counted; judge/lengths.py counts them again."""
    employers = _ASKS_EMPLOYER.search(question) is not None
    count = (employers_of(jobs) if employers or language == "ko" else len(jobs)) if COUNTS.search(question) else None
    past = _ASKS_PAST.search(question) is not None
    if count is None:
        return ""
    if language == "ko":
        return f"{'이전 ' if past else ''}직장은 모두 {count}곳입니다."
    return f"{count} {'past ' if past else ''}{'employer' if employers else 'job'}{'' if count == 1 else 's'}."


def employers_of(jobs: Sequence[Period]) -> int | None:
    """At how many employers these jobs were; None where two of them may have been at one, or at none."""
    heads = [job for job in jobs if "›" not in job.heading.partition("\n")[0] and first_post(job, jobs) is None]  # the others stand under an employer's that is told above
    groups = by_employer(heads)
    if groups is None or any(OWN_ACCOUNT.search(_title(job)) for job in jobs):
        return None
    return len(groups)


def jobs_asked(question: str, chunks: Sequence[Chunk], language: str = "en", today: date | None = None) -> Told | None:
    """The jobs that a question about all of them asks for; None for another question, or where the dates do not tell.

    Args:
        question: candidates' names replaced as in retrieval.
        chunks: all passages of one person.
        language: "en" or "ko", of what is said of a length of time or a number.
        today: the end of what goes on.
    """
    longest, current, when, years = asks_longest(question), asks_current(question), _time_asked(question), _years_asked(question)
    last = _last_asked(question)
    if not (longest or current or when or years or last or asks_all(question)):
        return None
    today = today or date.today()
    whole = dated_jobs(chunks)
    jobs = whole or (_some_jobs(chunks) if current or when or years else [])
    if not jobs:
        return None
    now = (today.year, today.month)
    if current and not whole and any(job.goes_on and job not in jobs for job in periods(chunks)):
        return None  # another one goes on whose heading is none
    if current:
        on = tuple(job for job in jobs if job.goes_on and job.start <= now)
        found = on or tuple(whole[:1])
        return Told(found, found, nearest=not on) if found else None
    if when:
        asked = _IN_YEAR.fullmatch(as_asked(question))
        found = tuple(job for job in jobs if _at(job, *when, whole=not (asked["where"] or asked["where_ko"]))) or tuple(job for job in jobs if _at(job, *when, whole=False))
        return Told(found, found) if found and when[0] <= today.year else None
    if last:
        return Told(tuple(jobs[:last]), tuple(jobs[:last])) if len(jobs) >= last else None
    if years:
        found = tuple(job for job in jobs if job.start[0] <= years[1] and job.end[0] >= years[0])
        return Told(found, found) if found else None
    if not longest:
        if "병원" in question and not all("병원" in job.heading for job in jobs):
            return None  # other places of work are not asked for
        past = [job for job in jobs if not job.goes_on] if _ASKS_PAST.search(question) else jobs
        return Told(tuple(past), tuple(past), number=_number(question, past, language)) if past else None
    employers = by_employer(jobs) if _ASKS_EMPLOYER.search(question) else None
    groups = list(employers.values()) if employers else [] if _ASKS_EMPLOYER.search(question) else [[job] for job in jobs]
    months = [counted(group, today) for group in groups]
    if len(months) < 2 or not (all(months) or longest == "longest"):
        return None
    wanted = max(months) if longest == "longest" else min(months)
    exact = [all(job.has_months for job in group) for group in groups]
    slack = YEAR_SLACK if not all(each for each, lasted in zip(exact, months, strict=True) if lasted == wanted) else 0
    found = [group for group, lasted, sure in zip(groups, months, exact, strict=True) if abs(lasted - wanted) <= (slack if sure else YEAR_SLACK)]
    every = tuple(job for group in found for job in group)
    if len(found) > 1:
        return None if all(job.has_months for job in every) else Told(every, (*every, *jobs))  # where a date is a year either may be it
    named = title_of(every[0])
    if len(every) > 1:  # posts at one employer
        name = next(name for name, group in employers.items() if group == found[0])
        at = re.search(r"\s+".join(map(re.escape, name.split())), named, re.IGNORECASE)
        named = at[0] if at else named
    return Told(every, (*every, *jobs), length_of(every, language, today, named=named))


YEAR_SLACK = 11  # months by which a length may be wrong where a date is a year alone


def by_employer(jobs: Sequence[Period]) -> dict[str, list[Period]] | None:
    """The jobs by their employer's name in small letters, in the order of the first of each; None where two of them may have been at one and it is not clear.

    The employer is the piece of a title that has a word for one ("Clinic", "㈜"), or the first that is no post. A place behind it may be the same for two of them.
    """
    groups: dict[str, list[Period]] = {}
    pieces = {job: _no_posts(first_post(job, jobs) or job) or _in_one_piece(job) for job in jobs}
    if not all(pieces.values()):
        return None
    for job in jobs:
        groups.setdefault(next(filter(_NAMES_EMPLOYER.search, pieces[job]), pieces[job][0]), []).append(job)
    for group in groups.values():
        sets = sorted((set(pieces[job]) for job in group), key=len)
        if any(not small <= large for small, large in pairwise(sets)):
            return None  # a title that is not known as one ("Zookeeper, City Zoo", "Zookeeper, Park Zoo")
    words = lambda part: {word for word in re.findall(r"[^\W\d_]{2,}", re.sub(r"㈜|\(?주\)|주식회사", " ", part)) if not is_post(word)}
    rest = {name: [part for part in pieces[group[0]] if part != name] for name, group in groups.items()}
    for (one, first), (other, second) in combinations(groups.items(), 2):
        shared = set(rest[one]) & set(rest[other])
        only_place = not shared or all(any(map(is_post, title_parts(group[0]))) and pieces[group[0]][-1] in shared and len(shared) == 1 for group in (first, second))
        if words(one) & words(other) or not only_place or any(words(one) & words(part) for part in rest[other]) or any(words(other) & words(part) for part in rest[one]):
            return None
    return groups


def _in_one_piece(job: Period) -> list[str]:
    """A title without commas and the like that has more than a post: "주식회사 두루미 브랜드마케팅팀 인턴"; [] for others."""
    title = title_parts(job)
    return title if len(title) == 1 and any(not is_post(word) for word in title[0].split()[:-1]) else []


_NAMES_EMPLOYER = re.compile(rf"{EMPLOYER_WORD.pattern}|\b(?:medical cent(?:er|re)|health(?:care)? (?:system|trust|board|services)|group|company|corp(?:oration)?|institute|foundation|trust|hotel|restaurant|laborator(?:y|ies)|pty)\b", re.IGNORECASE)


def _no_posts(job: Period) -> list[str]:
    """The pieces of a job's title that are no post, in lower case, the employer that it stands under first."""
    above = job.heading.partition("\n")[0].rpartition("›")
    parts = [*(re.split(r"[,|·]|  ", above[2].casefold()) if above[1] else ()), *title_parts(job)]
    kept = [part.strip() for part in parts if len(part.strip()) > 1 and not _KIND_OF_JOB.fullmatch(part.strip())]  # "(주)" is one letter
    return [part for n, part in enumerate(kept) if not is_post(part) or (n == 0 and len(kept) > 1 and WORKPLACE_KO.search(part))]  # "가온병원 응급실", "이천물류센터"


_KIND_OF_JOB = re.compile(r"(?:part|full)[- ]time|contract(?:or)?|temporary|temp|permanent|fixed[- ]term|maternity cover|internship|remote|hybrid|freelance|seasonal|정규직|계약직|인턴|파트타임|아르바이트|파견직", re.IGNORECASE)


_POST = r"(?:job|role|position|post|title|designation)"
_FIRST_THERE = re.compile(
    rf"(?:(?P<told>[^?:]{{2,120}}): )?{_LEAD}(?:what (?:was|is|were) )?(?:{_WHOSE} )?(?P<which>first|original|initial|starting|last|latest|final|most recent|current) {_POST} (?:there|at (?P<at>[^?,:]{{2,60}}))"
    r"|(?:(?P<told_ko>[^?:]{2,120}): )?(?:(?P<at_ko>[^?:]{2,40}?)(?:에서(?:의)? ?| (?:다닐 ?때 |시절 )?)|거기서(?:의)? ?)(?P<which_ko>첫|처음|마지막) ?(?:직급|직책|직위|업무|부서|역할|자리)(?:은|는|이|가)?(?: ?(?:뭐|무엇|뭔)\S{0,6})?",
    re.IGNORECASE,
)


def asks_post(question: str) -> bool:
    """Whether a question is one of those that `post_asked` or `since_post` may answer."""
    return any(pattern.fullmatch(as_asked(question)) for pattern in (_FIRST_THERE, _SINCE_POST))


def post_asked(question: str, chunks: Sequence[Chunk]) -> Period | None:
    """The first or the last of several posts at the employer that a question names, where it asks for that; None for other questions, and for one post.

    Args:
        chunks: all passages of one person.
    """
    found = _FIRST_THERE.fullmatch(as_asked(question))
    if found is None:
        return None
    where = next(filter(None, (found["told"], found["at"], found["told_ko"], found["at_ko"])), "")
    posts = at_employer(named_periods(where, chunks), periods(chunks)) if where else []
    if len(posts) < 2 or not all(post.headed for post in posts):
        return None
    first = (found["which"] or found["which_ko"]).casefold() in ("first", "original", "initial", "starting", "첫", "처음")
    return min(posts, key=lambda job: job.start) if first else max(posts, key=lambda job: (job.end, job.start))


_SINCE_POST = re.compile(
    rf"{_LEAD}since when (?:is|has|was) {_SOMEBODY} (?:been )?(?:working as )?(?:an? |the )?(?P<post>[a-z][\w /&-]{{2,40}}?)(?: (?:there|now))?"
    rf"|{_WHOM_KO}언제부터 (?P<post_ko>[가-힣A-Za-z][^?]{{1,20}}?)(?:이었|였|이셨|으로 ?(?:일|근무)|로 ?(?:일|근무)|(?:을|를) ?(?:했|맡|하)|이|인|예|야)\S{{0,6}}",
    re.IGNORECASE,
)


def since_post(question: str, chunks: Sequence[Chunk]) -> Period | None:
    """The one job with the post of which it is asked since when somebody has it ("Since when is she charge nurse?"); None for other questions.

    Args:
        chunks: all passages of one person.
    """
    found = _SINCE_POST.fullmatch(as_asked(question))
    jobs = held(found["post"] or found["post_ko"], periods(chunks)) if found else []
    return jobs[0] if len(jobs) == 1 and jobs[0].headed else None


def breaks(chunks: Sequence[Chunk]) -> list[Study]:
    """The times without work that the resume names itself: a career break, a leave."""
    every = (_as_break(each, chunks) for each in studies(chunks, every=True))
    return [each for each in every if each]


def break_now(chunks: Sequence[Chunk]) -> list[Study]:
    """The one of them that goes on."""
    return [each for each in breaks(chunks) if each.end == (9999, 0)]


def meanwhile(question: str, chunks: Sequence[Chunk]) -> list[Study]:
    """What else went on in the year in which it is asked what somebody did, where no job did: studies, military service, a year abroad."""
    asked, when = _IN_YEAR.fullmatch(as_asked(question)), _time_asked(question)
    if when is None or asked["where"] or asked["where_ko"]:
        return []
    year, month = when
    lasts = lambda each: each.start <= (year, month or 12) and each.end >= (year, month if each.end[1] else 0)
    working = {job.position for job in periods(chunks, every=True)}
    return [each for each in studies(chunks, every=True) if each.position not in working and lasts(each)]


def beside_jobs(question: str, chunks: Sequence[Chunk]) -> list[Study]:
    """What else to tell of the year, or the years, of which it is asked where somebody worked, or what they did: breaks between jobs, and, asked what they did
    in one year, the projects of that time."""
    asked, when, years = _IN_YEAR.fullmatch(as_asked(question)), _time_asked(question), _years_asked(question)
    if when is None and years is None:
        return []
    first, last = years or (when[0], when[0])
    jobs = periods(chunks)
    told = {(job.start, job.end) for job in jobs}
    wanted = asked is not None and not (asked["where"] or asked["where_ko"])
    projects = [Study(each.position, each.line, each.start, each.end) for each in periods(chunks, every=True) if wanted and each not in jobs and (each.start, each.end) not in told]
    return [each for each in dict.fromkeys([*projects, *breaks(chunks)]) if each.start[0] <= last and each.end[0] >= first]


def _as_break(each: Study, chunks: Sequence[Chunk]) -> Study | None:
    """A dated line that is a break's, with the short line above it where that says so ("Parental leave" above "2021-06 to 2021-08"); else None."""
    text = chunks[each.position].text
    if BREAK.search(row_named(text[slice(*each.span)])):
        return each
    above = text[: max(0, each.span[0] - 1)].rpartition("\n")[2]
    dates_alone = not re.search(r"[^\W\d]{3}", _DATE_WORDS.sub("", text[slice(*each.span)]))
    is_break = dates_alone and len(above) <= MAX_DATED and not BULLET.match(above) and BREAK.search(above)
    return replace(each, span=(each.span[0] - 1 - len(above), each.span[1])) if is_break else None


_DATE_WORDS = re.compile(r"(?:jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)[a-z]*|present|current|today|now|until|since|from|date|ongoing|현재|진행|부터|까지", re.IGNORECASE)


_LAST_N = re.compile(
    rf"{_LEAD}(?:(?:summari[sz]e|list|describe|give me|tell me(?: about)?|what (?:were|are)|which were) )?(?:{_WHOSE} |the candidate['’]s )?(?:last|latest|most recent|previous) (?P<n>two|three|four|[2-4]) {_PLACES}"
    rf"|{_WHOM_KO}(?:최근|마지막) ?(?:(?:직장|회사|경력|근무지) ?)?(?P<n_ko>두|세|네|[2-4]) ?(?:곳|군데|개)(?: ?(?:직장|회사|경력))?(?:만)?(?:은|는|을|를)?{_TELL_KO}",
    re.IGNORECASE,
)
_COUNT_WORDS = {"two": 2, "three": 3, "four": 4, "두": 2, "세": 3, "네": 4}


def _last_asked(question: str) -> int:
    """How many of the latest jobs are asked for; 0 for another question."""
    found = _LAST_N.fullmatch(as_asked(question))
    said = (found["n"] or found["n_ko"]).casefold() if found else "0"
    return _COUNT_WORDS.get(said) or int(said)


def dated_jobs(chunks: Sequence[Chunk]) -> list[Period]:
    """All jobs of a person, the latest first, where all of them have dates of their own; else nothing."""
    jobs = sorted(periods(chunks), key=lambda job: (job.end, job.start), reverse=True)
    working = {_title_of_section(job) for job in jobs if not is_study(_title(job))}
    jobs = [job for job in jobs if _title_of_section(job) in working]  # without a section of studies alone, whatever it is called
    if len(jobs) > MOST or not all(job.headed for job in jobs) or not told_whole(chunks) or not _all_dated(jobs, chunks):
        return []
    return [] if any(map(is_study, map(_title, jobs))) else jobs


def _some_jobs(chunks: Sequence[Chunk]) -> list[Period]:
    """The jobs of a section of work that have dates of their own, where others may have none: enough to tell which of them goes on, or lasted at a time."""
    jobs = [job for job in periods(chunks) if job.headed and WORK.search(_title_of_section(job)) and not is_study(_title(job))]
    return sorted(jobs, key=lambda job: (job.end, job.start), reverse=True)


def _title_of_section(job: Period) -> str:
    return re.split(r"[›(]", job.heading.partition("\n")[0])[0]


def with_posts_beside(jobs: Sequence[Period], every: Sequence[Period]) -> list[Period]:
    """The jobs with the other posts at their employers, where it is clear which those are."""
    groups = by_employer([job for job in every if job.headed]) or {}
    return [*jobs, *(job for group in groups.values() if any(one in group for one in jobs) for job in group if job not in jobs)]


def named_jobs(name: str, chunks: Sequence[Chunk]) -> list[Period]:
    """The jobs at the employer that a piece of a question names; nothing where there is none, or another post there has no employer's name of its own.

    Args:
        chunks: all passages of one person.
    """
    every = periods(chunks)
    said = name.strip()
    # What stands behind "or" has its capital from nothing but itself.
    behind = "" if re.search("[가-힣]$", said) else r"(?!\w)"  # in Korean the name may be short
    jobs = named_periods(f"– {said} ", chunks) or [job for job in every if len(said) > 1 and re.search(rf"(?<![^\W_]){re.escape(said)}{behind}", title_of(job), re.IGNORECASE)]
    words = [word.casefold() for word in re.findall(r"[^\W\d_]{3,}", said) if word.casefold() not in ("the", "and", "job", "company")]
    told = lambda job: f"{job.heading}\n{chunks[job.position].text[job.line[1] + 1 :][:MAX_DATED].split(chr(10))[0]}".casefold()  # the employer may stand below the dates
    jobs = [job for job in jobs if all(word in told(job) for word in words)]  # "Umbra Trade" is not Vossen Trade
    return [] if any(shares_employer(job, [each for each in every if each not in jobs]) for job in jobs) else jobs


def asks_jobs(question: str) -> bool:
    """Whether a question is one of those that `jobs_asked` may answer."""
    return asks_all(question) or _last_asked(question) > 0 or asks_current(question) or asks_when(question) or bool(asks_longest(question))
