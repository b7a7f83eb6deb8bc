"""Sequences that the generator's adapter learns from (rag/training/tune.py), as token ids in one file.

Most are questions about the written resumes over the lines that the product quotes; statements, drawn resumes, people's questions and
follow-ups have a share each.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from rag.reranking import Reranker
from rag.training.generator_data import Example, human_examples, resume_example, rewrite_example, statement_example
from rag.training.quoted import quoted_example
from rag.training.tune import ANSWERABLE, HELD_OUT, TRAINED, UNANSWERABLE
from rag.training.written_resumes import rows

log = logging.getLogger("rag.training.generator_rows")
MOST = 640  # tokens of a sequence
# For every sequence over quoted lines so many of the other kinds, and at most so many of one example.
SHARES = {"statements": (0.14, 8), "resume": (0.08, 6), "rewrite": (0.07, 1)}
HUMAN_EACH = 4
REFUSAL = "The resume does not"


def tokens_of(tokenizer, example: Example) -> tuple[list[int], list[tuple[list[int], list[int]]]]:
    """The chat template's tokens, split where the question begins and where the answer begins."""
    text = tokenizer.apply_chat_template(
        [{"role": "system", "content": example.system}, {"role": "user", "content": example.head + "\x00"}],
        tokenize=False,
        add_generation_prompt=True,
    )
    before, after = text.split("\x00")
    # Split before the last line's break, where the tokenizer splits too: the pieces' tokens are those of the whole.
    cut = before.rfind("\n")
    prefix, lead = before[:cut], before[cut:]
    encode = lambda s: tokenizer(s, add_special_tokens=False)["input_ids"]
    end = tokenizer.eos_token
    return encode(prefix), [(encode(lead + q + after), encode(a + end)) for q, a in example.branches]


class Rows:
    """Sequences, gathered and written as arrays."""

    def __init__(self, tokenizer) -> None:
        self.tokenizer = tokenizer
        self.sequences: list[list[int]] = []
        self.answer: list[int] = []
        self.kind: list[str] = []
        self.held: list[int] = []

    def add(self, prompt: Sequence[int], answer: Sequence[int], kind: str, held: int = TRAINED) -> None:
        if len(prompt) + len(answer) <= MOST:
            self.sequences.append([*prompt, *answer])
            self.answer.append(len(prompt))
            self.kind.append(kind)
            self.held.append(held)

    def example(self, example: Example, kind: str, most: int, rng: random.Random) -> None:
        """At most so many of an example's questions."""
        prefix, branches = tokens_of(self.tokenizer, example)
        for asked, answer in rng.sample(branches, min(most, len(branches))):
            self.add([*prefix, *asked], answer, kind)

    def save(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(
            file,
            tokens=np.concatenate([np.array(each, np.uint16) for each in self.sequences]),
            ends=np.cumsum([len(each) for each in self.sequences]), answer=np.array(self.answer, np.int32),
            kind=np.array(self.kind), held=np.array(self.held, np.int8),
        )  # fmt: skip


def write(file: Path, data: Path | None, tokenizer, reranker: Reranker, seed: int = 0, resumes: int | None = None) -> None:
    """One draw of every written resume (or of the first `resumes`) with all its questions, and the other kinds' shares.

    Args:
        data: folder of the public QA data; without it people's questions are left out.
    """
    from rag.prompt import is_declined

    into, rng = Rows(tokenizer), random.Random(seed)
    refusal = tokenizer(REFUSAL, add_special_tokens=False)["input_ids"]
    for held_out in (True, False):
        for number, row in enumerate(rows("en", held_out)[:resumes]):
            example = quoted_example(f"{seed}/{row['name']}", row, reranker, held_out)
            prefix, branches = tokens_of(tokenizer, example)
            for (_, reply), (asked, answer) in zip(example.branches, branches, strict=True):
                into.add([*prefix, *asked], answer, "quoted", HELD_OUT if held_out else TRAINED)
                if held_out:
                    into.add([*prefix, *asked], refusal, "refusal", UNANSWERABLE if is_declined(reply) else ANSWERABLE)
            if number % 20 == 19:
                log.info("%d %s resumes", number + 1, "held-out" if held_out else "training")
    made = {
        "statements": lambda i: statement_example(f"{seed}/{i}"),
        "resume": lambda i: resume_example(f"{seed}/{i}", questions=8),
        "rewrite": lambda i: rewrite_example(f"{seed}/{i}"),
    }
    quoted = sum(held == TRAINED for held in into.held)
    for kind, (share, most) in SHARES.items():
        wanted, i = len(into.held) + share * quoted, 0
        while len(into.held) < wanted:
            if (example := made[kind](i)) is not None:
                into.example(example, kind, most, rng)
            i += 1
    for example in human_examples(data) if data else ():
        into.example(example, "human", HUMAN_EACH, rng)
    log.info("%d sequences, %d tokens", len(into.sequences), sum(map(len, into.sequences)))
    into.save(file)
