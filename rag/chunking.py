"""Document -> Chunk: one job, degree or project per passage where it can be seen, never across sections."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.sections import (
    DURATION,
    ENTRY_LABEL_KEYS,
    POST_KO,
    POST_WORD,
    bare_title,
    column_names,
    is_dated,
    is_known_title,
    title_key,
    without_dates,
)
from rag.types import Chunk, Document, Section

VERSION = 10  # raise when the same document would be cut differently: indexes are then rebuilt

# Of 336 entries in 24 real and sample resumes the median has 107 characters, 97 % have up to 500 and all up to 700: an
# entry is hardly ever cut, and 700 characters of either language stay below the embedder's 512 tokens. On the project's own
# English questions 400 cost recall@4 (.926 against .963) and 1,000 changed nothing.
MAX_CHARS = 700
# Neighbours of one section are put together up to here when one of them has less than half of it (a school, a
# certificate): without it recall@1 fell from .815 to .778; 400 gave the same as 240.
MERGE_CHARS = 240
# Up to here the beginning of a resume, its name and contact lines, is one passage. A resume without headings is all beginning: cut at
# MAX_CHARS, the reranker told on held-out resumes .872 of what they do not say, so .876, in Korean .870 and .872.
CONTACT_CHARS = 360

MAX_EMPLOYER, MAX_POST = 100, 60  # characters of an employer's line, and of the title of a post under it

# A post that has no employer, whatever stands above.
_ON_ONES_OWN = re.compile(r"\b(?:freelanc\w*|self[- ]employed|independent|volunt\w+|break|sabbatical|leave|student)\b|프리랜서|자영업|개인 ?사업|창업|자원봉사|휴직|휴식|공백|육아", re.IGNORECASE)
# A post of several under one employer, above a line of its own dates (LinkedIn's export).
_OWN_DATES = re.compile(r"(?:[A-Za-z]{3,9}\.? )?(?:19|20)\d\d(?:[./년]|\b).{0,12}?(?:[-–—~]|\bto\b)")
_RULE = re.compile(r"[-–—=_*~+ ─━═]{3,}")  # between two entries, or around a title
_SENTENCE_END = re.compile(r"(?<=[.!?。])[\"'”’)\]]*\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int


def chunk_document(document: Document, max_chars: int = MAX_CHARS) -> list[Chunk]:
    """Cut a document into passages.

    Entries (job, degree, project) are kept whole up to `max_chars`; longer ones are cut between
    bullets or sentences, and the later parts carry the entry's first line in their section title
    ("Experience › Acme, Engineer (2019 – 2021)"), as the second post under one employer carries the employer's, and a
    passage from inside a table the names of its columns ("Experience (Period | Role | Employer)"). Small neighbours of
    one section are merged. What stands before the first section (name, contact) is a passage of its own.

    Args:
        max_chars: upper bound of a passage, exceeded only by a single word longer than that.

    Returns:
        Chunks in the order of the text; together they hold all of it but the headings of sections,
        which are in `Chunk.section`, and rules ("=====") around these. A section that is nothing but its title ("이력서" above others) is no passage.
    """
    subject = subject_of(document)
    chunks: list[Chunk] = []
    for section in document.sections:
        own = _lines(document.text, section.start, section.end)
        place, lines = {line.start: i for i, line in enumerate(own)}, [document.text[line.start : line.end] for line in own]
        only_title = len(document.sections) > 1 and title_key(document.text[section.start : section.end]) == title_key(section.title)
        for span, head in [] if only_title else _section_spans(document.text, section, max_chars):
            title = f"{section.title} › {head}" if head and section.title else section.title or head
            names = column_names(lines, place[span.start]) if span.start in place else None
            if names is not None:
                title = f"{title} ({lines[names]})".lstrip()
            chunks.append(
                Chunk(
                    id=f"{document.id}-{len(chunks)}",
                    document_id=document.id,
                    document=document.name,
                    subject=subject,
                    section=title,
                    text=document.text[span.start : span.end],
                    start=span.start,
                    end=span.end,
                )
            )
    return chunks


def _section_spans(text: str, section: Section, max_chars: int) -> list[tuple[_Span, str]]:
    """Spans of one section's passages, each with the heading of the entry it continues, or of the employer it is under (or "")."""
    spans: list[tuple[_Span, str]] = []
    waiting: tuple[_Span, str] | None = None  # whole entries collected into the next passage
    for entry, employer in _entries(text, section):
        if entry.end - entry.start > max_chars:
            if waiting is not None:
                spans.append(waiting)
                waiting = None
            head = " · ".join(filter(None, (employer, _entry_head(text, entry))))
            parts = _split(text, entry, max_chars)
            spans.extend((part, head if number else employer) for number, part in enumerate(parts))
            continue
        if waiting is not None and waiting[1] in ("", employer) and _belong_together(waiting[0], entry, section, max_chars):
            waiting = (_Span(waiting[0].start, entry.end), waiting[1])
            continue
        if waiting is not None:
            spans.append(waiting)
        waiting = (entry, employer)
    if waiting is not None:
        spans.append(waiting)
    return spans


