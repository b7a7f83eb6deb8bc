"""Claims that are nothing but a length of time: counted again from the dates in the passages, since no reader can."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from rag.durations import counted
from rag.entries import periods
from rag.types import Chunk

_ABOUT = r"(?:(?:for|about|around|roughly|approximately|some|nearly|almost) )*"
_LENGTH = re.compile(
    rf"(?:(?:it was|that is|that makes) )?{_ABOUT}(?:(?P<years>\d{{1,2}}) years?)?(?:,? and |,? )?(?:(?P<months>\d{{1,2}}) months?)?"
    r"(?P<all>(?: (?:of work|of experience|in all|in total|altogether|so far))*)(?: ?\((?P<dates>[^()\n]{4,60})\))?\W*"
    r"|(?P<all_ko>(?:(?:지금까지|모두|총|일한 기간은|경력은) )*)(?:약 )?(?:(?P<years_ko>\d{1,2})년)? ?(?:(?P<months_ko>\d{1,2})개월)?(?:입니다|이에요|예요|이다|임)?(?: ?\((?P<dates_ko>[^()\n]{4,60})\))?\W*",
    re.IGNORECASE,
)
_IN_ALL = re.compile(r"work|experience|in all|in total|altogether|모두|총|일한|경력", re.IGNORECASE)


def chunk_of(passage: str) -> Chunk:
    """A passage as the judge reads it, taken apart again (judge.service.passage_of)."""
    heading, _, text = passage.partition("\n")
    subject, _, section = heading.partition(" – ")
    return Chunk("", "", "", subject, section, text, 0, len(text))


def counts(claim: str, passages: Sequence[str], today: date | None = None, whole: bool = True) -> bool | None:
    """Whether the dates of a job in the passages, or of all of them together, make up the length of time that the claim is; None where the claim says
    anything else, or the passages do not have the dates it is told with.

    A month more or less is the same: one may count the last one or not. Where no months are said or told, half a year is.

    Args:
        whole: these are all the passages there are: "in all" is of nothing less.
    """
    said = _LENGTH.fullmatch(re.sub(r"\[\d{1,3}\]|\s+", " ", claim).replace("  ", " ").strip())
    if said is None:
        return None
    either = lambda name: said[name] or said[f"{name}_ko"] or ""
    if not (either("years") or either("months")):
        return None
    months = 12 * int(either("years") or 0) + int(either("months") or 0)
    every = periods([chunk_of(text) for text in passages])
    jobs = [job for job in every if job.headed]
    in_all = _IN_ALL.search(either("all")) is not None
    if not months or not jobs or (in_all and (not whole or len(jobs) < len(every))):
        return None
    today = today or date.today()
    same = lambda text: re.sub(r"[\W_]+", "", text).casefold()
    if dates := either("dates"):
        meant = [[job] for job in jobs if same(job.dates) == same(dates)]
    else:
        meant = [jobs] if in_all else [[job] for job in jobs]
    on = re.search(r"so far|지금까지", claim, re.IGNORECASE) is not None

    def fits(some: Sequence) -> bool:
        if not counted(some, today) or (on and not any(job.goes_on for job in some)):
            return False
        exact = either("months") and all(job.start[1] and (job.goes_on or job.end[1]) for job in some)
        return abs(counted(some, today) - months) <= (1 if exact else 6)

    if any(map(fits, meant)):
        return True
    return False if meant and (dates or in_all) else None
