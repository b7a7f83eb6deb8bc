"""Synthetic resumes with known answers, in Korean and English: what the reranker learns resumes from.

A resume is drawn from tables (people, trades, employers, schools, achievements), laid out in one of many
styles and cut into passages. Every fact knows its characters in the passage, so each question comes with
the exact answer spans, or with the certainty that the resume does not say. Layouts, headings and question
wordings marked as held out (`held_out=True`) are never trained on; benchmarks/quoting.py measures on them.
"""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from rag.retrieval import without_names
from rag.training.reranker import Ask, Group
from rag.training.reranker_tables import (
    ASK,
    ATTRIBUTE_FORMS,
    EN,
    HEADINGS,
    KO,
    OFF_TOPIC,
    SKILL_IN_KOREAN,
)
from rag.training.written_claims import claims_of
from rag.training.written_resumes import WrittenResume, draw_written, passages_of, rows, swapped, telling

UNTOLD_SHARE = 0.7  # of the groups of written resumes
OTHER_SHARE = 0.5  # of the questions that stand there in both languages, asked in the other one than the resume's
_REMOVABLE = re.compile(r"\s*(?:[-*•·▪■◆●○ㅇ▶–]|\d{1,2}[.)])\s|\s*[^\n:：]{1,16}\s?[:：]")

OPEN, MID, CLOSE = "\x01", "\x02", "\x03"  # mark(key, text) inside laid-out text; stripped by unmark()


@dataclass(frozen=True, slots=True)
class Example:
    """One question with one passage.

    Attributes:
        answers: whether the passage answers the question.
        spans: (start, end) character spans of the answer in `passage`; empty when it does not answer or
            when only the yes/no label is known.
        source: where the pair comes from, for the scores by source.
    """

    question: str
    passage: str
    answers: bool
    spans: tuple[tuple[int, int], ...]
    source: str


@dataclass(slots=True)
class Resume:
    """A drawn resume: `blocks` are (section kind, marked text of one entry); `asks` are (question, keys).

    A question whose `keys` are empty is not answered anywhere in the resume. A key that ends in `*` stands for
    every fact that starts with it (a list question).
    """

    language: str
    name: str
    blocks: list[tuple[str, str]] = field(default_factory=list)
    asks: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Passage:
    """A cut of a resume, with the spans of the facts that stand in it, by key."""

    text: str
    facts: dict[str, tuple[tuple[int, int], ...]]
    kinds: tuple[str, ...]


def mark(key: str, text: str) -> str:
    return f"{OPEN}{key}{MID}{text}{CLOSE}"


def unmark(marked: str) -> tuple[str, dict[str, tuple[tuple[int, int], ...]]]:
    """Plain text and, by key, the spans that were marked in it (marks may nest)."""
    out: list[str] = []
    length = 0
    open_marks: list[tuple[str, int]] = []
    facts: dict[str, list[tuple[int, int]]] = {}
    i = 0
    while i < len(marked):
        char = marked[i]
        if char == OPEN:
            middle = marked.index(MID, i)
            open_marks.append((marked[i + 1 : middle], length))
            i = middle + 1
            continue
        if char == CLOSE:
            key, start = open_marks.pop()
            facts.setdefault(key, []).append((start, length))
        else:
            out.append(char)
            length += 1
        i += 1
    return "".join(out), {key: tuple(spans) for key, spans in facts.items()}


_JOSA = re.compile(r"(.)\((은/는|이/가|을/를|과/와|으로/로|이라/라|이나/나|이에요/예요|이었/였|아/야)\)")


def josa(text: str) -> str:
    """Resolves "(은/는)" and its like by the final consonant of the character before it."""

    def choose(found: re.Match[str]) -> str:
        before, pair = found.group(1), found.group(2).split("/")
        code = ord(before) - 0xAC00
        if 0 <= code < 11172:
            final = code % 28
        else:
            final = {"0": 1, "1": 8, "3": 1, "6": 1, "7": 8, "8": 8, "l": 8, "m": 1, "n": 1, "L": 8, "M": 1, "N": 1}.get(
                before, 0
            )
        if pair[0] == "으로":
            return before + (pair[1] if final in (0, 8) else pair[0])
        return before + (pair[0] if final else pair[1])

    while _JOSA.search(text):
        text = _JOSA.sub(choose, text)
    return text


class Draw:
    """The random choices of one resume; `held_out` picks the layouts and wordings kept from training."""

    def __init__(self, seed: int | str, held_out: bool) -> None:
        self.random = random.Random(seed)
        self.held_out = held_out

    def one(self, options: Sequence):
        return options[self.random.randrange(len(options))]

    def style(self, options: Sequence):
        """From styles of which the last is held out (when there are at least three)."""
        if len(options) < 3:
            return self.one(options)
        return options[-1] if self.held_out and self.chance(0.7) else self.one(options[:-1])

    def wording(self, options: Sequence[str]) -> str:
        """From wordings of which every fourth is held out (when there are at least four)."""
        kept = [w for i, w in enumerate(options) if i % 4 == 3]
        rest = [w for i, w in enumerate(options) if i % 4 != 3]
        return self.one(kept) if kept and self.held_out else self.one(rest)

    def some(self, options: Sequence, low: int, high: int) -> list:
        return self.random.sample(list(options), min(len(options), self.random.randint(low, high)))

    def chance(self, p: float) -> bool:
        return self.random.random() < p

    def int(self, low: int, high: int) -> int:
        return self.random.randint(low, high)

    def fill(self, template: str) -> str:
        """Numbers for {p} percent, {n} small, {N} large, {m} money, {x} factor."""

        def number(found: re.Match[str]) -> str:
            kind = found.group(1)
            if kind == "p":
                return str(self.one([self.int(3, 95), self.int(1, 9) * 10, self.int(10, 60)]))
            if kind == "n":
                return str(self.int(2, 40))
            if kind == "N":
                value = self.one([self.int(100, 999), self.int(10, 99) * 100, self.int(1000, 9999), self.int(1, 90) * 1000])
                return f"{value:,}" if self.chance(0.7) else str(value)
            if kind == "m":
                return self.one([f"{self.int(1, 90)}", f"{self.int(1, 9)}.{self.int(1, 9)}", f"{self.int(1, 30)}0"])
            return self.one([str(self.int(2, 12)), f"{self.int(1, 9)}.{self.int(1, 9)}"])

        return re.sub(r"\{([pnNmx])\}", number, template)


# ---------------------------------------------------------------- people, places, dates

