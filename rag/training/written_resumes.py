"""Resumes, questions and answers written by hand (rag/training/written/*.jsonl), with other names and numbers each time.

Templates teach a small model the templates' world. These were written line by line, in as many layouts, trades and
tones as people have; what could be learned by heart is swapped at every draw: names, employers, schools, works, years
and figures, the same in the resume, the question and the answer. Passages are cut by the product's own chunker.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rag.chunking import chunk_document
from rag.documents import read_document_bytes
from rag.reranking import passage
from rag.types import Chunk
from settings import Settings

FOLDER = Path(__file__).with_name("written")
ASKS = FOLDER / "asks"  # more questions about the same resumes: near misses, and twins that are told
CROSSED = FOLDER / "crossed"  # some of all these questions in the other language
HELD_OUT = 9  # every ninth resume is kept for measuring

_YEAR = re.compile(r"(?<![\d,])(?:19[5-9]\d|20[0-4]\d)(?!\d|[.,]\d{3})")
_SHORT_YEAR = re.compile(r"['’]\d\d\b|\b\d{1,2}/\d\d\b(?!/)|\d{4}\s?[-–/]\s?\d\d(?!\d)")
# Dates, phone numbers and the like: their digits belong together, so they stay as they are.
_BOUND = re.compile(r"\d+(?:[./:-]\d+)+|\+?\d[\d ()-]{7,}\d")
_FIGURE = re.compile(r"(?<![\w.,'’])\d{2,3}(?:,\d{3})*(?![\d]|[.,]\d)")
_COMPARES = re.compile(
    r"\b(?:more|less|larger|largest|bigger|biggest|smaller|smallest|highest|higher|lower|lowest|most|least|fewer|fewest|longer"
    r"|longest|shorter|shortest|older|younger|better|best|total|altogether|sum|together|average|difference|percent\w*|share|half)\b"
    r"|더|가장|제일|합|총|차이|평균|비율|절반"
)
# Words that say what kind of organisation it is; the rest of its name is swapped.
_GENERIC = frozenset(
    """the of and for in on at to with without by a an & school college university academy institute institution hospital clinic
    clinics infirmary library museum theatre theater house centre center society association guild union federation council
    ministry department office board company co ltd llp llc inc plc gmbh ag ab sa bv group holdings partners bank trust
    foundation fund charity church parish club team works mill farm farms dairy bakery kitchen cafe hotel inn lodge airways
    airlines lines line shipping port ports docks harbour harbor rail railways transit logistics freight haulage couriers
    systems software labs laboratory laboratories studio studios media press journal review gazette times radio tv energy
    power electric water gas oil mining steel foods brewery winery estate estates builders construction engineering
    engineers architects design designs consulting consultants solutions services service care health medical dental
    pharmacy veterinary law chambers legal insurance capital ventures financial finance analytics data cloud mobile
    technologies technology tech robotics biotech biosciences diagnostics instruments motors automotive aviation aerospace
    navy army force guard police fire brigade rescue ambulance national royal state city county district regional north south
    east west new old great street road park river hill bridge day night open free international global european american""".split()
)


@dataclass(frozen=True, slots=True)
class WrittenAsk:
    """A question of a written resume.

    Attributes:
        answer: None where the resume does not tell.
        spans: by passage, the characters of the lines that tell, in that passage's text.
        missing: what an unanswerable question asks for by name, or "".
        other: the question in the other language, names as the resume spells them; "" where nobody has put it so.
    """

    question: str
    answer: str | None
    spans: dict[int, tuple[tuple[int, int], ...]]
    missing: str
    other: str = ""


@dataclass(frozen=True, slots=True)
class WrittenResume:
    """One draw of a written resume, cut as the product cuts it.

    Attributes:
        person: the name it was written with.
        swap: gives any text about this person the names and figures of this draw.
    """

    language: str
    person: str
    file: str
    text: str
    subject: str
    chunks: tuple[Chunk, ...]
    asks: tuple[WrittenAsk, ...]
    swap: Swap

    @property
    def other_language(self) -> str:
        return "ko" if self.language == "en" else "en"

    def spans_of(self, lines: Sequence[str]) -> dict[int, tuple[tuple[int, int], ...]] | None:
        """By passage, the characters of these lines (as they were written) in its text; None where one is in no passage."""
        return _spans(self.swap, self.chunks, lines)


@cache
def rows(language: str, held_out: bool = False) -> tuple[dict, ...]:
    """The written resumes of a language, or those of them that training never sees, each with the `file` it stands in; () where there are none."""
    found, further, in_other = [], _further_asks(), crossed(CROSSED, "asks")
    for file in sorted(FOLDER.glob(f"{language}*.jsonl")):
        lines = file.read_text(encoding="utf-8").splitlines()
        found += [json.loads(line) | {"file": file.stem} for i, line in enumerate(lines) if (i % HELD_OUT == HELD_OUT - 1) == held_out]
    for row in found:
        others = in_other.get(row["name"], {})
        row["asks"] = [ask | {"other": others.get(ask["q"], "")} for ask in (*row["asks"], *further.get(row["name"], ()))]
    return tuple(found)


def newest(chance: random.Random, language: str, since: Sequence[str], others: float) -> tuple[dict, ...]:
    """The written resumes to go on training with: all from a file of `since` on ("en_zp"), and a share of those before it, other ones each time.

    Without a file of this language in `since`, all of them.
    """
    first = max((name for name in since if name.startswith(language)), default="")
    return tuple(row for row in rows(language) if row["file"] >= first or chance.random() < others)


@cache
def _further_asks() -> dict[str, list[dict]]:
    """The questions in ASKS, by the name of the resume's person."""
    found: dict[str, list[dict]] = {}
    for file in sorted(ASKS.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            found.setdefault(row["name"], []).extend(row["asks"])
    return found


@cache
def crossed(folder: Path, what: str) -> dict[str, dict[str, str]]:
    """What a folder has in the other language, questions ("asks") or statements ("claims"), by the name of the resume's person and as it was written."""
    found: dict[str, dict[str, str]] = {}
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            found.setdefault(row["name"], {}).update(row[what])
    return found


def draw_written(chance: random.Random, language: str, held_out: bool = False) -> WrittenResume:
    """One of the written resumes with other names and figures."""
    return swapped(chance, chance.choice(rows(language, held_out)))


def swapped(chance: random.Random, row: dict) -> WrittenResume:
    """A written resume with other names and figures, cut into passages."""
    swap = Swap(chance, row)
    language = row["lang"]
    text = swap(row["text"])
    name = swap(row["name"]) + (".md" if re.search(r"^#", text, re.MULTILINE) else ".txt")
    chunks = tuple(chunk_document(read_document_bytes(text.encode(), name, Settings())))
    asks = []
    for ask in row["asks"]:
        if ask["a"] is not None and swap.may_break(ask["q"], ask["a"]):
            continue  # "which was larger" may have another answer now
        spans = _spans(swap, chunks, ask["lines"])
        if ask["a"] is None or spans:
            asks.append(WrittenAsk(swap(ask["q"]), ask["a"] and swap(ask["a"]), spans or {}, swap(ask["missing"]), swap(ask.get("other", ""))))
    subject = chunks[0].subject if chunks else swap(row["name"])
    return WrittenResume(language, row["name"], name, text, subject, chunks, tuple(asks), swap)


def _spans(swap: Swap, chunks: Sequence[Chunk], lines: Sequence[str]) -> dict[int, tuple[tuple[int, int], ...]] | None:
    places = [_line_places(chunk.text) for chunk in chunks]
    spans: dict[int, tuple[tuple[int, int], ...]] = {}
    for line in lines:
        wanted, found = _bare(swap(line)), False
        for number, there in enumerate(places):
            hits = tuple((a, b) for bare, a, b in there if bare and (bare in wanted or wanted in bare) and _alike(bare, wanted))
            if hits:
                spans[number] = tuple(sorted({*spans.get(number, ()), *hits}))
                found = True
        if not found and not any(_bare(chunk.section) == wanted for chunk in chunks):
            return None
    return spans


def passages_of(resume: WrittenResume) -> tuple[list[str], list[dict[int, tuple[tuple[int, int], ...]]]]:
    """The passages as the reranker reads them, and each question's spans in those."""
    texts, shifts = zip(*(passage(chunk) for chunk in resume.chunks), strict=True)
    moved = [
        {i: tuple((a + shifts[i], b + shifts[i]) for a, b in spans) for i, spans in ask.spans.items()} for ask in resume.asks
    ]
    return list(texts), moved


def telling(answer: str) -> set[str]:
    """The figures and names of an answer: a passage that holds one may answer too."""
    return {w.casefold() for w in re.findall(r"\d[\d.,]*\d|(?<!^)\b[A-Z][\w'’-]{2,}|[가-힣]{3,}", answer)}


def _bare(line: str) -> str:
    """A line without Markdown marks, bullets and spaces: the parser takes some of them away."""
    return re.sub(r"[\s#*_`|•·▪●○◦–—-]+", "", line).casefold()


def _alike(bare: str, wanted: str) -> bool:
    """A long line is cut at sentence ends or joined with others; a word in common is no such thing."""
    return bare == wanted or min(len(bare), len(wanted)) >= 12


def _line_places(text: str) -> list[tuple[str, int, int]]:
    return [(_bare(m[0]), m.start(), m.end()) for m in re.finditer(r"[^\n]+", text)]


class Swap:
    """Replaces what a resume's entities, years and figures are called, everywhere the same way."""

    def __init__(self, chance: random.Random, row: dict) -> None:
        self.chance = chance
        self.korean = row["lang"] == "ko"
        text = row["text"]
        self.words: dict[str, str] = {}
        names: dict[str, str] = {}
        for kind, entities in row["entities"].items():
            for entity in sorted(set(entities), key=lambda name: (len(name), name)):  # a given name is known when the full name comes
                if kind == "self" or chance.random() < (0.5 if kind in ("place", "product") else 0.8):
                    names[entity.casefold()] = self._name(entity, kind)
        self.names = names
        self.pattern = self._pattern(names)
        self.years = 0
        if not _SHORT_YEAR.search(text):
            self.years = chance.choice([0, 0, -1, -2, -3, -5, 1])
        self.figures: dict[str, str] = {}
        if chance.random() < 0.5:
            free = _BOUND.sub(" ", text)
            for figure in sorted(set(_FIGURE.findall(free))):  # a set's order is another in every process
                if not _YEAR.fullmatch(figure) and not figure.startswith("0"):
                    self.figures[figure] = "".join(self._digit(c, i) for i, c in enumerate(figure))
        self.known = set(_FIGURE.findall(text))

    def _digit(self, char: str, place: int) -> str:
        return char if char == "," else str(self.chance.randint(1 if place == 0 else 0, 9))

    def _pattern(self, names: dict[str, str]) -> re.Pattern[str] | None:
        if not names:
            return None
        every = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
        # In a Korean question a particle follows the name.
        return re.compile(every if self.korean else rf"(?<![^\W가-힣])(?:{every})(?![^\W가-힣])", re.IGNORECASE)

    def _name(self, entity: str, kind: str) -> str:
        return re.sub(r"[^\W\d_]+", lambda word: self._word(word[0], kind), entity)

    def _word(self, word: str, kind: str) -> str:
        """Another made-up word of the same kind; the same one for the same word."""
        key = word.casefold()
        if key in _GENERIC or len(word) < 2 or (word.islower() and kind != "self"):
            return word
        if key not in self.words:
            self.words[key] = self._korean_word(word, kind) if re.search("[가-힣]", word) else self._latin_word()
        made = self.words[key]
        return made.upper() if word.isupper() and len(word) > 1 else made

    def _latin_word(self) -> str:
        from rag.training.generator_data import Draw, rare_word

        return rare_word(Draw(str(self.chance.random()), False))

    def _korean_word(self, word: str, kind: str) -> str:
        """Other syllables before what says what it is ("한빛병원" -> "도윤병원"); names keep their length."""
        from rag.training.reranker_data import Draw, korean_word

        tail = re.search(
            r"(?:고등학교|중학교|초등학교|대학교|대학원|대학|학교|병원|의원|약국|은행|증권|보험|건설|전자|화학|물산|상사|식품|농협|조합|협회|학회"
            r"|재단|센터|연구소|연구원|공사|공단|시청|구청|군청|교육청|소방서|경찰서|도서관|박물관|극장|출판사|신문|방송|호텔|식당|카페|공방|농장|마트|랩스|랩|소프트"
            r"|테크|시스템즈|시스템|솔루션|그룹|학원|어린이집|유치원|요양원|복지관|물류|운수|해운|항공|조선|중공업|산업|기계|정비|디자인|스튜디오|회)$",
            word,
        )
        tail = tail[0] if tail and kind in ("org", "school") else ""
        size = max(1, len(word) - len(tail))
        for known, made in self.words.items():  # the given name inside the full name
            if known in word and known != word and kind in ("self", "person"):
                return word.replace(known, made)
        if size == 1:
            return word
        return korean_word(Draw(str(self.chance.random()), False), min(size, 4), min(size, 4)) + tail

    def __call__(self, text: str) -> str:
        if self.pattern is not None:
            text = self.pattern.sub(self._renamed, text)
        if self.figures:
            kept = [m.span() for m in _BOUND.finditer(text)]
            text = _FIGURE.sub(
                lambda m: m[0] if any(a <= m.start() < b for a, b in kept) else self.figures.get(m[0], m[0]), text
            )
        if self.years:
            text = _YEAR.sub(lambda m: str(int(m[0]) + self.years), text)
        return text

    def _renamed(self, found: re.Match[str]) -> str:
        made = self.names[found[0].casefold()]
        if found[0].isupper() and len(found[0]) > 2:
            return made.upper()
        return made.lower() if found[0].islower() else made

    def may_break(self, question: str, answer: str) -> bool:
        """Whether the figures of this draw may make the answer wrong: it compares, or holds a figure that was computed."""
        if not self.figures:
            return False
        said = {f for f in _FIGURE.findall(_BOUND.sub(" ", answer)) if not _YEAR.fullmatch(f)}
        return bool(_COMPARES.search(question.lower()) or said - self.known)
