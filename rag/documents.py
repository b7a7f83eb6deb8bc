"""Files -> Document: PDF, Word, HTML, Markdown, plain text and JSON Resume, each checked before it is trusted.

`python -m rag.documents FILE ...` prints what was read; `read_document_safely` runs that command as a
child process, so that a hostile file can cost time and memory only within bounds.
"""

from __future__ import annotations

import argparse
import errno
import hashlib
import io
import itertools
import json
import math
import os
import re
import stat
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from rag.errors import DocumentError
from rag.language import language_of
from rag.sections import (
    BULLET,
    Line,
    assemble,
    bare_title,
    is_dated,
    is_known_title,
)
from rag.tables import is_label, row_lines
from rag.types import Document, Section

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".html": "text/html",
    ".htm": "text/html",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".txt": "text/plain",
    ".text": "text/plain",
    ".json": "application/json",
}
SUFFIXES = tuple(MEDIA_TYPES)
READABLE = "PDF, DOCX, HTML, MD, TXT, JSON"

MAX_TEXT_CHARS = 400_000  # about 130 printed pages; a long resume has 20,000
MAX_UNPACKED_BYTES = 100 * 2**20  # of a Word file; real ones with photographs stay below 20 MB
MAX_ZIP_ENTRIES = 2_000
MAX_CHILD_MEMORY = 2 * 2**30  # address space of the parsing child; the libraries alone take 0.3 GB
MAX_TERM_CHARS = 30  # of a label in a list of terms
MIN_WIDTH = 50  # characters at which a list's items are wrapped, at the least
MAX_MENUS = 20  # of a page
MAX_TAGS = 100_000  # of an HTML page; the largest resume templates have 3,000, and 100,000 take 4 s to parse


class Limits(Protocol):
    """The part of Settings that reading needs."""

    max_file_mb: int
    max_pages: int
    parse_timeout_s: float


@dataclass(frozen=True, slots=True)
class _Limits:
    max_file_mb: int
    max_pages: int
    parse_timeout_s: float


# ---------------------------------------------------------------- reading


def read_document(path: Path, settings: Limits) -> Document:
    """Read one file in this process.

    Raises:
        DocumentError: one sentence that says what is wrong with the file and what to do.
    """
    path = Path(path)
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):  # a pipe or a device never ends
            raise OSError(errno.EINVAL, "not a file")
        _check_size(found.st_size, path.name, settings)
        data = path.read_bytes()
    except OSError as error:
        raise DocumentError(
            f"{path.name} cannot be opened ({error.strerror}); check that it exists and may be read.",
            f"{path.name}을(를) 열 수 없습니다. 파일이 있는지, 읽기 권한이 있는지 확인해 주세요.",
        ) from error
    return read_document_bytes(data, path.name, settings)


def read_document_bytes(data: bytes, name: str, settings: Limits) -> Document:
    """Read a file's bytes; `name` gives its type and is kept as the document's name.

    Raises:
        DocumentError: see `read_document`.
    """
    name = _printable(name)
    _check_size(len(data), name, settings)
    suffix = Path(name).suffix.lower()
    if suffix not in MEDIA_TYPES:
        raise _unreadable_type(data, name)
    _check_content(data, suffix, name)
    pages = 1
    if suffix == ".pdf":
        from rag.pdf import read_pdf

        lines, pages = read_pdf(data, name, settings.max_pages)
    elif suffix == ".docx":
        lines = read_docx(data, name)
    else:
        text = decode(data, name)
        if suffix in (".html", ".htm"):
            lines = read_html(text)
        elif suffix in (".md", ".markdown"):
            lines = read_markdown(text)
        elif suffix == ".json":
            from rag.json_resume import read_json_resume

            lines = read_json_resume(text, name)
        else:
            lines = read_text(text)
    text, sections = assemble(lines)
    if len(text) > MAX_TEXT_CHARS:
        raise DocumentError(
            f"{name} holds {len(text):,} characters, more than the {MAX_TEXT_CHARS:,} allowed; keep the resume and try again.",
            f"{name}은(는) {len(text):,}자로 허용된 {MAX_TEXT_CHARS:,}자를 넘습니다. 이력서 부분만 남겨 다시 시도해 주세요.",
        )
    if not any(char.isalnum() for char in text):
        raise DocumentError(
            f"{name} holds no text; check that it is the right file, and export it again with its text.",
            f"{name}에 글자가 없습니다. 맞는 파일인지 확인하고 글자가 포함되게 다시 내보내 주세요.",
        )
    return Document(
        id=hashlib.sha256(data).hexdigest()[:16],
        name=name,
        text=text,
        sections=sections,
        media_type=MEDIA_TYPES[suffix],
        language=language_of(text),
        pages=pages,
    )


def _printable(name: str) -> str:
    """A file name that is safe to show: NFC, one line, no control characters, at most 200 characters."""
    import unicodedata

    name = unicodedata.normalize("NFC", os.path.basename(name))
    name = "".join(c for c in name if unicodedata.category(c)[0] != "C").strip()
    stem, suffix = os.path.splitext(name)
    return (stem[: 200 - len(suffix)] + suffix) or "document"


# ---------------------------------------------------------------- checks before parsing


