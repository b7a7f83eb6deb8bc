"""Rows that the reranker's third reader (rag/llama.py) learns from: lines of English resumes under their headings, each with questions that are read
behind it, as token ids.

`python -m rag.training.llama_rows --data DIR --out FILE` writes them, rag/training/llama.py trains on them.
"""

from __future__ import annotations

import json
import logging
import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import click
import numpy as np

from rag.llama import passage_ids, question_ids
from rag.quoting import line_text
from rag.reranking import sentences
from rag.training.joint_rows import LABEL, ends, flat
from rag.training.written_claims import shared
from rag.training.written_resumes import WrittenResume, newest, rows, swapped, telling

log = logging.getLogger("rag.training.llama_rows")
SOURCE = "line_en"
TOLD, UNTOLD = "supported", "unsupported"  # the labels of a question: the line tells what is asked, or not
RIGHT, NEAREST, BESIDE, ANY = 3, 4, 2, 2  # lines that a question is asked of: right ones; of the others the likest, of the same passage, and any


class Packs:
    """Passages with the texts that are read behind them; a text has a label and, where that is known, which of its characters are not true.

    Args:
        ids_of: of the tokenizer and a text, its token ids and of each the characters it stands for, None of what is around the text.
    """

    def __init__(self, tokenizer, ids_of: Callable[..., tuple[list[int], list[tuple[int, int] | None]]]) -> None:
        self.tokenizer, self.ids_of = tokenizer, ids_of
        self.passages: list[list[int]] = []
        self.claims: list[list[int]] = []
        self.wrong: list[list[int]] = []  # of every token of a text 1 or 0; -1 where that is not known
        self.of: list[tuple[int, int, int, int]] = []  # passage, label, source, the held-out text it is (-1: to train on)
        self.sources: list[str] = []
        self._known: dict[str, int] = {}

    def passage(self, text: str) -> int:
        if text not in self._known:
            self._known[text] = len(self.passages)
            self.passages.append(passage_ids(self.tokenizer, text))
        return self._known[text]

    def add(self, text: str, claim: str, label: str | float, source: str, held: int = -1, spans: Sequence[tuple[int, int]] | None = None) -> None:
        """One claim or question behind the passage `text`."""
        ids, places = self.ids_of(self.tokenizer, claim)
        if source not in self.sources:
            self.sources.append(source)
        self.of.append((self.passage(text), LABEL[label], self.sources.index(source), held))
        self.claims.append(ids)
        self.wrong.append([-1 if spans is None or at is None else int(any(at[0] < end and at[1] > start for start, end in spans)) for at in places])

    def save(self, file: Path) -> None:
        np.savez_compressed(
            file,
            passages=flat(self.passages, np.int32), passage_ends=ends(self.passages), claims=flat(self.claims, np.int32), claim_ends=ends(self.claims),
            wrong=flat(self.wrong, np.int8), of=np.array(self.of, np.int32), sources=np.array(self.sources),
        )  # fmt: skip
        log.info("%d texts behind %d passages, %d + %d tokens", len(self.of), len(self.passages), sum(map(len, self.claims)), sum(map(len, self.passages)))


def asked_lines(rng: random.Random, resume: WrittenResume) -> Iterator[tuple[str, str, str]]:
    """(question, line under its headings, TOLD or UNTOLD) of every question about a resume: lines that tell what is asked, and others."""
    every = [(i, a, b, line_text(chunk, a, b)) for i, chunk in enumerate(resume.chunks) for a, b in sentences(chunk.text)]
    for ask in resume.asks:
        tells = lambda i, a, b, ask=ask: any(c < b and d > a for c, d in ask.spans.get(i, ()))
        known = telling(ask.answer) if ask.answer else set()
        right = [text for i, a, b, text in every if tells(i, a, b)]
        others = [(i, text) for i, a, b, text in every if not tells(i, a, b) and not any(word in text.casefold() for word in known)]
        others.sort(key=lambda other: -shared(ask.question, other[1]))
        texts, beside = [text for _, text in others], [text for i, text in others if i in ask.spans]
        some = lambda lines, count: rng.sample(lines, min(count, len(lines)))
        yield from ((ask.question, text, TOLD) for text in some(right, RIGHT))
        wrong = [*texts[:1], *some(texts[1:10], NEAREST - 1), *some(beside, BESIDE), *some(texts, ANY)]
        yield from ((ask.question, text, UNTOLD) for text in dict.fromkeys(wrong))


def human_rows(into: Packs, data: Path, rng: random.Random) -> None:
    """People's questions with passages that answer them or do not."""
    read = lambda stem: [json.loads(line) for line in (data / f"{stem}.jsonl").read_text(encoding="utf-8").splitlines()]
    for stem in ("qa_squad2_en_train", "qa_tydiqa_en_train", "qa_clapnq_en_train"):
        for row in read(stem):
            if row["context"].strip() and len(row["context"]) < 1500:
                into.add(row["context"], row["question"], TOLD if row["answerable"] else UNTOLD, stem)
    for stem in ("relevance_epqa_en_train", "relevance_semipqa_en_train"):
        for row in read(stem):
            for text, label in [*((p, TOLD) for p in row["positive"][:3]), *((p, UNTOLD) for p in rng.sample(row["negatives"], min(3, len(row["negatives"]))))]:
                into.add(text, row["query"], label, stem)


@click.command()
@click.option("--data", type=click.Path(exists=True, path_type=Path), required=True, help="Folder of the public data.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="File to write (.npz).")
@click.option("--draws", default=2, show_default=True, help="Of every resume, each with other names and figures.")
@click.option("--seed", default=0, show_default=True)
def main(data: Path, out: Path, draws: int, seed: int) -> None:
    """Write the rows for the third reading of the reranker."""
    from transformers import AutoTokenizer

    from rag.models import embedded_weights

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    into, rng, held = Packs(AutoTokenizer.from_pretrained(embedded_weights("generator")), question_ids), random.Random(f"lines {seed}"), 0
    for row in rows("en", True):
        for question, line, label in asked_lines(rng, swapped(rng, row)):
            into.add(line, question, label, SOURCE, held)
            held += 1
    for draw in range(draws):
        for row in newest(rng, "en", (), 1.0):
            resume = swapped(rng, row)
            for question, line, label in asked_lines(rng, resume):
                into.add(line, question, label, SOURCE)
        log.info("draw %d: %d rows", draw, len(into.of))
    human_rows(into, data, rng)
    into.save(out)


if __name__ == "__main__":
    main()
