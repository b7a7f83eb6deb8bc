"""Which of the product's two languages a text is in."""

import re

HANGUL = re.compile(r"[\uac00-\ud7a3\u3131-\u318e]")
_IS = re.compile(r"\b(what|where|who|when|how)['’]?s(?= (?:he|she|they|his|her|their|the)\b)", re.IGNORECASE)
LETTER = re.compile(r"[^\W\d_]")


def language_of(text: str) -> str:
    """ "ko" when at least a fifth of the letters are Hangul, else "en".

    A fifth, because Korean resumes and questions are full of Latin product names.
    """
    letters = len(LETTER.findall(text))
    return "ko" if letters and len(HANGUL.findall(text)) / letters >= 0.2 else "en"


def as_asked(question: str) -> str:
    """A question on one line without what stands around it, for patterns of all of it; "where's she" and "whats his" written out."""
    return _IS.sub(r"\1 is", re.sub(r"\s+", " ", question).strip(" .,!?~:"))
