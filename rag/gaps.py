"""Times without a job between two, counted from the dates of the jobs: who reads many resumes looks for them first, and no line tells them."""

from __future__ import annotations

import re
from calendar import month_name
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rag.durations import long
from rag.entries import Period, Study, jobs_meant, other_times, studies
from rag.jobs import dated_jobs, named_jobs
from rag.language import as_asked
from rag.types import Chunk

SHORTEST = 3  # months; less is the usual time between two jobs

_WHERE = r"(?: (?:in|on|between|of|within) (?:(?:the candidate['’]s|his|her|their|the|your|this) )?(?:(?:employment|work|career|job|professional) ?(?:history)?|cv|resume|résumé|timeline|dates|jobs))?"
_ASKS = re.compile(
    rf"(?:(?:so|and|ok|okay|also|please|then),? )*(?:(?:are|were|is|was) there (?:any |a )?|(?:does|do|did|has|have|had) (?:he|she|they|the candidate|the applicant) (?:have|had|got)? ?(?:any |a )?|any |(?:do|can) you see (?:any |a )?|(?:what|which) (?:are|were) (?:the )?|(?:list|show|tell) (?:me )?(?:about )?(?:the |any )?|(?:the candidate['’]s|his|her|their|the) )?"
    rf"(?:(?:unexplained|employment|career|work|job|noticeable|big|long|significant|larger|time) )*(?:gaps?|breaks?)(?:,? (?:or|and) (?:gaps?|breaks?))?{_WHERE}"
    r"|(?:has|was|were) (?:he|she|they|the candidate) (?:ever )?(?:been )?(?:unemployed|out of (?:work|a job)|without (?:work|a job))",
    re.IGNORECASE,
)
_ASKS_KO = re.compile(
    r"(?:(?:이|그) ?(?:사람|분)|지원자|후보자|the candidate)?(?:님|씨)?(?:은|는|이|가|의)? ?(?:(?:회사|직장)(?:를|을)? ?옮기(?:면서|는 ?동안)|이직(?:하면서|할 ?때))? ?(?:이력(?:서)?(?:에|상)? ?|(?:중간|사이)에 ?)?(?:(?:경력|직장|회사|이직)(?:에|상|의|이|은)? ?|근무 ?|재직 ?|커리어(?:에|의)? ?)?(?:(?:중간|사이|중)에? ?)?(?:공백(?: ?기(?:간)?)?|단절(?: ?(?:기간|경험|여부))?|쉰 ?(?:기간|적)|(?:비는|빈) ?(?:기간|시간))"
    r"(?:은요|는요|은|는|이|가|도)?(?: ?(?:중간에|혹시|언제|얼마나|몇 ?(?:번|개월|년))(?:이나)?)?(?: ?(?:있|없|돼|되|인가|이야|보이)\S{0,7})?"
)
# Between two of them: "What happened between Acme and Bolt?", "Acme랑 Bolt 사이에 뭐 했어?"
_BETWEEN = re.compile(
    r"(?:(?:so|and|ok|okay|also|then),? )*(?:what (?:happened|did (?:he|she|they|the candidate|the applicant) do|was (?:he|she|the candidate|the applicant) doing)|why (?:is|was) there a gap|(?:is|was) there (?:a |any )?gap|any gap) (?:in )?between (?:the job at |working at |working for )?(?P<one>[^?,]{2,60}?) and (?P<other>[^?,]{2,60})"
    r"|(?P<one_ko>[^?,]{2,40}?)(?:이랑|랑|하고|와|과) ?(?P<other_ko>[^?,]{2,40}?)(?:의)? ?사이(?:에|엔|에는)? ?(?:(?:뭐|뭘|무엇을|무슨 ?일(?:을)?) ?(?:했|하)\S{0,6}|공백(?:기|기간)?(?:은|이|가|도)?(?: ?(?:있|없|얼마|왜)\S{0,6})?(?: ?(?:있|돼|되)\S{0,5})?)",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"\bside (?:business|job|project|gig|hustle)|\bweekends?\b|부업|주말", re.IGNORECASE)  # beside which there may be no job
