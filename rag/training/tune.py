"""Trains a LoRA adapter of the embedded Llama on prepared sequences; needs only torch, transformers and peft.

The schedule is by the clock, so that a run fits the time there is. Sequences of similar length share a step; what comes before the answer is
not learned. A reply's first tokens, which tell an answer from a refusal, count OPENING_WEIGHT times.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from rag.training.by_clock import go_on, keep, rate_at

log = logging.getLogger("rag.training.tune")
OPENING, OPENING_WEIGHT = 2, 3.0
WARMUP, EMA, POOL = 60, 0.995, 2048
LINEAR = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
# What a sequence is for: training; the held-out loss; or the refusal's likelihood where something answers, and where nothing does.
TRAINED, HELD_OUT, ANSWERABLE, UNANSWERABLE = -1, 0, 1, 2


@dataclass(slots=True)
class Sequences:
    """Token ids one after the other; of each sequence its end, where in it its answer begins, its kind, and what it is for (`held`)."""

    tokens: np.ndarray
    ends: np.ndarray
    answer: np.ndarray
    kind: np.ndarray
    held: np.ndarray

    @classmethod
    def read(cls, file: Path) -> Sequences:
        with np.load(file, allow_pickle=False) as z:
            return cls(z["tokens"], z["ends"], z["answer"], z["kind"], z["held"])

    def row(self, i: int) -> np.ndarray:
        return self.tokens[self.ends[i - 1] if i else 0 : self.ends[i]]


def in_order(data: Sequences, rows: np.ndarray, tokens: int) -> list[np.ndarray]:
    """Rows by length, in parts of at most `tokens` with padding."""
    length = np.diff(data.ends, prepend=0)
    rows = rows[np.argsort(length[rows], kind="stable")]
    made, start = [], 0
    while start < len(rows):
        count = 1
        while start + count < len(rows) and (count + 1) * length[rows[start + count]] <= tokens:
            count += 1
        made.append(rows[start : start + count])
        start += count
    return made


def steps(data: Sequences, rows: np.ndarray, tokens: int, seed: int) -> Iterator[np.ndarray]:
    """Rows of similar length, without end; each once an epoch."""
    chance = np.random.default_rng(seed)
    while True:
        order = chance.permutation(rows)
        made = [part for pool in np.array_split(order, max(1, len(order) // POOL)) for part in in_order(data, pool, tokens)]
        for i in chance.permutation(len(made)):
            yield made[i]


def losses(model, data: Sequences, rows: np.ndarray, device: torch.device) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Of every answer's token: its loss, which of `rows` it belongs to, and its place in the answer."""
    base = model.get_base_model()
    width = max(len(data.row(i)) for i in rows)
    ids = np.zeros((len(rows), width), np.int64)
    learned = np.zeros((len(rows), width), bool)
    for n, i in enumerate(rows):
        row = data.row(i)
        ids[n, : len(row)] = row
        learned[n, data.answer[i] - 1 : len(row) - 1] = True
    tokens, mask = torch.from_numpy(ids).to(device), torch.from_numpy(learned).to(device)
    # Right padding under a causal mask: no token sees it.
    hidden = base.model(input_ids=tokens, use_cache=False)[0]
    target = tokens.roll(-1, 1)[mask]
    logits = base.lm_head(hidden[mask]).float()
    each = torch.nn.functional.cross_entropy(logits, target, reduction="none")
    owner = torch.arange(len(rows), device=device)[:, None].expand_as(mask)[mask]
    place = (mask.cumsum(1) - 1)[mask]
    return each, owner, place


@torch.no_grad()
def evaluate(model, data: Sequences, device: torch.device, tokens: int) -> dict[str, float]:
    """On the held-out sequences: by kind the mean loss of an answer's token; how well the likelihood of a refusal tells the unanswerable
    questions from the others, as AUC."""
    from sklearn.metrics import roc_auc_score

    model.eval()
    total: dict[str, float] = {}
    count: dict[str, int] = {}
    nothing, refusal = [], []
    for rows in in_order(data, np.flatnonzero(data.held != TRAINED), tokens):
        each, owner, _ = losses(model, data, rows, device)
        for n, i in enumerate(rows):
            mine, kind = each[owner == n], str(data.kind[i])
            if data.held[i] == HELD_OUT:
                total[kind], count[kind] = total.get(kind, 0.0) + float(mine.sum()), count.get(kind, 0) + len(mine)
            else:
                nothing.append(data.held[i] == UNANSWERABLE)
                refusal.append(-float(mine.sum()))
    model.train()
    return {kind: round(total[kind] / count[kind], 4) for kind in total} | {"refusal_auc": round(float(roc_auc_score(nothing, refusal)), 4)}


