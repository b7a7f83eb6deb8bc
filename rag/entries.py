"""The entries of a resume: where each begins and ends, its dates, and the jobs and studies among them."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rag.mentions import KINDS_KO, TRADES_KO
from rag.sections import (
    DURATION,
    MONTH_NAME,
    MONTHS,
    POST_KO,
    POST_WORD,
    cells,
    column_names,
    full_years,
    is_column_names,
)
from rag.types import Chunk

MAX_POST, MAX_PLACE = 60, 110  # characters of a post below the dates of a job, and of an employer or place
MAX_POST_WORDS = 7  # of a post below an employer
MOST_SINGLE = 12  # posts of one year in a passage
MIN_WORDS = 3  # of what was done within a job; "Volkswagen" is another employer
HEAD_LINES = 3
MAX_TOP = 4  # lines of an entry's heading: employer, post, and the dates in one line or two
MAX_SMALL = 2  # words in small letters of a title in a sentence's place
MAX_HEADED, MAX_BESIDE = 140, 40  # characters of a heading with its dates, and of a place behind them
MAX_DATED = 80  # characters of a line of employer, dates and place; a longer one is prose

_MONTH = r"(?:[A-Za-z]{3,9}\.? )?"
_BEFORE_YEAR = r"(?:\d{1,2}(?:, |[./-])){0,2}"  # "03/", "01.03.", and the day of "March 15, 2019"
_BEHIND_YEAR = r"(?:년(?: ?\d{1,2}월(?: ?\d{1,2}일)?)?|(?:[./-] ?\d{1,2}(?!\d)){0,2}\.?)"  # ".03", ". 3. 2.", "-03-02", "년 3월 2일"
_SHORT_YEAR = r"['’‘`]\d{2}(?!\d)"  # "’22.03", "Jan ’22"
_SHORT_POINT = rf"(?:[A-Za-z]{{3,9}}\.? {_SHORT_YEAR}|{_SHORT_YEAR}(?:[./-] ?(?:0?[1-9]|1[0-2])(?!\d)\.?|년(?: ?\d{{1,2}}월)?))"
_POINT = rf"(?:{_MONTH}{_BEFORE_YEAR}(?:19|20)\d{{2}}{_BEHIND_YEAR}|{_SHORT_POINT})"
_SHORT_END = r"(?:[–—~〜∼][\'’]?\d{2}|-(?:1[3-9]|[2-9]\d))(?![\d./])"  # "2019–21"; "2019-06" is a month
_OPEN_END = r"(?:present|now|today|current|ongoing|date\b|(?:현재|지금)(?:까지)?|(?:재직|근무|재학|진행) ?중)"
_DASH = r"(?:[-–—~〜∼～→]|->|to|until|till|부터)"
_BEHIND_DASH = r"(?:(?:to|till|until) |\d{1,2}(?:st|nd|rd|th)? (?=[A-Za-z])|\()?"  # "- Till Date", "– 3 May 2021", "~ (재직중)"
_END_LABEL = r"(?:to|until|till|end(?:ed)?(?: date)?|left|퇴사일?|퇴직일?|종료일?|졸업일?)\s*[:：]\s*"
# The last of these: columns of a table, and a form's next line ("To: May 2021").
_UNTIL = rf"(?: *{_DASH}\s*{_BEHIND_DASH}|  | ?\| ?|\n{_END_LABEL})"
# "2021.03 ~", "(2018 – )", "2021.03 ~  Acme": nothing behind the dash, nor on the line below, where a narrow column goes on.
_NO_END = rf"{_POINT} ?(?:{_DASH}|이후)(?= *$| *[|)]|  )(?![^\n]*\n *(?:{_POINT}|{_OPEN_END})(?: *$|  ))"
# "since 09/2018  Engineer", "Engineer (since 2018)": beside what it dates, not within a sentence.
_SINCE = rf"(?:^(?:- )?|[(,;:·|–—] ?|  )since {_POINT}(?= *$|  |[:)]| ?[|·–—])"
YEAR, _SHORT = re.compile(r"(?:19|20)\d{2}"), re.compile(_SHORT_YEAR)
RANGE = re.compile(
    rf"{_POINT}{_UNTIL}(?:{_POINT}|{_OPEN_END})|\b{MONTH_NAME} ?(?:[-–—~]|to) ?{MONTH_NAME} (?:19|20)\d{{2}}\b|(?<![\d제])(?:19|20)\d{{2}}{_SHORT_END}|{_NO_END}|{_SINCE}", re.IGNORECASE | re.MULTILINE
)
# The time of a job that lasted a summer or a year: at the end of its line, "2013 (summer)", "summers of 2010 and 2011", "Jul 2015".
_SEASON = r"(?:(?:summer|winter|spring|autumn|fall|season|vacation|holiday|christmas)s?|여름|겨울|방학|하계|동계)"
_ONCE = re.compile(
    rf"(?:^|(?<=[|·,(–—-])|(?<=[|·,–—-] )|(?<=  ))(?P<dates>(?:{_SEASON},?(?: of)? )?{_POINT}(?: ?(?:and|&|,|/|및) ?(?:19|20)\d{{2}})?(?: \({_SEASON}[^()\d]{{0,20}}\)| {_SEASON})?)\)?\s*$",
    re.IGNORECASE,
)
_GOES_ON = re.compile(rf"{_POINT}{_UNTIL}{_OPEN_END}|{_NO_END}|\bsince {_POINT}|{_POINT} ?이후", re.IGNORECASE | re.MULTILINE)
WORK = re.compile(
    r"experience|employ|work|career|job|position|appointment|^before (?:that|this|then)\b|^\W*(?:the|my) (?:road|path|journey|story)(?: so far)?\W*$|where i['’]ve been|경력|경험|(?<!교육)(?<!교육 )(?<!수상)(?<!수상 )(?<!자격)(?<!자격 )(?<!학습)(?<!학습 )이력(?! ?서)|근무|직장|걸어 ?온 ?길|지나온 ?길|발자취|일해 ?온|일한 ?곳|거쳐 ?온", re.IGNORECASE
)
_NO_WORK = re.compile(
    r"educat|academic|school|studies|degree|training|course|certif|licen[cs]|award|project|volunt|communit|publi|research|talk|member|interest|outside|beyond|hobb|leisure|(?:free|spare) time|unpaid|pro bono|\bbreaks?\b|\bgaps?\b"
    r"|^(?!.*(?:experience|employ)).*(?:stud(?:y|ied)\b|learn(?:ed|t|ing)\b|credential|prize|honou?r)|학력|학업|공부|배움|배운|교육|자격|면허|수상|장학|상과|(?<!회사별 )프로젝트|봉사|활동|논문|연구|병역|해외 ?(?:경험|연수)|어학 ?연수|취미|여가|공백",
    re.IGNORECASE,
)
_MAYBE_WORK = re.compile(r"\bintern(?!ational|et)|freelanc|consult|business|teaching|fellow|trainee|rotation|professional background|self.employ|인턴|프리랜서|창업|강의", re.IGNORECASE)
DETAILS = re.compile(r"기술서|상세|직무 ?기술")  # of the jobs that are listed with their dates elsewhere
_OUTSIDE_WORK = re.compile(r"^해외 ?(?:경험|연수|체류|봉사)(?: ?사항)?$|희망 ?(?:근무|직무|직종|연봉|조건)|^(?:(?:interests|activities|life|hobbies) )?(?:outside|beyond|beside|besides|away from|apart from|not) (?:of )?work$", re.IGNORECASE)
_ESSAY = re.compile(r"(?:극복|협업|성공|실패|도전|갈등|해결) ?(?:했던 ?|한 ?)?(?:경험|사례)|성장 ?과정|지원 ?동기|포부")  # of a letter to an employer
_EXPERIENCES = re.compile(r"경험(?:[/·,] ?(?:활동|교육|사항|대외 ?활동|인턴))+")  # of a job site, beside the jobs
STUDIES = re.compile(r"educat|academic|stud(?:y|ies|ied)\b|school|학력|학업|공부|배움", re.IGNORECASE)
_UNPAID = re.compile(r"volunt|unpaid|pro bono|communit|봉사", re.IGNORECASE)
# A row of dates that is no job.
BREAK = re.compile(
    r"\b(?:time out(?-i:(?! [A-Z]))|time off|(?:career|family) break|sabbatical|gap year|(?:parental|maternity|paternity) leave(?! (?:cover|replacement))|between jobs|unemployed(?! [a-z])|job[- ]?seeking|(?:was|stayed|staying) at home|at home (?:with|caring)|(?:to care|car(?:e|ing|ed)) for my (?:(?:ill|sick|old|elderly|dying) )?(?:father|mother|parents?|child\w*|sons?|daughters?|husband|wife|partner|grand\w+|family|baby|twins|brother|sister|relatives?))\b"
    r"|공백기?|휴식기|휴직(?! ?대체)|육아(?!휴직 ?대체|종합|지원|정책|용품|연구|박람|신문|방송|잡지|카페|앱|플랫폼|서비스|콘텐츠|교육)|구직(?!자)|쉼(?![터표])",
    re.IGNORECASE,
)
_NO_JOBS = re.compile(r"highlight|achievement|accomplishment|summary|objective|goal|성과|요약", re.IGNORECASE)
_SERVICE = re.compile(r"\W*(?:병역|군 ?복무|군 ?경력|군필)(?: ?사항)?\s?[:：|]")  # of a form's head
BREAKS = re.compile(r"^(?:career |employment )?(?:breaks?|gaps?)\b|^(?:경력 ?)?공백", re.IGNORECASE)  # a section of them
SCHOOL = re.compile(r"(?i:universi|college|institut|school|academy)|대학|학교")
WORK_TITLE = re.compile(r"[\"“'‘「『《][^\"”'’」』》\n]{4,}[\"”'’」』》]")
BULLET = re.compile(r"\s*[-*•·▪●○◦‣–—➤✓]\s")


def head(chunk: Chunk) -> str:
    """An entry's first line; the later part of a long entry has it in its section title."""
    if "›" in chunk.section:
        return chunk.section.rpartition("›")[2].strip()
    return chunk.text.strip().split("\n", 1)[0]


