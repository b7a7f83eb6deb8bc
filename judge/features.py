"""Cheap signals of a claim against passages: overlap, alignment, facts, polarity. Named and inspectable.

They need one encoding per text and no pass per pair. The learnt reader's logits (rag/joint.py) are
added by the judge; together they are what the combiner weighs.

Names, each for one claim and one passage (or several passages read together). "The line" is the line the claim
aligns with best, "the entry's words" are that line's and its headings' (judge.entries).
- word_recall, word_recall_rare: share of the claim's content words in the passage; the same weighted
  by how rare a word is;  gram_recall: share of its character 4-grams (Korean 2-grams)
- entry_recall: the same share for the entry's words;  entry_gap: how much the whole passage has more
- elsewhere: weight of the rarest word of the claim that stands in the passage, but not among the entry's words
- other_employer: the claim names another job's employer than the entry's
- align, align_rare: BERTScore recall (mean best cosine of the claim's tokens; Zhang et al. 2020; of e5's eighth layer),
  plain and rarity weighted;  weakest, weakest3: the worst token, the mean of the worst three
- align_entry, align_entry_gap: as entry_recall and entry_gap, on the alignment;  weakest_entry: as weakest, in the entry
- cosine: of the mean vectors
- numbers, numbers_missing, dates_missing, names_missing, contacts_missing: counts, from the guard
- facts_apart: share of the claim's numbers and dates that stand in the passage, but not in the entry
- negation: claim and clause (of the line) differ in polarity;  exclusive: the claim says "only" (all, alone, 만 ...) and
  the line does not;  contrast: the claim has a word whose place another of its kind takes in the entry, or says what the
  line denies (judge.contrasts)
- reversed: "from A to B" where the entry has "from B to A", or one job before another that it came after
- unfinished, unfinished_near: the clause, or another of the line, speaks of something not done (shortlisted, in progress,
  declined), the claim does not
- status: the claim says it goes on and the entry has ended, or the reverse
- roles: a name that does something in the claim has it done to it in the line, or the reverse; or "to" leads to another
- order_kept, order_broken: shares of the claim's neighbouring words that are neighbours in the line too, or apart there
- claim_words, passage_words: logarithms of the lengths
- korean, mixed: claim in Korean; claim and passage in different languages
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from judge import guard
from judge.contrasts import clash, denial
from judge.entries import Line, entries
from judge.text import normalise, stem_en, words
from rag.language import language_of

NAMES = (
    "word_recall", "word_recall_rare", "gram_recall", "entry_recall", "entry_gap", "elsewhere", "other_employer", "align", "align_rare",
    "weakest", "weakest3", "align_entry", "align_entry_gap", "weakest_entry", "cosine", "numbers", "numbers_missing", "dates_missing",
    "names_missing", "contacts_missing", "facts_apart", "negation", "exclusive", "contrast", "reversed", "unfinished", "unfinished_near", "status", "roles",
    "order_kept", "order_broken", "claim_words", "passage_words", "korean", "mixed",
)  # fmt: skip
_NEGATION = re.compile(
    r"\b(?:not|never|no|without|cannot|neither|nor|none|nobody|lacks?|lacked|failed|refused|declined|stopped)\b|n't\b"
    r"|(?<![가-힣])(?:안|못)(?=\s[가-힣]|[하했되됐썼쓰])"  # not 안드로이드, 안전
    r"|지\s?(?:않|못)|없|아니[다며라]|아닙|아니었|미\s?(?:보유|졸업|취득|완료)"
)
_EXCLUSIVE = re.compile(
    r"\b(?:only|solely|exclusively|sole|alone|all|everyone|everybody|entirely|nothing|whole|on (?:her|his|their) own|single-handedly"
    r"|every(?! (?:day|week|month|quarter|year|morning|evening|night|other|single day|two|three|\d)))\b"
    # No particle ends 다만, 천만, 불만, 미만, nor -지만 ("but"); 까지만 is one.
    r"|(?<=[가-힣A-Za-z])(?<![다천백십불미])(?<!(?<!까)지)만(?:(?=[\s,.])|(?<=[가-힣]만)(?:을|이|의)?(?=\s))"
    r"|뿐|오직|유일|단독|혼자|홀로|전부|모두|모든|하고만|에서만|에만"
)
_ABSENT = re.compile(r"\b(?:without|no)\s(?!longer\b)((?:[\w-]+\s?){1,3})")
_UNFINISHED = re.compile(
    # "Planned and ran a conference", "Retired the legacy system", "Preparing meals" tell of what was done.
    r"\b(?:shortlist\w*(?! (?:and|candidates|applicants))|nominat\w*|finalist|runner-up|candidate for|in progress"
    r"|pending(?= approval|\W{0,9}$)|expected(?= (?:in|to|by|\d|graduat\w{1,9}|complet\w{1,9})\b)|ongoing(?=\W{0,9}$)"
    r"|preparing(?= (?:for|to)\b)|planned(?= (?:for|in|to) |\s?:)|(?:suggested|proposed)\b(?! and \w)"
    r"|retired\b(?! (?:and|the|an?|our|its|all|two|three|\d))|postponed|declined"
    r"|rejected|turned down|put off|never released|withdrawn|discontinued|not yet|expired|lapsed|dropped out|on leave|acting|interim)\b"
    # Of these, other words have the same letters: a candidate selected by others, a pet, an agency, a course done.
    r"|후보(?!자|물질|군|지)|반려(?![동견묘])|대행(?!사|업)|만료(?!일)|(?:박사|석사)\s?(?:과정)?\s?수료|재학(?!\s?중\s\w)"
    r"|제안함?(?=\s{0,9}(?:$|[.,;]))|준비\s?중|진행\s?중|예정|보류|무산|중단|응시|휴학|중퇴|탈락|불합격"
)
# What the claim itself says is still to come, or goes on.
_PLANS = re.compile(
    r"\b(?:(?:is|are|was|were|been) (?:\w{1,20}ly )?\w{2,20}ing"
    r"|plans?|intends?|hopes?|aims?|wants?|will|about to|yet to|candidate|enrolled|applied|submitted|filed)\b"
    r"|고 있|출원|신청|제출|(?<=[가-힣\s])중(?:입니다|이다|이며|이고|인|임|\b)|계획|과정에"
)
_LAPSED = re.compile(r"\b(?:expired|lapsed|discontinued)\b|만료(?!일)")
_HOLDS = re.compile(r"\b(?:is|are|has|have|holds?|still|valid|current\w*)\b|있[습다는음어]|보유|소지|유효|현재")
_DEGREES = (
    r"(?:\b(?:ph\.?\s?d|doctora\w+|m\.?\s?sc|m\.?\s?eng|mba|ll\.?m|master(?:'?s)?|b\.?\s?sc|b\.?\s?eng|bachelor(?:'?s)?|diploma)\b|박사|석사|학사)"
)
_DEGREE = re.compile(_DEGREES)
_HAS_DEGREE = re.compile(
    rf"\b(?:has|have|holds?|held|earned|received|obtained|completed|finished|got|with)(?: (?:an?|the|his|her|their|one|both))? {_DEGREES}"
    r"|(?:박사|석사|학사)(?:입니다|이다|예요)|(?:박사|석사|학사)\s?(?:과정|학위)?[을를이가은는]?\s?(?:졸업|취득|받[았은]|마[쳤친]|있)"
)
_OPEN = re.compile(rf"{_UNFINISHED.pattern}|{_NEGATION.pattern}|\b(?:except|zero|first|before|until)\b|제외|최초|첫|까지")
_GOES_ON = re.compile(
    r"\b(?:currently|now|still|at present|today|these days|to this day)\b|\b(?:is|are|has been) \w+ing\b"
    r"|현재|지금|아직도|여전히|재직\s?중(?!이었|이던|에)|고 있(?!었)"
)
_IS_OVER = re.compile(
    r"\b(?:left|quit|resigned|no longer|former|formerly|used to|until|gave up|stopped)\b"
    r"|퇴사|그만두|그만뒀|떠났|(?<!현재)(?<!지금)까지 (?:근무|일|재직)|더 이상"
)
ABOUT = 0.2  # share of the claim's words in a line from which the claim counts as being about it
# How rare the word of another job's heading must be to name that employer (a function, "lead", is less), and how much
# rarer than the claim's rarest word of the line's own heading.
EMPLOYER_RARITY = 2.0
EMPLOYER_MARGIN = 0.6
TELLS = 0.4  # share of what the claim says was done that has to stand in the line
_EMPLOYED = frozenset(
    words("work worked works working employed employment job jobs role position company employer year years month months long longer")
    + words("근무 일했습니다 재직 회사 직장 경력 입사 퇴사 동안 기간 년 개월")
)
_AT = re.compile(
    r"\b(?:at|At|joined|joining|work(?:s|ed|ing)? (?:for|with))\s(?:the\s|The\s)?((?:[A-Z0-9][\w&.'’-]{0,30}\s?){1,4})"
    r"|(?<![가-힣A-Za-z])([가-힣A-Za-z]{2,15})에서"
)
_MOVES = re.compile(
    r"\b(?:then|later|previously|earlier|moved|went|transferred|promoted|from(?! (?:[A-Z][a-z]{2,8}\.? )?\d)|not|never)\b"
    r"|옮|이직|이동|승진|않|없"
)
_RUNNING = re.compile(r"\b(?:present|now|current|currently|today|ongoing|since)\b|현재|재직|지금|부터(?!\s*\d)")


@dataclass(slots=True, eq=False)
class TextCode:
    """One text, encoded once.

    Attributes:
        ids: (T,) token ids without specials and prefix.
        vectors: (T, H) unit vectors of the layer that is aligned, float32.
        mean: (H,) unit mean vector.
        rare: (T,) weight of each token: minus its log probability, at least 1.
        line_of: (T,) index into `lines(text)` of each token.
        offset: tokens before the first of its own in each stretch.
        early: (T, H) states after the layers that the reader starts from, specials and prefix among them; None of passages, which it
            reads for itself.
        read, windows: what the relevance adapter scores, and its states after that layer, one for each stretch encoded alone.
        telling: the same after the adapter's own layers; None until somebody asks.
    """

    text: str
    ids: np.ndarray
    vectors: np.ndarray
    mean: np.ndarray
    rare: np.ndarray
    line_of: np.ndarray
    offset: int
    early: object = None
    read: Sequence = ()
    windows: Sequence = ()
    telling: list | None = None


def unit_vectors(states: Sequence[np.ndarray], offset: int) -> tuple[np.ndarray, np.ndarray]:
    """`vectors` and `mean` of a TextCode from the states of its stretches, each (T, H) with specials and prefix; a text without a token of its
    own has the vectors of these."""
    own = np.concatenate([each[offset:-1] for each in states])
    own = own if len(own) else states[0]
    mean = np.concatenate(states).mean(0)
    return own / np.linalg.norm(own, axis=1, keepdims=True), mean / np.linalg.norm(mean)


@lru_cache(maxsize=2048)
def _grams(text: str) -> frozenset[str]:
    low = re.sub(r"\[\d+\]", "", normalise(text))
    made = set()
    for run in re.findall(r"[가-힣]+|[^\W가-힣]+", low):
        n = 2 if "가" <= run[0] <= "힣" else 4
        made.update(run[i : i + n] for i in range(max(1, len(run) - n + 1)))
    return frozenset(made)


def _rarity(word: str) -> float:
    """Longer words and numbers tell more than short ones; a stand-in for idf that needs no corpus."""
    return (
        3.0
        if any(c.isdigit() for c in word)
        else min(3.0, 0.5 + 0.3 * len(word) * (2.0 if "가" <= word[0] <= "힣" else 1.0))
    )


_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


class Bag:
    """The words of a text; a Korean word may also stand inside a longer one, which an analyser cuts as it likes."""

    def __init__(self, text: str) -> None:
        found = words(text)
        # "2019.03" holds the year, "3.8/4.0" both numbers.
        parts = (part for w in found if w[0].isdigit() for part in (*w.split("/"), *_YEAR.findall(w)))
        self.words = frozenset(found).union(parts)
        self.squeezed = re.sub(r"\s", "", normalise(text))

    def __contains__(self, word: str) -> bool:
        return word in self.words or (len(word) > 1 and "가" <= word[0] <= "힣" and word in self.squeezed)


@lru_cache(maxsize=4096)
def bag(text: str) -> Bag:
    return Bag(text)


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the passages a claim belongs: the line, its headings, and all lines of its entry."""

    passage: int
    number: int  # index into entries(passage)
    line: str
    heads: str

    @property
    def around(self) -> str:
        return f"{self.heads}\n{self.line}" if self.heads else self.line


