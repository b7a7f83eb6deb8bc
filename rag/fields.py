"""A field of the resume that a question asks for by its label: "Notice period: 4 weeks", "입사가능일: 퇴사 후 1개월", a row "병역 | 육군 만기전역".

The line says what it is. A reranker that never met the label, or met it with other words around it, may take another line, or none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag import contacts
from rag.entries import first_lines, is_entry, parts
from rag.language import as_asked, language_asked
from rag.reranking import sentences
from rag.sections import MAX_COLUMN_CHARS, MIN_COLUMNS, cells
from rag.types import Chunk

MOST_LABEL = 28  # characters of a label
MOST_ASKED = 60  # and of a question for one
MOST_EXPIRY_ASKED = 160  # and of one for the day that something expires

_S = r"(?:he|she|they|the candidate|the applicant|this (?:person|candidate|applicant))"
_ASKS = re.compile(
    rf"(?:(?:so|and|ok|okay|also|please|then),? )*(?:(?:(?:what|how) about|what(?:['’]?s| is| are| was| were)?|tell me|give me|any|(?:does|do) {_S} have|has {_S} got|is there|are there) )?"
    rf"(?:(?:the candidate['’]s|a|an|any|the|his|her|their) )*(?P<label>[a-z][a-z /&+.'’-]{{1,{MOST_LABEL}}}?)(?: (?:does|do) {_S} have)?(?:,? please)?",
    re.IGNORECASE,
)
_LEAD_KO = re.compile(r"(?:(?:혹시|그럼|그러면|그리고|지원자(?:님)?(?:의|은|는)?|(?:이|그) ?(?:사람|분)(?:의|은|는)?|언제(?:부터|쯤)?|몇|어떤|무슨) ?)*")
_TAIL_KO = re.compile(
    r"(?:은요|는요|은|는|이|가|을|를|도)?(?: ?(?:뭐|뭔|무엇|무슨|어떻게|어떤|언제|얼마|몇|어디|누구)\S{0,4})?(?: ?(?:있|없|되|돼|된|됩|인|이|예|야|에|한|해|함|가요|할까|하|알려|말해|보여|적혀|적었|적으|썼|써|기재|원하|원해|나와)\S{0,6}(?: ?(?:줘|주세요))?)?"
)
_KINDS_KO = r"(?:일자|시기|여부|사항|정보|제목|내용|주제|일|명)"  # of what a label, or a question for it, may say besides
_KIND_KO = re.compile(rf"{_KINDS_KO}$")
_KIND_ASKED_KO = re.compile(rf"^ ?{_KINDS_KO}(?=은|는|이|가|을|를|도| |$)")
# Labels of all kinds of things, of a job, a project or a publication.
_NO_LABEL = re.compile(
    r"\d|https?|@|^(?:기타|other|notes?|etc|titles?|roles?|positions?|company|employer|organi[sz]ation|languages?|tools?|skills?|technolog(?:y|ies)|(?:tech )?stack|environment|duties|responsibilities|tasks|name|from|to|dates?|period|location|place"
    r"|직업|직장|회사|직책|직위|직급|(?:담당|주요)? ?업무|담당|(?:사용 ?)?기술|(?:사용 ?)?언어|도구|역할|이름|성명|성과|내용|기간|나이|관계|장소)$", re.IGNORECASE
)
_NOT_OWN = re.compile(r"famil|emergency|spouse|cover letter|motivation|publication|papers|project|portfolio|가족|비상|보호자|추천|자기 ?소개|지원 ?동기|프로젝트|저서|출판", re.IGNORECASE)
_WHICH = frozenset("current present previous last first old new latest expected desired 현재 지금 이전 최근 기존 마지막".split())
_LABELLED = re.compile(r"[^:：\n]{1,90}?\s?[:：](?!//)\s?(?=\S)")


# What has no one label: (asked, the lines that tell it).
_MEN = r"(?:^|[|,·/(:：]\s?)[남여](?:[성자])?(?=\s?[|,·/)]|$)"
_TESTS = "toeic|toefl|ielts|teps|opic|g-?telp|토익|토플|텝스|오픽|아이엘츠|지텔프"
_SCORE = r" ?(?:공인 ?)?(?:시험 ?)?(?:점수|성적|스코어|등급|급수|레벨)"
_KNOWN = tuple(
    (re.compile(asked, re.IGNORECASE), re.compile(told, re.IGNORECASE))
    for asked, told in (
        (r"(?!.*(?:특례|업체|회사|직장|기업))(?:병역|군대|군 ?복무|군 ?경력|군필|군 ?생활|병역 ?사항)(?:\S{0,3}| 여부\S{0,2})(?: ?\S{1,8}){0,3}", r"병역|군필|미필|만기 ?전역|만기 ?제대|예비역|산업기능요원|전문연구요원|사회복무요원|공익근무|군 ?면제|병장 ?(?:만기|전역|제대)|(?:(?:육|해|공)군|해병대)[^\n]{0,20}(?:병장|전역|제대|복무|만기|입대)"),
        (rf"(?:{_TESTS}|영어|중국어|일본어)(?:이?랑|하고|[와과,]| ?및)+ ?(?:{_TESTS}|영어|중국어|일본어){_SCORE}(?: ?\S{{1,8}}){{0,3}}", rf"{_TESTS}|jlpt|jpt|hsk"), (rf"(?:영어|어학|외국어){_SCORE}(?: ?\S{{1,8}}){{0,3}}", _TESTS), (rf"일본어{_SCORE}(?: ?\S{{1,8}}){{0,3}}", "jlpt|jpt"), (rf"중국어{_SCORE}(?: ?\S{{1,8}}){{0,3}}", "hsk"),
        (r"(?=.*희망)(?=.*(?:현재|지금|기존))(?=.*(?:연봉|급여)).{4,30}", r"희망 ?(?:연봉|급여)|(?:현재|기존) ?(?:연봉|급여)|연봉\s?[:：]?\s{0,2}[\d,]+ ?(?:만|천)(?!.*매출)|현재 [\d,]+ ?만 ?원"),
        (r"(?:성격(?:의|상)? ?)?(?:단점|약점|장단점|보완할 ?점)(?:은요|은|이|을|도)?(?: ?\S{1,8}){0,2}", r"단점|약점|장단점|보완"),
        (r"성별(?: ?\S{1,8}){0,2}|(?:남자|여자|남성|여성)(?:분)?(?:이야|야|이에요|에요|예요|인가요?|임|이신가요)", _MEN),
    )
)  # fmt: skip
_PERMIT = r"visas?(?: (?:status|sponsorship|requirements?))?|work permits?|(?:the )?right to work|work authori[sz]ation|(?:visa )?sponsorship|citizenship|nationality|green card|work visa"
# "Does he need a visa?", "any visa he would need?", "green card or work permit for the US?"
_PERMIT_ASKED = re.compile(
    rf"(?:(?:does|do|will|would|is|are|has|have|can|what|which|any) ?(?:is |are )?(?:{_S} |his |her |their |a |an |the |any |need |require |have |hold |got |legally |still |under )*)?(?:{_PERMIT})(?: ?(?:,|/|or|and) ?(?:(?:is|are) {_S} )?(?:an? |the )?(?:{_PERMIT}|pr|permanent resident|citizen))*(?: (?:{_S}|does|do|would|will|have|has|need|needs|hold|holds|required?|to work|for|in|the|[A-Za-z]{{2,12}})){{0,6}}",
    re.IGNORECASE,
)
_PERMIT_TOLD = re.compile(r"\bcitizens?\b|\bcitizenship\b|\bvisas?\b|\bwork permit\b|\bright to work\b|\bpermanent residen\w*|\bgreen card\b|\bsponsorship\b|\bnationality\b|\b(?:eligible|authori[sz]ed|entitled|permitted) to work\b|\bwork authori[sz]ation\b|\bsettled status\b", re.IGNORECASE)
_NOTICE_ASKED = re.compile(rf"(?:(?:and|so),? )?(?:(?:what(?:['’]?s| is)|how long is) )?(?:(?:his|her|their|the) )?notice(?: period)?|how much notice (?:does {_S} (?:have to|need to) give|is (?:needed|required)|would {_S} (?:have to|need to) give)|when (?:can|could|would|is) {_S} (?:be )?(?:start|available|free)(?: (?:to start|work|working))?|(?:(?:his|her|their) )?(?:availability|start date)|(?:is|can|could|would) {_S} (?:be )?(?:free|available|able to start|start|join|ready)(?: (?:to (?:start|join|work)|work))?(?: (?:right away|straight ?away|immediately|at once|now|soon|today|asap|next (?:week|month)))?", re.IGNORECASE)
_NOTICE_TOLD = re.compile(r"\bnotice period\b|\b(?:weeks?|months?|days?)['’]?s? notice\b|\bnotice\s?[:：]|\bnotice of (?:\d|a|one|two|three|four)|(?:^|\b(?:i am|i['’]m|immediately|currently) )\W*available\b|\bavailable (?:from|immediately|to start|as of|for work)\b|\bavailability\s?[:：]|\b(?:can|could) start\b|\bstart date\b", re.IGNORECASE)
_BIRTH_ASKED = re.compile(
    rf"(?:(?:and|so),? )?(?:(?:roughly|about) )?how old (?:is|are|would) (?:{_S}|candidate)(?: (?:be|now|today|actually|currently|by now|exactly))*|(?:what(?:['’]?s| is) )?(?:(?:his|her|their|the candidate['’]s|the) )?(?:age|birth ?da(?:te|y)|date of birth|d\.?o\.?b|year of birth|birth ?year|age or date of birth)"
    rf"|(?:when|what (?:year|day)|in (?:what|which) year) (?:was|were) {_S} born(?: in)?"
    r"|(?:(?:몇 ?)?살(?=이|인|일|예|임|$)|나이(?!지리아|키|트|프)|연세|연령)\S{0,6}(?: ?\S{1,8}){0,3}|(?:(?:년 ?)?생(?=이|인|예|임|$)|생년 ?월일|생일|생년|출생 ?(?:연도|년도|일))\S{0,5}(?: ?\S{1,8}){0,3}|(?:언제 ?)?(?:태어나|태어났)\S{1,6}(?: ?\S{1,6})?",
    re.IGNORECASE,
)  # fmt: skip
_BIRTH_TOLD = re.compile(r"\bborn (?:on |in )?(?:[\w.,/-]+ ){0,3}?(?:[\d./-]+[./-])?(?:19|20)\d{2}\b|\bborn\s?:|\b(?:date|year) of birth\b|\bbirth ?da(?:te|y)\b|\bd\.?o\.?b\b|\bage\s?[:|]\s?\d|\b\d{2} years old\b|생년 ?월일|생일\s?[:：|]|출생|(?:19|20)?\d{2}년 ?생(?![가-힣])|만 ?\d{2} ?세|\d{2}세(?![가-힣])|나이\s?[:：|]", re.IGNORECASE)
# "When does her CPR card expire?": the line says until when it is valid.
_EXPIRY_ASKED = re.compile(
    r"(?:(?:and|so),? )?(?:when|until when|till when|how long)(?:['’]?s| does| do| will| is| are) (?P<what>it|they|that|this|(?:(?:his|her|their|the) )?[a-z0-9][\w ,./&'’-]{1,120}?) (?:expires?|run out|lapse|valid(?: until| till| to| for)?|good (?:until|till|for)|(?:up|due) for renewal|(?:have to )?be renewed)",
    re.IGNORECASE,
)
_EXPIRY_TOLD = re.compile(r"\b(?:valid|good (?:until|till|through|thru|to)|in force|expir\w+|exp\.|renewal due|renew by)\W.{0,24}(?:19|20)\d{2}\b", re.IGNORECASE)
_ANY_OF_IT = frozenset("it they that this his her their the from and for with".split())
_GENERIC = re.compile(r"licen|certi|card|permi|regis|crede", re.IGNORECASE)  # "her license": whichever there is
MOST_KNOWN, MOST_CHARACTERS = 3, 260  # lines, and characters of one


_RELATIVES = re.compile(r"동생|남편|아내|아버지|어머니|부모|형제|오빠|누나|언니|아들|\b(?:husband|wife|brother|father|son)\b", re.IGNORECASE)


def _known(asked: str, chunks: Sequence[Chunk]) -> list[tuple[int, int, int]]:
    """The lines of what is asked under no one label: military service, test scores, gender, age, the right to work."""
    bare = _LEAD_KO.sub("", asked, count=1)
    told = next((told for known, told in _KNOWN if known.fullmatch(bare)), None)
    of_birth = _BIRTH_ASKED.fullmatch(bare) is not None
    told = _BIRTH_TOLD if of_birth else told
    told = _PERMIT_TOLD if _PERMIT_ASKED.fullmatch(asked) else _NOTICE_TOLD if _NOTICE_ASKED.fullmatch(asked) else told
    found = [(i, a, b) for i, a, b in _telling(told, chunks) if not _RELATIVES.search(chunks[i].text[a:b]) and not (of_birth and is_entry(chunks[i]))] if told else []
    return found if len(found) <= MOST_KNOWN else []


def _telling(told: re.Pattern[str], chunks: Sequence[Chunk]) -> list[tuple[int, int, int]]:
    """The lines, not too long, of which a pattern says that they tell something of the candidate."""
    lines = ((i, a, b) for i, chunk in enumerate(chunks) if not contacts.REFEREES.search(chunk.section) for a, b in sentences(chunk.text))
    return [(i, a, b) for i, a, b in lines if b - a <= MOST_CHARACTERS and told.search(chunks[i].text[a:b])]


def _valid_until(what: str, chunks: Sequence[Chunk]) -> list[tuple[int, int, int]]:
    """The lines that say until when `what` is valid; nothing where none of those names it."""
    said = [word[:5] for word in re.findall(r"\w{3,}", what.casefold()) if word not in _ANY_OF_IT]
    stems = [stem for stem in said if not _GENERIC.match(stem)]
    lines = _telling(_EXPIRY_TOLD, chunks)
    named = lambda line: sum(re.search(rf"(?<!\w){re.escape(stem)}", chunks[line[0]].text[line[1] : line[2]], re.IGNORECASE) is not None for stem in stems)
    most = max(map(named, lines), default=0)
    told = [line for line in lines if named(line) == most] if most or not stems else []
    return told if len(told) <= MOST_KNOWN else []


def asks_field(question: str) -> bool:
    """Whether a question may be for a field by its label: it is short and says little else; candidates' names replaced as in retrieval."""
    asked = as_asked(question)
    if len(asked) <= MOST_EXPIRY_ASKED and _EXPIRY_ASKED.fullmatch(asked):
        return True
    if len(asked) > MOST_ASKED or contacts.asked_for(asked, ""):
        return False
    return language_asked(asked) == "ko" or _ASKS.fullmatch(asked) is not None or any(pattern.fullmatch(asked) for pattern in (_PERMIT_ASKED, _NOTICE_ASKED, _BIRTH_ASKED))


