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


def answer_loss(model, packed: Packed, opening: int = 0, weight: float = 1.0) -> tuple[torch.Tensor, int]:
    """Summed cross-entropy over the answers' tokens, and their number; logits only where they are needed.

    Args:
        model: a causal LM of transformers (or a peft wrapper of one) with `model` and `lm_head`.
        opening, weight: the first `opening` tokens of every answer count `weight` times.
    """
    from transformers import DynamicCache

    base = model.get_base_model() if hasattr(model, "get_base_model") else model
    device = next(base.parameters()).device
    excerpts = DynamicCache()
    base.model(input_ids=packed.prefix.to(device), past_key_values=excerpts, use_cache=True)
    start = packed.prefix.shape[1]
    loss, learned_tokens = torch.zeros((), device=device), 0
    for rows in _similar_lengths(packed):
        longest = int(packed.mask[rows].sum(1).max()) - start
        cache = DynamicCache()
        for number, layer in enumerate(excerpts.layers):  # views: gradients of all branches add up in them
            cache.update(
                layer.keys.expand(len(rows), -1, -1, -1), layer.values.expand(len(rows), -1, -1, -1), number
            )
        hidden = base.model(
            input_ids=packed.branches[rows, :longest].to(device),
            position_ids=torch.arange(start, start + longest, device=device)[None].expand(len(rows), -1),
            attention_mask=packed.mask[rows, : start + longest].to(device),
            past_key_values=cache,
            use_cache=True,
        )[0]
        labels = packed.labels[rows, :longest].to(device)
        learned = labels != IGNORED
        logits = base.lm_head(hidden[learned]).float()
        each = torch.nn.functional.cross_entropy(logits, labels[learned], reduction="none")
        opens = (learned & (learned.cumsum(1) <= opening))[learned]
        loss = loss + torch.where(opens, weight * each, each).sum()
        learned_tokens += int(learned.sum())
    return loss, learned_tokens


def _similar_lengths(packed: Packed) -> list[list[int]]:
    """The branches in two groups, short and long: together they would be a third padding."""
    order = packed.mask.sum(1).argsort().tolist()
    half = len(order) // 2
    return [group for group in (order[:half], order[half:]) if group]
