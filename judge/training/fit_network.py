"""Trains the network's own layers for a given number of minutes; goes on where it stopped."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from judge import network
from judge.training.data import Source
from judge.training.rows import Row
from rag.models import fast_dtype
from rag.reranking import read_passage, read_question

log = logging.getLogger(__name__)
TOKENS = 4400  # a batch: about 40 pairs of 110 tokens, padding included
RATE, RATE_NEW = 3e-4, 1e-3  # peak learning rates: layers that start as e5's, and new ones
WARMUP, POOL, SAVE_EVERY = 80, 640, 300.0


@dataclass(frozen=True, slots=True)
class Tokens:
    """A row in token ids; `wrong` is 1.0 or 0.0 per token of the first text, -1.0 where unknown."""

    row: Row
    first: list[int]
    second: list[int]
    wrong: list[float]


def tokenise(row: Row, tokenizer) -> Tokens:
    """Token ids of both texts as the judge reads them, without the outer special tokens, cut to the network's limits."""
    first = read_question(tokenizer, row.first, network.MAX_FIRST)
    mark = first.ids[1 : first.first]
    ids = first.ids[1:-1][: network.MAX_FIRST]
    if row.task == "answers":  # replies are encoded as replies, not as passages
        second = read_question(tokenizer, row.second, network.MAX_SECOND).ids[1:-1]
    else:
        second = read_passage(tokenizer, row.second)[0].ids[1:-1]
    wrong = [-1.0] * len(ids)
    if row.task == "support" and row.spans is not None:
        made = tokenizer(row.first.replace("\n", " "), add_special_tokens=False, return_offsets_mapping=True)
        for i, (a, b) in enumerate(made["offset_mapping"][: len(ids) - len(mark)], len(mark)):
            wrong[i] = float(any(a < end and b > start for start, end in row.spans))
    return Tokens(row, ids, second[: network.MAX_SECOND], wrong)


def batches(source: Source, tokenizer, seed: int) -> Iterator[list[Tokens]]:
    """Batches of similar length out of a pool, so that none holds one kind only; one passage's rows stay together."""
    rng = random.Random(seed)
    stream = source.stream(seed)
    while True:
        pool = [tokenise(next(stream), tokenizer) for _ in range(POOL)]
        pool.sort(key=lambda t: (len(t.second), t.row.second))
        made, batch, width = [], [], 0
        for item in pool:
            wider = max(width, len(item.first) + len(item.second))
            if batch and (len(batch) + 1) * wider > TOKENS:
                made.append(batch)
                batch, wider = [], len(item.first) + len(item.second)
            batch.append(item)
            width = wider
        made.append(batch)
        rng.shuffle(made)
        yield from made


