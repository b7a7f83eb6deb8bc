"""Lines of a parsed file -> text with titled sections, whether or not the file marks its headings."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from rag.types import Section


@dataclass(frozen=True, slots=True)
class Line:
    """One line as a reader found it.

    Attributes:
        text: the line, still as the file has it.
        level: heading level 1 to 6 where the file marks headings, else 0.
        gap: a blank line stands before it.
        style: how it is set (size and weight), equal for lines set alike; empty where the file does not tell.
    """

    text: str
    level: int = 0
    gap: bool = False
    style: str = ""


# Titles that open a section of a resume, compared without case, spaces and decoration.
KNOWN_TITLES = """
summary, professional summary, executive summary, career summary, profile, professional profile, career profile, personal profile,
about, about me, objective, career objective, personal statement, introduction, overview, highlights, career highlights, qualifications,
summary of qualifications, key qualifications, bio, personal information, personal details, personal info, personal data, contact,
contact information, contact details, contact info, contacts,
experience, work experience, professional experience, relevant experience, employment, employment history, work history, career history,
career, professional background, industry experience, research experience, teaching experience, internships, internship,
internship experience, internship experiences, leadership, leadership experience, military service, military experience,
additional experience, other experience, freelance, freelance experience, consulting experience, positions, appointments,
education, education and training, academic background, academics, academic history, educational background, academic qualifications,
qualifications and education, training, trainings, courses, coursework, relevant coursework, continuing education, degrees,
skills, technical skills, key skills, core skills, main skills, additional skills, other skills, professional skills, soft skills, hard skills,
skill set, skillset, skill sets, skills summary, skills and tools, skills and technologies, skills and expertise, skills and competencies,
core competencies, competencies, areas of expertise, expertise, languages known, details, technologies, tech stack, technical proficiencies, tools,
tools and technologies, programming languages, computer skills, it skills, strengths, key strengths,
projects, personal projects, side projects, toy projects, toy project, selected projects, key projects, academic projects,
notable projects, open source, open source contributions, open source projects, portfolio,
certifications, certificates, certification, licenses, licences, licenses and certifications, licences and certifications,
certifications and licenses, certificates and training, awards, honors, honours, honors and awards, awards and honors,
awards and achievements, scholarships, awards and scholarships, achievements, accomplishments, key achievements,
publications, selected publications, papers, patents, publications and patents, presentations, talks, conferences, speaking, speaking engagements, writing,
research, research interests, research projects, languages, language, language skills, language proficiency, foreign languages,
interests, hobbies, hobbies and interests, personal interests, interests and hobbies, extracurricular activities, extracurriculars, activities, leadership and activities,
volunteer, volunteering, volunteer experience, volunteer work, volunteering experience, community service, community, affiliations,
memberships, professional memberships, professional affiliations, service, references, referees, recommendations, testimonials,
additional information, other information, other, miscellaneous, links, profiles, social, social links, online profiles, availability,
top skills, honors-awards,
samples, recognition, affiliation, governance, speaking and writing, work authorization, visa status, cover letter, curriculum vitae, resume,
경력, 경력사항, 경력 사항, 경력요약, 상세경력, 경력상세, 세부경력, 상세경력사항, 세부경력사항, 경력기술서, 경력 상세, 경력개요, 직무경력, 주요경력, 업무경력, 업무경험, 업무 경험, 실무경험, 근무경력, 근무이력, 경험, 직무경험, 이력, 이력사항, 회사경력, 재직이력,
인턴, 인턴경험, 인턴십, 인턴경력, 학력, 학력사항, 학력 및 교육, 최종학력, 학업, 교육, 교육사항, 교육이수, 교육이력, 교육과정, 교육수료, 이수교육, 수료과정, 수강과목,
기술, 기술스택, 보유기술, 사용기술, 주요기술, 기술역량, 스킬, 보유스킬, 핵심스킬, 스택, 역량, 핵심역량, 직무역량, 보유역량, 전문분야, 강점, 도구, 사용도구, 개발환경, 컴퓨터활용능력, 능력,
프로젝트, 주요프로젝트, 개인프로젝트, 프로젝트경험, 사이드프로젝트, 토이프로젝트, 팀프로젝트, 프로젝트이력, 오픈소스, 포트폴리오,
자격증, 자격, 자격사항, 연수, 연수사항, 자격연수, 지도실적, 자격면허, 면허, 자격증 및 면허, 보유자격증, 자격및면허, 수상, 수상경력, 수상내역, 수상이력, 수상실적, 상훈, 포상, 장학, 장학금, 성과, 주요성과, 업무성과, 주요업무성과, 업적, 주요업무실적, 업무실적, 주요실적, 상벌, 상벌사항,
자기소개, 자기소개서, 소개, 간단소개, 한줄소개, 요약, 프로필, 개요, 인사말, 지원동기, 성장과정, 성격의 장단점, 성격장단점, 장단점, 입사후포부, 입사 후 포부, 포부, 학창시절, 직무수행계획, 목표, 커리어목표, 커버레터,
인적사항, 개인정보, 기본정보, 기본사항, 연락처, 연락정보, 신상정보, 병역, 병역사항, 외국어, 어학, 어학능력, 외국어능력, 어학성적, 언어, 언어능력, 구사언어, 어학사항,
활동, 대외활동, 대내외활동, 교내활동, 동아리, 동아리활동, 봉사, 봉사활동, 사회활동, 사회경험, 해외경험, 해외연수, 취미, 취미특기, 취미및특기, 특기, 관심사, 관심분야, 논문, 연구, 연구실적, 연구경험, 연구분야, 출판, 저서, 저술, 특허,
발표, 강연, 강의, 강의경력, 기타, 기타사항, 추가정보, 추천, 추천인, 참고인, 링크, 경력소개, 희망근무조건, 희망조건, 희망사항, 이직사유, 퇴직사유, 가족사항, 이력서, 보유자격, 자격증및어학, 학회, 소속, 소속학회, 관심, 기고, 글쓰기
"""

# Labels inside an entry: they end in a colon like a heading but belong to the job they describe.
ENTRY_LABELS = """
responsibilities, key responsibilities, duties, key duties, key results, results, impact, achievements, key achievements, technologies,
accomplishments, key accomplishments, technology, tech stack, stack, environment, tools, description, role, contributions, deliverables, details, note, notes, skills used,
tech, tasks, highlights, relevant coursework, coursework, thesis, gpa, advisor, location, address, phone, email, website, linkedin, github,
주요업무, 담당업무, 업무내용, 상세내용, 주요성과, 성과, 주요실적, 업무실적, 실적, 연수, 사용기술, 기술스택, 기술, 역할, 담당역할, 내용, 환경, 개발환경, 기간, 비고, 설명, 업무, 주요내용, 결과, 전화, 이메일, 주소, 이름, 성명, 생년월일, 연락처
"""


_TITLE_OF_WORK = re.compile(r"[\"“”'‘’「」『』《》〈〉(]")
_DATE_RANGE = re.compile(
    r"(?:19|20)\d{2}[^\n]{0,14}?(?:[-–—~〜∼→]|\.\.|\b(?:to|until|till)\b|부터)[^\n]{0,14}?"
    r"(?:(?:19|20)?\d{2}|present|current|now|today|ongoing|\bdate\b|현재(?:까지)?|재[직학](?: ?중(?![가-힣]))?|근무 ?중(?![가-힣])|\))"
    r"|(?:19|20)\d{2}[./년-]\s?\d{1,2}\s*[-–—~〜∼→]"
    # without an end
    r"|(?:19|20)\d{2}(?:[./]\d{1,2}){0,2}(?:년(?: ?\d{1,2}월)?)? ?(?:[-–—~〜∼→]|부터)(?= *$|  | *[|)])"
    r"|(?:^|[(,;:·|–—] ?|  )since (?:[A-Za-z]{3,9}\.? )?(?:\d{1,2}[./]){0,2}(?:19|20)\d{2}(?= *$|  |[:)]| ?[|·–—])"
    # two columns of a table, "From" and "To"
    r"|(?:19|20)\d{2}(?:[./]\d{1,2})?(?:  | ?\| ?)(?:(?:\d{1,2}[./]|[A-Za-z]{3,9}\.? )?(?:19|20)\d{2}|(?:present|current|now|today|현재)\b)",
    re.IGNORECASE,
)
# "Jan 2019 –" above "Present": a narrow column breaks a period in two.
_POINT = r"(?:[A-Za-z]{3,9}\.? )?(?:\d{1,2}[./])?(?:19|20)\d{2}(?:[./] ?\d{1,2}\.?|년(?: ?\d{1,2}월)?)?"
PERIOD_BEGINS = re.compile(rf"{_POINT} ?[-–—~〜∼→](?: ?[A-Za-z]{{3,9}}\.?)?")
PERIOD_ENDS = re.compile(rf"{_POINT}|present|current|now|today|ongoing|현재|재직 ?중?|재학 ?중?|근무 ?중", re.IGNORECASE)
# "2019-02" is a month; "2008-12" may be a range of years.
_ISO_MONTH = re.compile(r"(?<!\d)(?:19|20)(\d{2})-(0[1-9]|1[0-2])(?![\d/.])")
_DATE_WORDS = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)(?:uary|ruary|ch|il|e|y|ust|ember|tember|ober)?\b\.?|\d+ (?:years?|yrs?|months?|mos?)\b"
    r"|\d{1,2} ?개월|['’]?\d[\d./-]*[년월]?|(?<![가-힣])[년월](?![가-힣])",
    re.IGNORECASE,
)
# How long somebody was somewhere, alone on its line: "6 years 3 months" stands under an employer and above several posts there.
DURATION = re.compile(r"(?:full-time|part-time|정규직|계약직)?\W*(?=\d)(?:\d{1,2} ?(?:years?|yrs?|년) ?)?(?:\d{1,2} ?(?:months?|mos?|개월|월))?", re.IGNORECASE)
# "경력 총 9년 4개월", "학력  최종학력 : 대학교 졸업": what a job site says of all of a section behind its title
_TOTAL = re.compile(r"(?<=\S)\s+(?:총 ?(?:경력 ?)?(?=\d)(?:\d{1,2}년)? ?(?:\d{1,2}개월)?|최종 ?학력.{0,30})$")
_CONTACT = re.compile(r"\w@\w|://|\d{3,}[ -]\d{3,}")
_ORNAMENT = re.compile(r"^\s*(?:[■□◆◇●○▶▷►★☆※▣◎☑✅👉🔹🔸]|[✔▪▫]\ufe0f)")


def title_key(title: str) -> str:
    """Titles compared without case and spaces."""
    return re.sub(r"[\s·・]+", "", title).casefold()


def _keys(titles: str) -> frozenset[str]:
    return frozenset(title_key(title) for title in re.split(r"[,\n]", titles) if title.strip())


KNOWN_TITLE_KEYS = _keys(KNOWN_TITLES)
ENTRY_LABEL_KEYS = _keys(ENTRY_LABELS)
MAX_TITLE_CHARS = 60
TOP_LINES = 3  # of a resume: name, what somebody is, contact
MIN_COLUMNS, MAX_COLUMN_CHARS = 3, 20  # of the line that names a table's columns
MAX_ROWS_ABOVE = 80  # lines above a row among which its columns' names are looked for
MAX_ABOVE_DATES = 2  # lines from an entry's title to its dates
MIN_TITLES, TITLED_SHARE = 3, 0.6  # paragraphs with a title of their own from which on such titles count, and their share of all

# rules, marks, and the blocks of arrows, symbols and emoji
_DECORATION = r"\s\-–—━─=_*#■□◆◇●○▣◎▶▷▪◼★☆※|~\u2190-\u21ff\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\ufe0f\U0001f000-\U0001faff"
_DECORATED = re.compile(rf"[{_DECORATION}]*")
_NAME_LINE = re.compile(r"(?:name|성\s?명|이\s?름)\s?[:：]", re.IGNORECASE)
_NUMBERING = re.compile(r"^(?:\(?(?:\d{1,2}|[IVX]{1,4}|[Ⅰ-Ⅻ])[.)]|[Ⅰ-Ⅻ])\s*")
_NUMBERED = re.compile(r"\s*[\[【(]?\s?(?:(?:Q|문항)\s?)?\d{1,2}(?:-\d{1,2})?\s?[.):\]】]\s*\S.{8}")
MAX_LIMIT_CHARS = 80  # of a question's end: its verb, and how long the answer may be
_LIMIT = r"[(\[][^()\[\]]{0,30}\d\s?(?:자|words|characters|bytes?)(?![가-힣\w])[^()\[\]]{0,30}[)\]]"
_QUESTION_END = re.compile(rf"(?:\?|(?:시오|세요|바랍니다)\.?)\s*(?:{_LIMIT})?\s*$|{_LIMIT}\s*$", re.IGNORECASE)
_SPACED_KO = r"[가-힣](?: [가-힣])+"
_BRACKETS = re.compile(r"^[\[【〔<《「(](.+)[\]】〕>》」)]$")
# a mark, as a picture too ("✔️", "✅")
BULLET = re.compile(
    r"^\s*(?:[•‣◦▪▫●○■□◆◇▶▷►➢➤✓✔✦❖·・∙⁃*o\uf0b7\uf0a7☑✅👉🔹🔸]\ufe0f?|[-–—](?=\s))\s+(?=\S)|^\s*[•‣◦▪●■►➢➤\uf0b7\uf0a7](?=[^\s\ufe0f])"
)


def clean(text: str) -> str:
    """NFC, one kind of newline, no control or invisible formatting characters, single spaces except runs (two spaces)."""
    text = unicodedata.normalize("NFC", re.sub(r"\r\n?|[\u0085\u2028\u2029]", "\n", text))
    text = re.sub("[\u2010\u2011]", "-", text)
    text = re.sub(r"[\t\v\f\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]", " ", text)
    # Cc and Cf (zero width, bidi overrides, soft hyphens, BOM), surrogates, private use other than bullets, non-characters
    text = "".join(
        c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Cn") and c != "\ufffd"
    )
    return text


def tidy(line: str) -> str:
    """One cleaned line: bullets written as "- ", runs of spaces as two spaces (a visible gap between columns)."""
    line = re.sub(r" {2,}", "  ", line.rstrip())
    bullet = BULLET.match(line)
    if bullet:
        return "- " + line[bullet.end() :].strip()
    return re.sub(r"[\ue000-\uf8ff]", "", line).strip()


def _undecorated(line: str) -> str:
    """A line without rules, marks and emoji at its ends. The end is looked at backwards: a search would try every sign of a long rule."""
    line = line[_DECORATED.match(line).end() :]
    return line[: len(line) - _DECORATED.match(line[::-1]).end()]


def bare_title(line: str) -> str:
    """A heading without numbering, brackets, rules, emoji and colon: "■ 2. [경력 사항] :" -> "경력 사항"."""
    title = _NUMBERING.sub("", _undecorated(line))
    if _ends_in_colon(title):
        title = title.rstrip()[:-1]
    title = title.strip()
    if len(title) <= MAX_TITLE_CHARS and (total := _TOTAL.search(title)) and title_key(title[: total.start()]) in KNOWN_TITLE_KEYS:
        title = title[: total.start()]
    if match := _BRACKETS.match(title):
        title = match.group(1).strip()
    if re.fullmatch(r"(?:\w ){2,}\w", title):  # S K I L L S, 학 력 사 항
        title = title.replace(" ", "")
    elif re.fullmatch(rf"{_SPACED_KO}(?: ?[·/,] ?{_SPACED_KO})*", title) and title_key(re.split("[·/,]", title)[0]) in KNOWN_TITLE_KEYS:
        title = re.sub(r"(?<=[가-힣]) (?=[가-힣])", "", title)  # 학 력, 자 격 · 수 상
    return re.sub(r"\s+", " ", title)


def is_known_title(line: str) -> bool:
    """Whether a line is one of the usual titles, or several of them ("Awards & Publications")."""
    title = bare_title(line)
    if not title or len(title) > MAX_TITLE_CHARS:
        return False
    if title_key(title) in KNOWN_TITLE_KEYS or " " in title and f"{title_key(title)}s" in KNOWN_TITLE_KEYS:  # "Side Project"
        return True
    if match := re.fullmatch(r"(.+?)\s*\(([^()]+)\)", title):  # 경력 (Experience), Experience (5 years)
        return title_key(match.group(1)) in KNOWN_TITLE_KEYS
    joined = re.sub(r"&", " and ", title)
    if title_key(joined) in KNOWN_TITLE_KEYS:
        return True
    parts = [part for part in re.split(r"\s+and\s+|\s+및\s+|\s*[/|,+·&]\s*", joined, flags=re.IGNORECASE) if part]
    return 2 <= len(parts) <= 4 and all(title_key(part) in KNOWN_TITLE_KEYS for part in parts)


def _ends_in_colon(line: str) -> bool:
    return line.rstrip().endswith((":", "："))


def _letters(text: str) -> int:
    return sum(c.isalpha() for c in text)


def _is_capitals(title: str) -> bool:
    return _letters(title) >= 4 and title.upper() == title and title.lower() != title


def _in_title_case(title: str) -> str:
    """"WHERE I'VE WORKED" as "Where I've Worked"."""
    return re.sub(r"[^\W\d_]+(?:['’][^\W\d_]+)*", lambda word: word[0].capitalize(), title)


# At the end of a post's title.
POST_WORD = re.compile(
    r"\b(?:engineer|developer|manager|director|analyst|designer|nurse|teacher|consultant|assistant|officer|lead|head|architect|scientist|specialist|coordinator|associate|intern|technician|administrator|supervisor|executive|representative|partner|trainee|accountant|buyer|planner|editor|producer|chef|groomer|clerk|cook|driver|instructor|lecturer|professor|researcher|worker|operator|mechanic|electrician|apprentice|foreman|secretary|receptionist|cashier|waiter|barista|carer|handyman|firefighter|painter|roofer|gardener|landscaper|janitor|cleaner|guard|nanny|butcher|server|host|hostess|dishwasher|porter|courier|picker|packer|loader|dispatcher|bookkeeper|auditor|paralegal|attorney|counsel|translator|interpreter|tutor|librarian|curator|pharmacist|therapist|physician|surgeon|dentist|midwife|paramedic|caregiver|stylist|hairdresser|barber|photographer|illustrator|animator|copywriter|writer|journalist|reporter|strategist|recruiter|merchandiser|salesperson|broker|underwriter|trader|teller|controller|treasurer|welder|machinist|carpenter|plumber|surveyor|inspector|estimator|sergeant|pilot|steward|stewardess|fellow|postdoc|journeyman|founder|owner|president|principal|solicitor|barrister|judge|notary|cto|ceo|cfo|coo|hand)$",
    re.IGNORECASE,
)
POST = re.compile(
    r"\b(?:engineer|developer|manager|director|analyst|designer|nurse|teacher|consultant|assistant|officer|lead|head|architect|scientist|specialist|coordinator|associate|intern|clerk|technician|administrator|supervisor|executive|representative)\b"
    # Trades, which may begin an employer's name: "Cook County".
    r"|\b(?:accountant|bookkeeper|buyer|chef|cook|baker|driver|waiter|waitress|bartender|cashier|lawyer|attorney|paralegal|counsel|editor|writer|journalist|reporter|producer|photographer|lecturer|professor|tutor|trainer|instructor|researcher|mechanic|electrician|plumber|welder"
    r"|carpenter|machinist|operator|foreman|surveyor|planner|estimator|inspector|auditor|controller|underwriter|broker|advis[eo]r|recruiter|strategist|marketer|programmer|tester|pharmacist|therapist|hygienist|physician|surgeon|dentist|midwife|carer|caregiver|paramedic|librarian"
    r"|curator|translator|interpreter|receptionist|secretary|trainee|apprentice|worker|labou?rer|salesperson|foreperson|team member|crew member|helper|merchandiser|dispatcher|stylist|agent|model(?:l)?er|drafter|artist|illustrator|animator)(?: (?:i{1,3}|iv|[1-4]))?$"
    r"|(?:사원|대리|과장|차장|부장|팀장|주임|책임|선임|수석|연구원|인턴|매니저)$"
)
POST_KO = re.compile(
    r"(?:사원|대리|과장|차장|부장|[팀파조반직]트?장|자영업|실장|본부장|이사|주임|책임|선임|수석|전임|팀원|담당자?|직원|정규직|계약직|신입|인턴|조교|[가-힣](?:간호사|간호)|간호사|교사|강사|기사|약사|의사|영양사|조리사|상담사|설계사|회계사|개발자|엔지니어|디자이너|매니저|마케터|연구원|연구생|현장실습|스태프|기획자|관리자|리드"
    r"|[가-힣](?:팀|부|본부|파트|병동|센터)|응급실|중환자실)$"
)
_IN_BRACKETS = re.compile(r"\s*\([^()]*\)$")


def _could_be_title(line: str) -> bool:
    """Short, without what headings do not have: digits, addresses, sentence ends, several clauses."""
    title = bare_title(line)
    shortest = 2 if title == line.strip() else 1  # "[상]"
    columns = _undecorated(line).count("  ") + 1
    return (
        shortest <= len(title) <= 40
        and len(_IN_BRACKETS.sub("", title).split()) <= 5
        and not re.search(r"[\d@,;.!?|]|://", title)
        and not line.startswith("- ")
        and columns < MIN_COLUMNS
        and not _NAME_LINE.match(title)
        and title_key(title) not in ENTRY_LABEL_KEYS
    )


def _look(line: Line) -> tuple[str, bool, bool]:
    """What makes two headings of one file look alike: type size and weight, capitals, a colon."""
    return line.style, _is_capitals(bare_title(line.text)), _ends_in_colon(line.text)


_WHOLE_FILES = _keys("이력서, 자기소개서, 경력기술서, 입사지원서, 포트폴리오, 커버레터, resume, résumé, cv, curriculum vitae, cover letter, portfolio")


def find_headings(lines: Sequence[Line], certain: AbstractSet[int] = frozenset()) -> tuple[set[int], set[int]]:
    """Positions of the lines that open a section, and of those that look like these and open an entry.

    Marked headings (Word, HTML, Markdown) count at the level on which the usual titles stand; deeper
    ones head single entries. Where several are marked and none is a usual title, those of the highest
    level that comes twice count. Where nothing is marked, the usual titles count and those that are
    `certain`, and then lines that look exactly like them and unlike the body.
    """
    marked = {i: line.level for i, line in enumerate(lines) if line.level}
    known = {i for i, line in enumerate(lines) if is_known_title(line.text) and not line.text.startswith("- ")}
    if len(marked) > 2 and not known & marked.keys():
        known = set()  # the file marks its headings: a usual title that is not marked is a word of the text
    whole = {i for i in known if title_key(bare_title(lines[i].text)) in _WHOLE_FILES}
    if known & marked.keys() and known & marked.keys() <= whole and len(known - whole - marked.keys()) > 1:
        marked, known = {}, known - whole - {0}  # nothing but the file's own name is marked
    if marked_known := {i: marked[i] for i in marked if i in known}:
        deeper = [level for i, level in marked_known.items() if i > 0]
        if 0 in marked_known and deeper and marked[0] < min(deeper) and list(marked.values()).count(marked[0]) == 1:
            known = known - {0}  # "# 이력서" above "## 경력사항" names the file
            del marked_known[0]
        parts = {i: level for i, level in marked_known.items() if i not in whole}
        if any(level > min(marked_known.values()) for level in parts.values()) and min(parts.values()) > min(marked_known.values()):
            marked_known = parts  # "이력서" above its sections, "자기소개서" above others: each names a part of the file
        deepest = min(marked_known.values())
        aside = _aside(lines, marked, marked_known, deepest)
        return {i for i, level in marked.items() if (level <= deepest or i in aside) and not _is_first(lines, i, known)}, set()
    if marked and not known:
        levels = sorted(marked.values())
        repeated = [level for level in levels if levels.count(level) > 1]
        deepest = repeated[0] if repeated else levels[0]
        return {i for i, level in marked.items() if level <= deepest and not _is_first(lines, i, known)}, set()

    # A resume opens with a name: a title in the first line is "Resume", which is a label and not a section.
    headings = {i for i in known if not _is_wrapped_item(lines, i)}
    styles = [line.style for line in lines]
    body = max(set(styles), key=styles.count) if styles else ""
    keys = {i: title_key(bare_title(lines[i].text)) for i in headings}
    times = Counter(keys.values())
    plain = any(key not in ENTRY_LABEL_KEYS and not _ends_in_colon(lines[i].text) for i, key in keys.items())

    def heads_section(i: int) -> bool:
        """"Tech stack" may head a section or label a job's last line: there it stands close, comes in every job, or has a colon as no
        other heading has."""
        if keys[i] not in ENTRY_LABEL_KEYS:
            return True
        apart = lines[i].gap or lines[i].style != body
        return apart and times[keys[i]] == 1 and not (plain and _ends_in_colon(lines[i].text))

    headings = set(filter(heads_section, headings)) | certain
    looks = {_look(lines[i]) for i in headings}
    # a look tells headings apart only if it differs from plain body text
    looks = {look for look in looks if look[1] or look[2] or look[0] != body}
    for i, line in enumerate(lines):
        if i in headings or not _could_be_title(line.text) or i + 1 >= len(lines):
            continue
        look = _look(line)
        # The first of the usual titles may come late; capitals at the very top are the name and what somebody is.
        styled = line.style != body and (i >= TOP_LINES or i > 0 and len(lines[i + 1].text) > MAX_TITLE_CHARS) and not POST_WORD.search(line.text.strip())
        inside = bool(headings) and (i > min(headings) or line.gap and (i >= TOP_LINES and look[1] or styled and not _CONTACT.search(lines[i + 1].text)))
        like_known = inside and look in looks and (line.gap or line.style != body)
        stands_out = not known and i > 1 and (look[1] or look[2]) and (line.gap or i > 4)
        if like_known or stands_out:
            headings.add(i)
    headings = headings or _set_larger(lines, body)
    entries = _entry_titles(lines, headings, known | certain)
    headings -= entries
    return headings | _paragraph_titles(lines, headings), entries


LEAST_LARGER = 3  # titles of one's own in larger type: fewer may be anything


def _set_larger(lines: Sequence[Line], body: str) -> set[int]:
    """Where no title is a usual one: the lines of the one type size above the text's that comes three times and heads short lines without dates alone."""
    size = lambda style: float(found[0]) if (found := re.match(r"\d+(?:\.\d+)?", style)) else 0.0
    larger = Counter(line.style for line in lines if size(line.style) > size(body) > 0)
    for style in sorted((style for style, times in larger.items() if times >= LEAST_LARGER), key=size, reverse=True):
        own = [i for i, line in enumerate(lines) if line.style == style]
        if own[0] > 0 and own[-1] + 1 < len(lines) and all(_could_be_title(lines[i].text) and not re.search(r"\d", lines[i].text) for i in own):
            return set(own)
    return set()