def _check_size(size: int, name: str, settings: Limits) -> None:
    if size == 0:
        raise DocumentError(
            f"{name} is empty; choose the file again.", f"{name}은(는) 빈 파일입니다. 파일을 다시 선택해 주세요."
        )
    if size > settings.max_file_mb * 2**20:
        raise DocumentError(
            f"{name} has {size / 2**20:.1f} MB, more than the {settings.max_file_mb} MB allowed; make it smaller (pictures) and try again.",
            f"{name}은(는) {size / 2**20:.1f} MB로 허용된 {settings.max_file_mb} MB를 넘습니다. 그림을 줄여 다시 시도해 주세요.",
        )


def _kind_of(data: bytes) -> str:
    """What a file is by its first bytes: pdf, docx, zip, ole, image, or text."""
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                # some programs call the main part document2.xml
                return "docx" if any(map(re.compile(r"word/document\d*\.xml").fullmatch, archive.namelist())) else "zip"
        except (zipfile.BadZipFile, ValueError, OSError):
            return "broken zip"
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "ole"
    if data.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*")):
        return "image"
    if data.startswith(b"{\\rtf"):
        return "rtf"
    return "text"


_KIND_NAMES = {
    "pdf": ("a PDF", "PDF"),
    "docx": ("a Word document", "Word 문서"),
    "zip": ("a ZIP archive", "ZIP 압축 파일"),
    "broken zip": ("a damaged ZIP archive", "손상된 ZIP 압축 파일"),
    "ole": ("an old Office or HWP document, or one with a password", "구버전 오피스·한글(HWP) 문서 또는 암호가 걸린 문서"),
    "image": ("a picture", "그림"),
    "rtf": ("an RTF document", "RTF 문서"),
    "text": ("plain text", "일반 텍스트"),
}  # fmt: skip


def _check_content(data: bytes, suffix: str, name: str) -> None:
    """Compare the magic bytes with the suffix.

    Raises:
        DocumentError: the name promises something else than the content.
    """
    kind = _kind_of(data)
    expected = {".pdf": "pdf", ".docx": "docx"}.get(suffix, "text")
    if kind == expected:
        return
    if suffix == ".docx" and kind == "ole":
        raise DocumentError(
            f"{name} has a password or is an old .doc; open it in Word, save it as .docx without a password, and try again.",
            f"{name}은(는) 암호가 걸렸거나 구버전(.doc) 문서입니다. Word에서 암호 없이 .docx로 저장해 다시 시도해 주세요.",
        )
    english, korean = _KIND_NAMES[kind]
    right = {"pdf": ".pdf", "docx": ".docx"}.get(kind)
    if right:
        raise DocumentError(
            f"{name} is named {suffix} but is {english}; rename it to {right} or export it as {suffix[1:].upper()}, and try again.",
            f"{name}은(는) 확장자가 {suffix}이지만 내용은 {korean}입니다. 확장자를 {right}(으)로 바꾸거나 {suffix[1:].upper()}로 내보내 다시 시도해 주세요.",
        )
    raise DocumentError(
        f"{name} is named {suffix} but is {english} or damaged; export it as {suffix[1:].upper()} and try again.",
        f"{name}은(는) 확장자가 {suffix}이지만 내용은 {korean}이거나 손상되었습니다. {suffix[1:].upper()}로 다시 내보내 시도해 주세요.",
    )


def _unreadable_type(data: bytes, name: str) -> DocumentError:
    kind = _kind_of(data)
    suffix = Path(name).suffix
    if kind == "ole" or suffix.lower() in (".hwp", ".hwpx", ".doc"):
        return DocumentError(
            f"{name} is a document of a kind that cannot be read; save it as PDF or DOCX and try again.",
            f"{name}은(는) 읽을 수 없는 문서 형식입니다. PDF나 DOCX로 저장해 다시 시도해 주세요.",
        )
    if kind == "image":
        return DocumentError(
            f"{name} is a picture; run text recognition (OCR) on it, save the text as PDF or TXT, and try again.",
            f"{name}은(는) 그림 파일입니다. 문자 인식(OCR) 후 PDF나 TXT로 저장해 다시 시도해 주세요.",
        )
    shown = f"'{suffix}' files" if suffix else "files without a suffix"
    return DocumentError(
        f"{name}: {shown} cannot be read; use one of {READABLE}.",
        f"{name}: 읽을 수 없는 형식입니다. {READABLE} 중 하나로 저장해 주세요.",
    )