def train(
    rows: Path,
    out: Path,
    base: Path,
    minutes: float,
    start: Path | None = None,
    tokens: int = 12288,
    rate: float = 5e-4,
    rank: int = 16,
    every: float = 300.0,
    seed: int = 0,
    checkpoint: Path | None = None,
) -> None:
    """Train an adapter for `minutes`; the running mean of its weights with the best held-out score is written to `out`.

    Args:
        rows: file of rag/training/generator_rows.py.
        base: folder of SmolLM2-135M-Instruct.
        start: folder of an adapter to begin from.
        tokens: a step, with padding.
        every: seconds between evaluations, and checkpoints.
        checkpoint: a file that keeps all there is to go on with; one that exists is gone on with.
    """
    from peft import LoraConfig, get_peft_model, set_peft_model_state_dict
    from safetensors.torch import load_file
    from transformers import AutoModelForCausalLM

    torch.manual_seed(seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    dtype = torch.bfloat16 if device.type == "cuda" else torch.float32
    model = AutoModelForCausalLM.from_pretrained(base, dtype=dtype, attn_implementation="sdpa")
    model = get_peft_model(model, LoraConfig(r=rank, lora_alpha=2 * rank, target_modules=LINEAR, task_type="CAUSAL_LM", lora_dropout=0.05))
    if start:
        set_peft_model_state_dict(model, load_file(start / "adapter_model.safetensors"))
    model.to(device).train()
    trained = [p for p in model.parameters() if p.requires_grad]
    for parameter in trained:
        parameter.data = parameter.data.float()  # small updates vanish in bf16
    optimiser = torch.optim.AdamW(trained, lr=rate, weight_decay=0.0, betas=(0.9, 0.98))
    data = Sequences.read(rows)
    mean = [p.detach().clone() for p in trained]
    state = go_on(checkpoint, trained, mean, optimiser) or {"step": 0, "sequences": 0, "spent": 0.0, "best": float("-inf")}
    if state["step"]:
        log.info("going on from step %d, %.1f minutes", state["step"], state["spent"] / 60)
    autocast = lambda: torch.autocast(device.type, dtype=torch.bfloat16, enabled=device.type == "cuda")
    running = None
    # Where it stands before is measured, too.
    began, shown = time.monotonic() - state["spent"], float("-inf")
    for chosen in steps(data, np.flatnonzero(data.held == TRAINED), tokens, seed + state["step"]):
        done = (time.monotonic() - began) / (minutes * 60)
        if done < 1:
            for group in optimiser.param_groups:
                group["lr"] = rate * rate_at(state["step"], done, WARMUP)
            with autocast():
                each, _, place = losses(model, data, chosen, device)
            weight = torch.where(place < OPENING, OPENING_WEIGHT, 1.0)
            loss = (each * weight).sum() / weight.sum()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            state["step"], state["sequences"] = state["step"] + 1, state["sequences"] + len(chosen)
            torch._foreach_lerp_(mean, [p.data for p in trained], 1 - min(EMA, state["step"] / (state["step"] + 10)))
            if state["step"] % 20 == 0:
                running = loss.item() if running is None else 0.8 * running + 0.2 * loss.item()
        if done >= 1 or time.monotonic() - shown > every:
            now = [p.data for p in trained]
            for p, m in zip(trained, mean, strict=True):
                p.data = m
            with autocast():
                scores = evaluate(model, data, device, tokens)
            state["spent"] = time.monotonic() - began
            shown = time.monotonic()
            log.info("%.1f min, step %d, %d sequences, loss %.4f, held out %s", state["spent"] / 60, state["step"], state["sequences"], running or 0, json.dumps(scores))
            if scores["refusal_auc"] > state["best"]:
                state["best"] = scores["refusal_auc"]
                save(model, out)
                about = {"minutes": round(state["spent"] / 60, 1), "steps": state["step"], "sequences": state["sequences"], "seed": seed, "rate": rate, "held_out": scores}
                (out / "training.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
            for p, n in zip(trained, now, strict=True):
                p.data = n
            if checkpoint:
                keep(checkpoint, {"weights": [p.data for p in trained], "mean": mean, "optimiser": optimiser.state_dict(), "state": state})
        if done >= 1:
            return


def save(model, folder: Path) -> None:
    """The adapter alone, in half precision: its values are small and far from half precision's limits."""
    from peft import get_peft_model_state_dict
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    weights = {name: value.half().contiguous().cpu() for name, value in get_peft_model_state_dict(model, save_embedding_layers=False).items()}
    save_file(weights, folder / "adapter_model.safetensors")
    config = model.peft_config["default"]
    mode, config.inference_mode, config.base_model_name_or_path = config.inference_mode, True, "HuggingFaceTB/SmolLM2-135M-Instruct"
    config.save_pretrained(folder)
    config.inference_mode = mode
    (folder / "adapter_model.safetensors").chmod(0o644)  # safetensors writes for the owner alone
