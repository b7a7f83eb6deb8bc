"""Names in a question that the documents do not mention at all: what is asked about them is not in the resume.

A small model asked about an employer that is not there tells of one that is. Looking the name up settles it.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

from rag.aliases import as_spelled, korean_names
from rag.language import language_of

_NAME_EN = re.compile(r"(?<![\w'’-])[A-Z][\w+#.&-]*\w|(?<![\w'’-])[A-Z](?![\w'’])")
_LATIN = re.compile(r"[A-Za-z][\w+#.&-]*\w")  # in a Korean question, a word in Latin letters is a name
# Korean names carry no mark, but those of organisations and licences end in a word that says what they are.
_KOREAN_NAME = re.compile(
    r"(?<![가-힣])([가-힣]{2,10})((?:제약|대학교|대학원|대병원|병원|의료원|전자|은행|증권|보험|건설|통신|화학|중공업|물산|그룹|재단"
    r"|연구소|연구원|랩스|소프트|테크|시스템즈|솔루션즈|기능사|산업기사|기사|기술사|지도사|상담사|관리사|공사|공단))"
    r"(?=은|는|이|가|을|를|의|에|에서|에서는|에서의|도|와|과|로|으로|이랑|랑|[?!.,]|\s|$)"
)
_KOREAN_GENERIC = re.compile(r"^(?:어느|어떤|무슨|다른|이전|현재|지금|예전|국가|해당|그|이|전)|^(?:종합|대학|지역|공공|민간)?(?:병원|대학교|대학원)$")
_WORD = re.compile(r"[^\W_][\w+#.&-]*")
# Capitalised in questions without naming anything that a resume would have to spell the same way.
_GENERIC = frozenset(
    """i ok cv resume email e-mail phone tv it hr ai ms mr mrs dr january february march april may june july august
    september october november december jan feb mar apr jun jul aug sep sept oct nov dec monday tuesday wednesday
    thursday friday saturday sunday""".split()
)
# "Quelhof" is Quellhof: one letter in five may be wrong.
CLOSE = 0.8
SURE = 3  # syllables; "라인", "줌" and "현대" are words of their own


def unmentioned(question: str, texts: Iterable[str], language: str = "") -> list[str]:
    """Names of `question` that stand in none of `texts`, also not misspelt; in order of appearance.

    English names are recognised by their capital, except at the start of a sentence; in a Korean question words in
    Latin letters count, and Korean ones that end like an organisation or a licence or are well known (rag/aliases.py):
    others have no mark.

    Args:
        language: of the question; by default what its letters say.
    """
    language = language or language_of(question)
    texts = list(texts)
    document = "\n".join(texts).casefold()
    words = set(_WORD.findall(document))
    missing = []
    joined = re.sub(r"\s", "", document)
    for found in _KOREAN_NAME.finditer(question):
        name = found[1] + found[2]
        # "연세대학교병원" may be written "연세대 병원" there: its own part alone settles it.
        if _KOREAN_GENERIC.search(name) or found[1] in joined or difflib.get_close_matches(name, words, 1, CLOSE):
            continue
        missing.append(name)
    if language == "ko":
        known = (name for name in korean_names(question) if len(name) >= SURE and not any(name in other for other in missing))
        missing += [name for name in known if as_spelled(name, texts).casefold() not in document]
    for found in (_LATIN if language == "ko" else _NAME_EN).finditer(question):
        before = question[: found.start()].rstrip()
        if language != "ko" and (not before or before[-1] in ".?!:\"'“‘"):
            continue
        name = found[0].removesuffix("'s")
        key = name.casefold()
        if key in _GENERIC or key in document or difflib.get_close_matches(key, words, 1, CLOSE):
            continue
        missing.append(name)
    return missing
