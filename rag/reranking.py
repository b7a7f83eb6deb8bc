"""Says which retrieved passages answer a question, and where: the reranker, a cross-encoder of our own.

multilingual-e5-small reads question and passage together (Nogueira & Cho 2019, arXiv:1901.04085); a LoRA
adapter and two heads in data/adapters/reranker, trained by rag/training/reranker.py, give P(answers) for the
passage and, for each of its tokens, whether an answer starts there, ends there or runs through it (Devlin et
al. 2019, section 4.2). Its weights are not the judge's: a judge must not grade with what picked the passages.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

    from rag.types import Chunk
    from settings import Settings

ADAPTER = "adapters/reranker"
MAX_TOKENS = 256  # what it was trained with; longer passages are read in overlapping windows
MAX_QUESTION_TOKENS = 96
MAX_ANSWER_TOKENS = 48
MAX_BATCH_TOKENS = 8192

_lock = threading.Lock()
_loaded: dict[str, Reranker | None] = {}


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reranker sees in one passage.

    Attributes:
        p_answers: probability in [0, 1] that the passage answers the question.
        start, end: the likeliest answer is `text[start:end]`.
        span_score: its probability in [0, 1] among all spans of the passage, given that there is an answer.
        tokens: (start, end, p) of each token of the passage: its characters, and the probability in [0, 1]
            that an answer runs through it.
    """

    p_answers: float
    start: int
    end: int
    span_score: float
    tokens: tuple[tuple[int, int, float], ...]


def flatten(text: str) -> tuple[str, list[int]]:
    """`text` with line ends as " ¶ " (the tokenizer has no newline), and for each character its place in `text`."""
    flat: list[str] = []
    origin: list[int] = []
    for i, char in enumerate(text):
        piece = " ¶ " if char == "\n" else char
        flat.append(piece)
        origin += [i] * len(piece)
    return "".join(flat), [*origin, len(text)]


def passage(chunk: Chunk) -> tuple[str, int]:
    """A chunk as the reranker reads it, under its section title, and where `chunk.text` starts in that.

    "Award › 2019" answers what the bare lines below it do not. The candidate's name is left out: with it,
    every passage would answer who this is.
    """
    head = f"{chunk.section}\n" if chunk.section else ""
    return head + chunk.text, len(head)


@dataclass(frozen=True, slots=True)
class Window:
    """Token ids of `<s> question </s> </s> part of a passage </s>`.

    Attributes:
        first: index in `ids` of the first passage token.
        offsets: characters in the original passage of each passage token.
    """

    ids: list[int]
    first: int
    offsets: list[tuple[int, int]]


def windows(tokenizer, question: str, text: str) -> list[Window]:
    """The pair cut into pieces of at most MAX_TOKENS that overlap by half."""
    asked = tokenizer(question.replace("\n", " "), add_special_tokens=False)["input_ids"][:MAX_QUESTION_TOKENS]
    flat, origin = flatten(text)
    encoded = tokenizer(flat, add_special_tokens=False, return_offsets_mapping=True)
    ids = encoded["input_ids"]
    offsets = []
    for start, end in encoded["offset_mapping"]:
        while start < end and flat[start].isspace():  # the tokenizer counts the space before a word in
            start += 1
        offsets.append((origin[start], origin[end - 1] + 1 if end > start else origin[start]))
    start_id, end_id = tokenizer.cls_token_id, tokenizer.sep_token_id
    head = [start_id, *asked, end_id, end_id]
    room = MAX_TOKENS - len(head) - 1
    found = []
    begin = 0
    while True:
        found.append(
            Window([*head, *ids[begin : begin + room], end_id], len(head), offsets[begin : begin + room])
        )
        if begin + room >= len(ids):
            return found
        begin += room // 2