def decode(data: bytes, name: str) -> str:
    """Bytes of a text file -> text: UTF-8, UTF-16, Korean (CP949, of which EUC-KR is a part), or Western (CP1252).

    Raises:
        DocumentError: bytes that are no text.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded(data, "utf-16", name)
    if data.startswith(b"\xef\xbb\xbf"):
        return _decoded(data[3:], "utf-8", name)
    zeros_even, zeros_odd = data[:4000:2].count(0), data[1:4000:2].count(0)
    if zeros_even + zeros_odd:
        # UTF-16 without a mark: Latin letters have their zeros on one side only
        if len(data) % 2 == 0 and min(zeros_even, zeros_odd) * 20 < max(zeros_even, zeros_odd):
            return _decoded(data, "utf-16-le" if zeros_odd > zeros_even else "utf-16-be", name)
        raise _no_text_file(name)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        korean = data.decode("cp949")
    except UnicodeDecodeError:
        pass
    else:
        # letters only: rules and marks (━━━━, ■) may outnumber the syllables
        foreign = [c for c in korean if ord(c) > 127 and c.isalpha()]
        # in Western text read as CP949, accented letters turn into rare syllables outside EUC-KR
        if sum("가" <= c <= "힣" and _is_common_syllable(c) for c in foreign) >= 0.6 * len(foreign):
            return korean
    text = data.decode("cp1252", errors="replace")
    controls = sum(ord(c) < 32 and c not in "\t\n\r\f\v" for c in text)
    if controls > 0.01 * len(text) or text.count("\ufffd") > 0.01 * len(text):
        raise _no_text_file(name)
    return text


def _is_common_syllable(char: str) -> bool:
    try:
        char.encode("euc_kr")
    except UnicodeEncodeError:
        return False
    return True


def _decoded(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _no_text_file(name) from error


def _no_text_file(name: str) -> DocumentError:
    return DocumentError(
        f"{name} is not readable as text; save it as UTF-8 and try again.",
        f"{name}을(를) 텍스트로 읽을 수 없습니다. UTF-8로 저장해 다시 시도해 주세요.",
    )


def _damaged(name: str, kind: str, kind_ko: str) -> DocumentError:
    return DocumentError(
        f"{name} is damaged and cannot be read as {kind}; save it again and retry.",
        f"{name} 파일이 손상되어 {kind_ko}(으)로 읽을 수 없습니다. 다시 저장한 뒤 시도해 주세요.",
    )


# ---------------------------------------------------------------- formats


def read_text(text: str) -> list[Line]:
    """Plain text; lines that an editor wrapped at a fixed width are joined, and a tab is a visible gap."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "  ").split("\n")
    lengths = sorted(len(line.rstrip()) for line in lines if line.strip())
    result: list[list[str]] = []
    # Wrapped at a fixed width: most lines end within a word's length below the longest one.
    width = lengths[-1] if lengths else 0
    wrapped = len(lengths) >= 4 and 60 <= width <= 110 and lengths[len(lengths) // 2] >= width - 15
    # Items of a list, whose further lines are indented below the text behind the marker, may be wrapped where other lines are not.
    item_width = max((len(line.rstrip()) for line in lines if BULLET.match(line) or line[:1] == " "), default=0)
    item: int | None = None  # how far the item's marker is indented in which the lines are
    prose = _wrapped_prose(lines)
    for i, (above, line) in enumerate(itertools.pairwise(["", *lines])):
        indent = len(line) - len(line.lstrip())
        bullet = bool(BULLET.match(line))
        if bullet:
            item = indent
        elif item is not None and indent <= item:
            item = None
        limit = item_width if item is not None and item_width >= MIN_WIDTH else width - 3 if wrapped and not indent else math.inf
        goes_on = not bullet and above.strip() and re.match(r"\s*[\w(\"'“‘]", line)
        # "filling line for Acme,", "  3.1 m EUR (2020)"; "and 2-4", "  summer students"
        unfinished = item is not None and indent > item and (above.rstrip().endswith(",") or re.match(r"\s*[a-z]", line) and not above.rstrip().endswith((".", ";", ":")))
        if i in prose or goes_on and (unfinished or len(above.rstrip()) + len(line.split(maxsplit=1)[0]) + 1 > limit or _is_below(above, line) and _in_mid_sentence(above, line)):
            result[-1].append(line)
        else:
            result.append([line])
    return [Line(" ".join(map(str.strip, parts)) if len(parts) > 1 else parts[0]) for parts in result]


MIN_PROSE, MAX_PROSE, LONG = 40, 140, 0.78  # columns of a paragraph wrapped by hand, and of its widest line how much a line has that goes on
_CLOSED_END = re.compile(r"(?:[.!?…][\"'”’)\]」』]*|[:;])$")
# where a Korean sentence surely goes on: a particle or a verb's ending that joins; "보고" and "문서" end an item of a list as well
_OPEN_END_KO = re.compile(
    r"(?:,|[을를은는며]|에[서게]?|으로|[하되이있없았었였했됐갔]고|[하되]여|되어|[하되으]면|지만|면서|[위통대]해|[어아]서|도록|[하되][게기]|습니다만)$"
)
_OPEN_START_KO = re.compile(r"(?:있|없|않|싶|못)[가-힣]|(?:합|했습|됩|되었습|였습)니다")  # verbs that need the word before
# a number, a mark, a label, a gap, a row of a table, an address
_NO_PROSE = re.compile(r"[\[【(<]?\s?\d{1,2}\s?[.)\]】]\s|[※*#>=_~+]|[-–—]{2}|\S+\s*[:：]|[^\s.,:：][^.,:：]{0,15}[:：]\s|.*(?:\S  +\S|[|@\t]|://)")


def _columns(line: str) -> int:
    """How wide a line is in a typewriter's columns: a Korean syllable takes two."""
    return len(line) + sum("\u1100" <= c <= "\uffdc" for c in line)


def _wrapped_prose(lines: Sequence[str]) -> set[int]:
    """Positions of the lines with which the sentence of the line above goes on, in paragraphs that were wrapped by hand: no width is common to all
    their lines, but those that go on are long, and the last one ends a sentence. Where one ends in a noun or the next begins with a capital letter,
    a sentence must have begun in it, or the line above gone on with it: without bullets, they may be a list."""
    found: set[int] = set()
    start = 0
    for i in range(len(lines) + 1):
        if i < len(lines) and _may_be_prose(lines[i]) and (i == start or lines[i].startswith((" ", "\u3000")) <= lines[start].startswith((" ", "\u3000"))):
            continue
        found |= _going_on(lines, start, i)
        start = i if i < len(lines) and _may_be_prose(lines[i]) else i + 1
    return found


def _may_be_prose(line: str) -> bool:
    """Whether a line could be one of a paragraph: no bullet, number, label, address, title, row of a table, nor the dates of an entry."""
    text = line.strip()
    if not text or len(line) > MAX_PROSE or BULLET.match(line) or _NO_PROSE.match(text) or is_known_title(text):
        return False
    return not is_dated(text) or text[0].islower() or "부터" in text


def _going_on(lines: Sequence[str], start: int, end: int) -> set[int]:
    """Of the paragraph lines[start:end], the positions of lines that go on with the one above."""
    while end > start and not _CLOSED_END.search(lines[end - 1].rstrip()):
        end -= 1
    widths = [_columns(line.rstrip()) for line in lines[start:end]]
    widest = max(widths, default=0)
    if len(widths) < 2 or not MIN_PROSE <= widest <= MAX_PROSE:
        return set()
    open_lines = [i for i in range(start, end - 1) if not _CLOSED_END.search(lines[i].rstrip()) and re.match(r"\s*[\w(\"'“‘]", lines[i + 1])]
    open_lines = [i for i in open_lines if widths[i - start] >= LONG * widest]
    found: set[int] = set()
    for i in open_lines:
        in_sentence = i in found or re.search(r"[가-힣a-z)][.!?] +\S", lines[i])
        if in_sentence or _surely_goes_on(lines[i].rstrip(), lines[i + 1].lstrip()):
            found.add(i + 1)
    return found


def _surely_goes_on(above: str, line: str) -> bool:
    return bool(_OPEN_END_KO.search(above) or _OPEN_END.search(above) or _OPEN_START_KO.match(line) or re.match(r"[a-z]+[ ,.;]", line))


def _is_below(above: str, line: str) -> bool:
    """Whether a line begins where the text of the one above does, or in from it; below the marker of an item, in at all."""
    start = 1 if BULLET.match(above) else len(above) - len(above.lstrip())
    return len(line) - len(line.lstrip()) >= start


_SMALL_WORDS = "and|or|of|the|with|to|for|an?|in|at|on|by|from|that|which|who|whose|as|into|than|its|their|her|his|my|our|but|while|where|when|was|were|is|are"
_OPEN_END = re.compile(rf"(?:,|\b(?:{_SMALL_WORDS}))$", re.IGNORECASE)
_OPEN_START = re.compile(rf"\s*(?:{_SMALL_WORDS}) ")


def _in_mid_sentence(above: str, line: str) -> bool:
    """Whether a sentence goes on from one line to the next, which begins with a small letter: the first ends with a comma or a small word, or it is
    long and the second begins with a small word or holds the sentence's end. Text that comes out of a PDF has such lines beside short ones, which
    no fixed width tells apart."""
    above = above.strip()
    # An address, "iOS Developer", "phone number: ...", "o Led five", "dbt, pandas", or a row of its own goes on with nothing.
    if not re.match(r"\s*(?:[a-z]{2,}(?:\),?)?|a) ", line) or BULLET.match(line) or re.search(r"\S  |\||@|^\s*[\w ]{1,20}:", line):
        return False
    if re.search(r"[.!?:;|]$|[가-힣]", above) or any(map(is_dated, (above, line))) or is_known_title(bare_title(line)):
        return False
    if _OPEN_END.search(above):
        return len(above) >= 30
    return len(above) >= MIN_WIDTH and not re.search(r"  |(?:19|20)\d{2}$", above) and bool(_OPEN_START.match(line) or re.search(r"[.!?;](?:\s|$)", line))


# What the head of a Markdown file says of the page it becomes, and nothing of who wrote it.
_OF_THE_PAGE = re.compile(r"(?:layout|theme|template|style|css|lang|language|permalink|slug|draft|type|toc|geometry|fontsize|output|documentclass)\s*:|title\s*:\s*[\"']?(?:cv|r[eé]sum[eé]|curriculum vitae|이력서)[\"']?\s*$", re.IGNORECASE)


def read_markdown(text: str) -> list[Line]:
    """Markdown without its marks; links keep their address, raw HTML loses its tags."""
    from markdown_it import MarkdownIt

    front = re.match(r"\A---[ \t]*\n(.*?\n)---[ \t]*\n", text.replace("\r\n", "\n"), re.DOTALL)
    lines: list[Line] = []
    if front:
        lines.extend(Line(line) for line in front.group(1).split("\n") if not _OF_THE_PAGE.match(line))
        text = text.replace("\r\n", "\n")[front.end() :]
    tokens = MarkdownIt("commonmark", {"maxNesting": 20}).enable("table").parse(text)
    level = 0
    lists: list[int | None] = []
    marker = ""
    row: list[str] | None = None
    gap = bool(lines)
    for token in tokens:
        if token.type == "heading_open":
            level, gap = int(token.tag[1]), True
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            lists.append(int(token.attrGet("start") or 1) if token.type[0] == "o" else None)
            gap = False if len(lists) > 1 or (lines and not lines[-1].text.startswith("- ")) else gap
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            lists.pop()
            gap = not lists
        elif token.type == "list_item_open":
            number = lists[-1]
            marker = "- " if number is None else f"{number}. "
            if number is not None:
                lists[-1] = number + 1
        elif token.type == "paragraph_open" and not lists:
            gap = not (lines and lines[-1].level) or gap
            if lines and lines[-1].level:
                gap = False
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close":
            lines.append(Line(" | ".join(cell for cell in row or [] if cell), gap=gap))
            row, gap = None, False
        elif token.type == "table_close":
            gap = True
        elif token.type == "inline":
            content = _inline(token)
            if row is not None:
                row.append(content.replace("\n", " "))
                continue
            pieces = content.split("\n")
            if token.children and not any(child.type == "hardbreak" for child in token.children):
                prose = _wrapped_prose(pieces)
                starts = [i for i in range(len(pieces)) if i not in prose]
                pieces = [" ".join(map(str.strip, pieces[i:end])) if end - i > 1 else pieces[i] for i, end in itertools.pairwise([*starts, len(pieces)])]
            for number, piece in enumerate(pieces):
                lines.append(Line(marker + piece if number == 0 else piece, level if number == 0 else 0, gap))
                gap, marker = False, ""
            if level == 0 and not lists:
                gap = True
            level = 0
        elif token.type in ("fence", "code_block"):
            for piece in token.content.split("\n"):
                lines.append(Line(piece, gap=gap))
                gap = False
        elif token.type == "html_block":
            inner = read_html(token.content)
            lines.extend(inner)
            gap = True
        elif token.type == "hr":
            gap = True
    return lines


def _inline(token) -> str:
    parts: list[str] = []
    href = ""
    start = 0
    for number, child in enumerate(token.children or []):
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type == "hardbreak":
            parts.append("\n")
        elif child.type == "softbreak":
            following = token.children[number + 1].content if number + 1 < len(token.children) else ""
            parts.append(" " if _in_mid_sentence("".join(parts).rpartition("\n")[2], following) else "\n")
        elif child.type == "image":
            parts.append(child.content)
        elif child.type == "html_inline" and re.match(r"<br\s*/?>", child.content, re.IGNORECASE):
            parts.append("\n")
        elif child.type == "link_open":
            href, start = str(child.attrGet("href") or ""), len(parts)
        elif child.type == "link_close":
            parts.append(_address(href, "".join(parts[start:])))
    return "".join(parts)


def _address(href: str, shown: str) -> str:
    """The address of a link, in brackets, where the shown text does not already say it."""
    href = href.strip()
    if not re.match(r"https?://|mailto:|tel:", href, re.IGNORECASE) or len(href) > 200:
        return ""
    bare = re.sub(r"^(https?://(www\.)?|mailto:|tel:)", "", href, flags=re.IGNORECASE).rstrip("/")
    return "" if bare.lower() in shown.lower() else f" ({href})"


_BLOCKS = frozenset(
    ("address", "article", "aside", "blockquote", "body", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption", "figure",
     "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "nav", "ol", "p", "pre", "section",
     "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul")
)  # fmt: skip
_UNSEEN = ("script", "style", "noscript", "template", "head", "svg", "iframe", "object", "canvas", "input", "button", "select", "textarea")  # fmt: skip


_TITLES = ("h1", "h2", "h3", "h4", "h5", "h6")
MAX_BESIDE_TITLE = 60  # characters of dates and place beside an entry
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")


def read_html(text: str) -> list[Line]:
    """HTML as a reader sees it: without scripts, styles, hidden elements and tags."""
    from bs4 import BeautifulSoup

    if text.count("<") > MAX_TAGS:
        raise DocumentError(
            f"This page has {text.count('<'):,} tags, far more than a resume; save only the resume's text as HTML or TXT.",
            f"태그가 {text.count('<'):,}개로 이력서라고 보기 어렵습니다. 이력서 내용만 HTML이나 TXT로 저장해 주세요.",
        )
    soup = BeautifulSoup(text, "html.parser")
    for element in soup.find_all(list(_UNSEEN)):
        element.decompose()
    for element in [*soup.find_all(_is_hidden), *filter(_is_menu, soup.find_all("nav", limit=MAX_MENUS))]:
        if not element.decomposed:
            element.decompose()
    _dates_below_titles(soup)
    return list(_html_lines(soup))


def _dates_below_titles(soup: BeautifulSoup) -> None:
    """Move dates that a page sets beside an entry, in a cell or box of their own before it, below the entry's title: read first they would close the
    entry before."""
    for title in soup.find_all(_TITLES[1:]):
        entry = title.parent
        dates = _element(entry.previous_siblings)
        if dates is None or _element(title.previous_siblings) is not None or _element(dates.previous_siblings) is not None or _element(entry.next_siblings) is not None:
            continue
        said = " ".join(dates.get_text(" ").split())
        if len(said) <= MAX_BESIDE_TITLE and _YEAR.search(said) and not dates.find(["ul", "ol", "table", *_TITLES]):
            line = soup.new_tag("p")
            line.string = said
            title.insert_after(line)
            dates.decompose()


def _is_hidden(element) -> bool:
    style = re.sub(r"\s", "", str(element.get("style") or "")).lower()
    return (
        element.has_attr("hidden")
        or element.get("aria-hidden") == "true"
        or "display:none" in style
        or "visibility:hidden" in style
    )


def _is_menu(element) -> bool:
    """Whether an element holds nothing but links, most of them to places of the page itself."""
    links = element.find_all("a")
    own = [str(link.get("href") or "").startswith("#") for link in links]
    besides = len("".join(element.get_text().split())) - sum(len("".join(link.get_text().split())) for link in links)
    return len(own) > 1 and sum(own) + 1 >= len(own) and besides <= 2 * len(own)  # marks between them


def _html_lines(soup: BeautifulSoup) -> Iterator[Line]:
    """Walk the tree with a stack of our own: a page of 100,000 nested tags must not exhaust Python's."""
    from bs4.element import NavigableString, PreformattedString

    buffer: list[str] = []
    level = 0
    marker = ""
    gap = True
    row_depth = 0
    after_heading = False
    beside = False  # an element began right behind another one
    stack: list[tuple[object, bool]] = [(child, True) for child in reversed(soup.contents)]

    def flush() -> Iterator[Line]:
        nonlocal marker, gap, after_heading
        lines = [re.sub(r"[^\S\n]+", " ", part).strip() for part in "".join(buffer).split("\n")]
        buffer.clear()
        lines = [line.strip(" |") for line in lines if line.strip(" |")]
        for number, line in enumerate(lines):
            yield Line(marker + line if number == 0 else line, level if number == 0 else 0, gap and not after_heading)
            gap = after_heading = False
        if lines:
            marker = ""
            after_heading = level > 0

    while stack:
        node, entering = stack.pop()
        if isinstance(node, NavigableString):
            if not isinstance(node, PreformattedString):  # comments, doctypes, CDATA
                preformatted = any(parent.name == "pre" for parent in _near(node))
                text = str(node) if preformatted else re.sub(r"\s+", " ", str(node))
                if beside and buffer and _stand_apart(buffer[-1], text):
                    buffer.append(" ")
                buffer.append(text)
                beside = False
            continue
        name = node.name
        if entering:
            beside = beside or (node.previous_sibling is not None and node.previous_sibling.name is not None)
            if name == "br":
                buffer.append(" " if row_depth else "\n")
                continue
            if name in ("td", "th"):
                if row_depth:
                    buffer.append(" | ")
            elif row_depth and name in _BLOCKS and name not in ("tr", "table"):
                buffer.append(" ")
            elif name in _BLOCKS and not (name == "dd" and buffer and _names_value(_element(node.previous_siblings))):
                yield from flush()
                if name == "tr" and not node.find(["ul", "ol", "table", "h1", "h2", "h3", "p"]):
                    row_depth += len(node.find_all(["td", "th"], limit=2)) > 1
                if name in _TITLES:
                    level = int(name[1])
                    gap, after_heading = True, False
                elif name == "li":
                    marker = "- "
                elif name in ("p", "section", "article", "dl", "table", "header"):
                    gap = gap or not marker
            stack.append((node, False))
            stack.extend((child, True) for child in reversed(node.contents))
            continue
        if name == "a":
            buffer.append(_address(str(node.get("href") or ""), node.get_text()))
        elif name == "tr":
            yield from flush()
            row_depth = 0
        elif name == "dt" and _names_value(node):
            buffer.append(": ")
        elif name in _BLOCKS and not row_depth:
            yield from flush()
            if name[0] == "h" and name[1:].isdigit():
                level = 0
            elif name == "li":
                marker = ""
            elif name in ("ul", "ol", "section", "article", "table", "p"):
                gap = name != "p" or not _list_follows(node)
    yield from flush()


def _stand_apart(above: str, below: str) -> bool:
    """Whether the texts of two elements beside each other, without a space in the file, are words of their own ("Engineer", "2019" in a row
    that a style sheet sets apart), not pieces of one: single letters, an initial, a mark, a Korean particle or unit."""
    if not re.fullmatch(r"[\w%)+#]", above[-1:]) or not re.match(r"[\w(+]", below):
        return False
    if "가" <= below[0] <= "힣" and not "가" <= above[-1] <= "힣":
        return False
    return len(above) > 1 or (len(below) > 1 and not below[0].islower())


def _names_value(term) -> bool:
    """Whether a list's term is a label with its only value beside it, of one line: "Nationality: British"."""
    value = _element(term.next_siblings) if term is not None and term.name == "dt" else None
    if value is None or value.name != "dd":
        return False
    if any(child.name in _BLOCKS or child.name == "br" for child in (*term.contents, *value.contents)):
        return False
    after = _element(value.next_siblings)
    return (after is None or after.name != "dd") and is_label(term.get_text().strip(), MAX_TERM_CHARS)


def _element(siblings):
    """The nearest of an element's siblings that is no text, or None."""
    return next((each for each in siblings if each.name), None)


def _near(node) -> Iterator:
    parent = node.parent
    for _ in range(4):
        if parent is None:
            return
        yield parent
        parent = parent.parent


def _list_follows(node) -> bool:
    following = node.find_next_sibling()
    return following is not None and following.name in ("ul", "ol")


def read_docx(data: bytes, name: str) -> list[Line]:
    """A Word document: its first page's header, headings, paragraphs, lists, tables and text boxes in their order.

    Contact lines of the first page's footer follow the first line, which usually is the name.

    Raises:
        DocumentError: damaged, or larger than it may be once unpacked.
    """
    _check_zip(data, name)
    import docx
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError

    try:
        document = docx.Document(io.BytesIO(data))
        lines = [*_docx_margin("header", document), *_docx_block(document.element.body, document)]
        texts = {line.text.strip() for line in lines}
        contact = [line for line in _docx_margin("footer", document) if _CONTACT.search(line.text) and line.text.strip() not in texts]
        after_first = next((i for i, line in enumerate(lines, 1) if line.text.strip()), 0)
        lines[after_first:after_first] = contact
        return lines
    except (OpcError, LxmlError, KeyError, ValueError, AttributeError, IndexError, zipfile.BadZipFile, EOFError) as error:
        raise _damaged(name, "Word", "Word 문서") from error


def _check_zip(data: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            unpacked = sum(entry.file_size for entry in entries)
            encrypted = any(entry.flag_bits & 1 for entry in entries)
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise _damaged(name, "Word", "Word 문서") from error
    if encrypted:
        raise DocumentError(
            f"{name} is protected by a password; save a copy without it and try again.",
            f"{name}은(는) 암호로 보호되어 있습니다. 암호를 해제한 사본을 저장해 다시 시도해 주세요.",
        )
    if unpacked > MAX_UNPACKED_BYTES or len(entries) > MAX_ZIP_ENTRIES:
        raise DocumentError(
            f"{name} unpacks to {unpacked / 2**20:,.0f} MB, far more than a resume; save it again without large pictures.",
            f"{name}의 압축을 풀면 {unpacked / 2**20:,.0f} MB로 이력서라고 보기 어렵습니다. 큰 그림을 빼고 다시 저장해 주세요.",
        )


_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CONTACT = re.compile(r"\w@\w|https?://|\bwww\.|\b(?:linkedin|github)\.com|\d[\d ()./-]{6,20}\d", re.IGNORECASE)


def _docx_margin(kind: str, document) -> Iterator[Line]:
    """The header or the footer that the first page shows."""
    if not len(document.sections):
        return
    first = document.sections[0]
    parts = [getattr(first, kind)]
    if first.different_first_page_header_footer:
        parts.insert(0, getattr(first, f"first_page_{kind}"))
    for part in parts:
        if not part.is_linked_to_previous:
            yield from _docx_block(part._element, document)
            return


def _docx_block(container, document) -> Iterator[Line]:
    """Paragraphs and tables of a body, cell or text box."""
    for element in container.iterchildren():
        if element.tag == f"{_W}p":
            yield from _docx_paragraph(element, document)
        elif element.tag == f"{_W}tbl":
            yield from _docx_table(element, document)
        elif element.tag == f"{_W}sdt":  # content controls of templates
            for content in element.iterchildren(f"{_W}sdtContent"):
                yield from _docx_block(content, document)


def _docx_paragraph(element, document) -> Iterator[Line]:
    from docx.text.paragraph import Paragraph

    paragraph = Paragraph(element, document)
    boxes = []
    pieces: list[str] = []
    stack = list(reversed(list(element.iterchildren())))
    while stack:
        node = stack.pop()
        tag = node.tag if isinstance(node.tag, str) else ""
        local = tag.rsplit("}", 1)[-1]
        if local == "t":
            pieces.append(node.text or "")
        elif local == "tab":
            pieces.append("  ")
        elif local in ("br", "cr"):
            pieces.append("\n")
        elif local == "noBreakHyphen":
            pieces.append("-")
        elif local == "txbxContent":
            boxes.append(node)
        elif local in ("Fallback", "del", "pPr", "instrText", "moveFrom") or (local == "r" and _is_vanished(node)):
            continue
        else:
            stack.extend(reversed(list(node.iterchildren())))
    text = "".join(pieces)
    for box in boxes:  # a text box is anchored in a paragraph and usually stands above it
        yield from _docx_block(box, document)
    if not text.strip():
        yield Line("")
        return
    style = (paragraph.style.name or "") if paragraph.style is not None else ""
    level = _docx_level(paragraph, style)
    is_list = element.find(f"{_W}pPr/{_W}numPr") is not None or style.startswith(("List", "목록"))
    bold = all(run.bold for run in paragraph.runs if run.text.strip()) and bool(paragraph.runs)
    look = f"{style}{'b' if bold else ''}"
    if is_list and not level and not text.lstrip().startswith(("-", "•")):
        text = f"- {text.strip()}"
    yield Line(text, level, gap=level > 0, style=look)


def _is_vanished(run) -> bool:
    """Hidden text of Word: not seen, so not read."""
    vanish = run.find(f"{_W}rPr/{_W}vanish")
    return vanish is not None and vanish.get(f"{_W}val") not in ("0", "false")


def _docx_level(paragraph, style: str) -> int:
    match = re.match(r"(?:heading|제목)\s*(\d)", style, re.IGNORECASE)
    if match:
        return max(1, min(6, int(match.group(1))))
    if style.lower() in ("title", "제목"):
        return 1
    outline = paragraph._p.find(f"{_W}pPr/{_W}outlineLvl")
    if outline is not None and (value := outline.get(f"{_W}val", "9")).isdigit() and int(value) < 6:
        return int(value) + 1
    return 0


def _docx_table(table, document) -> Iterator[Line]:
    """The rows of a table; see rag.tables.row_lines."""
    yield from row_lines([_docx_cells(row, document) for row in _docx_parts(table, f"{_W}tr")])


def _docx_parts(element, tag: str) -> Iterator:
    """Rows of a table or cells of a row, also those inside content controls (repeating sections of templates)."""
    for child in element.iterchildren():
        if child.tag == tag:
            yield child
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}customXml"):
            yield from _docx_parts(child, tag)


def _docx_cells(row, document) -> list[list[Line]]:
    """The lines of each of a row's cells, without cells that go on from the row above."""
    cells = []
    for cell in _docx_parts(row, f"{_W}tc"):
        merged = cell.find(f"{_W}tcPr/{_W}vMerge")
        if merged is None or merged.get(f"{_W}val") == "restart":
            cells.append([line for line in _docx_block(cell, document) if line.text.strip()])
    return cells


# ---------------------------------------------------------------- in a child process


def read_document_safely(path: Path, settings: Limits) -> Document:
    """Read one file in a child process bounded in time and memory; what the app and the index use.

    The child is a fresh interpreter (0.2 s) that imports the parsers only.

    Raises:
        DocumentError: see `read_document`; also when the child ran out of time or memory.
    """
    path = Path(path)
    project = str(Path(__file__).resolve().parent.parent)
    command = [
        sys.executable, "-m", "rag.documents", "--json", f"--max-file-mb={settings.max_file_mb}",
        f"--max-pages={settings.max_pages}", f"--timeout={settings.parse_timeout_s}", "--", str(path.absolute()),
    ]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": project, "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=settings.parse_timeout_s,
            cwd=project,
            env=environment,
        )
    except subprocess.TimeoutExpired as error:
        raise _too_slow(path.name, settings.parse_timeout_s) from error
    try:
        answer = json.loads(done.stdout)
    except json.JSONDecodeError as error:
        if -done.returncode == 24:  # SIGXCPU: the child's own limit
            raise _too_slow(path.name, settings.parse_timeout_s) from error
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or [f"exit {done.returncode}"]
        raise DocumentError(
            f"{_printable(path.name)} could not be read, the reader stopped ({said[0][:120]}); save the file again and retry.",
            f"{_printable(path.name)}을(를) 읽던 중 멈췄습니다. 파일을 다시 저장한 뒤 시도해 주세요.",
        ) from error
    if "error" in answer:
        raise DocumentError(*answer["error"])
    return document_from(answer["document"])