def field(question: str, chunks: Sequence[Chunk]) -> list[tuple[int, int, int]]:
    """(position, start, end) in `chunk.text` of the one field whose label is what a question asks for; nothing for any other question, and where
    several have such a label. Of a field of one job or degree the question has to name that, too.

    Args:
        chunks: all passages of one person.
    """
    if not asks_field(question) or len({chunk.subject for chunk in chunks}) != 1:
        return []
    asked = as_asked(question)
    if expiry := _EXPIRY_ASKED.fullmatch(asked):
        return _valid_until(expiry["what"], chunks)
    korean = language_asked(asked) == "ko"
    found = []
    for i, chunk in enumerate(chunks):
        if contacts.REFEREES.search(chunk.section) or _NOT_OWN.search(chunk.section):
            continue
        of_entry = is_entry(chunk)
        for start, part in parts(chunk):
            for label, a, b in _fields(part.text):
                rest = _rest_ko(asked, label) if korean else _rest(asked, label)
                if rest is None or (of_entry and not rest):
                    continue
                around = re.findall(r"[^\W_]+", f"{chunk.section} {first_lines(part) if of_entry else ''}".casefold())
                if all(word not in _WHICH and len(word) > 1 and word in around for word in rest):
                    found.append((i, start + a, start + b))
    if not found:
        return _known(asked, chunks)
    return found if len(found) == 1 else []