def beginning(chunk: Chunk) -> list[str]:
    """The first lines of the text that hold more than a length of time."""
    lines = [line for line in chunk.text.strip().split("\n") if line.strip()]
    return [line for line in lines[: HEAD_LINES + 1] if not DURATION.fullmatch(line)][:HEAD_LINES]


def first_lines(chunk: Chunk) -> str:
    dates = top(chunk.text)
    return "\n".join(dict.fromkeys([head(chunk), *beginning(chunk), chunk.text[slice(*dates)] if dates else ""]))


def row_named(row: str) -> str:
    """What names an entry in the long row of a table: dates, employer and post, without the tasks behind them."""
    return " | ".join(cells(row)[:3])


def is_entry(chunk: Chunk) -> bool:
    """Whether the passage is one job, degree or the like: a range of dates stands in its first lines."""
    return bool("›" in chunk.section or RANGE.search(first_lines(chunk)))


def top(text: str) -> tuple[int, int] | None:
    """The heading of an entry, down to its dates: employer, post, "2019 – 2021", as (start, end) in its text. None where that is no heading of few
    short lines.
    """
    dates = RANGE.search(text)
    if dates is None:
        return None
    end = text.find("\n", dates.end())
    end = len(text) if end < 0 else end
    lines = [line for line in text[:end].split("\n") if line.strip()]
    return (0, end) if len(lines) <= MAX_TOP and all(map(_is_short, lines)) else None


