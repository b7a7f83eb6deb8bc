"""Cheap signals of a claim against passages: overlap, alignment, facts, polarity. Named and inspectable.

They need one encoding per text and no pass per pair. The learnt reader's logits (judge.network) are
added by the judge; together they are what the combiner weighs.

Names, each for one claim and one passage (or several passages read together). "The line" is the line the claim
aligns with best, "the entry's words" are that line's and its headings' (judge.entries).
- word_recall, word_recall_rare: share of the claim's content words in the passage; the same weighted
  by how rare a word is;  gram_recall: share of its character 4-grams (Korean 2-grams)
- entry_recall: the same share for the entry's words;  entry_gap: how much the whole passage has more
- elsewhere: weight of the rarest word of the claim that stands in the passage, but not among the entry's words
- other_employer: the claim names another job's employer than the entry's
- align, align_rare: BERTScore recall (mean best cosine of the claim's tokens; Zhang et al. 2020),
  plain and rarity weighted;  weakest, weakest3: the worst token, the mean of the worst three
- align_entry, align_entry_gap: as entry_recall and entry_gap, on the alignment;  weakest_entry: as weakest, in the entry
- cosine: of the mean vectors
- numbers, numbers_missing, dates_missing, names_missing, contacts_missing: counts, from the guard
- facts_apart: share of the claim's numbers and dates that stand in the passage, but not in the entry
- negation: claim and clause (of the line) differ in polarity;  exclusive: the claim says "only" (all, alone, 만 ...) and
  the line does not;  contrast: the claim has a word whose place another of its kind takes in the entry (judge.contrasts)
- reversed: "from A to B" where the entry has "from B to A"
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
from judge.contrasts import clash
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
_UNFINISHED = re.compile(
    # "Planned and ran a conference", "Retired the legacy system", "Preparing meals" tell of what was done.
    r"\b(?:shortlist\w*(?! (?:and|candidates|applicants))|nominat\w*|finalist|runner-up|candidate for|in progress"
    r"|pending(?= approval|\W{0,9}$)|expected(?= (?:in|to|by|\d|graduat\w{1,9}|complet\w{1,9})\b)|ongoing(?=\W{0,9}$)"
    r"|preparing(?= (?:for|to)\b)|planned(?= (?:for|in|to) )|(?:suggested|proposed)\b(?! and \w)"
    r"|retired\b(?! (?:and|the|an?|our|its|all|two|three|\d))|postponed|declined"
    r"|rejected|turned down|put off|never released|withdrawn|discontinued|not yet|expired|lapsed|dropped out|on leave|acting|interim)\b"
    # Of these, other words have the same letters: a candidate selected by others, a pet, an agency, a course done.
    r"|후보(?!자|물질|군|지)|반려(?![동견묘])|대행(?!사|업)|만료(?!일)|(?:박사|석사)\s?(?:과정)?\s?수료|재학(?!\s?중\s\S)"
    r"|제안함?(?=\s{0,9}(?:$|[.,;]))|준비\s?중|진행\s?중|예정|보류|무산|중단|응시|휴학|중퇴|탈락|불합격"
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
_RUNNING = re.compile(r"\b(?:present|now|current|currently|today|ongoing|since)\b|현재|재직|지금|부터(?!\s*\d)")


@dataclass(slots=True, eq=False)
class TextCode:
    """One text, encoded once.

    Attributes:
        ids: (T,) token ids without specials and prefix.
        vectors: (T, H) unit vectors of the last layer, float32.
        lower: (T + 2 + prefix, H) states after the lower layers, what the reader takes (torch tensor or None).
        full_ids: ids of the same, with specials and prefix.
        mean: (H,) unit mean vector.
        rare: (T,) weight of each token: minus its log probability, at least 1.
        line_of: (T,) index into `lines(text)` of each token.
        offset: tokens before the first of its own.
        read, windows: what the relevance adapter scores, and its states after the lower layers, one for each stretch encoded alone.
        telling: the same after the adapter's own layers; None until somebody asks.
    """

    text: str
    ids: np.ndarray
    vectors: np.ndarray
    lower: object
    full_ids: np.ndarray
    mean: np.ndarray
    rare: np.ndarray
    line_of: np.ndarray
    offset: int
    read: Sequence = ()
    windows: Sequence = ()
    telling: list | None = None


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


class Bag:
    """The words of a text; a Korean word may also stand inside a longer one, which an analyser cuts as it likes."""

    def __init__(self, text: str) -> None:
        self.words = frozenset(words(text))
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
    weight = np.array([0.01 if w in owners else v for w, v in zip(said, weight, strict=True)]) if said else weight
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


def _other_employer(said: frozenset[str], passages: Sequence[str], place: Place) -> float:
    """1.0 where the claim's words name a heading that is not over the line it belongs to more clearly than that line's own."""
    known = _employers(passages)
    parts = entries(passages[place.passage])
    own_entry = parts[place.number].entry if parts else 0
    own = next((w for n, e, w in known if (n, e) == (place.passage, own_entry)), None)
    if own is None:
        return 0.0
    others = frozenset().union(*(w for n, e, w in known if (n, e) != (place.passage, own_entry)))
    around = bag(place.around)
    foreign = [w for w in said & (others - own) if w not in around and len(w) > 1]
    mine = max((_rarity(w) for w in said & (own - others)), default=0.0)
    needed = max(EMPLOYER_RARITY, mine + EMPLOYER_MARGIN if mine else 0.0)
    return float(max((_rarity(w) for w in foreign), default=0.0) > needed)


_FROM_TO = (
    re.compile(r"\bfrom\s+(?P<a>\D{0,4}\d[\d,.]*)[^;\n]{0,30}?\bto\s+(?P<b>\D{0,4}\d[\d,.]*)"),
    re.compile(r"(?<![\d,.])(?P<a>\d[\d,.]{0,30})[^\d\n;]{0,12}?(?:→|->|에서|에서부터)\s*[^\d\n;]{0,6}(?P<b>\d[\d,.]*)"),
)


def _ranges(text: str) -> set[tuple[str, str]]:
    low = normalise(text)
    strip = lambda m, k: re.sub(r"[^\d.]", "", m[k]).strip(".")
    return {(strip(m, "a"), strip(m, "b")) for pattern in _FROM_TO for m in pattern.finditer(low)}


def reversed_range(claim: str, line: str) -> bool:
    """Whether the claim goes from A to B where the line goes from B to A."""
    there = _ranges(line)
    mine = _ranges(claim)
    return any((b, a) in there and (a, b) not in there for a, b in mine if a != b)


_PERSON = re.compile(r"(?:[A-ZÀ-Þ][\w'’-]+\s+)*[A-ZÀ-Þ][\w'’-]+")
_OPENING = re.compile(r"(?:\w+(?:ed|ing)\s+)?(?:(?:Dr|Prof|Mr|Ms|Mrs|Professor)\.?\s+)?")
_TITLES = frozenset(words("Dr Prof Mr Ms Mrs Professor"))
_BEFORE_PERSON = re.compile(r"(?:\b(?:by|to|from|under|Dr|Prof|Mr|Ms|Mrs)\.?|\w(?:ed|ing))\s+$")
_TOWARDS = re.compile(r"\b(report\w*|hand\w*|pass\w*|gave|give\w*|sold|sell\w*|transfer\w*|assign\w*|present\w*)(?: \w+){0,3}? to ((?:the |an? )?[^.;,]+)")
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
                if roles in ({"from", "to"}, {"from", "object"}) and not _KO_TAUGHT.search(line):
                    return True
        received = re.search(r"(?:에게서?|한테서?)\s[^.]{0,20}받", claim)
        return bool(received) and not _KO_GIVEN.search(line)
    verbs = frozenset(words(claim)) & frozenset(words(line))
    towards = {stem_en(m[1].lower()): words(m[2])[:2] for m in _TOWARDS.finditer(line)}
    for match in _TOWARDS.finditer(claim):
        there, here = towards.get(stem_en(match[1].lower())), words(match[2])[:2]
        if there and here and not set(there) & set(here) and set(here) <= set(words(line)):
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
    goes_on, over = bool(_GOES_ON.search(claim)), bool(_IS_OVER.search(claim))
    if goes_on == over:
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
    lost: bool  # a number, date, contact or name of the claim stands nowhere in the passages


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

    lost = guard.missing(claim.text, text, question=question, subject=subject)
    count = {kind: sum(k == kind for k, _, _ in lost) for kind in ("number", "date", "name", "contact")}
    stated = guard.facts(claim.text)
    n_facts = len(stated.numbers) + len(stated.dates)
    close = guard.missing(claim.text, place.around, question=question, subject=subject) if n_facts and place.line else []
    facts_apart = max(0, sum(k in ("number", "date") for k, _, _ in close) - count["number"] - count["date"])
    # What one word says against the line counts only where the claim is about that line at all.
    about = bool(said) and _hits(said, weight, place.line) >= ABOUT
    clause = _clause(said, weight, place.line)
    a, b, c = normalise(claim.text), normalise(place.line), normalise(clause)
    contrast = clash(claim.text, place.around) if about else None
    open_claim = bool(_UNFINISHED.search(a) or _NEGATION.search(a))
    line_words = words(place.line)
    kept, broken = _order(said, line_words)
    dating = place.heads if guard.facts(place.heads).periods else place.around  # the line itself may be the heading
    status = about and bool(guard.facts(dating).periods) and _status_turned(a, b, bool(_RUNNING.search(normalise(dating))))
    # Sums, not means, of mean vectors would favour long passages: the best passage counts.
    cosine = max(float(claim.mean @ p.mean) for p in passages)
    lang, other = language_of(claim.text), language_of(text)
    recall, recall_entry = float((hit * weight).sum() / weight.sum()), float((near * weight).sum() / weight.sum())
    align_rare = float((best * claim.rare).sum() / claim.rare.sum())
    align_entry = float((in_entry * claim.rare).sum() / claim.rare.sum())
    values = [
        hit.mean(), recall, gram_recall, recall_entry, recall - recall_entry, max(apart, default=0.0),
        about and _other_employer(frozenset(said), texts, place), best.mean(), align_rare, low[0], low[:3].mean(),
        align_entry, align_rare - align_entry, in_entry.min(), cosine,
        min(3, n_facts), min(3, count["number"]), min(3, count["date"]), min(3, count["name"]), min(2, count["contact"]),
        facts_apart / max(1, n_facts),
        about and bool(_NEGATION.search(a)) != bool(_NEGATION.search(c) or (_NEGATION.search(a) and _OPEN.search(b))),
        about and bool(_EXCLUSIVE.search(a)) and not _EXCLUSIVE.search(b) and not _NEGATION.search(b),
        contrast is not None, about and reversed_range(claim.text, place.line),
        about and not open_claim and bool(_UNFINISHED.search(c)),
        about and not open_claim and bool(_UNFINISHED.search(b)) and not _UNFINISHED.search(c), status,
        about and roles_turned(claim.text, place.line), kept, broken,
        np.log1p(len(said)), np.log1p(sum(len(p.ids) for p in passages)), lang == "ko", lang != other,
    ]  # fmt: skip
    return Cell(np.array([float(v) for v in values], np.float32), place, contrast, bool(lost))