def _belong_together(waiting: _Span, entry: _Span, section: Section, max_chars: int) -> bool:
    if entry.end - waiting.start > max_chars:
        return False
    if not section.title and waiting.start == section.start:
        return entry.end - waiting.start <= CONTACT_CHARS  # name and contact lines are one passage
    return min(waiting.end - waiting.start, entry.end - entry.start) < MERGE_CHARS / 2 and (
        entry.end - waiting.start <= MERGE_CHARS
    )


def _lines(text: str, start: int, end: int) -> list[_Span]:
    """Lines that hold something."""
    spans = []
    position = start
    while position < end:
        stop = text.find("\n", position, end)
        stop = end if stop < 0 else stop
        if text[position:stop].strip():
            spans.append(_Span(position, stop))
        position = stop + 1
    return spans


def _entries(text: str, section: Section) -> list[tuple[_Span, str]]:
    """Stretches of a section that belong together, from one entry's first line up to the next one's; with each the line of the
    employer it is under where that stands above an earlier one, else ""."""
    lines = _lines(text, section.start, section.end)
    if section.title and len(lines) > 1:
        lines = lines[1:]
    is_rule = lambda line: _RULE.fullmatch(text[line.start : line.end]) is not None
    while lines and is_rule(lines[0]):  # "=====" above and below a title
        lines = lines[1:]
    while lines and is_rule(lines[-1]):
        lines = lines[:-1]
    if not lines:
        return []
    starts = [0]
    told = _told(text, lines)
    for i in range(1, len(lines)):
        if _opens_entry(text, lines, i, starts[-1], told):
            starts.append(i)
    bounds = [*starts, len(lines)]
    entries: list[tuple[_Span, str]] = []
    employer, grouped = "", False
    led = len(bounds) > 2 and _is_led(text, lines[: bounds[1]])
    for a, b in itertools.pairwise(bounds):
        first, below = (text[line.start : line.end] for line in (lines[a], lines[min(a + 1, b - 1)]))
        span = _Span(lines[a].start, lines[b - 1].end)
        placed = "  " in first and _PLACE.fullmatch(first.partition("  ")[2].strip()) is not None
        alone = _is_employer(text, lines, a) or (employer or a == 0) and _names_employer(first) and (_is_post(below) or (placed and _is_narrower_post(below)))
        alone = alone or led and _is_led(text, lines[a:b])
        if alone or _names_employer(first) and DURATION.fullmatch(below):
            employer, grouped = first, not alone
            entries.append((span, ""))
            continue
        post = _names_employer(first) and _OWN_DATES.match(below) if grouped else _is_post(first) or _is_narrower_post(first)
        employer = employer if post and not _ON_ONES_OWN.search(first) else ""
        entries.append((span, employer))
    return entries


