"""How steady a judge is where nothing that matters has changed: a bias audit, on the same cases in two languages.

    python -m judge audit [--judge NAME] [--data DIR] [--check NAME] [--json]

A verdict should depend on what the claim says and what the passages say, and on nothing else. Every check changes
something else and counts how often the verdict turns:

- order: the passages shuffled, as the product reads them (judge.scoring puts them into one order first);
- order_alone: the same without that, so what the judge by itself would do;
- position: the passage that tells, first to last; the gap is last minus first;
- haystack: the passage among all passages of all resumes, at its beginning, middle and end;
- long_passage: all of one resume and more as one long passage, what tells at its beginning, middle and end;
- paraphrased: the claim in other words (written by hand); padded: the claim with an empty phrase before it;
- language: the case in Korean instead of English; mixed: the claim in the language the passages are not in;
- self_preference: how much better a chat model as a judge likes replies it wrote itself.

A flip is a change between supported, not supported (not found or contradicted) and not sure. The gap is the mean of
P(supported) after minus before. A judge that always says the same never flips, so how often it is right stands beside.
Intervals are 95 % bootstrap percentiles over the cases; the readings of one case are drawn together.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from judge.metrics.faithfulness import verdicts
from judge.scoring import matrix_of
from judge.types import CHECKS, Claim
from judge.verdicts import Judge, not_found_threshold
from rag.errors import UserError

if TYPE_CHECKING:
    from rag.generation import Generator
    from settings import Settings

LANGUAGES = ("en", "ko")
SHUFFLES = 3
ROUNDS = 2000
SEED = 0
LONG = 6000  # characters of a long passage; an encoder of 512 tokens reads a third of it at once
REPLY_TOKENS = 48
# Written by somebody who did not know how judge/lead_ins.py tells such phrases.
PADDED = {
    "en": (
        "Right, so here we go: {claim}",
        "Happy to help with that, and thanks for asking so nicely. {claim}",
        "As you will no doubt be glad to hear, {claim}",
        "Let me just start off by saying that {claim}",
        "Okay, so, basically, {claim}",
        "Good question! Let's get straight into it. {claim}",
        "For the sake of completeness, I should like to state that {claim}",
        "Well, you know how it goes - {claim}",
        "Now then, without any further ado and before we get on to anything else, {claim}",
        "The thing is, {claim}",
        "Here is what I can tell you about that: {claim}",
        "Oh, and while we're on the subject — {claim}",
    ),
    "ko": (
        "네, 말씀드리겠습니다. {claim}",
        "자, 그럼 바로 본론으로 들어가 볼게요. {claim}",
        "좋은 질문이에요! 궁금해하시는 내용을 차근차근 알려 드릴게요. {claim}",
        "그러니까 말이죠, {claim}",
        "물어보신 내용에 대한 답변은 다음과 같습니다: {claim}",
        "음, 있잖아요, {claim}",
        "이 자리를 빌려 한 말씀 드리자면, {claim}",
        "답변드립니다: {claim}",
        "기다려 주셔서 감사합니다. {claim}",
        "다른 이야기로 넘어가기 전에 먼저 말씀드리자면, {claim}",
        "뭐, 다들 궁금해하시니까 얘기하자면, {claim}",
        "아래와 같이 안내해 드립니다. {claim}",
    ),
}  # fmt: skip
PADDINGS = 3  # phrases a claim

Progress = Callable[[int, int], None]  # cases done, of how many


class AuditError(UserError):
    """The cases cannot be read, or the result cannot be kept."""


@dataclass(frozen=True, slots=True)
class Text:
    """One case in one language; `evidence` is the passage that tells, `others` the rest of that resume."""

    question: str
    claim: str
    paraphrase: str
    evidence: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AuditCase:
    """One claim about one resume, in every language of LANGUAGES; `label` as in judge.types."""

    id: str
    label: str
    texts: dict[str, Text]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the judge said: "yes" (supported), "no" or "unsure", and P(supported)."""

    said: str
    p: float


