"""Which jobs had to do with something: "Which job used Kafka?", "Where did she use SQL?", "Tell me about the Avonmouth job", "카프카 어디서 썼어요?",
"송금앱 프로젝트 성과는?".

The lines that name it say so, under the headings of their jobs; a reranker takes the line of a skill for all of the answer, or declines.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence

from rag.aliases import known_names, spellings
from rag.entries import BULLET, PROJECT_LABEL, in_detail, periods
from rag.language import as_asked, language_of
from rag.reranking import sentences
from rag.sections import bare_title, is_column_names, is_known_title
from rag.tasks import details, lines_under
from rag.types import Chunk

MOST, OF_ONE_JOB = 8, 3  # lines in all, and of each job
MOST_ASKED, MOST_WORDS = 200, 4  # characters of a question, words of what it is about
MOST_ELSEWHERE = 4  # lines of other sections
MIN_STEM, MIN_HANGUL = 4, 3  # letters of a stem, syllables of a word that may be a part of another

_S = r"(?:he|she|they|you|the candidate|the applicant|this (?:person|candidate|applicant))"
_JOB = r"(?:jobs?|roles?|positions?|posts?|compan(?:y|ies)|employers?|projects?|workplaces?|practices?|clinics?|hospitals?|schools?|restaurants?|hotels?|firms?|agenc(?:y|ies)|studios?|shops?|sites?)"
_LEAD = r"(?:(?:so|and|ok|okay|also|please|then),? )*"
_ASKS = re.compile(
    rf"{_LEAD}(?:(?:which|what)(?: of (?:these|those|the|his|her|their))? {_JOB} (?:used|uses|use|involved?|involves|required?|requires|included?|includes|needed|featured|(?:had|has|have) to do with|dealt with|worked with) (?P<one>.+?)"
    rf"|(?:at|in|on|for|with) (?:which|what) {_JOB} (?:did|does|has|was|were|is) {_S} (?:use|used|using|work(?:ed|ing)? with|appl(?:y|ied)|deal(?:t)? with) (?P<two>.+?)"
    rf"|(?:which|what) {_JOB} (?:did|does|has|was) {_S} (?:use|used|work with|apply) (?P<four>.+?) (?:at|in|with|for)"
    rf"|where (?:did|does|has|was) {_S} (?:use|used|using|appl(?:y|ied)|work(?:ed)? with|deal(?:t)? with) (?P<three>.+?))(?: (?:before|exactly|most|at work|professionally))?",
    re.IGNORECASE,
)
_KIND = r"(?:jobs?|projects?|work|schemes?|roles?|programmes?|programs?|contract|case|thing|stuff)"
_ABOUT = re.compile(
    rf"{_LEAD}(?:(?:can you )?(?:tell me|say|explain) (?:a (?:bit|little) )?(?:more )?(?:something )?about (?:the|his|her|their|that) (?P<about>.+?) {_KIND}"
    rf"|what (?:was|is) (?:the|his|her|their|that) (?P<one>.+?) (?:project|scheme|programme|program|case) (?:about|for)"
    rf"|(?:what (?:was|were|is|are) )?the (?:results?|outcomes?|impact|effect) of (?:the|his|her|their|that) (?P<two>.+?) (?:project|scheme|programme|program|case))",
    re.IGNORECASE,
)
_DO_KO = r"(?:한 ?(?:거|것|건)|했|하셨|하신|진행|맡|담당|썼|쓰셨|써 ?봤|사용|다뤘|다루|활용|적용|해 ?봤|경험|쓰신|쓴|쓰나|다룬|도입|개발|구축|개선)\S{0,6}(?: ?(?:적|건|거|것)\S{0,5})?"
_PLACE_KO = r"(?:어디(?:에서|서)?|(?:어느|어떤|무슨) ?(?:회사|직장|프로젝트|곳|현장|업무)(?:에서|서)?|언제)"
_ASKS_KO = re.compile(
    rf"(?P<one>.+?)(?: ?(?:프로젝트|공사|사업|과제|업무))?(?:은|는|을|를|이란|도)? ?{_PLACE_KO} ?{_DO_KO}"
    r"|(?P<two>.+?)(?:을|를)? ?(?:쓴|썼던|사용한|사용했던|다룬|다뤘던|활용한|해 ?본 ?(?:적|경험)(?:이|도)? ?있는|해 ?본|적용한|개선한|개편한|진행한|담당한|맡은|구축한|도입한|개발한|운영한|줄인|높인|올린) ?(?:회사|직장|프로젝트|곳|데|현장)(?:은|는|이|가)?(?: ?(?:어디|뭐|무엇|뭔|어느)\S{0,6})?"
)
_OF_IT_KO = r"(?:프로젝트|공사|사업|현장|업무|과제|작업)"
_ABOUT_KO = re.compile(
    rf"(?P<about>.+?) ?{_OF_IT_KO}(?:에 ?대해(?:서)?|에 ?관해(?:서)?|를|을|은|는|좀)? ?(?:좀 ?)?(?:더 ?)?(?:자세히 ?)?(?:알려|말해|설명|얘기해)\S{{0,3}}(?: ?(?:줘|주세요|봐|줄래)\S{{0,3}})?"
    rf"|(?P<one>.+?)(?: ?{_OF_IT_KO})?(?:은|는|이란|란) ?(?:어떤|무슨|뭔|무엇) ?(?:{_OF_IT_KO}|일|거|건|것)(?:였|이었|인|이|예|야|에요|죠|지|임)\S{{0,6}}"
    rf"|(?P<two>.+?) ?{_OF_IT_KO}(?:의|에서(?:의|는)?)? ?(?:성과|결과|효과|실적)(?:는|은|가|이|를|을)?(?: ?(?:뭐|뭔|무엇|어떻|어떤|어땠|있|얼마|알려)\S{{0,6}})?(?: ?(?:줘|주세요))?"
)
_NOTHING = frozenset("that this it there these those them which what who most more any anything something all other others first last current latest previous main best biggest new old the his her their candidate 지원자 후보자 본인 이건 그건 이거 그거 저건 여기 거기 이곳 그곳 이 그 해당 주요 대표".split())
_SMALL = frozenset("the a an of and or in on at to for with any some his her their my our 및".split())
# Behind a short Korean word: a particle, or what makes a department or a task of it.
_BEHIND_KO = "은|는|이[ ,.]|가[ ,.]|을|를|의|에|로|으로|와|과|도|만|및|팀|부[ ,.]|담당|업무|관리|실무|시스템|프로그램|공사|사업|현장|시공|개발|기획|지원|교육|운영"
_PARTICLE_KO = re.compile(r"(?<=[가-힣A-Za-z0-9])(?:은|는|을|를|이|가|도|으로|로)$")


def _thing(question: str) -> tuple[str, bool]:
    """What is asked about, "" for another question; and whether all that is said of it is asked for, not the job alone."""
    asked = as_asked(question)
    if len(asked) > MOST_ASKED:
        return "", False
    for pattern, all_of_it in ((_ASKS, False), (_ASKS_KO, False), (_ABOUT, True), (_ABOUT_KO, True)):
        if found := pattern.fullmatch(asked):
            return next(filter(None, found.groups()), "").strip(), all_of_it
    return "", False


def _words(thing: str) -> list[str]:
    korean = language_of(thing) == "ko"
    words = [_PARTICLE_KO.sub("", word) if korean and len(word) > 2 else word for word in re.findall(r"[^\s,?!\"'“”]+", thing)]
    return [word for word in words if word.casefold() not in _SMALL]


def _pattern(word: str) -> re.Pattern[str]:
    """A word in any of its spellings, and in the forms that a sentence gives it; the name of a tool stands whole ("rust" is not in "trust", nor 자바 in
    자바스크립트)."""
    forms = sorted({re.escape(form) for form in spellings(word)}, key=len, reverse=True)
    known = bool(known_names(word) or known_names(word.capitalize()))
    if re.fullmatch(r"[a-z]{4,}", word) and not known:  # a name has its capital
        stem = re.sub(r"(?:ies|es|s|y)$", "", word)
        bare, ends = (stem, "(?:y|ies|e|es|s|ing|ed|er|ers)?") if len(stem) >= MIN_STEM else (word, "s?")
        return re.compile(rf"(?<![A-Za-z]){re.escape(bare)}{ends}(?![A-Za-z])", re.IGNORECASE)
    short = known or len(word) < MIN_HANGUL
    korean = lambda form: rf"(?<![가-힣]){form}(?={_BEHIND_KO}|[^가-힣]|$)" if short else form
    if re.fullmatch(r"[가-힣]{3,}", word) and not short:
        forms = [r"\s?".join(form) if re.fullmatch(r"[가-힣]+", form) else form for form in forms]  # 송금앱, 송금 앱
    edge = [rf"(?<![A-Za-z0-9]){form}(?:['’]?s)?(?![A-Za-z0-9])" if re.search(r"[A-Za-z0-9]", form) else korean(form) for form in forms]
    return re.compile("|".join(edge), re.IGNORECASE)


_LABELLED = re.compile(rf"{BULLET.pattern}|[^:：\n]{{1,20}}\s?[:：]")


def _project(names: Callable[[int, int, int], bool], chunks: Sequence[Chunk]) -> list[tuple[int, int, int]]:
    """The one line above tasks that a question names, with these; nothing where it names none or several, or that of a job."""
    jobs, detailed = periods(chunks), in_detail(chunks)
    dated = {(each.position, *each.line): lines_under(each, chunks, detailed) for each in periods(chunks, every=True) if each not in jobs}
    told = [[line, *under] for line, under in dated.items() if names(*line)]
    if not told:
        for i, chunk in enumerate(chunks):
            lines = [found.span() for found in re.finditer(r"[^\n]+", chunk.text)]
            for n, (a, b) in enumerate(lines):
                told_of_it = _LABELLED if PROJECT_LABEL.match(chunk.text, a) else BULLET  # "프로젝트: ..." above "기간: ...", "성과: ..."
                tasks = [*itertools.takewhile(lambda line, text=chunk.text, form=told_of_it: form.match(text, line[0]) and not PROJECT_LABEL.match(text, line[0]), lines[n + 1 :])]
                if tasks and not BULLET.match(chunk.text, a) and names(i, a, b) and not any(job.position == i and job.line[0] <= a <= job.line[1] for job in jobs):
                    told.append([(i, a, b), *((i, *task) for task in tasks)])
    return told[0][: MOST + 1] if len(told) == 1 else []


def asks_usage(question: str) -> bool:
    """Whether it is asked which job had to do with something, or all about one thing done there; candidates' names replaced as in retrieval."""
    words = _words(_thing(question)[0])
    return 0 < len(words) <= MOST_WORDS and not all(word.casefold() in _NOTHING for word in words)