_FIRST_LABEL = re.compile(r"(?:프로젝트명?|사업명|과제명?|업무|담당 ?업무|(?:(?:근무|재직|수행) ?)?기간|직위|직책|역할|project|client|period|dates?|role|position)\s?[:：]", re.IGNORECASE)


def _names_post(line: str) -> bool:
    """Whether a line is the title of a post; "아르바이트" alone is that of a section."""
    title = _IN_BRACKETS.sub("", bare_title(line))
    return POST_WORD.search(title) is not None or POST_KO.search(title) is not None and " " in title


_PERIOD_LABEL = re.compile(r"\W*(?:(?:근무|재직) ?)?기간|(?:period|dates?|duration)\b", re.IGNORECASE)


def _entry_titles(lines: Sequence[Line], headings: set[int], known: AbstractSet[int]) -> set[int]:
    """Headings that look like those of sections and head single jobs: posts above their dates, and what stands so right below a usual title, one after the other."""
    order = sorted(headings)
    found: dict[int, bool | None] = {}  # with whether its dates stand alone; None where that says nothing of the next
    for above, start, end in zip([None, *order], order, [*order[1:], len(lines)], strict=False):
        if start in known or start + 1 >= end:
            continue
        below = lines[start + 1].text
        first = above in known and above == start - 1  # right below a usual title
        dated = [i for i in range(start + 1, end) if is_dated(lines[i].text)]
        near = bool(dated) and dated[0] - start <= MAX_ABOVE_DATES
        alone = near and not without_dates(lines[dated[0]].text)
        employed = DURATION.fullmatch(below) and re.search(r"\d", below)  # an employer above the time spent there
        labelled = (_PERIOD_LABEL.match(below) and is_dated(below)) or (_FIRST_LABEL.match(below) and (first or above in found))
        if employed or labelled or (near and (_names_post(lines[start].text) or len(dated) == 1 and (first or above in found and found[above] in (alone, None)))):
            found[start] = None if employed else alone
    return set(found)


