"""Names in a question that the documents do not mention at all: what is asked about them is not in the resume.

A small model asked about an employer that is not there tells of one that is. Looking the name up settles it.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

from rag.language import language_of

_NAME_EN = re.compile(r"(?<![\w'’-])[A-Z][\w+#.&-]*\w|(?<![\w'’-])[A-Z](?![\w'’])")
_LATIN = re.compile(r"[A-Za-z][\w+#.&-]*\w")  # in a Korean question, a word in Latin letters is a name
_WORD = re.compile(r"[^\W_][\w+#.&-]*")
# Capitalised in questions without naming anything that a resume would have to spell the same way.
_GENERIC = frozenset(
    """i ok cv resume email e-mail phone tv it hr ai ms mr mrs dr january february march april may june july august
    september october november december jan feb mar apr jun jul aug sep sept oct nov dec monday tuesday wednesday
    thursday friday saturday sunday""".split()
)
# "Quelhof" is Quellhof: one letter in five may be wrong.
CLOSE = 0.8


def unmentioned(question: str, texts: Iterable[str]) -> list[str]:
    """Names of `question` that stand in none of `texts`, also not misspelt; in order of appearance.

    English names are recognised by their capital, except at the start of a sentence; in a Korean question only
    words in Latin letters count, because Korean names have no mark and foreign ones many spellings.
    """
    document = "\n".join(texts).casefold()
    words = set(_WORD.findall(document))
    missing = []
    for found in (_LATIN if language_of(question) == "ko" else _NAME_EN).finditer(question):
        before = question[: found.start()].rstrip()
        if language_of(question) != "ko" and (not before or before[-1] in ".?!:\"'“‘"):
            continue
        name = found[0].removesuffix("'s")
        key = name.casefold()
        if key in _GENERIC or key in document or difflib.get_close_matches(key, words, 1, CLOSE):
            continue
        missing.append(name)
    return missing
