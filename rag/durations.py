"""How long somebody was somewhere, or has worked in all: counted from the dates of the entries, which a small model cannot.

Months are counted as on LinkedIn: the first and the last one are both worked in, so January to December is a year. Where a date has no
month, only years are said. Times that overlap count once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from rag.entries import Period, is_post_line, part_at, periods, told_whole
from rag.meant import named_periods
from rag.mentions import COUNTRIES
from rag.named import akin
from rag.overview import SUMMARY
from rag.reranking import sentences
from rag.sections import DURATION, POST, POST_KO, cells, without_column_names
from rag.types import Chunk

_SOMEBODY = r"(?:he|she|they|you|the (?:candidate|applicant)|this (?:person|candidate))"
_IN_ALL = r"(?:in total|in all|overall|altogether|all together|all told|total|combined|so far|professionally|now|already)"
_END_KO = (
    r"(?: ?(?:정도|쯤|이나))*(?:이야|야|이에요|예요|에요|인가요|인가|이죠|죠|입니까|임|이나요|일까요?|인지)?(?: ?(?:되|돼|된|됐|됩)[가-힣]{0,5})?"
    r"(?: ?(?:했|하셨|일했|일하셨|근무했|알려)[가-힣]{0,5}(?: ?(?:줘|주세요))?)?\W*$"
)
_OF_WHOM_KO = r"^\W*(?:(?:이|그) ?(?:사람|분)|지원자|the candidate|그녀|그)?(?:님|씨)?(?:은|는|의|이)? ?"
# "How many years of experience does she have?", not "... with Python", "... as a nurse".
_ASKS_TOTAL = re.compile(
    rf"^\W*(?:so |and |ok |okay )?(?:what(?:['’]s| is) (?:his|her|their|the) |(?:his|her|their) )?(?:how (?:many|much) )?(?:total |overall )?(?:(?:years?|yrs)(?: of)? |amount of )?"
    rf"(?:total |overall |full |professional |work(?:ing)? |career |job )*experience(?: (?:does|do|has|have) {_SOMEBODY}(?: have| got)?)?(?: {_IN_ALL}| in years)?\W*$"
    rf"|^\W*(?:so |and )?(?:how long|(?:for )?how many (?:years|yrs)) (?:has|have|did) {_SOMEBODY} (?:been working|been employed|worked|work)(?: {_IN_ALL})?\W*$"
    rf"|{_OF_WHOM_KO}(?:총|전체|통산|직장|사회|실무)? ?(?:경력|근무 ?(?:연수|기간|경력)|(?:직장|사회) ?생활|일한 ?(?:기간|지))"
    rf"(?:은|는|이|을|가)? ?(?:(?:다|모두|전부) ?)?(?:합(?:치|하)면 ?|합(?:해|쳐)서? ?|총 ?|모두 ?|전부 ?|대략 ?)?(?:몇 ?년(?: ?차)?|얼마나|몇 ?개월){_END_KO}"
    rf"|^\W*(?:총|전체) ?경력(?:은|이)?(?: ?기간(?:은|이)?)?(?: ?어떻게 ?(?:되|돼|됩)\S{{0,5}})?\W*$|{_OF_WHOM_KO}(?:지금 ?|현재 ?|올해 ?)?몇 ?년 ?차{_END_KO}",
    re.IGNORECASE,
)
_OF_TIME = re.compile(r"\b(?:how|years?|yrs|total|overall|amount)\b|경력|년|얼마|기간", re.IGNORECASE)
_JOB = r"(?:(?:her|his|their|the|this|that) )?(?:(?:current|present|first|last|latest|previous|prior|most recent) )?(?:job|role|position|post|company|employer|workplace|firm)"
_NAMED = r"(?:the )?(?-i:[A-Z])[\w&.'’+-]*(?:,? (?:of|and|&|the|de|(?-i:[A-Z])[\w&.'’+-]*)){0,5}"
# All of the question: "... on Kafka at Acme", "... with Ida at Acme", "... in Bergen" ask for other times than that of the job.
_ASKS_LENGTH = re.compile(
    rf"\b(?:how long|(?:for )?how many (?:years|yrs|months)) (?:has|have|had|did|was|were|is|are|does|do) {_SOMEBODY} (?:been |be )?(?:(?:work(?:ing|ed)?|employed|stay(?:ing|ed)?|serv(?:e|ing|ed)|spend|spent|last) ?)?"
    rf"(?:(?:as )?(?:an?|the) (?P<role>[a-z][a-z -]{{2,40}}?) ?)?(?:there|(?:at|for|with) (?:{_JOB}|{_NAMED})|in {_JOB})(?:,? {_IN_ALL})*\W*$"
    rf"|^\W*(?:so |and )?(?:for )?how long (?:in|at|with) (?:{_JOB}|{_NAMED})(?:,? {_IN_ALL})*\W*$"
    r"|(?:에서|에|거기서|그곳서|은|는|을|를)(?:는|도)? ?(?:(?:총|모두|전부|다 ?합(?:쳐|해)서?) ?)?(?:얼마나|얼마 ?동안|몇 ?(?:년|개월|달))(?: ?(?:동안|간|오래|정도|쯤|이나))* ?"
    r"(?:일(?:했|하|한)|근무(?:했|하|한|해)|다녔|다니|다닌|재직(?:했|하|한)|몸담|계셨|있었)[가-힣]{0,6}\W*$",
    re.IGNORECASE,
)
# "How long was he CEO?", "How long did she teach?", "간호사는 몇 년 했어요?": what they were stands in the heading of a job.
_ASKS_AS = re.compile(
    rf"^\W*(?:so |and |ok |okay )?(?:how long|(?:for )?how many (?:years|yrs|months)) (?:(?:has|have|had|did|was|were|is|are|does|do) {_SOMEBODY} (?:been |be |work(?:ed|ing)? |serve[d]? |spen[dt] )?(?:as )?|as |(?:was|did|is) (?=(?:the |his |her |their )?(?:internship|apprenticeship|traineeship|residency|fellowship)\b))"
    rf"(?:an? |the |(?:his|her|their) )?(?P<en>(?!(?:in|at|with|for|on|from|to|of|by)\b)[a-z][a-z/-]{{1,30}}(?: [a-z][a-z/-]{{1,30}}){{0,3}}?)(?:,? {_IN_ALL}| last(?:ed)?)?\W*$"
    rf"|{_OF_WHOM_KO}(?P<ko>[가-힣A-Za-z]{{2,12}}?(?: [가-힣A-Za-z]{{2,12}}?){{0,3}}?)(?:(?: ?(?:경력|생활)(?:은|이|을)? ?(?:(?:총|모두|전부) ?)?(?:얼마나|몇 ?(?:년|개월))(?: ?(?:정도|쯤|이나|되|돼))?[가-힣]{{0,5}}\W*$)|(?:로서|으로서|로|으로| ?생활| ?일)?(?:은|는|을|를|도|만)? ?(?:(?:총|모두|전부) ?)?(?:얼마나|얼마 ?동안|몇 ?(?:년|개월|달))(?: ?(?:동안|간|오래|정도|쯤|이나))* ?"
    r"(?:했|하셨|한|일(?:했|하|한)|근무(?:했|하|한|해)|지냈|있었|재직)[가-힣]{0,6}\W*$)",
    re.IGNORECASE,
)
# "How many years of teaching experience does she have?", "years of experience as an SRE".
_ASKS_FIELD = re.compile(
    rf"^\W*(?:so |and |ok |okay )?(?:how (?:many|much) )?(?:total |overall )?(?:(?:years?|yrs)(?: of)? )?(?:(?P<field>(?!(?:total|overall|full|professional|work|working|career|job|relevant|of|many|much)\b)[a-z][a-z/+#-]{{1,24}}(?: [a-z][a-z-]{{1,24}}){{0,2}}?) (?:work )?experience|(?:work )?experience as (?:an? )?(?P<as>[a-z][a-z/+#-]{{1,24}}(?: [a-z][a-z-]{{1,24}}){{0,2}}?)|experience)"
    rf"(?: (?:does|do|has|have) {_SOMEBODY}(?: have| got)?(?: as (?:an? )?(?P<behind>[a-z][a-z/+#-]{{1,24}}(?: [a-z][a-z-]{{1,24}}){{0,2}}?))?)?(?:,? {_IN_ALL}| in years)?\W*$",
    re.IGNORECASE,
)
_OF_A_ROLE = re.compile(r"\b(?:roles?|positions?|posts?|titles?)\b|\bas (?:an?|the)\b|직책|직급|직위|직함", re.IGNORECASE)
_HOW_MUCH = re.compile(r"\bhow (?:many|much)\b|\byears\b|\byrs\b", re.IGNORECASE)
_OF_A_TIME = {"internship": "intern", "apprenticeship": "apprentice", "traineeship": "trainee", "residency": "resident", "fellowship": "fellow"}
# A question behind the one for the job before another: "Where did she work before Acme? How long was she there?"
_BEFORE_ANOTHER = re.compile(r"\bwork(?:ed)? (?:right |just )?(?:before|after) [^?]{1,160}\? \S|(?:이전|다음)에는 어디서 일했나요\? \S", re.IGNORECASE)
_YEARS_SAID = r"(?:\d+\)?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty)\W{0,2}\+? ?(?:years?|yrs)\b"
# Of all of a working life, in the head of a resume or its summary.
_STATES_YEARS = re.compile(
    rf"{_YEARS_SAID}(?: of| in| as)?(?: [\w-]+){{0,4}} experience|{_YEARS_SAID}(?: of)? (?:working|(?!being|having)[a-z]{{3,}}ing)\b|{_YEARS_SAID} in (?:the )?(?:[\w-]+ ){{0,2}}(?:industry|sector|trade|field|business|profession|construction|engineering|nursing|teaching|sales|retail|finance|hospitality|education|healthcare|marketing|logistics)\b|\bexperience\W{{1,3}}(?:of )?(?:over |about |more than )?{_YEARS_SAID}"
    r"|경력\s?[:：]?\s?(?:약 |총 )?\d+ ?년(?: ?\d+ ?개월)?|(?<!\d)\d{1,2} ?년 ?(?:차|(?:간|여 ?간)?(?:의)? ?(?:경력|경험))", re.IGNORECASE
)
_ALTOGETHER = re.compile(r"\b(?:in total|in all|overall|altogether|all together|all told|total|combined)\b|총|모두|전부|합쳐|합해|합하", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time that was counted.

    Attributes:
        sentence: what is said of it, without citation, one sentence.
        periods: the times it was counted from.
        total: of everything together.
    """

    sentence: str
    periods: tuple[Period, ...]
    total: bool


