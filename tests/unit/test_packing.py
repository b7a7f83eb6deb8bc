"""A packed step has the loss and the gradients of separate sequences, and only answers are learned."""

import pytest
import torch

from rag.training.packing import IGNORED, answer_loss, pack

PREFIX = [5, 6, 7, 8, 9]
BRANCHES = [([10, 11], [12, 13, 2]), ([14], [15, 2]), ([16, 17, 18], [19, 2])]


@pytest.fixture
def model():
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=24, hidden_size=16, intermediate_size=32, num_hidden_layers=2, num_attention_heads=2,
        max_position_embeddings=64, bos_token_id=None, eos_token_id=2,
    )  # fmt: skip
    return LlamaForCausalLM(config)


def separate_loss(model):
    total = 0.0
    for question, answer in BRANCHES:
        ids = torch.tensor([[*PREFIX, *question, *answer]])
        logits = model(input_ids=ids).logits[0, len(PREFIX) + len(question) - 1 : -1]
        total = total + torch.nn.functional.cross_entropy(logits, torch.tensor(answer), reduction="sum")
    return total


def test_loss_and_gradients_are_those_of_the_separate_sequences(model):
    loss, count = answer_loss(model, pack(PREFIX, BRANCHES))
    loss.backward()
    packed = {name: p.grad.clone() for name, p in model.named_parameters()}
    model.zero_grad()
    expected = separate_loss(model)
    expected.backward()
    assert count == sum(len(answer) for _, answer in BRANCHES)
    torch.testing.assert_close(loss, expected, atol=1e-4, rtol=1e-4)
    for name, parameter in model.named_parameters():
        torch.testing.assert_close(packed[name], parameter.grad, atol=1e-5, rtol=1e-3, msg=name)


def test_labels_are_the_answers_alone():
    labels = pack(PREFIX, BRANCHES).labels
    assert [row[row != IGNORED].tolist() for row in labels] == [answer for _, answer in BRANCHES]
