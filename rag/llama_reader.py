"""Layers of the embedded Llama that read a short English text behind a longer one: a claim behind the passage that it is about (the judge), a question
behind a line of a passage and all that stands above that (the reranker). Each has weights of its own, trained apart from the other's: a judge must not grade with what picked the lines.

Causal attention makes that cheap: a passage is read once, its keys and values are kept, and whatever is said or asked of it goes on from there (prefix
caching as in SGLang, Zheng et al. 2024, arXiv:2312.07104).
"""

from __future__ import annotations

import bisect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn

from rag.joint import LABELS, ROWS, packs
from rag.kept import Kept

LAYERS = 20  # of the Llama's thirty: its last ones are about which word comes next
UNTOUCHED = 8  # of these, as they come
RANK, SCALE = 16, 2.0
PASSAGE, CLAIM = 480, 96  # tokens
KEPT_TOKENS, KEPT = 8_192, torch.bfloat16  # of read passages, 126 MB: some 80 of them
SAID = len(LABELS) + 1  # numbers it gives of every text: the log-odds of each label, and of its word that is likeliest untrue


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands before and behind a text that is read behind a passage."""

    before: str
    behind: str


CLAIM_FRAME = Frame("\n\nClaim:", "\nVerdict:")
QUESTION_FRAME = Frame("\n\nQuestion:", "\nAnswered above:")


def passage_ids(tokenizer, text: str) -> tuple[list[int], list[int]]:
    """Token ids of a passage, at most PASSAGE, and the characters they end at."""
    made = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
    if not made["input_ids"]:
        made = tokenizer("-", add_special_tokens=False, return_offsets_mapping=True)
    return made["input_ids"][:PASSAGE], [end for _, end in made["offset_mapping"][:PASSAGE]]


def tokens_until(ends: Sequence[int], end: int) -> int:
    """How many tokens of a passage stand up to the character `end`; at least one."""
    return max(1, bisect.bisect_right(ends, end))


def behind_ids(tokenizer, claim: str, frame: Frame) -> tuple[list[int], list[tuple[int, int] | None]]:
    """Token ids of what stands behind a passage, and of every one the characters of `claim` that it is, None of the frame."""
    lead, end = (tokenizer(text, add_special_tokens=False)["input_ids"] for text in (frame.before, frame.behind))
    made = tokenizer(" " + claim.replace("\n", " "), add_special_tokens=False, return_offsets_mapping=True)
    ids, places = made["input_ids"][:CLAIM], made["offset_mapping"][:CLAIM]
    own = [(max(0, start - 1), stop - 1) for start, stop in places]
    return [*lead, *ids, *end], [*[None] * len(lead), *own, *[None] * len(end)]


def rotated(x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
    """Rotary positions: `x` (T, heads, D), `cos` and `sin` (T, 1, D)."""
    half = x.shape[-1] // 2
    return x * cos + torch.cat([-x[..., half:], x[..., :half]], -1) * sin


def _times(x: torch.Tensor, weight: torch.Tensor, added: Sequence[torch.Tensor]) -> torch.Tensor:
    """`x` through a matrix (out, in), with the low-rank addition `added` (two matrices), if any."""
    made = x @ weight.t()
    if added:
        made = made + (x @ added[0].to(x.dtype).t()) @ (SCALE * added[1]).to(x.dtype).t()
    return made


def _norm(x: torch.Tensor, weight: torch.Tensor, eps: float) -> torch.Tensor:
    floats = x.float()
    return (floats * torch.rsqrt(floats.pow(2).mean(-1, keepdim=True) + eps)).to(x.dtype) * weight


def before_attention(x, cos, sin, norm, qkv, added, heads: tuple[int, int, int], eps: float) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Queries (T, heads, D), keys and values (T, kv heads, D) of states (T, H); `heads`: their number, that of keys, D."""
    made = _times(_norm(x, norm, eps), qkv, added)
    q, k, v = made.unflatten(-1, (-1, heads[2])).split([heads[0], heads[1], heads[1]], 1)
    return rotated(q, cos, sin), rotated(k, cos, sin), v


def after_attention(x, attended, norm, out, gate_up, down, added_out, added_gate_up, added_down, eps: float) -> torch.Tensor:
    """States (T, H) with what was attended to, (T, H), and the rest of the layer."""
    x = x + _times(attended, out, added_out)
    gate, up = _times(_norm(x, norm, eps), gate_up, added_gate_up).chunk(2, -1)
    return x + _times(nn.functional.silu(gate) * up, down, added_down)


