"""Reads a question together with a passage: what the reranker's vectors alone cannot tell.

Late interaction knows that a line speaks of teams and of Brauer; whether it gives the size of the team *at Brauer* shows
only when the question is read while looking at the passage. Three layers (rag/pairs.py) do that, for the few passages
that come into question, and correct the reranker's odds. Trained by rag/training/question_reader.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn.utils.rnn import pad_sequence

from rag.pairs import Encoded, PairLayers

if TYPE_CHECKING:
    from rag.reranking import Part

FILE = "reader.safetensors"
MOST = 6.0  # log odds beyond which one is as good as another


class QuestionReader(PairLayers):
    """`base` lends its ninth to eleventh layers as a start; untrained it leaves the reranker's odds nearly as they are.

    It is told what the reranker thinks: by each token's best match, and by the log odds of the line a token stands in.
    """

    def __init__(self, base: nn.Module) -> None:
        super().__init__(base, hints=1)
        self.answers = nn.Linear(2 * base.config.hidden_size, 1)
        self.trust = nn.Parameter(torch.ones(1))
        nn.init.normal_(self.answers.weight, std=0.01)
        nn.init.zeros_(self.answers.bias)

    def forward(self, questions: Encoded, passages: Encoded, odds: torch.Tensor, lines: torch.Tensor) -> torch.Tensor:
        """Log odds that the passage answers, (B,), for B pairs.

        Args:
            odds: (B,), the reranker's log odds.
            lines: (B, T2), the log odds of the line that each of the passage's tokens stands in.
        """
        hints = torch.zeros(*questions.mask.shape, 1), (lines.clamp(-MOST, MOST) / MOST)[..., None]
        _, pooled = self.read(questions, passages, hints=hints)
        return self.trust * odds + self.answers(pooled).squeeze(-1)


def line_odds(parts: Sequence[Part], logits: torch.Tensor) -> torch.Tensor:
    """The log odds of the line that each token stands in, (questions, parts, tokens); the least for a token of none.

    Args:
        logits: of the lines, (questions, parts, most lines).
    """
    most = logits.shape[2]
    owner = [torch.tensor([o if o < len(part.lines) else most for o in part.owner]) for part in parts]
    owner = pad_sequence(owner, batch_first=True, padding_value=most)[None].expand(len(logits), -1, -1)
    return torch.nn.functional.pad(logits, (0, 1), value=-MOST).gather(2, owner)


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