_SHORT_YEAR = re.compile(r"(?<!\w)['’‘`](\d{2})(?=[./-] ?(?:0?[1-9]|1[0-2])(?!\d)|년|(?<=[A-Za-z. ]['’‘`]\d\d)(?= *(?:[-–—~〜∼→)]|to\b|$)))")
_LAST_CENTURY = 60  # "’85" is 1985, "’22" 2022


MONTH_NAME = r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
_WITHOUT_YEAR = re.compile(rf"\b(?P<start>{MONTH_NAME})(?P<until> ?(?:[-–—~]|to) ?)(?=(?P<end>{MONTH_NAME}) (?P<year>(?:19|20)\d{{2}})\b)", re.IGNORECASE)
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


def full_years(text: str) -> str:
    """A text with its years written out: "’22.03 ~ ’24.01" as "2022.03 ~ 2024.01", "March – Dec 2015" as "March 2015 – Dec 2015"."""
    text = _SHORT_YEAR.sub(lambda found: f"{19 if int(found[1]) > _LAST_CENTURY else 20}{found[1]}", text)
    return _WITHOUT_YEAR.sub(_with_year, text)


def _with_year(found: re.Match[str]) -> str:
    """The start of a range that has the year of its end, or the one before: "Nov – Feb 2016"."""
    start, end = (MONTHS.index(found[name][:3].casefold()) for name in ("start", "end"))
    return f"{found['start']} {int(found['year']) - (start > end)}{found['until']}"


