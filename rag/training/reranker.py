"""Trains the reranker: a LoRA adapter and two heads on multilingual-e5-small.

    python -m rag.training.reranker_rows --data ../shared/data --out GROUPS.jsonl.gz
    python -m rag.training.reranker --groups GROUPS.jsonl.gz --out data/adapters/reranker --minutes 30

Loss: a softmax over all lines the question is asked of and "no line", of which all right ones count together (the
marginal likelihood of Clark & Gardner 2018, arXiv:1710.10723, with a null answer as in SQuAD 2.0 readers), plus the
log loss of each right line by itself, so that the items of a list do not compete. What is kept is the running mean of the weights (EMA),
as it stood at the evaluation with the least held-out loss. `--minutes 0 --start DIR --out OTHER` only measures what is in DIR. Needs, of this
project, rag/reranking.py and rag/training/ alone, so that a machine with a GPU needs nothing else.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import logging
import os
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rag.models import fast_dtype
from rag.reranking import Layout, Network, head_names, lay_out, padded, read_passage, read_question
from rag.training.by_clock import keep, rate_at

if TYPE_CHECKING:
    import torch

log = logging.getLogger("rag.training.reranker")

RANK = 32
TARGETS = ["query", "key", "value", "dense"]
# All layers: with the upper four alone near misses were told no better after three more trainings. The judge's relevance adapter
# has 8, since it goes on from what the judge's encoder has made of a text up to there (judge/encoder.py).
FIRST_LAYER = 0
LINE_WEIGHT = 0.3
HEAD_RATE = 4.0  # times the rate: the heads
DROPOUT = 0.1  # of what goes into the adapter: on resumes it had learned from, the weights had an AUC of .92 and .96, on others .87
WARMUP = 20  # steps
EMA = 0.998


# ---------------------------------------------------------------- groups


@dataclass(frozen=True, slots=True)
class Ask:
    """A question over the passages of a group.

    Attributes:
        spans: by passage, the characters that answer; empty when nothing does.
        unsure: passages of which it is not known whether they answer.
    """

    question: str
    spans: dict[int, tuple[tuple[int, int], ...]]
    unsure: frozenset[int]


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that are all asked of the same passages."""

    passages: tuple[str, ...]
    asks: tuple[Ask, ...]


def read_groups(file: Path) -> dict[str, list[Group]]:
    """The groups of a file by the language they are kept from training for; "" are those to train on."""
    found: dict[str, list[Group]] = {}
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            asks = []
            for each in row["asks"]:
                spans: dict[int, tuple[tuple[int, int], ...]] = {}
                for i, a, b in each["spans"]:
                    spans[i] = (*spans.get(i, ()), (a, b))
                asks.append(Ask(each["question"], spans, frozenset(each["unsure"])))
            found.setdefault(row["held_out"], []).append(Group(tuple(row["passages"]), tuple(asks)))
    return found


@dataclass(frozen=True, slots=True)
class Batch:
    """Questions (Q) over parts of passages (P): ids and masks of both, their layout, and `labels` (Q, P, most lines).

    1: the line answers, 0: it does not, -1: unknown, or there is no such line.
    """

    asked: torch.Tensor
    asked_mask: torch.Tensor
    told: torch.Tensor
    told_mask: torch.Tensor
    layout: Layout
    labels: torch.Tensor


def encode(tokenizer, group: Group) -> Batch | None:
    """A group as tensors; None where no question is left whose answer was not cut away."""
    import torch

    parts, owner = [], []
    for i, text in enumerate(group.passages):
        for part in read_passage(tokenizer, text):
            parts.append(part)
            owner.append(i)
    most = max((len(part.lines) for part in parts), default=0)
    questions, rows = [], []
    for ask in group.asks:
        row = torch.full((len(parts), most), -1.0)
        for p, (part, i) in enumerate(zip(parts, owner, strict=True)):
            if i in ask.unsure:
                continue
            spans = ask.spans.get(i, ())
            for k, (start, end) in enumerate(part.lines):
                row[p, k] = float(any(a < end and b > start for a, b in spans))
        if not ask.spans or (row == 1).any():
            questions.append(read_question(tokenizer, ask.question))
            rows.append(row)
    if not questions or not parts:
        return None
    asked, asked_mask = padded([q.ids for q in questions], tokenizer.pad_token_id)
    told, told_mask = padded([p.ids for p in parts], tokenizer.pad_token_id)
    layout = lay_out(questions, parts, asked.shape[1], told.shape[1])
    return Batch(asked, asked_mask, told, told_mask, layout, torch.stack(rows))


