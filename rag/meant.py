"""Which entries of a resume (jobs, degrees) a question means: those it names, the ones that still go on, the first or last job,
the job before, after or beside a named one, those between two, a time without one, the degree of the level it names.

A reranker sees what a line says, not whose line it is: asked for the cloud bill at one employer it takes the cloud
bill of another, and "now" and "first" mean little to it. Names in an entry's first line and its dates settle that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from rag.aliases import DEGREES
from rag.entries import (
    BREAK,
    BREAKS,
    EMPLOYER_WORD,
    HEAD_LINES,
    RANGE,
    SCHOOL,
    YEAR,
    Job,
    Period,
    entry_dates,
    entry_spans,
    goes_on,
    is_entry,
    is_post_line,
    job_head,
    jobs_of,
    parts_of_line,
    period_of,
    points_of,
    without_projects,
)
from rag.named import AT_WORK_KO, NAME, akin, named_entries, named_lines, naming_of
from rag.sections import DURATION, cells
from rag.types import Chunk

if TYPE_CHECKING:
    from rag.reranking import Reading

# How much less likely (in odds) an entry becomes when another is named, or when it has ended and "now" is asked, and
# how much likelier one that goes on. A named entry gains nothing, unless two are named to be compared: that it is
# asked about does not mean that it tells.
FACTOR = 100.0
# "Now tell me ..." and "so now, what ..." only go on to the next question; "until now" is all the time.
_GOES_ON_ASKING = (
    r"(?:^|(?<=ok )|(?<=ok, )|(?<=okay )|(?<=and )|(?<=so ))now,? (?:tell|list|show|give|name|what|where|which|who|when|how|about)\b"
)
_ASKS_NOW = re.compile(
    rf"(?<!to )(?<!until )(?<!till )(?!{_GOES_ON_ASKING})\bnow\b"
    r"|\b(?:current|currently|today|at the moment|atm|these days|at present|nowadays)\b|지금(?! ?까지)|현재(?! ?까지)|요즘|요새",
    re.IGNORECASE,
)
# "What does she do?" asks for the job of today; with a name for "she", whoever it names must be a candidate.
_ASKS_DOING = re.compile(r"^\W*(?:so |and |ok |well )?what(?:'s| is| does| do| are) (?P<who>[\w'’. -]{2,40}?) (?:do|doing)(?: for (?:a living|work))?\s*[?.!]*$", re.IGNORECASE)
_ASKS_DOING_KO = re.compile(r"(?:뭐|뭘|무슨 일을?|무엇을) ?하(?:는|시는) (?:사람|분)|직업이? ?(?:뭐|무엇|뭔)|직업은\s*\??$")
_SOMEBODY_ELSE_KO = re.compile(r"남편|아내|부인|배우자|부모|아버지|어머니|아빠|엄마|아들|딸|자녀|언니|오빠|누나|동생|형님|친구|전에(?!서)|이전| 전 |취미|쉬는|주말")
_SOMEBODY = frozenset("he she they the candidate this person applicant guy woman man".split())

_JOB = r"(?:job|position|role|employer|company|work place|workplace|employment)\b"
_ASKS_FIRST = re.compile(
    rf"\b(?:first|earliest|oldest) (?:ever |real |paid |full-time |professional )?{_JOB}"
    r"|\b(?:start|began|begin)\w* (?:out|\w+ (?:working )?(?:career|working life))\b"
    r"|첫 ?(?:번째 ?)?(?:직장|회사|직업|일자리|경력|병원)|처음(?:으로)? (?:다닌|다녔던|일한|일했던|들어간|입사한|근무한) (?:회사|직장|곳)"
    r"|사회생활(?:을|의|은)? ?(?:처음|시작|첫)|(?:처음|첫) ?사회생활",
    re.IGNORECASE,
)
_ASKS_LATEST = re.compile(
    rf"\b(?:last|latest|most recent|newest) {_JOB}|(?:가장|제일) 최근(?:에|의)? (?:\w+ )?(?:직장|회사|경력|근무처|근무지)|최근 ?(?:직장|회사|근무처|근무지)|마지막 ?(?:직장|회사|근무처|근무지|병원)|마지막으로 ?(?:일한|일했던|다닌|다녔던|근무한|재직한) ?(?:직장|회사|병원|곳|데|학교)",
    re.IGNORECASE,
)
# "Where did she work before that?", "전 직장은?": before the latest one, where nothing else is named.
_ASKS_PREVIOUS = re.compile(
    r"\b(?:previous|prior|preceding|former) (?:job|position|role|employer|company|workplace)\b(?! (?:to|at|as|in|with|for|holder)\b)|\bwork\w* (?:right |just )?before (?:that|this|it|now)?\W*$"
    r"|(?<![가-힣])(?:그 ?전|이전|전|직전) ?(?:직장|회사|근무지|근무처|일자리)(?=[은는이가에을를도의 ?,]|$)",
    re.IGNORECASE,
)
# Where somebody worked, or what they did, before or after something: what stands behind "before", in Korean in front of it, names that.
_ASKS_BEFORE = re.compile(r"\b(?:before|prior to|previous to|preceding)\b(?P<named>.+)", re.IGNORECASE)
_ASKS_AFTER = re.compile(r"\b(?:after|since leaving|following)\b(?P<named>.+)", re.IGNORECASE)
_BEFORE_DOING_KO = r"(?:에|에서|으로|로|을|를)? ?(?:다니|입사하|들어가|들어오|일하|근무하|합류하|옮기|가|오)기 (?:바로 )?(?:직)?전"
_BEFORE_ALONE_KO = r" (?:입사 ?|합류 ?|이직 ?)?전(?= |\?|$|의|에|엔)"  # "온다페이 입사 전 회사는?"
_ASKS_BEFORE_KO = re.compile(rf"(?P<named>.{{1,80}}?)(?:의)? ?(?:바로 )?(?:직전|이전|{_BEFORE_DOING_KO}|{_BEFORE_ALONE_KO})")
_ASKS_AFTER_KO = re.compile(
    r"(?P<named>.{1,80}?)(?:을|를|에서|의)? ?(?:다음|이후|(?:나온|떠난|퇴사한|그만둔|다닌) ?(?:뒤|후|다음)|나와서|떠나서|그만두고|퇴사하고|퇴사 ?후)"
)
# What came between two jobs, or two times at one employer; what was done beside one. "Which is bigger between" asks for neither.
_ASKS_BETWEEN = re.compile(
    r"\b(?:do|did|doing|does|work\w*|go|went|be|been|was|were|is|up to|employed|happened)\b(?: (?:he|she|they|up|to|doing|working|employed|busy|(?-i:[A-Z])\w+)){0,3} between\b(?P<named>\D{3,120})$|^between\b(?P<first>\D{3,120}),.*\b(?:do|work\w*|go|employed)\b"
    r"|(?:\D{2,80}?)(?:의)? ?사이(?:에|엔|에는|에서는)(?![가-힣])(?=.*(?:뭐|뭘|무엇|무슨|어디|어느))",
    re.IGNORECASE,
)
_TWICE = re.compile(r"\b(?:spells?|stints?|times|periods?|stays?)\b|(?:두|2) ?번|재입사", re.IGNORECASE)
_COMPARED = re.compile(r"\b(?:longer|longest|shorter|first|earlier|later|last|better|more|most|less|prefer\w*|bigger|relation\w*)\b|관계|더 |먼저|비교|공통", re.IGNORECASE)
_ASKS_BESIDE = re.compile(
    r"\b(?:while|whilst|during|alongside|in parallel (?:to|with)|at the same time as|at the time of)\b(?P<named>[^,]{3,120})"
    r"|(?:.{2,80}?)(?:에서|에)? ?(?:(?:다니|일하|근무하|재직하|있으)시?(?:면서|는 ?동안|던 ?동안|는 ?중|는 ?와중|던 ?때)|(?:다닐|일할|근무할|재직할|있을) ?때|(?:재직|근무) ?(?:중|당시))",
    re.IGNORECASE,
)
_ANOTHER_JOB = re.compile(
    r"\b(?:have|had|has|hold|held|do|did|doing|work\w*|take|took|get|got) (?:\w+ ){0,3}?(?:other|another|second|side|parallel) (?:paid )?(?:job|post|gig|business)(?:s|es)?\b|\b(?:work\w*|employed) (?:\w+ ){0,3}(?:any|some)where else\b|\bmoonlight"
    r"|다른 ?(?:일|직장|회사|데|곳)(?:도|을|를|에서도|에도)? ?(?:같이 |함께 |병행)?(?:했|하셨|하신|다녔|다니|겸|병행)|겸직(?:했|하셨|한 ?(?:곳|데|회사|적))|(?:부업|투잡)(?:을|를|도|은|는)? ?(?:했|하셨|하신|있|뛰)",
    re.IGNORECASE,
)
# "Before this one", "현재 회사 이전": the job that goes on, without its name.
_ASKS_THIS = re.compile(
    r"\b(?:this (?:one|job|role)|(?:current|present|latest) (?:one|job|role|position|employer|company))\b|(?:현재|지금|현) ?(?:의 )?(?:직장|회사|곳)",
    re.IGNORECASE,
)
# After somebody came, or before they left, is the time there.
_ASKS_THERE = re.compile(
    r"\b(?:after|since|following) (?:\w+ ){0,2}(?:join|start|mov|arriv|becom)\w*|\bbefore (?:\w+ ){0,2}(?:leav\w+|left|quit\w*|resign\w*)\b"
    r"|(?:입사|합류)(?:한|하고|하신|했던)? ?(?:이후|다음|후|뒤)|(?:퇴사|퇴직)(?:하기)? ?(?:직전|이전|전)",
    re.IGNORECASE,
)
_ASKS_JOB = re.compile(
    rf"^(?:(?:and|so|then|ok|okay),? )?(?:where\b.*\b(?:work\w*|go|was|were|employed|teach|taught|practi[sc]ed?|serve[d]?|cook(?:ed)?)\b|(?:what|which)\b.*\b{_JOB}|what (?:was|is) (?:his|her|their) (?:last |previous )?post(?! ?(?:box|office))(?![\w-])|who\b.*\b(?:work\w*|employ\w*)\b"
    rf"|(?:(?:his|her|their|the) )?(?:(?:last|next|previous) )?{_JOB} (?:right |just )?(?:before|after)\b"
    r"|what (?:was|were) (?:he|she|they|the candidate) (?:right |just )?(?:before|after)\b|what\b.*\bdo(?:ing)? (?:for a living |for work )?(?:right |just |immediately |directly )?(?:before|after|prior|since)\b)"
    r"|직장|회사|근무처|어디(?:서|에서)? ?(?:일|근무|다|있)|무슨 일|뭐 ?하|뭘 ?하|뭐 ?했|뭘 ?했|무엇을 ?(?:하|했)|어디로|(?<![가-힣])(?:간|옮긴|들어간|이직한|다닌|일한) ?(?:데(?![이스모뷔브])|곳)",
    re.IGNORECASE,
)
_ASKS_OTHER = re.compile(r"\b(?:stud\w+|degree|school|learn\w*|graduat\w+|how|why|when|between|until|months?)\b|학교(?!\S{0,3}병원)|학위|전공|왜|언제|얼마|몇|까지|사이|동안|\d월", re.IGNORECASE)
# Whoever asks for a company does not ask for these.
_ASKS_COMPANY = re.compile(r"\b(?:company|companies|employers?|firm)\b|회사|직장", re.IGNORECASE)
OWN_ACCOUNT = re.compile(r"\bfreelance(?:r|d)?\b(?!\.)|\bfreelancing\b|\bself[- ]employed\b|프리랜서|프리랜스|자유 ?기고", re.IGNORECASE)
# Why, when or for how long there was none; who stood in meanwhile, or what came before and after, its own lines need not tell.
_ASKS_BREAK = re.compile(
    r"\b(?:gaps?|hole) (?:in (?:19|20)\d\d\b|in (?:her|his|their|the|your|employment|work|career)\b(?! \w+ (?:coverage|market|system))|between\b|on (?:her|his|their|the) (?:cv|resume)\b)"
    r"|\b(?:career|employment|work) (?:break|gap)s?\b|\bwhy (?:is|was|are|were) there (?:an? |any |the )?(?:gaps?|breaks?)\W*$|\b(?:out of|without|not in) (?:work|a job)\b|\bsabbatical\b|\b(?:parental|maternity|paternity) leave\b"
    r"|\b(?:was|were) (?:he|she|they) (?:unemployed|not working)\b|\b(?:was|were|did)(?=n['’]?t\b|.{0,30}\bnot\b)(?:n['’]?t)? (?:[\w'’]+ ){1,3}work(?:ing)? (?:in|from|between|during) "
    r"(?:(?:early|late|mid|the|most|all|of|spring|summer|autumn|fall|winter|(?:jan|febr)uary|march|april|may|june|july|august|(?:sept|nov|dec)ember|october)[ -]+){0,4}(?:19|20)\d\d"
    # "2017년엔 회사 왜 안 다녔음?"
    r"|(?:19|20)\d\d ?년?.{0,12}(?<![가-힣\d])(?:회사|직장|일)(?:에|을|를|은|는|도)? ?(?:왜 ?)?(?:안|못) ?(?:다녔|다니|했|하셨|하신|한)|왜 ?(?:회사|직장|일)(?:에|을|를|은|는)? ?(?:안|못) ?(?:다녔|다니|했|하셨)|공백(?:기|이|은|에|을| )|(?<![가-힣])일을? ?쉬|(?<![가-힣])쉰 (?:기간|적|이유|사정)|(?<![가-힣])쉬(?:었|던)|육아 ?휴직",
    re.IGNORECASE,
)
_TOLD_BY_BREAK = re.compile(
    r"^\W*(?:so |and )?(?:why|explain|what|how long|when|any|is there|was there|were there|has|have|did)\b(?!.*\bwho\b)|왜|이유|사유|얼마나|언제|뭐|뭘|무엇|있나|있어|있는",
    re.IGNORECASE,
)
_BESIDE_BREAK = re.compile(r"\b(?:before|after|prior|since|following|until)\b|이후|다음|직전|이전|끝나|복직|(?<![가-힣])(?:전|후|뒤)(?![가-힣])|기간 ?전|첫째|둘째|대신", re.IGNORECASE)
_HOW_MUCH = re.compile(r"\bhow (?:long|many|much|often)\b|\bdifferen\w+|몇|얼마|차이", re.IGNORECASE)
# Who asks for an order of entries wants more than the one that is named.
_ASKS_ORDER = re.compile(
    r"\b(?:before|after|prior|previous|next|first|earlier|later|since leaving|between|or|preced\w+|follow(?:ed|ing|s)|succeeded)\b"
    # "Where did she go when she left Pixel?", "What did she leave Pixel for?"
    r"|\b(?:go|went|move\w*|join\w*)\b.{0,20}\b(?:when|once) \w+ (?:left|quit)\b|\b(?:leave|left|quit) .{1,40} for\W*$"
    r"|(?<![가-힣])전(?= |\?|$|의|에|엔)|(?:입사|이직|합류|취업) ?전|이전(?!서)|전에(?!서)|직전|다음|이후|후에|먼저|나중|사이|아니면|(?:이?랑|하고|와|과) ",
    re.IGNORECASE,
)
# What somebody got into or became: nothing but that stands behind "before" or "after".
_TRADE = re.compile(
    r"^(?:(?:he|she|they) )?(?:(?:(?:got|went|moved) into|getting into|going into|moving into|became|becoming|was|being|started|starting|took up|taking up) )?(?:an? |the )?(?P<trade>[a-z]{5,})(?: (?:business|trade|industry|profession|world|field|sector|line of work))?\W*$"
)
_NO_TRADES = frozenset("there that business college university school children family project career retirement management leading freelancing".split())


def named_periods(question: str, chunks: Sequence[Chunk], detailed: bool = False) -> list[Period]:
    """The times of the jobs (or projects within them) that a question names, or means by their place among the others (the first, the latest, the
    current one). A job that is told in short and in detail counts once: as in short, unless `detailed`."""
    subjects = {chunk.subject for chunk in chunks}
    if len(subjects) != 1:
        return []
    jobs = jobs_of(chunks, subjects.pop(), every=True)
    listed = without_projects(jobs, chunks)
    naming = naming_of(question, [_only(chunks[job.position], job) for job in jobs])
    most = max(map(len, naming.values()), default=0)
    named = [jobs[i] for i, words in naming.items() if len(words) == most]
    if own := [job for job in named if job in listed]:  # not the projects there, in whose headings the employer stands as well
        words = set().union(*(naming[i] for i, job in enumerate(jobs) if job in own))
        within = lambda job: any((each.start, each.end) != (job.start, job.end) and each.start <= job.start and job.end <= each.end for each in own)
        named = [job for i, job in enumerate(jobs) if job in own or (job in named and not (naming[i] <= words and within(job)))]
    once: dict[tuple, Job] = {}
    for job in named:
        key = (job.start, job.end, chunks[job.position].document_id)
        once[key] = job if detailed else once.get(key, job)
    own = list(once.values())
    if not own and (at := _first_or_latest(question, chunks) or _previous(question, chunks)):
        own = [job for job in jobs if at.get(job.position) == job.span]
    elif not own and (_ASKS_THIS.search(question) or (_ASKS_NOW.search(question) and _ASKS_JOB.search(question))):
        own = [job for job in jobs if job.end == (9999, 0)]
    return [period for job in own if (period := period_of(chunks, job))]


def jobs_meant(question: str, chunks: Sequence[Chunk]) -> dict[int, tuple[int, int]]:
    """Everybody's first or latest job, the one before or after a named one, those between two or beside one, or times without one, where the
    question asks for it: by position, (start, end) in `chunk.text`.

    Empty where it asks for none of them, and of nobody whose jobs have no dates.
    """
    return _beside(question, chunks) or _relative(question, chunks) or _first_or_latest(question, chunks) or _previous(question, chunks) or _breaks(question, chunks)


def _relative(question: str, chunks: Sequence[Chunk]) -> dict[int, tuple[int, int]]:
    """The jobs between two that the question names, or beside one: as `jobs_meant`."""
    return _between(question, chunks) or _meanwhile(question, chunks)


def _first_or_latest(question: str, chunks: Sequence[Chunk]) -> dict[int, tuple[int, int]]:
    """Everybody's first or latest job: as `jobs_meant`."""
    first = _ASKS_FIRST.search(question) is not None
    if not (first or _ASKS_LATEST.search(question)):
        return {}
    meant = {}
    for subject in {chunk.subject for chunk in chunks}:
        if jobs := jobs_of(chunks, subject):
            job = min(jobs, key=lambda job: (job.start, job.end)) if first else max(jobs, key=lambda job: (job.end, job.start))
            meant[job.position] = job.span
    return meant


