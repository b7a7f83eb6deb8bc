"""Claims with a date that is another one in the passages: since or until when somebody was in a job, or the date of one item of a list.

A reader that weighs words sees both years of "pilot licence (2018), instructor (2020)" in the line and lets either pass. The right date settles nothing: who
"won" may have been a finalist of that year.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from judge.guard import Date, facts
from judge.lengths import chunk_of
from judge.text import lines, words
from rag.entries import Period, parts, periods
from rag.sections import is_column_names
from rag.types import Chunk

LEAST = 2  # words that an item must share with a claim; one alone may be anything
LONGEST = 240  # characters of a claim

# Of a claim about a job, what is no part of its name.
_OF_A_JOB = frozenset(
    words(
        "she he they her his their has have had been was were is are be worked works working work employed employment joined joining join left leaving leave served serves serving held holds holding started"
        " starting start began begin role position post job as at there since until till from to still now currently current present became become stayed stay spent employee staff member candidate resume"
    )
) | frozenset(words("근무 재직 다니다 다녔습니다 입사 퇴사 합류 일했습니다 일하고 있습니다 맡았습니다 시작 그만두었습니다 떠났습니다 지금 현재 지원자 부터 까지 동안 직책 직급 회사 직장 하였습니다 되었습니다 년 월"))
# Of one about an item, that it was got.
_GOT = frozenset(words("obtained obtain earned earn received receive passed pass got get gained won awarded holds held completed she he they her his their has have was were in since candidate")) | frozenset(
    words("취득 취득했습니다 땄습니다 받았습니다 합격했습니다 획득 수상했습니다 자격 자격증 지원자 년 월 하였습니다")
)
_START_EN = re.compile(r"\b(?:since|from|starting(?: in| from)?|beginning(?: in)?)(?: (?:about|early|mid|late))? ?$", re.IGNORECASE)
_END_EN = re.compile(r"\b(?:until|till|through|up to|to|ending(?: in)?)(?: (?:about|early|mid|late))? ?$", re.IGNORECASE)
_JOINED = re.compile(r"\b(?:joined|started|began|was hired|became|has been (?:there )?since)\b", re.IGNORECASE)
_LEFT = re.compile(r"\b(?:left|ended|quit|resigned|departed|finished (?:there|at)|stopped)\b", re.IGNORECASE)
_START_KO = re.compile(r"^(?:부터|에 ?(?:입사|합류|들어|시작)|이후|이래)")
_END_KO = re.compile(r"^(?:까지|에 ?(?:퇴사|퇴직|그만|떠[나났]|나[왔오]))")
_BETWEEN = re.compile(r"^ ?(?:[-–—~〜∼]|to|until|till|through|and|에서|부터) ?$", re.IGNORECASE)
_GOES_ON = re.compile(r"\b(?:to|until|till|through|[-–—]) ?(?:the )?(?:present|now|today|date)\b|지금까지|현재까지|재직 ?중|다니고 ?있|근무하고 ?있|일하고 ?있", re.IGNORECASE)
# What else than "then it was so" a claim, or a line, may say.
_OTHERWISE = re.compile(
    r"\b(?:not|no|never|without|fail\w*|until|before|after|first|last|earlier|later|than|only|expected|planned|progress|withdr\w+|expire[sd]?|unless|renew\w*|again|twice|shortlist\w*|finalist|nomin\w*|runner)\b|n't\b|않|못|없|미취득|불합격|예정|준비|만료|전에|후에|까지|이후|이전|먼저|처음|마지막|보다|다시|갱신|중단",
    re.IGNORECASE,
)


def misdated(claim: str, passages: Sequence[str]) -> str:
    """The date that the passages give the job or the item of a claim, where that is another one than the claim's; "" where it is not, where the claim says
    more than when it was, where they have no such job or item, or where they leave it open.

    Args:
        passages: as `judge.service.passage_of` writes them.
    """
    claim = re.sub(r"\[\d{1,3}\]", " ", claim)
    said = facts(claim).dates
    if not 1 <= len(said) <= 2 or len(claim) > LONGEST:
        return ""
    bare, chunks = _without(claim, said), [chunk_of(text) for text in passages]
    if (roles := _roles(claim, said)) and None not in roles:
        return _of_job(bare, claim, dict(zip(roles, said, strict=True)), chunks)
    if len(said) == 1 and roles == [None] and not _OTHERWISE.search(bare):
        return _of_item(bare, said[0], chunks)
    return ""


def _without(claim: str, said: Sequence[Date]) -> str:
    for date in sorted(said, key=lambda date: date.start, reverse=True):
        claim = f"{claim[: date.start]} {claim[date.end :]}"
    return claim


def _roles(claim: str, said: Sequence[Date]) -> list[str | None]:
    """Of each date of a claim whether it is the "start" or the "end" of a time, None where it is not clear."""
    if len(said) == 2 and _BETWEEN.match(claim[said[0].end : said[1].start]):
        return ["start", "end"]
    roles: list[str | None] = []
    for date in said:
        before, after = claim[: date.start].rstrip("( "), claim[date.end :]
        if _START_KO.match(after) or _START_EN.search(f"{before} "):
            roles.append("start")
        elif _END_KO.match(after) or _END_EN.search(f"{before} "):
            roles.append("end")
        elif re.search(r"\b(?:in|on)(?: (?:early|mid|late))? ?$", f"{before} ", re.IGNORECASE) and bool(_JOINED.search(claim)) != bool(_LEFT.search(claim)):
            roles.append("start" if _JOINED.search(claim) else "end")
        else:
            roles.append(None)
    return roles if len(set(roles)) == len(roles) else [None] * len(roles)


def _of_job(bare: str, claim: str, said: dict[str, Date], chunks: Sequence[Chunk]) -> str:
    subjects = {word for chunk in chunks for word in words(chunk.subject)}
    rest = {word for word in words(bare) if word not in _OF_A_JOB and word not in subjects}
    if not rest or len({chunk.subject for chunk in chunks}) != 1:
        return ""
    meant = [job for job in periods(chunks) if job.headed and rest <= set(words(job.heading))]
    if not meant or any(len(facts(job.heading).dates) > 2 for job in meant):
        return ""  # "Counsel, later Senior Counsel (2001)"
    first, last = min(meant, key=lambda job: job.start), max(meant, key=lambda job: job.end)
    told = {"start": first.start, "end": last.end}
    wrong = [date for role, date in said.items() if date.year != told[role][0] or (date.month and told[role][1] and date.month != told[role][1])]
    if not wrong and not ("end" not in said and _GOES_ON.search(claim) and not last.goes_on):
        return ""
    if any(_elsewhere(date, rest, meant, chunks) for date in wrong):
        return ""
    points = {point for job in meant for point in (job.start, job.end)}
    if len(meant) > 1 and any((date.year, date.month) in points or (date.year, 0) in points for date in said.values()):
        return ""  # of one of several posts there
    return ", ".join(job.dates for job in meant)


def _elsewhere(date: Date, rest: set[str], meant: Sequence[Period], chunks: Sequence[Chunk]) -> bool:
    """Whether the year of a claim stands in what is told below the job's heading, or in another entry with a word of the claim."""
    for i, chunk in enumerate(chunks):
        for start, part in parts(chunk):
            text = part.text
            for job in meant:
                if job.position == i and start <= job.line[0] < start + len(text):
                    text = text[job.line[1] - start :]
                    break
            else:
                if not rest & set(words(f"{chunk.section} {text}")):
                    continue
            if str(date.year) in text:
                return True
    return False


def _of_item(bare: str, date: Date, chunks: Sequence[Chunk]) -> str:
    subjects = {word for chunk in chunks for word in words(chunk.subject)}
    rest = {word for word in words(bare) if word not in _GOT and word not in subjects}
    if len(rest) < LEAST:
        return ""
    other = ""
    for item in (item for chunk in chunks for item in _items(chunk.text) if rest <= set(words(item))):
        told = facts(item)
        if len(told.dates) != 1 or told.periods or _OTHERWISE.search(item):
            return ""
        [its] = told.dates
        if its.year == date.year and not (its.month and date.month and its.month != date.month):
            return ""
        other = other or its.text
    return other


def _items(text: str) -> Iterator[str]:
    """The lines of a passage, those of several dates in pieces."""
    for line in lines(text):
        if is_column_names(line):
            continue
        pieces = [piece for piece in re.split(r"[;|·]|, (?![^()]*\))|,(?=[가-힣])| / ", line) if piece.strip()]
        several = sum(len(facts(piece).dates) == 1 for piece in pieces) > 1
        yield from pieces if several else [line]