def load_cases(folder: Path) -> list[AuditCase]:
    """The cases of `folder/bilingual.jsonl`.

    Raises:
        AuditError: it is not there, or a line is no resume with cases.
    """
    path = folder / "bilingual.jsonl"
    cases = []
    try:
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            passages = {
                language: [f"{row[language]['name']} – {p['section']}\n{p['text']}" for p in row[language]["passages"]]
                for language in LANGUAGES
            }
            for case in row["cases"]:
                texts = {}
                for language in LANGUAGES:
                    others = list(passages[language])
                    evidence = others.pop(case["evidence"])
                    words = (case[language][name] for name in ("question", "claim", "paraphrase"))
                    texts[language] = Text(*words, evidence, tuple(others))
                cases.append(AuditCase(case["id"], case["label"], texts))
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise AuditError(
            f"The audit's cases in {path} cannot be read ({type(error).__name__}); name their folder with --data.",
            f"{path}의 점검 사례를 읽을 수 없습니다({type(error).__name__}). --data로 폴더를 지정해 주세요.",
        ) from error
    if not cases:
        raise AuditError(f"There is no case in {path}.", f"{path}에 사례가 없습니다.")
    return cases


def audit(
    judge: Judge, cases: Sequence[AuditCase], progress: Progress = lambda done, total: None, checks: Sequence[str] = CHECKS
) -> dict:
    """The checks named, but self-preference, which is none of CHECKS; without any the judge is asked nothing.

    Returns: {"judge", "cases", "right": {language: share}, "checks": {name: figures}}; figures are "readings",
        "flip_rate", "flip_95", "gap", "gap_95" and "worst" (the id of a case that flipped most, "" where none did).
    """
    began = time.perf_counter()
    hay = {language: [t for case in cases for t in _passages(case.texts[language])] for language in LANGUAGES}
    hay = {language: list(dict.fromkeys(texts)) for language, texts in hay.items()}
    found: dict[str, list[tuple[str, list[bool], list[float]]]] = {name: [] for name in checks}
    right: dict[str, list[bool]] = {language: [] for language in LANGUAGES}
    for number, case in enumerate(cases if checks else ()):
        base = {language: _read(judge, text, text.claim, _passages(text)) for language, text in case.texts.items()}
        for language, reading in base.items():
            right[language].append((reading.said == "yes") == (case.label == "supported") and reading.said != "unsure")
        readings: dict[str, list[tuple[Reading, Reading]]] = {name: [] for name in checks}
        for language, text in case.texts.items():
            other = case.texts[LANGUAGES[1 - LANGUAGES.index(language)]]
            for name, before, after in _changed(judge, case.id, language, text, other, hay[language], base[language], checks):
                readings[name].append((before, after))
        if "language" in checks:
            readings["language"].append((base["en"], base["ko"]))
        for name, pairs in readings.items():
            flips = [before.said != after.said for before, after in pairs]
            found[name].append((case.id, flips, [after.p - before.p for before, after in pairs]))
        progress(number + 1, len(cases))
    return {
        "judge": judge.id,
        "cases": len(cases),
        "right": {language: round(float(np.mean(values)), 3) for language, values in right.items() if values},
        "checks": {name: _figures(rows) for name, rows in found.items()},
        "seconds": round(time.perf_counter() - began, 1),
    }


def _changed(
    judge: Judge, case_id: str, language: str, text: Text, other: Text, hay: Sequence[str], base: Reading, checks: Sequence[str]
) -> Iterator[tuple[str, Reading, Reading]]:
    """(check, before, after) of every change that is made within one language, for the checks named."""
    rng = random.Random(f"{case_id} {language}")
    shown = _passages(text)
    if {"order_alone", "haystack", "long_passage"} & set(checks):
        alone = _read(judge, text, text.claim, shown, sort=False)
    for _ in range(SHUFFLES):
        shuffled = shown[:]
        rng.shuffle(shuffled)
        if "order" in checks:
            yield "order", base, _read(judge, text, text.claim, shuffled)
        if "order_alone" in checks:
            yield "order_alone", alone, _read(judge, text, text.claim, shuffled, sort=False)
    if "position" in checks:
        places = [_placed(text, i) for i in range(len(text.others) + 1)]
        first, *later = (_read(judge, text, text.claim, contexts, sort=False) for contexts in places)
        for reading in later:
            yield "position", first, reading
    rest = [passage for passage in hay if passage not in shown]
    for share in (0.0, 0.5, 1.0):
        at = round(share * len(rest))
        if "haystack" in checks:
            yield "haystack", alone, _read(judge, text, text.claim, [*rest[:at], *shown, *rest[at:]], sort=False)
        if "long_passage" in checks:
            yield "long_passage", alone, _read(judge, text, text.claim, [_long(text, rest, share)], sort=False)
    if "paraphrased" in checks:
        yield "paraphrased", base, _read(judge, text, text.paraphrase, shown)
    if "padded" in checks:
        for phrase in random.Random(f"{case_id} {language} padded").sample(PADDED[language], PADDINGS):
            yield "padded", base, _read(judge, text, phrase.format(claim=text.claim), shown)
    if "mixed" in checks:
        yield "mixed", base, _read(judge, other, other.claim, shown)