def _is_led(text: str, entry: Sequence[_Span]) -> bool:
    """Whether an entry begins with an employer's name, then a post, then or with it the dates; no post stands first."""
    first, second, third = (text[line.start : line.end] for line in (*entry[:3], *[_Span(0, 0)] * 3)[:3])
    if not second or is_dated(first) or not _names_employer(first) or POST_WORD.search(first.partition(",")[0].strip()):
        return False
    titled = not is_dated(second) and len(second) <= MAX_POST and POST_WORD.search(second.partition(",")[0].strip()) is not None
    return _is_post(second) or _is_narrower_post(second) or (titled and is_dated(third) and not without_dates(third).strip(" -–—·|()"))


def _is_employer(text: str, lines: Sequence[_Span], i: int) -> bool:
    """Whether line i stands alone above the first of the posts somebody had there: "Acme Ltd, Leeds", a blank line, "Engineer · 2019 – 2021".

    A section of this form begins with one; a lone line further down may as well be the last of the entry above.
    """
    if i + 1 >= len(lines) or i > 0 and not _is_employer(text, lines, 0):
        return False
    line, below = (text[lines[k].start : lines[k].end] for k in (i, i + 1))
    alone = "\n\n" in text[lines[i].end : lines[i + 1].start] and (i == 0 or "\n\n" in text[lines[i - 1].end : lines[i].start])
    details = i + 2 < len(lines) and text[lines[i + 2].start :].startswith("- ")
    return alone and _names_employer(line) and (_is_post(below) or details and is_dated(below) and not below.startswith("- "))


_PLACE = re.compile(r"[^\W\d][^\W\d.'’-]*(?:[ '’-][^\W\d.'’-]+){0,2}(?:, [^\W\d][^\d,]{1,20}){1,2}|Remote|Hybrid|(?:대한민국|한국|서울|부산|대구|인천|광주|대전|울산|세종|경기|강원|충[북남청]|전[북남라]|경[북남상]|제주|성남|판교|수원|미국|일본|중국|독일|영국|프랑스|스페인|이탈리아|네덜란드|베트남|태국|인도|싱가포르|호주|캐나다|홍콩|대만|해외)[가-힣 ]{0,12}")  # "Stuttgart, Germany", "서울"


def _names_employer(line: str) -> bool:
    """Whether a line could be the name and place of an employer alone, the place at the right edge of the page or not."""
    name, _, place = line.partition("  ")
    columns = place and (not _PLACE.fullmatch(place.strip()) or POST_KO.search(place.strip()) is not None)
    return _could_head(line) and not _is_label_line(line) and not columns and not re.search(r"(?:19|20)\d\d|\d ?(?:년|years?\b)|\|", name)


def _is_post(line: str) -> bool:
    """Whether a line is the title of a post and its dates alone, without an employer: "Engineer · 2019 – 2021"."""
    if line.startswith("- ") or not is_dated(line):
        return False
    title = without_dates(line)
    return 2 <= len(title) <= MAX_POST and not re.search(r"[,|·@–—]| at | - ", title)


_EMPLOYER_WORD = re.compile(
    r"\b(?:inc|ltd|llc|llp|plc|gmbh|ag|corp\w*|co|company|group|hospital|clinic|university|college|school|academy|institute|bank|trust|agency|studio|partners|associates|solutions|systems|technologies|foundation|council|ministry|museum|hotel|restaurant)\b\.?|[&.]", re.IGNORECASE
)


def _is_narrower_post(line: str) -> bool:
    """Whether a line is a post with what it is for behind a comma, and its dates: "Area Supervisor, Inbound  06/2018 – 02/2021"; under an employer's name
    nothing else stands there."""
    if line.startswith("- ") or not is_dated(line):
        return False
    post, comma, rest = without_dates(line).partition(",")
    return bool(comma) and len(post) + len(rest) <= MAX_POST and POST_WORD.search(post.strip()) is not None and rest.count(",") <= 1 and not _EMPLOYER_WORD.search(rest)


