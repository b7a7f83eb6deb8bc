"""Trains a Llama reader (rag/llama_reader.py) on packs of one passage and the claims, or questions, behind it.

Every claim attends to the passage and to itself alone, so a passage's tokens go through the layers once for all its claims. Packs go through the
matrices in a row of one length, without padding between them, and what lies around the attention is compiled where there is a compiler:
on two cores it is otherwise mostly memory that is waited for. `python -m judge.training` trains the judge's, this command the reranker's:

    python -m rag.training.llama_rows --data DIR --out ROWS.npz
    python -m rag.training.llama_reader --rows ROWS.npz --out data/adapters/reranker/llama.safetensors --minutes 60
"""

from __future__ import annotations

import json
import logging
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
import torch
from torch import nn

from rag.llama_reader import RANK, UNTOUCHED, Network, after_attention, before_attention, log_not
from rag.training.by_clock import go_on, keep, rate_at

log = logging.getLogger("rag.training.llama_reader")
ROW = 4096  # tokens of a row
CLAIMS = 32  # of a pack
WARMUP, EMA, WRONG = 40, 0.98, 0.3


@dataclass(frozen=True, slots=True)
class Data:
    """What judge/training/llama_rows.py and rag/training/llama_rows.py write."""

    passages: list[np.ndarray]
    claims: list[np.ndarray]
    wrong: list[np.ndarray]
    of: np.ndarray
    sources: np.ndarray

    @classmethod
    def read(cls, file: Path) -> Data:
        with np.load(file, allow_pickle=False) as z:
            cut = lambda name, ends: np.split(z[name], z[ends][:-1])
            return cls(cut("passages", "passage_ends"), cut("claims", "claim_ends"), cut("wrong", "claim_ends"), z["of"], z["sources"])

    def packs(self, rows: np.ndarray, chance: np.random.Generator) -> list[tuple[int, np.ndarray]]:
        """(passage, its claims) in random order, at most CLAIMS of them together."""
        order = chance.permutation(rows)
        order = order[np.argsort(self.of[order, 0], kind="stable")]
        made = []
        for group in np.split(order, np.flatnonzero(np.diff(self.of[order, 0])) + 1):
            parts = -(-len(group) // CLAIMS)
            made += [(int(self.of[group[0], 0]), part) for part in np.array_split(group, parts)]
        return [made[i] for i in chance.permutation(len(made))]

    def size(self, pack: tuple[int, np.ndarray]) -> int:
        return len(self.passages[pack[0]]) + sum(len(self.claims[i]) for i in pack[1])

    def rows(self, packs: list[tuple[int, np.ndarray]]) -> Iterator[list[tuple[int, np.ndarray]]]:
        """Packs that fit a row."""
        row, filled = [], 0
        for pack in packs:
            size = self.size(pack)
            if filled + size > ROW:
                yield row
                row, filled = [], 0
            row.append(pack)
            filled += size
        if row:
            yield row


@dataclass(frozen=True, slots=True)
class Row:
    """Tokens and places (ROW,), the packs' sizes with their masks, the claims' numbers, where each ends, and the untrue tokens."""

    ids: torch.Tensor
    at: torch.Tensor
    sizes: list[int]
    masks: list[torch.Tensor]
    claims: np.ndarray
    last: torch.Tensor
    wrong: torch.Tensor  # (ROW,) 1, 0, or -1 for what is not asked


def row_of(data: Data, packs: list[tuple[int, np.ndarray]], device: torch.device | str = "cpu") -> Row:
    ids, at, wrong, sizes, masks, claims, last = [], [], [], [], [], [], []
    start = 0
    for passage, group in packs:
        head = data.passages[passage]
        parts = [data.claims[i] for i in group]
        owner = np.repeat(np.arange(len(parts) + 1), [len(head), *map(len, parts)])
        ids += [head, *parts]
        at += [np.arange(len(head)), *(data.of[i, 4] + np.arange(len(part)) for i, part in zip(group, parts, strict=True))]
        wrong += [np.full(len(head), -1), *(data.wrong[i] for i in group)]
        size = len(owner)
        shown = np.concatenate([[len(head)], data.of[group, 4]])[owner]  # tokens of the passage that each token sees
        seen = (owner[:, None] == owner[None, :]) | ((owner[None, :] == 0) & (np.arange(size)[None, :] < shown[:, None]))
        seen &= np.arange(size)[:, None] >= np.arange(size)[None, :]
        masks.append(torch.from_numpy(np.where(seen, 0.0, -1e9).astype(np.float32)).to(device))
        ends = np.cumsum([len(head), *map(len, parts)])[1:] - 1 + start
        last += ends.tolist()
        claims += group.tolist()
        sizes.append(size)
        start += size
    fill = lambda parts, value: torch.from_numpy(np.concatenate([*parts, np.full(ROW - start, value)]).astype(np.int64)).to(device)
    return Row(fill(ids, 0), fill(at, 0), sizes, masks, np.array(claims), torch.tensor(last, device=device), fill(wrong, -1))


def attended(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, row: Row) -> torch.Tensor:
    """(ROW, H): every pack for itself, in floats (the gradient of a CPU's attention takes four times as long in bfloat16)."""
    filled = ROW - sum(row.sizes)
    q, k, v = (each.float().transpose(0, 1).split([*row.sizes, filled], 1)[:-1] for each in (q, k, v))
    parts = [
        nn.functional.scaled_dot_product_attention(each[None], key[None], value[None], attn_mask=mask, enable_gqa=True)[0].transpose(0, 1).flatten(1)
        for each, key, value, mask in zip(q, k, v, row.masks, strict=True)
    ]
    return torch.cat([*parts, parts[0].new_zeros(filled, parts[0].shape[1])])


def read(network: Network, row: Row, before=before_attention, after=after_attention) -> tuple[torch.Tensor, torch.Tensor]:
    """Logits of every claim's labels (C, 3), and of every token whether it is untrue (ROW,)."""
    with torch.no_grad():
        x = network.embed(row.ids)
    cos, sin = network.positions(row.at, x.dtype)
    for n, layer in enumerate(network.layers):
        with torch.set_grad_enabled(torch.is_grad_enabled() and n >= UNTOUCHED):
            q, k, v = layer.before(x, cos, sin, before)
            x = layer.after(x, attended(q, k, v, row).to(x.dtype), after)
    x = network.normed(x)
    return network.support(x[row.last]), network.wrong(x)[:, 0]


def loss_of(data: Data, row: Row, logits: torch.Tensor, wrong: torch.Tensor) -> torch.Tensor:
    labels = torch.from_numpy(data.of[row.claims, 1].astype(np.int64)).to(logits.device)
    logs = logits.log_softmax(-1)
    plain = nn.functional.nll_loss(logs, labels.clamp(max=2), reduction="none")
    unsupported = -log_not(logs[:, 0])  # contradicted or not found
    asked = row.wrong >= 0
    words = nn.functional.binary_cross_entropy_with_logits(wrong[asked], row.wrong[asked].float()) if asked.any() else 0.0
    return torch.where(labels == 3, unsupported, plain).mean() + WRONG * words


@torch.no_grad()
def evaluate(network: Network, data: Data, before, after, most: int | None = None) -> dict[str, float]:
    """AUC of supported against not, of held-out claims by the likeliest of their passages."""
    from sklearn.metrics import roc_auc_score

    kept = np.flatnonzero(data.of[:, 3] >= 0)
    if most:
        kept = kept[data.of[kept, 3] % max(1, (data.of[kept, 3].max() + 1) // most) == 0]
    best: dict[int, float] = {}
    label: dict[int, int] = {}
    for packs in data.rows(data.packs(kept, np.random.default_rng(0))):
        row = row_of(data, packs, network.final.device)
        logs = read(network, row, before, after)[0].log_softmax(-1)[:, 0]
        odds = logs - log_not(logs)
        for i, value in zip(row.claims, odds.tolist(), strict=True):
            claim = int(data.of[i, 3])
            best[claim] = max(best.get(claim, -99.0), value)
            label[claim] = int(data.of[i, 1])
    claims = sorted(best)
    score, labels = np.array([best[c] for c in claims]), np.array([label[c] for c in claims])
    auc = lambda which: round(float(roc_auc_score(labels[which] == 0, score[which])), 4)
    return {"auc": auc(labels < 4), "contradicted": auc(labels != 2), "not_found": auc(labels != 1)}


def train(
    rows: Path, out: Path, base: Path, minutes: float, start: Path | None = None, rate: float = 6e-4, every: float = 900.0, seed: int = 0,
    checkpoint: Path | None = None, compiled: bool | None = None, most: int = 450,
) -> None:  # fmt: skip
    """Train for `minutes`; the running mean of the weights is written to `out`, at every evaluation.

    Args:
        rows: file of judge/training/llama_rows.py or rag/training/llama_rows.py.
        base: folder of SmolLM2-135M-Instruct.
        start: weights to begin from.
        every: seconds between evaluations, and checkpoints.
        checkpoint: a file that keeps all there is to go on with; one that exists is gone on with.
        compiled: whether what lies around the attention is compiled; None where there is a compiler, on a CPU.
        most: held-out claims of an evaluation; the last one takes all.
    """
    from safetensors.torch import load_file, save_file
    from transformers import AutoModel

    torch.manual_seed(seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    network = Network(AutoModel.from_pretrained(base, dtype=torch.bfloat16), RANK).to(device)
    named = {name: p for name, p in network.named_parameters() if p.requires_grad}
    if start:
        for name, value in load_file(start).items():
            named[name].data.copy_(value)
    trained = list(named.values())
    optimiser = torch.optim.AdamW(trained, lr=rate, weight_decay=0.0, betas=(0.9, 0.98))
    if compiled is None:
        compiled = device.type == "cpu" and any(map(shutil.which, ("g++", "clang++")))
    before, after = (torch.compile(f, dynamic=False) if compiled else f for f in (before_attention, after_attention))
    data = Data.read(rows)
    mean = [p.detach().clone() for p in trained]
    state = go_on(checkpoint, trained, mean, optimiser) or {"step": 0, "claims": 0, "tokens": 0, "spent": 0.0}
    chance = np.random.default_rng(seed + state["step"])
    free = np.flatnonzero(data.of[:, 3] < 0)

    def endless() -> Iterator[list[tuple[int, np.ndarray]]]:
        while True:
            yield from data.rows(data.packs(free, chance))

    source = endless()
    began, shown, running = time.monotonic() - state["spent"], time.monotonic(), None
    while True:
        done = (time.monotonic() - began) / (minutes * 60)
        if done < 1:
            for group in optimiser.param_groups:
                group["lr"] = rate * rate_at(state["step"], done, WARMUP)
            row = row_of(data, next(source), device)
            loss = loss_of(data, row, *read(network, row, before, after))
            loss.backward()
            state["claims"] += len(row.claims)
            state["tokens"] += sum(row.sizes)
            running = loss.item() if running is None else 0.95 * running + 0.05 * loss.item()
            nn.utils.clip_grad_norm_(trained, 1.0)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            state["step"] += 1
            torch._foreach_lerp_(mean, [p.data for p in trained], 1 - min(EMA, state["step"] / (state["step"] + 10)))
            if state["step"] % 10 == 0:
                spent = time.monotonic() - began
                log.info("%.1f min, step %d, %d claims, %.0f tokens a second, loss %.4f", spent / 60, state["step"], state["claims"], state["tokens"] / spent, running)
        if done >= 1 or time.monotonic() - shown > every:
            now = [p.data for p in trained]
            for p, m in zip(trained, mean, strict=True):
                p.data = m
            scores = evaluate(network, data, before, after, None if done >= 1 else most)
            state["spent"] = time.monotonic() - began
            shown = time.monotonic()
            log.info("held out %s", json.dumps(scores))
            out.parent.mkdir(parents=True, exist_ok=True)
            save_file({name: p.detach().half().contiguous() for name, p in named.items()}, out)
            out.chmod(0o644)
            about = {"minutes": round(state["spent"] / 60, 1), "steps": state["step"], "claims": state["claims"], "seed": seed, "rate": rate, "held_out": scores}
            out.with_suffix(".json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
            for p, n in zip(trained, now, strict=True):
                p.data = n
            if checkpoint:
                keep(checkpoint, {"weights": [p.data for p in trained], "mean": mean, "optimiser": optimiser.state_dict(), "state": state})
        if done >= 1:
            return


@click.command()
@click.option("--rows", type=click.Path(exists=True, path_type=Path), required=True, help="File of rag.training.llama_rows.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="File of weights to write (.safetensors).")
@click.option("--base", type=click.Path(exists=True, path_type=Path), help="Folder of SmolLM2-135M-Instruct (default: the embedded weights).")
@click.option("--start", type=click.Path(exists=True, path_type=Path), help="Weights to begin from instead of the Llama's own.")
@click.option("--minutes", default=60.0, show_default=True)
@click.option("--rate", default=6e-4, show_default=True, help="Peak learning rate.")
@click.option("--every", default=900.0, show_default=True, help="Seconds between evaluations.")
@click.option("--most", default=2000, show_default=True, help="Kept rows of an evaluation; the last one takes all.")
@click.option("--seed", default=0, show_default=True)
@click.option("--checkpoint", type=click.Path(path_type=Path), help="File to keep a run in, and to go on from where it exists.")
def main(base: Path | None, **chosen) -> None:
    """Train a Llama reader for MINUTES."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    if base is None:
        from rag.models import embedded_weights

        base = embedded_weights("generator")
    train(base=base, **chosen)


if __name__ == "__main__":
    main()
