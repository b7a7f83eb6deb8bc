"""NliJudge: any sequence-classification model trained on entailment, as the judge of claims.

Such a model says nothing of questions, so relevance and "does it answer" stay with the embedded judge.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from judge import guard
from judge.encoder import EncoderJudge
from judge.text import focus, statement
from judge.verdicts import Matrix
from rag.errors import ModelError
from rag.language import language_of
from settings import Settings

FOCUS = 1400  # characters of a chunk beside its claim: such models read 512 tokens
BATCH = 16


class NliJudge:
    """Entailment and contradiction of each cell, read off the classifier's logits.

    Args:
        folder: weights and tokenizer of an AutoModelForSequenceClassification.
        name: what the record and the screen call it.

    Raises:
        ModelError: no such model in `folder`, or its labels do not say which one is entailment.
    """

    def __init__(self, folder: Path, name: str, settings: Settings) -> None:
        from transformers import AutoModelForSequenceClassification, AutoTokenizer

        from rag.models import embedded_weights

        try:
            self.tokenizer = AutoTokenizer.from_pretrained(folder)
            self.model = AutoModelForSequenceClassification.from_pretrained(folder).eval()
        except (OSError, ValueError) as error:
            raise ModelError(
                f"{name} could not be loaded as a classifier; as a judge, use embedded or an NLI cross-encoder.",
                f"{name}을(를) 분류 모델로 불러올 수 없습니다. 평가 모델로는 embedded 또는 NLI 크로스 인코더를 쓰세요.",
            ) from error
        labels = {str(label).lower(): i for i, label in self.model.config.id2label.items()}
        self.entailment = next((i for label, i in labels.items() if label.startswith(("entail", "support"))), None)
        self.contradiction = next((i for label, i in labels.items() if label.startswith(("contra", "refut"))), None)
        if self.entailment is None or self.contradiction is None:
            raise ModelError(
                f"{name} has the labels {', '.join(labels)}; a judge needs entailment and contradiction among them.",
                f"{name}의 레이블은 {', '.join(labels)}입니다. 평가 모델에는 entailment와 contradiction 레이블이 필요합니다.",
            )
        adapter = Path(settings.data) / "adapters" / "judge"
        self.questions = EncoderJudge(embedded_weights("encoder"), adapter, settings.threads)
        self.id = f"nli/{name}"
        self.supported_threshold = 0.5
        self.contradicted_threshold = 0.5
        self.relevant_threshold = self.questions.relevant_threshold

    def matrix(self, question: str, reply: str, claims: Sequence[str], chunks: Sequence[str]) -> Matrix:
        """See `judge.verdicts.Judge`; all chunks together are the best chunk, or their most fitting lines as one text."""
        rest = self.questions.matrix(question, reply, [], chunks)
        if not claims or not chunks:
            return replace(self.questions.matrix(question, reply, claims, chunks), p_relevant=rest.p_relevant)
        together = "\n".join(chunks)
        pairs = []
        for claim in claims:
            said = statement(question, claim)
            pairs += [(focus(text, said, FOCUS), said) for text in (*chunks, together)]
        p = self._probabilities(pairs).reshape(len(claims), len(chunks) + 1, -1)
        supported, contradicted = p[..., self.entailment].copy(), p[..., self.contradiction].copy()
        supported[:, -1] = supported.max(1)
        contradicted[:, -1] = np.minimum(contradicted[:, -1], 1 - supported[:, -1])
        reasons = []
        for c, claim in enumerate(claims):
            row = []
            for n in range(len(chunks) + 1):
                lost = guard.missing(claim, chunks[n] if n < len(chunks) else together, question=question)
                if lost:
                    supported[c, n] = min(supported[c, n], self.supported_threshold * 0.5)
                row.append(guard.phrase(lost[0], language_of(claim)) if lost else "")
            reasons.append(row)
        return Matrix(supported, contradicted, rest.p_relevant, rest.p_answers, reasons)

    def _probabilities(self, pairs: Sequence[tuple[str, str]]) -> np.ndarray:
        """(pairs, labels) softmax, similar lengths together."""
        import torch

        order = sorted(range(len(pairs)), key=lambda i: len(pairs[i][0]) + len(pairs[i][1]))
        made = np.zeros((len(pairs), self.model.config.num_labels))
        for start in range(0, len(order), BATCH):
            group = order[start : start + BATCH]
            batch = self.tokenizer(
                [pairs[i][0] for i in group], [pairs[i][1] for i in group],
                truncation="only_first", max_length=512, padding=True, return_tensors="pt",
            )  # fmt: skip
            with torch.inference_mode():
                made[group] = torch.softmax(self.model(**batch).logits.float(), -1).numpy()
        return made
