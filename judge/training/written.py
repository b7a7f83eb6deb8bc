"""What the judge learns from the resumes written by hand (rag/training/written): claims, relevance, answers.

The statements of rag/training/written_claims.py are claims, the questions and answers say which passages are relevant
and which reply answers.
"""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Callable, Iterator, Sequence

from judge.service import passage_of
from judge.text import focus, statement
from judge.training import perturb
from judge.training.rows import Row
from rag.training.written_claims import Claim, claims_of, shared
from rag.training.written_resumes import WrittenAsk, WrittenResume, draw_written, swapped, telling
from rag.training.written_resumes import rows as resumes

LIMITS = (600, 600, 900)  # characters of evidence
# What people and models say before they say something; it decides nothing.
LEADS = {
    "en": ("Yes, ", "Well, ", "As it happens, ", "Good question: ", "Since you ask, ", "In fact, ", "Sure! ", "I would say that ", "Indeed, "),
    "ko": ("네, ", "음, ", "제가 보기에는 ", "말씀하신 대로 ", "사실 ", "좋은 질문입니다. ", "결론부터 말씀드리면, ", "확인해 보니 "),
}
CROSSED = 0.3  # share of the questions that stand there in both languages too, asked in the other one
LED = 0.1  # share of the claims that get one
_YES_NO = re.compile(r"^(?:Yes|No|네|예|아니요|아니오)[,.]\s+")


def cases(rng: random.Random, language: str, passages: int = 4) -> Iterator[tuple[str, str, list[str], str]]:
    """(person, claim, passages, label) of every claim about the resumes kept from the network, passages as retrieved."""
    for row in resumes(language, held_out=True):
        resume = swapped(rng, row)
        texts = [passage_of(chunk) for chunk in resume.chunks]
        for claim in itertools.chain.from_iterable(claims_of(rng, resume, texts)):
            near = sorted(range(len(texts)), key=lambda i: (i not in claim.places, -shared(claim.text, texts[i])))
            yield resume.person, claim.text, [texts[i] for i in rng.sample(near[:passages], min(passages, len(near)))], claim.label


def untrue(claim: Claim) -> tuple[tuple[int, int], ...] | None:
    """The characters of a claim that are not true; None where that is not known."""
    return {"supported": (), "contradicted": perturb.changed_words(claim.text, claim.true), "not_found": None}[claim.label]


def beside(claim: Claim, near: Sequence[int], texts: Sequence[str]) -> list[int]:
    """Those of the passages `near` that do not decide the claim and hold none of the words that tell it."""
    return [i for i in near if i not in claim.places and not any(word in texts[i].casefold() for word in telling(claim.text))]


def answer_claims(rng: random.Random, resume: WrittenResume, texts: list[str], source: str, count: int) -> list[Row]:
    """Answers as claims, as they are and changed by rule."""
    told = [ask for ask in resume.asks if ask.answer is not None]
    rows = []
    for ask in rng.sample(told, min(count, len(told))):
        evidence = _evidence(rng, texts, sorted(ask.spans), ask.answer)
        lead = statement(ask.question, ask.answer).removesuffix(ask.answer)  # "Busan." alone claims nothing
        rows.append(Row("support", lead + ask.answer, evidence, "supported", (), source))
        others = [_YES_NO.sub("", other.answer) for other in told if other is not ask]
        made = perturb.contradict(ask.answer, others, (), rng)
        # "Only two daughters" may be what "two daughters" means, and halves of two answers may well fit.
        if made and made.kind not in ("joined", "only") and not any(made.text in other for other in others):
            spans = tuple((a + len(lead), b + len(lead)) for a, b in made.spans)
            rows.append(Row("support", lead + made.text, evidence, "contradicted", spans, source))
    return rows


def relevance_rows(rng: random.Random, language: str, held_out: bool, questions: int = 3) -> list[Row]:
    """Questions with a passage that tells and one that does not; the nearest one, half of the time.

    A question that the resume does not answer has no relevant passage at all.
    """
    resume = draw_written(rng, language, held_out)
    texts = [passage_of(chunk) for chunk in resume.chunks]
    rows = []
    for ask in rng.sample(resume.asks, min(questions, len(resume.asks))):
        rows += _told_and_not(rng, ask, texts, ask.question, f"written_{language}")
    return rows