def is_dated(line: str) -> bool:
    """Whether a line holds a period, as the first lines of an entry do."""
    months = _ISO_MONTH.sub(lambda m: m[0].replace("-", ".") if m[2] <= m[1] else m[0], full_years(line))
    return len(line) <= 120 and _DATE_RANGE.search(months) is not None


def without_dates(line: str) -> str:
    """What an entry's first line says besides its period: "Engineer · Aug 2019 – now" without all that follows the title."""
    return _DATE_WORDS.sub(" ", _DATE_RANGE.sub(" ", full_years(line))).strip(" .,:;|·/~()[]–—-")


def cells(line: str) -> list[str]:
    """The cells of a table's row, "2019 | Engineer | Acme"; the line alone where it is none."""
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def is_column_names(text: str) -> bool:
    """Whether a text is nothing but the names of a table's columns ("기간 | 회사명 | 직위")."""
    names = cells(text.strip())
    return "\n" not in text.strip() and len(names) >= MIN_COLUMNS and all(0 < len(name) <= MAX_COLUMN_CHARS and not re.search(r"[\d@]", name) for name in names)


def column_names(lines: Sequence[str], row: int) -> int | None:
    """Which line names the columns of a table's row ("Period | Role | People led"); None where none does.

    Such a line has at least three short cells without a figure, and below it a row with as many cells and a figure, or three rows
    with some. Other lines may stand between the rows: a job's bullets under its row.
    """
    own = len(cells(lines[row]))
    if own < 2 or not re.search(r"\d", lines[row]):
        return None
    together = True  # nothing but rows between
    for i in range(row - 1, max(-1, row - 1 - MAX_ROWS_ABOVE), -1):
        if _names_columns(lines, i):
            return i if own == len(cells(lines[i])) or (together and own < len(cells(lines[i]))) else None
        together = together and len(cells(lines[i])) > 1
    return None


