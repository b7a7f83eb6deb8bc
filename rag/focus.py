"""Passages cut down to the lines that matter for a question, for a model that more lines would only confuse.

A 135M model reads one fact well and picks the wrong one of ten. The reranker knows which lines are likely; the
rest of a passage is left out of the prompt (extractive compression: Xu et al. 2023, "RECOMP"). What was retrieved,
shown and judged stays whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.reranking import Reading, Reranker, passage
from rag.retrieval import without_names
from rag.types import RetrievedChunk

SHORT = 3  # lines; a passage of so few stays whole
KEPT_SHARE = 0.2  # of the likeliest line's probability
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")


def read_lines(question: str, chunks: Sequence[RetrievedChunk], reranker: Reranker) -> list[Reading]:
    """What the reranker sees in each retrieved chunk; characters count from where `chunk.text` starts."""
    whole = [passage(found.chunk) for found in chunks]
    readings = reranker.read(without_names(question, (found.chunk.subject for found in chunks)), [text for text, _ in whole])
    return [
        replace(reading, lines=tuple((a - shift, b - shift, p) for a, b, p in reading.lines if b > shift))
        for reading, (_, shift) in zip(readings, whole, strict=True)
    ]


def focused(chunks: Sequence[RetrievedChunk], readings: Sequence[Reading]) -> list[RetrievedChunk]:
    """The chunks with their likely lines, in order and with their ranks.

    The first line of a passage and dates right under it stay: they say which job or school the rest is about.
    """
    best = best_line(readings)
    return [
        replace(found, chunk=replace(found.chunk, text=_likely_lines(found.chunk.text, reading, best)))
        for found, reading in zip(chunks, readings, strict=True)
    ]


def best_line(readings: Sequence[Reading]) -> float:
    """The probability of the likeliest line, in [0, 1]."""
    return max((p for reading in readings for *_, p in reading.lines), default=0.0)


def _likely_lines(text: str, reading: Reading, best: float) -> str:
    kept, start, lines = [], 0, text.split("\n")
    for number, line in enumerate(lines):
        end = start + len(line)
        p = max((p for a, b, p in reading.lines if a < end and b > start), default=0.0)
        heading = number == 0 or (number <= 2 and _YEAR.search(line) and len(line) < 80)
        if len(lines) <= SHORT or heading or p >= KEPT_SHARE * best:
            kept.append(line)
        start = end + 1
    return "\n".join(line for line in kept if line.strip())
