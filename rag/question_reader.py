"""Reads a question together with a passage: what the reranker's vectors alone cannot tell.

Late interaction knows that a line speaks of teams and of Brauer; whether it gives the size of the team *at Brauer* shows
only when the question is read while looking at the passage. Three layers (rag/pairs.py) do that, for the few passages
that come into question, and correct the reranker's odds. Trained by rag/training/question_reader.py.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import nn

from rag.pairs import Encoded, PairLayers

FILE = "reader.safetensors"


class QuestionReader(PairLayers):
    """`base` lends its ninth to eleventh layers as a start.

    `weights` are what the reranker's odds, the reading and a constant count for. They are fitted last, on resumes that
    neither has learned from; until then the reading stands alone.
    """

    def __init__(self, base: nn.Module) -> None:
        super().__init__(base)
        self.answers = nn.Linear(2 * base.config.hidden_size, 1)
        self.weights = nn.Parameter(torch.tensor([0.0, 1.0, 0.0]), requires_grad=False)

    def forward(self, questions: Encoded, passages: Encoded, odds: torch.Tensor) -> torch.Tensor:
        """Log odds that the passage answers, (B,), for B pairs.

        Args:
            odds: (B,), the reranker's log odds.
        """
        _, pooled = self.read(questions, passages)
        return torch.stack([odds, self.answers(pooled).squeeze(-1), torch.ones_like(odds)], -1) @ self.weights


def save(folder: Path, reader: QuestionReader) -> None:
    """Write the weights in fp16."""
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    save_file({k: v.detach().half().contiguous() for k, v in reader.state_dict().items()}, folder / FILE)
    (folder / FILE).chmod(0o644)  # safetensors writes for the owner alone


def load(folder: Path, base: nn.Module) -> QuestionReader | None:
    """The trained reader in fp32 and evaluation mode; None where `folder` has none.

    Raises:
        RuntimeError: the weights do not fit the base model.
    """
    from safetensors.torch import load_file

    if not (folder / FILE).is_file():
        return None
    reader = QuestionReader(base).float()
    reader.load_state_dict({k: v.float() for k, v in load_file(folder / FILE).items()})
    return reader.eval()