class Shuffled:
    """The groups in another order every epoch, as batches, without end; workers share an epoch between them."""

    def __init__(self, tokenizer, groups: Sequence[Group], seed: int) -> None:
        self.tokenizer, self.groups, self.seed = tokenizer, groups, seed

    def __iter__(self) -> Iterator[Batch]:
        from torch.utils.data import get_worker_info

        worker = get_worker_info()
        number, of = (worker.id, worker.num_workers) if worker else (0, 1)
        chance = random.Random(self.seed)
        while True:
            order = chance.sample(range(len(self.groups)), len(self.groups))
            for i in order[number::of]:
                batch = encode(self.tokenizer, self.groups[i])
                if batch:
                    yield batch


def stream(tokenizer, groups: Sequence[Group], seed: int, workers: int) -> Iterator[Batch]:
    """Endless batches, made by `workers` other processes, or here with 0."""
    from torch.utils.data import DataLoader, IterableDataset

    class Endless(Shuffled, IterableDataset):
        pass

    return iter(DataLoader(Endless(tokenizer, groups, seed), batch_size=None, num_workers=workers, prefetch_factor=16 if workers else None))


# ---------------------------------------------------------------- training


def loss_of(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The mean loss of a batch's questions (see the module's text), a scalar; arguments of the same shape."""
    import torch
    from torch.nn.functional import softplus

    none = logits.new_zeros(len(logits), 1)
    flat, known = logits.flatten(1), labels.flatten(1)
    every = torch.logsumexp(torch.cat([none, flat.masked_fill(known < 0, float("-inf"))], 1), 1)
    right = known == 1
    answered = right.any(1)
    best = torch.logsumexp(torch.where(right, flat, torch.full_like(flat, -1e4)), 1)
    loss = (every - torch.where(answered, best, torch.zeros_like(best))).mean()
    each = softplus(-flat.masked_fill(~right, 0.0)) * right  # every right line by itself, for lists
    return loss + LINE_WEIGHT * (each.sum(1) / right.sum(1).clamp(min=1)).sum() / len(logits)


def build(encoder: Path, device: torch.device, first_layer: int = FIRST_LAYER):
    """The encoder with a fresh adapter (from `first_layer` up) and head, and its tokenizer."""
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModel, AutoTokenizer

    on_gpu = device.type == "cuda"
    # On a CPU eager attention: the fused one's backward pass takes 2.2 s of a 5.8 s step on one core.
    base = AutoModel.from_pretrained(
        encoder, dtype=torch.float32, add_pooling_layer=False, attn_implementation="sdpa" if on_gpu else "eager"
    )
    layers = list(range(first_layer, base.config.num_hidden_layers))
    config = LoraConfig(
        r=RANK, lora_alpha=2 * RANK, lora_dropout=DROPOUT, target_modules=TARGETS, layers_to_transform=layers
    )
    adapted = get_peft_model(base, config)
    if not on_gpu:
        for parameter in adapted.parameters():
            if not parameter.requires_grad:  # frozen weights need no float32 copy to be cast anew at every step
                parameter.data = parameter.data.to(fast_dtype())
    return Network(adapted, base.config.hidden_size).to(device), AutoTokenizer.from_pretrained(encoder)


def begin(network, folder: Path) -> None:
    """Put the adapter and head of an earlier training into a fresh network."""
    from peft import set_peft_model_state_dict
    from safetensors.torch import load_file

    set_peft_model_state_dict(network.encoder, load_file(folder / "adapter_model.safetensors"))
    network.load_state_dict({k: v.float() for k, v in load_file(folder / "head.safetensors").items()}, strict=False)


def save(network, folder: Path) -> None:
    """Adapter and head in float16 safetensors, ready for Reranker.from_folder."""
    import torch
    from safetensors.torch import load_file, save_file

    folder.mkdir(parents=True, exist_ok=True)
    card = folder / "README.md"
    kept = card.read_text(encoding="utf-8") if card.is_file() else None
    network.encoder.save_pretrained(folder)
    if kept is None:
        card.unlink(missing_ok=True)  # peft writes a template that says nothing
    else:
        card.write_text(kept, encoding="utf-8")
    adapter = folder / "adapter_model.safetensors"
    save_file({k: v.to(torch.float16) for k, v in load_file(adapter).items()}, adapter)
    config = json.loads((folder / "adapter_config.json").read_text())
    config["base_model_name_or_path"] = "intfloat/multilingual-e5-small"  # not the cache folder of this machine
    (folder / "adapter_config.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")
    state = network.state_dict()
    head = {name: state[name].detach().to(torch.float16).contiguous() for name in head_names(network)}
    save_file(head, folder / "head.safetensors")


def logits_of(network, batches: Sequence[Batch], device: torch.device) -> list[torch.Tensor]:
    """The logits of each batch, (questions, parts, lines); all texts go through the encoder at once."""
    import torch

    def states(rows: Sequence[torch.Tensor], masks: Sequence[torch.Tensor]) -> tuple[torch.Tensor, torch.Tensor]:
        width = max(each.shape[1] for each in rows)
        wide = lambda each, value: torch.nn.functional.pad(each, (0, width - each.shape[1]), value=value)
        ids = torch.cat([wide(each, network.encoder.config.pad_token_id) for each in rows]).to(device)
        mask = torch.cat([wide(each, 0) for each in masks]).to(device)
        # On a GPU matrices are multiplied in TF32.
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=device.type == "cpu" and fast_dtype() == torch.bfloat16):
            made = network.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        # Similarities lie within a few hundredths of each other: too close for bfloat16.
        return made.float(), mask.float()

    asked, asked_mask = states([each.asked for each in batches], [each.asked_mask for each in batches])
    told, told_mask = states([each.told for each in batches], [each.told_mask for each in batches])
    made, q, p = [], 0, 0
    for each in batches:
        (questions, t1), (parts, t2) = each.asked.shape, each.told.shape
        mine, theirs = slice(q, q + questions), slice(p, p + parts)
        made.append(network.logits(each.layout.to(device), asked[mine, :t1], asked_mask[mine, :t1], told[theirs, :t2], told_mask[theirs, :t2]))
        q, p = q + questions, p + parts
    return made


def train(
    groups: Path,
    out: Path,
    encoder: Path,
    minutes: float,
    start: Path | None = None,
    first_layer: int = FIRST_LAYER,
    size: int = 1,
    rate: float = 5e-4,
    every: float = 300.0,
    workers: int = 0,
    seed: int = 0,
    checkpoint: Path | None = None,
) -> None:
    """Train for `minutes` (measuring comes on top) and write the best adapter and head to `out`, with what is to be known of them beside it (training.json).

    Args:
        groups: file of rag.training.reranker_rows.
        encoder: folder of multilingual-e5-small.
        start: folder of a trained reranker to begin from.
        first_layer: lowest layer with an adapter.
        size: groups a step.
        every: seconds of training between evaluations, and checkpoints.
        workers: processes that make batches.
        checkpoint: a file that keeps all there is to go on with; one that exists is gone on with.
    """
    import torch

    torch.manual_seed(seed)
    torch.set_float32_matmul_precision("high")
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    every_group = read_groups(groups)
    learnt = every_group.pop("", [])
    log.info("%d groups to train on, %d to measure on", len(learnt), sum(map(len, every_group.values())))
    network, tokenizer = build(encoder, device, first_layer)
    batches = stream(tokenizer, learnt, seed, workers)
    kept = {language: [made for group in some if (made := encode(tokenizer, group))] for language, some in every_group.items()}
    if start:
        begin(network, start)
    trained = {name: p for name, p in network.named_parameters() if p.requires_grad}
    of_encoder = [p for name, p in trained.items() if name.startswith("encoder.")]
    of_head = [p for name, p in trained.items() if not name.startswith("encoder.")]
    optimizer = torch.optim.AdamW([{"params": of_encoder}, {"params": of_head}], lr=rate, weight_decay=0.01)
    mean = {name: p.detach().clone() for name, p in trained.items()}
    state = {"step": 0, "questions": 0, "spent": 0.0, "best": float("inf")}
    if checkpoint and checkpoint.exists():
        found = torch.load(checkpoint, map_location=device, weights_only=True)
        network.load_state_dict(found["trained"], strict=False)
        mean = found["mean"]
        optimizer.load_state_dict(found["optimizer"])
        state = found["state"]
        log.info("going on from step %d, %.1f minutes", state["step"], state["spent"] / 60)
    network.train()
    average = None
    shown = float("-inf")  # where it stands before is measured, too
    while True:
        done = state["spent"] / (minutes * 60) if minutes else 1.0
        if done < 1:
            began = time.monotonic()
            chosen = [next(batches) for _ in range(size)]
            factor = rate_at(state["step"], done, WARMUP)
            optimizer.param_groups[0]["lr"], optimizer.param_groups[1]["lr"] = rate * factor, rate * HEAD_RATE * factor
            losses = [loss_of(made, each.labels.to(device)) for made, each in zip(logits_of(network, chosen, device), chosen, strict=True)]
            loss = sum(losses) / len(losses)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(trained.values(), 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            state["step"], state["questions"] = state["step"] + 1, state["questions"] + sum(len(each.labels) for each in chosen)
            with torch.no_grad():
                share = min(EMA, state["step"] / (state["step"] + 10))
                torch._foreach_lerp_(list(mean.values()), [p.detach() for p in trained.values()], 1 - share)
            if state["step"] % 20 == 0:
                average = loss.item() if average is None else 0.8 * average + 0.2 * loss.item()
            state["spent"] += time.monotonic() - began  # measuring is not counted: on a CPU it takes minutes
        if done >= 1 or state["spent"] - shown > every:
            with swapped_in(trained, mean):
                scores = held_out(network, kept, device)
                shown = state["spent"]
                log.info("%.1f min, step %d, %d questions, loss %s, held out %s", state["spent"] / 60, state["step"], state["questions"], average, json.dumps(scores))
                now = sum(each["loss"] for each in scores.values())
                if minutes and now < state["best"]:
                    state["best"] = now
                    save(network, out)
                    about = {"minutes": round(state["spent"] / 60, 1), "steps": state["step"], "questions": state["questions"], "seed": seed, "rate": rate, "held_out": scores}
                    (out / "training.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
            if checkpoint:
                weights = {name: p.detach() for name, p in trained.items()}
                keep(checkpoint, {"trained": weights, "mean": mean, "optimizer": optimizer.state_dict(), "state": state})
        if done >= 1:
            return


@contextlib.contextmanager
def swapped_in(trained: dict[str, torch.Tensor], mean: dict[str, torch.Tensor]) -> Iterator[None]:
    """Inside, the weights are `mean`."""
    import torch

    now = {name: p.detach().clone() for name, p in trained.items()}
    for weights in (mean, now):
        with torch.no_grad():
            for name, p in trained.items():
                p.copy_(weights[name])
        if weights is mean:
            yield


def held_out(network, kept: dict[str, list[Batch]], device: torch.device) -> dict[str, dict[str, float]]:
    """On the written resumes kept from training, by language: the mean loss of a question; AUC of "something in the resume
    answers", by the sum of all odds; the share of unanswerable questions below the odds of 90 % of the others; how often the likeliest
    line is a right one."""
    import numpy as np
    import torch
    from sklearn.metrics import roc_auc_score

    network.eval()
    result = {}
    for language, batches in kept.items():
        answered, odds, best, losses = [], [], [], []
        for batch in batches:
            with torch.inference_mode():
                logits = logits_of(network, [batch], device)[0].cpu()
            right = (batch.labels == 1).flatten(1)
            answered += right.any(1).tolist()
            odds += torch.logsumexp(logits.flatten(1), 1).tolist()
            best += right[torch.arange(len(right)), logits.flatten(1).argmax(1)].tolist()
            losses += [float(loss_of(logits, batch.labels))] * len(right)
        told, at = np.array(answered), np.array(odds)
        result[language] = {
            "questions": len(told),
            "loss": round(float(np.mean(losses)), 3),
            "auc": round(float(roc_auc_score(told, at)), 3),
            "declined_right": round(float((at[~told] < np.quantile(at[told], 0.1)).mean()), 3),
            "best_line_right": round(float(np.array(best)[told].mean()), 3),
        }
    network.train()
    return result


@click.command()
@click.option("--groups", type=click.Path(exists=True, path_type=Path), required=True, help="File of rag.training.reranker_rows.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder to write.")
@click.option("--encoder", type=click.Path(exists=True, path_type=Path), help="Folder of multilingual-e5-small (default: the embedded weights).")  # fmt: skip
@click.option("--start", type=click.Path(exists=True, path_type=Path), help="Folder of a trained reranker to begin from.")
@click.option("--minutes", default=30.0, show_default=True)
@click.option("--first-layer", default=FIRST_LAYER, show_default=True, help="Lowest layer of the encoder with an adapter (0 to 11); 8 for the judge.")  # fmt: skip
@click.option("--batch", "size", default=1, show_default=True, help="Groups a step.")
@click.option("--rate", default=5e-4, show_default=True, help="Peak learning rate of the adapter.")
@click.option("--every", default=300.0, show_default=True, help="Seconds between evaluations.")
@click.option("--workers", default=0, show_default=True, help="Processes that make batches.")
@click.option("--seed", default=0, show_default=True)
@click.option("--checkpoint", type=click.Path(path_type=Path), help="File to keep a run in, and to go on from where it exists.")
def main(encoder: Path | None, out: Path, **chosen) -> None:
    """Train the adapter and the heads for MINUTES."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # workers are forked
    if encoder is None:
        from rag.models import embedded_weights

        encoder = embedded_weights("encoder")
    train(encoder=encoder, out=out, **chosen)
    decision = out / "decision.json"
    if out.is_dir() and not decision.exists():
        decision.write_text(json.dumps({"weights": {"reranker": -1.0}, "bias": 0.0, "threshold": 0.5, "nearest": 0.5}) + "\n")
    log.info("now `python -m rag.training.declining` fits from where on a question is declined")


if __name__ == "__main__":
    main()
