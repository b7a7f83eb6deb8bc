"""What a section of the resume lists: certificates, awards, publications, talks, hobbies, volunteering, schools, referees.

Who asks for all of them gets the section, line by line. A reranker finds the likeliest of its lines, and now and then one of another section
that looks like them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rag.aliases import DEGREES
from rag.answer_types import TONGUE
from rag.entries import BULLET, SCHOOL, parts
from rag.jobs import COUNTS
from rag.language import as_asked
from rag.reranking import sentences
from rag.sections import bare_title, cells, is_column_names, is_known_title
from rag.types import Chunk

MOST_LINES, MOST_CHARACTERS = 14, 1200  # of a section that is quoted as a whole; of a longer one the lines with dates
MOST_OF_ALL = 30  # lines, which may be of a word each, of what is quoted whole or not at all
LONG_LINE = 240  # characters; a longer line is taken apart


# Titles of sections that hold more than one kind of thing, or another.
_MIXED = re.compile(r"skill|tool|technolog|project|summary|profile|기술|스킬|프로젝트|기타|요약", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Kind:
    """Of a listing: the titles that its section has, what it is called, questions that ask for it in other words, what one of its lines is
    called where they can be counted, what its titles have not, and whether a part of its lines is no answer."""

    titles: str
    en: str
    ko: str
    asked: str = r"(?!)"
    one: str = ""
    one_ko: str = ""
    without: str = _MIXED.pattern
    all_or_none: bool = False


_JOBS = re.compile(r"experience|employ|work history|career|경력", re.IGNORECASE)
_TITLED_LINE = re.compile(r"\[(?P<title>[^\[\]\n]{1,20})\]")
_LINK_ALONE = re.compile(r"\W*(?:(?:web ?site|url|link|repository|홈페이지|링크)\s?[:：]?\s*)?(?:https?://|www\.)\S+\W*", re.IGNORECASE)
_UNPAID = re.compile(r"volunt|community|봉사", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d{2}")
_DATED = re.compile(r"\W{0,2}(?:[A-Za-z]{3,9}\.? )?(?:\d{1,2}[./])?(?:19|20)\d{2}")
_S = r"(?:he|she|they|you|the candidate|the applicant|this (?:person|candidate|applicant))"
_SKILLS = r"skills?\b|technolog|tech stack|\btools\b|competenc|frameworks|databases|programming languages|^(?:보유 ?|사용 ?|활용 ?|주요 ?|핵심 ?)*기술(?: ?스택| ?역량| ?사항)?$|스킬|역량|사용 ?도구|OA ?능력"
_NO_SKILLS = r"project|summary|profile|certif|licen|interest|hobb|award|train|educat|course|experience|\blead\b|manager|director|engineer|developer|analyst|head\b|consultant|officer|specialist|architect|(?<!programming )languages?\b|프로젝트|기타|요약|언어|어학|자격|교육|블로그|수상|경력"
_KINDS = (
    _Kind(r"certif|licen[cs]|credential|자격|면허", r"certifications?|certificates?|certs|licen[cs]es|professional certifications?", r"자격증|자격 ?사항|보유 ?자격증?", one="certificate", one_ko="자격증"),
    _Kind(r"award|honou?rs|prizes|수상|상훈|포상|상과 장학|받은 ?상", r"awards?|prizes?|honou?rs", r"수상 ?(?:경력|내역|이력|실적)?|상 ?받은 ?(?:거|것|적|경력)", rf"(?:what|which|any) (?:awards|prizes) (?:has|have|did) {_S} (?:won|win|received?|get|got)|has {_S} (?:ever )?won (?:any|an) (?:awards?|prizes?)", one="award", one_ko="수상"),
    _Kind(r"publication|^papers|논문|출판|저서|저술", r"publications?|papers|published (?:papers|work)", r"논문 ?(?:목록|실적)?|출판물|저서", rf"(?:has|have) {_S} (?:ever )?published (?:anything|any papers|something|papers)|what (?:has|have|did) {_S} publish(?:ed)?", one="publication", one_ko="논문"),
    _Kind(r"\btalks|speaking|presentations|강연|발표", r"talks?|conference talks?|presentations?|speaking engagements?|public speaking", r"강연|발표|(?:컨퍼런스|학회|외부) ?(?:발표|강연)", rf"(?:has|have|did) {_S} (?:ever )?(?:given?|gave|held|done|do) (?:any |a )?(?:talks?|presentations?|public speaking)|(?:has|have|did) {_S} (?:ever )?(?:spoken|speak|presented|present) at (?:any |a )?conferences?", one="talk", one_ko="발표"),
    _Kind(r"(?<!research )interest|hobb|leisure|취미|관심사", r"hobb(?:y|ies)|interests|personal interests|hobbies and interests", r"취미(?: ?생활)?|관심사", rf"what (?:does|do) {_S} (?:like to )?do (?:in|with|for) (?:(?:his|her|their|the) )?(?:spare|free|leisure) time|what (?:does|do) {_S} (?:like to )?do (?:outside|beyond|besides|apart from|away from|when not at) (?:of )?(?:(?:his|her|their|the) )?(?:work|job|office)|쉬는 ?날(?:에|엔)? ?(?:뭐|뭘|무엇을) ?(?:하|해)\S{{0,6}}"),
    _Kind(r"volunt|community service|봉사", r"volunteering|volunteer (?:work|experience)|voluntary work|community service", r"봉사 ?(?:활동)?(?: ?(?:경험|내역|이력))?", rf"(?:has|have|does|do|did) {_S} (?:ever )?(?:done |do )?(?:any )?(?:volunteering|volunteer(?:ed)?|volunteer work|voluntary work|community service)"),
    _Kind(r"^(?:foreign |spoken |modern |other |known |human )*languages?$|^(?:tongues|i speak|languages i speak)$|(?:[/&,]|\band) ?languages?$|^languages? ?(?:[/&,]|and\b)|language skills|languages? (?:spoken|proficiency|known)|(?:^|[/·,&|] ?|및 ?)어학|외국어|언어 ?능력", r"(?:spoken |foreign )?languages?(?: (?:skills|levels?|proficiency|spoken|abilities))?", r"(?:외국어|어학)(?: ?(?:능력|실력|수준|점수|구사 ?능력))?|(?:구사|가능)(?:하는|한)? ?(?:언어|외국어)|할 ?(?:줄 ?아는|수 ?있는) ?(?:외국어|언어)", rf"(?:what|which|how many) (?:foreign |other )?languages (?:does|do|can|is|are) {_S} (?:speak|know|fluent in|talk)", without=rf"(?<!language )(?<!languages )(?<!linguistic )skill|{_MIXED.pattern.removeprefix('skill|')}"),
    _Kind(
        _SKILLS, r"(?:(?:key|core|main|professional) )*(?:skills?(?: ?sets?)?|competenc(?:y|ies))", r"(?:보유 ?|주요 ?|핵심 ?)*(?:스킬(?: ?셋)?|역량)", rf"(?:what|which) skills (?:does|do|has|have) {_S} (?:have|got|bring|list)",
        without=_NO_SKILLS, all_or_none=True,
    ),
    _Kind(
        rf"(?:{_SKILLS})", r"(?:technical skills?(?: ?sets?)?|tech(?:nology|nical)? stack|technologies|it skills|computer skills)", r"(?:보유 ?|사용 ?|주요 ?|핵심 ?)*(?:기술(?: ?스택)?|테크 ?스택)", rf"(?:what|which) technologies (?:does|do|can|has|have) {_S} (?:know|use|used)",
        without=rf"{_NO_SKILLS}|soft|communicat|personal|social|management|leadership|역량|소프트", all_or_none=True,
    ),
    _Kind(
        r"\btools\b|\bsoftware\b|technolog|tech stack|사용 ?도구|OA ?능력|소프트웨어|프로그램|활용 ?툴", r"(?:(?:[a-z]{2,12} ){0,2}(?:tools|software)(?: (?:skills|known|used))?)", r"(?:사용 ?|활용 ?|다루는 ?)*(?:툴|도구|소프트웨어|프로그램)(?: ?(?:활용 ?)?(?:능력|역량))?", rf"(?:what|which) (?:[a-z]{{2,12}} )?(?:tools|software(?: packages| tools| programs)?|programs|packages) (?:does|do|can|has|have|is|are) {_S} (?:know|use|used|work(?:ed)? with|(?:most |really |actually )?(?:familiar|comfortable|confident|proficient|experienced|skilled|good|fluent|trained) (?:with|in|at|on))",
        without=rf"{_NO_SKILLS}|soft skills|communicat|personal|social|management|leadership|역량|소프트(?!웨어)", all_or_none=True,
    ),
    _Kind(
        r"\bprojects?\b|프로젝트", r"(?:all )?projects?", r"(?:(?:진행|참여|수행)(?:한 ?|했던 ?)?)?프로젝트(?: ?(?:경험|이력|내역|경력))?", rf"(?:what|which|any) projects (?:has|have|did|does|do) {_S} (?:done|do|worked on|work on|been (?:in|part of|involved in)|built|build|made|list)",
        without=r"skill|summary|profile|manage|lead|director|engineer|coordinat|officer|기술|스킬|기타|요약|관리|경험|경력|매니저", all_or_none=True,
    ),
    _Kind(r"지원 ?동기", r"(?!)", r"지원 ?동기|지원(?:한|하게 ?된) ?(?:이유|동기)|왜 ?지원", without=r"(?!)"), _Kind(r"성장 ?과정|성장 ?배경", r"(?!)", r"성장 ?(?:과정|배경)", without=r"(?!)"), _Kind(r"포부|계획|비전", r"(?!)", r"(?:입사 ?후 ?)?(?:포부|계획)|비전", without=r"(?!)"),
    _Kind(r"referee|reference|추천인|recommendations", r"(?:references?|referees?)(?: please)?(?:(?:,|,? (?:and|with)) (?:their )?(?:phone|telephone|contact|numbers?|e-?mails?|details|names)(?: (?:numbers?|details))?)*", r"추천인", r"who (?:can|could|should|do|may) (?:i|we|you) (?:contact|call|phone|e-?mail|ask|speak to|talk to|ring) for (?:a |an? |his |her |their )?references?(?:[?,.] ?(?:phone|e-?mail|number|contact|please|or|and|details| )+)?|who (?:can|could|will|would) (?:vouch for|recommend) (?:him|her|them|the candidate)|who (?:are|is) (?:(?:his|her|their|the) )?(?:references?|referees?)"),
    _Kind(r"educat|^(?:university )?stud(?:ies|ied)\W*$|^(?:what|where) i(?:['’]ve)? studied|^school(?:s|ing)?\W*$|academic (?:background|history|qualifications)|^academics|^degrees|학력|^학업|^공부$|^배움", r"education|schools?|universit(?:y|ies)|degrees|academic background|educational background|studies", r"학력(?: ?사항)?|(?:출신 ?)?(?:학교|대학교?)(?: ?어디)?", rf"(?:what|which) (?:schools?|universit(?:y|ies)|colleges?) (?:did|has|have|does) {_S} (?:go to|attend(?:ed)?|study at|studied at|been to|graduated? from)|(?:어느|어떤|무슨) ?(?:학교|대학|대학교)(?:를|을|에)? ?(?:나왔|다녔|졸업)\S{{0,6}}|[234]년제(?: ?대학교?)?(?:를|은|는|도)? ?(?:나왔|나온|졸업|다녔|출신)\S{{0,6}}|(?:대졸|고졸|초대졸|전문대졸)(?:자)?(?:이야|이에요|인가요?|예요|에요|야|임|입니까)?"),
)  # fmt: skip
_LEAD = r"(?:(?:so|and|ok|okay|also|please|then),? )*(?:(?:can|could|would) you (?:please )?)?"
_WHOM_KO = r"(?:(?:(?:이|그) ?(?:사람|분)|지원자|후보자|본인|the candidate)(?:님|씨)?(?:이|가|은|는|의)? ?)?"
_TELL_KO = r"(?: ?(?:좀|쭉|다|모두|전부|짧게|간단히|(?:한|두|세|\d) ?(?:줄|문장)(?:로|으로|만)?))*(?: ?(?:알려|말해|나열|정리|요약|보여|소개|적어)(?:해)?(?: ?(?:줘|주세요|줄래|주실래요|봐))?(?:요)?)?"


# Of a section's title without its kind, of an item's line behind a comma, and what is no item, or none that was got.
_OTHER_KIND = re.compile(r"award|honou?r|certif|licen|publicat|paper|patent|scholar|training|course|language|skill|talk|어학|외국어|수상|교육|특허|논문|활동|스킬|기술", re.IGNORECASE)
_OF_AN_ITEM = re.compile(r"^(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|expir|valid|renew|issued|level|grade|score)\w*\.?\b|(?:19|20)\d{2})|universit|college|institut|association|academy|council|society|ltd|inc\b|gmbh|school|협회|공단|대학|학회|상공회의소|위원회|센터", re.IGNORECASE)
_NO_ITEM = re.compile(r"nominat|in progress|failed|submitted|in preparation|under review|planned|^\W*(?:for|renewed|with|by|attended)\b|attended|준비 ?중|예정|참석|참가", re.IGNORECASE)
# Of a section of awards and training.
_COURSE = re.compile(r"과정|교육|수료|이수|강의|\b(?:course|training|workshop|seminar|webinar|certificat\w*)\b", re.IGNORECASE)
_AWARD = re.compile(r"상(?![가-힣])|[가-힣]상\b|표창|포상|상장|대상|우수|유공|1위|\b(?:awards?|prizes?|honou?rs?|medals?|winner|won|scholarship|best|first place|runner)\b", re.IGNORECASE)
_HIGHEST = re.compile(
    rf"{_LEAD}(?:(?:what|which)(?:['’]?s| is| was)? )?(?:(?:his|her|their|your|the candidate['’]s|the) )?(?:highest|most advanced|top)(?: level of)?(?: academic| educational| university)? (?:degree|qualification|education|schooling)(?: level)?(?: (?:{_S} (?:has|have|got|holds?|earned|obtained|received|achieved)|(?:does|did|has|have) {_S} (?:have|hold|got|get|earned?|obtained?|received?|achieved?)|obtained|earned|achieved|held))?"
    rf"|{_WHOM_KO}(?:최종|최고|(?:가장|제일) ?높은) ?(?:학력|학위|학교)(?:은요|는요|은|는|이|가|을|를)?(?: ?(?:뭐|뭘|무엇|뭔|어떻게|어디|어느 ?(?:학교|대학)|어떤 ?(?:거|것|게))(?:가|이|를|을)?)?(?: ?(?:있|돼|되|인|이|예|야|에|가요|지|까지)\S{{0,6}})?{_TELL_KO}",
    re.IGNORECASE,
)
_HAS_DEGREE = re.compile(rf"{_LEAD}(?:(?:does|do) {_S} have|has {_S} got|(?:does|do) {_S} hold|is there) (?:a|an|any) (?:university |college |academic )?degrees?", re.IGNORECASE)
# "When did she graduate?", "졸업은 언제 했어요?"
_GRADUATED = re.compile(
    rf"{_LEAD}(?:(?:when|in (?:which|what) year|(?:which|what) year) did {_S} (?:graduate|finish (?:university|college|school|(?:(?:his|her|their) )?(?:degree|studies)))(?: (?:from )?(?:university|college|school))?|(?:(?:his|her|their|the) )?(?:graduation (?:date|year)|year of graduation)|when was (?:his|her|their) graduation)"
    rf"|{_WHOM_KO}(?:(?:대학교?|학교)(?:는|은|를)? ?)?(?:졸업(?:은|을|이)? ?언제(?: ?(?:했|하셨|하|이|인|예|야|였)\S{{0,6}})?|언제 ?졸업 ?(?:했|하셨|한|이)\S{{0,6}}|졸업 ?(?:년도|연도|시기|일자|연월|날짜)(?:은요|는요|은|는|이|가)?(?: ?(?:언제|어떻게|뭐)\S{{0,6}})?){_TELL_KO}",
    re.IGNORECASE,
)
_LEVELS = ("doctor", "master", "bachelor", "other")  # of rag.aliases.DEGREES, the highest first
# A form names the school, and no degree: 대학교, 대학원.
_AT_LEVEL = {level: re.compile("|".join(filter(None, (DEGREES[level].pattern, more)))) for level, more in (("doctor", ""), ("master", "대학원"), ("bachelor", "(?<!전문)(?:대학교|대학)(?!원|병원|생)"), ("other", ""))}
_SCHOOLS = re.compile(r"universi|college|대학", re.IGNORECASE)
_UNFINISHED = re.compile(r"(?m)expected|in progress|candidate|present|ongoing|enrolled|currently|since (?:19|20)\d|started|begun|\bopen\b|set aside|not (?:yet )?(?:finished|completed)|unfinished|incomplete|dropped|discontinu|withdr[ea]w|\bstudent\b|\bleft\b|[–—~-]\s*$|재학(?! ?기간)|휴학|수료(?!증)|(?:학사|석사|박사) ?과정(?! ?(?:졸업|이수))|예정|중퇴|현재", re.IGNORECASE)
OF_A_DEGREE = 4  # lines that are quoted of it


def _pattern(kind: _Kind) -> re.Pattern[str]:
    what = rf"(?:{kind.en})"
    has = rf"(?:(?:does|do|did|has|have|had) {_S}(?: (?:have|has|had|hold|won|win|got|get|received|earned|published|given|written|done|list))?|are there|(?:{_S} )(?:has|have|had|won|holds?|got|received))"
    return re.compile(
        rf"{_LEAD}(?:(?:(?:what|which|how many|any|list|show|name|give|tell|what(?:['’]?s| is| are)|(?:does|do|has|have) {_S} (?:have|has|got|hold|won|received|published)|are there|is there)(?: (?:me|us))?(?: about)? )?(?:all (?:of )?|any |the )?(?:(?:his|her|their|your|the candidate['’]s|the|an?) )?(?:other )?{what}(?: {has})?"
        rf"|{kind.asked})(?:,? (?:please|pls|at all|if any|listed|there))?"
        rf"|{_WHOM_KO}(?:{kind.ko})(?:은요|는요|은|는|이|가|을|를|도|들은?)?(?: ?(?:목록|리스트))?(?: ?(?:한|해 ?본|받은|딴) ?적(?:이|은|도)?)?(?: ?(?:뭐뭐|뭐|뭘|무엇|뭔|어떤 ?(?:거|것|게)|무슨)(?:가|이|를|을)?)?(?: ?(?:총 ?)?몇 ?(?:개|번|곳)(?:나|이나|를|가)?)?(?: ?(?:있|없|돼|되|인|땄|이|예|야|에|해|했|나왔|다녔|졸업했)\S{{0,5}})?{_TELL_KO}",
        re.IGNORECASE,
    )


_PATTERNS = tuple((_pattern(kind), re.compile(kind.titles, re.IGNORECASE)) for kind in _KINDS)
_WITHOUT = {titles: re.compile(kind.without, re.IGNORECASE) for kind, (_, titles) in zip(_KINDS, _PATTERNS, strict=True)}
_WHOLE_OR_NONE = {titles for kind, (_, titles) in zip(_KINDS, _PATTERNS, strict=True) if kind.all_or_none}
_CERTIFICATES, AWARD_TITLES, _TONGUES, _REFEREES, _STUDIES = (_PATTERNS[n][1] for n in (0, 1, 6, -2, -1))  # the titles of these kinds
_FURTHER = re.compile(r"\bother\b|다른", re.IGNORECASE)
# Within a section of skills: lines that say what else they are of.
_LABELLED = re.compile(r"\W*(?:(?:spoken )?languages?(?! I program)(?! \(prog)|certif\w*|licen\w*|driving|hobb\w*|interests?|awards?|references?|어학|외국어|자격\w*|취미|면허)[^:：\n]{0,30}[:：]|\W*skills? ?\|", re.IGNORECASE)
_AVAILABLE = re.compile(r"\breferences?\b.{0,30}\b(?:available|request|upon|provided)\b|추천인.{0,12}(?:요청|제공|별도)", re.IGNORECASE)


def _titles_asked(question: str) -> re.Pattern[str] | None:
    """The titles of the section that a question asks for as a whole, or for the highest degree of."""
    asked = as_asked(question)
    if any(pattern.fullmatch(asked) for pattern in (_HIGHEST, _HAS_DEGREE, _GRADUATED)):
        return _STUDIES
    titles = next((titles for pattern, titles in _PATTERNS if asked and pattern.fullmatch(asked)), None)
    return None if titles in _WHOLE_OR_NONE and (COUNTS.search(asked) or _FURTHER.search(asked)) else titles


def _items(text: str) -> list[tuple[int, int]]:
    """The lines of a section, long ones sentence by sentence, a line that begins with a date with the title above it."""
    found: list[tuple[int, int]] = []
    for line in re.finditer(r"[^\n]+", text):
        parts = [line.span()] if len(line[0]) <= LONG_LINE else [(line.start() + a, line.start() + b) for a, b in sentences(line[0])]
        for a, b in parts:
            titled = found and text[found[-1][1] : a] == "\n" and _DATED.match(text, a) and not _YEAR.search(text, *found[-1]) and not is_column_names(text[slice(*found[-1])])
            if titled:
                found[-1] = (found[-1][0], b)
            else:
                found.append((a, b))
    return found


def number_of(question: str, chunks: Sequence[Chunk], language: str) -> str:
    """How many a section lists, in a sentence without citation, where the question asks that and each of its lines is one of them by itself; else "".
    judge/lengths.py counts them again."""
    asked = as_asked(question)
    kind = next((kind for kind, (pattern, _) in zip(_KINDS, _PATTERNS, strict=True) if pattern.fullmatch(asked)), None)
    count = _count(kind, chunks) if kind and kind.one and COUNTS.search(question) else None
    if kind is None or count is None:
        return ""
    return f"{kind.one_ko} {count}건이 적혀 있습니다." if language == "ko" else f"{count} {kind.one}{'' if count == 1 else 's'} {'is' if count == 1 else 'are'} listed."


def _count(kind: _Kind, chunks: Sequence[Chunk]) -> int | None:
    """How many the sections of a kind list; None where a line may stand for several, for none, or for something else."""
    titles = re.compile(kind.titles, re.IGNORECASE)
    found = _lines(titles, chunks)
    lines = [chunks[i].text[a:b] for i, a, b in found]
    mixed = any(_OTHER_KIND.search(titles.sub("", re.split(r"[›(]", chunks[i].section)[0])) for i, *_ in found)
    same = all(map(BULLET.match, lines)) or all(map(_YEAR.search, lines))
    return len(lines) if lines and len(lines) <= MOST_LINES and same and not mixed and all(map(_is_one, lines)) else None


def _is_one(line: str) -> bool:
    """Whether a line of a list is one item: no several of them with commas between, nothing that explains another, nothing that was not got."""
    pieces = [piece.strip() for piece in re.split(r"[,;/]|(?<=\)) ", BULLET.sub("", line)) if piece.strip()]
    more = [piece for piece in pieces[1:] if re.match(r"[A-Z가-힣]", piece) and not _OF_AN_ITEM.search(piece)]
    return len(more) <= (0 if ":" in line else 1) and not _NO_ITEM.search(line)


def counted(claim: str, chunks: Sequence[Chunk]) -> bool | None:
    """Whether the section that a sentence of `number_of` is about lists so many; None where the claim says anything else, or its lines cannot be
    counted."""
    said = re.fullmatch(r"(?P<n>\d{1,2}) (?P<one>[a-z]+?)s? (?:is|are) listed\W*|(?P<one_ko>[가-힣]+) (?P<n_ko>\d{1,2})건이 적혀 있습니다\W*", claim.strip())
    kind = next((kind for kind in _KINDS if said and kind.one and (said["one"] == kind.one or said["one_ko"] == kind.one_ko)), None)
    count = _count(kind, chunks) if kind else None
    return None if said is None or count is None else count == int(said["n"] or said["n_ko"])


def is_course(line: str) -> bool:
    """Whether a line tells of a course, and of no award."""
    return _COURSE.search(line) is not None and _AWARD.search(line) is None


# A question put behind the degree that it means (rag/followups.py): "BSc Nursing: which school?"
_OF_A_TOLD = re.compile(r"(?P<told>[^?\n]{4,400}?): (?:(?:and|so|at|from|in|the|his|her|their|final),? )*(?:which|what|where|when|how|grades?|gpa|marks?|results?|score|classification|언제|어디|어느|무슨|몇|학교|학점|성적|평점|전공)[^:]*", re.IGNORECASE)


_MARK = r"(?:grades?|gpa|marks?|results?|score|classification)"
_LEVEL_ASKED = re.compile(
    rf"{_LEAD}(?:(?:what|which|where)(?:['’]?s| is| was| did| does)? )?(?:{_S} (?:do|get|study|earn) )?(?:(?:(?:his|her|their|the) )?(?:final )?{_MARK}(?: (?:did|does|has) {_S} (?:get|have|earn|receive|got))? )?(?:(?:for|of|in|on) )?(?:(?:his|her|their|a|the) )?(?P<en>bachelor['’]?s?|undergrad(?:uate)?|master['’]?s?|doctorate|ph\.?d)(?: (?:degree|studies|in|from|at|what|where|which|subject|field|school|university|{_MARK}))*"
    rf"|{_WHOM_KO}(?P<ko>학부|학사|석사|박사)(?:은요|는요|은|는|이|가|를|을)?(?: ?(?:과정|학위|전공|졸업|때)(?:은|는|을|이|가)?)?(?: ?(?:학점|성적|평점)(?:은|는|이)?)?(?: ?(?:어디(?:서|에서)?|뭐|무엇|무슨 ?과|어느 ?(?:학교|대학)(?:에서)?)\S{{0,3}})?(?: ?(?:나왔|졸업했|했|다녔|인)\S{{0,6}})?{_TELL_KO}",
    re.IGNORECASE,
)


_GRADE_ASKED = re.compile(rf"학점|성적|평점|\b{_MARK}\b", re.IGNORECASE)
_GRADE = re.compile(
    r"(?<!\d)\d\.\d{1,2}(?!\d)|우등|수석|차석|학점|평점|\b(?:distinction|merit|honou?rs|hons|cum laude|first[- ]class|second[- ]class|upper second|lower second|gpa|grade|pass(?:ed)?|\d{1,3} ?%)\b|(?<!\d)[12][:.][12i](?!\d)|\b1st\b|\d{2,3} ?%",
    re.IGNORECASE,
)


def _level_asked(question: str) -> str:
    """The level of the degree that a question asks for by its name alone: "her bachelor's?", "학부는 어디 나왔어요?"; "" for others."""
    found = _LEVEL_ASKED.fullmatch(as_asked(question))
    said = (found["en"] or found["ko"]).casefold() if found else ""
    return next((level for level, begins in (("bachelor", ("bach", "underg", "학")), ("master", ("mast", "석")), ("doctor", ("doct", "ph", "박"))) if said.startswith(begins)), "")


def _degree_told(question: str, chunks: Sequence[Chunk]) -> list[tuple[int, int, int]]:
    """The lines of the degree that a question is put behind: as `listing`."""
    found = _OF_A_TOLD.fullmatch(question.strip())
    if found is None or len({chunk.subject for chunk in chunks}) != 1:
        return []
    squeezed = lambda text: re.sub(r"[\W_]+", "", text).casefold()
    lines: list[tuple[int, int, int]] = []
    for told in re.split(r" / | · ", found["told"]):
        level = next((level for level in _LEVELS if DEGREES[level].search(told)), None)
        key = squeezed(told)
        if level is None or len(key) < 4:
            continue
        for i, chunk in enumerate(chunks):
            if not _STUDIES.search(chunk.section):
                continue
            at = next((a for a, b in sentences(chunk.text) if key in squeezed(chunk.text[a:b])), None)
            if at is not None:
                above = chunk.text[: max(0, at - 1)].rpartition("\n")[2]
                dated = _YEAR.search(above) is not None and not re.search(r"[^\W\d]{3}", above)  # the dates stand above what they are of
                of_school = lambda line: SCHOOL.search(line) is not None and not any(words.search(line) for words in DEGREES.values())
                of_it = dated or (of_school(above) and of_school(chunk.text.split("\n", 1)[0]))  # or the school does, as in all of it
                lines += [(i, a, b) for a, b in _of_level(level, chunk.text, at - 1 - len(above) if of_it else at, len(chunk.text))]
    return list(dict.fromkeys(lines))


def asks_listing(question: str) -> bool:
    """Whether the question is what a section lists, and nothing besides; candidates' names replaced as in retrieval (`without_names`)."""
    told = _OF_A_TOLD.fullmatch(question.strip())
    return _titles_asked(question) is not None or _level_asked(question) != "" or (told is not None and any(words.search(told["told"]) for words in DEGREES.values()))