def without_column_names(lines: Sequence[str]) -> list[str]:
    """The lines without those that name the columns of the rows below them; "Acme | Engineer | Berlin" above its dates is a heading."""

    def above_row(i: int) -> bool:
        below = next((line for line in lines[i + 1 :] if line.strip()), "")
        return len(cells(below)) > 1 and re.search(r"\d", below) is not None

    return [line for i, line in enumerate(lines) if not (is_column_names(line) and above_row(i))]


def _names_columns(lines: Sequence[str], i: int) -> bool:
    names = cells(lines[i])
    if len(names) < MIN_COLUMNS or not all(0 < len(name) <= MAX_COLUMN_CHARS and not re.search(r"[\d@]", name) for name in names):
        return False
    below = [len(cells(line)) if re.search(r"\d", line) else 0 for line in lines[i + 1 : i + 4]]
    return below[:1] == [len(names)] or (len(below) == 3 and all(2 <= count <= len(names) for count in below))


def _paragraph_titles(lines: Sequence[Line], headings: set[int]) -> set[int]:
    """Short lines that head a paragraph each, in a file where most paragraphs have one: "What I do", "Prizes".

    One right above the only period of its paragraph, or two lines above, is taken for an employer, as one above the time
    spent there, or right below it for a post; where most are, none counts.
    """
    heads = [i for i in range(1, len(lines) - 1) if lines[i].gap and not lines[i + 1].gap and not lines[i].text.startswith("- ")]
    titles = [i for i in heads if i in headings or i - 1 not in headings and _could_be_title(lines[i].text) and not _is_no_title(lines[i].text)]
    # "Embedded Engineer" between the name and an address is what somebody is
    titles = [i for i in titles if i in headings or i >= TOP_LINES or not _CONTACT.search(lines[i + 1].text)]

    def is_employer(i: int) -> bool:
        if _names_post(lines[i].text) and any(is_dated(line.text) for line in lines[i + 1 : i + 1 + MAX_ABOVE_DATES]):
            return True
        below = [line.text for line in itertools.takewhile(lambda line: not line.gap, map(lines.__getitem__, range(i + 1, len(lines))))]
        periods = [is_dated(line) for line in below]
        posts = DURATION.fullmatch(below[0]) or DURATION.fullmatch(lines[i - 1].text)
        return bool(posts) or any(periods[:2]) and sum(periods) == 1

    dated = [i for i in titles if i not in headings and is_employer(i)]
    if len(titles) < MIN_TITLES or len(titles) < TITLED_SHARE * len(heads) or len(dated) > len(titles) / 2:
        return set()
    return {i for i in titles if i not in dated}


