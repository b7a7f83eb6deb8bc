"""JSON Resume and its relatives -> readable sections, one paragraph per entry.

Reads jsonresume.org 1.0.0 and earlier, FRESH, exports of Reactive Resume, and plain objects that use
the same words (`experiences`, `personalInfo`, ...). Unknown fields are kept as "Label: value": what the candidate
wrote may be asked for.
"""

from __future__ import annotations

import json
import re
from typing import Any

from rag.errors import DocumentError
from rag.language import language_of
from rag.sections import Line

# section -> (heading en, heading ko, keys of the top-level object that hold it)
SECTIONS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "summary": ("Summary", "소개", ("summary", "about", "objective", "introduction", "bio")),
    "work": ("Work Experience", "경력", ("work", "employment", "experience", "experiences", "workExperience", "work_experience", "jobs", "positions")),
    "projects": ("Projects", "프로젝트", ("projects", "personalProjects", "toyProjects", "sideProjects")),
    "education": ("Education", "학력", ("education", "educations", "educationHistory")),
    "skills": ("Skills", "기술", ("skills", "technicalSkills", "skill")),
    "certificates": ("Certificates", "자격증", ("certificates", "certifications", "certification", "licenses")),
    "awards": ("Awards", "수상", ("awards", "recognition", "honors")),
    "publications": ("Publications", "출판", ("publications", "writing")),
    "languages": ("Languages", "언어", ("languages",)),
    "volunteer": ("Volunteering", "봉사 활동", ("volunteer", "volunteering", "service")),
    "interests": ("Interests", "관심사", ("interests", "hobbies")),
    "references": ("References", "추천인", ("references", "testimonials")),
    "additional": ("Additional Information", "기타", ("additional", "extracurricular", "affiliation", "governance", "speaking", "reading", "samples", "disposition")),
}  # fmt: skip
PERSON = ("basics", "profile", "personalInfo", "personal", "info", "contact", "location", "social")
IGNORED = {"$schema", "meta", "metadata", "sectionmeta", "customsections", "image", "picture", "id", "icon", "format", "characterclass"}

TITLE_KEYS = ("position", "title", "role", "studyType", "degree", "name", "language", "organization", "institution", "label", "skill")
PLACE_KEYS = ("area", "company", "employer", "entity", "organization", "institution", "name", "awarder", "issuer", "from", "publisher", "network", "location")
START_KEYS = ("startDate", "start", "from")
END_KEYS = ("endDate", "end", "to")
DATE_KEYS = ("years", "period", "date", "dates", "releaseDate", "year")
NAME_KEYS = (("firstName", "first_name", "givenName"), ("lastName", "last_name", "familyName"))
TEXT_KEYS = ("summary", "description", "brief", "reference", "quote", "about")
MAX_DEPTH = 8  # of nested values; real resumes need 4
MAX_TAGS = 20_000  # of all HTML in a file; more are left as they are


def read_json_resume(text: str, name: str) -> list[Line]:
    """Lines of a JSON resume.

    Raises:
        DocumentError: not JSON (says the line), or nothing of a resume in it.
    """
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise DocumentError(
            f"{name} is not valid JSON: line {error.lineno}, column {error.colno} ({error.msg.lower()}); correct it and try again.",
            f"{name}은(는) 올바른 JSON이 아닙니다: {error.lineno}번째 줄 {error.colno}번째 글자를 고친 뒤 다시 시도해 주세요.",
        ) from error
    except (RecursionError, ValueError) as error:  # also a number of thousands of digits
        raise DocumentError(
            f"{name} is nested too deeply, or holds too long a number, to be a resume; export it again as JSON Resume (jsonresume.org).",
            f"{name}의 구조가 너무 깊거나 숫자가 너무 깁니다. JSON Resume(jsonresume.org) 형식으로 다시 내보내 주세요.",
        ) from error
    data = _unwrapped(data)
    if text.count("<") <= MAX_TAGS:
        data = _plain(data, 0)
    if isinstance(data, dict):
        data = _with_name(_lifted(data))
        data.update({key: _with_name(value) for key, value in data.items() if key in PERSON and isinstance(value, dict)})
    known = {key for _, _, keys in SECTIONS.values() for key in keys} | set(PERSON)
    if not isinstance(data, dict) or not known & data.keys():
        raise _no_resume(name)
    if not _names_someone(data):
        raise _no_resume(name)  # a job posting has skills and a location, too
    korean = language_of(" ".join(_strings(data, 0))) == "ko"
    lines = _person(data, korean)
    for english, hangul, keys in SECTIONS.values():
        section = [line for key in keys if key in data for line in _entries(data[key], korean, 0)]
        if section:
            lines.append(Line(hangul if korean else english, 2, True))
            lines.extend(section)
    for key, value in data.items():
        if key in known or key.casefold() in IGNORED or key in ("name", "label"):
            continue
        section = _entries(value, korean, 0)
        if section:
            lines.append(Line(_label(key), 2, True))
            lines.extend(section)
    if len(lines) < 2:
        raise _no_resume(name)
    return lines


