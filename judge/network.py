"""The fine-tuned network: texts are encoded once each, then read together in pairs (rag/pairs.py).

Four linear heads:
- support (3): claim against passage: supported, contradicted, not found;
- wrong (1 per claim token): is this a word that is not true; trained on claims whose changed
  characters are known, it names the word on the screen;
- relevant (1): question against passage;  answers (1): question against reply.
"""

from __future__ import annotations

import json
from pathlib import Path

import torch
from torch import nn

from rag.pairs import Encoded, PairLayers

TASKS = ("support", "relevant", "answers")
LABELS = ("supported", "contradicted", "not_found")
PREFIX = {"first": "query: ", "second": "passage: "}
MAX_FIRST, MAX_SECOND = 96, 256


class PairReader(PairLayers):
    """The layers of our own and their heads. `base` lends its ninth to eleventh layers as a start."""

    def __init__(self, base: nn.Module) -> None:
        super().__init__(base)
        hidden = base.config.hidden_size
        self.task = nn.Embedding(len(TASKS), hidden)
        self.support = nn.Linear(2 * hidden, 3)
        self.relevant = nn.Linear(2 * hidden, 1)
        self.answers = nn.Linear(2 * hidden, 1)
        self.wrong = nn.Linear(hidden, 1)
        nn.init.zeros_(self.task.weight)

    def forward(self, first: Encoded, second: Encoded, task: torch.Tensor) -> dict[str, torch.Tensor]:
        """Logits of every head for B pairs: support (B, 3), relevant (B,), answers (B,), wrong (B, T1).

        `task` (B,) holds indices into TASKS.
        """
        states, pooled = self.read(first, second, self.task(task)[:, None])
        return {
            "support": self.support(pooled),
            "relevant": self.relevant(pooled).squeeze(-1),
            "answers": self.answers(pooled).squeeze(-1),
            "wrong": self.wrong(states).squeeze(-1),
        }


def save(folder: Path, reader: PairReader, about: dict) -> None:
    """Write the reader's weights in fp16; `about` (minutes, steps, seed ...) is kept beside them."""
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    save_file(
        {k: v.detach().half().contiguous() for k, v in reader.state_dict().items()}, folder / "reader.safetensors"
    )
    (folder / "training.json").write_text(json.dumps(about, indent=1) + "\n")


def load(folder: Path, base: nn.Module) -> PairReader:
    """The trained reader, in fp32 and evaluation mode.

    Raises:
        FileNotFoundError: no weights in `folder`.
        RuntimeError: they do not fit the base model.
    """
    from safetensors.torch import load_file

    reader = PairReader(base)
    reader.load_state_dict({k: v.float() for k, v in load_file(folder / "reader.safetensors").items()})
    return reader.eval()
