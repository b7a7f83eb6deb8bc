"""Who is this? The name, what the resume says of the person in short, the latest job and the studies, each as it stands there.

"Tell me about her" is asked of every resume first, and no line answers it by itself: a reranker takes what somebody else says of her.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag import contacts
from rag.entries import BULLET, SCHOOL, WORK, is_entry, periods, studies
from rag.language import as_asked
from rag.reranking import sentences
from rag.sections import is_column_names, is_known_title
from rag.types import Chunk

HEAD = 2  # lines of the head of a resume: the name, and the trade
TOLD = 30  # characters of a line that tells something
SAID = 400  # characters of its summary, whole sentences

_PERSON = r"(?:(?:this|the) (?:person|candidate|applicant|man|woman|guy)|he|she|they|him|her|them|yourself)"
_PAPER = r"(?:(?:this|the|his|her|their|your) )?(?:resume|résumé|cv|profile|career|background|candidate)"
_ASKS = re.compile(
    rf"(?:(?:hi|hello|hey|ok|okay|so|please|first),? )*(?:(?:can|could|would) you (?:please )?)?(?:please )?(?:"
    rf"tell me (?:a (?:bit|little) (?:bit )?|something |more |briefly )?about (?:{_PERSON}|{_PAPER})"
    rf"|(?:introduce|describe|summari[sz]e|present) (?:{_PERSON}|{_PAPER})(?: to me)?"
    rf"|sum (?:{_PERSON}|{_PAPER}) up|sum up (?:{_PERSON}|{_PAPER})"
    rf"|(?:(?:what(?:['’]s| is)|give me) )?(?:the |an? )?(?:(?:quick |short |brief |\d+[- ]?(?:sec(?:ond)?|min(?:ute)?)s?[- ]?|thirty[- ]second |one[- ]minute |elevator |tl;?dr ?)(?:version|rundown|run[- ]through|pitch|recap|gist|take)|tl;?dr|gist|rundown|recap)(?: (?:of|on|about|for) (?:{_PERSON}|{_PAPER}))?"
    rf"|(?:{_PERSON}|{_PAPER}) in a nutshell|in a nutshell,? who (?:is|are) (?:this|{_PERSON})"
    rf"|who(?:['’]s| is| are) (?:this|{_PERSON})|who am i (?:looking at|reading about)|whose (?:resume|cv|résumé) is (?:this|it)|summar(?:y|i[sz]e)|overview"
    rf"|(?:(?:give|write) (?:me|us) |write |make )?(?:an? |the )?(?:short |brief |quick |rough |(?:one|two|three|four|five|\d|single|few)[- ](?:sentence|line|paragraph)s? )*(?:summary|overview|introduction|intro|profile)(?: (?:of|about|on) (?:{_PERSON}|{_PAPER}))?"
    rf"|what(?:['’]s| is) (?:his|her|their|the candidate['’]s) background|what (?:kind|sort) of (?:person|candidate) (?:is|are) (?:{_PERSON}|this)"
    r")(?:,? (?:in (?:short|brief|(?:a few|an?|one|two|three|four|five|\d) (?:words|sentences?|lines?|paragraphs?))|briefly|please|pls|shortly))*",
    re.IGNORECASE,
)
_WHO_KO = r"(?:the candidate|(?:이|그) ?(?:사람|분|지원자|후보자)|지원자|후보자|본인|자기|그녀|그)(?:님|씨)?"
_ASKS_KO = re.compile(
    rf"(?:안녕하세요,? ?)?(?:먼저 ?)?(?:(?:{_WHO_KO}(?:에 ?대해서?|에 ?대한|에 ?관해|의|을|를|은|는|이|가)?|(?:이|그)? ?(?:이력서|프로필)(?:의|를|을)?) ?)?(?:좀 ?|간단히 ?|간략히 ?|짧게 ?|(?:한두|두세|서너|두어|한|두|세|네|다섯|\d(?:[~-]\d)?) ?(?:줄|문장)(?:로|으로|만|에)? ?)*"
    r"(?:(?:자기 ?)?소개(?: ?요약)?(?: ?좀)?(?: ?해 ?(?:줘|줄래|주세요|주실래요|봐))?(?: ?부탁(?:해|드려|드립니다|합니다)?)?(?:요)?|요약(?:을|를|본)? ?(?:좀 ?)?(?:해 ?(?:줘|주세요|줄래)|부탁(?:해|드려|드립니다|합니다)?)?(?:요)?"
    r"|(?<=[가-힣] )설명(?:을|를)? ?(?:좀 ?)?해 ?(?:줘|주세요|줄래)(?:요)?"
    r"|어떤 ?(?:사람|분|지원자)(?:이야|이에요|인가요|이죠|입니까|임|인지 ?알려 ?(?:줘|주세요)|이신가요)?|누구(?:의)? ?이력서(?:야|예요|에요|인가요|죠|임|입니까|인지 ?알려 ?(?:줘|주세요))?|누구(?:야|예요|에요|인가요|세요|신가요|죠|임|입니까)?)",
)
_BRIEF = re.compile(r"\b(?:an?|one|1|single)[ -](?:sentence|line)\b|(?:한|1) ?(?:줄|문장|마디)", re.IGNORECASE)
_BARE = re.compile(r"(?:좀 ?|간단히 ?|간략히 ?|짧게 ?)*설명(?:을|를)? ?(?:좀 ?)?해 ?(?:줘|주세요|줄래)(?:요)?")  # of what was said before
ESSAY = re.compile(r"자기 ?소개서|자소서|cover letter|motivation", re.IGNORECASE)  # pages of it: of childhood, of weaknesses
SUMMARY = re.compile(r"summary|profile|\babout\b|objective|introduction|overview|\bbio\b|statement|소개|요약|프로필|목표|핵심 ?역량", re.IGNORECASE)
_STUDIES = re.compile(r"educat|academic|stud(?:y|ies|ied)\b|schooling|qualification|학력|학업|공부|배움", re.IGNORECASE)
_FIELD = re.compile(r"[^:：|]{1,12}\s?[:：]\s?\S")  # "희망연봉: 6,200만원"
_NAME_ROW = re.compile(r"(?:\W*|[^\n]{0,12}\|\s*)(?:성\s*명|이\s*름|성함|full name|name)\s*[:：|]", re.IGNORECASE)
_SENTENCE = re.compile(r"\w{2}[.!](?:\s|$)|[가-힣](?:다|요|음|함)[.!]?(?:\s|$)")
_TITLED = re.compile(r"(?:이\s*력\s*서|resume|résumé|curriculum vitae|cv)\W*", re.IGNORECASE)
_CONTACT = re.compile(r"https?:|www\.|linkedin|github|(?-i:\w\.(?:com|io|dev|kr|net|org)\b)|(?:\d[ ().-]{0,3}){7}|주 ?소(?=\s?[:：|])|주소|address|생년월일|생 ?년 ?월 ?일", re.IGNORECASE)


def asks_overview(question: str) -> bool:
    """Whether the question is who the candidate is, and nothing besides; candidates' names replaced as in retrieval (`without_names`)."""
    asked = as_asked(question)
    said = _ASKS.fullmatch(asked) or (_ASKS_KO.fullmatch(asked) and re.search("소개|요약|설명|사람|분|누구", asked))
    return bool(said) and not _BARE.fullmatch(asked)