def _previous(question: str, chunks: Sequence[Chunk]) -> dict[int, tuple[int, int]]:
    """Everybody's job before the latest one, where the question asks for it and names no other: as `jobs_meant`."""
    if not _ASKS_PREVIOUS.search(question) or named_entries(question, chunks):
        return {}
    meant = {}
    for subject in {chunk.subject for chunk in chunks}:
        jobs = jobs_of(chunks, subject)
        latest = max(jobs, key=lambda job: (job.end, job.start), default=None)
        before = [job for job in jobs if job.start < latest.start]
        if _ASKS_WHERE.search(question):
            own = _with_posts(latest, jobs, chunks) if latest else []
            before = [job for job in before if job not in own] or before
        if before:
            job = _last_of(before, latest.start)
            meant[job.position] = job.span
    return meant


def _last_of(jobs: Sequence[Job], until: tuple[int, int]) -> Job:
    """The job that came last before the one that began at `until`: the last begun, but no side job that began and ended within another that went on until then."""
    last = max(jobs, key=lambda job: (job.start, job.end))
    around = [job for job in jobs if job.start < last.start and last.end < job.end <= (until[0], until[1] + 1)]
    return max(around, key=lambda job: (job.end, job.start), default=last)


_ASKS_WHERE = re.compile(r"\bwhere\b|\bemployers?\b|\bcompan(?:y|ies)\b|\bwork ?places?\b|어디|회사|직장|근무처|근무지", re.IGNORECASE)  # another employer, not another post


