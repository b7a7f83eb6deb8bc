"""The fine-tuned network: texts are encoded once each, then read together in pairs.

multilingual-e5-small's first eight layers, untouched, encode every claim, question, reply and chunk
once. Three layers of our own (they start as e5's ninth to eleventh) then read the first text while
looking at the second: their tokens attend to both. Every token also carries how well the other text
matches it (best cosine, and whether the very token stands there), so the network starts from the
alignment instead of having to discover it. Splitting an encoder like this follows DeFormer (Cao et
al. 2020, https://aclanthology.org/2020.acl-main.411): a matrix of C claims x N chunks costs C + N
encodings and C x N times a tenth of one.

Three linear heads:
- support (3): claim against passage: supported, contradicted, not found;
- wrong (1 per claim token): is this a word that is not true; trained on claims whose changed
  characters are known, it names the word on the screen;
- answers (1): question against reply.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

TASKS = ("support", "answers")
LABELS = ("supported", "contradicted", "not_found")
LOWER, OWN = 8, 3  # three own layers are 10.6 MB in fp16, what a repository carries comfortably
MAX_FIRST, MAX_SECOND = 96, 256
BOS, PAD, EOS = 0, 1, 2
# Best cosines between tokens of related texts after layer 8 lie between 0.6 and 1.0.
COSINE_MIDDLE, COSINE_SCALE = 0.8, 5.0


@dataclass(frozen=True, slots=True)
class Encoded:
    """Texts after the lower layers: `states` (B, T, H), `mask` (B, T) 1.0 on tokens, `ids` (B, T)."""

    states: torch.Tensor
    mask: torch.Tensor
    ids: torch.Tensor

    def pick(self, rows: Sequence[int]) -> Encoded:
        """The rows of these numbers, in this order (repeats allowed), without surplus padding."""
        index = torch.as_tensor(rows)
        mask = self.mask[index]
        width = int(mask.sum(1).max())
        return Encoded(self.states[index, :width], mask[:, :width], self.ids[index, :width])


def pad(token_ids: Sequence[Sequence[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    """Ids and mask, each (B, T); every row gets its <s> and </s>."""
    width = max(len(row) for row in token_ids) + 2
    ids = torch.full((len(token_ids), width), PAD)
    mask = torch.zeros(len(token_ids), width)
    for i, row in enumerate(token_ids):
        ids[i, : len(row) + 2] = torch.tensor([BOS, *row, EOS])
        mask[i, : len(row) + 2] = 1.0
    return ids, mask


def _read(layer: nn.Module, states: torch.Tensor, other: torch.Tensor, blocked: torch.Tensor) -> torch.Tensor:
    """One BERT layer over `states` (B, T1, H) whose attention also sees `other` (B, T2, H)."""
    own = layer.attention.self
    seen = torch.cat([states, other], 1)

    def split(x: torch.Tensor) -> torch.Tensor:
        return x.unflatten(-1, (own.num_attention_heads, -1)).transpose(1, 2)

    query, key, value = split(own.query(states)), split(own.key(seen)), split(own.value(seen))
    mixed = nn.functional.scaled_dot_product_attention(query, key, value, attn_mask=blocked.to(query.dtype))
    attended = layer.attention.output.dense(mixed.transpose(1, 2).flatten(2))
    states = layer.attention.output.LayerNorm(attended + states)
    return layer.output.LayerNorm(layer.output.dense(nn.functional.gelu(layer.intermediate.dense(states))) + states)


def through(layers: Sequence[nn.Module], states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """What layers of an encoder make of `states` (B, T, H); `mask` (B, T) 1.0 on tokens."""
    blocked = ((1 - mask) * -1e4)[:, None, None, :]
    for layer in layers:
        states = _read(layer, states, states[:, :0], blocked)
    return states


class PairReader(nn.Module):
    """The layers of our own and their heads. `base` lends its ninth to eleventh layers as a start."""

    def __init__(self, base: nn.Module) -> None:
        super().__init__()
        hidden = base.config.hidden_size
        self.layers = nn.ModuleList(copy.deepcopy(layer) for layer in base.encoder.layer[LOWER : LOWER + OWN])
        self.side = nn.Embedding(2, hidden)
        self.task = nn.Embedding(len(TASKS), hidden)
        self.match = nn.Linear(2, hidden)
        self.support = nn.Linear(2 * hidden, 3)
        self.answers = nn.Linear(2 * hidden, 1)
        self.wrong = nn.Linear(hidden, 1)
        for module in (self.side, self.task):
            nn.init.zeros_(module.weight)

    def forward(self, first: Encoded, second: Encoded, task: torch.Tensor) -> dict[str, torch.Tensor]:
        """Logits of every head for B pairs: support (B, 3), answers (B,), wrong (B, T1).

        `task` (B,) holds indices into TASKS.
        """
        both = first.mask[:, :, None] * second.mask[:, None, :]
        a, b = (nn.functional.normalize(x.states.float(), dim=-1) for x in (first, second))
        cosine = torch.einsum("bih,bjh->bij", a, b).masked_fill(both == 0, -1.0)
        same = ((first.ids[:, :, None] == second.ids[:, None, :]) & (both > 0)).float()
        marks = [
            torch.stack([(cosine.amax(d) - COSINE_MIDDLE) * COSINE_SCALE, same.amax(d) * 2 - 1], -1) for d in (2, 1)
        ]
        about = self.task(task)[:, None]
        states, other = (
            x.states.float() + self.match(mark) + self.side.weight[i] + about
            for i, (x, mark) in enumerate(zip((first, second), marks, strict=True))
        )
        blocked = ((1 - torch.cat([first.mask, second.mask], 1)) * -1e4)[:, None, None, :]
        for layer in self.layers:
            states = _read(layer, states, other, blocked)
        inner = first.mask.unsqueeze(-1)
        mean = (states * inner).sum(1) / inner.sum(1)
        pooled = torch.cat([states[:, 0], mean], -1)
        return {
            "support": self.support(pooled),
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
