"""Trains the network that tells what a question asks (rag/intents.py), on questions that were written for it.

    python -m rag.training.intents --out data/adapters/intents --minutes 25

The questions (rag/training/questions/*.jsonl: kind, question, whether it only looks like one of the kind) were written in both languages, each
kind by several hands; those that only look alike are taught as `OTHER`, together with questions about the written resumes that no pattern knows and that
a first, short training does not take for one of the kinds. All are learnt a second time as somebody in a hurry types them. A twelfth of each is kept out, and the threshold is chosen on it: the least at which at most
`FALSE` of what only looks alike is taken for a kind.
"""

from __future__ import annotations

import json
import logging
import random
import re
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click
import numpy as np

from rag.intents import ABOUT, OTHER, WEIGHTS, head_for, network_of
from rag.joint import LOWER, Joint, JointReader, save, through
from rag.language import language_of
from rag.retrieval import without_names
from rag.rules import asks_alone
from rag.training.by_clock import rate_at
from rag.training.precision import mixed
from rag.training.written_resumes import rows as written

if TYPE_CHECKING:
    import torch

log = logging.getLogger("rag.training.intents")

WRITTEN = Path(__file__).parent / "questions"
PERSONS = ("Isaura Tindemans", "서온유")  # about whom some questions are
KEPT_OUT = 12  # one of so many
FALSE = 0.04
OTHERS = 2400  # questions about the written resumes
BATCH, POOL = 32, 12  # questions a step; batches that are sorted by length together
RATE, HEAD_RATE = 1.2e-4, 6.0  # of the layers; times it: the head
WARMUP = 100  # steps
SMOOTHING = 0.05
FIRST = 0.2  # of the time: the training that says which questions about the written resumes are of a kind


@dataclass(frozen=True, slots=True)
class Row:
    """A question with the names replaced, and its kind."""

    question: str
    kind: str


def read(folder: Path = WRITTEN) -> list[Row]:
    """The questions of all files, each once."""
    found: dict[str, Row] = {}
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            question = without_names(row["q"], PERSONS)
            kind = OTHER if row["near_miss"] else row["intent"]
            if found.setdefault(question.casefold(), Row(question, kind)).kind != kind:
                found[question.casefold()] = Row(question, OTHER)  # the writers disagree
    return list(found.values())