class Lower:
    """The frozen lower layers, in the faster format; every text of a batch is encoded once."""

    def __init__(self, base: nn.Module) -> None:
        self.base = base
        del self.base.encoder.layer[network.LOWER :]
        self.base.to(fast_dtype()).eval()

    def __call__(self, token_ids: Sequence[Sequence[int]]) -> network.Encoded:
        unique = sorted({tuple(t) for t in token_ids}, key=len)
        place = {t: i for i, t in enumerate(unique)}
        ids, mask = network.pad(unique)
        states = torch.zeros(*ids.shape, self.base.config.hidden_size)
        third = -(-len(unique) // 3)  # three groups of similar length waste less on padding
        for start in range(0, len(unique), third):
            rows = slice(start, start + third)
            width = int(mask[rows].sum(1).max())
            with torch.no_grad():
                out = self.base(input_ids=ids[rows, :width], attention_mask=mask[rows, :width].long())
            states[rows, :width] = out.last_hidden_state.float()
        return network.Encoded(states, mask, ids).pick([place[tuple(t)] for t in token_ids])


def loss_of(logits: dict[str, torch.Tensor], batch: Sequence[Tokens]) -> dict[str, torch.Tensor]:
    """Loss per head; rows labelled `unsupported` only say "not supported"."""
    parts: dict[str, torch.Tensor] = {}
    support = [i for i, t in enumerate(batch) if t.row.task == "support"]
    if support:
        log_p = torch.log_softmax(logits["support"][support], -1)
        losses = []
        for j, i in enumerate(support):
            target = batch[i].row.target
            losses.append(
                -torch.logsumexp(log_p[j, 1:], 0)
                if target == "unsupported"
                else -log_p[j, network.LABELS.index(target)]
            )
        parts["support"] = torch.stack(losses).sum() / len(batch)
        target = torch.full(logits["wrong"].shape, -1.0)
        for i, t in enumerate(batch):
            target[i, 1 : 1 + len(t.wrong)] = torch.tensor(t.wrong)
        known = target >= 0
        if known.any():
            weight = torch.where(target[known] > 0, 3.0, 1.0)
            parts["wrong"] = nn.functional.binary_cross_entropy_with_logits(
                logits["wrong"][known], target[known], weight=weight
            )
    chosen = [i for i, t in enumerate(batch) if t.row.task == "answers"]
    if chosen:
        target = torch.tensor([float(batch[i].row.target) for i in chosen])
        value = nn.functional.binary_cross_entropy_with_logits(logits["answers"][chosen], target, reduction="sum")
        parts["answers"] = value / len(batch)
    return parts


def train(
    data: Path,
    base: Path,
    out: Path,
    checkpoints: Path,
    minutes: float,
    threads: int,
    seed: int,
    resume: bool,
    start: Path | None = None,
) -> None:
    """Train for `minutes` of wall-clock time (earlier minutes counted in when resuming).

    Every five minutes the weights are written to `out`, and with the optimiser's state to `checkpoints`.
    `start` is a folder of weights to begin from instead of e5's own layers; what they had seen is kept in
    training.json under "before". A checkpoint that is resumed goes first.
    """
    import json

    from transformers import AutoTokenizer, BertModel

    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    tokenizer = AutoTokenizer.from_pretrained(base)
    quiet = {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}
    plain = BertModel.from_pretrained(base, dtype=torch.float32, add_pooling_layer=False, **quiet)
    saved = checkpoints / "state.pt"
    going_on = resume and saved.exists()
    weights = checkpoints if going_on else start
    reader = (network.load(weights, plain) if weights else network.PairReader(plain)).train()
    before = json.loads((weights / "training.json").read_text()) if weights else {}
    before = before.get("before", []) if going_on else [*before.pop("before", []), before] if before else []
    lower = Lower(plain)
    started = list(reader.layers.parameters())
    new = [p for name, p in reader.named_parameters() if not name.startswith("layers.")]
    optimiser = torch.optim.AdamW([{"params": started}, {"params": new}], lr=RATE, weight_decay=0.01)
    spent, step, pairs = 0.0, 0, 0
    if going_on:
        state = torch.load(saved, weights_only=True)
        optimiser.load_state_dict(state["optimiser"])
        spent, step, pairs = state["spent"], state["step"], state["pairs"]
        log.info("resumed at step %d, %.1f minutes", step, spent / 60)
    source = Source(data)
    log.info("human rows %s", {k: len(v) for k, v in source.human.items()})
    began = time.monotonic()
    last_save = shown = began
    running: dict[str, float] = {}
    right = seen = 0.0

    def write() -> None:
        total = spent + time.monotonic() - began
        about = {"minutes": round(total / 60, 1), "steps": step, "pairs": pairs, "seed": seed}
        if before:
            about["before"] = before
        for folder in (checkpoints, out):
            network.save(folder, reader, about)
        torch.save({"optimiser": optimiser.state_dict(), "spent": total, "step": step, "pairs": pairs}, saved)

    for batch in batches(source, tokenizer, seed + step):
        done = (spent + time.monotonic() - began) / (minutes * 60)
        if done >= 1:
            break
        factor = min(1.0, (step + 1) / WARMUP) * max(0.02, 1 - done)
        optimiser.param_groups[0]["lr"], optimiser.param_groups[1]["lr"] = RATE * factor, RATE_NEW * factor
        first, second = lower([t.first for t in batch]), lower([t.second for t in batch])
        task = torch.tensor([network.TASKS.index(t.row.task) for t in batch])
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=fast_dtype() == torch.bfloat16):
            logits = reader(first, second, task)
        logits = {k: v.float() for k, v in logits.items()}
        parts = loss_of(logits, batch)
        sum(parts.values()).backward()
        nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        step, pairs = step + 1, pairs + len(batch)
        for name, value in parts.items():
            running[name] = 0.97 * running.get(name, value.item()) + 0.03 * value.item()
        for i, t in enumerate(batch):
            if t.row.source.startswith(("resume_", "perturbed_", "written_")):
                said = bool(logits["support"][i].argmax() == 0)
                right, seen = 0.998 * right + (said == (t.row.target == "supported")), 0.998 * seen + 1
        if time.monotonic() - shown > 30:
            shown = time.monotonic()
            log.info(
                "%5.1f min  step %5d  pairs %6d  rows on resumes right %.3f  loss %s",
                (spent + shown - began) / 60, step, pairs, right / max(1, seen), {k: round(v, 3) for k, v in running.items()},
            )  # fmt: skip
        if time.monotonic() - last_save > SAVE_EVERY:
            last_save = time.monotonic()
            write()
    write()
    log.info("done: %d steps, %d pairs", step, pairs)
