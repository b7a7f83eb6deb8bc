"""The Llama that reads claims, or questions, behind passages: packed training, kept passages and merged weights all say the same."""

import random

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from transformers import AutoModel

from judge.training.llama_rows import HELD_PASSAGES, written_claims
from rag import llama_reader as llama
from rag.llama_reader import (
    CLAIM,
    CLAIM_FRAME,
    LAYERS,
    QUESTION_FRAME,
    SAID,
    LlamaReader,
    Network,
    behind_ids,
    passage_ids,
)
from rag.training.llama_reader import Data, loss_of, read, row_of, train
from rag.training.llama_rows import HELD_NEAR, HELD_RIGHT, Packs, line_rows
from rag.training.written_claims import claims
from rag.training.written_resumes import rows as resumes

PASSAGES = ["Data engineer, Pelikaan\n2019 - 2022\n- Ran Kafka", "Nurse at Oakley\n- Led six people in two wards"]
CLAIMS = ["She ran Kafka.", "She ran Flink at Pelikaan.", "Six people were led."]


class Words:
    """A tokenizer of one token a word: all that is asked of one here."""

    def __call__(self, text, add_special_tokens=False, return_offsets_mapping=False):
        spans, at = [], 0
        for word in text.split():
            start = text.index(word, at)
            at = start + len(word)
            # As the real one: the blank before a word is part of it.
            spans.append((start - (start > 0 and text[start - 1] == " "), at))
        return {"input_ids": [sum(map(ord, text[a:b].strip())) % 97 for a, b in spans], "offset_mapping": spans}


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """A folder with a tiny Llama of random weights."""
    from transformers import LlamaConfig, LlamaModel

    torch.manual_seed(3)
    config = LlamaConfig(
        vocab_size=97, hidden_size=24, intermediate_size=40, num_hidden_layers=LAYERS + 2, num_attention_heads=3, num_key_value_heads=1, head_dim=8, max_position_embeddings=512
    )
    folder = tmp_path_factory.mktemp("llama")
    LlamaModel(config).save_pretrained(folder)
    return folder


@pytest.fixture
def network(base):
    """A network whose additions are not nothing."""
    torch.manual_seed(5)
    made = Network(AutoModel.from_pretrained(base), 2)
    for name, p in made.named_parameters():
        if name.endswith("_b"):
            p.data.normal_(0, 0.3)
    return made


@pytest.fixture
def rows(tmp_path):
    """A file of rows: two passages, three claims to train on and three kept."""
    packs = Packs(Words(), CLAIM_FRAME)
    packs.add(PASSAGES[0], CLAIMS[0], "supported", "written_en", -1, ())
    packs.add(PASSAGES[0], CLAIMS[1], "contradicted", "written_en", -1, [(8, 13)])
    packs.add(PASSAGES[1], CLAIMS[2], "unsupported", "others", -1, None)
    for claim, label in enumerate(("supported", "contradicted", "not_found")):
        for passage in PASSAGES:
            packs.add(passage, CLAIMS[claim], label, "written_en", claim)
    packs.save(tmp_path / "rows.npz")
    return tmp_path / "rows.npz"


def test_layers_are_those_of_the_llama(base):
    network, plain = Network(AutoModel.from_pretrained(base)), AutoModel.from_pretrained(base)
    ids = torch.arange(9)
    expected = plain(ids[None], output_hidden_states=True).hidden_states[LAYERS][0]
    x = network.embed(ids)
    cos, sin = network.positions(torch.arange(9), x.dtype)
    for layer in network.layers:
        q, k, v = (each.transpose(0, 1) for each in layer.before(x, cos, sin))
        x = layer.after(x, torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=True).transpose(0, 1).flatten(1))
    assert torch.allclose(x, expected, atol=1e-4)


def test_a_pack_says_of_every_claim_what_it_says_of_one_alone(network, rows):
    data = Data.read(rows)
    packs = data.packs(np.arange(3), np.random.default_rng(0))
    together = row_of(data, packs)
    alone = [row_of(data, [(int(data.of[i, 0]), np.array([i]))]) for i in range(3)]
    logits, wrong = read(network, together)
    for n, i in enumerate(together.claims):
        one, marks = read(network, alone[i])
        assert torch.allclose(logits[n], one[0], atol=1e-4)
        size, end = len(data.claims[i]), int(together.last[n])
        own = int(alone[i].last[0])
        assert torch.allclose(wrong[end - size + 1 : end + 1], marks[own - size + 1 : own + 1], atol=1e-4)


def test_packs_hold_every_claim_once_with_its_passage(rows):
    data = Data.read(rows)
    found = [(passage, int(i)) for passage, claims in data.packs(np.arange(9), np.random.default_rng(1)) for i in claims]
    assert sorted(found) == sorted((int(data.of[i, 0]), i) for i in range(9))


def test_words_that_are_not_true_are_marked_and_what_is_unknown_is_not_asked(rows):
    data = Data.read(rows)
    lead = len(Words()(CLAIM_FRAME.before)["input_ids"])
    assert data.wrong[1][lead : lead + 5].tolist() == [0, 0, 1, 0, 0] and set(data.wrong[2].tolist()) == {-1}