def _hits(said: Sequence[str], weight: np.ndarray, text: str) -> float:
    here = bag(text)
    return float(sum(w for word, w in zip(said, weight, strict=True) if word in here) / weight.sum())


def _clause(said: Sequence[str], weight: np.ndarray, line: str) -> str:
    """The part of `line` between commas or semicolons that has most of the words."""
    parts = [part for part in re.split(r"[;,]\s|\. ", line) if part.strip()]
    return max(parts, key=lambda part: _hits(said, weight, part)) if said and len(parts) > 1 else line


def _heads(parts: Sequence[Line], i: int) -> str:
    return "\n".join(parts[h].text for h in parts[i].heads)


def best_place(claim: str, passages: Sequence[str], aligned: Sequence[np.ndarray] | None = None) -> Place:
    """The line with most of the claim's words (its own count more than its headings'), weighed by how rare they are.

    Args:
        aligned: per passage the mean alignment of the claim with each line and its headings, where it is known.
    """
    said = words(claim)
    weight = np.array([_rarity(w) for w in said]) if said else np.ones(1)
    # Whose job it was is said in the heading, what was done in the line: where the words that no heading has
    # stand together in one line, that line it is, whatever employer the claim names.
    headed = [bag("\n".join(p.text for p in entries(text) if p.is_head)) for text in passages]
    # Whose resume it is says nothing of the line, also where the name is mentioned in one.
    owners = bag("\n".join(entries(text)[0].text for text in passages if entries(text) and entries(text)[0].is_head))
    # Nor do the words that say that somebody was employed, and for how long: where and when stand in a heading.
    light = _EMPLOYED | _lengths(claim, passages)
    weight = np.array([0.01 if w in owners or w in light else v for w, v in zip(said, weight, strict=True)]) if said else weight
    told = [(w, v) for w, v in zip(said, weight, strict=False) if not any(w in heads for heads in headed)]
    best: tuple[float, Place] = (-1.0, Place(0, 0, "", ""))
    for n, text in enumerate(passages):
        parts = entries(text)
        for i, part in enumerate(parts):
            if len(parts) > 1 and i == 0 and part.is_head and part.entry == 0:
                continue
            heads = _heads(parts, i)
            score = _hits(said, weight, f"{heads}\n{part.text}") + 0.3 * _hits(said, weight, part.text) if said else 0.0
            if len(told) > 1:
                score += 1.5 * _hits([w for w, _ in told], np.array([v for _, v in told]), part.text)
            if aligned is not None and i < len(aligned[n]):
                score += 2.0 * float(aligned[n][i])
            if score > best[0]:
                best = score, Place(n, i, part.text, heads)
    return best[1]


