"""A small network that reads a claim or a question while looking at passages: the judge's reader, and the reranker's second reading.

multilingual-e5-small's first layers, untouched, encode every text once. Layers of our own (they start as e5's remaining ones) go on
from there: a passage's tokens attend to each other alone, so a passage is read once whatever is asked of it; the tokens of the first
text attend to themselves and, at the same depth, to those of up to SET passages. That is a prefix language model's reading, with an
encoder's layers: C texts against N passages cost C + N encodings and no C x N. Splitting an encoder follows DeFormer (Cao et al. 2020,
https://aclanthology.org/2020.acl-main.411), what the first text sees of the passages is as in fusion-in-decoder (Izacard & Grave 2021,
arXiv:2007.01282).

Every token of the first text also carries how well the passages match it (best cosine, and whether the very token stands there), so the
network starts from the alignment instead of having to discover it.
"""

from __future__ import annotations

import copy
import threading
from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn

TASKS = ("support", "answers", "told")
LABELS = ("supported", "contradicted", "not_found")
LOWER = 4  # layers of e5 that stay as they are
SET = 4  # passages that are read at once
BOS, PAD, EOS = 0, 1, 2
COSINE_MIDDLE, COSINE_SCALE = 0.8, 5.0  # where best cosines between tokens of related texts lie
STEPS = 127  # of a stored weight, to either side
REPLY = 256  # tokens of a reply
AT_ONCE = 16  # rows in one pass
KEPT_TOKENS = 16_384  # of read passages, 210 MB: some 100 of them


@dataclass(frozen=True, slots=True)
class Encoded:
    """Texts after the lower layers: `states` (B, T, H), `mask` (B, T) 1.0 on tokens, `ids` (B, T)."""

    states: torch.Tensor
    mask: torch.Tensor
    ids: torch.Tensor


@dataclass(frozen=True, slots=True)
class Passages:
    """Passages as the first texts see them: of each own layer their keys and values, (layers, U, heads, T, H / heads); states, mask and ids
    as in Encoded."""

    keys: Sequence[torch.Tensor]
    values: Sequence[torch.Tensor]
    states: torch.Tensor
    mask: torch.Tensor
    ids: torch.Tensor


