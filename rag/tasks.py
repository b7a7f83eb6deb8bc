"""What somebody did in one job: all that stands under its heading. A reranker takes the likeliest two or three of five lines, and no line says
that it is one of the duties.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise, takewhile

from rag.durations import at_employer, first_post, shares_employer, title_parts
from rag.entries import (
    BREAK,
    BULLET,
    DETAILS,
    MAX_DATED,
    OTHER_PART,
    PROJECT_COLUMN,
    Period,
    ends_table,
    in_detail,
    is_project,
    part_at,
    parts,
    periods,
)
from rag.highlights import is_result
from rag.jobs import dated_jobs, is_post
from rag.meant import named_periods
from rag.reranking import sentences
from rag.sections import POST, cells, is_column_names
from rag.types import Chunk

MOST, MOST_CHARACTERS = 8, 1400  # lines of a job
LONG_ROW = 60  # characters of a table's row that says what was done
MOST_POSTS, OF_A_POST = 3, 4  # of several posts at one employer, and lines of each
FEWEST = 2  # with fewer the question is answered as any other

_S = r"(?:he|she|they|you|the candidate|the applicant|this (?:person|candidate|applicant))"
_JOB = r"(?:(?:his|her|their|the|this|that) )?(?:(?:current|present|last|latest|previous|first|most recent) )?(?:job|role|position|post|company|employer|work)"
_AT = rf"(?:(?:at|for|with) (?P<{{}}>[^?,:]{{{{2,60}}}}?)|(?:at|in) {_JOB}|there)"
_DUTIES = r"(?:responsibilit(?:y|ies)|duties|tasks|day[- ]to[- ]day(?: work)?|job description)"
_LEAD = r"(?:(?:so|and|ok|okay|also|please|then),? )*(?:(?P<told>[^?:]{2,120}): (?:and |so )?)?(?:(?:can|could|would) you (?:please )?)?"
_ASKS = re.compile(
    rf"{_LEAD}(?:what (?:exactly |else )?(?:does|do|did) {_S} (?:actually |exactly )?do (?:{_AT.format('one')}|(?:there )?(?:exactly|every ?day|all day|day to day))"
    rf"|what (?:does|do) {_S} do(?: (?:now|currently|these days|at the moment|nowadays|all day))?"
    rf"|what (?:(?:has|had) {_S} done|(?:was|is) {_S} doing) {_AT.format('two')}"
    rf"|(?:(?:what(?:['’]?s| are| were| is| was)|list|describe|tell me(?: about)?) )?(?:(?:the candidate['’]s|his|her|their|the|your) )?(?:(?:main|key|current|daily|job|primary) )*{_DUTIES}(?: (?:{_AT.format('three')}|now|currently))?"
    rf"|(?:describe|tell me (?:more )?about) (?:the candidate['’]s|his|her|their) (?:work|job|role|time|tasks|position) {_AT.format('four')})",
    re.IGNORECASE,
)
_WHERE_KO = r"(?:(?:(?P<{}>[^?:]{{2,40}}?)|거기|그 ?(?:회사|직장|곳)|현재 ?(?:회사|직장)|지금 ?(?:회사|직장))(?:에서는|에서의|에서|에선|서는|서|의|다닐 ?때는?| ?시절에?는?| ?때(?:는|에는|엔)?) ?)"
_WHAT_KO = r"(?:주로 ?|주요 ?|구체적으로 ?|정확히 ?)*(?:(?:무슨|어떤) ?(?:일|업무|역할)(?:들)?(?:을|를)?|뭐|뭘|무엇을|어떤 ?걸) ?(?:주로 ?|담당 ?|맡아(?:서)? ?|수행 ?)?(?:하|했|해|한|맡|담당)\S{0,7}"
_DUTIES_KO = r"(?:(?:주요|담당|맡은|구체적인|현재|하는|했던|한) ?)*(?:업무|직무|담당 ?업무|맡은 ?일|맡았던 ?(?:일|업무|현장|프로젝트)|하는 ?일|한 ?일|했던 ?일|업무 ?내용|역할)(?:들)?(?:은요|는요|은|는|이|가|을|를)?(?: ?(?:뭐|무엇|뭔|어떻게|어떤 ?(?:거|것|게))(?:가|이)?)?(?: ?(?:있|돼|되|인|이|예|야|에|였|가요|궁금)\S{0,6})?(?: ?(?:좀|다))*(?: ?(?:알려|말해|나열|정리|보여|설명|요약)(?:해)?(?: ?(?:좀|줘|주세요|줄래))?(?:요)?)?"
_ASKS_KO = re.compile(rf"(?:(?P<told>[^?:]{{2,120}}): )?(?:{_WHERE_KO.format('one')}{_WHAT_KO}|{_WHERE_KO.format('two')}?{_DUTIES_KO})")
_NO_NAME_KO = re.compile(r"(?:현재|지금|현|그|이|첫|첫 ?번째|마지막|이전|그 ?전|전|직전|최근) ?(?:의 ?)?(?:다니는 ?|일하는 ?|재직 ?중인 ?)?(?:직장|회사|곳|병원|학교)|거기|여기|직장|회사")
_NARROWER = re.compile(r"\b(?:with|for|in|on|during|after|before|as|to|about|because|using|under|by|per|from)\b", re.IGNORECASE)
_SMALL = frozenset("the a an of and at in for de la".split())


def _said(question: str) -> str:
    """The question on one line; a colon behind a job's heading stays."""
    return re.sub(r"\s+", " ", question).strip(" .,!?~")