def listing(question: str, chunks: Sequence[Chunk]) -> list[tuple[int, int, int]]:
    """(position, start, end) in `chunk.text` of the lines of the section that a question asks for, in the order of the resume; nothing for another
    question, for passages of several people, or where no section has such a title.

    Args:
        chunks: all passages of one person.
    """
    asks_grade = _GRADE_ASKED.search(question.rpartition(": ")[2]) is not None
    graded = lambda told: told if not asks_grade or any(_GRADE.search(chunks[i].text[a:b]) for i, a, b in told) else []
    if told := _degree_told(question, chunks):
        return graded(told)
    if level := _level_asked(question):
        return graded(_highest(chunks, [level]))
    titles = _titles_asked(question)
    if titles is _REFEREES and not _lines(titles, chunks):
        return _on_request(chunks)
    if titles is _STUDIES and _HAS_DEGREE.fullmatch(as_asked(question)):
        return _highest(chunks, _LEVELS[:-1])
    if titles is _STUDIES and _HIGHEST.fullmatch(as_asked(question)):
        return _highest(chunks)
    if titles is _STUDIES and _GRADUATED.fullmatch(as_asked(question)):
        told = _highest(chunks)
        return told if any(_YEAR.search(chunks[i].text, a, b) for i, a, b in told) else []
    found = _lines(titles, chunks) if titles and len({chunk.subject for chunk in chunks}) == 1 else []
    if titles in _WHOLE_OR_NONE:
        return found if len(found) <= MOST_OF_ALL and sum(b - a for _, a, b in found) <= MOST_CHARACTERS else []
    found = [(i, a, b) for i, a, b in found if is_of_kind(titles, chunks[i].section, chunks[i].text[a:b])] or found
    if titles and not found:
        found = _labelled(titles, chunks) or _under_title(titles, chunks) or (_schooling(chunks) if titles is _STUDIES else [])
    if titles is _TONGUES and _ASKS_SPOKEN.search(question) and not any(TONGUE.search(chunks[i].text[a:b]) for i, a, b in found):
        found = []  # programming languages
    if titles is AWARD_TITLES:
        found = [line for line in found if not is_course(chunks[line[0]].text[slice(*line[1:])])] or found
    if len(found) > MOST_LINES or sum(b - a for _, a, b in found) > MOST_CHARACTERS:
        found = [line for line in found if _YEAR.search(chunks[line[0]].text, *line[1:])]
    return found if len(found) <= MOST_LINES else []


