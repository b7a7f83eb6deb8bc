"""Rows that the judge's Llama (rag/llama_reader.py) learns from: English passages with the claims that are read behind them."""

from __future__ import annotations

import logging
import random
from pathlib import Path

from judge.service import passage_of
from judge.training import written
from judge.training.data import HUMAN, Source
from judge.training.rows import Row
from rag.llama_reader import CLAIM_FRAME
from rag.training.llama_rows import Packs
from rag.training.written_claims import claims_of, shared
from rag.training.written_resumes import swapped

log = logging.getLogger("judge.training.llama_rows")
HELD_PASSAGES = 3  # of a held-out claim that are read: the likeliest of them has the say
MADE = 250  # draws of changed sentences of other texts for every draw of the written resumes


def written_claims(into: Packs, rng: random.Random, row: dict, held: int | None = None) -> int:
    """Every statement about a written resume, each behind a passage that decides it; some true ones also behind one that does not.

    Args:
        held: the number of the next held-out claim; None of resumes to train on. A held-out claim stands behind HELD_PASSAGES passages.

    Returns:
        The number of the next held-out claim.
    """
    resume = swapped(rng, row)
    texts = [passage_of(chunk) for chunk in resume.chunks]
    source = f"written_{resume.language}"
    for claim in (each for group in claims_of(rng, resume, texts) for each in group):
        near = sorted(range(len(texts)), key=lambda i: -shared(claim.text, texts[i]))
        spans = written.untrue(claim)
        if held is not None:
            for i in sorted(near, key=lambda i: i not in claim.places)[:HELD_PASSAGES]:
                into.add(texts[i], claim.text, claim.label, source, held)
            held += 1
            continue
        wanted = claim.places if claim.label != "not_found" else near[: rng.randint(1, 2)]
        # Of two passages that each hold a half neither supports the whole.
        if len(wanted) == 1 or claim.label == "not_found":
            for i in wanted:
                into.add(texts[i], claim.text, claim.label, source, -1, spans)
        elif len(claim.spans) == 1:
            into.add(texts[next(iter(claim.spans))], claim.text, claim.label, source, -1, spans)
        beside = written.beside(claim, near, texts)
        if claim.label == "supported" and beside and rng.random() < 0.3:
            into.add(texts[beside[0]], claim.text, "not_found", source)
    if held is None:
        for made in written.answer_claims(rng, resume, texts, source, 4):
            into.add(made.second, made.first, made.target, source, -1, made.spans)
    return held or 0


def write(file: Path, data: Path, draws: int = 2, seed: int = 0) -> None:
    """The reader's rows: of every written English resume `draws` with other names and figures, and other people's.

    Args:
        data: folder of the human-annotated rows.
    """
    from transformers import AutoTokenizer

    from rag.models import embedded_weights

    into, rng, held = Packs(AutoTokenizer.from_pretrained(embedded_weights("generator")), CLAIM_FRAME), random.Random(f"llama {seed}"), 0
    for row in written.resumes("en", held_out=True):
        held = written_claims(into, rng, row, held)
    source = Source(data)
    people: list[Row] = [row for name in HUMAN if "_en" in name for row in source.human[name] if rng.random() < HUMAN[name]]
    for draw in range(draws):
        for row in written.resumes("en"):
            written_claims(into, rng, row)
        for _ in range(MADE):
            for made in source.passages.support(rng, 8):
                if made.source == "perturbed_en":
                    into.add(made.second, made.first, made.target, made.source, -1, made.spans)
        log.info("draw %d: %d claims", draw, len(into.of))
    for row in people:
        into.add(row.second, row.first, row.target, row.source, -1, row.spans)
    into.save(file)