def dated_line(chunk: Chunk) -> tuple[int, int] | None:
    """Where in `chunk.text` the dates of the entry stand, as (start, end) of their line; None where its first lines have none."""
    dates = RANGE.search(chunk.text)
    if dates is None or chunk.text.count("\n", 0, dates.start()) > HEAD_LINES:
        return None
    end = chunk.text.find("\n", dates.end())
    return chunk.text.rfind("\n", 0, dates.start()) + 1, len(chunk.text) if end < 0 else end


def goes_on(chunk: Chunk) -> bool:
    """Whether the entry has no end yet ("March 2022 – present", "2019년 3월 ~ 현재", "since 2018")."""
    return bool(_GOES_ON.search(first_lines(chunk)))


_PARTS_OF_POINT = re.compile(
    r"(?:([A-Za-z]{3})[A-Za-z]*\.? )?"
    r"(?:(?<=[A-Za-z.] )\d{1,2}, )?"  # the day of "March 15, 2019"
    r"(?:(\d{1,2})/(?=\d{1,2}/))?(?:(\d{1,2})[./-])?((?:19|20)\d{2})"
    r"(?:[./-] ?(\d{1,2})(?!\d|[./]\d{4}))?"  # not the month of the next point: "2015-05/2020"
    r"(?:년 ?(\d{1,2})월)?"
)


def points_of(dates: str) -> list[tuple[int, int]]:
    """The points in time of a range, as (year, month); month 0 where only the year is told."""
    if short := re.fullmatch(r"(\d{2})(\d{2})\D+(\d{2})", dates):  # "2019–21", "1998–02"
        century, start, end = map(int, short.groups())
        return [(100 * century + start, 0), (100 * (century + (end < start)) + end, 0)]
    parts = _PARTS_OF_POINT.findall(full_years(dates))
    day_first = _day_first([(int(first), int(before)) for _, first, before, *_ in parts if first and before])
    found = []
    for name, first, before, year, after, korean in parts:
        month = MONTHS.index(name.casefold()) + 1 if name.casefold() in MONTHS else int(before or after or korean or 0)
        if first:
            month = 0 if day_first is None else month if day_first else int(first)
        found.append((int(year), month if month <= 12 else 0))
    return found


def _day_first(pairs: Sequence[tuple[int, int]]) -> bool | None:
    """Whether the first of the two numbers before a year is the day, as of all points of a range: 15/03/2019 tells it, and of a start what is 1 is
    likelier the day; None where nothing tells."""
    for first, second in pairs:
        if max(first, second) > 12:
            return first > 12
    day = any(first == 1 != second for first, second in pairs)
    month = any(second == 1 != first for first, second in pairs)
    return None if day == month and any(first != second for first, second in pairs) else day or not month


def _ends(dates: str) -> tuple[tuple[int, int], tuple[int, int]]:
    """Start and end of a range, as (year, month); the end of what goes on is (9999, 0), that of what happened once its only date."""
    points = points_of(dates)
    if not RANGE.search(dates):
        return points[0], points[0]
    return points[0], points[1] if len(points) > 1 else (9999, 0)


def lies_within(line: str, other: str) -> bool:
    """Whether the dates of one line lie within those of another and are not the same: a task's within its job's."""
    inner, outer = (entry_dates(text) for text in (line, other))
    if not inner or not outer:
        return False
    (start, end), (first, last) = _ends(inner[0][1]), _ends(outer[0][1])
    return (start, end) != (first, last) and first <= start and (end[0], end[1] or 12) <= (last[0], last[1] or 12)


@dataclass(frozen=True, slots=True)
class Job:
    """A job of a passage: `chunk.text[span]` of the passage at `position`; `start` and `end` as (year, month)."""

    start: tuple[int, int]
    end: tuple[int, int]
    position: int
    span: tuple[int, int]


def jobs_of(chunks: Sequence[Chunk], subject: str, every: bool = False) -> list[Job]:
    """Somebody's jobs that have dates, as the passages list them; a task with dates of its own is none, nor a project within a job's time. With
    `every`, also these, and those that a section of details tells once more.
    """
    sections = {i: re.split(r"[›(]", chunk.section)[0] for i, chunk in enumerate(chunks) if chunk.subject == subject}  # without the employer
    allowed = [i for i, section in sections.items() if not _NO_WORK.search(section)]
    dated = {i: _without_tasks(chunks[i].text, entry_dates(chunks[i].text)) for i in allowed}
    work = [i for i in allowed if dated[i] and WORK.search(sections[i])]
    dated |= {i: _once(chunks[i].text) for i in allowed if work and not dated[i] and WORK.search(sections[i]) and not _NO_JOBS.search(sections[i])}
    work = [i for i in allowed if dated[i] and WORK.search(sections[i])]
    dated |= {i: _with_once(chunks[i].text, dated[i]) for i in work}
    work = work or allowed
    jobs = []
    for i in work:
        text = chunks[i].text
        for (at, dates), span in zip(dated[i], _spans(text, dated[i]), strict=False):
            row = text[at:].split("\n", 1)[0]
            told = text[min(span[0], at) : at] + (row_named(row) if row.count("|") > 2 else row)  # its title may stand above the dates, why it ended behind
            below = [line for line in text[at:].split("\n")[1:3] if line.strip() and not BULLET.match(line)]  # its post below them
            if BREAK.search(told) or _SERVICE.match(text, at) or (is_study(told) and not any(map(is_post_line, below))):
                continue
            if ends_table(text, at):
                span = (span[0], at + len(row))  # what stands below the table is not the last row's
            jobs.append(Job(*_ends(dates), i, span))
    return jobs if every else without_projects(jobs, chunks)