def _entry_alignment(similar: np.ndarray, line_of: np.ndarray, text: str, rare: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Per line of `text`, the rarity-weighted mean (L,) and the claim tokens' best cosine (L, T) within line and headings."""
    parts = entries(text)
    count = max(1, len(parts))
    per_line = np.full((count, similar.shape[0]), -1.0, np.float32)
    numbers, starts = np.unique(line_of, return_index=True)  # tokens stand in the order of the lines
    for i, best in zip(numbers, np.maximum.reduceat(similar, starts, axis=1).T, strict=True):
        if i < count:
            per_line[i] = best
    best = per_line.copy()
    for i, part in enumerate(parts):
        for h in part.heads:
            best[i] = np.maximum(best[i], per_line[h])
    return (best * rare).sum(1) / rare.sum(), best


def _employers(passages: Sequence[str]) -> list[tuple[int, int, frozenset[str]]]:
    """(passage, entry, words of the heading) of every entry under a heading of its own."""
    made = []
    for n, text in enumerate(passages):
        parts = entries(text)
        for entry in {p.entry for p in parts if p.is_head and p.entry}:
            mine = [p.text for p in parts if p.is_head and p.entry == entry]
            made.append((n, entry, frozenset(w for line in mine for w in words(line) if not w.isdigit())))
    return made


def _other_employer(claim: str, passages: Sequence[str], place: Place) -> float:
    """1.0 where the claim's words name a heading that is not over the line it belongs to more clearly than that line's own."""
    said = frozenset(words(claim))
    known = _employers(passages)
    parts = entries(passages[place.passage])
    own_entry = parts[place.number].entry if parts else 0
    own = next((w for n, e, w in known if (n, e) == (place.passage, own_entry)), None)
    if own is None or not _tells_what(claim, said, passages, place):
        return float(_headings_mixed(claim, said, passages))
    others = frozenset().union(*(w for n, e, w in known if (n, e) != (place.passage, own_entry)))
    around = bag(place.around)
    # However short its name is: behind "at" stands an employer. Of two of them, in order, the other may be meant.
    for named in _named(claim) if not _ORDERS.search(normalise(claim)) else ():
        if named not in around.squeezed and any(named in heading for heading in _headings(passages)):
            return 1.0
    foreign = [w for w in said & (others - own) if w not in around and len(w) > 1]
    mine = max((_rarity(w) for w in said & (own - others)), default=0.0)
    needed = max(EMPLOYER_RARITY, mine + EMPLOYER_MARGIN if mine else 0.0)
    return float(max((_rarity(w) for w in foreign), default=0.0) > needed)


def _lengths(claim: str, passages: Sequence[str]) -> frozenset[str]:
    """The claim's lengths of time ("three years") that no passage states as such: they are counted from dates."""
    lengths = [n for n in guard.facts(claim).numbers if n.kind in ("years", "months")]
    stated = {(n.kind, n.values) for text in passages for n in guard.facts(text).numbers} if lengths else set()
    return frozenset(w for n in lengths if (n.kind, n.values) not in stated for w in words(n.text))


def _tells_what(claim: str, said: frozenset[str], passages: Sequence[str], place: Place) -> bool:
    """Whether the line tells what the claim says was done. That somebody was employed, and for how long, tell headings alone."""
    headed = bag("\n".join(p.text for text in passages for p in entries(text) if p.is_head and p.entry))
    lengths = _lengths(claim, [place.around])
    told = [w for w in said if w not in headed and w not in _EMPLOYED and w not in lengths]
    here = bag(place.line)
    return sum(_rarity(w) for w in told if w in here) >= TELLS * max(1.0, sum(map(_rarity, told)))


def _headings_mixed(claim: str, said: frozenset[str], passages: Sequence[str]) -> bool:
    """Whether the claim gives one employer the post, the place or the dates of another one: what stands in no line of the first, and
    in the second's heading."""
    named = _named(claim)
    if len(named) != 1 or _ORDERS.search(normalise(claim)) or _MOVES.search(claim):
        return False
    own, others, dated = [], [], ""
    for text in passages:
        parts = entries(text)
        for entry in {p.entry for p in parts if p.is_head and p.entry}:
            lines_of = [p for p in parts if p.entry == entry]
            over = "\n".join(parts[h].text for h in lines_of[-1].heads)
            heading = f"{over}\n" + "\n".join(p.text for p in lines_of if p.is_head)
            if named[0] in _solid(heading):
                own.append(bag(f"{over}\n" + "\n".join(p.text for p in lines_of)))
                dated = f"{dated}\n{heading}"
            else:
                others.append(bag(heading))
    if not own:
        return False
    if guard.facts(dated).periods and any(kind == "date" for kind, _, _ in guard.missing(claim, dated)):
        return True  # the dates of another one
    foreign = [w for w in said - _EMPLOYED if not any(w in here for here in own) and any(w in there for there in others)]
    beside = [bag(p.text) for text in passages for p in entries(text) if named[0] in _solid(p.text)]
    return any(_rarity(w) > EMPLOYER_RARITY and len(w) > 2 and not any(w in line for line in beside) for w in foreign)


def _named(claim: str) -> list[str]:
    """The names behind "at", or before 에서, in lower case and without spaces."""
    found = [_solid(name) for match in _AT.finditer(claim) for name in match.groups() if name]
    return [name for name in found if len(name) > 1 and not guard.is_place(name)]


def _solid(text: str) -> str:
    """The text in lower case, its letters and digits alone."""
    return re.sub(r"\W", "", normalise(text))


def _headings(passages: Sequence[str]) -> list[str]:
    """The headings of the entries, in lower case and without spaces."""
    return [_solid(p.text) for text in passages for p in entries(text) if p.is_head and p.entry]


def _without_absent(clause: str, said: Sequence[str]) -> str:
    """The clause without what was absent, where the claim does not speak of that: "migrated it without downtime" denies no migration."""
    return _ABSENT.sub(lambda m: m[0] if set(words(m[1])) & set(said) else " ", clause)


def _still(text: str, claim: str) -> str:
    """The text without what has ended since, where the claim does not say that it still holds: a licence that expired was issued once."""
    return text if _HOLDS.search(claim) else _LAPSED.sub(" ", text)


def _running_degree(line: str, claim: str) -> bool:
    """Whether the claim says that a degree was earned which, by the line's dates, goes on."""
    if len(set(_DEGREE.findall(line))) != 1 or not _HAS_DEGREE.search(claim) or _GOES_ON.search(claim):
        return False
    return any(last >= guard.this_month() for _, last in guard.facts(line).periods)


_FROM_TO = (
    re.compile(r"\bfrom\s+(?P<a>\D{0,4}\d[\d,.]*)[^;\n]{0,30}?\bto\s+(?P<b>\D{0,4}\d[\d,.]*)"),
    re.compile(r"(?<![\d,.])(?P<a>\d[\d,.]{0,30})[^\d\n;]{0,12}?(?:→|->|에서|에서부터)\s*[^\d\n;]{0,6}(?P<b>\d[\d,.]*)"),
)


def _ranges(text: str) -> set[tuple[str, str]]:
    low = normalise(text)
    strip = lambda m, k: re.sub(r"[^\d.]", "", m[k]).strip(".")
    return {(strip(m, "a"), strip(m, "b")) for pattern in _FROM_TO for m in pattern.finditer(low)}


_WORDS_TO = re.compile(
    r"(?P<a>[a-z][\w-]{2,30}) to (?P<b>[a-z][\w-]{2,30})"
    r"|(?P<ko_a>[가-힣]{2,10})에서 (?P<ko_b>[가-힣]{2,10}?)(?:으로|로)(?![가-힣])"
)


def _ways(text: str) -> set[tuple[str, str]]:
    """"French to English", 영업에서 기획으로: pairs of words."""
    return {(m["a"] or m["ko_a"], m["b"] or m["ko_b"]) for m in _WORDS_TO.finditer(normalise(text))}


def reversed_range(claim: str, line: str) -> bool:
    """Whether the claim goes from A to B where the line goes from B to A."""
    there = _ranges(line) | _ways(line)
    mine = _ranges(claim) | _ways(claim)
    return any((b, a) in there and (a, b) not in there for a, b in mine if a != b)


_ORDERS = re.compile(
    r"(?P<before>\b(?:before|prior to)\b)|(?P<after>\b(?:after|following)\b)"
    r"|(?P<ko_before>(?:하기|가기|옮기기|이직하기|들어가기)?\s?(?:이전에|전에))|(?P<ko_after>(?:[은한난간]\s?(?:후|뒤|다음)|이후|다음)에)"
)


_EDGE_JOB = re.compile(
    r"\b(?:(?P<first>first|earliest)|latest|most recent|last|newest) (?:job|role|position|post|employer)\b"
    r"|(?:(?P<ko_first>첫)|최근|마지막)\s?(?:번째\s)?(?:직장|회사|직업|일터)",
    re.IGNORECASE,
)
# Studies, service, an internship or a volunteer's post may or may not be called a job.
_STUDIES = frozenset(words("university school college degree phd msc bsc bachelor master intern internship volunteer army navy military"))
_STUDIES |= frozenset(words("대학교 학교 대학원 학사 석사 박사 인턴 봉사 육군 해군 공군 해병대 병역 전역 복무"))


def jobs_reversed(claim: str, passages: Sequence[str]) -> bool:
    """Whether the claim puts one job before another one that by their dates it came after, or the reverse, or calls one the first or
    the latest that is not. A job is named by what stands in no other one's heading."""
    found = list(_ORDERS.finditer(normalise(claim)))
    if not found and (edge := _EDGE_JOB.search(claim)):
        jobs = _dated_jobs(passages)
        mine = _job_of(claim, jobs)
        others = [job for job in jobs if not _DEGREE.search(job[2].squeezed) and _STUDIES.isdisjoint(job[2].words)]
        first = edge["first"] or edge["ko_first"]
        return mine is not None and any(end <= mine[0] if first else start >= mine[1] for start, end, _ in others)
    if len(found) != 1 or len(normalise(claim)) != len(claim):
        return False
    match = found[0]
    earlier, later = claim[: match.start()], claim[match.end() :]  # "A before B", "B 전에 A" is the other way round
    if match["before"] or match["after"]:
        if not earlier.strip():  # "Before B, A"
            later, _, earlier = later.partition(",") if "," in later else _at_subject(later)
    else:
        earlier, later = later, earlier
    if match["after"] or match["ko_after"]:
        earlier, later = later, earlier
    jobs = _dated_jobs(passages)
    first, second = _job_of(earlier, jobs), _job_of(later, jobs)
    return first is not None and second is not None and first[0] >= second[1] and first != second


def _at_subject(text: str) -> tuple[str, str, str]:
    """"Corvid she was at Tallow" in two, before the pronoun."""
    parts = re.split(r"\s(?=(?:she|he|they)\s)", text, maxsplit=1)
    return (parts[0], "", parts[1]) if len(parts) == 2 else (text, "", "")


def _dated_jobs(passages: Sequence[str]) -> list[tuple[int, int, Bag]]:
    """(first month, last month, words of the headings) of every employer with dates; several posts there are one."""
    made = []
    for text in passages:
        parts = entries(text)
        groups: dict[int, list[int]] = {}  # by the first line of the heading, which the posts of one employer share
        for i, part in enumerate(parts):
            if part.is_head and part.entry:
                groups.setdefault(min([i, *(h for h in part.heads if parts[h].entry)]), []).append(i)
        for first, lines_of in groups.items():
            heading = "\n".join(parts[i].text for i in sorted({first, *lines_of}))
            periods = guard.facts(heading).periods
            if periods:
                made.append((min(a for a, _ in periods), max(b for _, b in periods), bag(heading)))
    return made


def _job_of(text: str, jobs: Sequence[tuple[int, int, Bag]]) -> tuple[int, int] | None:
    """The time of the one job that the words of `text` name; None where they name none or several."""
    said, at = [w for w in words(text) if w not in _EMPLOYED and not w[0].isdigit()], _named(text)
    named = []
    for start, end, job in jobs:
        others = [other for *_, other in jobs if other is not job]
        clear = sum(_rarity(w) for w in said if w in job and not any(w in other for other in others))
        if clear >= EMPLOYER_RARITY or any(name in job.squeezed and not any(name in other.squeezed for other in others) for name in at):
            named.append((start, end))
    return named[0] if len(named) == 1 else None


_PERSON = re.compile(r"(?:[A-ZÀ-Þ][\w'’-]+\s+)*[A-ZÀ-Þ][\w'’-]+")
_OPENING = re.compile(r"(?:\w+(?:ed|ing)\s+)?(?:(?:Dr|Prof|Mr|Ms|Mrs|Professor)\.?\s+)?")
_TITLES = frozenset(words("Dr Prof Mr Ms Mrs Professor"))
_BEFORE_PERSON = re.compile(r"(?:\b(?:by|to|from|under|Dr|Prof|Mr|Ms|Mrs)\.?|\w(?:ed|ing))\s+$")
_TOWARDS = re.compile(
    r"\b(report\w*|hand\w*|pass\w*|gave|give\w*|sold|sell\w*|transfer\w*|assign\w*|present\w*)(?: \w+){0,3}?"
    r" to (?!by\b)((?:the |an? )?[^.;,]+)"
)
_REPORTS_TO_HER = re.compile(r"\b((?:[A-ZÀ-Þ][\w'’-]+\s){1,3})(?:\w+ly\s)?report(?:s|ed)?\s(?:\w+ly\s)?to\s(?:her|him|them)\b")
_KO_REPORTS_TO_HER = re.compile(r"([가-힣A-Za-z]{2,9}?)(?:\s[가-힣]{1,4})?(?:이|가|께서)\s(?:그|그녀|자신|본인)(?:에게|한테)\s(?:직접\s)?보고")
_PASSIVE = re.compile(r"\b(?:was|were|is|are|been|being)\s+\w+(?:ed|en|t|ught)\b")
_BY = re.compile(r"\bby\s+(?:[A-Z]\w+\.?\s+|the\s+|\w+ chef\s+)*$")
_FROM = re.compile(r"\bfrom\s+(?:[A-Z]\w+\.?\s+|the\s+)*$")
_TAKEN = re.compile(r"\b(?:receiv|learn|got|bought|inherit|took|borrow|acquir)\w*\s[^.;]{0,40}$")  # from whom something came
_IS = re.compile(r"\b(?:is|was|are|were)\s+$")
_LISTED = re.compile(r"\s*(?:,|and\b|or\b)")  # another name follows, no verb
_KO_TAUGHT = re.compile(r"사사|배[우웠움]|받")  # of these, 에게 is as good as 에게서
_KO_GIVEN = re.compile(r"받|사사|에게서|한테서|수상|표창|수여|선정|장학|배[우웠움]")
_KO_MARK = re.compile(r"^\s?(?:님|씨|교수|박사|책임|선생님?|팀장|대표)?\s?(에게서|한테서|으로부터|로부터|에게|한테|께서|께|이|가|은|는|을|를|의)(?=\s)")
_KO_ROLE = {"에게서": "from", "한테서": "from", "으로부터": "from", "로부터": "from", "에게": "to", "한테": "to", "께": "to", "께서": "agent",
            "이": "agent", "가": "agent", "은": "agent", "는": "agent", "을": "object", "를": "object"}  # fmt: skip


def _role(text: str, name: str, verbs: frozenset[str]) -> str:
    """What `name` is in `text`: "agent", "object", or "" where that cannot be told."""
    at = text.find(name)
    if at < 0:
        return ""
    before, after = text[:at], text[at + len(name) :]
    if _BY.search(before):
        return "agent"
    if source := _FROM.search(before):  # whom something was received from gave it; what one moved from did nothing
        return "agent" if _TAKEN.search(before[: source.start()]) else ""
    if _IS.search(before):
        return ""
    clause_before, clause_after = re.split(r"[;.]\s", before)[-1], re.split(r"[;.]\s", after)[0]
    near_before, near_after = words(clause_before)[-5:], words(clause_after)[:4]
    if any(w in verbs for w in near_before):
        return "object"
    if any(w in verbs for w in near_after) and not _LISTED.match(clause_after):
        return "object" if _PASSIVE.match(clause_after.strip()) else "agent"
    return ""


def roles_turned(claim: str, line: str) -> bool:
    """Whether a name that acts in one text is acted upon in the other, by the verbs that both have."""
    if re.search(r"[가-힣]", claim) and re.search(r"[가-힣]", line):
        for match in re.finditer(r"[가-힣]{2,4}|\d+명", claim):
            at = line.find(match.group())
            if at < 0:
                continue
            one, two = _KO_MARK.match(claim[match.end() :]), _KO_MARK.match(line[at + len(match.group()) :])
            if one and two:
                roles = {_KO_ROLE.get(one[1], ""), _KO_ROLE.get(two[1], "")}
                if roles == {"to", "object"} and two[1] in ("에게", "한테", "께") and _KO_TAUGHT.search(line) and not _KO_TAUGHT.search(claim):
                    return True  # who was learnt from is not who was taught
                if roles in ({"from", "to"}, {"from", "object"}) and not _KO_TAUGHT.search(line):
                    return True
        if reporting := _KO_REPORTS_TO_HER.search(claim):
            return bool(re.search(rf"{re.escape(reporting[1])}[^.\n]{{0,12}}(?:에게|께|한테)\s?[^.\n]{{0,8}}보고", line))
        received = re.search(r"(?:에게서?|한테서?)\s[^.]{0,20}받", claim)
        return bool(received) and not _KO_GIVEN.search(line)
    if reporting := _REPORTS_TO_HER.search(claim):
        name = reporting[1].split()[-1]
        return bool(re.search(rf"\b[Rr]eport\w*\b[^.;\n]{{0,60}}?\bto\b[^.;\n]{{0,80}}?\b{re.escape(name)}\b", line))
    verbs = frozenset(words(claim)) & frozenset(words(line))
    towards: dict[str, set[str]] = {}
    for match in _TOWARDS.finditer(line):
        towards.setdefault(stem_en(match[1].lower()), set()).update(words(match[2])[:2])
    for match in _TOWARDS.finditer(claim):
        there, here = towards.get(stem_en(match[1].lower())), words(match[2])[:2]
        if there and here and not there & set(here) and set(here) <= set(words(line)):
            return True
    for match in _PERSON.finditer(line):
        opening = _OPENING.match(match.group())  # "Assisted Dr Moss": the verb has a capital too
        start = match.start() + (opening.end() if opening else 0)
        name = line[start : match.end()]
        if not name or not _BEFORE_PERSON.search(line[:start]) or name.split()[-1] not in claim:
            continue
        last = name.split()[-1]
        if guard.is_month(last):  # "from March to June"
            continue
        plain = verbs - frozenset(words(name)) - _TITLES
        a, b = _role(claim, last, plain), _role(line, last, plain)
        if a and b and a != b:
            return True
    return False


def _status_turned(claim: str, line: str, running: bool) -> bool:
    """Whether the claim says it goes on and the entry has ended, or the reverse; where the claim says both, nothing is told."""
    goes_on, over = _GOES_ON.search(claim), bool(_IS_OVER.search(claim))
    if bool(goes_on) == over or (goes_on and goes_on[0].split()[-1] in line):
        return False
    return running if over else not running and not _GOES_ON.search(line)


def _order(said: Sequence[str], line_words: Sequence[str]) -> tuple[float, float]:
    spots: dict[str, list[int]] = {}
    for j, word in enumerate(line_words):
        spots.setdefault(word, []).append(j)
    kept = broken = 0
    pairs = list(itertools.pairwise(said))
    for a, b in pairs:
        if a in spots and b in spots and a != b:
            distance = min(abs(j - i) for i in spots[a] for j in spots[b])
            kept += any(0 < j - i <= 3 for i in spots[a] for j in spots[b])
            broken += distance > 4
    return kept / max(1, len(pairs)), broken / max(1, len(pairs))


@dataclass(frozen=True, slots=True)
class Cell:
    """The features of one cell, and what they were found in."""

    values: np.ndarray
    place: Place
    contrast: tuple[str, str] | None  # the claim's word and the passage's
    missing: tuple[tuple[str, str, str], ...]  # numbers, dates, contacts and names of the claim that stand nowhere (guard.missing)


@dataclass(frozen=True, slots=True)
class Alignment:
    """How a claim's T tokens match one passage of L lines: `best` (T,) cosines, `lines` (L,) and `tokens` (L, T) by line."""

    best: np.ndarray
    lines: np.ndarray
    tokens: np.ndarray


def align(claim: TextCode, passage: TextCode) -> Alignment:
    """The alignment of a claim with one passage; that with several passages is made of theirs."""
    similar = claim.vectors @ passage.vectors.T
    return Alignment(similar.max(1), *_entry_alignment(similar, passage.line_of, passage.text, claim.rare))


def cell_features(
    claim: TextCode, passages: Sequence[TextCode], *, question: str = "", subject: str = ""
) -> np.ndarray:
    """The features NAMES of `claim` against `passages` read together, float32 (len(NAMES),)."""
    return compare(claim, passages, question=question, subject=subject).values


def prepare(passages: Sequence[str]) -> None:
    """Do once, before a claim comes, what every comparison with these passages needs: their words and facts are kept."""
    for text in passages:
        bag(text)
        _grams(text)
        guard.facts(text)
        parts = entries(text)
        for i, part in enumerate(parts):
            heads = _heads(parts, i)
            place = Place(0, i, part.text, heads)
            for each in (part.text, f"{heads}\n{part.text}"):
                bag(each)
            for each in (heads, place.around):
                guard.facts(each)


def compare(
    claim: TextCode,
    passages: Sequence[TextCode],
    *,
    question: str = "",
    subject: str = "",
    aligned: Sequence[Alignment] | None = None,
) -> Cell:
    """The features of `claim` against `passages` read together, with the line they belong to.

    Args:
        aligned: the claim's alignment with each passage, where it is known.
    """
    aligned = aligned or [align(claim, passage) for passage in passages]
    texts = [p.text for p in passages]
    text = "\n".join(texts)
    said = words(claim.text)
    weight = np.array([_rarity(w) for w in said]) if said else np.ones(1)
    here = bag(text)
    hit = np.array([w in here for w in said], float) if said else np.ones(1)
    grams = _grams(claim.text)
    gram_recall = len(grams & _grams(text)) / max(1, len(grams))

    best = np.max([each.best for each in aligned], axis=0)
    place = best_place(claim.text, texts, [each.lines for each in aligned])
    in_entry = aligned[place.passage].tokens[place.number]
    around = bag(place.around)
    near = np.array([w in around for w in said], float) if said else np.ones(1)
    apart = [w for w, a, b in zip(weight, hit, near, strict=True) if a and not b] if said else []
    low = np.sort(best)

    lost = guard.missing(claim.text, text, question=question, subject=subject, line=place.around)
    count = {kind: sum(k.replace("count", "number") == kind for k, _, _ in lost) for kind in ("number", "date", "name", "contact")}
    stated = guard.facts(claim.text)
    n_facts = len(stated.numbers) + len(stated.dates)
    close = guard.missing(claim.text, place.around, question=question, subject=subject) if n_facts and place.line else []
    facts_apart = max(0, sum(k in ("number", "count", "date") for k, _, _ in close) - count["number"] - count["date"])
    # What one word says against the line counts only where the claim is about that line at all.
    about = bool(said) and _hits(said, weight, place.line) >= ABOUT
    clause = _clause(said, weight, place.line)
    a, b, c = normalise(claim.text), normalise(place.line), normalise(clause)
    denies = bool(_NEGATION.search(a))
    contrast = clash(claim.text, place.around) if about else None
    if about and not contrast and not denies:
        contrast = denial(claim.text, place.line, [p.text for each in texts for p in entries(each) if p.text != place.line])
    open_claim = bool(_UNFINISHED.search(a) or _PLANS.search(a) or denies)
    b_open, c_open = (bool(_UNFINISHED.search(_still(part, a))) or _running_degree(b, a) for part in (b, c))
    line_words = words(place.line)
    kept, broken = _order(said, line_words)
    dating = place.heads if guard.facts(place.heads).periods else place.around  # the line itself may be the heading
    periods = guard.facts(dating).periods
    running = bool(_RUNNING.search(normalise(dating))) or any(last > guard.this_month() for _, last in periods)
    status = about and bool(periods) and _status_turned(a, b, running)
    # Sums, not means, of mean vectors would favour long passages: the best passage counts.
    cosine = max(float(claim.mean @ p.mean) for p in passages)
    lang, other = language_of(claim.text), language_of(text)
    recall, recall_entry = float((hit * weight).sum() / weight.sum()), float((near * weight).sum() / weight.sum())
    align_rare = float((best * claim.rare).sum() / claim.rare.sum())
    align_entry = float((in_entry * claim.rare).sum() / claim.rare.sum())
    values = [
        hit.mean(), recall, gram_recall, recall_entry, recall - recall_entry, max(apart, default=0.0),
        about and _other_employer(claim.text, texts, place), best.mean(), align_rare, low[0], low[:3].mean(),
        align_entry, align_rare - align_entry, in_entry.min(), cosine,
        min(3, n_facts), min(3, count["number"]), min(3, count["date"]), min(3, count["name"]), min(2, count["contact"]),
        facts_apart / max(1, n_facts),
        about and denies != bool(_NEGATION.search(_without_absent(c, said)) or (denies and _OPEN.search(b))),
        about and bool(_EXCLUSIVE.search(a)) and not _EXCLUSIVE.search(b) and not _NEGATION.search(b),
        contrast is not None, (about and reversed_range(claim.text, place.line)) or jobs_reversed(claim.text, texts),
        about and not open_claim and c_open, about and not open_claim and b_open and not c_open, status,
        about and roles_turned(claim.text, place.line), kept, broken,
        np.log1p(len(said)), np.log1p(sum(len(p.ids) for p in passages)), lang == "ko", lang != other,
    ]  # fmt: skip
    return Cell(np.array([float(v) for v in values], np.float32), place, contrast, tuple(lost))