_KO_COMMON = "민서지현준우영수진하윤도은혜성재경호주연승태희정원석동규빈상아나라솔봄별찬결온"
_KO_RARE = "뫼곬랑볕샘슬탁빛늘새롬율엽휘겸룡붕쾌협촌읍뜰낙팔묵섬젤퀸깔봉턴쥬핀갤뢰"
_EN_SYLLABLES = [
    "ka", "ro", "vi", "tha", "mar", "bel", "do", "quin", "zo", "el", "ash", "wen", "pry", "dor", "lu", "mi",
    "yar", "fenn", "sol", "tav", "br", "io", "gri", "nel", "hux", "or", "ble", "sky", "ven", "cra", "dun",
    "wick", "moor", "lan", "ter", "vale", "stone", "bury", "gar", "rin",
]


def korean_name(draw: Draw) -> str:
    surname = draw.one(KO["surnames"]) if draw.chance(0.6) else draw.one(KO["rare_surnames"])
    pool = _KO_COMMON if draw.chance(0.7) else _KO_COMMON + _KO_RARE
    return surname + "".join(draw.one(pool) for _ in range(draw.one([1, 2, 2, 2, 2, 3])))


def korean_word(draw: Draw, low: int = 2, high: int = 3) -> str:
    pool = _KO_COMMON + _KO_RARE + "한대신세동남북서강산천백금은청해로고다바노이오유"
    return "".join(draw.one(pool) for _ in range(draw.int(low, high)))


def english_word(draw: Draw) -> str:
    return "".join(draw.one(_EN_SYLLABLES) for _ in range(draw.int(2, 3))).capitalize()


def english_name(draw: Draw) -> str:
    first = draw.one(EN["first_names"]) if draw.chance(0.6) else english_word(draw)
    last = draw.one(EN["last_names"]) if draw.chance(0.5) else english_word(draw)
    return f"{first} {last}"


def company(draw: Draw, language: str) -> str:
    if language == "ko":
        if draw.chance(0.15):
            return draw.one(KO["real_companies"])
        core = korean_word(draw) if draw.chance(0.75) else english_word(draw)
        name = core + draw.one(KO["company_suffixes"])
        return draw.one(["{}", "{}", "{}", "(주){}", "㈜{}", "주식회사 {}", "{}㈜"]).format(name)
    name = english_word(draw)
    return draw.one(["{}", "{} Inc.", "{} Ltd", "{} Group", "{} & Sons", "{} GmbH", "{} Systems", "{} Health", "{} Labs",
                     "{} Logistics", "{} Foods", "{} Partners", "{} Energy", "{} Retail", "{} Studio"]).format(name)


def school(draw: Draw, language: str) -> str:
    if language == "ko":
        if draw.chance(0.3):
            return draw.one(KO["real_schools"])
        return korean_word(draw) + draw.one(["대학교", "대학교", "대", "과학기술대학교", "여자대학교", "전문대학", "교육대학교"])
    return draw.one(["{} University", "University of {}", "{} College", "{} Institute of Technology", "{} State University",
                     "{} Polytechnic"]).format(english_word(draw))


def month(draw: Draw, language: str, year: int, style: int) -> str:
    m = draw.int(1, 12)
    if language == "ko":
        return [f"{year}.{m:02d}", f"{year}년 {m}월", f"{year}-{m:02d}", f"{year}/{m:02d}", f"{year}.{m}", f"{year}년",
                f"'{year % 100:02d}.{m:02d}"][style % 7]
    name = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
            "November", "December"][m - 1]
    return [f"{name} {year}", f"{name[:3]} {year}", f"{m:02d}/{year}", f"{year}-{m:02d}", f"{year}", f"{name[:3]}. {year}"][
        style % 6
    ]


def period(draw: Draw, language: str, start: int, end: int | None, style: int) -> str:
    dash = draw.one([" ~ ", " - ", " – ", "~", "-", " ∼ "]) if language == "ko" else draw.one([" - ", " – ", "–", " to "])
    if end is None:
        last = draw.one(["현재", "재직 중", "현재(재직 중)", "재직중", ""]) if language == "ko" else draw.one(
            ["Present", "present", "now", "Current"]
        )
    else:
        last = month(draw, language, end, style)
    return (month(draw, language, start, style) + dash + last).strip()


# ---------------------------------------------------------------- laying out

_BULLETS = ["- ", "• ", "· ", "* ", "", "ㅇ ", "▪ ", "  - ", "○ ", "– "]
_PAIR = [": ", " : ", " | ", " - ", "  ", "\t", " ： ", " / "]


def bullets(draw: Draw, lines: Sequence[str]) -> str:
    mark_ = draw.style(_BULLETS)
    return "\n".join(mark_ + line for line in lines)