def _with_posts(own: Job, jobs: Sequence[Job], chunks: Sequence[Chunk]) -> list[Job]:
    """A job with the other posts at its employer that no other employer's stand between."""
    order = sorted(jobs, key=lambda job: (job.start, job.end))
    employers = {job: _employer_of(job, jobs, chunks) for job in order}
    at = order.index(own)
    first = last = at
    while first and employers[own] and employers[order[first - 1]] == employers[own]:
        first -= 1
    while last + 1 < len(order) and employers[own] and employers[order[last + 1]] == employers[own]:
        last += 1
    return order[first : last + 1]


def _employer_of(job: Job, jobs: Sequence[Job], chunks: Sequence[Chunk]) -> str:
    """The employer's name of a job in small letters: above its section's passage, in its heading, or in that of the job above a bare post; "" where none is told."""
    section = chunks[job.position].section
    if "›" in section:
        return section.rpartition("›")[2].partition("  ")[0].strip().casefold()
    head = RANGE.sub("", job_head(job, chunks))
    parts = [part for line in head.split("\n") for part in parts_of_line(line.partition("  ")[0] or line) if not DURATION.fullmatch(part)]
    named = next((part for part in parts if not is_post_line(part) or EMPLOYER_WORD.search(part)), "")
    above = [other for other in jobs if other.position == job.position and other.span < job.span]
    return named.casefold() if named or not above else _employer_of(max(above, key=lambda other: other.span), jobs, chunks)


