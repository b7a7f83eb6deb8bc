"""Many questions about the same excerpts in one step, which reads the excerpts once.

The excerpts' tokens are the larger part of every example. They are run first, alone; then all question and
answer branches run as one batch that attends to the excerpts' keys and values, each branch blind to the
others. The loss is that of separate sequences, gradients through the shared keys included, for a third of
the work (prefix sharing as in "Hydragen": Juravsky et al. 2024, here with gradients).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch

IGNORED = -100


@dataclass(frozen=True, slots=True)
class Packed:
    """One set of excerpts (P tokens) with B branches of up to L tokens.

    Attributes:
        prefix: (1, P) long, the shared tokens.
        branches: (B, L) long, right-padded with 0.
        mask: (B, P + L) long, 1 where there is a token.
        labels: (B, L) long; label i is the token that position i predicts, IGNORED outside answers.
    """

    prefix: torch.Tensor
    branches: torch.Tensor
    mask: torch.Tensor
    labels: torch.Tensor


def pack(prefix: Sequence[int], branches: Sequence[tuple[Sequence[int], Sequence[int]]]) -> Packed:
    """Build one step.

    Args:
        prefix: tokens that all branches share.
        branches: (tokens of the question, tokens of the answer); only answers are learned.
    """
    longest = max(len(question) + len(answer) for question, answer in branches)
    ids = torch.zeros(len(branches), longest, dtype=torch.long)
    mask = torch.zeros(len(branches), len(prefix) + longest, dtype=torch.long)
    labels = torch.full((len(branches), longest), IGNORED)
    for row, (question, answer) in enumerate(branches):
        length = len(question) + len(answer)
        ids[row, :length] = torch.tensor([*question, *answer])
        mask[row, : len(prefix) + length] = 1
        labels[row, len(question) - 1 : length - 1] = torch.tensor(list(answer))
    return Packed(torch.tensor([list(prefix)]), ids, mask, labels)


def answer_loss(model, packed: Packed) -> tuple[torch.Tensor, int]:
    """Summed cross-entropy over the answers' tokens, and their number; logits only where they are needed.

    Args:
        model: a causal LM of transformers (or a peft wrapper of one) with `model` and `lm_head`.
    """
    from transformers import DynamicCache

    base = model.get_base_model() if hasattr(model, "get_base_model") else model
    device = next(base.parameters()).device
    cache = DynamicCache()
    base.model(input_ids=packed.prefix.to(device), past_key_values=cache, use_cache=True)
    count = packed.branches.shape[0]
    for layer in cache.layers:  # views: the excerpts are held once, and gradients of all branches add up in them
        layer.keys = layer.keys.expand(count, -1, -1, -1)
        layer.values = layer.values.expand(count, -1, -1, -1)
    start = packed.prefix.shape[1]
    positions = torch.arange(start, start + packed.branches.shape[1], device=device)[None].expand(count, -1)
    hidden = base.model(
        input_ids=packed.branches.to(device),
        position_ids=positions,
        attention_mask=packed.mask.to(device),
        past_key_values=cache,
        use_cache=True,
    )[0]
    labels = packed.labels.to(device)
    learned = labels != IGNORED
    logits = base.lm_head(hidden[learned]).float()
    return torch.nn.functional.cross_entropy(logits, labels[learned], reduction="sum"), int(learned.sum())