def asks_total(question: str) -> bool:
    """Whether the question is how long somebody has worked in all, at anything."""
    return _ASKS_TOTAL.search(question) is not None and _OF_TIME.search(question) is not None


def asks_of_jobs(question: str) -> bool:
    """Whether the question is how long somebody was something, or worked in a field: all jobs tell it together."""
    return _ASKS_AS.search(question) is not None or (_ASKS_FIELD.search(question) is not None and _HOW_MUCH.search(question) is not None)


def asks_length(question: str) -> bool:
    """Whether a question is one of those that `length` may answer."""
    return asks_total(question) or asks_of_jobs(question) or _ASKS_LENGTH.search(question) is not None


def length(question: str, chunks: Sequence[Chunk], language: str, today: date | None = None) -> Length | None:
    """How long the question asks for, counted; None where it asks for no such thing, or the dates do not tell.

    Args:
        question: with the candidate's name or without it.
        chunks: passages of one person.
        language: "en" or "ko", of the sentence.
        today: the end of what goes on.
    """
    total, titles = asks_total(question), False
    if total:
        meant = periods(chunks)
        if not told_whole(chunks):
            return None
    elif (asked := _ASKS_LENGTH.search(question)) and _BEFORE_ANOTHER.search(question):
        return None  # the job that it names is not the one it means
    elif asked:
        meant, every = named_periods(question, chunks), periods(chunks)
        if (place := _AT_PLACE.search(question)) and meant and not any(_stands_in(place["first"], each.heading) for each in meant):
            return None  # "Oranmore Vets" is not "Farm & Pet Vets"
        if asked["role"]:
            meant = [each for each in meant if all(word in each.heading.casefold() for word in asked["role"].casefold().split())]
        elif not _OF_A_ROLE.search(question):
            meant = _of_told_employer(question, meant, chunks) or at_employer(meant, every)
        jobs = [each for each in meant if each in every]
        meant = jobs if len(jobs) == 1 else meant  # without the projects within it
        if len(meant) > 1 and not ((_ALTOGETHER.search(question) or follow_on(meant) or _shared_name(question, meant)) and set(meant) <= set(every)):
            return None  # projects that share a word are no career
    elif asked := _ASKS_AS.search(question):
        jobs = periods(chunks)
        meant = held(asked["en"] or asked["ko"], jobs) if told_whole(chunks) else []
        if re.search("[가-힣A-Z]{2}", asked["ko"] or "") and any(_within(job, other) for job in meant for other in jobs if other not in meant):
            return None  # "라이브 QA (2019.03 – 2021.06)" under an employer may be a project there, beside more of the kind
    elif (asked := _ASKS_FIELD.search(question)) and _HOW_MUCH.search(question):
        role = asked["as"] or asked["behind"]
        meant = [] if not told_whole(chunks) else held(role, periods(chunks)) if role else _in_field(asked["field"], chunks)
        titles = not role
    else:
        return None
    if not meant or not all(each.headed for each in meant):  # within a sentence it may be somebody else's, or another post's
        return None
    return length_of(meant, language, today, total, titles)