# What came of it: the lines with figures.
_GREAT = r"(?:(?:biggest|main|key|major|greatest|top|best|most important|proudest|\d|three) )*"
_RESULTS = re.compile(
    rf"{_LEAD}(?:what (?:did|has|have) {_S} (?:achieved?|accomplish(?:ed)?|improved?|deliver(?:ed)?)"
    rf"|(?:(?:what (?:was|were|is|are)|tell me about) )?(?:(?:his|her|their|the|any) )?{_GREAT}(?:wins?|achievements?|accomplishments?|success(?:es)?|results?|impact|highlights?)) {_AT.format('five')}",
    re.IGNORECASE,
)
_RESULTS_KO = re.compile(
    rf"(?:(?P<told>[^?:]{{2,120}}): )?(?:{_WHERE_KO.format('one')}|(?!(?:주요|대표|핵심|가장|업무|최근|지금|현재|전체|무슨|어떤|정량) )(?P<bare>[^?: ]{{3,20}}) )(?:의 ?)?(?:(?:주요|가장 ?큰|제일 ?큰|대표적?인?|핵심|업무) ?)*(?:(?:뭐|무슨|어떤) )?(?:성과|업적|실적|성취)(?:들)?(?:은요|는요|은|는|이|가|을|를)? ?(?:(?:낸|냈던|올린|이룬|거둔) ?(?:거|것|게|건)?)?(?: ?(?:뭐|무엇|뭔|어떻|어땠|어떤)\S{{0,6}})?(?: ?(?:있|인|냈|거뒀)\S{{0,6}})?(?: ?(?:좀|다))*(?: ?(?:알려|말해|나열|정리|보여)(?:해)?(?: ?(?:줘|주세요))?)?"
)
_HONOUR = re.compile(r"\b(?:award(?:s|ed)?|won|prize|promot(?:ed|ion)|patent(?:s|ed)?|first place|selected|named|recogni[sz]ed)\b|승진|특허|수상|선정|표창|포상|최우수|우수상|대상|1위|최초|최연소", re.IGNORECASE)
# "What about Bilbao?": what was done there, where that is one job.
_CAPITALS = r"(?-i:[A-Z])[\w&.'’-]*(?: (?:(?:of|and|&|the|de|la) )?(?-i:[A-Z])[\w&.'’-]*){0,4}"
_ABOUT = re.compile(rf"(?:(?:so|and|ok|okay|then),? )*(?:what|how) about (?:at |in |the job at )?(?P<about>{_CAPITALS})|and (?:at |in )?(?P<and>{_CAPITALS})|(?:tell me|talk) (?:(?:more|a (?:bit|little)(?: more)?|something) )?about (?:(?:the )?(?:time|job|work|role) (?:at|with) )?(?P<tell>{_CAPITALS})", re.IGNORECASE)


