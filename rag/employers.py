"""The employers that a question names in any letters: "how long was he at treadwell?" means Treadwell Automotive.

Rules and search know an English name by its capital, and people who type fast leave it out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.durations import title_parts
from rag.entries import Period, periods
from rag.jobs import is_post
from rag.language import language_asked
from rag.mentions import is_generic
from rag.types import Chunk

_BEHIND = r"(?![a-z\d_]|['’](?!s\b))"
_SMALL = frozenset("of and the de la for at in".split())
# Words of employers' names that are words of questions as well, or of many names.
_COMMON = frozenset(
    "one first next best new old data bank group global general national city state university school college hospital company services service systems solutions technology technologies consulting studio lab labs media"
    " health care energy capital partners international institute center centre office 대한 관한 위한 통한 의한 현대 우리 하나 한국 서울 은행 병원 대학교 대학 학교 그룹 연구소 센터 시청 도시".split()
)
_MORE = re.compile(r"(?:['’]s)? (?:(?:of|the|and|&) )*([^\W_][\w'’-]*)")  # what stands right behind a word of a name
_NO_NAME = re.compile(
    r"(?:for|in|on|as|was|were|is|did|does|do|has|had|then|there|and|or|to|from|how|when|why|what|where|which|who|before|after|since|until|till|exactly|pls|please|job|role|position|stint|time|days?|years?|period|gig|spell|tenure|start\w*|end\w*|dates?|leave|left|leaving"
    r"|she|he|they|her|his|their|work\w*|employ\w*|main|key|biggest|achiev\w*|accomplish\w*|results?|dut(?:y|ies)|responsib\w*|tasks?|reasons?|last(?:ed)?|back|over|with|vs|versus|longer|more|than)\b"
    r"|다닐|다녔|다니|재직|근무|시절|때|입사|퇴사|언제|얼마|몇|왜|무슨|어떤|어떻|주요|주로|성과|업무|담당|합류|이직|그만|나온|나왔|나간|들어|시작|관둔|관뒀|떠난|떠났|전에|이전|다음|후에|이후|중|중에|보다|이랑|하고|와|과|랑|및|경력|기간|일한|일했|일하|뭐|뭘|있었|있던|몸담|맡",
    re.IGNORECASE,
)
# What an employer's name stands behind in a question.
_AT = r"(?:^|[\s,])(?:at|for|with|from|join(?:ed|ing)?|leave|leaving|left|quit|before|after|since|about|than|or|and|between)(?: the)? "
_PLACE, _NAMES_PLACE = re.compile(rf"{_AT}$"), re.compile(_AT, re.IGNORECASE)


def with_capitals(question: str, chunks: Sequence[Chunk]) -> str:
    """An English question with the capitals that the headings of jobs give the names of employers, behind "at" and the like; any other as it is.

    Example:
        >>> with_capitals("how long was he at treadwell?", chunks)  # of a resume with "Treadwell Automotive, Coventry"
        'how long was he at Treadwell?'
    """
    if language_asked(question) != "en" or not _NAMES_PLACE.search(question):
        return question
    jobs = [job for subject in dict.fromkeys(chunk.subject for chunk in chunks) for job in periods([chunk for chunk in chunks if chunk.subject == subject], every=True)]
    for job in jobs:
        for start, name in _named(job, question):
            if not _PLACE.search(question[:start].casefold()):
                continue
            for word in re.findall(r"[^\W_]{2,}", name):
                if word[0].isupper():
                    behind = rf"(?<![^\W_]){re.escape(word)}{_BEHIND}"
                    question = question[:start] + re.sub(behind, word, question[start:], count=1, flags=re.IGNORECASE)
    return question


def employer_named(job: Period, question: str) -> tuple[int, str] | None:
    """Where a question names the employer of a job, in any letters, and the employer as the heading spells it; None where it does not, or may mean
    another of which it has a word ("Bank of America", where there is a Bank of Ireland)."""
    return next(_named(job, question), None)


def _named(job: Period, question: str) -> Iterator[tuple[int, str]]:
    """Each piece of a job's title that a question names, but for posts."""
    for part in title_parts(job):
        words = [] if is_post(part) else [word for word in re.findall(r"[^\W_]{2,}", part) if word not in _SMALL]
        places = {word: found for word in words if (found := re.search(rf"(?<![^\W_]){re.escape(word)}{_BEHIND if word.isascii() else ''}", question, re.IGNORECASE))}
        telling = [word for word in places if not is_generic(word) and word not in _COMMON]
        if not telling:
            continue
        last = max(places[word].end() for word in places)
        more = _MORE.match(question, last)
        if len(places) < len(words) and more and not _NO_NAME.match(more[1]):
            continue
        if heading := re.search(re.escape(part), job.heading, re.IGNORECASE):
            yield min(places[word].start() for word in telling), heading[0]
