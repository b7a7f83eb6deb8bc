"""Many questions about the same excerpts in one sequence, each blind to the others.

The excerpts' tokens are the larger part of every example. A packed sequence holds them once, followed by
all question and answer branches; the attention mask lets a branch see the excerpts and itself only, and
its positions continue from the excerpts. The logits are those of separate sequences, for a third of the
work (as in tree attention for speculative decoding: Miao et al. 2023, "SpecInfer").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch

IGNORED = -100


@dataclass(frozen=True, slots=True)
class Packed:
    """One sequence of L tokens, batch size 1.

    Attributes:
        input_ids, position_ids, labels: (1, L) long; label i is the token that position i predicts.
        mask: (1, 1, L, L) bool, True where row may attend to column.
    """

    input_ids: torch.Tensor
    position_ids: torch.Tensor
    labels: torch.Tensor
    mask: torch.Tensor


def pack(prefix: Sequence[int], branches: Sequence[tuple[Sequence[int], Sequence[int]]]) -> Packed:
    """Build one sequence.

    Args:
        prefix: tokens that all branches share.
        branches: (tokens of the question, tokens of the answer); only answers are learned.
    """
    ids, positions, labels, owner = list(prefix), list(range(len(prefix))), [IGNORED] * len(prefix), [0] * len(prefix)
    for number, (question, answer) in enumerate(branches, 1):
        tokens = [*question, *answer]
        ids += tokens
        positions += range(len(prefix), len(prefix) + len(tokens))
        # Position i predicts token i + 1, so labels are shifted within the branch.
        labels += [IGNORED] * (len(question) - 1) + [*answer, IGNORED]
        owner += [number] * len(tokens)
    owners = torch.tensor(owner)
    causal = torch.ones(len(ids), len(ids), dtype=torch.bool).tril()
    visible = causal & ((owners[None, :] == 0) | (owners[None, :] == owners[:, None]))
    return Packed(torch.tensor([ids]), torch.tensor([positions]), torch.tensor([labels]), visible[None, None])


def answer_loss(model, packed: Packed) -> tuple[torch.Tensor, int]:
    """Summed cross-entropy over the answers' tokens, and their number; logits only where they are needed.

    Args:
        model: a causal LM of transformers (or a peft wrapper of one) with `model` and `lm_head`.
    """
    base = model.get_base_model() if hasattr(model, "get_base_model") else model
    device = next(base.parameters()).device
    hidden = base.model(
        input_ids=packed.input_ids.to(device),
        position_ids=packed.position_ids.to(device),
        attention_mask=additive(packed.mask.to(device)),
        use_cache=False,
    )[0]
    labels = packed.labels.to(device)
    learned = labels != IGNORED
    logits = base.lm_head(hidden[learned]).float()
    return torch.nn.functional.cross_entropy(logits, labels[learned], reduction="sum"), int(learned.sum())


def additive(mask: torch.Tensor) -> torch.Tensor:
    """The mask as attention adds it: 0 where allowed, a large negative number elsewhere."""
    dtype = torch.bfloat16 if torch.is_autocast_enabled("cpu") or torch.is_autocast_enabled("cuda") else torch.float32
    return torch.where(mask, 0.0, torch.finfo(dtype).min).to(dtype)