_PROJECTS = re.compile(
    rf"{_LEAD}(?:(?:what|which) (?:other )?projects (?:did|has|have|was|were|is|are) {_S} (?:done|do|work(?:ed|ing)? on|built|build|run|ran|lead|led|involved in|part of|have)|(?:(?:what|which) (?:were|are) )?(?:his|her|their|the|any|all) projects|projects) {_AT.format('six')}",
    re.IGNORECASE,
)
_PROJECTS_KO = re.compile(
    rf"(?:(?P<told>[^?:]{{2,120}}): )?{_WHERE_KO.format('one')}(?:했던|한|하신|진행한|참여한|수행한|맡은|무슨|어떤)? ?프로젝트(?:들)?(?:은요|는요|은|는|이|가|을|를)?(?: ?(?:뭐뭐|뭐|뭘|무엇|뭔|어떤 ?(?:거|것|게))(?:가|이|를|을)?)?(?: ?(?:좀|다|모두|전부|쭉))*(?: ?(?:있|했|하셨|진행|인|였|맡|알려|말해|나열|정리)\S{{0,6}})?(?: ?(?:줘|주세요))?"
)


def _asked(question: str) -> re.Match[str] | None:
    return next((found for pattern in (_ASKS, _ASKS_KO, _ABOUT, _RESULTS, _RESULTS_KO, _PROJECTS, _PROJECTS_KO) if (found := pattern.fullmatch(_said(question)))), None)


_JOINED = re.compile(
    rf"(?:(?P<told>[^?:]{{2,120}}): )?(?:(?:so|and|ok|okay),? )*when did {_S} (?:join|leave|quit|start(?: working)?|begin(?: working)?|stop(?: working)?)(?: there)?(?: (?:(?:at|for|with) )?(?P<at>(?!there\b|it\b|that\b|this\b)[^?,:]{{2,60}}?))?|(?:(?P<told_ko>[^?:]{{2,120}}): )?(?:거기(?:는|엔|서는|에는|에)? ?|거긴 ?|(?P<at_ko>[^?:]{{2,40}}?)(?:에는|에서는|에서|에|은|는|을|를)? ?)?(?:언제|몇 ?년도?(?:에)?|몇 ?월에) ?(?:입사|퇴사|합류|이직|그만|들어)(?:하|했|해|한|두|뒀|둔|갔|왔|간|온)?\S{{0,6}}",
    re.IGNORECASE,
)


# The same behind a job's heading (rag/followups.py), and the post: "Nurse, Acme Clinic: since when?", "가온병원: 직급은요?"
_SINCE = re.compile(
    rf"(?P<told>[^?:]{{2,120}}): (?:(?:so|and|ok|okay),? )*(?:since when|from when|until when|till when|(?:in )?(?:which|what) years?|what (?:were the )?dates|when (?:was|is) (?:that|it|this))(?: (?:is|has|was) {_S} (?:been )?(?:there|working there|in (?:that|this) (?:role|job|post)))?"
    rf"|(?P<told_post>[^?:]{{2,120}}): (?:(?:so|and),? )*(?:(?:in|as) what (?:role|position|capacity)|what (?:was|is|were) (?:his|her|their|the) (?:job )?(?:title|role|position|post)(?: there)?|(?:(?:his|her|their|the) )?(?:job )?(?:title|role|position)|as what)"
    r"|(?P<told_post_ko>[^?:]{2,120}): (?:거기(?:서|서는|선)? ?)?(?:직급|직책|직위|직함|포지션)(?:은요|은|는|이|가)?(?: ?(?:뭐|무엇|뭔|어떻게)\S{0,6})?"
    r"|(?P<told_ko>[^?:]{2,120}): 언제(?:부터|까지)?(?:요|예요|에요|였어요?|인가요|야|죠| ?(?:다녔|다니|근무|일했|일하|재직)\S{0,6})?",
    re.IGNORECASE,
)


def joined(question: str, chunks: Sequence[Chunk]) -> Period | None:
    """The job that somebody asks when it began or ended: the one named, or that of today where none is; None for another question."""
    asked = _JOINED.fullmatch(_said(question)) or _SINCE.fullmatch(_said(question))
    return _job(question, asked, chunks) if asked else None