# Who works at a school, and what it does.
_AT_SCHOOL = re.compile(r"교사|강사|교감|교장|교직|행정|실무사|사서|상담|조리|영양|코치|감독|직원|조교|튜터|\b(?:teacher|instructor|tutor|coach|counsell?or|librarian|principal|administrator)\b|학사 ?(?:관리|지원|운영|행정|팀)", re.IGNORECASE)


# Not "Boston, MA", nor a workplace that is a school.
_DEGREE = re.compile(
    r"(?i:\bbachelor\w*|\bmaster(?:['’]?s\b|(?= (?:of|in|degree)\b))|\bph\.? ?d\b|\bdoctorate\b|\bdipl[oô]m[ae]\b|\bassociate(?:['’]s)? (?:degree|of|in)\b|\bgraduated\b|\ba-levels?\b)|(?<![\w-])[BM]\.?(?:Sc|Eng|BA|Ed|Tech|Com|FA)\b\.?|(?<![\w-])[BM]\.?[AS]\.? (?=in\b|of\b|\(Hons)"
    r"|(?<!전문)학사(?! ?(?:관리|지원|운영|행정|팀|일정))|석사|박사|(?:고등학교|대학교?|대학원|학과|학부)[^\n]{0,20}?(?:졸업|수료|재학|입학|중퇴|휴학)|전문학사|졸업"
)


def is_study(title: str) -> bool:
    """Whether what stands among the jobs is none: a degree, or a school and nothing that somebody does there."""
    rest = _DEGREE.sub("", title.replace("\n", ","))
    return len(rest) < len(title) and not _AT_SCHOOL.search(title) and not is_post_line(rest)


def ends_table(text: str, at: int) -> bool:
    """Whether the line at `at` is the last row of a table with a blank line below it."""
    row, _, below = text[at:].partition("\n")
    return row.count("|") > 1 and below[:1] == "\n"


_PROJECT = re.compile(
    r"(?:^| )(?:개발|구축|재구축|전환|개선|고도화|프로젝트|이관|도입|리뉴얼|런칭|출시|마이그레이션)\W*$|\b(?:project|migration|redesign|launch|roll-?out|implementation|rewrite|upgrade|rebuild|integration)s?\W*$",
    re.IGNORECASE,
)


_ENDS_IN_BRACKETS = re.compile(r"\([^()\n]*\)\W*$")


def without_projects(jobs: Sequence[Job], chunks: Sequence[Chunk]) -> list[Job]:
    """Without what a job's time holds and is called a project, or stands right below it in a style that only what is within jobs has: its dates behind its title, in brackets or not;
    and without what a section of details tells of the jobs that are listed elsewhere."""
    inside = lambda job, other: other.start <= job.start and (job.end[0], job.end[1] or 12) <= (other.end[0], other.end[1] or 12)
    may_be = lambda job, other: other.start <= (job.start[0], job.start[1] or 12) and (job.end[0], job.end[1] or 1) <= (other.end[0], other.end[1] or 12)
    title = lambda job: chunks[job.position].text[slice(*job.span)].split("\n")[0]
    detailed = {i for i in {job.position for job in jobs} if DETAILS.search(re.split(r"[›(]", chunks[i].section)[0])}
    listed = [job for job in jobs if job.position not in detailed]
    styled = {job for job in jobs if (brackets := _ENDS_IN_BRACKETS.search(title(job)[-MAX_DATED:])) and RANGE.search(brackets[0])}
    above, job_above = None, {}
    for job in jobs:
        job_above[job] = above
        above = above if job in styled else job
    within = {job for job in styled if (over := job_above[job]) and chunks[over.position].section == chunks[job.position].section and may_be(job, over) and not _HAS_POST.search(title(job))}
    below_jobs = within if within == styled else set()
    kept: list[Job] = []
    section = lambda job: re.split(r"[›(]", chunks[job.position].section)[0]
    # Where the jobs have their dates in front, what has them behind its title and lies within one of these is something done there.
    in_front = {job for job in jobs if RANGE.match(title(job).lstrip(" *•|-"))}
    behind = {job for job in jobs if job not in in_front and RANGE.search(title(job)) and not _HAS_POST.search(title(job))}
    if len(behind) > 1 and all(any(section(other) == section(job) and inside(job, other) for other in in_front) for job in behind):
        below_jobs |= behind
    for job in jobs:
        if job in below_jobs or job.position in detailed and any(inside(job, other) for other in listed):
            continue
        if (PROJECT_LABEL.match(title(job)) or _is_project_row(job, chunks)) and any(may_be(job, other) for other in jobs if other != job and (other.position != job.position or other in kept)):
            continue
        if kept and section(kept[-1]) == section(job) and inside(job, kept[-1]) and _is_bare(job_head(job, chunks)) and is_post_line(job_head(kept[-1], chunks).replace("\n", ",")):
            continue
        outer = [other for other in kept if inside(job, other) and (other.start, other.end) != (job.start, job.end)]
        if not (outer and is_project(title(job))):
            kept.append(job)
    return kept


PROJECT_LABEL = re.compile(r"\W*(?:client|project|고객사?|프로젝트명?|사업명|과제명?)\s?[:：]", re.IGNORECASE)


PROJECT_COLUMN = re.compile(r"사업명|프로젝트|과제명?|발주|고객사|\b(?:project|client)\b", re.IGNORECASE)


def _is_project_row(job: Job, chunks: Sequence[Chunk]) -> bool:
    """Whether a job is a row of a table of projects, as the names of its columns say."""
    if chunks[job.position].text.count("|", *job.span) < 2:
        return False
    lines = chunks[job.position].text.split("\n")
    row = chunks[job.position].text.count("\n", 0, job.span[0])
    row = next((n for n in range(row, len(lines)) if RANGE.search(lines[n])), row)
    names = column_names(lines, row)
    told = chunks[job.position].section.rpartition("(")[2] if names is None else lines[names]
    return lines[row].count("|") > 1 and PROJECT_COLUMN.search(told) is not None