def test_of_what_is_only_unsupported_either_of_the_others_will_do(network, rows):
    data = Data.read(rows)
    row = row_of(data, [(int(data.of[2, 0]), np.array([2]))])
    losses = [float(loss_of(data, row, torch.tensor([logits]), torch.zeros(len(row.wrong)))) for logits in ([0.0, 5.0, 0.0], [0.0, 0.0, 5.0], [5.0, 0.0, 0.0])]
    assert losses[0] == pytest.approx(losses[1], abs=1e-4) and losses[2] > losses[0] + 2


def test_the_reader_says_what_the_network_says(network, base, tmp_path, rows, monkeypatch):
    monkeypatch.setattr("transformers.AutoTokenizer.from_pretrained", lambda *_: Words())
    file = tmp_path / "llama.safetensors"
    save_file({name: p.detach().contiguous() for name, p in network.named_parameters() if p.requires_grad}, file)
    monkeypatch.setattr(llama, "RANK", 2)
    reader = LlamaReader(base, file, torch.float32, CLAIM_FRAME)
    data = Data.read(rows)
    logits, wrong = read(network, row_of(data, [(0, np.array([0, 1]))]))
    row = row_of(data, [(0, np.array([0, 1]))])
    said = reader.read([(CLAIMS[0], PASSAGES[0]), (CLAIMS[1], PASSAGES[0])])
    p = logits.softmax(-1).detach().numpy()
    assert np.allclose(said[:, :3], np.log(p / (1 - p)), atol=1e-3)
    lead = len(Words()(CLAIM_FRAME.before)["input_ids"])
    own = wrong[int(row.last[1]) - len(data.claims[1]) + 1 :][lead : lead + 5]
    assert said[1, 3] == pytest.approx(own.max().item(), abs=1e-3)
    again = reader.read([(CLAIMS[1], PASSAGES[0])])
    assert np.allclose(again, said[1:], atol=1e-4) and reader.read([]).shape == (0, SAID)


def test_what_stands_below_a_line_is_not_seen(network, base, tmp_path, monkeypatch):
    monkeypatch.setattr("transformers.AutoTokenizer.from_pretrained", lambda *_: Words())
    monkeypatch.setattr(llama, "RANK", 2)
    file = tmp_path / "llama.safetensors"
    save_file({name: p.detach().contiguous() for name, p in network.named_parameters() if p.requires_grad}, file)
    reader = LlamaReader(base, file, torch.float32, QUESTION_FRAME)
    text, ends = PASSAGES[0], [PASSAGES[0].index("\n"), len(PASSAGES[0]), PASSAGES[0].index("\n-")]
    said = reader.read([("Kafka?", text)] * 3, ends)
    assert np.allclose(said, reader.read([("Kafka?", text[:end]) for end in ends]), atol=1e-3)
    assert len(reader._kept.known([text])) == 1 and not np.allclose(said[0], said[1], atol=1e-2)

    packs = Packs(Words(), QUESTION_FRAME)  # so it is when it learns
    for end in ends:
        packs.add(text, "Kafka?", "supported", "line_en", end=end)
    for end in ends:
        packs.add(text[:end], "Kafka?", "supported", "line_en")
    packs.save(tmp_path / "rows.npz")
    data = Data.read(tmp_path / "rows.npz")
    row = row_of(data, [(0, np.arange(3))])
    logits, _ = read(network, row)
    for n, i in enumerate(row.claims):
        alone, _ = read(network, row_of(data, [(int(data.of[3 + i, 0]), np.array([3 + i]))]))
        assert torch.allclose(logits[n], alone[0], atol=1e-4)


def test_two_readers_hold_what_neither_has_trained_once(network, base, tmp_path, monkeypatch):
    monkeypatch.setattr("transformers.AutoTokenizer.from_pretrained", lambda *_: Words())
    monkeypatch.setattr(llama, "RANK", 2)
    trained = {name: p.detach().contiguous() for name, p in network.named_parameters() if p.requires_grad}
    save_file(trained, tmp_path / "one.safetensors")
    save_file({name: p + 0.1 for name, p in trained.items()}, tmp_path / "other.safetensors")
    cell = [(CLAIMS[0], PASSAGES[0])]
    alone = LlamaReader(base, tmp_path / "one.safetensors", torch.float32, CLAIM_FRAME).read(cell)
    other = LlamaReader(base, tmp_path / "other.safetensors", torch.float32, CLAIM_FRAME)
    one = LlamaReader(base, tmp_path / "one.safetensors", torch.float32, CLAIM_FRAME)
    ours, theirs = ({p.data_ptr() for p in reader._network.buffers()} for reader in (one, other))
    assert one._network.embed is other._network.embed and len(ours & theirs) >= 6 * llama.UNTOUCHED and ours - theirs
    assert np.array_equal(one.read(cell), alone) and not np.allclose(other.read(cell), alone, atol=1e-2)