class Layer(nn.Module):
    """A Llama layer with its matrices joined: queries, keys and values in one, gate and up in one.

    With a `rank` the matrices get low-rank additions to train (LoRA, Hu et al. 2021, arXiv:2106.09685).
    """

    def __init__(self, layer: nn.Module, heads: tuple[int, int, int], rank: int = 0) -> None:
        super().__init__()
        own, mlp = layer.self_attn, layer.mlp
        self.heads, self.eps, self.rank = heads, layer.input_layernorm.variance_epsilon, rank
        joined = {
            "qkv": torch.cat([own.q_proj.weight, own.k_proj.weight, own.v_proj.weight]), "out": own.o_proj.weight,
            "gate_up": torch.cat([mlp.gate_proj.weight, mlp.up_proj.weight]), "down": mlp.down_proj.weight,
        }  # fmt: skip
        for name, weight in {**joined, "norm1": layer.input_layernorm.weight, "norm2": layer.post_attention_layernorm.weight}.items():
            self.register_buffer(name, weight.detach().clone())
        self.added = nn.ParameterDict()
        for name, weight in joined.items() if rank else ():
            self.added[f"{name}_a"] = nn.Parameter(torch.randn(rank, weight.shape[1]) / weight.shape[1] ** 0.5)
            self.added[f"{name}_b"] = nn.Parameter(torch.zeros(weight.shape[0], rank))

    def _added(self, name: str) -> tuple[torch.Tensor, ...]:
        return (self.added[f"{name}_a"], self.added[f"{name}_b"]) if self.rank else ()

    def merge(self) -> None:
        """What was trained becomes part of the matrices."""
        for name in ("qkv", "out", "gate_up", "down") if self.rank else ():
            down, up = self._added(name)
            getattr(self, name).add_(SCALE * up.detach() @ down.detach())
        self.rank, self.added = 0, nn.ParameterDict()

    def before(self, x, cos, sin, run=before_attention):
        """See `before_attention`; `run` may be it compiled."""
        return run(x, cos, sin, self.norm1, self.qkv, self._added("qkv"), self.heads, self.eps)

    def after(self, x, attended, run=after_attention):
        """See `after_attention`; `run` may be it compiled."""
        return run(x, attended, self.norm2, self.out, self.gate_up, self.down, self._added("out"), self._added("gate_up"), self._added("down"), self.eps)


class Network(nn.Module):
    """Embeddings, LAYERS layers and two heads: of a claim's last token its three labels, of every token whether it is untrue."""

    def __init__(self, llama: nn.Module, rank: int = 0) -> None:
        super().__init__()
        config = llama.config
        width = config.hidden_size // config.num_attention_heads
        self.embed, self.rotary = llama.embed_tokens, llama.rotary_emb
        heads = (config.num_attention_heads, config.num_key_value_heads, width)
        self.layers = nn.ModuleList(Layer(layer, heads, 0 if n < UNTOUCHED else rank) for n, layer in enumerate(llama.layers[:LAYERS]))
        self.support = nn.Linear(config.hidden_size, len(LABELS))
        self.wrong = nn.Linear(config.hidden_size, 1)
        self.final = nn.Parameter(torch.ones(config.hidden_size))
        self.embed.requires_grad_(False)

    def positions(self, at: torch.Tensor, dtype: torch.dtype) -> tuple[torch.Tensor, torch.Tensor]:
        """Cosines and sines (T, 1, D) of places (T,)."""
        cos, sin = self.rotary(torch.zeros(1, 1, dtype=dtype), at[None])
        return cos[0][:, None], sin[0][:, None]

    def merged(self) -> Network:
        """The network for reading alone, changed in place."""
        for layer in self.layers:
            layer.merge()
        return self

    def share(self, own: tuple[nn.Module, ...]) -> None:
        """Read with embeddings and untouched layers that another network has, too; nobody has changed either's."""
        self.embed, layers = own[0], own[1:]
        for n, layer in enumerate(layers):
            self.layers[n] = layer

    def normed(self, x: torch.Tensor) -> torch.Tensor:
        return _norm(x.float(), self.final, self.layers[0].eps)