_ASKS_SPOKEN = re.compile(r"\b(?:speaks?|spoken|fluent|foreign)\b|외국어", re.IGNORECASE)
_AND = re.compile(r"[/·&,|]|\band\b|(?<=[가-힣])(?: 및 |[와과] )")


def is_of_kind(titles: re.Pattern[str], section: str, line: str) -> bool:
    """Whether a line of a section that lists several kinds of things ("자격/어학/수상") may be of the kind that has these titles: it is no surer of another."""
    if all(map(titles.search, filter(str.strip, _AND.split(section)))):
        return True
    label = cells(line)[0] if "|" in line else ""
    if label and is_known_title(label):
        return titles.search(label) is not None
    if titles is AWARD_TITLES:
        return _AWARD.search(line) is not None or not (is_course(line) or _TEST.search(line) or _LICENCE.search(line))
    if titles is _CERTIFICATES:
        return not (_WON.search(line) or _TEST.search(line))
    return (TONGUE.search(line) or _TEST.search(line)) is not None if titles is _TONGUES else True


# What is surely one kind of thing.
_TEST = re.compile(r"\b(?:toeic|toefl|ielts|teps|opic|jlpt|jpt|hsk|g-?telp|topik)\b|토익|토플|텝스|오픽", re.IGNORECASE)
_LICENCE = re.compile(r"자격증?|면허|[가-힣]{2,}(?:기사|기능사|산업기사|기술사|관리사|상담사|지도사)(?![가-힣])|\b(?:certified|certificate|licen[cs]e)\b", re.IGNORECASE)
_WON = re.compile(r"(?:[은금동대]|우수|최우수|장려|공로|표창|혁신|MD|사원)상(?![가-힣])|표창|포상|상장|경진대회|공모전|\b(?:awards?|prize|winner|medal|employee of)\b", re.IGNORECASE)
_LABEL = re.compile(r"\W{0,3}(?P<label>[^:：|\n]{2,30}?)\s?[:：]\s?(?=\S)")


