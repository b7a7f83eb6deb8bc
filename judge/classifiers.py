"""HubJudge: classifiers from the hub as the judge, whatever their kind, told apart by what their config says.

| kind      | weights                            | reads           | gives                                        |
|-----------|------------------------------------|-----------------|----------------------------------------------|
| nli       | sequence classifier, 2 or 3 labels | passage, claim  | P(entailment), P(contradiction)              |
| grounding | sequence classifier, one score     | passage, claim  | sigmoid(score) = P(supported), as HHEM       |
| reranker  | sequence classifier, one score     | question, passage | sigmoid(score) = P(relevant), as bge-reranker |
| tokens    | token classifier, 2 labels         | passages, claim | 1 - the worst token's P(hallucinated), as LettuceDetect |

A single score does not say what it scores: it counts as a reranker where the model's name says "rerank", else as
grounding. What a model says nothing of stays with the embedded judge. No model brings code of its own: weights that
need `trust_remote_code` are refused with a sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np

from judge.encoder import EncoderJudge
from judge.text import focus, statement
from judge.verdicts import Judge, Matrix, guarded, missed_threshold
from rag.errors import ModelError

Kind = Literal["nli", "grounding", "reranker", "tokens"]

FOCUS = 1400  # characters of a passage beside its claim where a model reads 512 tokens
FOCUS_LONG = 12_000  # and where it reads 4,096 or more
MAX_TOKENS, MAX_TOKENS_LONG = 512, 4096
BATCH = 16
# The prompt of RAGTruth (Niu et al. 2024, https://aclanthology.org/2024.acl-long.585), which detectors trained on it read.
RAGTRUTH = (
    "Briefly answer the following question:\n{question}\nBear in mind that your response should be strictly based on the "
    "following {count} passages:\n{passages}\nIn case the passages do not contain the necessary information to answer the "
    'question, please reply with: "Unable to answer based on given passages."\noutput:'
)


class HubJudge:
    """A classifier's opinion of every cell, read off its logits.

    Args:
        folder: weights and tokenizer.
        name: what the record and the screen call it.
        others: the judge of what this model says nothing of (relevance and answers, or claims for a reranker).

    Raises:
        ModelError: no classifier in `folder`, one that needs code of its own, or labels that do not say what they are.
    """

    def __init__(self, folder: Path, name: str, others: EncoderJudge | Judge) -> None:
        self.tokenizer, self.model, tokens = _load(folder, name)
        labels = {int(i): str(label).lower() for i, label in self.model.config.id2label.items()}
        self.entailment = self.contradiction = self.hallucinated = None
        self.kind: Kind
        if tokens:
            self.kind, self.hallucinated = "tokens", _hallucinated(labels, name)
        elif len(labels) == 1:
            self.kind = "reranker" if "rerank" in name.lower() else "grounding"
        else:
            self.kind = "nli"
            self.entailment, self.contradiction = _entailment(labels, name)
        reads = getattr(self.model.config, "max_position_embeddings", MAX_TOKENS)
        self._long = reads >= MAX_TOKENS_LONG
        self.others = others
        self.id = f"{self.kind}/{name}"
        borrowed = self.kind == "reranker"
        self.relevant_threshold = 0.5 if borrowed else others.relevant_threshold
        self.missed_threshold = 0.5 if borrowed else missed_threshold(others)
        self.supported_threshold = others.supported_threshold if borrowed else 0.5
        self.not_found_threshold = getattr(others, "not_found_threshold", 0.5) if borrowed else 0.5
        self.contradicted_threshold = others.contradicted_threshold if borrowed else 0.5
        if borrowed:
            self.id += f" with {others.id}"

    def matrix(self, question: str, reply: str, claims: Sequence[str], chunks: Sequence[str]) -> Matrix:
        """See `judge.verdicts.Judge`; all chunks together are the best chunk, or their most fitting lines as one text."""
        if self.kind == "reranker":
            rest = self.others.matrix(question, reply, claims, chunks)
            scores = self._logits([(question, chunk) for chunk in chunks])
            return replace(rest, p_relevant=np.array([_sigmoid(row[0]) for row in scores]))
        rest = self.others.matrix(question, reply, [], chunks)
        width = len(chunks) + 1
        supported, contradicted = np.zeros((len(claims), width)), np.zeros((len(claims), width))
        if not claims or not chunks:
            return replace(
                rest, p_supported=supported, p_contradicted=contradicted, reasons=[[""] * width for _ in claims]
            )
        texts = [*chunks, "\n".join(chunks)]
        said = [statement(question, claim) for claim in claims]
        limit = FOCUS_LONG if self._long else FOCUS
        pairs = [(focus(text, claim, limit), claim) for claim in said for text in texts]
        if self.kind == "tokens":
            prompts = [
                RAGTRUTH.format(question=question, count=1, passages=f"passage 1: {text}") for text, _ in pairs
            ]
            pairs = [(prompt, claim) for prompt, (_, claim) in zip(prompts, pairs, strict=True)]
        for cell, logits in enumerate(self._logits(pairs)):
            c, n = divmod(cell, width)
            supported[c, n], contradicted[c, n] = self._read(logits)
        reasons = guarded(self, question, claims, texts, supported)
        supported[:, -1] = supported.max(1)  # of what the guard has let pass
        contradicted[:, -1] = np.minimum(contradicted[:, -1], 1 - supported[:, -1])
        return Matrix(supported, contradicted, rest.p_relevant, rest.p_answers, reasons)

    def _read(self, logits: np.ndarray) -> tuple[float, float]:
        """P(supported) and P(contradicted) of one pair: (labels,) logits, or (claim tokens, labels)."""
        if self.kind == "grounding":
            return _sigmoid(logits[0]), 0.0
        if self.kind == "tokens":
            return 1.0 - float(_softmax(logits)[:, self.hallucinated].max()), 0.0
        p = _softmax(logits)
        return float(p[self.entailment]), 0.0 if self.contradiction is None else float(p[self.contradiction])

    def _logits(self, pairs: Sequence[tuple[str, str]]) -> list[np.ndarray]:
        """Per pair the logits (labels,), or of a token classifier those of the second text's tokens (tokens, labels)."""
        import torch

        order = sorted(range(len(pairs)), key=lambda i: len(pairs[i][0]) + len(pairs[i][1]))
        made: list[np.ndarray | None] = [None] * len(pairs)
        for start in range(0, len(order), BATCH):
            group = order[start : start + BATCH]
            # The passage is what gets cut where both are too long; for a reranker that is the second text.
            batch = self.tokenizer(
                [pairs[i][0] for i in group], [pairs[i][1] for i in group],
                truncation="only_second" if self.kind == "reranker" else "only_first",
                max_length=MAX_TOKENS_LONG if self._long else MAX_TOKENS, padding=True, return_tensors="pt",
            )  # fmt: skip
            with torch.inference_mode():
                logits = self.model(**batch).logits.float().numpy()
            for row, i in enumerate(group):
                made[i] = logits[row]
                if self.kind == "tokens":
                    mine = [part == 1 for part in batch.sequence_ids(row)]
                    made[i] = logits[row][mine] if any(mine) else logits[row][-1:]
        return made


