"""Trains the layers that read a question together with a passage (rag/question_reader.py), on a trained reranker.

    python -m rag.training.question_reader --data ../shared/data --minutes 45 --threads 1

The reranker is left as it is: it encodes questions and passages, and what it takes for an answer though it is none is what
the reader learns from. Loss: as the reranker's, a softmax over the passages read and "none of them" (a null answer as in
SQuAD 2.0 readers), of which all right ones count together. `--resume` goes on from the last checkpoint.
"""

from __future__ import annotations

import logging
import math
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import torch
from torch.nn.utils.rnn import pad_sequence

from rag import question_reader
from rag.pairs import Encoded
from rag.reranking import Part, Question, Reranker
from rag.training.reranker import Batch, human_examples, stream
from rag.training.reranker_data import written_groups

log = logging.getLogger("question_reader")

RATE, RATE_NEW = 3e-4, 1e-3  # peak learning rates: layers that start as e5's, and new ones
WARMUP, SAVE_EVERY = 60, 300.0  # steps, seconds
HUMAN_SHARE, WRITTEN_SHARE = 0.12, 0.76  # of the batches; the rest are drawn resumes
RIGHT, WRONG, STRAY = 2, 3, 1  # parts read per question: that answer, that look most like it, any
GROUP = 24  # pairs of similar length in one pass


@dataclass(frozen=True, slots=True)
class Pairs:
    """Questions with the parts chosen for each.

    Attributes:
        question, part: (B,) numbers of the question and the part of each pair.
        right: (B,) bool, whether the part answers.
        odds: (B,) the reranker's log odds.
    """

    question: torch.Tensor
    part: torch.Tensor
    right: torch.Tensor
    odds: torch.Tensor


class Frozen:
    """The reranker, which learns nothing here."""

    def __init__(self, reranker: Reranker) -> None:
        self.network, self.tokenizer = reranker._network, reranker._tokenizer

    @torch.no_grad()
    def __call__(
        self, questions: Sequence[Question], parts: Sequence[Part]
    ) -> tuple[Encoded, Encoded, torch.Tensor, torch.Tensor]:
        """Questions and parts, the log odds of each with each, (questions, parts), and of each token's line, (questions, parts, T)."""
        pad, made, last = self.tokenizer.pad_token_id, [], []
        for texts in (questions, parts):
            states, mask, lower = self.network.encode([text.ids for text in texts], pad)
            ids = pad_sequence([torch.tensor(text.ids) for text in texts], batch_first=True)
            made.append(Encoded(lower, mask, ids, states))
            last += [states, mask]
        logits = self.network.score(questions, parts, *last)
        return *made, torch.logsumexp(logits, 2), question_reader.line_odds(parts, logits)


def choose(chance: random.Random, labels: torch.Tensor, odds: torch.Tensor) -> Pairs:
    """The parts to read with each question.

    Args:
        labels: (questions, parts): 1 answers, 0 does not, -1 unknown.
        odds: (questions, parts).
    """
    question, part = [], []
    for q, row in enumerate(labels):
        order = odds[q].argsort(descending=True).tolist()
        right = [p for p in order if row[p] == 1]
        wrong = [p for p in order if row[p] == 0]
        chosen = right[:RIGHT] + wrong[:WRONG] + chance.sample(wrong[WRONG:], min(STRAY, len(wrong[WRONG:])))
        question += [q] * len(chosen)
        part += chosen
    question, part = torch.tensor(question), torch.tensor(part)
    return Pairs(question, part, labels[question, part] == 1, odds[question, part])


def labels_of(batch: Batch) -> torch.Tensor:
    """(questions, parts): 1 where a line answers, -1 where that is unknown, else 0."""
    known = (batch.labels >= 0).any(2)
    return torch.where((batch.labels == 1).any(2), 1, torch.where(known, 0, -1))


def read(reader, questions: Encoded, parts: Encoded, pairs: Pairs, lines: torch.Tensor) -> torch.Tensor:
    """The reader's log odds of every pair, (B,).

    Args:
        lines: (questions, parts, T), see Frozen.
    """
    order = parts.mask.sum(1)[pairs.part].argsort()
    out = []
    for rows in order.split(GROUP):
        question, part = pairs.question[rows], pairs.part[rows]
        passages = parts.pick(part)
        own = lines[question, part][:, : passages.mask.shape[1]]
        out.append(reader(questions.pick(question), passages, pairs.odds[rows], own))
    return torch.cat(out)[order.argsort()]


def loss_of(logits: torch.Tensor, pairs: Pairs) -> torch.Tensor:
    """The mean loss of the questions (see the module's text), a scalar."""
    losses = []
    for q in pairs.question.unique():
        own = pairs.question == q
        right = pairs.right[own]
        every = torch.logsumexp(torch.cat([torch.zeros(1), logits[own]]), 0)
        losses.append(every - (torch.logsumexp(logits[own][right], 0) if right.any() else 0.0))
    return torch.stack(losses).mean()