def others(chance: random.Random) -> list[Row]:
    """Questions about the written resumes that no pattern knows."""
    asked = []
    for language in ("en", "ko"):
        every = [without_names(ask["q"], [row["name"]]) for row in written(language) for ask in row["asks"]]
        asked += chance.sample(sorted({question for question in every if not asks_alone(question)}), OTHERS // 2)
    return [Row(question, OTHER) for question in asked]


def carelessly(question: str, chance: random.Random) -> str:
    """The question as somebody in a hurry types it: without capitals and its mark, a letter dropped, doubled or exchanged with the next, a space left out."""
    typed = question.casefold().rstrip(" ?.!") if chance.random() < 0.7 else question
    if chance.random() < 0.5:
        places = [m.start() for m in re.finditer(r"(?<=[a-z])[a-z](?=[a-z]{2})", typed)]
        if places:
            i = chance.choice(places)
            slip = chance.choice(("", typed[i] * 2, typed[i + 1] + typed[i]))
            typed = typed[:i] + slip + typed[i + 1 + (len(slip) == 2 and slip[0] != slip[1]) :]
    elif language_of(typed) == "ko" and (spaces := [m.start() for m in re.finditer(" ", typed)]):
        i = chance.choice(spaces)
        typed = typed[:i] + typed[i + 1 :]
    return typed


def split(rows: Sequence[Row], chance: random.Random) -> tuple[list[Row], list[Row]]:
    """Those to learn from and those kept out, of every kind its share."""
    of_kind = defaultdict(list)
    for row in rows:
        of_kind[row.kind].append(row)
    kept = {row.question for some in of_kind.values() for row in chance.sample(some, max(1, len(some) // KEPT_OUT))}
    return [row for row in rows if row.question not in kept], [row for row in rows if row.question in kept]


class Trainer:
    """The network in training, on what e5's lower layers made of every question once."""

    def __init__(self, kinds: Sequence[str], seed: int) -> None:
        import torch
        from transformers import AutoModel, AutoTokenizer

        from rag.models import embedded_weights

        torch.manual_seed(seed)
        encoder = embedded_weights("encoder")
        base = AutoModel.from_pretrained(encoder, dtype=torch.float32, add_pooling_layer=False)
        self.joint = Joint(base.embeddings, base.encoder.layer[:LOWER], JointReader(base), AutoTokenizer.from_pretrained(encoder))
        self.kinds, self.chance = list(kinds), random.Random(seed)
        self._states: dict[str, torch.Tensor] = {}
        self.start()

    def start(self) -> None:
        """Begin anew."""
        self.layers, self.head = self.joint.upper_layers(), head_for(self.joint.hidden, len(self.kinds))

    def _encode(self, rows: Sequence[Row]) -> None:
        new = list(dict.fromkeys(row.question for row in rows if row.question not in self._states))
        self._states.update(zip(new, (states.clone() for states in self.joint.lower_states(new)), strict=True))  # what inference made cannot be learnt from

    def _batches(self, rows: Sequence[Row]) -> list[list[Row]]:
        """All rows once, those of about the same length together: padded to the longest of any 32, half of what is read would be padding."""
        order = self.chance.sample(list(rows), len(rows))
        pools = (sorted(order[i : i + BATCH * POOL], key=lambda row: len(self._states[row.question])) for i in range(0, len(order), BATCH * POOL))
        batches = [pool[i : i + BATCH] for pool in pools for i in range(0, len(pool), BATCH)]
        self.chance.shuffle(batches)
        return batches

    def _logits(self, rows: Sequence[Row]) -> torch.Tensor:
        import torch

        self._encode(rows)
        texts = [self._states[row.question] for row in rows]
        states = torch.nn.utils.rnn.pad_sequence(texts, batch_first=True)
        mask = torch.nn.utils.rnn.pad_sequence([torch.ones(len(text)) for text in texts], batch_first=True)
        made = through(self.layers, states, mask)
        return self.head(torch.cat([made[:, 0], (made * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)], -1))

    def train(self, rows: Sequence[Row], minutes: float) -> int:
        """Train for `minutes`; the steps done."""
        import torch

        network = network_of(self.layers, self.head).train()
        optimizer = torch.optim.AdamW([{"params": self.layers.parameters()}, {"params": self.head.parameters()}], lr=RATE, weight_decay=0.01)
        self._encode(rows)
        began, step, batches, mean = time.monotonic(), 0, [], 4.0
        while (done := (time.monotonic() - began) / (60 * minutes)) < 1:
            batches = batches or self._batches(rows)
            batch = batches.pop()
            labels = torch.tensor([self.kinds.index(row.kind) for row in batch])
            factor = rate_at(step, done, WARMUP)
            optimizer.param_groups[0]["lr"], optimizer.param_groups[1]["lr"] = RATE * factor, RATE * HEAD_RATE * factor
            with mixed(labels.device):
                logits = self._logits(batch)
            loss = torch.nn.functional.cross_entropy(logits.float(), labels, label_smoothing=SMOOTHING)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            step += 1
            mean += (loss.item() - mean) / 50
            if step % 50 == 0:
                log.info("step %d, %.0f %% of the time, loss %.3f", step, 100 * done, mean)
        network.eval()
        return step

    def chances(self, rows: Sequence[Row]) -> np.ndarray:
        """P(kind), (rows, kinds)."""
        import torch

        with torch.inference_mode():
            return torch.cat([self._logits(rows[i : i + 64]).softmax(-1) for i in range(0, len(rows), 64)]).numpy()


def taken(chances: np.ndarray, kinds: Sequence[str], rows: Sequence[Row], threshold: float) -> dict[str, float]:
    """Shares at a threshold: of the questions of a kind, those taken for it and for another; of the others, those taken for any."""
    best, p = chances.argmax(1), chances.max(1)
    sure = (p >= threshold) & (best != kinds.index(OTHER))
    right = np.array([kinds[i] == row.kind for i, row in zip(best, rows, strict=True)])
    of_kind = np.array([row.kind != OTHER for row in rows])
    share = lambda which, of: round(float((which & of).sum() / max(1, of.sum())), 4)
    return {"right": share(sure & right, of_kind), "another": share(sure & ~right, of_kind), "false": share(sure, ~of_kind)}


def threshold_for(chances: np.ndarray, kinds: Sequence[str], rows: Sequence[Row]) -> float:
    """The least threshold at which at most `FALSE` of the others are taken for a kind, and of the kinds for another."""
    steps = np.arange(0.3, 0.995, 0.005).round(3)
    fits = lambda shares: shares["false"] <= FALSE and shares["another"] <= FALSE
    return round(float(next((t for t in steps if fits(taken(chances, kinds, rows, t))), steps[-1])), 3)


@click.command(help=__doc__.split("\n")[0])
@click.option("--out", type=click.Path(path_type=Path), required=True)
@click.option("--minutes", default=25.0)
@click.option("--seed", default=1)
def main(out: Path, minutes: float, seed: int) -> None:
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    chance = random.Random(seed)
    learnt, kept = split(read(), chance)
    trainer = Trainer(sorted({row.kind for row in learnt}), seed)
    log.info("%d questions to learn from, %d kept out", len(learnt), len(kept))
    trainer.train(learnt, minutes * FIRST)
    asked = others(chance)
    none = trainer.kinds.index(OTHER)
    narrow = [row for row, p in zip(asked, trainer.chances(asked), strict=True) if p.argmax() == none or p.max() < 0.3]
    log.info("%d of %d questions about written resumes are of no kind", len(narrow), len(asked))
    more, further = narrow[len(narrow) // KEPT_OUT :], narrow[: len(narrow) // KEPT_OUT]
    trainer.start()
    hurried = [Row(carelessly(row.question, chance), row.kind) for row in (*learnt, *more)]
    steps = trainer.train([*learnt, *more, *hurried], minutes * (1 - FIRST))
    found = trainer.chances(kept)
    threshold = threshold_for(found, trainer.kinds, kept)
    shares = taken(found, trainer.kinds, kept, threshold) | {"false_written": taken(trainer.chances(further), trainer.kinds, further, threshold)["false"]}
    log.info("threshold %.3f: %s", threshold, shares)
    save(out / WEIGHTS, network_of(trainer.layers, trainer.head))
    about = {"kinds": trainer.kinds, "threshold": threshold, "minutes": minutes, "steps": steps, "seed": seed, "learnt": len(learnt) + len(more), "kept_out": len(kept), "held_out": shares}
    (out / ABOUT).write_text(json.dumps(about, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