def _labelled(titles: re.Pattern[str], chunks: Sequence[Chunk]) -> list[tuple[int, int, int]]:
    """The lines or sentences that have such a title for a label ("Interests: fell running"), where no section has it; nothing for several people."""
    if len({chunk.subject for chunk in chunks}) != 1:
        return []
    label = lambda line: found["label"].strip() if (found := _LABEL.match(line)) else ""
    of_it = lambda said: is_known_title(said) and titles.search(said) is not None and not _WITHOUT[titles].search(said)
    return [(i, a, b) for i, chunk in enumerate(chunks) for a, b in sentences(chunk.text) if of_it(label(chunk.text[a:b]))]


_TRAINING = re.compile(r"^\W*(?:(?:professional )?training|schooling|qualifications|learning|교육(?: ?(?:사항|이력))?)\W*$", re.IGNORECASE)
_SCHOOLED = re.compile(rf"{SCHOOL.pattern}|\b(?:secondary|diploma|degree|apprenticeship|vocational|programme)\b", re.IGNORECASE)


def _schooling(chunks: Sequence[Chunk]) -> list[tuple[int, int, int]]:
    """The lines about schools and degrees of a section of training, where no section is of education; nothing for several people."""
    own = [i for i, chunk in enumerate(chunks) if _TRAINING.match(chunk.section)] if len({chunk.subject for chunk in chunks}) == 1 else []
    schooled = lambda line: _SCHOOLED.search(line) is not None or any(words.search(line) for level, words in DEGREES.items() if level != "other")
    return [(i, a, b) for i in own for a, b in sentences(chunks[i].text) if schooled(chunks[i].text[a:b])]