# Why it ended, where a line of it says so.
_LEFT = re.compile(
    rf"(?:(?P<told>[^?:]{{2,120}}): )?(?:(?:so|and|but),? )*why did {_S} (?:leave|quit|resign|move on)(?: (?:from )?(?:it|there|(?:that|the) (?:job|place|company|employer|firm)|(?P<at>[^?,:]{{2,60}})))?"
    r"|(?:(?P<told_ko>[^?:]{2,120}): )?(?:(?P<at_ko>[^?:]{2,40}?)(?:에서는|에서|은|는|을|를)? )?(?:거기(?:는|서|선|서는)? ?|거긴 ?)?왜 ?(?:그만|나왔|나오|나온|나간|나갔|퇴사|이직|옮겼|옮기|옮긴|떠났|관뒀|관두)\S{0,8}"
    r"|(?:(?P<told_why>[^?:]{2,120}): )?(?:거기(?:서|는)? ?)?(?:(?P<at_why>[^?:]{2,40}?) )?(?:(?:퇴사|이직|퇴직|사직) ?(?:사유|이유)|(?:그만둔|그만 ?둔|나온|관둔|떠난|퇴사한|이직한) ?이유)(?:은|는|가)?(?:요)?(?: ?(?:뭐|무엇|뭔)\S{0,5})?",
    re.IGNORECASE,
)
_ENDED = re.compile(r"\W*(?:(?:퇴사|퇴직|이직|사직) ?(?:사유|이유)|reasons? (?:for|of) leaving)\s?[:：]", re.IGNORECASE)  # no task
_REASON = re.compile(r"(?:퇴사|퇴직|이직|사직) ?(?:사유|이유)|\breasons? (?:for|of) leaving\b|\b(?:left|stopped|quit|resigned) (?:because|due to|to|after|when|as|for|since)\b|(?:^\W*|[.;] )(?:the )?(?:plant|store|shop|site|branch|office|factory|company|restaurant) (?:was |has )?(?:closed|shut)(?: down)?(?= (?:in|at|after|when)\b|\W*$)|(?:^\W*|[.;] )(?:my |the |our )?(?:post|role|position|job|department|team|contract|funding|grant) (?:was |were |has been |got |had )?(?:cut|axed|eliminated|abolished|made redundant|discontinued|ended|expired|ran out)\b|\b(?:laid off|made redundant)\b|[으료업쇄전정도]로(?: 인(?:한|해|하여))? ?(?:퇴사|퇴직|이직)|^\W*(?:회사 ?|매장 ?)?(?:폐업|폐점|부도)\W*$|^\W*(?:계약|위탁) ?(?:기간 ?)?만료\W*$", re.IGNORECASE | re.MULTILINE)


def asks_tasks(question: str) -> bool:
    """Whether it is asked what somebody did in a job, when it began or ended or why, and nothing besides; candidates' names replaced as in retrieval
    (`without_names`)."""
    return _asked(question) is not None or any(pattern.fullmatch(_said(question)) for pattern in (_JOINED, _SINCE, _LEFT))