def _unwrapped(data: Any) -> Any:
    """The resume inside {"resume": {...}} or a list of one."""
    if isinstance(data, list) and len(data) == 1:
        data = data[0]
    if isinstance(data, dict) and data.keys() == {"resume"}:
        data = data["resume"]
    return data


_HTML_START = re.compile(r"<(?:p|ul|ol|div|h[1-6])[\s>]")
_HTML_ENDS = ("</p>", "</ul>", "</ol>", "</div>", *(f"</h{level}>" for level in range(1, 7)))


def _plain(value: Any, depth: int) -> Any:
    """A value with links as their address, and with texts that are HTML as a whole without its tags."""
    if isinstance(value, str):
        bare = value.strip()
        return _without_tags(bare) if _HTML_START.match(bare) and bare.endswith(_HTML_ENDS) else value
    if depth > 2 * MAX_DEPTH:  # deeper ones are not read
        return value
    if isinstance(value, list):
        return [_plain(item, depth + 1) for item in value]
    if isinstance(value, dict):
        if value.keys() == {"label", "href"}:
            return value["href"]
        return {key: _plain(item, depth + 1) for key, item in value.items()}
    return value


def _without_tags(html: str) -> str:
    from rag.documents import read_html

    return "\n".join(line.text for line in read_html(html))


def _lifted(data: dict) -> dict:
    """Reactive Resume keeps its sections in one object, each with its `items` or its `content`: lifted to the top, as others have them."""
    sections = data.get("sections")
    if not isinstance(sections, dict):
        return data
    custom = sections.get("custom")  # sections of the candidate's own, by id
    named = {key: value for key, value in sections.items() if value is not custom}
    if isinstance(custom, dict):
        for key, value in custom.items():
            title = _scalar(value.get("name")) if isinstance(value, dict) else ""
            named.setdefault(title or key, value)
    named = {key: value for key, value in named.items() if isinstance(value, dict)}
    if not any(isinstance(value.get("items"), list) or isinstance(value.get("content"), str) for value in named.values()):
        return data
    lifted = {key: value for key, value in data.items() if key != "sections"}
    for key, value in named.items():
        if value.get("visible") is not False:
            items = value.get("items") or value.get("content") or ""
            if isinstance(items, list):
                items = [item for item in items if not (isinstance(item, dict) and item.get("visible") is False)]
            lifted.setdefault(key, items)
    return lifted


def _with_name(person: dict) -> dict:
    """The object with its "firstName" and "lastName" as the "name" that it lacks."""
    keys = [next((key for key in spellings if _scalar(person.get(key))), "") for spellings in NAME_KEYS]
    if _scalar(person.get("name")) or not all(keys):
        return person
    first, last = (_scalar(person[key]) for key in keys)
    name = f"{last}{first}" if re.fullmatch(r"[가-힣]+", first + last) else f"{first} {last}"
    return {"name": name, **{key: value for key, value in person.items() if key not in keys}}


def _names_someone(data: dict) -> bool:
    """A person's name, or a history made of entries."""
    people = [data, *(value for key in PERSON if isinstance(value := data.get(key), dict))]
    if any(_scalar(person.get("name")) for person in people):
        return True
    histories = (key for section in ("work", "education", "projects") for key in SECTIONS[section][2])
    return any(isinstance(data.get(key), dict | list) and any(map(str.strip, _strings(data[key], 0))) for key in histories)