@dataclass(frozen=True, slots=True)
class _Told:
    """What is asked of a section's lines again and again, looked at once.

    Attributes:
        labels: what stands before each line's colon, "" without one.
        labelled, dated: how many of the lines before each line have a label, and a date; one number more than there are lines.
    """

    labels: tuple[str, ...]
    labelled: tuple[int, ...]
    dated: tuple[int, ...]


def _told(text: str, lines: Sequence[_Span]) -> _Told:
    labels = tuple(_label(text[line.start : line.end]) for line in lines)
    dated = (is_dated(text[line.start : line.end]) for line in lines)
    counted = lambda flags: tuple(itertools.accumulate(map(bool, flags), initial=0))
    return _Told(labels, counted(labels), counted(dated))


def _opens_entry(text: str, lines: Sequence[_Span], i: int, opened: int, told: _Told) -> bool:
    """Whether line i begins a new entry; `opened` is where the current one began."""
    line = text[lines[i].start : lines[i].end]
    above = text[lines[i - 1].start : lines[i - 1].end]
    gap = "\n\n" in text[lines[i - 1].end : lines[i].start]
    bullet, bullet_above = line.startswith("- "), above.startswith("- ")
    if bullet:
        return False
    if _RULE.fullmatch(above):
        return True
    if told.labels[i] and told.labels[i] == told.labels[opened] and told.labelled[i] > told.labelled[opened + 1]:
        return True  # "Employer: Acme" once more, after "Position: ...": every entry of this form begins with it
    has_dates = lambda start, end: told.dated[max(start, min(end, len(lines)))] > told.dated[start]
    dated = has_dates(i, i + 1)
    if gap:
        # one blank line below the entry's own first line (or two) separates its title from its text
        own_title = i - opened == 1 and len(above) <= 80 and not _ends_sentence(above) and not _is_label_line(above)
        if own_title and opened > 0 and not dated or i - opened == 1 and _is_employer(text, lines, i - 1):
            return False
        if i - opened == 2 and DURATION.fullmatch(above):
            return False  # an employer and the time spent there, above the first post
        if told.dated[i] > told.dated[i - 1] and not dated and not bullet_above and _PLACE.fullmatch(line):
            return False  # the place below a post and its dates
        # a paragraph below a heading with its dates tells of that entry
        heading = told.dated[i] - told.dated[opened] == 1 and all(_could_head(text[each.start : each.end]) for each in lines[opened:i])
        text_below = _ends_sentence(line) or len(line) > MAX_POST and not has_dates(i + 1, i + 2)
        if heading and text_below and not dated and not _is_label_line(line):
            return False
        return not _is_inner_label(line)
    if bullet_above and not dated and _is_inner_label(line):
        return False  # "Accomplishments:" below the duties
    if bullet_above and not _is_label_line(line):
        # what a blank line parts from the next dated heading is the last line of the entry above
        return dated or i + 1 >= len(lines) or "\n\n" not in text[lines[i].end : lines[i + 1].start] or not has_dates(i + 1, i + 2)
    # Without blank lines or bullets only dates tell: an entry that has its date ends where another one comes.
    if i - opened < 2 or not has_dates(opened, i - 1) or has_dates(i - 1, i):
        return False
    if dated:
        return True
    # "Acme" above "2019 - 2021": the title opens the entry, not its date
    title = len(line) <= 60 and not _ends_sentence(line) and not _is_label_line(line) and not has_dates(opened, opened + 1)
    return title and has_dates(i + 1, i + 2) and "\n\n" not in text[lines[i].end : lines[i + 1].start]