_AT_PLACE = re.compile(r"\b(?:at|with|for)(?: the)? (?P<first>(?-i:[A-Z])[\w'’.-]+) (?:&|and|of|(?-i:[A-Z]))", re.IGNORECASE)  # a name of two words or more


def _stands_in(word: str, heading: str) -> bool:
    return word.casefold().rstrip(".,") in heading.casefold()


def _shared_name(question: str, jobs: Sequence[Period]) -> bool:
    """Whether all jobs have a piece of their titles in common that is no post, and the question a word of it with a capital: the time at one employer."""
    shared = set.intersection(*({part for part in title_parts(job) if not POST.search(part)} for job in jobs))
    said = {word.casefold() for word in re.findall(r"\b[A-Z][\w'’-]+", question[1:])}
    return any(said & set(re.findall(r"[\w'’-]+", part)) for part in shared)


def _within(job: Period, other: Period) -> bool:
    """Whether a job lies within the time of another one that has its heading above it."""
    ends = lambda each: (9999, 12) if each.goes_on else each.end
    return other.start <= job.start and ends(job) <= ends(other) and (other.position, other.line) < (job.position, job.line)


def _of_told_employer(question: str, meant: Sequence[Period], chunks: Sequence[Chunk]) -> list[Period]:
    """All jobs at the employer of the one that a question is put behind, where it asks for all of the time there: "Manager, Acme: how long in total?"."""
    told, colon, _ = question.rpartition(": ")
    if not colon or len(meant) != 1 or not _ALTOGETHER.search(question):
        return []
    places = (named_periods(f"– {piece} ", chunks) for piece in reversed(told.split(", ")) if not POST.search(piece))
    return next((jobs for jobs in places if len(jobs) > 1 and meant[0] in jobs), [])


