"""`python -m rag.training.joint`: trains a joint reader (rag/joint.py) on the rows of one file; needs only torch and transformers.

The schedule is by the clock, so that a run fits the time there is. What is kept is the running mean of the weights (EMA), as it stood at the
evaluation with the best held-out AUC.
"""

from __future__ import annotations

import copy
import json
import logging
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
import torch
from torch import nn

from rag.joint import (
    LOWER,
    PAD,
    TASKS,
    Encoded,
    JointReader,
    Passages,
    attention,
    each_alone,
    embedded,
    load,
    marks,
    packs,
    projections,
    rest_of,
    save,
    side_by_side,
    through,
)
from rag.training.by_clock import keep, rate_at
from rag.training.precision import mixed

log = logging.getLogger("rag.training.joint")
WARMUP, EMA = 100, 0.999
GROUP, GROUP_CPU = 32, 96  # rows of one group that are read in a step: on a CPU more, which spares it reading the passages again
FILLED = 256  # rows of a pass are a multiple of this on a CPU
NEW = 4.0  # times the rate: modules that start from nothing


@dataclass(slots=True)
class Data:
    """The rows of a file.

    Attributes:
        firsts, units: ids of the first texts (F, T1) and of the passages' stretches (U, T2), padded; their lengths beside them.
        sets: (R, SET) numbers of the stretches a row is read with, -1 for none.
        of: (R, 6) first text, task, label, source, group, and whether the row is held out.
        wrong, wrong_ends: of every row one after the other, 1 or 0 per token of its first text; none where that is unknown.
    """

    firsts: torch.Tensor
    first_length: np.ndarray
    units: torch.Tensor
    unit_length: np.ndarray
    sets: np.ndarray
    of: np.ndarray
    wrong: np.ndarray
    wrong_ends: np.ndarray
    sources: list[str]

    @classmethod
    def read(cls, file: Path) -> Data:
        with np.load(file, allow_pickle=False) as z:
            firsts, first_length = _padded(z["firsts"], z["first_ends"])
            units, unit_length = _padded(z["units"], z["unit_ends"])
            return cls(firsts, first_length, units, unit_length, z["sets"], z["of"], z["wrong"], z["wrong_ends"], list(z["sources"]))

    def wrong_of(self, row: int) -> np.ndarray:
        return self.wrong[self.wrong_ends[row - 1] if row else 0 : self.wrong_ends[row]]


def _padded(flat: np.ndarray, ends: np.ndarray) -> tuple[torch.Tensor, np.ndarray]:
    length = np.diff(ends, prepend=0)
    made = np.full((len(ends), length.max()), PAD, np.int32)
    made[np.arange(length.max())[None] < length[:, None]] = flat
    return torch.from_numpy(made), length


@dataclass(slots=True)
class Batch:
    """Some rows (B) with the stretches they are read with (U), as `JointReader` takes them; `wrong` (B, T1) is -1 where unknown."""

    first: torch.Tensor
    units: torch.Tensor
    sets: torch.Tensor
    task: torch.Tensor
    label: torch.Tensor
    wrong: torch.Tensor
    rows: np.ndarray


def batch_of(data: Data, rows: np.ndarray, device: torch.device) -> Batch:
    of, sets = data.of[rows], data.sets[rows]
    used, place = np.unique(sets[sets >= 0], return_inverse=True)
    local = np.full(sets.shape, -1)
    local[sets >= 0] = place
    width = int((sets >= 0).sum(1).max())
    first_width, unit_width = data.first_length[of[:, 0]].max(), data.unit_length[used].max()
    wrong = np.full((len(rows), first_width), -1, np.int8)
    for i, row in enumerate(rows):
        known = data.wrong_of(row)
        wrong[i, : len(known)] = known[:first_width]
    on = lambda array: torch.from_numpy(np.ascontiguousarray(array)).to(device, non_blocking=True)
    return Batch(
        data.firsts[of[:, 0], :first_width].to(device).long(), data.units[used, :unit_width].to(device).long(),
        on(local[:, :width]), on(of[:, 1]).long(), on(of[:, 2]).long(), on(wrong), rows,
    )  # fmt: skip


