"""Cheap signals of a claim against passages: overlap, alignment, facts, polarity. Named and inspectable.

They need one encoding per text and no pass per pair. The learnt reader's logits (judge.network) are
added by the judge; together they are what the combiner weighs.

Names, each for one claim and one passage (or several passages read together):
- word_recall, word_recall_rare: share of the claim's content words in the passage; the same weighted
  by how rare a word is;  gram_recall: share of its character 4-grams (Korean 2-grams)
- line_recall: the best single line's share of the words (its heading counted in);  line_gap: how much
  the whole passage has more than that line: facts of several entries stirred together
- align, align_rare: BERTScore recall (mean best cosine of the claim's tokens; Zhang et al. 2020),
  plain and rarity weighted;  weakest, weakest3: the worst token, the mean of the worst three
- align_line, align_gap: as line_recall and line_gap, on the alignment
- cosine: of the mean vectors
- numbers, numbers_missing, dates_missing, names_missing, contacts_missing: counts, from the guard
- facts_apart: share of the claim's numbers and dates that stand in the passage, but not in the line
  (or its heading) that has most of the claim's words: a fact of another entry
- negation: claim and best line differ in polarity;  exclusive: the claim says "only" (never, all,
  만 ...) and the line does not;  opposite: the claim has a word whose opposite stands in the line
- claim_words, passage_words: logarithms of the lengths
- korean, mixed: claim in Korean; claim and passage in different languages
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from judge import guard
from judge.text import lines, normalise, words
from rag.language import language_of

NAMES = (
    "word_recall", "word_recall_rare", "gram_recall", "line_recall", "line_gap", "align", "align_rare", "weakest", "weakest3",
    "align_line", "align_gap", "cosine", "numbers", "numbers_missing", "dates_missing", "names_missing", "contacts_missing",
    "facts_apart", "negation", "exclusive", "opposite", "claim_words", "passage_words", "korean", "mixed",
)  # fmt: skip
_NEGATION = re.compile(
    r"\b(?:not|never|no|without|cannot|neither|nor|none|lacks?|lacked|failed|refused|declined|stopped)\b|n't\b"
    r"|(?<![가-힣])(?:안|못)(?=\s?[가-힣])|지\s?(?:않|못)|없[다는이었습음어고]|아니[다며라]|아닙|아니었|미\s?(?:보유|졸업|취득|완료)"
)
_EXCLUSIVE = re.compile(
    r"\b(?:only|solely|exclusively|never|always|sole|alone|all|every|entirely|just|nothing|none|nobody)\b"
    r"|(?<=[가-힣A-Za-z])만(?=[\s,.])|오직|유일|단독|혼자|전부|모두|모든|항상|전혀|뿐"
)
OPPOSITES = (
    "increase|raise|grow|grew|rise|rose|improve|boost|expand|gain|up|증가|상승|향상|확대|높|늘|올|개선#reduce|cut|decrease|lower|drop|fell|shrink|decline|down|감소|하락|축소|절감|단축|낮|줄|악화",
    "led|lead|head|manage|supervise|주도|이끌|리드|총괄|관리#assist|help|support|보조|지원|도왔",
    "start|begin|began|join|입사|시작|합류|입학#left|leave|quit|end|stop|resign|퇴사|종료|그만|마쳤|졸업",
    "before|이전|전에#after|이후|후에",
    "first|최초|처음|첫#last|마지막|최후",
    "full-time|정규직|permanent#part-time|계약직|contract|temporary|파견",
    "senior|수석|선임#junior|주니어|신입|말단",
    "native|원어민|fluent|유창|advanced|상급|고급#basic|초급|beginner|기초",
    "present|current|currently|현재|재직#former|formerly|previously|이전|과거",
    "external|외부#internal|내부",
    "minimum|최소#maximum|최대",
    "pass|합격#fail|불합격",
    "won|win|우승|수상#lost|lose|탈락|낙선",
    "buy|bought|매입|인수#sell|sold|매각|매도",
    "hire|채용#fire|해고",
    "major|주전공#minor|부전공",
    "public|공립|공공#private|사립|민간",
    "onsite|on-site|출근#remote|remotely|재택",
    "upgrade|승격#downgrade|강등",
    "doctorate|phd|ph.d|박사#master|석사|bachelor|학사",
    "master|석사#bachelor|학사|doctorate|phd|박사",
)


@dataclass(frozen=True, slots=True)
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


@lru_cache(maxsize=2048)
def _grams(text: str) -> frozenset[str]:
    low = re.sub(r"\[\d+\]", "", normalise(text))
    made = set()
    for run in re.findall(r"[가-힣]+|[^\W가-힣]+", low):
        n = 2 if "가" <= run[0] <= "힣" else 4
        made.update(run[i : i + n] for i in range(max(1, len(run) - n + 1)))
    return frozenset(made)


def _heading(parts: Sequence[str], i: int) -> int:
    """The line above `i` that looks like its entry's heading (no bullet mark), or `i`."""
    for j in range(i - 1, max(-1, i - 7), -1):
        if not re.match(r"\s*[-•*·▪–]\s", parts[j]) and re.match(r"\s*[-•*·▪–]\s", parts[i]):
            return j
    return max(0, i - 1) if i and len(parts[i - 1]) < 60 else i


