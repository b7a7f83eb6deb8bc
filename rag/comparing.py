"""Jobs beside each other: at which of two somebody stayed longer, and which of them overlap; counted from their dates, which no line tells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from rag.durations import counted, long, small, title_of
from rag.entries import Period
from rag.jobs import at_one_employer, dated_jobs, named_jobs
from rag.language import as_asked
from rag.types import Chunk

LEAST = 2  # months that two jobs have in common; one is the usual handing over

_S = r"(?:he|she|they|you|the candidate|the applicant|this (?:person|candidate|applicant))"
_LEAD = r"(?:(?:so|and|ok|okay|also|please|then),? )*"
_STAY = r"(?:work(?:ed|ing)?|stay(?:ed)?|been|spen[dt]|employed|was|last(?:ed)?|have|had|hold|held)"
_LONGER = re.compile(
    rf"{_LEAD}which (?:one |job |role )?(?:was|lasted) (?:the )?longer[,:]? (?:at |in )?(?P<seven>[^?,]{{2,60}}?),? or (?:at |in )?(?P<eight>[^?,]{{2,60}})"
    rf"|{_LEAD}(?:how much longer (?:was|did|has|had)|did|has|had) {_S}(?: {_STAY})? (?:longer|more time) (?:at|in|for|with) (?P<nine>[^?,]{{2,60}}?),? (?:or|than) (?:at |in |for |with )?(?P<ten>[^?,]{{2,60}})"
    rf"|{_LEAD}how much longer (?:was|did|has|had) {_S}(?: {_STAY})? (?:at|in|for|with) (?P<eleven>[^?,]{{2,60}}?) than (?:at |in |for |with )?(?P<twelve>[^?,]{{2,60}})"
    rf"|{_LEAD}(?:where|(?:at |in )?which (?:one|job|company|employer|place|role|of (?:the two|them)))(?: (?:did|has|was|had) {_S})?(?: {_STAY})?(?: (?:for|at))?(?: the)? (?:longer|longest|more time)(?: (?:at|for|in))?[,:]? (?:at |in )?(?P<one>[^?,]{{2,60}}?),? or (?:at |in )?(?P<other>[^?,]{{2,60}})"
    rf"|{_LEAD}longer (?:at |in |for |with )?(?P<thirteen>[^?,]{{2,60}}?),? or (?:at |in |for |with )?(?P<fourteen>[^?,]{{2,60}})"
    rf"|{_LEAD}(?:did|has|was|had) {_S}(?: {_STAY})? (?:for )?longer (?:at|in|for|with) (?P<three>[^?,]{{2,60}}?),? (?:or|than) (?:at |in |for |with )?(?P<four>[^?,]{{2,60}})"
    rf"|{_LEAD}(?:did|has|was|had) {_S}(?: {_STAY})? (?:at|in|for|with) (?P<five>[^?,]{{2,60}}?) (?:for )?longer than (?:at |in |for |with )?(?P<six>[^?,]{{2,60}})",
    re.IGNORECASE,
)
_LONGER_KO = re.compile(
    r"(?P<one>[^?,]{2,40}?)(?:이랑|랑|하고|와|과|,) ?(?P<other>[^?,]{2,40}?) ?(?:중에?(?:서)?|가운데)? ?(?:어디|어느 ?(?:회사|쪽|곳|직장)|어떤 ?회사)(?:에서|서|에|를|을|가)? ?(?:더 ?)?(?:오래|길게|오랫동안) ?(?:다녔|다니|다닌|일했|일한|일하|근무|있었|재직)\S{0,8}"
    r"|어디(?:에서|서|에|를|가)? ?더 ?(?:오래|길게) ?(?:다녔|다니|일했|일하|근무|있었|재직)\S{0,8}[,.?]? (?P<five>[^?,]{2,40}?)(?:이랑|랑|하고|와|과|,) ?(?P<six>[^?,]{2,40}?) ?(?:중에?(?:서)?|가운데)"
    r"|(?P<three>[^?,]{2,40}?)(?:보다|에서보다) ?(?P<four>[^?,]{2,40}?)(?:에서|에|를|을) ?(?:더 ?)?(?:오래|길게|오랫동안) ?(?:다녔|다니|다닌|일했|일한|일하|근무|있었|재직)\S{0,8}"
)
_OVERLAPS = re.compile(
    rf"{_LEAD}(?:is there |are there |any )(?:any )?overlaps? (?:between|of|in|among) (?:(?:his|her|their|the) )?(?:jobs|positions|roles|employments?|posts|dates|employers)"
    rf"|{_LEAD}(?:(?:did|do|does|are|were|is|has|have|had) )?(?:there )?(?:any |some |two )?(?:of )?(?:(?:his|her|their|the|these|those) )?(?:(?:jobs|positions|roles|employments?|posts|dates|periods) )?overlap(?:s|ping|ped)?(?: (?:jobs|positions|roles|employments?|posts|dates|periods))?(?: in time)?"
    rf"|{_LEAD}(?:did|has|have|had|does|is|was) {_S} (?:ever )?(?:been )?(?:work(?:ed|ing)?|employed|teaching|taught|have|had|hold|held|holding|do|done) (?:(?:for|at|in) )?(?:two|2|several|more than one) (?:companies|employers|jobs|places|positions|roles|schools|hospitals|clinics|firms|posts) at (?:once|the same time|a time)",
    re.IGNORECASE,
)
_OVERLAPS_KO = re.compile(
    r"(?:(?:이|그) ?(?:사람|분)|지원자|후보자)?(?:은|는|의|이|가)? ?(?:(?:기간|시기)(?:이|가)? ?)?(?:"
    r"겹치는 ?(?:경력|직장|회사|기간|근무 ?기간|재직 ?기간|시기|일)(?:이|은|도|가)?(?: ?(?:혹시|중에))? ?(?:있|없)\S{0,5}|(?:경력|직장|회사|(?:근무|재직) ?기간|기간)(?:들)?(?:이|은|끼리|도)? ?(?:서로 ?)?(?:겹치|겹쳐|겹친|중복)\S{0,8}(?: ?(?:있|없)\S{0,5})?"
    r"|동시에 ?(?:두|2|여러) ?(?:곳|군데|회사|직장)(?:에서|에|을|를)? ?(?:일|다니|다닌|다녔|근무)\S{0,8}(?: 적(?:이|은|도)?)?(?: ?(?:있|없)\S{0,5})?)"
)


@dataclass(frozen=True, slots=True)
class Compared:
    """Jobs beside each other.

    Attributes:
        sentence: what is said of them, without citation, one sentence.
        jobs: those that are told, the latest first.
        read: all that were compared.
    """

    sentence: str
    jobs: tuple[Period, ...]
    read: tuple[Period, ...]


def asks_comparison(question: str) -> bool:
    """Whether it is asked at which of two employers somebody stayed longer, or which jobs overlap; candidates' names replaced as in retrieval."""
    asked = as_asked(question)
    return any(pattern.fullmatch(asked) for pattern in (_LONGER, _LONGER_KO, _OVERLAPS, _OVERLAPS_KO))