def tasks(question: str, chunks: Sequence[Chunk]) -> list[tuple[int, int, int]]:
    """(position, start, end) in `chunk.text` of the dated line of the job that a question asks about, and of all that stands under it unless it is
    asked when it began or ended; nothing for another question, or where it names no job of the resume, or several, and none goes on.

    Args:
        chunks: all passages of one person.
    """
    if job := joined(question, chunks):
        return [(job.position, *job.line)]
    if left := _LEFT.fullmatch(_said(question)):
        job = _job(question, left, chunks)
        why = [(i, a, b) for i, a, b in dict.fromkeys((*lines_under(job, chunks), *details(job, chunks))) if _REASON.search(chunks[i].text, a, b)] if job else []
        if job and (why or _row_tells_why(job, chunks)):
            return [(job.position, *job.line), *why]
        return []
    asked = _asked(question)
    if asked and (posts := _posts(asked, chunks)):
        jobs = in_detail(chunks)
        each = [[(post.position, *post.line), *[line for line in lines_under(post, chunks, jobs) if not _ENDED.match(chunks[line[0]].text[slice(*line[1:])])][:OF_A_POST]] for post in posts[:MOST_POSTS]]
        return list(dict.fromkeys(line for lines in each for line in lines))
    job = _job(question, asked, chunks) if asked else None
    if job is None:
        return []
    text = chunks[job.position].text
    under = [(i, a, b) for i, a, b in lines_under(job, chunks) if not _ENDED.match(chunks[i].text[a:b])]
    under += [line for line in details(job, chunks) if line not in under]
    if not under and job.line[1] - job.line[0] > LONG_ROW and text[slice(*job.line)].count("|") >= 3:
        return [(job.position, *job.line)]  # a table's row has them in its last cell
    fewest = FEWEST
    if _RESULTS.fullmatch(_said(question)) or _RESULTS_KO.fullmatch(_said(question)):
        fewest, under = 1, [(i, a, b) for i, a, b in under if is_result(chunks[i].text[a:b]) or _HONOUR.search(chunks[i].text, a, b)]
    elif _PROJECTS.fullmatch(_said(question)) or _PROJECTS_KO.fullmatch(_said(question)):
        fewest, under = 1, _headings(under, chunks) or _project_rows(under, chunks) or [(i, a, b) for i, a, b in under if re.search(r"\bprojects?\b|프로젝트", chunks[i].text[a:b], re.IGNORECASE)]
    if len(under) < fewest:
        return []
    kept = under[:MOST]
    while len(kept) > fewest and sum(b - a for _, a, b in kept) > MOST_CHARACTERS:
        kept.pop()
    return [(job.position, *job.line), *kept]


def _headings(lines: Sequence[tuple[int, int, int]], chunks: Sequence[Chunk]) -> list[tuple[int, int, int]]:
    """Those of a job's lines that stand right above bullets: the titles of its projects."""
    bullet = lambda line: BULLET.match(chunks[line[0]].text, line[1]) is not None
    headed = [one for one, other in pairwise(lines) if not bullet(one) and bullet(other) and one[0] == other[0] and one[2] - one[1] <= MAX_DATED]
    return [(i, a, b) for i, a, b in headed if not POST.search(chunks[i].text[a:b].casefold())]


_LABELLED = re.compile(r"[^:：\n]{1,20}\s?[:：]\s?\S")


def _project_rows(lines: Sequence[tuple[int, int, int]], chunks: Sequence[Chunk]) -> list[tuple[int, int, int]]:
    """Those of a job's lines that are the rows of a table of projects, with the names of its columns."""
    rows = [line for line in lines if chunks[line[0]].text.count("|", *line[1:]) > 1]
    return rows if any(PROJECT_COLUMN.search(text) and is_column_names(text) for i, a, b in rows for text in [chunks[i].text[a:b]]) else []


def details(job: Period, chunks: Sequence[Chunk]) -> list[tuple[int, int, int]]:
    """What a section of details says under the employer's name, where the jobs are listed in short elsewhere."""
    names = [part for part in title_parts(job) if not is_post(part) and len(part) > 1]
    found = []
    for i, chunk in enumerate(chunks):
        below_table = chunk.section == chunks[job.position].section and chunks[job.position].text[slice(*job.line)].count("|") > 1
        if not (below_table or DETAILS.search(re.split(r"[›(]", chunk.section)[0])):
            continue
        own = any(name in chunk.section.rpartition("›")[2].casefold() for name in names) if "›" in chunk.section else False
        below_bullets = False
        for a, b in sentences(chunk.text):
            line = chunk.text[a:b]
            if below_table and "|" in line:
                own = False
            elif not BULLET.match(line) and len(line) <= MAX_DATED and not _LABELLED.match(line):
                own = any(name in line.casefold() for name in names) or (own and not below_bullets)  # what the employer does may stand below its name
                below_bullets = False
            elif own and re.search(r"[^\W\d_]{2}", line):
                found.append((i, a, b))
                below_bullets = True
    return found


