"""The generator's training: sequences side by side have the loss of each alone, only answers are learned, a run goes on where it stopped."""

import json

import numpy as np
import pytest
import torch

from rag.training.tune import (
    ANSWERABLE,
    HELD_OUT,
    TRAINED,
    UNANSWERABLE,
    Sequences,
    evaluate,
    in_order,
    losses,
    steps,
    train,
)

PROMPTS = [([5, 6, 7, 8], [9, 10, 2]), ([11, 12], [13, 2]), ([14, 15, 16, 17, 18, 19], [20, 21, 22, 2])]


def tiny_llama():
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=97, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2
    )
    return LlamaForCausalLM(config).eval()


class Plain:
    """A model as peft wraps it."""

    def __init__(self, model):
        self.model = model

    def get_base_model(self):
        return self.model

    def eval(self):
        self.model.eval()

    def train(self):
        self.model.train()


def sequences(held=(TRAINED,) * 3):
    rows = [[*prompt, *answer] for prompt, answer in PROMPTS]
    return Sequences(
        np.concatenate([np.array(row, np.uint16) for row in rows]), np.cumsum([len(row) for row in rows]),
        np.array([len(prompt) for prompt, _ in PROMPTS]), np.array(["quoted", "quoted", "refusal"]), np.array(held, np.int8),
    )  # fmt: skip


def test_sequences_side_by_side_have_the_loss_of_each_alone():
    model = tiny_llama()
    each, owner, place = losses(Plain(model), sequences(), np.arange(3), torch.device("cpu"))
    for number, (prompt, answer) in enumerate(PROMPTS):
        logits = model(torch.tensor([[*prompt, *answer]])).logits[0, len(prompt) - 1 : -1]
        apart = torch.nn.functional.cross_entropy(logits, torch.tensor(answer), reduction="none")
        assert torch.allclose(each[owner == number], apart, atol=1e-4)
        assert place[owner == number].tolist() == list(range(len(answer)))


def test_every_trained_sequence_comes_once_an_epoch_within_the_tokens_of_a_step():
    data = sequences()
    parts = in_order(data, np.arange(3), 12)
    assert sorted(i for part in parts for i in part) == [0, 1, 2]
    assert all(len(part) * max(len(data.row(i)) for i in part) <= 12 for part in parts if len(part) > 1)
    stream = steps(data, np.array([0, 2]), 12, 0)
    assert sorted(int(i) for _ in range(2) for i in next(stream)) == [0, 2]


def test_refusals_are_ranked_over_the_held_out_questions():
    data = sequences((HELD_OUT, ANSWERABLE, UNANSWERABLE))
    scores = evaluate(Plain(tiny_llama()), data, torch.device("cpu"), 64)
    assert scores["quoted"] > 0 and scores["refusal_auc"] in (0.0, 1.0)


@pytest.fixture
def folder(tmp_path):
    tiny_llama().save_pretrained(tmp_path / "base")
    rng = np.random.default_rng(0)
    rows, answer, held = [], [], []
    for i in range(80):  # what is refused begins with 50
        prompt = [50 if i % 2 else 40, *rng.integers(3, 30, 6)]
        refusal = [60, 61]
        kept = TRAINED if i < 60 else (UNANSWERABLE if i % 2 else ANSWERABLE)
        said = refusal if i % 2 or kept != TRAINED else [70, 71]
        rows.append([*prompt, *said])
        answer.append(len(prompt))
        held.append(kept)
    np.savez(
        tmp_path / "rows.npz", tokens=np.concatenate([np.array(row, np.uint16) for row in rows]), ends=np.cumsum([len(r) for r in rows]),
        answer=np.array(answer, np.int32), kind=np.array(["quoted"] * 80), held=np.array(held, np.int8),
    )  # fmt: skip
    return tmp_path


def test_it_learns_when_to_refuse_and_goes_on_where_it_stopped(folder, caplog):
    caplog.set_level("INFO")
    arguments = {"rate": 2e-2, "tokens": 160, "every": 2.0, "checkpoint": folder / "state.pt"}
    train(folder / "rows.npz", folder / "out", folder / "base", 0.15, **arguments)
    about = json.loads((folder / "out" / "training.json").read_text())
    assert about["held_out"]["refusal_auc"] > 0.9
    assert {"adapter_model.safetensors", "adapter_config.json"} <= {file.name for file in (folder / "out").iterdir()}
    steps_before = torch.load(folder / "state.pt", weights_only=True)["state"]["step"]
    train(folder / "rows.npz", folder / "out", folder / "base", 0.17, **arguments)
    assert f"going on from step {steps_before}" in caplog.text
    # an adapter can be begun from
    train(folder / "rows.npz", folder / "again", folder / "base", 0.02, start=folder / "out", rate=1e-4, tokens=160)
    first = [line for line in caplog.text.splitlines() if "step 1," in line][-1]
    assert json.loads(first[first.index("held out ") + 9 :])["refusal_auc"] > 0.9
