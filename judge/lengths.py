"""Claims that are nothing but a length of time, or a number of jobs or of what a section lists: counted again in the passages, since no reader can."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from rag.comparing import longer, overlapping
from rag.durations import counted, title_of
from rag.entries import Period, periods
from rag.gaps import told
from rag.jobs import breaks, dated_jobs, employers_of
from rag.listings import counted as listed
from rag.rules import distinct
from rag.types import Chunk

_ABOUT = r"(?:(?:for|about|around|roughly|approximately|some|nearly|almost) )*"
_LENGTH = re.compile(
    rf"(?:(?:it was|that is|that makes) )?{_ABOUT}(?:(?P<years>\d{{1,2}}) years?)?(?:,? and |,? )?(?:(?P<months>\d{{1,2}}) months?)?"
    r"(?P<all>(?: (?:of work|of experience|in all|in total|altogether|so far|by job titles))*)(?: ?\((?P<dates>[^()\n]{4,240})\))?\W*"
    r"|(?P<all_ko>(?:(?:지금까지|모두|총|일한 기간은|경력은) )*)(?:약 )?(?:(?P<years_ko>\d{1,2})년)? ?(?:(?P<months_ko>\d{1,2})개월)?(?:입니다|이에요|예요|이다|임)?(?: ?\((?P<dates_ko>[^()\n]{4,240})\))?\W*",
    re.IGNORECASE,
)
_JOBS = re.compile(r"(?P<n>\d{1,2}) (?P<past>past )?(?:jobs?|(?P<at>employers?))\W*|(?P<past_ko>이전 )?직장은 모두 (?P<n_ko>\d{1,2})곳입니다\W*")
_LONGER = re.compile(r"(?P<en>The longer one: |Equally long: )?.{2,300}? \((?P<one>[^()]{4,240})\)(?:, against |, |에서 ).{2,300}? \((?P<other>[^()]{4,240})\)(?P<ko>보다 더 오래 일했습니다|: 일한 기간이 같습니다)?\W*")
_TITLED = re.compile(r"(?P<title>.{2,240}): (?=about |less than |지금까지 |약 |1년이 )")  # which job it is
_OVERLAPS = re.compile(r"At the same time: |No two of the jobs overlap|기간이 겹치는 직장")
_GAPS = re.compile(r"No gap of (?:\d|a full year)|Without a job\b|(?:두 직장 사이에 |(?:19|20)\d{2}(?:–(?:19|20)\d{2})?년에 )?(?:\d(?:개월|년) 이상의 공백은|직장이 없던 기간: )")
_GAPS_IN = re.compile(r"^(?:No gap of (?:\d months|a full year) or more|Without a job) in (?P<one>\d{4})(?:–(?P<other>\d{4}))?|^(?P<one_ko>\d{4})(?:–(?P<other_ko>\d{4}))?년에 ")
_IN_ALL = re.compile(r"work|experience|in all|in total|altogether|모두|총|일한|경력", re.IGNORECASE)


def chunk_of(passage: str) -> Chunk:
    """A passage as the judge reads it, taken apart again (judge.service.passage_of)."""
    heading, _, text = passage.partition("\n")
    subject, _, section = heading.partition(" – ")
    return Chunk("", "", "", subject, section, text, 0, len(text))


def counts(claim: str, passages: Sequence[str], today: date | None = None, whole: bool = True) -> bool | None:
    """Whether the dates of a job in the passages, or of all of them together, make up the length of time that the claim is, or they are so many as it
    says; None where the claim says anything else, or the passages do not have the dates it is told with.

    A month more or less is the same: one may count the last one or not. Where no months are said or told, half a year is.

    Args:
        whole: these are all the passages there are: "in all" is of nothing less.
    """
    claim = re.sub(r"\s+", " ", re.sub(r"\[\d{1,3}\]", " ", claim)).strip()
    chunks = [chunk_of(text) for text in passages]
    chunks = [chunks[i] for i in distinct(chunks, range(len(chunks)))]
    if said := _JOBS.fullmatch(claim):
        return _so_many(said, chunks) if whole else None
    if _GAPS.match(claim):
        return _without_job(claim, chunks, today) if whole else None
    if (right := listed(claim, chunks)) is not None:
        return right or (False if whole else None)
    if (said := _LONGER.fullmatch(claim)) and (said["en"] or said["ko"]):
        return _longer(claim, said, chunks, today)
    if _OVERLAPS.match(claim):  # titles in it may be in another language
        found = overlapping(chunks, "ko" if claim.startswith("기간이") else "en", today) if whole else None
        return None if found is None else squeezed(claim) == squeezed(found.sentence)
    named = _TITLED.match(claim)
    title = named["title"] if named else ""
    said = _LENGTH.fullmatch(claim[named.end() :] if named else claim)
    if said is None or (title and not said["dates"] and not said["dates_ko"]):
        return None
    either = lambda name: said[name] or said[f"{name}_ko"] or ""
    if not (either("years") or either("months")):
        return None
    months = 12 * int(either("years") or 0) + int(either("months") or 0)
    every = periods(chunks)
    titled = lambda job: squeezed(title) in map(squeezed, (title_of(job), *title_of(job).split(", ")))  # or its employer alone
    jobs = [job for job in every if job.headed and (not title or titled(job))]
    in_all = _IN_ALL.search(either("all")) is not None
    if not months or not jobs or (in_all and (not whole or len(jobs) < len(every))):
        return None
    today = today or date.today()
    if dates := either("dates"):
        meant = [[job] for job in jobs if squeezed(job.dates) == squeezed(dates)] or _together(squeezed(dates), {squeezed(job.dates): job for job in jobs})
    else:
        meant = [jobs] if in_all else [[job] for job in jobs]
    on = re.search(r"so far|지금까지", claim, re.IGNORECASE) is not None

    def fits(some: Sequence) -> bool:
        if not counted(some, today) or (on and not any(job.goes_on for job in some)):
            return False
        exact = either("months") and all(job.has_months for job in some)
        return abs(counted(some, today) - months) <= (1 if exact else 6)

    if any(map(fits, meant)):
        return True
    return False if meant and (dates or in_all) else None


def squeezed(text: str) -> str:
    """A text without spaces, marks and capitals, to compare."""
    return re.sub(r"[\W_]+", "", text).casefold()


def _together(dates: str, jobs: dict[str, Period]) -> list[list[Period]]:
    """The jobs whose dates stand in this one bracket, where nothing else does."""
    found = [said for said in jobs if said in dates]
    return [[jobs[said] for said in found]] if sum(map(len, found)) == len(dates) else []


def _so_many(said: re.Match[str], chunks: Sequence[Chunk]) -> bool | None:
    """Whether the passages have the dates of so many jobs, or at so many employers; None where they do not tell."""
    jobs = dated_jobs(chunks)
    if said["past"] or said["past_ko"]:
        jobs = [job for job in jobs if not job.goes_on]
    count = employers_of(jobs) if said["at"] or said["n_ko"] else len(jobs)
    return None if not jobs or count is None else count == int(said["n"] or said["n_ko"])


def _longer(claim: str, said: re.Match[str], chunks: Sequence[Chunk], today: date | None) -> bool | None:
    """Whether the passages tell that somebody stayed longer at one of two places, as a sentence of `rag.comparing.longer` says; None where they do not
    have its dates."""
    one, other = ([job for job in periods(chunks) if squeezed(job.dates) in squeezed(said[name])] for name in ("one", "other"))
    if not one or not other or set(one) & set(other) or len({squeezed(job.dates) for job in (*one, *other)}) < len(one) + len(other):
        return None
    return squeezed(claim) == squeezed(longer(one, other, "en" if said["en"] else "ko", today))


def _without_job(claim: str, chunks: Sequence[Chunk], today: date | None) -> bool | None:
    """Whether the passages have these times without a job, or none as the claim says; None where they do not tell."""
    language = "en" if re.match("No gap|Without", claim) else "ko"
    found = [told(chunks, language, today)]
    if " between the two" in claim or claim.startswith("두 직장 사이에 "):
        jobs = sorted(dated_jobs(chunks), key=lambda job: (job.start, job.end))
        found = [told(chunks, language, today, ([one], [other])) for one, other in pairwise(jobs)]
    elif said := _GAPS_IN.match(claim):
        years = [int(year) for year in said.groups() if year]
        found = [told(chunks, language, today, years=(min(years), max(years)))]
    if not re.match(r"No gap|.{0,14}\d(?:개월|년) 이상", claim):
        found += [told(chunks, language, today, covered=breaks(chunks))]  # besides the breaks that it names
    open_ = any(gaps.by_years for gaps in found if gaps) and not re.search(r"no months|연도로만", claim)
    sentences = [squeezed(gaps.sentence) for gaps in found if gaps]
    return squeezed(claim) in sentences if sentences and not open_ else None