def is_brief(question: str) -> bool:
    """Whether one sentence is asked for."""
    return _BRIEF.search(question) is not None


def is_contact(line: str) -> bool:
    """Whether a line is nothing but an address, a number or the like."""
    return contacts.ADDRESS.search(line) is not None or _CONTACT.search(line) is not None


def overview(question: str, chunks: Sequence[Chunk]) -> list[tuple[int, int, int]]:
    """(position, start, end) in `chunk.text` of the lines that say who this is: from all passages of a resume, or from those passages that have
    them. Asked for in one sentence, the name and the first of the summary, or the latest job. Nothing where the passages are of several people.
    """
    if len({chunk.subject for chunk in chunks}) != 1:
        return []
    first = min(range(len(chunks)), key=lambda i: (chunks[i].document_id, chunks[i].start))
    document = [i for i, chunk in enumerate(chunks) if chunk.document_id == chunks[first].document_id]
    brief = is_brief(question)
    found = ([(first, a, b) for a, b in _head(chunks[first])[:HEAD]] or _named(chunks, document))[: 1 if brief else HEAD]
    summaries = [i for i in document if SUMMARY.search(chunks[i].section) and not ESSAY.search(chunks[i].section)]
    tells = lambda line: len(line) >= TOLD and (not BULLET.match(line) or _SENTENCE.search(line))  # not a list of words
    below = not is_entry(chunks[first]) and first not in summaries and any(len(line) >= TOLD and _SENTENCE.search(line) for line in chunks[first].text.split("\n"))
    if below:  # below the name
        said: int | None = first
    else:
        said = next((i for i in summaries if any(map(tells, chunks[i].text.split("\n")))), next(iter(summaries), None))
    if said is not None:
        used, lines = 0, sentences(chunks[said].text)
        for a, b in lines:
            if (said, a, b) in found or (below and not _SENTENCE.search(chunks[said].text[a:b])) or (said == first and _CONTACT.search(chunks[said].text[a:b])) or chunks[said].text[a:b] == chunks[said].subject:
                continue
            if used and used + b - a > SAID:
                break
            found.append((said, a, b))
            used += b - a
            if brief:
                return found
    jobs = periods([chunks[i] for i in document])
    if jobs:
        latest = max(jobs, key=lambda job: (job.end, job.start))
        found.append((document[latest.position], *latest.line))
    else:
        found += _first_lines(chunks, [i for i in document if i != said and WORK.search(chunks[i].section)])
    if brief:
        return list(dict.fromkeys(found))
    studied = [i for i in document if _STUDIES.search(chunks[i].section)] or [i for i in document if i not in (first, said) and SCHOOL.search(chunks[i].section)]
    table = [study for study in studies(chunks) if study.position in studied and "|" in chunks[study.position].text[slice(*study.span)]]
    latest_row = max(table, key=lambda study: (study.end, study.start), default=None)  # a form begins with the first school
    found += [(latest_row.position, *latest_row.span)] if latest_row else _first_lines(chunks, studied)
    return list(dict.fromkeys(found))


def _named(chunks: Sequence[Chunk], positions: Sequence[int]) -> list[tuple[int, int, int]]:
    """The line of a form with the name."""
    lines = ((i, a, b) for i in positions for a, b in sentences(chunks[i].text) if _NAME_ROW.match(chunks[i].text[a:b]))
    return [line for line in [next(lines, None)] if line]


def _first_lines(chunks: Sequence[Chunk], positions: Sequence[int]) -> list[tuple[int, int, int]]:
    """The first line of the first of these passages that has one with words."""
    lines = ((i, a, b) for i in positions for a, b in sentences(chunks[i].text) if re.search(r"[^\W\d_]{2}", chunks[i].text[a:b]) and not is_column_names(chunks[i].text[a:b]))
    return [line for line in [next(lines, None)] if line]


def _head(chunk: Chunk) -> list[tuple[int, int]]:
    """The lines at the head of a resume that are no address, number or title of a section."""
    found = []
    for a, b in sentences(chunk.text):
        line = chunk.text[a:b]
        if is_known_title(line) or _TITLED.fullmatch(line) or is_contact(line) or (_FIELD.match(line) and not _NAME_ROW.match(line)):
            continue
        if len(line) > SAID / 4:
            break
        found.append((a, b))
    return found