_WISHED_KO = re.compile(r"(?P<what>[가-힣]{2,6}?)(?:은|는|을|를|이|가)? ?(?:어디|얼마|무엇|뭐|어떤 ?(?:거|것))?(?:를|을|로|나|에서)? ?(?:희망|원하|원해|바라)\S{0,6}")


def _fields(text: str) -> Iterator[tuple[str, int, int]]:
    """The labels in a text, in lower case, each with where its field stands: a line, a piece of one between bars, or a row of two cells."""
    lines = list(re.finditer(r"[^\n]+", text))
    for n, line in enumerate(lines):
        row = cells(line[0])
        below = cells(lines[n + 1][0]) if n + 1 < len(lines) else []
        if len(row) == 2 == len(below) and re.search(r"\d", below[1]) and not re.search(r"\d", row[1]):
            continue  # the head of a table
        if len(row) == 1 and len(heads := re.split(r" {2,}", line[0].strip())) >= MIN_COLUMNS and not any(map(re.compile(r"[\d@:：]").search, heads)):
            values = re.split(r" {2,}", lines[n + 1][0].strip()) if n + 1 < len(lines) else []
            if len(values) == len(heads) and re.search(r"\d", lines[n + 1][0]):  # "학력  경력  희망연봉" above "대학교 졸업  10년 3개월  5,500만원"
                yield from ((head.casefold(), line.start(), lines[n + 1].end()) for head in heads if 1 < len(head) <= MAX_COLUMN_CHARS)
                continue
        if len(row) == 1 and len(apart := re.split(r" {2,}", line[0].strip())) == 2 and not re.search(r"\d", apart[0]):
            row = apart  # "희망연봉  5,800만원 이상"
        if len(row) == 2 and row[1] and not _LABELLED.match(row[0]) and not _LABELLED.match(row[1]):
            if 1 < len(row[0]) <= MOST_LABEL and not _NO_LABEL.search(row[0]):
                yield row[0].casefold(), *line.span()
            continue
        for piece in re.finditer(r"[^|\n]+", line[0]):
            if not (labelled := _LABELLED.match(piece[0])):
                continue
            label = re.split(r"[,;·(]", labelled[0].rstrip(" :："))[-1].strip(" -*•").casefold()
            if 1 < len(label) <= MOST_LABEL and not _NO_LABEL.search(label):
                yield label, line.start() + piece.start() + len(piece[0]) - len(piece[0].lstrip()), line.start() + piece.start() + len(piece[0].rstrip())