def _could_head(line: str) -> bool:
    """Short, no bullet and no sentence."""
    return len(line) <= MAX_EMPLOYER and not line.startswith("- ") and not _ends_sentence(line)


def _ends_sentence(line: str) -> bool:
    return bool(re.search(r"[.!?。]$", line))


def _label(line: str) -> str:
    """What stands before the colon of "Languages: English, Korean", "" where a line has no such label."""
    found = re.match(r"([^:：]{1,30})[:：]\s*\S", line)
    return found[1].strip().casefold() if found else ""


def _is_label_line(line: str) -> bool:
    """"Languages: English, Korean": stands for itself."""
    return bool(_label(line))


def _is_inner_label(line: str) -> bool:
    """"Responsibilities", "Tech stack: React": part of the entry above."""
    return title_key(bare_title(line.split(":")[0].split("：")[0])) in ENTRY_LABEL_KEYS


def _entry_head(text: str, entry: _Span) -> str:
    """The first line of an entry where it is a heading line (employer, title, dates), with that of the first post under an employer; else ""."""
    lines = _lines(text, entry.start, entry.end)
    heads = [text[line.start : line.end] for line in lines[: 2 if _is_employer(text, lines, 0) else 1]]
    short = all(len(line) <= 120 and not line.startswith("- ") and not _ends_sentence(line) for line in heads)
    return re.sub(r"\s+", " ", " · ".join(heads)) if short else ""