def _passages(text: Text) -> list[str]:
    return [text.evidence, *text.others]


def _placed(text: Text, at: int) -> list[str]:
    return [*text.others[:at], text.evidence, *text.others[at:]]


def _long(text: Text, rest: Sequence[str], share: float) -> str:
    """One passage of about LONG characters, what tells at `share` of it."""
    filler: list[str] = list(text.others)
    for passage in rest:
        if sum(map(len, filler)) + len(text.evidence) + len(passage) > LONG:
            break
        filler.append(passage)
    at = round(share * len(filler))
    return "\n\n".join([*filler[:at], text.evidence, *filler[at:]])


def _read(judge: Judge, text: Text, claim: str, contexts: Sequence[str], sort: bool = True) -> Reading:
    ask = matrix_of if sort else lambda judge, *asked: judge.matrix(*asked)
    matrix = ask(judge, text.question, claim, [claim], contexts)
    thresholds = judge.supported_threshold, judge.contradicted_threshold, not_found_threshold(judge)
    [verdict] = verdicts([Claim(claim, 0, len(claim))], matrix, *thresholds)
    said = {"supported": "yes", "not_sure": "unsure"}.get(verdict.label, "no")
    return Reading(said, float(matrix.p_supported[0].max()))


def _figures(rows: Sequence[tuple[str, list[bool], list[float]]]) -> dict:
    """Rates over all readings, intervals over the cases."""
    flips = [np.mean(flipped) for _, flipped, _ in rows]
    gaps = [np.mean(gap) for _, _, gap in rows]
    worst = max(rows, key=lambda row: np.mean(row[1]))
    return {
        "readings": sum(len(flipped) for _, flipped, _ in rows),
        "flip_rate": round(float(np.mean(flips)), 4),
        "flip_95": _interval(flips),
        "gap": round(float(np.mean(gaps)), 4),
        "gap_95": _interval(gaps),
        "worst": worst[0] if any(worst[1]) else "",
    }


def _interval(values: Sequence[float]) -> list[float]:
    drawn = np.random.default_rng(SEED).choice(np.asarray(values, float), (ROUNDS, len(values))).mean(1)
    return [round(float(v), 4) for v in np.quantile(drawn, (0.025, 0.975))]


# ------------------------------------------------------------------ self-preference


def self_preference(
    judge: Judge, other: Judge, generator: Generator, cases: Sequence[AuditCase], progress: Progress = lambda done, total: None
) -> dict:
    """How much more than another judge this one likes replies of its own model over those written by hand.

    For every supported case in English the generator answers the question from the passages. The figure is
    (own reply - hand-written one) of this judge minus the same of `other`, so that a reply that simply is better or
    worse cancels out; of P(answers) and of the mean P(supported) of a reply's claims.

    Returns: {"replies", "answers": {"gap", "gap_95"}, "supported": {"gap", "gap_95"}}, or {"reason"} where fewer than
        five replies could be judged by both.
    """
    from judge.claims import split_claims
    from rag.generation import complete

    gaps: dict[str, list[float]] = {"answers": [], "supported": []}
    told = [case.texts["en"] for case in cases if case.label == "supported"]
    for number, text in enumerate(told):
        progress(number, len(told))
        shown = _passages(text)
        prompt = "\n\n".join(shown) + f"\n\nAnswer in one sentence from the text above. {text.question}"
        own = complete(generator, [{"role": "user", "content": prompt}], REPLY_TOKENS, threading.Event()).strip()
        claims = {reply: [c.text for c in split_claims(reply, text.question)] for reply in (own, text.claim)}
        if not all(claims.values()):
            continue
        values: dict[str, list[float]] = {"answers": [], "supported": []}
        for each in (judge, other):
            made = [matrix_of(each, text.question, reply, claims[reply], shown) for reply in (own, text.claim)]
            values["answers"].append(made[0].p_answers - made[1].p_answers)
            values["supported"].append(float(made[0].p_supported.max(1).mean() - made[1].p_supported.max(1).mean()))
        for name, (ours, theirs) in values.items():
            gaps[name].append(ours - theirs)
    progress(len(told), len(told))
    count = len(gaps["answers"])
    if count < 5:
        return {"reason": f"only {count} replies made claims that could be compared"}
    return {
        "replies": count,
        **{n: {"gap": round(float(np.mean(v)), 4), "gap_95": _interval(v)} for n, v in gaps.items()},
    }


