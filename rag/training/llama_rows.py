"""Rows that the Llama readers (rag/llama_reader.py) learn from: English passages, each with what is read behind it, as token ids.

`python -m rag.training.llama_rows --data DIR --out FILE` writes the reranker's: lines of the written resumes with the questions that they answer, and
with others that they only look like an answer to; judge/training/llama_rows.py writes the judge's claims.
"""

from __future__ import annotations

import json
import logging
import random
from collections.abc import Sequence
from pathlib import Path

import click
import numpy as np

from rag.llama_reader import QUESTION_FRAME, Frame, behind_ids, passage_ids, tokens_until
from rag.reranking import passage, sentences
from rag.training.joint_rows import LABEL, Line, ends, flat, split_by
from rag.training.written_claims import shared
from rag.training.written_resumes import WrittenResume, rows, swapped

log = logging.getLogger("rag.training.llama_rows")
ANSWERS, SILENT = "supported", "unsupported"  # the reader's labels, of a line behind which a question stands
RIGHT, NEAR, FAR, BESIDE = 3, 5, 1, 2  # of a question: lines that answer it, those most like it, any others, and others of the passage that answers
HELD_RIGHT, HELD_NEAR = 2, 4  # of a kept one
LONGEST = 1500  # characters of people's passages
MARKED = 0.3  # of people's questions whose passages were marked one by one


class Packs:
    """Passages with the claims, or questions, that are read behind them; each has a label and, where that is known, which of its characters are not true."""

    def __init__(self, tokenizer, frame: Frame) -> None:
        self.tokenizer, self.frame = tokenizer, frame
        self.passages: list[list[int]] = []
        self.claims: list[list[int]] = []
        self.wrong: list[list[int]] = []  # of every token of a claim 1 or 0; -1 where that is not known
        self.of: list[tuple[int, int, int, int, int]] = []  # passage, label, source, the held-out claim it is of (-1: to train on), tokens of the passage that it sees
        self.sources: list[str] = []
        self.ends: list[list[int]] = []  # of every passage's tokens the characters they end at
        self._known: dict[str, int] = {}

    def passage(self, text: str) -> int:
        if text not in self._known:
            self._known[text] = len(self.passages)
            ids, stops = passage_ids(self.tokenizer, text)
            self.passages.append(ids)
            self.ends.append(stops)
        return self._known[text]

    def add(self, text: str, claim: str, label: str, source: str, held: int = -1, spans: Sequence[tuple[int, int]] | None = None, end: int | None = None) -> None:
        """One claim behind the passage `text`, or behind its characters up to `end`."""
        ids, places = behind_ids(self.tokenizer, claim, self.frame)
        if source not in self.sources:
            self.sources.append(source)
        number = self.passage(text)
        seen = len(self.passages[number]) if end is None else tokens_until(self.ends[number], end)
        self.of.append((number, LABEL[label], self.sources.index(source), held, seen))
        self.claims.append(ids)
        self.wrong.append([-1 if spans is None or at is None else int(any(at[0] < end and at[1] > start for start, end in spans)) for at in places])

    def save(self, file: Path) -> None:
        np.savez_compressed(
            file,
            passages=flat(self.passages, np.int32), passage_ends=ends(self.passages), claims=flat(self.claims, np.int32), claim_ends=ends(self.claims),
            wrong=flat(self.wrong, np.int8), of=np.array(self.of, np.int32), sources=np.array(self.sources),
        )  # fmt: skip
        log.info("%d claims behind %d passages, %d + %d tokens", len(self.of), len(self.passages), sum(map(len, self.claims)), sum(map(len, self.passages)))


def line_rows(into: Packs, rng: random.Random, resume: WrittenResume, held: int | None = None) -> int:
    """Every question about a written resume, behind lines that answer it and behind others.

    Args:
        held: the number of the next kept row; None of resumes to train on.

    Returns:
        The number of the next kept row.
    """
    source = f"line_{resume.language}"
    texts = [passage(chunk) for chunk in resume.chunks]
    every = [(i, a, b, chunk.text[a:b]) for i, chunk in enumerate(resume.chunks) for a, b in sentences(chunk.text)]

    def add(line: Line, question: str, label: str, held: int = -1) -> None:
        text, shift = texts[line[0]]
        into.add(text, question, label, source, held, end=shift + line[2])

    for ask in resume.asks:
        right, others = split_by(ask, every)
        others.sort(key=lambda line, ask=ask: -shared(ask.question, f"{resume.chunks[line[0]].section}\n{line[3]}"))
        if held is not None:
            for label, lines in ((ANSWERS, right[:HELD_RIGHT]), (SILENT, others[:HELD_NEAR])):
                for line in lines:
                    add(line, ask.question, label, held)
                    held += 1
            continue
        for line in rng.sample(right, min(RIGHT, len(right))):
            add(line, ask.question, ANSWERS)
        wrong = [*others[:NEAR], *rng.sample(others[NEAR:], min(FAR, len(others[NEAR:])))]
        beside = [line for line in others if line[0] in ask.spans and line not in wrong]
        for line in [*wrong, *rng.sample(beside, min(BESIDE, len(beside)))]:
            add(line, ask.question, SILENT)
    return held or 0


def human_rows(into: Packs, data: Path, rng: random.Random) -> None:
    """People's English questions behind passages that answer them or do not."""
    read = lambda stem: [json.loads(line) for line in (data / f"{stem}.jsonl").read_text(encoding="utf-8").splitlines()]
    for stem in ("qa_squad2_en_train", "qa_clapnq_en_train", "qa_mtragun_en_train"):
        for row in read(stem):
            if not row.get("history") and row["context"].strip() and len(row["context"]) <= LONGEST:
                into.add(row["context"], row["question"], ANSWERS if row["answerable"] else SILENT, stem)
    for stem in ("relevance_epqa_en_train", "relevance_semipqa_en_train"):
        for row in read(stem):
            if rng.random() > MARKED:
                continue
            for text, label in [*((each, ANSWERS) for each in row["positive"][:1]), *((each, SILENT) for each in rng.sample(row["negatives"], min(2, len(row["negatives"]))))]:
                into.add(text, row["query"], label, stem)


@click.command()
@click.option("--data", type=click.Path(exists=True, path_type=Path), required=True, help="Folder of the public data.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="File to write (.npz).")
@click.option("--draws", default=2, show_default=True, help="Of every resume, each with other names and figures.")
@click.option("--seed", default=0, show_default=True)
def main(data: Path, out: Path, draws: int, seed: int) -> None:
    """Write the rows for the reranker's Llama."""
    from transformers import AutoTokenizer

    from rag.models import embedded_weights

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    into, rng, held = Packs(AutoTokenizer.from_pretrained(embedded_weights("generator")), QUESTION_FRAME), random.Random(f"lines {seed}"), 0
    for row in rows("en", held_out=True):
        held = line_rows(into, rng, swapped(random.Random(held), row), held)
    for draw in range(draws):
        for row in rows("en"):
            line_rows(into, rng, swapped(rng, row))
        log.info("draw %d: %d rows", draw, len(into.of))
    human_rows(into, data, rng)
    into.save(out)


if __name__ == "__main__":
    main()