def _asked_beside(question: str) -> tuple[re.Match[str] | None, bool]:
    """Where the question names what the job that it asks for came before or after, None where it asks for none; and whether before."""
    unnamed = re.sub(r"(?<=[\w,] )School\b", "", question)  # with a capital it is an employer's
    if not _ASKS_JOB.search(question) or _ASKS_OTHER.search(unnamed) or _ASKS_THERE.search(question):
        return None, False
    before = _ASKS_BEFORE.search(question) or _ASKS_BEFORE_KO.search(question)
    return before or _ASKS_AFTER.search(question) or _ASKS_AFTER_KO.search(question), bool(before)


def _named_beside(question: str, chunks: Sequence[Chunk]) -> dict[int, tuple[int, int]]:
    """The jobs that the question names behind "before" or "after", which are not what it asks for: as `jobs_meant`."""
    asked, _ = _asked_beside(question)
    found: dict[int, tuple[int, int]] = {}
    for jobs, _, naming in _named_jobs(asked["named"], chunks) if asked else ():
        most = max(map(len, naming.values()), default=0)
        found |= _stretches([jobs[i] for i, words in naming.items() if len(words) == most])
    return found


def _beside(question: str, chunks: Sequence[Chunk]) -> dict[int, tuple[int, int]]:
    """The job before or after the one that the question names behind "before" or "after", and names no other: as `jobs_meant`."""
    asked, before = _asked_beside(question)
    if asked is None:
        return {}
    beside: dict[int, tuple[int, int]] = {}
    for jobs, each, naming in _named_jobs(asked["named"], chunks):
        most = max(map(len, naming.values()), default=0)  # "Senior Data Engineer" is not the Data Engineer
        own = [jobs[i] for i, words in naming.items() if len(words) == most]
        names = set().union(*naming.values())
        if not own and _ASKS_THIS.search(asked["named"]):
            own = [job for job in jobs if job.end == (9999, 0)]
        if not own:
            own = _of_trade(asked["named"], jobs, each)
        # Under a title of its own that has the name a passage has one employer, however many posts; a table's first row has none.
        above = {job.position: chunks[job.position].text.strip().split("\n", 1)[0] for job in own}
        titled = {i for i, title in above.items() if not RANGE.search(title) and (not names or any(map(title.casefold().count, names)))}
        titled -= {job.position for job in jobs if job.position in titled and _titled(chunks[job.position].text, job.span[0])}
        own += [job for job in jobs if job.position in titled and job not in own]
        rest = question.replace(asked["named"], " ")
        if len(own) == 1 and _ASKS_WHERE.search(question):
            own = _with_posts(own[0], jobs, chunks)
        if not own or named_entries(rest, each):
            continue
        if before:
            others = [job for job in jobs if job not in own and job.start < min(o.start for o in own)]
        else:
            others = [job for job in jobs if job not in own and job.start >= max(o.start for o in own)]
        others = _companies(rest, others, chunks)
        found = None if not others else _last_of(others, min(o.start for o in own)) if before else min(others, key=lambda job: (job.start, job.end))
        if found:
            beside[found.position] = found.span
    return beside