def _stem_hits(texts: str, pattern: str) -> bool:
    for word in pattern.split("|"):
        if "가" <= word[0] <= "힣":
            if re.search(rf"(?<![가-힣]){word}" if len(word) == 1 else word, texts):
                return True
        elif re.search(rf"\b{re.escape(word)}(?:s|d|ed|ing|er|es|ly)?\b", texts):
            return True
    return False


def opposed(claim: str, line: str) -> bool:
    """Whether the claim has a word of one side of OPPOSITES and the line only words of the other."""
    a, b = normalise(claim), normalise(line)
    for pair in OPPOSITES:
        one, other = pair.split("#")
        for mine, theirs in ((one, other), (other, one)):
            if _stem_hits(a, mine) and not _stem_hits(a, theirs) and _stem_hits(b, theirs) and not _stem_hits(b, mine):
                return True
    return False


def _rarity(word: str) -> float:
    """Longer words and numbers tell more than short ones; a stand-in for idf that needs no corpus."""
    return (
        3.0
        if any(c.isdigit() for c in word)
        else min(3.0, 0.5 + 0.3 * len(word) * (2.0 if "가" <= word[0] <= "힣" else 1.0))
    )


def best_line(claim: str, passage: str) -> tuple[int, float]:
    """The line with most of the claim's words (heading counted in) and its share of them."""
    parts = lines(passage)
    wanted = set(words(claim))
    if not parts or not wanted:
        return 0, 0.0
    shares = []
    for i in range(len(parts)):
        here = set(words(parts[i])) | set(words(parts[_heading(parts, i)]))
        shares.append(len(wanted & here) / len(wanted) + 1e-3 * len(wanted & set(words(parts[i]))))
    i = int(np.argmax(shares))
    return i, min(1.0, shares[i])


def cell_features(
    claim: TextCode, passages: Sequence[TextCode], *, question: str = "", subject: str = ""
) -> np.ndarray:
    """The features NAMES of `claim` against `passages` read together, float32 (len(NAMES),)."""
    text = "\n".join(p.text for p in passages)
    said, here = words(claim.text), set(words(text))
    weight = np.array([_rarity(w) for w in said]) if said else np.ones(1)
    hit = np.array([w in here for w in said], float) if said else np.ones(1)
    grams = _grams(claim.text)
    gram_recall = len(grams & _grams(text)) / max(1, len(grams))
    i, line_recall = best_line(claim.text, text)
    parts = lines(text)
    line = parts[i] if parts else ""
    around = "\n".join(dict.fromkeys((parts[_heading(parts, i)], line))) if parts else ""

    similar = claim.vectors @ np.concatenate([p.vectors for p in passages]).T
    best = similar.max(1)
    low = np.sort(best)
    line_ids = np.concatenate([p.line_of + 1000 * n for n, p in enumerate(passages)])
    per_line = np.stack([np.where(line_ids == n, similar, -1.0).max(1) for n in np.unique(line_ids)])
    # A line is read with the one before it, which often is its heading.
    pairs = per_line if len(per_line) == 1 else np.maximum(per_line[1:], per_line[:-1])
    align_line = float(pairs.mean(1).max())

    lost = guard.missing(claim.text, text, question=question, subject=subject)
    count = {kind: sum(k == kind for k, _, _ in lost) for kind in ("number", "date", "name", "contact")}
    stated = guard.facts(claim.text)
    n_facts = len(stated.numbers) + len(stated.dates)
    near = guard.missing(claim.text, around, question=question, subject=subject) if n_facts and around else []
    apart = max(0, sum(k in ("number", "date") for k, _, _ in near) - count["number"] - count["date"])
    a, b = normalise(claim.text), normalise(line)
    # Sums, not means, of mean vectors would favour long passages: the best passage counts.
    cosine = max(float(claim.mean @ p.mean) for p in passages)
    lang, other = language_of(claim.text), language_of(text)
    return np.array(
        [
            hit.mean(), float((hit * weight).sum() / weight.sum()), gram_recall, line_recall, float(hit.mean()) - line_recall,
            best.mean(), float((best * claim.rare).sum() / claim.rare.sum()), low[0], low[:3].mean(),
            align_line, float(best.mean()) - align_line, cosine,
            min(3, n_facts), min(3, count["number"]), min(3, count["date"]), min(3, count["name"]), min(2, count["contact"]),
            apart / max(1, n_facts),
            float(bool(_NEGATION.search(a)) != bool(_NEGATION.search(b))), float(bool(_EXCLUSIVE.search(a)) and not _EXCLUSIVE.search(b)),
            float(opposed(claim.text, around)),
            np.log1p(len(said)), np.log1p(sum(len(p.ids) for p in passages)),
            float(lang == "ko"), float(lang != other),
        ],
        np.float32,
    )  # fmt: skip