# A time without work between two jobs, in a line of its own: "Career break | caring for a parent | 2018".
_BREAK_LINE = re.compile(rf"^(?![^\S\n]*[-*•·▪●○◦‣–—➤✓][^\S\n])(?=[^\n]*(?:19|20)\d{{2}})(?=[^\n]{{0,40}}(?:{BREAK.pattern}))[^\n]{{1,120}}$", re.IGNORECASE | re.MULTILINE)


def lines_under(job: Period, chunks: Sequence[Chunk], jobs: Sequence[Period] = ()) -> list[tuple[int, int, int]]:
    """(position, start, end) in `chunk.text` of the lines under the dated line of a job: down to the next job, its projects among them, and in the
    passages that a long entry goes on in.

    Args:
        chunks: all passages of one person.
        jobs: all of them (rag.entries.in_detail), where they are at hand.
    """
    jobs = jobs or in_detail(chunks)
    own = chunks[job.position]
    end = job.line[1] if ends_table(own.text, job.line[0]) else _end(own, job, jobs)
    other = min(filter(None, (OTHER_PART.search(own.text, job.line[1], end), _BREAK_LINE.search(own.text, job.line[1], end))), key=re.Match.start, default=None)
    found = [(job.position, a, b) for a, b in _told(own.text, job.line[1], other.start() if other else end)]
    first = own.text[job.line[0] : job.line[1]].strip()
    place = lambda i: (chunks[i].start, i)
    behind = sorted((i for i, chunk in enumerate(chunks) if chunk.document_id == own.document_id and place(i) > place(job.position)), key=place)
    goes_on = job in jobs and max(other.line for other in jobs if other.position == job.position) == job.line
    known = set(jobs)
    inside = {each.position for each in periods(chunks, every=True) if each not in known}
    for i in behind:
        head = chunks[i].text.strip().split("\n")[0]
        goes_on = goes_on and chunks[i].section == own.section and not OTHER_PART.match(head) and (BULLET.match(head) is not None or i in inside or is_project(head))
        if goes_on or ("›" in chunks[i].section and first and first in chunks[i].section):
            at = min((other.line[0] for other in jobs if other.position == i), default=None)
            end = len(chunks[i].text) if at is None else part_at(chunks[i], at)[0]  # what stands above the next job there is this one's
            found += [(i, a, b) for a, b in _told(chunks[i].text, 0, end)]
            goes_on = goes_on and at is None
    return found


def _end(chunk: Chunk, job: Period, jobs: Sequence[Period]) -> int:
    """Where a job ends in its passage: bullets below it that have dates of their own belong to it, as do projects."""
    behind = [(start, part) for start, part in parts(chunk) if start > job.line[0]]
    bullets = BULLET.match(chunk.text, job.line[0]) is None
    own = {other.line[0] for other in jobs if other.position == job.position}
    holds = lambda start, part: job not in jobs or any(start <= at < start + len(part.text) for at in own)
    return next((start for start, part in behind if holds(start, part) and not (bullets and BULLET.match(chunk.text, start))), len(chunk.text))


_WHY_COLUMN = re.compile(r"(?:퇴사|퇴직|이직|사직) ?(?:사유|이유)|reason(?:s)? (?:for|of) leaving|비고|remarks?", re.IGNORECASE)
_NO_REASON = re.compile(r"[\s\-–—/]*|재직 ?중?|현재|n/?a|present|current(?:ly)?", re.IGNORECASE)


def _row_tells_why(job: Period, chunks: Sequence[Chunk]) -> bool:
    """Whether a job is the row of a table that has a column for the reason of leaving, and something stands in it."""
    own = chunks[job.position]
    row = cells(own.text[slice(*job.line)])
    place = lambda i: (chunks[i].start, i)
    before = sorted((i for i, chunk in enumerate(chunks) if chunk.document_id == own.document_id and chunk.section == own.section and place(i) < place(job.position)), key=place)
    above = "\n".join([*(chunks[i].text for i in before), own.text[: job.line[0]]]).split("\n")
    for line in reversed(above):  # the nearest names of columns are those of this table
        names = cells(line)
        if len(row) == len(names) > 2 and is_column_names(line):
            at = next((n for n, name in enumerate(names) if _WHY_COLUMN.fullmatch(name.strip())), None)
            return at is not None and _NO_REASON.fullmatch(row[at].strip()) is None
    return False


