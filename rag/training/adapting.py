"""`python -m rag.training.adapting`: trains a joint reader (rag/joint.py) further on a CPU, by what reads the first text alone.

Training all of a reader needs a GPU: every row carries up to four passages through eight layers, forth and back. Here passages are read as
before and get no gradient; the layers that read a claim or a question get changes of low rank of their own (rag.joint.LowRank), and the heads
go on learning. A row then costs little more than its twenty or thirty tokens, some forty of them a second on two cores.
"""

from __future__ import annotations

import copy
import json
import logging
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import numpy as np
import torch
from torch import nn
from torch.nn.utils.rnn import pad_sequence

from rag.joint import LOWER, JointReader, LowRank, Read, Row, embedded, load, read_rows, save, through_each
from rag.training.by_clock import keep, rate_at
from rag.training.joint import Batch, Data, areas, groups_of, loss_of

log = logging.getLogger("rag.training.adapting")
WARMUP, EMA = 50, 0.995
TOGETHER = 128  # rows of a group that are read in one pass


def adapt(reader: JointReader, rank: int) -> list[nn.Parameter]:
    """Give a reader's first texts layers of their own, changed by LowRank of this rank, and say what is to be trained: these, how a first text's
    tokens are marked with task and match, and the heads. All else stays as it is."""
    reader.requires_grad_(False)
    reader.adapted = copy.deepcopy(reader.layers)
    linears = [(name, each) for name, each in reader.adapted.named_modules() if isinstance(each, nn.Linear)]
    for name, linear in linears:
        parent, _, child = name.rpartition(".")
        setattr(reader.adapted.get_submodule(parent), child, LowRank(linear, rank))
    trained = [p for each in reader.adapted.modules() if isinstance(each, LowRank) for p in (each.down, each.up)]
    for part in (reader.match, reader.task, reader.support, reader.answers, reader.told, reader.wrong):
        trained += part.parameters()
    for parameter in trained:
        parameter.requires_grad_(True)
    return trained


def steps(data: Data, size: int, seed: int) -> Iterator[list[np.ndarray]]:
    """Groups of rows, each for one pass (rows of a group share passages), some `size` rows a step, without end."""
    chance, groups = random.Random(seed), groups_of(data, False, TOGETHER)
    made: list[np.ndarray] = []
    while True:
        chance.shuffle(groups)
        for group in groups:
            made.append(group)
            if sum(map(len, made)) >= size:
                yield made
                made = []


def rows_of(reader: JointReader, base: nn.Module, data: Data, chosen: Sequence[int]) -> list[Row]:
    """Rows as they are read, their passages already: these get no gradient."""
    numbers = [int(i) for i in dict.fromkeys(data.sets[chosen].flatten()) if i >= 0]
    ids = lambda texts, length, numbers: [texts[i, : length[i]].tolist() for i in numbers]
    units = ids(data.units, data.unit_length, numbers)
    firsts = list(dict.fromkeys(int(i) for i in data.of[chosen, 0]))
    asked = ids(data.firsts, data.first_length, firsts)
    lower = lambda rows: through_each(base.encoder.layer[:LOWER], embedded(base.embeddings, rows))
    with torch.no_grad():
        first_states = dict(zip(firsts, zip(asked, lower(asked), strict=True), strict=True))
        states = lower(units)
        keys, values = reader.read_passages(states)
    read = {n: Read(*each) for n, *each in zip(numbers, units, states, keys, values, strict=True)}
    return [Row(*first_states[int(of[0])], [read[int(i)] for i in sets if i >= 0], int(of[1])) for of, sets in zip(data.of[chosen], data.sets[chosen], strict=True)]


def loss(reader: JointReader, base: nn.Module, data: Data, chosen: np.ndarray) -> dict[str, torch.Tensor]:
    """Mean loss of a row by head (rag.training.joint.loss_of)."""
    made = read_rows(reader, rows_of(reader, base, data, chosen))
    logits = {name: torch.stack([each[name] for each in made]) for name in ("support", "answers", "told")}
    logits["wrong"] = pad_sequence([each["wrong"] for each in made], batch_first=True)
    wrong = np.full(logits["wrong"].shape, -1, np.int8)
    for i, row in enumerate(chosen):
        known = data.wrong_of(row)
        wrong[i, : len(known)] = known
    of = torch.from_numpy(data.of[chosen]).long()
    return loss_of(logits, Batch(None, None, None, of[:, 1], of[:, 2], torch.from_numpy(wrong), chosen))


@torch.no_grad()
def evaluate(reader: JointReader, base: nn.Module, data: Data, every: int) -> dict[str, float]:
    """AUC on the held-out rows of one group in `every`, by task and source (rag.training.joint.areas)."""
    reader.eval()
    found = []
    for group in groups_of(data, True, TOGETHER)[::every]:
        for row, each in zip(group, read_rows(reader, rows_of(reader, base, data, group)), strict=True):
            found.append((row, float(torch.log_softmax(each["support"], -1)[0] if data.of[row, 1] == 0 else each["told"])))
    return areas(data, found)