def _rest(asked: str, label: str) -> list[str] | None:
    """What an English question for a label says besides it; None where it asks for something else."""
    found = _ASKS.fullmatch(asked)
    said = re.findall(r"[a-z]+", found["label"].casefold()) if found else []
    words = re.findall(r"[a-z]+", label)
    bare = lambda word: word.removesuffix("s").replace("licence", "license")
    same = lambda one, other: bare(one) == bare(other)
    if not words or len(said) < len(words) or not all(map(same, said[-len(words) :], words)):
        return None
    return said[: -len(words)]


def _rest_ko(asked: str, label: str) -> list[str] | None:
    """The same of a Korean question, which may leave spaces out."""
    said = _LEAD_KO.sub("", asked, count=1)
    kept = re.sub(r"\s", "", label)
    if kept.startswith("희망") and (wished := _WISHED_KO.fullmatch(said)) and wished["what"] in kept:
        return []  # "근무지는 어디 희망해요?"
    stem = _KIND_KO.sub("", kept)
    for own in dict.fromkeys((kept, stem)):
        if len(own) < 2:
            continue
        at = re.search(r"\s?".join(map(re.escape, own)), said)
        if at and _TAIL_KO.fullmatch(_KIND_ASKED_KO.sub("", said[at.end() :])) and (at.start() == 0 or said[at.start() - 1] == " "):
            return said[: at.start()].split()
    return None

