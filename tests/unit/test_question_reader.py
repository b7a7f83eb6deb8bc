"""The layers that read a question with a passage: what they start from, what they are taught, and where they are kept."""

import math
import random

import pytest
import torch
from transformers import BertConfig, BertModel

from rag import question_reader
from rag.pairs import Encoded
from rag.training.question_reader import Kept, Pairs, auc, choose, labels_of, loss_of, read, weigh
from rag.training.reranker import Batch

HIDDEN = 32


@pytest.fixture(scope="module")
def base() -> BertModel:
    torch.manual_seed(0)
    config = BertConfig(vocab_size=60, hidden_size=HIDDEN, num_hidden_layers=12, num_attention_heads=4, intermediate_size=48)
    return BertModel(config, add_pooling_layer=False).eval()


def encoded(*lengths: int) -> Encoded:
    mask = torch.zeros(len(lengths), max(lengths))
    for row, length in enumerate(lengths):
        mask[row, :length] = 1
    states = torch.randn(*mask.shape, HIDDEN, generator=torch.Generator().manual_seed(sum(lengths)))
    return Encoded(states, mask, torch.arange(mask.numel()).view(mask.shape) % 60)


def trained(base) -> question_reader.QuestionReader:
    reader = question_reader.QuestionReader(base).eval()
    torch.manual_seed(3)
    torch.nn.init.normal_(reader.answers.weight)
    return reader


def test_the_weights_say_what_odds_and_reading_count_for(base):
    reader, odds = trained(base), torch.tensor([-2.0, 0.5])
    reading = reader(encoded(3, 5), encoded(7, 9), odds)
    reader.weights.copy_(torch.tensor([0.5, 2.0, 1.0]))

    assert torch.allclose(reader(encoded(3, 5), encoded(7, 9), odds), 0.5 * odds + 2 * reading + 1, atol=1e-5)
    assert not torch.allclose(reading, odds)


def test_padding_changes_nothing(base):
    reader, questions, passages, odds = trained(base), encoded(3, 6), encoded(4, 9), torch.tensor([0.0, 0.0])

    together = reader(questions, passages, odds)
    alone = torch.cat([reader(questions.pick([i]), passages.pick([i]), odds[i : i + 1]) for i in (0, 1)])

    assert torch.allclose(together, alone, atol=1e-5)
    assert not torch.allclose(together[0], together[1])


def test_it_comes_back_from_its_folder(base, tmp_path):
    reader = trained(base)
    question_reader.save(tmp_path, reader)

    again = question_reader.load(tmp_path, base)

    odds = torch.zeros(2)
    assert torch.allclose(again(encoded(3, 5), encoded(7, 9), odds), reader(encoded(3, 5), encoded(7, 9), odds), atol=0.02)
    assert question_reader.load(tmp_path / "nowhere", base) is None


def test_the_hardest_wrong_parts_are_read_and_unknown_ones_never():
    labels = torch.tensor([[1, 0, 0, 0, 0, -1], [0, 0, 0, 0, 0, 0]])
    odds = torch.tensor([[0.0, -3.0, 2.0, 1.0, -1.0, 9.0], [5.0, 4.0, 3.0, -7.0, -8.0, -9.0]])

    pairs = choose(random.Random(1), labels, odds)

    first = pairs.part[pairs.question == 0].tolist()
    assert first[:4] == [0, 2, 3, 4] and 5 not in first
    assert pairs.part[pairs.question == 1].tolist()[:3] == [0, 1, 2]
    assert pairs.right.tolist() == [part == 0 and q == 0 for q, part in zip(pairs.question.tolist(), pairs.part.tolist(), strict=True)]
    assert torch.equal(pairs.odds, odds[pairs.question, pairs.part])


def test_a_part_answers_where_a_line_does():
    lines = torch.tensor([[[0.0, 1.0], [0.0, -1.0], [-1.0, -1.0]]])

    assert labels_of(Batch([], [], lines)).tolist() == [[1, 0, -1]]


def test_the_loss_is_the_null_answers_softmax():
    logits = torch.tensor([2.0, -1.0, 0.5], requires_grad=True)
    pairs = Pairs(torch.tensor([0, 0, 1]), torch.tensor([0, 1, 0]), torch.tensor([True, False, False]), torch.zeros(3))

    loss = loss_of(logits, pairs)

    answered = math.log(1 + math.exp(2.0) + math.exp(-1.0)) - 2.0
    assert loss.item() == pytest.approx((answered + math.log(1 + math.exp(0.5))) / 2, abs=1e-5)
    loss.backward()
    assert logits.grad[0] < 0 < logits.grad[1] and logits.grad[2] > 0


def test_pairs_keep_their_order_though_they_are_read_by_length(base):
    reader, questions, passages = trained(base), encoded(3, 6), encoded(9, 4, 7)
    pairs = Pairs(torch.tensor([0, 0, 1, 1]), torch.tensor([0, 1, 2, 0]), torch.zeros(4) == 1, torch.tensor([0.0, 1.0, 2.0, 3.0]))

    got = read(reader, questions, passages, pairs)

    for i in range(4):
        one = reader(questions.pick([int(pairs.question[i])]), passages.pick([int(pairs.part[i])]), pairs.odds[i : i + 1])
        assert got[i].item() == pytest.approx(one.item(), abs=1e-4)


def test_weights_go_to_what_tells_and_the_sum_is_scored():
    """The odds are noise, the reading is right but half as sure as it might be."""
    chance = random.Random(4)
    kept = []
    for _ in range(60):
        right = torch.tensor([chance.random() < 0.5, False])
        reading = torch.where(right, 1.0, -1.0) + torch.tensor([chance.gauss(0, 0.7), chance.gauss(0, 0.7)])
        kept.append(Kept(torch.tensor([chance.gauss(0, 1), chance.gauss(0, 1)]), reading, right))

    odds, reading, _ = weigh(kept).tolist()

    assert reading > max(1, 3 * abs(odds))
    assert auc(kept, [0.0, 1.0]) > 0.85 > 0.65 > auc(kept, [1.0, 0.0])


def test_it_learns_what_the_odds_do_not_tell(base):
    """Which of two passages answers is told by their first token alone; the odds say nothing."""
    torch.manual_seed(1)
    reader = question_reader.QuestionReader(base)
    questions, passages = encoded(4), encoded(6, 6)
    pairs = Pairs(torch.tensor([0, 0]), torch.tensor([0, 1]), torch.tensor([True, False]), torch.zeros(2))
    optimizer = torch.optim.AdamW(reader.parameters(), lr=3e-3)
    for _ in range(40):
        loss = loss_of(read(reader, questions, passages, pairs), pairs)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    right, wrong = read(reader, questions, passages, pairs).tolist()
    assert loss.item() < 0.2 and right > 2 > wrong
