"""Times without a job between two, counted from the dates of the jobs: who reads many resumes looks for them first, and no line tells them."""

from __future__ import annotations

import re
from calendar import month_name
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from rag.durations import long
from rag.entries import BESIDE_WORK, BREAK, BREAKS, BULLET, MAX_DATED, STUDIES, WORK, Period, Study, periods, studies
from rag.jobs import breaks, dated_jobs, named_jobs
from rag.language import as_asked
from rag.reranking import sentences
from rag.sections import is_dated, without_dates
from rag.types import Chunk

SHORTEST = 3  # months; less is the usual time between two jobs

_WHERE = r"(?: (?:in|on|between|of|within) (?:(?:the candidate['’]s|his|her|their|the|your|this) )?(?:(?:employment|work|career|job|professional) ?(?:history)?|cv|resume|résumé|timeline|dates|jobs))?"
_ASKS = re.compile(
    rf"(?:(?:so|and|ok|okay|also|please|then),? )*(?:(?:are|were|is|was) there (?:any |a )?|(?:does|do|did|has|have|had) (?:he|she|they|the candidate|the applicant) (?:have|had|got)? ?(?:any |a )?|any |(?:do|can) you see (?:any |a )?|(?:what|which) (?:are|were) (?:the )?|(?:list|show|tell) (?:me )?(?:about )?(?:the |any )?|(?:the candidate['’]s|his|her|their|the) )?"
    rf"(?:(?:unexplained|employment|career|work|job|noticeable|big|long|significant|larger|time) )*(?:gaps?|breaks?)(?:,? (?:or|and) (?:gaps?|breaks?))?{_WHERE}"
    r"|(?:has|was|were|have) (?:he|she|they|the candidate|the applicant) (?:ever )?(?:been )?(?:unemployed|out of (?:work|a job)|without (?:work|a job)|between jobs)"
    r"|(?:(?:did|has|have) (?:he|she|they|the candidate|the applicant) (?:ever )?(?:take|taken|took|have|had) |any |(?:was|were|is) there (?:any )?)(?:a |any |some )?(?:time (?:off|out)|career break|break from work)(?: (?:work|from work|between (?:the )?jobs))?",
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
# In a year, or between two: "Is there a gap in 2016?", "any gap between 2015 and 2017?", "2016년에 공백 있어요?"
_IN_YEARS = re.compile(
    r"(?:(?:so|and|ok|okay|also|then),? )*(?:(?:is|was|why is|why was) there (?:a |any )?|any |(?:i (?:can )?(?:see|notice|spot)(?:ted|d)?|there(?:['’]s| is| was| seems to be)|what about|what['’]?s|what is|what was|explain|why) (?:a|the|this|that) )(?:gap|break)s?"
    r" (?:(?:in|around|during) (?P<only>(?:19|20)\d{2})|(?:in|between|from) (?:the years )?(?P<one>(?:19|20)\d{2}) ?(?:and|to|until|[-–—~]) ?(?P<other>(?:19|20)\d{2}))(?:,? (?:about|for|why|does|did|is|was|do|what|how|explained)\b.{0,60})?"
    r"|(?P<one_ko>(?:19|20)\d{2})년?(?:도)?(?: ?(?:부터|에서|[-–—~]|[와과]) ?(?P<other_ko>(?:19|20)\d{2})년?(?:까지|사이)?)?(?:에는|에|엔|쯤|쯤에)? ?(?:공백(?:기|기간)?(?:은|이|가|도)?|(?:쉰|비는|빈) ?(?:기간|적)(?:은|이)?) ?(?:있|없|왜|뭐|무엇|이유|어떻게|생긴)\S{0,6}(?: ?\S{1,6}){0,2}",
    re.IGNORECASE,
)
_BACK = re.compile(r"\b(?:return\w*|back|after|following|since)\b|\.\s*$|복귀|이후", re.IGNORECASE)  # of the work that came then
_WHY = re.compile(r"\bwhy\b|\bexplain|\breason|왜|이유", re.IGNORECASE)
_ASIDE = re.compile(r"\bside (?:business|job|project|gig|hustle)|\bweekends?\b|부업|주말", re.IGNORECASE)  # beside which there may be no job
_GAP = re.compile(r"\b(?:gaps?|breaks?|unemployed|out of|without|between jobs|time (?:off|out))\b|공백|단절|쉰|비는|빈", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Gaps:
    """Times without a job.

    Attributes:
        sentence: what is said of them, without citation, one sentence; "" where the lines of breaks say it all.
        beside: the jobs before and after each, the latest first; all of them where there is no such time.
        told: what the resume says of such a time: breaks that it names, studies meanwhile, and what else it dates then.
        read: positions of all passages that tell it.
        by_years: some dates give no months, so that nothing is said of less than a year.
    """

    sentence: str
    beside: tuple[Period, ...]
    told: tuple[Study, ...]
    read: tuple[int, ...]
    by_years: bool = False


@dataclass(frozen=True, slots=True)
class _Gap:
    """So many months between two jobs, or since the last one; 0 where the dates give years alone, of which at least one is without a job."""

    months: int
    before: Period
    after: Period | None


def asks_gaps(question: str) -> bool:
    """Whether it is asked for times without a job, and nothing besides; candidates' names replaced as in retrieval (`without_names`)."""
    asked = as_asked(question)
    if _BETWEEN.fullmatch(asked) or _IN_YEARS.fullmatch(asked):
        return True
    return bool(_ASKS.fullmatch(asked) or _ASKS_KO.fullmatch(asked)) and _GAP.search(asked) is not None


def gaps(question: str, chunks: Sequence[Chunk], language: str, today: date | None = None) -> Gaps | None:
    """The times without a job that a question asks for; None for another question, or where the dates do not tell.

    Args:
        question: candidates' names replaced as in retrieval.
        chunks: all passages of one person.
        language: "en" or "ko", of the sentence.
        today: the end of what goes on.
    """
    if not asks_gaps(question):
        return None
    asked = as_asked(question)
    years = _years_of(asked)
    if not years and (between := _BETWEEN.fullmatch(asked)):
        return told(chunks, language, today, [named_jobs(name, chunks) for name in between.groups() if name])
    own = breaks(chunks) or _undated(chunks)
    if years:
        own += [each for each in _explained(chunks, years) if each not in own]
        own = [each for each in own if each.start[0] <= years[1] and each.end[0] >= years[0]]
    own = [_with_reason(each, chunks) for each in own]
    found = told(chunks, language, today, years=years)
    if not own:
        return None if _WHY.search(asked) else found  # the dates give no reason
    # What the resume calls a break itself is quoted; a time that it covers is none besides.
    besides = told(chunks, language, today, years=years, covered=own) if found else None
    kept = besides if besides and besides.sentence.startswith(_WITHOUT) else None
    lines = tuple(dict.fromkeys((*own, *(kept.told if kept else ()))))
    read = tuple(dict.fromkeys((*(each.position for each in own), *(kept.read if kept else ()))))
    return Gaps(kept.sentence if kept else "", kept.beside if kept else (), lines, read, bool(kept and kept.by_years))


_WITHOUT = ("Without a job", "직장이 없던 기간")


def _years_of(asked: str) -> tuple[int, int] | None:
    """The first and the last year that a gap is asked for in."""
    found = _IN_YEARS.fullmatch(asked)
    said = [int(year) for year in found.groups() if year] if found else []
    return (min(said), max(said)) if said else None


def _undated(chunks: Sequence[Chunk]) -> list[Study]:
    """The lines of breaks that have no range of dates: "Career break | caring for a parent | 2018" among the jobs, or a section of its own."""
    found = []
    for i, chunk in enumerate(chunks):
        section = re.split(r"[›(]", chunk.section)[0]
        own = BREAKS.search(section) is not None
        for line in re.finditer(r"[^\n]+", chunk.text) if own or WORK.search(section) else ():
            if own or (len(line[0]) <= MAX_DATED and not BULLET.match(line[0]) and BREAK.search(line[0]) and not _BACK.search(line[0])):
                years = [int(year) for year in re.findall(r"(?:19|20)\d{2}", line[0])]
                found.append(_told_below(Study(i, line.span(), (min(years, default=0), 0), (max(years, default=9999), 0)), chunks))
    return found


def _told_below(each: Study, chunks: Sequence[Chunk]) -> Study:
    """A break whose title stands alone ("Career break") with the dated line below it, which may say why."""
    text = chunks[each.position].text
    below = re.match(r"\n[^\n]+", text[each.span[1] :])
    if below is None or re.search(r"(?:19|20)\d{2}", text[slice(*each.span)]) or not re.match(r"\n\W*(?:[A-Za-z]{3,9}\.? )?(?:\d{1,2}[./])?(?:19|20)\d{2}", below[0]):
        return each
    return replace(each, span=(each.span[0], each.span[1] + below.end()))


def _with_reason(each: Study, chunks: Sequence[Chunk]) -> Study:
    """A break that is told by its title and dates alone, with the line below, which may say why: "Career break" above "Full-time carer for my father"."""
    text = chunks[each.position].text
    below = re.match(r"\n(?P<line>[^\n]+)", text[each.span[1] :])
    says_itself = re.search(r"[^\W\d_]", without_dates(BREAK.sub("", BULLET.sub("", text[slice(*each.span)]))))
    if below is None or says_itself or not BREAK.search(text, *each.span) or is_dated(below["line"]):
        return each
    return replace(each, span=(each.span[0], each.span[1] + below.end()))


def _explained(chunks: Sequence[Chunk], years: tuple[int, int]) -> list[Study]:
    """The sentences anywhere that speak of a break and of a year within or right beside these: "Back in 2013 after two years at home caring for my mother"."""
    found = []
    for i, chunk in enumerate(chunks):
        for a, b in sentences(chunk.text):
            told = [int(year) for year in re.findall(r"(?:19|20)\d{2}", chunk.text[a:b])]
            if BREAK.search(chunk.text, a, b) and any(years[0] - 1 <= year <= years[1] + 1 for year in told):
                found.append(Study(i, (a, b), (years[0], 0), (years[1], 0)))
    return found


def told(chunks: Sequence[Chunk], language: str, today: date | None = None, places: Sequence[Sequence[Period]] = (), years: tuple[int, int] | None = None, covered: Sequence[Study] = ()) -> Gaps | None:
    """The times without a job in the passages, or the one between the jobs at two `places`; None where their dates do not tell.

    Args:
        years: only what lies in these, the first and the last one.
        covered: breaks that are told besides: what they cover is left out.
    """
    today = today or date.today()
    jobs = dated_jobs(chunks)
    if not jobs or years and (years[1] < min(job.start[0] for job in jobs) or years[0] > today.year):
        return None
    between, by_years = _between(jobs, today)
    if places:
        one, other = places
        between = [gap for gap in between if (gap.before in one and gap.after in other) or (gap.before in other and gap.after in one)]
        if not between:
            return None
    if years:
        between = [gap for gap in between if _in_years(gap, years, today)]
    between = [gap for gap in between if not any(each.start[0] and _covers(each, gap, today, whole=True) for each in covered)]
    studied = {gap: study for gap in between for study in studies(chunks) if _covers(study, gap, today)}
    found = [gap for gap in between if gap not in studied]
    # Studies of which no months are told may cover one, or not; so may what else has dates.
    may = [study for study in studies(chunks) if not (study.start[1] and study.end[1]) and any(_covers(study, gap, today, whole=True) for gap in found)]
    else_ = [each for each in _others(chunks) if each not in may and any(_meets((each.start, each.end), gap, today) for gap in found)]
    around = {job for gap in found for job in (gap.before, gap.after) if job} or {job for job in jobs if not years or (job.start[0] <= years[1] and job.end[0] >= years[0])}
    meanwhile = tuple(dict.fromkeys((*studied.values(), *may, *else_)))
    read = dict.fromkeys(each.position for each in (*jobs, *meanwhile))
    sentence = _sentence(found, bool(studied), bool(may), bool(else_), bool(places), by_years, years, language)
    return Gaps(sentence, tuple(job for job in jobs if job in around), meanwhile, tuple(read), by_years)


def _others(chunks: Sequence[Chunk]) -> list[Study]:
    """What has dates in the passages and is neither a job nor a study, nor done beside them: military service, an internship in a section of its own,
    a project."""
    working = {period.position for period in periods(chunks)}
    title = lambda each: re.split(r"[›(]", chunks[each.position].section)[0].strip()
    return [each for each in studies(chunks, every=True) if each.position not in working and not STUDIES.search(title(each)) and not BESIDE_WORK.fullmatch(title(each))]


def _between(jobs: Sequence[Period], today: date) -> tuple[list[_Gap], bool]:
    """The times of `SHORTEST` months or more without any of these jobs, earliest first, and whether dates without a month leave something open: then
    those of a full year alone are found."""
    found = []
    last: Period | None = None
    by_years = False
    for job in sorted((job for job in jobs if not _ASIDE.search(job.heading.partition("\n")[2])), key=lambda job: (job.start, job.end)):
        if last and not last.goes_on:
            if job.start[1] and last.end[1]:
                months = _count(job.start) - _count(last.end) - 1
                if months >= SHORTEST:
                    found.append(_Gap(months, last, job))
            elif job.start[0] >= last.end[0]:
                by_years = True
                if job.start[0] - last.end[0] > 1:
                    found.append(_Gap(0, last, job))
        if last is None or (job.end[0], job.end[1] or 12) >= (last.end[0], last.end[1] or 12):
            last = job
    if last and not last.goes_on:
        if last.end[1]:
            months = 12 * today.year + today.month - _count(last.end) - 1
            if months >= SHORTEST:
                found.append(_Gap(months, last, None))
        else:
            by_years = True
            if today.year - last.end[0] > 1:
                found.append(_Gap(0, last, None))
    return found, by_years


def _count(point: tuple[int, int]) -> int:
    return 12 * point[0] + point[1]


def _span(gap: _Gap, today: date) -> tuple[int, int]:
    """The first month of a time without a job, and the one behind its last; of years alone the full ones."""
    if not gap.months:
        return _count((gap.before.end[0] + 1, 1)), _count((gap.after.start[0] if gap.after else today.year, 1))
    return _count(gap.before.end) + 1, _count(gap.after.start) if gap.after else 12 * today.year + today.month


def _in_years(gap: _Gap, years: tuple[int, int], today: date) -> bool:
    """Whether a time without a job has a month in these years."""
    begin, end = _span(gap, today)
    return begin < _count((years[1] + 1, 1)) and end > _count((years[0], 1))


def _meets(time: tuple[tuple[int, int], tuple[int, int]], gap: _Gap, today: date) -> bool:
    """Whether a range of dates and a time without a job have a month in common."""
    begin, end = _span(gap, today)
    (year, month), (last_year, last_month) = time
    return _count((year, month or 1)) < end and begin <= _count((last_year, last_month or 12))


def _covers(study: Study, gap: _Gap, today: date, whole: bool = False) -> bool:
    """Whether so much of a time was studied that less than `SHORTEST` months are left. A year without a month counts whole, or not at all; of a gap of
    years alone it counts whole."""
    begin, end = _span(gap, today)
    whole = whole or not gap.months
    start, stop = _count((study.start[0], study.start[1] or (1 if whole else 12))), _count((study.end[0], study.end[1] or (12 if whole else 1))) + 1
    return end - begin - max(0, min(end, stop) - max(begin, start)) < SHORTEST


def _told_en(gap: _Gap) -> str:
    if gap.months:
        return f"{long(gap.months, True, 'en').lower()} (after {month_name[gap.before.end[1]]} {gap.before.end[0]})"
    return f"some time between {gap.before.end[0]} and {gap.after.start[0]}" if gap.after else f"since some time after {gap.before.end[0]}"


def _told_ko(gap: _Gap) -> str:
    if gap.months:
        return f"{long(gap.months, True, 'ko')}({gap.before.end[0]}년 {gap.before.end[1]}월 이후)"
    return f"{gap.before.end[0]}년과 {gap.after.start[0]}년 사이" if gap.after else f"{gap.before.end[0]}년 이후"


def _sentence(found: Sequence[_Gap], studied: bool, may: bool, else_: bool, of_two: bool, by_years: bool, years: tuple[int, int] | None, language: str) -> str:
    when = "" if years is None else f"{years[0]}" if years[0] == years[1] else f"{years[0]}–{years[1]}"
    if language == "ko":
        where = "두 직장 사이에 " if of_two else f"{when}년에 " if when else ""
        if not found:
            least = "1년 이상의" if by_years else f"{SHORTEST}개월 이상의"
            return f"{where}{least} 공백은 {'학업 기간을 빼면 ' if studied else ''}없습니다{' (월이 적혀 있지 않아 연도로만 셈)' if by_years else ''}."
        told = ", ".join(map(_told_ko, found))
        return f"{where}직장이 없던 기간: {told}{', 다만 그 해의 학업 기간일 수 있음' if may else ''}{', 다만 그 기간에 다른 활동이 적혀 있음' if else_ else ''}{' (월이 없는 날짜는 연도로만 셈)' if by_years else ''}."
    where = " between the two" if of_two else f" in {when}" if when else ""
    if not found:
        least = "a full year" if by_years else f"{SHORTEST} months"
        return f"No gap of {least} or more{where}{' but for studies' if studied else ''}{': the dates give no months' if by_years else ''}."
    told = ", ".join(map(_told_en, found))
    return f"Without a job{where}: {told}{', unless studies of those years cover it' if may else ''}{', though the resume dates something else then' if else_ else ''}{' (some dates give no months)' if by_years else ''}."