def _no_resume(name: str) -> DocumentError:
    return DocumentError(
        f"{name} holds no resume; fill in basics, work, education or skills as JSON Resume has them (jsonresume.org).",
        f"{name}에 이력서 내용이 없습니다. JSON Resume(jsonresume.org)처럼 basics, work, education, skills 등을 채워 주세요.",
    )


def _strings(value: Any, depth: int) -> list[str]:
    if depth > MAX_DEPTH:
        return []
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for item in value.values() for text in _strings(item, depth + 1)]
    if isinstance(value, list):
        return [text for item in value for text in _strings(item, depth + 1)]
    return []


def _lines_of(value: Any) -> list[str]:
    """A text's lines, or another value on one."""
    if isinstance(value, str):
        return [line.strip() for line in value.split("\n") if line.strip()]
    text = _scalar(value)
    return [text] if text else []


def _scalar(value: Any) -> str:
    """A value written on one line; lists joined by commas; empty for what says nothing."""
    if isinstance(value, bool) or value == 0:
        return ""  # switches and unset numbers of templates ("private": true) are nothing a candidate wrote
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, str):
        return re.sub(r"\s*\n\s*", ", ", value.strip())
    if isinstance(value, list) and all(isinstance(item, str | int | float) for item in value):
        return ", ".join(filter(None, (_scalar(item) for item in value)))
    return ""


LABELS_KO = {
    "email": "이메일", "phone": "전화", "url": "웹사이트", "website": "웹사이트", "location": "위치", "keywords": "키워드",
    "score": "학점", "gpa": "학점", "courses": "과목", "level": "수준", "fluency": "수준", "summary": "요약",
    "address": "주소", "roles": "역할", "skills": "기술", "type": "종류", "birth": "생년월일",
}  # fmt: skip
LABELS_EN = {"url": "Website", "score": "Grade", "gpa": "GPA", "urls": "Links", "repo": "Repository"}


def _label(key: str, korean: bool = False) -> str:
    """`workHistory` -> "Work history"."""
    if korean and key in LABELS_KO:
        return LABELS_KO[key]
    if key in LABELS_EN:
        return LABELS_EN[key]
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[_-]+", " ", key).strip()
    return words[:1].upper() + words[1:].lower() if not words.isupper() else words


def _place(value: Any) -> str:
    """An address object on one line."""
    if isinstance(value, dict):
        order = ("address", "city", "region", "state", "postalCode", "code", "countryCode", "country")
        seen = []
        for key in order:
            part = _scalar(value.get(key))
            if part and not any(part in other for other in seen):
                seen.append(part)
        return ", ".join(seen)
    return _scalar(value)


def _person(data: dict, korean: bool) -> list[Line]:
    """Name, label, contact and summary: the head of the resume."""
    head: dict[str, Any] = {}
    texts: list[list[str]] = []
    for key in PERSON:
        value = data.get(key)
        if key == "location":
            value = {"location": value}
        elif isinstance(value, list):
            value = {"profiles": value}
        if isinstance(value, dict):
            head.update({k: v for k, v in value.items() if v})
    name = _scalar(data.get("name")) or _scalar(head.pop("name", ""))
    head.pop("name", None)
    label = next(filter(None, (_scalar(head.pop(key, "")) for key in ("label", "title", "headline"))), "") or _scalar(data.get("label"))
    for key in TEXT_KEYS:
        if text := _lines_of(head.pop(key, "")):
            texts.append(text)
    lines = [Line(name, 1)] if name else []
    if label:
        lines.append(Line(label))
    place = _place(head.pop("location", ""))
    for key, value in head.items():
        if key.casefold() in IGNORED:
            continue
        if isinstance(value, list):
            for item in value:
                if isinstance(item, dict):
                    network = next(filter(None, (_scalar(item.get(k)) for k in ("network", "label", "name"))), "")
                    where = ", ".join(
                        filter(None, (_scalar(item.get(k)) for k in ("username", "user", "value", "url")))
                    )
                    if where:
                        lines.append(Line(f"{network}: {where}" if network else where))
        elif text := _scalar(value):
            lines.append(Line(f"{_label(key, korean)}: {text}"))
    if place:
        lines.append(Line(f"{_label('location', korean)}: {place}"))
    if texts:
        lines.append(Line("소개" if korean else "Summary", 2, True))
        lines.extend(Line(line, gap=number > 0 and line is text[0]) for number, text in enumerate(texts) for line in text)
    return lines


