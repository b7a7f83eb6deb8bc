"""Names that a question spells by ear in the other letters: who asks about 스트라이프 means the Stripe of the resume, and who asks about Serim Logis the 세림로지스.

The table of rag/aliases.py knows the famous names; any other is known by its sounds. Both spellings are written in one alphabet of sounds, by the rules for
loanwords (국립국어원 외래어 표기법) and the Revised Romanization, and compared by a weighted edit distance in which vowels, which go many ways, and sounds that
Korean puts in or leaves out weigh little.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterator, Sequence

from rag.aliases import known_names
from rag.entries import first_lines, is_entry
from rag.language import language_asked
from rag.mentions import is_generic
from rag.retrieval import odd_words
from rag.spelling import in_dictionary
from rag.types import Chunk

MOST_WORDS = 4  # of a name
MOST_NAMES, MOST_HEARD = 2000, 40  # of the documents, and of a question, that are compared with each other
# Two spellings are one name up to these distances, by the syllables of the Korean one; a looser one where a workplace is asked for, of the employers of the entries.
NEAR = {1: 0.0, 2: 0.08, 3: 0.15, 4: 0.2, 5: 0.23}
NEAR_AT_WORK = {1: 0.0, 2: 0.12, 3: 0.22, 4: 0.25, 5: 0.27}
ROMANISED = 0.6  # times that, where Latin letters spell a Korean name: its rules are strict
JUST = 0.06  # of a word that may be another
A_WORD_MORE = 0.2  # a name of one word more is preferred, though it be so much further away
A_SYLLABLE = 0.06  # the same for each syllable of a particle that is left behind it: 에서 sounds like the end of "Industries"
TOLD_APART = 0.03  # by so much a second name must be further away
FAMILY = 0.8
LETTERS = 3  # of the shortest Latin word that is a name for itself

_VOWELS = frozenset("aeiou@-")  # @: ㅓ, the vowel of "bird"; -: ㅡ, which Korean puts between consonants
_INITIALS = ("k", "k", "n", "t", "t", "l", "m", "p", "p", "s", "s", "", "c", "c", "c", "k", "t", "p", "h")
_MEDIALS = ("a", "e", "ia", "ie", "@", "e", "i@", "ie", "o", "ua", "ue", "ue", "io", "u", "u@", "ue", "ui", "iu", "-", "i", "i")
_FINALS = {0: "", 1: "k", 2: "k", 3: "k", 4: "n", 5: "n", 6: "n", 8: "l", 9: "lk", 10: "lm", 11: "lp", 16: "m", 17: "p", 18: "p", 21: "N", 24: "k", 26: "p"}  # any other "t"
_LATIN = (
    ("tion|sion", "s@n"), ("s?sch|sh", "s"), ("tch|ch", "c"), ("ph", "f"), ("th", "s"), ("ck", "k"), ("wh", "u"), ("kn(?=[aeiou])", "n"), ("rh", "l"), ("igh", "ai"), ("gh", ""), ("qu", "ku"), ("q", "k"),
    ("x", "ks"), ("c(?=[eiy])", "s"), ("c", "k"), ("ng(?=[aeiouyl])", "nk"), ("ng", "N"), ("g(?=[eiy])", "g"), ("g", "k"), ("j", "c"), ("[vb]", "p"), ("d", "t"),
    ("eo", "@"), ("eu", "-"), ("ae", "e"), ("ee|ea", "i"), ("oo|ou", "u"), ("w", "u"), ("y", "i"), ("r(?![aeiouy])", "r"), ("r", "l"),
)  # fmt: skip
_LATIN_SOUND = re.compile("|".join(f"({letters})" for letters, _ in _LATIN))
_PLAIN = str.maketrans("àâáäãåèêëéîïíìôöóòøõûüúùñçß", "aaaaaaeeeeiiiioooooouuuunss")
_SILENT_E = re.compile(r"(?<=[a-z]{2}[^aeiou])e\b")
# What one sound in place of another weighs, where it is not 1: those that Korean, or either spelling, does not tell apart.
_ALIKE = {"ts": 0.3, "cs": 0.3, "ct": 0.4, "nN": 0.2, "ck": 0.7, "gk": 0.0, "cg": 0.0, "cz": 0.0, "sz": 0.1, "fp": 0.0, "fh": 0.3, "lr": 0.1, "Nk": 0.6, "mn": 0.6}
_ALIKE |= {pair[::-1]: weight for pair, weight in _ALIKE.items()}
_LEFT_OUT = {"-": 0.05, "r": 0.1, "h": 0.4, "@": 0.25}  # what a sound weighs that the other spelling has not; any other vowel 0.3, a consonant 1

_HANGUL = re.compile("[가-힣]+")
_JOINED = r"(?: |-| ?& ?| (?:and|of|the|de) )"
_WORD = r"[A-Z][A-Za-zÀ-ÿ'’]*"
_CAPITALS = re.compile(rf"(?<![\w'’]){_WORD}(?:{_JOINED}{_WORD})*")
# What tells a workplace or a school.
_AT_WORK = re.compile(
    r"(?:에서(?:는|의)?|에)(?:[ ?.,!]|$)|(?:이?랑|하고|와|과) |(?:을|를|은|는|이|가)? ?(?:언제 ?(?:들어|입사|그만|퇴사|나왔)|다니|다닐|다녔|다닌|들어가|입사|퇴사|그만|재직|근무|시절|인턴|졸업|나왔)"
    r"|의 ?(?:직책|직무|업무|역할|성과|경력)| [A-Za-z가-힣]{2,12}(?:에서|시절)"
)
_PARTICLES = (
    "에서는", "에서의", "이라는", "에서", "에는", "으로", "이랑", "한테", "에게", "보다", "까지", "부터", "하고", "이나", "은요", "는요", "라는", "이요", "처럼", "말고", "은", "는", "이", "가", "을", "를", "의", "에", "도", "로", "와", "과", "랑",
    "만", "나", "요", "씨", "님",
)  # fmt: skip


def sounds_korean(word: str) -> str:
    """The sounds of a word in Hangul, each in one letter."""
    made = []
    for letter in word:
        code = ord(letter) - 0xAC00
        made.append(_INITIALS[code // 588] + _MEDIALS[code % 588 // 28] + _FINALS.get(code % 28, "t"))
    return _once("".join(made))


@functools.lru_cache(maxsize=20_000)
def sounds_latin(words: str) -> str:
    """The sounds of words in Latin letters in the same letters: near enough, whatever language they are of."""
    text = _SILENT_E.sub("", words.casefold().replace("&", "and").translate(_PLAIN))
    return _once(re.sub("[^a-zN@-]", "", _LATIN_SOUND.sub(lambda found: _LATIN[found.lastindex - 1][1], text.replace("-", ""))))


def _once(sounds: str) -> str:
    return re.sub(r"(.)\1+", r"\1", sounds)


def _left_out(sound: str) -> float:
    return _LEFT_OUT.get(sound, 0.3 if sound in _VOWELS else 1.0)


def _in_place_of(one: str, other: str) -> float:
    if one == other:
        return 0.0
    if one in _VOWELS and other in _VOWELS:
        return 0.1 if "@" in (one, other) or "-" in (one, other) else 0.25
    return 9.0 if one in _VOWELS or other in _VOWELS else _ALIKE.get(one + other, 1.0)


def apart(one: str, other: str) -> float:
    """How far apart two words are by their sounds: 0 where they sound alike, 1 where nothing does; the weighted edit distance (Wagner & Fischer 1974) over the
    weight of the heavier one."""
    row = [0.0]
    for sound in other:
        row.append(row[-1] + _left_out(sound))
    for sound in one:
        last, row = row, [row[0] + _left_out(sound)]
        for i, theirs in enumerate(other, 1):
            row.append(min(last[i] + _left_out(sound), row[-1] + _left_out(theirs), last[i - 1] + _in_place_of(sound, theirs)))
    weight = max(sum(0.3 if sound in _VOWELS else 1.0 for sound in word if sound not in "-r") for word in (one, other))
    return row[-1] / max(weight, 1.0)


def as_named(question: str, chunks: Sequence[Chunk]) -> str:
    """The question with the names that it spells by ear as the passages spell them.

    Example:
        >>> as_named("스트라이프에서 뭐 했어요?", chunks)  # of a resume with "Engineer, Stripe  2019 – 2021"
        'Stripe에서 뭐 했어요?'
    """
    if language_asked(question) == "ko":
        return _from_korean(question, chunks) if _HANGUL.search(question) else question
    return _from_latin(question, chunks)


def _from_korean(question: str, chunks: Sequence[Chunk]) -> str:
    text = "\n".join(chunk.text for chunk in chunks)
    known = {found[0] for found in known_names(question)}
    there = text.replace(" ", "")
    unknown = (span for span in _heard(question) if not any(name in span[2] for name in known) and span[2].replace(" ", "") not in there)
    spans = list(itertools.islice(unknown, MOST_HEARD))
    if not spans:
        return question
    names = _latin_names(tuple(chunk.text for chunk in chunks), tuple(first_lines(chunk) for chunk in chunks if is_entry(chunk)))
    found = []
    for start, end, spelled, odd in spans:
        far, name = _nearest(spelled.replace(" ", ""), names, _AT_WORK.match(question, end) is not None, odd)
        if name:
            behind = _HANGUL.match(question, end)
            particle = len(behind[0]) if behind else 0
            found.append((far - A_WORD_MORE * spelled.count(" ") - (A_SYLLABLE * particle if particle > 1 else 0), -start, end, name))
    return _replaced(question, [(-start, end, name) for _, start, end, name in sorted(found)])


def _replaced(question: str, names: Sequence[tuple[int, int, str]]) -> str:
    """The question with each name in place of what stands from start to end, the first of those that overlap."""
    taken: list[tuple[int, int, str]] = []
    for start, end, name in names:
        if not any(start < b and end > a for a, b, _ in taken):
            taken.append((start, end, name))
    for start, end, name in sorted(taken, reverse=True):
        question = question[:start] + name + question[end:]
    return question


def _nearest(spelled: str, names: dict[str, tuple[str, bool]], at_work: bool, odd: bool) -> tuple[float, str]:
    """The name that sounds most like it, and how far apart they are; "" where none is near enough, or two are as near. A word that Korean has (not `odd`) is one where a
    workplace is asked for and an employer sounds just so, and no other."""
    found: list[tuple[float, str]] = []
    heard, syllables, tongue = sounds_korean(spelled), len(spelled), spelled.endswith("어")  # 폴란드어 is not Poland
    consonants = len(_consonants(heard))
    for sounds, (name, of_entry) in names.items():
        if not odd and not (at_work and of_entry):
            continue
        near = (NEAR_AT_WORK if at_work and of_entry else NEAR)[min(syllables, 5)] if odd and not tongue else JUST
        if _begin_alike(heard, sounds) and abs(len(_consonants(sounds)) - consonants) <= 2 and (far := apart(heard, sounds)) <= near:
            found.append((far, name))
    if not found:
        return 1.0, ""
    nearest, name = min(found)
    alike = [other for far, other in found if far < nearest + TOLD_APART and other.casefold() not in name.casefold() and name.casefold() not in other.casefold()]
    return nearest, "" if alike else name


def _begin_alike(one: str, other: str) -> bool:
    """Whether both begin with a vowel, or neither does."""
    return (one[:1] in _VOWELS) == (other[:1] in _VOWELS)


@functools.lru_cache(maxsize=20_000)
def _consonants(sounds: str) -> str:
    return "".join(sound for sound in sounds if sound not in _VOWELS and sound not in "rh")


def _heard(question: str) -> Iterator[tuple[int, int, str, bool]]:
    """Runs of words that may be a name in Korean letters, longest first, as (start, end, text without the particle, whether it is odd): has a word that no dictionary
    of Korean holds, or a proper noun."""
    words = list(_HANGUL.finditer(question))
    found = odd_words(question)
    odd = [len(word[0]) > 2 if found is None else any(word.start() <= at < word.end() for at in found) for word in words]
    for count in range(min(MOST_WORDS, len(words)), 0, -1):
        for i in range(len(words) - count + 1):
            run = words[i : i + count]
            strange = odd[i]
            if not _side_by_side(question, run) or count > 1 and not (strange and odd[i + count - 1]):
                continue
            last = run[-1][0]
            for particle in ("", *(each for each in _PARTICLES if last.endswith(each) and len(last) > len(each))):
                end = run[-1].end() - len(particle)
                spelled = question[run[0].start() : end]
                if len(spelled.replace(" ", "")) > (1 if strange else 2):
                    yield run[0].start(), end, spelled, strange


def _side_by_side(text: str, words: Sequence[re.Match[str]]) -> bool:
    """Whether nothing but a space stands between each and the next."""
    return all(text[a.end() : b.start()] == " " for a, b in itertools.pairwise(words))


@functools.lru_cache(maxsize=8)
def _latin_names(texts: tuple[str, ...], headings: tuple[str, ...]) -> dict[str, tuple[str, bool]]:
    """The names in Latin letters by their sounds, and whether they stand in the heading of an entry: every run of capitalised words, and of single ones those that are no
    English word, or stand in a heading; none that is a word of any job ("Engineer")."""
    found: dict[str, tuple[str, bool]] = {}
    for of_entry, text in [*((True, heading) for heading in headings), *((False, text) for text in texts)]:
        for run in _CAPITALS.finditer(text):
            words = list(re.finditer(_WORD, run[0]))
            for i, first in enumerate(words):
                for last in words[i : i + MOST_WORDS]:
                    name = run[0][first.start() : last.end()]
                    alone = first is last
                    if len(name) < LETTERS or alone and (is_generic(name) or name.isupper() and len(name) > 5 or not of_entry and in_dictionary(name)):
                        continue
                    if len(found) < MOST_NAMES:
                        found.setdefault(sounds_latin(name), (name, of_entry))
    return found


def _from_latin(question: str, chunks: Sequence[Chunk]) -> str:
    text = "\n".join(chunk.text for chunk in chunks)
    if not _HANGUL.search(text):
        return question
    question = _subject_named(question, chunks)
    names, found, heard = None, [], 0
    for run in _CAPITALS.finditer(question):
        words = list(re.finditer(_WORD, run[0]))
        for count in range(min(MOST_WORDS, len(words)), 0, -1):
            for i in range(len(words) - count + 1):
                start, end = run.start() + words[i].start(), run.start() + words[i + count - 1].end()
                name = question[start:end]
                if len(name) < LETTERS or re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE) or count == 1 and (is_generic(name) or in_dictionary(name)):
                    continue
                heard += 1
                if heard > MOST_HEARD:
                    return _replaced(question, found)
                if names is None:
                    names = _korean_names(tuple(chunk.text for chunk in chunks))
                if meant := _nearest_korean(sounds_latin(name), names):
                    found.append((start, end, meant))
    return _replaced(question, found)


def _nearest_korean(heard: str, names: dict[str, str]) -> str:
    """The name in Korean letters that sounds like it; of two as near the shorter."""
    consonants = len(_consonants(heard))
    near = ((apart(heard, sounds), len(name), name) for sounds, name in names.items() if _begin_alike(heard, sounds) and abs(len(_consonants(sounds)) - consonants) <= 2)
    found = min(((far, length, name) for far, length, name in near if far <= ROMANISED * NEAR[min(len(name.replace(" ", "")), 5)]), default=None)
    return found[2] if found else ""


@functools.lru_cache(maxsize=8)
def _korean_names(texts: tuple[str, ...]) -> dict[str, str]:
    """Runs of words in Korean letters by their sounds, and the beginnings of single ones: "세림" of 세림로지스."""
    found: dict[str, str] = {}
    for text in texts:
        words = list(_HANGUL.finditer(text))
        for i, word in enumerate(words):
            pieces = [word[0][:length] for length in range(2, len(word[0]) + 1)]
            for last, nearer in zip(words[i + 1 : i + MOST_WORDS], words[i:], strict=False):
                if text[nearer.end() : last.start()] != " ":
                    break
                pieces.append(text[word.start() : last.end()])
            for piece in pieces:
                if len(found) < MOST_NAMES:
                    found.setdefault(sounds_korean(piece.replace(" ", "")), piece)
    return found


def _subject_named(question: str, chunks: Sequence[Chunk]) -> str:
    """The question with a candidate's romanised name in Korean letters: "Onyu Kim", "Kim Onyu" and "Onyu" are 김온유."""
    words = list(re.finditer(r"[A-Z][A-Za-z]+(?:-[A-Za-z]+)?", question))
    runs = [run for count in (3, 2, 1) for i in range(len(words) - count + 1) if _side_by_side(question, run := words[i : i + count])]
    for subject in dict.fromkeys(chunk.subject for chunk in chunks):
        if not re.fullmatch("[가-힣]{3,4}", subject):
            continue
        family, given = sounds_korean(subject[0]), sounds_korean(subject[1:])
        for run in runs:
            first, *rest = [word[0] for word in run]
            *before, last = [word[0] for word in run]
            ways = {1: [([first], "")], 2: [([first], last), ([last], first), ([first, last], "")], 3: [(before, last), (rest, first)]}[len(run)]
            # "Kim" and "gim", "Lee" and "i", "Park" and "bak": of a family's name it is enough that some of it is heard.
            if any(apart(sounds_latin("".join(own)), given) <= NEAR[3] and (not of or apart(sounds_latin(of), family) <= FAMILY) for own, of in ways):
                return question[: run[0].start()] + subject + question[run[-1].end() :]
    return question
