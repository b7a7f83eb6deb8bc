"""Who somebody else in the resume is, and how to reach them: a referee, a boss, a co-author. Their line says it.

"Who is Fiona Mackay?" is declined by a model that knows of nobody but the candidate, and "her number?" after it is answered with the candidate's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag import contacts
from rag.entries import BULLET
from rag.reranking import sentences
from rag.types import Chunk

MOST = 3  # lines with a name
BELOW = 3  # lines below a referee's name that may hold how to reach them

_NAME = r"(?:(?-i:[A-Z])[\w.'’-]*\.? ){0,3}(?-i:[A-Z])[\w'’-]+"
_NAME_KO = r"[가-힣]{2,4}"
_POST_KO = "(?:교수|팀장|부장|과장|차장|대리|대표|상무|전무|이사|실장|선생|원장|센터장|본부장|수간호사|파트장|박사)"
_TITLE_KO = rf"(?: ?{_POST_KO})?(?:님|씨)?"
_WHO = re.compile(
    rf"\W*(?:(?:and|so|ok),? )?who(?:['’]s| is| was) (?:(?:mr|mrs|ms|dr|prof)\.? )?(?P<name>{_NAME})\W*|\W*(?P<name_ko>{_NAME_KO}){_TITLE_KO}(?:은|는|이|가)? ?누구\S{{0,6}}(?: ?(?:줘|주세요))?\W*", re.IGNORECASE
)
_THING = r"(?:e-?mail|phone|mobile|cell|number|contact(?: details| info| information)?|telephone)(?: (?:address|number))?"
_REACH = re.compile(
    rf"\W*(?:(?:what(?:['’]?s| is)|give me|can i have|do you have) )?(?P<name>{_NAME})['’]s? (?:{_THING})\W*|\W*(?:how|where) (?:can|do|could|should) (?:i|we|you|one) (?:contact|reach|call|e-?mail|write to|get in touch with) (?P<other>{_NAME})\W*"
    rf"|\W*(?:(?:and|so|ok),? )?(?:(?:what(?:['’]?s| is)|give me|can i have|do you have|any|is there an?) )?(?:(?:the|an?|any) )?{_THING} (?:for|of) (?P<whose>{_NAME})\W*"
    rf"|\W*(?P<name_ko>{_NAME_KO}){_TITLE_KO}(?:의)? ?(?:연락처|전화(?: ?번호)?|이메일|메일|번호)\S{{0,3}}(?: ?(?:뭐|어떻게|알려|몇)\S{{0,5}}(?: ?(?:줘|주세요))?)?\W*",
    re.IGNORECASE,
)
_CONTACT = re.compile(rf"{contacts.ADDRESS.pattern}|{contacts.NUMBER.pattern}")
# A line that is about a person, whatever else has such a name.
_PERSON = re.compile(r"\b(?:owner|director|head of|chief|professor|prof|dr|mr|mrs|ms|supervis\w+|coach|mentor|colleague|author|et al)\b|교수|상무|부장|팀장|지도|멘토|공저", re.IGNORECASE)
_HERS = re.compile(r"\b(?:her|his|their|him|them)\b", re.IGNORECASE)
_POSSESSIVE = re.compile(r"\b(?:(?:what(?:['’]?s| is)|can i have|do you have|and) )*(?:her|his|their) (?P<thing>(?:e-?mail|phone|mobile|cell|number|contact|telephone)\b.*)", re.IGNORECASE)
_NO_NAMES = frozenset("the this that he she they candidate applicant person mr mrs ms dr prof".split())
_WORDS_KO = frozenset("이름 성함 본인 지원자 사람 이분 그분 담당 대표 회사 학교 추천인 상사 동료 관련 긴급 비상 현재 최근 개인 업무 제일 가장".split())


def named(question: str) -> str:
    """The name of whom it is asked who they are or how to reach them; "" for any other question."""
    found = _WHO.fullmatch(question) or _REACH.fullmatch(question)
    if found is None:
        return ""
    said = found.groupdict()
    name = (said.get("name") or said.get("other") or said.get("whose") or said.get("name_ko") or "").strip()
    name = re.sub(r"(?<=[가-힣]{2})(?:님|씨)$", "", name)
    return "" if name.casefold() in _NO_NAMES or name in _WORDS_KO else name


def about(question: str, chunks: Sequence[Chunk]) -> list[tuple[int, int, int]]:
    """(position, start, end) in `chunk.text` of the lines with the name of somebody else that a question asks for, and of their contact; nothing for
    any other question, for a name that is no person's, for the candidate's own, and where a contact is asked for that does not stand there.

    Args:
        chunks: all passages of one person.
    """
    name = named(question)
    if not name or any(word.casefold() in chunk.subject.casefold() for chunk in chunks for word in name.split() if len(word) > 1):
        return []
    korean = re.match("[가-힣]", name) is not None
    behind = "" if korean else r"(?!\w)"
    whole = re.compile(rf"(?<!\w){re.escape(name)}{behind}", re.IGNORECASE)
    titled = re.compile(rf"{re.escape(name)} ?{_POST_KO}")
    reach = _REACH.fullmatch(question) is not None
    wanted = contacts.NUMBER if re.search(r"number|phone|mobile|cell|call|전화|번호", question, re.IGNORECASE) else contacts.ADDRESS if re.search(r"mail|메일", question) else _CONTACT
    found: list[tuple[int, int, int]] = []
    for i in sorted(range(len(chunks)), key=lambda i: (chunks[i].document_id, chunks[i].start)):
        text = chunks[i].text
        lines = sentences(text)
        person = contacts.REFEREES.search(chunks[i].section) is not None
        for n, (a, b) in enumerate(lines):
            line = text[a:b]
            if not whole.search(line) or not (person or _PERSON.search(line) or (not korean and " " in name)):
                continue
            if korean and not person and not titled.search(line):
                continue
            below = [each for each in lines[n + 1 : n + 1 + BELOW] if not BULLET.match(text[slice(*each)])] if person else []
            reached = next((each for each in [(a, b), *below] if wanted.search(text[slice(*each)])), None)
            if reach and reached is None:
                continue
            found += [(i, a, b), *([(i, *reached)] if reached and reached != (a, b) else [])]
    return found[:MOST]


def with_name(asked: str, question: str) -> str:
    """The question for the contact of whom the question before was about: "who is Fiona Mackay?", "her number?"; "" for any other."""
    name = named(asked)
    if not name or not _HERS.search(question):
        return ""
    said = question.strip(" ?!.")
    if found := _POSSESSIVE.fullmatch(said):
        return f"What is {name}'s {found['thing']}?"
    written = _HERS.sub(name, said) + "?"
    return written if _REACH.fullmatch(written) else ""