def compared(question: str, chunks: Sequence[Chunk], language: str, today: date | None = None) -> Compared | None:
    """At which of two employers that a question names somebody stayed longer; None for another question, and where it does not name one job by each, or
    the dates do not tell.

    Args:
        chunks: all passages of one person.
        language: "en" or "ko", of the sentence.
        today: the end of what goes on.
    """
    asked = as_asked(question)
    found = _LONGER.fullmatch(asked) or _LONGER_KO.fullmatch(asked)
    if found is None:
        return None
    one, other = (named_jobs(name, chunks) for name in found.groups() if name)
    if not one or not other or set(one) & set(other):
        return None
    sentence = longer(one, other, language, today)
    jobs = sorted((*one, *other), key=lambda job: (job.end, job.start), reverse=True)
    return Compared(sentence, tuple(jobs), tuple(jobs)) if sentence else None


def longer(one: Sequence[Period], other: Sequence[Period], language: str, today: date | None = None) -> str:
    """A sentence that says at which of two places, with the jobs there, somebody stayed longer; "" where their dates do not tell."""
    today = today or date.today()
    more, less = sorted((one, other), key=lambda jobs: -counted(jobs, today))
    months = [counted(jobs, today) for jobs in (more, less)]
    rough = [job for job in (*one, *other) if not job.has_months]
    if not all(months) or not all(job.headed for job in (*one, *other)) or (rough and months[0] - months[1] <= 12 * len(rough)):
        return ""
    told = []
    for jobs, count in zip((more, less), months, strict=True):
        ordered = sorted(jobs, key=lambda job: (job.start, job.end))
        told.append(f"{' + '.join(map(title_of, ordered))} ({small(long(count, not rough, language))}, {', '.join(job.dates for job in ordered)})")
    same = months[0] == months[1]
    if language == "ko":
        return f"{told[0]}, {told[1]}: 일한 기간이 같습니다." if same else f"{told[0]}에서 {told[1]}보다 더 오래 일했습니다."
    return f"Equally long: {told[0]}, {told[1]}." if same else f"The longer one: {told[0]}, against {told[1]}."