_untouched: dict[tuple[Path, torch.dtype], tuple[nn.Module, ...]] = {}  # embeddings and layers that all readers on the same weights have in common


@dataclass(frozen=True, slots=True)
class _Passage:
    """A passage that was read: of each layer its keys and values, (layers, kv heads, T, D)."""

    keys: torch.Tensor
    values: torch.Tensor
    ends: list[int]  # the characters its tokens end at


class LlamaReader:
    """Reads English claims, or questions, behind passages.

    Args:
        base: folder of SmolLM2-135M-Instruct.
        weights: what rag/training/llama_reader.py wrote.
        dtype: of the matrices.
        frame: the one that the weights were trained with.

    Raises:
        OSError, ValueError, KeyError, RuntimeError: the weights cannot be read.
    """

    def __init__(self, base: Path, weights: Path, dtype: torch.dtype, frame: Frame) -> None:
        from safetensors.torch import load_file
        from transformers import AutoModel, AutoTokenizer

        from rag.models import quiet_transformers

        with quiet_transformers():
            self._tokenizer = AutoTokenizer.from_pretrained(base)
            network = Network(AutoModel.from_pretrained(base, dtype=torch.float32), RANK)
        trained = load_file(weights)
        network.load_state_dict({name: value.float() for name, value in trained.items()}, strict=False)
        if missing := {name for name, p in network.named_parameters() if p.requires_grad} - set(trained):
            raise KeyError(f"{weights.name} has no {min(missing)}")
        self._network = network.merged().eval()
        for part in (self._network.embed, self._network.layers):  # the heads stay floats
            part.to(dtype)
        self._network.share(_untouched.setdefault((Path(base).resolve(), dtype), (self._network.embed, *self._network.layers[:UNTOUCHED])))
        self._frame = frame
        self._kept: Kept[_Passage] = Kept(KEPT_TOKENS, lambda passage: passage.keys.shape[2])

    def prepare(self, passages: Sequence[str]) -> None:
        """Read passages that claims may be about."""
        self._read(passages)

    def read(self, cells: Sequence[tuple[str, str]], ends: Sequence[int] = ()) -> np.ndarray:
        """Of every (claim, passage) its log-odds, (cells, SAID), within [-8, 8].

        Args:
            ends: for every cell the character up to which it sees its passage; by default it sees all of it.
        """
        if not cells:
            return np.zeros((0, SAID), np.float32)
        passages = self._read([passage for _, passage in cells])
        ids = [behind_ids(self._tokenizer, claim, self._frame) for claim, _ in cells]
        made = np.zeros((len(cells), SAID), np.float32)
        for group in packs([len(tokens) for tokens, _ in ids]):
            group = sorted(group, key=lambda i: cells[i][1])  # claims behind one passage side by side
            own = [passages[cells[i][1]] for i in group]
            seen = [tokens_until(passage.ends, ends[i]) if ends else len(passage.ends) for i, passage in zip(group, own, strict=True)]
            made[group] = self._behind([ids[i] for i in group], own, seen)
        return np.clip(made, -8, 8)

    @torch.inference_mode()
    def _behind(self, claims: Sequence[tuple[list[int], list]], passages: Sequence[_Passage], seen: Sequence[int]) -> np.ndarray:
        sizes = [len(ids) for ids, _ in claims]
        at = torch.cat([start + torch.arange(size) for start, size in zip(seen, sizes, strict=True)])
        behind: list[tuple[_Passage, list[int], list[int]]] = []  # every passage with the sizes of its claims, which stand side by side, and what each sees
        for passage, size, tokens in zip(passages, sizes, seen, strict=True):
            if not behind or behind[-1][0] is not passage:
                behind.append((passage, [], []))
            behind[-1][1].append(size)
            behind[-1][2].append(tokens)
        masks = [_causal(of, tokens, passage.keys.shape[2], self._network.layers[0].qkv.dtype) for passage, of, tokens in behind]

        def attend(n: int, own: Sequence[tuple[torch.Tensor, ...]]) -> list[torch.Tensor]:
            return [
                _attended(q, torch.cat([passage.keys[n].to(k.dtype), k], 1), torch.cat([passage.values[n].to(v.dtype), v], 1), mask)
                for (passage, *_), mask, (q, k, v) in zip(behind, masks, own, strict=True)
            ]

        x = self._network.normed(self._through([i for ids, _ in claims for i in ids], at, [sum(of) for _, of, _ in behind], attend))
        ends = torch.tensor(sizes).cumsum(0) - 1
        logs = self._network.support(x[ends]).log_softmax(-1)
        odds = logs - log_not(logs)
        wrong = self._network.wrong(x)[: sum(sizes), 0].split(sizes)
        doubt = [max([value for value, at in zip(of, places, strict=True) if at], default=-8.0) for of, (_, places) in zip((each.tolist() for each in wrong), claims, strict=True)]
        return np.column_stack([odds.numpy(), doubt])

    @torch.inference_mode()
    def _read(self, texts: Sequence[str]) -> dict[str, _Passage]:
        known = self._kept.known(texts)
        new = [text for text in dict.fromkeys(texts) if text not in known]
        read = [passage_ids(self._tokenizer, text) for text in new]
        ids = [tokens for tokens, _ in read]
        made: dict[str, _Passage] = {}
        for group in packs([len(tokens) for tokens in ids]):
            sizes = [len(ids[i]) for i in group]
            kept: list[list[tuple[torch.Tensor, torch.Tensor]]] = [[] for _ in group]

            def attend(n: int, own: Sequence[tuple[torch.Tensor, ...]], kept=kept) -> list[torch.Tensor]:
                for of, (_, k, v) in zip(kept, own, strict=True):
                    of.append((k, v))
                return [_attended(q, k, v, None) for q, k, v in own]

            self._through([t for i in group for t in ids[i]], torch.cat([torch.arange(size) for size in sizes]), sizes, attend, last=False)
            for i, of in zip(group, kept, strict=True):
                # Copied: a slice would keep the whole pass alive.
                made[new[i]] = _Passage(*(torch.stack([each[which] for each in of]).to(KEPT) for which in (0, 1)), read[i][1])
        self._kept.keep(made)
        return known | made

    def _through(self, ids: Sequence[int], at: torch.Tensor, sizes: Sequence[int], attend: Callable, last: bool = True) -> torch.Tensor:
        """States (T, H) after all layers of texts that stand one after the other; `attend` is given, layer by layer, the queries, keys and values of
        each, (heads, T, D). Without `last` the last layer goes no further than that."""
        filled = -len(ids) % ROWS
        x = self._network.embed(torch.tensor([*ids, *[0] * filled]))
        cos, sin = self._network.positions(nn.functional.pad(at, (0, filled)), x.dtype)
        parts = [*sizes, filled]
        for n, layer in enumerate(self._network.layers):
            own = [each.transpose(0, 1).split(parts, 1)[:-1] for each in layer.before(x, cos, sin)]
            mixed = [each.transpose(0, 1).flatten(1) for each in attend(n, list(zip(*own, strict=True)))]
            if n + 1 < len(self._network.layers) or last:
                x = layer.after(x, torch.cat([*mixed, mixed[0].new_zeros(filled, mixed[0].shape[1])]))
        return x