def _between(question: str, chunks: Sequence[Chunk]) -> dict[int, tuple[int, int]]:
    """The jobs that began between two that the question names, or between two times at the one it names: as `jobs_meant`."""
    asked = _ASKS_BETWEEN.search(question)
    if asked is None or _HOW_MUCH.search(question):
        return {}
    named = asked["named"] or asked["first"] or asked[0]  # in Korean what tells a workplace's name stands behind it
    if _COMPARED.search(question.replace(named, " ") if asked["named"] or asked["first"] else question):
        return {}
    found: dict[int, tuple[int, int]] = {}
    for jobs, _, naming in _named_jobs(named, chunks):
        own = [jobs[i] for i in naming]
        if len(own) < 2 or len(set(map(frozenset, naming.values()))) < 2 and not _TWICE.search(named):
            continue
        first, last = min(own, key=lambda job: job.start), max(own, key=lambda job: job.start)
        found |= _stretches([job for job in jobs if job not in own and _is_before(first.start, job.start) and _is_before(job.start, last.start)])
    return found


def _meanwhile(question: str, chunks: Sequence[Chunk]) -> dict[int, tuple[int, int]]:
    """The other jobs in the time of the one that the question names: as `jobs_meant`."""
    asked = _ASKS_BESIDE.search(question)
    if asked is None or _HOW_MUCH.search(question):
        return {}
    named = asked["named"] or asked[0]
    if not _ANOTHER_JOB.search(question.replace(named, " ")):
        return {}
    found: dict[int, tuple[int, int]] = {}
    for jobs, _, naming in _named_jobs(named, chunks):
        own = [jobs[i] for i in naming]
        found |= _stretches([job for job in jobs if job not in own and any(_is_before(job.start, one.end) and _is_before(one.start, job.end) for one in own)])
    return found