def _is_no_title(line: str) -> bool:
    """The title of a work, or a label with its value: "지원부문: 해외영업" is none, but "성장과정: 바다에서" is a title with its motto."""
    label, colon, value = line.replace("：", ":").partition(":")
    return bool(_TITLE_OF_WORK.search(line) or colon and value.strip() and not is_known_title(label))


_OWN_SECTION = re.compile(r"contact|certif|licen|languages?|educat|hobb|interests|refer|awards|honou?rs|skills|자격|면허|어학|외국어|학력|수상|취미|연락|병역|기술 ?스택|보유 ?기술", re.IGNORECASE)


def _aside(lines: Sequence[Line], marked: Mapping[int, int], known: Mapping[int, int], deepest: int) -> set[int]:
    """Usual titles below the level of the others that head sections all the same: those of a sidebar, one after the other, with no entry of another title
    behind them."""
    aside: set[int] = set()
    ends = True
    for i in sorted(marked, reverse=True):
        if marked[i] <= deepest:
            ends = True
        elif ends and i in known and marked[i] == deepest + 1 and _OWN_SECTION.search(lines[i].text):
            aside.add(i)
        else:
            ends = False
    return aside


def _is_first(lines: Sequence[Line], i: int, known: set[int]) -> bool:
    """The title of the whole file (a name): the first line, unless it is a usual section title."""
    return i == 0 and i not in known and len(lines) > 1