def _under_title(titles: re.Pattern[str], chunks: Sequence[Chunk]) -> list[tuple[int, int, int]]:
    """The lines below a title of that kind within a section ("3. 지원동기" in a letter), down to the next title; nothing for several people."""
    found: list[tuple[int, int, int]] = []
    for i, chunk in enumerate(chunks):
        below = False
        for a, b in sentences(chunk.text):
            line = chunk.text[a:b]
            if is_known_title(bare_title(line)):
                below = titles.search(line) is not None and not _WITHOUT[titles].search(line)
            elif below:
                found.append((i, a, b))
    return found if len({chunk.subject for chunk in chunks}) == 1 else []


def _on_request(chunks: Sequence[Chunk]) -> list[tuple[int, int, int]]:
    """The line that says how to get references, which may stand anywhere."""
    lines = [(i, a, b) for i, chunk in enumerate(chunks) for a, b in sentences(chunk.text) if _AVAILABLE.search(chunk.text, a, b)]
    return lines[:1] if len({chunk.subject for chunk in chunks}) == 1 else []


def _highest(chunks: Sequence[Chunk], among: Sequence[str] = _LEVELS) -> list[tuple[int, int, int]]:
    """The lines of the highest degree `among` these, and those of the next one where it is not told to be finished: as `listing`."""
    if len({chunk.subject for chunk in chunks}) != 1:
        return []
    studies = sorted((i for i, chunk in enumerate(chunks) if _STUDIES.search(chunk.section)), key=lambda i: (chunks[i].document_id, chunks[i].start))
    held = {(i, a, a + len(part.text)): {level for level in _LEVELS if _AT_LEVEL[level].search(part.text)} for i in studies for a, part in parts(chunks[i])}
    found: list[tuple[int, int, int]] = []
    for level in among:
        if level == "other" and any(_SCHOOLS.search(chunks[i].text) for i in studies):
            break  # of which it is not told
        of_it = [span for span, levels in held.items() if levels and min(levels, key=_LEVELS.index) == level]
        if len(among) == 1:  # asked for by its name: also beside a higher one
            of_it = [(i, a, b) for i, a, b in held if DEGREES[level].search(chunks[i].text[a:b])] or of_it
        for i, start, end in of_it:
            found += [(i, a, b) for a, b in _of_level(level, chunks[i].text, start, end)]
        if of_it and not all(_is_unfinished(chunks[i].text[a:b]) for i, a, b in of_it):
            break
    return found[: 2 * OF_A_DEGREE]