def _split(text: str, entry: _Span, max_chars: int) -> list[_Span]:
    """Cut a long entry at lines, then sentences, then words; parts of similar length."""
    pieces: list[_Span] = []
    for line in _lines(text, entry.start, entry.end):
        pieces.extend(_split_line(text, line, max_chars))
    total = entry.end - entry.start
    target = total / max(1, -(-total // max_chars))  # equal parts, no crumb at the end
    parts: list[_Span] = []
    current: _Span | None = None
    for piece in pieces:
        if current is None:
            current = piece
        elif piece.end - current.start <= max_chars and current.end - current.start < target * 0.85:
            current = _Span(current.start, piece.end)
        else:
            parts.append(current)
            current = piece
    if current is not None:
        if parts and current.end - parts[-1].start <= max_chars:
            current = _Span(parts.pop().start, current.end)
        parts.append(current)
    return parts


def _split_line(text: str, line: _Span, max_chars: int) -> list[_Span]:
    if line.end - line.start <= max_chars:
        return [line]
    cuts = [line.start, *(m.end() + line.start for m in _SENTENCE_END.finditer(text[line.start : line.end])), line.end]
    pieces = []
    for a, b in itertools.pairwise(cuts):
        while b - a > max_chars:
            cut = text.rfind(" ", a + max_chars // 2, a + max_chars) + 1 or a + max_chars
            pieces.append(_trimmed(text, a, cut))
            a = cut
        pieces.append(_trimmed(text, a, b))
    return [piece for piece in pieces if piece.end > piece.start]


def _trimmed(text: str, start: int, end: int) -> _Span:
    return _Span(start, start + len(text[start:end].rstrip()))


# ---------------------------------------------------------------- whose resume

# "성명: 김영희", or a form's row "성 명  김영희  지원분야  회계", "사진 | 성 명 | (한글) 김영희 | (영문) Kim Younghee"
_NAME_LABEL = re.compile(
    r"(?:^(?:name|full name|candidate|지원자)|(?:^|\|\s*|\s{2,})(?:한글|국문)?\s*(?:성\s*명|이\s*름)(?:\s*\((?:한글|국문)\))?)(?:\s*[:：|]\s*|\s{2,})"
    r"(?:\(?(?:한글|국문)(?:\)|\s*[:：|])\s*)?(?P<name>[^|(/]{2,40}?)(?:\s*[|(/]|\s{2,}|$)",
    re.IGNORECASE,
)
# A form's rows, "Surname: Drummond", "First name(s): Fenella Mary"
_GIVEN, _FAMILY, _PART_OF_NAME = r"(?:first|given|fore) ?names?(?:\(s\))?", r"(?:surname|(?:family|last) ?name)(?:\(s\))?", r"\s*[:：|]\s*(?P<name>[^:：|]{2,30})"
# "Hi, I'm Jane Doe"
_INTRODUCED = re.compile(r"\b(?:i['’]m|i am|my name is)\s+(?P<name>[^,.!|–—(]{3,40}?)(?=\s(?:and|from)\b|[,.!|–—(]|$)", re.IGNORECASE)
_TITLED = re.compile(r"^(?:(?:resume|résumé|cv|curriculum vitae|이력서|자기소개서|경력기술서|포트폴리오)\s*(?:of|for)?\s*[-–—:：|/·]?\s*)(?P<name>.+)$", re.IGNORECASE)
_TITLED_AFTER = re.compile(r"^(?P<name>.+?)(?:'s|’s|의)?\s*[-–—:：|/·]?\s*(?:resume|résumé|cv|curriculum vitae|이력서|자기소개서|경력기술서)$", re.IGNORECASE)
# Titles of sections that may begin with the name, or are the file's own.
_PERSONAL_KEYS = frozenset(
    map(
        title_key,
        "profile,personal profile,about,about me,introduction,bio,personal information,personal details,personal info,personal data,"
        "contact,contact information,contact details,contact info,cover letter,portfolio,curriculum vitae,resume,소개,자기소개,자기소개서,프로필,인적사항,"
        "개인정보,기본정보,기본사항,연락처,연락정보,신상정보,커버레터,이력서,경력기술서,포트폴리오".split(","),
    )
)
HEAD_CHARS, HEAD_LINES = 1500, 6  # of a document, where the name is looked for
_PARTICLES = {"de", "da", "di", "del", "van", "von", "der", "den", "la", "le", "bin", "al", "ter", "dos", "du", "y", "el"}
# Words of job titles and companies: "Software Engineer" has the shape of a name.
_NO_NAME = re.compile(
    r"\b(?:engineer|developer|manager|analyst|designer|scientist|consultant|director|specialist|architect|lead|senior|junior|"
    r"software|data|product|marketing|sales|nurse|teacher|assistant|intern|student|professional|officer|accountant|researcher|"
    r"university|college|inc|llc|ltd|corp|company|street|road|ave|summary|profile|resume|curriculum|vitae|confidential|page|"
    r"business|project|web|full|stack|machine|learning|programmer|administrator|coordinator|executive|president|founder)\b",
    re.IGNORECASE,
)
_SURNAMES = frozenset(
    "김이박최정강조윤장임한오서신권황안송전홍유고문양손배백허남심노하곽성차주우구민류나진지엄채원천방공현함변염여추도소석선설마길연위표명기반라왕금옥육인맹제모탁국은편용예경봉사부어형견감갈옹단묵빙좌팽판피필궉궁빈"
)
_KOREAN_NO_NAME = re.compile(
    r"개발|엔지니어|디자이|이력|소개|경력|기술|학력|프로|지원|연락|인적|사항|매니|대학|회사|마케|기획|분석|신입|안녕|요약|목표|정보|이메일"
)
# Labels of forms that begin like a surname. Whole only: 주소영 and 김영문 are names.
_KOREAN_LABEL = re.compile(r"(?:국문|한글|영문|한자)(?:성명|이름)?|성명|이름|(?:현)?주소|전화(?:번호)?|사진|나이|연령|성별|국적|생년월일|주민번호|소속|전공|구분|기간")


def subject_of(document: Document) -> str:
    """Whose resume a document is: a labelled name, the first line that looks like a name, or the file's stem."""
    head = [line.strip() for line in document.text[:HEAD_CHARS].split("\n") if line.strip()][:15]
    for line in head:
        if (match := _NAME_LABEL.search(line)) and (name := as_name(match.group("name"))):
            return name
    given, family = (next((found["name"] for line in head if (found := re.fullmatch(rf"{label}{_PART_OF_NAME}", line, re.IGNORECASE))), "") for label in (_GIVEN, _FAMILY))
    if given and family and (name := as_name(f"{given} {family}")):
        return name
    lines = _lines_with_name(document)
    if all(re.fullmatch(r"[^\W가-힣]+", line) and not is_known_title(line) for line in lines[:2]) and (name := as_name(" ".join(lines[:2]))):
        return name  # in large letters, one above the other
    for line in lines:
        for pattern in (_TITLED, _TITLED_AFTER):
            if (match := pattern.match(line)) and (name := as_name(match.group("name"))):
                return name
        if is_known_title(line):
            continue
        # "Jane Doe | Engineer", "홍길동 (Gildong Hong)", "Jane Doe, PhD", "Jane Doe  Seoul", "홍길동 Gildong Hong"
        first = re.split(r"\s*[|,(/·•]\s*|\s{2,}|\s+[-–—]\s+|(?<=[가-힣]) (?=[A-Z][a-z])|(?<=[a-z]) (?=[가-힣])", line)[0]
        for part in (line, re.sub(r"(?<=[가-힣]{2}) [남여][자성]?$", "", first)):
            if name := as_name(part):
                return name
        if (match := _INTRODUCED.search(line)) and (name := as_name(match.group("name"))):
            return name
    return Path(document.name).stem


def _lines_with_name(document: Document) -> list[str]:
    """The first lines among which the name may be: not those under "Skills" or "Languages", which a sidebar puts first."""
    lines: list[str] = []
    for section in document.sections:
        if section.start > HEAD_CHARS:
            break
        own = [line.strip() for line in document.text[section.start : min(section.end, HEAD_CHARS)].split("\n") if line.strip()]
        known = bool(section.title) and is_known_title(section.title)
        if known and title_key(bare_title(section.title)) not in _PERSONAL_KEYS:
            continue
        places = known and re.search(r"contact|연락", section.title, re.IGNORECASE)  # below the first line
        lines += own[:2] if places else own
    return lines[:HEAD_LINES]


def as_name(text: str) -> str:
    """The text as a person's name, or "" where it does not look like one."""
    text = re.sub(r"(?<=\w) [\"“'‘(]([^\W\d_][\w.-]{1,15})[\"”'’)](?= \w)", r" \1", text)  # Margaret "Maggie" Tolentino
    text = text.strip(" .,:;|-–—\"'「」[]()")
    if not 2 <= len(text) <= 40 or re.search(r"[\d@/:;!?#_+=<>]", text):
        return ""
    if re.fullmatch(r"[가-힣 ]+", text):
        syllables = text.replace(" ", "")
        spaced = text.split()
        if _KOREAN_NO_NAME.search(syllables) or POST_KO.search(syllables) or _KOREAN_LABEL.fullmatch(syllables) or any(map(_KOREAN_LABEL.fullmatch, spaced)):
            return ""
        if len(spaced) == len(syllables) and 2 <= len(syllables) <= 4:  # 홍 길 동
            return syllables
        if 2 <= len(syllables) <= 4 and (syllables[0] in _SURNAMES or len(spaced) == 2):
            return text
        return ""
    words = text.split()
    if not 2 <= len(words) <= 4 or _NO_NAME.search(text):
        return ""
    if all(unicodedata.category(word[0]) == "Lo" for word in words):
        return ""
    for word in words:
        if not re.fullmatch(r"[^\W\d_][^\W\d_'’.-]*(?:[-'’.][^\W\d_]+)*\.?", word):
            return ""
        if word.lower() not in _PARTICLES and not word[0].isupper():
            return ""
    if text.isupper():
        return " ".join(word if len(word) == 2 and word.endswith(".") else word.title() for word in words)
    return text