def pad(token_ids: Sequence[Sequence[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    """Ids and mask, each (B, T), of token ids that have their special tokens."""
    width = max(map(len, token_ids))
    ids = torch.full((len(token_ids), width), PAD)
    mask = torch.zeros(len(token_ids), width)
    for i, row in enumerate(token_ids):
        ids[i, : len(row)] = torch.as_tensor(row)
        mask[i, : len(row)] = 1.0
    return ids, mask


def _heads(layer: nn.Module, x: torch.Tensor) -> torch.Tensor:
    """(..., T, H) as (..., heads, T, H / heads)."""
    return x.unflatten(-1, (layer.attention.self.num_attention_heads, -1)).transpose(-3, -2)


def _own(layer: nn.Module, states: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Queries, keys and values of a BERT layer."""
    own = layer.attention.self
    return _heads(layer, own.query(states)), _heads(layer, own.key(states)), _heads(layer, own.value(states))


def _after(layer: nn.Module, states: torch.Tensor, mixed: torch.Tensor) -> torch.Tensor:
    """The rest of a BERT layer, after its attention."""
    attended = layer.attention.output.dense(mixed.transpose(-3, -2).flatten(-2))
    states = layer.attention.output.LayerNorm(layer.attention.output.dropout(attended) + states)
    inner = nn.functional.gelu(layer.intermediate.dense(states))
    return layer.output.LayerNorm(layer.output.dropout(layer.output.dense(inner)) + states)


def through(layers: Sequence[nn.Module], states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """What layers of an encoder make of `states` (B, T, H); `mask` (B, T) 1.0 on tokens."""
    seen = mask[:, None, None, :] > 0
    for layer in layers:
        query, key, value = _own(layer, states)
        states = _after(layer, states, nn.functional.scaled_dot_product_attention(query, key, value, attn_mask=seen))
    return states


def _of_rows(units: torch.Tensor, index: torch.Tensor) -> torch.Tensor:
    """`units[index]`; in training by a product, since the gradient of indexing adds up one by one what a passage gets from many rows."""
    if not units.requires_grad:
        return units[index]
    one_hot = nn.functional.one_hot(index.flatten(), len(units)).to(units.dtype)
    return (one_hot @ units.flatten(1)).view(*index.shape, *units.shape[1:])


class JointReader(nn.Module):
    """The layers of our own and their heads. `base` lends its layers from LOWER on as a start."""

    def __init__(self, base: nn.Module) -> None:
        super().__init__()
        hidden = base.config.hidden_size
        self.layers = nn.ModuleList(copy.deepcopy(layer) for layer in base.encoder.layer[LOWER:])
        self.side = nn.Embedding(2, hidden)
        self.task = nn.Embedding(len(TASKS), hidden)
        self.match = nn.Linear(2, hidden)
        self.support = nn.Linear(2 * hidden, len(LABELS))
        self.answers = nn.Linear(2 * hidden, 1)
        self.told = nn.Linear(2 * hidden, 1)
        self.wrong = nn.Linear(hidden, 1)
        for module in (self.side, self.task):
            nn.init.zeros_(module.weight)
        nn.init.normal_(self.match.weight, std=0.02)

    def passages(self, second: Encoded) -> Passages:
        """Every passage, read for itself."""
        states = second.states + self.side.weight[1]
        seen = second.mask[:, None, None, :] > 0
        keys, values = [], []
        for layer in self.layers:
            query, key, value = _own(layer, states)
            keys.append(key)
            values.append(value)
            if len(keys) < len(self.layers):  # nobody looks at what the last one makes of a passage
                states = _after(layer, states, nn.functional.scaled_dot_product_attention(query, key, value, attn_mask=seen))
        return Passages(keys, values, second.states, second.mask, second.ids)

    def forward(self, first: Encoded, second: Passages, sets: torch.Tensor, task: torch.Tensor) -> dict[str, torch.Tensor]:
        """Logits of every head for B texts: support (B, 3), answers (B,), told (B,), wrong (B, T1).

        Args:
            sets: (B, K) long, which passages each text is read with; -1 for none.
            task: (B,) long, indices into TASKS.
        """
        index, there = sets.clamp(min=0), (sets >= 0)[:, :, None]
        other_mask = (second.mask[index] * there).flatten(1)  # B, K * T2
        other_ids = second.ids[index].flatten(1)
        a = nn.functional.normalize(first.states.float(), dim=-1)
        b = nn.functional.normalize(second.states.float(), dim=-1)[index].flatten(1, 2)
        cosine = torch.einsum("bih,bjh->bij", a, b).masked_fill(other_mask[:, None, :] == 0, -1.0).amax(2)
        same = ((first.ids[:, :, None] == other_ids[:, None, :]) & (other_mask[:, None, :] > 0)).any(2).float()
        mark = torch.stack([(cosine - COSINE_MIDDLE) * COSINE_SCALE, same * 2 - 1], -1)
        states = first.states + self.match(mark.to(first.states.dtype)) + self.side.weight[0] + self.task(task)[:, None]
        seen = torch.cat([first.mask, other_mask], 1)[:, None, None, :] > 0
        for layer, keys, values in zip(self.layers, second.keys, second.values, strict=True):
            query, *own = _own(layer, states)
            key, value = (
                torch.cat([mine, _of_rows(theirs, index).transpose(1, 2).flatten(2, 3)], 2) for mine, theirs in zip(own, (keys, values), strict=True)
            )
            mixed = nn.functional.scaled_dot_product_attention(query, key, value, attn_mask=seen)
            states = _after(layer, states, mixed)
        inner = first.mask.unsqueeze(-1).to(states.dtype)
        pooled = torch.cat([states[:, 0], (states * inner).sum(1) / inner.sum(1)], -1)
        return {
            "support": self.support(pooled),
            "answers": self.answers(pooled).squeeze(-1),
            "told": self.told(pooled).squeeze(-1),
            "wrong": self.wrong(states).squeeze(-1),
        }


def save(file: Path, reader: JointReader) -> None:
    """Write the weights: matrices in int8 with one scale for each row, the rest in fp16."""
    from safetensors.torch import save_file

    kept = {}
    for name, value in reader.state_dict().items():
        value = value.detach().float().cpu()
        if value.dim() == 2 and value.numel() > 10_000:
            scale = value.abs().amax(1).clamp(min=1e-8) / STEPS
            kept[name] = (value / scale[:, None]).round().to(torch.int8)
            kept[f"{name}.scale"] = scale
        else:
            kept[name] = value.half()
    file.parent.mkdir(parents=True, exist_ok=True)
    save_file({name: value.contiguous() for name, value in kept.items()}, file)
    file.chmod(0o644)  # safetensors writes for the owner alone


def load(file: Path, base: nn.Module) -> JointReader:
    """The trained reader, in fp32 and evaluation mode.

    Raises:
        FileNotFoundError: there is no such file.
        RuntimeError, KeyError: the weights do not fit the base model.
    """
    from safetensors.torch import load_file

    kept = load_file(file)
    state = {
        name: value.float() * kept[f"{name}.scale"][:, None] if value.dtype == torch.int8 else value.float()
        for name, value in kept.items()
        if not name.endswith(".scale")
    }
    reader = JointReader(base)
    reader.load_state_dict(state)
    return reader.eval()


class Joint:
    """A trained reader with what it stands on. Passages that were read lately are kept; safe to call from several threads.

    Args:
        embeddings, lower: of multilingual-e5-small, as they are: `lower` its first LOWER layers.
        reader: of `load`.
        tokenizer: of the base.
    """

    def __init__(self, embeddings: nn.Module, lower: Sequence[nn.Module], reader: JointReader, tokenizer) -> None:
        self._embeddings, self._lower = embeddings, lower
        self._reader, self._tokenizer = reader, tokenizer
        self._kept: OrderedDict[str, list[_Read]] = OrderedDict()
        self._kept_tokens = 0
        self._keeping = threading.Lock()

    def prepare(self, texts: Sequence[str]) -> None:
        """Read passages that later questions may need."""
        self._passages(list(dict.fromkeys(texts)))

    def read(
        self, asked: Sequence[tuple[str, Sequence[str], str]], encoded: Mapping[str, torch.Tensor] | None = None
    ) -> list[dict[str, np.ndarray]]:
        """The logits of every head for each (first text, passages, task); of more than SET stretches those are read that share most with it.

        `answers` is asked of a reply, which is read as a first text is; there is one.

        Args:
            encoded: of first texts and replies that have been through the lower layers already, what these left, (T, H).
        """
        from rag.reranking import read_question

        if not asked:
            return []
        is_reply = {text for _, texts, task in asked for text in texts if task == "answers"}
        encoded = encoded or {}
        known = self._passages(list(dict.fromkeys(text for _, texts, _ in asked for text in texts)), is_reply, encoded)
        ids = {first: read_question(self._tokenizer, first).ids for first in dict.fromkeys(first for first, _, _ in asked)}
        states = dict(zip(ids, self._lower_states(list(ids.values()), [encoded.get(first) for first in ids]), strict=True))
        made: list[dict[str, np.ndarray]] = [{} for _ in asked]
        sets = [_nearest(ids[first], [part for text in texts for part in known[text]]) for first, texts, _ in asked]
        order = sorted(range(len(asked)), key=lambda i: (len(sets[i]), sum(len(part.ids) for part in sets[i])))
        for group in _by_size(order, [len(each) for each in sets]):
            units = list({id(part): part for i in group for part in sets[i]}.values())
            place = {id(part): n for n, part in enumerate(units)}
            index = torch.tensor([[place[id(part)] for part in sets[i]] for i in group])
            task = torch.tensor([TASKS.index(asked[i][2]) for i in group])
            with torch.inference_mode():
                first = _padded([ids[asked[i][0]] for i in group], [states[asked[i][0]] for i in group])
                logits = self._reader(first, _together(units, first.states.dtype), index, task)
            for row, i in enumerate(group):
                made[i] = {name: value[row].float().numpy() for name, value in logits.items()}
                made[i]["wrong"] = made[i]["wrong"][: int(first.mask[row].sum())]
        return made

    def _lower_states(self, rows: Sequence[Sequence[int]], encoded: Sequence[torch.Tensor | None]) -> list[torch.Tensor]:
        """Each row after the lower layers, (T, H): what is `encoded` already, if it is of as many tokens, or encoded now."""
        made = [each if each is not None and len(each) == len(row) else None for row, each in zip(rows, encoded, strict=True)]
        new = [i for i, each in enumerate(made) if each is None]
        for group in alike([len(rows[i]) for i in new]):
            ids, mask = pad([rows[new[n]] for n in group])
            with torch.inference_mode():
                states = through(self._lower, self._embeddings(input_ids=ids), mask)
            for row, n in enumerate(group):
                made[new[n]] = states[row, : len(rows[new[n]])]
        return made

    def _passages(
        self, texts: Sequence[str], replies: Collection[str] = (), encoded: Mapping[str, torch.Tensor] | None = None
    ) -> dict[str, list[_Read]]:
        """The stretches of every text, from what is kept or read now."""
        from rag.reranking import read_passage, read_question  # training goes without the rest of the product

        key = lambda text: f"{'reply' if text in replies else 'passage'} {text}"
        with self._keeping:
            known = {text: self._kept[key(text)] for text in texts if key(text) in self._kept}
            for text in known:
                self._kept.move_to_end(key(text))
        new = {
            text: [read_question(self._tokenizer, text, REPLY).ids] if text in replies else [part.ids for part in read_passage(self._tokenizer, text)]
            for text in texts
            if text not in known
        }
        parts = [(text, ids) for text, of_text in new.items() for ids in of_text]
        # Encoded are first texts and replies: the same words as a passage have another prefix.
        lower = self._lower_states([ids for _, ids in parts], [(encoded or {}).get(text) if text in replies else None for text, _ in parts])
        made: dict[int, _Read] = {}
        for group in alike([len(ids) for _, ids in parts]):
            with torch.inference_mode():
                read = self._reader.passages(_padded([parts[i][1] for i in group], [lower[i] for i in group]))
            for row, i in enumerate(group):
                size = len(parts[i][1])
                # Copied: a slice would keep the whole padded batch alive.
                made[i] = _Read(
                    parts[i][1],
                    read.states[row, :size].to(torch.float16, copy=True),
                    torch.stack([each[row, :, :size] for each in read.keys]).half(),
                    torch.stack([each[row, :, :size] for each in read.values]).half(),
                )
        found: dict[str, list[_Read]] = {text: [] for text in new}
        for i, (text, _) in enumerate(parts):
            found[text].append(made[i])
        with self._keeping:
            for text, of_text in found.items():
                if key(text) not in self._kept:
                    self._kept[key(text)] = of_text
                    self._kept_tokens += sum(len(part.ids) for part in of_text)
            while self._kept_tokens > KEPT_TOKENS and len(self._kept) > 1:
                _, gone = self._kept.popitem(last=False)
                self._kept_tokens -= sum(len(part.ids) for part in gone)
        return known | found


@dataclass(frozen=True, slots=True)
class _Read:
    """A stretch of a passage: its ids, its states after the lower layers (T, H), and its keys and values, (layers, heads, T, H / heads)."""

    ids: list[int]
    states: torch.Tensor
    keys: torch.Tensor
    values: torch.Tensor


def _padded(rows: Sequence[Sequence[int]], states: Sequence[torch.Tensor]) -> Encoded:
    ids, mask = pad(rows)
    return Encoded(nn.utils.rnn.pad_sequence(list(states), batch_first=True), mask, ids)


def _nearest(first: Sequence[int], parts: Sequence[_Read]) -> list[_Read]:
    """At most SET of the stretches: those with the most tokens of the first text."""
    wanted = set(first)
    return sorted(parts, key=lambda part: -len(wanted.intersection(part.ids)))[:SET] if len(parts) > SET else list(parts)


def _together(parts: Sequence[_Read], dtype: torch.dtype) -> Passages:
    ids, mask = pad([part.ids for part in parts])
    states = torch.zeros(*ids.shape, parts[0].states.shape[-1], dtype=dtype)
    layers, heads, _, size = parts[0].keys.shape
    keys, values = torch.zeros(2, layers, len(parts), heads, ids.shape[1], size, dtype=dtype)
    for row, part in enumerate(parts):
        states[row, : len(part.ids)] = part.states
        keys[:, row, :, : len(part.ids)] = part.keys
        values[:, row, :, : len(part.ids)] = part.values
    return Passages(keys, values, states, mask, ids)


def _by_size(order: Sequence[int], size: Sequence[int]) -> list[list[int]]:
    """Rows in groups of as many passages each, at most AT_ONCE."""
    groups: list[list[int]] = []
    for i in order:
        if groups and len(groups[-1]) < AT_ONCE and size[i] == size[groups[-1][0]]:
            groups[-1].append(i)
        else:
            groups.append([i])
    return groups


def alike(length: Sequence[int], most: int = 8) -> list[list[int]]:
    """Texts in groups of similar length, which waste little on padding."""
    groups: list[list[int]] = []
    for i in sorted(range(len(length)), key=lambda i: length[i]):
        if groups and len(groups[-1]) < most and length[i] <= 1.3 * length[groups[-1][0]] + 8:
            groups[-1].append(i)
        else:
            groups.append([i])
    return groups