def job_head(job: Job, chunks: Sequence[Chunk]) -> str:
    """A job's heading: down to the line of its dates, and what stands below that of it."""
    period = period_of(chunks, job)
    return period.heading.partition("\n")[2] if period else ""


def _is_bare(head: str) -> bool:
    """Whether a heading is nothing but words and dates, on lines of their own: no post, no workplace, nothing that commas or marks set apart."""
    told = [without for line in head.split("\n") if (without := RANGE.sub("", re.sub(r"\([^()]*\)", "", line)).strip(" ()*|·,-–")) and re.search(r"\w", without)]
    apart = lambda line: re.search(r"[,|/]| · | [-–—] |  ", re.sub(r"\([^()]*\)", "", line))
    return len(told) < 2 and not any(len(line.split()) < MIN_WORDS or (_names_workplace(line) and not re.search("[가-힣]", line)) or apart(line) or is_post_line(line) or EMPLOYER_WORD.search(line) or WORKPLACE_KO.search(line.split()[-1]) for line in told)


# A post, or an employer beside something: a job.
_HAS_POST = re.compile(
    r"\b(?:engineer|developer|manager|director|analyst|designer|nurse|teacher|consultant|assistant|officer|lead|head|architect|scientist|specialist|coordinator|associate|intern|technician|administrator|supervisor|executive|representative|partner|trainee|accountant)\b"
    r"|(?:사원|대리|과장|차장|부장|팀장|주임|(?<!세부)(?<!과제)책임|선임|수석|인턴|매니저|개발자|엔지니어|연구원|디자이너|기획자|강사|교사)(?![가-힣])",
    re.IGNORECASE,
)


def is_project(title: str) -> bool:
    """Whether a heading is that of a project: it ends with a word for one, and has neither a post nor an employer beside."""
    bare = RANGE.sub("", title).strip(" ()*|·,-–")
    return _PROJECT.search(bare) is not None and not _HAS_POST.search(bare) and not ("," in bare and re.search("[A-Za-z]$", bare))