def usage(question: str, chunks: Sequence[Chunk]) -> list[tuple[int, int, int]]:
    """(position, start, end) in `chunk.text` of the lines that name what a question asks about, each job's under its dated line, the latest job first;
    without jobs that do, where all about it is asked, the lines of other sections. Nothing for another question, and where no line names it.

    Args:
        chunks: all passages of one person.
    """
    if not asks_usage(question) or len({chunk.subject for chunk in chunks}) != 1:
        return []
    thing, all_of_it = _thing(question)
    patterns = [_pattern(word) for word in _words(thing)]
    names = lambda i, a, b: all(pattern.search(chunks[i].text, a, b) for pattern in patterns)
    if all_of_it and (own := _project(names, chunks)):
        return own
    found: list[tuple[int, int, int]] = []
    jobs = in_detail(chunks)
    for job in sorted(jobs, key=lambda job: (job.end, job.start), reverse=True):
        told = [line for line in (*lines_under(job, chunks, jobs), *details(job, chunks)) if names(*line) and line not in found][:OF_ONE_JOB]
        if (told or names(job.position, *job.line)) and len(found) + len(told) < MOST:
            found += [(job.position, *job.line), *told]
    if found or not all_of_it:
        return found
    lines = [(i, a, b) for i, chunk in enumerate(chunks) for a, b in sentences(chunk.text)]
    is_title = lambda line: is_known_title(bare_title(line)) or is_column_names(line)
    return [(i, a, b) for i, a, b in lines if names(i, a, b) and not is_title(chunks[i].text[a:b])][:MOST_ELSEWHERE]