def in_parts(data: Data, rows: np.ndarray, parts: int) -> list[np.ndarray]:
    """The rows of a step in `parts` of like size, by how many stretches they are read with and how long these are: little padding."""
    sets = data.sets[rows]
    longest = np.where(sets >= 0, data.unit_length[sets], 0).max(1)
    order = np.lexsort((sets[:, 0], longest, (sets >= 0).sum(1)))
    return [part for part in np.array_split(rows[order], parts) if len(part)]


def by_group(data: Data, rows: np.ndarray) -> list[np.ndarray]:
    """The rows of a step, group by group: those of one are read with the same stretches, so each of these is read once."""
    group = data.of[rows, 4]
    return [rows[group == each] for each in np.unique(group)]


def groups_of(data: Data, held_out: bool, most: int = GROUP) -> list[np.ndarray]:
    """Rows by group, large groups in parts of at most `most`, drawn from all of the group."""
    rows = np.flatnonzero(data.of[:, 5] == int(held_out))
    rows = np.random.default_rng(0).permutation(rows)
    order = rows[np.argsort(data.of[rows, 4], kind="stable")]
    cuts = np.flatnonzero(np.diff(data.of[order, 4])) + 1
    return [part for group in np.split(order, cuts) if len(group) for part in np.array_split(group, -(-len(group) // most))]


def batches(data: Data, size: int, seed: int, most: int = GROUP) -> Iterator[np.ndarray]:
    """Rows of some groups, about `size` of them, without end; every group once an epoch."""
    rng, groups = random.Random(seed), groups_of(data, False, most)
    while True:
        rng.shuffle(groups)
        made: list[np.ndarray] = []
        for group in groups:
            made.append(group)
            if sum(map(len, made)) >= size:
                yield np.concatenate(made)
                made = []


def lower(base: nn.Module, ids: torch.Tensor) -> Encoded:
    mask = (ids != PAD).float()
    with torch.no_grad():
        states = through(base.encoder.layer[:LOWER], base.embeddings(input_ids=ids), mask)
    return Encoded(states, mask, ids)


def logits_of(reader: JointReader, base: nn.Module, batch: Batch) -> dict[str, torch.Tensor]:
    if batch.units.device.type == "cpu":
        return unpadded(reader, base, batch)
    second: Passages = reader.passages(lower(base, batch.units))
    return {k: v.float() for k, v in reader(lower(base, batch.first), second, batch.sets, batch.task).items()}


def unpadded(reader: JointReader, base: nn.Module, batch: Batch) -> dict[str, torch.Tensor]:
    """What `JointReader.forward` makes of a batch, every text in its own length: a CPU has no cores to spare for padding, and no row needs a
    copy of the passages of another."""
    firsts, units = ([ids[ids != PAD] for ids in texts] for texts in (batch.first, batch.units))
    with torch.no_grad():
        states = _lower_each(base, [*firsts, *units])
    first, unit = states[: len(firsts)], states[len(firsts) :]
    keys, values = _passages_each(reader, unit)
    places = [[int(i) for i in row if i >= 0] for row in batch.sets]
    matched = [marks(first[n], firsts[n], torch.cat([unit[i] for i in of]), torch.cat([units[i] for i in of])) for n, of in enumerate(places)]
    sizes = [len(ids) for ids in firsts]
    task = torch.repeat_interleave(batch.task, torch.tensor(sizes))
    now = _filled(torch.cat(first) + reader.match(torch.cat(matched)) + reader.side.weight[0] + reader.task(task))
    for number, layer in enumerate(reader.layers):
        own = zip(*(each[..., : sum(sizes), :].split(sizes, -2) for each in _in_floats(layer, now)), strict=True)
        with torch.autocast("cpu", enabled=False):
            attended = side_by_side([
                attention(query, torch.cat([key, *(keys[number][i] for i in of)], -2), torch.cat([value, *(values[number][i] for i in of)], -2))
                for of, (query, key, value) in zip(places, own, strict=True)
            ], len(now))  # fmt: skip
        now = rest_of(layer, now, attended)
    words = now[: sum(sizes)].split(sizes)
    pooled = torch.stack([torch.cat([each[0], each.mean(0)]) for each in words])
    wrong = reader.wrong(now)[: sum(sizes), 0].split(sizes)
    made = {"support": reader.support(pooled), "answers": reader.answers(pooled)[:, 0], "told": reader.told(pooled)[:, 0]}
    made["wrong"] = nn.utils.rnn.pad_sequence(wrong, batch_first=True)
    return {name: value.float() for name, value in made.items()}


def _in_floats(layer: nn.Module, states: torch.Tensor) -> list[torch.Tensor]:
    """Queries, keys and values in float32: the gradient of a CPU's attention takes four times as long in bfloat16."""
    return [each.float() for each in projections(layer, states)]


def _filled(states: torch.Tensor) -> torch.Tensor:
    """(T, H) with rows of zeros behind: few shapes, for each of which the CPU makes a kernel of its own."""
    return nn.functional.pad(states, (0, 0, 0, -len(states) % FILLED))


def _lower_each(base: nn.Module, texts: Sequence[torch.Tensor]) -> list[torch.Tensor]:
    """Each text (T,) of ids after the lower layers, (T, H)."""
    layers, made = base.encoder.layer[:LOWER], []
    for group in packs([len(ids) for ids in texts]):
        sizes = [len(texts[i]) for i in group]
        states = _filled(torch.cat(embedded(base.embeddings, [texts[i].tolist() for i in group])))
        for layer in layers:
            states = rest_of(layer, states, _alone(_in_floats(layer, states), sizes))
        made += states[: sum(sizes)].float().split(sizes)
    return made


def _passages_each(reader: JointReader, units: Sequence[torch.Tensor]) -> tuple[list[list[torch.Tensor]], list[list[torch.Tensor]]]:
    """By layer, every unit's keys and values, (heads, T, H / heads); see `JointReader.passages`."""
    sizes = [len(unit) for unit in units]
    states, keys, values = _filled(torch.cat(list(units)) + reader.side.weight[1]), [], []
    for layer in reader.layers:
        own = _in_floats(layer, states)
        for kept, each in ((keys, own[1]), (values, own[2])):
            kept.append(each[..., : sum(sizes), :].split(sizes, -2))
        if len(keys) < len(reader.layers):
            states = rest_of(layer, states, _alone(own, sizes))
    return keys, values


def _alone(own: Sequence[torch.Tensor], sizes: Sequence[int]) -> torch.Tensor:
    with torch.autocast("cpu", enabled=False):
        return each_alone(own, sizes)


def loss_of(logits: dict[str, torch.Tensor], batch: Batch) -> dict[str, torch.Tensor]:
    """Mean loss of a row by head; a label that only says "unsupported" is learnt as "not supported"."""
    parts, count = {}, len(batch.task)
    log_p = torch.log_softmax(logits["support"], -1)
    exact = -log_p.gather(1, batch.label.clamp(max=2)[:, None]).squeeze(1)
    not_supported = -torch.logsumexp(log_p[:, 1:], 1)
    support = (batch.task == TASKS.index("support")).float()
    parts["support"] = (torch.where(batch.label == 3, not_supported, exact) * support).sum() / count
    for name in ("answers", "told"):
        chosen = (batch.task == TASKS.index(name)).float()
        value = nn.functional.binary_cross_entropy_with_logits(logits[name], batch.label.clamp(max=1).float(), reduction="none")
        parts[name] = (value * chosen).sum() / count
    known = (batch.wrong >= 0).float()
    target = batch.wrong.clamp(min=0).float()
    value = nn.functional.binary_cross_entropy_with_logits(logits["wrong"], target, reduction="none")
    parts["wrong"] = (value * (1 + 2 * target) * known).sum() / known.sum().clamp(min=1)
    return parts


def backward(reader: JointReader, base: nn.Module, data: Data, rows: np.ndarray, parts: int) -> dict[str, torch.Tensor]:
    """Add the gradient of the rows' loss, taken in `parts` (on a CPU by group), and give that loss by head: the same as of all of them at once."""
    device, losses = next(reader.parameters()).device, {}
    known = np.diff(data.wrong_ends, prepend=0)
    for part in by_group(data, rows) if device.type == "cpu" else in_parts(data, rows, parts):
        batch = batch_of(data, part, device)
        with mixed(device):
            logits = logits_of(reader, base, batch)
        # All are means over rows, but for that of the words, over those that are known.
        share = {"wrong": float(known[part].sum() / max(1, known[rows].sum()))}
        made = {name: value * share.get(name, len(part) / len(rows)) for name, value in loss_of(logits, batch).items()}
        sum(made.values()).backward()
        losses = {name: losses.get(name, 0) + value.detach() for name, value in made.items()}
    return losses


@torch.no_grad()
def evaluate(reader: JointReader, base: nn.Module, data: Data, device: torch.device) -> dict[str, float]:
    """AUC on the held-out rows, by task and source: supported against the rest, told against not."""
    from sklearn.metrics import roc_auc_score

    reader.eval()
    found: dict[str, tuple[list, list]] = {}
    groups, made = groups_of(data, True), []
    for i, group in enumerate(groups):
        made.append(group)
        if sum(map(len, made)) < 400 and i + 1 < len(groups):
            continue
        batch = batch_of(data, np.concatenate(made), device)
        made = []
        with mixed(device):
            logits = logits_of(reader, base, batch)
        value = torch.where(batch.task == 0, torch.log_softmax(logits["support"], -1)[:, 0], logits["told"]).cpu().numpy()
        for row, v in zip(batch.rows, value, strict=True):
            _, task, label, source, *_ = data.of[row]
            good = (label == 0) if task == 0 else (label == 1)
            values, goods = found.setdefault(f"{TASKS[task]} {data.sources[source]}", ([], []))
            values.append(v)
            goods.append(good)
            if task == 0 and label != 2:
                values, goods = found.setdefault(f"contradicted {data.sources[source]}", ([], []))
                values.append(v)
                goods.append(good)
    reader.train()
    return {name: round(float(roc_auc_score(goods, values)), 4) for name, (values, goods) in found.items()}


def train(
    rows: Path,
    out: Path,
    base: Path,
    minutes: float,
    start: Path | None = None,
    size: int = 768,
    parts: int = 4,
    rate: float = 3.3e-4,
    dropout: float = 0.1,
    every: float = 300.0,
    seed: int = 0,
    checkpoint: Path | None = None,
) -> None:
    """Train for `minutes` and write the best weights to `out`, with what is to be known of them beside it (`.json`).

    Args:
        rows: file of `Rows.save`.
        base: folder of multilingual-e5-small.
        start: weights to begin from instead of e5's layers.
        size: rows a step; `parts` of them, alike in length, go through the network one after the other.
        every: seconds between evaluations, and checkpoints.
        checkpoint: a file that keeps all there is to go on with; one that exists is gone on with.
    """
    from transformers import BertModel

    torch.manual_seed(seed)
    torch.set_float32_matmul_precision("high")
    torch.backends.cuda.enable_cudnn_sdp(False)  # it plans anew for every shape, and every batch has another
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    encoder = BertModel.from_pretrained(base, dtype=torch.float32, add_pooling_layer=False, hidden_dropout_prob=dropout).to(device)
    reader = (load(start, encoder) if start else JointReader(encoder)).to(device).train()
    del encoder.encoder.layer[LOWER:]
    encoder.eval()
    data = Data.read(rows)
    started = [p for name, p in reader.named_parameters() if name.startswith("layers.")]
    new = [p for name, p in reader.named_parameters() if not name.startswith("layers.")]
    optimiser = torch.optim.AdamW([{"params": started}, {"params": new}], lr=rate, weight_decay=0.02, betas=(0.9, 0.98))
    mean = copy.deepcopy(reader).eval()
    state = {"step": 0, "rows": 0, "spent": 0.0, "best": -1.0}
    if checkpoint and checkpoint.exists():
        kept = torch.load(checkpoint, map_location=device, weights_only=True)
        for part, name in ((reader, "reader"), (mean, "mean"), (optimiser, "optimiser")):
            part.load_state_dict(kept[name])
        state = kept["state"]
        log.info("going on from step %d, %.1f minutes", state["step"], state["spent"] / 60)
    running: dict[str, float] = {}
    # Where it stands before is measured, too.
    began, shown = time.monotonic() - state["spent"], float("-inf")
    for chosen in batches(data, size, seed + state["step"], GROUP_CPU if device.type == "cpu" else GROUP):
        done = (time.monotonic() - began) / (minutes * 60)
        if done < 1:
            factor = rate_at(state["step"], done, WARMUP)
            optimiser.param_groups[0]["lr"], optimiser.param_groups[1]["lr"] = rate * factor, rate * NEW * factor
            losses = backward(reader, encoder, data, chosen, parts)
            nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            state["step"], state["rows"] = state["step"] + 1, state["rows"] + len(chosen)
            with torch.no_grad():
                kept_share = min(EMA, state["step"] / (state["step"] + 10))
                torch._foreach_lerp_(list(mean.parameters()), list(reader.parameters()), 1 - kept_share)
            if state["step"] % 50 == 0:
                running = {name: round(0.8 * running.get(name, v.item()) + 0.2 * v.item(), 4) for name, v in losses.items()}
        if done >= 1 or time.monotonic() - shown > every:
            scores = evaluate(mean, encoder, data, device)
            now = float(np.mean([v for name, v in scores.items() if name.split()[1].startswith(("written_", "line_"))] or [0.0]))
            state["spent"] = time.monotonic() - began
            shown = time.monotonic()
            log.info("%.1f min, step %d, %d rows, loss %s, held out %s", state["spent"] / 60, state["step"], state["rows"], running, json.dumps(scores))
            if now > state["best"]:
                state["best"] = now
                save(out, mean)
                about = {"minutes": round(state["spent"] / 60, 1), "steps": state["step"], "rows": state["rows"], "seed": seed, "rate": rate, "held_out": scores}
                out.with_suffix(".json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
            if checkpoint:
                keep(checkpoint, {"reader": reader.state_dict(), "mean": mean.state_dict(), "optimiser": optimiser.state_dict(), "state": state})
        if done >= 1:
            return


@click.command()
@click.option("--rows", type=click.Path(exists=True, path_type=Path), required=True, help="File of rag.training.joint_rows or judge.training.joint_rows.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), required=True, help="File of weights to write (.safetensors).")
@click.option("--base", type=click.Path(exists=True, path_type=Path), help="Folder of multilingual-e5-small (default: the embedded weights).")  # fmt: skip
@click.option("--start", type=click.Path(exists=True, path_type=Path), help="Weights to begin from instead of e5's layers.")
@click.option("--minutes", default=60.0, show_default=True)
@click.option("--batch", "size", default=768, show_default=True, help="Rows a step.")
@click.option("--parts", default=4, show_default=True, help="Parts of a step that go through the network one after the other.")
@click.option("--rate", default=3.3e-4, show_default=True, help="Peak learning rate of the layers.")
@click.option("--dropout", default=0.1, show_default=True)
@click.option("--every", default=300.0, show_default=True, help="Seconds between evaluations.")
@click.option("--seed", default=0, show_default=True)
@click.option("--checkpoint", type=click.Path(path_type=Path), help="File to keep a run in, and to go on from where it exists.")
def main(base: Path | None, **chosen) -> None:
    """Train a joint reader for MINUTES."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    if base is None:
        from rag.models import embedded_weights

        base = embedded_weights("encoder")
    train(base=base, **chosen)


if __name__ == "__main__":
    main()
