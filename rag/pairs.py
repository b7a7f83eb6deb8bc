"""Layers that read one text while looking at another: how the judge reads claims, and the reranker questions.

multilingual-e5-small's first eight layers, untouched, encode every text once. Layers of our own (they start as e5's
ninth to eleventh) then read the first text while looking at the second: their tokens attend to both. Every token also
carries how well the other text matches it (best cosine, and whether the very token stands there), so the network
starts from the alignment instead of having to discover it. Splitting an encoder like this follows DeFormer (Cao et al.
2020, https://aclanthology.org/2020.acl-main.411): a matrix of C claims x N chunks costs C + N encodings and C x N times
a tenth of one. The judge and the reranker share this code and no weights.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import nn

LOWER, OWN = 8, 3  # three own layers are 10.6 MB in fp16, what a repository carries comfortably
BOS, PAD, EOS = 0, 1, 2
# Best cosines between tokens of related texts after layer 8 lie between 0.6 and 1.0.
COSINE_MIDDLE, COSINE_SCALE = 0.8, 5.0


@dataclass(frozen=True, slots=True)
class Encoded:
    """Texts after the lower layers: `states` (B, T, H), `mask` (B, T) 1.0 on tokens, `ids` (B, T).

    `aligned` (B, T, H): the states whose cosines say how well two tokens match, where those are others than `states`.
    """

    states: torch.Tensor
    mask: torch.Tensor
    ids: torch.Tensor
    aligned: torch.Tensor | None = None

    def pick(self, rows: Sequence[int]) -> Encoded:
        """The rows of these numbers, in this order (repeats allowed), without surplus padding."""
        index = torch.as_tensor(rows)
        mask = self.mask[index]
        width = int(mask.sum(1).max())
        aligned = None if self.aligned is None else self.aligned[index, :width]
        return Encoded(self.states[index, :width], mask[:, :width], self.ids[index, :width], aligned)


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


class PairLayers(nn.Module):
    """The layers of our own. `base` lends its ninth to eleventh as a start.

    `hints`: numbers about every token, beside how well the other text matches it.
    """

    def __init__(self, base: nn.Module, hints: int = 0) -> None:
        super().__init__()
        hidden = base.config.hidden_size
        self.layers = nn.ModuleList(copy.deepcopy(layer) for layer in base.encoder.layer[LOWER : LOWER + OWN])
        self.side = nn.Embedding(2, hidden)
        self.match = nn.Linear(2 + hints, hidden)
        nn.init.zeros_(self.side.weight)

    def read(
        self,
        first: Encoded,
        second: Encoded,
        about: torch.Tensor | float = 0.0,
        hints: tuple[torch.Tensor, torch.Tensor] | None = None,
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """What B pairs come to: the first texts' tokens (B, T1, H), and each pair's vector (B, 2 H): its <s> and their mean.

        Args:
            about: (B, 1, H), added to every token: what is asked about the pair.
            hints: of both texts' tokens, (B, T, hints) each.
        """
        both = first.mask[:, :, None] * second.mask[:, None, :]
        a, b = (
            nn.functional.normalize((x.states if x.aligned is None else x.aligned).float(), dim=-1)
            for x in (first, second)
        )
        cosine = torch.einsum("bih,bjh->bij", a, b).masked_fill(both == 0, -1.0)
        same = ((first.ids[:, :, None] == second.ids[:, None, :]) & (both > 0)).float()
        marks = [
            torch.stack([(cosine.amax(d) - COSINE_MIDDLE) * COSINE_SCALE, same.amax(d) * 2 - 1], -1) for d in (2, 1)
        ]
        if hints is not None:
            marks = [torch.cat([mark, more], -1) for mark, more in zip(marks, hints, strict=True)]
        states, other = (
            x.states.float() + self.match(mark) + self.side.weight[i] + about
            for i, (x, mark) in enumerate(zip((first, second), marks, strict=True))
        )
        blocked = ((1 - torch.cat([first.mask, second.mask], 1)) * -1e4)[:, None, None, :]
        for layer in self.layers:
            states = _read(layer, states, other, blocked)
        inner = first.mask.unsqueeze(-1)
        mean = (states * inner).sum(1) / inner.sum(1)
        return states, torch.cat([states[:, 0], mean], -1)
