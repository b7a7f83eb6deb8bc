"""A second reader of English claims: layers of the embedded Llama, which read a claim behind the passage that it is about (rag/llama.py)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from judge.combiner import AGAIN
from rag.llama import Reader

BEFORE, BEHIND = "\n\nClaim: ", "\nVerdict:"
CLAIM = 96  # tokens
KEPT_TOKENS = 8_192  # of read passages, 126 MB: some 80 of them


def claim_ids(tokenizer, claim: str) -> tuple[list[int], list[tuple[int, int] | None]]:
    """Token ids of what stands behind a passage, and of every one the characters of `claim` that it is, None of what is around it."""
    lead, end = (tokenizer(text, add_special_tokens=False)["input_ids"] for text in (BEFORE.rstrip(" "), BEHIND))
    made = tokenizer(" " + claim.replace("\n", " "), add_special_tokens=False, return_offsets_mapping=True)
    ids, places = made["input_ids"][:CLAIM], made["offset_mapping"][:CLAIM]
    own = [(max(0, start - 1), stop - 1) for start, stop in places]
    return [*lead, *ids, *end], [*[None] * len(lead), *own, *[None] * len(end)]


class ClaimReader(Reader):
    """Reads English claims; arguments as of `Reader`."""

    def __init__(self, base: Path, weights: Path, dtype: torch.dtype) -> None:
        super().__init__(base, weights, dtype, KEPT_TOKENS)

    def read(self, cells: Sequence[tuple[str, str]]) -> np.ndarray:
        """Of every (claim, passage) the AGAIN log-odds, (cells, 4), within [-8, 8]."""
        ids = [claim_ids(self.tokenizer, claim) for claim, _ in cells]
        made = np.zeros((len(cells), len(AGAIN)), np.float32)
        read = self.behind([(tokens, passage) for (tokens, _), (_, passage) in zip(ids, cells, strict=True)])
        for n, ((_, places), (labels, wrong)) in enumerate(zip(ids, read, strict=True)):
            doubt = max([value for value, at in zip(wrong.tolist(), places, strict=True) if at], default=-8.0)
            made[n] = [*labels.tolist(), doubt]
        return np.clip(made, -8, 8)