@torch.no_grad()
def evaluate(reader, frozen: Frozen, resumes: int = 14, best: int = 4) -> dict[str, dict[str, float]]:
    """On written resumes kept from training, by language: AUC of "something answers", by the reranker and with the reader."""
    from sklearn.metrics import roc_auc_score

    from rag.training.reranker import encode

    reader.eval()
    result = {}
    for language in ("en", "ko"):
        groups = written_groups(99, held_out=True, korean_share=float(language == "ko"), questions=24)
        answered, before, after = [], [], []
        for _ in range(resumes):
            group = next(groups)
            batch = encode(frozen.tokenizer, group.passages, group.asks)
            if batch is None:
                continue
            questions, parts, odds, lines = frozen(batch.questions, batch.parts)
            top = odds.topk(min(best, odds.shape[1]), 1)
            count = top.indices.shape[1]
            rows = torch.arange(len(odds)).repeat_interleave(count)
            pairs = Pairs(rows, top.indices.flatten(), torch.zeros(len(rows)) == 1, top.values.flatten())
            answered += (labels_of(batch) == 1).any(1).tolist()
            before += torch.logsumexp(top.values, 1).tolist()
            after += torch.logsumexp(read(reader, questions, parts, pairs, lines).view(-1, count), 1).tolist()
        result[language] = {"reranker": round(float(roc_auc_score(answered, before)), 3), "read": round(float(roc_auc_score(answered, after)), 3)}  # fmt: skip
    reader.train()
    return result


@click.command()
@click.option("--data", type=click.Path(exists=True, path_type=Path), required=True, help="Folder of the human data (*.jsonl).")
@click.option("--minutes", default=45.0, show_default=True)
@click.option("--threads", default=1, show_default=True)
@click.option("--seed", default=0, show_default=True)
@click.option("--korean-share", default=0.4, show_default=True, help="Of the written and drawn resumes.")
@click.option("--adapter", type=click.Path(exists=True, path_type=Path), default=Path("data/adapters/reranker"), show_default=True, help="Folder of the trained reranker.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), default=Path("data/adapters/reranker"), show_default=True)
@click.option("--checkpoints", type=click.Path(path_type=Path), default=Path("checkpoints/question_reader"), show_default=True)
@click.option("--resume", "go_on", is_flag=True, help="Go on from the last checkpoint.")
def main(data, minutes, threads, seed, korean_share, adapter, out, checkpoints, go_on) -> None:
    """Train the question reader for MINUTES and write it to OUT."""
    from transformers import BertModel

    from rag.models import embedded_weights

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    frozen = Frozen(Reranker.from_folder(adapter))
    # e5's own layers, without the dropout that it was trained with.
    quiet = {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}
    plain = BertModel.from_pretrained(embedded_weights("encoder"), dtype=torch.float32, add_pooling_layer=False, **quiet)
    reader = (question_reader.load(adapter, plain) or question_reader.QuestionReader(plain)).train()
    new = [p for name, p in reader.named_parameters() if not name.startswith("layers.")]
    optimizer = torch.optim.AdamW([{"params": reader.layers.parameters()}, {"params": new}], lr=RATE, weight_decay=0.01)
    spent, step, asked = 0.0, 0, 0
    checkpoint = checkpoints / "state.pt"
    if go_on and checkpoint.is_file():
        state = torch.load(checkpoint, weights_only=True)
        reader.load_state_dict(state["reader"])
        optimizer.load_state_dict(state["optimizer"])
        spent, step, asked = state["spent"], state["step"], state["asked"]
        log.info("resumed at step %d after %.1f minutes", step, spent / 60)
    checkpoints.mkdir(parents=True, exist_ok=True)
    human = human_examples(data, "train", seed)
    batches: Iterator[Batch] = stream(frozen.tokenizer, human, seed + step, korean_share, HUMAN_SHARE, WRITTEN_SHARE)
    chance = random.Random(seed + step)
    def write() -> None:
        state = {"reader": reader.state_dict(), "optimizer": optimizer.state_dict(), "spent": time.monotonic() - began, "step": step, "asked": asked}  # fmt: skip
        torch.save(state, checkpoint.with_suffix(".tmp"))
        checkpoint.with_suffix(".tmp").replace(checkpoint)
        question_reader.save(checkpoints / "adapter", reader)

    began, saved, average = time.monotonic() - spent, time.monotonic(), None
    while (done := (time.monotonic() - began) / (minutes * 60)) < 1:
        factor = min(1.0, (step + 1) / WARMUP) * max(0.02, 0.5 + 0.5 * math.cos(math.pi * done))
        optimizer.param_groups[0]["lr"], optimizer.param_groups[1]["lr"] = RATE * factor, RATE_NEW * factor
        batch = next(batches)
        questions, parts, odds, lines = frozen(batch.questions, batch.parts)
        pairs = choose(chance, labels_of(batch), odds)
        loss = loss_of(read(reader, questions, parts, pairs, lines), pairs)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        step, asked = step + 1, asked + len(batch.questions)
        average = loss.item() if average is None else 0.97 * average + 0.03 * loss.item()
        if step % 10 == 0:
            log.info("step %d, %d questions, loss %.3f, %.0f s", step, asked, average, time.monotonic() - began)
        if time.monotonic() - saved > SAVE_EVERY:
            write()
            log.info("checkpoint; AUC %s", evaluate(reader, frozen))
            saved = time.monotonic()
    write()
    question_reader.save(out, reader)
    log.info("saved after %d steps, %d questions; AUC %s", step, asked, evaluate(reader, frozen, 32))


if __name__ == "__main__":
    main()
