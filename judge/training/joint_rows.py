"""Rows that the judge's reader (rag/joint.py) learns from, as token ids in one file; see rag/training/joint_rows.py."""

from __future__ import annotations

import logging
import random
from collections.abc import Sequence
from pathlib import Path

from judge.service import passage_of
from judge.text import statement
from judge.training import resumes, written
from judge.training.data import DECLINES, HUMAN, Source
from judge.training.rows import Row
from rag.joint import SET
from rag.training.joint_rows import Rows, chosen
from rag.training.written_claims import Claim, claims_of, shared
from rag.training.written_resumes import WrittenResume, newest, swapped

log = logging.getLogger("judge.training.joint_rows")
MADE = 3000  # draws of each made-up kind for every draw of the written resumes


def claim_rows(into: Rows, rng: random.Random, resume: WrittenResume, texts: Sequence[str], group: int, held_out: bool) -> None:
    """Every statement about a resume, in its language and in the other, with the passages that decide it, alone or among others; true ones without them, too."""
    units = [into.passages(text) for text in texts]
    for each in claims_of(rng, resume, texts):
        for claim in each:
            near = sorted(range(len(texts)), key=lambda i: -shared(claim.text, texts[i]))
            _claim(into, rng, claim, claim.text, written.untrue(claim), units, texts, near, f"written_{resume.language}", resume.language, group, held_out)
            if claim.other:  # which of its words are not true nobody has marked
                spans = () if claim.label == "supported" else None
                _claim(into, rng, claim, claim.other, spans, units, texts, near, f"written_crossed_{resume.language}", resume.other_language, group, held_out)


def _claim(into: Rows, rng: random.Random, claim: Claim, text: str, spans, units, texts, near: Sequence[int], source: str, language: str, group: int, held_out: bool) -> None:
    """The rows of a statement as `text` puts it."""
    if held_out:
        top = sorted(near, key=lambda i: i not in claim.places)[:SET]
        into.add("support", text, [unit for i in sorted(top) for unit in units[i]], claim.label, source, group, True, spans)
        return
    lead = rng.choice(written.LEADS[language]) if rng.random() < written.LED else ""
    moved = tuple((a + len(lead), b + len(lead)) for a, b in spans) if spans else spans
    wanted = list(claim.places) if claim.label != "not_found" else near[: rng.randint(1, 2)]
    into.add("support", lead + text, chosen(rng, wanted[:3], near, units), claim.label, source, group, False, moved)
    beside = written.beside(claim, near, texts)
    if claim.label == "supported" and beside and rng.random() < 0.3:
        into.add("support", text, chosen(rng, beside[:1], beside, units), "not_found", source, group, False)


def row_of(into: Rows, row: Row, group: int) -> None:
    """A pair of texts as a row to train on."""
    if row.task == "answers":
        into.add("answers", row.first, [into.reply(row.second)], row.target, row.source, group, False)
    else:
        into.add(row.task, row.first, into.passages(row.second)[:SET], row.target, row.source, group, False, row.spans)


def write(file: Path, data: Path, draws: int = 5, seed: int = 0, since: Sequence[str] = (), others: float = 0.2, own: float = 1.0) -> None:
    """The judge's rows: of every written resume `draws` with other names and figures, made-up ones, and people's.

    Args:
        data: folder of the human-annotated rows.
        since, others: to go on training with resumes that came in later; see `newest`.
        own: share of the rows that do not cross languages, to go on training with those that do.
    """
    from transformers import AutoTokenizer

    from rag.models import embedded_weights

    into, rng, group = Rows(AutoTokenizer.from_pretrained(embedded_weights("encoder"))), random.Random(f"claims {seed}"), 0
    source = Source(data)
    decline = lambda language: rng.choice(DECLINES[language])
    for draw in range(draws):
        for language in ("en", "ko"):
            for held_out in (False, True)[: 2 if draw == 0 else 1]:
                for row in written.resumes(language, held_out=True) if held_out else newest(rng, language, since, others):
                    resume = swapped(rng, row)
                    texts = [passage_of(chunk) for chunk in resume.chunks]
                    if not texts:
                        continue
                    claim_rows(into, rng, resume, texts, group, held_out)
                    if not held_out:
                        for made in written.answer_claims(rng, resume, texts, f"written_{language}", 4):
                            row_of(into, made, group)
                    group += 1
                    if not held_out:
                        for made in written.answers_of(rng, resume, decline, 10):
                            row_of(into, made, group)
                        group += 1
        log.info("draw %d: %d rows", draw, len(into.of))
        for made in range(MADE // 8):
            for m in resumes.examples(rng, 8, source.passages.names):
                claim = statement(m.question if rng.random() < 0.1 else "", m.claim)
                row_of(into, Row("support", claim, m.evidence, m.label, m.spans, f"resume_{m.lang}"), group)
            for some in (source.paraphrased(rng), source.passages.support(rng, 8)):
                for row in some:
                    row_of(into, row, group)
            row_of(into, Row("answers", *resumes.answer_example(rng, decline), None, "resume"), group)
            group += made % 4 == 3
        log.info("made-up ones: %d rows", len(into.of))
        for name in HUMAN:
            for n, row in enumerate(source.human[name]):
                if rng.random() < min(1.0, HUMAN[name]):
                    row_of(into, row, group + n // 16)
            group += len(source.human[name]) // 16 + 1
        for some in (source.answers, source.questions):
            for n, row in enumerate(some):
                if rng.random() < 0.5:
                    row_of(into, row, group + n // 16)
            group += len(some) // 16 + 1
    into.thin(rng, own)
    into.save(file)
