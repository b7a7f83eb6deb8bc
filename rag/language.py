"""Which of the product's two languages a text is in."""

import re
from collections.abc import Sequence

HANGUL = re.compile(r"[\uac00-\ud7a3\u3131-\u318e]")
_IS = re.compile(r"\b(what|where|who|when|how)['’]?s(?= (?:he|she|they|his|her|their|the)\b)", re.IGNORECASE)
HANGUL_WORD = re.compile(r"[가-힣]\S*")
LETTER = re.compile(r"[^\W\d_]")


def language_of(text: str) -> str:
    """ "ko" when at least a fifth of the letters are Hangul, else "en".

    A fifth, because Korean resumes and questions are full of Latin product names.
    """
    letters = len(LETTER.findall(text))
    return "ko" if letters and len(HANGUL.findall(text)) / letters >= 0.2 else "en"


# Words that an English question has, and what a Korean one ends with, or has behind a name in Latin letters or behind words.
_ENGLISH = r"(?:what|which|who|whom|whose|when|where|why|how|did|does|do|is|are|was|were|has|have|had|can|for|at|from|with|in|to|any|he|she|they|their|his|her|about|reason|tell|show|list)\b"
_ASKED_EN = re.compile(rf"\b{_ENGLISH}", re.IGNORECASE)
_BEGINS_EN = re.compile(rf"\W*(?:{_ENGLISH}|(?:and|or|so|but|the|then)\b)", re.IGNORECASE)
_ENDS_KO = re.compile(r"[A-Za-z0-9가-힣](?:요|까|나|죠|지|냐|니|데|래|야|임|음|줘|함|해|어|은|는|도)\W*$")
_GLUED = re.compile("[A-Za-z0-9][가-힣]")
_ASKED_KO = re.compile(rf"{_GLUED.pattern}|[가-힣](?:은|는|을|를|에서|했|됐|었|았)(?= )")


def language_asked(question: str) -> str:
    """The language of a question: as `language_of`, but an English one may hold a long Korean name ("reason for leaving 세림로지스"), and a Korean one be little more than a name
    ("Copper Heron은요?")."""
    if not HANGUL.search(question) or not re.search("[A-Za-z]", question):
        return language_of(question)
    begins = _BEGINS_EN.match(question)
    if begins and len(HANGUL_WORD.findall(question)) == 1 and not _GLUED.search(question):
        return "en"
    if _ENDS_KO.search(question):
        return "ko"
    english = len(_ASKED_EN.findall(question))
    if english > 1 or begins:
        return "en"
    return "ko" if _ASKED_KO.search(question) else "en" if english else language_of(question)


def is_crossed(language: str, texts: Sequence[str]) -> bool:
    """Whether most of the texts are in the other language than a question in `language`."""
    return 2 * sum(language_of(text) != language for text in texts) > len(texts)


def as_asked(question: str) -> str:
    """A question on one line without what stands around it, for patterns of all of it; "where's she" and "whats his" written out."""
    return _IS.sub(r"\1 is", re.sub(r"\s+", " ", question).strip(" .,!?~:"))
