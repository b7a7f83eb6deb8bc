"""A packed sequence gives the logits of separate ones, and only answers are learned."""

import pytest
import torch

from rag.training.packing import IGNORED, additive, answer_loss, pack

PREFIX = [5, 6, 7, 8, 9]
BRANCHES = [([10, 11], [12, 13, 2]), ([14], [15, 2]), ([16, 17, 18], [19, 2])]


@pytest.fixture(scope="module")
def model():
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=24, hidden_size=16, intermediate_size=32, num_hidden_layers=2, num_attention_heads=2,
        max_position_embeddings=64, bos_token_id=None, eos_token_id=2,
    )  # fmt: skip
    return LlamaForCausalLM(config).eval()


def test_each_branch_sees_what_it_would_see_alone(model):
    packed = pack(PREFIX, BRANCHES)
    with torch.no_grad():
        together = model(
            input_ids=packed.input_ids, position_ids=packed.position_ids, attention_mask=additive(packed.mask)
        ).logits[0]
        at = len(PREFIX)
        for question, answer in BRANCHES:
            tokens = [*question, *answer]
            alone = model(input_ids=torch.tensor([[*PREFIX, *tokens]])).logits[0, len(PREFIX) :]
            torch.testing.assert_close(together[at : at + len(tokens)], alone, atol=1e-5, rtol=1e-4)
            at += len(tokens)


def test_the_loss_is_that_of_the_separate_sequences(model):
    with torch.no_grad():
        loss, count = answer_loss(model, pack(PREFIX, BRANCHES))
        expected = 0.0
        for question, answer in BRANCHES:
            ids = torch.tensor([[*PREFIX, *question, *answer]])
            logits = model(input_ids=ids).logits[0, len(PREFIX) + len(question) - 1 : -1]
            expected += torch.nn.functional.cross_entropy(logits, torch.tensor(answer), reduction="sum")
    assert count == sum(len(answer) for _, answer in BRANCHES)
    torch.testing.assert_close(loss, expected, atol=1e-4, rtol=1e-4)


def test_labels_are_the_answers_alone():
    labels = pack(PREFIX, BRANCHES).labels[0]
    assert labels[labels != IGNORED].tolist() == [t for _, answer in BRANCHES for t in answer]