_GAP = re.compile(r"\b(?:gaps?|breaks?|unemployed|out of|without)\b|공백|단절|쉰|비는|빈", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Gaps:
    """Times without a job.

    Attributes:
        sentence: what is said of them, without citation, one sentence.
        beside: the jobs before and after each, the latest first; all of them where there is no such time.
        studied: what was studied meanwhile, which is why such a time does not count.
        read: positions of all passages that tell it.
    """

    sentence: str
    beside: tuple[Period, ...]
    studied: tuple[Study, ...]
    read: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Gap:
    """So many months between two jobs, or since the last one."""

    months: int
    before: Period
    after: Period | None


def asks_gaps(question: str) -> bool:
    """Whether it is asked for times without a job, and nothing besides; candidates' names replaced as in retrieval (`without_names`)."""
    asked = as_asked(question)
    if _BETWEEN.fullmatch(asked):
        return True
    return bool(_ASKS.fullmatch(asked) or _ASKS_KO.fullmatch(asked)) and _GAP.search(asked) is not None


def gaps(question: str, chunks: Sequence[Chunk], language: str, today: date | None = None) -> Gaps | None:
    """The times without a job that a question asks for; None for another question, where the resume tells of such a time itself, or where the dates
    do not tell.

    Args:
        question: candidates' names replaced as in retrieval.
        chunks: all passages of one person.
        language: "en" or "ko", of the sentence.
        today: the end of what goes on.
    """
    if not asks_gaps(question) or jobs_meant(question, chunks) or jobs_meant("any career break?", chunks):
        return None
    asked = _BETWEEN.fullmatch(as_asked(question))
    return told(chunks, language, today, [named_jobs(name, chunks) for name in asked.groups() if name] if asked else ())


def told(chunks: Sequence[Chunk], language: str, today: date | None = None, places: Sequence[Sequence[Period]] = ()) -> Gaps | None:
    """The times without a job in the passages, or the one between the jobs at two `places`; None where their dates do not tell."""
    today = today or date.today()
    jobs = dated_jobs(chunks)
    between = _between(jobs, today)
    if not jobs or between is None:
        return None
    if places:
        one, other = places
        between = [gap for gap in between if (gap.before in one and gap.after in other) or (gap.before in other and gap.after in one)]
        if not between:
            return None
    studied = {gap: study for gap in between for study in studies(chunks) if _covers(study, gap, today)}
    found = [gap for gap in between if gap not in studied]
    if any(_meets(time, gap, today) for gap in found for time in other_times(chunks)):
        return None  # whether it was one, the dates leave open
    # Studies of which no months are told may cover one, or not.
    may = [study for study in studies(chunks) if not (study.start[1] and study.end[1]) and any(_covers(study, gap, today, whole=True) for gap in found)]
    around = {job for gap in found for job in (gap.before, gap.after) if job} or set(jobs)
    meanwhile = tuple(dict.fromkeys((*studied.values(), *may)))
    read = dict.fromkeys(each.position for each in (*jobs, *meanwhile))
    return Gaps(_sentence(found, bool(studied), bool(may), bool(places), language), tuple(job for job in jobs if job in around), meanwhile, tuple(read))


def _between(jobs: Sequence[Period], today: date) -> list[_Gap] | None:
    """The times of `SHORTEST` months or more without any of these jobs, earliest first; None where a date without a month leaves it open."""
    found = []
    last: Period | None = None
    for job in sorted((job for job in jobs if not _ASIDE.search(job.heading.partition("\n")[2])), key=lambda job: (job.start, job.end)):
        if last and not last.goes_on:
            if job.start[1] and last.end[1]:
                months = _count(job.start) - _count(last.end) - 1
                if months >= SHORTEST:
                    found.append(_Gap(months, last, job))
            elif job.start[0] >= last.end[0]:
                return None
        if last is None or job.end >= last.end:
            last = job
    if last and not last.goes_on:
        if not last.end[1]:
            return None
        months = 12 * today.year + today.month - _count(last.end) - 1
        if months >= SHORTEST:
            found.append(_Gap(months, last, None))
    return found


def _count(point: tuple[int, int]) -> int:
    return 12 * point[0] + point[1]


def _span(gap: _Gap, today: date) -> tuple[int, int]:
    """The first month of a time without a job, and the one behind its last."""
    return _count(gap.before.end) + 1, _count(gap.after.start) if gap.after else 12 * today.year + today.month


def _meets(time: tuple[tuple[int, int], tuple[int, int]], gap: _Gap, today: date) -> bool:
    """Whether a range of dates and a time without a job have a month in common."""
    begin, end = _span(gap, today)
    (year, month), (last_year, last_month) = time
    return _count((year, month or 1)) < end and begin <= _count((last_year, last_month or 12))


def _covers(study: Study, gap: _Gap, today: date, whole: bool = False) -> bool:
    """Whether so much of a time was studied that less than `SHORTEST` months are left. A year without a month counts whole, or not at all."""
    begin, end = _span(gap, today)
    start, stop = _count((study.start[0], study.start[1] or (1 if whole else 12))), _count((study.end[0], study.end[1] or (12 if whole else 1))) + 1
    return end - begin - max(0, min(end, stop) - max(begin, start)) < SHORTEST


def _sentence(found: Sequence[_Gap], studied: bool, may: bool, of_two: bool, language: str) -> str:
    if language == "ko":
        where = "두 직장 사이에 " if of_two else ""
        if not found:
            return f"{where}{SHORTEST}개월 이상의 공백은 {'학업 기간을 빼면 ' if studied else ''}없습니다."
        told = ", ".join(f"{long(gap.months, True, 'ko')}({gap.before.end[0]}년 {gap.before.end[1]}월 이후)" for gap in found)
        return f"{where}직장이 없던 기간: {told}{', 다만 그 해의 학업 기간일 수 있음' if may else ''}."
    where = " between the two" if of_two else ""
    if not found:
        return f"No gap of {SHORTEST} months or more{where}{' but for studies' if studied else ''}."
    told = ", ".join(f"{long(gap.months, True, 'en').lower()} (after {month_name[gap.before.end[1]]} {gap.before.end[0]})" for gap in found)
    return f"Without a job{where}: {told}{', unless studies of those years cover it' if may else ''}."