def _too_slow(name: str, seconds: float) -> DocumentError:
    return DocumentError(
        f"{_printable(name)} took longer than {seconds:g} s to read; make it simpler (fewer pages, no large graphics) and try again.",
        f"{_printable(name)}을(를) {seconds:g}초 안에 읽지 못했습니다. 쪽수나 큰 그림을 줄여 다시 시도해 주세요.",
    )


def document_from(values: dict) -> Document:
    """The Document that `dataclasses.asdict` made into plain values."""
    sections = tuple(Section(**section) for section in values["sections"])
    return Document(**{**values, "sections": sections})


def _limit_child(seconds: float) -> None:
    """Bound memory and processor time where the platform can."""
    try:
        import resource
    except ImportError:  # Windows: only the parent's timeout holds there
        return
    for kind, limit in ((resource.RLIMIT_AS, MAX_CHILD_MEMORY), (resource.RLIMIT_CPU, int(seconds) + 1)):
        hard = resource.getrlimit(kind)[1]
        try:
            resource.setrlimit(kind, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))
        except (ValueError, OSError):  # macOS refuses RLIMIT_AS
            continue


def main(arguments: list[str] | None = None) -> int:
    """`python -m rag.documents FILE`: print a document's sections and text (or, with --json, all of it)."""
    parser = argparse.ArgumentParser(prog="python -m rag.documents", description=main.__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--json", action="store_true", help="one JSON object: document or error")
    parser.add_argument("--max-file-mb", type=int, default=10)
    parser.add_argument("--max-pages", type=int, default=50)
    parser.add_argument("--timeout", type=float, default=60.0, help="processor seconds")
    given = parser.parse_args(arguments)
    if given.json:
        _limit_child(given.timeout)
    limits = _Limits(given.max_file_mb, given.max_pages, given.timeout)
    name = _printable(given.path.name)
    try:
        document = read_document(given.path, limits)
    except DocumentError as error:
        if not given.json:
            print(error, file=sys.stderr)
            return 1
        print(json.dumps({"error": [error.en, error.ko]}))
        return 0
    except (MemoryError, RecursionError):
        if not given.json:
            raise
        print(json.dumps({"error": [
            f"{name} needs too much memory to read; make it simpler and try again.",
            f"{name}을(를) 읽는 데 메모리가 너무 많이 필요합니다. 파일을 단순하게 만들어 다시 시도해 주세요.",
        ]}))  # fmt: skip
        return 0
    if given.json:
        print(json.dumps({"document": asdict(document)}))
        return 0
    for section in document.sections:
        print(f"=== {section.title or '(start)'} [{section.start}:{section.end}]")
        print(document.text[section.start : section.end])
    return 0


if __name__ == "__main__":
    sys.exit(main())