def _told_and_not(rng: random.Random, ask: WrittenAsk, texts: Sequence[str], question: str, source: str) -> list[Row]:
    """A question, as `question` puts it, with a passage that tells and with one that does not; the nearest one, half of the time."""
    known, rows = telling(ask.answer) if ask.answer else set(), []
    for i in rng.sample(sorted(ask.spans), min(1, len(ask.spans))):
        rows.append(Row("relevant", question, focus(texts[i], f"{ask.question} {ask.answer}", rng.choice(LIMITS)), 1.0, None, source))
    wrong = [i for i in range(len(texts)) if i not in ask.spans and not any(w in texts[i].casefold() for w in known)]
    wrong.sort(key=lambda i: -shared(ask.question, texts[i]))
    if wrong:
        other = texts[wrong[0] if rng.random() < 0.5 else rng.choice(wrong)]
        rows.append(Row("relevant", question, focus(other, ask.question, rng.choice(LIMITS)), 0.0, None, source))
    return rows


def crossed_rows(rng: random.Random, language: str, held_out: bool, questions: int = 3) -> list[Row]:
    """Questions in the other language than the resume, with a passage that tells and one that does not ("relevant"), and with the lines that tell and those of another
    question, as they are quoted ("answers")."""
    resume = draw_written(rng, language, held_out)
    texts, source, rows = [passage_of(chunk) for chunk in resume.chunks], f"written_crossed_{language}", []
    lines = lambda ask: "\n".join(dict.fromkeys(resume.chunks[i].text[a:b] for i, spans in sorted(ask.spans.items()) for a, b in spans))
    asks, told = [ask for ask in resume.asks if ask.other], [ask for ask in resume.asks if ask.spans]
    for ask in rng.sample(asks, min(questions, len(asks))):
        rows += _told_and_not(rng, ask, texts, ask.other, source)
        if ask.spans:
            rows.append(Row("answers", ask.other, lines(ask), 1.0, None, source))
        beside = [lines(other) for other in told if not set(other.spans) & set(ask.spans)]
        if beside:
            rows.append(Row("answers", ask.other, rng.choice(beside), 0.0, None, source))
    return rows


def answer_rows(rng: random.Random, language: str, held_out: bool, decline: Callable[[str], str], questions: int = 2) -> list[Row]:
    """`answers_of` one draw of a resume."""
    return answers_of(rng, draw_written(rng, language, held_out), decline, questions)


def answers_of(rng: random.Random, resume: WrittenResume, decline: Callable[[str], str], questions: int) -> list[Row]:
    """Questions with their answer, and with that of another question about the same person or a refusal."""
    source = f"written_{resume.language}"
    told = [ask for ask in resume.asks if ask.answer is not None]
    rows = []
    for ask in rng.sample(told, min(questions, len(told))):
        rows.append(Row("answers", ask.question, ask.answer, 1.0, None, source))
        crossed = ask.other if rng.random() < CROSSED else ""  # lines of the resume are quoted to who asks in the other language
        if crossed:
            rows.append(Row("answers", crossed, ask.answer, 1.0, None, f"written_crossed_{resume.language}"))
        lines = {frozenset((i, s) for i, spans in ask.spans.items() for s in spans)}
        other = rng.choice(resume.asks)
        theirs = {frozenset((i, s) for i, spans in other.spans.items() for s in spans)}
        if rng.random() < 0.15 or other.answer is None:
            rows.append(Row("answers", ask.question, decline(resume.language), 0.0, None, source))
        elif other is not ask and lines != theirs:
            rows.append(Row("answers", ask.question, other.answer, 0.0, None, source))
            if crossed:
                rows.append(Row("answers", crossed, other.answer, 0.0, None, f"written_crossed_{resume.language}"))
    return rows


def _evidence(rng: random.Random, texts: list[str], places: list[int], told: str) -> str:
    """The passages of these places, now and then with another one, cut to what is nearest to the lines that tell."""
    others = [i for i in range(len(texts)) if i not in places]
    if others and rng.random() < 0.25:
        places = [*places, rng.choice(others)]
        rng.shuffle(places)
    return focus("\n".join(texts[i] for i in places), told, rng.choice(LIMITS))