def _attended(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, mask: torch.Tensor | None) -> torch.Tensor:
    """(heads, T, D); without a mask every token sees those up to it. Without a batch of one, and with a mask of booleans, torch takes six times as long."""
    return nn.functional.scaled_dot_product_attention(q[None], k[None], v[None], attn_mask=mask, is_causal=mask is None, enable_gqa=True)[0]


def _causal(sizes: Sequence[int], seen: Sequence[int], behind: int, dtype: torch.dtype) -> torch.Tensor:
    """(T, behind + T), of the tokens of claims of these `sizes`: each sees the first `seen` tokens of the passage, and those before it in its own claim."""
    owner = torch.repeat_interleave(torch.arange(len(sizes)), torch.tensor(sizes))
    own = (owner[:, None] == owner[None, :]) & torch.ones(len(owner), len(owner), dtype=torch.bool).tril()
    above = torch.arange(behind)[None, :] < torch.tensor(seen)[owner][:, None]
    shown = torch.cat([above, own], 1)
    return torch.zeros(shown.shape, dtype=dtype).masked_fill_(~shown, -1e9)


def log_not(logs: torch.Tensor) -> torch.Tensor:
    """log(1 - p) of log(p)."""
    return torch.log(-torch.expm1(logs).clamp(max=-1e-6))