def states_years(chunks: Sequence[Chunk]) -> tuple[tuple[int, int, int], ...]:
    """(position, start, end) in `chunk.text` of the sentence of the head of a resume, or of its summary, that says itself how long somebody has worked
    ("nine years of experience", "10년차"); nothing where none does."""
    for i, chunk in enumerate(chunks):
        if chunk.section and not SUMMARY.search(chunk.section):
            continue
        for a, b in sentences(chunk.text):
            if _STATES_YEARS.search(chunk.text[a:b]):
                return ((i, a, b),)
    return ()


def held(role: str, jobs: Sequence[Period]) -> list[Period]:
    """The jobs with a role in the title: as the last words of it, or before "of" and the like; or with who does what a verb says ("teach physics":
    a teacher of physics)."""
    words = [_OF_A_TIME.get(word, word) for word in role.casefold().split()]
    if words[-1] in ("train", "student"):
        return []  # a trainer, a working student

    def has(job: Period) -> bool:
        if re.search("[가-힣]", role):  # "데이터분석팀장" is a 팀장
            return any(re.search(rf"(?<!부)(?<!부 ){re.escape(role)}$", part) for part in title_parts(job))
        for part in title_parts(job):
            if re.search(rf"(?<![^\W_])(?<!\bvice )(?<!\bdeputy )(?<!\bassistant )(?<!\bto the )(?<!\bto )(?<!\bof the )(?<!\bworking ){re.escape(' '.join(words))}(?= (?:of|for|in|at|&|and)\b|$)", part):
                return True
            agents = [word for word in re.findall(r"[a-z]{5,}", part) if word.endswith(("er", "or", "ist"))]
            if any(akin(words[0], agent) and words[0] != agent and not words[0].endswith(("er", "or", "ist", "ing")) for agent in agents):
                return all(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", part) for word in words[1:])
        return False

    meant = [job for job in jobs if has(job)]
    others = [part for job in jobs if job not in meant for part in title_parts(job)]
    if re.search("[가-힣]", role) and any(role in part for part in others):
        return []  # "설계 경력": a "설계 사원" was of the field as well
    return meant


def _in_field(field: str | None, chunks: Sequence[Chunk]) -> list[Period]:
    """The jobs with a field in the title ("teaching": a teacher); none where other jobs mention it, which may have been of the field as well, or where it
    is said how long."""
    if not field:
        return []
    words = field.casefold().split()

    def named(text: str) -> bool:
        said = re.findall(r"[a-z][a-z+#-]*", text.casefold())
        return all(any(word == each or akin(word, each) for each in said) for word in words)

    def told(job: Period) -> str:
        """All that stands under a job."""
        return part_at(chunks[job.position], job.line[0])[1].text

    jobs = periods(chunks)
    meant = [job for job in jobs if any(map(named, title_parts(job)))]
    word = re.compile(rf"(?<!\w){re.escape(words[0])}", re.IGNORECASE)
    stated = re.compile(rf"(?<!\w){re.escape(words[0])}\b[^\n,;]{{0,20}}\d\+? ?(?:years?|yrs)|\d\+? ?(?:years?|yrs)[^\n,;]{{0,20}}\b{re.escape(words[0])}\b", re.IGNORECASE)
    others = any(word.search(told(job)) or named(_section(job)) for job in jobs if job not in meant)  # also under "Teaching experience"
    return [] if others or any(stated.search(chunk.text) for chunk in chunks) else meant


def shares_employer(job: Period, jobs: Sequence[Period]) -> bool:
    """Whether another job may be a second post at the employer of this one: under its title, or in its passage without an employer of its own."""
    return any(_shares(job, other) for other in jobs if other != job)


def _section(job: Period) -> str:
    return job.heading.partition("\n")[0]


def _shares(job: Period, other: Period) -> bool:
    if "›" in _section(other) and any(part in _section(other).casefold() for part in title_parts(job)[:1]):
        return True
    return other.position == job.position and _section(other) == _section(job) and _is_bare_post(other)


def at_employer(meant: Sequence[Period], jobs: Sequence[Period]) -> list[Period]:
    """The one job that is meant with the further posts under its employer's name; several as they are, and nothing where another may be one of these."""
    if len(meant) != 1 or meant[0] not in jobs:
        return list(meant)
    [job] = meant
    titled = [other for other in jobs if other != job and "›" in _section(other) + _section(job) and (_shares(job, other) or _shares(other, job))]
    beside = sorted((other for other in jobs if other.position == job.position), key=lambda other: other.line)
    first = at = beside.index(job)
    while first and _stands_below(beside[first]):
        first -= 1
    last = at + 1
    while last < len(beside) and _stands_below(beside[last]):
        last += 1
    posts = beside[first:last]
    if len(posts) > 1 and len(_title_lines(posts[0])) == 1:
        return []  # without an employer's name above them
    return sorted(dict.fromkeys((*posts, *titled)), key=lambda other: (other.start, other.end))


def first_post(job: Period, jobs: Sequence[Period]) -> Period | None:
    """Of a post without an employer's name, the one above it in its passage that has it; None where none has."""
    beside = sorted((other for other in jobs if other.position == job.position), key=lambda other: other.line)
    if job not in beside or not _stands_below(job):
        return None
    above = next((other for other in reversed(beside[: beside.index(job)]) if not _stands_below(other)), None)
    return above if above and len(_title_lines(above)) == 2 else None


def _stands_below(job: Period) -> bool:
    """Whether a heading is that of a post and no more: its employer's name stands further up."""
    return len(_title_lines(job)) == 1 and _is_bare_post(job)


_LEADS_EMPLOYER = re.compile(r"(?!\S*(?:팀|부|실|본부|센터|파트|과|국|총괄|담당|전담|계약직|정규직|신입|수석|선임|책임|주임) )[㈜(가-힣]\S* \S")  # "한빛미디어 마케팅 사원", not "마케팅팀 사원"


def _is_bare_post(job: Period) -> bool:
    """Whether a title is that of a post and names no employer."""
    title = title_parts(job)
    return len(title) == 1 and POST.search(title[0]) is not None and not _LEADS_EMPLOYER.match(title[0])


def follow_on(jobs: Sequence[Period]) -> bool:
    """Whether these jobs follow on each other without a month between: posts at one employer, not two times there."""

    def soon(one: Period, other: Period) -> bool:
        if one.goes_on:
            return True
        if not (one.end[1] and other.start[1]):
            return other.start[0] <= one.end[0]
        return 12 * other.start[0] + other.start[1] - 12 * one.end[0] - one.end[1] <= 1

    return all(soon(*pair) for pair in pairwise(sorted(jobs, key=lambda job: (job.start, job.end))))


def title_parts(job: Period) -> list[str]:
    """The title of a job in pieces, in lower case: what commas and the like set apart, without its dates and the place behind them."""
    return [part.strip(" .*•-").casefold() for line in _title_lines(job) for part in re.split(r"[,|·/()–—:]| - | at ", line) if part.strip()]


def title_of(job: Period) -> str:
    """The title of a job on one line, without its dates, the place behind them and what stands in brackets; with the employer it stands under."""
    bare = (re.sub(r" ?\((?!주\)|유\)|사\)|재\))[^()]*\)", "", line) for line in _title_lines(job))
    kept = (", ".join(_employer_and_post([cell for cell in cells(line) if cell])) for line in bare)
    trimmed = (_SEASON_LEFT.sub("", re.sub(r"^[^\w(]*\d{1,2}[.)]\s+", "", line)).strip(" ,|·*•/:-") for line in kept)
    lines = [line.rstrip("( ") for line in trimmed if line.rstrip("( ")]
    section = _section(job)
    return re.sub(r"\s+", " ", ", ".join([*lines, *([section.rpartition("›")[2].strip()] if "›" in section else [])])).strip()


def _employer_and_post(row: Sequence[str]) -> Sequence[str]:
    """The first cells of a table's row, down to the post where a department stands before it."""
    post = next((n for n, cell in enumerate(row) if POST.search(cell.casefold()) or _POST_ALONE_KO.search(cell)), 0)
    return row[: 3 if post == 2 else 2]


_POST_ALONE_KO = re.compile(rf"(?!\S*(?:병동|[팀실부]|센터|본부|파트)$){POST_KO.pattern}")


# "4 years 6 months" at the end of a dated line.
LASTED = re.compile(r"[\s·|,(]+(?:\d{1,2} ?(?:years?|yrs?|년)(?: ?\d{1,2} ?(?:months?|mos?|개월))?|\d{1,2} ?(?:months?|mos?|개월))\)?\s*$", re.IGNORECASE)


_SEASON_LEFT = re.compile(r"[ (]{0,2}\b(?:early|mid|late|spring|summer|autumn|fall|winter)\W*$", re.IGNORECASE)  # "Clerk (Summer 2017 – ...)"
_LABEL = re.compile(  # of a form's cell
    r"^\s*(?:회사명?|근무처|직장명?|업체명?|기관명?|직위|직급|직책|부서|(?:재직|근무) ?기간|기간|(?:name of (?:the )?)?(?:organi[sz]ation|company|employer|client)(?: name)?|designation|(?:job )?(?:title|position|role)|duration|period|tenure|dates?(?: of employment)?)\s?[:：|]\s*", re.IGNORECASE
)


def _title_lines(job: Period) -> list[str]:
    lines = without_column_names(job.heading.split("\n")[1:])
    if not lines:
        return []
    dates = re.sub(r"\s+", " ", job.dates)
    at = next((n for n, line in reversed([*enumerate(lines)]) if dates in re.sub(r"\s+", " ", line)), len(lines) - 1)
    dated = LASTED.sub("", re.sub(r"\s+", " ", lines[at]))
    before, _, after = dated.partition(dates)
    without_place = lambda line: line if is_post_line(line.partition("  ")[2]) else line.partition("  ")[0]  # at the right edge
    above, below = lines[:at], [without_place(line.strip()) for line in lines[at + 1 :]]
    if dated.count("|") > 1:
        before, after = " | ".join(cell for cell in cells(dated) if dates not in cell and re.search(r"[^\W\d]", DURATION.sub("", cell))), ""
    elif not re.search(r"\w", _SEASON_LEFT.sub("", before)) and (not any(map(str.strip, above)) or is_post_line(after)):
        before = after
    if any(map(is_post_line, below)) and re.fullmatch(rf"\W*[^\W\d][\w .'’-]*, ?(?:{COUNTRIES.pattern})\W*", before):
        before = ""  # the place alone
    told = [line for line in (*above, before, *below) if re.search(r"[^\W\d]", DURATION.sub("", line))]
    told = [" | ".join(cell for cell in cells(line) if not _LABEL.fullmatch(f"{cell}:")) if "|" in line else line for line in told]
    bare = [_LABEL.sub("", line) for line in (told if "".join(told).strip(" -•*") else [after])]
    return [line for line in bare if line.strip()] or bare[-1:]


def length_of(
    meant: Sequence[Period], language: str, today: date | None = None, total: bool = False, titles: bool = False, named: str = ""
) -> Length | None:
    """How long these times are together, counted; None where no month of them is over.

    Args:
        total: they are all there are.
        titles: they were told by their titles: another job may have been of the kind, too.
        named: what is said before it: which job it is.
    """
    months = counted(meant, today or date.today())
    sentence = _sentence(months, meant, total, titles, language)
    return Length(f"{named}: {small(sentence)}" if named else sentence, tuple(meant), total) if months else None


def counted(meant: Sequence[Period], today: date) -> int:
    """Months within any of the periods."""
    spans = []
    for each in meant:
        (year, month), (end_year, end_month) = each.start, each.end
        # Of "2019 – now" the middle of that year is likelier than its first month; between two years without months it is the same.
        begin = 12 * year + (month or (7 if each.goes_on else 1))
        if each.goes_on:
            end = 12 * today.year + today.month + 1
        else:
            end = min(12 * end_year + (end_month + 1 if end_month else 1), 12 * today.year + today.month + 1)
        if begin < end:
            spans.append((begin, end))
    months, until = 0, 0
    for begin, end in sorted(spans):
        months += max(0, end - max(begin, until))
        until = max(until, end)
    return months


def _sentence(months: int, meant: Sequence[Period], total: bool, titles: bool, language: str) -> str:
    exact = all(each.has_months for each in meant)
    said = long(months, exact, language)
    on = any(each.goes_on for each in meant)
    dates = "" if total else f" ({', '.join(each.dates for each in meant)})"
    if language == "ko":
        return f"{'지금까지 ' if on else ''}{'일한 기간은 모두 ' if total else ''}{said}입니다{dates}."
    return f"{said}{' of work' if total else ''}{' so far' if on else ' in all' if total else ''}{' by job titles' if titles else ''}{dates}."


def small(sentence: str) -> str:
    """A sentence that goes on behind something."""
    return sentence[:1].lower() + sentence[1:]


def long(months: int, exact: bool, language: str) -> str:
    """A number of months in words, "About 3 years and 2 months"; whole years where they are not exact."""
    if not exact:
        months = 12 * round(months / 12)
    years, rest = divmod(months, 12)
    if language == "ko":
        if not months:
            return "1년이 안 되는 기간"
        return "약 " + " ".join(part for part in (f"{years}년" if years else "", f"{rest}개월" if rest else "") if part)
    if not months:
        return "Less than a year"
    plural = lambda count, word: f"{count} {word}{'' if count == 1 else 's'}"
    return "About " + " and ".join(part for part in (plural(years, "year") if years else "", plural(rest, "month") if rest else "") if part)
