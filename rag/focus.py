"""Passages cut down to the lines that matter for a question, for a model that more lines would only confuse.

A 135M model reads one fact well and picks the wrong one of ten. The reranker knows which lines are likely; the
rest of a passage is left out of the prompt (extractive compression: Xu et al. 2023, "RECOMP"). What was retrieved,
shown and judged stays whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.reranking import Reranker, passage
from rag.retrieval import without_names
from rag.types import RetrievedChunk

SHORT = 3  # lines; a passage of so few stays whole
KEPT_SHARE = 0.2  # of the likeliest line's probability
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")


def focused(question: str, chunks: Sequence[RetrievedChunk], reranker: Reranker) -> list[RetrievedChunk]:
    """The chunks with their likely lines, in order and with their ranks.

    The first line of a passage and dates right under it stay: they say which job or school the rest is about.
    """
    if not chunks:
        return []
    whole = [passage(found.chunk) for found in chunks]
    readings = reranker.read(without_names(question, (found.chunk.subject for found in chunks)), [text for text, _ in whole])
    best = max((p for reading in readings for *_, p in reading.lines), default=0.0)
    return [
        replace(found, chunk=replace(found.chunk, text=_likely_lines(found.chunk.text, reading, offset, best)))
        for found, (_, offset), reading in zip(chunks, whole, readings, strict=True)
    ]


def _likely_lines(text: str, reading, offset: int, best: float) -> str:
    kept, start, lines = [], 0, text.split("\n")
    for number, line in enumerate(lines):
        end = start + len(line)
        p = max((p for a, b, p in reading.lines if a - offset < end and b - offset > start), default=0.0)
        heading = number == 0 or (number <= 2 and _YEAR.search(line) and len(line) < 80)
        if len(lines) <= SHORT or heading or p >= KEPT_SHARE * best:
            kept.append(line)
        start = end + 1
    return "\n".join(line for line in kept if line.strip())