def _is_wrapped_item(lines: Sequence[Line], i: int) -> bool:
    """A one-word list item such as "Research" among other plain short lines, not a heading: nothing follows it."""
    return i + 1 >= len(lines) and i > 0 and not lines[i].gap and not lines[i].style


def _is_period(line: Line) -> bool:
    """Whether a line is the dates of an entry and nothing else."""
    return not line.level and is_dated(line.text) and not without_dates(line.text)


def _close_entries(lines: list[Line], headings: set[int]) -> list[Line]:
    """Without blank lines inside entries whose headings are marked, so that a blank line means another entry."""
    result = list(lines)
    bounds = [0, *sorted(headings), len(lines)]
    for start, end in itertools.pairwise(bounds):
        levels = [line.level for i, line in enumerate(lines[start:end], start) if line.level and i not in headings]
        if not levels or start not in headings:
            continue
        top, inside = min(levels), False
        dates_first = start + 1 < end and _is_period(lines[start + 1])
        for i in range(start + 1, end):
            if lines[i].level == top:
                inside = True
                if dates_first and _is_period(lines[i - 1]):  # above each entry's title, so the entry begins there
                    result[i - 1] = replace(result[i - 1], gap=True)
                    result[i] = replace(lines[i], gap=False)
                else:
                    result[i] = replace(lines[i], gap=True)
            elif inside:
                result[i] = replace(lines[i], gap=False)
    return result