def _without_tasks(text: str, dated: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """The dated lines without the bullets, which are tasks of the jobs above them, where not all are bullets."""
    plain = [line for line in dated if not BULLET.match(text, line[0])]
    return plain or list(dated)


@dataclass(frozen=True, slots=True)
class Period:
    """The time of a job.

    Attributes:
        position: of its passage.
        line: (start, end) of the dated line in `chunk.text`.
        heading: the section's title and the lines down to that one.
        dates: as they stand there.
        start, end: as (year, month), month 0 where it is not told.
        headed: the dates stand at the edge of a line that is a heading, not within a sentence: they are the job's own.
    """

    position: int
    line: tuple[int, int]
    heading: str
    dates: str
    start: tuple[int, int]
    end: tuple[int, int]
    headed: bool

    @property
    def goes_on(self) -> bool:
        return self.end == (9999, 0)

    @property
    def has_months(self) -> bool:
        """Whether both ends are told to the month."""
        return bool(self.start[1] and (self.goes_on or self.end[1]))


_NUMBERING = re.compile(r"^\W{0,2}\d{1,2}(?:\.\d{1,2})*[.)]? (?=\D)")
_SAYS_I = re.compile(r"\b(?:I|my|we|our|he|she|his|her|they|their)\b|(?:다|요|음)\. ")  # of prose


_STOP_WITHIN = re.compile(r"(?<![ .][A-Za-z]{1})(?<![ .][A-Za-z]{2})(?<!^[A-Za-z]{2})\. ")  # not "Sp. z o.o. Gdańsk"


def period_of(chunks: Sequence[Chunk], job: Job) -> Period | None:
    """The time of a job, None where its dates are not those of a range."""
    text = chunks[job.position].text
    told = text[slice(*job.span)]
    for at, dates in entry_dates(told) or _once(told):
        start = job.span[0] + at
        end = text.find("\n", start + len(dates) if "\n" in dates else start)
        line = start, len(text) if end < 0 else end
        before, _, after = _NUMBERING.sub("", text[slice(*line)]).partition(_without_word(dates.split("\n")[0]))
        alone = not re.search(r"\w", text[job.span[0] : line[0]] + before + after)
        below = below_dates(text, line[1]) if alone else below_title(text, line, f"{text[job.span[0] : line[0]]}{before},{after}".replace("\n", ","))
        heading = f"{chunks[job.position].section}\n{text[job.span[0] : line[1] + below]}"
        edge = not re.search(r"\w", BULLET.sub("", before)) or len(after.strip(" ()|,·")) <= MAX_BESIDE
        # In a table's row they have a cell of their own, whatever else the row says.
        row = [cell for cell in re.split(r" ?\| ?| · ", text[slice(*line)].strip(" |*")) if cell]
        own_cell = len(row) > 2 and any(RANGE.fullmatch(cell) for cell in row)
        sentence = re.search(r"[.!?;,]$", text[slice(*line)].rstrip()) or _STOP_WITHIN.search(before + after)
        closing = _closes(before, after) or (line[1] - line[0] - len(after) <= MAX_HEADED and _closes_sentence(before, dates, after))
        headed = own_cell or (edge or closing) and line[1] - line[0] <= (MAX_HEADED if not sentence else 2 * MAX_HEADED) and (not sentence or closing)
        return Period(job.position, line, heading, _dates_alone(dates), job.start, job.end, headed)
    return None


def _closes(before: str, after: str) -> bool:
    """Whether dates close a heading in sentences: "Ridgepole Tree Care, St. Paul. Climber. 05/2012 to 08/2014."."""
    return before.rstrip().endswith((".", ",", "|", "·", "(")) and not after.strip(" .)") and not _SAYS_I.search(before)


def _closes_sentence(before: str, dates: str, after: str) -> bool:
    """Whether dates close a heading that stands before what was done: "Home Depot, Houston - Supervisor, 2020 to now. Ran the paint desk."."""
    ends = after.startswith(". ") or (dates.endswith(".") and after.startswith(" "))
    return ends and before.rstrip().endswith(",") and len(re.findall(r"\b[a-z]{3,}", before)) <= MAX_SMALL and not _SAYS_I.search(before)


def below_dates(text: str, end: int) -> int:
    """How far what ends at `end` with the dates of a job goes on with the employer, post or place that may stand right below: one line, or two where they
    stand between it and the tasks."""
    below = text[end + 1 :].split("\n")[:3] if text[end : end + 1] == "\n" else []
    stands = [_may_stand_below(line, behind) for line, behind in zip(below[:2], [*below[1:], ""], strict=False)]
    both = len(stands) == 2 and all(stands) and (len(below) < 3 or not below[2].strip() or bool(BULLET.match(below[2])))
    return sum(1 + len(line) for line in (below[:2] if both else below[:1] if stands[:1] == [True] else []))


_POST_LABEL = re.compile(r"(?:직위|직급|직책|(?:부서|소속)(?: ?[/·] ?(?:직위|직급|직책))?|designation|(?:job )?(?:title|position|role))(?: ?[/·] ?(?:직위|직급|직책))?\s?[:：]\s?(?=\S[^\n]{0,60}$)", re.IGNORECASE)
_PART = re.compile(r"[,|·/]| [-–—] |  ")
EMPLOYER_WORD = re.compile(rf"\b(?:inc|ltd|llc|llp|plc|gmbh|hospital|clinic|university|college|school|academy|bank|agency|council)\b|㈜|\(주\)|주식회사|법인(?![가-힣])|[가-힣]법인|(?:{KINDS_KO})(?![가-힣])", re.IGNORECASE)
_TOWN = re.compile(r"[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)?, [A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,2}")  # "Leeds, West Yorkshire"
_DOES = re.compile(r"(?:[A-Z][a-z]+(?:ed|ing)|Responsible|Led|Built|Ran|Wrote|Won|Made|Set|Grew|Cut|Taught|Sold|Kept|Took|Brought)\b")  # begins with what was done
WORKPLACE_KO = re.compile(rf"(?:㈜|\(주\)|주식회사|(?:{KINDS_KO}|{TRADES_KO}|센터|본사|지점|공장)(?![가-힣]))")
_DONE_KO = re.compile(r"(?:함|음|됨|임|다|요|등|담당|수행|진행|관리|운영|지원)\.?$")  # ends with it


def below_title(text: str, line: tuple[int, int], title: str) -> int:
    """How far the heading of a job goes on below the line of its dates, where that has a post or an employer alone: by the line with the other of the two.

    Args:
        line: (start, end) of the dated line.
        title: what it says beside and above the dates.
    """
    if text[line[1] : line[1] + 1] != "\n" or BULLET.match(text, line[0]):
        return 0
    below, _, rest = text[line[1] + 1 :].partition("\n")
    if _POST_LABEL.match(below):
        return 1 + len(below)
    if not _may_stand_below(below, rest.partition("\n")[0]) or re.search(r"[:：]", below) or is_post_line(title) and EMPLOYER_WORD.search(title):
        return 0
    posts = [is_post_line(part) for part in re.split(r" [-–—|@·] | at ", title) if re.search(r"\w", part)]
    if len(posts) > 1 and not all(posts):
        return 0  # both stand there
    if "," in title.strip(", ") and _TOWN.fullmatch(below.strip()):
        return 0  # the place
    if is_post_line(title) or not is_post_line(below) and "," in below:  # with its place
        other = _names_workplace(below) and not is_post_line(below)
    else:
        korean = re.search("[가-힣]", below) is not None
        named = not _DONE_KO.search(below) if korean else (len(below.split()) <= MAX_POST_WORDS or _names_workplace(below)) and not _DOES.match(below)
        short = re.fullmatch("[A-Z]{2,3}", below.strip()) is None or re.search("[가-힣]", title) is not None  # "AE", not "USA"
        other = is_post_line(below) and named and short
    return 1 + len(below) if other else 0


def parts_of_line(line: str) -> list[str]:
    return [part for each in _PART.split(re.sub(r"\([^()]*\)", "", line)) if (part := each.strip(" .*•-|·()"))]


def is_post_line(line: str) -> bool:
    """Whether a piece of a line is the title of a post."""
    return any(POST_WORD.search(part) or POST_KO.search(part) and not part.endswith("센터") or _HAS_POST.search(part) for part in parts_of_line(line)) or re.fullmatch("[A-Z]{2,3}", line.strip()) is not None


def _names_workplace(line: str) -> bool:
    """Whether a line may be nothing but the name of an employer with its place."""
    if re.search("[가-힣]", line):
        return WORKPLACE_KO.search(line) is not None and not _DONE_KO.search(line)
    words = re.findall(r"[^\W\d_][\w'’&-]{3,}", line)
    return bool(words) and line[:1].isupper() and sum(word[0].isupper() for word in words) >= 0.6 * len(words) and not _DOES.match(line)


_ENDS_SENTENCE = re.compile(r"[!?:;]$|(?<!\b[A-Za-z])(?<!\.[A-Za-z])(?<!\bInc)(?<!\bLtd)(?<!\bCo)(?<!\bCorp)(?<!\bPty)(?<!\bBros)\.$", re.IGNORECASE)  # not "Sp. z o.o.", "Acme Ltd."


def _may_stand_below(line: str, behind: str) -> bool:
    """Whether a line below dates may be of their heading; right above the tasks stands nothing else."""
    most = MAX_PLACE if not behind.strip() or BULLET.match(behind) else MAX_POST
    other = RANGE.search(line) if most == MAX_PLACE else YEAR.search(line)  # "Site Manager from 2016"
    lasted = DURATION.fullmatch(line.strip(" ()")) is not None and re.search(r"\d", line)
    return bool(line.strip()) and not lasted and len(line) <= most and not (BULLET.match(line) or other or _ENDS_SENTENCE.search(line.rstrip()))


def _dates_alone(dates: str) -> str:
    """A range of dates as it is told, without a word before it that is no month ("Camping 2020.3 ~ 2021.1")."""
    return _without_word(re.sub(r"\s+", " ", dates).strip(" (,;:·|"))


def _without_word(dates: str) -> str:
    word, _, rest = dates.partition(" ")
    return rest if word.rstrip(".").isalpha() and word[:3].casefold() not in (*MONTHS, "sin") else dates


def periods(chunks: Sequence[Chunk], every: bool = False) -> list[Period]:
    """The times of all jobs in the passages, earliest first; nothing where they are of several people. With `every`, also of projects within a job's
    time, and of jobs that a section of details tells once more."""
    return list(_periods(tuple(chunks), every))


@functools.lru_cache(maxsize=16)  # of one question many rules ask
def _periods(chunks: tuple[Chunk, ...], every: bool) -> tuple[Period, ...]:
    subjects = {chunk.subject for chunk in chunks}
    if len(subjects) != 1:
        return ()
    found = (period_of(chunks, job) for job in sorted(jobs_of(chunks, subjects.pop(), every), key=lambda job: (job.start, job.end)))
    return tuple(period for period in found if period)


def in_detail(chunks: Sequence[Chunk]) -> list[Period]:
    """The jobs as `periods`, and those that a section of details tells once more with what was done in them; no projects."""
    every, listed = periods(chunks, every=True), periods(chunks)
    section = lambda period: period.heading.partition("\n")[0]
    end = lambda period: (period.end[0], period.end[1] or 12)
    within = lambda one, other: section(one) == section(other) and (one.start, one.end) != (other.start, other.end) and other.start <= one.start and end(one) <= end(other)
    return [*listed, *(each for each in every if each not in listed and DETAILS.search(section(each)) and not any(within(each, other) for other in every))]


@dataclass(frozen=True, slots=True)
class Study:
    """The time of a study: `chunk.text[span]` of the passage at `position` is its dated line; `start` and `end` as (year, month), as in Period."""

    position: int
    span: tuple[int, int]
    start: tuple[int, int]
    end: tuple[int, int]


def studies(chunks: Sequence[Chunk], every: bool = False) -> list[Study]:
    """The times of the studies in the passages; with `every`, of all that has dates there."""
    found = []
    for i, chunk in enumerate(chunks):
        if not every and not STUDIES.search(re.split(r"[›(]", chunk.section)[0]):
            continue
        for at, dates in entry_dates(chunk.text):
            stop = chunk.text.find("\n", at)
            found.append(Study(i, (at, len(chunk.text) if stop < 0 else stop), *_ends(dates)))
    return found


_AND = r"(?: (?:and|&) |, ?|/| ?및 ?|·)"
_BESIDE_ONE = r"(?:volunteer(?:ing)?(?: work| experience| activities)?|voluntary work|community service|certifications?|certificates|licen[cs]es|awards?|honou?rs|prizes|publications?|papers|hobbies|interests|references?|referees|(?:professional )?memberships?|affiliations|languages?|language skills|(?:자원)?봉사(?: ?활동)?|자격증|자격 ?사항|면허|수상(?: ?(?:경력|내역|이력))?|논문|취미|추천인|어학(?: ?(?:능력|성적))?|학회 ?활동)"
# Whole titles: "Community Nursing" and "어학연수" are work, or training all day.
BESIDE_WORK = re.compile(rf"{_BESIDE_ONE}(?:{_AND}{_BESIDE_ONE})*", re.IGNORECASE)


def _is_prose(line: str) -> bool:
    """Whether a line is a sentence, which no job begins with."""
    return not line.strip() or (line.rstrip().endswith((".", "!", "?")) and len(line.split()) >= 4 and not BULLET.match(line))


def told_whole(chunks: Sequence[Chunk]) -> bool:
    """Whether the dates in the passages tell all of a working life: no section of work is without dates, and none may be either work or not
    ("Research Experience")."""
    maybe = {i for i, chunk in enumerate(chunks) if _MAYBE_WORK.search(re.split(r"[›(]", chunk.section)[0]) and entry_dates(chunk.text)}
    if maybe and maybe - {period.position for period in periods(chunks)}:
        return False
    for chunk in chunks:
        section = re.split(r"[›(]", chunk.section)[0]
        if not WORK.search(section) or _OUTSIDE_WORK.search(section.strip()) or _ESSAY.search(section) or _EXPERIENCES.fullmatch(section.strip()) or is_project(chunk.text.split("\n")[0]) or BREAKS.search(section) or "›" in chunk.section or _UNPAID.search(section) or DETAILS.search(section):
            continue
        if is_column_names(chunk.text):
            continue  # the head of a table whose rows stand in other passages
        if _NO_WORK.search(section) or (not (entry_dates(chunk.text) or _once(chunk.text)) and not all(map(_is_prose, chunk.text.split("\n")))):
            return False
    return True


def entry_dates(text: str) -> list[tuple[int, str]]:
    """Where the lines with a range of dates begin, and their dates, which may go on in the line below."""
    lines = [line.span() for line in re.finditer(r"[^\n]+", text)]
    found = []
    for i, (start, end) in enumerate(lines):
        if not (YEAR.search(text, start, end) or _SHORT.search(text, start, end)):  # the most frequent line, and soon told
            continue
        dates = RANGE.search(text[start : lines[min(i + 1, len(lines) - 1)][1]])
        if dates and start + dates.start() < end:
            found.append((start, dates[0]))
    return found


# A heading within a section of work that is no job's.
OTHER_PART = re.compile(r"(?mi)^[^\w\n]*(?:(?:key|selected|notable|earlier|other|previous|further|additional|past|early) (?:projects?|career|experience|roles?|positions?|work|jobs|employment|history)|(?:주요|기타|그 ?외|이전) ?(?:프로젝트|경력|업무))[^\w\n]*$")


def _once(text: str) -> list[tuple[int, str]]:
    """As `entry_dates`, of a passage whose heading ends with a single date: a job that lasted a summer or a year."""
    for line in list(re.finditer(r"[^\n]+", text))[:HEAD_LINES]:
        if not _is_short(line[0]) or OTHER_PART.match(line[0]):
            return []
        if found := _ONCE.search(line[0]) or _ONCE_FIRST.match(line[0]):
            return [(line.start(), found["dates"])]
    return []


# "2016  Design Intern", "Summer 2009 – Dishwasher"
_ONCE_FIRST = re.compile(rf"(?P<dates>(?:{_SEASON} )?(?:19|20)\d{{2}}(?: \({_SEASON}\))?)(?=  | ?[|·:] | [–—-] )(?!.*(?:19|20)\d{{2}})", re.IGNORECASE)


def _with_once(text: str, dated: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """The `dated` lines of a passage of work, with those of posts in one year ("Vacation Student  Summer 2009") that stand between or below them."""
    single, at, known = [], 0, dict(dated)
    lines = text.split("\n")
    ranged = [(YEAR.search(line) or _SHORT.search(line)) is not None and RANGE.search(line) is not None for line in lines]
    for n, line in enumerate(lines):
        found = YEAR.search(line) and (_ONCE.search(line) or _ONCE_FIRST.match(line))
        beside = any(ranged[max(0, n - 1) : n + 2])  # it is of an entry that has its dates
        if found and at not in known and len(single) < MOST_SINGLE and not beside and _is_short(line) and not _DOES.match(line) and is_post_line(line.replace(found["dates"], " ")):
            single.append((at, found["dates"]))
        at += len(line) + 1
    return sorted([*dated, *single])


def _spans(text: str, dated: Sequence[tuple[int, str]]) -> list[tuple[int, int]]:
    """The entries of a text as (start, end), one for each of its `dated` lines; all of it where it has none. A title may stand above the first
    dates of a passage."""
    lines = [at for at, _ in dated]
    begins = [0, *(_begin(text, at, before) for before, at in pairwise(lines)), len(text)]
    return list(pairwise(begins))


def _begin(text: str, at: int, before: int) -> int:
    """Where the entry begins whose dates stand in the line at `at`: with the short lines right above them, where a blank line, a bullet or
    prose stands above those; else with its dates. `before` is where the line with the dates before them begins."""
    begin = at
    above = text[before:at].split("\n")[-4:]  # the last is empty: the dates begin a line
    if len(above) == 4 and not above[2].strip() and _is_short(above[1]) and (not above[0].strip() or BULLET.match(above[0])):
        dates_alone = not re.search(r"\w", DURATION.sub("", RANGE.sub("", text[at:].split("\n", 1)[0])))
        if dates_alone:
            return at - sum(1 + len(line) for line in above[1:3])  # "Acme, Engineer", a blank line, "2019 – 2021"
    while begin > before:
        start = text.rfind("\n", 0, begin - 1) + 1
        if start <= before:
            return at  # nothing sets the lines between the two dates apart: they are the first one's
        if not _is_short(text[start : begin - 1]):
            break
        begin = start
    return begin


# "퇴사사유: 계약 만료" ends an entry.
_CLOSES = re.compile(r"\W*(?:(?:퇴사|퇴직|이직|사직) ?(?:사유|이유)|(?:담당|주요) ?업무|업무 ?내용|비고|(?:주요 ?)?성과|(?:사용 ?)?기술(?: ?스택)?|현재 ?연봉|연봉|reasons? (?:for|of) leaving|(?:tech(?:nical)? )?stack|technologies|tools|key skills)\s?[:：]", re.IGNORECASE)


def _is_short(line: str) -> bool:
    """Whether a line may be one of an entry's heading: short, no bullet and no sentence."""
    short = bool(line.strip()) and len(line) <= MAX_DATED and not BULLET.match(line) and not line.rstrip().endswith((".", "!", "?"))
    return short and not _CLOSES.match(line)


def parts(chunk: Chunk) -> list[tuple[int, Chunk]]:
    """The entries of a passage, each as a passage of its own with where it begins; the passage itself where it holds one or none."""
    return [(a, replace(chunk, text=chunk.text[a:b])) for a, b in _spans(chunk.text, entry_dates(chunk.text))]


def part_at(chunk: Chunk, at: int) -> tuple[int, Chunk]:
    """The entry of a passage in which a place of its text lies: as `parts`."""
    return next((start, part) for start, part in reversed(parts(chunk)) if start <= at)


def entry_spans(text: str) -> list[tuple[int, int]]:
    """The entries of a passage as (start, end), two as one where nothing tells whose the lines between their dates are.

    A bullet with dates belongs to the entry above it, but where bullets are all there is.
    """
    kept: list[tuple[int, int]] = []
    dated = entry_dates(text)
    begins = {at for at, _ in dated}
    for start, end in _spans(text, dated):
        above = text[:start].rsplit("\n", 2)[-2] if kept else ""
        row = above.count("|") > 1 and RANGE.search(above) is not None  # of a table: the heading of nothing below it
        apart = bool(kept) and (kept[-1][0] in begins or row or not _is_short(above))
        if kept and (not apart or BULLET.match(text, start) and not BULLET.match(text)):
            kept[-1] = (kept[-1][0], end)
        else:
            kept.append((start, end))
    return kept