def _is_before(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether a point in time lies before another; by the year alone where of one of them no month is told."""
    return one < other if one[1] and other[1] else one[0] < other[0]


def _stretches(jobs: Sequence[Job]) -> dict[int, tuple[int, int]]:
    """By position, from the first of these jobs to the last in the text, with whatever stands between them."""
    spans: dict[int, list[tuple[int, int]]] = {}
    for job in jobs:
        spans.setdefault(job.position, []).append(job.span)
    return {i: (min(a for a, _ in of), max(b for _, b in of)) for i, of in spans.items()}


def _named_jobs(named: str, chunks: Sequence[Chunk]) -> Iterator[tuple[list[Job], list[Chunk], dict[int, set[str]]]]:
    """Everybody's jobs, each as a passage of its own, and those that a piece of a question names with the words that name them."""
    for subject in {chunk.subject for chunk in chunks}:
        jobs = jobs_of(chunks, subject)
        each = [_only(chunks[job.position], job) for job in jobs]
        # A first word has its capital from the sentence; here it is a name's.
        naming = naming_of(f"– {named.strip()}", each)
        small = re.fullmatch(r"\W*(?:(?:joining|leaving) )?(the [a-z]+(?: [a-z]+)?)\W*", named)  # "before the army"
        yield jobs, each, naming or (naming_of(f"– {small[1].title()}", each) if small else naming)


def _companies(asked: str, jobs: list[Job], chunks: Sequence[Chunk]) -> list[Job]:
    """The jobs at a company where one is `asked` for and there are such, else all of them."""
    if not _ASKS_COMPANY.search(asked):
        return jobs

    def title(job: Job) -> str:
        """The lines of a job down to its dates."""
        text = chunks[job.position].text[slice(*job.span)]
        dates = RANGE.search(text)
        return text[: text.find("\n", dates.end()) if dates and "\n" in text[dates.end() :] else None]

    return [job for job in jobs if not OWN_ACCOUNT.search(title(job))] or jobs


def _of_trade(named: str, jobs: Sequence[Job], each: Sequence[Chunk]) -> list[Job]:
    """The jobs whose post is named in small letters, "before category manager", or is of the trade that is: "before he got into perfusion" means those of
    a perfusionist."""
    post = re.sub(r"^(?:(?:being|becoming|he was|she was|they were|a|an|the) )+", "", named.strip(" ?.!").casefold())
    if " " in post and (own := [job for job, chunk in zip(jobs, each, strict=True) if re.search(rf"(?<!\w){re.escape(post)}(?!\w)", named_lines(chunk).casefold())]):
        return own
    asked = _TRADE.search(named.strip())
    if asked is None or asked["trade"] in _NO_TRADES:
        return []
    posts = [re.findall(r"[a-z]{5,}", named_lines(chunk).casefold()) for chunk in each]
    return [job for job, words in zip(jobs, posts, strict=True) if any(akin(asked["trade"], word) for word in words)]


def _titled(text: str, start: int) -> bool:
    """Whether an entry that begins at `start`, further down in its passage, has a title of its own: a line above its dates, where no employer
    stands above several posts ("6 years 3 months")."""
    grouped = any(DURATION.fullmatch(line) for line in text.split("\n")[:HEAD_LINES])
    return start > 0 and not grouped and not RANGE.search(text[start:].split("\n", 1)[0])


def _only(chunk: Chunk, job: Job) -> Chunk:
    """The passage with this one of its jobs."""
    return replace(chunk, text=chunk.text[slice(*job.span)])


def other_degrees(question: str, text: str) -> list[tuple[int, int]]:
    """Where `text` speaks of degrees of another level than the one the question names, as (start, end): their line and what
    stands under it, down to a blank line, a school or the next degree. Nothing where it names no level, or several.
    """
    asked = [level for level, words in DEGREES.items() if level != "other" and words.search(question)]
    if len(asked) != 1 or _ASKS_ORDER.search(question):
        return []
    found: list[tuple[int, int]] = []
    other = below = False
    at = 0
    for line in text.split("\n"):
        levels = {level for level, words in DEGREES.items() if words.search(line)}
        if levels:
            other = asked[0] not in levels
        elif not line.strip() or (SCHOOL.search(line) and not below):
            other = False
        below = bool(levels)  # a school right under a degree is that degree's
        if other:
            found.append((at, at + len(line)))
        at += len(line) + 1
    return found


@dataclass(frozen=True, slots=True)
class Meant:
    """Which passages a question means.

    Attributes:
        odds: what to multiply each passage's odds of answering by, 1 where the question says nothing of entries.
        others: by position, the stretches of `chunk.text` that speak of another job or degree than the one that is meant.
        heads: by position, the lines with the dates of the jobs that came between two or were held beside one: they are what answers.
        named: by position, the stretches of the jobs that the question names behind "before" or "after": not what it asks for.
        elsewhere: by position, the stretches of all other jobs, where the question asks for work at one that it names: whatever they tell, it was not there.
        tells: a job itself is asked for, by its place among the others, or a time without one: that it is the one that is meant is what answers.
    """

    odds: list[float]
    others: dict[int, list[tuple[int, int]]]
    tells: bool = False
    heads: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    named: dict[int, tuple[int, int]] = field(default_factory=dict)
    elsewhere: dict[int, list[tuple[int, int]]] = field(default_factory=dict)

    def names_line(self, i: int, start: int, end: int) -> bool:
        """Whether a line of passage `i` belongs to a job of `named`."""
        return i in self.named and start < self.named[i][1] and self.named[i][0] < end

    def is_elsewhere(self, i: int, start: int, end: int) -> bool:
        """Whether a line of passage `i` belongs to a job of `elsewhere`."""
        return any(start < b and a < end for a, b in self.elsewhere.get(i, ()))

    def of_line(self, i: int, start: int, end: int) -> float:
        """What to multiply the odds of a line of passage `i` by; `start` and `end` in `chunk.text`."""
        if self.is_elsewhere(i, start, end):
            return 1 / FACTOR**2
        if any(start < b and a < end for a, b in self.others.get(i, ())):
            return 1 / FACTOR
        return self.odds[i] * (FACTOR if any(start < b and a < end for a, b in self.heads.get(i, ())) else 1)

    def p_answers(self, i: int, reading: Reading, shift: int) -> float:
        """P(passage `i` answers) from what a reranker read, in [0, 1]; `shift` is where `chunk.text` starts in what it read."""
        if i not in self.others and i not in self.elsewhere:
            return with_odds(reading.p_answers, self.odds[i] * (FACTOR if i in self.heads else 1))
        odds = sum(p / max(1e-6, 1 - p) * self.of_line(i, a - shift, b - shift) for a, b, p in reading.lines)
        return odds / (1 + odds)


def meant(question: str, chunks: Sequence[Chunk]) -> Meant:
    """Which of the passages, and which stretches of them, the question means."""
    relative = _relative(question, chunks)
    odds, jobs = _odds_and_jobs(question, chunks, relative)
    others = {
        i: [(a, b) for a, b in ((0, start), (end, len(chunks[i].text))) if a < b] for i, (start, end) in jobs.items()
    }
    named = _named_beside(question, chunks)
    for i, chunk in enumerate(chunks):
        beside = [] if jobs else _unnamed_entries(question, chunk)
        if aside := [*beside, *other_degrees(question, chunk.text), *([named[i]] if i in named and not jobs else ())]:
            others[i] = [*others.get(i, ()), *aside]
    tells = _TOLD_BY_BREAK if asks_break(question) else _ASKS_JOB
    told = bool(jobs) and (bool(relative) or tells.search(question) is not None)
    # Nothing in such a job sounds like an answer to where it stands among the others.
    heads = {i: _dated_lines(chunks[i].text, *span) for i, span in jobs.items()} if relative else {}
    elsewhere = {} if jobs or named else _elsewhere(question, chunks)
    return Meant(odds, {i: spans for i, spans in others.items() if spans}, told, heads, named, elsewhere)


def _elsewhere(question: str, chunks: Sequence[Chunk]) -> dict[int, list[tuple[int, int]]]:
    """The stretches of all jobs but the one at whose employer the question asks for something ("at Acme", "도담에서"), or in whose post ("as a clerk"), and of
    what is listed beside the jobs without a word of it; nothing where it names none or several."""
    if len({chunk.subject for chunk in chunks}) != 1 or _ASKS_ORDER.search(question):
        return {}
    jobs = jobs_of(chunks, chunks[0].subject)
    at, names = _asked_at(question, jobs, chunks)
    if at is None:
        return {}
    found: dict[int, list[tuple[int, int]]] = {}
    for n, job in enumerate(jobs):
        if n != at:
            found.setdefault(job.position, []).append(job.span)
    for i, span in _told_below(jobs[at], jobs, chunks):
        found.setdefault(i, []).append(span)
    for i, chunk in enumerate(chunks):
        if _LISTED.search(chunk.section) and not any(job.position == i for job in jobs) and not any(name in chunk.text.casefold() for name in names):
            found[i] = [(0, len(chunk.text))]
    return found


# Sections that tell of no job, unless they name it.
_LISTED = re.compile(r"^(?!.*(?:experience|employ|career|award|reference|경력|성과|수상|추천))(?:.*(?:skill|tools\b|tech(?:nical|nolog| stack)|languages?\b|educat|interest|hobb|기술|스킬|역량|학력|어학|외국어|취미))", re.IGNORECASE)
_IN_POST = re.compile(
    r"\b(?:as|being|when (?:he|she|they) (?:was|were)|(?:in|during) (?:his|her|their) (?:role|job|time|position|years) as) (?:an? |the )?(?P<post>[a-z][\w /&-]{2,40}?)(?=\W*$|,| (?:at|in|with|for|did|what|how|who|which)\b)", re.IGNORECASE
)


def _asked_at(question: str, jobs: Sequence[Job], chunks: Sequence[Chunk]) -> tuple[int | None, set[str]]:
    """Which of the jobs the question asks for something at, and the names of its employer that it says; (None, nothing) where it says none, or of several."""
    naming = naming_of(question, [_only(chunks[job.position], job) for job in jobs])
    together = re.sub(r"(?<=[가-힣]) (?=[가-힣])", "", question)  # "스튜디오 결에서"
    asks_at = lambda name: re.search(rf"\b(?:at|for|with) (?:the )?{re.escape(name)}(?!\w)", question, re.IGNORECASE) or re.search(rf"{re.escape(name)}[가-힣]{{0,4}}{AT_WORK_KO}", together)
    if len(naming) == 1:
        [(at, names)] = naming.items()
        return (at, names) if any(map(asks_at, names)) else (None, set())
    post = _IN_POST.search(question)
    if post is None or not is_post_line(post["post"]):
        return None, set()
    said = rf"(?<!\w){re.escape(post['post'].strip().casefold())}(?!\w)"
    own = [n for n, job in enumerate(jobs) if re.search(said, job_head(job, chunks).casefold()) and (not naming or n in naming)]
    return (own[0], {post["post"].casefold()}) if len(own) == 1 else (None, set())


def _told_below(own: Job, jobs: Sequence[Job], chunks: Sequence[Chunk]) -> Iterator[tuple[int, tuple[int, int]]]:
    """By position, the stretches below a table of jobs that tell of another one of them, under the name of its employer."""
    def row(job: Job) -> list[str]:
        """The cells of a job that is a row and no more."""
        last = chunks[job.position].text[slice(*job.span)].strip().split("\n")[-1]
        return [cell.casefold() for cell in cells(last)] if last.count("|") > 1 and RANGE.search(last) else []

    mine = set(row(own))
    others = {cell for job in jobs if job != own for cell in row(job) if len(cell) > 2} - mine
    for i in {job.position for job in jobs}:
        text, begin = chunks[i].text, None
        for line in re.finditer(r"[^\n]*(?:\n|$)", text):
            said = line[0].strip().casefold()
            if begin is not None and (said in mine or not line[0]):
                yield i, (begin, line.start())
                begin = None
            elif begin is None and said in others:
                begin = line.start()


def _dated_lines(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The lines with a range of dates in a stretch of a text, as (start, end)."""
    ends = ((start + at, text.find("\n", start + at)) for at, _ in entry_dates(text[start:end]))
    return [(at, len(text) if until < 0 else until) for at, until in ends]


def _unnamed_entries(question: str, chunk: Chunk) -> list[tuple[int, int]]:
    """Where a passage speaks of other entries than those that the question names, as (start, end); nothing where it names none of them."""
    spans = entry_spans(chunk.text)
    if len(spans) < 2 or _ASKS_ORDER.search(question):
        return []
    naming = naming_of(question, [replace(chunk, text=chunk.text[start:end]) for start, end in spans])
    title = chunk.text.strip().split("\n", 1)[0]
    if not naming:
        return []
    # an employer above several posts
    above = not RANGE.search(title) and any(name in title.casefold() for names in naming.values() for name in names)
    return [span for k, span in enumerate(spans) if k not in naming and (not above or _titled(chunk.text, span[0]))]


def _odds_and_jobs(question: str, chunks: Sequence[Chunk], relative: dict[int, tuple[int, int]]) -> tuple[list[float], dict[int, tuple[int, int]]]:
    """The odds of every passage; and the `jobs_meant` where it is they that decide: a passage may hold more jobs than that."""
    named = named_entries(question, chunks)
    # A named entry goes before the first and the latest job, but not before the one beside it.
    if jobs := _beside(question, chunks) or relative or ({} if named else _first_or_latest(question, chunks) or _previous(question, chunks)):
        return [FACTOR if i in jobs else 1 / FACTOR for i in range(len(chunks))], jobs
    odds = [1.0] * len(chunks)
    if not named and (breaks := _breaks(question, chunks)):
        # What it tells seldom sounds like an answer to "why is there a hole in 2017".
        return [FACTOR * FACTOR if i in breaks else 1.0 for i in range(len(chunks))], breaks
    if named:
        order = _ASKS_ORDER.search(question) is not None
        for i, chunk in enumerate(chunks):
            if order and len(named) > 1 and i in named:
                odds[i] = FACTOR * FACTOR
            elif not order and is_entry(chunk) and i not in named:
                odds[i] = 1 / FACTOR
    elif not _ASKS_ORDER.search(question) and (_ASKS_NOW.search(question) or _asks_doing(question, chunks)):
        for i, chunk in enumerate(chunks):
            if goes_on(chunk):
                odds[i] = FACTOR
            elif is_entry(chunk):
                odds[i] = 1 / FACTOR
    return odds, {}


def asks_break(question: str) -> bool:
    """Whether a time without work is asked for, and not what came before or after it."""
    return bool(_ASKS_BREAK.search(question)) and not _BESIDE_BREAK.search(question)


def _breaks(question: str, chunks: Sequence[Chunk]) -> dict[int, tuple[int, int]]:
    """By position, an entry of each passage that is a time without work, as (start, end) in `chunk.text`: that of the year asked for, or else
    the first. Empty where the question asks for none."""
    if not asks_break(question):
        return {}
    year = YEAR.search(question)
    found = {}
    for i, chunk in enumerate(chunks):
        spans = entry_spans(chunk.text) if is_entry(chunk) else []
        breaks = [(start, end) for start, end in spans if BREAK.search(named_lines(replace(chunk, text=chunk.text[start:end], section="")))]
        breaks = breaks or (spans if BREAKS.search(chunk.section) else [])
        if breaks:
            found[i] = next((span for span in breaks if year and _in_year(chunk.text[slice(*span)], int(year[0]))), breaks[0])
    return found


def _in_year(text: str, year: int) -> bool:
    """Whether a time that the text names first goes on in that year."""
    dates = RANGE.search(text)
    years = [point for point, _ in points_of(dates[0])] if dates else []
    return bool(years) and years[0] <= year <= (years[1] if len(years) > 1 else 9999)


def _asks_doing(question: str, chunks: Sequence[Chunk]) -> bool:
    """Whether the question is what a candidate does."""
    if _ASKS_DOING_KO.search(question):
        return not _SOMEBODY_ELSE_KO.search(question)
    asked = _ASKS_DOING.search(question)
    known = _SOMEBODY | {word.casefold() for chunk in chunks for word in NAME.findall(chunk.subject)}
    return asked is not None and all(word in known for word in re.findall(r"\w+", asked["who"].casefold()))


def with_odds(probability: float, factor: float) -> float:
    """A probability in [0, 1] after its odds were multiplied."""
    return probability * factor / (1.0 - probability + probability * factor)