def _marked_titles(lines: Sequence[Line]) -> set[int]:
    """Lines that a mark makes headings ("■ 상"), where the file has no other headings and the mark stands before short lines only,
    each with a blank line above and text below; before lines close together it is a list's bullet."""
    if any(line.level for line in lines):
        return set()
    marks = {i: found[0].strip() for i, line in enumerate(lines) if (found := _ORNAMENT.match(line.text))}

    def heads_text(i: int) -> bool:
        above = lines[i - 1].text.strip() if i else ""
        below = lines[i + 1].text if i + 1 < len(lines) and not lines[i + 1].gap else ""
        apart = (not above or lines[i].gap) and below.strip() and marks.get(i + 1) != marks[i]
        return bool(apart) and (is_known_title(lines[i].text) or _could_be_title(lines[i].text))

    def among_known(mark: str) -> bool:
        """Whether a mark stands before `MIN_TITLES` titles or more, usual ones among them, and nothing else, never two of them in a row: a form's own sections."""
        own = [i for i in marks if marks[i] == mark]
        known = [i for i in own if is_known_title(lines[i].text)]
        return len(own) >= MIN_TITLES and len(known) > 1 and all(marks.get(i + 1) != mark and (i in known or _could_be_title(lines[i].text)) for i in own)

    certain = set(filter(among_known, set(marks.values())))
    titles = {i for i in marks if marks[i] in certain or heads_text(i)}
    others = {marks[i] for i in marks if i not in titles}
    times = Counter(marks[i] for i in titles)
    return {i for i in titles if times[marks[i]] >= MIN_TITLES and marks[i] not in others}


def _asked_titles(lines: Sequence[Line]) -> set[int]:
    """The numbered questions of an application form, each above its answer, where there are several: "1. 지원 동기를 기술해 주십시오. (500자 이내)"."""
    asked = [i for i, line in enumerate(lines[:-1]) if _NUMBERED.match(line.text) and _QUESTION_END.search(line.text[-MAX_LIMIT_CHARS:])]
    asked = [i for i in asked if any(line.text.strip() for line in lines[i + 1 : i + 3])]
    return set(asked) if len(asked) > 1 else set()


_HEAD_MARK = re.compile(r"\s*[■□▣◆◇▶▷★☆※]")


def _heads_entry(lines: Sequence[Line]) -> bool:
    """Whether the first of some lines is short and without dates, and right below it, without a mark, stand nothing but dates, or the first of labels (with or
    without a blank line between)."""
    line, below, after = (each.text.strip() for each in (*lines, Line(""), Line(""), Line(""))[:3])
    dated = is_dated(below) and not without_dates(below) or _PERIOD_LABEL.match(below) and is_dated(below)
    return len(line) <= MAX_TITLE_CHARS and not is_dated(line) and (bool(dated) or _FIRST_LABEL.match(below or after) is not None)


_OPEN_TITLE = re.compile(r"(?:&|/|,|\band|및|·)$", re.IGNORECASE)


def assemble(lines: Sequence[Line]) -> tuple[str, tuple[Section, ...]]:
    """Join lines into a document's text and cut it into sections.

    Returns:
        The text, and sections that follow one another and together cover it; the stretch before the
        first heading has the empty title. Only ends of lines and blank lines lie between sections.
    """
    kept = []
    gap = False
    pieces = [
        Line(piece, 0 if number else line.level, line.gap and not number, line.style)
        for line in lines
        for number, piece in enumerate(clean(line.text).split("\n"))
    ]
    titles = _marked_titles(pieces) | _asked_titles(pieces)
    certain = set()
    for i, line in enumerate(pieces):
        text = tidy(line.text)
        if i in titles or _ORNAMENT.match(line.text) and (line.level or is_known_title(line.text)):  # "■ 경력사항" is a heading, not a bullet
            text = bare_title(line.text)
        elif _HEAD_MARK.match(line.text) and _heads_entry(pieces[i : i + 3]):
            text, gap = _undecorated(line.text).strip(), True  # "■ Acme Ltd" above its dates is no bullet either
        if not text:
            gap = True
            continue
        if kept and kept[-1].style == line.style and kept[-1].level == line.level and _OPEN_TITLE.search(kept[-1].text) and is_known_title(f"{kept[-1].text} {text}"):
            kept[-1] = replace(kept[-1], text=f"{kept[-1].text} {text}")  # "LICENSES &" above "CERTIFICATIONS", in a narrow column
            gap = False
            continue
        if kept and not gap and not line.gap and PERIOD_BEGINS.fullmatch(kept[-1].text) and PERIOD_ENDS.fullmatch(text):
            kept[-1] = replace(kept[-1], text=f"{kept[-1].text} {text}")
            continue
        if i in titles:
            certain.add(len(kept))
        kept.append(Line(text, line.level, gap or line.gap, line.style))
        gap = False
    headings, entries = find_headings(kept, certain)
    kept = [replace(line, gap=True) if i in entries else line for i, line in enumerate(kept)]
    kept = _close_entries(kept, headings)
    parts: list[str] = []
    starts: list[tuple[int, str]] = []
    length = 0
    for i, line in enumerate(kept):
        if parts:
            newline = "\n\n" if line.gap or i in headings else "\n"
            parts.append(newline)
            length += len(newline)
        if i in headings:
            title = bare_title(line.text)[:MAX_TITLE_CHARS]
            starts.append((length, _in_title_case(title) if _is_capitals(title) else title))
        parts.append(line.text)
        length += len(line.text)
    text = "".join(parts)
    if not text:
        return "", ()
    if not starts or starts[0][0] > 0:
        starts.insert(0, (0, ""))
    ends = [start for start, _ in starts[1:]] + [length]
    sections = []
    for (start, title), end in zip(starts, ends, strict=True):
        sections.append(Section(title, start, start + len(text[start:end].rstrip())))
    return text, tuple(sections)
