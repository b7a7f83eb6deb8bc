"""Words, lines and windows of a text: what the judge compares before any network is asked."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from judge.lead_ins import without_lead_in

_WORD = re.compile(r"[가-힣]+|[^\W_가-힣]+(?:[.'’+#&@/_-]*[^\W_가-힣]+)*[+#%]*|%")
# A capital before the full stop is an initial or a degree (M.A.), and goes on.
_BREAK = re.compile(
    r"(?<=[^A-Z][.!?。])"
    r"(?<!\d\.\s\d\.)(?<!\d\.\s\d\d\.)(?!(?<=\d\.)\s+(?:\d{1,2}\.|[~∼–-]\s?\d))"  # a date: "2019. 03. ~ 2022. 2."
    r"(?<!\b(?:[SsJj]r|vs)\.)(?<!\b(?:Dept|Univ|Asst)\.)(?<!\bapprox\.)(?<!B\.Sc\.)(?<!M\.Sc\.)(?<!\b[BM]\.Eng\.)(?<!\b(?:Dr|No|St|Ms|Mr)\.)"
    r"(?<!\b(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Mrs|Inc|Ltd)\.)(?<!\b(?:Prof|Sept|Corp)\.)[\"'”’)]*\s+|(?<=다\.)\s*|\n+"
)
_CITED = re.compile(r"\s?\[\d+\]")
MIN_QUOTED = 4
# Longest first; only what leaves at least two syllables (one for the particles of one syllable) is cut.
_KO_ENDINGS = [
    "했습니다",
    "하였습니다",
    "되었습니다",
    "됐습니다",
    "입니다",
    "습니다",
    "했으며",
    "하였으며",
    "하였고",
    "했고",
    "하였다",
    "했다",
    "되었다",
    "됐다",
    "한다",
    "된다",
    "이다",
    "였다",
    "이었다",
    "하는",
    "되는",
    "하며",
    "하고",
    "하여",
    "해서",
    "했던",
    "했어요",
    "해요",
    "이에요",
    "예요",
    "에서는",
    "에서의",
    "에게서",
    "으로는",
    "으로의",
    "으로서",
    "으로써",
    "에서",
    "에게",
    "까지",
    "부터",
    "이며",
    "이고",
    "으로",
    "로서",
    "로써",
    "에는",
    "에도",
    "이나",
    "이란",
    "라는",
    "이라는",
    "하기",
    "처럼",
    "보다",
    "마다",
    "들은",
    "들이",
    "들을",
    "들의",
    "은",
    "는",
    "이",
    "가",
    "을",
    "를",
    "의",
    "에",
    "로",
    "와",
    "과",
    "도",
    "만",
    "들",
    "며",
    "고",
    "인",
    "한",
    "할",
    "함",
    "됨",
    "된",
    "될",
    "나",
    "란",
]
_EN_STOP = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "to",
        "in",
        "on",
        "at",
        "by",
        "for",
        "with",
        "from",
        "and",
        "or",
        "as",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "being",
        "has",
        "have",
        "had",
        "do",
        "does",
        "did",
        "he",
        "she",
        "it",
        "they",
        "his",
        "her",
        "its",
        "their",
        "them",
        "him",
        "this",
        "that",
        "these",
        "those",
        "who",
        "which",
        "i",
        "we",
        "you",
        "my",
        "our",
        "your",
        "not",
        "no",
        "also",
        "there",
        "than",
        "then",
        "so",
        "such",
        "into",
        "about",
        "over",
    ]
)
_KO_STOP = frozenset(
    [
        "및",
        "등",
        "수",
        "그",
        "이",
        "저",
        "것",
        "또한",
        "그리고",
        "지원자",
        "대한",
        "위해",
        "통해",
        "있",
        "하",
        "되",
        "그는",
        "그녀",
        "님",
        "씨",
        "않",
        "지",
        "보",
        "주",
        "때",
        "중",
        "년",
        "월",
    ]
)


_KO_CONTENT = ("NNG", "NNP", "NNB", "NR", "VV", "VA", "XR", "MM")


def normalise(text: str) -> str:
    """NFKC, lower case, straight quotes."""
    return unicodedata.normalize("NFKC", text).lower().replace("’", "'").replace("‘", "'")


def stem_ko(word: str) -> str:
    """A Korean word without its particle or ending (`결제를` -> `결제`), as far as a list can tell."""
    for ending in _KO_ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= (2 if len(ending) < 2 else 1):
            return word[: -len(ending)]
    return word


def stem_en(word: str) -> str:
    """An English word without its inflection: crude, but the same crude on both sides."""
    word = re.sub(r"'s$|'$", "", word)
    for suffix in (
        "ations",
        "ation",
        "ings",
        "ing",
        "ments",
        "ment",
        "edly",
        "ies",
        "ied",
        "ers",
        "ed",
        "er",
        "es",
        "ly",
        "s",
        "e",
    ):
        if word.endswith(suffix) and len(word) - len(suffix) >= 3:
            return word[: -len(suffix)]
    return word


@lru_cache(maxsize=8192)
def words(text: str, analysed: bool = True) -> tuple[str, ...]:
    """Content words in order, stemmed, stop words out; citations such as [2] are not words.

    Korean words are the nouns, verbs and adjectives a morphological analyser finds in them; where it is not
    installed or not wanted (it takes a millisecond a sentence), the words without their particles and endings.
    """
    text = re.sub(r"\[\d+\]", " ", normalise(text))
    made = []
    korean = (_morphemes(text) if analysed else None) if re.search(r"[가-힣]", text) else []
    for match in _WORD.finditer(text):
        word = match.group()
        if "가" <= word[0] <= "힣":
            if korean is None and stem_ko(word) not in _KO_STOP:
                made.append((match.start(), stem_ko(word)))
        elif word not in _EN_STOP:
            made.append((match.start(), stem_en(word)))
    return tuple(word for _, word in sorted([*made, *(korean or ())]))


def _morphemes(text: str) -> list[tuple[int, str]] | None:
    """(start, content morpheme) of the Korean in `text`; None without an analyser."""
    from rag.retrieval import morphemes

    found = morphemes(text)
    if found is None:
        return None
    return [(start, form) for form, tag, start in found if tag.startswith(_KO_CONTENT) and form not in _KO_STOP]


@lru_cache(maxsize=2048)
def lines(text: str) -> tuple[str, ...]:
    """Sentences and lines, in order, without empty ones."""
    return tuple(part.strip() for part in _BREAK.split(text) if part and part.strip())


def quotes(claim: str, passage: str) -> bool:
    """Whether `claim` is nothing but whole sentences or lines of `passage`, word for word, also several in a row joined by " · ".

    Whole ones only: "passed the exam" stands in "has not passed the exam" too. A claim of under four words says nothing
    without its question ("Busan."), so that it stands in the passage does not settle it.
    """
    if len(words(claim, False)) < MIN_QUOTED:
        return False
    said, told = _plain_lines(claim), _plain_lines(passage)
    joined = _in_a_row(" · ".join(told))
    return bool(said) and all(line in told or " · " in line and _in_a_row(line) in joined for line in said)


def _in_a_row(text: str) -> str:
    """Lines joined by " · ", without the full stops before it: "Acme Inc. · Engineer" has one, which a line's end loses."""
    return f" · {text} · ".replace(". · ", " · ")