def _span(job: Period, today: date, sure: bool) -> tuple[int, int]:
    """The first month of a job and the one behind its last, counted from year 0; of a year without a month the least that is sure, or the most."""
    begin = 12 * job.start[0] + (job.start[1] or (12 if sure else 1))
    if job.goes_on:
        return begin, 12 * today.year + today.month + 1
    return begin, 12 * job.end[0] + (job.end[1] or (1 if sure else 12)) + 1


def _in_common(one: Period, other: Period, today: date, sure: bool) -> int:
    """Months that two jobs have in common, the least that is sure or the most; not above zero where they have none."""
    begins, ends = zip(_span(one, today, sure), _span(other, today, sure), strict=True)
    return min(ends) - max(begins)


def overlaps(question: str, chunks: Sequence[Chunk], language: str) -> Compared | None:
    """Which jobs overlap; None for another question, and where the dates do not tell."""
    asked = as_asked(question)
    if not (_OVERLAPS.fullmatch(asked) or _OVERLAPS_KO.fullmatch(asked)):
        return None
    return overlapping(chunks, language)


def overlapping(chunks: Sequence[Chunk], language: str, today: date | None = None) -> Compared | None:
    """The jobs in the passages that overlap by `LEAST` months or more; None where their dates do not tell."""
    today = today or date.today()
    jobs = dated_jobs(chunks)
    if len(jobs) < 2:
        return None
    found = []
    for one, other in combinations(jobs, 2):
        surely, perhaps = (_in_common(one, other, today, sure) for sure in (True, False))
        if perhaps < LEAST or at_one_employer((one, other)):
            continue
        if surely < LEAST:
            return None  # a year without a month leaves it open
        lasted = small(long(surely, True, language))
        if surely < perhaps:
            lasted = f"최소 {lasted.removeprefix('약 ')}" if language == "ko" else f"at least {lasted.removeprefix('about ')}"
        found.append((lasted, other, one))
    if not found:
        return Compared("기간이 겹치는 직장은 없습니다." if language == "ko" else "No two of the jobs overlap.", tuple(jobs), tuple(jobs))
    beside_it = " / " if language == "ko" else " with "
    told = "; ".join(f"{title_of(one)}{beside_it}{title_of(other)} ({lasted})" for lasted, one, other in found)
    beside = {job for _, *pair in found for job in pair}
    return Compared(f"{'기간이 겹치는 직장' if language == 'ko' else 'At the same time'}: {told}.", tuple(job for job in jobs if job in beside), tuple(jobs))