def _load(folder: Path, name: str) -> tuple:
    """(tokenizer, model, whether it classifies tokens)."""
    from transformers import (
        AutoConfig,
        AutoModelForSequenceClassification,
        AutoModelForTokenClassification,
        AutoTokenizer,
    )

    try:
        config = AutoConfig.from_pretrained(folder, trust_remote_code=False)
        tokens = any(str(a).endswith("ForTokenClassification") for a in config.architectures or ())
        kind = AutoModelForTokenClassification if tokens else AutoModelForSequenceClassification
        tokenizer = AutoTokenizer.from_pretrained(folder, trust_remote_code=False)
        model = kind.from_pretrained(folder, trust_remote_code=False).eval()
    except Exception as error:  # transformers raises whatever its many loaders raise
        if "trust_remote_code" in str(error):
            raise ModelError(
                f"{name} needs program code of its own, which is never run here; use a model that transformers knows.",
                f"{name}은(는) 자체 코드를 실행해야 하는데 여기서는 실행하지 않습니다. transformers가 지원하는 모델을 쓰세요.",
            ) from error
        raise ModelError(
            f"{name} could not be loaded as a classifier; as a judge, use embedded or an NLI cross-encoder.",
            f"{name}을(를) 분류 모델로 불러올 수 없습니다. 평가 모델로는 embedded 또는 NLI 크로스 인코더를 쓰세요.",
        ) from error
    return tokenizer, model, tokens


def _entailment(labels: dict[int, str], name: str) -> tuple[int, int | None]:
    """Where entailment and contradiction stand, in whatever order the config has them; two labels know no contradiction."""
    yes = [i for i, label in labels.items() if label.startswith(("entail", "support", "consistent"))]
    no = [i for i, label in labels.items() if label.startswith(("contra", "refut"))]
    if len(yes) == 1 and (len(no) == 1 or (not no and len(labels) == 2)):
        return yes[0], no[0] if no else None
    raise ModelError(
        f"{name} has the labels {', '.join(labels.values())}; a judge needs entailment and contradiction among them.",
        f"{name}의 레이블은 {', '.join(labels.values())}입니다. 평가 모델에는 entailment와 contradiction 레이블이 필요합니다.",
    )


def _hallucinated(labels: dict[int, str], name: str) -> int:
    """Which label a token that is not supported gets."""
    wrong = [i for i, label in labels.items() if "halluc" in label or label.startswith(("unsupport", "not_support"))]
    unnamed = set(labels.values()) == {"label_0", "label_1"}
    if len(labels) == 2 and len(wrong) == 1:
        return wrong[0]
    if len(labels) == 2 and unnamed and "lettuce" in name.lower():
        return 1  # LettuceDetect's models do not name theirs: 0 supported, 1 hallucinated
    raise ModelError(
        f"{name} labels tokens as {', '.join(labels.values())}; a judge needs two labels, one of them hallucinated.",
        f"{name}의 토큰 레이블은 {', '.join(labels.values())}입니다. 두 레이블 중 하나가 hallucinated여야 합니다.",
    )


def _sigmoid(x: float) -> float:
    return float(1.0 / (1.0 + np.exp(-np.clip(x, -30, 30))))


def _softmax(x: np.ndarray) -> np.ndarray:
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)
