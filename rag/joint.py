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
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn

from rag.kept import Kept

TASKS = ("support", "answers", "told")
LABELS = ("supported", "contradicted", "not_found")
LOWER = 4  # layers of e5 that stay as they are
SET = 4  # passages that are read at once
BOS, PAD, EOS = 0, 1, 2
COSINE_MIDDLE, COSINE_SCALE = 0.8, 5.0  # where best cosines between tokens of related texts lie
STEPS = 127  # of a stored weight, to either side
REPLY = 256  # tokens of a reply
PASS = 512  # tokens that go through the matrices at once; more gain nothing
ROWS = 32  # AMX kernels are made anew for every number of rows, up to 10 ms each: a pass has a multiple of this many
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


def _heads(layer: nn.Module, x: torch.Tensor) -> torch.Tensor:
    """(..., T, H) as (..., heads, T, H / heads)."""
    return x.unflatten(-1, (layer.attention.self.num_attention_heads, -1)).transpose(-3, -2)


def projections(layer: nn.Module, states: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Queries, keys and values of a BERT layer."""
    own = layer.attention.self
    return _heads(layer, own.query(states)), _heads(layer, own.key(states)), _heads(layer, own.value(states))


def rest_of(layer: nn.Module, states: torch.Tensor, mixed: torch.Tensor) -> torch.Tensor:
    """The rest of a BERT layer, after its attention."""
    attended = layer.attention.output.dense(mixed.transpose(-3, -2).flatten(-2))
    states = layer.attention.output.LayerNorm(layer.attention.output.dropout(attended) + states)
    inner = nn.functional.gelu(layer.intermediate.dense(states))
    return layer.output.LayerNorm(layer.output.dropout(layer.output.dense(inner)) + states)


def through(layers: Sequence[nn.Module], states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """What layers of an encoder make of `states` (B, T, H); `mask` (B, T) 1.0 on tokens."""
    seen = mask[:, None, None, :] > 0
    for layer in layers:
        query, key, value = projections(layer, states)
        states = rest_of(layer, states, nn.functional.scaled_dot_product_attention(query, key, value, attn_mask=seen))
    return states


def through_each(layers: Sequence[nn.Module], texts: Sequence[torch.Tensor]) -> list[torch.Tensor]:
    """What layers of an encoder make of texts, each (T, H), every one for itself: as `through`, for answering.

    Their tokens go through the matrices in one row after another, unpadded: a short text alone would leave a CPU two thirds idle.
    """
    if not texts:
        return []
    sizes = [len(text) for text in texts]
    states = _filled_up(torch.cat(list(texts)))
    for layer in layers:
        states = rest_of(layer, states, each_alone(projections(layer, states), sizes))
    return list(states[: sum(sizes)].split(sizes))


def _filled_up(states: torch.Tensor) -> torch.Tensor:
    """(T, H) with rows of zeros behind, to a multiple of ROWS, where the CPU wants that; nobody looks at those rows."""
    if states.dtype != torch.bfloat16:
        return states
    return nn.functional.pad(states, (0, 0, 0, -len(states) % ROWS))


def side_by_side(parts: Sequence[torch.Tensor], rows: int) -> torch.Tensor:
    """Attended parts (heads, T, H / heads) one behind the other, with zeros for the rows that only fill up."""
    mixed = torch.cat(parts, -2)
    return nn.functional.pad(mixed, (0, 0, 0, rows - mixed.shape[-2]))


def each_alone(own: Sequence[torch.Tensor], sizes: Sequence[int]) -> torch.Tensor:
    """The attention of texts of these sizes, one behind the other in queries, keys and values (heads, T, H / heads), each to itself."""
    rows, used = own[0].shape[-2], sum(sizes)
    parts = zip(*(each[..., :used, :].split(sizes, -2) for each in own), strict=True)
    return side_by_side([attention(*part) for part in parts], rows)


def attention(query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, seen: torch.Tensor | None = None) -> torch.Tensor:
    """Of one text, (heads, T, H / heads) each; `seen` (T of queries, T of keys)."""
    return nn.functional.scaled_dot_product_attention(query[None], key[None], value[None], attn_mask=seen)[0]


def marks(states: torch.Tensor, ids: torch.Tensor, others: torch.Tensor, other_ids: torch.Tensor) -> torch.Tensor:
    """(T, 2): how well the other texts' tokens match every token (best cosine of their `states` after the lower layers, (T, H)), and whether it stands there."""
    mine, theirs = (nn.functional.normalize(each.float(), dim=-1) for each in (states, others))
    cosine = (mine @ theirs.T).amax(1).float()
    same = torch.isin(ids, other_ids).float()
    return torch.stack([(cosine - COSINE_MIDDLE) * COSINE_SCALE, same * 2 - 1], -1)


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
            query, key, value = projections(layer, states)
            keys.append(key)
            values.append(value)
            if len(keys) < len(self.layers):  # nobody looks at what the last one makes of a passage
                states = rest_of(layer, states, nn.functional.scaled_dot_product_attention(query, key, value, attn_mask=seen))
        return Passages(keys, values, second.states, second.mask, second.ids)

    @torch.inference_mode()
    def read_passages(self, texts: Sequence[torch.Tensor]) -> tuple[list[torch.Tensor], list[torch.Tensor]]:
        """As `passages`, for answering: of each text's states after the lower layers (T, H), its keys and its values in every layer, (layers,
        heads, T, H / heads)."""
        sizes = [len(text) for text in texts]
        used = sum(sizes)
        states = _filled_up(torch.cat(list(texts)) + self.side.weight[1])
        keys, values = [], []
        for layer in self.layers:
            own = projections(layer, states)
            keys.append(own[1][..., :used, :])
            values.append(own[2][..., :used, :])
            if len(keys) < len(self.layers):
                states = rest_of(layer, states, each_alone(own, sizes))
        return list(torch.stack(keys).split(sizes, -2)), list(torch.stack(values).split(sizes, -2))

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
            query, *own = projections(layer, states)
            key, value = (
                torch.cat([mine, _of_rows(theirs, index).transpose(1, 2).flatten(2, 3)], 2) for mine, theirs in zip(own, (keys, values), strict=True)
            )
            mixed = nn.functional.scaled_dot_product_attention(query, key, value, attn_mask=seen)
            states = rest_of(layer, states, mixed)
        inner = first.mask.unsqueeze(-1).to(states.dtype)
        pooled = torch.cat([states[:, 0], (states * inner).sum(1) / inner.sum(1)], -1)
        return {
            "support": self.support(pooled),
            "answers": self.answers(pooled).squeeze(-1),
            "told": self.told(pooled).squeeze(-1),
            "wrong": self.wrong(states).squeeze(-1),
        }


def save(file: Path, reader: nn.Module) -> None:
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
    reader = JointReader(base)
    reader.load_state_dict(stored(file))
    return reader.eval()


def stored(file: Path) -> dict[str, torch.Tensor]:
    """The weights of a file that `save` wrote, in fp32.

    Raises:
        FileNotFoundError: there is no such file.
    """
    from safetensors.torch import load_file

    kept = load_file(file)
    return {
        name: value.float() * kept[f"{name}.scale"][:, None] if value.dtype == torch.int8 else value.float()
        for name, value in kept.items()
        if not name.endswith(".scale")
    }


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
        self._kept: Kept[list[_Read]] = Kept(KEPT_TOKENS, lambda of_text: sum(len(part.ids) for part in of_text))

    def upper_layers(self) -> nn.ModuleList:
        """Fresh layers of the kind that go on from the lower ones."""
        return nn.ModuleList(copy.deepcopy(layer) for layer in self._reader.layers)

    @property
    def hidden(self) -> int:
        """Numbers of a token's state."""
        return self._reader.side.embedding_dim

    def lower_states(self, questions: Sequence[str]) -> list[torch.Tensor]:
        """Questions after the lower layers, (T, H) each."""
        from rag.reranking import read_question

        rows = [read_question(self._tokenizer, question).ids for question in questions]
        return self._lower_states(rows, [None] * len(rows))

    def prepare(self, texts: Sequence[str]) -> None:
        """Read passages that later questions may need."""
        self._passages(list(dict.fromkeys(texts)))

    def read(
        self, asked: Sequence[tuple[str, Sequence[str], str]], encoded: Mapping[str, torch.Tensor] | None = None
    ) -> list[dict[str, np.ndarray]]:
        """The logits of every head for each (first text, passages, task); of more than SET stretches those are read that share most with it.

        `answers` is asked of a reply, which is read as a first text is.

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
        rows = [
            _Row(ids[first], states[first], _nearest(ids[first], [part for text in texts for part in known[text]]), TASKS.index(task))
            for first, texts, task in asked
        ]
        made: list[dict[str, np.ndarray]] = [{} for _ in rows]
        for group in packs([len(row.ids) for row in rows]):
            for i, logits in zip(group, self._logits([rows[i] for i in group]), strict=True):
                made[i] = {name: value.float().numpy() for name, value in logits.items()}
        return made

    @torch.inference_mode()
    def _logits(self, rows: Sequence[_Row]) -> list[dict[str, torch.Tensor]]:
        """What `JointReader.forward` makes of each row, without padding.

        Rows that look at the same passages share one attention, in which each sees its own tokens and the passages'.
        """
        reader = self._reader
        together: dict[tuple[int, ...], list[_Row]] = {}
        for row in rows:
            together.setdefault(tuple(map(id, row.parts)), []).append(row)
        dtype = reader.match.weight.dtype
        once = {id(part): part for row in rows for part in row.parts}
        seen = {key: (part.keys.to(dtype), part.values.to(dtype)) for key, part in once.items()}
        groups = [_Group(of_set, seen) for of_set in together.values()]
        ordered = [row for group in groups for row in group.rows]
        mark = torch.cat([group.mark() for group in groups])
        states = torch.cat([row.states for row in ordered])
        task = torch.cat([torch.full((len(row.ids),), row.task) for row in ordered])
        states = _filled_up(states + reader.side.weight[0] + reader.task(task))
        states = states + reader.match(_filled_up(mark.to(states.dtype)))
        sizes = [len(group.owner) for group in groups]
        used = sum(sizes)
        for number, layer in enumerate(reader.layers):
            parts = zip(groups, *(each[..., :used, :].split(sizes, -2) for each in projections(layer, states)), strict=True)
            states = rest_of(layer, states, side_by_side([group.attend(number, *own) for group, *own in parts], len(states)))
        lengths = [len(row.ids) for row in ordered]
        words, wrong = states[:used].split(lengths), reader.wrong(states)[:used].squeeze(-1).split(lengths)
        pooled = _filled_up(torch.stack([torch.cat([each[0], each.mean(0)]) for each in words]))
        support, answers, told = reader.support(pooled), reader.answers(pooled).squeeze(-1), reader.told(pooled).squeeze(-1)
        made = {
            id(row): {"support": support[n], "answers": answers[n], "told": told[n], "wrong": wrong[n]}
            for n, row in enumerate(ordered)
        }
        return [made[id(row)] for row in rows]

    @torch.inference_mode()
    def _lower_states(self, rows: Sequence[Sequence[int]], encoded: Sequence[torch.Tensor | None]) -> list[torch.Tensor]:
        """Each row after the lower layers, (T, H): what is `encoded` already, if it is of as many tokens, or encoded now."""
        made = [each if each is not None and len(each) == len(row) else None for row, each in zip(rows, encoded, strict=True)]
        new = [i for i, each in enumerate(made) if each is None]
        for group in packs([len(rows[i]) for i in new]):
            mine = [new[n] for n in group]
            # Copied: a slice would keep the whole pass alive.
            for i, states in zip(mine, through_each(self._lower, embedded(self._embeddings, [rows[i] for i in mine])), strict=True):
                made[i] = states.clone()
        return made

    def _passages(
        self, texts: Sequence[str], replies: Collection[str] = (), encoded: Mapping[str, torch.Tensor] | None = None
    ) -> dict[str, list[_Read]]:
        """The stretches of every text, from what is kept or read now."""
        from rag.reranking import read_passage, read_question  # training goes without the rest of the product

        key = lambda text: f"{'reply' if text in replies else 'passage'} {text}"
        kept = self._kept.known(map(key, texts))
        known = {text: kept[key(text)] for text in texts if key(text) in kept}
        new = {
            text: [read_question(self._tokenizer, text, REPLY).ids] if text in replies else [part.ids for part in read_passage(self._tokenizer, text)]
            for text in texts
            if text not in known
        }
        parts = [(text, ids) for text, of_text in new.items() for ids in of_text]
        # Encoded are first texts and replies: the same words as a passage have another prefix.
        lower = self._lower_states([ids for _, ids in parts], [(encoded or {}).get(text) if text in replies else None for text, _ in parts])
        made: dict[int, _Read] = {}
        for group in packs([len(ids) for _, ids in parts]):
            keys, values = self._reader.read_passages([lower[i] for i in group])
            for i, key_of, value_of in zip(group, keys, values, strict=True):
                made[i] = _Read(parts[i][1], *(_to_keep(each) for each in (lower[i], key_of, value_of)))
        found: dict[str, list[_Read]] = {text: [] for text in new}
        for i, (text, _) in enumerate(parts):
            found[text].append(made[i])
        self._kept.keep({key(text): of_text for text, of_text in found.items()})
        return known | found


@dataclass(frozen=True, slots=True)
class _Read:
    """A stretch of a passage: its ids, its states after the lower layers (T, H), and its keys and values, (layers, heads, T, H / heads)."""

    ids: list[int]
    states: torch.Tensor
    keys: torch.Tensor
    values: torch.Tensor


@dataclass(frozen=True, slots=True)
class _Row:
    """A first text: its ids, its states after the lower layers (T, H), what it is read with, and its place in TASKS."""

    ids: list[int]
    states: torch.Tensor
    parts: list[_Read]
    task: int


class _Group:
    """Rows that look at the same passages.

    Args:
        seen: by the id of a part, its keys and values in the reader's numbers.
    """

    def __init__(self, rows: Sequence[_Row], seen: Mapping[int, tuple[torch.Tensor, torch.Tensor]]) -> None:
        self.rows, self._parts = rows, rows[0].parts
        self._of_parts = [seen[id(part)] for part in self._parts]
        self.owner = torch.repeat_interleave(torch.arange(len(rows)), torch.tensor([len(row.ids) for row in rows]))
        size = sum(len(part.ids) for part in self._parts)
        alone = self.owner[:, None] == self.owner[None]
        self._seen = torch.cat([alone, torch.ones(len(self.owner), size, dtype=torch.bool)], 1) if len(rows) > 1 else None

    def mark(self) -> torch.Tensor:
        """(T, 2): how well the passages match every token, and whether it stands there."""
        mine, theirs = torch.cat([row.states for row in self.rows]), torch.cat([part.states for part in self._parts])
        there = torch.tensor([i for part in self._parts for i in part.ids])
        return marks(mine, torch.tensor([i for row in self.rows for i in row.ids]), theirs, there)

    def attend(self, layer: int, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor) -> torch.Tensor:
        """What their tokens, (heads, T, H / heads) each, make of themselves and of the passages at a layer."""
        keys = torch.cat([key, *(keys[layer] for keys, _ in self._of_parts)], 1)
        values = torch.cat([value, *(values[layer] for _, values in self._of_parts)], 1)
        return attention(query, keys, values, self._seen)


def _to_keep(states: torch.Tensor) -> torch.Tensor:
    """A copy in 16 bits (a slice would keep the whole pass alive): bfloat16 stays, since to turn it into half and back takes longer than reading."""
    kept = torch.bfloat16 if states.dtype == torch.bfloat16 else torch.float16
    return states.to(kept, copy=True, memory_format=torch.contiguous_format)


def _nearest(first: Sequence[int], parts: Sequence[_Read]) -> list[_Read]:
    """At most SET of the stretches: those with the most tokens of the first text."""
    wanted = set(first)
    return sorted(parts, key=lambda part: -len(wanted.intersection(part.ids)))[:SET] if len(parts) > SET else list(parts)


def embedded(embeddings: nn.Module, rows: Sequence[Sequence[int]]) -> list[torch.Tensor]:
    """The embeddings of token ids, each (T, H), their positions counted from each one's start."""
    ids = torch.tensor([i for row in rows for i in row])
    places = torch.cat([torch.arange(len(row)) for row in rows])
    return list(embeddings(input_ids=ids[None], position_ids=places[None])[0].split([len(row) for row in rows]))


def packs(length: Sequence[int]) -> list[list[int]]:
    """Texts, by their number of tokens, in groups that make one pass: PASS tokens, or a single longer text."""
    groups: list[list[int]] = []
    room = 0
    for i, size in enumerate(length):
        if size > room or not groups:
            groups.append([])
            room = PASS
        groups[-1].append(i)
        room -= size
    return groups