def preference_of(
    judge: Judge, name: str, cases: Sequence[AuditCase], settings: Settings, progress: Progress = lambda done, total: None
) -> dict:
    """`self_preference` where the judge called `name` is the model that writes the replies, else {"reason"}.

    Raises:
        ModelError: the model cannot be loaded as a generator.
    """
    from judge.decision import DecisionJudge
    from judge.models import judge_for
    from rag.generation import generator_for
    from rag.models import choose_generator, embedded_weights

    if not isinstance(judge, DecisionJudge):
        return {"reason": "this judge writes no replies, so there are none of its own to favour"}
    writer = choose_generator(settings.generator)
    own = str(embedded_weights("generator")) if writer == "embedded" else writer
    if name != own:
        return {"reason": f"the replies are written by another model, {writer}; set VOUCH_GENERATOR={name} to compare"}
    return self_preference(judge, judge_for("embedded", settings), generator_for(settings), cases, progress)


# ------------------------------------------------------------------ results


def table(result: dict) -> str:
    """The result to read."""
    lines = [f"{result['judge']}, {result['cases']} cases"]
    if result["checks"]:
        right = ", ".join(f"{language} {share:.0%}" for language, share in result["right"].items())
        lines = [
            f"{result['judge']}: right on {right} of {result['cases']} cases in {result['seconds']:.0f} s",
            f"{'':16}{'flips':>8} {'95 % interval':>16} {'gap of P':>10} {'95 % interval':>18} {'readings':>9}",
        ]
    for name, made in result["checks"].items():
        flips = f"{made['flip_95'][0]:.1%} – {made['flip_95'][1]:.1%}"
        gap = f"{made['gap_95'][0]:+.3f} – {made['gap_95'][1]:+.3f}"
        lines.append(
            f"{name.replace('_', ' '):16}{made['flip_rate']:>8.1%} {flips:>16} {made['gap']:>+10.3f} {gap:>18} "
            f"{made['readings']:>9}"
        )
    own = result["self_preference"]
    if "reason" in own:
        lines.append(f"self-preference: not measured ({own['reason']})")
    else:
        lines += [
            f"self-preference, P({name}): {own[name]['gap']:+.3f} ({own[name]['gap_95'][0]:+.3f} – "
            f"{own[name]['gap_95'][1]:+.3f}), {own['replies']} replies"
            for name in ("answers", "supported")
        ]
    return "\n".join(lines)


def save(result: dict, path: Path) -> None:
    """Put a result into `path`, beside those of other judges.

    Raises:
        AuditError: it cannot be written.
    """
    from judge.export import whole_file

    kept = read(path)
    kept = [each for each in kept if each["judge"] != result["judge"]] + [result]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as stream:
            stream.write(json.dumps({"judges": kept}, indent=1, ensure_ascii=False) + "\n")
    except OSError as error:
        raise AuditError(
            f"The result could not be kept in {path} ({error.strerror}); name another file with --out.",
            f"결과를 {path}에 저장할 수 없습니다({error.strerror}). --out으로 다른 파일을 지정해 주세요.",
        ) from None


def read(path: Path) -> list[dict]:
    """The results in `path`, oldest first; [] where there is no such file, or it holds something else."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))["judges"]
        return [each for each in found if _sound(each)]
    except (OSError, ValueError, LookupError, TypeError):
        return []


def _sound(result: object) -> bool:
    """Whether it holds what is shown of it."""
    try:
        numbers = [*result["right"].values(), result["cases"], result["seconds"]]
        for made in result["checks"].values():
            numbers += [made["flip_rate"], made["gap"], made["readings"], *made["flip_95"], *made["gap_95"]]
            if len(made["flip_95"]) != 2 or len(made["gap_95"]) != 2:
                return False
        own = result["self_preference"]
        for name in () if "reason" in own else ("answers", "supported"):
            numbers += [own[name]["gap"], *own[name]["gap_95"], own["replies"]]
    except (LookupError, TypeError, AttributeError):
        return False
    return isinstance(result["judge"], str) and all(type(n) in (int, float) and np.isfinite(n) for n in numbers)