def _is_unfinished(text: str) -> bool:
    return _UNFINISHED.search(text) is not None or any(int(year) > date.today().year for year in _YEAR.findall(text))


def _of_level(level: str, text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The line of an entry that names the degree, with the one above where the entry begins there, and those below that tell of no other."""
    lines = [(start + a, start + b) for a, b in sentences(text[start:end])]
    lines = [(a, b) for a, b in lines if (re.search(r"[^\W\d_]{2}", text[a:b]) or _YEAR.search(text, a, b)) and not is_column_names(text[a:b])]
    at = next((n for n, (a, b) in enumerate(lines) if _AT_LEVEL[level].search(text[a:b])), None)
    if at is None:
        return []
    other = lambda a, b: any(pattern.search(text[a:b]) for pattern in _AT_LEVEL.values())
    school = lambda n: SCHOOL.search(text, *lines[n]) is not None and not other(*lines[n])
    above = school(0) and at > 0 and school(at - 1)  # each school stands above its degree
    first = 0 if at == 1 and not other(*lines[0]) else at - 1 if above else at
    dated = any(_YEAR.search(text, *lines[n]) for n in range(first, at + 1))
    last = at + 1
    while last < min(len(lines), first + OF_A_DEGREE) and not other(*lines[last]) and not (dated and _YEAR.search(text, *lines[last])) and not (above and school(last)):
        last += 1
    return lines[first:last]


def _lines(titles: re.Pattern[str], chunks: Sequence[Chunk]) -> list[tuple[int, int, int]]:
    """All lines of the sections with such a title: as `listing`."""
    found: list[tuple[int, int, int]] = []
    seen: set[str] = set()
    for i in sorted(range(len(chunks)), key=lambda i: (chunks[i].document_id, chunks[i].start)):
        section, text = re.split(r"[›(]", chunks[i].section)[0].strip(), chunks[i].text
        if not titles.search(section) or _WITHOUT[titles].search(section) or (_JOBS.search(section) and not _UNPAID.search(section)):
            continue
        whole, other = titles in _WHOLE_OR_NONE, False
        for a, b in _items(text):
            if (is_title := is_known_title(bare_title(text[a:b]))) and whole:
                other = not titles.search(text[a:b])  # below it stands what it names
            if whole and (other or _LABELLED.match(text, a)):
                continue
            key = re.sub(r"[\W_]+", "", text[a:b]).casefold()  # the resume may be there as PDF and as Word file
            if (titled := _TITLED_LINE.match(text, a)) and is_known_title(titled["title"]) and not titles.search(titled["title"]):
                continue  # "[병역] 해당 없음" below the awards
            if key in seen or is_column_names(text[a:b]) or is_title or _LINK_ALONE.fullmatch(text[a:b]) or not re.search(r"[^\W\d_]" if whole else r"\w{2}" if titles is _REFEREES else r"[^\W\d_]{2}", text[a:b]):
                continue
            seen.add(key)
            found.append((i, a, b))
    return found