def test_read_passages_are_kept_and_the_oldest_go(network, base, tmp_path, monkeypatch):
    monkeypatch.setattr("transformers.AutoTokenizer.from_pretrained", lambda *_: Words())
    monkeypatch.setattr(llama, "RANK", 2)
    monkeypatch.setattr(llama, "KEPT_TOKENS", 12)
    file = tmp_path / "llama.safetensors"
    save_file({name: p.detach().contiguous() for name, p in network.named_parameters() if p.requires_grad}, file)
    reader = LlamaReader(base, file, torch.float32, CLAIM_FRAME)
    reader.prepare(PASSAGES)
    assert list(reader._kept) == PASSAGES[1:]
    before = reader.read([(CLAIMS[0], PASSAGES[0])])
    reader.prepare(PASSAGES)
    assert np.allclose(before, reader.read([(CLAIMS[0], PASSAGES[0])]), atol=1e-3)


def test_weights_that_lack_something_are_refused(network, base, tmp_path, monkeypatch):
    monkeypatch.setattr("transformers.AutoTokenizer.from_pretrained", lambda *_: Words())
    file = tmp_path / "llama.safetensors"
    save_file({"final": torch.ones(24)}, file)
    with pytest.raises(KeyError, match="llama.safetensors has no"):
        LlamaReader(base, file, torch.float32, CLAIM_FRAME)


def test_long_texts_are_cut_and_an_empty_passage_is_one_token():
    ids, places = behind_ids(Words(), "word " * 300, CLAIM_FRAME)
    assert sum(place is not None for place in places) == CLAIM and places[-1] is None and len(ids) == len(places)
    assert [len(each) for each in passage_ids(Words(), "")] == [1, 1]
    assert [len(each) for each in passage_ids(Words(), "a " * 2000)] == [llama.PASSAGE] * 2


def test_training_learns_goes_on_and_writes_what_the_reader_loads(base, tmp_path, rows, monkeypatch):
    monkeypatch.setattr("rag.training.llama_reader.RANK", 2)
    out, checkpoint = tmp_path / "out.safetensors", tmp_path / "reader.pt"
    monkeypatch.setattr("rag.training.llama_reader.ROW", 64)
    state = lambda: torch.load(checkpoint, weights_only=True)["state"]
    train(rows, out, base, 0.03, rate=5e-3, seed=1, checkpoint=checkpoint, compiled=False)
    first = state()["step"]
    monkeypatch.setattr("transformers.AutoTokenizer.from_pretrained", lambda *_: Words())
    monkeypatch.setattr(llama, "RANK", 2)
    for _ in range(8):  # by the clock: a busy machine takes longer
        train(rows, out, base, state()["spent"] / 60 + 0.05, rate=5e-3, seed=1, checkpoint=checkpoint, compiled=False)
        said = LlamaReader(base, out, torch.float32, CLAIM_FRAME).read([(CLAIMS[0], PASSAGES[0]), (CLAIMS[1], PASSAGES[0])])
        if said[0, 0] > said[1, 0] + 1:
            break
    assert state()["step"] > first > 0
    assert said[0, 0] > said[1, 0]  # it has learnt which of the two is so


def test_rows_of_a_written_resume_say_what_a_passage_tells():
    row = next(row for row in resumes("en") if row["name"] in claims())
    packs = Packs(Words(), CLAIM_FRAME)
    assert written_claims(packs, random.Random(1), row) == 0
    labels = [label for _, label, _, held, _ in packs.of if held == -1]
    assert len(labels) == len(packs.of) and {0, 1, 2} == set(labels)
    marked = {label for (_, label, *_), wrong in zip(packs.of, packs.wrong, strict=True) if 1 in wrong}
    assert marked == {1}  # what was changed is known of some, and only of these

    held = Packs(Words(), CLAIM_FRAME)
    count = written_claims(held, random.Random(1), row, 5)
    numbers = [number for *_, number, _ in held.of]
    assert min(numbers) == 5 and count == max(numbers) + 1 and max(numbers.count(n) for n in set(numbers)) <= HELD_PASSAGES


def test_rows_of_a_written_resume_ask_behind_lines_that_answer_and_others():
    from rag.training.written_resumes import swapped

    resume = swapped(random.Random(2), next(row for row in resumes("en")))
    packs = Packs(Words(), QUESTION_FRAME)
    assert line_rows(packs, random.Random(1), resume) == 0
    labels = [label for _, label, *_ in packs.of]
    answered = [ask for ask in resume.asks if ask.answer]
    assert set(labels) == {0, 3} and len(answered) <= labels.count(0) < labels.count(3)
    assert {mark for wrong in packs.wrong for mark in wrong} == {-1}  # a question has no words that are not true
    lead = Words()(QUESTION_FRAME.before)["input_ids"]
    assert all(ids[: len(lead)] == lead for ids in packs.claims)

    held = Packs(Words(), QUESTION_FRAME)
    assert line_rows(held, random.Random(1), resume, 7) == 7 + len(held.of)
    assert [number for *_, number, _ in held.of] == list(range(7, 7 + len(held.of)))
    assert len(held.of) <= (HELD_RIGHT + HELD_NEAR) * len(resume.asks)