class Network:
    """The encoder with its two heads; kept apart from torch.nn so that importing this module needs no torch."""

    def __new__(cls, encoder, hidden: int):
        import torch
        from torch import nn

        class CrossEncoder(nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.encoder = encoder
                self.answers = nn.Sequential(nn.Linear(2 * hidden, hidden), nn.Tanh(), nn.Linear(hidden, 1))
                self.tokens = nn.Linear(hidden, 3)

            def forward(
                self, ids: torch.Tensor, mask: torch.Tensor, passage: torch.Tensor
            ) -> tuple[torch.Tensor, torch.Tensor]:
                """Logits of P(answers), shape (batch,), and of start, end, inside, shape (batch, tokens, 3).

                `ids`, `mask` and `passage` have shape (batch, tokens); `passage` marks the passage's tokens.
                """
                states = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
                weight = passage.to(states.dtype).unsqueeze(-1)
                mean = (states * weight).sum(1) / weight.sum(1).clamp(min=1)
                pooled = torch.cat([states[:, 0], mean], -1)
                return self.answers(pooled).squeeze(-1).float(), self.tokens(states).float()

        return CrossEncoder()


def collate(batch: Sequence[Window], pad: int):
    """Windows as tensors of shape (batch, longest): ids, attention mask, mask of the passage's tokens."""
    import torch

    longest = max(len(w.ids) for w in batch)
    ids = torch.full((len(batch), longest), pad, dtype=torch.long)
    mask = torch.zeros((len(batch), longest), dtype=torch.long)
    passage = torch.zeros((len(batch), longest), dtype=torch.bool)
    for row, window in enumerate(batch):
        ids[row, : len(window.ids)] = torch.tensor(window.ids)
        mask[row, : len(window.ids)] = 1
        passage[row, window.first : window.first + len(window.offsets)] = True
    return ids, mask, passage


class Reranker:
    """Reads questions against passages. Safe to call from several threads: it holds no state between calls."""

    def __init__(self, network, tokenizer, threshold: float) -> None:
        self._network = network
        self._tokenizer = tokenizer
        self.threshold = threshold
        """P(answers) under which the best passage is taken not to answer (chosen on dev data; see the model card)."""

    @classmethod
    def load(cls, settings: Settings) -> Reranker | None:
        """The trained reranker, loaded once per process; None where `data/adapters/reranker` holds no adapter.

        Raises:
            ModelError: the adapter is there but the encoder or the adapter cannot be read.
        """
        folder = Path(settings.data) / ADAPTER
        with _lock:
            key = str(folder.resolve())
            if key not in _loaded:
                _loaded[key] = cls.from_folder(folder) if (folder / "adapter_model.safetensors").is_file() else None
            return _loaded[key]

    @classmethod
    def from_folder(cls, folder: Path, encoder: Path | None = None) -> Reranker:
        """The reranker in `folder`, on the embedded encoder or the one in the folder `encoder`.

        Raises:
            ModelError: weights that are missing, damaged or of another shape.
        """
        import torch
        from peft import PeftModel
        from safetensors.torch import load_file
        from transformers import AutoModel, AutoTokenizer

        from rag.errors import ModelError

        if encoder is None:
            from rag.models import embedded_weights

            encoder = embedded_weights("encoder")
        try:
            base = AutoModel.from_pretrained(encoder, dtype=torch.float32, add_pooling_layer=False)
            merged = PeftModel.from_pretrained(base, folder).merge_and_unload()
            network = Network(merged, base.config.hidden_size)
            heads = load_file(folder / "heads.safetensors")
            for name, module in (("answers", network.answers), ("tokens", network.tokens)):
                module.load_state_dict(
                    {k.removeprefix(name + "."): v.float() for k, v in heads.items() if k.startswith(name + ".")}
                )
            threshold = float(json.loads((folder / "decision.json").read_text())["threshold"])
            tokenizer = AutoTokenizer.from_pretrained(encoder)
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            raise ModelError(
                en=f"The reranker in {folder} cannot be loaded ({error}); restore the folder or train it again.",
                ko=f"{folder}의 재정렬 모델을 불러올 수 없습니다 ({error}). 폴더를 되돌리거나 다시 학습하세요.",
            ) from error
        if fast_bfloat16():
            network = network.to(torch.bfloat16)
        return cls(network.eval(), tokenizer, threshold)

    def count_tokens(self, text: str) -> int:
        """How many of MAX_TOKENS a passage takes."""
        return len(self._tokenizer(flatten(text)[0], add_special_tokens=False)["input_ids"])

    def p_answers(self, question: str, texts: Sequence[str]) -> list[float]:
        """P(the text answers the question), in [0, 1], one per text."""
        return [reading.p_answers for reading in self.read(question, texts)]

    def spans(self, question: str, texts: Sequence[str]) -> list[tuple[int, int, float]]:
        """The likeliest answer in each text: start and end character, probability in [0, 1] if there is an answer."""
        return [(reading.start, reading.end, reading.span_score) for reading in self.read(question, texts)]

    def read(self, question: str, texts: Sequence[str]) -> list[Reading]:
        """All the reranker knows about each text; one padded batch unless the texts are very many or long."""
        pieces: list[Window] = []
        owner: list[int] = []
        for i, text in enumerate(texts):
            for window in windows(self._tokenizer, question, text):
                pieces.append(window)
                owner.append(i)
        best: dict[int, list[Reading]] = {}
        for i, reading in zip(owner, self._run(pieces), strict=True):
            best.setdefault(i, []).append(reading)
        return [_join(best[i]) for i in range(len(texts))]

    def _run(self, pieces: Sequence[Window]) -> list[Reading]:
        import torch

        out: dict[int, Reading] = {}
        order = sorted(range(len(pieces)), key=lambda i: len(pieces[i].ids))
        while order:
            longest = len(pieces[order[-1]].ids)
            take = max(1, MAX_BATCH_TOKENS // longest)
            rows, order = order[-take:], order[:-take]
            batch = [pieces[i] for i in rows]
            with torch.inference_mode():
                answers, tokens = self._network(*collate(batch, self._tokenizer.pad_token_id))
            chances = torch.sigmoid(answers).tolist()
            for row, i in enumerate(rows):
                window = batch[row]
                out[i] = _reading(chances[row], tokens[row, window.first :][: len(window.offsets)], window.offsets)
        return [out[i] for i in range(len(pieces))]


def _reading(chance: float, logits: torch.Tensor, offsets: Sequence[tuple[int, int]]) -> Reading:
    """The best span of one window from its token logits, shape (passage tokens, 3)."""
    import torch

    count = len(offsets)
    if not count:
        return Reading(chance, 0, 0, 0.0, ())
    start = torch.log_softmax(logits[:, 0], 0)
    end = torch.log_softmax(logits[:, 1], 0)
    pairs = start[:, None] + end[None, :]
    allowed = torch.ones(count, count).triu().tril(MAX_ANSWER_TOKENS - 1).bool()
    pairs = pairs.masked_fill(~allowed, float("-inf"))
    place = int(pairs.argmax())
    first, last = divmod(place, count)
    inside = torch.sigmoid(logits[:, 2]).tolist()
    tokens = tuple((s, e, p) for (s, e), p in zip(offsets, inside, strict=True))
    return Reading(chance, offsets[first][0], offsets[last][1], float(pairs.flatten()[place].exp()), tokens)


def _join(parts: Sequence[Reading]) -> Reading:
    """Readings of the overlapping windows of one text: the window likeliest to answer, all windows' tokens."""
    best = max(parts, key=lambda reading: reading.p_answers)
    if len(parts) == 1:
        return best
    tokens: dict[tuple[int, int], float] = {}
    for part in parts:
        for s, e, p in part.tokens:
            tokens[s, e] = max(p * part.p_answers / max(best.p_answers, 1e-9), tokens.get((s, e), 0.0))
    joined = tuple((s, e, p) for (s, e), p in sorted(tokens.items()))
    return Reading(best.p_answers, best.start, best.end, best.span_score, joined)


def fast_bfloat16() -> bool:
    """Whether this CPU multiplies bfloat16 in hardware; elsewhere float32 is the faster."""
    import torch

    return bool(getattr(torch.cpu, "_is_avx512_bf16_supported", lambda: False)()) or bool(
        getattr(torch.cpu, "_is_amx_tile_supported", lambda: False)()
    )
