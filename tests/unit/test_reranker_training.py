"""The reranker's training: which lines a question is told by, several groups a step are as each alone, a run goes on where it stopped."""

import gzip
import json
import random

import pytest
import torch
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from rag.reranking import read_passage, read_question
from rag.training.reranker import Ask, Group, begin, build, encode, held_out, logits_of, read_groups, save, train
from rag.training.reranker_rows import row

WORDS = [f"w{i}" for i in range(60)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A tiny encoder with a tokenizer of whole words."""
    from tokenizers import Tokenizer, models, pre_tokenizers

    made = tmp_path_factory.mktemp("encoder")
    vocabulary = {word: i for i, word in enumerate(["<s>", "<pad>", "</s>", "<unk>", "query", "passage", ":", "¶", *WORDS])}
    plain = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    plain.pre_tokenizer = pre_tokenizers.Whitespace()
    names = {"cls_token": "<s>", "bos_token": "<s>", "pad_token": "<pad>", "sep_token": "</s>", "eos_token": "</s>", "unk_token": "<unk>"}
    PreTrainedTokenizerFast(tokenizer_object=plain, **names).save_pretrained(made)
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(vocabulary), hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=48, pad_token_id=1,
        max_position_embeddings=128,
    )  # fmt: skip
    BertModel(config, add_pooling_layer=False).save_pretrained(made)
    return made


@pytest.fixture(scope="module")
def built(folder):
    return build(folder, torch.device("cpu"))


TEXTS = ("w1 w2\nw3 w4 w5", "w6 w7\nw8")
LINE = {0: ((6, 14),)}  # "w3 w4 w5"


def test_lines_of_an_answer_are_right_and_those_of_unsure_passages_unknown(built):
    _, tokenizer = built
    asks = (Ask("w3", LINE, frozenset({1})), Ask("w9", {}, frozenset()), Ask("w1 w2", {0: ((400, 410),)}, frozenset()))
    batch = encode(tokenizer, Group(TEXTS, asks))
    assert batch.labels.tolist() == [[[0, 1], [-1, -1]], [[0, 0], [0, 0]]]  # the third one's answer was cut away
    assert encode(tokenizer, Group(TEXTS, asks[2:])) is None


def test_groups_read_together_have_the_logits_of_each_alone(built):
    network, tokenizer = built
    network.eval()
    groups = [Group(TEXTS, (Ask("w3 w8", LINE, frozenset()),)), Group(("w11 w12 w13 w14 w15 w16",), (Ask("w12", {}, frozenset()), Ask("w1 w2 w3", {}, frozenset())))]
    batches = [encode(tokenizer, group) for group in groups]
    with torch.no_grad():
        together = logits_of(network, batches, torch.device("cpu"))
        for group, batch, logits in zip(groups, batches, together, strict=True):
            (alone,) = logits_of(network, [batch], torch.device("cpu"))
            questions = [read_question(tokenizer, ask.question) for ask in group.asks]
            plain = network(questions, [part for text in group.passages for part in read_passage(tokenizer, text)], tokenizer.pad_token_id)
            assert logits.shape == plain.shape
            assert torch.allclose(logits, alone, atol=1e-5) and torch.allclose(logits, plain, atol=1e-5)


def drawn(chance: random.Random, held: str = "") -> dict:
    """Three lines in two passages; half of the questions are told: by the line that has all their words."""
    lines = [chance.sample(WORDS, 4) for _ in range(3)]
    texts = (" ".join(lines[0]) + "\n" + " ".join(lines[1]), " ".join(lines[2]))
    asks = []
    for i, line in enumerate(lines):
        place, start = (0, (0, len(" ".join(lines[0])) + 1)[i]) if i < 2 else (1, 0)
        asks.append(Ask(" ".join(line[:2]), {place: ((start, start + len(" ".join(line))),)}, frozenset()))
        asks.append(Ask(" ".join(chance.sample([word for word in WORDS if not any(word in each for each in lines)], 2)), {}, frozenset()))
    return row(Group(texts, tuple(asks)), held)


def test_it_learns_which_line_tells_and_goes_on_where_it_stopped(folder, tmp_path, caplog):
    caplog.set_level("INFO")
    chance = random.Random(0)
    rows = [drawn(chance, language) for language in ("en", "ko") for _ in range(6)] + [drawn(chance) for _ in range(60)]
    file = tmp_path / "groups.jsonl.gz"
    with gzip.open(file, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(each) + "\n" for each in rows)
    kept = read_groups(file)
    assert {language: len(some) for language, some in kept.items()} == {"en": 6, "ko": 6, "": 60}
    assert [row(group) for group in kept[""]] == [json.loads(json.dumps(each)) | {"passages": tuple(each["passages"])} for each in rows[12:]]

    arguments = {"encoder": folder, "size": 4, "rate": 3e-3, "every": 2.0, "checkpoint": tmp_path / "state.pt"}
    for minutes in (0.12, 0.4, 1.2):  # a busy machine takes fewer steps in the same time
        train(file, tmp_path / "out", minutes=minutes, **arguments)
        about = json.loads((tmp_path / "out" / "training.json").read_text())
        learnt = all(each["auc"] > 0.9 and each["best_line_right"] > 0.9 for each in about["held_out"].values())
        if learnt:
            break
    assert learnt
    before = torch.load(tmp_path / "state.pt", weights_only=True)["state"]["step"]
    train(file, tmp_path / "out", minutes=minutes + 0.02, **arguments)
    assert f"going on from step {before}" in caplog.text

    # What was kept is what was measured, and can be begun from.
    network, tokenizer = build(folder, torch.device("cpu"))
    begin(network, tmp_path / "out")
    batches = {language: [encode(tokenizer, group) for group in kept[language]] for language in ("en", "ko")}
    scores = held_out(network, batches, torch.device("cpu"))
    told = json.loads((tmp_path / "out" / "training.json").read_text())["held_out"]
    for language, each in scores.items():  # losses are rounded to three places, and sums on two cores differ in the last digits
        assert each == pytest.approx(told[language], abs=0.0021)
    assert set(scores) == set(told)
    save(network, tmp_path / "again")
    assert (tmp_path / "again" / "head.safetensors").read_bytes() == (tmp_path / "out" / "head.safetensors").read_bytes()