@lru_cache(maxsize=2048)
def _plain_lines(text: str) -> tuple[str, ...]:
    """Its lines without bullets, citations, closing marks and differences of spacing."""
    made = (re.sub(r"^[\W_]+|[\s.。]+$", "", re.sub(r"\s+", " ", _CITED.sub("", normalise(part)))) for part in lines(text))
    return tuple(part for part in made if part)


def focus(text: str, claim: str, limit: int) -> str:
    """At most `limit` characters of `text`: its lines that share most with the claim, in their order.

    The first line is favoured (it often names whose passage it is), and each chosen line brings the
    one before it, so that an achievement keeps the heading above it.
    """
    if len(text) <= limit:
        return text
    parts = lines(text)
    wanted = set(words(claim, False))
    score = [len(wanted & set(words(part, False))) / (len(words(part, False)) + 4) ** 0.5 for part in parts]
    chosen: set[int] = set()
    used = 0
    for i in sorted(range(len(parts)), key=lambda i: -score[i]):
        for j in (i, i - 1):
            if j >= 0 and j not in chosen and used + len(parts[j]) <= limit:
                chosen.add(j)
                used += len(parts[j]) + 1
        if used > limit * 0.9:
            break
    return "\n".join(parts[i] for i in sorted(chosen)) or text[:limit]


def statement(question: str, claim: str) -> str:
    """What is checked: the claim without its lead-in, led by its question where it is too short to stand alone ("Busan.")."""
    claim = without_lead_in(claim)
    return f"{question.strip()} {claim.strip()}" if question and len(words(claim)) < 4 else claim.strip()