_LABEL_ALONE = re.compile(r"\W*[^\W\d_][^\d:：\n]{1,28}[:：]\s*")  # "Responsibilities:" above what they are


def _told(text: str, start: int, end: int) -> list[tuple[int, int]]:
    lines = [(start + a, start + b) for a, b in sentences(text[start:end]) if re.search(r"[^\W\d_]{2}.*(?:[^\W\d_]{2}|\d)", text[start + a : start + b])]
    return [(a, b) for a, b in lines if not _LABEL_ALONE.fullmatch(text[a:b])]


def _posts(asked: re.Match[str], chunks: Sequence[Chunk]) -> list[Period]:
    """The posts at the one employer that it is asked what somebody did at, the latest first; nothing where there is one, or a post is named."""
    where = next((value for key, value in asked.groupdict().items() if value and not key.startswith("told")), "")
    if not where or asked.groupdict().get("told") or _NO_NAME_KO.fullmatch(where) or _NARROWER.search(where) or asked.re in (_ABOUT, _PROJECTS, _PROJECTS_KO):
        return []
    meant = named_periods(where, chunks, detailed=True)
    jobs = periods(chunks)
    posts = at_employer(meant, jobs) if len(meant) == 1 else meant
    words = [word for word in re.findall(r"[^\W_]+", where.casefold()) if word not in _SMALL]
    titled = {post: first.heading if (first := first_post(post, jobs)) else "" for post in posts}
    own = all(all(word in f"{titled[post]}\n{post.heading}\n{chunks[post.position].text[post.line[1] :][:MAX_DATED]}".casefold() for word in words) for post in posts)
    return sorted(posts, key=lambda job: (job.end, job.start), reverse=True) if len(posts) > 1 and own and all(post.headed for post in posts) else []


def _job(question: str, asked: re.Match[str], chunks: Sequence[Chunk]) -> Period | None:
    """The one job that is asked about: the one named, or the one of today where none is."""
    groups = {key: value for key, value in asked.groupdict().items() if value}
    told = next((value for key, value in groups.items() if key.startswith("told")), "")
    where = told or next(iter(groups.values()), "")
    if _NO_NAME_KO.fullmatch(where):
        where = ""
    if where:
        meant = named_periods(where, chunks, detailed=True) or named_periods(question, chunks, detailed=True)
        if len(meant) != 1 or not meant[0].headed:
            return None
        if not told and _NARROWER.search(where) or shares_employer(meant[0], periods(chunks)):
            return None
        if _ABOUT.fullmatch(_said(question)) and any(where.casefold() in part and POST.search(part) for part in title_parts(meant[0])):
            return None  # "What about Python?" of a Python developer
        heading = meant[0].heading.replace(meant[0].dates, " ").casefold()
        if told:  # it was put together of the quoted lines, some of which may stand below
            heading += " " + " ".join(takewhile(lambda line: not BULLET.match(line), chunks[meant[0].position].text[meant[0].line[1] :].strip("\n").split("\n")[:2])).casefold()
        said = [word for word in re.findall(r"[^\W\d_]+", heading) if len(word) > 1]
        words = [word for word in re.findall(r"[^\W_]+", where.casefold()) if word not in _SMALL and (len(word) > 1 or word.isdigit())]
        # "at Acme, the auditors" asks for a part of it. In Korean a particle may stand behind the name, or the name be short.
        same = lambda word, other: word == other or (len(word) > 3 and other.startswith(word)) or (re.match("[가-힣]", word) is not None and (word.startswith(other) or other.startswith(word) or (len(word) > 3 and other.endswith(word))))
        return meant[0] if all(any(same(word, other) for other in said) or (told and word.isdigit()) for word in words) else None
    meant = named_periods(question, chunks)
    if not meant and re.search(r"\bthere\b|거기|그 ?(?:회사|직장|곳)", question):
        return None
    meant = meant or [job for job in dated_jobs(chunks) if job.goes_on]
    return meant[0] if len(meant) == 1 and meant[0].headed else None