def train(
    rows: Path,
    out: Path,
    base: Path,
    start: Path,
    minutes: float,
    rank: int = 16,
    size: int = 192,
    rate: float = 1e-3,
    every: float = 600.0,
    one_in: int = 3,
    seed: int = 0,
    checkpoint: Path | None = None,
) -> None:
    """Train for `minutes` and write the best weights to `out`, with what is to be known of them beside it (`.json`).

    Args:
        rows: file of `rag.training.joint_rows.Rows.save`.
        base: folder of multilingual-e5-small.
        start: weights to begin from, of rag.training.joint.
        size: rows a step.
        every: seconds between evaluations, and checkpoints.
        one_in: of the held-out groups that are measured on.
        checkpoint: a file that keeps all there is to go on with; one that exists is gone on with.

    Raises:
        ValueError: `start` was adapted before, and there is no checkpoint: its heads fit those changes, which would be left out.
    """
    from transformers import BertModel

    torch.manual_seed(seed)
    encoder = BertModel.from_pretrained(base, dtype=torch.float32, add_pooling_layer=False)
    reader = load(start, encoder)
    if reader.adapted is not None and not (checkpoint and checkpoint.exists()):
        raise ValueError(f"{start} was adapted before: begin from weights of rag.training.joint, or go on from a checkpoint")
    del encoder.encoder.layer[LOWER:]
    encoder.eval()
    trained = adapt(reader, rank)
    data = Data.read(rows)
    known = np.diff(data.wrong_ends, prepend=0)
    optimiser = torch.optim.AdamW(trained, lr=rate, weight_decay=0.01, betas=(0.9, 0.98))
    mean = [p.detach().clone() for p in trained]
    state = {"step": 0, "rows": 0, "spent": 0.0, "best": -1.0}
    if checkpoint and checkpoint.exists():
        kept = torch.load(checkpoint, weights_only=True)
        for parameter, value in zip(trained, kept["trained"], strict=True):
            parameter.data.copy_(value)
        mean, state = kept["mean"], kept["state"]
        optimiser.load_state_dict(kept["optimiser"])
        log.info("going on from step %d, %.1f minutes", state["step"], state["spent"] / 60)
    running: dict[str, float] = {}
    # Where it stands before is measured, too, and takes none of the time.
    shown, measuring, began = float("-inf"), 0.0, time.monotonic() - state["spent"]
    spent = lambda: time.monotonic() - began - measuring
    for groups in steps(data, size, seed + state["step"]):
        done = spent() / (minutes * 60)
        if done >= 1 or spent() - shown > every:
            state["spent"] = shown = spent()
            started = time.monotonic()
            now = [p.detach().clone() for p in trained]
            for parameter, value in zip(trained, mean, strict=True):
                parameter.data.copy_(value)
            scores = evaluate(reader, encoder, data, one_in)
            value = float(np.mean([v for name, v in scores.items() if name.split()[1].startswith(("written_", "line_"))]))
            log.info("%.1f min, step %d, %d rows, loss %s, held out %.4f %s", shown / 60, state["step"], state["rows"], running, value, json.dumps(scores))
            if value > state["best"]:
                state["best"] = value
                if state["step"]:
                    save(out, reader)
                    about = {"minutes": round(shown / 60, 1), "steps": state["step"], "rows": state["rows"], "rank": rank, "seed": seed, "rate": rate, "held_out": scores}
                    out.with_suffix(".json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
            for parameter, value in zip(trained, now, strict=True):
                parameter.data.copy_(value)
            if checkpoint:
                keep(checkpoint, {"trained": now, "mean": mean, "optimiser": optimiser.state_dict(), "state": state})
            measuring += time.monotonic() - started
        if done >= 1:
            return
        reader.train()
        reader.layers.eval()
        optimiser.param_groups[0]["lr"] = rate * rate_at(state["step"], done, WARMUP)
        count, losses = sum(map(len, groups)), {}
        words = sum(known[group].sum() for group in groups)
        for group in groups:
            # All are means over rows, but for that of the words, over those that are known.
            share = {"wrong": known[group].sum() / max(1, words)}
            made = {name: value * float(share.get(name, len(group) / count)) for name, value in loss(reader, encoder, data, group).items()}
            sum(made.values()).backward()
            losses = {name: losses.get(name, 0) + value.detach() for name, value in made.items()}
        nn.utils.clip_grad_norm_(trained, 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        state["step"], state["rows"] = state["step"] + 1, state["rows"] + count
        with torch.no_grad():
            torch._foreach_lerp_(mean, [p.data for p in trained], 1 - min(EMA, state["step"] / (state["step"] + 10)))
        running = {name: round(0.95 * running.get(name, v.item()) + 0.05 * v.item(), 4) for name, v in losses.items()}


@click.command()
@click.option("--rows", type=click.Path(exists=True, path_type=Path), required=True, help="File of rag.training.joint_rows or judge.training.joint_rows.")  # fmt: skip
@click.option("--start", type=click.Path(exists=True, path_type=Path), required=True, help="Weights of rag.training.joint to begin from.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="File of weights to write (.safetensors).")
@click.option("--minutes", default=45.0, show_default=True)
@click.option("--rank", default=16, show_default=True)
@click.option("--batch", "size", default=192, show_default=True, help="Rows a step.")
@click.option("--rate", default=1e-3, show_default=True, help="Peak learning rate.")
@click.option("--every", default=600.0, show_default=True, help="Seconds between evaluations.")
@click.option("--one-in", default=3, show_default=True, help="Of the held-out groups that are measured on.")
@click.option("--threads", default=2, show_default=True)
@click.option("--seed", default=0, show_default=True)
@click.option("--checkpoint", type=click.Path(path_type=Path), help="File to keep a run in, and to go on from where it exists.")
def main(threads: int, **chosen) -> None:
    """Train what reads a first text for MINUTES."""
    from rag.models import embedded_weights

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    torch.set_num_threads(threads)
    train(base=embedded_weights("encoder"), **chosen)


if __name__ == "__main__":
    main()
