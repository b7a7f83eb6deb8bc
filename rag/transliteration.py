"""Employers and schools that a Korean question spells by ear: who asks about 스트라이프 means the Stripe of the resume.

The table of rag/aliases.py knows the famous names; any other is known by its consonants, which a transliteration keeps (국립국어원 외래어
표기법, the rules for loanwords): 스트라이프 and Stripe are both s-t-l-p. Vowels go many ways and are left out.
"""

from __future__ import annotations

import functools
import os.path
import re
from collections.abc import Sequence

from rag.aliases import known_names
from rag.entries import first_lines, is_entry
from rag.mentions import is_generic
from rag.types import Chunk

SOUNDS, SYLLABLES, LETTERS = 3, 3, 5  # consonants, Korean syllables and Latin letters of the shortest name that is known so
LONG = 6  # from so many consonants on, one may be another or be missing
_INITIALS = ("k", "k", "n", "t", "t", "l", "m", "p", "p", "s", "s", "", "c", "c", "c", "k", "t", "p", "h")
_FINALS = {0: "", 4: "n", 8: "l", 16: "m", 17: "p", 19: "s", 21: "n", 1: "k", 2: "k", 24: "k", 7: "t", 25: "t", 26: "p"}
_LATIN = (
    ("tion|sion", "sn"), ("sch|sh", "s"), ("tch|ch", "c"), ("ph", "p"), ("th", "s"), ("ck|qu|q", "k"), ("x", "ks"), ("c(?=[eiy])", "s"), ("c", "k"), ("g(?=[eiy])", "c"), ("ng", "n"), ("g", "k"),
    ("[jz]", "c"), ("[vfb]", "p"), ("d", "t"), ("r", "l"), ("[wy]", ""), ("[aeiouàâäéèêëíîïóôöúûü]", ""),
)  # fmt: skip
_SILENT = re.compile(r"r(?![aeiouy])")  # Stark is 스타크
_KOREAN = re.compile(r"[가-힣]{3,}")
_NAME = re.compile(r"(?<![\w'’-])[A-Z][A-Za-zÀ-ÿ]{4,}(?!\w)")
# What tells a workplace or a school: without it "프로그램" and "서비스" are no employers.
_AT_WORK = re.compile(
    r"(?:에서(?:는|의)?|에)(?:[ ?.,!]|$)|(?:이?랑|하고|와|과) |(?:을|를|은|는|이|가)? ?(?:언제 ?(?:들어|입사|그만|퇴사|나왔)|다니|다닐|다녔|다닌|들어가|입사|퇴사|그만|재직|근무|시절|인턴|졸업|나왔)"
    r"|의 ?(?:직책|직무|업무|역할|성과|경력)| [A-Za-z가-힣]{2,12}(?:에서|시절)"
)
_PARTICLES = ("에서는", "에서의", "에서", "에는", "으로", "이랑", "한테", "에게", "보다", "까지", "부터", "하고", "이나", "은요", "는요", "은", "는", "이", "가", "을", "를", "의", "에", "도", "로", "와", "과", "랑", "만", "나")


def sounds_korean(word: str) -> str:
    """The consonants of a Korean word, each in one letter."""
    made = []
    for letter in word:
        code = ord(letter) - 0xAC00
        made.append(_INITIALS[code // 588] + _FINALS.get(code % 28, "k"))
    return _once("".join(made))


def sounds_latin(word: str) -> set[str]:
    """The consonants of a word in Latin letters in the same letters, with the r that Korean leaves out and without it."""
    return {_once(functools.reduce(lambda text, rule: re.sub(rule[0], rule[1], text), _LATIN, form)) for form in (word.casefold(), _SILENT.sub("", word.casefold()))}


def _once(sounds: str) -> str:
    return re.sub(r"(.)\1+", r"\1", sounds)


def as_named(question: str, chunks: Sequence[Chunk]) -> str:
    """The question with the names of the entries that it spells in Korean letters as the passages spell them.

    Example:
        >>> as_named("스트라이프에서 뭐 했어요?", chunks)  # of a resume with "Engineer, Stripe  2019 – 2021"
        'Stripe에서 뭐 했어요?'
    """
    known = {found[0] for found in known_names(question)}
    words = [found for found in _KOREAN.finditer(question) if not any(name in found[0] for name in known)]
    if not words:
        return question
    names = _names(tuple(first_lines(chunk) for chunk in chunks if is_entry(chunk)))
    if not names:
        return question
    text = "\n".join(chunk.text for chunk in chunks)
    asked = question
    for found in words:
        word = found[0]
        stem, end = _taken_apart(word)
        heard = sounds_korean(stem)
        if len(stem) < SYLLABLES or len(heard) < SOUNDS or stem in text or not _AT_WORK.match(asked, found.start() + len(stem)):
            continue
        near = [heard, *(sounds for sounds in names if max(len(heard), len(sounds)) >= LONG and _one_apart(heard, sounds))]
        if name := next((names[sounds] for sounds in near if sounds in names and _begins_alike(stem, names[sounds])), ""):
            question = question.replace(word, name + end, 1)
    return question


def _one_apart(one: str, other: str) -> bool:
    """Whether two strings differ in one letter, or one has one more."""
    start = len(os.path.commonprefix([one, other]))
    end = len(os.path.commonprefix([one[start:][::-1], other[start:][::-1]]))
    return max(len(one), len(other)) - start - end == 1


def _begins_alike(korean: str, latin: str) -> bool:
    """Whether both begin with a vowel, or neither does."""
    return ("아" <= korean[0] <= "잏") == (latin[0] in "AEIOUWYÀÉ")


def _taken_apart(word: str) -> tuple[str, str]:
    """A Korean word and the particle behind it."""
    particle = next((each for each in _PARTICLES if word.endswith(each) and len(word) - len(each) >= SYLLABLES), "")
    return word.removesuffix(particle), particle


@functools.lru_cache(maxsize=8)
def _names(headings: tuple[str, ...]) -> dict[str, str]:
    """The names in headings by their consonants; none that is a word of any job ("Engineer"), nor two that sound alike."""
    found: dict[str, set[str]] = {}
    for name in sorted({name for heading in headings for name in _NAME.findall(heading) if len(name) >= LETTERS and not is_generic(name)}):
        for sounds in sounds_latin(name):
            if len(sounds) >= SOUNDS:
                found.setdefault(sounds, set()).add(name)
    return {sounds: names.pop() for sounds, names in found.items() if len(names) == 1}