def head_line(draw: Draw, parts: Sequence[str]) -> str:
    """Employer, period and role in one line (or two), the way headings of entries are written."""
    parts = [p for p in parts if p]
    if draw.chance(0.6):
        draw.random.shuffle(parts)
    way = draw.style(["pipe", "comma", "paren", "two", "space", "dash", "slash"])
    if way == "pipe":
        return " | ".join(parts)
    if way == "comma":
        return ", ".join(parts)
    if way == "paren":
        return " ".join(parts[:-1]) + f" ({parts[-1]})" if len(parts) > 1 else parts[0]
    if way == "two":
        return "\n".join([" ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]
    if way == "space":
        return "  ".join(parts)
    if way == "dash":
        return " - ".join(parts)
    return " / ".join(parts)


def _ask(draw: Draw, resume: Resume, attribute: str, keys: tuple[str, ...], **names: str) -> None:
    """Adds one or two wordings of the question for `attribute`, answered by `keys`."""
    forms = ASK[resume.language].get(attribute)
    if not forms:
        return
    for _ in range(1 if draw.chance(0.6) else 2):
        form = draw.wording(forms)
        for name, value in names.items():
            form = form.replace("{" + name + "}", value)
        if "{" in form:
            continue
        resume.asks.append((form, keys))


def _plain(text: str) -> str:
    return unmark(text)[0]


def _spoken_company(draw: Draw, name: str) -> str:
    """A company the way a question names it: without its legal form, now and then only its first word."""
    return re.sub(r"\(주\)|㈜|주식회사 | Inc\.| Ltd| GmbH", "", name).strip() if draw.chance(0.85) else name


def contact(draw: Draw, resume: Resume) -> None:
    ko = resume.language == "ko"
    number = f"010-{draw.int(1000, 9999)}-{draw.int(1000, 9999)}" if ko else draw.one(
        [f"+1 {draw.int(200, 989)} 555 {draw.int(1000, 9999)}", f"({draw.int(200, 989)}) 555-{draw.int(1000, 9999)}",
         f"+44 20 7946 0{draw.int(100, 999)}"]
    )
    handle = english_word(draw).lower() + str(draw.int(1, 99))
    values = {
        "email": f"{handle}@{draw.one(['gmail.com', 'naver.com', 'example.com', 'outlook.com', 'hanmail.net'])}",
        "phone": number,
        "address": draw.one(KO["addresses"] if ko else EN["cities"]),
        "github": f"github.com/{handle}",
        "blog": draw.one([f"{handle}.tistory.com", f"https://velog.io/@{handle}", f"{handle}.dev", f"blog.naver.com/{handle}"]),
        "linkedin": f"linkedin.com/in/{handle}",
        "birth": draw.one([f"{draw.int(1970, 2003)}년 {draw.int(1, 12)}월 {draw.int(1, 28)}일", f"{draw.int(1970, 2003)}.{draw.int(1, 12):02d}.{draw.int(1, 28):02d}"])
        if ko else f"{draw.int(1, 28)} {draw.one(['March', 'May', 'July', 'October'])} {draw.int(1970, 2003)}",
        "military": draw.one(KO["military"]),
        "desired_job": draw.one(KO["desired_jobs"] if ko else EN["desired_jobs"]),
        "salary": (draw.one(["{} 만원", "연 {}만 원", "{}만원 (협의 가능)"]).format(draw.one(["3,600", "4,200", "5,000", "6,800", "4500"]))
                   if ko else draw.one(["£{},000", "${},000 per year"]).format(draw.int(28, 140))),
        "available": draw.one(KO["available"] if ko else EN["available"]),
        "visa": draw.one(EN["visa"]),
        "marital": draw.one(["미혼", "기혼"]),
        "hobby": ", ".join(draw.some(KO["hobbies"] if ko else EN["hobbies"], 1, 3)),
    }
    usual = {"email": 0.9, "phone": 0.8, "address": 0.6, "github": 0.3, "blog": 0.25, "linkedin": 0.2, "birth": 0.3,
             "military": 0.25 if ko else 0, "desired_job": 0.2, "salary": 0.1, "available": 0.15,
             "visa": 0 if ko else 0.15, "marital": 0.05 if ko else 0, "hobby": 0.2}
    chosen = [key for key, p in usual.items() if draw.chance(p)]
    labels = ATTRIBUTE_FORMS[resume.language]
    way = draw.style(["lines", "one line", "unlabelled", "bulleted"])
    parts = []
    for key in chosen:
        label = draw.one(labels[key])
        value = mark(key, values[key])
        bare = way == "unlabelled" and key in ("email", "phone", "address", "github", "blog", "linkedin")
        parts.append(value if bare else label + draw.one(_PAIR[:4]) + value)
        _ask(draw, resume, key, (key,))
    if draw.chance(0.5):
        draw.random.shuffle(parts)
    if way == "one line" or way == "unlabelled":
        body = draw.one([" | ", " · ", "  ", ", "]).join(parts)
    elif way == "bulleted":
        body = bullets(draw, parts)
    else:
        body = "\n".join(parts)
    name = mark("name", resume.name)
    title = draw.one([name, name, f"이력서\n{name}" if ko else f"Curriculum Vitae\n{name}", (f"이름: {name}" if ko else f"Name: {name}"),
                      (f"성명 : {name}" if ko else name)])
    _ask(draw, resume, "name", ("name",))
    resume.blocks.append(("contact", title + ("\n" + body if body else "")))


def education(draw: Draw, resume: Resume, trade: dict, style: int, birth: int) -> None:
    ko = resume.language == "ko"
    tables = KO if ko else EN
    count = draw.one([1, 1, 1, 2, 2, 3])
    degrees = tables["degrees"][: count + 1] if count > 1 else [draw.one(tables["degrees"][1:3])]
    degrees = list(reversed(degrees))[:count]
    entries: list[str] = []
    year = birth + 19
    marked_schools = []
    for i, degree in enumerate(reversed(degrees)):
        key = f"edu{i}"
        name, major = school(draw, resume.language), draw.one(trade["majors"])
        if ko and degree == "고등학교":
            name, major = korean_word(draw) + "고등학교", ""
        start, end = year, year + draw.one([2, 3, 4, 4, 5])
        year = end
        school_ = mark("school." + key, name)
        major_ = mark("major." + key, major) if major else ""
        when = mark("eduperiod." + key, period(draw, resume.language, start, end, style))
        degree_ = mark("degree." + key, degree if not ko or draw.chance(0.5) else degree + " " + draw.one(["졸업", "취득"]))
        fact_lines = []
        if draw.chance(0.35):
            gpa = draw.one([f"{draw.int(2, 4)}.{draw.int(10, 49)} / 4.5", f"{draw.int(2, 4)}.{draw.int(0, 5)}/4.5", f"3.{draw.int(10, 99)}/4.3"]) if ko else draw.one(
                [f"3.{draw.int(1, 99)}/4.0", "First-class honours", "2:1", f"3.{draw.int(1, 9)}"]
            )
            fact_lines.append(draw.one(["학점", "평점", "GPA", "졸업 평점"] if ko else ["GPA", "Grade", "Result"]) + draw.one(_PAIR[:3]) + mark("gpa." + key, gpa))
            _ask(draw, resume, "gpa", ("gpa.*",), school=name)
        if draw.chance(0.25):
            topic = draw.one(trade["theses"])
            fact_lines.append(draw.one(["졸업 논문", "논문", "학위 논문", "논문 제목"] if ko else ["Thesis", "Dissertation", "Final project"]) + draw.one(_PAIR[:3]) + mark("thesis." + key, topic))
            _ask(draw, resume, "thesis", ("thesis.*",))
        if draw.chance(0.15):
            advisor = (korean_name(draw) + " 교수") if ko else "Prof. " + english_name(draw)
            fact_lines.append(draw.one(["지도교수", "지도 교수"] if ko else ["Supervisor", "Advisor"]) + draw.one(_PAIR[:3]) + mark("advisor." + key, advisor))
            _ask(draw, resume, "advisor", ("advisor.*",))
        if draw.chance(0.15):
            minor = draw.one(tables["minors"])
            fact_lines.append(draw.one(["부전공", "복수전공"] if ko else ["Minor", "Second major"]) + draw.one(_PAIR[:3]) + mark("minor." + key, minor))
            _ask(draw, resume, "minor", ("minor.*",))
        if draw.chance(0.15):
            grant = draw.one(tables["scholarships"])
            fact_lines.append(mark("scholarship." + key, grant))
            _ask(draw, resume, "scholarship", ("scholarship.*",))
        if draw.chance(0.12):
            exchange = draw.one(tables["exchanges"])
            fact_lines.append(mark("exchange." + key, exchange))
            _ask(draw, resume, "exchange", ("exchange.*",))
        if ko and draw.chance(0.3) or not ko and draw.chance(0.25):
            line = josa(f"{when} {school_} {major_} {degree_}") if ko else f"{degree_} in {major_}, {school_} ({when})" if major_ else f"{degree_}, {school_}, {when}"
        else:
            line = head_line(draw, [when, school_, major_, degree_])
        entries.append(line + ("\n" + bullets(draw, fact_lines) if fact_lines else ""))
        marked_schools.append("school." + key)
        names = {"school": name, "major": major or "-", "degree": degree}
        if not (ko and degree == "고등학교"):
            _ask(draw, resume, "major", ("major.*",))
            _ask(draw, resume, "major_of", ("major." + key,), **names)
            _ask(draw, resume, "graduated_of", ("eduperiod." + key,), **names)
        if degree in ("석사", "박사", "MSc", "PhD", "Master of Science", "Doctor of Philosophy"):
            _ask(draw, resume, "graduate_school", ("school." + key,), **names)
    _ask(draw, resume, "school", ("school.*",))
    _ask(draw, resume, "degree", ("degree.*",))
    if count > 1:
        _ask(draw, resume, "education_list", ("school.*", "degree.*"))
    if count == 1:
        _ask(draw, resume, "graduated", ("eduperiod.edu0",))
    if draw.chance(0.6):
        entries.reverse()
    for entry in entries:
        resume.blocks.append(("education", entry))


def experience(draw: Draw, resume: Resume, trade: dict, style: int, first_year: int) -> int:
    """Employments, newest first; returns the year the first one began."""
    ko = resume.language == "ko"
    tables = KO if ko else EN
    count = draw.one([1, 2, 2, 3, 3, 4])
    year, jobs = first_year, []
    achievements = draw.some(trade["achievements"], 1, 12)
    chosen_roles = draw.some(trade["roles"], count, count)
    while len(chosen_roles) < count:
        chosen_roles.append(draw.one(trade["roles"]))
    for i in range(count):
        end = year + draw.one([1, 1, 2, 2, 3, 4, 5])
        jobs.append((i, year, end))
        year = end
    entries, employers = [], []
    last = count - 1
    present = draw.chance(0.6)
    for i, start, end in jobs:
        key = f"job{i}"
        name = company(draw, resume.language)
        spoken = _spoken_company(draw, name)
        role = chosen_roles[i]
        rank = draw.one(tables["ranks"]) if draw.chance(0.35) else ""
        dept = draw.one(trade["depts"]) if draw.chance(0.4) else ""
        when = mark("jobperiod." + key, period(draw, resume.language, start, None if i == last and present else end, style))
        head = head_line(draw, [when, mark("company." + key, name), mark("dept." + key, dept) if dept else "",
                                mark("role." + key, role + (f" {rank}" if rank else "") if ko else (f"{rank} " if rank else "") + role)])
        lines = []
        mine = [achievements.pop() for _ in range(min(len(achievements), draw.int(1, 4)))]
        for number, (line, questions) in enumerate(mine):
            fact = f"ach.{key}.{number}"
            text = draw.fill(line)
            text = text.replace("<<", OPEN + fact + MID).replace(">>", CLOSE)
            lines.append(mark("duty." + key, text))
            question = draw.wording(questions) if len(questions) > 3 else draw.one(questions)
            resume.asks.append((question, (fact,)))
            if draw.chance(0.25):
                resume.asks.append(((spoken + "에서 " if ko else "") + question + ("" if ko else f" (at {spoken})"), (fact,)))
        for duty in draw.some(trade["duties"], 0, 3):
            lines.append(mark("duty." + key, duty))
        draw.random.shuffle(lines)
        names = {"emp": spoken, "role": role, "year": str(draw.int(start, max(start, end - 1)))}
        if draw.chance(0.2):
            people = draw.int(2, 30)
            text = draw.one(["팀원 {}명 관리", "{}명 규모의 팀 운영", "{}인 팀 리드"] if ko else ["Managed a team of {}", "Led {} people", "Line manager of {} staff"])
            lines.append(mark("duty." + key, text.replace("{}", mark("teamsize." + key, str(people)))))
            _ask(draw, resume, "teamsize", ("teamsize.*",), **names)
        if draw.chance(0.15):
            reason = draw.one(tables["leaving"])
            lines.append(draw.one(["퇴사 사유", "이직 사유", "퇴직 사유"] if ko else ["Reason for leaving"]) + draw.one(_PAIR[:3]) + mark("leaving." + key, reason))
            _ask(draw, resume, "leaving", ("leaving." + key,), **names)
        if draw.chance(0.25):
            used = ", ".join(draw.some([s for group in trade["skills"].values() for s in group], 2, 5))
            lines.append(draw.one(["사용 기술", "기술 스택", "활용 도구", "Tech"] if ko else ["Tools", "Stack", "Technologies", "Environment"]) + draw.one(_PAIR[:3]) + mark("tech." + key, used))
            _ask(draw, resume, "tech_of", ("tech." + key,), **names)
        if draw.chance(0.15):
            kind = draw.one(tables["contracts"])
            lines.append(draw.one(["고용 형태", "근무 형태"] if ko else ["Contract", "Employment type"]) + draw.one(_PAIR[:3]) + mark("contract." + key, kind))
            _ask(draw, resume, "contract", ("contract." + key,), **names)
        if draw.chance(0.12):
            place = draw.one(tables["addresses"] if ko else tables["cities"])
            lines.append(draw.one(["근무지", "근무 지역"] if ko else ["Location", "Based in"]) + draw.one(_PAIR[:3]) + mark("place." + key, place))
            _ask(draw, resume, "place", ("place." + key,), **names)
        if not lines:
            lines = [mark("duty." + key, draw.one(trade["duties"]))]
        prose = draw.chance(0.15)
        entries.append(head + "\n" + (("".join(f"{line}. " for line in lines)).strip() if prose else bullets(draw, lines)))
        employers.append(spoken)
        _ask(draw, resume, "role_of", ("role." + key,), **names)
        _ask(draw, resume, "duty_of", ("duty." + key,), **names)
        _ask(draw, resume, "jobperiod_of", ("jobperiod." + key,), **names)
        if dept:
            _ask(draw, resume, "dept_of", ("dept." + key,), **names)
        if draw.chance(0.3):
            _ask(draw, resume, "worked_at", ("company." + key,), **names)
        if i == last:
            _ask(draw, resume, "latest" if not present else "current", ("company." + key,), **names)
            _ask(draw, resume, "latest_role" if not present else "current_role", ("role." + key,), **names)
        if i == 0 and count > 1:
            _ask(draw, resume, "first_job", ("company." + key,), **names)
        if 0 < i < last or count > 1 and draw.chance(0.3):
            _ask(draw, resume, "where_in_year", tuple(f"company.job{j}" for j, s, e in jobs if s <= int(names["year"]) <= e), **names)
        _ask(draw, resume, "who_did_role", ("company." + key,), **names)
    _ask(draw, resume, "companies", ("company.*",))
    if count > 1:
        _ask(draw, resume, "roles", ("role.*",))
    stranger = company(draw, resume.language)
    for attribute in ("role_of", "duty_of", "jobperiod_of", "worked_at", "leaving"):
        if draw.chance(0.35):
            _ask(draw, resume, attribute, (), emp=_spoken_company(draw, stranger), role=draw.one(trade["roles"]))
    for attribute in ("tech_of", "teamsize_of", "leaving", "contract", "place", "dept_of"):
        for i, name in enumerate(employers):
            key = {"tech_of": "tech", "teamsize_of": "teamsize", "dept_of": "dept"}.get(attribute, attribute) + f".job{i}"
            if not any(mark(key, "")[:-1] in entry for entry in entries) and draw.chance(0.15):
                _ask(draw, resume, attribute, (), emp=name)
            elif attribute == "teamsize_of" and draw.chance(0.6):
                _ask(draw, resume, attribute, (key,), emp=name)
    for line, questions in draw.some(trade["achievements"], 2, 4):
        text = _plain(draw.fill(line).replace("<<", "").replace(">>", ""))
        skeleton = re.sub(r"[\d.,]+", "", text)
        if not any(re.sub(r"[\d.,]+", "", _plain(entry)).find(skeleton[:12]) >= 0 for entry in entries):
            resume.asks.append((draw.one(questions), ()))
    for entry in reversed(entries):
        resume.blocks.append(("experience", entry))
    return jobs[0][1]


def skills(draw: Draw, resume: Resume, trade: dict, others: Sequence[dict]) -> None:
    ko = resume.language == "ko"
    held: list[str] = []
    lines = []
    flat = draw.chance(0.35)
    for category, options in trade["skills"].items():
        names = draw.some(options, 2, 6)
        held += names
        marked = [mark("skill." + n, n + (draw.one([" (상)", " (중)", "", ""]) if ko and not flat and draw.chance(0.1) else "")) for n in names]
        joined = draw.one([", ", ", ", " / ", " · ", " "]).join(marked)
        lines.append(mark("skills.all", joined) if flat else category + draw.one(_PAIR[:4]) + mark("skills.all", mark("cat." + category, joined)))
        if not flat:
            _ask(draw, resume, "skill_category", ("cat." + category,), cat=category)
    body = bullets(draw, lines) if not flat or draw.chance(0.5) else ", ".join(lines)
    _ask(draw, resume, "skills", ("skills.all",))
    resume.blocks.append(("skills", body))
    text = "\n".join(_plain(b) for _, b in resume.blocks).lower()
    for name in draw.some(held, 1, 3):
        spoken = SKILL_IN_KOREAN.get(name, name) if ko and draw.chance(0.6) else name
        _ask(draw, resume, "has_skill", ("skill." + name,), skill=spoken)
    absent = [s for other in (trade, *others) for group in other["skills"].values() for s in group if s.lower() not in text]
    for name in draw.some(absent, 1, 2):
        spoken = SKILL_IN_KOREAN.get(name, name) if ko and draw.chance(0.6) else name
        if spoken.lower() not in text:
            _ask(draw, resume, "has_skill", (), skill=spoken)


def extras(draw: Draw, resume: Resume, trade: dict, style: int) -> None:
    """Certificates, languages, awards, publications, projects, training, activities, self-introduction."""
    ko = resume.language == "ko"
    tables = KO if ko else EN

    def dated(kind: str, options: Sequence[str], low: int, high: int, issuer: Sequence[str] = ()) -> None:
        chosen = draw.some(options, low, high)
        lines = []
        for i, name in enumerate(chosen):
            name = draw.fill(name)
            when = month(draw, resume.language, draw.int(2008, 2024), style)
            org = draw.one(issuer) if issuer and draw.chance(0.4) else ""
            shown = mark(f"{kind}.{i}", name)
            when_ = mark(f"{kind}date.{i}", when)
            org_ = mark(f"{kind}org.{i}", org) if org else ""
            if draw.chance(0.75):
                lines.append(head_line(draw, [shown, when_, org_]).replace("\n", " "))
                _ask(draw, resume, kind + "_date", (f"{kind}date.{i}",), item=name)
            else:
                lines.append(shown + (f" ({org_})" if org_ else ""))
            if org:
                _ask(draw, resume, kind + "_org", (f"{kind}org.{i}",), item=name)
            if draw.chance(0.4):
                _ask(draw, resume, kind + "_has", (f"{kind}.{i}",), item=name)
        absent = [o for o in options if o not in chosen and "{" not in o]
        if absent and draw.chance(0.5):
            _ask(draw, resume, kind + "_has", (), item=draw.one(absent))
        _ask(draw, resume, kind, (f"{kind}.*",))
        resume.blocks.append((kind, bullets(draw, lines)))

    if draw.chance(0.6):
        dated("cert", list(trade["certs"]) + tables["certs"], 1, 4, tables["issuers"])
    if draw.chance(0.4):
        dated("award", list(trade["awards"]) + tables["awards"], 1, 3, tables["award_orgs"])
    if draw.chance(0.2):
        dated("paper", trade["theses"], 1, 3, tables["venues"])
    if draw.chance(0.12):
        dated("patent", tables["patents"], 1, 2)
    if draw.chance(0.25):
        dated("training", list(trade["trainings"]) + tables["trainings"], 1, 3, tables["training_orgs"])
    if draw.chance(0.25):
        dated("volunteer", tables["volunteer"], 1, 2)
    if draw.chance(0.2):
        dated("activity", tables["activities"], 1, 3)
    if draw.chance(0.55):
        lines = []
        for i, (name, level) in enumerate(draw.some(tables["languages"], 1, 3)):
            score = draw.fill(draw.one(level))
            shown = mark("lang.all", name + draw.one([": ", " - ", " (", " "]) + mark("lang." + name, score))
            shown += ")" if " (" in _plain(shown) and ")" not in _plain(shown) else ""
            lines.append(shown)
            _ask(draw, resume, "lang_level", ("lang." + name,), lang=name)
            test = re.match(r"(TOEIC|토익|OPIc|JLPT|HSK|TOEFL|IELTS|오픽|토플|TOEIC Speaking|토스)", score)
            if test:
                spoken = SKILL_IN_KOREAN.get(test.group(1), test.group(1)) if draw.chance(0.6) else test.group(1)
                _ask(draw, resume, "test_score", ("lang." + name,), test=spoken)
        _ask(draw, resume, "langs", ("lang.all",))
        said = " ".join(_plain(line) for line in lines)
        for name, _ in draw.some(tables["languages"], 2, 2):
            if name not in said:
                _ask(draw, resume, "lang_level", (), lang=name)
        resume.blocks.append(("language", draw.one(["\n", ", ", "\n"]).join(lines) if draw.chance(0.5) else bullets(draw, lines)))
    if draw.chance(0.45):
        for i, (name, goal, result, question) in enumerate(draw.some(trade["projects"], 1, 3)):
            key = f"proj{i}"
            names = {"proj": name}
            start = draw.int(2012, 2023)
            when = mark("projperiod." + key, period(draw, resume.language, start, start + draw.int(0, 1), style))
            lines = [mark("projgoal." + key, goal)]
            role = ""
            if draw.chance(0.5):
                role = draw.one(tables["project_roles"])
                lines.append(draw.one(["역할", "담당", "담당 역할"] if ko else ["Role", "My part"]) + draw.one(_PAIR[:3]) + mark("projrole." + key, role))
                _ask(draw, resume, "proj_role", ("projrole." + key,), **names)
            if draw.chance(0.4):
                used = ", ".join(draw.some([s for group in trade["skills"].values() for s in group], 2, 4))
                lines.append(draw.one(["사용 기술", "기술"] if ko else ["Tools", "Built with"]) + draw.one(_PAIR[:3]) + mark("projtech." + key, used))
                _ask(draw, resume, "proj_tech", ("projtech." + key,), **names)
            outcome = draw.fill(result).replace("<<", OPEN + "projresult." + key + MID).replace(">>", CLOSE)
            lines.append(outcome)
            resume.asks.append((draw.one(question), ("projresult." + key,)))
            _ask(draw, resume, "proj_what", ("projgoal." + key,), **names)
            _ask(draw, resume, "proj_when", ("projperiod." + key,), **names)
            resume.blocks.append(("project", head_line(draw, [mark("proj." + key, name), when]) + "\n" + bullets(draw, lines)))
        _ask(draw, resume, "projects", ("proj.*",))
    if draw.chance(0.45 if ko else 0.3):
        for kind, (text, questions) in draw.some(list(tables["letters"].items()), 1, 3):
            body = draw.fill(draw.one(text))
            body = josa(body.replace("{role}", draw.one(trade["roles"])).replace("{major}", draw.one(trade["majors"])).replace("{emp}", company(draw, resume.language)))
            body = body.replace("<<", OPEN + kind + MID).replace(">>", CLOSE)
            resume.blocks.append((kind, body))
            resume.asks.append((draw.wording(questions), (kind,)))


def summary(draw: Draw, resume: Resume, trade: dict, years: int) -> None:
    ko = resume.language == "ko"
    tables = KO if ko else EN
    text = draw.one(tables["summaries"])
    strength = draw.one(trade["strengths"])
    text = text.replace("{years}", mark("years", str(years) + draw.one(["년", "년차", "년"] if ko else [" years", "+ years"])))
    text = text.replace("{role}", draw.one(trade["roles"])).replace("{strength}", mark("strength", strength))
    resume.blocks.insert(1, ("summary", josa(text)))
    if "years" in unmark(text)[1]:
        _ask(draw, resume, "years", ("years",))
    if "strength" in unmark(text)[1]:
        _ask(draw, resume, "strength", ("strength",))


def draw_resume(draw: Draw, language: str) -> Resume:
    """One resume with its questions, answerable and not."""
    tables = KO if language == "ko" else EN
    resume = Resume(language, korean_name(draw) if language == "ko" else english_name(draw))
    trades = tables["trades"]
    trade = draw.one(trades)
    style = draw.int(0, 6)
    birth = draw.int(1962, 1992)
    contact(draw, resume)
    makers: list[Callable[[], object]] = [
        lambda: education(draw, resume, trade, style, birth),
        lambda: experience(draw, resume, trade, style, birth + draw.int(22, 29)),
        lambda: extras(draw, resume, trade, style),
    ]
    if draw.chance(0.35):
        makers.append(makers.pop(0))
    if draw.chance(0.08):
        del makers[draw.int(0, len(makers) - 1)]
    for maker in makers:
        maker()
    if draw.chance(0.8):
        skills(draw, resume, trade, [t for t in trades if t is not trade])
    if draw.chance(0.5):
        summary(draw, resume, trade, draw.int(1, 20))
    marked = "".join(text for _, text in resume.blocks)
    labels = ATTRIBUTE_FORMS[language]
    plain = _plain(marked)
    for attribute in draw.some(sorted(ASK[language]), 14, 14):
        missing = not any(OPEN + prefix in marked for prefix in _KEYS_OF.get(attribute, (attribute,)))
        if missing and not any(label in plain for label in labels.get(attribute, ())):
            forms = [f for f in ASK[language][attribute] if "{" not in f]
            if forms:
                resume.asks.append((draw.wording(forms), ()))
    for question in draw.some(OFF_TOPIC[language], 3, 3):
        if not any(word in plain for word in OFF_TOPIC[language][question]):
            resume.asks.append((question, ()))
    return resume


# The fact keys that answer an attribute's question, where they are not named like the attribute.
_KEYS_OF = {
    "major": ("major.",), "school": ("school.",), "degree": ("degree.",), "graduated": ("eduperiod.",),
    "education_list": ("school.",), "graduate_school": ("school.",), "companies": ("company.",), "roles": ("role.",),
    "current": ("company.",), "latest": ("company.",), "first_job": ("company.",), "current_role": ("role.",),
    "latest_role": ("role.",), "skills": ("skill", "tech"), "langs": ("lang.",), "projects": ("proj.", "duty."),
    "years": ("years", "jobperiod."), "strength": ("strength", "letter_"), "cert": ("cert.", "training."),
    "award": ("award.", "scholarship."), "paper": ("paper.", "thesis."), "gpa": ("gpa.",), "thesis": ("thesis.", "paper."),
    "advisor": ("advisor.",), "minor": ("minor.",), "scholarship": ("scholarship.",), "exchange": ("exchange.",),
    "patent": ("patent.",), "training": ("training.", "cert."), "volunteer": ("volunteer.",),
    "activity": ("activity.", "volunteer."), "teamsize": ("teamsize.", "ach."), "hobby": ("hobby",), "github": ("github",),
    "blog": ("blog", "linkedin", "github"),
}  # fmt: skip


# ---------------------------------------------------------------- cutting into passages

_HEAD_STYLES = ["{}", "## {}", "[{}]", "■ {}", "◆ {}", "{}:", "【{}】", "# {}", "● {}", "<{}>", "━ {} ━", "▶ {}"]


def cut(draw: Draw, resume: Resume) -> list[Passage]:
    """The resume as passages: whole sections, single entries, or neighbours packed up to a length."""
    language = resume.language
    limit = draw.one([120, 240, 350, 450]) if language == "ko" else draw.one([250, 450, 700, 900])
    head = draw.style(_HEAD_STYLES)
    parts: list[tuple[str, str]] = []
    titles: dict[str, str] = {}
    previous = None
    for kind, text in resume.blocks:
        options = HEADINGS[language].get(kind)
        if options and kind not in titles:
            titles[kind] = head.format(draw.wording(options))
        title = titles.get(kind, "")
        show = title and (kind != previous or draw.chance(0.3))
        parts.append((kind, (title + "\n" + text) if show else text))
        previous = kind
    passages: list[tuple[str, list[str]]] = []
    for kind, text in parts:
        if passages and len(_plain(passages[-1][0])) + len(_plain(text)) < limit and (
            passages[-1][1][-1] == kind or draw.chance(0.5)
        ):
            passages[-1] = (passages[-1][0] + "\n\n"[: draw.int(1, 2)] + text, [*passages[-1][1], kind])
        else:
            passages.append((text, [kind]))
    if draw.chance(0.25):
        opening = draw.one([f"{resume.name}\n", f"{resume.name} | "])
        passages = [passages[0], *((opening + text, kinds) for text, kinds in passages[1:])]
    return [Passage(*unmark(text), tuple(kinds)) for text, kinds in passages]


def spans_of(passage: Passage, keys: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    """Where the facts `keys` stand in a passage; `key*` is every fact that starts with `key`."""
    found: list[tuple[int, int]] = []
    for key in keys:
        if key.endswith("*"):
            for name, spans in passage.facts.items():
                if name.startswith(key[:-1]):
                    found += spans
        else:
            found += passage.facts.get(key, ())
    return tuple(sorted(set(found)))


def _values(passages: Sequence[Passage], keys: tuple[str, ...]) -> set[str]:
    return {p.text[s:e].strip().lower() for p in passages for s, e in spans_of(p, keys)}


def spoken(draw: Draw, question: str, resume: Resume) -> str:
    """A question with the small noise of typing: who is meant, dropped marks and spaces, a slip of the finger."""
    who = ""
    if resume.language == "ko":
        question = josa(question.replace("{S}", "\x00"))
        options = ["", "", "", "지원자는 ", f"{resume.name}님은 ", "이분은 ", "이 사람 ", f"{resume.name[1:]}님은 ", "당신은 ", "후보자는 ", f"{resume.name}씨는 ", "너는 "]
        who = draw.one(options)
        question = question.replace("\x00", who)
        if draw.chance(0.12):
            question = question.rstrip("?.!") + draw.one(["", "", "??", "요?", "~?"])
        if draw.chance(0.06):
            question = draw.one(["혹시 ", "그럼 ", "음 ", "아 그리고 "]) + question
        if draw.chance(0.05):
            question = question.replace(" ", "", 1)
        if draw.chance(0.03) and len(question) > 8:
            at = draw.int(2, len(question) - 3)
            question = question[:at] + question[at + 1 :]
        return question
    name = draw.one([resume.name, resume.name.split()[0], "the candidate", "they", "this person", "the applicant"])
    question = question.replace("{S}", name)
    if name == "they":
        for wrong, right in (("Does they", "Do they"), ("Has they", "Have they"), ("Is they", "Are they"), ("does they", "do they"),
                             ("has they", "have they"), ("is they", "are they"), ("Was they", "Were they"), ("was they", "were they"),
                             ("they's", "their")):
            question = question.replace(wrong, right)
    if draw.chance(0.1):
        question = question[0].lower() + question[1:]
    if draw.chance(0.08):
        question = question.rstrip("?")
    return question


def groups(seed: int, held_out: bool, korean_share: float = 0.7, questions: int = 16) -> Iterator[Group]:
    """Endless resumes with their questions; the same seed gives the same ones."""
    for number in itertools.count():
        draw = Draw(f"{seed}/{held_out}/{number}", held_out)
        resume = draw_resume(draw, "ko" if draw.chance(korean_share) else "en")
        passages = cut(draw, resume)
        asks = []
        for question, keys in draw.some(resume.asks, questions, questions):
            spans = {i: found for i, p in enumerate(passages) if (found := spans_of(p, keys))}
            if spans or not keys:
                unsure = frozenset(i for i, p in enumerate(passages) if i not in spans and may_answer(p, passages, keys))
                asks.append(Ask(spoken(draw, question, resume), spans, unsure))
        if asks:
            yield Group(tuple(p.text for p in passages), tuple(asks))


def written_groups(
    seed: int, held_out: bool, korean_share: float = 0.5, questions: int = 14, headed: bool = False, crossed: float = 0.0
) -> Iterator[Group]:
    """Endless draws of the resumes written by hand, with their questions as retrieval asks them: without names.

    Args:
        headed: half of the draws are as the judge reads them: questions with names, passages under whose they are.
        crossed: share of the draws that are asked in the other language alone, what somebody has put so.
    """
    for number in itertools.count():
        draw = Draw(f"{seed}/{held_out}/written/{number}", held_out)
        language = "ko" if draw.chance(korean_share) and rows("ko", held_out) else "en"
        resume = draw_written(draw.random, language, held_out)
        texts, spans = passages_of(resume)
        named = headed and draw.chance(0.5)
        in_both = [i for i, ask in enumerate(resume.asks) if ask.other] if draw.chance(crossed) else []
        chosen = draw.some(in_both or range(len(resume.asks)), questions, questions)
        share = 1.0 if in_both else OTHER_SHARE
        asks = [_asked(resume, texts, i, spans[i], named, draw.chance(share)) for i in chosen] + _statements(draw, resume, texts)
        if asks:
            group = Group(tuple(texts), tuple(asks))
            if not held_out and draw.chance(UNTOLD_SHARE):
                group = untold(draw, group, [telling(resume.asks[i].answer or "") for i in chosen])
            yield _headed(group, resume) if named else group


def kept_groups(language: str, crossed: bool = False) -> Iterator[Group]:
    """Every written resume that is kept from training, with all its questions, or with those that stand there in the other language, in that: the same at every
    call."""
    for number, row in enumerate(rows(language, held_out=True)):
        resume = swapped(random.Random(number), row)
        texts, spans = passages_of(resume)
        asks = [_asked(resume, texts, i, spans[i], crossed=crossed) for i, ask in enumerate(resume.asks) if ask.other or not crossed]
        if asks:
            yield Group(tuple(texts), tuple(asks))


def _asked(resume: WrittenResume, texts: Sequence[str], i: int, spans, named: bool = False, crossed: bool = False) -> Ask:
    """A question of the resume as retrieval asks it, `crossed` in the other language if somebody has put it so. Of passages that hold a figure or a name of
    the answer it is not known whether they tell."""
    ask = resume.asks[i]
    question = (crossed and ask.other) or ask.question
    words = telling(ask.answer or "")
    unsure = frozenset(n for n, text in enumerate(texts) if n not in spans and any(word in text.casefold() for word in words))
    return Ask(question if named else without_names(question, [resume.subject]), spans, unsure)


def untold(draw: Draw, group: Group, words: Sequence[set[str]]) -> Group:
    """The group without the lines that answer a few of its questions, which nothing answers then: near misses of every kind.

    Only bullets and "label: value" lines are taken out: without the heading of an entry others would be wrong. A question of which some
    lines are gone and others not is left out, and so is one whose answer cannot be looked for, or may still stand elsewhere.

    Args:
        words: what the answers of the group's first questions hold, see `telling`.
    """

    def line_at(passage: int, span: tuple[int, int]) -> tuple[int, int]:
        text = group.passages[passage]
        end = text.find("\n", span[1])
        return text.rfind("\n", 0, span[0]) + 1, len(text) if end < 0 else end + 1

    def lines_of(ask: Ask) -> set[tuple[int, int, int]]:
        return {(i, *line_at(i, span)) for i, spans in ask.spans.items() for span in spans}

    fit = [
        i
        for i, held in enumerate(words)
        if held and 0 < len(lines := lines_of(group.asks[i])) <= 2
        and all(_REMOVABLE.match(group.passages[p][a:b]) for p, a, b in lines)
    ]
    gone = set().union(*(lines_of(group.asks[i]) for i in draw.some(fit, 2, 4)))
    texts = list(group.passages)
    for passage, a, b in sorted(gone, reverse=True):
        texts[passage] = texts[passage][:a] + texts[passage][b:]

    def moved(passage: int, span: tuple[int, int]) -> tuple[int, int]:
        shift = sum(b - a for p, a, b in gone if p == passage and b <= span[0])
        return span[0] - shift, span[1] - shift

    asks = []
    for i, ask in enumerate(group.asks):
        lines = lines_of(ask)
        if not lines & gone:
            asks.append(replace(ask, spans={p: tuple(moved(p, span) for span in spans) for p, spans in ask.spans.items()}))
        elif lines <= gone and i < len(words) and words[i] and not any(w in t.casefold() for w in words[i] for t in texts):
            asks.append(Ask(ask.question, {}, frozenset()))
    return Group(tuple(texts), tuple(asks))


def _headed(group: Group, resume: WrittenResume) -> Group:
    """The group with the candidate's name in front of every passage, as `judge.service.passage_of` puts it."""
    heads = [chunk.subject + (" – " if chunk.section else "\n") for chunk in resume.chunks]
    asks = [
        replace(ask, spans={i: tuple((a + len(heads[i]), b + len(heads[i])) for a, b in spans) for i, spans in ask.spans.items()})
        for ask in group.asks
    ]
    return Group(tuple(head + text for head, text in zip(heads, group.passages, strict=True)), tuple(asks))


def _statements(draw: Draw, resume: WrittenResume, texts: Sequence[str], count: int = 4) -> list[Ask]:
    """Whether this and that is so: the lines that say yes or no tell it; of an untold statement none do."""
    plain = [chunk.text for chunk in resume.chunks]
    shifts = [len(text) - len(own) for text, own in zip(texts, plain, strict=True)]
    forms = ("{} 맞나요?", "{} 사실인가요?", "{}") if resume.language == "ko" else ("Is it true that {}?", "{}?", "{}, right?", "Did I get this right: {}")
    asks = []
    for group in claims_of(draw.random, resume, plain, count):
        claim = draw.one(group)
        if claim.label == "not_found" and draw.chance(0.5):
            continue  # there are as many as groups
        asked = without_names(draw.one(forms).format(claim.text.rstrip(".") if resume.language == "en" else claim.text), [resume.subject])
        spans = {i: tuple((a + shifts[i], b + shifts[i]) for a, b in found) for i, found in claim.spans.items()}
        told = claim.places if claim.label != "not_found" else ()
        asks.append(Ask(asked, spans, frozenset(i for i in told if i not in spans)))
    return asks


def examples(seed: int, held_out: bool, korean_share: float = 0.7, negatives: int = 2) -> Iterator[Example]:
    """Endless question and passage pairs, resume after resume: what answers, and the nearest that does not."""
    for number in itertools.count():
        draw = Draw(f"{seed}/{held_out}/{number}", held_out)
        language = "ko" if draw.chance(korean_share) else "en"
        resume = draw_resume(draw, language)
        passages = cut(draw, resume)
        for question, keys in draw.some(resume.asks, 10, 12):
            text, source = spoken(draw, question, resume), f"resume_{language}"
            right = [p for p in passages if spans_of(p, keys)]
            if keys and not right:
                continue
            for found in right[:1]:
                yield Example(text, found.text, True, spans_of(found, keys), source)
            wrong = [p for p in passages if p not in right and not may_answer(p, passages, keys)]
            for found in _nearest(draw, text, wrong, draw.int(1, negatives)):
                yield Example(text, found.text, False, (), source)


def may_answer(passage: Passage, passages: Sequence[Passage], keys: tuple[str, ...]) -> bool:
    """Whether a passage without the facts `keys` might answer all the same: it must not be taught as wrong."""
    if not keys:
        return False
    if any(value in passage.text.lower() for value in _values(passages, keys)):
        return True
    asked = {key.split(".")[0].rstrip("*") for key in keys} & {"school", "role"}
    return (
        # "which company is the latest": another employment is no sure negative, nor are two facts of one kind
        ("experience" in passage.kinds and (keys[0].startswith(("company.", "skill")) or keys == ("years",)))
        or any(name.split(".")[0] in asked for name in passage.facts)
    )


def _nearest(draw: Draw, question: str, passages: Sequence[Passage], count: int) -> list[Passage]:
    """Half the time the passages with the most shared character pairs, else any."""
    if draw.chance(0.5):
        return draw.some(passages, count, count)
    grams = {question[i : i + 2] for i in range(len(question) - 1)}
    ranked = sorted(passages, key=lambda p: -sum(g in p.text for g in grams) / (len(p.text) + 80) ** 0.5)
    return ranked[:count]
