"""Misspelt words of an English question, put right before it is searched for and read: a small encoder takes "duthc" for another word.

A word is misspelt where neither the dictionary (pyspellchecker's, Norvig 2007, https://norvig.com/spell-correct.html) nor a document has
it, and it is a word of theirs with one letter missing or two swapped, or a word of both with one letter more or another. What is
left alone: names in capitals but for the first word, and in small letters wherever a slip is not the likelier: "figma" is no "sigma".
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Collection, Iterable

from rag import aliases
from rag.language import language_asked

MIN_LETTERS = 5  # of a word that is put right
ACRONYM = 5  # letters: "JLPT" is written so
MIN_COUNT = 300  # of a word in the dictionary's texts; rarer ones are as likely a name nobody knows
# Short words that say what is asked.
_ASKING = frozenset("what when where which whose many much long does have there about email phone".split())
_CONTRACTED = re.compile(r"\w+n't|(?:what|who|where|when|how|that|it|she|he|there)'s")
_TOOLS = frozenset(name.casefold() for name in (*aliases.NAMES, *aliases.ABBREVIATIONS))
_BRITISH = re.compile(r"[bt]res?$")  # "metres" is no slip, though two letters swapped make "meters"

# A word that does not begin a line or a sentence; of those in capitals throughout any.
_INSIDE = re.compile(r"(?:(?<=[\w,;)(] )|(?<=[(/]))[A-Za-z]{3,40}(?!\w)|(?<!\w)[A-Z]{3,40}(?!\w)")
# No part of an address, a path or "co-op"; a capital only where the question begins.
_WORD = re.compile(r"(?<![\w@./'’&+#-])(?:^[A-Z][a-z]{3}|[a-z]{4})[a-z]{0,36}(?![\w@/'’&+#-]|\.\w)")


@functools.cache
def _dictionary():
    from spellchecker import SpellChecker

    return SpellChecker(language="en", distance=1)


def in_dictionary(word: str) -> bool:
    """Whether it is an English word."""
    return word.casefold() in _dictionary()


def corrected(question: str, texts: Iterable[str]) -> str:
    """The question with its misspelt words as the documents `texts` or the dictionary have them, and names of theirs that it has in small
    letters with their capital; one in another language as it is.

    Example:
        >>> corrected("how good is her duthc", ["Languages: Dutch (B2)"])
        'how good is her dutch'
    """
    if language_asked(question) == "ko":
        return _corrected_ko(question, texts)
    dictionary = _dictionary()
    odd = {word for word in (match[0].casefold() for match in _WORD.finditer(question)) if word not in dictionary and word not in _TOOLS and not _BRITISH.search(word)}
    if not odd:
        return question
    texts = list(texts)
    there = {word for text in texts for word in re.findall(r"[a-z]{3,}", text.casefold())}
    written = _inside_lines(texts)
    meant = {word: _meant(word, there, dictionary) for word in odd - there}
    names = {word: name for word in (odd | {*meant.values()}) & there if word not in dictionary and (name := _name(written.get(word, ())))}

    def spelled(match: re.Match[str]) -> str:
        word = match[0]
        if word in names:
            return names[word]
        right = meant.get(word.casefold(), "")
        if not right or word[0].isupper() and right not in _ASKING and sorted(right) != sorted(word.casefold()):  # a name as likely as a slip
            return word
        return names.get(right) or (right.capitalize() if word[0].isupper() else right)

    return _WORD.sub(spelled, question)


# What is asked for, in words long enough that a wrong letter makes no other word of them; the last syllable, which may be a particle's, has to be right.
_TOPICS_KO = (
    "자격증 연락처 전화번호 휴대폰번호 프로젝트 희망연봉 퇴사사유 지원동기 생년월일 봉사활동 담당업무 수상경력 수상내역 포트폴리오 홈페이지 최종학력 경력사항 학력사항 자기소개서 자격사항 기술스택 어학점수 고등학교 아르바이트"
).split()
_HANGUL = re.compile(r"[가-힣]{3,}")


def _corrected_ko(question: str, texts: Iterable[str]) -> str:
    told = "\n".join(texts)

    def spelled(match: re.Match[str]) -> str:
        word = match[0]
        if any(topic in word for topic in _TOPICS_KO) or word[:3] in told:
            return word
        near = [topic for topic in _TOPICS_KO if word[len(topic) - 1 : len(topic)] == topic[-1] and _one_apart(unicodedata.normalize("NFD", word[: len(topic)]), unicodedata.normalize("NFD", topic))]
        return near[0] + word[len(near[0]) :] if len(near) == 1 else word

    return _HANGUL.sub(spelled, question)


def _one_apart(one: str, other: str) -> bool:
    """Whether two words differ by one letter that is another, missing or too much."""
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1 or one == other:
        return False
    at = next((i for i, letter in enumerate(one) if letter != other[i]), len(one))
    return one[at:] == other[at + 1 :] if len(one) < len(other) else one[at + 1 :] == other[at + 1 :]


def _inside_lines(texts: Iterable[str]) -> dict[str, set[str]]:
    """By word in small letters, how the documents write it, but for what begins a line or a sentence and may have its capital from that."""
    forms: dict[str, set[str]] = {}
    for text in texts:
        for form in _INSIDE.findall(text):
            forms.setdefault(form.casefold(), set()).add(form)
    return forms


def _name(forms: Collection[str]) -> str:
    """The word as it is written, if never without a capital; a long one in capitals throughout with one; "" for any other."""
    if not forms or not all(form[0].isupper() for form in forms):
        return ""
    form = min(forms, key=lambda form: (form.isupper(), form))
    return form.capitalize() if form.isupper() and len(form) > ACRONYM else form


def _meant(word: str, there: set[str], dictionary) -> str:
    """The word that was meant, "" where none is."""
    near = dictionary.edit_distance_1(word)
    for contraction in dictionary.known(near):
        if contraction.replace("'", "") == word and _CONTRACTED.fullmatch(contraction):
            return contraction  # "doesnt"
    common = lambda found: max(found, key=lambda each: (each.startswith(word), dictionary[each], each), default="")
    if sorted(word) == sorted("with"):
        return "with"  # "wiht"; "wich" is another
    if asking := common({each for each in near & _ASKING if each[0] == word[0]}):
        return asking
    if len(word) < MIN_LETTERS:
        return ""
    # At the end it is more often another form of a word than a slip: "neighbours", "programme". Nor does a slip often begin a word.
    near = {each for each in near if each[:1] == word[0] and not each.startswith(word[:-1]) and not word.startswith(each)}
    likely = {each for each in near if len(each) > len(word) or sorted(each) == sorted(word)}  # a letter missing, two swapped
    long = len(word) > MIN_LETTERS
    if told := common(there & (likely | {each for each in near if long and each in dictionary})):
        return told
    return common({each for each in dictionary.known(likely) if dictionary[each] >= MIN_COUNT and (long or len(each) == len(word))})