def _entries(value: Any, korean: bool, depth: int) -> list[Line]:
    """A section's value, whatever its form: text, list of texts, list of objects, object of lists."""
    if depth > MAX_DEPTH:
        return []
    if isinstance(value, str) or _scalar(value):
        return [Line(line, gap=depth > 0 and number == 0) for number, line in enumerate(_lines_of(value))]
    if isinstance(value, list):
        return [line for item in value for line in _entries(item, korean, depth + 1)]
    if not isinstance(value, dict):
        return []
    nested = {key: item for key, item in value.items() if _is_entries(item)}
    plain = {key: item for key, item in value.items() if key not in nested}
    lines = _entry(plain, korean)
    for key, item in nested.items():
        inner = _entries(item, korean, depth + 1)
        if inner and key not in ("history", "sets", "list", "projects", "main", "positions"):
            inner[0] = Line(f"{_label(key, korean)}: {inner[0].text}", 0, True)
        lines.extend(inner)
    return lines


def _is_entries(value: Any) -> bool:
    """Objects inside an object, each an entry of its own (FRESH's employment.history)."""
    if isinstance(value, list):
        return any(isinstance(item, dict) for item in value)
    return isinstance(value, dict) and "city" not in value and "countryCode" not in value


def _date(value: str) -> str:
    return re.sub(r"^(\d{4})-(\d{2})-(\d{2})$", r"\1-\2", value)


def _entry(entry: dict[str, Any], korean: bool) -> list[Line]:
    """One job, degree, project or skill: a heading line (title, place, dates), texts, then bullets and the rest."""
    rest = {key: value for key, value in entry.items() if key.casefold() not in IGNORED}

    def take(keys: tuple[str, ...], digits: bool = False, lists: bool = True) -> str:
        for key in keys:
            if not lists and isinstance(rest.get(key), list):
                continue
            value = _place(rest[key]) if key == "location" and key in rest else _scalar(rest.get(key, ""))
            if value and (not digits or re.search(r"\d", value)):  # FRESH writes "from": "Google" for an award
                rest.pop(key)
                return value
        return ""

    start, end = _date(take(START_KEYS, digits=True)), _date(take(END_KEYS))
    if start or end:
        dates = f"{start} – {end or ('현재' if korean else 'Present')}" if start else end
    else:
        dates = _date(take(DATE_KEYS)).strip("()")
        if re.fullmatch(r"\d{1,2}", dates):  # {"language": "Spanish", "years": 10}
            dates += "년" if korean else " year" if dates == "1" else " years"
    title = take(TITLE_KEYS)
    places = [place for place in (take(PLACE_KEYS), take(PLACE_KEYS)) if place and place != title]
    level = take(("level", "fluency"))
    head = ", ".join(filter(None, (title, *places)))
    if level:
        head += f" ({level})"
    if dates:
        head = f"{head} ({dates})" if head else dates
    texts: list[str] = []
    for key in TEXT_KEYS:
        if not isinstance(rest.get(key), list) and (lines := _lines_of(rest.get(key, ""))):
            rest.pop(key)
            texts.extend(lines)
    bullets: list[str] = []
    for key in ("highlights", "description", "responsibilities", "achievements", "whatIdo", "bullets"):
        value = rest.pop(key, None)
        if isinstance(value, list):
            bullets.extend(line for item in value for line in _lines_of(item))
        elif isinstance(value, str) and value.strip():
            bullets.extend(_lines_of(value))
    rest.pop("whatIdoTitle", None)
    extra = []
    for key, value in rest.items():
        text = _place(value) if isinstance(value, dict) else _scalar(value)
        if text:
            extra.append((key, text))
    if head and len(extra) == 1 and not texts and not bullets and extra[0][0] in ("keywords", "skills", "items"):
        return [Line(f"{head}: {extra[0][1]}", 3, True)]
    lines = [Line(text) for text in filter(None, (head, *texts))]
    lines += [Line(f"- {text.removeprefix('- ')}") for text in bullets]
    lines += [Line(f"{_label(key, korean)}: {text}") for key, text in extra]
    if lines:
        lines[0] = Line(lines[0].text, 3, True)
    return lines
